/* Copies printed and brought back as pictures; see format.h. */
#include <inttypes.h>

#include "format/see.h"

static const struct {
    const char *task; /* as distort.h names it */
    const char *en, *zh;
} WAYS[FORMAT_WAYS] = {
    [FORMAT_WAY_SCAN] = {"scan", "printed, and pages of it scanned", "打印后扫描若干页"},
    [FORMAT_WAY_PHOTOGRAPH] = {"photograph", "printed, and pages of it photographed",
                               "打印后拍照若干页"},
    [FORMAT_WAY_SCREEN] = {"screen", "screenshots of pages at 100 %", "按 100% 显示截屏若干页"},
    [FORMAT_WAY_SCREEN_2] = {"screen2", "screenshots of pages at 200 %", "按 200% 显示截屏若干页"},
};

const char *format_way_name(enum format_way way, enum lang lang)
{
    return lang_pick(lang, WAYS[way].en, WAYS[way].zh);
}

bool format_parse_way(struct str task, enum format_way *way)
{
    for (int i = 0; i < FORMAT_WAYS; i++)
        if (str_equal(task, str_of(WAYS[i].task))) {
            *way = (enum format_way)i;
            return true;
        }
    return false;
}

enum status format_see_printed(struct arena *arena, struct str pdf,
                               const struct format_journey *journey,
                               const struct format_watch *watch, struct format_seen *seen,
                               struct error *err)
{
    struct str heard;
    struct see_answer answer;
    const char *task =
        str_z(arena, str_format(arena, "%s/%" PRIu64 "/%u/%u", WAYS[journey->way].task,
                                journey->seed, journey->first, journey->pages));
    enum status status = see_run(arena, STR("PDF"), pdf, task, SEE_SILENCE_MS, watch, &heard, err);
    if (status)
        return status;
    if (!see_read_answer(arena, heard, &answer))
        return error_set(
            err, STATUS_DAMAGED,
            "chancery-reader's answer does not fit together: it is of another version.",
            "chancery-reader 的应答有误：两个程序版本不一致。");
    *seen = (struct format_seen){.how = "picture"};
    if (answer.refused == 0)
        *seen = answer.seen;
    return STATUS_OK;
}
