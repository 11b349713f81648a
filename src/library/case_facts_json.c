/* The facts of a case as case.json; see case_facts.h and docs/case-json.md. */
#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "base/json.h"
#include "library/case_facts.h"
#include "library/finding_json.h"
#include "library/record.h"

static json_t *hex_of(const struct digest *digest)
{
    char hex[DIGEST_HEX + 1];
    digest_to_hex(digest, hex);
    return json_string(hex);
}

static json_t *hex_of_bytes(struct str bytes)
{
    char hex[65] = "";
    if (bytes.len < sizeof hex / 2)
        (void)sodium_bin2hex(hex, sizeof hex, (const unsigned char *)bytes.at, bytes.len);
    return json_string(hex);
}

/* A text that may come from anywhere. */
static json_t *text_of(struct str text)
{
    json_t *json = str_to_json(text);
    return json ? json : json_string("");
}

/* --- the case and its people ------------------------------------------------------------------------ */

/* When a report came may tell from whom: that is for stewards. */
static json_t *case_json(const struct case_facts *f)
{
    json_t *one = json_pack("{s:o, s:o, s:s}", "number", json_sprintf("C%" PRId64, f->file.id),
                            "kind", text_of(f->file.kind), "state", case_state_name(f->file.state));
    if (!f->accused_reader)
        json_object_set_new(one, "opened_ms", json_integer(f->file.opened_ms));
    return one;
}

