"""Indicators: defined, entered, corrected, planned, compared; who may; and what the page makes of the figures."""

import datetime
import html
import re

import pytest
from test_ledger import key_of
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
    assert answer.location.startswith("/ledger/batches/")
    assert sight(editor, roads, LAST)["months"][11]["actual"] == "1234.5"
    assert sight(editor, roads)["months"][0]["actual"] == "7.0"
    assert sight(editor, output)["months"][0]["actual"] == "-3.0"


def test_what_can_t_be_taken_is_named_by_its_row_and_nothing_is_kept(portal, editor):
    roads = make(editor)
    refused = take(editor, 422, text=f"Number,{YEAR}-01,{YEAR}-02\nI1,1,about two\n")
    assert "Row 2, I1" in refused.text and f"{YEAR}-02" in refused.text and "about two" in refused.text
    both = take(editor, 422, text=f"Number,{YEAR}-01,{YEAR}-02\nI1,one,two\nI1,3,\n").text
    assert "Two values are given for I1" in both and "one in row 2 and 3 in row 3" in both
    each = take(editor, 422, text=f"Number,{YEAR}-01,{YEAR}-02\nI1,one,\nI1,,two\n").text
    assert f"Row 2, I1, {YEAR}-01: " in each and f"Row 3, I1, {YEAR}-02: " in each
    many = take(editor, 422, text="Number,Month,Value\n" + "".join(f"I1,{YEAR}-{m:02},bad\n" for m in range(1, 8))).text
    assert "Row 5, I1" in many and "Row 6, I1" not in many and "Further rows refused: 3." in many
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


def test_what_was_taken_in_is_taken_back_but_for_what_was_entered_since(portal, editor):
    roads, output = make(editor, "Roads mended"), make(editor, "Output")
    enter(editor, roads, YEAR, [1])
    batch = take(editor, text=f"Number,{YEAR}-01,{YEAR}-02\nI1,5,6\nI2,7,8\n").location
    page = editor.json(batch)
    assert page["batch"]["lines"] == 2 and page["may_undo"] and page["batch"]["why"] == "Figures taken in"
    assert {(l["number"], f["field"], f["before"], f["after"]) for l in page["lines"] for f in l["fields"]} == {
        ("I1", f"Actual of {YEAR}-01", "1.0", "5.0"), ("I1", f"Actual of {YEAR}-02", "", "6.0"),
        ("I2", f"Actual of {YEAR}-01", "", "7.0"), ("I2", f"Actual of {YEAR}-02", "", "8.0")}
    enter(editor, output, YEAR, ["7", "9"])
    said = editor.post(f"{batch}/undo", 200).text
    assert "Left as it is" in said and f"Actual of {YEAR}-02" in said and "I2" in said
    assert [m["actual"] for m in sight(editor, roads)["months"][:2]] == ["1.0", ""]
    assert [m["actual"] for m in sight(editor, output)["months"][:2]] == ["", "9.0"]
    again = take(editor, text=f"Number,{YEAR}-01\nI1,1\n")
    assert again.location == "/ledger/indicators"  # all of it stood there: there is nothing to take back


# --- columns that are said ------------------------------------------------------------------------


STRANGE = "区统计局月报\n\n指标代码\t报告期\t本期数\t备注\nI1\t{month}\t{value}\t初步\n"


def test_columns_that_nobody_knows_are_asked_for_once_and_known_from_then_on(portal, editor):
    roads = make(editor)
    pasted = STRANGE.format(month=f"{YEAR}-01", value=5)
    asked = take(editor, 422, text=pasted)
    assert "What each column holds" in asked.text and "本期数" in asked.text and "初步" in asked.text
    said = {"heading": ["指标代码", "报告期", "本期数", "备注"], "role": ["indicator", "month", "value", "out"]}
    missing = editor.post("/ledger/indicators/columns", 422, name="Statistics", text=pasted,
                          heading=said["heading"], role=["indicator", "month", "out", "out"])
    assert "needs one with its value" in missing.text and '<option value="month" selected' in missing.text
    assert editor.json("/ledger/indicators/mappings")["mappings"] == []
    done = editor.post("/ledger/indicators/columns", 303, name="Statistics", text=pasted, **said)
    assert sight(editor, roads)["months"][0]["actual"] == "5.0"
    assert editor.json(done.location)["batch"]["why"] == "Figures taken in: Statistics"
    kept = editor.json("/ledger/indicators/mappings")["mappings"][0]
    assert kept["name"] == "Statistics" and kept["used"] and kept["by"] == "E"
    assert [(c["heading"], c["role"]) for c in kept["columns"]] == [
        ("指标代码", "Indicator"), ("报告期", "Month"), ("本期数", "Value")]
    take(editor, text=STRANGE.format(month=f"{YEAR}-02", value=6))
    assert [m["actual"] for m in sight(editor, roads)["months"][:2]] == ["5.0", "6.0"]
    assert "As in Statistics" in editor.get("/ledger/indicators").text
    take(editor, text=STRANGE.format(month=f"{YEAR}-03", value=7), source=kept["key"])
    other = take(editor, 422, text=f"Number,{YEAR}-01\nI1,1\n", source=kept["key"])
    assert "columns of this source are not there" in other.text


