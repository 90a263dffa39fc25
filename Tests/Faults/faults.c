// Calls of the system that fail when they are told to, for a program started with this in LD_PRELOAD:
// the FAULT_AT-th (from 1) of FAULT_CALL fails with the error number FAULT_ERROR, or reads or writes
// but one byte where that is 0. With FAULT_STAYS all later ones fail too, as on a full disk. With
// FAULT_SECONDS the call takes so long instead, and does what it should. The file FAULT_SEEN is made when
// it happens. Standard error is left alone: what went wrong is told there.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;

// Whether this call is the one; errno is set where it fails.
static bool is_due(const char *call) {
  const char *wanted = getenv("FAULT_CALL"), *at = getenv("FAULT_AT");
  if (!wanted || !at || strcmp(call, wanted) != 0) return false;
  long number = atomic_fetch_add(&calls, 1) + 1, due = atol(at);
  if (number < due || (number > due && !getenv("FAULT_STAYS"))) return false;
  const char *seen = getenv("FAULT_SEEN");
  if (seen) {
    long file = syscall(SYS_openat, AT_FDCWD, seen, O_WRONLY | O_CREAT, 0600);
    if (file >= 0) syscall(SYS_close, file);
  }
  const char *seconds = getenv("FAULT_SECONDS");
  if (seconds) {
    sleep(atoi(seconds));
    return false;
  }
  const char *error = getenv("FAULT_ERROR");
  errno = error ? atoi(error) : EIO;
  return true;
}

// What the libraries read of the machine is not the program's.
static bool is_of_system(const char *path) {
  const char *const folders[] = {"/proc/", "/sys/", "/dev/", "/etc/", "/usr/", "/lib"};
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
    if (strncmp(path, folders[i], strlen(folders[i])) == 0) return true;
  return false;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define OPEN(name)                                             \
  int name(const char *path, int flags, ...) {                 \
    va_list list;                                              \
    va_start(list, flags);                                     \
    mode_t mode = flags & O_CREAT ? va_arg(list, mode_t) : 0;  \
    va_end(list);                                              \
    if (!is_of_system(path) && is_due("open")) return -1;      \
    return NEXT(name)(path, flags, mode);                      \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                           \
  int name(int folder, const char *path, int flags, ...) {     \
    va_list list;                                              \
    va_start(list, flags);                                     \
    mode_t mode = flags & O_CREAT ? va_arg(list, mode_t) : 0;  \
    va_end(list);                                              \
    if (!is_of_system(path) && is_due("open")) return -1;      \
    return NEXT(name)(folder, path, flags, mode);              \
  }
OPENAT(openat)
OPENAT(openat64)

ssize_t read(int file, void *bytes, size_t count) {
  if (is_due("read")) {
    if (errno != 0) return -1;
    count = count > 0 ? 1 : 0;
  }
  return NEXT(read)(file, bytes, count);
}

#define PREAD(name)                                                \
  ssize_t name(int file, void *bytes, size_t count, off_t place) { \
    if (is_due("read")) {                                          \
      if (errno != 0) return -1;                                   \
      count = count > 0 ? 1 : 0;                                   \
    }                                                              \
    return NEXT(name)(file, bytes, count, place);                  \
  }
PREAD(pread)
PREAD(pread64)

ssize_t write(int file, const void *bytes, size_t count) {
  if (file != STDERR_FILENO && is_due("write")) {
    if (errno != 0) return -1;
    count = count > 0 ? 1 : 0;
  }
  return NEXT(write)(file, bytes, count);
}

int fsync(int file) { return is_due("fsync") ? -1 : NEXT(fsync)(file); }

int rename(const char *from, const char *to) { return is_due("rename") ? -1 : NEXT(rename)(from, to); }

int close(int file) {
  // Linux closes the file whatever it says.
  int result = NEXT(close)(file);
  return file == STDOUT_FILENO && is_due("close") ? -1 : result;
}
