// What the kernels' sources share: vectors of sixteen numbers, which a set cuts into as many registers
// as it needs, and the ways to compile a function once a set.
#ifndef CKERNELS_LANES_H
#define CKERNELS_LANES_H

#include <stddef.h>
#include <stdint.h>

enum { LANES = 16 };

typedef float lanes __attribute__((vector_size(4 * LANES)));
typedef int32_t words __attribute__((vector_size(4 * LANES)));
/// The same where the address is any float's.
typedef float loose __attribute__((vector_size(4 * LANES), aligned(4)));

#define INLINE static inline __attribute__((always_inline))

INLINE size_t least(size_t a, size_t b) { return a < b ? a : b; }
INLINE size_t most(size_t a, size_t b) { return a > b ? a : b; }

/// The sum of sixteen lanes, in one order in every set.
INLINE float ck_sum_of(const lanes *given) {
  lanes v = *given;
  v += __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  v += __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
  v += __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
  return v[0] + v[1];
}

#define SET_AVX2 __attribute__((target("avx2,fma")))
#define SET_AVX512 __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")))

/// Calls the function that was compiled for a set; its `COMPILE` has made one for each there is.
#if defined(__x86_64__)
#define RUN_WITH(set, function, ...)        \
  (set == CK_AVX512 ? function##_avx512     \
   : set == CK_AVX2 ? function##_avx2       \
                    : function##_baseline)(__VA_ARGS__)
#else
#define RUN_WITH(set, function, ...) ((void)set, function##_baseline(__VA_ARGS__))
#endif

#endif
