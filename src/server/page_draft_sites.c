/* The marking sites of a draft, in place: the whole text with each site in its sentence, both readings,
 * and what the editor decides about it. */
#include "server/internal.h"

#include <inttypes.h>
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "server/writing.h"

/* A site is listed under the block that holds its first place. */
struct site_line {
    struct str number, words, other, channel;
    int64_t places;
    bool locked, accepted, wide, by_hand;
    struct str undo; /* index of the decision that added it */
};
struct site_block {
    struct str html;
    struct site_line *sites;
    size_t nsites;
    bool heading, any;
};
struct unfit_line {
    struct str index, words, other, decision;
};
struct sites_page {
    struct str key, title, version, why, words, alternative, lang;
    struct strength_part strength;
    struct site_block *blocks;
    struct unfit_line *unfit;
    size_t nblocks, nunfit;
    int64_t all, decided;
    int64_t due;
    bool shown, open_only, any_unfit;
};

static const struct field SITE_LINE[] = {
    FIELD(TEXT, struct site_line, number),
    FIELD(TEXT, struct site_line, words),
    FIELD(TEXT, struct site_line, other),
    FIELD(TEXT, struct site_line, channel),
    FIELD(NUMBER, struct site_line, places),
    FIELD(FLAG, struct site_line, locked),
    FIELD(FLAG, struct site_line, accepted),
    FIELD(FLAG, struct site_line, wide),
    FIELD(FLAG, struct site_line, by_hand),
    FIELD_HIDDEN(TEXT, struct site_line, undo),
    {0},
};
static const struct field SITE_BLOCK[] = {
    FIELD(MARKUP, struct site_block, html),
    FIELD_OF_LIST(struct site_block, sites, SITE_LINE),
    FIELD_HIDDEN(FLAG, struct site_block, heading),
    FIELD_HIDDEN(FLAG, struct site_block, any),
    {0},
};
static const struct field UNFIT_LINE[] = {
    FIELD(TEXT, struct unfit_line, index),
    FIELD(TEXT, struct unfit_line, words),
    FIELD(TEXT, struct unfit_line, other),
    FIELD(TEXT, struct unfit_line, decision),
    {0},
};
static const struct field SITES_PAGE[] = {
    FIELD(TEXT, struct sites_page, key),
    FIELD(TEXT, struct sites_page, title),
    FIELD(TEXT, struct sites_page, version),
    FIELD(TEXT, struct sites_page, why),
    FIELD_OF_PART(struct sites_page, strength, STRENGTH_PART),
    FIELD_OF_LIST(struct sites_page, blocks, SITE_BLOCK),
    FIELD_OF_LIST(struct sites_page, unfit, UNFIT_LINE),
    FIELD(NUMBER, struct sites_page, all),
    FIELD(NUMBER, struct sites_page, decided),
    FIELD(TIME, struct sites_page, due),
    FIELD_HIDDEN(FLAG, struct sites_page, shown),
    FIELD_HIDDEN(FLAG, struct sites_page, open_only),
    FIELD_HIDDEN(FLAG, struct sites_page, any_unfit),
    FIELD_HIDDEN(TEXT, struct sites_page, words),
    FIELD_HIDDEN(TEXT, struct sites_page, lang),
    FIELD_HIDDEN(TEXT, struct sites_page, alternative),
    {0},
};
static const struct input SITES_QUERY[] = {
    {.name = "open", .kind = INPUT_FLAG, .en = "Only those not looked at", .zh = "只看未核对的"},
    {0},
};

/* --- showing ------------------------------------------------------------------------------------- */

/* A reading for the eye: what can't be seen by its numbers, nothing as "–". */
static struct str visible(struct arena *arena, struct str text)
{
    struct buf out = {.arena = arena};
    bool seen = false;
    for (size_t at = 0; at < text.len && !seen;) {
        uint32_t code = utf8_next(text, &at);
        seen = !unicode_is_space(code) && !unicode_is_invisible(code);
    }
    if (seen)
        return text;
    for (size_t at = 0; at < text.len;)
        buf_format(&out, "%sU+%04" PRIX32, out.len ? " " : "", utf8_next(text, &at));
    return out.len ? buf_str(&out) : STR("–");
}

/* What a copy with this bit shows at a place, for the eye. */
static struct str reading(const struct request *rq, const struct paper_site *site,
                          const struct paper_place *place, unsigned bit)
{
    if (site->channel == PAPER_LAYOUT && bit)
        return str_of(paper_shift_words(paper_site_shift(site), bit, rq->lang));
    return visible(rq->arena, place->alt[bit]);
}

