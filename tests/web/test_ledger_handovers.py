"""Lines handed over: asked by their lead, seen by both on the page of their day, answered; and lines that nobody leads."""

from test_ledger import change, key_of, make, titles, unit


def keys(*lines):
    return [line.split("/")[-1] for line in lines]


def asked(person):
    return person.json("/ledger/today")["handovers"]


def three(portal):
    return (portal.person("e@example.org", "editor"), portal.person("a@example.org", "lead"),
            portal.person("b@example.org", "lead"))


def test_many_lines_are_handed_over_and_change_their_lead_when_accepted(portal):
    editor, first, second = three(portal)
    lines = [make(editor, f"Goal {i}", lead=key_of(portal, first)) for i in range(2)]
    assert "Goal 1" in first.post("/ledger/handovers", 200, line=keys(*lines)).text  # the form
    first.post("/ledger/handovers", 422, line=keys(*lines), taker=key_of(portal, second), why="")
    first.post("/ledger/handovers", line=keys(*lines), taker=key_of(portal, second), why="A new post")
    assert [row["why"] for row in asked(second)["in"]] == ["A new post"] * 2
    assert [row["taker"] for row in asked(first)["out"]] == ["B"] * 2
    assert "A asks you to lead" in second.get("/ledger/today").text
    accept, decline = (row["key"] for row in asked(second)["in"])
    editor.post(f"/ledger/handovers/{accept}", 403, deed="accept")
    second.post(f"/ledger/handovers/{accept}", deed="accept")
    second.post(f"/ledger/handovers/{decline}", 422, deed="decline")
    second.post(f"/ledger/handovers/{decline}", deed="decline", why="Too much")
    assert [editor.json(line)["head"]["lead"] for line in lines] == ["B", "A"]
    assert asked(first)["out"] == asked(second)["in"] == []
    history = editor.get(f"{lines[1]}/history").text
    assert "Too much" in history and "A new post" in history


def test_a_line_of_another_lead_is_not_handed_over_and_then_none_is(portal):
    editor, first, second = three(portal)
    mine, other = make(editor, "Mine", lead=key_of(portal, first)), make(editor, "Other", lead=key_of(portal, second))
    answer = first.post("/ledger/handovers", 403, line=keys(mine, other), taker=key_of(portal, second), why="x")
    assert "G2" in answer.text
    assert asked(first)["out"] == []
    plain = portal.person("m@example.org")
    first.post("/ledger/handovers", 422, line=keys(mine), taker=key_of(portal, plain), why="x")


def test_lines_of_who_is_gone_are_listed_for_the_head_of_their_unit_and_editors(portal):
    editor, first, second = three(portal)
    office = unit(editor, "Roads", "b@example.org")
    change(portal, "UPDATE unit SET head = ?", int(second.member[1:]))
    make(editor, "Of the unit", unit=office.split("/")[-1], lead=key_of(portal, first))
    make(editor, "Elsewhere", lead=key_of(portal, first))
    assert asked(second)["leaderless"] == 0
    change(portal, "UPDATE account SET suspended_ms = 1 WHERE member = ?", int(first.member[1:]))
    assert asked(editor)["leaderless"] == 2 and asked(second)["leaderless"] == 1
    assert sorted(titles(editor.json("/ledger?lead=-"))) == ["Elsewhere", "Of the unit"]
    page = second.json(asked(second)["leaderless_path"])
    assert titles(page) == ["Of the unit"]
    second.post("/ledger/bulk", line=[row["key"] for row in page["grid"]["rows"]], deed="apply", lead=key_of(portal, second))
    assert asked(second)["leaderless"] == 0
