"""Supervision: from entry through assignment, signature, feedback and report to checking and striking off."""

import pytest
from test_ledger import change, key_of, make, unit


def people(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    inspector = portal.person("i@example.org", "inspector")
    line = make(editor, "Clean water", begins="2026-01-05", due="2199-12-31", lead=key_of(portal, lead))
    return editor, lead, inspector, line


def act(person, line, act, code=303, **fields):
    return person.post(f"{line}/supervision", code, act=act, **fields)


def start(portal, rhythm="monthly"):
    editor, lead, inspector, line = people(portal)
    act(editor, line, "enter", rhythm=rhythm)
    act(editor, line, "assign")
    act(lead, line, "sign")
    return editor, lead, inspector, line


def state(person, line):
    return person.json(f"{line}/supervision")["state"]


def forms(person, line):
    return {form["act"] for form in person.json(f"{line}/supervision")["forms"]}


def test_a_line_goes_from_entry_to_struck_off_by_the_hands_of_several(portal):
    editor, lead, inspector, line = people(portal)
    act(editor, line, "enter", rhythm="monthly", words="Decided on Monday")
    assert forms(editor, line) == {"rhythm", "assign", "drop"} and forms(lead, line) == set()
    act(editor, line, "assign")
    act(editor, line, "sign", 403)
    act(lead, line, "sign")
    act(lead, line, "feed", words="Pipes are laid", progress="40")
    assert lead.json(line)["head"]["progress"] == 40
    assert "evidence" in act(lead, line, "report", 409, words="Water is clean").text
    act(lead, line, "report", words="Water is clean", evidence="Laboratory letter 12/2026")
    act(lead, line, "pass", 403, words="I looked myself")
    act(inspector, line, "pass", words="Seen and measured")
    act(inspector, line, "strike", 403)
    act(editor, line, "strike")
    head = editor.json(line)["head"]
    assert (head["state"], head["progress"], state(editor, line)) == ("done", 100, "struck")
    done = [a["act"] for a in editor.json(f"{line}/supervision")["acts"]]
    assert done == ["strike", "pass", "report", "feed", "sign", "assign", "enter"]
    assert change(portal, "SELECT count(*) FROM event WHERE kind = 'line.supervision'") == [(7,)]
    history = editor.get(f"{line}/history").text
    assert "Supervision: Struck off" in history and "Supervision: Signed for" in history
    editor.lang = "zh"
    assert "督办：办结销号" in editor.get(f"{line}/history").text
    kept = lead.get("/account/data").text
    assert "step: Feedback given" in kept and "step: feed" not in kept
    assert "Feedback given" in lead.get("/account/data/file?format=html").text


def test_what_is_sent_back_needs_evidence_of_its_own_and_a_reason(portal):
    editor, lead, inspector, line = start(portal)
    lead.post(f"{line}/supervision/files", file=("letter.pdf", b"%PDF-1.4 figures"), note="Figures")
    act(lead, line, "report", words="Done")
    shown = lead.json(f"{line}/supervision")["files"]
    assert shown["files"][0]["note"] == "Figures" and not shown["may_attach"]
    assert "stays" in lead.post(f"{shown['files'][0]['path']}/remove", 409, why="A slip").text
    lead.post(f"{line}/supervision/files", 409, file=("more.pdf", b"%PDF-1.4 more"))
    assert "words" in act(inspector, line, "return", 409).text
    act(inspector, line, "return", words="No figures")
    assert state(lead, line) == "working"
    act(lead, line, "report", 409, words="Done again")  # the letter is older than the verdict
    lead.post(f"{shown['files'][0]['path']}/remove", why="A slip")
    act(editor, line, "drop", words="Overtaken by a new plan")
    assert state(lead, line) == "dropped" and editor.json(line)["head"]["state"] == "active"


def test_nobody_checks_what_they_answer_for_whatever_their_role(portal):
    editor = portal.person("e@example.org", "editor", "inspector")
    line = make(editor, "Clean water", due="2199-12-31", lead=key_of(portal, editor))
    for step in ("enter", "assign", "sign"):
        act(editor, line, step)
    act(editor, line, "report", words="Done", evidence="Letter")
    act(editor, line, "pass", 403, words="Seen")
    other = portal.person("o@example.org", "steward")
    act(other, line, "pass", words="Seen")
    act(editor, line, "strike", 403)
    act(other, line, "strike")


def test_who_is_no_lead_may_be_assigned_by_unit_and_may_decline_with_a_reason(portal):
    editor, head = portal.person("e@example.org", "editor"), portal.person("h@example.org")
    address = unit(editor, "Water office", "h@example.org")
    editor.post(f"{address}/change", name="Water office", head=key_of(portal, head))
    line = make(editor, "Clean water", due="2199-12-31")
    act(editor, line, "enter")
    assert "a unit or a lead" in act(editor, line, "assign", 409).text
    editor.post(f"{line}/change", title="Clean water", weight="1", due="2199-12-31", unit=address.split("/")[-1])
    act(editor, line, "assign")
    act(head, line, "decline", words="It is the road office's")
    assert state(editor, line) == "entered"


def test_parts_are_handed_on_level_by_level_and_done_before_the_line_is(portal):
    editor, lead, _, line = start(portal)
    head, clerk = portal.person("h@example.org"), portal.person("c@example.org")
    address = unit(editor, "Pipe office", "h@example.org", "c@example.org")
    editor.post(f"{address}/change", name="Pipe office", head=key_of(portal, head))
    act(lead, line, "share", 422, words="Lay pipes")
    act(lead, line, "share", words="Lay pipes", unit=address.split("/")[-1], due="2199-06-30")
    part = lead.json(f"{line}/supervision")["parts"][0]
    assert (part["holder"], part["level"], part["due"]) == ("Pipe office", 2, "2199-06-30")
    act(lead, line, "sign-part", 403, part=part["key"])
    act(head, line, "share", 409, part=part["key"], words="Dig", member=key_of(portal, clerk))
    act(head, line, "sign-part", part=part["key"])
    act(head, line, "share", part=part["key"], words="Dig", member=key_of(portal, clerk))
    below = head.json(f"{line}/supervision")["parts"][1]
    assert (below["holder"], below["level"]) == (change(
        portal, "SELECT name FROM member WHERE id = ?", int(clerk.member[1:]))[0][0], 3)
    act(head, line, "end-part", 409, part=part["key"], words="Laid")
    act(clerk, line, "sign-part", part=below["key"])
    act(clerk, line, "end-part", part=below["key"], words="Dug")
    assert "parts handed on" in act(lead, line, "report", 409, words="Done", evidence="Letter").text
    act(head, line, "end-part", part=part["key"], words="Laid")
    act(lead, line, "report", words="Done", evidence="Letter")


def test_a_part_is_taken_back_with_all_below_it_by_who_gave_it_alone(portal):
    editor, lead, inspector, line = start(portal)
    head, clerk = portal.person("h@example.org", "lead"), portal.person("c@example.org", "lead")
    act(lead, line, "share", words="Lay pipes", member=key_of(portal, head))
    part = lead.json(f"{line}/supervision")["parts"][0]["key"]
    act(head, line, "sign-part", part=part)
    act(head, line, "share", part=part, words="Dig", member=key_of(portal, clerk))
    act(head, line, "take-part", 403, part=part, words="Not mine")
    act(lead, line, "take-part", part=part, words="We do it ourselves")
    assert all(p["taken"] for p in lead.json(f"{line}/supervision")["parts"])
    act(clerk, line, "sign-part", 409, part=lead.json(f"{line}/supervision")["parts"][1]["key"])
    act(lead, line, "sign-part", 404, part="nothing")


def test_feedback_comes_from_the_unit_and_outsiders_are_refused(portal):
    editor, lead, inspector, line = start(portal, "weekly")
    other = portal.person("o@example.org", "lead")
    act(other, line, "feed", 403, words="I heard it is fine")
    assert portal.person("m@example.org").ask("GET", f"{line}/supervision").code == 403
    act(lead, line, "feed", 422, words="Fine", progress="101")
    act(lead, line, "feed", 409)
    page = lead.json(f"{line}/supervision")
    assert page["rhythm"] == "weekly" and page["next_feedback"]
    act(lead, line, "feed", words="Fine")
    assert lead.json(f"{line}/supervision")["missed_feedback"] == ""


@pytest.mark.parametrize("kind", ["project", "rectification"])
def test_what_has_a_procedure_of_its_own_is_struck_off_only_once_that_says_it_is_done(portal, kind):
    editor, lead, inspector, _ = people(portal)
    line = make(editor, "New bridge", kind, due="2199-12-31", lead=key_of(portal, lead))
    change(portal, f"UPDATE line SET state = 'active' WHERE kind = '{kind}'")
    for person, step in ((editor, "enter"), (editor, "assign"), (lead, "sign")):
        act(person, line, step)
    act(lead, line, "report", words="Done", evidence="Letter")
    act(inspector, line, "pass", words="Seen")
    assert "not done yet by its own procedure" in act(editor, line, "strike", 409).text
    assert state(editor, line) == "checked"


def test_the_list_shows_where_each_line_stands_and_takes_lines_in_by_number(portal):
    editor, lead, _, line = people(portal)
    lead.post("/ledger/supervision", 403, number="G1", rhythm="monthly")
    editor.post("/ledger/supervision", 404, number="G9", rhythm="monthly")
    editor.post("/ledger/supervision", 422, number="G1", rhythm="hourly")
    assert editor.post("/ledger/supervision", number="G1", rhythm="monthly").location == f"{line}/supervision"
    page = lead.json("/ledger/supervision?mine=led")
    assert page["grid"]["count"] == 1 and not page["may_enter"]
    assert "entered, to be assigned" in lead.get("/ledger/supervision?state=entered").text
    assert lead.json("/ledger/supervision?state=struck")["grid"]["count"] == 0
    assert "Clean water" in lead.get("/ledger/supervision?format=csv").text


def waiting(person):
    return [(w["number"], w["what"]) for w in person.json("/ledger/today")["waiting"]]


def test_my_day_has_what_waits_for_my_signature_or_check(portal):
    editor, lead, inspector, line = people(portal)
    clerk = portal.person("c@example.org", "lead")
    act(editor, line, "enter")
    act(editor, line, "assign")
    assert waiting(lead) == [("G1", "sign")] and waiting(inspector) == []
    act(lead, line, "sign")
    act(lead, line, "share", words="Dig", member=key_of(portal, clerk))
    assert waiting(lead) == [] and waiting(clerk) == [("G1", "sign-part")]
    part = lead.json(f"{line}/supervision")["parts"][0]["key"]
    act(clerk, line, "sign-part", part=part)
    act(clerk, line, "end-part", part=part, words="Dug")
    act(lead, line, "report", words="Done", evidence="Letter")
    assert waiting(inspector) == waiting(editor) == [("G1", "pass")] and waiting(lead) == waiting(clerk) == []
