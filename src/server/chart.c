/* Charts; see chart.h. Presentation is left to the style sheet's classes. */
#include "server/chart.h"

#include <inttypes.h>
#include <math.h>

#include "base/calendar.h"
#include "server/template.h"

#define WIDTH  640
#define HEIGHT 160
#define FOOT   26 /* for labels under the axis */
#define SIDE   48 /* for the greatest value */
#define GAP    2
#define LABEL  120 /* a label's width, on a phone */
#define FEWEST 12U /* bars get no wider than for this many */

static void add_label(struct buf *out, int x, int y, const char *anchor, struct str text)
{
    buf_format(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">", x, y, anchor);
    template_escape(out, text);
    buf_add(out, STR("</text>"));
}

static void add_bar(struct buf *out, const struct chart_bar *bar, double x, double width,
                    double height)
{
    buf_format(out,
               "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>",
               x, HEIGHT - height, width, height);
    template_escape(out, bar->label);
    buf_format(out, ": %" PRId64 "</title></rect>", bar->value);
}

/* The last bar's label ends with the bar, but keeps clear of the first one's. */
static int last_label(double step, size_t count)
{
    int end = SIDE + (int)(step * (double)count);
    return end > SIDE + 2 * LABEL ? end : SIDE + 2 * LABEL;
}

struct str chart_bars(struct arena *arena, const struct chart_bar *bars, size_t count,
                      struct str words)
{
    struct buf out = {.arena = arena};
    int64_t most = 1;
    for (size_t i = 0; i < count; i++)
        most = bars[i].value > most ? bars[i].value : most;
    double step = (double)(WIDTH - SIDE) / (double)(count > FEWEST ? count : FEWEST);
    buf_format(&out,
               "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"",
               WIDTH, HEIGHT + FOOT, WIDTH, HEIGHT + FOOT);
    template_escape(&out, words);
    buf_add(&out, STR("\">"));
    for (size_t i = 0; i < count; i++)
        add_bar(&out, &bars[i], SIDE + step * (double)i, step > 2 * GAP ? step - GAP : step,
                (double)bars[i].value / (double)most * (HEIGHT - FOOT));
    buf_format(&out, "<path class=\"axis\" d=\"M%d %dH%d\"/>", SIDE, HEIGHT, WIDTH);
    add_label(&out, SIDE - 6, FOOT + 6, "end", str_format(arena, "%" PRId64, most));
    add_label(&out, SIDE - 6, HEIGHT, "end", STR("0"));
    if (count)
        add_label(&out, SIDE, HEIGHT + FOOT - 4, "start", bars[0].label);
    if (count > 1)
        add_label(&out, last_label(step, count), HEIGHT + FOOT - 4, "end", bars[count - 1].label);
    buf_add(&out, STR("</svg>"));
    return buf_str(&out);
}

/* --- shares ------------------------------------------------------------------------------------------- */

#define ROW        28 /* from bar to bar */
#define THICK      18
#define ROWS_WIDTH 440 /* so narrow that its letters can be read on a phone */
#define ROW_LABEL  128
#define ROW_NUMBER 48

#define ROOM 16U /* letters before a bar; a Han character takes two */
struct str chart_label(struct arena *arena, struct str text)
{
    size_t room = 0;
    size_t cut = 0; /* where the ellipsis, as wide as a Han character, still has room */
    for (size_t at = 0; at < text.len;) {
        room += (unsigned char)text.at[at] < 0x80 ? 1 : 2;
        if (room > ROOM)
            return str_format(arena, "%.*s…", (int)cut, text.at);
        do
            at++;
        while (at < text.len && ((unsigned char)text.at[at] & 0xC0) == 0x80);
        if (room + 2 <= ROOM)
            cut = at;
    }
    return text;
}

