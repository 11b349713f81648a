"""Notices of supervision: who is told of what by which rule, in working hours alone, and never twice.

What the rules say is tested with days of its own in tests/ledger/test_urge.c. Here the portal's own clock runs, so each
test chooses a time zone in which it is the middle of the day, and a calendar on which today is worked."""

import datetime
import json

import pytest

from accounts import mail_on
from portal import Portal, eventually
from post import PostOffice
from test_ledger import change, key_of, make, unit
from zones import zone_at


@pytest.fixture
def noon(library):
    """today, portal: served where it is noon on a working day."""
    zone, today = zone_at(12)
    library.run("settings", "set", "time-zone", zone)
    library.run("settings", "set", "ledger.calendar", "everyday")
    portal = Portal(library).start()
    yield today, portal
    portal.stop()


def days(today, number):
    return (today + datetime.timedelta(days=number)).isoformat()


def supervised(portal, editor, lead, title, **more):
    line = make(editor, title, lead=key_of(portal, lead), **more)
    for person, act in ((editor, "enter"), (editor, "assign"), (lead, "sign")):
        person.post(f"{line}/supervision", act=act, rhythm="none")
    return line


def looked(portal):
    """Waits until the timer has looked for notices."""
    eventually(lambda: change(portal, "SELECT next_ms FROM supervision_round")[0][0] > 0)


def round_now(portal):
    """Lets the timer look for notices, and waits until it has."""
    portal.stop()
    change(portal, "UPDATE supervision_round SET next_ms = 0")
    portal.start()
    looked(portal)


def notices(portal):
    return change(portal, "SELECT l.number, n.cause FROM supervision_notice n JOIN line l ON l.id = n.line ORDER BY n.id")


def letters(portal):
    return change(portal, "SELECT m.email, l.data FROM letter l JOIN member m ON m.id = l.member"
                          " WHERE l.kind = 'supervision' ORDER BY l.id")


def test_each_line_gets_the_notice_that_its_days_call_for_and_gets_it_once(noon):
    today, portal = noon
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    mail_on(portal)
    for due in (40, 15, 7, -1):
        supervised(portal, editor, lead, f"Due {due}", due=days(today, due))
    supervised(portal, editor, lead, "Behind", begins=days(today, -40), due=days(today, 40))
    make(editor, "Not supervised", due=days(today, -1), lead=key_of(portal, lead))
    round_now(portal)
    wanted = [("G2", "coming"), ("G3", "near"), ("G4", "late"), ("G5", "behind")]
    assert sorted(notices(portal)) == wanted
    round_now(portal)
    assert sorted(notices(portal)) == wanted
    told = [json.loads(data)["notices"] for to, data in letters(portal) if to == "l@example.org"]
    assert sorted(sum(told, [])) == [1, 2, 3, 4]
    assert change(portal, "SELECT count(*) FROM event WHERE kind = 'line.urged'") == [(4,)]
    shown = lead.json("/ledger/today")["notices"]
    assert {n["kind"] for n in shown} == {"reminder", "blue", "yellow", "red"}
    page = lead.get("/ledger/today").text
    assert all(n["rule"] in page for n in shown)


def test_outside_hours_and_on_free_days_nobody_is_told(library):
    zone, today = zone_at(21)
    library.run("settings", "set", "time-zone", zone)
    library.run("settings", "set", "ledger.calendar", "everyday")
    portal = Portal(library).start()
    try:
        editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
        supervised(portal, editor, lead, "Late", due=days(today, -1))
        round_now(portal)
        assert notices(portal) == []
        next_ms = change(portal, "SELECT next_ms FROM supervision_round")[0][0]
        assert next_ms > datetime.datetime.now().timestamp() * 1000
    finally:
        portal.stop()


def office(portal, editor, name, head, above=None):
    address = unit(editor, name, portal_email(portal, head))
    more = {"parent": above.split("/")[-1]} if above else {}
    editor.post(f"{address}/change", name=name, head=key_of(portal, head), **more)
    return address


def portal_email(portal, person):
    return change(portal, "SELECT email FROM member WHERE id = ?", int(person.member[1:]))[0][0]


def test_what_stays_late_goes_up_head_by_head_and_then_to_all(noon):
    today, portal = noon
    editor = portal.person("e@example.org", "editor")
    mayor, head, lead, other = (portal.person(f"{name}@example.org") for name in ("mayor", "head", "lead", "other"))
    city = office(portal, editor, "City", mayor)
    water = office(portal, editor, "Water", head, city)
    office(portal, editor, "Roads", other, city)
    editor.post(f"{water}/members", member="lead@example.org")
    supervised(portal, editor, lead, "Clean water", due=days(today, -20), unit=water.split("/")[-1])
    told = []
    for cause, back in (("late", 0), ("raised", 3), ("raised-on", 3), ("circular", 4)):
        change(portal, "UPDATE supervision_notice SET made_day = made_day - ?", back)
        round_now(portal)
        assert notices(portal)[-1] == ("G1", cause)
        told.append({email.split("@")[0] for email, in change(
            portal, "SELECT m.email FROM supervision_notice_to t JOIN member m ON m.id = t.member"
                    " WHERE t.notice = (SELECT max(id) FROM supervision_notice)")})
    assert told == [{"lead"}, {"lead", "head"}, {"lead", "head", "mayor"}, {"lead", "head", "mayor", "other"}]
    assert len(notices(portal)) == 4
    assert other.json("/ledger/supervision/notices")["grid"]["count"] == 1  # the circular alone
    assert head.json("/ledger/supervision/notices")["grid"]["count"] == 4


