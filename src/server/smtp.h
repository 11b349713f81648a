/* One letter to the mail server, by libcurl. */
#ifndef SERVER_SMTP_H
#define SERVER_SMTP_H

#include "server/server.h"

struct smtp; /* a connection that is kept between letters */

struct smtp_account {
    struct str url, user, password;
};

enum smtp_outcome {
    SMTP_TAKEN,    /* the server said 250 to the whole letter */
    SMTP_REFUSED,  /* this letter, for good: 5xx */
    SMTP_LATER,    /* this letter, for now: 4xx */
    SMTP_NO_SERVER /* no letter would get through: not reached, not let in, broken off */
};

/* One that is not connected yet, for one thread at a time; to be ended with smtp_free. The server must outlive it. */
struct smtp *smtp_make(struct server *server);
void smtp_free(struct smtp *smtp); /* NULL is allowed */

/* Sends; waits a minute at most, and only seconds while the server (ours) is stopping. With smtp:// the
 * connection must become TLS by STARTTLS unless the mail server is this machine; by TLS the server must prove
 * that it is the host named, to an authority that the system knows or that stands in the file which the
 * environment names as SSL_CERT_FILE. Before that it gets neither letter nor password. *said, in the arena,
 * gets what the mail server answered last, or why it could not be asked. */
enum smtp_outcome smtp_send(struct smtp *smtp, const struct smtp_account *account, struct str from,
                            struct str to, struct str letter, struct arena *arena,
                            struct str *said);

#endif
