/* What a case file says of findings: texts side by side, marks, figures, how they were come to and what would refute them. */
#include <inttypes.h>
#include <math.h>

#include "base/unicode.h"
#include "library/case_leaf.h"
#include "library/trace_look.h"

#define ROWS_MOST 3000U /* of one exhibit beside one paper */

/* --- side by side ----------------------------------------------------------------------------------- */

/* A wording as it is shown: an invisible one by its code points, none as a sign for it. */
static struct str shown(struct leaf *c, struct str text)
{
    return text.len ? unicode_shown(c->arena, text) : STR("∅");
}

static void leaf_exhibit_cell(struct leaf *c, const struct case_beside *b,
                              const struct beside_row *row)
{
    size_t at = row->at;
    for (size_t i = row->first; i < row->first + row->nmarks; i++) {
        const struct trace_mark *m = &b->match->marks[i];
        bool as_is = paper_channel_is_visible(m->channel) || !m->counted;
        leaf_put(c, str_slice(b->text, at, m->at - at));
        buf_format(&c->text, "[%zu%s ", i + 1, m->counted ? "" : "?");
        leaf_put(c, shown(c, as_is ? str_slice(b->text, m->at, m->len) : m->alt[m->shown]));
        buf_add(&c->text, STR("]"));
        at = m->at + m->len;
    }
    leaf_put(c, str_slice(b->text, at, row->at + row->len - at));
}

static void leaf_wordings(struct leaf *c, const struct trace_mark *m)
{
    for (int alt = 0; alt < 2; alt++) {
        buf_add(&c->text, str_of(alt ? " / " : ""));
        buf_add(&c->text, str_of(m->counted && m->shown == alt ? "→" : ""));
        leaf_put(c, shown(c, m->alt[alt]));
    }
}

static void leaf_paper_cell(struct leaf *c, const struct case_beside *b,
                            const struct beside_row *row)
{
    size_t at = row->source_at;
    for (size_t i = row->first; i < row->first + row->nmarks; i++) {
        const struct trace_mark *m = &b->match->marks[i];
        leaf_put(c, str_slice(b->match->text, at, m->source_at - at));
        buf_format(&c->text, "[%zu ", i + 1);
        leaf_wordings(c, m);
        buf_add(&c->text, STR("]"));
        at = m->source_at + m->source_len;
    }
    leaf_put(c, str_slice(b->match->text, at, row->source_at + row->source_len - at));
}

static void leaf_rows(struct leaf *c, const struct case_beside *b)
{
    struct beside_row *rows;
    size_t count;
    library_lay_beside(c->arena, b->match, b->text, &rows, &count);
    leaf_paragraph(
        c,
        "Each marked place stands in brackets with its number, the same on both sides. In the paper both wordings stand; → is "
        "before the one that the exhibit shows. A number with ? was met but could not be read, and is not counted. ∅ is no "
        "character.",
        "每处标记置于方括号内并编号，两侧编号相同。文稿一侧并列两种写法，物证所用者前有 →。编号带 ? 者见到但不可读，未计入。"
        "∅ 表示无字符。");
    leaf_head(c, "Exhibit|Paper", "物证|文稿");
    for (size_t i = 0; i < count && i < ROWS_MOST; i++) {
        leaf_begin(c, PAPER_ROW, 0);
        buf_add(&c->text, str_of(rows[i].gap ? "…… " : ""));
        leaf_exhibit_cell(c, b, &rows[i]);
        leaf_cell(c);
        buf_add(&c->text, str_of(rows[i].gap ? "…… " : ""));
        leaf_paper_cell(c, b, &rows[i]);
        leaf_end(c);
    }
    if (count > ROWS_MOST)
        leaf_paragraph(c, "The rest of this long exhibit is left out here; its marks stand below.",
                       "物证过长，其余从略；其标记见下表。");
}

/* --- marks ------------------------------------------------------------------------------------------ */

static void leaf_channel_cell(struct leaf *c, enum paper_channel channel)
{
    leaf_put(c, str_of(paper_channel_word(channel, c->lang)));
    if (c->both) {
        buf_add(&c->text, STR(" "));
        leaf_put(c, str_of(paper_channel_word(channel, c->lang == LANG_ZH ? LANG_EN : LANG_ZH)));
    }
}

