"""Reports of the ledger: had drafted after each week, and one drafted now and opened, in both languages; accessible, and
whole on a phone."""

import datetime

import pytest

from browser import looked_at

WORDS = {"en": {"keep": "Keep", "draft": "Draft the report", "stop": "Stop", "report": "Monthly report of the ledger",
                "section": "Supervision and assessment", "none": "Not drafted by itself"},
         "zh": {"keep": "保存", "draft": "起草报告", "stop": "取消", "report": "台账月报", "section": "督查督办与考核", "none": "未设置"}}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_report_is_drafted_now_and_others_after_each_week(portal, window, axe, lang):
    words = WORDS[lang]
    editor = portal.person("zhou@example.org", "editor")
    late = (datetime.date.today() - datetime.timedelta(days=3)).isoformat()
    editor.post("/ledger", kind="goal", title="Clean water 清水", due=late)
    page = window(portal, editor, lang).go("/ledger/reports")
    page.sees(words["none"])
    looked_at(page, axe, f"ledger-reports-{lang}")
    page.click(words["keep"], "main button")
    page.done()
    assert editor.json("/ledger/reports")["rows"][0]["planned"]
    looked_at(page, axe, f"ledger-reports-planned-{lang}")
    page.click(words["stop"], "main button")
    page.until(lambda: not editor.json("/ledger/reports")["rows"][0]["planned"], "that it is stopped")
    page.run("document.querySelector('#kind').value = 'month'")
    page.click(words["draft"], "main button")
    page.until(lambda: "/write/" in page.path or "/drafts/" in page.path, "the draft")
    draft, = editor.json("/write")["drafts"]
    assert draft["title"].startswith(words["report"])
    text = page.run("return document.querySelector('textarea[name=text]').value")
    assert words["section"] in text and "Clean water 清水" in text
    looked_at(page, axe, f"ledger-report-draft-{lang}")
