"""Joint reviews: a matter goes to several units, each with its days; what they say comes back as one reply."""

import datetime
import re

import pytest

from accounts import mail_on
from portal import eventually
from post import PostOffice
from test_ledger import change, key_of, make, titles, unit


class Bridge:
    """A review with two units at the same time and a third after them."""

    def __init__(self, portal, **how):
        self.portal = portal
        self.editor, self.lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
        self.clerks = {}
        self.units = {}
        for name in ("Roads", "Water", "Fire"):
            clerk = portal.person(f"{name.lower()}@example.org")
            self.units[name] = unit(self.editor, name, f"{name.lower()}@example.org").split("/")[-1]
            self.clerks[name] = clerk
        self.line = self.editor.post("/ledger/reviews", title="Old bridge", lead=key_of(portal, self.lead),
                                     **how).location.removesuffix("/review")
        self.ask("Roads", 1)
        self.ask("Water", 1, silence="1")
        self.ask("Fire", 2, days="3")

    def ask(self, name, stage, code=303, days="5", **more):
        return self.lead.post(f"{self.line}/steps", code, stage=str(stage), unit=self.units[name], days=days, **more)

    def page(self, person=None):
        return (person or self.lead).json(f"{self.line}/review")

    def steps(self, person=None):
        return {step["unit"]: step for stage in self.page(person)["steps"]["stages"] for step in stage["steps"]}

    def review(self, act, code=303, person=None, **fields):
        return (person or self.lead).post(f"{self.line}/review", code, act=act, **fields)

    def act(self, name, act, code=303, person=None, **fields):
        key = self.steps()[name]["key"]
        return (person or self.clerks[name]).post(f"{self.line}/steps/{key}", code, act=act, **fields)

    def states(self):
        return {name: step["state"] for name, step in self.steps().items()}


@pytest.fixture
def bridge(portal):
    return Bridge(portal)


def test_a_matter_goes_to_units_at_once_and_in_order_and_comes_back_as_one_reply(bridge):
    assert bridge.page()["state"] == "draft" and bridge.editor.json(bridge.line)["head"]["state"] == "proposed"
    bridge.act("Roads", "agree", 409)  # nobody has asked yet
    bridge.review("start")
    assert bridge.states() == {"Roads": "open", "Water": "open", "Fire": "waiting"}
    bridge.act("Roads", "condition", words="Only at night")
    bridge.review("reply", 409, verdict="agreed", words="Too early")
    bridge.act("Water", "agree", file=("letter.pdf", b"%PDF-1.4 letter"))
    assert bridge.states()["Fire"] == "open"
    bridge.act("Fire", "agree", words="Hydrants are near")
    page = bridge.page()
    assert page["may_reply"] and [v["value"] for v in page["verdicts"] if v["chosen"]] == ["conditions"]
    assert "Only at night" in page["draft"] and page["draft"].index("Roads") < page["draft"].index("Water")
    bridge.review("reply", 422, words=page["draft"], verdict="perhaps")
    bridge.review("reply", words=page["draft"], verdict="conditions")
    head = bridge.editor.json(bridge.line)["head"]
    assert (head["state"], head["progress"]) == ("done", 100)
    assert bridge.page()["replies"][0]["verdict"] == "conditions"
    assert bridge.steps()["Water"]["files"][0]["name"] == "letter.pdf"
    assert bridge.lead.get(bridge.steps()["Water"]["files"][0]["path"]).code == 200
    file = bridge.steps()["Water"]["files"][0]["path"]
    bridge.lead.post(f"{file}/remove", 403, why="I would rather not see it")
    bridge.clerks["Water"].post(f"{file}/remove", 403, why="A slip")
    bridge.editor.post(f"{file}/remove", why="It names a child")
    assert "Only at night" in bridge.clerks["Fire"].get(f"{bridge.line}/review").text


