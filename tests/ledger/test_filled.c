/* Sheets filled in: nothing is kept twice or lost, whatever a phone sends and how often; and what becomes of findings. */
#include "ledger_case.h"

#include <string.h>

#include "ledger/file.h"
#include "ledger/filled.h"

struct tour {
    struct sheet sheet;
    struct line line;
};

static const struct ledger_deed AT_NOON = {.now_ms = 1000000};

static struct tour a_tour(struct ledger_case *c)
{
    struct tour t = {
        .sheet = {.use = SHEET_INSPECTION, .name = STR("Autumn tour"), .member = 1},
        .line = {.kind = LEDGER_RISK, .title = STR("Autumn"), .state = LINE_ACTIVE, .weight = 1}};
    must(c, sheet_read_items(c->arena, STR("Progress | 10\nSafety | 10\nOn site | 0 | 5"),
                             &t.sheet.items, &t.sheet.nitems, &c->err));
    must(c, ledger_make_sheet(c->arena, c->store, &t.sheet, 1000, &c->err));
    must(c, ledger_make_line(c->arena, c->store, &t.line, &AT_NOON, &c->err));
    return t;
}

/* A form filled in by a member about one part of the tour; all points given alike. */
static struct filled a_form(struct ledger_case *c, const struct tour *t, int64_t member,
                            int64_t part, const char *sent_key, int64_t points)
{
    struct filled f = {.sheet = t->sheet.id,
                       .line = t->line.id,
                       .member = member,
                       .part = part,
                       .sent_key = str_of(sent_key),
                       .nitems = t->sheet.nitems,
                       .items = arena_array(c->arena, t->sheet.nitems, struct filled_item)};
    for (size_t i = 0; i < f.nitems; i++)
        f.items[i] = (struct filled_item){
            t->sheet.items[i].id, t->sheet.items[i].most ? points * 10 : SHEET_YES, STR(""), false};
    return f;
}

static enum status fill(struct ledger_case *c, struct filled *f)
{
    return ledger_fill_sheet(c->arena, c->store, f, NULL, &AT_NOON, &c->err);
}

static size_t standing(struct ledger_case *c, const struct tour *t, struct filled **list)
{
    size_t count;
    must(c, ledger_list_filled(c->arena, c->store, t->line.id, list, &count, &c->err));
    return count;
}

static int64_t events(struct ledger_case *c, const char *kind)
{
    struct query *q = query_start(c->store, "SELECT count(*) FROM event WHERE kind = ?1");
    query_bind_str(q, 1, str_of(kind));
    int64_t count = query_row(q) ? query_int(q, 0) : -1;
    must(c, query_end(q, &c->err));
    return count;
}

#define KEY_A "aaaaaaaaaaaaaaaaaaaaaa"
#define KEY_B "bbbbbbbbbbbbbbbbbbbbbb"
#define KEY_C "cccccccccccccccccccccc"

static void what_is_sent_is_found_whole(void **state)
{
    struct ledger_case *c = *state;
    struct tour t = a_tour(c);
    struct filled *list;
    struct filled f = a_form(c, &t, 2, 7, KEY_A, 8);
    f.items[1].words = STR(" wires hang loose ");
    f.items[1].problem = true;
    f.words = STR("Better than in spring");
    f.filled_ms = 400;
    must(c, fill(c, &f));
    assert_false(f.repeated);
    assert_int_equal(standing(c, &t, &list), 1);
    assert_true(str_equal(list[0].key, f.key));
    assert_int_equal(list[0].part, 7);
    assert_int_equal(list[0].filled_ms, 400);
    assert_int_equal(list[0].sent_ms, AT_NOON.now_ms);
    assert_int_equal(list[0].nitems, 3);
    assert_true(str_equal(list[0].items[1].words, STR("wires hang loose")));
    assert_true(list[0].items[1].problem && !list[0].items[0].problem);
    /* (10 · 0.8 + 10 · 0.8 + 5) / 25 */
    assert_int_equal(filled_score(&t.sheet, &list[0]), 8400);
    must(c, ledger_find_filled(c->arena, c->store, t.line.id, f.key, &f, &c->err));
    assert_int_equal(f.nitems, 3);
    assert_int_equal(ledger_find_filled(c->arena, c->store, t.line.id + 1, f.key, &f, &c->err),
                     STATUS_MISSING);
}

