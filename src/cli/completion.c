/* `chancery completion` and `chancery manual`: for shells and for man, from the commands' tables. */
#include <stdio.h>
#include <string.h>

#include "cli/parse.h"

/* --- completion --------------------------------------------------------------------------------- */

/* The length of a command's first word, which a family (`member add|import|list`) shares. */
static int first_word(const struct command *c)
{
    return (int)strcspn(c->name, " ");
}

static bool same_family(const struct command *a, const struct command *b)
{
    return first_word(a) == first_word(b) && strncmp(a->name, b->name, (size_t)first_word(a)) == 0;
}

/* What follows the family's name; empty for a command of one word. */
static const char *second_word(const struct command *c)
{
    const char *space = strchr(c->name, ' ');
    return space ? space + 1 : "";
}

/* Whether no command before it in the list is of the same family. */
static bool opens_family(const struct command *const *c)
{
    for (const struct command *const *before = command_list; before < c; before++)
        if (same_family(*before, *c))
            return false;
    return true;
}

static void print_first_words(void)
{
    for (const struct command *const *c = command_list; *c; c++)
        if (opens_family(c))
            (void)printf("%.*s ", first_word(*c), (*c)->name);
}

static void print_second_words(const struct command *family)
{
    for (const struct command *const *c = command_list; *c; c++)
        if (same_family(*c, family))
            (void)printf("%s ", second_word(*c));
}

static void print_options(const struct command *c)
{
    for (const struct command_option *o = c->options; o && o->name; o++)
        (void)printf("--%s ", o->name);
    if (c->json)
        (void)printf("--%s ", json_option.name);
    for (const struct command_option *o = common_options; o->name; o++)
        (void)printf("--%s ", o->name);
}

/* The part that bash and zsh share: puts in $these what may stand at word $at, which so far reads
 * $word, after the command $first $second. Nothing there means files. */
static void print_cases(void)
{
    (void)printf("    if [ \"$at\" = 1 ]; then\n        these='");
    print_first_words();
    (void)puts("'\n    elif [ \"${word:0:1}\" = - ]; then\n        case \"$first $second\" in");
    for (int pairs = 1; pairs >= 0; pairs--) /* `sites lock` before what begins with `sites` */
        for (const struct command *const *c = command_list; *c; c++) {
            if ((*second_word(*c) != 0) != pairs)
                continue;
            (void)printf("        '%s%s) these='", (*c)->name, pairs ? "'" : " '*");
            print_options(*c);
            (void)puts("' ;;");
        }
    (void)printf("        esac\n    elif [ \"$at\" = 2 ]; then\n        case \"$first\" in\n"
                 "        completion) these='bash zsh fish' ;;\n        help) these='");
    print_first_words();
    (void)puts("' ;;");
    for (const struct command *const *c = command_list; *c; c++)
        if (opens_family(c) && (*second_word(*c) || (c[1] && same_family(*c, c[1])))) {
            (void)printf("        %.*s) these='", first_word(*c), (*c)->name);
            print_second_words(*c);
            (void)puts("' ;;");
        }
    (void)puts("        esac\n    fi");
}

static void print_bash(void)
{
    (void)puts("_chancery() {\n"
               "    local at=$COMP_CWORD word=${COMP_WORDS[COMP_CWORD]} these=\n"
               "    local first=${COMP_WORDS[1]} second=${COMP_WORDS[2]}");
    print_cases();
    (void)puts("    COMPREPLY=($(compgen -W \"$these\" -- \"$word\"))\n"
               "}\n"
               "complete -o bashdefault -o default -F _chancery chancery");
}

/* Works from a folder in fpath and when evaluated. */
static void print_zsh(void)
{
    (void)puts("#compdef chancery\n"
               "_chancery() {\n"
               "    local at=$((CURRENT - 1)) word=$PREFIX these=\n"
               "    local first=${words[2]} second=${words[3]}");
    print_cases();
    (void)puts("    if [ -n \"$these\" ]; then compadd -- ${=these}; else _files; fi\n"
               "}\n"
               "if [ \"${funcstack[1]}\" = _chancery ]; then\n"
               "    _chancery \"$@\"\n"
               "else\n"
               "    compdef _chancery chancery\n"
               "fi");
}

/* In single quotes, where fish takes only \ and ' as its own. */
static void print_fish_text(const struct call *call, const char *en, const char *zh)
{
    (void)fputs(" -d '", stdout);
    for (const char *c = lang_pick(call->lang, en, zh); *c; c++) {
        if (*c == '\'' || *c == '\\')
            (void)fputc('\\', stdout);
        (void)fputc(*c, stdout);
    }
    (void)puts("'");
}

static void print_fish_option(const struct call *call, const struct command *c,
                              const struct command_option *o)
{
    (void)printf("complete -c chancery -n '__fish_seen_subcommand_from %.*s' -l %s%s",
                 first_word(c), c->name, o->name, o->value ? " -r" : "");
    print_fish_text(call, o->en, o->zh);
}

static void print_fish(const struct call *call)
{
    for (const struct command *const *c = command_list; *c; c++) {
        int first = first_word(*c);
        bool pair = *second_word(*c) != 0;
        if (opens_family(c) && pair)
            (void)printf("complete -c chancery -n __fish_use_subcommand -f -a %.*s\n", first,
                         (*c)->name);
        if (pair)
            (void)printf("complete -c chancery -n '__fish_seen_subcommand_from %.*s' -a %s", first,
                         (*c)->name, second_word(*c));
        else
            (void)printf("complete -c chancery -n __fish_use_subcommand -f -a %s", (*c)->name);
        print_fish_text(call, (*c)->en, (*c)->zh);
        for (const struct command_option *o = (*c)->options; o && o->name; o++)
            print_fish_option(call, *c, o);
        if ((*c)->json)
            print_fish_option(call, *c, &json_option);
    }
    (void)puts(
        "complete -c chancery -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'");
    for (const struct command_option *o = common_options; o->name; o++) {
        (void)printf("complete -c chancery -l %s%s", o->name, o->value ? " -r" : "");
        print_fish_text(call, o->en, o->zh);
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
                         "chancery - 保密分享文稿，追踪每份副本"));
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
