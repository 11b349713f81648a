/* Passwords: which are good enough, and how they are kept.
 *
 * Kept as Argon2id in libsodium's own text form, which carries its cost and salt. Judged by zxcvbn, whose
 * lists of common and breached passwords, words and names are built into its library: what counts is how
 * many guesses somebody needs who tries the likely ones first, not which kinds of characters it has.
 *
 * A password is taken as RFC 8265 has it (profile OpaqueString), so that it is the same by whatever input
 * method it is typed: spaces of any width are one, and composed characters are alike (NFC); width and case of
 * letters count. */
#ifndef LIBRARY_PASSWORD_H
#define LIBRARY_PASSWORD_H

#include "base/error.h"
#include "base/str.h"

#define PASSWORD_LEAST 10  /* characters */
#define PASSWORD_MOST  200 /* characters */

/* Kept form of nobody's password, at the cost that password_hash has. */
#define PASSWORD_NOBODY                                      \
    "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$" \
    "Yhb0xjMZx0Un8yX8bMzTqXvWfTT3d9v5nYH0FfHQZ8k"

/* STATUS_INPUT, with the reason and what would do, unless the password is good enough; what holds a control or
 * another character that can't be seen is not. personal: words
 * that an attacker would try first (name, e-mail, organisation); empty ones are passed over. */
enum status password_judge(struct arena *arena, struct str password, const struct str *personal,
                           size_t npersonal, struct error *err);
/* The form to keep, in the arena. Takes 64 MiB and about a tenth of a second. STATUS_INPUT as password_judge
 * for what can't be seen. */
enum status password_hash(struct arena *arena, struct str password, struct str *hash,
                          struct error *err);
/* Whether the password is the one kept as `hash`. Nothing kept ('') costs the same time and fits none, so
 * that time does not tell who has an account. */
bool password_fits(struct arena *arena, struct str hash, struct str password);

#endif
