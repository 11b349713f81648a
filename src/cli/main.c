/* The program's door: command line in, command run, error out in the person's language. */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/calendar.h"
#include "cli/parse.h"
#include "library/setting.h"
#include "store/store.h"

/* HOME, else what the system knows of the user: a service or cron job may have no HOME. */
static const char *home_folder(void)
{
    const char *home = getenv("HOME");
    const struct passwd *user = home && *home ? NULL : getpwuid(getuid());
    return user ? user->pw_dir : home;
}

/* --data, else CHANCERY_DATA, else the user's data folder (XDG Base Directory). */
static const char *data_folder(struct arena *arena)
{
    const char *named = getenv("CHANCERY_DATA");
    const char *xdg = getenv("XDG_DATA_HOME");
    if (named && *named)
        return named;
    if (xdg && *xdg == '/')
        return str_format(arena, "%s/chancery", xdg).at;
    const char *home = home_folder();
    return home && *home ? str_format(arena, "%s/.local/share/chancery", home).at : NULL;
}

/* Days and times are those of the setting time-zone; one that this machine no longer knows is left aside. */
static enum status choose_zone(struct call *call, struct error *err)
{
    struct str zone;
    enum status status =
        library_get_setting(call->arena, call->store, STR("time-zone"), &zone, err);
    if (!status)
        (void)calendar_choose_zone(zone);
    return status;
}

static enum status run(struct call *call, struct error *err)
{
    if (!call->data_dir)
        call->data_dir = data_folder(call->arena);
    enum status status = STATUS_OK;
    if (!call->data_dir && (call->command->needs_store || call->command->makes_store))
        status =
            error_set(err, STATUS_USAGE, "Nothing says where the data folder is: use --data DIR.",
                      "无从得知数据文件夹的位置：请用 --data 指定。");
    if (!status && call->command->needs_store)
        status = store_open(call->data_dir, &call->store, err);
    if (!status && call->store)
        status = choose_zone(call, err);
    if (!status)
        status = call->command->run(call, err);
    store_close(call->store);
    return status;
}

/* What standard output could not take is a failure like any other. */
static bool output_is_whole(void)
{
    return fflush(stdout) == 0 && !ferror(stdout);
}

int main(int argc, char **argv)
{
    struct error err = {0};
    bool help = false;
    struct call call = {
        .arena = arena_make(), .lang = lang_of_locale(), .terminal = isatty(STDOUT_FILENO)};
    call_watch_signals();
    enum status status = parse_command_line(&call, argc, argv, &help, &err);
    if (!status && help && call.command)
        help_command(&call, call.command);
    else if (!status && !call.command)
        help_overview(&call);
    else if (!status)
        status = run(&call, &err);
    if (!status && !output_is_whole() && errno != EPIPE)
        status = error_set(&err, STATUS_IO, "The output could not be written.", "输出无法写入。");
    if (status)
        (void)fprintf(stderr, "chancery: %s\n", lang_pick(call.lang, err.en, err.zh));
    int code = status == STATUS_USAGE ? 2 : status ? 1 : call.exit_code;
    arena_free(call.arena);
    return code;
}