def test_nobody_speaks_for_a_unit_that_is_not_theirs(bridge):
    bridge.review("start")
    for person in (bridge.editor, bridge.lead, bridge.clerks["Water"]):
        bridge.act("Roads", "agree", 403, person=person)
        bridge.act("Roads", "ask", 403, person=person, words="Why?", reason="papers")
    bridge.review("withdraw", 403, person=bridge.clerks["Roads"], words="No")
    bridge.clerks["Roads"].post(f"{bridge.line}/steps", 403, stage="1", unit=bridge.units["Fire"], days="5")
    assert bridge.portal.person("nobody@example.org").get(f"{bridge.line}/review", 403)


def test_a_question_stops_the_clock_until_who_answers_for_the_matter_has_answered(bridge):
    bridge.review("start")
    bridge.act("Roads", "ask", 409, words="Where are the drawings?")  # about what?
    bridge.act("Roads", "ask", words="Where are the drawings?", reason="papers")
    step = bridge.steps()["Roads"]
    assert (step["state"], step["due"]) == ("asked", "")
    assert [row["question"] for row in bridge.lead.json("/ledger/steps")["answers"]] == ["Where are the drawings?"]
    bridge.act("Roads", "answer", 403, words="Here")
    bridge.act("Roads", "answer", person=bridge.lead, words="Here they are")
    step = bridge.steps()["Roads"]
    assert step["state"] == "open" and step["due"] and step["questions"][0]["answer"] == "Here they are"
    assert bridge.lead.json("/ledger/steps")["answers"] == []


def age(bridge, days):
    """All that was opened was opened so many days before."""
    change(bridge.portal, "UPDATE step SET opened_ms = opened_ms - ?, due_day = due_day - ? WHERE opened_ms IS NOT NULL",
           days * 86400000, days)
    change(bridge.portal, "UPDATE step_round SET next_ms = 0")
    bridge.portal.stop()
    bridge.portal.start()


def test_silence_is_consent_only_where_the_step_says_so(bridge):
    bridge.review("start")
    age(bridge, 30)
    eventually(lambda: bridge.states()["Water"] == "silent")
    assert bridge.states() == {"Roads": "open", "Water": "silent", "Fire": "waiting"}
    assert bridge.steps()["Roads"]["late"] > 10
    assert bridge.editor.json("/ledger/reviews?how=late")["grid"]["count"] == 1
    assert bridge.editor.json("/ledger/reviews?how=silent")["late"] == 1
    bridge.act("Water", "refuse", 409, words="I was ill")
    bridge.act("Roads", "agree")  # late, and it counts
    times = {row["unit"]: row for row in bridge.editor.json("/ledger/reviews/times")["units"]}
    assert times["Water"]["silent"] == 1 and times["Water"]["used"] == 5.0 and times["Water"]["late"] == 0
    assert times["Roads"]["late_share"] == 100


def test_a_refusal_holds_up_the_rest_until_the_stage_is_asked_again_or_the_reply_given(bridge):
    bridge.review("start")
    bridge.act("Roads", "refuse", 409)
    bridge.act("Roads", "refuse", words="It is too narrow")
    bridge.act("Water", "agree")
    page = bridge.page()
    assert page["stuck"] and bridge.states()["Fire"] == "waiting"
    bridge.review("back", 409, stage="2", words="Wider now")
    bridge.review("back", 409, stage="1")
    bridge.review("back", stage="1", words="It is wider now")
    assert bridge.states() == {"Roads": "open", "Water": "open", "Fire": "waiting"}
    assert {(row["unit"], row["state"]) for row in bridge.page()["steps"]["again"]} == {("Roads", "refused"), ("Water", "agreed")}
    bridge.act("Roads", "refuse", words="Still too narrow")
    bridge.act("Water", "agree")
    bridge.review("reply", verdict="refused", words="It can't be built so.")
    assert bridge.states()["Fire"] == "dropped" and bridge.page()["replies"][0]["verdict"] == "refused"
    bridge.review("back", stage="1", words="A third design")
    assert bridge.page()["replies"] == [] and bridge.page()["former"][0]["words"] == "It can't be built so."


def test_who_keeps_the_ledger_extends_a_limit_or_lets_a_unit_go(bridge):
    bridge.review("start")
    before = bridge.steps()["Roads"]["due"]
    bridge.act("Roads", "extend", 403, person=bridge.lead, words="Holidays", days="5")
    bridge.act("Roads", "extend", person=bridge.editor, words="A hard case", days="5")
    assert bridge.steps()["Roads"]["due"] > before and bridge.steps()["Roads"]["limit"] == 10
    bridge.act("Roads", "drop", person=bridge.editor, words="Not theirs")
    bridge.act("Water", "agree")
    assert bridge.states()["Fire"] == "open"


