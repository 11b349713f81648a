/* Study sessions: the list, preparing one from new papers, what bodies are to study, and how soon they did. */
#include "base/calendar.h"
#include "library/group.h"
#include "server/grid.h"
#include "server/grid_choices.h"
#include "server/internal.h"
#include "server/ledger_study.h"

#define GROUPS_MOST 100

/* --- the list ------------------------------------------------------------------------------------- */

static const struct ledger_values STATES = {.terms = &session_machine.states,
                                            .first = SESSION_NONE + 1};

static const char *state_word(struct str value, enum lang lang)
{
    return ledger_term_words(session_machine.states, value, lang);
}

static const struct grid_option MINE[] = {
    {"chair", "I chair", "我主持的"},
    {"unit", "Of my units", "我单位的"},
    {"confirm", "Wait for me to confirm the record", "待我确认记录"},
    {0},
};

/* A line without a row of its own is being prepared; see study.h. */
#define STATE "coalesce(s.state, 'planned')"
static const struct grid STUDIES = {
    .path = "/ledger/studies",
    .en = "Study sessions",
    .zh = "学习",
    .from = "line l LEFT JOIN study s ON s.line = l.id LEFT JOIN unit u ON u.id = l.unit"
            " LEFT JOIN member m ON m.id = l.lead",
    .where = "l.kind = 'study'",
    .key = "l.key",
    .row = "l.id",
    .link = "'/ledger/lines/' || l.key || '/study'",
    .order = "-day",
    .deeds = "/ledger/bulk",
    .columns =
        (const struct grid_column[]){
            {"title", GRID_TEXT, "l.title", NULL, "Session", "学习会", NULL},
            {"number", GRID_TEXT, "l.number", "l.id", "Number", "编号", NULL},
            {"day", GRID_DAY, "l.due_day", NULL, "Day", "日期", NULL},
            {"body", GRID_TEXT, "u.name", NULL, "Body", "学习单位", NULL},
            {"chair", GRID_TEXT, "m.name", NULL, "Chair", "主持人", NULL},
            {"state", GRID_TEXT, STATE, NULL, "Stands at", "环节", state_word},
            {"papers", GRID_NUMBER,
             "(SELECT count(DISTINCT p.paper) FROM study_item i JOIN study_paper p ON p.item = i.id"
             " WHERE i.line = l.id)",
             NULL, "Papers", "材料份数", NULL},
            {"lines", GRID_NUMBER,
             "(SELECT count(*) FROM study_item i JOIN study_decision d ON d.item = i.id"
             " WHERE i.line = l.id)",
             NULL, "Decided", "议定事项", NULL},
            {0},
        },
    .filters =
        (const struct grid_filter[]){
            {"words", "instr(lower(l.title), lower({})) > 0 OR l.number = upper({})",
             .en = "Title or number", .zh = "名称或编号"},
            {"state", STATE " = {}", "Stands at", "环节", .values = &STATES},
            {"unit", "l.unit = (SELECT id FROM unit WHERE key = {})", "Body", "学习单位",
             .choices = grid_unit_choices},
            {"mine",
             "CASE {} WHEN 'chair' THEN l.lead = ?1 WHEN 'unit' THEN l.unit IN"
             " (SELECT unit FROM unit_member WHERE member = ?1) WHEN 'confirm' THEN l.lead = ?1"
             " AND s.state = 'written' END",
             "Mine", "与我有关", .options = MINE},
            {0},
        },
};

struct studies_page {
    struct grid_sight grid;
    struct ledger_choice *units, *people;
    size_t nunits, npeople;
    struct str title, place, day;
    int64_t overdue; /* papers that bodies of the viewer's should have studied */
    bool again;
};
static const struct field STUDIES_PAGE[] = {
    GRID_FIELD(struct studies_page, grid),
    FIELD_OF_LIST(struct studies_page, units, ledger_choice_fields),
    FIELD_OF_LIST(struct studies_page, people, ledger_choice_fields),
    FIELD_HIDDEN(TEXT, struct studies_page, title),
    FIELD_HIDDEN(TEXT, struct studies_page, place),
    FIELD_HIDDEN(TEXT, struct studies_page, day),
    FIELD(NUMBER, struct studies_page, overdue),
    FIELD_HIDDEN(FLAG, struct studies_page, again),
    {0},
};

