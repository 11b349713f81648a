/* PDF out: pages that hold the words, breaks where they may be, the same bytes every time. What is on the pages is read
 * back by poppler in tests/e2e/test_pdf.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include <unicode/ubrk.h>
#include <unicode/ustring.h>

#include "base/utf8.h"
#include "format/pdf.h"
#include "format/pdf_press.h"

static uint64_t dice_state = 88172645463325252ULL;

static size_t dice(size_t below)
{
    dice_state ^= dice_state << 13;
    dice_state ^= dice_state >> 7;
    dice_state ^= dice_state << 17;
    return (size_t)(dice_state % below);
}

static struct paper_doc read_markdown(struct arena *arena, struct str text)
{
    struct paper_doc doc;
    struct error err;
    assert_int_equal(format_read(arena, text, FORMAT_MARKDOWN, NULL, STR(""), &doc, &err),
                     STATUS_OK);
    return doc;
}

static struct str write_pdf(struct arena *arena, const struct paper_doc *doc,
                            const struct pdf_options *options)
{
    struct str bytes;
    struct error err;
    enum status status = format_pdf_write(arena, doc, NULL, options, &bytes, &err);
    if (status)
        print_message("%s\n", err.en);
    assert_int_equal(status, STATUS_OK);
    return bytes;
}

/* --- where lines end ------------------------------------------------------------------------------ */

/* The sequence as "ab|cd": where a line may end. */
static struct str broken(struct arena *arena, struct str text, enum lang lang)
{
    struct buf out = {.arena = arena};
    struct pdf_breaker breaker = {0};
    for (size_t at = 0; at < text.len;) {
        size_t begin = at;
        uint32_t code = utf8_next(text, &at);
        if (pdf_break_before(&breaker, pdf_break_class(code, lang)))
            buf_add_byte(&out, '|');
        buf_add(&out, str_slice(text, begin, at - begin));
    }
    return buf_str(&out);
}

static void lines_end_where_chinese_and_english_usage_lets_them(void **state)
{
    (void)state;
    static const struct {
        enum lang lang;
        const char *text, *expected;
    } cases[] = {
        {LANG_ZH, "会议指出，要", "会|议|指|出，|要"},
        {LANG_ZH, "《意见》（试行）。", "《意|见》|（试|行）。"},
        {LANG_ZH, "他说：“好。”走", "他|说：|“好。”|走"},
        {LANG_ZH, "等等……好——了", "等|等……|好|——|了"},
        {LANG_ZH, "增长12.5%和30℃", "增|长|12.5%|和|30℃"},
        {LANG_ZH, "约翰·史密斯", "约|翰·|史|密|斯"},
        {LANG_ZH, "don’t说", "don’t|说"},
        {LANG_ZH, "第，\xE2\x81\xA0二", "第，\xE2\x81\xA0|二"},
        {LANG_EN, "It is (so to say) done, ok?", "It |is |(so |to |say) |done, |ok?"},
        {LANG_EN, "cost $1,000.50 a-b well-known", "cost |$1,000.50 |a-|b |well-|known"},
        {LANG_EN, "he said “yes” again", "he |said |“yes” |again"},
    };
    struct arena *arena = arena_make();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(str_z(arena, broken(arena, str_of(cases[i].text), cases[i].lang)),
                            cases[i].expected);
    arena_free(arena);
}

/* ICU's own breaker, as "ab|cd". */
static struct str broken_by_icu(struct arena *arena, struct str text)
{
    UChar units[256];
    int32_t n;
    UErrorCode error = U_ZERO_ERROR;
    u_strFromUTF8(units, 256, &n, text.at, (int32_t)text.len, &error);
    UBreakIterator *it = ubrk_open(UBRK_LINE, "en@lb=strict", units, n, &error);
    assert_true(U_SUCCESS(error));
    struct buf out = {.arena = arena};
    size_t at = 0;
    for (int32_t i = 0; i < n;) {
        int32_t step = U16_IS_LEAD(units[i]) ? 2 : 1;
        size_t begin = at;
        (void)utf8_next(text, &at);
        if (i && ubrk_isBoundary(it, i))
            buf_add_byte(&out, '|');
        buf_add(&out, str_slice(text, begin, at - begin));
        i += step;
    }
    ubrk_close(it);
    return buf_str(&out);
}

static void the_table_of_breaks_agrees_with_icu_on_random_texts(void **state)
{
    (void)state;
    static const char *const pieces[] = {"中", "文", "a", "b",  "1",   "2",  " ",  "，", "。", "、",
                                         "（", "）", "(", ")",  "9% ", "$5", "！", "《", "》", "-",
                                         "/",  "：", "?", "；", "é",   "ō",  "7",  "国", "z",  "q"};
    for (int round = 0; round < 5000; round++) {
        struct arena *arena = arena_make();
        struct buf text = {.arena = arena};
        for (size_t n = 2 + dice(12); n--;)
            buf_add(&text, str_of(pieces[dice(sizeof pieces / sizeof *pieces)]));
        assert_string_equal(str_z(arena, broken(arena, buf_str(&text), LANG_EN)),
                            str_z(arena, broken_by_icu(arena, buf_str(&text))));
        arena_free(arena);
    }
}

