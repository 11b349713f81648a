/* Help from the commands' tables: the overview and one command's page; `help` and `version`. */
#include <stdio.h>
#include <string.h>

#include "cli/parse.h"

#ifndef CHANCERY_VERSION
#error "CHANCERY_VERSION comes from the build"
#endif

static void say_pair(const struct call *call, const char *left, int width, const char *en,
                     const char *zh)
{
    int pad = width - call_columns(left);
    call_say(call, "  %s%*s  %s\n", "  %s%*s  %s\n", left, pad > 0 ? pad : 0, "",
             lang_pick(call->lang, en, zh));
}

void help_overview(const struct call *call)
{
    call_say(call,
             "Chancery shares papers in confidence, traces every copy, and sees what they decide "
             "delivered.\n\nchancery COMMAND [--help]\n\n",
             "Chancery：保密分享文稿，追踪每份副本，督促决定落实。\n\nchancery 命令 [--help]\n\n");
    for (const struct command *const *c = command_list; *c; c++)
        say_pair(call, (*c)->name, 16, (*c)->en, (*c)->zh);
    call_say(
        call,
        "\nFirst steps: chancery init; chancery member import FILE.csv; chancery publish FILE\n",
        "\n起步：chancery init；chancery member import 文件.csv；chancery publish 文件\n");
}

static void say_option(const struct call *call, const struct command_option *o)
{
    struct str left =
        str_format(call->arena, "--%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
    say_pair(call, left.at, 22, o->en, o->zh);
}

void help_command(const struct call *call, const struct command *c)
{
    call_say(call, "chancery %s%s%s%s\n\n%s\n", "chancery %s%s%s%s\n\n%s\n", c->name,
             c->arguments ? " " : "", c->arguments ? c->arguments : "",
             lang_pick(call->lang, " [options]", " [选项]"), lang_pick(call->lang, c->en, c->zh));
    if (c->more_en)
        call_say(call, "\n%s\n", "\n%s\n", lang_pick(call->lang, c->more_en, c->more_zh));
    call_say(call, "\nOptions:\n", "\n选项：\n");
    for (const struct command_option *o = c->options; o && o->name; o++)
        say_option(call, o);
    if (c->json)
        say_option(call, &json_option);
    for (const struct command_option *o = common_options; o->name; o++)
        say_option(call, o);
    call_say(call, "\nExample:\n", "\n示例：\n");
    struct str rest = str_of(c->example);
    struct str line;
    while (str_split(&rest, '\n', &line))
        call_say(call, "  %.*s\n", "  %.*s\n", STR_ARG(line));
}

static enum status run_help(struct call *call, struct error *err)
{
    if (call->narguments == 0) {
        help_overview(call);
        return STATUS_OK;
    }
    struct buf name = {.arena = call->arena};
    for (int i = 0; i < call->narguments; i++) {
        buf_add(&name, i ? STR(" ") : STR(""));
        buf_add(&name, call->arguments[i]);
    }
    const struct command *c = command_find(buf_str(&name));
    if (!c)
        return error_set(err, STATUS_USAGE, "There is no command %.*s; `chancery help` lists them.",
                         "没有命令 %.*s；可用 `chancery help` 查看。", STR_ARG(buf_str(&name)));
    help_command(call, c);
    return STATUS_OK;
}

const struct command command_help = {
    .name = "help",
    .arguments = "[COMMAND]",
    .least = 0,
    .most = 2,
    .en = "Explain a command, or list them all.",
    .zh = "说明某个命令，或列出全部命令。",
    .example = "chancery help member import",
    .run = run_help,
};

static enum status run_version(struct call *call, struct error *err)
{
    (void)err;
    call_say(call, "chancery %s\n", "chancery %s\n", CHANCERY_VERSION);
    return STATUS_OK;
}

const struct command command_version = {
    .name = "version",
    .least = 0,
    .most = 0,
    .en = "Print the program's version.",
    .zh = "显示程序版本。",
    .example = "chancery version",
    .run = run_version,
};
