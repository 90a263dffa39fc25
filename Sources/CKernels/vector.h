// Products of a matrix and a vector, at the speed at which the matrix is read. They make every sum
// as tiles do, cut by cut and term by term, so that one sample has the bits of a batch.
#ifndef CKERNELS_VECTOR_H
#define CKERNELS_VECTOR_H

#include "lanes.h"
#include "parts.h"
#include "transpose.h"

enum {
  /// Sums that are made at the same time: with them the matrix is read in long runs.
  RUN = 1024,
  /// Rows whose terms lie side by side, that are summed at the same time.
  TURNED = 16,
  /// Terms that are added between a read and a write of the sums.
  DEEP = 8,
};

/// sums[j] += Σ x[l·x_step]·m[l·step + j] for j < count, over `deep` terms. The terms that follow
/// lie far off and come closer meanwhile.
INLINE void add_terms(const float *m, size_t step, const float *x, size_t x_step, size_t count,
                      float *sums, const size_t deep) {
  lanes factors[DEEP];
#pragma unroll
  for (size_t l = 0; l < deep; l++) factors[l] = x[l * x_step] - (lanes){0};
  size_t j = 0;
  for (; j + LANES <= count; j += LANES) {
    lanes sum = *(const lanes *)(sums + j);
#pragma unroll
    for (size_t l = 0; l < deep; l++) {
      __builtin_prefetch(m + (l + deep) * step + j, 0, 2);
      sum += factors[l] * *(const loose *)(m + l * step + j);
    }
    *(lanes *)(sums + j) = sum;
  }
  if (j == count) return;
  lanes sum = *(const lanes *)(sums + j);
  for (size_t l = 0; l < deep; l++) {
    lanes part;
    read_part(&part, m + l * step + j, count - j);
    const lanes factor = x[l * x_step] - (lanes){0};
    sum += factor * part;
  }
  *(lanes *)(sums + j) = sum;
}

/// Sums of a cut of `terms`, at most RUN of them, where the matrix has its terms apart.
INLINE void sum_rows(const float *m, size_t step, const float *x, size_t x_step, size_t count,
                     size_t terms, float *sums) {
  for (size_t j = 0; j < count; j += LANES) *(lanes *)(sums + j) = (lanes){0};
  size_t l = 0;
  for (; l + DEEP <= terms; l += DEEP) {
    add_terms(m + l * step, step, x + l * x_step, x_step, count, sums, DEEP);
  }
  for (; l < terms; l++) add_terms(m + l * step, step, x + l * x_step, x_step, count, sums, 1);
}

/// Sums of TURNED rows or fewer of m, whose terms lie side by side. Rows are turned into lanes, for
/// a row's terms are to be added one after the other; rows that are not there repeat the last.
INLINE void sum_turned(const float *m, size_t step, const float *x, size_t x_step, size_t rows,
                       size_t terms, float *sums) {
  eight sum[TURNED / 8] = {0};
  size_t l = 0;
  for (; l + 8 <= terms; l += 8) {
#pragma unroll
    for (size_t half = 0; half < TURNED / 8; half++) {
      eight r[8];
#pragma unroll
      for (size_t i = 0; i < 8; i++) {
        const size_t k = half * 8 + i;
        const float *row = m + (k < rows ? k : rows - 1) * step + l;
        r[i] = *(const eight *)row;
        if (l % LANES == 0) __builtin_prefetch(row + 4 * LANES);
      }
      transpose_eight(r);
#pragma unroll
      for (size_t i = 0; i < 8; i++) {
        const eight factor = x[(l + i) * x_step] - (eight){0};
        sum[half] += factor * r[i];
      }
    }
  }
#pragma unroll
  for (size_t half = 0; half < TURNED / 8; half++) *(eight *)(sums + half * 8) = sum[half];
  for (; l < terms; l++) {
    for (size_t k = 0; k < rows; k++) sums[k] += x[l * x_step] * m[k * step + l];
  }
}

/// Sums of the columns of a packed panel of `sides` vectors.
INLINE void sum_panel(const float *m, const float *x, size_t x_step, size_t terms, lanes *sums,
                      const size_t sides) {
  lanes sum[2] = {0};
  for (size_t l = 0; l < terms; l++, m += sides * LANES, x += x_step) {
    __builtin_prefetch(m + 64 * LANES);
    const lanes factor = *x - (lanes){0};
#pragma unroll
    for (size_t side = 0; side < sides; side++) {
      sum[side] += factor * *(const lanes *)(m + side * LANES);
    }
  }
#pragma unroll
  for (size_t side = 0; side < sides; side++) sums[side] = sum[side];
}

#endif
