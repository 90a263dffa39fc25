#pragma once
#define NCURSES_WIDECHAR 1
#include <locale.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <curses.h>

// What Swift does not import: globals, macros with casts, variadic functions.

static inline WINDOW *curses_screen(void) { return stdscr; }
static inline int curses_columns(void) { return COLS; }
static inline int curses_lines(void) { return LINES; }
static inline int curses_colors(void) { return COLORS; }
static inline int curses_pairs(void) { return COLOR_PAIRS; }
static inline FILE *curses_input(void) { return stdin; }
static inline FILE *curses_output(void) { return stdout; }

static inline attr_t curses_bold(void) { return A_BOLD; }
static inline attr_t curses_dim(void) { return A_DIM; }
static inline attr_t curses_underline(void) { return A_UNDERLINE; }
static inline attr_t curses_reverse(void) { return A_REVERSE; }

// A cell; `pair` may be above what a short holds.
static inline void curses_cell(cchar_t *cell, wchar_t glyph, attr_t attributes, int pair) {
  wchar_t text[2] = {glyph, 0};
  setcchar(cell, text, attributes, 0, &pair);
}

// A string capability of the terminal in use; NULL where it has none.
static inline const char *curses_capability(const char *name) {
  const char *value = tigetstr(name);
  return value == (const char *)-1 ? NULL : value;
}

// The bytes that move the cursor; NULL where the terminal cannot.
static inline const char *curses_move(int line, int column) {
  const char *value = curses_capability("cup");
  return value ? tiparm(value, line, column) : NULL;
}

// The size of a terminal in cells. False where the descriptor is none or does not know.
static inline bool curses_size(int fd, int *columns, int *lines) {
  struct winsize size;
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return false;
  *columns = size.ws_col;
  *lines = size.ws_row;
  return true;
}

// Whether reading would give anything; at the end of a file or of a terminal it would not.
static inline bool curses_has_input(int fd) {
  int count = 0;
  return ioctl(fd, FIONREAD, &count) == 0 && count > 0;
}

// Keeps the keys that stop and resume output, and the one that quotes, from being taken by the
// terminal's driver, and makes this curses' idea of the program's modes.
static inline void curses_free_keys(int fd) {
  struct termios modes;
  if (tcgetattr(fd, &modes) != 0) return;
  modes.c_iflag &= ~(tcflag_t)(IXON | IXOFF);
  modes.c_lflag &= ~(tcflag_t)IEXTEN;
  tcsetattr(fd, TCSADRAIN, &modes);
  def_prog_mode();
}
