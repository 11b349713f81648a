"""Indicators: defined, entered, corrected, planned, compared; who may; and what the page makes of the figures."""

import datetime

import pytest
from texts import sample

LAST, YEAR = datetime.date.today().year - 1, datetime.date.today().year


def make(editor, title="Roads mended", measure="km", **more):
    """An indicator that is defined; its line's address."""
    line = editor.post("/ledger", kind="indicator", title=title).location
    settings = {"measure": measure, "places": 1, "fold": "sum", "direction": "up", "begins": f"{LAST}-01",
                "due_day": 10, "behind_percent": 5, **more}
    assert editor.post(f"{line}/indicator/settings", **settings).location.startswith(f"{line}/indicator")
    return line


def months(values):
    return {f"m{number}": value for number, value in enumerate(values, 1)}


def enter(person, line, year, values, code=303, **more):
    return person.post(f"{line}/indicator/actuals", code, year=year, **months(values), **more)


def sight(person, line, year=YEAR):
    return person.json(f"{line}/indicator?year={year}")


def history(portal, kind):
    with portal.database() as db:
        rows = db.execute("SELECT data FROM event WHERE kind = ? ORDER BY seq", (kind,)).fetchall()
    db.close()
    return [row[0] for row in rows]


@pytest.fixture
def editor(portal):
    return portal.person("e@example.org", "editor")


def test_a_line_says_first_what_it_measures_and_then_takes_figures(portal, editor):
    line = editor.post("/ledger", kind="indicator", title="Output").location
    assert "What it measures" in editor.get(f"{line}/indicator").text
    assert not sight(editor, line)["defined"]
    assert "Say first" in enter(editor, line, YEAR, [1], 409).text
    refused = editor.post(f"{line}/indicator/settings", 422, measure="亿元", begins="soon", due_day=10)
    assert "2026-01" in refused.text and "亿元" in refused.text
    editor.post(f"{line}/indicator/settings", measure="亿元", places=2, fold="sum", direction="up", begins=f"{YEAR}-01",
                due_day=10, behind_percent=5)
    page = sight(editor, line)
    assert (page["defined"], page["measure"], page["form"]["places"]) == (True, "亿元", 2)


def test_figures_are_grown_added_up_and_forecast(portal, editor):
    line = make(editor)
    enter(editor, line, LAST, [10] * 12)
    enter(editor, line, YEAR, [11, "12.0", "1３", "", "", "", "", "", "", "", "", ""])
    page = sight(editor, line)
    march = page["months"][2]
    assert (march["actual"], march["growth"]) == ("13.0", "+30.0%")
    assert (march["to_date"], march["to_date_growth"]) == ("36.0", "+20.0%")
    assert page["quarters"][0]["actual"] == "36.0" and page["quarters"][1]["actual"] == ""
    assert page["forecast"] == "144.0" and float(page["low"]) < 144 < float(page["high"])
    assert page["months"][3]["forecast"] == "12.0"
    assert "stand to last year" in page["method"]
    last = sight(editor, line, LAST)
    assert (last["result"], last["forecast"]) == ("120.0", "")


def test_a_corrected_figure_keeps_what_stood_there_with_who_and_why(portal, editor):
    line = make(editor)
    enter(editor, line, YEAR, ["10", "20"])
    enter(editor, line, YEAR, ["10", "21"], why="A bridge was forgotten.")
    page = sight(editor, line)
    assert page["months"][1]["actual"] == "21.0"
    assert [(r["value"], r["holds"], r["why"]) for r in page["revisions"] if r["month"].endswith("-02")] == [
        ("21.0", True, "A bridge was forgotten."), ("20.0", False, "")]
    assert len(history(portal, "line.actual")) == 3  # what is so already makes no event
    told = editor.get(f"{line}/history").text
    assert "Actual entered" in told and f"Actual {YEAR}-02: 20.0 → 21.0" in told and "line.actual" not in told
    enter(editor, line, YEAR, ["10", ""])
    page = sight(editor, line)
    assert page["months"][1]["actual"] == "" and page["revisions"][0]["value"] == ""


def test_a_figure_that_is_none_is_named_and_nothing_is_kept(portal, editor):
    line = make(editor)
    refused = enter(editor, line, YEAR, ["10", "1,23"], 422)
    assert "Month 2" in refused.text and 'value="1,23"' in refused.text
    assert sight(editor, line)["revisions"] == []


