// The sample is copied to where zeros stand around it, with the columns of one remainder by the
// stride side by side: then every tap is a plain read, whatever the geometry, and a tile of sums
// stays in registers from a map's first row to its last.

#include "include/weight_gradient.h"

#include <string.h>

#include "lanes.h"
#include "parts.h"

enum {
  /// The most maps of dy and taps of a tile in any set.
  MOST_MAPS = 8,
  MOST_TAPS = 3,
};

/// Of a copied sample: rows, planes of `apart` numbers in each, one for each remainder.
typedef struct {
  size_t rows, apart, row_size;
} copied;

static copied copied_of(const ck_patches *p) {
  const size_t reach = (p->kernel_width - 1) * p->dilation_width;
  copied c;
  c.rows = (p->out_height - 1) * p->stride_height + (p->kernel_height - 1) * p->dilation_height + 1;
  c.apart = (p->out_width + LANES - 1) / LANES * LANES + (reach / p->stride_width + LANES);
  c.apart = c.apart / LANES * LANES;
  c.row_size = c.apart * p->stride_width;
  return c;
}

size_t ck_weight_gradient_room(const ck_patches *p) {
  const copied c = copied_of(p);
  return p->channels * c.rows * c.row_size;
}

/// Numbers [from, from + count) of a row that are `step` apart, where it has them, and 0 elsewhere.
INLINE void copy_plane(const float *row, ptrdiff_t width, ptrdiff_t from, ptrdiff_t step,
                       ptrdiff_t count, float *to) {
  ptrdiff_t first = from >= 0 ? 0 : (step - 1 - from) / step;
  ptrdiff_t last = from >= width ? 0 : (width - 1 - from) / step + 1;
  if (first > count) first = count;
  if (last > count) last = count;
  if (last < first) last = first;
  memset(to, 0, (size_t)first * sizeof *to);
  if (step == 1) {
    memcpy(to + first, row + from + first, (size_t)(last - first) * sizeof *to);
  } else {
    for (ptrdiff_t i = first; i < last; i++) to[i] = row[from + i * step];
  }
  memset(to + last, 0, (size_t)(count - last) * sizeof *to);
}

INLINE void copy_sample(const ck_patches *p, const copied *c, float *to) {
  for (size_t channel = 0; channel < p->channels; channel++) {
    for (size_t i = 0; i < c->rows; i++, to += c->row_size) {
      const ptrdiff_t y = (ptrdiff_t)i - p->pad_top;
      if (y < 0 || y >= (ptrdiff_t)p->height) {
        memset(to, 0, c->row_size * sizeof *to);
        continue;
      }
      const float *row = p->values + (channel * p->height + (size_t)y) * p->width;
      for (size_t plane = 0; plane < p->stride_width; plane++) {
        copy_plane(row, (ptrdiff_t)p->width, (ptrdiff_t)plane - p->pad_left,
                   (ptrdiff_t)p->stride_width, (ptrdiff_t)c->apart, to + plane * c->apart);
      }
    }
  }
}