static void add_share(struct buf *out, const struct chart_share *row, unsigned part, double x,
                      double y, double width, struct str name)
{
    static const char *const CLASSES[CHART_SHARES] = {"bar", "bar second", "bar third"};
    buf_format(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\"><title>",
               CLASSES[part], x, y, width, THICK);
    template_escape(out, row->label);
    buf_add(out, STR(", "));
    template_escape(out, name);
    buf_format(out, ": %" PRId64 "</title></rect>", row->parts[part]);
}

static int64_t whole_of(const struct chart_share *row)
{
    int64_t sum = 0;
    for (unsigned part = 0; part < CHART_SHARES; part++)
        sum += row->parts[part];
    return sum;
}

struct str chart_shares(struct arena *arena, const struct chart_share *rows, size_t count,
                        const struct str parts[CHART_SHARES], struct str words)
{
    struct buf out = {.arena = arena};
    int64_t most = 1;
    for (size_t i = 0; i < count; i++)
        most = whole_of(&rows[i]) > most ? whole_of(&rows[i]) : most;
    int height = (int)count * ROW;
    buf_format(
        &out,
        "<svg class=\"shares\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"",
        ROWS_WIDTH, height, ROWS_WIDTH, height);
    template_escape(&out, words);
    buf_add(&out, STR("\">"));
    for (size_t i = 0; i < count; i++) {
        double x = ROW_LABEL;
        double y = (double)i * ROW + (double)(ROW - THICK) / 2;
        add_label(&out, ROW_LABEL - 8, (int)y + THICK - 5, "end", rows[i].label);
        for (unsigned part = 0; part < CHART_SHARES; part++) {
            double width =
                (double)rows[i].parts[part] / (double)most * (ROWS_WIDTH - ROW_LABEL - ROW_NUMBER);
            if (width > 0)
                add_share(&out, &rows[i], part, x, y, width, parts[part]);
            x += width;
        }
        add_label(&out, (int)x + 6, (int)y + THICK - 5, "start",
                  str_format(arena, "%" PRId64, whole_of(&rows[i])));
    }
    buf_add(&out, STR("</svg>"));
    return buf_str(&out);
}

/* --- spans -------------------------------------------------------------------------------------------- */

#define SPAN_LABEL  64
#define SPAN_HEAD   28
#define MONTHS_MOST 12 /* labels over the months, at most */

struct span_scale {
    int64_t first, past; /* days shown: [first, past) */
};

static double span_x(const struct span_scale *scale, int64_t day)
{
    return SPAN_LABEL + (double)(WIDTH - SPAN_LABEL) * (double)(day - scale->first) /
                            (double)(scale->past - scale->first);
}

static void take_in(struct span_scale *scale, int64_t from, int64_t to)
{
    if (!to)
        return;
    scale->first = from < scale->first ? from : scale->first;
    scale->past = to + 1 > scale->past ? to + 1 : scale->past;
}

/* From the first of a month to the first of another. */
static struct span_scale scale_of(const struct chart_span *rows, size_t count, int64_t today)
{
    struct span_scale scale = {today, today + 1};
    int year;
    unsigned month;
    unsigned day;
    for (size_t i = 0; i < count; i++) {
        take_in(&scale, rows[i].plan_from, rows[i].plan_to);
        take_in(&scale, rows[i].from, rows[i].to);
    }
    calendar_date_of(scale.first, &year, &month, &day);
    scale.first = calendar_day_number(year, month, 1);
    calendar_date_of(scale.past - 1, &year, &month, &day);
    scale.past = calendar_day_number(year + (month == 12), month % 12 + 1, 1);
    return scale;
}

