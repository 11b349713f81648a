/* Two editions in one member's words: what the editor changed shows, whole and alone. */
#include "library_case.h"

#include <string.h>

#include "library/difference.h"

static const char speech[] = "samples/zh-speech.txt";

static struct paper_doc read_text(struct library_case *c, struct str text)
{
    struct paper_doc doc;
    must(c, format_read(c->arena, text, FORMAT_TEXT, NULL, (struct str){0}, &doc, &c->err));
    return doc;
}

/* Without marks: what a difference of the masters would be. */
static struct difference compare_texts(struct library_case *c, const char *before,
                                       const char *after)
{
    static const struct paper_sites none;
    struct paper_doc was = read_text(c, str_of(before));
    struct paper_doc is = read_text(c, str_of(after));
    struct difference d;
    library_compare(c->arena, &(struct difference_side){&was, &none, NULL},
                    &(struct difference_side){&is, &none, NULL}, &d);
    return d;
}

/* Blocks as "=same~[-old-][+new+]", one a line. */
static struct str shown(struct library_case *c, const struct difference *d)
{
    static const char *const open[] = {"", "[-", "[+"};
    static const char *const close[] = {"", "-]", "+]"};
    struct buf out = {.arena = c->arena};
    for (size_t i = 0; i < d->nblocks; i++) {
        for (size_t k = 0; k < d->blocks[i].nspans; k++) {
            const struct difference_span *span = &d->blocks[i].spans[k];
            buf_format(&out, "%s%.*s%s", open[span->kind], STR_ARG(span->text), close[span->kind]);
        }
        buf_add_byte(&out, '\n');
    }
    return buf_str(&out);
}

static void words_and_characters_that_changed_are_marked(void **state)
{
    struct library_case *c = *state;
    static const struct {
        const char *before, *after, *shown;
    } cases[] = {
        {"The report is ready for the board now.", "The report is ready for the council now.",
         "The report is ready for the [-board-][+council+] now.\n"},
        {"The report is ready for the board now.", "The report is ready for the board now.",
         "The report is ready for the board now.\n"},
        {"会议决定于五月召开下一次全体会议。", "会议决定于六月召开下一次全体会议。",
         "会议决定于[-五-][+六+]月召开下一次全体会议。\n"},
        {"会议决定召开下一次全体会议。", "会议一致决定召开下一次全体会议。",
         "会议[+一致+]决定召开下一次全体会议。\n"},
        {"One goes first.\n\nTwo comes next.\n\nThree is last.",
         "One goes first.\n\nThree is last.",
         "One goes first.\n[-Two comes next.-]\nThree is last.\n"},
        {"One goes first.\n\nThree is last.",
         "One goes first.\n\nTwo comes next.\n\nThree is last.",
         "One goes first.\n[+Two comes next.+]\nThree is last.\n"},
        {"Alpha beta gamma delta one.\n\nEntirely other words stand here.",
         "Entirely other words stood here.\n\nAlpha beta gamma delta one.",
         "[+Entirely other words stood here.+]\nAlpha beta gamma delta one.\n"
         "[-Entirely other words stand here.-]\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct difference d = compare_texts(c, cases[i].before, cases[i].after);
        struct str got = shown(c, &d);
        if (!str_equal(got, str_of(cases[i].shown)))
            fail_msg("case %zu: %.*s", i, STR_ARG(got));
    }
}

static void any_two_texts_come_back_from_their_difference(void **state)
{
    struct library_case *c = *state;
    static const char *const words[] = {"one", "two", "three", "四", "五", "、", "six"};
    uint64_t dice = 88172645463325252ULL;
    for (int round = 0; round < 300; round++) {
        struct buf texts[2] = {{.arena = c->arena}, {.arena = c->arena}};
        for (size_t t = 0; t < 2; t++)
            for (int i = 0; i < 40; i++) {
                dice ^= dice << 13;
                dice ^= dice >> 7;
                dice ^= dice << 17;
                buf_add(&texts[t], str_of(words[dice % 7]));
                buf_add(&texts[t], dice >> 20 & 7 ? STR(" ") : STR("\n\n"));
            }
        struct difference d = compare_texts(c, texts[0].at, texts[1].at);
        struct buf back[2] = {{.arena = c->arena}, {.arena = c->arena}};
        for (size_t i = 0; i < d.nblocks; i++)
            for (size_t k = 0; k < d.blocks[i].nspans; k++) {
                const struct difference_span *span = &d.blocks[i].spans[k];
                if (span->kind != DIFFERENCE_INSERTED)
                    buf_add(&back[0], span->text);
                if (span->kind != DIFFERENCE_DELETED)
                    buf_add(&back[1], span->text);
            }
        for (size_t t = 0; t < 2; t++) {
            struct paper_doc doc = read_text(c, buf_str(&texts[t]));
            struct buf whole = {.arena = c->arena};
            for (size_t i = 0; i < doc.nblocks; i++)
                buf_add(&whole, str_slice(doc.text, doc.blocks[i].at, doc.blocks[i].len));
            assert_true(str_equal(buf_str(&whole), buf_str(&back[t])));
        }
    }
}

static struct str replace(struct library_case *c, struct str text, const char *old, const char *new)
{
    size_t at = str_find(text, str_of(old), 0);
    struct buf out = {.arena = c->arena};
    if (at == SIZE_MAX)
        fail_msg("%s is not in the text", old);
    buf_add(&out, str_slice(text, 0, at));
    buf_add(&out, str_of(new));
    buf_add(&out, str_slice(text, at + strlen(old), text.len));
    return buf_str(&out);
}

static struct difference compare_for(struct library_case *c, const struct edition_text *first,
                                     const struct edition_text *second, int64_t member)
{
    struct difference d;
    struct difference_side sides[] = {
        {&first->doc, &first->sites, copy_make_bits(c->arena, c->store, first, member)},
        {&second->doc, &second->sites, copy_make_bits(c->arena, c->store, second, member)},
    };
    library_compare(c->arena, &sides[0], &sides[1], &d);
    return d;
}

/* The blocks of a side as the member has them, for comparing with their copy. */
static struct str side_text(struct library_case *c, const struct difference *d,
                            enum difference_kind left_out)
{
    struct buf out = {.arena = c->arena};
    for (size_t i = 0; i < d->nblocks; i++)
        for (size_t k = 0; k < d->blocks[i].nspans; k++)
            if (d->blocks[i].spans[k].kind != left_out)
                buf_add(&out, d->blocks[i].spans[k].text);
    return buf_str(&out);
}

static struct str without_lines(struct arena *arena, struct str text)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] != '\n')
            buf_add_byte(&out, text.at[i]);
    return buf_str(&out);
}

