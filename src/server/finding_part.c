/* Findings on pages; see finding_part.h. */
#include "server/finding_part.h"

#include <inttypes.h>
#include <math.h>

#include "base/number.h"
#include "library/chance.h"
#include "library/member.h"
#include "library/offer.h"
#include "library/trace_look.h"
#include "library/trace_sign.h"
#include "server/chart.h"
#include "server/template.h"
#include "server/writing.h"

static const struct field CHANNEL[] = {
    FIELD(TEXT, struct finding_channel, name),
    FIELD(NUMBER, struct finding_channel, sites),
    FIELD(NUMBER, struct finding_channel, read),
    FIELD(NUMBER, struct finding_channel, doubtful),
    FIELD(NUMBER, struct finding_channel, erased),
    FIELD(NUMBER, struct finding_channel, unseen),
    {0},
};
static const struct field SOURCE[] = {
    FIELD(TEXT, struct finding_source, paper),
    FIELD(TEXT, struct finding_source, key),
    FIELD(TEXT, struct finding_source, title),
    FIELD(NUMBER, struct finding_source, edition),
    FIELD(NUMBER, struct finding_source, coverage),
    FIELD(NUMBER, struct finding_source, sites),
    FIELD(NUMBER, struct finding_source, read),
    FIELD(NUMBER, struct finding_source, doubtful),
    FIELD(NUMBER, struct finding_source, erased),
    FIELD(NUMBER, struct finding_source, unseen),
    FIELD(FLAG, struct finding_source, key_stolen),
    FIELD_OF_LIST(struct finding_source, channels, CHANNEL),
    {0},
};
static const struct field MEMBER[] = {
    FIELD(TEXT, struct finding_member, member),
    FIELD(TEXT, struct finding_member, key),
    FIELD(TEXT, struct finding_member, name),
    FIELD(TEXT, struct finding_member, email),
    FIELD(TEXT, struct finding_member, chance),
    FIELD(TEXT, struct finding_member, more),
    FIELD(NUMBER, struct finding_member, agree),
    FIELD(NUMBER, struct finding_member, read),
    FIELD(REAL, struct finding_member, score),
    FIELD(REAL, struct finding_member, log10_p),
    FIELD(REAL, struct finding_member, log10_p_all),
    FIELD(TEXT, struct finding_member, part),
    {0},
};
static const struct field SIGN[] = {
    FIELD(TEXT, struct finding_sign, number), FIELD(NUMBER, struct finding_sign, exhibit),
    FIELD(TEXT, struct finding_sign, says),   FIELD(TEXT, struct finding_sign, words),
    FIELD(TEXT, struct finding_sign, paper),  FIELD(NUMBER, struct finding_sign, edition),
    FIELD(TEXT, struct finding_sign, member), FIELD(TEXT, struct finding_sign, key),
    FIELD(TEXT, struct finding_sign, name),   {0},
};
static const struct field EXHIBIT[] = {
    FIELD(NUMBER, struct finding_exhibit, number),     FIELD(TEXT, struct finding_exhibit, sha256),
    FIELD(TEXT, struct finding_exhibit, read_as),      FIELD(NUMBER, struct finding_exhibit, pages),
    FIELD(NUMBER, struct finding_exhibit, pictured),   FIELD(TEXT, struct finding_exhibit, words),
    FIELD_HIDDEN(TEXT, struct finding_exhibit, brief), {0},
};
#define BRIEF 12U /* characters of a digest that tell exhibits apart */

const struct field FINDING_PART[] = {
    FIELD(TEXT, struct finding_part, verdict),
    FIELD(TEXT, struct finding_part, headline),
    FIELD(TEXT, struct finding_part, left),
    FIELD(TEXT, struct finding_part, next),
    FIELD(TEXT, struct finding_part, limit),
    FIELD_HIDDEN(MARKUP, struct finding_part, chart),
    FIELD(NUMBER, struct finding_part, tested),
    FIELD(NUMBER, struct finding_part, needed_marks),
    FIELD(NUMBER, struct finding_part, needed_characters),
    FIELD(REAL, struct finding_part, false_alarm),
    FIELD_HIDDEN(FLAG, struct finding_part, named),
    FIELD_OF_LIST(struct finding_part, exhibits, EXHIBIT),
    FIELD_OF_LIST(struct finding_part, sources, SOURCE),
    FIELD_OF_LIST(struct finding_part, members, MEMBER),
    FIELD_OF_LIST(struct finding_part, signs, SIGN),
    FIELD_HIDDEN(FLAG, struct finding_part, any_sign),
    {0},
};

