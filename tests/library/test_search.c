/* Search: what is found, by whom, and what it never tells. */
#include "library_case.h"

#include <string.h>

#include "base/utf8.h"
#include "library/search_parts.h"

static void catch_up(struct library_case *c)
{
    bool more = true;
    while (more)
        must(c, library_search_catch_up(c->store, &more, &c->err));
}

static struct search_found search_as(struct library_case *c, int64_t member, const char *words)
{
    struct search_request request = {
        .words = str_of(words), .member = member, .now_ms = store_now_ms() + 1000, .page = 1};
    struct search_found found;
    must(c, library_search(c->arena, c->store, &request, &found, &c->err));
    return found;
}

/* "P1 P3", in the order found. */
static const char *papers_for(struct library_case *c, int64_t member, const char *words)
{
    struct search_found found = search_as(c, member, words);
    struct buf out = {.arena = c->arena};
    buf_reserve(&out, 1);
    for (size_t i = 0; i < found.nhits; i++)
        buf_format(&out, "%sP%d", i ? " " : "", (int)found.hits[i].paper);
    return str_z(c->arena, buf_str(&out));
}

static bool finds(struct library_case *c, int64_t member, const char *words)
{
    return search_as(c, member, words).nhits > 0;
}

static void run_sql(struct library_case *c, const char *sql)
{
    must(c, store_run(c->store, sql, &c->err));
}

/* --- questions ------------------------------------------------------------------------------------ */

static void a_question_becomes_phrases_of_ready_words(void **state)
{
    struct library_case *c = *state;
    static const char *const cases[][2] = {
        {"", ""},
        {"  ，。 -", ""},
        {"-only", ""},
        {"papers running", "(\"paper\" AND \"run\")"},
        {"\"papers running\"", "(\"=papers =running\")"},
        {"“papers running” now", "(\"=papers =running\" AND \"now\")"},
        {"中", "(\"中\" *)"},
        {"经济", "(\"经济\")"},
        {"經濟", "(\"经济\")"},
        {"《经济发展》", "(\"经济 济发 发展\")"},
        {"我们的经济发展", "(\"我们\" AND \"经济\" AND \"发展\")"},
        {"AI时代", "(\"ai\" AND \"时代\")"},
        {"\"时代 AI\"", "(\"时代 代 ai\")"},
        {"a -b", "(\"a\") NOT {sure} : (\"b\")"},
        {"a -\"be\"", "(\"a\")"},
        {"a －乙丙", "(\"a\") NOT {sure} : (\"乙丙\")"},
        {"a OR b) NOT \"c", "(\"a\" AND \"or\" AND \"b\" AND \"not\" AND \"c\")"},
        {"title:x* NEAR(y, 2) ^z {w}", "(\"titl\" AND \"x\" AND \"near\" AND \"y\" AND \"2\" AND "
                                       "\"z\" AND \"w\")"},
        {"1,024.5%", "(\"1024.5\")"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct search_question question;
        search_parse_question(c->arena, str_of(cases[i][0]), &question);
        assert_string_equal(str_z(c->arena, search_match_text(c->arena, &question)), cases[i][1]);
    }
}

/* --- finding -------------------------------------------------------------------------------------- */

static const char *const papers[] = {
    "农村公路养护办法\n\n第一条 为了加强农村公路养护，制定本办法。冬季清雪由乡镇负责。\n",
    "关于城市供水价格的说明\n\n供水价格自2026年1月起调整，居民用水每立方米3.5元。\n",
    ("Minutes of the Harbour Committee\n\nThe committee reviewed the running costs of both ferries. "
     "Nobody objected to the member's papers.\n"),
    "AI时代的公共服务\n\n人工智能正在改变公共服务。公路收费也在其中。\n",
    "Road maintenance in the hills\n\nSnow is cleared by the parish. Roads run high there.\n",
};

static void publish_papers(struct library_case *c)
{
    add_members(c, 3);
    for (size_t i = 0; i < sizeof papers / sizeof *papers; i++)
        (void)publish_text(c, str_of(papers[i]), 0);
    catch_up(c);
}

static void papers_are_found_as_people_look_for_them(void **state)
{
    struct library_case *c = *state;
    static const char *const cases[][2] = {
        {"公路", "P1 P4"},  /* the title counts more */
        {"農村公路", "P1"}, /* Traditional */
        {"雪", "P1"},       /* one character, inside a word */
        {"AI", "P4"},
        {"ＡＩ 公共", "P4"},
        {"road", "P5"},
        {"ROADS running", "P5"}, /* by stem: Roads run */
        {"run", "P5 P3"},
        {"\"running costs\"", "P3"},
        {"\"run costs\"", ""}, /* exact: not by stem */
        {"costs running", "P3"},
        {"\"costs running\"", ""},
        {"member", "P3"},
        {"3.5", "P2"},
        {"3", ""},
        {"2026年", "P2"},
        {"公路 -养护", "P4"},
        {"公路 -\"公共服务\"", "P1"},
        {"run -ferries", "P5"},
        {"居民用水的价格", "P2"},
        {"committee snow", ""},
        {"办法 第一条", "P1"},
    };
    publish_papers(c);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (strcmp(papers_for(c, 1, cases[i][0]), cases[i][1]) != 0)
            fail_msg("%s finds \"%s\", not \"%s\"", cases[i][0], papers_for(c, 1, cases[i][0]),
                     cases[i][1]);
        assert_string_equal(papers_for(c, 0, cases[i][0]), cases[i][1]);
    }
}

