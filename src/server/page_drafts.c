/* Writing: the editor's drafts, each with its text, its preview and what the inspection found. */
#include "base/unicode.h"
#include "base/utf8.h"
#include "server/internal.h"

#include <inttypes.h>
#include <string.h>

#include "server/writing.h"

#define PAPERS_A_PAGE  50
#define FINDINGS_SHOWN 200U
#define TEXT_CHARS_MAX 4000000
#define STAMP_HEX      16

/* --- the list ----------------------------------------------------------------------------------- */

struct draft_line {
    struct str key, title, beginning, failure;
    int64_t saved, due;
    bool next_edition;
};
struct paper_line {
    struct str key, title, id;
    int64_t edition, published;
    bool withdrawn;
};
struct write_page {
    struct draft_line *drafts;
    struct paper_line *papers;
    size_t ndrafts, npapers;
    struct str older; /* address of the next page of papers */
    bool any_paper;
};

static const struct field DRAFT_LINE[] = {
    FIELD(TEXT, struct draft_line, key),          FIELD(TEXT, struct draft_line, title),
    FIELD(TEXT, struct draft_line, beginning),    FIELD(TEXT, struct draft_line, failure),
    FIELD(TIME, struct draft_line, saved),        FIELD(TIME, struct draft_line, due),
    FIELD(FLAG, struct draft_line, next_edition), {0},
};
static const struct field PAPER_LINE[] = {
    FIELD(TEXT, struct paper_line, key),
    FIELD(TEXT, struct paper_line, title),
    FIELD(TEXT, struct paper_line, id),
    FIELD(NUMBER, struct paper_line, edition),
    FIELD(DAY, struct paper_line, published),
    FIELD(FLAG, struct paper_line, withdrawn),
    {0},
};
static const struct field WRITE_PAGE[] = {
    FIELD_OF_LIST(struct write_page, drafts, DRAFT_LINE),
    FIELD_OF_LIST(struct write_page, papers, PAPER_LINE),
    FIELD(TEXT, struct write_page, older),
    FIELD_HIDDEN(FLAG, struct write_page, any_paper),
    {0},
};
static const struct input WRITE_QUERY[] = {
    {.name = "from", .kind = INPUT_NUMBER, .most = INT32_MAX, .en = "From", .zh = "起始"},
    {0},
};

/* The first line with words in it, without the signs of a Markdown heading. */
static struct str first_line(struct str text)
{
    struct str line = {0};
    while (str_trim(line).len == 0 && str_split(&text, '\n', &line))
        continue;
    line = str_trim(line);
    while (line.len && line.at[0] == '#')
        line = str_slice(line, 1, line.len);
    return str_trim(line);
}

static void fill_drafts(struct request *rq, const struct draft *drafts, struct write_page *page)
{
    page->drafts = arena_array(rq->arena, page->ndrafts + 1, struct draft_line);
    for (size_t i = 0; i < page->ndrafts; i++) {
        const struct draft *d = &drafts[i];
        page->drafts[i] = (struct draft_line){
            .key = d->key,
            .title = d->title,
            .beginning = first_line(d->text),
            .failure =
                d->failure.status ? request_words(rq, d->failure.en, d->failure.zh) : STR(""),
            .saved = d->saved_ms,
            .due = d->due_ms,
            .next_edition = d->paper != 0,
        };
    }
}

static void fill_papers(struct request *rq, const struct offered *papers, int64_t from,
                        struct write_page *page)
{
    if (page->npapers > PAPERS_A_PAGE) {
        page->npapers = PAPERS_A_PAGE;
        page->older = str_format(rq->arena, "/write?from=%" PRId64, from + PAPERS_A_PAGE);
    }
    page->any_paper = page->npapers > 0;
    page->papers = arena_array(rq->arena, page->npapers + 1, struct paper_line);
    for (size_t i = 0; i < page->npapers; i++) {
        const struct offered *o = &papers[i];
        page->papers[i] = (struct paper_line){
            .key = o->offer.key,
            .title = o->title,
            .id = library_paper_id(rq->arena, o->offer.paper),
            .edition = o->edition,
            .published = o->edition_ms,
            .withdrawn = o->offer.withdrawn_ms != 0,
        };
    }
}

