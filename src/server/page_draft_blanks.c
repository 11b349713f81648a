/* The blanks of a draft that is a template: its placeholders in their sentences, named, typed, or said to be
 * none. */
#include "server/internal.h"

#include <inttypes.h>
#include <string.h>

#include "server/writing.h"

#define LIST_MOST 2000U

struct place_line {
    struct str before, words, after, name, number;
};
struct blank_line {
    struct str name, number, hint, choices;
    struct writing_choice *kinds;
    size_t nkinds;
    struct place_line *places;
    size_t nplaces;
    bool required, several;
};
struct blanks_page {
    struct str key, title, why, lang;
    int64_t due;
    struct blank_line *blanks;
    size_t nblanks;
    struct place_line *left;
    size_t nleft;
    bool shown, any_left, next_edition;
};

static const struct field PLACE_LINE[] = {
    FIELD(TEXT, struct place_line, before), FIELD(TEXT, struct place_line, words),
    FIELD(TEXT, struct place_line, after),  FIELD(TEXT, struct place_line, name),
    FIELD(TEXT, struct place_line, number), {0},
};
static const struct field BLANK_LINE[] = {
    FIELD(TEXT, struct blank_line, name),
    FIELD(TEXT, struct blank_line, number),
    FIELD_OF_LIST(struct blank_line, kinds, WRITING_CHOICE),
    FIELD(FLAG, struct blank_line, required),
    FIELD(TEXT, struct blank_line, hint),
    FIELD(TEXT, struct blank_line, choices),
    FIELD_OF_LIST(struct blank_line, places, PLACE_LINE),
    FIELD_HIDDEN(FLAG, struct blank_line, several),
    {0},
};
static const struct field BLANKS_PAGE[] = {
    FIELD(TEXT, struct blanks_page, key),
    FIELD(TEXT, struct blanks_page, title),
    FIELD(TEXT, struct blanks_page, why),
    FIELD(TIME, struct blanks_page, due),
    FIELD_OF_LIST(struct blanks_page, blanks, BLANK_LINE),
    FIELD_OF_LIST(struct blanks_page, left, PLACE_LINE),
    FIELD_HIDDEN(FLAG, struct blanks_page, shown),
    FIELD_HIDDEN(FLAG, struct blanks_page, any_left),
    FIELD(FLAG, struct blanks_page, next_edition),
    FIELD_HIDDEN(TEXT, struct blanks_page, lang),
    {0},
};

/* --- shown ---------------------------------------------------------------------------------------- */

static struct writing_choice *kinds_of(struct request *rq, enum placeholder_kind kind)
{
    struct writing_choice *list = arena_array(rq->arena, PLACEHOLDER_KINDS, struct writing_choice);
    for (int i = 0; i < PLACEHOLDER_KINDS; i++)
        list[i] = (struct writing_choice){str_of(placeholder_kind_name((enum placeholder_kind)i)),
                                          writing_blank_kind(rq, (enum placeholder_kind)i),
                                          kind == (enum placeholder_kind)i};
    return list;
}

/* A place in its sentence. */
static struct place_line show_place(struct request *rq, const struct paper_doc *doc,
                                    const struct blanks *blanks, size_t i)
{
    const struct blank_place *p = &blanks->places[i];
    struct str sentence = paper_sentence_at(doc, p->at, p->len);
    size_t from = (size_t)(sentence.at - doc->text.at);
    size_t end = p->at + p->len - from;
    return (struct place_line){
        .before = str_slice(sentence, 0, p->at - from),
        .words = p->words,
        .after = str_slice(sentence, end, sentence.len),
        .name = p->blank == BLANK_NONE ? STR("") : blanks->list[p->blank].name,
        .number = str_format(rq->arena, "%zu", i),
    };
}

