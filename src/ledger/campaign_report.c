/* A campaign summed up; see campaign_report.h. */
#include "ledger/campaign_report.h"

#include <inttypes.h>

#include "ledger/prose.h"

struct writing {
    struct prose prose;
    const struct campaign_report *r;
};

static bool is_over(const struct campaign_report *r)
{
    return r->line->state >= LINE_DONE;
}

static struct str title_of(struct writing *w)
{
    struct str title = prose_plain(&w->prose, w->r->line->title);
    struct arena *arena = w->prose.out.arena;
    if (w->prose.lang == LANG_ZH)
        return str_format(arena, "%.*s%s", STR_ARG(title),
                          is_over(w->r) ? "总结报告" : "阶段情况报告");
    return str_format(arena, "%.*s: %s", STR_ARG(title),
                      is_over(w->r) ? "closing report" : "report so far");
}

/* "43.2", of thousandths of a whole. */
static struct str percent(struct writing *w, int64_t part, int64_t whole)
{
    int64_t thousandths = whole ? CAMPAIGN_WHOLE * part / whole : 0;
    bool below = thousandths < 0;
    thousandths = below ? -thousandths : thousandths;
    return str_format(w->prose.out.arena, "%s%" PRId64 ".%" PRId64, below ? "-" : "",
                      thousandths / 10, thousandths % 10);
}

static int64_t progress_of(const struct line *line)
{
    return line->state == LINE_DONE ? 100 : line->progress;
}

static size_t count_reached(const struct campaigning *kept, size_t *lines)
{
    size_t reached = 0;
    *lines = 0;
    for (size_t i = 0; i < kept->nentries; i++) {
        bool in = !kept->items[i].left_day;
        *lines += in;
        reached += in && progress_of(&kept->entries[i].line) >= kept->items[i].aim;
    }
    return reached;
}

static void say_whole(struct writing *w)
{
    const struct campaign_report *r = w->r;
    const struct campaign *c = &r->kept->campaign;
    size_t lines;
    size_t reached = count_reached(r->kept, &lines);
    struct str first = prose_date(&w->prose, c->first);
    struct str last = prose_date(&w->prose, c->last);
    struct str day = prose_date(&w->prose, c->known);
    struct str share = percent(w, r->now.done, r->now.scope);
    struct str ideal = percent(w, r->now.ideal, r->now.scope);
    prose_say(&w->prose, "## The whole\n\n", "## 一、总体情况\n\n");
    prose_say(
        &w->prose,
        "The campaign (%.*s) ran from %.*s to %.*s, %" PRId64
        " days, over %zu lines. By %.*s, %.*s %% of what was to be reached was reached, where "
        "even work would have reached %.*s %%; %zu lines reached their aim.\n\n",
        "本次攻坚（%.*s）自%.*s起至%.*s止，共%" PRId64
        "天，涉及条目%zu个。截至%.*s，总体完成率%.*s%%，同期理想进度为%.*s%%；达到目标的条目%zu个。\n\n",
        STR_ARG(r->line->number), STR_ARG(first), STR_ARG(last), c->last - c->first + 1, lines,
        STR_ARG(day), STR_ARG(share), STR_ARG(ideal), reached);
    if (r->line->state == LINE_CLOSED)
        prose_say(&w->prose, "It was called off: %.*s\n\n", "本次攻坚已中止，原因：%.*s\n\n",
                  STR_ARG(prose_plain(&w->prose, r->line->ended_why)));
}

static void say_entry(struct writing *w, size_t i)
{
    const struct campaign_entry *entry = &w->r->kept->entries[i];
    const struct campaign_item *item = &w->r->kept->items[i];
    struct str title = prose_plain(&w->prose, entry->line.title);
    struct str unit = prose_plain(&w->prose, entry->unit);
    struct str words = prose_plain(&w->prose, entry->words);
    prose_say(&w->prose,
              "- %.*s %.*s%s%.*s: from %" PRId64 " %% to %" PRId64 " %%, with %" PRId64
              " %% as its aim%s%.*s\n",
              "- %.*s %.*s%s%.*s：由%" PRId64 "%%推进至%" PRId64 "%%，目标%" PRId64 "%%%s%.*s\n",
              STR_ARG(entry->line.number), STR_ARG(title),
              unit.len ? lang_pick(w->prose.lang, ", ", "，") : "", STR_ARG(unit), item->from,
              progress_of(&entry->line), item->aim,
              words.len ? lang_pick(w->prose.lang, ": ", "：") : "", STR_ARG(words));
}

