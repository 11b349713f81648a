/* Drafts: kept, decided about, published now or at their time. */
#include "library_case.h"

#include <string.h>

#include "library/draft.h"

static const char speech[] = "samples/zh-speech.txt";

static void in_transaction(struct library_case *c, enum status status)
{
    if (status)
        store_rollback(c->store);
    else
        must(c, store_commit(c->store, &c->err));
    assert_int_equal(status, STATUS_OK);
}

#define write_part(c, expression)                    \
    do {                                             \
        must(c, store_begin((c)->store, &(c)->err)); \
        in_transaction(c, expression);               \
    } while (0)

static struct draft find(struct library_case *c, const struct draft *draft)
{
    struct draft found;
    must(c, library_find_draft(c->arena, c->store, draft->author, draft->key, &found, &c->err));
    return found;
}

/* Member 1 is an editor with a draft open to everybody. */
static struct draft make_draft(struct library_case *c, struct str text)
{
    struct draft_terms terms = {.offer = {.free = true, .formats = STR("txt")}};
    struct draft draft = {.author = 1,
                          .text = text,
                          .form = FORMAT_TEXT,
                          .terms = library_write_terms(c->arena, &terms)};
    add_members(c, 2);
    must(c, store_run(c->store, "INSERT INTO account (member, created_ms) VALUES (1, 0), (2, 0)",
                      &c->err));
    must(c, store_run(c->store, "INSERT INTO role VALUES (1, 'editor')", &c->err));
    write_part(c, library_make_draft(c->arena, c->store, &draft, &c->err));
    return find(c, &draft);
}

static struct draft_edition lay_out(struct library_case *c, const struct draft *draft)
{
    struct draft_edition edition;
    must(c, library_lay_out_draft(c->arena, c->store, draft, &edition, &c->err));
    return edition;
}

static int64_t count(struct library_case *c, const char *sql)
{
    struct query *q = query_start(c->store, sql);
    int64_t n = query_row(q) ? query_int(q, 0) : -1;
    must(c, query_end(q, &c->err));
    return n;
}

/* --- keeping ------------------------------------------------------------------------------------ */

static void a_draft_is_its_authors_alone(void **state)
{
    struct library_case *c = *state;
    struct draft draft = make_draft(c, STR("一份草稿。"));
    struct draft other;
    assert_int_equal(library_find_draft(c->arena, c->store, 2, draft.key, &other, &c->err),
                     STATUS_MISSING);
    struct draft *list;
    size_t n;
    must(c, library_list_drafts(c->arena, c->store, 1, &list, &n, &c->err));
    assert_int_equal(n, 1);
    must(c, library_list_drafts(c->arena, c->store, 2, &list, &n, &c->err));
    assert_int_equal(n, 0);
}

static void the_second_of_two_windows_is_refused_and_nothing_is_lost(void **state)
{
    struct library_case *c = *state;
    struct draft one = make_draft(c, STR("原文。"));
    struct draft two = one;
    one.text = STR("甲窗口的文字。");
    two.text = STR("乙窗口的文字。");
    write_part(c, library_save_draft(c->store, &one, &c->err));
    assert_int_equal(one.version, 2);
    must(c, store_begin(c->store, &c->err));
    assert_int_equal(library_save_draft(c->store, &two, &c->err), STATUS_CONFLICT);
    store_rollback(c->store);
    assert_int_equal(two.version, 1);
    assert_true(str_equal(find(c, &one).text, one.text));
}

