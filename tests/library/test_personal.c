/* What is kept about a member: the register against the schema, the export, and erasing. */
#include "library_case.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "library/erasure.h"
#include "library/personal.h"

static bool is_registered(struct str table, struct str column)
{
    for (const struct personal *p = personal_register; p->table; p++)
        if (str_equal(table, str_of(p->table)) && str_equal(column, str_of(p->column)))
            return true;
    return false;
}

/* Whoever makes a table that holds a member decides here what a member is shown of it and what an erasure
 * leaves: add a row to personal_register in src/library/personal.c. */
static void every_column_that_holds_a_member_is_in_the_register(void **state)
{
    struct library_case *c = *state;
    size_t seen = 0;
    struct query *q = query_start(
        c->store,
        "SELECT t.name, f.\"from\" FROM sqlite_schema t, pragma_foreign_key_list(t.name) f"
        " WHERE t.type = 'table' AND f.\"table\" = 'member' UNION SELECT t.name, k.name"
        " FROM sqlite_schema t, pragma_table_info(t.name) k WHERE t.type = 'table' AND"
        " (k.name IN ('member', 'author', 'steward', 'editor', 'reporter', 'accused')"
        " OR k.name LIKE '%\\_by' ESCAPE '\\') AND k.type = 'INTEGER'");
    while (query_row(q)) {
        seen++;
        if (!is_registered(query_str(q, 0), query_str(q, 1)))
            fail_msg("%.*s.%.*s holds a member and is not in personal_register"
                     " (src/library/personal.c): say there what the member is shown of it and what"
                     " an erasure leaves",
                     STR_ARG(query_str(q, 0)), STR_ARG(query_str(q, 1)));
    }
    must(c, query_end(q, &c->err));
    assert_true(seen > 20);
}

static void every_entry_of_the_register_can_be_read_and_erased(void **state)
{
    struct library_case *c = *state;
    add_members(c, 1);
    must(c, store_begin(c->store, &c->err));
    for (const struct personal *p = personal_register; p->table; p++) {
        const char *const both[] = {p->rows_sql, p->erase_sql};
        for (size_t i = 0; i < 2; i++) {
            if (!both[i])
                continue;
            struct query *q = query_start(c->store, both[i]);
            query_bind_int(q, 1, 1);
            if (strstr(both[i], "?2"))
                query_bind_int(q, 2, 1);
            (void)query_row(q);
            must(c, query_end(q, &c->err));
        }
        assert_true(p->erase_sql || p->left_en);
        assert_true(!p->left_en == !p->left_zh);
    }
    store_rollback(c->store);
}

