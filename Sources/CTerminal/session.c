#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "CTerminal.h"

enum { life_count = 7, fatal_count = 6 };
static const int life[life_count] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH};
static const int fatal[fatal_count] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};
static struct sigaction life_before[life_count], fatal_before[fatal_count];

static int pipe_ends[2] = {-1, -1};
static atomic_uint pending;
static atomic_bool armed;

static int input_fd = -1, output_fd = -1;
static bool has_modes;
static struct termios modes;
static uint8_t *restore_bytes;
static size_t restore_count;
static int held = -1, stderr_before = -1;

static void write_all(int fd, const uint8_t *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(fd, bytes, count);
    if (written < 0 && errno == EAGAIN) {
      struct pollfd wait = {.fd = fd, .events = POLLOUT};
      if (poll(&wait, 1, 1000) <= 0) return;
      continue;
    }
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes += written;
    count -= (size_t)written;
  }
}

static void post(unsigned bit) {
  atomic_fetch_or(&pending, bit);
  uint8_t byte = 0;
  // A full pipe is readable already, which is all that is wanted.
  ssize_t ignored = write(pipe_ends[1], &byte, 1);
  (void)ignored;
}

static void on_life(int number) {
  int error = errno;
  for (int i = 0; i < life_count; i++)
    if (life[i] == number) post(1u << i);
  errno = error;
}

// Stderr was held so that messages do not appear on, and vanish with, the alternate screen.
static void release_stderr(void) {
  if (held < 0) return;
  dup2(stderr_before, STDERR_FILENO);
  uint8_t bytes[4096];
  off_t offset = 0;
  ssize_t count;
  while ((count = pread(held, bytes, sizeof bytes, offset)) > 0) {
    write_all(STDERR_FILENO, bytes, (size_t)count);
    offset += count;
  }
  close(held);
  close(stderr_before);
  held = stderr_before = -1;
}

// Only what is safe in a signal handler: write, tcsetattr, pread, dup2, close, open, fcntl.
static void restore_terminal(bool writes_bytes) {
  if (!atomic_exchange(&armed, false)) return;
  if (writes_bytes) write_all(output_fd, restore_bytes, restore_count);
  if (has_modes) tcsetattr(input_fd, TCSADRAIN, &modes);
  release_stderr();
}

// Another thread may be in the middle of a frame: what it still writes goes nowhere.
static void keep_terminal_from_others(void) {
  if (!atomic_load(&armed) || input_fd == output_fd) return;
  int terminal = fcntl(output_fd, F_DUPFD_CLOEXEC, 3);
  int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (terminal >= 0 && nowhere >= 0 && dup2(nowhere, output_fd) >= 0) output_fd = terminal;
}

static void on_fatal(int number, siginfo_t *info, void *context) {
  (void)context;
  int error = errno;
  for (int i = 0; i < fatal_count; i++) {
    if (fatal[i] != number) continue;
    // Where another handler follows, it stops the threads, and prints to the terminal itself.
    if (fatal_before[i].sa_handler == SIG_DFL) keep_terminal_from_others();
    restore_terminal(true);
    sigaction(number, &fatal_before[i], NULL);
  }
  errno = error;
  // A fault comes again when this returns; one that was sent has to be sent again.
  if (info->si_code <= 0) raise(number);
}

static void on_exit_of_process(void) { restore_terminal(true); }

bool terminal_is_armed(void) { return atomic_load(&armed); }

int terminal_prepare(int input) {
  if (pipe_ends[0] < 0) {
    if (pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    atexit(on_exit_of_process);
  }
  input_fd = input;
  has_modes = tcgetattr(input, &modes) == 0;
  for (int i = 0; i < life_count; i++) sigaction(life[i], NULL, &life_before[i]);
  for (int i = 0; i < fatal_count; i++) sigaction(fatal[i], NULL, &fatal_before[i]);
  return pipe_ends[0];
}

void terminal_arm(int output, const uint8_t *bytes, size_t count, bool hold) {
  output_fd = output;
  free(restore_bytes);
  restore_bytes = malloc(count ? count : 1);
  restore_count = restore_bytes ? count : 0;
  if (restore_bytes) memcpy(restore_bytes, bytes, count);
  if (hold && held < 0 && isatty(STDERR_FILENO)) {
    stderr_before = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    held = stderr_before < 0 ? -1 : memfd_create("stderr", MFD_CLOEXEC);
    if (held >= 0) {
      fcntl(held, F_SETFL, O_APPEND);
      dup2(held, STDERR_FILENO);
    } else if (stderr_before >= 0) {
      close(stderr_before);
    }
  }
  atomic_store(&armed, true);
  // A stack that ran over is a fatal signal too; its handler needs another one.
  static uint8_t other_stack[65536];
  stack_t stack;
  if (sigaltstack(NULL, &stack) == 0 && stack.ss_flags & SS_DISABLE) {
    stack = (stack_t){.ss_sp = other_stack, .ss_size = sizeof other_stack};
    sigaltstack(&stack, NULL);
  }
  struct sigaction action = {.sa_handler = on_life, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < life_count; i++) {
    // A process started with nohup keeps ignoring the hangup.
    bool is_ignored = life_before[i].sa_handler == SIG_IGN && life[i] != SIGINT;
    if (!is_ignored) sigaction(life[i], &action, NULL);
  }
  struct sigaction trap = {.sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&trap.sa_mask);
  for (int i = 0; i < fatal_count; i++) sigaction(fatal[i], &trap, NULL);
}

void terminal_disarm(void) {
  if (!atomic_load(&armed)) return;
  restore_terminal(false);
  for (int i = 0; i < life_count; i++) sigaction(life[i], &life_before[i], NULL);
  for (int i = 0; i < fatal_count; i++) sigaction(fatal[i], &fatal_before[i], NULL);
}

unsigned terminal_take_signals(void) {
  uint8_t bytes[64];
  while (read(pipe_ends[0], bytes, sizeof bytes) > 0) {
  }
  return atomic_exchange(&pending, 0);
}

void terminal_wake(void) {
  if (pipe_ends[1] >= 0) post(terminal_woken);
}