def test_a_review_of_a_line_is_made_by_who_answers_for_it_and_weighs_nothing_in_it(portal):
    editor, lead, other = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead"), portal.person("o@example.org", "lead")
    line = make(editor, "Ring road", kind="goal", lead=key_of(portal, lead))
    number = editor.json(line)["head"]["number"]
    other.post("/ledger/reviews", 403, title="Permit", about=number)
    other.post("/ledger/reviews", 403, title="Permit")
    assert f'href="/ledger/reviews?about={number}"' in lead.get(line).text and number in lead.get(f"/ledger/reviews?about={number}").text
    assert lead.json("/ledger/reviews")["may_make"] and not other.json("/ledger/reviews")["may_make"]
    review = lead.post("/ledger/reviews", title="Permit", about=number).location
    head = lead.json(review)["head"]
    assert (head["parent_number"], head["number"], head["weight"]) == (number, "V1", 0)
    lead.post(review, act="withdraw", words="Not needed")
    assert editor.json(line)["head"]["progress"] == 0 and lead.json(review)["head"]["state"] == "closed"


def test_the_steps_of_an_earlier_review_are_taken_over(bridge):
    again = bridge.editor.post("/ledger/reviews", title="New bridge", like="V1").location
    steps = [(s["unit"], s["stage"], s["limit"], s["silence"]) for stage in bridge.editor.json(again)["steps"]["stages"]
             for s in stage["steps"]]
    assert steps == [("Roads", 1, 5, False), ("Water", 1, 5, True), ("Fire", 2, 3, False)]
    goal = make(bridge.editor, "Good roads")
    bridge.editor.post("/ledger/reviews", 422, title="Another", like=bridge.editor.json(goal)["head"]["number"])


def test_the_desk_of_a_unit_shows_what_waits_for_it_the_soonest_due_first(bridge):
    assert bridge.clerks["Roads"].json("/ledger/steps")["ours"] == []
    bridge.review("start")
    ours = bridge.clerks["Water"].json("/ledger/steps")["ours"]
    assert [(row["number"], row["whose"], row["silence"]) for row in ours] == [("V1", "Water", True)]
    assert bridge.clerks["Fire"].json("/ledger/steps")["ours"] == []
    assert titles(bridge.clerks["Roads"].json("/ledger/steps?whose=ours")) == ["Old bridge"]
    row = bridge.editor.json("/ledger/reviews?mine=")["grid"]["rows"][0]
    shown = {cell["column"]: cell["text"] for cell in row["cells"]}
    assert shown["Have spoken"] == "0/3" and "Roads" in shown["At work on it"]


def test_wrong_steps_are_refused_with_a_reason(bridge):
    assert "opinion with a limit" in bridge.ask("Roads", 3, 422, days="0", silence="1").text
    assert "Say which unit" in bridge.lead.post(f"{bridge.line}/steps", 422, stage="3", days="1").text
    bridge.review("start")
    bridge.act("Roads", "agree")
    bridge.act("Water", "agree")
    assert "later stage" in bridge.ask("Roads", 1, 409).text
    assert "Choose what to do" in bridge.act("Fire", "dance", 422).text
    bridge.clerks["Fire"].post(f"{bridge.line}/steps/nothing", 404, act="agree")


def test_history_tells_who_did_what_without_anybodys_words(bridge):
    bridge.review("start")
    bridge.act("Roads", "refuse", words="Secret concern")
    text = bridge.editor.get(f"{bridge.line}/history").text
    assert "Roads · Refused" in text and "Sent to the units" in text and "Secret concern" not in text
    assert change(bridge.portal, "SELECT count(*) FROM event WHERE data LIKE '%Secret concern%'") == [(0,)]


def queued(portal, kind):
    return change(portal, "SELECT m.email, json_extract(l.data, '$.tell') FROM letter l JOIN member m ON m.id = l.member"
                          " WHERE l.kind = ? ORDER BY l.id", kind)


