/* A case file checked; see case_verify.h. Each check adds one line, whatever the ones before it came to. */
#include "library/case_verify.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "library/case_facts.h"

#define FACTS_MAX    ((size_t)64 << 20) /* bytes of case.json */
#define CHECKS_MOST  400U
#define NAMED_MOST   64U
#define RECORDED_MAX ((size_t)1 << 20) /* bytes of what the record says of a finding */
#define WORDS_MOST   120U              /* bytes of a name or title */
#define STEPS_MOST   (CHAIN_LEVELS + 1)
#define LIKE         1e-6 /* figures are written with 17 digits; logarithms differ by machines */

struct verifying {
    struct arena *arena, *scratch; /* scratch: emptied after each member */
    struct str file;
    struct case_seal seal;
    struct case_verified *out;
    json_t *facts;
};

static void add(struct verifying *v, const char *name, enum case_outcome outcome, const char *en,
                const char *zh, ...) __attribute__((format(printf, 4, 6), format(printf, 5, 6)));
static void add(struct verifying *v, const char *name, enum case_outcome outcome, const char *en,
                const char *zh, ...)
{
    struct buf words[2] = {{.arena = v->arena}, {.arena = v->arena}};
    if (outcome == CASE_FAILS)
        v->out->whole = false;
    if (v->out->nchecks == CHECKS_MOST)
        return;
    for (int i = 0; i < 2; i++) {
        va_list values;
        va_start(values, zh);
        buf_vformat(&words[i], i ? zh : en, values);
        va_end(values);
    }
    v->out->checks[v->out->nchecks++] =
        (struct case_check){name, outcome, buf_str(&words[0]), buf_str(&words[1])};
}

/* --- reading what may be anything ------------------------------------------------------------------- */

static struct str text_of(const json_t *json, const char *name)
{
    const json_t *text = json_object_get(json, name);
    return (struct str){json_string_value(text), json_string_length(text)};
}

static int64_t whole(const json_t *json, const char *name)
{
    return json_integer_value(json_object_get(json, name));
}

