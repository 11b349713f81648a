"""Small PDF files made for tests: pages of text, and what hostile ones hold."""

import textwrap
import zlib

CHINESE = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Song /DW 1000 /CIDSystemInfo"
    b" << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 6 0 R >>",
    (b"", b"begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange"
          b" 1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap"),
    b"<< /Type /FontDescriptor /FontName /Song /Flags 4 /Ascent 880 /Descent -120 /FontBBox [0 -120 1000 880]"
    b" /ItalicAngle 0 /CapHeight 880 /StemV 80 >>",
)
FIRST_PAGE = 7


def pdf(objects, trailer=b""):
    """A file of these objects, from number 1: bytes, or (entries, stream)."""
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        if isinstance(body, tuple):
            entries, stream = body
            body = b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(stream), entries, stream)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, trailer, table)
    return bytes(out)


def of_contents(contents, resources=b"", extra=(), box=b"[0 0 595 842]"):
    """A file with a page for each content: bytes, or (entries, stream). `extra` objects follow the pages'."""
    kids = b" ".join(b"%d 0 R" % (FIRST_PAGE + 2 * i) for i in range(len(contents)))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>",
               b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(contents), kids), *CHINESE]
    for i, content in enumerate(contents):
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents %d 0 R /Resources"
                       b" << /Font << /C 3 0 R >> %s >> >>" % (box, FIRST_PAGE + 2 * i + 1, resources))
        objects.append(content if isinstance(content, tuple) else
                       (b"/Filter /FlateDecode", zlib.compress(content)))
    return pdf([*objects, *extra])


def of_named_font(text, encoding, codec, ordering="GB1", half=b""):
    """A page of text in a font that is not in the file, by one of the encodings that readers bring along."""
    return pdf([
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /C 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /%s /DescendantFonts [6 0 R] >>" % encoding.encode(),
        (b"", b"BT /C 12 Tf 60 700 Td <%s> Tj ET" % text.encode(codec).hex().encode()),
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /DW 1000 /W [%s] /FontDescriptor 7 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (%s) /Supplement 2 >> >>" % (half, ordering.encode()),
        b"<< /Type /FontDescriptor /FontName /SimSun /Flags 4 /Ascent 880 /Descent -120 /FontBBox [0 -120 1000 880]"
        b" /ItalicAngle 0 /CapHeight 880 /StemV 80 >>"])


def first_extra(pages):
    """The number of the first of `extra` objects."""
    return FIRST_PAGE + 2 * pages


def lines_of(text, wide=38):
    """Lines as a typesetter breaks them: Chinese after any character, with two ems before a paragraph."""
    for paragraph in filter(str.strip, text.split("\n")):
        paragraph = "　　" + paragraph.strip()
        if paragraph.isascii():
            yield from textwrap.wrap(paragraph, 2 * wide)
        else:
            yield from (paragraph[i:i + wide] for i in range(0, len(paragraph), wide))


def of_text(text, head="", size=12, a_page=38):
    """A text set in pages, with a head and a number on each."""
    lines = list(lines_of(text))
    contents = []
    for number, first in enumerate(range(0, len(lines), a_page), 1):
        page = [(780 - 18 * i, line) for i, line in enumerate(lines[first:first + a_page])]
        if head:
            page.insert(0, (815, head))
        page.append((40, f"第 {number} 页"))
        contents.append(b"\n".join(
            b"BT /C %d Tf %d %d Td <%s> Tj ET" % (
                size, 60 + size * (len(line) - len(line.lstrip("　"))), y,
                line.strip("　").encode("utf-16-be").hex().encode())
            for y, line in page))
    return of_contents(contents)
