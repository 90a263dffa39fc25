#pragma once
#include <stddef.h>

/// A file carried inside the binary.
struct dropscope_asset {
  const char *name;
  const unsigned char *bytes;
  size_t size;
};

/// Every file carried inside the binary; the count goes to `count`.
const struct dropscope_asset *dropscope_assets(size_t *count);