struct layout {
    struct request *rq;
    const struct draft_edition *edition;
    bool open_only;
    size_t place;                      /* next place of the text */
    bool *listed;                      /* by site */
    const struct decision **decisions; /* by site; NULL where there is none */
    size_t *added_by;                  /* by site: index of the addition + 1 */
    uint32_t *places;                  /* by site: how many */
};

/* One place within its block: both readings, leading to what can be decided. */
static void write_place(struct layout *l, struct buf *out, const struct paper_place *place)
{
    const struct paper_site *site = &l->edition->laid.sites.sites[place->site];
    buf_format(out, "<a class=\"site%s\" href=\"#s%" PRIu32 "\">", site->locked ? " locked" : "",
               place->site + 1);
    template_escape(out, reading(l->rq, site, place, 0));
    if (!site->locked) {
        buf_add(out, STR("<span class=\"other\">/"));
        template_escape(out, reading(l->rq, site, place, 1));
        buf_add(out, STR("</span>"));
    }
    buf_add(out, STR("</a>"));
}

static void list_site(struct layout *l, struct site_block *block, const struct paper_place *place)
{
    const struct paper_site *site = &l->edition->laid.sites.sites[place->site];
    const struct decision *d = l->decisions[place->site];
    size_t added = l->added_by[place->site];
    if (l->listed[place->site] || (l->open_only && (d || added || site->locked)))
        return;
    l->listed[place->site] = true;
    block->sites[block->nsites++] = (struct site_line){
        .number = str_format(l->rq->arena, "%" PRIu32, place->site + 1),
        .words = reading(l->rq, site, place, 0),
        .other = reading(l->rq, site, place, 1),
        .channel = str_of(paper_channel_word(site->channel, l->rq->lang)),
        .places = l->places[place->site],
        .locked = site->locked,
        .accepted = added || (d && d->kind == DECISION_MARK),
        .wide = site->wide,
        .by_hand = site->by_hand,
        .undo = added ? str_format(l->rq->arena, "%zu", added - 1) : STR(""),
    };
}

static void fill_block(struct layout *l, const struct paper_block *block, struct site_block *shown)
{
    const struct paper_sites *sites = &l->edition->laid.sites;
    struct str text = l->edition->laid.doc.text;
    struct buf out = {.arena = l->rq->arena};
    size_t end = block->at + block->len;
    size_t at = block->at;
    size_t first = l->place;
    while (l->place < sites->nplaces && sites->places[l->place].at <= end)
        l->place++;
    shown->sites = arena_array(l->rq->arena, l->place - first + 1, struct site_line);
    for (size_t i = first; i < l->place; i++) {
        const struct paper_place *place = &sites->places[i];
        template_escape(&out, str_slice(text, at, place->at - at));
        write_place(l, &out, place);
        list_site(l, shown, place);
        at = place->at + place->len;
    }
    template_escape(&out, str_slice(text, at, end - at));
    shown->html = buf_str(&out);
    shown->heading = block->kind == PAPER_TITLE || block->kind == PAPER_HEADING;
    shown->any = shown->nsites > 0;
}

static void fill_blocks(struct layout *l, struct sites_page *page)
{
    const struct paper_doc *doc = &l->edition->laid.doc;
    page->blocks = arena_array(l->rq->arena, doc->nblocks + 1, struct site_block);
    for (size_t i = 0; i < doc->nblocks; i++) {
        struct site_block shown = {0};
        fill_block(l, &doc->blocks[i], &shown);
        if (shown.html.len && (shown.any || !l->open_only))
            page->blocks[page->nblocks++] = shown;
    }
}

static struct str decision_words(const struct request *rq, enum decision_kind kind)
{
    static const char *const names[][LANG_COUNT] = {
        [DECISION_MARK] = {"采用", "accepted"},
        [DECISION_LOCK] = {"锁定", "locked"},
        [DECISION_ADD] = {"添加", "added"},
    };
    return str_of(names[kind][rq->lang]);
}