/* Lines that reached their aim, or those that did not. */
static void say_lines(struct writing *w, bool reached)
{
    const struct campaigning *kept = w->r->kept;
    size_t said = 0;
    for (size_t i = 0; i < kept->nentries; i++) {
        bool there = progress_of(&kept->entries[i].line) >= kept->items[i].aim;
        if (kept->items[i].left_day || there != reached)
            continue;
        say_entry(w, i);
        said++;
    }
    if (!said)
        prose_say(&w->prose, "None.\n", "无。\n");
    prose_say(&w->prose, "\n", "\n");
}

static void say_gone(struct writing *w)
{
    const struct campaigning *kept = w->r->kept;
    size_t said = 0;
    for (size_t i = 0; i < kept->nentries; i++) {
        const struct campaign_entry *entry = &kept->entries[i];
        if (!kept->items[i].left_day)
            continue;
        if (!said++)
            prose_say(&w->prose, "Taken out on the way:\n\n", "期间移出的条目：\n\n");
        prose_say(&w->prose, "- %.*s %.*s%s%.*s\n", "- %.*s %.*s%s%.*s\n",
                  STR_ARG(entry->line.number), STR_ARG(prose_plain(&w->prose, entry->line.title)),
                  entry->left_why.len ? lang_pick(w->prose.lang, ": ", "：") : "",
                  STR_ARG(prose_plain(&w->prose, entry->left_why)));
    }
    if (said)
        prose_say(&w->prose, "\n", "\n");
}

static void say_places(struct writing *w)
{
    const struct campaign_report *r = w->r;
    prose_say(&w->prose, "## Ranking\n\n%s\n\n", "## 四、排名情况\n\n%s\n\n",
              campaign_rule_sentence(r->kept->rule, w->prose.lang));
    prose_say(
        &w->prose,
        "| Place | Name | Score, %% | Aims reached | Lines |\n| --- | --- | --- | --- | --- |\n",
        "| 名次 | 名称 | 得分（%%） | 达标条目 | 条目数 |\n| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < r->nplaces; i++) {
        const struct campaign_place *place = r->places[i].place;
        prose_say(&w->prose, "| %zu | %.*s | %.*s | %" PRId64 " | %" PRId64 " |\n",
                  "| %zu | %.*s | %.*s | %" PRId64 " | %" PRId64 " |\n", place->place,
                  STR_ARG(prose_plain(&w->prose, r->places[i].name)),
                  STR_ARG(percent(w, place->score, CAMPAIGN_WHOLE)), place->sum.reached,
                  place->sum.lines);
    }
}

struct str campaign_report_title(struct arena *arena, const struct campaign_report *report,
                                 enum lang lang)
{
    struct writing w = {.prose = {.out = {.arena = arena}, .lang = lang}, .r = report};
    return title_of(&w);
}

struct str campaign_report_write(struct arena *arena, const struct campaign_report *report,
                                 enum lang lang)
{
    struct writing w = {.prose = {.out = {.arena = arena}, .lang = lang}, .r = report};
    struct str title = title_of(&w);
    buf_format(&w.prose.out, "# %.*s\n\n", STR_ARG(title));
    say_whole(&w);
    prose_say(&w.prose, "## What reached its aim\n\n", "## 二、达标条目\n\n");
    say_lines(&w, true);
    prose_say(&w.prose, "## What did not\n\n", "## 三、未达标条目\n\n");
    say_lines(&w, false);
    say_gone(&w);
    say_places(&w);
    return buf_str(&w.prose.out);
}
