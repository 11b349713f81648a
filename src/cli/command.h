/* Commands: one registration each, from which parsing, help, completion and the man page come.
 *
 * A file cli/NAME.c holds one subcommand (or a family like `member add|import|list`): its options,
 * its help in both languages and its handler, side by side. cli/main.c only looks it up. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/lang.h"
#include "base/str.h"

struct store;
struct given_options;

struct command_option {
    const char *name;  /* "member" for --member */
    const char *value; /* placeholder shown in help, "EMAIL"; NULL for a switch */
    const char *en;    /* one line of help */
    const char *zh;
};

struct call; /* one invocation */

struct command {
    const char *name;      /* "publish", or "member import" for a member of a family */
    const char *arguments; /* "FILE", "EXHIBIT…", "PAPER [SITE…]" as shown in help, NULL for none */
    int least, most;       /* number of arguments; most -1 for any number */
    const char *en, *zh;           /* what it does, one sentence */
    const char *more_en, *more_zh; /* further paragraphs, may be NULL */
    const char *example;           /* full command line(s), '\n' between */
    const struct command_option
        *options; /* ends with a name of NULL; --help and --data are implied,
                                             and --json when `json` is set */
    bool json;
    bool needs_store; /* open the data folder before the handler is called */
    bool makes_store; /* the handler makes the data folder */
    enum status (*run)(struct call *call, struct error *err);
};

struct call {
    const struct command *command;
    struct arena *arena; /* lives as long as the invocation */
    enum lang lang;      /* of messages */
    bool json;
    bool terminal;        /* standard output is a terminal: colour and progress allowed */
    const char *data_dir; /* --data, else CHANCERY_DATA, else the user's data folder */
    struct store *store;  /* open when needs_store */
    struct str *arguments;
    int narguments;
    struct given_options *given; /* read with call_option and call_switch */
    int exit_code;               /* 0 unless the handler sets it (e.g. verify: 1 when broken) */
};

/* The value of --name, or empty with `given` false. For a repeated option, the last. */
bool call_option(const struct call *call, const char *name, struct str *value);
bool call_switch(const struct call *call, const char *name);
/* A whole number option within [least, most]; absent: *value unchanged. STATUS_USAGE otherwise. */
enum status call_number(const struct call *call, const char *name, uint64_t least, uint64_t most,
                        uint64_t *value, struct error *err);

/* Prints to standard output in the call's language. */
void call_say(const struct call *call, const char *en, const char *zh, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));
/* The same to standard error, for remarks that are not the result. */
void call_remark(const struct call *call, const char *en, const char *zh, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));
/* A count with its noun, in the arena: "1 member", "3 members"; "3 名成员". */
const char *call_count(const struct call *call, uint64_t count, const char *en_one,
                       const char *en_many, const char *zh);
/* Columns that a text takes on a terminal: a Han character two. */
int call_columns(const char *text);
/* A progress bar on standard error, only on a terminal; call with done == all to finish. */
void call_progress(const struct call *call, const char *en, const char *zh, uint64_t done,
                   uint64_t all);
/* Whether the person asked to stop (SIGINT, SIGTERM): long loops check it and return
 * STATUS_INTERRUPTED with everything committed whole. Where nobody does within two seconds the
 * program ends, with 1, as if it had been killed. */
bool call_interrupted(void);

/* Reads a whole file, or standard input for "-". STATUS_IO names the file. */
enum status call_read_file(struct call *call, struct str name, size_t limit, struct str *bytes,
                           struct error *err);
/* Writes a whole file by temporary file and rename (or standard output for "-"). Never leaves a
 * half-written file under its name. */
enum status call_write_file(struct call *call, struct str name, struct str bytes,
                            struct error *err);

/* Prints a jansson value as the command's JSON (indented on a terminal) and releases it. */
struct json_t;
void call_print_json(const struct call *call, struct json_t *value);

/* All commands, in the order of the help page; ends with NULL. Defined in cli/commands.c. */
extern const struct command *const command_list[];

#endif
