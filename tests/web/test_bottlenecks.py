"""Bottlenecks: what the page says of time is what went by, it points at what blocks, and each figure opens what it counts."""

import datetime
import html
import json
import re

TODAY = datetime.date.today()
WEEKS = 8 * 7


def day(ago):
    """So many days ago, always with as many weekends between: counted from a Friday."""
    friday = TODAY - datetime.timedelta(days=(TODAY.weekday() - 4) % 7)
    return (friday - datetime.timedelta(days=ago)).isoformat()


def fill(portal):
    """Water lets a line lie; Roads come after it, and Care has nothing to do with it."""
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    inspector = portal.person("i@example.org", "inspector")
    at, by = lambda ago: {"on": day(ago)}, "l@example.org"

    def line(ref, unit, begins, due):
        return {"take": "line", "ref": ref, "kind": "milestone", "title": ref.title(), "part_of": "goal", "unit": unit, "lead": by,
                "begins": day(begins), "due": day(due)}

    def act(line, act, by="e@example.org", **more):
        return {"take": "supervise", "line": line, "act": act, "by": by, **more}

    records = (
        {"take": "unit", "name": "Water"}, {"take": "unit", "name": "Roads"}, {"take": "unit", "name": "Care"}, at(70),
        {"take": "line", "ref": "goal", "kind": "goal", "title": "Clean water"}, line("pipes", "Water", 56, 21), line("street", "Roads", 20, 7),
        line("meals", "Care", 56, -60), {"take": "link", "before": "pipes", "after": "street"},
        at(56), act("pipes", "enter"), act("pipes", "assign"), act("meals", "enter"), act("meals", "assign"),
        at(49), act("meals", "sign", by), at(21), act("meals", "report", by, words="Done", shown="File 7"),
        at(14), act("meals", "pass", "i@example.org", words="Seen"), at(7), act("meals", "strike"))
    path = portal.library.file("ledger.jsonl", "\n".join(map(json.dumps, records)))
    portal.library.run("ledger", "import", path, "--by", "e@example.org")
    return editor, lead, inspector


def worked_days(first, last):
    """Mondays to Fridays after `first` up to and with `last`."""
    first, last = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    return sum((first + datetime.timedelta(days=i + 1)).weekday() < 5 for i in range((last - first).days))


def steps(page):
    return {row["name"]: row for row in page["steps"]}


def test_the_page_points_at_what_blocks_and_says_what_it_holds_up(portal):
    editor, _, _ = fill(portal)
    page = editor.json("/ledger/bottlenecks")
    worst, stood = page["worst"][0], worked_days(day(56), TODAY.isoformat())
    assert (worst["title"], worst["unit"], worst["reason"], worst["since"]) == ("Pipes", "Water", "sign", day(56))
    assert (worst["days"], worst["lines"], worst["weight"]) == (stood, 2, stood * 3)  # the street, and the goal
    assert {one["title"] for one in worst["held"]} == {"Street", "Clean water"}
    assert [row["title"] for row in page["worst"]].count("Pipes") == 1


def test_time_is_told_by_step_unit_and_reason_and_adds_up(portal):
    editor, _, _ = fill(portal)
    page = editor.json("/ledger/bottlenecks")
    by_step = steps(page)
    assert (by_step["supervise.sign"]["waited"], by_step["supervise.sign"]["open"]) == (worked_days(day(56), TODAY.isoformat()) + 5, 1)
    assert by_step["supervise.work"]["worked"] == 20
    assert (by_step["supervise.check"]["waited"], by_step["supervise.strike"]["waited"]) == (5, 5)
    assert by_step["supervise.check"]["mean"] == 5
    for kind in ("steps", "units", "reasons"):
        assert sum(row["worked"] for row in page[kind]) == page["worked"]
        assert sum(row["waited"] for row in page[kind]) == page["waited"]
    held = worked_days(day(21), TODAY.isoformat())  # the street is the last milestone, and waits for the pipes
    assert page["last_waited"] == 5 + 5 + held
    assert {row["name"] for row in page["last_steps"]} == {"supervise.check", "supervise.strike", "line.last"}


