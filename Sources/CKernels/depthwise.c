// Depthwise convolutions. 3×3 and 5×5 kernels read the input's rows where they lie, some output
// rows at a time, and mask what is left and right of them. For others, and for gradients, rows are
// copied to where zeros stand on both sides, with the columns of one remainder by the stride side
// by side: then each tap is a plain load, whatever the stride.

#include "include/depthwise.h"

#include <string.h>

#include "activate.h"
#include "halves.h"
#include "lanes.h"
#include "parts.h"

/// Output rows that are made together: the most, which suits the sizes that networks for
/// photographs have, and few, for the others.
enum { TALL = 7, FEW = 4 };

/// The beginning of one map's epilogue. What is not asked for is there with numbers that change no
/// bit (adding −0, between the infinities), for that costs less than to ask; but for the product,
/// for which products are what the kernels are made of.
typedef struct {
  float bias, scale, shift, low, high;
  int is_scaled;
} ending;

/// Loads behind it are not moved before it, where they would wait in memory for want of registers.
#define STAY __asm__ volatile("" ::: "memory")

#define WIDE 16
#define NAMED(x) x##_16
#include "depthwise_block.h"
#undef WIDE
#undef NAMED
#define WIDE 8
#define NAMED(x) x##_8
#include "depthwise_block.h"
#undef WIDE
#undef NAMED

/// Copied rows: planes of `apart` numbers for each remainder of a padded column by the stride.
static size_t row_apart(const ck_depthwise *s) {
  const size_t step = s->stride_width;
  const size_t reach = (s->kernel_width - 1) * s->dilation_width;
  const size_t needed = reach / step + most(s->out_width, LANES);
  const size_t held = (s->pad_left + s->width) / step + 2 * LANES + 1;
  return (most(needed, held) + LANES) / LANES * LANES;
}

static size_t row_size(const ck_depthwise *s) { return row_apart(s) * s->stride_width; }

/// Rows that are kept for `tall` output rows, a power of two.
static size_t rows_kept(const ck_depthwise *s, size_t tall) {
  const size_t needed =
      (tall - 1) * s->stride_height + (s->kernel_height - 1) * s->dilation_height + 1;
  size_t count = 1;
  while (count < least(needed, s->height)) count *= 2;
  return count;
}

/// Kernels that there is special code for: 3×3 and 5×5, side by side or every second.
static int is_square(const ck_depthwise *s) {
  const size_t side = s->kernel_width, step = s->stride_width;
  return s->kernel_height == side && (side == 3 || side == 5) && (step == 1 || step == 2) &&
         s->stride_height == step && s->dilation_height == 1 && s->dilation_width == 1;
}

/// Whether that code runs: sizes at which it pays, whose columns a signed number of 32 bits counts.
static int is_special(const ck_depthwise *s) {
  const size_t large = 1 << 24;
  return is_square(s) && s->out_height >= FEW && s->width < large && s->pad_left < large &&
         s->out_width < large;
}

/// The columns from an input row's first on that are read, most of them by the last vector.
static size_t columns_read(const ck_depthwise *s) {
  const size_t made = s->out_width > 8 ? most(s->out_width, LANES) : 8;
  const size_t end = made * s->stride_width + s->kernel_width - 1;
  return end > s->pad_left ? end - s->pad_left : 0;
}

/// A copied row with what is read left and right of it.
static size_t slot_size(const ck_depthwise *s) {
  return s->pad_left + most(s->width, columns_read(s));
}

/// Whether the gradient by the input is such a convolution itself, of dy with each channel's
/// weights turned round, and which.
static int turns_round(const ck_depthwise *s, ck_depthwise *back) {
  *back = *s;
  back->height = s->out_height, back->width = s->out_width;
  back->out_height = s->height, back->out_width = s->width;
  back->pad_top = s->kernel_height - 1 - s->pad_top;
  back->pad_left = s->kernel_width - 1 - s->pad_left;
  return is_square(s) && s->stride_width == 1 && s->multiplier == 1 &&
         s->pad_top < s->kernel_height && s->pad_left < s->kernel_width;
}

