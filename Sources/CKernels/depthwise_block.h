// Some output rows of a depthwise convolution at a time, `WIDE` columns (8 or 16) in a vector:
// included once for each. NAMED(x) is x's name for this width.

typedef float NAMED(vector) __attribute__((vector_size(4 * WIDE)));
typedef float NAMED(unaligned) __attribute__((vector_size(4 * WIDE), aligned(4)));
typedef int32_t NAMED(bits) __attribute__((vector_size(4 * WIDE)));
typedef uint32_t NAMED(counts) __attribute__((vector_size(4 * WIDE)));

/// With steps of two the columns of a vector lie in the order in which one instruction takes every
/// second number out of two vectors, until `NAMED(in_order)` puts them right.
#if WIDE == 16
static const NAMED(counts) NAMED(in_a_row) = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
static const NAMED(counts) NAMED(taken) = {0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15};
#define EVERY_SECOND(a, b, i)                                                                      \
  __builtin_shufflevector(a, b, i, i + 2, i + 16, i + 18, i + 4, i + 6, i + 20, i + 22, i + 8,     \
                          i + 10, i + 24, i + 26, i + 12, i + 14, i + 28, i + 30)
INLINE void NAMED(in_order)(NAMED(vector) *x) {
  *x = __builtin_shufflevector(*x, *x, 0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15);
}
#else
static const NAMED(counts) NAMED(in_a_row) = {0, 1, 2, 3, 4, 5, 6, 7};
static const NAMED(counts) NAMED(taken) = {0, 1, 4, 5, 2, 3, 6, 7};
#define EVERY_SECOND(a, b, i)                                                                      \
  __builtin_shufflevector(a, b, i, i + 2, i + 8, i + 10, i + 4, i + 6, i + 12, i + 14)
INLINE void NAMED(in_order)(NAMED(vector) *x) {
  *x = __builtin_shufflevector(*x, *x, 0, 1, 4, 5, 2, 3, 6, 7);
}
#endif

INLINE void NAMED(finish)(NAMED(vector) *sum, const ending *e) {
  const NAMED(vector) zero = {0};
  NAMED(vector) y = *sum + e->bias;
  if (e->is_scaled) y = y * (e->scale - zero) + e->shift;
  const NAMED(vector) low = e->low - zero, high = e->high - zero;
  const NAMED(bits) under = low > y;
  y = (NAMED(vector))((under & (NAMED(bits))low) | (~under & (NAMED(bits))y));
  const NAMED(bits) over = high < y;
  *sum = (NAMED(vector))((over & (NAMED(bits))high) | (~over & (NAMED(bits))y));
}

