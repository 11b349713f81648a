/* `chancery sites`: look at a paper's marking sites, lock, unlock, add. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "cli/describe.h"

#define PLACES_SHOWN 3U /* of one site, on the terminal; JSON has them all */

/* --- showing ------------------------------------------------------------------------------------ */

static const struct command_option list_options[] = {
    {"channel", "CHANNEL", "only this channel: word, order, punct, space, zero, glyph or layout",
     "只看某一通道：word、order、punct、space、zero、glyph、layout"},
    {"context", "CHARACTERS", "this many characters around instead of the sentence",
     "显示前后若干字，而不是整句"},
    {0},
};

/* The text around a place: its sentence, or a number of characters each side. */
static struct str context_of(const struct paper_doc *doc, const struct paper_place *place,
                             uint64_t characters)
{
    if (characters == 0)
        return paper_sentence_at(doc, place->at, place->len);
    size_t from = place->at;
    size_t to = place->at + place->len;
    for (uint64_t i = 0; i < characters && from > 0; i++) {
        size_t before = from;
        if (utf8_before(doc->text, &before) == '\n')
            break;
        from = before;
    }
    for (uint64_t i = 0; i < characters && to < doc->text.len && doc->text.at[to] != '\n'; i++)
        (void)utf8_next(doc->text, &to);
    return str_slice(doc->text, from, to - from);
}

/* An alternative for the eye: where the two look alike or show nothing, with its code points or in words. */
static struct str shown(struct call *call, const struct paper_site *site,
                        const struct paper_place *place, unsigned bit)
{
    struct str alternative = place->alt[bit];
    if (site->channel == PAPER_LAYOUT)
        return str_format(call->arena, "%.*s (%s)", STR_ARG(alternative),
                          paper_shift_words(paper_site_shift(site), bit, call->lang));
    if (paper_channel_is_visible(site->channel) || alternative.len == 0)
        return alternative;
    return describe_found(call->arena, alternative);
}

/* The context with `words` in place of the master's, between brackets when `marked`. */
static struct str rendering(struct call *call, const struct paper_doc *doc,
                            const struct paper_place *place, struct str context, struct str words,
                            bool marked)
{
    struct buf out = {.arena = call->arena};
    size_t from = (size_t)(context.at - doc->text.at);
    buf_add(&out, str_slice(doc->text, from, place->at - from));
    if (marked)
        buf_add(&out, call->terminal ? STR("\x1b[1m[") : STR("["));
    buf_add(&out, words);
    if (marked)
        buf_add(&out, call->terminal ? STR("]\x1b[0m") : STR("]"));
    size_t end = place->at + place->len;
    buf_add(&out, str_slice(doc->text, end, from + context.len - end));
    return buf_str(&out);
}

static json_t *place_json(struct call *call, const struct paper_doc *doc,
                          const struct paper_place *place, uint64_t characters)
{
    struct str context = context_of(doc, place, characters);
    return json_pack("{s:I, s:o, s:[o, o]}", "at", (json_int_t)place->at, "sentence",
                     str_to_json(context), "renderings",
                     str_to_json(rendering(call, doc, place, context, place->alt[0], false)),
                     str_to_json(rendering(call, doc, place, context, place->alt[1], false)));
}

/* The places of each site, in order: those of site i are order[first[i]] … order[first[i + 1] - 1]. */
struct place_index {
    uint32_t *first;
    uint32_t *order;
};

static struct place_index index_places(struct arena *arena, const struct paper_sites *sites)
{
    struct place_index index = {arena_array(arena, (size_t)sites->nsites + 2, uint32_t),
                                arena_array(arena, sites->nplaces + 1, uint32_t)};
    for (size_t i = 0; i < sites->nplaces; i++)
        index.first[sites->places[i].site + 2]++;
    for (uint32_t i = 2; i <= sites->nsites + 1; i++)
        index.first[i] += index.first[i - 1];
    for (size_t i = 0; i < sites->nplaces; i++)
        index.order[index.first[sites->places[i].site + 1]++] = (uint32_t)i;
    return index;
}

