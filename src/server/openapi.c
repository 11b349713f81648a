/* /openapi.json: every address, for whoever writes a script (OpenAPI 3.1).
 *
 * All of it is read off the routes: what a route declares for dispatch, authorisation, checks of input and
 * its JSON is what stands here, in the reader's language. Besides the standard's own words it says for
 * each address x-roles (any one of them may) and x-scope (what a script's token must hold; none: no script
 * may). tests/web/test_routes.py holds the server to it. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/internal.h"

#define DEPTH_MAX       8U /* of structs within structs */
#define TEXT_MOST       200
#define LONG_TEXT_MOST  200000
#define MOMENT_PATTERN  "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$"
#define NAME_PATTERN    "^[^/]+$"
#define JSON_MEDIA      "application/json"
#define HTML_MEDIA      "text/html"
#define ERROR_SCHEMA    "#/components/schemas/error"
#define LOCATION_SCHEMA "#/components/schemas/location"

static json_t *reference(const char *to)
{
    return json_pack("{s:s}", "$ref", to);
}

/* --- what comes out ------------------------------------------------------------------------------- */

static json_t *schema_of(const struct field *fields, unsigned depth);

static json_t *field_schema(const struct field *f, unsigned depth)
{
    switch (f->kind) {
    case FIELD_TEXT:
    case FIELD_MARKUP:
    case FIELD_DATE:
        return json_pack("{s:s}", "type", "string");
    case FIELD_NUMBER:
        return json_pack("{s:s}", "type", "integer");
    case FIELD_REAL:
        return json_pack("{s:[s,s]}", "type", "number", "null");
    case FIELD_FLAG:
        return json_pack("{s:s}", "type", "boolean");
    case FIELD_TIME:
    case FIELD_DAY:
        return json_pack("{s:[s,s],s:s}", "type", "string", "null", "format", "date-time");
    case FIELD_PART:
        return schema_of(f->parts, depth);
    case FIELD_LIST:
        return json_pack("{s:s,s:o}", "type", "array", "items", schema_of(f->parts, depth));
    case FIELD_END:
        break;
    }
    return json_object();
}

static json_t *schema_of(const struct field *fields, unsigned depth)
{
    json_t *properties = json_object();
    json_t *needed = json_array();
    for (const struct field *f = fields; depth < DEPTH_MAX && f->kind != FIELD_END; f++) {
        if (f->hidden)
            continue;
        json_object_set_new(properties, f->name, field_schema(f, depth + 1));
        json_array_append_new(needed, json_string(f->name));
    }
    return json_pack("{s:s,s:o,s:o}", "type", "object", "properties", properties, "required",
                     needed);
}

/* --- what goes in --------------------------------------------------------------------------------- */

static json_t *text_schema(const struct input *input, int64_t usual)
{
    return json_pack("{s:s,s:I}", "type", "string", "maxLength",
                     (json_int_t)(input->most ? input->most : usual));
}

static json_t *input_schema(const struct input *input)
{
    switch (input->kind) {
    case INPUT_TEXT:
    case INPUT_CHOICE:
        return text_schema(input, TEXT_MOST);
    case INPUT_LONG_TEXT:
        return text_schema(input, LONG_TEXT_MOST);
    case INPUT_NUMBER:
        return json_pack("{s:s,s:I,s:I}", "type", "integer", "minimum", (json_int_t)input->least,
                         "maximum", (json_int_t)input->most);
    case INPUT_DAY:
        return json_pack("{s:s,s:s}", "type", "string", "format", "date");
    case INPUT_MOMENT:
        return json_pack("{s:s,s:s}", "type", "string", "pattern", MOMENT_PATTERN);
    case INPUT_FLAG:
        return json_pack("{s:s}", "type", "boolean");
    case INPUT_FILE:
        return json_pack("{s:s,s:s}", "type", "string", "format", "binary");
    case INPUT_LIST:
        return json_pack("{s:s,s:o}", "type", "array", "items", text_schema(input, TEXT_MOST));
    case INPUT_LONG_LIST:
        return json_pack("{s:s,s:o}", "type", "array", "items", text_schema(input, LONG_TEXT_MOST));
    }
    return json_object();
}

static void add_names(json_t *parameters, const char *path)
{
    struct str rest = str_of(path);
    struct str part;
    while (str_split(&rest, '/', &part))
        if (part.len > 2 && part.at[0] == '{')
            json_array_append_new(parameters,
                                  json_pack("{s:s%,s:s,s:b,s:{s:s,s:s}}", "name", part.at + 1,
                                            part.len - 2, "in", "path", "required", 1, "schema",
                                            "type", "string", "pattern", NAME_PATTERN));
}

