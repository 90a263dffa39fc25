// Functions of one number over arrays.

#include "include/functions.h"

#include <string.h>

#include "functions.h"

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

/// All of an array, with `ways` vectors under way at a time.
INLINE void over(const ck_function function, float a, float b, const float *x, float *y,
                 size_t count, const size_t ways) {
  size_t i = 0;
  for (; i + ways * LANES <= count; i += ways * LANES) {
    lanes v[4];
#pragma unroll
    for (size_t way = 0; way < ways; way++) v[way] = *(const loose *)(x + i + way * LANES);
#pragma unroll
    for (size_t way = 0; way < ways; way++) apply(function, a, b, &v[way]);
#pragma unroll
    for (size_t way = 0; way < ways; way++) *(loose *)(y + i + way * LANES) = v[way];
  }
  while (i < count) {
    const size_t some = count - i < LANES ? count - i : LANES;
    lanes v = {0};
    memcpy(&v, x + i, some * sizeof *x);
    apply(function, a, b, &v);
    memcpy(y + i, &v, some * sizeof *y);
    i += some;
  }
}

#define CASE(function)                                                                             \
  case function: over(function, a, b, x, y, count, ways); break;

INLINE void map(const ck_function function, float a, float b, const float *x, float *y,
                size_t count, const size_t ways) {
  switch (function) {
    case CK_MAP_IDENTITY: memmove(y, x, count * sizeof *y); break;
    CASE(CK_MAP_RELU)
    CASE(CK_MAP_CLIP)
    CASE(CK_MAP_LEAKY_RELU)
    CASE(CK_MAP_HARD_SIGMOID)
    CASE(CK_MAP_HARD_SWISH)
    CASE(CK_MAP_SIGMOID)
    CASE(CK_MAP_SILU)
    CASE(CK_MAP_TANH)
    CASE(CK_MAP_ERF)
    CASE(CK_MAP_GELU)
    CASE(CK_MAP_GELU_TANH)
    CASE(CK_MAP_ELU)
    CASE(CK_MAP_SOFTPLUS)
    CASE(CK_MAP_SOFTSIGN)
    CASE(CK_MAP_EXP)
    CASE(CK_MAP_LOG)
    CASE(CK_MAP_SQRT)
  }
}

#define COMPILE(name, attributes, ways)                                                            \
  attributes static void map_##name(ck_function function, float a, float b, const float *x,        \
                                    float *y, size_t count) {                                      \
    map(function, a, b, x, y, count, ways);                                                        \
  }

COMPILE(baseline, , 1)
#if defined(__x86_64__)
COMPILE(avx2, SET_AVX2, 1)
COMPILE(avx512, SET_AVX512, 2)
#endif

void ck_map(ck_set set, ck_function function, float a, float b, const float *x, float *y,
            size_t count) {
  RUN_WITH(set, map, function, a, b, x, y, count);
}