static void terms_come_back_as_they_were_kept(void **state)
{
    struct library_case *c = *state;
    int64_t groups[] = {3, 5};
    struct draft_terms terms = {.offer = {.kind = STR("讲话"),
                                          .author = STR("\"A\\B\""),
                                          .summary = STR("第一行\n第二行"),
                                          .for_groups = true,
                                          .formats = STR(""),
                                          .expires_ms = 123456789012345,
                                          .copy_days = 30,
                                          .delete_days = 7},
                                .groups = groups,
                                .ngroups = 2,
                                .notice = STR("须知"),
                                .level = PAPER_FULL,
                                .colluders = 4,
                                .silent = true,
                                .as_is = true};
    struct draft_terms again;
    struct str kept = library_write_terms(c->arena, &terms);
    library_read_terms(c->arena, kept, &again);
    assert_true(str_equal(kept, library_write_terms(c->arena, &again)));
    assert_true(again.offer.for_groups && !again.offer.free && again.silent && again.as_is);
    assert_int_equal(again.groups[1], 5);
    assert_int_equal(again.offer.formats.len, 0);
    library_read_terms(c->arena, STR("not JSON"), &again);
    assert_true(again.offer.for_groups && again.offer.free && again.ngroups == 0);
}

/* --- decisions ----------------------------------------------------------------------------------- */

static void decide(struct library_case *c, struct draft *draft, size_t place,
                   enum decision_kind kind)
{
    struct draft_edition e = lay_out(c, draft);
    must(c, library_decide_site(c->arena, &e.laid.doc, &e.laid.sites, place, kind, &e.decisions,
                                &c->err));
    draft->decisions = library_write_decisions(c->arena, &e.decisions);
}

static void a_lock_stays_on_its_words_when_other_passages_change(void **state)
{
    struct library_case *c = *state;
    struct draft draft = make_draft(c, project_file(c, speech));
    struct draft_edition before = lay_out(c, &draft);
    size_t place = before.laid.sites.nplaces / 2;
    while (before.laid.sites.sites[before.laid.sites.places[place].site].wide)
        place++;
    struct paper_place was = before.laid.sites.places[place];
    decide(c, &draft, place, DECISION_LOCK);
    draft.text =
        str_format(c->arena, "新加的第一段，讲明会议的目的和要求。\n\n%.*s", STR_ARG(draft.text));
    struct draft_edition after = lay_out(c, &draft);
    assert_int_equal(after.nunfit, 0);
    const struct decision *d = &after.decisions.list[0];
    assert_true(after.laid.sites.sites[d->site].locked);
    bool found = false;
    for (size_t i = 0; i < after.laid.sites.nplaces; i++) {
        const struct paper_place *p = &after.laid.sites.places[i];
        found |= p->site == d->site && str_equal(p->alt[0], was.alt[0]) &&
                 str_equal(str_slice(after.laid.doc.text, p->at - 9, 9),
                           str_slice(before.laid.doc.text, was.at - 9, 9));
    }
    assert_true(found);
}

static void a_lock_of_words_that_were_rewritten_says_that_it_fits_no_longer(void **state)
{
    struct library_case *c = *state;
    struct draft draft = make_draft(c, project_file(c, speech));
    decide(c, &draft, 0, DECISION_LOCK);
    draft.text = STR("会议强调，要抓紧推进各项工作，加快建设进度，其他事项另行通知。");
    struct draft_edition after = lay_out(c, &draft);
    assert_int_equal(after.decisions.count, 1);
    assert_int_equal(after.nunfit, 1);
}

static void of_passages_that_read_alike_the_one_that_was_meant_is_locked(void **state)
{
    struct library_case *c = *state;
    struct str line = STR("各地要加快推进项目建设，其他事项按原计划进行。\n\n");
    struct buf text = {.arena = c->arena};
    for (int i = 0; i < 3; i++)
        buf_add(&text, line);
    struct draft draft = make_draft(c, buf_str(&text));
    struct draft_edition e = lay_out(c, &draft);
    const struct paper_sites *sites = &e.laid.sites;
    /* The second place of some choice that is free at each place. */
    size_t second = SIZE_MAX;
    for (size_t i = 0; i < sites->nplaces && second == SIZE_MAX; i++) {
        size_t before = 0;
        for (size_t k = 0; k < i; k++)
            before += str_equal(sites->places[k].alt[0], sites->places[i].alt[0]) &&
                      str_equal(sites->places[k].alt[1], sites->places[i].alt[1]);
        const struct paper_site *site = &sites->sites[sites->places[i].site];
        if (before == 1 && !site->wide && !site->locked)
            second = i;
    }
    assert_true(second != SIZE_MAX);
    decide(c, &draft, second, DECISION_LOCK);
    struct draft_edition after = lay_out(c, &draft);
    for (uint32_t i = 0; i < after.laid.sites.nsites; i++)
        assert_int_equal(after.laid.sites.sites[i].locked,
                         i == sites->places[second].site || sites->sites[i].locked);
}

