"""Publishing: what goes in, what is recognised, what the editor is told."""

import re
import subprocess

import pytest

from texts import sample, samples

ZH = """关于加快推进示例工作的意见

一、总体要求

各单位要提高认识，加快推进这项工作，其他事项按规定办理。

（一）主要目标

一要加强组织领导，二要强化责任落实，三要严格监督检查。

1. 建立台账，定期通报进展情况。
"""
EN = """# A note on the example

We must begin at once, while the other members of the committee continue their work.

## What is to be done

- Start with the plain cases.
- Keep a record of each.

> Nothing is settled until everything is.
"""
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "gb18030"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text,lang,title", [(ZH, "zh", "关于加快推进示例工作的意见"),
                                             (EN, "en", "A note on the example")],
                         ids=["zh", "en"])
def test_language_title_and_encoding_are_found(library, encoding, text, lang, title):
    name = "p.txt" if lang == "zh" else "p.md"
    published = library.json("publish", library.file(name, text.encode(encoding)))
    assert (published["lang"], published["title"]) == (lang, title)
    assert library.master(published["paper"]).replace("\n", "").find("加快" if lang == "zh" else
                                                                      "other members") >= 0


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_same_text_in_any_encoding_is_the_same_paper(library, encoding):
    first = library.publish(library.file("a.txt", ZH))
    second = library.publish(library.file("b.txt", ZH.replace("\n", "\r\n").encode(encoding)))
    assert library.master(first) == library.master(second)


def test_title_level_and_language_can_be_given(library):
    published = library.json("publish", library.file("p.txt", ZH), "--title", "另一标题", "--level",
                             "standard", "--lang", "zh", "--colluders", "3")
    assert published["title"] == "另一标题"
    assert published["level"] == "standard"
    assert published["colluders"] == 3


def test_the_official_outline_is_recognised(library):
    paper = library.publish(library.file("p.txt", ZH))
    page = library.master(paper, "html")
    for heading in ("一、总体要求", "（一）主要目标"):
        before = page[:page.index(heading)].rsplit("<", 2)
        assert any(part.startswith("h") for part in before), heading
    assert "加强组织领导" in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_strength_is_told_in_words(library, lang):
    library.add_members(100)
    path = sample(lang)
    english = library.run("publish", path).out
    chinese = library.run("publish", path, locale="zh_CN.UTF-8").out
    assert "Strength" in english and "retyped by hand" in english and "a million members" in english
    assert "强度" in chinese and "手工重打" in chinese and "一百万名成员" in chinese
    assert "photograph" in english and "in the layout" not in english
    full = library.json("publish", path, "--level", "full")
    assert re.search(r"[1-9]\d* of them in the layout", library.run("strength", full["paper"]).out)


def test_that_a_short_text_names_nobody_is_said_once(library):
    library.add_members(100)
    paper = library.publish(library.file("p.txt", "Members met in spring. The board thanked them."))
    said = library.run("strength", paper).out
    assert said.count("does not surely name one leaker among") == 1
    assert "a million members" not in said


@pytest.mark.parametrize("path", samples("zh") + samples("en"), ids=lambda p: p.name)
def test_every_sample_names_a_retyping_member(library, path):
    library.add_members(100)
    strength = library.json("publish", path)["strength"]
    assert 0 < strength["excerpt_characters"] <= strength["characters"]


def test_a_new_edition_keeps_the_words_of_unchanged_passages(library):
    library.add_members(3)
    text = sample("zh", ".txt").read_text(encoding="utf-8")
    paper = library.publish(library.file("p.txt", text))
    before = library.copy(paper, "M2").splitlines()
    lines = text.splitlines()
    middle = max(range(len(lines) // 3, len(lines)), key=lambda i: len(lines[i]))
    lines[middle] = "这一段由编辑重新写过，与原文毫不相同。"
    again = library.json("publish", library.file("p2.txt", "\n".join(lines)), "--paper", paper)
    assert (again["paper"], again["edition"]) == (paper, 2)
    after = library.copy(paper, "M2").splitlines()
    assert len(set(before) - set(after)) == 1


def test_the_same_edition_again_is_refused(library):
    path = library.file("p.txt", ZH)
    paper = library.publish(path)
    library.run("publish", path, "--paper", paper, code=1)


def test_what_is_certainly_a_scanning_error_is_put_right_and_said(library):
    told = library.run("publish", library.file("p.txt", ZH.replace("意见", "意\u200b见")))
    assert "\u200b" not in library.master("P1")
    assert "line 1" in told.err


@pytest.mark.parametrize("content", [b"", b" \n\t\n", b"\xff\xfe\x00\xd8\x00\x00", b"\x00\x01\x02\x03" * 50])
def test_what_is_no_text_is_refused(library, content):
    library.run("publish", library.file("p.txt", content), code=1)
    assert library.json("papers") == []


def test_a_missing_file_is_named(library):
    assert "nowhere.txt" in library.run("publish", "nowhere.txt", code=1).err


def test_strength_speaks_of_members_only_when_there_are_some(library):
    told = library.run("publish", sample("zh")).out
    assert "no members yet" in told and "0 present" not in told
    assert "尚无成员" in library.run("strength", "P1", locale="zh_CN.UTF-8").out
    library.add_members(1)
    assert "the 1 present member." in library.run("strength", "P1").out
    library.run("member", "add", "--email", "bo@example.com", "--name", "Bo Lee")
    assert "the 2 present members." in library.run("strength", "P1").out


def test_what_was_put_right_is_told_apart_from_what_was_left(library):
    path = library.file("p.txt", "A title\n\nSome te\u200bxt by e-mail, email, email, email, email.\n")
    told = library.run("publish", path).err
    right, left = told.index("Put right"), told.index("Left as it is")
    assert right < told.index("U+200B") < left < told.index("e-mail")
    assert "\u200b" not in told


@pytest.mark.parametrize("title", ["", " ", "two\nlines", "a\x1b[31mb", "long " * 250, b"not \xff UTF-8"],
                         ids=["empty", "blank", "lines", "control", "long", "bytes"])
def test_a_title_is_one_line_of_text(library, title):
    title = title if isinstance(title, bytes) else title.encode()
    done = subprocess.run([*library.command("publish", sample("en")), b"--title", title],
                          env=library.environment(), capture_output=True)
    assert done.returncode == 2 and b"--title" in done.stderr
    assert library.json("papers") == []


def test_that_no_site_was_found_is_said_in_words(library):
    told = library.run("publish", library.file("p.txt", "12345\n")).out
    assert "()" not in told and "No marking sites" in told
