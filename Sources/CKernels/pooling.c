// Pools: the rows of a window are folded into one line, cell by cell, then the cells of the line;
// so a k×k window costs 2·k steps a cell. The line's columns lie in planes by their remainder by
// the stride, with padding beside them, so that each tap is a plain load.

#include "include/pooling.h"

#include <string.h>

#include "functions.h"
#include "halves.h"
#include "lanes.h"
#include "parts.h"

enum {
  /// Padding and reach beyond which the line is not laid out with padding.
  FAR = 256,
};

typedef enum { LARGEST, SUM } fold_kind;

static const words number = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

INLINE void combine(lanes *best, const lanes *next, const fold_kind kind) {
  if (kind == SUM) {
    *best += *next;
  } else {
    *best = PICK((*next > *best) | (*next != *next), *next, *best);
  }
}

INLINE float combined(float best, float next, const fold_kind kind) {
  if (kind == SUM) return best + next;
  return next > best || next != next ? next : best;
}

static float nothing(fold_kind kind) { return kind == SUM ? 0 : -__builtin_inff(); }

/// Whether padding and kernel are of the usual sizes. (Divided, for the product may be too large.)
static int is_near(const ck_pool *s) {
  return s->pad_left <= FAR && s->kernel_width <= FAR / s->dilation_width && s->stride_width <= FAR;
}

static size_t line_apart(const ck_pool *s) {
  const size_t step = s->stride_width;
  const size_t reach = (s->kernel_width - 1) * s->dilation_width;
  const size_t needed = reach / step + most(s->out_width, LANES);
  const size_t held = (s->pad_left + s->width) / step + 2 * LANES + 1;
  return (most(needed, held) + LANES) / LANES * LANES;
}

size_t ck_pool_room(const ck_pool *s) {
  const size_t plain = (s->width + LANES) / LANES * LANES;
  return plain + (is_near(s) ? 2 * line_apart(s) * s->stride_width : 0);
}

/// The taps along one axis of an output that meet cells: [*first, *last).
INLINE void taps(size_t start, size_t pad, size_t kernel, size_t dilation, size_t size,
                 size_t *first, size_t *last) {
  // The first tap stands on cell start − pad.
  *first = start < pad ? least(kernel, (pad - start + dilation - 1) / dilation) : 0;
  const size_t end = pad + size;
  *last = start < end ? least(kernel, (end - start + dilation - 1) / dilation) : 0;
  if (*last < *first) *last = *first;
}

/// A vector of the line at column c: the rows' cells folded.
INLINE void fold_rows(lanes *v, const float *x, size_t c, size_t count, size_t apart,
                      const fold_kind kind) {
  *v = *(const loose *)(x + c);
  for (size_t k = 1; k < count; k++) {
    const lanes next = *(const loose *)(x + k * apart + c);
    combine(v, &next, kind);
  }
}

/// The same of the last `inside` columns before the row's end; lanes behind are `rest`.
INLINE void fold_part(lanes *v, const float *x, size_t c, size_t count, size_t apart, size_t inside,
                      const fold_kind kind) {
  // Vectors of their own, so that *v needs no address.
  lanes part, all;
  read_part(&part, x + c, inside);
  all = part;
  for (size_t k = 1; k < count; k++) {
    read_part(&part, x + k * apart + c, inside);
    combine(&all, &part, kind);
  }
  *v = PICK(number < (int32_t)least(inside, LANES), all, ALL(nothing(kind)));
}