static void leaf_mark(struct leaf *c, const struct case_found *found, const struct case_beside *b,
                      size_t i)
{
    const struct trace_mark *mark = &b->match->marks[i];
    leaf_begin(c, PAPER_ROW, 0);
    buf_format(&c->text, "%zu%s\t", i + 1, mark->counted ? "" : "?");
    leaf_channel_cell(c, mark->channel);
    leaf_cell(c);
    leaf_wordings(c, mark);
    buf_format(&c->text, "\t%u/64", b->bias[i]);
    for (size_t m = 0; m < found->finding.nmembers; m++) {
        bool agrees = b->bits[m * b->match->nmarks + i] == mark->shown;
        buf_format(&c->text, "\t%s", !mark->counted ? "–" : agrees ? "=" : "≠");
    }
    leaf_end(c);
}

static void leaf_marks(struct leaf *c, const struct case_found *found, const struct case_beside *b)
{
    leaf_paragraph(
        c,
        "All marks: both wordings, the share of copies that hold the second one, and whether the copy of whoever "
        "is named has what the exhibit shows (=) or the other (≠).",
        "全部标记：两种写法、采用第二种写法的副本占比，以及被认定者的副本与物证所见相同（=）或不同（≠）。");
    leaf_begin(c, PAPER_ROW, 1);
    leaf_names(c, "Mark|Channel|Wordings|Share", "标记|通道|写法|占比");
    for (size_t m = 0; m < found->finding.nmembers; m++) {
        leaf_cell(c);
        leaf_put(c, found->finding.members[m].name);
    }
    leaf_end(c);
    for (size_t i = 0; i < b->match->nmarks; i++)
        leaf_mark(c, found, b, i);
}

/* What is printed on it for eyes. */
static void leaf_signs(struct leaf *c, const struct case_beside *b)
{
    if (!b->nsigns)
        return;
    leaf_begin(c, PAPER_PARAGRAPH, 0);
    leaf_say(
        c,
        "Visible marks seen on it, which anybody could have printed and which are not counted in any figure: ",
        "其上可见的标记（任何人都可能印制，不计入任何数据）：");
    for (size_t i = 0; i < b->nsigns; i++) {
        leaf_say(c, i ? "; " : "", i ? "；" : "");
        leaf_put(c, b->signs[i]);
    }
    leaf_end(c);
}

static void leaf_beside(struct leaf *c, const struct case_found *found, const struct case_beside *b)
{
    leaf_begin(c, PAPER_HEADING, 2);
    leaf_put(c, b->exhibit);
    leaf_say(c, " beside P%" PRId64 ", edition %" PRId64, " 与 P%" PRId64 " 第 %" PRId64 " 版对照",
             b->edition.paper, b->edition.number);
    leaf_end(c);
    leaf_begin(c, PAPER_PARAGRAPH, 0);
    leaf_put(c, b->edition.title);
    leaf_say(c, ", published ", "，发布于 ");
    leaf_time(c, b->edition.published_ms);
    leaf_say(c, ". SHA-256 of the document: ", "。文稿 SHA-256：");
    leaf_digest(c, &b->edition.doc_digest);
    leaf_end(c);
    if (b->gone)
        leaf_paragraph(
            c, "This exhibit is not kept any more; its digest, the readings and the figures stay.",
            "该物证已不再保存；其摘要、读数与数据仍予保留。");
    else
        leaf_rows(c, b);
    leaf_signs(c, b);
    leaf_marks(c, found, b);
}

/* --- figures ---------------------------------------------------------------------------------------- */

static void leaf_source(struct leaf *c, const struct trace_source *s)
{
    leaf_begin(c, PAPER_PARAGRAPH, 0);
    leaf_say(c, "Source P%" PRId64 ", edition %" PRId64 ", ",
             "来源 P%" PRId64 " 第 %" PRId64 " 版，", s->edition.paper, s->edition.number);
    leaf_put(c, s->edition.title);
    leaf_say(c, ": %.0f %% of it was seen.", "：见其 %.0f%%。", 100 * s->coverage);
    if (s->key_stolen)
        leaf_say(
            c,
            " Others may have this paper’s key: whoever does can make anybody’s copy. Take this as a hint, "
            "not as proof.",
            "该文稿的密钥可能已为他人所知，持有者能制作任何人的副本。此认定只可作线索，不可作证据。");
    leaf_end(c);
    leaf_head(c, "Channel|Sites in the paper|Read|Met but not readable",
              "通道|文稿标记位|已读|见到但不可读");
    for (int ch = 0; ch < PAPER_CHANNELS; ch++) {
        if (!s->sites[ch])
            continue;
        leaf_begin(c, PAPER_ROW, 0);
        leaf_say(c, "%s\t%u\t%u\t%u", "%s\t%u\t%u\t%u",
                 paper_channel_word((enum paper_channel)ch, c->lang), s->sites[ch], s->reads[ch],
                 s->erased[ch]);
        leaf_end(c);
    }
}

