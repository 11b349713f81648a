"""Sweeps: a checklist handed to units, answered by their members, and what they found decided about."""

import hashlib
import re

import pytest

from accounts import mail_on
from portal import eventually
from post import PostOffice
from test_ledger import change, key_of, make, unit


def day(portal, offset):
    return change(portal, "SELECT date('now', 'localtime', ?)", f"{offset} days")[0][0]


def sheet(editor, name="Fire safety", items="Exits are free\nExtinguishers are in date"):
    return editor.post("/ledger/sheets", use="sweep", name=name, items=items).location.split("/")[-1]


def people(portal, due=10):
    """An editor, two clerks of two units, a lead of the sweep, and the sweep."""
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    clerk, other = portal.person("c@example.org"), portal.person("o@example.org")
    units = {name: unit(editor, name, email).split("/")[-1] for name, email in (("Schools", "c@example.org"), ("Roads", "o@example.org"))}
    line = editor.post("/ledger/sweeps", title="Fire safety before winter", sheet=sheet(editor), due=day(portal, due),
                       lead=key_of(portal, lead), to=list(units.values())).location.removesuffix("/sweep")
    return editor, lead, clerk, other, units, line


def answer(person, line, unit, *values, code=303, problems=(), words=(), sent=None, **more):
    """Answers as the form on the page would, with its key and what it replaces."""
    form, = (f for f in person.json(f"{line}/sweep")["forms"] if f["path"].endswith(unit)) if code == 303 else (None,)
    items = [item["item"] for item in form["items"]] if form else [1, 2]
    return person.post(f"{line}/sweep/units/{unit}", code, sent=sent or f"key-{len(values)}-{'-'.join(values)}-0123456789",
                       replaces=form["standing"] if form else "", item=[str(i) for i in items], value=list(values),
                       words=list(words or ["" for _ in values]), problem=[str(items[i]) for i in problems], **more)


def units_of(person, line):
    return {u["name"]: u for u in person.json(f"{line}/sweep")["units"]}


def findings(person, line):
    return person.json(f"{line}/sweep")["findings"]


def test_units_answer_and_the_page_says_who_has_and_who_has_not(portal):
    editor, lead, clerk, other, units, line = people(portal)
    assert {name: u["standing"] for name, u in units_of(editor, line).items()} == {"Schools": "waiting", "Roads": "waiting"}
    answer(clerk, line, units["Schools"], "yes", "inapplicable")
    assert {name: u["standing"] for name, u in units_of(editor, line).items()} == {"Schools": "answered", "Roads": "waiting"}
    assert editor.json(line)["head"]["progress"] == 50
    cells = [cell["text"] for cell in editor.json("/ledger/sweeps")["grid"]["rows"][0]["cells"]]
    assert cells[4:8] == ["2", "1", "0", "0"]
    assert other.json("/ledger/sweeps?mine=answer")["grid"]["count"] == 1
    assert clerk.json("/ledger/sweeps?mine=answer")["grid"]["count"] == 0


def test_a_photo_of_who_may_not_answer_is_not_kept(portal):
    *_, clerk, other, units, line = people(portal)
    photo = b"\x89PNG\r\n\x1a\n" + b"extinguisher" * 20
    digest = hashlib.sha256(photo).hexdigest()
    kept = portal.library.data / "blobs" / digest[:2] / digest[2:]
    answer(other, line, units["Schools"], "yes", "yes", code=403, photo=("a.png", photo))
    assert not kept.exists()
    answer(clerk, line, units["Schools"], "yes", "yes", photo=("a.png", photo))
    assert kept.exists()


def test_only_members_of_a_unit_answer_for_it_and_others_do_not_read_it(portal):
    editor, lead, clerk, other, units, line = people(portal)
    answer(clerk, line, units["Schools"], "yes", "no", words=("", "Two are old"), problems=(1,))
    assert [f["path"].split("/")[-1] for f in clerk.json(f"{line}/sweep")["forms"]] == [units["Schools"]]
    answer(other, line, units["Schools"], "yes", "yes", code=403)
    answer(editor, line, units["Schools"], "yes", "yes", code=403)
    assert units_of(other, line)["Schools"]["answers"] == [] and findings(other, line) == []
    assert units_of(lead, line)["Schools"]["answers"][0]["marks"][1]["words"] == "Two are old"
    assert "Two are old" not in other.get(f"{line}/sweep").text
    third = unit(editor, "Parks").split("/")[-1]
    answer(clerk, line, third, "yes", "yes", code=404)


def test_an_answer_sent_twice_counts_once_and_another_takes_its_place(portal):
    editor, lead, clerk, other, units, line = people(portal)
    for _ in range(2):
        clerk.post(f"{line}/sweep/units/{units['Schools']}", sent="key-0123456789-0123456789", item=["1", "2"], value=["no", "yes"],
                   words=["Blocked by desks", ""], problem=["1"])
    assert change(portal, "SELECT count(*) FROM filled") == [(1,)]
    answer(clerk, line, units["Schools"], "yes", "yes")
    assert units_of(editor, line)["Schools"]["findings"] == 0
    assert len(units_of(editor, line)["Schools"]["answers"]) == 1


