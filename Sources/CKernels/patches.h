// Patches of a sample as a right operand: gathered straight into panels, never as a whole matrix.
//
// Sixteen output cells side by side lie in a few rows of the output map. Within each row a tap reads
// cells of the sample that are one stride apart, so that a vector is made of one masked read a row;
// outside of the sample the mask is 0.
#ifndef CKERNELS_PATCHES_H
#define CKERNELS_PATCHES_H

#include "convolution.h"
#include "lanes.h"
#include "transpose.h"

enum {
  /// Rows that sixteen cells may lie in; maps that are narrower than 5 are read cell by cell.
  PIECES = 4,
};

/// Lanes [first, last) of a vector: cells of one output row. The position in the sample is where the
/// first tap would read for lane 0.
typedef struct {
  int32_t first, last;
  ptrdiff_t z, y, x;
} piece;

typedef struct {
  size_t count;
  piece pieces[PIECES];
} cells;

/// Where a tap reads: an offset in the sample for lane 0, and the lanes that lie in it.
typedef struct {
  size_t count;
  ptrdiff_t from[PIECES];
  words mask[PIECES];
} reads;

/// Where a tap reads, cell by cell; -1 outside.
typedef struct {
  ptrdiff_t from[LANES];
} scattered;

/// Whether vectors are made by masked reads.
INLINE int smooth(const ck_patches *p) {
  return p->out_width > PIECES && (p->stride_width == 1 || p->stride_width == 2);
}

INLINE void find_cells(const ck_patches *p, size_t cell, size_t count, cells *found) {
  const size_t w = p->out_width;
  size_t row = cell / w, column = cell % w;
  size_t plane = row / p->out_height;
  row %= p->out_height;
  found->count = 0;
  for (size_t lane = 0; lane < count; found->count++) {
    const size_t run = w - column < count - lane ? w - column : count - lane;
    piece *part = &found->pieces[found->count];
    part->first = (int32_t)lane;
    part->last = (int32_t)(lane + run);
    part->z = (ptrdiff_t)(plane * p->stride_depth) - p->pad_front;
    part->y = (ptrdiff_t)(row * p->stride_height) - p->pad_top;
    part->x = ((ptrdiff_t)column - (ptrdiff_t)lane) * (ptrdiff_t)p->stride_width - p->pad_left;
    lane += run;
    column = 0;
    if (++row == p->out_height) row = 0, plane++;
  }
}

/// The first lane at or behind position 0, lane 0 being at x.
INLINE ptrdiff_t lanes_before(ptrdiff_t x, const ptrdiff_t stride) {
  return stride == 2 ? (1 - x) >> 1 : -x;
}

INLINE void find_reads(const ck_patches *p, const cells *found, size_t kz, size_t ky, size_t kx,
                       reads *r, const ptrdiff_t stride) {
  static const words number = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const ptrdiff_t depth = (ptrdiff_t)p->depth, height = (ptrdiff_t)p->height;
  const ptrdiff_t width = (ptrdiff_t)p->width;
  r->count = 0;
  for (size_t i = 0; i < found->count; i++) {
    const piece *part = &found->pieces[i];
    const ptrdiff_t z = part->z + (ptrdiff_t)(kz * p->dilation_depth);
    const ptrdiff_t y = part->y + (ptrdiff_t)(ky * p->dilation_height);
    const ptrdiff_t x = part->x + (ptrdiff_t)(kx * p->dilation_width);
    if (z < 0 || z >= depth || y < 0 || y >= height) continue;
    ptrdiff_t first = lanes_before(x, stride), last = lanes_before(x - width, stride);
    if (first < part->first) first = part->first;
    if (last > part->last) last = part->last;
    if (first >= last) continue;
    r->from[r->count] = (z * height + y) * width + x;
    r->mask[r->count] = (number >= (int32_t)first) & (number < (int32_t)last);
    r->count++;
  }
}

