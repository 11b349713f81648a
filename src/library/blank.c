/* Blanks; see blank.h. Kept form:
 *
 *   {"blanks": [{"name", "kind", "required", "hint", "choices": []}],
 *    "places": [{"at", "len", "words", "nth", "name"}]}        name "": the place is no blank */
#include "library/blank.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "library/record.h"

/* --- kept form ------------------------------------------------------------------------------------ */

static struct str text_of(struct arena *arena, const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return str_copy(arena, (struct str){json_string_value(value), json_string_length(value)});
}

static void read_choices(struct arena *arena, const json_t *list, struct blank *b)
{
    size_t count = json_array_size(list);
    b->choices = arena_array(arena, count + 1, struct str);
    for (size_t i = 0; i < count && i < BLANK_CHOICES; i++) {
        const json_t *one = json_array_get(list, i);
        b->choices[b->nchoices++] =
            str_copy(arena, (struct str){json_string_value(one), json_string_length(one)});
    }
}

static size_t find_named(const struct blanks *blanks, struct str name)
{
    for (size_t i = 0; i < blanks->count; i++)
        if (str_equal(blanks->list[i].name, name))
            return i;
    return BLANK_NONE;
}

static void read_blanks(struct arena *arena, const json_t *list, struct blanks *blanks)
{
    size_t count = json_array_size(list);
    blanks->list = arena_array(arena, count + 1, struct blank);
    for (size_t i = 0; i < count && i < BLANKS_MAX; i++) {
        const json_t *one = json_array_get(list, i);
        struct blank *b = &blanks->list[blanks->count++];
        *b = (struct blank){.name = text_of(arena, one, "name"),
                            .hint = text_of(arena, one, "hint"),
                            .required = json_is_true(json_object_get(one, "required"))};
        (void)placeholder_kind_parse(text_of(arena, one, "kind"), &b->kind);
        read_choices(arena, json_object_get(one, "choices"), b);
    }
}

static void read_places(struct arena *arena, const json_t *list, struct blanks *blanks)
{
    size_t count = json_array_size(list);
    blanks->places = arena_array(arena, count + 1, struct blank_place);
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_array_get(list, i);
        blanks->places[blanks->nplaces++] = (struct blank_place){
            .at = (size_t)json_integer_value(json_object_get(one, "at")),
            .len = (size_t)json_integer_value(json_object_get(one, "len")),
            .words = text_of(arena, one, "words"),
            .nth = (uint32_t)json_integer_value(json_object_get(one, "nth")),
            .blank = find_named(blanks, text_of(arena, one, "name")),
        };
    }
}

static void read_kept(struct arena *arena, struct str json, struct blanks *blanks)
{
    json_t *root = json_loadb(json.at, json.len, 0, NULL);
    *blanks = (struct blanks){0};
    read_blanks(arena, json_object_get(root, "blanks"), blanks);
    read_places(arena, json_object_get(root, "places"), blanks);
    json_decref(root);
}

static json_t *write_blank(const struct blank *b)
{
    json_t *choices = json_array();
    for (size_t i = 0; i < b->nchoices; i++)
        json_array_append_new(choices, str_to_json(b->choices[i]));
    return json_pack("{s:o, s:s, s:b, s:o, s:o}", "name", str_to_json(b->name), "kind",
                     placeholder_kind_name(b->kind), "required", (int)b->required, "hint",
                     str_to_json(b->hint), "choices", choices);
}

struct str library_write_blanks(struct arena *arena, const struct blanks *blanks)
{
    json_t *list = json_array();
    json_t *places = json_array();
    for (size_t i = 0; i < blanks->count; i++)
        json_array_append_new(list, write_blank(&blanks->list[i]));
    for (size_t i = 0; i < blanks->nplaces; i++) {
        const struct blank_place *p = &blanks->places[i];
        struct str name = p->blank == BLANK_NONE ? STR("") : blanks->list[p->blank].name;
        json_array_append_new(places,
                              json_pack("{s:I, s:I, s:o, s:i, s:o}", "at", (json_int_t)p->at, "len",
                                        (json_int_t)p->len, "words", str_to_json(p->words), "nth",
                                        (int)p->nth, "name", str_to_json(name)));
    }
    json_t *root = json_pack("{s:o, s:o}", "blanks", list, "places", places);
    return str_from_json(arena, root);
}

/* --- found ---------------------------------------------------------------------------------------- */

/* The two sides of 【是/否】. */
static void split_choices(struct arena *arena, struct blank *b)
{
    struct str rest = b->name;
    struct str one;
    char bar = memchr(rest.at, '|', rest.len) ? '|' : '/';
    b->choices = arena_array(arena, BLANK_CHOICES, struct str);
    while (b->nchoices < BLANK_CHOICES && str_split(&rest, bar, &one))
        if (str_trim(one).len)
            b->choices[b->nchoices++] = str_trim(one);
    if (b->nchoices < 2)
        *b = (struct blank){.name = b->name, .kind = PLACEHOLDER_TEXT, .required = b->required};
}

