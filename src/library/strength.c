/* Strength from where the sites lie and how many marks a name takes; see strength.h. */
#include "library/strength.h"

#include <math.h>
#include <stdlib.h>

#include "base/number.h"
#include "base/unicode.h"
#include "mark/mark.h"

#define MILLION       1000000U
#define WINDOWS_BELOW 0.05 /* share of excerpts of the stated length that may hold fewer marks */

uint32_t library_visible_sites(const struct paper_sites *sites)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < sites->nsites; i++)
        count += !sites->sites[i].absent && !sites->sites[i].locked &&
                 paper_channel_is_visible(sites->sites[i].channel);
    return count;
}

unsigned library_plan_colluders(uint32_t visible_sites, uint64_t members)
{
    double among = members < 10000 ? 10000 : (double)members;
    for (unsigned c = MARK_COLLUDERS_MAX; c > MARK_COLLUDERS_MIN; c--) {
        uint32_t marks =
            mark_marks_for_colluders(c, c, among, STRENGTH_FALSE_ALARM, STRENGTH_ERROR_RATE);
        if (marks && (uint64_t)marks * 3 / 2 <= visible_sites)
            return c;
    }
    return MARK_COLLUDERS_MIN;
}

/* Where marks lie: character offsets of the places of unlocked visible sites. A wide site counts
 * at its first place only, which errs towards asking for a longer excerpt. */
struct spots {
    size_t *at;
    size_t count;
    size_t characters;
};

static struct spots find_spots(struct arena *arena, const struct paper_doc *doc,
                               const struct paper_sites *sites)
{
    struct spots spots = {arena_array(arena, sites->nplaces + 1, size_t), 0, 0};
    bool *seen = arena_array(arena, (size_t)sites->nsites + 1, bool);
    struct folded folded = unicode_fold(arena, doc->text);
    spots.characters = folded.count;
    size_t character = 0;
    for (size_t i = 0; i < sites->nplaces; i++) {
        const struct paper_place *place = &sites->places[i];
        const struct paper_site *site = &sites->sites[place->site];
        while (character < folded.count && folded.from[character] < place->at)
            character++;
        if (site->locked || !paper_channel_is_visible(site->channel) || seen[place->site])
            continue;
        seen[place->site] = true;
        spots.at[spots.count++] = character;
    }
    return spots;
}

