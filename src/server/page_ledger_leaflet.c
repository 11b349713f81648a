/* The leaflet of a policy: writing it, looking at what another wrote, showing and withdrawing it. */
#include "ledger/leaflet.h"
#include "server/internal.h"
#include "server/ledger_leaflet.h"
#include "server/ledger_policy.h"

static const struct {
    const char *code; /* before the names of its inputs */
    const char *html, *en, *zh;
} LANGS[LEAFLET_LANGS] = {
    [LANG_EN] = {"en", "en", "In English", "英文"},
    [LANG_ZH] = {"zh", "zh-Hans", "In Chinese", "中文"},
};

struct part_row {
    struct str name, words, value;
    bool lines;
};
static const struct field PART_ROW[] = {
    FIELD(TEXT, struct part_row, name),
    FIELD_HIDDEN(TEXT, struct part_row, words),
    FIELD(TEXT, struct part_row, value),
    FIELD_HIDDEN(FLAG, struct part_row, lines),
    {0},
};
struct lang_row {
    struct str lang, words;
    struct part_row *parts;
    size_t nparts;
};
static const struct field LANG_ROW[] = {
    FIELD(TEXT, struct lang_row, lang),
    FIELD_HIDDEN(TEXT, struct lang_row, words),
    FIELD_OF_LIST(struct lang_row, parts, PART_ROW),
    {0},
};
struct leaflet_act_row {
    struct str act, words, needs;
    bool with_words, read; /* read: the reason is shown to readers */
};
static const struct field ACT_ROW[] = {
    FIELD(TEXT, struct leaflet_act_row, act),
    FIELD_HIDDEN(TEXT, struct leaflet_act_row, words),
    FIELD_HIDDEN(TEXT, struct leaflet_act_row, needs),
    FIELD_HIDDEN(FLAG, struct leaflet_act_row, with_words),
    FIELD_HIDDEN(FLAG, struct leaflet_act_row, read),
    {0},
};
struct leaflet_page {
    struct ledger_head head;
    struct str state, state_words, writer, checker, words, claim_from, claim_until, link, seen;
    int64_t edition, written, checked, shown_edition, shown_since, followers;
    bool listed, open, returned, may_write, may_open, shown, public;
    struct lang_row *langs;
    struct leaflet_view *drafts;
    struct leaflet_act_row *acts;
    size_t nlangs, ndrafts, nacts;
};
static const struct field LEAFLET_PAGE[] = {
    LEDGER_HEAD_FIELD(struct leaflet_page, head),
    FIELD(TEXT, struct leaflet_page, state),
    FIELD_HIDDEN(TEXT, struct leaflet_page, state_words),
    FIELD(TEXT, struct leaflet_page, writer),
    FIELD(TEXT, struct leaflet_page, checker),
    FIELD(TEXT, struct leaflet_page, words),
    FIELD(TEXT, struct leaflet_page, claim_from),
    FIELD(TEXT, struct leaflet_page, claim_until),
    FIELD(TEXT, struct leaflet_page, link),
    FIELD(TEXT, struct leaflet_page, seen),
    FIELD(NUMBER, struct leaflet_page, edition),
    FIELD(TIME, struct leaflet_page, written),
    FIELD(TIME, struct leaflet_page, checked),
    FIELD(NUMBER, struct leaflet_page, shown_edition),
    FIELD(TIME, struct leaflet_page, shown_since),
    FIELD(NUMBER, struct leaflet_page, followers),
    FIELD_HIDDEN(FLAG, struct leaflet_page, listed),
    FIELD_HIDDEN(FLAG, struct leaflet_page, open),
    FIELD_HIDDEN(FLAG, struct leaflet_page, returned),
    FIELD_HIDDEN(FLAG, struct leaflet_page, may_write),
    FIELD_HIDDEN(FLAG, struct leaflet_page, may_open),
    FIELD(FLAG, struct leaflet_page, shown),
    FIELD(FLAG, struct leaflet_page, public),
    FIELD_OF_LIST(struct leaflet_page, langs, LANG_ROW),
    FIELD_OF_LIST(struct leaflet_page, drafts, leaflet_view_fields),
    FIELD_OF_LIST(struct leaflet_page, acts, ACT_ROW),
    {0},
};

