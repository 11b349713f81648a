/* `chancery settings`: look at them, change one. */
#include <jansson.h>

#include "cli/command.h"
#include "library/setting.h"

/* The value, or of a secret only whether there is one. */
static enum status shown_value(struct call *call, const struct setting *setting, struct str *value,
                               struct error *err)
{
    enum status status =
        library_get_setting(call->arena, call->store, str_of(setting->name), value, err);
    if (!status && setting->form == SETTING_SECRET && value->len)
        *value = str_of(lang_pick(call->lang, "(set, not shown)", "（已设置，不显示）"));
    return status;
}

static enum status run_list(struct call *call, struct error *err)
{
    json_t *all = json_object();
    enum status status = STATUS_OK;
    for (const struct setting *s = setting_list; !status && s->name; s++) {
        struct str value;
        status = shown_value(call, s, &value, err);
        if (status)
            break;
        json_object_set_new(all, s->name, json_stringn(value.at, value.len));
        if (!call->json)
            call_say(call, "%s (%s)\n  %.*s\n", "%s（%s）\n  %.*s\n", s->name,
                     lang_pick(call->lang, s->en, s->zh),
                     STR_ARG(value.len ? value
                                       : str_of(lang_pick(call->lang, "(not set)", "（未设置）"))));
    }
    if (!status && call->json)
        call_print_json(call, json_incref(all));
    json_decref(all);
    return status;
}

const struct command command_settings = {
    .name = "settings",
    .least = 0,
    .most = 0,
    .en = "Show the installation's settings.",
    .zh = "显示各项设置。",
    .example = "chancery settings",
    .json = true,
    .needs_store = true,
    .run = run_list,
};

/* What may be shown of the value of the setting that is named. */
static enum status show_named(struct call *call, struct str name, struct str *value,
                              struct error *err)
{
    enum status status = STATUS_OK;
    for (const struct setting *s = setting_list; !status && s->name; s++)
        if (str_equal(str_of(s->name), name))
            status = shown_value(call, s, value, err);
    return status;
}

static void print_setting(struct call *call, struct str name, struct str value)
{
    json_t *json = json_object();
    json_object_set_new(json, name.at, json_stringn(value.at, value.len));
    call_print_json(call, json);
}

static enum status run_get(struct call *call, struct error *err)
{
    struct str value;
    enum status status =
        library_get_setting(call->arena, call->store, call->arguments[0], &value, err);
    if (!status)
        status = show_named(call, call->arguments[0], &value, err);
    if (!status && call->json)
        print_setting(call, call->arguments[0], value);
    else if (!status)
        call_say(call, "%.*s\n", "%.*s\n", STR_ARG(value));
    return status;
}

const struct command command_settings_get = {
    .name = "settings get",
    .arguments = "NAME",
    .least = 1,
    .most = 1,
    .en = "Print one setting's value.",
    .zh = "显示某项设置的值。",
    .example = "chancery settings get credit",
    .json = true,
    .needs_store = true,
    .run = run_get,
};

static enum status run_set(struct call *call, struct error *err)
{
    enum status status =
        library_set_setting(call->store, call->arguments[0], call->arguments[1], err);
    struct str value = call->arguments[1];
    if (!status)
        status = show_named(call, call->arguments[0], &value, err);
    if (!status && call->json)
        print_setting(call, call->arguments[0], value);
    else if (!status)
        call_say(call, "Set %.*s.\n", "已设置 %.*s。\n", STR_ARG(call->arguments[0]));
    return status;
}

const struct command command_settings_set = {
    .name = "settings set",
    .arguments = "NAME VALUE",
    .least = 2,
    .most = 2,
    .en = "Change a setting; an empty value clears it.",
    .zh = "更改某项设置；值为空即清除。",
    .example = "chancery settings set credit \"Members' library, office@example.org\"",
    .json = true,
    .needs_store = true,
    .run = run_set,
};