/// Whether the gradient by the input with steps of two has code of its own.
static int is_halved(const ck_depthwise *s) {
  return is_square(s) && s->stride_width == 2 && s->multiplier == 1;
}

/// Rows of dy that are kept for it, with zeros around: as many as a column of the kernel meets, and
/// a power of two.
enum { HALVED_ROWS = 4, MARGIN = 4 };

static size_t halved_row(const ck_depthwise *s) {
  const size_t columns = s->width / 2 + 1 + s->pad_left / 2 + LANES;
  return (MARGIN + most(s->out_width, columns) + LANES) / LANES * LANES;
}

static size_t forward_room(const ck_depthwise *s) {
  return is_special(s) ? (2 * TALL + 6) * slot_size(s) : rows_kept(s, 1) * row_size(s);
}

size_t ck_depthwise_room(const ck_depthwise *s) {
  ck_depthwise back;
  const size_t forward = forward_room(s);
  const size_t input_gradient = turns_round(s, &back)
                                    ? forward_room(&back)
                                    : HALVED_ROWS * halved_row(s) + row_size(s);
  const size_t weight_gradient =
      rows_kept(s, TALL) * row_size(s) + (s->kernel_height * s->kernel_width + 1) * LANES;
  return most(most(forward, input_gradient), weight_gradient);
}

/// Copies one row of the input; `behind` numbers from its start may be read.
INLINE void copy_row(const ck_depthwise *s, const float *x, size_t behind, float *to) {
  const size_t width = s->width, pad = s->pad_left, apart = row_apart(s);
  if (s->stride_width == 1) {
    to += pad;
    if (width >= LANES) {
      for (size_t c = 0;;) {
        *(loose *)(to + c) = *(const loose *)(x + c);
        if (c + LANES >= width) break;
        c = least(c + LANES, width - LANES);
      }
    } else if (behind >= LANES) {
      const words number = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
      const words inside = number < (int32_t)width;
      *(loose *)to = (lanes)(inside & (words) * (const loose *)x);
    } else {
      copy_part(to, x, width);
    }
  } else if (s->stride_width == 2) {
    float *even = to + pad % 2 * apart + pad / 2;
    float *odd = to + (pad + 1) % 2 * apart + (pad + 1) / 2;
    for (size_t c = 0; c < width; c += 2 * LANES) {
      lanes a, b;
      if (width - c >= 2 * LANES) {
        a = *(const loose *)(x + c);
        b = *(const loose *)(x + c + LANES);
      } else if (width % 2 == 0 && width >= 2 * LANES) {
        c = width - 2 * LANES;
        a = *(const loose *)(x + c);
        b = *(const loose *)(x + c + LANES);
      } else if (behind - c >= 2 * LANES) {
        const words number = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
        a = (lanes)((number < (int32_t)(width - c)) & (words) * (const loose *)(x + c));
        b = (lanes)((number + LANES < (int32_t)(width - c)) &
                    (words) * (const loose *)(x + c + LANES));
      } else {
        // Parts of their own, so that a and b need no address.
        lanes part, rest = {0};
        read_part(&part, x + c, least(width - c, LANES));
        if (width - c > LANES) read_part(&rest, x + c + LANES, width - c - LANES);
        a = part, b = rest;
      }
      *(loose *)(even + c / 2) = EVEN(a, b);
      *(loose *)(odd + c / 2) = ODD(a, b);
    }
  } else {
    size_t at = pad / s->stride_width, plane = pad % s->stride_width;
    for (size_t c = 0; c < width; c++) {
      to[plane * apart + at] = x[c];
      if (++plane == s->stride_width) plane = 0, at++;
    }
  }
}

/// The copied rows of one map x: those before `filled` that are still kept.
typedef struct {
  const float *x;
  float *kept;
  size_t size, mask, filled;
} copies;

