"""Views of lists: kept under a name, shared or not, opened with at first, changed and removed by whose they are."""

import urllib.parse

from test_ledger import make, titles


def views(person, grid="/ledger"):
    return person.json(grid)["grid"]["views"]


def keep(person, name, query="kind=risk&sort=title", code=303, **more):
    return person.post("/ledger/views", code, grid="/ledger", name=name, query=query, **more)


def test_a_view_keeps_sort_and_filter_under_a_name(portal):
    editor = portal.person("e@example.org", "editor")
    for title, kind in (("Beta", "risk"), ("Alpha", "risk"), ("Gamma", "goal")):
        make(editor, title, kind)
    shown = editor.json("/ledger?sort=title&kind=risk")["grid"]["query"]
    assert keep(editor, "Risks 风险", shown).location == "/ledger?" + shown
    view = views(editor)[0]
    assert (view["name"], view["shared"], view["opens"]) == ("Risks 风险", False, False)
    assert titles(editor.json(view["path"])) == ["Alpha", "Beta"]
    assert editor.json(view["path"])["grid"]["views"][0]["here"]
    assert "Risks 风险" in editor.get("/ledger").text
    assert views(editor, "/ledger/indicators") == []


def test_a_private_view_is_its_members_own_and_a_shared_one_is_seen_by_all(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    keep(lead, "Private")
    keep(lead, "Shared", shared=1)
    assert [(v["name"], v["own"]) for v in views(editor)] == [("Shared", False)]
    private, shared = (v["key"] for v in views(lead))
    editor.post(f"/ledger/views/{private}", 404, end=1)
    editor.post(f"/ledger/views/{shared}", 403, name="Mine")
    editor.post(f"/ledger/views/{shared}", end=1)
    assert [v["name"] for v in views(lead)] == ["Private"]


def test_a_list_opens_with_the_view_that_its_member_chose_and_shows_all_on_demand(portal):
    editor = portal.person("e@example.org", "editor")
    make(editor, "Goal")
    keep(editor, "Risks", opens=1)
    answer = editor.get("/ledger", 303)
    assert dict(urllib.parse.parse_qsl(answer.location.split("?")[1])) == {"kind": "risk", "sort": "title"}
    assert "Goal" in editor.get("/ledger?page=1").text
    assert titles(editor.json("/ledger")) == ["Goal"]  # scripts get what they ask for
    keep(editor, "Goals", "kind=goal", opens=1)
    assert [v["opens"] for v in views(editor)] == [True, False]
    editor.post(f"/ledger/views/{views(editor)[0]['key']}", name="All goals", shared=1)
    assert [(v["name"], v["shared"], v["opens"]) for v in views(editor)] == [
        ("All goals", True, False), ("Risks", False, False)]
    editor.get("/ledger")


def test_a_view_of_a_name_is_kept_once_and_leads_nowhere_else(portal):
    editor = portal.person("e@example.org", "editor")
    keep(editor, "A", "kind=risk")
    keep(editor, "A", "kind=goal")
    keep(editor, "B")
    assert [v["path"] for v in views(editor)] == ["/ledger?kind=goal", "/ledger?kind=risk&sort=title"]
    editor.post(f"/ledger/views/{views(editor)[1]['key']}", 409, name="A")
    keep(editor, "", code=422)
    keep(editor, "x" * 61, code=422)
    for grid in ("https://example.org/ledger", "//example.org", "/papers", "/ledger?x=1"):
        editor.post("/ledger/views", 422, grid=grid, name="C", query="")
    keep(editor, "<b>", 'kind="><script>')
    assert "<script>alert" not in editor.get("/ledger?page=1").text and '"><script>' not in editor.get("/ledger?page=1").text