static void fill_blanks(struct request *rq, const struct paper_doc *doc,
                        const struct blanks *blanks, struct blanks_page *page)
{
    page->nblanks = blanks->count;
    page->blanks = arena_array(rq->arena, blanks->count + 1, struct blank_line);
    page->left = arena_array(rq->arena, blanks->nplaces + 1, struct place_line);
    for (size_t i = 0; i < blanks->count; i++) {
        const struct blank *b = &blanks->list[i];
        page->blanks[i] = (struct blank_line){
            .name = b->name,
            .number = str_format(rq->arena, "%zu", i + 1),
            .hint = b->hint,
            .choices = writing_blank_choices(rq->arena, b),
            .kinds = kinds_of(rq, b->kind),
            .nkinds = PLACEHOLDER_KINDS,
            .places = arena_array(rq->arena, blanks->nplaces + 1, struct place_line),
            .required = b->required,
        };
    }
    for (size_t i = 0; i < blanks->nplaces; i++) {
        struct place_line line = show_place(rq, doc, blanks, i);
        if (blanks->places[i].blank == BLANK_NONE) {
            page->left[page->nleft++] = line;
            continue;
        }
        struct blank_line *b = &page->blanks[blanks->places[i].blank];
        b->places[b->nplaces++] = line;
        b->several = b->nplaces > 1;
    }
    page->any_left = page->nleft > 0;
}

static enum status answer_blanks(struct request *rq, const struct draft *draft,
                                 const struct draft_edition *edition, const struct error *why)
{
    struct blanks_page page = {.key = draft->key,
                               .title = draft->title,
                               .due = draft->due_ms,
                               .next_edition = draft->paper != 0};
    if (why) {
        page.why = request_words(rq, why->en, why->zh);
    } else {
        page.title = edition->doc.title;
        page.lang = edition->doc.lang == LANG_ZH ? STR("zh-Hans") : STR("en");
        page.shown = edition->blanks.nplaces > 0;
        fill_blanks(rq, &edition->doc, &edition->blanks, &page);
    }
    return answer_page(rq, "draft-blanks", "Blanks", "占位符", BLANKS_PAGE, &page);
}

static enum status show_blanks(struct request *rq, struct error *err)
{
    struct draft draft;
    struct draft_edition edition;
    struct error why = {0};
    enum status status = writing_find_draft(rq, &draft, err);
    if (status)
        return status;
    bool readable = library_read_draft(rq->arena, &draft, &edition, &why) == STATUS_OK;
    return answer_blanks(rq, &draft, &edition, readable ? NULL : &why);
}

const struct route route_draft_blanks = {
    .method = "GET",
    .path = "/write/{draft}/blanks",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "The placeholders of a draft, and what each asks for.",
    .zh = "草稿中的占位符，以及各处要填写的内容。",
    .output = BLANKS_PAGE,
    .page = "draft-blanks",
    .run = show_blanks,
};

/* --- said ----------------------------------------------------------------------------------------- */

static const struct input SAVE_INPUTS[] = {
    {.name = "number", .kind = INPUT_LIST, .en = "Number of a place", .zh = "位置编号"},
    {.name = "place",
     .kind = INPUT_LIST,
     .most = PLACEHOLDER_NAME_MAX,
     .en = "Name at a place",
     .zh = "该处名称"},
    {.name = "blank", .kind = INPUT_LIST, .en = "Former name", .zh = "原名称"},
    {.name = "name",
     .kind = INPUT_LIST,
     .most = PLACEHOLDER_NAME_MAX,
     .en = "Name of a blank",
     .zh = "占位符名称"},
    {.name = "kind", .kind = INPUT_LIST, .most = 10, .en = "Kind", .zh = "类型"},
    {.name = "required", .kind = INPUT_LIST, .most = 3, .en = "Required", .zh = "是否必填"},
    {.name = "hint", .kind = INPUT_LIST, .most = BLANK_HINT_MAX, .en = "Hint", .zh = "提示"},
    {.name = "choices", .kind = INPUT_LIST, .most = 1000, .en = "Choices", .zh = "选项"},
    {0},
};

/* Separated by semicolons, full-width ones too. */
static void take_choices(struct request *rq, struct str text, struct blank *b)
{
    static const struct str wide = {"；", 3};
    struct buf plain = {.arena = rq->arena};
    struct str one;
    for (size_t at; (at = str_find(text, wide, 0)) != SIZE_MAX;
         text = str_slice(text, at + wide.len, text.len)) {
        buf_add(&plain, str_slice(text, 0, at));
        buf_add_byte(&plain, ';');
    }
    buf_add(&plain, text);
    struct str rest = buf_str(&plain);
    b->choices = arena_array(rq->arena, BLANK_CHOICES, struct str);
    while (b->nchoices < BLANK_CHOICES && str_split(&rest, ';', &one))
        if (str_trim(one).len)
            b->choices[b->nchoices++] = str_trim(one);
}

/* One row of the form that describes a blank. */
struct row {
    struct str before; /* its former name */
    struct blank blank;
    bool none;
};

