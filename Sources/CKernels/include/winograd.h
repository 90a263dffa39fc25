#ifndef CKERNELS_WINOGRAD_H
#define CKERNELS_WINOGRAD_H

#include <stddef.h>

#include "sets.h"

/// A 3×3 convolution with stride 1 as Winograd's F(4×4,3×3) sees it: the output is cut into tiles of
/// 4×4 cells, numbered row by row and sample by sample; each is made from 6×6 cells of the input.
typedef struct {
  size_t samples;
  /// Channels, rows and columns of a sample that is read.
  size_t in_channels, in_height, in_width;
  /// Channels, rows and columns of a sample that is written.
  size_t out_channels, out_height, out_width;
  /// How far the first output cell's window starts above and to the left of the first input cell;
  /// negative where it starts inside.
  ptrdiff_t pad_top, pad_left;
} ck_winograd_shape;

/// Numbers larger than this would overflow on the way, and infinities and NaN would spread over
/// whole tiles: what reads numbers returns 0 where it met one, and its result means nothing then.
#define CK_WINOGRAD_LARGEST 0x1p50f

/// Tiles of one sample.
size_t ck_winograd_tiles(const ck_winograd_shape *shape);

/// Tiles that are multiplied together; a run of another length is filled up to whole lots.
enum { CK_WINOGRAD_LOT = 12 };

/// Tiles a block holds at most, so that its numbers stay in a core's second-level cache.
size_t ck_winograd_block(const ck_winograd_shape *shape);

/// Elements of the transformed weights.
size_t ck_winograd_weights_count(const ck_winograd_shape *shape);

/// Elements of the sums over a gradient by the weights.
size_t ck_winograd_sums_count(const ck_winograd_shape *shape);

/// Elements of the room in which a block is worked out.
size_t ck_winograd_room(const ck_winograd_shape *shape);

/// Transforms weights `[out,in,3,3]`; or, where `backward`, weights `[in,out,3,3]` turned by 180°,
/// which make the gradient by the input. Does panels `first` ..< `last` of 16 output channels.
int ck_winograd_weights(ck_set set, const ck_winograd_shape *shape, const float *weights,
                      int backward, float *transformed, size_t first, size_t last);

/// Writes the output of tiles `first` ..< `last`, at most a block of them.
/// `bias` may be null; `relu` clips what is below 0.
int ck_winograd_forward(ck_set set, const ck_winograd_shape *shape, const float *x,
                      const float *transformed, const float *bias, int relu, float *y,
                      size_t first, size_t last, float *room);

/// Adds the products of input and gradient of tiles `first` ..< `last` to the sums.
int ck_winograd_gradient(ck_set set, const ck_winograd_shape *shape, const float *x,
                       const float *dy, float *sums, size_t first, size_t last, float *room);

/// Makes the gradient by the weights of output channels `first` ..< `last` from `parts` sums that
/// lie one after another; they are added up in that order.
void ck_winograd_gradient_weights(ck_set set, const ck_winograd_shape *shape, const float *sums,
                                size_t parts, float *dw, size_t first, size_t last);

#endif