/* --- the page ------------------------------------------------------------------------------------- */

static struct str input_name(const struct request *rq, int lang, int part)
{
    return str_format(rq->arena, "%s_%s", LANGS[lang].code, leaflet_parts[part].name);
}

/* What the form holds: what was typed where it was refused, else the edition that is open, else the one that is shown. */
static void fill_form(const struct request *rq, const struct leaflet *from,
                      struct leaflet_page *page)
{
    bool typed = rq->post && request_input(rq, "writes").len;
    page->claim_from = typed ? request_input(rq, "claim_from") : ledger_day(rq, from->claim_from);
    page->claim_until =
        typed ? request_input(rq, "claim_until") : ledger_day(rq, from->claim_until);
    page->link = typed ? request_input(rq, "link") : from->link;
    page->nlangs = LEAFLET_LANGS;
    page->langs = arena_array(rq->arena, LEAFLET_LANGS, struct lang_row);
    for (int i = 0; i < LEAFLET_LANGS; i++) {
        /* The reader's own language first. */
        int lang = i == 0 ? (int)rq->lang : LEAFLET_LANGS - 1 - (int)rq->lang;
        struct lang_row *row = &page->langs[i];
        *row = (struct lang_row){
            .lang = str_of(LANGS[lang].html),
            .words = request_words(rq, LANGS[lang].en, LANGS[lang].zh),
            .parts = arena_array(rq->arena, LEAFLET_PARTS, struct part_row),
            .nparts = LEAFLET_PARTS,
        };
        for (int k = 0; k < LEAFLET_PARTS; k++) {
            struct str name = input_name(rq, lang, k);
            row->parts[k] = (struct part_row){
                .name = name,
                .words = request_words(rq, leaflet_parts[k].en, leaflet_parts[k].zh),
                .value = typed ? request_input(rq, name.at) : from->texts[lang][k],
                .lines = leaflet_parts[k].lines,
            };
        }
    }
}

static struct str needs_words(struct request *rq, unsigned needs)
{
    struct buf out = {.arena = rq->arena};
    for (int bit = 0; bit < POLICY_NEEDS_COUNT; bit++)
        if (needs >> bit & 1U && MACHINE_BIT(bit) != POLICY_NEEDS_WORDS)
            buf_format(&out, "%s%s", out.len ? lang_pick(rq->lang, "; ", "；") : "",
                       machine_words(leaflet_machine.needs, bit, rq->lang));
    return buf_str(&out);
}

static void fill_acts(struct request *rq, unsigned acts, struct leaflet_page *page)
{
    page->acts = arena_array(rq->arena, LEAFLET_ACTS, struct leaflet_act_row);
    for (int i = 0; i < LEAFLET_ACTS; i++) {
        unsigned needs = leaflet_machine.rules[i].needs;
        if (i != LEAFLET_ACT_WRITE && acts >> i & 1U)
            page->acts[page->nacts++] = (struct leaflet_act_row){
                .act = str_of(leaflet_machine.acts.at[i].name),
                .words = str_of(machine_words(leaflet_machine.acts, i, rq->lang)),
                .needs = needs_words(rq, needs),
                .with_words = needs & POLICY_NEEDS_WORDS,
                .read = i == LEAFLET_ACT_WITHDRAW,
            };
    }
    page->may_write = acts >> LEAFLET_ACT_WRITE & 1U;
}

/* How it will be read, in each language that it is in. */
static void fill_drafts(const struct request *rq, const struct leaflet *open,
                        const struct policy *policy, struct leaflet_page *page)
{
    page->drafts = arena_array(rq->arena, LEAFLET_LANGS, struct leaflet_view);
    for (int lang = 0; lang < LEAFLET_LANGS; lang++)
        if (open->id && leaflet_has(open, (enum lang)lang))
            leaflet_fill_view(rq, open, policy, (enum lang)lang, &page->drafts[page->ndrafts++]);
}

