#ifndef CKERNELS_ROOM_H
#define CKERNELS_ROOM_H

#include <stddef.h>

/// The calling thread's own room, which it keeps from call to call: its pages are touched once. Aligned
/// for the widest vectors; NULL where it is in use already, or more is asked for than a thread keeps.
void *ck_take_room(size_t bytes);
/// Gives it back.
void ck_leave_room(void);

#endif
