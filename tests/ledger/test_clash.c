/* Clashes of programmes: the table, what holds of any statements, and how those kept are settled and open again. */
#include "ledger_case.h"

#include <math.h>
#include <string.h>

#include "ledger/programme.h"

/* --- the rules ------------------------------------------------------------------------------------ */

#define NONE ((double)NAN)
#define OPEN .least = NONE, .most = NONE

struct pair_case {
    const char *name;
    struct clash_statement a, b; /* of programmes 1 and 2 unless said otherwise */
    unsigned clashes;            /* 1U << aspect */
};
#define DATE     (1U << CLASH_DATE)
#define QUANTITY (1U << CLASH_QUANTITY)
#define PLACE    (1U << CLASH_PLACE)
#define USE      (1U << CLASH_USE)
#define ROAD     .subject = STR("Ring road")

static const struct gauges *gauges_of(struct arena *arena)
{
    const struct gauges *gauges;
    struct error err;
    if (gauge_load(arena, &gauges, &err))
        fail_msg("%s", err.en);
    return gauges;
}

/* Part of what is said against the table; "" where it is read. */
static void tables_of_units_are_read_or_refused_by_the_line(void **state)
{
    static const struct {
        const char *text, *said;
    } tables[] = {
        {"# units\n\nlength\t1\tm|metre\nlength\t1/100\tcm\n", ""},
        {"length\t1\tm\nlength\t1000\tkm|M\n", "line 2"}, /* m stands twice */
        {"length\t0\tm\n", "line 1"},
        {"length\t1/0\tm\n", "line 1"},
        {"length\tmany\tm\n", "line 1"},
        {"length\t1\n", "line 1"},
        {"\t1\tm\n", "line 1"},
    };
    struct arena *arena = arena_make();
    (void)state;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const struct gauges *gauges;
        struct error err = {0};
        bool read = !gauge_read(arena, "units", str_of(tables[i].text), &gauges, &err);
        if (read != !tables[i].said[0] || !strstr(err.en, tables[i].said))
            fail_msg("%s: %s", tables[i].text, err.en);
    }
    arena_free(arena);
}

