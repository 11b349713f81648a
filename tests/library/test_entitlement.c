/* Entitlement: who may open which paper on which day, and why not; the rule and its SQL agree. */
#include "library_case.h"

#include <inttypes.h>
#include <string.h>

#include "library/entitlement.h"

#define DAY ((int64_t)24 * 3600 * 1000)
#define NOW (1000 * DAY)

/* Runs statements in which "@N" stands for day N. */
static void run(struct library_case *c, const char *sql)
{
    struct buf out = {.arena = c->arena};
    for (const char *at = sql; *at; at++) {
        char *end;
        if (*at != '@' || at[1] < '0' || at[1] > '9') {
            buf_add_byte(&out, *at);
            continue;
        }
        buf_format(&out, "%" PRId64, (int64_t)strtol(at + 1, &end, 10) * DAY);
        at = end - 1;
    }
    if (out.len)
        must(c, store_run(c->store, out.at, &c->err));
}

static void ask(struct library_case *c, int64_t member, int64_t paper, int64_t now_ms,
                struct entitlement *e)
{
    must(c, library_entitle(c->store, member, paper, now_ms, e, &c->err));
}

/* --- every refusal ------------------------------------------------------------------------------ */

/* Members: 1 and 2 plain, 3 an editor, 4 suspended, 5 a steward. Papers: 1 from the command line, 2 free to
 * members, 3 free to group 1, 4 for any subscriber, 5 for subscribers of a plan that opens group 1. Plan 1
 * opens group 1, plan 2 group 2. All were published on day 500. */
static const char BED[] =
    "INSERT INTO member (id, name, email, created_ms) VALUES (1,'A','a@x.org',0), (2,'B','b@x.org',0),"
    " (3,'C','c@x.org',0), (4,'D','d@x.org',0), (5,'E','e@x.org',0);"
    "INSERT INTO account (member, suspended_ms, created_ms) VALUES (1,NULL,0), (4,5,0);"
    "INSERT INTO role VALUES (3,'editor'), (5,'steward'), (2,'lead');"
    "INSERT INTO \"group\" (id, key, name, created_ms) VALUES (1,'k1','One',0), (2,'k2','Two',0);"
    "INSERT INTO plan (id, key, name, price, days, created_ms) VALUES (1,'p1','P',1,365,0),"
    " (2,'p2','Q',1,365,0);"
    "INSERT INTO plan_group VALUES (1,1,1), (2,1,2);"
    "INSERT INTO paper VALUES (1,0,2,0), (2,0,2,0), (3,0,2,0), (4,0,2,0), (5,0,2,0);"
    "INSERT INTO edition (paper, number, title, lang, level, doc, sites, nsites, published_ms) SELECT id, 1, 'T', 'en', 'discreet', x'', x'', 0, @500 FROM paper;"
    "INSERT INTO edition (paper, number, title, lang, level, doc, sites, nsites, published_ms) SELECT id, 2, 'T', 'en', 'discreet', x'', x'', 0, @501 FROM paper;"
    "INSERT INTO offer (paper, key, access, free, published_ms) VALUES (2,'o2','members',1,@500),"
    " (3,'o3','groups',1,@500), (4,'o4','members',0,@500), (5,'o5','groups',0,@500);"
    "INSERT INTO group_paper VALUES (1,3), (1,5);";

#define JOIN(GROUP, MEMBER) "INSERT INTO group_member VALUES (" #GROUP "," #MEMBER ",0);"
/* plan, starts, ends, look-back, keeps, paused, ended */
#define SUBSCRIBE(PLAN, STARTS, ENDS, BACK, KEEPS, PAUSED, ENDED)                                 \
    "INSERT INTO subscription (member, plan, starts_ms, ends_ms, lookback_ms, keeps, paused_ms, " \
    "ended_ms, source) VALUES (1," #PLAN "," STARTS "," ENDS "," BACK "," #KEEPS "," PAUSED       \
    "," ENDED ",'steward');"
