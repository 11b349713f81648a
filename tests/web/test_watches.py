"""The five watches: reported with evidence by who answers for the project, passed by another, in their order."""

import datetime

from test_ledger import change, key_of, make


def people(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    inspector = portal.person("i@example.org", "inspector")
    return editor, lead, inspector, make(editor, "Steel works", "project", lead=key_of(portal, lead))


def act(person, project, code=303, watch="landing", **fields):
    return person.post(f"{project}/watches", code, watch=watch, **fields)


def meet_all(person, project, watch="landing"):
    shown = next(w for w in person.json(f"{project}/watches")["watches"] if w["watch"] == watch)
    for condition in shown["conditions"]:
        act(person, project, watch=watch, act="meet", condition=condition["number"], words="Letter of 3 March")


def state(person, project, watch="landing"):
    return next(w["state"] for w in person.json(f"{project}/watches")["watches"] if w["watch"] == watch)


def test_a_watch_goes_from_its_conditions_by_report_and_check_to_passed(portal):
    _, lead, inspector, project = people(portal)
    act(lead, project, act="plan", day="2026-01-31")
    assert "Still needed" in act(lead, project, 409, act="report", day="2026-02-01").text
    meet_all(lead, project)
    act(lead, project, act="report", day="2026-02-01")
    act(lead, project, 403, act="pass", words="Mine is fine")
    act(inspector, project, 409, act="pass")
    act(inspector, project, act="pass", words="Seen on site")
    watch = inspector.json(f"{project}/watches")["watches"][0]
    assert (watch["state"], watch["planned"], watch["actual"], watch["verdict"]) == (
        "passed", "2026-01-31", "2026-02-01", "Seen on site")
    kinds = change(portal, "SELECT count(*) FROM event WHERE kind = 'line.watch'")
    assert kinds == [(7,)]


def test_a_watch_is_not_passed_before_those_it_stands_on(portal):
    editor, lead, inspector, project = people(portal)
    meet_all(lead, project, "start")
    act(lead, project, watch="start", act="report", day="2026-02-01")
    refused = act(inspector, project, 409, watch="start", act="pass", words="Seen")
    assert "watches before it" in refused.text
    act(editor, project, act="waive", words="State land")
    act(inspector, project, watch="start", act="pass", words="Seen")
    assert "no watch after it" in act(editor, project, 409, act="reopen", words="Wrong").text
    assert state(editor, project) == "waived"


def test_what_is_sent_back_is_open_again_and_says_why(portal):
    _, lead, inspector, project = people(portal)
    meet_all(lead, project)
    act(lead, project, act="report", day="2026-02-01")
    act(inspector, project, act="return", words="No contract seen")
    watch = lead.json(f"{project}/watches")["watches"][0]
    assert (watch["state"], watch["actual"], watch["verdict"]) == ("open", "", "No contract seen")


def test_who_reported_never_passes_it_whatever_their_role(portal):
    editor, _, _, project = people(portal)
    meet_all(editor, project)
    act(editor, project, act="report", day="2026-02-01")
    act(editor, project, 403, act="pass", words="I saw it myself")
    assert state(editor, project) == "reported"


def test_inspectors_report_nothing_and_nothing_is_reached_tomorrow(portal):
    _, lead, inspector, project = people(portal)
    act(inspector, project, 403, act="meet", condition=0, words="Seen")
    meet_all(lead, project)
    act(lead, project, 422, act="report", day="2199-01-01")
    act(lead, project, 422, watch="opening", act="meet", condition=3, words="There are three")
    act(lead, project, 422, watch="nothing", act="report")


def test_only_projects_have_watches(portal):
    editor = portal.person("e@example.org", "editor")
    line = make(editor, "Clean water")
    editor.get(f"{line}/watches", 404)
    assert "/watches" not in editor.get(line).text


def test_a_project_adds_conditions_of_its_own_and_only_who_keeps_the_ledger_drops_them(portal):
    editor, lead, inspector, project = people(portal)
    act(lead, project, act="add", words="  The river is diverted ")
    act(inspector, project, 403, act="add", words="Mine")
    meet_all(lead, project)
    landing = lead.json(f"{project}/watches")["watches"][0]
    own = landing["conditions"][-1]
    assert (own["words"], own["own"], own["met"], len(landing["conditions"])) == ("The river is diverted", True, True, 5)
    act(lead, project, act="meet", condition=own["number"], words="")
    act(lead, project, 409, act="report", day="2026-02-01")  # one is not met
    act(lead, project, 403, act="drop", condition=own["number"], words="No need")
    act(editor, project, 422, act="drop", condition=0, words="It is everybody's")
    act(editor, project, 409, act="drop", condition=own["number"])
    act(editor, project, act="drop", condition=own["number"], words="No river there")
    act(lead, project, act="report", day="2026-02-01")
    act(lead, project, 409, act="add", words="Too late")
    assert lead.json(f"{project}/history")["history"][1]["why"] == "No river there"


def test_a_dropped_condition_never_comes_back_met(portal):
    editor, lead, _, project = people(portal)
    for words in ("First", "Second"):
        act(lead, project, act="add", words=words)
        own = lead.json(f"{project}/watches")["watches"][0]["conditions"][-1]
        assert (own["words"], own["met"]) == (words, False)
        act(lead, project, act="meet", condition=own["number"], words="Seen")
        act(editor, project, act="drop", condition=own["number"], words="Not meant")
    for i in range(6):
        act(lead, project, act="add", words=f"Condition {i}")
    assert "at most 8" in act(lead, project, 409, act="add", words="One more").text


def attach(person, project, name="pier.jpg", content=b"\xff\xd8\xff\xe0a picture", code=303, watch="landing", **more):
    return person.post(f"{project}/watches/{watch}/files", code, file=(name, content), **more)


def evidence(person, project, watch="landing"):
    return next(w["evidence"] for w in person.json(f"{project}/watches")["watches"] if w["watch"] == watch)


def test_photos_with_time_and_place_are_evidence_of_their_watch_alone(portal):
    editor, lead, inspector, project = people(portal)
    attach(lead, project, taken="2026-01-05T10:30", place="By the river", note="The first pier")
    attach(inspector, project, code=403)
    attach(lead, project, "x.html", b"<script>alert(1)</script>", 422)
    attach(lead, project, watch="nothing", code=404)
    photo = evidence(inspector, project)["files"][0]
    assert (photo["name"], photo["place"], photo["note"]) == ("pier.jpg", "By the river", "The first pier")
    assert datetime.datetime.fromisoformat(photo["taken"]).astimezone().strftime("%Y-%m-%dT%H:%M") == "2026-01-05T10:30"
    assert evidence(lead, project, "start")["files"] == []
    assert lead.json(project)["files"]["files"] == []  # not among the line's own
    got = inspector.get(photo["path"])
    assert got.headers["content-disposition"].startswith("attachment")
    portal.person("o@example.org").get(photo["path"], 403)


def test_what_was_looked_at_stays_while_a_watch_is_reported_or_passed(portal):
    editor, lead, inspector, project = people(portal)
    meet_all(lead, project)
    attach(lead, project)
    remove = evidence(lead, project)["files"][0]["path"] + "/remove"
    act(lead, project, act="report", day="2026-02-01")
    assert "stays until" in lead.post(remove, 409, why="Blurred").text
    attach(lead, project, "more.jpg")  # what the checker asks for
    act(inspector, project, act="pass", words="Seen on site")
    attach(lead, project, "late.jpg", code=409)
    lead.post(remove, 409, why="Blurred")
    act(editor, project, act="reopen", words="Wrong pier")
    assert lead.post(remove, why="Blurred").location.split("#")[0].endswith("/watches")
    shown = evidence(lead, project)
    assert [f["name"] for f in shown["files"]] == ["more.jpg"] and shown["gone"][0]["removed_why"] == "Blurred"