#define HALVES(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#define FOLD_8(a, b)                                                                           \
  HALVES(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +                       \
      HALVES(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)
#define FOLD_4(a, b)                                                                           \
  HALVES(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +                     \
      HALVES(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31)
#define FOLD_2(a, b)                                                                           \
  HALVES(a, b, 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29) +                     \
      HALVES(a, b, 2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31)
#define FOLD_1(a, b)                                                                           \
  HALVES(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30) +                    \
      HALVES(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#define FOLD(level)                                                                            \
  _Pragma("unroll") for (size_t i = 0; i < (count + 1) / 2; i++) {                             \
    const lanes a = sums[2 * i], b = 2 * i + 1 < count ? sums[2 * i + 1] : (lanes){0};         \
    sums[i] = FOLD_##level(a, b);                                                              \
  }                                                                                            \
  count = (count + 1) / 2;

/// The totals of `count` vectors, side by side in the first ones: halves of a vector are added,
/// then quarters, pairs and single numbers, for two vectors at once.
INLINE void fold(lanes *sums, size_t count) { FOLD(8) FOLD(4) FOLD(2) FOLD(1) }

/// A tile of sums over the cells of some maps: of dy, `area` numbers apart, of `height` rows of
/// `width` numbers; of the copied sample, one for each tap, with rows `step` apart.
typedef struct {
  const float *dy, *x[MOST_TAPS];
  size_t area, height, width, step;
  /// Rows whose last vector lies in dy as a whole, in each of the maps.
  size_t inner;
  /// dw[map·dw_step + tap].
  float *dw;
  size_t dw_step;
  int adds;
} work;

/// The ends of a row of each map, filled up with 0.
static __attribute__((noinline)) void copy_ends(const float *from, size_t area, size_t count,
                                                lanes *to, size_t maps) {
  for (size_t m = 0; m < maps; m++) {
    to[m] = (lanes){0};
    memcpy(&to[m], from + m * area, count * sizeof *from);
  }
}

INLINE void tile(const work *w, const size_t maps, const size_t taps) {
  lanes sums[MOST_MAPS * MOST_TAPS], x[MOST_TAPS], ends[MOST_MAPS];
  const float *from[MOST_TAPS];
#pragma unroll
  for (size_t i = 0; i < maps * taps; i++) sums[i] = (lanes){0};
#pragma unroll
  for (size_t t = 0; t < taps; t++) from[t] = w->x[t];
  const size_t width = w->width, area = w->area, whole = width / LANES * LANES;
  const words number = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const words inside = number < (int32_t)(width - whole);
  for (size_t i = 0; i < w->height; i++) {
    const float *dy = w->dy + i * width;
    for (size_t j = 0; j < whole; j += LANES) {
#pragma unroll
      for (size_t t = 0; t < taps; t++) x[t] = *(const loose *)(from[t] + j);
#pragma unroll
      for (size_t m = 0; m < maps; m++) {
        const lanes a = *(const loose *)(dy + m * area + j);
#pragma unroll
        for (size_t t = 0; t < taps; t++) sums[m * taps + t] += a * x[t];
      }
    }
    if (whole < width) {
      // The sample goes on there: it may hold what is infinite.
#pragma unroll
      for (size_t t = 0; t < taps; t++) {
        x[t] = (lanes)((words)*(const loose *)(from[t] + whole) & inside);
      }
      const float *end = dy + whole;
      size_t apart = area;
      if (i >= w->inner) {
        copy_ends(end, area, width - whole, ends, maps);
        end = (const float *)ends, apart = LANES;
      }
#pragma unroll
      for (size_t m = 0; m < maps; m++) {
        const lanes a = (lanes)((words)*(const loose *)(end + m * apart) & inside);
#pragma unroll
        for (size_t t = 0; t < taps; t++) sums[m * taps + t] += a * x[t];
      }
    }
#pragma unroll
    for (size_t t = 0; t < taps; t++) from[t] += w->step;
  }
  fold(sums, maps * taps);
  const float *totals = (const float *)sums;
  for (size_t m = 0; m < maps; m++) {
    for (size_t t = 0; t < taps; t++, totals++) {
      float *to = w->dw + m * w->dw_step + t;
      *to = w->adds ? *to + *totals : *totals;
    }
  }
}

#define MAPS(count)                                                                            \
  case count:                                                                                  \
    if (count <= most) {                                                                       \
      if (taps == 1) tile(w, count, 1);                                                        \
      else if (taps == 2) tile(w, count, 2);                                                   \
      else tile(w, count, MOST_TAPS);                                                          \
    }                                                                                          \
    break;

INLINE void tile_of(const work *w, size_t maps, size_t taps, const size_t most) {
  switch (maps) { MAPS(1) MAPS(2) MAPS(3) MAPS(4) MAPS(5) MAPS(6) MAPS(7) MAPS(8) }
}

/// Tiles of up to `most` maps.
INLINE void gradient(const ck_patches *given, const float *dy, size_t rows, int adds, float *dw,
                     float *room, const size_t most) {
  // A copy that nothing else points to: what is computed from it stays in registers.
  const ck_patches own = *given, *p = &own;
  const copied c = copied_of(p);
  const size_t kernel = p->kernel_height * p->kernel_width, all = p->channels * kernel;
  copy_sample(p, &c, room);
  work w = {.area = p->out_height * p->out_width, .height = p->out_height, .width = p->out_width,
            .step = p->stride_height * c.row_size, .dw_step = all, .adds = adds};
  const size_t parts = (rows + most - 1) / most, whole = w.width / LANES * LANES;
  for (size_t part = 0; part < parts; part++) {
    const size_t first = rows * part / parts, last = rows * (part + 1) / parts;
    w.dy = dy + first * w.area;
    w.inner = w.height;
    while (w.inner > 0 && (rows - last + 1) * w.area < (w.inner - 1) * w.width + whole + LANES) {
      w.inner--;
    }
    for (size_t tap = 0; tap < all; tap += MOST_TAPS) {
      const size_t taps = least(all - tap, MOST_TAPS);
      for (size_t t = 0; t < taps; t++) {
        const size_t channel = (tap + t) / kernel, cell = (tap + t) % kernel;
        const size_t row = cell / p->kernel_width * p->dilation_height;
        const size_t column = cell % p->kernel_width * p->dilation_width;
        w.x[t] = room + (channel * c.rows + row) * c.row_size +
                 column % p->stride_width * c.apart + column / p->stride_width;
      }
      w.dw = dw + first * all + tap;
      tile_of(&w, last - first, taps, most);
    }
  }
}

// Tiles whose sums, and a number of each operand, fill the registers.
#define COMPILE(name, attributes, most)                                                         \
  attributes static void gradient_##name(const ck_patches *p, const float *dy, size_t rows,     \
                                         int adds, float *dw, float *room) {                    \
    gradient(p, dy, rows, adds, dw, room, most);                                                \
  }

#if defined(__aarch64__)
COMPILE(baseline, , 2)
#else
COMPILE(baseline, , 1)
#endif
#if defined(__x86_64__)
COMPILE(avx2, SET_AVX2, 2)
COMPILE(avx512, SET_AVX512, 8)
#endif

void ck_weight_gradient(ck_set set, const ck_patches *sample, const float *dy, size_t rows,
                        int adds, float *dw, float *room) {
  RUN_WITH(set, gradient, sample, dy, rows, adds, dw, room);
}