#define RUNNING SUBSCRIBE(1, "@900", "@1100", "@100", 0, "NULL", "NULL")
#define OTHER   SUBSCRIBE(2, "@900", "@1100", "@100", 0, "NULL", "NULL")
#define LIBRARY_TERMS                                                             \
    "INSERT INTO notice (id, key, scope, subject, text, digest, since_ms) VALUES" \
    " (7,'n7','library',0,'t',x'07',@10);"
#define GROUP_TERMS                                                               \
    "INSERT INTO notice (id, key, scope, subject, text, digest, since_ms) VALUES" \
    " (6,'n6','group',1,'t',x'06',@10);"
#define PAPER_TERMS                                                               \
    "INSERT INTO notice (id, key, scope, subject, text, digest, since_ms) VALUES" \
    " (5,'n5','paper',2,'t',x'05',@10);"
#define REVOKE(PAPER, MEMBER, GROUP)                                                       \
    "INSERT INTO revocation (paper, member, \"group\", reason, created_ms) VALUES (" PAPER \
    "," MEMBER "," GROUP ",'r',@990);"

struct entitlement_case {
    const char *about, *setting;
    int64_t member, paper;
    enum refusal why;
    int64_t since, until; /* days; 0 for none */
    int64_t notice;
};

static const struct entitlement_case CASES[] = {
    {"a paper that does not exist", "", 1, 99, REFUSAL_UNKNOWN, 0, 0, 0},
    {"nobody in particular", "", 0, 2, REFUSAL_UNKNOWN, 0, 0, 0},
    {"from the command line", "", 1, 1, REFUSAL_NONE, 0, 0, 0},
    {"free to members", "", 1, 2, REFUSAL_NONE, 0, 0, 0},
    {"to be published tomorrow", "UPDATE offer SET published_ms = @1001;", 1, 2, REFUSAL_UNKNOWN, 0,
     0, 0},
    {"an editor sees what is to be published", "UPDATE offer SET published_ms = @1001;", 3, 2,
     REFUSAL_NONE, 0, 0, 0},
    {"published at this very moment", "UPDATE offer SET published_ms = @1000;", 1, 2, REFUSAL_NONE,
     0, 0, 0},
    {"a suspended account", "", 4, 2, REFUSAL_SUSPENDED, 0, 0, 0},
    {"a suspended editor",
     "UPDATE account SET suspended_ms = 5 WHERE member = 1;"
     "INSERT INTO role VALUES (1,'editor');",
     1, 2, REFUSAL_SUSPENDED, 0, 0, 0},
    {"withdrawn", "UPDATE offer SET withdrawn_ms = @900;", 1, 2, REFUSAL_WITHDRAWN, 900, 0, 0},
    {"withdrawn, also for editors", "UPDATE offer SET withdrawn_ms = @900;", 3, 2,
     REFUSAL_WITHDRAWN, 900, 0, 0},
    {"expired", "UPDATE offer SET expires_ms = @1000;", 1, 2, REFUSAL_EXPIRED, 1000, 0, 0},
    {"expires tomorrow", "UPDATE offer SET expires_ms = @1001;", 1, 2, REFUSAL_NONE, 0, 1001, 0},
    {"expired does not hold for a steward", "UPDATE offer SET expires_ms = @1000;", 5, 2,
     REFUSAL_NONE, 0, 0, 0},
    {"revoked for the member and the paper", REVOKE("2", "1", "NULL"), 1, 2, REFUSAL_REVOKED, 990,
     0, 0},
    {"revoked for another member", REVOKE("2", "2", "NULL"), 1, 2, REFUSAL_NONE, 0, 0, 0},
    {"revoked for another paper", REVOKE("3", "1", "NULL"), 1, 2, REFUSAL_NONE, 0, 0, 0},
    {"all of a member's papers", REVOKE("NULL", "1", "NULL"), 1, 2, REFUSAL_REVOKED, 990, 0, 0},
    {"also those from the command line", REVOKE("NULL", "1", "NULL"), 1, 1, REFUSAL_REVOKED, 990, 0,
     0},
    {"the paper for all", REVOKE("2", "NULL", "NULL"), 1, 2, REFUSAL_REVOKED, 990, 0, 0},
    {"the paper for a group", JOIN(2, 1) REVOKE("2", "NULL", "2"), 1, 2, REFUSAL_REVOKED, 990, 0,
     0},
    {"the paper for a group of others", JOIN(2, 2) REVOKE("2", "NULL", "2"), 1, 2, REFUSAL_NONE, 0,
     0, 0},
    {"all papers for a group", JOIN(2, 1) REVOKE("NULL", "NULL", "2"), 1, 2, REFUSAL_REVOKED, 990,
     0, 0},
    {"a member as one of a group", JOIN(2, 1) REVOKE("NULL", "1", "2"), 1, 2, REFUSAL_REVOKED, 990,
     0, 0},
    {"a member who left that group", REVOKE("NULL", "1", "2"), 1, 2, REFUSAL_NONE, 0, 0, 0},
    {"a group that a plan opened", RUNNING REVOKE("NULL", "NULL", "1"), 1, 5, REFUSAL_REVOKED, 990,
     0, 0},
    {"a revocation that was lifted",
     REVOKE("2", "1", "NULL") "UPDATE revocation SET lifted_ms = @995;", 1, 2, REFUSAL_NONE, 0, 0,
     0},
    {"a copy not given yet", "UPDATE offer SET copy_days = 10;", 1, 2, REFUSAL_NONE, 0, 1010, 0},
    {"a copy given nine days ago",
     "UPDATE offer SET copy_days = 10; INSERT INTO copy (paper, edition, member, first_ms) VALUES (2,1,1,@991);",
     1, 2, REFUSAL_NONE, 0, 1001, 0},
    {"a copy given ten days ago, a new edition since",
     "UPDATE offer SET copy_days = 10; INSERT INTO copy (paper, edition, member, first_ms) VALUES (2,1,1,@990), (2,2,1,@999);",
     1, 2, REFUSAL_COPY_EXPIRED, 1000, 0, 0},
    {"another's copy given ten days ago",
     "UPDATE offer SET copy_days = 10; INSERT INTO copy (paper, edition, member, first_ms) VALUES (2,1,2,@990);",
     1, 2, REFUSAL_NONE, 0, 1010, 0},
    {"in none of the groups", "", 1, 3, REFUSAL_GROUP, 0, 0, 0},
    {"a lead is no editor", "", 2, 3, REFUSAL_GROUP, 0, 0, 0},
    {"in another group", JOIN(2, 1), 1, 3, REFUSAL_GROUP, 0, 0, 0},
    {"in its group", JOIN(1, 1), 1, 3, REFUSAL_NONE, 0, 0, 0},
    {"an editor in no group", "", 3, 3, REFUSAL_NONE, 0, 0, 0},
    {"a plan opens the group's free papers too", RUNNING, 1, 3, REFUSAL_NONE, 0, 1100, 0},
    {"never subscribed", "", 1, 4, REFUSAL_SUBSCRIPTION, 0, 0, 0},
    {"being in the group is not paying", JOIN(1, 1), 1, 5, REFUSAL_SUBSCRIPTION, 0, 0, 0},
    {"a plan for other groups", OTHER, 1, 5, REFUSAL_SUBSCRIPTION, 0, 0, 0},
    {"any plan does where no group is asked", OTHER, 1, 4, REFUSAL_NONE, 0, 1100, 0},
    {"the plan that opens the group", RUNNING, 1, 5, REFUSAL_NONE, 0, 1100, 0},
    {"sold before the plan lost the group", RUNNING "UPDATE plan SET version = 2 WHERE id = 1;", 1,
     5, REFUSAL_NONE, 0, 1100, 0},
    {"sold after the plan lost the group",
     RUNNING "UPDATE plan SET version = 2 WHERE id = 1; UPDATE subscription SET version = 2;", 1, 5,
     REFUSAL_SUBSCRIPTION, 0, 0, 0},
    {"sold before the plan gained the group",
     OTHER "UPDATE plan SET version = 2 WHERE id = 2; INSERT INTO plan_group VALUES (2,2,1);", 1, 5,
     REFUSAL_SUBSCRIPTION, 0, 0, 0},
    {"sold after the plan gained the group",
     OTHER "UPDATE plan SET version = 2 WHERE id = 2; INSERT INTO plan_group VALUES (2,2,1);"
           "UPDATE subscription SET version = 2;",
     1, 5, REFUSAL_NONE, 0, 1100, 0},
    {"a subscription that begins tomorrow",
     SUBSCRIBE(1, "@1001", "@1100", "@100", 0, "NULL", "NULL"), 1, 5, REFUSAL_SUBSCRIPTION, 1001, 0,
     0},
    {"one that ends this moment", SUBSCRIBE(1, "@900", "@1000", "@100", 0, "NULL", "NULL"), 1, 5,
     REFUSAL_ENDED, 1000, 0, 0},
    {"one ended early", SUBSCRIBE(1, "@900", "@1100", "@100", 0, "NULL", "@950"), 1, 5,
     REFUSAL_ENDED, 950, 0, 0},
    {"ended, and what was open kept", SUBSCRIBE(1, "@900", "@950", "@100", 1, "NULL", "NULL"), 1, 5,
     REFUSAL_NONE, 0, 0, 0},
    {"kept, but published after the end", SUBSCRIBE(1, "@300", "@499", "@100", 1, "NULL", "NULL"),
     1, 5, REFUSAL_ENDED, 499, 0, 0},
    {"kept, but published before the look-back",
     SUBSCRIBE(1, "@900", "@950", "@501", 1, "NULL", "NULL"), 1, 5, REFUSAL_ENDED, 950, 0, 0},
    {"kept, but ended before it began", SUBSCRIBE(1, "@900", "@950", "@100", 1, "NULL", "@800"), 1,
     5, REFUSAL_ENDED, 800, 0, 0},
    {"paused", SUBSCRIBE(1, "@900", "@1100", "@100", 0, "@980", "NULL"), 1, 5, REFUSAL_PAUSED, 980,
     0, 0},
    {"paused past its end, which will move",
     SUBSCRIBE(1, "@900", "@990", "@100", 1, "@980", "NULL"), 1, 5, REFUSAL_PAUSED, 980, 0, 0},
    {"published before the look-back", SUBSCRIBE(1, "@900", "@1100", "@501", 0, "NULL", "NULL"), 1,
     5, REFUSAL_LOOK_BACK, 501, 0, 0},
    {"published the moment that it looks back to",
     SUBSCRIBE(1, "@900", "@1100", "@500", 0, "NULL", "NULL"), 1, 5, REFUSAL_NONE, 0, 1100, 0},
    {"of two, the one that opens", SUBSCRIBE(1, "@900", "@950", "@100", 0, "NULL", "NULL") RUNNING,
     1, 5, REFUSAL_NONE, 0, 1100, 0},
    {"of two that open, the longer",
     SUBSCRIBE(1, "@900", "@1050", "@100", 0, "NULL", "NULL") RUNNING, 1, 5, REFUSAL_NONE, 0, 1100,
     0},
    {"of two that do not, the nearer",
     SUBSCRIBE(1, "@900", "@950", "@100", 0, "NULL", "NULL")
         SUBSCRIBE(1, "@900", "@1100", "@100", 0, "@980", "NULL"),
     1, 5, REFUSAL_PAUSED, 980, 0, 0},
    {"the library's notice first", LIBRARY_TERMS PAPER_TERMS, 1, 2, REFUSAL_NOTICE, 0, 0, 7},
    {"then the paper's",
     LIBRARY_TERMS PAPER_TERMS "INSERT INTO acknowledgement VALUES (1,7,x'07',@900,'');", 1, 2,
     REFUSAL_NOTICE, 0, 0, 5},
    {"all accepted", LIBRARY_TERMS "INSERT INTO acknowledgement VALUES (1,7,x'07',@900,'');", 1, 2,
     REFUSAL_NONE, 0, 0, 0},
    {"accepted in another wording",
     LIBRARY_TERMS "INSERT INTO acknowledgement VALUES (1,7,x'08',1,'');", 1, 2, REFUSAL_NOTICE, 0,
     0, 7},
    {"accepted by another", LIBRARY_TERMS "INSERT INTO acknowledgement VALUES (2,7,x'07',1,'');", 1,
     2, REFUSAL_NOTICE, 0, 0, 7},
    {"a group's notice", JOIN(1, 1) GROUP_TERMS, 1, 3, REFUSAL_NOTICE, 0, 0, 6},
    {"a group's notice holds for its papers only", GROUP_TERMS, 1, 2, REFUSAL_NONE, 0, 0, 0},
    {"another paper's notice", PAPER_TERMS, 1, 1, REFUSAL_NONE, 0, 0, 0},
    {"a notice that ended", LIBRARY_TERMS "UPDATE notice SET ended_ms = @1000;", 1, 2, REFUSAL_NONE,
     0, 0, 0},
    {"a notice from tomorrow on", LIBRARY_TERMS "UPDATE notice SET since_ms = @1001;", 1, 2,
     REFUSAL_NONE, 0, 0, 0},
    {"notices hold for editors", LIBRARY_TERMS, 3, 2, REFUSAL_NOTICE, 0, 0, 7},
    {"a notice is not asked of whom the paper is not open to", LIBRARY_TERMS, 1, 3, REFUSAL_GROUP,
     0, 0, 0},
};

