/* Parts of an original that a copy keeps; see write_docx_parts.h. */
#include "format/write_docx_parts.h"

#include <stdlib.h>
#include <strings.h>

#include "format/docx_tag.h"
#include "format/write_docx_names.h"
#include "format/writer.h"

#define RELATIONS 2000U

/* What was added to a copy that somebody publishes again is left behind, and added anew. */
static bool is_kept(const struct docx_relation *r)
{
    static const char *const INSIDE[] = {"styles",   "numbering", "settings", "fontTable",
                                         "theme",    "header",    "footer",   "footnotes",
                                         "endnotes", "image",     NULL};
    if (r->outside)
        return str_equal(r->kind, STR("hyperlink")) && package_is_web(r->target);
    return docx_is_one_of(r->kind, INSIDE) && !str_starts(r->target, STR(DOCX_OWN_FOLDER));
}

/* The relations of a part that are kept. False where they are damaged. */
static bool read_kept_relations(struct docx_parts *parts, struct str path,
                                struct docx_relations *out)
{
    struct arena *arena = parts->arena;
    struct str folder = package_folder(path);
    struct str file = str_slice(path, folder.len, path.len);
    struct xml xml = xml_open(package_part(
        parts->package, str_format(arena, "%.*s_rels/%.*s.rels", STR_ARG(folder), STR_ARG(file))));
    out->all = arena_array(arena, RELATIONS, struct docx_relation);
    while (xml_next(&xml)) {
        if (!xml_begins(&xml, "Relationship") || out->count == RELATIONS)
            continue;
        struct docx_relation r = {
            .id = xml_attribute(arena, &xml, "Id"),
            .kind = docx_last_after(xml_attribute(arena, &xml, "Type"), '/'),
            .target = xml_attribute(arena, &xml, "Target"),
            .outside = str_equal(xml_attribute(arena, &xml, "TargetMode"), STR("External")),
        };
        if (!r.outside)
            r.target = package_path(arena, str_z(arena, folder), r.target);
        if (is_kept(&r))
            out->all[out->count++] = r;
    }
    return xml_close(&xml);
}

bool docx_refers(const struct docx_relations *relations, struct str id)
{
    for (size_t i = 0; i < relations->count; i++)
        if (str_equal(relations->all[i].id, id))
            return true;
    return false;
}

/* The type of a part as the package says it; empty where it says nothing. */
static struct str type_of(struct docx_parts *parts, struct str path)
{
    struct arena *arena = parts->arena;
    struct str found = {0};
    struct str ending = docx_last_after(path, '.');
    struct xml xml = xml_open(package_part(parts->package, STR("[Content_Types].xml")));
    while (xml_next(&xml)) {
        if (xml_begins(&xml, "Default") && !found.len) {
            struct str extension = xml_attribute(arena, &xml, "Extension");
            if (extension.len == ending.len &&
                strncasecmp(extension.at, ending.at, ending.len) == 0)
                found = xml_attribute(arena, &xml, "ContentType");
        } else if (xml_begins(&xml, "Override")) {
            struct str name = xml_attribute(arena, &xml, "PartName");
            if (str_equal(str_slice(name, 1, name.len), path))
                found = xml_attribute(arena, &xml, "ContentType");
        }
    }
    (void)xml_close(&xml);
    return found;
}

static struct str free_ids(struct arena *arena, const struct docx_relations *relations)
{
    struct str ids = STR("own");
    for (size_t i = 0; i < relations->count; i++)
        if (str_starts(relations->all[i].id, ids)) {
            ids = str_format(arena, "%.*sn", STR_ARG(ids));
            i = SIZE_MAX; /* from the first on again */
        }
    return ids;
}

static bool keep_part(struct docx_parts *parts, struct str path, struct str kind)
{
    for (size_t i = 0; i < parts->count; i++)
        if (str_equal(parts->kept[i].path, path))
            return true;
    if (parts->count == DOCX_KEPT_MAX || str_starts(path, STR(DOCX_OWN_FOLDER)))
        return false;
    struct docx_kept *kept = &parts->kept[parts->count++];
    bool main = str_equal(path, parts->main);
    *kept = (struct docx_kept){
        .path = path,
        .type = main ? STR("application/vnd.openxmlformats-officedocument.wordprocessingml"
                           ".document.main+xml")
                     : type_of(parts, path),
        .header = str_equal(kind, STR("header")),
        .footer = str_equal(kind, STR("footer")),
        .part = main                                ? DOCX_MAIN
                : str_equal(kind, STR("footnotes")) ? DOCX_FOOTNOTES
                : str_equal(kind, STR("endnotes"))  ? DOCX_ENDNOTES
                                                    : DOCX_OTHER,
    };
    if (!kept->type.len || !read_kept_relations(parts, path, &kept->relations))
        return false;
    struct docx_relations relations = kept->relations;
    for (size_t i = 0; i < relations.count; i++)
        if (!relations.all[i].outside &&
            !keep_part(parts, relations.all[i].target, relations.all[i].kind))
            return false;
    return true;
}

