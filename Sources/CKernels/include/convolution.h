#ifndef CKERNELS_CONVOLUTION_H
#define CKERNELS_CONVOLUTION_H

#include <stddef.h>

/// One sample (and one group's channels) as a convolution reads it: the right operand of a product
/// whose left one is the weights [out channels × channels·kernel cells], whose terms run over
/// channel, kernel depth, height and width in this order, and whose columns run over the cells of
/// an output map. A patch is 0 outside of the sample. Maps of two dimensions have a depth and
/// kernel depth of 1, maps of one a height of 1 too, with strides and dilations of 1 and no pads
/// there.
typedef struct {
  /// values[channel][depth][height][width], without gaps.
  const float *values;
  size_t channels, depth, height, width;
  size_t kernel_depth, kernel_height, kernel_width;
  size_t stride_depth, stride_height, stride_width;
  size_t dilation_depth, dilation_height, dilation_width;
  /// Cells of padding before the first one; those behind the last follow from the output's size.
  ptrdiff_t pad_front, pad_top, pad_left;
  size_t out_depth, out_height, out_width;
} ck_patches;

/// Output cells: the columns of the product.
static inline size_t ck_patches_cells(const ck_patches *p) {
  return p->out_depth * p->out_height * p->out_width;
}

/// Channels times kernel cells: its terms.
static inline size_t ck_patches_taps(const ck_patches *p) {
  return p->channels * p->kernel_depth * p->kernel_height * p->kernel_width;
}

/// Whether the patches are the sample itself (a kernel of one cell, steps of 1, no pads), which a
/// product reads faster as a matrix with a term step of the map's size and a column step of 1.
static inline int ck_patches_plain(const ck_patches *p) {
  return p->kernel_depth * p->kernel_height * p->kernel_width == 1 && p->stride_depth == 1 &&
         p->stride_height == 1 && p->stride_width == 1 && p->pad_front == 0 && p->pad_top == 0 &&
         p->pad_left == 0 && p->out_depth == p->depth && p->out_height == p->height &&
         p->out_width == p->width;
}

#endif
