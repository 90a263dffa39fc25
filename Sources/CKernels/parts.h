// Vectors cut by the end of an array: `count` numbers of one, never a byte more.
#ifndef CKERNELS_PARTS_H
#define CKERNELS_PARTS_H

#include "lanes.h"

typedef float eight __attribute__((vector_size(32), aligned(4)));
typedef float four __attribute__((vector_size(16), aligned(4)));
typedef float two __attribute__((vector_size(8), aligned(4)));

/// Copies up to 15 numbers by halves.
INLINE void copy_part(float *to, const float *from, size_t count) {
  if (count & 8) {
    *(eight *)to = *(const eight *)from;
    to += 8, from += 8;
  }
  if (count & 4) {
    *(four *)to = *(const four *)from;
    to += 4, from += 4;
  }
  if (count & 2) {
    *(two *)to = *(const two *)from;
    to += 2, from += 2;
  }
  if (count & 1) *to = *from;
}

/// A vector whose lanes from `count` on are 0.
INLINE void read_part(lanes *x, const float *from, size_t count) {
  if (count >= LANES) {
    *x = *(const loose *)from;
  } else {
    *x = (lanes){0};
    copy_part((float *)x, from, count);
  }
}

INLINE void write_part(float *to, const lanes *x, size_t count) {
  if (count >= LANES) {
    *(loose *)to = *x;
  } else {
    copy_part(to, (const float *)x, count);
  }
}

#endif
