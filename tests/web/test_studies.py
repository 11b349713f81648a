"""Study sessions: an agenda filled from new papers, who was there, a record that the chair confirms, what was decided, and
how soon papers were studied; with each reader seeing of papers no more than they may."""

import datetime

import shelf
from test_ledger import change, key_of, unit
from texts import samples

TODAY = datetime.date.today().isoformat()


class Office:
    """A body with a chair, a clerk and a head of nothing, two papers of its group, and one of another."""

    def __init__(self, portal):
        self.portal = portal
        self.editor, self.chair = portal.person("e@example.org", "editor"), portal.person("b@example.org", "lead")
        self.clerk, self.other = portal.person("c@example.org"), portal.person("o@example.org", "lead")
        self.fresh, self.old = (shelf.publish(portal, samples(lang)[-1], "--title", title)
                                for lang, title in (("en", "Fresh paper"), ("zh", "Old paper")))
        self.aside = shelf.publish(portal, samples("en")[-1], "--title", "Paper aside")
        shelf.change_offer(portal, self.old, published_ms=shelf.now() - 40 * shelf.DAY)
        members = (self.chair, self.clerk)
        self.group = self.key_of_group(shelf.group(portal, "District office", self.fresh, self.old, members=members))
        shelf.group(portal, "Elsewhere", self.aside, members=(self.editor,))
        self.unit = unit(self.editor, "Office", "c@example.org", "b@example.org").split("/")[-1]

    def key_of_group(self, number):
        return shelf.ask(self.portal, 'SELECT key FROM "group" WHERE id = ?', number)[0][0]

    def set(self, code=303, who=None, **more):
        return (who or self.editor).post("/ledger/studies/bodies", code, **{
            "unit": self.unit, "group": self.group, "limit": "5", "window": "14", "since": "2020-01-01", **more})

    def prepare(self, who=None, code=303, **more):
        answer = (who or self.clerk).post("/ledger/studies", code, **{
            "unit": self.unit, "day": TODAY, "chair": key_of(self.portal, self.chair), "place": "Room 3", **more})
        return answer.location.removesuffix("/study") if code == 303 else answer

    def hold(self, line):
        self.clerk.post(f"{line}/study/attendance", 303, member=[key_of(self.portal, self.clerk), key_of(self.portal, self.chair)],
                        state=["present", "excused"])
        self.clerk.post(f"{line}/study", 303, act="hold")


def page_of(person, line):
    return person.json(f"{line}/study")


def on_agenda(page):
    return [paper["title"] for item in page["items"] for paper in item["papers"]]


def office(portal):
    made = Office(portal)
    # Editors join no group of the body, as they read all; the body's groups are set by who sees them.
    shelf.do(portal, "INSERT INTO role (member, role) VALUES (?, 'owner')", int(made.editor.member[1:]))
    made.set()
    return made


def test_the_first_item_is_filled_with_what_is_new_of_the_bodys_groups(portal):
    o = office(portal)
    line = o.prepare()
    page = page_of(o.clerk, line)
    assert on_agenda(page) == ["Fresh paper"] and page["items"][0]["first"]
    assert "Office" in page["head"]["title"] and page["head"]["lead"] and page["place"] == "Room 3"
    assert o.prepare() and on_agenda(page_of(o.clerk, "/ledger/lines/" + last(portal))) == []  # it is on an agenda
    o.clerk.post(f"{line}/study/papers", 303, item=page["items"][0]["key"], paper=o.fresh, remove="1")
    page = page_of(o.clerk, line)
    assert on_agenda(page) == [] and [p["title"] for p in page["offers"]] == ["Fresh paper"]
    o.clerk.post(f"{line}/study/papers", 303, paper=[o.fresh, o.old])
    assert sorted(on_agenda(page_of(o.clerk, line))) == ["Fresh paper", "Old paper"]


def last(portal):
    return change(portal, "SELECT key FROM line ORDER BY id DESC LIMIT 1")[0][0]


def test_sessions_are_prepared_by_the_body_and_who_keeps_the_ledger(portal):
    o = office(portal)
    o.prepare(o.editor)
    o.prepare(o.other, 403)
    assert o.prepare(code=422, day="")
    assert "Monday reading" in o.prepare(o.other, 403, title="Monday reading").text  # what was typed stands there
    o.set(403, who=o.clerk)
    assert o.set(422, limit="61") and o.set(422, group="nothing")


