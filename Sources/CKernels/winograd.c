// Convolutions with 3×3 kernels by Winograd's F(4×4,3×3) (Lavin, Gray: Fast algorithms for
// convolutional neural networks, 2015), a block of tiles at a time. Inside, channels lie side by side,
// so that every vector holds 16 channels of one cell and no tile is ever cut by a vector's end.

#include "winograd.h"

#include <string.h>

#include "transforms.h"
#include "transpose.h"

enum {
  /// Tiles of one row that are transformed together.
  RUN = 12,
  COLUMNS = TILE * RUN + 2,
  /// Blocks of tiles are filled up to a multiple of this, the rows of every kernel below divide it.
  ROWS = CK_WINOGRAD_LOT,
};

static size_t padded(size_t channels) { return (channels + LANES - 1) / LANES * LANES; }
static size_t across(const ck_winograd_shape *s) { return (s->out_width + TILE - 1) / TILE; }

/// Distance between the channels of one tile and the next. A multiple of 512 bytes would crowd the
/// tiles into a few sets of the first-level cache.
static size_t stride(size_t channels) {
  const size_t whole = padded(channels);
  return whole % (8 * LANES) == 0 ? whole + LANES : whole;
}

size_t ck_winograd_tiles(const ck_winograd_shape *s) {
  return across(s) * ((s->out_height + TILE - 1) / TILE);
}

size_t ck_winograd_block(const ck_winograd_shape *s) {
  const size_t each = TERMS * (stride(s->in_channels) + stride(s->out_channels));
  const size_t all = s->samples * ck_winograd_tiles(s), tiles = (1 << 18) / each / ROWS * ROWS;
  return least((all + ROWS - 1) / ROWS * ROWS, tiles < 4 * ROWS ? 4 * ROWS : least(tiles, 16 * ROWS));
}

size_t ck_winograd_weights_count(const ck_winograd_shape *s) {
  return TERMS * s->in_channels * padded(s->out_channels);
}

size_t ck_winograd_sums_count(const ck_winograd_shape *s) {
  return TERMS * padded(s->out_channels) * padded(s->in_channels);
}

/// Distance between the numbers of one term and the next; odd in cache lines.
static size_t term(const ck_winograd_shape *s, size_t channels) {
  return ck_winograd_block(s) * stride(channels) + LANES;
}

size_t ck_winograd_room(const ck_winograd_shape *s) {
  return TERMS * (term(s, s->in_channels) + term(s, s->out_channels));
}

/// Tiles side by side in one sample.
typedef struct {
  size_t sample, row, column, count;
} run;

static run run_from(const ck_winograd_shape *s, size_t first, size_t last) {
  const size_t tiles = ck_winograd_tiles(s), wide = across(s);
  run r = {first / tiles, first % tiles / wide, first % tiles % wide, 0};
  r.count = least(least(last - first, wide - r.column), RUN);
  return r;
}

/// Numbers outside of the range that is computed with show in the bits of their magnitude.
INLINE void note(words *largest, const lanes *x) {
  *largest = __builtin_elementwise_max(*largest, *(const words *)x & 0x7FFFFFFF);
}

INLINE int fine(const words *largest) {
  const float limit = CK_WINOGRAD_LARGEST;
  int32_t bits;
  memcpy(&bits, &limit, sizeof bits);
  return __builtin_reduce_max(*largest) <= bits;
}

