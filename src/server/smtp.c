/* SMTP by libcurl; see smtp.h. */
#include "server/smtp.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define CONNECT_SECONDS 15L
#define SECONDS         60L
#define STOPPING_MS     5000 /* for a letter under way when the server stops */
#define SAID_MAX        300

struct smtp {
    struct server *server;
    CURL *curl;
    struct str unread;         /* of the letter */
    char said[SAID_MAX + 1];   /* the server's last refusal */
    char why[CURL_ERROR_SIZE]; /* or why it could not be asked */
    int64_t stopping_since_ms;
};

struct smtp *smtp_make(struct server *server)
{
    struct smtp *smtp = calloc(1, sizeof *smtp);
    if (!smtp || !(smtp->curl = curl_easy_init()))
        abort();
    smtp->server = server;
    return smtp;
}

void smtp_free(struct smtp *smtp)
{
    if (!smtp)
        return;
    curl_easy_cleanup(smtp->curl);
    free(smtp);
}

static size_t give_bytes(char *to, size_t size, size_t count, void *context)
{
    struct smtp *smtp = context;
    size_t len = size * count < smtp->unread.len ? size * count : smtp->unread.len;
    memcpy(to, smtp->unread.at, len);
    smtp->unread = str_slice(smtp->unread, len, smtp->unread.len);
    return len;
}

static size_t note_line(char *line, size_t size, size_t count, void *context)
{
    struct smtp *smtp = context;
    struct str text = str_trim((struct str){line, size * count});
    if (text.len == 0 || (text.at[0] != '4' && text.at[0] != '5'))
        return size * count;
    text = utf8_cut(text, SAID_MAX);
    memcpy(smtp->said, text.at, text.len);
    smtp->said[text.len] = 0;
    return size * count;
}

static int look_whether_to_stop(void *context, curl_off_t a, curl_off_t b, curl_off_t c,
                                curl_off_t d)
{
    struct smtp *smtp = context;
    (void)a, (void)b, (void)c, (void)d;
    if (!server_stopping(smtp->server))
        return 0;
    if (!smtp->stopping_since_ms)
        smtp->stopping_since_ms = store_now_ms();
    return store_now_ms() - smtp->stopping_since_ms > STOPPING_MS;
}

/* Whether the mail server is this machine, whose network nobody listens in on. A name that only looks like an
 * address of it ("127.example.org") is anybody's. */
static bool is_here(struct arena *arena, struct str url)
{
    struct in_addr four;
    struct str host = str_slice(url, str_find(url, STR("://"), 0) + 3, url.len);
    if (str_equal(host, STR("[::1]")) || str_starts(host, STR("[::1]:")))
        return true;
    host = str_slice(host, 0, str_find(host, STR(":"), 0));
    return str_equal(host, STR("localhost")) ||
           (inet_pton(AF_INET, str_z(arena, host), &four) == 1 &&
            ntohl(four.s_addr) >> 24 == IN_LOOPBACKNET);
}

static void set_options(struct smtp *smtp, const struct smtp_account *account, struct str from,
                        struct arena *arena)
{
    CURL *curl = smtp->curl;
    struct str domain = str_slice(from, str_find(from, STR("@"), 0) + 1, from.len);
    struct str url =
        str_format(arena, "%.*s/%.*s", STR_ARG(account->url), STR_ARG(domain)); /* EHLO's name */
    curl_easy_reset(curl); /* connections stay */
    (void)curl_easy_setopt(curl, CURLOPT_URL, url.at);
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    (void)curl_easy_setopt(curl, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(curl, CURLOPT_USE_SSL,
                           (long)(is_here(arena, account->url) ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    (void)curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    const char *trusted = getenv("SSL_CERT_FILE");
    if (trusted)
        (void)curl_easy_setopt(curl, CURLOPT_CAINFO, trusted);
    (void)curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, smtp->why);
    if (account->user.len) {
        (void)curl_easy_setopt(curl, CURLOPT_USERNAME, str_z(arena, account->user));
        (void)curl_easy_setopt(curl, CURLOPT_PASSWORD, str_z(arena, account->password));
    }
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, SECONDS);
    (void)curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_bytes);
    (void)curl_easy_setopt(curl, CURLOPT_READDATA, smtp);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, note_line);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, smtp);
    (void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_whether_to_stop);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFODATA, smtp);
}

static enum smtp_outcome outcome_of(CURLcode code, long reply)
{
    if (code == CURLE_OK)
        return SMTP_TAKEN;
    if (code == CURLE_LOGIN_DENIED || code == CURLE_USE_SSL_FAILED || reply == 421)
        return SMTP_NO_SERVER;
    if (reply >= 500 && reply < 600)
        return SMTP_REFUSED;
    return reply >= 400 && reply < 500 ? SMTP_LATER : SMTP_NO_SERVER;
}

/* Nothing in an address may end its command. */
static bool is_sendable(struct str address)
{
    for (size_t i = 0; i < address.len; i++)
        if ((unsigned char)address.at[i] <= ' ' || address.at[i] == '<' || address.at[i] == '>')
            return false;
    return address.len > 0;
}

enum smtp_outcome smtp_send(struct smtp *smtp, const struct smtp_account *account, struct str from,
                            struct str to, struct str letter, struct arena *arena, struct str *said)
{
    long reply = 0;
    *said = STR("this is not an address that letters can go to");
    if (!is_sendable(to))
        return SMTP_REFUSED;
    smtp->unread = letter;
    smtp->said[0] = 0;
    smtp->why[0] = 0;
    set_options(smtp, account, from, arena);
    (void)curl_easy_setopt(smtp->curl, CURLOPT_MAIL_FROM,
                           str_format(arena, "<%.*s>", STR_ARG(from)).at);
    struct curl_slist *to_whom =
        curl_slist_append(NULL, str_format(arena, "<%.*s>", STR_ARG(to)).at);
    (void)curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, to_whom);
    CURLcode code = curl_easy_perform(smtp->curl);
    (void)curl_easy_getinfo(smtp->curl, CURLINFO_RESPONSE_CODE, &reply);
    (void)curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, NULL);
    curl_slist_free_all(to_whom);
    enum smtp_outcome outcome = outcome_of(code, reply);
    const char *why = smtp->why[0] ? smtp->why : curl_easy_strerror(code);
    /* Mail servers answer in whatever bytes they like; what is shown on a page and kept is a line of UTF-8. */
    *said = str_on_one_line(arena, utf8_mend(arena, str_of(smtp->said[0] ? smtp->said : why)));
    return outcome;
}
