"""Goals of a higher level: registered, taken over by lines, and which nobody has taken up."""

from test_goals import day, under
from test_ledger import change, key_of, make, titles


def register(editor, title, **more):
    answer = editor.post("/ledger/higher", title=title, level="city", **more)
    assert answer.code == 303, answer.text
    return answer.location


def take(person, higher, line, amount, code=303):
    return person.post(f"{higher}/take", code, line=line, amount=amount)


def test_what_nobody_has_taken_up_comes_first_and_is_counted(portal):
    editor = portal.person("e@example.org", "editor")
    make(editor, "Clean water")
    homes = register(editor, "Homes", body="City council", document="Plan 2026", quantity="1000", measure="homes")
    register(editor, "Trees")
    roads = register(editor, "Roads")
    take(editor, homes, "G1", "400")
    take(editor, roads, "G1", "100")
    page = editor.json("/ledger/higher")
    assert titles(page) == ["Trees", "Homes", "Roads"]
    assert (page["open"], page["untaken"], page["partly"]) == (3, 1, 1)
    cells = {row["cells"][0]["text"]: [c["text"] for c in row["cells"]] for row in page["grid"]["rows"]}
    assert cells["Homes"][1:] == ["Municipal", "City council", "Plan 2026", "1000 homes", "", "1", "40", "Taken up in part"]
    assert titles(editor.json("/ledger/higher?coverage=none")) == ["Trees"]
    goals = editor.json("/ledger/goals")
    assert (goals["higher"], goals["untaken"]) == (3, 1)
    assert "/ledger/higher?coverage=none" in editor.get("/ledger/goals").text


def test_a_part_of_what_takes_over_is_not_counted_again_and_a_closed_line_not_at_all(portal):
    editor = portal.person("e@example.org", "editor")
    goal = make(editor, "Homes for all")
    under(editor, goal, "In the east", "field")
    other = make(editor, "Elsewhere")
    homes = register(editor, "Homes", quantity="1000", measure="homes", due=day(100))
    for line, amount in (("G1", "600"), ("F1", "500"), ("G2", "300")):
        take(editor, homes, line, amount)
    page = editor.json(homes)
    assert (page["covered"], page["coverage"]) == ("90", "part")
    assert {t["number"]: t["within"] for t in page["takings"]} == {"G1": False, "F1": True, "G2": False}
    editor.post(f"{other}/state", state="closed", why="Given up")
    assert editor.json(homes)["covered"] == "60"
    editor.post(f"{goal}/state", state="closed", why="Given up")
    assert editor.json(homes)["covered"] == "50"  # what is under it still stands for itself
    take(editor, homes, "F1", "1300")
    assert editor.json(homes)["coverage"] == "over"
    take(editor, homes, "G2", "1", 409)


def test_a_line_due_later_than_asked_is_pointed_out(portal):
    editor = portal.person("e@example.org", "editor")
    make(editor, "Late", due=day(200))
    make(editor, "In time", due=day(100))
    higher = register(editor, "Homes", due=day(100))
    take(editor, higher, "G1", "50")
    take(editor, higher, "G2", "50")
    assert {t["title"]: t["late"] for t in editor.json(higher)["takings"]} == {"Late": True, "In time": False}
    assert "Due later than asked" in editor.get(higher).text


