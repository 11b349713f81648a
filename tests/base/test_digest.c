/* Digests against the published vectors: FIPS 180-4 examples, RFC 4231, RFC 5869. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/digest.h"

static void assert_hex(const struct digest *digest, const char *hex)
{
    char text[DIGEST_HEX + 1];
    digest_to_hex(digest, text);
    assert_string_equal(text, hex);
}

static void sha_256_gives_the_published_digests(void **state)
{
    (void)state;
    static const struct {
        const char *text, *hex;
    } cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct digest digest = digest_of(str_of(cases[i].text));
        assert_hex(&digest, cases[i].hex);
    }
}

static void hmac_gives_the_digests_of_rfc_4231(void **state)
{
    (void)state;
    char twenty[20];
    memset(twenty, 0x0b, sizeof twenty);
    struct digest one = digest_keyed((struct str){twenty, 20}, STR("Hi There"));
    assert_hex(&one, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    struct digest two = digest_keyed(STR("Jefe"), STR("what do ya want for nothing?"));
    assert_hex(&two, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    char key[131];
    memset(key, 0xaa, sizeof key);
    struct digest six = digest_keyed((struct str){key, sizeof key},
                                     STR("Test Using Larger Than Block-Size Key - Hash Key First"));
    assert_hex(&six, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void hkdf_gives_the_bytes_of_rfc_5869_case_3(void **state)
{
    (void)state; /* empty salt, empty label; the first 32 of its 42 bytes */
    char secret[22];
    memset(secret, 0x0b, sizeof secret);
    struct digest derived = digest_derive((struct str){secret, sizeof secret}, STR(""));
    assert_hex(&derived, "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

static void different_labels_give_different_keys(void **state)
{
    (void)state;
    struct digest a = digest_derive(STR("secret"), STR("paper 1"));
    struct digest b = digest_derive(STR("secret"), STR("paper 2"));
    struct digest again = digest_derive(STR("secret"), STR("paper 1"));
    assert_memory_not_equal(a.bytes, b.bytes, DIGEST_BYTES);
    assert_memory_equal(a.bytes, again.bytes, DIGEST_BYTES);
}

static void hexadecimal_goes_both_ways_and_nothing_else_is_taken(void **state)
{
    (void)state;
    struct digest digest = digest_of(STR("x"));
    char hex[DIGEST_HEX + 1];
    struct digest back;
    digest_to_hex(&digest, hex);
    assert_true(digest_from_hex(str_of(hex), &back));
    assert_memory_equal(digest.bytes, back.bytes, DIGEST_BYTES);
    assert_false(digest_from_hex((struct str){hex, DIGEST_HEX - 1}, &back));
    hex[63] = 'g';
    assert_false(digest_from_hex(str_of(hex), &back));
    hex[63] = 'F';
    assert_true(digest_from_hex(str_of(hex), &back));
}

static void random_bytes_differ(void **state)
{
    (void)state;
    unsigned char a[32];
    unsigned char b[32];
    assert_int_equal(digest_random(a, sizeof a, NULL), STATUS_OK);
    assert_int_equal(digest_random(b, sizeof b, NULL), STATUS_OK);
    assert_memory_not_equal(a, b, sizeof a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha_256_gives_the_published_digests),
        cmocka_unit_test(hmac_gives_the_digests_of_rfc_4231),
        cmocka_unit_test(hkdf_gives_the_bytes_of_rfc_5869_case_3),
        cmocka_unit_test(different_labels_give_different_keys),
        cmocka_unit_test(hexadecimal_goes_both_ways_and_nothing_else_is_taken),
        cmocka_unit_test(random_bytes_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