/* How the exhibits were read, by the order in which the trace has them. */
static void leaf_looks(struct leaf *c, const struct case_found *found)
{
    const struct finding *f = &found->finding;
    if (!f->nlooks || f->nlooks != found->run.nexhibits)
        return;
    leaf_head(c, "Exhibit|Read as", "物证|读取方式");
    for (size_t i = 0; i < f->nlooks; i++) {
        leaf_begin(c, PAPER_ROW, 0);
        leaf_put(c, found->run.exhibits[i].name);
        leaf_cell(c);
        leaf_put(c, trace_look_words(c->arena, &f->looks[i], c->lang));
        leaf_end(c);
    }
}

static void leaf_member(struct leaf *c, const struct finding *f, const struct trace_member *m)
{
    leaf_begin(c, PAPER_PARAGRAPH, 0);
    leaf_strong(c, m->name);
    leaf_say(
        c,
        " (M%" PRId64
        "): %u marks agree with this member’s copy, of %u read. Score %.2f nats. Bound for one "
        "given innocent ",
        "（M%" PRId64
        "）：与其副本一致的标记 %u 处，已读 %u 处。得分 %.2f 奈特。单个无辜者概率上限 ",
        m->id, m->agree, m->read, m->score);
    leaf_chance(c, m->log10_p);
    leaf_say(c, ", for any of the %" PRIu64 " tested ", "，全体 %" PRIu64 " 名受检者概率上限 ",
             f->tested);
    leaf_chance(c, m->log10_p_all);
    leaf_say(c, "; limit ", "；限值 ");
    leaf_chance(c, log10(f->false_alarm));
    leaf_say(c, ".", "。");
    if (m->proof.part.paper)
        leaf_say(c,
                 " These marks are from one part of the text of P%" PRId64
                 ", which was tested by itself.",
                 "以上标记取自 P%" PRId64 " 文字的一段，该段单独受检。", m->proof.part.paper);
    leaf_end(c);
}

static void leaf_left(struct leaf *c, const struct finding *f)
{
    const uint32_t left = trace_left_open(f);
    if (!left)
        return;
    leaf_begin(c, PAPER_PARAGRAPH, 0);
    leaf_put(c, trace_left_words(c->arena, str_format(c->arena, "%" PRIu32, left), c->lang));
    leaf_end(c);
}

static void leaf_needed(struct leaf *c, const struct finding *f)
{
    if (f->nmembers || !f->needed_marks)
        return;
    leaf_begin(c, PAPER_PARAGRAPH, 0);
    leaf_say(c,
             "Nobody is named. About %u further marks that agree with one copy, in some %" PRIu64
             " further characters, would have done.",
             "未认定任何人。约再有 %u 处与同一副本一致的标记（约合 %" PRIu64 " 字）即可认定。",
             f->needed_marks, f->needed_characters);
    leaf_end(c);
}

void leaf_findings(struct leaf *c, const struct case_facts *facts)
{
    for (size_t i = 0; i < facts->nfound; i++) {
        const struct case_found *found = &facts->found[i];
        const struct finding *f = &found->finding;
        leaf_begin(c, PAPER_HEADING, 1);
        leaf_say(c, "Trace F%" PRId64, "追踪 F%" PRId64, found->run.id);
        leaf_end(c);
        leaf_begin(c, PAPER_PARAGRAPH, 0);
        leaf_say(c, "Made ", "完成于 ");
        leaf_time(c, found->run.ended_ms);
        if (!facts->accused_reader) {
            leaf_say(c, ", asked for by ", "，发起人：");
            leaf_put(c, found->run.asker);
        }
        leaf_say(c,
                 f->tested == 1 ? "; %" PRIu64 " member tested." : "; %" PRIu64 " members tested.",
                 "；受检成员 %" PRIu64 " 名。", f->tested);
        leaf_end(c);
        for (size_t k = 0; k < f->nmembers; k++)
            leaf_member(c, f, &f->members[k]);
        leaf_left(c, f);
        leaf_needed(c, f);
        if (!facts->accused_reader)
            leaf_looks(c, found);
        for (size_t s = 0; s < f->nsources; s++)
            leaf_source(c, &f->sources[s]);
    }
    if (!facts->nfound)
        leaf_paragraph(c, "No exhibit was traced.", "尚未追踪。");
}