/* --- files ---------------------------------------------------------------------------------------- */

static const char PAPER[] =
    "# 关于加强档案管理的通知\n\n各单位：\n\n## 一、总体要求\n\n"
    "要**高度重视**档案工作，按照[办法](https://example.org/a?b=c)执行。\n\n"
    "- 第一项\n- 第二项\n    1. 甲\n    2. 乙\n\n> 引用一段话。\n\n"
    "| 单位 | 数量 |\n| --- | --- |\n| 甲 | 12 |\n| 乙 | 30 |\n\n```\ncode { x }\n```\n\n---\n\n完。\n";

static void the_same_paper_gives_the_same_bytes(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct paper_doc doc = read_markdown(arena, str_of(PAPER));
    struct pdf_options options = {.made_ms = 1700000000000};
    struct str first = write_pdf(arena, &doc, &options);
    struct arena *other = arena_make();
    struct paper_doc again = read_markdown(other, str_of(PAPER));
    struct str second = write_pdf(other, &again, &options);
    assert_true(str_equal(first, second));
    assert_true(str_starts(first, STR("%PDF-1.7\n")));
    assert_true(str_ends(first, STR("%%EOF\n")));
    assert_true(first.len < 60000);
    arena_free(other);
    arena_free(arena);
}

static void attachments_and_a_line_are_where_they_are_said_to_be(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct paper_doc doc = read_markdown(arena, str_of(PAPER));
    struct pdf_attachment files[] = {
        {STR("经过.json"), STR("application/json"), STR("What happened"), STR("{\"a\": 1}")},
        {STR("exhibit.bin"), STR("application/octet-stream"), STR(""), STR("\0\1\2")},
    };
    size_t at[2] = {0};
    struct pdf_options options = {.attachments = files, .nattachments = 2, .at = at, .line = 600};
    struct str bytes = write_pdf(arena, &doc, &options);
    assert_int_equal(bytes.at[PDF_LINE_AT - 1], '%');
    for (size_t i = 0; i < 600; i++)
        assert_int_equal(bytes.at[PDF_LINE_AT + i], ' ');
    assert_int_equal(bytes.at[PDF_LINE_AT + 600], '\n');
    for (size_t i = 0; i < 2; i++)
        assert_true(str_equal(str_slice(bytes, at[i], files[i].bytes.len), files[i].bytes));
    assert_true(str_find(bytes, STR("/Type/EmbeddedFile"), 0) != SIZE_MAX);
    assert_true(str_find(bytes, STR("<pdfaid:part>3</pdfaid:part>"), 0) != SIZE_MAX);
    arena_free(arena);
}

/* Characters of every kind, also such as no font has, never stop a paper. */
static void any_character_can_be_set(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct buf text = {.arena = arena};
    buf_add(
        &text,
        STR("# Any\n\nשלום עולם 12 שנה. مرحبا بالعالم! हिन्दी ไทย 한국어 👩‍👩‍👧 🇨🇳 e\xCC\x81\n\n"));
    for (int i = 0; i < 6000; i++) {
        uint32_t code = (uint32_t)dice(0x110000);
        bool odd = code < 0x20 || (code >= 0xD800 && code < 0xE000);
        buf_add_code(&text, odd ? 'x' : code);
        if (i % 97 == 0)
            buf_add(&text, STR("\n\n"));
    }
    struct paper_doc doc = read_markdown(arena, buf_str(&text));
    struct str bytes = write_pdf(arena, &doc, NULL);
    assert_true(str_ends(bytes, STR("%%EOF\n")));
    arena_free(arena);
}

static size_t count(struct str bytes, struct str what)
{
    size_t n = 0;
    for (size_t at = 0; (at = str_find(bytes, what, at)) != SIZE_MAX; at += what.len)
        n++;
    return n;
}

static void a_paper_of_hundreds_of_pages_stays_within_bounds(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct buf text = {.arena = arena};
    buf_add(&text, STR("# 长文\n\n"));
    for (int i = 0; i < 2200; i++)
        buf_add(&text,
                STR("会议认为，今年以来各项工作进展顺利，成效明显，要坚持问题导向，压实责任，"
                    "一件一件抓好落实，不断巩固提升，确保完成全年目标任务，让大家满意。\n\n"));
    struct paper_doc doc = read_markdown(arena, buf_str(&text));
    static const struct format_frame none;
    struct press_order order = {.doc = &doc, .frame = &none};
    struct arena *held = arena_make();
    struct arena *taken = arena_make();
    void *press;
    assert_int_equal(format_pdf_maker.make(held, &order, &press, NULL), STATUS_OK);
    struct str bytes = format_pdf_maker.write(press, taken, NULL, NULL);
    assert_true(count(bytes, STR("endstream")) > 300);
    assert_true(arena_held(held) < (size_t)64 << 20);
    assert_true(arena_held(taken) < (size_t)64 << 20);
    arena_free(taken);
    arena_free(held);
    arena_free(arena);
}

