/* Letters as bytes; see mime.h. */
#include "server/mime.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "server/letter_look.h"

#define LINE_BYTES 57U /* 76 characters of base64 */
#define WORD_BYTES 42U /* of an encoded word: 75 characters at most with its frame */

/* --- base64 and encoded words ------------------------------------------------------------------- */

static void add_base64(struct buf *out, struct str bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes.len; i += 3) {
        uint32_t group = 0;
        size_t n = bytes.len - i < 3 ? bytes.len - i : 3;
        for (size_t k = 0; k < 3; k++)
            group = group << 8 | (k < n ? (unsigned char)bytes.at[i + k] : 0U);
        for (size_t k = 0; k < 4; k++)
            buf_add_byte(out, k <= n ? digits[group >> (18 - 6 * k) & 63] : '=');
    }
}

static void add_body(struct buf *out, struct str text)
{
    for (size_t at = 0; at < text.len; at += LINE_BYTES) {
        add_base64(out, str_slice(text, at, LINE_BYTES));
        buf_add(out, STR("\r\n"));
    }
}

static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < ' ' || text.at[i] > '~')
            return false;
    return text.len <= WORD_BYTES && str_find(text, STR("=?"), 0) == SIZE_MAX;
}

/* As much of a text as fits an encoded word, cut between characters. */
static struct str first_word(struct str text)
{
    size_t len = text.len < WORD_BYTES ? text.len : WORD_BYTES;
    while (len < text.len && len > 0 && ((unsigned char)text.at[len] & 0xC0) == 0x80)
        len--;
    return str_slice(text, 0, len ? len : 1);
}

/* Appends unstructured text of a header. */
static void add_words(struct buf *out, struct str text)
{
    text = str_on_one_line(out->arena, text);
    if (is_plain(text)) {
        buf_add(out, text);
        return;
    }
    while (text.len) {
        struct str word = first_word(text);
        buf_add(out, STR("=?UTF-8?B?"));
        add_base64(out, word);
        buf_add(out, STR("?="));
        text = str_slice(text, word.len, text.len);
        if (text.len)
            buf_add(out, STR("\r\n "));
    }
}

/* An address with a name. The name is always encoded: what may stand plain is a rule of its own. */
static void add_mailbox(struct buf *out, const char *header, struct str name, struct str address)
{
    buf_format(out, "%s: ", header);
    name = str_on_one_line(out->arena, name);
    while (name.len) {
        struct str word = first_word(name);
        buf_add(out, STR("=?UTF-8?B?"));
        add_base64(out, word);
        buf_add(out, STR("?=\r\n "));
        name = str_slice(name, word.len, name.len);
    }
    buf_format(out, "<%.*s>\r\n", STR_ARG(str_on_one_line(out->arena, address)));
}

/* --- the letter ---------------------------------------------------------------------------------- */

static void add_date(struct buf *out, int64_t ms)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = (time_t)(ms / 1000);
    struct tm t;
    (void)gmtime_r(&seconds, &t);
    buf_format(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[t.tm_wday], t.tm_mday,
               months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

struct str mime_id(struct arena *arena, const struct mime_letter *letter)
{
    size_t at = str_find(letter->from, STR("@"), 0);
    struct str domain =
        at == SIZE_MAX ? STR("localhost") : str_slice(letter->from, at + 1, letter->from.len);
    return str_format(arena, "<%.*s@%.*s>", STR_ARG(letter->id), STR_ARG(domain));
}

static void add_part(struct buf *out, struct str boundary, const char *type, struct str text)
{
    buf_format(out,
               "\r\n--%.*s\r\nContent-Type: %s; charset=utf-8\r\n"
               "Content-Transfer-Encoding: base64\r\n\r\n",
               STR_ARG(boundary), type);
    add_body(out, text);
}

struct str mime_write(struct arena *arena, const struct mime_letter *letter)
{
    struct buf out = {.arena = arena};
    struct str boundary = str_format(arena, "=_%.*s", STR_ARG(letter->id));
    add_mailbox(&out, "From", letter->from_name, letter->from);
    add_mailbox(&out, "To", letter->to_name, letter->to);
    buf_add(&out, STR("Subject: "));
    add_words(&out, letter->subject);
    buf_add(&out, STR("\r\n"));
    add_date(&out, letter->date_ms);
    buf_format(&out, "Message-ID: %.*s\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n",
               STR_ARG(mime_id(arena, letter)));
    if (letter->unsubscribe.len)
        buf_format(&out,
                   "List-Unsubscribe: <%.*s>\r\n"
                   "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
                   STR_ARG(letter->unsubscribe));
    buf_format(&out, "Content-Type: multipart/alternative; boundary=\"%.*s\"\r\n",
               STR_ARG(boundary));
    add_part(&out, boundary, "text/plain", mime_text_of_html(arena, letter->html));
    add_part(&out, boundary, "text/html", letter_look(arena, letter->html, letter->lang));
    buf_format(&out, "\r\n--%.*s--\r\n", STR_ARG(boundary));
    return buf_str(&out);
}

/* --- text of HTML -------------------------------------------------------------------------------- */

static size_t add_entity(struct buf *out, struct str rest)
{
    static const struct {
        const char *entity, *text;
    } known[] = {
        {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!str_starts(rest, str_of(known[i].entity)))
            continue;
        buf_add(out, str_of(known[i].text));
        return strlen(known[i].entity);
    }
    buf_add_byte(out, '&');
    return 1;
}

static void unescape(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len;) {
        if (text.at[i] == '&') {
            i += add_entity(out, str_slice(text, i, text.len));
        } else {
            buf_add_byte(out, text.at[i]);
            i++;
        }
    }
}