/* Puts a row into every table that says something about M1. */
static void fill(struct library_case *c)
{
    static const char *const rows[] = {
        "UPDATE member SET name = '江晚舟', email = 'jiang.wanzhou@harbour.example' WHERE id = 1",
        "INSERT INTO role VALUES (2, 'steward'), (3, 'owner')",
        "INSERT INTO account (member, password, created_ms) VALUES (1, 'x', 5)",
        "INSERT INTO session VALUES (x'01', 1, 1, 1, 9, 'Firefox on Plan 9', '192.0.2.0/24')",
        "INSERT INTO known_network VALUES (1, '198.51.100.0/24', 1)",
        "INSERT INTO token (hash, member, name, scopes, created_ms)"
        " VALUES (x'02', 1, 'nightly report', 'read', 1)",
        "INSERT INTO \"group\" (id, key, name, created_ms) VALUES (1, 'g1', 'Quay', 1)",
        "INSERT INTO group_member VALUES (1, 1, 1), (1, 2, 1)",
        "INSERT INTO post (id, key, \"group\", author, text, created_ms) VALUES"
        " (1, 'p1', 1, 1, 'the ferry of my own words', 1),"
        " (2, 'p2', 1, 2, 'I agree with @江晚舟 here; write to jiang.wanzhou@harbour.example', 2)",
        "INSERT INTO mention VALUES (2, 1), (1, 2)",
        "INSERT INTO draft (key, author, title, text, saved_ms)"
        " VALUES ('d1', 1, 'Unsent', 'a draft about tides', 1)",
        "INSERT INTO letter (event, member, kind, data, created_ms, due_ms) VALUES"
        " (0, 2, 'mention', '{\"author\":\"江晚舟\"}', 1, 1), (0, 1, 'reset', '{}', 1, 1)",
        "INSERT INTO notice (id, key, scope, text, digest, since_ms)"
        " VALUES (1, 'n1', 'library', 'Marked.', x'00', 1)",
        "INSERT INTO acknowledgement VALUES (1, 1, x'00', 7, '203.0.113.0/24')",
    };
    add_members(c, 4);
    must(c, store_begin(c->store, &c->err));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        must(c, store_run(c->store, rows[i], &c->err));
    must(c, store_add_event(c->store, "M2", "post.removed", STR("G1"),
                            STR("{\"post\":\"T1\",\"why\":\"rude about tides\"}"), &c->err));
    must(c, store_add_event(c->store, "M1", "link.made", STR("P1"),
                            STR("{\"member\":\"M1\",\"edition\":1,\"note\":\"for my sister\"}"),
                            &c->err));
    must(c, store_add_event(c->store, "M2", "group.made", STR("G1"),
                            STR("{\"name\":\"Friends\",\"about\":\"led by 江晚舟\"}"), &c->err));
    must(c, store_add_event(c->store, "M1", "copy.given", STR("P1"),
                            STR("{\"edition\":1,\"member\":\"M1\",\"format\":\"txt\"}"), &c->err));
    must(c, store_commit(c->store, &c->err));
    /* gone before, and still in bytes of the file that nothing uses (where SQLite is not built to overwrite them) */
    must(c, store_run(c->store,
                      "PRAGMA secure_delete = OFF; INSERT INTO draft (key, author, text, saved_ms)"
                      " VALUES ('d0', 1, replace(hex(zeroblob(90000)), '0000', 'BeOS'), 1);"
                      " DELETE FROM draft WHERE key = 'd0'",
                      &c->err));
}

static const char *const TELLING[] = {
    "江晚舟",        "jiang.wanzhou",  "192.0.2.0",   "198.51.100",        "203.0.113",
    "Plan 9",        "nightly report", "ferry of my", "draft about tides", "rude about",
    "for my sister", "Unsent",         "BeOS",
};

static struct str file_named(struct library_case *c, const char *name)
{
    struct buf bytes = {.arena = c->arena};
    char part[65536];
    FILE *file = fopen(str_format(c->arena, "%s/%s", c->dir, name).at, "rb");
    for (size_t n; file && (n = fread(part, 1, sizeof part, file)) > 0;)
        buf_add(&bytes, (struct str){part, n});
    if (file)
        (void)fclose(file);
    return buf_str(&bytes);
}

static size_t told(struct library_case *c)
{
    static const char *const files[] = {"chancery.db", "chancery.db-wal"};
    size_t found = 0;
    for (size_t f = 0; f < 2; f++) {
        struct str bytes = file_named(c, files[f]);
        for (size_t i = 0; i < sizeof TELLING / sizeof *TELLING; i++)
            found += str_find(bytes, str_of(TELLING[i]), 0) != SIZE_MAX;
    }
    return found;
}

static struct str ask(struct library_case *c, int64_t member, int64_t by)
{
    struct str key;
    must(c, store_begin(c->store, &c->err));
    must(c, library_ask_erasure(c->arena, c->store, member, by, &key, &c->err));
    must(c, store_commit(c->store, &c->err));
    return key;
}

static enum status confirm(struct library_case *c, struct str key, int64_t by)
{
    must(c, store_begin(c->store, &c->err));
    enum status status = library_confirm_erasure(c->arena, c->store, key, by, &c->err);
    if (status)
        store_rollback(c->store);
    else
        must(c, store_commit(c->store, &c->err));
    return status;
}

static void verify(struct library_case *c)
{
    int64_t count;
    int64_t bad;
    must(c, store_verify_events(c->store, &count, &bad, &c->err));
}

