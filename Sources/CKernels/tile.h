// The heart of the product: a tile of C whose sums all stay in registers, and what becomes of them.
#ifndef CKERNELS_TILE_H
#define CKERNELS_TILE_H

#include "activate.h"
#include "lanes.h"
#include "parts.h"
#include "product_kernels.h"

enum {
  /// Numbers that are asked for before they are read.
  AHEAD = 256,
};

#define ALL_OF_TILE                                                                  \
  _Pragma("unroll") for (size_t i = 0; i < rows; i++) _Pragma("unroll") for (size_t side = 0; \
                                                                      side < sides; side++)

/// C[i][j] = Σ a[l·rows + i]·b[l·b_step + j] over l < terms, for `rows` rows and `sides` vectors of
/// columns, each `apart` columns behind the one before. With `taps`, b[taps[l] + j] instead.
/// Meanwhile the panel that is wanted next, which may lie far off, comes closer.
INLINE void tile(const float *a, const float *next, const float *b, size_t b_step,
                 const size_t *taps, size_t apart, size_t terms, float *c, size_t c_step,
                 const ending *end, const size_t rows, const size_t sides) {
  lanes sum[MOST_ROWS][MOST_SIDES];
  ALL_OF_TILE sum[i][side] = (lanes){0};
#pragma unroll
  for (size_t i = 0; i < rows; i++) __builtin_prefetch(c + i * c_step, 1);
  for (size_t l = 0; l < terms; l++, a += rows, next += rows, b += b_step) {
    __builtin_prefetch(next, 0, 2);
    lanes right[MOST_SIDES];
#pragma unroll
    for (size_t side = 0; side < sides; side++) {
      right[side] = *(const loose *)(b + (taps ? taps[l] : 0) + side * apart);
    }
#pragma unroll
    for (size_t i = 0; i < rows; i++) {
      // Adding a vector of zeros instead would cost an addition: -0 + 0 is 0.
      const lanes left = a[i] - (lanes){0};
#pragma unroll
      for (size_t side = 0; side < sides; side++) sum[i][side] += left * right[side];
    }
  }
  if (end->alpha != 1) ALL_OF_TILE sum[i][side] *= end->alpha;
  if (end->adds) ALL_OF_TILE sum[i][side] += *(const loose *)(c + i * c_step + side * apart);
  const ck_epilogue *e = end->epilogue;
  if (e) {
    if (e->row_bias) ALL_OF_TILE sum[i][side] += e->row_bias[end->row + i];
    if (e->column_bias) {
      ALL_OF_TILE sum[i][side] += *(const loose *)(e->column_bias + end->column + side * apart);
    }
    if (e->row_scale) {
      ALL_OF_TILE {
        const lanes scale = e->row_scale[end->row + i] - (lanes){0};
        const lanes shift = e->row_shift[end->row + i] - (lanes){0};
        sum[i][side] = sum[i][side] * scale + shift;
      }
    }
    if (e->residual) {
      const float *other = e->residual + end->row * e->residual_step + end->column;
      ALL_OF_TILE sum[i][side] += *(const loose *)(other + i * e->residual_step + side * apart);
    }
    if (e->activation == CK_RELU) ALL_OF_TILE ck_at_least(&sum[i][side], 0);
    if (e->activation == CK_CLIP) ALL_OF_TILE ck_clip(&sum[i][side], e->low, e->high);
  }
  ALL_OF_TILE *(loose *)(c + i * c_step + side * apart) = sum[i][side];
}

/// The steps before the activation for one vector, or the first `count` lanes of it, of C[row][column…].
INLINE void prepare(lanes *x, const ck_epilogue *e, size_t row, size_t column, size_t count) {
  if (e->row_bias) *x += e->row_bias[row];
  lanes other;
  if (e->column_bias) {
    read_part(&other, e->column_bias + column, count);
    *x += other;
  }
  if (e->row_scale) {
    const lanes scale = e->row_scale[row] - (lanes){0}, shift = e->row_shift[row] - (lanes){0};
    *x = *x * scale + shift;
  }
  if (e->residual) {
    read_part(&other, e->residual + row * e->residual_step + column, count);
    *x += other;
  }
}

/// Brings sums that are multiplied by alpha already from a buffer to C.
INLINE void settle(const float *sums, size_t step, size_t rows, size_t columns, float *c,
                   size_t c_step, const ending *end) {
  enum { MOST = 16 };
  lanes held[MOST];
  struct {
    float *to;
    size_t count;
  } place[MOST];
  size_t i = 0, j = 0;
  while (i < rows) {
    size_t some = 0;
    for (; some < MOST && i < rows; some++) {
      const size_t count = columns - j < LANES ? columns - j : LANES;
      lanes x = *(const lanes *)(sums + i * step + j), old;
      place[some].to = c + i * c_step + j;
      place[some].count = count;
      if (end->adds) {
        read_part(&old, place[some].to, count);
        x += old;
      }
      if (end->epilogue) prepare(&x, end->epilogue, end->row + i, end->column + j, count);
      held[some] = x;
      j += LANES;
      if (j >= columns) j = 0, i++;
    }
    if (end->epilogue) activate_all(held, some, end->epilogue);
    for (size_t k = 0; k < some; k++) write_part(place[k].to, held + k, place[k].count);
  }
}

/// Sums of a few columns with the lanes along the rows of packed panels, up to TOGETHER of them so
/// that each addition need not wait for the one before. It reads up to a vector behind a panel's
/// end. `vector` has no fewer lanes than a panel rows. Of panel p, column j, row i: sums[(p·columns
/// + j)][i].
#define DEFINE_NARROW(name, vector)                                                              \
  INLINE void name(const float *const *panels, const size_t *rows, const float *b, size_t b_step, \
                   size_t terms, float alpha, lanes *sums, const size_t count,                   \
                   const size_t columns) {                                                       \
    vector sum[TOGETHER][NARROW];                                                                \
    const float *a[TOGETHER];                                                                    \
    size_t step[TOGETHER];                                                                       \
    _Pragma("unroll") for (size_t p = 0; p < count; p++) {                                       \
      a[p] = panels[p], step[p] = rows[p];                                                       \
      _Pragma("unroll") for (size_t j = 0; j < columns; j++) sum[p][j] = (vector){0};            \
    }                                                                                            \
    for (size_t l = 0; l < terms; l++, b += b_step) {                                            \
      _Pragma("unroll") for (size_t p = 0; p < count; p++) {                                     \
        const vector left = *(const vector *)a[p];                                               \
        if (count > 1) __builtin_prefetch(a[p] + AHEAD);                                         \
        a[p] += step[p];                                                                         \
        _Pragma("unroll") for (size_t j = 0; j < columns; j++) {                                 \
          const vector right = b[j] - (vector){0};                                               \
          sum[p][j] += left * right;                                                             \
        }                                                                                        \
      }                                                                                          \
    }                                                                                            \
    _Pragma("unroll") for (size_t p = 0; p < count; p++) {                                       \
      _Pragma("unroll") for (size_t j = 0; j < columns; j++) {                                   \
        if (alpha != 1) sum[p][j] *= alpha;                                                      \
        *(vector *)&sums[p * columns + j] = sum[p][j];                                           \
      }                                                                                          \
    }                                                                                            \
  }

DEFINE_NARROW(narrow_16, loose)
DEFINE_NARROW(narrow_8, eight)
DEFINE_NARROW(narrow_4, four)

#endif
