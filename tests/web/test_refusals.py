"""What a refused form leads to: the page that it stands on, or a page that gives back what was typed and the way there."""

import re

from accounts import change
from test_ledger import make, unit


def test_what_a_field_names_in_vain_is_said_on_the_page_of_the_form(portal):
    editor = portal.person("e@example.org", "editor")
    office = unit(editor, "Roads")
    said = editor.post(f"{office}/members", 404, member="nobody@example.org").text
    assert "There is no such member." in said
    assert f'action="{office}/members"' in said


def test_a_number_that_no_line_has_is_said_beside_what_was_typed(portal):
    editor = portal.person("e@example.org", "editor")
    make(editor, "A bridge", kind="milestone")
    said = editor.post("/ledger", 404, kind="goal", title="Clean water", part_of="G99").text
    assert "A bridge" in said  # the list is not filtered by the form's kind
    assert "No line has the number &quot;G99&quot;" in said
    assert 'value="Clean water"' in said


def test_a_lead_makes_a_line_under_theirs_from_its_page_and_no_choice_is_lost(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org")
    office = unit(editor, "Roads", "l@example.org").split("/")[-1]
    key = next(c["value"] for c in editor.json("/ledger")["people"] if c["words"] == "L")
    line = make(editor, "A road", unit=office, lead=key)
    assert 'id="new-line"' not in lead.get("/ledger").text
    way = re.search(r'href="(/ledger\?part_of=(G\d+))#new-line"', lead.get(line).text)
    form = lead.get(way[1]).text
    assert f'value="{way[2]}"' in form and 'id="new-line"' in form
    refused = lead.post("/ledger", 422, kind="milestone", title="Survey", part_of=way[2], unit=office, lead=key,
                        begins="2027-02-01", due="2027-01-01").text
    assert f'<option value="{office}" selected>' in refused and f'<option value="{key}" selected>' in refused
    made = lead.post("/ledger", kind="milestone", title="Survey", part_of=way[2], unit=office).location
    assert "Survey" in lead.get(made).text
    stranger = portal.person("s@example.org", "inspector")
    assert "#new-line" not in stranger.get(line).text
    assert 'id="new-line"' not in stranger.get(way[1]).text


def test_a_page_whose_own_matter_is_missing_is_an_error_and_not_the_form(portal):
    editor = portal.person("e@example.org", "editor")
    unit(editor, "Roads")
    said = editor.post("/ledger/units/aaaaaaaaaaaaaaaa/members", 404, member="e@example.org").text
    assert "<form" not in said.split("<main")[1].split("</main>")[0]


def test_a_text_whose_form_its_page_has_not_comes_back_with_the_way_there(portal):
    editor = portal.person("e@example.org", "editor")
    line = make(editor, "A road")
    text = "<Asphalt> " * 1000
    said = editor.post(f"{line}/risk", None, act="x", words=text).text
    assert re.search(r"<textarea[^>]* readonly>&lt;Asphalt&gt; ", said)
    assert f'<a href="{line}/risk">Back to the page</a>' in said


def test_the_way_back_leads_only_where_one_may_go(portal):
    line = make(portal.person("e@example.org", "editor"), "A road")
    stranger = portal.person("s@example.org")
    said = stranger.post(f"{line}/talk", 403, text="Asphalt").text
    assert "Back to the page" not in said


def test_what_fails_in_the_house_is_said_without_its_words_and_written_down_for_who_runs_it(portal):
    portal.person("o@example.org", "owner")
    member, owner = portal.person("s@example.org"), portal.person("w@example.org", "owner")
    change(portal, "ALTER TABLE standing RENAME TO elsewhere")
    for person, words in ((member, "tell the owner"), (owner, "system's journal")):
        page = person.get("/standing?secret=lantern", 500).text
        assert "could not make this page" in page and words in page
        assert not re.search("database|no such table|standing[^\"?]", page.split("<main")[1])
    assert "database" not in member.ask("GET", "/standing", None, [("Accept", "application/json")]).text
    change(portal, "ALTER TABLE elsewhere RENAME TO standing")
    portal.stop()
    lines = [line for line in portal.said.splitlines() if "GET" in line]
    assert len(lines) == 3 and "GET /standing: " in lines[0] and "no such table" in lines[0]
    assert "lantern" not in portal.said
