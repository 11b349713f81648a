"""From the tree of goals to the weights of a goal's parts and back; accessible, whole on a phone."""

import datetime

import pytest

from browser import looked_at

WORDS = {
    "en": {"goals": "Goals", "goal": "Clean water for every village", "far": "A river to swim in",
           "pipes": "Pipes and pumps", "springs": "Springs and wells", "first": "First ten villages on the mains",
           "parts": "Parts", "weigh": "Weigh the parts", "share": "75% of the whole", "opened": "2 parts",
           "above": "Goals from above", "asked": "Piped water for 1,200 households", "homes": "households",
           "none": "Nobody has taken it up", "part": "Taken up in part", "council": "City water office"},
    "zh": {"goals": "目标", "goal": "村村通自来水", "far": "河水可以游泳", "pipes": "管网与泵站", "springs": "水源保护",
           "first": "首批十个村通水", "parts": "分解与承接", "weigh": "设定权重", "share": "占 75%", "opened": "下级 2 项",
           "above": "上级目标", "asked": "1200 户通自来水", "homes": "户", "none": "无人承接", "part": "部分承接",
           "council": "市水务局"},
}


def day(offset):
    return (datetime.date.today() + datetime.timedelta(days=offset)).isoformat()


def goals(editor, words):
    """A goal with two fields, one of them with a milestone that is half done, and a far one beside it."""
    goal = editor.post("/ledger", kind="goal", title=words["goal"], begins=day(-100), due=day(120)).location
    editor.post("/ledger", kind="goal", title=words["far"], due=day(3000))
    editor.post("/ledger", kind="field", title=words["pipes"], part_of="G1", begins=day(-100), due=day(60))
    editor.post("/ledger", kind="field", title=words["springs"], part_of="G1", due=day(110))
    first = editor.post("/ledger", kind="milestone", title=words["first"], part_of="F1", due=day(-2)).location
    editor.post(f"{first}/change", title=words["first"], part_of="F1", weight="1", progress=60, due=day(-2))
    return goal


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_goal_is_followed_down_and_its_parts_are_weighed(portal, window, axe, lang):
    words = WORDS[lang]
    editor = portal.person("zhou@example.org", "editor")
    page = window(portal, editor, lang).go("/ledger/goals")
    looked_at(page, axe, f"goals-none-{lang}")
    goal = goals(editor, words)
    page.go("/ledger").click(words["goals"], "nav.tabs a")
    page.until(lambda: words["first"] in page.one("ul.tree").text, "the whole of a small tree")
    looked_at(page, axe, f"goals-{lang}")
    page.click(words["opened"], "summary")
    page.until(lambda: words["first"] not in page.one("ul.tree").text, "the goal's parts to be folded away")
    page.go(goal).click(words["parts"], "nav.tabs a")
    page.click(words["weigh"], "summary")
    for name, weight in (("weight-F1", "3"), ("weight-F2", "1")):
        field = page.one(f"#{name}")
        field.clear()
        field.send_keys(weight)
    page.one("#parts ~ details form button").click()
    page.sees(words["share"])
    assert "45%" in page.one("dl.facts").text  # three quarters of 60
    looked_at(page, axe, f"goals-parts-{lang}")
    page.go("/ledger/goals/list")
    looked_at(page, axe, f"goals-list-{lang}")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_goal_from_above_is_registered_seen_untaken_and_taken_over(portal, window, axe, lang):
    words = WORDS[lang]
    editor = portal.person("zhou@example.org", "editor")
    goals(editor, words)
    page = window(portal, editor, lang).go("/ledger/goals")
    page.click(words["above"], "main a")
    page.until(lambda: page.path.startswith("/ledger/higher"), "the register")
    looked_at(page, axe, f"higher-none-{lang}")
    page.fill(title=words["asked"], body=words["council"], quantity="1200", measure=words["homes"])
    page.one("#new-higher ~ form button").click()
    page.sees(words["none"])
    looked_at(page, axe, f"higher-untaken-{lang}")
    page.fill(line="G1", amount="900")
    page.one("#takings ~ form button").click()
    page.sees("75% · " + words["part"])
    looked_at(page, axe, f"higher-{lang}")
    page.go("/ledger/higher")
    looked_at(page, axe, f"higher-list-{lang}")
