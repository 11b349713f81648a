/* The lexicon: its format's mistakes are named, and the data holds to its own rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/unicode.h"
#include "paper/lexicon.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static struct str read_file(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    struct buf buf = {.arena = arena};
    char piece[8192];
    if (!file)
        return STR("");
    for (size_t n; (n = fread(piece, 1, sizeof piece, file)) > 0;)
        buf_add(&buf, (struct str){piece, n});
    (void)fclose(file);
    return buf_str(&buf);
}

static struct paper_lexicon *read_lexicon(struct arena *arena)
{
    static const char *const kinds[] = {"word", "order", "punct", "glyph", "locks", "guard"};
    struct paper_lexicon *lexicon = paper_lexicon_make(arena);
    for (int lang = 0; lang < LANG_COUNT; lang++)
        for (size_t i = 0; i < LENGTH(kinds); i++) {
            struct str name = str_format(arena, "%s-%s.txt", lang_code((enum lang)lang), kinds[i]);
            struct str text =
                read_file(arena, str_format(arena, "%s/%.*s", LEXICON_DIR, STR_ARG(name)).at);
            struct error err = {0};
            if (paper_lexicon_add(lexicon, name, text, &err))
                fail_msg("%s", err.en);
        }
    return lexicon;
}

static void a_mistake_is_named_by_file_and_line(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } cases[] = {
        {"zh-word.txt", "推动/推进\teach\t-\tx\n推动\teach\t-\tx\n", "zh-word.txt, line 2"},
        {"zh-word.txt", "# 说明\n\n推动/推动\teach\t-\tx\n", "zh-word.txt, line 3"},
        {"zh-word.txt", "推动/推进\tsome\t-\tx\n", "zh-word.txt, line 1"},
        {"zh-word.txt", "推动/推进\teach\n", "zh-word.txt, line 1"},
        {"en-word.txt", "begin/start\teach\tnext=@none\tx\n", "en-word.txt, line 1"},
        {"en-word.txt", "begin/start\teach\tnear=x\tx\n", "en-word.txt, line 1"},
        {"en-word.txt", "@a\t@b\n@b\t@a\nbegin/start\teach\tnext=@a\tx\n", "en-word.txt, line 3"},
        {"en-word.txt", "@a\tx\n@a\ty\n", "en-word.txt, line 2"},
        {"zh-locks.txt", "高质量发展\n", "zh-locks.txt, line 1"},
        {"zh-word.txt", "推动/推进\teach\t-\tx\n\xFF\n", "zh-word.txt, line 2"},
        {"words.txt", "", "words.txt"},
        {"fr-word.txt", "", "fr-word.txt"},
    };
    (void)state;
    struct arena *arena = arena_make();
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct paper_lexicon *lexicon = paper_lexicon_make(arena);
        struct error err = {0};
        assert_int_equal(
            paper_lexicon_add(lexicon, str_of(cases[i].name), str_of(cases[i].text), &err),
            STATUS_INPUT);
        if (!strstr(err.en, cases[i].want))
            fail_msg("%s: %s", cases[i].want, err.en);
        assert_true(err.zh[0]);
        assert_int_equal(paper_lexicon_count(lexicon, LANG_ZH), 0);
    }
    arena_free(arena);
}

/* The sites of one paragraph under one small lexicon, as "old>new" joined by spaces. */
static struct str found_by(struct arena *arena, const char *name, const char *entries,
                           const char *text)
{
    struct paper_lexicon *lexicon = paper_lexicon_make(arena);
    struct error err = {0};
    struct paper_block block = {.kind = PAPER_PARAGRAPH, .len = strlen(text)};
    struct paper_doc doc = {.text = str_of(text),
                            .blocks = &block,
                            .nblocks = 1,
                            .title = STR("t"),
                            .lang = name[0] == 'z' ? LANG_ZH : LANG_EN};
    struct paper_sites sites;
    struct buf buf = {.arena = arena};
    if (paper_lexicon_add(lexicon, str_of(name), str_of(entries), &err))
        fail_msg("%s", err.en);
    assert_int_equal(paper_find_sites(arena, &doc, lexicon, PAPER_DISCREET, &sites, &err),
                     STATUS_OK);
    for (size_t i = 0; i < sites.nplaces; i++)
        buf_format(&buf, "%s%.*s>%.*s", i ? " " : "", STR_ARG(sites.places[i].alt[0]),
                   STR_ARG(sites.places[i].alt[1]));
    return buf_str(&buf);
}