def test_the_cells_that_the_form_carries_along_read_back_as_the_same_rows(portal, editor):
    make(editor)
    pasted = '"Report ""of\nthe month"""\t\n\n"Code ""x"""\tWhen\tSum\n\n"I1"\t' + f'"{YEAR}-01"\t"about two"\n'
    page = editor.post("/ledger/indicators/columns", 200, [("Accept", "application/json")], text=pasted, deed="look").json
    assert [c["heading"] for c in page["columns"]] == ['Code "x"', "When", "Sum"]
    carried = html.unescape(re.search(r'<textarea name="text" hidden>\n(.*?)</textarea>',
                                      take(editor, 200, text=pasted, choose=1).text, re.S)[1])
    refused = editor.post("/ledger/indicators/columns", 422, text=carried, name="x", deed="keep",
                          heading=['Code "x"', "When", "Sum"], role=["indicator", "month", "value"])
    assert "Row 6, I1" in refused.text and "about two" in refused.text


def test_values_of_a_source_may_be_since_january_and_its_row_of_headings_chosen(portal, editor):
    roads = make(editor)
    pasted = f"a\tb\tc\td\nWhat\tFirst\tSecond\nI1\t10\t25\n"
    page = editor.post("/ledger/indicators/columns", 200, [("Accept", "application/json")], text=pasted, deed="look").json
    assert page["row"] == 1
    page = editor.post("/ledger/indicators/columns", 200, [("Accept", "application/json")], text=pasted, deed="look", row=2).json
    assert [c["example"] for c in page["columns"]] == ["I1", "10", "25"]
    editor.post("/ledger/indicators/columns", 303, name="Sums", text=pasted, deed="keep", of_year=YEAR, since_january=1,
                heading=["What", "First", "Second"], role=["indicator", "m1", "m2"])
    assert [m["actual"] for m in sight(editor, roads)["months"][:2]] == ["10.0", "15.0"]


def test_headings_that_name_a_month_need_no_word(portal, editor):
    roads = make(editor)
    pasted = f"Code\tNote\t{YEAR}-01\tFeb\nI1\tearly\t10\t25\n"
    page = editor.post("/ledger/indicators/columns", 200, [("Accept", "application/json")], text=pasted, deed="look").json
    assert [c["heading"] for c in page["columns"]] == ["Code", "Note"]
    editor.post("/ledger/indicators/columns", 303, name="Wide", text=pasted, deed="keep", of_year=YEAR,
                heading=["Code", "Note"], role=["indicator", "out"])
    take(editor, text=f"Note\tCode\t{YEAR}-03\n\tI1\t4\n")
    assert [m["actual"] for m in sight(editor, roads)["months"][:3]] == ["10.0", "25.0", "4.0"]


def test_a_source_is_renamed_and_removed_by_who_keeps_it_or_editors(portal, editor):
    line = make(editor)
    lead, other = portal.person("l@example.org", "lead"), portal.person("o@example.org", "lead")
    editor.post(f"{line}/change", title="Roads mended", weight="1", lead=key_of(portal, lead))
    columns = {"heading": ["What", "First"], "role": ["indicator", "m1"], "of_year": YEAR}
    lead.post("/ledger/indicators/columns", 303, name="Mine", text="What\tFirst\nI1\t10\n", **columns)
    key = lead.json("/ledger/indicators/mappings")["mappings"][0]["key"]
    taken = other.post("/ledger/indicators/columns", 409, name="mine", text="What\tFirst\nI1\t10\n", **columns)
    assert "kept by somebody else" in taken.text
    other.post(f"/ledger/indicators/mappings/{key}", 403, name="Ours")
    assert not other.json("/ledger/indicators/mappings")["mappings"][0]["may_change"]
    lead.post(f"/ledger/indicators/mappings/{key}", name="Ours")
    lead.post(f"/ledger/indicators/mappings/{key}", 422, name=" ")
    assert editor.json("/ledger/indicators/mappings")["mappings"][0]["name"] == "Ours"
    editor.post(f"/ledger/indicators/mappings/{key}", end=1)
    assert editor.json("/ledger/indicators/mappings")["mappings"] == []
    assert sight(editor, line)["months"][0]["actual"] == "10.0"
    assert len(history(portal, "mapping.kept")) == len(history(portal, "mapping.renamed")) == 1
    editor.post(f"/ledger/indicators/mappings/{key}", 404, end=1)


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
    assert "your own copy" in editor.post("/ledger/indicators/columns", 422, name="x", text="a\tb\nI1\t1\n",
                                          heading=[own[:90], "b"], role=["indicator", "m1"]).text
    assert "your own copy" in editor.post("/ledger/indicators/names", 422, name=own[:190], number="I1").text
    assert sight(editor, line)["revisions"] == [] and editor.json("/ledger/indicators")["names"] == []
