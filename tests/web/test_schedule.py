"""The schedule of a line: what is expected of what is under it, what decides the end, what waits for what."""

from test_ledger import change, make, unit


def project(editor):
    """A project with three steps in the far future, so that no test depends on the day: its address, and their numbers."""
    address = make(editor, "New bridge", "project", due="2090-03-31")
    number = editor.json(address)["head"]["number"]
    steps = {"Piers": ("2090-01-01", "2090-01-31"), "Deck": ("2090-02-01", "2090-02-28"), "Lamps": ("2090-02-01", "2090-02-10")}
    found = {}
    for title, (begins, due) in steps.items():
        line = make(editor, title, "milestone", part_of=number, begins=begins, due=due)
        found[title] = editor.json(line)["head"]["number"]
    return address, found


def rows(person, address):
    return {row["title"]: row for row in person.json(f"{address}/schedule")["steps"]}


def test_a_delay_shows_in_what_waits_for_it_and_what_decides_the_end_is_named(portal):
    editor = portal.person("e@example.org", "editor")
    address, number = project(editor)
    editor.post(f"{address}/schedule/link", before=number["Piers"], after=number["Deck"], lag=10)
    page = editor.json(f"{address}/schedule")
    assert page["end"] == "2090-03-10" and page["late"] == 0
    steps = rows(editor, address)
    assert (steps["Deck"]["expected_begins"], steps["Deck"]["late"]) == ("2090-02-11", 10)
    assert steps["Deck"]["waits_for"] == number["Piers"]
    assert {title: row["critical"] for title, row in steps.items()} == {"Piers": True, "Deck": True, "Lamps": False}
    assert steps["Lamps"]["slack"] == 28
    editor.post(f"{address}/schedule/link", before=number["Piers"], after=number["Deck"], lag=40)
    assert editor.json(f"{address}/schedule")["late"] == 9
    shown = editor.get(f"{address}/schedule").text
    assert "<svg" in shown and "decides the end" in shown and "Days after this line is due: 9" in shown
    assert "Lamps: 1 February 2090 – 10 February 2090</title>" in shown


def test_lines_can_not_wait_for_each_other_in_a_ring(portal):
    editor = portal.person("e@example.org", "editor")
    address, number = project(editor)
    editor.post(f"{address}/schedule/link", before=number["Piers"], after=number["Deck"])
    editor.post(f"{address}/schedule/link", before=number["Deck"], after=number["Lamps"])
    refused = editor.post(f"{address}/schedule/link", 409, before=number["Lamps"], after=number["Piers"])
    assert "wait for each other" in refused.text and "→" in refused.text
    editor.post(f"{address}/schedule/link", 422, before=number["Deck"], after=number["Deck"])
    other = make(editor, "Elsewhere")
    elsewhere = editor.json(other)["head"]["number"]
    editor.post(f"{address}/schedule/link", 422, before=elsewhere, after=number["Deck"])
    assert len(editor.json(f"{address}/schedule")["links"]) == 2


def test_an_order_is_undone_and_the_history_has_both(portal):
    editor = portal.person("e@example.org", "editor")
    address, number = project(editor)
    both = {"before": number["Piers"], "after": number["Deck"]}
    editor.post(f"{address}/schedule/link", **both)
    editor.post(f"{address}/schedule/unlink", **both)
    assert editor.json(f"{address}/schedule")["links"] == []
    editor.post(f"{address}/schedule/unlink", 404, **both)
    kinds = [k for k, in change(portal, "SELECT kind FROM event WHERE kind LIKE 'line.%linked' ORDER BY seq")]
    assert kinds == ["line.linked", "line.unlinked"]


def test_only_who_may_change_the_line_sets_its_order(portal):
    editor, member = portal.person("e@example.org", "editor"), portal.person("m@example.org")
    address, number = project(editor)
    both = {"before": number["Piers"], "after": number["Deck"]}
    member.post(f"{address}/schedule/link", 403, **both)
    unit(editor, "Bridge office", "m@example.org")
    assert "Keep the order" not in member.get(f"{address}/schedule").text
    member.post(f"{address}/schedule/link", 403, **both)
    assert editor.json(f"{address}/schedule")["links"] == []


def test_a_line_with_nothing_under_it_says_what_to_do(portal):
    editor = portal.person("e@example.org", "editor")
    line = make(editor, "Alone")
    assert "Nothing is under this line yet" in editor.get(f"{line}/schedule").text
