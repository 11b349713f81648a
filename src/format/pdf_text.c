/* The texts of an edition, shaped; see pdf_text.h. */
#include "format/pdf_text.h"

#include <unicode/uchar.h>

#include "base/unicode.h"
#include "base/utf8.h"

void pdf_texts_begin(struct pdf_texts *texts, struct arena *arena, struct pdf_type *type)
{
    *texts = (struct pdf_texts){.arena = arena, .type = type};
}

static struct pdf_cell *add_cell(struct pdf_texts *texts)
{
    texts->cells = arena_one_more(texts->arena, texts->cells, texts->ncells, sizeof *texts->cells);
    struct pdf_cell *cell = &texts->cells[texts->ncells++];
    *cell = (struct pdf_cell){.variant = texts->nvariants};
    return cell;
}

static enum status add_variant(struct pdf_texts *texts, const struct pdf_words *words,
                               struct error *err)
{
    texts->variants =
        arena_one_more(texts->arena, texts->variants, texts->nvariants, sizeof *texts->variants);
    struct pdf_variant *variant = &texts->variants[texts->nvariants++];
    variant->first = (uint32_t)texts->clusters.count;
    enum status status = pdf_type_shape(texts->type, words, &texts->clusters, err);
    variant->count = (uint32_t)texts->clusters.count - variant->first;
    return status;
}

static void end_text(const struct pdf_texts *texts, struct pdf_text *text)
{
    text->ncells = texts->ncells - text->cell;
    for (uint32_t i = 0; i < text->ncells; i++) {
        const struct pdf_cell *cell = &texts->cells[text->cell + i];
        uint32_t longest = 0;
        for (uint32_t k = 0; k < 1U << cell->nsites; k++) {
            uint32_t count = texts->variants[cell->variant + k].count;
            longest = count > longest ? count : longest;
        }
        text->longest += longest;
    }
}

enum status pdf_text_plain(struct pdf_texts *texts, struct str words, enum pdf_role role,
                           struct pdf_text *text, struct error *err)
{
    struct pdf_span span = {words.len, role, 0};
    struct pdf_words all = {.text = words, .spans = &span, .nspans = 1};
    *text = (struct pdf_text){.cell = texts->ncells};
    (void)add_cell(texts);
    enum status status = add_variant(texts, &all, err);
    end_text(texts, text);
    return status;
}

/* --- the parts that a block's stretches play ------------------------------------------------------ */

struct spans {
    struct pdf_span *list;
    size_t count;
};

/* Adds a stretch up to `end`; one that plays the same part as the last is joined to it. */
static void add_span(struct arena *arena, struct spans *spans, struct pdf_span span)
{
    struct pdf_span *last = spans->count ? &spans->list[spans->count - 1] : NULL;
    size_t from = last ? last->end : 0;
    if (last && span.end <= from)
        return;
    if (last && last->role == span.role && last->link == span.link) {
        last->end = span.end;
        return;
    }
    spans->list = arena_one_more(arena, spans->list, spans->count, sizeof *spans->list);
    spans->list[spans->count++] = span;
}

/* What a run makes of the text inside it: code stays code, what is strong stays strong. */
static struct pdf_span within_run(struct pdf_span outer, const struct paper_run *run,
                                  uint32_t number)
{
    switch (run->kind) {
    case PAPER_LINK:
        outer.link = number + 1;
        break;
    case PAPER_CODE_SPAN:
        outer.role = PDF_CODE;
        break;
    case PAPER_STRONG:
        outer.role = outer.role == PDF_BODY || outer.role == PDF_QUOTE || outer.role == PDF_EMPHASIS
                         ? PDF_STRONG
                         : outer.role;
        break;
    case PAPER_EMPHASIS:
        outer.role = outer.role == PDF_BODY || outer.role == PDF_QUOTE ? PDF_EMPHASIS : outer.role;
        break;
    }
    return outer;
}

#define OPEN_RUNS 32U

/* The block's stretches, by offsets in the document's text. */
static struct spans spans_of(struct arena *arena, const struct paper_doc *doc,
                             const struct paper_block *block, enum pdf_role role)
{
    struct spans spans = {0};
    struct pdf_span open[OPEN_RUNS + 1]; /* the innermost last; `end` where its run ends */
    size_t depth = 0;
    size_t end = block->at + block->len;
    open[0] = (struct pdf_span){end, role, 0};
    for (size_t i = paper_run_from(doc, block->at); i <= doc->nruns; i++) {
        bool more = i < doc->nruns && doc->runs[i].at < end;
        size_t at = more ? doc->runs[i].at : end;
        while (depth && open[depth].end <= at) {
            add_span(arena, &spans, open[depth]);
            depth--;
        }
        add_span(arena, &spans, (struct pdf_span){at, open[depth].role, open[depth].link});
        if (!more)
            break;
        if (depth == OPEN_RUNS)
            continue;
        open[depth + 1] = within_run(open[depth], &doc->runs[i], (uint32_t)i);
        open[++depth].end = at + doc->runs[i].len < end ? at + doc->runs[i].len : end;
    }
    return spans;
}

