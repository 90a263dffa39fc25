// Products of matrices: blocks for the caches around the tile of registers (Goto, van de Geijn: Anatomy
// of high-performance matrix multiplication, 2008). A panel of the right operand (CK_CUT terms of 32
// columns) is packed right before it is used, and read by every panel of the left operand of a block.

#include "product.h"

#include "packing.h"
#include "patches.h"
#include "tile.h"
#include "vector.h"

enum {
  /// Columns and rows of a block: packed, both lie in the second-level cache.
  BLOCK_COLUMNS = 16 * CK_COLUMNS,
  BLOCK_ROWS = 168,
};

static size_t least(size_t a, size_t b) { return a < b ? a : b; }
static size_t parts(size_t count, size_t most) { return (count + most - 1) / most; }
static size_t filled(size_t columns) { return parts(columns, LANES) * LANES; }

/// Rows of tiles in each set: sums of rows × sides vectors, a vector of the right operand and a number
/// of the left one fill the registers.
#if defined(__aarch64__)
enum { BASELINE_ROWS = 6 };
#else
enum { BASELINE_ROWS = 3 };
#endif
enum { AVX2_ROWS = 6, AVX512_ROWS = 14 };

static size_t most_rows(ck_set set) {
  return set == CK_AVX512 ? AVX512_ROWS : set == CK_AVX2 ? AVX2_ROWS : BASELINE_ROWS;
}

/// The first row of a panel: panels differ by one row at most.
static size_t row_of(size_t panel, size_t rows, size_t panels) { return panel * rows / panels; }

/// What a tile function takes: a packed panel, or several, and the columns beside.
typedef struct {
  const float *a, *next, *b;
  size_t b_step, terms;
  float *c;
  size_t c_step;
  const ending *end;
} work;

typedef void tile_function(const work *, size_t rows);
typedef void narrow_function(const float *const *panels, const size_t *rows, const float *b,
                             size_t b_step, size_t terms, float alpha, lanes *sums, size_t count,
                             size_t columns);

/// The functions of a set that are called for a tile: of one or two vectors of columns, of few columns.
typedef struct {
  tile_function *tiles[MOST_SIDES];
  narrow_function *narrow;
} kernels;

#define ROWS(count)                                                                         \
  case count:                                                                               \
    if (count <= most) {                                                                    \
      tile(w->a, w->next, w->b, w->b_step, w->terms, w->c, w->c_step, w->end, count, sides); \
    }                                                                                       \
    break;

