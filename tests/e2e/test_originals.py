"""A paper that came as a Word document leaves as that document, in the member's words."""

import re
import zipfile

import pytest

import office
from program import named
from test_copies import words
from test_word_copies import text_of, word_copy
from texts import sample
from word import document

HIDDEN = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>for M9 alone</w:t></w:r></w:p>"


def parts(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}


def split_runs(path, out):
    """The same document with every run cut in the middle of its words, as Word leaves them after editing."""
    def cut(match):
        text = match.group(1)
        half = len(text) // 2
        return "".join(f'<w:r><w:t xml:space="preserve">{part}</w:t></w:r>' for part in (text[:half], text[half:]) if part)

    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                content = re.sub(r'<w:r><w:t xml:space="preserve">([^<&]{2,})</w:t></w:r>', cut, content.decode()).encode()
            new.writestr(name, content)
    return out


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_copy_of_a_document_is_that_document_in_the_members_words(library, lang):
    library.add_members(4)
    whole = library.file("whole.docx", document(sample(lang).read_text(), HIDDEN))
    library.json("publish", split_runs(whole, library.folder / "paper.docx"))
    copy = word_copy(library, "P1", "M2", "copy.docx")
    office.check_package(copy)
    assert "own/0.xml" in parts(copy), "the copy was made anew"
    assert words(text_of(library, copy), "txt") == words(library.copy("P1", "M2"), "txt")
    assert not any("for M9" in part for part in parts(copy).values())
    assert copy.read_bytes() != word_copy(library, "P1", "M3", "other.docx").read_bytes()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_copy_at_level_full_shows_marks_of_the_layout_and_they_name_the_member(library, lang):
    library.add_members(20)
    whole = library.file("whole.docx", document(sample(lang).read_text()))
    library.json("publish", split_runs(whole, library.folder / "paper.docx"), "--level", "full")
    copy = word_copy(library, "P1", "M7", "copy.docx")
    office.check_package(copy)
    assert "own/0.xml" in parts(copy), "the copy was made anew"
    finding = library.json("trace", copy)
    assert named(finding) == {"M7"}
    assert layout_read(finding) > 0.9


def layout_read(finding):
    """The share of marks of the layout that were read, each as it was written."""
    marks = finding["sources"][0]["marks"]["layout"]
    assert finding["members"][0]["channels"]["layout"]["agree"] == marks["read"]
    return marks["read"] / marks["sites"]


def test_a_document_whose_text_was_put_right_is_made_anew(library):
    library.add_members(1)
    path = library.file("a.docx", document("A pa\u200bper with a hidden character.\nIt has words."))
    library.json("publish", path)
    assert "own/0.xml" not in parts(word_copy(library, "P1", "M1", "copy.docx"))


def test_a_copy_that_is_published_again_leaves_as_a_sound_document(library):
    library.add_members(1)
    library.run("settings", "set", "credit", "Example Society")
    copies = [library.file("0.docx", document(sample("en").read_text()))]
    for name in ("1.docx", "2.docx"):
        paper = library.publish(copies[-1], "--level", "full")
        copies.append(library.folder / name)
        library.run("copy", paper, "--master", "--format", "docx", "--out", copies[-1])
        office.check_package(copies[-1])
        assert "own/0.xml" in parts(copies[-1]), "the copy was made anew"
    assert text_of(library, copies[2]) == text_of(library, copies[0])


def test_an_original_is_in_the_backup_and_comes_back(library, tmp_path):
    library.add_members(1)
    library.json("publish", library.file("a.docx", document(sample("en").read_text())))
    before = word_copy(library, "P1", "M1", "before.docx").read_bytes()
    library.run("backup", tmp_path / "backup")
    library.run("restore", tmp_path / "backup", "--data", tmp_path / "restored")
    after = tmp_path / "after.docx"
    library.run("copy", "P1", "--member", "M1", "--format", "docx", "--out", after, "--data", tmp_path / "restored")
    assert after.read_bytes() == before


@pytest.mark.skipif(not office.available(), reason="LibreOffice is not installed")
def test_a_document_by_libreoffice_keeps_its_look_and_names_who_leaked_it(make_circle, tmp_path):
    """What LibreOffice writes is published; a copy that it saved again, as DOCX and by way of ODT, is traced."""
    plain = make_circle(sample("zh"), 100)
    by_office, = office.convert([word_copy(plain.library, "P1", "M1", "source.docx")], "docx", tmp_path)
    circle = make_circle(by_office, 100, "--level", "full")
    copy = word_copy(circle.library, "P1", "M23", "leak.docx")
    office.check_whole(copy)
    assert "own/0.xml" in parts(copy), "the copy was made anew"
    assert parts(copy)["word/styles.xml"].count("<w:style ") == parts(by_office)["word/styles.xml"].count("<w:style ")
    saved, = office.convert([copy], "docx", tmp_path)
    finding = circle.library.json("trace", saved)
    assert named(finding) == {"M23"}
    assert layout_read(finding) > 0.8
