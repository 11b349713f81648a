"""Visible marks read back from what turned up: the code (QR) and the number in print, each where the other is gone, and what
Word documents show in their margins."""

import io
import random
import re
import sqlite3
import subprocess
import zipfile

import pytest
from PIL import Image, ImageChops, ImageDraw

from finding_schema import check_finding
import office
import word
from texts import sample

DPI = 200
NUMBER = "TH2F-J2UF-E9GF-VEB7"  # as all others are drawn at random
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</word>')


def tool(*arguments):
    return subprocess.run([*map(str, arguments)], check=True, capture_output=True).stdout


@pytest.fixture
def copy_of(library):
    """Gives a copy of a short paper in a format, and its number as it is printed."""
    def give(mark, kind="pdf", lang="zh", site="https://papers.example.org"):
        library.add_members(3)
        if site:
            library.run("settings", "set", "site.url", site)
        words = sample(lang).read_text(encoding="utf-8")
        short = library.file("short.txt", words[:700 if lang == "zh" else 2000])
        paper = library.publish(short, "--mark", mark)
        path = library.folder / f"copy.{kind}"
        for _ in range(2):
            library.run("copy", paper, "--member", "M2", "--format", kind, "--out", path)
            with sqlite3.connect(library.data / "chancery.db") as db:
                db.execute("UPDATE copy SET number = ? WHERE member = 2", [NUMBER.replace("-", "")])
        return path, NUMBER

    return give


def page(path, dpi=DPI):
    return Image.open(io.BytesIO(tool("pdftoppm", "-png", "-gray", "-r", dpi, "-singlefile", path))).convert("L")


def cover(picture, path, number, print_too):
    """Paints over the code beside the number, or over the print."""
    boxes = [[float(v) * picture.width / 595.276 for v in m[:4]]
             for m in WORD.findall(tool("pdftotext", "-bbox", "-l", 1, path, "-").decode()) if m[4] == number]
    (left, top, right, bottom), = boxes
    high = bottom - top
    area = [left - 1, top - 3 * high, right + high, bottom + 3 * high] if print_too else \
        [0, top - 8 * high, left - 1, bottom + 8 * high]
    ImageDraw.Draw(picture).rectangle(area, fill=255)
    return picture