static double real(const json_t *json, const char *name)
{
    const json_t *value = json_object_get(json, name);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static bool digest_at(const json_t *json, const char *name, struct digest *digest)
{
    return digest_from_hex(text_of(json, name), digest);
}

static bool same(const struct digest *a, const struct digest *b)
{
    return memcmp(a->bytes, b->bytes, DIGEST_BYTES) == 0;
}

/* Words for people: an escape or a line end in them steers no terminal. */
static struct str plain(struct verifying *v, struct str text)
{
    struct buf out = {.arena = v->arena};
    struct str shown = utf8_cut(text, WORDS_MOST);
    for (size_t at = 0; at < shown.len;) {
        uint32_t code = utf8_next(shown, &at);
        buf_add_code(&out, code < ' ' || (code >= 0x7F && code < 0xA0) ? '?' : code);
    }
    return buf_str(&out);
}

/* --- the bytes -------------------------------------------------------------------------------------- */

static void check_signature(struct verifying *v, const struct digest *key)
{
    char hex[DIGEST_HEX + 1];
    digest_to_hex(&v->seal.key, hex);
    bool fits = case_seal_signed(v->file, &v->seal, key ? key : &v->seal.key);
    if (!fits && key && !same(key, &v->seal.key) &&
        case_seal_signed(v->file, &v->seal, &v->seal.key))
        add(v, "key", CASE_FAILS,
            "Signed by another key than the one you gave: %s. Whoever made this file does not hold that key.",
            "签名所用密钥与您给出的不同：%s。本卷宗并非出自该密钥的持有者。", hex);
    else if (fits && key)
        add(v, "key", CASE_FITS, "Signed by the key that you gave.", "由您给出的密钥签名。");
    else if (fits)
        add(v, "key", CASE_NOT_SHOWN,
            "Signed by the key that the file itself names, %s. Anybody can make a key: compare it with the one that "
            "the organisation has published, or give that with --key.",
            "由卷宗自身所载密钥签名：%s。任何人都能生成密钥：请与该单位公布的公钥核对，或用 --key 给出。",
            hex);
    add(v, "signature", fits ? CASE_FITS : CASE_FAILS,
        fits ? "Every byte of the file is as it was signed."
             : "The file is not as it was signed, or not by this key.",
        fits ? "卷宗的每个字节都与签名时一致。" : "卷宗与签名时不一致，或并非由此密钥签名。");
}

static void check_pages(struct verifying *v)
{
    struct digest pages = case_seal_pages(v->file, &v->seal);
    bool fits = same(&pages, &v->seal.pages);
    add(v, "pages", fits ? CASE_FITS : CASE_FAILS,
        fits ? "The pages are as they were signed." : "The pages were changed.",
        fits ? "页面与签名时一致。" : "页面被改动过。");
}

static void check_facts(struct verifying *v)
{
    struct str bytes = str_slice(v->file, v->seal.facts.at, v->seal.facts.len);
    struct digest digest = digest_of(bytes);
    bool fits = same(&digest, &v->seal.facts_digest);
    if (bytes.len <= FACTS_MAX)
        v->facts = json_loadb(bytes.at, bytes.len, JSON_REJECT_DUPLICATES, NULL);
    bool known = whole(v->facts, "case_file") == CASE_FACTS_VERSION;
    if (!known) {
        json_decref(v->facts);
        v->facts = NULL;
    }
    add(v, "facts", fits && known ? CASE_FITS : CASE_FAILS,
        !fits   ? "case.json was changed."
        : known ? "case.json is as it was signed."
                : "case.json can't be read, or is of a later version of the program.",
        !fits   ? "case.json 被改动过。"
        : known ? "case.json 与签名时一致。"
                : "case.json 无法读取，或出自更新版本的程序。");
}

static void check_exhibits(struct verifying *v)
{
    const json_t *list = json_object_get(v->facts, "exhibits");
    size_t at = 0;
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one)
    {
        struct digest said;
        bool within = json_is_true(json_object_get(one, "within"));
        struct str name = plain(v, text_of(one, "name"));
        if (!within) {
            add(v, "exhibit", CASE_NOT_SHOWN,
                "Exhibit %zu %.*s is not within the file; it must have the digest that is listed.",
                "物证 %zu %.*s 不在卷宗内，其摘要应与所列一致。", i + 1, STR_ARG(name));
            continue;
        }
        bool fits = at < v->seal.nfiles && digest_at(one, "sha256", &said);
        if (fits) {
            struct case_part part = v->seal.files[at++];
            struct digest found = digest_of(str_slice(v->file, part.at, part.len));
            fits = same(&said, &found) && whole(one, "size") == (int64_t)part.len;
        }
        add(v, "exhibit", fits ? CASE_FITS : CASE_FAILS,
            fits ? "Exhibit %zu %.*s has the digest that is listed."
                 : "Exhibit %zu %.*s was changed: its bytes have not the digest that is listed.",
            fits ? "物证 %zu %.*s 的摘要与所列一致。"
                 : "物证 %zu %.*s 被改动过：其字节与所列摘要不符。",
            i + 1, STR_ARG(name));
    }
    if (v->facts && at != v->seal.nfiles)
        add(v, "exhibit", CASE_FAILS, "The file holds exhibits that case.json does not list.",
            "卷宗内有 case.json 未列出的物证。");
}

/* --- the record ------------------------------------------------------------------------------------- */

struct line {
    int64_t seq;
    struct digest hash;
    struct str kind, subject, data;
    bool open;
};

static bool read_salt(struct str hex, char salt[16])
{
    struct digest padded;
    char digits[DIGEST_HEX] = {0};
    if (hex.len != 32)
        return false;
    memset(digits, '0', sizeof digits);
    memcpy(digits, hex.at, hex.len);
    if (!digest_from_hex((struct str){digits, sizeof digits}, &padded))
        return false;
    memcpy(salt, padded.bytes, 16);
    return true;
}

