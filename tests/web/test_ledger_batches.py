"""Many lines changed at once: looked at beforehand, done for those that take it, and taken back."""

from test_ledger import change, key_of, make, unit


def keys(*lines):
    return [line.split("/")[-1] for line in lines]


def bulk(person, lines, deed, code=200, **changes):
    answer = person.post("/ledger/bulk", code, [("Accept", "application/json")] if code == 200 else (),
                         line=keys(*lines), deed=deed, **changes)
    return answer.json if code == 200 else answer


def head(person, line):
    return person.json(line)["head"]


def test_a_preview_changes_nothing_and_says_what_would_and_which_refuse(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    mine, other = make(editor, "Mine", lead=key_of(portal, lead)), make(editor, "Not mine")
    events = change(portal, "SELECT count(*) FROM event")
    page = bulk(lead, [mine, other], "preview", due="2026-12-31", weight="2")
    assert (page["chosen"], page["changing"], page["refusing"]) == (2, 1, 1)
    assert {(f["field"], f["before"], f["after"]) for f in page["lines"][0]["fields"]} == {
        ("Due", "", "2026-12-31"), ("Weight", "1", "2")}
    assert "lead" in page["lines"][1]["refused"]
    assert head(lead, mine)["due_day"] == ""
    assert change(portal, "SELECT count(*) FROM event") == events


def test_many_lines_are_changed_in_one_batch_and_taken_back(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    lines = [make(editor, f"Goal {i}", lead=key_of(portal, lead), due="2026-06-30") for i in range(3)]
    office = unit(editor, "Roads").split("/")[-1]
    done = bulk(editor, lines, "apply", 303, due="2026-12-31", unit=office, lead="-", why="New year")
    batch = editor.json(done.location)
    assert batch["batch"]["lines"] == 3 and batch["batch"]["why"] == "New year" and batch["may_undo"]
    assert all((head(editor, line)["due_day"], head(editor, line)["unit"], head(editor, line)["lead"])
               == ("2026-12-31", "Roads", "") for line in lines)
    assert editor.json(f"{lines[0]}/history")["history"][0]["why"] == "New year"
    editor.post(f"{lines[1]}/change", title="Goal 1", weight="1", due="2027-01-31")
    answer = editor.post(f"{done.location}/undo", 200).text
    assert "Left as it is" in answer and "Goal 1" in answer and "changed since" in answer
    assert head(editor, lines[0])["due_day"] == "2026-06-30" and head(editor, lines[0])["lead"] == "L"
    assert head(editor, lines[1])["due_day"] == "2027-01-31"
    editor.post(f"{done.location}/undo", 409)
    assert [b["undoes"] for b in editor.json("/ledger/batches")["batches"]] == [True, False]


def test_a_batch_is_taken_back_by_its_maker_or_editors_and_each_line_by_who_may(portal):
    editor = portal.person("e@example.org", "editor")
    lead, other = portal.person("l@example.org", "lead"), portal.person("o@example.org", "lead")
    line = make(editor, "Mine", lead=key_of(portal, lead))
    done = bulk(lead, [line], "apply", 303, due="2026-12-31").location
    assert not other.json(done)["may_undo"]
    other.post(f"{done}/undo", 403)
    editor.post(f"{line}/change", title="Mine", weight="1", due="2026-12-31", lead=key_of(portal, other))
    assert "This is for its lead" in lead.post(f"{done}/undo", 200).text
    assert head(editor, line)["due_day"] == "2026-12-31"


def test_closing_many_needs_a_reason_and_says_so_for_each(portal):
    editor = portal.person("e@example.org", "editor")
    lines = [make(editor, "A"), make(editor, "B")]
    page = bulk(editor, lines, "preview", state="closed")
    assert page["changing"] == 0 and all("why" in line["refused"] for line in page["lines"])
    bulk(editor, lines, "apply", 303, state="closed", why="Both are over")
    assert [head(editor, line)["ended_why"] for line in lines] == ["Both are over"] * 2


def test_lines_chosen_in_the_list_lead_to_a_form_without_script(portal):
    editor = portal.person("e@example.org", "editor", lang="zh")
    line = make(editor, "清水 <b>")
    listed = editor.get("/ledger").text
    assert f'name="line" value="{keys(line)[0]}"' in listed and 'action="/ledger/bulk"' in listed
    form = editor.post("/ledger/bulk", 200, line=keys(line)).text
    assert "批量修改 1 条" in form and "清水 &lt;b&gt;" in form
    editor.post("/ledger/bulk", 422)
    again = editor.post("/ledger/bulk", 422, line=keys(line), deed="preview", weight="heavy", why="试").text
    assert 'value="heavy"' in again and 'value="试"' in again


def test_many_lines_are_followed_at_once(portal):
    editor = portal.person("e@example.org", "editor")
    lines = [make(editor, "A"), make(editor, "B")]
    bulk(editor, lines, "apply", 303, follow="yes")
    assert all(editor.json(line)["followed"] for line in lines)
    bulk(editor, lines[:1], "apply", 303, follow="no")
    assert [editor.json(line)["followed"] for line in lines] == [False, True]


def test_an_undo_gives_no_line_back_to_somebody_who_was_erased(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    line = make(editor, "A", lead=key_of(portal, lead))
    done = bulk(editor, [line], "apply", 303, lead="-").location
    change(portal, "UPDATE member SET erased_ms = 1 WHERE id = ?", int(lead.member[1:]))
    assert "no such member" in editor.post(f"{done}/undo", 200).text
    assert head(editor, line)["lead"] == ""


def test_days_are_taken_away_and_shifted_with_a_look_beforehand_and_taken_back(portal):
    portal.library.run("settings", "set", "ledger.calendar", "weekdays")
    editor = portal.person("e@example.org", "editor")
    lines = [make(editor, "Both", begins="2026-11-18", due="2026-11-27"), make(editor, "Due", due="2026-11-27"), make(editor, "None")]
    days = lambda: [(head(editor, line)["begins_day"], head(editor, line)["due_day"]) for line in lines]
    page = bulk(editor, lines, "preview", shift="3", counted="worked")
    assert page["changing"] == 2 and page["lines"][2]["same"]
    assert {(f["field"], f["before"], f["after"]) for f in page["lines"][0]["fields"]} == {
        ("Begins", "2026-11-18", "2026-11-23"), ("Due", "2026-11-27", "2026-12-02")}
    done = bulk(editor, lines, "apply", 303, shift="-2", shifted="begins", no_due=1)
    assert days() == [("2026-11-16", ""), ("", ""), ("", "")]
    editor.post(f"{done.location}/undo")
    assert days() == [("2026-11-18", "2026-11-27"), ("", "2026-11-27"), ("", "")]
    assert "not both" in bulk(editor, lines, "preview", 422, shift="1", due="2026-12-01").text
    assert "not both" in bulk(editor, lines, "preview", 422, no_due=1, due="2026-12-01").text
    assert "from -3650 to 3650" in bulk(editor, lines, "preview", 422, shift="4000").text
    again = editor.post("/ledger/bulk", 200, line=keys(*lines), deed="preview", shift="3", shifted="due", counted="worked", no_begins=1)
    assert '<option value="due" selected>' in again.text and '<option value="worked" selected>' in again.text
    assert '<input type="hidden" name="no_begins" value="1">' in again.text


def test_lines_come_under_another_only_by_who_may_change_that_one(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    mine, other = make(editor, "Mine", lead=key_of(portal, lead)), make(editor, "Not mine")
    number = head(editor, other)["number"]
    page = bulk(lead, [mine], "preview", part_of=number)
    assert "to be part of" in page["lines"][0]["refused"]
    assert "to be part of" in lead.post(f"{mine}/change", 403, title="Mine", weight="1", part_of=number,
                                        lead=key_of(portal, lead)).text
    bulk(editor, [mine], "apply", 303, part_of=number)
    lead.post(f"{mine}/change", title="Mine still", weight="1", part_of=number, lead=key_of(portal, lead))
    assert head(lead, mine)["parent_number"] == number