def grain_of(size):
    """Noise of 8 levels of grey around 128, the same each time."""
    return Image.frombytes("L", size, random.Random(1).randbytes(size[0] * size[1])).point(lambda v: 128 + (v - 128) * 14 // 128)


def scanned(picture):
    """A degree askew, with grain, as JPEG."""
    askew = picture.rotate(-1, resample=Image.BICUBIC, fillcolor=255)
    grain = grain_of(askew.size)
    out = io.BytesIO()
    ImageChops.add(ImageChops.multiply(askew, Image.new("L", askew.size, 235)), grain, offset=-128).convert("RGB").save(
        out, "JPEG", quality=75, dpi=(DPI, DPI))
    return out.getvalue()


def signs(library, name, content):
    finding = library.json("trace", library.file(name, content))
    check_finding(finding)
    return [(s["number"], s["member"]) for s in finding["signs"]]


@pytest.mark.parametrize("mark", ["margin", "diagonal"])
def test_the_code_on_a_scanned_page_tells_whose_copy_it_is_when_the_print_is_gone(library, copy_of, mark):
    path, number = copy_of(mark)
    found = scanned(cover(page(path), path, number, print_too=True))
    assert signs(library, "scan.jpg", found) == [(number, "M2")]


def test_where_the_portal_has_no_public_address_the_code_says_the_number_alone(library, copy_of, tmp_path):
    path, number = copy_of("margin", site=None)
    picture = cover(page(path), path, number, print_too=True)
    assert signs(library, "scan.jpg", scanned(picture)) == [(number, "M2")]
    picture.save(tmp_path / "page.png")
    assert tool("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", tmp_path / "page.png").decode().strip() == number


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_number_in_print_is_read_from_a_scan_when_the_code_is_gone(library, copy_of, lang):
    path, number = copy_of("margin", lang=lang)
    found = scanned(cover(page(path), path, number, print_too=False))
    assert signs(library, "scan.jpg", found) == [(number, "M2")]


def test_the_code_is_read_from_a_screenshot_at_its_smallest_and_from_a_scanned_pdf(library, copy_of):
    path, number = copy_of("margin")
    shot, scan = io.BytesIO(), io.BytesIO()
    cover(page(path, 96), path, number, print_too=True).save(shot, "PNG")
    picture = Image.open(io.BytesIO(scanned(cover(page(path), path, number, print_too=True))))
    picture.save(scan, "PDF", resolution=DPI)
    assert signs(library, "shot.png", shot.getvalue()) == [(number, "M2")]
    assert signs(library, "scan.pdf", scan.getvalue()) == [(number, "M2")]
    found = [library.folder / "shot.png", library.folder / "scan.pdf", library.file("words.txt", "Some words.")]
    assert [(e["read_as"], e["pages"], e["pictured"], e["languages"]) for e in library.json("trace", *found)["exhibits"]] == [
        ("picture", 1, 1, ["zh"]), ("pdf", 1, 1, ["zh"]), ("text", 0, 0, [])]
    told = library.run("trace", *found).out
    assert f"Exhibit 1: {found[0]}: Picture; letters recognised (Chinese)" in told
    assert f"Exhibit 2: {found[1]}: PDF of 1 page; letters recognised (Chinese)" in told
    assert len(re.findall(r"(?:about \d+ characters|fewer than 1 character) in 100", told)) == 2
    assert f"Exhibit 3: {found[2]}: Text\n" in told
    told = library.run("trace", *found, locale="zh_CN.UTF-8").out
    assert f"物证 2：{found[1]}：PDF，1 页，经文字识别（中文）" in told


# --- Word ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["margin", "diagonal"])
def test_a_word_copy_tells_its_number_as_it_is_saved_again_and_printed_to_pdf(library, copy_of, tmp_path, mark):
    path, number = copy_of(mark, "docx")
    found = [path, *(one for kind in ("docx", "pdf", "odt") for one in office.convert([path], kind, tmp_path))]
    finding = library.json("trace", *found)
    assert [(s["number"], s["member"], s["exhibit"]) for s in finding["signs"]] == [(number, "M2", 0)]
    for one in found:
        assert signs(library, one.name, one.read_bytes()) == [(number, "M2")], one


def test_a_book_tells_its_number(library, copy_of):
    path, number = copy_of("margin", "epub")
    assert signs(library, "found.epub", path.read_bytes()) == [(number, "M2")]


def with_parts(document, **parts):
    """A Word document with further parts in word/."""
    out = io.BytesIO(document)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(f"word/{name}.xml", text)
    return out.getvalue()


def paragraph(*runs):
    return "<w:p>" + "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


def test_numbers_in_margins_and_text_boxes_of_a_word_document_are_seen_however_they_are_cut(library, copy_of):
    _, number = copy_of("margin", "docx")
    part = '<w:{0} xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{1}</w:{0}>'
    box = f"<w:p><w:r><w:pict><w:txbxContent>{paragraph(number)}</w:txbxContent></w:pict></w:r></w:p>"
    plain = word.document("Some words.\nAnd more.")
    for name, content in {
        "header2": with_parts(plain, header2=part.format("hdr", paragraph("Li · 7KMP-", "x") + paragraph(number[:6], number[6:]))),
        "footer1": with_parts(plain, footer1=part.format("ftr", paragraph(f"{number} · p. 1"))),
        "box": word.document("Some words.\nAnd more.", box),
    }.items():
        assert signs(library, f"{name}.docx", content) == [(number, "M2")], name


def test_a_header_that_unpacks_to_far_more_than_it_holds_is_left_alone(library, copy_of):
    _, number = copy_of("margin", "docx")
    huge = with_parts(word.document("Some words.\nAnd more."), header1=" " * 40_000_000 + number, footer1=f"<w>{number}</w>")
    assert signs(library, "huge.docx", huge) == []
