/* The case file as somebody reads it; see case_paper.h. For who has to judge, and for who is accused: what was found first,
 * then how, then what speaks against it, then what was done; nothing that must be believed without being shown. */
#include "library/case_paper.h"

#include <inttypes.h>
#include <string.h>

#include "library/case_leaf.h"
#include "library/case_steps.h"
#include "library/chance.h"

bool case_tongue_parse(struct str name, enum case_tongue *tongue)
{
    static const char *const names[] = {"zh", "en", "both"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_equal(name, str_of(names[i]))) {
            *tongue = (enum case_tongue)i;
            return true;
        }
    return false;
}

/* --- what it is ------------------------------------------------------------------------------------- */

static void leaf_front(struct leaf *c, const struct case_facts *f)
{
    leaf_begin(c, PAPER_PARAGRAPH, 0);
    leaf_say(c, "Made ", "生成于 ");
    leaf_time(c, f->made_ms);
    if (f->maker.len) {
        leaf_say(c, " by ", "，生成人：");
        leaf_put(c, f->maker);
    }
    if (f->organisation.len) {
        leaf_say(c, ", ", "，");
        leaf_put(c, f->organisation);
    }
    leaf_say(c, ". Confidential. State of the case: %s.", "。机密。案件状态：%s。",
             case_state_words(f->file.state, c->lang));
    leaf_end(c);
    leaf_paragraph(
        c,
        "This file can be checked by whoever holds it, without access to the installation that made it: chancery "
        "verify-case FILE. It is signed; the facts stand in it for programs too (case.json), and the exhibits as they "
        "were found. Hold the public key, which the organisation tells you by another way, beside the one that the "
        "check shows.",
        "本卷宗可由持有者自行核验，无需访问生成它的系统：chancery verify-case 文件。卷宗带有数字签名，内附供程序读取的事实数据"
        "（case.json）及物证原件。请将该单位另行告知的公钥与核验时显示的公钥对照。");
    if (f->accused_reader)
        leaf_paragraph(
            c,
            "This is the part that concerns you. It holds the figures on which the finding about you rests, so that the bound "
            "can be computed anew by whomever you ask. It leaves out where the marks are, what the exhibits say, who handed "
            "them in, and anybody else; whoever hears your appeal sees all of that.",
            "本卷宗为与您有关的部分，载有对您作出认定所依据的数据，您可请任何人据以重新计算概率上限；不含标记位置、物证内容、"
            "提交人及其他任何人的信息，审理申诉者可以查看全部材料。");
}

static void leaf_outcome(struct leaf *c, const struct case_facts *f)
{
    leaf_heading(c, 1, "What it comes to", "结论");
    for (size_t i = 0; i < f->nfound; i++)
        for (size_t k = 0; k < f->found[i].finding.nmembers; k++) {
            const struct trace_member *m = &f->found[i].finding.members[k];
            leaf_begin(c, PAPER_PARAGRAPH, 0);
            leaf_say(c, "The text that was found was made from the copy of ",
                     "所发现的文字出自下述成员的副本：");
            leaf_strong(c, m->name);
            leaf_say(c, " (M%" PRId64 "), by trace F%" PRId64 ". ",
                     "（M%" PRId64 "），见追踪 F%" PRId64 "。", m->id, f->found[i].run.id);
            struct str chance = chance_words(c->arena, m->log10_p_all, c->lang);
            leaf_say(c,
                     "The chance that the copy of any innocent member, of the %" PRIu64
                     " tested, fits the text as well is at most %.*s (",
                     "受检的 %" PRIu64
                     " 名成员中，任一无辜者的副本与该文字吻合到这一程度的概率至多%.*s（",
                     f->found[i].finding.tested, STR_ARG(chance));
            leaf_chance(c, m->log10_p_all);
            leaf_say(
                c,
                "). This says whose copy it was, not who passed it on; see “What would refute it”.",
                "）。这说明文字出自谁的副本，不说明由谁外传；另见“如何推翻”。");
            leaf_end(c);
        }
    for (size_t i = 0; i < f->naccused; i++) {
        const struct case_accused *a = &f->accused[i];
        if (a->finding)
            continue;
        leaf_begin(c, PAPER_PARAGRAPH, 0);
        leaf_strong(c, a->name);
        leaf_say(c, " (M%" PRId64 ") is named by a steward, not by a trace. ",
                 "（M%" PRId64 "）由管理员列入，并非追踪认定。", a->member);
        if (!f->accused_reader)
            leaf_put(c, a->words);
        leaf_end(c);
    }
    if (!f->naccused)
        leaf_paragraph(c, "Nobody is named.", "未涉及任何人。");
}

