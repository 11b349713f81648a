"""Copies as Word documents: whole, in the order that Word demands, and the member's own words after LibreOffice too."""

import re
import zipfile

import pytest

import office
from program import named
from test_copies import words
from texts import sample, samples

FORMS = """# Minutes & <plan>

Before the list: **bold**, *slanted*, `code` and [a link](https://example.org/?a=1&b=2).

1. first
2. second
   - inner one
   - inner two
3. third

> Quoted words.

```
code  with
    spaces
```

| a | b |
| --- | --- |
| c | d |

| only |
| --- |
| this |
"""


def word_copy(library, paper, member, name):
    path = library.folder / name
    library.run("copy", paper, "--member", member, "--format", "docx", "--out", path)
    return path


def text_of(library, path):
    """What Chancery itself reads in a document, published elsewhere as it is."""
    paper = library.json("publish", path, "--as-is")["paper"]
    return library.master(paper)


@pytest.fixture
def circle(library):
    library.add_members(5)
    library.run("settings", "set", "notice", "Not to be <passed> on.\nSecond line.")
    library.run("settings", "set", "credit", "Example Society & Co")
    return library


@pytest.mark.parametrize("path", samples("zh") + samples("en"), ids=lambda p: p.name)
def test_a_copy_is_a_sound_package_in_the_members_words(library, path):
    library.add_members(3)
    paper = library.publish(path)
    copy = word_copy(library, paper, "M2", "copy.docx")
    office.check_package(copy)
    assert words(text_of(library, copy), "txt") == words(library.copy(paper, "M2"), "txt")


def test_every_form_of_text_is_written_as_the_schema_has_it(circle):
    circle.file("forms.md", FORMS)
    paper = circle.json("publish", circle.folder / "forms.md")["paper"]
    copy = word_copy(circle, paper, "M1", "copy.docx")
    office.check_package(copy)
    with zipfile.ZipFile(copy) as archive:
        header = archive.read("word/header2.xml").decode()
        assert "Not to be &lt;passed&gt; on." in header and "Example Society &amp; Co" in header
        assert "https://example.org/?a=1&amp;b=2" in archive.read("word/_rels/document.xml.rels").decode()


def test_a_mark_across_the_page_says_what_shape_it_has(circle):
    """Without that LibreOffice draws nothing."""
    paper = circle.publish(sample("en"), "--mark", "diagonal")
    copy = word_copy(circle, paper, "M1", "copy.docx")
    office.check_package(copy)
    with zipfile.ZipFile(copy) as archive:
        assert "<v:textpath" in archive.read("word/header1.xml").decode()


def test_a_copy_is_the_same_each_time_and_no_other_members(circle):
    paper = circle.publish(sample("zh"))
    one, again, other = (word_copy(circle, paper, m, n).read_bytes()
                         for m, n in (("M1", "1.docx"), ("M1", "2.docx"), ("M2", "3.docx")))
    assert one == again != other


@pytest.mark.skipif(not office.available(), reason="LibreOffice is not installed")
def test_a_copy_that_libreoffice_saved_again_names_whose_it_is(make_circle, tmp_path):
    leaks = {}
    for lang in ("zh", "en"):
        circle = make_circle(sample(lang), 100)
        leaks[lang] = circle, word_copy(circle.library, "P1", "M17", f"{lang}.docx")
    saved = office.convert([path for _, path in leaks.values()], "docx", tmp_path)
    for (circle, _), path in zip(leaks.values(), saved):
        assert named(circle.library.json("trace", path)) == {"M17"}
        assert re.search(r"\w", text_of(circle.library, path))
