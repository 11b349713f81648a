/* HEIC as telephones save it: put together, turned, and refused where it is something else. The files are seeds of the fuzzer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "reader/heif.h"
#include "reader/picture.h"
#include "reader/sandbox.h"

static jmp_buf refused;
static enum reader_refusal refusal;
static PIX *seen;

void reader_refuse(enum reader_refusal why, unsigned number)
{
    (void)number;
    refusal = why;
    longjmp(refused, 1);
}
struct reader_page *reader_add_page(struct reader *reader)
{
    return arena_new(reader->arena, struct reader_page);
}
void sandbox_more_memory(void)
{
}
void sandbox_begin_picture(unsigned page)
{
    (void)page;
}
void reader_see_picture(struct reader *reader, struct Pix *picture, unsigned dpi,
                        struct reader_page *page)
{
    (void)reader;
    (void)dpi;
    (void)page;
    seen = pixConvertTo8(picture, 0);
}

static struct arena *arena;

static struct str load(const char *name)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", CORPUS, name);
    size_t len = 0;
    l_uint8 *bytes = l_binaryRead(path, &len);
    assert_non_null(bytes);
    char *copy = arena_take(arena, len);
    memcpy(copy, bytes, len);
    lept_free(bytes);
    return (struct str){copy, len};
}

/* 0 where it was seen. */
static enum reader_refusal see(struct str bytes)
{
    struct reader reader = {.arena = arena};
    pixDestroy(&seen);
    refusal = 0;
    if (setjmp(refused) == 0)
        picture_see(&reader, bytes);
    return refusal;
}

/* How far the points of what was seen are from another picture's, as a mean. */
static float distance_from(const char *name)
{
    struct str bytes = load(name);
    PIX *all = pixReadMem((const l_uint8 *)bytes.at, bytes.len);
    PIX *other = pixConvertTo8(all, 0);
    l_float32 mean = 255;
    if (pixGetWidth(seen) == pixGetWidth(other) && pixGetHeight(seen) == pixGetHeight(other))
        assert_int_equal(
            pixCompareGray(seen, other, L_COMPARE_ABS_DIFF, 0, NULL, &mean, NULL, NULL), 0);
    pixDestroy(&other);
    pixDestroy(&all);
    return mean;
}

static void a_picture_in_one_piece_is_what_was_encoded(void **state)
{
    (void)state;
    assert_int_equal(see(load("page.heic")), 0);
    assert_true(distance_from("page.png") < 2);
}

static void tiles_are_put_together_and_turned_as_the_telephone_was_held(void **state)
{
    (void)state;
    assert_int_equal(see(load("turned.heic")), 0);
    assert_true(distance_from("page.png") < 2);
}

static void a_mirrored_picture_is_turned_over(void **state)
{
    (void)state;
    struct str bytes = load("turned.heic");
    assert_int_equal(see(bytes), 0);
    char *property = memmem(bytes.at, bytes.len, "irot", 4);
    PIX *lying = pixRotateOrth(seen, property[4]); /* as it lies in the file */
    memcpy(property, "imir", 4);
    for (int axis = 0; axis < 2; axis++) {
        PIX *mirrored = axis ? pixFlipLR(NULL, lying) : pixFlipTB(NULL, lying);
        l_int32 same = 0;
        property[4] = (char)axis;
        assert_int_equal(see(bytes), 0);
        assert_int_equal(pixEqual(mirrored, seen, &same), 0);
        assert_true(same);
        pixDestroy(&mirrored);
    }
    pixDestroy(&lying);
}

static void patch(struct str bytes, const char *from, const char *to)
{
    char *at = memmem(bytes.at, bytes.len, from, 4);
    assert_non_null(at);
    memcpy(at, to, 4);
}

static void what_is_coded_in_another_way_is_said_to_be_of_another_kind(void **state)
{
    (void)state;
    struct str bytes = load("page.heic");
    patch(bytes, "hvc1", "av01");
    assert_int_equal(see(bytes), READER_REFUSED_KIND);
    bytes = load("turned.heic");
    patch(bytes, "hvc1", "av01");
    assert_int_equal(see(bytes), READER_REFUSED_KIND);
}

static void what_lacks_a_part_is_damaged(void **state)
{
    static const char *const PARTS[] = {"meta", "iinf", "pitm", "iprp", "ipco",
                                        "ipma", "iloc", "iref", "hvcC", "idat"};
    (void)state;
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        struct str bytes = load("turned.heic");
        patch(bytes, PARTS[i], "free");
        assert_int_equal(see(bytes), READER_REFUSED_DAMAGED);
    }
}

static bool lies_within(struct str piece, struct str bytes)
{
    return piece.at >= bytes.at && piece.at + piece.len <= bytes.at + bytes.len;
}

static void whatever_the_lists_say_all_pieces_lie_in_the_file(void **state)
{
    (void)state;
    struct str bytes = load("turned.heic");
    char *lists = (char *)(uintptr_t)bytes.at;
    size_t end = (size_t)((char *)memmem(bytes.at, bytes.len, "mdat", 4) - bytes.at);
    for (size_t i = 8; i < end * 3; i++) {
        static const char OTHERS[] = {0, 1, '\xFF'};
        char kept = lists[i / 3];
        struct heif heif;
        lists[i / 3] = OTHERS[i % 3];
        if (heif_find(arena, bytes, &heif) == HEIF_FOUND)
            for (uint32_t k = 0; k < heif.columns * heif.rows; k++)
                assert_true(lies_within(heif.tiles[k].data, bytes) &&
                            lies_within(heif.tiles[k].config, bytes));
        lists[i / 3] = kept;
    }
}

static void a_file_that_ends_in_its_lists_is_damaged(void **state)
{
    (void)state;
    struct str bytes = load("turned.heic");
    size_t lists = (size_t)((char *)memmem(bytes.at, bytes.len, "mdat", 4) - bytes.at) - 4;
    for (size_t len = 8; len < lists; len++) {
        char *piece = arena_take(arena, len); /* whose end a sanitizer watches */
        memcpy(piece, bytes.at, len);
        assert_int_equal(see((struct str){piece, len}), READER_REFUSED_DAMAGED);
    }
}

static int begin(void **state)
{
    (void)state;
    arena = arena_make();
    return 0;
}

static int end(void **state)
{
    (void)state;
    pixDestroy(&seen);
    arena_free(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_picture_in_one_piece_is_what_was_encoded, begin, end),
        cmocka_unit_test_setup_teardown(tiles_are_put_together_and_turned_as_the_telephone_was_held,
                                        begin, end),
        cmocka_unit_test_setup_teardown(a_mirrored_picture_is_turned_over, begin, end),
        cmocka_unit_test_setup_teardown(what_is_coded_in_another_way_is_said_to_be_of_another_kind,
                                        begin, end),
        cmocka_unit_test_setup_teardown(what_lacks_a_part_is_damaged, begin, end),
        cmocka_unit_test_setup_teardown(whatever_the_lists_say_all_pieces_lie_in_the_file, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_file_that_ends_in_its_lists_is_damaged, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
