"""Where the invented district's time goes, looked at in both languages: the page points at the office that holds others
up, and each figure leads to what it counts."""

import pytest

from browser import DESK, PHONE
from program import Library
from portal import Portal
from town import Town

WORDS = {"en": {"tab": "Bottlenecks", "group": "Supervision", "stuck": "Building Office", "exactly": "What is counted, exactly", "back": "Back to the bottlenecks",
                "show": "Show", "waits": "waits for a signature"},
         "zh": {"tab": "堵点分析", "group": "督查督办", "stuck": "城乡建设局", "exactly": "统计口径", "back": "返回堵点分析", "show": "筛选", "waits": "等待签收"}}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_points_at_the_office_that_holds_others_up(tmp_path, window, axe, lang):
    words = WORDS[lang]
    portal = Portal(Library(tmp_path / "town").init().add_members(40)).start()
    try:
        town = Town(portal, lang)
        town.invite_people()
        town.take_district_in()
        page = window(portal, town.people["lead"], lang).go("/ledger")
        page.click(words["group"], "nav a")
        page.click(words["tab"], "nav a")
        worst = page.texts_of("section[aria-labelledby=worst] tbody tr")
        assert words["stuck"] in worst[0] and sum(words["stuck"] in row for row in worst) > 5
        assert any(words["waits"] in row for row in worst)
        page.click(words["exactly"])
        judge(page, axe, f"bottlenecks-{lang}")
        page.click(words["stuck"], "section[aria-labelledby=by-unit] tbody a")
        page.sees(words["back"])
        assert words["stuck"] in page.one("p.lead").text
        judge(page, axe, f"spans-{lang}")
        page.click(words["back"])
        page.fill(period="365", kind="project")
        page.click(words["show"], "button")
        page.until(lambda: "kind=project" in page.path, "the filtered page")
        assert not page.violations(axe)
        page.fill(kind="indicator")
        page.click(words["show"], "button")
        page.one("p.empty")
        judge(page, axe, f"bottlenecks-none-{lang}")
    finally:
        portal.stop()


def judge(page, axe, name):
    page.screenshot(name)
    assert not page.violations(axe)
    page.dark()
    assert not page.violations(axe)
    page.dark(False)
    page.resize(*PHONE)
    page.screenshot(f"{name}-phone")
    assert not page.overflow() and not page.violations(axe)
    page.resize(*DESK)
