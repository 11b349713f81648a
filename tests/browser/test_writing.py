"""Writing in a real browser: drafts keep themselves, sites are decided in place, a paper goes out live."""

import pytest

from texts import sample

SPEECH = sample("zh").read_text(encoding="utf-8")


def begin(editor, text="", form="txt"):
    path = editor.post("/write").location
    if text:
        editor.post(path, title="", text=text, form=form, version=1)
    return path


def stay(page):
    page.run("window.mark = 'not reloaded'")


def stayed(page):
    return page.run("return window.mark") == "not reloaded"


def type_into(page, name, words):
    page.one(f"[name={name}]").send_keys(words)


def test_a_draft_keeps_itself_and_shows_how_it_reads_and_what_was_found(portal, window):
    editor = portal.person("zhou@example.org", "editor")
    path = begin(editor)
    page = window(portal, editor).go(path)
    stay(page)
    type_into(page, "text", "# Rain\n\nIt rained on the meet\u200bing of **Tuesday**.\n")
    page.until(lambda: page.all("#preview strong"))
    page.until(lambda: "U+200B" in page.one("#findings").text)
    page.until(lambda: page.one("#draft-state").text == "Saved.")
    assert page.heading == "Rain"
    type_into(page, "text", "And it went on.\n")
    page.until(lambda: "went on" in page.one("#preview").text)
    assert stayed(page)
    assert editor.json(path)["text"].endswith("And it went on.\n")
    page.click("Put right")
    page.sees("Put right and saved.")
    assert "\u200b" not in editor.json(path)["text"]


def test_of_two_windows_the_second_is_told_and_asked_which_text_to_keep(portal, window):
    editor = portal.person("zhou@example.org", "editor")
    page = window(portal, editor).go(begin(editor, "common ground"))
    editor.post(page.path, title="", text="from the other window", form="txt", version=2)
    type_into(page, "text", " and mine")
    page.until(lambda: "Another window saved" in page.one("#draft-state").text)
    assert editor.json(page.path)["text"] == "from the other window"
    page.click("Save")
    page.sees("from the other window")
    assert page.one("#text").get_attribute("value") == "common ground and mine"
    page.click("Keep the upper text")
    page.sees("Saved.")
    assert editor.json(page.path)["text"] == "common ground and mine"


def test_a_long_draft_that_is_left_in_the_middle_of_a_word_loses_nothing(portal, window):
    editor = portal.person("zhou@example.org", "editor")
    long = "长文" * 20000  # far more than a browser sends for a page that is gone
    page = window(portal, editor).go(begin(editor, long))
    path = page.path
    page.run("window.fetch = () => new Promise(() => {})")  # nothing that the page sends arrives
    type_into(page, "text", " and the last words")
    page.go("/papers").go(path)
    assert page.one("#text").get_attribute("value").endswith("and the last words")
    page.until(lambda: editor.json(path)["text"] == long + " and the last words")
    page.until(lambda: page.run("return localStorage.length") == 0)


def test_what_was_left_unsaved_meets_another_windows_words_without_overwriting_them(portal, window):
    editor = portal.person("zhou@example.org", "editor")
    long = "长文" * 20000
    page = window(portal, editor).go(begin(editor, long))
    path = page.path
    # As if the page had gone before the server could be reached.
    page.run("""localStorage.setItem("unsaved " + location.pathname, JSON.stringify(
        {version: document.querySelector("[name=version]").value, title: "", form: "txt", text: "mine"}))""")
    editor.post(path, title="", text="from the other window", form="txt", version=2)
    page.go(path)
    page.until(lambda: "Another window saved" in page.one("#draft-state").text)
    assert editor.json(path)["text"] == "from the other window"
    page.click("Save")
    page.sees("from the other window")
    assert page.one("#text").get_attribute("value") == "mine"


def test_who_is_signed_out_in_the_middle_of_a_draft_loses_nothing(portal, window):
    editor = portal.person("zhou@example.org", "editor")
    page = window(portal, editor).go(begin(editor, "What I had"))
    path = page.path
    page.become(None)
    type_into(page, "text", " and went on with")
    page.until(lambda: "You are signed out" in page.one("#draft-state").text)
    page.click("Save").sees("You are signed out, and nothing was saved")
    page.become(portal.person(editor.member))
    page.go(path)
    page.until(lambda: editor.json(path)["text"] == "What I had and went on with")