void leaf_annex(struct leaf *c, const struct case_facts *facts)
{
    for (size_t i = 0; i < facts->nfound; i++) {
        const struct case_found *found = &facts->found[i];
        if (found->nbesides)
            leaf_heading(c, 1, "Annex: texts side by side, and every mark",
                         "附件：文本对照与全部标记");
        for (size_t b = 0; b < found->nbesides; b++)
            leaf_beside(c, found, &found->besides[b]);
    }
}

/* --- method ----------------------------------------------------------------------------------------- */

void leaf_method(struct leaf *c, const struct case_facts *facts)
{
    if (!facts->nfound)
        return;
    leaf_heading(c, 1, "Method", "方法");
    leaf_heading(c, 2, "In plain words", "通俗说明");
    leaf_paragraph(
        c,
        "Every member’s copy of a paper differs from the others in places where two wordings read the same. Which of the "
        "two stands in a copy is settled by a secret key and the member’s number alone, as if by tossing a weighted coin "
        "for each place; the copy is the same each time and can be made again. The exhibit was laid beside the paper by "
        "a procedure that knows the paper and both wordings of every place, but nobody’s copy. It noted at each place "
        "which wording the exhibit shows; where that can’t be told, or both are shown, nothing was noted. Only then were "
        "the members’ copies compared with these readings.",
        "每名成员所得的副本，在若干“两种写法读来无异”的位置上各不相同。某一位置取哪种写法，仅由密钥与成员编号决定，如同逐处抛掷"
        "一枚加权的硬币；同一成员的副本每次相同，可重新生成。比对物证与文稿的程序只知道文稿及各处的两种写法，不知道任何人的副本；"
        "它逐处记下物证所用的写法，无法判断或两种并见之处不记。此后才将各成员的副本与这些读数比较。");
    leaf_paragraph(
        c,
        "The more readings agree with one copy, the less can the copy of an innocent member, whose coins were tossed "
        "without regard to the exhibit, agree as well by accident. A member is named only where that chance, multiplied "
        "by the members tested and the tests made, is within the limit, whatever the exhibit is, even one forged by "
        "somebody who knows every marked place.",
        "与某份副本一致的读数越多，无辜成员的副本（其硬币与物证无关）碰巧同样一致的可能就越小。只有这一概率乘以受检人数与检验次数"
        "之后仍不超过限值，才予认定；无论物证为何，即使由知晓全部标记位置者伪造，亦然。");
    leaf_heading(c, 2, "In formulas", "公式");
    leaf_paragraph(
        c,
        "Let pᵢ be the share of copies that hold the second wording at place i, xᵢ what the exhibit shows there (0 or 1), and "
        "qᵢ = pᵢ where xᵢ = 1, else 1 − pᵢ: the chance that an innocent’s copy agrees. With a weight wᵢ ≥ 0 that depends "
        "on pᵢ and xᵢ alone, the score is S = Σ wᵢ over the places where the copy agrees. For an innocent these are "
        "independent, so that for every t > 0 (Chernoff): P(S ≥ s) ≤ exp(Σ ln(1 − qᵢ + qᵢ exp(t wᵢ)) − t s). The least "
        "of these over t, divided by the test’s share of the limit and by 2⁻ᵏ for the k-th round, is the bound for one "
        "given innocent; times the number of members tested it is the bound for any. The weights are those of the "
        "log-likelihood ratio for 2 to 9 who mix their copies, and Škorić’s symmetric ones. case.json holds, for each "
        "member named, the numbers of places by pᵢ and xᵢ and how many agree: the bound can be computed from these alone, "
        "and the check does.",
        "设 pᵢ 为第 i 处采用第二种写法的副本占比，xᵢ 为物证该处所见（0 或 1）；xᵢ = 1 时 qᵢ = pᵢ，否则 qᵢ = 1 − pᵢ，即无辜者"
        "副本与之一致的概率。权重 wᵢ ≥ 0 只取决于 pᵢ 与 xᵢ，得分 S 为副本一致之处的 wᵢ 之和。对无辜者而言各处相互独立，故对任意 "
        "t > 0（切尔诺夫不等式）：P(S ≥ s) ≤ exp(Σ ln(1 − qᵢ + qᵢ exp(t wᵢ)) − t s)。取其对 t 的最小值，除以该检验所占限值份额，"
        "第 k 轮再除以 2⁻ᵏ，即单个无辜者的概率上限；乘以受检人数即全体受检者的概率上限。权重取 2 至 9 人混合副本时的对数似然比，"
        "以及 Škorić 的对称权重。case.json 载有每名被认定成员按 pᵢ、xᵢ 分组的处数与一致处数，仅凭这些即可重新算出上限，核验程序"
        "即如此进行。");
}

