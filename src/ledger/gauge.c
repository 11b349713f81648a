/* Units and what they are worth in each other; see gauge.h. */
#include "ledger/gauge.h"

#include "base/embed.h"
#include "ledger/clash.h"

extern const struct embedded measure_files[];

struct gauge {
    struct str word; /* folded */
    struct str kind;
    double factor;
};
struct gauges {
    struct gauge *at;
    size_t count;
};

/* "1000", "2000/3". */
static bool read_factor(struct str text, double *factor)
{
    struct str over;
    double under = 1;
    if (!str_split(&text, '/', &over) || !str_to_double(over, factor) ||
        (text.len && !str_to_double(text, &under)) || under <= 0)
        return false;
    *factor /= under;
    return *factor > 0;
}

static const struct gauge *find(const struct gauges *g, struct str word)
{
    for (size_t i = 0; i < g->count; i++)
        if (str_equal(g->at[i].word, word))
            return &g->at[i];
    return NULL;
}

static bool add_words(struct arena *arena, struct gauges *g, struct str kind, double factor,
                      struct str words)
{
    struct str word;
    bool some = false;
    while (str_split(&words, '|', &word)) {
        struct str folded = clash_fold_name(arena, word);
        if (!folded.len || find(g, folded))
            return false;
        g->at = arena_one_more(arena, g->at, g->count, sizeof *g->at);
        g->at[g->count++] = (struct gauge){folded, kind, factor};
        some = true;
    }
    return some;
}

enum status gauge_read(struct arena *arena, const char *file, struct str text,
                       const struct gauges **gauges, struct error *err)
{
    struct gauges *g = arena_new(arena, struct gauges);
    struct str line;
    for (unsigned number = 1; str_split(&text, '\n', &line); number++) {
        struct str kind;
        struct str amount;
        double factor;
        if (line.len == 0 || line.at[0] == '#')
            continue;
        if (!str_split(&line, '\t', &kind) || !str_split(&line, '\t', &amount) || !kind.len ||
            !read_factor(amount, &factor) || !add_words(arena, g, kind, factor, line))
            return error_set(err, STATUS_DAMAGED,
                             "%s, line %u: this is no row of units, or one of them stands twice.",
                             "%s 第 %u 行：不是计量单位规则，或有单位重复。", file, number);
    }
    *gauges = g;
    return STATUS_OK;
}

enum status gauge_load(struct arena *arena, const struct gauges **gauges, struct error *err)
{
    return gauge_read(arena, measure_files[0].name,
                      (struct str){measure_files[0].at, measure_files[0].len}, gauges, err);
}

bool gauge_comparable(const struct gauges *gauges, struct str one, struct str other, double *of_one,
                      double *of_other)
{
    const struct gauge *a = find(gauges, one);
    const struct gauge *b = find(gauges, other);
    *of_one = *of_other = 1;
    if (str_equal(one, other))
        return true;
    if (!a || !b || !str_equal(a->kind, b->kind))
        return false;
    *of_one = a->factor;
    *of_other = b->factor;
    return true;
}
