// Which processors threads run on.

#define _GNU_SOURCE
#include "include/processors.h"

#if defined(__linux__)
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

_Static_assert(sizeof(ck_processors) == sizeof(cpu_set_t), "the system's own set");

int ck_thread(void) {
  static _Thread_local int thread;
  if (!thread) thread = (int)syscall(SYS_gettid);
  return thread;
}

int ck_allowed(int thread, ck_processors *allowed) {
  return sched_getaffinity(thread, sizeof *allowed, (cpu_set_t *)allowed) == 0;
}

void ck_allow(int thread, const ck_processors *allowed) {
  sched_setaffinity(thread, sizeof *allowed, (const cpu_set_t *)allowed);
}

void ck_allow_here(int thread) {
  const int own = sched_getcpu();
  if (own < 0 || own >= CPU_SETSIZE) return;
  cpu_set_t here;
  CPU_ZERO(&here);
  CPU_SET(own, &here);
  sched_setaffinity(thread, sizeof here, &here);
}

void ck_allow_elsewhere(int thread, const ck_processors *allowed) {
  const int own = sched_getcpu();
  cpu_set_t others;
  memcpy(&others, allowed, sizeof others);
  if (own >= 0 && own < CPU_SETSIZE) CPU_CLR(own, &others);
  if (CPU_COUNT(&others) > 0) sched_setaffinity(thread, sizeof others, &others);
}

long long ck_waited(int thread) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/task/%d/schedstat", thread);
  FILE *file = fopen(path, "re");
  if (!file) return -1;
  long long waited;
  if (fscanf(file, "%*d %lld", &waited) != 1) waited = -1;
  fclose(file);
  return waited;
}

#else
int ck_thread(void) { return 0; }
int ck_allowed(int thread, ck_processors *allowed) { return 0; }
void ck_allow(int thread, const ck_processors *allowed) {}
long long ck_waited(int thread) { return -1; }
void ck_allow_here(int thread) {}
void ck_allow_elsewhere(int thread, const ck_processors *allowed) {}
#endif
