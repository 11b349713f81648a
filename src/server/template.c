/* Templates: parsed once into a flat list of nodes, written by one walk; see template.h. */
#include "server/template.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/embed.h"
#include "base/number.h"

enum node_kind {
    NODE_WORDS,
    NODE_VALUE,
    NODE_PLURAL,
    NODE_SECTION,
    NODE_UNLESS,
    NODE_INCLUDE,
    NODE_LANG
};

/* A section's contents are the nodes after it, up to and without `end`; so are a language's. */
struct node {
    enum node_kind kind;
    enum lang lang;
    struct str text; /* words, or a name */
    size_t end;
    unsigned line;
};

struct template
{
    const char *name; /* "papers" for web/papers.html */
    struct node *nodes;
    size_t nnodes;
};

struct templates {
    struct template *all;
    size_t count;
};

/* --- parsing ------------------------------------------------------------------------------------ */

#define OPEN_MAX 32U

struct parser {
    struct arena *arena;
    struct template *into;
    struct str rest;
    unsigned line;
    size_t open[OPEN_MAX]; /* sections and languages not closed yet */
    size_t nopen;
    struct buf words;
};

static enum status refuse(const struct parser *p, struct error *err, const char *what)
{
    return error_set(err, STATUS_DAMAGED, "web/%s.html, line %u: %s.", "web/%s.html 第 %u 行：%s。",
                     p->into->name, p->line, what);
}

static struct node *add_node(struct parser *p, enum node_kind kind, struct str text)
{
    struct template *t = p->into;
    t->nodes = arena_one_more(p->arena, t->nodes, t->nnodes, sizeof *t->nodes);
    t->nodes[t->nnodes] = (struct node){.kind = kind, .text = text, .line = p->line};
    return &t->nodes[t->nnodes++];
}

static void flush_words(struct parser *p)
{
    if (p->words.len)
        (void)add_node(p, NODE_WORDS, buf_str(&p->words));
    p->words = (struct buf){.arena = p->arena};
}

static void take(struct parser *p, size_t count)
{
    for (size_t i = 0; i < count; i++)
        p->line += p->rest.at[i] == '\n';
    p->rest = str_slice(p->rest, count, p->rest.len);
}

static enum status open_node(struct parser *p, enum node_kind kind, struct str name,
                             struct error *err)
{
    if (p->nopen == OPEN_MAX)
        return refuse(p, err, "too deep");
    (void)add_node(p, kind, name);
    p->open[p->nopen++] = p->into->nnodes - 1;
    return STATUS_OK;
}

static enum status close_section(struct parser *p, struct str name, struct error *err)
{
    if (p->nopen == 0)
        return refuse(p, err, "closes what is not open");
    struct node *open = &p->into->nodes[p->open[--p->nopen]];
    bool section = open->kind == NODE_SECTION || open->kind == NODE_UNLESS;
    if (!section || !str_equal(open->text, name))
        return refuse(p, err, "closes another section than the one open");
    open->end = p->into->nnodes;
    return STATUS_OK;
}

static enum status parse_tag(struct parser *p, struct error *err)
{
    size_t end = str_find(p->rest, STR("}}"), 0);
    if (end == SIZE_MAX)
        return refuse(p, err, "{{ without }}");
    struct str tag = str_slice(p->rest, 2, end - 2);
    char sign = tag.len ? tag.at[0] : ' ';
    struct str name = strchr("#^/>+!", sign) ? str_slice(tag, 1, tag.len) : tag;
    enum status status = STATUS_OK;
    flush_words(p);
    if (sign == '#')
        status = open_node(p, NODE_SECTION, name, err);
    else if (sign == '^')
        status = open_node(p, NODE_UNLESS, name, err);
    else if (sign == '/')
        status = close_section(p, name, err);
    else if (sign == '>')
        (void)add_node(p, NODE_INCLUDE, name);
    else if (sign == '+')
        (void)add_node(p, NODE_PLURAL, name);
    else if (sign != '!')
        (void)add_node(p, NODE_VALUE, name);
    take(p, end + 2);
    return status;
}

static enum status begin_lang(struct parser *p, enum lang lang, struct error *err)
{
    flush_words(p);
    enum status status = open_node(p, NODE_LANG, STR(""), err);
    if (!status)
        p->into->nodes[p->into->nnodes - 1].lang = lang;
    return status;
}

