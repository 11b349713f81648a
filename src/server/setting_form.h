/* Settings as a form: inputs that have the names of settings. */
#ifndef SERVER_SETTING_FORM_H
#define SERVER_SETTING_FORM_H

#include "server/route.h"
#include "store/store.h"

/* Keeps what an input was given, within the open write transaction; what stays as it was makes no event. *changed (may be
 * NULL) becomes true when it was another. STATUS_USAGE names the input as the page does. */
enum status setting_form_keep(struct store *store, struct arena *scratch, const struct input *input,
                              struct str value, bool *changed, struct error *err);

#endif