static void note_decisions(struct layout *l, struct sites_page *page)
{
    const struct decisions *all = &l->edition->decisions;
    const struct paper_sites *sites = &l->edition->laid.sites;
    page->unfit = arena_array(l->rq->arena, all->count + 1, struct unfit_line);
    for (size_t i = 0; i < all->count; i++) {
        const struct decision *d = &all->list[i];
        struct str index = str_format(l->rq->arena, "%zu", i);
        if (!d->fits)
            page->unfit[page->nunfit++] = (struct unfit_line){index, d->words, d->alternative,
                                                              decision_words(l->rq, d->kind)};
        else if (d->kind == DECISION_ADD)
            l->added_by[d->site] = i + 1;
        else
            l->decisions[d->site] = d;
    }
    for (uint32_t i = 0; i < sites->nsites; i++) {
        bool decided = l->decisions[i] || l->added_by[i];
        page->all += decided || (!sites->sites[i].absent && !sites->sites[i].locked);
        page->decided += decided;
    }
    page->any_unfit = page->nunfit > 0;
}

static struct layout layout_of(struct request *rq, const struct draft_edition *edition)
{
    const struct paper_sites *sites = &edition->laid.sites;
    size_t n = (size_t)sites->nsites + 1;
    struct layout l = {.rq = rq,
                       .edition = edition,
                       .open_only = request_number(rq, "open") != 0,
                       .listed = arena_array(rq->arena, n, bool),
                       .decisions = arena_array(rq->arena, n, const struct decision *),
                       .added_by = arena_array(rq->arena, n, size_t),
                       .places = arena_array(rq->arena, n, uint32_t)};
    for (size_t i = 0; i < sites->nplaces; i++)
        l.places[sites->places[i].site]++;
    return l;
}

static enum status show_sites(struct request *rq, struct error *err)
{
    struct draft draft;
    struct draft_edition edition;
    struct error why = {0};
    enum status status = writing_find_draft(rq, &draft, err);
    if (status)
        return status;
    struct sites_page page = {
        .key = draft.key,
        .title = draft.title,
        .version = str_format(rq->arena, "%" PRId64, draft.version),
        .due = draft.due_ms,
        .open_only = request_number(rq, "open") != 0,
        .words = request_input(rq, "words"),
        .alternative = request_input(rq, "alternative"),
    };
    status = library_lay_out_draft(rq->arena, rq->store, &draft, &edition, &why);
    if (status == STATUS_IO || status == STATUS_DAMAGED)
        return error_within(err, &why, "The sites can't be found: ", "无法查找标记位：");
    if (status) {
        page.why = request_words(rq, why.en, why.zh);
        return answer_page(rq, "draft-sites", "Marking sites", "标记位", SITES_PAGE, &page);
    }
    struct layout l = layout_of(rq, &edition);
    page.shown = true;
    page.title = edition.doc.title;
    page.lang = edition.doc.lang == LANG_ZH ? STR("zh-Hans") : STR("en");
    note_decisions(&l, &page);
    fill_blocks(&l, &page);
    status = writing_measure(rq, &edition.laid, &page.strength, err);
    return status ? status
                  : answer_page(rq, "draft-sites", "Marking sites", "标记位", SITES_PAGE, &page);
}

const struct route route_draft_sites = {
    .method = "GET",
    .path = "/write/{draft}/sites",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "A draft's marking sites in place, and the strength that they give.",
    .zh = "草稿的标记位及其强度。",
    .inputs = SITES_QUERY,
    .output = SITES_PAGE,
    .page = "draft-sites",
    .run = show_sites,
};

/* --- deciding ------------------------------------------------------------------------------------ */

static const struct input DECIDE_INPUTS[] = {
    {.name = "version",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 1,
     .most = INT64_MAX,
     .en = "Version",
     .zh = "版本号"},
    {.name = "accept",
     .kind = INPUT_NUMBER,
     .least = 1,
     .most = UINT32_MAX,
     .en = "Site",
     .zh = "标记位"},
    {.name = "lock",
     .kind = INPUT_NUMBER,
     .least = 1,
     .most = UINT32_MAX,
     .en = "Site",
     .zh = "标记位"},
    {.name = "undo",
     .kind = INPUT_NUMBER,
     .least = 0,
     .most = DECISIONS_MAX,
     .en = "Decision",
     .zh = "决定"},
    {.name = "open", .kind = INPUT_FLAG, .en = "Only those not looked at", .zh = "只看未核对的"},
    {0},
};
static const struct input ADD_INPUTS[] = {
    {.name = "version",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 1,
     .most = INT64_MAX,
     .en = "Version",
     .zh = "版本号"},
    {.name = "words",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 400,
     .en = "The words",
     .zh = "原词句"},
    {.name = "alternative",
     .kind = INPUT_TEXT,
     .most = 400,
     .en = "The other reading",
     .zh = "另一种写法"},
    {.name = "each", .kind = INPUT_FLAG, .en = "Each place by itself", .zh = "各处分别标记"},
    {0},
};

