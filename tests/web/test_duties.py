"""What procedures wait for is known to one's day, the wall, calendars and reports alike: to whose it is, and to nobody else."""

import re

from test_calendars import address, events
from test_campaigns import campaign
from test_inspections import forms, send, tour
from test_ledger import change, key_of, make, unit
from test_reviews import Bridge


def duties(person):
    return [(d["duty"], d["title"]) for d in person.json("/ledger/today")["duties"]]


def waits(person):
    return {d["duty"]: (d["open"], d["late"]) for d in person.json("/ledger/wall")["duties"]}


def test_a_step_waits_for_its_unit_and_a_question_for_who_asked(portal):
    bridge = Bridge(portal)
    bridge.review("start")
    assert duties(bridge.clerks["Roads"]) == [("step", "Old bridge")]
    assert duties(bridge.clerks["Fire"]) == [] and duties(bridge.lead) == []
    bridge.act("Roads", "ask", reason="papers", words="Which load?")
    assert duties(bridge.clerks["Roads"]) == [] and duties(bridge.lead) == [("question", "Old bridge")]
    assert waits(bridge.editor) == {"step": (1, 0), "question": (1, 0)}
    portal.stop()
    change(portal, "UPDATE step_round SET next_ms = (unixepoch() + 864000) * 1000")  # which would put right what is made late here
    change(portal, "UPDATE step SET due_day = due_day - 60, tell_ms = NULL WHERE state = 'open'")
    portal.start()
    assert waits(bridge.editor)["step"] == (1, 1)
    page = bridge.clerks["Water"].json("/ledger/today")["duties"][0]
    assert page["late"] and page["path"] == f"{bridge.line}/review"
    found = [e["SUMMARY"] for e in events(portal, address(bridge.clerks["Water"]))]
    assert found == ["Give your answer · V1 Old bridge"]
    key = bridge.units["Water"]
    assert [e["SUMMARY"] for e in events(portal, address(bridge.editor, key))] == found
    assert events(portal, address(bridge.editor, bridge.units["Fire"])) == []


def test_who_is_to_score_a_tour_is_reminded_until_all_is_scored(portal):
    editor, (one, other), line = tour(portal)
    assert duties(one) == duties(other) == [("score", "Autumn tour")] and duties(editor) == []
    for place in forms(one, line):
        send(one, line, place, (8, 9))
    assert duties(one) == [] and duties(other) == [("score", "Autumn tour")]


def test_a_campaign_line_that_lies_still_waits_for_its_lead_until_it_moves(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    bridge = make(editor, "Bridge", "project", lead=key_of(portal, lead))
    page = campaign(editor, begins=-9)
    editor.post(page, act="add", numbers="P1", aim=80)
    editor.post(page, act="start")
    assert duties(lead) == []
    change(portal, "INSERT INTO campaign_day SELECT campaign, joined_day - 5, line, 0 FROM campaign_line")
    assert duties(lead) == [("campaign", "Bridge")]
    stand = editor.json("/ledger/wall")["campaigns"]
    assert [(c["title"], c["progress"], c["left"]) for c in stand] == [("Sprint", 0, 50)]
    lead.post(f"{bridge}/change", title="Bridge", weight="1", progress=20, lead=key_of(portal, lead))
    assert duties(lead) == [] and editor.json("/ledger/wall")["campaigns"][0]["progress"] == 25


def test_reports_tell_what_procedures_wait_for_and_how_campaigns_stand(portal):
    editor = portal.person("e@example.org", "editor")
    office = unit(editor, "Works").split("/")[-1]
    make(editor, "Bridge", "project", unit=office)
    page = campaign(editor, begins=-9)
    editor.post(page, act="add", numbers="P1", aim=80)
    editor.post(page, act="start")
    for lang, words in (("en", "Campaign A1 Sprint: 0 % reached"), ("zh", "攻坚行动 A1 Sprint：完成率0%")):
        draft = editor.get(editor.post("/ledger/reports", kind="week", lang=lang).location).text
        assert words in draft and {"en": "Nothing waits", "zh": "没有待办事项"}[lang] in draft
    change(portal, "INSERT INTO campaign_day SELECT campaign, joined_day - 5, line, 0 FROM campaign_line")
    draft = editor.get(editor.post("/ledger/reports", kind="week", lang="zh").location).text
    assert "| 攻坚条目连续五日未动 | 1 | 0 |" in draft and "答复会办事项" not in draft
    assert re.findall("^## (.)、", draft, re.M) == list("一二三四五六七八")


def test_a_day_says_so_when_nothing_waits(portal):
    lead = portal.person("l@example.org", "lead")
    assert "Nothing waits for you" in lead.get("/ledger/today").text
    assert "wall-procedures" not in lead.get("/ledger/wall").text