/// Reads a rectangle of 16 channels (fewer: the rest 0), with 0 outside of the sample, so that line
/// holds a vector of channels for each cell.
INLINE void gather(const float *x, size_t channels, ptrdiff_t height, ptrdiff_t width,
                   ptrdiff_t top, ptrdiff_t left, size_t rows, ptrdiff_t columns, lanes *line,
                   words *largest) {
  static const float zeros[LANES];
  const size_t area = (size_t)(height * width);
  for (size_t i = 0; i < rows; i++, line += columns) {
    const ptrdiff_t y = top + (ptrdiff_t)i;
    ptrdiff_t from = left < 0 ? -left : 0, to = width - left < columns ? width - left : columns;
    if (y < 0 || y >= height || from > to) from = to = columns;
    for (ptrdiff_t j = 0; j < from; j++) line[j] = (lanes){0};
    for (ptrdiff_t j = to; j < columns; j++) line[j] = (lanes){0};
    for (ptrdiff_t j = from; j < to; j += LANES) {
      // The last vector reaches back over cells that were read before.
      if (to - j < LANES && to - from >= LANES) j = to - LANES;
      const float *cell = x + y * width + left + j;
      lanes r[LANES];
      if (to - j >= LANES) {
#pragma unroll
        for (size_t c = 0; c < LANES; c++) {
          r[c] = *(const loose *)(c < channels ? cell + c * area : zeros);
          note(largest, &r[c]);
        }
        transpose(r, line + j);
      } else {
        const size_t count = (size_t)(to - j);
        memset(r, 0, sizeof r);
        for (size_t c = 0; c < least(channels, LANES); c++) {
          memcpy(&r[c], cell + c * area, count * sizeof *cell);
          note(largest, &r[c]);
        }
        transpose(r, r);
        memcpy(line + j, r, count * sizeof *r);
      }
    }
  }
}

/// Writes one row of cells to 16 channels or fewer.
INLINE void scatter(const lanes *line, size_t columns, float *y, size_t channels, size_t area) {
  for (size_t j = 0; j < columns; j += LANES) {
    if (columns - j < LANES && columns >= LANES) j = columns - LANES;
    lanes r[LANES];
    transpose(line + j, r);
    const size_t count = least(LANES, columns - j);
    if (count == LANES) {
#pragma unroll
      for (size_t c = 0; c < LANES; c++) {
        if (c < channels) *(loose *)(y + c * area + j) = r[c];
      }
    } else {
      for (size_t c = 0; c < least(channels, LANES); c++) {
        memcpy(y + c * area + j, &r[c], count * sizeof *y);
      }
    }
  }
}

/// Bᵀ·x·B of all tiles: v[term][tile][channel].
INLINE void transform_input(const ck_winograd_shape *s, const float *x, size_t first, size_t last,
                            float *v, words *largest) {
  const size_t area = s->in_height * s->in_width, wide = stride(s->in_channels);
  const size_t step = term(s, s->in_channels) / LANES;
  lanes line[SPAN * COLUMNS];
  for (size_t c = 0; c < s->in_channels; c += LANES) {
    run r;
    for (size_t tile = first; tile < last; tile += r.count) {
      r = run_from(s, tile, last);
      const size_t columns = TILE * r.count + 2;
      gather(x + (r.sample * s->in_channels + c) * area, s->in_channels - c,
             (ptrdiff_t)s->in_height, (ptrdiff_t)s->in_width,
             (ptrdiff_t)(TILE * r.row) - s->pad_top, (ptrdiff_t)(TILE * r.column) - s->pad_left,
             SPAN, (ptrdiff_t)columns, line, largest);
      for (size_t j = 0; j < columns; j++) {
        input_transform(line + j, columns, line + j, columns);
      }
      lanes *out = (lanes *)(v + (tile - first) * wide + c);
      for (size_t t = 0; t < r.count; t++, out += wide / LANES) {
        for (size_t i = 0; i < SPAN; i++) {
          input_transform(line + i * columns + TILE * t, 1, out + SPAN * i * step, step);
        }
      }
    }
  }
}

/// A·dy·Aᵀ of all tiles: m[term][tile][channel].
INLINE void transform_gradient(const ck_winograd_shape *s, const float *dy, size_t first,
                               size_t last, float *m, words *largest) {
  const size_t area = s->out_height * s->out_width, wide = stride(s->out_channels);
  const size_t step = term(s, s->out_channels) / LANES;
  lanes line[SPAN * COLUMNS];
  for (size_t c = 0; c < s->out_channels; c += LANES) {
    run r;
    for (size_t tile = first; tile < last; tile += r.count) {
      r = run_from(s, tile, last);
      const size_t columns = TILE * r.count;
      gather(dy + (r.sample * s->out_channels + c) * area, s->out_channels - c,
             (ptrdiff_t)s->out_height, (ptrdiff_t)s->out_width, (ptrdiff_t)(TILE * r.row),
             (ptrdiff_t)(TILE * r.column), TILE, (ptrdiff_t)columns, line, largest);
      for (size_t j = 0; j < columns; j++) {
        gradient_transform(line + j, columns, line + j, columns);
      }
      lanes *out = (lanes *)(m + (tile - first) * wide + c);
      for (size_t t = 0; t < r.count; t++, out += wide / LANES) {
        for (size_t i = 0; i < SPAN; i++) {
          gradient_transform(line + i * columns + TILE * t, 1, out + SPAN * i * step, step);
        }
      }
    }
  }
}

