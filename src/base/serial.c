/* Numbers that are typed; see serial.h.
 *
 * The check character makes the sum of all sixteen values, each times its place (1 … 16), a multiple of 31.
 * 31 is prime and above every place and difference of places, so one wrong value, or two that changed places,
 * never leaves the sum as it was. */
#include "base/serial.h"

#include <ctype.h>
#include <string.h>

#include "base/digest.h"
#include "base/utf8.h"

#define ALPHABET "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
#define LETTERS  31U
#define GROUP    4U

/* Full-width letters are what a Chinese keyboard types. */
static uint32_t narrow(uint32_t code)
{
    return code >= 0xFF01 && code <= 0xFF5E ? code - 0xFF01 + '!' : code;
}

static int value_of(uint32_t code)
{
    if (code >= 'a' && code <= 'z')
        code = code - 'a' + 'A';
    const char *at = code && code < 0x80 ? strchr(ALPHABET, (int)code) : NULL;
    return at ? (int)(at - ALPHABET) : -1;
}

static bool is_word(uint32_t code)
{
    return code < 0x80 && isalnum((int)code);
}

static bool is_hyphen(uint32_t code)
{
    return code == '-' || (code >= 0x2010 && code <= 0x2015) || code == 0x2212;
}

/* The value that the last character must have: 16 c ≡ −sum, and 16 · 2 ≡ 1 (mod 31). */
static unsigned check_value(const char *text)
{
    unsigned sum = 0;
    for (unsigned i = 0; i + 1 < SERIAL_LEN; i++)
        sum += (i + 1) * (unsigned)value_of((unsigned char)text[i]);
    return 2 * (LETTERS - sum % LETTERS) % LETTERS;
}

static bool is_whole(const struct serial *s)
{
    return value_of((unsigned char)s->text[SERIAL_LEN - 1]) == (int)check_value(s->text);
}

enum status serial_make(struct serial *s, struct error *err)
{
    size_t len = 0;
    while (len + 1 < SERIAL_LEN) {
        unsigned char bytes[2 * SERIAL_LEN];
        enum status status = digest_random(bytes, sizeof bytes, err);
        if (status)
            return status;
        /* 248 is the last multiple of 31: beyond it some characters would be likelier. */
        for (size_t i = 0; i < sizeof bytes && len + 1 < SERIAL_LEN; i++)
            if (bytes[i] < 248)
                s->text[len++] = ALPHABET[bytes[i] % LETTERS];
    }
    s->text[SERIAL_LEN - 1] = ALPHABET[check_value(s->text)];
    s->text[SERIAL_LEN] = 0;
    return STATUS_OK;
}

bool serial_read(struct str typed, struct serial *s)
{
    size_t len = 0;
    for (size_t at = 0; at < typed.len;) {
        uint32_t code = narrow(utf8_next(typed, &at));
        int value = value_of(code);
        if (is_hyphen(code) || code == ' ' || code == '\t' || code == 0x3000)
            continue;
        if (value < 0 || len == SERIAL_LEN)
            return false;
        s->text[len++] = ALPHABET[value];
    }
    s->text[len] = 0;
    return len == SERIAL_LEN && is_whole(s);
}

/* One that begins right at `at`: four groups with a hyphen between each two, and nothing of a word behind them. Gives
 * where it ends. */
static bool read_printed(struct str text, size_t at, struct serial *s, size_t *end)
{
    uint32_t code;
    for (size_t len = 0; len < SERIAL_LEN;) {
        if (at >= text.len)
            return false;
        code = narrow(utf8_next(text, &at));
        int value = value_of(code);
        if (value < 0)
            return false;
        s->text[len++] = ALPHABET[value];
        if (len % GROUP == 0 && len < SERIAL_LEN &&
            (at >= text.len || !is_hyphen(narrow(utf8_next(text, &at)))))
            return false;
    }
    *end = at;
    code = at < text.len ? narrow(utf8_next(text, &at)) : ' ';
    s->text[SERIAL_LEN] = 0;
    return !is_word(code) && !is_hyphen(code) && is_whole(s);
}

