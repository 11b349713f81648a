/* The arithmetic of campaigns: clock, shares, course, board and scores by cases, and what holds of any campaign. */
#include "day_case.h"

#include <string.h>

#include "ledger/campaigning.h"

static void a_campaign_is_named_by_its_length(void **state)
{
    (void)state;
    assert_string_equal(campaign_length_words(60, LANG_ZH), "双月攻坚");
    assert_string_equal(campaign_length_words(100, LANG_ZH), "百日攻坚");
    assert_string_equal(campaign_length_words(100, LANG_EN), "100-day campaign");
    assert_string_equal(campaign_length_words(45, LANG_ZH), "集中攻坚");
}

/* 2026-11-30 is a Monday. */
static void the_clock_counts_both_ends(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    const struct workdays *week = load(arena, "weekdays");
    static const struct {
        const char *first, *last, *today;
        struct campaign_clock is;
    } cases[] = {
        {"2026-11-30", "2026-12-09", "2026-11-27", {10, 3, 0, 12, 8}},
        {"2026-11-30", "2026-12-09", "2026-11-30", {10, 0, 1, 9, 8}},
        {"2026-11-30", "2026-12-09", "2026-12-05", {10, 0, 6, 4, 3}}, /* a Saturday */
        {"2026-11-30", "2026-12-09", "2026-12-09", {10, 0, 10, 0, 1}},
        {"2026-11-30", "2026-12-09", "2026-12-11", {10, 0, 10, -2, 0}},
        {"2026-12-05", "2026-12-05", "2026-12-05", {1, 0, 1, 0, 0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct campaign_clock is =
            campaign_clock_on(week, day(cases[i].first), day(cases[i].last), day(cases[i].today));
        if (memcmp(&is, &cases[i].is, sizeof is) != 0)
            fail_msg("case %zu: %lld %lld %lld %lld %lld", i, (long long)is.length,
                     (long long)is.until_begin, (long long)is.gone, (long long)is.left,
                     (long long)is.working_left);
    }
    arena_free(arena);
}

static void a_share_is_the_part_of_the_way_from_joining_to_the_aim(void **state)
{
    (void)state;
    static const struct {
        int64_t from, aim, progress, share;
    } cases[] = {
        {20, 80, 20, 0},    {20, 80, 50, 500}, {20, 80, 79, 983},    {20, 80, 80, 1000},
        {20, 80, 95, 1000}, {20, 80, 10, 0},   {99, 100, 100, 1000}, {0, 3, 1, 333},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct campaign_item item = {.from = cases[i].from, .aim = cases[i].aim};
        assert_int_equal(campaign_share(&item, cases[i].progress), cases[i].share);
    }
}

static void the_ideal_rises_on_working_days_alone(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    const struct workdays *week = load(arena, "weekdays");
    static const struct {
        const char *first, *last, *day;
        int64_t ideal;
    } cases[] = {
        {"2026-11-30", "2026-12-11", "2026-11-29", 0},
        {"2026-11-30", "2026-12-11", "2026-11-30", 100},
        {"2026-11-30", "2026-12-11", "2026-12-04", 500},
        {"2026-11-30", "2026-12-11", "2026-12-06", 500}, /* the Sunday after */
        {"2026-11-30", "2026-12-11", "2026-12-07", 600},
        {"2026-11-30", "2026-12-11", "2026-12-11", 1000},
        {"2026-11-30", "2026-12-11", "2026-12-31", 1000},
        {"2026-12-05", "2026-12-06", "2026-12-05", 500}, /* a weekend has no working days */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(
            campaign_ideal(week, day(cases[i].first), day(cases[i].last), day(cases[i].day)),
            cases[i].ideal);
    arena_free(arena);
}

/* Two lines over two weeks; the second weighs three times as much and joins on Wednesday. */
static const struct campaign_item TWO[] = {
    {.line = 1, .from = 0, .aim = 100, .points = 1},
    {.line = 2, .from = 50, .aim = 100, .points = 3},
};

static struct campaign two_of(struct campaign_item items[2], const struct campaign_mark *marks,
                              size_t nmarks, const struct workdays *week, const char *known)
{
    memcpy(items, TWO, sizeof TWO);
    items[0].joined_day = day("2026-11-30");
    items[1].joined_day = day("2026-12-02");
    return (struct campaign){day("2026-11-30"), day("2026-12-11"), week, items, 2, marks, nmarks,
                             day(known)};
}

static void the_course_sums_points_by_share_and_follows_the_scope(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct campaign_item items[2];
    struct campaign_point *p;
    const struct campaign_mark marks[] = {
        {1, day("2026-11-30"), 10}, {1, day("2026-12-02"), 40}, {2, day("2026-12-02"), 75}};
    struct campaign c = two_of(items, marks, 3, load(arena, "weekdays"), "2026-12-03");
    assert_int_equal(campaign_course(arena, &c, &p), 12);
    static const struct campaign_point want[] = {
        {0, 1000, 100, 100}, {0, 1000, 100, 200}, {0, 4000, 1900, 1200}, {0, 4000, 1900, 1600},
        {0, 4000, -1, 2000}, {0, 4000, -1, 2000}, {0, 4000, -1, 2000},   {0, 4000, -1, 2400},
    };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        assert_int_equal(p[i].day, c.first + (int64_t)i);
        assert_int_equal(p[i].scope, want[i].scope);
        assert_int_equal(p[i].done, want[i].done);
        assert_int_equal(p[i].ideal, want[i].ideal);
    }
    assert_int_equal(p[11].ideal, 4000);
    /* 1900 in four working days; six are to come: more than there is to do */
    assert_int_equal(campaign_expect(&c, p, 12), 4000);
    items[1].left_day = day("2026-12-03"); /* taken out again: neither scope nor done */
    assert_int_equal(campaign_course(arena, &c, &p), 12);
    assert_int_equal(p[2].scope, 4000);
    assert_int_equal(p[3].scope, 1000);
    assert_int_equal(p[3].done, 400);
    assert_int_equal(campaign_expect(&c, p, 12), 400 + 400 * 6 / 4);
    arena_free(arena);
}

static void a_campaign_runs_on_after_its_last_day_until_it_is_closed(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct campaign_item items[2];
    struct campaign_point *p;
    struct campaign c = two_of(items, NULL, 0, load(arena, "weekdays"), "2026-12-14");
    assert_int_equal(campaign_course(arena, &c, &p), 15);
    assert_int_equal(p[14].ideal, 4000);
    assert_int_equal(p[14].done, 0);
    assert_int_equal(campaign_expect(&c, p, 15), 0);
    c.known = day("2026-11-20"); /* not begun */
    size_t count = campaign_course(arena, &c, &p);
    assert_int_equal(count, 12);
    assert_int_equal(p[0].done, -1);
    assert_int_equal(campaign_expect(&c, p, count), 0);
    arena_free(arena);
}

static void the_board_says_what_moved_and_for_how_long_what_did_not(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct campaign_item items[2];
    struct campaign_stand *s;
    const struct campaign_mark marks[] = {
        {1, day("2026-11-30"), 10}, {1, day("2026-12-03"), 10}, {2, day("2026-12-03"), 100}};
    struct campaign c = two_of(items, marks, 3, load(arena, "weekdays"), "2026-12-08");
    assert_int_equal(campaign_board(arena, &c, day("2026-12-01"), &s), 1); /* one has not joined */
    assert_int_equal(s[0].still, 1);
    assert_int_equal(campaign_board(arena, &c, day("2026-12-03"), &s), 2);
    assert_int_equal(s[0].before, 10);
    assert_int_equal(s[0].after, 10);
    assert_int_equal(s[0].still, 3); /* since Monday */
    assert_true(s[0].behind && !s[0].reached);
    assert_int_equal(s[1].before, 50);
    assert_int_equal(s[1].after, 100);
    assert_int_equal(s[1].still, 0);
    assert_true(s[1].reached && !s[1].behind);
    assert_int_equal(campaign_board(arena, &c, day("2026-12-07"), &s), 2);
    assert_int_equal(s[0].still, 5); /* the weekend does not count */
    assert_int_equal(s[1].still, 2);
    arena_free(arena);
}

static void each_rule_scores_by_what_it_says(void **state)
{
    (void)state;
    struct campaign_sum sum = {0};
    campaign_add(&sum, &TWO[0], 40, 30);   /* 400 of 1000, 100 of it new */
    campaign_add(&sum, &TWO[1], 100, 100); /* 3000 of 3000, none new */
    assert_int_equal(campaign_score(&sum, CAMPAIGN_BY_SHARE), 850);
    assert_int_equal(campaign_score(&sum, CAMPAIGN_BY_GAIN), 25);
    assert_int_equal(campaign_score(&sum, CAMPAIGN_BY_REACHED), 500);
    const struct campaign_sum none = {0};
    for (int rule = 0; rule < CAMPAIGN_RULES; rule++) {
        assert_int_equal(campaign_score(&none, (enum campaign_rule)rule), 0);
        assert_int_equal(campaign_rule_named(str_of(campaign_rule_name((enum campaign_rule)rule))),
                         rule);
        assert_true(strlen(campaign_rule_sentence((enum campaign_rule)rule, LANG_ZH)) &&
                    strlen(campaign_rule_words((enum campaign_rule)rule, LANG_EN)));
    }
    for (int over = 0; over < CAMPAIGN_OVERS; over++)
        assert_int_equal(campaign_over_named(str_of(campaign_over_name((enum campaign_over)over))),
                         over);
    assert_int_equal(campaign_rule_named(STR("luck")), CAMPAIGN_RULES);
    assert_int_equal(campaign_over_named(STR("")), CAMPAIGN_OVERS);
}

/* --- what holds of any campaign ------------------------------------------------------------------- */

static int64_t draw(uint64_t *seed, int64_t most)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (int64_t)((*seed >> 33) % (uint64_t)(most + 1));
}

#define ANY_LINES 12
#define ANY_MARKS 200

struct any {
    struct campaign_item items[ANY_LINES];
    struct campaign_mark marks[ANY_MARKS];
    struct campaign campaign;
};

/* Work only goes on: no line falls back. */
static void make_any(uint64_t *seed, const struct workdays *calendar, struct any *any)
{
    int64_t at[ANY_LINES];
    struct campaign *c = &any->campaign;
    *c = (struct campaign){.first = day("2026-01-01") + draw(seed, 300),
                           .calendar = calendar,
                           .items = any->items,
                           .marks = any->marks};
    c->last = c->first + draw(seed, 120);
    c->known = c->first + draw(seed, 130);
    c->nitems = (size_t)draw(seed, ANY_LINES);
    for (size_t i = 0; i < c->nitems; i++) {
        int64_t from = draw(seed, 99);
        any->items[i] = (struct campaign_item){.line = (int64_t)i + 1,
                                               .from = from,
                                               .aim = from + 1 + draw(seed, 99 - from),
                                               .points = 1 + draw(seed, 9),
                                               .joined_day = c->first};
        at[i] = from;
    }
    for (int64_t d = c->first; d <= c->known && c->nitems && c->nmarks < ANY_MARKS; d++) {
        size_t i = (size_t)draw(seed, (int64_t)c->nitems - 1);
        at[i] += draw(seed, 100 - at[i]) / 3;
        any->marks[c->nmarks++] = (struct campaign_mark){(int64_t)i + 1, d, at[i]};
    }
}

static void any_course_stays_within_its_scope_and_rises(void **state)
{
    (void)state;
    uint64_t seed = 20261129;
    struct arena *arena = arena_make();
    const struct workdays *calendars[] = {load(arena, "weekdays"), load(arena, "china")};
    for (int round = 0; round < 400; round++) {
        struct any any;
        struct campaign_point *p;
        make_any(&seed, calendars[round % 2], &any);
        const struct campaign *c = &any.campaign;
        size_t count = campaign_course(arena, c, &p);
        int64_t end = c->known > c->last ? c->known : c->last;
        assert_int_equal(count, end - c->first + 1);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(p[i].day, c->first + (int64_t)i);
            assert_true(p[i].done <= p[i].scope && p[i].ideal <= p[i].scope && p[i].ideal >= 0);
            assert_int_equal(p[i].done == -1, p[i].day > c->known);
            if (!i)
                continue;
            assert_int_equal(p[i].scope, p[i - 1].scope);
            assert_true(p[i].ideal >= p[i - 1].ideal);
            assert_true(p[i].done == -1 || p[i].done >= p[i - 1].done);
            if (!workday_is(c->calendar, p[i].day) && p[i].day < c->last)
                assert_true(p[i].ideal == p[i - 1].ideal ||
                            !workday_between(c->calendar, c->first - 1, c->last));
        }
        int64_t expect = campaign_expect(c, p, count);
        assert_true(expect >= p[c->known - c->first].done && expect <= p[0].scope);
        assert_int_equal(p[c->last - c->first].ideal, p[0].scope);
    }
    arena_free(arena);
}

