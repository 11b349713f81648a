/* How letters look; see letter_look.h.
 *
 * Programs that show mail differ in what they leave of a page. All keep styles that stand in the elements; some take
 * away every style sheet, so that one can add no more than colours for the dark and a phone's edge. None needs a
 * table but Outlook on Windows, which knows no greatest width: it gets one that others take for a remark. Nor does it
 * know padding in a line, so that a button is as large as its borders. The colours are those of web/style.css. */
#include "server/letter_look.h"

#include <string.h>

#define SANS                                                                            \
    "-apple-system,'Segoe UI',Roboto,'Helvetica Neue','PingFang SC','Microsoft YaHei'," \
    "'Noto Sans CJK SC',sans-serif"
#define SERIF_EN "Charter,'Iowan Old Style',Georgia,'Noto Serif',serif"
#define SERIF_ZH "'Songti SC','Source Han Serif SC','Noto Serif CJK SC','Microsoft YaHei',serif"

#define SHEET(lang, leading)                                                                        \
    "<!--[if mso]><table role=\"presentation\" width=\"600\" align=\"center\"><tr><td><![endif]-->" \
    "<div class=\"sheet\" role=\"article\" lang=\"" lang "\" style=\"max-width:560px;"              \
    "margin:24px auto;padding:20px 24px 8px;background-color:#ffffff;color:#20242a;"                \
    "border-top:3px solid #9b2c1f;font-family:" SANS ";font-size:16px;line-height:" leading         \
    ";overflow-wrap:break-word;word-wrap:break-word\">"

#define HEADING(serif, leading) \
    "<h1 style=\"margin:0 0 20px;font-family:" serif ";font-size:24px;line-height:" leading "\">"

#define BRAND(serif)                                                              \
    "<p class=\"quiet\" style=\"margin:0 0 28px;color:#565c64;font-family:" serif \
    ";font-weight:bold\">"

/* What stands in a letter, and what is sent in its place. The first that fits counts. `zh` is NULL where it is the same
 * in both languages. Where a link is clicked no address follows its words, nor then a colon. */
static const struct {
    const char *plain, *en, *zh;
} LOOKS[] = {
    {"</head>",
     "<meta name=\"viewport\" content=\"width=device-width\">\n"
     "<meta name=\"color-scheme\" content=\"light dark\">\n"
     "<meta name=\"supported-color-schemes\" content=\"light dark\">\n"
     "<style>\n"
     "@media (max-width:600px) {.sheet {margin-top:0 !important}}\n"
     "@media (prefers-color-scheme:dark) {\n"
     ".paper {background-color:#15171a !important}\n"
     ".sheet {background-color:#1d2024 !important; color:#e4e1da !important;"
     " border-color:#e89486 !important}\n"
     ".quiet {color:#acb0b5 !important; border-color:#363a40 !important}\n"
     ".sheet a {color:#93bee8 !important}\n"
     ".sheet a.button {color:#10161c !important; background-color:#93bee8 !important;"
     " border-color:#93bee8 !important}\n"
     "}\n"
     "</style>\n"
     "</head>",
     NULL},
    {"<body>", "<body class=\"paper\" style=\"margin:0;background-color:#faf8f4\">", NULL},
    {"<main>", SHEET("en", "1.6"), SHEET("zh-Hans", "1.75")},
    {"</main>", "</div><!--[if mso]></td></tr></table><![endif]-->", NULL},
    {"<header>", BRAND(SERIF_EN), BRAND(SERIF_ZH)},
    {"</header>", "</p>", NULL},
    {"<h1>", HEADING(SERIF_EN, "1.3"), HEADING(SERIF_ZH, "1.4")},
    {"<p><a href=",
     "<p style=\"margin:24px 0\"><a class=\"button\" style=\"display:inline-block;"
     "border:solid #1d4f7c;border-width:9px 20px;border-radius:4px;background-color:#1d4f7c;"
     "color:#ffffff;font-weight:bold;text-decoration:none\" href=",
     NULL},
    {"<p>", "<p style=\"margin:0 0 16px\">", NULL},
    {"<ul>", "<ul style=\"margin:0 0 16px;padding-left:20px\">", NULL},
    {"<li>", "<li style=\"margin:0 0 12px\">", NULL},
    {"<a href=", "<a style=\"color:#1d4f7c\" href=", NULL},
    {"<footer>",
     "<div class=\"quiet\" style=\"margin-top:36px;padding-top:16px;border-top:1px solid #dcd7cc;"
     "color:#565c64;font-size:13px\">",
     NULL},
    {"</footer>", "</div>", NULL},
    {":</a>", "</a>", NULL},
    {"：</a>", "</a>", NULL},
};

struct str letter_look(struct arena *arena, struct str html, enum lang lang)
{
    struct buf out = {.arena = arena};
    while (html.len) {
        size_t n = 0;
        while (n < sizeof LOOKS / sizeof *LOOKS && !str_starts(html, str_of(LOOKS[n].plain)))
            n++;
        bool found = n < sizeof LOOKS / sizeof *LOOKS;
        size_t len = found ? strlen(LOOKS[n].plain) : 1;
        const char *zh = found && LOOKS[n].zh ? LOOKS[n].zh : found ? LOOKS[n].en : NULL;
        buf_add(&out, found ? str_of(lang_pick(lang, LOOKS[n].en, zh)) : str_slice(html, 0, 1));
        html = str_slice(html, len, html.len);
    }
    return buf_str(&out);
}
