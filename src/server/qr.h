/* QR codes for pages. */
#ifndef SERVER_QR_H
#define SERVER_QR_H

#include "base/error.h"
#include "base/str.h"

/* The text as a QR code (ISO/IEC 18004, medium correction): an SVG element to stand in a page, dark on
 * light in either colour scheme, with `label` for who does not see it. In the arena. */
enum status qr_svg(struct arena *arena, struct str text, struct str label, struct str *svg,
                   struct error *err);

#endif
