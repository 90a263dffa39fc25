// The parts of a product that are compiled once a set.

#include "product_kernels.h"

#include "packing.h"
#include "patches.h"
#include "tile.h"
#include "vector.h"

#define ROWS(count)                                                                               \
  case count:                                                                                     \
    if (count <= most) {                                                                          \
      tile(w->a, w->next, w->b, w->b_step, NULL, LANES, w->terms, w->c, w->c_step, w->end, count, \
           sides);                                                                                \
    }                                                                                             \
    break;

INLINE void tile_of(const work *w, size_t rows, const size_t most, const size_t sides) {
  switch (rows) {
    ROWS(1) ROWS(2) ROWS(3) ROWS(4) ROWS(5) ROWS(6) ROWS(7) ROWS(8) ROWS(9) ROWS(10) ROWS(11)
    ROWS(12) ROWS(13) ROWS(14)
  }
}

#define DIRECT(count)                                                                             \
  case count:                                                                                     \
    if (count <= most) {                                                                          \
      tile(w->a, w->a, w->b, 0, w->taps, w->apart, w->terms, w->c, w->c_step, w->end, count,      \
           sides);                                                                                \
    }                                                                                             \
    break;

INLINE void direct_of(const work *w, size_t rows, const size_t most, const size_t sides) {
  switch (rows) {
    DIRECT(1) DIRECT(2) DIRECT(3) DIRECT(4) DIRECT(5) DIRECT(6) DIRECT(7) DIRECT(8)
  }
}

INLINE void pack_right_panel(const ck_right *right, size_t column, size_t columns, size_t wide,
                             size_t from, size_t terms, float *to) {
  switch (right->kind) {
    case CK_MATRIX:
      pack_matrix_panel(right->values + from * right->term_step + column * right->column_step,
                        right->term_step, right->column_step, columns, wide, terms, to);
      break;
    case CK_PATCHES:
      pack_patches_panel(right->patches, column, columns, wide, from, terms, to);
      break;
    case CK_TAPS: pack_taps_panel(right->patches, column, columns, wide, from, terms, to); break;
    case CK_PACKED: break;
  }
}

/// Packs columns [first, last), the first panel of which begins at the first.
INLINE void pack_panels(const ck_right *right, size_t first, size_t last, size_t from, size_t terms,
                        float *to) {
  size_t column = first;
  if (right->kind == CK_MATRIX && right->column_step == 1) {
    const size_t panels = (last - first) / CK_COLUMNS;
    pack_matrix_panels(right->values + from * right->term_step + first, right->term_step, panels,
                       terms, to);
    column += panels * CK_COLUMNS;
  }
  for (; column < last; column += CK_COLUMNS) {
    const size_t columns = least(last - column, CK_COLUMNS);
    pack_right_panel(right, column, columns, filled(columns), from, terms,
                     to + (column - first) * terms);
  }
}

/// Brings the elements [at, at + count) of a vector to C.
INLINE void settle_vector(const ck_product_job *job, const vector_work *v, const float *total,
                          size_t at, size_t count, settling *settled) {
  ending end = {.epilogue = job->epilogue};
  if (v->is_row) {
    end.column = at;
    settled(total, RUN, 1, count, job->values + at, job->step, &end);
    return;
  }
  for (size_t i = 0; i < count; i++) {
    const float first[LANES] __attribute__((aligned(64))) = {total[i]};
    end.row = at + i;
    settled(first, LANES, 1, 1, job->values + end.row * job->step, job->step, &end);
  }
}

/// Fewer elements than a vector, side by side.
INLINE void few_elements(const ck_product_job *job, const vector_work *v, size_t at, size_t count,
                         settling *settled) {
  const size_t depth = job->terms, c_step = v->is_row ? 1 : job->step;
  lanes total = {0};
  if (job->adds) {
    for (size_t i = 0; i < count; i++) total[i] = job->values[(at + i) * c_step];
  }
  // Whole vectors reach over into the terms that follow.
  const size_t over = v->term_step ? parts(LANES - count, v->term_step) : depth;
  sum_columns(v->m + at, v->term_step, v->x, v->x_step, depth, depth > over ? depth - over : 0,
              count, job->alpha, job->adds, &total, 1);
  settle_vector(job, v, (const float *)&total, at, count, settled);
}