INLINE void tile_of(const work *w, size_t rows, const size_t most, const size_t sides) {
  switch (rows) {
    ROWS(1) ROWS(2) ROWS(3) ROWS(4) ROWS(5) ROWS(6) ROWS(7) ROWS(8) ROWS(9) ROWS(10) ROWS(11)
    ROWS(12) ROWS(13) ROWS(14)
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

/// Columns of a panel that are summed with the lanes along the rows.
static size_t narrow_of(size_t columns) {
  return columns % LANES <= NARROW ? columns % LANES : 0;
}

/// The rows of one panel times up to 32 columns.
INLINE void panel_tiles(const kernels *k, const work *given, size_t rows, size_t columns,
                        const size_t sides) {
  const ending *end = given->end;
  for (size_t j = 0; j < columns; j += sides * LANES) {
    const size_t some = least(columns - j, sides * LANES), vectors = parts(some, LANES);
    work w = *given;
    ending here = *end;
    here.column += j;
    w.b += j;
    w.c += j;
    w.end = &here;
    if (some == vectors * LANES && brief(end->epilogue)) {
      k->tiles[vectors - 1](&w, rows);
    } else {
      float sums[MOST_ROWS * WIDE] __attribute__((aligned(64)));
      const ending plain = {.alpha = end->alpha};
      w.c = sums;
      w.c_step = WIDE;
      w.end = &plain;
      k->tiles[vectors - 1](&w, rows);
      settle(sums, WIDE, rows, some, given->c + j, given->c_step, &here);
    }
  }
}

/// Panels of rows times a few columns.
INLINE void narrow_tiles(const kernels *k, const work *w, const float *const *panels,
                         const size_t *rows, size_t count, size_t columns) {
  lanes sums[TOGETHER * NARROW];
  k->narrow(panels, rows, w->b, w->b_step, w->terms, w->end->alpha, sums, count, columns);
  float *c = w->c;
  ending end = *w->end;
  for (size_t p = 0; p < count; p++) {
    const float *from = (const float *)&sums[p * columns];
    if (end.epilogue) {
      float turned[MOST_ROWS * LANES] __attribute__((aligned(64)));
      for (size_t j = 0; j < columns; j++) {
        for (size_t i = 0; i < rows[p]; i++) turned[i * LANES + j] = from[j * LANES + i];
      }
      settle(turned, LANES, rows[p], columns, c, w->c_step, &end);
    } else {
      for (size_t j = 0; j < columns; j++) {
        for (size_t i = 0; i < rows[p]; i++) {
          float *to = c + i * w->c_step + j;
          *to = end.adds ? *to + from[j * LANES + i] : from[j * LANES + i];
        }
      }
    }
    c += rows[p] * w->c_step;
    end.row += rows[p];
  }
}

/// A matrix times a vector. The result is a row of C or a column of it, elements [first, last).
typedef struct {
  const float *m, *x;
  /// From a term to the next, and from an element to the next; one of them is 1.
  size_t term_step, element_step, x_step;
  size_t first, last;
  int is_row;
} vector_work;

/// Whether the block is such a product, of operands that are not packed; or a row times a packed one.
INLINE int as_vector(const ck_product_job *job, size_t first_row, size_t last_row,
                     size_t first_column, size_t last_column, vector_work *v) {
  const ck_left *left = &job->left;
  const ck_right *right = &job->right;
  if (right->kind != CK_MATRIX) return 0;
  if (job->rows == 1) {
    *v = (vector_work){right->values, left->values,  right->term_step, right->column_step,
                       left->packed ? 1 : left->term_step, first_column, last_column, 1};
  } else if (job->columns == 1 && !left->packed) {
    *v = (vector_work){left->values, right->values, left->term_step, left->row_step,
                       right->term_step, first_row, last_row, 0};
  } else {
    return 0;
  }
  return v->term_step == 1 || v->element_step == 1;
}

/// One row of C times a panel of a packed right operand, from its first term to its last.
INLINE void packed_row(const ck_product_job *job, size_t first, size_t last) {
  const size_t depth = job->terms, x_step = job->left.packed ? 1 : job->left.term_step;
  for (size_t column = first; column < last; column += CK_COLUMNS) {
    const size_t columns = least(last - column, CK_COLUMNS), wide = filled(columns);
    const float *m = job->right.values + column * depth, *x = job->left.values;
    float *c = job->values + column;
    size_t cut = 0;
    do {
      const size_t terms = least(depth - cut, CK_CUT);
      ending end = {.adds = job->adds || cut > 0, .column = column};
      if (cut + terms == depth) end.epilogue = job->epilogue;
      lanes sums[MOST_SIDES];
      if (wide == WIDE) {
        sum_panel(m, x, x_step, terms, sums, MOST_SIDES);
      } else {
        sum_panel(m, x, x_step, terms, sums, 1);
      }
      if (job->alpha != 1) {
        for (size_t side = 0; side < wide / LANES; side++) sums[side] *= job->alpha;
      }
      settle((const float *)sums, WIDE, 1, columns, c, job->step, &end);
      m += terms * wide;
      x += terms * x_step;
      cut += terms;
    } while (cut < depth);
  }
}

INLINE void vector_product(const ck_product_job *job, const vector_work *v) {
  const size_t depth = job->terms;
  for (size_t at = v->first; at < v->last; at += RUN) {
    const size_t count = least(v->last - at, RUN);
    size_t cut = 0;
    do {
      const size_t terms = least(depth - cut, CK_CUT);
      float sums[RUN] __attribute__((aligned(64)));
      const float *m = v->m + at * v->element_step + cut * v->term_step;
      const float *x = v->x + cut * v->x_step;
      if (v->element_step == 1) {
        sum_rows(m, v->term_step, x, v->x_step, count, terms, sums);
      } else {
        for (size_t i = 0; i < count; i += LANES) {
          sum_turned(m + i * v->element_step, v->element_step, x, v->x_step,
                     least(count - i, LANES), terms, (lanes *)(sums + i));
        }
      }
      if (job->alpha != 1) {
        for (size_t i = 0; i < count; i += LANES) *(lanes *)(sums + i) *= job->alpha;
      }
      ending end = {.adds = job->adds || cut > 0};
      if (cut + terms == depth) end.epilogue = job->epilogue;
      if (v->is_row) {
        end.column = at;
        settle(sums, RUN, 1, count, job->values + at, job->step, &end);
      } else {
        for (size_t i = 0; i < count; i++) {
          const float first[LANES] __attribute__((aligned(64))) = {sums[i]};
          end.row = at + i;
          settle(first, LANES, 1, 1, job->values + (at + i) * job->step, job->step, &end);
        }
      }
      cut += terms;
    } while (cut < depth);
  }
}

INLINE void product(const kernels *k, const ck_product_job *job, size_t first_panel,
                    size_t last_panel, size_t first_column, size_t last_column, float *room,
                    const size_t most, const size_t sides) {
  const size_t m = job->rows, depth = job->terms, panels = parts(m, most);
  const ck_left *left = &job->left;
  const ck_right *right = &job->right;
  const size_t block_panels = BLOCK_ROWS / most;
  if (first_panel >= last_panel) return;
  if (m == 1 && right->kind == CK_PACKED) {
    packed_row(job, first_column, last_column);
    return;
  }
  vector_work v;
  if (as_vector(job, row_of(first_panel, m, panels), row_of(last_panel, m, panels), first_column,
                last_column, &v)) {
    vector_product(job, &v);
    return;
  }
  // Whether a right operand lies well as it is: for few rows, packing costs more than it brings. (Few
  // columns do so anyway.)
  const int as_is = right->kind == CK_MATRIX && right->column_step == 1 &&
                    last_panel - first_panel <= 2;
  float *a_room = room, *b_room = room;
  if (!left->packed) {
    const size_t rows = row_of(last_panel, m, panels) - row_of(first_panel, m, panels);
    b_room += filled(least(rows, BLOCK_ROWS) * least(depth, CK_CUT)) + LANES;
  }
  for (size_t from = first_column; from < last_column; from += BLOCK_COLUMNS) {
    const size_t to = least(last_column, from + BLOCK_COLUMNS);
    size_t cut = 0;
    do {
      const size_t terms = least(depth - cut, CK_CUT);
      ending end = {.alpha = job->alpha, .adds = job->adds || cut > 0};
      if (cut + terms == depth) end.epilogue = job->epilogue;
      for (size_t block = first_panel; block < last_panel; block += block_panels) {
        const size_t block_end = least(last_panel, block + block_panels);
        const size_t top = row_of(block, m, panels);
        for (size_t p = block; p < block_end && !left->packed; p++) {
          const size_t row = row_of(p, m, panels), rows = row_of(p + 1, m, panels) - row;
          pack_left_panel(left->values + row * left->row_step + cut * left->term_step,
                          left->row_step, left->term_step, rows, terms,
                          a_room + (row - top) * terms);
        }
        for (size_t column = from; column < to; column += CK_COLUMNS) {
          const size_t columns = least(to - column, CK_COLUMNS), wide = filled(columns);
          work w = {.terms = terms, .c_step = job->step, .end = &end};
          if (right->kind == CK_PACKED) {
            w.b = right->values + column * depth + cut * wide;
            w.b_step = wide;
          } else if (right->kind == CK_MATRIX && (as_is ? columns % LANES == 0 : columns <= NARROW) &&
                     (right->column_step == 1 || columns == 1)) {
            w.b = right->values + cut * right->term_step + column * right->column_step;
            w.b_step = right->term_step;
          } else {
            const int kept = last_panel - first_panel > block_panels;
            float *packed = b_room + (kept ? (column - from) * terms : 0);
            if (block == first_panel) {
              pack_right_panel(right, column, columns, wide, cut, terms, packed);
            }
            w.b = packed;
            w.b_step = wide;
          }
          const size_t narrow = narrow_of(columns);
          end.column = column;
          const float *some[TOGETHER];
          size_t some_rows[TOGETHER], gathered = 0;
          for (size_t p = block; p < block_end; p++) {
            const size_t row = row_of(p, m, panels), rows = row_of(p + 1, m, panels) - row;
            w.a = left->packed ? left->values + row * depth + cut * rows
                               : a_room + (row - top) * terms;
            // The next panel of rows lies behind this one, or a whole depth further.
            w.next = p + 1 == block_end ? w.a
                     : left->packed     ? w.a + rows * depth
                                        : w.a + rows * terms;
            w.c = job->values + row * job->step + column;
            end.row = row;
            panel_tiles(k, &w, rows, columns - narrow, sides);
            some[gathered] = w.a;
            some_rows[gathered++] = rows;
            if (narrow == 0 || (gathered < TOGETHER && p + 1 < block_end)) {
              gathered %= TOGETHER;
              continue;
            }
            work beside = w;
            ending few = end;
            few.row = row_of(p + 1 - gathered, m, panels);
            few.column = column + columns - narrow;
            beside.b += columns - narrow;
            beside.c = job->values + few.row * job->step + few.column;
            beside.end = &few;
            narrow_tiles(k, &beside, some, some_rows, gathered, narrow);
            gathered = 0;
          }
        }
      }
      cut += terms;
    } while (cut < depth);
  }
}

INLINE void pack_left(const ck_left *left, size_t m, size_t terms, float *packed, size_t first,
                      size_t last, const size_t most) {
  const size_t panels = parts(m, most);
  for (size_t p = first; p < last; p++) {
    const size_t row = row_of(p, m, panels), rows = row_of(p + 1, m, panels) - row;
    float *to = packed + row * terms;
    for (size_t cut = 0; cut < terms; cut += CK_CUT) {
      const size_t some = least(terms - cut, CK_CUT);
      pack_left_panel(left->values + row * left->row_step + cut * left->term_step, left->row_step,
                      left->term_step, rows, some, to + cut * rows);
    }
  }
}

INLINE void pack_right(const ck_right *right, size_t columns, size_t terms, float *packed,
                       size_t first, size_t last) {
  for (size_t panel = first; panel < last; panel++) {
    const size_t column = panel * CK_COLUMNS, some = least(columns - column, CK_COLUMNS);
    pack_right_panel(right, column, some, filled(some), 0, terms, packed + column * terms);
  }
}

INLINE void epilogue_rows(const ck_epilogue *e, size_t columns, float *values, size_t step,
                          size_t first, size_t last) {
  for (size_t i = first; i < last; i++) {
    for (size_t j = 0; j < columns; j += LANES) {
      const size_t count = least(columns - j, LANES);
      lanes x;
      read_part(&x, values + i * step + j, count);
      finish(&x, e, i, j, count);
      write_part(values + i * step + j, &x, count);
    }
  }
}

#define NARROW_OF(vector, columns)                                                       \
  case columns:                                                                          \
    if (count == TOGETHER) {                                                             \
      vector(panels, rows, b, b_step, terms, alpha, sums, TOGETHER, columns);            \
    } else {                                                                             \
      for (size_t p = 0; p < count; p++) {                                               \
        vector(panels + p, rows + p, b, b_step, terms, alpha, sums + p * columns, 1, columns); \
      }                                                                                  \
    }                                                                                    \
    break;

/// The functions compiled for one set.
#define COMPILE(name, attributes, most, sides, vector)                                             \
  attributes static void tile_1_##name(const work *w, size_t rows) { tile_of(w, rows, most, 1); }  \
  attributes static void tile_2_##name(const work *w, size_t rows) {                               \
    tile_of(w, rows, sides == 2 ? most : 0, 2);                                                    \
  }                                                                                                \
  attributes static void narrow_##name(const float *const *panels, const size_t *rows,             \
                                       const float *b, size_t b_step, size_t terms, float alpha,   \
                                       lanes *sums, size_t count, size_t columns) {                \
    switch (columns) {                                                                             \
      NARROW_OF(vector, 1)                                                                         \
      NARROW_OF(vector, 2)                                                                         \
      NARROW_OF(vector, 3)                                                                         \
      NARROW_OF(vector, 4)                                                                         \
      NARROW_OF(vector, 5)                                                                         \
      NARROW_OF(vector, 6)                                                                         \
    }                                                                                              \
  }                                                                                                \
  static const kernels kernels_##name = {{tile_1_##name, tile_2_##name}, narrow_##name};           \
  attributes static void product_##name(const ck_product_job *job, size_t first_panel,             \
                                        size_t last_panel, size_t first_column,                    \
                                        size_t last_column, float *room) {                         \
    product(&kernels_##name, job, first_panel, last_panel, first_column, last_column, room, most,  \
            sides);                                                                                \
  }                                                                                                \
  attributes static void pack_left_##name(const ck_left *left, size_t rows, size_t terms,          \
                                          float *packed, size_t first, size_t last) {              \
    pack_left(left, rows, terms, packed, first, last, most);                                       \
  }                                                                                                \
  attributes static void pack_right_##name(const ck_right *right, size_t columns, size_t terms,    \
                                           float *packed, size_t first, size_t last) {             \
    pack_right(right, columns, terms, packed, first, last);                                        \
  }                                                                                                \
  attributes static void epilogue_rows_##name(const ck_epilogue *e, size_t columns, float *values, \
                                              size_t step, size_t first, size_t last) {            \
    epilogue_rows(e, columns, values, step, first, last);                                          \
  }