/* Reads a line, and whether its hash follows from what it says. */
static bool read_line(struct verifying *v, const json_t *json, struct line *line)
{
    struct digest before;
    struct digest said;
    struct digest stated;
    char salt[16];
    *line = (struct line){.seq = whole(json, "line"),
                          .kind = text_of(json, "kind"),
                          .subject = text_of(json, "subject"),
                          .data = text_of(json, "data"),
                          .open = json_object_get(json, "salt") != NULL};
    if (line->seq < 1 || !digest_at(json, "before", &before) || !digest_at(json, "hash", &stated))
        return false;
    if (!line->open) {
        if (!digest_at(json, "said", &said))
            return false;
    } else {
        if (!read_salt(text_of(json, "salt"), salt))
            return false;
        said = chain_said(v->scratch, (struct str){salt, sizeof salt}, text_of(json, "actor"),
                          line->subject, line->data);
    }
    line->hash =
        chain_hash(v->scratch, &before, line->seq, whole(json, "time_ms"), line->kind, &said);
    return same(&line->hash, &stated);
}

static bool is_under(const json_t *json, const struct line *line, const struct digest *tree,
                     int64_t lines)
{
    struct digest steps[STEPS_MOST];
    const json_t *path = json_object_get(json, "path");
    size_t count = json_array_size(path);
    if (count > STEPS_MOST || lines < 1)
        return false;
    for (size_t i = 0; i < count; i++) {
        const json_t *step = json_array_get(path, i);
        struct str hex = {json_string_value(step), json_string_length(step)};
        if (!digest_from_hex(hex, &steps[i]))
            return false;
    }
    return chain_tree_holds(tree, (uint64_t)lines, (uint64_t)line->seq, &line->hash, steps, count);
}

static void check_lines(struct verifying *v, const json_t *record, const struct digest *tree)
{
    const json_t *events = json_object_get(record, "events");
    int64_t last = 0;
    int64_t shut = 0;
    size_t i;
    json_t *one;
    json_array_foreach(events, i, one)
    {
        struct line line;
        bool hashed = read_line(v, one, &line);
        bool under = line.seq > last && is_under(one, &line, tree, whole(record, "lines"));
        if (!hashed || !under) {
            add(v, "record", CASE_FAILS,
                hashed ? "Line %" PRId64 " of the record does not stand under the root."
                       : "Line %" PRId64 " of the record has not the hash that follows from it.",
                hashed ? "记录第 %" PRId64 " 行不在根摘要之下。"
                       : "记录第 %" PRId64 " 行的散列值与内容不符。",
                line.seq);
            return;
        }
        last = line.seq;
        shut += !line.open;
    }
    if (shut)
        add(v, "record", CASE_FITS,
            "%zu lines of the record hash as they should and stand under its root; of %" PRId64
            " of them only the digest of what they say is shown.",
            "记录中的 %zu 行散列值相符，并在根摘要之下；其中 %" PRId64 " 行只示出内容摘要。", i,
            shut);
    else
        add(v, "record", i ? CASE_FITS : CASE_FAILS,
            "%zu lines of the record hash as they should and stand under its root.",
            "记录中的 %zu 行散列值相符，并在根摘要之下。", i);
}

static void check_closing(struct verifying *v, const json_t *record)
{
    struct line line;
    char hex[DIGEST_HEX + 1];
    bool fits = read_line(v, json_object_get(record, "closing"), &line) && line.open &&
                str_equal(line.kind, STR(STORE_TREE_KIND)) &&
                str_equal(line.subject, v->out->number) && line.seq > whole(record, "lines");
    json_t *data = fits ? json_loadb(line.data.at, line.data.len, 0, NULL) : NULL;
    fits = fits && whole(data, "lines") == whole(record, "lines") &&
           str_equal(text_of(data, "tree"), text_of(record, "tree"));
    json_decref(data);
    if (fits) {
        digest_to_hex(&line.hash, hex);
        v->out->root = str_copy(v->arena, str_of(hex));
        v->out->root_line = line.seq;
    }
    add(v, "root", fits ? CASE_FITS : CASE_FAILS,
        fits
            ? "The record's line that tells of this file binds all lines before it; its hash is the root digest."
            : "The record's line that tells of this file does not fit.",
        fits ? "记载本卷宗的那一行约束此前全部记录；其散列值即根摘要。"
             : "记载本卷宗的那一行记录不符。");
}

struct digests {
    struct digest *at;
    size_t count;
};

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct digest));
}

