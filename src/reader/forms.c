/* Forms of characters; see forms.h. */
#include "reader/forms.h"

#include <unicode/unorm2.h>
#include <unicode/utf16.h>

#define FORMS_MOST 512U

struct form {
    unsigned font;
    uint32_t code, plain; /* plain 0: several letters, never a mark */
    bool both;
};
struct forms {
    struct form list[FORMS_MOST];
    size_t count;
};

static bool is_form(uint32_t code)
{
    return (code >= 0xFB00 && code <= 0xFB06) || (code >= 0x2E80 && code <= 0x2FDF) ||
           (code >= 0xF900 && code <= 0xFAFF);
}

/* What NFKC makes of a form. */
static size_t normal_of(uint32_t code, uint32_t codes[FORMS_CODES_MOST])
{
    UErrorCode status = U_ZERO_ERROR;
    UChar from[2];
    UChar to[FORMS_CODES_MOST];
    int32_t len = 0;
    UBool failed = false;
    size_t count = 0;
    U16_APPEND(from, len, 2, code, failed);
    const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&status);
    int32_t units = failed ? 0 : unorm2_normalize(nfkc, from, len, to, FORMS_CODES_MOST, &status);
    codes[0] = code;
    if (failed || U_FAILURE(status))
        return 1;
    for (int32_t i = 0; i < units;) {
        uint32_t next;
        U16_NEXT(to, i, units, next);
        codes[count++] = next;
    }
    return count;
}

static struct form *find_form(const struct forms *forms, unsigned font, uint32_t code)
{
    for (size_t i = 0; i < forms->count; i++)
        if (forms->list[i].code == code && forms->list[i].font == font)
            return (struct form *)&forms->list[i];
    return NULL;
}

static void add_form(struct forms *forms, unsigned font, uint32_t code)
{
    uint32_t codes[FORMS_CODES_MOST];
    if (forms->count == FORMS_MOST || find_form(forms, font, code))
        return;
    size_t count = normal_of(code, codes);
    forms->list[forms->count++] =
        (struct form){.font = font, .code = code, .plain = count == 1 ? codes[0] : 0};
}

static void note_plain(struct forms *forms, unsigned font, uint32_t code)
{
    for (size_t i = 0; i < forms->count; i++)
        forms->list[i].both |= forms->list[i].plain == code && forms->list[i].font == font;
}

static void each_char(struct reader *reader, struct forms *forms,
                      void (*step)(struct forms *, unsigned, uint32_t), bool of_forms)
{
    for (size_t p = 0; p < reader->npages; p++)
        for (size_t i = 0; i < reader->pages[p].nlines; i++) {
            const struct reader_line *line = &reader->pages[p].lines[i];
            for (size_t k = 0; k < line->nchars; k++)
                if (is_form(line->chars[k].code) == of_forms)
                    step(forms, line->font, line->chars[k].code);
        }
}

struct forms *forms_find(struct reader *reader)
{
    struct forms *forms = arena_new(reader->arena, struct forms);
    each_char(reader, forms, add_form, true);
    if (forms->count)
        each_char(reader, forms, note_plain, false);
    return forms;
}

size_t forms_read(const struct forms *forms, unsigned font, uint32_t code,
                  uint32_t codes[FORMS_CODES_MOST])
{
    const struct form *form = is_form(code) ? find_form(forms, font, code) : NULL;
    codes[0] = code;
    return !is_form(code) || (form && form->both) ? 1 : normal_of(code, codes);
}
