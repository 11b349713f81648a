"""Tracing: what the four answers are, and that each is given where it is due."""

import pytest

from finding_schema import check_finding
from leaks import embed, excerpt, is_chinese, retype
from program import named
from texts import foreign, long_text, sample


@pytest.fixture(scope="module", params=["zh", "en"])
def circle(request, make_circle):
    return make_circle(sample(request.param), 200)


def traced(circle, *texts, options=()):
    finding = circle.library.trace(*texts, options=options)
    check_finding(finding)
    return finding


def test_the_one_whose_copy_it_is_is_named(circle):
    finding = traced(circle, circle.copies["M17"])
    assert named(finding) == {"M17"}
    member = finding["members"][0]
    assert member["agree"] == member["read"] > 0
    assert finding["tested"] == 200
    assert finding["needed"] == {"marks": 0, "characters": 0}
    assert [s["paper"] for s in finding["sources"]] == [circle.paper]
    assert finding["sources"][0]["coverage"] > 0.95


def test_standard_input_is_an_exhibit_too(circle):
    finding = circle.library.json("trace", "-", stdin=circle.copies["M3"])
    assert named(finding) == {"M3"}


def test_the_paper_may_be_given(circle):
    assert named(traced(circle, circle.copies["M9"], options=("--paper", circle.paper))) == {"M9"}


@pytest.mark.parametrize("kind", ["md", "html"])
def test_a_copy_in_another_format_is_traced_as_it_is(circle, kind):
    text = circle.library.copy(circle.paper, "M5", kind)
    assert named(traced(circle, text)) == {"M5"}


def test_a_text_of_no_paper_is_of_unknown_source(circle):
    for lang in ("zh", "en"):
        finding = traced(circle, foreign(lang))
        assert finding["verdict"] == "unknown-source" and finding["sources"] == []


def test_one_language_of_a_bilingual_paper_names_its_leaker(library, dice):
    paragraphs = [[p for p in sample(lang).read_text("utf-8").split("\n") if len(p) > 40] for lang in ("zh", "en")]
    mixed = "\n\n".join(p for pair in zip(*paragraphs) for p in pair)
    paper = library.add_members(200).publish(library.file("both.md", mixed), "--level", "discreet")
    lines = library.copy(paper, "M17").splitlines()
    for chinese in (True, False):
        half = "\n".join(line for line in lines if is_chinese(line) == chinese)
        assert named(library.trace(retype(half, dice), options=("--everyone",))) == {"M17"}


def test_the_master_is_unmarked(circle):
    finding = traced(circle, circle.master)
    assert finding["verdict"] == "unmarked" and finding["sources"]


