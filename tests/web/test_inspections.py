"""Inspections: a tour from its plan through scoring on site to the ranking and the findings that become rectifications."""

import hashlib
import secrets

from accounts import mail_on
from portal import eventually
from post import PostOffice
from test_ledger import change, key_of, make, unit

PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 20


def make_sheet(editor, name="Autumn sheet", items="Progress | 60\nSafety | 40", use="inspection"):
    return editor.post("/ledger/sheets", use=use, name=name, items=items).location


def key_in(address):
    return address.rsplit("/", 1)[1]


def plan(editor, sheet, rule="trim", **more):
    answer = editor.post("/ledger/inspections", title="Autumn tour", sheet=key_in(sheet), rule=rule, **more)
    return answer.location.removesuffix("/inspection")


def stop(editor, line, code=303, **where):
    return editor.post(f"{line}/inspection/stops", code, **where)


def name_scorer(portal, editor, line, person, code=303, **more):
    return editor.post(f"{line}/inspection/scorers", code, member=key_of(portal, person), **more)


def act(person, line, what, code=303, **more):
    return person.post(f"{line}/inspection", code, act=what, **more)


def tour(portal, scorers=2, stops=("North works", "South works"), **more):
    """A tour under way: (editor, scorers, line)."""
    editor = portal.person("e@example.org", "editor")
    people = [portal.person(f"s{i}@example.org", "inspector") for i in range(scorers)]
    line = plan(editor, make_sheet(editor), **more)
    for place in stops:
        stop(editor, line, place=place)
    for person in people:
        name_scorer(portal, editor, line, person)
    act(editor, line, "start")
    return editor, people, line


def forms(person, line):
    return {form["title"]: form for form in person.json(f"{line}/scoring")["forms"]}


def send(person, line, place, marks, code=303, key=None, replaces="", words=("", ""), problems=(), **more):
    form = forms(person, line)[place]
    items = [item["item"] for item in form["items"]]
    return person.post(form["path"], code, sent=key or secrets.token_hex(16), replaces=replaces, item=items,
                       value=list(marks), words=list(words), problem=[items[i] for i in problems], **more)


def ranking(person, line):
    return person.json(f"{line}/ranking")


def test_a_tour_is_planned_scored_ranked_and_closed(portal):
    editor, (one, two), line = tour(portal, rule="all")
    assert editor.json(f"{line}/inspection")["state"] == "touring"
    for person, north, south in ((one, (60, 30), (50, 30)), (two, (50, 30), (50, "30.5"))):
        send(person, line, "North works", north, remark="Clean")
        send(person, line, "South works", south)
    assert editor.json(line)["head"]["progress"] == 95
    assert ranking(editor, line)["stops"] == []
    act(editor, line, "end")
    page = ranking(editor, line)
    assert [(s["place"], s["stop"], s["result"]) for s in page["stops"]] == [
        (1, "North works", "85"), (2, "South works", "80.25")]
    assert "Every score counts" in page["rule_words"]
    assert [s["score"] for s in page["stops"][0]["scores"]] == ["90", "80"]
    act(editor, line, "close", 409)
    assert "its own acts" in editor.post(f"{line}/state", 409, state="closed", why="By hand").text
    act(editor, line, "close", words="Reported to the office")
    head = editor.json(line)["head"]
    assert (head["number"], head["state"], head["progress"]) == ("N1", "done", 100)
    rows = editor.json("/ledger/inspections?state=closed")["grid"]["rows"]
    assert [row["cells"][0]["text"] for row in rows] == ["Autumn tour"]
    assert "观摩督导" in editor.get("/ledger/inspections", **{"Accept-Language": "zh"}).text


def test_extremes_are_left_out_by_the_rule_and_the_page_says_which(portal):
    editor, people, line = tour(portal, scorers=5, stops=("North works",))
    for person, points in zip(people, (60, 48, 48, 48, 6)):
        send(person, line, "North works", (points, 0))
    act(editor, line, "end")
    (north,) = ranking(people[0], line)["stops"]
    assert north["result"] == "48" and north["counted"] == 3
    assert [s["counted_words"] for s in north["scores"]] == [
        "left out: highest", "counts", "counts", "counts", "left out: lowest"]
    people[0].lang = "zh"
    assert "最高分，不计" in people[0].get(f"{line}/ranking").text


