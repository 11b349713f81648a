"""Word documents: published as papers, inspected, and traced where one leaks; and web pages, traced alone."""

import html

import pytest

from finding_schema import check_finding
from program import named
from texts import sample
from word import document

HIDDEN = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>for M9 alone</w:t></w:r></w:p>"


def test_a_document_is_published_as_the_text_that_it_shows(library):
    text = sample("zh").read_text()
    library.file("speech.docx", document(text, HIDDEN))
    library.file("speech.txt", text.encode())
    word = library.json("publish", library.folder / "speech.docx")
    plain = library.json("publish", library.folder / "speech.txt")
    assert word["encoding"] == "DOCX" and word["left_out"] == '1 piece of hidden text “for M9 alone”'
    assert word["title"] == plain["title"]
    assert library.master(word["paper"]) == library.master(plain["paper"])
    assert word["strength"] == plain["strength"]


def test_what_is_left_out_is_said_in_either_language(library):
    path = library.file("a.docx", document("Annual report\nAll was well this year.", HIDDEN))
    assert "Not in the text: 1 piece of hidden text" in library.run("publish", path).out
    assert "正文中不含：1处隐藏文字" in library.run("publish", path, locale="zh_CN.UTF-8").out
    assert "Word copies look like the document." in library.run("publish", path).out


def test_a_document_is_inspected(library):
    path = library.file("a.docx", document("A pa\u200bper with a hidden character."))
    assert library.json("inspect", path)["encoding"] == "DOCX"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_copy_that_leaks_as_a_document_names_whose_it_is(make_circle, lang):
    circle = make_circle(sample(lang), 200)
    leak = circle.library.file("leak.docx", document(circle.copies["M17"]))
    finding = circle.library.json("trace", leak)
    check_finding(finding)
    assert named(finding) == {"M17"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_that_was_saved_where_a_copy_leaked_names_whose_it_is(make_circle, lang):
    circle = make_circle(sample(lang), 200)
    lines = "".join(f"<div class=post>{html.escape(line)}</div>\n" for line in circle.copies["M23"].splitlines())
    page = circle.library.file("saved.html", f"<!DOCTYPE html><html><head><title>Forum</title></head><body>{lines}</body></html>")
    finding = circle.library.json("trace", page)
    check_finding(finding)
    assert named(finding) == {"M23"}


@pytest.mark.parametrize("name, content, words", [
    ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as DOCX"),
    ("a.pdf", b"%PDF-1.7\n%", "is damaged"),
    ("a.png", b"\x89PNG\r\n\x1a\n", "is a picture"),
    ("bad.docx", document("Text")[:-40], "can't be read as a Word document"),
    ("page.html", b"<html><p>Words", "is a web page"),
    ("a.zip", b"PK\x03\x04zz", "is an archive"),
], ids=["old", "pdf", "picture", "cut", "page", "zip"])
def test_what_is_no_document_is_refused_by_name(library, name, content, words):
    path = library.file(name, content)
    refused = library.run("publish", path, code=1)
    assert name in refused.err and words in refused.err
    assert library.json("papers") == []
