/* Where webhooks may go: never into the network that the server stands in, unless a setting says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>

#include "server/reach.h"

static bool allowed(const char *address, enum reach reach)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, address, &four.sin_addr) == 1)
        return reach_allows((const struct sockaddr *)&four, reach);
    assert_int_equal(inet_pton(AF_INET6, address, &six.sin6_addr), 1);
    return reach_allows((const struct sockaddr *)&six, reach);
}

static void an_address_is_judged_by_the_network_it_belongs_to(void **state)
{
    static const struct {
        const char *address;
        bool publicly, loopback, privately;
    } cases[] = {
        {"93.184.216.34", true, true, true},
        {"2606:4700::1111", true, true, true},
        {"172.15.255.255", true, true, true},
        {"172.32.0.0", true, true, true},
        {"127.0.0.1", false, true, true},
        {"127.255.255.254", false, true, true},
        {"::1", false, true, true},
        {"::ffff:127.0.0.1", false, true, true},
        {"64:ff9b::7f00:1", false, true, true},
        {"2002:7f00:1::", false, true, true},
        {"10.0.0.1", false, false, true},
        {"172.16.0.1", false, false, true},
        {"172.31.255.255", false, false, true},
        {"192.168.1.1", false, false, true},
        {"100.64.0.1", false, false, true},
        {"fd00::1", false, false, true},
        {"::ffff:10.0.0.1", false, false, true},
        {"64:ff9b::c0a8:101", false, false, true},
        {"0.0.0.0", false, false, false},
        {"::", false, false, false},
        {"169.254.169.254", false, false, false},
        {"::ffff:169.254.169.254", false, false, false},
        {"fe80::1", false, false, false},
        {"224.0.0.1", false, false, false},
        {"255.255.255.255", false, false, false},
        {"ff02::1", false, false, false},
        {"2001::1", false, false, false},
        {"2001:db8::1", false, false, false},
        {"192.0.2.1", false, false, false},
        {"198.18.0.1", false, false, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool good = allowed(cases[i].address, REACH_PUBLIC) == cases[i].publicly &&
                    allowed(cases[i].address, REACH_LOOPBACK) == cases[i].loopback &&
                    allowed(cases[i].address, REACH_PRIVATE) == cases[i].privately;
        if (!good)
            fail_msg("%s is judged wrongly", cases[i].address);
    }
}

static void an_address_of_a_webhook_is_https_or_this_machine(void **state)
{
    static const struct {
        const char *url;
        enum reach reach;
        const char *normal; /* NULL: refused */
    } cases[] = {
        {"https://example.org", REACH_PUBLIC, "https://example.org/"},
        {"https://example.org:8443/a?b=c#d", REACH_PUBLIC, "https://example.org:8443/a?b=c"},
        {"https://例え.jp/", REACH_PUBLIC, "https://例え.jp/"},
        {"http://example.org/", REACH_PRIVATE, NULL},
        {"http://127.0.0.1:8000/x", REACH_PUBLIC, NULL},
        {"http://127.0.0.1:8000/x", REACH_LOOPBACK, "http://127.0.0.1:8000/x"},
        {"http://localhost/", REACH_LOOPBACK, "http://localhost/"},
        {"http://localhost.example.org/", REACH_LOOPBACK, NULL},
        {"https://user@example.org/", REACH_PUBLIC, NULL},
        {"https://user:word@example.org/", REACH_PUBLIC, NULL},
        {"ftp://example.org/", REACH_PUBLIC, NULL},
        {"file:///etc/passwd", REACH_PRIVATE, NULL},
        {"gopher://127.0.0.1/", REACH_PRIVATE, NULL},
        {"example.org", REACH_PUBLIC, NULL},
        {"https://", REACH_PUBLIC, NULL},
        {"", REACH_PUBLIC, NULL},
    };
    struct arena *arena = arena_make();
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str normal = {0};
        struct error err;
        enum status status =
            reach_check_url(arena, str_of(cases[i].url), cases[i].reach, &normal, &err);
        bool good = cases[i].normal ? !status && str_equal(normal, str_of(cases[i].normal))
                                    : status == STATUS_INPUT;
        if (!good)
            fail_msg("%s is judged wrongly: %.*s", cases[i].url, STR_ARG(normal));
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_judged_by_the_network_it_belongs_to),
        cmocka_unit_test(an_address_of_a_webhook_is_https_or_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
