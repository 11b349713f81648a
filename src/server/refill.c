/* A refused form in its page; see refill.h. */
#include "server/refill.h"

#include <string.h>

#include "server/internal.h"

#define FOLDS_MOST 8U

/* --- tags --------------------------------------------------------------------------------------- */

struct tag {
    size_t from, to;      /* of "<name …>" in the page */
    struct str text;      /* all of it */
    struct str name;      /* "/form" where it closes */
    struct str input_for; /* the value of its attribute name="…" */
};

struct attribute {
    struct str name, value; /* as written, between quotes */
    size_t from, to;        /* in the tag, with the space before it */
};

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

static bool next_attribute(struct str tag, size_t *at, struct attribute *a)
{
    size_t i = *at;
    *a = (struct attribute){.from = i};
    while (i < tag.len && is_space(tag.at[i]))
        i++;
    size_t name = i;
    while (i < tag.len && !is_space(tag.at[i]) && tag.at[i] != '=' && tag.at[i] != '>')
        i++;
    a->name = str_slice(tag, name, i - name);
    if (i + 1 < tag.len && tag.at[i] == '=' && tag.at[i + 1] == '"') {
        size_t end = str_find(tag, STR("\""), i + 2);
        end = end == SIZE_MAX ? tag.len : end;
        a->value = str_slice(tag, i + 2, end - i - 2);
        i = end + 1;
    }
    a->to = *at = i;
    return a->name.len != 0;
}

static bool find_attribute(const struct tag *tag, const char *name, struct str *value)
{
    struct attribute a;
    for (size_t at = tag->name.len + 1; next_attribute(tag->text, &at, &a);)
        if (str_equal(a.name, str_of(name))) {
            *value = a.value;
            return true;
        }
    *value = STR("");
    return false;
}

static struct str attribute_of(const struct tag *tag, const char *name)
{
    struct str value;
    (void)find_attribute(tag, name, &value);
    return value;
}

/* The next tag at or after *at, which moves behind it. */
static bool next_tag(struct str page, size_t *at, struct tag *tag)
{
    size_t from = str_find(page, STR("<"), *at);
    if (from == SIZE_MAX)
        return false;
    bool quoted = false;
    size_t to = from + 1;
    while (to < page.len && (quoted || page.at[to] != '>'))
        quoted ^= page.at[to++] == '"';
    size_t name = from + 1;
    while (name < to && !is_space(page.at[name]))
        name++;
    *at = to < page.len ? to + 1 : page.len;
    *tag = (struct tag){from, *at, str_slice(page, from, *at - from),
                        str_slice(page, from + 1, name - from - 1), STR("")};
    tag->input_for = attribute_of(tag, "name");
    return true;
}

static bool is(const struct tag *tag, const char *name)
{
    return str_equal(tag->name, str_of(name));
}

/* The tag without some attributes and with others: " checked". `dropped` ends with NULL. */
static void write_tag(struct buf *out, const struct tag *tag, const char *const *dropped,
                      struct str added)
{
    struct attribute a;
    size_t at = tag->name.len + 1;
    buf_add(out, str_slice(tag->text, 0, at));
    while (next_attribute(tag->text, &at, &a)) {
        bool drops = false;
        for (size_t i = 0; dropped[i]; i++)
            drops |= str_equal(a.name, str_of(dropped[i]));
        if (!drops)
            buf_add(out, str_slice(tag->text, a.from, a.to - a.from));
    }
    buf_add(out, added);
    buf_add_byte(out, '>');
}

static void open_fold(struct buf *out, const struct tag *tag)
{
    write_tag(out, tag, (const char *const[]){"open", NULL}, STR(" open"));
}

/* --- which form ----------------------------------------------------------------------------------- */

struct form {
    size_t from, to; /* from behind <form …> to </form> */
    struct tag folds[FOLDS_MOST];
    size_t nfolds;
    bool fits, ours,
        same; /* by its method; sent to the address; with the hidden fields that came */
};

static struct str escaped(struct arena *arena, struct str text)
{
    struct buf out = {.arena = arena};
    template_escape(&out, text);
    return buf_str(&out);
}

static bool leads_to(struct str address, struct str path)
{
    return str_starts(address, path) &&
           (address.len == path.len || address.at[path.len] == '?' || address.at[path.len] == '#');
}

static bool was_typed(const struct refill *r, struct str name, struct str value)
{
    for (size_t i = 0; i < r->typed->count; i++)
        if (str_equal(r->typed->at[i].name, name) && str_equal(r->typed->at[i].value, value))
            return true;
    return false;
}

/* What a tag within a form tells of it. */
static void look_at(const struct refill *r, const struct tag *tag, struct form *form)
{
    struct str action;
    if (form->fits && find_attribute(tag, "formaction", &action))
        form->ours |= leads_to(action, r->action);
    if (is(tag, "input") && str_equal(attribute_of(tag, "type"), STR("hidden")) &&
        tag->input_for.len && !str_equal(tag->input_for, STR("csrf")))
        form->same &= was_typed(r, tag->input_for, attribute_of(tag, "value"));
}

