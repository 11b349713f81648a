/* Packages and their XML; see package.h. */
#include "format/package.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool package_open(struct package *package, struct arena *arena, struct str bytes, size_t most)
{
    zip_error_t why;
    *package = (struct package){.arena = arena, .left = most};
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(bytes.at, bytes.len, 0, &why);
    package->zip = source ? zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;
    zip_error_fini(&why);
    if (!package->zip) {
        zip_source_free(source);
        return false;
    }
    if (zip_get_num_entries(package->zip, 0) <= PACKAGE_PARTS_MAX)
        return true;
    package_close(package);
    return false;
}

void package_close(struct package *package)
{
    zip_discard(package->zip);
}

enum status package_refuse(struct str name, struct error *err)
{
    return error_set(
        err, STATUS_INPUT,
        "%.*s unpacks to far more than it holds; save it again without what is not needed.",
        "%.*s 解压后内容异常庞大，请删去不需要的部分后重新保存。", STR_ARG(name));
}

/* What a part may come to, by what it was packed into; *said is what the archive says that it comes to. */
static size_t most_of(const struct package *package, const char *path, size_t *said)
{
    zip_stat_t stat;
    zip_stat_init(&stat);
    bool known = zip_stat(package->zip, path, ZIP_FL_NOCASE, &stat) == 0;
    *said = known && stat.valid & ZIP_STAT_SIZE ? (size_t)stat.size : package->left;
    if (!known || !(stat.valid & ZIP_STAT_COMP_SIZE))
        return package->left;
    zip_uint64_t most = stat.comp_size < SIZE_MAX / PACKAGE_RATIO
                            ? PACKAGE_FREE + stat.comp_size * PACKAGE_RATIO
                            : package->left;
    return most < package->left ? (size_t)most : package->left;
}

/* What says of itself that it is too much is not even begun, and what says too little is given up where it goes on: either would
 * take room for nothing. Room is taken at once, as a buffer that grows leaves its former selves behind. */
struct str package_part(struct package *package, struct str path)
{
    struct buf out = {.arena = package->arena};
    const char *name = str_z(package->arena, path);
    size_t said;
    package->full = most_of(package, name, &said) < said || package->full;
    zip_file_t *file = package->full ? NULL : zip_fopen(package->zip, name, ZIP_FL_NOCASE);
    zip_int64_t got = 0;
    if (!file)
        return (struct str){0};
    buf_reserve(&out, said + 65536);
    do {
        buf_reserve(&out, 65536);
        got = zip_fread(file, out.at + out.len, 65536);
        if (got > 0)
            out.len += (size_t)got;
        package->full = package->full || out.len > said;
    } while (got > 0 && !package->full);
    (void)zip_fclose(file);
    if (got < 0 || package->full)
        return (struct str){0};
    package->left -= out.len;
    return buf_str(&out);
}

bool package_says(struct str bytes, struct str type)
{
    static const struct str FIRST = {"mimetype", 8};
    const size_t head = 30; /* of a zip's first entry, before its name; this one is not packed */
    return str_starts(bytes, STR("PK\x03\x04")) &&
           str_equal(str_slice(bytes, head, FIRST.len), FIRST) &&
           str_equal(str_slice(bytes, head + FIRST.len, type.len), type);
}

struct str package_folder(struct str path)
{
    while (path.len && path.at[path.len - 1] != '/')
        path.len--;
    return path;
}

struct str package_path(struct arena *arena, const char *folder, struct str target)
{
    if (str_starts(target, STR("/")))
        return str_slice(target, 1, target.len);
    if (str_starts(target, STR("../")))
        return str_slice(target, 3, target.len);
    return str_format(arena, "%s%.*s", folder, STR_ARG(target));
}

/* --- XML ------------------------------------------------------------------------------------------ */

static void stay_silent(void *context, xmlErrorPtr error)
{
    (void)context;
    (void)error;
}

/* libxml2 compares each attribute with all others of its element, and looks a name's prefix up among all that are open, so
 * that a part of a megabyte can take it minutes. So does what a document type may declare. A part is looked through for
 * either beforehand, by the bytes alone and in one go. */