struct reader {
    struct buf out;
    struct str link;   /* of the <a> that is open */
    unsigned breaks;   /* lines to end before the next word */
    bool space, quiet; /* white space waits; within <head> or <header> */
};

static void add_run(struct reader *r, struct str text)
{
    struct buf plain = {.arena = r->out.arena};
    unescape(&plain, text);
    for (size_t i = 0; i < plain.len; i++) {
        char c = plain.at[i];
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            r->space = true;
            continue;
        }
        for (; r->breaks && r->out.len; r->breaks--, r->space = false)
            buf_add_byte(&r->out, '\n');
        r->breaks = 0;
        if (r->space && r->out.len && r->out.at[r->out.len - 1] != '\n')
            buf_add_byte(&r->out, ' ');
        r->space = false;
        buf_add_byte(&r->out, c);
    }
}

static bool tag_is(struct str tag, struct str name)
{
    return str_starts(tag, name) &&
           (tag.len == name.len || tag.at[name.len] == ' ' || tag.at[name.len] == '>');
}

static void need_breaks(struct reader *r, unsigned count)
{
    r->breaks = count > r->breaks ? count : r->breaks;
    r->space = false;
}

static void read_tag(struct reader *r, struct str tag)
{
    size_t href = str_find(tag, STR("href=\""), 0);
    if (tag_is(tag, STR("head")) || tag_is(tag, STR("/head")) || tag_is(tag, STR("header")) ||
        tag_is(tag, STR("/header"))) {
        r->quiet = tag.at[0] != '/';
    } else if (tag_is(tag, STR("a")) && href != SIZE_MAX) {
        struct str rest = str_slice(tag, href + 6, tag.len);
        r->link = str_slice(rest, 0, str_find(rest, STR("\""), 0));
    } else if (tag_is(tag, STR("/a"))) {
        need_breaks(r, 1);
        add_run(r, r->link);
        need_breaks(r, 1);
        r->link = STR("");
    } else if (tag_is(tag, STR("li"))) {
        need_breaks(r, 1);
        add_run(r, STR("-"));
        r->space = true;
    } else if (tag_is(tag, STR("br"))) {
        need_breaks(r, 1);
    } else if (tag_is(tag, STR("p")) || tag_is(tag, STR("/p")) || tag_is(tag, STR("h1")) ||
               tag_is(tag, STR("/h1")) || tag_is(tag, STR("ul")) || tag_is(tag, STR("/ul"))) {
        need_breaks(r, 2);
    }
}

struct str mime_text_of_html(struct arena *arena, struct str html)
{
    struct reader r = {.out = {.arena = arena}};
    while (html.len) {
        size_t open = str_find(html, STR("<"), 0);
        if (!r.quiet)
            add_run(&r, str_slice(html, 0, open));
        if (open == SIZE_MAX)
            break;
        size_t close = str_find(html, STR(">"), open);
        read_tag(&r, str_slice(html, open + 1, close == SIZE_MAX ? close : close - open - 1));
        html = close == SIZE_MAX ? STR("") : str_slice(html, close + 1, html.len);
    }
    buf_add_byte(&r.out, '\n');
    return buf_str(&r.out);
}

struct str mime_element(struct arena *arena, struct str html, const char *tag)
{
    size_t open = str_find(html, str_format(arena, "<%s>", tag), 0);
    size_t close =
        open == SIZE_MAX ? SIZE_MAX : str_find(html, str_format(arena, "</%s>", tag), open);
    if (close == SIZE_MAX)
        return STR("");
    struct str inner = str_slice(html, open, close - open);
    return str_trim(mime_text_of_html(arena, inner));
}
