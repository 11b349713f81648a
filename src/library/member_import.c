/* Import of members from CSV; see member.h. */
#include <inttypes.h>

#include "library/member.h"
#include "library/member_rules.h"
#include "library/table.h"

enum column { COLUMN_NAME, COLUMN_EMAIL, COLUMN_GROUP };

static const struct table_heading HEADINGS[] = {
    {"name", COLUMN_NAME},      {"姓名", COLUMN_NAME},   {"名称", COLUMN_NAME},
    {"full name", COLUMN_NAME}, {"email", COLUMN_EMAIL}, {"e-mail", COLUMN_EMAIL},
    {"mail", COLUMN_EMAIL},     {"邮箱", COLUMN_EMAIL},  {"电子邮件", COLUMN_EMAIL},
    {"电子邮箱", COLUMN_EMAIL}, {"邮件", COLUMN_EMAIL},  {"group", COLUMN_GROUP},
    {"组", COLUMN_GROUP},       {"分组", COLUMN_GROUP},  {"组别", COLUMN_GROUP},
    {"小组", COLUMN_GROUP},     {"群组", COLUMN_GROUP},  {0},
};

struct importer {
    struct arena *arena;
    struct store *store;
    int64_t first_id, last_id;
};

/* Whose address is taken by a line above is no member from before. */
static enum status explain_taken(const struct importer *im, const struct member *m,
                                 struct error *reason)
{
    struct member other;
    struct error ignored;
    if (im->first_id && !library_find_member(im->arena, im->store, m->email, &other, &ignored) &&
        other.id >= im->first_id)
        return error_set(reason, STATUS_CONFLICT, "%.*s stands in a line above already.",
                         "%.*s 在前面的行中已出现。", STR_ARG(m->email));
    return STATUS_CONFLICT;
}

static enum status take_member(void *context, const struct str fields[TABLE_COLUMNS_MAX],
                               struct error *reason)
{
    struct importer *im = context;
    struct member m = {0, fields[COLUMN_NAME], fields[COLUMN_EMAIL], fields[COLUMN_GROUP]};
    enum status status = member_check(&m, reason);
    if (!status)
        status = member_insert(im->store, &m, reason);
    if (status == STATUS_CONFLICT)
        return explain_taken(im, &m, reason);
    if (status)
        return status;
    im->first_id = im->first_id ? im->first_id : m.id;
    im->last_id = m.id;
    return STATUS_OK;
}

static enum status add_event(struct arena *arena, const struct importer *im,
                             const struct import *import, const struct digest *digest,
                             struct error *err)
{
    char hex[DIGEST_HEX + 1];
    digest_to_hex(digest, hex);
    struct str data =
        str_format(arena,
                   "{\"imported\":%" PRIu64 ",\"skipped\":%" PRIu64 ",\"first\":\"M%" PRId64
                   "\",\"last\":\"M%" PRId64 "\",\"file\":\"%s\"}",
                   import->imported, import->bad_count, im->first_id, im->last_id, hex);
    return store_add_event(im->store, "steward", "member.imported", STR(""), data, err);
}

enum status library_import_members(struct arena *arena, struct store *store, struct str name,
                                   const struct digest *digest, struct str csv,
                                   struct import *import, struct error *err)
{
    struct importer im = {.arena = arena, .store = store};
    const struct table table = {
        .name = name,
        .headings = HEADINGS,
        .needed = COLUMN_EMAIL + 1,
        .header_en = "the columns name and email (group is optional).",
        .header_zh = "“姓名”“邮箱”两列（“分组”可省略）。",
        .skip_en = "use --skip-bad to take the others",
        .skip_zh = "用 --skip-bad 导入其余各行",
        .take = take_member,
        .context = &im,
        .import = import,
    };
    enum status status = store_begin(store, err);
    if (!status)
        status = table_read(arena, &table, csv, err);
    if (!status && import->imported)
        status = add_event(arena, &im, import, digest, err);
    if (!status)
        status = store_commit(store, err);
    if (status)
        store_rollback(store);
    return status;
}
