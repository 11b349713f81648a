/* `chancery completion` and `chancery manual`: for shells and for man, from the commands' tables. */
#include <stdio.h>
#include <string.h>

#include "cli/parse.h"

/* --- completion --------------------------------------------------------------------------------- */

static void print_words(const struct command *c)
{
    for (const struct command_option *o = c->options; o && o->name; o++)
        (void)printf(" --%s", o->name);
    for (const struct command_option *o = common_options; o->name; o++)
        (void)printf(" --%s", o->name);
    if (c->json)
        (void)printf(" --json");
}

static void print_bash(void)
{
    (void)puts("_chancery() {\n"
               "    local word=${COMP_WORDS[COMP_CWORD]} first=${COMP_WORDS[1]} "
               "second=${COMP_WORDS[2]}\n"
               "    local words=\n"
               "    case \"$first $second\" in");
    for (int pairs = 1; pairs >= 0; pairs--)
        for (const struct command *const *c = command_list; *c; c++) {
            if ((strchr((*c)->name, ' ') != NULL) != pairs)
                continue;
            (void)printf("    '%s%s'*) words='", (*c)->name, pairs ? "" : " ");
            print_words(*c);
            (void)puts("' ;;");
        }
    (void)puts("    esac");
    (void)printf("    [ \"$COMP_CWORD\" = 1 ] && words='");
    for (const struct command *const *c = command_list; *c; c++)
        (void)printf("%.*s ", (int)strcspn((*c)->name, " "), (*c)->name);
    (void)puts("'");
    for (const struct command *const *c = command_list; *c; c++) {
        const char *space = strchr((*c)->name, ' ');
        if (space)
            (void)printf("    [ \"$COMP_CWORD\" = 2 ] && [ \"$first\" = %.*s ] && words+=' %s'\n",
                         (int)(space - (*c)->name), (*c)->name, space + 1);
    }
    (void)puts("    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
               "    [ ${#COMPREPLY[@]} = 0 ] && COMPREPLY=($(compgen -f -- \"$word\"))\n"
               "}\n"
               "complete -o filenames -F _chancery chancery");
}

static void print_zsh(void)
{
    (void)puts("#compdef chancery\nautoload -U +X bashcompinit && bashcompinit");
    print_bash();
}

static void print_fish(const struct call *call)
{
    for (const struct command *const *c = command_list; *c; c++) {
        const char *space = strchr((*c)->name, ' ');
        int first = space ? (int)(space - (*c)->name) : (int)strlen((*c)->name);
        if (space)
            (void)printf(
                "complete -c chancery -n '__fish_seen_subcommand_from %.*s' -a '%s' -d \"%s\"\n",
                first, (*c)->name, space + 1, lang_pick(call->lang, (*c)->en, (*c)->zh));
        else
            (void)printf("complete -c chancery -n __fish_use_subcommand -a '%s' -d \"%s\"\n",
                         (*c)->name, lang_pick(call->lang, (*c)->en, (*c)->zh));
        for (const struct command_option *o = (*c)->options; o && o->name; o++)
            (void)printf(
                "complete -c chancery -n '__fish_seen_subcommand_from %.*s' -l %s%s -d \"%s\"\n",
                first, (*c)->name, o->name, o->value ? " -r" : "",
                lang_pick(call->lang, o->en, o->zh));
    }
}

static enum status run_completion(struct call *call, struct error *err)
{
    if (str_equal(call->arguments[0], STR("bash")))
        print_bash();
    else if (str_equal(call->arguments[0], STR("zsh")))
        print_zsh();
    else if (str_equal(call->arguments[0], STR("fish")))
        print_fish(call);
    else
        return error_set(err, STATUS_USAGE, "There is completion for bash, zsh and fish, not %.*s.",
                         "支持 bash、zsh、fish 的补全，不支持 %.*s。", STR_ARG(call->arguments[0]));
    return STATUS_OK;
}

const struct command command_completion = {
    .name = "completion",
    .arguments = "SHELL",
    .least = 1,
    .most = 1,
    .en = "Print completion for bash, zsh or fish.",
    .zh = "输出 bash、zsh 或 fish 的命令补全脚本。",
    .example = "chancery completion bash > ~/.local/share/bash-completion/completions/chancery",
    .run = run_completion,
};

/* --- manual ------------------------------------------------------------------------------------- */

/* roff takes a dot or quote at a line's beginning and a backslash anywhere as its own. */
static void print_roff(const char *text)
{
    bool start = true;
    for (const char *c = text; *c; c++) {
        if (start && (*c == '.' || *c == '\''))
            (void)fputs("\\&", stdout);
        if (*c == '\\')
            (void)fputs("\\e", stdout);
        else if (*c == '-')
            (void)fputs("\\-", stdout);
        else
            (void)fputc(*c, stdout);
        start = *c == '\n';
    }
    (void)fputc('\n', stdout);
}

static void print_option(const struct call *call, const struct command_option *o)
{
    (void)printf(".TP\n\\fB\\-\\-%s\\fR%s\\fI%s\\fR\n", o->name, o->value ? " " : "",
                 o->value ? o->value : "");
    print_roff(lang_pick(call->lang, o->en, o->zh));
}

static enum status run_manual(struct call *call, struct error *err)
{
    (void)err;
    (void)printf(".TH CHANCERY 1\n.SH %s\n", lang_pick(call->lang, "NAME", "名称"));
    print_roff(lang_pick(call->lang, "chancery - share papers in confidence, trace every copy",
                         "chancery - 保密分享文稿，追溯每份副本"));
    (void)printf(".SH %s\n", lang_pick(call->lang, "COMMANDS", "命令"));
    for (const struct command *const *c = command_list; *c; c++) {
        (void)printf(".SS chancery %s %s\n", (*c)->name, (*c)->arguments ? (*c)->arguments : "");
        print_roff(lang_pick(call->lang, (*c)->en, (*c)->zh));
        if ((*c)->more_en) {
            (void)puts(".PP");
            print_roff(lang_pick(call->lang, (*c)->more_en, (*c)->more_zh));
        }
        for (const struct command_option *o = (*c)->options; o && o->name; o++)
            print_option(call, o);
        if ((*c)->json)
            print_option(call, &json_option);
        (void)puts(".PP\n.nf");
        print_roff((*c)->example);
        (void)puts(".fi");
    }
    (void)printf(".SH %s\n", lang_pick(call->lang, "COMMON OPTIONS", "通用选项"));
    for (const struct command_option *o = common_options; o->name; o++)
        print_option(call, o);
    (void)printf(".SH %s\n", lang_pick(call->lang, "EXIT STATUS", "退出状态"));
    print_roff(
        lang_pick(call->lang, "0 done, 1 failed, 2 wrong usage.", "0 完成，1 失败，2 用法有误。"));
    return STATUS_OK;
}

const struct command command_manual = {
    .name = "manual",
    .least = 0,
    .most = 0,
    .en = "Print the man page.",
    .zh = "输出手册页。",
    .example = "chancery manual | man -l -",
    .run = run_manual,
};