bool serial_find(struct str text, size_t *at, struct serial *s)
{
    bool within = false; /* a word or number */
    while (*at < text.len) {
        size_t next = *at;
        uint32_t code = narrow(utf8_next(text, &next));
        if (!within && read_printed(text, *at, s, &next)) {
            *at = next;
            return true;
        }
        within = is_word(code) || is_hyphen(code);
        *at = next;
    }
    return false;
}

/* --- misread -------------------------------------------------------------------------------------- */

#define GROUPS  (SERIAL_LEN / GROUP)
#define UNKNOWN '?' /* a character that no number has */

/* A number in its groups, as somebody read it. */
struct misread {
    char text[SERIAL_LEN + 2];
    size_t len;
    size_t lens[GROUPS];
};

static bool read_groups(struct str text, struct misread *m)
{
    size_t group = 0;
    *m = (struct misread){.len = 0};
    for (size_t at = 0; at < text.len;) {
        uint32_t code = narrow(utf8_next(text, &at));
        int value = value_of(code);
        if (is_hyphen(code)) {
            if (++group == GROUPS)
                return false;
            continue;
        }
        if (m->len > SERIAL_LEN || (value < 0 && !is_word(code)))
            return false;
        m->text[m->len++] = value < 0 ? UNKNOWN : ALPHABET[value];
        m->lens[group]++;
    }
    return group + 1 == GROUPS;
}

/* The group that has a character more or less than others, which begins at *at; GROUPS where there is none, more where it
 * is not one alone. */
static size_t odd_group(const struct misread *m, size_t *at)
{
    size_t odd = GROUPS;
    size_t begin = 0;
    for (size_t g = 0; g < GROUPS; begin += m->lens[g++]) {
        if (m->lens[g] == GROUP)
            continue;
        if (odd < GROUPS || m->lens[g] + 1 < GROUP || m->lens[g] > GROUP + 1)
            return GROUPS + 1;
        odd = g;
        *at = begin;
    }
    return odd;
}

static void add_near(const char *text, struct serial near[SERIAL_NEAR_MOST], size_t *count)
{
    struct serial s;
    if (*count == SERIAL_NEAR_MOST || !serial_read((struct str){text, SERIAL_LEN}, &s))
        return;
    for (size_t i = 0; i < *count; i++)
        if (memcmp(near[i].text, s.text, sizeof s.text) == 0)
            return;
    near[(*count)++] = s;
}

/* Each character of the alphabet at `at`, in place of what is there or (text is one short) before it. */
static void add_each(const char *text, size_t at, bool before, struct serial near[SERIAL_NEAR_MOST],
                     size_t *count)
{
    char tried[SERIAL_LEN + 1];
    memcpy(tried, text, at);
    memcpy(tried + at + 1, text + at + !before, SERIAL_LEN - at - 1);
    for (const char *c = ALPHABET; *c; c++) {
        tried[at] = *c;
        add_near(tried, near, count);
    }
}

size_t serial_list_near(struct str text, struct serial near[SERIAL_NEAR_MOST])
{
    struct misread m;
    size_t begin = 0;
    size_t count = 0;
    size_t odd = read_groups(text, &m) ? odd_group(&m, &begin) : GROUPS + 1;
    if (odd > GROUPS)
        return 0;
    if (odd == GROUPS)
        for (size_t i = 0; i < SERIAL_LEN; i++)
            add_each(m.text, i, false, near, &count);
    else if (m.lens[odd] < GROUP)
        for (size_t i = begin; i <= begin + m.lens[odd]; i++)
            add_each(m.text, i, true, near, &count);
    else
        for (size_t i = begin; i < begin + m.lens[odd]; i++) {
            char tried[SERIAL_LEN + 1];
            memcpy(tried, m.text, i);
            memcpy(tried + i, m.text + i + 1, SERIAL_LEN - i);
            add_near(tried, near, &count);
        }
    return count;
}

struct str serial_print(struct arena *arena, const struct serial *s)
{
    return str_format(arena, "%.4s-%.4s-%.4s-%.4s", s->text, s->text + 4, s->text + 8,
                      s->text + 12);
}
