/* Delete after use: what a member is to delete and attests, and whose word is missing. */
#include <inttypes.h>

#include "library/deletion.h"
#include "library/member.h"
#include "library/offer.h"
#include "library/paper.h"
#include "server/internal.h"

#define OPEN_SHOWN  500U
#define PROOFS_MOST 5000U

struct deletion_line {
    struct str key, title, name, email, member, member_key;
    int64_t due, attested;
    bool open, overdue;
};
static const struct field DELETION_LINE[] = {
    FIELD(TEXT, struct deletion_line, key),
    FIELD(TEXT, struct deletion_line, title),
    FIELD(DAY, struct deletion_line, due),
    FIELD(TIME, struct deletion_line, attested),
    FIELD(FLAG, struct deletion_line, open),
    FIELD(FLAG, struct deletion_line, overdue),
    {0},
};

struct deletions_page {
    struct deletion_line *deletions;
    size_t ndeletions;
    bool any, may_see_others;
};
static const struct field DELETIONS_PAGE[] = {
    FIELD_OF_LIST(struct deletions_page, deletions, DELETION_LINE),
    FIELD_HIDDEN(FLAG, struct deletions_page, any),
    FIELD_HIDDEN(FLAG, struct deletions_page, may_see_others),
    {0},
};

static struct deletion_line *make_lines(struct request *rq, const struct deletion *list,
                                        size_t count)
{
    struct deletion_line *lines = arena_array(rq->arena, count, struct deletion_line);
    for (size_t i = 0; i < count; i++)
        lines[i] = (struct deletion_line){
            .key = list[i].key,
            .title = list[i].title,
            .name = list[i].name,
            .email = list[i].email,
            .member = library_member_id(rq->arena, list[i].member),
            .member_key = list[i].member_key,
            .due = list[i].due_ms,
            .attested = list[i].attested_ms,
            .open = !list[i].attested_ms,
            .overdue = !list[i].attested_ms && list[i].due_ms <= rq->now_ms,
        };
    return lines;
}

static enum status show_deletions(struct request *rq, struct error *err)
{
    struct deletion *list;
    struct deletions_page page = {.may_see_others = request_may(rq, ROLE_STEWARD | ROLE_OWNER)};
    enum status status = library_list_deletions(rq->arena, rq->store, rq->viewer.member, &list,
                                                &page.ndeletions, err);
    if (status)
        return status;
    page.deletions = make_lines(rq, list, page.ndeletions);
    page.any = page.ndeletions > 0;
    return answer_page(rq, "deletions", "Copies to delete", "待删除副本", DELETIONS_PAGE, &page);
}

const struct route route_deletions = {
    .method = "GET",
    .path = "/deletions",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "Copies that you are to delete after use, and what you have attested.",
    .zh = "您使用后应删除的副本，以及您已确认删除的记录。",
    .output = DELETIONS_PAGE,
    .page = "deletions",
    .run = show_deletions,
};

/* --- attesting ------------------------------------------------------------------------------------ */

static const struct input ATTEST_INPUTS[] = {
    {.name = "deleted",
     .kind = INPUT_FLAG,
     .needed = true,
     .en = "Your word that the copies are deleted",
     .zh = "对副本已删除的确认"},
    {0},
};

struct attestation {
    int64_t member;
    struct str key;
};

static enum status attest(struct store *store, struct arena *scratch, void *context,
                          struct error *err)
{
    const struct attestation *a = context;
    (void)scratch;
    return library_attest_deletion(store, a->member, a->key, err);
}

static enum status post_attest(struct request *rq, struct error *err)
{
    struct attestation a = {rq->viewer.member, rq->params[0]};
    enum status status =
        server_write(rq->server, library_member_id(rq->arena, a.member), attest, &a, err);
    return status ? status
                  : answer_redirect(rq, STR("/deletions"), "Thank you; your word is on record.",
                                    "谢谢，您的确认已记录。");
}

const struct route route_deletion_attest = {
    .method = "POST",
    .path = "/deletions/{paper}",
    .roles = ROLE_MEMBER,
    .en = "Give your word that your copies of a paper are deleted.",
    .zh = "确认您已删除某篇文稿的副本。",
    .inputs = ATTEST_INPUTS,
    .run = post_attest,
    .again = show_deletions,
};

/* --- for stewards --------------------------------------------------------------------------------- */

static const struct field OPEN_LINE[] = {
    FIELD(TEXT, struct deletion_line, key),
    FIELD(TEXT, struct deletion_line, title),
    FIELD(TEXT, struct deletion_line, member),
    FIELD(TEXT, struct deletion_line, member_key),
    FIELD(TEXT, struct deletion_line, name),
    FIELD(TEXT, struct deletion_line, email),
    FIELD(DAY, struct deletion_line, due),
    FIELD(FLAG, struct deletion_line, overdue),
    {0},
};
static const struct field OPEN_PAPER[] = {
    FIELD(TEXT, struct deletion_paper, key),
    FIELD(TEXT, struct deletion_paper, title),
    FIELD(NUMBER, struct deletion_paper, asked),
    FIELD(NUMBER, struct deletion_paper, given),
    {0},
};
struct open_page {
    struct deletion_line *deletions;
    size_t ndeletions;
    struct deletion_paper *papers; /* whose certificates there are */
    size_t npapers;
    bool any, any_paper;
};
static const struct field OPEN_PAGE[] = {
    FIELD_OF_LIST(struct open_page, deletions, OPEN_LINE),
    FIELD_OF_LIST(struct open_page, papers, OPEN_PAPER),
    FIELD_HIDDEN(FLAG, struct open_page, any),
    FIELD_HIDDEN(FLAG, struct open_page, any_paper),
    {0},
};

