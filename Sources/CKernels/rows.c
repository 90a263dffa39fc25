// Softmax, normalisation, reductions and other work on rows of contiguous numbers.

#include "include/rows.h"

#include <string.h>

#include "activate.h"
#include "functions.h"
#include "lanes.h"
#include "parts.h"

enum {
  /// Columns whose sum is made in single precision.
  STRETCH = 512,
};

static const words number = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

/// A vector of a row at column i; lanes behind the row's end are `rest`.
INLINE void read_row(lanes *v, const float *x, size_t i, size_t columns, float rest) {
  if (columns - i >= LANES) {
    *v = *(const loose *)(x + i);
  } else {
    lanes part;
    read_part(&part, x + i, columns - i);
    *v = PICK(number < (int32_t)(columns - i), part, ALL(rest));
  }
}

INLINE void write_row(float *y, size_t i, size_t columns, const lanes *v) {
  if (columns - i >= LANES) {
    *(loose *)(y + i) = *v;
  } else {
    const lanes part = *v;
    write_part(y + i, &part, columns - i);
  }
}

/// The larger of each two; a NaN stays once it is there.
INLINE void larger(lanes *best, const lanes *next) {
  *best = PICK((*next > *best) | (*next != *next), *next, *best);
}

INLINE void smaller(lanes *best, const lanes *next) {
  *best = PICK((*next < *best) | (*next != *next), *next, *best);
}

/// As `larger`, but a NaN that comes is passed over.
INLINE void larger_number(lanes *best, const lanes *next) {
  *best = PICK(*next > *best, *next, *best);
}

typedef enum { BEST_LARGEST, BEST_SMALLEST, BEST_NUMBER } rule;

INLINE void choose(lanes *best, const lanes *next, const rule rule) {
  if (rule == BEST_LARGEST) larger(best, next);
  if (rule == BEST_SMALLEST) smaller(best, next);
  if (rule == BEST_NUMBER) larger_number(best, next);
}

