/* A data folder for one test: made in a temporary place, filled, removed. */
#ifndef TESTS_LIBRARY_CASE_H
#define TESTS_LIBRARY_CASE_H

#include "../case.h"

#include "format/format.h"
#include "library/copy.h"
#include "library/paper.h"

struct library_case {
    char dir[64];
    struct store *store;
    struct arena *arena;
    struct error err;
};

/* The same key each time, so that what depends on who got which marks does so in every run alike. */
static inline int write_key(const char *dir)
{
    char path[96];
    (void)snprintf(path, sizeof path, "%s/secret.key", dir);
    FILE *file = fopen(path, "we");
    if (!file)
        return -1;
    for (int i = 0; i < 32; i++)
        (void)fprintf(file, "%02x", 7 * i + 5);
    return fclose(file);
}

static inline int open_case(void **state)
{
    struct library_case *c = calloc(1, sizeof *c);
    if (!make_folder(c->dir, sizeof c->dir))
        return -1;
    c->arena = arena_make();
    *state = c;
    return store_create(c->dir, &c->err) || write_key(c->dir) ||
                   store_open(c->dir, &c->store, &c->err)
               ? -1
               : 0;
}

static inline int close_case(void **state)
{
    struct library_case *c = *state;
    store_close(c->store);
    arena_free(c->arena);
    remove_folder(c->dir);
    free(c);
    return 0;
}

static inline void add_members(struct library_case *c, int count)
{
    must(c, store_begin(c->store, &c->err));
    for (int i = 1; i <= count; i++) {
        struct query *q = query_start(c->store, "INSERT INTO member (name, email, created_ms)"
                                                " VALUES (?1, ?2, 0)");
        query_bind_str(q, 1, str_format(c->arena, "Member %d", i));
        query_bind_str(q, 2, str_format(c->arena, "m%d@example.org", i));
        (void)query_row(q);
        must(c, query_end(q, &c->err));
    }
    must(c, store_add_event(c->store, "test", "members.added", STR(""), STR("{}"), &c->err));
    must(c, store_commit(c->store, &c->err));
}

/* A file of the project, e.g. "samples/zh-speech.txt". */
static inline struct str project_file(struct library_case *c, const char *name)
{
    struct buf text = {.arena = c->arena};
    struct str path = str_format(c->arena, "%s/%s", CHANCERY_SOURCE, name);
    FILE *file = fopen(path.at, "rb");
    if (!file)
        fail_msg("%s can't be opened", path.at);
    char bytes[4096];
    for (size_t len; (len = fread(bytes, 1, sizeof bytes, file)) > 0;)
        buf_add(&text, (struct str){bytes, len});
    (void)fclose(file);
    return buf_str(&text);
}

/* Planned for so many colluders; 0: as its length allows. */
static inline struct edition_text publish_for(struct library_case *c, struct str text,
                                              int64_t paper, unsigned colluders)
{
    struct paper_doc doc;
    struct edition_text published;
    struct publication p = {
        .paper = paper, .level = PAPER_DISCREET, .colluders = colluders, .actor = "test"};
    must(c, format_read(c->arena, text, FORMAT_TEXT, NULL, (struct str){0}, &doc, &c->err));
    must(c, library_publish(c->arena, c->store, &doc, &p, &published, &c->err));
    return published;
}

static inline struct edition_text publish_text(struct library_case *c, struct str text,
                                               int64_t paper)
{
    return publish_for(c, text, paper, 0);
}

/* Gives the member a copy and returns it as text. */
static inline struct str give_copy(struct library_case *c, const struct edition_text *text,
                                   int64_t member)
{
    struct copy_press *press;
    must(c, copy_press_make(c->arena, c->store, text, FORMAT_TEXT, &press, &c->err));
    must(c, store_begin(c->store, &c->err));
    must(c, copy_record(press, c->store, member, &c->err));
    must(c, store_commit(c->store, &c->err));
    return copy_bytes(press, c->arena, member, NULL);
}

#endif
