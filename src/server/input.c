/* What a request brings along: form or JSON, read and held against the route's inputs. */
#include "server/internal.h"

#include <float.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/calendar.h"
#include "base/unicode.h"
#include "base/utf8.h"

#define TEXT_MOST      200
#define LONG_TEXT_MOST 200000
#define VALUES_MAX     2000U
#define FIELDS_MAX     4000U /* of a form or a JSON object, list values each by itself */
#define PARTS_MAX      400U  /* of a form with files */
#define NAME_SHOWN     60U

/* --- names and values --------------------------------------------------------------------------- */

void pairs_add(struct arena *arena, struct pairs *pairs, struct str name, struct str value)
{
    pairs->at = arena_one_more(arena, pairs->at, pairs->count, sizeof *pairs->at);
    pairs->at[pairs->count++] = (struct pair){name, value};
}

struct str pairs_find(const struct pairs *pairs, struct str name)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (str_equal(pairs->at[i].name, name))
            return pairs->at[i].value;
    return (struct str){"", 0};
}

struct str request_header(const struct request *rq, const char *name)
{
    for (size_t i = 0; i < rq->headers.count; i++)
        if (strcasecmp(rq->headers.at[i].name.at, name) == 0)
            return rq->headers.at[i].value;
    return (struct str){"", 0};
}

static bool find_input(const struct request *rq, const char *name, struct input *input)
{
    for (size_t i = 0; rq->route && route_input(rq->route, i, input); i++)
        if (strcmp(input->name, name) == 0)
            return true;
    return false;
}

/* A form's value wins over one in the address. */
static struct str raw_input(const struct request *rq, const char *name)
{
    struct str key = str_of(name);
    for (size_t i = 0; i < rq->form.count; i++)
        if (str_equal(rq->form.at[i].name, key))
            return rq->form.at[i].value;
    return pairs_find(&rq->query, key);
}

struct str request_input(const struct request *rq, const char *name)
{
    struct input input;
    struct str value = raw_input(rq, name);
    return find_input(rq, name, &input) && input.kind == INPUT_LONG_TEXT ? value : str_trim(value);
}

enum status request_blame(struct request *rq, const char *name, enum status status)
{
    if (status)
        rq->blamed = name;
    return status;
}

size_t request_inputs(const struct request *rq, const char *name, struct str *values, size_t most)
{
    size_t count = 0;
    const struct pairs *from[] = {&rq->form, &rq->query};
    for (size_t f = 0; f < 2; f++)
        for (size_t i = 0; i < from[f]->count && count < most; i++)
            if (str_equal(from[f]->at[i].name, str_of(name)))
                values[count++] = str_trim(from[f]->at[i].value);
    return count;
}

const struct upload *request_upload(const struct request *rq, const char *name)
{
    for (size_t i = 0; i < rq->nuploads; i++)
        if (str_equal(rq->uploads[i].name, str_of(name)) && rq->uploads[i].file.len)
            return &rq->uploads[i];
    return NULL;
}

/* "2026-11-24T19:05" in local time. */
static bool read_moment(struct str text, int64_t *time_ms)
{
    char z[20];
    struct tm t = {.tm_isdst = -1};
    int used = 0;
    if (text.len >= sizeof z)
        return false;
    memcpy(z, text.at, text.len);
    z[text.len] = 0;
    int got = sscanf(z, "%4d-%2d-%2dT%2d:%2d%n", &t.tm_year, &t.tm_mon, &t.tm_mday, &t.tm_hour,
                     &t.tm_min, &used);
    if (got != 5 || (size_t)used != text.len || t.tm_year < 1970 || t.tm_mon < 1 || t.tm_mon > 12 ||
        t.tm_mday < 1 || t.tm_mday > 31 || t.tm_hour > 23 || t.tm_min > 59)
        return false;
    int day = t.tm_mday;
    t.tm_year -= 1900;
    t.tm_mon -= 1;
    time_t seconds = mktime(&t);
    *time_ms = (int64_t)seconds * 1000;
    return seconds != (time_t)-1 && t.tm_mday == day;
}

static bool read_number(struct str text, int64_t *number)
{
    uint64_t value;
    bool minus = text.len && text.at[0] == '-';
    if (!str_to_u64(minus ? str_slice(text, 1, text.len) : text, &value) || value > INT64_MAX)
        return false;
    *number = minus ? -(int64_t)value : (int64_t)value;
    return true;
}

