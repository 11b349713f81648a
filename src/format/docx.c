/* Word documents (ECMA-376, WordprocessingML) to a document.
 *
 * The body is walked as its XML streams by, each element by a function that reads it to its end. Numbers that Word
 * makes up are written out, since outlines of official papers are often made so; tracked changes are taken as accepted;
 * notes stand as numbered paragraphs at the end. What a paper can't hold is counted and said (struct format_left).
 * The body is walked twice: once to know the language, which the outline depends on, then to compose.
 *
 * Bounds: see package.h; elements nest at most as deep as libxml2 reads them, so the walk's own depth is bounded too. */
#include <string.h>

#include "format/docx_walk.h"

#define UNPACKED_MAX ((size_t)48 * 1024 * 1024)
#define NOTES_MOST   5000U

/* --- other parts ---------------------------------------------------------------------------------- */

static struct str part_beside(struct docx *d, const char *name)
{
    return package_part(d->package, str_format(d->arena, "%.*s%s", STR_ARG(d->folder), name));
}

/* The part that holds the body, by the package's own relations. */
static struct str find_main(struct package *package)
{
    struct xml xml = xml_open(package_part(package, STR("_rels/.rels")));
    struct str target = {0};
    while (xml_next(&xml))
        if (xml_begins(&xml, "Relationship") &&
            str_ends(xml_attribute(package->arena, &xml, "Type"), STR("/officeDocument")))
            target =
                package_path(package->arena, "", xml_attribute(package->arena, &xml, "Target"));
    return xml_close(&xml) ? target : (struct str){0};
}

static void note_relation(struct docx *d, struct str kind, struct str target)
{
    if (str_ends(kind, STR("/attachedTemplate")) || str_ends(kind, STR("/image")) ||
        str_ends(kind, STR("/oleObject")) || str_ends(kind, STR("/frame")) ||
        str_ends(kind, STR("/subDocument")))
        docx_leave_out(d, FORMAT_LEFT_OUTSIDE, target);
}

static bool read_relations(struct docx *d, struct str main)
{
    struct arena *arena = d->arena;
    struct str file = str_slice(main, d->folder.len, main.len);
    struct xml xml =
        xml_open(part_beside(d, str_z(arena, str_format(arena, "_rels/%.*s.rels", STR_ARG(file)))));
    while (xml_next(&xml)) {
        if (!xml_begins(&xml, "Relationship"))
            continue;
        d->relations = arena_one_more(arena, d->relations, d->nrelations, sizeof *d->relations);
        struct docx_link *relation = &d->relations[d->nrelations++];
        struct str kind = xml_attribute(arena, &xml, "Type");
        *relation = (struct docx_link){
            .id = xml_attribute(arena, &xml, "Id"),
            .target = xml_attribute(arena, &xml, "Target"),
        };
        if (str_equal(xml_attribute(arena, &xml, "TargetMode"), STR("External")))
            note_relation(d, kind, relation->target);
        else if (str_ends(kind, STR("/vbaProject")))
            docx_leave_out(d, FORMAT_LEFT_MACROS, STR(""));
        else if (str_ends(kind, STR("/header")) || str_ends(kind, STR("/footer"))) {
            struct str text;
            (void)docx_gather(d,
                              package_part(d->package, package_path(arena, str_z(arena, d->folder),
                                                                    relation->target)),
                              docx_take_block, &text);
            if (str_trim(text).len)
                docx_leave_out(d, FORMAT_LEFT_MARGINS, text);
        }
    }
    package_sort(d->relations, d->nrelations, sizeof *d->relations);
    return xml_close(&xml);
}

/* A footnote's paragraphs in one. */
static void take_note(struct docx *d)
{
    bool end = docx_is(d, "endnote");
    if (!end && !docx_is(d, "footnote")) {
        docx_each_child(d, take_note);
        return;
    }
    struct str id = docx_note_id(d, end);
    struct str kind = docx_said(d, "type"); /* of the lines that part notes from the text */
    size_t from = d->aside->len;
    size_t piece = d->map ? d->map->npieces : 0;
    docx_each_child(d, docx_take_block);
    for (size_t i = from; i < d->aside->len; i++)
        if (d->aside->at[i] == '\n')
            d->aside->at[i] = ' ';
    struct str text = str_trim(str_slice(buf_str(d->aside), from, d->aside->len));
    if (kind.len && !str_equal(kind, STR("normal")))
        return;
    if (d->nnotes < NOTES_MOST)
        d->notes[d->nnotes++] = (struct docx_note){.id = id,
                                                   .text = str_copy(d->arena, text),
                                                   .at = (size_t)(text.at - d->aside->at),
                                                   .piece = piece};
}

