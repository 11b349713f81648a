"""A matter sent to several units, asked back, answered and replied to, by clicks in both languages."""

import pytest

from test_supervising import judge

WORDS = {"en": {"propose": "Propose a review", "add": "Ask a further unit", "send": "Send to the units", "ask": "Ask a question",
                "answer": "Answer", "agree": "Agree", "give": "Give the reply", "stopped": "stopped by a question",
                "drafted": "Opinions asked for: 2.", "replied": "replied", "waiting": "Waiting for us"},
         "zh": {"propose": "提出联审", "add": "添加步骤", "send": "送审", "ask": "提出问题", "answer": "答复", "agree": "同意",
                "give": "作出回复", "stopped": "待答复，计时暂停", "drafted": "共征求 2 方意见。", "replied": "已回复",
                "waiting": "待办步骤"}}


def sent(page):
    page.one("main details[open] form button:not(.plain)").click()
    page.done()


def opened(page, words):
    """Opens the form of that name, alone."""
    def found():
        return next((s for s in page.all("main details summary") if s.text.split("\n")[0].split(" · ")[0] == words), None)
    page.until(found, f"the form “{words}”")
    page.run("document.querySelectorAll('main details').forEach(d => d.open = false)")
    found().click()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_matter_goes_round_and_comes_back_as_one_reply(portal, window, axe, lang):
    words = WORDS[lang]
    editor, clerk, guard = (portal.person(f"{name}@example.org", *roles)
                            for name, roles in (("zhou", ["editor"]), ("lin", []), ("sun", [])))
    for name, email in (("Roads 公路处", "lin@example.org"), ("Fire 消防处", "sun@example.org")):
        editor.post(editor.post("/ledger/units", name=name).location + "/members", member=email)
    page = window(portal, editor, lang).go("/ledger/reviews")
    opened(page, words["propose"])
    page.one("#title").send_keys("Old bridge 旧桥")
    sent(page)
    for name in ("Roads 公路处", "Fire 消防处"):
        opened(page, words["add"])
        page.one(f"#step-unit option:nth-child({2 if name.startswith('Fire') else 3})").click()
        sent(page)
    page.click(words["send"], "main form button")
    page.done()
    path = page.path.split("?")[0]
    page = window(portal, clerk, lang).go("/ledger/steps")
    page.click("V1 Old bridge 旧桥", "main a")
    opened(page, words["ask"])
    page.one("main details[open] textarea").send_keys("Drawings? 图纸？")
    sent(page)
    page.sees(words["stopped"])
    page = window(portal, editor, lang).go(path)
    judge(page, axe, f"review-asked-{lang}")
    opened(page, words["answer"])
    page.one("main details[open] textarea").send_keys("Here. 已补。")
    sent(page)
    for person in (clerk, guard):
        page = window(portal, person, lang).go(path)
        opened(page, words["agree"])
        sent(page)
    page = window(portal, editor, lang).go(path)
    assert words["drafted"] in page.one("#reply-words").get_attribute("value")
    page.click(words["give"], "main form button")
    page.done()
    page.sees(words["replied"])
    judge(page, axe, f"review-replied-{lang}")
    judge(page.go("/ledger/reviews/times"), axe, f"review-times-{lang}")
    judge(page.go("/ledger/steps"), axe, f"review-desk-{lang}")