int64_t request_number(const struct request *rq, const char *name)
{
    struct input input;
    struct str text = str_trim(raw_input(rq, name));
    int64_t number = 0;
    if (!find_input(rq, name, &input) || text.len == 0)
        return 0;
    if (input.kind == INPUT_FLAG)
        return !str_equal(text, STR("0")) && !str_equal(text, STR("false"));
    if (input.kind == INPUT_DAY)
        return calendar_read_day(text, &number) ? number : 0;
    if (input.kind == INPUT_MOMENT)
        return read_moment(text, &number) ? number : 0;
    return read_number(text, &number) ? number : 0;
}

int64_t request_last_day(const struct request *rq, const char *name)
{
    int64_t day = request_number(rq, name);
    return day ? calendar_day_begin(day, 1) : 0;
}

/* --- forms -------------------------------------------------------------------------------------- */

struct str input_unescape(struct arena *arena, struct str text, bool plus)
{
    struct buf out = {.arena = arena};
    buf_reserve(&out, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        int high = text.at[i] == '%' && i + 2 < text.len ? str_hex_digit(text.at[i + 1]) : -1;
        int low = high >= 0 ? str_hex_digit(text.at[i + 2]) : -1;
        if (low >= 0) {
            buf_add_byte(&out, (char)(high * 16 + low));
            i += 2;
        } else {
            buf_add_byte(&out, plus && text.at[i] == '+' ? ' ' : text.at[i]);
        }
    }
    return buf_str(&out);
}

/* Anybody may send a form, and each field of it takes many times the bytes that it came in. */
static enum status refuse_many(unsigned most, struct error *err)
{
    return error_set(err, STATUS_INPUT, "This holds more than %u fields; send it in parts.",
                     "内容超过 %u 项，请分批提交。", most);
}

static enum status read_urlencoded(struct request *rq, struct str body, struct error *err)
{
    struct str part;
    for (unsigned n = 0; str_split(&body, '&', &part); n++) {
        struct str name;
        struct str value = part;
        if (n == FIELDS_MAX)
            return refuse_many(FIELDS_MAX, err);
        if (!str_split(&value, '=', &name))
            continue;
        pairs_add(rq->arena, &rq->form, input_unescape(rq->arena, name, true),
                  input_unescape(rq->arena, value, true));
    }
    return STATUS_OK;
}

/* The value of name="…" in a header of a part; browsers write quotes and line ends as %22, %0D%0A. */
static struct str parameter(struct arena *arena, struct str head, const char *name)
{
    struct str wanted = str_format(arena, "%s=\"", name);
    size_t at = str_find(head, wanted, 0);
    while (at != SIZE_MAX && at > 0 && head.at[at - 1] != ' ' && head.at[at - 1] != ';')
        at = str_find(head, wanted, at + 1);
    if (at == SIZE_MAX)
        return (struct str){"", 0};
    size_t from = at + wanted.len;
    size_t to = str_find(head, STR("\""), from);
    return to == SIZE_MAX ? (struct str){"", 0} : str_slice(head, from, to - from);
}

static struct str base_name(struct str path)
{
    for (size_t i = path.len; i-- > 0;)
        if (path.at[i] == '/' || path.at[i] == '\\')
            return str_slice(path, i + 1, path.len);
    return path;
}

/* Without folders, and without what can't be seen: a name with a turn of direction in it would show another ending
 * to who takes the file up than it has. */
static struct str file_name(struct arena *arena, struct str given)
{
    struct buf out = {.arena = arena};
    struct str name = base_name(given);
    for (size_t at = 0; at < name.len;) {
        uint32_t code = utf8_next(name, &at);
        if (code >= 0x20 && code != 0x7F && !unicode_is_invisible(code))
            buf_add_code(&out, code);
    }
    return buf_str(&out);
}

static void take_part(struct request *rq, struct str head, struct str bytes)
{
    struct str name = parameter(rq->arena, head, "name");
    if (str_find(head, STR("filename="), 0) == SIZE_MAX) {
        pairs_add(rq->arena, &rq->form, name, bytes);
        return;
    }
    rq->uploads = arena_one_more(rq->arena, rq->uploads, rq->nuploads, sizeof *rq->uploads);
    rq->uploads[rq->nuploads++] =
        (struct upload){name, file_name(rq->arena, parameter(rq->arena, head, "filename")), bytes};
}