static void deciding_again_about_a_site_replaces_the_first_decision(void **state)
{
    struct library_case *c = *state;
    struct draft draft = make_draft(c, project_file(c, speech));
    decide(c, &draft, 3, DECISION_LOCK);
    decide(c, &draft, 3, DECISION_MARK);
    struct draft_edition e = lay_out(c, &draft);
    assert_int_equal(e.decisions.count, 1);
    assert_int_equal(e.decisions.list[0].kind, DECISION_MARK);
    assert_false(e.laid.sites.sites[e.decisions.list[0].site].locked);
}

static void an_added_site_carries_a_mark_and_can_be_taken_back(void **state)
{
    struct library_case *c = *state;
    struct draft draft = make_draft(c, STR("Members met in spring. The board thanked them."));
    struct draft_edition e = lay_out(c, &draft);
    uint32_t before = e.laid.sites.nsites;
    must(c, library_decide_addition(c->arena, &e.laid.doc, &e.laid.sites, STR("thanked them"),
                                    STR("gave them thanks"), false, &e.decisions, &c->err));
    assert_int_equal(library_decide_addition(c->arena, &e.laid.doc, &e.laid.sites,
                                             STR("no such words"), STR("others"), false,
                                             &e.decisions, &c->err),
                     STATUS_INPUT);
    draft.decisions = library_write_decisions(c->arena, &e.decisions);
    struct draft_edition with = lay_out(c, &draft);
    assert_int_equal(with.laid.sites.nsites, before + 1);
    library_undo_decision(&with.decisions, 0);
    draft.decisions = library_write_decisions(c->arena, &with.decisions);
    assert_int_equal(lay_out(c, &draft).laid.sites.nsites, before);
}

/* --- publishing ----------------------------------------------------------------------------------- */

static struct edition publish_now(struct library_case *c, const struct draft *draft)
{
    struct draft_edition e = lay_out(c, draft);
    must(c, library_keep_draft(c->arena, c->store, &e, &c->err));
    write_part(c, library_record_draft(c->arena, c->store, &e, &c->err));
    return e.laid.edition;
}

static void a_draft_becomes_a_paper_with_its_offer_and_is_gone(void **state)
{
    struct library_case *c = *state;
    struct draft draft = make_draft(c, project_file(c, speech));
    struct edition made = publish_now(c, &draft);
    struct offer offer;
    must(c, library_offer_of(c->arena, c->store, made.paper, &offer, &c->err));
    assert_true(str_equal(offer.formats, STR("txt")));
    assert_false(offer.for_groups);
    assert_int_equal(count(c, "SELECT count(*) FROM draft"), 0);
    assert_int_equal(count(c, "SELECT count(*) FROM event WHERE kind = 'paper.published'"
                              " AND json_extract(data, '$.announced') = 1"),
                     1);
}