INLINE void find_scattered(const ck_patches *p, size_t cell, size_t count, size_t kz, size_t ky,
                           size_t kx, scattered *s) {
  const size_t w = p->out_width;
  size_t row = cell / w, column = cell % w;
  size_t plane = row / p->out_height;
  row %= p->out_height;
  for (size_t lane = 0; lane < LANES; lane++) {
    s->from[lane] = -1;
    if (lane >= count) continue;
    const ptrdiff_t z = (ptrdiff_t)(plane * p->stride_depth + kz * p->dilation_depth) - p->pad_front;
    const ptrdiff_t y = (ptrdiff_t)(row * p->stride_height + ky * p->dilation_height) - p->pad_top;
    const ptrdiff_t x = (ptrdiff_t)(column * p->stride_width + kx * p->dilation_width) - p->pad_left;
    if (z >= 0 && z < (ptrdiff_t)p->depth && y >= 0 && y < (ptrdiff_t)p->height && x >= 0 &&
        x < (ptrdiff_t)p->width) {
      s->from[lane] = (z * (ptrdiff_t)p->height + y) * (ptrdiff_t)p->width + x;
    }
    if (++column == w) {
      column = 0;
      if (++row == p->out_height) row = 0, plane++;
    }
  }
}

/// Sixteen numbers that are a stride apart, those under the mask.
INLINE void read_piece(const float *from, const words *mask, lanes *x, const ptrdiff_t stride) {
  lanes all = *(const loose *)from;
  if (stride == 2) {
    const lanes more = *(const loose *)(from + LANES);
    all = __builtin_shufflevector(all, more, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28,
                                  30);
  }
  *x = (lanes)((words)*x | ((words)all & *mask));
}

/// One tap of one channel where a vector would reach out of the sample.
INLINE void read_exactly(const float *values, ptrdiff_t offset, const reads *r, lanes *x,
                         ptrdiff_t stride) {
  float *to = (float *)x;
  for (size_t i = 0; i < r->count; i++) {
    const int32_t *mask = (const int32_t *)&r->mask[i];
    for (ptrdiff_t lane = 0; lane < LANES; lane++) {
      if (mask[lane]) to[lane] = values[offset + r->from[i] + lane * stride];
    }
  }
}

/// The channels [first, last) whose vectors lie in the sample as a whole.
INLINE void find_safe(const ck_patches *p, const reads *r, ptrdiff_t stride, ptrdiff_t *first,
                      ptrdiff_t *last) {
  const ptrdiff_t area = (ptrdiff_t)(p->depth * p->height * p->width);
  const ptrdiff_t all = area * (ptrdiff_t)p->channels;
  *first = 0;
  *last = (ptrdiff_t)p->channels;
  for (size_t i = 0; i < r->count; i++) {
    while (*first < *last && r->from[i] + *first * area < 0) ++*first;
    while (*first < *last && r->from[i] + (*last - 1) * area + LANES * stride > all) --*last;
  }
}

/// One tap of channels [first, last): to[channel·step].
INLINE void pack_channels(const ck_patches *p, const reads *r, size_t first, size_t last, float *to,
                          size_t step, const ptrdiff_t stride, const size_t count) {
  const size_t area = p->depth * p->height * p->width;
  const float *values = p->values + first * area;
  for (size_t c = first; c < last; c++, values += area, to += step) {
    lanes x = {0};
#pragma unroll
    for (size_t i = 0; i < count; i++) read_piece(values + r->from[i], &r->mask[i], &x, stride);
    *(lanes *)to = x;
  }
}

INLINE void pack_tap(const ck_patches *p, const cells *found, size_t kz, size_t ky, size_t kx,
                     size_t first, size_t last, float *to, size_t step, const ptrdiff_t stride) {
  const size_t area = p->depth * p->height * p->width;
  reads r;
  find_reads(p, found, kz, ky, kx, &r, stride);
  ptrdiff_t safe_from, safe_to;
  find_safe(p, &r, stride, &safe_from, &safe_to);
  size_t from = (size_t)safe_from, until = (size_t)safe_to;
  from = from < first ? first : from > last ? last : from;
  until = until < from ? from : until > last ? last : until;
  for (size_t c = first; c < from; c++, to += step) {
    lanes x = {0};
    read_exactly(p->values, (ptrdiff_t)(c * area), &r, &x, stride);
    *(lanes *)to = x;
  }
  switch (r.count) {
    case 0: pack_channels(p, &r, from, until, to, step, stride, 0); break;
    case 1: pack_channels(p, &r, from, until, to, step, stride, 1); break;
    case 2: pack_channels(p, &r, from, until, to, step, stride, 2); break;
    case 3: pack_channels(p, &r, from, until, to, step, stride, 3); break;
    default: pack_channels(p, &r, from, until, to, step, stride, 4); break;
  }
  to += (until - from) * step;
  for (size_t c = until; c < last; c++, to += step) {
    lanes x = {0};
    read_exactly(p->values, (ptrdiff_t)(c * area), &r, &x, stride);
    *(lanes *)to = x;
  }
}