/* multipart/form-data (RFC 7578): parts between lines that begin with the boundary. */
static enum status read_multipart(struct request *rq, struct str body, struct str type,
                                  struct error *err)
{
    size_t at = str_find(type, STR("boundary="), 0);
    struct str boundary = at == SIZE_MAX ? STR("") : str_slice(type, at + 9, type.len);
    if (boundary.len >= 2 && boundary.at[0] == '"')
        boundary = str_slice(boundary, 1, boundary.len - 2);
    struct str mark = str_format(rq->arena, "\r\n--%.*s", STR_ARG(boundary));
    size_t next =
        boundary.len && boundary.len <= 70 && str_starts(body, str_slice(mark, 2, mark.len))
            ? mark.len - 2
            : SIZE_MAX;
    for (unsigned n = 0; next != SIZE_MAX; n++) {
        struct str rest = str_slice(body, next, body.len);
        if (str_starts(rest, STR("--")))
            return STATUS_OK;
        if (n == PARTS_MAX)
            return refuse_many(PARTS_MAX, err);
        size_t head_end = str_find(body, STR("\r\n\r\n"), next);
        size_t end = head_end == SIZE_MAX ? SIZE_MAX : str_find(body, mark, head_end + 2);
        if (end == SIZE_MAX)
            break;
        size_t from = head_end + 4 <= end ? head_end + 4 : end;
        take_part(rq, str_slice(body, next, head_end - next), str_slice(body, from, end - from));
        next = end + mark.len;
    }
    return error_set(err, STATUS_INPUT, "The form arrived cut short; please send it again.",
                     "表单传输不完整，请重新提交。");
}

/* As few digits as read the same number again. */
static struct str real_text(struct arena *arena, double value)
{
    struct str text = {"", 0};
    double again = 0;
    for (int digits = 1; digits <= DBL_DECIMAL_DIG; digits++) {
        text = str_format(arena, "%.*g", digits, value);
        if (str_to_double(text, &again) && again >= value && again <= value)
            break;
    }
    return text;
}

/* One value as a form would send it; null is none. False for what no form has. */
static bool add_json(struct request *rq, struct str name, const json_t *value)
{
    struct arena *arena = rq->arena;
    struct str text = {"", 0};
    if (json_is_string(value))
        text = str_copy(arena, (struct str){json_string_value(value), json_string_length(value)});
    else if (json_is_integer(value))
        text = str_format(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_real(value))
        text = real_text(arena, json_real_value(value));
    else if (json_is_true(value))
        text = STR("1");
    else if (!json_is_false(value) && !json_is_null(value))
        return false;
    pairs_add(arena, &rq->form, name, text);
    return true;
}

static bool add_json_list(struct request *rq, struct str name, const json_t *list)
{
    size_t i;
    const json_t *one;
    bool good = true;
    json_array_foreach(list, i, one)
    {
        good = good && add_json(rq, name, one);
    }
    return good;
}

/* Taken for nothing, such a value would undo silently what stands there. */
static enum status refuse_value(struct str name, struct error *err)
{
    name = utf8_cut(name, NAME_SHOWN);
    return error_set(err, STATUS_INPUT,
                     "\"%.*s\" holds a value that no form has: give a text, a number, true, false, "
                     "null or a list of these.",
                     "“%.*s”的值无法识别：应为文字、数字、true、false、null 或由它们组成的列表。",
                     STR_ARG(name));
}

/* Whether a text holds no more values than may be, if it is JSON: found without making any of them. */
static bool has_few_values(struct str json)
{
    bool quoted = false;
    unsigned commas = 0;
    for (size_t i = 0; i < json.len && commas < FIELDS_MAX; i++) {
        if (quoted && json.at[i] == '\\')
            i++;
        else if (json.at[i] == '"')
            quoted = !quoted;
        else
            commas += !quoted && json.at[i] == ',';
    }
    return commas < FIELDS_MAX;
}

