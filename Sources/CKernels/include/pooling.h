#ifndef CKERNELS_POOLING_H
#define CKERNELS_POOLING_H

#include <stddef.h>

#include "sets.h"

/// How a window slides over maps x[height][width], whose results are y[out_height][out_width].
/// Kernels may be far larger than the input; what lies outside of it is not in a window.
typedef struct {
  size_t height, width;
  size_t kernel_height, kernel_width;
  size_t stride_height, stride_width;
  size_t dilation_height, dilation_width;
  /// Rows and columns of padding before the first; those behind the last follow from the output's
  /// size.
  size_t pad_top, pad_left;
  size_t out_height, out_width;
} ck_pool;

/// Numbers of room (at a multiple of 64 bytes) that each call below needs.
size_t ck_pool_room(const ck_pool *shape);

/// The largest cell of each window, NaN where there is one, −∞ where there is no cell: maps
/// [first, last). y does not overlap x.
void ck_max_pool(ck_set set, const ck_pool *shape, const float *x, float *y, size_t first,
                 size_t last, float *room);

/// The sum of each window's cells, added up by columns of the window, each from above, and then
/// along; divided by max(1, row_counts[i]·column_counts[j]) where these (how many of the window's
/// rows and columns count, for each output row and column) are not NULL.
void ck_sum_pool(ck_set set, const ck_pool *shape, const float *x, const float *row_counts,
                 const float *column_counts, float *y, size_t first, size_t last, float *room);

/// The gradient dx by the input x[height][width] of the pool that most networks have, windows of 2×2
/// without padding that do not overlap and of which the last odd row and column have none: that of
/// a window, g, goes to the first cell that is what the window became, y, or a NaN. Maps
/// [first, last).
void ck_max_pool_pairs_gradient(ck_set set, size_t height, size_t width, const float *x,
                                const float *y, const float *g, float *dx, size_t first,
                                size_t last);

#endif
