/* The data folder: made, opened, refused, kept whole. */
#include "store_case.h"

#include "base/embed.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>

static void a_new_folder_opens_and_its_secret_is_private(void **state)
{
    struct store_case *c = *state;
    struct stat about;
    assert_int_equal(stat(file_in(c, "secret.key"), &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(stat(file_in(c, "chancery.db"), &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
}

static void making_a_folder_again_changes_nothing(void **state)
{
    struct store_case *c = *state;
    struct digest before = *store_secret(c->store);
    assert_int_equal(store_create(c->dir, &c->err), STATUS_CONFLICT);
    store_close(c->store);
    must(c, store_open(c->dir, &c->store, &c->err));
    assert_memory_equal(before.bytes, store_secret(c->store)->bytes, DIGEST_BYTES);
}

static void a_folder_that_is_not_there_says_how_to_make_one(void **state)
{
    struct store_case *c = *state;
    struct store *store;
    assert_int_equal(store_open("/tmp/chancery-no-such-folder", &store, &c->err), STATUS_MISSING);
    assert_non_null(strstr(c->err.en, "chancery init"));
    assert_non_null(strstr(c->err.zh, "chancery init"));
}

static void a_secret_that_others_can_read_is_refused(void **state)
{
    struct store_case *c = *state;
    struct store *store;
    assert_int_equal(chmod(file_in(c, "secret.key"), 0640), 0);
    assert_int_equal(store_open(c->dir, &store, &c->err), STATUS_IO);
    assert_non_null(strstr(c->err.en, "chmod 600"));
}

static void a_secret_that_is_no_key_is_refused(void **state)
{
    static const char *const bad[] = {"", "abc", "zz", "0123456789abcdef"};
    struct store_case *c = *state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct store *store;
        write_file(file_in(c, "secret.key"), bad[i]);
        assert_int_equal(store_open(c->dir, &store, &c->err), STATUS_DAMAGED);
    }
    assert_int_equal(unlink(file_in(c, "secret.key")), 0);
    struct store *store;
    assert_int_equal(store_open(c->dir, &store, &c->err), STATUS_IO);
}

static void a_key_file_of_before_there_were_epochs_is_read_and_brought_up_to_date(void **state)
{
    struct store_case *c = *state;
    char hex[DIGEST_HEX + 1];
    struct digest before = *store_secret(c->store);
    int64_t epoch;
    digest_to_hex(&before, hex);
    store_close(c->store);
    write_file(file_in(c, "secret.key"), hex);
    must(c, store_open(c->dir, &c->store, &c->err));
    assert_memory_equal(before.bytes, store_secret(c->store)->bytes, DIGEST_BYTES);
    must(c, store_begin(c->store, &c->err));
    must(c, store_begin_epoch(c->store, &epoch, &c->err));
    must(c, store_commit(c->store, &c->err));
    assert_int_equal(epoch, 2);
    struct digest second = *store_epoch_secret(c->store, 2);
    store_close(c->store);
    must(c, store_open(c->dir, &c->store, &c->err));
    assert_memory_equal(before.bytes, store_epoch_secret(c->store, 1)->bytes, DIGEST_BYTES);
    assert_memory_equal(second.bytes, store_epoch_secret(c->store, 2)->bytes, DIGEST_BYTES);
    assert_memory_not_equal(before.bytes, second.bytes, DIGEST_BYTES);
}

static void a_rotation_that_is_undone_leaves_the_epochs_as_they_were(void **state)
{
    struct store_case *c = *state;
    int64_t epoch;
    must(c, store_begin(c->store, &c->err));
    must(c, store_begin_epoch(c->store, &epoch, &c->err));
    struct digest undone = *store_epoch_secret(c->store, 2);
    store_rollback(c->store);
    must(c, store_newest_epoch(c->store, &epoch, &c->err));
    assert_int_equal(epoch, 1);
    must(c, store_begin(c->store, &c->err));
    must(c, store_begin_epoch(c->store, &epoch, &c->err));
    must(c, store_commit(c->store, &c->err));
    assert_int_equal(epoch, 2);
    assert_memory_not_equal(undone.bytes, store_epoch_secret(c->store, 2)->bytes, DIGEST_BYTES);
}

static void a_key_file_older_than_the_database_is_refused(void **state)
{
    struct store_case *c = *state;
    struct store *store;
    char old[DIGEST_HEX + 1];
    digest_to_hex(store_secret(c->store), old);
    int64_t epoch;
    must(c, store_begin(c->store, &c->err));
    must(c, store_begin_epoch(c->store, &epoch, &c->err));
    must(c, store_commit(c->store, &c->err));
    write_file(file_in(c, "secret.key"), old);
    assert_int_equal(store_open(c->dir, &store, &c->err), STATUS_IO);
    assert_non_null(strstr(c->err.en, "older than the database"));
}

static void an_epoch_that_another_process_began_is_at_hand_when_asked_for(void **state)
{
    struct store_case *c = *state;
    struct store *other;
    int64_t epoch;
    must(c, store_open(c->dir, &other, &c->err));
    must(c, store_begin(other, &c->err));
    must(c, store_begin_epoch(other, &epoch, &c->err));
    must(c, store_commit(other, &c->err));
    must(c, store_newest_epoch(c->store, &epoch, &c->err));
    assert_int_equal(epoch, 2);
    assert_memory_equal(store_epoch_secret(c->store, 2)->bytes, store_epoch_secret(other, 2)->bytes,
                        DIGEST_BYTES);
    store_close(other);
}

static void a_newer_database_is_refused_unharmed(void **state)
{
    struct store_case *c = *state;
    struct store *store;
    sqlite3 *db;
    must(c, store_run(c->store, "PRAGMA user_version = 9999", &c->err));
    store_close(c->store);
    c->store = NULL;
    assert_int_equal(store_open(c->dir, &store, &c->err), STATUS_CONFLICT);
    assert_null(store);
    assert_int_equal(sqlite3_open(file_in(c, "chancery.db"), &db), SQLITE_OK);
    sqlite3_stmt *s;
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(s, 0), 9999);
    (void)sqlite3_finalize(s);
    (void)sqlite3_close(db);
}

/* Makes the database as its first migration left it, with a setting and two members of one group. */
static void make_first_schema(const char *path)
{
    extern const struct embedded migration_files[];
    sqlite3 *db;
    (void)unlink(path);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, migration_files[0].at, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "PRAGMA user_version = 1;"
                                  "INSERT INTO setting VALUES ('credit', 'kept');"
                                  "INSERT INTO member (name, email, \"group\", created_ms) VALUES"
                                  " ('a', 'a@example.org', 'Board', 5),"
                                  " ('b', 'b@example.org', 'board', 6)",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void migrations_are_numbered_one_after_another(void **state)
{
    extern const struct embedded migration_files[];
    (void)state;
    for (int i = 0; migration_files[i].name; i++)
        assert_int_equal(strtol(migration_files[i].name, NULL, 10), i + 1);
}

static void an_older_database_is_brought_up_to_date_with_its_data(void **state)
{
    struct store_case *c = *state;
    store_close(c->store);
    make_first_schema(file_in(c, "chancery.db"));
    must(c, store_open(c->dir, &c->store, &c->err));
    struct query *q = query_start(c->store, "SELECT (SELECT count(*) FROM gram), value,"
                                            " (SELECT count(*) FROM \"group\"),"
                                            " (SELECT count(*) FROM group_member) FROM setting");
    assert_true(query_row(q));
    assert_int_equal(query_int(q, 0), 0);
    assert_true(str_equal(query_str(q, 1), STR("kept")));
    assert_int_equal(query_int(q, 2), 1);
    assert_int_equal(query_int(q, 3), 2);
    must(c, query_end(q, &c->err));
}

static void a_damaged_database_gives_a_message_and_no_crash(void **state)
{
    struct store_case *c = *state;
    struct store *store;
    store_close(c->store);
    c->store = NULL;
    write_file(file_in(c, "chancery.db"),
               "this is no database, however long one makes the text ..."
               "........................................................");
    (void)unlink(file_in(c, "chancery.db-wal"));
    assert_int_equal(store_open(c->dir, &store, &c->err), STATUS_DAMAGED);
}

static void a_part_is_undone_alone_and_lasts_with_the_whole(void **state)
{
    struct store_case *c = *state;
    static const char sql[] = "INSERT INTO setting (name, value) VALUES (?1, 'v')";
    const struct str names[] = {STR("outer"), STR("undone"), STR("kept")};
    must(c, store_begin(c->store, &c->err));
    for (int i = 0; i < 3; i++) {
        if (i > 0)
            must(c, store_begin(c->store, &c->err));
        struct query *q = query_start(c->store, sql);
        query_bind_str(q, 1, names[i]);
        (void)query_row(q);
        must(c, query_end(q, &c->err));
        if (i == 1)
            store_rollback(c->store);
        if (i == 2)
            must(c, store_commit(c->store, &c->err));
    }
    must(c, store_commit(c->store, &c->err));
    store_rollback(c->store);
    struct query *q = query_start(c->store, "SELECT group_concat(name) FROM setting");
    assert_true(query_row(q));
    assert_true(str_equal(query_str(q, 0), STR("kept,outer")));
    must(c, query_end(q, &c->err));
}

static void what_is_held_outlasts_a_rollback_too_many(void **state)
{
    struct store_case *c = *state;
    must(c, store_begin(c->store, &c->err));
    must(c, store_run(c->store, "INSERT INTO setting VALUES ('credit', 'kept')", &c->err));
    store_hold(c->store);
    must(c, store_begin(c->store, &c->err));
    must(c, store_run(c->store, "INSERT INTO setting VALUES ('notice', 'undone')", &c->err));
    store_rollback(c->store);
    store_rollback(c->store);
    assert_int_equal(store_depth(c->store), 1);
    store_let_go(c->store);
    must(c, store_commit(c->store, &c->err));
    struct query *q = query_start(c->store, "SELECT group_concat(value) FROM setting");
    assert_true(query_row(q));
    assert_true(str_equal(query_str(q, 0), STR("kept")));
    must(c, query_end(q, &c->err));
}

static void a_failed_statement_reports_once_and_can_be_used_again(void **state)
{
    struct store_case *c = *state;
    static const char sql[] = "INSERT INTO setting (name, value) VALUES (?1, ?2)";
    for (int i = 0; i < 2; i++) {
        struct query *q = query_start(c->store, sql);
        query_bind_str(q, 1, STR("credit"));
        query_bind_str(q, 2, STR("x"));
        assert_false(query_row(q));
        assert_int_equal(query_end(q, &c->err), i ? STATUS_IO : STATUS_OK);
        assert_int_equal(store_was_duplicate(c->store), i == 1);
    }
}

static void a_blob_comes_back_and_a_damaged_one_is_told_until_it_is_put_again(void **state)
{
    struct store_case *c = *state;
    struct digest digest;
    struct str back;
    char hex[DIGEST_HEX + 1];
    must(c, store_put_blob(c->store, STR("some bytes"), &digest, &c->err));
    must(c, store_put_blob(c->store, STR("some bytes"), &digest, &c->err));
    must(c, store_get_blob(c->arena, c->store, &digest, &back, &c->err));
    assert_true(str_equal(back, STR("some bytes")));
    digest_to_hex(&digest, hex);
    write_file(str_format(c->arena, "%s/blobs/%.2s/%s", c->dir, hex, hex + 2).at, "some bytez");
    assert_int_equal(store_get_blob(c->arena, c->store, &digest, &back, &c->err), STATUS_DAMAGED);
    must(c, store_put_blob(c->store, STR("some bytes"), &digest, &c->err));
    must(c, store_get_blob(c->arena, c->store, &digest, &back, &c->err));
    assert_true(str_equal(back, STR("some bytes")));
    digest.bytes[0] ^= 1;
    assert_int_equal(store_get_blob(c->arena, c->store, &digest, &back, &c->err), STATUS_MISSING);
}

static bool has_blob(struct store_case *c, const struct digest *digest)
{
    struct str bytes;
    return store_get_blob(c->arena, c->store, digest, &bytes, &c->err) == STATUS_OK;
}

static void blobs_that_nothing_names_are_swept_once_they_are_old(void **state)
{
    struct store_case *c = *state;
    struct digest in_column;
    struct digest in_event;
    struct digest unnamed;
    char hex[DIGEST_HEX + 1];
    must(c, store_put_blob(c->store, STR("named by a column"), &in_column, &c->err));
    must(c, store_put_blob(c->store, STR("named by an event"), &in_event, &c->err));
    must(c, store_put_blob(c->store, STR("named by nothing"), &unnamed, &c->err));
    must(c, store_run(c->store, "CREATE TABLE thing (digest BLOB)", &c->err));
    struct query *q = query_start(c->store, "INSERT INTO thing VALUES (?1)");
    query_bind_blob(q, 1, digest_bytes(&in_column));
    (void)query_row(q);
    must(c, query_end(q, &c->err));
    digest_to_hex(&in_event, hex);
    must(c, store_add_event(c->store, "", "trace.made", STR("P1"),
                            str_format(c->arena, "{\"exhibits\":[\"%s\"]}", hex), &c->err));
    digest_to_hex(&unnamed, hex);
    const char *half = str_format(c->arena, "%s/blobs/%.2s/%s.Kx3Pq9", c->dir, hex, hex + 2).at;
    write_file(half, "half writ");

    must(c, store_sweep_blobs(c->store, store_now_ms(), &c->err));
    assert_true(has_blob(c, &unnamed)); /* it may yet be named */
    assert_int_equal(access(half, F_OK), 0);

    int64_t later_ms = store_now_ms() + INT64_C(2) * 60 * 60 * 1000;
    must(c, store_sweep_blobs(c->store, later_ms, &c->err));
    assert_true(has_blob(c, &in_column));
    assert_true(has_blob(c, &in_event));
    assert_false(has_blob(c, &unnamed));
    assert_int_not_equal(access(half, F_OK), 0);
    must(c, store_put_blob(c->store, STR("named by nothing"), &unnamed, &c->err));
    assert_true(has_blob(c, &unnamed));
}

static void a_full_disk_is_told_and_loses_nothing(void **state)
{
    struct store_case *c = *state;
    add_events(c, c->store, 3);
    store_close(c->store);
    c->store = NULL;
    pid_t child = fork();
    if (child == 0) {
        struct error err;
        struct store *store;
        struct rlimit limit = {200000, 200000};
        char *big = calloc(1, 100000);
        (void)signal(SIGXFSZ, SIG_IGN);
        if (!big || store_open(c->dir, &store, &err) || setrlimit(RLIMIT_FSIZE, &limit))
            _exit(9);
        memset(big, 'x', 100000);
        enum status status = STATUS_OK;
        for (int i = 0; !status && i < 100; i++) {
            status = store_begin(store, &err);
            if (!status)
                status =
                    store_add_event(store, "test", "big", STR(""), (struct str){big, 100000}, &err);
            if (!status)
                status = store_commit(store, &err);
        }
        store_rollback(store);
        _exit(status == STATUS_IO && err.en[0] ? 0 : 8);
    }
    int ended = 0;
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_true(WIFEXITED(ended));
    assert_int_equal(WEXITSTATUS(ended), 0);
    int64_t count;
    int64_t bad;
    must(c, store_open(c->dir, &c->store, &c->err));
    must(c, store_verify_events(c->store, &count, &bad, &c->err));
    assert_true(count >= 3);
}

static void a_killed_writer_leaves_its_last_commit(void **state)
{
    struct store_case *c = *state;
    int ready[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    store_close(c->store);
    c->store = NULL;
    pid_t child = fork();
    if (child == 0) {
        struct error err;
        struct store *store;
        if (store_open(c->dir, &store, &err))
            _exit(9);
        for (int i = 0; i < 5; i++)
            if (store_begin(store, &err) ||
                store_add_event(store, "test", "made", STR(""), STR("{}"), &err) ||
                store_commit(store, &err))
                _exit(8);
        /* The sixth is under way, not committed, when the process is killed. */
        if (store_begin(store, &err) ||
            store_add_event(store, "test", "made", STR(""), STR("{}"), &err) ||
            write(ready[1], "x", 1) != 1)
            _exit(7);
        for (;;)
            (void)pause();
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    int64_t count;
    int64_t bad;
    must(c, store_open(c->dir, &c->store, &c->err));
    must(c, store_verify_events(c->store, &count, &bad, &c->err));
    assert_int_equal(count, 5);
    (void)close(ready[0]);
    (void)close(ready[1]);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_new_folder_opens_and_its_secret_is_private),
        CASE(making_a_folder_again_changes_nothing),
        CASE(a_folder_that_is_not_there_says_how_to_make_one),
        CASE(a_secret_that_others_can_read_is_refused),
        CASE(a_secret_that_is_no_key_is_refused),
        CASE(a_key_file_of_before_there_were_epochs_is_read_and_brought_up_to_date),
        CASE(a_rotation_that_is_undone_leaves_the_epochs_as_they_were),
        CASE(a_key_file_older_than_the_database_is_refused),
        CASE(an_epoch_that_another_process_began_is_at_hand_when_asked_for),
        CASE(a_newer_database_is_refused_unharmed),
        cmocka_unit_test(migrations_are_numbered_one_after_another),
        CASE(an_older_database_is_brought_up_to_date_with_its_data),
        CASE(a_damaged_database_gives_a_message_and_no_crash),
        CASE(a_part_is_undone_alone_and_lasts_with_the_whole),
        CASE(what_is_held_outlasts_a_rollback_too_many),
        CASE(a_failed_statement_reports_once_and_can_be_used_again),
        CASE(a_blob_comes_back_and_a_damaged_one_is_told_until_it_is_put_again),
        CASE(blobs_that_nothing_names_are_swept_once_they_are_old),
        CASE(a_full_disk_is_told_and_loses_nothing),
        CASE(a_killed_writer_leaves_its_last_commit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
