/* Blocks, sentences, languages and the kept form of documents. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "paper/doc.h"

static struct paper_doc one_block(struct paper_block *block, struct str text)
{
    *block = (struct paper_block){.kind = PAPER_PARAGRAPH, .len = text.len};
    return (struct paper_doc){.title = text, .text = text, .blocks = block, .nblocks = 1};
}

static void a_sentence_is_found_around_any_word_of_it(void **state)
{
    (void)state;
    static const struct {
        const char *text, *word, *sentence;
    } cases[] = {
        {"春天来了。花开得早。人也多。", "花", "花开得早。"},
        {"他说：“好的。”然后走了。", "好的", "他说：“好的。”"},
        {"真的吗？！是真的。", "真的吗", "真的吗？！"},
        {"增长3.5个百分点。再看其他。", "百分点", "增长3.5个百分点。"},
        {"甲方负责供货；乙方负责验收。", "乙方", "乙方负责验收。"},
        {"最后一句没有句号", "句号", "最后一句没有句号"},
        {"He met Dr. Smith today. They talked.", "Smith", "He met Dr. Smith today."},
        {"Use tools, e.g. Make, often. Then stop.", "often", "Use tools, e.g. Make, often."},
        {"Growth was 3.5 percent. It fell.", "percent", "Growth was 3.5 percent."},
        {"She said \"Go now.\" He went.", "Go", "She said \"Go now.\""},
        {"J. R. Miller spoke. We left.", "spoke", "J. R. Miller spoke."},
        {"See no. 5 below. We said no. They left.", "said", "We said no."},
        {"Is it so? Yes! Good.", "Yes", "Yes!"},
        {"One (or two.) Three.", "Three", "Three."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct paper_block block;
        struct str text = str_of(cases[i].text);
        struct paper_doc doc = one_block(&block, text);
        size_t at = str_find(text, str_of(cases[i].word), 0);
        struct str found = paper_sentence_at(&doc, at, strlen(cases[i].word));
        assert_int_equal(found.len, strlen(cases[i].sentence));
        assert_memory_equal(found.at, cases[i].sentence, found.len);
    }
}

static void an_empty_place_has_a_sentence_even_at_the_end(void **state)
{
    (void)state;
    struct paper_block block;
    struct paper_doc doc = one_block(&block, STR("One here. Two here."));
    struct str found = paper_sentence_at(&doc, doc.text.len, 0);
    assert_true(str_equal(found, STR("Two here.")));
    assert_int_equal(paper_sentence_at(&doc, doc.text.len + 5, 0).len, 0);
}

static void a_block_is_found_by_any_byte_of_it(void **state)
{
    (void)state;
    struct paper_block blocks[2] = {{.at = 0, .len = 3}, {.at = 4, .len = 2}};
    struct paper_doc doc = {.text = STR("abc\nde"), .blocks = blocks, .nblocks = 2};
    static const int expected[] = {0, 0, 0, 0, 1, 1, 1, -1};
    for (size_t at = 0; at < 8; at++) {
        const struct paper_block *found = paper_block_at(&doc, at);
        assert_int_equal(found ? found - blocks : -1, expected[at]);
    }
}

static void the_language_follows_the_letters(void **state)
{
    (void)state;
    assert_int_equal(paper_detect_lang(STR("今天开会 Meeting")), LANG_ZH);
    assert_int_equal(paper_detect_lang(STR("The word 道 means way, and it is an old word.")),
                     LANG_EN);
    assert_int_equal(paper_detect_lang(STR("Minutes of the board")), LANG_EN);
}

static struct paper_doc sample(struct paper_block *blocks, struct paper_run *runs)
{
    blocks[0] = (struct paper_block){.kind = PAPER_TITLE, .at = 0, .len = 6};
    blocks[1] = (struct paper_block){
        .kind = PAPER_HEADING, .level = 1, .ordinal = 1, .at = 7, .len = 12, .marker_len = 6};
    runs[0] = (struct paper_run){.kind = PAPER_LINK, .at = 7, .len = 12, .target = STR("http://x")};
    runs[1] = (struct paper_run){.kind = PAPER_STRONG, .at = 7, .len = 6};
    return (struct paper_doc){.lang = LANG_ZH,
                              .title = STR("题目"),
                              .text = STR("题目\n一、开头"),
                              .blocks = blocks,
                              .nblocks = 2,
                              .runs = runs,
                              .nruns = 2};
}

static void a_document_survives_packing(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct paper_block blocks[2];
    struct paper_run runs[2];
    struct paper_doc doc = sample(blocks, runs);
    struct str bytes = paper_doc_pack(arena, &doc);
    struct paper_doc back;
    struct error err;
    assert_int_equal(paper_doc_unpack(arena, bytes, &back, &err), STATUS_OK);
    assert_true(str_equal(back.text, doc.text));
    assert_int_equal(back.blocks[1].marker_len, 6);
    assert_true(str_equal(back.runs[0].target, STR("http://x")));
    assert_true(str_equal(paper_doc_pack(arena, &back), bytes));
    arena_free(arena);
}

static void damaged_bytes_never_give_a_document_that_does_not_fit(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct paper_block blocks[2];
    struct paper_run runs[2];
    struct paper_doc doc = sample(blocks, runs);
    struct str bytes = paper_doc_pack(arena, &doc);
    struct paper_doc back;
    for (size_t len = 0; len < bytes.len; len++)
        assert_int_equal(paper_doc_unpack(arena, str_slice(bytes, 0, len), &back, NULL),
                         STATUS_DAMAGED);
    for (size_t i = 0; i < bytes.len; i++) {
        struct str broken = str_copy(arena, bytes);
        ((char *)(uintptr_t)broken.at)[i] ^= (char)0xFF;
        if (paper_doc_unpack(arena, broken, &back, NULL) != STATUS_OK)
            continue;
        for (size_t k = 0; k < back.nblocks; k++)
            assert_true(back.blocks[k].at + back.blocks[k].len <= back.text.len);
    }
    arena_free(arena);
}

static void a_newer_form_is_refused_by_name(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct paper_doc back;
    struct error err;
    struct str bytes = STR("CDOC\x09\0\0\0");
    assert_int_equal(paper_doc_unpack(arena, bytes, &back, &err), STATUS_DAMAGED);
    assert_non_null(strstr(err.en, "form 9"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sentence_is_found_around_any_word_of_it),
        cmocka_unit_test(an_empty_place_has_a_sentence_even_at_the_end),
        cmocka_unit_test(a_block_is_found_by_any_byte_of_it),
        cmocka_unit_test(the_language_follows_the_letters),
        cmocka_unit_test(a_document_survives_packing),
        cmocka_unit_test(damaged_bytes_never_give_a_document_that_does_not_fit),
        cmocka_unit_test(a_newer_form_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
