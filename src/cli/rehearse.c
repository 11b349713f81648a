/* `chancery rehearse`: what does this paper withstand? */
#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "cli/describe.h"
#include "format/office.h"
#include "library/rehearse.h"
#include "library/trace.h"

static const struct command_option options[] = {
    {"members", "N", "made-up members among whom the leakers hide (default 1000)",
     "泄露者藏身其中的虚拟成员数（默认 1000）"},
    {"trials", "N", "trials of each attack (default 10)", "每种攻击的试验次数（默认 10）"},
    {"pictures", "N",
     "trials of printed copies scanned, photographed and taken from a screen, about 15 seconds "
     "each (default 2; 0: none)",
     "打印件扫描、拍照和截屏的试验次数，每次约 15 秒（默认 2，0 为不做）"},
    {"office", "N",
     "trials of Word copies saved again and printed to PDF by LibreOffice, where it is installed, a "
     "few seconds each (default 2; 0: none)",
     "Word 副本经 LibreOffice 另存、打印为 PDF 的试验次数，须已安装 LibreOffice，每次数秒（默认 2，0 为不做）"},
    {"way", "WAY", "of these only scan, photograph, screen or screen2",
     "其中只做 scan（扫描）、photograph（拍照）、screen 或 screen2（截屏）"},
    {"seed", "N", "another seed gives other trials (default 1)", "随机种子（默认 1）"},
    {0},
};

static bool between_rows(void *context, size_t done, size_t all)
{
    call_progress(context, "Attacks", "攻击", done, all);
    return call_interrupted();
}

static double percent(uint64_t part, uint64_t whole)
{
    return whole ? 100.0 * (double)part / (double)whole : 0;
}

static json_t *row_json(const struct rehearsal_row *r)
{
    return json_pack("{s:s, s:i, s:i, s:i, s:i, s:i, s:I, s:I, s:I, s:f}", "attack", r->en,
                     "leakers", (int)r->leakers, "trials", (int)r->trials, "caught", (int)r->caught,
                     "leakers_named", (int)r->leakers_named, "wrong", (int)r->wrong, "read",
                     (json_int_t)r->read, "misread", (json_int_t)r->misread, "sites",
                     (json_int_t)r->sites, "seconds", r->seconds);
}

/* Padded by hand: a Han character takes two columns of a terminal, and printf counts bytes. */
static void say_heading(const struct call *call, const char *en, const char *zh)
{
    const char *heading = lang_pick(call->lang, en, zh);
    int pad = 9 - call_columns(heading);
    call_say(call, "%*s%s", "%*s%s", pad > 0 ? pad : 0, "", heading);
}

static void say_name(const struct call *call, const char *name)
{
    int pad = 40 - call_columns(name);
    call_say(call, "%s%*s", "%s%*s", name, pad > 1 ? pad : 1, "");
}

static void say_seconds(const struct call *call, const struct rehearsal_row *rows, size_t count)
{
    double seconds = 0;
    unsigned trials = 0;
    for (size_t i = 0; i < count; i++) {
        seconds += rows[i].seconds;
        trials += rows[i].pictured ? rows[i].trials : 0;
    }
    if (trials)
        call_say(call,
                 "Reading pictures took %.0f s, %.1f s a trial; --pictures asks for more trials.\n",
                 "读取图片共用 %.0f 秒，每次试验 %.1f 秒；用 --pictures 增加试验次数。\n", seconds,
                 seconds / trials);
}

static void say_rows(struct call *call, const struct rehearsal_row *rows, size_t count)
{
    say_name(call, lang_pick(call->lang, "attack", "攻击"));
    say_heading(call, "leakers", "泄露者");
    say_heading(call, "caught", "查获");
    say_heading(call, "named", "认定");
    say_heading(call, "wrong", "误认");
    say_heading(call, "read", "可读");
    call_say(call, "\n", "\n");
    for (size_t i = 0; i < count; i++) {
        const struct rehearsal_row *r = &rows[i];
        say_name(call, lang_pick(call->lang, r->en, r->zh));
        call_say(call, "%9u%8.0f%%%8.0f%%%9u%8.0f%%\n", "%9u%8.0f%%%8.0f%%%9u%8.0f%%\n", r->leakers,
                 percent(r->caught, r->trials),
                 percent(r->leakers_named, (uint64_t)r->trials * r->leakers), r->wrong,
                 percent(r->read, r->sites));
    }
    say_seconds(call, rows, count);
    call_say(call,
             "caught: trials in which a leaker was named; named: share of leakers named;\n"
             "wrong: innocent members named; read: share of marks read.\n",
             "查获：至少认定一名泄露者的试验所占比例；认定：被认定者占泄露者的比例；\n"
             "误认：被认定的无辜者人数；可读：可读标记所占比例。\n");
}