/* --- words ------------------------------------------------------------------------------------------- */

struct str finding_verdict_words(const struct request *rq, enum verdict verdict)
{
    static const struct {
        const char *en, *zh;
    } WORDS[] = {
        [VERDICT_NAMED] = {"Somebody is named", "已认定"},
        [VERDICT_INSUFFICIENT] = {"Not enough to name anybody", "不足以认定"},
        [VERDICT_UNMARKED] = {"Not a member's copy", "并非成员副本"},
        [VERDICT_UNKNOWN_SOURCE] = {"Source not found", "未找到来源"},
    };
    return request_words(rq, WORDS[verdict].en, WORDS[verdict].zh);
}

static struct str headline(const struct request *rq, const struct finding *f)
{
    switch (f->verdict) {
    case VERDICT_NAMED:
        if (f->nmembers == 1)
            return str_format(rq->arena,
                              rq->lang == LANG_ZH ? "该文字出自%.*s的副本。"
                                                  : "The text was made from the copy of %.*s.",
                              STR_ARG(f->members[0].name));
        return str_format(rq->arena,
                          rq->lang == LANG_ZH ? "该文字由 %zu 名成员的副本合成。"
                                              : "The text was made from the copies of %zu members.",
                          f->nmembers);
    case VERDICT_INSUFFICIENT:
        if (f->tested == 0)
            return request_words(
                rq, "Nobody is named: no member was given a copy of it, so nobody was tested.",
                "未认定任何人：尚无成员领过其副本，因此无人受检。");
        return request_words(
            rq, "Nobody is named: too few marks can be read, or they fit no copy closely enough.",
            "未认定任何人：可读的标记过少，或与任何副本都不够吻合。");
    case VERDICT_UNMARKED:
        return request_words(
            rq,
            "Nobody is named: the text reads like the unmarked master, not like a member's copy.",
            "未认定任何人：该文字与未加标记的母本一致，不像任何成员的副本。");
    case VERDICT_UNKNOWN_SOURCE:
        break;
    }
    return request_words(
        rq, "Nobody is named: no passage of a paper published here was recognised in the text.",
        "未认定任何人：未能识别出此处所发布任何文稿的段落。");
}

static struct str needed(const struct request *rq, const struct finding *f)
{
    if (f->tested == 0)
        return request_words(rq, "A trace of all members may say more.",
                             "可改为检验全体成员，再追踪一次。");
    if (f->needed_marks == 0)
        return STR("");
    if (f->needed_marks == 1 && rq->lang == LANG_EN)
        return str_format(rq->arena,
                          "About one more mark that agrees would do: some %.*s more characters, of"
                          " this leak or of another by the same hand.",
                          STR_ARG(number_words(rq->arena, (int64_t)f->needed_characters)));
    return str_format(
        rq->arena,
        rq->lang == LANG_ZH
            ? "约再有 %.*s 处一致的标记即可认定，约合 %.*s 字；同一人另外泄露的文字亦可。"
            : "About %.*s more marks that agree would do: some %.*s more characters, of this"
              " leak or of another by the same hand.",
        STR_ARG(number_words(rq->arena, f->needed_marks)),
        STR_ARG(number_words(rq->arena, (int64_t)f->needed_characters)));
}

static struct str next_words(const struct request *rq, const struct finding *f)
{
    switch (f->verdict) {
    case VERDICT_NAMED:
        return request_words(
            rq,
            "This says whose copy the text was made from, not who passed it on."
            " Hear the member before deciding anything.",
            "以上说明文字出自谁的副本，并不说明由谁外传；作出处理前请先听取本人说明。");
    case VERDICT_INSUFFICIENT:
        return needed(rq, f);
    case VERDICT_UNMARKED:
        return request_words(rq,
                             "It may have left the house before copies were given, or by somebody"
                             " who holds the master.",
                             "文字可能在发放副本之前流出，或出自持有母本者。");
    case VERDICT_UNKNOWN_SOURCE:
        break;
    }
    return request_words(
        rq,
        "A short text may not be recognised: look for more of it, or say which paper"
        " it is.",
        "文字过短时可能无法识别：请再找更多内容，或指明所属文稿。");
}

static struct str left_words(const struct request *rq, const struct finding *f)
{
    const uint32_t left = trace_left_open(f);
    return left ? trace_left_words(rq->arena, number_words(rq->arena, left), rq->lang) : STR("");
}