static json_t *site_json(struct call *call, const struct edition_text *text,
                         const struct paper_site *site, const struct place_index *index,
                         uint64_t characters)
{
    json_t *places = json_array();
    struct str alternative[2] = {STR(""), STR("")};
    for (uint32_t i = index->first[site->number]; i < index->first[site->number + 1]; i++) {
        const struct paper_place *place = &text->sites.places[index->order[i]];
        if (i == index->first[site->number])
            memcpy(alternative, place->alt, sizeof alternative);
        json_array_append_new(places, place_json(call, &text->doc, place, characters));
    }
    return json_pack("{s:o, s:s, s:b, s:b, s:b, s:[o, o], s:o, s:o}", "site",
                     str_to_json(str_format(call->arena, "S%" PRIu32, site->number + 1)), "channel",
                     paper_channel_name(site->channel), "locked", (int)site->locked, "wide",
                     (int)site->wide, "by_hand", (int)site->by_hand, "alternatives",
                     str_to_json(alternative[0]), str_to_json(alternative[1]), "rule",
                     str_to_json(site->rule), "places", places);
}

static void say_site(struct call *call, const struct edition_text *text,
                     const struct paper_site *site, const struct place_index *index,
                     uint64_t characters)
{
    const char *wide = lang_pick(call->lang, ", one choice for all places", "，各处统一");
    const char *locked = lang_pick(call->lang, ", locked", "，已锁定");
    call_say(call, "S%" PRIu32 "  %s%s%s\n", "S%" PRIu32 "  %s%s%s\n", site->number + 1,
             describe_channel(site->channel, call->lang), site->wide ? wide : "",
             site->locked ? locked : "");
    uint32_t first = index->first[site->number];
    uint32_t count = index->first[site->number + 1] - first;
    for (uint32_t i = 0; i < count && i < PLACES_SHOWN; i++) {
        const struct paper_place *place = &text->sites.places[index->order[first + i]];
        struct str context = context_of(&text->doc, place, characters);
        struct str a =
            rendering(call, &text->doc, place, context, shown(call, site, place, 0), true);
        struct str b =
            rendering(call, &text->doc, place, context, shown(call, site, place, 1), true);
        call_say(call, "  0  %.*s\n  1  %.*s\n", "  0  %.*s\n  1  %.*s\n", STR_ARG(a), STR_ARG(b));
    }
    if (count > PLACES_SHOWN)
        call_say(call, "  … and %" PRIu32 " more places\n", "  ……另有 %" PRIu32 " 处\n",
                 count - PLACES_SHOWN);
}

static enum status run_list(struct call *call, struct error *err)
{
    struct edition_text text;
    struct str name;
    enum paper_channel only = PAPER_CHANNELS;
    uint64_t characters = 0;
    if (call_option(call, "channel", &name) && !paper_channel_parse(name, &only))
        return error_set(
            err, STATUS_USAGE,
            "--channel is \"%.*s\"; it takes word, order, punct, space, zero, glyph or "
            "layout.",
            "--channel 的值“%.*s”无效，可用 word、order、punct、space、zero、glyph、layout。",
            STR_ARG(name));
    enum status status = call_number(call, "context", 1, 10000, &characters, err);
    if (!status)
        status = describe_load(call, 0, &text, err);
    if (status)
        return status;
    struct place_index index = index_places(call->arena, &text.sites);
    json_t *list = json_array();
    uint32_t shown = 0;
    for (uint32_t i = 0; i < text.sites.nsites; i++) {
        const struct paper_site *site = &text.sites.sites[i];
        if (site->absent || (only != PAPER_CHANNELS && site->channel != only))
            continue;
        shown++;
        if (call->json)
            json_array_append_new(list, site_json(call, &text, site, &index, characters));
        else
            say_site(call, &text, site, &index, characters);
    }
    if (call->json) {
        json_t *out = describe_edition_json(call->arena, &text.edition);
        json_object_set_new(out, "sites", list);
        call_print_json(call, out);
        return STATUS_OK;
    }
    json_decref(list);
    call_say(call, "%s.\n", "共 %s。\n", call_count(call, shown, "site", "sites", "处标记位"));
    return STATUS_OK;
}

