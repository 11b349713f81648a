"""Reading and finding, as a member does: search, two editions compared, what a code opens."""

import time

from selenium.webdriver.common.keys import Keys

from accounts import change
from texts import sample

DAY = 86400 * 1000


def test_search_from_any_page_finds_a_paper_and_opens_it(town, window):
    page = window(town.portal, town.people["member"]).go("/groups")
    page.one(".find input").send_keys("ferry", Keys.ENTER)
    page.click("Who still takes the ferry?", "main a")
    page.until(lambda: "ferry" in page.one("article.text").text)


def test_chinese_is_found_too_and_suggested_while_one_types(town, window):
    page = window(town.portal, town.people["member"], "zh").go("/groups")
    page.one(".find input").click()
    page.driver.execute_cdp_cmd("Input.insertText", {"text": "夜班"})  # in one stroke, as input methods do
    page.until(lambda: page.all(".suggest li"))
    page.press(Keys.ARROW_DOWN)
    chosen = page.one('.suggest li[aria-selected="true"]')
    assert page.one(".find input").get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.press(Keys.ESCAPE, Keys.ENTER)
    page.until(lambda: page.path.startswith("/search?") and "夜班" in page.text)


def test_two_editions_are_compared_and_only_what_the_editor_changed_is_shown(town, window):
    page = window(town.portal, town.people["member"]).go("/papers")
    page.click("Who still takes the ferry?", "main a")
    page.click("Compare editions")
    changed = page.until(lambda: page.all(".difference ins, .difference del"))
    words = " ".join(e.text for e in changed)
    assert "seven" in words and "five" in words
    assert page.one(".difference ins").value_of_css_property("text-decoration-line") == "underline"


def test_a_code_opens_three_years_and_says_why_the_fourth_is_closed(portal, window):
    now = int(time.time() * 1000)
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    group = steward.post("/groups", name="Board", paid=1, public=1).location
    for name, age in (("en", 1000), ("zh", 1200)):
        paper = portal.library.publish(sample(name))
        with portal.database() as db:
            db.execute("UPDATE offer SET access = 'groups', free = 0, published_ms = ? WHERE paper = ?",
                       (now - age * DAY, int(paper[1:])))
            db.execute('INSERT INTO group_paper SELECT id, ? FROM "group"', (int(paper[1:]),))
        db.close()
    page = window(portal, steward).go("/plans")
    page.fill(name="Yearly", price="120", group=True)
    page.click("Make the plan", "main button")
    page.sees("The plan is made")
    page.go("/codes").fill(count=1)
    page.click("Make and show them", "main button")
    code = page.one(".codes code").text
    page.become(member)
    page.go("/redeem").fill(code=code)
    page.press(Keys.ENTER)
    page.until(lambda: page.path == "/subscriptions")
    keys = dict(portal.database().execute("SELECT paper, key FROM offer").fetchall())
    page.go(f"/papers/{keys[1]}").one("article.text")
    page.go(f"/papers/{keys[2]}")
    page.sees("published before the time that your subscription looks back to")
    page.sees("It looks back to:")
    assert not page.all("article.text")


def offered(portal, window, **terms):
    """A paper whose terms an editor has set by its page: (a member's window at it, its number and title)."""
    editor, reader = portal.person("zhou@example.org", "editor"), portal.person("li@example.org")
    paper = portal.library.publish(sample("en"))
    key = next(p["key"] for p in editor.json("/write")["papers"] if p["id"] == paper)
    page = window(portal, editor).go(f"/papers/{key}/offer").fill(**terms)
    page.click("Save", "main button").sees("offered like this from now on")
    page.become(reader)
    page.go("/")
    title = page.text_of("#new-papers h2 a")
    page.click(title, "main a").one("article.text")
    return page, int(paper[1:]), title


def closed(page, title, why):
    """What stands instead of the paper: its title, why not, and where to go on."""
    path = page.path
    page.go(path).sees(why)
    assert page.heading == title and not page.all("article.text")
    page.click("Back to the papers").until(lambda: page.path == "/papers")
    assert title not in page.text_of("#papers")
    page.go(path + "/download/txt").sees(why)


def test_a_paper_opens_while_its_time_lasts_and_then_says_that_it_is_over(portal, window):
    page, paper, title = offered(portal, window, expires="2036-05-04")
    page.sees("Open to you until 4 May 2036")
    change(portal, "UPDATE offer SET expires_ms = ? WHERE paper = ?", int(time.time() * 1000) - DAY, paper)
    closed(page, title, "The time for reading this paper is over.")


def test_a_copy_opens_for_its_days_from_the_first_reading_on(portal, window):
    page, paper, title = offered(portal, window, copy_days=3)
    page.sees("Open to you until")
    change(portal, "UPDATE copy SET first_ms = first_ms - ? WHERE paper = ?", 2 * DAY, paper)
    page.go(page.path).one("article.text")
    change(portal, "UPDATE copy SET first_ms = first_ms - ? WHERE paper = ?", DAY, paper)
    closed(page, title, "Your copy of this paper has run out")


def test_a_printed_paper_holds_the_paper_its_credit_and_notice_and_nothing_of_the_site(portal, window):
    portal.library.run("settings", "set", "credit", "Harbour Society")
    portal.library.run("settings", "set", "notice", "For this member alone.")
    portal.library.publish(sample("en"))
    reader = portal.person("li@example.org")
    page = window(portal, reader).go("/papers")
    page.click(selector="#papers h2 a")
    reader.post(page.path + "/position", edition=1, anchor="p3")
    page.go(page.path).sees("Go on where you left off")
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        printed = page.text
        assert printed == page.one("article.text").text
    finally:
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert "Harbour Society" in printed and "For this member alone." in printed
    assert page.heading in printed and "Download" in page.text and "Download" not in printed
