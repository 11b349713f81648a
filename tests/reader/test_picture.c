/* Pictures of pages: drawn as a printer would, distorted as a scanner and a telephone do, and read. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cairo.h>
#include <cmocka.h>

#include "base/utf8.h"
#include "reader/distort.h"
#include "reader/picture.h"
#include "reader/sandbox.h"
#include "reader/words.h"

#define EM              (16.0 * DISTORT_DPI / 72)
#define CHINESE_COLUMNS 28
#define COMMA           0xFF0C

/* --- what the reader's main program has --------------------------------------------------------------- */

static jmp_buf refused_at;
static enum reader_refusal refused_why;

void reader_refuse(enum reader_refusal why, unsigned number)
{
    (void)number;
    refused_why = why;
    longjmp(refused_at, 1);
}

void sandbox_more_memory(void)
{
}

void sandbox_begin_picture(unsigned page)
{
    (void)page;
}

/* --- pages ------------------------------------------------------------------------------------------- */

static const char CHINESE[] =
    "各单位要把防汛准备摆在突出位置，逐条河道、逐座水库落实责任人；汛前检查发现的问题，五月底前全部整改到位。\n"
    "气象、水利、应急三家每日会商，遇有强降雨及时发布预警，并提前转移危险地带的群众。\n"
    "值班人员不得脱岗，通信设备应当每周测试；备用电源和抢险物资按照清单逐件核对，缺少的立即补齐。\n"
    "要总结去年的经验，完善预案，组织一次实地演练：既检验队伍，也检验装备。\n"
    "演练之后，各组提交书面报告，说明用了多少时间、哪些环节衔接不畅、下一步怎样改进。\n"
    "工程建设要抓紧汛前的有利时机，保证质量，确保安全；资金拨付情况每月公开，接受社会监督。";
static const char ENGLISH[] =
    "Members receive this paper in confidence, and each copy differs in small ways from every other. "
    "What it says of money, places and dates is the same for all; so is everything else that matters, "
    "as the chair explained in March.\n"
    "The committee met twice in spring, heard four witnesses, and agreed that the northern depot should "
    "close before winter. Its stock moves to the harbour, where a second crane will be needed, and the "
    "staff are offered places there on the same terms.\n"
    "Costs were estimated in March; they will be checked again in June, once tenders are in. If they "
    "rise by more than a tenth, or fall, the committee meets again.\n"
    "Nothing in the plan binds a later committee, but the chair expects that it will be followed unless "
    "prices rise sharply. Questions, if any, go to the clerk.\n"
    "The minutes are open to members, who may read them at the harbour office on weekdays, and to nobody "
    "else; a copy of them, once it has been read, is to be destroyed.";

/* What is drawn on. */
struct sheet {
    cairo_surface_t *surface;
    cairo_t *ink;
};

static void set_colour(struct sheet *sheet, unsigned rgb)
{
    cairo_set_source_rgb(sheet->ink, (rgb >> 16) / 255.0, (rgb >> 8 & 255) / 255.0,
                         (rgb & 255) / 255.0);
}

