/* What headers and footers of a Word document, or of an OpenDocument text saved from one, say of whose copy it is.
 *
 * A copy's visible mark stands there, in words or as a line across the page, and so it does after Word, WPS or LibreOffice
 * saved it again. Of the text a trace reads it is no part, as headers are none of a paper. Parts are known by their names,
 * which all three give alike; what has another name is not seen, and no harm is done. In an OpenDocument text they stand in
 * styles.xml. */
#include <string.h>

#include "base/serial.h"
#include "format/package.h"
#include "format/see.h"

#define UNPACKED_MOST ((size_t)8 * 1024 * 1024)
#define PARTS_MOST    64U /* three for each of some sections */
#define NUMBERS_MOST  16U

static bool is_margin(struct str path)
{
    struct str folder = package_folder(path);
    struct str name = str_slice(path, folder.len, path.len);
    bool word = folder.len &&
                (str_starts(name, STR("header")) || str_starts(name, STR("footer"))) &&
                str_ends(name, STR(".xml"));
    return word || str_equal(path, STR("styles.xml"));
}

/* The words of a part, a line for each paragraph; a line that is drawn (VML) has its words in an attribute. */
static struct str words_of(struct arena *arena, struct str part)
{
    struct buf words = {.arena = arena};
    struct xml xml = xml_open(part);
    while (xml_next(&xml)) {
        if (xml_is_text(&xml))
            buf_add(&words, xml_text(&xml));
        else if (xml_begins(&xml, "textpath"))
            buf_add(&words, xml_attribute(arena, &xml, "string"));
        else if (xml_ends(&xml, "p"))
            buf_add(&words, STR("\n"));
    }
    (void)xml_close(&xml);
    return buf_str(&words);
}

static void take_numbers(struct arena *arena, struct str words, struct format_seen *seen)
{
    struct serial number;
    for (size_t at = 0; seen->nsigns < NUMBERS_MOST && serial_find(words, &at, &number);) {
        struct str printed = serial_print(arena, &number);
        if (!str_is_among(printed, seen->signs, seen->nsigns))
            seen->signs[seen->nsigns++] = printed;
    }
}

void see_margins(struct arena *arena, struct str bytes, struct format_seen *seen)
{
    struct package package;
    unsigned taken = 0;
    seen->signs = arena_array(arena, NUMBERS_MOST, struct str);
    if (!package_open(&package, arena, bytes, UNPACKED_MOST))
        return;
    zip_int64_t count = zip_get_num_entries(package.zip, 0);
    for (zip_int64_t i = 0; i < count && taken < PARTS_MOST; i++) {
        const char *path = zip_get_name(package.zip, (zip_uint64_t)i, 0);
        if (!path || !is_margin(str_of(path)))
            continue;
        take_numbers(arena, words_of(arena, package_part(&package, str_of(path))), seen);
        taken++;
    }
    package_close(&package);
}
