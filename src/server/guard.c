/* See guard.h. */
#include "server/guard.h"

#include "server/server.h"

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
        return error_set(err, STATUS_LIMITED,
                         "Too many tries did not succeed. Please wait %lld seconds.",
                         "多次尝试未成功，请等待 %lld 秒后再试。", (long long)seconds);
    return error_set(err, STATUS_LIMITED,
                     "Too many tries did not succeed. Please wait %lld minutes.",
                     "多次尝试未成功，请等待 %lld 分钟后再试。", (long long)minutes);
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
