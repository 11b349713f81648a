/* Shared by the pages of writing; see writing.h. */
#include "server/writing.h"

#include "base/number.h"
#include "library/member.h"

enum status writing_find_draft(struct request *rq, struct draft *draft, struct error *err)
{
    return library_find_draft(rq->arena, rq->store, rq->viewer.member, rq->params[0], draft, err);
}

struct str writing_path(struct request *rq, struct str key, const char *rest)
{
    return str_format(rq->arena, "/write/%.*s%s", STR_ARG(key), rest);
}

struct str writing_blank_kind(const struct request *rq, enum placeholder_kind kind)
{
    static const char *const words[PLACEHOLDER_KINDS][2] = {
        [PLACEHOLDER_TEXT] = {"text", "文字"},     [PLACEHOLDER_DATE] = {"date", "日期"},
        [PLACEHOLDER_PLACE] = {"place", "地点"},   [PLACEHOLDER_NUMBER] = {"number", "数字"},
        [PLACEHOLDER_CHOICE] = {"choice", "选择"},
    };
    return request_words(rq, words[kind][0], words[kind][1]);
}

struct str writing_blank_choices(struct arena *arena, const struct blank *b)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < b->nchoices; i++) {
        buf_add(&out, i ? STR("; ") : STR(""));
        buf_add(&out, b->choices[i]);
    }
    return buf_str(&out);
}

struct str writing_level(const struct request *rq, enum paper_level level)
{
    static const char *const names[][LANG_COUNT] = {
        [PAPER_DISCREET] = {"轻度（仅用词、语序、标点）",
                            "discreet (wording, word order, punctuation)"},
        [PAPER_STANDARD] = {"标准（另加间距、零宽）", "standard (adds spacing and zero width)"},
        [PAPER_FULL] = {"全面（再加字形、版式）", "full (adds letter forms and layout)"},
    };
    return str_of(names[level][rq->lang]);
}

struct str writing_lines(struct arena *arena, struct str text)
{
    struct buf out = {.arena = arena};
    buf_reserve(&out, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        bool pair = text.at[i] == '\r' && i + 1 < text.len && text.at[i + 1] == '\n';
        if (!pair)
            buf_add_byte(&out, text.at[i] == '\r' ? '\n' : text.at[i]);
    }
    return buf_str(&out);
}

const struct field WRITING_CHOICE[] = {
    FIELD(TEXT, struct writing_choice, value),
    FIELD(TEXT, struct writing_choice, words),
    FIELD(FLAG, struct writing_choice, chosen),
    {0},
};

/* --- strength ----------------------------------------------------------------------------------- */

const struct field STRENGTH_PART[] = {
    FIELD(NUMBER, struct strength_part, sites),
    FIELD(NUMBER, struct strength_part, visible),
    FIELD(NUMBER, struct strength_part, locked),
    FIELD(NUMBER, struct strength_part, colluders),
    FIELD(NUMBER, struct strength_part, coalition),
    FIELD(NUMBER, struct strength_part, wanted),
    FIELD(NUMBER, struct strength_part, excerpt),
    FIELD(NUMBER, struct strength_part, excerpt_million),
    FIELD(TEXT, struct strength_part, level),
    FIELD(TEXT, struct strength_part, list),
    FIELD(TEXT, struct strength_part, excerpt_words),
    FIELD(TEXT, struct strength_part, million_words),
    FIELD(NUMBER, struct strength_part, page_characters),
    FIELD(NUMBER, struct strength_part, page_marks),
    FIELD(NUMBER, struct strength_part, page_layout_marks),
    FIELD(NUMBER, struct strength_part, scan_pages),
    FIELD(TEXT, struct strength_part, coalition_words),
    FIELD(TEXT, struct strength_part, picture_words),
    FIELD(TEXT, struct strength_part, raise_words),
    {0},
};

static struct str list_channels(struct request *rq, const struct strength *s)
{
    struct buf list = {.arena = rq->arena};
    for (int c = 0; c < PAPER_CHANNELS; c++)
        if (s->sites[c])
            buf_format(&list, "%s%s %u", list.len ? lang_pick(rq->lang, ", ", "，") : "",
                       paper_channel_word((enum paper_channel)c, rq->lang), s->sites[c]);
    return buf_str(&list);
}