const struct command command_sites = {
    .name = "sites",
    .arguments = "PAPER",
    .least = 1,
    .most = 1,
    .en = "Show a paper's marking sites, each in its sentence with both readings.",
    .zh = "显示文稿的标记位，连同所在句子及两种写法。",
    .example = "chancery sites P1 --channel order\nchancery sites P1 --json",
    .options = list_options,
    .json = true,
    .needs_store = true,
    .run = run_list,
};

static enum status run_preview(struct call *call, struct error *err)
{
    struct edition_text text;
    enum status status = describe_load(call, 0, &text, err);
    if (status)
        return status;
    struct buf out = {.arena = call->arena};
    size_t at = 0;
    for (size_t i = 0; i < text.sites.nplaces; i++) {
        const struct paper_place *place = &text.sites.places[i];
        const struct paper_site *site = &text.sites.sites[place->site];
        if (site->locked || site->channel == PAPER_LAYOUT)
            continue;
        buf_add(&out, str_slice(text.doc.text, at, place->at - at));
        buf_add(&out, STR("["));
        buf_add(&out, shown(call, site, place, 0));
        buf_add(&out, STR("|"));
        buf_add(&out, shown(call, site, place, 1));
        buf_add(&out, STR("]"));
        at = place->at + place->len;
    }
    buf_add(&out, str_slice(text.doc.text, at, text.doc.text.len));
    buf_add(&out, STR("\n"));
    return call_write_file(call, STR("-"), buf_str(&out), err);
}

const struct command command_sites_preview = {
    .name = "sites preview",
    .arguments = "PAPER",
    .least = 1,
    .most = 1,
    .en = "Print the whole paper with each site's alternatives in brackets: [first|second].",
    .zh = "显示全文，各标记位的两种写法置于方括号内：[甲|乙]。",
    .more_en = "Layout marks are left out: both readings have the same words.",
    .more_zh = "版式标记不列出：两种写法文字相同。",
    .example = "chancery sites preview P1 | less",
    .needs_store = true,
    .run = run_preview,
};

/* --- changing ----------------------------------------------------------------------------------- */

static void report_change(struct call *call, const struct edition_text *text, int64_t before)
{
    const struct edition *e = &text->edition;
    if (call->json) {
        call_print_json(call, describe_edition_json(call->arena, e));
        return;
    }
    if (e->number == before)
        call_say(call,
                 "Done. P%" PRId64 ", edition %" PRId64
                 ", is changed; no copy of it was given yet.\n",
                 "完成。P%" PRId64 " 第 %" PRId64 " 版尚无副本发出，已直接更改。\n", e->paper,
                 e->number);
    else
        call_say(call,
                 "Done. Copies of edition %" PRId64 " were given, so it stays as it is; P%" PRId64
                 " now has edition %" PRId64 ".\n",
                 "完成。第 %" PRId64 " 版已有副本发出，保持不变；P%" PRId64 " 现有第 %" PRId64
                 " 版。\n",
                 before, e->paper, e->number);
}

/* Changes are made to the newest edition only: older ones are history. */
static enum status load_newest(struct call *call, struct edition_text *text, struct error *err)
{
    struct edition newest;
    enum status status = describe_load(call, 0, text, err);
    if (!status)
        status =
            library_find_edition(call->arena, call->store, text->edition.paper, 0, &newest, err);
    if (!status && newest.number != text->edition.number)
        status = error_set(err, STATUS_CONFLICT,
                           "Edition %" PRId64 " is no longer the newest; change edition %" PRId64
                           " instead.",
                           "第 %" PRId64 " 版已不是最新版本，请更改第 %" PRId64 " 版。",
                           text->edition.number, newest.number);
    return status;
}

static enum status parse_site(struct str id, const struct paper_sites *sites, uint32_t *number,
                              struct error *err)
{
    struct str digits = id;
    if (id.len && (id.at[0] == 'S' || id.at[0] == 's'))
        digits = str_slice(id, 1, id.len);
    uint64_t value;
    if (!str_to_u64(digits, &value))
        return error_set(err, STATUS_USAGE, "\"%.*s\" is not a site; they look like S12.",
                         "“%.*s”不是标记位编号；编号形如 S12。", STR_ARG(id));
    if (value == 0 || value > sites->nsites || sites->sites[value - 1].absent)
        return error_set(err, STATUS_MISSING, "This edition has no site %.*s.",
                         "该版本没有标记位 %.*s。", STR_ARG(id));
    *number = (uint32_t)value - 1;
    return STATUS_OK;
}