static void any_board_adds_up_to_the_course_and_its_moves_to_the_days_gain(void **state)
{
    (void)state;
    uint64_t seed = 8;
    struct arena *arena = arena_make();
    const struct workdays *week = load(arena, "weekdays");
    for (int round = 0; round < 200; round++) {
        struct any any;
        struct campaign_point *p;
        struct campaign_stand *s;
        make_any(&seed, week, &any);
        const struct campaign *c = &any.campaign;
        (void)campaign_course(arena, c, &p);
        for (int64_t d = c->first; d <= c->known; d++) {
            int64_t done = 0;
            int64_t gain = 0;
            size_t n = campaign_board(arena, c, d, &s);
            for (size_t i = 0; i < n; i++) {
                done += s[i].item->points * s[i].share;
                gain += s[i].item->points * (s[i].share - campaign_share(s[i].item, s[i].before));
                assert_true(s[i].still == 0 || s[i].before == s[i].after);
            }
            assert_int_equal(done, p[d - c->first].done);
            if (d > c->first)
                assert_int_equal(gain, p[d - c->first].done - p[d - c->first - 1].done);
        }
    }
    arena_free(arena);
}

static void a_share_never_falls_as_progress_rises(void **state)
{
    (void)state;
    for (int64_t from = 0; from < 100; from++)
        for (int64_t aim = from + 1; aim <= 100; aim++) {
            struct campaign_item item = {.from = from, .aim = aim};
            int64_t last = 0;
            for (int64_t at = 0; at <= 100; at++) {
                int64_t share = campaign_share(&item, at);
                assert_true(share >= last && share <= CAMPAIGN_WHOLE);
                assert_int_equal(share == CAMPAIGN_WHOLE, at >= aim);
                last = share;
            }
        }
}

