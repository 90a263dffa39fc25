// The last step of an epilogue on vectors, the same wherever it runs.
#ifndef CKERNELS_ACTIVATE_H
#define CKERNELS_ACTIVATE_H

#include "epilogue.h"
#include "functions.h"
#include "lanes.h"

INLINE void activate(lanes *x, const ck_epilogue *e) {
  switch (e->activation) {
    case CK_NONE: break;
    case CK_RELU: ck_at_least(x, 0); break;
    case CK_CLIP: ck_clip(x, e->low, e->high); break;
    case CK_LEAKY: ck_leaky_relu(x, e->low); break;
    case CK_HARDSWISH: ck_hard_swish(x); break;
    case CK_SIGMOID: ck_sigmoid(x); break;
    case CK_SILU: ck_silu(x); break;
    case CK_TANH: ck_tanh(x); break;
    case CK_GELU: ck_gelu(x); break;
    case CK_ERF_GELU: ck_erf_gelu(x, e->low); break;
  }
}

/// The last step on `count` vectors, four side by side: functions of many operations in a row wait for
/// each of them.
INLINE void activate_all(lanes *x, size_t count, const ck_epilogue *e) {
#define EACH(function)                       \
  _Pragma("clang loop unroll_count(4)")      \
  for (size_t i = 0; i < count; i++) function
  switch (e->activation) {
    case CK_SIGMOID: EACH(ck_sigmoid(x + i)); break;
    case CK_SILU: EACH(ck_silu(x + i)); break;
    case CK_TANH: EACH(ck_tanh(x + i)); break;
    case CK_GELU: EACH(ck_gelu(x + i)); break;
    case CK_ERF_GELU: EACH(ck_erf_gelu(x + i, e->low)); break;
    default: EACH(activate(x + i, e)); break;
  }
#undef EACH
}

#endif