/// One vector of each of `tall` output rows. `at` is the first tap's column for the first of these
/// in the (tall − 1)·step + side input rows. Where `is_edge`, columns that lie outside of the
/// input's `width` are zeros, `left` the first tap's one. Where `is_whole`, the input has but the
/// `tall` rows in the middle.
INLINE void NAMED(columns)(const float *const *rows, size_t at, const NAMED(vector) *weights,
                           const ending *e, float *y, size_t out_width, uint32_t left,
                           uint32_t width, const size_t side, const size_t step, const size_t tall,
                           const int is_whole, const int is_edge) {
  const size_t high = (tall - 1) * step + side;
  NAMED(bits) inside[5];
  if (is_edge) {
#pragma unroll
    for (size_t l = 0; l < side; l++) {
      // Unsigned: what is left of the input becomes large.
      const NAMED(counts) order = step == 1 ? NAMED(in_a_row) : 2 * NAMED(taken);
      inside[l] = order + (left + (uint32_t)l) < width;
    }
  }
  NAMED(vector) sum[TALL] = {0};
  if (step == 1) {
#pragma unroll
    for (size_t l = 0; l < side; l++) {
#pragma unroll
      for (size_t r = 0; r < high; r++) {
        if (is_whole && (r < side / 2 || r >= side / 2 + tall)) continue;
        NAMED(vector) x = *(const NAMED(unaligned) *)(rows[r] + at + l);
        if (is_edge) x = (NAMED(vector))(inside[l] & (NAMED(bits))x);
#pragma unroll
        for (size_t i = 0; i < tall; i++) {
          // Unsigned: what is above the kernel becomes large.
          const size_t k = r - i;
          if (k < side) sum[i] = x * weights[k * side + l] + sum[i];
        }
      }
    }
  } else {
#pragma unroll
    for (size_t l = 0; l < side; l++) {
      // Two vectors of a row give two columns, the middle one as the first of them: there a row
      // begins in memory, mostly.
      if (l > 0 && (l - side / 2) % 2 != 0) continue;
      const int is_pair = l + 1 < side && (l + 1 - side / 2) % 2 != 0;
#pragma unroll
      for (size_t r = 0; r < high; r++) {
        const float *row = rows[r] + at + l;
        const NAMED(vector) a = *(const NAMED(unaligned) *)row;
        const NAMED(vector) b = *(const NAMED(unaligned) *)(row + WIDE);
        NAMED(vector) even = EVERY_SECOND(a, b, 0), odd = EVERY_SECOND(a, b, 1);
        if (is_edge) even = (NAMED(vector))(inside[l] & (NAMED(bits))even);
        if (is_edge && is_pair) odd = (NAMED(vector))(inside[l + 1] & (NAMED(bits))odd);
#pragma unroll
        for (size_t i = 0; i < tall; i++) {
          const size_t k = r - i * step;
          if (k >= side) continue;
          sum[i] = even * weights[k * side + l] + sum[i];
          if (is_pair) sum[i] = odd * weights[k * side + l + 1] + sum[i];
        }
        // The next rows are read from afar: with these steps reading takes longer than the sums.
        if (side == 3 && l == 1 && r < tall * step) {
          const uintptr_t next = (uintptr_t)row + tall * step * width * sizeof *row;
          __builtin_prefetch((const void *)next);
          if (WIDE == 16) __builtin_prefetch((const void *)(next + 64));
        }
        STAY;
      }
    }
  }
#pragma unroll
  for (size_t i = 0; i < tall; i++) {
    NAMED(finish)(&sum[i], e);
    if (step == 2) NAMED(in_order)(&sum[i]);
    *(NAMED(unaligned) *)(y + i * out_width) = sum[i];
  }
}

/// `tall` output rows of a `side`×`side` kernel with steps of `step`. rows[r] is the r-th of the
/// (tall − 1)·step + side input rows, from the padding's `pad` columns on. Where rows are narrower
/// than a vector, what is written behind one's end is written again by the next, and behind the
/// last one there is room for a vector's rest.
INLINE void NAMED(block)(const float *const *rows, size_t width, size_t pad, const float *w,
                         const ending *given, float *y, size_t out_width, const size_t side,
                         const size_t step, const size_t tall, const int is_whole) {
  const ending e = *given;
  NAMED(vector) weights[25];
#pragma unroll
  for (size_t t = 0; t < side * side; t++) weights[t] = w[t] - (NAMED(vector)){0};
  for (size_t j = 0;;) {
    const size_t at = j * step;
    const uint32_t left = (uint32_t)(at - pad), wide = (uint32_t)width;
    if (at >= pad && at - pad + (WIDE - 1) * step + side <= width) {
      NAMED(columns)(rows, at, weights, &e, y + j, out_width, left, wide, side, step, tall,
                     is_whole, 0);
    } else {
      NAMED(columns)(rows, at, weights, &e, y + j, out_width, left, wide, side, step, tall,
                     is_whole, 1);
    }
    if (j + WIDE >= out_width) break;
    j += WIDE;
    // The last vector reaches back over columns that were made before.
    if (j + WIDE > out_width) j = out_width - WIDE;
  }
}
#undef EVERY_SECOND
