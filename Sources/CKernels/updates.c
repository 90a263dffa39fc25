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

INLINE void lstm_gradient(const ck_lstm_step *step, size_t count) {
  const ck_lstm_step s = *step;
  for (size_t j = 0; j < count; j += LANES) {
    const size_t part = count - j;
    lanes i, o, f, g, before, squashed, y, hidden, cell;
    read_part(&i, s.gates + j, part);
    read_part(&o, s.gates + count + j, part);
    read_part(&f, s.gates + 2 * count + j, part);
    read_part(&g, s.gates + 3 * count + j, part);
    read_part(&before, s.before + j, part);
    read_part(&squashed, s.squashed + j, part);
    read_part(&y, s.y + j, part);
    read_part(&hidden, s.hidden + j, part);
    read_part(&cell, s.cell + j, part);
    hidden += y;
    const lanes change = cell + hidden * o * (1 - squashed * squashed);
    const lanes by_i = change * g * (i * (1 - i)), by_o = hidden * squashed * (o * (1 - o));
    const lanes by_f = change * before * (f * (1 - f)), by_g = change * i * (1 - g * g);
    cell = change * f;
    write_part(s.to + j, &by_i, part);
    write_part(s.to + count + j, &by_o, part);
    write_part(s.to + 2 * count + j, &by_f, part);
    write_part(s.to + 3 * count + j, &by_g, part);
    write_part(s.cell + j, &cell, part);
  }
  for (size_t j = 0; j < count; j++) s.hidden[j] = 0;
}

#define COMPILE(name, attributes)                                                                  \
  attributes static void adam_##name(const ck_adam *step, float *w, float *m, float *v,            \
                                     const float *g, size_t count) {                               \
    adam(step, w, m, v, g, count);                                                                 \
  }                                                                                                \
  attributes static void relu_gradient_##name(float *g, const float *y, size_t count) {            \
    relu_gradient(g, y, count);                                                                    \
  }                                                                                                \
  attributes static void lstm_gradient_##name(const ck_lstm_step *step, size_t count) {            \
    lstm_gradient(step, count);                                                                    \
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

void ck_lstm_gradient(ck_set set, const ck_lstm_step *step, size_t count) {
  RUN_WITH(set, lstm_gradient, step, count);
}
