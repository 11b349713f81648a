/* From a draft to a paper; see draft.h.
 *
 * read → lay out → keep → record. The first three take long and change nothing that anybody sees; the
 * last runs in a transaction and holds what it records against the row it came from. */
#include "library/draft.h"

#include <inttypes.h>
#include <string.h>

#include "library/ask.h"
#include "library/notice.h"

enum status library_read_draft(struct arena *arena, const struct draft *draft,
                               struct draft_edition *edition, struct error *err)
{
    *edition = (struct draft_edition){.draft = *draft};
    library_read_terms(arena, draft->terms, &edition->terms);
    enum lang lang = paper_detect_lang(draft->text);
    edition->concerns = paper_inspect(arena, draft->text, lang);
    edition->apply = arena_array(arena, edition->concerns.count + 1, bool);
    for (size_t i = 0; i < edition->concerns.count && !edition->terms.as_is; i++) {
        edition->apply[i] = edition->concerns.list[i].certain;
        edition->nput_right += edition->apply[i];
    }
    struct str text = draft->text;
    if (edition->nput_right)
        text = paper_inspect_clean(arena, text, &edition->concerns, edition->apply);
    if (str_trim(text).len == 0)
        return error_set(err, STATUS_INPUT, "The draft has no text yet. Write or paste some first.",
                         "草稿还没有正文，请先撰写或粘贴。");
    enum status status =
        format_read(arena, text, draft->form, &lang, draft->title, &edition->doc, err);
    if (!status)
        library_find_blanks(arena, &edition->doc, draft->blanks, &edition->blanks);
    return status;
}

static struct publication publication_of(const struct draft_edition *edition)
{
    return (struct publication){
        .paper = edition->draft.paper,
        .level = edition->terms.level,
        .level_given = true,
        .colluders = edition->draft.paper ? 0 : edition->terms.colluders,
        .actor = "editor",
        .silent = edition->terms.silent,
        .offer = &edition->terms.offer,
        .blanks = edition->draft.blanks,
    };
}

/* The Word document that the text was taken from, if any. */
static enum status load_original(struct arena *arena, struct store *store,
                                 const struct draft_edition *edition, struct str *original,
                                 struct error *err)
{
    return edition->draft.has_original
               ? store_get_blob(arena, store, &edition->draft.original, original, err)
               : STATUS_OK;
}

enum status library_lay_out_draft(struct arena *arena, struct store *store,
                                  const struct draft *draft, struct draft_edition *edition,
                                  struct error *err)
{
    enum status status = library_read_draft(arena, draft, edition, err);
    if (status)
        return status;
    struct publication p = publication_of(edition);
    status = load_original(arena, store, edition, &p.original, err);
    if (!status)
        status = library_lay_out_edition(arena, store, &edition->doc, &p, &edition->laid, err);
    if (status)
        return status;
    library_read_decisions(arena, draft->decisions, &edition->decisions);
    library_apply_decisions(arena, &edition->laid.doc, &edition->laid.sites, &edition->decisions);
    for (size_t i = 0; i < edition->decisions.count; i++)
        edition->nunfit += !edition->decisions.list[i].fits;
    return library_plan_edition(store, &p, &edition->laid, err);
}

enum status library_find_likeness(struct arena *arena, struct store *store,
                                  const struct draft_edition *edition, bool *likeness,
                                  struct error *err)
{
    struct str original = {0};
    enum status status = load_original(arena, store, edition, &original, err);
    *likeness = original.len && format_docx_reads_as(original, &edition->laid.doc);
    return status;
}

enum status library_keep_draft(struct arena *arena, struct store *store,
                               struct draft_edition *edition, struct error *err)
{
    struct publication p = publication_of(edition);
    enum status status = load_original(arena, store, edition, &p.original, err);
    return status ? status : library_keep_edition(arena, store, &p, &edition->laid, err);
}

/* --- recording ---------------------------------------------------------------------------------- */

/* Takes the draft's row away, if it is still what was laid out. */
static enum status take_row(struct store *store, const struct draft *d, struct error *err)
{
    struct query *q = query_start(store, "DELETE FROM draft WHERE id = ?1 AND version = ?2"
                                         " AND decisions = ?3 AND options = ?4 AND blanks = ?5");
    query_bind_int(q, 1, d->id);
    query_bind_int(q, 2, d->version);
    query_bind_str(q, 3, d->decisions);
    query_bind_str(q, 4, d->terms);
    query_bind_str(q, 5, d->blanks);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status && store_changes(store) == 0)
        return error_set(
            err, STATUS_CONFLICT,
            "The draft was changed or published elsewhere meanwhile. Nothing was published here; "
            "look at it again.",
            "草稿在此期间已被修改或发布。本次未发布，请重新核对。");
    return status;
}