#define ATTRIBUTES_MOST 256U /* of an element; Word's root has 40 … */
#define PREFIXES_MOST   512U /* … declared by all elements that are open */
#define DEPTH_MOST      256U /* libxml2's own */

/* A part as signs of ASCII, whatever its encoding: UTF-16 is read by its halves. */
struct signs {
    struct str part;
    size_t width, low; /* bytes of a sign, and which of them counts */
    size_t at, count;
};

static char sign_at(const struct signs *s, size_t at)
{
    const char *sign = s->part.at + at * s->width;
    return at >= s->count ? 0 : s->width == 2 && sign[1 - s->low] ? '\x7F' : sign[s->low];
}

static bool signs_are(const struct signs *s, const char *words)
{
    for (size_t i = 0; words[i]; i++)
        if (sign_at(s, s->at + i) != words[i])
            return false;
    return true;
}

/* Behind the next such words; the end where there are none. */
static void signs_pass(struct signs *s, const char *words)
{
    while (s->at < s->count && !signs_are(s, words))
        s->at++;
    s->at += s->at < s->count ? strlen(words) : 0;
}

/* False where it begins like nothing that is read here: neither in UTF-8 nor in UTF-16. */
static bool signs_begin(struct signs *s, struct str part)
{
    bool big = str_starts(part, STR("\xFE\xFF")) || str_starts(part, STR("\0<"));
    bool little = str_starts(part, STR("\xFF\xFE")) || str_starts(part, STR("<\0"));
    *s = (struct signs){.part = part, .width = big || little ? 2 : 1, .low = big};
    s->count = part.len / s->width;
    s->at = str_starts(part, STR("\xEF\xBB\xBF")) ? 3 : s->width == 2 && sign_at(s, 0) != '<';
    char c = sign_at(s, s->at);
    for (; c == ' ' || c == '\t' || c == '\r' || c == '\n'; c = sign_at(s, s->at))
        s->at++;
    return c == '<';
}

/* The elements that are open, with how many prefixes each declared. */
struct opened {
    size_t depth, prefixes;
    unsigned by_depth[DEPTH_MOST];
};

static void close_element(struct opened *opened)
{
    if (opened->depth)
        opened->prefixes -= opened->by_depth[--opened->depth];
}

/* Passes a start tag; false where it has, or makes, too many of something. */
static bool pass_tag(struct signs *s, struct opened *opened)
{
    unsigned attributes = 0;
    unsigned prefixes = 0;
    char before = 0;
    for (char c; s->at < s->count && (c = sign_at(s, s->at)) != '>'; s->at++) {
        prefixes += signs_are(s, "xmlns");
        attributes += c == '=';
        if (c == '"' || c == '\'') {
            s->at++;
            signs_pass(s, c == '"' ? "\"" : "'");
            s->at--;
        }
        before = c;
    }
    s->at++;
    if (opened->depth == DEPTH_MOST)
        return false;
    opened->by_depth[opened->depth++] = prefixes;
    opened->prefixes += prefixes;
    bool modest = attributes <= ATTRIBUTES_MOST && opened->prefixes <= PREFIXES_MOST;
    if (before == '/')
        close_element(opened);
    return modest;
}

/* Passes what begins with '<'. */
static bool pass_markup(struct signs *s, struct opened *opened)
{
    static const struct {
        const char *begin, *end;
    } PLAIN[] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}, {"</", ">"}};
    for (size_t i = 0; i < sizeof PLAIN / sizeof *PLAIN; i++) {
        if (!signs_are(s, PLAIN[i].begin))
            continue;
        if (PLAIN[i].begin[1] == '/')
            close_element(opened);
        s->at += strlen(PLAIN[i].begin);
        signs_pass(s, PLAIN[i].end);
        return true;
    }
    return !signs_are(s, "<!") && pass_tag(s, opened);
}

static bool is_modest(struct str part)
{
    struct signs signs;
    struct opened opened = {0};
    if (!signs_begin(&signs, part))
        return false;
    while (signs.at < signs.count)
        if (sign_at(&signs, signs.at) != '<')
            signs.at++;
        else if (!pass_markup(&signs, &opened))
            return false;
    return true;
}