static enum status read_json(struct request *rq, struct str body, struct error *err)
{
    json_error_t why;
    if (!has_few_values(body))
        return refuse_many(FIELDS_MAX, err);
    json_t *root = json_loadb(body.at, body.len, JSON_REJECT_DUPLICATES, &why);
    if (!json_is_object(root)) {
        json_decref(root);
        return error_set(err, STATUS_INPUT, "The body is not a JSON object (line %d: %s).",
                         "请求体不是 JSON 对象（第 %d 行：%s）。", root ? 1 : why.line,
                         root ? "something else" : why.text);
    }
    const char *name;
    json_t *value;
    enum status status = STATUS_OK;
    json_object_foreach(root, name, value)
    {
        struct str key = str_copy(rq->arena, str_of(name));
        bool good = json_is_array(value) ? add_json_list(rq, key, value) : add_json(rq, key, value);
        if (!good && !status)
            status = refuse_value(key, err);
    }
    json_decref(root);
    return status;
}

static enum status read_body(struct request *rq, struct str body, struct error *err)
{
    struct str type = request_header(rq, "Content-Type");
    if (!rq->post || body.len == 0)
        return STATUS_OK;
    if (str_starts(type, STR("application/x-www-form-urlencoded")))
        return read_urlencoded(rq, body, err);
    else if (str_starts(type, STR("multipart/form-data")))
        return read_multipart(rq, body, type, err);
    else if (str_starts(type, STR("application/json")))
        return read_json(rq, body, err);
    else
        return error_set(err, STATUS_INPUT, "Send a form or a JSON object.",
                         "请提交表单或 JSON 对象。");
    return STATUS_OK;
}

/* --- checks ------------------------------------------------------------------------------------- */

static bool takes_lines(const struct input *input)
{
    return input->kind == INPUT_LONG_TEXT || input->kind == INPUT_LONG_LIST;
}

/* What word processors leave in a text that is pasted: line and page breaks become what they mean, a hyphen that
 * must not break one that may, and marks of fields, cells and notes go. A zero byte and an escape are no such thing;
 * they stay, to be named. */
static void tidy_byte(struct buf *out, unsigned char c, bool lines)
{
    bool is_break = c == '\n' || c == '\r' || c == '\t' || c == 0x0B || c == 0x0C;
    if (is_break && !lines)
        buf_add_byte(out, ' ');
    else if (c == 0x0B || c == 0x0C)
        buf_add_byte(out, '\n');
    else if (c == 0x1E)
        buf_add_byte(out, '-');
    else if (c >= 0x20 ? c != 0x7F : is_break || c == 0 || c == 0x1B)
        buf_add_byte(out, (char)c);
}

static bool is_untidy(struct str text, bool lines)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c == 0x7F || (c < 0x20 && !(lines && (c == '\n' || c == '\r' || c == '\t'))))
            return true;
    }
    return false;
}

static void tidy_values(struct arena *arena, struct pairs *pairs, const struct input *input)
{
    for (size_t i = 0; i < pairs->count; i++) {
        struct str text = pairs->at[i].value;
        struct buf out = {.arena = arena};
        if (!str_equal(pairs->at[i].name, str_of(input->name)) ||
            !is_untidy(text, takes_lines(input)))
            continue;
        for (size_t k = 0; k < text.len; k++)
            tidy_byte(&out, (unsigned char)text.at[k], takes_lines(input));
        pairs->at[i].value = buf_str(&out);
    }
}

static void mend_values(struct arena *arena, struct pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++)
        pairs->at[i].value = utf8_mend(arena, pairs->at[i].value);
}

void input_mend(struct request *rq)
{
    mend_values(rq->arena, &rq->form);
    mend_values(rq->arena, &rq->query);
}

/* Names the first byte that can't stand in a text, with its place. */
static enum status check_bytes(const struct input *input, struct str text, struct error *err)
{
    size_t at = utf8_first_bad(text);
    for (size_t i = 0; i < text.len && i < at; i++)
        if (text.at[i] == 0 || text.at[i] == 0x1B)
            at = i;
    if (at == SIZE_MAX)
        return STATUS_OK;
    unsigned line = 1;
    size_t begin = 0;
    for (size_t i = 0; i < at; i++)
        if (text.at[i] == '\n') {
            line++;
            begin = i + 1;
        }
    return error_about(
        err, STATUS_INPUT, input->en, input->zh,
        ": at line %u, after %zu characters, stands what is no character (byte %02X). Take it out there,"
        " and send the form again.",
        "：第 %u 行第 %zu 个字符之后有一处不是文字（字节 %02X）。请删去后再提交。", line,
        utf8_count(str_slice(text, begin, at - begin)), (unsigned)(unsigned char)text.at[at]);
}