/* The index of the blank of that name, made when there is none; BLANK_NONE when there are too many. */
static size_t take_blank(struct arena *arena, struct blanks *blanks, const struct blanks *said,
                         struct str name, enum placeholder_kind kind)
{
    size_t there = find_named(blanks, name);
    if (there != BLANK_NONE || blanks->count == BLANKS_MAX)
        return there;
    size_t known = find_named(said, name);
    struct blank made = {.name = str_copy(arena, name), .kind = kind, .required = true};
    if (known != BLANK_NONE)
        made = said->list[known];
    else if (kind == PLACEHOLDER_CHOICE)
        split_choices(arena, &made);
    blanks->list[blanks->count] = made;
    return blanks->count++;
}

static const struct blank_place *find_said(const struct blanks *said, struct str words,
                                           uint32_t nth)
{
    for (size_t i = 0; i < said->nplaces; i++)
        if (said->places[i].nth == nth && str_equal(said->places[i].words, words))
            return &said->places[i];
    return NULL;
}

static uint32_t turn_of(const struct blanks *blanks, struct str words)
{
    uint32_t nth = 0;
    for (size_t i = 0; i < blanks->nplaces; i++)
        nth += str_equal(blanks->places[i].words, words);
    return nth;
}

void library_find_blanks(struct arena *arena, const struct paper_doc *doc, struct str said,
                         struct blanks *blanks)
{
    struct placeholder *list;
    struct blanks before;
    size_t count;
    read_kept(arena, said, &before);
    paper_find_placeholders(arena, doc, &list, &count);
    count = count < 10 * BLANKS_MAX ? count : 10 * BLANKS_MAX;
    *blanks = (struct blanks){.list = arena_array(arena, BLANKS_MAX, struct blank),
                              .places = arena_array(arena, count + 1, struct blank_place)};
    for (size_t i = 0; i < count; i++) {
        const struct placeholder *p = &list[i];
        struct blank_place place = {.at = p->at,
                                    .len = p->len,
                                    .words = str_slice(doc->text, p->at, p->len),
                                    .blank = BLANK_NONE};
        place.nth = turn_of(blanks, place.words);
        const struct blank_place *known = find_said(&before, place.words, place.nth);
        struct str name =
            known && known->blank != BLANK_NONE ? before.list[known->blank].name : p->name;
        if (!known || known->blank != BLANK_NONE)
            place.blank = take_blank(arena, blanks, &before, name, p->kind);
        blanks->places[blanks->nplaces++] = place;
    }
}

/* --- said by an editor ---------------------------------------------------------------------------- */

static enum status check_blank(const struct blank *b, struct error *err)
{
    if (utf8_count(b->name) > PLACEHOLDER_NAME_MAX)
        return error_set(err, STATUS_INPUT, "The name \"%.*s\" is too long: at most %u characters.",
                         "名称“%.*s”过长，最多 %u 个字符。", STR_ARG(b->name),
                         PLACEHOLDER_NAME_MAX);
    if (b->kind == PLACEHOLDER_CHOICE && b->nchoices < 2)
        return error_set(err, STATUS_INPUT,
                         "\"%.*s\" is a choice; list two choices or more, one a line.",
                         "“%.*s”是选择项，请至少列出两个选项，每行一个。", STR_ARG(b->name));
    return STATUS_OK;
}

enum status library_say_blanks(struct arena *arena, struct blanks *blanks, const struct str *names,
                               size_t nnames, const struct blank *described, size_t ndescribed,
                               struct error *err)
{
    struct blanks said = {.list = arena_array(arena, blanks->count + ndescribed + 1, struct blank)};
    struct blanks now = {.list = arena_array(arena, BLANKS_MAX, struct blank)};
    if (nnames != blanks->nplaces)
        return error_set(err, STATUS_CONFLICT,
                         "The text was changed meanwhile; its blanks are listed anew. Look again.",
                         "正文在此期间已有改动，占位符已重新列出，请再核对。");
    for (size_t i = 0; i < ndescribed; i++)
        said.list[said.count++] = described[i];
    for (size_t i = 0; i < blanks->count; i++)
        said.list[said.count++] = blanks->list[i];
    for (size_t i = 0; i < nnames; i++) {
        struct blank_place *p = &blanks->places[i];
        struct str name = str_trim(names[i]);
        enum placeholder_kind kind =
            p->blank == BLANK_NONE ? PLACEHOLDER_TEXT : blanks->list[p->blank].kind;
        if (kind == PLACEHOLDER_CHOICE && find_named(&said, name) == BLANK_NONE)
            kind = PLACEHOLDER_TEXT;
        p->blank = name.len ? take_blank(arena, &now, &said, name, kind) : BLANK_NONE;
    }
    blanks->list = now.list;
    blanks->count = now.count;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < now.count; i++)
        status = check_blank(&now.list[i], err);
    return status;
}

/* --- of an edition -------------------------------------------------------------------------------- */

static enum status load_kept(struct arena *arena, struct store *store, int64_t paper,
                             int64_t edition, struct str *json, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT blanks FROM template WHERE paper = ?1 AND edition = ?2");
    query_bind_int(q, 1, paper);
    query_bind_int(q, 2, edition);
    *json = query_row(q) ? str_copy(arena, query_str(q, 0)) : STR("{}");
    return query_end(q, err);
}

