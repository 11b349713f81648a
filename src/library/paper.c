/* Papers and editions in the store; see paper.h. */
#include "library/paper.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "format/format.h"
#include "library/blank.h"
#include "library/offer.h"
#include "library/source.h"
#include "library/strength.h"
#include "library/wordlist.h"

enum status library_parse_paper(struct str id, int64_t *paper, struct error *err)
{
    struct str digits = id;
    if (id.len && (id.at[0] == 'P' || id.at[0] == 'p'))
        digits = str_slice(id, 1, id.len);
    uint64_t value;
    if (!str_to_u64(digits, &value) || value == 0 || value > INT64_MAX)
        return error_set(err, STATUS_USAGE, "\"%.*s\" is not a paper's id; they look like P1.",
                         "“%.*s”不是文稿编号；编号形如 P1。", STR_ARG(id));
    *paper = (int64_t)value;
    return STATUS_OK;
}

struct str library_paper_id(struct arena *arena, int64_t paper)
{
    return str_format(arena, "P%" PRId64, paper);
}

static bool read_digest(struct query *q, int column, struct digest *digest)
{
    struct str bytes = query_blob(q, column);
    if (bytes.len != DIGEST_BYTES)
        return false;
    memcpy(digest->bytes, bytes.at, DIGEST_BYTES);
    return true;
}

#define EDITION_COLUMNS                                                                       \
    "e.paper, e.number, e.title, e.lang, e.level, e.doc, e.sites, e.nsites, e.published_ms, " \
    "p.colluders, p.key_epoch, e.original"

static bool read_edition(struct arena *arena, struct query *q, struct edition *e)
{
    *e = (struct edition){
        .paper = query_int(q, 0),
        .number = query_int(q, 1),
        .title = str_copy(arena, query_str(q, 2)),
        .nsites = (uint32_t)query_int(q, 7),
        .published_ms = query_int(q, 8),
        .colluders = (unsigned)query_int(q, 9),
        .key_epoch = query_int(q, 10),
    };
    e->has_original = !query_is_null(q, 11) && read_digest(q, 11, &e->original);
    return lang_parse(query_str(q, 3), &e->lang) && paper_level_parse(query_str(q, 4), &e->level) &&
           read_digest(q, 5, &e->doc_digest) && read_digest(q, 6, &e->sites_digest);
}

static enum status damaged_edition(int64_t paper, struct error *err)
{
    return error_set(err, STATUS_DAMAGED,
                     "The record of paper P%" PRId64 " is damaged; restore the last backup.",
                     "文稿 P%" PRId64 " 的记录已损坏，请用最近的备份恢复。", paper);
}

enum status library_find_edition(struct arena *arena, struct store *store, int64_t paper,
                                 int64_t number, struct edition *edition, struct error *err)
{
    struct query *q = query_start(store, "SELECT " EDITION_COLUMNS
                                         " FROM edition e JOIN paper p ON p.id = e.paper"
                                         " WHERE e.paper = ?1 AND (?2 = 0 OR e.number = ?2)"
                                         " ORDER BY e.number DESC LIMIT 1");
    query_bind_int(q, 1, paper);
    query_bind_int(q, 2, number);
    bool found = query_row(q);
    bool whole = found && read_edition(arena, q, edition);
    enum status status = query_end(q, err);
    if (status)
        return status;
    if (!found && number)
        return error_set(err, STATUS_MISSING,
                         "Paper P%" PRId64 " has no edition %" PRId64
                         "; the list of papers says which is the newest.",
                         "文稿 P%" PRId64 " 没有第 %" PRId64 " 版；最新版本见文稿列表。", paper,
                         number);
    if (!found)
        return error_set(err, STATUS_MISSING,
                         "There is no paper P%" PRId64 "; the list of papers shows what there is.",
                         "没有文稿 P%" PRId64 "，请对照文稿列表中的编号。", paper);
    return whole ? store_need_epoch(store, edition->key_epoch, err) : damaged_edition(paper, err);
}

