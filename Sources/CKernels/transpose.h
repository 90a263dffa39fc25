// Sixteen vectors of sixteen numbers as a matrix.
#ifndef CKERNELS_TRANSPOSE_H
#define CKERNELS_TRANSPOSE_H

#include "lanes.h"
#include "parts.h"

#define PAIR(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#define FOUR(i) 4 * (i), 4 * (i) + 1, 4 * (i) + 2, 4 * (i) + 3
#define QUARTERS(a, b, i, j) PAIR(a, b, FOUR(i), FOUR(j), FOUR(i + 4), FOUR(j + 4))

/// Turns 16 vectors of 16 numbers into the columns of the matrix whose rows they are.
INLINE void transpose(const lanes from[LANES], lanes to[LANES]) {
  lanes t[LANES], r[LANES];
#pragma unroll
  for (int i = 0; i < LANES; i += 2) {
    t[i] = PAIR(from[i], from[i + 1], 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
    t[i + 1] = PAIR(from[i], from[i + 1], 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
  }
#pragma unroll
  for (int i = 0; i < LANES; i += 4) {
#pragma unroll
    for (int j = 0; j < 2; j++) {
      const lanes a = t[i + j], b = t[i + j + 2];
      r[i + 2 * j] = PAIR(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
      r[i + 2 * j + 1] = PAIR(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
    }
  }
  // Row i of each group of four now holds columns i, i + 4, i + 8, i + 12 of its rows.
#pragma unroll
  for (int i = 0; i < 4; i++) {
    const lanes a = r[i], b = r[i + 4], c = r[i + 8], d = r[i + 12];
    const lanes ab = QUARTERS(a, b, 0, 2), cd = QUARTERS(c, d, 0, 2);
    const lanes ba = QUARTERS(a, b, 1, 3), dc = QUARTERS(c, d, 1, 3);
    to[i] = QUARTERS(ab, cd, 0, 2);
    to[i + 4] = QUARTERS(ba, dc, 0, 2);
    to[i + 8] = QUARTERS(ab, cd, 1, 3);
    to[i + 12] = QUARTERS(ba, dc, 1, 3);
  }
}

/// Turns eight vectors of eight, in place.
INLINE void transpose_eight(eight r[8]) {
  eight t[8];
#pragma unroll
  for (int i = 0; i < 8; i += 2) {
    t[i] = PAIR(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    t[i + 1] = PAIR(r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
#pragma unroll
  for (int i = 0; i < 8; i += 4) {
#pragma unroll
    for (int j = 0; j < 2; j++) {
      const eight a = t[i + j], b = t[i + j + 2];
      r[i + 2 * j] = PAIR(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
      r[i + 2 * j + 1] = PAIR(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
#pragma unroll
  for (int i = 0; i < 4; i++) {
    const eight a = r[i], b = r[i + 4];
    r[i] = PAIR(a, b, 0, 1, 2, 3, 8, 9, 10, 11);
    r[i + 4] = PAIR(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

#endif
