/* Settings; see setting.h. */
#include "library/setting.h"

#include <string.h>

#include "base/calendar.h"
#include "base/json.h"
#include "base/utf8.h"

const struct setting setting_list[] = {
    {"credit", 1000, true, "credit and contact line at the top and bottom of every copy",
     "每份副本首尾的署名与联系方式", SETTING_TEXT},
    {"notice", 20000, false, "notice at the head of every copy; say that copies are marked",
     "每份副本开头的使用须知，应说明副本带有标记", SETTING_TEXT},
    {"organisation", 200, true, "name of the organisation", "单位名称", SETTING_TEXT},
    {"language", 2, true,
     "en or zh: the language of letters to members who have chosen none; empty: that of the locale",
     "en 或 zh：成员未选择语言时邮件所用的语言；留空则依系统区域设置", SETTING_LANGUAGE},
    {"time-zone", 64, true,
     "time zone of days and times, like Asia/Shanghai; empty: the machine's. A portal that runs takes it at"
     " its next start",
     "日期与时间所用的时区，如 Asia/Shanghai；留空则用本机时区。运行中的门户在下次启动时采用",
     SETTING_ZONE},
    {"first-run", 3, true, "off: serve without an owner, for a library run by command line alone",
     "填 off 则无所有者也可运行门户，适用于只用命令行管理的文库", SETTING_OFF},
    {"registration", 4, true,
     "open: whoever asks by e-mail becomes a member; else by invitation only",
     "填 open 则任何人凭邮箱即可注册为成员，否则仅限邀请", SETTING_OPEN},
    {"site.url", 200, true, "the portal's public address, for links in letters and feeds",
     "门户对外网址，用于邮件和订阅源中的链接", SETTING_SITE},
    {"mail.from", 320, true, "sender of letters; without it and smtp.url none is sent",
     "发件人邮箱；未填写此项和 smtp.url 则不发邮件", SETTING_ADDRESS},
    {"smtp.url", 200, true, "mail server, smtp:// (with STARTTLS) or smtps://",
     "邮件服务器，smtp://（STARTTLS）或 smtps://", SETTING_SMTP},
    {"smtp.user", 200, true, "user name at the mail server", "邮件服务器用户名", SETTING_TEXT},
    {"smtp.password", 1000, true,
     "password at the mail server; kept in a file of mode 0600, not in the database",
     "邮件服务器密码；存于权限为 0600 的文件，不入数据库", SETTING_SECRET},
    {"hooks.reach", 20, true,
     "where webhooks may go besides public addresses: loopback, private, or empty",
     "除公网外还允许 Webhook 发往何处：loopback（本机）、private（内网），或留空", SETTING_REACH},
    {"appeal.days", 3, true, "days in which a member can appeal against a sanction; empty: 14",
     "成员可就处理提出申诉的天数；留空则为 14 天", SETTING_DAYS},
    {"reward.plan", 500, true,
     "name of the plan that rewards a reporter who has no subscription that runs",
     "举报人无有效订阅时，用作奖励的方案名称", SETTING_TEXT},
    {"reading.days", 4, true,
     "how many days it is known who opened and downloaded a paper; 180 unless set",
     "由谁打开、下载文稿保留多少天，未设置则为 180 天", SETTING_DAYS},
    {"ledger.calendar", 20, true,
     "working days of supervision: china (holidays and adjusted weekends), weekdays or everyday; empty:"
     " weekdays",
     "督办所用的工作日历：china（中国法定节假日及调休）、weekdays（周一至周五）或 everyday（每天）；留空则为"
     " weekdays",
     SETTING_CALENDAR},
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
    const struct setting *setting = find(name);
    if (!setting)
        return unknown(name, err);
    if (setting->form == SETTING_SECRET)
        return store_get_secret(arena, store, setting->name, value, err);
    struct query *q = query_start(store, "SELECT value FROM setting WHERE name = ?1");
    query_bind_str(q, 1, name);
    *value = query_row(q) ? str_copy(arena, query_str(q, 0)) : STR("");
    return query_end(q, err);
}

/* --- forms ---------------------------------------------------------------------------------------- */

