/* Handing lines over: asked by who leads them, answered by who is to. */
#include "server/internal.h"

#include "ledger/batch.h"
#include "ledger/handover.h"
#include "server/ledger_handovers.h"

/* --- on the page of one's day --------------------------------------------------------------------- */

static const struct field ROW[] = {
    FIELD(TEXT, struct ledger_handover_row, key),
    FIELD(TEXT, struct ledger_handover_row, line),
    FIELD(TEXT, struct ledger_handover_row, number),
    FIELD(TEXT, struct ledger_handover_row, title),
    FIELD(TEXT, struct ledger_handover_row, giver),
    FIELD(TEXT, struct ledger_handover_row, taker),
    FIELD(TEXT, struct ledger_handover_row, why),
    FIELD(TIME, struct ledger_handover_row, asked),
    {0},
};
const struct field ledger_handovers_fields[] = {
    FIELD_OF_LIST(struct ledger_handovers, in, ROW),
    FIELD_OF_LIST(struct ledger_handovers, out, ROW),
    FIELD(NUMBER, struct ledger_handovers, leaderless),
    FIELD(TEXT, struct ledger_handovers, leaderless_path),
    {0},
};

static enum status fill_row(struct request *rq, const struct ledger_handover *h,
                            struct ledger_handover_row *row, struct error *err)
{
    struct line line;
    enum status status = ledger_find_line_by_id(rq->arena, rq->store, h->line, &line, err);
    if (status)
        return status;
    *row = (struct ledger_handover_row){.key = h->key,
                                        .line = line.key,
                                        .number = line.number,
                                        .title = line.title,
                                        .why = h->why,
                                        .asked = h->asked_ms};
    status = ledger_member_name(rq, h->giver, &row->giver, err);
    return status ? status : ledger_member_name(rq, h->taker, &row->taker, err);
}

/* Editors give any line a lead, heads those of their units. */
static enum status count_leaderless(struct request *rq, struct ledger_handovers *handovers,
                                    struct error *err)
{
    struct query *q = query_start(
        rq->store, "SELECT count(*) FROM line l WHERE (?2 OR l.unit IN (SELECT id FROM unit WHERE"
                   " head = ?1)) AND " LEDGER_LEADERLESS_SQL);
    query_bind_int(q, 1, rq->viewer.member);
    query_bind_int(q, 2, (ledger_viewer(rq).is & LEDGER_EDITS) != 0);
    handovers->leaderless = query_row(q) ? query_int(q, 0) : 0;
    handovers->leaderless_path = ledger_viewer(rq).is & LEDGER_EDITS
                                     ? STR("/ledger?lead=-")
                                     : STR("/ledger?lead=-&mine=unit");
    return query_end(q, err);
}

enum status ledger_fill_handovers(struct request *rq, struct ledger_handovers *handovers,
                                  struct error *err)
{
    struct ledger_handover *list;
    size_t count;
    *handovers = (struct ledger_handovers){0};
    enum status status = count_leaderless(rq, handovers, err);
    if (!status)
        status = ledger_list_handovers(rq->arena, rq->store, rq->viewer.member, &list, &count, err);
    if (status)
        return status;
    handovers->in = arena_array(rq->arena, count + 1, struct ledger_handover_row);
    handovers->out = arena_array(rq->arena, count + 1, struct ledger_handover_row);
    for (size_t i = 0; !status && i < count; i++)
        status = fill_row(rq, &list[i],
                          list[i].taker == rq->viewer.member ? &handovers->in[handovers->nin++]
                                                             : &handovers->out[handovers->nout++],
                          err);
    return status;
}

/* --- asked ---------------------------------------------------------------------------------------- */

struct given_line {
    struct str key, number, title;
};
static const struct field GIVEN_LINE[] = {
    FIELD(TEXT, struct given_line, key),
    FIELD(TEXT, struct given_line, number),
    FIELD(TEXT, struct given_line, title),
    {0},
};
struct give_page {
    struct given_line *lines;
    struct ledger_choice *people;
    size_t nlines, npeople;
    struct str why;
};
static const struct field GIVE_PAGE[] = {
    FIELD_OF_LIST(struct give_page, lines, GIVEN_LINE),
    FIELD_OF_LIST(struct give_page, people, ledger_choice_fields),
    FIELD_HIDDEN(TEXT, struct give_page, why),
    {0},
};

struct giving {
    const struct line *lines;
    size_t count;
    int64_t giver, taker;
    struct ledger_deed deed;
};

static enum status read_lines(struct request *rq, struct line **lines, size_t *count,
                              struct error *err)
{
    struct str *keys = arena_array(rq->arena, BATCH_LINES_MAX, struct str);
    enum status status = STATUS_OK;
    *count = request_inputs(rq, "line", keys, BATCH_LINES_MAX);
    *lines = arena_array(rq->arena, *count + 1, struct line);
    for (size_t i = 0; !status && i < *count; i++)
        status = ledger_find_line(rq->arena, rq->store, keys[i], &(*lines)[i], err);
    if (!status && !*count)
        return error_set(err, STATUS_INPUT, "Choose lines first: tick them in the list.",
                         "请先在列表中勾选条目。");
    return status;
}

