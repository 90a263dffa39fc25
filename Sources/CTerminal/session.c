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

enum { life_count = 7, signal_count = NSIG };
static const int life[life_count] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH};
static struct sigaction before[signal_count];

// How a signal is met while the screen is open.
enum meeting { left_alone, noted, restoring };

static enum meeting meeting(int number) {
  for (int i = 0; i < life_count; i++)
    // A process started with nohup keeps ignoring the hangup.
    if (life[i] == number)
      return before[number].sa_handler == SIG_IGN && number != SIGINT ? left_alone : noted;
  switch (number) {
    // What cannot be caught, and what by default is ignored or stops a process.
    case SIGKILL: case SIGSTOP: case SIGTTIN: case SIGTTOU: case SIGCHLD: case SIGURG:
      return left_alone;
    case SIGILL: case SIGTRAP: case SIGABRT: case SIGBUS: case SIGFPE: case SIGSEGV: case SIGXFSZ:
      return restoring;
  }
  // Between those with names and the real-time signals lie the C library's own.
  if (number > SIGSYS && (number < SIGRTMIN || number > SIGRTMAX)) return left_alone;
  return before[number].sa_handler == SIG_DFL ? restoring : left_alone;
}

static int pipe_ends[2] = {-1, -1};
static atomic_uint pending;
// Whether there is something to restore, and whether a thread is about it.
enum { off, armed, being_restored };
static atomic_int state;

static int input_fd = -1, output_fd = -1;
static bool has_modes;
static struct termios modes;
static uint8_t restore_bytes[4096];
static atomic_size_t restore_count;
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

// Only what is safe in a signal handler: write, tcsetattr, pread, dup2, close, open, fcntl, poll.
static void restore_terminal(bool writes_bytes) {
  int expected = armed;
  if (!atomic_compare_exchange_strong(&state, &expected, being_restored)) {
    // Another thread is about it: the process must not end before it is done.
    for (int i = 0; i < 1000 && atomic_load(&state) == being_restored; i++) poll(NULL, 0, 1);
    return;
  }
  if (writes_bytes) write_all(output_fd, restore_bytes, atomic_load(&restore_count));
  if (has_modes) tcsetattr(input_fd, TCSADRAIN, &modes);
  release_stderr();
  atomic_store(&state, off);
}

// Another thread may be in the middle of a frame: what it still writes goes nowhere.
static void keep_terminal_from_others(void) {
  if (atomic_load(&state) != armed || output_fd < 0 || input_fd == output_fd) return;
  int terminal = fcntl(output_fd, F_DUPFD_CLOEXEC, 3);
  int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (terminal >= 0 && nowhere >= 0 && dup2(nowhere, output_fd) >= 0) output_fd = terminal;
}

static void on_end(int number, siginfo_t *info, void *context) {
  (void)context;
  int error = errno;
  // A write of this process's own that came too far or that nobody reads: it fails, and says so itself.
  bool is_own = info->si_code == SI_USER && info->si_pid == getpid();
  if (is_own && (number == SIGXFSZ || number == SIGPIPE)) return;
  struct sigaction next = before[number];
  // Ignored where the program itself saw to it that such a write fails.
  if (number == SIGXFSZ) next.sa_handler = SIG_DFL;
  // Where another handler follows, it stops the threads, and prints to the terminal itself.
  if (next.sa_handler == SIG_DFL) keep_terminal_from_others();
  restore_terminal(true);
  sigaction(number, &next, NULL);
  errno = error;
  // A fault comes again when this returns; what was sent, by a timer or a limit too, has to be sent
  // again.
  bool is_fault = number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL;
  if (!is_fault || info->si_code <= 0) raise(number);
}

static void on_exit_of_process(void) { restore_terminal(true); }

bool terminal_is_armed(void) { return atomic_load(&state) != off; }

static void meet_signals(void) {
  // A stack that ran over is a fatal signal too; its handler needs another one.
  static uint8_t other_stack[65536];
  stack_t stack;
  if (sigaltstack(NULL, &stack) == 0 && stack.ss_flags & SS_DISABLE) {
    stack = (stack_t){.ss_sp = other_stack, .ss_size = sizeof other_stack};
    sigaltstack(&stack, NULL);
  }
  struct sigaction note = {.sa_handler = on_life, .sa_flags = SA_RESTART};
  sigemptyset(&note.sa_mask);
  struct sigaction end = {.sa_sigaction = on_end, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  // The next one waits until this one has restored the terminal.
  sigfillset(&end.sa_mask);
  for (int number = 1; number < signal_count; number++) {
    enum meeting how = meeting(number);
    if (how != left_alone) sigaction(number, how == noted ? &note : &end, NULL);
  }
}

int terminal_prepare(int input) {
  if (pipe_ends[0] < 0) {
    if (pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    atexit(on_exit_of_process);
  }
  input_fd = input;
  has_modes = tcgetattr(input, &modes) == 0;
  for (int number = 1; number < signal_count; number++) sigaction(number, NULL, &before[number]);
  atomic_store(&restore_count, 0);
  atomic_store(&state, armed);
  meet_signals();
  return pipe_ends[0];
}

void terminal_arm(int output, const uint8_t *bytes, size_t count, bool hold) {
  output_fd = output;
  atomic_store(&restore_count, 0);
  if (count > sizeof restore_bytes) count = sizeof restore_bytes;
  memcpy(restore_bytes, bytes, count);
  atomic_store(&restore_count, count);
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
  atomic_store(&state, armed);
  meet_signals();
}

void terminal_disarm(void) {
  if (atomic_load(&state) != armed) return;
  restore_terminal(false);
  for (int number = 1; number < signal_count; number++)
    if (meeting(number) != left_alone) sigaction(number, &before[number], NULL);
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
