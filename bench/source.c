/* How long does it take to find an excerpt's source among very many papers?
 *
 * Fills an index incrementally with made-up papers (words drawn from a Zipf-like vocabulary of
 * random Han pairs, so that grams recur as they do in prose), then searches 300-character excerpts in
 * which every twentieth character is another. Prints `source_search_ms<TAB>ms<TAB>detail`. The limit
 * is 100 ms at 100,000 papers; CHANCERY_BENCH_PAPERS sets another number. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/utf8.h"
#include "library/source.h"
#include "paper/attack.h"

#define PAPER_CHARACTERS   1500
#define EXCERPT_CHARACTERS 300
#define SEARCHES           41
#define VOCABULARY         20000U
#define PAPERS_PER_COMMIT  2000

static double seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint32_t draw_word(struct attack_dice *dice)
{
    double u = attack_chance(dice);
    return (uint32_t)((double)VOCABULARY * u * u * u); /* few words often, many rarely */
}

static struct str make_paper(struct arena *arena, uint64_t seed)
{
    struct attack_dice first = {seed};
    struct attack_dice dice = {attack_roll(&first)}; /* neighbours' streams must not overlap */
    struct buf text = {.arena = arena};
    for (unsigned i = 0; i < PAPER_CHARACTERS / 2; i++) {
        uint32_t word = draw_word(&dice);
        buf_add_code(&text, 0x4E00 + word * 7919U % 6000);
        buf_add_code(&text, 0x4E00 + word * 104729U % 6000);
    }
    return buf_str(&text);
}

static struct str make_excerpt(struct arena *arena, struct str paper, struct attack_dice *dice)
{
    struct buf text = {.arena = arena};
    size_t start = (size_t)(attack_roll(dice) % (PAPER_CHARACTERS - EXCERPT_CHARACTERS)) * 3;
    for (size_t pos = start, i = 0; i < EXCERPT_CHARACTERS; i++) {
        uint32_t code = utf8_next(paper, &pos);
        buf_add_code(&text, i % 20 == 7 ? 0x4E00 + (uint32_t)(attack_roll(dice) % 6000) : code);
    }
    return buf_str(&text);
}

static void must(enum status status, const struct error *err)
{
    if (status) {
        (void)fprintf(stderr, "%s\n", err->en);
        exit(1);
    }
}

static double fill(struct store *store, uint64_t papers)
{
    struct error err;
    struct arena *arena = arena_make();
    double start = seconds();
    for (uint64_t i = 1; i <= papers; i++) {
        if (i % PAPERS_PER_COMMIT == 1)
            must(store_begin(store, &err), &err);
        must(source_index_add(arena, store, (int64_t)i, 1, make_paper(arena, i), &err), &err);
        arena_reset(arena);
        if (i % PAPERS_PER_COMMIT == 0 || i == papers)
            must(store_commit(store, &err), &err);
    }
    arena_free(arena);
    return seconds() - start;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(void)
{
    char dir[] = "/tmp/chancery-bench-XXXXXX";
    const char *wanted = getenv("CHANCERY_BENCH_PAPERS");
    uint64_t papers = wanted ? strtoull(wanted, NULL, 10) : 100000;
    struct error err;
    struct store *store;
    struct attack_dice dice = {42};
    if (!mkdtemp(dir) || papers == 0)
        return 1;
    must(store_create(dir, &err), &err);
    must(store_open(dir, &store, &err), &err);
    double filled = fill(store, papers);
    double times[SEARCHES];
    unsigned found = 0;
    for (unsigned i = 0; i < SEARCHES; i++) {
        struct arena *arena = arena_make();
        uint64_t paper = 1 + attack_roll(&dice) % papers;
        struct str excerpt = make_excerpt(arena, make_paper(arena, paper), &dice);
        struct source_candidate *candidates;
        size_t count;
        double start = seconds();
        must(source_index_search(arena, store, excerpt, 5, &candidates, &count, &err), &err);
        times[i] = (seconds() - start) * 1e3;
        found += count && candidates[0].paper == (int64_t)paper;
        arena_free(arena);
    }
    qsort(times, SEARCHES, sizeof *times, by_size);
    printf("source_search_ms\t%.2f\tmedian of %d searches among %" PRIu64
           " papers (greatest %.2f ms), %u found; filled at %.0f papers/s\n",
           times[SEARCHES / 2], SEARCHES, papers, times[SEARCHES - 1], found,
           (double)papers / filled);
    store_close(store);
    char command[64];
    (void)snprintf(command, sizeof command, "rm -rf %s", dir);
    return system(command) || found < SEARCHES;
}