enum status library_load_edition(struct arena *arena, struct store *store,
                                 const struct edition *edition, struct edition_text *loaded,
                                 struct error *err)
{
    loaded->edition = *edition;
    struct str doc;
    struct str sites;
    enum status status = store_get_blob(arena, store, &edition->doc_digest, &doc, err);
    if (!status)
        status = store_get_blob(arena, store, &edition->sites_digest, &sites, err);
    if (!status)
        status = paper_doc_unpack(arena, doc, &loaded->doc, err);
    if (!status)
        status = paper_sites_unpack(arena, sites, &loaded->doc, &loaded->sites, err);
    if (!status && loaded->sites.nsites != edition->nsites)
        status = damaged_edition(edition->paper, err);
    return status;
}

enum status library_list_papers(struct arena *arena, struct store *store, struct edition **editions,
                                size_t *count, struct error *err)
{
    struct query *q = query_start(store, "SELECT " EDITION_COLUMNS
                                         " FROM paper p JOIN edition e ON e.paper = p.id"
                                         " AND e.number = (SELECT max(number) FROM edition"
                                         "                 WHERE paper = p.id) ORDER BY p.id");
    *editions = NULL;
    *count = 0;
    int64_t damaged = 0;
    while (query_row(q)) {
        *editions = arena_one_more(arena, *editions, *count, sizeof **editions);
        struct edition *e = &(*editions)[(*count)++];
        if (!read_edition(arena, q, e))
            damaged = e->paper;
    }
    enum status status = query_end(q, err);
    if (!status && damaged)
        return damaged_edition(damaged, err);
    for (size_t i = 0; !status && i < *count; i++)
        status = store_need_epoch(store, (*editions)[i].key_epoch, err);
    return status;
}

struct digest library_paper_key(struct store *store, int64_t paper, int64_t key_epoch)
{
    char label[80];
    int len =
        snprintf(label, sizeof label, "chancery paper key/%" PRId64 "/%" PRId64, key_epoch, paper);
    const struct digest *secret = store_epoch_secret(store, key_epoch);
    return digest_derive(digest_bytes(secret), (struct str){label, (size_t)len});
}

struct mark_code *library_edition_code(struct arena *arena, struct store *store,
                                       const struct edition *edition)
{
    struct digest key = library_paper_key(store, edition->paper, edition->key_epoch);
    return mark_code_make(arena, &key, edition->colluders, edition->nsites);
}