def test_the_delay_that_a_line_inherited_is_told_from_its_own(portal):
    editor, _, _ = fill(portal)
    page = editor.json("/ledger/bottlenecks")
    by_unit = {row["unit"]: row for row in page["delays"]}
    pipes, street = worked_days(day(21), TODAY.isoformat()), worked_days(day(7), TODAY.isoformat())
    assert (by_unit["Water"]["own"], by_unit["Water"]["inherited"], by_unit["Water"]["caused"]) == (pipes, 0, pipes + street)
    assert (by_unit["Roads"]["own"], by_unit["Roads"]["inherited"]) == (0, street)
    assert "Care" not in by_unit
    assert (page["delay"], page["inherited"] + page["own"]) == (pipes + street,) * 2
    origin = page["origins"][0]
    assert (origin["title"], origin["passed"]) == ("Pipes", street)


def test_a_figure_opens_the_spans_that_it_counts(portal):
    editor, _, _ = fill(portal)
    spans = editor.json("/ledger/bottlenecks/spans?step=supervise.sign")
    assert [(s["title"], s["open"]) for s in spans["spans"]] == [("Pipes", True), ("Meals", False)]
    assert spans["spans"][1]["to"] == day(49) and spans["waited"] == steps(editor.json("/ledger/bottlenecks"))["supervise.sign"]["waited"]
    paths = re.findall(r'href="(/ledger/bottlenecks/spans\?[^"]+)"', editor.get("/ledger/bottlenecks?kind=milestone").text)
    assert len(paths) > 15
    for path in paths:
        assert editor.json(html.unescape(path))["count"] > 0, path
    none = editor.json("/ledger/bottlenecks/spans?whose=none")
    assert {s["step"] for s in none["spans"]} == {"supervise.assign", "supervise.check", "supervise.strike"}
    editor.get("/ledger/bottlenecks/spans?step=nonsense", 404)
    editor.get("/ledger/bottlenecks/spans?whose=nobody", 404)


def test_period_unit_and_kind_leave_the_rest_out(portal):
    editor, _, _ = fill(portal)
    units = {u["words"]: u["value"] for u in editor.json("/ledger/bottlenecks")["form"]["units"]}
    care = editor.json("/ledger/bottlenecks?unit=" + units["Care"])
    assert {row["name"] for row in care["steps"]} == {"supervise.sign", "supervise.work", "line.last"} and not care["delays"]
    recent = editor.json("/ledger/bottlenecks?period=30")
    assert steps(recent)["supervise.sign"]["waited"] <= 22 < steps(recent)["supervise.sign"]["longest"]
    assert editor.json("/ledger/bottlenecks?kind=goal")["worked"] == 0
    assert "Show all" in editor.get("/ledger/bottlenecks?kind=study").text
    for wrong, code in (("period=7", 422), ("kind=hope", 422), ("unit=nobody", 404)):
        editor.get("/ledger/bottlenecks?" + wrong, code)


def test_weeks_show_what_waits_and_an_empty_ledger_says_what_to_do(portal):
    editor = portal.person("first@example.org", "editor")
    assert "No step has taken time yet" in editor.get("/ledger/bottlenecks").text
    fill(portal)
    weeks = editor.json("/ledger/bottlenecks")["weeks"]
    assert weeks[0]["last"] == TODAY.isoformat() and weeks[0]["stood"] == 2  # the pipes' signature, and the street for the pipes
    assert sum(week["ended"] for week in weeks) >= 5
    assert f'<th scope="row">{TODAY.day} {TODAY:%B %Y}</th>' in editor.get("/ledger/bottlenecks").text


def test_objections_are_counted_for_those_who_may_know_of_them(portal):
    editor, lead, inspector = fill(portal)
    with portal.database() as db:
        db.execute("INSERT INTO assessment VALUES (1, 20000, 20089, 1, 0)")
        db.execute("INSERT INTO assessment_score (id, key, assessment, unit, due, in_time, running, course, owed, given, verdicts, good, reds,"
                   " raised, circulars, tenths) SELECT 1, 's', 1, id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 500 FROM unit LIMIT 1")
        db.execute("INSERT INTO assessment_objection (score, member, grounds, made_ms) VALUES (1, 1, 'Secret grounds', unixepoch() * 1000 - 864000000)")
    db.close()
    for person, sees in ((editor, True), (inspector, True), (lead, False)):
        page = person.get("/ledger/bottlenecks")
        assert ("objection" in steps(person.json("/ledger/bottlenecks"))) == sees
        assert "Secret" not in page.text


def test_who_is_none_of_the_ledger_sees_nothing(portal):
    fill(portal)
    outsider = portal.person("o@example.org")
    for path in ("/ledger/bottlenecks", "/ledger/bottlenecks/spans"):
        outsider.get(path, 403)
