#define _GNU_SOURCE
#include "pty.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

int pty_spawn(const char *path, char *const argv[], char *const envp[], int width, int height,
              pid_t *pid) {
  int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master < 0) return -1;
  char name[64];
  if (grantpt(master) != 0 || unlockpt(master) != 0 || ptsname_r(master, name, sizeof name) != 0) {
    close(master);
    return -1;
  }
  struct winsize size = {.ws_row = (unsigned short)height, .ws_col = (unsigned short)width};
  ioctl(master, TIOCSWINSZ, &size);
  pid_t child = fork();
  if (child < 0) {
    close(master);
    return -1;
  }
  if (child == 0) {
    // Only what is safe between fork and exec. Threads of the caller may have blocked signals or ignore
    // that of a broken pipe, and a child inherits that.
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    setsid();
    int slave = open(name, O_RDWR);
    if (slave < 0) _exit(127);
    ioctl(slave, TIOCSCTTY, 0);
    for (int fd = 0; fd < 3; fd++) dup2(slave, fd);
    if (slave > 2) close(slave);
    execve(path, argv, envp);
    _exit(127);
  }
  *pid = child;
  return master;
}