static struct str limit_words(const struct request *rq, const struct finding *f)
{
    struct str chance = chance_words(rq->arena, log10(f->false_alarm), rq->lang);
    return str_format(rq->arena,
                      rq->lang == LANG_ZH
                          ? "不论物证为何，本次追踪误认任何无辜者的概率至多%.*s。"
                          : "Whatever the exhibits are, the chance that this trace names anybody"
                            " innocent is at most %.*s.",
                      STR_ARG(chance));
}

/* --- figures ----------------------------------------------------------------------------------------- */

static void fill_channels(const struct request *rq, const struct trace_source *from,
                          struct finding_source *to)
{
    to->channels = arena_array(rq->arena, PAPER_CHANNELS, struct finding_channel);
    for (int c = 0; c < PAPER_CHANNELS; c++) {
        if (!from->sites[c])
            continue;
        uint32_t seen = from->reads[c] + from->erased[c];
        struct finding_channel line = {
            .name = str_of(paper_channel_word((enum paper_channel)c, rq->lang)),
            .sites = from->sites[c],
            .read = from->reads[c],
            .doubtful = from->doubtful[c],
            .erased = from->erased[c],
            .unseen = from->sites[c] > seen ? from->sites[c] - seen : 0,
        };
        to->channels[to->nchannels++] = line;
        to->sites += line.sites;
        to->read += line.read;
        to->doubtful += line.doubtful;
        to->erased += line.erased;
        to->unseen += line.unseen;
    }
}

static enum status fill_source(struct request *rq, const struct trace_source *from,
                               struct finding_source *to, struct error *err)
{
    struct offer offer;
    *to = (struct finding_source){
        .paper = library_paper_id(rq->arena, from->edition.paper),
        .title = from->edition.title,
        .edition = from->edition.number,
        .key_stolen = from->key_stolen,
        .coverage = (int64_t)lround(100 * from->coverage),
    };
    fill_channels(rq, from, to);
    enum status status = library_offer_of(rq->arena, rq->store, from->edition.paper, &offer, err);
    if (!status)
        to->key = offer.key;
    return status == STATUS_MISSING ? STATUS_OK : status;
}

static struct str only_one_words(const struct request *rq, struct str chance)
{
    return str_format(
        rq->arena,
        rq->lang == LANG_ZH
            ? "仅一名成员领过副本并受检。若其无辜，副本与该文字吻合到这一程度的概率至多%.*s。"
            : "Only one member was given a copy, and was tested. Were they innocent, the"
              " chance that their copy fits the text as well as this is at most %.*s.",
        STR_ARG(chance));
}

static struct finding_member member_line(struct request *rq, const struct finding *f, size_t at)
{
    const struct trace_member *m = &f->members[at];
    struct str chance = chance_words(rq->arena, m->log10_p_all, rq->lang);
    struct finding_member line = {
        .member = library_member_id(rq->arena, m->id),
        .name = m->name,
        .email = m->email,
        .agree = m->agree,
        .read = m->read,
        .score = m->score,
        .log10_p = m->log10_p,
        .log10_p_all = m->log10_p_all,
    };
    line.chance =
        f->tested == 1
            ? only_one_words(rq, chance)
            : str_format(
                  rq->arena,
                  rq->lang == LANG_ZH
                      ? "受检的 %.*s 名成员中，任一无辜者的副本与该文字吻合到这一程度的概率，至多%.*s。"
                      : "The chance that the copy of any innocent member, of the %.*s tested, fits the text"
                        " as well as this one is at most %.*s.",
                  STR_ARG(number_words(rq->arena, (int64_t)f->tested)), STR_ARG(chance));
    if (m->proof.part.paper)
        line.part = library_paper_id(rq->arena, m->proof.part.paper);
    if (at)
        line.more = str_format(rq->arena,
                               rq->lang == LANG_ZH ? "另可解释以上成员未能解释的 %u 处标记。"
                                                   : "Explains %u marks that those above do not.",
                               m->explains);
    return line;
}

