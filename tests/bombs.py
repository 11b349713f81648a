"""Files made to do harm: small, and endless for whoever opens them without care. {name: bytes}, made once."""

import functools
import io
import struct
import zipfile
import zlib

import heic
import pdf

MEGA = 1 << 20
TEXT = b"BT /C 12 Tf 60 700 Td <524D8A00> Tj ET\n"


def deflated(megabytes, unit=b"q Q\n"):
    """As many megabytes of a unit, packed, without holding them."""
    packer = zlib.compressobj(9)
    piece = unit * (MEGA // len(unit))
    return b"".join([packer.compress(piece) for _ in range(megabytes)] + [packer.flush()])


def as_85(packed):
    """Letters in base 85, as PDF takes them."""
    packed += b"\0" * (-len(packed) % 4)
    out = bytearray()
    for (value,) in struct.iter_unpack(">I", packed):
        out += bytes(33 + value // 85 ** i % 85 for i in (4, 3, 2, 1, 0)) if value else b"z"
    return bytes(out) + b"~>"


def forms(width, depth, inner):
    """Forms that draw the next `width` times, `depth` of them; the last draws `inner`."""
    first = pdf.first_extra(1)
    objects = []
    for i in range(depth):
        last = i == depth - 1
        resources = b"" if last else b"/Resources << /XObject << /X %d 0 R >> >> " % (first + i + 1)
        objects.append((b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] " + resources,
                        inner if last else b"/X Do " * width))
    return pdf.of_contents([TEXT + b"/X Do"], b"/XObject << /X %d 0 R >>" % first, objects)


def deep_pages(depth):
    """A tree of pages that has one leaf, far down."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    for i in range(depth):
        objects.append(b"<< /Type /Pages /Count 1 /Kids [%d 0 R] %s >>" % (i + 3, b"/Parent %d 0 R" % (i + 1) if i else b""))
    return pdf.pdf([*objects, b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 9 9] >>" % (depth + 1)])


def many_pages(count):
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    kids = b" ".join(b"%d 0 R" % (i + 3) for i in range(count))
    return pdf.pdf([b"<< /Type /Catalog /Pages 2 0 R >>",
                    b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, kids), *[leaf] * count])


def glyphs(count, a_line=500):
    """Characters over characters."""
    return b"\n".join(b"BT /C 4 Tf 40 %.1f Td <%s> Tj ET" % (800 - 0.5 * i, b"524D" * a_line)
                      for i in range(count // a_line))


def pictured(width, height, packed, extra=b"/ColorSpace /DeviceGray /BitsPerComponent 8"):
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /Filter /FlateDecode %s" % (width, height, extra)
    return pdf.of_contents([b"q 500 0 0 700 40 40 cm /X Do Q"], b"/XObject << /X %d 0 R >>" % pdf.first_extra(1),
                           [(entries, packed)])


def scan():
    """No bomb: a page that is a picture."""
    return pdf.of_contents([b"q 595 0 0 842 0 0 cm /X Do Q"], b"/XObject << /X %d 0 R >>" % pdf.first_extra(1), [
        (b"/Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8", b"abcd")])


def looped_table():
    whole = pdf.of_contents([TEXT])
    table = whole.rindex(b"xref\n0")
    return whole.replace(b"/Root 1 0 R ", b"/Root 1 0 R /Prev %d " % table)


def png(width, height, packed):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", packed) + chunk(b"IEND", b""))


def jpeg(width, height):
    return (b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
            + b"\xff\xc0\0\x0b\x08" + struct.pack(">HH", height, width) + b"\1\1\x11\0"
            + b"\xff\xda\0\x08\1\1\0\0\x3f\0" + b"\0" * 64 + b"\xff\xd9")


def tiff(width, height):
    def entry(tag, value):
        return struct.pack("<HHII", tag, 4, 1, value)
    tags = [(256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, height), (279, 64)]
    return (b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags))
            + b"".join(entry(*t) for t in tags) + b"\0\0\0\0" + b"\0" * 64)


def packed(kind, parts, path, unit, times):
    """A package of a kind, of parts and of one more that is a unit over and over, without holding that."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(zipfile.ZipInfo("mimetype"), kind)
        for name, text in parts.items():
            package.writestr(name, text)
        with package.open(path, "w") as part:
            for _ in range(times // 1000):
                part.write(unit * 1000)
    return out.getvalue()


def book(unit, times):
    """An EPUB of one chapter."""
    return packed("application/epub+zip", {
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="a.opf"/></rootfiles></container>',
        "a.opf": '<package><manifest><item id="a" href="a.xhtml"/></manifest><spine><itemref idref="a"/></spine></package>',
    }, "a.xhtml", unit, times)


def open_document(content):
    """An OpenDocument text of this content."""
    return packed("application/vnd.oasis.opendocument.text", {"content.xml": content}, "x", b"", 0)


def numbered(words, paragraphs):
    """A Word document whose paragraphs are all numbered by as many words."""
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("_rels/.rels", '<Relationships><Relationship Type="/officeDocument" Target="word/document.xml"/></Relationships>')
        package.writestr("word/numbering.xml", f"""<w:numbering xmlns:w="{main}"><w:abstractNum w:abstractNumId="1">
            <w:lvl w:ilvl="0"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="{"Part %1, " * words}"/></w:lvl></w:abstractNum>
            <w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>""")
        package.writestr("word/document.xml", f'<w:document xmlns:w="{main}"><w:body>' + (
            '<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>x</w:t></w:r></w:p>' * paragraphs)
            + "</w:body></w:document>")
    return out.getvalue()


ATTRIBUTES = "<a %s/>" % " ".join(f"a{i}=''" for i in range(300_000))
PREFIXES = "".join("<a %s>" % " ".join(f"xmlns:a{i}-{k}='u'" for i in range(200)) for k in range(200)) + "<b:c/>" * 400_000
DECLARED = "<!DOCTYPE a [%s]><a/>" % "".join(f"<!ATTLIST a b{i} CDATA ''>" for i in range(200_000))


@functools.cache
def bombs():
    """{name: (bytes, what the refusal says in English)}"""
    endless = deflated(70)
    return {
        "contents.pdf": (pdf.of_contents([(b"/Filter /FlateDecode", endless)]), "unpacks to far more"),
        "contents-named-in-codes.pdf": (pdf.of_contents([(b"/Filter /Fl#61teDecode", endless)]), "unpacks to far more"),
        "contents-packed-twice.pdf": (pdf.of_contents([(b"/Filter [/FlateDecode /FlateDecode]", zlib.compress(endless))]),
                                      "unpacks to far more"),
        "contents-in-hex.pdf": (pdf.of_contents([(b"/Filter [/ASCIIHexDecode /FlateDecode]", endless.hex().encode() + b">")]),
                                "unpacks to far more"),
        "contents-in-85.pdf": (pdf.of_contents([(b"/Filter [/ASCII85Decode /FlateDecode]", as_85(endless))]),
                               "unpacks to far more"),
        "contents-by-lzw.pdf": (pdf.of_contents([(b"/Filter /LZWDecode", b"\x80" * 300_000)]), "unpacks to far more"),
        "picture-larger-than-it-says.pdf": (pictured(100, 100, endless), "unpacks to far more"),
        "huge-picture.pdf": (pictured(60_000, 60_000, endless), "3600 million points"),
        "forms-in-forms.pdf": (forms(12, 12, b"0 0 m 9 9 l S"), "page 1 takes far more work"),
        "many-pages.pdf": (many_pages(2001), "2001 pages"),
        "huge.png": (png(60_000, 60_000, endless), "3600 million points"),
        "huge.jpg": (jpeg(65_000, 65_000), "4225 million points"),
        "huge.heic": (heic.single((60_000, 60_000)), "3600 million points"),
        "larger-than-it-says.heic": (heic.single((64, 64), (65_472, 65_472)), "is damaged"),
        "empty.heic": (heic.single((14_000, 14_000)), "unpacks to far more"),
        "huge-tiles.heic": (heic.tiled(2, 2, 32_768), "4295 million points"),
        "one-tile-over-and-over.heic": (heic.tiled(32, 32, 448), "unpacks to far more"),
        "many-tiles.heic": (heic.tiled(100, 100, 64), "page 1 takes far more work"),
        "chapter.epub": (book(b"<p>x", 10_000_000), "unpacks to far more"),
        "blanks.odt": (packed("application/vnd.oasis.opendocument.text", {}, "content.xml", b"<p><s/>", 5_000_000),
                       "unpacks to far more"),
        "blanks-by-number.odt": (open_document("<d><p>x" + '<s c="1000"/>' * 100_000 + "</p></d>"), "unpacks to far more"),
        "numbers.docx": (numbered(1000, 20_000), "unpacks to far more"),
        "attributes.odt": (open_document(ATTRIBUTES), "is damaged"),
        "prefixes.odt": (open_document(PREFIXES), "is damaged"),
        "declared.odt": (open_document(DECLARED), "is damaged"),
        "attributes-hidden-by-quotes.odt": (open_document("<a b='>' " + ATTRIBUTES[3:]), "is damaged"),
        "attributes-in-another-encoding.odt": (open_document(
            ('<?xml version="1.0" encoding="UTF-16"?>' + ATTRIBUTES).encode("utf-16")), "is damaged"),
        "huge.tif": (tiff(60_000, 60_000), "3600 million points"),
    }


@functools.cache
def harmless():
    """Files that only look so: {name: bytes}. They are read, or found to be empty."""
    return {
        "form-that-draws-itself.pdf": pdf.of_contents(
            [TEXT + b"/X Do"], b"/XObject << /X %d 0 R >>" % pdf.first_extra(1),
            [(b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >> "
              % pdf.first_extra(1), b"/X Do /X Do")]),
        "table-that-leads-to-itself.pdf": looped_table(),
        "huge-page.pdf": pdf.of_contents([TEXT], box=b"[0 0 1000000 1000000]"),
        "glyphs.pdf": pdf.of_contents([glyphs(250_000)]),
        "many-objects.pdf": pdf.of_contents([TEXT], extra=[b"null"] * 200_000),
        "deep-tree.pdf": deep_pages(20_000),
    }
