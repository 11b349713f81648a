"""Photographs as iPhones and other telephones save them (HEIC)."""

import heic
import pytest


@pytest.mark.parametrize("brand, words", [
    (b"qt  ", "is a film"), (b"isom", "is a film"), (b"hevc", "is a film"), (b"msf1", "is a film"), (b"avif", "AVIF"),
])
def test_films_and_other_kinds_are_refused_in_words(library, brand, words):
    refused = library.run("trace", library.file("live.mov", heic.container([], [], [], brand=brand)), code=1)
    assert "live.mov" in refused.err and words in refused.err


def test_a_picture_is_no_paper(library):
    refused = library.run("publish", library.file("page.heic", heic.single((640, 480))), code=1)
    assert "page.heic is a picture; publish the document that it shows" in refused.err
