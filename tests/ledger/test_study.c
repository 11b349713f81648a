/* Study sessions: how soon a paper was studied, the machine, and a session from its agenda to the confirmed record. */
#include "day_case.h"

#include <string.h>

#include "ledger/study.h"
#include "ledger/unit.h"

#define ALL (~0U)

/* --- how soon --------------------------------------------------------------------------------------- */

static void a_paper_is_studied_in_time_by_the_last_working_day_of_its_limit(void **state)
{
    struct arena *arena = arena_make();
    const struct workdays *china = load(arena, "china");
    static const struct {
        const char *published;
        int64_t limit;
        const char *studied, *today;
        enum soonness is;
        int64_t days;
        const char *due;
        int64_t late;
    } cases[] = {
        {"2026-11-23", 5, "2026-11-30", "2026-12-01", SOON_IN_TIME, 5, "2026-11-30", 0},
        {"2026-11-23", 5, "2026-12-01", "2026-12-01", SOON_LATE, 6, "2026-11-30", 1},
        {"2026-11-23", 5, NULL, "2026-11-30", SOON_WAITING, 5, "2026-11-30", 0},
        {"2026-11-23", 5, NULL, "2026-12-01", SOON_OVERDUE, 6, "2026-11-30", 1},
        {"2026-09-30", 3, "2026-10-10", "2026-10-12", SOON_IN_TIME, 3, "2026-10-10",
         0}, /* the holiday, and a Saturday worked */
        {"2026-11-28", 1, "2026-11-30", "2026-11-30", SOON_IN_TIME, 1, "2026-11-30",
         0}, /* a Saturday */
        {"2026-11-23", 5, "2026-11-23", "2026-11-23", SOON_IN_TIME, 0, "2026-11-30",
         0}, /* on the day itself */
        {"2026-11-23", 5, "2026-11-20", "2026-11-24", SOON_IN_TIME, 0, "2026-11-30",
         0}, /* before it came out */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct study_time time;
        study_read_time(china, day(cases[i].published), cases[i].limit, day(cases[i].studied),
                        day(cases[i].today), &time);
        if (time.is != cases[i].is || time.days != cases[i].days ||
            time.due_day != day(cases[i].due) || time.late != cases[i].late)
            fail_msg("case %zu: %d, %d days, due %s, late %d", i, (int)time.is, (int)time.days,
                     str_z(arena, calendar_day_text(arena, time.due_day)), (int)time.late);
    }
    arena_free(arena);
}

static void it_is_late_just_when_its_days_are_more_than_the_limit(void **state)
{
    struct arena *arena = arena_make();
    const struct workdays *calendars[] = {load(arena, "china"), load(arena, "weekdays")};
    (void)state;
    srandom(47);
    for (int i = 0; i < 5000; i++) {
        const struct workdays *c = calendars[i % 2];
        int64_t published = day("2024-01-01") + random() % 1000;
        int64_t limit = 1 + random() % 20;
        int64_t today = published + random() % 60;
        int64_t studied = random() % 2 ? published + random() % (today - published + 1) : 0;
        struct study_time time;
        study_read_time(c, published, limit, studied, today, &time);
        int64_t last = studied ? studied : today;
        bool late = time.is == SOON_LATE || time.is == SOON_OVERDUE;
        assert_int_equal(time.days, workday_between(c, published, last));
        assert_int_equal(time.due_day, workday_add(c, published, limit));
        assert_int_equal(late, last > time.due_day && time.late > 0);
        assert_int_equal(time.is == SOON_WAITING || time.is == SOON_OVERDUE, studied == 0);
        assert_true(!late || time.days > limit);
    }
    arena_free(arena);
}

/* --- the machine ------------------------------------------------------------------------------------ */