static void what_is_sent_again_is_not_kept_twice(void **state)
{
    struct ledger_case *c = *state;
    struct tour t = a_tour(c);
    struct filled *list;
    struct filled f = a_form(c, &t, 2, 1, KEY_A, 8);
    must(c, fill(c, &f));
    struct filled other_marks = a_form(c, &t, 2, 1, KEY_A, 3);
    assert_int_equal(fill(c, &other_marks), STATUS_CONFLICT);
    struct filled again = a_form(c, &t, 2, 1, KEY_A, 8);
    must(c, fill(c, &again));
    assert_true(again.repeated && again.id == f.id && str_equal(again.key, f.key));
    assert_int_equal(standing(c, &t, &list), 1);
    assert_int_equal(list[0].items[0].value, 80);
    assert_int_equal(events(c, "line.filled"), 1);
    /* another member's key of the same letters is theirs */
    struct filled other = a_form(c, &t, 3, 1, KEY_A, 5);
    must(c, fill(c, &other));
    assert_false(other.repeated);
    /* and a key can't be brought to another place */
    struct filled elsewhere = a_form(c, &t, 2, 2, KEY_A, 8);
    assert_int_equal(fill(c, &elsewhere), STATUS_CONFLICT);
}

static void a_repeat_is_known_also_when_it_was_replaced_or_the_sheet_closed(void **state)
{
    struct ledger_case *c = *state;
    struct tour t = a_tour(c);
    struct filled *list;
    struct filled first = a_form(c, &t, 2, 1, KEY_A, 8);
    struct filled second = a_form(c, &t, 2, 1, KEY_B, 9);
    second.replaces = STR(KEY_A);
    must(c, fill(c, &first));
    must(c, fill(c, &second));
    must(c, ledger_close_sheet(c->store, t.sheet.id, 2000, &c->err));
    struct filled late = a_form(c, &t, 2, 1, KEY_A, 8);
    must(c, fill(c, &late));
    assert_true(late.repeated);
    assert_int_equal(standing(c, &t, &list), 1);
    assert_true(str_equal(list[0].sent_key, STR(KEY_B)));
}

static void another_one_takes_the_place_only_of_the_one_its_sender_knew(void **state)
{
    struct ledger_case *c = *state;
    struct tour t = a_tour(c);
    struct filled *list;
    struct str stands = {0};
    struct filled desk = a_form(c, &t, 2, 1, KEY_A, 8);
    struct filled phone = a_form(c, &t, 2, 1, KEY_B, 6);
    must(c, fill(c, &desk));
    assert_int_equal(ledger_fill_sheet(c->arena, c->store, &phone, &stands, &AT_NOON, &c->err),
                     STATUS_CONFLICT);
    assert_true(str_equal(stands, STR(KEY_A)));
    assert_int_equal(standing(c, &t, &list), 1);
    assert_int_equal(list[0].items[0].value, 80);
    phone.replaces = STR(KEY_C " " KEY_A);
    must(c, fill(c, &phone));
    assert_int_equal(standing(c, &t, &list), 1);
    assert_int_equal(list[0].items[0].value, 60);
    /* the first is kept */
    must(c, ledger_find_filled(c->arena, c->store, t.line.id, desk.key, &desk, &c->err));
    assert_true(desk.replaced_ms > 0);
    /* other scorers, other stops: nobody's way */
    struct filled other = a_form(c, &t, 3, 1, KEY_B, 6);
    struct filled next = a_form(c, &t, 2, 2, KEY_C, 6);
    must(c, fill(c, &other));
    must(c, fill(c, &next));
    assert_int_equal(standing(c, &t, &list), 3);
}