def test_letters_tell_whose_turn_it_is_who_is_asked_and_that_the_reply_was_given_each_once(bridge):
    portal = bridge.portal
    mail_on(portal)
    bridge.review("start")
    turns = [("roads@example.org", "open"), ("water@example.org", "open")]
    eventually(lambda: sorted(queued(portal, "step")) == turns)
    bridge.act("Roads", "ask", words="Where are the drawings?", reason="papers")
    eventually(lambda: queued(portal, "step")[2:] == [("l@example.org", "asked")])
    bridge.act("Roads", "answer", person=bridge.lead, words="Here")
    eventually(lambda: queued(portal, "step")[3:] == [("roads@example.org", "answered")])
    for name in ("Roads", "Water"):
        bridge.act(name, "agree")
    eventually(lambda: queued(portal, "step")[4:] == [("fire@example.org", "open")])
    bridge.act("Fire", "agree")
    bridge.review("reply", verdict="agreed", words="Agreed.")
    assert queued(portal, "review") == [("e@example.org", None)]  # who asked for it
    portal.stop()
    portal.start()
    assert len(queued(portal, "step")) == 5


def test_a_question_about_what_nobody_leads_goes_to_who_asked_for_the_review(portal):
    editor, clerk = portal.person("e@example.org", "editor"), portal.person("c@example.org")
    mail_on(portal)
    office = unit(editor, "Roads", "c@example.org").split("/")[-1]
    line = editor.post("/ledger/reviews", title="Old bridge").location.removesuffix("/review")
    editor.post(f"{line}/steps", stage="1", unit=office, days="5")
    editor.post(f"{line}/review", act="start")
    key = clerk.json(f"{line}/review")["steps"]["stages"][0]["steps"][0]["key"]
    clerk.post(f"{line}/steps/{key}", act="ask", words="Whose is it?", reason="unclear")
    eventually(lambda: ("e@example.org", "asked") in queued(portal, "step"))


def test_a_letter_is_sent_only_while_it_still_says_what_is_so(bridge):
    portal, office = bridge.portal, PostOffice()
    mail_on(portal)
    bridge.review("start")
    eventually(lambda: len(queued(portal, "step")) == 2)
    bridge.act("Roads", "agree")
    try:
        portal.library.run("settings", "set", "smtp.url", f"smtp://127.0.0.1:{office.port}")
        portal.stop()
        change(portal, "UPDATE letter SET due_ms = 1")
        portal.start()
        letter, = office.take()
    finally:
        office.stop()
    assert letter.to == "water@example.org" and "Silence will count as consent" in letter.text and f"{bridge.line}/review" in letter.text
    assert letter.subject == "It is your turn: V1 Old bridge"


def test_a_line_that_came_otherwise_is_taken_up_as_a_review(portal):
    editor, other = portal.person("e@example.org", "editor"), portal.person("o@example.org", "lead")
    line = make(editor, "Old bridge", kind="review")
    assert editor.json(f"{line}/review")["may_make"] and not other.json(f"{line}/review")["may_make"]
    other.post(f"{line}/review", 403, act="make")
    editor.post(f"{line}/review", act="make")
    assert editor.json(f"{line}/review")["state"] == "draft" and editor.json(line)["head"]["state"] == "proposed"
    editor.post(f"{line}/review", 409, act="make")
    goal = make(editor, "Good roads")
    editor.post(f"{goal}/review", 409, act="make")


def test_the_state_of_a_review_is_changed_by_its_own_acts_alone(bridge):
    bridge.review("start")
    for state in ("done", "closed", "proposed"):
        assert "own acts" in bridge.editor.post(f"{bridge.line}/state", 409, state=state, why="In passing").text
    bridge.review("withdraw", words="No longer wanted")
    bridge.editor.post(f"{bridge.line}/state", 409, state="active")