static void every_state_is_reached_and_a_record_is_confirmed_by_the_chair_alone(void **state)
{
    unsigned reached = MACHINE_BIT(SESSION_PLANNED);
    const struct machine_terms all[] = {session_machine.states, session_machine.acts,
                                        session_machine.whos,   session_machine.needs,
                                        presence_terms,         soonness_terms};
    struct error err;
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (int k = 0; k < all[i].count; k++)
            assert_int_equal(machine_named(all[i], str_of(all[i].at[k].name)), k);
    for (int round = 0; round < SESSION_STATES; round++)
        for (int i = 0; i < SESSION_ACTS; i++)
            if (session_machine.rules[i].from & reached)
                reached |= MACHINE_BIT(session_machine.rules[i].to);
    assert_int_equal(reached | 1U, MACHINE_BIT(SESSION_STATES) - 1);
    for (int i = 0; i < SESSION_ACTS; i++)
        if (session_machine.rules[i].to == SESSION_CONFIRMED) {
            assert_int_equal(session_machine.rules[i].who, SESSION_WHO_CHAIR);
            assert_true(session_machine.rules[i].needs & SESSION_NEEDS_OTHER);
        }
    assert_int_equal(
        machine_allow(&session_machine, SESSION_PLANNED, SESSION_HOLD,
                      (struct machine_facts){ALL & ~(unsigned)SESSION_NEEDS_PRESENT, ALL}, &err),
        STATUS_CONFLICT);
    assert_non_null(strstr(err.en, "present"));
}

/* --- kept ------------------------------------------------------------------------------------------- */

enum { KEEPER = 1, CHAIR, CLERK, INSPECTOR, OTHER_LEAD };

static int64_t moment(const char *text)
{
    return calendar_moment_of(day(text)) + 9LL * 3600 * 1000;
}

/* The people above, papers 1 to 3, and the body that studies; gives the body. */
static int64_t people(struct ledger_case *c)
{
    struct unit unit = {.name = STR("区委办")};
    must(c, store_run(c->store,
                      "INSERT INTO role (member, role) VALUES (1, 'editor'), (2, 'lead'),"
                      " (4, 'inspector'), (5, 'lead')",
                      &c->err));
    must(c, store_run(c->store,
                      "INSERT INTO paper (id, key_epoch, colluders, created_ms) VALUES"
                      " (1, 1, 1, 1), (2, 1, 1, 1), (3, 1, 1, 1)",
                      &c->err));
    must(c, ledger_make_unit(c->arena, c->store, &unit, 0, &c->err));
    must(c, ledger_put_in_unit(c->store, unit.id, CLERK, &c->err));
    return unit.id;
}

static struct line prepare(struct ledger_case *c, int64_t unit, const int64_t *papers, size_t count)
{
    struct line line = {.title = STR("第十二次学习"),
                        .unit = unit,
                        .lead = CHAIR,
                        .due_day = day("2026-03-20"),
                        .weight = 1};
    struct ledger_deed deed = {.now_ms = moment("2026-03-16")};
    must(c, ledger_prepare_study(c->arena, c->store, &line, STR("三楼会议室"), papers, count, &deed,
                                 &c->err));
    return line;
}

static enum status act(struct ledger_case *c, int64_t line, enum session_act act, int64_t actor,
                       const char *on, const char *words)
{
    struct study_deed deed = {.act = act, .actor = actor, .today = day(on), .words = str_of(words)};
    return ledger_act_on_study(c->arena, c->store, line, &deed, moment(on), &c->err);
}

static enum status attend(struct ledger_case *c, int64_t line, int64_t member, enum presence is,
                          int64_t actor)
{
    struct study_presence one = {member, is};
    struct ledger_deed deed = {.now_ms = moment("2026-03-20")};
    return ledger_say_attendance(c->arena, c->store, line, &one, 1, actor, &deed, &c->err);
}

static void a_session_goes_from_its_agenda_to_a_record_that_its_chair_confirmed(void **state)
{
    struct ledger_case *c = *state;
    int64_t unit = people(c);
    static const int64_t papers[] = {1, 2};
    struct line line = prepare(c, unit, papers, 2);
    struct study study;
    assert_int_equal(act(c, line.id, SESSION_HOLD, CLERK, "2026-03-19", ""), STATUS_CONFLICT);
    assert_int_equal(act(c, line.id, SESSION_HOLD, CLERK, "2026-03-20", ""), STATUS_CONFLICT);
    must(c, attend(c, line.id, CLERK, PRESENCE_PRESENT, CLERK));
    assert_int_equal(act(c, line.id, SESSION_HOLD, OTHER_LEAD, "2026-03-20", ""), STATUS_FORBIDDEN);
    must(c, act(c, line.id, SESSION_HOLD, CLERK, "2026-03-20", ""));
    must(c, act(c, line.id, SESSION_WRITE, CLERK, "2026-03-20", "会议学习了两份文件。"));
    assert_int_equal(act(c, line.id, SESSION_CONFIRM, KEEPER, "2026-03-21", ""), STATUS_FORBIDDEN);
    must(c, act(c, line.id, SESSION_RETURN, CHAIR, "2026-03-21", "漏记一项"));
    must(c, act(c, line.id, SESSION_WRITE, CHAIR, "2026-03-21", "自己写的"));
    assert_int_equal(act(c, line.id, SESSION_CONFIRM, CHAIR, "2026-03-21", ""), STATUS_CONFLICT);
    must(c, act(c, line.id, SESSION_WRITE, CLERK, "2026-03-21", "会议学习了两份文件，议定一事。"));
    must(c, act(c, line.id, SESSION_CONFIRM, CHAIR, "2026-03-21", ""));
    must(c, ledger_find_line_by_id(c->arena, c->store, line.id, &line, &c->err));
    must(c, ledger_load_study(c->arena, c->store, &line, &study, &c->err));
    assert_int_equal(line.state, LINE_DONE);
    assert_int_equal(study.confirmed_by, CHAIR);
    assert_int_equal(act(c, line.id, SESSION_WRITE, CLERK, "2026-03-22", "改一改"),
                     STATUS_CONFLICT);
}