static struct str chart_of(const struct request *rq, const struct finding_part *part)
{
    size_t count = 0;
    struct chart_share *rows;
    for (size_t s = 0; s < part->nsources; s++)
        count += part->sources[s].nchannels;
    rows = arena_array(rq->arena, count + 1, struct chart_share);
    count = 0;
    for (size_t s = 0; s < part->nsources; s++) {
        const struct finding_source *source = &part->sources[s];
        for (size_t c = 0; c < source->nchannels; c++) {
            const struct finding_channel *channel = &source->channels[c];
            struct str label = part->nsources > 1
                                   ? str_format(rq->arena, "%.*s %.*s", STR_ARG(source->paper),
                                                STR_ARG(channel->name))
                                   : channel->name;
            rows[count++] =
                (struct chart_share){label, {channel->read, channel->erased, channel->unseen}};
        }
    }
    const struct str parts[CHART_SHARES] = {
        request_words(rq, "read", "已读"),
        request_words(rq, "seen but not readable", "见到但不可读"),
        request_words(rq, "not in the exhibits", "物证中未见")};
    return chart_shares(rq->arena, rows, count, parts,
                        request_words(rq,
                                      "Marks by channel; the table beside it has the same figures.",
                                      "各通道标记数，数值与旁边的表格相同。"));
}

static enum status fill_sign(struct request *rq, const struct finding *f,
                             const struct trace_sign *s, struct finding_sign *line,
                             struct error *err)
{
    const char *en;
    const char *zh;
    enum sign_says says = library_sign_says(f, s);
    sign_says_words(says, &en, &zh);
    *line = (struct finding_sign){.number = serial_print(rq->arena, &s->number),
                                  .says = str_of(sign_says_name(says)),
                                  .words = request_words(rq, en, zh),
                                  .exhibit = (int64_t)s->exhibit + 1,
                                  .edition = s->edition,
                                  .name = s->name};
    if (!s->member)
        return STATUS_OK;
    line->paper = library_paper_id(rq->arena, s->paper);
    line->member = library_member_id(rq->arena, s->member);
    return library_member_key(rq->arena, rq->store, s->member, &line->key, err);
}

static struct finding_exhibit exhibit_line(struct request *rq, const struct finding *f, size_t at)
{
    const struct trace_look *look = &f->looks[at];
    char hex[DIGEST_HEX + 1];
    digest_to_hex(&look->digest, hex);
    struct str sha256 = str_copy(rq->arena, str_of(hex));
    return (struct finding_exhibit){.number = (int64_t)at + 1,
                                    .sha256 = sha256,
                                    .brief = str_slice(sha256, 0, BRIEF),
                                    .read_as = str_of(trace_look_name(look->kind)),
                                    .pages = look->pages,
                                    .pictured = look->pictured,
                                    .words = trace_look_words(rq->arena, look, rq->lang)};
}

enum status finding_fill(struct request *rq, const struct finding *f, struct finding_part *part,
                         struct error *err)
{
    enum status status = STATUS_OK;
    *part = (struct finding_part){
        .verdict = str_of(verdict_name(f->verdict)),
        .headline = headline(rq, f),
        .left = left_words(rq, f),
        .next = next_words(rq, f),
        .limit = limit_words(rq, f),
        .tested = (int64_t)f->tested,
        .needed_marks = f->needed_marks,
        .needed_characters = (int64_t)f->needed_characters,
        .false_alarm = f->false_alarm,
        .named = f->verdict == VERDICT_NAMED,
        .exhibits = arena_array(rq->arena, f->nlooks + 1, struct finding_exhibit),
        .nexhibits = f->nlooks,
        .sources = arena_array(rq->arena, f->nsources + 1, struct finding_source),
        .nsources = f->nsources,
        .members = arena_array(rq->arena, f->nmembers + 1, struct finding_member),
        .nmembers = f->nmembers,
        .signs = arena_array(rq->arena, f->nsigns + 1, struct finding_sign),
        .nsigns = f->nsigns,
        .any_sign = f->nsigns > 0,
    };
    for (size_t i = 0; i < f->nlooks; i++)
        part->exhibits[i] = exhibit_line(rq, f, i);
    for (size_t i = 0; !status && i < f->nsources; i++)
        status = fill_source(rq, &f->sources[i], &part->sources[i], err);
    for (size_t i = 0; !status && i < f->nmembers; i++) {
        part->members[i] = member_line(rq, f, i);
        status =
            library_member_key(rq->arena, rq->store, f->members[i].id, &part->members[i].key, err);
    }
    for (size_t i = 0; !status && i < f->nsigns; i++)
        status = fill_sign(rq, f, &f->signs[i], &part->signs[i], err);
    if (!status && f->nsources)
        part->chart = chart_of(rq, part);
    return status;
}
