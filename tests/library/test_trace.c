/* The trace walk, from exhibit to finding. */
#include "library_case.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "library/beside.h"
#include "library/finding_json.h"
#include "library/joint.h"
#include "library/rehearse.h"
#include "library/strength.h"
#include "library/trace.h"
#include "library/trace_run.h"
#include "library/trace_sign.h"
#include "paper/attack.h"

#define MEMBERS 200

static const char speech[] = "samples/zh-speech.txt";

static struct exhibit exhibit_of(struct str text)
{
    return (struct exhibit){.name = STR("exhibit"),
                            .bytes = text,
                            .seen = paper_seen_text(text),
                            .digest = digest_of(text)};
}

static struct finding trace_texts(struct library_case *c, const struct exhibit *exhibits,
                                  size_t count)
{
    struct finding finding;
    struct trace_request request = {.exhibits = exhibits,
                                    .nexhibits = count,
                                    .everyone = true,
                                    .false_alarm = TRACE_FALSE_ALARM};
    must(c, library_trace(c->arena, c->store, &request, &finding, &c->err));
    return finding;
}

static struct finding trace_text(struct library_case *c, struct str text)
{
    struct exhibit exhibit = exhibit_of(text);
    return trace_texts(c, &exhibit, 1);
}

/* A copy with a number that no member has. */
static struct str copy_of_stranger(struct library_case *c, const struct edition_text *text,
                                   uint32_t number)
{
    struct mark_code *code = library_edition_code(c->arena, c->store, &text->edition);
    struct format_frame frame = {0};
    struct stamp_plan *plan = format_write(c->arena, &text->doc, &text->sites, &frame, FORMAT_TEXT);
    uint8_t *bits = arena_array(c->arena, text->sites.nsites + 1, uint8_t);
    char *out = arena_take(c->arena, stamp_plan_room(plan));
    mark_codeword(code, number, bits);
    return (struct str){out, stamp_plan_write(plan, bits, out)};
}

static struct str attacked(struct library_case *c, struct str text, enum attack_kind kind,
                           uint64_t seed)
{
    struct attack_dice dice = {seed};
    return attack_text(c->arena, text, LANG_ZH, kind, &dice);
}

static struct str number_of_copy(struct library_case *c, int64_t member)
{
    struct serial number = {0};
    struct query *q = query_start(c->store, "SELECT number FROM copy WHERE member = ?1");
    query_bind_int(q, 1, member);
    assert_true(query_row(q) && serial_read(query_str(q, 0), &number));
    must(c, query_end(q, &c->err));
    return serial_print(c->arena, &number);
}

/* A forger prints another's number: who is named stays who is named, and by the same figures. */
static void a_visible_number_is_told_and_changes_nothing_in_the_finding(void **state)
{
    struct library_case *c = *state;
    add_members(c, MEMBERS);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    struct str copy = give_copy(c, &text, 7);
    (void)give_copy(c, &text, 8);
    struct finding plain = trace_text(c, copy);
    assert_int_equal(plain.nsigns, 0);
    struct str printed = str_format(c->arena, "%.*s\n%.*s\n%.*s\n%.*s\n2345-6789-ABCD-EFGH",
                                    STR_ARG(copy), STR_ARG(number_of_copy(c, 7)),
                                    STR_ARG(number_of_copy(c, 8)), STR_ARG(number_of_copy(c, 7)));
    struct finding f = trace_text(c, printed);
    assert_int_equal(f.nmembers, 1);
    assert_int_equal(f.members[0].id, 7);
    assert_true(fabs(f.members[0].log10_p - plain.members[0].log10_p) < 1e-9);
    assert_int_equal(f.nsigns, 2);
    assert_int_equal(f.signs[0].member, 7);
    assert_int_equal(library_sign_says(&f, &f.signs[0]), SIGN_AGREES);
    assert_int_equal(f.signs[1].member, 8);
    assert_int_equal(library_sign_says(&f, &f.signs[1]), SIGN_CONTRADICTS);
    struct finding kept;
    struct str packed = library_pack_finding(c->arena, &f);
    assert_true(str_find(packed, STR("Member 8"), 0) == SIZE_MAX);
    must(c, library_unpack_finding(c->arena, c->store, packed, &kept, &c->err));
    assert_int_equal(kept.nsigns, 2);
    assert_int_equal(library_sign_says(&kept, &kept.signs[1]), SIGN_CONTRADICTS);
    assert_true(str_equal(kept.signs[1].name, STR("Member 8")));

    struct exhibit margin = exhibit_of(STR("a corner of a page"));
    struct serial nobody = {"2222222222222222"};
    must(c, serial_make(&nobody, &c->err));
    struct str codes[] = {str_format(c->arena, "https://papers.example.org/check/%.*s",
                                     STR_ARG(number_of_copy(c, 8))),
                          serial_print(c->arena, &nobody)};
    margin.signs = codes;
    margin.nsigns = 2;
    f = trace_texts(c, &margin, 1);
    assert_int_equal(f.nmembers, 0);
    assert_int_equal(library_sign_says(&f, &f.signs[0]), SIGN_OPEN);
    assert_int_equal(library_sign_says(&f, &f.signs[1]), SIGN_UNKNOWN);
}

/* The number with its character `at` taken for a letter that no number has. */
static struct str misread(struct library_case *c, struct str number, size_t at)
{
    return str_format(c->arena, "%.*sO%.*s", (int)at, number.at, (int)(number.len - at - 1),
                      number.at + at + 1);
}

static void a_visible_number_read_with_one_character_wrong_is_the_copy_that_must_be_meant(
    void **state)
{
    struct library_case *c = *state;
    add_members(c, MEMBERS);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    (void)give_copy(c, &text, 8);
    struct exhibit margin = exhibit_of(STR("a corner of a page"));
    struct serial nobody = {"2222222222222222"};
    must(c, serial_make(&nobody, &c->err));
    struct str eight = number_of_copy(c, 8);
    struct str signs[] = {misread(c, eight, 0), misread(c, eight, eight.len - 1),
                          misread(c, misread(c, eight, 2), 8),
                          misread(c, serial_print(c->arena, &nobody), 6)};
    margin.signs = signs;
    margin.nsigns = sizeof signs / sizeof *signs;
    struct finding f = trace_texts(c, &margin, 1);
    assert_int_equal(f.nsigns, 1);
    assert_int_equal(f.signs[0].member, 8);
    assert_string_equal(serial_print(c->arena, &f.signs[0].number).at, eight.at);
    margin.signs = signs + 2;
    margin.nsigns = 2;
    assert_int_equal(trace_texts(c, &margin, 1).nsigns, 0);
}