def test_nobody_sees_anothers_marks_before_the_scoring_is_closed(portal):
    editor, (one, two), line = tour(portal)
    send(one, line, "North works", (13, 27), words=("shaky-scaffold", ""), problems=(0,), remark="rusty-gate",
         photo=("pit.png", PNG))
    for person in (editor, two):
        for page in ("", "/inspection", "/scoring", "/ranking", "/history", "/files"):
            answer = person.ask("GET", f"{line}{page}")
            for secret in ("shaky-scaffold", "rusty-gate", "pit.png") if page not in ("/history", "/files") else ("shaky-scaffold", "rusty-gate"):
                assert secret not in answer.text, page
            assert ">13<" not in answer.text and 'value="13"' not in answer.text and "40.0" not in answer.text
        assert forms(person, line).get("North works", {"sent": None})["sent"] is None
    mine = forms(one, line)["North works"]
    assert [i["value"] for i in mine["items"]] == ["13", "27"] and mine["remark"] == "rusty-gate"
    assert change(portal, "SELECT count(*) FROM event WHERE data LIKE '%shaky%' OR data LIKE '%rusty%'") == [(0,)]


def test_a_sheet_sent_again_under_its_key_is_kept_once_with_its_photos(portal):
    editor, (one, _), line = tour(portal)
    for _ in range(3):
        send(one, line, "North works", (50, 30), key="k" * 22, photo=("pit.png", PNG))
    assert change(portal, "SELECT count(*) FROM filled") == [(1,)]
    assert change(portal, "SELECT count(*) FROM line_file") == [(1,)]
    form = forms(one, line)["North works"]
    assert form["standing"] == "k" * 22 and len(form["photos"]) == 1
    assert one.ask("GET", form["photos"][0]["path"]).body == PNG


def test_a_photo_of_who_may_not_score_is_not_kept(portal):
    """Else anybody to whom the ledger is open fills the disk by sheets that are refused."""
    _, (one, _), line = tour(portal)
    form = forms(one, line)["North works"]
    other = portal.person("other@example.org", "inspector")
    sent = {"item": [item["item"] for item in form["items"]], "value": ["50", "30"], "photo": ("pit.png", PNG)}
    kept = portal.library.data / "blobs" / hashlib.sha256(PNG).hexdigest()[:2] / hashlib.sha256(PNG).hexdigest()[2:]
    other.post(form["path"], 403, sent="a" * 22, **sent)
    assert not kept.exists()
    one.post(form["path"], sent="b" * 22, **sent)
    assert kept.exists()


def test_a_photo_is_taken_back_by_who_sent_it_or_later_by_who_keeps_the_ledger(portal):
    editor, (one, two), line = tour(portal, stops=("North works",))
    send(one, line, "North works", (50, 30), photo=[("pit.png", PNG), ("face.png", PNG)])
    pit, face = forms(one, line)["North works"]["photos"]
    for who, code, why in ((two, 404, "Mine"), (one, 422, "")):
        who.post(f"{line}/scoring/photos/{face['key']}", code, why=why)
    one.post(f"{line}/scoring/photos/{face['key']}", why="Shows a neighbour")
    assert [photo["name"] for photo in forms(one, line)["North works"]["photos"]] == ["pit.png"]
    assert one.ask("GET", face["path"]).code == 404
    act(editor, line, "end")
    one.post(f"{line}/scoring/photos/{pit['key']}", 409, why="Blurred")
    assert editor.post(f"{pit['path']}/remove", why="Blurred").location.startswith(f"{line}/ranking")
    assert ranking(editor, line)["stops"][0]["scores"][0]["photos"] == []


def test_another_sheet_takes_the_place_of_the_one_its_sender_saw_only(portal):
    editor, (one, _), line = tour(portal)
    send(one, line, "North works", (50, 30), key="a" * 22, photo=("pit.png", PNG))
    late = send(one, line, "North works", (10, 10), 409, key="b" * 22, words=("typed with care", ""))
    assert "typed with care" in late.text and 'value="' + "a" * 22 + '"' in late.text
    send(one, line, "North works", (55, 30), key="b" * 22, replaces="a" * 22)
    form = forms(one, line)["North works"]
    assert [i["value"] for i in form["items"]] == ["55", "30"] and len(form["photos"]) == 1
    assert change(portal, "SELECT count(*) FROM filled WHERE replaced_ms IS NULL") == [(1,)]