/* --- as it is kept -------------------------------------------------------------------------------- */

#define TODAY 20786 /* 2026-11-29 */

static int64_t make(struct ledger_case *c, enum ledger_kind kind, int64_t progress)
{
    struct line line = {.kind = kind,
                        .title = STR("A line"),
                        .state = kind == LEDGER_CAMPAIGN ? LINE_PROPOSED : LINE_ACTIVE,
                        .weight = 1,
                        .progress = progress};
    must(c,
         ledger_make_line(c->arena, c->store, &line, &(struct ledger_deed){.now_ms = 1}, &c->err));
    return line.id;
}

static void change(struct ledger_case *c, int64_t line, enum line_field field, int64_t to)
{
    const struct line_change change = {.field = field, .number = to};
    must(c,
         ledger_change_line(c->store, line, &change, 1,
                            &(struct ledger_deed){.now_ms = 1, .why = STR("So it is")}, &c->err));
}

static enum status act(struct ledger_case *c, int64_t campaign, struct campaign_deed deed,
                       struct campaign_outcome *outcome)
{
    struct campaign_outcome unused;
    deed.today = deed.today ? deed.today : TODAY;
    deed.said.now_ms = calendar_moment_of(deed.today);
    return ledger_campaign(c->arena, c->store, campaign, &deed, outcome ? outcome : &unused,
                           &c->err);
}