/* A host with an optional port, and nothing after: "mail.example.org:587", "[::1]:25". */
static bool is_host(struct str host)
{
    for (size_t i = 0; i < host.len; i++) {
        char c = host.at[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!plain && (c == 0 || !strchr(".-:[]", c)))
            return false;
    }
    return host.len > 0 && host.at[0] != ':';
}

static bool is_host_after(struct str value, struct str scheme)
{
    return str_starts(value, scheme) && is_host(str_slice(value, scheme.len, value.len));
}

static bool is_site(struct str value)
{
    return is_host_after(value, STR("https://")) || is_host_after(value, STR("http://"));
}

static bool is_smtp(struct str value)
{
    return is_host_after(value, STR("smtp://")) || is_host_after(value, STR("smtps://"));
}

static bool is_address(struct str value)
{
    size_t at = str_find(value, STR("@"), 0);
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.at[i] <= ' ' || strchr("<>,;:\"()[]\\", value.at[i]))
            return false;
    return at != SIZE_MAX && at > 0 && is_host(str_slice(value, at + 1, value.len));
}

static bool is_reach(struct str value)
{
    return str_equal(value, STR("loopback")) || str_equal(value, STR("private"));
}

static bool is_off(struct str value)
{
    return str_equal(value, STR("off"));
}

static bool is_open(struct str value)
{
    return str_equal(value, STR("open"));
}

static bool is_language(struct str value)
{
    return str_equal(value, STR("en")) || str_equal(value, STR("zh"));
}

/* Those that are built in: calendars/. */
static bool is_workdays(struct str value)
{
    return str_equal(value, STR("china")) || str_equal(value, STR("weekdays")) ||
           str_equal(value, STR("everyday"));
}

static bool is_days(struct str value)
{
    uint64_t days;
    return str_to_u64(value, &days) && days >= 1 && days <= 365;
}

static const struct {
    bool (*fits)(struct str value);
    const char *en, *zh; /* what to give, without the full stop */
} FORMS[] = {
    [SETTING_SITE] = {is_site, "Give a web address without a path, like https://papers.example.org",
                      "请填写不带路径的网址，如 https://papers.example.org"},
    [SETTING_SMTP] = {is_smtp,
                      "Give the address of a mail server, like smtp://mail.example.org:587",
                      "请填写邮件服务器地址，如 smtp://mail.example.org:587"},
    [SETTING_ADDRESS] = {is_address, "Give an e-mail address, like papers@example.org",
                         "请填写邮箱地址，如 papers@example.org"},
    [SETTING_REACH] = {is_reach, "Give loopback or private, or nothing",
                       "请填写 loopback 或 private，或留空"},
    [SETTING_OFF] = {is_off, "Give off, or nothing", "请填写 off，或留空"},
    [SETTING_ZONE] = {calendar_knows_zone,
                      "Give the name of a time zone that this machine knows, like Asia/Shanghai",
                      "请填写本机所知的时区名称，如 Asia/Shanghai"},
    [SETTING_OPEN] = {is_open, "Give open, or nothing", "请填写 open，或留空"},
    [SETTING_LANGUAGE] = {is_language, "Give en or zh, or nothing", "请填写 en 或 zh，或留空"},
    [SETTING_DAYS] = {is_days, "Give a number of days from 1 to 365, or nothing",
                      "请填写 1 至 365 之间的天数，或留空"},
    [SETTING_CALENDAR] = {is_workdays, "Give china, weekdays or everyday, or nothing",
                          "请填写 china、weekdays 或 everyday，或留空"},
    [SETTING_SECRET] = {0},
};

static enum status check_form(const struct setting *setting, struct str value, struct error *err)
{
    bool (*fits)(struct str) = FORMS[setting->form].fits;
    if (!fits || !value.len || fits(value))
        return STATUS_OK;
    return error_about(err, STATUS_USAGE, FORMS[setting->form].en, FORMS[setting->form].zh, ".",
                       "。");
}