extern const struct route route_ledger_study_prepare;

static enum status is_of_body(struct request *rq, int64_t unit, bool *is, struct error *err)
{
    struct query *q =
        query_start(rq->store, "SELECT 1 FROM unit_member WHERE member = ?1 AND unit = ?2");
    query_bind_int(q, 1, rq->viewer.member);
    query_bind_int(q, 2, unit);
    *is = query_row(q);
    return query_end(q, err);
}

static enum status count_overdue(struct request *rq, int64_t *overdue, struct error *err)
{
    struct study_body *bodies;
    size_t nbodies = 0;
    enum status status = ledger_list_study_bodies(rq->arena, rq->store, &bodies, &nbodies, err);
    for (size_t i = 0; !status && i < nbodies; i++) {
        struct studied *list;
        size_t count = 0;
        bool own = false;
        status = is_of_body(rq, bodies[i].unit, &own, err);
        if (!status && own)
            status = ledger_list_studied(rq, &bodies[i], &list, &count, err);
        for (size_t k = 0; !status && k < count; k++)
            *overdue += list[k].time.is == SOON_OVERDUE;
    }
    return status;
}

static enum status show_studies(struct request *rq, struct error *err)
{
    struct studies_page page = {0};
    bool answered = false;
    enum status status = grid_read(rq, &STUDIES, &page.grid, &answered, err);
    if (status || answered)
        return status;
    status = count_overdue(rq, &page.overdue, err);
    if (!status)
        status = ledger_list_unit_choices(rq, 0, &page.units, &page.nunits, err);
    if (!status)
        status = ledger_list_people(rq, 0, &page.people, &page.npeople, err);
    if (status)
        return status;
    /* What was typed and refused stands there again. */
    if (rq->route == &route_ledger_study_prepare) {
        page.again = true;
        page.title = request_input(rq, "title");
        page.place = request_input(rq, "place");
        page.day = request_input(rq, "day");
        ledger_choose(page.units, page.nunits, request_input(rq, "unit"));
        ledger_choose(page.people, page.npeople, request_input(rq, "chair"));
    }
    return answer_page(rq, "ledger-studies", "Study sessions", "学习", STUDIES_PAGE, &page);
}

const struct route route_ledger_studies = {
    .method = "GET",
    .path = "/ledger/studies",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "Study sessions of all bodies.",
    .zh = "各单位的学习安排。",
    .grid = &STUDIES,
    .output = STUDIES_PAGE,
    .page = "ledger-studies",
    .run = show_studies,
};

/* --- prepared ------------------------------------------------------------------------------------- */

struct preparing {
    struct line line;
    struct str place;
    int64_t papers[STUDY_PAPERS_MAX];
    size_t npapers;
    int64_t member;
    struct ledger_deed deed;
};

static enum status prepare_step(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    struct preparing *p = context;
    enum status status = ledger_may_prepare_study(store, p->member, p->line.unit, err);
    return status ? status
                  : ledger_prepare_study(scratch, store, &p->line, p->place, p->papers, p->npapers,
                                         &p->deed, err);
}

/* Unless something else is typed it is called after its body and day. */
static enum status name_session(struct request *rq, struct line *line, struct error *err)
{
    struct unit unit;
    line->title = request_input(rq, "title");
    if (line->title.len || !line->unit)
        return STATUS_OK;
    enum status status = ledger_find_unit_by_id(rq->arena, rq->store, line->unit, &unit, err);
    if (!status)
        line->title = str_format(
            rq->arena, rq->lang == LANG_ZH ? "%.*s学习会（%.*s）" : "Study session, %.*s, %.*s",
            STR_ARG(unit.name), STR_ARG(ledger_day_words(rq, line->due_day)));
    return status;
}

