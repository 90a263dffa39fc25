#ifndef CKERNELS_DEPTHWISE_H
#define CKERNELS_DEPTHWISE_H

#include <stddef.h>

#include "epilogue.h"
#include "sets.h"

// Convolutions of each channel by itself (groups as many as channels): x[samples][channels][height]
// [width] → y[samples][channels·multiplier][out_height][out_width], weights
// w[channels·multiplier][kernel_height][kernel_width].
//
// A sum starts at zero and goes over the taps with fused multiply-adds, row by row; 3×3 and 5×5
// kernels with equal steps of 1 or 2 and no dilation, on maps of four rows or more, go column by
// column (with steps of 2 by pairs of columns, where these begin is the kernel's middle column).
// Taps that lie outside of the input are left out, so that neither a weight nor a gradient shows
// through the padding, were it infinite.

typedef struct {
  size_t channels, multiplier;
  size_t height, width;
  size_t kernel_height, kernel_width;
  size_t stride_height, stride_width;
  size_t dilation_height, dilation_width;
  /// Rows and columns of padding before the first; those behind the last follow from the output's
  /// size.
  size_t pad_top, pad_left;
  size_t out_height, out_width;
} ck_depthwise;

/// Numbers of room (at a multiple of 64 bytes) that each call below needs.
size_t ck_depthwise_room(const ck_depthwise *shape);

/// Computes maps [first, last) of the samples·channels·multiplier of y, and what `epilogue` says
/// (NULL: nothing) after them: its rows are the channels·multiplier output channels of one sample,
/// its columns the cells of a map; the residual counts rows over all maps of all samples. y
/// overlaps neither x nor the residual.
void ck_depthwise_forward(ck_set set, const ck_depthwise *shape, const float *x, const float *w,
                          const ck_epilogue *epilogue, float *y, size_t first, size_t last,
                          float *room);

/// The gradient by x from dy, that by y: maps [first, last) of the samples·channels of dx.
void ck_depthwise_input_gradient(ck_set set, const ck_depthwise *shape, const float *dy,
                                 const float *w, float *dx, size_t first, size_t last, float *room);

/// The gradient by w, summed over samples in their order: channels [first, last) of the
/// channels·multiplier. A map's products are summed in sixteen lanes, by column (the 3×3 and 5×5
/// kernels in eight, up to seven rows at a time), and folded.
void ck_depthwise_weight_gradient(ck_set set, const ck_depthwise *shape, size_t samples,
                                  const float *x, const float *dy, float *dw, size_t first,
                                  size_t last, float *room);

#endif