static void what_was_laid_out_is_not_recorded_when_the_draft_changed_since(void **state)
{
    struct library_case *c = *state;
    struct draft draft = make_draft(c, project_file(c, speech));
    struct draft_edition e = lay_out(c, &draft);
    must(c, library_keep_draft(c->arena, c->store, &e, &c->err));
    struct draft newer = draft;
    newer.decisions = STR("[{\"do\":\"lock\"}]");
    write_part(c, library_save_draft_decisions(c->store, &newer, &c->err));
    must(c, store_begin(c->store, &c->err));
    assert_int_equal(library_record_draft(c->arena, c->store, &e, &c->err), STATUS_CONFLICT);
    store_rollback(c->store);
    assert_int_equal(count(c, "SELECT count(*) FROM paper"), 0);
    assert_int_equal(count(c, "SELECT count(*) FROM draft"), 1);
}

static void a_scheduled_draft_is_published_at_its_time_and_not_before(void **state)
{
    struct library_case *c = *state;
    struct draft draft = make_draft(c, project_file(c, speech));
    write_part(c, library_schedule_draft(c->arena, c->store, &draft, 5000, &c->err));
    must(c, library_publish_due(c->store, 4999, &c->err));
    assert_int_equal(count(c, "SELECT count(*) FROM paper"), 0);
    must(c, library_publish_due(c->store, 5000, &c->err));
    assert_int_equal(count(c, "SELECT count(*) FROM paper"), 1);
    assert_int_equal(count(c, "SELECT count(*) FROM draft"), 0);
    assert_int_equal(
        count(c, "SELECT count(*) FROM event WHERE kind = 'paper.published' AND actor = 'M1'"), 1);
}

static void a_scheduled_draft_takes_no_changes_until_that_is_stopped(void **state)
{
    struct library_case *c = *state;
    struct draft draft = make_draft(c, project_file(c, speech));
    write_part(c, library_schedule_draft(c->arena, c->store, &draft, 5000, &c->err));
    draft.text = STR("另一份文字。");
    must(c, store_begin(c->store, &c->err));
    assert_int_equal(library_save_draft(c->store, &draft, &c->err), STATUS_CONFLICT);
    assert_int_equal(library_save_draft_terms(c->store, &draft, &c->err), STATUS_CONFLICT);
    assert_int_equal(library_save_draft_decisions(c->store, &draft, &c->err), STATUS_CONFLICT);
    store_rollback(c->store);
    write_part(c, library_schedule_draft(c->arena, c->store, &draft, 0, &c->err));
    write_part(c, library_save_draft(c->store, &draft, &c->err));
}

static void a_failed_publication_keeps_its_reason_and_holds_up_no_other(void **state)
{
    struct library_case *c = *state;
    struct draft empty = make_draft(c, STR("\n"));
    struct draft good = {
        .author = 1, .text = project_file(c, speech), .terms = empty.terms, .form = FORMAT_TEXT};
    write_part(c, library_make_draft(c->arena, c->store, &good, &c->err));
    write_part(c, library_schedule_draft(c->arena, c->store, &empty, 1000, &c->err));
    write_part(c, library_schedule_draft(c->arena, c->store, &good, 2000, &c->err));
    must(c, library_publish_due(c->store, 3000, &c->err));
    assert_int_equal(count(c, "SELECT count(*) FROM paper"), 1);
    struct draft kept = find(c, &empty);
    assert_int_equal(kept.due_ms, 0);
    assert_non_null(strstr(kept.failure.en, "no text yet"));
    assert_non_null(strstr(kept.failure.zh, "还没有正文"));
    must(c, library_publish_due(c->store, 4000, &c->err));
    assert_int_equal(count(c, "SELECT count(*) FROM event WHERE kind = 'draft.failed'"), 1);
}