/* Adds each digest that stands between quotes in what an open line says. */
static void add_digests(struct verifying *v, struct str data, struct digests *list)
{
    struct digest digest;
    size_t at = str_find(data, STR("\""), 0);
    while (at != SIZE_MAX) {
        size_t end = at + 1 + DIGEST_HEX;
        bool closed = end < data.len && data.at[end] == '"';
        if (closed && digest_from_hex(str_slice(data, at + 1, DIGEST_HEX), &digest)) {
            list->at = arena_one_more(v->scratch, list->at, list->count, sizeof *list->at);
            list->at[list->count++] = digest;
        }
        at = str_find(data, STR("\""), at + 1);
    }
}

/* What the open lines of the record name, in order, to be looked up. */
static struct digests digests_on_record(struct verifying *v, const json_t *events)
{
    struct digests list = {0};
    size_t i;
    json_t *one;
    json_array_foreach(events, i, one)
    {
        if (json_object_get(one, "salt"))
            add_digests(v, text_of(one, "data"), &list);
    }
    if (list.count)
        qsort(list.at, list.count, sizeof *list.at, by_bytes);
    return list;
}

static bool is_on_record(const struct digests *list, const json_t *exhibit)
{
    struct digest digest;
    return list->count && digest_at(exhibit, "sha256", &digest) &&
           bsearch(&digest, list->at, list->count, sizeof *list->at, by_bytes);
}

static void check_on_record(struct verifying *v, const json_t *record)
{
    struct digests list = digests_on_record(v, json_object_get(record, "events"));
    size_t missing = 0;
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(v->facts, "exhibits"), i, one)
    {
        missing += !is_on_record(&list, one);
    }
    if (missing)
        add(v, "on-record", CASE_NOT_SHOWN,
            "Of %zu exhibits, %zu stand in no line of the record that is shown.",
            "%zu 件物证中，有 %zu 件未见于所示记录。", i, missing);
    else if (i)
        add(v, "on-record", CASE_FITS, "Every exhibit (%zu) stands by its digest in the record.",
            "全部物证（%zu 件）的摘要均在记录之中。", i);
}

/* --- the finding as it was recorded ----------------------------------------------------------------- */

/* What the record's line says of a trace that ended, where it is shown; the caller's to release. */
static json_t *recorded_finding(const json_t *events, struct str trace)
{
    size_t i;
    json_t *one;
    json_array_foreach(events, i, one)
    {
        struct str data = text_of(one, "data");
        if (str_equal(text_of(one, "kind"), STR("trace.made")) && json_object_get(one, "salt") &&
            str_equal(text_of(one, "subject"), trace))
            return data.len > RECORDED_MAX
                       ? NULL
                       : json_loadb(data.at, data.len, JSON_REJECT_DUPLICATES, NULL);
    }
    return NULL;
}

static bool is_recorded(const json_t *recorded, const json_t *member)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(recorded, "named"), i, one)
    {
        if (i == NAMED_MOST)
            break;
        if (str_equal(text_of(one, "member"), text_of(member, "member")))
            return fabs(real(one, "log10_p_all") - real(member, "log10_p_all")) <= 0.0051;
    }
    return false;
}

static void check_recorded(struct verifying *v, const json_t *events, const json_t *found)
{
    const json_t *finding = json_object_get(found, "finding");
    struct str trace = plain(v, text_of(found, "trace"));
    json_t *recorded = recorded_finding(events, text_of(found, "trace"));
    bool fits = str_equal(text_of(recorded, "verdict"), text_of(finding, "verdict")) &&
                whole(recorded, "tested") == whole(finding, "tested");
    size_t i;
    json_t *member;
    json_array_foreach(json_object_get(finding, "members"), i, member)
    {
        fits = fits && i < NAMED_MOST && is_recorded(recorded, member);
    }
    if (!recorded)
        add(v, "finding", CASE_NOT_SHOWN, "Trace %.*s: its line of the record is not shown.",
            "追踪 %.*s：未示出其记录。", STR_ARG(trace));
    else
        add(v, "finding", fits ? CASE_FITS : CASE_FAILS,
            fits ? "Trace %.*s: the finding is as it was put on record when it was made."
                 : "Trace %.*s: the finding is not the one that was put on record.",
            fits ? "追踪 %.*s：认定与形成时载入记录的一致。"
                 : "追踪 %.*s：认定与载入记录的不一致。",
            STR_ARG(trace));
    json_decref(recorded);
}