static bool read_notes(struct docx *d)
{
    d->notes = arena_array(d->arena, NOTES_MOST, struct docx_note);
    d->aside = &d->noted_text;
    d->part = DOCX_FOOTNOTES;
    bool good = docx_walk(d, part_beside(d, "footnotes.xml"), take_note);
    d->part = DOCX_ENDNOTES;
    good = good && docx_walk(d, part_beside(d, "endnotes.xml"), take_note);
    d->part = DOCX_MAIN;
    d->aside = NULL;
    docx_forget_boxes(d);
    package_sort(d->notes, d->nnotes, sizeof *d->notes);
    return good;
}

/* In the order of their numbers. */
static void put_notes(struct docx *d)
{
    for (unsigned n = 1; n <= d->noted; n++)
        for (size_t i = 0; i < d->nnotes; i++)
            if (d->notes[i].number == n) {
                compose_begin(d->composer, PAPER_PARAGRAPH, 0, 0);
                compose_text(d->composer, str_format(d->arena, "[%u] ", n));
                size_t next = d->notes[i].piece;
                docx_compose_gathered(d, &d->noted_text, d->notes[i].at, d->notes[i].text, &next);
                (void)compose_end(d->composer);
                docx_clip_pieces(d);
            }
}

/* --- the document --------------------------------------------------------------------------------- */

static enum status refuse(struct str name, struct error *err)
{
    return error_set(err, STATUS_INPUT,
                     "%.*s can't be read as a Word document; open it and save it again as DOCX.",
                     "%.*s 无法作为 Word 文档读取，请打开后重新另存为 DOCX。", STR_ARG(name));
}

/* Whether spaces below and above are added up between paragraphs, as a document may ask for. */
static bool read_sums(struct arena *arena, struct str settings)
{
    struct xml xml = xml_open(settings);
    bool sums = false;
    while (xml_next(&xml))
        if (xml_begins(&xml, "doNotUseHTMLParagraphAutoSpacing")) {
            struct str value = xml_attribute(arena, &xml, "val");
            sums = !str_equal(value, STR("0")) && !str_equal(value, STR("false"));
        }
    return xml_close(&xml) && sums;
}

static enum status read_main(struct docx *d, struct str name, const enum lang *lang,
                             struct str title, struct paper_doc *doc, struct error *err)
{
    struct str main = find_main(d->package);
    struct str text;
    d->folder = package_folder(main);
    if (d->map)
        d->map->main = main;
    d->sums = d->map && read_sums(d->arena, part_beside(d, "settings.xml"));
    struct str body = main.len ? package_part(d->package, main) : (struct str){0};
    bool good = body.len &&
                docx_read_looks(d->looks, d->arena, part_beside(d, "styles.xml"),
                                part_beside(d, "numbering.xml")) &&
                read_relations(d, main) && read_notes(d) &&
                docx_gather(d, body, docx_take_block, &text);
    if (good) {
        d->lang = lang ? *lang : paper_detect_lang(text);
        good = docx_walk(d, body, docx_take_block);
    }
    if (d->package->full)
        return package_refuse(name, err);
    if (!good)
        return refuse(name, err);
    if (d->open)
        docx_end_block(d);
    docx_put_boxes(d);
    put_notes(d);
    return compose_finish(d->composer, d->lang, title, doc, err);
}

enum status format_read_docx_map(struct arena *arena, struct str name, struct str bytes,
                                 const enum lang *lang, struct str title, struct paper_doc *doc,
                                 struct format_left left[FORMAT_LEFT_KINDS], struct docx_map *map,
                                 struct error *err)
{
    struct package package;
    struct composer composer = {.arena = arena, .text = {.arena = arena}};
    struct docx_looks looks = {0};
    struct docx d = {.arena = arena,
                     .package = &package,
                     .composer = &composer,
                     .looks = &looks,
                     .left = left,
                     .map = map,
                     .noted_text = {.arena = arena},
                     .boxes = {.arena = arena}};
    memset(left, 0, FORMAT_LEFT_KINDS * sizeof *left);
    if (!package_open(&package, arena, bytes, UNPACKED_MAX))
        return refuse(name, err);
    enum status status = read_main(&d, name, lang, title, doc, err);
    if (map)
        docx_finish_map(&d);
    package_close(&package);
    return status;
}

enum status format_read_docx(struct arena *arena, struct str name, struct str bytes,
                             const enum lang *lang, struct str title, struct paper_doc *doc,
                             struct format_left left[FORMAT_LEFT_KINDS], struct error *err)
{
    return format_read_docx_map(arena, name, bytes, lang, title, doc, left, NULL, err);
}

bool format_is_docx(struct str bytes)
{
    /* Packages that say what they are, and are something else, do so at once. */
    return str_starts(bytes, STR("PK\x03\x04")) && str_find(bytes, STR("word/"), 0) != SIZE_MAX &&
           !package_says(bytes, STR(""));
}
