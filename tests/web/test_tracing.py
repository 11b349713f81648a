"""Traces from the page: asked for, watched, broken off, run again; what is said of the finding, and to whom."""

import contextlib
import itertools
import json
import os
import random
import re
import signal
import sqlite3
import zlib
from pathlib import Path

import bombs
import pdf
import pytest
from portal import Portal, eventually
from program import BINARY, ROOT, Library
from shelf import ask, events
from texts import sample

FEW = 30  # members
READER = Path(BINARY).resolve().with_name("chancery-reader")
PNG = b"\x89PNG\r\n\x1a\n and what follows"
MANY = 400_000  # enough that a trace of all, with twenty exhibits, takes a while


@pytest.fixture
def leak(portal):
    """A paper, and copies of it that members were given: leak(3) is M3's."""
    portal.library.add_members(FEW)
    paper = portal.library.publish(sample("zh"))
    copies = portal.library.copy_all(paper)
    return lambda member: copies[f"M{member}"]


def steward_of(portal, name="s@example.org", **more):
    return portal.person(name, "steward", **more)


def ask_for(person, *texts, code=303, **more):
    """Asks for a trace of files with these texts; gives its address."""
    files = [(f"leak{i}.txt", text.encode()) for i, text in enumerate(texts)]
    return person.post("/trace", code, exhibit=files, **more).location


def finished(person, address):
    """The trace's JSON once it has ended."""
    def ended():
        page = person.json(address)
        return page if page["state"] not in ("waiting", "running") else None
    return eventually(ended, f"the end of {address}")


def add_crowd(portal):
    with portal.database() as db:
        db.executemany("INSERT INTO member (name, email, created_ms) VALUES (?, ?, 0)",
                       ((f"C{i}", f"c{i}@crowd.example") for i in range(MANY)))
    db.close()


def pieces(text):
    """Twenty different exhibits of one text."""
    return [text + f"\n\n{i}" for i in range(20)]


# --- what is found --------------------------------------------------------------------------------------------


def test_a_leaked_copy_names_its_member_in_words_and_figures(portal, leak):
    steward = steward_of(portal)
    address = ask_for(steward, leak(7))
    page = finished(steward, address)
    finding = page["finding"]
    assert (page["state"], finding["verdict"], finding["tested"]) == ("done", "named", FEW)
    assert [m["member"] for m in finding["members"]] == ["M7"]
    assert "at most one in" in finding["members"][0]["chance"]
    assert "at most one in a million" in finding["limit"]
    member = finding["members"][0]
    assert member["agree"] == member["read"] > 20 and member["log10_p_all"] <= -6
    source = finding["sources"][0]
    assert source["paper"] == "P1" and source["coverage"] > 95
    assert source["sites"] == source["read"] + source["erased"] + source["unseen"]
    assert sum(c["read"] for c in source["channels"]) == source["read"]
    text = steward.get(address).text
    assert finding["headline"] in text and "<svg" in text
    steward.lang = "zh"
    assert re.search("概率，至多.*亿分之一", steward.get(address).text)


def test_the_finding_is_given_in_the_documented_form(portal, leak):
    steward = steward_of(portal)
    address = ask_for(steward, leak(7))
    finished(steward, address)
    given = steward.json(address + "/finding")
    told = portal.library.json("trace", portal.library.file("x.txt", leak(7)))
    assert given == told


def test_an_exhibit_is_kept_byte_for_byte(portal, leak):
    steward = steward_of(portal)
    raw = leak(7).encode("gb18030")
    address = steward.post("/trace", exhibit=[("泄露.txt", raw)]).location
    page = finished(steward, address)
    assert page["exhibits"][0]["name"] == "泄露.txt"
    assert page["finding"]["verdict"] == "named"
    assert steward.get(address + "/exhibits/1").body == raw
    steward.get(address + "/exhibits/2", 404)


