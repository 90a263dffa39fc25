#ifndef CKERNELS_PHILOX_H
#define CKERNELS_PHILOX_H

#include <stddef.h>
#include <stdint.h>

#include "sets.h"

/// What tells one stream of Philox4x32-10 from another: the key, and the upper three words of the
/// counter. The counter's lowest word is the block's number.
typedef struct {
  uint32_t key[2];
  uint32_t counter[3];
} ck_philox_stream;

/// Writes `blocks` blocks of four words, from block number `first` on. The same numbers come out
/// whichever set does the work.
void ck_philox(ck_set set, ck_philox_stream stream, uint32_t first, uint32_t *out, size_t blocks);

#endif