static enum status check_not_withdrawn(struct arena *arena, struct store *store, int64_t paper,
                                       struct error *err)
{
    struct offer offer;
    enum status status = library_offer_of(arena, store, paper, &offer, err);
    if (!status && offer.withdrawn_ms)
        return error_set(err, STATUS_CONFLICT,
                         "The paper was withdrawn; it takes no new edition. Publish the text as a "
                         "new paper instead.",
                         "该文稿已撤回，不能再出新版。请作为新文稿发布。");
    return status;
}

static enum status record_offer_parts(struct arena *arena, struct store *store,
                                      const struct draft_edition *edition, struct error *err)
{
    const struct draft_terms *t = &edition->terms;
    int64_t paper = edition->laid.edition.paper;
    enum status status = STATUS_OK;
    if (t->offer.for_groups)
        status = library_set_offer_groups(store, paper, t->groups, t->ngroups, err);
    if (!status && t->notice.len)
        status =
            library_set_notice(arena, store, NOTICE_PAPER, paper, t->notice, store_now_ms(), err);
    return status;
}

enum status library_record_draft(struct arena *arena, struct store *store,
                                 struct draft_edition *edition, struct error *err)
{
    struct publication p = publication_of(edition);
    enum status status = take_row(store, &edition->draft, err);
    if (!status && p.paper)
        status = check_not_withdrawn(arena, store, p.paper, err);
    if (!status)
        status = library_record_edition(arena, store, &p, &edition->laid, err);
    if (!status && !p.paper)
        status = record_offer_parts(arena, store, edition, err);
    if (!status && edition->terms.request.len)
        status = library_fulfil_ask(arena, store, edition->terms.request,
                                    edition->laid.edition.paper, edition->draft.author, err);
    return status;
}

/* --- at a set time ------------------------------------------------------------------------------ */

/* A draft whose time has come, and its place in their order; author 0: there is none. */
struct due {
    int64_t author, due_ms, id;
    struct str key;
};

/* The next behind `due`. */
static enum status next_due(struct arena *arena, struct store *store, int64_t now_ms,
                            struct due *due, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT author, key, due_ms, id FROM draft WHERE due_ms <= ?1"
                           " AND (due_ms, id) > (?2, ?3) ORDER BY due_ms, id LIMIT 1");
    query_bind_int(q, 1, now_ms);
    query_bind_int(q, 2, due->due_ms);
    query_bind_int(q, 3, due->id);
    *due = (struct due){0};
    if (query_row(q))
        *due = (struct due){query_int(q, 0), query_int(q, 2), query_int(q, 3),
                            str_copy(arena, query_str(q, 1))};
    return query_end(q, err);
}

static enum status check_author(struct store *store, int64_t author, struct error *err)
{
    struct query *q = query_start(store, "SELECT 1 FROM account a JOIN role r USING (member)"
                                         " WHERE a.member = ?1 AND a.suspended_ms IS NULL"
                                         " AND r.role = 'editor'");
    query_bind_int(q, 1, author);
    bool may = query_row(q);
    enum status status = query_end(q, err);
    if (!status && !may)
        return error_set(err, STATUS_FORBIDDEN,
                         "At the time set, its author was not an editor any more.",
                         "到达定时时，作者已不是编辑。");
    return status;
}

static enum status publish_one(struct arena *arena, struct store *store, const struct draft *draft,
                               struct error *err)
{
    struct draft_edition edition;
    enum status status = library_lay_out_draft(arena, store, draft, &edition, err);
    if (!status)
        status = library_keep_draft(arena, store, &edition, err);
    if (!status)
        status = store_begin(store, err);
    if (status)
        return status;
    /* Laying out takes a while, in which they may lose the role. */
    status = check_author(store, draft->author, err);
    if (!status)
        status = library_record_draft(arena, store, &edition, err);
    if (!status)
        status = store_commit(store, err);
    if (status)
        store_rollback(store);
    return status;
}