static int by_size(const void *a, const void *b)
{
    size_t x = *(const size_t *)a;
    size_t y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* Characters of an excerpt that holds `marks` readable marks wherever it is taken, but for the
 * sparsest twentieth of places; 0 when the whole text holds fewer. */
static size_t excerpt_for(struct arena *arena, const struct spots *spots, uint32_t marks)
{
    size_t need = (size_t)ceil(marks / STRENGTH_READ_SHARE);
    if (need == 0 || spots->count < need)
        return 0;
    size_t windows = spots->count - need + 1;
    size_t *lengths = arena_array(arena, windows, size_t);
    for (size_t i = 0; i < windows; i++) {
        /* An excerpt begins anywhere, on average half a gap before its first mark. */
        size_t before = i ? spots->at[i - 1] : 0;
        lengths[i] = spots->at[i + need - 1] - before + 1;
    }
    qsort(lengths, windows, sizeof *lengths, by_size);
    return lengths[(size_t)((double)(windows - 1) * (1 - WINDOWS_BELOW))];
}

/* Members who may combine copies of which `marks` marks can be read, one still being named. */
static unsigned coalition_for(unsigned colluders, double marks, double members)
{
    unsigned most = 0;
    if (mark_marks_for_single(colluders, members, STRENGTH_FALSE_ALARM, STRENGTH_ERROR_RATE) <=
        marks)
        most = 1;
    for (unsigned c = 2; most == c - 1 && c <= MARK_COLLUDERS_MAX; c++) {
        uint32_t need = mark_marks_for_colluders(colluders, c, members, STRENGTH_FALSE_ALARM,
                                                 STRENGTH_ERROR_RATE);
        if (need && need <= marks)
            most = c;
    }
    return most;
}

static uint32_t marks_wanted(unsigned colluders, unsigned coalition, double members)
{
    uint32_t need =
        coalition == 0
            ? mark_marks_for_single(colluders, members, STRENGTH_FALSE_ALARM, STRENGTH_ERROR_RATE)
            : mark_marks_for_colluders(colluders > coalition ? colluders : coalition + 1,
                                       coalition + 1, members, STRENGTH_FALSE_ALARM,
                                       STRENGTH_ERROR_RATE);
    return (uint32_t)ceil(need / STRENGTH_READ_SHARE);
}

/* What print and scan leave: words, order and punctuation, and most of the layout. */
static void measure_pages(struct strength *s, enum lang lang, unsigned colluders, double members)
{
    uint32_t layout = s->sites[PAPER_LAYOUT];
    s->page_characters = lang == LANG_ZH ? STRENGTH_PAGE_ZH : STRENGTH_PAGE_EN;
    if (s->characters == 0)
        return;
    double pages = (double)s->characters / (double)s->page_characters;
    double whole = fmax(pages, 1); /* a short paper has one page, and no more marks than it holds */
    s->page_layout = (uint32_t)(layout / whole);
    s->page_marks = (uint32_t)((s->visible + layout) / whole);
    double tells = s->visible * STRENGTH_SCAN_WORDS +
                   layout * STRENGTH_SCAN_LAYOUT * mark_doubt_worth(STRENGTH_SCAN_DOUBT);
    uint32_t need =
        mark_marks_for_single(colluders, members, STRENGTH_FALSE_ALARM, STRENGTH_ERROR_RATE);
    if (need && tells >= need)
        s->scan_pages = (uint32_t)ceil(need / (tells / whole));
}

struct strength library_measure_strength(struct arena *arena, const struct paper_doc *doc,
                                         const struct paper_sites *sites, unsigned colluders,
                                         uint64_t members)
{
    struct strength s = {.members = members, .visible = library_visible_sites(sites)};
    for (uint32_t i = 0; i < sites->nsites; i++) {
        const struct paper_site *site = &sites->sites[i];
        if (!site->absent && site->locked)
            s.locked++;
        else if (!site->absent)
            s.sites[site->channel]++;
    }
    struct spots spots = find_spots(arena, doc, sites);
    double present = members < 2 ? 2 : (double)members;
    s.characters = spots.characters;
    s.excerpt_present = excerpt_for(
        arena, &spots,
        mark_marks_for_single(colluders, present, STRENGTH_FALSE_ALARM, STRENGTH_ERROR_RATE));
    s.excerpt_million = excerpt_for(
        arena, &spots,
        mark_marks_for_single(colluders, MILLION, STRENGTH_FALSE_ALARM, STRENGTH_ERROR_RATE));
    measure_pages(&s, doc->lang, colluders, present);
    double marks = s.visible * STRENGTH_READ_SHARE;
    s.coalition = coalition_for(colluders, marks, present);
    s.coalition_million = coalition_for(colluders, marks, MILLION);
    if (s.coalition < MARK_COLLUDERS_MAX)
        s.wanted = marks_wanted(colluders, s.coalition, present);
    return s;
}

static void say_scan(struct buf *out, const struct strength *s, bool zh)
{
    if (s->scan_pages && zh)
        buf_format(out, "；扫描 %u 页即可在现有成员中认定一名泄露者", s->scan_pages);
    else if (s->scan_pages == 1)
        buf_add(out, STR("; one page scanned names one leaker among the present members"));
    else if (s->scan_pages)
        buf_format(out, "; %u pages scanned name one leaker among the present members",
                   s->scan_pages);
    else
        buf_add(out, zh ? STR("；即使扫描全文，也不能可靠认定一名泄露者")
                        : STR("; even the whole text scanned does not surely name one leaker"));
}

struct str library_picture_words(struct arena *arena, const struct strength *s, enum lang lang)
{
    bool zh = lang == LANG_ZH;
    struct buf out = {.arena = arena};
    if (s->page_marks == 0)
        return zh ? STR("打印、扫描后没有可辨读的标记。")
                  : STR("No mark of it survives print and scan.");
    buf_add(&out, zh ? STR("A4 页面（约 ") : STR("An A4 page of some "));
    number_write(&out, (int64_t)s->page_characters);
    buf_format(&out,
               zh ? " 字）约有 %u 处标记经打印、扫描仍可辨读"
                  : " characters holds about %u marks that survive print and scan",
               s->page_marks);
    if (s->page_layout)
        buf_format(&out, zh ? "，其中版式 %u 处" : ", %u of them in the layout", s->page_layout);
    if (s->members)
        say_scan(&out, s, zh);
    buf_add(&out, zh ? STR("。") : STR("."));
    if (s->page_layout)
        buf_add(&out, zh ? STR("隐形标记会丢失；DOCX 另存后则全部保留。")
                         : STR(" What is hidden is lost; a DOCX that is saved again keeps all."));
    return buf_str(&out);
}
