/* Cases: the machine as data has no dead end, and no walk through it, by whoever and in whatever order, skips the
 * second steward or lets anybody decide about themselves. */
#include "library_case.h"

#include <string.h>

#include "library/account.h"
#include "library/case.h"

#define DAY       STORE_DAY_MS
#define MEMBERS   4  /* M1 … M4 */
#define PEOPLE    11 /* M5 … M10 are stewards, M11 is the owner */
#define WALKS     60
#define STEPS     160
#define ACCUSABLE 2 /* of the stewards: enough are left to decide */

/* --- the table ---------------------------------------------------------------------------------- */

static bool is_final(int state)
{
    return state == CASE_SETTLED || state == SANCTION_UPHELD || state == SANCTION_LIFTED;
}

static void every_state_is_reached_and_leads_to_an_end(void **state)
{
    bool reached[CASE_STATES] = {[CASE_NONE] = true};
    bool ends[CASE_STATES] = {false};
    (void)state;
    for (int s = 0; s < CASE_STATES; s++)
        ends[s] = is_final(s);
    for (int round = 0; round < CASE_STATES; round++)
        for (size_t i = 0; i < case_rule_count; i++)
            for (int s = 0; s < CASE_STATES; s++)
                if ((case_rules[i].from & CASE_STATE_BIT(s)) && case_rules[i].to) {
                    reached[case_rules[i].to] |= reached[s];
                    ends[s] |= ends[case_rules[i].to];
                }
    for (int s = 0; s < CASE_STATES; s++) {
        assert_true(reached[s]);
        assert_true(ends[s]);
    }
}

static void nothing_leads_out_of_an_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < case_rule_count; i++)
        for (int s = 0; s < CASE_STATES; s++)
            if (is_final(s) && (case_rules[i].from & CASE_STATE_BIT(s)))
                assert_int_equal(case_rules[i].to, CASE_NONE);
}

/* --- the walk ----------------------------------------------------------------------------------- */

struct walk {
    struct library_case *c;
    uint64_t chance;
    int64_t now_ms, file, reporter;
    int accused_stewards;
    unsigned done; /* acts that were let through */
};

static uint32_t draw(struct walk *w, uint32_t below)
{
    w->chance ^= w->chance << 13;
    w->chance ^= w->chance >> 7;
    w->chance ^= w->chance << 17;
    return (uint32_t)((w->chance >> 20) % below);
}

static int64_t number(struct walk *w, const char *sql)
{
    struct query *q = query_start(w->c->store, sql);
    if (strstr(sql, "?1"))
        query_bind_int(q, 1, w->file);
    int64_t found = query_row(q) ? query_int(q, 0) : 0;
    must(w->c, query_end(q, &w->c->err));
    return found;
}

static bool is_accused(struct walk *w, int64_t member)
{
    struct query *q =
        query_start(w->c->store, "SELECT 1 FROM case_accused WHERE case_file = ?1 AND member = ?2");
    query_bind_int(q, 1, w->file);
    query_bind_int(q, 2, member);
    bool found = query_row(q);
    must(w->c, query_end(q, &w->c->err));
    return found;
}

static enum status propose(struct walk *w, int64_t actor)
{
    struct library_case *c = w->c;
    struct case_accused *list;
    size_t count;
    must(c, case_list_accused(c->arena, c->store, w->file, &list, &count, &c->err));
    struct case_proposed *p = arena_array(c->arena, count + 1, struct case_proposed);
    for (size_t i = 0; i < count; i++)
        p[i] = (struct case_proposed){.member = list[i].member,
                                      .measure = (enum case_measure)draw(w, CASE_MEASURE_END),
                                      .days = 1 + draw(w, 40),
                                      .grounds = STR("What was found.")};
    return case_propose(c->store, w->file, actor, STR("Look."), p, count, w->now_ms, &c->err);
}