static enum status fill_people(struct request *rq, int64_t line, const struct leaflet *of,
                               struct leaflet_page *page, struct error *err)
{
    enum status status = ledger_member_name(rq, of->writer, &page->writer, err);
    if (!status)
        status = ledger_member_name(rq, of->checker, &page->checker, err);
    struct query *q = query_start(
        rq->store, "SELECT count(DISTINCT member) FROM policy_follow f WHERE f.line = ?1"
                   " OR f.term IN (SELECT term FROM line_term WHERE line = ?1)");
    query_bind_int(q, 1, line);
    page->followers = query_row(q) ? query_int(q, 0) : 0;
    enum status ended = query_end(q, err);
    return status ? status : ended;
}

static enum status fill_leaflet(struct request *rq, const struct ledger_sight *sight,
                                struct leaflet_page *page, struct error *err)
{
    struct leaflet open;
    struct leaflet shown;
    struct policy policy;
    unsigned acts = 0;
    struct ledger_person person = ledger_viewer(rq);
    int64_t line = sight->line.id;
    enum status status = ledger_find_policy(rq->arena, rq->store, line, &policy, err);
    if (!status)
        status = ledger_find_open_leaflet(rq->arena, rq->store, line, &open, err);
    if (!status)
        status = ledger_find_shown_leaflet(rq->arena, rq->store, line, &shown, err);
    if (!status)
        status = ledger_leaflet_acts(rq->store, &person, line, &open, &shown, &acts, err);
    if (status)
        return status;
    const struct leaflet *of = open.id ? &open : &shown;
    page->listed = policy.state != POLICY_NONE;
    page->open = open.id != 0;
    page->state = str_of(leaflet_machine.states.at[of->state].name);
    page->state_words = str_of(machine_words(leaflet_machine.states, (int)of->state, rq->lang));
    page->edition = of->number;
    page->written = of->written_ms;
    page->checked = of->checked_ms;
    page->words = of->words;
    page->returned = of->state == LEAFLET_DRAFT && of->words.len;
    page->seen = str_format(rq->arena, "%lld", (long long)open.written_ms);
    page->shown = shown.id != 0;
    page->shown_edition = shown.number;
    page->shown_since = shown.checked_ms;
    page->public = policy.public;
    page->may_open = page->listed && ledger_may(sight->is, LEDGER_ARRANGE);
    fill_form(rq, of, page);
    fill_drafts(rq, &open, &policy, page);
    fill_acts(rq, page->listed ? acts : 0, page);
    return fill_people(rq, line, of, page, err);
}

static enum status show_leaflet(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct leaflet_page page = {0};
    enum status status = ledger_open_policy_line(rq, LEDGER_SEE, &sight, err);
    if (!status)
        status = ledger_fill_head(rq, &sight, "/leaflet", &page.head, err);
    if (!status)
        status = fill_leaflet(rq, &sight, &page, err);
    return status ? status
                  : answer_titled_page(rq, "ledger-leaflet", sight.line.title, LEAFLET_PAGE, &page);
}

const struct route route_ledger_leaflet = {
    .method = "GET",
    .path = "/ledger/lines/{line}/leaflet",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "A policy's leaflet: what is written, who is to look at it, what is shown, and to whom.",
    .zh = "政策明白卡：编写内容、审核情况、公布范围。",
    .output = LEAFLET_PAGE,
    .page = "ledger-leaflet",
    .run = show_leaflet,
};

/* --- writing -------------------------------------------------------------------------------------- */

struct writing {
    int64_t line, actor, now_ms;
    struct leaflet leaflet;
    struct leaflet_deed deed;
};

static enum status write_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct writing *w = context;
    return ledger_write_leaflet(scratch, store, w->line, w->actor, &w->leaflet, w->now_ms, err);
}