static int by_part(const void *a, const void *b)
{
    return (int)((const struct docx_kept *)a)->part - (int)((const struct docx_kept *)b)->part;
}

bool docx_keep_parts(struct docx_parts *parts)
{
    if (!keep_part(parts, parts->main, STR("officeDocument")))
        return false;
    parts->ids = free_ids(parts->arena, &parts->kept[0].relations);
    qsort(parts->kept, parts->count, sizeof *parts->kept, by_part);
    return true;
}

/* --- what the package says -------------------------------------------------------------------------- */

static void put_relation(struct buf *out, const struct docx_relation *r)
{
    buf_format(out, "<Relationship Id=\"%.*s\" Type=\"" DOCX_OFFICE "/%.*s\" Target=\"%s",
               STR_ARG(r->id), STR_ARG(r->kind), r->outside ? "" : "/");
    format_escape_xml(out, r->target);
    buf_add(out, r->outside ? STR("\" TargetMode=\"External\"/>") : STR("\"/>"));
}

void docx_add_relations(struct zip_press *zip, const struct docx_parts *parts,
                        const struct docx_kept *kept)
{
    struct buf out = {.arena = parts->arena};
    struct str folder = package_folder(kept->path);
    if (!kept->relations.count && kept->part != DOCX_MAIN)
        return;
    buf_add(&out, STR(DOCX_XML_HEAD "<Relationships xmlns=\"" DOCX_PACKAGE "relationships\">"));
    for (size_t i = 0; i < kept->relations.count; i++)
        put_relation(&out, &kept->relations.all[i]);
    for (unsigned k = 0; k < DOCX_OWN && kept->part == DOCX_MAIN; k++)
        buf_format(&out,
                   "<Relationship Id=\"%.*s%u\" Type=\"" DOCX_OFFICE
                   "/%s\" Target=\"/" DOCX_OWN_FOLDER "%u.xml\"/>",
                   STR_ARG(parts->ids), k, k < 3 ? "header" : "footer", k);
    buf_add(&out, STR("</Relationships>"));
    zip_press_add(zip,
                  str_format(parts->arena, "%.*s_rels/%.*s.rels", STR_ARG(folder),
                             STR_ARG(str_slice(kept->path, folder.len, kept->path.len))),
                  buf_str(&out));
}

void docx_add_head(struct zip_press *zip, const struct docx_parts *parts)
{
    struct buf out = {.arena = parts->arena};
    buf_add(&out, STR(DOCX_XML_HEAD
                      "<Types xmlns=\"" DOCX_PACKAGE "content-types\"><Default Extension=\"rels\""
                      " ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                      "<Override PartName=\"/docProps/core.xml\" ContentType=\"application/"
                      "vnd.openxmlformats-package.core-properties+xml\"/>"));
    for (size_t i = 0; i < parts->count; i++) {
        buf_add(&out, STR("<Override PartName=\"/"));
        format_escape_xml(&out, parts->kept[i].path);
        buf_format(&out, "\" ContentType=\"%.*s\"/>", STR_ARG(parts->kept[i].type));
    }
    for (unsigned k = 0; k < DOCX_OWN; k++)
        buf_format(&out,
                   "<Override PartName=\"/" DOCX_OWN_FOLDER
                   "%u.xml\" ContentType=\"application/vnd.openxmlformats-"
                   "officedocument.wordprocessingml.%s+xml\"/>",
                   k, k < 3 ? "header" : "footer");
    buf_add(&out, STR("</Types>"));
    zip_press_add(zip, STR("[Content_Types].xml"), buf_str(&out));
    out.len = 0;
    buf_add(&out, STR(DOCX_XML_HEAD "<Relationships xmlns=\"" DOCX_PACKAGE "relationships\">"
                                    "<Relationship Id=\"main\" Type=\"" DOCX_OFFICE
                                    "/officeDocument\" Target=\"/"));
    format_escape_xml(&out, parts->main);
    buf_add(&out, STR("\"/><Relationship Id=\"core\" Type=\"" DOCX_PACKAGE
                      "relationships/metadata/core-properties\""
                      " Target=\"/docProps/core.xml\"/></Relationships>"));
    zip_press_add(zip, STR("_rels/.rels"), buf_str(&out));
}
