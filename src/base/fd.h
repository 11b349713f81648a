/* Bytes to a file descriptor. */
#ifndef BASE_FD_H
#define BASE_FD_H

#include <stdbool.h>

#include "base/str.h"

/* Writes all of the bytes, however little the system takes at a time and whatever signal comes between. False when it takes
 * no more: errno says why, and some may have been written. fd stays open. */
bool fd_write(int fd, struct str bytes);

#endif