static void every_case_is_judged_as_the_table_says(void **state)
{
    struct library_case *c = *state;
    bool met[REFUSAL_COUNT] = {false};
    run(c, BED);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const struct entitlement_case *k = &CASES[i];
        struct entitlement e;
        must(c, store_begin(c->store, &c->err));
        run(c, k->setting);
        ask(c, k->member, k->paper, NOW, &e);
        store_rollback(c->store);
        if (e.why != k->why || e.since_ms != k->since * DAY || e.until_ms != k->until * DAY ||
            e.notice != k->notice)
            fail_msg("%s: why %d since %" PRId64 " until %" PRId64 " notice %" PRId64, k->about,
                     e.why, e.since_ms / DAY, e.until_ms / DAY, e.notice);
        met[k->why] = true;
    }
    for (int why = 0; why < REFUSAL_COUNT; why++)
        if (!met[why])
            fail_msg("no case ends in refusal %d", why);
}

static void downloads_are_allowed_where_a_format_is(void **state)
{
    struct library_case *c = *state;
    struct entitlement e;
    run(c, BED);
    run(c, "UPDATE offer SET formats = '' WHERE paper = 2;");
    ask(c, 1, 2, NOW, &e);
    assert_false(e.downloads);
    ask(c, 1, 1, NOW, &e);
    assert_true(e.downloads);
    run(c, "UPDATE offer SET formats = 'txt' WHERE paper = 2;");
    ask(c, 1, 2, NOW, &e);
    assert_true(e.downloads);
}

