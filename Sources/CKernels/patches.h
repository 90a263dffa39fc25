// Patches of a sample as a right operand: gathered straight into panels, never as a whole matrix.
//
// Sixteen output cells side by side lie in a few rows of the output map. Within each row a tap
// reads cells of the sample that are one stride apart, so that a vector is made of one masked read
// a row; outside of the sample the mask is 0.
#ifndef CKERNELS_PATCHES_H
#define CKERNELS_PATCHES_H

#include "convolution.h"
#include "lanes.h"
#include "transpose.h"

enum {
  /// Rows that sixteen cells may lie in; maps that are narrower than 5 are read cell by cell.
  PIECES = 4,
};

/// Lanes [first, last) of a vector: cells of one output row. The position in the sample is where
/// the first tap would read for lane 0.
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

/// Rows of the sample that a row of taps reads: for each, where lane 0 of its first tap would read,
/// the position in the row that this is, and the lanes that the row has.
typedef struct {
  size_t count;
  ptrdiff_t from[PIECES], x[PIECES], first[PIECES], last[PIECES];
} lines;

/// Where the first tap of each cell would read.
typedef struct {
  ptrdiff_t z[LANES], y[LANES], x[LANES];
} origins;

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

INLINE void find_lines(const ck_patches *p, const cells *found, size_t kz, size_t ky, lines *l) {
  const ptrdiff_t depth = (ptrdiff_t)p->depth, height = (ptrdiff_t)p->height;
  l->count = 0;
  for (size_t i = 0; i < found->count; i++) {
    const piece *part = &found->pieces[i];
    const ptrdiff_t z = part->z + (ptrdiff_t)(kz * p->dilation_depth);
    const ptrdiff_t y = part->y + (ptrdiff_t)(ky * p->dilation_height);
    if (z < 0 || z >= depth || y < 0 || y >= height) continue;
    l->from[l->count] = (z * height + y) * (ptrdiff_t)p->width + part->x;
    l->x[l->count] = part->x;
    l->first[l->count] = part->first;
    l->last[l->count] = part->last;
    l->count++;
  }
}

INLINE void find_mask(ptrdiff_t first, ptrdiff_t last, words *mask) {
  static const words number = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  *mask = (number >= (int32_t)first) & (number < (int32_t)last);
}

/// The first lane at or behind position 0, lane 0 being at x.
INLINE ptrdiff_t lanes_before(ptrdiff_t x, ptrdiff_t stride) {
  return stride == 2 ? (1 - x) >> 1 : -x;
}

INLINE void find_reads(const ck_patches *p, const lines *l, size_t kx, reads *r,
                       ptrdiff_t stride) {
  const ptrdiff_t width = (ptrdiff_t)p->width, along = (ptrdiff_t)(kx * p->dilation_width);
  r->count = 0;
  for (size_t i = 0; i < l->count; i++) {
    const ptrdiff_t x = l->x[i] + along;
    ptrdiff_t first = lanes_before(x, stride), last = lanes_before(x - width, stride);
    if (first < l->first[i]) first = l->first[i];
    if (last > l->last[i]) last = l->last[i];
    if (first >= last) continue;
    r->from[r->count] = l->from[i] + along;
    find_mask(first, last, &r->mask[r->count]);
    r->count++;
  }
}

/// Whether all taps of a row read within the rows of the sample, so that they share the masks, and
/// whole vectors of channels [first, last) lie in the sample.
INLINE int find_steady(const ck_patches *p, const lines *l, size_t first, size_t last, reads *r,
                       ptrdiff_t stride) {
  const ptrdiff_t width = (ptrdiff_t)p->width;
  const ptrdiff_t reach = (ptrdiff_t)((p->kernel_width - 1) * p->dilation_width);
  const ptrdiff_t area = (ptrdiff_t)(p->depth * p->height * p->width);
  const ptrdiff_t start = (ptrdiff_t)first * area;
  const ptrdiff_t room = ((ptrdiff_t)p->channels - (ptrdiff_t)last + 1) * area;
  r->count = l->count;
  for (size_t i = 0; i < l->count; i++) {
    if (l->x[i] + l->first[i] * stride < 0) return 0;
    if (l->x[i] + (l->last[i] - 1) * stride + reach >= width) return 0;
    if (l->from[i] + start < 0 || l->from[i] + reach + LANES * stride > room) return 0;
    r->from[i] = l->from[i];
    find_mask(l->first[i], l->last[i], &r->mask[i]);
  }
  return 1;
}

