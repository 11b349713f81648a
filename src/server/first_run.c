/* The first run; see first_run.h. */
#include "server/first_run.h"

#include <ctype.h>
#include <sodium.h>
#include <stdatomic.h>

#include "library/setting.h"
#include "server/internal.h"

#define CODE_CHARS 12U
#define CODE_GROUP 4U

/* Without what is misread from a terminal: I and 1, O and 0. 60 bits. */
static const char ALPHABET[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

struct first_run {
    char code[CODE_CHARS + CODE_CHARS / CODE_GROUP];
    atomic_bool waits;
};

static void draw_code(char *code)
{
    size_t at = 0;
    for (unsigned i = 0; i < CODE_CHARS; i++) {
        if (i && i % CODE_GROUP == 0)
            code[at++] = '-';
        code[at++] = ALPHABET[randombytes_uniform(sizeof ALPHABET - 1)];
    }
    code[at] = 0;
}

/* An installation that is run from the command line alone says so by the setting first-run. */
static enum status has_owner(struct store *store, bool *has, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT 1 FROM role WHERE role = 'owner' UNION ALL"
               " SELECT 1 FROM setting WHERE name = 'first-run' AND value = 'off' LIMIT 1");
    *has = query_row(q);
    return query_end(q, err);
}

enum status first_run_make(struct arena *arena, struct store *store, struct first_run **first,
                           struct error *err)
{
    struct first_run *f = arena_new(arena, struct first_run);
    bool has = false;
    enum status status = has_owner(store, &has, err);
    if (status)
        return status;
    if (!has)
        draw_code(f->code);
    atomic_init(&f->waits, !has);
    *first = f;
    return STATUS_OK;
}

const char *first_run_code(const struct first_run *first)
{
    return first->code[0] ? first->code : NULL;
}

bool first_run_waits(struct first_run *first, struct store *store)
{
    bool has = false;
    if (!atomic_load(&first->waits))
        return false;
    if (!has_owner(store, &has, NULL) && has)
        atomic_store(&first->waits, false);
    return !has;
}

bool first_run_code_is(const struct first_run *first, struct str typed)
{
    char told[CODE_CHARS + 1] = "";
    char kept[CODE_CHARS + 1] = "";
    size_t len = 0;
    size_t at = 0;
    for (size_t i = 0; first->code[i]; i++)
        if (first->code[i] != '-')
            kept[at++] = first->code[i];
    for (size_t i = 0; i < typed.len; i++) {
        if (!isalnum((unsigned char)typed.at[i]))
            continue;
        if (len < CODE_CHARS)
            told[len] = (char)toupper((unsigned char)typed.at[i]);
        len++;
    }
    return sodium_memcmp(told, kept, CODE_CHARS) == 0 && len == CODE_CHARS && at == CODE_CHARS;
}

enum status first_run_divert(struct request *rq, struct error *err)
{
    if (!rq->post && !rq->wants_json)
        return answer_redirect(rq, STR("/first-run"), NULL, NULL);
    return error_set(err, STATUS_CONFLICT,
                     "This installation has no owner yet; open /first-run in a browser.",
                     "本站尚未设定所有者，请用浏览器打开 /first-run。");
}