/* --- cells ---------------------------------------------------------------------------------------- */

/* A block while its cells are made. */
struct maker {
    struct pdf_texts *texts;
    const struct paper_doc *doc;
    const struct paper_sites *sites;
    enum pdf_role role;
    struct spans spans;
    size_t span; /* the first that may matter for what comes next */
};

static void copy_span(struct maker *maker, struct spans *to, struct buf *text, size_t at,
                      size_t end)
{
    const struct spans *from = &maker->spans;
    while (maker->span > 0 && from->list[maker->span - 1].end > at)
        maker->span--;
    while (maker->span + 1 < from->count && from->list[maker->span].end <= at)
        maker->span++;
    for (size_t i = maker->span; i < from->count && at < end; i++) {
        size_t stop = from->list[i].end < end ? from->list[i].end : end;
        if (stop <= at)
            continue;
        buf_add(text, str_slice(maker->doc->text, at, stop - at));
        add_span(maker->texts->arena, to,
                 (struct pdf_span){text->len, from->list[i].role, from->list[i].link});
        at = stop;
    }
}

/* The part that other words play which stand at `at`: that of what they replace, or of both neighbours. */
static struct pdf_span span_at(struct maker *maker, size_t at, bool empty)
{
    const struct spans *from = &maker->spans;
    struct pdf_span plain = {0, maker->role, 0};
    for (size_t i = 0; i < from->count; i++)
        if (from->list[i].end > at)
            return empty && i && from->list[i - 1].end == at ? plain : from->list[i];
    return empty || !from->count ? plain : from->list[from->count - 1];
}

/* Places first … last-1 with what lies between `at` and `end` around them. */
struct group {
    size_t at, end;
    size_t first, last;
    uint32_t nsites;
    uint32_t sites[PDF_CELL_SITES];
};

static unsigned bit_of(const struct group *group, uint32_t site, unsigned variant)
{
    for (uint32_t k = 0; k < group->nsites; k++)
        if (group->sites[k] == site)
            return variant >> k & 1U;
    return 0;
}

static bool is_gap(const struct maker *maker, const struct paper_place *place)
{
    const struct paper_site *site = &maker->sites->sites[place->site];
    return site->channel == PAPER_LAYOUT && paper_site_shift(site) == PAPER_SHIFT_GAP;
}

static enum status add_group_variant(struct maker *maker, const struct group *group,
                                     unsigned variant, struct error *err)
{
    struct arena *arena = maker->texts->arena;
    struct buf text = {.arena = arena};
    struct spans spans = {0};
    size_t *gaps = arena_array(arena, group->last - group->first + 1, size_t);
    size_t ngaps = 0;
    size_t at = group->at;
    for (size_t i = group->first; i < group->last; i++) {
        const struct paper_place *place = &maker->sites->places[i];
        unsigned bit = bit_of(group, place->site, variant);
        copy_span(maker, &spans, &text, at, place->at);
        if (bit && !str_equal(place->alt[0], place->alt[1])) {
            struct pdf_span span = span_at(maker, place->at, place->len == 0);
            buf_add(&text, place->alt[1]);
            span.end = text.len;
            if (place->alt[1].len)
                add_span(arena, &spans, span);
        } else {
            copy_span(maker, &spans, &text, place->at, place->at + place->len);
        }
        if (bit && is_gap(maker, place))
            gaps[ngaps++] = text.len;
        at = place->at + place->len;
    }
    copy_span(maker, &spans, &text, at, group->end);
    struct pdf_words words = {buf_str(&text), spans.list, spans.count, gaps, ngaps};
    return add_variant(maker->texts, &words, err);
}

static enum status add_group(struct maker *maker, const struct group *group, struct error *err)
{
    if (group->at == group->end && group->first == group->last)
        return STATUS_OK;
    struct pdf_cell *cell = add_cell(maker->texts);
    cell->nsites = group->nsites;
    for (uint32_t k = 0; k < group->nsites; k++)
        cell->sites[k] = group->sites[k];
    enum status status = STATUS_OK;
    for (unsigned variant = 0; !status && variant < 1U << group->nsites; variant++)
        status = add_group_variant(maker, group, variant, err);
    return status;
}

