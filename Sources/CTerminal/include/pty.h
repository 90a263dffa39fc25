#pragma once
#include <sys/types.h>

/// Starts a program on a new pseudo-terminal: its three streams are the terminal, which controls its
/// session, and no signal is blocked. Returns the descriptor of the other end and sets `pid`; -1 with
/// errno where that fails. `argv` and `envp` end in NULL.
int pty_spawn(const char *path, char *const argv[], char *const envp[], int width, int height,
              pid_t *pid);