static enum status show_write(struct request *rq, struct error *err)
{
    struct write_page page = {0};
    struct draft *drafts;
    struct offered *papers;
    int64_t from = request_number(rq, "from");
    enum status status =
        library_list_drafts(rq->arena, rq->store, rq->viewer.member, &drafts, &page.ndrafts, err);
    if (!status)
        status = library_list_offers(rq->arena, rq->store, from, PAPERS_A_PAGE + 1, &papers,
                                     &page.npapers, err);
    if (status)
        return status;
    fill_drafts(rq, drafts, &page);
    fill_papers(rq, papers, from, &page);
    return answer_page(rq, "write", "Write", "撰写", WRITE_PAGE, &page);
}

const struct route route_write = {
    .method = "GET",
    .path = "/write",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "One's own drafts, and the papers that were published.",
    .zh = "本人的草稿，以及已发布的文稿。",
    .inputs = WRITE_QUERY,
    .output = WRITE_PAGE,
    .page = "write",
    .run = show_write,
};

/* --- from a file -------------------------------------------------------------------------------- */

/* Control characters have no place in a text and no form can send them back. */
static struct str without_controls(struct arena *arena, struct str text)
{
    struct buf out = {.arena = arena};
    buf_reserve(&out, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c == 0x7F || (c < 0x20 && c != '\n' && c != '\t'))
            continue;
        buf_add_byte(&out, (char)c);
    }
    return buf_str(&out);
}

/* What was left out of the file goes to *left, in the reader's language; may be empty. */
static enum status take_file(struct request *rq, const struct upload *file, struct draft *draft,
                             struct str *left, struct error *err)
{
    struct format_opened opened;
    enum status status = format_open(rq->arena, file->file, file->bytes, &opened, err);
    if (status)
        return status;
    draft->text = without_controls(rq->arena, opened.text);
    draft->form = opened.kind;
    *left = format_left_words(rq->arena, opened.left, rq->lang);
    draft->has_original = format_is_docx(file->bytes);
    return draft->has_original ? store_put_blob(rq->store, file->bytes, &draft->original, err)
                               : STATUS_OK;
}

/* Back to the draft, with what came of the file. */
static enum status answer_taken(struct request *rq, const struct draft *draft, struct str left)
{
    struct str said =
        left.len ? str_format(rq->arena,
                              rq->lang == LANG_ZH
                                  ? "正文已取自文件。正文中不含：%.*s。"
                                  : "The text is now that of the file. Not in the text: %.*s.",
                              STR_ARG(left))
                 : request_words(rq, "The text is now that of the file.", "正文已取自文件。");
    const char *words = str_z(rq->arena, said);
    return answer_redirect(rq, writing_path(rq, draft->key, ""), words, words);
}

/* --- making ------------------------------------------------------------------------------------- */

struct change {
    struct request *rq; /* whose arena what is made lives in; it waits for the writer */
    struct draft draft;
};

static enum status make_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct change *c = context;
    (void)scratch;
    return library_make_draft(c->rq->arena, store, &c->draft, err);
}

static const struct input NEW_INPUTS[] = {
    {.name = "title", .kind = INPUT_TEXT, .most = 300, .en = "Title", .zh = "标题"},
    {.name = "text", .kind = INPUT_LONG_TEXT, .most = TEXT_CHARS_MAX, .en = "Text", .zh = "正文"},
    {.name = "file", .kind = INPUT_FILE, .en = "File", .zh = "文件"},
    {0},
};

static enum status make_draft(struct request *rq, struct error *err)
{
    struct change c = {rq, {.author = rq->viewer.member, .form = FORMAT_MARKDOWN}};
    const struct upload *file = request_upload(rq, "file");
    struct str left = {0};
    enum status status = STATUS_OK;
    c.draft.title = request_input(rq, "title");
    c.draft.text = writing_lines(rq->arena, request_input(rq, "text"));
    if (file)
        status = take_file(rq, file, &c.draft, &left, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), make_step, &c, err);
    if (status)
        return status;
    return file ? answer_taken(rq, &c.draft, left)
                : answer_redirect(rq, writing_path(rq, c.draft.key, ""), NULL, NULL);
}

const struct route route_write_new = {
    .method = "POST",
    .path = "/write",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "Begin a draft, empty or from a file.",
    .zh = "新建草稿，可从文件读入。",
    .inputs = NEW_INPUTS,
    .uploads = true,
    .run = make_draft,
    .again = show_write,
};

/* --- how it reads ---------------------------------------------------------------------------------- */

