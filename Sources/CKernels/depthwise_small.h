// A row of `wide` results of small maps, a map a lane: `WIDE` (8 or 16) of sixteen maps. Included
// once for each. NAMED(x) is x's name for this width.

/// in[row][column][map], the columns `step` apart for results side by side, `apart` numbers from
/// one row to the next, rows [from, to) of the kernel; w[tap][map]; y[column][map].
INLINE void NAMED(small)(const float *in, size_t apart, const float *w, const endings *e, float *y,
                         size_t from, size_t to, const size_t side, const size_t step,
                         const size_t wide) {
  const NAMED(vector) zero = {0};
  NAMED(vector) sum[TALL];
#pragma unroll
  for (size_t o = 0; o < wide; o++) sum[o] = zero;
  for (size_t k = from; k < to; k++, in += apart) {
    NAMED(vector) weights[5];
#pragma unroll
    for (size_t l = 0; l < side; l++) {
      weights[l] = *(const NAMED(unaligned) *)(w + (k * side + l) * LANES);
    }
#pragma unroll
    for (size_t c = 0; c < (wide - 1) * step + side; c++) {
      const NAMED(vector) x = *(const NAMED(unaligned) *)(in + c * LANES);
#pragma unroll
      for (size_t o = 0; o < wide; o++) {
        // Unsigned: what is before the kernel becomes large.
        const size_t l = c - o * step;
        if (l < side) sum[o] = x * weights[l] + sum[o];
      }
    }
  }
  const NAMED(vector) bias = *(const NAMED(unaligned) *)e->bias;
  const NAMED(vector) scale = *(const NAMED(unaligned) *)e->scale;
  const NAMED(vector) shift = *(const NAMED(unaligned) *)e->shift;
  const NAMED(vector) low = e->low - zero, high = e->high - zero;
#pragma unroll
  for (size_t o = 0; o < wide; o++) {
    NAMED(vector) v = sum[o] + bias;
    v = v * scale + shift;
    const NAMED(bits) under = low > v;
    v = (NAMED(vector))((under & (NAMED(bits))low) | (~under & (NAMED(bits))v));
    const NAMED(bits) over = high < v;
    v = (NAMED(vector))((over & (NAMED(bits))high) | (~over & (NAMED(bits))v));
    *(NAMED(unaligned) *)(y + o * LANES) = v;
  }
}
