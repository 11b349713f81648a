"""A project's steps put in order, its plan frozen and compared, by clicks, in both languages; accessible, whole on a phone."""

import datetime

import pytest

from browser import looked_at

WORDS = {
    "en": {"title": "Bridge over the river", "steps": ["Design", "Piers", "Deck", "Lamps", "Opening"],
           "tab": "Schedule", "baselines": "Baselines", "freeze": "Freeze the plan", "slip": "30 days later",
           "agreed": "Agreed in spring", "keep": "Keep the order", "ends": "decides the end", "undo": "Undo"},
    "zh": {"title": "跨江大桥建设", "steps": ["方案设计", "桥墩施工", "桥面铺设", "照明安装", "通车"],
           "tab": "进度计划", "baselines": "基线", "freeze": "冻结基线", "slip": "推迟 30 天",
           "agreed": "春季商定", "keep": "保存先后关系", "ends": "关键路径", "undo": "取消"},
}
TODAY = datetime.date.today()
# Days from today on which each begins and is due, and its progress.
SPANS = [(-90, -40, 100), (-30, 20, 20), (21, 80, 0), (30, 50, 0), (None, 90, 0)]


def day(offset):
    return (TODAY + datetime.timedelta(days=offset)).isoformat() if offset is not None else ""


def make_project(editor, words):
    """Its address, and its steps' addresses."""
    project = editor.post("/ledger", kind="project", title=words["title"], due=day(85)).location
    number = editor.json(project)["head"]["number"]
    steps = []
    for title, (begins, due, progress) in zip(words["steps"], SPANS):
        step = editor.post("/ledger", kind="milestone", title=title, part_of=number, begins=day(begins),
                           due=day(due)).location
        editor.post(f"{step}/change", title=title, part_of=number, begins=day(begins), due=day(due), weight="1",
                    progress=progress)
        if progress == 100:
            editor.post(f"{step}/state", state="done")
        steps.append(step)
    return project, number, steps


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_steps_put_in_order_show_on_the_picture_what_decides_the_end(portal, window, axe, lang):
    words = WORDS[lang]
    editor = portal.person("zhou@example.org", "editor")
    project, _, _ = make_project(editor, words)
    steps = [step["number"] for step in editor.json(f"{project}/schedule")["steps"]]
    for before, after in zip(steps, steps[1:3]):
        editor.post(f"{project}/schedule/link", before=before, after=after)
    page = window(portal, editor, lang).go(project)
    page.click(words["tab"], "nav.tabs a")
    for field, value in (("before", steps[2]), ("after", steps[4])):
        page.one(f'#{field} option[value="{value}"]').click()
    page.click(words["keep"], "main button")
    page.done()
    page.sees(words["ends"])
    assert len(page.all("figure.chart svg .second")) >= 2 and page.all("figure.chart svg .past-bar")
    looked_at(page, axe, f"schedule-{lang}")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_plan_is_frozen_and_what_became_of_it_stands_on_the_picture(portal, window, axe, lang):
    words = WORDS[lang]
    editor = portal.person("zhou@example.org", "editor")
    project, number, steps = make_project(editor, words)
    page = window(portal, editor, lang).go(project)
    page.click(words["baselines"], "nav.tabs a")
    page.fill(name=words["agreed"])
    page.click(words["freeze"], "main button")
    page.done()
    editor.post(f"{steps[2]}/change", title=words["steps"][2], part_of=number, begins=day(21), due=day(110), weight="1")
    page.go(f"{project}/baselines")
    page.sees(words["slip"])
    assert len(page.all("figure.chart svg .second")) == 1
    looked_at(page, axe, f"baselines-{lang}")