static void begin_form(const struct refill *r, const struct tag *tag, struct form *form)
{
    form->from = tag->to;
    form->same = true;
    form->fits = str_equal(attribute_of(tag, "method"), str_of(r->asks ? "get" : "post"));
    form->ours = form->fits && leads_to(attribute_of(tag, "action"), r->action);
}

/* The one form that is sent to the address, or the first with the hidden fields that came. */
static bool find_form(const struct refill *r, struct form *found)
{
    struct form form = {0};
    struct form only = {0};
    size_t count = 0;
    struct tag tag;
    for (size_t at = 0; next_tag(r->page, &at, &tag);) {
        if (is(&tag, "details") && form.nfolds < FOLDS_MOST && !form.from)
            form.folds[form.nfolds++] = tag;
        else if (is(&tag, "/details") && form.nfolds && !form.from)
            form.nfolds--;
        else if (is(&tag, "form"))
            begin_form(r, &tag, &form);
        else if (is(&tag, "/form")) {
            form.to = tag.from;
            *found = form;
            if (form.ours && form.same)
                return true;
            if (form.ours && ++count)
                only = form;
            form.from = 0;
        } else if (form.from)
            look_at(r, &tag, &form);
    }
    *found = only;
    return count == 1;
}

/* --- what is put into it ---------------------------------------------------------------------------- */

struct filling {
    struct arena *arena;
    const struct refill *r;
    struct buf out;
    struct pairs seen;  /* names of fields so far */
    struct str choices; /* the name of the list that is open, where it is filled */
    struct str chosen;  /* its value */
    size_t para;        /* where the open paragraph begins in out; 0: none is */
    size_t blamed;      /* fields so far of the name to mark */
    bool marked;
};

static bool is_declared(const struct refill *r, struct str name)
{
    struct input input;
    for (size_t i = 0; route_input(r->route, i, &input); i++)
        if (str_equal(name, str_of(input.name)))
            return true;
    return false;
}

/* What was typed into this field: the second of a name gets the second value. */
static bool take_typed(struct filling *f, struct str name, struct str *value)
{
    size_t skip = 0;
    for (size_t i = 0; i < f->seen.count; i++)
        skip += str_equal(f->seen.at[i].name, name);
    pairs_add(f->arena, &f->seen, name, STR(""));
    for (size_t i = 0; i < f->r->typed->count; i++)
        if (str_equal(f->r->typed->at[i].name, name) && skip-- == 0) {
            *value = f->r->typed->at[i].value;
            return true;
        }
    return false;
}

static bool is_kind(const struct tag *tag, const char *const *kinds)
{
    struct str type = attribute_of(tag, "type");
    while (*kinds && !str_equal(type, str_of(*kinds)))
        kinds++;
    return *kinds != NULL;
}

static bool is_hidden(const struct tag *tag)
{
    return is_kind(tag, (const char *const[]){"hidden", "submit", NULL});
}

static bool is_field(const struct tag *tag)
{
    return tag->input_for.len &&
           ((is(tag, "input") && !is_hidden(tag)) || is(tag, "textarea") || is(tag, "select"));
}

/* The words of the refusal move from the head of the page to the paragraph of the field. */
static struct str problem_line(struct filling *f)
{
    return str_format(f->arena, "<p class=\"problem\" id=\"problem\" role=\"alert\">%.*s</p>",
                      STR_ARG(escaped(f->arena, f->r->problem)));
}

static void say_problem(struct filling *f)
{
    struct str rest = STR("");
    if (f->para) {
        struct str all = buf_str(&f->out);
        rest = str_copy(f->arena, str_slice(all, f->para, all.len));
        f->out.len = f->para;
    }
    buf_add(&f->out, problem_line(f));
    buf_add_byte(&f->out, '\n');
    buf_add(&f->out, rest);
}

/* The tag of a field, with `added` in the place of the dropped ones. */
static void write_field(struct filling *f, const struct tag *tag, const char *drop,
                        struct str added)
{
    const char *const dropped[] = {"autofocus", drop ? drop : "autofocus", NULL};
    const char *const marks[] = {"autofocus", "aria-invalid", "aria-describedby",
                                 drop ? drop : "autofocus", NULL};
    bool named = f->r->blamed && str_equal(tag->input_for, str_of(f->r->blamed));
    if (!named || f->blamed++ != f->r->place) {
        write_tag(&f->out, tag, dropped, added);
        return;
    }
    struct str described = attribute_of(tag, "aria-describedby");
    f->marked = true;
    say_problem(f);
    write_tag(&f->out, tag, marks,
              str_format(f->arena,
                         "%.*s aria-invalid=\"true\" aria-describedby=\"problem%s%.*s\" autofocus",
                         STR_ARG(added), described.len ? " " : "", STR_ARG(described)));
}

