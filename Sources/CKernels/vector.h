// Products of a matrix and a vector, at the speed at which the matrix is read. They make every sum
// as tiles do, cut by cut and term by term, so that one sample has the bits of a batch.
#ifndef CKERNELS_VECTOR_H
#define CKERNELS_VECTOR_H

#include "lanes.h"
#include "parts.h"
#include "product_kernels.h"
#include "transpose.h"

enum {
  /// Sums that are made at the same time: with them the matrix is read in long runs.
  RUN = 1024,
  /// Rows whose terms lie side by side, that are summed at the same time.
  TURNED = 16,
  /// Cuts whose sums are made at the same time.
  MOST_CUTS = 4,
  /// Terms that are added between a read and a write of the sums.
  DEEP = 8,
};

/// sums[j] += Σ x[l·x_step]·m[l·step + j] for j < count, a multiple of 16, over `deep` terms. With
/// `far` the terms that follow lie far off and come closer meanwhile.
INLINE void add_terms(const float *m, size_t step, const float *x, size_t x_step, size_t count,
                      float *sums, const size_t deep, const int far) {
  lanes factors[DEEP];
#pragma unroll
  for (size_t l = 0; l < deep; l++) factors[l] = x[l * x_step] - (lanes){0};
  for (size_t j = 0; j < count; j += LANES) {
    lanes sum = *(const lanes *)(sums + j);
#pragma unroll
    for (size_t l = 0; l < deep; l++) {
      if (far) __builtin_prefetch(m + (l + deep) * step + j, 0, 2);
      sum += factors[l] * *(const loose *)(m + l * step + j);
    }
    *(lanes *)(sums + j) = sum;
  }
}

/// Sums of a cut of `terms`, at most RUN of them, where the matrix has its terms apart.
INLINE void sum_rows(const float *m, size_t step, const float *x, size_t x_step, size_t count,
                     size_t terms, float *sums, const int far) {
  for (size_t j = 0; j < count; j += LANES) *(lanes *)(sums + j) = (lanes){0};
  size_t l = 0;
  for (; l + DEEP <= terms; l += DEEP) {
    add_terms(m + l * step, step, x + l * x_step, x_step, count, sums, DEEP, far);
  }
  for (; l < terms; l++) add_terms(m + l * step, step, x + l * x_step, x_step, count, sums, 1, 0);
}

/// Sums of TURNED rows of m, whose terms lie side by side. Rows are turned into lanes, for a row's
/// terms are to be added one after the other; sixteen terms at a time where registers hold sixteen
/// vectors, else eight.
INLINE void sum_turned(const float *m, size_t step, const float *x, size_t x_step, size_t terms,
                       float *sums, const int wide) {
  lanes sum = {0};
  size_t l = 0;
  if (wide) {
    for (; l + LANES <= terms; l += LANES) {
      lanes r[LANES];
#pragma unroll
      for (size_t i = 0; i < LANES; i++) {
        r[i] = *(const loose *)(m + i * step + l);
        __builtin_prefetch(m + i * step + l + 4 * LANES);
      }
      transpose(r, r);
#pragma unroll
      for (size_t i = 0; i < LANES; i++) {
        const lanes factor = x[(l + i) * x_step] - (lanes){0};
        sum += factor * r[i];
      }
    }
    *(lanes *)sums = sum;
  } else {
    eight half[TURNED / 8] = {0};
    for (; l + 8 <= terms; l += 8) {
#pragma unroll
      for (size_t h = 0; h < TURNED / 8; h++) {
        eight r[8];
#pragma unroll
        for (size_t i = 0; i < 8; i++) {
          r[i] = *(const eight *)(m + (h * 8 + i) * step + l);
          __builtin_prefetch(m + (h * 8 + i) * step + l + 4 * LANES);
        }
        transpose_eight(r);
#pragma unroll
        for (size_t i = 0; i < 8; i++) {
          const eight factor = x[(l + i) * x_step] - (eight){0};
          half[h] += factor * r[i];
        }
      }
    }
#pragma unroll
    for (size_t h = 0; h < TURNED / 8; h++) *(eight *)(sums + h * 8) = half[h];
  }
  for (; l < terms; l++) {
    for (size_t k = 0; k < TURNED; k++) sums[k] += x[l * x_step] * m[k * step + l];
  }
}

