"""A lead on Monday morning: from the ledger to what needs them, most urgent first; accessible, whole on a phone."""

import datetime

import pytest

from browser import looked_at

WORDS = {
    "en": {"day": "My day", "late": "Repair the sluice", "behind": "Plant the avenue", "close": "Report on heating",
           "fine": "New reading room", "red": "Red: the last day is past."},
    "zh": {"day": "今日待办", "late": "水闸维修", "behind": "行道树补植", "close": "供暖情况报告",
           "fine": "新建阅览室", "red": "红灯：已过完成期限。"},
}


def day(offset):
    return (datetime.date.today() + datetime.timedelta(days=offset)).isoformat()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_lead_finds_what_needs_them_and_the_whole_sees_who_is_late(portal, window, axe, lang):
    words = WORDS[lang]
    editor, lead = portal.person("zhou@example.org", "editor"), portal.person("lin@example.org", "lead")
    with portal.database() as db:
        key, = db.execute("SELECT key FROM member WHERE id = ?", (int(lead.member[1:]),)).fetchone()
    db.close()
    for name, begins, due in (("late", -60, -4), ("behind", -60, 60), ("close", 0, 6), ("fine", 0, 90)):
        editor.post("/ledger", kind="project", title=words[name], lead=key, begins=day(begins), due=day(due))
    page = window(portal, lead, lang).go("/ledger")
    page.click(words["day"], "nav.tabs a")
    page.until(lambda: len(page.all("main article")) == 3, "what needs them")
    assert [words[name] in article.text for name, article in zip(("late", "behind", "close"), page.all("main article"))] \
        == [True] * 3
    looked_at(page, axe, f"leads-day-{lang}")
    page.click(words["late"], "main article a")
    page.until(lambda: words["red"] in page.one("dl.facts").text, "the light's rule")
    looked_at(page, axe, f"leads-line-{lang}")
    page.go("/ledger/leads")
    page.until(lambda: page.all("tbody tr"), "their load")
    looked_at(page, axe, f"leads-load-{lang}")
    page.go("/ledger?sort=-light")
    looked_at(page, axe, f"leads-list-{lang}")
