/* Mails, and web pages that browsers keep as one file, as their words; see found.h.
 *
 * A message is a head of fields and a body; a body of several parts is cut at lines that begin with its boundary, and
 * each part is a message again. Nothing but the first page, or else the first plain text, is unpacked. */
#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

#include "format/found.h"
#include "format/internal.h"

#define HEAD_MAX  ((size_t)64 * 1024)
#define PARTS_MAX 500U
#define DEPTH_MAX 8U

struct message {
    struct str type, encoding, body; /* type with its parameters */
    bool mime;                       /* it says so */
};

struct found {
    struct message page, plain; /* the first of each; without a body: none */
    unsigned parts;
};

/* --- the head ------------------------------------------------------------------------------------------- */

/* Takes a line off, without its end. */
static bool take_line(struct str *rest, struct str *line)
{
    if (!rest->len)
        return false;
    *line = *rest;
    const char *end = memchr(rest->at, '\n', rest->len);
    line->len = end ? (size_t)(end - rest->at) : rest->len;
    *rest = str_slice(*rest, line->len + 1, rest->len);
    if (line->len && line->at[line->len - 1] == '\r')
        line->len--;
    return true;
}

static size_t name_len(struct str line)
{
    size_t i = 0;
    while (i < line.len && line.at[i] > ' ' && line.at[i] < 127 && line.at[i] != ':')
        i++;
    return i < line.len && line.at[i] == ':' ? i : 0;
}

static bool is_field(struct str line, const char *name)
{
    return name_len(line) == strlen(name) && !strncasecmp(line.at, name, strlen(name));
}

/* Reads a head off; false where it is none. A field goes on over lines that begin with a blank. */
static bool take_head(struct arena *arena, struct str *rest, struct message *message)
{
    struct buf field = {.arena = arena};
    struct str line;
    size_t before = rest->len;
    *message = (struct message){0};
    while (take_line(rest, &line)) {
        bool more = line.len && (line.at[0] == ' ' || line.at[0] == '\t');
        if (before - rest->len > HEAD_MAX || (line.len && !more && !name_len(line)))
            return false;
        if (!more && field.len) {
            struct str whole = buf_str(&field);
            struct str value = str_trim(str_slice(whole, name_len(whole) + 1, whole.len));
            if (is_field(whole, "Content-Type"))
                message->type = value;
            else if (is_field(whole, "Content-Transfer-Encoding"))
                message->encoding = value;
            message->mime = message->mime || is_field(whole, "MIME-Version");
            field = (struct buf){.arena = arena};
        }
        if (!line.len)
            break;
        buf_add(&field, line);
    }
    message->body = *rest;
    return true;
}

static bool begins(struct str text, const char *with)
{
    return text.len >= strlen(with) && !strncasecmp(text.at, with, strlen(with));
}

/* A parameter of a type; empty where there is none. */
static struct str parameter(struct str type, const char *name)
{
    struct str part;
    for (struct str rest = type; str_split(&rest, ';', &part);) {
        part = str_trim(part);
        size_t len = strlen(name);
        if (!begins(part, name) || part.len <= len || part.at[len] != '=')
            continue;
        struct str value = str_trim(str_slice(part, len + 1, part.len));
        if (value.len > 1 && value.at[0] == '"' && value.at[value.len - 1] == '"')
            value = str_slice(value, 1, value.len - 2);
        return value;
    }
    return (struct str){0};
}

/* --- the body ------------------------------------------------------------------------------------------- */

static struct str from_quoted(struct arena *arena, struct str body)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < body.len; i++) {
        const char *c = body.at + i;
        size_t left = body.len - i;
        int high = left > 2 ? str_hex_digit(c[1]) : -1;
        int low = left > 2 ? str_hex_digit(c[2]) : -1;
        if (*c != '=')
            buf_add_byte(&out, *c);
        else if (high >= 0 && low >= 0)
            buf_add_byte(&out, (char)(high * 16 + low)), i += 2;
        else if (left > 1 && c[1] == '\n')
            i++;
        else if (left > 2 && c[1] == '\r' && c[2] == '\n')
            i += 2;
        else
            buf_add_byte(&out, *c);
    }
    return buf_str(&out);
}

