/* Reads a command line by the commands' own tables; see parse.h. */
#include "cli/parse.h"

#include <stdlib.h>
#include <string.h>

const struct command_option common_options[] = {
    {"data", "DIR", "data folder (default: $CHANCERY_DATA, else the user's data folder)",
     "数据文件夹（默认 $CHANCERY_DATA，否则在用户的数据文件夹中）"},
    {"help", NULL, "show this help", "显示此帮助"},
    {0},
};
const struct command_option json_option = {"json", NULL, "print JSON", "以 JSON 输出"};

const struct command *command_find(struct str name)
{
    for (const struct command *const *c = command_list; *c; c++)
        if (str_equal(str_of((*c)->name), name))
            return *c;
    return NULL;
}

/* --- suggestions -------------------------------------------------------------------------------- */

/* Edits between two short words (Levenshtein). */
static size_t distance(struct str a, const char *b)
{
    size_t row[64];
    size_t len = strlen(b);
    if (len >= sizeof row / sizeof *row)
        return SIZE_MAX;
    for (size_t j = 0; j <= len; j++)
        row[j] = j;
    for (size_t i = 0; i < a.len; i++) {
        size_t corner = row[0]++;
        for (size_t j = 0; j < len; j++) {
            size_t change = corner + (a.at[i] != b[j]);
            corner = row[j + 1];
            size_t least = row[j] < row[j + 1] ? row[j] + 1 : row[j + 1] + 1;
            row[j + 1] = change < least ? change : least;
        }
    }
    return row[len];
}

/* A slip changes less than half of a word: copy is no misspelt foo. */
static void consider(struct str word, const char *candidate, const char **best, size_t *least)
{
    size_t d = distance(word, candidate);
    if (d < *least && 2 * d < word.len) {
        *least = d;
        *best = candidate;
    }
}

static const char *nearest_option(const struct command *command, struct str word)
{
    const char *best = NULL;
    size_t least = 4;
    for (const struct command_option *o = command->options; o && o->name; o++)
        consider(word, o->name, &best, &least);
    for (const struct command_option *o = common_options; o->name; o++)
        consider(word, o->name, &best, &least);
    if (command->json)
        consider(word, json_option.name, &best, &least);
    return best;
}

static const char *nearest_command(struct arena *arena, struct str word)
{
    const char *best = NULL;
    size_t least = 4;
    for (const struct command *const *c = command_list; *c; c++) {
        struct str first = str_slice(str_of((*c)->name), 0, strcspn((*c)->name, " "));
        consider(word, str_z(arena, first), &best, &least);
    }
    return best;
}

/* --- parsing ------------------------------------------------------------------------------------ */

static const struct command_option *find_option(const struct command *command, struct str name)
{
    for (const struct command_option *o = command ? command->options : NULL; o && o->name; o++)
        if (str_equal(str_of(o->name), name))
            return o;
    for (const struct command_option *o = common_options; o->name; o++)
        if (str_equal(str_of(o->name), name))
            return o;
    if (command && command->json && str_equal(name, STR("json")))
        return &json_option;
    return NULL;
}

static enum status unknown_option(const struct command *command, struct str name, struct error *err)
{
    const char *near = command ? nearest_option(command, name) : NULL;
    if (near)
        return error_set(err, STATUS_USAGE, "There is no option --%.*s for %s; did you mean --%s?",
                         "没有选项 --%.*s（%s）；是否想用 --%s？", STR_ARG(name), command->name,
                         near);
    return error_set(err, STATUS_USAGE, "There is no option --%.*s here; see --help.",
                     "没有选项 --%.*s；请看 --help。", STR_ARG(name));
}

/* Takes the option at argv[*at], and its value, which may be the next word. */
static enum status take_option(struct call *call, int argc, char **argv, int *at, bool *help,
                               struct error *err)
{
    struct str word = str_of(argv[*at]);
    struct str name = str_equal(word, STR("-h")) ? STR("help") : str_slice(word, 2, word.len);
    struct str value = {0};
    size_t equals = str_find(name, STR("="), 0);
    if (equals != SIZE_MAX) {
        value = str_slice(name, equals + 1, name.len);
        name = str_slice(name, 0, equals);
    }
    const struct command_option *option = find_option(call->command, name);
    if (!option)
        return unknown_option(call->command, name, err);
    if (!option->value && value.at)
        return error_set(err, STATUS_USAGE, "--%s takes no value.", "--%s 不带值。", option->name);
    if (option->value && !value.at) {
        if (*at + 1 >= argc)
            return error_set(err, STATUS_USAGE, "--%s wants a value: --%s %s.",
                             "--%s 需要一个值：--%s %s。", option->name, option->name,
                             option->value);
        value = str_of(argv[++*at]);
    }
    if (option == &json_option)
        call->json = true;
    else if (strcmp(option->name, "help") == 0)
        *help = true;
    else if (strcmp(option->name, "data") == 0)
        call->data_dir = str_z(call->arena, value);
    call->given->options[call->given->count++] = (struct given_option){option->name, value};
    return STATUS_OK;
}

