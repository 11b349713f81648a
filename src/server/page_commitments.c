/* What a paper commits to, proposed as lines of the ledger, in the reader's own words. */
#include "server/commitments.h"
#include "server/internal.h"
#include "server/reader.h"

struct commitment_line {
    struct str kind, word, sentence, date, quantity, body, anchor, path;
    int64_t year, month, day;
};
static const struct field COMMITMENT_LINE[] = {
    FIELD(TEXT, struct commitment_line, kind),
    FIELD_HIDDEN(TEXT, struct commitment_line, word),
    FIELD(TEXT, struct commitment_line, sentence),
    FIELD(TEXT, struct commitment_line, date),
    FIELD(NUMBER, struct commitment_line, year),
    FIELD(NUMBER, struct commitment_line, month),
    FIELD(NUMBER, struct commitment_line, day),
    FIELD(TEXT, struct commitment_line, quantity),
    FIELD(TEXT, struct commitment_line, body),
    FIELD(TEXT, struct commitment_line, anchor),
    FIELD_HIDDEN(TEXT, struct commitment_line, path),
    {0},
};

struct commitments_page {
    struct str key, title, lang;
    int64_t edition, count;
    struct commitment_line *commitments;
    size_t ncommitments;
};
static const struct field COMMITMENTS_PAGE[] = {
    FIELD(TEXT, struct commitments_page, key),
    FIELD(TEXT, struct commitments_page, title),
    FIELD(TEXT, struct commitments_page, lang),
    FIELD(NUMBER, struct commitments_page, edition),
    FIELD(NUMBER, struct commitments_page, count),
    FIELD_OF_LIST(struct commitments_page, commitments, COMMITMENT_LINE),
    {0},
};

static const struct input COMMITMENTS_INPUTS[] = {
    {.name = "edition", .kind = INPUT_TEXT, .most = 20, .en = "Edition", .zh = "版本"},
    {0},
};

static struct commitment_line line_of(struct request *rq, struct str paper,
                                      const struct ledger_commitment *c)
{
    struct str anchor = str_format(rq->arena, "p%u", c->number);
    return (struct commitment_line){
        .kind = str_of(ledger_kind_name(c->kind)),
        .word = str_of(ledger_kind_word(c->kind, rq->lang)),
        .sentence = c->sentence,
        .date = c->date,
        .year = c->due.year,
        .month = c->due.month,
        .day = c->due.day,
        .quantity = c->quantity,
        .body = c->body,
        .anchor = anchor,
        .path = str_format(rq->arena, "%.*s#%.*s", STR_ARG(paper), STR_ARG(anchor)),
    };
}

static enum status show_commitments(struct request *rq, struct error *err)
{
    struct reader r;
    struct paper_doc doc;
    struct ledger_commitment *found = NULL;
    struct commitments_page page = {0};
    enum status status = reader_open_document(rq, &r, &doc, err);
    if (status || r.refused)
        return status;
    status = commitments_of(rq->arena, &doc, &found, &page.ncommitments, err);
    if (status)
        return status;
    page.key = r.offer.key;
    page.title = r.edition.title;
    page.lang = r.edition.lang == LANG_ZH ? STR("zh-Hans") : STR("en");
    page.edition = r.edition.number;
    page.count = (int64_t)page.ncommitments;
    page.commitments = arena_array(rq->arena, page.ncommitments, struct commitment_line);
    struct str paper = reader_path(rq, &r);
    for (size_t i = 0; i < page.ncommitments; i++)
        page.commitments[i] = line_of(rq, paper, &found[i]);
    return answer_page(rq, "commitments", "Commitments", "承诺事项", COMMITMENTS_PAGE, &page);
}

const struct route route_paper_commitments = {
    .method = "GET",
    .path = "/papers/{paper}/commitments",
    .roles = ROLE_EDITOR,
    .scope = "read",
    .en =
        "What the paper commits to, as the rules propose it for the ledger: kind, sentence, until when, how "
        "much, who.",
    .zh = "文稿中的承诺事项，由规则提出，供列入台账：类别、语句、期限、数量、责任单位。",
    .inputs = COMMITMENTS_INPUTS,
    .output = COMMITMENTS_PAGE,
    .page = "commitments",
    .run = show_commitments,
};
