"""Nothing but the keyboard."""

from selenium.webdriver.common.keys import Keys

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
