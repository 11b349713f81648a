/* From argv to a call; for main.c, call.c and the files that print help from the tables. */
#ifndef CLI_PARSE_H
#define CLI_PARSE_H

#include "cli/command.h"

struct given_option {
    const char *name;
    struct str value; /* at is NULL for a switch */
};
struct given_options {
    struct given_option *options;
    size_t count;
};

/* Options that every command takes. */
extern const struct command_option common_options[]; /* --data, --help */
extern const struct command_option json_option;

/* Reads the command line into *call (arena, lang and terminal set before). *help is set when help was
 * asked for; call->command is then the command it is about, or NULL for the overview. STATUS_USAGE
 * with the nearest known word suggested. */
enum status parse_command_line(struct call *call, int argc, char **argv, bool *help,
                               struct error *err);

/* The command of that whole name ("member import"), or NULL. */
const struct command *command_find(struct str name);

/* Installs the handlers behind call_interrupted. */
void call_watch_signals(void);

/* Prints to `stdout` by default; the overview, or one command's help. */
void help_overview(const struct call *call);
void help_command(const struct call *call, const struct command *command);

#endif
