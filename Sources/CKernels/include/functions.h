#ifndef CKERNELS_FUNCTIONS_PUBLIC_H
#define CKERNELS_FUNCTIONS_PUBLIC_H

#include <stddef.h>

#include "sets.h"

/// Functions of one number; a and b are those of `ck_map`. Errors in units of the last place of
/// float32 against the exact function, over all arguments, with fused multiply-adds in hardware.
typedef enum {
  /// x.
  CK_MAP_IDENTITY,
  /// max(x, 0); NaN stays NaN, as in all that follow.
  CK_MAP_RELU,
  /// min(max(x, a), b); where the bounds cross, b wins.
  CK_MAP_CLIP,
  /// x where x ≥ 0, else a·x.
  CK_MAP_LEAKY_RELU,
  /// max(0, min(1, a·x + b)).
  CK_MAP_HARD_SIGMOID,
  /// x·max(0, min(1, x/6 + ½)).
  CK_MAP_HARD_SWISH,
  /// 1/(1 + e⁻ˣ), within 2.5 ulp.
  CK_MAP_SIGMOID,
  /// x/(1 + e⁻ˣ), within 3 ulp down to x = −87.
  CK_MAP_SILU,
  /// tanh x, within 2 ulp.
  CK_MAP_TANH,
  /// erf x, within 2 ulp.
  CK_MAP_ERF,
  /// x·½·(1 + erf(x/√2)).
  CK_MAP_GELU,
  /// GELU by way of tanh.
  CK_MAP_GELU_TANH,
  /// a·x where x > 0, else b·(eˣ − 1): ELU with 1 and α, SELU with γ and γ·α.
  CK_MAP_ELU,
  /// ln(1 + eˣ), within 2 ulp.
  CK_MAP_SOFTPLUS,
  /// x/(1 + |x|).
  CK_MAP_SOFTSIGN,
  /// eˣ, within 1.1 ulp.
  CK_MAP_EXP,
  /// ln x, within 2 ulp: −∞ at 0, NaN below.
  CK_MAP_LOG,
  /// √x, NaN below 0.
  CK_MAP_SQRT,
} ck_function;

/// y[i] = function(x[i]) for `count` numbers; y may be x.
void ck_map(ck_set set, ck_function function, float a, float b, const float *x, float *y,
            size_t count);

#endif
