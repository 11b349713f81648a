/* Any rules over any text: rules up to the first NUL, then the language, then passages a line each. What is
 * found lies within the passages. */
#include <stdlib.h>
#include <string.h>

#include "ledger/commitment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PASSAGES 64

static void check_within(struct str part, const uint8_t *data, size_t size)
{
    if (part.len &&
        (part.at < (const char *)data || part.at + part.len > (const char *)data + size))
        abort();
}

static void read_text(struct arena *arena, const struct ledger_rules *rules, struct str text)
{
    struct ledger_passage passages[PASSAGES];
    struct ledger_commitment *found;
    struct str whole = text;
    struct str line;
    size_t n = 0;
    while (n < PASSAGES && str_split(&text, '\n', &line)) {
        enum ledger_passage_kind kind =
            line.len ? (enum ledger_passage_kind)(line.at[0] % 3 & 3) : 0;
        passages[n] = (struct ledger_passage){
            .kind = kind <= LEDGER_ITEM ? kind : LEDGER_ITEM, .level = 1, .text = line};
        passages[n].number = (unsigned)n;
        n++;
    }
    size_t count = ledger_find_commitments(arena, rules, passages, n, &found);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *from = (const uint8_t *)whole.at;
        check_within(found[i].sentence, from, whole.len);
        check_within(found[i].date, from, whole.len);
        check_within(found[i].quantity, from, whole.len);
        check_within(found[i].body, from, whole.len);
        if (found[i].number >= n || found[i].kind >= LEDGER_KINDS)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    struct str all = {(const char *)data, size};
    size_t cut = str_find(all, (struct str){"\0", 1}, 0);
    struct str text = cut == SIZE_MAX ? all : str_slice(all, cut + 1, size);
    static struct ledger_rules *built_in[LANG_COUNT];
    static struct arena *kept;
    struct ledger_rules *rules;
    if (!kept)
        kept = arena_make();
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        if (cut != SIZE_MAX && !ledger_read_rules(arena, (enum lang)lang, "fuzz",
                                                  str_slice(all, 0, cut), &rules, NULL))
            read_text(arena, rules, text);
        if (!built_in[lang] && ledger_load_rules(kept, (enum lang)lang, &built_in[lang], NULL))
            abort();
        read_text(arena, built_in[lang], text);
    }
    arena_free(arena);
    return 0;
}