/// Elements side by side are summed RUN at a time, rows whose terms lie side by side TURNED at a
/// time: all their terms, so that the matrix is read in long runs.
INLINE void vector_product(const ck_product_job *job, const vector_work *v, settling *settled,
                           const int wide) {
  const size_t depth = job->terms, c_step = v->is_row ? 1 : job->step;
  // Beyond what a second-level cache holds.
  const int far = depth * v->term_step > 1 << 17;
  for (size_t at = v->first, count; at < v->last; at += count) {
    count = least(v->last - at, v->element_step == 1 ? RUN : TURNED);
    if (v->element_step == 1) {
      if (count < LANES) {
        few_elements(job, v, at, count, settled);
        return;
      }
      count -= count % LANES;
    }
    float total[RUN] __attribute__((aligned(64))), sums[RUN] __attribute__((aligned(64)));
    size_t cut = 0;
    do {
      const size_t terms = least(depth - cut, CK_CUT);
      const float *m = v->m + at * v->element_step + cut * v->term_step;
      const float *x = v->x + cut * v->x_step;
      float *into = cut ? sums : total;
      if (v->element_step == 1 && far) {
        sum_rows(m, v->term_step, x, v->x_step, count, terms, into, 1);
      } else if (v->element_step == 1) {
        sum_rows(m, v->term_step, x, v->x_step, count, terms, into, 0);
      } else if (count == TURNED) {
        sum_turned(m, v->element_step, x, v->x_step, terms, into, wide);
      } else if (count > 8) {
        sum_few_turned(m, v->element_step, x, v->x_step, count, terms, into, 2);
      } else {
        sum_few_turned(m, v->element_step, x, v->x_step, count, terms, into, 1);
      }
      if (job->alpha != 1) {
        for (size_t i = 0; i < count; i += LANES) *(lanes *)(into + i) *= job->alpha;
      }
      if (cut > 0) {
        for (size_t i = 0; i < count; i += LANES) *(lanes *)(total + i) += *(lanes *)(sums + i);
      } else if (job->adds) {
        const float *c = job->values + at * c_step;
        for (size_t i = 0; i < count; i++) total[i] = c[i * c_step] + total[i];
      }
      cut += terms;
    } while (cut < depth);
    settle_vector(job, v, total, at, count, settled);
  }
}

/// One row of C times a panel of a packed right operand, from its first term to its last.
INLINE void packed_row(const ck_product_job *job, size_t first, size_t last, settling *settled) {
  const size_t depth = job->terms, x_step = job->left.packed ? 1 : job->left.term_step;
  for (size_t column = first; column < last; column += CK_COLUMNS) {
    const size_t columns = least(last - column, CK_COLUMNS), wide = filled(columns);
    const float *m = job->right.values + column * depth, *x = job->left.values;
    float *c = job->values + column;
    lanes total[MOST_SIDES] = {0};
    if (job->adds) memcpy(total, c, columns * sizeof *c);
    if (wide == WIDE) {
      sum_columns(m, wide, x, x_step, depth, depth, 0, job->alpha, job->adds, total, MOST_SIDES);
    } else {
      sum_columns(m, wide, x, x_step, depth, depth, 0, job->alpha, job->adds, total, 1);
    }
    const ending end = {.epilogue = job->epilogue, .column = column};
    settled((const float *)total, WIDE, 1, columns, c, job->step, &end);
  }
}

