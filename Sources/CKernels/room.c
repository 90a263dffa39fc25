// Room that threads keep for themselves.

#include "include/room.h"

#include <pthread.h>
#include <stdlib.h>

enum {
  ALIGNMENT = 64,
  /// What a product takes at the most, about.
  MOST = 1 << 21,
};

typedef struct {
  void *memory;
  size_t size;
  int is_taken;
} room;

static _Thread_local room own;
static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void end(void *memory) { free(memory); }
static void begin(void) { pthread_key_create(&key, end); }

void *ck_take_room(size_t bytes) {
  if (own.is_taken || bytes > MOST) return NULL;
  if (own.size < bytes) {
    pthread_once(&once, begin);
    free(own.memory);
    // In steps, so that sizes that grow a little do not ask anew each time.
    const size_t size = (bytes + (1 << 16) - 1) / (1 << 16) * (1 << 16);
    own.memory = aligned_alloc(ALIGNMENT, size);
    own.size = own.memory ? size : 0;
    // Freed when the thread ends.
    pthread_setspecific(key, own.memory);
    if (!own.memory) return NULL;
  }
  own.is_taken = 1;
  return own.memory;
}

void ck_leave_room(void) { own.is_taken = 0; }