static void a_leaked_copy_names_its_member_whatever_was_done_to_it(void **state)
{
    struct library_case *c = *state;
    add_members(c, MEMBERS);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    for (int kind = 0; kind < ATTACK_SINGLES; kind++) {
        if (kind == ATTACK_EXCERPT)
            continue; /* how long one must be is the paper's strength, tested below */
        int64_t leaker = 1 + kind * 7;
        struct str leaked = attacked(c, give_copy(c, &text, leaker), (enum attack_kind)kind, 5);
        struct finding f = trace_text(c, leaked);
        if (f.verdict != VERDICT_NAMED || f.nmembers != 1 || f.members[0].id != leaker)
            fail_msg("%s: verdict %s, %zu named", attack_name((enum attack_kind)kind, LANG_EN),
                     verdict_name(f.verdict), f.nmembers);
        assert_true(f.members[0].log10_p_all <= -6);
        assert_int_equal(f.sources[0].edition.paper, text.edition.paper);
    }
}

static void only_members_given_a_copy_are_tested_unless_everyone_is_asked_for(void **state)
{
    struct library_case *c = *state;
    struct finding f;
    add_members(c, MEMBERS);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    struct str leaked = give_copy(c, &text, 3);
    (void)give_copy(c, &text, 4);
    struct exhibit exhibit = exhibit_of(leaked);
    struct trace_request request = {
        .exhibits = &exhibit, .nexhibits = 1, .false_alarm = TRACE_FALSE_ALARM};
    must(c, library_trace(c->arena, c->store, &request, &f, &c->err));
    assert_int_equal(f.tested, 2);
    request.everyone = true;
    must(c, library_trace(c->arena, c->store, &request, &f, &c->err));
    assert_int_equal(f.tested, MEMBERS);
}

static void the_master_is_called_unmarked_and_a_strange_text_unknown(void **state)
{
    struct library_case *c = *state;
    add_members(c, MEMBERS);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    (void)give_copy(c, &text, 1);
    struct finding master = trace_text(c, text.doc.text);
    assert_int_equal(master.verdict, VERDICT_UNMARKED);
    assert_int_equal(master.nmembers, 0);
    struct finding strange = trace_text(c, project_file(c, "samples/zh-note.md"));
    assert_int_equal(strange.verdict, VERDICT_UNKNOWN_SOURCE);
    assert_int_equal(strange.nsources, 0);
}

static void a_short_excerpt_names_nobody_and_says_what_would_do(void **state)
{
    struct library_case *c = *state;
    add_members(c, MEMBERS);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    struct str copy = give_copy(c, &text, 9);
    size_t from = copy.len / 3;
    while (((unsigned char)copy.at[from] & 0xC0) == 0x80)
        from++;
    struct finding f = trace_text(c, str_slice(copy, from, 450));
    assert_int_equal(f.verdict, VERDICT_INSUFFICIENT);
    assert_int_equal(f.nmembers, 0);
    assert_true(f.needed_marks > 0);
    assert_true(f.needed_characters >= f.needed_marks);
}

static void two_papers_pasted_together_are_both_found_and_add_up(void **state)
{
    struct library_case *c = *state;
    add_members(c, MEMBERS);
    struct edition_text a = publish_text(c, project_file(c, speech), 0);
    struct edition_text b = publish_text(c, project_file(c, "samples/zh-minutes.md"), 0);
    struct buf both = {.arena = c->arena};
    buf_add(&both, give_copy(c, &a, 5));
    buf_add(&both, STR("\n\n"));
    buf_add(&both, give_copy(c, &b, 5));
    struct finding f = trace_text(c, buf_str(&both));
    assert_int_equal(f.nsources, 2);
    assert_int_equal(f.nmembers, 1);
    assert_int_equal(f.members[0].id, 5);
    struct finding alone = trace_text(c, give_copy(c, &a, 5));
    assert_true(f.members[0].read > alone.members[0].read);
    assert_true(f.members[0].log10_p < alone.members[0].log10_p);
}

static void two_short_excerpts_together_name_whom_neither_names_alone(void **state)
{
    struct library_case *c = *state;
    add_members(c, MEMBERS);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    struct str copy = give_copy(c, &text, 11);
    struct exhibit exhibits[12];
    size_t count = 0;
    for (size_t from = copy.len / 5; count < 12; count++) {
        while (((unsigned char)copy.at[from] & 0xC0) == 0x80)
            from++;
        exhibits[count] = exhibit_of(str_slice(copy, from, 600));
        from += 900;
        assert_int_equal(trace_texts(c, &exhibits[count], 1).nmembers, 0);
    }
    struct finding f = trace_texts(c, exhibits, count);
    assert_int_equal(f.verdict, VERDICT_NAMED);
    assert_int_equal(f.members[0].id, 11);
}

/* Whole copies of two members as exhibits of one trace. */
static struct finding trace_two_hands(struct library_case *c, int64_t first, int64_t second)
{
    add_members(c, MEMBERS);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    struct exhibit exhibits[] = {exhibit_of(give_copy(c, &text, first)),
                                 exhibit_of(give_copy(c, &text, second))};
    return trace_texts(c, exhibits, 2);
}

static void exhibits_from_two_hands_name_both(void **state)
{
    struct finding f = trace_two_hands(*state, 21, 22);
    assert_int_equal(f.nmembers, 2);
    assert_int_equal(f.members[0].id + f.members[1].id, 43);
}

/* Where the line begins that so many end before. */
static size_t line_at(struct str text, size_t lines)
{
    size_t at = 0;
    for (; at < text.len && lines > 0; at++)
        lines -= text.at[at] == '\n';
    return at;
}