def test_pasted_text_is_an_exhibit_too(portal, leak):
    steward = steward_of(portal)
    address = steward.post("/trace", text=leak(5).replace("\n", "\r\n"), paper="P1").location
    page = finished(steward, address)
    assert [m["member"] for m in page["finding"]["members"]] == ["M5"]
    assert page["paper"] == "P1"


def test_the_same_file_twice_counts_once(portal, leak):
    steward = steward_of(portal)
    page = finished(steward, ask_for(steward, leak(5), leak(5)))
    assert len(page["exhibits"]) == 1


def test_what_is_no_text_or_nothing_is_refused_and_what_was_typed_stays(portal, leak):
    steward = steward_of(portal)
    refused = steward.post("/trace", 422, exhibit=[("x.bin", b"\0\0\0\1")], text="kept words")
    assert "x.bin" in refused.text and "kept words" in refused.text
    assert "at least one exhibit" in steward.post("/trace", 422, text="  ").text
    assert steward.json("/trace")["runs"] == []
    steward.post("/trace", 422, text="x", limit=5)
    steward.post("/trace", 404, text="x", paper="P9")


def test_who_asked_and_with_which_bound_is_on_record(portal, leak):
    steward = steward_of(portal)
    finished(steward, ask_for(steward, leak(7), limit=9, everyone=1))
    (actor, subject, asked), = events(portal, "trace.asked")
    assert (actor, subject, asked["false_alarm"], asked["everyone"]) == (steward.member, "F1", 1e-9, True)
    (actor, subject, made), = events(portal, "trace.made")
    assert (actor, subject, made["verdict"]) == (steward.member, "F1", "named")
    assert made["exhibits"] == asked["exhibits"]
    assert portal.library.run("verify").code == 0


# --- files that chancery-reader reads ---------------------------------------------------------------------------


@pytest.fixture
def posing(portal, tmp_path):
    """posing(lines): the portal's reader is a script of these lines."""
    script = tmp_path / "reader"

    def pose(lines):
        script.write_text(f"#!/bin/sh\n{lines}\n")
        script.chmod(0o755)

    pose("exit 3")
    portal.stop()
    portal.environment["CHANCERY_READER"] = str(script)
    portal.start()
    return pose


def test_a_pdf_is_traced_and_shown_beside_the_paper(portal, leak):
    steward = steward_of(portal)
    found = pdf.of_text(leak(7), head="内部资料")
    address = steward.post("/trace", exhibit=[("found.pdf", found)]).location
    page = finished(steward, address)
    assert [m["member"] for m in page["finding"]["members"]] == ["M7"]
    pages = found.count(b"/Type /Page ")
    read, = page["finding"]["exhibits"]
    assert (read["read_as"], read["pages"], read["pictured"]) == ("pdf", pages, 0)
    assert read["sha256"] == page["exhibits"][0]["digest"]
    assert f"PDF of {pages} pages; by the text in it" in steward.get(address).text
    steward.lang = "zh"
    assert f"PDF，{pages} 页，按其文字层读取" in steward.get(address).text
    steward.lang = "en"
    assert steward.get(address + "/exhibits/1").body == found
    file = steward.get(address + "/file").text
    assert "found.pdf" in file and 'class="read"' in file and "not kept any more" not in file


def test_a_page_answers_before_a_picture_is_read_and_the_trace_can_be_stopped(portal, leak, posing):
    posing("printf 'ChR1p\\010\\000\\000\\000\\003\\000\\000\\000\\011\\000\\000\\000'; exec sleep 1000")
    steward = steward_of(portal)
    address = steward.post("/trace", exhibit=[("photo.png", PNG)]).location
    page = eventually(lambda: (p := steward.json(address))["steps"] == 9 and p, "the ninth page")
    assert (page["state"], page["steps_done"]) == ("running", 3)
    steward.post(address + "/cancel")
    assert finished(steward, address)["state"] == "cancelled"


