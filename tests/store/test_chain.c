/* The tree over the record: whoever has its root can be shown a line, and nobody is shown one that is not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants the ones above first */
#include <cmocka.h>

#include "store/chain.h"

#define MOST 70U

static struct digest line(uint64_t number)
{
    return digest_of((struct str){(const char *)&number, sizeof number});
}

/* MTH of RFC 6962, as it is written there, over lines from + 1 … from + n. */
static struct digest by_the_book(uint64_t from, uint64_t n)
{
    char bytes[1 + 2 * DIGEST_BYTES];
    struct digest left = line(from + 1);
    bytes[0] = n > 1;
    size_t len = 1 + DIGEST_BYTES;
    if (n > 1) {
        uint64_t k = 1;
        while (2 * k < n)
            k *= 2;
        left = by_the_book(from, k);
        struct digest right = by_the_book(from + k, n - k);
        memcpy(bytes + 1 + DIGEST_BYTES, right.bytes, DIGEST_BYTES);
        len += DIGEST_BYTES;
    }
    memcpy(bytes + 1, left.bytes, DIGEST_BYTES);
    return digest_of((struct str){bytes, len});
}

static struct digest grow(uint64_t n, struct chain_path *paths, size_t npaths)
{
    struct chain_tree tree = {0};
    for (uint64_t i = 1; i <= n; i++) {
        struct digest hash = line(i);
        chain_tree_add(&tree, &hash, paths, npaths);
    }
    return chain_tree_end(&tree, paths, npaths);
}

static void the_root_is_that_of_the_standard(void **state)
{
    (void)state;
    for (uint64_t n = 1; n <= MOST; n++) {
        struct digest root = grow(n, NULL, 0);
        struct digest wanted = by_the_book(0, n);
        assert_memory_equal(root.bytes, wanted.bytes, DIGEST_BYTES);
    }
}

static void every_line_is_shown_by_its_path_and_by_no_other(void **state)
{
    (void)state;
    for (uint64_t n = 1; n <= MOST; n++) {
        struct chain_path paths[MOST] = {{0}};
        for (uint64_t i = 0; i < n; i++)
            paths[i].seq = i + 1;
        struct digest root = grow(n, paths, n);
        for (uint64_t i = 0; i < n; i++) {
            struct chain_path *p = &paths[i];
            struct digest hash = line(p->seq);
            struct digest other = line(p->seq + 1000);
            assert_true(chain_tree_holds(&root, n, p->seq, &hash, p->steps, p->nsteps));
            assert_false(chain_tree_holds(&root, n, p->seq, &other, p->steps, p->nsteps));
            assert_false(chain_tree_holds(&root, n, p->seq + 1, &hash, p->steps, p->nsteps));
            assert_false(chain_tree_holds(&root, n, 0, &hash, p->steps, p->nsteps));
            assert_false(chain_tree_holds(&root, n, p->seq, &hash, p->steps, p->nsteps + 1));
            if (p->nsteps) {
                assert_false(chain_tree_holds(&root, n, p->seq, &hash, p->steps, p->nsteps - 1));
                p->steps[p->nsteps - 1].bytes[7] ^= 1;
                assert_false(chain_tree_holds(&root, n, p->seq, &hash, p->steps, p->nsteps));
            }
        }
    }
}

static void lines_that_are_not_wanted_cost_no_path(void **state)
{
    (void)state;
    struct chain_path paths[] = {{.seq = 3}, {.seq = 50}, {.seq = MOST}};
    struct digest root = grow(MOST, paths, 3);
    for (size_t i = 0; i < 3; i++) {
        struct digest hash = line(paths[i].seq);
        assert_true(paths[i].nsteps <= 7);
        assert_true(
            chain_tree_holds(&root, MOST, paths[i].seq, &hash, paths[i].steps, paths[i].nsteps));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_root_is_that_of_the_standard),
        cmocka_unit_test(every_line_is_shown_by_its_path_and_by_no_other),
        cmocka_unit_test(lines_that_are_not_wanted_cost_no_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
