/* Codes in the store; see code.h. */
#include "library/code.h"

#include <inttypes.h>
#include <string.h>

#include "library/record.h"

enum status library_new_code(struct arena *arena, struct str *code, struct error *err)
{
    struct serial serial;
    enum status status = serial_make(&serial, err);
    if (!status)
        *code = serial_print(arena, &serial);
    return status;
}

enum status library_read_code(struct str typed, char code[CODE_LEN + 1], struct error *err)
{
    struct serial serial;
    if (!serial_read(typed, &serial))
        return error_set(
            err, STATUS_INPUT,
            "That is no code: it has 16 characters, and one of yours is mistyped or missing. "
            "0, 1, I, L and O never occur.",
            "兑换码有误：应为 16 个字符，请检查是否有错漏。其中不含 0、1、I、L、O。");
    memcpy(code, serial.text, sizeof serial.text);
    return STATUS_OK;
}

static struct digest hash_of(const char code[CODE_LEN + 1])
{
    return digest_of((struct str){code, CODE_LEN});
}

/* --- batches ------------------------------------------------------------------------------------ */

static enum status check_plan(struct store *store, int64_t plan, struct error *err)
{
    struct query *q = query_start(store, "SELECT 1 FROM plan WHERE id = ?1 AND closed_ms IS NULL");
    query_bind_int(q, 1, plan);
    bool open = query_row(q);
    enum status status = query_end(q, err);
    if (!status && !open)
        return error_set(err, STATUS_CONFLICT, "This plan is closed; choose another.",
                         "该方案已停止订阅，请选择其他方案。");
    return status;
}

static enum status insert_batch(struct store *store, struct code_batch *b, size_t count,
                                int64_t now_ms, struct error *err)
{
    struct query *q =
        query_start(store, "INSERT INTO code_batch (key, plan, count, note, expires_ms,"
                           " made_ms, version) SELECT ?1, id, ?3, ?4, nullif(?5, 0), ?6, version"
                           " FROM plan WHERE id = ?2");
    query_bind_str(q, 1, b->key);
    query_bind_int(q, 2, b->plan);
    query_bind_int(q, 3, (int64_t)count);
    query_bind_str(q, 4, b->note);
    query_bind_int(q, 5, b->expires_ms);
    query_bind_int(q, 6, now_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (status && store_was_duplicate(store))
        return error_set(
            err, STATUS_CONFLICT,
            "These codes were made already, and are shown once only. Void the batch and make "
            "another if they are lost.",
            "这批兑换码已经生成，且只显示一次。如已丢失，请将该批作废后重新生成。");
    b->id = store_last_id(store);
    return status;
}

static enum status insert_code(struct store *store, int64_t batch, struct str text,
                               struct error *err)
{
    char code[CODE_LEN + 1];
    enum status status = library_read_code(text, code, err);
    if (status)
        return status;
    struct digest hash = hash_of(code);
    struct query *q =
        query_start(store, "INSERT INTO code (hash, batch, tail) VALUES (?1, ?2, ?3)");
    query_bind_blob(q, 1, digest_bytes(&hash));
    query_bind_int(q, 2, batch);
    query_bind_str(q, 3, (struct str){code + CODE_LEN - 4, 4});
    (void)query_row(q);
    return query_end(q, err);
}

enum status library_make_codes(struct store *store, struct code_batch *b, const struct str *codes,
                               size_t count, int64_t now_ms, struct error *err)
{
    enum status status = check_plan(store, b->plan, err);
    if (!status)
        status = insert_batch(store, b, count, now_ms, err);
    for (size_t i = 0; !status && i < count; i++)
        status = insert_code(store, b->id, codes[i], err);
    if (status)
        return status;
    return record_event(store, "codes.made", 'B', b->id,
                        json_pack("{s:o, s:I}", "plan", json_sprintf("L%" PRId64, b->plan), "count",
                                  (json_int_t)count),
                        err);
}

enum status library_void_codes(struct store *store, int64_t batch, int64_t now_ms,
                               struct error *err)
{
    struct query *q = query_start(
        store, "UPDATE code_batch SET voided_ms = ?2 WHERE id = ?1 AND voided_ms IS NULL");
    query_bind_int(q, 1, batch);
    query_bind_int(q, 2, now_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status && !store_changes(store))
        return error_set(err, STATUS_CONFLICT, "This batch was voided already.",
                         "该批兑换码已作废。");
    return status ? status : record_event(store, "codes.voided", 'B', batch, NULL, err);
}

#define BATCH_SQL                                                                                \
    "SELECT b.id, b.key, b.plan, p.name, b.note, b.count, (SELECT count(*) FROM code c"          \
    " WHERE c.batch = b.id AND c.redeemed_by IS NOT NULL), b.expires_ms, b.made_ms, b.voided_ms" \
    " FROM code_batch b JOIN plan p ON p.id = b.plan "

static void read_batch(struct arena *arena, struct query *q, struct code_batch *b)
{
    *b = (struct code_batch){
        .id = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .plan = query_int(q, 2),
        .plan_name = str_copy(arena, query_str(q, 3)),
        .note = str_copy(arena, query_str(q, 4)),
        .count = query_int(q, 5),
        .redeemed = query_int(q, 6),
        .expires_ms = query_int(q, 7),
        .made_ms = query_int(q, 8),
        .voided_ms = query_int(q, 9),
    };
}

enum status library_find_code_batch(struct arena *arena, struct store *store, struct str key,
                                    struct code_batch *batch, struct error *err)
{
    struct query *q = query_start(store, BATCH_SQL "WHERE b.key = ?1");
    query_bind_str(q, 1, key);
    bool found = query_row(q);
    if (found)
        read_batch(arena, q, batch);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no such batch.", "没有这批兑换码。");
    return status;
}

enum status library_list_code_batches(struct arena *arena, struct store *store, int64_t most,
                                      struct code_batch **list, size_t *count, struct error *err)
{
    struct query *q = query_start(store, BATCH_SQL "ORDER BY b.id DESC LIMIT ?1");
    *list = arena_array(arena, (size_t)most, struct code_batch);
    *count = 0;
    query_bind_int(q, 1, most);
    while (query_row(q))
        read_batch(arena, q, &(*list)[(*count)++]);
    return query_end(q, err);
}

enum status library_list_codes(struct arena *arena, struct store *store, int64_t batch,
                               int64_t skip, int64_t most, struct code_state **list, size_t *count,
                               struct error *err)
{
    struct query *q = query_start(
        store, "SELECT c.tail, m.name, c.redeemed_ms FROM code c"
               " LEFT JOIN member m ON m.id = c.redeemed_by WHERE c.batch = ?1"
               " ORDER BY c.redeemed_ms IS NULL, c.redeemed_ms DESC, c.tail LIMIT ?3 OFFSET ?2");
    *list = arena_array(arena, (size_t)most, struct code_state);
    *count = 0;
    query_bind_int(q, 1, batch);
    query_bind_int(q, 2, skip);
    query_bind_int(q, 3, most);
    while (query_row(q))
        (*list)[(*count)++] = (struct code_state){
            str_copy(arena, query_str(q, 0)), str_copy(arena, query_str(q, 1)), query_int(q, 2)};
    return query_end(q, err);
}

/* --- redeemed ----------------------------------------------------------------------------------- */

struct found_code {
    int64_t batch, plan, version, expires_ms, voided_ms, redeemed_by;
};

static enum status find_code(struct store *store, const struct digest *hash, struct found_code *f,
                             struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT b.id, b.plan, b.version, b.expires_ms, b.voided_ms, c.redeemed_by FROM code c"
        " JOIN code_batch b ON b.id = c.batch WHERE c.hash = ?1");
    query_bind_blob(q, 1, digest_bytes(hash));
    bool found = query_row(q);
    if (found)
        *f = (struct found_code){query_int(q, 0), query_int(q, 1), query_int(q, 2),
                                 query_int(q, 3), query_int(q, 4), query_int(q, 5)};
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "No such code was ever given out.",
                         "没有发放过这个兑换码。");
    return status;
}

