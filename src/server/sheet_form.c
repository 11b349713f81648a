/* The form of a sheet; see sheet_form.h. */
#include "server/sheet_form.h"

static const struct field ITEM[] = {
    FIELD(NUMBER, struct sheet_form_item, item),
    FIELD(TEXT, struct sheet_form_item, text),
    FIELD(NUMBER, struct sheet_form_item, most),
    FIELD(TEXT, struct sheet_form_item, value),
    FIELD(TEXT, struct sheet_form_item, words),
    FIELD(FLAG, struct sheet_form_item, problem),
    FIELD_HIDDEN(TEXT, struct sheet_form_item, id),
    FIELD_HIDDEN(FLAG, struct sheet_form_item, points),
    FIELD_HIDDEN(FLAG, struct sheet_form_item, yes),
    FIELD_HIDDEN(FLAG, struct sheet_form_item, no),
    FIELD_HIDDEN(FLAG, struct sheet_form_item, inapplicable),
    {0},
};
static const struct field PHOTO[] = {
    FIELD(TEXT, struct sheet_form_photo, key),
    FIELD(TEXT, struct sheet_form_photo, name),
    FIELD(TEXT, struct sheet_form_photo, path),
    {0},
};
const struct field sheet_form_fields[] = {
    FIELD(TEXT, struct sheet_form, id),
    FIELD(TEXT, struct sheet_form, path),
    FIELD(TEXT, struct sheet_form, title),
    FIELD(TEXT, struct sheet_form, standing),
    FIELD(TEXT, struct sheet_form, remark),
    FIELD(TIME, struct sheet_form, sent),
    FIELD(FLAG, struct sheet_form, may_fill),
    FIELD_HIDDEN(TEXT, struct sheet_form, sent_key),
    FIELD_HIDDEN(TEXT, struct sheet_form, owner),
    FIELD_HIDDEN(FLAG, struct sheet_form, open),
    FIELD_OF_LIST(struct sheet_form, items, ITEM),
    FIELD_OF_LIST(struct sheet_form, photos, PHOTO),
    {0},
};

/* --- filled --------------------------------------------------------------------------------------- */

static void choose_answer(struct sheet_form_item *item)
{
    item->yes = !item->points && str_equal(item->value, STR("yes"));
    item->no = !item->points && str_equal(item->value, STR("no"));
    item->inapplicable = !item->points && str_equal(item->value, STR("inapplicable"));
}

static void fill_items(struct request *rq, const struct sheet *sheet, const struct filled *filled,
                       struct sheet_form *form)
{
    bool fits = filled && filled->nitems == sheet->nitems;
    form->nitems = sheet->nitems;
    form->items = arena_array(rq->arena, sheet->nitems + 1, struct sheet_form_item);
    for (size_t i = 0; i < sheet->nitems; i++) {
        const struct sheet_item *item = &sheet->items[i];
        struct sheet_form_item *row = &form->items[i];
        *row = (struct sheet_form_item){
            .item = item->id,
            .most = item->most,
            .id = str_format(rq->arena, "%.*s-%zu", STR_ARG(form->id), i + 1),
            .text = item->text,
            .points = item->most > 0,
        };
        if (!fits)
            continue;
        row->value = sheet_value_text(rq->arena, item, filled->items[i].value);
        row->words = filled->items[i].words;
        row->problem = filled->items[i].problem;
        choose_answer(row);
    }
}

static void fill_photos(struct request *rq, const struct line *line, const struct filled *filled,
                        const struct line_file *files, size_t nfiles, struct sheet_form *form)
{
    struct str about = filled_files_about(rq->arena, filled->id);
    form->photos = arena_array(rq->arena, nfiles + 1, struct sheet_form_photo);
    for (size_t i = 0; i < nfiles; i++)
        if (str_equal(files[i].about, about))
            form->photos[form->nphotos++] = (struct sheet_form_photo){
                files[i].key, files[i].name,
                ledger_path(rq, line->key,
                            str_format(rq->arena, "/files/%.*s", STR_ARG(files[i].key)).at)};
}

