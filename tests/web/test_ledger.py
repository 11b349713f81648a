"""The ledger: who sees it, lines made and changed, their history, lists and files of them."""

import csv
import io
import re
import zipfile

from texts import sample


def change(portal, sql, *values):
    with portal.database() as db:
        rows = db.execute(sql, values).fetchall()
    db.close()
    return rows


def make(person, title, kind="goal", **more):
    answer = person.post("/ledger", kind=kind, title=title, **more)
    assert answer.code == 303, answer.text
    return answer.location


def unit(person, name, *emails):
    address = person.post("/ledger/units", name=name).location
    for email in emails:
        person.post(f"{address}/members", member=email)
    return address


def key_of(portal, person):
    return change(portal, "SELECT key FROM member WHERE id = ?", int(person.member[1:]))[0][0]


def titles(page):
    return [row["cells"][0]["text"] for row in page["grid"]["rows"]]


def test_the_ledger_is_closed_to_plain_members_and_opens_with_a_unit(portal):
    editor, member = portal.person("e@example.org", "editor"), portal.person("m@example.org")
    line = make(editor, "Clean water")
    assert "/ledger" not in member.get("/").text
    for address in ("/ledger", line, f"{line}/history", "/ledger/units"):
        assert member.ask("GET", address).code == 403
    unit(editor, "Water office", "m@example.org")
    assert "Clean water" in member.get("/ledger").text
    assert 'href="/ledger"' in member.get("/").text
    assert 'href="/ledger/today"' in member.get("/").text
    assert member.json(line)["head"]["may_change"] is False
    member.post("/ledger", 403, kind="goal", title="Mine")
    member.post(f"{line}/change", 403, title="Mine", weight="1")


def tabs(page):
    """Of each row of tabs: (address, words, how it is marked as being here)."""
    return [re.findall(r'<a href="([^"]*)"(?: aria-current="(\w+)")?>([^<]*)</a>', nav)
            for nav in re.findall(r'<nav class="tabs[^>]*>(.*?)</nav>', page, re.S)]


def test_the_pages_of_the_ledger_are_two_rows_of_tabs_and_each_says_where_one_is(portal):
    editor = portal.person("e@example.org", "editor")
    groups = tabs(editor.get("/ledger").text)[0]
    assert len(groups) >= 4
    for group, _, words in groups:
        again, pages = tabs(editor.get(group).text)[:2]
        assert [(path, mark) for path, mark, _ in again if mark] == [(group, "true")]
        assert len(pages) <= 8, f"{words} is a wall of tabs"
        for path, _, _ in pages:
            above, beside = tabs(editor.get(path).text)[:2]
            assert [path for path, mark, _ in above if mark] == [group]
            assert [path for path, mark, _ in beside if mark] == [path]