/* The master as a part of a page; why not, where it has no text. */
struct rendering {
    struct str html, lang, title, why;
    int64_t put_right;
    struct blanks blanks;
};

static void render(struct request *rq, const struct draft *draft, struct rendering *r)
{
    struct draft_edition edition;
    struct error why = {0};
    *r = (struct rendering){.title = draft->title};
    if (library_read_draft(rq->arena, draft, &edition, &why)) {
        r->why = str_copy(rq->arena, request_words(rq, why.en, why.zh));
        return;
    }
    struct stamp_plan *plan = format_write_page(rq->arena, &edition.doc, NULL);
    char *out = arena_take(rq->arena, stamp_plan_room(plan));
    r->html = (struct str){out, stamp_plan_write(plan, NULL, out)};
    r->lang = edition.doc.lang == LANG_ZH ? STR("zh-Hans") : STR("en");
    r->title = edition.doc.title;
    r->blanks = edition.blanks;
    r->put_right = (int64_t)edition.nput_right;
}

/* --- the text ------------------------------------------------------------------------------------ */

struct finding_line {
    struct str place; /* sent back to put this one right */
    struct str found, intended, kind, words;
    int64_t line, column, also;
    bool certain, removal;
};
struct blank_name {
    struct str name;
};
static const struct field BLANK_NAME[] = {FIELD(TEXT, struct blank_name, name), {0}};
struct draft_page {
    struct str key, title, text, form, heading, version, failure, other_text, other_title, stamp,
        html, lang, why;
    int64_t saved, due;
    bool is_markdown, conflict, next_edition;
    struct finding_line *findings;
    size_t nfindings;
    int64_t found, certain;    /* of the whole text */
    struct blank_name *blanks; /* of a template */
    size_t nblanks;
    bool is_template;
    bool more;
};

static const struct field FINDING_LINE[] = {
    FIELD(TEXT, struct finding_line, place),
    FIELD(TEXT, struct finding_line, found),
    FIELD(TEXT, struct finding_line, intended),
    FIELD(TEXT, struct finding_line, kind),
    FIELD(TEXT, struct finding_line, words),
    FIELD(NUMBER, struct finding_line, line),
    FIELD(NUMBER, struct finding_line, column),
    FIELD(NUMBER, struct finding_line, also),
    FIELD(FLAG, struct finding_line, certain),
    FIELD(FLAG, struct finding_line, removal),
    {0},
};
static const struct field DRAFT_PAGE[] = {
    FIELD(TEXT, struct draft_page, key),
    FIELD(TEXT, struct draft_page, title),
    FIELD(TEXT, struct draft_page, text),
    FIELD(TEXT, struct draft_page, form),
    FIELD(TEXT, struct draft_page, version),
    FIELD(TEXT, struct draft_page, failure),
    FIELD(TIME, struct draft_page, saved),
    FIELD(TIME, struct draft_page, due),
    FIELD(FLAG, struct draft_page, next_edition),
    FIELD(NUMBER, struct draft_page, found),
    FIELD(NUMBER, struct draft_page, certain),
    FIELD_OF_LIST(struct draft_page, findings, FINDING_LINE),
    FIELD_OF_LIST(struct draft_page, blanks, BLANK_NAME),
    FIELD_HIDDEN(FLAG, struct draft_page, is_template),
    FIELD_HIDDEN(FLAG, struct draft_page, more),
    FIELD_HIDDEN(TEXT, struct draft_page, heading),
    FIELD_HIDDEN(FLAG, struct draft_page, is_markdown),
    FIELD_HIDDEN(FLAG, struct draft_page, conflict),
    FIELD_HIDDEN(TEXT, struct draft_page, other_text),
    FIELD_HIDDEN(TEXT, struct draft_page, other_title),
    FIELD_HIDDEN(TEXT, struct draft_page, stamp),
    FIELD_HIDDEN(MARKUP, struct draft_page, html),
    FIELD_HIDDEN(TEXT, struct draft_page, lang),
    FIELD_HIDDEN(TEXT, struct draft_page, why),
    {0},
};

static struct str kind_words(const struct request *rq, enum concern_kind kind)
{
    static const char *const names[CONCERN_KINDS][LANG_COUNT] = {
        [CONCERN_INVISIBLE] = {"隐藏字符", "hidden character"},
        [CONCERN_LOOKALIKE] = {"形近字符", "look-alike"},
        [CONCERN_SPACE] = {"异常空白", "odd space"},
        [CONCERN_WIDTH] = {"全角半角混用", "mixed width"},
        [CONCERN_FORM] = {"一词两形", "two forms of one word"},
    };
    return str_of(names[kind][rq->lang]);
}