static enum status accuse(struct walk *w, int64_t actor)
{
    int64_t member = 1 + draw(w, PEOPLE);
    bool steward = member > MEMBERS;
    if (is_accused(w, member) || (steward && w->accused_stewards == ACCUSABLE))
        return STATUS_CONFLICT;
    enum status status =
        case_accuse(w->c->store, w->file, actor, member, STR("Known."), w->now_ms, &w->c->err);
    w->accused_stewards += !status && steward;
    return status;
}

static enum status hear(struct walk *w, int64_t actor, bool grant)
{
    struct library_case *c = w->c;
    int64_t sanction = number(w, "SELECT coalesce(max(id), 0) FROM sanction WHERE case_file = ?1"
                                 " AND state = 'appealed'");
    return (grant ? case_grant_appeal : case_refuse_appeal)(c->arena, c->store, sanction, actor,
                                                            STR("Heard."), w->now_ms, &c->err);
}

static enum status appeal(struct walk *w, int64_t actor)
{
    struct library_case *c = w->c;
    int64_t sanction = number(w, "SELECT coalesce(min(id), 0) FROM sanction WHERE case_file = ?1"
                                 " AND state = 'standing'");
    return case_appeal(c->arena, c->store, sanction, actor, STR("No."), NULL, 0, w->now_ms,
                       &c->err);
}

/* The timer may be late: time passes, and what is due is done another time. */
#define APPEALS     7U
#define TIME_PASSES 10U
#define TIME_KEPT   11U
#define TRIED       12U

/* Lets somebody try an act of a number; everything that needs more than words is filled in. */
static enum status try_act(struct walk *w, uint32_t act, int64_t actor)
{
    struct library_case *c = w->c;
    switch (act) {
    case 0:
        return case_add_note(c->store, w->file, actor, STR("A note."), w->now_ms, &c->err);
    case 1:
        return accuse(w, actor);
    case 2:
        return propose(w, actor);
    case 3:
        return case_withdraw(c->store, w->file, actor, STR("No."), w->now_ms, &c->err);
    case 4:
        return case_return(c->store, w->file, actor, STR("No."), w->now_ms, &c->err);
    case 5:
        return case_confirm(c->arena, c->store, w->file, actor, w->now_ms, &c->err);
    case 6:
        return case_reopen(c->store, w->file, actor, STR("More."), w->now_ms, &c->err);
    case APPEALS:
        return appeal(w, actor);
    case 8:
        return hear(w, actor, true);
    case 9:
        return hear(w, actor, false);
    case TIME_PASSES:
        w->now_ms += draw(w, 7) * DAY;
        return STATUS_OK;
    default:
        w->now_ms += draw(w, 3) * DAY;
        return case_keep_time(c->arena, c->store, w->now_ms, &c->err);
    }
}

/* The same in a transaction, as pages do; and whoever it accuses got nothing done. */
static bool step(struct walk *w, uint32_t act, int64_t actor)
{
    bool accused = is_accused(w, actor);
    must(w->c, store_begin(w->c->store, &w->c->err));
    enum status status = try_act(w, act, actor);
    if (status)
        store_rollback(w->c->store);
    else
        must(w->c, store_commit(w->c->store, &w->c->err));
    assert_true(status == STATUS_OK || status == STATUS_CONFLICT || status == STATUS_FORBIDDEN ||
                status == STATUS_MISSING);
    if (!status && act < TIME_PASSES) {
        assert_true(!accused || act == APPEALS);
        assert_true(actor > MEMBERS || act == APPEALS);
        w->done++;
    }
    return !status;
}

/* One draw after the other, so that every compiler walks the same way. */
static void try_something(struct walk *w)
{
    uint32_t act = draw(w, TRIED);
    int64_t actor = 1 + draw(w, PEOPLE);
    int64_t sanctioned = number(w, "SELECT coalesce(min(member), 0) FROM sanction"
                                   " WHERE case_file = ?1 AND state = 'standing'");
    /* else few would answer in time */
    if (act == APPEALS && sanctioned && draw(w, 2))
        actor = sanctioned;
    (void)step(w, act, actor);
}

