"""Plans frozen, and what became of them: by line, in sum, between any two states."""

import csv
import io

from test_ledger import change, make, unit


def key_of(person, address, name):
    return next(f["key"] for f in person.json(f"{address}/baselines")["frozen"] if f["name"] == name)


def move(person, line, **fields):
    head = person.json(line)["head"]
    person.post(f"{line}/change", **{"title": head["title"], "part_of": head["parent_number"], "weight": "1",
                                     "due": head["due_day"], **fields})


def programme(editor):
    address = make(editor, "Ring road", "project", due="2090-12-31")
    number = editor.json(address)["head"]["number"]
    steps = {title: make(editor, title, "milestone", part_of=number, due=due)
             for title, due in (("East", "2090-03-01"), ("West", "2090-06-01"), ("North", "2090-09-01"))}
    return address, number, steps


def test_slip_since_a_frozen_plan_is_told_by_line_and_in_sum(portal):
    editor = portal.person("e@example.org", "editor")
    address, number, steps = programme(editor)
    assert "No plan of this line is frozen yet" in editor.get(f"{address}/baselines").text
    editor.post(f"{address}/baselines", name="Agreed in January")
    move(editor, steps["East"], due="2090-03-31")
    move(editor, steps["West"], due="2090-05-27")
    editor.post(f"{steps['North']}/state", state="closed", why="Not needed")
    make(editor, "South", "milestone", part_of=number, due="2091-02-01")
    page = editor.json(f"{address}/baselines")
    slips = {s["title"]: (s["fate"], s["slip"]) for s in page["slips"]}
    assert slips == {"Ring road": ("same", 0), "East": ("changed", 30), "West": ("changed", 5),
                     "North": ("dropped", 0), "South": ("added", 0)}
    assert (page["sum"]["days_later"], page["sum"]["days_earlier"], page["sum"]["worst"]) == (30, 5, 30)
    assert (page["sum"]["end_before"], page["sum"]["end_after"]) == ("2090-12-31", "2091-02-01")
    shown = editor.get(f"{address}/baselines").text
    assert "30 days later" in shown and "5 days earlier" in shown and "<svg" in shown


def test_any_two_states_are_compared_and_what_is_frozen_never_changes(portal):
    editor = portal.person("e@example.org", "editor")
    address, _, steps = programme(editor)
    editor.post(f"{address}/baselines", name="First")
    move(editor, steps["East"], due="2090-03-11")
    editor.post(f"{address}/baselines", name="Second")
    move(editor, steps["East"], due="2090-04-01")
    first, second = key_of(editor, address, "First"), key_of(editor, address, "Second")
    for states, days in ((f"from={first}&to={second}", 10), (f"from={first}&to=now", 31), ("", 21)):
        assert editor.json(f"{address}/baselines?{states}")["sum"]["days_later"] == days
    assert editor.json(f"{address}/baselines?from={second}&to={first}")["sum"]["days_earlier"] == 10


def test_a_comparison_is_taken_along_with_its_sums(portal):
    editor = portal.person("e@example.org", "editor")
    address, number, steps = programme(editor)
    editor.post(f"{steps['East']}/quantity", quantity="12.5", measure="km")
    editor.post(f"{address}/baselines", name="First")
    move(editor, steps["East"], due="2090-03-31", begins="2090-01-01")
    move(editor, steps["West"], due="2090-05-27")
    editor.post(f"{steps['East']}/quantity", quantity="10", measure="km")
    editor.post(f"{steps['North']}/state", state="closed", why="Not needed")
    editor.post(f"{address}/account", kind="planned", name="Works", amount="1234.5", day="2090-01-01")
    first = key_of(editor, address, "First")
    given = editor.get(f"{address}/baselines?from={first}&to=now&format=csv")
    rows = list(csv.DictReader(io.StringIO(given.body.decode("utf-8-sig"))))
    by_title = {row["Line"]: row for row in rows if row["Number"]}
    east = by_title["East"]
    assert (east["What became of it"], east["Begins, before"], east["Begins, after"], east["Due, before"], east["Due, after"],
            east["Days later"]) == ("changed", "", "2090-01-01", "2090-03-01", "2090-03-31", "30")
    assert (east["Quantity before"], east["Quantity after"], east["Quantity more"], east["Measured in"]) == ("12.5", "10", "-2.5", "km")
    assert by_title["West"]["Days later"] == "-5" and by_title["North"]["What became of it"] == "dropped"
    assert by_title["Ring road"]["Money more, yuan"] == "1234.50"
    whole, km = rows[-2:]
    assert (whole["Line"], whole["Days later"], whole["Money planned after, yuan"], whole["Due, after"]) == (
        "In sum", "25", "1234.50", "2090-12-31")
    assert (km["Quantity before"], km["Quantity more"], km["Measured in"]) == ("12.5", "-2.5", "km")
    book = editor.get(f"{address}/baselines?format=xlsx")
    assert book.body.startswith(b"PK") and ".xlsx" in book.headers["content-disposition"]
    assert f"from={first}&amp;to=now&amp;format=csv" in editor.get(f"{address}/baselines").text
    bare = make(editor, "Bare")
    assert "No plan of this line is frozen" in editor.get(f"{bare}/baselines?format=csv").text