/* --- exhibits --------------------------------------------------------------------------------------- */

static void leaf_source(struct leaf *c, const struct case_exhibit *e)
{
    if (str_equal(e->source, STR("report")))
        leaf_say(c, "with the report", "随举报提交");
    else if (str_equal(e->source, STR("appeal")))
        leaf_say(c, "with an appeal", "随申诉提交");
    else
        leaf_say(c, "added by a steward", "由管理员补充");
}

static void leaf_exhibit(struct leaf *c, const struct case_facts *f, size_t i)
{
    const struct case_exhibit *e = &f->exhibits[i].exhibit;
    leaf_begin(c, PAPER_ROW, 0);
    leaf_say(c, "%zu", "%zu", i + 1);
    leaf_cell(c);
    if (!f->accused_reader) {
        leaf_put(c, e->name);
        leaf_cell(c);
        leaf_source(c, e);
        if (e->by.len) {
            leaf_say(c, ": ", "：");
            leaf_put(c, e->by);
        }
        leaf_cell(c);
        leaf_time(c, e->added_ms);
        leaf_cell(c);
    }
    leaf_say(c, "%" PRId64, "%" PRId64, e->size);
    leaf_cell(c);
    leaf_digest(c, &e->digest);
    leaf_end(c);
}

static void leaf_glances_begin(struct leaf *c)
{
    leaf_heading(c, 2, "What they look like", "物证外观");
    leaf_paragraph(
        c,
        "The pictures are small and grey, for a first look. What counts are the files themselves, which are attached "
        "to this one as they were found.",
        "下列为灰度缩略图，仅供初步查看；以本卷宗所附的物证原件为准。");
}

/* What was found, for who reads a print: a picture of each picture and of the first page of each PDF, with its digest. */
static void leaf_glances(struct leaf *c, const struct case_facts *f,
                         const struct format_glance *glances)
{
    bool any = false;
    for (size_t i = 0; glances && i < f->nexhibits; i++) {
        const struct case_held *held = &f->exhibits[i];
        if (!glances[i].width)
            continue;
        if (!any)
            leaf_glances_begin(c);
        any = true;
        leaf_begin_pictured(c, &glances[i],
                            c->lang == LANG_ZH
                                ? str_format(c->arena, "物证 %zu 的外观", i + 1)
                                : str_format(c->arena, "What exhibit %zu looks like", i + 1));
        leaf_say(c, "Exhibit %zu: ", "物证 %zu：", i + 1);
        leaf_put(c, held->exhibit.name);
        if (format_is_pdf(held->bytes))
            leaf_say(c, ", first page", "，第一页");
        leaf_say(c, ". SHA-256: ", "。SHA-256：");
        leaf_digest(c, &held->exhibit.digest);
        leaf_end(c);
    }
}