static void check_all_recorded(struct verifying *v, const json_t *record)
{
    size_t i;
    json_t *found;
    json_array_foreach(json_object_get(v->facts, "findings"), i, found)
    {
        if (i < NAMED_MOST)
            check_recorded(v, json_object_get(record, "events"), found);
    }
}

/* --- the figures ------------------------------------------------------------------------------------ */

static struct mark_tally *read_tallies(struct verifying *v, const json_t *list, size_t *count)
{
    *count = json_array_size(list);
    struct mark_tally *tallies = arena_array(v->scratch, *count + 1, struct mark_tally);
    for (size_t i = 0; i < *count; i++) {
        const json_t *t = json_array_get(list, i);
        int64_t values[7];
        for (size_t k = 0; k < 7; k++) {
            values[k] = json_integer_value(json_array_get(t, k));
            values[k] = values[k] < 0 || values[k] > INT32_MAX ? INT32_MAX : values[k];
        }
        tallies[i] = (struct mark_tally){
            (unsigned)values[0], (unsigned)values[1], (unsigned)values[2], (unsigned)values[3],
            (uint32_t)values[4], (uint32_t)values[5], (unsigned)values[6]};
    }
    return tallies;
}

/* The bound computed anew from the tallies; NAN when they are none. */
static double bound_again(struct verifying *v, const json_t *member, double tested)
{
    const json_t *proof = json_object_get(member, "proof");
    size_t count;
    double score;
    double log10_p;
    struct mark_tally *tallies = read_tallies(v, json_object_get(proof, "tallies"), &count);
    double share = real(proof, "share");
    int64_t stage = whole(proof, "stage");
    if (!(share > 0 && share <= 1) || stage < 1 || stage > INT8_MAX ||
        !mark_bound_again(v->scratch, tallies, count, (unsigned)stage, &score, &log10_p))
        return (double)NAN;
    return fmin(0, log10_p - log10(share) + log10(fmax(tested, 1)));
}

static void check_bound(struct verifying *v, const json_t *finding, const json_t *member)
{
    double stated = real(member, "log10_p_all");
    double again = bound_again(v, member, real(finding, "tested"));
    double limit = log10(real(finding, "false_alarm"));
    struct str name = plain(v, text_of(member, "name"));
    bool fits = fabs(stated - again) <= LIKE * (1 + fabs(again)) && again <= limit + LIKE;
    add(v, "bound", fits ? CASE_FITS : CASE_FAILS,
        fits
            ? "%.*s: the bound follows from the marks read and their agreement: log10 p = %.2f, within the limit of %.2f."
            : "%.*s: the bound does not follow from the marks: computed log10 p = %.2f, limit %.2f.",
        fits ? "%.*s：概率上限可由已读标记及其吻合情况重新算出：log10 p = %.2f，未超过限值 %.2f。"
             : "%.*s：概率上限无法由标记重新算出：算得 log10 p = %.2f，限值 %.2f。",
        STR_ARG(name), again, limit);
}

/* --- the marks -------------------------------------------------------------------------------------- */

/* A site of a paper as one exhibit shows it, or all exhibits of a test together. */
struct site {
    struct str paper;
    int64_t number, bias;
    size_t order; /* among the marks listed */
    int seen;     /* 0, 1; 2: both ways */
    bool held;
};
#define MARKS_MOST ((size_t)1 << 18)

struct sites {
    struct site *at;
    size_t count;
    bool torn; /* some site was seen both ways */
};

static int by_site(const struct site *a, const struct site *b)
{
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    if (a->paper.len != b->paper.len)
        return a->paper.len < b->paper.len ? -1 : 1;
    return a->paper.len ? memcmp(a->paper.at, b->paper.at, a->paper.len) : 0;
}

static int by_site_and_order(const void *a, const void *b)
{
    const struct site *one = a;
    const struct site *other = b;
    int order = by_site(one, other);
    return order ? order : one->order < other->order ? -1 : one->order > other->order;
}

static void add_mark(struct verifying *v, struct sites *sites, struct str paper, const json_t *mark,
                     size_t member)
{
    sites->at = arena_one_more(v->scratch, sites->at, sites->count, sizeof *sites->at);
    sites->at[sites->count] = (struct site){
        .paper = paper,
        .number = whole(mark, "site"),
        .bias = whole(mark, "bias"),
        .order = sites->count,
        .seen = whole(mark, "seen") != 0,
        .held = json_integer_value(json_array_get(json_object_get(mark, "held"), member)) != 0,
    };
    sites->count++;
}