/* Lines that end in the first so many bytes. */
static size_t lines_in(struct str text, size_t len)
{
    size_t lines = 0;
    for (size_t at = 0; at < len; at++)
        lines += text.at[at] == '\n';
    return lines;
}

/* Of each of the copies a part of about the same length, in their order, cut at the same lines. */
static struct str part_of_each(struct library_case *c, const struct str *copies, size_t count)
{
    struct buf out = {.arena = c->arena};
    for (size_t i = 0; i < count; i++) {
        size_t from = line_at(copies[i], lines_in(copies[0], copies[0].len * i / count));
        size_t to = i + 1 < count
                        ? line_at(copies[i], lines_in(copies[0], copies[0].len * (i + 1) / count))
                        : copies[i].len;
        buf_add(&out, str_slice(copies[i], from, to - from));
    }
    return buf_str(&out);
}

/* In the whole each agrees with three marks of four only, which would hardly do for either. */
static void leakers_who_gave_half_of_the_text_each_are_both_named(void **state)
{
    struct library_case *c = *state;
    unsigned parts = 0;
    add_members(c, MEMBERS);
    struct edition_text text = publish_text(c, project_file(c, "samples/zh-note.md"), 0);
    for (int64_t i = 1; i < 20; i += 2) {
        struct str copies[] = {give_copy(c, &text, i), give_copy(c, &text, i + 1)};
        struct str leak = part_of_each(c, copies, 2);
        struct finding f = trace_text(c, attacked(c, leak, ATTACK_RETYPE, (uint64_t)i));
        assert_int_equal(f.nmembers, 2);
        assert_int_equal(f.members[0].id + f.members[1].id, 2 * i + 1);
        for (size_t m = 0; m < 2; m++) {
            const struct trace_member *named = &f.members[m];
            assert_true(named->log10_p_all <= -6);
            parts += named->proof.part.paper == text.edition.paper;
            if (named->proof.part.paper)
                assert_true(named->agree * 10 >= named->read * 9);
        }
        assert_true(f.members[1].explains <= f.members[1].agree);
    }
    assert_true(parts > 10);
}

/* Where somebody who is not tested gave half of a text, half of the marks there fit nobody named. */
static void what_those_named_leave_open_is_told(void **state)
{
    struct library_case *c = *state;
    add_members(c, MEMBERS);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    struct str copies[] = {give_copy(c, &text, 1), give_copy(c, &text, 2)};
    struct exhibit exhibit = exhibit_of(part_of_each(c, copies, 2));
    struct finding f = trace_texts(c, &exhibit, 1);
    assert_int_equal(f.nmembers, 2);
    assert_int_equal(trace_left_open(&f), 0);
    exhibit = exhibit_of(attacked(c, copies[0], ATTACK_RETYPE, 5));
    f = trace_texts(c, &exhibit, 1);
    assert_int_equal(f.nmembers, 1);
    assert_int_equal(trace_left_open(&f), 0);
    copies[1] = copy_of_stranger(c, &text, 5000);
    exhibit = exhibit_of(part_of_each(c, copies, 2));
    f = trace_texts(c, &exhibit, 1);
    assert_int_equal(f.nmembers, 1);
    assert_in_range(trace_left_open(&f), f.sources[0].reads[PAPER_WORD] / 8,
                    f.sources[0].reads[PAPER_WORD] / 2);
    struct finding kept;
    must(c, library_unpack_finding(c->arena, c->store, library_pack_finding(c->arena, &f), &kept,
                                   &c->err));
    assert_int_equal(trace_left_open(&kept), trace_left_open(&f));
}

/* Two are named by the whole, and between them explain by accident nearly all that the third gave. */
static void who_gave_a_third_of_a_text_is_named_beside_those_of_the_rest(void **state)
{
    struct library_case *c = *state;
    unsigned named = 0;
    struct buf long_text = {.arena = c->arena};
    add_members(c, MEMBERS);
    buf_add(&long_text, project_file(c, speech));
    buf_add(&long_text, project_file(c, "samples/zh-note.md"));
    buf_add(&long_text, project_file(c, "samples/zh-minutes.md"));
    struct edition_text text = publish_for(c, buf_str(&long_text), 0, 4);
    for (int64_t i = 1; i < 30; i += 3) {
        struct str copies[3];
        for (int64_t k = 0; k < 3; k++)
            copies[k] = give_copy(c, &text, i + k);
        struct finding f = trace_text(c, part_of_each(c, copies, 3));
        for (size_t m = 0; m < f.nmembers; m++)
            assert_true(f.members[m].id >= i && f.members[m].id < i + 3);
        named += (unsigned)f.nmembers;
    }
    assert_int_equal(named, 30);
}

static void leakers_of_two_papers_merged_are_both_named(void **state)
{
    struct library_case *c = *state;
    add_members(c, MEMBERS);
    struct edition_text papers[] = {publish_text(c, project_file(c, "samples/zh-minutes.md"), 0),
                                    publish_text(c, project_file(c, "samples/zh-note.md"), 0)};
    for (int64_t i = 1; i < 20; i += 2) {
        struct str leak = str_format(c->arena, "%.*s\n%.*s", STR_ARG(give_copy(c, &papers[0], i)),
                                     STR_ARG(give_copy(c, &papers[1], i + 1)));
        struct finding f = trace_text(c, leak);
        assert_int_equal(f.nmembers, 2);
        assert_int_equal(f.members[0].id + f.members[1].id, 2 * i + 1);
    }
}

/* Who is named first explains what they agree with; who follows, only what is left. */
static void marks_that_several_agree_with_are_explained_by_the_first(void **state)
{
    struct finding f = trace_two_hands(*state, 21, 22);
    assert_int_equal(f.nmembers, 2);
    assert_int_equal(f.members[0].explains, f.members[0].agree);
    assert_true(f.members[1].explains > f.members[1].agree / 4);
    assert_true(f.members[1].explains < f.members[1].agree * 3 / 4);
}

