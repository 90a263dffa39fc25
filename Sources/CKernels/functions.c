// Functions of one number over arrays.

#include "include/functions.h"

#include <string.h>

#include "functions.h"
#include "parts.h"

INLINE void apply(const ck_function function, float a, float b, lanes *x) {
  switch (function) {
    case CK_MAP_IDENTITY: break;
    case CK_MAP_RELU: ck_relu(x); break;
    case CK_MAP_CLIP: ck_clip(x, a, b); break;
    case CK_MAP_LEAKY_RELU: ck_leaky_relu(x, a); break;
    case CK_MAP_HARD_SIGMOID: ck_hard_sigmoid(x, a, b); break;
    case CK_MAP_HARD_SWISH: ck_hard_swish(x); break;
    case CK_MAP_SIGMOID: ck_sigmoid(x); break;
    case CK_MAP_SILU: ck_silu(x); break;
    case CK_MAP_TANH: ck_tanh(x); break;
    case CK_MAP_ERF: ck_erf(x); break;
    case CK_MAP_GELU: ck_gelu(x); break;
    case CK_MAP_GELU_TANH: ck_gelu_tanh(x); break;
    case CK_MAP_ELU: ck_elu(x, a, b); break;
    case CK_MAP_SOFTPLUS: ck_softplus(x); break;
    case CK_MAP_SOFTSIGN: ck_softsign(x); break;
    case CK_MAP_EXP: ck_exp(x); break;
    case CK_MAP_LOG: ck_log(x); break;
    case CK_MAP_SQRT: *x = __builtin_elementwise_sqrt(*x); break;
  }
}

/// All of an array, with `ways` vectors under way at a time. The last vector reaches back over what
/// is done already, so it is read before anything is written.
INLINE void over(const ck_function function, float a, float b, const float *x, float *y,
                 size_t count, const size_t ways) {
  lanes v[4], last;
  if (count < LANES) {
    read_part(&last, x, count);
    apply(function, a, b, &last);
    write_part(y, &last, count);
    return;
  }
  last = *(const loose *)(x + count - LANES);
  size_t i = 0;
  for (; i + ways * LANES <= count; i += ways * LANES) {
#pragma unroll
    for (size_t way = 0; way < ways; way++) v[way] = *(const loose *)(x + i + way * LANES);
#pragma unroll
    for (size_t way = 0; way < ways; way++) apply(function, a, b, &v[way]);
#pragma unroll
    for (size_t way = 0; way < ways; way++) *(loose *)(y + i + way * LANES) = v[way];
  }
  for (; i + LANES < count; i += LANES) {
    v[0] = *(const loose *)(x + i);
    apply(function, a, b, &v[0]);
    *(loose *)(y + i) = v[0];
  }
  if (i == count) return;
  apply(function, a, b, &last);
  *(loose *)(y + count - LANES) = last;
}

#define CASE(function, ways)                                                                       \
  case function: over(function, a, b, x, y, count, ways); break;

/// Functions of many constants go alone, for the registers are full with one.
INLINE void map(const ck_function function, float a, float b, const float *x, float *y,
                size_t count, const size_t ways) {
  switch (function) {
    case CK_MAP_IDENTITY: memmove(y, x, count * sizeof *y); break;
    CASE(CK_MAP_RELU, ways)
    CASE(CK_MAP_CLIP, ways)
    CASE(CK_MAP_LEAKY_RELU, ways)
    CASE(CK_MAP_HARD_SIGMOID, ways)
    CASE(CK_MAP_HARD_SWISH, ways)
    CASE(CK_MAP_SIGMOID, 1)
    CASE(CK_MAP_SILU, 1)
    CASE(CK_MAP_TANH, ways)
    CASE(CK_MAP_ERF, 1)
    CASE(CK_MAP_GELU, 1)
    CASE(CK_MAP_GELU_TANH, 1)
    CASE(CK_MAP_ELU, 1)
    CASE(CK_MAP_SOFTPLUS, 1)
    CASE(CK_MAP_SOFTSIGN, ways)
    CASE(CK_MAP_EXP, 1)
    CASE(CK_MAP_LOG, 1)
    CASE(CK_MAP_SQRT, ways)
  }
}

#define COMPILE(name, attributes, ways)                                                            \
  attributes static void map_##name(ck_function function, float a, float b, const float *x,        \
                                    float *y, size_t count) {                                      \
    map(function, a, b, x, y, count, ways);                                                        \
  }

COMPILE(baseline, , 1)
#if defined(__x86_64__)
COMPILE(avx2, SET_AVX2, 2)
COMPILE(avx512, SET_AVX512, 4)
#endif

void ck_map(ck_set set, ck_function function, float a, float b, const float *x, float *y,
            size_t count) {
  RUN_WITH(set, map, function, a, b, x, y, count);
}