/* Marks of one site become one; what is listed last says its bias and bit. Sorted, as numbers may be chosen so that any
 * table of them is slow. */
static void join_marks(struct sites *sites)
{
    size_t count = 0;
    if (sites->count)
        qsort(sites->at, sites->count, sizeof *sites->at, by_site_and_order);
    for (size_t i = 0; i < sites->count; i++) {
        struct site site = sites->at[i];
        if (count && by_site(&sites->at[count - 1], &site) == 0) {
            count--;
            site.seen = sites->at[count].seen == site.seen ? site.seen : 2;
        }
        sites->torn |= site.seen == 2;
        sites->at[count++] = site;
    }
    sites->count = count;
}

/* Whether a test that may have looked at a part of one paper only looked at the mark. */
static bool is_in_part(const json_t *part, struct str paper, const json_t *mark)
{
    const json_t *sites = json_object_get(part, "sites");
    int64_t site = whole(mark, "site");
    return !json_is_object(part) || (str_equal(paper, text_of(part, "paper")) &&
                                     site >= json_integer_value(json_array_get(sites, 0)) &&
                                     site < json_integer_value(json_array_get(sites, 1)));
}

/* The sites that a test counted, from the marks listed; false when there are too many to look at. */
static bool collect(struct verifying *v, const json_t *found, const json_t *proof, size_t member,
                    struct sites *sites)
{
    const json_t *range = json_object_get(proof, "exhibits");
    int64_t first = json_integer_value(json_array_get(range, 0));
    int64_t many = json_integer_value(json_array_get(range, 1));
    size_t i;
    size_t k;
    json_t *beside;
    json_t *mark;
    *sites = (struct sites){0};
    json_array_foreach(json_object_get(found, "beside"), i, beside)
    {
        int64_t exhibit = whole(beside, "exhibit");
        if (first < 0 || exhibit < first || exhibit - first >= many)
            continue;
        json_array_foreach(json_object_get(beside, "marks"), k, mark)
        {
            if (!json_is_true(json_object_get(mark, "counted")) ||
                !is_in_part(json_object_get(proof, "part"), text_of(beside, "paper"), mark))
                continue;
            if (sites->count == MARKS_MOST)
                return false;
            add_mark(v, sites, text_of(beside, "paper"), mark, member);
        }
    }
    join_marks(sites);
    return true;
}

/* Whether as many marks were read, and agree, of each bias and bit as the tallies say. */
static bool tallies_fit(struct verifying *v, const json_t *proof, const struct sites *sites)
{
    int64_t counts[MARK_BIAS_UNIT][2][2] = {{{0}}};
    size_t ntallies;
    struct mark_tally *tallies = read_tallies(v, json_object_get(proof, "tallies"), &ntallies);
    for (size_t i = 0; i < sites->count; i++) {
        const struct site *site = &sites->at[i];
        if (site->seen > 1)
            continue;
        if (site->bias < 0 || site->bias >= (int64_t)MARK_BIAS_UNIT)
            return false;
        counts[site->bias][site->seen][0]++;
        counts[site->bias][site->seen][1] += (int)site->held == site->seen;
    }
    for (size_t i = 0; i < ntallies; i++) {
        if (tallies[i].bias >= MARK_BIAS_UNIT || tallies[i].bit > 1)
            return false;
        counts[tallies[i].bias][tallies[i].bit][0] -= tallies[i].sites;
        counts[tallies[i].bias][tallies[i].bit][1] -= tallies[i].agree;
    }
    for (size_t b = 0; b < MARK_BIAS_UNIT; b++)
        for (size_t bit = 0; bit < 2; bit++)
            if (counts[b][bit][0] || counts[b][bit][1])
                return false;
    return true;
}

