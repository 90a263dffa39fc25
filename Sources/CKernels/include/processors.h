#ifndef CKERNELS_PROCESSORS_H
#define CKERNELS_PROCESSORS_H

/// Which processors a thread may run on; elsewhere than on Linux nothing of this is known or done.
typedef struct {
  unsigned long bits[16];
} ck_processors;

/// The calling thread, as the system knows it.
int ck_thread(void);
/// Reads which processors a thread may run on; 0 where that cannot be known.
int ck_allowed(int thread, ck_processors *allowed);
/// Lets a thread run there.
void ck_allow(int thread, const ck_processors *allowed);
/// Lets a thread run on the caller's processor only: a thread that waits for its own moves over.
void ck_allow_here(int thread);
/// How long a thread stood ready while others ran on its processor, in nanoseconds, until it last came
/// on; below 0 where that cannot be known. What the host of a virtual machine takes does not count.
long long ck_waited(int thread);
/// Lets a thread run on those allowed but the caller's, if there are others.
void ck_allow_elsewhere(int thread, const ck_processors *allowed);

#endif
