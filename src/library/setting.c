/* Settings; see setting.h. */
#include "library/setting.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/utf8.h"

const struct setting setting_list[] = {
    {"credit", 1000, true, "credit and contact line at the top and bottom of every copy",
     "每份副本首尾的署名与联系方式"},
    {"notice", 20000, false, "notice at the head of every copy; say that copies are marked",
     "每份副本开头的使用须知，应说明副本带有标记"},
    {"organisation", 200, true, "name of the organisation", "单位名称"},
    {0},
};

static const struct setting *find(struct str name)
{
    for (const struct setting *s = setting_list; s->name; s++)
        if (str_equal(str_of(s->name), name))
            return s;
    return NULL;
}

static enum status unknown(struct str name, struct error *err)
{
    return error_set(err, STATUS_USAGE,
                     "There is no setting \"%.*s\"; `chancery settings` lists them.",
                     "没有名为“%.*s”的设置；可用 `chancery settings` 查看。", STR_ARG(name));
}

enum status library_get_setting(struct arena *arena, struct store *store, struct str name,
                                struct str *value, struct error *err)
{
    if (!find(name))
        return unknown(name, err);
    struct query *q = query_start(store, "SELECT value FROM setting WHERE name = ?1");
    query_bind_str(q, 1, name);
    *value = query_row(q) ? str_copy(arena, query_str(q, 0)) : STR("");
    return query_end(q, err);
}

static enum status check(const struct setting *setting, struct str value, struct error *err)
{
    if (value.len > setting->most)
        return error_set(err, STATUS_USAGE, "%s takes at most %zu bytes; this has %zu.",
                         "%s 最长 %zu 字节，现为 %zu 字节。", setting->name, setting->most,
                         value.len);
    if (utf8_first_bad(value) != SIZE_MAX)
        return error_set(err, STATUS_USAGE, "The value of %s is not valid UTF-8.",
                         "%s 的值不是有效的 UTF-8。", setting->name);
    for (size_t i = 0; i < value.len; i++) {
        unsigned char byte = (unsigned char)value.at[i];
        if ((byte < 0x20 || byte == 0x7F) && (setting->one_line || byte != '\n'))
            return error_set(err, STATUS_USAGE,
                             "The value of %s holds a line break or control character.",
                             "%s 的值含有换行或控制字符。", setting->name);
    }
    return STATUS_OK;
}

enum status library_set_setting(struct store *store, struct str name, struct str value,
                                struct error *err)
{
    const struct setting *setting = find(name);
    if (!setting)
        return unknown(name, err);
    enum status status = check(setting, value, err);
    if (status)
        return status;
    json_t *json = json_pack("{s:o}", "value", json_stringn(value.at ? value.at : "", value.len));
    char *data = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    status = store_begin(store, err);
    if (!status) {
        struct query *q = query_start(store, "INSERT INTO setting (name, value) VALUES (?1, ?2)"
                                             " ON CONFLICT (name) DO UPDATE SET value = ?2");
        query_bind_str(q, 1, name);
        query_bind_str(q, 2, value);
        (void)query_row(q);
        status = query_end(q, err);
    }
    if (!status)
        status = store_add_event(store, "owner", "setting.changed", name, str_of(data), err);
    if (!status)
        status = store_commit(store, err);
    if (status)
        store_rollback(store);
    free(data);
    return status;
}