static void add(struct ledger_case *c, int64_t campaign, int64_t line, int64_t aim, int64_t today)
{
    must(c, act(c, campaign,
                (struct campaign_deed){.act = CAMPAIGN_ADD,
                                       .lines = &line,
                                       .nlines = 1,
                                       .aim = aim,
                                       .points = 1,
                                       .today = today},
                NULL));
}

static int64_t begin(struct ledger_case *c, int64_t first, int64_t last)
{
    int64_t campaign = make(c, LEDGER_CAMPAIGN, 0);
    change(c, campaign, LINE_BEGINS, first);
    change(c, campaign, LINE_DUE, last);
    return campaign;
}

static struct campaigning look(struct ledger_case *c, int64_t campaign, int64_t today)
{
    struct line line;
    struct campaigning found;
    must(c, ledger_find_line_by_id(c->arena, c->store, campaign, &line, &c->err));
    must(c, ledger_load_campaign(c->arena, c->store, &line, load(c->arena, "weekdays"), today,
                                 &found, &c->err));
    return found;
}

static void lines_join_where_they_stand_and_those_that_cant_are_named(void **state)
{
    struct ledger_case *c = *state;
    int64_t campaign = begin(c, TODAY, TODAY + 59);
    const int64_t lines[] = {make(c, LEDGER_PROJECT, 20), make(c, LEDGER_INDICATOR, 0),
                             make(c, LEDGER_CAMPAIGN, 0), make(c, LEDGER_GOAL, 80),
                             make(c, LEDGER_RISK, 0)};
    struct campaign_outcome outcome;
    change(c, lines[4], LINE_STATE, LINE_CLOSED);
    struct campaign_deed deed = {.act = CAMPAIGN_ADD,
                                 .lines = lines,
                                 .nlines = 5,
                                 .aim = 80,
                                 .points = 3,
                                 .words = STR("The roof is on")};
    must(c, act(c, campaign, deed, &outcome));
    assert_int_equal(outcome.added, 1);
    assert_int_equal(outcome.nrefusals, 4);
    must(c, act(c, campaign, deed, &outcome));
    assert_int_equal(outcome.added, 0);
    struct campaigning found = look(c, campaign, TODAY);
    assert_int_equal(found.nentries, 1);
    assert_int_equal(found.items[0].from, 20);
    assert_int_equal(found.items[0].aim, 80);
    assert_int_equal(found.items[0].points, 3);
    assert_true(str_equal(found.entries[0].words, STR("The roof is on")));
    deed.aim = 101;
    assert_int_equal(act(c, campaign, deed, NULL), STATUS_INPUT);
}

