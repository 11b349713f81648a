/* Findings as JSON; see finding_json.h. */
#include "library/finding_json.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "library/keys.h"
#include "library/record.h"
#include "library/trace_look.h"
#include "library/trace_sign.h"

/* --- the documented object ------------------------------------------------------------------------ */

static json_t *source_json(const struct trace_source *s)
{
    json_t *marks = json_object();
    for (int c = 0; c < PAPER_CHANNELS; c++)
        if (s->sites[c])
            json_object_set_new(marks, paper_channel_name((enum paper_channel)c),
                                json_pack("{s:i, s:i, s:i, s:i}", "sites", (int)s->sites[c], "read",
                                          (int)s->reads[c], "doubtful", (int)s->doubtful[c],
                                          "erased", (int)s->erased[c]));
    return json_pack("{s:o, s:I, s:o, s:b, s:f, s:o}", "paper",
                     json_sprintf("P%" PRId64, s->edition.paper), "edition",
                     (json_int_t)s->edition.number, "title", str_to_json(s->edition.title),
                     "key_stolen", s->key_stolen, "coverage", s->coverage, "marks", marks);
}

/* Tallies as [bias, bit, explained, known, sites, agree, doubt]. */
static json_t *proof_json(const struct trace_proof *proof)
{
    json_t *tallies = json_array();
    for (size_t i = 0; i < proof->ntallies; i++) {
        const struct mark_tally *t = &proof->tallies[i];
        json_array_append_new(tallies, json_pack("[iiiiiii]", (int)t->bias, (int)t->bit,
                                                 (int)t->explained, (int)t->known, (int)t->sites,
                                                 (int)t->agree, (int)t->doubt));
    }
    json_t *favoured = proof->favoured ? json_sprintf("P%" PRId64, proof->favoured) : json_null();
    json_t *part =
        proof->part.paper
            ? json_pack("{s:o, s:[I,I]}", "paper", json_sprintf("P%" PRId64, proof->part.paper),
                        "sites", (json_int_t)proof->part.from, (json_int_t)proof->part.to)
            : json_null();
    return json_pack("{s:f, s:[I,I], s:o, s:o, s:i, s:o}", "share", proof->share, "exhibits",
                     (json_int_t)proof->first, (json_int_t)proof->count, "favoured", favoured,
                     "part", part, "stage", (int)proof->stage, "tallies", tallies);
}

static json_t *member_json(const struct trace_member *m)
{
    json_t *channels = json_object();
    for (int c = 0; c < PAPER_CHANNELS; c++)
        if (m->read_by[c])
            json_object_set_new(
                channels, paper_channel_name((enum paper_channel)c),
                json_pack("{s:i, s:i}", "agree", (int)m->agree_by[c], "read", (int)m->read_by[c]));
    return json_pack("{s:o, s:o, s:o, s:b, s:f, s:f, s:f, s:i, s:i, s:i, s:o, s:o}", "member",
                     record_member(m->id), "name", str_to_json(m->name), "email",
                     str_to_json(m->email), "erased", m->erased, "score", m->score, "log10_p",
                     m->log10_p, "log10_p_all", m->log10_p_all, "agree", (int)m->agree, "read",
                     (int)m->read, "explains", (int)m->explains, "channels", channels, "proof",
                     proof_json(&m->proof));
}

static json_t *sign_json(const struct finding *f, const struct trace_sign *s)
{
    struct arena *arena = arena_make();
    json_t *json = json_pack(
        "{s:o, s:I, s:s}", "number", str_to_json(serial_print(arena, &s->number)), "exhibit",
        (json_int_t)s->exhibit, "says", sign_says_name(library_sign_says(f, s)));
    arena_free(arena);
    json_object_set_new(json, "paper",
                        s->member ? json_sprintf("P%" PRId64, s->paper) : json_null());
    json_object_set_new(json, "edition", s->member ? json_integer(s->edition) : json_null());
    json_object_set_new(json, "member", s->member ? record_member(s->member) : json_null());
    json_object_set_new(json, "name", s->member ? str_to_json(s->name) : json_null());
    json_object_set_new(json, "erased", json_boolean(s->erased));
    return json;
}