def test_a_plan_of_one_line_is_not_found_under_another(portal):
    editor = portal.person("e@example.org", "editor")
    address, _, _ = programme(editor)
    editor.post(f"{address}/baselines", name="Mine")
    other = make(editor, "Other")
    editor.post(f"{other}/baselines", name="Theirs")
    editor.get(f"{other}/baselines?from={key_of(editor, address, 'Mine')}", 404)


def test_a_name_is_needed_and_taken_once_and_what_was_typed_stays(portal):
    editor = portal.person("e@example.org", "editor")
    address, _, _ = programme(editor)
    editor.post(f"{address}/baselines", name="Agreed")
    again = editor.post(f"{address}/baselines", 409, name="Agreed")
    assert "already" in again.text and 'value="Agreed"' in again.text
    editor.post(f"{address}/baselines", 422, name=" ")
    assert [k for k, in change(portal, "SELECT kind FROM event WHERE kind = 'line.frozen'")] == ["line.frozen"]


def test_only_who_may_change_the_line_freezes_its_plan(portal):
    editor, member = portal.person("e@example.org", "editor"), portal.person("m@example.org")
    address, _, _ = programme(editor)
    unit(editor, "Road office", "m@example.org")
    member.post(f"{address}/baselines", 403, name="Mine")
    assert "Freeze the plan" not in member.get(f"{address}/baselines").text


def test_money_and_quantities_are_compared_by_line_and_in_sum(portal):
    editor = portal.person("e@example.org", "editor")
    address, number, steps = programme(editor)
    east = make(editor, "East lanes", "project", part_of=number, due="2090-03-01")
    editor.post(f"{address}/account", kind="planned", name="Works", amount="1000", day="2089-01-01")
    editor.post(f"{east}/account", kind="planned", name="Works", amount="500", day="2089-01-01")
    editor.post(f"{east}/quantity", quantity="12.5", measure="km")
    editor.post(f"{steps['West']}/quantity", quantity="3", measure="km")
    editor.post(f"{address}/baselines", name="Agreed")
    key = editor.json(f"{east}/account")["kinds"][0]["entries"][0]["key"]
    editor.post(f"{east}/account/strike", entry=key, why="Too little")
    editor.post(f"{east}/account", kind="planned", name="Works", amount="800.25", day="2089-02-01")
    editor.post(f"{east}/account", kind="paid", name="Works", amount="9", day="2089-02-01")  # no plan
    editor.post(f"{east}/quantity", quantity="10", measure="km")
    page = editor.json(f"{address}/baselines")
    slip = next(s for s in page["slips"] if s["title"] == "East lanes")
    assert (slip["fate"], slip["slip"], slip["money_slip"], slip["quantity_slip"]) == ("changed", 0, "+300.25", "-2.5")
    assert (slip["money_before"], slip["money_after"], slip["quantity_before"]) == ("500.00", "800.25", "12.5 km")
    total = page["sum"]
    assert (total["money_before"], total["money_after"], total["money_slip"]) == ("1,500.00", "1,800.25", "+300.25")
    assert total["quantities"] == [{"measure": "km", "before": "15.5", "after": "13", "slip": "-2.5"}]
    shown = editor.get(f"{address}/baselines").text
    assert "+300.25" in shown and "other days" not in shown and "days as they were" in shown
    assert "+300.25 · -2.5 km</text>" in shown  # on the picture too
    newest = editor.json(f"{east}/history")["history"][0]["changes"]
    assert newest == [{"field": "Quantity", "before": "12.500 km", "after": "10.000 km"}]


def test_an_indicators_quantity_is_its_target_for_the_year_it_is_due(portal):
    editor = portal.person("e@example.org", "editor")
    address, number, _ = programme(editor)
    rivers = make(editor, "Clean rivers", "indicator", part_of=number, due="2090-12-31")
    line = change(portal, "SELECT id FROM line WHERE title = 'Clean rivers'")[0][0]
    with portal.database() as db:
        db.execute("INSERT INTO indicator (line, measure, places, fold, direction, begins) VALUES (?, 'km', 1, 'sum', 'up', 25000)", (line,))
        db.executemany("INSERT INTO indicator_year VALUES (?, ?, ?, 'even')", [(line, 2090, 1255), (line, 2091, 9999)])
    db.close()
    editor.post(f"{address}/baselines", name="Agreed")
    slip = next(s for s in editor.json(f"{address}/baselines")["slips"] if s["title"] == "Clean rivers")
    assert slip["quantity_after"] == "125.5 km"
    editor.post(f"{rivers}/quantity", 409, quantity="1", measure="km")


def test_a_quantity_has_a_measure_and_is_said_by_who_may_change_the_line(portal):
    editor, member = portal.person("e@example.org", "editor"), portal.person("m@example.org")
    address, _, _ = programme(editor)
    unit(editor, "Road office", "m@example.org")
    member.post(f"{address}/quantity", 403, quantity="1", measure="km")
    editor.post(f"{address}/quantity", 422, quantity="1")
    editor.post(f"{address}/quantity", 422, quantity="-1", measure="km")
    editor.post(f"{address}/quantity", quantity="1", measure="km")
    editor.post(f"{address}/quantity", quantity="", measure="km")
    assert editor.json(f"{address}/baselines")["measure"] == ""