/* A draft is kept for the member it belongs to, under the key that they have in addresses. */
static enum status fill_owner(struct request *rq, struct sheet_form *form, struct error *err)
{
    struct query *q = query_start(rq->store, "SELECT key FROM member WHERE id = ?1");
    query_bind_int(q, 1, rq->viewer.member);
    form->owner = query_row(q) ? str_copy(rq->arena, query_str(q, 0)) : STR("");
    return query_end(q, err);
}

enum status sheet_form_fill(struct request *rq, const struct line *line, const struct sheet *sheet,
                            const struct filled *filled, const struct line_file *files,
                            size_t nfiles, struct sheet_form *form, struct error *err)
{
    fill_items(rq, sheet, filled, form);
    if (filled) {
        form->standing = filled->sent_key;
        form->sent = filled->sent_ms;
        form->remark = filled->words;
        fill_photos(rq, line, filled, files, nfiles, form);
    }
    enum status status = fill_owner(rq, form, err);
    return status ? status : digest_random_key(rq->arena, &form->sent_key, err);
}

/* --- what came ------------------------------------------------------------------------------------ */

struct sent_form {
    struct str *items, *values, *words, *problems;
    size_t nitems, nvalues, nwords, nproblems;
};

static struct sent_form sent_form(struct request *rq)
{
    struct sent_form sent;
    struct {
        const char *name;
        struct str **list;
        size_t *count;
    } lists[] = {{"item", &sent.items, &sent.nitems},
                 {"value", &sent.values, &sent.nvalues},
                 {"words", &sent.words, &sent.nwords},
                 {"problem", &sent.problems, &sent.nproblems}};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        *lists[i].list = arena_array(rq->arena, SHEET_ITEMS_MAX, struct str);
        *lists[i].count = request_inputs(rq, lists[i].name, *lists[i].list, SHEET_ITEMS_MAX);
    }
    return sent;
}

/* Where the form speaks of an item; SIZE_MAX: nowhere. */
static size_t find_sent(const struct sent_form *sent, struct str item)
{
    for (size_t i = 0; i < sent->nitems; i++)
        if (str_equal(sent->items[i], item))
            return i;
    return SIZE_MAX;
}

static bool is_problem(const struct sent_form *sent, struct str item)
{
    for (size_t i = 0; i < sent->nproblems; i++)
        if (str_equal(sent->problems[i], item))
            return true;
    return false;
}

void sheet_form_again(struct request *rq, struct sheet_form *form)
{
    struct sent_form sent = sent_form(rq);
    for (size_t i = 0; i < form->nitems; i++) {
        struct sheet_form_item *row = &form->items[i];
        struct str item = str_format(rq->arena, "%lld", (long long)row->item);
        size_t at = find_sent(&sent, item);
        row->value = at < sent.nvalues ? sent.values[at] : STR("");
        row->words = at < sent.nwords ? sent.words[at] : STR("");
        row->problem = is_problem(&sent, item);
        choose_answer(row);
    }
    if (!str_equal(request_input(rq, "sent"), form->standing)) /* else it is another sheet by now */
        form->sent_key = request_input(rq, "sent");
    form->remark = request_input(rq, "remark");
    form->open = true;
}

static enum status read_items(struct request *rq, const struct sheet *sheet, struct filled *filled,
                              struct error *err)
{
    struct sent_form sent = sent_form(rq);
    enum status status = STATUS_OK;
    filled->nitems = sheet->nitems;
    filled->items = arena_array(rq->arena, sheet->nitems + 1, struct filled_item);
    for (size_t i = 0; !status && i < sheet->nitems; i++) {
        const struct sheet_item *item = &sheet->items[i];
        struct filled_item *row = &filled->items[i];
        struct str name = str_format(rq->arena, "%lld", (long long)item->id);
        size_t at = find_sent(&sent, name);
        row->item = item->id;
        row->words = at < sent.nwords ? sent.words[at] : STR("");
        row->problem = is_problem(&sent, name);
        status = error_in_list(err, "value", i,
                               sheet_read_value(item, at < sent.nvalues ? sent.values[at] : STR(""),
                                                &row->value, err));
    }
    return status;
}