static void a_copy_of_an_old_edition_is_traced_after_a_new_one(void **state)
{
    struct library_case *c = *state;
    add_members(c, MEMBERS);
    struct str text = project_file(c, speech);
    struct edition_text first = publish_text(c, text, 0);
    struct str copy = give_copy(c, &first, 33);
    struct buf longer = {.arena = c->arena};
    buf_add(&longer, STR("本版增补说明：有关安排自下月起施行，请各单位认真对照落实。\n\n"));
    buf_add(&longer, text);
    (void)publish_text(c, buf_str(&longer), first.edition.paper);
    struct finding f = trace_text(c, attacked(c, copy, ATTACK_RETYPE, 3));
    assert_int_equal(f.verdict, VERDICT_NAMED);
    assert_int_equal(f.members[0].id, 33);
}

static void nobody_is_named_for_a_copy_of_somebody_who_is_not_tested(void **state)
{
    struct library_case *c = *state;
    add_members(c, MEMBERS);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    for (uint32_t stranger = 5000; stranger < 5040; stranger++) {
        struct finding f = trace_text(c, copy_of_stranger(c, &text, stranger));
        assert_int_equal(f.verdict, VERDICT_INSUFFICIENT);
        assert_int_equal(f.nmembers, 0);
    }
}

/* Of two texts by hands that are not among those tested an innocent may stand out on each, but one and the same on
 * both next to never, however much the texts have in common. */
static void texts_that_are_the_same_are_no_sign_of_one_hand_among_the_innocent(void **state)
{
    struct library_case *c = *state;
    const struct trace_run run = {0};
    unsigned alike = 0;
    add_members(c, MEMBERS);
    struct edition_text text = publish_text(c, project_file(c, "samples/zh-note.md"), 0);
    for (uint32_t stranger = 5000; stranger < 5250; stranger++) {
        bool same;
        struct str copy = copy_of_stranger(c, &text, stranger);
        struct exhibit sides[] = {exhibit_of(copy), exhibit_of(copy)};
        sides[0].name = STR("C1 a");
        sides[1].name = STR("C2 b");
        struct trace_request request = {
            .exhibits = sides, .nexhibits = 2, .everyone = true, .false_alarm = TRACE_FALSE_ALARM};
        must(c, library_joint_alike(c->arena, c->store, &run, &request, &same, &c->err));
        alike += same;
    }
    assert_int_equal(alike, 0);
}

static void a_text_published_twice_is_traced_to_the_paper_that_was_copied(void **state)
{
    struct library_case *c = *state;
    add_members(c, MEMBERS);
    struct edition_text papers[] = {publish_text(c, project_file(c, speech), 0),
                                    publish_text(c, project_file(c, speech), 0)};
    for (int64_t i = 0; i < 2; i++) {
        struct str copy = give_copy(c, &papers[i], 41 + i);
        struct finding f = trace_text(c, attacked(c, copy, ATTACK_RETYPE, 3));
        assert_int_equal(f.verdict, VERDICT_NAMED);
        assert_int_equal(f.nmembers, 1);
        assert_int_equal(f.members[0].id, 41 + i);
        assert_true(f.members[0].log10_p_all <= -6);
        assert_int_equal(f.nsources, 1);
        assert_int_equal(f.sources[0].edition.paper, papers[i].edition.paper);
    }
}

static void members_given_a_copy_of_either_of_two_like_papers_are_tested(void **state)
{
    struct library_case *c = *state;
    struct finding f;
    add_members(c, MEMBERS);
    struct edition_text first = publish_text(c, project_file(c, speech), 0);
    struct edition_text second = publish_text(c, project_file(c, speech), 0);
    (void)give_copy(c, &first, 7);
    struct exhibit exhibit = exhibit_of(give_copy(c, &second, 8));
    struct trace_request request = {
        .exhibits = &exhibit, .nexhibits = 1, .false_alarm = TRACE_FALSE_ALARM};
    must(c, library_trace(c->arena, c->store, &request, &f, &c->err));
    assert_int_equal(f.tested, 2);
    assert_int_equal(f.nmembers, 1);
    assert_int_equal(f.members[0].id, 8);
}

static void a_copy_of_a_passage_that_a_longer_paper_holds_too_names_its_member(void **state)
{
    struct library_case *c = *state;
    add_members(c, MEMBERS);
    struct str passage = project_file(c, speech);
    struct buf longer = {.arena = c->arena};
    buf_add(&longer, project_file(c, "samples/zh-note.md"));
    buf_add(&longer, STR("\n\n"));
    buf_add(&longer, passage);
    struct edition_text whole = publish_text(c, buf_str(&longer), 0);
    struct edition_text part = publish_text(c, passage, 0);
    assert_int_equal(trace_text(c, give_copy(c, &whole, 51)).members[0].id, 51);
    assert_int_equal(trace_text(c, give_copy(c, &part, 52)).members[0].id, 52);
    struct exhibit both[] = {exhibit_of(give_copy(c, &whole, 51)),
                             exhibit_of(give_copy(c, &part, 52))};
    struct finding f = trace_texts(c, both, 2);
    assert_int_equal(f.nmembers, 2);
    assert_int_equal(f.members[0].id + f.members[1].id, 103);
    assert_int_equal(f.nsources, 2);
}

static void each_hypothesis_of_like_papers_pays_its_part_of_the_budget(void **state)
{
    struct library_case *c = *state;
    add_members(c, MEMBERS);
    struct edition_text first = publish_text(c, project_file(c, speech), 0);
    struct str copy = give_copy(c, &first, 61);
    struct finding alone = trace_text(c, copy);
    (void)publish_text(c, project_file(c, speech), 0);
    struct finding shared = trace_text(c, copy);
    double half = log10(2);
    assert_true(fabs(shared.members[0].log10_p - alone.members[0].log10_p - half) < 1e-6);
    assert_true(fabs(shared.members[0].log10_p_all - alone.members[0].log10_p_all - half) < 1e-6);
}

static void the_same_exhibit_twice_is_no_more_evidence_than_once(void **state)
{
    struct library_case *c = *state;
    add_members(c, MEMBERS);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    struct exhibit exhibit = exhibit_of(give_copy(c, &text, 13));
    struct exhibit twice[] = {exhibit, exhibit};
    struct finding once = trace_texts(c, twice, 1);
    struct finding f = trace_texts(c, twice, 2);
    assert_int_equal(f.nmembers, 1);
    assert_int_equal(f.members[0].read, once.members[0].read);
    assert_true(f.members[0].log10_p >= once.members[0].log10_p);
}