static void add_query(json_t *parameters, const struct route *route, enum lang lang)
{
    struct input input;
    for (size_t i = 0; route_input(route, i, &input); i++) {
        json_t *one =
            json_pack("{s:s,s:s,s:b,s:s,s:o}", "name", input.name, "in", "query", "required",
                      (int)input.needed, "description", lang_pick(lang, input.en, input.zh),
                      "schema", input_schema(&input));
        json_array_append_new(parameters, one);
    }
}

static json_t *body_of(const struct route *route, enum lang lang)
{
    json_t *properties = json_object();
    json_t *needed = json_array();
    for (const struct input *i = route->inputs; i && i->name; i++) {
        json_t *schema = input_schema(i);
        json_object_set_new(schema, "description", json_string(lang_pick(lang, i->en, i->zh)));
        json_object_set_new(properties, i->name, schema);
        if (i->needed)
            json_array_append_new(needed, json_string(i->name));
    }
    json_t *schema =
        json_pack("{s:s,s:o,s:o}", "type", "object", "properties", properties, "required", needed);
    json_t *content = json_object();
    const char *form = route->uploads ? "multipart/form-data" : "application/x-www-form-urlencoded";
    json_object_set_new(content, form, json_pack("{s:O}", "schema", schema));
    if (!route->uploads)
        json_object_set_new(content, JSON_MEDIA, json_pack("{s:O}", "schema", schema));
    json_decref(schema);
    return json_pack("{s:o}", "content", content);
}

/* --- answers -------------------------------------------------------------------------------------- */

static json_t *answer_of(const struct route *route, bool post, enum lang lang)
{
    json_t *content = json_object();
    if (route->output)
        json_object_set_new(content, JSON_MEDIA,
                            json_pack("{s:o}", "schema", schema_of(route->output, 0)));
    else if (post)
        json_object_set_new(content, JSON_MEDIA,
                            json_pack("{s:o}", "schema", reference(LOCATION_SCHEMA)));
    if (route->page)
        json_object_set_new(content, HTML_MEDIA, json_object());
    if (route->streams)
        json_object_set_new(content, "text/event-stream", json_object());
    if (json_object_size(content) == 0)
        json_object_set_new(content, "*/*", json_object());
    return json_pack("{s:s,s:o}", "description",
                     lang_pick(lang, "What was asked for.", "所请求的内容。"), "content", content);
}

static void add_refusals(json_t *answers, const struct route *route, enum lang lang)
{
    const struct {
        const char *code;
        bool comes;
        const char *en, *zh;
    } all[] = {
        {"401", !(route->roles & ROLE_ANYONE), "Sign in first.", "请先登录。"},
        {"403", true, "Not for this person, or not now.", "此人无权，或目前不可。"},
        {"404", strchr(route->path, '{') != NULL, "There is no such thing.", "没有这一项。"},
        {"409", strcmp(route->method, "POST") == 0, "The present state does not allow it.",
         "当前状态不允许。"},
        {"422", route->inputs || route->grid,
         "What was sent can't be taken; the message says what.", "提交的内容有误，消息中有说明。"},
        {"429", true, "Too much at once; try again after Retry-After seconds.",
         "过于频繁，请在 Retry-After 秒后重试。"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].comes)
            json_object_set_new(answers, all[i].code,
                                json_pack("{s:s,s:{s:{s:o}}}", "description",
                                          lang_pick(lang, all[i].en, all[i].zh), "content",
                                          JSON_MEDIA, "schema", reference(ERROR_SCHEMA)));
}

/* --- an address ----------------------------------------------------------------------------------- */

static json_t *roles_of(const struct route *route)
{
    json_t *roles = json_array();
    if (route->roles & ROLE_ANYONE)
        json_array_append_new(roles, json_string("anyone"));
    for (unsigned role = ROLE_MEMBER; role <= ROLE_UNIT; role <<= 1)
        if (route->roles & role)
            json_array_append_new(roles, json_string(role_name(role)));
    return roles;
}

static json_t *security_of(const struct route *route)
{
    json_t *ways = json_array();
    if (route->roles & ROLE_ANYONE)
        json_array_append_new(ways, json_object());
    json_array_append_new(ways, json_pack("{s:[]}", "session"));
    if (route->scope)
        json_array_append_new(ways, json_pack("{s:[s]}", "token", route->scope));
    return ways;
}

