/* Wording that several commands share; see describe.h. */
#include "cli/describe.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/number.h"
#include "base/unicode.h"
#include "base/utf8.h"

#define FOUND_SHOWN 6 /* characters of a find that are written out */

const char *describe_channel(enum paper_channel channel, enum lang lang)
{
    return lang == LANG_EN ? paper_channel_name(channel) : paper_channel_word(channel, lang);
}

const char *describe_level(enum paper_level level, enum lang lang)
{
    static const char *const names[][LANG_COUNT] = {
        [PAPER_DISCREET] = {"轻度（仅用词、语序、标点）", "discreet (word, order, punct)"},
        [PAPER_STANDARD] = {"标准（另加间距、零宽）", "standard (adds space, zero)"},
        [PAPER_FULL] = {"全面（再加字形、版式）", "full (adds glyph, layout)"},
    };
    return names[level][lang];
}

static bool is_unseen(uint32_t code)
{
    return unicode_is_invisible(code) || code < 0x20 || (code >= 0x7F && code < 0xA0) ||
           (unicode_is_space(code) && code != ' ');
}

struct str describe_text(struct arena *arena, struct str s)
{
    struct buf out = {.arena = arena};
    for (size_t pos = 0; pos < s.len;) {
        uint32_t code = utf8_next(s, &pos);
        if (is_unseen(code))
            buf_format(&out, "<U+%04X>", (unsigned)code);
        else
            buf_add_code(&out, code);
    }
    return buf_str(&out);
}

struct str describe_found(struct arena *arena, struct str s)
{
    struct buf codes = {.arena = arena};
    bool seen = false;
    size_t count = 0;
    for (size_t pos = 0; pos < s.len; count++) {
        uint32_t code = utf8_next(s, &pos);
        seen |= !is_unseen(code) && code != ' ';
        if (count < FOUND_SHOWN)
            buf_format(&codes, "%sU+%04X", count ? " " : "", (unsigned)code);
    }
    if (count > FOUND_SHOWN)
        buf_format(&codes, " … ×%zu", count);
    if (!seen)
        return buf_str(&codes);
    struct str text = describe_text(arena, s);
    if (count > FOUND_SHOWN) /* words speak for themselves */
        return text;
    return str_format(arena, "%.*s (%.*s)", STR_ARG(text), STR_ARG(buf_str(&codes)));
}

struct str describe_time(struct arena *arena, int64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm parts;
    char text[32];
    if (!gmtime_r(&seconds, &parts))
        return str_copy(arena, STR("?"));
    return str_copy(arena,
                    (struct str){text, strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &parts)});
}

json_t *describe_edition_json(struct arena *arena, const struct edition *e)
{
    return json_pack("{s:o, s:I, s:o, s:s, s:s, s:i, s:o}", "paper",
                     str_to_json(library_paper_id(arena, e->paper)), "edition",
                     (json_int_t)e->number, "title", str_to_json(e->title), "lang",
                     lang_code(e->lang), "level", paper_level_name(e->level), "colluders",
                     (int)e->colluders, "published",
                     str_to_json(describe_time(arena, e->published_ms)));
}

json_t *describe_strength_json(const struct strength *s)
{
    json_t *channels = json_object();
    uint32_t all = 0;
    for (int c = 0; c < PAPER_CHANNELS; c++) {
        all += s->sites[c];
        if (s->sites[c])
            json_object_set_new(channels, paper_channel_name((enum paper_channel)c),
                                json_integer(s->sites[c]));
    }
    return json_pack("{s:i, s:o, s:i, s:i, s:I, s:I, s:I, s:I, s:i, s:i, s:i, s:I, s:i, s:i, s:i}",
                     "sites", (int)all, "channels", channels, "visible", (int)s->visible, "locked",
                     (int)s->locked, "characters", (json_int_t)s->characters, "members",
                     (json_int_t)s->members, "excerpt_characters", (json_int_t)s->excerpt_present,
                     "excerpt_characters_million", (json_int_t)s->excerpt_million, "coalition",
                     (int)s->coalition, "coalition_million", (int)s->coalition_million,
                     "visible_wanted", (int)s->wanted, "page_characters",
                     (json_int_t)s->page_characters, "page_marks", (int)s->page_marks,
                     "page_layout_marks", (int)s->page_layout, "scan_pages", (int)s->scan_pages);
}

static void say_sites(const struct call *call, const struct strength *s)
{
    uint32_t all = 0;
    struct buf list = {.arena = call->arena};
    for (int c = 0; c < PAPER_CHANNELS; c++) {
        all += s->sites[c];
        if (s->sites[c])
            buf_format(&list, "%s%s %u", list.len ? lang_pick(call->lang, ", ", "，") : "",
                       describe_channel((enum paper_channel)c, call->lang), s->sites[c]);
    }
    if (all)
        call_say(call, "  Marking sites: %u (%.*s), %u locked.\n",
                 "  标记位：%u 处（%.*s），锁定 %u 处。\n", all, STR_ARG(buf_str(&list)),
                 s->locked);
    else if (s->locked)
        call_say(call, "  All marking sites are locked: %u.\n", "  标记位均已锁定，共 %u 处。\n",
                 s->locked);
    else
        call_say(call, "  No marking sites were found in it.\n", "  未找到标记位。\n");
}

