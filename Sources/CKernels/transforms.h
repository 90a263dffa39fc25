#ifndef TRANSFORMS_H
#define TRANSFORMS_H

// The one-dimensional transforms of F(4,3) on lanes of 16 channels. A transform reads its vectors
// `step` apart and writes them `to` apart.
//
// The points are 0, ±5/8, ±3/2 and ∞ and not the textbook's 0, ±1, ±2, ∞: all constants but those of G
// are exact in single precision, and the error of the whole is a quarter (Barabasz, Anderson,
// Soodhalter, Gregg: Error analysis and improving the accuracy of Winograd convolution for deep neural
// networks, 2020, explain why).

#include "lanes.h"

enum { TILE = 4, SPAN = 6, TERMS = SPAN * SPAN };

static const float A = 0.625f, B = 1.5f;
static const float A2 = 0.390625f, B2 = 2.25f;
static const float A3 = 0.244140625f, B3 = 3.375f;
static const float SUM = 2.640625f, PRODUCT = 0.87890625f;
// The derivatives of x(x²−a²)(x²−b²) at 0, ±a and ±b.
static const float N0 = 0.87890625f, NA = -1.45263671875f, NB = 8.3671875f;

/// Bᵀ: 6 cells of the input.
INLINE void input_transform(const lanes *x, size_t step, lanes *v, size_t to) {
  const lanes x0 = x[0], x1 = x[step], x2 = x[2 * step];
  const lanes x3 = x[3 * step], x4 = x[4 * step], x5 = x[5 * step];
  const lanes even_a = x4 - B2 * x2, odd_a = A * (x3 - B2 * x1);
  const lanes even_b = x4 - A2 * x2, odd_b = B * (x3 - A2 * x1);
  v[0] = PRODUCT * x0 - SUM * x2 + x4;
  v[to] = even_a + odd_a;
  v[2 * to] = even_a - odd_a;
  v[3 * to] = even_b + odd_b;
  v[4 * to] = even_b - odd_b;
  v[5 * to] = PRODUCT * x1 - SUM * x3 + x5;
}

/// Aᵀ: 6 products to 4 cells of the output.
INLINE void output_transform(const lanes *m, size_t step, lanes *y, size_t to) {
  const lanes m0 = m[0], m5 = m[5 * step];
  const lanes sum_a = m[step] + m[2 * step], difference_a = m[step] - m[2 * step];
  const lanes sum_b = m[3 * step] + m[4 * step], difference_b = m[3 * step] - m[4 * step];
  y[0] = m0 + sum_a + sum_b;
  y[to] = A * difference_a + B * difference_b;
  y[2 * to] = A2 * sum_a + B2 * sum_b;
  y[3 * to] = A3 * difference_a + B3 * difference_b + m5;
}

/// A: the gradient of 4 cells of the output to that of 6 products.
INLINE void gradient_transform(const lanes *y, size_t step, lanes *m, size_t to) {
  const lanes y0 = y[0], y1 = y[step], y2 = y[2 * step], y3 = y[3 * step];
  const lanes even_a = y0 + A2 * y2, odd_a = A * y1 + A3 * y3;
  const lanes even_b = y0 + B2 * y2, odd_b = B * y1 + B3 * y3;
  m[0] = y0;
  m[to] = even_a + odd_a;
  m[2 * to] = even_a - odd_a;
  m[3 * to] = even_b + odd_b;
  m[4 * to] = even_b - odd_b;
  m[5 * to] = y3;
}

/// G: 3 weights.
INLINE void weight_transform(const lanes *w, size_t step, lanes *u, size_t to) {
  const lanes w0 = w[0], w1 = w[step], w2 = w[2 * step];
  const lanes even_a = w0 + A2 * w2, odd_a = A * w1;
  const lanes even_b = w0 + B2 * w2, odd_b = B * w1;
  u[0] = w0 / N0;
  u[to] = (even_a + odd_a) / NA;
  u[2 * to] = (even_a - odd_a) / NA;
  u[3 * to] = (even_b + odd_b) / NB;
  u[4 * to] = (even_b - odd_b) / NB;
  u[5 * to] = w2;
}

/// Gᵀ: the gradient of 6 transformed weights to that of 3 weights.
INLINE void weight_gradient_transform(const lanes *u, size_t step, lanes *w, size_t to) {
  const lanes sum_a = (u[step] + u[2 * step]) / NA, sum_b = (u[3 * step] + u[4 * step]) / NB;
  const lanes difference_a = (u[step] - u[2 * step]) / NA;
  const lanes difference_b = (u[3 * step] - u[4 * step]) / NB;
  w[0] = u[0] / N0 + sum_a + sum_b;
  w[to] = A * difference_a + B * difference_b;
  w[2 * to] = A2 * sum_a + B2 * sum_b + u[5 * step];
}

#endif
