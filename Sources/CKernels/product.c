// Products of matrices: blocks for the caches around the tile of registers (Goto, van de Geijn:
// Anatomy of high-performance matrix multiplication, 2008). A panel of the right operand (CK_CUT
// terms of 32 columns) is packed right before it is used, and read by every panel of the left
// operand of a block.

#include "product.h"

#include "product_kernels.h"

enum {
  /// Columns and rows of a block: packed, both lie in the second-level cache.
  BLOCK_COLUMNS = 16 * CK_COLUMNS,
  BLOCK_ROWS = 168,
  /// Columns of a matrix that are packed at once.
  RUN_COLUMNS = 4 * CK_COLUMNS,
};

/// Rows shared out to panels: the first `more` of them have one row more than `each`.
typedef struct {
  size_t panels, each, more;
} share;

static share share_of(const product_kernels *k, size_t rows) {
  const size_t panels = parts(rows, k->rows);
  return panels ? (share){panels, rows / panels, rows % panels} : (share){0};
}

/// The first row of a panel.
static size_t row_of(const share *s, size_t panel) {
  return panel * s->each + least(panel, s->more);
}

/// Columns of a panel that are summed with the lanes along the rows.
static size_t narrow_of(size_t columns) {
  return columns % LANES <= NARROW ? columns % LANES : 0;
}

/// The rows of one panel times columns of a panel of the right operand, at whose first both are; they move
/// on with it.
static void panel_tiles(const product_kernels *k, work *w, ending *end, size_t rows,
                        size_t columns) {
  const size_t wide = k->sides * LANES;
  const int is_brief = brief(end->epilogue);
  for (size_t j = 0; j < columns; j += wide) {
    const size_t some = least(columns - j, wide), vectors = parts(some, LANES);
    if (some == vectors * LANES && is_brief) {
      k->tile[vectors - 1](w, rows);
    } else {
      float sums[MOST_ROWS * WIDE] __attribute__((aligned(64)));
      const ending plain = {.alpha = end->alpha};
      work alone = *w;
      alone.c = sums;
      alone.c_step = WIDE;
      alone.end = &plain;
      k->tile[vectors - 1](&alone, rows);
      k->settle(sums, WIDE, rows, some, w->c, w->c_step, end);
    }
    w->b += some;
    w->c += some;
    end->column += some;
  }
}

