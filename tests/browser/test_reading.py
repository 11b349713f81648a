"""Reading and finding, as a member does: search, two editions compared, what a code opens."""

import time

from selenium.webdriver.common.keys import Keys

DAY = 86400 * 1000


def test_search_from_any_page_finds_a_paper_and_opens_it(town, window):
    page = window(town.portal, town.people["member"]).go("/groups")
    page.one(".find input").send_keys("ferry", Keys.ENTER)
    page.click("Who still takes the ferry?", "main a")
    page.until(lambda: "ferry" in page.one("article.text").text)


def test_chinese_is_found_too_and_suggested_while_one_types(town, window):
    page = window(town.portal, town.people["member"], "zh").go("/groups")
    page.one(".find input").send_keys("夜班")
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
    from texts import sample
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
    page.until(lambda: page.all("main .problem"))
    assert not page.all("article.text")
