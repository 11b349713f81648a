/* A case file: whoever changes a byte of it, or a figure and signs anew, is found out by who has nothing but the file and
 * the key. */
#include "library_case.h"

#include <jansson.h>
#include <string.h>

#include "library/case_facts.h"
#include "library/case_paper.h"
#include "library/case_seal.h"
#include "library/case_verify.h"
#include "library/finding_json.h"

#define MEMBERS  40
#define LEAKER   7
#define STEWARD  1
#define REPORTER 12

/* --- a case ----------------------------------------------------------------------------------------- */

static struct case_kept keep(struct library_case *c, const char *name, struct str bytes)
{
    struct case_kept kept;
    must(c, case_keep_file(c->store, str_of(name), bytes, &kept, &c->err));
    return kept;
}

static void trace_case(struct library_case *c, int64_t file, const struct case_kept *exhibit)
{
    struct trace_exhibit exhibits[] = {{.name = exhibit->name, .digest = exhibit->digest}};
    struct trace_run run = {.exhibits = exhibits,
                            .nexhibits = 1,
                            .false_alarm = TRACE_FALSE_ALARM,
                            .asked_by = STEWARD,
                            .case_file = file,
                            .asked_ms = store_now_ms()};
    struct trace_request request;
    struct finding finding;
    struct digest matches;
    must(c, digest_random_key(c->arena, &run.key, &c->err));
    must(c, store_begin(c->store, &c->err));
    must(c, library_ask_trace(c->store, &run, &c->err));
    must(c, library_begin_trace(c->store, run.id, store_now_ms(), &c->err));
    must(c, store_commit(c->store, &c->err));
    must(c, library_run_trace(c->arena, c->store, &run, NULL, &request, &finding, &c->err));
    assert_int_equal(finding.verdict, VERDICT_NAMED);
    must(c, store_put_blob(c->store, library_pack_matches(c->arena, &finding), &matches, &c->err));
    must(c, store_begin(c->store, &c->err));
    must(c, library_end_trace(c->arena, c->store, &run, &request, &finding, &matches,
                              store_now_ms(), &c->err));
    must(c, store_commit(c->store, &c->err));
}

/* M7's copy turns up, M12 reports it, a steward traces it. */
static struct case_file make_case(struct library_case *c)
{
    struct case_file file;
    add_members(c, MEMBERS);
    must(c, store_begin(c->store, &c->err));
    must(c, store_run(c->store,
                      "INSERT INTO account (member, password, created_ms)"
                      " SELECT id, 'x', 0 FROM member",
                      &c->err));
    must(c, store_run(c->store, "INSERT INTO role VALUES (1, 'steward')", &c->err));
    must(c, store_commit(c->store, &c->err));
    struct edition_text text = publish_text(c, project_file(c, "samples/zh-speech.txt"), 0);
    struct str leaked = STR("");
    for (int64_t m = 1; m <= MEMBERS; m++) {
        struct str copy = give_copy(c, &text, m);
        leaked = m == LEAKER ? copy : leaked;
    }
    struct case_kept kept = keep(c, "found.txt", leaked);
    struct case_report report = {.reporter = REPORTER,
                                 .anonymous = true,
                                 .kind = STR("leak"),
                                 .words = STR("Seen in a group."),
                                 .files = &kept,
                                 .nfiles = 1};
    must(c, store_begin(c->store, &c->err));
    must(c, case_report(c->arena, c->store, &report, store_now_ms(), &c->err));
    must(c, store_commit(c->store, &c->err));
    trace_case(c, report.case_file, &kept);
    struct query *q = query_start(c->store, "SELECT key FROM case_file WHERE id = ?1");
    query_bind_int(q, 1, report.case_file);
    assert_true(query_row(q));
    struct str key = str_copy(c->arena, query_str(q, 0));
    must(c, query_end(q, &c->err));
    must(c, case_find(c->arena, c->store, key, STEWARD, &file, &c->err));
    return file;
}

static struct case_facts gather(struct library_case *c)
{
    struct case_facts facts;
    struct case_file file = make_case(c);
    int64_t seq;
    must(c,
         case_gather_facts(c->arena, c->store, &file, STEWARD, 0, store_now_ms(), &facts, &c->err));
    must(c, store_begin(c->store, &c->err));
    must(c, case_record_file(c->store, &facts, STEWARD, 0, &seq, &c->err));
    must(c, store_commit(c->store, &c->err));
    must(c, case_close_facts(c->arena, c->store, seq, &facts, &c->err));
    return facts;
}