def test_what_is_refused_comes_back_as_it_was_typed(portal):
    editor, (one, _), line = tour(portal)
    page = send(one, line, "North works", (61, 30), 422, words=("first remark", ""), remark="on the whole").text
    assert "0 to 60 points" in page and "first remark" in page and "on the whole" in page
    assert '<details class="stop" id="stop-' in page and " open" in page
    send(one, line, "North works", (60, ""), 422)
    assert "what the problem is" in send(one, line, "North works", (60, 30), 422, problems=(1,)).text
    assert "no photo" in send(one, line, "North works", (60, 30), 422, photo=("pit.png", b"not a picture")).text
    assert change(portal, "SELECT count(*) FROM filled") == [(0,)]


def test_nobody_scores_a_stop_of_their_own_unit(portal):
    editor = portal.person("e@example.org", "editor")
    one = portal.person("s0@example.org", "inspector")
    office = unit(editor, "Works office", "s0@example.org")
    line = plan(editor, make_sheet(editor))
    project = make(editor, "Bridge", "project", unit=key_in(office))
    stop(editor, line, number=editor.json(project)["head"]["number"])
    stop(editor, line, place="Mill")
    name_scorer(portal, editor, line, one)
    act(editor, line, "start")
    page = one.json(f"{line}/scoring")
    assert [f["title"] for f in page["forms"]] == ["Mill"] and page["own"] == [{"place": "Bridge"}]
    bridge = next(s for s in editor.json(f"{line}/inspection")["stops"] if s["place"] == "Bridge")
    items = [i["item"] for i in page["forms"][0]["items"]]
    one.post(f"{line}/scoring/{bridge['key']}", 403, sent="x" * 22, item=items, value=[1, 1], words=["", ""])
    other = portal.person("o@example.org", "inspector")
    other.post(page["forms"][0]["path"], 403, sent="x" * 22, item=items, value=[1, 1], words=["", ""])
    assert other.json(f"{line}/scoring")["scorer"] is False


def test_a_finding_becomes_a_rectification_or_is_let_go_for_a_reason(portal):
    editor, (one, two), line = tour(portal, stops=("North works",))
    send(one, line, "North works", (50, 10), words=("late by a month", "no rail at the pit"), problems=(0, 1))
    act(editor, line, "end")
    first, second = ranking(editor, line)["findings"]
    assert (second["item"], second["words"], second["stop"]) == ("Safety", "no rail at the pit", "North works")
    act(editor, line, "close", 409, words="Done")
    one.post(f"{line}/ranking/{second['key']}", 403, title="Rail at the pit")
    editor.post(f"{line}/ranking/{second['key']}", title="Rail at the pit", due="2199-01-01")
    editor.post(f"{line}/ranking/{second['key']}", 409, title="Rail at the pit again")
    editor.post(f"{line}/ranking/{first['key']}/drop", 422, why="")
    editor.post(f"{line}/ranking/{first['key']}/drop", why="It was the flood")
    first, second = ranking(editor, line)["findings"]
    assert first["dropped_why"] == "It was the flood"
    made = editor.json(f"/ledger/lines/{second['made']}")
    assert (made["head"]["kind"], made["head"]["title"]) == ("rectification", "Rail at the pit")
    assert change(portal, "SELECT count(*) FROM line WHERE kind = 'rectification'") == [(1,)]
    act(editor, line, "close", words="Done")


def test_a_sheet_is_changed_until_it_is_filled_in_and_copied_afterwards(portal):
    editor, (one, _), line = tour(portal)
    sheet = f"/ledger/sheets/{editor.json(f'{line}/inspection')['sheet_key']}"
    editor.post(sheet, name="Autumn sheet", items="Progress | 60\nSafety | 40\nOn site")
    assert len(editor.json(sheet)["items"]) == 3
    form = forms(one, line)["North works"]
    items = [i["item"] for i in form["items"]]
    one.post(form["path"], sent="x" * 22, item=items, value=[60, "40", "inapplicable"], words=["", "", ""])
    assert "Copy it" in editor.post(sheet, 409, name="Autumn sheet", items="Progress | 100").text
    editor.post("/ledger/sheets", 409, use="inspection", name="Autumn sheet", items="Progress | 100")
    bad = editor.post("/ledger/sheets", 422, use="inspection", name="Winter sheet", items="Progress | lots").text
    assert "Item 1" in bad and "Progress | lots" in bad
    one.post("/ledger/sheets", 403, use="inspection", name="Mine", items="Progress | 100")
    editor.post(f"{sheet}/close")
    assert editor.json("/ledger/sheets")["sheets"] == []


