"""The library of projects: proposed, marked by several, admitted by another, reviewed in rounds; and accounts."""

import csv
import io

from test_ledger import change, key_of, make, titles, unit


def people(portal):
    """Four who keep the ledger, and a lead."""
    keepers = [portal.person(f"k{i}@example.org", "editor") for i in range(4)]
    return *keepers, portal.person("l@example.org", "lead")


def propose(person, title="Steel works", **more):
    return person.post("/ledger/projects", **{"title": title, "class": "key", **more}).location.removesuffix("/project")


def shown(person, project):
    return person.json(f"{project}/project")


def act(person, project, what, code=303, **more):
    return person.post(f"{project}/project", code, act=what, **more)


def mark(person, project, points, code=303):
    return person.post(f"{project}/project/marks", code, mark=[points] * 5)


def ready(portal, editor, lead, **more):
    office = unit(editor, "Works").split("/")[-1]
    return propose(editor, unit=office, lead=key_of(portal, lead), due="2027-12-31", **more)


def test_a_project_comes_into_the_library_by_the_marks_of_others(portal):
    one, two, three, _, lead = people(portal)
    project = ready(portal, one, lead)
    assert shown(one, project)["state"] == "proposed"
    mark(one, project, 90, 403)
    mark(two, project, 90)
    assert "marks for every criterion" in act(two, project, "admit", 409).text
    mark(three, project, 70)
    assert "neither proposed" in act(one, project, "admit", 403).text
    act(two, project, "admit")
    page = shown(lead, project)
    assert (page["state"], page["total"], page["open"]) == ("admitted", "80", False)
    assert page["turns"][0]["verdict"] == "admit"
    assert lead.json(project)["head"]["state"] == "active"
    act(lead, project, "start")
    assert "five watches" in act(two, project, "finish", 409).text


def test_what_is_too_low_on_the_whole_or_by_one_criterion_stays_out(portal):
    one, two, three, _, lead = people(portal)
    project = ready(portal, one, lead)
    for person in (two, three):
        person.post(f"{project}/project/marks", mark=[90, 90, 90, 90, 39])  # the last asks for 40
    page = shown(two, project)
    assert page["enough"] and not page["passes"] and page["criteria"][4]["below"]
    act(two, project, "admit", 409)
    assert act(two, project, "decline", 409).text.count("reason")
    assert "too low" in act(two, project, "admit", 409).text  # the page is shown again
    act(two, project, "decline", words="Not ready")
    assert shown(one, project)["words"] == "Not ready"
    assert one.json(project)["head"]["ended_why"] == "Not ready"
    act(one, project, "renew", words="Land is found")
    again = shown(one, project)
    assert (again["state"], again["total"], len(again["turns"])) == ("proposed", "", 2)


def test_a_scorer_sees_the_marks_of_others_after_giving_their_own(portal):
    one, two, three, _, lead = people(portal)
    project = ready(portal, one, lead)
    mark(two, project, 90)
    before = shown(three, project)
    assert before["marked"] == [] and before["criteria"][0]["mark"] == ""
    assert "once you have given yours" in three.get(f"{project}/project").text
    mark(three, project, 70)
    assert {m["mark"] for m in shown(three, project)["criteria"][0]["marks"]} == {"90", "70"}
    assert shown(lead, project)["marked"] == []  # who does not keep the ledger sees the total alone


def test_members_of_a_unit_propose_for_their_own(portal):
    editor, member = portal.person("e@example.org", "editor"), portal.person("m@example.org")
    own = unit(editor, "Roads", "m@example.org").split("/")[-1]
    other = unit(editor, "Water").split("/")[-1]
    assert propose(member, unit=own)
    refused = member.post("/ledger/projects", 403, **{"title": "Canal", "class": "key", "unit": other})
    assert "their own unit" in refused.text and 'value="Canal"' in refused.text
    member.post("/ledger/projects", 403, **{"title": "Canal", "class": "key"})
    line = make(editor, "Old works", "project", unit=own)  # under way, and not theirs to change
    member.post(f"{line}/project", 403, **{"act": "propose", "class": "key"})
    assert shown(member, line)["acts"] == []


def test_the_state_of_a_project_is_not_changed_beside_the_library(portal):
    one, _, _, _, lead = people(portal)
    project = ready(portal, one, lead)
    one.post(f"{project}/state", 409, state="done")
    line = make(one, "Old works", "project")
    one.post(f"{line}/state", state="done")  # never proposed
    assert shown(one, line)["state"] == "none"


