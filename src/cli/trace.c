/* `chancery trace`: whose copy was this? */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "cli/describe.h"
#include "format/format.h"
#include "library/finding_json.h"
#include "library/trace.h"
#include "library/trace_look.h"
#include "library/trace_sign.h"

#define TOO_SHORT 200 /* characters below which a leak may go unrecognised, some say in English */

static const struct command_option options[] = {
    {"paper", "PAPER", "the exhibit is known to come from this paper", "已知物证出自该文稿"},
    {"everyone", NULL, "test all members, not only those who were given a copy",
     "检验全体成员，而不限于领过副本者"},
    {"false-alarm", "E", "the chance, at most, of naming anybody innocent (default 1e-6)",
     "误认任何无辜者的概率上限（默认 1e-6）"},
    {0},
};

static enum status open_exhibit(struct call *call, struct str name, struct exhibit *exhibit,
                                struct error *err)
{
    struct str bytes;
    enum status status = call_read_file(call, name, FORMAT_INPUT_MAX, &bytes, err);
    if (!status)
        *exhibit = (struct exhibit){.name = name, .bytes = bytes, .digest = digest_of(bytes)};
    return status;
}

/* Shows how far the pages of an exhibit are read; the rest of a trace takes no time to speak of. */
static bool show_progress(void *context, const struct trace_progress *progress)
{
    char en[64];
    char zh[64];
    if (progress->phase != TRACE_READING || progress->all == 0)
        return true;
    (void)snprintf(en, sizeof en, "Exhibit %zu", progress->exhibit + 1);
    (void)snprintf(zh, sizeof zh, "物证 %zu", progress->exhibit + 1);
    call_progress(context, en, zh, progress->done, progress->all);
    return true;
}

/* What took its time to read is on record at once, whatever comes of the trace. */
static enum status keep_reading(void *context, struct exhibit *exhibit, struct error *err)
{
    struct call *call = context;
    call_progress(call, "Exhibit", "物证", exhibit->pages, exhibit->pages);
    enum status status = store_begin(call->store, err);
    if (!status)
        status = library_keep_reading(call->store, exhibit, err);
    if (!status)
        status = store_commit(call->store, err);
    if (status)
        store_rollback(call->store);
    return status;
}

/* Whether exhibit `at` is one of those before it. The same file twice is no more evidence than once,
 * but testing it twice costs a part of the false-alarm budget. */
static bool is_known(const struct exhibit *exhibits, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (memcmp(&exhibits[i].digest, &exhibits[at].digest, sizeof exhibits[at].digest) == 0)
            return true;
    return false;
}

static enum status read_request(struct call *call, const struct trace_watch *watch,
                                struct trace_request *request, struct error *err)
{
    struct str value;
    struct exhibit *exhibits = arena_array(call->arena, (size_t)call->narguments, struct exhibit);
    *request = (struct trace_request){.exhibits = exhibits,
                                      .everyone = call_switch(call, "everyone"),
                                      .false_alarm = TRACE_FALSE_ALARM};
    if (call_option(call, "false-alarm", &value) &&
        (!str_to_double(value, &request->false_alarm) || request->false_alarm <= 0 ||
         request->false_alarm > 0.01))
        return error_set(err, STATUS_USAGE,
                         "--false-alarm is \"%.*s\"; it takes a number above 0, at most 0.01.",
                         "--false-alarm 的值“%.*s”无效，应大于 0 且不超过 0.01。", STR_ARG(value));
    enum status status = STATUS_OK;
    if (call_option(call, "paper", &value))
        status = library_parse_paper(value, &request->paper, err);
    for (int i = 0; !status && i < call->narguments; i++) {
        status = open_exhibit(call, call->arguments[i], &exhibits[request->nexhibits], err);
        if (!status && !is_known(exhibits, request->nexhibits))
            request->nexhibits++;
    }
    if (!status)
        status = library_read_exhibits(call->arena, call->store, exhibits, request->nexhibits,
                                       watch, err);
    return status;
}

/* --- words -------------------------------------------------------------------------------------- */

static void say_channel(struct call *call, const struct trace_source *s, enum paper_channel c)
{
    const char *name = describe_channel(c, call->lang);
    if (s->doubtful[c])
        call_say(call, "  %s: %u of %u marks read, %u of them in some doubt\n",
                 "  %s：可读 %u 处标记，共 %u 处；其中 %u 处存疑\n", name, s->reads[c], s->sites[c],
                 s->doubtful[c]);
    else if (s->sites[c])
        call_say(call, "  %s: %u of %u marks read\n", "  %s：可读 %u 处标记，共 %u 处\n", name,
                 s->reads[c], s->sites[c]);
}

/* How each exhibit was read: who gave a scan should know that its letters were guessed. */
static void say_looks(struct call *call, const struct trace_request *request,
                      const struct finding *f)
{
    for (size_t i = 0; i < f->nlooks; i++) {
        struct str words = trace_look_words(call->arena, &f->looks[i], call->lang);
        call_say(call, "Exhibit %zu: %.*s: %.*s\n", "物证 %zu：%.*s：%.*s\n", i + 1,
                 STR_ARG(request->exhibits[i].name), STR_ARG(words));
    }
}