static void fill_findings(struct request *rq, struct str text, struct draft_page *page)
{
    struct concerns concerns = paper_inspect(rq->arena, text, paper_detect_lang(text));
    page->found = (int64_t)concerns.count;
    page->more = concerns.count > FINDINGS_SHOWN;
    page->nfindings = page->more ? FINDINGS_SHOWN : concerns.count;
    page->findings = arena_array(rq->arena, page->nfindings + 1, struct finding_line);
    for (size_t i = 0; i < concerns.count; i++) {
        const struct concern *c = &concerns.list[i];
        page->certain += c->certain;
        if (i >= page->nfindings)
            continue;
        page->findings[i] = (struct finding_line){
            .place = str_format(rq->arena, "%zu", c->at),
            .found = unicode_shown(rq->arena, c->found),
            .intended = unicode_shown(rq->arena, c->intended),
            .kind = kind_words(rq, c->kind),
            .words = request_words(rq, c->en, c->zh),
            .line = c->line,
            .column = c->column,
            .also = (int64_t)c->nalso,
            .certain = c->certain,
            .removal = c->intended.len == 0,
        };
    }
}

/* Tells one text from another, so that a finding is never put right at the same place of another text. */
static struct str stamp_of(struct arena *arena, struct str text)
{
    struct digest digest = digest_of(text);
    char hex[DIGEST_HEX + 1];
    digest_to_hex(&digest, hex);
    return str_copy(arena, (struct str){hex, STAMP_HEX});
}

static void fill_draft(struct request *rq, const struct draft *d, struct draft_page *page)
{
    *page = (struct draft_page){
        .key = d->key,
        .title = d->title,
        .text = d->text,
        .form = str_of(format_name(d->form)),
        .heading = d->title.len ? d->title : first_line(utf8_cut(d->text, 120)),
        .version = str_format(rq->arena, "%" PRId64, d->version),
        .failure = d->failure.status ? request_words(rq, d->failure.en, d->failure.zh) : STR(""),
        .saved = d->saved_ms,
        .due = d->due_ms,
        .is_markdown = d->form == FORMAT_MARKDOWN,
        .next_edition = d->paper != 0,
        .stamp = stamp_of(rq->arena, d->text),
    };
    struct rendering r;
    render(rq, d, &r);
    page->html = r.html;
    page->lang = r.lang;
    page->why = r.why;
    page->nblanks = r.blanks.count;
    page->is_template = r.blanks.count > 0;
    page->blanks = arena_array(rq->arena, r.blanks.count + 1, struct blank_name);
    for (size_t i = 0; i < r.blanks.count; i++)
        page->blanks[i].name = r.blanks.list[i].name;
    fill_findings(rq, d->text, page);
}

static enum status show_draft(struct request *rq, struct error *err)
{
    struct draft draft;
    struct draft_page page;
    enum status status = writing_find_draft(rq, &draft, err);
    if (status)
        return status;
    fill_draft(rq, &draft, &page);
    return answer_page(rq, "draft", "Draft", "草稿", DRAFT_PAGE, &page);
}

const struct route route_draft = {
    .method = "GET",
    .path = "/write/{draft}",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "A draft: its text, and what the inspection found in it.",
    .zh = "草稿：正文及检查结果。",
    .output = DRAFT_PAGE,
    .page = "draft",
    .run = show_draft,
};

/* --- saving -------------------------------------------------------------------------------------- */

static const struct input SAVE_INPUTS[] = {
    {.name = "title", .kind = INPUT_TEXT, .most = 300, .en = "Title", .zh = "标题"},
    {.name = "text", .kind = INPUT_LONG_TEXT, .most = TEXT_CHARS_MAX, .en = "Text", .zh = "正文"},
    {.name = "form", .kind = INPUT_TEXT, .most = 4, .en = "Form", .zh = "格式"},
    {.name = "version",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 1,
     .most = INT64_MAX,
     .en = "Version",
     .zh = "版本号"},
    {.name = "stamp", .kind = INPUT_TEXT, .most = STAMP_HEX, .en = "Text seen", .zh = "所见正文"},
    {.name = "put_right",
     .kind = INPUT_TEXT,
     .most = 20,
     .en = "What to put right",
     .zh = "订正之处"},
    {.name = "choice", .kind = INPUT_TEXT, .most = 10, .en = "Choice", .zh = "选择"},
    {0},
};