static uint32_t marks_read(const struct finding *f)
{
    uint32_t sum = 0;
    for (size_t channel = 0; channel < PAPER_CHANNELS; channel++)
        sum += f->sources[0].reads[channel];
    return sum;
}

static void copies_of_a_short_and_a_long_edition_add_up_without_marks_made_up(void **state)
{
    struct library_case *c = *state;
    add_members(c, MEMBERS);
    struct str text = project_file(c, speech);
    struct edition_text first = publish_text(c, text, 0);
    struct buf longer = {.arena = c->arena};
    buf_add(&longer, str_slice(text, str_find(text, STR("\n"), text.len / 4), text.len));
    buf_add(&longer, STR("\n\n"));
    buf_add(&longer, project_file(c, "samples/zh-minutes.md"));
    struct edition_text second = publish_text(c, buf_str(&longer), first.edition.paper);
    assert_true(second.edition.nsites > first.edition.nsites);
    struct str copy = give_copy(c, &second, 17);
    size_t from = copy.len - 2400;
    while (((unsigned char)copy.at[from] & 0xC0) == 0x80)
        from++;
    struct exhibit exhibits[] = {exhibit_of(give_copy(c, &first, 17)),
                                 exhibit_of(str_slice(copy, from, copy.len))};
    struct finding both = trace_texts(c, exhibits, 2);
    struct finding old = trace_texts(c, &exhibits[0], 1);
    struct finding end = trace_texts(c, &exhibits[1], 1);
    assert_int_equal(both.nmembers, 1);
    assert_int_equal(both.members[0].id, 17);
    assert_true(marks_read(&end) > 0);
    assert_int_equal(marks_read(&both), marks_read(&old) + marks_read(&end));
}

static void a_finding_is_recorded_with_its_exhibits(void **state)
{
    struct library_case *c = *state;
    add_members(c, MEMBERS);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    struct str copy = give_copy(c, &text, 2);
    struct exhibit exhibit = exhibit_of(copy);
    struct trace_request request = {
        .exhibits = &exhibit, .nexhibits = 1, .everyone = true, .false_alarm = TRACE_FALSE_ALARM};
    struct finding f = trace_text(c, copy);
    struct digest digest = digest_of(copy);
    must(c, library_keep_exhibits(c->store, &exhibit, 1, &c->err));
    must(c, store_begin(c->store, &c->err));
    must(c, library_record_finding(c->arena, c->store, STR(""), &request, &f, &c->err));
    must(c, store_commit(c->store, &c->err));
    struct str kept;
    must(c, store_get_blob(c->arena, c->store, &digest, &kept, &c->err));
    assert_true(str_equal(kept, copy));
    struct query *q = query_start(c->store, "SELECT data FROM event WHERE kind = 'trace.made'");
    assert_true(query_row(q));
    assert_true(str_find(query_str(q, 0), STR("\"member\":\"M2\""), 0) != SIZE_MAX);
    must(c, query_end(q, &c->err));
}

/* The first characters of a member's page, measured and read as a scan is. */
static struct exhibit scanned(struct library_case *c, const struct edition_text *text,
                              uint32_t member, size_t characters)
{
    const struct attack_page how = {.noise = 0.02, .stretch = 1, .lost = 0.25, .doubtful = 0.05};
    struct attack_dice dice = {member};
    uint8_t *bits = arena_array(c->arena, (size_t)text->edition.nsites + 1, uint8_t);
    mark_codeword(library_edition_code(c->arena, c->store, &text->edition), member, bits);
    stamp_apply_locks(&text->sites, bits);
    struct paper_seen seen = attack_measure(c->arena, &text->doc, &text->sites, bits, &how, &dice);
    size_t end = 0;
    for (size_t i = 0; i < characters && end < seen.text.len; i++)
        (void)utf8_next(seen.text, &end);
    seen.text.len = end;
    while (seen.nshifts && seen.shifts[seen.nshifts - 1].at > end)
        seen.nshifts--;
    return (struct exhibit){
        .name = STR("scan"), .bytes = seen.text, .seen = seen, .digest = digest_of(seen.text)};
}

/* The speech at level full, among MEMBERS members. */
static struct edition_text publish_full_speech(struct library_case *c)
{
    struct paper_doc doc;
    struct edition_text text;
    struct publication p = {.level = PAPER_FULL, .level_given = true, .actor = "test"};
    add_members(c, MEMBERS);
    must(c,
         format_read(c->arena, project_file(c, speech), FORMAT_TEXT, NULL, STR(""), &doc, &c->err));
    must(c, library_publish(c->arena, c->store, &doc, &p, &text, &c->err));
    return text;
}

static void what_was_measured_on_a_page_names_where_its_words_do_not(void **state)
{
    struct library_case *c = *state;
    struct edition_text text = publish_full_speech(c);
    unsigned reads = 0;
    unsigned doubtful = 0;
    unsigned by_both = 0;
    unsigned by_words = 0;
    for (uint32_t leaker = 1; leaker <= 20; leaker++) {
        struct exhibit page = scanned(c, &text, leaker, 450);
        struct finding f = trace_texts(c, &page, 1);
        const struct trace_source *s = &f.sources[0];
        reads += s->reads[PAPER_LAYOUT];
        doubtful += s->doubtful[PAPER_LAYOUT];
        by_both += f.nmembers == 1;
        for (size_t i = 0; i < f.nmembers; i++) {
            assert_int_equal(f.members[i].id, leaker);
            assert_int_equal(f.members[i].read_by[PAPER_LAYOUT], s->reads[PAPER_LAYOUT]);
        }
        unsigned counted = 0;
        for (size_t i = 0; i < f.matches[0].nmarks; i++)
            counted +=
                f.matches[0].marks[i].channel == PAPER_LAYOUT && f.matches[0].marks[i].counted;
        assert_int_equal(counted, s->reads[PAPER_LAYOUT]);
        page.seen.shifts = NULL;
        page.seen.nshifts = 0;
        by_words += trace_texts(c, &page, 1).verdict == VERDICT_NAMED;
    }
    assert_true(reads > 20 * 15 && doubtful > 0);
    assert_true(by_both >= 16);
    assert_true(by_words < 5);
}