INLINE void pack_scattered(const ck_patches *p, const scattered *s, size_t first, size_t last,
                           float *to, size_t step) {
  const size_t area = p->depth * p->height * p->width;
  const float *values = p->values + first * area;
  for (size_t c = first; c < last; c++, values += area, to += step) {
    for (size_t lane = 0; lane < LANES; lane++) {
      to[lane] = s->from[lane] < 0 ? 0 : values[s->from[lane]];
    }
  }
}

/// A panel of output cells [cell, cell + columns), filled up with 0, over terms [from, from + terms):
/// to[term·wide + cell].
INLINE void pack_patches_panel(const ck_patches *p, size_t cell, size_t columns, size_t wide,
                               size_t from, size_t terms, float *to) {
  const size_t kernel = p->kernel_depth * p->kernel_height * p->kernel_width;
  for (size_t j = 0; j < wide; j += LANES) {
    const size_t count = columns - j < LANES ? columns - j : LANES;
    const int masked = smooth(p);
    cells found;
    if (masked) find_cells(p, cell + j, count, &found);
    size_t tap = 0;
    for (size_t kz = 0; kz < p->kernel_depth; kz++) {
      for (size_t ky = 0; ky < p->kernel_height; ky++) {
        for (size_t kx = 0; kx < p->kernel_width; kx++, tap++) {
          const size_t first = from > tap ? (from - tap + kernel - 1) / kernel : 0;
          const size_t end = from + terms;
          const size_t last = end > tap ? (end - tap + kernel - 1) / kernel : 0;
          if (first >= last) continue;
          float *out = to + (first * kernel + tap - from) * wide + j;
          if (!masked) {
            scattered s;
            find_scattered(p, cell + j, count, kz, ky, kx, &s);
            pack_scattered(p, &s, first, last, out, kernel * wide);
          } else if (p->stride_width == 1) {
            pack_tap(p, &found, kz, ky, kx, first, last, out, kernel * wide, 1);
          } else {
            pack_tap(p, &found, kz, ky, kx, first, last, out, kernel * wide, 2);
          }
        }
      }
    }
  }
}

/// A panel of taps [tap, tap + columns), filled up with 0, over output cells [from, from + count):
/// to[cell·wide + tap].
INLINE void pack_taps_panel(const ck_patches *p, size_t tap, size_t columns, size_t wide, size_t from,
                            size_t count, float *to) {
  const size_t across = p->kernel_width, plane = p->kernel_height * across;
  const size_t kernel = p->kernel_depth * plane;
  const int masked = smooth(p);
  for (size_t i = 0; i < count; i += LANES) {
    const size_t cells_here = count - i < LANES ? count - i : LANES;
    cells found;
    if (masked) find_cells(p, from + i, cells_here, &found);
    for (size_t j = 0; j < wide; j += LANES) {
      lanes r[LANES];
      for (size_t k = 0; k < LANES; k++) {
        r[k] = (lanes){0};
        if (j + k >= columns) continue;
        const size_t t = tap + j + k, c = t / kernel;
        const size_t kz = t % kernel / plane, ky = t % plane / across, kx = t % across;
        if (!masked) {
          scattered s;
          find_scattered(p, from + i, cells_here, kz, ky, kx, &s);
          pack_scattered(p, &s, c, c + 1, (float *)&r[k], 0);
        } else if (p->stride_width == 1) {
          pack_tap(p, &found, kz, ky, kx, c, c + 1, (float *)&r[k], 0, 1);
        } else {
          pack_tap(p, &found, kz, ky, kx, c, c + 1, (float *)&r[k], 0, 2);
        }
      }
      transpose(r);
      for (size_t k = 0; k < cells_here; k++) *(lanes *)(to + (i + k) * wide + j) = r[k];
    }
  }
}

#endif
