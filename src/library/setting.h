/* Settings of the installation: few, named, each with a check. */
#ifndef LIBRARY_SETTING_H
#define LIBRARY_SETTING_H

#include "store/store.h"

enum setting_form {
    SETTING_TEXT = 0,
    SETTING_SITE,     /* "https://papers.example.org": scheme and host, nothing after */
    SETTING_SMTP,     /* "smtp://mail.example.org:587" or "smtps://…" */
    SETTING_ADDRESS,  /* "papers@example.org" */
    SETTING_REACH,    /* "", "loopback" or "private" */
    SETTING_OFF,      /* "" or "off" */
    SETTING_OPEN,     /* "" or "open" */
    SETTING_ZONE,     /* "Asia/Shanghai": a time zone that the machine knows */
    SETTING_LANGUAGE, /* "", "en" or "zh" */
    SETTING_DAYS,     /* 1 to 365 */
    SETTING_CALENDAR, /* of working days */
    SETTING_SECRET, /* kept in a file of its own (store_put_secret), and never shown or recorded */
};

struct setting {
    const char *name;
    size_t most; /* bytes */
    bool one_line;
    const char *en, *zh; /* what it is for */
    enum setting_form form;
};

/* All there are; ends with a name of NULL. */
extern const struct setting setting_list[];

/* The value, empty when never set. STATUS_USAGE for a name that is not in the list. */
enum status library_get_setting(struct arena *arena, struct store *store, struct str name,
                                struct str *value, struct error *err);
/* Whether it may have the value: STATUS_USAGE says why not, and leaves to the caller by what words the person knows the
 * setting. */
enum status library_check_setting(struct str name, struct str value, struct error *err);
/* Sets it, with its event, in one transaction. STATUS_USAGE when the name or the value is not
 * allowed; then *err begins with the setting's name. */
enum status library_set_setting(struct store *store, struct str name, struct str value,
                                struct error *err);

/* Names of the settings that no backup holds (SETTING_SECRET), ends with NULL; in the arena. Those that are
 * set: */
enum status library_list_secrets(struct arena *arena, struct store *store, const char ***names,
                                 struct error *err);
/* Those that were set, as the record says, and are not here: what a restore has to leave to people. */
enum status library_list_lost_secrets(struct arena *arena, struct store *store, const char ***names,
                                      struct error *err);

#endif
