"""A procedure is found from the search field of any page by its own words, and a line by its number; accessible, whole on a phone."""

import pytest

from browser import DESK, PHONE
from selenium.webdriver.common.keys import Keys

WORDS = {
    "en": {"asked": "100-day campaign", "offered": "Campaigns", "heading": "Campaigns", "line": "P1 Bay road", "groups": ("Goals", "Supervision")},
    "zh": {"asked": "百日攻坚", "offered": "攻坚行动", "heading": "攻坚行动", "line": "P1 Bay road", "groups": ("目标指标", "督查督办")},
}


def ask(page, q):
    field = page.one("header input[type=search]")
    field.clear()
    field.send_keys(q)
    return field


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_procedure_is_found_by_its_words_and_a_line_by_its_number(portal, window, axe, lang):
    words = WORDS[lang]
    editor = portal.person("zhou@example.org", "editor")
    editor.post("/ledger", kind="project", title="Bay road")
    page = window(portal, editor, lang).go("/ledger/goals")
    field = ask(page, words["asked"])
    page.until(lambda: any(words["offered"] in item.text for item in page.all(".suggest li")), "what is offered while typing")
    field.send_keys(Keys.ENTER)
    page.until(lambda: page.path.startswith("/search"), "the results")
    page.screenshot(f"find-procedure-{lang}")
    assert not page.violations(axe)
    page.click(words["heading"], "main section a")
    page.until(lambda: page.heading == words["heading"], "the procedure's page")
    for group in words["groups"]:  # and from there to any other by two rows of tabs
        page.click(group, "nav.groups a")
        page.until(lambda: page.one("nav.groups a[aria-current]").text == group, "its group")
    ask(page, "p1").send_keys(Keys.ENTER)
    page.until(lambda: page.path.startswith("/search"), "the results")
    page.resize(*PHONE)
    assert not page.overflow() and not page.violations(axe)
    page.resize(*DESK)
    page.click(words["line"], "main section a")
    page.until(lambda: page.heading == words["line"], "the line")