static void photos_follow_the_sheet_that_stands(void **state)
{
    struct ledger_case *c = *state;
    struct tour t = a_tour(c);
    struct line_file *list;
    size_t count;
    struct filled first = a_form(c, &t, 2, 1, KEY_A, 8);
    struct filled second = a_form(c, &t, 2, 1, KEY_B, 9);
    must(c, fill(c, &first));
    struct line_file photo = {.line = t.line.id,
                              .name = STR("pit.jpg"),
                              .media = STR("image/jpeg"),
                              .about = filled_files_about(c->arena, first.id),
                              .member = 2};
    must(c, ledger_attach_file(c->arena, c->store, &photo, &AT_NOON, &c->err));
    second.replaces = STR(KEY_A);
    must(c, fill(c, &second));
    must(c, ledger_list_files_of_matters(c->arena, c->store, t.line.id, FILLED_FILES, &list, &count,
                                         &c->err));
    assert_int_equal(count, 1);
    assert_true(str_equal(list[0].about, filled_files_about(c->arena, second.id)));
    must(c, ledger_list_files(c->arena, c->store, t.line.id, STR(""), &list, &count, &c->err));
    assert_int_equal(count, 0);
}

static void what_is_not_whole_is_refused_and_keeps_nothing(void **state)
{
    struct ledger_case *c = *state;
    struct tour t = a_tour(c);
    struct filled *list;
    for (int i = 0; i < 9; i++) {
        struct filled f = a_form(c, &t, 2, 1, KEY_A, 8);
        if (i == 0)
            f.items[0].value = 101;
        else if (i == 1)
            f.items[2].value = 2;
        else if (i == 2)
            f.items[0].value = SHEET_INAPPLICABLE;
        else if (i == 3)
            f.nitems = 2;
        else if (i == 4)
            f.items[1].item = f.items[0].item;
        else if (i == 5)
            f.items[1].problem = true; /* and not a word */
        else if (i == 6)
            f.filled_ms = AT_NOON.now_ms + 1;
        else if (i == 7)
            f.sent_key = STR("short");
        else
            f.sent_key = STR("aaaaaaaaaaaaaaaaaaaa/aaa");
        if (fill(c, &f) != STATUS_INPUT)
            fail_msg("case %d", i);
    }
    assert_int_equal(standing(c, &t, &list), 0);
    must(c, ledger_close_sheet(c->store, t.sheet.id, 2000, &c->err));
    struct filled f = a_form(c, &t, 2, 1, KEY_A, 8);
    assert_int_equal(fill(c, &f), STATUS_CONFLICT);
}

static void a_sheet_filled_in_is_not_changed_any_more(void **state)
{
    struct ledger_case *c = *state;
    struct tour t = a_tour(c);
    struct filled f = a_form(c, &t, 2, 1, KEY_A, 8);
    must(c, fill(c, &f));
    assert_int_equal(ledger_change_sheet(c->arena, c->store, &t.sheet, &c->err), STATUS_CONFLICT);
}

/* Any phones, any tabs, in any order, as often as they like: of every sheet sent by somebody there is one, of every stop
 * and scorer one stands, and it is the last that was taken. */
static void whatever_is_sent_how_often_ever_nothing_is_lost_or_doubled(void **state)
{
    struct ledger_case *c = *state;
    struct tour t = a_tour(c);
    enum { DRAFTS = 40, MEMBERS = 3, STOPS = 3 };
    static char keys[DRAFTS][24];
    struct filled drafts[DRAFTS];
    bool taken[DRAFTS] = {false};
    int64_t last[MEMBERS + 2][STOPS + 1];
    (void)memset(last, 0, sizeof last);
    srandom(80);
    for (int i = 0; i < DRAFTS; i++) {
        (void)snprintf(keys[i], sizeof keys[i], "draft-%016d", i);
        drafts[i] =
            a_form(c, &t, 2 + random() % MEMBERS, 1 + random() % STOPS, keys[i], random() % 11);
    }
    for (int i = 0; i < 1000; i++) {
        int n = (int)(random() % DRAFTS);
        struct filled *f = &drafts[n];
        struct str stands = {0};
        enum status status = ledger_fill_sheet(c->arena, c->store, f, &stands, &AT_NOON, &c->err);
        assert_true(status == STATUS_OK || status == STATUS_CONFLICT);
        if (status == STATUS_OK && !f->repeated)
            last[f->member][f->part] = f->id;
        assert_int_equal(status == STATUS_OK && f->repeated, taken[n]);
        taken[n] |= status == STATUS_OK;
        if (status == STATUS_CONFLICT)
            f->replaces = stands;
    }
    struct filled *list;
    size_t count = standing(c, &t, &list);
    size_t places = 0;
    for (int m = 0; m < MEMBERS + 2; m++)
        for (int s = 0; s <= STOPS; s++)
            places += last[m][s] != 0;
    assert_int_equal(count, places);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(list[i].id, last[list[i].member][list[i].part]);
    int64_t sent = 0;
    for (int i = 0; i < DRAFTS; i++)
        sent += taken[i];
    assert_int_equal(events(c, "line.filled"), sent);
}