def test_late_answers_are_taken_and_known_as_late(portal):
    editor, lead, clerk, other, units, line = people(portal)
    change(portal, "UPDATE line SET due_day = due_day - 20, begins_day = begins_day - 20 WHERE kind = 'sweep'")
    assert editor.json(f"{line}/sweep")["late"] == 2
    answer(clerk, line, units["Schools"], "yes", "yes")
    assert {name: u["standing"] for name, u in units_of(editor, line).items()} == {"Schools": "answered-late", "Roads": "late"}


def test_findings_become_risks_or_rectifications_or_are_let_go_with_a_reason(portal):
    editor, lead, clerk, other, units, line = people(portal)
    answer(clerk, line, units["Schools"], "no", "no", words=("Desks stand in the way", "Two are old"), problems=(0, 1))
    answer(other, line, units["Roads"], "no", "yes", words=("The gate sticks", ""), problems=(0,))
    found = {f["words"]: f["key"] for f in findings(editor, line)}
    path = f"{line}/sweep/findings/"
    clerk.post(path + found["Two are old"], 403, **{"as": "nothing", "why": "We like them"})
    assert "decide first" in editor.post(f"{line}/sweep/end", 409, why="Well done").text.lower()
    lead.post(path + found["Two are old"], **{"as": "rectification", "title": "Renew extinguishers", "due": day(portal, 30)})
    lead.post(path + found["The gate sticks"], 403, **{"as": "risk", "title": "Gate", "category": "safety", "likelihood": "3", "impact": "4"})
    editor.post(path + found["Desks stand in the way"], **{"as": "risk", "title": "Nobody gets out", "category": "safety",
                                                           "likelihood": "3", "impact": "5"})
    editor.post(path + found["The gate sticks"], 422, **{"as": "nothing"})
    editor.post(path + found["The gate sticks"], **{"as": "nothing", "why": "Oiled at once"})
    editor.post(path + found["The gate sticks"], 409, **{"as": "nothing", "why": "Again"})
    made = {f["words"]: f["made_number"] for f in findings(editor, line)}
    assert made == {"Two are old": "C1", "Desks stand in the way": "R1", "The gate sticks": ""}
    risk = editor.json("/ledger/risks")["grid"]["rows"][0]
    assert [c["text"] for c in risk["cells"]][:4] == ["Nobody gets out", "R1", "Safety at work and in public", "High"]
    page = editor.json(f"/ledger/lines/{risk['key']}/risk")
    assert page["found_number"] == "W1" and page["head"]["unit"] == "Schools"
    lead.post(f"{line}/sweep/end", why="Both units looked; two things found")
    assert editor.json(line)["head"]["state"] == "done"
    answer(clerk, line, units["Schools"], "yes", "yes", code=409)


def test_a_sweep_needs_a_checklist_of_its_kind_units_and_a_day(portal):
    editor = portal.person("e@example.org", "editor")
    office, own = unit(editor, "Schools").split("/")[-1], sheet(editor)
    tour = editor.post("/ledger/sheets", use="inspection", name="Tour", items="Looks | 10").location.split("/")[-1]
    fields = {"title": "Fire", "sheet": own, "due": day(portal, 9), "to": [office]}
    assert "one unit" in editor.post("/ledger/sweeps", 422, **{**fields, "to": []}).text
    assert "not for sweeps" in editor.post("/ledger/sweeps", 422, **{**fields, "sheet": tour}).text
    editor.post("/ledger/sweeps", 422, **{**fields, "due": ""})
    portal.person("l@example.org", "lead").post("/ledger/sweeps", 403, **fields)
    assert editor.json("/ledger/sweeps")["grid"]["count"] == 0
    bare = make(editor, "By hand", "sweep")
    assert editor.json(f"{bare}/sweep")["handed_out"] is False


@pytest.mark.parametrize("lang, values, words, field, at, said", [
    ("en", ("yes", ""), ("", ""), "value", 1, "choose yes, no or does not apply"),
    ("en", ("yes", "no"), ("", ""), "words", 1, "say what the problem is"),
    ("en", ("yes", "no"), ("", "x" * 2001), "words", 1, "there is room for 2000"),
    ("zh", ("", "no"), ("", ""), "value", 0, "请选择是、否或不涉及")])
def test_the_item_of_a_checklist_that_is_wrong_is_marked(portal, lang, values, words, field, at, said):
    _, _, member, _, _, line = people(portal)
    form, = (f for f in member.json(f"{line}/sweep")["forms"] if f["may_fill"])
    items = [str(item["item"]) for item in form["items"]]
    member.lang = lang
    page = member.post(form["path"], 422, sent="key-0123456789-0123456789", item=items, value=list(values), words=list(words),
                       problem=items[1]).text
    fields = re.findall(rf'<[^>]*\bname="{field}"[^>]*>', page)
    assert ['aria-invalid="true"' in tag for tag in fields] == [i == at for i in range(2)]
    assert said in re.search(r'<p class="problem" id="problem" role="alert">(.*?)</p>', page)[1]
    assert page.index(items[at] + '">') < page.index('id="problem"') < page.index(fields[at])


