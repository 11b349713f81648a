"""Leads: what needs me today, what each carries, and the light that each line shows with its rule."""

from datetime import date, timedelta

from test_ledger import key_of, make, unit


def day(offset):
    return (date.today() + timedelta(days=offset)).isoformat()


def lines_of(editor, lead):
    """One late, one behind, one close, one on course, one without a day: all in the lead's hands."""
    for title, begins, due in (("Late", -50, -3), ("Behind", -50, 50), ("Close", 0, 5), ("Fine", 0, 90)):
        make(editor, title, "project", lead=lead, begins=day(begins), due=day(due))
    make(editor, "Some time", "project", lead=lead)


def test_a_lead_sees_what_is_late_behind_and_close_and_why(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    lines_of(editor, key_of(portal, lead))
    page = lead.json("/ledger/today")
    assert [[line["title"] for line in page[part]] for part in ("late", "behind", "close")] == [
        ["Late"], ["Behind"], ["Close"]]
    assert (page["open"], page["rest"]) == (5, 2)
    assert (page["late"][0]["days"], page["behind"][0]["planned"], page["close"][0]["days"]) == (3, 50, 5)
    text = lead.get("/ledger/today").text
    assert "3 days ago" in text and "the last day is past" in text


def test_the_head_of_a_unit_has_its_lines_on_their_page_and_others_do_not(portal):
    editor, head = portal.person("e@example.org", "editor"), portal.person("h@example.org")
    address = unit(editor, "Water office", "h@example.org")
    key = address.split("/")[-1]
    editor.post(f"{address}/change", name="Water office", head=key_of(portal, head))
    make(editor, "Pipes", "project", unit=key, due=day(-1))
    assert [line["title"] for line in head.json("/ledger/today")["late"]] == ["Pipes"]
    assert "yesterday" in head.get("/ledger/today").text
    assert editor.json("/ledger/today")["open"] == 0
    assert "You lead no line" in editor.get("/ledger/today").text


def test_what_is_done_leaves_the_day_and_the_load(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    line = make(editor, "Late", "project", lead=key_of(portal, lead), due=day(-1))
    editor.post(f"{line}/state", state="done")
    assert lead.json("/ledger/today")["open"] == 0
    assert editor.json("/ledger/leads")["grid"]["count"] == 0


def test_the_load_of_each_lead_is_counted_by_lights_and_leads_to_their_lines(portal):
    editor, one = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    two = portal.person("k@example.org", "lead")
    lines_of(editor, key_of(portal, one))
    make(editor, "Other", lead=key_of(portal, two))
    page = editor.json("/ledger/leads")
    cells = [[cell["text"] for cell in row["cells"]][1:] for row in page["grid"]["rows"]]
    assert cells == [["5", "1", "1", "1"], ["1", "0", "0", "0"]]
    of_two = editor.json(f"/ledger?state=active&lead={key_of(portal, two)}")["grid"]
    assert [row["cells"][0]["text"] for row in of_two["rows"]] == ["Other"]


def test_the_list_shows_filters_and_sorts_by_light_in_the_readers_language(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    reader = portal.person("z@example.org", "inspector", lang="zh")
    lines_of(editor, key_of(portal, lead))
    late = editor.json("/ledger?light=4")["grid"]["rows"]
    assert [row["cells"][0]["text"] for row in late] == ["Late"]
    worst = reader.json("/ledger?sort=-light")["grid"]["rows"]
    assert [row["cells"][-1]["text"] for row in worst] == ["逾期", "滞后", "临期", "正常", "–"]
    line = reader.get("/ledger/lines/" + late[0]["key"]).text
    assert "红灯：已过完成期限。" in line


def test_the_day_is_closed_to_plain_members(portal):
    member = portal.person("m@example.org")
    for address in ("/ledger/today", "/ledger/leads"):
        assert member.ask("GET", address).code == 403