#define NARROW_OF(vector, columns)                                                             \
  case columns:                                                                                \
    if (count == TOGETHER) {                                                                   \
      vector(panels, rows, b, b_step, terms, alpha, sums, TOGETHER, columns);                  \
    } else {                                                                                   \
      for (size_t p = 0; p < count; p++) {                                                     \
        vector(panels + p, rows + p, b, b_step, terms, alpha, sums + p * columns, 1, columns); \
      }                                                                                        \
    }                                                                                          \
    break;

/// The functions compiled for one set: tiles of up to `most` rows and `sides` vectors, and the
/// vector that holds a panel's rows.
#define COMPILE(name, attributes, most, sides, narrow_vector)                                      \
  attributes static void tile_1_##name(const work *w, size_t rows) { tile_of(w, rows, most, 1); }  \
  attributes static void tile_2_##name(const work *w, size_t rows) {                               \
    tile_of(w, rows, sides == 2 ? most : 0, 2);                                                    \
  }                                                                                                \
  attributes static void direct_##name(const work *w, size_t rows) {                               \
    direct_of(w, rows, most, sides);                                                               \
  }                                                                                                \
  attributes static void narrow_##name(const float *const *panels, const size_t *rows,             \
                                       const float *b, size_t b_step, size_t terms, float alpha,   \
                                       lanes *sums, size_t count, size_t columns) {                \
    switch (columns) {                                                                             \
      NARROW_OF(narrow_vector, 1)                                                                  \
      NARROW_OF(narrow_vector, 2)                                                                  \
      NARROW_OF(narrow_vector, 3)                                                                  \
      NARROW_OF(narrow_vector, 4)                                                                  \
      NARROW_OF(narrow_vector, 5)                                                                  \
      NARROW_OF(narrow_vector, 6)                                                                  \
    }                                                                                              \
  }                                                                                                \
  attributes static void settle_##name(const float *sums, size_t step, size_t rows,                \
                                       size_t columns, float *c, size_t c_step,                    \
                                       const ending *end) {                                        \
    settle(sums, step, rows, columns, c, c_step, end);                                             \
  }                                                                                                \
  attributes static void pack_left_##name(const float *from, size_t row_step, size_t term_step,    \
                                          size_t rows, size_t terms, float *to) {                  \
    pack_left_panel(from, row_step, term_step, rows, terms, to);                                   \
  }                                                                                                \
  attributes static void pack_right_##name(const ck_right *right, size_t first, size_t last,       \
                                           size_t from, size_t terms, float *to) {                 \
    pack_panels(right, first, last, from, terms, to);                                              \
  }                                                                                                \
  attributes static void vector_##name(const ck_product_job *job, const vector_work *v) {          \
    vector_product(job, v, settle_##name, sides == 2);                                             \
  }                                                                                                \
  attributes static void packed_row_##name(const ck_product_job *job, size_t first, size_t last) { \
    packed_row(job, first, last, settle_##name);                                                   \
  }                                                                                                \
  static const product_kernels kernels_##name = {                                                  \
      most,           sides,          {tile_1_##name, tile_2_##name}, direct_##name,               \
      narrow_##name,  settle_##name,  pack_left_##name,               pack_right_##name,           \
      vector_##name,  packed_row_##name};

// Sums of rows × sides vectors, a vector of the right operand and a number of the left one fill the
// registers: sixteen of four numbers, thirty-two of four, sixteen of eight, thirty-two of sixteen.
#if defined(__aarch64__)
COMPILE(baseline, , 6, 1, narrow_8)
#else
COMPILE(baseline, , 3, 1, narrow_4)
#endif
#if defined(__x86_64__)
COMPILE(avx2, SET_AVX2, 6, 1, narrow_8)
COMPILE(avx512, SET_AVX512, 14, 2, narrow_16)

const product_kernels *ck_product_kernels(ck_set set) {
  return set == CK_AVX512 ? &kernels_avx512 : set == CK_AVX2 ? &kernels_avx2 : &kernels_baseline;
}
#else
const product_kernels *ck_product_kernels(ck_set set) {
  (void)set;
  return &kernels_baseline;
}
#endif