def test_who_plans_nothing_arranges_nothing(portal):
    editor, (one, _), line = tour(portal)
    one.post("/ledger/inspections", 403, title="Mine", sheet="x", rule="all")
    stop(one, line, 403, place="Mill")
    name_scorer(portal, one, line, one, 403)
    act(one, line, "end", 403)
    member = portal.person("m@example.org")
    for page in ("/inspection", "/scoring", "/ranking"):
        assert member.ask("GET", f"{line}{page}").code == 403
    plain = make(editor, "Winter tour", "inspection")  # as any line is made
    for page in ("/inspection", "/scoring", "/ranking"):
        assert editor.get(f"{plain}{page}")
    act(editor, plain, "start", 409)
    stop(editor, plain, 409, place="Mill")
    sheet = key_in(make_sheet(editor, "Winter sheet"))
    editor.post(f"{plain}/inspection/plan", sheet=sheet, rule="far", far=10)
    assert editor.json(f"{plain}/inspection")["state"] == "planned"
    goal = make(editor, "Clean water")
    assert editor.ask("GET", f"{goal}/scoring").code == 404


def test_a_stop_and_a_scorer_can_be_taken_out_until_marks_are_known(portal):
    editor, (one, two), line = tour(portal)
    north, south = editor.json(f"{line}/inspection")["stops"]
    editor.post(f"{line}/inspection/stops/{south['key']}", words="Flooded")
    name_scorer(portal, editor, line, two, out=1)
    send(one, line, "North works", (60, 40))
    assert "South works" not in forms(one, line)
    assert two.json(f"{line}/scoring")["scorer"] is False
    act(editor, line, "end")
    assert [s["stop"] for s in ranking(editor, line)["stops"]] == ["North works"]
    act(editor, line, "reopen", words="A phone was still out")
    stop(editor, line, 409, place="Mill")
    name_scorer(portal, editor, line, two, 409)
    assert forms(one, line)["North works"]["may_fill"] is False


def told(portal):
    return [row[0] for row in change(portal, "SELECT m.email FROM letter l JOIN member m ON m.id = l.member"
                                             " WHERE l.kind = 'tour' ORDER BY m.email")]


def test_scorers_get_a_letter_when_the_tour_begins_once_and_those_without_a_stop_to_score_none(portal):
    mail_on(portal)
    editor = portal.person("e@example.org", "editor")
    one, two, late = (portal.person(f"{n}@example.org", "inspector") for n in ("one", "two", "late"))
    office = key_in(unit(editor, "Works", "two@example.org"))
    line = plan(editor, make_sheet(editor))
    project = make(editor, "North works", "project", unit=office)
    stop(editor, line, number=editor.json(project)["head"]["number"])
    for person in (one, two):
        name_scorer(portal, editor, line, person)
    portal.stop()
    portal.start()
    assert told(portal) == []
    act(editor, line, "start")
    portal.stop()
    portal.start()
    eventually(lambda: told(portal) == ["one@example.org"])
    name_scorer(portal, editor, line, late)
    stop(editor, line, place="South works")
    portal.stop()
    portal.start()
    eventually(lambda: told(portal) == ["late@example.org", "one@example.org", "two@example.org"])
    portal.stop()
    portal.start()
    assert len(told(portal)) == 3


def test_the_letter_to_a_scorer_leads_to_the_sheets_and_is_not_sent_when_nothing_is_left_to_score(portal):
    mail_on(portal)
    office = PostOffice()
    try:
        editor, (one, two), line = tour(portal)
        portal.stop()
        portal.start()
        eventually(lambda: len(told(portal)) == 2)
        for place in ("North works", "South works"):
            send(one, line, place, ("50", "30"))
        portal.library.run("settings", "set", "smtp.url", f"smtp://127.0.0.1:{office.port}")
        portal.stop()
        change(portal, "UPDATE account SET lang = 'zh'")
        change(portal, "UPDATE letter SET due_ms = 1")
        portal.start()
        letter, = office.take()
    finally:
        office.stop()
    assert letter.to == "s1@example.org" and letter.subject == "请评分：N1 Autumn tour"
    assert "观摩点共 2 个" in letter.text and f"{line}/scoring" in letter.text
