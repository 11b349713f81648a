"""Rehearsing: what an editor sees of what a paper withstands."""

import re
import unicodedata

from texts import sample

FEW = ("--trials", "1", "--members", "50", "--pictures", "0", "--office", "0")


def columns(line):
    """The columns where a terminal shows each cell's end; cells stand two blanks or more apart."""
    def shown(text):
        return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return [shown(line[:cell.end()]) for cell in re.finditer(r"\S+(?: \S+)*", line)][1:]


def test_every_attack_is_tried_alone_and_by_two_to_five_members(library):
    paper = library.publish(sample("zh"))
    rehearsal = library.json("rehearse", paper, *FEW)
    attacks = {(row["attack"], row["leakers"]) for row in rehearsal["attacks"]}
    assert len(attacks) == len(rehearsal["attacks"])
    mixed = {name for name, leakers in attacks if leakers > 1}
    assert {(name, k) for name in mixed for k in (2, 3, 4, 5)} <= attacks
    assert sum(row["wrong"] for row in rehearsal["attacks"]) == 0


def test_with_another_paper_in_the_library_the_two_are_pasted_together(library):
    paper = library.publish(sample("zh"))
    library.publish(sample("en"))
    few = {row["attack"] for row in library.json("rehearse", paper, *FEW)["attacks"]}
    library.publish(sample("zh", ".txt") if sample("zh").suffix != ".txt" else sample("zh", ".md"))
    more = library.json("rehearse", paper, *FEW)["attacks"]
    assert {row["attack"] for row in more} - few == {"two papers pasted together"}
    assert all(row["caught"] == row["trials"] for row in more if "pasted together" in row["attack"])


def test_the_table_is_in_the_language_of_the_locale_and_stands_in_columns(library):
    paper = library.publish(sample("zh"))
    for locale, chinese in ("C.UTF-8", False), ("zh_CN.UTF-8", True):
        heading, *rows = library.run("rehearse", paper, *FEW, locale=locale).out.splitlines()
        assert bool(re.search("[a-z]", heading)) != chinese
        for row in rows[:-2]:
            assert columns(row) == columns(heading), row


def test_two_scanned_pages_of_a_printed_copy_name_its_leaker(library):
    paper = library.publish(sample("zh", ".txt"))
    only = ("--members", "50", "--trials", "0", "--pictures", "1", "--way", "scan")
    row, = library.json("rehearse", paper, *only)["attacks"]
    assert row["caught"] == row["trials"] == 1
    assert row["wrong"] == 0
    assert row["misread"] * 20 <= row["read"]


def test_a_word_copy_that_libreoffice_saved_or_printed_names_its_leaker(library):
    paper = library.publish(sample("zh", ".txt"), "--level", "full")
    only = ("--members", "50", "--trials", "0", "--pictures", "0", "--office", "1")
    saved, printed = library.json("rehearse", paper, *only)["attacks"]
    assert "saved again" in saved["attack"] and "PDF" in printed["attack"]
    for row in saved, printed:
        assert row["caught"] == row["trials"] == 1
        assert row["wrong"] == 0
        assert row["misread"] * 50 <= row["read"]


def test_without_libreoffice_its_rows_are_left_out_and_that_is_said(library, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    paper = library.publish(sample("zh"))
    few = ("--trials", "1", "--members", "50", "--pictures", "0")
    told = library.run("rehearse", paper, *few).out
    assert "not installed" in told and "saved again by" not in told


def test_a_way_that_is_none_is_refused_with_those_that_are(library):
    paper = library.publish(sample("zh"))
    refused = library.run("rehearse", paper, "--way", "fax", code=2).err
    assert "scan" in refused and "screen2" in refused
