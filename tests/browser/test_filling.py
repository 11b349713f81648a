"""A template from the editor's desk to two members' marked copies, in a real browser and both languages."""

import pytest

from program import named
from texts import sample

WORDS = {
    "zh": {"text": "由【承办单位】负责，【日期】前完成，经费【金额】元，意见为【同意/不同意】。", "form": "占位符",
           "save": "保存", "next": "下一步", "publish": "发布", "now": "立即发布", "all": "全体成员",
           "fill": "填写本范本", "keep": "保存并查看", "date": "2026年12月1日", "published": "已发布"},
    "en": {"text": " {{body}} completes it by {{date}} for {{amount}} yuan and says {{yes/no}}.", "form": "Blanks",
           "save": "Save", "next": "Go on to the last page", "publish": "Publish", "now": "Publish it now",
           "all": "All members", "fill": "Fill in this template", "keep": "Keep and see the filled text",
           "date": "1 December 2026", "published": "Published"},
}


def template(lang):
    lines = sample(lang).read_text("utf-8").split("\n")
    for i in [i for i, line in enumerate(lines) if len(line) > 100][:4]:
        lines[i] += WORDS[lang]["text"]
    return "\n".join(lines)


def publish_by_clicks(page, words, editor, text):
    path = editor.post("/write").location
    editor.post(path, title="", text=text, form="txt", version=1)
    page.go(path).click(words["form"], "nav.tabs a")
    page.until(lambda: page.path.endswith("/blanks"))
    for number, kind in enumerate(("text", "date", "number", "choice"), 1):
        field = page.one(f"#kind-{number}")
        page.run("arguments[0].value = arguments[1]", field, kind)
    page.click(words["save"], "main button")
    page.done()
    page.click(words["publish"], "nav.tabs a")
    page.click(words["all"], "label")
    page.click(words["next"])
    page.until(lambda: page.path.endswith("/confirm"))
    page.one("main form button").click()
    page.sees(words["published"])
    return page.path.removesuffix("/manage")


def fill_in(page, words, paper, body, amount, choice):
    page.go(paper).click(words["fill"])
    page.until(lambda: page.path.endswith("/fill"))
    types = [page.one(f"#blank-{i}").get_attribute("type") for i in (1, 2, 3)]
    assert types == ["text", "date", "text"] and page.one("#blank-4").tag_name == "select"
    page.one("#blank-1").send_keys(body)
    page.run("arguments[0].value = '2026-12-01'", page.one("#blank-2"))
    page.one("#blank-3").send_keys(amount)
    page.run("arguments[0].selectedIndex = arguments[1]", page.one("#blank-4"), choice)
    page.click(words["keep"])
    page.until(lambda: page.path.endswith("/filled"))
    return page.until(lambda: page.one("article.text").text)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_template_is_filled_in_by_two_members_and_both_are_traced_from_their_texts(portal, window, lang):
    words = WORDS[lang]
    portal.library.add_members(30)
    editor = portal.person("zhou@example.org", "editor")
    page = window(portal, editor, lang)
    paper = publish_by_clicks(page, words, editor, template(lang))
    texts = {}
    for member, body, amount, choice in (("M4", "东港区政府", "1200", 1), ("M9", "West Bay", "35000", 2)):
        page.become(portal.person(member))
        shown = fill_in(page, words, paper, body, amount, choice)
        assert body in shown and words["date"] in shown and "【" not in shown and "{{" not in shown
        page.screenshot(f"filled-{lang}-{member}")
        texts[member] = shown
    assert "35,000" in texts["M9"] if lang == "en" else "35000元" in texts["M9"]
    for member, text in texts.items():
        assert named(portal.library.trace(text)) == {member}
