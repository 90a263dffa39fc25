#ifndef CKERNELS_UPDATES_H
#define CKERNELS_UPDATES_H

#include <stddef.h>

#include "sets.h"

/// A step of Adam (Kingma, Ba 2015, algorithm 1): m ← beta1·m + rest1·g, v ← beta2·v + rest2·g²,
/// w ← w − rate·m/(√(unbias·v) + epsilon), where l2·w was added to g.
typedef struct {
  float rate, unbias, beta1, rest1, beta2, rest2, epsilon, l2;
} ck_adam;

/// Does it to `count` weights w with their moments m and v, by their gradient g.
void ck_adam_step(ck_set set, const ck_adam *step, float *w, float *m, float *v, const float *g,
                  size_t count);

/// Leaves of g what belongs to results y above 0, or that are NaN: the gradient of a ReLU.
void ck_relu_gradient(ck_set set, float *g, const float *y, size_t count);

/// What the gradient of an LSTM's step reads and changes, for a sample of `count` units. In `gates` and `to`
/// the input, output and forget gates and the candidate follow each other, each of `count` numbers.
typedef struct {
  /// The gates, the cells before the step, tanh of those after it, and the gradient by its output.
  const float *gates, *before, *squashed, *y;
  /// The gradients by the hidden states, which become 0, and by the cells.
  float *hidden, *cell;
  /// The gradients by what went into the gates.
  float *to;
} ck_lstm_step;

/// Takes the gradients by the states after a step to those before, without what comes through the
/// recurrent weights: gates of 1/(1 + e^-x), candidate and output of tanh, no peepholes.
void ck_lstm_gradient(ck_set set, const ck_lstm_step *step, size_t count);

#endif