static void an_erased_member_is_in_no_byte_of_the_database_and_the_chain_is_whole(void **state)
{
    struct library_case *c = *state;
    fill(c);
    assert_true(told(c) >= sizeof TELLING / sizeof *TELLING);
    assert_int_equal(confirm(c, ask(c, 1, 2), 3), STATUS_OK);
    must(c, library_sweep_erasures(c->store, 42, &c->err));
    assert_int_equal(told(c), 0);
    verify(c);
    struct query *q = query_start(c->store, "SELECT count(*) FROM event WHERE kind = 'copy.given'"
                                            " AND data LIKE '%\"M1\"%\"txt\"%'");
    assert_true(query_row(q) && query_int(q, 0) == 1);
    must(c, query_end(q, &c->err));
    /* of an event that is not theirs only what says who they are is gone */
    q = query_start(c->store, "SELECT data FROM event WHERE kind = 'group.made'");
    assert_true(query_row(q));
    assert_true(str_equal(query_str(q, 0), STR("{\"name\":\"Friends\",\"about\":\"\"}")));
    must(c, query_end(q, &c->err));
}

static void who_asked_can_not_confirm_nor_can_the_member(void **state)
{
    struct library_case *c = *state;
    fill(c);
    struct str key = ask(c, 1, 2);
    assert_int_equal(confirm(c, key, 2), STATUS_FORBIDDEN);
    assert_int_equal(confirm(c, key, 1), STATUS_FORBIDDEN);
    assert_int_equal(confirm(c, key, 4), STATUS_FORBIDDEN); /* no steward */
    must(c, store_begin(c->store, &c->err));
    must(c, library_withdraw_erasure(c->store, key, 2, &c->err));
    must(c, store_commit(c->store, &c->err));
    assert_int_equal(confirm(c, key, 3), STATUS_MISSING);
    assert_int_equal(confirm(c, ask(c, 1, 1), 3), STATUS_OK);
}

static void whoever_has_a_role_is_not_erased(void **state)
{
    struct library_case *c = *state;
    struct str key;
    fill(c);
    must(c, store_begin(c->store, &c->err));
    must(c, store_run(c->store, "INSERT INTO role VALUES (1, 'editor')", &c->err));
    assert_int_equal(library_ask_erasure(c->arena, c->store, 1, 2, &key, &c->err), STATUS_CONFLICT);
    store_rollback(c->store);
}

static json_t *export(struct library_case *c, enum personal_view view)
{
    struct str text;
    must(c, library_export_member(c->arena, c->store, 1, view, &text, &c->err));
    json_t *json = json_loadb(text.at, text.len, 0, NULL);
    assert_non_null(json);
    return json;
}

static void an_export_holds_what_is_kept_and_gives_no_inquiry_away(void **state)
{
    struct library_case *c = *state;
    fill(c);
    must(c, store_begin(c->store, &c->err));
    must(c, store_add_event(c->store, "M2", "trace.made", STR(""),
                            STR("{\"named\":[{\"member\":\"M1\"}]}"), &c->err));
    must(c, store_commit(c->store, &c->err));
    json_t *own = export(c, PERSONAL_OWN);
    json_t *all = export(c, PERSONAL_SECRET);
    assert_int_equal(json_array_size(json_object_get(own, "events")) + 1,
                     json_array_size(json_object_get(all, "events")));
    char *text = json_dumps(own, 0);
    assert_non_null(strstr(text, "jiang.wanzhou@harbour.example"));
    assert_non_null(strstr(text, "a draft about tides"));
    assert_null(strstr(text, "trace.made"));
    assert_null(strstr(text, "\"M2\""));
    free(text);
    json_decref(own);
    json_decref(all);
}

static void every_name_in_an_export_has_words_in_both_languages(void **state)
{
    struct library_case *c = *state;
    struct personal_part *parts;
    size_t count;
    fill(c);
    must(c,
         library_list_personal(c->arena, c->store, 1, PERSONAL_SECRET, 9, &parts, &count, &c->err));
    assert_true(count > 8);
    for (size_t i = 0; i < count; i++)
        for (size_t r = 0; r < parts[i].nrows; r++)
            for (size_t v = 0; v < parts[i].rows[r].nvalues; v++)
                if (!personal_word(LANG_ZH, parts[i].rows[r].values[v].name))
                    fail_msg("no words for %s", parts[i].rows[r].values[v].name.at);
}