static void nothing_that_is_typed_is_a_wrong_question(void **state)
{
    struct library_case *c = *state;
    static const char *const typed[] = {
        "\"",  "\"\"",   "-\"", "* ^ : ( ) { }", "'; DROP TABLE search",
        "NOT", "AND OR", "-",   "\xFF\xFE",      "=x",
        "+x",  "|"};
    publish_papers(c);
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
        (void)search_as(c, 1, typed[i]);
    assert_true(finds(c, 1, "公路"));
}

static void among_equals_the_newer_comes_first_and_pages_follow_without_gap(void **state)
{
    struct library_case *c = *state;
    bool seen[26] = {false};
    size_t total = 0;
    add_members(c, 1);
    for (int i = 0; i < 25; i++)
        (void)publish_text(c, STR("通知\n\n各单位请按时报送材料。\n"), 0);
    catch_up(c);
    run_sql(c, "UPDATE offer SET published_ms = paper");
    for (uint32_t page = 1; page <= 3; page++) {
        struct search_request request = {
            .words = STR("报送"), .member = 1, .now_ms = store_now_ms(), .page = page};
        struct search_found found;
        must(c, library_search(c->arena, c->store, &request, &found, &c->err));
        assert_int_equal(found.more, page < 3);
        for (size_t i = 0; i < found.nhits; i++, total++) {
            assert_int_equal(found.hits[i].paper, 25 - (int64_t)total);
            assert_false(seen[found.hits[i].paper]);
            seen[found.hits[i].paper] = true;
        }
    }
    assert_int_equal(total, 25);
}

static void filters_narrow_what_is_found(void **state)
{
    struct library_case *c = *state;
    struct search_found found;
    publish_papers(c);
    run_sql(c, "UPDATE offer SET author = 'Wang Wu', kind = 'note', published_ms = 1000 * paper");
    run_sql(c, "UPDATE offer SET author = 'Li Si' WHERE paper = 4");
    run_sql(c, "INSERT INTO \"group\" (id, key, name, created_ms) VALUES (1, 'gg', 'G', 0)");
    run_sql(c, "INSERT INTO group_paper VALUES (1, 1)");
    const struct search_request plain = {
        .words = STR("公路"), .member = 1, .now_ms = store_now_ms(), .page = 1};
    struct search_request narrowed[] = {plain, plain, plain, plain};
    narrowed[0].author = STR("wang");
    narrowed[1].group = STR("gg");
    narrowed[2].until_ms = 2000;
    narrowed[3].from_ms = 2000;
    static const int64_t expected[] = {1, 1, 1, 4};
    for (size_t i = 0; i < 4; i++) {
        must(c, library_search(c->arena, c->store, &narrowed[i], &found, &c->err));
        assert_int_equal(found.nhits, 1);
        assert_int_equal(found.hits[0].paper, expected[i]);
    }
    narrowed[0].kind = STR("speech");
    must(c, library_search(c->arena, c->store, &narrowed[0], &found, &c->err));
    assert_int_equal(found.nhits, 0);
}

