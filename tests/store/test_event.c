/* The chain of events, and backups of it. */
#include "store_case.h"

#include <sys/wait.h>

static void verify(struct store_case *c, enum status wanted, int64_t wanted_bad)
{
    int64_t count = -1;
    int64_t bad = -1;
    assert_int_equal(store_verify_events(c->store, &count, &bad, &c->err), wanted);
    assert_int_equal(bad, wanted_bad);
}

static void an_untouched_chain_is_whole(void **state)
{
    struct store_case *c = *state;
    verify(c, STATUS_OK, 0);
    add_events(c, c->store, 20);
    verify(c, STATUS_OK, 0);
}

static void any_tampering_is_named_by_its_first_line(void **state)
{
    static const struct {
        const char *sql;
        int64_t bad;
    } cases[] = {
        {"UPDATE event SET data = '{\"a\":2}' WHERE seq = 7", 7},
        {"UPDATE event SET actor = 'else' WHERE seq = 1", 1},
        {"UPDATE event SET time_ms = time_ms + 1 WHERE seq = 20", 20},
        {"UPDATE event SET subject = 'T2' WHERE seq = 12", 12},
        {"UPDATE event SET kind = 'test.mad' WHERE seq = 3", 3},
        {"UPDATE event SET hash = zeroblob(32) WHERE seq = 9", 9},
        {"DELETE FROM event WHERE seq = 5", 5},
        {"DELETE FROM event WHERE seq = 1", 1},
        {"UPDATE event SET seq = 100 WHERE seq = 11", 11},
        /* what is moved from one field to the next has the same bytes in all */
        {"UPDATE event SET subject = 'T', data = '1' || data WHERE seq = 4", 4},
    };
    struct store_case *c = *state;
    add_events(c, c->store, 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        must(c, store_begin(c->store, &c->err));
        must(c, store_run(c->store, cases[i].sql, &c->err));
        verify(c, STATUS_DAMAGED, cases[i].bad);
        store_rollback(c->store);
    }
    verify(c, STATUS_OK, 0);
}

/* Adds a line that says of those before it what `digits` says, or their true root where NULL. */
static void bind_tree(struct store_case *c, int64_t lines, const char *digits)
{
    struct digest root;
    int64_t count;
    char hex[DIGEST_HEX + 1];
    must(c, store_prove_events(c->store, NULL, 0, &count, &root, &c->err));
    digest_to_hex(&root, hex);
    must(c, store_begin(c->store, &c->err));
    must(c, store_add_event(c->store, "test", STORE_TREE_KIND, STR("C1"),
                            str_format(c->arena, "{\"lines\":%d,\"tree\":\"%s\"}",
                                       (int)(lines ? lines : count), digits ? digits : hex),
                            &c->err));
    must(c, store_commit(c->store, &c->err));
}

static void a_line_is_held_to_what_it_says_of_those_before(void **state)
{
    struct store_case *c = *state;
    add_events(c, c->store, 5);
    bind_tree(c, 0, NULL);
    add_events(c, c->store, 4);
    bind_tree(c, 0, NULL);
    bind_tree(c, 0, NULL);
    verify(c, STATUS_OK, 0);
    bind_tree(c, 3, NULL); /* the root of all, said of the first three */
    verify(c, STATUS_DAMAGED, 13);
}

static void a_wrong_root_and_one_of_lines_to_come_are_found(void **state)
{
    struct store_case *c = *state;
    add_events(c, c->store, 5);
    bind_tree(c, 50, NULL);
    verify(c, STATUS_DAMAGED, 6);
    must(c, store_begin(c->store, &c->err));
    must(c, store_run(c->store, "DELETE FROM event WHERE seq = 6", &c->err));
    must(c, store_commit(c->store, &c->err));
    store_close(c->store);
    must(c, store_open(c->dir, &c->store, &c->err));
    verify(c, STATUS_OK, 0);
    bind_tree(c, 0, "ab");
    verify(c, STATUS_DAMAGED, 6);
}

static void cut(struct store_case *c, int64_t seq, const char *data)
{
    struct store_cutting cutting;
    struct event event = {
        .seq = seq, .actor = STR("test"), .subject = STR("T1"), .data = str_of(data)};
    must(c, store_begin(c->store, &c->err));
    must(c, store_begin_cutting(c->store, &cutting, &c->err));
    must(c, store_cut_event(c->store, &cutting, &event, &c->err));
    must(c, store_end_cutting(c->store, &cutting, "test", "test.cut", STR("T9"),
                              STR("\"why\":\"old\","), &c->err));
    must(c, store_commit(c->store, &c->err));
}