static void acts_follow_the_table_and_lines_follow_the_acts(void **state)
{
    struct ledger_case *c = *state;
    int64_t campaign = make(c, LEDGER_CAMPAIGN, 0);
    int64_t line = make(c, LEDGER_PROJECT, 0);
    const struct campaign_deed start = {.act = CAMPAIGN_START};
    assert_int_equal(act(c, campaign, start, NULL), STATUS_INPUT); /* no days, no lines */
    change(c, campaign, LINE_BEGINS, TODAY);
    change(c, campaign, LINE_DUE, TODAY + 59);
    assert_int_equal(act(c, campaign, start, NULL), STATUS_INPUT);
    add(c, campaign, line, 100, 0);
    must(c, act(c, campaign, start, NULL));
    assert_int_equal(act(c, campaign, start, NULL), STATUS_CONFLICT);
    struct campaign_deed out = {.act = CAMPAIGN_TAKE_OUT, .lines = &line, .nlines = 1};
    assert_int_equal(act(c, campaign, out, NULL), STATUS_INPUT); /* it runs: why? */
    out.said.why = STR("Another office has it");
    must(c, act(c, campaign, out, NULL));
    assert_int_equal(act(c, campaign, out, NULL), STATUS_MISSING);
    add(c, campaign, line, 50, 0); /* and back on the same day */
    assert_int_equal(look(c, campaign, TODAY).nentries, 1);
    struct campaign_deed later = {
        .act = CAMPAIGN_EXTEND, .due_day = TODAY + 59, .said.why = STR("Floods")};
    assert_int_equal(act(c, campaign, later, NULL), STATUS_INPUT);
    later.due_day++;
    must(c, act(c, campaign, later, NULL));
    must(c, act(c, campaign,
                (struct campaign_deed){
                    .act = CAMPAIGN_RANK, .rule = CAMPAIGN_BY_REACHED, .over = CAMPAIGN_LINES},
                NULL));
    assert_int_equal(look(c, campaign, TODAY).over, CAMPAIGN_LINES);
    const struct line_change done = {.field = LINE_STATE, .number = LINE_DONE};
    assert_int_equal(ledger_change_line(c->store, campaign, &done, 1,
                                        &(struct ledger_deed){.now_ms = 1}, &c->err),
                     STATUS_CONFLICT); /* by its own acts alone */
    must(c, act(c, campaign,
                (struct campaign_deed){.act = CAMPAIGN_END, .said.why = STR("It is done")}, NULL));
    struct line ended;
    must(c, ledger_find_line_by_id(c->arena, c->store, campaign, &ended, &c->err));
    assert_int_equal(ended.state, LINE_DONE);
    assert_int_equal(ended.due_day, TODAY + 60);
    assert_int_equal(act(c, campaign, out, NULL), STATUS_CONFLICT);
    assert_int_equal(act(c, line, start, NULL), STATUS_CONFLICT); /* no campaign */
}