/// Aᵀ·m·A of all tiles, with bias and ReLU.
INLINE void transform_output(const ck_winograd_shape *s, const float *m, const float *bias,
                             int relu, float *y, size_t first, size_t last) {
  const size_t area = s->out_height * s->out_width, wide = stride(s->out_channels);
  const size_t step = term(s, s->out_channels) / LANES;
  lanes line[TILE * COLUMNS];
  for (size_t k = 0; k < s->out_channels; k += LANES) {
    const size_t channels = least(LANES, s->out_channels - k);
    lanes start = {0};
    if (bias) memcpy(&start, bias + k, channels * sizeof *bias);
    run r;
    for (size_t tile = first; tile < last; tile += r.count) {
      r = run_from(s, tile, last);
      const size_t columns = TILE * r.count;
      const lanes *in = (const lanes *)(m + (tile - first) * wide + k);
      for (size_t t = 0; t < r.count; t++, in += wide / LANES) {
        lanes half[TILE * SPAN];
#pragma unroll
        for (size_t j = 0; j < SPAN; j++) {
          output_transform(in + j * step, SPAN * step, half + j, SPAN);
        }
#pragma unroll
        for (size_t i = 0; i < TILE; i++) {
          lanes *cells = line + i * columns + TILE * t;
          output_transform(half + SPAN * i, 1, cells, 1);
#pragma unroll
          for (size_t j = 0; j < TILE; j++) {
            cells[j] += start;
            if (relu) cells[j] = __builtin_elementwise_max(cells[j], (lanes){0});
          }
        }
      }
      float *out = y + (r.sample * s->out_channels + k) * area;
      for (size_t i = TILE * r.row; i < least(s->out_height, TILE * (r.row + 1)); i++) {
        scatter(line + i % TILE * columns, least(columns, s->out_width - TILE * r.column),
                out + i * s->out_width + TILE * r.column, channels, area);
      }
    }
  }
}

/// Rows of C, of 16 or 32 columns each: C[i] = Σ a[i·down + l·along]·b[l], added to what is there
/// where `adds`. All sums stay in registers.
INLINE void product(const float *a, size_t down, size_t along, const float *b, size_t b_step,
                    size_t b_side, size_t terms, float *c, size_t c_step, int adds,
                    const size_t rows, const size_t sides) {
  lanes sum[ROWS][2];
#pragma unroll
  for (size_t i = 0; i < rows; i++) {
#pragma unroll
    for (size_t side = 0; side < sides; side++) {
      sum[i][side] = adds ? *(const lanes *)(c + i * c_step + side * LANES) : (lanes){0};
    }
  }
  for (size_t l = 0; l < terms; l++, a += along, b += b_step) {
    lanes right[2];
#pragma unroll
    for (size_t side = 0; side < sides; side++) right[side] = *(const lanes *)(b + side * b_side);
#pragma unroll
    for (size_t i = 0; i < rows; i++) {
      const lanes left = a[i * down] - (lanes){0};
#pragma unroll
      for (size_t side = 0; side < sides; side++) sum[i][side] += left * right[side];
    }
  }
#pragma unroll
  for (size_t i = 0; i < rows; i++) {
#pragma unroll
    for (size_t side = 0; side < sides; side++) {
      *(lanes *)(c + i * c_step + side * LANES) = sum[i][side];
    }
  }
}