static enum status read_leaflet(struct request *rq, struct leaflet *leaflet, struct error *err)
{
    struct buf all = {.arena = rq->arena};
    *leaflet = (struct leaflet){
        .claim_from = ledger_read_day(rq, "claim_from"),
        .claim_until = ledger_read_day(rq, "claim_until"),
        .link = request_input(rq, "link"),
    };
    for (int lang = 0; lang < LEAFLET_LANGS; lang++)
        for (int k = 0; k < LEAFLET_PARTS; k++) {
            leaflet->texts[lang][k] = request_input(rq, input_name(rq, lang, k).at);
            buf_add(&all, leaflet->texts[lang][k]);
            buf_add_byte(&all, '\n');
        }
    return ledger_refuse_marks(rq, buf_str(&all), err);
}

static enum status answer_leaflet(struct request *rq, const char *en, const char *zh)
{
    return ledger_answer_done(rq, "/leaflet", en, zh);
}

static enum status write_leaflet(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct writing w = {.actor = rq->viewer.member, .now_ms = rq->now_ms};
    enum status status = ledger_open_policy_line(rq, LEDGER_REPORT, &sight, err);
    if (!status)
        status = read_leaflet(rq, &w.leaflet, err);
    w.line = sight.line.id;
    if (!status)
        status = ledger_write(rq, w.line, LEDGER_REPORT, write_step, &w, err);
    return status ? status
                  : answer_leaflet(rq, "It is kept. Ask another to look at it when it is done.",
                                   "已保存。编写完成后请提交审核。");
}

#define PART_INPUTS(CODE, EN, ZH)                                             \
    {.name = CODE "_title",                                                   \
     .kind = INPUT_TEXT,                                                      \
     .most = LEAFLET_TITLE_MAX,                                               \
     .en = EN ": what it is called",                                          \
     .zh = ZH "：政策名称"},                                                  \
        {.name = CODE "_gives",                                               \
         .kind = INPUT_LONG_TEXT,                                             \
         .most = LEAFLET_TEXT_MAX,                                            \
         .en = EN ": what you get",                                           \
         .zh = ZH "：有什么支持"},                                            \
        {.name = CODE "_who",                                                 \
         .kind = INPUT_LONG_TEXT,                                             \
         .most = LEAFLET_TEXT_MAX,                                            \
         .en = EN ": who may claim it",                                       \
         .zh = ZH "：谁可以申领"},                                            \
        {.name = CODE "_how",                                                 \
         .kind = INPUT_LONG_TEXT,                                             \
         .most = LEAFLET_TEXT_MAX,                                            \
         .en = EN ": how to claim it",                                        \
         .zh = ZH "：怎么办理"},                                              \
        {.name = CODE "_contact",                                             \
         .kind = INPUT_TEXT,                                                  \
         .most = LEAFLET_LINE_MAX,                                            \
         .en = EN ": whom to ask",                                            \
         .zh = ZH "：咨询方式"},                                              \
    {                                                                         \
        .name = CODE "_source", .kind = INPUT_TEXT, .most = LEAFLET_LINE_MAX, \
        .en = EN ": what it rests on", .zh = ZH "：政策依据"             \
    }
static const struct input WRITE_INPUTS[] = {
    {.name = "writes", .kind = INPUT_FLAG, .en = "Writing", .zh = "编写"},
    {.name = "claim_from", .kind = INPUT_DAY, .en = "Claimed from", .zh = "申领开始日期"},
    {.name = "claim_until", .kind = INPUT_DAY, .en = "Claimed until", .zh = "申领截止日期"},
    {.name = "link", .kind = INPUT_TEXT, .most = LEAFLET_LINE_MAX, .en = "Address", .zh = "网址"},
    PART_INPUTS("en", "English", "英文"),
    PART_INPUTS("zh", "Chinese", "中文"),
    {0},
};
const struct route route_ledger_leaflet_write = {
    .method = "POST",
    .path = "/ledger/lines/{line}/leaflet",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Write a policy's leaflet.",
    .zh = "编写政策明白卡。",
    .inputs = WRITE_INPUTS,
    .run = write_leaflet,
    .again = show_leaflet,
};