def test_a_session_goes_from_its_agenda_to_a_record_that_its_chair_confirms(portal):
    o = office(portal)
    line = o.prepare()
    assert "present" in o.clerk.post(f"{line}/study", 409, act="hold").text
    o.other.post(f"{line}/study/attendance", 403, member=key_of(portal, o.clerk), state="present")
    assert o.clerk.post(f"{line}/study/attendance", 422, member=key_of(portal, o.other), state="present")
    assert o.clerk.post(f"{line}/study/attendance", 422, member=key_of(portal, o.clerk), state="asleep")
    o.hold(line)
    o.clerk.post(f"{line}/study", 409, act="write")
    o.clerk.post(f"{line}/study", 303, act="write", words="We read the fresh paper.")
    o.editor.post(f"{line}/study", 403, act="confirm")
    o.chair.post(f"{line}/study", 303, act="return", words="Say who is to do what")
    o.chair.post(f"{line}/study", 303, act="write", words="I write it myself.")
    assert "another than the chair" in o.chair.post(f"{line}/study", 409, act="confirm").text
    o.clerk.post(f"{line}/study", 303, act="write", words="We read the fresh paper; Li does it.")
    o.chair.post(f"{line}/study", 303, act="confirm")
    page = page_of(o.clerk, line)
    assert page["state"] == "confirmed" and page["head"]["state"] == "done" and page["confirmed_by"]
    o.clerk.post(f"{line}/study", 409, act="write", words="Something else")
    o.editor.post(f"{line}/study", 303, act="reopen", words="A name was wrong")
    o.clerk.post(f"{line}/study", 303, act="write", words="We read the fresh paper; Lin does it.")
    page = page_of(o.clerk, line)
    assert [former["confirmed"] for former in page["former"]] == [True, False, False]  # nothing that stood there is lost
    assert "Li does it" in o.clerk.get(f"{line}/study").text and page_of(o.other, line)["former"] == []
    o.chair.post(f"{line}/study", 303, act="confirm")
    assert "own acts" in o.editor.post(f"{line}/state", 409, state="active").text


def test_who_was_there_and_the_record_are_for_the_body_and_keepers_alone(portal):
    o = office(portal)
    line = o.prepare()
    o.hold(line)
    o.clerk.post(f"{line}/study", 303, act="write", words="Li spoke of the harbour.")
    inside = page_of(o.chair, line)
    assert {p["name"][0]: p["state"] for p in inside["people"]} == {"B": "excused", "C": "present"}
    assert (inside["present"], inside["excused"], inside["minutes"]) == (1, 1, "Li spoke of the harbour.")
    inspector = portal.person("i@example.org", "inspector")
    for outsider in (o.other, inspector):
        outside = page_of(outsider, line)
        assert outside["people"] == [] and outside["minutes"] == "" and outside["present"] == 0 and not outside["of_body"]
        for where in ("/study", "/history", ""):
            text = outsider.get(f"{line}{where}").text
            assert "harbour" not in text and "excused" not in text
    assert "Li spoke" in o.editor.get(f"{line}/study").text
    assert change(portal, "SELECT count(*) FROM event WHERE data LIKE '%harbour%' OR data LIKE '%excused%'") == [(0,)]


def test_a_reader_sees_of_papers_on_an_agenda_what_they_may_and_no_more(portal):
    o = office(portal)
    line = o.prepare()
    o.editor.post(f"{line}/study/papers", 303, paper=o.aside)
    assert o.clerk.post(f"{line}/study/papers", 404, paper=o.aside)
    seen = {p["title"]: p for p in page_of(o.clerk, line)["items"][0]["papers"]}
    assert seen["Fresh paper"]["path"] and seen[""]["path"] == "" and seen[""]["key"] == "" and seen[""]["published"] == ""
    assert page_of(o.other, line)["items"][0]["papers"][0]["title"] == ""
    text = o.other.get(f"{line}/study").text
    assert "Fresh paper" not in text and "Paper aside" not in text and "not open to you" in text
    shelf.do(portal, 'UPDATE "group" SET door = ? WHERE name = ?', "public", "Elsewhere")
    known = [p for p in page_of(o.clerk, line)["items"][0]["papers"] if p["title"] == "Paper aside"]
    assert known and known[0]["path"] == "" and known[0]["known"]