struct xml xml_open(struct str part)
{
    struct xml xml = {0};
    if (part.len == 0)
        return xml;
    /* What it says of its encoding is not heeded: it was looked through as what it begins like. */
    if (is_modest(part))
        xml.reader = xmlReaderForMemory(part.at, (int)part.len, NULL, NULL,
                                        XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
    xml.bad = !xml.reader;
    if (xml.reader)
        xmlTextReaderSetStructuredErrorHandler(xml.reader, stay_silent, NULL);
    return xml;
}

bool xml_next(struct xml *xml)
{
    int found = xml->reader && !xml->bad ? xmlTextReaderRead(xml->reader) : 0;
    xml->bad = xml->bad || found < 0;
    if (found == 1 && !xml->bad && xml_is_element(xml))
        xml->elements++;
    return found == 1 && !xml->bad;
}

bool xml_close(struct xml *xml)
{
    xmlFreeTextReader(xml->reader);
    return !xml->bad;
}

bool xml_named(struct xml *xml, const char *name)
{
    return !strcmp((const char *)xmlTextReaderConstLocalName(xml->reader), name);
}

bool xml_is_element(struct xml *xml)
{
    return xmlTextReaderNodeType(xml->reader) == XML_READER_TYPE_ELEMENT;
}

bool xml_is_empty(struct xml *xml)
{
    return xmlTextReaderIsEmptyElement(xml->reader) == 1;
}

bool xml_begins(struct xml *xml, const char *name)
{
    return xml_is_element(xml) && xml_named(xml, name);
}

bool xml_ends(struct xml *xml, const char *name)
{
    int kind = xmlTextReaderNodeType(xml->reader);
    return xml_named(xml, name) && (kind == XML_READER_TYPE_END_ELEMENT ||
                                    (kind == XML_READER_TYPE_ELEMENT && xml_is_empty(xml)));
}

bool xml_is_text(struct xml *xml)
{
    int kind = xmlTextReaderNodeType(xml->reader);
    return kind == XML_READER_TYPE_TEXT || kind == XML_READER_TYPE_CDATA ||
           kind == XML_READER_TYPE_SIGNIFICANT_WHITESPACE;
}

struct str xml_text(struct xml *xml)
{
    return str_of((const char *)xmlTextReaderConstValue(xml->reader));
}

struct str xml_attribute(struct arena *arena, struct xml *xml, const char *name)
{
    struct str value = {0};
    while (xmlTextReaderMoveToNextAttribute(xml->reader) == 1)
        if (xml_named(xml, name))
            value = str_copy(arena, xml_text(xml));
    (void)xmlTextReaderMoveToElement(xml->reader);
    return value;
}

unsigned xml_number(struct str text)
{
    uint64_t number;
    return str_to_u64(text, &number) && number < 10000000 ? (unsigned)number : 0;
}

void xml_skip(struct xml *xml)
{
    int depth = xmlTextReaderDepth(xml->reader);
    if (xml_is_empty(xml))
        return;
    while (xml_next(xml))
        if (xmlTextReaderNodeType(xml->reader) == XML_READER_TYPE_END_ELEMENT &&
            xmlTextReaderDepth(xml->reader) == depth)
            return;
}

/* --- rows by their ids ---------------------------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

void package_sort(void *rows, size_t count, size_t size)
{
    if (count)
        qsort(rows, count, size, by_id);
}

void *package_find(void *rows, size_t count, size_t size, struct str id)
{
    return count && id.len ? bsearch(&id, rows, count, size, by_id) : NULL;
}

bool package_is_web(struct str target)
{
    static const char *const SCHEMES[] = {"http://", "https://", "mailto:"};
    for (size_t i = 0; i < sizeof SCHEMES / sizeof *SCHEMES; i++)
        if (target.len > strlen(SCHEMES[i]) &&
            strncasecmp(target.at, SCHEMES[i], strlen(SCHEMES[i])) == 0)
            return true;
    return false;
}