static size_t take_rows(struct request *rq, struct row *rows)
{
    static const char *const names[] = {"blank", "name", "kind", "required", "hint", "choices"};
    enum { COLUMNS = sizeof names / sizeof *names };
    struct str *values[COLUMNS];
    size_t count = LIST_MOST;
    for (size_t i = 0; i < COLUMNS; i++) {
        values[i] = arena_array(rq->arena, LIST_MOST, struct str);
        size_t sent = request_inputs(rq, names[i], values[i], LIST_MOST);
        count = sent < count ? sent : count;
    }
    for (size_t i = 0; i < count; i++) {
        enum placeholder_kind kind = PLACEHOLDER_TEXT;
        bool known = placeholder_kind_parse(values[2][i], &kind);
        rows[i] = (struct row){.before = values[0][i],
                               .blank = {.name = values[1][i],
                                         .kind = kind,
                                         .required = !str_equal(values[3][i], STR("no")),
                                         .hint = values[4][i]},
                               .none = !known};
        if (!rows[i].blank.name.len)
            rows[i].blank.name = rows[i].before;
        if (rows[i].blank.kind == PLACEHOLDER_CHOICE)
            take_choices(rq, values[5][i], &rows[i].blank);
    }
    return count;
}

/* The name that a place gets: the new one of the blank whose former name it bears; none when that is none. */
static struct str new_name(const struct row *rows, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(rows[i].before, name))
            return rows[i].none ? STR("") : rows[i].blank.name;
    return name;
}

static enum status say(struct request *rq, struct blanks *blanks, struct error *err)
{
    struct row *rows = arena_array(rq->arena, LIST_MOST, struct row);
    struct blank *described = arena_array(rq->arena, LIST_MOST, struct blank);
    struct str *numbers = arena_array(rq->arena, LIST_MOST, struct str);
    struct str *given = arena_array(rq->arena, LIST_MOST, struct str);
    struct str *names = arena_array(rq->arena, LIST_MOST, struct str);
    size_t ndescribed = 0;
    size_t nrows = take_rows(rq, rows);
    size_t count = request_inputs(rq, "number", numbers, LIST_MOST);
    if (request_inputs(rq, "place", given, LIST_MOST) != count)
        count = LIST_MOST;
    for (size_t i = 0; i < nrows; i++)
        if (!rows[i].none)
            described[ndescribed++] = rows[i].blank;
    for (size_t i = 0; i < count && count < LIST_MOST; i++) {
        uint64_t number;
        if (!str_to_u64(numbers[i], &number) || number >= count)
            count = LIST_MOST;
        else
            names[number] = new_name(rows, nrows, given[i]);
    }
    return library_say_blanks(rq->arena, blanks, names, count, described, ndescribed, err);
}

static enum status save_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    (void)scratch;
    return library_save_draft_blanks(store, context, err);
}

static enum status save_blanks(struct request *rq, struct error *err)
{
    struct draft draft;
    struct draft_edition edition;
    enum status status = writing_find_draft(rq, &draft, err);
    if (!status)
        status = library_read_draft(rq->arena, &draft, &edition, err);
    if (!status)
        status = say(rq, &edition.blanks, err);
    if (status)
        return status;
    draft.blanks = library_write_blanks(rq->arena, &edition.blanks);
    status = server_write(rq->server, request_actor(rq), save_step, &draft, err);
    return status
               ? status
               : answer_redirect(rq, writing_path(rq, draft.key, "/blanks"), "Saved.", "已保存。");
}

/* The form as it was sent, as far as it can be put in force. */
static enum status show_again(struct request *rq, struct error *err)
{
    struct draft draft;
    struct draft_edition edition;
    struct error why = {0};
    enum status status = writing_find_draft(rq, &draft, err);
    if (status)
        return status;
    bool readable = library_read_draft(rq->arena, &draft, &edition, &why) == STATUS_OK;
    if (readable)
        (void)say(rq, &edition.blanks, NULL);
    return answer_blanks(rq, &draft, &edition, readable ? NULL : &why);
}

const struct route route_draft_blanks_save = {
    .method = "POST",
    .path = "/write/{draft}/blanks",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "Name and type a draft's placeholders, or say of one that it is none.",
    .zh = "为草稿的占位符命名、定类型，或说明某处不是占位符。",
    .inputs = SAVE_INPUTS,
    .run = save_blanks,
    .again = show_again,
};
