#ifndef CKERNELS_SETS_H
#define CKERNELS_SETS_H

/// The instruction sets there is code for, narrowest first.
typedef enum { CK_BASELINE, CK_AVX2, CK_AVX512 } ck_set;

/// The widest set that this processor and build have.
ck_set ck_widest(void);

/// The set kernels run with: the widest, or a narrower one named by DROPSCOPE_ISA (`avx512`, `avx2`,
/// `baseline`) when it is first asked for. A name that is unknown, or a set the processor does not have,
/// changes nothing; `ck_set_named` tells.
ck_set ck_chosen(void);

/// The set of that name, or -1.
int ck_set_named(const char *name);

/// `avx512`, `avx2` or `baseline`.
const char *ck_set_name(ck_set set);

#endif
