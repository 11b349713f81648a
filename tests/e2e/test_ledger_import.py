"""`chancery ledger import`: a whole ledger from a file, all of it or nothing."""

import datetime
import json
import sqlite3
from contextlib import closing

import pytest
from program import Library

import district

HEAD = {"take": "unit", "name": "Roads", "head": "m1@example.org", "members": ["m2@example.org"]}
GOAL = {"take": "line", "ref": "g", "kind": "goal", "title": "Good roads", "unit": "Roads", "lead": "m2@example.org",
        "begins": "2026-01-01", "due": "2026-12-31"}
INDICATOR = ({"take": "line", "ref": "i", "kind": "indicator", "title": "Roads mended", "part_of": "g"},
             {"take": "indicator", "line": "i", "measure": "km", "places": 1, "fold": "sum", "direction": "up", "begins": "2026-01"},
             {"take": "actuals", "line": "i", "from": "2026-01", "values": ["1.5", "", "2"]},
             {"take": "target", "line": "i", "year": 2026, "whole": "24"},
             {"take": "benchmark", "line": "i", "name": "City", "from": "2026-01", "values": ["1"]})


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path).init()
    for number in (1, 2, 3):
        library.run("member", "add", "--email", f"m{number}@example.org", "--name", f"Member {number}")
    return library


def take(library, *records, code=0):
    path = library.file("ledger.jsonl", "\n".join(json.dumps(record) for record in records) + "\n")
    return library.run("ledger", "import", path, "--by", "m1@example.org", "--json", code=code)


def lines(library):
    return [event for event in library.json("events") if event["kind"] == "line.made"]


def test_what_a_file_says_stands_in_the_ledger_with_its_history(library):
    assert take(library, HEAD, GOAL, *INDICATOR).json == {"taken": 7}
    kinds = [event["kind"] for event in library.json("events")]
    assert kinds.count("line.made") == 2 and kinds.count("line.actual") == 2 and "line.target" in kinds
    assert {event["actor"] for event in lines(library)} == {"M1"}
    assert take(library, {**INDICATOR[2], "line": "I1", "values": ["1.6"]}).json == {"taken": 1}
    library.run("verify")


def test_a_file_tells_a_past_by_moving_the_clock_never_ahead_of_today(library):
    done = {"take": "change", "line": "g", "state": "done"}
    opened = [{"on": "2026-03-02"}, HEAD, GOAL, {"on": "2026-05-04"}, done]
    assert take(library, *opened, {"on": str(datetime.date.today())}, {**GOAL, "ref": "now"}).json == {"taken": 7}
    with sqlite3.connect(library.data / "chancery.db") as db:
        made, ended, late = (row[0] for row in db.execute(
            "SELECT created_ms FROM line WHERE number = 'G1' UNION ALL SELECT ended_ms FROM line WHERE number = 'G1'"
            " UNION ALL SELECT created_ms FROM line WHERE number = 'G2'"))
    days = [datetime.datetime.fromtimestamp(ms / 1000) for ms in (made, ended, late)]
    assert [str(day) for day in days[:2]] == ["2026-03-02 09:00:00", "2026-05-04 09:00:00"]
    assert abs(days[2] - datetime.datetime.now()) < datetime.timedelta(hours=1)
    for wrong in (str(datetime.date.today() + datetime.timedelta(days=1)), "soon", ""):
        assert take(library, {"on": wrong}, code=None).code != 0


def test_goals_from_above_and_programmes_are_taken_in_and_clashes_found(library):
    above = {"take": "higher", "ref": "h", "title": "Roads mended", "level": "city", "quantity": 40, "measure": "km", "due": "2026-12-31"}
    said = {"take": "statement", "subject": "Ring road", "last": "2027-06-30", "least": 3, "most": 3, "measure": "km"}
    records = [HEAD, GOAL, above, {"take": "take over", "higher": "h", "line": "g", "amount": 30}]
    for name, last in (("Land use", "2027-06-30"), ("Traffic", "2028-06-30")):
        records += [{"take": "programme", "ref": name, "name": name, "area": "City"}, {**said, "programme": name, "last": last}]
    take(library, *records)
    kinds = [event["kind"] for event in library.json("events")]
    assert [kinds.count(kind) for kind in ("higher.made", "line.took_over", "programme.stated", "clash.found")] == [1, 1, 2, 1]