def test_a_sheet_is_for_those_it_went_to_and_says_by_what_rule_it_was_given(noon):
    today, portal = noon
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    other, inspector = portal.person("o@example.org", "lead"), portal.person("i@example.org", "inspector")
    supervised(portal, editor, lead, "Clean water", begins=days(today, -9), due=days(today, -1))
    round_now(portal)
    key, = change(portal, "SELECT key FROM supervision_notice")[0]
    sheet = lead.json(f"/ledger/supervision/notices/{key}")
    assert (sheet["kind"], sheet["late"], sheet["planned"], sheet["progress"]) == ("red", 1, 100, 0)
    assert sheet["rule"] == "The last day is past."
    assert [to["name"] for to in sheet["to"]] == [sheet["lead"]]
    inspector.get(f"/ledger/supervision/notices/{key}")
    other.get(f"/ledger/supervision/notices/{key}", 404)
    assert other.json("/ledger/supervision/notices")["grid"]["count"] == 0


def test_a_letter_tells_only_of_what_is_still_so(noon):
    today, portal = noon
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    mail_on(portal)
    first = supervised(portal, editor, lead, "Done by now", due=days(today, -1))
    supervised(portal, editor, lead, "Still late", due=days(today, -1))
    change(portal, "UPDATE account SET mail = 'none'")  # of news: notices are one's work
    round_now(portal)
    editor.post(f"{first}/state", state="closed", why="Overtaken")
    office = PostOffice()
    try:
        portal.library.run("settings", "set", "smtp.url", f"smtp://127.0.0.1:{office.port}")
        portal.stop()
        change(portal, "UPDATE letter SET due_ms = 1")
        portal.start()
        letter, = office.take()
    finally:
        office.stop()
    assert letter.to == "l@example.org" and letter.subject == "Supervision: Red notice"
    assert "Still late" in letter.text and "Done by now" not in letter.text
    assert "The last day is past." in letter.text


def test_a_part_is_urged_by_its_own_day_and_whom_it_was_handed_to_is_told(noon):
    today, portal = noon
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    clerk, head, other = (portal.person(f"{name}@example.org") for name in ("clerk", "head", "other"))
    mail_on(portal)
    pipes = office(portal, editor, "Pipes", head)
    unit(editor, "Staff", "clerk@example.org", "other@example.org")
    line = supervised(portal, editor, lead, "Clean water", due=days(today, 60))
    looked(portal)  # of itself, as there is something to supervise; it would find the painting late before it is done
    lead.post(f"{line}/supervision", act="share", words="Dig", member=key_of(portal, clerk), due=days(today, -2))
    lead.post(f"{line}/supervision", act="share", words="Lay pipes", unit=pipes.split("/")[-1], due=days(today, 5))
    lead.post(f"{line}/supervision", act="share", words="Paint", member=key_of(portal, other), due=days(today, -2))
    for person, part in zip((clerk, head, other), lead.json(f"{line}/supervision")["parts"]):
        person.post(f"{line}/supervision", act="sign-part", part=part["key"])
    painted = lead.json(f"{line}/supervision")["parts"][2]["key"]
    other.post(f"{line}/supervision", act="end-part", part=painted, words="Painted")
    round_now(portal)
    assert notices(portal) == [("G1", "late"), ("G1", "near")]
    told = change(portal, "SELECT m.email FROM supervision_notice_to t JOIN member m ON m.id = t.member ORDER BY t.notice")
    assert told == [("clerk@example.org",), ("head@example.org",)]
    round_now(portal)
    assert len(notices(portal)) == 2
    keys = [key for key, in change(portal, "SELECT key FROM supervision_notice ORDER BY id")]
    sheet = clerk.json(f"/ledger/supervision/notices/{keys[0]}")
    assert (sheet["part"], sheet["late"], sheet["lead"]) == ("Dig", 2, "Clerk")
    head.get(f"/ledger/supervision/notices/{keys[1]}")
    head.get(f"/ledger/supervision/notices/{keys[0]}", 404)
    assert [n["kind"] for n in clerk.json("/ledger/today")["notices"]] == ["red"]
    dug = lead.json(f"{line}/supervision")["parts"][0]["key"]
    clerk.post(f"{line}/supervision", act="end-part", part=dug, words="Dug")
    assert clerk.json("/ledger/today")["notices"] == []