/* --- acts ----------------------------------------------------------------------------------------- */

static enum status act_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct writing *w = context;
    enum status status = ledger_act_on_leaflet(scratch, store, w->line, &w->deed, w->now_ms, err);
    return status || w->deed.act != LEAFLET_ACT_SHOW
               ? status
               : leaflet_tell(scratch, store, w->line, LEAFLET_NEWS_SHOWN, w->actor, err);
}

static enum status act(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct writing w = {
        .actor = rq->viewer.member,
        .now_ms = rq->now_ms,
        .deed = {.act = (enum leaflet_act)machine_named(leaflet_machine.acts,
                                                        request_input(rq, "act")),
                 .actor = rq->viewer.member,
                 .seen_ms = request_number(rq, "seen"),
                 .words = request_input(rq, "words")},
    };
    enum status status = ledger_open_policy_line(rq, LEDGER_SEE, &sight, err);
    if (!status && (w.deed.act == LEAFLET_ACTS || w.deed.act == LEAFLET_ACT_WRITE))
        return error_set(err, STATUS_INPUT, "Choose what to do.", "请选择要进行的操作。");
    if (!status)
        status = ledger_refuse_marks(rq, w.deed.words, err);
    w.line = sight.line.id;
    if (!status)
        status = ledger_write(rq, w.line, LEDGER_SEE, act_step, &w, err);
    return status ? status : answer_leaflet(rq, "It is recorded.", "已记录。");
}

static const struct input ACT_INPUTS[] = {
    {.name = "act", .kind = INPUT_TEXT, .needed = true, .most = 20, .en = "Act", .zh = "操作"},
    {.name = "seen",
     .kind = INPUT_NUMBER,
     .least = 0,
     .most = INT64_MAX,
     .en = "What was looked at",
     .zh = "所查看的版本"},
    {.name = "words",
     .kind = INPUT_LONG_TEXT,
     .most = LEAFLET_WORDS_MAX,
     .en = "Why",
     .zh = "理由"},
    {0},
};
const struct route route_ledger_leaflet_act = {
    .method = "POST",
    .path = "/ledger/lines/{line}/leaflet/act",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Ask another to look at a leaflet, show it, send it back, withdraw it.",
    .zh = "明白卡提交审核、公布、退回、撤下。",
    .inputs = ACT_INPUTS,
    .run = act,
    .again = show_leaflet,
};

static enum status open_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct writing *w = context;
    struct ledger_deed deed = {.now_ms = w->now_ms};
    (void)scratch;
    return ledger_open_policy(store, w->line, &deed, err);
}

static enum status shut_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct writing *w = context;
    struct ledger_deed deed = {.now_ms = w->now_ms};
    (void)scratch;
    return ledger_shut_policy(store, w->line, &deed, err);
}

static enum status set_readers(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct writing w = {.now_ms = rq->now_ms};
    bool shut = request_number(rq, "shut");
    enum status status = ledger_open_policy_line(rq, LEDGER_ARRANGE, &sight, err);
    w.line = sight.line.id;
    if (!status)
        status = ledger_write(rq, w.line, LEDGER_ARRANGE, shut ? shut_step : open_step, &w, err);
    if (status)
        return status;
    return shut ? answer_leaflet(rq, "It is for members alone now.", "现仅向成员公开。")
                : answer_leaflet(rq, "Everybody can read it now, without signing in.",
                                 "现已向所有人公开，无需登录。");
}

static const struct input READERS_INPUTS[] = {
    {.name = "shut", .kind = INPUT_FLAG, .en = "For members alone", .zh = "仅向成员公开"},
    {0},
};
const struct route route_ledger_leaflet_readers = {
    .method = "POST",
    .path = "/ledger/lines/{line}/leaflet/readers",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Let everybody read a policy's leaflet without signing in, or members alone.",
    .zh = "设定明白卡向所有人公开或仅向成员公开。",
    .inputs = READERS_INPUTS,
    .run = set_readers,
};
