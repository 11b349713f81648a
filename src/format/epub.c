/* EPUB as its words; see found.h. The container names the package document, that lists all files and says in what order
 * they are read (EPUB 3.3). Each file is a web page. */
#include "format/found.h"
#include "format/internal.h"
#include "format/package.h"

#define UNPACKED_MAX ((size_t)24 * 1024 * 1024)

struct item {
    struct str id, href;
    bool told; /* once is enough */
};

/* The value of the first `element`'s attribute. */
static struct str first_attribute(struct arena *arena, struct str part, const char *element,
                                  const char *attribute)
{
    struct xml xml = xml_open(part);
    struct str value = {0};
    while (!value.len && xml_next(&xml))
        if (xml_begins(&xml, element))
            value = xml_attribute(arena, &xml, attribute);
    (void)xml_close(&xml);
    return value;
}

static size_t list_items(struct arena *arena, struct str part, struct item **items)
{
    struct buf list = {.arena = arena};
    struct xml xml = xml_open(part);
    while (xml_next(&xml) && list.len / sizeof(struct item) < PACKAGE_PARTS_MAX) {
        if (!xml_begins(&xml, "item"))
            continue;
        struct item item = {.id = xml_attribute(arena, &xml, "id"),
                            .href = xml_attribute(arena, &xml, "href")};
        if (item.id.len && item.href.len)
            buf_add(&list, (struct str){(const char *)&item, sizeof item});
    }
    (void)xml_close(&xml);
    *items = (void *)list.at;
    package_sort(*items, list.len / sizeof(struct item), sizeof(struct item));
    return list.len / sizeof(struct item);
}

static void add_page(struct package *package, const char *folder, struct item *item,
                     struct buf *words)
{
    struct str text;
    struct str found;
    struct str part = package_part(package, package_path(package->arena, folder, item->href));
    item->told = true;
    if (!part.len ||
        format_decode(package->arena, part, &text, &(const char *){NULL}, &(struct error){0}) ||
        format_read_html_words(package->arena, STR(""), text, &found, &(struct error){0}))
        return;
    buf_add(words, found);
    buf_add_byte(words, '\n');
}

static void read_spine(struct package *package, struct buf *words)
{
    struct arena *arena = package->arena;
    struct str container = package_part(package, STR("META-INF/container.xml"));
    struct str path = first_attribute(arena, container, "rootfile", "full-path");
    struct str part = package_part(package, path);
    const char *folder = str_z(arena, package_folder(path));
    struct item *items;
    size_t nitems = list_items(arena, part, &items);
    struct xml xml = xml_open(part);
    while (xml_next(&xml)) {
        if (!xml_begins(&xml, "itemref"))
            continue;
        struct item *item =
            package_find(items, nitems, sizeof *items, xml_attribute(arena, &xml, "idref"));
        if (item && !item->told)
            add_page(package, folder, item, words);
    }
    (void)xml_close(&xml);
}

bool format_is_epub(struct str bytes)
{
    return package_says(bytes, STR("application/epub+zip"));
}

enum status format_read_epub_words(struct arena *arena, struct str name, struct str bytes,
                                   struct str *words, struct error *err)
{
    struct package package;
    struct buf out = {.arena = arena};
    bool full = false;
    if (package_open(&package, arena, bytes, UNPACKED_MAX)) {
        read_spine(&package, &out);
        full = package.full;
        package_close(&package);
    }
    *words = str_trim(buf_str(&out));
    if (full)
        return package_refuse(name, err);
    return words->len
               ? STATUS_OK
               : error_set(err, STATUS_INPUT, "%.*s is an EPUB without words, or a damaged one.",
                           "%.*s 为没有文字或已损坏的 EPUB。", STR_ARG(name));
}