/* Counts what must never be, in everything that was ever decided. */
static void nothing_is_amiss(struct walk *w)
{
    static const char *const NEVER[] = {
        "SELECT count(*) FROM decision d WHERE outcome = 'confirmed' AND (second IS NULL OR"
        " second = proposer OR EXISTS (SELECT 1 FROM report r WHERE r.case_file = d.case_file AND"
        " r.reporter IN (d.proposer, d.second)))",
        "SELECT count(*) FROM sanction s JOIN decision d ON d.id = s.decision WHERE EXISTS (SELECT 1"
        " FROM case_accused a WHERE a.case_file = s.case_file AND a.member IN (d.proposer,"
        " d.second)) OR d.outcome <> 'confirmed'",
        "SELECT count(*) FROM appeal p JOIN sanction s ON s.id = p.sanction JOIN decision d"
        " ON d.id = s.decision WHERE p.decided_by IN (d.proposer, d.second, s.member) OR EXISTS"
        " (SELECT 1 FROM case_accused a WHERE a.case_file = s.case_file"
        " AND a.member = p.decided_by) OR EXISTS (SELECT 1 FROM report r WHERE r.case_file ="
        " s.case_file AND r.reporter = p.decided_by)",
        "SELECT count(*) FROM sanction WHERE state IN ('upheld', 'lifted') AND settled_ms IS NULL",
        "SELECT count(*) FROM case_file c WHERE state = 'settled' AND EXISTS (SELECT 1 FROM"
        " sanction s WHERE s.case_file = c.id AND s.state IN ('standing', 'appealed'))",
        "SELECT count(*) FROM reward w WHERE NOT EXISTS (SELECT 1 FROM sanction s WHERE"
        " s.case_file = w.case_file AND s.state = 'upheld') OR EXISTS (SELECT 1 FROM case_accused a"
        " WHERE a.case_file = w.case_file AND a.member = w.member)",
        "SELECT count(*) FROM account a WHERE suspended_ms IS NOT NULL AND NOT EXISTS (SELECT 1"
        " FROM sanction s WHERE s.member = a.member AND s.measure = 'suspension'"
        " AND s.state <> 'lifted')",
        "SELECT count(*) FROM case_step s JOIN report r ON r.case_file = s.case_file WHERE"
        " s.act = 'report' AND s.actor IS NOT NULL",
        "SELECT count(*) FROM case_step p JOIN sanction s ON s.id = p.sanction"
        " WHERE p.act = 'appeal' AND p.actor IS NOT s.member",
        "SELECT count(*) FROM case_step p WHERE p.act = 'withdraw' AND NOT EXISTS (SELECT 1 FROM"
        " decision d WHERE d.case_file = p.case_file AND d.outcome = 'withdrawn'"
        " AND d.proposer = p.actor)",
        "SELECT count(*) FROM decision WHERE outcome = 'returned' AND second IS NULL",
        "SELECT count(*) FROM sanction s LEFT JOIN appeal p ON p.sanction = s.id WHERE"
        " p.made_ms > s.appeal_until_ms OR (p.sanction IS NULL AND s.state = 'upheld'"
        " AND s.settled_ms < s.appeal_until_ms)",
    };
    for (size_t i = 0; i < sizeof NEVER / sizeof *NEVER; i++)
        if (number(w, NEVER[i]))
            fail_msg("never, and yet: %s", NEVER[i]);
}

/* Whoever may go on does, until the case is at its end. */
static void leads_to_an_end(struct walk *w)
{
    /* sent back only where it cannot be put in force: the last owner is not suspended */
    static const uint32_t ON[] = {2, 5, 8, 4, TIME_KEPT};
    for (int round = 0; round < 40; round++) {
        int64_t open = number(w, "SELECT state NOT IN ('settled', 'dismissed')"
                                 " FROM case_file WHERE id = ?1");
        bool moved = !open;
        for (size_t i = 0; i < sizeof ON / sizeof *ON && !moved; i++)
            for (int64_t actor = 1; actor <= PEOPLE && !moved; actor++)
                moved = step(w, ON[i], actor);
        if (!open)
            return;
        assert_true(moved);
    }
    fail_msg("a case never ends");
}

