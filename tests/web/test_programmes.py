"""Programmes over one area: what they state, where that clashes, and how clashes are settled and open again."""

from test_ledger import change, make, titles


def programme(editor, name, area="City"):
    answer = editor.post("/ledger/programmes", name=name, area=area)
    assert answer.code == 303, answer.text
    return answer.location


def state(editor, address, code=303, **said):
    return editor.post(f"{address}/statements", code, **said)


def clash_of(person):
    """The address of the only clash."""
    row, = person.json("/ledger/clashes")["grid"]["rows"]
    return "/ledger/clashes/" + row["key"]


def settle(person, address, words, code=303, page=None):
    page = page or person.json(address)
    return person.post(f"{address}/settle", code, one=page["one_changes"], other=page["other_changes"], words=words)


def restated(editor, address, **said):
    key = editor.json(address)["statements"][0]["key"]
    return editor.post(f"{address}/statements/{key}", **said)


def two(editor):
    """Two programmes that want the ring road by different days."""
    land, traffic = programme(editor, "Land use"), programme(editor, "Traffic", "City/East")
    state(editor, land, subject="Ring road", last="2027-06-30")
    state(editor, traffic, subject="ring road", last="2028-06-30")
    return land, traffic


def test_dates_quantities_and_places_that_do_not_agree_are_listed(portal):
    editor = portal.person("e@example.org", "editor")
    land, traffic = two(editor)
    state(editor, land, subject="Parks", least="40", most="40", measure="ha", place="City/East")
    state(editor, traffic, subject="Parks", most="30", measure="ha", place="City/West")
    rows = editor.json("/ledger/clashes")["grid"]["rows"]
    found = {tuple(cell["text"] for cell in row["cells"][:6]) for row in rows}
    assert found == {
        ("Ring road / ring road", "Dates", "Land use", "≤ 2027-06-30", "Traffic", "≤ 2028-06-30"),
        ("Parks", "Quantities", "Land use", "40 ha", "Traffic", "≤ 30 ha"),
        ("Parks", "Places", "Land use", "City/East", "Traffic", "City/West")}
    assert editor.json("/ledger/programmes")["waiting"] == 3
    assert len(editor.json("/ledger/clashes?aspect=place")["grid"]["rows"]) == 1
    page = editor.json(land)
    assert {s["subject"]: s["waiting"] for s in page["statements"]} == {"Ring road": 1, "Parks": 2}
    text = editor.get(clash_of_aspect(editor, "date")).text
    assert "no day suits both, or both say by when and differ" in text
    assert "by 30 June 2027" in text and "by 30 June 2028" in text
    listed = editor.get("/ledger/clashes").text
    assert "≤ 30 June 2027" in listed and "2027-06-30" not in listed
    editor.lang = "zh"
    assert "≤ 2027年6月30日" in editor.get("/ledger/clashes").text
    assert "2027年6月30日前" in editor.get(clash_of_aspect(editor, "date")).text


def clash_of_aspect(person, aspect):
    row, = person.json(f"/ledger/clashes?aspect={aspect}")["grid"]["rows"]
    return "/ledger/clashes/" + row["key"]


def test_a_clash_is_settled_by_whom_and_why_and_opens_again_when_a_statement_changes(portal):
    editor, steward = portal.person("e@example.org", "editor"), portal.person("s@example.org", "steward")
    land, traffic = two(editor)
    address = clash_of(editor)
    settle(steward, address, "", 422)
    settle(steward, address, "The traffic programme prevails.\nCouncil, 3 May")
    page = editor.json(address)
    assert (page["state"], page["may_settle"]) == ("settled", False)
    assert [(s["words"].replace("\r", ""), s["stands"]) for s in page["settlements"]] == [
        ("The traffic programme prevails.\nCouncil, 3 May", True)]
    assert page["settlements"][0]["by"] == "S"
    assert editor.json("/ledger/programmes")["waiting"] == 0
    restated(editor, land, subject="Ring road", last="2027-07-31")
    again = editor.json(address)
    assert (again["state"], again["settlements"][0]["stands"]) == ("reopened", False)
    assert "A statement changed since" in editor.get(address).text
    settle(editor, address, "As I saw it before", 409, page)
    settle(editor, address, "July will do")
    assert editor.json(address)["state"] == "settled"
    restated(editor, land, subject="Ring road", last="2028-06-30")
    assert editor.json(address)["state"] == "gone"


