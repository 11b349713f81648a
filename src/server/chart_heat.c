/* The heat map: counts in the cells of a matrix, with arrows for what moved between them; see chart.h.
 *
 * As cells are links it is a group and no image: what is within an image can't be reached by keys. */
#include <inttypes.h>
#include <math.h>

#include "server/chart.h"
#include "server/template.h"

#define SIDE  CHART_HEAT_SIDE
#define LEFT  56  /* for the rows' grades and what they are */
#define CELL  116 /* a cell's width */
#define HIGH  72
#define FOOT  52
#define INSET 2
#define SHORT 22.0 /* arrows end so far from a cell's middle, where its count stands */

static double middle_x(int column)
{
    return LEFT + CELL * (column + 0.5);
}

static double middle_y(int row)
{
    return HIGH * (SIDE - row - 0.5);
}

static void add_cell(struct buf *out, const struct chart_heat_cell *cell, int row, int column)
{
    if (cell->path.len) {
        buf_add(out, STR("<a href=\""));
        template_escape(out, cell->path);
        buf_add(out, STR("\" aria-label=\""));
        template_escape(out, cell->title);
        buf_add(out, STR("\">"));
    }
    buf_format(out, "<g class=\"level-%s\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
               cell->level, LEFT + CELL * column + INSET, HIGH * (SIDE - 1 - row) + INSET,
               CELL - 2 * INSET, HIGH - 2 * INSET);
    if (cell->count)
        buf_format(out, "<text class=\"count\" x=\"%.0f\" y=\"%.0f\">%" PRId64 "</text>",
                   middle_x(column), middle_y(row) + 8, cell->count);
    buf_add(out, STR("<title>"));
    template_escape(out, cell->title);
    buf_add(out, STR("</title></g>"));
    if (cell->path.len)
        buf_add(out, STR("</a>"));
}

/* Beside the straight line between the two middles, so that what went and what came can be told apart. */
static void add_move(struct buf *out, const struct chart_heat_move *move)
{
    double x1 = middle_x(move->from_column);
    double y1 = middle_y(move->from_row);
    double x2 = middle_x(move->to_column);
    double y2 = middle_y(move->to_row);
    double long_way = hypot(x2 - x1, y2 - y1);
    double ux = (x2 - x1) / long_way;
    double uy = (y2 - y1) / long_way;
    buf_format(out,
               "<path class=\"move %s\" marker-end=\"url(#heat-%s)\""
               " d=\"M%.1f %.1fQ%.1f %.1f %.1f %.1f\"><title>",
               move->worse ? "worse" : "better", move->worse ? "worse" : "better", x1 + ux * SHORT,
               y1 + uy * SHORT, (x1 + x2) / 2 - uy * 14, (y1 + y2) / 2 + ux * 14, x2 - ux * SHORT,
               y2 - uy * SHORT);
    template_escape(out, move->title);
    buf_add(out, STR("</title></path>"));
}

static void add_axes(struct buf *out, const struct chart_heat *heat)
{
    for (int i = 0; i < SIDE; i++) {
        buf_format(out, "<text class=\"grade\" x=\"%d\" y=\"%.0f\">%d</text>", LEFT - 14,
                   middle_y(i) + 5, i + 1);
        buf_format(out, "<text class=\"grade\" x=\"%.0f\" y=\"%d\">%d</text>", middle_x(i),
                   HIGH * SIDE + 20, i + 1);
    }
    buf_format(out, "<text class=\"grade\" transform=\"translate(16 %d) rotate(-90)\">",
               HIGH * SIDE / 2);
    template_escape(out, heat->rows);
    buf_format(out, "</text><text class=\"grade\" x=\"%d\" y=\"%d\">", LEFT + CELL * SIDE / 2,
               HIGH * SIDE + 44);
    template_escape(out, heat->columns);
    buf_add(out, STR("</text>"));
}

static void add_head(struct buf *out, const char *name)
{
    buf_format(out,
               "<marker id=\"heat-%s\" class=\"%s\" viewBox=\"0 0 8 8\" refX=\"6\" refY=\"4\""
               " markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/>"
               "</marker>",
               name, name);
}

struct str chart_heat(struct arena *arena, const struct chart_heat *heat)
{
    struct buf out = {.arena = arena};
    buf_format(&out, "<svg class=\"heat\" viewBox=\"0 0 %d %d\" role=\"group\" aria-label=\"",
               LEFT + CELL * SIDE, HIGH * SIDE + FOOT);
    template_escape(&out, heat->words);
    buf_add(&out, STR("\"><defs>"));
    add_head(&out, "worse");
    add_head(&out, "better");
    buf_add(&out, STR("</defs>"));
    for (int row = SIDE - 1; row >= 0; row--)
        for (int column = 0; column < SIDE; column++)
            add_cell(&out, &heat->cells[row][column], row, column);
    for (size_t i = 0; i < heat->nmoves; i++)
        add_move(&out, &heat->moves[i]);
    add_axes(&out, heat);
    buf_add(&out, STR("</svg>"));
    return buf_str(&out);
}
