/* Files that records refer to; see stored.h. */
#include "library/stored.h"

#include <string.h>

#include "library/erasure.h"

/* Each row: the digest, the kind of its holder, and which. A file that several hold is told of by the first. */
static const char HELD[] =
    "SELECT hex, min(kind), what FROM ("
    " SELECT lower(hex(doc)) AS hex, 0 AS kind, 'P' || paper || '/' || number AS what FROM edition"
    " UNION ALL SELECT lower(hex(sites)), 1, 'P' || paper || '/' || number FROM edition"
    " UNION ALL SELECT lower(hex(original)), 2, 'P' || paper || '/' || number FROM edition"
    " UNION ALL SELECT lower(hex(original)), 3, title FROM draft"
    " UNION ALL SELECT lower(hex(digest)), 4, 'L' || line || ': ' || name FROM line_file"
    "  WHERE swept_ms IS NULL"
    " UNION ALL SELECT lower(hex(digest)), 5, 'C' || case_file || ': ' || name FROM case_exhibit"
    " UNION ALL SELECT lower(hex(digest)), 5, 'F' || trace || ': ' || name FROM trace_exhibit"
    " UNION ALL SELECT x.value, 6, e.seq FROM event e,"
    "  json_each(CASE WHEN json_valid(e.data) THEN e.data ELSE '{}' END, '$.exhibits') x"
    "  WHERE e.kind = 'trace.made'"
    " UNION ALL SELECT lower(hex(reading)), 7, 'F' || trace || ': ' || name FROM trace_exhibit"
    " UNION ALL SELECT lower(hex(reading)), 7, exhibit FROM exhibit_reading"
    " UNION ALL SELECT lower(hex(matches)), 8, 'F' || id FROM trace"
    ") WHERE hex <> '' GROUP BY hex ORDER BY min(kind), what";

static const char *const HOLDERS[][LANG_COUNT] = {
    {"正文", "text"},
    {"标记位", "sites"},
    {"Word 原文件", "Word document"},
    {"草稿的 Word 原文件", "Word document of a draft"},
    {"台账附件", "attachment of the ledger"},
    {"物证", "exhibit"},
    {"该条事件所记追踪的物证", "event about a trace: its exhibit"},
    {"物证的识读结果", "what was read of an exhibit"},
    {"追踪读出的标记", "marks that a trace read"},
};

struct looking {
    struct arena *arena, *scratch;
    struct store *store;
    enum lang lang;
    const struct digest *gone; /* with members who are erased */
    size_t ngone;
    struct stored_file *files;
    size_t count;
};

static bool went_with_a_member(const struct looking *l, const struct digest *digest)
{
    for (size_t i = 0; i < l->ngone; i++)
        if (memcmp(l->gone[i].bytes, digest->bytes, DIGEST_BYTES) == 0)
            return true;
    return false;
}

static void keep(struct looking *l, struct query *q, bool damaged)
{
    struct str hex = query_str(q, 0);
    struct str what = query_str(q, 2);
    int64_t kind = query_int(q, 1);
    l->files = arena_one_more(l->arena, l->files, l->count, sizeof *l->files);
    l->files[l->count++] = (struct stored_file){
        .path = str_format(l->arena, "blobs/%.2s/%.*s", hex.at, (int)hex.len - 2, hex.at + 2),
        .of = str_format(l->arena, l->lang == LANG_EN ? "%.*s (%s)" : "%.*s（%s）", STR_ARG(what),
                         HOLDERS[kind][l->lang]),
        .damaged = damaged,
    };
}

static enum status look(struct looking *l, struct query *q, struct error *err)
{
    struct digest digest;
    struct str bytes;
    if (!digest_from_hex(query_str(q, 0), &digest))
        return STATUS_OK;
    arena_reset(l->scratch);
    enum status status = store_get_blob(l->scratch, l->store, &digest, &bytes, err);
    if (status != STATUS_MISSING && status != STATUS_DAMAGED)
        return status;
    if (status == STATUS_DAMAGED || !went_with_a_member(l, &digest))
        keep(l, q, status == STATUS_DAMAGED);
    return STATUS_OK;
}

enum status library_list_lost_files(struct arena *arena, struct store *store, enum lang lang,
                                    struct stored_file **files, size_t *count, struct error *err)
{
    struct digest *gone;
    struct looking l = {.arena = arena, .scratch = arena_make(), .store = store, .lang = lang};
    enum status status = library_list_erased_exhibits(arena, store, &gone, &l.ngone, err);
    l.gone = gone;
    if (!status) {
        struct query *q = query_start(store, HELD);
        while (!status && query_row(q))
            status = look(&l, q, err);
        status = status ? (void)query_end(q, NULL), status : query_end(q, err);
    }
    arena_free(l.scratch);
    *files = l.files;
    *count = l.count;
    return status;
}
