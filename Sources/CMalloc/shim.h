#include <malloc.h>
#include <stdlib.h>

/// Whether the system gives so many bytes now. An optimiser takes away memory that is asked for and given
/// back without a look; this it must not.
static inline int system_gives(size_t bytes) {
  void *volatile memory = malloc(bytes);
  int is_there = memory != NULL;
  free(memory);
  return is_there;
}