static enum status note_failure(struct arena *arena, struct store *store, const struct draft *draft,
                                const struct error *why, struct error *err)
{
    enum status status = store_begin(store, err);
    if (status)
        return status;
    struct query *q =
        query_start(store, "UPDATE draft SET due_ms = NULL, failed = ?2 WHERE id = ?1");
    query_bind_int(q, 1, draft->id);
    query_bind_str(q, 2, str_format(arena, "%s\n%s", why->en, why->zh));
    (void)query_row(q);
    status = query_end(q, err);
    if (!status)
        status = store_add_event(store, "editor", "draft.failed",
                                 str_format(arena, "D%" PRId64, draft->id), STR("{}"), err);
    if (!status)
        status = store_commit(store, err);
    if (status)
        store_rollback(store);
    return status;
}

/* Trouble with disk or database passes; it is tried again instead of being held against the draft. */
static bool is_passing(enum status status)
{
    return status == STATUS_IO || status == STATUS_LIMITED || status == STATUS_INTERRUPTED;
}

/* Publishes one, or notes why not. */
static enum status take_due(struct arena *arena, struct store *store, const struct due *due,
                            struct error *err)
{
    struct draft draft;
    struct error why = {0};
    enum status status = library_find_draft(arena, store, due->author, due->key, &draft, err);
    if (status)
        return status;
    store_act_as(store, str_format(arena, "M%" PRId64, due->author));
    status = publish_one(arena, store, &draft, &why);
    if (is_passing(status))
        status = error_within(err, &why, "Publishing a draft at its time: ", "定时发布草稿：");
    else if (status)
        status = note_failure(arena, store, &draft, &why, err);
    store_act_as(store, STR(""));
    return status;
}

enum status library_publish_due(struct store *store, int64_t now_ms, struct error *err)
{
    struct arena *arena = arena_make();
    struct due due = {.due_ms = INT64_MIN};
    enum status first = STATUS_OK;
    for (;;) {
        arena_reset(arena);
        enum status status = next_due(arena, store, now_ms, &due, first ? NULL : err);
        bool more = !status && due.author;
        if (more)
            status = take_due(arena, store, &due, first ? NULL : err);
        first = first ? first : status;
        if (!more)
            break;
    }
    arena_free(arena);
    return first;
}

/* --- the next edition --------------------------------------------------------------------------- */

static struct str written(struct arena *arena, const struct paper_doc *doc, enum format_kind kind)
{
    struct stamp_plan *plan = format_write(arena, doc, NULL, NULL, kind);
    char *out = arena_take(arena, stamp_plan_room(plan));
    return (struct str){out, stamp_plan_write(plan, NULL, out)};
}

/* Whether a text reads as this very document. */
static bool reads_as(struct arena *arena, struct str text, enum format_kind form, struct str title,
                     const struct paper_doc *doc)
{
    struct paper_doc again;
    if (format_read(arena, text, form, &doc->lang, title, &again, NULL))
        return false;
    return str_equal(paper_doc_pack(arena, &again), paper_doc_pack(arena, doc));
}

enum status library_draft_next_edition(struct arena *arena, struct store *store, int64_t author,
                                       int64_t paper, struct draft *draft, struct error *err)
{
    struct edition newest;
    struct edition_text last;
    enum status status = check_not_withdrawn(arena, store, paper, err);
    if (!status)
        status = library_find_edition(arena, store, paper, 0, &newest, err);
    if (!status)
        status = library_load_edition(arena, store, &newest, &last, err);
    if (status)
        return status;
    struct blanks blanks;
    status = library_edition_blanks(arena, store, &newest, &blanks, err);
    if (status)
        return status;
    struct draft_terms terms = {.level = newest.level};
    *draft = (struct draft){.author = author,
                            .paper = paper,
                            .terms = library_write_terms(arena, &terms),
                            .blanks = library_write_blanks(arena, &blanks)};
    /* Plain text where nothing is lost by it: it has no signs to step around. */
    draft->text = written(arena, &last.doc, FORMAT_TEXT);
    draft->form = FORMAT_TEXT;
    if (!reads_as(arena, draft->text, FORMAT_TEXT, newest.title, &last.doc)) {
        draft->text = written(arena, &last.doc, FORMAT_MARKDOWN);
        draft->form = FORMAT_MARKDOWN;
    }
    if (!reads_as(arena, draft->text, draft->form, STR(""), &last.doc))
        draft->title = newest.title;
    return library_make_draft(arena, store, draft, err);
}