static struct str say_excerpt(struct request *rq, size_t characters, struct str among)
{
    bool zh = rq->lang == LANG_ZH;
    struct str length = number_words(rq->arena, (int64_t)characters);
    if (characters && zh)
        return str_format(rq->arena, "手工重打的 %.*s 字摘录，即可在%.*s中认定一名泄露者。",
                          STR_ARG(length), STR_ARG(among));
    if (characters)
        return str_format(
            rq->arena,
            "An excerpt of %.*s characters, retyped by hand, names one leaker among %.*s.",
            STR_ARG(length), STR_ARG(among));
    if (zh)
        return str_format(rq->arena, "即使全文手工重打，也不能在%.*s中可靠认定一名泄露者。",
                          STR_ARG(among));
    return str_format(
        rq->arena,
        "Even the whole text, retyped by hand, does not surely name one leaker among %.*s.",
        STR_ARG(among));
}

/* Nothing where it would only say again that nobody is named. */
static struct str say_million(struct request *rq, const struct strength *s)
{
    if (s->members && !s->excerpt_present && !s->excerpt_million)
        return STR("");
    return say_excerpt(rq, s->excerpt_million,
                       request_words(rq, "a million members", "一百万名成员"));
}

static struct str say_coalition(struct request *rq, unsigned coalition)
{
    if (coalition < 2)
        return request_words(rq, "Two members who combine their whole copies might not be found.",
                             "如有两名成员合并各自的全文副本，可能查不出来。");
    if (rq->lang == LANG_ZH)
        return str_format(rq->arena, "至多 %u 名成员合并各自的全文副本，仍能认定其中一人。",
                          coalition);
    return str_format(rq->arena,
                      "Up to %u members may combine their whole copies and one is still named.",
                      coalition);
}

static struct str say_raise(struct request *rq, const struct strength *s)
{
    if (s->wanted <= s->visible)
        return STR("");
    if (rq->lang == LANG_ZH)
        return str_format(rq->arena,
                          "再增加 %u 处用词、语序或标点标记位。可查看已锁定的、自行添加，"
                          "或将较长文本合为一篇发布。",
                          s->wanted - s->visible);
    return str_format(rq->arena,
                      "%u more sites in words, order or punctuation. Look at the "
                      "locked ones, add your own, or publish longer texts as one paper.",
                      s->wanted - s->visible);
}

static struct str say_members(struct request *rq, uint64_t members)
{
    if (rq->lang == LANG_ZH)
        return str_format(rq->arena, "现有 %.*s 名成员",
                          STR_ARG(number_words(rq->arena, (int64_t)members)));
    return str_format(rq->arena, "the %.*s present member%s",
                      STR_ARG(number_words(rq->arena, (int64_t)members)), members == 1 ? "" : "s");
}

static enum status count_members(struct store *store, uint64_t *count, struct error *err)
{
    struct query *q = query_start(store, "SELECT count(*) FROM member");
    *count = query_row(q) ? (uint64_t)query_int(q, 0) : 0;
    return query_end(q, err);
}

enum status writing_measure(struct request *rq, const struct edition_text *text,
                            struct strength_part *part, struct error *err)
{
    uint64_t members = 0;
    enum status status = count_members(rq->store, &members, err);
    if (status)
        return status;
    struct strength s = library_measure_strength(rq->arena, &text->doc, &text->sites,
                                                 text->edition.colluders, members);
    struct str present = say_members(rq, members);
    *part = (struct strength_part){
        .visible = s.visible,
        .locked = s.locked,
        .colluders = text->edition.colluders,
        .coalition = s.coalition,
        .wanted = s.wanted,
        .excerpt = (int64_t)s.excerpt_present,
        .excerpt_million = (int64_t)s.excerpt_million,
        .level = writing_level(rq, text->edition.level),
        .list = list_channels(rq, &s),
        .excerpt_words = members ? say_excerpt(rq, s.excerpt_present, present)
                                 : request_words(rq, "There are no members yet.", "尚无成员。"),
        .million_words = say_million(rq, &s),
        .page_characters = (int64_t)s.page_characters,
        .page_marks = s.page_marks,
        .page_layout_marks = s.page_layout,
        .scan_pages = s.scan_pages,
        .coalition_words = say_coalition(rq, s.coalition),
        .picture_words = library_picture_words(rq->arena, &s, rq->lang),
        .raise_words = say_raise(rq, &s),
    };
    for (int c = 0; c < PAPER_CHANNELS; c++)
        part->sites += s.sites[c];
    return STATUS_OK;
}
