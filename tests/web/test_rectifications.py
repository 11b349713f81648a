"""Rectification: a problem from its cause to where another has verified that it is put right, and problems that come back."""

import re

import re

from test_ledger import change, key_of, make, titles, unit


def people(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    inspector, clerk = portal.person("i@example.org", "inspector"), portal.person("c@example.org")
    office = unit(editor, "Permit office", "c@example.org").split("/")[-1]
    return editor, lead, inspector, clerk, office


def problem(person, title="Permits late", text="Permits are issued late; firms ask again and again", code=303, **more):
    answer = person.post("/ledger/rectifications", code, title=title, text=text,
                         **{"origin": "own", "sort": "service", **more})
    return answer if code != 303 else answer.location.removesuffix("/rectification")


def act(person, line, act, code=303, **fields):
    return person.post(f"{line}/rectification", code, act=act, **fields)


def page_of(person, line):
    return person.json(f"{line}/rectification")


def forms(person, line):
    return {form["act"] for form in page_of(person, line)["forms"]}


def put_right(line, lead, inspector, clerk, editor=None):
    act(clerk, line, "explain", words="Nobody deputises at the counter")
    act(lead, line, "plan", words="Name a deputy for every counter", due="2199-12-31")
    act(lead, line, "show", words="Deputies are named", evidence="Rota of May")
    act(inspector, line, "pass", words="Seen at three counters")
    if editor:
        act(editor, line, "strike")


def test_a_problem_is_put_right_by_its_unit_and_verified_by_another(portal):
    editor, lead, inspector, clerk, office = people(portal)
    line = problem(editor, unit=office, lead=key_of(portal, lead))
    assert forms(clerk, line) == {"explain"} and forms(inspector, line) == set() and forms(editor, line) == {"drop"}
    assert "words" in act(clerk, line, "explain", 409).text
    act(clerk, line, "explain", words="Nobody deputises at the counter")
    act(clerk, line, "plan", 403, words="Name a deputy", due="2199-12-31")
    assert "last day" in act(lead, line, "plan", 409, words="Name a deputy for every counter").text
    assert "past" in act(lead, line, "plan", 422, words="Name a deputy for every counter", due="2020-01-01").text
    act(lead, line, "plan", words="Name a deputy for every counter", due="2199-12-31")
    assert editor.json(line)["head"]["due_day"] == "2199-12-31"
    assert "evidence" in act(lead, line, "show", 409, words="Deputies are named").text
    lead.post(f"{line}/rectification/files", file=("rota.pdf", b"%PDF-1.4 rota"), note="Rota")
    act(lead, line, "show", words="Deputies are named")
    act(lead, line, "pass", 403, words="I looked myself")
    act(inspector, line, "pass", words="Seen at three counters")
    act(inspector, line, "strike", 403)
    act(editor, line, "strike")
    head = editor.json(line)["head"]
    assert (head["state"], head["progress"]) == ("done", 100)
    page = page_of(editor, line)
    assert page["cause"] == "Nobody deputises at the counter" and page["state"] == "struck"
    assert [a["act"] for a in page["acts"]] == ["strike", "pass", "show", "plan", "explain"]
    assert "Rectification: Verified" in editor.get(f"{line}/history").text


def test_what_is_sent_back_goes_to_the_work_or_to_the_cause_and_is_shown_anew(portal):
    editor, lead, inspector, clerk, office = people(portal)
    line = problem(editor, unit=office, lead=key_of(portal, lead))
    act(clerk, line, "explain", words="Too few people")
    act(lead, line, "plan", words="Hire", due="2199-12-31")
    lead.post(f"{line}/rectification/files", file=("rota.pdf", b"%PDF-1.4 rota"))
    act(lead, line, "show", words="Hired")
    shown = page_of(lead, line)["files"]["files"][0]["path"]
    assert "stays" in lead.post(f"{shown}/remove", 409, why="A slip").text
    lead.post(f"{line}/rectification/files", 409, file=("more.pdf", b"%PDF-1.4 more"))
    act(inspector, line, "return", words="Two counters are empty")
    act(lead, line, "show", 409, words="Now they are not")  # the rota is older than the verdict
    assert lead.post(f"{shown}/remove", why="A slip").location.startswith(f"{line}/rectification")
    act(lead, line, "show", words="Now they are not", evidence="Rota of June")
    act(inspector, line, "reconsider", words="People were there; the software was down")
    page = page_of(inspector, line)
    assert (page["state"], page["returned"]) == ("found", 2)


def test_nobody_verifies_what_they_answer_for_whatever_their_role(portal):
    boss = portal.person("b@example.org", "editor", "inspector")
    line = problem(boss, lead=key_of(portal, boss))
    act(boss, line, "explain", words="Mine")
    act(boss, line, "plan", words="I do it", due="2199-12-31")
    act(boss, line, "show", words="Done", evidence="Letter")
    act(boss, line, "pass", 403, words="Seen")
    other = portal.person("o@example.org", "steward")
    act(other, line, "pass", words="Seen")
    act(boss, line, "strike", 403)
    act(other, line, "strike")


def test_problems_are_put_on_record_by_keepers_inspectors_and_units_for_themselves(portal):
    editor, lead, inspector, clerk, office = people(portal)
    other = unit(editor, "Road office").split("/")[-1]
    problem(inspector, unit=other, origin="inspection")
    problem(clerk, unit=office)
    assert "own unit" in problem(clerk, unit=other, code=403).text
    problem(lead, code=403)
    assert problem(portal.person("m@example.org"), code=403)
    assert "Permits late" in problem(editor, origin="rumour", code=422).text  # what was typed stands there
    assert problem(editor, text=" ", code=422)
    assert problem(editor, source="G9", code=404)
    goal = make(editor, "Quick permits")
    page = page_of(editor, problem(editor, source="G1", grave="1"))
    assert page["source"][0]["number"] == "G1" and page["grave"]
    assert "Rectification made of it" in editor.get(f"{goal}/history").text


def test_a_state_is_not_changed_past_its_machine(portal):
    editor, *_ = people(portal)
    line = problem(editor)
    assert "own acts" in editor.post(f"{line}/state", 409, state="done").text
    assert f"{line}/state" not in editor.get(line).text and "own acts" in editor.get(line).text
    goal = make(editor, "Quick permits")
    assert f"{goal}/state" in editor.get(goal).text
    plain = make(editor, "From a paper", "rectification")
    assert page_of(editor, plain)["state"] == "found"
    assert editor.get(f"{make(editor, 'A goal')}/rectification", 404)


def test_a_problem_that_comes_back_is_pointed_to_and_decided_before_it_is_struck_off(portal):
    editor, lead, inspector, clerk, office = people(portal)
    first = problem(editor, unit=office, lead=key_of(portal, lead))
    put_right(first, lead, inspector, clerk, editor)
    again = problem(inspector, title="Late permits", text="Permits issued too late; firms had to ask twice", unit=office,
                    lead=key_of(portal, lead), origin="inspection")
    page = page_of(inspector, again)
    assert [(a["number"], a["state"]) for a in page["alike"]] == [("C1", "proposed")] and not page["grave"]
    earlier = page["alike"][0]["key"]
    lead.post(f"{again}/rectification/recurrence", 403, earlier=earlier, again="no")
    put_right(again, lead, inspector, clerk)
    assert "same again" in act(editor, again, "strike", 409).text
    inspector.post(f"{again}/rectification/recurrence", 422, earlier=earlier, again="perhaps")
    inspector.post(f"{again}/rectification/recurrence", 404, earlier="nothing", again="no")
    inspector.post(f"{again}/rectification/recurrence", earlier=earlier, again="yes")
    assert page_of(editor, again)["grave"]
    assert "came back" in inspector.post(f"{again}/rectification/sort", 409, origin="own", sort="service").text
    assert page_of(editor, first)["back"][0]["number"] == "C2"
    assert editor.json("/ledger/rectifications?again=confirmed")["grid"]["count"] == 1
    act(editor, again, "strike")
    inspector.post(f"{again}/rectification/recurrence", 409, earlier=earlier, again="no")


def test_the_list_counts_by_unit_what_is_where_what_is_in_time_and_what_came_back(portal):
    editor, lead, inspector, clerk, office = people(portal)
    done, late, early = (problem(editor, title=f"Problem {n}", text=text, unit=office, lead=key_of(portal, lead))
                         for n, text in enumerate(("Permits late", "Fire exit blocked", "River fouled")))
    put_right(done, lead, inspector, clerk, editor)
    put_right(late, lead, inspector, clerk, editor)
    change(portal, "UPDATE line SET begins_day = NULL, due_day = 1 WHERE title = 'Problem 1'")
    assert early
    page = lead.json("/ledger/rectifications")
    row = page["counts"][0]
    assert (row["unit"], row["struck"], row["found"], row["share"]) == ("Permit office", 2, 1, "50%")
    assert page["all"]["struck"] == 2
    assert lead.json("/ledger/rectifications?mine=led")["grid"]["count"] == 3
    assert lead.json("/ledger/rectifications?words=fire&state=struck&gravity=0")["grid"]["count"] == 1
    assert inspector.json("/ledger/rectifications?mine=verify")["grid"]["count"] == 0
    assert "Fire exit" not in lead.get("/ledger/rectifications?format=csv").text  # titles, not texts
    assert "Problem 1" in lead.get("/ledger/rectifications?format=csv").text


def test_what_was_typed_in_an_act_that_is_refused_stands_in_its_form(portal):
    editor, lead, inspector, clerk, office = people(portal)
    line = problem(editor, unit=office, lead=key_of(portal, lead))
    act(clerk, line, "explain", words="Too few people")
    page = act(lead, line, "plan", 409, words="A very good plan").text
    assert "A very good plan" in page and "last day" in page and "<details open>" in page


def test_what_is_to_be_verified_waits_on_the_day_of_who_may(portal):
    editor, lead, inspector, clerk, office = people(portal)
    line = problem(editor, unit=office, lead=key_of(portal, lead))
    act(clerk, line, "explain", words="Too few people")
    act(lead, line, "plan", words="Hire", due="2199-12-31")
    assert inspector.json("/ledger/today")["waiting"] == []
    act(lead, line, "show", words="Hired", evidence="Rota")
    waits = [(w["what"], w["path"]) for w in inspector.json("/ledger/today")["waiting"]]
    assert waits == [("verify", f"{line}/rectification")]
    assert lead.json("/ledger/today")["waiting"] == [] and "Verify what was put right" in inspector.get("/ledger/today").text


def test_a_problem_can_be_sorted_by_who_verifies(portal):
    editor, lead, inspector, clerk, office = people(portal)
    line = problem(editor, unit=office, lead=key_of(portal, lead))
    clerk.post(f"{line}/rectification/sort", 403, origin="sweep", sort="safety", grave="1")
    inspector.post(f"{line}/rectification/sort", origin="sweep", sort="safety", grave="1")
    page = page_of(clerk, line)
    assert (page["origin"], page["sort"], page["grave"]) == ("sweep", "safety", True)


def test_problems_are_ordered_by_a_column_whatever_their_sort(portal):
    editor, *_ = people(portal)
    problem(editor, "Permits late", due="2199-02-01")
    problem(editor, "Bridge unlit", due="2199-01-01", sort="safety")

    def shown(query):
        return titles(editor.json(f"/ledger/rectifications?{query}"))

    assert shown("sort=due") == ["Bridge unlit", "Permits late"]
    assert shown("sort=-due") == ["Permits late", "Bridge unlit"]
    assert shown("nature=service&sort=due") == ["Permits late"]


def test_what_is_missing_of_a_problem_is_named_and_nothing_that_was_typed_is_lost(portal):
    editor, *_, office = people(portal)
    page = problem(editor, "Permits late", code=422, origin="nowhere", unit=office, due="2199-02-01", grave="1").text
    assert "Choose where the problem was found." in page
    assert re.search(r'<select[^>]*name="origin"[^>]*aria-invalid="true"', page)
    assert f'<option value="{office}" selected>' in page
    assert 'value="2199-02-01"' in page and re.search(r'name="grave" value="1" checked', page)
    page = problem(editor, "Permits late", code=422, sort="none").text
    assert "Choose of which sort the problem is." in page
    assert re.search(r'<select[^>]*name="sort"[^>]*aria-invalid="true"', page)