/* Letters that join or kern with their neighbours, and marks. */
static bool joins(uint32_t code)
{
    int width = u_getIntPropertyValue((UChar32)code, UCHAR_EAST_ASIAN_WIDTH);
    if (width == U_EA_WIDE || width == U_EA_FULLWIDTH)
        return false;
    return unicode_is_letter(code) || unicode_is_digit(code) || unicode_is_invisible(code) ||
           (U_GET_GC_MASK((UChar32)code) & U_GC_M_MASK);
}

static size_t word_begin(struct str text, size_t at, size_t least)
{
    while (at > least) {
        size_t before = at;
        if (!joins(utf8_before(text, &before)) || before < least)
            break;
        at = before;
    }
    return at;
}

static size_t word_end(struct str text, size_t at, size_t most)
{
    while (at < most) {
        size_t after = at;
        if (!joins(utf8_next(text, &after)) || after > most)
            break;
        at = after;
    }
    return at;
}

/* Whether a place shows a character without room, or none. */
static bool is_unseen(const struct paper_place *place)
{
    size_t at = 0;
    return place->len == 0 && place->alt[1].len &&
           unicode_is_invisible(utf8_next(place->alt[1], &at));
}

/* Takes a site into the group; false where there is no room for it. */
static bool take_site(struct group *group, uint32_t site)
{
    for (uint32_t k = 0; k < group->nsites; k++)
        if (group->sites[k] == site)
            return true;
    if (group->nsites == PDF_CELL_SITES)
        return false;
    group->sites[group->nsites++] = site;
    return true;
}

/* The group that begins with place number `first`, its word included, not before `least`. */
static struct group find_group(const struct maker *maker, size_t first, size_t least, size_t most)
{
    const struct paper_place *places = maker->sites->places;
    struct str text = maker->doc->text;
    struct group group = {.first = first, .last = first};
    group.at = word_begin(text, places[first].at, least);
    if (group.at == places[first].at && group.at > least && is_unseen(&places[first]))
        (void)utf8_before(text, &group.at); /* which it will be part of */
    group.end = places[first].at;
    while (group.last < maker->sites->nplaces) {
        const struct paper_place *place = &places[group.last];
        size_t end = place->at + place->len;
        bool inside = group.last == first || place->at < group.end ||
                      (place->at == group.end && is_unseen(place));
        if (!inside || end > most)
            break;
        if (!take_site(&group, place->site)) {
            group.end = place->at;
            break;
        }
        size_t reach = word_end(text, end, most);
        group.end = reach > group.end ? reach : group.end;
        group.last++;
    }
    return group;
}

static bool is_line(const struct paper_site *site)
{
    return site->channel == PAPER_LAYOUT && paper_site_shift(site) == PAPER_SHIFT_LINE;
}

enum status pdf_text_block(struct pdf_texts *texts, const struct paper_doc *doc,
                           const struct paper_sites *sites, const struct paper_block *block,
                           enum pdf_role role, struct pdf_text *text, uint32_t *line_site,
                           struct error *err)
{
    struct maker maker = {.texts = texts, .doc = doc, .sites = sites, .role = role};
    size_t at = block->at;
    size_t end = block->at + block->len;
    enum status status = STATUS_OK;
    maker.spans = spans_of(texts->arena, doc, block, role);
    *text = (struct pdf_text){.cell = texts->ncells};
    *line_site = PDF_NO_SITE;
    size_t place = paper_place_from(sites, block->at);
    while (!status && sites && place < sites->nplaces && sites->places[place].at <= end) {
        const struct paper_place *next = &sites->places[place];
        bool line = is_line(&sites->sites[next->site]);
        if (line)
            *line_site = next->site;
        if (line || next->at < at || next->len > end - next->at) {
            place++;
            continue;
        }
        struct group group = find_group(&maker, place, at, end);
        struct group before = {.at = at, .end = group.at};
        status = add_group(&maker, &before, err);
        if (!status)
            status = add_group(&maker, &group, err);
        at = group.end;
        place = group.last;
    }
    struct group rest = {.at = at, .end = end};
    if (!status)
        status = add_group(&maker, &rest, err);
    end_text(texts, text);
    return status;
}

size_t pdf_text_gather(const struct pdf_texts *texts, const struct pdf_text *text,
                       const uint8_t *bits, const struct pdf_cluster **out)
{
    size_t n = 0;
    for (uint32_t i = 0; i < text->ncells; i++) {
        const struct pdf_cell *cell = &texts->cells[text->cell + i];
        uint32_t number = 0;
        for (uint32_t k = 0; k < cell->nsites; k++)
            number |= (bits[cell->sites[k]] & 1U) << k;
        const struct pdf_variant *variant = &texts->variants[cell->variant + number];
        const struct pdf_cluster *cluster = &texts->clusters.list[variant->first];
        for (uint32_t k = 0; k < variant->count; k++)
            out[n++] = cluster + k;
    }
    return n;
}