/* Two editions for twenty members: the editor's two changes, in words where no site is, and nothing else. */
static void nothing_but_the_editors_changes_shows_to_twenty_members(void **state)
{
    struct library_case *c = *state;
    add_members(c, 20);
    struct str text = project_file(c, speech);
    struct edition_text first = publish_text(c, text, 0);
    struct str changed = replace(c, text, "前三季度", "前四季度");
    changed = replace(c, changed, "我讲三点意见。", "我讲三点意见，请同志们考虑。");
    struct edition_text second = publish_text(c, changed, first.edition.paper);
    unsigned sites = 0;
    for (size_t i = 0; i < second.sites.nplaces; i++)
        sites += !second.sites.sites[second.sites.places[i].site].locked;
    assert_true(sites > 100);
    for (int64_t m = 1; m <= 20; m++) {
        struct difference d = compare_for(c, &first, &second, m);
        assert_int_equal(d.changed + d.added + d.removed, 1); /* both are in one paragraph */
        struct str all = shown(c, &d);
        assert_true(str_find(all, STR("前[-三-][+四+]季度"), 0) != SIZE_MAX);
        assert_true(str_find(all, STR("意见[+，请同志们考虑+]。"), 0) != SIZE_MAX);
        size_t marks = 0;
        for (size_t i = 0; i + 1 < all.len; i++)
            marks += all.at[i] == '[' && (all.at[i + 1] == '-' || all.at[i + 1] == '+');
        assert_int_equal(marks, 3);
        assert_true(
            str_equal(side_text(c, &d, DIFFERENCE_DELETED),
                      without_lines(c->arena, copy_make_doc(c->arena, c->store, &second, m).text)));
    }
}

/* A site that is locked in the second edition reads differently for half of the members; the editor changed
 * no word. */
