#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "CTerminal.h"

int terminal_memory_file(const char *name) {
  // A limit of files' sizes holds for those in memory too.
  struct rlimit limit;
  if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur != RLIM_INFINITY) return -1;
  return memfd_create(name, MFD_CLOEXEC);
}

bool terminal_point(int descriptor, int at) {
  int result;
  do result = dup3(at, descriptor, O_CLOEXEC);
  while (result < 0 && (errno == EINTR || errno == EBUSY));
  return result == descriptor;
}
