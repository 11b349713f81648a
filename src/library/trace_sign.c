/* Visible marks in exhibits; see trace_sign.h. */
#include "library/trace_sign.h"

#include <string.h>

static bool is_listed(const struct finding *f, const struct serial *number)
{
    for (size_t i = 0; i < f->nsigns; i++)
        if (strcmp(f->signs[i].number.text, number->text) == 0)
            return true;
    return false;
}

/* All numbers that stand in a text. */
static void take_numbers(struct finding *f, size_t exhibit, struct str text)
{
    struct serial number;
    size_t at = 0;
    while (f->nsigns < TRACE_SIGNS_MAX && serial_find(text, &at, &number))
        if (!is_listed(f, &number))
            f->signs[f->nsigns++] = (struct trace_sign){.number = number, .exhibit = exhibit};
}

static enum status find_owner(struct arena *arena, struct store *store, struct trace_sign *sign,
                              struct error *err)
{
    struct query *q = query_start(
        store, "SELECT c.paper, c.edition, c.member, m.name, m.erased_ms IS NOT NULL FROM copy c"
               " JOIN member m ON m.id = c.member WHERE c.number = ?1");
    query_bind_str(q, 1, serial_str(&sign->number));
    if (query_row(q)) {
        sign->paper = query_int(q, 0);
        sign->edition = query_int(q, 1);
        sign->member = query_int(q, 2);
        sign->name = str_copy(arena, query_str(q, 3));
        sign->erased = query_int(q, 4) != 0;
    }
    return query_end(q, err);
}

/* A sign that is a number but for one character, as a reader of letters gives it: the copy that must be meant. Among numbers
 * of 74 bits drawn at random no two are so close. */
static enum status take_near(struct arena *arena, struct store *store, struct finding *f,
                             size_t exhibit, struct str text, struct error *err)
{
    struct serial near[SERIAL_NEAR_MOST];
    size_t count = serial_list_near(str_trim(text), near);
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < count && f->nsigns < TRACE_SIGNS_MAX; i++) {
        struct trace_sign sign = {.number = near[i], .exhibit = exhibit};
        status = is_listed(f, &near[i]) ? STATUS_OK : find_owner(arena, store, &sign, err);
        if (!status && sign.member)
            f->signs[f->nsigns++] = sign;
    }
    return status;
}

enum status library_find_signs(struct arena *arena, struct store *store,
                               const struct exhibit *exhibits, size_t count, struct finding *f,
                               struct error *err)
{
    enum status status = STATUS_OK;
    f->signs = arena_array(arena, TRACE_SIGNS_MAX, struct trace_sign);
    f->nsigns = 0;
    for (size_t e = 0; e < count; e++) {
        for (size_t i = 0; i < exhibits[e].nsigns; i++)
            take_numbers(f, e, exhibits[e].signs[i]);
        take_numbers(f, e, exhibits[e].seen.text);
    }
    for (size_t i = 0; !status && i < f->nsigns; i++)
        status = find_owner(arena, store, &f->signs[i], err);
    for (size_t e = 0; e < count; e++)
        for (size_t i = 0; !status && i < exhibits[e].nsigns; i++)
            status = take_near(arena, store, f, e, exhibits[e].signs[i], err);
    return status;
}

static const struct {
    const char *name;
    const char *en, *zh;
} SAYS[SIGN_SAYS] = {
    [SIGN_UNKNOWN] = {"unknown", "No copy has this number.", "没有此编号的副本。"},
    [SIGN_OPEN] = {"open", "The marks within the text name nobody, so nothing bears it out.",
                   "文内标记未认定任何人，此编号没有旁证。"},
    [SIGN_AGREES] = {"agrees",
                     "It agrees with the marks within the text, and adds nothing to the bound.",
                     "与文内标记的认定一致，但不计入概率上限。"},
    [SIGN_CONTRADICTS] =
        {"contradicts",
         "It contradicts the marks within the text, which name others: it may be forged, or stand on a copy that was"
         " combined with theirs.",
         "与文内标记的认定不一致（所认定者为他人）：编号可能系伪造，或来自被一并拼接的副本。"},
};

enum sign_says library_sign_says(const struct finding *f, const struct trace_sign *sign)
{
    if (!sign->member)
        return SIGN_UNKNOWN;
    for (size_t i = 0; i < f->nmembers; i++)
        if (f->members[i].id == sign->member)
            return SIGN_AGREES;
    return f->nmembers ? SIGN_CONTRADICTS : SIGN_OPEN;
}

const char *sign_says_name(enum sign_says says)
{
    return SAYS[says].name;
}

void sign_says_words(enum sign_says says, const char **en, const char **zh)
{
    *en = SAYS[says].en;
    *zh = SAYS[says].zh;
}