static json_t *operation_of(const struct route *route, enum lang lang)
{
    bool post = strcmp(route->method, "POST") == 0;
    json_t *parameters = json_array();
    json_t *answers = json_object();
    add_names(parameters, route->path);
    if (!post)
        add_query(parameters, route, lang);
    json_object_set_new(answers, "200", answer_of(route, post, lang));
    add_refusals(answers, route, lang);
    json_t *operation =
        json_pack("{s:s,s:o,s:o,s:o,s:o}", "summary", lang_pick(lang, route->en, route->zh),
                  "parameters", parameters, "responses", answers, "security", security_of(route),
                  "x-roles", roles_of(route));
    if (route->scope)
        json_object_set_new(operation, "x-scope", json_string(route->scope));
    if (route->streams)
        json_object_set_new(operation, "x-streams", json_true());
    if (post && route->inputs)
        json_object_set_new(operation, "requestBody", body_of(route, lang));
    return operation;
}

static json_t *all_paths(enum lang lang)
{
    json_t *paths = json_object();
    for (size_t i = 0; route_list[i]; i++) {
        const struct route *route = route_list[i];
        json_t *path = json_object_get(paths, route->path);
        if (!path) {
            path = json_object();
            json_object_set_new(paths, route->path, path);
        }
        json_object_set_new(path, strcmp(route->method, "POST") == 0 ? "post" : "get",
                            operation_of(route, lang));
    }
    return paths;
}

/* --- the file ------------------------------------------------------------------------------------- */

static json_t *components(enum lang lang)
{
    json_t *schemas =
        json_pack("{s:{s:s,s:{s:{s:s},s:{s:s}},s:[s,s]},s:{s:s,s:{s:{s:s}},s:[s]}}", "error",
                  "type", "object", "properties", "message", "type", "string", "code", "type",
                  "integer", "required", "message", "code", "location", "type", "object",
                  "properties", "location", "type", "string", "required", "location");
    const char *session = lang_pick(
        lang,
        "A browser's session. A POST also carries the session's token against forgery, as "
        "the field csrf or the header X-CSRF.",
        "浏览器会话。POST 请求还须在 csrf 字段或 X-CSRF 请求头中带上会话的防伪令牌。");
    const char *token =
        lang_pick(lang, "A script's token, made on the page of one's account; see x-scope.",
                  "脚本令牌，在个人账户页面创建；权限范围见 x-scope。");
    return json_pack("{s:o,s:{s:{s:s,s:s,s:s,s:s},s:{s:s,s:s,s:s}}}", "schemas", schemas,
                     "securitySchemes", "session", "type", "apiKey", "in", "cookie", "name",
                     "chancery", "description", session, "token", "type", "http", "scheme",
                     "bearer", "description", token);
}

static enum status send_openapi(struct request *rq, struct error *err)
{
    const char *about = lang_pick(
        rq->lang,
        "Every page is JSON at the same address for who asks with Accept: application/json. "
        "Times are RFC 3339 in UTC. A POST answers with the address to go on at.",
        "以 Accept: application/json 请求时，每个页面都在同一地址提供 JSON。"
        "时间为 RFC 3339 格式的 UTC 时间。POST 请求的应答给出下一步的地址。");
    json_t *file = json_pack("{s:s,s:{s:s,s:s,s:s},s:[{s:s}],s:o,s:o}", "openapi", "3.1.0", "info",
                             "title", lang_pick(rq->lang, "The portal", "门户"), "version",
                             CHANCERY_VERSION, "description", about, "servers", "url", "/", "paths",
                             all_paths(rq->lang), "components", components(rq->lang));
    char *text = file ? json_dumps(file, JSON_COMPACT) : NULL;
    json_decref(file);
    if (!text)
        return error_set(err, STATUS_IO, "The description of the interface could not be made.",
                         "接口说明未能生成。");
    struct str bytes = str_copy(rq->arena, str_of(text));
    free(text);
    return answer_bytes(rq, "application/json; charset=utf-8", bytes, STR(""));
}

const struct route route_openapi = {
    .method = "GET",
    .path = "/openapi.json",
    .roles = ROLE_ANYONE,
    .early = true,
    .en = "This description of all addresses (OpenAPI 3.1).",
    .zh = "全部地址的说明（OpenAPI 3.1），即本文件。",
    .run = send_openapi,
};