/* --- who may -------------------------------------------------------------------------------------- */

static void a_paper_is_found_only_by_who_may_open_it(void **state)
{
    struct library_case *c = *state;
    publish_papers(c);
    run_sql(c, "UPDATE offer SET access = 'groups' WHERE paper = 1");
    run_sql(c, "INSERT INTO \"group\" (id, key, name, created_ms) VALUES (1, 'gg', 'G', 0)");
    run_sql(c, "INSERT INTO group_paper VALUES (1, 1)");
    run_sql(c, "INSERT INTO group_member VALUES (1, 2, 0)");
    assert_string_equal(papers_for(c, 1, "公路"), "P4");
    assert_string_equal(papers_for(c, 2, "公路"), "P1 P4");
    run_sql(c, "UPDATE offer SET withdrawn_ms = 1 WHERE paper = 1");
    assert_string_equal(papers_for(c, 2, "公路"), "P4");
}

static void a_paper_whose_notice_is_not_accepted_is_found_by_its_title_alone(void **state)
{
    struct library_case *c = *state;
    publish_papers(c);
    run_sql(c, "INSERT INTO notice (key, scope, subject, text, digest, since_ms)"
               " VALUES ('k', 'paper', 1, 'x', x'00', 0)");
    struct search_found found = search_as(c, 1, "公路养护");
    assert_int_equal(found.nhits, 1);
    assert_true(found.hits[0].waits);
    assert_int_equal(found.hits[0].excerpt.len, 0);
    assert_false(finds(c, 1, "清雪"));
    run_sql(c, "INSERT INTO acknowledgement VALUES (1, 1, x'00', 0, '')");
    assert_true(finds(c, 1, "清雪"));
}

/* --- sites ---------------------------------------------------------------------------------------- */

static bool parts_clauses(struct str text, uint32_t code, size_t next)
{
    static const uint32_t always[] = {'\n',   0xFF0C, 0x3002, 0xFF1B, 0x3001, 0x201C, 0x201D,
                                      0x300A, 0x300B, ';',    '"',    '?',    0xFF1F, 0xFF01};
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        if (code == always[i])
            return true;
    bool point = code == '.' || code == ',';
    return point && next < text.len && text.at[next] == ' ';
}

/* Every clause of every member's own copy is found as an exact phrase, whatever mixture of alternatives
 * it has, and everything shown is that copy's. */
static void check_clauses(struct library_case *c, const char *file, int64_t members)
{
    struct arena *kept = c->arena;
    for (int64_t m = 1; m <= members; m++) {
        struct search_own own;
        must(c, search_load_own(kept, c->store, 1, m, true, &own, &c->err));
        size_t from = 0;
        for (size_t pos = 0; pos < own.text.len;) {
            size_t at = pos;
            uint32_t code = utf8_next(own.text, &pos);
            if (!parts_clauses(own.text, code, pos) && pos < own.text.len)
                continue;
            struct str clause = str_slice(own.text, from, at - from);
            from = pos;
            c->arena = arena_make();
            struct str words = str_format(c->arena, "\"%.*s\"", STR_ARG(clause));
            if (token_split(c->arena, clause).count) {
                struct search_found found = search_as(c, m, str_z(c->arena, words));
                if (!found.nhits)
                    fail_msg("%s: M%d does not find %.*s", file, (int)m, STR_ARG(clause));
            }
            arena_free(c->arena);
        }
        c->arena = kept;
    }
}

