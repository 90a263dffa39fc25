#ifndef CKERNELS_EPILOGUE_H
#define CKERNELS_EPILOGUE_H

#include <stddef.h>

/// A function of one number at the end of an epilogue. NaN stays NaN.
typedef enum {
  CK_NONE,
  /// 0 where x < 0.
  CK_RELU,
  /// x held to [low, high].
  CK_CLIP,
  /// low·x where x < 0.
  CK_LEAKY,
  /// x·max(0, min(1, x/6 + ½)).
  CK_HARDSWISH,
  CK_SIGMOID,
  CK_SILU,
  CK_TANH,
  CK_GELU,
  /// (x·(erf(x/low) + 1))·½, rounded after each of them: GELU where it is written as five nodes.
  CK_ERF_GELU,
} ck_activation;

/// What is done to a matrix C[rows × columns] after its sums, in this order; what is NULL is left
/// out, and costs nothing. Done at once, behind the last sum, or later by `ck_finish_rows`: the
/// bits are the same.
typedef struct {
  /// x + row_bias[row]: of a convolution, whose rows are channels.
  const float *row_bias;
  /// x + column_bias[column]: of a layer whose rows are samples.
  const float *column_bias;
  /// x·row_scale[row] + row_shift[row], one fused multiply-add; both or neither.
  const float *row_scale, *row_shift;
  /// x + residual[row·residual_step + column].
  const float *residual;
  size_t residual_step;
  ck_activation activation;
  /// Of the clip; `low` is the slope of the leaky ReLU and what the written GELU divides by as well.
  float low, high;
} ck_epilogue;

#endif