INLINE void find_origins(const ck_patches *p, size_t cell, size_t count, origins *o) {
  const size_t w = p->out_width;
  size_t row = cell / w, column = cell % w;
  size_t plane = row / p->out_height;
  row %= p->out_height;
  for (size_t lane = 0; lane < LANES; lane++) {
    // Lanes behind the last cell read outside.
    o->z[lane] = lane < count ? (ptrdiff_t)(plane * p->stride_depth) - p->pad_front
                              : (ptrdiff_t)p->depth;
    o->y[lane] = (ptrdiff_t)(row * p->stride_height) - p->pad_top;
    o->x[lane] = (ptrdiff_t)(column * p->stride_width) - p->pad_left;
    if (++column == w) {
      column = 0;
      if (++row == p->out_height) row = 0, plane++;
    }
  }
}

/// Offsets of what a tap reads; -1 outside.
INLINE void find_scattered(const ck_patches *p, const origins *o, size_t kz, size_t ky, size_t kx,
                           ptrdiff_t *from) {
  const ptrdiff_t dz = (ptrdiff_t)(kz * p->dilation_depth);
  const ptrdiff_t dy = (ptrdiff_t)(ky * p->dilation_height);
  const ptrdiff_t dx = (ptrdiff_t)(kx * p->dilation_width);
  const ptrdiff_t depth = (ptrdiff_t)p->depth, height = (ptrdiff_t)p->height;
  const ptrdiff_t width = (ptrdiff_t)p->width;
  for (size_t lane = 0; lane < LANES; lane++) {
    const ptrdiff_t z = o->z[lane] + dz, y = o->y[lane] + dy, x = o->x[lane] + dx;
    const int inside = (size_t)z < (size_t)depth && (size_t)y < (size_t)height &&
                       (size_t)x < (size_t)width;
    from[lane] = inside ? (z * height + y) * width + x : -1;
  }
}