static void a_problem_becomes_a_line_or_is_let_go_for_a_reason_once(void **state)
{
    struct ledger_case *c = *state;
    struct tour t = a_tour(c);
    struct finding *list;
    struct finding found;
    size_t count;
    struct ledger_deed why = {.now_ms = 2000000, .why = STR("It was mended the same day")};
    struct filled f = a_form(c, &t, 2, 1, KEY_A, 8);
    for (size_t i = 0; i < 2; i++) {
        f.items[i].words = STR("wires hang loose");
        f.items[i].problem = true;
    }
    must(c, fill(c, &f));
    must(c, ledger_list_findings(c->arena, c->store, t.line.id, &list, &count, &c->err));
    assert_int_equal(count, 2);
    assert_true(str_equal(list[1].item_text, STR("Safety")) && list[1].settled_ms == 0);
    must(c, ledger_settle_finding(c->store, &list[0], t.line.id, &AT_NOON, &c->err));
    assert_int_equal(ledger_drop_finding(c->store, &list[0], &why, &c->err), STATUS_CONFLICT);
    assert_int_equal(ledger_drop_finding(c->store, &list[1], &AT_NOON, &c->err), STATUS_INPUT);
    must(c, ledger_drop_finding(c->store, &list[1], &why, &c->err));
    must(c, ledger_find_finding(c->arena, c->store, t.line.id, list[1].key, &found, &c->err));
    assert_int_equal(found.settled_ms, why.now_ms);
    assert_int_equal(found.made_line, 0);
    assert_true(str_equal(found.dropped_why, why.why));
    /* what replaces the sheet has findings of its own; what led to a line stays */
    struct filled next = a_form(c, &t, 2, 1, KEY_B, 9);
    next.replaces = STR(KEY_A);
    must(c, fill(c, &next));
    must(c, ledger_list_findings(c->arena, c->store, t.line.id, &list, &count, &c->err));
    assert_int_equal(count, 1);
    assert_int_equal(list[0].made_line, t.line.id);
}

static void events_tell_neither_marks_nor_words(void **state)
{
    struct ledger_case *c = *state;
    struct tour t = a_tour(c);
    struct filled f = a_form(c, &t, 2, 1, KEY_A, 7);
    f.items[0].words = STR("wires hang loose");
    f.words = STR("wires hang loose");
    must(c, fill(c, &f));
    struct query *q = query_start(
        c->store, "SELECT data FROM event WHERE kind = 'line.filled' ORDER BY seq DESC LIMIT 1");
    assert_true(query_row(q));
    assert_true(str_equal(query_str(q, 0), STR("{\"sheet\":\"Q1\"}")));
    must(c, query_end(q, &c->err));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        CASE(what_is_sent_is_found_whole),
        CASE(what_is_sent_again_is_not_kept_twice),
        CASE(a_repeat_is_known_also_when_it_was_replaced_or_the_sheet_closed),
        CASE(another_one_takes_the_place_only_of_the_one_its_sender_knew),
        CASE(photos_follow_the_sheet_that_stands),
        CASE(what_is_not_whole_is_refused_and_keeps_nothing),
        CASE(a_sheet_filled_in_is_not_changed_any_more),
        CASE(whatever_is_sent_how_often_ever_nothing_is_lost_or_doubled),
        CASE(a_problem_becomes_a_line_or_is_let_go_for_a_reason_once),
        CASE(events_tell_neither_marks_nor_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