static void make_people(struct library_case *c)
{
    add_members(c, PEOPLE);
    must(c, store_begin(c->store, &c->err));
    must(c, store_run(c->store,
                      "INSERT INTO account (member, password, created_ms)"
                      " SELECT id, 'x', 0 FROM member",
                      &c->err));
    must(c, store_run(c->store,
                      "INSERT INTO role SELECT id, 'steward' FROM member WHERE id BETWEEN 5 AND 10",
                      &c->err));
    must(c, store_run(c->store, "INSERT INTO role VALUES (11, 'owner')", &c->err));
    must(c, store_commit(c->store, &c->err));
}

static void report(struct walk *w)
{
    struct library_case *c = w->c;
    struct case_report r = {.reporter = 1 + draw(w, PEOPLE),
                            .anonymous = draw(w, 2) != 0,
                            .kind = STR("leak"),
                            .words = STR("Seen.")};
    must(c, store_begin(c->store, &c->err));
    must(c, case_report(c->arena, c->store, &r, w->now_ms, &c->err));
    must(c, store_commit(c->store, &c->err));
    w->file = r.case_file;
    w->accused_stewards = 0;
}

/* A suspension of one case keeps a steward from the next; each walk begins with everybody at work. */
static void let_suspensions_end(struct walk *w)
{
    w->now_ms += 400 * DAY;
    (void)step(w, TIME_KEPT, 0);
}

static void no_walk_skips_the_second_steward_or_judges_its_own_case_or_gets_stuck(void **state)
{
    struct walk w = {.c = *state, .chance = 0x9316A307C1, .now_ms = 1000 * DAY};
    make_people(w.c);
    for (int i = 0; i < WALKS; i++) {
        report(&w);
        for (int s = 0; s < STEPS; s++)
            try_something(&w);
        nothing_is_amiss(&w);
        leads_to_an_end(&w);
        nothing_is_amiss(&w);
        let_suspensions_end(&w);
    }
    assert_true(w.done > WALKS * 5);
    assert_true(number(&w, "SELECT count(*) FROM sanction WHERE state = 'lifted'") > 3);
    assert_true(number(&w, "SELECT count(*) FROM sanction WHERE state = 'upheld'") > 3);
    assert_true(number(&w, "SELECT count(*) FROM decision WHERE outcome = 'returned'") > 3);
    assert_true(number(&w, "SELECT count(*) FROM reward") > 3);
}

static void every_step_on_record_is_a_row_of_the_table(void **state)
{
    struct walk w = {.c = *state, .chance = 7, .now_ms = 1000 * DAY};
    struct case_step *list;
    size_t count;
    make_people(w.c);
    for (int i = 0; i < 8; i++) {
        report(&w);
        for (int s = 0; s < STEPS; s++)
            try_something(&w);
        must(w.c, case_list_steps(w.c->arena, w.c->store, w.file, &list, &count, &w.c->err));
        for (size_t k = 0; k < count; k++) {
            bool found = false;
            for (size_t r = 0; r < case_rule_count && !found; r++)
                found = case_rules[r].act == list[k].act &&
                        (case_rules[r].from & CASE_STATE_BIT(list[k].from)) &&
                        (case_rules[r].to ? case_rules[r].to : list[k].from) == list[k].to;
            if (!found)
                fail_msg("%s from %s to %s", case_act_name(list[k].act),
                         case_state_name(list[k].from), case_state_name(list[k].to));
        }
        let_suspensions_end(&w);
    }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_is_reached_and_leads_to_an_end),
        cmocka_unit_test(nothing_leads_out_of_an_end),
        CASE(no_walk_skips_the_second_steward_or_judges_its_own_case_or_gets_stuck),
        CASE(every_step_on_record_is_a_row_of_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
