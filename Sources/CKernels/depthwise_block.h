// Some output rows of a depthwise convolution at a time, `WIDE` columns (8 or 16) in a vector:
// included once for each. NAMED(x) is x's name for this width.

typedef float NAMED(vector) __attribute__((vector_size(4 * WIDE)));
typedef float NAMED(unaligned) __attribute__((vector_size(4 * WIDE), aligned(4)));
typedef int32_t NAMED(bits) __attribute__((vector_size(4 * WIDE)));

INLINE void NAMED(finish)(NAMED(vector) *sum, const ending *e) {
  const NAMED(vector) zero = {0};
  NAMED(vector) y = *sum + e->bias;
  y = y * (e->scale - zero) + e->shift;
  const NAMED(vector) low = e->low - zero, high = e->high - zero;
  const NAMED(bits) under = low > y;
  y = (NAMED(vector))((under & (NAMED(bits))low) | (~under & (NAMED(bits))y));
  const NAMED(bits) over = high < y;
  *sum = (NAMED(vector))((over & (NAMED(bits))high) | (~over & (NAMED(bits))y));
}

/// `tall` output rows of a `side`×`side` kernel with steps of `step`. rows[r] is the r-th of the
/// (tall − 1)·step + side input rows, whose columns lie in planes by their remainder by `step`,
/// `apart` from each other. Where rows are narrower than a vector, what is written behind one's end
/// is written again by the next, and behind the last one there is room for a vector's rest.
INLINE void NAMED(block)(const float *const *rows, size_t apart, const float *w,
                         const ending *given, float *y, size_t out_width, const size_t side,
                         const size_t step, const size_t tall) {
  const ending e = *given;
  NAMED(vector) weights[25];
#pragma unroll
  for (size_t t = 0; t < side * side; t++) weights[t] = w[t] - (NAMED(vector)){0};
  for (size_t j = 0;;) {
    NAMED(vector) sum[TALL] = {0};
#pragma unroll
    for (size_t r = 0; r < (tall - 1) * step + side; r++) {
#pragma unroll
      for (size_t l = 0; l < side; l++) {
        const NAMED(vector) x =
            *(const NAMED(unaligned) *)(rows[r] + l % step * apart + l / step + j);
#pragma unroll
        for (size_t i = 0; i < tall; i++) {
          // Unsigned: what is above the kernel becomes large.
          const size_t k = r - i * step;
          if (k < side) sum[i] = x * weights[k * side + l] + sum[i];
        }
      }
    }
#pragma unroll
    for (size_t i = 0; i < tall; i++) {
      NAMED(finish)(&sum[i], &e);
      *(NAMED(unaligned) *)(y + i * out_width + j) = sum[i];
    }
    if (j + WIDE >= out_width) break;
    j += WIDE;
    // The last vector reaches back over columns that were made before.
    if (j + WIDE > out_width) j = out_width - WIDE;
  }
}