static void a_finding_kept_says_what_was_in_doubt(void **state)
{
    struct library_case *c = *state;
    struct edition_text text = publish_full_speech(c);
    struct exhibit page = scanned(c, &text, 7, 4000);
    struct finding f = trace_texts(c, &page, 1);
    struct finding back;
    must(c, library_unpack_finding(c->arena, c->store, library_pack_finding(c->arena, &f), &back,
                                   &c->err));
    must(c, library_unpack_matches(c->arena, c->store, library_pack_matches(c->arena, &f), &back,
                                   &c->err));
    assert_memory_equal(back.sources[0].doubtful, f.sources[0].doubtful,
                        sizeof f.sources[0].doubtful);
    unsigned lines = 0;
    unsigned doubts = 0;
    for (size_t i = 0; i < f.matches[0].nmarks; i++) {
        const struct trace_mark *x = &f.matches[0].marks[i];
        const struct trace_mark *y = &back.matches[0].marks[i];
        assert_true(x->doubt == y->doubt && x->shift == y->shift);
        lines += x->channel == PAPER_LAYOUT && x->shift == PAPER_SHIFT_LINE;
        doubts += x->doubt > 0;
    }
    assert_true(lines > 0 && doubts > 0);
    const struct trace_proof *proof = &back.members[0].proof;
    double score;
    double log10_p;
    assert_true(mark_bound_again(c->arena, proof->tallies, proof->ntallies, proof->stage, &score,
                                 &log10_p));
    assert_true(fabs(log10_p - log10(proof->share) - back.members[0].log10_p) < 1e-6);
}

static void every_mark_counted_stands_in_the_exhibit_where_the_finding_says(void **state)
{
    struct library_case *c = *state;
    struct paper_doc doc;
    struct edition_text text;
    struct publication p = {.level = PAPER_FULL, .actor = "test"};
    uint32_t seen[PAPER_CHANNELS] = {0};
    add_members(c, MEMBERS);
    must(c, format_read(c->arena, project_file(c, "samples/en-minutes.md"), FORMAT_MARKDOWN, NULL,
                        STR(""), &doc, &c->err));
    must(c, library_publish(c->arena, c->store, &doc, &p, &text, &c->err));
    struct str copy = give_copy(c, &text, 5);
    struct finding f = trace_text(c, copy);
    assert_int_equal(f.nmatches, 1);
    assert_true(f.matches[0].nmarks > 20);
    for (size_t i = 0; i < f.matches[0].nmarks; i++) {
        const struct trace_mark *m = &f.matches[0].marks[i];
        struct str master = str_slice(f.matches[0].text, m->source_at, m->source_len);
        assert_true(str_equal(master, m->alt[0]));
        assert_true(i == 0 || f.matches[0].marks[i - 1].at <= m->at);
        if (!m->counted)
            continue;
        bool visible = paper_channel_is_visible(m->channel);
        struct str alternative = visible ? str_trim(m->alt[m->shown]) : m->alt[m->shown];
        if (str_find(str_slice(copy, m->at, m->len), alternative, 0) == SIZE_MAX)
            fail_msg("site %u: \"%.*s\" is not at byte %zu, where \"%.*s\" stands", m->site,
                     STR_ARG(m->alt[m->shown]), m->at, STR_ARG(str_slice(copy, m->at, m->len)));
        seen[m->channel]++;
    }
    assert_true(seen[PAPER_WORD] > 10);
    assert_true(seen[PAPER_GLYPH] + seen[PAPER_SPACE] + seen[PAPER_ZERO] > 0);
}

static void both_texts_stand_side_by_side_with_every_mark_in_its_row(void **state)
{
    struct library_case *c = *state;
    struct beside_row *rows;
    size_t count;
    size_t marks = 0;
    add_members(c, MEMBERS);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    struct buf leaked = {.arena = c->arena};
    buf_add(&leaked, STR("Seen in a forum:\n\n"));
    buf_add(&leaked, give_copy(c, &text, 5));
    struct str exhibit = buf_str(&leaked);
    struct finding f = trace_text(c, exhibit);
    const struct trace_match *match = &f.matches[0];
    library_lay_beside(c->arena, match, exhibit, &rows, &count);
    assert_true(count > 10);
    assert_false(rows[0].gap);
    for (size_t i = 0; i < count; i++) {
        const struct beside_row *row = &rows[i];
        size_t at = row->at;
        size_t source_at = row->source_at;
        for (size_t m = row->first; m < row->first + row->nmarks; m++) {
            assert_true(match->marks[m].at >= at && match->marks[m].source_at >= source_at);
            at = match->marks[m].at + match->marks[m].len;
            source_at = match->marks[m].source_at + match->marks[m].source_len;
        }
        assert_true(at <= row->at + row->len && source_at <= row->source_at + row->source_len);
        if (i > 0 && !row->gap) {
            assert_int_equal(row->at, rows[i - 1].at + rows[i - 1].len);
            assert_int_equal(row->source_at, rows[i - 1].source_at + rows[i - 1].source_len);
        }
        marks += row->nmarks;
    }
    assert_int_equal(marks, match->nmarks);
}