static void a_change_of_marking_is_no_difference(void **state)
{
    struct library_case *c = *state;
    add_members(c, 20);
    struct edition_text first = publish_text(c, project_file(c, speech), 0);
    struct edition_text second = first;
    second.sites.sites = arena_array(c->arena, first.sites.nsites, struct paper_site);
    memcpy(second.sites.sites, first.sites.sites, first.sites.nsites * sizeof *second.sites.sites);
    for (uint32_t i = 0; i < second.sites.nsites; i += 2)
        second.sites.sites[i].locked = true;
    for (int64_t m = 1; m <= 20; m++) {
        struct difference d = compare_for(c, &first, &second, m);
        assert_int_equal(d.changed + d.added + d.removed, 0);
        assert_true(
            str_equal(side_text(c, &d, DIFFERENCE_DELETED),
                      without_lines(c->arena, copy_make_doc(c->arena, c->store, &second, m).text)));
    }
}

/* A sentence full of sites is changed in the middle of each in turn: a place is shown whole, and what is
 * shown of either side is the member's own. */
static void a_change_inside_a_place_shows_the_members_own_words_only(void **state)
{
    struct library_case *c = *state;
    add_members(c, 8);
    struct str text = project_file(c, speech);
    struct edition_text first = publish_text(c, text, 0);
    for (size_t p = 5; p < first.sites.nplaces; p += 23) {
        const struct paper_place *place = &first.sites.places[p];
        if (place->len < 6)
            continue;
        struct buf changed = {.arena = c->arena};
        buf_add(&changed, str_slice(first.doc.text, 0, place->at + 3));
        buf_add(&changed, STR("某"));
        buf_add(&changed, str_slice(first.doc.text, place->at + 3, first.doc.text.len));
        struct edition_text second = publish_text(c, buf_str(&changed), first.edition.paper);
        for (int64_t m = 1; m <= 8; m++) {
            struct difference d = compare_for(c, &first, &second, m);
            assert_int_equal(d.changed, 1);
            assert_true(str_equal(
                side_text(c, &d, DIFFERENCE_DELETED),
                without_lines(c->arena, copy_make_doc(c->arena, c->store, &second, m).text)));
            struct str old = copy_make_doc(c->arena, c->store, &first, m).text;
            d = compare_for(c, &second, &first, m);
            assert_true(
                str_equal(side_text(c, &d, DIFFERENCE_DELETED), without_lines(c->arena, old)));
        }
    }
}

static void changes_are_counted_by_heading(void **state)
{
    struct library_case *c = *state;
    struct difference d = compare_texts(
        c, "一、总体要求\n\n坚持稳中求进。\n\n二、重点任务\n\n抓好项目建设。\n\n抓好民生工作。\n",
        "一、总体要求\n\n坚持稳中求进。\n\n二、重点任务\n\n抓好重大项目建设。\n\n抓好民生工作。\n\n加强作风建设。\n");
    assert_int_equal(d.nparts, 3);
    assert_int_equal(d.parts[1].changed + d.parts[1].added + d.parts[1].removed, 0);
    assert_true(str_equal(d.parts[2].heading, STR("二、重点任务")));
    assert_int_equal(d.parts[2].changed, 1);
    assert_int_equal(d.parts[2].added, 1);
}

/* Nothing in common, and much of it: bounded, shown as replaced. */
static void two_large_texts_without_anything_in_common_are_compared_in_bounds(void **state)
{
    struct library_case *c = *state;
    struct buf texts[2] = {{.arena = c->arena}, {.arena = c->arena}};
    for (unsigned i = 0; i < 60000; i++) {
        buf_format(&texts[0], "a%u ", i * 7 % 60000);
        buf_format(&texts[1], "%c%u ", i % 3 ? 'a' : 'b', i * 11 % 60000);
    }
    struct difference d = compare_texts(c, texts[0].at, texts[1].at);
    assert_int_equal(d.nblocks, 1);
    assert_int_equal(d.changed, 1);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(words_and_characters_that_changed_are_marked),
        CASE(any_two_texts_come_back_from_their_difference),
        CASE(nothing_but_the_editors_changes_shows_to_twenty_members),
        CASE(a_change_of_marking_is_no_difference),
        CASE(a_change_inside_a_place_shows_the_members_own_words_only),
        CASE(changes_are_counted_by_heading),
        CASE(two_large_texts_without_anything_in_common_are_compared_in_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
