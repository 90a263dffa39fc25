// The gradients of depthwise convolutions, but for that by the input which is such a convolution
// itself; a part of depthwise.c.

/// One map of dx with steps of two: a cell meets every second tap of a row, those of its column's
/// parity. `parity` is that of the taps which even columns meet.
INLINE void halved(const ck_depthwise *s, const float *g, const float *w, float *dx, float *room,
                   const size_t side, const size_t parity) {
  const size_t width = s->width, pad = s->pad_left, size = halved_row(s);
  const size_t even = MARGIN + (pad - parity) / 2, odd = MARGIN + (pad + parity) / 2;
  ck_depthwise lines = *s;
  lines.width = s->out_width, lines.stride_width = 1, lines.pad_left = MARGIN;
  for (size_t row = 0, filled = 0; row < s->height; row++) {
    const size_t down = row + s->pad_top;
    for (; filled <= down / 2 && filled < s->out_height; filled++) {
      const size_t at = filled * s->out_width, behind = s->out_height * s->out_width - at;
      copy_row(&lines, g + at, behind, room + filled % HALVED_ROWS * size);
    }
    for (size_t c = 0; c < width; c += LANES) {
      vector_8 sums[2] = {0};
#pragma unroll
      for (size_t n = 0; n < (side + 1) / 2; n++) {
        const size_t k = down % 2 + 2 * n, i = (down - k) / 2;
        if (k >= side || k > down || i >= s->out_height) continue;
        const float *line = room + i % HALVED_ROWS * size + c / 2;
#pragma unroll
        for (size_t l = 0; l < side; l++) {
          const vector_8 a = *(const unaligned_8 *)(line + (l % 2 == parity ? even : odd) - l / 2);
          const size_t to = l % 2 == parity ? 0 : 1;
          sums[to] = a * w[k * side + l] + sums[to];
        }
      }
      const lanes both = __builtin_shufflevector(sums[0], sums[1], 0, 8, 1, 9, 2, 10, 3, 11, 4, 12,
                                                 5, 13, 6, 14, 7, 15);
      write_part(dx + row * width + c, &both, width - c);
    }
  }
}

/// dx row by row: each tap of a row of dy goes, as a whole, to the plane of columns that it meets.
INLINE void input_gradient(const ck_depthwise *shape, const float *dy, const float *w, float *dx,
                           size_t first, size_t last, float *room) {
  // A copy that nothing else points to: what is computed from it stays in registers.
  const ck_depthwise own = *shape, *s = &own;
  const size_t kernel = s->kernel_height * s->kernel_width, channels = s->channels * s->multiplier;
  const size_t in_area = s->height * s->width, area = s->out_height * s->out_width;
  const size_t apart = row_apart(s), step = s->stride_width, width = s->out_width;
  float *sums = room + HALVED_ROWS * halved_row(s);
  if (is_halved(s)) memset(room, 0, HALVED_ROWS * halved_row(s) * sizeof *room);
  for (size_t map = first; map < last; map++) {
    const size_t sample = map / s->channels, channel = map % s->channels * s->multiplier;
    // Weights that are infinite or NaN must not meet the zeros around dy.
    if (is_halved(s) && all_finite(w + channel * kernel, kernel)) {
      const float *g = dy + map * area, *own = w + channel * kernel;
      float *to = dx + map * in_area;
      const int is_odd = s->pad_left % 2;
      if (s->kernel_width == 3 && is_odd) halved(s, g, own, to, room, 3, 1);
      else if (s->kernel_width == 3) halved(s, g, own, to, room, 3, 0);
      else if (is_odd) halved(s, g, own, to, room, 5, 1);
      else halved(s, g, own, to, room, 5, 0);
      continue;
    }
    for (size_t row = 0; row < s->height; row++) {
      memset(sums, 0, row_size(s) * sizeof *sums);
      for (size_t m = channel; m < channel + s->multiplier; m++) {
        for (size_t k = 0; k < s->kernel_height; k++) {
          const size_t down = row + s->pad_top - k * s->dilation_height;
          if (down > row + s->pad_top || down % s->stride_height) continue;
          const size_t i = down / s->stride_height;
          if (i >= s->out_height) continue;
          const float *from = dy + (sample * channels + m) * area + i * width;
          for (size_t l = 0; l < s->kernel_width; l++) {
            const size_t column = l * s->dilation_width;
            float *to = sums + column % step * apart + column / step;
            const float weight = w[m * kernel + k * s->kernel_width + l];
            size_t j = 0;
            for (; j + LANES <= width; j += LANES) {
              *(loose *)(to + j) = *(const loose *)(from + j) * weight + *(loose *)(to + j);
            }
            if (j < width) {
              lanes g, sum;
              read_part(&g, from + j, width - j);
              read_part(&sum, to + j, width - j);
              sum = g * weight + sum;
              write_part(to + j, &sum, width - j);
            }
          }
        }
      }
      float *to = dx + map * in_area + row * s->width;
      if (step == 1) {
        memcpy(to, sums + s->pad_left, s->width * sizeof *to);
      } else {
        size_t at = s->pad_left / step, plane = s->pad_left % step;
        for (size_t c = 0; c < s->width; c++) {
          to[c] = sums[plane * apart + at];
          if (++plane == step) plane = 0, at++;
        }
      }
    }
  }
}