static void say_excerpt(const struct call *call, size_t characters, const char *en_among,
                        const char *zh_among)
{
    const char *length = number_words(call->arena, (int64_t)characters).at;
    if (characters)
        call_say(call,
                 "  An excerpt of %s characters, retyped by hand, names one leaker among %s.\n",
                 "  手工重打的 %s 字摘录，即可在%s中认定一名泄露者。\n", length,
                 lang_pick(call->lang, en_among, zh_among));
    else
        call_say(
            call,
            "  Even the whole text, retyped by hand, does not surely name one leaker among %s.\n",
            "  即使全文手工重打，也不能在%s中可靠认定一名泄露者。\n",
            lang_pick(call->lang, en_among, zh_among));
}

static void say_present(const struct call *call, const struct strength *s, int64_t paper)
{
    if (s->members == 0) {
        call_say(call,
                 "  There are no members yet; once there are, `chancery strength P%" PRId64
                 "` tells how long an excerpt names one of them.\n",
                 "  尚无成员；导入后可用 `chancery strength P%" PRId64
                 "` 查看多长的摘录能认定其中一人。\n",
                 paper);
        return;
    }
    const char *members = number_words(call->arena, (int64_t)s->members).at;
    const char *en =
        str_format(call->arena, "the %s present member%s", members, s->members == 1 ? "" : "s").at;
    const char *zh = str_format(call->arena, "现有 %s 名成员", members).at;
    say_excerpt(call, s->excerpt_present, en, zh);
}

void describe_strength(const struct call *call, const struct strength *s,
                       const struct edition *edition)
{
    call_say(call, "Strength, level %s:\n", "强度，标记级别%s：\n",
             describe_level(edition->level, call->lang));
    say_sites(call, s);
    say_present(call, s, edition->paper);
    if (!s->members || s->excerpt_present || s->excerpt_million) /* else it says nothing new */
        say_excerpt(call, s->excerpt_million, "a million members", "一百万名成员");
    if (s->coalition >= 2)
        call_say(call,
                 "  Up to %u members may combine their whole copies and one is still named.\n",
                 "  至多 %u 名成员合并各自的全文副本，仍能认定其中一人。\n", s->coalition);
    else
        call_say(call, "  Two members who combine their whole copies might not be found.\n",
                 "  如有两名成员合并各自的全文副本，可能查不出来。\n");
    struct str picture = library_picture_words(call->arena, s, call->lang);
    call_say(call, "  A print, scan or photograph: %.*s\n", "  打印、扫描或拍照：%.*s\n",
             STR_ARG(picture));
    if (s->wanted > s->visible)
        call_say(
            call,
            "  To raise it: %u more sites in words, order or punctuation. Look at the locked "
            "ones (`chancery sites`), add your own (`chancery sites add`), or publish longer "
            "texts as one paper.\n",
            "  如要提高：再增加 %u 处用词、语序或标点标记位。可查看已锁定的（`chancery sites`）、"
            "自行添加（`chancery sites add`），或将较长文本合为一篇发布。\n",
            s->wanted - s->visible);
}

enum status describe_count_members(struct call *call, uint64_t *count, struct error *err)
{
    struct query *q = query_start(call->store, "SELECT count(*) FROM member");
    *count = query_row(q) ? (uint64_t)query_int(q, 0) : 0;
    return query_end(q, err);
}

enum status describe_load(struct call *call, int at, struct edition_text *text, struct error *err)
{
    struct str id = call->arguments[at];
    size_t slash = str_find(id, STR("/"), 0);
    uint64_t number = 0;
    int64_t paper;
    struct edition edition;
    if (slash != SIZE_MAX && (!str_to_u64(str_slice(id, slash + 1, id.len), &number) ||
                              number == 0 || number > INT32_MAX))
        return error_set(err, STATUS_USAGE,
                         "\"%.*s\" is not an edition; write P1/2 for the second edition of P1.",
                         "“%.*s”不是版本编号；P1 的第二版写作 P1/2。", STR_ARG(id));
    enum status status = library_parse_paper(str_slice(id, 0, slash), &paper, err);
    if (!status)
        status =
            library_find_edition(call->arena, call->store, paper, (int64_t)number, &edition, err);
    if (!status)
        status = library_load_edition(call->arena, call->store, &edition, text, err);
    return status;
}

void describe_lost_files(struct call *call, const struct stored_file *files, size_t count)
{
    if (!count)
        return;
    call->exit_code = 1;
    call_say(call, "%s missing or damaged:\n", "下列 %s缺失或已损坏：\n",
             call_count(call, count, "file is", "files are", "个文件"));
    for (size_t i = 0; i < count; i++)
        call_say(call, "  %.*s  %s: %.*s\n", "  %.*s  %s：%.*s\n", STR_ARG(files[i].path),
                 files[i].damaged ? lang_pick(call->lang, "damaged", "已损坏")
                                  : lang_pick(call->lang, "missing", "缺失"),
                 STR_ARG(describe_text(call->arena, files[i].of)));
    call_say(call,
             "An older backup may hold them whole: restore it into another folder and copy these "
             "files from there.\n",
             "较早的备份中可能仍有完好的文件：请将其恢复到另一文件夹，再从中复制这些文件。\n");
}

json_t *describe_lost_files_json(struct call *call, const struct stored_file *files, size_t count)
{
    json_t *list = json_array();
    call->exit_code = count ? 1 : call->exit_code;
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list,
                              json_pack("{s:o, s:o, s:b}", "file", str_to_json(files[i].path), "of",
                                        str_to_json(files[i].of), "damaged", files[i].damaged));
    return list;
}
