"""What a refused form leads to: the page that it stands on, or a page that gives back what was typed and the way there."""

import re

from test_ledger import make, unit


def test_what_a_field_names_in_vain_is_said_on_the_page_of_the_form(portal):
    editor = portal.person("e@example.org", "editor")
    office = unit(editor, "Roads")
    said = editor.post(f"{office}/members", 404, member="nobody@example.org").text
    assert "There is no such member." in said
    assert f'action="{office}/members"' in said


def test_a_number_that_no_line_has_is_said_beside_what_was_typed(portal):
    editor = portal.person("e@example.org", "editor")
    said = editor.post("/ledger", 404, kind="goal", title="Clean water", part_of="G99").text
    assert "No line has the number &quot;G99&quot;" in said
    assert 'value="Clean water"' in said


def test_a_page_whose_own_matter_is_missing_is_an_error_and_not_the_form(portal):
    editor = portal.person("e@example.org", "editor")
    unit(editor, "Roads")
    said = editor.post("/ledger/units/aaaaaaaaaaaaaaaa/members", 404, member="e@example.org").text
    assert "<form" not in said.split("<main")[1].split("</main>")[0]


def test_a_text_that_is_refused_comes_back_with_the_way_to_its_page(portal):
    editor = portal.person("e@example.org", "editor")
    line = make(editor, "A road")
    text = "<Asphalt> " * 1000
    said = editor.post(f"{line}/talk", 422, text=text).text
    assert re.search(r"<textarea[^>]* readonly>&lt;Asphalt&gt; ", said)
    assert f'<a href="{line}">Back to the page</a>' in said


def test_the_way_back_leads_only_where_one_may_go(portal):
    line = make(portal.person("e@example.org", "editor"), "A road")
    stranger = portal.person("s@example.org")
    said = stranger.post(f"{line}/talk", 403, text="Asphalt").text
    assert "Back to the page" not in said
