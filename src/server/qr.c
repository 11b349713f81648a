/* QR codes by libqrencode; see qr.h. */
#include "server/qr.h"

#include <qrencode.h>

#include "server/template.h"

#define QUIET  4 /* modules around it that the standard asks for */
#define PIXELS 240

/* Each row's dark runs become a rectangle of one path. */
static void add_row(struct buf *out, const QRcode *code, int y)
{
    const unsigned char *row = code->data + (ptrdiff_t)y * code->width;
    for (int x = 0; x < code->width; x++) {
        int from = x;
        while (x < code->width && (row[x] & 1))
            x++;
        if (x > from)
            buf_format(out, "M%d %dh%dv1h-%dz", from + QUIET, y + QUIET, x - from, x - from);
    }
}

enum status qr_svg(struct arena *arena, struct str text, struct str label, struct str *svg,
                   struct error *err)
{
    struct buf out = {.arena = arena};
    QRcode *code = QRcode_encodeString8bit(str_z(arena, text), 0, QR_ECLEVEL_M);
    if (!code)
        return error_set(err, STATUS_INPUT, "The text is too long for a QR code.",
                         "内容过长，无法生成二维码。");
    int side = code->width + 2 * QUIET;
    buf_format(&out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
               "height=\"%d\" role=\"img\" shape-rendering=\"crispEdges\" aria-label=\"",
               side, side, PIXELS, PIXELS);
    template_escape(&out, label);
    buf_format(&out, "\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path fill=\"#000\" d=\"", side,
               side);
    for (int y = 0; y < code->width; y++)
        add_row(&out, code, y);
    buf_add(&out, STR("\"/></svg>"));
    QRcode_free(code);
    *svg = buf_str(&out);
    return STATUS_OK;
}
