"""Calendars: what RFC 5545 demands of every byte, whose days they show, and who keeps the key."""

import datetime
import re

import pytest
from accounts import change

TODAY = datetime.date.today()


def day(offset):
    return (TODAY + datetime.timedelta(days=offset)).isoformat()


@pytest.fixture
def editor(portal):
    return portal.person("e@example.org", "editor")


def make(editor, title, kind="goal", **more):
    return editor.post("/ledger", kind=kind, title=title, **more).location


def address(person, whose="own"):
    page = person.post("/ledger/calendars", 200, whose=whose).text
    return re.search(r'<code id="calendar-address">https?://[^/<]+(/calendar/[^<]+)</code>', page)[1]


def unescaped(text):
    assert not re.search(r"(?<!\\)(\\\\)*[;,]", text), f"{text!r} has a bare separator"
    return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], text)


def parsed(body):
    """The events of a calendar: {name: value}; fails where the text breaks a rule of RFC 5545."""
    assert body.endswith(b"\r\n") and b"\n" not in body.replace(b"\r\n", b"")
    rows = body[:-2].split(b"\r\n")
    assert all(len(row) <= 75 for row in rows), "a line has more than 75 octets"
    for row in rows:
        row.decode()  # no character is cut in two
    lines = body.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]
    assert all(re.fullmatch(r"[A-Z-]+(;[A-Z]+=[A-Z-]+)*:[^\x00-\x1f\x7f]*", line) for line in lines)
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Chancery//Ledger//EN"]
    assert lines[-1] == "END:VCALENDAR"
    events, one = [], None
    for line in lines[1:-1]:
        name, value = line.split(":", 1)
        if line == "BEGIN:VEVENT":
            assert one is None
            one = {}
        elif line == "END:VEVENT":
            assert {"UID", "DTSTAMP", "DTSTART;VALUE=DATE", "SUMMARY"} <= set(one)
            assert re.fullmatch(r"\d{8}T\d{6}Z", one["DTSTAMP"])
            first, last = (datetime.date.fromisoformat(f"{d[:4]}-{d[4:6]}-{d[6:]}")
                           for d in (one["DTSTART;VALUE=DATE"], one["DTEND;VALUE=DATE"]))
            assert last - first == datetime.timedelta(days=1)
            events.append({**one, "day": first})
            one = None
        elif one is not None:
            assert name not in one, f"{name} stands twice"
            one[name] = value if name == "URL" else unescaped(value)
    assert one is None and len({event["UID"] for event in events}) == len(events)
    return events


def events(portal, path, lang="en"):
    answer = portal.anyone(lang).get(path)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return parsed(answer.body)


def test_long_titles_in_any_script_and_separators_come_through_whole(portal, editor):
    titles = ("Roads, rails; and \\ water " * 7, "全区重点道路、桥梁和轨道交通建设" * 10, "x")
    for title in titles:
        make(editor, title, due=day(5))
    found = events(portal, address(editor, "all"))
    assert [event["SUMMARY"] for event in found] == [f"G{n} {title.strip()}" for n, title in enumerate(titles, 1)]
    assert {event["day"] for event in found} == {TODAY + datetime.timedelta(days=5)}


def test_ones_own_are_what_one_leads_follows_or_heads_and_a_unit_s_are_with_those_under_it(portal, editor):
    lead = portal.person("l@example.org", "lead")
    key = next(p["value"] for p in editor.json("/ledger")["people"] if p["words"] == "L")
    roads = editor.post("/ledger/units", name="Roads").location.split("/")[-1]
    signs = editor.post("/ledger/units", name="Signs").location.split("/")[-1]
    editor.post(f"/ledger/units/{signs}/change", name="Signs", parent=roads)
    make(editor, "Led", due=day(1), lead=key)
    followed = make(editor, "Followed", due=day(2))
    lead.post(f"{followed}/follow", follow=1)
    make(editor, "Of roads", due=day(3), unit=roads)
    make(editor, "Of signs", due=day(4), unit=signs)
    done = make(editor, "Done", due=day(4))
    editor.post(f"{done}/state", state="done")
    make(editor, "Undated")

    def titles(whose):
        return [event["SUMMARY"].split(" ", 1)[1] for event in events(portal, address(lead, whose))]

    assert titles("own") == ["Led", "Followed"]
    assert titles(roads) == ["Of roads", "Of signs"]
    assert titles(signs) == ["Of signs"]
    assert titles("all") == ["Led", "Followed", "Of roads", "Of signs"]


def test_a_line_keeps_its_uid_when_its_day_moves(portal, editor):
    line, path = make(editor, "A goal", due=day(5)), address(editor, "all")
    before, = events(portal, path)
    editor.post(f"{line}/change", title="A goal", weight=1, progress=0, due=day(9), why="Rain")
    after, = events(portal, path)
    assert after["UID"] == before["UID"] and after["day"] == TODAY + datetime.timedelta(days=9)
    assert after["URL"].endswith(line)


def test_the_key_opens_nothing_else_and_ends_with_the_access(portal, editor):
    make(editor, "A goal", due=day(5))
    lead = portal.person("l@example.org", "lead")
    path = address(lead, "all")
    token = path.split("/")[2]
    portal.anyone().get(f"/feed/{token}", 404)
    assert portal.anyone().ask("GET", "/ledger", headers=[("Authorization", f"Bearer {token}")]).code in (401, 403)
    portal.anyone().get("/calendar/" + "a" * 43 + "/all", 404)
    portal.anyone().get(f"/calendar/{token}/nounit", 404)
    assert len(events(portal, path)) == 1
    change(portal, "DELETE FROM role WHERE member = ?", int(lead.member[1:]))
    portal.anyone().get(path, 404)
    portal.person("o@example.org").post("/ledger/calendars", 403, whose="own")


def test_what_a_calendar_has_already_is_not_sent_again(portal, editor):
    make(editor, "A goal", due=day(5))
    path = address(editor, "all")
    first = portal.anyone().get(path)
    again = portal.anyone().get(path, 304, **{"If-None-Match": first.headers["etag"]})
    assert again.body == b""


def test_a_calendar_speaks_the_language_that_its_address_asks_for(portal, editor):
    make(editor, "A goal", due=day(5))
    path = address(editor, "all")
    assert "责任单位" in events(portal, path + "?lang=zh")[0]["DESCRIPTION"]
    assert events(portal, path + "?lang=en")[0]["CATEGORIES"] == "Goal"
