/* Where the server may connect to; see reach.h. */
#include "server/reach.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>

enum class { CLASS_PUBLIC, CLASS_LOOPBACK, CLASS_PRIVATE, CLASS_NEVER };

enum reach reach_named(struct str name)
{
    if (str_equal(name, STR("loopback")))
        return REACH_LOOPBACK;
    return str_equal(name, STR("private")) ? REACH_PRIVATE : REACH_PUBLIC;
}

/* IANA's special-purpose registries of IPv4 and IPv6; what is not listed is public. */
static const struct {
    uint32_t net;
    unsigned bits;
    enum class class;
} FOUR[] = {
    {0x00000000, 8, CLASS_NEVER},    {0x0A000000, 8, CLASS_PRIVATE},
    {0x64400000, 10, CLASS_PRIVATE}, {0x7F000000, 8, CLASS_LOOPBACK},
    {0xA9FE0000, 16, CLASS_NEVER},   {0xAC100000, 12, CLASS_PRIVATE},
    {0xC0000000, 24, CLASS_NEVER},   {0xC0000200, 24, CLASS_NEVER},
    {0xC0586300, 24, CLASS_NEVER},   {0xC0A80000, 16, CLASS_PRIVATE},
    {0xC6120000, 15, CLASS_NEVER},   {0xC6336400, 24, CLASS_NEVER},
    {0xCB007100, 24, CLASS_NEVER},   {0xE0000000, 3, CLASS_NEVER},
};

static enum class class_of_four(uint32_t address) {
    for (size_t i = 0; i < sizeof FOUR / sizeof *FOUR;
         i++) if ((address ^ FOUR[i].net) >> (32 - FOUR[i].bits) == 0) return FOUR[i]
        .class;
    return CLASS_PUBLIC;
}

static uint32_t four_at(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static enum class class_of_six(const unsigned char b[16]) {
    static const unsigned char zeros[16] = {0};
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    static const unsigned char nat64[12] = {0x00, 0x64, 0xFF, 0x9B};
    if (memcmp(b, mapped, 12) == 0 ||
        memcmp(b, nat64, 12) == 0) return class_of_four(four_at(b + 12));
    if (memcmp(b, zeros, 15) == 0) return b[15] == 1 ? CLASS_LOOPBACK : CLASS_NEVER;
    if (b[0] == 0x20 && b[1] == 0x02) /* 6to4 */
    return class_of_four(four_at(b + 2));
    if ((b[0] & 0xFE) == 0xFC) return CLASS_PRIVATE;
    /* Global unicast is 2000::/3; Teredo and documentation stand in it. */
    bool special = b[0] == 0x20 && b[1] == 0x01 &&
                   ((b[2] == 0 && b[3] == 0) || (b[2] == 0x0D && b[3] == 0xB8));
    return (b[0] & 0xE0) == 0x20 && !special ? CLASS_PUBLIC : CLASS_NEVER;
}

bool reach_allows(const struct sockaddr *address, enum reach reach)
{
    enum class class = CLASS_NEVER;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    if (address->sa_family == AF_INET) {
        memcpy(&four, address, sizeof four);
        class = class_of_four(ntohl(four.sin_addr.s_addr));
    } else if (address->sa_family == AF_INET6) {
        memcpy(&six, address, sizeof six);
        class = class_of_six(six.sin6_addr.s6_addr);
    }
    return class == CLASS_PUBLIC || (class == CLASS_LOOPBACK && reach >= REACH_LOOPBACK) ||
           (class == CLASS_PRIVATE && reach == REACH_PRIVATE);
}

/* --- addresses of webhooks ----------------------------------------------------------------------- */

static enum status refuse(struct error *err)
{
    return error_set(err, STATUS_INPUT,
                     "Give a whole address, like https://example.org/hook, without a user name.",
                     "请填写完整网址，如 https://example.org/hook，不含用户名。");
}

static bool is_this_machine(const char *host)
{
    return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 ||
           strcmp(host, "[::1]") == 0;
}

static enum status check_parts(CURLU *parts, enum reach reach, struct error *err)
{
    char *scheme = NULL;
    char *host = NULL;
    char *user = NULL;
    enum status status = STATUS_OK;
    if (curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) ||
        curl_url_get(parts, CURLUPART_HOST, &host, 0) || !*host ||
        curl_url_get(parts, CURLUPART_USER, &user, 0) == CURLUE_OK)
        status = refuse(err);
    else if (strcmp(scheme, "http") == 0 && (!is_this_machine(host) || reach == REACH_PUBLIC))
        status = error_set(err, STATUS_INPUT,
                           "Only https goes out: what is sent must not be read on the way. (http "
                           "is for this machine itself, and only where hooks.reach allows it.)",
                           "只能使用 https，以免内容在途中被读取。（仅本机可用 http，且须由 "
                           "hooks.reach 设置允许。）");
    else if (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0)
        status = refuse(err);
    curl_free(scheme);
    curl_free(host);
    curl_free(user);
    return status;
}

enum status reach_check_url(struct arena *arena, struct str url, enum reach reach,
                            struct str *normal, struct error *err)
{
    CURLU *parts = curl_url();
    char *whole = NULL;
    enum status status = STATUS_OK;
    if (!parts || curl_url_set(parts, CURLUPART_URL, str_z(arena, url), 0))
        status = refuse(err);
    if (!status)
        status = check_parts(parts, reach, err);
    if (!status && (curl_url_set(parts, CURLUPART_FRAGMENT, NULL, 0) ||
                    curl_url_get(parts, CURLUPART_URL, &whole, 0)))
        status = refuse(err);
    if (!status)
        *normal = str_copy(arena, str_of(whole));
    curl_free(whole);
    curl_url_cleanup(parts);
    return status;
}
