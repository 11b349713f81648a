"""Alarms of indicators as a list; and results of formulas, which stand in lists, files and on the wall like figures."""

import csv
import datetime
import io

import pytest
from portal import eventually
from test_indicators import LAST, YEAR, enter, make, sight, take
from test_ledger import change, key_of

TODAY = datetime.date.today()


@pytest.fixture
def editor(portal):
    return portal.person("e@example.org", "editor")


def rows(person, query=""):
    return [[cell["text"] for cell in row["cells"]] for row in person.json(f"/ledger/alarms{query}")["grid"]["rows"]]



def test_alarms_stand_in_one_list_with_since_when_rule_unit_and_lead(portal, editor):
    lead, other = portal.person("li@example.org", "lead"), portal.person("wu@example.org", "lead")
    office = editor.post("/ledger/units", name="Roads").location.split("/")[-1]
    assert "No indicator needs looking at" in editor.get("/ledger/alarms").text
    line = make(editor, begins=f"{LAST}-01")
    editor.post(f"{line}/change", title="Roads mended", weight="1", lead=key_of(portal, lead), unit=office)
    enter(editor, line, LAST, [5])
    title, number, alarm, month, since, unit, of, rule = rows(editor)[0]
    assert (title, number, alarm, month, since, unit, of) == (
        "Roads mended", "I1", "Figure overdue", f"{LAST}-02", f"{LAST}-03-11", "Roads", "Li")
    assert "due by the stated day" in rule
    editor.post(f"{line}/indicator/targets", year=LAST, whole="1200", split="even")
    assert all(row[3] == "" for row in rows(editor) if row[2] != "Figure overdue")
    assert rows(lead, "?mine=own") and not rows(other, "?mine=own")
    assert rows(editor, "?alarm=late") and not rows(editor, "?alarm=strange")
    assert rows(editor, f"?unit={office}&lead={key_of(portal, lead)}") and not rows(editor, f"?lead={key_of(portal, other)}")
    given = list(csv.reader(io.StringIO(editor.get("/ledger/alarms?format=csv").body.decode("utf-8-sig"))))
    assert given[0][:5] == ["Indicator", "Number", "Alarm", "Month that lacks", "Since"] and given[1][1] == "I1"
    day = lead.json("/ledger/today")
    assert day["alarm_count"] == len(rows(editor)) and day["alarms"][0]["since"] == f"{LAST}-03-11" and day["alarms"][0]["number"] == "I1"
    assert other.json("/ledger/today")["alarm_count"] == 0
    editor.post(f"{line}/state", state="closed", why="No longer counted")
    assert rows(editor) == []
    portal.person("m@example.org").get("/ledger/alarms", 403)


def test_an_alarm_goes_when_its_cause_does(portal, editor):
    line = make(editor, begins=f"{LAST}-12")
    enter(editor, line, LAST, [""] * 11 + ["5"])
    if TODAY.month > 1:
        enter(editor, line, YEAR, ["5"] * (TODAY.month - 1))
    assert [row for row in rows(editor) if row[2] == "Figure overdue"] == []
    enter(editor, line, LAST, [""] * 12)
    assert [row[3] for row in rows(editor) if row[2] == "Figure overdue"] == ([f"{LAST}-12"] if TODAY > datetime.date(YEAR, 1, 10) else [])


def test_the_day_itself_raises_alarms_without_anybody_doing_anything(portal, editor):
    make(editor, begins=f"{LAST}-01")
    portal.stop()
    change(portal, "DELETE FROM indicator_alarm")
    change(portal, "UPDATE alarm_round SET next_ms = 0")
    portal.start()
    next_ms = eventually(lambda: change(portal, "SELECT next_ms FROM alarm_round")[0][0])
    assert rows(editor)[0][4] == f"{LAST}-02-11"
    assert 0 < next_ms / 1000 - datetime.datetime.now().timestamp() <= 24 * 3600


def test_results_of_formulas_stand_in_the_list_and_its_file_like_figures(portal, editor):
    done, all_ = make(editor, "Done"), make(editor, "All")
    rate = make(editor, "Share", "%", fold="mean", formula="I1 / I2 * 100")
    enter(editor, done, YEAR, ["10", "50"])
    enter(editor, all_, YEAR, ["200", "100", "7"])
    listed = {row["cells"][0]["text"]: [cell["text"] for cell in row["cells"][4:8]]
              for row in editor.json(f"/ledger/indicators?year={YEAR}")["grid"]["rows"]}
    assert listed["Share"] == ["5.0", "50.0", "", ""]
    given = editor.get("/ledger/indicators?format=csv").body
    assert b'"Share"' in given and b'"50.0"' in given
    answer = take(editor, file=("figures.csv", given))
    assert "left, as formulas make them: 2" in editor.get(answer.location).text
    enter(editor, done, YEAR, ["10", ""])
    assert sight(editor, rate)["months"][1]["actual"] == ""
    assert [row["cells"][5]["text"] for row in editor.json("/ledger/indicators?words=share")["grid"]["rows"]] == [""]


@pytest.mark.skipif(TODAY.month == 2, reason="the wall looks at months that have ended, and at the last one's year")
def test_indicators_made_by_formulas_are_on_the_wall_by_what_the_months_make_together(portal, editor):
    done, all_ = make(editor, "Done"), make(editor, "All")
    rate = make(editor, "Share", "%", fold="mean", formula="I1 / I2 * 100")
    year = YEAR if TODAY.month > 1 else LAST
    editor.post(f"{rate}/indicator/targets", year=year, whole="50", split="even")
    assert editor.json("/ledger/wall")["untold"] == 3
    enter(editor, done, year, ["10", "50"])
    enter(editor, all_, year, ["200", "100"])
    page = editor.json("/ledger/wall")
    assert [page[k] for k in ("met", "near", "short_of", "untold")] == [0, 0, 1, 2]
    assert [(i["title"], i["actual"], i["target"]) for i in page["missed"]] == [("Share", "20.0", "50.0")]
    assert page["below_all"] == 0
    editor.post(f"{rate}/indicator/benchmark", year=year, name="City", m2="40")
    assert editor.json("/ledger/wall")["above_all"] == 1  # in its last month, 50 of 100
