/* Presses kept ready; see press.h. A short list in order of use: a library reads a few dozen papers at a
 * time, and walking them costs less than one statement. */
#include "server/press.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct kept {
    struct kept *next; /* used longer ago */
    struct arena *arena;
    struct copy_press *press;
    unsigned kind;
    unsigned users;
    uint64_t number;
    size_t bytes;
    bool gone; /* out of the list; released by its last user */
};

struct presses {
    pthread_mutex_t lock;
    struct kept *first; /* the latest used */
    struct kept *gone;  /* out of the list, in use */
    size_t bytes, bytes_max, count;
    uint64_t made; /* so many, ever */
};

struct presses *presses_make(size_t bytes_max)
{
    struct presses *p = calloc(1, sizeof *p);
    if (!p)
        abort();
    (void)pthread_mutex_init(&p->lock, NULL);
    p->bytes_max = bytes_max;
    return p;
}

static void free_kept(struct kept *kept)
{
    arena_free(kept->arena);
    free(kept);
}

void presses_free(struct presses *p)
{
    if (!p)
        return;
    for (struct kept *k = p->first, *next; k; k = next) {
        next = k->next;
        free_kept(k);
    }
    (void)pthread_mutex_destroy(&p->lock);
    free(p);
}

static bool fits(const struct kept *kept, const struct edition *edition,
                 const struct format_frame *frame, unsigned kind)
{
    const struct edition *e = copy_press_edition(kept->press);
    const struct format_frame *f = copy_press_frame(kept->press);
    return kept->kind == kind && e->paper == edition->paper && e->number == edition->number &&
           memcmp(&e->doc_digest, &edition->doc_digest, sizeof e->doc_digest) == 0 &&
           memcmp(&e->sites_digest, &edition->sites_digest, sizeof e->sites_digest) == 0 &&
           str_equal(f->notice, frame->notice) && str_equal(f->credit, frame->credit) &&
           f->mark == frame->mark;
}

/* Brings one to the front, in use. */
static struct kept *take(struct presses *p, struct kept **at)
{
    struct kept *k = *at;
    *at = k->next;
    k->next = p->first;
    p->first = k;
    k->users++;
    return k;
}

/* Takes the one that fits; NULL when there is none. */
static struct kept *find(struct presses *p, const struct edition *edition,
                         const struct format_frame *frame, unsigned kind)
{
    for (struct kept **at = &p->first; *at; at = &(*at)->next)
        if (fits(*at, edition, frame, kind))
            return take(p, at);
    return NULL;
}

static void drop_last(struct presses *p)
{
    struct kept **at = &p->first;
    while ((*at)->next)
        at = &(*at)->next;
    struct kept *k = *at;
    *at = NULL;
    p->bytes -= k->bytes;
    p->count--;
    if (!k->users) {
        free_kept(k);
        return;
    }
    k->gone = true;
    k->next = p->gone;
    p->gone = k;
}

/* Takes in a press that its maker uses, unless another thread was faster. */
static struct kept *keep(struct presses *p, struct kept *made, const struct edition *edition,
                         const struct format_frame *frame)
{
    struct kept *there = find(p, edition, frame, made->kind);
    if (there) {
        free_kept(made);
        return there;
    }
    made->number = ++p->made;
    made->next = p->first;
    p->first = made;
    p->bytes += made->bytes;
    p->count++;
    while (p->bytes > p->bytes_max && p->first->next)
        drop_last(p);
    return made;
}

static enum status make(struct store *store, const struct edition *edition, unsigned kind,
                        struct kept *made, struct error *err)
{
    struct arena *scratch = arena_make();
    struct edition_text text;
    made->arena = arena_make();
    made->kind = kind;
    made->users = 1;
    enum status status = library_load_edition(scratch, store, edition, &text, err);
    if (!status && kind == PRESS_PAGE)
        status = copy_press_make_page(made->arena, store, &text, &made->press, err);
    else if (!status)
        status =
            copy_press_make(made->arena, store, &text, (enum format_kind)kind, &made->press, err);
    made->bytes = arena_held(made->arena);
    arena_free(scratch);
    return status;
}

enum status press_take(struct presses *p, struct store *store, const struct edition *edition,
                       unsigned kind, const struct copy_press **press, struct error *err)
{
    struct arena *scratch = arena_make();
    struct format_frame frame;
    struct kept *k = NULL;
    enum status status = copy_read_frame(scratch, store, edition->paper, &frame, err);
    (void)pthread_mutex_lock(&p->lock);
    if (!status)
        k = find(p, edition, &frame, kind);
    (void)pthread_mutex_unlock(&p->lock);
    if (!status && !k) {
        struct kept *made = calloc(1, sizeof *made);
        if (!made)
            abort();
        status = make(store, edition, kind, made, err);
        (void)pthread_mutex_lock(&p->lock);
        if (!status)
            k = keep(p, made, edition, copy_press_frame(made->press));
        (void)pthread_mutex_unlock(&p->lock);
        if (status)
            free_kept(made);
    }
    arena_free(scratch);
    if (!status)
        *press = k->press;
    return status;
}

static struct kept *holder(struct kept *list, const struct copy_press *press)
{
    while (list && list->press != press)
        list = list->next;
    return list;
}

static void forget_gone(struct presses *p, struct kept *gone)
{
    struct kept **at = &p->gone;
    while (*at != gone)
        at = &(*at)->next;
    *at = gone->next;
    free_kept(gone);
}

void press_release(struct presses *p, const struct copy_press *press)
{
    if (!press)
        return;
    (void)pthread_mutex_lock(&p->lock);
    struct kept *k = holder(p->first, press);
    if (!k)
        k = holder(p->gone, press);
    if (k && --k->users == 0 && k->gone)
        forget_gone(p, k);
    (void)pthread_mutex_unlock(&p->lock);
}

uint64_t press_number(struct presses *p, const struct copy_press *press)
{
    (void)pthread_mutex_lock(&p->lock);
    const struct kept *k = holder(p->first, press);
    if (!k)
        k = holder(p->gone, press);
    uint64_t number = k ? k->number : 0;
    (void)pthread_mutex_unlock(&p->lock);
    return number;
}

const struct copy_press *press_find(struct presses *p, uint64_t number)
{
    const struct copy_press *found = NULL;
    (void)pthread_mutex_lock(&p->lock);
    struct kept **at = &p->first;
    while (*at && (*at)->number != number)
        at = &(*at)->next;
    if (*at)
        found = take(p, at)->press;
    (void)pthread_mutex_unlock(&p->lock);
    return found;
}

size_t presses_count(struct presses *p, size_t *bytes)
{
    (void)pthread_mutex_lock(&p->lock);
    size_t count = p->count;
    *bytes = p->bytes;
    (void)pthread_mutex_unlock(&p->lock);
    return count;
}