#if BASELINE_ROWS > 4
COMPILE(baseline, , BASELINE_ROWS, 1, narrow_8)
#else
COMPILE(baseline, , BASELINE_ROWS, 1, narrow_4)
#endif
#if defined(__x86_64__)
COMPILE(avx2, SET_AVX2, AVX2_ROWS, 1, narrow_8)
COMPILE(avx512, SET_AVX512, AVX512_ROWS, 2, narrow_16)

#define RUN_WITH(set, function, ...)        \
  (set == CK_AVX512 ? function##_avx512     \
   : set == CK_AVX2 ? function##_avx2       \
                    : function##_baseline)(__VA_ARGS__)
#else
#define RUN_WITH(set, function, ...) ((void)set, function##_baseline(__VA_ARGS__))
#endif

size_t ck_left_panels(ck_set set, size_t rows) { return parts(rows, most_rows(set)); }

size_t ck_left_count(ck_set set, size_t rows, size_t terms) {
  (void)set;
  return filled(rows * terms) + LANES;
}

void ck_pack_left(ck_set set, const ck_left *left, size_t rows, size_t terms, float *packed,
                  size_t first, size_t last) {
  RUN_WITH(set, pack_left, left, rows, terms, packed, first, last);
}

size_t ck_right_panels(ck_set set, size_t columns) {
  (void)set;
  return parts(columns, CK_COLUMNS);
}

size_t ck_right_count(ck_set set, size_t columns, size_t terms) {
  (void)set;
  return filled(columns) * terms;
}

void ck_pack_right(ck_set set, const ck_right *right, size_t columns, size_t terms, float *packed,
                   size_t first, size_t last) {
  RUN_WITH(set, pack_right, right, columns, terms, packed, first, last);
}

size_t ck_product_room(ck_set set, const ck_product_job *job) {
  const size_t terms = least(job->terms, CK_CUT);
  size_t count = 0;
  if (!job->left.packed) count += filled(least(job->rows, BLOCK_ROWS) * terms) + LANES;
  if (job->right.kind != CK_PACKED) {
    const int kept = job->rows > BLOCK_ROWS / most_rows(set) * most_rows(set);
    count += filled(least(job->columns, kept ? BLOCK_COLUMNS : CK_COLUMNS)) * terms;
  }
  return count;
}

void ck_product(ck_set set, const ck_product_job *job, size_t first_panel, size_t last_panel,
                size_t first_column, size_t last_column, float *room) {
  RUN_WITH(set, product, job, first_panel, last_panel, first_column, last_column, room);
}

void ck_product_all(ck_set set, const ck_product_job *job, float *room) {
  ck_product(set, job, 0, ck_left_panels(set, job->rows), 0, job->columns, room);
}

void ck_epilogue_rows(ck_set set, const ck_epilogue *epilogue, size_t columns, float *values,
                      size_t step, size_t first, size_t last) {
  RUN_WITH(set, epilogue_rows, epilogue, columns, values, step, first, last);
}