static struct sheet sheet_of(int width, int height, unsigned ground, const char *face, double size)
{
    struct sheet sheet;
    sheet.surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    sheet.ink = cairo_create(sheet.surface);
    set_colour(&sheet, ground);
    cairo_paint(sheet.ink);
    set_colour(&sheet, 0);
    cairo_select_font_face(sheet.ink, face, CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(sheet.ink, size);
    return sheet;
}

/* White paper, A4. */
static struct sheet sheet_make(const char *face, double size)
{
    return sheet_of(2480, 3508, 0xFFFFFF, face, size);
}

static PIX *sheet_take(struct sheet *sheet)
{
    cairo_surface_flush(sheet->surface);
    const unsigned char *data = cairo_image_surface_get_data(sheet->surface);
    int stride = cairo_image_surface_get_stride(sheet->surface);
    int width = cairo_image_surface_get_width(sheet->surface);
    int height = cairo_image_surface_get_height(sheet->surface);
    PIX *pix = pixCreate(width, height, 8);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            pixSetPixel(pix, x, y, data[(size_t)y * (size_t)stride + 4 * (size_t)x + 1]);
    cairo_destroy(sheet->ink);
    cairo_surface_destroy(sheet->surface);
    return pix;
}

static bool is_wide_mark(uint32_t code)
{
    return code >= 0xFF00 || code == 0x3001 || code == 0x3002;
}

/* A line's characters from `pos` on: as many as find room, and a mark that would begin the next. */
static size_t take_line(struct str text, size_t *pos, uint32_t *codes, uint32_t wide, double room,
                        double *taken)
{
    size_t n = 0;
    *taken = 0;
    while (*pos < text.len && n < 2 * CHINESE_COLUMNS) {
        size_t behind = *pos;
        uint32_t code = utf8_next(text, &behind);
        if (code == '\n' || (*taken + EM > room + 1 && !is_wide_mark(code)))
            break;
        codes[n++] = code;
        *taken += EM + (code == wide ? EM / 8 : 0);
        *pos = behind;
    }
    return n;
}

/* Lines of up to 28 characters of one em, spread to the margin but for the last of a paragraph. Behind every mark `wide`
 * the pen moves an eighth of an em further; every other paragraph stands a tenth of an em lower. */
static PIX *draw_chinese(uint32_t wide)
{
    struct sheet sheet = sheet_make("Noto Serif CJK SC", EM);
    struct str text = str_of(CHINESE);
    uint32_t codes[2 * CHINESE_COLUMNS];
    double y = 500;
    double indent = 2 * EM;
    bool lower = false;
    for (size_t pos = 0; pos < text.len;) {
        double taken;
        double room = CHINESE_COLUMNS * EM - indent;
        size_t n = take_line(text, &pos, codes, wide, room, &taken);
        bool last = pos == text.len || text.at[pos] == '\n';
        double stretch = last || taken > room ? 0 : (room - taken) / (double)(n - 1);
        double x = 330 + indent;
        for (size_t i = 0; i < n; i++) {
            char one[5] = {0};
            one[utf8_put(one, codes[i])] = 0;
            cairo_move_to(sheet.ink, x, y);
            cairo_show_text(sheet.ink, one);
            x += EM + stretch + (codes[i] == wide ? EM / 8 : 0);
        }
        lower ^= last;
        y += (last && lower ? 1.9 : 1.8) * EM;
        indent = last ? 2 * EM : 0;
        pos += last;
    }
    return sheet_take(&sheet);
}

#define ENGLISH_EM (11.0 * DISTORT_DPI / 72)

/* The same of words, `space` apart; with room between paragraphs. */
static PIX *draw_english(char wide, double space)
{
    struct sheet sheet = sheet_make("Noto Serif", ENGLISH_EM);
    struct str rest = str_of(ENGLISH);
    struct str paragraph;
    double y = 500;
    bool lower = false;
    while (str_split(&rest, '\n', &paragraph)) {
        struct str word;
        double x = 330;
        while (str_split(&paragraph, ' ', &word)) {
            char z[64];
            cairo_text_extents_t room;
            (void)snprintf(z, sizeof z, "%.*s", STR_ARG(word));
            cairo_text_extents(sheet.ink, z, &room);
            if (x + room.x_advance > 2150) {
                x = 330;
                y += 70;
            }
            cairo_move_to(sheet.ink, x, y);
            cairo_show_text(sheet.ink, z);
            x += room.x_advance + space;
            if (word.at[word.len - 1] == wide)
                x += ENGLISH_EM / 8;
        }
        lower = !lower;
        y += 70 + 0.7 * ENGLISH_EM + (lower ? 0.1 * ENGLISH_EM : 0);
    }
    return sheet_take(&sheet);
}

#define PHONE_WIDTH 1080
#define PHONE_EM    48
#define PER_LINE    14

/* Draws a message as telephones show it, from `*pos` of the text on, `nlines` lines. */
static void draw_message(struct sheet *sheet, double top, unsigned ground, unsigned ink,
                         struct str text, size_t *pos, unsigned nlines)
{
    set_colour(sheet, ground);
    cairo_rectangle(sheet->ink, 160, top, (PER_LINE + 2.0) * PHONE_EM,
                    (1.4 * nlines + 1) * PHONE_EM);
    cairo_fill(sheet->ink);
    set_colour(sheet, ink);
    for (unsigned line = 0; line < nlines; line++)
        for (unsigned column = 0; column < PER_LINE && *pos < text.len; column++) {
            char one[5] = {0};
            one[utf8_put(one, utf8_next(text, pos))] = 0;
            cairo_move_to(sheet->ink, 160 + (column + 1) * PHONE_EM,
                          top + (1.4 * line + 1.4) * PHONE_EM);
            cairo_show_text(sheet->ink, one);
        }
}

/* --- reading ------------------------------------------------------------------------------------------ */

static struct reader_page read_picture(struct arena *arena, PIX *picture, unsigned dpi)
{
    struct reader reader = {.arena = arena};
    struct reader_page page = {0};
    refused_why = 0;
    if (setjmp(refused_at) == 0)
        reader_see_picture(&reader, picture, dpi, &page);
    assert_int_equal(refused_why, 0);
    pixDestroy(&picture);
    return page;
}

/* Codes without white space, lines one behind the other. */
static size_t codes_of_page(const struct reader_page *page, uint32_t *codes)
{
    size_t n = 0;
    for (size_t i = 0; i < page->nlines; i++)
        for (size_t k = 0; k < page->lines[i].nchars && n < 2000; k++)
            if (page->lines[i].chars[k].code != ' ')
                codes[n++] = page->lines[i].chars[k].code;
    return n;
}

/* Share of the text's characters that were read, in their order: the longest common subsequence. */
static double share_read(const struct reader_page *page, const char *text)
{
    static uint32_t want[2000];
    static uint32_t got[2000];
    static unsigned best[2001];
    struct str s = str_of(text);
    size_t n = 0;
    for (size_t pos = 0; pos < s.len;) {
        uint32_t code = utf8_next(s, &pos);
        if (code != ' ' && code != '\n')
            want[n++] = code;
    }
    size_t m = codes_of_page(page, got);
    memset(best, 0, sizeof best);
    for (size_t i = 0; i < n; i++) {
        unsigned corner = 0;
        for (size_t k = 0; k < m; k++) {
            unsigned above = best[k + 1];
            best[k + 1] = want[i] == got[k] ? corner + 1 : above > best[k] ? above : best[k];
            corner = above;
        }
    }
    return (double)best[m] / (double)n;
}

static void check_read(struct arena *arena, PIX *picture, const char *text, double least)
{
    struct reader_page page = read_picture(arena, picture, 0);
    double share = share_read(&page, text);
    if (share < least)
        fail_msg("only %.1f %% of the characters were read", 100 * share);
}

static PIX *distorted(PIX *printed, enum distort_way way, uint64_t seed)
{
    PIX *picture = distort_page(printed, way, seed);
    pixDestroy(&printed);
    assert_non_null(picture);
    return picture;
}

/* --- tests -------------------------------------------------------------------------------------------- */

/* Most marks of a page on which gaps are wider behind commas alone are measured, no more than `most` of them wrongly. */
static void check_gaps(const struct reader_page *page, uint32_t comma, unsigned least,
                       unsigned most)
{
    unsigned right = 0;
    unsigned wrong = 0;
    for (size_t i = 0; i < page->nlines; i++)
        for (size_t k = 0; k < page->lines[i].nchars; k++) {
            const struct reader_char *c = &page->lines[i].chars[k];
            if (!(c->wider_noise > 0))
                continue;
            bool wider = (double)c->wider > PAPER_GAP_EMS / 2;
            right += wider == (c->code == comma);
            wrong += wider != (c->code == comma);
        }
    assert_in_range(wrong, 0, most);
    assert_in_range(right, least, 2 * least);
}

/* All paragraphs behind the first are measured, every other of them lower. */
static void check_lines(struct arena *arena, struct reader_page *page, unsigned paragraphs)
{
    struct reader reader = {.arena = arena, .pages = page, .npages = 1};
    struct wording words;
    unsigned begun = 0;
    words_compose(&reader, &words);
    for (size_t i = 0; i < page->nlines; i++) {
        const struct reader_line *line = &page->lines[i];
        if (!line->begins || begun++ == 0)
            continue;
        double usual = begun % 2 == 0 ? PAPER_LINE_EMS : 0;
        assert_true(line->lower_noise > 0);
        if (fabs((double)line->lower - usual) > 0.03)
            fail_msg("paragraph %u stands %.3f em lower", begun, (double)line->lower);
    }
    assert_int_equal(begun, paragraphs);
}

static void a_scanned_chinese_page_is_read_with_its_gaps_and_lines(void **state)
{
    struct reader_page page =
        read_picture(*state, distorted(draw_chinese(COMMA), DISTORT_SCAN, 1), 200);
    assert_true(share_read(&page, CHINESE) > 0.97);
    check_gaps(&page, COMMA, 16, 0);
    check_lines(*state, &page, 6);
}

static void a_scanned_english_page_is_read_with_its_gaps_and_lines(void **state)
{
    struct reader_page page =
        read_picture(*state, distorted(draw_english(',', 12), DISTORT_SCAN, 5), 200);
    assert_true(share_read(&page, ENGLISH) > 0.97);
    check_gaps(&page, ',', 14, 0);
    check_lines(*state, &page, 5);
}

static void a_scan_that_lies_on_its_side_is_read(void **state)
{
    PIX *scan = distorted(draw_chinese(0), DISTORT_SCAN, 2);
    PIX *side = pixRotateOrth(scan, 3);
    pixDestroy(&scan);
    check_read(*state, side, CHINESE, 0.97);
}

static void a_photographed_chinese_page_is_read_with_its_gaps_and_lines(void **state)
{
    struct reader_page page =
        read_picture(*state, distorted(draw_chinese(COMMA), DISTORT_PHOTOGRAPH, 3), 0);
    assert_true(share_read(&page, CHINESE) > 0.96);
    check_gaps(&page, COMMA, 16, 2);
    check_lines(*state, &page, 6);
}

/* Whether a table is in the picture or the page fills it. */
static void a_page_in_too_little_light_is_read_and_no_dark_screen(void **state)
{
    static const enum distort_way WAYS[] = {DISTORT_PHOTOGRAPH, DISTORT_SCAN};
    for (size_t i = 0; i < sizeof WAYS / sizeof *WAYS; i++) {
        PIX *picture = distorted(draw_english(0, 12), WAYS[i], 4);
        pixMultConstantGray(picture, 0.28F);
        check_read(*state, picture, ENGLISH, 0.95);
    }
}

static void light_letters_on_a_dark_screen_are_read(void **state)
{
    PIX *shot = distorted(draw_english(0, 12), DISTORT_SCREEN, 0);
    pixInvert(shot, shot);
    check_read(*state, shot, ENGLISH, 0.97);
}

/* The first is light on dark, the second dark on a colour between, as a chat at night has them. */
static void messages_in_bubbles_are_read_whichever_is_brighter_letters_or_ground(void **state)
{
    struct str text = str_of(CHINESE);
    size_t pos = 0;
    struct sheet sheet = sheet_of(PHONE_WIDTH, 1600, 0x111111, "Noto Sans CJK SC", PHONE_EM);
    draw_message(&sheet, 60, 0x2C2C2C, 0xE6E6E6, text, &pos, 8);
    draw_message(&sheet, 700, 0x26B65F, 0x000000, text, &pos, 12);
    char shown[sizeof CHINESE] = {0};
    memcpy(shown, CHINESE, pos);
    check_read(*state, sheet_take(&sheet), shown, 0.95);
}

/* Lines of a long word and two short ones each, close to one another: across them, three broad bands would do for lines. */
static void lines_that_make_columns_are_not_taken_for_lines_on_their_side(void **state)
{
    static const int WORDS[][2] = {{60, 200}, {276, 34}, {326, 34}}; /* from the left; width */
    PIX *grey = pixCreate(414, 1600, 8);
    struct picture_flat flat;
    (void)state;
    pixSetAll(grey);
    for (int top = 20; top < 1560; top += 24)
        for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
            for (int y = top; y < top + 16; y++)
                for (int x = 0; x < WORDS[i][1]; x++)
                    pixSetPixel(grey, WORDS[i][0] + x, y, 0);
    assert_true(picture_flatten(grey, &flat));
    assert_int_equal(flat.turned, 0);
    pixDestroy(&flat.grey);
    pixDestroy(&grey);
}

/* What was scrolled through, as one picture: read from its beginning to its end. */
static void a_picture_much_longer_than_a_page_is_read_to_its_end(void **state)
{
    struct str text = str_of(CHINESE);
    size_t pos = 0;
    struct sheet sheet = sheet_of(PHONE_WIDTH, 13000, 0xEDEDED, "Noto Sans CJK SC", PHONE_EM);
    for (unsigned i = 0; i < 5; i++)
        draw_message(&sheet, 100 + 2950 * i, 0xFFFFFF, 0x000000, text, &pos, 4);
    char shown[sizeof CHINESE] = {0};
    memcpy(shown, CHINESE, pos);
    PIX *long_one = sheet_take(&sheet);
    l_uint8 *png = NULL;
    size_t len = 0;
    assert_int_equal(pixWriteMemPng(&png, &len, long_one, 0), 0);
    pixDestroy(&long_one);

    struct reader reader = {.arena = *state};
    refused_why = 0;
    if (setjmp(refused_at) == 0)
        picture_see(&reader, (struct str){(const char *)png, len});
    lept_free(png);
    assert_int_equal(refused_why, 0);
    struct reader_page all = {.lines = arena_array(*state, 100, struct reader_line)};
    for (size_t i = 0; i < reader.npages; i++)
        for (size_t k = 0; k < reader.pages[i].nlines && all.nlines < 100; k++)
            all.lines[all.nlines++] = reader.pages[i].lines[k];
    assert_true(share_read(&all, shown) > 0.95);
}

static void the_same_seed_distorts_a_page_to_the_same_picture(void **state)
{
    (void)state;
    PIX *page = pixCreate(800, 1000, 8);
    pixSetAll(page);
    for (int way = 0; way < DISTORT_WAYS; way++) {
        PIX *one = distort_page(page, (enum distort_way)way, 7);
        PIX *again = distort_page(page, (enum distort_way)way, 7);
        PIX *other = distort_page(page, (enum distort_way)way, 8);
        int same = 0;
        pixEqual(one, again, &same);
        assert_true(same);
        pixEqual(one, other, &same);
        assert_true(same == (way >= DISTORT_SCREEN));
        pixDestroy(&one);
        pixDestroy(&again);
        pixDestroy(&other);
    }
    pixDestroy(&page);
}

static void a_picture_that_shows_no_text_has_no_lines(void **state)
{
    PIX *blank = pixCreate(900, 1200, 8);
    pixSetAll(blank);
    struct reader_page page = read_picture(*state, blank, 200);
    assert_int_equal(page.nlines, 0);
    assert_int_equal(page.nsigns, 0);
}

static void a_picture_of_too_many_points_is_refused_by_its_head(void **state)
{
    /* A PNG of 60,000 × 60,000 points, of which only the head is there. */
    static const char bytes[64] = "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\xEA\x60\0\0\xEA\x60\x08";
    struct reader reader = {.arena = *state};
    refused_why = 0;
    if (setjmp(refused_at) == 0)
        picture_see(&reader, (struct str){bytes, sizeof bytes});
    assert_int_equal(refused_why, READER_REFUSED_LARGE);
}

/* ----------------------------------------------------------------------------------------------------- */

static int begin(void **state)
{
    *state = arena_make();
    return 0;
}

static int finish(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scanned_chinese_page_is_read_with_its_gaps_and_lines),
        cmocka_unit_test(a_scanned_english_page_is_read_with_its_gaps_and_lines),
        cmocka_unit_test(a_scan_that_lies_on_its_side_is_read),
        cmocka_unit_test(a_photographed_chinese_page_is_read_with_its_gaps_and_lines),
        cmocka_unit_test(a_page_in_too_little_light_is_read_and_no_dark_screen),
        cmocka_unit_test(light_letters_on_a_dark_screen_are_read),
        cmocka_unit_test(messages_in_bubbles_are_read_whichever_is_brighter_letters_or_ground),
        cmocka_unit_test(lines_that_make_columns_are_not_taken_for_lines_on_their_side),
        cmocka_unit_test(a_picture_much_longer_than_a_page_is_read_to_its_end),
        cmocka_unit_test(the_same_seed_distorts_a_page_to_the_same_picture),
        cmocka_unit_test(a_picture_that_shows_no_text_has_no_lines),
        cmocka_unit_test(a_picture_of_too_many_points_is_refused_by_its_head),
    };
    return cmocka_run_group_tests_name("picture", tests, begin, finish);
}