INLINE int forward(const ck_winograd_shape *s, const float *x, const float *u, const float *bias,
                   int relu, float *y, size_t first, size_t last, float *room, const size_t rows,
                   const size_t sides) {
  const size_t in = s->in_channels, out = padded(s->out_channels);
  const size_t v_step = term(s, in), m_step = term(s, s->out_channels);
  const size_t v_wide = stride(in), m_wide = stride(s->out_channels);
  float *v = room, *m = room + TERMS * v_step;
  words largest = {0};
  for (size_t k = 0; bias && k < s->out_channels; k++) {
    const lanes each = bias[k] - (lanes){0};
    note(&largest, &each);
  }
  transform_input(s, x, first, last, v, &largest);
  const size_t tiles = last - first, filled = (tiles + ROWS - 1) / ROWS * ROWS;
  for (size_t i = 0; i < TERMS; i++, v += v_step, m += m_step) {
    memset(v + tiles * v_wide, 0, (filled - tiles) * v_wide * sizeof *v);
    for (size_t k = 0; k < out; k += sides * LANES, u += sides * LANES * in) {
      if (v_wide == LANES && m_wide == LANES) {
        // Few channels: the distances are known to the compiler.
        for (size_t t = 0; t < filled; t += rows) {
          product(v + t * LANES, LANES, 1, u, LANES, 0, in, m + t * LANES, LANES, 0, rows, 1);
        }
        u -= (sides - 1) * LANES * in;
      } else if (sides == 2 && k + LANES == out) {
        for (size_t t = 0; t < filled; t += rows) {
          product(v + t * v_wide, v_wide, 1, u, LANES, 0, in, m + t * m_wide + k, m_wide, 0, rows,
                  1);
        }
        u -= LANES * in;
      } else {
        for (size_t t = 0; t < filled; t += rows) {
          product(v + t * v_wide, v_wide, 1, u, LANES, LANES * in, in, m + t * m_wide + k, m_wide,
                  0, rows, sides);
        }
      }
    }
  }
  transform_output(s, room + TERMS * v_step, bias, relu, y, first, last);
  return fine(&largest);
}

INLINE int gradient(const ck_winograd_shape *s, const float *x, const float *dy, float *sums,
                    size_t first, size_t last, float *room, const size_t rows,
                    const size_t sides) {
  const size_t in = padded(s->in_channels), out = padded(s->out_channels);
  const size_t v_step = term(s, s->in_channels), m_step = term(s, s->out_channels);
  const size_t v_wide = stride(s->in_channels), m_wide = stride(s->out_channels);
  float *v = room, *m = room + TERMS * v_step;
  words largest = {0};
  transform_input(s, x, first, last, v, &largest);
  transform_gradient(s, dy, first, last, m, &largest);
  for (size_t i = 0; i < TERMS; i++, v += v_step, m += m_step, sums += out * in) {
    for (size_t c = 0; c < in; c += sides * LANES) {
      for (size_t k = 0; k < out; k += rows) {
        if (sides == 2 && c + LANES == in) {
          product(m + k, 1, m_wide, v + c, v_wide, LANES, last - first, sums + k * in + c, in, 1,
                  rows, 1);
        } else {
          product(m + k, 1, m_wide, v + c, v_wide, LANES, last - first, sums + k * in + c, in, 1,
                  rows, sides);
        }
      }
    }
  }
  return fine(&largest);
}

INLINE int weights(const ck_winograd_shape *s, const float *w, int backward, float *u, size_t first,
                   size_t last) {
  const size_t in = s->in_channels, all = padded(s->out_channels) * in;
  const size_t out_step = backward ? 9 : 9 * in, in_step = backward ? 9 * s->out_channels : 9;
  words largest = {0};
  for (size_t panel = first; panel < last; panel++) {
    const size_t channels = least(LANES, s->out_channels - panel * LANES);
    for (size_t c = 0; c < in; c++) {
      float taps[9][LANES] __attribute__((aligned(64))) = {0};
      const float *from = w + panel * LANES * out_step + c * in_step;
      for (size_t k = 0; k < channels; k++, from += out_step) {
        for (size_t tap = 0; tap < 9; tap++) taps[backward ? 8 - tap : tap][k] = from[tap];
      }
      const lanes *g = (const lanes *)taps;
      lanes half[3 * SPAN], full[TERMS];
#pragma unroll
      for (size_t j = 0; j < 3; j++) {
        note(&largest, g + j);
        note(&largest, g + 3 + j);
        note(&largest, g + 6 + j);
        weight_transform(g + j, 3, half + j, 3);
      }
#pragma unroll
      for (size_t i = 0; i < SPAN; i++) weight_transform(half + 3 * i, 1, full + SPAN * i, 1);
      float *to = u + (panel * in + c) * LANES;
      for (size_t i = 0; i < TERMS; i++) *(lanes *)(to + i * all) = full[i];
    }
  }
  return fine(&largest);
}