/* --- a file of plain bytes around the facts ----------------------------------------------------------- */

static struct str dump(struct library_case *c, json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(17));
    struct str kept = str_copy(c->arena, str_of(text));
    free(text);
    return kept;
}

struct made {
    char *at;
    size_t len;
    struct case_seal seal;
};

static struct made wrap(struct library_case *c, const struct case_facts *facts, json_t *json)
{
    struct buf out = {.arena = c->arena};
    struct made made = {0};
    struct str text = dump(c, json);
    buf_add(&out, STR(CASE_SEAL_HEAD));
    for (size_t i = 0; i < CASE_SEAL_SIZE; i++)
        buf_add_byte(&out, ' ');
    buf_add(&out, STR("\nfirst page\n"));
    made.seal.facts = (struct case_part){out.len, text.len};
    buf_add(&out, text);
    for (size_t i = 0; i < facts->nexhibits; i++) {
        buf_add(&out, STR("\nbetween\n"));
        made.seal.files[made.seal.nfiles++] =
            (struct case_part){out.len, facts->exhibits[i].bytes.len};
        buf_add(&out, facts->exhibits[i].bytes);
    }
    buf_add(&out, STR("\nlast page\n"));
    must(c, case_seal(c->store, out.at, out.len, &made.seal, &c->err));
    made.at = out.at;
    made.len = out.len;
    return made;
}

static struct case_verified verify(struct library_case *c, const struct made *made)
{
    struct case_verified v;
    case_verify(c->arena, (struct str){made->at, made->len}, &made->seal.key, &v);
    return v;
}

static enum case_outcome outcome_of(const struct case_verified *v, const char *name)
{
    enum case_outcome worst = CASE_FITS;
    bool found = false;
    for (size_t i = 0; i < v->nchecks; i++)
        if (strcmp(v->checks[i].name, name) == 0) {
            found = true;
            worst = v->checks[i].outcome == CASE_FITS ? worst : v->checks[i].outcome;
        }
    return found ? worst : CASE_NOT_SHOWN;
}

static void a_case_file_fits_in_every_check(void **state)
{
    struct library_case *c = *state;
    struct case_facts facts = gather(c);
    json_t *json = case_facts_json(&facts);
    struct made made = wrap(c, &facts, json);
    struct case_verified v = verify(c, &made);
    for (size_t i = 0; i < v.nchecks; i++)
        if (v.checks[i].outcome != CASE_FITS)
            fail_msg("%s: %s", v.checks[i].name, v.checks[i].en.at);
    assert_true(v.whole && v.nchecks >= 10);
    assert_int_equal(v.nnamed, 1);
    assert_true(str_equal(v.named[0].member, STR("M7")));
    assert_true(str_equal(v.number, STR("C1")));
    json_decref(json);
}

static void nobody_is_in_it_but_who_is_named_and_who_acts_for_the_house(void **state)
{
    struct library_case *c = *state;
    struct case_facts facts = gather(c);
    json_t *json = case_facts_json(&facts);
    struct str text = dump(c, json);
    struct paper_doc pages = case_compose(c->arena, &facts, NULL, CASE_TONGUE_BOTH, LANG_ZH).doc;
    for (int m = 1; m <= MEMBERS; m++) {
        bool may = m == LEAKER || m == STEWARD;
        struct str name = str_format(c->arena, "Member %d", m);
        struct str number = str_format(c->arena, "\"M%d\"", m);
        struct str quoted = str_format(c->arena, "\"%.*s\"", STR_ARG(name));
        assert_true(may || str_find(text, quoted, 0) == SIZE_MAX);
        assert_true(may || str_find(text, number, 0) == SIZE_MAX);
        /* "Member 1" begins "Member 12" too */
        assert_true(may || m < 10 || str_find(pages.text, name, 0) == SIZE_MAX);
    }
    assert_true(str_find(pages.text, STR("Member 7"), 0) != SIZE_MAX);
    json_decref(json);
}

/* --- changed -------------------------------------------------------------------------------------------- */

