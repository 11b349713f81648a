"""Inspecting: what someone hid in a text, or a scanner got wrong."""

import pytest

from texts import long_text, samples

CLEAN = "会议强调，质量第一，各单位要从大局出发，把中心工作抓好。"


def concerns(library, text, *options):
    found = library.json("inspect", library.file("t.txt", text * 3), *options)
    return found if isinstance(found, list) else found["concerns"]


@pytest.mark.parametrize("found,meant", [
    ("第—，", "第一，"), ("屮心", "中心"), ("大\u200b局", "大局"), ("⼤局", "大局"), ("会\u00ad议", "会议"),
])
def test_what_was_hidden_or_misread_is_found(library, found, meant):
    odd = CLEAN.replace(meant, found)
    assert odd != CLEAN
    text = CLEAN + "\n" + odd + "\n" + CLEAN
    listed = library.json("inspect", library.file("t.txt", text))
    listed = listed if isinstance(listed, list) else listed["concerns"]
    assert [c["line"] for c in listed] == [2]


def test_cyrillic_in_a_latin_word_is_found(library):
    listed = concerns(library, "The committee met again and the c\u043emmittee agreed.\n")
    assert listed and all("\u043e" in c["found"] for c in listed)


def test_clean_text_raises_next_to_nothing(library):
    for lang in ("zh", "en"):
        text = long_text(lang, 20000)
        assert len(concerns(library, text)) <= 6, lang


@pytest.mark.parametrize("path", samples("zh") + samples("en"), ids=lambda p: p.name)
def test_the_projects_own_papers_are_clean(library, path):
    listed = library.json("inspect", path)
    assert (listed if isinstance(listed, list) else listed["concerns"]) == []


def test_the_clean_text_is_written_out(library):
    path = library.file("t.txt", CLEAN.replace("大局", "大\u200b局") + "\n")
    library.run("inspect", path, "--clean", "--yes", "--out", library.folder / "clean.txt")
    assert (library.folder / "clean.txt").read_text(encoding="utf-8") == CLEAN + "\n"
