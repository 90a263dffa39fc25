// What of a product is compiled once a set, as the rest of it calls it.
#ifndef CKERNELS_PRODUCT_KERNELS_H
#define CKERNELS_PRODUCT_KERNELS_H

#include "lanes.h"
#include "product.h"

enum {
  /// The most rows and vectors of columns of a tile in any set.
  MOST_ROWS = 14,
  MOST_SIDES = 2,
  WIDE = MOST_SIDES * LANES,
  /// Columns that are left over behind whole vectors are summed with the lanes along the rows when
  /// they are this few.
  NARROW = 6,
  /// The most rows of a tile that reads a sample itself.
  MOST_DIRECT = 8,
  /// Panels of rows that are then summed at the same time.
  TOGETHER = 4,
};

static inline size_t parts(size_t count, size_t most) { return (count + most - 1) / most; }
static inline size_t filled(size_t columns) { return parts(columns, LANES) * LANES; }

/// What becomes of the sums of a tile whose first element is C[row][column].
typedef struct {
  float alpha;
  /// Whether they are added to what C holds.
  int adds;
  /// Runs behind the last cut.
  const ck_epilogue *epilogue;
  size_t row, column;
} ending;

/// Whether a tile does an epilogue in registers.
static inline int brief(const ck_epilogue *e) { return !e || e->activation <= CK_CLIP; }

/// What a tile function takes: a packed panel of rows, the one that follows, the columns beside,
/// and the place in C.
typedef struct {
  const float *a, *next, *b;
  size_t b_step, terms;
  float *c;
  size_t c_step;
  const ending *end;
  /// Of products that read a sample itself: where each term's columns begin, and how many columns
  /// the second vector is behind the first.
  const size_t *taps;
  size_t apart;
} work;

/// A matrix times a vector. The result is a row of C or a column of it, elements [first, last).
typedef struct {
  const float *m, *x;
  /// From a term to the next, and from an element to the next; one of them is 1.
  size_t term_step, element_step, x_step;
  size_t first, last;
  int is_row;
} vector_work;

/// What `settle` of tile.h does.
typedef void settling(const float *sums, size_t step, size_t rows, size_t columns, float *c,
                      size_t c_step, const ending *end);

/// The functions of a set. Tiles have up to `rows` rows and `sides` vectors of columns.
typedef struct {
  size_t rows, sides;
  /// A tile of one vector of columns, of two.
  void (*tile[MOST_SIDES])(const work *, size_t rows);
  /// A tile of `sides` vectors that reads a sample itself.
  void (*direct)(const work *, size_t rows);
  void (*narrow)(const float *const *panels, const size_t *rows, const float *b, size_t b_step,
                 size_t terms, float alpha, lanes *sums, size_t count, size_t columns);
  settling *settle;
  void (*pack_left)(const float *from, size_t row_step, size_t term_step, size_t rows, size_t terms,
                    float *to);
  void (*pack_right)(const ck_right *right, size_t first, size_t last, size_t from, size_t terms,
                     float *to);
  /// Products that need no tiles: of a vector, of a row and a packed right operand.
  void (*vector)(const ck_product_job *job, const vector_work *v);
  void (*packed_row)(const ck_product_job *job, size_t first, size_t last);
} product_kernels;

const product_kernels *ck_product_kernels(ck_set set);

#endif
