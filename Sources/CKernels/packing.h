// Operands in the order in which a tile reads them.
#ifndef CKERNELS_PACKING_H
#define CKERNELS_PACKING_H

#include <string.h>

#include "lanes.h"
#include "parts.h"
#include "product.h"
#include "transpose.h"

/// to[term·wide + i] = from[i·step + term] for `count` of up to 16 rows; lanes from there on to
/// `fill` are made 0, what follows up to a vector's end may be written, but nothing behind the last
/// term.
INLINE void pack_turned(const float *from, size_t step, size_t count, size_t terms, float *to,
                        size_t wide, size_t fill) {
  size_t l = 0;
  for (; l + LANES <= terms; l += LANES) {
    lanes r[LANES];
#pragma unroll
    for (size_t i = 0; i < LANES; i++) {
      if (i < count) {
        r[i] = *(const loose *)(from + i * step + l);
      } else {
        r[i] = (lanes){0};
      }
    }
    transpose(r, r);
    float *out = to + l * wide;
    if (wide >= LANES || (terms - l - LANES) * wide >= LANES) {
#pragma unroll
      for (size_t i = 0; i < LANES; i++) *(loose *)(out + i * wide) = r[i];
    } else {
      for (size_t i = 0; i < LANES; i++) {
        memcpy(out + i * wide, &r[i], fill * sizeof *out);
      }
    }
  }
  for (; l < terms; l++) {
    for (size_t i = 0; i < count; i++) to[l * wide + i] = from[i * step + l];
    for (size_t i = count; i < fill; i++) to[l * wide + i] = 0;
  }
}

/// The same for up to 8 rows of a left panel, whose `wide` is their count.
INLINE void pack_few_turned(const float *from, size_t step, size_t count, size_t terms, float *to) {
  size_t l = 0;
  // Whole vectors reach over into the next terms, which are written after.
  for (; l + 2 * 8 <= terms; l += 8) {
    eight r[8];
#pragma unroll
    for (size_t i = 0; i < 8; i++) {
      r[i] = *(const eight *)(from + (i < count ? i : count - 1) * step + l);
    }
    transpose_eight(r);
    float *out = to + l * count;
#pragma unroll
    for (size_t i = 0; i < 8; i++) *(eight *)(out + i * count) = r[i];
  }
  for (; l < terms; l++) {
    for (size_t i = 0; i < count; i++) to[l * count + i] = from[i * step + l];
  }
}

/// A panel of `rows` rows: to[term·rows + i].
INLINE void pack_left_panel(const float *from, size_t row_step, size_t term_step, size_t rows,
                            size_t terms, float *to) {
  if (term_step == 1) {
    if (rows <= 8) {
      pack_few_turned(from, row_step, rows, terms, to);
    } else {
      pack_turned(from, row_step, rows, terms, to, rows, rows);
    }
  } else if (row_step == 1) {
    size_t l = 0;
    // Whole vectors reach over into the next term, which is written after.
    for (; l + LANES < terms && term_step > 0; l++) {
      *(loose *)(to + l * rows) = *(const loose *)(from + l * term_step);
    }
    for (; l < terms; l++) {
      for (size_t i = 0; i < rows; i++) to[l * rows + i] = from[l * term_step + i];
    }
  } else {
    for (size_t l = 0; l < terms; l++) {
      for (size_t i = 0; i < rows; i++) to[l * rows + i] = from[i * row_step + l * term_step];
    }
  }
}

/// Whole panels of CK_COLUMNS columns that lie side by side: read in long runs, which takes fewer
/// pages at a time.
INLINE void pack_matrix_panels(const float *from, size_t term_step, size_t panels, size_t terms,
                               float *to) {
  for (size_t l = 0; l < terms; l++, from += term_step, to += CK_COLUMNS) {
    for (size_t p = 0; p < panels; p++) {
      const float *at = from + p * CK_COLUMNS;
      float *out = to + p * CK_COLUMNS * terms;
      for (size_t j = 0; j < CK_COLUMNS; j += LANES) *(lanes *)(out + j) = *(const loose *)(at + j);
    }
  }
}

/// A panel of `columns` columns, filled up with 0: to[term·wide + j], wide a multiple of 16.
INLINE void pack_matrix_panel(const float *from, size_t term_step, size_t column_step,
                              size_t columns, size_t wide, size_t terms, float *to) {
  if (column_step == 1) {
    if (columns == wide) {
      for (size_t l = 0; l < terms; l++, from += term_step, to += wide) {
        for (size_t j = 0; j < wide; j += LANES) *(lanes *)(to + j) = *(const loose *)(from + j);
      }
    } else {
      const size_t whole = columns / LANES * LANES, rest = columns - whole;
      const words number = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
      const words mask = number < (int32_t)rest;
      // What the whole vector may reach over into.
      size_t behind = terms ? (terms - 1) * term_step : 0;
      for (size_t l = 0; l < terms; l++, from += term_step, to += wide, behind -= term_step) {
        for (size_t j = 0; j < whole; j += LANES) *(lanes *)(to + j) = *(const loose *)(from + j);
        lanes last;
        if (behind >= LANES - rest) {
          last = (lanes)((words)*(const loose *)(from + whole) & mask);
        } else {
          read_part(&last, from + whole, rest);
        }
        *(lanes *)(to + whole) = last;
      }
    }
  } else if (term_step == 1) {
    for (size_t j = 0; j < wide; j += LANES) {
      const size_t count = columns - j < LANES ? columns - j : LANES;
      if (count == LANES) {
        pack_turned(from + j * column_step, column_step, LANES, terms, to + j, wide, LANES);
      } else {
        pack_turned(from + j * column_step, column_step, count, terms, to + j, wide, LANES);
      }
    }
  } else {
    for (size_t l = 0; l < terms; l++, from += term_step, to += wide) {
      for (size_t j = 0; j < wide; j++) to[j] = j < columns ? from[j * column_step] : 0;
    }
  }
}

#endif