/// `count` rows of the input, `apart` from each other, folded into the planes of a line. Up to
/// `behind` numbers from x on there are no rows' ends to mind.
INLINE void make_line(const ck_pool *s, const float *x, size_t count, size_t apart, size_t behind,
                      float *line, float *plain, const fold_kind kind) {
  const size_t width = s->width, pad = s->pad_left, step = s->stride_width;
  const size_t plane = line_apart(s);
  const int is_safe = behind >= (count - 1) * apart + width + 2 * LANES;
  if (step == 2) {
    float *even = line + pad % 2 * plane + pad / 2;
    float *odd = line + (pad + 1) % 2 * plane + (pad + 1) / 2;
    for (size_t c = 0; c < width; c += 2 * LANES) {
      lanes a, b;
      if (width - c < 2 * LANES && width % 2 == 0 && width >= 2 * LANES) c = width - 2 * LANES;
      if (width - c >= 2 * LANES) {
        fold_rows(&a, x, c, count, apart, kind);
        fold_rows(&b, x, c + LANES, count, apart, kind);
      } else if (is_safe) {
        fold_rows(&a, x, c, count, apart, kind);
        fold_rows(&b, x, c + LANES, count, apart, kind);
        a = PICK(number < (int32_t)(width - c), a, ALL(nothing(kind)));
        b = PICK(number + LANES < (int32_t)(width - c), b, ALL(nothing(kind)));
      } else {
        b = ALL(nothing(kind));
        fold_part(&a, x, c, count, apart, width - c, kind);
        if (width - c > LANES) {
          fold_part(&b, x, c + LANES, count, apart, width - c - LANES, kind);
        }
      }
      *(loose *)(even + c / 2) = EVEN(a, b);
      *(loose *)(odd + c / 2) = ODD(a, b);
    }
    return;
  }
  float *to = step == 1 ? line + pad : plain;
  for (size_t c = 0; c < width; c += LANES) {
    lanes v;
    if (width - c < LANES && width >= LANES) c = width - LANES;
    if (width - c >= LANES) {
      fold_rows(&v, x, c, count, apart, kind);
    } else if (is_safe) {
      fold_rows(&v, x, c, count, apart, kind);
      v = PICK(number < (int32_t)(width - c), v, ALL(nothing(kind)));
    } else {
      fold_part(&v, x, c, count, apart, width - c, kind);
    }
    *(loose *)(to + c) = v;
  }
  if (step == 1) return;
  size_t at = pad / step, rest = pad % step;
  for (size_t c = 0; c < width; c++) {
    line[rest * plane + at] = plain[c];
    if (++rest == step) rest = 0, at++;
  }
}

/// A row of results from a line. `ours` numbers from y on may be written.
INLINE void finish_line(const ck_pool *s, const float *line, const float *counts, float rows,
                        float *y, size_t ours, const fold_kind kind) {
  const size_t plane = line_apart(s), width = s->out_width, side = s->kernel_width;
  for (size_t j = 0;;) {
    lanes v = ALL(nothing(kind));
    size_t rest = 0, at = j;
    for (size_t l = 0; l < side; l++) {
      const lanes next = *(const loose *)(line + rest * plane + at);
      combine(&v, &next, kind);
      rest += s->dilation_width;
      while (rest >= s->stride_width) rest -= s->stride_width, at++;
    }
    const size_t inside = least(width - j, LANES);
    if (counts) {
      lanes part;
      read_part(&part, counts + j, inside);
      lanes count = part * rows;
      ck_at_least(&count, 1);
      v /= count;
    }
    if (inside == LANES || ours >= j + LANES) {
      *(loose *)(y + j) = v;
    } else {
      const lanes part = v;
      write_part(y + j, &part, inside);
    }
    if (j + LANES >= width) break;
    j = least(j + LANES, width - LANES);
  }
}

/// Windows of 2×2 that neither overlap nor reach beyond the input.
INLINE void pairs(const ck_pool *s, const float *x, const float *row_counts, const float *counts,
                  float *y, const fold_kind kind) {
  for (size_t i = 0; i < s->out_height; i++) {
    const float *upper = x + 2 * i * s->width;
    for (size_t j = 0; j < s->out_width; j += LANES) {
      if (s->out_width - j < LANES && s->out_width >= LANES) j = s->out_width - LANES;
      const size_t inside = least(s->out_width - j, LANES);
      lanes a, b;
      if (inside == LANES) {
        fold_rows(&a, upper, 2 * j, 2, s->width, kind);
        fold_rows(&b, upper, 2 * j + LANES, 2, s->width, kind);
      } else {
        b = (lanes){0};
        fold_part(&a, upper, 2 * j, 2, s->width, least(2 * inside, LANES), kind);
        if (2 * inside > LANES) {
          fold_part(&b, upper, 2 * j + LANES, 2, s->width, 2 * inside - LANES, kind);
        }
      }
      lanes even = EVEN(a, b);
      const lanes odd = ODD(a, b);
      combine(&even, &odd, kind);
      if (counts) {
        lanes part;
        read_part(&part, counts + j, inside);
        lanes count = part * row_counts[i];
        ck_at_least(&count, 1);
        even /= count;
      }
      const lanes part = even;
      write_part(y + i * s->out_width + j, &part, inside);
    }
  }
}