static void every_refusal_has_words_in_both_languages(void **state)
{
    (void)state;
    for (int why = 0; why < REFUSAL_COUNT; why++) {
        const char *en;
        const char *zh;
        library_refusal_words((enum refusal)why, &en, &zh);
        assert_true(strlen(en) > 10 && strlen(zh) > 10);
    }
}

/* --- the SQL and the function ------------------------------------------------------------------- */

static uint64_t dice_state;

static int64_t dice(int64_t below)
{
    dice_state = dice_state * 6364136223846793005U + 1442695040888963407U;
    return (int64_t)((dice_state >> 33) % (uint64_t)below);
}

/* A day of a short calendar, so that moments often fall together. */
static const char *day(struct library_case *c, bool none)
{
    return none && dice(2) ? "NULL" : str_format(c->arena, "%" PRId64, (1 + dice(8)) * DAY).at;
}

static const char *row(struct library_case *c, int64_t below, bool none)
{
    return none && dice(2) ? "NULL" : str_format(c->arena, "%" PRId64, 1 + dice(below)).at;
}

#define MEMBERS 6
#define PAPERS  5

static void make_world(struct library_case *c)
{
    struct buf sql = {.arena = c->arena};
    for (int i = 1; i <= MEMBERS; i++)
        buf_format(&sql,
                   "INSERT INTO member (id, name, email, created_ms) VALUES (%d,'n','%d@x',0);", i,
                   i);
    buf_format(&sql, "INSERT INTO account (member, suspended_ms, created_ms) VALUES (1,%s,0);",
               dice(2) ? "NULL" : "1");
    buf_format(&sql, "INSERT INTO role VALUES (%s,'%s');", row(c, MEMBERS, false),
               dice(2) ? "owner" : "inspector");
    for (int i = 1; i <= 3; i++)
        buf_format(&sql,
                   "INSERT INTO \"group\" (id, key, name, created_ms) VALUES (%d,'%d','%d',0);"
                   "INSERT INTO plan (id, key, name, price, days, created_ms) VALUES"
                   " (%d,'%d','%d',0,1,0);",
                   i, i, i, i, i, i);
    for (int i = 1; i <= 3; i++)
        buf_format(&sql, "INSERT INTO plan_group VALUES (%d,1,%s), (%d,2,%s);", i, row(c, 3, false),
                   i, row(c, 3, false));
    for (int i = 1; i <= PAPERS; i++) {
        buf_format(
            &sql,
            "INSERT INTO paper VALUES (%d,0,2,0); INSERT INTO edition (paper, number, title, lang,"
            " level, doc, sites, nsites, published_ms) VALUES (%d,1,'T','en','discreet',x'',x'',0,0);",
            i, i);
        if (i > 1)
            buf_format(
                &sql,
                "INSERT INTO offer (paper, key, access, free, expires_ms, copy_days, published_ms,"
                " withdrawn_ms) VALUES (%d,'%d','%s',%d,%s,%s,%s,%s);",
                i, i, dice(2) ? "members" : "groups", (int)dice(2), day(c, true), row(c, 4, true),
                day(c, false), dice(8) ? "NULL" : "1");
    }
    for (int i = 0; i < 6; i++)
        buf_format(&sql,
                   "INSERT OR IGNORE INTO group_paper VALUES (%s,%s);"
                   "INSERT OR IGNORE INTO group_member VALUES (%s,%s,0);",
                   row(c, 3, false), row(c, PAPERS, false), row(c, 3, false),
                   row(c, MEMBERS, false));
    for (int i = 0; i < 6; i++)
        buf_format(
            &sql,
            "INSERT INTO subscription (member, plan, version, starts_ms, ends_ms, lookback_ms,"
            " keeps, paused_ms, ended_ms, source) VALUES (%s,%s,%s,%s,%s,%s,%d,%s,%s,'code');",
            row(c, MEMBERS, false), row(c, 3, false), row(c, 2, false), day(c, false),
            day(c, false), day(c, false), (int)dice(2), day(c, true), day(c, true));
    for (int i = 0; i < 4; i++)
        buf_format(
            &sql,
            "INSERT OR IGNORE INTO copy (paper, edition, member, first_ms) VALUES (%s,1,%s,%s);",
            row(c, PAPERS, false), row(c, MEMBERS, false), day(c, false));
    for (int64_t i = dice(3); i > 0; i--)
        buf_format(
            &sql,
            "INSERT INTO revocation (paper, member, \"group\", reason, created_ms, lifted_ms)"
            " VALUES (%s,%s,%s,'',0,%s);",
            row(c, PAPERS, true), row(c, MEMBERS, true), row(c, 3, true), dice(3) ? "NULL" : "1");
    for (int i = 1; i <= 2; i++)
        buf_format(
            &sql,
            "INSERT INTO notice (id, key, scope, subject, text, digest, since_ms, ended_ms) VALUES"
            " (%d,'%d','%s',%s,'',x'0%d',%s,%s);"
            "INSERT INTO acknowledgement VALUES (%s,%d,x'01',0,'');",
            i, i, dice(2) ? "group" : "paper", row(c, 3, false), i, day(c, false), day(c, true),
            row(c, MEMBERS, false), i);
    run(c, buf_str(&sql).at);
}