struct saved {
    struct str version;
    int64_t saved;
};
static const struct field SAVED[] = {
    FIELD(TEXT, struct saved, version),
    FIELD(TIME, struct saved, saved),
    {0},
};

static enum status save_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct change *c = context;
    (void)scratch;
    return library_save_draft(store, &c->draft, err);
}

/* What the window sent, over the draft as it is kept. */
static void take_form(struct request *rq, struct draft *draft)
{
    draft->title = request_input(rq, "title");
    draft->text = writing_lines(rq->arena, request_input(rq, "text"));
    draft->version = request_number(rq, "version");
    if (request_input(rq, "form").len)
        draft->form =
            str_equal(request_input(rq, "form"), STR("txt")) ? FORMAT_TEXT : FORMAT_MARKDOWN;
}

/* Puts right one finding of the text that the window had seen, or all that are certain. Gives how many. */
static size_t put_right(struct request *rq, struct draft *draft)
{
    struct str asked = request_input(rq, "put_right");
    struct str text = draft->text;
    struct concerns concerns = paper_inspect(rq->arena, text, paper_detect_lang(text));
    bool *apply = arena_array(rq->arena, concerns.count + 1, bool);
    bool all = str_equal(asked, STR("certain"));
    bool seen = str_equal(request_input(rq, "stamp"), stamp_of(rq->arena, text));
    uint64_t at = 0;
    bool one = str_to_u64(asked, &at) && seen;
    size_t count = 0;
    for (size_t i = 0; i < concerns.count; i++) {
        const struct concern *c = &concerns.list[i];
        apply[i] = all ? c->certain : one && c->at == at;
        count += apply[i] ? 1 + c->nalso : 0;
    }
    if (count)
        draft->text = paper_inspect_clean(rq->arena, text, &concerns, apply);
    return count;
}

static enum status answer_saved(struct request *rq, const struct draft *draft)
{
    struct saved saved = {str_format(rq->arena, "%" PRId64, draft->version), draft->saved_ms};
    return answer_page(rq, "draft", "Draft", "草稿", SAVED, &saved);
}

/* After a conflict: the other window's text stays, or this one's goes to a draft of its own. */
static enum status keep_other(struct request *rq, struct change *c, bool both, struct error *err)
{
    enum status status = STATUS_OK;
    if (both) {
        c->draft.paper = 0;
        status = server_write(rq->server, request_actor(rq), make_step, c, err);
    }
    if (status)
        return status;
    if (both)
        return answer_redirect(rq, writing_path(rq, c->draft.key, ""),
                               "Your text is a draft of its own now.",
                               "您的文字已另存为一份草稿。");
    return answer_redirect(rq, writing_path(rq, c->draft.key, ""),
                           "The other window's text is kept.", "已保留另一窗口的文字。");
}

static enum status save_draft(struct request *rq, struct error *err)
{
    struct change c = {rq, {0}};
    struct str choice = request_input(rq, "choice");
    enum status status = writing_find_draft(rq, &c.draft, err);
    if (status)
        return status;
    take_form(rq, &c.draft);
    bool both = str_equal(choice, STR("both"));
    if (both || str_equal(choice, STR("theirs")))
        return keep_other(rq, &c, both, err);
    bool asked = request_input(rq, "put_right").len > 0;
    size_t count = asked ? put_right(rq, &c.draft) : 0;
    status = server_write(rq->server, request_actor(rq), save_step, &c, err);
    if (status)
        return status;
    if (rq->wants_json)
        return answer_saved(rq, &c.draft);
    struct str path = writing_path(rq, c.draft.key, asked ? "#findings" : "");
    if (asked && count == 0)
        return answer_redirect(
            rq, path, "Saved. The text had changed, so its findings are listed anew; look again.",
            "已保存。正文已有改动，检查结果已重新列出，请再核对。");
    if (asked)
        return answer_redirect(rq, path, "Put right and saved.", "已订正并保存。");
    return answer_redirect(rq, path, "Saved.", "已保存。");
}