static bool in_lang(const struct parser *p, enum lang lang)
{
    const struct node *open = p->nopen ? &p->into->nodes[p->open[p->nopen - 1]] : NULL;
    return open && open->kind == NODE_LANG && open->lang == lang;
}

static void end_lang(struct parser *p)
{
    flush_words(p);
    p->into->nodes[p->open[--p->nopen]].end = p->into->nnodes;
}

static bool is_sign(char c)
{
    return c == '{' || c == '[' || c == '|' || c == ']' || c == '\\';
}

/* Words up to where a sign may stand; a byte at least. Pages are words for the most part, and are parsed at each start. */
static size_t words_ahead(struct str rest)
{
    size_t len = 1;
    while (len < rest.len && !is_sign(rest.at[len]))
        len++;
    return len;
}

static enum status parse_next(struct parser *p, struct error *err)
{
    if (str_starts(p->rest, STR("{{")))
        return parse_tag(p, err);
    if (str_starts(p->rest, STR("[["))) {
        take(p, 2);
        return begin_lang(p, LANG_EN, err);
    }
    if (in_lang(p, LANG_EN) && p->rest.at[0] == '|') {
        take(p, 1);
        end_lang(p);
        return begin_lang(p, LANG_ZH, err);
    }
    if (in_lang(p, LANG_ZH) && str_starts(p->rest, STR("]]"))) {
        take(p, 2);
        end_lang(p);
        return STATUS_OK;
    }
    if (str_starts(p->rest, STR("\\|")))
        take(p, 1);
    size_t len = words_ahead(p->rest);
    buf_add(&p->words, str_slice(p->rest, 0, len));
    take(p, len);
    return STATUS_OK;
}

static enum status parse_template(struct arena *arena, const struct embedded *file,
                                  struct template *into, struct error *err)
{
    struct parser p = {.arena = arena,
                       .into = into,
                       .rest = {file->at, file->len},
                       .line = 1,
                       .words = {.arena = arena}};
    enum status status = STATUS_OK;
    size_t stem = strlen(file->name) - strlen(".html");
    into->name = str_z(arena, (struct str){file->name, stem});
    while (!status && p.rest.len)
        status = parse_next(&p, err);
    flush_words(&p);
    if (!status && p.nopen) {
        p.line = into->nodes[p.open[p.nopen - 1]].line;
        status = refuse(&p, err, "a section or a choice of language is not closed");
    }
    return status;
}

enum status template_load_all(struct arena *arena, const struct embedded *files,
                              struct templates **templates, struct error *err)
{
    struct templates *t = arena_new(arena, struct templates);
    size_t nfiles = 0;
    while (files[nfiles].name)
        nfiles++;
    t->all = arena_array(arena, nfiles + 1, struct template);
    for (size_t i = 0; i < nfiles; i++) {
        if (!str_ends(str_of(files[i].name), STR(".html")))
            continue;
        enum status status = parse_template(arena, &files[i], &t->all[t->count++], err);
        if (status)
            return status;
    }
    *templates = t;
    return STATUS_OK;
}

static const struct template *find_template(const struct templates *templates, struct str name)
{
    for (size_t i = 0; i < templates->count; i++)
        if (str_equal(str_of(templates->all[i].name), name))
            return &templates->all[i];
    return NULL;
}

/* --- names -------------------------------------------------------------------------------------- */

static const struct field *field_named(const struct field *fields, struct str name)
{
    for (; fields->kind != FIELD_END; fields++)
        if (strncmp(fields->name, name.at, name.len) == 0 && !fields->name[name.len])
            return fields;
    return NULL;
}

struct checker {
    const struct templates *templates;
    const struct field *scopes[TEMPLATE_SCOPES_MAX];
    size_t nscopes;
    unsigned depth; /* of templates within templates */
};

static enum status check_template(struct checker *c, const struct template *t, struct error *err);

static enum status check_include(struct checker *c, const struct template *t,
                                 const struct node *node, struct error *err)
{
    if (str_equal(node->text, STR("body")))
        return STATUS_OK;
    const struct template *other = find_template(c->templates, node->text);
    if (!other || c->depth == TEMPLATE_SCOPES_MAX)
        return error_set(
            err, STATUS_DAMAGED, "web/%s.html, line %u: there is no template \"%.*s\".",
            "web/%s.html 第 %u 行：没有模板“%.*s”。", t->name, node->line, STR_ARG(node->text));
    c->depth++;
    enum status status = check_template(c, other, err);
    c->depth--;
    return status;
}

