/* A spliced copy is what packing the copy's own bytes would unpack to, whatever is chosen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <zip.h>
#include <zlib.h>

#include "format/zip_press.h"

static uint64_t dice_state = 88172645463325252ULL;

static size_t dice(size_t below)
{
    dice_state ^= dice_state << 13;
    dice_state ^= dice_state >> 7;
    dice_state ^= dice_state << 17;
    return (size_t)(dice_state % below);
}

enum { SITES = 64, PIECES_MAX = 3000 };

/* The same pieces as a splice has, to be put together by the simplest means. */
struct piece {
    enum { LITERAL, CHOICE, FIELD } kind;
    uint32_t which;
    struct str side[2];
};
struct pieces {
    struct piece all[PIECES_MAX];
    size_t count;
};

static struct str whole(struct arena *arena, const struct pieces *pieces, const uint8_t *bits,
                        const struct str *fields)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < pieces->count; i++) {
        const struct piece *p = &pieces->all[i];
        buf_add(&out, p->kind == FIELD    ? fields[p->which]
                      : p->kind == CHOICE ? p->side[bits[p->which]]
                                          : p->side[0]);
    }
    return buf_str(&out);
}

static struct splice *spliced(struct arena *arena, const struct pieces *pieces)
{
    struct splice *s = splice_make(arena);
    for (size_t i = 0; i < pieces->count; i++) {
        const struct piece *p = &pieces->all[i];
        if (p->kind == CHOICE)
            splice_choice(s, p->which, p->side[0], p->side[1]);
        else if (p->kind == FIELD)
            splice_field(s, p->which);
        else
            splice_literal(s, p->side[0]);
    }
    splice_end(s);
    return s;
}

/* Words out of few letters repeat, so that matches are found at every distance. */
static struct str words(struct arena *arena, size_t most)
{
    static const char *const SOME[] = {"<w:r><w:t xml:space=\"preserve\">",
                                       "</w:t></w:r>",
                                       "工作",
                                       "推进",
                                       "a",
                                       "the",
                                       " ",
                                       "\xFF\x00\x80",
                                       "xyxyxyxyxy"};
    struct buf out = {.arena = arena};
    size_t count = dice(most + 1);
    while (count--) {
        if (dice(9) == 0)
            buf_add_byte(&out, (char)dice(256));
        else
            buf_add(&out, str_of(SOME[dice(sizeof SOME / sizeof *SOME)]));
    }
    return buf_str(&out);
}

static void fill(struct arena *arena, struct pieces *pieces, size_t count, size_t long_ones)
{
    pieces->count = count;
    for (size_t i = 0; i < count; i++)
        pieces->all[i] = (struct piece){
            .kind = dice(40) == 0 ? FIELD
                    : dice(3)     ? LITERAL
                                  : CHOICE,
            .which = (uint32_t)dice(2),
            .side = {words(arena, dice(9) ? 12 : long_ones), words(arena, 6)},
        };
    for (size_t i = 0; i < count; i++)
        if (pieces->all[i].kind == CHOICE)
            pieces->all[i].which = (uint32_t)dice(SITES);
}

static struct str unpacked(struct arena *arena, struct str packed, size_t most)
{
    z_stream z = {.next_in = (z_const Bytef *)packed.at, .avail_in = (uInt)packed.len};
    char *out = arena_take(arena, most + 1);
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)most + 1;
    assert_int_equal(inflateInit2(&z, -MAX_WBITS), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(z.avail_in, 0); /* nothing behind the stream's end */
    assert_int_equal(inflateEnd(&z), Z_OK);
    return (struct str){out, z.total_out};
}

static void check(const struct pieces *pieces)
{
    struct arena *arena = arena_make();
    const struct splice *s = spliced(arena, pieces);
    for (unsigned copy = 0; copy < 6; copy++) {
        uint8_t bits[SITES];
        for (unsigned i = 0; i < SITES; i++)
            bits[i] = (uint8_t)(copy < 2 ? copy : dice(2));
        struct str fields[2] = {words(arena, 20), words(arena, copy % 2 ? 0 : 300)};
        struct str want = whole(arena, pieces, bits, fields);
        char *out = arena_take(arena, splice_room(s));
        struct spliced got = splice_write(s, arena, bits, fields, out);
        assert_true(got.packed <= splice_room(s));
        assert_int_equal(got.plain, want.len);
        assert_int_equal(got.crc, crc32_z(0, (const Bytef *)want.at, want.len));
        struct str back = unpacked(arena, (struct str){out, got.packed}, want.len);
        assert_true(str_equal(back, want));
    }
    arena_free(arena);
}