static enum status check(const struct setting *setting, struct str value, struct error *err)
{
    if (value.len > setting->most)
        return error_set(err, STATUS_USAGE, "It takes at most %zu bytes; this has %zu.",
                         "最长 %zu 字节，现为 %zu 字节。", setting->most, value.len);
    if (utf8_first_bad(value) != SIZE_MAX)
        return error_set(err, STATUS_USAGE, "The value is not valid UTF-8.",
                         "所填内容不是有效的 UTF-8。");
    for (size_t i = 0; i < value.len; i++) {
        unsigned char byte = (unsigned char)value.at[i];
        if ((byte < 0x20 || byte == 0x7F) && (setting->one_line || byte != '\n'))
            return error_set(err, STATUS_USAGE,
                             "The value holds a line break or control character.",
                             "所填内容含有换行或控制字符。");
    }
    return check_form(setting, value, err);
}

static enum status put_value(struct store *store, const struct setting *setting, struct str value,
                             struct error *err)
{
    if (setting->form == SETTING_SECRET)
        return store_put_secret(store, setting->name, value, err);
    struct query *q = query_start(store, "INSERT INTO setting (name, value) VALUES (?1, ?2)"
                                         " ON CONFLICT (name) DO UPDATE SET value = ?2");
    query_bind_str(q, 1, str_of(setting->name));
    query_bind_str(q, 2, value);
    (void)query_row(q);
    return query_end(q, err);
}

/* The value as it is kept: an address that was copied from a browser ends with a slash that is no path. */
static struct str tidy(const struct setting *setting, struct str value)
{
    bool slash = setting->form == SETTING_SITE && value.len && value.at[value.len - 1] == '/';
    return str_slice(value, 0, value.len - slash);
}

enum status library_check_setting(struct str name, struct str value, struct error *err)
{
    const struct setting *setting = find(name);
    return setting ? check(setting, tidy(setting, value), err) : unknown(name, err);
}

enum status library_set_setting(struct store *store, struct str name, struct str value,
                                struct error *err)
{
    struct error why;
    const struct setting *setting = find(name);
    if (!setting)
        return unknown(name, err);
    value = tidy(setting, value);
    enum status status = check(setting, value, &why);
    if (status)
        return error_named(err, &why, setting->name, setting->name);
    struct arena *arena = arena_make();
    struct str data = str_from_json(arena, setting->form == SETTING_SECRET
                                               ? json_pack("{s:b}", "set", value.len > 0)
                                               : json_pack("{s:o}", "value", str_to_json(value)));
    status = store_begin(store, err);
    if (!status)
        status = put_value(store, setting, value, err);
    if (!status)
        status = store_add_event(store, "owner", "setting.changed", name, data, err);
    if (!status)
        status = store_commit(store, err);
    if (status)
        store_rollback(store);
    arena_free(arena);
    return status;
}

/* --- secrets -------------------------------------------------------------------------------------- */

static enum status was_set(struct store *store, const char *name, bool *was, struct error *err)
{
    struct query *q = query_start(store, "SELECT json_extract(data, '$.set') FROM event"
                                         " WHERE kind = 'setting.changed' AND subject = ?1"
                                         " ORDER BY seq DESC LIMIT 1");
    query_bind_str(q, 1, str_of(name));
    *was = query_row(q) && query_int(q, 0);
    return query_end(q, err);
}

static enum status list_secrets(struct arena *arena, struct store *store, bool lost,
                                const char ***names, struct error *err)
{
    enum status status = STATUS_OK;
    size_t count = 0;
    *names = arena_array(arena, sizeof setting_list / sizeof *setting_list, const char *);
    for (const struct setting *s = setting_list; !status && s->name; s++) {
        struct str value;
        bool was = false;
        if (s->form != SETTING_SECRET)
            continue;
        status = store_get_secret(arena, store, s->name, &value, err);
        if (!status && lost)
            status = was_set(store, s->name, &was, err);
        if (!status && (lost ? was && !value.len : value.len > 0))
            (*names)[count++] = s->name;
    }
    (*names)[count] = NULL;
    return status;
}

enum status library_list_secrets(struct arena *arena, struct store *store, const char ***names,
                                 struct error *err)
{
    return list_secrets(arena, store, false, names, err);
}

enum status library_list_lost_secrets(struct arena *arena, struct store *store, const char ***names,
                                      struct error *err)
{
    return list_secrets(arena, store, true, names, err);
}