static enum status set_locks(struct call *call, bool locked, struct error *err)
{
    struct edition_text text;
    enum status status = load_newest(call, &text, err);
    json_t *changed = json_array();
    for (int i = 1; !status && i < call->narguments; i++) {
        uint32_t number = 0;
        status = parse_site(call->arguments[i], &text.sites, &number, err);
        if (status || text.sites.sites[number].locked == locked)
            continue;
        text.sites.sites[number].locked = locked;
        json_array_append_new(changed, json_integer(number + 1));
    }
    if (!status && json_array_size(changed) == 0)
        status = error_set(err, STATUS_CONFLICT, "They are so already; nothing was changed.",
                           "已是此状态，未作更改。");
    if (!status) {
        json_t *what = json_pack("{s:O}", locked ? "locked" : "unlocked", changed);
        struct str kept = str_from_json(call->arena, what);
        int64_t before = text.edition.number;
        status = library_change_sites(call->arena, call->store, &text, kept, err);
        if (!status)
            report_change(call, &text, before);
    }
    json_decref(changed);
    return status;
}

static enum status run_lock(struct call *call, struct error *err)
{
    return set_locks(call, true, err);
}

static enum status run_unlock(struct call *call, struct error *err)
{
    return set_locks(call, false, err);
}

const struct command command_sites_lock = {
    .name = "sites lock",
    .arguments = "PAPER SITE…",
    .least = 2,
    .most = -1,
    .en = "Lock sites: every copy keeps the master's words there.",
    .zh = "锁定标记位：各副本在此处均保留母本原文。",
    .more_en = "When copies of the edition were given already, a new edition is made.",
    .more_zh = "若该版本已有副本发出，则另成新版本。",
    .example = "chancery sites lock P1 S12 S40",
    .json = true,
    .needs_store = true,
    .run = run_lock,
};

const struct command command_sites_unlock = {
    .name = "sites unlock",
    .arguments = "PAPER SITE…",
    .least = 2,
    .most = -1,
    .en = "Unlock sites that were locked.",
    .zh = "解除标记位的锁定。",
    .example = "chancery sites unlock P1 S12",
    .json = true,
    .needs_store = true,
    .run = run_unlock,
};

static const struct command_option add_options[] = {
    {"each", NULL, "a site of its own at each place (default: one choice for the whole paper)",
     "每处各为一个标记位（默认全文统一取一）"},
    {0},
};

static enum status run_add(struct call *call, struct error *err)
{
    struct edition_text text;
    enum status status = load_newest(call, &text, err);
    if (!status)
        status = paper_add_site(call->arena, &text.doc, call->arguments[1], call->arguments[2],
                                call_switch(call, "each"), &text.sites, err);
    if (status)
        return status;
    json_t *what = json_pack("{s:[o, o]}", "added", str_to_json(call->arguments[1]),
                             str_to_json(call->arguments[2]));
    struct str kept = str_from_json(call->arena, what);
    int64_t before = text.edition.number;
    status = library_change_sites(call->arena, call->store, &text, kept, err);
    if (!status)
        report_change(call, &text, before);
    return status;
}

const struct command command_sites_add = {
    .name = "sites add",
    .arguments = "PAPER WORDS ALTERNATIVE",
    .least = 3,
    .most = 3,
    .en = "Add a site: the quoted words, and how else they may read.",
    .zh = "添加标记位：给出原文词句及另一种写法。",
    .more_en = "Quote enough words to be found; only the part that differs is marked.",
    .more_zh = "引用足以定位的词句即可；只有两者不同之处会作为标记。",
    .example = "chancery sites add P1 \"put forward a plan\" \"set out a plan\"",
    .options = add_options,
    .json = true,
    .needs_store = true,
    .run = run_add,
};