static const char *say(struct str event, struct str name, struct str value, enum lang lang)
{
    bool known = str_equal(event, STR("line.risk")) && str_equal(name, STR("act")) &&
                 str_equal(value, STR("report"));
    return known ? lang_pick(lang, "Disposal said to be done", "处置报结") : "";
}

static void times_kinds_and_events_are_said_in_words(void **state)
{
    struct library_case *c = *state;
    static const struct {
        const char *name, *value, *en, *zh;
    } cases[] = {
        {"time", "2026-11-30T02:03:11Z", "30 November 2026, 02:03", "2026年11月30日 02:03"},
        {"text", "2026-11-30T24:03:11Z", "2026-11-30T24:03:11Z", "2026-11-30T24:03:11Z"},
        {"kind", "reseller", "reseller", "倒卖"},
        {"state", "planned", "planned", "已列入计划"},
        {"text", "planned", "planned", "planned"},
        {"what", "copy.opened", "paper opened", "打开文稿"},
        {"what", "no.such", "no.such", "no.such"},
        {"format", "epub", "e-book (EPUB)", "电子书（EPUB）"},
        {"mark", "diagonal", "watermark", "水印"},
        {"details", "{\"edition\":1,\"format\":\"txt\"}", "edition: 1; format: plain text",
         "版本：1；格式：纯文本"},
        {"details", "{\"progress\":[54,59],\"lead\":[null,\"M4\"],\"why\":\"\",\"free\":false}",
         "progress in per cent: 54 → 59; lead: – → M4", "进度（%）：54 → 59；分包领导：– → M4"},
        {"details", "{\"added\":[\"T2\",\"T7\"],\"grave\":true,\"due_day\":\"2026-12-20\"}",
         "added: T2, T7; grave: yes; due: 20 December 2026",
         "新增：T2、T7；严重：是；期限：2026年12月20日"},
        {"details",
         "{\"target\":{\"whole\":\"12\",\"ends_ms\":1796004191000},\"cents\":150,\"other\":0.5}",
         "target: whole: 12; ends: 30 November 2026, 02:03; amount: 1.50; the other: 0.5",
         "目标值：全年：12；结束时间：2026年11月30日 02:03；金额：1.50；其二：0.5"},
        {"details", "{\"act\":\"report\"}", "step: Disposal said to be done", "操作：处置报结"},
        {"details", "{\"formats\":\"epub pdf\",\"expires_ms\":0,\"delete_days\":0}",
         "formats: e-book (EPUB), PDF", "格式：电子书（EPUB）、PDF"},
        {"details", "{\"zebra\":\"<b>\"}", "zebra: <b>", "zebra：<b>"},
        {"details", "not JSON", "not JSON", "not JSON"},
    };
    (void)setenv("TZ", "UTC", 1);
    tzset();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct personal_value values[] = {{str_of(cases[i].name), str_of(cases[i].value)},
                                          {STR("what"), STR("line.risk")}};
        struct personal_row row = {values, 2};
        struct str en = personal_shown(c->arena, LANG_EN, &row, 0, say);
        struct str zh = personal_shown(c->arena, LANG_ZH, &row, 0, say);
        assert_string_equal(str_z(c->arena, en), cases[i].en);
        assert_string_equal(str_z(c->arena, zh), cases[i].zh);
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_column_that_holds_a_member_is_in_the_register),
        CASE(every_entry_of_the_register_can_be_read_and_erased),
        CASE(an_erased_member_is_in_no_byte_of_the_database_and_the_chain_is_whole),
        CASE(who_asked_can_not_confirm_nor_can_the_member),
        CASE(whoever_has_a_role_is_not_erased),
        CASE(an_export_holds_what_is_kept_and_gives_no_inquiry_away),
        CASE(every_name_in_an_export_has_words_in_both_languages),
        CASE(times_kinds_and_events_are_said_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