static enum status check_text(const struct input *input, struct str text, struct error *err)
{
    size_t most = input->most          ? (size_t)input->most
                  : takes_lines(input) ? LONG_TEXT_MOST
                                       : TEXT_MOST;
    enum status status = check_bytes(input, text, err);
    if (status)
        return status;
    size_t count = utf8_count(text);
    if (count > most)
        return error_about(err, STATUS_INPUT, input->en, input->zh,
                           ": %zu characters are too many; there is room for %zu.",
                           "有 %zu 个字符，最多 %zu 个。", count, most);
    return STATUS_OK;
}

static enum status check_number(const struct input *input, struct str text, struct error *err)
{
    int64_t number;
    if (!read_number(text, &number) || number < input->least || number > input->most)
        return error_about(err, STATUS_INPUT, input->en, input->zh,
                           ": give a whole number from %lld to %lld.", "应为 %lld 至 %lld 的整数。",
                           (long long)input->least, (long long)input->most);
    return STATUS_OK;
}

static enum status check_moment(const struct input *input, struct str text, struct error *err)
{
    int64_t time_ms;
    bool clock = input->kind == INPUT_MOMENT;
    if (clock ? !read_moment(text, &time_ms) : !calendar_read_day(text, &time_ms))
        return error_about(err, STATUS_INPUT, input->en, input->zh, ": give a date like %s.",
                           "应为日期，形如 %s。", clock ? "2026-11-24T19:05" : "2026-11-24");
    return STATUS_OK;
}

static enum status check_list(const struct request *rq, const struct input *input,
                              struct error *err)
{
    struct str *values = arena_array(rq->arena, VALUES_MAX, struct str);
    size_t count = request_inputs(rq, input->name, values, VALUES_MAX);
    enum status status = STATUS_OK;
    if (count == VALUES_MAX)
        return error_about(err, STATUS_INPUT, input->en, input->zh, ": too many values.",
                           "包含的项目过多。");
    for (size_t i = 0; !status && i < count; i++)
        status = error_in_list(err, input->name, i, check_text(input, values[i], err));
    return status;
}

static enum status refuse_empty(const struct input *input, struct error *err)
{
    switch (input->kind) {
    case INPUT_FILE:
    case INPUT_CHOICE:
        return error_about(err, STATUS_INPUT, input->en, input->zh, ": please choose one.",
                           "尚未选择。");
    case INPUT_FLAG:
        return error_about(err, STATUS_INPUT, input->en, input->zh, ": please tick this.",
                           "尚未勾选。");
    default:
        return error_about(err, STATUS_INPUT, input->en, input->zh, ": please fill this in.",
                           "尚未填写。");
    }
}

static enum status check_input(const struct request *rq, const struct input *input,
                               struct error *err)
{
    struct str text = request_input(rq, input->name);
    bool empty =
        input->kind == INPUT_FILE ? !request_upload(rq, input->name) : str_trim(text).len == 0;
    bool list = input->kind == INPUT_LIST || input->kind == INPUT_LONG_LIST;
    if (list && !(empty && input->needed))
        return check_list(rq, input, err);
    if (empty && input->needed)
        return refuse_empty(input, err);
    if (empty || input->kind == INPUT_FLAG || input->kind == INPUT_FILE)
        return STATUS_OK;
    if (input->kind == INPUT_NUMBER)
        return check_number(input, text, err);
    if (input->kind == INPUT_DAY || input->kind == INPUT_MOMENT)
        return check_moment(input, text, err);
    return check_text(input, text, err);
}

enum status input_read(struct request *rq, struct str body, struct error *err)
{
    return read_body(rq, body, err);
}

enum status input_check(struct request *rq, struct error *err)
{
    struct input input;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && route_input(rq->route, i, &input); i++) {
        tidy_values(rq->arena, &rq->form, &input);
        tidy_values(rq->arena, &rq->query, &input);
        status = check_input(rq, &input, err);
        if (status) {
            rq->blamed = input.name;
            rq->blamed_place = err->place;
        }
    }
    return status;
}
