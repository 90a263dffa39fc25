// Some output rows of a depthwise convolution at a time, `WIDE` columns (8 or 16) in a vector: included
// once for each. NAMED(x) is x's name for this width.

typedef float NAMED(vector) __attribute__((vector_size(4 * WIDE)));
typedef float NAMED(unaligned) __attribute__((vector_size(4 * WIDE), aligned(4)));
typedef int32_t NAMED(bits) __attribute__((vector_size(4 * WIDE)));

/// The cheap steps of the epilogue of one vector. `inside` numbers of the residual may be read.
INLINE void NAMED(finish)(NAMED(vector) *sum, const ending *e, const float *residual,
                          size_t inside) {
  if (e->has_bias) *sum += e->bias;
  if (e->has_scale) *sum = *sum * (e->scale - (NAMED(vector)){0}) + e->shift;
  if (residual) {
    NAMED(vector) more = {0};
    if (inside >= WIDE) {
      more = *(const NAMED(unaligned) *)residual;
    } else {
      copy_part((float *)&more, residual, inside);
    }
    *sum += more;
  }
  if (e->clips) {
    const NAMED(vector) low = e->low - (NAMED(vector)){0}, high = e->high - (NAMED(vector)){0};
    const NAMED(bits) under = low > *sum;
    *sum = (NAMED(vector))((under & (NAMED(bits))low) | (~under & (NAMED(bits))*sum));
    const NAMED(bits) over = high < *sum;
    *sum = (NAMED(vector))((over & (NAMED(bits))high) | (~over & (NAMED(bits))*sum));
  }
}

/// `tall` output rows of a `side`×`side` kernel with steps of `step`. rows[r] is the r-th of the
/// (tall − 1)·step + side input rows, whose columns lie in planes by their remainder by `step`, `apart`
/// from each other. At y there is room for `room` numbers, and what is written behind a row's end is
/// written again by the next row.
INLINE void NAMED(block)(const float *const *rows, size_t apart, const float *w, const ending *e,
                         const float *residual, float *y, size_t out_width, size_t room,
                         const size_t side, const size_t step, const size_t tall) {
  for (size_t j = 0;;) {
    NAMED(vector) sum[4] = {0};
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
          if (k < side) sum[i] = x * w[k * side + l] + sum[i];
        }
      }
    }
#pragma unroll
    for (size_t i = 0; i < tall; i++) {
      const size_t at = i * out_width + j, inside = room - at;
      NAMED(finish)(&sum[i], e, residual ? residual + at : NULL, inside);
      if (inside >= WIDE) {
        *(NAMED(unaligned) *)(y + at) = sum[i];
      } else {
        copy_part(y + at, (const float *)&sum[i], inside);
      }
    }
    if (j + WIDE >= out_width) break;
    j += WIDE;
    // The last vector reaches back over columns that were made before.
    if (j + WIDE > out_width) j = out_width - WIDE;
  }
}