REVIEW = ({"on": "2026-03-02"}, HEAD, {"take": "unit", "name": "Water", "head": "m3@example.org"},
          {"take": "review", "ref": "v", "title": "Old bridge", "unit": "Roads", "lead": "m2@example.org", "basis": "Rule 7"},
          {"take": "step", "line": "v", "stage": 1, "unit": "Roads", "days": 5},
          {"take": "step", "line": "v", "stage": 1, "unit": "Water", "days": 5, "silence": True},
          {"take": "step", "line": "v", "stage": 2, "unit": "Water", "days": 3, "silence": True},
          {"take": "review act", "line": "v", "act": "start", "by": "m2@example.org"}, {"on": "2026-03-04"},
          {"take": "step act", "line": "v", "unit": "Roads", "act": "agree", "by": "m1@example.org"})


def steps(library):
    with sqlite3.connect(library.data / "chancery.db") as db:
        return db.execute("SELECT stage, state, date(ended_ms / 1000, 'unixepoch', 'localtime') FROM step ORDER BY id").fetchall()


def test_clocks_of_reviews_lapse_on_the_way_each_at_its_moment(library):
    take(library, *REVIEW, {"on": "2026-03-09"})
    assert steps(library) == [(1, "agreed", "2026-03-04"), (1, "open", None), (2, "waiting", None)]
    take(library, {"on": "2026-03-10"}, {"take": "change", "line": "V1", "due": "2026-12-31"})
    assert steps(library)[1:] == [(1, "silent", "2026-03-10"), (2, "open", None)]
    take(library, {"on": "2026-05-04"}, {"take": "review act", "line": "V1", "act": "reply", "verdict": "agreed", "words": "Agreed.", "by": "m2@example.org"})
    assert steps(library)[2] == (2, "silent", "2026-03-14")  # three days after the first lapsed, whatever the file passes over
    library.run("verify")


@pytest.mark.parametrize("wrong, said", (
    ({"take": "step act", "line": "v", "unit": "Roads", "act": "agree", "by": "m1@example.org"}, "no step of it under way"),
    ({"take": "step act", "line": "v", "unit": "Water", "act": "refuse", "words": "No", "by": "m2@example.org"}, "This is for another"),
    ({"take": "step act", "line": "v", "unit": "Water", "act": "dance"}, '"dance" is no act'),
    ({"take": "review act", "line": "v", "act": "make"}, '"make" is no act'),
    ({"take": "review act", "line": "v", "act": "reply", "verdict": "agreed", "words": "Done", "by": "m2@example.org"}, "Still needed"),
))
def test_acts_of_a_file_obey_the_rules_of_the_pages(library, wrong, said):
    refused = take(library, *REVIEW, wrong, code=None)
    assert refused.code != 0 and said in refused.err


POLICY = ({"on": "2026-03-02"}, HEAD, {"take": "policy", "ref": "y", "title": "Help for small firms", "route": "match", "unit": "Roads", "lead": "m2@example.org",
                                     "due": "2026-12-31", "source": "Paper 7", "terms": ["small-firm", "growth"], "by": "m1@example.org"},
          {"take": "policy act", "line": "y", "act": "enact", "from": "2026-03-01", "until": "2027-02-28", "by": "m1@example.org"},
          {"take": "leaflet", "line": "y", "by": "m2@example.org", "en": {"title": "Help", "gives": "Money", "who": "You", "how": "Ask", "contact": "Us"}},
          {"take": "leaflet act", "line": "y", "act": "ask", "by": "m2@example.org"})


def test_policies_with_leaflets_and_use_come_from_a_file_under_the_rules_of_the_pages(library):
    library.run("member", "role", "m1@example.org", "--add", "editor")
    own = take(library, *POLICY, {"take": "leaflet act", "line": "y", "act": "show", "by": "m2@example.org"}, code=None)
    assert own.code != 0 and "not who wrote it" in own.err
    take(library, *POLICY, {"take": "leaflet act", "line": "y", "act": "show", "by": "m1@example.org"}, {"on": "2026-06-15"},
         {"take": "policy months", "line": "y", "by": "m2@example.org", "from": "2026-03", "meant": [90, 95], "claimed": [4, 6], "granted": [3, 5],
          "paid": ["10.50", "20"]}, {"take": "leaflet readers", "line": "y", "everybody": True})
    with sqlite3.connect(library.data / "chancery.db") as db:
        assert db.execute("SELECT state, public, meant, claimed, granted, paid FROM policy").fetchall() == [("in-force", 1, 95, 10, 8, 3050)]
        assert db.execute("SELECT state FROM policy_leaflet").fetchall() == [("shown",)]
        assert db.execute("SELECT count(*) FROM line_term").fetchone() == (2,)
    early = take(library, {"take": "policy months", "line": "Y1", "by": "m2@example.org", "from": "2026-02", "meant": [1], "claimed": [1], "granted": [1]},
                 code=None)
    assert early.code != 0 and "from its first day" in early.err
    library.run("verify")