static json_t *look_json(const struct trace_look *l)
{
    char hex[DIGEST_HEX + 1];
    json_t *languages = json_array();
    digest_to_hex(&l->digest, hex);
    for (enum lang lang = 0; lang < LANG_COUNT; lang++)
        if (l->read_in[lang])
            json_array_append_new(languages, json_string(lang_code(lang)));
    return json_pack("{s:s, s:s, s:i, s:i, s:f, s:o}", "sha256", hex, "read_as",
                     trace_look_name(l->kind), "pages", (int)l->pages, "pictured", (int)l->pictured,
                     "doubt", l->doubt, "languages", languages);
}

json_t *library_finding_json(const struct finding *f)
{
    json_t *looks = json_array();
    json_t *sources = json_array();
    json_t *members = json_array();
    json_t *signs = json_array();
    for (size_t i = 0; i < f->nlooks; i++)
        json_array_append_new(looks, look_json(&f->looks[i]));
    for (size_t i = 0; i < f->nsigns; i++)
        json_array_append_new(signs, sign_json(f, &f->signs[i]));
    for (size_t i = 0; i < f->nsources; i++)
        json_array_append_new(sources, source_json(&f->sources[i]));
    for (size_t i = 0; i < f->nmembers; i++)
        json_array_append_new(members, member_json(&f->members[i]));
    return json_pack("{s:s, s:f, s:I, s:o, s:o, s:o, s:i, s:o, s:{s:i, s:I}}", "verdict",
                     verdict_name(f->verdict), "false_alarm", f->false_alarm, "tested",
                     (json_int_t)f->tested, "exhibits", looks, "sources", sources, "members",
                     members, "unexplained", (int)f->unexplained, "signs", signs, "needed", "marks",
                     (int)f->needed_marks, "characters", (json_int_t)f->needed_characters);
}

/* --- keeping -------------------------------------------------------------------------------------- */

struct str library_pack_finding(struct arena *arena, const struct finding *f)
{
    json_t *json = library_finding_json(f);
    json_t *member;
    size_t i;
    json_array_foreach(json_object_get(json, "members"), i, member)
    {
        json_object_del(member, "name");
        json_object_del(member, "email");
    }
    json_array_foreach(json_object_get(json, "signs"), i, member) json_object_del(member, "name");
    return str_from_json(arena, json);
}

static enum status damaged(struct error *err)
{
    return error_set(err, STATUS_DAMAGED, "A finding that was kept can't be read any more.",
                     "一份已存的认定无法读取。");
}

static int64_t whole(const json_t *json, const char *name)
{
    return json_integer_value(json_object_get(json, name));
}

/* A number of a list; 0 where it is none, or below 0. */
static size_t offset(const json_t *list, size_t at)
{
    json_int_t value = json_integer_value(json_array_get(list, at));
    return value > 0 ? (size_t)value : 0;
}

/* The number of "P3" or "M17". */
static int64_t number_of(const json_t *json, const char *name)
{
    uint64_t number = 0;
    struct str text = str_of(json_string_value(json_object_get(json, name)));
    return str_to_u64(str_slice(text, 1, text.len), &number) ? (int64_t)number : 0;
}

static enum status read_source(struct arena *arena, struct store *store, const json_t *json,
                               struct trace_source *s, struct error *err)
{
    enum status status = library_find_edition(arena, store, number_of(json, "paper"),
                                              whole(json, "edition"), &s->edition, err);
    /* It may have become known after the finding. */
    if (!status)
        status = library_key_stolen(store, s->edition.key_epoch, &s->key_stolen, err);
    s->coverage = json_number_value(json_object_get(json, "coverage"));
    for (int c = 0; c < PAPER_CHANNELS; c++) {
        const json_t *marks = json_object_get(json_object_get(json, "marks"),
                                              paper_channel_name((enum paper_channel)c));
        s->sites[c] = (uint32_t)whole(marks, "sites");
        s->reads[c] = (uint32_t)whole(marks, "read");
        s->doubtful[c] = (uint32_t)whole(marks, "doubtful");
        s->erased[c] = (uint32_t)whole(marks, "erased");
    }
    return status;
}

