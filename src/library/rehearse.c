/* Rehearsals; see rehearse.h. */
#include "library/rehearse.h"

#include <stdlib.h>
#include <time.h>

#include "format/format.h"
#include "format/office.h"
#include "library/strength.h"
#include "paper/align.h"
#include "paper/attack.h"

#define MADE_UP_FIRST 0x80000000U /* beyond the number of any real member */
#define COALITION_MAX 5

/* What all trials share. */
struct stage {
    const struct edition_text *text;
    const struct rehearsal *plan;
    struct mark_code *code;
    struct stamp_plan *press;
    struct format_press *printer; /* NULL: no pictures are asked for */
    struct format_press
        *typist; /* of Word copies; NULL: LibreOffice is not there or not asked for */
    struct lattice *lattice;
    uint32_t *members;
    struct str other; /* text of another paper, to paste together with; empty when there is none */
    struct attack_dice dice;
};

/* Pages as they are seen: words with doubts, the layout measured with noise, as marks of copies were found to be measured in
 * pictures of them. */
struct measured {
    const char *en, *zh;
    bool mixed;     /* copies of several, each place from one of them at random */
    unsigned count; /* seen; 0: all of them */
    struct attack_page how;
};
static const struct measured simulated[] = {
    {.en = "saved again as DOCX (layout measured)",
     .zh = "DOCX 另存（量测版式）",
     .how = {.noise = 0.004, .stretch = 1}},
    {.en = "two pages scanned (simulated)",
     .zh = "扫描两页（模拟）",
     .count = 2,
     .how = {.noise = 0.02, .stretch = 1, .lost = 0.25, .doubtful = 0.05}},
    {.en = "three pages photographed (simulated)",
     .zh = "拍照三页（模拟）",
     .count = 3,
     .how = {.noise = 0.03, .stretch = 1.02, .lost = 0.25, .doubtful = 0.12}},
    {.en = "mixed at random, scanned (simulated)",
     .zh = "随机混合后扫描（模拟）",
     .mixed = true,
     .how = {.noise = 0.02, .stretch = 1, .lost = 0.25, .doubtful = 0.05}},
};
#define SIMULATED (sizeof simulated / sizeof *simulated)

/* What LibreOffice makes of a Word copy. */
struct saving {
    enum format_kind kind;
    const char *name; /* of the file, as an exhibit */
    const char *en, *zh;
};
static const struct saving savings[] = {
    {FORMAT_DOCX, "copy.docx", "Word copy saved again by LibreOffice",
     "Word 副本经 LibreOffice 另存"},
    {FORMAT_PDF, "copy.pdf", "Word copy printed to PDF by LibreOffice",
     "Word 副本经 LibreOffice 打印为 PDF"},
};
#define SAVINGS (sizeof savings / sizeof *savings)

/* A row of the table: one way to deal with one copy, or to mix several. */
struct way {
    unsigned pages;             /* so many pages of the printed copy are brought back … */
    enum format_way back;       /* … this way; 0: … */
    const struct saving *saved; /* the Word copy is opened in LibreOffice and saved; NULL: … */
    const struct measured *measured; /* the copy is seen as these pages, simulated; NULL: … */
    bool pasted;                     /* the text is pasted together with another paper; else … */
    enum attack_kind kind;           /* … this is done to the text */
    enum attack_mix mix;
    unsigned leakers;
};

static void set_stage(struct arena *arena, struct store *store, const struct edition_text *text,
                      const struct rehearsal *plan, struct stage *stage)
{
    const struct format_frame no_frame = {0};
    *stage = (struct stage){
        .text = text,
        .plan = plan,
        .code = library_edition_code(arena, store, &text->edition),
        .press = format_write(arena, &text->doc, &text->sites, &no_frame, FORMAT_TEXT),
        .lattice = paper_lattice_make(arena, &text->doc, &text->sites),
        .members = arena_array(arena, plan->members, uint32_t),
        .dice = {plan->seed},
    };
    for (uint32_t i = 0; i < plan->members; i++)
        stage->members[i] = MADE_UP_FIRST + i;
}

/* The newest other paper in the same language. */
static enum status load_other(struct arena *arena, struct store *store, struct stage *stage,
                              struct error *err)
{
    const struct edition *own = &stage->text->edition;
    struct edition *all;
    size_t count;
    struct edition_text other;
    enum status status = library_list_papers(arena, store, &all, &count, err);
    while (!status && count > 0) {
        const struct edition *e = &all[--count];
        if (e->paper == own->paper || e->lang != own->lang)
            continue;
        status = library_load_edition(arena, store, e, &other, err);
        if (!status)
            stage->other = other.doc.text;
        break;
    }
    return status;
}

