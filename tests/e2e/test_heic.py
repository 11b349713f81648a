"""Photographs as iPhones and other telephones save them (HEIC): traced as other pictures are."""

import subprocess

import heic
import pytest
from PIL import Image, ImageChops

from program import named
from texts import sample

DPI = 170  # as a telephone sees a page that fills the picture


@pytest.fixture(scope="module")
def circle(make_circle):
    return make_circle(sample("zh"), 200)


@pytest.fixture(scope="module")
def photographs(circle, tmp_path_factory):
    """Of the first pages of a member's copy on paper, taken by hand."""
    folder = tmp_path_factory.mktemp("pages")
    circle.library.run("copy", circle.paper, "--member", "M21", "--format", "pdf", "--out", folder / "copy.pdf")
    subprocess.run(["pdftoppm", "-png", "-gray", "-r", str(DPI), "-l", "2", folder / "copy.pdf", folder / "page"], check=True)
    return [taken(Image.open(page)) for page in sorted(folder.glob("page-*.png"))]


def taken(page):
    """On a dark table, in a room's light, with grain."""
    table = Image.new("L", (page.width + 200, page.height + 200), 60)
    table.paste(page.convert("L"), (100, 100))
    light = Image.linear_gradient("L").resize(table.size).point([190 + v // 5 for v in range(256)])
    return ImageChops.add(ImageChops.multiply(table, light), Image.effect_noise(table.size, 6), offset=-128)


def test_photographs_of_a_copy_on_paper_name_its_member(circle, photographs):
    files = [circle.library.file(f"IMG_{n}.HEIC", heic.photograph(picture, turns=n)) for n, picture in enumerate(photographs)]
    finding = circle.library.json("trace", *files)
    assert named(finding) == {"M21"}
    assert [(e["read_as"], e["pages"], e["pictured"]) for e in finding["exhibits"]] == [("picture", 1, 1)] * 2


@pytest.mark.parametrize("brand, words", [
    (b"qt  ", "is a film"), (b"isom", "is a film"), (b"hevc", "is a film"), (b"msf1", "is a film"), (b"avif", "AVIF"),
])
def test_films_and_other_kinds_are_refused_in_words(library, brand, words):
    refused = library.run("trace", library.file("live.mov", heic.container([], [], [], brand=brand)), code=1)
    assert "live.mov" in refused.err and words in refused.err


def test_a_picture_is_no_paper(library):
    refused = library.run("publish", library.file("page.heic", heic.single((640, 480))), code=1)
    assert "page.heic is a picture; publish the document that it shows" in refused.err
