/* Where the server may connect to of its own accord: not into the network it stands in. Pure. */
#ifndef SERVER_REACH_H
#define SERVER_REACH_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/error.h"
#include "base/str.h"

enum reach {
    REACH_PUBLIC,   /* addresses of the Internet at large */
    REACH_LOOPBACK, /* and this machine */
    REACH_PRIVATE,  /* and private networks (RFC 1918, RFC 4193, RFC 6598) */
};

/* "loopback", "private"; anything else is REACH_PUBLIC. */
enum reach reach_named(struct str name);
/* Whether a connection may be opened to an address, as resolved: link-local, multicast and reserved ones
 * never, and an IPv4 address hidden in an IPv6 one is judged as what it is. */
bool reach_allows(const struct sockaddr *address, enum reach reach);

/* Takes the address of a webhook: https, or http to this machine where `reach` includes it; with a host, and
 * without a user name. Gives it in normal form, in the arena. STATUS_INPUT says what is wrong. */
enum status reach_check_url(struct arena *arena, struct str url, enum reach reach,
                            struct str *normal, struct error *err);

#endif