/// Sixteen numbers that are a stride apart, those under the mask.
INLINE void read_piece(const float *from, const words *mask, lanes *x, ptrdiff_t stride) {
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

/// Steps through the sample and through the panel.
typedef struct {
  size_t count;
  ptrdiff_t from;
  size_t to;
} stepping;

/// Vectors of `count` pieces: inner steps, and these for each outer step. The first reads from
/// `values`.
INLINE void pack_steps(const float *values, const reads *r, stepping outer, stepping inner,
                       float *to, ptrdiff_t stride, const size_t count) {
  // Their own variables, for what is written could be these.
  words mask[PIECES];
  ptrdiff_t from[PIECES];
#pragma unroll
  for (size_t i = 0; i < count; i++) mask[i] = r->mask[i], from[i] = r->from[i];
  for (size_t o = 0; o < outer.count; o++, values += outer.from, to += outer.to) {
    const float *at = values;
    float *out = to;
    for (size_t l = 0; l < inner.count; l++, at += inner.from, out += inner.to) {
      lanes x = {0};
#pragma unroll
      for (size_t i = 0; i < count; i++) read_piece(at + from[i], &mask[i], &x, stride);
      *(lanes *)out = x;
    }
  }
}

INLINE void pack_pieces(const float *values, const reads *r, stepping outer, stepping inner,
                        float *to, ptrdiff_t stride) {
  switch (r->count) {
    case 0: pack_steps(values, r, outer, inner, to, stride, 0); break;
    case 1: pack_steps(values, r, outer, inner, to, stride, 1); break;
    case 2: pack_steps(values, r, outer, inner, to, stride, 2); break;
    case 3: pack_steps(values, r, outer, inner, to, stride, 3); break;
    default: pack_steps(values, r, outer, inner, to, stride, 4); break;
  }
}

/// One tap of channels [first, last): to[channel·step].
INLINE void pack_tap(const ck_patches *p, const lines *l, size_t kx, size_t first, size_t last,
                     float *to, size_t step, ptrdiff_t stride) {
  const size_t area = p->depth * p->height * p->width;
  reads r;
  find_reads(p, l, kx, &r, stride);
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
  pack_pieces(p->values + from * area, &r, (stepping){.count = 1},
              (stepping){until - from, (ptrdiff_t)area, step}, to, stride);
  to += (until - from) * step;
  for (size_t c = until; c < last; c++, to += step) {
    lanes x = {0};
    read_exactly(p->values, (ptrdiff_t)(c * area), &r, &x, stride);
    *(lanes *)to = x;
  }
}

/// One tap of one channel.
INLINE void read_tap(const ck_patches *p, const lines *l, size_t kx, size_t channel, lanes *x,
                     ptrdiff_t stride) {
  const ptrdiff_t area = (ptrdiff_t)(p->depth * p->height * p->width);
  const ptrdiff_t offset = (ptrdiff_t)channel * area, all = (ptrdiff_t)p->channels * area;
  reads r;
  find_reads(p, l, kx, &r, stride);
  *x = (lanes){0};
  for (size_t i = 0; i < r.count; i++) {
    const ptrdiff_t from = offset + r.from[i];
    if (from < 0 || from + LANES * stride > all) {
      read_exactly(p->values, offset, &r, x, stride);
      return;
    }
    read_piece(p->values + from, &r.mask[i], x, stride);
  }
}

INLINE void pack_scattered(const ck_patches *p, const ptrdiff_t *from, size_t first, size_t last,
                           float *to, size_t step) {
  const size_t area = p->depth * p->height * p->width;
  const float *values = p->values + first * area;
  for (size_t c = first; c < last; c++, values += area, to += step) {
    for (size_t lane = 0; lane < LANES; lane++) to[lane] = from[lane] < 0 ? 0 : values[from[lane]];
  }
}

/// Terms [from, end) of the product as channels of each tap of a kernel.
typedef struct {
  size_t from, kernel, first, first_rest, last, last_rest;
} span;

INLINE span span_of(size_t from, size_t end, size_t kernel) {
  return (span){from, kernel, from / kernel, from % kernel, end / kernel, end % kernel};
}

INLINE size_t first_channel(const span *s, size_t tap) { return s->first + (tap < s->first_rest); }
INLINE size_t last_channel(const span *s, size_t tap) { return s->last + (tap < s->last_rest); }

/// A row of taps that share their masks, the first being `tap`.
INLINE void pack_line(const ck_patches *p, const reads *given, const span *s, size_t tap, float *to,
                      size_t wide, ptrdiff_t stride) {
  const size_t area = p->depth * p->height * p->width, taps = p->kernel_width;
  const ptrdiff_t along = (ptrdiff_t)p->dilation_width;
  if (s->first_rest == 0 && s->last_rest == 0 && s->last - s->first < taps) {
    pack_pieces(p->values + s->first * area, given,
                (stepping){s->last - s->first, (ptrdiff_t)area, s->kernel * wide},
                (stepping){taps, along, wide}, to + tap * wide, stride);
    return;
  }
  reads r = *given;
  for (size_t kx = 0; kx < taps; kx++, tap++) {
    const size_t first = first_channel(s, tap), last = last_channel(s, tap);
    pack_pieces(p->values + first * area, &r, (stepping){.count = 1},
                (stepping){last - first, (ptrdiff_t)area, s->kernel * wide},
                to + (first * s->kernel + tap - s->from) * wide, stride);
    for (size_t i = 0; i < r.count; i++) r.from[i] += along;
  }
}

INLINE void pack_lines(const ck_patches *p, size_t cell, size_t count, const span *s, float *to,
                       size_t wide, ptrdiff_t stride) {
  cells found;
  find_cells(p, cell, count, &found);
  size_t tap = 0;
  for (size_t kz = 0; kz < p->kernel_depth; kz++) {
    for (size_t ky = 0; ky < p->kernel_height; ky++, tap += p->kernel_width) {
      lines l;
      reads r;
      find_lines(p, &found, kz, ky, &l);
      if (find_steady(p, &l, s->first, s->last + (s->last_rest > 0), &r, stride)) {
        pack_line(p, &r, s, tap, to, wide, stride);
      } else {
        for (size_t kx = 0; kx < p->kernel_width; kx++) {
          const size_t first = first_channel(s, tap + kx), last = last_channel(s, tap + kx);
          if (first >= last) continue;
          pack_tap(p, &l, kx, first, last, to + (first * s->kernel + tap + kx - s->from) * wide,
                   s->kernel * wide, stride);
        }
      }
    }
  }
}

/// A panel of output cells [cell, cell + columns), filled up with 0, over terms [from, from +
/// terms): to[term·wide + cell].
INLINE void pack_patches_panel(const ck_patches *p, size_t cell, size_t columns, size_t wide,
                               size_t from, size_t terms, float *to) {
  const span s = span_of(from, from + terms, p->kernel_depth * p->kernel_height * p->kernel_width);
  for (size_t j = 0; j < columns; j += LANES) {
    const size_t count = columns - j < LANES ? columns - j : LANES;
    if (smooth(p)) {
      pack_lines(p, cell + j, count, &s, to + j, wide, (ptrdiff_t)p->stride_width);
      continue;
    }
    origins o;
    find_origins(p, cell + j, count, &o);
    size_t tap = 0;
    for (size_t kz = 0; kz < p->kernel_depth; kz++) {
      for (size_t ky = 0; ky < p->kernel_height; ky++) {
        for (size_t kx = 0; kx < p->kernel_width; kx++, tap++) {
          const size_t first = first_channel(&s, tap), last = last_channel(&s, tap);
          if (first >= last) continue;
          ptrdiff_t offsets[LANES];
          find_scattered(p, &o, kz, ky, kx, offsets);
          pack_scattered(p, offsets, first, last, to + j + (first * s.kernel + tap - from) * wide,
                         s.kernel * wide);
        }
      }
    }
  }
}

/// A panel of taps [tap, tap + columns), filled up with 0, over output cells [from, from + count):
/// to[cell·wide + tap].
INLINE void pack_taps_panel(const ck_patches *p, size_t tap, size_t columns, size_t wide,
                            size_t from, size_t count, float *to) {
  const size_t across = p->kernel_width, plane = p->kernel_height * across;
  const size_t kernel = p->kernel_depth * plane;
  const int masked = smooth(p);
  for (size_t i = 0; i < count; i += LANES) {
    const size_t cells_here = count - i < LANES ? count - i : LANES;
    cells found;
    origins o;
    if (masked) {
      find_cells(p, from + i, cells_here, &found);
    } else {
      find_origins(p, from + i, cells_here, &o);
    }
    size_t c = tap / kernel, kz = tap % kernel / plane, ky = tap % plane / across;
    size_t kx = tap % across;
    lines l;
    if (masked) find_lines(p, &found, kz, ky, &l);
    for (size_t j = 0; j < wide; j += LANES) {
      lanes r[LANES];
      for (size_t k = 0; k < LANES; k++) {
        r[k] = (lanes){0};
        if (j + k >= columns) continue;
        if (!masked) {
          ptrdiff_t offsets[LANES];
          find_scattered(p, &o, kz, ky, kx, offsets);
          pack_scattered(p, offsets, c, c + 1, (float *)&r[k], 0);
        } else {
          read_tap(p, &l, kx, c, &r[k], (ptrdiff_t)p->stride_width);
        }
        if (++kx < across) continue;
        kx = 0;
        if (++ky == p->kernel_height) {
          ky = 0;
          if (++kz == p->kernel_depth) kz = 0, c++;
        }
        if (masked) find_lines(p, &found, kz, ky, &l);
      }
      transpose(r, r);
      for (size_t k = 0; k < cells_here; k++) *(lanes *)(to + (i + k) * wide + j) = r[k];
    }
  }
}

#endif