static void read_proof(struct arena *arena, const json_t *json, struct trace_proof *proof)
{
    const json_t *exhibits = json_object_get(json, "exhibits");
    const json_t *tallies = json_object_get(json, "tallies");
    const json_t *part = json_object_get(json, "part");
    const json_t *sites = json_object_get(part, "sites");
    *proof = (struct trace_proof){
        .share = json_number_value(json_object_get(json, "share")),
        .first = offset(exhibits, 0),
        .count = offset(exhibits, 1),
        .favoured = number_of(json, "favoured"),
        .part = {number_of(part, "paper"), (uint32_t)offset(sites, 0), (uint32_t)offset(sites, 1)},
        .stage = (unsigned)whole(json, "stage"),
        .tallies = arena_array(arena, json_array_size(tallies) + 1, struct mark_tally),
        .ntallies = json_array_size(tallies),
    };
    for (size_t i = 0; i < proof->ntallies; i++) {
        const json_t *t = json_array_get(tallies, i);
        proof->tallies[i] = (struct mark_tally){(unsigned)offset(t, 0), (unsigned)offset(t, 1),
                                                (unsigned)offset(t, 2), (unsigned)offset(t, 3),
                                                (uint32_t)offset(t, 4), (uint32_t)offset(t, 5),
                                                (unsigned)offset(t, 6)};
    }
}

static enum status read_member(struct arena *arena, struct store *store, const json_t *json,
                               struct trace_member *m, struct error *err)
{
    *m = (struct trace_member){
        .id = number_of(json, "member"),
        .score = json_number_value(json_object_get(json, "score")),
        .log10_p = json_number_value(json_object_get(json, "log10_p")),
        .log10_p_all = json_number_value(json_object_get(json, "log10_p_all")),
        .agree = (uint32_t)whole(json, "agree"),
        .read = (uint32_t)whole(json, "read"),
        .explains = (uint32_t)whole(json, "explains"),
    };
    for (int c = 0; c < PAPER_CHANNELS; c++) {
        const json_t *channel = json_object_get(json_object_get(json, "channels"),
                                                paper_channel_name((enum paper_channel)c));
        m->agree_by[c] = (uint32_t)whole(channel, "agree");
        m->read_by[c] = (uint32_t)whole(channel, "read");
    }
    read_proof(arena, json_object_get(json, "proof"), &m->proof);
    struct query *q = query_start(store, "SELECT name, email FROM member WHERE id = ?1");
    query_bind_int(q, 1, m->id);
    if (query_row(q)) {
        m->name = str_copy(arena, query_str(q, 0));
        m->email = str_copy(arena, query_str(q, 1));
    }
    return query_end(q, err);
}

static enum status read_sign(struct arena *arena, struct store *store, const json_t *json,
                             struct trace_sign *s, struct error *err)
{
    *s = (struct trace_sign){.exhibit = (size_t)whole(json, "exhibit"),
                             .paper = number_of(json, "paper"),
                             .edition = whole(json, "edition"),
                             .member = number_of(json, "member")};
    (void)serial_read(str_of(json_string_value(json_object_get(json, "number"))), &s->number);
    struct query *q =
        query_start(store, "SELECT name, erased_ms IS NOT NULL FROM member WHERE id = ?1");
    query_bind_int(q, 1, s->member);
    if (query_row(q)) {
        s->name = str_copy(arena, query_str(q, 0));
        s->erased = query_int(q, 1) != 0;
    }
    return query_end(q, err);
}