static enum status fill_first_item(struct request *rq, struct preparing *p, struct error *err)
{
    struct study_body body;
    struct study_paper *papers;
    enum status status = ledger_load_study_body(rq->arena, rq->store, p->line.unit, &body, err);
    if (!status)
        status = ledger_list_new_papers(rq, &body, &papers, &p->npapers, err);
    for (size_t i = 0; !status && i < p->npapers; i++)
        p->papers[i] = papers[i].paper;
    return status;
}

static enum status prepare(struct request *rq, struct error *err)
{
    struct line made;
    struct preparing p = {.place = request_input(rq, "place"),
                          .member = rq->viewer.member,
                          .deed = {.now_ms = rq->now_ms},
                          .line = {.weight = 1, .due_day = ledger_read_day(rq, "day")}};
    enum status status = ledger_read_unit(rq, "unit", &p.line.unit, err);
    if (!status)
        status = ledger_read_person(rq, "chair", &p.line.lead, err);
    if (!status)
        status = name_session(rq, &p.line, err);
    if (!status)
        status = ledger_refuse_marks(rq, p.line.title, err);
    if (!status)
        status = fill_first_item(rq, &p, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_SEE, prepare_step, &p, err);
    if (!status)
        status = ledger_find_line_by_id(rq->arena, rq->store, p.line.id, &made, err);
    return status ? status
                  : answer_redirect(rq, ledger_path(rq, made.key, "/study"),
                                    "The session is prepared.", "学习会已列入安排。");
}

static const struct input PREPARE_INPUTS[] = {
    {.name = "unit",
     .kind = INPUT_CHOICE,
     .needed = true,
     .most = 40,
     .en = "Body",
     .zh = "学习单位"},
    {.name = "day", .kind = INPUT_DAY, .needed = true, .en = "Day", .zh = "日期"},
    {.name = "place", .kind = INPUT_TEXT, .most = STUDY_PLACE_MAX, .en = "Place", .zh = "地点"},
    {.name = "chair", .kind = INPUT_TEXT, .most = 40, .en = "Chair", .zh = "主持人"},
    {.name = "title", .kind = INPUT_TEXT, .most = LINE_TITLE_MAX, .en = "Title", .zh = "名称"},
    {0},
};
const struct route route_ledger_study_prepare = {
    .method = "POST",
    .path = "/ledger/studies",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Prepare a study session; its first item is filled with what is new to the body.",
    .zh = "筹备学习会，第一议题自动列入新发文稿。",
    .inputs = PREPARE_INPUTS,
    .run = prepare,
    .again = show_studies,
};

/* --- what bodies are to study ------------------------------------------------------------------------ */

struct body_row {
    struct str unit, key, since;
    int64_t limit, window;
    struct ledger_choice *groups; /* that the viewer sees; chosen: of this body */
    size_t ngroups;
    int64_t others; /* groups besides, that the viewer does not see */
    bool for_all;
};
static const struct field BODY_ROW[] = {
    FIELD(TEXT, struct body_row, unit),
    FIELD(TEXT, struct body_row, key),
    FIELD(DATE, struct body_row, since),
    FIELD(NUMBER, struct body_row, limit),
    FIELD(NUMBER, struct body_row, window),
    FIELD_OF_LIST(struct body_row, groups, ledger_choice_fields),
    FIELD(NUMBER, struct body_row, others),
    FIELD(FLAG, struct body_row, for_all),
    {0},
};
struct bodies_page {
    struct body_row *bodies;
    struct ledger_choice *units, *groups;
    size_t nbodies, nunits, ngroups;
    struct str since;
    bool may_arrange;
};
static const struct field BODIES_PAGE[] = {
    FIELD_OF_LIST(struct bodies_page, bodies, BODY_ROW),
    FIELD_OF_LIST(struct bodies_page, units, ledger_choice_fields),
    FIELD_OF_LIST(struct bodies_page, groups, ledger_choice_fields),
    FIELD_HIDDEN(TEXT, struct bodies_page, since),
    FIELD(FLAG, struct bodies_page, may_arrange),
    {0},
};