/* The window's text comes back beside the one that is kept, with the version to save over. */
static enum status show_conflict(struct request *rq, struct error *err)
{
    struct draft kept;
    struct draft_page page;
    enum status status = writing_find_draft(rq, &kept, err);
    if (status)
        return status;
    struct draft mine = kept;
    take_form(rq, &mine);
    bool conflict = mine.version != kept.version && kept.due_ms == 0;
    if (conflict)
        mine.version = kept.version;
    fill_draft(rq, &mine, &page);
    page.conflict = conflict;
    page.other_text = kept.text;
    page.other_title = kept.title;
    return answer_page(rq, "draft", "Draft", "草稿", DRAFT_PAGE, &page);
}

const struct route route_draft_save = {
    .method = "POST",
    .path = "/write/{draft}",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "Save a draft over the version that was seen; 409 when another window saved since.",
    .zh = "保存草稿；若另一窗口已先保存，返回 409。",
    .inputs = SAVE_INPUTS,
    .output = SAVED,
    .uploads = true,
    .run = save_draft,
    .again = show_conflict,
};

/* --- a file in the place of the text ---------------------------------------------------------------- */

static const struct input FILE_INPUTS[] = {
    {.name = "file", .kind = INPUT_FILE, .needed = true, .en = "File", .zh = "文件"},
    {.name = "version",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 1,
     .most = INT64_MAX,
     .en = "Version",
     .zh = "版本号"},
    {0},
};

static enum status replace_text(struct request *rq, struct error *err)
{
    struct change c = {rq, {0}};
    struct str left = {0};
    enum status status = writing_find_draft(rq, &c.draft, err);
    if (!status)
        status = take_file(rq, request_upload(rq, "file"), &c.draft, &left, err);
    if (status)
        return status;
    c.draft.version = request_number(rq, "version");
    status = server_write(rq->server, request_actor(rq), save_step, &c, err);
    return status ? status : answer_taken(rq, &c.draft, left);
}

const struct route route_draft_file = {
    .method = "POST",
    .path = "/write/{draft}/file",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "Put the text of a file (Word, PDF, plain or Markdown) in the place of a draft's text.",
    .zh = "用文件（Word、PDF、纯文本或 Markdown）的内容替换草稿正文。",
    .inputs = FILE_INPUTS,
    .uploads = true,
    .run = replace_text,
    .again = show_draft,
};

/* --- the preview ----------------------------------------------------------------------------------- */

struct preview_page {
    struct str key, title, html, why;
    struct str lang;
    int64_t put_right;
};
static const struct field PREVIEW_PAGE[] = {
    FIELD(TEXT, struct preview_page, key),
    FIELD(TEXT, struct preview_page, title),
    FIELD(TEXT, struct preview_page, lang),
    FIELD(MARKUP, struct preview_page, html),
    FIELD(TEXT, struct preview_page, why),
    FIELD(NUMBER, struct preview_page, put_right),
    {0},
};

static enum status show_preview(struct request *rq, struct error *err)
{
    struct draft draft;
    struct rendering r;
    enum status status = writing_find_draft(rq, &draft, err);
    if (status)
        return status;
    render(rq, &draft, &r);
    struct preview_page page = {draft.key, r.title, r.html, r.why, r.lang, r.put_right};
    return answer_page(rq, "draft-preview", "Preview", "预览", PREVIEW_PAGE, &page);
}

const struct route route_draft_preview = {
    .method = "GET",
    .path = "/write/{draft}/preview",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "A draft as it will read, without marks.",
    .zh = "草稿成文的样子，不含标记。",
    .output = PREVIEW_PAGE,
    .page = "draft-preview",
    .run = show_preview,
};

/* --- deleting -------------------------------------------------------------------------------------- */

static enum status delete_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct change *c = context;
    (void)scratch;
    return library_delete_draft(store, &c->draft, err);
}

static const struct input DELETE_INPUTS[] = {
    {.name = "sure", .kind = INPUT_FLAG, .needed = true, .en = "Your confirmation", .zh = "确认"},
    {0},
};

static enum status delete_draft(struct request *rq, struct error *err)
{
    struct change c = {rq, {0}};
    enum status status = writing_find_draft(rq, &c.draft, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), delete_step, &c, err);
    return status ? status
                  : answer_redirect(rq, STR("/write"), "The draft is deleted.", "草稿已删除。");
}

const struct route route_draft_delete = {
    .method = "POST",
    .path = "/write/{draft}/delete",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "Delete a draft for good.",
    .zh = "彻底删除草稿。",
    .inputs = DELETE_INPUTS,
    .run = delete_draft,
    .again = show_draft,
};
