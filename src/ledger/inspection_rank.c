/* What a tour comes to: the sheets of its scorers, settled stop by stop by the tour's rule; see inspection.h. */
#include "ledger/inspection.h"

static void keep_standing(struct inspection_ranking *r)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->nstops; i++)
        if (!r->stops[i].removed_ms)
            r->stops[kept++] = r->stops[i];
    r->nstops = kept;
}

/* Where the score of a sheet belongs; SIZE_MAX: stop or scorer were taken out. */
static size_t place_of(const struct inspection_ranking *r, const struct filled *filled)
{
    size_t stop = 0;
    size_t scorer = 0;
    while (stop < r->nstops && r->stops[stop].id != filled->part)
        stop++;
    while (scorer < r->nscorers && r->scorers[scorer].member != filled->member)
        scorer++;
    return stop < r->nstops && scorer < r->nscorers ? stop * r->nscorers + scorer : SIZE_MAX;
}

static void enter_scores(struct inspection_ranking *r, const struct sheet *sheet,
                         struct filled *list, size_t count)
{
    for (size_t i = 0; i < r->nstops * r->nscorers; i++)
        r->scores[i] = (struct rank_score){RANK_NONE, r->scorers[i % r->nscorers].weight, 0};
    for (size_t i = 0; i < count; i++) {
        size_t at = place_of(r, &list[i]);
        if (at == SIZE_MAX)
            continue;
        r->filled[at] = &list[i];
        r->scores[at].score = filled_score(sheet, &list[i]);
    }
}

enum status ledger_rank_inspection(struct arena *arena, struct store *store,
                                   const struct inspection *inspection,
                                   struct inspection_ranking *r, struct error *err)
{
    struct sheet sheet;
    struct filled *list = NULL;
    size_t count = 0;
    int64_t line = inspection->line;
    *r = (struct inspection_ranking){0};
    enum status status = ledger_find_sheet_by_id(arena, store, inspection->sheet, &sheet, err);
    if (!status)
        status = ledger_list_stops(arena, store, line, &r->stops, &r->nstops, err);
    if (!status)
        status = ledger_list_scorers(arena, store, line, &r->scorers, &r->nscorers, err);
    if (!status)
        status = ledger_list_filled(arena, store, line, &list, &count, err);
    if (status)
        return status;
    keep_standing(r);
    r->filled = arena_array(arena, r->nstops * r->nscorers, struct filled *);
    r->scores = arena_array(arena, r->nstops * r->nscorers, struct rank_score);
    r->results = arena_array(arena, r->nstops, int64_t);
    r->places = arena_array(arena, r->nstops, size_t);
    enter_scores(r, &sheet, list, count);
    for (size_t i = 0; i < r->nstops; i++)
        r->results[i] = rank_settle(inspection->by, &r->scores[i * r->nscorers], r->nscorers);
    rank_place(r->results, r->nstops, r->places);
    return STATUS_OK;
}
