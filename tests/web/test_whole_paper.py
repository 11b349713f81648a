"""A paper goes in, all its commitments are accepted, and each part of the ledger is alive with what came of it."""

import collections

import pytest

import speech
from shelf import publish
from test_ledger import key_of, titles


def accept_all(editor, key):
    """Accepts what is proposed, as the page would send it; gives the page afterwards."""
    rows = editor.json(f"/papers/{key}/commitments")["commitments"]
    places = [row["place"] for row in rows]
    editor.post(f"/papers/{key}/commitments", deed="accept", place=places, kind=[row["kind"] for row in rows],
                title=[row["title"] or f"Commitment {i}" for i, row in enumerate(rows)], chosen=places)
    return editor.json(f"/papers/{key}/commitments")["commitments"]


@pytest.mark.parametrize("lang", speech.PAPERS)
def test_every_part_of_the_ledger_is_alive_with_what_came_of_one_paper(portal, lang):
    key = publish(portal, portal.library.file(f"speech-{lang}.txt", speech.text(lang)))
    editor, lead = portal.person("e@example.org", "editor", lang=lang), portal.person("l@example.org", "lead", lang=lang)
    rows = accept_all(editor, key)
    assert [row["kind"] for row in rows] == speech.kinds(lang)
    assert {row["state"] for row in rows} == {"accepted"}
    for kind, count in collections.Counter(speech.kinds(lang)).items():
        assert editor.json(f"/ledger?kind={kind}")["grid"]["count"] == count, kind
    first = {kind: next(row for row in rows if row["kind"] == kind) for kind in speech.kinds(lang)}
    for kind, row in first.items():
        line = "/ledger/lines/" + row["line"]
        page = editor.json(line)
        assert page["sources"][0]["open"] and page["sources"][0]["words"], kind
        assert {entry["what"] for entry in editor.json(f"{line}/history")["history"]} == {"line.made", "line.sourced"}
        for tab in page["head"]["tabs"]:
            assert editor.json(tab["path"])["head"]["number"] == page["head"]["number"], tab
    assert len(editor.json("/ledger/goals")["goals"]) == speech.kinds(lang).count("goal")
    assert len(editor.json("/ledger/lines/" + first["project"]["line"] + "/watches")["watches"]) == 5
    goal = editor.json("/ledger/lines/" + first["goal"]["line"])["head"]
    editor.post("/ledger", kind="milestone", title="First step", part_of=goal["number"], lead=key_of(portal, lead), due="2026-01-31")
    assert [line["title"] for line in lead.json("/ledger/today")["late"]] == [f"{goal['title']} · First step"]
    milestone = "/ledger/lines/" + lead.json("/ledger/today")["late"][0]["key"]
    lead.post(f"{milestone}/state", state="done")
    assert editor.json("/ledger/lines/" + first["goal"]["line"])["head"]["progress"] == 100
    assert titles(editor.json("/ledger?state=done")) == ["First step"]
    editor.post("/ledger/lines/" + first["risk"]["line"] + "/state", state="done")
    margin = editor.get(f"/papers/{key}").text
    assert margin.count('data-state="active"') == len(rows) - 1 and margin.count('data-state="done"') == 1