static void every_clause_of_every_copy_is_found(void **state)
{
    struct library_case *c = *state;
    static const char *const files[] = {"samples/zh-speech.txt"};
    add_members(c, 8);
    (void)publish_text(c, project_file(c, files[0]), 0);
    catch_up(c);
    check_clauses(c, files[0], 6);
}

static void every_clause_of_every_english_copy_is_found(void **state)
{
    struct library_case *c = *state;
    add_members(c, 8);
    (void)publish_text(c, project_file(c, "samples/en-address.txt"), 0);
    catch_up(c);
    check_clauses(c, "samples/en-address.txt", 4);
}

static bool has_words(const struct search_own *own, struct arena *arena, struct str words)
{
    struct search_question question;
    search_parse_question(arena, str_format(arena, "\"%.*s\"", STR_ARG(words)), &question);
    return search_own_fits(own, &question);
}

/* A word of the other alternative neither finds nor rules out a paper whose copy does not have it. */
static void a_search_does_not_tell_which_words_are_sites(void **state)
{
    struct library_case *c = *state;
    unsigned tried = 0;
    add_members(c, 8);
    struct edition_text t = publish_text(c, project_file(c, "samples/zh-speech.txt"), 0);
    catch_up(c);
    for (size_t i = 0; i < t.sites.nplaces && tried < 40; i++) {
        const struct paper_place *p = &t.sites.places[i];
        for (unsigned k = 0; k < 2; k++) {
            struct search_own own;
            struct search_question question;
            must(c, search_load_own(c->arena, c->store, 1, 3, true, &own, &c->err));
            search_parse_question(c->arena, p->alt[k], &question);
            if (utf8_count(p->alt[k]) < 2 || question.nterms != 1)
                continue;
            bool there = has_words(&own, c->arena, p->alt[k]);
            struct str alone = str_format(c->arena, "\"%.*s\"", STR_ARG(p->alt[k]));
            struct str without = str_format(c->arena, "工作 -%.*s", STR_ARG(p->alt[k]));
            assert_int_equal(finds(c, 3, str_z(c->arena, alone)), there);
            assert_int_equal(finds(c, 3, str_z(c->arena, without)), !there);
            tried++;
        }
    }
    assert_true(tried >= 20);
}

/* Every sentence shown, or what is left of it between dots, stands in the text. */
static void check_excerpt(struct str excerpt, struct str text)
{
    size_t from = 0;
    assert_true(excerpt.len > 20);
    for (size_t pos = 0; pos < excerpt.len;) {
        size_t at = pos;
        uint32_t code = utf8_next(excerpt, &pos);
        if (code != 0x3002 && code != 0x2026 && pos < excerpt.len)
            continue;
        struct str piece = str_trim(str_slice(excerpt, from, at - from));
        assert_true(str_find(text, piece, 0) != SIZE_MAX);
        from = pos;
    }
}

static void what_is_shown_stands_in_the_members_own_copy(void **state)
{
    struct library_case *c = *state;
    add_members(c, 4);
    (void)publish_text(c, project_file(c, "samples/zh-speech.txt"), 0);
    catch_up(c);
    for (int64_t m = 1; m <= 4; m++) {
        struct search_own own;
        struct search_found found = search_as(c, m, "发展 工作");
        must(c, search_load_own(c->arena, c->store, 1, m, true, &own, &c->err));
        assert_int_equal(found.nhits, 1);
        check_excerpt(found.hits[0].excerpt, own.text);
        assert_true(str_find(found.hits[0].excerpt_marked, STR("<mark>"), 0) != SIZE_MAX);
        assert_true(str_equal(found.hits[0].title, own.title));
    }
}

static void the_title_is_not_said_again_below_it(void **state)
{
    struct library_case *c = *state;
    add_members(c, 1);
    (void)publish_text(
        c, STR("Night buses\n\nThe town was quiet.\n\nThe last night bus left at ten.\n"), 0);
    catch_up(c);
    struct search_found found = search_as(c, 1, "night bus");
    assert_int_equal(found.nhits, 1);
    assert_true(str_equal(found.hits[0].excerpt, STR("The last night bus left at ten.")));
}