enum status library_count_copies(struct store *store, const struct edition *edition, int64_t *count,
                                 struct error *err)
{
    struct query *q =
        query_start(store, "SELECT count(*) FROM copy WHERE paper = ?1 AND edition = ?2");
    query_bind_int(q, 1, edition->paper);
    query_bind_int(q, 2, edition->number);
    *count = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

static enum status count_members(struct store *store, uint64_t *count, struct error *err)
{
    struct query *q = query_start(store, "SELECT count(*) FROM member");
    *count = query_row(q) ? (uint64_t)query_int(q, 0) : 0;
    return query_end(q, err);
}

/* --- publishing -------------------------------------------------------------------------------- */

/* The title stands in lists, feeds and letters, the same for everybody: what it says is not marked. */
static void lock_title(const struct paper_doc *doc, struct paper_sites *sites)
{
    size_t from = str_find(doc->text, doc->title, 0);
    for (size_t i = 0; i < doc->nblocks; i++)
        if (doc->blocks[i].kind == PAPER_TITLE)
            from = doc->blocks[i].at;
    size_t to = from == SIZE_MAX ? 0 : from + doc->title.len;
    for (size_t i = 0; i < sites->nplaces; i++) {
        const struct paper_place *place = &sites->places[i];
        if (place->at <= to && place->at + place->len >= from)
            sites->sites[place->site].locked = true;
    }
}

/* Finds the new edition's sites; those of the last edition (NULL for a new paper) are carried over. */
static enum status find_sites(struct arena *arena, const struct paper_doc *doc,
                              enum paper_level level, const struct edition_text *last,
                              struct paper_sites *sites, struct error *err)
{
    struct paper_lexicon *lexicon;
    enum status status = library_load_lexicon(arena, &lexicon, err);
    if (!status)
        status = paper_find_sites(arena, doc, lexicon, level, sites, err);
    if (!status && last)
        paper_carry_sites(arena, &last->doc, &last->sites, doc, sites);
    if (!status)
        lock_title(doc, sites);
    return status;
}

/* A paper keeps for all its editions the epoch that was the newest when it was first published. */
static enum status insert_paper(struct store *store, struct edition *e, struct error *err)
{
    enum status status = store_newest_epoch(store, &e->key_epoch, err);
    if (status)
        return status;
    struct query *q = query_start(
        store, "INSERT INTO paper (key_epoch, colluders, created_ms) VALUES (?1, ?2, ?3)");
    query_bind_int(q, 1, e->key_epoch);
    query_bind_int(q, 2, e->colluders);
    query_bind_int(q, 3, store_now_ms());
    (void)query_row(q);
    status = query_end(q, err);
    e->paper = store_last_id(store);
    return status;
}

static enum status insert_edition(struct store *store, const struct edition *e, struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO edition (paper, number, title, lang, level, doc, sites, nsites,"
               " published_ms, original) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    query_bind_int(q, 1, e->paper);
    query_bind_int(q, 2, e->number);
    query_bind_str(q, 3, e->title);
    query_bind_str(q, 4, str_of(lang_code(e->lang)));
    query_bind_str(q, 5, str_of(paper_level_name(e->level)));
    query_bind_blob(q, 6, digest_bytes(&e->doc_digest));
    query_bind_blob(q, 7, digest_bytes(&e->sites_digest));
    query_bind_int(q, 8, e->nsites);
    query_bind_int(q, 9, e->published_ms);
    if (e->has_original)
        query_bind_blob(q, 10, digest_bytes(&e->original));
    (void)query_row(q);
    return query_end(q, err);
}

static enum status add_publish_event(struct arena *arena, struct store *store,
                                     const struct edition *e, const char *actor, const char *kind,
                                     const char *more, struct str what, struct error *err)
{
    char doc[DIGEST_HEX + 1];
    char sites[DIGEST_HEX + 1];
    digest_to_hex(&e->doc_digest, doc);
    digest_to_hex(&e->sites_digest, sites);
    struct str data =
        str_format(arena,
                   "{\"edition\":%" PRId64 ",\"level\":\"%s\",\"colluders\":%u,\"sites\":%" PRIu32
                   ",\"doc\":\"%s\",\"marks\":\"%s\"%s%s%.*s}",
                   e->number, paper_level_name(e->level), e->colluders, e->nsites, doc, sites, more,
                   what.len ? ",\"change\":" : "", STR_ARG(what));
    return store_add_event(store, actor, kind, library_paper_id(arena, e->paper), data, err);
}

static enum status insert_new_paper(struct arena *arena, struct store *store, struct edition *e,
                                    const struct offer *offered, struct error *err)
{
    struct offer offer = {.free = true, .formats = STR(FORMAT_ALL_NAMES)};
    enum status status = insert_paper(store, e, err);
    if (status)
        return status;
    if (offered)
        offer = *offered;
    offer.paper = e->paper;
    offer.published_ms = e->published_ms;
    return library_add_offer(arena, store, &offer, err);
}

/* Everything of a publication that stands in the database, inside one transaction. `what` is the change
 * of sites that made the edition, or empty. */
static enum status record_edition(struct arena *arena, struct store *store, struct edition_text *t,
                                  const struct publication *p, struct str what, struct error *err)
{
    struct edition *e = &t->edition;
    enum status status = store_begin(store, err);
    if (!status && p->paper == 0)
        status = insert_new_paper(arena, store, e, p->offer, err);
    if (!status)
        status = insert_edition(store, e, err);
    if (!status)
        status = source_index_add(arena, store, e->paper, e->number, t->doc.text, err);
    if (!status)
        status = library_record_blanks(arena, store, t, p->blanks, err);
    if (!status)
        status = add_publish_event(arena, store, e, p->actor, "paper.published",
                                   p->silent ? ",\"announced\":false" : ",\"announced\":true", what,
                                   err);
    if (!status)
        status = store_commit(store, err);
    if (status)
        store_rollback(store);
    return status;
}

static enum status put_blobs(struct arena *arena, struct store *store, struct edition_text *t,
                             struct error *err)
{
    enum status status =
        store_put_blob(store, paper_doc_pack(arena, &t->doc), &t->edition.doc_digest, err);
    if (!status)
        status = store_put_blob(store, paper_sites_pack(arena, &t->sites), &t->edition.sites_digest,
                                err);
    return status;
}

static enum status load_last(struct arena *arena, struct store *store, const struct publication *p,
                             struct edition_text *last, struct error *err)
{
    struct edition e;
    enum status status = library_find_edition(arena, store, p->paper, 0, &e, err);
    if (status)
        return status;
    if (p->colluders && p->colluders != e.colluders)
        return error_set(err, STATUS_CONFLICT,
                         "Paper P%" PRId64 " is planned for %u colluders since its first edition; "
                         "leave --colluders out, or publish it as a new paper.",
                         "文稿 P%" PRId64 " 自第一版起按 %u 人合谋设计；请去掉 --colluders，"
                         "或作为新文稿发布。",
                         p->paper, e.colluders);
    return library_load_edition(arena, store, &e, last, err);
}

enum status library_plan_edition(struct store *store, const struct publication *p,
                                 struct edition_text *laid, struct error *err)
{
    uint64_t members = 0;
    laid->edition.nsites = laid->sites.nsites;
    if (p->paper)
        return STATUS_OK;
    enum status status = count_members(store, &members, err);
    laid->edition.colluders =
        p->colluders ? p->colluders
                     : library_plan_colluders(library_visible_sites(&laid->sites), members);
    return status;
}

enum status library_lay_out_edition(struct arena *arena, struct store *store,
                                    const struct paper_doc *doc, const struct publication *p,
                                    struct edition_text *laid, struct error *err)
{
    struct edition_text last = {0};
    enum status status = p->paper ? load_last(arena, store, p, &last, err) : STATUS_OK;
    if (status)
        return status;
    *laid = (struct edition_text){.doc = *doc};
    laid->edition = (struct edition){.paper = p->paper,
                                     .number = last.edition.number + 1,
                                     .title = doc->title,
                                     .lang = doc->lang,
                                     .level = p->level,
                                     .colluders = last.edition.colluders,
                                     .key_epoch = last.edition.key_epoch};
    if (!p->paper)
        status = store_newest_epoch(store, &laid->edition.key_epoch, err);
    if (p->paper && !p->level_given)
        laid->edition.level = last.edition.level;
    if (!status)
        status =
            find_sites(arena, doc, laid->edition.level, p->paper ? &last : NULL, &laid->sites, err);
    if (!status && p->original.len)
        format_docx_lock_sites(p->original, doc, &laid->sites);
    return status ? status : library_plan_edition(store, p, laid, err);
}

static enum status check_new(struct arena *arena, struct store *store,
                             const struct edition_text *laid, struct str blanks, struct error *err)
{
    const struct edition *e = &laid->edition;
    struct edition last;
    bool same = true;
    if (e->number == 1)
        return STATUS_OK;
    enum status status = library_find_edition(arena, store, e->paper, e->number - 1, &last, err);
    if (!status && blanks.len)
        status = library_same_blanks(arena, store, &last, &laid->doc, blanks, &same, err);
    if (!status && same && !memcmp(&e->doc_digest, &last.doc_digest, sizeof e->doc_digest) &&
        !memcmp(&e->sites_digest, &last.sites_digest, sizeof e->sites_digest))
        return error_set(err, STATUS_CONFLICT,
                         "Paper P%" PRId64 " reads exactly like this already (edition %" PRId64
                         "); nothing was published.",
                         "文稿 P%" PRId64 " 的第 %" PRId64 " 版与此完全相同，未发布新版本。",
                         e->paper, last.number);
    return status;
}

/* The document that the edition was read from, unless its text was changed since. */
static enum status keep_original(struct store *store, struct str original,
                                 struct edition_text *laid, struct error *err)
{
    if (!original.len || !format_docx_reads_as(original, &laid->doc))
        return STATUS_OK;
    laid->edition.has_original = true;
    return store_put_blob(store, original, &laid->edition.original, err);
}

enum status library_keep_edition(struct arena *arena, struct store *store,
                                 const struct publication *p, struct edition_text *laid,
                                 struct error *err)
{
    enum status status = library_plan_edition(store, p, laid, err);
    if (!status)
        status = put_blobs(arena, store, laid, err);
    if (!status)
        status = keep_original(store, p->original, laid, err);
    return status ? status : check_new(arena, store, laid, p->blanks, err);
}

enum status library_record_edition(struct arena *arena, struct store *store,
                                   const struct publication *p, struct edition_text *laid,
                                   struct error *err)
{
    laid->edition.published_ms = store_now_ms();
    enum status status = record_edition(arena, store, laid, p, (struct str){0}, err);
    if (status && p->paper && store_was_duplicate(store))
        return error_set(err, STATUS_CONFLICT,
                         "Paper P%" PRId64 " got edition %" PRId64
                         " meanwhile; look at that one first, then publish again.",
                         "文稿 P%" PRId64 " 在此期间已有第 %" PRId64
                         " 版；请先核对该版，再行发布。",
                         p->paper, laid->edition.number);
    return status;
}

enum status library_publish(struct arena *arena, struct store *store, const struct paper_doc *doc,
                            const struct publication *p, struct edition_text *published,
                            struct error *err)
{
    enum status status = library_lay_out_edition(arena, store, doc, p, published, err);
    if (!status)
        status = library_keep_edition(arena, store, p, published, err);
    return status ? status : library_record_edition(arena, store, p, published, err);
}

/* --- changing sites ---------------------------------------------------------------------------- */

static enum status replace_sites(struct arena *arena, struct store *store, struct edition *e,
                                 struct str what, bool *frozen, struct error *err)
{
    /* Whether a copy was given is asked inside the transaction: one given meanwhile freezes. */
    int64_t copies = 0;
    enum status status = store_begin(store, err);
    if (!status)
        status = library_count_copies(store, e, &copies, err);
    *frozen = copies > 0;
    if (status || *frozen) {
        store_rollback(store);
        return status;
    }
    struct query *q = query_start(
        store, "UPDATE edition SET sites = ?3, nsites = ?4 WHERE paper = ?1 AND number = ?2");
    query_bind_int(q, 1, e->paper);
    query_bind_int(q, 2, e->number);
    query_bind_blob(q, 3, digest_bytes(&e->sites_digest));
    query_bind_int(q, 4, e->nsites);
    (void)query_row(q);
    status = query_end(q, err);
    if (!status)
        status = add_publish_event(arena, store, e, "editor", "sites.changed", "", what, err);
    if (!status)
        status = store_commit(store, err);
    if (status)
        store_rollback(store);
    return status;
}

enum status library_change_sites(struct arena *arena, struct store *store,
                                 struct edition_text *loaded, struct str what, struct error *err)
{
    loaded->edition.nsites = loaded->sites.nsites;
    bool frozen = false;
    enum status status = put_blobs(arena, store, loaded, err);
    if (!status)
        status = replace_sites(arena, store, &loaded->edition, what, &frozen, err);
    if (status || !frozen)
        return status;
    loaded->edition.number++;
    loaded->edition.published_ms = store_now_ms();
    struct publication next = {.paper = loaded->edition.paper, .actor = "editor", .silent = true};
    return record_edition(arena, store, loaded, &next, what, err);
}