static void sql_says(struct library_case *c, int64_t member, int64_t paper, int64_t now_ms,
                     bool *entitled, bool *accepted)
{
    struct query *q =
        query_start(c->store, "SELECT " ENTITLED_SQL("p.id", "?2", "?3") ", " ACCEPTED_SQL(
                                  "p.id", "?2", "?3") " FROM paper p WHERE p.id = ?1");
    query_bind_int(q, 1, paper);
    query_bind_int(q, 2, member);
    query_bind_int(q, 3, now_ms);
    assert_true(query_row(q));
    *entitled = query_int(q, 0);
    *accepted = query_int(q, 1);
    must(c, query_end(q, &c->err));
}

static void compare_paper(struct library_case *c, int64_t paper, int64_t now_ms, unsigned *met)
{
    int64_t *members;
    size_t count;
    size_t at = 0;
    must(c, library_entitled_members(c->arena, c->store, paper, now_ms, &members, &count, &c->err));
    for (int64_t member = 0; member <= MEMBERS; member++) {
        struct entitlement e;
        bool entitled;
        bool accepted;
        ask(c, member, paper, now_ms, &e);
        sql_says(c, member, paper, now_ms, &entitled, &accepted);
        bool listed = at < count && members[at] == member;
        at += listed;
        bool open = e.why == REFUSAL_NONE || e.why == REFUSAL_NOTICE;
        if (open != entitled || open != listed || (open && accepted != (e.why == REFUSAL_NONE)))
            fail_msg("member %d, paper %d, day %d: refusal %d, SQL %d, accepted %d, listed %d",
                     (int)member, (int)paper, (int)(now_ms / DAY), e.why, entitled, accepted,
                     listed);
        met[e.why]++;
    }
    assert_int_equal(at, count);
}

static void the_function_the_sql_and_the_list_of_members_agree(void **state)
{
    struct library_case *c = *state;
    unsigned met[REFUSAL_COUNT] = {0};
    dice_state = 20261124;
    for (int world = 0; world < 150; world++) {
        must(c, store_begin(c->store, &c->err));
        make_world(c);
        for (int64_t today = 0; today < 10; today += 2)
            for (int64_t paper = 1; paper <= PAPERS; paper++)
                compare_paper(c, paper, today * DAY, met);
        store_rollback(c->store);
        arena_reset(c->arena);
    }
    for (int why = 0; why < REFUSAL_COUNT; why++)
        if (met[why] < 20)
            fail_msg("refusal %d came up %u times only", why, met[why]);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_case_is_judged_as_the_table_says),
        CASE(downloads_are_allowed_where_a_format_is),
        CASE(every_refusal_has_words_in_both_languages),
        CASE(the_function_the_sql_and_the_list_of_members_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