static void two_statements_clash_as_the_table_says(void **state)
{
    const struct pair_case PAIRS[] = {
        {"days apart",
         {ROAD, OPEN, .first_day = 10, .last_day = 20},
         {ROAD, OPEN, .first_day = 21, .last_day = 30},
         DATE},
        {"a day in common",
         {ROAD, OPEN, .first_day = 10, .last_day = 20},
         {ROAD, OPEN, .first_day = 20, .last_day = 30},
         0},
        {"begins after the other's last day",
         {ROAD, OPEN, .last_day = 20},
         {ROAD, OPEN, .first_day = 21},
         DATE},
        {"open to the later side", {ROAD, OPEN, .first_day = 10}, {ROAD, OPEN, .first_day = 50}, 0},
        {"two days by which", {ROAD, OPEN, .last_day = 20}, {ROAD, OPEN, .last_day = 21}, DATE},
        {"one day by which", {ROAD, OPEN, .last_day = 20}, {ROAD, OPEN, .last_day = 20}, 0},
        {"by a day within",
         {ROAD, OPEN, .last_day = 20},
         {ROAD, OPEN, .first_day = 5, .last_day = 30},
         0},
        {"no day said", {ROAD, OPEN, .last_day = 20}, {ROAD, OPEN}, 0},
        {"called the same in another width and case",
         {ROAD, OPEN, .last_day = 20},
         {.subject = STR("ring Ｒoad"), OPEN, .last_day = 2},
         DATE},
        {"called otherwise",
         {ROAD, OPEN, .last_day = 20},
         {.subject = STR("Bridge"), OPEN, .last_day = 2},
         0},
        {"one line, two names",
         {.line = 7, ROAD, OPEN, .last_day = 20},
         {.line = 7, .subject = STR("Bridge"), OPEN, .last_day = 2},
         DATE},
        {"two lines, one name",
         {.line = 7, ROAD, OPEN, .last_day = 20},
         {.line = 8, ROAD, OPEN, .last_day = 2},
         0},
        {"a line and a name",
         {.line = 7, ROAD, OPEN, .last_day = 20},
         {ROAD, OPEN, .last_day = 2},
         DATE},
        {"too little",
         {ROAD, .least = 10, .most = NONE, .measure = STR("km")},
         {ROAD, .least = NONE, .most = 9, .measure = STR("km")},
         QUANTITY},
        {"a number in common",
         {ROAD, .least = 10, .most = 12, .measure = STR("km")},
         {ROAD, .least = 12, .most = 12, .measure = STR("KM")},
         0},
        {"other units",
         {ROAD, .least = 10, .most = 10, .measure = STR("km")},
         {ROAD, .least = 9, .most = 9, .measure = STR("ha")},
         0},
        {"too little, in another unit",
         {ROAD, .least = 10, .most = 10, .measure = STR("km")},
         {ROAD, .least = NONE, .most = 9999, .measure = STR("米")},
         QUANTITY},
        {"the same in another unit",
         {ROAD, .least = 10, .most = 10, .measure = STR("公里")},
         {ROAD, .least = 10000, .most = 10000, .measure = STR("ｍ")},
         0},
        {"mu and hectares, which are thirds of each other",
         {ROAD, .least = 15, .most = 15, .measure = STR("亩")},
         {ROAD, .least = 1, .most = 1, .measure = STR("公顷")},
         0},
        {"a little more than that",
         {ROAD, .least = 15.001, .most = NONE, .measure = STR("亩")},
         {ROAD, .least = NONE, .most = 1, .measure = STR("ha")},
         QUANTITY},
        {"money",
         {ROAD, .least = 2, .most = 2, .measure = STR("亿元")},
         {ROAD, .least = 20000, .most = 20000, .measure = STR("万元")},
         0},
        {"units of two kinds",
         {ROAD, .least = 10, .most = 10, .measure = STR("km")},
         {ROAD, .least = 9, .most = 9, .measure = STR("km²")},
         0},
        {"a unit that no row knows, the same in both",
         {ROAD, .least = 10, .most = 10, .measure = STR("户")},
         {ROAD, .least = 9, .most = 9, .measure = STR("户")},
         QUANTITY},
        {"a unit that no row knows, another in the other",
         {ROAD, .least = 10, .most = 10, .measure = STR("户")},
         {ROAD, .least = 9, .most = 9, .measure = STR("人")},
         0},
        {"at least and at least",
         {ROAD, .least = 10, .most = NONE, .measure = STR("km")},
         {ROAD, .least = 90, .most = NONE, .measure = STR("km")},
         0},
        {"two places",
         {ROAD, OPEN, .place = STR("East/Harbour")},
         {ROAD, OPEN, .place = STR("East/Hill")},
         PLACE},
        {"a place in the other",
         {ROAD, OPEN, .place = STR("East/Harbour")},
         {ROAD, OPEN, .place = STR("east")},
         0},
        {"a name that only begins alike",
         {ROAD, OPEN, .place = STR("East")},
         {ROAD, OPEN, .place = STR("Easter")},
         PLACE},
        {"uses of one place",
         {ROAD, OPEN, .place = STR("East/Plot 1"), .use = STR("Housing")},
         {.subject = STR("Works"), OPEN, .place = STR("East"), .use = STR("Industry")},
         USE},
        {"one use of one place",
         {ROAD, OPEN, .place = STR("East"), .use = STR("Housing")},
         {.subject = STR("Works"), OPEN, .place = STR("East"), .use = STR("housing")},
         0},
        {"uses of two places",
         {ROAD, OPEN, .place = STR("East"), .use = STR("Housing")},
         {.subject = STR("Works"), OPEN, .place = STR("West"), .use = STR("Industry")},
         0},
        {"uses of one subject",
         {ROAD, OPEN, .place = STR("East"), .use = STR("Housing")},
         {ROAD, OPEN, .place = STR("East"), .use = STR("Industry")},
         0},
        {"of one programme",
         {.programme = 3, ROAD, OPEN, .last_day = 20},
         {.programme = 3, ROAD, OPEN, .last_day = 2},
         0},
        {"other areas",
         {.area = STR("North"), ROAD, OPEN, .last_day = 20},
         {.area = STR("South"), ROAD, OPEN, .last_day = 2},
         0},
        {"an area in the other",
         {.area = STR("City/North"), ROAD, OPEN, .last_day = 20},
         {.area = STR("City"), ROAD, OPEN, .last_day = 2},
         DATE},
        {"all at once",
         {ROAD, .least = 1, .most = 1, .measure = STR("km"), .last_day = 1, .place = STR("East")},
         {ROAD, .least = 2, .most = 2, .measure = STR("km"), .last_day = 2, .place = STR("West")},
         DATE | QUANTITY | PLACE},
    };
    (void)state;
    struct arena *arena = arena_make();
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
        for (int turned = 0; turned < 2; turned++) {
            struct clash_statement both[2] = {PAIRS[i].a, PAIRS[i].b};
            struct clash_pair *found;
            unsigned aspects = 0;
            for (int k = 0; k < 2; k++) {
                both[k].id = 10 + k;
                both[k].programme = both[k].programme ? both[k].programme : 1 + k;
            }
            if (turned) {
                struct clash_statement first = both[0];
                both[0] = both[1];
                both[1] = first;
            }
            size_t count = clash_find_pairs(arena, gauges_of(arena), both, 2, &found);
            for (size_t k = 0; k < count; k++) {
                assert_true(found[k].one == 10 && found[k].other == 11);
                assert_false(aspects & 1U << found[k].aspect);
                aspects |= 1U << found[k].aspect;
            }
            if (aspects != PAIRS[i].clashes)
                fail_msg("%s: %x", PAIRS[i].name, aspects);
        }
    }
    arena_free(arena);
}