static void write_input(struct filling *f, const struct tag *tag)
{
    struct str value = attribute_of(tag, "value");
    bool ticked = is_kind(tag, (const char *const[]){"checkbox", "radio", NULL});
    bool secret = is_kind(tag, (const char *const[]){"password", "file", NULL});
    if (secret || !is_declared(f->r, tag->input_for))
        write_field(f, tag, NULL, STR(""));
    else if (ticked)
        write_field(f, tag, "checked",
                    was_typed(f->r, tag->input_for, value) ? STR(" checked") : STR(""));
    else if (take_typed(f, tag->input_for, &value))
        write_field(f, tag, "value", str_format(f->arena, " value=\"%.*s\"", STR_ARG(value)));
    else
        write_field(f, tag, NULL, STR(""));
}

/* Gives where to go on: behind the text of it. */
static size_t write_long_text(struct filling *f, const struct tag *tag)
{
    struct str value;
    size_t end = str_find(f->r->page, STR("</textarea"), tag->to);
    write_field(f, tag, NULL, STR(""));
    if (end == SIZE_MAX || !is_declared(f->r, tag->input_for) ||
        !take_typed(f, tag->input_for, &value))
        return tag->to;
    buf_add_byte(&f->out, '\n'); /* the first one is no part of the text */
    buf_add(&f->out, value);
    return end;
}

static void write_choices(struct filling *f, const struct tag *tag)
{
    write_field(f, tag, NULL, STR(""));
    f->choices = is_declared(f->r, tag->input_for) && take_typed(f, tag->input_for, &f->chosen)
                     ? tag->input_for
                     : STR("");
}

static void write_choice(struct filling *f, const struct tag *tag)
{
    struct str value;
    if (!f->choices.len) {
        buf_add(&f->out, tag->text);
        return;
    }
    if (!find_attribute(tag, "value", &value)) {
        size_t end = str_find(f->r->page, STR("<"), tag->to);
        value = str_trim(str_slice(f->r->page, tag->to, end == SIZE_MAX ? 0 : end - tag->to));
    }
    write_tag(&f->out, tag, (const char *const[]){"selected", NULL},
              str_equal(value, f->chosen) ? STR(" selected") : STR(""));
}

/* Writes a tag within the form; gives where to go on. */
static size_t write_within(struct filling *f, const struct tag *tag)
{
    if (is(tag, "p") || is(tag, "/p"))
        f->para = is(tag, "p") ? f->out.len : 0;
    if (is_field(tag) && is(tag, "textarea"))
        return write_long_text(f, tag);
    if (is_field(tag) && is(tag, "select"))
        write_choices(f, tag);
    else if (is_field(tag))
        write_input(f, tag);
    else if (is(tag, "option"))
        write_choice(f, tag);
    else if (is(tag, "details"))
        open_fold(&f->out, tag);
    else
        buf_add(&f->out, tag->text);
    return tag->to;
}

static void write_form(struct filling *f, const struct form *form)
{
    struct tag tag;
    size_t done = form->from;
    for (size_t at = form->from; next_tag(f->r->page, &at, &tag) && tag.from < form->to;
         at = done) {
        buf_add(&f->out, str_slice(f->r->page, done, tag.from - done));
        done = write_within(f, &tag);
    }
    buf_add(&f->out, str_slice(f->r->page, done, form->to - done));
}

static void write_before(struct filling *f, const struct form *form)
{
    size_t done = 0;
    for (size_t i = 0; i < form->nfolds; i++) {
        buf_add(&f->out, str_slice(f->r->page, done, form->folds[i].from - done));
        open_fold(&f->out, &form->folds[i]);
        done = form->folds[i].to;
    }
    buf_add(&f->out, str_slice(f->r->page, done, form->from - done));
}

/* The line at the head goes once its words stand at the field. */
static struct str without_head(struct filling *f)
{
    struct str page = buf_str(&f->out);
    struct str line = problem_line(f);
    size_t at = f->marked ? str_find(page, line, 0) : SIZE_MAX;
    if (at == SIZE_MAX)
        return page;
    struct buf out = {.arena = f->arena};
    buf_add(&out, str_slice(page, 0, at));
    buf_add(&out, str_slice(page, at + line.len, page.len));
    return buf_str(&out);
}

bool refill_form(struct arena *arena, struct refill *r)
{
    struct form form;
    struct pairs typed = {0};
    struct refill as_tags = *r;
    struct filling f = {.arena = arena, .r = &as_tags, .out = {.arena = arena}};
    /* As tags have it, once for all of them: a long text may go by the name of a hundred ticks. */
    for (size_t i = 0; i < r->typed->count; i++)
        pairs_add(arena, &typed, r->typed->at[i].name, escaped(arena, r->typed->at[i].value));
    as_tags.typed = &typed;
    as_tags.action = escaped(arena, r->action);
    if (!find_form(&as_tags, &form))
        return false;
    buf_reserve(&f.out, r->page.len + r->page.len / 8);
    write_before(&f, &form);
    write_form(&f, &form);
    buf_add(&f.out, str_slice(r->page, form.to, r->page.len));
    r->page = without_head(&f);
    return true;
}
