/* A password chosen on a page: web/new-password.html, its inputs, and what is done with them. Shared by
 * the pages that let people choose one. */
#ifndef SERVER_NEW_PASSWORD_H
#define SERVER_NEW_PASSWORD_H

#include "library/member.h"
#include "server/request.h"

/* To stand in a route's table of inputs. */
#define NEW_PASSWORD_INPUTS                                                              \
    {.name = "password",                                                                 \
     .kind = INPUT_LONG_TEXT,                                                            \
     .needed = true,                                                                     \
     .most = 1000,                                                                       \
     .en = "Password",                                                                   \
     .zh = "密码"},                                                                      \
    {                                                                                    \
        .name = "password_again", .kind = INPUT_LONG_TEXT, .needed = true, .most = 1000, \
        .en = "Password once more", .zh = "“再次输入密码”"                     \
    }

/* Takes the password from the form: the same twice, good enough, and none that the member's own data or
 * the organisation's name would give away. Gives the form to keep. */
enum status new_password_take(struct request *rq, const struct member *member, struct str *hash,
                              struct error *err);

#endif