static bool expect_nothing_left(void *context, const struct event *event)
{
    int64_t *by = context;
    assert_true(str_equal(event->data, STR("{}")));
    *by = event->cut_by;
    return false;
}

static void what_an_event_says_can_be_cut_down_twice_and_the_chain_is_whole(void **state)
{
    struct store_case *c = *state;
    int64_t by;
    add_events(c, c->store, 20);
    cut(c, 7, "{\"less\":1}");
    verify(c, STATUS_OK, 0);
    cut(c, 7, "{}");
    add_events(c, c->store, 3);
    verify(c, STATUS_OK, 0);
    must(c, store_list_events(c->store, 6, expect_nothing_left, &by, &c->err));
    assert_int_equal(by, 22);
}

static void whatever_is_cut_without_an_event_that_tells_of_it_is_found(void **state)
{
    static const struct {
        const char *sql;
        int64_t bad;
    } cases[] = {
        {"UPDATE event SET data = '{\"a\":2}' WHERE seq = 7", 7},
        {"UPDATE event SET actor = 'else' WHERE seq = 9", 9},
        {"UPDATE event_cut SET before = zeroblob(32) WHERE event = 9", 9},
        {"UPDATE event_cut SET before = zeroblob(3) WHERE event = 9", 9},
        {"DELETE FROM event_cut WHERE event = 9", 9},
        {"DELETE FROM event_cut WHERE event = 7 AND by = 22", 7},
        /* a cut of one's own making, under the name of one that happened, and under none */
        {"INSERT INTO event_cut SELECT 5, 21, hash FROM event WHERE seq = 5", 5},
        {"INSERT INTO event_cut SELECT 5, 99, hash FROM event WHERE seq = 5", 5},
        {"UPDATE event SET data = '{\"cut\":\"\"}' WHERE seq = 21", 7},
        {"UPDATE event SET data = 'no json' WHERE seq = 21", 7},
    };
    struct store_case *c = *state;
    add_events(c, c->store, 20);
    cut(c, 7, "{\"less\":1}");
    cut(c, 7, "{}");
    cut(c, 9, "{}");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        must(c, store_begin(c->store, &c->err));
        must(c, store_run(c->store, cases[i].sql, &c->err));
        verify(c, STATUS_DAMAGED, cases[i].bad);
        store_rollback(c->store);
    }
    verify(c, STATUS_OK, 0);
}

static bool collect(void *context, const struct event *event)
{
    int64_t *last = context;
    assert_true(event->seq == *last + 1);
    *last = event->seq;
    return event->seq < 15;
}

static void events_come_back_in_order_and_from_where_asked(void **state)
{
    struct store_case *c = *state;
    int64_t last = 10;
    add_events(c, c->store, 20);
    must(c, store_list_events(c->store, 10, collect, &last, &c->err));
    assert_int_equal(last, 15);
}

static void several_processes_writing_keep_one_gapless_chain(void **state)
{
    struct store_case *c = *state;
    enum { WRITERS = 4, EACH = 50 };
    pid_t writers[WRITERS];
    store_close(c->store);
    c->store = NULL;
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = fork();
        if (writers[i])
            continue;
        struct error err;
        struct store *store;
        enum status status = store_open(c->dir, &store, &err);
        for (int k = 0; !status && k < EACH; k++) {
            status = store_begin(store, &err);
            if (!status)
                status = store_add_event(store, "test", "made", STR(""), STR("{}"), &err);
            if (!status)
                status = store_commit(store, &err);
        }
        _exit(status);
    }
    for (int i = 0; i < WRITERS; i++) {
        int ended = 0;
        assert_int_equal(waitpid(writers[i], &ended, 0), writers[i]);
        assert_int_equal(ended, 0);
    }
    int64_t count;
    int64_t bad;
    must(c, store_open(c->dir, &c->store, &c->err));
    must(c, store_verify_events(c->store, &count, &bad, &c->err));
    assert_int_equal(count, WRITERS * EACH);
}