static void leaf_exhibits(struct leaf *c, const struct case_facts *f,
                          const struct format_glance *glances)
{
    leaf_heading(c, 1, "Exhibits", "物证");
    if (!f->nexhibits) {
        leaf_paragraph(c, "There are none.", "无。");
        return;
    }
    if (f->accused_reader)
        leaf_head(c, "No.|Bytes|SHA-256", "序号|字节数|SHA-256");
    else
        leaf_head(c, "No.|File|How it came in|When|Bytes|SHA-256",
                  "序号|文件|来源|时间|字节数|SHA-256");
    for (size_t i = 0; i < f->nexhibits; i++)
        leaf_exhibit(c, f, i);
    leaf_paragraph(
        c,
        "An exhibit’s digest stands in the record since the moment at which it came in. Whoever changes one byte of it "
        "gives it another digest.",
        "物证自提交之时起，其摘要即载入记录。物证改动任一字节，摘要即不相同。");
    leaf_glances(c, f, glances);
}

/* --- what was done ---------------------------------------------------------------------------------- */

static void leaf_terms(struct leaf *c, const struct case_facts *f)
{
    leaf_heading(c, 1, "Terms accepted, and copies given", "须知确认与副本发放");
    if (f->naccepted) {
        leaf_head(c, "Member|Accepted|SHA-256 of the notice’s wording",
                  "成员|确认时间|须知文本 SHA-256");
        for (size_t i = 0; i < f->naccepted; i++) {
            leaf_begin(c, PAPER_ROW, 0);
            leaf_put(c, f->accepted[i].name);
            leaf_cell(c);
            leaf_time(c, f->accepted[i].time_ms);
            leaf_cell(c);
            leaf_digest(c, &f->accepted[i].text);
            leaf_end(c);
        }
    } else {
        leaf_paragraph(c, "No acceptance of a notice is on record.", "没有须知确认记录。");
    }
    if (!f->ngiven)
        return;
    leaf_head(c, "Member|Paper|Edition|First given", "成员|文稿|版本|首次发放");
    for (size_t i = 0; i < f->ngiven; i++) {
        const struct case_given *g = &f->given[i];
        leaf_begin(c, PAPER_ROW, 0);
        leaf_put(c, g->name);
        leaf_cell(c);
        leaf_say(c, "P%" PRId64 " ", "P%" PRId64 " ", g->paper);
        leaf_put(c, g->title);
        leaf_cell(c);
        leaf_say(c, "%" PRId64, "%" PRId64, g->edition);
        leaf_cell(c);
        leaf_time(c, g->time_ms);
        leaf_end(c);
    }
}

static void leaf_decisions(struct leaf *c, const struct case_facts *f)
{
    if (f->accused_reader)
        return;
    leaf_heading(c, 1, "Who decided", "由谁决定");
    if (!f->ndecisions)
        leaf_paragraph(c, "Nothing is decided yet.", "尚未作出决定。");
    for (size_t i = 0; i < f->ndecisions; i++) {
        const struct case_decision *d = &f->decisions[i];
        leaf_begin(c, PAPER_PARAGRAPH, 0);
        leaf_say(c, "Proposed by ", "提出意见：");
        leaf_put(c, d->proposer);
        leaf_say(c, ", ", "，");
        leaf_time(c, d->proposed_ms);
        leaf_say(c, ". ", "。");
        if (d->outcome.len) {
            leaf_say(
                c, "%s by ", "%s：",
                str_equal(d->outcome, STR("confirmed"))  ? lang_pick(c->lang, "Confirmed", "确认")
                : str_equal(d->outcome, STR("returned")) ? lang_pick(c->lang, "Sent back", "退回")
                                                         : lang_pick(c->lang, "Withdrawn", "撤回"));
            leaf_put(c, d->second.len ? d->second : d->proposer);
            leaf_say(c, ", ", "，");
            leaf_time(c, d->ended_ms);
            leaf_say(c, ". ", "。");
        }
        leaf_say(c, "Grounds: ", "理由：");
        leaf_put(c, d->grounds);
        leaf_end(c);
    }
}