static void conditions_decide_where_a_pair_holds(void **state)
{
    static const struct {
        const char *name, *entries, *text, *want;
    } cases[] = {
        {"zh-word.txt", "提高/提升\teach\tnext=水平\tr\n", "可提高水平。可提高认识。", "提高>提升"},
        {"zh-word.txt", "提高/提升\teach\tnext!=认识\tr\n", "可提高水平。可提高认识。",
         "提高>提升"},
        {"zh-word.txt", "提高/提升\teach\tprev=不断\tr\n", "不断提高。可提高。", "提高>提升"},
        {"zh-word.txt", "提高/提升\teach\tend\tr\n", "可不断提高。可提高水平。", "提高>提升"},
        {"zh-word.txt", "目前/当前\teach\tstart\tr\n", "目前很好。到目前为止。", "目前>当前"},
        {"zh-word.txt", "提高/提升\teach\thas=水平\tr\n", "可提高工作水平。可提高认识。",
         "提高>提升"},
        {"zh-word.txt", "提高/提升\teach\tnext=@o\tr\n@o\t水平|能力\n", "可提高能力。可提高。",
         "提高>提升"},
        {"zh-word.txt", "互相>相互\teach\t-\tr\n", "互相帮助。", "互相>相互"},
        {"zh-word.txt", "互相>相互\teach\t-\tr\n", "相互帮助。", ""},
        {"zh-word.txt", "提高/提升\teach\tnext=水平|^\tr\n", "提高水平。", "提高>提升"},
        {"en-word.txt", "begin/start\teach\tnext=to\tr\n", "We begin to see. We begin again.",
         "begin>start"},
        {"en-word.txt", "begin/start\teach\tnext=*ing\tr\n", "Begin working now. We begin again.",
         "Begin>Start"},
        {"en-word.txt", "begin/start\teach\t-\tr\n", "BEGIN now. He beginning.", ""},
        {"en-word.txt", "in order to>to\teach\t-\tr\n", "We met in order to vote.",
         "in order to>to"},
        {"en-word.txt", "that/\teach\tprev=said next=they|the\tr\n", "He said that they left.",
         "that >"},
        {"en-word.txt", "that/\teach\tprev=said next=they|the\tr\n", "She said they left.",
         ">that "},
        {"en-word.txt", "however,/\teach\tstart\tr\n", "It rained. However, we went.",
         "However, w>W"},
        {"en-word.txt", "quay/dock\teach\ttext=ship|boat\tr\n", "A boat came. The quay is old.",
         "quay>dock"},
        {"en-word.txt", "quay/dock\teach\ttext=ship|boat\tr\n", "A car came. The quay is old.", ""},
        {"en-word.txt", "quay/dock\teach\ttext!=ship\tr\n", "A ship came. The quay is old.", ""},
        {"en-word.txt", "quay/dock\teach\ttext=ship\tr\n", "\"A ship came.\" The quay is old.", ""},
        {"zh-word.txt", "提高/提升\teach\ttext=水平\tr\n", "水平好。可提高。", "提高>提升"},
        {"en-punct.txt", ",>\teach\topens=in|at next=the\tr\n",
         "In May, the sun shone. It rained, the sun gone, in May, the most.", ", >"},
        {"en-word.txt", "begin/start\teach\tprev=don't\tr\n", "We don\u2019t begin. We begin.",
         "begin>start"},
        {"en-word.txt", "term/period\teach\t-\tr\n", "A long-term plan for the term.",
         "term>period"},
    };
    (void)state;
    struct arena *arena = arena_make();
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct str got = found_by(arena, cases[i].name, cases[i].entries, cases[i].text);
        if (!str_equal(got, str_of(cases[i].want)))
            fail_msg("%s in %s: found %.*s, wanted %s", cases[i].entries, cases[i].text,
                     STR_ARG(got), cases[i].want);
    }
    arena_free(arena);
}

static void the_data_is_rich_enough_for_both_languages(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct paper_lexicon *lexicon = read_lexicon(arena);
    assert_true(paper_lexicon_count(lexicon, LANG_ZH) >= 400);
    assert_true(paper_lexicon_count(lexicon, LANG_EN) >= 400);
    arena_free(arena);
}

static bool folds_alike(struct arena *arena, struct str a, struct str b)
{
    struct folded one = unicode_fold(arena, a);
    struct folded two = unicode_fold(arena, b);
    return one.count == two.count && memcmp(one.code, two.code, one.count * sizeof *one.code) == 0;
}

static void every_pair_can_be_told_apart_after_retyping(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct paper_lexicon *lexicon = read_lexicon(arena);
    const struct lexicon_book *book = &lexicon->book[LANG_ZH];
    for (size_t i = 0; i < book->nentries; i++) {
        const struct lexicon_entry *e = &book->entries[i];
        bool alike = folds_alike(arena, e->alt[0], e->alt[1]);
        if (alike != (e->kind == LEXICON_GLYPH))
            fail_msg("%.*s, line %u", STR_ARG(e->rule), e->line);
    }
    arena_free(arena);
}

/* Which kinds of condition an entry has, a bit each. */
static unsigned kinds_of(const struct lexicon_entry *entry)
{
    unsigned kinds = 0;
    for (size_t i = 0; i < entry->nconditions; i++)
        kinds |= 1U << (2 * (unsigned)entry->conditions[i].test + entry->conditions[i].wanted);
    return kinds;
}

/* A pair may stand again only for a context of another kind (by the next word, by the clause's
 * beginning and its object); else its lists belong into one entry. */
static void no_entry_stands_twice(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct paper_lexicon *lexicon = read_lexicon(arena);
    const struct lexicon_book *book = &lexicon->book[LANG_ZH];
    for (size_t i = 0; i < book->nentries; i++)
        for (size_t j = i + 1; j < book->nentries; j++) {
            const struct lexicon_entry *a = &book->entries[i];
            const struct lexicon_entry *b = &book->entries[j];
            bool same = str_equal(a->alt[0], b->alt[0]) && str_equal(a->alt[1], b->alt[1]);
            if (a->kind == b->kind && same && a->alt[1].len && a->alt[0].len &&
                a->one_way == b->one_way && kinds_of(a) == kinds_of(b))
                fail_msg("%.*s on lines %u and %u", STR_ARG(a->rule), a->line, b->line);
        }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mistake_is_named_by_file_and_line),
        cmocka_unit_test(conditions_decide_where_a_pair_holds),
        cmocka_unit_test(the_data_is_rich_enough_for_both_languages),
        cmocka_unit_test(every_pair_can_be_told_apart_after_retyping),
        cmocka_unit_test(no_entry_stands_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