static void a_table_and_a_paragraph_longer_than_pages_are_parted(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct buf text = {.arena = arena};
    buf_add(&text, STR("# Long\n\n| A | B | C |\n| --- | --- | --- |\n"));
    for (int i = 0; i < 300; i++)
        buf_format(&text, "| row %d | words that take some room | %d |\n", i, i * i);
    buf_add(&text, STR("| tall | "));
    for (int i = 0; i < 3000; i++)
        buf_add(&text, STR("word "));
    buf_add(&text, STR("| end |\n\n"));
    for (int i = 0; i < 20000; i++)
        buf_add(&text, STR("unbreakable"));
    struct paper_doc doc = read_markdown(arena, buf_str(&text));
    struct str bytes = write_pdf(arena, &doc, NULL);
    assert_true(count(bytes, STR("endstream")) > 60);
    arena_free(arena);
}

/* --- marks of the layout -------------------------------------------------------------------------- */

/* What the page draws, unpacked. */
static struct str page_content(struct arena *arena, struct str bytes)
{
    for (size_t at = 0; (at = str_find(bytes, STR("stream\n"), at)) != SIZE_MAX; at += 7) {
        char *out = arena_take(arena, 1 << 20);
        uLongf len = 1 << 20;
        if (uncompress((Bytef *)out, &len, (const Bytef *)bytes.at + at + 7, bytes.len - at - 7))
            continue;
        struct str content = {out, len};
        if (str_find(content, STR(">>BDC\nBT\n"), 0) != SIZE_MAX)
            return content;
    }
    fail();
    return STR("");
}

/* How high the base line of the text that is placed as number `n` stands. */
static double base_line(struct str content, size_t n)
{
    size_t at = 0;
    for (size_t i = 0; i <= n; i++)
        at = str_find(content, STR(" Tm\n"), at) + 4;
    at -= 4;
    while (content.at[at - 1] != ' ')
        at--;
    return strtod(content.at + at, NULL);
}

static void layout_marks_move_the_pen_by_what_was_agreed_and_nothing_else(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct paper_doc doc = read_markdown(arena, STR("# 标题\n\n甲乙，丙丁。\n\n戊己。\n"));
    size_t comma = str_find(doc.text, STR("，"), 0);
    size_t first = str_find(doc.text, STR("戊"), 0);
    struct paper_site sites[] = {
        {.number = 0, .channel = PAPER_LAYOUT, .rule = STR("layout:gap")},
        {.number = 1, .channel = PAPER_LAYOUT, .rule = STR("layout:line")},
    };
    struct paper_place places[] = {
        {.at = comma, .len = 3, .site = 0, .alt = {STR("，"), STR("，")}},
        {.at = first, .len = 3, .site = 1, .alt = {STR("戊"), STR("戊")}},
    };
    struct paper_sites found = {sites, 2, places, 2};
    struct format_press *press;
    assert_int_equal(
        format_press_make(arena, &doc, &found, NULL, STR(""), FORMAT_PDF, &press, NULL), STATUS_OK);
    struct str seen[4];
    for (uint8_t i = 0; i < 4; i++) {
        uint8_t bits[2] = {i & 1, i >> 1};
        seen[i] = page_content(arena, format_press_write(press, arena, bits, NULL));
        assert_int_equal(count(seen[i], STR(" 15.793 Tf\n[(\001)]TJ\n")), i & 1);
        assert_int_equal(count(seen[i], STR(")-125(")), 0); /* a hole reads as a blank */
    }
    for (size_t line = 0; line < 4; line++) { /* title, two paragraphs, the page's number */
        double lower = base_line(seen[0], line) - base_line(seen[2], line);
        double expected = line == 2 ? 15.793 * PAPER_LINE_EMS : 0;
        assert_true(lower > expected - 0.002 && lower < expected + 0.002);
        assert_true(base_line(seen[1], line) == base_line(seen[0], line));
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_where_chinese_and_english_usage_lets_them),
        cmocka_unit_test(the_table_of_breaks_agrees_with_icu_on_random_texts),
        cmocka_unit_test(the_same_paper_gives_the_same_bytes),
        cmocka_unit_test(attachments_and_a_line_are_where_they_are_said_to_be),
        cmocka_unit_test(any_character_can_be_set),
        cmocka_unit_test(a_paper_of_hundreds_of_pages_stays_within_bounds),
        cmocka_unit_test(a_table_and_a_paragraph_longer_than_pages_are_parted),
        cmocka_unit_test(layout_marks_move_the_pen_by_what_was_agreed_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