/// Any window, cell by cell along the line.
INLINE void far(const ck_pool *s, const float *x, const float *row_counts, const float *counts,
                float *y, float *line, const fold_kind kind) {
  for (size_t i = 0; i < s->out_height; i++) {
    size_t first, last;
    taps(i * s->stride_height, s->pad_top, s->kernel_height, s->dilation_height, s->height, &first,
         &last);
    for (size_t c = 0; c < s->width; c++) line[c] = nothing(kind);
    for (size_t k = first; k < last; k++) {
      const size_t at = i * s->stride_height + k * s->dilation_height - s->pad_top;
      const float *row = x + at * s->width;
      for (size_t c = 0; c < s->width; c++) line[c] = combined(line[c], row[c], kind);
    }
    for (size_t j = 0; j < s->out_width; j++) {
      float v = nothing(kind);
      size_t from, to;
      taps(j * s->stride_width, s->pad_left, s->kernel_width, s->dilation_width, s->width, &from,
           &to);
      for (size_t l = from; l < to && first < last; l++) {
        v = combined(v, line[j * s->stride_width + l * s->dilation_width - s->pad_left], kind);
      }
      if (counts) {
        const float count = row_counts[i] * counts[j];
        v /= count < 1 ? 1 : count;
      }
      y[i * s->out_width + j] = v;
    }
  }
}

/// The line of output row i.
INLINE void line_of_row(const ck_pool *s, const float *x, size_t i, float *line, float *plain,
                        const fold_kind kind) {
  size_t first, last;
  taps(i * s->stride_height, s->pad_top, s->kernel_height, s->dilation_height, s->height, &first,
       &last);
  if (first == last) {
    for (size_t k = 0; k < line_apart(s) * s->stride_width; k++) line[k] = nothing(kind);
    return;
  }
  const size_t row = i * s->stride_height + first * s->dilation_height - s->pad_top;
  const float *from = x + row * s->width;
  const size_t apart = s->dilation_height * s->width, behind = (s->height - row) * s->width;
  // The usual number of rows as a constant.
  if (last - first == 3) {
    make_line(s, from, 3, apart, behind, line, plain, kind);
  } else {
    make_line(s, from, last - first, apart, behind, line, plain, kind);
  }
}

INLINE void pool(const ck_pool *shape, const float *x, const float *row_counts, const float *counts,
                 float *y, size_t first, size_t last, float *room, const fold_kind kind) {
  // A copy that nothing else points to: what is computed from it stays in registers.
  const ck_pool own = *shape, *s = &own;
  const size_t in_area = s->height * s->width, area = s->out_height * s->out_width;
  if (first >= last || area == 0) return;
  const int is_pairs = s->kernel_height == 2 && s->kernel_width == 2 && s->stride_height == 2 &&
                       s->stride_width == 2 && s->dilation_height == 1 && s->dilation_width == 1 &&
                       s->pad_top == 0 && s->pad_left == 0 && 2 * s->out_height <= s->height &&
                       2 * s->out_width <= s->width;
  const int near = is_near(s) && in_area > 0;
  const size_t size = near ? line_apart(s) * s->stride_width : 0;
  float *lines = room, *plain = room + 2 * size;
  for (size_t k = 0; k < 2 * size; k++) lines[k] = nothing(kind);
  for (size_t map = first; map < last; map++) {
    const float *from = x + map * in_area;
    float *to = y + map * area;
    if (is_pairs) {
      pairs(s, from, row_counts, counts, to, kind);
      continue;
    }
    if (!near) {
      far(s, from, row_counts, counts, to, plain, kind);
      continue;
    }
    // The next line is made before this one is read, for a load waits long for the stores that it
    // reaches across.
    for (size_t next = 0; next <= s->out_height; next++) {
      if (next < s->out_height) {
        line_of_row(s, from, next, lines + next % 2 * size, plain, kind);
      }
      if (next == 0) continue;
      const size_t i = next - 1;
      const size_t at = i * s->out_width;
      finish_line(s, lines + i % 2 * size, counts, counts ? row_counts[i] : 1, to + at,
                  (last - map) * area - at, kind);
    }
  }
}