static void say_sources(struct call *call, const struct finding *f)
{
    for (size_t i = 0; i < f->nsources; i++) {
        const struct trace_source *s = &f->sources[i];
        call_say(call, "Source: P%" PRId64 ", edition %" PRId64 ", %.*s (%.0f %% of it seen)\n",
                 "来源：P%" PRId64 " 第 %" PRId64 " 版《%.*s》（见其 %.0f%%）\n", s->edition.paper,
                 s->edition.number, STR_ARG(s->edition.title), 100 * s->coverage);
        if (s->key_stolen)
            call_say(
                call,
                "  Others may have this paper's key: whoever does can make anybody's copy. Take the "
                "finding as a hint, not as proof.\n",
                "  该文稿的密钥可能已为他人所知，持有者能制作任何人的副本。此认定只可作线索，"
                "不可作证据。\n");
        for (int c = 0; c < PAPER_CHANNELS; c++)
            say_channel(call, s, (enum paper_channel)c);
    }
}

static void say_member(struct call *call, const struct trace_member *m, size_t order)
{
    const char *bold = call->terminal ? "\x1b[1m" : "";
    if (m->erased)
        call_say(call, "%sAn erased member, number %" PRId64 "\n",
                 "%s已抹除资料的成员，编号 %" PRId64 "\n", bold, m->id);
    else
        call_say(call, "%s%.*s <%.*s> (M%" PRId64 ")\n", "%s%.*s <%.*s>（M%" PRId64 "）\n", bold,
                 STR_ARG(m->name), STR_ARG(m->email), m->id);
    if (call->terminal)
        call_say(call, "\x1b[0m", "\x1b[0m");
    call_say(call,
             "  %u of the %u marks read agree with this member's copy.\n"
             "  Chance that an innocent member's copy agrees like this: below 10^%.1f;\n"
             "  that any of those tested does: below 10^%.1f.\n",
             "  已读标记中 %u/%u 处与该成员的副本一致。\n"
             "  无辜成员的副本达到如此一致的概率低于 10^%.1f；\n"
             "  全部受检者中出现任何一例的概率低于 10^%.1f。\n",
             m->agree, m->read, m->log10_p, m->log10_p_all);
    if (m->proof.part.paper)
        call_say(call,
                 "  These marks are from one part of the text of P%" PRId64
                 ": where copies were put together part\n"
                 "  by part, each part shows whose it was.\n",
                 "  以上标记取自 P%" PRId64
                 " 文字的一段：多人分段拼接副本时，每一段各显示其出自谁的副本。\n",
                 m->proof.part.paper);
    if (order)
        call_say(call, "  Explains %u marks that those named above do not.\n",
                 "  另可解释上述成员未能解释的 %u 处标记。\n", m->explains);
}

static void say_insufficient(struct call *call, const struct finding *f)
{
    if (f->tested == 0) {
        call_say(
            call,
            "Nobody is named: no member was given a copy of it, so nobody was tested. "
            "--everyone tests all members.\n",
            "未认定任何人：尚无成员领过其副本，因此无人受检。可用 --everyone 检验全体成员。\n");
        return;
    }
    call_say(call,
             "Nobody is named: too few marks can be read, or they fit nobody closely enough (%s "
             "tested).\n",
             "未认定任何人：可读标记过少，或与任何成员都不够吻合（受检 %s）。\n",
             call_count(call, f->tested, "member", "members", "名成员"));
    if (f->needed_marks)
        call_say(call,
                 "About %s would do: some %" PRIu64
                 " more characters, of this leak or of another by the same hand.\n",
                 "约再有 %s即可认定，约合 %" PRIu64 " 字，同一人另外泄露的文字亦可。\n",
                 call_count(call, f->needed_marks, "more mark that agrees", "more marks that agree",
                            "处一致的标记"),
                 f->needed_characters);
}

static void say_unknown(struct call *call, const struct trace_request *request)
{
    call_say(call,
             request->paper
                 ? "Nobody is named: no passage of that paper was recognised in the text.\n"
                 : "Nobody is named: no passage of a paper published here was recognised in it.\n",
             request->paper ? "未认定任何人：文中未能识别出该文稿的段落。\n"
                            : "未认定任何人：文中未能识别出此处所发布任何文稿的段落。\n");
    size_t characters = 0;
    for (size_t i = 0; i < request->nexhibits; i++)
        characters += utf8_count(request->exhibits[i].seen.text);
    if (characters < TOO_SHORT)
        call_say(call, "So short a text may not be recognised; look for more of it.\n",
                 "文字过短，可能无法识别；请再找更多内容。\n");
}

static void say_left(struct call *call, uint32_t left)
{
    struct str number = str_format(call->arena, "%" PRIu32, left);
    if (left)
        call_say(call, "%.*s\n", "%.*s\n",
                 STR_ARG(trace_left_words(call->arena, number, call->lang)));
}

