"""Looking at marking sites and changing them."""

import re

import pytest

from texts import sample

TEXT = "各单位要提出明确的办法。其他同志要加快推进这项工作，其他事项另行通知。\n"


@pytest.fixture
def paper(library):
    library.add_members(4)
    return library.publish(sample("zh", ".txt"))


def sites(library, paper, *options):
    return library.json("sites", paper, *options)["sites"]


def test_each_site_stands_in_its_sentence_with_both_readings(library, paper):
    for site in sites(library, paper):
        assert len(site["alternatives"]) == 2 and len(set(site["alternatives"])) == 2
        for place in site["places"]:
            master, other = place["renderings"]
            assert master == place["sentence"] != other


def test_a_channel_can_be_looked_at_alone(library, paper):
    every = sites(library, paper)
    words = sites(library, paper, "--channel", "word")
    assert words == [s for s in every if s["channel"] == "word"] != []


def test_the_context_can_be_narrowed(library, paper):
    for site in sites(library, paper, "--context", "4"):
        for place in site["places"]:
            assert len(place["sentence"]) <= 8 + max(map(len, site["alternatives"])) + 40
    assert library.run("sites", paper, "--context", "0", code=2)


def test_the_preview_holds_master_and_alternative_of_every_place(library, paper):
    shown = library.run("sites", "preview", paper).out
    places = sum(len(s["places"]) for s in sites(library, paper))
    brackets = re.findall(r"\[([^\[\]|]*)\|([^\[\]|]*)\]", shown)
    assert len(brackets) == places
    first = re.sub(r"\[([^\[\]|]*)\|[^\[\]|]*\]", r"\1", shown)
    assert first.split() == library.master(paper).split()


def test_a_locked_site_keeps_the_masters_words_in_every_copy(library, paper):
    every = sites(library, paper)
    ids = [s["site"] for s in every]
    library.run("sites", "lock", paper, *ids)
    assert all(s["locked"] for s in sites(library, paper))
    assert library.copy(paper, "M1") == library.copy(paper, "M2") == library.master(paper)


def test_unlocking_gives_the_marks_back(library, paper):
    ids = [s["site"] for s in sites(library, paper)]
    library.run("sites", "lock", paper, *ids)
    library.run("sites", "unlock", paper, *ids)
    assert library.copy(paper, "M1") != library.copy(paper, "M2")


def test_before_any_copy_a_change_stays_in_the_edition_and_afterwards_makes_a_new_one(library, paper):
    first, second = [s["site"] for s in sites(library, paper)][:2]
    assert library.json("sites", "lock", paper, first)["edition"] == 1
    library.copy(paper, "M1")
    assert library.json("sites", "lock", paper, second)["edition"] == 2
    assert not [s for s in sites(library, f"{paper}/1") if s["site"] == second][0]["locked"]


def test_a_site_is_added_by_the_words_and_their_alternative(library):
    library.add_members(40)
    paper = library.publish(library.file("p.txt", TEXT))
    library.run("sites", "add", paper, "提出明确的办法", "拿出明确的办法")
    texts = {library.copy(paper, f"M{i}") for i in range(1, 41)}
    assert any("拿出明确的办法" in t for t in texts)
    assert any("提出明确的办法" in t for t in texts)
    assert [s for s in sites(library, paper) if s["by_hand"]]


@pytest.mark.parametrize("words,other", [("没有这几个字", "有这几个字"), ("提出明确的办法", "提出明确的办法"),
                                         ("", "x")])
def test_a_site_that_can_not_be_is_refused(library, words, other):
    paper = library.publish(library.file("p.txt", TEXT))
    before = sites(library, paper)
    assert library.run("sites", "add", paper, words, other, code=None).code in (1, 2)
    assert sites(library, paper) == before


@pytest.mark.parametrize("site", ["S0", "S99999", "x", ""])
def test_an_unknown_site_is_refused(library, paper, site):
    assert library.run("sites", "lock", paper, site, code=None).code in (1, 2)


def test_no_site_is_inside_what_must_not_change(library):
    text = ("《其他工作条例》指出：“其他同志要加快推进。”2025年3月14日，在北京召开会议，"
            "投入资金1,200万元，见 https://example.org/a-1.html 。\n" * 5)
    paper = library.publish(library.file("p.txt", text))
    kept = ("《其他工作条例》", "2025年3月14日", "1,200万元", "https://example.org/a-1.html",
            "“其他同志要加快推进。”")
    library.add_members(20)
    for text in library.copy_all(paper).values():
        for words in kept:
            assert text.count(words) == 5, words


def test_what_can_not_be_seen_is_shown_by_its_code_points(library):
    text = sample("zh").read_text() + "各单位要用好AI技术，建好IT平台。\n"
    paper = library.publish(library.file("p.txt", text), "--level", "full")
    for channel in ("zero", "space", "glyph"):
        listed = library.run("sites", paper, "--channel", channel).out
        pairs = re.findall(r"^  0  .*\[(.*?)\].*\n  1  .*\[(.*?)\]", listed, re.M)
        assert pairs and all("U+" in one + other for one, other in pairs), channel
    preview = library.run("sites", "preview", paper).out
    assert not re.search("[\u200b-\u200d\u2060\u2009\u200a\u202f]", preview)


def test_a_layout_mark_is_told_in_words_as_both_readings_have_the_same(library):
    paper = library.publish(sample("zh"), "--level", "full")
    listed = library.run("sites", paper, "--channel", "layout").out
    for kind in (("usual gap behind this mark", "wider gap behind this mark"),
                 ("line stands as usual", "line stands lower")):
        assert re.search(rf"^  0  .*\({kind[0]}\)\].*\n  1  .*\({kind[1]}\)\]", listed, re.M)
    marks = [s for s in sites(library, paper, "--channel", "layout")]
    assert marks and all(s["alternatives"][0] == s["alternatives"][1] for s in marks)
    library.run("sites", "lock", paper, marks[0]["site"])
    assert sites(library, paper, "--channel", "layout")[0]["locked"]


def test_a_paragraph_that_begins_with_a_pause_has_copies_at_every_level(library):
    library.add_members(1)
    paper = library.publish(library.file("odd.md", "Title\n\n, , begun with pauses\n"), "--level", "full")
    assert "begun with pauses" in library.copy(paper, "M1")