static enum status list_groups(struct request *rq, struct group_sight **groups, size_t *count,
                               struct error *err)
{
    return library_list_groups(rq->arena, rq->store, rq->viewer.member,
                               request_may(rq, ROLE_STEWARD | ROLE_OWNER), rq->now_ms, groups,
                               count, err);
}

static bool has_group(const struct study_body *body, int64_t group)
{
    for (size_t i = 0; i < body->ngroups; i++)
        if (body->groups[i] == group)
            return true;
    return false;
}

static void fill_groups(struct request *rq, const struct study_body *body,
                        const struct group_sight *groups, size_t ngroups,
                        struct ledger_choice **list, size_t *count)
{
    *list = arena_array(rq->arena, ngroups + 1, struct ledger_choice);
    *count = 0;
    for (size_t i = 0; i < ngroups; i++)
        if (!groups[i].outside &&
            (!groups[i].group.closed_ms || has_group(body, groups[i].group.id)))
            (*list)[(*count)++] = (struct ledger_choice){groups[i].group.key, groups[i].group.name,
                                                         has_group(body, groups[i].group.id)};
}

static enum status fill_body(struct request *rq, const struct study_body *body,
                             const struct group_sight *groups, size_t ngroups, struct body_row *row,
                             struct error *err)
{
    struct unit unit;
    enum status status = ledger_find_unit_by_id(rq->arena, rq->store, body->unit, &unit, err);
    if (status)
        return status;
    *row = (struct body_row){.unit = unit.name,
                             .key = unit.key,
                             .since = ledger_day(rq, body->since_day),
                             .limit = body->limit_days,
                             .window = body->window_days,
                             .others = (int64_t)body->ngroups,
                             .for_all = body->for_all};
    fill_groups(rq, body, groups, ngroups, &row->groups, &row->ngroups);
    for (size_t i = 0; i < row->ngroups; i++)
        row->others -= row->groups[i].chosen;
    return STATUS_OK;
}

static enum status show_bodies(struct request *rq, struct error *err)
{
    struct bodies_page page = {.may_arrange = ledger_may(ledger_viewer(rq).is, LEDGER_ARRANGE)};
    struct study_body *bodies;
    struct study_body none = {0};
    struct group_sight *groups;
    size_t ngroups = 0;
    enum status status =
        ledger_list_study_bodies(rq->arena, rq->store, &bodies, &page.nbodies, err);
    if (!status)
        status = list_groups(rq, &groups, &ngroups, err);
    if (!status)
        status = ledger_list_unit_choices(rq, 0, &page.units, &page.nunits, err);
    if (status)
        return status;
    page.bodies = arena_array(rq->arena, page.nbodies + 1, struct body_row);
    for (size_t i = 0; !status && i < page.nbodies; i++)
        status = fill_body(rq, &bodies[i], groups, ngroups, &page.bodies[i], err);
    fill_groups(rq, &none, groups, ngroups, &page.groups, &page.ngroups);
    page.since = ledger_day(rq, calendar_day_of(rq->now_ms));
    return status ? status
                  : answer_page(rq, "ledger-study-bodies", "What bodies are to study", "学习要求",
                                BODIES_PAGE, &page);
}

const struct route route_ledger_study_bodies = {
    .method = "GET",
    .path = "/ledger/studies/bodies",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "Which groups' papers each body is to study, and how soon.",
    .zh = "各单位须学习哪些群组的文稿及时限。",
    .output = BODIES_PAGE,
    .page = "ledger-study-bodies",
    .run = show_bodies,
};

struct setting_body {
    struct study_body body;
};

static enum status set_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct setting_body *s = context;
    (void)scratch;
    return ledger_set_study_body(store, &s->body, err);
}