static void trouble_with_the_database_leaves_a_draft_waiting_and_holds_up_no_other(void **state)
{
    struct library_case *c = *state;
    struct draft good = make_draft(c, project_file(c, speech));
    int64_t nowhere = 999;
    struct draft_terms terms = {.offer = {.for_groups = true}, .groups = &nowhere, .ngroups = 1};
    struct draft stuck = {.author = 1,
                          .text = good.text,
                          .form = FORMAT_TEXT,
                          .terms = library_write_terms(c->arena, &terms)};
    write_part(c, library_make_draft(c->arena, c->store, &stuck, &c->err));
    write_part(c, library_schedule_draft(c->arena, c->store, &stuck, 1000, &c->err));
    write_part(c, library_schedule_draft(c->arena, c->store, &good, 2000, &c->err));
    assert_int_equal(library_publish_due(c->store, 3000, &c->err), STATUS_IO);
    assert_int_equal(count(c, "SELECT count(*) FROM paper"), 1);
    assert_int_equal(find(c, &stuck).due_ms, 1000);
}

static void who_is_no_editor_at_the_time_set_does_not_publish(void **state)
{
    struct library_case *c = *state;
    struct draft draft = make_draft(c, project_file(c, speech));
    write_part(c, library_schedule_draft(c->arena, c->store, &draft, 5000, &c->err));
    must(c, store_run(c->store, "DELETE FROM role", &c->err));
    must(c, library_publish_due(c->store, 5000, &c->err));
    assert_int_equal(count(c, "SELECT count(*) FROM paper"), 0);
    assert_non_null(strstr(find(c, &draft).failure.en, "not an editor"));
}

static void the_next_edition_starts_as_the_last_one_was(void **state)
{
    static const char *const files[] = {"samples/zh-speech.txt",  "samples/zh-note.md",
                                        "samples/zh-minutes.md",  "samples/en-minutes.md",
                                        "samples/en-address.txt", "samples/en-note.md"};
    struct library_case *c = *state;
    add_members(c, 1);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct paper_doc doc;
        struct edition_text made;
        struct publication p = {.actor = "test"};
        struct str text = project_file(c, files[i]);
        must(c, format_read(c->arena, text, format_guess(str_of(files[i]), text), NULL,
                            (struct str){0}, &doc, &c->err));
        must(c, library_publish(c->arena, c->store, &doc, &p, &made, &c->err));
        struct draft draft;
        write_part(c, library_draft_next_edition(c->arena, c->store, 1, made.edition.paper, &draft,
                                                 &c->err));
        struct draft_edition e;
        draft = find(c, &draft);
        must(c, library_lay_out_draft(c->arena, c->store, &draft, &e, &c->err));
        assert_true(str_equal(e.laid.doc.text, made.doc.text));
        assert_true(str_equal(e.laid.doc.title, made.doc.title));
        assert_int_equal(e.laid.edition.number, 2);
        assert_int_equal(e.laid.sites.nsites, made.sites.nsites);
        assert_int_equal(library_keep_draft(c->arena, c->store, &e, &c->err), STATUS_CONFLICT);
    }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_draft_is_its_authors_alone),
        CASE(the_second_of_two_windows_is_refused_and_nothing_is_lost),
        CASE(terms_come_back_as_they_were_kept),
        CASE(a_lock_stays_on_its_words_when_other_passages_change),
        CASE(a_lock_of_words_that_were_rewritten_says_that_it_fits_no_longer),
        CASE(of_passages_that_read_alike_the_one_that_was_meant_is_locked),
        CASE(deciding_again_about_a_site_replaces_the_first_decision),
        CASE(an_added_site_carries_a_mark_and_can_be_taken_back),
        CASE(a_draft_becomes_a_paper_with_its_offer_and_is_gone),
        CASE(what_was_laid_out_is_not_recorded_when_the_draft_changed_since),
        CASE(a_scheduled_draft_is_published_at_its_time_and_not_before),
        CASE(a_scheduled_draft_takes_no_changes_until_that_is_stopped),
        CASE(a_failed_publication_keeps_its_reason_and_holds_up_no_other),
        CASE(trouble_with_the_database_leaves_a_draft_waiting_and_holds_up_no_other),
        CASE(who_is_no_editor_at_the_time_set_does_not_publish),
        CASE(the_next_edition_starts_as_the_last_one_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