/// Panels of rows times a few columns.
static void narrow_tiles(const product_kernels *k, const work *w, const float *const *panels,
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
      k->settle(turned, LANES, rows[p], columns, c, w->c_step, &end);
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

/// Whether the block is such a product, of operands that are not packed; or a row times a packed
/// one.
static int as_vector(const ck_product_job *job, size_t first_row, size_t last_row,
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

/// The panels of rows of a block times the columns of one panel.
typedef struct {
  const product_kernels *k;
  const ck_product_job *job;
  share rows;
  /// The panels of this block.
  size_t first, last;
  /// The terms of this cut.
  size_t cut, terms;
  /// Where the block's rows are packed unless they came so.
  float *room;
} block;

static size_t first_row(const block *b, size_t panel) { return row_of(&b->rows, panel); }

static const float *panel_at(const block *b, size_t panel) {
  const size_t row = first_row(b, panel), rows = first_row(b, panel + 1) - row;
  return b->job->left.packed ? b->job->left.values + row * b->job->terms + b->cut * rows
                             : b->room + (row - first_row(b, b->first)) * b->terms;
}

static void pack_rows(const block *b) {
  const ck_left *left = &b->job->left;
  for (size_t p = b->first; p < b->last; p++) {
    const size_t row = first_row(b, p);
    b->k->pack_left(left->values + row * left->row_step + b->cut * left->term_step, left->row_step,
                    left->term_step, first_row(b, p + 1) - row, b->terms,
                    b->room + (row - first_row(b, b->first)) * b->terms);
  }
}

/// `right` and `right_step` are where the panel's columns lie, which begin with C's end->column.
static void block_tiles(const block *b, const float *right, size_t right_step, size_t columns,
                        const ending *given) {
  const size_t narrow = narrow_of(columns), whole = columns - narrow, step = b->job->step;
  const float *together[TOGETHER];
  size_t together_rows[TOGETHER], gathered = 0;
  ending end = *given;
  work w = {.b_step = right_step, .terms = b->terms, .c_step = step, .end = &end};
  size_t row = first_row(b, b->first);
  w.next = panel_at(b, b->first);
  for (size_t p = b->first; p < b->last; p++) {
    const size_t rows = first_row(b, p + 1) - row;
    w.a = w.next;
    if (p + 1 < b->last) w.next = panel_at(b, p + 1);
    w.b = right;
    w.c = b->job->values + row * step + given->column;
    end.row = row;
    end.column = given->column;
    panel_tiles(b->k, &w, &end, rows, whole);
    row += rows;
    if (narrow == 0) continue;
    together[gathered] = w.a;
    together_rows[gathered++] = rows;
    if (gathered < TOGETHER && p + 1 < b->last) continue;
    end.row = first_row(b, p + 1 - gathered);
    end.column = given->column + whole;
    w.b = right + whole;
    w.c = b->job->values + end.row * step + end.column;
    narrow_tiles(b->k, &w, together, together_rows, gathered, narrow);
    gathered = 0;
  }
}

/// Where columns [column, column + columns) of the right operand lie as they are, if that is well:
/// for few rows packing them costs more than it brings, and few columns are read one by one anyway.
static const float *as_is(const ck_right *right, int few_rows, size_t cut, size_t column,
                          size_t columns) {
  if (right->kind != CK_MATRIX || (right->column_step != 1 && columns != 1)) return NULL;
  if (few_rows ? columns % LANES != 0 : columns > NARROW) return NULL;
  return right->values + cut * right->term_step + column * right->column_step;
}

/// Whether all windows lie within the sample.
static int within(size_t out, size_t stride, size_t kernel, size_t dilation, size_t size) {
  return out > 0 && (out - 1) * stride + (kernel - 1) * dilation < size;
}

/// Whether columns of patches are read in the sample itself, a row of the output at a time: no
/// pads, steps of 1 along a row of a vector at least, one cut, and few rows to gather patches for.
/// The last vectors of a row reach back over columns that have been done; where they would do a
/// third again, gathering is better unless there are few taps.
static int reads_itself(const block *b) {
  const ck_product_job *job = b->job;
  const ck_patches *p = job->right.patches;
  if (job->right.kind != CK_PATCHES || job->terms > CK_CUT || job->adds) return 0;
  if (!brief(job->epilogue) || (job->epilogue && job->epilogue->residual)) return 0;
  if (b->rows.each + (b->rows.more > 0) > MOST_DIRECT) return 0;
  const size_t wide = b->k->sides * LANES, done = parts(p->out_width, wide) * wide;
  if (job->terms > 32 && done * 3 > p->out_width * 4) return 0;
  return p->stride_width == 1 && p->out_width >= LANES && p->pad_front == 0 && p->pad_top == 0 &&
         p->pad_left == 0 &&
         within(p->out_depth, p->stride_depth, p->kernel_depth, p->dilation_depth, p->depth) &&
         within(p->out_height, p->stride_height, p->kernel_height, p->dilation_height, p->height) &&
         within(p->out_width, 1, p->kernel_width, p->dilation_width, p->width);
}

/// The panels of a block times all columns of such patches.
static void direct_tiles(const block *b) {
  const ck_product_job *job = b->job;
  const ck_patches *q = job->right.patches;
  size_t taps[CK_CUT], count = 0;
  for (size_t c = 0; c < q->channels; c++) {
    for (size_t z = 0; z < q->kernel_depth; z++) {
      for (size_t y = 0; y < q->kernel_height; y++) {
        const size_t plane = c * q->depth + z * q->dilation_depth;
        const size_t line = (plane * q->height + y * q->dilation_height) * q->width;
        for (size_t x = 0; x < q->kernel_width; x++) taps[count++] = line + x * q->dilation_width;
      }
    }
  }
  const size_t wide = b->k->sides * LANES, back = q->out_width - LANES;
  for (size_t line = 0; line < q->out_depth * q->out_height; line++) {
    const size_t z = line / q->out_height * q->stride_depth;
    const size_t y = line % q->out_height * q->stride_height;
    const float *values = q->values + (z * q->height + y) * q->width;
    for (size_t x = 0; x < q->out_width; x += wide) {
      const size_t first = least(x, back), column = line * q->out_width + first;
      for (size_t p = b->first; p < b->last; p++) {
        const size_t row = first_row(b, p);
        const ending end = {
            .alpha = job->alpha, .epilogue = job->epilogue, .row = row, .column = column};
        const work w = {.a = panel_at(b, p),
                        .b = values + first,
                        .terms = job->terms,
                        .c = job->values + row * job->step + column,
                        .c_step = job->step,
                        .end = &end,
                        .taps = taps,
                        .apart = least(x + LANES, back) - first};
        b->k->direct(&w, first_row(b, p + 1) - row);
      }
    }
  }
}

static void product(const product_kernels *k, const ck_product_job *job, size_t first_panel,
                    size_t last_panel, size_t first_column, size_t last_column, float *room) {
  const ck_right *right = &job->right;
  const size_t depth = job->terms, block_panels = BLOCK_ROWS / k->rows;
  block b = {.k = k, .job = job, .rows = share_of(k, job->rows), .room = room};
  if (first_panel >= last_panel) return;
  const size_t rows = first_row(&b, last_panel) - first_row(&b, first_panel);
  if (job->rows == 1 && right->kind == CK_PACKED) {
    k->packed_row(job, first_column, last_column);
    return;
  }
  vector_work v;
  if (as_vector(job, first_row(&b, first_panel), first_row(&b, first_panel) + rows, first_column,
                last_column, &v)) {
    k->vector(job, &v);
    return;
  }
  if (first_column == 0 && last_column == job->columns && reads_itself(&b)) {
    b.terms = depth;
    for (b.first = first_panel; b.first < last_panel; b.first = b.last) {
      b.last = least(last_panel, b.first + block_panels);
      if (!job->left.packed) pack_rows(&b);
      direct_tiles(&b);
    }
    return;
  }
  // Rows of a matrix are read in long runs. Another block of rows finds the panels as the first one
  // left them.
  const int few_rows = last_panel - first_panel <= 2;
  const size_t at_once = right->kind == CK_MATRIX && right->column_step == 1 && !few_rows
                             ? RUN_COLUMNS
                             : CK_COLUMNS;
  const size_t kept = last_panel - first_panel > block_panels ? BLOCK_COLUMNS : at_once;
  if (!job->left.packed) room += filled(least(rows, BLOCK_ROWS) * least(depth, CK_CUT)) + LANES;
  for (size_t from = first_column; from < last_column; from += BLOCK_COLUMNS) {
    const size_t to = least(last_column, from + BLOCK_COLUMNS);
    b.cut = 0;
    do {
      b.terms = least(depth - b.cut, CK_CUT);
      ending end = {.alpha = job->alpha, .adds = job->adds || b.cut > 0};
      if (b.cut + b.terms == depth) end.epilogue = job->epilogue;
      for (b.first = first_panel; b.first < last_panel; b.first = b.last) {
        b.last = least(last_panel, b.first + block_panels);
        if (!job->left.packed) pack_rows(&b);
        for (size_t column = from; column < to; column += CK_COLUMNS) {
          const size_t columns = least(to - column, CK_COLUMNS), wide = filled(columns);
          end.column = column;
          const float *lies = as_is(right, few_rows, b.cut, column, columns);
          if (right->kind == CK_PACKED) {
            block_tiles(&b, right->values + column * depth + b.cut * wide, wide, columns, &end);
          } else if (lies) {
            block_tiles(&b, lies, right->term_step, columns, &end);
          } else {
            float *packed = room + (column - from) % kept * b.terms;
            if (b.first == first_panel && (column - from) % at_once == 0) {
              k->pack_right(right, column, least(to, column + at_once), b.cut, b.terms, packed);
            }
            block_tiles(&b, packed, wide, columns, &end);
          }
        }
      }
      b.cut += b.terms;
    } while (b.cut < depth);
  }
}

size_t ck_left_panels(ck_set set, size_t rows) {
  return parts(rows, ck_product_kernels(set)->rows);
}

size_t ck_left_count(ck_set set, size_t rows, size_t terms) {
  (void)set;
  return filled(rows * terms) + LANES;
}

void ck_pack_left(ck_set set, const ck_left *left, size_t rows, size_t terms, float *packed,
                  size_t first, size_t last) {
  const product_kernels *k = ck_product_kernels(set);
  const share s = share_of(k, rows);
  for (size_t p = first; p < last; p++) {
    const size_t row = row_of(&s, p), some = row_of(&s, p + 1) - row;
    k->pack_left(left->values + row * left->row_step, left->row_step, left->term_step, some, terms,
                 packed + row * terms);
  }
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
  const size_t from = first * CK_COLUMNS, to = least(columns, last * CK_COLUMNS);
  for (size_t column = from; column < to; column += RUN_COLUMNS) {
    ck_product_kernels(set)->pack_right(right, column, least(to, column + RUN_COLUMNS), 0, terms,
                                        packed + column * terms);
  }
}

size_t ck_product_room(ck_set set, const ck_product_job *job) {
  const size_t terms = least(job->terms, CK_CUT), most = ck_product_kernels(set)->rows;
  size_t count = 0;
  if (!job->left.packed) count += filled(least(job->rows, BLOCK_ROWS) * terms) + LANES;
  if (job->right.kind != CK_PACKED) {
    const int kept = job->rows > BLOCK_ROWS / most * most;
    count += filled(least(job->columns, kept ? BLOCK_COLUMNS : RUN_COLUMNS)) * terms;
  }
  return count;
}

void ck_product(ck_set set, const ck_product_job *job, size_t first_panel, size_t last_panel,
                size_t first_column, size_t last_column, float *room) {
  product(ck_product_kernels(set), job, first_panel, last_panel, first_column, last_column, room);
}

void ck_product_all(ck_set set, const ck_product_job *job, float *room) {
  ck_product(set, job, 0, ck_left_panels(set, job->rows), 0, job->columns, room);
}