/* What the viewer does not see stays as it was. */
static enum status read_groups(struct request *rq, struct study_body *body, struct error *err)
{
    struct study_body was;
    struct group_sight *groups;
    struct str keys[GROUPS_MOST];
    size_t ngroups = 0;
    size_t given = request_inputs(rq, "group", keys, GROUPS_MOST);
    enum status status = ledger_load_study_body(rq->arena, rq->store, body->unit, &was, err);
    if (!status)
        status = list_groups(rq, &groups, &ngroups, err);
    if (status)
        return status;
    body->groups = arena_array(rq->arena, was.ngroups + given + 1, int64_t);
    for (size_t i = 0; i < was.ngroups; i++) {
        bool seen = false;
        for (size_t k = 0; k < ngroups; k++)
            seen |= groups[k].group.id == was.groups[i] && !groups[k].outside;
        if (!seen)
            body->groups[body->ngroups++] = was.groups[i];
    }
    for (size_t i = 0; i < given; i++)
        for (size_t k = 0; k < ngroups; k++)
            if (str_equal(groups[k].group.key, keys[i]) && !groups[k].outside)
                body->groups[body->ngroups++] = groups[k].group.id;
    return STATUS_OK;
}

static enum status set_body(struct request *rq, struct error *err)
{
    struct setting_body s = {.body = {.limit_days = request_number(rq, "limit"),
                                      .window_days = request_number(rq, "window"),
                                      .for_all = request_number(rq, "everybody"),
                                      .since_day = ledger_read_day(rq, "since")}};
    enum status status = ledger_read_unit(rq, "unit", &s.body.unit, err);
    if (!status)
        status = read_groups(rq, &s.body, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_ARRANGE, set_step, &s, err);
    return status ? status
                  : answer_redirect(rq, STR("/ledger/studies/bodies"), "It is set.", "已设定。");
}

static const struct input BODY_INPUTS[] = {
    {.name = "unit",
     .kind = INPUT_CHOICE,
     .needed = true,
     .most = 40,
     .en = "Body",
     .zh = "学习单位"},
    {.name = "group", .kind = INPUT_LIST, .most = 40, .en = "Groups", .zh = "群组"},
    {.name = "everybody",
     .kind = INPUT_FLAG,
     .en = "Papers for all members",
     .zh = "面向全体成员的文稿"},
    {.name = "limit",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 1,
     .most = STUDY_LIMIT_MAX,
     .en = "Working days from publication",
     .zh = "印发后工作日"},
    {.name = "window",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 1,
     .most = STUDY_WINDOW_MAX,
     .en = "Days back",
     .zh = "回溯天数"},
    {.name = "since",
     .kind = INPUT_DAY,
     .needed = true,
     .en = "From which day on",
     .zh = "起始日期"},
    {0},
};
const struct route route_ledger_study_body = {
    .method = "POST",
    .path = "/ledger/studies/bodies",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Say which groups' papers a body is to study, and how soon.",
    .zh = "设定单位须学习哪些群组的文稿及时限。",
    .inputs = BODY_INPUTS,
    .run = set_body,
    .again = show_bodies,
};

/* --- how soon ------------------------------------------------------------------------------------- */

struct soon_row {
    struct str title, path, published, due, studied, session, session_key, soon, soon_words, tone;
    int64_t days, late;
};
static const struct field SOON_ROW[] = {
    FIELD(TEXT, struct soon_row, title),
    FIELD(TEXT, struct soon_row, path),
    FIELD(DATE, struct soon_row, published),
    FIELD(DATE, struct soon_row, due),
    FIELD(DATE, struct soon_row, studied),
    FIELD(TEXT, struct soon_row, session),
    FIELD(TEXT, struct soon_row, session_key),
    FIELD(TEXT, struct soon_row, soon),
    FIELD_HIDDEN(TEXT, struct soon_row, soon_words),
    FIELD_HIDDEN(TEXT, struct soon_row, tone),
    FIELD(NUMBER, struct soon_row, days),
    FIELD(NUMBER, struct soon_row, late),
    {0},
};
struct body_soon {
    struct str unit, key, mean, share;
    int64_t limit, studied, overdue, waiting;
    struct soon_row *papers;
    size_t npapers;
};
static const struct field BODY_SOON[] = {
    FIELD(TEXT, struct body_soon, unit),
    FIELD(TEXT, struct body_soon, key),
    FIELD(TEXT, struct body_soon, mean),
    FIELD(TEXT, struct body_soon, share),
    FIELD(NUMBER, struct body_soon, limit),
    FIELD(NUMBER, struct body_soon, studied),
    FIELD(NUMBER, struct body_soon, overdue),
    FIELD(NUMBER, struct body_soon, waiting),
    FIELD_OF_LIST(struct body_soon, papers, SOON_ROW),
    {0},
};
struct soon_page {
    struct body_soon *bodies;
    size_t nbodies;
    bool any;
};
static const struct field SOON_PAGE[] = {
    FIELD_OF_LIST(struct soon_page, bodies, BODY_SOON),
    FIELD_HIDDEN(FLAG, struct soon_page, any),
    {0},
};

