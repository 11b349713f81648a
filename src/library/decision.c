/* Decisions about sites; see decision.h. */
#include "library/decision.h"

#include <string.h>

#include "base/json.h"
#include "base/utf8.h"

#define CONTEXT_CHARACTERS 8U

static const char *const KINDS[] = {
    [DECISION_MARK] = "mark", [DECISION_LOCK] = "lock", [DECISION_ADD] = "add"};

/* --- kept form ------------------------------------------------------------------------------------ */

static struct str text_of(struct arena *arena, const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    struct str text = {json_string_value(value), json_string_length(value)};
    return text.at ? str_copy(arena, text) : STR("");
}

static bool read_decision(struct arena *arena, const json_t *object, struct decision *d)
{
    struct str kind = text_of(arena, object, "do");
    *d = (struct decision){
        .words = text_of(arena, object, "words"),
        .alternative = text_of(arena, object, "alternative"),
        .before = text_of(arena, object, "before"),
        .after = text_of(arena, object, "after"),
        .nth = (uint32_t)json_integer_value(json_object_get(object, "nth")),
        .each = json_is_true(json_object_get(object, "each")),
    };
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (!str_equal(kind, str_of(KINDS[i])))
            continue;
        d->kind = (enum decision_kind)i;
        return true;
    }
    return false;
}

void library_read_decisions(struct arena *arena, struct str json, struct decisions *decisions)
{
    json_t *root = json_loadb(json.at, json.len, 0, NULL);
    size_t count = json_array_size(root) < DECISIONS_MAX ? json_array_size(root) : DECISIONS_MAX;
    *decisions = (struct decisions){arena_array(arena, count + 1, struct decision), 0};
    for (size_t i = 0; i < count; i++)
        decisions->count +=
            read_decision(arena, json_array_get(root, i), &decisions->list[decisions->count]);
    json_decref(root);
}

struct str library_write_decisions(struct arena *arena, const struct decisions *decisions)
{
    json_t *root = json_array();
    for (size_t i = 0; i < decisions->count; i++) {
        const struct decision *d = &decisions->list[i];
        json_array_append_new(
            root, json_pack("{s:s, s:o, s:o, s:o, s:o, s:I, s:b}", "do", KINDS[d->kind], "words",
                            str_to_json(d->words), "alternative", str_to_json(d->alternative),
                            "before", str_to_json(d->before), "after", str_to_json(d->after), "nth",
                            (json_int_t)d->nth, "each", (int)d->each));
    }
    return str_from_json(arena, root);
}

/* --- finding sites again -------------------------------------------------------------------------- */

static struct str context_before(const struct paper_doc *doc, const struct paper_place *place)
{
    const struct paper_block *block = paper_block_at(doc, place->at);
    size_t from = place->at;
    for (unsigned i = 0; block && i < CONTEXT_CHARACTERS && from > block->at; i++)
        (void)utf8_before(doc->text, &from);
    return str_slice(doc->text, from, place->at - from);
}

static struct str context_after(const struct paper_doc *doc, const struct paper_place *place)
{
    const struct paper_block *block = paper_block_at(doc, place->at);
    size_t begin = place->at + place->len;
    size_t to = begin;
    for (unsigned i = 0; block && i < CONTEXT_CHARACTERS && to < block->at + block->len; i++)
        (void)utf8_next(doc->text, &to);
    return str_slice(doc->text, begin, to - begin);
}

static bool same_readings(const struct decision *d, const struct paper_place *place)
{
    return str_equal(d->words, place->alt[0]) && str_equal(d->alternative, place->alt[1]);
}

/* How well a place fits: 2 with both sides as they were, 1 with one of them, 0 otherwise. */
static int fit_of(const struct decision *d, const struct paper_doc *doc,
                  const struct paper_place *place)
{
    return str_equal(d->before, context_before(doc, place)) +
           str_equal(d->after, context_after(doc, place));
}

/* The place that a decision is about; nplaces when there is none any more. One side changed is allowed
 * only where nothing else could be meant. */
static size_t find_place(const struct decision *d, const struct paper_doc *doc,
                         const struct paper_sites *sites)
{
    size_t whole = sites->nplaces;
    size_t half = sites->nplaces;
    uint32_t nwhole = 0;
    unsigned nhalf = 0;
    for (size_t i = 0; i < sites->nplaces; i++) {
        const struct paper_place *place = &sites->places[i];
        if (!same_readings(d, place))
            continue;
        int fit = sites->sites[place->site].wide ? 2 : fit_of(d, doc, place);
        if (fit == 2 && nwhole++ <= d->nth)
            whole = i;
        if (fit == 1 && nhalf++ == 0)
            half = i;
    }
    if (nwhole)
        return whole;
    return nhalf == 1 ? half : sites->nplaces;
}

