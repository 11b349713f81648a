/* See guard.h. */
#include "server/guard.h"

#include "library/password.h"
#include "server/internal.h"

#define BUSY_SECONDS 5

struct trying {
    const struct attempt *attempts;
    size_t count;
    int64_t now_ms, wait_ms;
};

static enum status count_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    struct trying *t = context;
    (void)scratch;
    return attempt_count(store, t->attempts, t->count, t->now_ms, &t->wait_ms, err);
}

static enum status say_wait(struct request *rq, int64_t wait_ms, struct error *err)
{
    int64_t seconds = (wait_ms + 999) / 1000;
    int64_t minutes = (seconds + 59) / 60;
    rq->wait_s = seconds;
    if (seconds < 120)
        return error_set(err, STATUS_LIMITED, "Too many tries. Please wait %lld seconds.",
                         "操作过于频繁，请等待 %lld 秒后再试。", (long long)seconds);
    return error_set(err, STATUS_LIMITED, "Too many tries. Please wait %lld minutes.",
                     "操作过于频繁，请等待 %lld 分钟后再试。", (long long)minutes);
}

enum status guard_enter(struct request *rq, const struct attempt *attempts, size_t count,
                        struct error *err)
{
    struct trying t = {attempts, count, rq->now_ms, 0};
    /* Looked at first, so that a flood of tries that must wait writes nothing. */
    enum status status = attempt_check(rq->store, attempts, count, rq->now_ms, &t.wait_ms, err);
    if (!status && t.wait_ms == 0)
        status = server_write(rq->server, STR(""), count_step, &t, err);
    if (t.wait_ms > 0)
        return say_wait(rq, t.wait_ms, err);
    return status;
}

static enum status forgive_step(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    const struct trying *t = context;
    (void)scratch;
    return attempt_forgive(store, t->attempts, t->count, err);
}

enum status guard_pass(struct request *rq, const struct attempt *attempts, size_t count,
                       struct error *err)
{
    struct trying t = {attempts, count, rq->now_ms, 0};
    return server_write(rq->server, STR(""), forgive_step, &t, err);
}

/* --- passwords ------------------------------------------------------------------------------------ */

static enum status enter_gate(struct request *rq, enum gate_lane lane, int64_t who,
                              struct error *err)
{
    if (gate_enter(server_gate(rq->server), lane, who))
        return STATUS_OK;
    rq->wait_s = BUSY_SECONDS;
    return error_set(err, STATUS_LIMITED,
                     "Very many people are signing in just now. Please try again in a moment; "
                     "this did not count as a try.",
                     "当前登录人数过多，请稍后再试；此次不计入尝试次数。");
}

/* The gate comes first: whoever does not pass it has not tried. */
enum status guard_password(struct request *rq, int64_t known, const struct attempt *attempts,
                           size_t count, struct str kept, struct str password, bool *fits,
                           struct error *err)
{
    enum gate_lane lane = known ? GATE_KNOWN : GATE_STRANGERS;
    *fits = false;
    enum status status = enter_gate(rq, lane, known, err);
    if (status)
        return status;
    status = guard_enter(rq, attempts, count, err);
    if (!status)
        *fits = password_fits(rq->arena, kept, password);
    gate_leave(server_gate(rq->server), lane, known);
    return *fits ? guard_pass(rq, attempts, count, err) : status;
}

enum status guard_hash(struct request *rq, struct str password, struct str *hash, struct error *err)
{
    enum status status = enter_gate(rq, GATE_KNOWN, rq->viewer.member, err);
    if (status)
        return status;
    status = password_hash(rq->arena, password, hash, err);
    gate_leave(server_gate(rq->server), GATE_KNOWN, rq->viewer.member);
    return status;
}

/* --- the record ----------------------------------------------------------------------------------- */

enum status guard_enter_record(struct request *rq, struct error *err)
{
    if (gate_enter(server_gate(rq->server), GATE_RECORD, rq->viewer.member))
        return STATUS_OK;
    rq->wait_s = BUSY_SECONDS;
    return error_set(
        err, STATUS_LIMITED,
        "Many ask for this just now, and it takes a while. Please try again in a moment.",
        "当前请求较多，且处理需要时间，请稍后再试。");
}

void guard_leave_record(struct request *rq)
{
    gate_leave(server_gate(rq->server), GATE_RECORD, rq->viewer.member);
}
