/* What a record of a ledger's file says; see ledger_import.h. */
#include "cli/ledger_import.h"

#include "base/calendar.h"
#include "ledger/indicator.h"
#include "library/member.h"

struct str said_text(const struct taking *t, const char *name)
{
    json_t *value = json_object_get(t->record, name);
    return json_is_string(value) ? (struct str){json_string_value(value), json_string_length(value)}
                                 : STR("");
}

int64_t said_number(const struct taking *t, const char *name, int64_t otherwise)
{
    json_t *value = json_object_get(t->record, name);
    return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

enum status said_day(const struct taking *t, const char *name, int64_t *found, struct error *err)
{
    struct str said = said_text(t, name);
    *found = 0;
    if (said.len && !calendar_read_date(said, found))
        return error_set(err, STATUS_INPUT, "\"%.*s\" is no day such as 2026-11-29.",
                         "“%.*s”不是 2026-11-29 这样的日期。", STR_ARG(said));
    return STATUS_OK;
}

enum status said_month(const struct taking *t, const char *name, int *found, struct error *err)
{
    struct str said = said_text(t, name);
    if (!ledger_read_month(said, found))
        return error_set(err, STATUS_INPUT, "\"%.*s\" is no month such as 2026-11.",
                         "“%.*s”不是 2026-11 这样的月份。", STR_ARG(said));
    return STATUS_OK;
}

enum status said_person(const struct taking *t, const char *name, int64_t otherwise, int64_t *id,
                        struct error *err)
{
    struct str said = said_text(t, name);
    struct member member;
    *id = otherwise;
    if (said.len == 0)
        return STATUS_OK;
    json_t *known = json_object_getn(t->members, said.at, said.len);
    if (known) {
        *id = json_integer_value(known);
        return STATUS_OK;
    }
    enum status status = library_find_member(t->arena, t->store, said, &member, err);
    if (status)
        return status;
    json_object_setn_new(t->members, said.at, said.len, json_integer(member.id));
    *id = member.id;
    return STATUS_OK;
}

enum status said_unit(const struct taking *t, const char *name, int64_t *id, struct error *err)
{
    struct str said = said_text(t, name);
    *id = 0;
    if (said.len == 0)
        return STATUS_OK;
    json_t *known = json_object_getn(t->units, said.at, said.len);
    if (!known)
        return error_set(err, STATUS_MISSING, "There is no unit \"%.*s\".", "没有单位“%.*s”。",
                         STR_ARG(said));
    *id = json_integer_value(known);
    return STATUS_OK;
}

/* 0 where the record says none. */
enum status said_line(const struct taking *t, const char *name, int64_t *id, struct error *err)
{
    struct str said = said_text(t, name);
    struct line line = {0};
    json_t *known = json_object_getn(t->lines, said.at, said.len);
    if (known || said.len == 0) {
        *id = json_integer_value(known);
        return STATUS_OK;
    }
    enum status status = ledger_find_line_numbered(t->arena, t->store, said, &line, NULL);
    *id = line.id;
    return status == STATUS_MISSING
               ? error_set(err, STATUS_MISSING, "No line is called \"%.*s\" before this.",
                           "此前没有名为“%.*s”的条目。", STR_ARG(said))
               : status;
}

enum status said_the_line(const struct taking *t, int64_t *id, struct error *err)
{
    enum status status = said_line(t, "line", id, err);
    if (!status && !*id)
        return error_set(err, STATUS_INPUT, "\"line\" must say which line it is about.",
                         "须以“line”说明所指条目。");
    return status;
}

enum status said_no(const char *what, struct str said, struct error *err)
{
    return error_set(err, STATUS_INPUT, "\"%.*s\" is no %s.", "“%.*s”不能用作 %s。", STR_ARG(said),
                     what);
}

double said_real(const struct taking *t, const char *name, double otherwise)
{
    json_t *value = json_object_get(t->record, name);
    return json_is_number(value) ? json_number_value(value) : otherwise;
}

void said_name_line(const struct taking *t, int64_t line)
{
    struct str ref = said_text(t, "ref");
    if (ref.len)
        json_object_setn_new(t->lines, ref.at, ref.len, json_integer(line));
}

struct str said_key(const struct taking *t, const char *name)
{
    struct str said = said_text(t, name);
    json_t *known = json_object_getn(t->keys, said.at, said.len);
    return known ? (struct str){json_string_value(known), json_string_length(known)} : said;
}

void said_name_key(const struct taking *t, struct str key)
{
    struct str ref = said_text(t, "ref");
    if (ref.len)
        json_object_setn_new(t->keys, ref.at, ref.len, json_stringn(key.at, key.len));
}