static void apply_addition(struct arena *arena, const struct paper_doc *doc,
                           struct paper_sites *sites, struct decision *d)
{
    uint32_t next = sites->nsites;
    d->fits = !paper_add_site(arena, doc, d->words, d->alternative, d->each, sites, NULL);
    d->site = next;
}

static void apply_to_site(const struct paper_doc *doc, struct paper_sites *sites,
                          struct decision *d)
{
    size_t place = find_place(d, doc, sites);
    d->fits = place < sites->nplaces;
    if (!d->fits)
        return;
    d->site = sites->places[place].site;
    sites->sites[d->site].locked = d->kind == DECISION_LOCK;
}

void library_apply_decisions(struct arena *arena, const struct paper_doc *doc,
                             struct paper_sites *sites, struct decisions *decisions)
{
    for (size_t i = 0; i < decisions->count; i++)
        if (decisions->list[i].kind == DECISION_ADD)
            apply_addition(arena, doc, sites, &decisions->list[i]);
    for (size_t i = 0; i < decisions->count; i++)
        if (decisions->list[i].kind != DECISION_ADD)
            apply_to_site(doc, sites, &decisions->list[i]);
}

/* --- deciding ------------------------------------------------------------------------------------- */

static enum status append(struct arena *arena, struct decisions *decisions,
                          const struct decision *d, struct error *err)
{
    if (decisions->count >= DECISIONS_MAX)
        return error_set(
            err, STATUS_CONFLICT,
            "This draft has %u decisions about its sites already; no more can be kept.",
            "这份草稿已有 %u 条标记位决定，不能再增加。", DECISIONS_MAX);
    decisions->list = arena_grow(arena, decisions->list, decisions->count * sizeof *d,
                                 (decisions->count + 1) * sizeof *d);
    decisions->list[decisions->count++] = *d;
    return STATUS_OK;
}

/* How many places before this one read exactly alike. */
static uint32_t count_alike(const struct decision *d, const struct paper_doc *doc,
                            const struct paper_sites *sites, size_t place)
{
    uint32_t count = 0;
    for (size_t i = 0; i < place; i++)
        count += same_readings(d, &sites->places[i]) && fit_of(d, doc, &sites->places[i]) == 2;
    return count;
}

enum status library_decide_site(struct arena *arena, const struct paper_doc *doc,
                                const struct paper_sites *sites, size_t place,
                                enum decision_kind kind, struct decisions *decisions,
                                struct error *err)
{
    const struct paper_place *at = &sites->places[place];
    struct decision d = {.kind = kind,
                         .words = at->alt[0],
                         .alternative = at->alt[1],
                         .before = context_before(doc, at),
                         .after = context_after(doc, at),
                         .fits = true,
                         .site = at->site};
    if (!sites->sites[at->site].wide)
        d.nth = count_alike(&d, doc, sites, place);
    sites->sites[at->site].locked = kind == DECISION_LOCK;
    for (size_t i = 0; i < decisions->count; i++) {
        struct decision *old = &decisions->list[i];
        if (!old->fits || old->site != at->site || old->kind == DECISION_ADD)
            continue;
        *old = d;
        return STATUS_OK;
    }
    return append(arena, decisions, &d, err);
}

enum status library_decide_addition(struct arena *arena, const struct paper_doc *doc,
                                    struct paper_sites *sites, struct str words,
                                    struct str alternative, bool each, struct decisions *decisions,
                                    struct error *err)
{
    struct decision d = {.kind = DECISION_ADD,
                         .words = words,
                         .alternative = alternative,
                         .each = each,
                         .fits = true,
                         .site = sites->nsites};
    enum status status = paper_add_site(arena, doc, words, alternative, each, sites, err);
    return status ? status : append(arena, decisions, &d, err);
}

void library_undo_decision(struct decisions *decisions, size_t index)
{
    if (index >= decisions->count)
        return;
    memmove(&decisions->list[index], &decisions->list[index + 1],
            (decisions->count - index - 1) * sizeof *decisions->list);
    decisions->count--;
}