/// The best element of a row, `none` where it has none: in whatever order, the same. Four vectors
/// are under way at a time, and the last one reaches back.
INLINE float best_of(const float *x, size_t columns, float none, const rule rule) {
  lanes v[4], next;
#pragma unroll
  for (size_t k = 0; k < 4; k++) v[k] = ALL(none);
  size_t i = 0;
  for (; i + 4 * LANES <= columns; i += 4 * LANES) {
#pragma unroll
    for (size_t k = 0; k < 4; k++) {
      next = *(const loose *)(x + i + k * LANES);
      choose(&v[k], &next, rule);
    }
  }
  for (; i + LANES <= columns; i += LANES) {
    next = *(const loose *)(x + i);
    choose(&v[0], &next, rule);
  }
  if (i < columns) {
    if (columns >= LANES) {
      next = *(const loose *)(x + columns - LANES);
    } else {
      read_row(&next, x, i, columns, none);
    }
    choose(&v[1], &next, rule);
  }
  choose(&v[0], &v[1], rule);
  choose(&v[2], &v[3], rule);
  choose(&v[0], &v[2], rule);
  lanes b = v[0];
  next = __builtin_shufflevector(b, b, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  choose(&b, &next, rule);
  next = __builtin_shufflevector(b, b, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
  choose(&b, &next, rule);
  next = __builtin_shufflevector(b, b, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
  choose(&b, &next, rule);
  next = __builtin_shufflevector(b, b, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
  choose(&b, &next, rule);
  return b[0];
}

/// Σ eˣ⁻ᵗᵒᵖ; the terms go to y, which may be NULL. The sum is in thirty-two lanes.
INLINE double exponentials(const float *x, size_t columns, float top, float *y) {
  double sum = 0;
  lanes last;
  // The last vector reaches back, so it is read before anything is written; what stands behind the
  // end of a short row is e to −∞, which is 0; or NaN in a row that is NaN.
  const size_t reach = columns < LANES ? 0 : columns - LANES;
  read_row(&last, x + reach, 0, columns - reach, -__builtin_inff());
  for (size_t i = 0; i < columns;) {
    const size_t end = least(columns, i + STRETCH);
    lanes part[2] = {{0}, {0}};
    for (; i + 2 * LANES <= end; i += 2 * LANES) {
      lanes a = *(const loose *)(x + i) - top, b = *(const loose *)(x + i + LANES) - top;
      ck_exp_below(&a);
      ck_exp_below(&b);
      if (y) *(loose *)(y + i) = a, *(loose *)(y + i + LANES) = b;
      part[0] += a;
      part[1] += b;
    }
    if (i + LANES <= end) {
      lanes v = *(const loose *)(x + i) - top;
      ck_exp_below(&v);
      if (y) *(loose *)(y + i) = v;
      part[0] += v;
      i += LANES;
    }
    if (i < end) {
      lanes v = last - top;
      ck_exp_below(&v);
      if (y) write_row(y + reach, 0, columns - reach, &v);
      // Without what was in the vector before.
      part[1] += (lanes)((number >= (int32_t)(i - reach)) & (words)v);
      i = end;
    }
    part[0] += part[1];
    sum += ck_sum_of(&part[0]);
  }
  return sum;
}

/// ln of what is positive and finite: ln m = 2·artanh((m − 1)/(m + 1)), √½ ≤ m < √2, by its series.
INLINE double log_of(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  const int64_t exponent = ((int64_t)bits - 0x3FE6A09E667F3BCD) >> 52;
  bits -= (uint64_t)exponent << 52;
  double m;
  memcpy(&m, &bits, sizeof m);
  const double t = (m - 1) / (m + 1), square = t * t;
  double sum = 0;
  for (int k = 21; k >= 1; k -= 2) sum = sum * square + 1.0 / k;
  return (double)exponent * 0x1.62e42fefa39efp-1 + 2 * t * sum;
}

/// x·factor; the last vector reaches back.
INLINE void scale_row(const float *x, size_t columns, float factor, float *y) {
  const size_t reach = columns < LANES ? 0 : columns - LANES;
  lanes last;
  read_row(&last, x + reach, 0, columns - reach, 0);
  for (size_t i = 0; i + LANES <= columns; i += LANES) {
    *(loose *)(y + i) = *(const loose *)(x + i) * factor;
  }
  last *= factor;
  if (columns % LANES) write_row(y + reach, 0, columns - reach, &last);
}

/// Short rows go in groups, step by step: the steps of one need not wait for each other then.
INLINE void softmax(const float *x, size_t columns, float *y, size_t first, size_t last) {
  enum { GROUP = 4, SHORT = 1024 };
  for (size_t row = first; row < last;) {
    const size_t some = columns <= SHORT ? least(GROUP, last - row) : 1;
    const float *from = x + row * columns;
    float *to = y + row * columns;
    float top[GROUP];
    double sum[GROUP];
    for (size_t k = 0; k < some; k++) {
      top[k] = best_of(from + k * columns, columns, -__builtin_inff(), BEST_NUMBER);
    }
    for (size_t k = 0; k < some; k++) {
      sum[k] = exponentials(from + k * columns, columns, top[k], to + k * columns);
    }
    for (size_t k = 0; k < some; k++) {
      scale_row(to + k * columns, columns, (float)(1 / sum[k]), to + k * columns);
    }
    row += some;
  }
}

INLINE void log_softmax(const float *x, size_t columns, float *y, size_t first, size_t last) {
  for (size_t row = first; row < last; row++) {
    const float *from = x + row * columns;
    float *to = y + row * columns;
    const float top = best_of(from, columns, -__builtin_inff(), BEST_NUMBER);
    const double sum = exponentials(from, columns, top, NULL);
    // Between 1 and the number of columns, or NaN.
    const double log = sum == sum ? log_of(sum) : sum;
    const float upper = (float)log, lower = (float)(log - upper);
    for (size_t i = 0; i < columns; i += LANES) {
      lanes v;
      read_row(&v, from, i, columns, 0);
      v = ((v - top) - upper) - lower;
      write_row(to, i, columns, &v);
    }
  }
}

INLINE double sum_of(const float *x, size_t columns) {
  double sum = 0;
  for (size_t i = 0; i < columns;) {
    const size_t end = least(columns, i + STRETCH);
    lanes part = {0};
    for (; i + LANES <= end; i += LANES) part += *(const loose *)(x + i);
    if (i < end) {
      lanes v;
      if (columns >= LANES) {
        // The last sixteen, without what was in the vector before.
        v = *(const loose *)(x + columns - LANES);
        v = (lanes)((number >= (int32_t)(LANES - (columns - i))) & (words)v);
      } else {
        read_part(&v, x + i, columns - i);
      }
      part += v;
      i = end;
    }
    sum += ck_sum_of(&part);
  }
  return sum;
}

/// Σ(x − middle), and Σ(x − middle)².
INLINE void moments_of(const float *x, size_t columns, float middle, double *sum,
                       double *squares) {
  *sum = *squares = 0;
  for (size_t i = 0; i < columns;) {
    const size_t end = least(columns, i + STRETCH);
    lanes first = {0}, second = {0};
    for (; i < end; i += LANES) {
      lanes v;
      read_row(&v, x, i, columns, middle);
      v -= middle;
      first += v;
      second = v * v + second;
    }
    *sum += ck_sum_of(&first);
    *squares += ck_sum_of(&second);
  }
}

/// A row whose sums are beyond single precision, or not finite.
static void normalize_wide(const float *x, size_t columns, double epsilon, const float *scale,
                           const float *shift, float *y, double *mean, double *variance) {
  double sum = 0, squares = 0;
  for (size_t i = 0; i < columns; i++) sum += x[i];
  *mean = sum / (double)columns;
  for (size_t i = 0; i < columns; i++) squares += (x[i] - *mean) * (x[i] - *mean);
  *variance = squares / (double)columns;
  const double inverse = 1 / __builtin_elementwise_sqrt(*variance + epsilon);
  for (size_t i = 0; i < columns; i++) {
    const double v = (x[i] - *mean) * inverse * (scale ? scale[i] : 1);
    y[i] = (float)(v + (shift ? shift[i] : 0));
  }
}

INLINE void normalize(const float *x, size_t columns, double epsilon, const float *scale,
                      const float *shift, float *y, double *means, double *variances, size_t first,
                      size_t last) {
  const double count = columns ? (double)columns : 1;
  for (size_t row = first; row < last; row++) {
    const float *from = x + row * columns;
    float *to = y + row * columns;
    // A number near the mean, then what is missing: exact, too, where the mean is large.
    const float middle = (float)(sum_of(from, columns) / count);
    double rest, squares;
    moments_of(from, columns, middle, &rest, &squares);
    if (squares - squares != 0) {
      double mean, variance;
      normalize_wide(from, columns, epsilon, scale, shift, to, &mean, &variance);
      if (means) means[row] = mean;
      if (variances) variances[row] = variance;
      continue;
    }
    rest /= count;
    double variance = squares / count - rest * rest;
    if (variance < 0) variance = 0;
    const double inverse = 1 / __builtin_elementwise_sqrt(variance + epsilon);
    if (means) means[row] = middle + rest;
    if (variances) variances[row] = variance;
    const float factor = (float)inverse, offset = (float)(-rest * inverse);
    for (size_t i = 0; i < columns; i += LANES) {
      lanes v, a, b;
      read_row(&v, from, i, columns, 0);
      v = (v - middle) * factor + offset;
      if (scale && shift) {
        read_row(&a, scale, i, columns, 0);
        read_row(&b, shift, i, columns, 0);
        v = v * a + b;
      } else if (scale) {
        read_row(&a, scale, i, columns, 0);
        v *= a;
      } else if (shift) {
        read_row(&b, shift, i, columns, 0);
        v += b;
      }
      write_row(to, i, columns, &v);
    }
  }
}

INLINE void reduce_rows(ck_reduction reduction, const float *x, size_t columns, float *y,
                        size_t first, size_t last) {
  for (size_t row = first; row < last; row++) {
    const float *from = x + row * columns;
    switch (reduction) {
      case CK_SUM: y[row] = (float)sum_of(from, columns); break;
      case CK_MEAN: y[row] = (float)(sum_of(from, columns) / (double)columns); break;
      case CK_LARGEST: y[row] = best_of(from, columns, -__builtin_inff(), BEST_LARGEST); break;
      case CK_SMALLEST: y[row] = best_of(from, columns, __builtin_inff(), BEST_SMALLEST); break;
    }
  }
}

/// One vector of an epilogue, lanes from column i on.
INLINE void finish(lanes *v, const ck_epilogue *e, size_t channel, const float *residual, size_t i,
                   size_t columns) {
  lanes more;
  if (e->row_bias) *v += e->row_bias[channel];
  if (e->column_bias) {
    read_row(&more, e->column_bias, i, columns, 0);
    *v += more;
  }
  if (e->row_scale) *v = *v * e->row_scale[channel] + e->row_shift[channel];
  if (residual) {
    read_row(&more, residual, i, columns, 0);
    *v += more;
  }
  activate(v, e);
}

INLINE void finish_rows(const ck_epilogue *epilogue, const float *x, size_t columns,
                        size_t channels, float *y, size_t first, size_t last) {
  // A copy that nothing else points to, so that what it says is asked once.
  const ck_epilogue own = *epilogue;
  for (size_t row = first; row < last; row++) {
    const size_t channel = row % channels;
    const float *from = x + row * columns;
    const float *residual = own.residual ? own.residual + row * own.residual_step : NULL;
    float *to = y + row * columns;
    size_t i = 0;
    for (; i + LANES <= columns; i += LANES) {
      lanes v = *(const loose *)(from + i);
      finish(&v, &own, channel, residual, i, columns);
      *(loose *)(to + i) = v;
    }
    if (i < columns) {
      lanes v;
      read_part(&v, from + i, columns - i);
      finish(&v, &own, channel, residual, i, columns);
      write_row(to, i, columns, &v);
    }
  }
}

INLINE void scale_rows(const float *x, const float *factors, size_t columns, float *y, size_t first,
                       size_t last) {
  for (size_t row = first; row < last; row++) {
    scale_row(x + row * columns, columns, factors[row], y + row * columns);
  }
}

#define COMPILE(name, attributes)                                                                  \
  attributes static void softmax_##name(const float *x, size_t columns, float *y, size_t first,    \
                                        size_t last) {                                             \
    softmax(x, columns, y, first, last);                                                           \
  }                                                                                                \
  attributes static void log_softmax_##name(const float *x, size_t columns, float *y,              \
                                            size_t first, size_t last) {                           \
    log_softmax(x, columns, y, first, last);                                                       \
  }                                                                                                \
  attributes static void normalize_##name(const float *x, size_t columns, double epsilon,          \
                                          const float *scale, const float *shift, float *y,        \
                                          double *means, double *variances, size_t first,          \
                                          size_t last) {                                           \
    normalize(x, columns, epsilon, scale, shift, y, means, variances, first, last);                \
  }                                                                                                \
  attributes static void reduce_rows_##name(ck_reduction reduction, const float *x,                \
                                            size_t columns, float *y, size_t first, size_t last) { \
    reduce_rows(reduction, x, columns, y, first, last);                                            \
  }                                                                                                \
  attributes static void finish_rows_##name(const ck_epilogue *epilogue, const float *x,           \
                                            size_t columns, size_t channels, float *y,             \
                                            size_t first, size_t last) {                           \
    finish_rows(epilogue, x, columns, channels, y, first, last);                                   \
  }                                                                                                \
  attributes static void scale_rows_##name(const float *x, const float *factors, size_t columns,   \
                                           float *y, size_t first, size_t last) {                  \
    scale_rows(x, factors, columns, y, first, last);                                               \
  }