/// Adds the products of eight columns of dy, `g`, in `count` rows with the cells that `group` rows
/// of the kernel meet, from input row `top` and `column` on. `inside` are the columns that there
/// are, if not all eight.
INLINE void add_products(const ck_depthwise *s, const float *g, const copies *c, size_t top,
                         size_t column, size_t count, const bits_8 *inside, vector_8 *sums,
                         const size_t group, const size_t side, const size_t step) {
  const size_t apart = row_apart(s);
  vector_8 own[25] = {0};
  for (size_t i = 0; i < count; i++) {
    vector_8 a;
    if (inside) {
      float part[8] = {0};
      for (size_t n = 0; n < 8 && (*inside)[n]; n++) part[n] = g[i * s->out_width + n];
      a = *(const unaligned_8 *)part;
    } else {
      a = *(const unaligned_8 *)(g + i * s->out_width);
    }
#pragma unroll
    for (size_t k = 0; k < group; k++) {
      // Unsigned: a row above the input becomes large.
      const size_t row = top + i * step + k;
      if (row >= s->height) continue;
      const float *cells = c->kept + (row & c->mask) * c->size + column;
#pragma unroll
      for (size_t l = 0; l < side; l++) {
        vector_8 b = *(const unaligned_8 *)(cells + l % step * apart + l / step);
        if (inside) b = (vector_8)(*inside & (bits_8)b);
        own[k * side + l] = a * b + own[k * side + l];
      }
    }
  }
#pragma unroll
  for (size_t t = 0; t < group * side; t++) sums[t] += own[t];
}

/// The products of one map with special kernels: some rows at a time, of these eight columns.
INLINE void square_products(const ck_depthwise *s, const float *g, copies *c, vector_8 *sums,
                            const size_t side, const size_t step, const int is_wide) {
  // As many sums as stay in registers.
  const size_t group = is_wide || side == 3 ? side : 1;
  for (size_t i = 0; i < s->out_height; i += TALL) {
    const size_t count = least(TALL, s->out_height - i);
    fill(s, c, i, i + count);
    for (size_t j = 0; j < s->out_width; j += 8) {
      const float *from = g + i * s->out_width + j;
      const size_t top = i * step - s->pad_top;
      const bits_8 number = {0, 1, 2, 3, 4, 5, 6, 7};
      const bits_8 last = number < (int32_t)least(s->out_width - j, 8);
      for (size_t k = 0; k < side; k += group) {
        vector_8 *to = sums + k * side;
        if (j + 8 > s->out_width) {
          add_products(s, from, c, top + k, j, count, &last, to, group, side, step);
        } else {
          add_products(s, from, c, top + k, j, count, NULL, to, group, side, step);
        }
      }
    }
  }
}