@pytest.mark.parametrize("wrong, said", (
    ({"take": "wish"}, '"wish" is no take'),
    ({"take": "line", "kind": "hope", "title": "x"}, '"hope" is no kind'),
    ({"take": "line", "kind": "goal", "title": ""}, "title must have"),
    ({"take": "line", "kind": "goal", "title": "x", "due": "soon"}, '"soon" is no day'),
    ({"take": "line", "kind": "goal", "title": "x", "unit": "Moon"}, 'no unit "Moon"'),
    ({"take": "line", "kind": "goal", "title": "x", "lead": "nobody@example.org"}, "nobody@example.org"),
    ({"take": "actuals", "line": "nowhere", "from": "2026-01", "values": ["1"]}, 'No line is called "nowhere"'),
    ({"take": "take over", "line": "g", "higher": "nowhere", "amount": 1}, "no such higher goal"),
    ({"take": "higher", "title": "x", "level": "moon"}, '"moon" is no level'),
    ({"take": "statement", "programme": "nowhere", "subject": "x"}, "no such programme"),
    ({"take": "watch", "line": "g", "watch": "landing", "act": "pass", "words": "fine"}, ""),
))
def test_a_wrong_line_is_named_and_nothing_is_taken(library, wrong, said):
    refused = take(library, HEAD, GOAL, wrong, code=None)
    assert refused.code != 0 and "Line 3: " in refused.err and said in refused.err
    assert lines(library) == []


def test_what_is_no_json_is_named_too(library):
    path = library.file("ledger.jsonl", json.dumps(HEAD) + "\n{\n")
    refused = library.run("ledger", "import", path, "--by", "m1@example.org", code=None)
    assert refused.code != 0 and "Line 2: This is no JSON object" in refused.err


@pytest.mark.parametrize("day", (datetime.date(2026, 1, 5), datetime.date(2028, 2, 29), datetime.date(2026, 12, 31)))
def test_the_demo_s_district_is_whole_on_any_day_and_in_both_languages(tmp_path, day):
    for lang in ("en", "zh"):
        made = district.District(day, lang, leads=["a", "b", "c"], heads=["d"], inspector="e", keeper="f")
        records = list(made.records())
        kinds = [record["kind"] for record in records if record.get("take") == "line"]
        assert (kinds.count("goal"), kinds.count("indicator"), kinds.count("project")) == (60, 300, 400)
        titles = [record["title"] for record in records if record.get("kind") == "indicator"]
        assert len(set(titles)) == 300


def test_a_campaign_is_told_day_by_day_as_it_went(library):
    today = datetime.date.today()
    days = [str(today - datetime.timedelta(days=ago)) for ago in (3, 2, 1)]
    act = {"take": "campaign", "line": "a"}
    take(library, {"on": days[0]}, HEAD, GOAL, {"take": "line", "ref": "a", "kind": "campaign", "title": "Push", "begins": days[0],
                                                "due": str(today + datetime.timedelta(days=56)), "state": "proposed"},
         {**act, "act": "add", "lines": ["g"], "aim": 80, "points": 2, "goal": "It is mended"}, {**act, "act": "start"},
         {"take": "campaign day", "line": "a"}, {"on": days[1]}, {"take": "change", "line": "g", "progress": 40},
         {"take": "campaign day", "line": "a"}, {"on": days[2]}, {"take": "campaign day", "line": "a"})
    with sqlite3.connect(library.data / "chancery.db") as db:
        assert [progress for progress, in db.execute("SELECT progress FROM campaign_day ORDER BY day")] == [0, 40, 40]
        assert db.execute("SELECT progress FROM line WHERE number = 'A1'").fetchone() == (50,)
    for wrong in ({**act, "line": "A1", "act": "win"}, {**act, "line": "A1", "act": "add", "lines": ["G1"]}, {**act, "act": "start"}):
        assert take(library, wrong, code=None).code != 0


