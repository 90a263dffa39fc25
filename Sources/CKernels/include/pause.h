#ifndef CKERNELS_PAUSE_H
#define CKERNELS_PAUSE_H

/// A moment of a loop that waits for another processor.
static inline void ck_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#endif
