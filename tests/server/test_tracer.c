/* The tracer in a server at work: traces asked for, looked at and stopped by several threads at once. */
#include "../library/library_case.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "library/trace_run.h"
#include "server/internal.h"
#include "server/tracer.h"

#define MEMBERS     120
#define TRACES      5
#define USUAL       3 /* of a test that needs no more */
#define LOOKERS     3
#define PATIENCE_MS 120000 /* until a test gives up waiting; reached by a failure alone */

struct tracing {
    struct library_case *c;
    struct server *server;
    struct str key[TRACES];
    struct digest exhibit;
    int64_t asker;
    unsigned quick_ms;
    size_t asked;
    _Atomic bool over;
    _Atomic unsigned seen_at_work, odd;
    bool stops; /* whoever sees a trace at work stops it */
};

static void start(struct tracing *t)
{
    struct server_options options = {
        .data = t->c->dir, .address = "127.0.0.1", .quick_ms = t->quick_ms, .workers = 1};
    must(t->c, server_start(&options, &t->server, &t->c->err));
}

/* A library with an exhibit made of M7's copy, and a server over it. */
static void begin(struct tracing *t, void **state)
{
    struct library_case *c = *state;
    *t = (struct tracing){.c = c, .asker = 1};
    add_members(c, MEMBERS);
    must(c, store_begin(c->store, &c->err));
    must(c, store_run(c->store, "INSERT INTO role VALUES (1, 'steward')", &c->err));
    must(c, store_commit(c->store, &c->err));
    struct edition_text text = publish_text(c, project_file(c, "samples/zh-speech.txt"), 0);
    must(c, store_put_blob(c->store, give_copy(c, &text, 7), &t->exhibit, &c->err));
    start(t);
}

static enum status ask_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    struct tracing *t = context;
    struct trace_exhibit exhibit = {.name = STR("leak.txt"), .digest = t->exhibit};
    struct trace_run run = {.everyone = true,
                            .false_alarm = TRACE_FALSE_ALARM,
                            .asked_by = t->asker,
                            .asked_ms = store_now_ms(),
                            .exhibits = &exhibit,
                            .nexhibits = 1};
    enum status status = digest_random_key(scratch, &run.key, err);
    if (!status)
        status = library_ask_trace(store, &run, err);
    if (!status) {
        t->key[t->asked] = str_copy(t->c->arena, run.key);
        t->asked++;
    }
    return status;
}

static void ask(struct tracing *t)
{
    must(t->c, server_write(t->server, STR("M1"), ask_step, t, &t->c->err));
}

static struct trace_run find(struct tracing *t, size_t i)
{
    struct trace_run run;
    must(t->c, library_find_trace(t->c->arena, t->c->store, t->key[i], 1, &run, &t->c->err));
    return run;
}

/* Waits until a trace has come to an end, however; each of its steps is an event. */
static struct trace_run ended(struct tracing *t, size_t i)
{
    int64_t until_ms = store_now_ms() + PATIENCE_MS;
    for (;;) {
        int64_t seen = server_wait_events(t->server, -1, 0);
        struct trace_run run = find(t, i);
        if (run.state > TRACE_RUNNING)
            return run;
        if (store_now_ms() > until_ms)
            fail_msg("a trace did not end");
        (void)server_wait_events(t->server, seen, until_ms);
    }
}

static enum status cancel_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const int64_t *id = context;
    (void)scratch;
    return library_cancel_trace(store, *id, store_now_ms(), err);
}

/* What a steward's open page does, without rest. */
static void *look(void *context)
{
    struct tracing *t = context;
    struct tracer_desk *desk = server_tracer(t->server);
    struct trace_progress p;
    while (!atomic_load(&t->over)) {
        for (int64_t id = 1; id <= USUAL; id++) { /* those that will be asked for */
            if (!tracer_progress(desk, id, &p))
                continue;
            atomic_fetch_add(&t->seen_at_work, 1);
            atomic_fetch_add(&t->odd, p.done > p.all || p.phase > TRACE_EXPLAINING);
            if (t->stops && !server_write(t->server, STR("M1"), cancel_step, &id, NULL))
                tracer_stop(desk, id);
        }
        (void)tracer_progress(desk, 0, &p);
    }
    return NULL;
}

static void start_lookers(struct tracing *t, pthread_t *threads)
{
    for (size_t i = 0; i < LOOKERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, look, t), 0);
}

static void stop_lookers(struct tracing *t, const pthread_t *threads)
{
    atomic_store(&t->over, true);
    for (size_t i = 0; i < LOOKERS; i++)
        (void)pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&t->odd), 0);
}

static void traces_are_run_while_others_look_on(void **state)
{
    struct tracing t;
    pthread_t threads[LOOKERS];
    begin(&t, state);
    start_lookers(&t, threads);
    for (int i = 0; i < USUAL; i++)
        ask(&t);
    for (size_t i = 0; i < USUAL; i++) {
        struct trace_run run = ended(&t, i);
        assert_int_equal(run.state, TRACE_DONE);
        assert_true(str_find(run.finding, STR("\"M7\""), 0) != SIZE_MAX);
    }
    stop_lookers(&t, threads);
    assert_true(atomic_load(&t.seen_at_work) > 0);
    server_stop(t.server);
}