def test_the_library_is_listed_with_state_marks_and_money(portal):
    one, two, three, _, lead = people(portal)
    project = ready(portal, one, lead)
    make(one, "Never proposed", "project")
    propose(one, "Big programme", **{"class": "special"})
    mark(two, project, 81)
    mark(three, project, 80)
    one.post(f"{project}/account", kind="planned", name="Works", amount="1,200.50", day="2026-03-01")
    two.post(f"{project}/watches", watch="landing", act="waive", words="State land")
    assert titles(one.json("/ledger/projects?class=special")) == ["Big programme"]
    assert titles(one.json("/ledger/projects?state=none")) == ["Never proposed"]
    assert titles(one.json("/ledger/projects?sort=-planned"))[0] == "Steel works"
    # thousands are grouped for eyes, not for programs
    assert ">1,200.50<" in one.get("/ledger/projects").text
    assert "1200.50" in one.get("/ledger/projects?format=csv").text
    assert "1200.50" in [c["text"] for row in one.json("/ledger/projects")["grid"]["rows"] for c in row["cells"]]
    rows = list(csv.DictReader(io.StringIO(one.get("/ledger/projects?format=csv&state=proposed").body.decode("utf-8-sig"))))
    steel = next(row for row in rows if row["Project"] == "Steel works")
    assert (steel["Class"], steel["Total mark"], steel["Planned, yuan"], steel["Paid, yuan"], steel["Watches passed"]) == (
        "Key project", "80.5", "1200.50", "0.00", "1/5")


def test_criteria_are_changed_by_who_keeps_the_ledger_and_open_proposals_follow(portal):
    one, two, three, _, lead = people(portal)
    project = ready(portal, one, lead)
    mark(two, project, 80)
    mark(three, project, 80)
    lead.post("/ledger/projects/criteria", 403, en="Mine", weight=1, least=0)
    one.post("/ledger/projects/criteria", 422, weight=5, least=0)
    one.post("/ledger/projects/criteria", en="Green", zh="绿色", weight=50, least=0)
    assert shown(two, project)["total"] == ""
    two.post(f"{project}/project/marks", 422, mark=[80] * 5)
    page = one.json("/ledger/projects/criteria")
    one.post("/ledger/projects/criteria/end", criterion=page["criteria"][-1]["key"])
    assert shown(two, project)["total"] == "80"
    one.post("/ledger/projects/bar", threshold="80.01", scorers=2)
    assert not shown(two, project)["passes"]
    kinds = {k for k, in change(portal, "SELECT kind FROM event WHERE subject LIKE 'K%'")}
    assert kinds == {"project.criterion", "project.bar"}


def test_a_review_asks_about_every_project_and_keeps_what_was_decided(portal):
    one, two, three, four, lead = people(portal)
    kept = ready(portal, one, lead)
    fresh = propose(one, "New hall")
    mark(two, kept, 80)
    mark(three, kept, 80)
    act(two, kept, "admit")
    lead.post("/ledger/projects/rounds", 403, name="Spring")
    one.post("/ledger/projects/rounds", name="Spring", due="2027-03-31")
    one.post("/ledger/projects/rounds", 409, name="Summer")
    rounds = one.json("/ledger/projects/rounds")
    spring = rounds["rounds"][0]["key"]
    assert sorted(titles(one.json(f"/ledger/projects/rounds?round={spring}"))) == ["New hall", "Steel works"]
    one.post(f"/ledger/projects/rounds/{spring}/close", 409)
    act(two, kept, "keep", 409, words="Still needed")
    mark(three, kept, 60)
    mark(four, kept, 62)
    act(one, kept, "withdraw", 403, words="Mine to take")
    act(two, kept, "keep", words="Still needed")
    one.post(f"/ledger/projects/rounds/{spring}/close")
    page = shown(one, kept)
    assert [(t["round"], t["verdict"], t["total"]) for t in page["turns"]] == [("Spring", "keep", "61"), ("", "admit", "80")]
    assert shown(one, fresh)["round"] == ""
    rows = list(csv.DictReader(io.StringIO(
        one.get(f"/ledger/projects/rounds?format=csv&round={spring}").body.decode("utf-8-sig"))))
    assert [(r["Project"], r["Decision"], r["Why"]) for r in rows] == [("Steel works", "Kept in the library", "Still needed")]


# --- accounts -------------------------------------------------------------------------------------