static enum status check_nodes(struct checker *c, const struct template *t, size_t from, size_t to,
                               struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = from; !status && i < to; i++) {
        const struct node *node = &t->nodes[i];
        const struct field *f = NULL;
        if (node->kind == NODE_WORDS || node->kind == NODE_LANG)
            continue;
        if (node->kind == NODE_INCLUDE) {
            status = check_include(c, t, node, err);
            continue;
        }
        for (size_t s = c->nscopes; !f && s-- > 0;)
            f = field_named(c->scopes[s], node->text);
        if (!f)
            return error_set(err, STATUS_DAMAGED,
                             "web/%s.html, line %u: nothing is named \"%.*s\".",
                             "web/%s.html 第 %u 行：没有名为“%.*s”的字段。", t->name, node->line,
                             STR_ARG(node->text));
        if (node->kind == NODE_PLURAL && f->kind != FIELD_NUMBER)
            return error_set(err, STATUS_DAMAGED, "web/%s.html, line %u: \"%.*s\" is no number.",
                             "web/%s.html 第 %u 行：“%.*s”不是数字。", t->name, node->line,
                             STR_ARG(node->text));
        if (node->kind != NODE_SECTION || !f->parts)
            continue;
        if (c->nscopes == TEMPLATE_SCOPES_MAX)
            return error_set(err, STATUS_DAMAGED, "web/%s.html, line %u: too deep.",
                             "web/%s.html 第 %u 行：嵌套过深。", t->name, node->line);
        c->scopes[c->nscopes++] = f->parts;
        status = check_nodes(c, t, i + 1, node->end, err);
        c->nscopes--;
        i = node->end - 1;
    }
    return status;
}

static enum status check_template(struct checker *c, const struct template *t, struct error *err)
{
    return check_nodes(c, t, 0, t->nnodes, err);
}

enum status template_check(const struct templates *templates, const char *name,
                           const struct field *const *scopes, size_t nscopes, struct error *err)
{
    struct checker c = {.templates = templates, .nscopes = nscopes};
    const struct template *t = find_template(templates, str_of(name));
    if (!t)
        return error_set(err, STATUS_DAMAGED, "There is no template web/%s.html.",
                         "没有模板 web/%s.html。", name);
    for (size_t i = 0; i < nscopes; i++)
        c.scopes[i] = scopes[i];
    return check_template(&c, t, err);
}

/* --- writing ------------------------------------------------------------------------------------ */

void template_escape(struct buf *out, struct str text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *instead = text.at[i] == '&'    ? "&amp;"
                              : text.at[i] == '<'  ? "&lt;"
                              : text.at[i] == '>'  ? "&gt;"
                              : text.at[i] == '"'  ? "&quot;"
                              : text.at[i] == '\'' ? "&#39;"
                                                   : NULL;
        if (!instead)
            continue;
        buf_add(out, str_slice(text, from, i - from));
        buf_add(out, str_of(instead));
        from = i + 1;
    }
    buf_add(out, str_slice(text, from, text.len));
}

struct writer {
    struct buf *out;
    const struct templates *templates;
    const char *body;
    struct template_scope scopes[TEMPLATE_SCOPES_MAX];
    size_t nscopes;
    size_t body_scopes; /* the frame around a body sees its own names only, not the page's */
    enum lang lang;
};

static const struct field *look_up(const struct writer *w, struct str name, const char **page)
{
    for (size_t s = w->nscopes; s-- > 0;) {
        const struct field *f = field_named(w->scopes[s].fields, name);
        if (f) {
            *page = w->scopes[s].page;
            return f;
        }
    }
    return NULL;
}

/* What a field of a form holds goes back as it came; so does what is no day. */
static void write_date(struct writer *w, struct str text)
{
    int64_t day;
    if (str_ends(buf_str(w->out), STR("value=\"")) || !calendar_read_date(text, &day))
        template_escape(w->out, text);
    else
        calendar_write_date(w->out, day, w->lang);
}

static void write_value(struct writer *w, const struct field *f, const char *page)
{
    const void *at = page + f->at;
    switch (f->kind) {
    case FIELD_TEXT:
        template_escape(w->out, *(const struct str *)at);
        break;
    case FIELD_MARKUP:
        buf_add(w->out, *(const struct str *)at);
        break;
    case FIELD_NUMBER:
        number_write(w->out, *(const int64_t *)at);
        break;
    case FIELD_REAL:
        buf_format(w->out, "%.4g", *(const double *)at);
        break;
    case FIELD_TIME:
        calendar_write_time(w->out, *(const int64_t *)at, w->lang, true);
        break;
    case FIELD_DAY:
        calendar_write_time(w->out, *(const int64_t *)at, w->lang, false);
        break;
    case FIELD_DATE:
        write_date(w, *(const struct str *)at);
        break;
    case FIELD_FLAG:
    case FIELD_PART:
    case FIELD_LIST:
    case FIELD_END:
        break;
    }
}

