"""Copies as e-books: packages that readers open, well-formed, in the member's own words."""

import re
import shutil
import subprocess
import zipfile

import pytest
from lxml import etree

from test_copies import words
from texts import sample

X = "{http://www.w3.org/1999/xhtml}"
FORMS = "# A & B\n\n## 1. One <x>\n\nText **bold** with [a link](https://example.org/?a=1&b=2).\n\n- item\n\n" \
        "> said \ufffe\uffff\n\n| a | b |\n| --- | --- |\n| c | d |\n\n---\n\n```\ncode\n```\n"


def book(library, paper, member):
    path = library.folder / f"{member}.epub"
    library.run("copy", paper, "--member", member, "--format", "epub", "--out", path)
    return path


def parts_of(path):
    """What the package holds, by the path that container and manifest give."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read("mimetype") == b"application/epub+zip"
        container = etree.fromstring(archive.read("META-INF/container.xml"))
        opf = container.find(".//{*}rootfile").get("full-path")
        package = etree.fromstring(archive.read(opf))
        folder = opf.rsplit("/", 1)[0]
        items = {i.get("id"): i for i in package.iter("{*}item")}
        assert [r.get("idref") for r in package.iter("{*}itemref")] == ["cover", "paper"]
        assert items["paper"].get("properties") == "nav"
        return {key: archive.read(f"{folder}/{item.get('href')}") for key, item in items.items()} | {"opf": package}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_book_holds_the_members_words_and_links_to_every_heading(library, lang):
    library.add_members(3)
    library.run("settings", "set", "notice", "Keep <this>")
    paper = library.publish(sample(lang))
    parts = parts_of(book(library, paper, "M2"))
    page = etree.fromstring(parts["paper"])
    ids = {e.get("id") for e in page.iter() if e.get("id")}
    links = [a.get("href") for a in page.iter(X + "a") if a.get("href").startswith("#")]
    headings = {identity for identity in ids if re.fullmatch(r"h\d+", identity)}
    assert {"title"} | headings <= {link[1:] for link in links} <= ids and len(links) == len(set(links))
    body = page.find(f".//{X}section")
    text = library.copy(paper, "M2")
    assert words("\n".join(body.itertext()), "txt") in words(text, "txt")
    assert "Keep <this>" in "".join(etree.fromstring(parts["cover"]).itertext())
    assert book(library, paper, "M2").read_bytes() != book(library, paper, "M3").read_bytes()


def test_every_form_of_text_is_well_formed(library):
    library.add_members(1)
    paper = library.publish(library.file("forms.md", FORMS))
    page = etree.fromstring(parts_of(book(library, paper, "M1"))["paper"])
    assert [a.get("href") for a in page.iter(X + "a")][-1] == "https://example.org/?a=1&b=2"
    assert page.find(f".//{X}hr") is not None and page.find(f".//{X}td") is not None


@pytest.mark.skipif(not shutil.which("mutool"), reason="mutool is not installed")
def test_mupdf_opens_a_book_and_reads_its_words(library):
    library.add_members(1)
    paper = library.publish(sample("en"))
    done = subprocess.run(["mutool", "draw", "-F", "txt", book(library, paper, "M1")], capture_output=True, timeout=60)
    assert done.returncode == 0 and not re.search(rb"error", done.stderr)
    title = library.json("papers")[0]["title"]
    assert title in " ".join(done.stdout.decode(errors="replace").split())
