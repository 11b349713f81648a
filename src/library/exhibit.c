/* Exhibits and what was read of them; see exhibit.h. */
#include "library/exhibit.h"

#include <string.h>

#include "library/trace.h"

static void begin_exhibit(struct str name, struct str bytes, struct exhibit *exhibit)
{
    *exhibit = (struct exhibit){.name = name, .bytes = bytes, .digest = digest_of(bytes)};
}

static void take_seen(const struct format_seen *seen, struct exhibit *exhibit)
{
    exhibit->seen = seen->seen;
    /* A scanned PDF is one, though its pages are pictures. */
    exhibit->how = format_is_pdf(exhibit->bytes) ? "PDF" : seen->how;
    memcpy(exhibit->read_in, seen->read_in, sizeof exhibit->read_in);
    exhibit->pages = seen->pages;
    exhibit->pictured = seen->pictured;
    exhibit->signs = seen->signs;
    exhibit->nsigns = seen->nsigns;
}

/* What format_see makes of it. */
static enum status see(struct arena *arena, const struct format_watch *watch,
                       struct exhibit *exhibit, struct str *kept, struct error *err)
{
    struct format_seen seen;
    enum status status = format_see(arena, exhibit->name, exhibit->bytes, watch, &seen, err);
    if (!status)
        take_seen(&seen, exhibit);
    *kept = seen.kept;
    return status;
}

static enum status take_reading(struct arena *arena, struct store *store,
                                const struct digest *reading, struct exhibit *exhibit,
                                struct error *err)
{
    struct str kept;
    struct format_seen seen;
    enum status status = store_get_blob(arena, store, reading, &kept, err);
    if (!status)
        status = format_see_again(arena, kept, &seen, err);
    if (status)
        return status;
    take_seen(&seen, exhibit);
    exhibit->reading = *reading;
    exhibit->has_reading = true;
    return STATUS_OK;
}

/* The blob of what this version of the reader read of an exhibit. */
static enum status find_reading(struct store *store, const struct digest *exhibit,
                                struct digest *reading, bool *found, struct error *err)
{
    char hex[DIGEST_HEX + 1];
    struct query *q = query_start(store, "SELECT reading FROM exhibit_reading"
                                         " WHERE exhibit = ?1 AND version = ?2");
    digest_to_hex(exhibit, hex);
    query_bind_str(q, 1, str_of(hex));
    query_bind_int(q, 2, format_see_version());
    *found = query_row(q) && query_blob(q, 0).len == sizeof reading->bytes;
    if (*found)
        memcpy(reading->bytes, query_blob(q, 0).at, sizeof reading->bytes);
    return query_end(q, err);
}

enum status library_check_exhibit(struct arena *arena, struct str name, struct str bytes,
                                  struct exhibit *exhibit, struct error *err)
{
    struct str kept;
    begin_exhibit(name, bytes, exhibit);
    return format_sees_slowly(bytes) ? STATUS_OK : see(arena, NULL, exhibit, &kept, err);
}

enum status library_read_exhibit(struct arena *arena, struct store *store, struct str name,
                                 struct str bytes, const struct format_watch *watch,
                                 struct exhibit *exhibit, struct error *err)
{
    struct digest reading;
    struct str kept;
    bool found = false;
    begin_exhibit(name, bytes, exhibit);
    if (!format_sees_slowly(bytes))
        return see(arena, watch, exhibit, &kept, err);
    enum status status = find_reading(store, &exhibit->digest, &reading, &found, err);
    if (status)
        return status;
    /* One that is gone or damaged is made anew. */
    if (found && !take_reading(arena, store, &reading, exhibit, err))
        return STATUS_OK;
    status = see(arena, watch, exhibit, &kept, err);
    if (!status)
        status = store_put_blob(store, kept, &exhibit->reading, err);
    exhibit->has_reading = exhibit->fresh = !status;
    return status;
}

/* Tells a trace's watch of one exhibit's pages. */
struct telling {
    const struct trace_watch *watch;
    size_t exhibit;
};

static bool tell_pages(void *context, unsigned done, unsigned all)
{
    const struct telling *telling = context;
    struct trace_progress progress = {TRACE_READING, telling->exhibit, done, all};
    return telling->watch->step(telling->watch->context, &progress);
}