/// Which of sixteen cells are what the window became: the largest, or a NaN.
INLINE void wins(words *mask, const lanes *cells, const lanes *largest) {
  *mask = (*cells == *largest) | (*cells != *cells);
}

/// Sixteen windows' cells, or of a row of fewer the first eight twice.
INLINE void read_pairs(lanes *left, lanes *right, const float *x, const size_t windows) {
  const lanes a = *(const loose *)x, b = windows == LANES ? *(const loose *)(x + LANES) : a;
  *left = EVEN(a, b);
  *right = ODD(a, b);
}

/// Writes windows' gradients to their left and right cells, 0 where another one won.
INLINE void write_pairs(float *to, const lanes *g, const words *left, const words *right,
                        const size_t windows) {
  const lanes a = (lanes)((words)*g & *left), b = (lanes)((words)*g & *right);
  *(loose *)to = __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7,
                                         23);
  if (windows == LANES) {
    *(loose *)(to + LANES) = __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13,
                                                     29, 14, 30, 15, 31);
  }
}

INLINE void read_some(lanes *x, const float *from, const size_t windows) {
  if (windows == LANES) {
    *x = *(const loose *)from;
  } else {
    const eight half = *(const eight *)from;
    *x = __builtin_shufflevector(half, half, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7);
  }
}

/// The gradients of a row's windows, of `at_once` of which there are so many or more; x and dx are
/// the upper row of cells, the lower one follows.
INLINE void pairs_row(size_t width, size_t windows, const float *x, const float *y, const float *g,
                      float *dx, const size_t at_once) {
  for (size_t j = 0; j < windows; j += at_once) {
    // The last ones reach back over windows that were done before.
    if (windows - j < at_once) j = windows - at_once;
    lanes corner[4], largest, gradient;
    read_pairs(&corner[0], &corner[1], x + 2 * j, at_once);
    read_pairs(&corner[2], &corner[3], x + width + 2 * j, at_once);
    read_some(&largest, y + j, at_once);
    read_some(&gradient, g + j, at_once);
    words first, second, third;
    wins(&first, &corner[0], &largest);
    wins(&second, &corner[1], &largest);
    wins(&third, &corner[2], &largest);
    second &= ~first;
    third &= ~(first | second);
    const words fourth = ~(first | second | third);
    write_pairs(dx + 2 * j, &gradient, &first, &second, at_once);
    write_pairs(dx + width + 2 * j, &gradient, &third, &fourth, at_once);
  }
}

/// The same of few windows.
INLINE void pairs_row_by_one(size_t width, size_t windows, const float *x, const float *y,
                             const float *g, float *dx) {
  for (size_t j = 0; j < windows; j++) {
    const size_t places[4] = {2 * j, 2 * j + 1, width + 2 * j, width + 2 * j + 1};
    size_t winner = 0;
    // A NaN wins as well.
    while (winner < 3 && x[places[winner]] != y[j] && x[places[winner]] == x[places[winner]]) {
      winner++;
    }
    for (size_t k = 0; k < 4; k++) dx[places[k]] = k == winner ? g[j] : 0;
  }
}

/// The largest cells of a row's windows.
INLINE void largest_row(size_t width, size_t windows, const float *x, float *y,
                        const size_t at_once) {
  for (size_t j = 0; j < windows; j += at_once) {
    if (windows - j < at_once) j = windows - at_once;
    lanes left, right, below[2];
    read_pairs(&left, &right, x + 2 * j, at_once);
    read_pairs(&below[0], &below[1], x + width + 2 * j, at_once);
    combine(&left, &below[0], LARGEST);
    combine(&right, &below[1], LARGEST);
    combine(&left, &right, LARGEST);
    if (at_once == LANES) {
      *(loose *)(y + j) = left;
    } else {
      *(eight *)(y + j) = __builtin_shufflevector(left, left, 0, 1, 2, 3, 4, 5, 6, 7);
    }
  }
}

