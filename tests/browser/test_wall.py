"""In front of the wall: what changes is seen without a hand, and three clicks lead to what shows it."""

import datetime

import pytest

from browser import DESK, PHONE

SCREEN = (1920, 1080)


@pytest.mark.parametrize("lang", ("en", "zh"))
def test_the_wall_changes_while_it_is_looked_at(portal, window, lang):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    yesterday = (datetime.date.today() - datetime.timedelta(days=1)).isoformat()
    line = editor.post("/ledger", kind="goal", title="A bridge 大桥", due=yesterday).location
    page = window(portal, lead, lang).go("/ledger/wall")
    page.sees("A bridge 大桥")
    page.until(lambda: page.run("return document.readyState") == "complete")
    editor.post(f"{line}/state", state="done")
    page.until(lambda: "A bridge 大桥" not in page.text, "the line's going")
    page.sees("Nothing is late." if lang == "en" else "没有逾期条目。")


@pytest.mark.parametrize("lang", ("en", "zh"))
@pytest.mark.parametrize("size", (SCREEN, DESK, PHONE), ids=("screen", "desk", "phone"))
def test_the_wall_fits_every_screen_and_what_needs_me_stands_in_sight(town, window, axe, lang, size):
    page = window(town.portal, town.people["lead"], lang, size=size).go("/ledger/wall")
    page.until(lambda: page.one("#mine").location["y"] + 100 < size[1], "it without scrolling")
    page.screenshot(f"wall-{lang}-{size[0]}")
    assert not page.overflow() and not page.violations(axe)


def test_three_clicks_lead_from_the_wall_to_the_evidence(town, window):
    page = window(town.portal, town.people["inspector"]).go("/ledger/wall")
    page.click(selector="a[href='/ledger?kind=project&light=4']")
    page.until(lambda: page.path.startswith("/ledger?kind=project"))
    page.one("table.list tbody a").click()
    page.until(lambda: page.path.startswith("/ledger/lines/"))
    page.one("a[href$='/watches']").click()
    page.sees("On file with the site's record")


def test_the_wall_is_whole_without_a_script(town, window):
    page = window(town.portal, town.people["lead"], script=False).go("/ledger/wall")
    assert page.all(".worst li") and page.all(".chart svg")
