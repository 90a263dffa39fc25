// Philox4x32-10 (Salmon et al., SC 2011), eight blocks side by side.

#include "philox.h"

#include <string.h>

enum { LANES = 8, WORDS = 4 * LANES };

/// One counter word of eight blocks, each in the lower half of a 64-bit lane. The upper halves may
/// hold anything: the widening multiply does not read them, and nothing is carried down from them.
typedef uint64_t lanes __attribute__((vector_size(8 * LANES)));

static const uint64_t low = 0xFFFFFFFF;

static inline __attribute__((always_inline)) void generate(const ck_philox_stream *stream,
                                                           uint32_t first, uint32_t *out,
                                                           size_t groups) {
  const lanes number = {0, 1, 2, 3, 4, 5, 6, 7};
  const lanes zero = {0};
  for (size_t group = 0; group < groups; group++) {
    lanes c0 = number + (first + (uint64_t)LANES * group);
    lanes c1 = zero + stream->counter[0];
    lanes c2 = zero + stream->counter[1];
    lanes c3 = zero + stream->counter[2];
    uint32_t k0 = stream->key[0], k1 = stream->key[1];
#pragma unroll
    for (int round = 0; round < 10; round++) {
      const lanes p0 = (c0 & low) * 0xD2511F53;
      const lanes p1 = (c2 & low) * 0xCD9E8D57;
      c0 = (p1 >> 32) ^ (c1 ^ k0);
      c2 = (p0 >> 32) ^ (c3 ^ k1);
      c1 = p1;
      c3 = p0;
      k0 += 0x9E3779B9;
      k1 += 0xBB67AE85;
    }
    const lanes w01 = (c0 & low) | (c1 << 32);
    const lanes w23 = (c2 & low) | (c3 << 32);
    const lanes head = __builtin_shufflevector(w01, w23, 0, 8, 1, 9, 2, 10, 3, 11);
    const lanes tail = __builtin_shufflevector(w01, w23, 4, 12, 5, 13, 6, 14, 7, 15);
    memcpy(out + WORDS * group, &head, sizeof head);
    memcpy(out + WORDS * group + WORDS / 2, &tail, sizeof tail);
  }
}

typedef void generator(const ck_philox_stream *, uint32_t, uint32_t *, size_t);

static void baseline(const ck_philox_stream *stream, uint32_t first, uint32_t *out, size_t groups) {
  generate(stream, first, out, groups);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void avx2(const ck_philox_stream *stream, uint32_t first,
                                                 uint32_t *out, size_t groups) {
  generate(stream, first, out, groups);
}

__attribute__((target("avx512f"))) static void avx512(const ck_philox_stream *stream, uint32_t first,
                                                      uint32_t *out, size_t groups) {
  generate(stream, first, out, groups);
}

static generator *generator_for(ck_set set) {
  return set == CK_AVX512 ? avx512 : set == CK_AVX2 ? avx2 : baseline;
}
#else
static generator *generator_for(ck_set set) {
  (void)set;
  return baseline;
}
#endif

void ck_philox(ck_set set, ck_philox_stream stream, uint32_t first, uint32_t *out, size_t blocks) {
  generator *run = generator_for(set);
  const size_t groups = blocks / LANES, rest = blocks % LANES;
  run(&stream, first, out, groups);
  if (rest == 0) return;
  uint32_t last[WORDS];
  run(&stream, first + (uint32_t)(LANES * groups), last, 1);
  memcpy(out + WORDS * groups, last, rest * 4 * sizeof *last);
}
