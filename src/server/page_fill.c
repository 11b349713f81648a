/* Filling in a template: the form, what is kept of it, and the filled text as the member's own marked copy, on
 * the page and as a file. A filled copy takes the same walk as every copy; see reader.h. */
#include "server/internal.h"

#include "library/blank.h"
#include "server/copy_file.h"
#include "server/writing.h"

#define TRIES 3 /* as in page_paper.c */

/* A template that is open to the viewer, in its newest edition. */
struct filling {
    struct reader r;
    struct blanks blanks;
    struct str *values; /* the viewer's, kept form */
};

static enum status open_template(struct request *rq, struct filling *f, struct error *err)
{
    enum status status = reader_open(rq, rq->params[0], (struct str){0}, &f->r, err);
    if (status || f->r.refused)
        return status;
    status = library_edition_blanks(rq->arena, rq->store, &f->r.edition, &f->blanks, err);
    if (!status && !f->blanks.count)
        return error_set(err, STATUS_MISSING, "This paper has nothing to fill in.",
                         "这篇文稿没有需要填写的内容。");
    if (!status)
        status = library_list_fills(rq->arena, rq->store, rq->viewer.member, f->r.offer.paper,
                                    &f->blanks, &f->values, err);
    return status;
}

static struct str path_of(struct request *rq, const struct filling *f, const char *rest)
{
    return str_format(rq->arena, "/papers/%.*s/%s", STR_ARG(f->r.offer.key), rest);
}

/* --- the form ------------------------------------------------------------------------------------- */

struct choice_line {
    struct str words;
    bool chosen;
};
struct blank_line {
    struct str name, number, kind, hint, value;
    struct choice_line *choices;
    size_t nchoices;
    bool required, is_date, is_number, is_place, is_choice;
};
struct fill_page {
    struct str key, title, lang;
    struct blank_line *blanks;
    size_t nblanks;
    bool kept, complete;
};
static const struct field CHOICE_LINE[] = {
    FIELD(TEXT, struct choice_line, words),
    FIELD_HIDDEN(FLAG, struct choice_line, chosen),
    {0},
};
static const struct field BLANK_LINE[] = {
    FIELD(TEXT, struct blank_line, name),
    FIELD(TEXT, struct blank_line, kind),
    FIELD(TEXT, struct blank_line, hint),
    FIELD(FLAG, struct blank_line, required),
    FIELD_OF_LIST(struct blank_line, choices, CHOICE_LINE),
    FIELD(TEXT, struct blank_line, value),
    FIELD_HIDDEN(TEXT, struct blank_line, number),
    FIELD_HIDDEN(FLAG, struct blank_line, is_date),
    FIELD_HIDDEN(FLAG, struct blank_line, is_number),
    FIELD_HIDDEN(FLAG, struct blank_line, is_place),
    FIELD_HIDDEN(FLAG, struct blank_line, is_choice),
    {0},
};
static const struct field FILL_PAGE[] = {
    FIELD(TEXT, struct fill_page, key),
    FIELD(TEXT, struct fill_page, title),
    FIELD_OF_LIST(struct fill_page, blanks, BLANK_LINE),
    FIELD(FLAG, struct fill_page, complete),
    FIELD_HIDDEN(FLAG, struct fill_page, kept),
    FIELD_HIDDEN(TEXT, struct fill_page, lang),
    {0},
};

static void fill_choices(struct request *rq, const struct blank *b, struct blank_line *line)
{
    line->nchoices = b->nchoices;
    line->choices = arena_array(rq->arena, b->nchoices + 1, struct choice_line);
    for (size_t i = 0; i < b->nchoices; i++)
        line->choices[i] =
            (struct choice_line){b->choices[i], str_equal(b->choices[i], line->value)};
}

static enum status answer_form(struct request *rq, const struct filling *f, const struct str *shown)
{
    struct fill_page page = {
        .key = f->r.offer.key,
        .title = f->r.edition.title,
        .lang = f->r.edition.lang == LANG_ZH ? STR("zh-Hans") : STR("en"),
        .blanks = arena_array(rq->arena, f->blanks.count, struct blank_line),
        .nblanks = f->blanks.count,
        .complete = library_check_complete(&f->blanks, f->values, NULL) == STATUS_OK,
    };
    for (size_t i = 0; i < f->blanks.count; i++) {
        const struct blank *b = &f->blanks.list[i];
        page.kept |= f->values[i].len > 0;
        page.blanks[i] = (struct blank_line){
            .name = b->name,
            .number = str_format(rq->arena, "%zu", i + 1),
            .kind = str_of(placeholder_kind_name(b->kind)),
            .hint = b->hint,
            .value = shown[i],
            .required = b->required,
            .is_date = b->kind == PLACEHOLDER_DATE,
            .is_number = b->kind == PLACEHOLDER_NUMBER,
            .is_place = b->kind == PLACEHOLDER_PLACE,
            .is_choice = b->kind == PLACEHOLDER_CHOICE,
        };
        fill_choices(rq, b, &page.blanks[i]);
    }
    return answer_page(rq, "fill", "Fill in", "填写", FILL_PAGE, &page);
}

