/* A PDF file while it is written; see pdf_file.h. */
#include "format/pdf_file.h"

#include <inttypes.h>
#include <libdeflate.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"

#define PACKED_MOST 200U /* objects of one object stream */

/* The second line tells programs that move files that this one is not text. */
static const char HEAD[] = "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n";

/* --- compressing ---------------------------------------------------------------------------------- */

/* A compressor is half a megabyte, so each thread keeps the quick one that every copy needs. */
static pthread_once_t quick_once = PTHREAD_ONCE_INIT;
static pthread_key_t quick_key;

static void free_compressor(void *compressor)
{
    libdeflate_free_compressor(compressor);
}

static void make_key(void)
{
    if (pthread_key_create(&quick_key, free_compressor))
        abort();
}

static struct libdeflate_compressor *alloc_compressor(int level)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(level);
    if (!compressor)
        abort();
    return compressor;
}

static struct libdeflate_compressor *quick_compressor(void)
{
    (void)pthread_once(&quick_once, make_key);
    struct libdeflate_compressor *compressor = pthread_getspecific(quick_key);
    if (!compressor) {
        compressor = alloc_compressor(1);
        (void)pthread_setspecific(quick_key, compressor);
    }
    return compressor;
}

/* Appends them, compressed. */
static void deflate_bytes(struct buf *out, struct str bytes, enum pdf_effort effort)
{
    struct libdeflate_compressor *compressor =
        effort == PDF_QUICK ? quick_compressor() : alloc_compressor(7);
    size_t most = libdeflate_zlib_compress_bound(compressor, bytes.len);
    buf_reserve(out, most);
    out->len += libdeflate_zlib_compress(compressor, bytes.at, bytes.len, out->at + out->len, most);
    if (effort != PDF_QUICK)
        libdeflate_free_compressor(compressor);
}

/* --- objects -------------------------------------------------------------------------------------- */

void pdf_file_begin(struct pdf_file *file, struct arena *arena, size_t line)
{
    *file = (struct pdf_file){.arena = arena,
                              .out = {.arena = arena},
                              .packed = {.arena = arena},
                              .index = {.arena = arena},
                              .count = 1};
    buf_add(&file->out, str_of(HEAD));
    if (!line)
        return;
    buf_add_byte(&file->out, '%');
    buf_reserve(&file->out, line);
    memset(file->out.at + file->out.len, ' ', line);
    file->out.len += line;
    buf_add_byte(&file->out, '\n');
}

static void make_room(struct pdf_file *file, uint32_t count)
{
    if (count <= file->cap)
        return;
    uint32_t cap = count > file->cap * 2 ? count + 64 : file->cap * 2;
    file->places = arena_grow(file->arena, file->places, file->cap * sizeof *file->places,
                              cap * sizeof *file->places);
    file->cap = cap;
}

void pdf_file_fork(struct pdf_file *fork, const struct pdf_file *file, struct arena *arena,
                   size_t more, uint32_t objects)
{
    *fork = (struct pdf_file){.arena = arena,
                              .out = {.arena = arena},
                              .packed = {.arena = arena},
                              .index = {.arena = arena},
                              .count = file->count};
    make_room(fork, file->count + objects);
    memcpy(fork->places, file->places, file->count * sizeof *file->places);
    buf_reserve(&fork->out, file->out.len + more);
    buf_add(&fork->out, buf_str(&file->out));
}

uint32_t pdf_file_numbers(struct pdf_file *file, uint32_t count)
{
    uint32_t first = file->count;
    make_room(file, file->count + count);
    file->count += count;
    return first;
}

uint32_t pdf_file_number(struct pdf_file *file)
{
    return pdf_file_numbers(file, 1);
}

static void begin_object(struct pdf_file *file, uint32_t number)
{
    file->places[number] = (struct pdf_place){.at = (uint32_t)file->out.len, .kind = 1};
    pdf_put_uint(&file->out, number);
    buf_add(&file->out, STR(" 0 obj\n"));
}

size_t pdf_file_stream(struct pdf_file *file, uint32_t number, struct str entries, struct str bytes,
                       enum pdf_effort effort)
{
    struct buf body = {.arena = file->arena};
    if (effort != PDF_PLAIN) {
        deflate_bytes(&body, bytes, effort);
        bytes = buf_str(&body);
    }
    begin_object(file, number);
    buf_add(&file->out, STR("<</Length "));
    pdf_put_uint(&file->out, (uint32_t)bytes.len);
    if (effort != PDF_PLAIN)
        buf_add(&file->out, STR("/Filter/FlateDecode"));
    buf_add(&file->out, entries);
    buf_add(&file->out, STR(">>\nstream\n"));
    size_t at = file->out.len;
    buf_add(&file->out, bytes);
    buf_add(&file->out, STR("\nendstream\nendobj\n"));
    return at;
}

void pdf_file_pause(struct pdf_file *file)
{
    if (!file->npacked)
        return;
    struct buf entries = {.arena = file->arena};
    buf_format(&entries, "/Type/ObjStm/N %" PRIu32 "/First %zu", file->npacked, file->index.len);
    buf_add(&file->index, buf_str(&file->packed));
    pdf_file_stream(file, file->packed_number, buf_str(&entries), buf_str(&file->index), PDF_QUICK);
    file->npacked = 0;
    file->packed.len = 0;
    file->index.len = 0;
}