def test_a_target_is_split_and_always_adds_up(portal, editor):
    line = make(editor)
    enter(editor, line, LAST, [1] * 11 + [9])
    post = f"{line}/indicator/targets"
    editor.post(post, year=YEAR, whole="100", split="even")
    page = sight(editor, line)
    assert sum(float(m["target"]) for m in page["months"]) == pytest.approx(100)
    assert {q["target"] for q in page["quarters"]} == {"25.0"}
    editor.post(post, year=YEAR, whole="100", split="seasonal", m1="0")
    page = sight(editor, line)
    assert page["months"][0]["target"] == "0.0" and page["months"][11]["target"] == "47.4"
    assert page["months"][11]["target_to_date"] == "100.0"
    editor.post(post, year=YEAR, whole="100", split="even", q2="40")
    page = sight(editor, line)
    assert page["quarters"][1]["target"] == "40.0" and page["months"][11]["target_to_date"] == "100.0"
    refused = editor.post(post, 422, year=YEAR, whole="100", split="even", **months([8] * 12))
    assert "fall short of the year" in refused.text and "4.0" in refused.text
    assert len(history(portal, "line.target")) == 3


def test_an_indicator_made_of_others_follows_them_and_never_itself(portal, editor):
    done, planned = make(editor, "Done"), make(editor, "Planned")
    rate = make(editor, "Share", "%", fold="mean", formula="I1 / I2 * 100")
    enter(editor, done, YEAR, [1, 3])
    enter(editor, planned, YEAR, [4, 4])
    page = sight(editor, rate)
    assert [m["actual"] for m in page["months"][:3]] == ["25.0", "75.0", ""]
    assert page["months"][1]["to_date"] == "50.0"  # 4 of 8, not the mean of rates
    assert "made by a formula" in enter(editor, rate, YEAR, [1], 409).text
    settings = {"measure": "km", "places": 1, "fold": "sum", "direction": "up", "begins": f"{LAST}-01", "due_day": 10}
    fresh = make(editor, "Fresh", formula="I3 + 1")
    editor.post(f"{rate}/indicator/settings", 409, **{**settings, "measure": "%", "fold": "mean", "formula": "I4 * 2"})
    loop = editor.post(f"{rate}/indicator/settings", 409, **{**settings, "measure": "%", "fold": "mean", "formula": "I4"})
    assert "I3 → I4 → I3" in loop.text
    wrong = editor.post(f"{fresh}/indicator/settings", 422, **settings, formula="I99 +")
    assert "I99" in wrong.text


def test_being_above_all_benchmarks_is_a_state(portal, editor):
    line = make(editor, "Growth", "%", fold="mean")
    enter(editor, line, YEAR, ["5.6"])
    post = f"{line}/indicator/benchmark"
    editor.post(post, year=YEAR, name="Nation", m1="5.0")
    assert sight(editor, line)["rank"] == "above_all"
    editor.post(post, year=YEAR, name="City", m1="5.6")
    page = sight(editor, line)
    assert page["rank"] == "above_some" and "below" in [a["kind"] for a in page["alarms"]]
    assert [(b["name"], b["above"]) for b in page["benchmarks"]] == [("City", False), ("Nation", True)]


def test_what_is_missing_or_behind_is_said_with_its_rule(portal, editor):
    line = make(editor)
    enter(editor, line, LAST, [10, "", 10])
    editor.post(f"{line}/indicator/targets", year=LAST, whole="240", split="even")
    page = sight(editor, line, LAST)
    alarms = {a["kind"]: a for a in page["alarms"]}
    assert alarms["late"]["month"] == f"{LAST}-02" and "behind" in alarms
    assert "is due by the stated day" in editor.get(f"{line}/indicator?year={LAST}").text
    assert "逾期未报" in portal.person("z@example.org", "editor").get(f"{line}/indicator?year={LAST}", **{"Accept-Language": "zh"}).text


def test_who_may_enter_set_and_see(portal, editor):
    line = make(editor)
    lead = portal.person("l@example.org", "lead")
    key = {p["words"]: p["value"] for p in editor.json("/ledger")["people"]}["L"]
    member = portal.person("m@example.org")
    member.get(f"{line}/indicator", 403)
    for what in ("actuals", "targets", "benchmark", "settings"):
        lead.post(f"{line}/indicator/{what}", 403, year=YEAR, whole="1", name="x", measure="x", begins="2026-01")
    assert not sight(lead, line)["may_enter"]
    editor.post(f"{line}/change", title="Roads mended", weight=1, lead=key)
    enter(lead, line, YEAR, [5])
    assert sight(lead, line)["months"][0]["actual"] == "5.0"
    goal = editor.post("/ledger", kind="goal", title="A goal").location
    editor.get(f"{goal}/indicator", 404)


# --- in and out by spreadsheets -------------------------------------------------------------------


def take(person, code=303, **form):
    return person.post("/ledger/indicators/import", code, **form)