def test_supervision_is_taken_in_act_by_act_with_its_days(library):
    library.run("member", "role", "M1", "--add", "editor")

    def act(what, **more):
        return {"take": "supervise", "line": "g", "act": what, **more}

    rows = ({**GOAL, "ref": "g", "due": "2090-12-31", "lead": "m2@example.org"}, {"on": "2026-03-02"}, act("enter", rhythm="weekly"),
            {"on": "2026-03-04"}, act("assign"), {"on": "2026-03-10"}, act("sign", by="m2@example.org"),
            act("share", by="m2@example.org", unit=HEAD["name"], ref="part", words="Dig"), act("take-part", by="m2@example.org", part="part", words="Done by us"))
    take(library, HEAD, *rows)
    with closing(sqlite3.connect(library.data / "chancery.db")) as db:
        said = db.execute("SELECT act, day FROM supervision_act ORDER BY id").fetchall()
        assert [row[0] for row in said] == ["enter", "assign", "sign", "share", "take-part"]
        assert [said[2][1] - said[0][1], said[2][1] - said[1][1]] == [8, 6]
        assert db.execute("SELECT rhythm, signed_day FROM supervision").fetchone() == ("weekly", said[2][1])
        assert db.execute("SELECT count(*) FROM supervision_part WHERE taken_ms IS NOT NULL").fetchone() == (1,)
    assert "another" in take(library, HEAD | {"name": "Other"}, {**GOAL, "ref": "h", "due": "2090-12-31"}, {"take": "supervise", "line": "h", "act": "enter",
                                                                                              "by": "m3@example.org"}, code=None).err


def test_a_tour_is_told_from_its_plan_to_the_rectification_it_led_to(library):
    library.run("member", "role", "M1", "--add", "editor")
    library.run("member", "role", "M3", "--add", "inspector")
    mark = {"value": "8", "words": "", "problem": False}
    tour = [{"take": "sheet", "ref": "s", "use": "inspection", "name": "Autumn", "items": "Progress | 10\nSafety | 10"},
            {"take": "inspection", "ref": "n", "title": "Autumn tour", "sheet": "s", "rule": "trim"},
            {"take": "stop", "ref": "mill", "line": "n", "place": "Mill"}, {"take": "stop", "ref": "goal", "line": "n", "target": "g"},
            {"take": "scorer", "line": "n", "member": "m3@example.org"}, {"take": "inspect", "line": "n", "act": "start"}]
    score = {"take": "score", "line": "n", "stop": "mill", "by": "m3@example.org"}
    take(library, HEAD, GOAL, *tour, {**score, "marks": [mark, {"value": "4", "words": "No rail", "problem": True}]},
         {**score, "stop": "goal", "marks": [mark, mark]}, {"take": "inspect", "line": "n", "act": "end"},
         {"take": "finding", "line": "n", "stop": "mill", "title": "Put up a rail"},
         {"take": "inspect", "line": "n", "act": "close", "why": "Made known"})
    with sqlite3.connect(library.data / "chancery.db") as db:
        assert db.execute("SELECT state FROM line WHERE number = 'N1'").fetchone() == ("done",)
        assert db.execute("SELECT title, text FROM line WHERE number = 'C1'").fetchone() == ("Put up a rail", "No rail")
    for wrong in ({"take": "inspect", "line": "N1", "act": "start"}, {"take": "inspect", "line": "N1", "act": "win"},
                  {"take": "finding", "line": "N1", "stop": "mill", "title": "Again"}, {"take": "sheet", "use": "fun", "name": "X", "items": "A"}):
        assert take(library, wrong, code=None).code != 0