enum status library_edition_blanks(struct arena *arena, struct store *store,
                                   const struct edition *edition, struct blanks *blanks,
                                   struct error *err)
{
    struct str json;
    enum status status = load_kept(arena, store, edition->paper, edition->number, &json, err);
    if (!status)
        read_kept(arena, json, blanks);
    return status;
}

enum status library_same_blanks(struct arena *arena, struct store *store,
                                const struct edition *edition, const struct paper_doc *doc,
                                struct str said, bool *same, struct error *err)
{
    struct blanks now;
    struct blanks then;
    enum status status = library_edition_blanks(arena, store, edition, &then, err);
    library_find_blanks(arena, doc, said, &now);
    *same =
        !status && str_equal(library_write_blanks(arena, &now), library_write_blanks(arena, &then));
    return status;
}

enum status library_record_blanks(struct arena *arena, struct store *store,
                                  const struct edition_text *text, struct str said,
                                  struct error *err)
{
    struct blanks blanks;
    const struct edition *e = &text->edition;
    enum status status = STATUS_OK;
    if (!said.len)
        status = load_kept(arena, store, e->paper, e->number - 1, &said, err);
    if (status)
        return status;
    library_find_blanks(arena, &text->doc, said, &blanks);
    if (!blanks.nplaces)
        return STATUS_OK;
    struct query *q =
        query_start(store, "INSERT INTO template (paper, edition, blanks) VALUES (?1, ?2, ?3)");
    query_bind_int(q, 1, e->paper);
    query_bind_int(q, 2, e->number);
    query_bind_str(q, 3, library_write_blanks(arena, &blanks));
    (void)query_row(q);
    return query_end(q, err);
}

/* --- fill-ins ------------------------------------------------------------------------------------- */

enum status library_list_fills(struct arena *arena, struct store *store, int64_t member,
                               int64_t paper, const struct blanks *blanks, struct str **values,
                               struct error *err)
{
    struct query *q =
        query_start(store, "SELECT name, value FROM fill WHERE member = ?1 AND paper = ?2");
    *values = arena_array(arena, blanks->count + 1, struct str);
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, paper);
    while (query_row(q)) {
        size_t i = find_named(blanks, query_str(q, 0));
        if (i != BLANK_NONE &&
            library_take_value(arena, &blanks->list[i], query_str(q, 1), &(*values)[i], NULL))
            (*values)[i] = (struct str){0};
    }
    return query_end(q, err);
}

static enum status keep_value(struct store *store, int64_t member, int64_t paper, struct str name,
                              struct str value, struct error *err)
{
    struct query *q = query_start(
        store, value.len ? "INSERT INTO fill (member, paper, name, value, kept_ms)"
                           " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (member, paper, name)"
                           " DO UPDATE SET value = excluded.value, kept_ms = excluded.kept_ms"
                         : "DELETE FROM fill WHERE member = ?1 AND paper = ?2 AND name = ?3");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, paper);
    query_bind_str(q, 3, name);
    if (value.len) {
        query_bind_str(q, 4, value);
        query_bind_int(q, 5, store_now_ms());
    }
    (void)query_row(q);
    return query_end(q, err);
}

static enum status record_fills(struct store *store, const char *kind, int64_t member,
                                int64_t paper, struct error *err)
{
    return record_event(store, kind, 'P', paper,
                        json_pack("{s:o}", "member", record_member(member)), err);
}

enum status library_keep_fills(struct store *store, int64_t member, int64_t paper,
                               const struct blanks *blanks, const struct str *values,
                               struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < blanks->count; i++)
        status = keep_value(store, member, paper, blanks->list[i].name, values[i], err);
    return status ? status : record_fills(store, "fills.kept", member, paper, err);
}

enum status library_delete_fills(struct store *store, int64_t member, int64_t paper,
                                 struct error *err)
{
    struct query *q = query_start(store, "DELETE FROM fill WHERE member = ?1 AND paper = ?2");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, paper);
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status || !store_changes(store)
               ? status
               : record_fills(store, "fills.deleted", member, paper, err);
}

void library_fill_edition(struct arena *arena, const struct edition_text *text,
                          const struct blanks *blanks, const struct str *values,
                          struct edition_text *filled)
{
    struct paper_filling *list = arena_array(arena, blanks->nplaces + 1, struct paper_filling);
    size_t count = 0;
    for (size_t i = 0; i < blanks->nplaces; i++) {
        const struct blank_place *p = &blanks->places[i];
        if (p->blank != BLANK_NONE)
            list[count++] =
                (struct paper_filling){p->at, p->len,
                                       library_show_value(arena, &blanks->list[p->blank],
                                                          values[p->blank], text->doc.lang)};
    }
    filled->edition = text->edition;
    paper_fill(arena, &text->doc, &text->sites, list, count, &filled->doc, &filled->sites);
    filled->edition.title = filled->doc.title;
}