static void leaf_appeal(struct leaf *c, const struct case_facts *f, const struct case_sanction *s)
{
    leaf_begin(c, PAPER_PARAGRAPH, 0);
    if (!s->appealed_ms) {
        leaf_say(c, "No answer or appeal by the member is on record. Appeals run until ",
                 "没有本人说明或申诉的记录。申诉期至 ");
        leaf_time(c, s->appeal_until_ms);
        leaf_say(c, ".", "。");
        leaf_end(c);
        return;
    }
    leaf_say(c, "Appeal, ", "申诉，");
    leaf_time(c, s->appealed_ms);
    leaf_say(c, ": ", "：");
    leaf_put(c, s->appeal);
    leaf_end(c);
    if (!s->heard_ms)
        return;
    leaf_begin(c, PAPER_PARAGRAPH, 0);
    leaf_say(c, "Answer, ", "答复，");
    leaf_time(c, s->heard_ms);
    if (!f->accused_reader && s->heard_by.len) {
        leaf_say(c, ", by ", "，答复人：");
        leaf_put(c, s->heard_by);
    }
    leaf_say(c, ": ", "：");
    leaf_put(c, s->reasons);
    leaf_end(c);
}

static void leaf_sanctions(struct leaf *c, const struct case_facts *f)
{
    leaf_heading(c, 1, "What followed, and what the accused says", "处理与本人说明");
    if (!f->nsanctions)
        leaf_paragraph(c, "No measure was taken.", "未采取措施。");
    for (size_t i = 0; i < f->nsanctions; i++) {
        const struct case_sanction *s = &f->sanctions[i];
        leaf_begin(c, PAPER_PARAGRAPH, 0);
        leaf_strong(c, s->name);
        leaf_say(c, ": %s (%s), told ", "：%s（%s），告知于 ",
                 case_measure_words(s->measure, c->lang), case_state_words(s->state, c->lang));
        leaf_time(c, s->told_ms);
        if (s->until_ms) {
            leaf_say(c, ", until ", "，至 ");
            leaf_time(c, s->until_ms);
        }
        leaf_say(c, ". Grounds: ", "。理由：");
        leaf_put(c, s->grounds);
        leaf_end(c);
        leaf_appeal(c, f, s);
    }
}

/* --- the record ------------------------------------------------------------------------------------- */

static const char *kind_words(struct str kind, enum lang lang)
{
    static const struct {
        const char *kind, *en, *zh;
    } WORDS[] = {
        {"trace.asked", "trace asked for", "发起追踪"},
        {"trace.asked_again", "trace asked for again", "重新发起追踪"},
        {"trace.made", "trace ended with a finding", "追踪完成，形成认定"},
        {"trace.cancelled", "trace cancelled", "取消追踪"},
        {"trace.interrupted", "trace broken off", "追踪中断"},
        {"trace.failed", "trace failed", "追踪失败"},
        {"notice.accepted", "notice accepted by the member", "成员确认须知"},
        {"copy.given", "copy given to the member", "向成员发放副本"},
        {"copy.opened", "paper opened by the member", "成员打开文稿"},
    };
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (str_equal(kind, str_of(WORDS[i].kind)))
            return lang_pick(lang, WORDS[i].en, WORDS[i].zh);
    if (!str_starts(kind, STR("case.")))
        return "";
    enum case_act act = case_act_named(str_slice(kind, strlen("case."), kind.len));
    return act < CASE_ACTS ? case_done_words(act, lang) : "";
}

static void leaf_line(struct leaf *c, const struct case_record_line *line)
{
    const struct event *e = &line->shown.event;
    leaf_begin(c, PAPER_ROW, 0);
    leaf_say(c, "%" PRId64, "%" PRId64, e->seq);
    leaf_cell(c);
    leaf_time(c, e->time_ms);
    leaf_cell(c);
    const char *words = kind_words(e->kind, c->lang);
    leaf_put(c, *words ? str_of(words) : e->kind);
    if (line->by.len) {
        leaf_say(c, " · ", " · ");
        leaf_put(c, line->by);
    }
    leaf_cell(c);
    leaf_digest(c, &e->hash);
    leaf_end(c);
}

