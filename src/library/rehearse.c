/* Rehearsals; see rehearse.h. */
#include "library/rehearse.h"

#include <stdlib.h>

#include "format/format.h"
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
    struct lattice *lattice;
    uint32_t *members;
    struct attack_dice dice;
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

static enum status trace_text(struct arena *arena, struct stage *stage, struct str found,
                              uint8_t *const *bits, const uint32_t *leakers,
                              struct rehearsal_row *row, struct error *err)
{
    struct reading reading;
    paper_read_marks(arena, stage->lattice, found, &reading);
    count_reading(stage, &reading, bits, row->leakers, row);
    struct mark_evidence evidence = {stage->code, reading.read};
    struct mark_finding finding;
    enum status status = mark_accuse(arena, &evidence, 1, stage->members, stage->plan->members,
                                     stage->plan->false_alarm, &finding, err);
    if (!status)
        count_names(&finding, leakers, row->leakers, row);
    return status;
}

/* One trial: draws the leakers, makes what they leak, traces it. */
static enum status one_trial(struct arena *arena, struct stage *stage, enum attack_kind kind,
                             enum attack_mix mix, struct rehearsal_row *row, struct error *err)
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
                        row->leakers, mix, &stage->dice, mixed);
    }
    struct str leaked = leaked_text(arena, stage, mixed);
    struct str found = attack_text(arena, leaked, stage->text->doc.lang, kind, &stage->dice);
    row->trials++;
    return trace_text(arena, stage, found, bits, leakers, row, err);
}

static enum status run_row(struct stage *stage, enum attack_kind kind, enum attack_mix mix,
                           struct rehearsal_row *row, struct error *err)
{
    struct arena *arena = arena_make();
    enum status status = STATUS_OK;
    for (unsigned i = 0; !status && i < stage->plan->trials; i++) {
        status = one_trial(arena, stage, kind, mix, row, err);
        arena_reset(arena);
    }
    arena_free(arena);
    return status;
}

static bool asked_to_stop(const struct rehearsal *plan, size_t done, size_t all)
{
    return plan->stop && plan->stop(plan->context, done, all);
}

enum status library_rehearse(struct arena *arena, struct store *store,
                             const struct edition_text *text, const struct rehearsal *plan,
                             struct rehearsal_row **rows, size_t *count, struct error *err)
{
    static const unsigned coalitions[] = {2, 3, 4, 5};
    const size_t sizes = sizeof coalitions / sizeof *coalitions;
    const size_t all = ATTACK_SINGLES + sizes * ATTACK_MIXES;
    if (plan->members < COALITION_MAX)
        return error_set(err, STATUS_USAGE, "A rehearsal takes at least %d made-up members.",
                         "演练至少需要 %d 名虚拟成员。", COALITION_MAX);
    struct stage stage;
    set_stage(arena, store, text, plan, &stage);
    *rows = arena_array(arena, all, struct rehearsal_row);
    *count = 0;
    for (size_t i = 0; i < all; i++) {
        struct rehearsal_row *row = &(*rows)[i];
        bool single = i < ATTACK_SINGLES;
        size_t k = single ? 0 : i - ATTACK_SINGLES;
        enum attack_kind kind = single ? (enum attack_kind)i : ATTACK_RETYPE;
        enum attack_mix mix = (enum attack_mix)(k % ATTACK_MIXES);
        row->en = single ? attack_name(kind, LANG_EN) : attack_mix_name(mix, LANG_EN);
        row->zh = single ? attack_name(kind, LANG_ZH) : attack_mix_name(mix, LANG_ZH);
        row->leakers = single ? 1 : coalitions[k / ATTACK_MIXES];
        if (asked_to_stop(plan, i, all))
            return error_set(err, STATUS_INTERRUPTED, "Stopped. Nothing was changed.",
                             "已停止，未作任何更改。");
        enum status status = run_row(&stage, kind, mix, row, err);
        if (status)
            return status;
        (*count)++;
    }
    return STATUS_OK;
}
