#ifndef CKERNELS_PRODUCT_H
#define CKERNELS_PRODUCT_H

#include <stddef.h>

#include "convolution.h"
#include "epilogue.h"
#include "sets.h"

// Products of matrices of float32: C[rows × columns] = A[rows × terms]·B[terms × columns].
//
// Every form of the product (packed or not, a vector or a matrix, whole or cut into tasks) makes an
// element of C by the same operations: terms are cut at multiples of CK_CUT; a cut's sum starts at
// zero and goes over its terms in their order by fused multiply-adds; it is multiplied by alpha
// unless that is 1; the first cut's sum is what is stored (or, with `adds`, is added to what C
// held), each following one is added to that; then the epilogue runs. With fused multiply-adds in
// hardware the bits depend on nothing but the numbers.

enum {
  /// Terms that are summed before they meet C.
  CK_CUT = 384,
  /// Columns are packed in panels of this many at most; tasks that share a product's columns begin
  /// at multiples of it.
  CK_COLUMNS = 32,
};

/// The left operand: `values[row·row_step + term·term_step]`, or what `ck_pack_left` made of it.
typedef struct {
  const float *values;
  size_t row_step, term_step;
  int packed;
} ck_left;

typedef enum {
  /// `values[term·term_step + column·column_step]`; one of the steps should be 1.
  CK_MATRIX,
  /// What `ck_pack_right` made.
  CK_PACKED,
  /// A term is a tap (channel, then kernel cell), a column an output cell of `patches`.
  CK_PATCHES,
  /// A term is an output cell, a column a tap: for the gradient of a convolution's weights.
  CK_TAPS,
} ck_right_kind;

typedef struct {
  ck_right_kind kind;
  const float *values;
  size_t term_step, column_step;
  const ck_patches *patches;
} ck_right;

typedef struct {
  size_t rows, columns, terms;
  ck_left left;
  ck_right right;
  /// C[row·step + column]; overlaps no operand.
  float *values;
  size_t step;
  /// Whether sums are added to what C holds.
  int adds;
  /// Factor of the product; 1 costs nothing.
  float alpha;
  /// NULL: none. Its pointers are those of row 0 and column 0 of C.
  const ck_epilogue *epilogue;
} ck_product_job;

/// The panels which the rows of a left operand make; tasks may share them out.
size_t ck_left_panels(ck_set set, size_t rows);

/// How many numbers a packed left operand holds, with a margin behind it that is read and not used.
size_t ck_left_count(ck_set set, size_t rows, size_t terms);

/// Packs panels [first, last) of a left operand. `packed` starts at a multiple of 64 bytes.
void ck_pack_left(ck_set set, const ck_left *left, size_t rows, size_t terms, float *packed,
                  size_t first, size_t last);

/// The panels of CK_COLUMNS columns or fewer of a right operand, and how many numbers they hold
/// packed.
size_t ck_right_panels(ck_set set, size_t columns);
size_t ck_right_count(ck_set set, size_t columns, size_t terms);

/// Packs panels [first, last) of a right operand of any kind.
void ck_pack_right(ck_set set, const ck_right *right, size_t columns, size_t terms, float *packed,
                   size_t first, size_t last);

/// Numbers of room that each task of this product needs, at a multiple of 64 bytes.
size_t ck_product_room(ck_set set, const ck_product_job *job);

/// Computes a block of C: the rows of panels [first_panel, last_panel) of the left operand, and
/// columns [first_column, last_column), where the first is a multiple of CK_COLUMNS and the last
/// one too, or the end. Blocks of one product may be computed at the same time.
void ck_product(ck_set set, const ck_product_job *job, size_t first_panel, size_t last_panel,
                size_t first_column, size_t last_column, float *room);

/// The whole product.
void ck_product_all(ck_set set, const ck_product_job *job, float *room);

#endif
