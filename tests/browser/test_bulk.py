"""Lines ticked in the list, changed at once after a look at what would change, and taken back; accessible, and whole on
a phone."""

import pytest

from browser import DESK, PHONE

WORDS = {"en": {"choose": "Change the lines chosen", "preview": "Show what would change", "apply": "Change 2 lines",
                "would": "Lines that change: 2 of 2", "undo": "Take it back", "undone": "All of it is taken back."},
         "zh": {"choose": "批量修改所选条目", "preview": "预览", "apply": "修改这 2 条", "would": "将修改 2 条", "undo": "撤销",
                "undone": "已全部撤销"}}

def looked_at(page, axe, name):
    for size, more in ((DESK, ""), (PHONE, "-phone")):
        page.resize(*size)
        page.screenshot(name + more)
        assert not page.overflow() and not page.violations(axe), name + more
    page.resize(*DESK)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_lines_are_ticked_changed_and_taken_back(portal, window, axe, lang):
    words = WORDS[lang]
    editor = portal.person("zhou@example.org", "editor")
    for title in ("Clean water 清水", "Good roads 好路", "A library 图书馆"):
        editor.post("/ledger", kind="goal", title=title, due="2026-06-30")
    editor.post("/ledger/views", grid="/ledger", name="By number 按编号", query="sort=number")
    page = window(portal, editor, lang).go("/ledger?sort=number")
    page.all("details.view summary")[1].click()
    for tick in page.all("main input[name=line]")[:2]:
        tick.click()
    looked_at(page, axe, f"bulk-list-{lang}")
    page.click(words["choose"])
    looked_at(page, axe, f"bulk-form-{lang}")
    page.fill(due="2026-12-31", why="New year 新年")
    page.click(words["preview"], "button")
    page.sees(words["would"])
    looked_at(page, axe, f"bulk-preview-{lang}")
    page.click(words["apply"], "button")
    page.done()
    looked_at(page, axe, f"bulk-batch-{lang}")
    page.click(words["undo"], "button")
    page.sees(words["undone"])
    page.go("/ledger/batches")
    looked_at(page, axe, f"bulk-batches-{lang}")
    assert [row["cells"][6]["text"] for row in editor.json("/ledger")["grid"]["rows"]] == ["2026-06-30"] * 3


HANDED = {"en": {"hand": "Hand it over", "ask": "Ask them to take over", "accept": "Accept", "done": "You lead it now."},
          "zh": {"hand": "移交他人", "ask": "提出移交", "accept": "接手", "done": "该条目现由您分包。"}}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_line_is_handed_over_and_accepted_on_the_others_day(portal, window, axe, lang):
    words = HANDED[lang]
    editor, zhou, lin = (portal.person(f"{who}@example.org", role) for who, role in
                         (("e", "editor"), ("zhou", "lead"), ("lin", "lead")))
    keys = {p["words"]: p["value"] for p in editor.json("/ledger")["people"]}
    line = editor.post("/ledger", kind="goal", title="Clean water 清水", lead=keys["Zhou"]).location
    page = window(portal, zhou, lang).go(line)
    page.click(words["hand"], "button")
    page.fill(taker=keys["Lin"], why="A new post 调任")
    looked_at(page, axe, f"handover-{lang}")
    page.click(words["ask"], "button")
    page.done()
    other = window(portal, lin, lang).go("/ledger/today")
    looked_at(other, axe, f"handover-day-{lang}")
    other.click(words["accept"], "button")
    other.sees(words["done"])
    assert editor.json(line)["head"]["lead"] == "Lin"
