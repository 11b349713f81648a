/* How letters look: the calm page of the portal, as far as programs that show mail keep it. Pure. */
#ifndef SERVER_LETTER_LOOK_H
#define SERVER_LETTER_LOOK_H

#include "base/lang.h"
#include "base/str.h"

/* The HTML of a letter as it is sent: plain elements of web/mail*.html with the styles written into each, as many
 * programs keep no others, and colours for the dark beside them for those that do. A link alone in its paragraph is
 * shown as a button. In the arena; takes time in proportion to the length. */
struct str letter_look(struct arena *arena, struct str html, enum lang lang);

#endif