static void markup_in_a_paper_is_shown_as_text(void **state)
{
    struct library_case *c = *state;
    add_members(c, 1);
    (void)publish_text(c, STR("Notes <b>\n\nSome <script>alert(1)</script> & lighthouse words.\n"),
                       0);
    catch_up(c);
    struct search_found found = search_as(c, 1, "lighthouse notes");
    assert_int_equal(found.nhits, 1);
    assert_true(str_find(found.hits[0].excerpt_marked, STR("<script"), 0) == SIZE_MAX);
    assert_true(str_find(found.hits[0].excerpt_marked, STR("&lt;script&gt;"), 0) != SIZE_MAX);
    assert_true(str_find(found.hits[0].excerpt_marked, STR("<mark>lighthouse</mark>"), 0) !=
                SIZE_MAX);
    assert_true(str_find(found.hits[0].title_marked, STR("<mark>Notes</mark> &lt;b&gt;"), 0) !=
                SIZE_MAX);
}

/* --- the index ------------------------------------------------------------------------------------ */

static int64_t count_of(struct library_case *c, const char *sql)
{
    struct query *q = query_start(c->store, sql);
    int64_t count = query_row(q) ? query_int(q, 0) : -1;
    must(c, query_end(q, &c->err));
    return count;
}

static void a_new_edition_takes_the_place_of_the_old_one(void **state)
{
    struct library_case *c = *state;
    int64_t looked = 0;
    bool behind = true;
    publish_papers(c);
    must(c, library_search_is_behind(c->store, &looked, &behind, &c->err));
    assert_false(behind);
    (void)publish_text(c, STR("农村公路养护办法\n\n第一条 桥梁另行规定。\n"), 1);
    must(c, library_search_is_behind(c->store, &looked, &behind, &c->err));
    assert_true(behind);
    catch_up(c);
    must(c, library_search_is_behind(c->store, &looked, &behind, &c->err));
    assert_false(behind);
    assert_false(finds(c, 1, "清雪"));
    assert_string_equal(papers_for(c, 1, "桥梁"), "P1");
    assert_int_equal(count_of(c, "SELECT count(*) FROM search_entry"), 5);
    /* nothing of the old edition is left in the index itself */
    assert_int_equal(count_of(c, "SELECT count(*) FROM search WHERE search MATCH '\"清雪\"'"), 0);
}

static void an_index_made_anew_finds_the_same(void **state)
{
    struct library_case *c = *state;
    publish_papers(c);
    must(c, library_search_forget(c->store, &c->err));
    assert_false(finds(c, 1, "公路"));
    catch_up(c);
    assert_string_equal(papers_for(c, 1, "公路"), "P1 P4");
}

static void sites_that_change_are_indexed_anew(void **state)
{
    struct library_case *c = *state;
    add_members(c, 2);
    struct edition_text t = publish_text(c, project_file(c, "samples/zh-speech.txt"), 0);
    catch_up(c);
    for (uint32_t i = 0; i < t.sites.nsites; i++)
        t.sites.sites[i].locked = true;
    must(c, library_change_sites(c->arena, c->store, &t, STR("{}"), &c->err));
    catch_up(c);
    assert_int_equal(count_of(c, "SELECT count(*) FROM search WHERE search MATCH"
                                 " '{either} : \"发展\"'"),
                     0);
    assert_true(finds(c, 1, "发展"));
}

/* --- what may have been meant --------------------------------------------------------------------- */

static void a_mistyped_word_is_put_right_by_what_the_member_may_read(void **state)
{
    struct library_case *c = *state;
    static const struct {
        const char *typed, *meant;
    } cases[] = {
        {"comittee", "committee"},
        {"ferreis", "ferries"},
        {"snwo", "snow"},
        {"the comittee", "the committee"},
        {"农村供路养护", "农村公路养护办法"},
        {"xyzzy", NULL},
    };
    publish_papers(c);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct search_found found = search_as(c, 1, cases[i].typed);
        assert_int_equal(found.nhits, 0);
        assert_int_equal(found.ninsteads > 0, cases[i].meant != NULL);
        if (cases[i].meant)
            assert_string_equal(str_z(c->arena, found.insteads[0]), cases[i].meant);
    }
    run_sql(c, "UPDATE offer SET access = 'groups' WHERE paper = 3");
    assert_int_equal(search_as(c, 1, "comittee").ninsteads, 0);
}