static void one_changed_byte_anywhere_is_found_and_its_part_is_named(void **state)
{
    struct library_case *c = *state;
    struct case_facts facts = gather(c);
    json_t *json = case_facts_json(&facts);
    struct made made = wrap(c, &facts, json);
    const struct case_seal seal = made.seal;
    size_t seen = 0;
    for (size_t at = 0; at < made.len; at += at < CASE_SEAL_AT + CASE_SEAL_SIZE + 40 ? 1 : 211) {
        struct arena *arena = arena_make();
        struct case_verified v;
        char was = made.at[at];
        made.at[at] = (char)(was ^ (seen % 2 ? 1 : 0x20));
        case_verify(arena, (struct str){made.at, made.len}, &seal.key, &v);
        assert_false(v.whole);
        bool in_facts = at >= seal.facts.at && at < seal.facts.at + seal.facts.len;
        bool in_file = at >= seal.files[0].at && at < seal.files[0].at + seal.files[0].len;
        bool in_seal = at < CASE_SEAL_AT + CASE_SEAL_SIZE + 1;
        if (in_facts)
            assert_int_equal(outcome_of(&v, "facts"), CASE_FAILS);
        else if (in_file)
            assert_int_equal(outcome_of(&v, "exhibit"), CASE_FAILS);
        else if (!in_seal)
            assert_int_equal(outcome_of(&v, "pages"), CASE_FAILS);
        if (!in_seal && !in_facts && !in_file)
            assert_int_equal(outcome_of(&v, "facts"), CASE_FITS);
        made.at[at] = was;
        seen++;
        arena_free(arena);
    }
    assert_true(verify(c, &made).whole);
    json_decref(json);
}

static void a_file_cut_short_or_added_to_is_none(void **state)
{
    struct library_case *c = *state;
    struct case_facts facts = gather(c);
    json_t *json = case_facts_json(&facts);
    struct made made = wrap(c, &facts, json);
    for (size_t len = 0; len < made.len; len += 97) {
        struct made shorter = made;
        shorter.len = len;
        assert_false(verify(c, &shorter).whole);
    }
    struct str longer = str_format(c->arena, "%.*s\n", (int)made.len, made.at);
    struct case_verified v;
    case_verify(c->arena, longer, &made.seal.key, &v);
    assert_false(v.whole);
    json_decref(json);
}

static void another_key_is_told_from_a_changed_file(void **state)
{
    struct library_case *c = *state;
    struct case_facts facts = gather(c);
    json_t *json = case_facts_json(&facts);
    struct made made = wrap(c, &facts, json);
    struct case_verified v;
    struct digest other = made.seal.key;
    case_verify(c->arena, (struct str){made.at, made.len}, NULL, &v);
    assert_true(v.whole);
    assert_int_equal(outcome_of(&v, "key"), CASE_NOT_SHOWN);
    other.bytes[3] ^= 1;
    case_verify(c->arena, (struct str){made.at, made.len}, &other, &v);
    assert_false(v.whole);
    assert_int_equal(outcome_of(&v, "key"), CASE_FAILS);
    json_decref(json);
}

/* --- signed anew by whoever holds the key, but not true --------------------------------------------------- */

static json_t *member_of(json_t *json)
{
    json_t *found = json_array_get(json_object_get(json, "findings"), 0);
    return json_array_get(json_object_get(json_object_get(found, "finding"), "members"), 0);
}

static json_t *mark_of(json_t *json)
{
    json_t *found = json_array_get(json_object_get(json, "findings"), 0);
    json_t *marks = json_object_get(json_array_get(json_object_get(found, "beside"), 0), "marks");
    json_t *mark;
    size_t i;
    json_array_foreach(marks, i, mark)
    {
        if (json_is_true(json_object_get(mark, "counted")))
            return mark;
    }
    return NULL;
}

static json_t *event_of(json_t *json, size_t at)
{
    return json_array_get(json_object_get(json_object_get(json, "record"), "events"), at);
}

static void set(json_t *object, const char *name, json_t *value)
{
    assert_true(json_object_get(object, name) != NULL);
    json_object_set_new(object, name, value);
}