def test_a_draft_goes_on_being_saved_once_its_writer_has_signed_in_elsewhere(portal, window):
    editor = portal.person("zhou@example.org", "editor")
    page = window(portal, editor).go(begin(editor, "What I had"))
    page.become(portal.person(editor.member))  # another session, that the page's token is not of
    type_into(page, "text", " and went on with")
    page.until(lambda: editor.json(page.path)["text"] == "What I had and went on with")


@pytest.mark.parametrize("script", [True, False])
def test_a_form_that_was_sent_signed_out_comes_back_with_what_was_typed(portal, window, script):
    member = portal.person("li@example.org")
    page = window(portal, member, script=script).go("/reports/new")
    page.fill(kind="leak", words="Seen in a chat of ours.")
    page.become(None)
    page.one("main form button:not([type=button])").click()
    page.sees("You are signed out, and nothing was saved")
    page.become(portal.person(member.member))
    page.driver.refresh()
    page.sees("look it over and send it again")
    assert page.one("[name=words]").get_attribute("value") == "Seen in a chat of ours."


def test_a_site_is_locked_in_place_and_the_strength_follows(portal, window):
    editor = portal.person("zhou@example.org", "editor")
    page = window(portal, editor).go(begin(editor, SPEECH) + "/sites")
    stay(page)
    assert "0 locked" in page.one("#strength-panel").text
    button = page.one("button[name=lock]")
    place = button.get_attribute("id")
    page.run("arguments[0].focus()", button)
    button.click()
    page.until(lambda: "1 locked" in page.one("#strength-panel").text)
    assert page.run("return document.activeElement.id") == place
    page.one(f"#{place}").click()
    page.until(lambda: "0 locked" in page.one("#strength-panel").text)
    assert stayed(page)


def test_a_site_is_added_in_place_and_a_mistake_is_told_beside_the_form(portal, window):
    editor = portal.person("zhou@example.org", "editor")
    page = window(portal, editor).go(begin(editor, "Members met. The board thanked them.") + "/sites")
    stay(page)
    page.click("Add a site of your own")
    type_into(page, "words", "no such words")
    type_into(page, "alternative", "others")
    page.click("Add", "form button")
    page.sees("does not stand in the text")
    page.one("#words").clear()
    page.one("#alternative").clear()
    type_into(page, "words", "thanked them")
    type_into(page, "alternative", "gave them thanks")
    page.click("Add", "form button")
    page.until(lambda: "gave them thanks" in page.one("#site-list").text)
    assert stayed(page)


def test_an_editor_publishes_by_clicks_alone_and_another_browser_sees_it_live(portal, window):
    editor, reader = portal.person("zhou@example.org", "editor"), portal.person("li@example.org")
    other = window(portal, reader, nth=1).go("/")
    other.live()
    page = window(portal, editor).go("/")
    page.click("Write")
    page.click("Begin")
    page.until(lambda: page.path.startswith("/write/"))
    type_into(page, "text", "# On rain\n\nIt rained, and the members went home early that day.\n")
    page.until(lambda: page.one("#draft-state").text == "Saved.")
    page.click("Publish", "nav.tabs a")
    page.click("All members", "label")
    page.click("Go on to the last page")
    page.sees("All members: 2 with an account")
    page.click("Publish it now")
    page.sees("Published.")
    other.until(lambda: "On rain" in other.text)


def test_without_script_a_draft_is_written_saved_previewed_and_published(portal, window):
    editor = portal.person("zhou@example.org", "editor")
    page = window(portal, editor, script=False).go("/write")
    page.click("Begin")
    type_into(page, "text", "# On rain\n\nIt rained, and the members went home early that day.\n")
    page.click("Save")
    page.sees("Saved.")
    page.click("Preview", "nav.tabs a")
    page.sees("went home early")
    page.click("Marking sites", "nav.tabs a")
    page.sees("Strength as things stand")
    page.click("Publish", "nav.tabs a")
    page.click("All members", "label")
    page.click("Go on to the last page")
    page.click("Publish it now")
    page.sees("Published.")


def test_a_time_of_publication_that_is_given_is_the_one_that_counts(portal, window):
    """Else the paper would go out at once, against what the form seems to say."""
    editor = portal.person("zhou@example.org", "editor")
    page = window(portal, editor).go(begin(editor, SPEECH) + "/publish")
    assert page.one("[name=later]:checked").get_attribute("value") == "0"
    page.fill_in("[name=due]", "2999-05-04T09:00")
    assert page.one("[name=later]:checked").get_attribute("value") == "1"