def test_what_was_decided_becomes_a_line_and_both_lead_to_each_other(portal):
    o = office(portal)
    line = o.prepare()
    item = page_of(o.clerk, line)["items"][0]["key"]
    decision = {"item": item, "kind": "milestone", "title": "Mend the quay", "unit": o.unit, "due": "2199-12-31"}
    o.clerk.post(f"{line}/study/decisions", 409, **decision)
    o.hold(line)
    o.other.post(f"{line}/study/decisions", 403, **decision)
    o.clerk.post(f"{line}/study/decisions", 422, **{**decision, "kind": "rectification"})
    o.clerk.post(f"{line}/study/decisions", 404, **{**decision, "item": "nothing"})
    o.clerk.post(f"{line}/study/decisions", 303, **decision)
    made = page_of(o.other, line)["items"][0]["lines"][0]
    assert (made["number"], made["title"]) == ("M1", "Mend the quay")
    assert o.other.json(f"/ledger/lines/{made['key']}")["decided_in"][0]["number"] == "S1"
    assert "Mend the quay" in o.other.get(f"{line}/study").text


def test_how_soon_each_body_studied_is_told_with_what_is_late(portal):
    o = office(portal)
    line = o.prepare()
    body = o.clerk.json("/ledger/studies/papers")["bodies"][0]
    assert {p["title"]: p["soon"] for p in body["papers"]} == {"Fresh paper": "waiting", "Old paper": "overdue"}
    assert o.clerk.json("/ledger/studies")["overdue"] == 1 and o.other.json("/ledger/studies")["overdue"] == 0
    o.clerk.post(f"{line}/study/papers", 303, paper=o.old)
    o.hold(line)
    body = o.clerk.json("/ledger/studies/papers")["bodies"][0]
    assert {p["title"]: p["soon"] for p in body["papers"]} == {"Fresh paper": "in-time", "Old paper": "late"}
    assert (body["studied"], body["overdue"], body["share"]) == (2, 0, "50%")
    assert all(p["session"] == "S1" for p in body["papers"])
    assert o.other.json("/ledger/studies/papers")["bodies"][0]["papers"] == []  # may not know of them
    o.editor.post(f"{line}/change", title="Moved", weight="1", due="2020-01-01", unit=o.unit)
    assert o.clerk.json("/ledger/studies/papers")["bodies"][0]["share"] == "50%"  # what was held is not moved
    o.set(since=TODAY)
    assert len(o.clerk.json("/ledger/studies/papers")["bodies"][0]["papers"]) == 1


def test_papers_for_all_members_are_studied_too_where_that_is_said(portal):
    o = office(portal)
    key = shelf.publish(portal, samples("en")[-1], "--title", "For everybody")
    assert on_agenda(page_of(o.clerk, o.prepare())) == ["Fresh paper"]
    o.set(everybody="1")
    assert o.other.json("/ledger/studies/papers")["bodies"][0]["papers"][0]["title"] == "For everybody"
    line = o.prepare()
    assert on_agenda(page_of(o.clerk, line)) == ["For everybody"]
    assert page_of(o.other, line)["items"][0]["papers"][0]["path"] == f"/papers/{key}"


def test_a_group_that_the_setter_does_not_see_stays_with_the_body(portal):
    o = office(portal)
    hidden = shelf.group(portal, "Hidden")
    shelf.do(portal, 'INSERT INTO study_body_group SELECT unit, ? FROM study_body', hidden)
    plain = portal.person("p@example.org", "editor")
    public = o.key_of_group(shelf.group(portal, "Open to all", door="public"))
    row = plain.json("/ledger/studies/bodies")["bodies"][0]
    assert row["others"] == 2 and "Hidden" not in plain.get("/ledger/studies/bodies").text
    o.set(who=plain, group=public)
    assert change(portal, "SELECT count(*) FROM study_body_group")[0][0] == 3


def test_materials_and_items_are_added_until_the_record_is_written(portal):
    o = office(portal)
    line = o.prepare()
    o.clerk.post(f"{line}/study/items", 303, title="Discussion", text="By turns")
    o.clerk.post(f"{line}/study/files", 303, file=("notes.pdf", b"%PDF-1.4 notes"), note="Notes")
    page = page_of(o.other, line)
    assert [i["title"] for i in page["items"]] == ["", "Discussion"] and page["files"]["files"][0]["note"] == "Notes"
    o.hold(line)
    o.clerk.post(f"{line}/study", 303, act="write", words="Said")
    o.clerk.post(f"{line}/study/items", 409, title="One more")
    assert o.clerk.json("/ledger/studies?mine=unit")["grid"]["count"] == 1
    assert o.chair.json("/ledger/studies?mine=confirm")["grid"]["count"] == 1


def test_words_of_ones_own_copy_are_kept_out_of_the_record(portal):
    o = office(portal)
    line = o.prepare()
    o.hold(line)
    copy = portal.library.copy("P1", o.clerk.member)
    assert "own copy" in o.clerk.post(f"{line}/study", 422, act="write", words=copy[:3000]).text