static int64_t draw(uint64_t *seed, int64_t most)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (int64_t)((*seed >> 33) % (uint64_t)(most + 1));
}

static struct clash_statement any_statement(uint64_t *seed, int64_t id)
{
    static const char *const SUBJECTS[] = {"Road", "road", "Bridge", "School"};
    static const char *const PLACES[] = {"", "E", "E/a", "E/a/1", "E/b", "Ea", "W"};
    static const char *const USES[] = {"", "Housing", "Industry"};
    static const char *const AREAS[] = {"", "C", "C/n", "D"};
    return (struct clash_statement){
        .id = id,
        .programme = 1 + draw(seed, 3),
        .line = draw(seed, 2) ? 0 : 1 + draw(seed, 2),
        .area = str_of(AREAS[draw(seed, 3)]),
        .subject = str_of(SUBJECTS[draw(seed, 3)]),
        .first_day = draw(seed, 1) ? 0 : 1 + draw(seed, 9),
        .last_day = draw(seed, 1) ? 0 : 5 + draw(seed, 9),
        .least = draw(seed, 1) ? NONE : (double)draw(seed, 9),
        .most = draw(seed, 1) ? NONE : (double)draw(seed, 9),
        .measure = str_of(draw(seed, 1) ? "km" : "ha"),
        .place = str_of(PLACES[draw(seed, 6)]),
        .use = str_of(USES[draw(seed, 2)]),
    };
}

/* All at once finds just what each two alone do, in any order: sorting leaves out nothing and adds nothing. */
static void all_at_once_is_what_each_two_alone_come_to(void **state)
{
    (void)state;
    uint64_t seed = 6;
    enum { MOST = 24 };
    for (int round = 0; round < 300; round++) {
        struct arena *arena = arena_make();
        struct clash_statement all[MOST];
        struct clash_pair alone[MOST * MOST * CLASH_ASPECTS];
        struct clash_pair *found;
        size_t count = 2 + (size_t)draw(&seed, MOST - 2);
        size_t nalone = 0;
        for (size_t i = 0; i < count; i++)
            all[i] = any_statement(&seed, (int64_t)(100 - i));
        for (size_t i = 0; i < count; i++) {
            for (size_t k = i + 1; k < count; k++) {
                struct clash_statement two[2] = {all[i], all[k]};
                size_t n = clash_find_pairs(arena, gauges_of(arena), two, 2, &found);
                for (size_t j = 0; j < n; j++)
                    alone[nalone++] = found[j];
            }
        }
        qsort(alone, nalone, sizeof *alone, clash_compare_pairs);
        size_t n = clash_find_pairs(arena, gauges_of(arena), all, count, &found);
        assert_int_equal(n, nalone);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(clash_compare_pairs(&found[i], &alone[i]), 0);
        arena_free(arena);
    }
}