/// The same of fewer rows, in eights side by side; rows that are not there repeat the last.
INLINE void sum_few_turned(const float *m, size_t step, const float *x, size_t x_step, size_t rows,
                           size_t terms, float *sums, const size_t eights) {
  eight sum[TURNED / 8] = {0};
  size_t l = 0;
  for (; l + 8 <= terms; l += 8) {
#pragma unroll
    for (size_t h = 0; h < eights; h++) {
      eight r[8];
#pragma unroll
      for (size_t i = 0; i < 8; i++) {
        const size_t k = h * 8 + i;
        r[i] = *(const eight *)(m + (k < rows ? k : rows - 1) * step + l);
      }
      transpose_eight(r);
#pragma unroll
      for (size_t i = 0; i < 8; i++) {
        const eight factor = x[(l + i) * x_step] - (eight){0};
        sum[h] += factor * r[i];
      }
    }
  }
#pragma unroll
  for (size_t h = 0; h < eights; h++) *(eight *)(sums + h * 8) = sum[h];
  for (; l < terms; l++) {
    for (size_t k = 0; k < rows; k++) sums[k] += x[l * x_step] * m[k * step + l];
  }
}

/// Sums of cuts side by side, for an addition waits for the one before: sums[cut·sides + side] of
/// `cuts` cuts, all of CK_CUT terms but the last.
INLINE void sum_cuts(const float *m, size_t step, const float *x, size_t x_step, size_t last,
                     lanes *sums, const size_t cuts, const size_t sides) {
  lanes sum[MOST_CUTS][MOST_SIDES];
#pragma unroll
  for (size_t k = 0; k < cuts; k++) {
#pragma unroll
    for (size_t side = 0; side < sides; side++) sum[k][side] = (lanes){0};
  }
  // Until the last one ends, then those that are left.
#pragma unroll
  for (size_t all = 2; all-- > 0;) {
    const size_t from = all ? 0 : last, to = all ? last : CK_CUT, count = all ? cuts : cuts - 1;
    if (count == 0) break;
    for (size_t l = from; l < to; l++) {
#pragma unroll
      for (size_t k = 0; k < count; k++) {
        const float *at = m + (k * CK_CUT + l) * step;
        const lanes factor = x[(k * CK_CUT + l) * x_step] - (lanes){0};
#pragma unroll
        for (size_t side = 0; side < sides; side++) {
          sum[k][side] += factor * *(const loose *)(at + side * LANES);
        }
      }
    }
  }
#pragma unroll
  for (size_t k = 0; k < cuts; k++) {
#pragma unroll
    for (size_t side = 0; side < sides; side++) sums[k * sides + side] = sum[k][side];
  }
}

/// What C gets of `sides` vectors of columns, from the first term to the last. Whole vectors may be
/// read of the first `safe` terms, `count` numbers of the others. With `adds` the total begins with
/// what it holds.
INLINE void sum_columns(const float *m, size_t step, const float *x, size_t x_step, size_t terms,
                        size_t safe, size_t count, float alpha, int adds, lanes *total,
                        const size_t sides) {
  size_t from = 0;
  do {
    const size_t end = least(terms, from + MOST_CUTS * CK_CUT), fast = least(safe, end);
    lanes sums[MOST_CUTS * MOST_SIDES] = {0};
    if (from < fast) {
      const size_t cuts = parts(fast - from, CK_CUT), last = fast - from - (cuts - 1) * CK_CUT;
      const float *at = m + from * step, *by = x + from * x_step;
      switch (cuts) {
        case 1: sum_cuts(at, step, by, x_step, last, sums, 1, sides); break;
        case 2: sum_cuts(at, step, by, x_step, last, sums, 2, sides); break;
        case 3: sum_cuts(at, step, by, x_step, last, sums, 3, sides); break;
        default: sum_cuts(at, step, by, x_step, last, sums, 4, sides); break;
      }
    }
    for (size_t l = fast > from ? fast : from; l < end; l++) {
      lanes part;
      read_part(&part, m + l * step, count);
      const lanes factor = x[l * x_step] - (lanes){0};
      sums[(l - from) / CK_CUT * sides] += factor * part;
    }
    for (size_t k = 0; k == 0 || from + k * CK_CUT < end; k++) {
      for (size_t side = 0; side < sides; side++) {
        lanes sum = sums[k * sides + side];
        if (alpha != 1) sum *= alpha;
        total[side] = from + k > 0 || adds ? total[side] + sum : sum;
      }
    }
    from = end;
  } while (from < terms);
}

#endif