static void a_backup_made_while_others_write_restores_whole(void **state)
{
    struct store_case *c = *state;
    struct digest digest;
    int stop[2];
    assert_int_equal(pipe(stop), 0);
    must(c, store_put_blob(c->store, STR("a paper"), &digest, &c->err));
    add_events(c, c->store, 10);
    pid_t writer = fork();
    if (writer == 0) {
        struct error err;
        struct store *store;
        char byte;
        (void)close(stop[1]);
        enum status status = store_open(c->dir, &store, &err);
        for (int i = 0; !status && i < 2000; i++) {
            status = store_begin(store, &err) ||
                     store_add_event(store, "test", "made", STR(""), STR("{}"), &err) ||
                     store_commit(store, &err);
        }
        (void)!read(stop[0], &byte, 1);
        _exit(status);
    }
    const char *file = str_format(c->arena, "%s/whole.backup", c->top).at;
    const char *again = str_format(c->arena, "%s/again", c->top).at;
    must(c, store_backup(c->store, file, NULL, NULL, &c->err));
    (void)close(stop[0]);
    (void)close(stop[1]);
    assert_int_equal(waitpid(writer, NULL, 0), writer);
    must(c, store_restore(file, again, &c->err));
    struct store *restored;
    struct str back;
    int64_t count;
    int64_t bad;
    must(c, store_open(again, &restored, &c->err));
    must(c, store_verify_events(restored, &count, &bad, &c->err));
    assert_true(count >= 10);
    must(c, store_get_blob(c->arena, restored, &digest, &back, &c->err));
    assert_true(str_equal(back, STR("a paper")));
    assert_memory_equal(store_secret(restored)->bytes, store_secret(c->store)->bytes, DIGEST_BYTES);
    store_close(restored);
    struct stat about;
    assert_int_equal(stat(file, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
}

static void a_backup_overwrites_nothing_and_a_bad_one_restores_nothing(void **state)
{
    struct store_case *c = *state;
    const char *file = str_format(c->arena, "%s/x.backup", c->top).at;
    const char *into = str_format(c->arena, "%s/into", c->top).at;
    write_file(file, "precious");
    assert_int_equal(store_backup(c->store, file, NULL, NULL, &c->err), STATUS_CONFLICT);
    assert_int_equal(store_restore(file, into, &c->err), STATUS_DAMAGED);
    assert_int_equal(access(into, F_OK), -1);
    assert_int_equal(store_restore("/tmp/chancery-no-such-file", into, &c->err), STATUS_MISSING);
    assert_int_equal(store_restore(file, c->dir, &c->err), STATUS_CONFLICT);
}

/* Whether the statement writes more than records, through a store that watches. */
static bool writes_more(struct store_case *c, const char *sql)
{
    must(c, store_begin(c->store, &c->err));
    struct query *q = query_start(c->store, sql);
    (void)query_row(q);
    must(c, query_end(q, &c->err));
    bool more = store_wrote_more(c->store);
    store_rollback(c->store);
    return more;
}

static void writes_that_decide_are_told_from_records(void **state)
{
    static const char *const records[] = {"event", "cursor", "session.seen_ms", NULL};
    struct store_case *c = *state;
    struct store *other;
    store_watch(c->store, records);
    assert_false(store_wrote_more(c->store));
    add_events(c, c->store, 3);
    assert_false(store_wrote_more(c->store));
    assert_false(writes_more(c, "SELECT * FROM member"));
    assert_false(writes_more(c, "INSERT INTO cursor (name, seq) VALUES ('a', 1)"));
    assert_false(writes_more(c, "UPDATE session SET seen_ms = 1"));
    assert_true(writes_more(c, "UPDATE session SET seen_ms = 1, expires_ms = 1"));
    assert_true(writes_more(c, "DELETE FROM session"));
    assert_true(writes_more(c, "DELETE FROM event_cut"));
    assert_true(writes_more(c, "INSERT INTO setting VALUES ('credit', 'x')"));
    assert_true(writes_more(c, "INSERT INTO setting VALUES ('credit', 'x')")); /* kept prepared */
    must(c, store_run(c->store, "DELETE FROM revocation", &c->err));
    assert_true(store_wrote_more(c->store));
    assert_false(store_wrote_more(c->store));
    must(c, store_open(c->dir, &other, &c->err));
    add_events(c, other, 1);
    assert_true(store_wrote_more(c->store)); /* what another wrote is not known */
    assert_false(store_wrote_more(c->store));
    store_close(other);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_untouched_chain_is_whole),
        CASE(a_line_is_held_to_what_it_says_of_those_before),
        CASE(a_wrong_root_and_one_of_lines_to_come_are_found),
        CASE(any_tampering_is_named_by_its_first_line),
        CASE(what_an_event_says_can_be_cut_down_twice_and_the_chain_is_whole),
        CASE(whatever_is_cut_without_an_event_that_tells_of_it_is_found),
        CASE(events_come_back_in_order_and_from_where_asked),
        CASE(several_processes_writing_keep_one_gapless_chain),
        CASE(writes_that_decide_are_told_from_records),
        CASE(a_backup_made_while_others_write_restores_whole),
        CASE(a_backup_overwrites_nothing_and_a_bad_one_restores_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