static bool read_look(const json_t *json, struct trace_look *l)
{
    const json_t *language;
    size_t i;
    struct str hex = str_of(json_string_value(json_object_get(json, "sha256")));
    *l = (struct trace_look){.pages = (unsigned)whole(json, "pages"),
                             .pictured = (unsigned)whole(json, "pictured"),
                             .doubt = json_number_value(json_object_get(json, "doubt"))};
    json_array_foreach(json_object_get(json, "languages"), i, language)
    {
        enum lang lang;
        if (lang_parse(str_of(json_string_value(language)), &lang))
            l->read_in[lang] = true;
    }
    return digest_from_hex(hex, &l->digest) &&
           trace_look_parse(str_of(json_string_value(json_object_get(json, "read_as"))), &l->kind);
}

static bool read_verdict(const json_t *json, enum verdict *verdict)
{
    struct str name = str_of(json_string_value(json_object_get(json, "verdict")));
    for (int v = VERDICT_NAMED; v <= VERDICT_UNKNOWN_SOURCE; v++) {
        if (!str_equal(name, str_of(verdict_name((enum verdict)v))))
            continue;
        *verdict = (enum verdict)v;
        return true;
    }
    return false;
}

static enum status read_finding(struct arena *arena, struct store *store, const json_t *json,
                                struct finding *f, struct error *err)
{
    const json_t *looks = json_object_get(json, "exhibits");
    const json_t *sources = json_object_get(json, "sources");
    const json_t *members = json_object_get(json, "members");
    const json_t *signs = json_object_get(json, "signs");
    enum status status = STATUS_OK;
    *f = (struct finding){0};
    if (!read_verdict(json, &f->verdict))
        return damaged(err);
    f->false_alarm = json_number_value(json_object_get(json, "false_alarm"));
    f->tested = (uint64_t)whole(json, "tested");
    f->unexplained = (uint32_t)whole(json, "unexplained");
    f->needed_marks = (uint32_t)whole(json_object_get(json, "needed"), "marks");
    f->needed_characters = (uint64_t)whole(json_object_get(json, "needed"), "characters");
    f->sources = arena_array(arena, json_array_size(sources) + 1, struct trace_source);
    f->members = arena_array(arena, json_array_size(members) + 1, struct trace_member);
    for (size_t i = 0; !status && i < json_array_size(sources); i++)
        status =
            read_source(arena, store, json_array_get(sources, i), &f->sources[f->nsources++], err);
    for (size_t i = 0; !status && i < json_array_size(members); i++)
        status =
            read_member(arena, store, json_array_get(members, i), &f->members[f->nmembers++], err);
    f->looks = arena_array(arena, json_array_size(looks) + 1, struct trace_look);
    for (size_t i = 0; i < json_array_size(looks); i++)
        f->nlooks += read_look(json_array_get(looks, i), &f->looks[f->nlooks]);
    f->signs = arena_array(arena, json_array_size(signs) + 1, struct trace_sign);
    for (size_t i = 0; !status && i < json_array_size(signs); i++)
        status = read_sign(arena, store, json_array_get(signs, i), &f->signs[f->nsigns++], err);
    return status;
}

enum status library_unpack_finding(struct arena *arena, struct store *store, struct str text,
                                   struct finding *finding, struct error *err)
{
    json_t *json = json_loadb(text.at, text.len, 0, NULL);
    enum status status = read_finding(arena, store, json, finding, err);
    json_decref(json);
    return status;
}

/* --- where the marks stand ------------------------------------------------------------------------ */

static json_t *match_json(const struct trace_match *match)
{
    json_t *spans = json_array();
    json_t *marks = json_array();
    for (size_t i = 0; i < match->nspans; i++) {
        const struct span *s = &match->spans[i];
        json_array_append_new(spans,
                              json_pack("[IIII]", (json_int_t)s->at, (json_int_t)s->len,
                                        (json_int_t)s->source_at, (json_int_t)s->source_len));
    }
    for (size_t i = 0; i < match->nmarks; i++) {
        const struct trace_mark *m = &match->marks[i];
        json_array_append_new(
            marks,
            json_pack("[IsibIIIIooii]", (json_int_t)m->site, paper_channel_name(m->channel),
                      (int)m->shown, (int)m->counted, (json_int_t)m->at, (json_int_t)m->len,
                      (json_int_t)m->source_at, (json_int_t)m->source_len, str_to_json(m->alt[0]),
                      str_to_json(m->alt[1]), (int)m->doubt, (int)m->shift));
    }
    return json_pack("{s:I, s:I, s:I, s:o, s:o}", "exhibit", (json_int_t)match->exhibit, "source",
                     (json_int_t)match->source, "edition", (json_int_t)match->edition, "spans",
                     spans, "marks", marks);
}

