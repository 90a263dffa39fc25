#include "sets.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {"baseline", "avx2", "avx512"};

ck_set ck_widest(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw"))
    return CK_AVX512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return CK_AVX2;
#endif
  return CK_BASELINE;
}

int ck_set_named(const char *name) {
  for (int set = CK_BASELINE; set <= CK_AVX512; set++) {
    if (strcmp(name, names[set]) == 0) return set;
  }
  return -1;
}

const char *ck_set_name(ck_set set) { return names[set]; }

ck_set ck_chosen(void) {
  static _Atomic int known = -1;
  int set = atomic_load_explicit(&known, memory_order_relaxed);
  if (set < 0) {
    set = ck_widest();
    const char *name = getenv("DROPSCOPE_ISA");
    const int wanted = name ? ck_set_named(name) : -1;
    if (wanted >= 0 && wanted < set) set = wanted;
    atomic_store_explicit(&known, set, memory_order_relaxed);
  }
  return (ck_set)set;
}
