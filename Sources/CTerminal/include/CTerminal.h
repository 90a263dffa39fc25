#pragma once
#include "pty.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

// What a full-screen program needs below Swift: code that runs inside signal handlers, and the
// terminfo library's tables, which Swift cannot import.

// One bit for each signal that arrived since it was asked last.
enum terminal_signal {
  terminal_interrupt = 1,    // SIGINT
  terminal_terminate = 2,    // SIGTERM
  terminal_hangup = 4,       // SIGHUP
  terminal_quit = 8,         // SIGQUIT
  terminal_suspend = 16,     // SIGTSTP
  terminal_continue = 32,    // SIGCONT
  terminal_resize = 64,      // SIGWINCH
  terminal_woken = 128,      // terminal_wake was called
};

// Whether terminal_prepare or terminal_arm was called and nothing undid it yet.
bool terminal_is_armed(void);

// Remembers the terminal's modes and the signals' dispositions, and has the modes set back whatever
// ends the process from now on. Call it before curses starts. Returns the descriptor that becomes
// readable when a signal arrives or terminal_wake is called, -1 where none can be made.
int terminal_prepare(int input);

// Installs the handlers; call it after curses started, whose own handlers it replaces, and before
// anything is switched on. On any signal that ends a process and can be caught, but those that
// terminal_take_signals tells, and when the process exits, `bytes` (4096 at most) are written to
// `output`, the terminal's modes are set back and what was held of stderr is written; then the signal
// ends the process as it would have. `hold` says whether stderr is held in a file in memory
// meanwhile; it is only where it is a terminal.
void terminal_arm(int output, const uint8_t *bytes, size_t count, bool hold);

// Sets the signals' dispositions and the terminal's modes back and writes what stderr held. Does
// nothing where neither of the two was called.
void terminal_disarm(void);

// The signals that arrived since the last call, and empties the descriptor.
unsigned terminal_take_signals(void);

// Makes the descriptor readable. Safe from any thread.
void terminal_wake(void);

// An empty file in memory, which programs started from here do not see. -1 where there is none to be
// had, or files may not grow as they like.
int terminal_memory_file(const char *name);

// Makes a descriptor stand for the file that another one does. False where that fails.
bool terminal_point(int descriptor, int at);

// Reads the entry of a terminal from the terminfo database. False where there is none.
bool terminal_load_entry(const char *name, int output);
// Forgets the entry loaded.
void terminal_unload_entry(void);

// The entry loaded, compiled (term(5), 32-bit numbers), as it should be for a program that draws in
// `colors` colours with the strings given (NULL keeps the entry's own), and that leaves the palette
// alone. Returns the number of bytes, 0 where they do not fit.
size_t terminal_compile_entry(
  const char *name, int colors, const char *foreground, const char *background, uint8_t *out,
  size_t room);