static void say_verdict(struct call *call, const struct trace_request *request,
                        const struct finding *f)
{
    switch (f->verdict) {
    case VERDICT_NAMED:
        call_say(call, "Named: %zu, of %s tested.\n", "认定 %zu 名，受检者共 %s。\n", f->nmembers,
                 call_count(call, f->tested, "member", "members", "名成员"));
        for (size_t i = 0; i < f->nmembers; i++)
            say_member(call, &f->members[i], i);
        say_left(call, trace_left_open(f));
        call_say(call,
                 "This says whose copy the text was made from, not who passed it on; hear the "
                 "member before deciding anything.\n",
                 "以上说明文字出自谁的副本，并不说明由谁外传；作出处理前请先听取本人说明。\n");
        return;
    case VERDICT_INSUFFICIENT:
        say_insufficient(call, f);
        return;
    case VERDICT_UNMARKED:
        call_say(call,
                 "Nobody is named: the text reads like the unmarked master, not like any "
                 "member's copy.\n",
                 "未认定任何人：该文字与未加标记的母本一致，不像任何成员的副本。\n");
        return;
    case VERDICT_UNKNOWN_SOURCE:
        say_unknown(call, request);
        return;
    }
}

/* Beside the finding, and never part of it. */
static void say_signs(struct call *call, const struct finding *f)
{
    if (f->nsigns)
        call_say(
            call,
            "Visible marks seen, which anybody could have printed and which count for nothing above:\n",
            "所见可见标记（任何人都可能印制，不计入以上认定）：\n");
    for (size_t i = 0; i < f->nsigns; i++) {
        const struct trace_sign *s = &f->signs[i];
        const char *en;
        const char *zh;
        sign_says_words(library_sign_says(f, s), &en, &zh);
        struct str number = serial_print(call->arena, &s->number);
        if (s->member)
            call_say(call,
                     "  %.*s: a copy of P%" PRId64 "/%" PRId64 " given to M%" PRId64
                     " (%.*s). %s\n",
                     "  %.*s：P%" PRId64 "/%" PRId64 " 的副本，发给 M%" PRId64 "（%.*s）。%s\n",
                     STR_ARG(number), s->paper, s->edition, s->member, STR_ARG(s->name),
                     lang_pick(call->lang, en, zh));
        else
            call_say(call, "  %.*s: %s\n", "  %.*s：%s\n", STR_ARG(number),
                     lang_pick(call->lang, en, zh));
    }
}

static enum status record(struct call *call, const struct trace_request *request,
                          const struct finding *finding, struct error *err)
{
    enum status status =
        library_keep_exhibits(call->store, request->exhibits, request->nexhibits, err);
    if (!status)
        status = store_begin(call->store, err);
    if (!status)
        status = library_record_finding(call->arena, call->store, STR(""), request, finding, err);
    if (!status)
        status = store_commit(call->store, err);
    if (status)
        store_rollback(call->store);
    return status;
}

static enum status run(struct call *call, struct error *err)
{
    struct trace_watch watch = {show_progress, keep_reading, call};
    struct trace_request request;
    struct finding finding;
    enum status status = read_request(call, &watch, &request, err);
    if (!status)
        status = library_trace(call->arena, call->store, &request, &finding, err);
    if (!status)
        status = record(call, &request, &finding, err);
    if (status)
        return status;
    if (call->json) {
        call_print_json(call, library_finding_json(&finding));
        return STATUS_OK;
    }
    say_looks(call, &request, &finding);
    say_sources(call, &finding);
    say_verdict(call, &request, &finding);
    say_signs(call, &finding);
    return STATUS_OK;
}

const struct command command_trace = {
    .name = "trace",
    .arguments = "EXHIBIT…",
    .least = 1,
    .most = -1,
    .en = "Find which paper a leaked text is and whose copies it was made from.",
    .zh = "查明泄露的文字出自哪篇文稿、由谁的副本而来。",
    .more_en =
        "EXHIBIT is a file as it was found: text, a saved web page (HTML, MHTML), a mail (EML), a Word or OpenDocument text, an EPUB, a PDF or a picture (PNG, JPEG, "
        "TIFF, WebP, HEIC); - for standard input. Several add up, such as photographs of one paper. Pages that are pictures "
        "take some seconds each, once. Names "
        "nobody unless the chance of naming anybody innocent is below the limit, whatever "
        "the exhibit is. Exhibits and finding are kept on record.",
    .more_zh =
        "EXHIBIT 为所发现的原样文件：文本、网页（HTML、MHTML）、邮件（EML）、Word 或 OpenDocument 文档、EPUB、PDF 或图片（PNG、JPEG、TIFF、WebP、HEIC），- "
        "表示标准输入；多份物证可合并判断，例如同一文稿的多张照片。图片页每页需时数秒，只读取一次。"
        "不论物证为何，误认任何无辜者的概率不低于限值时不认定任何人。物证与认定均记录在案。",
    .example =
        "chancery trace leaked.txt\nchancery trace page1.jpg page2.jpg page3.jpg\nchancery trace chat.txt forum.txt --json",
    .options = options,
    .json = true,
    .needs_store = true,
    .run = run,
};