static void one_that_is_stopped_at_work_finds_nothing_out_and_the_next_is_taken_up(void **state)
{
    struct tracing t;
    pthread_t threads[LOOKERS];
    begin(&t, state);
    t.stops = true;
    start_lookers(&t, threads);
    for (int i = 0; i < USUAL; i++)
        ask(&t);
    unsigned cancelled = 0;
    for (size_t i = 0; i < USUAL; i++) {
        struct trace_run run = ended(&t, i);
        assert_true(run.state == TRACE_CANCELLED || run.state == TRACE_DONE);
        cancelled += run.state == TRACE_CANCELLED;
        assert_true(!run.finding.len == (run.state == TRACE_CANCELLED));
    }
    stop_lookers(&t, threads);
    assert_true(cancelled > 0);
    server_stop(t.server);
}

static void one_that_ran_when_the_server_ended_is_found_interrupted(void **state)
{
    struct tracing t;
    struct trace_progress p;
    begin(&t, state);
    ask(&t);
    int64_t until_ms = store_now_ms() + PATIENCE_MS;
    while (!tracer_progress(server_tracer(t.server), 1, &p) && store_now_ms() < until_ms &&
           find(&t, 0).state <= TRACE_RUNNING)
        (void)server_wait_events(t.server, server_wait_events(t.server, -1, 0), store_now_ms() + 1);
    server_stop(t.server);
    start(&t);
    enum trace_state found = ended(&t, 0).state;
    assert_true(found == TRACE_INTERRUPTED || found == TRACE_DONE);
    server_stop(t.server);
}

/* A picture that is all noise, so that reading it takes the time that a page may have: TIFF, grey, as it stands. */
static struct str make_hostile(struct tracing *t, uint32_t seed)
{
    enum { SIDE = 2400, ENTRIES = 8, HEAD = 8 + 2 + ENTRIES * 12 + 4 };
    static const uint32_t DIRECTORY[ENTRIES][4] = {
        /* tag, type (3: 16 bits, 4: 32), count, value */
        {256, 4, 1, SIDE}, {257, 4, 1, SIDE}, {258, 3, 1, 8},    {259, 3, 1, 1},
        {262, 3, 1, 1},    {273, 4, 1, HEAD}, {278, 4, 1, SIDE}, {279, 4, 1, SIDE * SIDE}};
    char *at = arena_take(t->c->arena, HEAD + SIDE * SIDE);
    memset(at, 0, HEAD);
    memcpy(at, "II*\0\x08\0\0\0\x08", 9);
    for (size_t i = 0; i < ENTRIES; i++) {
        char *entry = at + 10 + i * 12;
        memcpy(entry, &DIRECTORY[i][0], 2);
        memcpy(entry + 2, &DIRECTORY[i][1], 2);
        memcpy(entry + 4, &DIRECTORY[i][2], 4);
        memcpy(entry + 8, &DIRECTORY[i][3], 4);
    }
    for (size_t i = 0; i < SIDE * SIDE; i++) {
        seed = seed * 1664525U + 1013904223U;
        at[HEAD + i] = (char)(seed >> 24);
    }
    return (struct str){at, HEAD + SIDE * SIDE};
}

static void wait_for(struct tracing *t, size_t i, enum trace_state state)
{
    int64_t until_ms = store_now_ms() + PATIENCE_MS;
    while (find(t, i).state != state && store_now_ms() < until_ms)
        (void)server_wait_events(t->server, server_wait_events(t->server, -1, 0),
                                 store_now_ms() + 20);
    assert_int_equal(find(t, i).state, state);
}

static bool is_heavy(struct tracing *t, int64_t id)
{
    struct query *q = query_start(t->c->store, "SELECT heavy FROM trace WHERE id = ?1");
    query_bind_int(q, 1, id);
    bool heavy = query_row(q) && query_int(q, 0);
    must(t->c, query_end(q, &t->c->err));
    return heavy;
}

/* Three members' hostile pictures: two are at work, the third has been put back from the place for quick ones. */
static void a_small_trace_gets_its_turn_beside_hostile_pictures_of_several_people(void **state)
{
    struct tracing t;
    begin(&t, state);
    server_stop(t.server);
    t.quick_ms = 1000;
    start(&t);
    struct digest leak = t.exhibit;
    for (size_t i = 0; i < 3; i++) {
        must(t.c, store_put_blob(t.c->store, make_hostile(&t, (uint32_t)i), &t.exhibit, &t.c->err));
        t.asker = 2 + (int64_t)i;
        ask(&t);
        if (i < 2)
            wait_for(&t, i, TRACE_RUNNING);
    }
    int64_t until_ms = store_now_ms() + PATIENCE_MS;
    while (!is_heavy(&t, 3) && store_now_ms() < until_ms)
        server_wait(t.server, store_now_ms() + 20);
    assert_int_equal(find(&t, 2).state, TRACE_WAITING);
    t.exhibit = leak;
    t.asker = 5;
    ask(&t);
    assert_int_equal(ended(&t, 3).state, TRACE_DONE);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(find(&t, i).state, TRACE_RUNNING);
    assert_int_equal(find(&t, 2).state, TRACE_WAITING);
    server_stop(t.server);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    if (setenv("CHANCERY_READER", TEST_READER, 1))
        return 1;
    const struct CMUnitTest tests[] = {
        CASE(traces_are_run_while_others_look_on),
        CASE(one_that_is_stopped_at_work_finds_nothing_out_and_the_next_is_taken_up),
        CASE(a_small_trace_gets_its_turn_beside_hostile_pictures_of_several_people),
        CASE(one_that_ran_when_the_server_ended_is_found_interrupted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