def test_who_answers_for_a_line_says_what_it_takes_over_and_its_history_tells(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    line = make(editor, "Mine", lead=key_of(portal, lead))
    make(editor, "Not mine")
    higher = register(editor, "Homes <b>")
    take(lead, higher, "G1", "60")
    take(lead, higher, "G2", "40", 403)
    lead.post(f"{higher}/change", 403, title="Mine now", level="city")
    assert [a["amount"] for a in lead.json(f"{line}/parts")["above"]] == ["60"]
    lead.post(f"{higher}/give-up", 422, line="G1")
    lead.post(f"{higher}/give-up", line="G1", why="The council said so")
    gave, took = lead.json(f"{line}/history")["history"][:2]
    assert (gave["what"], gave["why"]) == ("line.gave_up", "The council said so")
    assert {(c["field"], c["before"], c["after"]) for c in took["changes"]} == {
        ("Goal from above", "", "Homes <b>"), ("Taken over", "", "60")}
    assert lead.json(higher)["takings"] == []
    assert "Homes <b>" not in lead.get(higher).text


def test_a_higher_goal_is_changed_closed_for_a_reason_and_opened_again(portal):
    editor, inspector = portal.person("e@example.org", "editor"), portal.person("i@example.org", "inspector")
    higher = register(editor, "Homes")
    editor.post(f"{higher}/change", title="More homes", level="province", quantity="5", measure="homes", due=day(9))
    page = inspector.json(higher)
    assert (page["title"], page["level"], page["quantity"], page["due"]) == ("More homes", "province", "5", day(9))
    assert "/take" not in inspector.get(higher).text
    editor.post(f"{higher}/change", 422, title="More homes", level="moon")
    editor.post(f"{higher}/change", 422, title="More homes", level="city", quantity="many", measure="homes")
    editor.post(f"{higher}/change", 422, title="More homes", level="city", quantity="5")
    editor.post(f"{higher}/close", 422)
    editor.post(f"{higher}/close", why="Withdrawn")
    assert editor.json("/ledger/higher")["open"] == 0
    row = editor.json("/ledger/higher")["grid"]["rows"][0]
    assert row["cells"][-1]["text"] == "Closed"
    editor.post(f"{higher}/close")
    assert editor.json("/ledger/higher")["open"] == 1
    kinds = [kind for kind, in change(portal, "SELECT kind FROM event WHERE subject = 'H1' ORDER BY seq")]
    assert kinds == ["higher.made", "higher.changed", "higher.closed", "higher.reopened"]


def test_the_register_is_taken_along_in_the_readers_language(portal):
    editor = portal.person("e@example.org", "editor", lang="zh")
    register(editor, "住房", body="市政府", quantity="1000", measure="套")
    lines = editor.get("/ledger/higher?format=csv").body.decode("utf-8-sig").splitlines()
    assert lines[0] == '"名称","层级","下达单位","文件","数量","完成期限","承接条目","承接（%）","承接情况"'
    assert lines[1] == '"住房","市级","市政府","","1000 套","","0","0","无人承接"'


def test_an_empty_register_says_what_to_do_and_is_closed_to_plain_members(portal):
    editor = portal.person("e@example.org", "editor")
    assert "Once an editor registers one" in editor.get("/ledger/higher").text
    assert portal.person("m@example.org").ask("GET", "/ledger/higher").code == 403


def test_a_refused_edit_shows_what_was_typed_and_keeps_what_was_stored(portal):
    editor = portal.person("e@example.org", "editor")
    higher = editor.post("/ledger/higher", title="Homes on the mains", level="city", body="City", quantity="900",
                         measure="homes", due="2080-01-01").location
    typed = {"title": "Homes and schools", "level": "province", "body": "Province", "document": "No. 7", "due": "2081-01-01",
             "quantity": "-3", "measure": "houses"}
    page = editor.post(f"{higher}/change", 422, **typed).text
    form = page[page.index("/change"):page.index("/close")]
    for value in ("Homes and schools", "Province", "No. 7", "2081-01-01", "-3", "houses"):
        assert f'value="{value}"' in form, value
    assert '<option value="province" selected>' in form and "<details open>" in page
    assert "<h1>Homes on the mains</h1>" in page and "900 homes" in page
    stored = editor.json(higher)
    assert (stored["title"], stored["level"], stored["quantity"]) == ("Homes on the mains", "city", "900")
    make(editor, "Mains")
    refused = editor.post(f"{higher}/take", 422, line="G1", amount="-600").text
    assert 'value="G1"' in refused and 'value="-600"' in refused and 'value="Homes on the mains"' in refused