static bool is_something(const struct field *f, const char *page)
{
    const void *at = page + f->at;
    switch (f->kind) {
    case FIELD_TEXT:
    case FIELD_MARKUP:
    case FIELD_DATE:
        return ((const struct str *)at)->len > 0;
    case FIELD_NUMBER:
    case FIELD_TIME:
    case FIELD_DAY:
        return *(const int64_t *)at != 0;
    case FIELD_REAL:
        return *(const double *)at < 0 || *(const double *)at > 0;
    case FIELD_FLAG:
        return *(const bool *)at;
    case FIELD_LIST:
        return *(const size_t *)(const void *)(page + f->count_at) > 0;
    case FIELD_PART:
        return true;
    case FIELD_END:
        break;
    }
    return false;
}

static void write_nodes(struct writer *w, const struct template *t, size_t from, size_t to);

static void write_inside(struct writer *w, const struct template *t, size_t i,
                         const struct field *fields, const void *page)
{
    if (w->nscopes == TEMPLATE_SCOPES_MAX)
        return;
    w->scopes[w->nscopes++] = (struct template_scope){fields, page};
    write_nodes(w, t, i + 1, t->nodes[i].end);
    w->nscopes--;
}

static void write_section(struct writer *w, const struct template *t, size_t i)
{
    const char *page = NULL;
    const struct field *f = look_up(w, t->nodes[i].text, &page);
    if (!f || is_something(f, page) != (t->nodes[i].kind == NODE_SECTION))
        return;
    if (t->nodes[i].kind == NODE_UNLESS || !f->parts) {
        write_nodes(w, t, i + 1, t->nodes[i].end);
    } else if (f->kind == FIELD_PART) {
        write_inside(w, t, i, f->parts, page + f->at);
    } else {
        const char *items = *(const char *const *)(const void *)(page + f->at);
        size_t count = *(const size_t *)(const void *)(page + f->count_at);
        for (size_t k = 0; k < count; k++)
            write_inside(w, t, i, f->parts, items + k * f->size);
    }
}

static void write_include(struct writer *w, struct str name)
{
    bool body = str_equal(name, STR("body"));
    const struct template *t =
        body && !w->body ? NULL : find_template(w->templates, body ? str_of(w->body) : name);
    size_t outside = w->nscopes;
    if (body)
        w->nscopes = w->body_scopes;
    if (t)
        write_nodes(w, t, 0, t->nnodes);
    w->nscopes = outside;
}

static void write_nodes(struct writer *w, const struct template *t, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        const struct node *node = &t->nodes[i];
        const char *page = NULL;
        const struct field *f;
        switch (node->kind) {
        case NODE_WORDS:
            buf_add(w->out, node->text);
            break;
        case NODE_PLURAL:
            f = look_up(w, node->text, &page);
            if (f && *(const int64_t *)(const void *)(page + f->at) != 1)
                buf_add_byte(w->out, 's');
            break;
        case NODE_VALUE:
            f = look_up(w, node->text, &page);
            if (f)
                write_value(w, f, page);
            break;
        case NODE_INCLUDE:
            write_include(w, node->text);
            break;
        case NODE_LANG:
            if (node->lang == w->lang)
                write_nodes(w, t, i + 1, node->end);
            i = node->end - 1;
            break;
        case NODE_SECTION:
        case NODE_UNLESS:
            write_section(w, t, i);
            i = node->end - 1;
            break;
        }
    }
}

void template_write(struct buf *out, const struct templates *templates, const char *name,
                    const char *body, const struct template_scope *scopes, size_t nscopes,
                    enum lang lang)
{
    struct writer w = {
        .out = out, .templates = templates, .body = body, .body_scopes = nscopes, .lang = lang};
    const struct template *t = find_template(templates, str_of(name));
    memcpy(w.scopes, scopes, nscopes * sizeof *scopes);
    w.nscopes = body && nscopes ? 1 : nscopes;
    if (t)
        write_nodes(&w, t, 0, t->nnodes);
}