static enum status show_form(struct request *rq, struct error *err)
{
    struct filling f = {0};
    enum status status = open_template(rq, &f, err);
    return status || f.r.refused ? status : answer_form(rq, &f, f.values);
}

const struct route route_fill = {
    .method = "GET",
    .path = "/papers/{paper}/fill",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "What a template asks for, and what you have filled in.",
    .zh = "范本需填写的内容，以及您已填写的内容。",
    .output = FILL_PAGE,
    .page = "fill",
    .run = show_form,
};

/* --- kept ----------------------------------------------------------------------------------------- */

static const struct input KEEP_INPUTS[] = {
    {.name = "blank",
     .kind = INPUT_LIST,
     .most = PLACEHOLDER_NAME_MAX,
     .en = "What is filled in",
     .zh = "填写项"},
    {.name = "value", .kind = INPUT_LIST, .most = BLANK_VALUE_MAX, .en = "Value", .zh = "内容"},
    {.name = "later", .kind = INPUT_FLAG, .en = "To be completed later", .zh = "稍后补全"},
    {0},
};

/* What was typed, by blank; what was kept, for a blank that the form did not name. */
static struct str *typed_values(struct request *rq, const struct filling *f)
{
    struct str *names = arena_array(rq->arena, BLANKS_MAX, struct str);
    struct str *values = arena_array(rq->arena, BLANKS_MAX, struct str);
    struct str *typed = arena_array(rq->arena, f->blanks.count, struct str);
    size_t count = request_inputs(rq, "blank", names, BLANKS_MAX);
    size_t sent = request_inputs(rq, "value", values, BLANKS_MAX);
    for (size_t i = 0; i < f->blanks.count; i++) {
        typed[i] = f->values[i];
        for (size_t n = 0; n < count && n < sent; n++)
            if (str_equal(names[n], f->blanks.list[i].name))
                typed[i] = values[n];
    }
    return typed;
}

struct keeping {
    struct request *rq;
    const struct filling *f;
    struct str *values;
};

static enum status keep_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct keeping *k = context;
    (void)scratch;
    return library_keep_fills(store, k->rq->viewer.member, k->f->r.offer.paper, &k->f->blanks,
                              k->values, err);
}

static enum status keep(struct request *rq, struct error *err)
{
    struct filling f = {0};
    enum status status = open_template(rq, &f, err);
    if (status || f.r.refused)
        return status;
    bool later = request_number(rq, "later") != 0;
    struct str *typed = typed_values(rq, &f);
    struct keeping k = {rq, &f, arena_array(rq->arena, f.blanks.count, struct str)};
    for (size_t i = 0; !status && i < f.blanks.count; i++)
        status = library_take_value(rq->arena, &f.blanks.list[i], typed[i], &k.values[i], err);
    if (!status && !later)
        status = library_check_complete(&f.blanks, k.values, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), keep_step, &k, err);
    if (status)
        return status;
    if (later)
        return answer_redirect(rq, path_of(rq, &f, "fill"), "Kept, for you alone.",
                               "已保存，仅您本人可见。");
    return answer_redirect(rq, path_of(rq, &f, "filled"), NULL, NULL);
}

static enum status show_typed(struct request *rq, struct error *err)
{
    struct filling f = {0};
    enum status status = open_template(rq, &f, err);
    return status || f.r.refused ? status : answer_form(rq, &f, typed_values(rq, &f));
}

const struct route route_fill_keep = {
    .method = "POST",
    .path = "/papers/{paper}/fill",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "Keep what you fill in, by name of the blank; with `later` it need not be complete.",
    .zh = "按名称保存您填写的内容；带 later 时可以暂不填全。",
    .inputs = KEEP_INPUTS,
    .run = keep,
    .again = show_typed,
};

static enum status delete_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct keeping *k = context;
    (void)scratch;
    return library_delete_fills(store, k->rq->viewer.member, k->f->r.offer.paper, err);
}

static enum status delete_fills(struct request *rq, struct error *err)
{
    struct filling f = {0};
    struct keeping k = {rq, &f, NULL};
    enum status status = open_template(rq, &f, err);
    if (status || f.r.refused)
        return status;
    status = server_write(rq->server, request_actor(rq), delete_step, &k, err);
    return status ? status
                  : answer_redirect(rq, path_of(rq, &f, "fill"), "What you filled in is deleted.",
                                    "您填写的内容已删除。");
}

const struct route route_fill_delete = {
    .method = "POST",
    .path = "/papers/{paper}/fill/delete",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "Delete all that you filled in for a template.",
    .zh = "删除您在某一范本中填写的全部内容。",
    .run = delete_fills,
};

/* --- the filled copy ------------------------------------------------------------------------------ */

