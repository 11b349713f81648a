/* Ten million innocents against exhibits made by whoever knows everything but the key: every site of
 * a real paper, both alternatives, what the lexicon prefers. Nobody may be named, and at a loose
 * limit no more than the limit says. */
#include "library_case.h"

#include "paper/attack.h"

#define INNOCENTS 1000000U
#define STRANGER  3000000000U /* a copy that none of those tested was given */

enum forgery {
    ALL_ZEROS,
    ALL_ONES,
    AT_RANDOM,
    LIKELIEST,
    STRANGERS_COPY,
    STRANGERS_MIXED,
    FORGERIES
};

static void forge(enum forgery kind, const struct mark_code *code, struct attack_dice *dice,
                  int8_t *read)
{
    uint32_t nsites = mark_code_sites(code);
    uint8_t *bits[5];
    for (unsigned k = 0; k < 5; k++) {
        bits[k] = malloc(nsites);
        assert_non_null(bits[k]);
        mark_codeword(code, STRANGER + (uint32_t)(attack_roll(dice) % 1000000), bits[k]);
    }
    for (uint32_t i = 0; i < nsites; i++) {
        double bias = mark_code_bias(code, i);
        uint64_t roll = attack_roll(dice);
        const int8_t choices[FORGERIES] = {
            [ALL_ZEROS] = 0,
            [ALL_ONES] = 1,
            [AT_RANDOM] = (int8_t)(roll & 1),
            [LIKELIEST] = bias > 0.5 || (bias == 0.5 && (roll & 1)),
            [STRANGERS_COPY] = (int8_t)bits[0][i],
            [STRANGERS_MIXED] = (int8_t)bits[roll % 5][i],
        };
        read[i] = choices[kind];
    }
    for (unsigned k = 0; k < 5; k++)
        free(bits[k]);
}

static uint32_t *innocents(struct arena *arena)
{
    uint32_t *members = arena_array(arena, INNOCENTS, uint32_t);
    for (uint32_t i = 0; i < INNOCENTS; i++)
        members[i] = i + 1;
    return members;
}

static struct mark_code *real_code(struct library_case *c, unsigned colluders)
{
    struct edition_text text = publish_text(c, project_file(c, "samples/zh-speech.txt"), 0);
    struct digest key = library_paper_key(c->store, text.edition.paper, text.edition.key_epoch);
    return mark_code_make(c->arena, &key, colluders, text.edition.nsites);
}

static size_t names(struct library_case *c, const struct mark_code *code, const uint32_t *members,
                    enum forgery kind, double false_alarm, struct attack_dice *dice)
{
    struct arena *arena = arena_make();
    struct mark_finding finding;
    int8_t *read = arena_array(arena, mark_code_sites(code), int8_t);
    forge(kind, code, dice, read);
    struct mark_evidence evidence = {code, read, NULL};
    must(c, mark_accuse(arena, &evidence, 1, members, INNOCENTS, false_alarm, &finding, &c->err));
    size_t named = finding.naccused;
    arena_free(arena);
    return named;
}

static void nobody_of_ten_million_innocents_is_named_for_a_forgery(void **state)
{
    struct library_case *c = *state;
    struct attack_dice dice = {2026};
    const uint32_t *members = innocents(c->arena);
    for (unsigned colluders = 2; colluders <= 5; colluders += 3) {
        struct mark_code *code = real_code(c, colluders);
        for (int kind = 0; kind < FORGERIES; kind++)
            assert_int_equal(names(c, code, members, (enum forgery)kind, 1e-6, &dice), 0);
    }
}

static void a_loose_limit_is_kept_too(void **state)
{
    struct library_case *c = *state;
    struct attack_dice dice = {11};
    const uint32_t *members = innocents(c->arena);
    struct mark_code *code = real_code(c, 3);
    size_t findings = 0;
    size_t naming = 0;
    for (int round = 0; round < 3; round++)
        for (int kind = 0; kind < FORGERIES; kind++, findings++)
            naming += names(c, code, members, (enum forgery)kind, 0.2, &dice) > 0;
    /* 18 findings at 0.2: 3.6 naming somebody at the most on average, 9 with a chance of 0.1 %. */
    assert_int_equal(findings, 18);
    assert_true(naming <= 9);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(nobody_of_ten_million_innocents_is_named_for_a_forgery),
        CASE(a_loose_limit_is_kept_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