/* The longest command name that argv[at…] begins with; *used words belong to it. */
static const struct command *match_command(struct arena *arena, int argc, char **argv, int at,
                                           int *used)
{
    struct str one = str_of(argv[at]);
    if (at + 1 < argc) {
        struct str two = str_format(arena, "%s %s", argv[at], argv[at + 1]);
        const struct command *c = command_find(two);
        if (c) {
            *used = 2;
            return c;
        }
    }
    *used = 1;
    return command_find(one);
}

static enum status unknown_command(struct call *call, struct str word, struct error *err)
{
    /* A family's name alone, like `member`: say its members. */
    struct buf family = {.arena = call->arena};
    struct str prefix = str_format(call->arena, "%.*s ", STR_ARG(word));
    for (const struct command *const *c = command_list; *c; c++)
        if (str_starts(str_of((*c)->name), prefix))
            buf_format(&family, "%s%s", family.len ? ", " : "", (*c)->name);
    if (family.len)
        return error_set(err, STATUS_USAGE, "%.*s what? There are: %.*s.",
                         "%.*s 之后还需子命令：%.*s。", STR_ARG(word), STR_ARG(buf_str(&family)));
    const char *near = nearest_command(call->arena, word);
    if (near)
        return error_set(err, STATUS_USAGE, "There is no command %.*s; did you mean %s?",
                         "没有命令 %.*s；是否想用 %s？", STR_ARG(word), near);
    return error_set(err, STATUS_USAGE, "There is no command %.*s; `chancery help` lists them.",
                     "没有命令 %.*s；可用 `chancery help` 查看。", STR_ARG(word));
}

static enum status check_count(const struct call *call, struct error *err)
{
    const struct command *c = call->command;
    if (call->narguments >= c->least && (c->most < 0 || call->narguments <= c->most))
        return STATUS_OK;
    return error_set(err, STATUS_USAGE, "Usage: chancery %s%s%s. See chancery %s --help.",
                     "用法：chancery %s%s%s。详见 chancery %s --help。", c->name,
                     c->arguments ? " " : "", c->arguments ? c->arguments : "", c->name);
}

enum status parse_command_line(struct call *call, int argc, char **argv, bool *help,
                               struct error *err)
{
    bool only_arguments = false;
    call->given = arena_new(call->arena, struct given_options);
    call->given->options = arena_array(call->arena, (size_t)argc + 1, struct given_option);
    call->arguments = arena_array(call->arena, (size_t)argc + 1, struct str);
    for (int i = 1; i < argc; i++) {
        struct str word = str_of(argv[i]);
        bool dashed = word.len > 1 && word.at[0] == '-';
        if (!only_arguments && str_equal(word, STR("--"))) {
            only_arguments = true;
        } else if (!only_arguments && dashed &&
                   (str_starts(word, STR("--")) || str_equal(word, STR("-h")))) {
            if (!call->command && str_equal(word, STR("--version"))) {
                call->command = command_find(STR("version"));
                continue;
            }
            enum status status = take_option(call, argc, argv, &i, help, err);
            if (status)
                return status;
        } else if (!only_arguments && dashed) {
            return error_set(err, STATUS_USAGE, "There is no option %.*s; options begin with --.",
                             "没有选项 %.*s；选项以 -- 开头。", STR_ARG(word));
        } else if (!call->command) {
            int used;
            call->command = match_command(call->arena, argc, argv, i, &used);
            if (!call->command)
                return unknown_command(call, word, err);
            i += used - 1;
        } else {
            call->arguments[call->narguments++] = word;
        }
    }
    if (!call->command || *help)
        return STATUS_OK;
    return check_count(call, err);
}