def test_a_reader_that_is_killed_fails_the_trace_in_words_and_it_can_be_made_again(portal, leak, posing):
    posing("kill -KILL $$")
    steward = steward_of(portal)
    address = steward.post("/trace", exhibit=[("found.pdf", pdf.of_text(leak(7)))]).location
    page = finished(steward, address)
    assert page["state"] == "failed" and "found.pdf: chancery-reader was killed" in page["why"]
    posing(f'exec {READER} "$@"')
    steward.post(address + "/again")
    assert finished(steward, address)["finding"]["verdict"] == "named"


# --- how it goes on ---------------------------------------------------------------------------------------------


def test_a_trace_under_way_says_how_far_it_is_without_a_script(portal, leak):
    steward = steward_of(portal)
    add_crowd(portal)
    address = ask_for(steward, *pieces(leak(7)), everyone=1)

    def under_way():
        page, text = steward.json(address), steward.get(address).text
        return page["steps"] > FEW and steward.json(address)["state"] == "running" and (page, text)

    seen, text = eventually(under_way, "testing members")
    assert 0 <= seen["steps_done"] <= seen["steps"]
    assert '<noscript><meta http-equiv="refresh"' in text and "<progress" in text
    page = finished(steward, address)
    assert page["finding"]["verdict"] == "named"
    assert "http-equiv" not in steward.get(address).text


def test_open_pages_of_stewards_and_nobody_else_are_told_and_told_no_name(portal, leak):
    steward, member = steward_of(portal), portal.person("m@example.org")
    theirs, lines = member.events(), steward.events()
    address = ask_for(steward, leak(7))
    finished(steward, address)
    portal.library.publish(sample("en"))  # a line for everybody, behind all others

    def told(events):
        return list(itertools.takewhile(lambda line: line[0] != "paper", ((kind, data) for _, kind, data in events)))

    traces = [data for kind, data in told(lines) if kind == "trace"]
    assert traces and all(data == {"text": "", "path": address} for data in traces)
    assert told(theirs) == []


def held(steward, posing, text):
    """A trace that is running for as long as the server does."""
    posing("while kill -0 $PPID 2>/dev/null; do sleep 0.1; done")
    address = steward.post("/trace", exhibit=[("found.pdf", pdf.of_text(text))]).location
    eventually(lambda: steward.json(address)["state"] == "running")
    return address


def test_a_trace_is_cancelled_and_finds_nothing_out(portal, leak, posing):
    steward = steward_of(portal)
    address = held(steward, posing, leak(7))
    steward.post(address + "/cancel")
    page = finished(steward, address)
    assert page["state"] == "cancelled" and not page["has_finding"]
    steward.get(address + "/finding", 404)
    assert "ended already" in steward.post(address + "/cancel", 409).text
    after = ask_for(steward, leak(5))
    assert finished(steward, after)["state"] == "done"
    assert steward.json(address)["state"] == "cancelled"
    assert [subject for _, subject, _ in events(portal, "trace.made")] == ["F2"]


def test_after_a_crash_a_trace_is_seen_as_interrupted_and_runs_again(portal, leak, posing):
    steward = steward_of(portal)
    address = held(steward, posing, leak(7))
    waiting = ask_for(steward, leak(5))
    portal.stop(kill=True)
    portal.start()
    assert finished(steward, address)["state"] == "interrupted"
    assert finished(steward, waiting)["state"] == "done"
    posing(f'exec {READER} "$@"')
    steward.post(address + "/again")
    assert finished(steward, address)["finding"]["verdict"] == "named"
    assert "not been broken off" in steward.post(address + "/again", 409).text


def test_a_polite_stop_ends_a_trace_under_way_as_interrupted(portal, leak, posing):
    held(steward_of(portal), posing, leak(7))
    portal.stop()
    assert ask(portal, "SELECT state FROM trace") == [("interrupted",)]
    assert len(events(portal, "trace.interrupted")) == 1
    portal.start()


# --- who may see it -----------------------------------------------------------------------------------------------