static void surer(json_t *json)
{
    set(member_of(json), "log10_p_all", json_real(-99));
}
static void more_tested(json_t *json)
{
    json_t *found = json_array_get(json_object_get(json, "findings"), 0);
    set(json_object_get(found, "finding"), "tested", json_integer(2));
}
static void more_agree(json_t *json)
{
    json_t *tallies = json_object_get(json_object_get(member_of(json), "proof"), "tallies");
    json_t *tally = json_array_get(tallies, 0);
    json_array_set_new(tally, 5, json_integer(json_integer_value(json_array_get(tally, 5)) - 1));
}
static void other_mark(json_t *json)
{
    int seen = (int)json_integer_value(json_object_get(mark_of(json), "seen"));
    set(mark_of(json), "seen", json_integer(!seen));
}
static void other_codeword(json_t *json)
{
    json_t *held = json_object_get(mark_of(json), "held");
    json_array_set_new(held, 0, json_integer(!json_integer_value(json_array_get(held, 0))));
}
static void other_time(json_t *json)
{
    set(event_of(json, 1), "time_ms", json_integer(1));
}
static void other_words(json_t *json)
{
    set(event_of(json, 0), "data", json_string("{}"));
}
static void left_out(json_t *json)
{
    json_array_clear(json_object_get(event_of(json, 0), "path"));
}
static void turned_round(json_t *json)
{
    json_t *events = json_object_get(json_object_get(json, "record"), "events");
    json_t *first = json_deep_copy(json_array_get(events, 0));
    json_array_remove(events, 0);
    json_array_append_new(events, first);
}
static void other_root(json_t *json)
{
    set(json_object_get(json, "record"), "tree",
        json_string("00000000000000000000000000000000000000000000000000000000000000ff"));
}
static void other_exhibit(json_t *json)
{
    set(json_array_get(json_object_get(json, "exhibits"), 0), "sha256",
        json_string("00000000000000000000000000000000000000000000000000000000000000ff"));
}
static void other_case(json_t *json)
{
    set(json_object_get(json, "case"), "number", json_string("C2"));
}

static void what_was_signed_and_is_not_so_is_named(void **state)
{
    static const struct {
        void (*change)(json_t *json);
        const char *check;
    } cases[] = {
        {surer, "bound"},          {surer, "finding"},         {more_tested, "finding"},
        {more_agree, "bound"},     {more_agree, "marks"},      {other_mark, "marks"},
        {other_codeword, "marks"}, {other_time, "record"},     {other_words, "record"},
        {left_out, "record"},      {turned_round, "record"},   {other_root, "record"},
        {other_root, "root"},      {other_exhibit, "exhibit"}, {other_case, "root"},
    };
    struct library_case *c = *state;
    struct case_facts facts = gather(c);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *json = case_facts_json(&facts);
        cases[i].change(json);
        struct made made = wrap(c, &facts, json);
        struct case_verified v = verify(c, &made);
        assert_int_equal(outcome_of(&v, "signature"), CASE_FITS);
        if (outcome_of(&v, cases[i].check) != CASE_FAILS)
            fail_msg("change %zu is not found by %s", i, cases[i].check);
        assert_false(v.whole);
        json_decref(json);
    }
}

/* --- made to take long --------------------------------------------------------------------------------- */

/* Lines that each name a digest, and as many exhibits, the first of which the last line names. */
static struct case_verified verify_with_more(struct library_case *c, const struct case_facts *facts,
                                             int more)
{
    json_t *json = case_facts_json(facts);
    json_t *exhibits = json_object_get(json, "exhibits");
    json_t *events = json_object_get(json_object_get(json, "record"), "events");
    for (int i = 0; i < more; i++) {
        json_array_append_new(exhibits,
                              json_pack("{s:o}", "sha256", json_sprintf("%064x", more - 1 + i)));
        json_array_append_new(
            events, json_pack("{s:s, s:o}", "salt", "", "data", json_sprintf("[\"%064x\"]", i)));
    }
    struct made made = wrap(c, facts, json);
    json_decref(json);
    return verify(c, &made);
}

static void exhibits_are_found_in_the_record_however_many_they_are(void **state)
{
    struct library_case *c = *state;
    struct case_facts facts = gather(c);
    struct case_verified v = verify_with_more(c, &facts, 9);
    const struct case_check *check = v.checks;
    while (check < v.checks + v.nchecks && strcmp(check->name, "on-record") != 0)
        check++;
    assert_true(check < v.checks + v.nchecks);
    assert_true(str_starts(check->en, STR("Of 10 exhibits, 8 stand in no line")));
    /* looked for one by one in each line, these would take an hour */
    assert_false(verify_with_more(c, &facts, 100000).whole);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_case_file_fits_in_every_check),
        CASE(nobody_is_in_it_but_who_is_named_and_who_acts_for_the_house),
        CASE(one_changed_byte_anywhere_is_found_and_its_part_is_named),
        CASE(a_file_cut_short_or_added_to_is_none),
        CASE(another_key_is_told_from_a_changed_file),
        CASE(what_was_signed_and_is_not_so_is_named),
        CASE(exhibits_are_found_in_the_record_however_many_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
