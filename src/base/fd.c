/* Bytes to a file descriptor; see fd.h. */
#include "base/fd.h"

#include <errno.h>
#include <unistd.h>

bool fd_write(int fd, struct str bytes)
{
    for (size_t done = 0; done < bytes.len;) {
        ssize_t n = write(fd, bytes.at + done, bytes.len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return true;
}