/* --- in the store --------------------------------------------------------------------------------- */

static int64_t programme(struct ledger_case *c, const char *name, const char *area)
{
    struct programme p = {.name = str_of(name), .area = str_of(area)};
    must(c, ledger_make_programme(c->arena, c->store, &p, 10, &c->err));
    return p.id;
}

static struct statement road(int64_t programme, int64_t last_day)
{
    return (struct statement){.programme = programme, ROAD, OPEN, .last_day = last_day};
}

static struct clash only_clash(struct ledger_case *c)
{
    struct clash clash = {0};
    struct query *q = query_start(c->store, "SELECT key FROM clash");
    assert_true(query_row(q));
    struct str key = str_copy(c->arena, query_str(q, 0));
    assert_false(query_row(q));
    must(c, query_end(q, &c->err));
    must(c, ledger_find_clash(c->arena, c->store, key, &clash, &c->err));
    return clash;
}

static void expect(struct ledger_case *c, enum clash_state state, int64_t waiting)
{
    int64_t count;
    assert_int_equal(only_clash(c).state, state);
    must(c, ledger_count_clashes(c->store, &count, &c->err));
    assert_int_equal(count, waiting);
}

static void a_clash_is_settled_only_while_both_statements_stand(void **state)
{
    struct ledger_case *c = *state;
    struct statement one = road(programme(c, "Land", "City"), 20);
    struct statement other = road(programme(c, "Traffic", "City/East"), 30);
    must(c, ledger_state(c->arena, c->store, &one, 11, &c->err));
    must(c, ledger_state(c->arena, c->store, &other, 12, &c->err));
    expect(c, CLASH_OPEN, 1);
    struct clash seen = only_clash(c);
    assert_int_equal(ledger_settle_clash(c->store, &seen, 2, STR(""), 13, &c->err), STATUS_INPUT);
    must(c, ledger_settle_clash(c->store, &seen, 2, STR("Traffic prevails"), 13, &c->err));
    expect(c, CLASH_SETTLED, 0);
    assert_int_equal(ledger_settle_clash(c->store, &seen, 2, STR("Again"), 14, &c->err),
                     STATUS_CONFLICT);
    must(c, ledger_restate(c->store, &other, 15, &c->err)); /* nothing changes */
    expect(c, CLASH_SETTLED, 0);
    other.place = STR("East");
    must(c, ledger_restate(c->store, &other, 16, &c->err));
    expect(c, CLASH_REOPENED, 1);
    assert_int_equal(ledger_settle_clash(c->store, &seen, 2, STR("As I saw it"), 17, &c->err),
                     STATUS_CONFLICT);
    other.last_day = 20;
    must(c, ledger_restate(c->store, &other, 18, &c->err));
    expect(c, CLASH_GONE, 0);
    other.last_day = 21;
    must(c, ledger_restate(c->store, &other, 19, &c->err));
    expect(c, CLASH_REOPENED, 1); /* the same one again, with what was decided about it */
    must(c, ledger_withdraw(c->store, one.id, STR("Out of date"), 20, &c->err));
    expect(c, CLASH_GONE, 0);
    assert_int_equal(ledger_restate(c->store, &one, 21, &c->err), STATUS_CONFLICT);
}

