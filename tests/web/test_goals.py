"""Goals: the tree to any depth, weights, horizons, sums, and the list of them as a file."""

from datetime import date, timedelta

from test_ledger import key_of, make, titles


def day(offset):
    return (date.today() + timedelta(days=offset)).isoformat()


def number(person, address):
    return person.json(address)["head"]["number"]


def under(person, parent, title, kind, **more):
    return make(person, title, kind, part_of=number(person, parent), **more)


def progress(person, address, percent):
    head = person.json(address)["head"]
    person.post(f"{address}/change", 303, title=head["title"], weight=head["weight"], part_of=head["parent_number"],
                progress=percent)


def rows(page):
    return [(row["depth"], row["title"]) for row in page["goals"]]


def test_goals_stand_in_a_tree_with_what_is_under_them_due_first(portal):
    editor = portal.person("e@example.org", "editor")
    goal = make(editor, "Clean water", due=day(300))
    make(editor, "Good roads", due=day(100))
    late = under(editor, goal, "Pipes", "field", due=day(200))
    under(editor, goal, "Sources", "field", due=day(50))
    under(editor, late, "First mile", "milestone")
    assert rows(editor.json("/ledger/goals")) == [
        (0, "Good roads"), (0, "Clean water"), (1, "Sources"), (1, "Pipes"), (2, "First mile")]
    make(editor, "Bridge", "project")  # neither a goal nor under one
    assert len(editor.json("/ledger/goals")["goals"]) == 5


def test_what_is_deeper_than_a_page_is_one_step_further_and_leads_back(portal):
    editor = portal.person("e@example.org", "editor")
    line = make(editor, "Level 0")
    lines = [line]
    for level in range(1, 7):
        line = under(editor, line, f"Level {level}", "milestone")
        lines.append(line)
    top = editor.json("/ledger/goals")["goals"]
    assert [row["title"] for row in top] == ["Level 0", "Level 1", "Level 2"]
    assert top[-1]["parts"] == 1
    assert f"/ledger/goals?under={top[-1]['key']}" in editor.get("/ledger/goals").text
    page = editor.json(f"/ledger/goals?under={top[-1]['key']}")
    assert [row["title"] for row in page["goals"]] == ["Level 2", "Level 3", "Level 4", "Level 5"]
    assert page["up_title"] == "Level 1"


def test_a_closed_part_leaves_tree_and_sum(portal):
    editor = portal.person("e@example.org", "editor")
    goal = make(editor, "Clean water")
    one, two = (under(editor, goal, title, "field") for title in ("One", "Two"))
    progress(editor, one, 80)
    assert editor.json(goal)["head"]["progress"] == 40
    editor.post(f"{two}/state", state="closed", why="Given up")
    assert editor.json(goal)["head"]["progress"] == 80
    assert rows(editor.json("/ledger/goals")) == [(0, "Clean water"), (1, "One")]
    summed = editor.json(f"{goal}/history")["history"][0]
    assert summed["what"] == "line.summed"
    assert summed["changes"] == [{"field": "Progress", "before": "40", "after": "80"}]


def test_parts_are_weighed_together_and_the_page_says_what_each_makes_up(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    goal = make(editor, "Clean water", lead=key_of(portal, lead))
    one, two = (under(editor, goal, title, "field") for title in ("One", "Two"))
    progress(editor, one, 100)
    lead.post(f"{goal}/parts", part=["F1", "F2"], weight=["3", "1"], why="As agreed")
    page = lead.json(f"{goal}/parts")
    assert [(p["weight"], p["share"]) for p in page["parts"]] == [("3", "75"), ("1", "25")]
    assert page["head"]["progress"] == 75
    assert lead.json(f"{two}/history")["history"][0]["why"] != "As agreed"  # it weighed 1 before
    assert lead.json(f"{one}/history")["history"][0]["why"] == "As agreed"
    assert "rounded down" in lead.get(f"{goal}/parts").text
    answer = lead.post(f"{goal}/parts", 422, part=["F1", "F2"], weight=["3", "many"])
    assert "F2" in answer.text
    other = make(editor, "Other")
    assert under(editor, other, "Elsewhere", "field")
    lead.post(f"{goal}/parts", 409, part=["F1", "F3"], weight=["9", "9"])
    assert [p["weight"] for p in lead.json(f"{goal}/parts")["parts"]] == ["3", "1"]  # all or none
    lead.post(f"{other}/parts", 403, part=["F3"], weight=["9"])


def test_a_horizon_follows_the_due_day_until_somebody_says_otherwise(portal):
    editor = portal.person("e@example.org", "editor")
    near, far = make(editor, "Soon", due=day(30)), make(editor, "One day", due=day(4000))
    make(editor, "In between", due=day(1000))
    page = editor.json("/ledger/goals")
    assert {row["title"]: row["horizon"] for row in page["goals"]} == {
        "Soon": "near", "In between": "middle", "One day": "far"}
    editor.post(f"{far}/horizon", horizon="near")
    assert editor.json(f"{far}/parts")["said"] is True
    assert [row["title"] for row in editor.json("/ledger/goals?horizon=near")["goals"]] == ["Soon", "One day"]
    assert [(h["name"], h["goals"]) for h in editor.json("/ledger/goals")["horizons"]] == [
        ("", 3), ("near", 2), ("middle", 1), ("far", 0)]
    editor.post(f"{far}/horizon", horizon="")
    assert editor.json(f"{far}/parts")["horizon"] == "far"
    editor.post(f"{near}/horizon", 422, horizon="soon")
    project = make(editor, "Bridge", "project")
    editor.post(f"{project}/horizon", 422, horizon="near")


def test_goals_that_fill_more_than_a_page_are_paged(portal):
    editor = portal.person("e@example.org", "editor")
    for i in range(31):
        make(editor, f"Goal {i}")
    first = editor.json("/ledger/goals")
    assert len(first["goals"]) == 30
    assert rows(editor.json(first["older"])) == [(0, "Goal 30")]


def test_the_list_of_goals_is_filtered_and_taken_along(portal):
    editor = portal.person("e@example.org", "editor", lang="zh")
    goal = make(editor, "清水", due=day(30))
    under(editor, goal, "管网", "field")
    make(editor, "大桥", "project")
    assert titles(editor.json("/ledger/goals/list")) == ["管网", "清水"]
    assert titles(editor.json("/ledger/goals/list?horizon=near")) == ["清水"]
    text = editor.get("/ledger/goals/list?format=csv").body.decode("utf-8-sig").splitlines()
    assert text[0].startswith('"名称","编号","类别","上级条目","期限类别","权重"')
    assert text[2].startswith('"清水","G1","目标","","近期","1","0"')


def test_milestones_of_projects_are_no_goals(portal):
    editor = portal.person("e@example.org", "editor")
    goal = make(editor, "Clean water")
    under(editor, goal, "First mile", "milestone")
    project = under(editor, goal, "Pipes", "project")
    under(editor, project, "Trench dug", "milestone")
    assert titles(editor.json("/ledger/goals/list")) == ["Clean water", "First mile"]
    assert (2, "Trench dug") in rows(editor.json("/ledger/goals"))  # where it belongs


def test_an_empty_tree_says_what_to_do(portal):
    editor, inspector = portal.person("e@example.org", "editor"), portal.person("i@example.org", "inspector")
    assert "/ledger#new-line" in editor.get("/ledger/goals").text
    assert "/ledger#new-line" not in inspector.get("/ledger/goals").text
    assert portal.person("m@example.org").ask("GET", "/ledger/goals").code == 403
