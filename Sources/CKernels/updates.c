// What training does to all weights or gradients, one pass each.

#include "include/updates.h"

#include "functions.h"
#include "lanes.h"
#include "parts.h"

INLINE void adam(const ck_adam *step, float *w, float *m, float *v, const float *g, size_t count) {
  const ck_adam s = *step;
  for (size_t i = 0; i < count; i += LANES) {
    const size_t part = count - i;
    lanes weight, mean, square, slope;
    read_part(&weight, w + i, part);
    read_part(&mean, m + i, part);
    read_part(&square, v + i, part);
    read_part(&slope, g + i, part);
    slope = s.l2 * weight + slope;
    mean = s.rest1 * slope + s.beta1 * mean;
    square = s.rest2 * slope * slope + s.beta2 * square;
    weight -= s.rate * mean / (__builtin_elementwise_sqrt(square * s.unbias) + s.epsilon);
    write_part(w + i, &weight, part);
    write_part(m + i, &mean, part);
    write_part(v + i, &square, part);
  }
}

INLINE void relu_gradient(float *g, const float *y, size_t count) {
  for (size_t i = 0; i < count; i += LANES) {
    lanes gradient, result;
    read_part(&gradient, g + i, count - i);
    read_part(&result, y + i, count - i);
    gradient = (lanes)(~(result <= 0) & (words)gradient);
    write_part(g + i, &gradient, count - i);
  }
}

#define COMPILE(name, attributes)                                                                  \
  attributes static void adam_##name(const ck_adam *step, float *w, float *m, float *v,            \
                                     const float *g, size_t count) {                               \
    adam(step, w, m, v, g, count);                                                                 \
  }                                                                                                \
  attributes static void relu_gradient_##name(float *g, const float *y, size_t count) {            \
    relu_gradient(g, y, count);                                                                    \
  }

COMPILE(baseline, )
#if defined(__x86_64__)
COMPILE(avx2, SET_AVX2)
COMPILE(avx512, SET_AVX512)
#endif

void ck_adam_step(ck_set set, const ck_adam *step, float *w, float *m, float *v, const float *g,
                  size_t count) {
  RUN_WITH(set, adam, step, w, m, v, g, count);
}

void ck_relu_gradient(ck_set set, float *g, const float *y, size_t count) {
  RUN_WITH(set, relu_gradient, g, y, count);
}
