/* How a camera was held, and the picture that people see of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "reader/exif.h"
#include "reader/picture.h"
#include "reader/sandbox.h"

/* --- what the reader's main program has --------------------------------------------------------------- */

void reader_refuse(enum reader_refusal why, unsigned number)
{
    (void)why;
    (void)number;
    abort();
}

void sandbox_more_memory(void)
{
}

void sandbox_begin_picture(unsigned page)
{
    (void)page;
}

struct reader_page *reader_add_page(struct reader *reader)
{
    (void)reader;
    abort();
}

void reader_see_picture(struct reader *reader, PIX *picture, unsigned dpi, struct reader_page *page)
{
    (void)reader;
    (void)picture;
    (void)dpi;
    (void)page;
    abort();
}

/* --- pictures ------------------------------------------------------------------------------------------ */

#define W    48
#define H    32
#define SPOT 8

/* White with a black spot in the corner that a viewer is to see at the left above. */
static const struct {
    unsigned orientation;
    int x,
        y; /* where the spot stands in the picture as it is kept: 0 left or above, 1 right or below */
} CORNERS[] = {{1, 0, 0}, {2, 1, 0}, {3, 1, 1}, {4, 0, 1},
               {5, 0, 0}, {6, 0, 1}, {7, 1, 1}, {8, 1, 0}};

static PIX *draw(int x, int y)
{
    PIX *picture = pixCreate(W, H, 8);
    assert_int_equal(pixSetAll(picture), 0);
    for (int i = 0; i < SPOT * SPOT; i++)
        pixSetPixel(picture, x * (W - SPOT) + i % SPOT, y * (H - SPOT) + i / SPOT, 0);
    return picture;
}

/* Exif with one tag before the orientation and none after. */
static struct str exif_of(struct arena *arena, unsigned orientation, bool little)
{
    struct buf out = {.arena = arena};
    unsigned char o = (unsigned char)orientation;
    const unsigned char big_end[] = {'M', 'M', 0, '*', 0, 0, 0,    8, 0, 2, 1, 0, 0, 3, 0, 0, 0,
                                     1,   0,   9, 0,   0, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, o, 0, 0};
    const unsigned char little_end[] = {'I', 'I', '*', 0, 8, 0,    0, 0, 2, 0, 0, 1, 3, 0, 1, 0, 0,
                                        0,   9,   0,   0, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, o, 0, 0, 0};
    const unsigned char *bytes = little ? little_end : big_end;
    buf_add(&out, (struct str){(const char *)bytes, sizeof big_end});
    return buf_str(&out);
}

static void add_number(struct buf *out, size_t number, unsigned bytes, bool little)
{
    for (unsigned i = 0; i < bytes; i++)
        buf_add_byte(out, (char)(number >> 8 * (little ? i : bytes - 1 - i)));
}

static struct str bytes_of(struct arena *arena, PIX *picture, int format)
{
    l_uint8 *data = NULL;
    size_t len = 0;
    assert_int_equal(pixWriteMem(&data, &len, picture, format), 0);
    struct str bytes = str_copy(arena, (struct str){(const char *)data, len});
    lept_free(data);
    return bytes;
}

static struct str join(struct arena *arena, struct str whole, size_t at, struct str piece)
{
    struct buf out = {.arena = arena};
    buf_add(&out, str_slice(whole, 0, at));
    buf_add(&out, piece);
    buf_add(&out, str_slice(whole, at, whole.len));
    return buf_str(&out);
}

static struct str in_jpeg(struct arena *arena, PIX *picture, struct str exif)
{
    struct buf piece = {.arena = arena};
    buf_add(&piece, STR("\xFF\xE1"));
    add_number(&piece, 2 + 6 + exif.len, 2, false);
    buf_add(&piece, STR("Exif\0\0"));
    buf_add(&piece, exif);
    return join(arena, bytes_of(arena, picture, IFF_JFIF_JPEG), 2, buf_str(&piece));
}