static void a_finding_is_kept_without_names_and_comes_back_with_them(void **state)
{
    struct library_case *c = *state;
    struct finding back;
    add_members(c, MEMBERS);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    struct finding f = trace_text(c, give_copy(c, &text, 5));
    struct str packed = library_pack_finding(c->arena, &f);
    assert_true(str_find(packed, STR("example.org"), 0) == SIZE_MAX);
    must(c, library_unpack_finding(c->arena, c->store, packed, &back, &c->err));
    must(c, library_unpack_matches(c->arena, c->store, library_pack_matches(c->arena, &f), &back,
                                   &c->err));
    json_t *before = library_finding_json(&f);
    json_t *after = library_finding_json(&back);
    assert_true(json_equal(before, after));
    json_decref(before);
    json_decref(after);
    assert_int_equal(back.nmatches, f.nmatches);
    assert_int_equal(back.matches[0].nmarks, f.matches[0].nmarks);
    assert_int_equal(back.matches[0].nspans, f.matches[0].nspans);
    for (size_t i = 0; i < f.matches[0].nmarks; i++) {
        const struct trace_mark *x = &f.matches[0].marks[i];
        const struct trace_mark *y = &back.matches[0].marks[i];
        assert_true(x->site == y->site && x->shown == y->shown && x->counted == y->counted &&
                    x->at == y->at && x->source_at == y->source_at && x->channel == y->channel &&
                    str_equal(x->alt[1], y->alt[1]));
    }
    assert_int_equal(library_unpack_finding(c->arena, c->store, STR("{}"), &back, &c->err),
                     STATUS_DAMAGED);
}

struct witness {
    enum trace_phase last, stop_at;
    bool stops, back;
    uint64_t scored, all;
};

static bool witness_step(void *context, const struct trace_progress *progress)
{
    struct witness *w = context;
    w->back |= progress->phase < w->last || progress->done > progress->all;
    w->last = progress->phase;
    if (progress->phase == TRACE_SCORING) {
        w->back |= progress->done < w->scored;
        w->scored = progress->done;
        w->all = progress->all;
    }
    return !(w->stops && progress->phase == w->stop_at);
}

static enum status trace_watched(struct library_case *c, const struct exhibit *exhibit,
                                 struct witness *w, struct finding *f)
{
    struct trace_watch watch = {.step = witness_step, .context = w};
    struct trace_request request = {.exhibits = exhibit,
                                    .nexhibits = 1,
                                    .everyone = true,
                                    .false_alarm = TRACE_FALSE_ALARM,
                                    .watch = &watch};
    return library_trace(c->arena, c->store, &request, f, &c->err);
}

static void a_trace_tells_how_far_it_is_to_the_last_member(void **state)
{
    struct library_case *c = *state;
    struct witness w = {0};
    struct finding f;
    add_members(c, 1000);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    struct exhibit exhibit = exhibit_of(give_copy(c, &text, 3));
    must(c, trace_watched(c, &exhibit, &w, &f));
    assert_false(w.back);
    assert_int_equal(w.scored, 1000);
    assert_int_equal(w.all, 1000);
    assert_int_equal(w.last, TRACE_EXPLAINING);
}

static void a_trace_stopped_in_any_phase_finds_nothing_out(void **state)
{
    struct library_case *c = *state;
    add_members(c, MEMBERS);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    struct exhibit exhibit = exhibit_of(give_copy(c, &text, 3));
    for (int phase = TRACE_READING; phase <= TRACE_EXPLAINING; phase++) {
        struct witness w = {.stops = true, .stop_at = (enum trace_phase)phase};
        struct finding f;
        assert_int_equal(trace_watched(c, &exhibit, &w, &f), STATUS_INTERRUPTED);
        assert_int_equal(f.nmembers, 0);
    }
}

static void an_excerpt_as_long_as_the_strength_says_names_its_member(void **state)
{
    struct library_case *c = *state;
    unsigned named = 0;
    add_members(c, MEMBERS);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    struct strength strength =
        library_measure_strength(c->arena, &text.doc, &text.sites, text.edition.colluders, MEMBERS);
    assert_true(strength.excerpt_present > 0);
    for (int i = 0; i < 40; i++) {
        struct attack_dice dice = {(uint64_t)i};
        struct str copy = give_copy(c, &text, 1 + i);
        size_t from =
            (size_t)(attack_chance(&dice) * (double)(copy.len - strength.excerpt_present * 3));
        while (((unsigned char)copy.at[from] & 0xC0) == 0x80)
            from++;
        struct str excerpt = str_slice(copy, from, strength.excerpt_present * 3);
        struct finding f = trace_text(c, attacked(c, excerpt, ATTACK_RETYPE, (uint64_t)i));
        for (size_t k = 0; k < f.nmembers; k++)
            assert_int_equal(f.members[k].id, 1 + i);
        named += f.nmembers == 1;
    }
    /* 95 of 100 excerpts hold enough marks, and of those 99 of 100 name; 33 of 40 is four standard
     * deviations below. */
    assert_true(named >= 33);
}

static void a_rehearsal_names_single_leakers_and_never_anybody_innocent(void **state)
{
    struct library_case *c = *state;
    struct rehearsal_row *rows;
    size_t count;
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    struct rehearsal plan = {
        .trials = 4, .members = 500, .seed = 7, .false_alarm = TRACE_FALSE_ALARM};
    must(c, library_rehearse(c->arena, c->store, &text, &plan, &rows, &count, &c->err));
    assert_int_equal(count, ATTACK_SINGLES + 2 + 4 * (1 + ATTACK_MIXES));
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(rows[i].wrong, 0);
        if (i < ATTACK_SINGLES && i != ATTACK_EXCERPT && rows[i].caught < rows[i].trials)
            fail_msg("%s: %u of %u", rows[i].en, rows[i].caught, rows[i].trials);
    }
}

static void as_many_scanned_pages_as_the_strength_says_name_a_leaker(void **state)
{
    struct library_case *c = *state;
    struct paper_doc doc;
    struct edition_text text;
    struct publication p = {.level = PAPER_DISCREET, .level_given = true, .actor = "test"};
    add_members(c, MEMBERS);
    must(c,
         format_read(c->arena, project_file(c, speech), FORMAT_TEXT, NULL, STR(""), &doc, &c->err));
    for (int level = PAPER_DISCREET; level <= PAPER_FULL; level += PAPER_FULL - PAPER_DISCREET) {
        unsigned named = 0;
        p.level = (enum paper_level)level;
        must(c, library_publish(c->arena, c->store, &doc, &p, &text, &c->err));
        struct strength s = library_measure_strength(c->arena, &text.doc, &text.sites,
                                                     text.edition.colluders, MEMBERS);
        assert_true(s.scan_pages >= 1 && s.scan_pages <= (level == PAPER_FULL ? 1 : 3));
        assert_int_equal(s.page_layout > 0, level == PAPER_FULL);
        assert_int_equal(s.page_characters, STRENGTH_PAGE_ZH);
        for (uint32_t leaker = 1; leaker <= 20; leaker++) {
            struct exhibit page = scanned(c, &text, leaker, s.scan_pages * s.page_characters);
            named += trace_texts(c, &page, 1).verdict == VERDICT_NAMED;
        }
        assert_true(named >= 16);
    }
}