static void the_record_and_who_was_there_stand_in_no_event(void **state)
{
    struct ledger_case *c = *state;
    static const int64_t papers[] = {1};
    struct line line = prepare(c, people(c), papers, 1);
    must(c, attend(c, line.id, CLERK, PRESENCE_EXCUSED, KEEPER));
    must(c, attend(c, line.id, CHAIR, PRESENCE_PRESENT, KEEPER));
    must(c, act(c, line.id, SESSION_HOLD, CLERK, "2026-03-20", ""));
    must(c, act(c, line.id, SESSION_WRITE, CLERK, "2026-03-20", "秘而不宣"));
    struct query *q =
        query_start(c->store, "SELECT count(*) FROM event WHERE data LIKE '%秘而不宣%'"
                              " OR data LIKE '%excused%' OR data LIKE '%present%'");
    assert_true(query_row(q));
    assert_int_equal(query_int(q, 0), 0);
    must(c, query_end(q, &c->err));
}

static void the_agenda_is_changed_by_the_body_until_the_record_is_written(void **state)
{
    struct ledger_case *c = *state;
    struct line line = prepare(c, people(c), NULL, 0);
    struct ledger_deed deed = {.now_ms = moment("2026-03-17")};
    struct study_item *list;
    size_t count;
    static const int64_t papers[] = {3, 1, 3};
    assert_int_equal(ledger_add_study_item(c->arena, c->store, line.id, STR("讨论"), STR(""),
                                           INSPECTOR, &deed, &c->err),
                     STATUS_FORBIDDEN);
    must(c, ledger_add_study_item(c->arena, c->store, line.id, STR("讨论"), STR(""), CLERK, &deed,
                                  &c->err));
    must(c, ledger_add_study_papers(c->arena, c->store, line.id, STR(""), papers, 3, CLERK, &deed,
                                    &c->err));
    must(c, ledger_list_study_items(c->arena, c->store, line.id, &list, &count, &c->err));
    assert_int_equal(count, 2);
    assert_int_equal(list[0].npapers, 2);
    assert_int_equal(list[1].place, 2);
    must(c, ledger_remove_study_paper(c->arena, c->store, line.id, list[0].key, 3, CHAIR, &deed,
                                      &c->err));
    assert_int_equal(ledger_add_study_papers(c->arena, c->store, line.id, STR("nothing"), papers, 1,
                                             CLERK, &deed, &c->err),
                     STATUS_MISSING);
    must(c, attend(c, line.id, CLERK, PRESENCE_PRESENT, CLERK));
    must(c, act(c, line.id, SESSION_HOLD, CLERK, "2026-03-20", ""));
    must(c, act(c, line.id, SESSION_WRITE, CLERK, "2026-03-20", "记录"));
    assert_int_equal(ledger_add_study_papers(c->arena, c->store, line.id, STR(""), papers, 1, CLERK,
                                             &deed, &c->err),
                     STATUS_CONFLICT);
}

