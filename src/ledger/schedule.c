/* Critical path; see schedule.h.
 *
 * Inside, a step is the half-open span of days [begins, past): `past` is the day after its last. A step without
 * length has begins = past, and happens on the day before. Forward along the links in topological order (Kahn) gives the
 * earliest spans, backward from the end of the whole the latest; what is between the two is slack. */
#include "ledger/schedule.h"

struct net {
    const struct schedule_step *steps;
    const struct schedule_link *links;
    size_t nsteps, nlinks;
    size_t *first; /* per step, where its links begin in `out`; one more at the end */
    size_t *out;   /* links by the step before */
    size_t *order; /* steps, each after all that it waits for */
    int64_t *begins, *past, *latest;
};

static bool counts(const struct net *net, const struct schedule_link *link)
{
    return net->steps[link->before].due && net->steps[link->after].due;
}

static void gather_links(struct arena *arena, struct net *net)
{
    size_t *fill = arena_array(arena, net->nsteps + 1, size_t);
    net->first = arena_array(arena, net->nsteps + 2, size_t);
    net->out = arena_array(arena, net->nlinks + 1, size_t);
    for (size_t i = 0; i < net->nlinks; i++)
        if (counts(net, &net->links[i]))
            net->first[net->links[i].before + 1]++;
    for (size_t i = 0; i < net->nsteps; i++)
        net->first[i + 1] += net->first[i];
    for (size_t i = 0; i < net->nlinks; i++)
        if (counts(net, &net->links[i])) {
            size_t before = net->links[i].before;
            net->out[net->first[before] + fill[before]++] = i;
        }
}

/* Fills net->order; gives the number of steps placed, and leaves in waits[] how many others each waits for. */
static size_t sort(struct net *net, size_t *waits)
{
    size_t placed = 0;
    size_t seen = 0;
    for (size_t i = 0; i < net->nlinks; i++)
        if (counts(net, &net->links[i]))
            waits[net->links[i].after]++;
    for (size_t i = 0; i < net->nsteps; i++)
        if (!waits[i])
            net->order[placed++] = i;
    for (; seen < placed; seen++) {
        size_t step = net->order[seen];
        for (size_t i = net->first[step]; i < net->first[step + 1]; i++) {
            size_t after = net->links[net->out[i]].after;
            if (--waits[after] == 0)
                net->order[placed++] = after;
        }
    }
    return placed;
}

/* Each step that could not be placed waits for another such: going back from one to the next comes round. */
static size_t find_ring(struct arena *arena, const struct net *net, const size_t *waits,
                        size_t **ring)
{
    size_t *back = arena_array(arena, net->nsteps, size_t);
    size_t *seen = arena_array(arena, net->nsteps, size_t);
    size_t count = 0;
    size_t at = 0;
    for (size_t i = 0; i < net->nlinks; i++) {
        const struct schedule_link *link = &net->links[i];
        if (counts(net, link) && waits[link->before] && waits[link->after])
            back[link->after] = link->before;
    }
    while (!waits[at])
        at++;
    for (; !seen[at]; at = back[at])
        seen[at] = 1;
    size_t start = at;
    do
        count++;
    while ((at = back[at]) != start);
    *ring = arena_array(arena, count, size_t);
    for (size_t i = count; i > 0; i--, at = back[at])
        (*ring)[i - 1] = at;
    return count;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t days_of(const struct schedule_step *s)
{
    return s->begins && s->begins <= s->due ? s->due - s->begins + 1 : 0;
}

/* Places a step that begins no earlier than `free`, where what it waits for has ended. */
static void place(const struct schedule_step *s, int64_t free, int64_t today, int64_t *begins,
                  int64_t *past)
{
    int64_t days = days_of(s);
    if (s->done) {
        *past = s->done + 1;
        *begins = s->begun && s->begun <= s->done ? s->begun : *past - (days ? 1 : 0);
        return;
    }
    if (s->begun) {
        int64_t left = (days * (100 - (s->progress < 100 ? s->progress : 100)) + 99) / 100;
        *begins = s->begun;
        *past = later(s->begun + days, today + later(left, 1));
        *past = later(later(*past, s->due + 1), free);
        return;
    }
    /* A step without length happens at the end of its day, today at the earliest. */
    int64_t planned = s->due + 1 - days;
    *begins = later(later(planned, today + (days ? 0 : 1)), free);
    *past = *begins + days;
}

static void go_forward(struct net *net, int64_t today, int64_t *end)
{
    for (size_t i = 0; i < net->nsteps; i++) {
        size_t step = net->order[i];
        if (!net->steps[step].due)
            continue;
        /* begins[step] holds, so far, the first day free of what it waits for. */
        place(&net->steps[step], net->begins[step], today, &net->begins[step], &net->past[step]);
        *end = later(*end, net->past[step]);
        for (size_t k = net->first[step]; k < net->first[step + 1]; k++) {
            const struct schedule_link *link = &net->links[net->out[k]];
            net->begins[link->after] = later(net->begins[link->after], net->past[step] + link->lag);
        }
    }
}

/* How late a step may begin to end by `latest`, as far as what waits for it is concerned. One under way or done
 * has begun: what it waited for can't move it, only its end. */
static int64_t room_of(const struct net *net, size_t step)
{
    const struct schedule_step *s = &net->steps[step];
    if (s->done)
        return INT64_MAX;
    return s->begun ? net->latest[step] : net->latest[step] - (net->past[step] - net->begins[step]);
}

static void go_backward(struct net *net, int64_t end)
{
    for (size_t i = net->nsteps; i > 0; i--) {
        size_t step = net->order[i - 1];
        net->latest[step] = end;
        for (size_t k = net->first[step]; k < net->first[step + 1]; k++) {
            const struct schedule_link *link = &net->links[net->out[k]];
            int64_t room = room_of(net, link->after);
            if (room != INT64_MAX && room - link->lag < net->latest[step])
                net->latest[step] = room - link->lag;
        }
    }
}

static void tell(const struct net *net, size_t step, struct schedule_forecast *f)
{
    const struct schedule_step *s = &net->steps[step];
    *f = (struct schedule_forecast){0};
    if (!s->due)
        return;
    f->ends = net->past[step] - 1;
    f->begins = net->begins[step] < net->past[step] ? net->begins[step] : f->ends;
    f->latest = s->done ? f->ends : net->latest[step] - 1;
    f->slack = f->latest - f->ends;
    f->critical = !s->done && f->slack <= 0;
}

enum status ledger_find_schedule(struct arena *arena, const struct schedule_step *steps,
                                 size_t nsteps, const struct schedule_link *links, size_t nlinks,
                                 int64_t today, struct schedule_forecast *forecasts, int64_t *end,
                                 size_t **ring, size_t *nring)
{
    struct net net = {.steps = steps, .links = links, .nsteps = nsteps, .nlinks = nlinks};
    size_t *waits = arena_array(arena, nsteps, size_t);
    int64_t past = 0;
    gather_links(arena, &net);
    net.order = arena_array(arena, nsteps, size_t);
    *nring = 0;
    if (sort(&net, waits) < nsteps) {
        *nring = find_ring(arena, &net, waits, ring);
        return STATUS_CONFLICT;
    }
    net.begins = arena_array(arena, nsteps, int64_t);
    net.past = arena_array(arena, nsteps, int64_t);
    net.latest = arena_array(arena, nsteps, int64_t);
    go_forward(&net, today, &past);
    go_backward(&net, past);
    for (size_t i = 0; i < nsteps; i++)
        tell(&net, i, &forecasts[i]);
    *end = past ? past - 1 : 0;
    return STATUS_OK;
}