static const char *suggested(struct library_case *c, const char *words)
{
    struct search_request request = {
        .words = str_of(words), .member = 1, .now_ms = store_now_ms(), .page = 1};
    struct search_suggestion *list;
    size_t count;
    struct buf out = {.arena = c->arena};
    must(c, library_search_suggest(c->arena, c->store, &request, &list, &count, &c->err));
    buf_reserve(&out, 1);
    for (size_t i = 0; i < count; i++)
        buf_format(&out, "%s%.*s", i ? " | " : "", STR_ARG(list[i].text));
    return str_z(c->arena, buf_str(&out));
}

static void titles_and_words_are_suggested_while_typing(void **state)
{
    struct library_case *c = *state;
    publish_papers(c);
    assert_string_equal(suggested(c, "公路"), "农村公路养护办法");
    assert_string_equal(suggested(c, "供"), "关于城市供水价格的说明");
    assert_string_equal(suggested(c, "commi"), "Minutes of the Harbour Committee | committee");
    assert_string_equal(suggested(c, "har"), "Minutes of the Harbour Committee | harbour");
    assert_string_equal(suggested(c, "the fer"), "the ferries");
    assert_string_equal(suggested(c, ""), "");
    run_sql(c, "UPDATE offer SET access = 'groups' WHERE paper = 3");
    assert_string_equal(suggested(c, "commi"), "");
}

/* --- what was shown ------------------------------------------------------------------------------- */

static void who_was_shown_sentences_is_on_record_once(void **state)
{
    struct library_case *c = *state;
    bool known;
    publish_papers(c);
    struct search_found found = search_as(c, 2, "公路");
    must(c, library_find_glimpses(c->store, 2, found.hits, found.nhits, &known, &c->err));
    assert_false(known);
    must(c, library_record_glimpses(c->store, 2, found.hits, found.nhits, &c->err));
    must(c, library_record_glimpses(c->store, 2, found.hits, found.nhits, &c->err));
    must(c, library_find_glimpses(c->store, 2, found.hits, found.nhits, &known, &c->err));
    assert_true(known);
    assert_int_equal(count_of(c, "SELECT count(*) FROM glimpse WHERE member = 2"), 2);
    assert_int_equal(count_of(c, "SELECT count(*) FROM event WHERE kind = 'copy.glimpsed'"), 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_question_becomes_phrases_of_ready_words),
        TEST(papers_are_found_as_people_look_for_them),
        TEST(nothing_that_is_typed_is_a_wrong_question),
        TEST(among_equals_the_newer_comes_first_and_pages_follow_without_gap),
        TEST(filters_narrow_what_is_found),
        TEST(a_paper_is_found_only_by_who_may_open_it),
        TEST(a_paper_whose_notice_is_not_accepted_is_found_by_its_title_alone),
        TEST(every_clause_of_every_copy_is_found),
        TEST(every_clause_of_every_english_copy_is_found),
        TEST(a_search_does_not_tell_which_words_are_sites),
        TEST(what_is_shown_stands_in_the_members_own_copy),
        TEST(the_title_is_not_said_again_below_it),
        TEST(markup_in_a_paper_is_shown_as_text),
        TEST(a_new_edition_takes_the_place_of_the_old_one),
        TEST(an_index_made_anew_finds_the_same),
        TEST(sites_that_change_are_indexed_anew),
        TEST(a_mistyped_word_is_put_right_by_what_the_member_may_read),
        TEST(titles_and_words_are_suggested_while_typing),
        TEST(who_was_shown_sentences_is_on_record_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