/* The sum at its end is not looked at before the picture is decoded, where unknown chunks are passed over. */
static struct str in_png(struct arena *arena, PIX *picture, struct str exif)
{
    struct buf piece = {.arena = arena};
    add_number(&piece, exif.len, 4, false);
    buf_add(&piece, STR("eXIf"));
    buf_add(&piece, exif);
    add_number(&piece, 0, 4, false);
    struct str whole = bytes_of(arena, picture, IFF_PNG);
    return join(arena, whole, 33, buf_str(&piece)); /* behind the head */
}

static struct str in_webp(struct arena *arena, PIX *picture, struct str exif)
{
    struct buf piece = {.arena = arena};
    buf_add(&piece, STR("EXIF"));
    add_number(&piece, exif.len, 4, true);
    buf_add(&piece, exif);
    struct str whole = bytes_of(arena, picture, IFF_WEBP);
    return join(arena, whole, whole.len, buf_str(&piece));
}

/* --- tests ----------------------------------------------------------------------------------------------- */

static void a_picture_is_seen_as_its_camera_was_held(void **state)
{
    struct arena *arena = arena_make();
    (void)state;
    for (size_t i = 0; i < sizeof CORNERS / sizeof *CORNERS; i++) {
        PIX *kept = draw(CORNERS[i].x, CORNERS[i].y);
        struct str exif = exif_of(arena, CORNERS[i].orientation, i % 2);
        struct reader reader = {.arena = arena};
        PIX *seen = picture_glance(&reader, in_jpeg(arena, kept, exif));
        l_uint32 spot = 255;
        assert_int_equal(pixGetWidth(seen), CORNERS[i].orientation > 4 ? H : W);
        assert_int_equal(pixGetPixel(seen, SPOT / 2, SPOT / 2, &spot), 0);
        assert_true(spot < 64);
        pixDestroy(&seen);
        pixDestroy(&kept);
    }
    arena_free(arena);
}

static void png_and_webp_say_it_too_and_who_says_nothing_is_upright(void **state)
{
    struct arena *arena = arena_make();
    PIX *kept = draw(0, 0);
    (void)state;
    for (unsigned o = 1; o <= 8; o++) {
        assert_int_equal(exif_orientation(in_png(arena, kept, exif_of(arena, o, true))), o);
        assert_int_equal(exif_orientation(in_webp(arena, kept, exif_of(arena, o, false))), o);
    }
    assert_int_equal(exif_orientation(bytes_of(arena, kept, IFF_JFIF_JPEG)), 1);
    assert_int_equal(exif_orientation(bytes_of(arena, kept, IFF_PNG)), 1);
    assert_int_equal(exif_orientation(in_jpeg(arena, kept, exif_of(arena, 0, true))), 1);
    assert_int_equal(exif_orientation(in_jpeg(arena, kept, exif_of(arena, 9, true))), 1);
    assert_int_equal(exif_orientation(STR("")), 1);
    pixDestroy(&kept);
    arena_free(arena);
}

/* Strangers make these files. */
static void bytes_that_are_cut_off_or_false_say_nothing_beyond_their_end(void **state)
{
    struct arena *arena = arena_make();
    PIX *kept = draw(0, 0);
    struct str whole[] = {in_jpeg(arena, kept, exif_of(arena, 6, true)),
                          in_png(arena, kept, exif_of(arena, 6, true)),
                          in_webp(arena, kept, exif_of(arena, 6, false))};
    (void)state;
    for (size_t i = 0; i < 3; i++)
        for (size_t len = 0; len < whole[i].len; len++) {
            char *cut = malloc(len + 1); /* of its own, so that reading beyond it is seen */
            assert_non_null(cut);
            memcpy(cut, whole[i].at, len);
            unsigned said = exif_orientation((struct str){cut, len});
            assert_true(said == 1 || said == 6);
            for (size_t k = 0; k < len && k < 120; k++) {
                char was = cut[k];
                cut[k] = (char)0xFF;
                said = exif_orientation((struct str){cut, len});
                assert_true(said >= 1 && said <= 8);
                cut[k] = was;
            }
            free(cut);
        }
    pixDestroy(&kept);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_is_seen_as_its_camera_was_held),
        cmocka_unit_test(png_and_webp_say_it_too_and_who_says_nothing_is_upright),
        cmocka_unit_test(bytes_that_are_cut_off_or_false_say_nothing_beyond_their_end),
    };
    setMsgSeverity(L_SEVERITY_NONE);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