def test_who_is_to_answer_for_a_unit_gets_one_letter(portal):
    mail_on(portal)
    editor, lead, clerk, other, units, line = people(portal)
    portal.stop()
    portal.start()
    eventually(lambda: change(portal, "SELECT count(*) FROM sweep_unit WHERE told_ms IS NULL")[0][0] == 0)
    assert sorted(change(portal, "SELECT m.email FROM letter l JOIN member m ON m.id = l.member WHERE kind = 'sweep'")) == [
        ("c@example.org",), ("o@example.org",)]


def duties(person):
    return [(d["duty"], d["title"]) for d in person.json("/ledger/today")["duties"]]


def test_a_sweep_waits_on_the_day_of_its_units_until_they_have_answered(portal):
    editor, lead, clerk, other, units, line = people(portal)
    assert duties(clerk) == duties(other) == [("sweep", "Fire safety before winter")] and duties(editor) == []
    answer(clerk, line, units["Schools"], "yes", "yes")
    assert duties(clerk) == [] and len(duties(other)) == 1
    assert editor.json(f"{line}/sweep")["answered"] == 1


def test_the_rectification_made_of_a_finding_says_that_a_sweep_found_it(portal):
    editor, lead, clerk, other, units, line = people(portal)
    answer(clerk, line, units["Schools"], "no", "yes", words=("Desks stand in the way", ""), problems=(0,))
    editor.post(f"{line}/sweep/findings/{findings(editor, line)[0]['key']}", **{"as": "rectification", "title": "Clear the exits"})
    assert change(portal, "SELECT origin FROM rectification") == [("sweep",)]


def reminded(portal):
    return [row[0] for row in change(portal, "SELECT m.email FROM letter l JOIN member m ON m.id = l.member"
                                             " WHERE l.kind = 'sweep-near' ORDER BY l.id")]


def look(portal, *more):
    """Lets the timer look for units to remind, after what else has changed, and waits until it has."""
    portal.stop()
    for sql in ("UPDATE sweep SET look_ms = 0", *more):
        change(portal, sql)
    portal.start()
    eventually(lambda: change(portal, "SELECT min(look_ms) > 0 FROM sweep") == [(1,)])


def due_in(portal, days):
    """Moves the sweep's last day, and puts its beginning out of the way."""
    return (f"UPDATE line SET begins_day = NULL, due_day = {{}} WHERE kind = 'sweep'"
            .format(f"(SELECT CAST(julianday(date('now', 'localtime')) - 2440587.5 AS INTEGER) + {days})"))


def test_a_unit_that_has_not_answered_is_reminded_once_when_the_day_nears_and_again_when_it_was_put_off(portal):
    portal.library.run("settings", "set", "ledger.calendar", "everyday")
    mail_on(portal)
    editor, lead, clerk, other, units, line = people(portal)
    earlier = "UPDATE sweep_unit SET given_ms = given_ms - 259200000"
    look(portal, due_in(portal, 1))
    assert reminded(portal) == []  # it was handed out today
    answer(clerk, line, units["Schools"], "yes", "yes")
    look(portal, due_in(portal, 2), earlier)
    assert reminded(portal) == []
    look(portal, due_in(portal, 1))
    assert reminded(portal) == ["o@example.org"]
    look(portal)
    look(portal, due_in(portal, 9))
    assert reminded(portal) == ["o@example.org"]
    look(portal, due_in(portal, 0))
    assert reminded(portal) == ["o@example.org"] * 2
    answer(other, line, units["Roads"], "yes", "yes")
    look(portal, due_in(portal, 1))
    assert len(reminded(portal)) == 2


def test_nobody_is_reminded_at_night_or_on_a_day_off(portal):
    mail_on(portal)
    people(portal)
    night = "UPDATE ledger_limits SET from_hour = 23, until_hour = 24"
    look(portal, night, due_in(portal, 1), "UPDATE sweep_unit SET given_ms = given_ms - 259200000")
    assert reminded(portal) == []


def test_the_letters_of_a_sweep_say_whose_answer_is_missing_until_when_in_the_readers_language(portal):
    portal.library.run("settings", "set", "ledger.calendar", "everyday")
    mail_on(portal)
    office = PostOffice()
    try:
        portal.library.run("settings", "set", "smtp.url", f"smtp://127.0.0.1:{office.port}")
        editor, lead, clerk, other, units, line = people(portal)
        assert {letter.to for letter in office.take(2)} == {"c@example.org", "o@example.org"}
        answer(clerk, line, units["Schools"], "yes", "yes")
        look(portal, due_in(portal, 1), "UPDATE sweep_unit SET given_ms = given_ms - 259200000",
             "UPDATE account SET lang = 'zh'")
        letter, = office.take()
    finally:
        office.stop()
    until = "{}年{}月{}日".format(*map(int, day(portal, 1).split("-")))
    assert letter.to == "o@example.org" and letter.subject == f"请于{until}前反馈，尚未收到：W1 Fire safety before winter"
    assert "Roads" in letter.text and f"{line}/sweep" in letter.text
