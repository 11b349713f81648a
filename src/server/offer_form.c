/* The form of an offer; see offer_form.h. */
#include "server/offer_form.h"

#include <inttypes.h>
#include <time.h>

#include "library/group.h"
#include "library/notice.h"

#define TIME_BYTES  24U
#define FORMATS_MAX 16U

static const struct field OFFER_GROUP[] = {
    FIELD(TEXT, struct offer_group, key),
    FIELD(TEXT, struct offer_group, name),
    FIELD(FLAG, struct offer_group, paid),
    FIELD(FLAG, struct offer_group, chosen),
    {0},
};
static const struct field OFFER_FORMAT_GROUP[] = {
    FIELD(TEXT, struct offer_format_group, words),
    FIELD_OF_LIST(struct offer_format_group, formats, WRITING_CHOICE),
    {0},
};
const struct field OFFER_FORM[] = {
    FIELD(TEXT, struct offer_form, kind),
    FIELD(TEXT, struct offer_form, author),
    FIELD(TEXT, struct offer_form, summary),
    FIELD(TEXT, struct offer_form, notice),
    FIELD(TEXT, struct offer_form, expires),
    FIELD(TEXT, struct offer_form, copy_days),
    FIELD(TEXT, struct offer_form, delete_days),
    FIELD_OF_LIST(struct offer_form, groups, OFFER_GROUP),
    FIELD_OF_LIST(struct offer_form, formats, WRITING_CHOICE),
    FIELD_OF_LIST(struct offer_form, marks, WRITING_CHOICE),
    {.kind = FIELD_LIST,
     .hidden = true, /* the same as formats */
     .name = "format_groups",
     .at = offsetof(struct offer_form, format_groups),
     .parts = OFFER_FORMAT_GROUP,
     .count_at = offsetof(struct offer_form, nformat_groups),
     .size = sizeof(struct offer_format_group)},
    FIELD(FLAG, struct offer_form, for_groups),
    FIELD(FLAG, struct offer_form, free),
    FIELD_HIDDEN(FLAG, struct offer_form, any_group),
    {0},
};

struct str offer_moment_value(struct arena *arena, int64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm t;
    char text[TIME_BYTES];
    if (!time_ms || !localtime_r(&seconds, &t))
        return STR("");
    return str_copy(arena, (struct str){text, strftime(text, sizeof text, "%Y-%m-%dT%H:%M", &t)});
}

struct str offer_day_value(struct arena *arena, int64_t time_ms)
{
    struct str moment = offer_moment_value(arena, time_ms);
    return str_slice(moment, 0, str_find(moment, STR("T"), 0));
}

/* --- groups ------------------------------------------------------------------------------------- */

enum status offer_list_groups(struct request *rq, const int64_t *groups, size_t ngroups,
                              struct offer_group **list, size_t *count, struct error *err)
{
    struct query *q =
        query_start(rq->store, "SELECT id, key, name, paid, closed_ms IS NOT NULL FROM \"group\""
                               " ORDER BY name LIMIT ?1");
    *list = arena_array(rq->arena, OFFER_GROUPS_MAX, struct offer_group);
    *count = 0;
    query_bind_int(q, 1, OFFER_GROUPS_MAX);
    while (query_row(q)) {
        struct offer_group g = {query_int(q, 0), str_copy(rq->arena, query_str(q, 1)),
                                str_copy(rq->arena, query_str(q, 2)), query_int(q, 3) != 0, false};
        for (size_t i = 0; i < ngroups; i++)
            g.chosen |= groups[i] == g.id;
        if (g.chosen || !query_int(q, 4))
            (*list)[(*count)++] = g;
    }
    return query_end(q, err);
}