/// Copies what the output rows before `last` need and is not there, but for what no row from
/// `first` on needs.
INLINE void fill(const ck_depthwise *s, copies *c, size_t first, size_t last) {
  const size_t top = first * s->stride_height, pad = s->pad_top;
  const size_t end =
      (last - 1) * s->stride_height + (s->kernel_height - 1) * s->dilation_height + 1;
  if (top > pad && c->filled < top - pad) c->filled = top - pad;
  const size_t until = end < pad ? 0 : least(end - pad, s->height);
  for (; c->filled < until; c->filled++) {
    const size_t at = c->filled * s->width;
    copy_row(s, c->x + at, s->height * s->width - at, c->kept + (c->filled & c->mask) * c->size);
  }
}

/// A map of any kernel, a row at a time.
INLINE void any(const ck_depthwise *s, const float *w, const ending *e, float *y, copies *c) {
  const size_t apart = row_apart(s), width = s->out_width;
  for (size_t i = 0; i < s->out_height; i++) {
    const size_t top = i * s->stride_height;
    fill(s, c, i, i + 1);
    for (size_t j = 0;;) {
      lanes sum = {0};
      for (size_t k = 0; k < s->kernel_height; k++) {
        const size_t row = top + k * s->dilation_height - s->pad_top;
        if (row >= s->height) continue;
        const float *from = c->kept + (row & c->mask) * c->size + j;
        const float *weight = w + k * s->kernel_width;
        size_t plane = 0, column = 0;
        for (size_t l = 0; l < s->kernel_width; l++) {
          sum = *(const loose *)(from + plane * apart + column) * weight[l] + sum;
          plane += s->dilation_width;
          while (plane >= s->stride_width) plane -= s->stride_width, column++;
        }
      }
      finish_16(&sum, e);
      const lanes part = sum;
      write_part(y + i * width + j, &part, width - j);
      if (j + LANES >= width) break;
      j = least(j + LANES, width - LANES);
    }
  }
}

/// As `any`, where weights are infinite or NaN: these must not meet the zeros of the padding.
INLINE void careful(const ck_depthwise *s, const float *x, const float *w, const ending *e,
                    float *y) {
  for (size_t i = 0; i < s->out_height; i++) {
    for (size_t j = 0; j < s->out_width; j++) {
      lanes sum = {0};
      for (size_t k = 0; k < s->kernel_height; k++) {
        const size_t row = i * s->stride_height + k * s->dilation_height - s->pad_top;
        if (row >= s->height) continue;
        for (size_t l = 0; l < s->kernel_width; l++) {
          const size_t column = j * s->stride_width + l * s->dilation_width - s->pad_left;
          if (column >= s->width) continue;
          sum = (x[row * s->width + column] - (lanes){0}) * w[k * s->kernel_width + l] + sum;
        }
      }
      finish_16(&sum, e);
      y[i * s->out_width + j] = sum[0];
    }
  }
}

/// The beginning of an epilogue, all up to the clip if there is nothing between, but for what is a
/// channel's own.
INLINE ending beginning(const ck_epilogue *epilogue) {
  ending e = {-0.0f, 1, -0.0f, -__builtin_inff(), __builtin_inff(), 0};
  if (!epilogue) return e;
  e.is_scaled = epilogue->row_scale != NULL;
  if (epilogue->residual) return e;
  if (epilogue->activation == CK_RELU) e.low = 0;
  if (epilogue->activation == CK_CLIP) e.low = epilogue->low, e.high = epilogue->high;
  return e;
}

/// The same with what is the channel's own.
INLINE ending beginning_of(const ck_epilogue *epilogue, ending e, size_t channel) {
  if (epilogue && epilogue->row_bias) e.bias = epilogue->row_bias[channel];
  if (e.is_scaled) e.scale = epilogue->row_scale[channel], e.shift = epilogue->row_shift[channel];
  return e;
}

/// Whether there is more of it than the beginning.
INLINE int has_more(const ck_epilogue *epilogue) {
  return epilogue && (epilogue->residual || epilogue->activation > CK_CLIP);
}