def test_what_was_not_replied_to_is_not_struck_off(bridge):
    bridge.editor.post(f"{bridge.line}/change", title="Old bridge", due="2199-12-31", weight="1", lead=key_of(bridge.portal, bridge.lead))
    bridge.review("start")
    inspector = bridge.portal.person("i@example.org", "inspector")
    for person, act, more in ((bridge.editor, "enter", {}), (bridge.editor, "assign", {}), (bridge.lead, "sign", {}),
                              (bridge.lead, "report", {"words": "Done", "evidence": "Letter"}), (inspector, "pass", {"words": "Seen"})):
        person.post(f"{bridge.line}/supervision", act=act, **more)
    assert "not done yet by its own procedure" in bridge.editor.post(f"{bridge.line}/supervision", 409, act="strike").text


def test_what_was_typed_stands_in_its_form_again_when_it_is_refused(bridge):
    assert 'value="In the old town"' in bridge.ask("Roads", 3, 422, days="0", silence="1", title="In the old town").text
    bridge.review("start")
    page = bridge.act("Roads", "ask", 409, words="Where are the drawings?").text
    assert "Where are the drawings?</textarea>" in page and "Still needed: what the question is about" in page
    assert "Too early</textarea>" not in bridge.review("reply", 409, verdict="agreed", words="Too early").text  # there is no form for it yet
    bridge.act("Roads", "refuse", words="No")
    bridge.act("Water", "agree")
    page = bridge.review("reply", 422, verdict="perhaps", words="As you like it").text
    assert "As you like it</textarea>" in page and "Say whether it is agreed" in page
    assert "To the river</textarea>" in bridge.review("back", 409, stage="2", words="To the river").text


def test_the_last_day_is_said_on_that_day_alone(bridge):
    bridge.review("start")
    page = bridge.lead.get(f"{bridge.line}/review").text
    assert "Working days left: 5" in page and "Today is the last day." not in page and "The limit is past." not in page
    for ago in range(4, 15):
        change(bridge.portal, "UPDATE step SET opened_ms = opened_ms - 86400000 * ? WHERE opened_ms IS NOT NULL", ago if ago == 4 else 1)
        due = datetime.date.fromisoformat(bridge.steps()["Roads"]["due"])
        page = bridge.lead.get(f"{bridge.line}/review").text
        today = datetime.datetime.now().date()
        assert ("Today is the last day." in page) == (due == today)
        assert ("days left:" in page) == (due > today)
        assert ("The limit is past." in page or "days late:" in page) == (due < today)


class Permit:
    """A project with a permit in its account, and a review of the project that one unit is asked in."""

    def __init__(self, portal):
        self.portal = portal
        self.editor, self.lead, self.clerk = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead"), portal.person(
            "c@example.org")
        self.unit = unit(self.editor, "Roads", "c@example.org").split("/")[-1]
        self.project = self.editor.post("/ledger/projects", title="Steel works", **{"class": "key"}).location.removesuffix("/project")
        self.editor.post(f"{self.project}/account", kind="permit", name="Leave to build", state="wanted", day="2026-01-05")
        self.line = self.review()

    def review(self):
        number = self.editor.json(self.project)["head"]["number"]
        line = self.editor.post("/ledger/reviews", title="May it be built", about=number, lead=key_of(self.portal, self.lead)).location
        self.editor.post(f"{line.removesuffix('/review')}/steps", stage="1", unit=self.unit, days="5")
        return line.removesuffix("/review")

    def entries(self):
        part, = (k for k in self.editor.json(f"{self.project}/account")["kinds"] if k["kind"] == "permit")
        return {e["name"]: e for e in part["entries"]}

    def state(self, name="Leave to build"):
        return self.entries()[name]["state"]

    def tie(self, key=None, code=303, person=None, line=None):
        return (person or self.editor).post(f"{line or self.line}/review/permit", code,
                                            permit=self.entries()["Leave to build"]["key"] if key is None else key)

    def act(self, act, **fields):
        self.editor.post(f"{self.line}/review", act=act, **fields)

    def speak(self):
        step, = (s for stage in self.clerk.json(f"{self.line}/review")["steps"]["stages"] for s in stage["steps"] if s["state"] == "open")
        self.clerk.post(f"{self.line}/steps/{step['key']}", act="agree")

    def reply(self, verdict):
        self.act("reply", verdict=verdict, words="So it is")


@pytest.fixture
def permit(portal):
    return Permit(portal)


