#ifndef CPHILOX_H
#define CPHILOX_H

#include <stddef.h>
#include <stdint.h>

/// What tells one stream of Philox4x32-10 from another: the key, and the upper three words of the
/// counter. The counter's lowest word is the block's number.
typedef struct {
  uint32_t key[2];
  uint32_t counter[3];
} cphilox_stream;

/// Writes `blocks` blocks of four words, from block number `first` on. The same numbers come out
/// whichever instruction set does the work; the widest one this processor has is taken.
void cphilox_words(cphilox_stream stream, uint32_t first, uint32_t *out, size_t blocks);

/// The instruction sets there is code for, narrowest first.
typedef enum { CPHILOX_BASELINE, CPHILOX_AVX2, CPHILOX_AVX512 } cphilox_set;

/// The widest instruction set that this processor and build have.
cphilox_set cphilox_widest(void);

/// As `cphilox_words`, with an instruction set that must not be wider than `cphilox_widest()`.
void cphilox_words_with(cphilox_set set, cphilox_stream stream, uint32_t first, uint32_t *out,
                        size_t blocks);

#endif