/// The rest of it, over a map that was written.
INLINE void end(const ck_epilogue *epilogue, size_t map, float *y, size_t area) {
  const float *residual =
      epilogue->residual ? epilogue->residual + map * epilogue->residual_step : NULL;
  // The last vector is taken before what it reaches back over is done.
  const size_t begins = area < LANES ? 0 : area - LANES;
  lanes last, more;
  read_part(&last, y + begins, area);
  if (residual) {
    read_part(&more, residual + begins, area);
    last += more;
  }
  for (size_t i = 0; i < begins; i += LANES) {
    lanes v = *(const loose *)(y + i);
    if (residual) v += *(const loose *)(residual + i);
    activate(&v, epilogue);
    *(loose *)(y + i) = v;
  }
  activate(&last, epilogue);
  write_part(y + begins, &last, area);
}

INLINE int all_finite(const float *w, size_t count) {
  uint32_t largest = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, w + i, sizeof bits);
    bits &= 0x7FFFFFFF;
    if (bits > largest) largest = bits;
  }
  return largest < 0x7F800000;
}

/// A channel's weights, or a copy of them turned round.
INLINE const float *weights_of(const float *w, size_t kernel, int turned, float round[25]) {
  if (!turned) return w;
  for (size_t t = 0; t < kernel; t++) round[t] = w[kernel - 1 - t];
  return round;
}

/// Some maps of a convolution.
typedef struct {
  const ck_depthwise *shape;
  const float *x, *w;
  const ck_epilogue *epilogue;
  float *y;
  size_t first, last;
  float *room;
  /// Whether weights are to be turned round, and whether they are known to be finite.
  int turned, is_safe;
  /// What is seldom or elsewhere, each compiled once.
  void (*careful)(const ck_depthwise *, const float *x, const float *w, const ending *, float *y);
  void (*end)(const ck_epilogue *, size_t map, float *y, size_t area);
} job;

/// Maps of a `side`×`side` kernel with steps of `step`, `tall` rows at a time, of which there are
/// as many, vectors of 16 columns where `is_wide`. Where `is_whole`, the input has as many as well,
/// and the kernel reaches equally far over its first and its last.
INLINE void square(const job *j, const size_t side, const size_t step, const size_t tall,
                   const int is_wide, const int is_whole) {
  const ck_depthwise own = *j->shape, *s = &own;
  const size_t kernel = side * side, channels = s->channels * s->multiplier;
  const size_t width = s->width, height = s->height, out_width = s->out_width;
  const size_t in_area = height * width, area = s->out_height * out_width;
  const size_t pad = s->pad_left, reach = columns_read(s), slot = slot_size(s);
  const int has_end = has_more(j->epilogue);
  const ending common = beginning(j->epilogue);
  const int is_plain = j->is_safe && !j->turned;
  float *zeros = j->room + (2 * TALL + 5) * slot;
  memset(zeros, 0, slot * sizeof *zeros);
  size_t channel = j->first % channels, copy = j->first % s->multiplier;
  const float *x = j->x + j->first / s->multiplier * in_area;
  const float *begins = x, *ends = j->x + ((j->last - 1) / s->multiplier + 1) * in_area;
  for (size_t map = j->first; map < j->last; map++) {
    float round[25];
    const float *weights = j->w + channel * kernel;
    if (!is_plain) weights = weights_of(weights, kernel, j->turned, round);
    float *y = j->y + map * area;
    const ending e = beginning_of(j->epilogue, common, channel);
    if (!j->is_safe && !all_finite(weights, kernel)) {
      // A copy, so that e itself needs no address.
      const ending same = e;
      j->careful(s, x, weights, &same, y);
    } else {
      // Whether around the map there is enough that may be read.
      const int is_inside = (size_t)(x - begins) >= pad && (size_t)(ends - x) >= in_area + reach;
      // Numbers from y on that may be written, the ones behind the map with anything.
      const size_t ours = (j->last - map) * area;
      for (size_t i = 0; i < s->out_height; i += tall) {
        // The last rows reach back over some that were made before.
        i = least(i, s->out_height - tall);
        const float *rows[2 * TALL + 5];
        // Unsigned: a row above the input becomes large.
        const size_t top = i * step - s->pad_top;
#pragma unroll
        for (size_t r = 0; r < (tall - 1) * step + side; r++) {
          if (is_whole && (r < side / 2 || r >= side / 2 + tall)) continue;
          rows[r] = top + r < height ? x + (top + r) * width - pad : zeros;
        }
        if (!is_inside) {
          for (size_t r = 0; r < (tall - 1) * step + side; r++) {
            if (top + r >= height) continue;
            const float *row = x + (top + r) * width;
            if ((size_t)(row - begins) >= pad && (size_t)(ends - row) >= reach) continue;
            float *to = j->room + r * slot;
            memcpy(to + pad, row, width * sizeof *row);
            rows[r] = to;
          }
        }
        float *to = y + i * out_width, last[(TALL + 1) * LANES];
        // Only of rows narrower than a vector something reaches beyond the map.
        const int is_last = out_width < LANES && (i + tall - 1) * out_width + LANES > ours;
        float *place = is_last ? last : to;
        if (is_wide) {
          block_16(rows, width, pad, weights, &e, place, out_width, side, step, tall, is_whole);
        } else {
          block_8(rows, width, pad, weights, &e, place, out_width, side, step, tall, is_whole);
        }
        if (is_last) memcpy(to, last, tall * out_width * sizeof *to);
      }
    }
    if (has_end) j->end(j->epilogue, map, y, area);
    if (++channel == channels) channel = 0;
    if (++copy == s->multiplier) copy = 0, x += in_area;
  }
}