/* --- what speaks against it ------------------------------------------------------------------------- */

static const struct {
    const char *en, *zh;
} REFUTING[] = {
    {"The secret key was stolen. Whoever has it can make anybody’s copy. It would show in traces of access to the server "
     "or its backups, or in copies of members who never asked for them; the file says above where a key is known to "
     "have been in others’ hands. The finding can’t rule it out by itself.",
     "密钥被盗。持有密钥者能制作任何人的副本。这会体现为服务器或备份的入侵痕迹，或出现从未领取者的副本；已知密钥曾落入他人之手的，"
     "上文会注明。认定本身不能排除这一情形。"},
    {"The account was shared, or somebody else signed in to it. The copy is then the member’s, and the hand another’s. "
     "Look at the sign-ins of the account, from where and when, and ask the member.",
     "账户被共用或被他人登录。此时副本属于该成员，外传者另有其人。请查看账户的登录时间与来源，并询问本人。"},
    {"The copy was stolen, lent or left lying after it was rightly taken. Nothing in the text tells that; the member’s "
     "account of it has to be weighed.",
     "副本合法取得后被盗、出借或遗落。文字本身无从显示，须权衡本人的说明。"},
    {"The exhibit was forged to accuse the member. Without the key, whoever forges it does not know which wordings are the "
     "member’s; the bound holds for forgeries too. With the member’s copy in hand it is no forgery of marks but a leak of that "
     "copy by somebody else: then ask who could have had it.",
     "物证系为陷害而伪造。没有密钥，伪造者不知道该成员的写法，概率上限对伪造同样成立。如其手中握有该成员的副本，则标记并非伪造，"
     "而是他人泄露了该副本：应查问何人可能取得。"},
    {"The marked places were chosen or changed with regard to the exhibit. They are settled when an edition is published; the "
     "digest of the document and the record’s line of the publication show when that was.",
     "标记位置系针对该物证选取或更改。标记位置在版本发布时即已确定，文稿摘要与发布记录可证明其时间。"},
    {"The exhibit is not what was found. Its digest stands in the record since it came in; whether it is what was found "
     "before, only whoever handed it in can say.",
     "物证并非所发现的原件。其摘要自提交时起即载入记录；提交之前是否为原件，只有提交人能够说明。"},
    {"The program errs. Another calculation from the same key, exhibit and edition would then come to other readings or "
     "figures; the figures can be computed anew from this file alone.",
     "程序有误。以同一密钥、物证与版本另行计算，会得出不同的读数或数据；数据可仅凭本卷宗重新算出。"},
};

void leaf_refuting(struct leaf *c, const struct case_facts *facts)
{
    if (!facts->nfound)
        return;
    leaf_heading(c, 1, "What would refute it", "如何推翻");
    leaf_paragraph(
        c,
        "The finding says from whose copy the text was made. Before deciding anything, consider these other explanations "
        "and how each would show:",
        "认定说明文字出自谁的副本。作出决定之前，请考虑下列其他解释，以及各自会有何迹象：");
    for (size_t i = 0; i < sizeof REFUTING / sizeof *REFUTING; i++) {
        leaf_begin(c, PAPER_ITEM, 1);
        leaf_put(c, str_of(lang_pick(c->lang, REFUTING[i].en, REFUTING[i].zh)));
        leaf_end(c);
    }
    leaf_paragraph(
        c,
        "A name or number printed on a copy is not counted in any figure here: it can be printed on anything.",
        "副本上印出的姓名或编号不计入任何数据：它可以印在任何东西上。");
}
