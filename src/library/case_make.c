/* A whole case file; see case_paper.h. */
#include "library/case_paper.h"

#include <stdlib.h>
#include <string.h>

#include "format/pdf.h"
#include "library/case_seal.h"

_Static_assert(CASE_SEAL_AT == PDF_LINE_AT, "the seal stands in the line that a PDF keeps free");

struct making {
    struct arena *arena;
    const struct case_facts *facts;
    struct pdf_attachment *parts; /* case.json, then the exhibits */
    size_t *at;
    size_t count;
};

static struct str facts_text(const struct making *m)
{
    json_t *json = case_facts_json(m->facts);
    char *text = json_dumps(json, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
    struct str kept = str_copy(m->arena, str_of(text ? text : "{}"));
    free(text);
    json_decref(json);
    return kept;
}

/* Names that sort in the order in which the exhibits are listed: a PDF lists its files by name. */
static void take_parts(struct making *m)
{
    const struct case_facts *f = m->facts;
    m->parts = arena_array(m->arena, f->nexhibits + 1, struct pdf_attachment);
    m->at = arena_array(m->arena, f->nexhibits + 1, size_t);
    m->parts[m->count++] = (struct pdf_attachment){
        STR(CASE_FACTS_NAME), STR("application/json"),
        STR("The facts of the case, for programs / 案件事实数据"), facts_text(m)};
    for (size_t i = 0; i < f->nexhibits; i++) {
        if (!f->exhibits[i].bytes.len)
            continue;
        m->parts[m->count++] = (struct pdf_attachment){
            str_format(m->arena, "exhibit-%03zu", i + 1), STR("application/octet-stream"),
            f->exhibits[i].exhibit.name, f->exhibits[i].bytes};
    }
}

/* What the exhibits within look like; one that can't be drawn is not shown. */
static const struct format_glance *take_glances(struct arena *arena, const struct case_facts *f)
{
    struct format_glance *glances = arena_array(arena, f->nexhibits + 1, struct format_glance);
    for (size_t i = 0; i < f->nexhibits; i++) {
        const struct case_held *held = &f->exhibits[i];
        if (held->bytes.len && format_see_glance(arena, held->exhibit.name, held->bytes,
                                                 &glances[i], &(struct error){0}))
            glances[i] = (struct format_glance){0};
    }
    return glances;
}

static void place_parts(const struct making *m, struct case_seal *seal)
{
    *seal = (struct case_seal){.facts = {m->at[0], m->parts[0].bytes.len}};
    for (size_t i = 1; i < m->count; i++)
        seal->files[seal->nfiles++] = (struct case_part){m->at[i], m->parts[i].bytes.len};
}

enum status case_make_file(struct arena *arena, struct store *store, const struct case_facts *facts,
                           enum case_tongue tongue, enum lang first, struct str *file,
                           struct error *err)
{
    struct making m = {.arena = arena, .facts = facts};
    struct case_seal seal;
    struct case_pages pages = case_compose(arena, facts, take_glances(arena, facts), tongue, first);
    take_parts(&m);
    struct pdf_options options = {.made_ms = facts->made_ms,
                                  .attachments = m.parts,
                                  .nattachments = m.count,
                                  .pictures = pages.pictures,
                                  .npictures = pages.npictures,
                                  .at = m.at,
                                  .line = CASE_SEAL_SIZE};
    enum status status = format_pdf_write(arena, &pages.doc, NULL, &options, file, err);
    if (status)
        return status;
    place_parts(&m, &seal);
    return case_seal(store, (char *)(uintptr_t)file->at, file->len, &seal, err);
}