def test_an_account_adds_up_by_source_and_year_and_strikes_what_is_wrong(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    project = make(editor, "Steel works", "project", lead=key_of(portal, lead))
    for kind, amount, day, source in (("planned", "10000", "2026-01-15", "City"), ("planned", "5,000.50", "2027-01-15", "Bank"),
                                      ("paid", "2000", "2026-06-30", "City"), ("paid", "300", "2026-07-01", "City")):
        lead.post(f"{project}/account", kind=kind, name="Works", amount=amount, day=day, source=source)
    page = lead.json(f"{project}/account")
    assert (page["planned"], page["paid"], page["rest"], page["percent"]) == ("15,000.50", "2,300.00", "12,700.50", 15)
    assert [(s["name"], s["paid"]) for s in page["sources"]] == [("City", "2,300.00"), ("Bank", "0.00")]
    wrong = page["kinds"][1]["entries"][1]["key"]
    lead.post(f"{project}/account/strike", 422, entry=wrong)
    lead.post(f"{project}/account/strike", entry=wrong, why="Entered twice")
    page = lead.json(f"{project}/account")
    assert page["paid"] == "2,000.00"
    assert [(e["cents"], e["why"]) for e in page["kinds"][1]["entries"]] == [("2,000.00", ""), ("300.00", "Entered twice")]
    assert change(portal, "SELECT count(*) FROM project_entry") == [(4,)]
    newest = lead.json(f"{project}/history")["history"][0]
    assert newest["why"] == "Entered twice" and newest["changes"][0]["field"] == "Money paid: Works"


def test_land_and_permits_go_from_needed_to_held_with_their_days(portal):
    editor = portal.person("e@example.org", "editor", lang="zh")
    project = make(editor, "Steel works", "project")
    editor.post(f"{project}/account", kind="permit", name="施工许可证", source="住建局", state="wanted", due="2026-01-31")
    page = editor.json(f"{project}/account")
    permit = page["kinds"][3]["entries"][0]
    assert (permit["state"], permit["is_late"], page["late"]) == ("wanted", True, 1)
    assert "待办" in editor.get(f"{project}/account").text
    editor.post(f"{project}/account/state", entry=permit["key"], state="held", day="2026-02-03")
    page = editor.json(f"{project}/account")
    assert (page["held"], page["late"], page["kinds"][3]["entries"][0]["day"]) == (1, 0, "2026-02-03")
    editor.post(f"{project}/account/state", 422, entry=permit["key"], state="lost", day="2026-02-03")


def test_an_account_is_kept_by_who_may_change_the_project_and_found_on_projects_alone(portal):
    editor, member = portal.person("e@example.org", "editor"), portal.person("m@example.org")
    unit(editor, "Roads", "m@example.org")
    project, goal = make(editor, "Steel works", "project"), make(editor, "Clean water")
    member.get(f"{project}/account")
    member.post(f"{project}/account", 403, kind="paid", name="Works", amount="1", day="2026-01-01")
    refused = editor.post(f"{project}/account", 422, kind="paid", name="Works", amount="much", day="2026-01-01").text
    assert "is not a number" in refused and 'value="much"' in refused and 'value="2026-01-01"' in refused
    editor.post(f"{project}/account", 422, kind="paid", name="Works", amount="5")
    editor.get(f"{goal}/account", 404)
    assert f"{goal}/account" not in editor.get(goal).text


def test_all_entries_of_all_projects_are_taken_along(portal):
    editor = portal.person("e@example.org", "editor")
    for title, amount in (("Steel works", "1.05"), ("Bridge", "2")):
        project = make(editor, title, "project")
        editor.post(f"{project}/account", kind="paid", name="Works", amount=amount, day="2026-01-01")
    number = editor.json(project)["head"]["number"]
    assert len(titles(editor.json("/ledger/accounts"))) == 2
    rows = list(csv.DictReader(io.StringIO(
        editor.get(f"/ledger/accounts?format=csv&number={number}").body.decode("utf-8-sig"))))
    assert [(r["Project"], r["Amount, yuan"]) for r in rows] == [("Bridge", "2.00")]


def test_a_scorer_finds_what_waits_for_their_marks_and_what_waits_for_a_decision(portal):
    one, two, three, _, lead = people(portal)
    project = ready(portal, one, lead)
    own = propose(two, "Own hall")

    def waiting(person):
        page = person.json("/ledger/projects")
        return page["to_mark"], page["to_decide"]

    assert (waiting(one), waiting(two), waiting(three), waiting(lead)) == ((1, 0), (1, 0), (2, 0), (0, 0))
    assert titles(three.json("/ledger/projects?mine=mark")) == ["Steel works", "Own hall"]
    assert titles(two.json("/ledger/projects?mine=proposed")) == ["Own hall"]
    mark(two, project, 90)
    mark(three, project, 90)
    assert (waiting(two), waiting(three), waiting(one)) == ((0, 1), (1, 1), (1, 0))
    assert titles(two.json("/ledger/projects?mine=decide")) == ["Steel works"]
    act(two, project, "admit")
    assert waiting(three) == (1, 0)
    assert own