def test_a_steward_whom_a_finding_names_sees_nothing_of_it(portal, leak):
    steward, other = portal.person("M3", "steward"), steward_of(portal)
    address = ask_for(steward, leak(3))
    finished(other, address)
    for path in (address, address + "/finding", address + "/exhibits/1"):
        assert steward.json(path, 404) == steward.json(path.replace(address, "/trace/nosuchtrace"), 404)
    for act in ("again", "cancel", "case"):
        steward.post(f"{address}/{act}", 404)
    assert steward.json("/trace")["runs"] == []
    assert len(other.json("/trace")["runs"]) == 1


def test_a_case_is_traced_from_its_page_and_whom_the_finding_names_is_accused(portal, leak):
    reporter, steward, accused = portal.person("r@example.org"), steward_of(portal), portal.person("M7", "steward")
    reporter.post("/reports/new", kind="leak", anonymous=1,
                  files=[("chat.txt", leak(7).encode()), ("photo.png", b"\x89PNG\0\0")])
    case = "/cases/" + ask(portal, "SELECT key FROM case_file")[0][0]
    assert accused.json(case)["traces"]["may_trace"]
    steward.post(case + "/trace")
    run, = eventually(lambda: (r := steward.json(case)["traces"]["runs"]) and r[0]["state"] == "done" and r, "a finding")
    assert run["verdict"] == "named" and "at most one in" in run["next"]
    trace = "/trace/" + run["key"]
    assert [e["name"] for e in steward.json(trace)["exhibits"]] == ["chat.txt"]
    page = steward.json(case)
    assert [(a["id"], a["by_finding"]) for a in page["accused"]] == [("M7", True)]
    assert [f["verdict"] for f in page["findings"]] == ["named"]
    for path in (case, trace, trace + "/finding"):
        accused.get(path, 404)
    assert accused.json("/trace")["runs"] == []
    assert "r@example.org" not in steward.get(case).text + steward.get(trace).text