struct deciding {
    struct draft draft;
};

static enum status decide_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct deciding *d = context;
    (void)scratch;
    return library_save_draft_decisions(store, &d->draft, err);
}

/* Site numbers mean something only beside the text that they were counted in. */
static enum status lay_out_same(struct request *rq, struct draft_edition *edition,
                                struct error *err)
{
    struct draft draft;
    enum status status = writing_find_draft(rq, &draft, err);
    if (!status && draft.version != request_number(rq, "version"))
        return error_set(
            err, STATUS_CONFLICT,
            "The text was saved since this page was made. It stands here as it is now; "
            "please decide again.",
            "此页生成后正文已有改动。现已按最新正文列出，请重新决定。");
    return status ? status : library_lay_out_draft(rq->arena, rq->store, &draft, edition, err);
}

static enum status decide(struct request *rq, int64_t site, enum decision_kind kind,
                          struct draft_edition *edition, struct error *err)
{
    const struct paper_sites *sites = &edition->laid.sites;
    for (size_t i = 0; i < sites->nplaces; i++)
        if ((int64_t)sites->places[i].site + 1 == site)
            return library_decide_site(rq->arena, &edition->laid.doc, sites, i, kind,
                                       &edition->decisions, err);
    return error_set(err, STATUS_INPUT, "There is no site %lld in this text.",
                     "正文中没有第 %lld 号标记位。", (long long)site);
}

static enum status keep_decisions(struct request *rq, struct draft_edition *edition,
                                  struct error *err)
{
    struct deciding d = {edition->draft};
    d.draft.decisions = library_write_decisions(rq->arena, &edition->decisions);
    return server_write(rq->server, request_actor(rq), decide_step, &d, err);
}

static enum status decide_site(struct request *rq, struct error *err)
{
    struct draft_edition edition;
    int64_t accept = request_number(rq, "accept");
    int64_t lock = request_number(rq, "lock");
    bool undo = request_input(rq, "undo").len > 0;
    enum status status = lay_out_same(rq, &edition, err);
    if (!status && accept)
        status = decide(rq, accept, DECISION_MARK, &edition, err);
    if (!status && lock)
        status = decide(rq, lock, DECISION_LOCK, &edition, err);
    if (!status && undo)
        library_undo_decision(&edition.decisions, (size_t)request_number(rq, "undo"));
    if (!status)
        status = keep_decisions(rq, &edition, err);
    if (status)
        return status;
    struct str path = writing_path(rq, edition.draft.key, "/sites");
    return answer_redirect(rq,
                           str_format(rq->arena, "%.*s%s#s%lld", STR_ARG(path),
                                      request_number(rq, "open") ? "?open=1" : "",
                                      (long long)(accept ? accept : lock)),
                           NULL, NULL);
}

const struct route route_draft_decide = {
    .method = "POST",
    .path = "/write/{draft}/sites",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "Accept or lock a site of a draft by its number, or take back a decision.",
    .zh = "采用或锁定草稿的标记位，或撤销一项决定。",
    .inputs = DECIDE_INPUTS,
    .run = decide_site,
    .again = show_sites,
};

static enum status add_site(struct request *rq, struct error *err)
{
    struct draft_edition edition;
    enum status status = lay_out_same(rq, &edition, err);
    if (!status)
        status =
            library_decide_addition(rq->arena, &edition.laid.doc, &edition.laid.sites,
                                    request_input(rq, "words"), request_input(rq, "alternative"),
                                    request_number(rq, "each") != 0, &edition.decisions, err);
    if (!status)
        status = keep_decisions(rq, &edition, err);
    if (status)
        return status;
    struct str path = writing_path(rq, edition.draft.key, "/sites");
    return answer_redirect(
        rq, str_format(rq->arena, "%.*s#s%" PRIu32, STR_ARG(path), edition.laid.sites.nsites),
        "The site is added.", "已添加标记位。");
}

const struct route route_draft_add_site = {
    .method = "POST",
    .path = "/write/{draft}/sites/add",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "Add a site to a draft: quoted words, and how else they may read.",
    .zh = "为草稿添加标记位：原词句及另一种写法。",
    .inputs = ADD_INPUTS,
    .run = add_site,
    .again = show_sites,
};