def test_the_permit_that_a_review_is_about_follows_it_from_the_sending_to_the_reply(permit):
    permit.tie()
    assert permit.state() == "wanted"
    permit.act("start")
    assert permit.state() == "asked"
    permit.speak()
    permit.reply("agreed")
    today, = change(permit.portal, "SELECT date('now', 'localtime')")[0]
    assert (permit.state(), permit.entries()["Leave to build"]["day"]) == ("held", today)
    permit.act("back", stage="1", words="The plan was changed")
    assert permit.state() == "asked"
    permit.speak()
    permit.reply("refused")
    assert permit.state() == "wanted"
    history = permit.editor.get(f"{permit.project}/history").text
    assert "V1 May it be built" in history and "Leave to build" in permit.editor.get(f"{permit.line}/history").text


def test_a_reply_with_conditions_leaves_it_to_somebody_to_say_that_they_are_met(permit):
    permit.tie()
    permit.act("start")
    permit.speak()
    permit.reply("conditions")
    shown = permit.editor.json(f"{permit.line}/review")["permit"]
    assert (shown["state"], shown["may_grant"]) == ("asked", True)
    assert permit.clerk.json(f"{permit.line}/review")["permit"]["may_grant"] is False
    page = permit.editor.get(f"{permit.line}/review").text
    form = page[page.index(f'action="{permit.project}/account/state"'):].split("</form>")[0]
    fields = dict(re.findall(r'name="(entry|state|day)" value="([^"]*)"', form))
    permit.editor.post(f"{permit.project}/account/state", **fields)
    assert permit.state() == "held" and permit.editor.json(f"{permit.line}/review")["permit"]["may_grant"] is False


def test_a_permit_tied_late_catches_up_and_a_new_one_bears_the_matters_name(permit):
    permit.act("start")
    permit.speak()
    permit.reply("agreed")
    permit.tie("new")
    assert permit.state("May it be built") == "held" and permit.state() == "wanted"
    permit.tie()
    assert permit.state() == "held"
    permit.tie("")
    assert "permit" in permit.editor.json(f"{permit.line}/review") and not permit.editor.json(f"{permit.line}/review")["permit"]["name"]


def test_another_permit_or_a_withdrawal_gives_the_first_its_state_back(permit):
    permit.tie()
    permit.act("start")
    permit.tie("new")
    assert (permit.state(), permit.state("May it be built")) == ("wanted", "asked")
    permit.act("withdraw", words="Not to be built")
    assert permit.state("May it be built") == "wanted"


def test_what_was_granted_otherwise_or_struck_stays_as_it_is(permit):
    permit.tie()
    permit.act("start")
    key = permit.entries()["Leave to build"]["key"]
    permit.editor.post(f"{permit.project}/account/state", entry=key, state="held", day="2026-02-02")
    permit.speak()
    permit.reply("refused")
    assert (permit.state(), permit.entries()["Leave to build"]["day"]) == ("held", "2026-02-02")
    other = permit.line = permit.review()
    permit.act("start")
    permit.tie("new")
    key = permit.entries()["May it be built"]["key"]
    permit.editor.post(f"{permit.project}/account/strike", entry=key, why="Not needed")
    permit.speak()
    permit.reply("agreed")
    assert permit.state("May it be built") == "asked"
    permit.tie(key, 409, line=permit.review())
    assert permit.editor.json(f"{other}/review")["permit"]["struck"] is True


def test_who_may_not_change_the_project_ties_none_of_its_permits(permit):
    assert permit.lead.json(f"{permit.line}/review")["permit"]["may_tie"] is False  # leads the review, not the project
    permit.tie(code=403, person=permit.lead)
    permit.tie("nonsense", 404)
    alone = permit.editor.post("/ledger/reviews", title="A matter of its own").location.removesuffix("/review")
    permit.tie(code=409, line=alone)
    land = permit.editor.post(f"{permit.project}/account", kind="land", name="Plot", state="wanted", day="2026-01-05") and [
        e["key"] for k in permit.editor.json(f"{permit.project}/account")["kinds"] for e in k["entries"] if e["name"] == "Plot"][0]
    permit.tie(land, 409)