/// Maps of any kernel.
INLINE void others(const job *j) {
  const ck_depthwise own = *j->shape, *s = &own;
  const size_t kernel = s->kernel_height * s->kernel_width, channels = s->channels * s->multiplier;
  const size_t area = s->out_height * s->out_width;
  const int has_end = has_more(j->epilogue);
  const ending common = beginning(j->epilogue);
  copies c = {.kept = j->room, .size = row_size(s), .mask = rows_kept(s, 1) - 1};
  memset(c.kept, 0, (c.mask + 1) * c.size * sizeof *c.kept);
  for (size_t map = j->first; map < j->last; map++) {
    const size_t channel = map % channels;
    float round[25];
    const float *weights = weights_of(j->w + channel * kernel, kernel, j->turned, round);
    float *y = j->y + map * area;
    const ending e = beginning_of(j->epilogue, common, channel);
    c.x = j->x + map / s->multiplier * s->height * s->width, c.filled = 0;
    if (!j->is_safe && !all_finite(weights, kernel)) {
      j->careful(s, c.x, weights, &e, y);
    } else {
      any(s, weights, &e, y, &c);
    }
    if (has_end) j->end(j->epilogue, map, y, area);
  }
}

#include "depthwise_gradients.h"

// A function for each special kernel: in one for all of them, each would spill what others keep.
// `widest` numbers fill a register: with fewer, more rows or columns at a time do not pay.
#define COMPILE_SQUARE(name, attributes, widest, side, step)                                       \
  attributes static __attribute__((noinline)) void square_##side##_##step##_##name(const job *j) { \
    const ck_depthwise *s = j->shape;                                                              \
    const size_t height = s->out_height;                                                           \
    /* The last maps of networks for photographs. */                                               \
    const int is_whole = step == 1 && height == TALL && s->height == TALL &&                       \
                         s->out_width <= 8 && s->pad_top == side / 2;                              \
    if (widest < 8 || (height % TALL != 0 && height <= 4 * TALL)) {                                \
      square(j, side, step, FEW, 0, 0);                                                            \
    } else if (is_whole) {                                                                         \
      square(j, side, step, TALL, 0, 1);                                                           \
    } else if (widest < 16 || s->out_width <= 8) {                                                 \
      square(j, side, step, TALL, 0, 0);                                                           \
    } else {                                                                                       \
      square(j, side, step, TALL, 1, 0);                                                           \
    }                                                                                              \
  }