enum status offer_count_readers(struct request *rq, const struct offer_terms *terms,
                                int64_t *readers, struct str *names, struct error *err)
{
    struct buf said = {.arena = rq->arena};
    struct buf ids = {.arena = rq->arena};
    struct offer_group *groups;
    size_t count;
    enum status status = offer_list_groups(rq, terms->groups, terms->ngroups, &groups, &count, err);
    if (status)
        return status;
    for (size_t i = 0; i < count; i++) {
        if (!groups[i].chosen)
            continue;
        buf_format(&said, "%s%.*s", said.len ? lang_pick(rq->lang, ", ", "、") : "",
                   STR_ARG(groups[i].name));
        buf_format(&ids, "%s%" PRId64, ids.len ? "," : "", groups[i].id);
    }
    *names = buf_str(&said);
    struct query *q = query_start(
        rq->store,
        "SELECT count(*) FROM member m JOIN account a ON a.member = m.id"
        " WHERE a.suspended_ms IS NULL AND (?1 = 0 OR EXISTS (SELECT 1 FROM"
        " json_each('[' || ?2 || ']') j WHERE " IN_GROUP_SQL("j.value", "m.id", "?3") "))");
    query_bind_int(q, 1, terms->offer.for_groups);
    query_bind_str(q, 2, buf_str(&ids));
    query_bind_int(q, 3, rq->now_ms);
    *readers = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

/* --- the form ----------------------------------------------------------------------------------- */

static bool has_word(struct str words, struct str wanted)
{
    struct str word;
    while (str_split(&words, ' ', &word))
        if (str_equal(word, wanted))
            return true;
    return false;
}

struct str offer_format_words(struct request *rq, struct str formats)
{
    struct buf out = {.arena = rq->arena};
    for (int i = 0; i < FORMAT_KINDS; i++) {
        if (!has_word(formats, str_of(format_name((enum format_kind)i))))
            continue;
        if (out.len)
            buf_add(&out, request_words(rq, ", ", "、"));
        buf_add(&out, str_of(format_label((enum format_kind)i, rq->lang)));
    }
    return buf_str(&out);
}

static void offer_formats(struct request *rq, struct str formats, struct offer_form *form)
{
    form->formats = arena_array(rq->arena, FORMAT_KINDS, struct writing_choice);
    for (int i = 0; i < FORMAT_KINDS; i++) {
        struct str name = str_of(format_name((enum format_kind)i));
        form->formats[form->nformats++] = (struct writing_choice){
            name, str_of(format_label((enum format_kind)i, rq->lang)), has_word(formats, name)};
    }
}

static void group_formats(struct request *rq, struct offer_form *form)
{
    form->format_groups = arena_array(rq->arena, FORMAT_GROUPS, struct offer_format_group);
    for (int i = 0; i < FORMAT_GROUPS; i++) {
        struct offer_format_group g = {
            .words = str_of(format_group_label((enum format_group)i, rq->lang)),
            .formats = arena_array(rq->arena, FORMAT_KINDS, struct writing_choice)};
        for (size_t k = 0; k < form->nformats; k++)
            if (format_group_of((enum format_kind)k) == (enum format_group)i)
                g.formats[g.nformats++] = form->formats[k];
        if (g.nformats)
            form->format_groups[form->nformat_groups++] = g;
    }
}

static const struct {
    const char *en, *zh;        /* in the form */
    const char *says, *says_zh; /* of the paper */
} MARKS[] = {
    [FORMAT_MARK_NONE] = {"Nothing", "不显示", "", ""},
    [FORMAT_MARK_MARGIN] = {"Name, time and number in the margin", "在页边显示姓名、时间和编号",
                            "Copies show name, time and number in the margin.",
                            "副本页边显示成员姓名、时间和编号。"},
    [FORMAT_MARK_DIAGONAL] = {"Name, time and number across the page",
                              "以斜向水印显示姓名、时间和编号",
                              "Copies show name, time and number across the page.",
                              "副本以斜向水印显示成员姓名、时间和编号。"},
};
#define NMARKS (sizeof MARKS / sizeof *MARKS)

struct str offer_mark_words(const struct request *rq, enum format_mark mark)
{
    return request_words(rq, MARKS[mark].says, MARKS[mark].says_zh);
}

static void offer_marks(struct request *rq, enum format_mark mark, struct offer_form *form)
{
    form->marks = arena_array(rq->arena, NMARKS, struct writing_choice);
    for (size_t i = 0; i < NMARKS; i++)
        form->marks[form->nmarks++] =
            (struct writing_choice){str_of(format_mark_name((enum format_mark)i)),
                                    request_words(rq, MARKS[i].en, MARKS[i].zh), i == mark};
}

static struct str days_text(struct arena *arena, int64_t days)
{
    return days ? str_format(arena, "%" PRId64, days) : STR("");
}

enum status offer_form_fill(struct request *rq, const struct offer_terms *terms,
                            struct offer_form *form, struct error *err)
{
    const struct offer *o = &terms->offer;
    *form = (struct offer_form){
        .kind = o->kind,
        .author = o->author,
        .summary = o->summary,
        .notice = terms->notice,
        .expires = offer_day_value(rq->arena, o->expires_ms),
        .copy_days = days_text(rq->arena, o->copy_days),
        .delete_days = days_text(rq->arena, o->delete_days),
        .for_groups = o->for_groups,
        .free = o->free,
    };
    offer_formats(rq, o->formats, form);
    group_formats(rq, form);
    offer_marks(rq, o->mark, form);
    enum status status =
        offer_list_groups(rq, terms->groups, terms->ngroups, &form->groups, &form->ngroups, err);
    form->any_group = form->ngroups > 0;
    return status;
}

static struct str chosen_formats(struct request *rq)
{
    struct str names[FORMATS_MAX];
    size_t count = request_inputs(rq, "formats", names, FORMATS_MAX);
    struct buf out = {.arena = rq->arena};
    enum format_kind kind;
    for (size_t i = 0; i < count; i++)
        if (format_parse_name(names[i], &kind) && !has_word(buf_str(&out), names[i]))
            buf_format(&out, "%s%s", out.len ? " " : "", format_name(kind));
    return buf_str(&out);
}

static enum status take_groups(struct request *rq, struct offer_terms *terms, struct error *err)
{
    struct str keys[OFFER_GROUPS_MAX];
    struct offer_group *groups;
    size_t count;
    size_t nkeys = request_inputs(rq, "groups", keys, OFFER_GROUPS_MAX);
    enum status status = offer_list_groups(rq, terms->groups, terms->ngroups, &groups, &count, err);
    terms->groups = arena_array(rq->arena, OFFER_GROUPS_MAX, int64_t);
    terms->ngroups = 0;
    for (size_t i = 0; !status && i < count; i++) {
        bool chosen = false;
        for (size_t k = 0; k < nkeys; k++)
            chosen |= str_equal(keys[k], groups[i].key);
        if (chosen)
            terms->groups[terms->ngroups++] = groups[i].id;
    }
    return status;
}

enum status offer_form_take(struct request *rq, struct offer_terms *terms, struct error *err)
{
    struct offer *o = &terms->offer;
    o->kind = request_input(rq, "kind");
    o->author = request_input(rq, "author");
    o->summary = str_trim(writing_lines(rq->arena, request_input(rq, "summary")));
    o->for_groups = !str_equal(request_input(rq, "access"), STR("members"));
    o->free = !str_equal(request_input(rq, "price"), STR("subscription"));
    o->formats = chosen_formats(rq);
    o->mark = FORMAT_MARK_NONE;
    (void)format_parse_mark(request_input(rq, "mark"), &o->mark);
    o->expires_ms = request_number(rq, "expires");
    o->copy_days = request_number(rq, "copy_days");
    o->delete_days = request_number(rq, "delete_days");
    terms->notice = str_trim(writing_lines(rq->arena, request_input(rq, "notice")));
    return take_groups(rq, terms, err);
}

enum status offer_form_check(const struct offer_terms *terms, int64_t published_ms,
                             struct error *err)
{
    if (terms->offer.for_groups && terms->ngroups == 0)
        return error_set(err, STATUS_INPUT, "Choose at least one group, or all members.",
                         "请至少选择一个群组，或选择全体成员。");
    if (terms->offer.expires_ms && terms->offer.expires_ms <= published_ms)
        return error_set(err, STATUS_INPUT, "The closing day must come after the publication.",
                         "停止阅读日期应晚于发布时间。");
    return STATUS_OK;
}

enum status offer_find_terms(struct request *rq, struct str key, struct offer_terms *terms,
                             struct error *err)
{
    struct notice notice = {0};
    *terms = (struct offer_terms){.groups = arena_array(rq->arena, OFFER_GROUPS_MAX, int64_t)};
    enum status status = library_find_offer_by_key(rq->arena, rq->store, key, &terms->offer, err);
    if (!status)
        status = library_notice_in_force(rq->arena, rq->store, NOTICE_PAPER, terms->offer.paper,
                                         &notice, err);
    if (status)
        return status;
    terms->notice = notice.text;
    struct query *q =
        query_start(rq->store, "SELECT \"group\" FROM group_paper WHERE paper = ?1 LIMIT ?2");
    query_bind_int(q, 1, terms->offer.paper);
    query_bind_int(q, 2, OFFER_GROUPS_MAX);
    while (query_row(q))
        terms->groups[terms->ngroups++] = query_int(q, 0);
    return query_end(q, err);
}