enum status library_read_exhibits(struct arena *arena, struct store *store,
                                  struct exhibit *exhibits, size_t count,
                                  const struct trace_watch *watch, struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < count; i++) {
        struct telling telling = {watch, i};
        struct format_watch pages = {tell_pages, &telling};
        status = library_read_exhibit(arena, store, exhibits[i].name, exhibits[i].bytes,
                                      watch ? &pages : NULL, &exhibits[i], err);
        if (!status && exhibits[i].fresh && watch && watch->keep)
            status = watch->keep(watch->context, &exhibits[i], err);
    }
    return status;
}

enum status library_keep_reading(struct store *store, struct exhibit *exhibit, struct error *err)
{
    char hex[DIGEST_HEX + 1];
    if (!exhibit->fresh)
        return STATUS_OK;
    struct query *q = query_start(store, "INSERT INTO exhibit_reading (exhibit, version, reading)"
                                         " VALUES (?1, ?2, ?3) ON CONFLICT (exhibit)"
                                         " DO UPDATE SET version = ?2, reading = ?3");
    digest_to_hex(&exhibit->digest, hex);
    query_bind_str(q, 1, str_of(hex));
    query_bind_int(q, 2, format_see_version());
    query_bind_blob(q, 3, digest_bytes(&exhibit->reading));
    (void)query_row(q);
    enum status status = query_end(q, err);
    exhibit->fresh = status != STATUS_OK;
    return status;
}

enum status library_recall_exhibit(struct arena *arena, struct store *store, struct str name,
                                   struct str bytes, const struct digest *reading,
                                   struct exhibit *exhibit, struct error *err)
{
    struct str kept;
    begin_exhibit(name, bytes, exhibit);
    if (!format_sees_slowly(bytes))
        return see(arena, NULL, exhibit, &kept, err);
    if (reading)
        return take_reading(arena, store, reading, exhibit, err);
    return error_set(err, STATUS_MISSING, "What was read of this exhibit is not kept.",
                     "该物证的读取结果未保存。");
}

enum status library_keep_exhibits(struct store *store, const struct exhibit *exhibits, size_t count,
                                  struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < count; i++) {
        struct digest digest;
        status = store_put_blob(store, exhibits[i].bytes, &digest, err);
    }
    return status;
}

/* --- forgetting ------------------------------------------------------------------------------------------ */

#define READINGS_MOST 64U /* of one exhibit: by several versions of the reader */

static enum status list_readings(struct store *store, struct str exhibit,
                                 struct digest readings[READINGS_MOST], size_t *count,
                                 struct error *err)
{
    struct query *q =
        query_start(store, "SELECT reading FROM exhibit_reading WHERE exhibit = ?1 UNION"
                           " SELECT reading FROM trace_exhibit WHERE lower(hex(digest)) = ?1"
                           " AND reading IS NOT NULL");
    *count = 0;
    query_bind_str(q, 1, exhibit);
    while (query_row(q) && *count < READINGS_MOST)
        if (query_blob(q, 0).len == DIGEST_BYTES)
            memcpy(readings[(*count)++].bytes, query_blob(q, 0).at, DIGEST_BYTES);
    return query_end(q, err);
}

static enum status run_about(struct store *store, const char *sql, struct str exhibit,
                             struct error *err)
{
    struct query *q = query_start(store, sql);
    query_bind_str(q, 1, exhibit);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status drop_rows(struct store *store, struct str exhibit, struct error *err)
{
    enum status status = store_begin(store, err);
    if (status)
        return status;
    status = run_about(store, "DELETE FROM exhibit_reading WHERE exhibit = ?1", exhibit, err);
    if (!status)
        status = run_about(store,
                           "UPDATE trace_exhibit SET reading = NULL"
                           " WHERE lower(hex(digest)) = ?1 AND reading IS NOT NULL",
                           exhibit, err);
    if (!status)
        status = store_commit(store, err);
    if (status)
        store_rollback(store);
    return status;
}

enum status library_forget_readings(struct store *store, const struct digest *exhibit,
                                    struct error *err)
{
    char hex[DIGEST_HEX + 1];
    struct digest readings[READINGS_MOST];
    size_t count;
    digest_to_hex(exhibit, hex);
    enum status status = list_readings(store, str_of(hex), readings, &count, err);
    if (status || !count)
        return status;
    status = drop_rows(store, str_of(hex), err);
    for (size_t i = 0; !status && i < count; i++)
        status = store_remove_blob(store, &readings[i], err);
    return status;
}
