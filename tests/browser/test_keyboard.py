"""Nothing but the keyboard."""

from selenium.webdriver.common.keys import Keys

from texts import sample
from town import PASSWORD


def test_the_first_tab_skips_to_the_content(town, window):
    page = window(town.portal, town.people["member"]).go("/groups")
    page.press(Keys.TAB)
    assert page.focused.text == "Skip to the content"
    page.press(Keys.ENTER)
    page.until(lambda: page.focused.get_attribute("id") == "main")


def test_signing_in_and_out_takes_no_mouse(town, window):
    page = window(town.portal).go("/sign-in")
    page.tab_to("email").press("berg@harbour.example", Keys.TAB, PASSWORD, Keys.ENTER)
    page.sees("Anna Berg")
    page.tab_to("Anna Berg").press(Keys.ENTER)
    page.tab_to("Sign out").press(Keys.ENTER)
    page.sees("You are signed out")


def test_the_menu_closes_by_escape_and_gives_the_focus_back(town, window):
    page = window(town.portal, town.people["member"]).go("/groups")
    page.tab_to("Anna Berg").press(Keys.ENTER)
    page.until(lambda: page.one(".menu").get_attribute("open"))
    page.press(Keys.TAB, Keys.ESCAPE)
    page.until(lambda: not page.one(".menu").get_attribute("open"))
    assert "Anna Berg" in page.focused.text


def test_a_paper_is_found_opened_read_on_and_its_edition_switched(town, window):
    page = window(town.portal, town.people["member"]).go("/")
    page.tab_to("q").press("ferry", Keys.ENTER)
    page.until(lambda: page.path.startswith("/search?"))
    page.tab_to("Who still takes the ferry?").press(Keys.ENTER)
    newest = page.one("article.text").text
    page.press(Keys.TAB)
    assert page.focused.text == "Skip to the content"
    page.press(Keys.ENTER, Keys.SPACE)
    page.until(lambda: page.run("return scrollY") > 100, "the text moving by the space bar")
    page.tab_to("Edition 1").press(Keys.ENTER)
    page.sees("This is an earlier edition.")
    assert "seven years" in newest and "five years" in page.one("article.text").text
    page.tab_to("Compare editions").press(Keys.ENTER)
    page.until(lambda: page.all(".difference ins"))


def test_a_notice_is_read_and_accepted_and_one_leaves(portal, window):
    paper = portal.library.publish(sample("en"))
    editor = portal.person("lin@example.org", "editor")
    key = next(p["key"] for p in editor.json("/write")["papers"] if p["id"] == paper)
    editor.post(f"/papers/{key}/offer", access="members", price="free", notice="Copies are marked.")
    page = window(portal, portal.person("li@example.org")).go("/")
    title = page.text_of("#new-papers h2 a")
    page.tab_to(title).press(Keys.ENTER)
    page.sees("Copies are marked.")
    page.tab_to("I have read it and accept").press(Keys.ENTER)
    page.until(lambda: page.all("article.text") and page.heading == title)
    page.tab_to("Li").press(Keys.ENTER)
    page.tab_to("Sign out").press(Keys.ENTER)
    page.sees("You are signed out")
    page.go(f"/papers/{key}").until(lambda: page.path.startswith("/sign-in"))


def test_a_table_that_slides_is_reached_and_slid_by_keys_and_is_no_halt_where_it_does_not_slide(portal, window, axe):
    editor = portal.person("e@example.org", "editor")
    for title in ("A road that goes around the old harbour and back", "A bridge"):
        editor.post("/ledger", kind="milestone", title=title, begins="2027-01-01", due="2027-02-01")
    page = window(portal, editor, size=(700, 900)).go("/ledger")
    table = page.one("table.list")
    slides = page.run("return arguments[0].scrollWidth > arguments[0].clientWidth", table)
    assert slides and table.get_attribute("tabindex") == "0"
    page.run("arguments[0].focus()", table)
    page.press(Keys.ARROW_RIGHT)
    page.until(lambda: page.run("return arguments[0].scrollLeft", table) > 0, "the table slid")
    assert not page.violations(axe)
    page.resize(1200, 900)
    page.until(lambda: table.get_attribute("tabindex") is None, "no halt")