static void check_marks(struct verifying *v, const json_t *found, const json_t *member, size_t at)
{
    const json_t *proof = json_object_get(member, "proof");
    const json_t *finding = json_object_get(found, "finding");
    struct sites sites;
    struct str name = plain(v, text_of(member, "name"));
    if (!json_array_size(json_object_get(found, "beside"))) {
        add(v, "marks", CASE_NOT_SHOWN, "%.*s: the marks are not listed in this file.",
            "%.*s：本卷宗未列出标记。", STR_ARG(name));
        return;
    }
    bool read = collect(v, found, proof, at, &sites);
    bool fits = read && tallies_fit(v, proof, &sites);
    /* Which of several papers a passage was counted for, and which of two readings was the surer, can't be told from
     * the marks alone. */
    bool several = json_array_size(json_object_get(finding, "sources")) > 1 || sites.torn;
    add(v, "marks",
        fits               ? CASE_FITS
        : several || !read ? CASE_NOT_SHOWN
                           : CASE_FAILS,
        fits
            ? "%.*s: the marks listed, %zu sites, are those that the bound was computed from."
            : "%.*s: the marks listed, %zu sites, can't be matched with those that the bound was computed from.",
        fits ? "%.*s：所列标记（%zu 处）即计算概率上限所用的标记。"
             : "%.*s：所列标记（%zu 处）与计算概率上限所用的标记对不上。",
        STR_ARG(name), sites.count);
}

static void check_findings(struct verifying *v)
{
    unsigned checked = 0;
    size_t i;
    size_t k;
    json_t *found;
    json_t *member;
    json_array_foreach(json_object_get(v->facts, "findings"), i, found)
    {
        const json_t *finding = json_object_get(found, "finding");
        json_array_foreach(json_object_get(finding, "members"), k, member)
        {
            if (checked++ == NAMED_MOST) {
                add(v, "bound", CASE_FAILS, "More members are named than any trace names.",
                    "所列成员多于任何追踪所能认定的人数。");
                return;
            }
            check_bound(v, finding, member);
            check_marks(v, found, member, k);
            arena_reset(v->scratch);
        }
    }
}

/* --- what it says of itself ------------------------------------------------------------------------- */

static void read_named(struct verifying *v)
{
    size_t count = 0;
    size_t i;
    size_t k;
    json_t *found;
    json_t *member;
    v->out->named = arena_array(v->arena, CHECKS_MOST, struct case_named);
    json_array_foreach(json_object_get(v->facts, "findings"), i, found)
    {
        json_array_foreach(json_object_get(json_object_get(found, "finding"), "members"), k, member)
        {
            if (count < CHECKS_MOST)
                v->out->named[count++] = (struct case_named){plain(v, text_of(member, "member")),
                                                             plain(v, text_of(member, "name")),
                                                             real(member, "log10_p_all")};
        }
    }
    v->out->nnamed = count;
}

static void read_itself(struct verifying *v)
{
    v->out->number = plain(v, text_of(json_object_get(v->facts, "case"), "number"));
    v->out->organisation = plain(v, text_of(v->facts, "organisation"));
    v->out->made_for = plain(v, text_of(v->facts, "for"));
    v->out->made_ms = whole(v->facts, "made_ms");
    read_named(v);
}

static void check_what_it_says(struct verifying *v)
{
    struct digest tree = {{0}};
    const json_t *record = json_object_get(v->facts, "record");
    (void)digest_at(record, "tree", &tree);
    read_itself(v);
    check_exhibits(v);
    check_lines(v, record, &tree);
    check_closing(v, record);
    check_on_record(v, record);
    check_all_recorded(v, record);
    check_findings(v);
}

void case_verify(struct arena *arena, struct str file, const struct digest *key,
                 struct case_verified *verified)
{
    struct verifying v = {.arena = arena, .scratch = arena_make(), .file = file, .out = verified};
    *verified = (struct case_verified){.checks = arena_array(arena, CHECKS_MOST, struct case_check),
                                       .whole = true};
    if (!case_seal_read(file, &v.seal)) {
        add(&v, "form", CASE_FAILS,
            "This is no case file, or its seal was changed, or a part of the file is missing.",
            "这不是案件卷宗，或封签被改动，或文件不完整。");
        arena_free(v.scratch);
        return;
    }
    verified->key = v.seal.key;
    check_signature(&v, key);
    check_pages(&v);
    check_facts(&v);
    if (v.facts)
        check_what_it_says(&v);
    json_decref(v.facts);
    arena_free(v.scratch);
}