static enum status show_open(struct request *rq, struct error *err)
{
    struct deletion *list;
    struct open_page page = {0};
    enum status status =
        library_list_open_deletions(rq->arena, rq->store, OPEN_SHOWN, &list, &page.ndeletions, err);
    if (!status)
        status = library_list_deletion_papers(rq->arena, rq->store, OPEN_SHOWN, &page.papers,
                                              &page.npapers, err);
    if (status)
        return status;
    page.deletions = make_lines(rq, list, page.ndeletions);
    page.any = page.ndeletions > 0;
    page.any_paper = page.npapers > 0;
    return answer_page(rq, "deletions-open", "Deletions not attested", "尚未确认的删除", OPEN_PAGE,
                       &page);
}

const struct route route_deletions_open = {
    .method = "GET",
    .path = "/deletions/open",
    .roles = ROLE_STEWARD | ROLE_OWNER,
    .scope = "manage",
    .en = "Members who have not yet attested that their copies are deleted.",
    .zh = "尚未确认删除副本的成员。",
    .output = OPEN_PAGE,
    .page = "deletions-open",
    .run = show_open,
};

/* --- the certificate ------------------------------------------------------------------------------ */

struct proof_line {
    struct str member, name, hash;
    int64_t given, due, reminded, attested, event;
};
struct proof_page {
    struct str key, paper, about;
    int64_t asked, given_word, outstanding, printed, delete_days;
    struct proof_line *proofs;
    size_t nproofs;
    bool any;
};
static const struct field PROOF_LINE[] = {
    FIELD(TEXT, struct proof_line, member),
    FIELD(TEXT, struct proof_line, name),
    FIELD(TIME, struct proof_line, given),
    FIELD(DAY, struct proof_line, due),
    FIELD(TIME, struct proof_line, reminded),
    FIELD(TIME, struct proof_line, attested),
    FIELD(NUMBER, struct proof_line, event),
    FIELD(TEXT, struct proof_line, hash),
    {0},
};
static const struct field PROOF_PAGE[] = {
    FIELD(TEXT, struct proof_page, key),
    FIELD(TEXT, struct proof_page, paper),
    FIELD(TEXT, struct proof_page, about),
    FIELD(NUMBER, struct proof_page, delete_days),
    FIELD(NUMBER, struct proof_page, asked),
    FIELD(NUMBER, struct proof_page, given_word),
    FIELD(NUMBER, struct proof_page, outstanding),
    FIELD(TIME, struct proof_page, printed),
    FIELD_OF_LIST(struct proof_page, proofs, PROOF_LINE),
    FIELD_HIDDEN(FLAG, struct proof_page, any),
    {0},
};

static void fill_proofs(struct request *rq, struct proof_page *page,
                        const struct deletion_proof *list)
{
    page->proofs = arena_array(rq->arena, page->nproofs, struct proof_line);
    for (size_t i = 0; i < page->nproofs; i++) {
        page->proofs[i] = (struct proof_line){
            .member = library_member_id(rq->arena, list[i].member),
            .name = list[i].name,
            .hash = list[i].hash,
            .given = list[i].given_ms,
            .due = list[i].due_ms,
            .reminded = list[i].reminded_ms,
            .attested = list[i].attested_ms,
            .event = list[i].event,
        };
        page->given_word += list[i].attested_ms > 0;
    }
    page->asked = (int64_t)page->nproofs;
    page->outstanding = page->asked - page->given_word;
    page->any = page->nproofs > 0;
}

static enum status show_proofs(struct request *rq, struct error *err)
{
    struct offer offer;
    struct edition edition;
    struct deletion_proof *list;
    struct proof_page page = {.printed = rq->now_ms};
    enum status status =
        library_find_offer_by_key(rq->arena, rq->store, rq->params[0], &offer, err);
    if (!status)
        status = library_find_edition(rq->arena, rq->store, offer.paper, 0, &edition, err);
    if (!status)
        status = library_list_deletion_proofs(rq->arena, rq->store, offer.paper, PROOFS_MOST, &list,
                                              &page.nproofs, err);
    if (status)
        return status;
    page.key = offer.key;
    page.paper = library_paper_id(rq->arena, offer.paper);
    page.about = edition.title;
    page.delete_days = offer.delete_days;
    fill_proofs(rq, &page, list);
    return answer_page(rq, "deletion-certificate", "Certificate of deletion", "副本删除证明",
                       PROOF_PAGE, &page);
}

const struct route route_deletion_proofs = {
    .method = "GET",
    .path = "/papers/{paper}/deletions",
    .roles = ROLE_EDITOR | ROLE_STEWARD | ROLE_OWNER,
    .scope = "manage",
    .en = "The certificate of deletion of a paper's copies: whose word, when, in which event.",
    .zh = "文稿副本删除证明：由谁、何时确认，记于哪一事件。",
    .output = PROOF_PAGE,
    .page = "deletion-certificate",
    .run = show_proofs,
};