/// The same where numbers of dy are infinite or NaN: these must not meet the zeros of the padding.
INLINE void careful_products(const ck_depthwise *s, const float *x, const float *g, float *dw) {
  for (size_t k = 0; k < s->kernel_height; k++) {
    for (size_t l = 0; l < s->kernel_width; l++) {
      lanes sum = {0};
      for (size_t i = 0; i < s->out_height; i++) {
        const size_t row = i * s->stride_height + k * s->dilation_height - s->pad_top;
        if (row >= s->height) continue;
        for (size_t j = 0; j < s->out_width; j++) {
          const size_t column = j * s->stride_width + l * s->dilation_width - s->pad_left;
          if (column >= s->width) continue;
          const lanes a = g[i * s->out_width + j] - (lanes){0};
          sum = a * x[row * s->width + column] + sum;
        }
      }
      dw[k * s->kernel_width + l] += sum[0];
    }
  }
}

INLINE void weight_gradient(const ck_depthwise *shape, size_t samples, const float *x,
                            const float *dy, float *dw, size_t first, size_t last, float *room,
                            const int is_wide) {
  // A copy that nothing else points to: what is computed from it stays in registers.
  const ck_depthwise own = *shape, *s = &own;
  const size_t kernel = s->kernel_height * s->kernel_width, channels = s->channels * s->multiplier;
  const size_t in_area = s->height * s->width, area = s->out_height * s->out_width;
  const size_t apart = row_apart(s), step = s->stride_width, width = s->out_width;
  const size_t side = s->kernel_width;
  const int special = is_square(s);
  lanes *sums = (lanes *)room;
  copies c = {.size = row_size(s), .mask = rows_kept(s, special ? TALL : 1) - 1};
  c.kept = room + kernel * LANES;
  memset(c.kept, 0, (c.mask + 1) * c.size * sizeof *room);
  for (size_t channel = first; channel < last; channel++) {
    for (size_t t = 0; t < kernel; t++) dw[channel * kernel + t] = 0;
    for (size_t sample = 0; sample < samples; sample++) {
      const float *g = dy + (sample * channels + channel) * area;
      c.x = x + (sample * s->channels + channel / s->multiplier) * in_area;
      c.filled = 0;
      if (!all_finite(g, area)) {
        careful_products(s, c.x, g, dw + channel * kernel);
        continue;
      }
      for (size_t t = 0; t < kernel; t++) sums[t] = (lanes){0};
      if (special) {
        vector_8 *eights = (vector_8 *)room;
        if (side == 3 && step == 1) square_products(s, g, &c, eights, 3, 1, is_wide);
        else if (side == 3) square_products(s, g, &c, eights, 3, 2, is_wide);
        else if (step == 1) square_products(s, g, &c, eights, 5, 1, is_wide);
        else square_products(s, g, &c, eights, 5, 2, is_wide);
        // From the last on: a vector of sixteen lies where two of eight did.
        for (size_t t = kernel; t-- > 0;) {
          const vector_8 v = eights[t];
          sums[t] = __builtin_shufflevector(v, (vector_8){0}, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
                                            12, 13, 14, 15);
        }
      }
      for (size_t i = 0; i < s->out_height && !special; i++) {
        const size_t top = i * s->stride_height;
        fill(s, &c, i, i + 1);
        for (size_t k = 0; k < s->kernel_height; k++) {
          const size_t row = top + k * s->dilation_height - s->pad_top;
          if (row >= s->height) continue;
          const float *line = c.kept + (row & c.mask) * c.size;
          for (size_t l = 0; l < s->kernel_width; l++) {
            const size_t column = l * s->dilation_width;
            const float *cells = line + column % step * apart + column / step;
            lanes sum = sums[k * s->kernel_width + l];
            size_t j = 0;
            for (; j + LANES <= width; j += LANES) {
              sum = *(const loose *)(g + i * width + j) * *(const loose *)(cells + j) + sum;
            }
            if (j < width) {
              lanes a, b;
              read_part(&a, g + i * width + j, width - j);
              read_part(&b, cells + j, width - j);
              sum = a * b + sum;
            }
            sums[k * s->kernel_width + l] = sum;
          }
        }
      }
      for (size_t t = 0; t < kernel; t++) dw[channel * kernel + t] += ck_sum_of(&sums[t]);
    }
  }
}