#define COMPILE(name, attributes, widest)                                                          \
  attributes static __attribute__((noinline)) void careful_##name(                                 \
      const ck_depthwise *s, const float *x, const float *w, const ending *e, float *y) {          \
    careful(s, x, w, e, y);                                                                        \
  }                                                                                                \
  attributes static void end_##name(const ck_epilogue *epilogue, size_t map, float *y,             \
                                    size_t area) {                                                 \
    end(epilogue, map, y, area);                                                                   \
  }                                                                                                \
  COMPILE_SQUARE(name, attributes, widest, 3, 1)                                                   \
  COMPILE_SQUARE(name, attributes, widest, 3, 2)                                                   \
  COMPILE_SQUARE(name, attributes, widest, 5, 1)                                                   \
  COMPILE_SQUARE(name, attributes, widest, 5, 2)                                                   \
  attributes static void forward_##name(const ck_depthwise *s, const float *x, const float *w,     \
                                        const ck_epilogue *epilogue, float *y, size_t first,       \
                                        size_t last, float *room, int turned) {                    \
    const size_t side = s->kernel_width, kernel = s->kernel_height * side;                         \
    const size_t channels = s->channels * s->multiplier;                                           \
    if (first >= last || s->out_height * s->out_width == 0) return;                                \
    /* Weights are finite, nearly always; then they need not be asked map by map. */               \
    const size_t from = first % channels, count = least(last - first, channels);                   \
    const int is_safe = from + count <= channels ? all_finite(w + from * kernel, count * kernel)   \
                                                 : all_finite(w, channels * kernel);               \
    const job j = {s,     x,    w,      epilogue, y,              first,                           \
                   last,  room, turned, is_safe,  careful_##name, end_##name};                     \
    if (!is_special(s)) others(&j);                                                                \
    else if (side == 3 && s->stride_width == 1) square_3_1_##name(&j);                             \
    else if (side == 3) square_3_2_##name(&j);                                                     \
    else if (s->stride_width == 1) square_5_1_##name(&j);                                          \
    else square_5_2_##name(&j);                                                                    \
  }                                                                                                \
  attributes static void input_gradient_##name(const ck_depthwise *s, const float *dy,             \
                                               const float *w, float *dx, size_t first,            \
                                               size_t last, float *room) {                         \
    input_gradient(s, dy, w, dx, first, last, room);                                               \
  }                                                                                                \
  attributes static void weight_gradient_##name(const ck_depthwise *s, size_t samples,             \
                                                const float *x, const float *dy, float *dw,        \
                                                size_t first, size_t last, float *room) {          \
    weight_gradient(s, samples, x, dy, dw, first, last, room, widest == 16);                       \
  }

COMPILE(baseline, , 4)
#if defined(__x86_64__)
COMPILE(avx2, SET_AVX2, 8)
COMPILE(avx512, SET_AVX512, 16)
#endif

void ck_depthwise_forward(ck_set set, const ck_depthwise *shape, const float *x, const float *w,
                          const ck_epilogue *epilogue, float *y, size_t first, size_t last,
                          float *room) {
  RUN_WITH(set, forward, shape, x, w, epilogue, y, first, last, room, 0);
}

void ck_depthwise_input_gradient(ck_set set, const ck_depthwise *s, const float *dy, const float *w,
                                 float *dx, size_t first, size_t last, float *room) {
  ck_depthwise back;
  if (turns_round(s, &back)) {
    RUN_WITH(set, forward, &back, dy, w, NULL, dx, first, last, room, 1);
  } else {
    RUN_WITH(set, input_gradient, s, dy, w, dx, first, last, room);
  }
}

void ck_depthwise_weight_gradient(ck_set set, const ck_depthwise *shape, size_t samples,
                                  const float *x, const float *dy, float *dw, size_t first,
                                  size_t last, float *room) {
  RUN_WITH(set, weight_gradient, shape, samples, x, dy, dw, first, last, room);
}