struct str library_pack_matches(struct arena *arena, const struct finding *f)
{
    json_t *matches = json_array();
    for (size_t i = 0; i < f->nmatches; i++)
        json_array_append_new(matches, match_json(&f->matches[i]));
    return str_from_json(arena, json_pack("{s:o}", "matches", matches));
}

static struct str text_at(struct arena *arena, const json_t *list, size_t at)
{
    const json_t *text = json_array_get(list, at);
    struct str s = {json_string_value(text), json_string_length(text)};
    return str_copy(arena, s);
}

static void read_mark(struct arena *arena, const json_t *json, struct trace_mark *m)
{
    *m = (struct trace_mark){
        .site = (uint32_t)offset(json, 0),
        .shown = (int8_t)json_integer_value(json_array_get(json, 2)),
        .counted = json_is_true(json_array_get(json, 3)),
        .at = offset(json, 4),
        .len = offset(json, 5),
        .source_at = offset(json, 6),
        .source_len = offset(json, 7),
        .alt = {text_at(arena, json, 8), text_at(arena, json, 9)},
        .doubt = (uint8_t)offset(json, 10),
        .shift = offset(json, 11) == PAPER_SHIFT_LINE ? PAPER_SHIFT_LINE : PAPER_SHIFT_GAP,
    };
    (void)paper_channel_parse(str_of(json_string_value(json_array_get(json, 1))), &m->channel);
}

static enum status read_match(struct arena *arena, struct store *store, const json_t *json,
                              const struct finding *f, struct trace_match *match, struct error *err)
{
    const json_t *spans = json_object_get(json, "spans");
    const json_t *marks = json_object_get(json, "marks");
    struct edition edition;
    struct edition_text *text = arena_new(arena, struct edition_text);
    *match = (struct trace_match){
        .exhibit = (size_t)whole(json, "exhibit"),
        .source = (size_t)whole(json, "source"),
        .edition = whole(json, "edition"),
        .spans = arena_array(arena, json_array_size(spans) + 1, struct span),
        .nspans = json_array_size(spans),
        .marks = arena_array(arena, json_array_size(marks) + 1, struct trace_mark),
        .nmarks = json_array_size(marks),
    };
    if (match->source >= f->nsources)
        return damaged(err);
    for (size_t i = 0; i < match->nspans; i++) {
        const json_t *s = json_array_get(spans, i);
        match->spans[i] = (struct span){offset(s, 0), offset(s, 1), offset(s, 2), offset(s, 3)};
    }
    for (size_t i = 0; i < match->nmarks; i++)
        read_mark(arena, json_array_get(marks, i), &match->marks[i]);
    enum status status = library_find_edition(arena, store, f->sources[match->source].edition.paper,
                                              match->edition, &edition, err);
    if (!status)
        status = library_load_edition(arena, store, &edition, text, err);
    if (!status)
        match->text = text->doc.text;
    return status;
}

enum status library_unpack_matches(struct arena *arena, struct store *store, struct str text,
                                   struct finding *f, struct error *err)
{
    json_t *json = json_loadb(text.at, text.len, 0, NULL);
    const json_t *matches = json_object_get(json, "matches");
    enum status status = json_is_array(matches) ? STATUS_OK : damaged(err);
    f->nmatches = 0;
    f->matches = arena_array(arena, json_array_size(matches) + 1, struct trace_match);
    for (size_t i = 0; !status && i < json_array_size(matches); i++)
        status = read_match(arena, store, json_array_get(matches, i), f, &f->matches[f->nmatches++],
                            err);
    json_decref(json);
    return status;
}