static enum status check_code(const struct found_code *f, int64_t member, int64_t now_ms,
                              struct error *err)
{
    if (f->redeemed_by == member)
        return error_set(err, STATUS_CONFLICT, "You have redeemed this code already.",
                         "您已兑换过这个兑换码。");
    if (f->redeemed_by)
        return error_set(err, STATUS_CONFLICT,
                         "This code was redeemed by somebody else. Ask whoever gave it to you.",
                         "这个兑换码已被他人使用，请向发放人核实。");
    if (f->voided_ms)
        return error_set(err, STATUS_CONFLICT,
                         "This code was voided. Ask whoever gave it to you for another.",
                         "这个兑换码已作废，请向发放人另行索取。");
    if (f->expires_ms && f->expires_ms <= now_ms)
        return error_set(err, STATUS_CONFLICT, "The time to redeem this code is over.",
                         "这个兑换码已过期。");
    return STATUS_OK;
}

static enum status use_code(struct store *store, const struct digest *hash, int64_t member,
                            int64_t now_ms, struct error *err)
{
    struct query *q =
        query_start(store, "UPDATE code SET redeemed_by = ?2, redeemed_ms = ?3 WHERE hash = ?1");
    query_bind_blob(q, 1, digest_bytes(hash));
    query_bind_int(q, 2, member);
    query_bind_int(q, 3, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

enum status library_redeem_code(struct store *store, int64_t member, struct str typed,
                                int64_t now_ms, struct subscription *s, struct error *err)
{
    char code[CODE_LEN + 1];
    struct found_code f = {0};
    enum status status = library_read_code(typed, code, err);
    if (status)
        return status;
    struct digest hash = hash_of(code);
    status = find_code(store, &hash, &f, err);
    if (!status)
        status = check_code(&f, member, now_ms, err);
    if (!status)
        status = use_code(store, &hash, member, now_ms, err);
    if (!status)
        status = record_event(store, "code.redeemed", 'M', member,
                              json_pack("{s:o, s:s}", "batch", json_sprintf("B%" PRId64, f.batch),
                                        "tail", code + CODE_LEN - 4),
                              err);
    *s = (struct subscription){
        .member = member, .plan = f.plan, .version = f.version, .source = "code"};
    return status ? status : library_subscribe(store, s, now_ms, err);
}