def test_a_problem_and_a_study_session_are_told_act_by_act(library):
    today = datetime.date.today()
    on = [{"on": str(today - datetime.timedelta(days=ago))} for ago in (9, 5, 2)]
    library.run("member", "role", "m3@example.org", "--add", "inspector")
    problem = {"take": "rectification", "ref": "c", "title": "Permits late", "text": "Permits are issued late", "unit": "Roads",
               "lead": "m2@example.org", "due": str(today), "sort": "service", "origin": "inspection", "grave": True}
    act = {"take": "rectify", "line": "c", "words": "So it is", "by": "m2@example.org"}
    session = {"take": "study", "ref": "s", "title": "Reading", "unit": "Roads", "lead": "m1@example.org", "due": str(today - datetime.timedelta(days=5))}
    step = {"take": "study act", "line": "s", "by": "m2@example.org"}
    take(library, on[0], HEAD, problem, {**act, "act": "explain"}, session, {"take": "study item", "line": "s", "title": "Roads"}, on[1],
         {**act, "act": "plan"}, {**act, "act": "show", "shown": "Letter"},
         {"take": "study presence", "line": "s", "present": ["m1@example.org"], "excused": ["m2@example.org"], "by": "m2@example.org"},
         {**step, "act": "hold"}, {"take": "study decision", "line": "s", "item": 2, "title": "Mend it", "unit": "Roads", "by": "m2@example.org"},
         {**step, "act": "write", "words": "Read"}, on[2], {**act, "act": "pass", "by": "m3@example.org"},
         {"take": "study act", "line": "s", "act": "confirm", "by": "m1@example.org"})
    with sqlite3.connect(library.data / "chancery.db") as db:
        assert db.execute("SELECT state, origin, sort, grave FROM rectification").fetchone() == ("verified", "inspection", "service", 1)
        assert db.execute("SELECT state FROM study").fetchone() == ("confirmed",)
        assert db.execute("SELECT count(*) FROM study_decision").fetchone() == (1,)
        assert sorted(db.execute("SELECT state FROM study_attendance")) == [("excused",), ("present",)]
    for wrong in ({**act, "line": "C1", "act": "wish"}, {**act, "line": "C1", "act": "pass", "by": "m2@example.org"}, {**problem, "sort": "gossip"},
                  {**step, "line": "S1", "act": "hold"}, {"take": "study decision", "line": "S1", "item": 9, "title": "x"},
                  {"take": "study presence", "line": "S1", "present": ["m9@example.org"]}):
        assert take(library, wrong, code=None).code != 0


def test_risks_and_sweeps_are_taken_in_act_by_act_by_the_rules_of_their_pages(library):
    library.run("member", "role", "M1", "--add", "editor")
    library.run("member", "role", "M3", "--add", "inspector")
    lead, check = {"by": "m2@example.org"}, {"by": "m3@example.org"}
    act = {"take": "risk act", "line": "r"}
    indicator = ({"take": "line", "ref": "i", "kind": "indicator", "title": "Water lost"},
                 {"take": "indicator", "line": "i", "measure": "%", "places": 1, "fold": "mean", "direction": "down", "begins": "2026-01"},
                 {"take": "actuals", "line": "i", "from": "2026-01", "values": ["11", "14"]})
    rows = (HEAD, {"on": "2026-03-02"}, *indicator,
            {"take": "risk", "ref": "r", "title": "Mains burst", "category": "safety", "likelihood": 4, "impact": 4, "unit": HEAD["name"],
             "lead": "m2@example.org", "due": "2090-12-31"},
            {"take": "threshold", "line": "r", "indicator": "i", "warn": "12", "alarm": "20"},
            {**act, "act": "measure", "words": "Renew", "unit": HEAD["name"], "days": 10, **lead}, {**act, "act": "dispose", **lead},
            {"on": "2026-03-09"}, {"take": "measure", "line": "r", "act": "finish", "words": "Renewed", "by": "m1@example.org"},
            {**act, "act": "report", "words": "Done", **lead}, {**act, "act": "judge", "likelihood": 1, "impact": 3, "words": "Seen", **check},
            {"take": "sheet", "ref": "list", "use": "sweep", "name": "Safety", "items": "Exits are free"},
            {"take": "sweep", "ref": "w", "title": "Before winter", "sheet": "list", "units": [HEAD["name"]], "due": "2090-12-31"},
            {"take": "sweep answer", "line": "w", "unit": HEAD["name"], "by": "m1@example.org",
             "marks": [{"value": "no", "words": "Locked", "problem": True}]},
            {"take": "sweep risk", "line": "w", "title": "Nobody gets out", "category": "safety", "likelihood": 3, "impact": 5},
            {"take": "sweep end", "line": "w", "why": "All looked"})
    refused = take(library, *rows, {**act, "act": "accept", "words": "Fine", **lead}, code=None)
    assert refused.code != 0 and "keeps the ledger" in refused.err
    take(library, *rows)
    with sqlite3.connect(library.data / "chancery.db") as db:
        assert db.execute("SELECT l.number, r.state FROM risk r JOIN line l ON l.id = r.line ORDER BY l.id").fetchall() == [
            ("R1", "judged"), ("R2", "assessed")]
        assert db.execute("SELECT level, month % 12 FROM risk_alarm").fetchall() == [("warn", 1)]
        assert db.execute("SELECT state, progress FROM line WHERE number = 'W1'").fetchone() == ("done", 100)
        assert db.execute("SELECT date(max(day) * 86400, 'unixepoch') FROM risk_act WHERE act = 'judge'").fetchone() == ("2026-03-09",)