/* Changes just made are said to have been on that day. */
static void date_events(struct ledger_case *c, int64_t day)
{
    struct query *q = query_start(
        c->store, "UPDATE event SET time_ms = ?1 WHERE seq > (SELECT coalesce(max(seq), 0)"
                  " FROM event WHERE kind = 'dated')");
    query_bind_int(q, 1, calendar_moment_of(day) + 11 * (int64_t)3600000);
    (void)query_row(q);
    must(c, query_end(q, &c->err));
    must(c, store_add_event(c->store, "", "dated", STR(""), STR("{}"), &c->err));
}

static int64_t kept(struct ledger_case *c, int64_t campaign, int64_t line, int64_t day)
{
    struct query *q = query_start(c->store, "SELECT progress FROM campaign_day WHERE campaign = ?1"
                                            " AND line = ?2 AND day = ?3");
    query_bind_int(q, 1, campaign);
    query_bind_int(q, 2, line);
    query_bind_int(q, 3, day);
    int64_t progress = query_row(q) ? query_int(q, 0) : -1;
    must(c, query_end(q, &c->err));
    return progress;
}

#define LIVES 6
#define DAYS  25

static void live_a_day(struct ledger_case *c, uint64_t *seed, const int64_t lines[LIVES])
{
    for (int64_t n = draw(seed, 4); n; n--) {
        int64_t line = lines[draw(seed, LIVES - 1)];
        bool ends = draw(seed, 9) == 0;
        change(c, line, LINE_STATE, ends ? LINE_DONE : LINE_ACTIVE);
        if (!ends)
            change(c, line, LINE_PROGRESS, draw(seed, 100));
    }
}

static void were_so(struct ledger_case *c, int64_t campaign, const int64_t lines[LIVES],
                    int64_t was[LIVES][DAYS])
{
    for (int i = 0; i < LIVES; i++)
        for (int d = 0; d < DAYS; d++)
            assert_int_equal(kept(c, campaign, lines[i], TODAY + d), was[i][d]);
    assert_int_equal(kept(c, campaign, lines[0], TODAY - 1), -1);
    assert_int_equal(kept(c, campaign, lines[0], TODAY + DAYS), -1);
}

/* Kept each night, or at once after nothing ran for weeks: the same days. */
static void days_are_kept_as_they_were_however_long_nothing_ran(void **state)
{
    struct ledger_case *c = *state;
    uint64_t seed = 60;
    int64_t lines[LIVES];
    int64_t was[LIVES][DAYS];
    int64_t campaign = begin(c, TODAY, TODAY + 59);
    for (int i = 0; i < LIVES; i++) {
        lines[i] = make(c, i % 2 ? LEDGER_PROJECT : LEDGER_RISK, draw(&seed, 30));
        add(c, campaign, lines[i], 90, TODAY - 1);
    }
    must(c, act(c, campaign, (struct campaign_deed){.act = CAMPAIGN_START}, NULL));
    date_events(c, TODAY - 1);
    for (int d = 0; d < DAYS; d++) {
        live_a_day(c, &seed, lines);
        date_events(c, TODAY + d);
        for (int i = 0; i < LIVES; i++) {
            struct line line;
            must(c, ledger_find_line_by_id(c->arena, c->store, lines[i], &line, &c->err));
            was[i][d] = line.state == LINE_DONE ? 100 : line.progress;
        }
        must(c, ledger_keep_campaigns(c->store, calendar_moment_of(TODAY + d + 1) + 1, &c->err));
    }
    were_so(c, campaign, lines, was);
    must(c, store_run(c->store, "DELETE FROM campaign_day", &c->err));
    must(c, store_run(c->store, "UPDATE campaign SET kept_day = NULL", &c->err));
    for (int again = 0; again < 2; again++) {
        live_a_day(c, &seed, lines); /* today, and not to be kept yet */
        date_events(c, TODAY + DAYS);
        must(c, ledger_keep_campaigns(c->store, calendar_moment_of(TODAY + DAYS + 1) - 1, &c->err));
        were_so(c, campaign, lines, was);
    }
}

static int64_t progress_of(struct ledger_case *c, int64_t id)
{
    struct line line;
    must(c, ledger_find_line_by_id(c->arena, c->store, id, &line, &c->err));
    return line.progress;
}

