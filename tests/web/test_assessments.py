"""Assessment: computed from what was done under supervision, seen by whom it concerns, corrected on objection by another."""

import pytest

from test_ledger import change, key_of, make
from test_supervision import act
from test_supervision_notices import office

DAY = "CAST(julianday('{}') - 2440587.5 AS INTEGER)"


def day(portal, text):
    return change(portal, "SELECT " + DAY.format(text))[0][0]


@pytest.fixture
def october(portal):
    """Two lines of one lead in October: one done in time and confirmed, one late with a red notice."""
    steward, editor = portal.person("s@example.org", "steward"), portal.person("e@example.org", "editor")
    lead, inspector = portal.person("l@example.org", "lead"), portal.person("i@example.org", "inspector")
    for title, due in (("Clean water", "2026-10-20"), ("Good roads", "2026-10-30")):
        line = make(editor, title, begins="2026-10-01", due=due, lead=key_of(portal, lead))
        for person, step in ((editor, "enter"), (editor, "assign"), (lead, "sign")):
            act(person, line, step, rhythm="none")
    first = next(line for line, title in change(portal, "SELECT '/ledger/lines/' || key, title FROM line") if title == "Clean water")
    act(lead, first, "report", words="Done", evidence="Letter")
    act(inspector, first, "pass", words="Seen")
    portal.stop()
    change(portal, "UPDATE supervision_round SET next_ms = (unixepoch() + 864000) * 1000")  # no other notices, on whatever day
    change(portal, "UPDATE supervision_act SET day = ?", day(portal, "2026-10-20"))
    change(portal, "UPDATE supervision SET assigned_day = ?1, signed_day = ?1", day(portal, "2026-10-01"))
    change(portal, "DELETE FROM supervision_notice_to")
    change(portal, "DELETE FROM supervision_notice")
    change(portal, "INSERT INTO supervision_notice (key, line, cause, period, kind, made_day, made_ms, lead, due_day, progress,"
                   " planned) SELECT 'n', id, 'late', due_day, 'red', due_day + 1, 1, lead, due_day, 0, 100 FROM line"
                   " WHERE title = 'Good roads'")
    portal.start()
    return steward, editor, lead, inspector


def test_a_score_is_what_the_formula_makes_of_lines_verdicts_and_notices(portal, october):
    steward, editor, lead, inspector = october
    editor.post("/ledger/assessments", 403, assess="2026-10")
    steward.post("/ledger/assessments", 422, assess="2026-13")
    steward.post("/ledger/assessments", 422, assess="2199-01")
    steward.post("/ledger/assessments", 409, assess="1999-Q1")
    steward.post("/ledger/assessments", assess="2026-10")
    steward.post("/ledger/assessments", 409, assess="2026-10")
    key, = change(portal, "SELECT key FROM assessment_score")[0]
    score = lead.json(f"/ledger/assessments/{key}")
    parts = {p["part"]: (p["owed"], p["reached"]) for p in score["parts"]}
    assert parts == {"timely": (2, 1), "course": (0, 0), "feedback": (0, 0), "quality": (1, 1)}
    # (50 · 1/2 + 15 · 1) / 65 = 61.5, less 2 for the red notice
    assert (score["score"], score["off"], score["reds"]) == ("59.5", "2.0", 1)
    assert change(portal, "SELECT count(*) FROM event WHERE kind = 'assessment.made'") == [(1,)]


def test_others_scores_are_for_heads_stewards_and_inspectors_alone(portal, october):
    steward, editor, lead, inspector = october
    head, other = portal.person("h@example.org"), portal.person("o@example.org", "lead")
    address = office(portal, editor, "Water", head)
    editor.post(f"{address}/members", member="l@example.org")
    steward.post("/ledger/assessments", assess="2026-10")
    key, = change(portal, "SELECT key FROM assessment_score")[0]
    for person, sees in ((steward, 1), (inspector, 1), (head, 1), (lead, 1), (editor, 0), (other, 0)):
        assert person.json("/ledger/assessments")["grid"]["count"] == sees
        person.get(f"/ledger/assessments/{key}", 200 if sees else 404)
    assert lead.json("/ledger/assessments?of=me")["grid"]["count"] == 1
    assert "59.5" in lead.get("/ledger/assessments?format=csv").text
    assert "59.5" not in other.get("/ledger/assessments?format=csv").text