static json_t *exhibits_json(const struct case_facts *f)
{
    json_t *list = json_array();
    for (size_t i = 0; i < f->nexhibits; i++) {
        const struct case_held *h = &f->exhibits[i];
        json_t *one = json_pack("{s:o, s:I, s:b}", "sha256", hex_of(&h->exhibit.digest), "size",
                                (json_int_t)h->exhibit.size, "within", h->bytes.len > 0);
        if (!f->accused_reader) {
            json_object_set_new(one, "name", text_of(h->exhibit.name));
            json_object_set_new(one, "by", text_of(h->exhibit.by));
            json_object_set_new(one, "source", text_of(h->exhibit.source));
            json_object_set_new(one, "added_ms", json_integer(h->exhibit.added_ms));
        }
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *accused_json(const struct case_facts *f)
{
    json_t *list = json_array();
    for (size_t i = 0; i < f->naccused; i++) {
        const struct case_accused *a = &f->accused[i];
        json_array_append_new(list, json_pack("{s:o, s:o, s:I, s:b, s:o}", "member",
                                              record_member(a->member), "name", text_of(a->name),
                                              "since_ms", (json_int_t)a->since_ms, "by_finding",
                                              a->finding != 0, "words",
                                              text_of(f->accused_reader ? STR("") : a->words)));
    }
    return list;
}

static json_t *accepted_json(const struct case_facts *f)
{
    json_t *list = json_array();
    for (size_t i = 0; i < f->naccepted; i++)
        json_array_append_new(list, json_pack("{s:o, s:I, s:o}", "member",
                                              record_member(f->accepted[i].member), "time_ms",
                                              (json_int_t)f->accepted[i].time_ms, "notice_sha256",
                                              hex_of(&f->accepted[i].text)));
    return list;
}

static json_t *given_json(const struct case_facts *f)
{
    json_t *list = json_array();
    for (size_t i = 0; i < f->ngiven; i++)
        json_array_append_new(list, json_pack("{s:o, s:o, s:I, s:I}", "member",
                                              record_member(f->given[i].member), "paper",
                                              json_sprintf("P%" PRId64, f->given[i].paper),
                                              "edition", (json_int_t)f->given[i].edition,
                                              "first_ms", (json_int_t)f->given[i].time_ms));
    return list;
}

static json_t *sanctions_json(const struct case_facts *f)
{
    json_t *list = json_array();
    for (size_t i = 0; i < f->nsanctions; i++) {
        const struct case_sanction *s = &f->sanctions[i];
        json_t *one =
            json_pack("{s:o, s:o, s:s, s:o, s:s, s:I, s:I, s:I, s:I}", "sanction",
                      json_sprintf("X%" PRId64, s->id), "member", record_member(s->member),
                      "measure", case_measure_name(s->measure), "grounds", text_of(s->grounds),
                      "state", case_state_name(s->state), "told_ms", (json_int_t)s->told_ms,
                      "read_ms", (json_int_t)s->read_ms, "until_ms", (json_int_t)s->until_ms,
                      "appeal_until_ms", (json_int_t)s->appeal_until_ms);
        if (s->appealed_ms)
            json_object_set_new(one, "appeal",
                                json_pack("{s:o, s:I, s:o, s:I, s:o}", "words", text_of(s->appeal),
                                          "made_ms", (json_int_t)s->appealed_ms, "answer",
                                          text_of(s->reasons), "answered_ms",
                                          (json_int_t)s->heard_ms, "by",
                                          text_of(f->accused_reader ? STR("") : s->heard_by)));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *decisions_json(const struct case_facts *f)
{
    json_t *list = json_array();
    for (size_t i = 0; i < f->ndecisions; i++) {
        const struct case_decision *d = &f->decisions[i];
        json_array_append_new(
            list, json_pack("{s:o, s:I, s:o, s:I, s:o, s:o}", "proposed_by", text_of(d->proposer),
                            "proposed_ms", (json_int_t)d->proposed_ms, "ended_by",
                            text_of(d->second), "ended_ms", (json_int_t)d->ended_ms, "outcome",
                            text_of(d->outcome), "grounds", text_of(d->grounds)));
    }
    return list;
}

/* --- findings --------------------------------------------------------------------------------------- */

/* [number, site, channel, seen, counted, bias, [alternatives], [bits of those named], found] */
static json_t *mark_json(const struct case_found *found, const struct case_beside *b, size_t i)
{
    const struct trace_mark *m = &b->match->marks[i];
    json_t *bits = json_array();
    for (size_t k = 0; k < found->finding.nmembers; k++)
        json_array_append_new(bits, json_integer(b->bits[k * b->match->nmarks + i]));
    return json_pack("{s:I, s:s, s:i, s:b, s:i, s:[o,o], s:o, s:o}", "site", (json_int_t)m->site,
                     "channel", paper_channel_name(m->channel), "seen", (int)m->shown, "counted",
                     (int)m->counted, "bias", (int)b->bias[i], "alternatives", text_of(m->alt[0]),
                     text_of(m->alt[1]), "held", bits, "found",
                     text_of(str_slice(b->text, m->at, m->len)));
}

static json_t *beside_json(const struct case_found *found, const struct case_beside *b)
{
    json_t *marks = json_array();
    for (size_t i = 0; i < b->match->nmarks; i++)
        json_array_append_new(marks, mark_json(found, b, i));
    json_t *signs = json_array();
    for (size_t i = 0; i < b->nsigns; i++)
        json_array_append_new(signs, text_of(b->signs[i]));
    return json_pack("{s:I, s:o, s:I, s:o, s:b, s:o, s:o}", "exhibit", (json_int_t)b->number,
                     "paper", json_sprintf("P%" PRId64, b->edition.paper), "edition",
                     (json_int_t)b->edition.number, "document_sha256",
                     hex_of(&b->edition.doc_digest), "gone", b->gone, "signs", signs, "marks",
                     marks);
}

static json_t *run_exhibits_json(const struct trace_run *run)
{
    json_t *list = json_array();
    for (size_t i = 0; i < run->nexhibits; i++)
        json_array_append_new(list, hex_of(&run->exhibits[i].digest));
    return list;
}

static json_t *finding_json(const struct case_facts *f, const struct case_found *found)
{
    json_t *besides = json_array();
    json_t *finding = library_finding_json(&found->finding);
    json_t *member;
    size_t i;
    for (i = 0; i < found->nbesides; i++)
        json_array_append_new(besides, beside_json(found, &found->besides[i]));
    json_array_foreach(json_object_get(finding, "members"), i, member)
        json_object_del(member, "email");
    json_object_del(finding,
                    "signs"); /* whose copies the numbers are that anybody may have printed */
    json_t *one =
        json_pack("{s:o, s:I, s:o, s:o, s:o}", "trace", json_sprintf("F%" PRId64, found->run.id),
                  "ended_ms", (json_int_t)found->run.ended_ms, "exhibits",
                  run_exhibits_json(&found->run), "finding", finding, "beside", besides);
    if (!f->accused_reader) {
        json_object_set_new(one, "asked_ms", json_integer(found->run.asked_ms));
        json_object_set_new(one, "asked_by", text_of(found->run.asker));
    }
    return one;
}

static json_t *findings_json(const struct case_facts *f)
{
    json_t *list = json_array();
    for (size_t i = 0; i < f->nfound; i++)
        json_array_append_new(list, finding_json(f, &f->found[i]));
    return list;
}

/* --- the record ------------------------------------------------------------------------------------- */

static json_t *line_json(const struct case_record_line *line)
{
    const struct store_shown *s = &line->shown;
    json_t *one = json_pack("{s:I, s:I, s:o, s:o, s:o}", "line", (json_int_t)s->event.seq,
                            "time_ms", (json_int_t)s->event.time_ms, "kind", text_of(s->event.kind),
                            "before", hex_of(&s->before), "hash", hex_of(&s->event.hash));
    if (!line->open) {
        json_object_set_new(one, "said", hex_of(&s->said));
        return one;
    }
    json_object_set_new(one, "salt", hex_of_bytes(s->salt));
    json_object_set_new(one, "actor", text_of(s->event.actor));
    json_object_set_new(one, "subject", text_of(s->event.subject));
    json_object_set_new(one, "data", text_of(s->event.data));
    return one;
}

static json_t *record_json(const struct case_facts *f)
{
    json_t *lines = json_array();
    for (size_t i = 0; i < f->nlines; i++) {
        json_t *one = line_json(&f->lines[i]);
        json_t *path = json_array();
        for (unsigned k = 0; k < f->lines[i].path.nsteps; k++)
            json_array_append_new(path, hex_of(&f->lines[i].path.steps[k]));
        json_object_set_new(one, "path", path);
        json_array_append_new(lines, one);
    }
    return json_pack("{s:I, s:o, s:o, s:o}", "lines", (json_int_t)f->record_lines, "tree",
                     hex_of(&f->tree), "events", lines, "closing", line_json(&f->closing));
}

json_t *case_facts_json(const struct case_facts *f)
{
    json_t *all =
        json_pack("{s:i, s:s, s:I, s:o, s:o}", "case_file", CASE_FACTS_VERSION, "for",
                  f->accused_reader ? "accused" : "stewards", "made_ms", (json_int_t)f->made_ms,
                  "made_by", text_of(f->maker), "organisation", text_of(f->organisation));
    json_object_set_new(all, "case", case_json(f));
    json_object_set_new(all, "exhibits", exhibits_json(f));
    json_object_set_new(all, "accused", accused_json(f));
    json_object_set_new(all, "accepted", accepted_json(f));
    json_object_set_new(all, "given", given_json(f));
    json_object_set_new(all, "findings", findings_json(f));
    json_object_set_new(all, "decisions", decisions_json(f));
    json_object_set_new(all, "sanctions", sanctions_json(f));
    json_object_set_new(all, "record", record_json(f));
    return all;
}
