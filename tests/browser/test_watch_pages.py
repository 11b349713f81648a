"""A project's five watches by clicks, in both languages; accessible, and whole on a phone."""

import pytest

from browser import PHONE

WORDS = {"en": {"tab": "Five watches", "plan": "Plan the day", "shows": "Say what shows it", "save": "Save", "met": "Met"},
         "zh": {"tab": "五盯", "plan": "确定计划日期", "shows": "填写佐证", "save": "保存", "met": "已满足"}}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_condition_is_met_with_what_shows_it(portal, window, axe, lang):
    words = WORDS[lang]
    editor = portal.person("zhou@example.org", "editor")
    project = editor.post("/ledger", kind="project", title="New bridge 新桥").location
    editor.post(f"{project}/watches", watch="landing", act="plan", day="2026-01-31")
    editor.post(f"{project}/watches", watch="landing", act="add", words="The river is diverted 河道已改迁")
    editor.post(f"{project}/watches/landing/files", file=("pier 桥墩.jpg", b"\xff\xd8\xff\xe0a picture"),
                taken="2026-01-05T10:30", place="By the river 河边", note="The first pier 首个桥墩")
    page = window(portal, editor, lang).go(project)
    page.click(words["tab"], "nav.tabs a")
    page.one("#landing ~ ul summary").click()
    page.one("#landing-0").send_keys("2026-03-03")
    page.one("#landing ~ ul form button").click()
    page.done()
    page.sees(words["met"])
    page.screenshot(f"watches-{lang}")
    assert not page.violations(axe)
    page.resize(*PHONE)
    page.screenshot(f"watches-{lang}-phone")
    assert not page.overflow() and not page.violations(axe)