def test_a_tiny_excerpt_is_insufficient_and_says_how_much_more_would_do(circle):
    copy = circle.copies["M8"]
    finding = traced(circle, copy[len(copy) // 2:][:150])
    assert finding["verdict"] == "insufficient"
    assert finding["needed"]["marks"] > 0 and finding["needed"]["characters"] > 0


def test_several_exhibits_add_up(circle, dice):
    copy = circle.copies["M31"]
    size = len(copy) // 8
    parts = [copy[i * size:(i + 1) * size] for i in range(8)]
    alone = traced(circle, parts[3])
    together = traced(circle, *parts)
    assert named(together) == {"M31"}
    assert sum(m["read"] for m in together["sources"][0]["marks"].values()) > sum(
        m["read"] for s in alone["sources"] for m in s["marks"].values())


def test_a_stricter_limit_names_no_more(circle, dice):
    text = retype(excerpt(circle.copies["M40"], len(circle.master) // 3, dice), dice)
    loose = traced(circle, text, options=("--false-alarm", "1e-3"))
    strict = traced(circle, text, options=("--false-alarm", "1e-30"))
    assert named(strict) <= named(loose) <= {"M40"}
    assert loose["false_alarm"] == pytest.approx(1e-3)


def test_the_same_exhibit_gives_the_same_finding(circle, dice):
    text = retype(circle.copies["M11"], dice)
    assert traced(circle, text) == traced(circle, text)


def test_only_who_was_given_a_copy_is_tested_unless_everyone_is_asked_for(library):
    library.add_members(50)
    paper = library.publish(sample("zh"))
    library.copy(paper, "M2")
    leak = library.copy(paper, "M1")
    assert library.trace(leak)["tested"] == 2
    assert library.trace(leak, options=("--everyone",))["tested"] == 50


def test_two_papers_pasted_together_are_both_found(library, dice):
    library.add_members(60)
    first = library.publish(sample("zh"))
    second = library.publish(library.file("b.txt", long_text("zh", 6000)))
    for paper in (first, second):
        library.copy_all(paper)
    leak = library.copy(first, "M4") + library.copy(second, "M4")
    finding = library.trace(embed(leak, foreign("en"), dice))
    check_finding(finding)
    assert {s["paper"] for s in finding["sources"]} == {first, second}
    assert named(finding) == {"M4"}


def test_exhibits_of_two_papers_add_up(library, dice):
    library.add_members(500)
    papers = [library.publish(library.file(f"{i}.txt", long_text("zh", 1500, skip=60 * i)))
              for i in range(4)]
    for paper in papers:
        library.copy_all(paper)
    leaks = [retype(library.copy(paper, "M77"), dice) for paper in papers]
    finding = library.trace(*leaks)
    check_finding(finding)
    assert named(finding) == {"M77"}
    assert len(finding["sources"]) == 4


def test_a_copy_of_an_older_edition_is_traced_to_it(library):
    library.add_members(40)
    text = sample("zh", ".txt").read_text(encoding="utf-8")
    paper = library.publish(library.file("a.txt", text))
    old = library.copy_all(paper)["M6"]
    lines = [line for line in text.splitlines() if line.strip()]
    changed = lines[:2] + ["这一段是新版本中新写的话，旧版里没有。"] + lines[4:]
    library.json("publish", library.file("b.txt", "\n".join(changed)), "--paper", paper)
    new = library.copy_all(paper)["M6"]
    for leak, edition in ((old, 1), (new, 2)):
        finding = library.trace(leak)
        assert named(finding) == {"M6"}
        assert finding["sources"][0]["edition"] == edition


def test_exhibit_and_finding_are_kept_on_record_without_the_innocent(circle):
    circle.library.trace(circle.copies["M19"])
    last = circle.library.json("events")[-1]
    assert "trace" in last["kind"] or "finding" in last["kind"]
    assert "M19" in str(last["data"])
    assert not any(f'"M{i}"' in str(last["data"]) for i in range(20, 200))
    assert circle.library.run("verify").code == 0


@pytest.mark.parametrize("locale,words", [("C.UTF-8", "innocent"), ("zh_CN.UTF-8", "无辜")])
def test_a_finding_is_told_in_words(circle, locale, words):
    path = circle.library.file("leak.txt", circle.copies["M23"])
    told = circle.library.run("trace", path, locale=locale).out
    assert words in told and "M23" in told


@pytest.mark.parametrize("junk", [b"", b"\xff" * 100, b"\x00" * 100, b"a" * 200000, "，".encode() * 50000,
                                  "\u200b".encode() * 30000], ids=range(6))
def test_any_bytes_name_nobody(circle, junk):
    path = circle.library.file("junk", junk)
    result = circle.library.run("trace", path, "--json", code=None)
    assert result.code in (0, 1)
    if result.code == 0:
        assert named(result.json) == set()


def test_of_several_exhibits_the_unreadable_one_is_named(library):
    library.publish(sample("en"))
    good, bad = library.file("good.txt", "words"), library.file("bad.bin", b"\x00\x01\x02words")
    assert str(bad) in library.run("trace", good, bad, code=1).err


def test_a_text_too_short_to_be_recognised_is_not_said_to_be_of_no_paper(library):
    paper = library.publish(sample("zh"))
    short = library.master(paper)[700:712]
    for options in (), ("--paper", paper):
        told = library.run("trace", library.file("s.txt", short), *options).out
        assert "recognised" in told and "So short a text" in told


def test_that_nobody_was_tested_is_said(library):
    library.add_members(3)
    paper = library.publish(sample("zh"))
    leak = library.copy(paper, "M1")
    other = library.publish(library.file("p.txt", leak))
    told = library.run("trace", library.file("l.txt", library.master(paper)[300:700]), "--paper",
                       other).out
    assert "nobody was tested" in told


def test_the_same_exhibit_twice_says_what_it_says_once(circle):
    copy = circle.copies["M12"]
    part = copy[len(copy) // 3:][:len(copy) // 4]
    assert traced(circle, part, part, part) == traced(circle, part)
