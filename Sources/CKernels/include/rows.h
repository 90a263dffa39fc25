#ifndef CKERNELS_ROWS_H
#define CKERNELS_ROWS_H

#include <stddef.h>

#include "epilogue.h"
#include "sets.h"

// Over rows x[row][columns] without gaps, rows [first, last). Results may lie where x does. Sums
// are made in lanes that are folded in one order, and for long rows 512 columns at a time, whose
// sums are added in double precision.

/// eˣ/Σeˣ of each row, the largest taken off before. A NaN makes its row NaN.
void ck_softmax(ck_set set, const float *x, size_t columns, float *y, size_t first, size_t last);

/// x − ln Σeˣ of each row.
void ck_log_softmax(ck_set set, const float *x, size_t columns, float *y, size_t first,
                    size_t last);

/// (x − mean)/√(variance + epsilon) of each row, then ·scale[column] + shift[column] where they are
/// not NULL. The variance is the mean square distance from the mean. `means` and `variances` (NULL:
/// not wanted) get those of each row.
void ck_normalize(ck_set set, const float *x, size_t columns, double epsilon, const float *scale,
                  const float *shift, float *y, double *means, double *variances, size_t first,
                  size_t last);

typedef enum {
  /// Σx.
  CK_SUM,
  /// Σx/columns; NaN without columns.
  CK_MEAN,
  /// The largest, NaN where there is one, −∞ without columns.
  CK_LARGEST,
  /// The smallest, NaN where there is one, ∞ without columns.
  CK_SMALLEST,
} ck_reduction;

/// One number for each row: y[row].
void ck_reduce_rows(ck_set set, ck_reduction reduction, const float *x, size_t columns, float *y,
                    size_t first, size_t last);

/// The epilogue of each row, with the same bits as behind a product: rows are maps, those of
/// `row_bias`, `row_scale` and `row_shift` count modulo `channels`, those of the residual do not.
/// For batch normalisation (scale and shift), for the sum of two arrays (the residual), and what
/// follows.
void ck_finish_rows(ck_set set, const ck_epilogue *epilogue, const float *x, size_t columns,
                    size_t channels, float *y, size_t first, size_t last);

/// y[row][column] = x[row][column]·factors[row].
void ck_scale_rows(ck_set set, const float *x, const float *factors, size_t columns, float *y,
                   size_t first, size_t last);

#endif