/// Whether windows of 2×2 lie side by side, as in most networks, eight in a row or more.
INLINE int is_pairs(const ck_pool *s) {
  return s->kernel_height == 2 && s->kernel_width == 2 && s->stride_height == 2 &&
         s->stride_width == 2 && s->dilation_height == 1 && s->dilation_width == 1 &&
         s->pad_top == 0 && s->pad_left == 0 && 2 * s->out_height <= s->height &&
         2 * s->out_width <= s->width && s->out_width >= LANES / 2;
}

INLINE void largest_of_pairs(const ck_pool *s, const float *x, float *y, size_t first, size_t last) {
  for (size_t map = first; map < last; map++) {
    for (size_t i = 0; i < s->out_height; i++) {
      const float *from = x + (map * s->height + 2 * i) * s->width;
      float *to = y + (map * s->out_height + i) * s->out_width;
      if (s->out_width >= LANES) {
        largest_row(s->width, s->out_width, from, to, LANES);
      } else {
        largest_row(s->width, s->out_width, from, to, LANES / 2);
      }
    }
  }
}

INLINE void pairs_gradient(size_t height, size_t width, const float *x, const float *y,
                           const float *g, float *dx, size_t first, size_t last) {
  const size_t rows = height / 2, windows = width / 2, area = height * width;
  for (size_t map = first; map < last; map++) {
    const float *cells = x + map * area;
    float *to = dx + map * area;
    for (size_t i = 0; i < rows; i++) {
      const size_t out = (map * rows + i) * windows, at = 2 * i * width;
      if (windows >= LANES) {
        pairs_row(width, windows, cells + at, y + out, g + out, to + at, LANES);
      } else if (windows >= LANES / 2) {
        pairs_row(width, windows, cells + at, y + out, g + out, to + at, LANES / 2);
      } else {
        pairs_row_by_one(width, windows, cells + at, y + out, g + out, to + at);
      }
      if (width % 2) to[at + width - 1] = to[at + 2 * width - 1] = 0;
    }
    if (height % 2) memset(to + (height - 1) * width, 0, width * sizeof *to);
  }
}

#define COMPILE(name, attributes)                                                                  \
  attributes static void max_pool_##name(const ck_pool *s, const float *x, float *y, size_t first, \
                                         size_t last, float *room) {                               \
    if (is_pairs(s)) {                                                                             \
      largest_of_pairs(s, x, y, first, last);                                                      \
    } else {                                                                                       \
      pool(s, x, NULL, NULL, y, first, last, room, LARGEST);                                       \
    }                                                                                              \
  }                                                                                                \
  attributes static void sum_pool_##name(const ck_pool *s, const float *x,                         \
                                         const float *row_counts, const float *column_counts,      \
                                         float *y, size_t first, size_t last, float *room) {       \
    pool(s, x, row_counts, column_counts, y, first, last, room, SUM);                              \
  }                                                                                                \
  attributes static void pairs_gradient_##name(size_t height, size_t width, const float *x,        \
                                               const float *y, const float *g, float *dx,          \
                                               size_t first, size_t last) {                        \
    pairs_gradient(height, width, x, y, g, dx, first, last);                                       \
  }

COMPILE(baseline, )
#if defined(__x86_64__)
COMPILE(avx2, SET_AVX2)
COMPILE(avx512, SET_AVX512)
#endif

void ck_max_pool(ck_set set, const ck_pool *shape, const float *x, float *y, size_t first,
                 size_t last, float *room) {
  RUN_WITH(set, max_pool, shape, x, y, first, last, room);
}

void ck_sum_pool(ck_set set, const ck_pool *shape, const float *x, const float *row_counts,
                 const float *column_counts, float *y, size_t first, size_t last, float *room) {
  RUN_WITH(set, sum_pool, shape, x, row_counts, column_counts, y, first, last, room);
}

void ck_max_pool_pairs_gradient(ck_set set, size_t height, size_t width, const float *x,
                                const float *y, const float *g, float *dx, size_t first,
                                size_t last) {
  RUN_WITH(set, pairs_gradient, height, width, x, y, g, dx, first, last);
}