static void add_months(struct buf *out, const struct span_scale *scale, int height)
{
    int year;
    unsigned month;
    unsigned day;
    int64_t months = (scale->past - scale->first + 15) / 30;
    int64_t every = months / MONTHS_MOST + 1;
    int64_t at = scale->first;
    for (int64_t i = 0; at < scale->past; i++) {
        calendar_date_of(at, &year, &month, &day);
        double x = span_x(scale, at);
        buf_format(out, "<path class=\"grid\" d=\"M%.1f %dV%d\"/>", x, SPAN_HEAD - 4, height);
        if (i % every == 0) {
            buf_format(out, "<text%s x=\"%.1f\" y=\"18\">",
                       i % (every * 3) ? " class=\"minor\"" : "", x + 2);
            buf_format(out, month == 1 || i == 0 ? "%04d-%02u</text>" : "%.0d%02u</text>",
                       month == 1 || i == 0 ? year : 0, month);
        }
        at = calendar_day_number(year + (month == 12), month % 12 + 1, 1);
    }
}

/* About how wide a text is on a phone, where it is set larger; characters of three bytes or more are square. */
static double width_of(struct str text)
{
    double width = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        width += byte >= 0xE0 ? 20 : (byte & 0xC0) == 0x80 ? 0 : 11;
    }
    return width;
}

/* After the row's bars, before them, or over them at the end. */
static void add_note(struct buf *out, const struct span_scale *scale, const struct chart_span *row,
                     int y)
{
    struct span_scale shown = {INT64_MAX, 0};
    take_in(&shown, row->plan_from, row->plan_to);
    take_in(&shown, row->from, row->to);
    if (!row->note.len || !shown.past)
        return;
    double before = span_x(scale, shown.first) - 10;
    double after = span_x(scale, shown.past) + 10;
    bool right = after + width_of(row->note) <= WIDTH;
    bool left = !right && before - width_of(row->note) >= SPAN_LABEL;
    buf_format(out, "<text class=\"note\" x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">",
               right  ? after
               : left ? before
                      : (double)WIDTH - 4,
               y + 14, right ? "start" : "end");
    template_escape(out, row->note);
    buf_add(out, STR("</text>"));
}

static void add_span(struct buf *out, const struct span_scale *scale, const struct chart_span *row,
                     int y)
{
    const char *look = row->done ? "past-bar" : row->critical ? "bar second" : "bar";
    double x = span_x(scale, row->from);
    double end = span_x(scale, row->to + 1);
    if (row->plan_to)
        buf_format(out, "<rect class=\"plan\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"4\"/>",
                   span_x(scale, row->plan_from), y + 19,
                   fmax(3, span_x(scale, row->plan_to + 1) - span_x(scale, row->plan_from)));
    if (!row->to)
        return;
    if (row->point)
        buf_format(out, "<path class=\"%s\" d=\"M%.1f %dl8 8l-8 8l-8-8z\"><title>", look,
                   (x + end) / 2, y + 2);
    else
        buf_format(out,
                   "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"14\"><title>",
                   look, x, y + 3, end - x);
    template_escape(out, row->title);
    buf_add(out, row->point ? STR("</title></path>") : STR("</title></rect>"));
}

struct str chart_spans(struct arena *arena, const struct chart_span *rows, size_t count,
                       int64_t today, struct str words)
{
    struct buf out = {.arena = arena};
    struct span_scale scale = scale_of(rows, count, today);
    int height = SPAN_HEAD + (int)count * ROW;
    double now = span_x(&scale, today);
    buf_format(
        &out,
        "<svg class=\"course\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" "
        "aria-label=\"",
        WIDTH, height, WIDTH, height);
    template_escape(&out, words);
    buf_add(&out, STR("\">"));
    add_months(&out, &scale, height);
    for (size_t i = 0; i < count; i++) {
        int y = SPAN_HEAD + (int)i * ROW;
        add_label(&out, SPAN_LABEL - 8, y + 16, "end", rows[i].label);
        add_span(&out, &scale, &rows[i], y);
        add_note(&out, &scale, &rows[i], y);
    }
    buf_format(&out, "<path class=\"today\" d=\"M%.1f %dV%d\"/></svg>", now, SPAN_HEAD - 4, height);
    return buf_str(&out);
}