static void a_rehearsal_of_the_layout_names_from_pages(void **state)
{
    struct library_case *c = *state;
    struct rehearsal_row *rows;
    size_t count;
    struct paper_doc doc;
    struct edition_text text;
    struct publication p = {.level = PAPER_FULL, .level_given = true, .actor = "test"};
    must(c,
         format_read(c->arena, project_file(c, speech), FORMAT_TEXT, NULL, STR(""), &doc, &c->err));
    must(c, library_publish(c->arena, c->store, &doc, &p, &text, &c->err));
    struct rehearsal plan = {
        .trials = 6, .members = 500, .seed = 7, .false_alarm = TRACE_FALSE_ALARM};
    must(c, library_rehearse(c->arena, c->store, &text, &plan, &rows, &count, &c->err));
    assert_int_equal(count, ATTACK_SINGLES + 3 + 4 * (1 + ATTACK_MIXES));
    for (size_t i = ATTACK_SINGLES; i < ATTACK_SINGLES + 4; i++) {
        assert_int_equal(rows[i].wrong, 0);
        assert_int_equal(rows[i].caught, rows[i].trials);
        assert_true(rows[i].read > 0 && rows[i].misread < rows[i].read / 8);
    }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

static int64_t ask_by(struct library_case *c, int64_t steward)
{
    struct trace_exhibit exhibit = {.name = STR("leak.txt"), .digest = digest_of(STR("leak"))};
    struct trace_run run = {.false_alarm = TRACE_FALSE_ALARM,
                            .asked_by = steward,
                            .asked_ms = store_now_ms(),
                            .exhibits = &exhibit,
                            .nexhibits = 1};
    must(c, digest_random_key(c->arena, &run.key, &c->err));
    must(c, store_begin(c->store, &c->err));
    must(c, library_ask_trace(c->store, &run, &c->err));
    must(c, store_commit(c->store, &c->err));
    return run.id;
}

/* Takes up what is next, and gives it. */
static int64_t take_next(struct library_case *c)
{
    struct trace_run run;
    must(c, library_next_trace(c->arena, c->store, &run, &c->err));
    must(c, store_begin(c->store, &c->err));
    must(c, library_begin_trace(c->store, run.id, store_now_ms(), &c->err));
    must(c, store_commit(c->store, &c->err));
    return run.id;
}

static void who_asks_for_many_traces_keeps_no_other_steward_waiting(void **state)
{
    struct library_case *c = *state;
    add_members(c, 2);
    int64_t first = ask_by(c, 1);
    int64_t second = ask_by(c, 1);
    int64_t of_other = ask_by(c, 2);
    assert_int_equal(take_next(c), first);
    assert_int_equal(take_next(c), of_other);
    assert_int_equal(take_next(c), second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_leaked_copy_names_its_member_whatever_was_done_to_it),
        CASE(a_visible_number_is_told_and_changes_nothing_in_the_finding),
        CASE(a_visible_number_read_with_one_character_wrong_is_the_copy_that_must_be_meant),
        CASE(only_members_given_a_copy_are_tested_unless_everyone_is_asked_for),
        CASE(the_master_is_called_unmarked_and_a_strange_text_unknown),
        CASE(who_asks_for_many_traces_keeps_no_other_steward_waiting),
        CASE(a_short_excerpt_names_nobody_and_says_what_would_do),
        CASE(two_papers_pasted_together_are_both_found_and_add_up),
        CASE(two_short_excerpts_together_name_whom_neither_names_alone),
        CASE(exhibits_from_two_hands_name_both),
        CASE(leakers_who_gave_half_of_the_text_each_are_both_named),
        CASE(what_those_named_leave_open_is_told),
        CASE(who_gave_a_third_of_a_text_is_named_beside_those_of_the_rest),
        CASE(leakers_of_two_papers_merged_are_both_named),
        CASE(marks_that_several_agree_with_are_explained_by_the_first),
        CASE(a_copy_of_an_old_edition_is_traced_after_a_new_one),
        CASE(nobody_is_named_for_a_copy_of_somebody_who_is_not_tested),
        CASE(texts_that_are_the_same_are_no_sign_of_one_hand_among_the_innocent),
        CASE(a_text_published_twice_is_traced_to_the_paper_that_was_copied),
        CASE(members_given_a_copy_of_either_of_two_like_papers_are_tested),
        CASE(a_copy_of_a_passage_that_a_longer_paper_holds_too_names_its_member),
        CASE(each_hypothesis_of_like_papers_pays_its_part_of_the_budget),
        CASE(the_same_exhibit_twice_is_no_more_evidence_than_once),
        CASE(copies_of_a_short_and_a_long_edition_add_up_without_marks_made_up),
        CASE(a_finding_is_recorded_with_its_exhibits),
        CASE(what_was_measured_on_a_page_names_where_its_words_do_not),
        CASE(a_finding_kept_says_what_was_in_doubt),
        CASE(every_mark_counted_stands_in_the_exhibit_where_the_finding_says),
        CASE(both_texts_stand_side_by_side_with_every_mark_in_its_row),
        CASE(a_finding_is_kept_without_names_and_comes_back_with_them),
        CASE(a_trace_tells_how_far_it_is_to_the_last_member),
        CASE(a_trace_stopped_in_any_phase_finds_nothing_out),
        CASE(an_excerpt_as_long_as_the_strength_says_names_its_member),
        CASE(as_many_scanned_pages_as_the_strength_says_name_a_leaker),
        CASE(a_rehearsal_of_the_layout_names_from_pages),
        CASE(a_rehearsal_names_single_leakers_and_never_anybody_innocent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