static enum status show_form(struct request *rq, struct error *err)
{
    struct give_page page = {.why = request_input(rq, "why")};
    struct line *lines;
    enum status status = read_lines(rq, &lines, &page.nlines, err);
    if (!status)
        status = ledger_list_people(rq, 0, &page.people, &page.npeople, err);
    if (status)
        return status;
    page.lines = arena_array(rq->arena, page.nlines + 1, struct given_line);
    for (size_t i = 0; i < page.nlines; i++)
        page.lines[i] = (struct given_line){lines[i].key, lines[i].number, lines[i].title};
    for (size_t i = 0; i < page.npeople; i++)
        page.people[i].chosen = str_equal(page.people[i].value, request_input(rq, "taker"));
    return answer_page(rq, "ledger-handover", "Hand lines over", "移交条目", GIVE_PAGE, &page);
}

/* All or none, so that nobody wonders which were. */
static enum status give_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct giving *g = context;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < g->count; i++) {
        struct error why;
        status =
            ledger_hand_over(scratch, store, g->lines[i].id, g->giver, g->taker, &g->deed, &why);
        if (status)
            (void)error_within(err, &why, "%.*s: ", "%.*s：", STR_ARG(g->lines[i].number));
    }
    return status;
}

static enum status give(struct request *rq, struct error *err)
{
    struct giving g = {.giver = rq->viewer.member,
                       .deed = {.now_ms = rq->now_ms, .why = request_input(rq, "why")}};
    struct line *lines;
    if (!request_input(rq, "taker").len)
        return show_form(rq, err);
    enum status status = read_lines(rq, &lines, &g.count, err);
    if (!status)
        status = ledger_read_person(rq, "taker", &g.taker, err);
    if (!status)
        status = ledger_refuse_marks(rq, g.deed.why, err);
    if (status)
        return status;
    g.lines = lines;
    status = ledger_write(rq, 0, LEDGER_SEE, give_step, &g, err);
    return status ? status
                  : answer_redirect(rq, STR("/ledger/today"),
                                    "It is asked. You lead it until it is accepted.",
                                    "已提出移交，对方接手前仍由您负责。");
}

static const struct input GIVE_INPUTS[] = {
    {.name = "line", .kind = INPUT_LIST, .most = 40, .en = "Lines", .zh = "条目"},
    {.name = "taker", .kind = INPUT_TEXT, .most = 40, .en = "To", .zh = "接手人"},
    {.name = "why", .kind = INPUT_TEXT, .most = LINE_WHY_MAX, .en = "Why", .zh = "理由"},
    {0},
};
const struct route route_ledger_handover = {
    .method = "POST",
    .path = "/ledger/handovers",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Ask somebody to lead lines that the caller leads; without `taker` the form for it.",
    .zh = "请他人接手本人分包的条目；不带 taker 时给出表单。",
    .inputs = GIVE_INPUTS,
    .output = GIVE_PAGE,
    .page = "ledger-handover",
    .run = give,
    .again = show_form,
};

/* --- answered ------------------------------------------------------------------------------------- */

struct answering {
    struct str key;
    int64_t by;
    struct ledger_deed deed;
    enum status (*answer)(struct arena *arena, struct store *store, struct str key, int64_t by,
                          const struct ledger_deed *deed, struct error *err);
};

static enum status answer_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct answering *a = context;
    return a->answer(scratch, store, a->key, a->by, &a->deed, err);
}

static const struct {
    const char *name;
    enum status (*answer)(struct arena *arena, struct store *store, struct str key, int64_t by,
                          const struct ledger_deed *deed, struct error *err);
    const char *en, *zh;
} ANSWERS[] = {
    {"accept", ledger_accept_handover, "You lead it now.", "该条目现由您分包。"},
    {"decline", ledger_decline_handover, "It is declined.", "已说明不接手。"},
    {"withdraw", ledger_withdraw_handover, "It is withdrawn.", "已撤回移交。"},
};

static enum status answer_handover(struct request *rq, struct error *err)
{
    struct answering a = {.key = rq->params[0],
                          .by = rq->viewer.member,
                          .deed = {.now_ms = rq->now_ms, .why = request_input(rq, "why")}};
    size_t at = 0;
    while (at < 3 && !str_equal(request_input(rq, "deed"), str_of(ANSWERS[at].name)))
        at++;
    if (at == 3)
        return error_set(err, STATUS_INPUT, "Accept, decline or withdraw.",
                         "请选择接手、不接手或撤回。");
    a.answer = ANSWERS[at].answer;
    enum status status = ledger_refuse_marks(rq, a.deed.why, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_SEE, answer_step, &a, err);
    return status ? status
                  : answer_redirect(rq, STR("/ledger/today"), ANSWERS[at].en, ANSWERS[at].zh);
}

static const struct input ANSWER_INPUTS[] = {
    {.name = "deed", .kind = INPUT_TEXT, .needed = true, .most = 20, .en = "Answer", .zh = "答复"},
    {.name = "why", .kind = INPUT_TEXT, .most = LINE_WHY_MAX, .en = "Why", .zh = "理由"},
    {0},
};
const struct route route_ledger_handover_answer = {
    .method = "POST",
    .path = "/ledger/handovers/{handover}",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Accept or decline to lead a line that is handed over, or withdraw what was asked.",
    .zh = "接手或不接手移交的条目，或撤回移交。",
    .inputs = ANSWER_INPUTS,
    .run = answer_handover,
};