static void a_closed_programme_clashes_with_nothing(void **state)
{
    struct ledger_case *c = *state;
    int64_t land = programme(c, "Land", "City");
    struct statement one = road(land, 20);
    struct statement other = road(programme(c, "Traffic", "City"), 30);
    must(c, ledger_state(c->arena, c->store, &one, 11, &c->err));
    must(c, ledger_state(c->arena, c->store, &other, 12, &c->err));
    struct clash seen = only_clash(c);
    must(c, ledger_settle_clash(c->store, &seen, 3, STR("Agreed"), 13, &c->err));
    must(c, ledger_close_programme(c->store, land, STR("Replaced"), 14, &c->err));
    expect(c, CLASH_GONE, 0);
    struct statement late = road(land, 9);
    assert_int_equal(ledger_state(c->arena, c->store, &late, 15, &c->err), STATUS_CONFLICT);
    must(c, ledger_reopen_programme(c->store, land, 16, &c->err));
    expect(c, CLASH_SETTLED, 0); /* neither statement changed */
}

static void areas_that_come_to_overlap_bring_clashes(void **state)
{
    struct ledger_case *c = *state;
    struct programme north = {.name = STR("North plan"), .area = STR("City/North")};
    must(c, ledger_make_programme(c->arena, c->store, &north, 10, &c->err));
    struct statement one = road(north.id, 20);
    struct statement other = road(programme(c, "South plan", "City/South"), 30);
    must(c, ledger_state(c->arena, c->store, &one, 11, &c->err));
    must(c, ledger_state(c->arena, c->store, &other, 12, &c->err));
    int64_t waiting;
    must(c, ledger_count_clashes(c->store, &waiting, &c->err));
    assert_int_equal(waiting, 0);
    north.area = STR("City");
    must(c, ledger_change_programme(c->store, &north, 13, &c->err));
    expect(c, CLASH_OPEN, 1);
}

static void what_does_not_fit_is_refused(void **state)
{
    struct ledger_case *c = *state;
    int64_t land = programme(c, "Land", "City");
    const struct {
        struct statement statement;
        enum status status;
    } cases[] = {
        {{.subject = STR(""), OPEN}, STATUS_INPUT},
        {{ROAD, OPEN, .first_day = 9, .last_day = 8}, STATUS_INPUT},
        {{ROAD, .least = 9, .most = 8, .measure = STR("km")}, STATUS_INPUT},
        {{ROAD, .least = (double)INFINITY, .most = NONE, .measure = STR("km")}, STATUS_INPUT},
        {{ROAD, .least = 9, .most = NONE}, STATUS_INPUT},
        {{ROAD, OPEN, .measure = STR("km")}, STATUS_INPUT},
        {{ROAD, OPEN, .place = STR("two\nlines")}, STATUS_INPUT},
        {{ROAD, OPEN, .line = 99}, STATUS_MISSING},
        {{ROAD, OPEN}, STATUS_OK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct statement s = cases[i].statement;
        s.programme = land;
        if (ledger_state(c->arena, c->store, &s, 11, &c->err) != cases[i].status)
            fail_msg("case %zu", i);
    }
    struct programme twin = {.name = STR("land"), .area = STR("Elsewhere")};
    assert_int_equal(ledger_make_programme(c->arena, c->store, &twin, 12, &c->err),
                     STATUS_CONFLICT);
    twin.name = STR("Other");
    twin.area = STR("");
    assert_int_equal(ledger_make_programme(c->arena, c->store, &twin, 12, &c->err), STATUS_INPUT);
    assert_int_equal(ledger_close_programme(c->store, land, STR(""), 12, &c->err), STATUS_INPUT);
}

#define IN_STORE(TEST) cmocka_unit_test_setup_teardown(TEST, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_of_units_are_read_or_refused_by_the_line),
        cmocka_unit_test(two_statements_clash_as_the_table_says),
        cmocka_unit_test(all_at_once_is_what_each_two_alone_come_to),
        IN_STORE(a_clash_is_settled_only_while_both_statements_stand),
        IN_STORE(a_closed_programme_clashes_with_nothing),
        IN_STORE(areas_that_come_to_overlap_bring_clashes),
        IN_STORE(what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