/* One check of all words costs one look at the papers. */
static enum status refuse_marks(struct request *rq, const struct filled *filled, struct error *err)
{
    struct buf all = {.arena = rq->arena};
    buf_add(&all, filled->words);
    for (size_t i = 0; i < filled->nitems; i++) {
        buf_add_byte(&all, '\n');
        buf_add(&all, filled->items[i].words);
    }
    return ledger_refuse_marks(rq, buf_str(&all), err);
}

static enum status read_photo(struct request *rq, const struct upload *upload,
                              struct line_file *photo, struct error *err)
{
    const struct ledger_file_kind *kind = ledger_file_kind_of(upload->file, upload->bytes);
    if (!kind || !str_starts(str_of(kind->media), STR("image/")) ||
        upload->bytes.len > LINE_FILE_MAX)
        return error_set(err, STATUS_INPUT,
                         "“%.*s” is no photo that is taken: JPEG, PNG, WebP or HEIC of at most %d "
                         "MB.",
                         "“%.*s”不是可接收的照片：应为不超过 %d MB 的 JPEG、PNG、WebP 或 HEIC。",
                         STR_ARG(upload->file), (int)(LINE_FILE_MAX >> 20));
    *photo = (struct line_file){
        .name = ledger_clean_file_name(rq->arena, upload->file),
        .media = str_of(kind->media),
        .bytes = (int64_t)upload->bytes.len,
        .member = rq->viewer.member,
    };
    enum status status = ledger_refuse_marks(rq, photo->name, err);
    return status ? status : store_put_blob(rq->store, upload->bytes, &photo->digest, err);
}

enum status sheet_form_read_photos(struct request *rq, struct line_file **photos, size_t *count,
                                   struct error *err)
{
    enum status status = STATUS_OK;
    *photos = arena_array(rq->arena, SHEET_PHOTOS_MAX, struct line_file);
    *count = 0;
    for (size_t i = 0; !status && i < rq->nuploads; i++) {
        const struct upload *upload = &rq->uploads[i];
        if (!str_equal(upload->name, STR("photo")) || !upload->file.len)
            continue;
        if (*count == SHEET_PHOTOS_MAX)
            return error_set(err, STATUS_INPUT, "At most %u photos go with one sheet.",
                             "每份最多附 %u 张照片。", SHEET_PHOTOS_MAX);
        status = read_photo(rq, upload, &(*photos)[*count], err);
        *count += !status;
    }
    return status;
}

enum status sheet_form_read(struct request *rq, const struct sheet *sheet, struct filled *filled,
                            struct error *err)
{
    int64_t at = request_number(rq, "at");
    *filled = (struct filled){
        .member = rq->viewer.member,
        .sent_key = request_input(rq, "sent"),
        .replaces = request_input(rq, "replaces"),
        .filled_ms = at < rq->now_ms ? at : rq->now_ms, /* a phone's clock may be ahead */
        .words = request_input(rq, "remark"),
    };
    enum status status = read_items(rq, sheet, filled, err);
    return status ? status : refuse_marks(rq, filled, err);
}

enum status sheet_form_attach(struct arena *arena, struct store *store, const struct filled *filled,
                              struct line_file *photos, size_t count,
                              const struct ledger_deed *deed, struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < count && !filled->repeated; i++) {
        photos[i].line = filled->line;
        photos[i].about = filled_files_about(arena, filled->id);
        status = ledger_attach_file(arena, store, &photos[i], deed, err);
    }
    return status;
}