/* As far as it is well-formed. */
static struct str from_base64(struct arena *arena, struct str body)
{
    EVP_ENCODE_CTX *decoder = EVP_ENCODE_CTX_new();
    unsigned char *out = arena_take_unset(arena, body.len + 1);
    int len = 0;
    int last = 0;
    EVP_DecodeInit(decoder);
    (void)EVP_DecodeUpdate(decoder, out, &len, (const unsigned char *)body.at,
                           body.len < INT32_MAX ? (int)body.len : INT32_MAX);
    if (EVP_DecodeFinal(decoder, out + len, &last) > 0)
        len += last;
    EVP_ENCODE_CTX_free(decoder);
    return (struct str){(const char *)out, (size_t)len};
}

static struct str unpack(struct arena *arena, const struct message *message)
{
    if (begins(message->encoding, "quoted-printable"))
        return from_quoted(arena, message->body);
    return begins(message->encoding, "base64") ? from_base64(arena, message->body) : message->body;
}

static void look_at(struct arena *arena, const struct message *message, unsigned depth,
                    struct found *found);

/* What lies between two lines of the boundary is a part. */
static void look_at_parts(struct arena *arena, const struct message *message, unsigned depth,
                          struct found *found)
{
    struct str line = {0};
    struct str boundary = parameter(message->type, "boundary");
    const char *from = NULL;
    for (struct str rest = message->body; boundary.len && take_line(&rest, &line);) {
        if (!str_starts(line, STR("--")) || !str_starts(str_slice(line, 2, line.len), boundary))
            continue;
        if (from) {
            struct str part = {from, (size_t)(line.at - from)};
            struct message inner;
            if (++found->parts <= PARTS_MAX && take_head(arena, &part, &inner))
                look_at(arena, &inner, depth + 1, found);
        }
        from = rest.at;
    }
}

static void look_at(struct arena *arena, const struct message *message, unsigned depth,
                    struct found *found)
{
    if (begins(message->type, "multipart/") && depth < DEPTH_MAX)
        look_at_parts(arena, message, depth, found);
    else if (begins(message->type, "text/html") && !found->page.body.len)
        found->page = *message;
    else if ((!message->type.len || begins(message->type, "text/plain")) && !found->plain.body.len)
        found->plain = *message;
}

/* --- all of it ------------------------------------------------------------------------------------------ */

bool format_is_mail(struct str bytes)
{
    struct arena *arena = arena_make();
    struct message message;
    struct str rest = str_slice(bytes, 0, HEAD_MAX);
    bool is = take_head(arena, &rest, &message) && message.mime && message.type.len;
    arena_free(arena);
    return is;
}

static enum status no_words(struct str name, struct error *err)
{
    return error_set(err, STATUS_INPUT, "%.*s is a mail without words; give what it brings.",
                     "%.*s 为没有正文的邮件，请提供其附件。", STR_ARG(name));
}

enum status format_read_mail_words(struct arena *arena, struct str name, struct str bytes,
                                   struct str *words, struct error *err)
{
    struct message message;
    struct found found = {0};
    struct error reason;
    const char *encoding;
    struct str text = {0};
    if (take_head(arena, &bytes, &message))
        look_at(arena, &message, 0, &found);
    const struct message *best = found.page.body.len ? &found.page : &found.plain;
    if (!best->body.len)
        return no_words(name, err);
    enum status status = format_decode(arena, unpack(arena, best), &text, &encoding, &reason);
    if (status)
        return error_within(err, &reason, "%.*s: ", "%.*s：", STR_ARG(name));
    if (best == &found.page)
        return format_read_html_words(arena, name, text, words, err);
    *words = text;
    return str_trim(text).len ? STATUS_OK : no_words(name, err);
}