static struct soon_row soon_row(struct request *rq, const struct studied *s)
{
    return (struct soon_row){
        .title = s->paper.title,
        .path = s->paper.path,
        .published = ledger_day(rq, s->paper.published_day),
        .due = ledger_day(rq, s->time.due_day),
        .studied = ledger_day(rq, s->studied_day),
        .session = s->session_number,
        .session_key = s->session_key,
        .soon = str_of(soonness_terms.at[s->time.is].name),
        .soon_words = str_of(machine_words(soonness_terms, (int)s->time.is, rq->lang)),
        .tone = ledger_soon_tone(s->time.is),
        .days = s->time.days,
        .late = s->time.late,
    };
}

static enum status fill_soon(struct request *rq, const struct study_body *body,
                             struct body_soon *row, struct error *err)
{
    struct unit unit;
    struct studied *list;
    int64_t days = 0;
    int64_t of[SOONNESSES] = {0};
    enum status status = ledger_find_unit_by_id(rq->arena, rq->store, body->unit, &unit, err);
    if (!status)
        status = ledger_list_studied(rq, body, &list, &row->npapers, err);
    if (status)
        return status;
    row->unit = unit.name;
    row->key = unit.key;
    row->limit = body->limit_days;
    row->papers = arena_array(rq->arena, row->npapers + 1, struct soon_row);
    for (size_t i = 0; i < row->npapers; i++) {
        row->papers[i] = soon_row(rq, &list[i]);
        of[list[i].time.is]++;
        days += list[i].studied_day ? list[i].time.days : 0;
    }
    row->studied = of[SOON_IN_TIME] + of[SOON_LATE];
    row->overdue = of[SOON_OVERDUE];
    row->waiting = of[SOON_WAITING];
    if (row->studied)
        row->mean = str_format(rq->arena, "%.1f", (double)days / (double)row->studied);
    if (row->studied + row->overdue)
        row->share =
            str_format(rq->arena, "%lld%%",
                       (long long)(100 * of[SOON_IN_TIME] / (row->studied + row->overdue)));
    return STATUS_OK;
}

static enum status show_soon(struct request *rq, struct error *err)
{
    struct soon_page page = {0};
    struct study_body *bodies;
    enum status status =
        ledger_list_study_bodies(rq->arena, rq->store, &bodies, &page.nbodies, err);
    if (status)
        return status;
    page.bodies = arena_array(rq->arena, page.nbodies + 1, struct body_soon);
    page.any = page.nbodies;
    for (size_t i = 0; !status && i < page.nbodies; i++)
        status = fill_soon(rq, &bodies[i], &page.bodies[i], err);
    return status ? status
                  : answer_page(rq, "ledger-study-papers", "How soon papers were studied",
                                "第一时间学习情况", SOON_PAGE, &page);
}

const struct route route_ledger_study_papers = {
    .method = "GET",
    .path = "/ledger/studies/papers",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "Which body has studied which paper and how soon; what is late or not studied yet.",
    .zh = "各单位学习文稿的情况与及时程度，逾期和未学的文稿。",
    .output = SOON_PAGE,
    .page = "ledger-study-papers",
    .run = show_soon,
};