static void what_is_decided_becomes_a_line_and_both_tell_of_each_other(void **state)
{
    struct ledger_case *c = *state;
    int64_t unit = people(c);
    static const int64_t papers[] = {1};
    struct line line = prepare(c, unit, papers, 1);
    struct line made = {.kind = LEDGER_MILESTONE,
                        .title = STR("本月底前完成排查"),
                        .unit = unit,
                        .state = LINE_ACTIVE,
                        .weight = 1};
    struct line session;
    struct ledger_deed deed = {.now_ms = moment("2026-03-20")};
    struct study_item *list;
    size_t count;
    must(c, ledger_list_study_items(c->arena, c->store, line.id, &list, &count, &c->err));
    assert_int_equal(ledger_decide_in_study(c->arena, c->store, line.id, list[0].key, &made, CLERK,
                                            &deed, &c->err),
                     STATUS_CONFLICT);
    must(c, attend(c, line.id, CLERK, PRESENCE_PRESENT, CLERK));
    must(c, act(c, line.id, SESSION_HOLD, CLERK, "2026-03-20", ""));
    assert_int_equal(ledger_decide_in_study(c->arena, c->store, line.id, list[0].key, &made,
                                            INSPECTOR, &deed, &c->err),
                     STATUS_FORBIDDEN);
    must(c, ledger_decide_in_study(c->arena, c->store, line.id, list[0].key, &made, CLERK, &deed,
                                   &c->err));
    must(c, ledger_list_study_items(c->arena, c->store, line.id, &list, &count, &c->err));
    assert_int_equal(list[0].nlines, 1);
    assert_int_equal(list[0].lines[0].id, made.id);
    must(c, ledger_find_deciding_study(c->arena, c->store, made.id, &session, &c->err));
    assert_int_equal(session.id, line.id);
}

static void attendance_is_seen_by_the_body_and_keepers_alone(void **state)
{
    struct ledger_case *c = *state;
    struct line line = prepare(c, people(c), NULL, 0);
    static const struct {
        int64_t member;
        bool may;
    } cases[] = {
        {KEEPER, true}, {CHAIR, true}, {CLERK, true}, {INSPECTOR, false}, {OTHER_LEAD, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ledger_person person = {.member = cases[i].member};
        bool may;
        must(c, ledger_know_person(c->store, &person, &c->err));
        must(c, ledger_may_see_attendance(c->store, &person, &line, &may, &c->err));
        assert_int_equal(may, cases[i].may);
    }
}

static void a_body_is_told_what_to_study_and_how_soon(void **state)
{
    struct ledger_case *c = *state;
    int64_t groups[] = {1, 2};
    struct study_body body = {.unit = people(c),
                              .limit_days = 5,
                              .window_days = 14,
                              .since_day = day("2026-01-01"),
                              .groups = groups,
                              .ngroups = 2};
    struct study_body found;
    must(c, store_run(c->store,
                      "INSERT INTO \"group\" (id, key, name, created_ms) VALUES (1, 'a', 'A', 1),"
                      " (2, 'b', 'B', 1)",
                      &c->err));
    must(c, ledger_set_study_body(c->store, &body, &c->err));
    body.ngroups = 1;
    body.limit_days = 3;
    must(c, ledger_set_study_body(c->store, &body, &c->err));
    must(c, ledger_load_study_body(c->arena, c->store, body.unit, &found, &c->err));
    assert_int_equal(found.limit_days, 3);
    assert_int_equal(found.ngroups, 1);
    body.limit_days = 61;
    assert_int_equal(ledger_set_study_body(c->store, &body, &c->err), STATUS_INPUT);
    body.limit_days = 3;
    body.unit = 99;
    assert_int_equal(ledger_set_study_body(c->store, &body, &c->err), STATUS_MISSING);
    must(c, ledger_load_study_body(c->arena, c->store, 99, &found, &c->err));
    assert_int_equal(found.unit, 0);
}

#define kept(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paper_is_studied_in_time_by_the_last_working_day_of_its_limit),
        cmocka_unit_test(it_is_late_just_when_its_days_are_more_than_the_limit),
        cmocka_unit_test(every_state_is_reached_and_a_record_is_confirmed_by_the_chair_alone),
        kept(a_session_goes_from_its_agenda_to_a_record_that_its_chair_confirmed),
        kept(the_record_and_who_was_there_stand_in_no_event),
        kept(the_agenda_is_changed_by_the_body_until_the_record_is_written),
        kept(what_is_decided_becomes_a_line_and_both_tell_of_each_other),
        kept(attendance_is_seen_by_the_body_and_keepers_alone),
        kept(a_body_is_told_what_to_study_and_how_soon),
    };
    return cmocka_run_group_tests_name("study", tests, NULL, NULL);
}