/* The copy with the other paper's beginning before it and the rest behind. */
static struct str paste_together(struct arena *arena, struct str leaked, struct str other)
{
    struct buf out = {.arena = arena};
    size_t cut = str_find(other, STR("\n"), other.len / 2);
    if (cut == SIZE_MAX)
        cut = 0;
    buf_add(&out, str_slice(other, 0, cut));
    buf_add(&out, STR("\n"));
    buf_add(&out, leaked);
    buf_add(&out, STR("\n"));
    buf_add(&out, str_slice(other, cut, other.len));
    return buf_str(&out);
}

static void draw_leakers(struct stage *stage, uint32_t *leakers, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        bool again = true;
        while (again) {
            leakers[i] =
                MADE_UP_FIRST + (uint32_t)(attack_roll(&stage->dice) % stage->plan->members);
            again = false;
            for (unsigned k = 0; k < i; k++)
                again |= leakers[k] == leakers[i];
        }
    }
}

/* As if it were the print: what pictures of some of its pages, one behind the other, show. */
static enum status see_pages(struct arena *arena, struct stage *stage, const struct way *way,
                             const uint8_t *bits, struct rehearsal_row *row,
                             struct paper_seen *seen, struct error *err)
{
    struct format_seen found;
    struct timespec from;
    struct timespec to;
    const struct format_journey journey = {.way = way->back,
                                           .seed = attack_roll(&stage->dice) >> 1,
                                           .first = (unsigned)(attack_roll(&stage->dice) >> 40),
                                           .pages = way->pages};
    (void)clock_gettime(CLOCK_MONOTONIC, &from);
    struct str pdf = format_press_write(stage->printer, arena, bits, NULL);
    enum status status = format_see_printed(arena, pdf, &journey, NULL, &found, err);
    (void)clock_gettime(CLOCK_MONOTONIC, &to);
    row->pictured = true;
    row->seconds += (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    *seen = found.seen;
    return status;
}

/* As LibreOffice leaves it. */
static enum status see_saved(struct arena *arena, struct stage *stage, const struct saving *saving,
                             const uint8_t *bits, struct paper_seen *seen, struct error *err)
{
    struct format_seen found;
    struct str bytes;
    struct str docx = format_press_write(stage->typist, arena, bits, NULL);
    enum status status = format_office_save(arena, docx, saving->kind, &bytes, err);
    if (!status)
        status = format_see(arena, str_of(saving->name), bytes, NULL, &found, err);
    if (!status)
        *seen = found.seen;
    return status;
}

static struct str leaked_text(struct arena *arena, struct stage *stage, const uint8_t *bits)
{
    char *out = arena_take(arena, stamp_plan_room(stage->press));
    return (struct str){out, stamp_plan_write(stage->press, bits, out)};
}

static void count_reading(const struct stage *stage, const struct reading *reading,
                          uint8_t *const *bits, unsigned leakers, struct rehearsal_row *row)
{
    const struct paper_sites *sites = &stage->text->sites;
    for (uint32_t i = 0; i < sites->nsites; i++) {
        if (sites->sites[i].locked || sites->sites[i].absent)
            continue;
        row->sites++;
        if (reading->read[i] == MARK_ERASED)
            continue;
        bool anyones = false;
        for (unsigned k = 0; k < leakers; k++)
            anyones |= bits[k][i] == reading->read[i];
        row->read++;
        row->misread += !anyones;
    }
}

static void count_names(const struct mark_finding *finding, const uint32_t *leakers, unsigned count,
                        struct rehearsal_row *row)
{
    unsigned named = 0;
    for (size_t i = 0; i < finding->naccused; i++) {
        bool guilty = false;
        for (unsigned k = 0; k < count; k++)
            guilty |= finding->accused[i].member == leakers[k];
        named += guilty;
        row->wrong += !guilty;
    }
    row->leakers_named += named;
    row->caught += named > 0;
}

static enum status trace_seen(struct arena *arena, struct stage *stage,
                              const struct paper_seen *seen, uint8_t *const *bits,
                              const uint32_t *leakers, struct rehearsal_row *row, struct error *err)
{
    struct reading reading;
    paper_read_marks(arena, stage->lattice, seen, &reading);
    count_reading(stage, &reading, bits, row->leakers, row);
    struct mark_evidence evidence = {stage->code, reading.read, reading.doubt};
    struct mark_finding finding;
    enum status status = mark_accuse(arena, &evidence, 1, stage->members, stage->plan->members,
                                     stage->plan->false_alarm, &finding, err);
    if (!status)
        count_names(&finding, leakers, row->leakers, row);
    return status;
}

/* The copy as simulated pages show it. */
static struct paper_seen measured_pages(struct arena *arena, struct stage *stage,
                                        const struct way *way, const uint8_t *bits)
{
    const struct paper_doc *doc = &stage->text->doc;
    struct attack_page how = way->measured->how;
    how.characters =
        way->measured->count * (doc->lang == LANG_ZH ? STRENGTH_PAGE_ZH : STRENGTH_PAGE_EN);
    return attack_measure(arena, doc, &stage->text->sites, bits, &how, &stage->dice);
}

/* The leaked text with done to it what the way says. */
static struct str attacked_text(struct arena *arena, struct stage *stage, const struct way *way,
                                const uint8_t *bits)
{
    struct str leaked = leaked_text(arena, stage, bits);
    if (way->pasted)
        leaked = paste_together(arena, leaked, stage->other);
    return attack_text(arena, leaked, stage->text->doc.lang, way->kind, &stage->dice);
}

/* One trial: draws the leakers, makes what they leak, traces it. */
static enum status one_trial(struct arena *arena, struct stage *stage, const struct way *way,
                             struct rehearsal_row *row, struct error *err)
{
    uint32_t nsites = stage->text->sites.nsites;
    uint32_t leakers[COALITION_MAX];
    uint8_t *bits[COALITION_MAX];
    draw_leakers(stage, leakers, row->leakers);
    for (unsigned k = 0; k < row->leakers; k++) {
        bits[k] = arena_array(arena, (size_t)nsites + 1, uint8_t);
        mark_codeword(stage->code, leakers[k], bits[k]);
        stamp_apply_locks(&stage->text->sites, bits[k]);
    }
    uint8_t *mixed = bits[0];
    if (row->leakers > 1) {
        mixed = arena_array(arena, (size_t)nsites + 1, uint8_t);
        attack_mix_bits(&stage->text->doc, &stage->text->sites, (const uint8_t *const *)bits,
                        row->leakers, way->mix, &stage->dice, mixed);
    }
    struct paper_seen seen;
    enum status status = STATUS_OK;
    if (way->pages)
        status = see_pages(arena, stage, way, mixed, row, &seen, err);
    else if (way->saved)
        status = see_saved(arena, stage, way->saved, mixed, &seen, err);
    else if (way->measured)
        seen = measured_pages(arena, stage, way, mixed);
    else
        seen = paper_seen_text(attacked_text(arena, stage, way, mixed));
    row->trials += !status;
    return status ? status : trace_seen(arena, stage, &seen, bits, leakers, row, err);
}

static enum status run_row(struct stage *stage, const struct way *way, struct rehearsal_row *row,
                           struct error *err)
{
    struct arena *arena = arena_make();
    enum status status = STATUS_OK;
    unsigned trials = way->pages   ? stage->plan->pictured
                      : way->saved ? stage->plan->office
                                   : stage->plan->trials;
    for (unsigned i = 0; !status && i < trials; i++) {
        status = one_trial(arena, stage, way, row, err);
        arena_reset(arena);
    }
    arena_free(arena);
    return status;
}

static bool asked_to_stop(const struct rehearsal *plan, size_t done, size_t all)
{
    return plan->stop && plan->stop(plan->context, done, all);
}

/* Two pages scanned, three photographed, two screens. */
static size_t list_journeys(const struct rehearsal *plan, struct way *ways)
{
    size_t n = 0;
    for (unsigned back = 0; back < FORMAT_WAYS; back++)
        if (!plan->only || *plan->only == back)
            ways[n++] = (struct way){.pages = back == FORMAT_WAY_PHOTOGRAPH ? 3 : 2,
                                     .back = (enum format_way)back,
                                     .leakers = 1};
    return n;
}

static bool has_layout(const struct paper_sites *sites)
{
    for (uint32_t i = 0; i < sites->nsites; i++)
        if (sites->sites[i].channel == PAPER_LAYOUT && !sites->sites[i].absent)
            return true;
    return false;
}

/* The rows of pages seen; those that show the layout only, where the paper has marks in it. */
static size_t add_simulated(const struct stage *stage, const struct measured *pages,
                            struct way *ways)
{
    size_t n = 0;
    if (pages->how.doubtful == 0 && !has_layout(&stage->text->sites))
        return 0;
    for (unsigned leakers = pages->mixed ? 2 : 1; leakers <= (pages->mixed ? COALITION_MAX : 1);
         leakers++)
        ways[n++] = (struct way){.measured = pages, .mix = MIX_RANDOM, .leakers = leakers};
    return n;
}

/* All rows, in the order of the table. */
static size_t list_ways(const struct stage *stage, struct way *ways)
{
    size_t n = 0;
    if (stage->plan->pictured)
        n = list_journeys(stage->plan, ways);
    for (size_t i = 0; stage->typist && i < SAVINGS; i++)
        ways[n++] = (struct way){.saved = &savings[i], .leakers = 1};
    if (!stage->plan->trials)
        return n;
    for (unsigned kind = 0; kind < ATTACK_SINGLES; kind++) {
        ways[n++] = (struct way){.kind = (enum attack_kind)kind, .leakers = 1};
        if (kind == ATTACK_EMBED && stage->other.len)
            ways[n++] = (struct way){.pasted = true, .kind = ATTACK_PASTE, .leakers = 1};
    }
    for (size_t i = 0; i < SIMULATED; i++)
        n += add_simulated(stage, &simulated[i], ways + n);
    for (unsigned leakers = 2; leakers <= COALITION_MAX; leakers++)
        for (unsigned mix = 0; mix < ATTACK_MIXES; mix++)
            ways[n++] = (struct way){
                .kind = ATTACK_RETYPE, .mix = (enum attack_mix)mix, .leakers = leakers};
    return n;
}

static const char *way_name(const struct way *way, enum lang lang)
{
    if (way->pages)
        return format_way_name(way->back, lang);
    if (way->saved)
        return lang_pick(lang, way->saved->en, way->saved->zh);
    if (way->measured)
        return lang_pick(lang, way->measured->en, way->measured->zh);
    if (way->pasted)
        return lang_pick(lang, "two papers pasted together", "与另一份文稿拼在一起");
    return way->leakers > 1 ? attack_mix_name(way->mix, lang) : attack_name(way->kind, lang);
}

/* Word copies as members get them: in the likeness of the original, where there is one. */
static enum status make_typist(struct arena *arena, struct store *store, struct stage *stage,
                               struct error *err)
{
    const struct edition_text *text = stage->text;
    struct str original = STR("");
    enum status status = STATUS_OK;
    if (text->edition.has_original)
        status = store_get_blob(arena, store, &text->edition.original, &original, err);
    if (!status)
        status = format_press_make(arena, &text->doc, &text->sites, NULL, original, FORMAT_DOCX,
                                   &stage->typist, err);
    return status;
}

enum status library_rehearse(struct arena *arena, struct store *store,
                             const struct edition_text *text, const struct rehearsal *plan,
                             struct rehearsal_row **rows, size_t *count, struct error *err)
{
    struct way ways[FORMAT_WAYS + SAVINGS + ATTACK_SINGLES + 1 +
                    COALITION_MAX * (SIMULATED + ATTACK_MIXES)];
    struct stage stage;
    *count = 0;
    if (plan->members < COALITION_MAX)
        return error_set(err, STATUS_USAGE, "A rehearsal takes at least %d made-up members.",
                         "演练至少需要 %d 名虚拟成员。", COALITION_MAX);
    set_stage(arena, store, text, plan, &stage);
    enum status status = load_other(arena, store, &stage, err);
    if (!status && plan->pictured)
        status = format_press_make(arena, &text->doc, &text->sites, NULL, STR(""), FORMAT_PDF,
                                   &stage.printer, err);
    if (!status && plan->office && format_office_there())
        status = make_typist(arena, store, &stage, err);
    if (status)
        return status;
    const size_t all = list_ways(&stage, ways);
    *rows = arena_array(arena, all, struct rehearsal_row);
    for (size_t i = 0; !status && i < all; i++) {
        struct rehearsal_row *row = &(*rows)[i];
        row->en = way_name(&ways[i], LANG_EN);
        row->zh = way_name(&ways[i], LANG_ZH);
        row->leakers = ways[i].leakers;
        if (asked_to_stop(plan, i, all))
            return error_set(err, STATUS_INTERRUPTED, "Stopped. Nothing was changed.",
                             "已停止，未作任何更改。");
        status = run_row(&stage, &ways[i], row, err);
        *count += !status;
    }
    return status;
}