def test_a_line_is_changed_by_its_lead_and_the_history_says_what_when_and_why(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    line = make(editor, "New bridge", "project", lead=key_of(portal, lead), due="2026-06-30")
    assert lead.json(line)["head"]["may_change"]
    lead.post(f"{line}/change", title="New bridge", weight="1", progress=40, due="2026-09-30",
              lead=key_of(portal, lead), why="The flood")
    head = lead.json(line)["head"]
    assert (head["number"], head["progress"], head["due_day"]) == ("P1", 40, "2026-09-30")
    newest = lead.json(f"{line}/history")["history"][0]
    assert newest["why"] == "The flood"
    assert {(c["field"], c["before"], c["after"]) for c in newest["changes"]} == {
        ("Due", "2026-06-30", "2026-09-30"), ("Progress", "0", "40")}
    assert lead.member not in lead.get(f"{line}/history").text  # by name, not by number


def test_an_edit_that_is_refused_is_shown_again_as_it_was_typed(portal):
    editor = portal.person("e@example.org", "editor")
    line = make(editor, "New bridge", due="2026-06-30")
    page = editor.post(f"{line}/change", 422, title="Newer bridge", text="With a tower", weight="2",
                       begins="2026-09-01", due="2026-08-01", progress=30, why="The flood").text
    for typed in ("Newer bridge", "With a tower", "2026-09-01", "2026-08-01", "The flood"):
        assert typed in page
    assert "<details open" in page and "begins after the day" in page
    assert editor.json(line)["head"]["title"] == "New bridge"


def test_days_are_written_as_people_do_and_kept_for_machines_and_forms(portal):
    editor = portal.person("e@example.org", "editor")
    line = make(editor, "New bridge", begins="2199-01-05", due="2199-12-20")
    editor.post(f"{line}/change", title="New bridge", weight="1", begins="2199-01-05", due="2199-12-31", why="Ice")
    for lang, shown, other in (("en", "31 December 2199", "2199年"), ("zh", "2199年12月31日", "December")):
        editor.lang = lang
        for path in (line, "/ledger", f"{line}/history"):
            page = editor.get(path).text
            assert shown in page and other not in page
            assert not re.search(r">[^<]*2199-12-31", page)
    assert re.search(r'name="due" type="date" value="2199-12-31"', editor.get(line).text)
    assert "2199-12-31" in editor.get("/ledger?format=csv").text


def test_a_lead_makes_lines_under_their_own_and_no_others(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    make(editor, "Clean water", lead=key_of(portal, lead))
    make(editor, "Good roads")
    assert make(lead, "By spring", "milestone", part_of="G1")
    lead.post("/ledger", 403, kind="milestone", title="By summer", part_of="G2")
    lead.post("/ledger", 403, kind="goal", title="On top")


def test_a_line_is_closed_with_a_reason_only(portal):
    editor = portal.person("e@example.org", "editor")
    line = make(editor, "Old plan")
    editor.post(f"{line}/state", 422, state="closed")
    editor.post(f"{line}/state", state="closed", why="Merged into another")
    page = editor.json(line)["head"]
    assert (page["state"], page["ended_why"]) == ("closed", "Merged into another")


def test_nobody_is_named_lead_to_whom_the_ledger_is_closed(portal):
    editor, member = portal.person("e@example.org", "editor"), portal.person("m@example.org")
    answer = editor.post("/ledger", 422, kind="goal", title="X", lead=key_of(portal, member))
    assert "not open to them" in answer.text


def test_lists_are_sorted_and_filtered_by_their_address(portal):
    editor = portal.person("e@example.org", "editor")
    for i, title in enumerate(("Beta", "alpha", "Gamma")):
        make(editor, title, "goal" if i else "risk", due=f"2026-0{3 - i}-01")
    make(editor, "Dated never")
    assert titles(editor.json("/ledger?sort=due")) == ["Gamma", "alpha", "Beta", "Dated never"]
    assert titles(editor.json("/ledger?sort=-due")) == ["Beta", "alpha", "Gamma", "Dated never"]
    assert titles(editor.json("/ledger?kind=risk")) == ["Beta"]
    assert titles(editor.json("/ledger?words=ALPHA")) == ["alpha"]
    assert titles(editor.json("/ledger?words=g2")) == ["Gamma"]
    hostile = "' OR 1=1 --"
    assert titles(editor.json("/ledger?words=" + hostile.replace(" ", "%20"))) == []
    assert len(titles(editor.json("/ledger?sort=title;DROP"))) == 4


def test_numbers_sort_as_numbers(portal):
    editor = portal.person("e@example.org", "editor")
    for i in range(11):
        make(editor, f"Goal {i}")
    numbers = [row["cells"][1]["text"] for row in editor.json("/ledger?sort=number")["grid"]["rows"]]
    assert numbers == [f"G{i}" for i in range(1, 12)]


def test_a_list_is_taken_along_as_csv_and_xlsx_under_its_filters(portal):
    editor = portal.person("e@example.org", "editor", lang="zh")
    make(editor, "=cmd|' /C calc'!A0")
    make(editor, '桥梁 "甲"', "project", due="2026-06-30")
    got = editor.get("/ledger?format=csv&sort=kind")
    rows = list(csv.reader(io.StringIO(got.body.decode("utf-8-sig"))))
    assert rows[0][:2] == ["名称", "编号"]
    assert [row[0] for row in rows[1:]] == ["'=cmd|' /C calc'!A0", '桥梁 "甲"']
    assert rows[2][6] == "2026-06-30"
    one = editor.get("/ledger?format=csv&kind=project").body.decode("utf-8-sig")
    assert len(one.strip().splitlines()) == 2
    book = zipfile.ZipFile(io.BytesIO(editor.get("/ledger?format=xlsx").body))
    words = book.read("xl/sharedStrings.xml").decode()
    assert "桥梁 &quot;甲&quot;" in words or '桥梁 "甲"' in words
    assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()


def test_what_no_cell_of_a_workbook_holds_is_cut_and_says_so(portal):
    editor = portal.person("e@example.org", "editor", lang="zh")
    make(editor, "Bridge")
    with portal.database() as db:
        db.execute("UPDATE line SET title = ?", ("桥" * 40000,))
    words = zipfile.ZipFile(io.BytesIO(editor.get("/ledger?format=xlsx").body)).read("xl/sharedStrings.xml").decode()
    assert "桥桥……（工作簿单元格容纳不下，全文见 CSV 文件。）" in words
    assert "桥" * 40000 in editor.get("/ledger?format=csv").text


def test_namesakes_are_told_apart_by_unit_and_number_where_a_lead_is_chosen(portal):
    editor = portal.person("e@example.org", "editor")
    people = {}
    for email, name in (("a@example.org", "王伟"), ("b@example.org", "王伟"), ("c@example.org", "李娜")):
        people[email] = portal.library.json("member", "add", "--email", email, "--name", name)["member"]
    unit(editor, "教育局", "a@example.org", "c@example.org")
    unit(editor, "水务局", "b@example.org")
    shown = {c["words"] for c in editor.json(make(editor, "A school"))["people"]}
    a, b = people["a@example.org"], people["b@example.org"]
    assert {f"王伟 · 教育局 · {a}", f"王伟 · 水务局 · {b}", "李娜"} <= shown
    assert "王伟" not in shown


def test_what_is_mine_is_found_by_leading_unit_and_following(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    office = unit(editor, "Roads", "l@example.org").split("/")[-1]
    make(editor, "Led", lead=key_of(portal, lead))
    make(editor, "Of the unit", unit=office)
    followed = make(editor, "Followed")
    lead.post(f"{followed}/follow")
    assert titles(lead.json("/ledger?mine=led")) == ["Led"]
    assert titles(lead.json("/ledger?mine=unit")) == ["Of the unit"]
    assert titles(lead.json("/ledger?mine=followed")) == ["Followed"]
    lead.post(f"{followed}/follow", end=1)
    assert titles(lead.json("/ledger?mine=followed")) == []


def test_members_of_its_unit_speak_about_a_line_and_others_do_not(portal):
    editor = portal.person("e@example.org", "editor")
    inside, outside = portal.person("i@example.org"), portal.person("o@example.org")
    office = unit(editor, "Roads", "i@example.org").split("/")[-1]
    unit(editor, "Water", "o@example.org")
    line = make(editor, "A road", unit=office)
    inside.post(f"{line}/talk", text="The ground is <b>frozen</b>.")
    outside.post(f"{line}/talk", 403, text="Me too.")
    page = editor.json(line)
    assert [said["text"] for said in page["said"]] == ["The ground is <b>frozen</b>."]
    assert "<b>frozen" not in editor.get(line).text
    rows = change(portal, "SELECT data FROM event WHERE kind = 'line.said'")
    assert rows == [("{}",)]


def test_words_of_ones_own_copy_are_not_taken_into_the_ledger(portal):
    editor = portal.person("e@example.org", "editor")
    portal.library.publish(sample("zh"))
    own = portal.library.copy("P1", editor.member)
    answer = editor.post("/ledger", 422, kind="goal", title="A goal", text=own[300:800])
    assert "your own copy" in answer.text
    assert titles(editor.json("/ledger")) == []


def test_what_the_ledger_refuses_tells_nobody_but_editors_where_marks_are(portal):
    editor, member = portal.person("e@example.org", "editor"), portal.person("i@example.org")
    office = unit(editor, "Roads", "i@example.org").split("/")[-1]
    line = make(editor, "A road", unit=office)
    portal.library.publish(sample("zh"))
    own = portal.library.copy("P1", member.member)
    pieces = [one for at in range(300, 1100, 16) if "\n" not in (one := own[at:at + 16]) and "《" not in one]
    assert len(pieces) > 20
    assert [one for one in pieces if member.post(f"{line}/talk", None, text=f"To do: {one}").code != 422] == []
    change(portal, "UPDATE line SET title = ?", pieces[0])
    member.post(f"{line}/talk", text=f"{pieces[0]} has begun.")
    change(portal, "UPDATE line SET text = char(10)")
    member.post(f"{line}/talk", text="One line.\nAnother.")


def test_a_unit_with_open_lines_stays_and_is_closed_with_a_reason_after(portal):
    editor = portal.person("e@example.org", "editor")
    address = unit(editor, "Roads", "e@example.org")
    line = make(editor, "A road", unit=address.split("/")[-1])
    editor.post(f"{address}/close", 409, why="Merged")
    editor.post(f"{line}/state", state="done")
    editor.post(f"{address}/close", 422)
    editor.post(f"{address}/close", why="Merged")
    assert editor.json(address)["closed_why"] == "Merged"
    editor.post(f"{address}/close")
    assert editor.json(address)["closed"] is None