def test_cells_pasted_from_a_spreadsheet_are_taken_in(portal, editor):
    roads, output = make(editor, "Roads mended"), make(editor, "工业增加值")
    answer = take(editor, text=f"编号\t{LAST}年12月\t{YEAR}-01\nI1\t1,234.5\t7\n工业增加值\t\t（3）\n")
    assert answer.location == "/ledger/indicators"
    assert sight(editor, roads, LAST)["months"][11]["actual"] == "1234.5"
    assert sight(editor, roads)["months"][0]["actual"] == "7.0"
    assert sight(editor, output)["months"][0]["actual"] == "-3.0"


def test_what_can_t_be_taken_is_named_by_its_row_and_nothing_is_kept(portal, editor):
    roads = make(editor)
    refused = take(editor, 422, text=f"Number,{YEAR}-01,{YEAR}-02\nI1,1,about two\n")
    assert "Row 2, I1" in refused.text and f"{YEAR}-02" in refused.text and "about two" in refused.text
    assert sight(editor, roads)["revisions"] == []
    assert "no year" in take(editor, 422, text="Number,Jan\nI1,1\n").text
    take(editor, text="Number,Jan\nI1,1\n", of_year=YEAR)
    assert "Choose a file" in take(editor, 422, text=" ").text
    assert "spreadsheet" in take(editor, 422, file=("figures.xlsx", b"PK\x03\x04 and no more")).text


def test_a_name_that_is_said_once_is_known_from_then_on(portal, editor):
    roads = make(editor)
    pasted = f"Name,{YEAR}-01\nRoads (km),4\n"
    refused = take(editor, 422, text=pasted)
    assert "Roads (km)" in refused.text and pasted.split("\n")[1] in refused.text
    editor.post("/ledger/indicators/names", name="Roads (km)", number="I1")
    assert editor.json("/ledger/indicators")["names"] == [{"name": "Roads (km)", "number": "I1"}]
    take(editor, text=pasted)
    assert sight(editor, roads)["months"][0]["actual"] == "4.0"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_that_was_given_is_taken_in_again_as_the_same(portal, editor, form):
    roads = make(editor)
    enter(editor, roads, LAST, [1.5, 20, -3])
    enter(editor, roads, YEAR, [0])
    given = editor.get(f"/ledger/indicators?format={form}").body
    before = sight(editor, roads, LAST)["months"]
    take(editor, file=(f"figures.{form}", given))
    assert len(history(portal, "line.actual")) == 4  # nothing was other than before
    enter(editor, roads, LAST, [9, 9, 9])
    take(editor, file=(f"figures.{form}", given))
    assert sight(editor, roads, LAST)["months"] == before


def test_who_may_not_enter_an_indicator_s_figures_can_t_take_them_in(portal, editor):
    make(editor)
    lead, member = portal.person("l@example.org", "lead"), portal.person("m@example.org")
    text = f"Number,{YEAR}-01\nI1,4\n"
    assert "its unit, its lead or editors" in take(lead, 403, text=text).text
    lead.post("/ledger/indicators/names", 403, name="x", number="I1")
    take(member, 403, text=text)
    member.get("/ledger/indicators", 403)


def test_values_since_january_are_parted_into_months(portal, editor):
    roads = make(editor)
    take(editor, text=f"Number\t{YEAR}-01\t{YEAR}-02\t{YEAR}-03\nI1\t10\t25\t24\n", since_january=1)
    page = sight(editor, roads)
    assert [m["actual"] for m in page["months"][:3]] == ["10.0", "15.0", "-1.0"]
    refused = take(editor, 422, text=f"Number,{YEAR}-07\nI1,90\n", since_january=1)
    assert "month before it has no value" in refused.text
    level = make(editor, "Inhabitants", fold="last")
    assert "do not add up" in take(editor, 422, text=f"Number,{YEAR}-01\nI2,90\n", since_january=1).text
    assert sight(editor, level)["revisions"] == []


def test_what_is_reached_stands_beside_what_was_planned_by_today(portal, editor):
    line = make(editor)
    editor.post(f"{line}/indicator/targets", year=LAST, whole="200", split="even")
    enter(editor, line, LAST, [10, 40])
    page = sight(editor, line, LAST)
    assert (page["reached"], page["planned"]) == ("25.0%", "100.0%")


def test_words_of_one_s_own_copy_are_not_taken_with_figures(portal, editor):
    line = make(editor)
    portal.library.publish(sample("zh"))
    own = portal.library.copy("P1", editor.member)[300:700].replace("\n", "")
    assert "your own copy" in enter(editor, line, YEAR, [1], 422, why=own).text
    assert "your own copy" in take(editor, 422, text=f"Number,{YEAR}-01\nI1,1\n", why=own).text
    assert "your own copy" in editor.post("/ledger/indicators/names", 422, name=own[:190], number="I1").text
    assert sight(editor, line)["revisions"] == [] and editor.json("/ledger/indicators")["names"] == []
