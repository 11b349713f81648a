"""Copies: each member's own, the same each time, recorded before it leaves."""

import html
import re

import pytest

from texts import sample, samples

CREDIT = "示例研究会 · 联系 office@example.org"
NOTICE = "仅供会员本人阅读，请勿转发。"


@pytest.fixture
def shared(library):
    library.add_members(12)
    library.run("settings", "set", "credit", CREDIT)
    library.run("settings", "set", "notice", NOTICE)
    return library


def words(text, kind):
    """The words of a copy, whatever its format: without markup, list numbers and link addresses."""
    if kind == "html":
        text = html.unescape(re.sub(r"<[^>]+>", "\n", text[text.index("</head>"):]))
    if kind == "md":
        text = re.sub(r"\]\(<[^>]*>\)", "]", text)
        text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)
    text = re.sub(r"^[\s#>]*\d+\. ", "", text, flags=re.M)
    return re.sub(r"[^\w，。；：、“”《》]+", "", text.replace("_", ""))


@pytest.mark.parametrize("path", samples("zh") + samples("en"), ids=lambda p: p.name)
def test_a_member_gets_the_same_words_in_every_format(library, path):
    library.add_members(2)
    paper = library.publish(path)
    plain, marked, page = (words(library.copy(paper, "M2", kind), kind)
                           for kind in ("txt", "md", "html"))
    assert plain == marked == page


def test_a_member_gets_the_same_bytes_each_time(shared):
    paper = shared.publish(sample("zh"))
    for kind in ("txt", "md", "html"):
        assert shared.copy(paper, "M3", kind) == shared.copy(paper, "M3", kind)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_two_members_and_no_master_share_a_copy(shared, lang):
    paper = shared.publish(sample(lang))
    texts = list(shared.copy_all(paper).values()) + [shared.master(paper)]
    assert len(set(texts)) == 13


@pytest.mark.parametrize("kind", ["txt", "md", "html"])
def test_credit_stands_at_top_and_bottom_and_notice_at_the_head(shared, kind):
    paper = shared.publish(sample("zh"))
    text = shared.copy(paper, "M1", kind)
    text = text[text.index("</head>"):] if kind == "html" else text
    first, last = text.index(CREDIT), text.rindex(CREDIT)
    assert max(first, text.index(NOTICE)) < len(text) // 5
    assert last > 0.8 * len(text)


def test_a_copy_is_recorded(shared):
    paper = shared.publish(sample("en"))
    before = len(shared.json("events"))
    shared.copy(paper, "M7", "html")
    last = shared.json("events")[-1]
    assert len(shared.json("events")) == before + 1
    assert last["kind"] == "copy.given" and last["subject"] == paper
    assert last["data"] == {"edition": 1, "member": "M7", "format": "html"}


def test_the_master_is_no_copy(shared):
    paper = shared.publish(sample("en"))
    shared.master(paper)
    assert "copy.given" not in [e["kind"] for e in shared.json("events")]


def test_one_for_each_member_is_that_members_own(shared):
    paper = shared.publish(sample("en"))
    copies = shared.copy_all(paper)
    assert sorted(copies) == sorted(f"M{i}" for i in range(1, 13))
    assert all(text == shared.copy(paper, member) for member, text in copies.items())


def test_an_older_edition_can_still_be_copied(shared):
    paper = shared.publish(shared.file("a.txt", "First words of the paper.\n" * 5))
    shared.json("publish", shared.file("b.txt", "Other words of the paper.\n" * 5), "--paper", paper)
    assert "First words" in shared.copy(f"{paper}/1", "M1")
    assert "Other words" in shared.copy(paper, "M1")


def test_the_html_copy_is_a_whole_page_that_asks_for_nothing(shared):
    paper = shared.publish(sample("en", ".md"))
    page = shared.copy(paper, "M1", "html")
    assert page.lower().startswith("<!doctype html>") and 'lang="en' in page
    assert not re.search(r"<script|<link|<img|src=|@import|url\(", page)


def test_markup_in_a_text_is_shown_and_not_obeyed(shared):
    paper = shared.publish(shared.file("p.txt", "A note on <script>alert(1)</script> & such things.\n"))
    page = shared.copy(paper, "M1", "html")
    assert "<script>" not in page and "&lt;script&gt;" in page


@pytest.mark.parametrize("options,code", [
    (("--member", "nobody@example.org"), 1), (("--member", "M999"), 1), ((), 2),
    (("--member", "M1", "--all"), 2), (("--all",), 2), (("--member", "M1", "--format", "doc"), 2),
    (("--member", "M1", "--out-dir", "x"), 2), (("--all", "--out-dir", "x", "--out", "y"), 2),
    (("--master", "--out-dir", "x"), 2),
])
def test_a_copy_for_nobody_is_refused(shared, options, code):
    paper = shared.publish(sample("en"))
    shared.run("copy", paper, *options, code=code)


def test_a_copy_that_can_not_be_written_says_so(shared):
    paper = shared.publish(sample("en"))
    refused = shared.run("copy", paper, "--member", "M1", "--out", "/nowhere/at/all.txt", code=1)
    assert "/nowhere/at/all.txt" in refused.err


def test_copies_that_have_no_folder_to_go_to_are_not_recorded(shared):
    paper = shared.publish(sample("en"))
    there = shared.file("there", "a file, not a folder")
    refused = shared.run("copy", paper, "--all", "--out-dir", there, code=1)
    assert str(there) in refused.err
    assert "copy.given" not in [e["kind"] for e in shared.json("events")]


def test_a_copy_that_is_no_text_goes_to_a_file_alone(shared):
    paper = shared.publish(sample("en"))
    refused = shared.run("copy", paper, "--member", "M2", "--format", "docx", "--json", code=2)
    assert "--out" in refused.err
    assert "copy.given" not in [e["kind"] for e in shared.json("events")]


def test_a_copy_tells_as_json_where_it_went_or_holds_the_text(shared):
    paper = shared.publish(sample("en"))
    out = shared.folder / "copy.txt"
    about = {"paper": paper, "edition": 1, "format": "txt", "member": "M2"}
    assert shared.json("copy", paper, "--member", "M2", "--out", out) == {**about, "file": str(out)}
    assert shared.json("copy", paper, "--member", "M2") == {**about, "text": out.read_text()}
    assert "member" not in shared.json("copy", paper, "--master")