static void a_campaign_stands_at_what_its_lines_have_reached_and_follows_them(void **state)
{
    struct ledger_case *c = *state;
    int64_t campaign = begin(c, TODAY, TODAY + 59);
    int64_t goal = make(c, LEDGER_GOAL, 0);
    int64_t part = make(c, LEDGER_MILESTONE, 0);
    change(c, part, LINE_PARENT, goal);
    add(c, campaign, goal, 80, 0);
    must(c, act(c, campaign, (struct campaign_deed){.act = CAMPAIGN_START}, NULL));
    change(c, part, LINE_PROGRESS, 40); /* the goal follows its part, the campaign the goal */
    assert_int_equal(progress_of(c, goal), 40);
    assert_int_equal(progress_of(c, campaign), 50);
    change(c, campaign, LINE_PROGRESS, 99); /* what is said by hand is left aside */
    assert_int_equal(progress_of(c, campaign), 50);
    must(c, act(c, campaign,
                (struct campaign_deed){.act = CAMPAIGN_AIM,
                                       .lines = &goal,
                                       .nlines = 1,
                                       .aim = 40,
                                       .points = 1,
                                       .said.why = STR("Less money")},
                NULL));
    assert_int_equal(progress_of(c, campaign), 100);
    date_events(c, TODAY);
    must(c, ledger_keep_campaigns(c->store, calendar_moment_of(TODAY + 1), &c->err));
    assert_int_equal(kept(c, campaign, goal, TODAY), 40);
    change(c, part, LINE_PROGRESS, 60);
    date_events(c, TODAY + 2);
    must(c, ledger_keep_campaigns(c->store, calendar_moment_of(TODAY + 3), &c->err));
    assert_int_equal(kept(c, campaign, goal, TODAY + 1), 40);
    assert_int_equal(kept(c, campaign, goal, TODAY + 2), 60);
}

static void what_is_not_over_stands_as_it_is_now_and_a_rank_is_shared_by_equals(void **state)
{
    struct ledger_case *c = *state;
    int64_t campaign = begin(c, TODAY, TODAY + 59);
    int64_t lines[3];
    struct campaign_place *places;
    struct campaign_point *points;
    for (int i = 0; i < 3; i++) {
        lines[i] = make(c, LEDGER_PROJECT, 0);
        add(c, campaign, lines[i], 50, 0);
    }
    must(c, act(c, campaign, (struct campaign_deed){.act = CAMPAIGN_START}, NULL));
    must(c, act(c, campaign, (struct campaign_deed){.act = CAMPAIGN_RANK, .over = CAMPAIGN_LINES},
                NULL));
    change(c, lines[1], LINE_PROGRESS, 25);
    struct campaigning found = look(c, campaign, TODAY);
    (void)campaign_course(c->arena, &found.campaign, &points);
    assert_int_equal(points[0].done, 500);
    assert_int_equal(ledger_rank_campaign(c->arena, &found, TODAY, &places), 3);
    assert_int_equal(places[0].of, lines[1]);
    assert_int_equal(places[0].score, 500);
    assert_int_equal(places[0].place, 1);
    assert_int_equal(places[1].place, 2);
    assert_int_equal(places[2].place, 2);
    struct campaign_part *parts;
    size_t count;
    must(c, ledger_list_campaigns_of(c->arena, c->store, lines[1], &parts, &count, &c->err));
    assert_int_equal(count, 1);
    assert_int_equal(parts[0].campaign.id, campaign);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_campaign_is_named_by_its_length),
        cmocka_unit_test(the_clock_counts_both_ends),
        cmocka_unit_test(a_share_is_the_part_of_the_way_from_joining_to_the_aim),
        cmocka_unit_test(the_ideal_rises_on_working_days_alone),
        cmocka_unit_test(the_course_sums_points_by_share_and_follows_the_scope),
        cmocka_unit_test(a_campaign_runs_on_after_its_last_day_until_it_is_closed),
        cmocka_unit_test(the_board_says_what_moved_and_for_how_long_what_did_not),
        cmocka_unit_test(each_rule_scores_by_what_it_says),
        cmocka_unit_test(any_course_stays_within_its_scope_and_rises),
        cmocka_unit_test(any_board_adds_up_to_the_course_and_its_moves_to_the_days_gain),
        cmocka_unit_test(a_share_never_falls_as_progress_rises),
#define KEPT(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)
        KEPT(lines_join_where_they_stand_and_those_that_cant_are_named),
        KEPT(acts_follow_the_table_and_lines_follow_the_acts),
        KEPT(days_are_kept_as_they_were_however_long_nothing_ran),
        KEPT(a_campaign_stands_at_what_its_lines_have_reached_and_follows_them),
        KEPT(what_is_not_over_stands_as_it_is_now_and_a_rank_is_shared_by_equals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