static void copies_unpack_to_the_chosen_pieces(void **state)
{
    static struct pieces pieces;
    (void)state;
    for (size_t round = 0; round < 60; round++) {
        struct arena *arena = arena_make();
        fill(arena, &pieces, dice(round < 20 ? 4 : 200), 400);
        check(&pieces);
        arena_free(arena);
    }
}

static void matches_never_reach_beyond_the_window_in_any_copy(void **state)
{
    static struct pieces pieces;
    struct arena *arena = arena_make();
    (void)state;
    fill(arena, &pieces, 2500, 1500);
    check(&pieces);
    /* One side is longer than the window, the other empty, and what is around them is the same. */
    struct buf far = {.arena = arena};
    for (unsigned i = 0; i < 40000; i++)
        buf_add_byte(&far, (char)dice(256));
    pieces.count = 3;
    pieces.all[0] = pieces.all[2] = (struct piece){LITERAL, 0, {STR("the same words twice"), {0}}};
    pieces.all[1] = (struct piece){CHOICE, 3, {buf_str(&far), STR("")}};
    check(&pieces);
    arena_free(arena);
}

static void a_copy_is_packed_about_as_tightly_as_one_by_itself(void **state)
{
    static struct pieces pieces;
    struct arena *arena = arena_make();
    (void)state;
    fill(arena, &pieces, 2000, 30);
    for (size_t i = 0; i < pieces.count; i++)
        if (pieces.all[i].kind == FIELD)
            pieces.all[i].kind = LITERAL;
    const struct splice *s = spliced(arena, &pieces);
    uint8_t bits[SITES] = {0};
    struct str want = whole(arena, &pieces, bits, NULL);
    struct spliced got = splice_write(s, arena, bits, NULL, arena_take(arena, splice_room(s)));
    uLongf len = compressBound(want.len);
    assert_int_equal(compress2(arena_take(arena, len), &len, (const Bytef *)want.at, want.len, 6),
                     Z_OK);
    assert_true(got.packed < len + len / 8);
    arena_free(arena);
}

static void archives_open_with_every_part_whole(void **state)
{
    static struct pieces pieces;
    struct arena *arena = arena_make();
    struct zip_press *press = zip_press_make(arena);
    uint8_t bits[SITES] = {0, 1, 1, 0, 1};
    struct str fields[2] = {STR("of one"), STR("")};
    (void)state;
    fill(arena, &pieces, 100, 10);
    struct str same = words(arena, 300);
    zip_press_add_plain(press, STR("mimetype"), STR("application/epub+zip"));
    zip_press_add_splice(press, STR("first.xml"), spliced(arena, &pieces));
    zip_press_add(press, STR("同样.xml"), same);
    zip_press_add(press, STR("empty"), STR(""));
    struct str bytes = zip_press_write(press, arena, bits, fields);
    assert_memory_equal(bytes.at + 30, "mimetypeapplication/epub+zip", 28);
    zip_error_t why;
    zip_source_t *source = zip_source_buffer_create(bytes.at, bytes.len, 0, &why);
    zip_t *zip = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &why);
    assert_non_null(zip);
    struct str want[] = {STR("application/epub+zip"), whole(arena, &pieces, bits, fields), same,
                         STR("")};
    assert_int_equal(zip_get_num_entries(zip, 0), 4);
    for (zip_uint64_t i = 0; i < 4; i++) {
        zip_file_t *file = zip_fopen_index(zip, i, 0);
        char *got = arena_take(arena, want[i].len + 1);
        assert_int_equal(zip_fread(file, got, want[i].len + 1), want[i].len);
        assert_true(str_equal((struct str){got, want[i].len}, want[i]));
        assert_int_equal(zip_fclose(file), 0); /* checks the CRC */
    }
    zip_discard(zip);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_unpack_to_the_chosen_pieces),
        cmocka_unit_test(matches_never_reach_beyond_the_window_in_any_copy),
        cmocka_unit_test(a_copy_is_packed_about_as_tightly_as_one_by_itself),
        cmocka_unit_test(archives_open_with_every_part_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