void pdf_file_pack(struct pdf_file *file, uint32_t number, struct str body)
{
    if (file->npacked == PACKED_MOST)
        pdf_file_pause(file);
    if (!file->npacked)
        file->packed_number = pdf_file_number(file);
    file->places[number] = (struct pdf_place){
        .at = file->packed_number, .index = (uint16_t)file->npacked++, .kind = 2};
    pdf_put_uint(&file->index, number);
    buf_add_byte(&file->index, ' ');
    pdf_put_uint(&file->index, (uint32_t)file->packed.len);
    buf_add_byte(&file->index, ' ');
    buf_add(&file->packed, body);
    buf_add_byte(&file->packed, '\n');
}

/* The table: a byte for the kind, four for the place, two for the index. */
static struct str table_of(struct pdf_file *file)
{
    size_t len = (size_t)file->count * 7;
    uint8_t *table = arena_take_unset(file->arena, len);
    uint8_t *to = table;
    for (uint32_t i = 0; i < file->count; i++, to += 7) {
        const struct pdf_place *place = &file->places[i];
        to[0] = place->kind;
        for (unsigned k = 0; k < 4; k++)
            to[1 + k] = (uint8_t)(place->at >> (24 - 8 * k));
        to[5] = (uint8_t)(place->index >> 8);
        to[6] = (uint8_t)place->index;
    }
    return (struct str){(const char *)table, len};
}

struct str pdf_file_end(struct pdf_file *file, uint32_t root, uint32_t info, struct str id)
{
    pdf_file_pause(file);
    uint32_t number = pdf_file_number(file);
    size_t at = file->out.len;
    file->places[number] = (struct pdf_place){.at = (uint32_t)at, .kind = 1};
    file->places[0].index = 65535;
    struct buf entries = {.arena = file->arena};
    buf_format(&entries, "/Type/XRef/W[1 4 2]/Size %" PRIu32 "/Root %" PRIu32 " 0 R", file->count,
               root);
    if (info)
        buf_format(&entries, "/Info %" PRIu32 " 0 R", info);
    struct buf name = {.arena = file->arena};
    buf_add_byte(&name, '<');
    for (size_t i = 0; i < id.len; i++)
        buf_format(&name, "%02x", (uint8_t)id.at[i]);
    buf_add_byte(&name, '>');
    buf_format(&entries, "/ID[%.*s%.*s]", STR_ARG(buf_str(&name)), STR_ARG(buf_str(&name)));
    pdf_file_stream(file, number, buf_str(&entries), table_of(file), PDF_QUICK);
    buf_format(&file->out, "startxref\n%zu\n%%%%EOF\n", at);
    return buf_str(&file->out);
}

/* --- how things are written ----------------------------------------------------------------------- */

void pdf_put_uint(struct buf *out, uint32_t number)
{
    char digits[10];
    size_t n = sizeof digits;
    do {
        digits[--n] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    buf_add(out, (struct str){digits + n, sizeof digits - n});
}

void pdf_put_milli(struct buf *out, int64_t thousandths)
{
    if (thousandths < 0) {
        buf_add_byte(out, '-');
        thousandths = -thousandths;
    }
    pdf_put_uint(out, (uint32_t)(thousandths / 1000));
    unsigned rest = (unsigned)(thousandths % 1000);
    if (!rest)
        return;
    char tail[4] = {'.', (char)('0' + rest / 100), (char)('0' + rest / 10 % 10),
                    (char)('0' + rest % 10)};
    size_t len = sizeof tail;
    while (tail[len - 1] == '0')
        len--;
    buf_add(out, (struct str){tail, len});
}

void pdf_put_ref(struct buf *out, uint32_t number)
{
    pdf_put_uint(out, number);
    buf_add(out, STR(" 0 R"));
}

void pdf_put_bytes(struct buf *out, struct str bytes)
{
    buf_reserve(out, bytes.len * 2 + 2);
    char *to = out->at + out->len;
    *to++ = '(';
    for (size_t i = 0; i < bytes.len; i++) {
        char c = bytes.at[i];
        if (c == '(' || c == ')' || c == '\\' || c == '\r' || c == '\n')
            *to++ = '\\';
        *to++ = c == '\r' ? 'r' : c == '\n' ? 'n' : c;
    }
    *to++ = ')';
    out->len = (size_t)(to - out->at);
}

void pdf_put_date(struct buf *out, int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm when;
    (void)gmtime_r(&seconds, &when);
    buf_format(out, "(D:%04d%02d%02d%02d%02d%02dZ)", when.tm_year + 1900, when.tm_mon + 1,
               when.tm_mday, when.tm_hour, when.tm_min, when.tm_sec);
}

static void put_unit(struct buf *out, uint32_t unit)
{
    static const char digits[] = "0123456789ABCDEF";
    char four[4];
    for (unsigned i = 0; i < 4; i++)
        four[i] = digits[unit >> (12 - 4 * i) & 15U];
    buf_add(out, (struct str){four, 4});
}

void pdf_put_units(struct buf *out, struct str text)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t code = utf8_next(text, &at);
        if (code > 0xFFFF) {
            put_unit(out, 0xD800U + ((code - 0x10000U) >> 10));
            code = 0xDC00U + ((code - 0x10000U) & 0x3FFU);
        }
        put_unit(out, code);
    }
}

void pdf_put_text(struct buf *out, struct str text)
{
    bool plain = true;
    for (size_t i = 0; i < text.len; i++)
        plain = plain && text.at[i] >= 0x20 && text.at[i] < 0x7F;
    if (plain) {
        pdf_put_bytes(out, text);
        return;
    }
    buf_add(out, STR("<FEFF"));
    pdf_put_units(out, text);
    buf_add_byte(out, '>');
}
