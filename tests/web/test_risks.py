"""Risks: entered by the matrix, watched by figures, assessed by others, borne or gone."""

from accounts import mail_on
from portal import eventually
from post import PostOffice
from test_indicators import YEAR, enter as put, make as indicator
from test_ledger import change, key_of, make, unit


def enter(person, title="Mains leak", likelihood="4", impact="4", category="safety", code=303, **more):
    return person.post("/ledger/risks", code, title=title, likelihood=likelihood, impact=impact, category=category, **more)


def risk_of(person, **more):
    return enter(person, **more).location.removesuffix("/risk")


def people(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    return editor, lead, portal.person("i@example.org", "inspector"), risk_of(editor, lead=key_of(portal, lead))


def act(person, line, act, code=303, **fields):
    return person.post(f"{line}/risk", code, act=act, **fields)


def forms(person, line):
    return {form["act"] for form in person.json(f"{line}/risk")["forms"]}


def rows(person, address="/ledger/risks"):
    return [[cell["text"] for cell in row["cells"]] for row in person.json(address)["grid"]["rows"]]


def read_letters(portal):
    """Letters that are queued, as they go out."""
    office = PostOffice()
    try:
        portal.library.run("settings", "set", "smtp.url", f"smtp://127.0.0.1:{office.port}")
        portal.stop()
        change(portal, "UPDATE letter SET due_ms = 1")
        portal.start()
        return office.take()
    finally:
        office.stop()


def round_now(portal):
    """Lets the timer look for alarms to tell of, and waits until it has."""
    portal.stop()
    portal.start()
    eventually(lambda: change(portal, "SELECT count(*) FROM risk_alarm WHERE told_ms IS NULL")[0][0] == 0)


def level(person, line):
    return person.json(f"{line}/risk")["marks"][0]["level"]


def test_a_risk_gets_its_level_from_the_matrix_and_is_found_by_it(portal):
    editor = portal.person("e@example.org", "editor")
    for title, likelihood, impact in (("Small", "1", "1"), ("Grave", "4", "5"), ("Middling", "3", "3")):
        enter(editor, title, likelihood, impact)
    assert [(row[0], row[3], row[4]) for row in rows(editor)] == [
        ("Grave", "Extreme", "4 × 5"), ("Middling", "Moderate", "3 × 3"), ("Small", "Low", "1 × 1")]
    assert [row[0] for row in rows(editor, "/ledger/risks?place=33")] == ["Middling"]
    assert [row[0] for row in rows(editor, "/ledger/risks?inherent=45")] == ["Grave"]
    assert [row[0] for row in rows(editor, "/ledger/risks?level=4")] == ["Grave"]
    reader = portal.person("z@example.org", "inspector", lang="zh")
    assert rows(reader)[0][2:4] == ["安全生产", "重大风险"]
    page = reader.get("/ledger/lines/" + editor.json("/ledger/risks")["grid"]["rows"][0]["key"] + "/risk").text
    assert "不得接受" in page and "4 × 5" in page


def test_what_can_not_be_taken_is_said_at_the_form_and_nothing_is_kept(portal):
    editor = portal.person("e@example.org", "editor")
    assert "likelihood and impact" in enter(editor, likelihood="", code=409, title="Kept words").text
    assert "category" in enter(editor, category="", code=422).text
    assert "category" in enter(editor, category="weather", code=422).text
    assert enter(editor, likelihood="6", code=422)
    assert editor.json("/ledger/risks")["grid"]["count"] == 0


def test_members_enter_what_their_unit_answers_for_and_nothing_else(portal):
    editor, clerk = portal.person("e@example.org", "editor"), portal.person("c@example.org")
    own, other = unit(editor, "Water office", "c@example.org"), unit(editor, "Road office")
    risk = risk_of(clerk, unit=own.split("/")[-1])
    assert clerk.json(f"{risk}/risk")["level"] == "high"
    enter(clerk, unit=other.split("/")[-1], code=403)
    enter(clerk, code=403)
    assert portal.person("m@example.org").ask("GET", "/ledger/risks").code == 403


def test_a_small_risk_is_borne_by_another_and_a_grave_one_by_nobody(portal):
    editor, lead, inspector, line = people(portal)
    assert forms(lead, line) >= {"reassess"} and "accept" not in forms(lead, line)
    act(lead, line, "reassess", likelihood="2", impact="2", words="The pipe is new")
    act(lead, line, "accept", 403, words="I can live with it")
    act(inspector, line, "accept", 403, words="Fine")
    editor.post(f"{line}/state", 409, state="done")
    act(editor, line, "accept", words="It costs more to mend")
    assert editor.json(line)["head"]["state"] == "done"
    act(lead, line, "reassess", likelihood="5", impact="5", words="The ground moves")
    assert editor.json(line)["head"]["state"] == "active"
    assert "below the highest" in act(editor, line, "accept", 409, words="Never mind").text
    assert [entry["act"] for entry in editor.json(f"{line}/risk")["acts"]] == ["reassess", "accept", "reassess", "enter"]
    history = editor.get(f"{line}/history").text
    assert "What is left is borne" in history and "It costs more to mend" in history
    assert "Assessed anew · High → Low" in history and "Assessed · High" in history


def measure(person, line, title, code=303, **more):
    return act(person, line, "measure", code, **{"words": title, "days": "10", **more})


def measures(person, line):
    return {step["title"]: (step["state"], step["key"]) for stage in person.json(f"{line}/risk")["steps"]["stages"] for step in stage["steps"]}


def finish(person, line, title, code=303):
    return person.post(f"{line}/steps/{measures(person, line)[title][1]}", code, act="finish", words="Done")


def test_disposal_runs_by_measures_and_what_is_left_is_judged_by_another(portal):
    editor, lead, inspector, line = people(portal)
    clerk = portal.person("c@example.org")
    unit(editor, "Pipe office", "c@example.org")
    act(lead, line, "dispose", 409)
    measure(lead, line, "Close the valve", member=key_of(portal, clerk))
    measure(lead, line, "Renew the pipe", member=key_of(portal, clerk), after="1")
    measure(inspector, line, "Pray", 403, member=key_of(portal, clerk))
    measure(lead, line, "Some time", 422, member=key_of(portal, clerk), days="")
    act(lead, line, "dispose", words="Begin")
    assert [measures(lead, line)[t][0] for t in ("Close the valve", "Renew the pipe")] == ["open", "waiting"]
    act(lead, line, "report", 409, words="Done")
    finish(clerk, line, "Close the valve")
    assert lead.json(line)["head"]["progress"] == 50
    assert measures(lead, line)["Renew the pipe"][0] == "open"
    finish(clerk, line, "Renew the pipe")
    act(lead, line, "report", words="The pipe holds")
    act(lead, line, "judge", 403, likelihood="1", impact="1", words="Nothing left")
    act(inspector, line, "judge", likelihood="2", impact="4", words="One joint is old")
    page = editor.json(f"{line}/risk")
    assert (page["before"], page["left"], page["level"], page["state"]) == ("high", "moderate", "moderate", "judged")
    act(editor, line, "back", words="The joint too")
    act(lead, line, "report", 409, words="Still done")  # nothing was done since
    measure(lead, line, "Renew the joint", member=key_of(portal, clerk))
    finish(clerk, line, "Renew the joint")
    act(lead, line, "report", words="The joint is new")
    act(inspector, line, "judge", likelihood="1", impact="4", words="Holds")
    act(editor, line, "accept", words="So be it")
    assert rows(editor)[0][3:7] == ["Moderate", "1 × 4", "High", "borne and watched"]


def test_who_answers_for_a_risk_never_bears_it_whatever_their_role(portal):
    editor = portal.person("e@example.org", "editor", "inspector")
    line = risk_of(editor, likelihood="1", impact="1", lead=key_of(portal, editor))
    act(editor, line, "accept", 403, words="Small")
    act(editor, line, "close", 403, words="Gone")
    other = portal.person("o@example.org", "steward")
    act(other, line, "close", words="The tank is emptied")
    assert editor.json(line)["head"]["state"] == "closed"
    assert editor.json(f"{line}/risk")["state"] == "closed"
    assert rows(editor, "/ledger/risks?state=open") == []


def test_a_line_extracted_from_a_paper_is_assessed_when_somebody_does(portal):
    editor = portal.person("e@example.org", "editor")
    line = make(editor, "Debt falls due", "risk")
    assert editor.json(f"{line}/risk")["assessed"] is False
    act(editor, line, "enter", category="finance", likelihood="3", impact="4")
    assert editor.json(f"{line}/risk")["level"] == "high"
    assert editor.ask("GET", make(editor, "A goal") + "/risk").code == 404


def test_a_figure_raises_the_alarm_the_day_it_comes_in_and_the_lead_is_told_once(portal):
    mail_on(portal)
    editor, lead, _, line = people(portal)
    water = indicator(editor, "Water lost", "%", fold="mean", direction="down")
    editor.post(f"{line}/risk/marks", indicator="I1", warn="12", alarm="20", margin="1", months="1")
    put(editor, water, YEAR, ["11.9"])
    assert rows(editor)[0][7] == ""
    put(editor, water, YEAR, ["11.9", "12"])
    assert rows(editor, "/ledger/risks?alarm=1")[0][7] == "Warning"
    alarm, = editor.json(f"{line}/risk")["alarms"]
    assert (alarm["level"], alarm["month"], alarm["fell"]) == ("warn", f"{YEAR}-02", None)
    round_now(portal)
    put(editor, water, YEAR, ["11.9", "12", "12.5", "11"])  # at the margin: it stands
    assert level(editor, line) == "warn"
    letter, = read_letters(portal)
    assert letter.to == "l@example.org" and "Mains leak" in letter.subject
    assert f"{YEAR}-02" in letter.text and "12.0 %" in letter.text
    put(editor, water, YEAR, ["11.9", "12", "12.5", "11", "10.9"])
    assert level(editor, line) == "calm"
    assert change(portal, "SELECT count(*) FROM letter WHERE kind = 'alarm'") == [(1,)]
    assert "Fallen" in editor.get(f"{line}/history").text


def test_to_act_the_head_of_the_unit_is_told_as_well_and_what_fell_before_is_told_to_nobody(portal):
    mail_on(portal)
    editor, lead, head = (portal.person(f"{name}@example.org", *role) for name, *role in (("e", "editor"), ("l", "lead"), ("h",)))
    office = unit(editor, "Water office", "h@example.org")
    editor.post(f"{office}/change", name="Water office", head=key_of(portal, head))
    line = risk_of(editor, lead=key_of(portal, lead), unit=office.split("/")[-1])
    water = indicator(editor, "Water lost", "%", fold="mean", direction="down")
    editor.post(f"{line}/risk/marks", indicator="I1", warn="12", alarm="20", margin="1", months="1")
    put(editor, water, YEAR, ["13"])
    put(editor, water, YEAR, ["1"])
    portal.stop()  # as if the timer had not looked between the two
    change(portal, "DELETE FROM letter WHERE kind = 'alarm'")
    change(portal, "UPDATE risk_alarm SET told_ms = NULL")
    round_now(portal)
    assert change(portal, "SELECT count(*) FROM letter WHERE kind = 'alarm'") == [(0,)]
    put(editor, water, YEAR, ["1", "30"])
    round_now(portal)
    assert sorted(change(portal, "SELECT m.email FROM letter l JOIN member m ON m.id = l.member WHERE kind = 'alarm'")) == [
        ("h@example.org",), ("l@example.org",)]


def duties(person):
    return [(d["duty"], d["title"]) for d in person.json("/ledger/today")["duties"]]


def test_a_risk_waits_on_its_leads_day_until_disposal_runs_and_again_when_an_alarm_calls(portal):
    editor, lead, _, line = people(portal)
    clerk = portal.person("c@example.org")
    unit(editor, "Pipe office", "c@example.org")
    assert duties(lead) == [("risk", "Mains leak")]
    measure(lead, line, "Renew the pipe", member=key_of(portal, clerk))
    act(lead, line, "dispose")
    assert duties(lead) == [] and duties(clerk) == [("work", "Mains leak")]
    finish(clerk, line, "Renew the pipe")
    assert duties(lead) == [("risk", "Mains leak")]
    act(lead, line, "report", words="Done")
    assert duties(lead) == []
    small = risk_of(editor, title="Old pump", likelihood="1", impact="2", lead=key_of(portal, lead))
    act(editor, small, "accept", words="Small")
    water = indicator(editor, "Water lost", "%", fold="mean", direction="down")
    editor.post(f"{small}/risk/marks", indicator="I1", warn="12", alarm="20")
    put(editor, water, YEAR, ["13"])
    assert duties(lead) == []
    put(editor, water, YEAR, ["21"])
    assert duties(lead) == [("risk-alarm", "Old pump")]


def test_marks_are_set_by_who_may_change_the_risk_and_the_wrong_way_round_by_nobody(portal):
    editor, lead, inspector, line = people(portal)
    indicator(editor, "Water lost", "%", fold="mean", direction="down")
    marks = {"indicator": "I1", "warn": "12", "alarm": "20", "months": "2"}
    inspector.post(f"{line}/risk/marks", 403, **marks)
    assert "worse" in lead.post(f"{line}/risk/marks", 422, **{**marks, "alarm": "8"}).text
    lead.post(f"{line}/risk/marks", 404, **{**marks, "indicator": "I9"})
    lead.post(f"{line}/risk/marks", **marks)
    mark = lead.json(f"{line}/risk")["marks"][0]
    assert (mark["warn"], mark["act"], mark["months"], mark["worse_below"]) == ("12.0", "20.0", 2, False)
    inspector.post(f"{line}/risk/marks/{mark['key']}/end", 403)
    lead.post(f"{line}/risk/marks/{mark['key']}/end")
    lead.post(f"{line}/risk/marks/{mark['key']}/end", 404)
    assert lead.json(f"{line}/risk")["marks"] == []


def cells(person, address="/ledger/risks/map"):
    return {(c["likelihood"], c["impact"]): c["count"] for row in person.json(address)["rows"] for c in row["cells"] if c["count"]}


def told(portal, line, act, day):
    """Lets the newest act of its kind about a line have been done on a day."""
    change(portal, "UPDATE risk_act SET day = CAST(unixepoch(?) / 86400 AS INTEGER) WHERE line = (SELECT id FROM line WHERE key = ?)"
                   " AND act = ?", day, line.split("/")[-1], act)


def test_the_map_counts_what_stands_and_each_field_leads_to_its_risks(portal):
    editor = portal.person("e@example.org", "editor")
    for title, likelihood, impact in (("One", "4", "5"), ("Two", "4", "5"), ("Three", "1", "2")):
        enter(editor, title, likelihood, impact)
    act(editor, risk_of(editor, title="Gone", likelihood="3", impact="3"), "close", words="Never was")
    assert cells(editor) == {(4, 5): 2, (1, 2): 1}
    page = editor.get("/ledger/risks/map").text
    assert page.count('href="/ledger/risks?state=open&amp;place=45"') == 2  # in the chart and in the table
    assert {row[0] for row in rows(editor, "/ledger/risks?state=open&place=45")} == {"One", "Two"}
    assert [(level["level"], level["now"]) for level in editor.json("/ledger/risks/map")["levels"]] == [
        ("extreme", 2), ("high", 0), ("moderate", 0), ("low", 1)]


def test_movement_tells_what_came_went_grew_and_shrank_between_two_days(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    grown, shrunk, still, gone = (risk_of(editor, title=t, likelihood="3", impact="3", lead=key_of(portal, lead))
                                  for t in ("Grown", "Shrunk", "Still", "Gone"))
    for line in (grown, shrunk, still, gone):
        told(portal, line, "enter", "2026-03-01")
    act(lead, grown, "reassess", likelihood="5", impact="4", words="More rain")
    act(lead, shrunk, "reassess", likelihood="1", impact="3", words="New dyke")
    act(editor, gone, "close", words="Built over")
    change(portal, "UPDATE risk_act SET day = CAST(unixepoch('2026-05-01') / 86400 AS INTEGER) WHERE act <> 'enter'")
    enter(editor, "New", "2", "2")
    page = editor.json("/ledger/risks/map?from=2026-04-30")
    assert {m["title"]: m["way"] for m in page["moved"]} == {"Grown": "worse", "Shrunk": "better", "Gone": "gone", "New": "new"}
    assert cells(editor, "/ledger/risks/map?to=2026-04-30&from=2026-02-01") == {(3, 3): 4}
    assert cells(editor, "/ledger/risks/map?to=2026-02-28") == {}
    assert {m["way"] for m in editor.json("/ledger/risks/map?to=2026-04-30&from=2026-02-01")["moved"]} == {"new"}
    assert "place=" not in editor.get("/ledger/risks/map?to=2026-04-30").text
    assert "after the second" in editor.get("/ledger/risks/map?from=2026-05-01&to=2026-04-01", 422).text


def test_the_map_before_disposal_leaves_aside_what_others_found_to_be_left(portal):
    editor, lead, inspector, line = people(portal)
    clerk = portal.person("c@example.org")
    unit(editor, "Pipe office", "c@example.org")
    measure(lead, line, "Renew the pipe", member=key_of(portal, clerk))
    act(lead, line, "dispose")
    finish(clerk, line, "Renew the pipe")
    act(lead, line, "report", words="Done")
    act(inspector, line, "judge", likelihood="1", impact="2", words="Nothing left")
    assert cells(editor) == {(1, 2): 1}
    assert cells(editor, "/ledger/risks/map?by=before") == {(4, 4): 1}
    assert "inherent=44" in editor.get("/ledger/risks/map?by=before").text