def test_two_statements_about_one_line_clash_whatever_they_call_it(portal):
    editor = portal.person("e@example.org", "editor")
    line = make(editor, "Ring road, east", "project")
    land, traffic = programme(editor, "Land use"), programme(editor, "Traffic")
    state(editor, land, line="P1", last="2027-06-30")
    state(editor, traffic, line="p1", subject="Outer ring", last="2028-06-30")
    assert editor.json(land)["statements"][0]["subject"] == "Ring road, east"
    assert editor.json(clash_of(editor))["aspect"] == "date"
    said = editor.json(f"{line}/parts")["statements"]
    assert [(s["programme"], s["waiting"]) for s in said] == [("Land use", 1), ("Traffic", 1)]
    assert clash_of(editor) in editor.get(f"{line}/parts").text


def test_what_is_withdrawn_or_closed_clashes_no_more(portal):
    editor = portal.person("e@example.org", "editor")
    land, traffic = two(editor)
    address = clash_of(editor)
    editor.post(f"{land}/close", 422)
    editor.post(f"{land}/close", why="Replaced")
    assert editor.json(address)["state"] == "gone"
    state(editor, land, 409, subject="Bridge")
    editor.post(f"{land}/close")
    assert editor.json(address)["state"] == "open"
    key = editor.json(traffic)["statements"][0]["key"]
    editor.post(f"{land}/statements/{key}/withdraw", 404, why="Not of this programme")
    editor.post(f"{traffic}/statements/{key}/withdraw", 422)
    editor.post(f"{traffic}/statements/{key}/withdraw", why="Out of date")
    assert editor.json(traffic)["statements"] == []
    assert editor.json(address)["state"] == "gone"


def test_only_who_arranges_the_ledger_makes_programmes_and_settles(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    land, _ = two(editor)
    address = clash_of(lead)
    assert lead.json(address)["may_settle"] is False
    assert 'action="/ledger' not in lead.get(land).text
    settle(lead, address, "So be it", 403)
    lead.post("/ledger/programmes", 403, name="Mine", area="City")
    state(lead, land, 403, subject="Mine")
    assert editor.json(address)["state"] == "open"
    assert portal.person("m@example.org").ask("GET", "/ledger/clashes").code == 403


def test_what_was_typed_and_refused_is_typed_once(portal):
    editor = portal.person("e@example.org", "editor")
    land = programme(editor, "Land <use>")
    answer = state(editor, land, 422, subject="Parks & ponds", least="40", measure="")
    assert "Parks &amp; ponds" in answer.text and "Land <use>" not in answer.text
    assert state(editor, land, 422, subject="Parks", least="many", measure="ha")
    assert "Land &lt;use&gt;" in editor.post("/ledger/programmes", 409, name="land <USE>", area="City").text


def test_every_change_of_a_programme_is_an_event(portal):
    editor = portal.person("e@example.org", "editor")
    land, _ = two(editor)
    settle(editor, clash_of(editor), "Agreed")
    restated(editor, land, subject="Ring road", last="2028-06-30")
    kinds = [kind for kind, in change(portal, "SELECT kind FROM event WHERE kind LIKE 'programme.%' OR kind LIKE 'clash.%'"
                                              " ORDER BY seq")]
    assert kinds == ["programme.made", "programme.made", "programme.stated", "programme.stated", "clash.found",
                     "clash.settled", "programme.restated", "clash.gone"]


def test_lists_are_taken_along_and_say_what_to_do_when_empty(portal):
    editor = portal.person("e@example.org", "editor", lang="zh")
    assert "尚无规划" in editor.get("/ledger/programmes").text and "未发现冲突" in editor.get("/ledger/clashes").text
    two(editor)
    lines = editor.get("/ledger/clashes?format=csv").body.decode("utf-8-sig").splitlines()
    assert lines[0] == '"事项","冲突类型","规划一","规定","规划二","规定","状态","发现日期"'
    assert "待协调" in lines[1] and "2027-06-30" in lines[1]
    assert titles(editor.json("/ledger/programmes")) == ["Land use", "Traffic"] or titles(
        editor.json("/ledger/programmes")) == ["Traffic", "Land use"]
    assert editor.get("/ledger/programmes?format=xlsx").body[:2] == b"PK"


def test_quantities_in_units_of_one_kind_are_converted(portal):
    editor = portal.person("e@example.org", "editor")
    land, traffic = programme(editor, "Land use"), programme(editor, "Traffic", "City/East")
    state(editor, land, subject="Ring road", least="10", most="10", measure="公里")
    state(editor, traffic, subject="Ring road", least="10000", most="10000", measure="m")
    assert editor.json("/ledger/clashes")["grid"]["rows"] == []
    restated(editor, traffic, subject="Ring road", least="9000", most="9000", measure="m")
    assert "converted" in editor.get(clash_of(editor)).text
    restated(editor, traffic, subject="Ring road", least="9000", most="9000", measure="households")
    assert editor.json("/ledger/clashes?state=open")["grid"]["rows"] == []