COMPILE(baseline, )
#if defined(__x86_64__)
COMPILE(avx2, SET_AVX2)
COMPILE(avx512, SET_AVX512)
#endif

void ck_softmax(ck_set set, const float *x, size_t columns, float *y, size_t first, size_t last) {
  RUN_WITH(set, softmax, x, columns, y, first, last);
}

void ck_log_softmax(ck_set set, const float *x, size_t columns, float *y, size_t first,
                    size_t last) {
  RUN_WITH(set, log_softmax, x, columns, y, first, last);
}

void ck_normalize(ck_set set, const float *x, size_t columns, double epsilon, const float *scale,
                  const float *shift, float *y, double *means, double *variances, size_t first,
                  size_t last) {
  RUN_WITH(set, normalize, x, columns, epsilon, scale, shift, y, means, variances, first, last);
}

void ck_reduce_rows(ck_set set, ck_reduction reduction, const float *x, size_t columns, float *y,
                    size_t first, size_t last) {
  RUN_WITH(set, reduce_rows, reduction, x, columns, y, first, last);
}

void ck_finish_rows(ck_set set, const ck_epilogue *epilogue, const float *x, size_t columns,
                    size_t channels, float *y, size_t first, size_t last) {
  RUN_WITH(set, finish_rows, epilogue, x, columns, channels, y, first, last);
}

void ck_scale_rows(ck_set set, const float *x, const float *factors, size_t columns, float *y,
                   size_t first, size_t last) {
  RUN_WITH(set, scale_rows, x, factors, columns, y, first, last);
}
