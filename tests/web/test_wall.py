"""The wall: how the whole stands, who is late, and what needs whoever looks."""

import datetime

import pytest
from portal import eventually
from test_indicators import LAST, YEAR, enter
from test_indicators import make as make_indicator

TODAY = datetime.date.today()


def day(offset):
    return (TODAY + datetime.timedelta(days=offset)).isoformat()


@pytest.fixture
def editor(portal):
    return portal.person("e@example.org", "editor")


def make(editor, title, kind="goal", **more):
    return editor.post("/ledger", kind=kind, title=title, **more).location


def wall(person):
    return person.json("/ledger/wall")


def test_an_empty_ledger_says_what_to_do_next(editor):
    assert "As soon as the ledger has lines" in editor.get("/ledger/wall").text
    assert wall(editor)["tallies"] == []


def test_lines_are_counted_by_kind_and_light_and_the_worst_come_first(editor):
    make(editor, "Late by nine", begins=day(-90), due=day(-9))
    worst = make(editor, "Late by twenty", begins=day(-90), due=day(-20))
    make(editor, "Behind", kind="project", begins=day(-50), due=day(50))
    make(editor, "Close", due=day(3))
    make(editor, "On course", begins=day(0), due=day(90))
    done = make(editor, "Done", due=day(5))
    editor.post(f"{done}/state", state="done")
    page = wall(editor)
    goals = next(t for t in page["tallies"] if t["kind"] == "goal")
    assert [goals[k] for k in ("late", "behind", "close", "on_course", "done", "all")] == [2, 0, 1, 1, 1, 4]
    assert [(line["title"], line["days"]) for line in page["late"]] == [("Late by twenty", 20), ("Late by nine", 9)]
    assert [(line["title"], line["planned"]) for line in page["behind"]] == [("Behind", 50)]
    assert (page["late_count"], page["behind_count"]) == (2, 1)
    assert worst in editor.get("/ledger/wall").text  # a click from the wall to the line


def test_a_milestone_of_a_project_that_is_late_itself_is_not_told_of_twice(editor):
    project = make(editor, "A bridge", kind="project", due=day(-9))
    number = editor.json(project)["head"]["number"]
    make(editor, "Piers", kind="milestone", part_of=number, due=day(-20))
    road = make(editor, "A road", kind="project", due=day(9))
    make(editor, "Kerbs", kind="milestone", part_of=editor.json(road)["head"]["number"], due=day(-2))
    assert [(line["within"], line["title"]) for line in wall(editor)["late"]] == [("", "A bridge"), ("A road", "Kerbs")]


def test_units_are_shown_with_most_late_first_and_only_with_lines_in_hand(editor):
    keys = {name: editor.post("/ledger/units", name=name).location.split("/")[-1] for name in ("Roads", "Water", "Idle")}
    make(editor, "a", unit=keys["Roads"], due=day(9))
    make(editor, "b", unit=keys["Water"], due=day(-9))
    assert [(unit["name"], unit["late"], unit["all"]) for unit in wall(editor)["units"]] == [("Water", 1, 1), ("Roads", 0, 1)]


def test_indicators_are_held_against_their_targets_of_the_same_months(editor):
    year = YEAR if TODAY.month > 1 else LAST  # of the month that ended last
    for title, direction, value in (("Met", "up", "10"), ("Near", "up", "9.7"), ("Short", "up", "5"), ("Too much", "down", "20")):
        line = make_indicator(editor, title, direction=direction)
        enter(editor, line, year, [value])
        editor.post(f"{line}/indicator/targets", year=year, whole="120", split="even")
    make_indicator(editor, "Untold")
    page = wall(editor)
    assert [page[k] for k in ("met", "near", "short_of", "untold")] == [1, 1, 2, 1]
    assert [(i["title"], i["actual"], i["target"], i["gap"]) for i in page["missed"]] == [
        ("Too much", "20.0", "10.0", "−100.0%"), ("Short", "5.0", "10.0", "−50.0%")]


def test_whoever_looks_finds_what_they_answer_for(portal, editor):
    lead = portal.person("l@example.org", "lead")
    key = next(p["value"] for p in editor.json("/ledger")["people"] if p["words"] == "L")
    make(editor, "Theirs", lead=key, due=day(-1))
    make(editor, "Another's", due=day(-1))
    page = wall(lead)
    assert (page["own_late"], page["own_all"], page["late_count"]) == (1, 1, 2)
    assert wall(editor)["own_all"] == 0


def test_only_whom_the_ledger_is_open_to_see_the_wall_or_hear_of_it(portal, editor):
    outsider = portal.person("o@example.org")
    outsider.get("/ledger/wall", 403)
    heard, seen = outsider.events(), editor.events()
    make(editor, "A goal", due=day(9))
    assert next(seen)[1:] == ("ledger", {"text": "", "path": ""})
    steward = portal.person("s@example.org", "steward")
    group = steward.post("/groups", name="Readers").location.removesuffix("/members")
    steward.post(f"{group}/members", emails="o@example.org")
    assert next(heard)[1] == "group"  # the first that they hear of comes after the goal


def test_without_a_script_the_wall_is_loaded_again_by_itself(editor):
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in editor.get("/ledger/wall").text


def test_the_wall_tells_of_a_change_as_soon_as_it_is_looked_at_again(editor):
    line = make(editor, "A goal", due=day(-1))
    assert wall(editor)["late_count"] == 1
    editor.post(f"{line}/state", state="done")
    assert eventually(lambda: wall(editor)["late_count"] == 0)