def test_an_insufficient_finding_accuses_nobody_in_its_case(portal, leak):
    reporter, steward = portal.person("r@example.org"), steward_of(portal)
    text = leak(7)
    reporter.post("/reports/new", kind="leak", text=text[len(text) // 3:len(text) // 3 + 150])
    case = "/cases/" + ask(portal, "SELECT key FROM case_file")[0][0]
    steward.post(case + "/trace")
    eventually(lambda: (r := steward.json(case)["traces"]["runs"]) and r[0]["state"] == "done")
    page = steward.json(case)
    assert page["accused"] == [] and page["traces"]["runs"][0]["verdict"] == "insufficient"
    assert not re.search(r"\bM7\b", steward.get(case).text + json.dumps(page))
    assert not ask(portal, "SELECT 1 FROM case_accused")


def test_a_case_without_a_text_to_trace_says_so(portal):
    reporter, steward = portal.person("r@example.org"), steward_of(portal)
    reporter.post("/reports/new", kind="leak", files=("photo.png", b"\x89PNG\0\0"))
    case = "/cases/" + ask(portal, "SELECT key FROM case_file")[0][0]
    assert "photo.png" in steward.post(case + "/trace", 422).text


def test_a_case_is_opened_from_a_trace_once_and_by_who_then_cannot_decide_it(portal, leak):
    steward, other = steward_of(portal), steward_of(portal, "o@example.org")
    address = ask_for(steward, leak(7))
    finished(steward, address)
    case = steward.post(address + "/case").location
    page = other.json(case)
    assert [e["name"] for e in page["exhibits"]] == ["leak0.txt"]
    assert [a["id"] for a in page["accused"]] == ["M7"]
    assert other.json(address)["file"] == case.split("/")[-1]
    steward.post(address + "/case", 409)
    assert len(ask(portal, "SELECT 1 FROM case_file")) == 1
    assert portal.library.run("verify").code == 0


def readers_of(portal):
    """The processes in which the portal reads files."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # over already
            before, after = stat.read_text().rsplit(")", 1)
            if READER.name in before and int(after.split()[1]) == portal.process.pid:
                found.append(int(stat.parent.name))
    return found


def test_an_exhibit_that_takes_long_to_read_holds_no_other_trace_up(portal, leak):
    steward = steward_of(portal)
    noise = random.Random(5)
    noise = bombs.png(1200, 1600, zlib.compress(b"".join(b"\0" + noise.randbytes(1200) for _ in range(1600))))
    slow = steward.post("/trace", exhibit=[("noise.png", noise)]).location
    reader, = eventually(lambda: readers_of(portal), "a reader at work")
    os.kill(reader, signal.SIGSTOP)
    try:
        assert finished(steward, ask_for(steward, leak(7)))["state"] == "done"
        assert steward.json(slow)["state"] == "running"
    finally:
        os.kill(reader, signal.SIGCONT)
    steward.post(slow + "/cancel")
    assert finished(steward, slow)["state"] == "cancelled"


# --- two cases, one hand -------------------------------------------------------------------------------------------------


def report_case(portal, steward, text):
    """A case with this text, traced; its address."""
    reporter = portal.person(f"r{len(text)}@example.org")
    reporter.post("/reports/new", kind="leak", files=("post.txt", text.encode()))
    case = "/cases/" + ask(portal, "SELECT key FROM case_file ORDER BY id DESC")[0][0]
    steward.post(case + "/trace")
    eventually(lambda: (r := steward.json(case)["traces"]["runs"]) and r[0]["state"] == "done")
    return case


def joint_of(steward, case):
    """The joint test of a case, once it is over."""
    def over():
        joints = steward.json(case)["traces"]["joints"]
        return joints and joints[0]["state"] != "testing" and joints[0]
    return eventually(over, "a joint test")


def thin(text, part, length=480):
    """A piece too short to name anybody by itself."""
    start = part * len(text) // 4
    return text[start:start + length]


@pytest.fixture
def two_thin_cases(portal, leak):
    steward = steward_of(portal)
    text = leak(7)
    return steward, [report_case(portal, steward, thin(text, 1)), report_case(portal, steward, thin(text, 2, 490))]


def test_two_thin_cases_by_one_hand_are_proposed_to_be_joined_and_counted_once_joined(portal, two_thin_cases):
    steward, (first, second) = two_thin_cases
    assert [steward.json(case)["accused"] for case in (first, second)] == [[], []]
    joint = joint_of(steward, second)
    assert joint["state"] == "proposed" and joint["number"] == 1
    assert joint["limit"] == "one in 2 million"
    assert joint_of(steward, first)["state"] == "proposed"
    trace = steward.json("/trace/" + joint["trace"])
    assert {e["name"].split()[0] for e in trace["exhibits"]} == {"C1", "C2"}
    if not joint["alike"]:
        assert [m["member"] for m in trace["finding"]["members"]] == ["M7"]
    steward.post(f"{second}/joint/1/join")
    named = [["M7"], ["M7"]] if not joint["alike"] else [[], []]
    assert [[a["id"] for a in steward.json(case)["accused"]] for case in (first, second)] == named
    assert joint_of(steward, first)["state"] == "joined"
    assert "Joined with case C2" in steward.get(first + "/file").text
    assert "one in 2 million" in steward.get(second + "/file").text
    assert [s for _, s, _ in events(portal, "case.joined")] == ["C2", "C1"]
    steward.post(f"{second}/joint/1/join", 409)
    steward.post(f"{first}/joint/1/apart")
    assert [steward.json(case)["accused"] for case in (first, second)] == [[], []]
    assert joint_of(steward, second)["state"] == "apart"
    assert portal.library.run("verify").code == 0


def test_joint_tests_share_one_budget_however_many_there_are(portal, leak):
    steward = steward_of(portal)
    text = leak(7)
    cases = [report_case(portal, steward, thin(text, part, 500 + part)) for part in range(3)]
    joint_of(steward, cases[2])
    eventually(lambda: not ask(portal, "SELECT 1 FROM joint WHERE state = 'testing'"))
    limits = ask(portal, "SELECT j.number, t.false_alarm FROM joint j JOIN trace t ON t.id = j.trace ORDER BY 1")
    assert [number for number, _ in limits] == [1, 2, 3]
    for number, limit in limits:
        assert limit == pytest.approx(1e-6 / (number * (number + 1)))
    assert sum(limit for _, limit in limits) <= 1e-6


def test_after_a_restore_no_joint_test_has_a_share_of_the_budget_that_may_be_spent(portal, leak, tmp_path):
    text = leak(7)
    report_case(portal, steward_of(portal), thin(text, 1))
    portal.library.run("backup", tmp_path / "library.backup")
    restored = Library(tmp_path / "restored")
    restored.folder.mkdir()
    restored.run("restore", tmp_path / "library.backup")
    again = Portal(restored).start()
    try:
        steward = steward_of(again, "t@example.org")
        joint = joint_of(steward, report_case(again, steward, thin(text, 2, 490)))
    finally:
        again.stop()
    assert joint["number"] == 51, "fifty may have been given since"


def test_a_pair_with_a_case_that_is_closed_takes_its_number_and_is_not_tested(portal, leak):
    steward = steward_of(portal)
    text = leak(7)
    report_case(portal, steward, thin(text, 0))
    with portal.database() as db:
        db.execute("UPDATE case_file SET state = 'dismissed'")
    db.close()
    second = report_case(portal, steward, thin(text, 1, 710))
    assert steward.json(second)["traces"]["joints"] == []
    assert ask(portal, "SELECT number, state, trace FROM joint") == [(1, "skipped", None)]


def test_cases_by_different_hands_or_of_different_papers_are_not_proposed(portal, leak):
    steward = steward_of(portal)
    report_case(portal, steward, thin(leak(7), 1))
    second = report_case(portal, steward, thin(leak(9), 2, 710))
    assert joint_of(steward, second)["state"] == "nothing"
    other = portal.library.publish(sample("en"))
    third = report_case(portal, steward, portal.library.copy(other, "M7"))
    assert steward.json(third)["traces"]["joints"] == []


def test_a_steward_whom_the_joint_finding_names_sees_neither_it_nor_the_proposal(portal, leak):
    steward, accused = steward_of(portal), portal.person("M7", "steward")
    text = leak(7)
    first = report_case(portal, steward, thin(text, 1, 1500))
    second = report_case(portal, steward, thin(text, 2, 1510))
    joint = joint_of(steward, second)
    assert joint["state"] == "proposed"
    trace = "/trace/" + joint["trace"]
    if steward.json(trace)["finding"]["members"]:
        accused.get(trace, 404)
        for case in (first, second):
            answer = accused.get(case, None)
            assert answer.code == 404 or f"joint/{joint['number']}" not in answer.text
        accused.post(f"{first}/joint/{joint['number']}/join", 404)


def test_a_joint_test_does_not_exist_for_a_steward_whom_either_case_accuses(portal, leak):
    steward, accused = steward_of(portal), portal.person("M3", "steward")
    text = leak(7)
    first = report_case(portal, steward, thin(text, 1, 260))
    second = report_case(portal, steward, thin(text, 2, 270))
    joint = joint_of(steward, second)
    trace = "/trace/" + joint["trace"]
    assert accused.json(second)["traces"]["joints"] and accused.get(trace)
    steward.post(first + "/accuse", member="M3", reason="sells them")
    accused.get(first, 404)
    accused.get(trace, 404)
    assert accused.json(second)["traces"]["joints"] == []
    assert joint["trace"] not in accused.get("/trace").text
    accused.post(f"{second}/joint/{joint['number']}/join", 404)


def test_a_joint_test_that_names_nobody_gives_no_name_anywhere(portal, leak):
    steward = steward_of(portal)
    text = leak(7)
    before = everything_kept(portal)
    first = report_case(portal, steward, thin(text, 1, 260))
    second = report_case(portal, steward, thin(text, 2, 270))
    joint = joint_of(steward, second)
    assert steward.json("/trace/" + joint["trace"])["finding"]["verdict"] == "insufficient"
    names = [v for row in ask(portal, "SELECT 'M' || id, name, email FROM member WHERE id <= ?", FEW) for v in row]
    kept = {where + ": " + text for where, text in everything_kept(portal) - before if where != "member"}
    shown = [steward.get(case + rest).text for case in (first, second) for rest in ("", "/file")]
    for what in [*kept, *shown]:
        assert not [n for n in names if re.search(rf"\b{re.escape(n)}\b", what)], what[:300]


# --- the case file ----------------------------------------------------------------------------------------------------


def a_case(portal, leak, member=7):
    """A case reported by somebody who wishes not to be named, and traced; with its steward and its address."""
    reporter, steward = portal.person("reporter@example.org"), steward_of(portal)
    text = leak(member)
    seen = "A post:\n\n" + text[:len(text) // 2] + "\n\nWho has seen this? <b>\n\n" + text[len(text) * 3 // 4:]
    reporter.post("/reports/new", kind="leak", anonymous=1, files=("post.txt", seen.encode()))
    case = "/cases/" + ask(portal, "SELECT key FROM case_file")[0][0]
    steward.post(case + "/trace")
    eventually(lambda: (r := steward.json(case)["traces"]["runs"]) and r[0]["state"] == "done")
    return steward, case


def test_the_case_file_shows_both_texts_with_every_mark_read(portal, leak):
    steward, case = a_case(portal, leak)
    data, text = steward.json(case + "/file"), steward.get(case + "/file").text
    match, = data["matches"]
    assert (match["exhibit"], match["paper"], match["edition"]) == ("post.txt", "P1", 1)
    assert text.count('<mark class="read">') - 1 == match["counted"] > 30
    assert text.count('class="pair"') == match["marks"] >= match["counted"]
    assert text.count('class="gap"') >= 1
    member, = data["finding"]["members"]
    assert member["agree"] <= match["counted"]
    master = portal.library.master("P1")
    pairs = re.findall(r'<span class="pair"><([bi])>(.*?)</\1> / <([bi])>(.*?)</\3>', text)
    assert all(zero in master or zero == "∅" for _, zero, _, _ in pairs)
    assert {(a, b) for a, _, b, _ in pairs} >= {("b", "i"), ("i", "b")}


def test_the_case_file_says_who_gave_what_and_holds_the_record_and_its_root(portal, leak):
    steward, case = a_case(portal, leak)
    data = steward.json(case + "/file")
    exhibit, = data["exhibits"]
    assert exhibit["giver"] == "a member, with the report"
    assert steward.json(case)["exhibits"][0]["digest"] == exhibit["digest"]
    kinds = [e["kind"] for e in data["events"]]
    assert kinds[0] == "case.report" and {"trace.asked", "trace.made", "case.trace"} <= set(kinds)
    hashes = dict(ask(portal, "SELECT seq, hex(hash) FROM event"))
    assert all(hashes[e["seq"]].lower() == e["hash"] for e in data["events"])
    assert (data["root_seq"], data["root"]) == (max(hashes), hashes[max(hashes)].lower())


def test_the_case_file_names_no_reporter_no_other_member_and_no_key(portal, leak):
    steward, case = a_case(portal, leak)
    secret = (portal.library.data / "secret.key").read_text().strip()
    others = [v for row in ask(portal, "SELECT name, email FROM member WHERE id <= ? AND id <> 7", FEW) for v in row]
    for lang in ("en", "zh"):
        steward.lang = lang
        text = steward.get(case + "/file").text + json.dumps(steward.json(case + "/file"))
        assert not [word for word in [secret, "reporter@example.org", "Reporter", *others]
                    if re.search(rf"\b{re.escape(word)}\b", text)]


def test_a_trace_without_a_case_has_a_file_of_its_own(portal, leak):
    steward = steward_of(portal)
    address = ask_for(steward, leak(7))
    finished(steward, address)
    data = steward.json(address + "/file")
    assert data["exhibits"][0]["giver"] == "S" and data["matches"][0]["counted"] > 30
    assert [e["kind"] for e in data["events"]] == ["trace.asked", "trace.made"]


def test_an_exhibit_and_a_source_are_escaped_in_the_file(portal, leak):
    steward, case = a_case(portal, leak)
    assert "seen this? <b>" not in steward.get(case + "/file").text


def test_traces_are_for_stewards(portal, leak):
    steward = steward_of(portal)
    address = ask_for(steward, leak(3))
    finished(steward, address)
    for person in (portal.person("m@example.org"), portal.person("e@example.org", "editor")):
        for path in ("/trace", address, address + "/finding", address + "/exhibits/1"):
            person.get(path, 403)
        person.post("/trace", 403, text="x")


# --- nobody is named where it is not enough ------------------------------------------------------------------------


def everything_kept(portal):
    """All rows of the database and all blobs; digests and salts apart, which hold any letters by chance."""
    db = portal.database()
    tables = [name for name, in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    kept = set()
    for table in tables:
        try:
            kept |= {(table, repr([v for v in row if not (isinstance(v, bytes) and len(v) in (16, 32))]))
                     for row in db.execute(f'SELECT * FROM "{table}"')}
        except sqlite3.DatabaseError:  # a table of the program's own tokenizer
            continue
    db.close()
    for blob in (portal.library.data / "blobs").rglob("*"):
        if blob.is_file():
            kept.add((blob.name, blob.read_bytes().decode(errors="replace")))
    return kept


def test_an_insufficient_exhibit_gives_no_name_anywhere(portal, leak):
    """The strongest attack on an innocent is a steward who looks for whom it might have been."""
    steward = steward_of(portal)
    text = leak(7)
    before = everything_kept(portal)
    lines = steward.events(last=0)
    part = text[len(text) // 3:len(text) // 3 + 150]
    address = ask_for(steward, part)
    page = finished(steward, address)
    finding = page["finding"]
    assert finding["verdict"] == "insufficient" and finding["members"] == []
    assert finding["needed_marks"] > 0 and finding["needed_characters"] > finding["needed_marks"]
    names = [f"M{i}" for i in range(1, FEW + 1)]
    names += [v for row in ask(portal, "SELECT name, email FROM member WHERE id <= ?", FEW) for v in row]

    def clean(what, where):
        found = [n for n in names if re.search(rf"\b{re.escape(n)}\b", what)]
        assert not found, f"{where} names {found}"

    for lang in ("en", "zh"):
        steward.lang = lang
        clean(steward.get(address).text, "the page")
        clean(steward.get("/trace").text, "the list")
    clean(json.dumps(page), "its JSON")
    clean(steward.get(address + "/finding").text, "the finding")
    for where, text in everything_kept(portal) - before:
        clean(text, where)
    portal.library.publish(sample("en"))
    told = []
    for _, kind, data in lines:
        clean(json.dumps(data), "a live line")
        told.append(kind)
        if kind == "paper" and "trace" in told:
            break
    portal.process.terminate()
    out, err = portal.process.communicate(timeout=60)
    portal.process = None
    clean((out + err).decode(), "the log")
    portal.start()


def test_the_master_and_a_strange_text_name_nobody_and_say_why(portal, leak):
    steward = steward_of(portal)
    master = portal.library.master("P1")
    finding = finished(steward, ask_for(steward, master))["finding"]
    assert finding["verdict"] == "unmarked" and "unmarked master" in finding["headline"]
    strange = (ROOT / "samples/en-note.md").read_text()
    finding = finished(steward, ask_for(steward, strange))["finding"]
    assert finding["verdict"] == "unknown-source" and finding["sources"] == []