static void leaf_record(struct leaf *c, const struct case_facts *f)
{
    leaf_heading(c, 1, "Record", "记录");
    leaf_paragraph(
        c,
        "Everything that happens in the installation is a line of one record. Each line’s hash covers the line and the hash "
        "before it, so that none can be changed, left out or put in later without changing all that follow. Below stand the "
        "lines of this case. The last one tells that this file was made, and binds all lines before it by the root of a tree; "
        "each line’s way to that root stands in case.json, so that the check needs no line of anything else. Whoever has "
        "the record can look whether its line still has the root digest.",
        "系统中发生的每件事都是同一份记录中的一行。每行的散列值覆盖本行内容与前一行的散列值，任何一行事后被改动、删除或插入，其后"
        "各行均随之改变。下列为本案的各行。最后一行记载本卷宗的生成，并以一棵树的根约束此前全部各行；各行到根的路径载于 case.json，"
        "核验时无需其他任何事项的记录。持有记录者可核对该行的散列值是否仍为根摘要。");
    leaf_head(c, "Line|When|What|Hash", "行|时间|事项|散列值");
    for (size_t i = 0; i < f->nlines; i++)
        leaf_line(c, &f->lines[i]);
    leaf_line(c, &f->closing);
    leaf_begin(c, PAPER_PARAGRAPH, 0);
    leaf_say(c, "Root digest of the record, line %" PRId64 ": ",
             "记录的根摘要（第 %" PRId64 " 行）：", f->closing.shown.event.seq);
    leaf_digest(c, &f->closing.shown.event.hash);
    leaf_end(c);
    leaf_begin(c, PAPER_PARAGRAPH, 0);
    leaf_say(c,
             "Root of the tree over the %" PRId64 " lines before: ", "此前 %" PRId64 " 行的树根：",
             f->record_lines);
    leaf_digest(c, &f->tree);
    leaf_end(c);
}

/* --- all of it -------------------------------------------------------------------------------------- */

static void leaf_all(struct leaf *c, const struct case_facts *f,
                     const struct format_glance *glances, enum lang lang)
{
    c->lang = lang;
    leaf_front(c, f);
    leaf_outcome(c, f);
    leaf_exhibits(c, f, glances);
    leaf_findings(c, f);
    leaf_method(c, f);
    leaf_refuting(c, f);
    leaf_terms(c, f);
    leaf_decisions(c, f);
    leaf_sanctions(c, f);
    leaf_record(c, f);
}

struct case_pages case_compose(struct arena *arena, const struct case_facts *facts,
                               const struct format_glance *glances, enum case_tongue tongue,
                               enum lang first)
{
    struct leaf c = {.arena = arena,
                     .text = {.arena = arena},
                     .blocks = {.arena = arena},
                     .runs = {.arena = arena},
                     .pictures = {.arena = arena}};
    enum lang one = tongue == CASE_TONGUE_BOTH ? first
                    : tongue == CASE_TONGUE_ZH ? LANG_ZH
                                               : LANG_EN;
    enum lang other = one == LANG_ZH ? LANG_EN : LANG_ZH;
    struct str title =
        str_format(arena, "%s C%" PRId64, lang_pick(one, "Case file", "案件卷宗"), facts->file.id);
    leaf_begin(&c, PAPER_TITLE, 0);
    leaf_put(&c, title);
    leaf_end(&c);
    c.both = false;
    leaf_all(&c, facts, glances, one);
    if (tongue == CASE_TONGUE_BOTH) {
        c.lang = other;
        leaf_begin(&c, PAPER_HEADING, 1);
        leaf_say(&c, "Case file C%" PRId64 " in English", "案件卷宗 C%" PRId64 "（中文）",
                 facts->file.id);
        leaf_end(&c);
        leaf_all(&c, facts, glances, other);
    }
    c.lang = one;
    c.both = tongue == CASE_TONGUE_BOTH;
    leaf_annex(&c, facts);
    return (struct case_pages){.doc = leaf_doc(&c, title),
                               .pictures = (const void *)c.pictures.at,
                               .npictures = c.pictures.len / sizeof(struct pdf_picture)};
}
