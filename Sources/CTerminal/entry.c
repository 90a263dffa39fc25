// curses.h declares what term.h needs.
#include <curses.h>
#include <term.h>

#include <string.h>

#include "CTerminal.h"

bool terminal_load_entry(const char *name, int output) {
  int error = 0;
  return setupterm(name, output, &error) == OK;
}

void terminal_unload_entry(void) {
  if (cur_term) del_curterm(cur_term);
}

struct writer {
  uint8_t *out;
  size_t room, at;
  bool is_full;
};

static void put(struct writer *w, const void *bytes, size_t count) {
  if (w->is_full || w->room - w->at < count) {
    w->is_full = true;
    return;
  }
  memcpy(w->out + w->at, bytes, count);
  w->at += count;
}

static void put_number(struct writer *w, long value, int bytes) {
  for (int i = 0; i < bytes; i++) put(w, &(uint8_t){(uint8_t)(value >> 8 * i)}, 1);
}

static void pad(struct writer *w) {
  if (w->at % 2) put_number(w, 0, 1);
}

static bool is_one_of(const char *name, const char *const *list) {
  for (; *list; list++)
    if (strcmp(name, *list) == 0) return true;
  return false;
}

// The palette stays the user's: nothing that redefines it, and nothing that resets it at the end.
static const char *const palette_flags[] = {"ccc", NULL};
static const char *const palette_strings[] = {"initc", "initp", "oc", "scp", "setf", "setb", NULL};

static const char *string_value(
  const char *name, const char *foreground, const char *background) {
  if (is_one_of(name, palette_strings)) return NULL;
  if (foreground && strcmp(name, "setaf") == 0) return foreground;
  if (background && strcmp(name, "setab") == 0) return background;
  const char *value = tigetstr(name);
  if (value == (const char *)-1) value = NULL;
  if (!value && foreground && strcmp(name, "op") == 0) value = "\033[39;49m";
  return value;
}

size_t terminal_compile_entry(
  const char *name, int colors, const char *foreground, const char *background, uint8_t *out,
  size_t room) {
  struct writer w = {.out = out, .room = room};
  int flags = 0, numbers = 0, strings = 0;
  while (boolnames[flags]) flags++;
  while (numnames[numbers]) numbers++;
  size_t table = 0;
  for (; strnames[strings]; strings++) {
    const char *value = string_value(strnames[strings], foreground, background);
    if (value) table += strlen(value) + 1;
  }
  if (table > INT16_MAX) return 0;

  put_number(&w, 01036, 2);  // numbers of 32 bits
  put_number(&w, (long)strlen(name) + 1, 2);
  put_number(&w, flags, 2);
  put_number(&w, numbers, 2);
  put_number(&w, strings, 2);
  put_number(&w, (long)table, 2);
  put(&w, name, strlen(name) + 1);
  for (int i = 0; i < flags; i++)
    put_number(&w, tigetflag(boolnames[i]) > 0 && !is_one_of(boolnames[i], palette_flags), 1);
  pad(&w);
  for (int i = 0; i < numbers; i++) {
    int value = tigetnum(numnames[i]);
    if (strcmp(numnames[i], "colors") == 0) value = colors;
    if (strcmp(numnames[i], "pairs") == 0 && colors > 8) value = 65536;
    put_number(&w, value < 0 ? -1 : value, 4);
  }
  long offset = 0;
  for (int i = 0; i < strings; i++) {
    const char *value = string_value(strnames[i], foreground, background);
    put_number(&w, value ? offset : -1, 2);
    if (value) offset += (long)strlen(value) + 1;
  }
  for (int i = 0; i < strings; i++) {
    const char *value = string_value(strnames[i], foreground, background);
    if (value) put(&w, value, strlen(value) + 1);
  }

  // Two names that are not in the standard table: AX, the terminal has default colours of its own,
  // and RGB, a colour's number is its red, green and blue.
  static const char names[] = "AX\0RGB";
  pad(&w);
  put_number(&w, 2, 2);             // flags
  put_number(&w, 0, 2);             // numbers
  put_number(&w, 0, 2);             // strings
  put_number(&w, 2, 2);             // names
  put_number(&w, sizeof names, 2);  // bytes of names
  put_number(&w, tigetflag("AX") > 0 || foreground != NULL, 1);
  put_number(&w, colors > 256, 1);
  put_number(&w, 0, 2);  // where the names are
  put_number(&w, 3, 2);
  put(&w, names, sizeof names);
  return w.is_full ? 0 : w.at;
}