INLINE void gradient_weights(const ck_winograd_shape *s, const float *sums, size_t parts, float *dw,
                             size_t first, size_t last) {
  const size_t in = padded(s->in_channels), all = padded(s->out_channels) * in;
  for (size_t k = first; k < last; k++) {
    for (size_t c = 0; c < s->in_channels; c += LANES) {
      const float *from = sums + k * in + c;
      lanes full[TERMS], half[3 * SPAN], taps[9];
      for (size_t i = 0; i < TERMS; i++) full[i] = *(const lanes *)(from + i * all);
      for (size_t part = 1; part < parts; part++) {
        from += TERMS * all;
        for (size_t i = 0; i < TERMS; i++) full[i] += *(const lanes *)(from + i * all);
      }
#pragma unroll
      for (size_t j = 0; j < SPAN; j++) {
        weight_gradient_transform(full + j, SPAN, half + j, SPAN);
      }
#pragma unroll
      for (size_t i = 0; i < 3; i++) weight_gradient_transform(half + SPAN * i, 1, taps + 3 * i, 1);
      float *to = dw + (k * s->in_channels + c) * 9;
      for (size_t l = 0; l < least(LANES, s->in_channels - c); l++, to += 9) {
        for (size_t tap = 0; tap < 9; tap++) to[tap] = taps[tap][l];
      }
    }
  }
}

/// The functions compiled for one instruction set. A product's sums fill its registers: `rows` rows
/// of `sides` vectors.
#define COMPILE(name, attributes, rows, gradient_rows, sides)                                      \
  attributes static int forward_##name(const ck_winograd_shape *s, const float *x, const float *u,   \
                                       const float *bias, int relu, float *y, size_t first,        \
                                       size_t last, float *room) {                                 \
    return forward(s, x, u, bias, relu, y, first, last, room, rows, sides);                        \
  }                                                                                                \
  attributes static int gradient_##name(const ck_winograd_shape *s, const float *x,                  \
                                        const float *dy, float *sums, size_t first, size_t last,   \
                                        float *room) {                                             \
    return gradient(s, x, dy, sums, first, last, room, gradient_rows, sides);                      \
  }                                                                                                \
  attributes static int weights_##name(const ck_winograd_shape *s, const float *w, int backward,     \
                                       float *u, size_t first, size_t last) {                      \
    return weights(s, w, backward, u, first, last);                                                \
  }                                                                                                \
  attributes static void gradient_weights_##name(const ck_winograd_shape *s, const float *sums,      \
                                                 size_t parts, float *dw, size_t first,            \
                                                 size_t last) {                                    \
    gradient_weights(s, sums, parts, dw, first, last);                                             \
  }

COMPILE(baseline, , 3, 2, 1)
#if defined(__x86_64__)
COMPILE(avx2, SET_AVX2, 6, 4, 1)
COMPILE(avx512, SET_AVX512, 12, 8, 2)
#endif

int ck_winograd_weights(ck_set set, const ck_winograd_shape *shape, const float *weights,
                      int backward, float *transformed, size_t first, size_t last) {
  return RUN_WITH(set, weights, shape, weights, backward, transformed, first, last);
}

int ck_winograd_forward(ck_set set, const ck_winograd_shape *shape, const float *x,
                      const float *transformed, const float *bias, int relu, float *y,
                      size_t first, size_t last, float *room) {
  return RUN_WITH(set, forward, shape, x, transformed, bias, relu, y, first, last, room);
}

int ck_winograd_gradient(ck_set set, const ck_winograd_shape *shape, const float *x,
                       const float *dy, float *sums, size_t first, size_t last, float *room) {
  return RUN_WITH(set, gradient, shape, x, dy, sums, first, last, room);
}

void ck_winograd_gradient_weights(ck_set set, const ck_winograd_shape *shape, const float *sums,
                                size_t parts, float *dw, size_t first, size_t last) {
  RUN_WITH(set, gradient_weights, shape, sums, parts, dw, first, last);
}