static enum status take_way(const struct call *call, enum format_way *way, bool *given,
                            struct error *err)
{
    struct str name;
    *given = call_option(call, "way", &name);
    if (!*given || format_parse_way(name, way))
        return STATUS_OK;
    return error_set(
        err, STATUS_USAGE, "--way takes scan, photograph, screen or screen2, not %.*s.",
        "--way 只能是 scan、photograph、screen 或 screen2，不能是 %.*s。", STR_ARG(name));
}

/* What is asked for; `way` is for the plan to point to. */
static enum status take_plan(struct call *call, struct rehearsal *plan, enum format_way *way,
                             struct error *err)
{
    uint64_t members = 1000;
    uint64_t trials = 10;
    uint64_t pictures = 2;
    uint64_t office = 2;
    bool one_way = false;
    uint64_t seed = 1;
    enum status status = call_number(call, "members", 10, 1000000, &members, err);
    if (!status)
        status = call_number(call, "trials", 0, 10000, &trials, err);
    if (!status)
        status = call_number(call, "pictures", 0, 10000, &pictures, err);
    if (!status)
        status = call_number(call, "office", 0, 10000, &office, err);
    if (!status)
        status = take_way(call, way, &one_way, err);
    if (!status)
        status = call_number(call, "seed", 0, UINT64_MAX, &seed, err);
    *plan = (struct rehearsal){.trials = (unsigned)trials,
                               .pictured = (unsigned)pictures,
                               .office = one_way ? 0 : (unsigned)office,
                               .only = one_way ? way : NULL,
                               .members = (uint32_t)members,
                               .seed = seed,
                               .false_alarm = TRACE_FALSE_ALARM,
                               .stop = between_rows,
                               .context = call};
    return status;
}

static void print_json(const struct call *call, const struct edition *edition,
                       const struct rehearsal *plan, const struct rehearsal_row *rows, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, row_json(&rows[i]));
    call_print_json(call, json_pack("{s:o, s:I, s:I, s:o}", "paper",
                                    str_to_json(library_paper_id(call->arena, edition->paper)),
                                    "edition", (json_int_t)edition->number, "members",
                                    (json_int_t)plan->members, "attacks", list));
}

static enum status run(struct call *call, struct error *err)
{
    enum format_way way;
    struct rehearsal plan;
    struct edition_text text;
    struct rehearsal_row *rows;
    size_t count;
    enum status status = take_plan(call, &plan, &way, err);
    if (!status)
        status = describe_load(call, 0, &text, err);
    if (!status)
        status = library_rehearse(call->arena, call->store, &text, &plan, &rows, &count, err);
    if (status)
        return status;
    call_progress(call, "Attacks", "攻击", count, count);
    if (call->json) {
        print_json(call, &text.edition, &plan, rows, count);
        return STATUS_OK;
    }
    say_rows(call, rows, count);
    if (plan.office && !format_office_there())
        call_say(call, "LibreOffice is not installed here: saving copies again was not tried.\n",
                 "本机没有安装 LibreOffice，未演练另存。\n");
    return STATUS_OK;
}

const struct command command_rehearse = {
    .name = "rehearse",
    .arguments = "PAPER",
    .least = 1,
    .most = 1,
    .en =
        "Attack a paper's copies in every known way, with made-up members, and show what it withstands.",
    .zh = "以虚拟成员的副本演练各种攻击，看文稿能经受什么。",
    .example = "chancery rehearse P1 --members 10000 --trials 20",
    .options = options,
    .json = true,
    .needs_store = true,
    .run = run,
};