/* What stamps the filled edition: in a format, or for a page where `kind` is NULL. */
static enum status make_press(struct request *rq, const struct filling *f,
                              const enum format_kind *kind, struct copy_press **press,
                              struct error *err)
{
    struct edition_text text;
    struct edition_text filled;
    enum status status = library_load_edition(rq->arena, rq->store, &f->r.edition, &text, err);
    if (status)
        return status;
    library_fill_edition(rq->arena, &text, &f->blanks, f->values, &filled);
    return kind ? copy_press_make(rq->arena, rq->store, &filled, *kind, press, err)
                : copy_press_make_page(rq->arena, rq->store, &filled, press, err);
}

struct format_line {
    struct str name, label, path;
};
struct filled_page {
    struct str key, title, lang, html;
    struct format_line *formats;
    size_t nformats;
    bool downloads;
};
static const struct field FORMAT_LINE[] = {
    FIELD(TEXT, struct format_line, name),
    FIELD_HIDDEN(TEXT, struct format_line, label),
    FIELD(TEXT, struct format_line, path),
    {0},
};
static const struct field FILLED_PAGE[] = {
    FIELD(TEXT, struct filled_page, key),
    FIELD(TEXT, struct filled_page, title),
    FIELD(TEXT, struct filled_page, lang),
    FIELD(MARKUP, struct filled_page, html),
    FIELD(FLAG, struct filled_page, downloads),
    FIELD_OF_LIST(struct filled_page, formats, FORMAT_LINE),
    {0},
};

static void fill_formats(struct request *rq, const struct filling *f, struct filled_page *page)
{
    page->formats = arena_array(rq->arena, FORMAT_KINDS, struct format_line);
    for (int i = 0; i < FORMAT_KINDS; i++) {
        enum format_kind kind = (enum format_kind)i;
        struct str name = str_of(format_name(kind));
        if (!copy_check_format(&f->r, name, &kind, NULL))
            page->formats[page->nformats++] =
                (struct format_line){name, str_of(format_label(kind, rq->lang)),
                                     str_format(rq->arena, "/papers/%.*s/filled/%.*s",
                                                STR_ARG(f->r.offer.key), STR_ARG(name))};
    }
}

static enum status show_once(struct request *rq, struct filling *f, struct error *err)
{
    struct copy_press *press;
    enum status status = make_press(rq, f, NULL, &press, err);
    if (!status)
        status = reader_record_opening(rq, copy_press_edition(press), err);
    if (status)
        return status;
    struct filled_page page = {
        .key = f->r.offer.key,
        .title = copy_press_edition(press)->title,
        .lang = f->r.edition.lang == LANG_ZH ? STR("zh-Hans") : STR("en"),
        .html = copy_write_page(press, rq->arena, rq->viewer.member).body,
        .downloads = f->r.entitlement.downloads,
    };
    fill_formats(rq, f, &page);
    return answer_titled_page(rq, "filled", page.title, FILLED_PAGE, &page);
}

static enum status show_filled(struct request *rq, struct error *err)
{
    enum status status = STATUS_CONFLICT;
    for (int tries = 0; status == STATUS_CONFLICT && tries < TRIES; tries++) {
        struct filling f = {0};
        status = open_template(rq, &f, err);
        if (!status && f.r.refused)
            return STATUS_OK;
        if (!status && library_check_complete(&f.blanks, f.values, NULL))
            return answer_redirect(rq, path_of(rq, &f, "fill"),
                                   "Fill in first what is still missing.", "请先填写所缺内容。");
        if (!status)
            status = show_once(rq, &f, err);
    }
    return status;
}

const struct route route_filled = {
    .method = "GET",
    .path = "/papers/{paper}/filled",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "Your own copy of a template with what you filled in.",
    .zh = "您本人的、已填好的范本副本。",
    .output = FILLED_PAGE,
    .page = "filled",
    .run = show_filled,
};

static enum status download_filled(struct request *rq, struct error *err)
{
    struct filling f = {0};
    enum format_kind kind;
    struct copy_press *press;
    struct format_owner owner;
    enum status status = open_template(rq, &f, err);
    if (status || f.r.refused)
        return status;
    status = copy_check_format(&f.r, rq->params[1], &kind, err);
    if (!status)
        status = library_check_complete(&f.blanks, f.values, err);
    if (!status)
        status = make_press(rq, &f, &kind, &press, err);
    if (!status)
        status = reader_record_copy(rq, press, &owner, err);
    return status ? status
                  : answer_bytes(rq, format_type(kind),
                                 copy_bytes(press, rq->arena, rq->viewer.member, &owner),
                                 copy_file_name(rq, &f.r, copy_press_edition(press)->title, kind));
}

const struct route route_filled_download = {
    .method = "GET",
    .path = "/papers/{paper}/filled/{format}",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "Download your own filled copy, with the same marks as your copy of the template.",
    .zh = "下载您本人的已填副本，标记与您的范本副本相同。",
    .run = download_filled,
};
