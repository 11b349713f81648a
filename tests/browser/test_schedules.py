"""A project's steps put in order by clicks and seen on the Gantt picture, in both languages; accessible, whole on a phone."""

import datetime

import pytest

from browser import PHONE

WORDS = {
    "en": {"title": "Bridge over the river", "steps": ["Design", "Piers", "Deck", "Lamps", "Opening"],
           "tab": "Schedule", "keep": "Keep the order", "ends": "decides the end", "undo": "Undo"},
    "zh": {"title": "跨江大桥建设", "steps": ["方案设计", "桥墩施工", "桥面铺设", "照明安装", "通车"],
           "tab": "进度计划", "keep": "保存先后关系", "ends": "关键路径", "undo": "取消"},
}
# Days from today on which each begins and is due, and its progress.
SPANS = [(-90, -40, 100), (-30, 20, 20), (21, 80, 0), (30, 50, 0), (None, 90, 0)]


def day(offset):
    return (datetime.date.today() + datetime.timedelta(days=offset)).isoformat() if offset is not None else ""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_steps_put_in_order_show_on_the_picture_what_decides_the_end(portal, window, axe, lang):
    words = WORDS[lang]
    editor = portal.person("zhou@example.org", "editor")
    project = editor.post("/ledger", kind="project", title=words["title"], due=day(85)).location
    number = editor.json(project)["head"]["number"]
    for title, (begins, due, progress) in zip(words["steps"], SPANS):
        step = editor.post("/ledger", kind="milestone", title=title, part_of=number, begins=day(begins),
                           due=day(due)).location
        editor.post(f"{step}/change", title=title, part_of=number, begins=day(begins), due=day(due), weight="1",
                    progress=progress)
        if progress == 100:
            editor.post(f"{step}/state", state="done")
    steps = [step["number"] for step in editor.json(f"{project}/schedule")["steps"]]
    for before, after in zip(steps, steps[1:3]):
        editor.post(f"{project}/schedule/link", before=before, after=after)
    page = window(portal, editor, lang).go(project)
    page.click(words["tab"], "nav.tabs a")
    for field, value in (("before", steps[2]), ("after", steps[4])):
        page.one(f'#{field} option[value="{value}"]').click()
    page.click(words["keep"], "main button")
    page.until(lambda: page.all("main .done"), "word that it is done")
    page.sees(words["ends"])
    assert len(page.all("figure.chart svg .second")) >= 2 and page.all("figure.chart svg .past-bar")
    page.screenshot(f"schedule-{lang}")
    assert not page.violations(axe)
    page.dark()
    page.screenshot(f"schedule-{lang}-dark")
    assert not page.violations(axe)
    page.dark(False)
    page.resize(*PHONE)
    page.screenshot(f"schedule-{lang}-phone")
    assert not page.overflow() and not page.violations(axe)