def test_an_objection_is_decided_by_another_and_the_score_corrected_on_record(portal, october):
    steward, editor, lead, inspector = october
    second = portal.person("s2@example.org", "steward")
    steward.post("/ledger/assessments", assess="2026-10")
    score = "/ledger/assessments/" + change(portal, "SELECT key FROM assessment_score")[0][0]
    inspector.post(f"{score}/objection", 403, grounds="For a friend")
    second.post(f"{score}/decision", 409, words="There is nothing to decide")
    lead.post(f"{score}/objection", grounds="The road was flooded")
    lead.post(f"{score}/objection", 409, grounds="And again")
    steward.post(f"{score}/decision", 403, upheld="1", points="80", words="I assessed it")
    lead.post(f"{score}/decision", 403, upheld="1", points="100", words="I deserve it")
    inspector.post(f"{score}/decision", 422, upheld="1", points="101", words="Flood")
    inspector.post(f"{score}/decision", upheld="1", points="80", words="The flood is on record")
    shown = lead.json(score)
    assert (shown["score"], shown["computed"], shown["corrected"]) == ("80.0", "59.5", True)
    assert shown["objections"][0]["words"] == "The flood is on record"
    assert change(portal, "SELECT tenths, corrected FROM assessment_score") == [(595, 800)]
    assert change(portal, "SELECT kind FROM event WHERE kind LIKE 'assessment.%' ORDER BY seq") == [
        ("assessment.made",), ("assessment.objected",), ("assessment.decided",)]
    lead.post(f"{score}/objection", grounds="Still too low")
    second.post(f"{score}/decision", words="It is fair")
    assert lead.json(score)["score"] == "80.0"


def test_who_assessed_or_is_assessed_never_decides_whatever_their_role(portal, october):
    steward, editor, lead, inspector = october
    change(portal, "INSERT INTO role (member, role) VALUES (?, 'steward')", int(lead.member[1:]))
    steward.post("/ledger/assessments", assess="2026-10")
    score = "/ledger/assessments/" + change(portal, "SELECT key FROM assessment_score")[0][0]
    lead.post(f"{score}/objection", grounds="The road was flooded")
    lead.post(f"{score}/decision", 403, upheld="1", points="100", words="Flood")
    assert not lead.json(score)["may_decide"] and inspector.json(score)["may_decide"]


def test_a_unit_is_assessed_too_and_its_head_objects_for_it(portal, october):
    steward, editor, lead, inspector = october
    head = portal.person("h@example.org")
    address = office(portal, editor, "Water", head)
    change(portal, "UPDATE line SET unit = 1")
    steward.post("/ledger/assessments", 409, assess="2026-Q3")  # nothing was under supervision yet
    steward.post("/ledger/assessments", assess="2026-10")
    rows = change(portal, "SELECT s.key, a.first_day FROM assessment_score s JOIN assessment a ON a.id = s.assessment"
                          " WHERE s.unit IS NOT NULL")
    assert address and len(rows) == 1
    lead.get(f"/ledger/assessments/{rows[0][0]}", 404)
    head.post(f"/ledger/assessments/{rows[0][0]}/objection", grounds="The flood")


def shares(portal):
    """{name: {part: (owed, reached)}} of the last assessment."""
    rows = change(portal, "SELECT m.name, s.due, s.in_time, s.running, s.owed, s.given, s.verdicts, s.good, s.reds FROM"
                          " assessment_score s JOIN member m ON m.id = s.member")
    return {name: {"timely": (due, done), "running": running, "feedback": (owed, given), "quality": (verdicts, good), "reds": reds}
            for name, due, done, running, owed, given, verdicts, good, reds in rows}


def hand_over(portal, editor, other):
    for line, title in change(portal, "SELECT '/ledger/lines/' || key, title FROM line ORDER BY id"):
        head = editor.json(line)["head"]
        editor.post(f"{line}/change", title=title, weight="1", begins=head["begins_day"], due=head["due_day"], lead=key_of(portal, other))


def test_who_led_when_it_was_done_is_credited_and_not_who_leads_now(portal, october):
    steward, editor, lead, inspector = october
    other = portal.person("o@example.org", "lead")
    hand_over(portal, editor, other)
    steward.post("/ledger/assessments", assess="2026-10")
    assert shares(portal) == {"L": {"timely": (2, 1), "running": 0, "feedback": (0, 0), "quality": (1, 1), "reds": 1}}
    assert "answered for the line at its moment" in lead.get("/ledger/assessments").text


def test_who_took_a_line_over_answers_for_what_came_after(portal, october):
    steward, editor, lead, inspector = october
    other = portal.person("o@example.org", "lead")
    hand_over(portal, editor, other)
    noon = "(julianday('{} 12:00') - 2440587.5) * 86400000"
    change(portal, "UPDATE line_answered SET until_ms = CAST(" + noon.format("2026-10-25") + " AS INTEGER)")
    change(portal, "UPDATE supervision_act SET made_ms = CAST(" + noon.format("2026-10-20") + " AS INTEGER)")
    steward.post("/ledger/assessments", assess="2026-10")
    assert shares(portal) == {
        "L": {"timely": (1, 1), "running": 0, "feedback": (0, 0), "quality": (1, 1), "reds": 1},
        "O": {"timely": (1, 0), "running": 0, "feedback": (0, 0), "quality": (0, 0), "reds": 0}}
