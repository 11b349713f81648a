"""An indicator from its line to its picture, by clicks, in both languages; accessible, and whole on a phone."""

import datetime

import pytest

from browser import DESK, PHONE

LAST, YEAR = datetime.date.today().year - 1, datetime.date.today().year
WORDS = {
    "en": {"figures": "Figures", "save": "Save", "target": "Save the target", "actuals": "Save the actuals",
           "enter": "Enter a benchmark", "benchmark": "Save the benchmark", "above": "Above all of them",
           "measure": "million yuan", "title": "Output of industry", "nation": "Nation"},
    "zh": {"figures": "数据", "save": "保存", "target": "保存目标", "actuals": "保存实际值", "enter": "填报参照值",
           "benchmark": "保存参照值", "above": "全部优于参照", "measure": "亿元", "title": "规模以上工业增加值",
           "nation": "全国"},
}


def fill_months(page, form, values):
    for month, value in enumerate(values, 1):
        field = page.one(f'form[action$="/{form}"] [name="m{month}"]')
        field.clear()
        field.send_keys(value)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_indicator_goes_from_its_line_to_its_course_with_a_band(portal, window, axe, lang):
    words = WORDS[lang]
    editor = portal.person("zhou@example.org", "editor")
    line = editor.post("/ledger", kind="indicator", title=words["title"]).location
    page = window(portal, editor, lang).go(line)
    page.click(words["figures"], "nav.tabs a")
    page.one("#measure")
    assert not page.violations(axe)
    page.fill(measure=words["measure"], begins=f"{LAST}-01")
    page.click(words["save"], "main button")
    page.done()
    season = [8, 6, 9, 10, 10, 11, 10, 9, 11, 12, 12, 14]
    editor.post(f"{line}/indicator/actuals", year=LAST,
                **{f"m{m}": str(v * 10.5) for m, v in enumerate(season, 1)})
    page.go(f"{line}/indicator?year={YEAR}")
    fill_months(page, "actuals", [str(round(v * factor, 1)) for v, factor in
                                  zip(season[:8], [11.2, 10.9, 11.8, 11.1, 11.5, 10.8, 11.6, 11.4])])
    page.click(words["actuals"], "main button")
    page.done()
    page.fill(whole="1380", split="seasonal")
    page.click(words["target"], "main button")
    page.done()
    page.click(words["enter"])
    page.one("#benchmark-name").send_keys(words["nation"])
    fill_months(page, "benchmark", [""] * 7 + ["98"])
    page.click(words["benchmark"], "main button")
    page.done()
    page.sees(words["above"])
    assert page.all("figure.chart svg .band") and page.all("figure.chart svg .forecast")
    rows = page.all("main table.list tbody tr")
    assert rows[11].text.split()[-1] == page.one("main table.list tbody tr:nth-child(12) td:last-child").text
    page.screenshot(f"indicator-{lang}")
    assert not page.violations(axe)
    page.dark()
    page.screenshot(f"indicator-{lang}-dark")
    assert not page.violations(axe)
    page.dark(False)
    page.resize(*PHONE)
    page.screenshot(f"indicator-{lang}-phone")
    assert not page.overflow() and not page.violations(axe)
    page.resize(*DESK)
    page.go("/ledger/indicators")
    page.screenshot(f"figures-{lang}")
    assert not page.violations(axe)
    page.run("document.querySelector('#text').value = arguments[0]", f"Number\t{YEAR}-09\nI1\t133.5")
    page.one('form[action$="/import"] button').click()
    page.done()
    page.sees("133.5")
    page.resize(*PHONE)
    page.screenshot(f"figures-{lang}-phone")
    assert not page.overflow() and not page.violations(axe)
    page.resize(*DESK)


SAID = {"en": {"keep": "Keep this and take the figures in", "back": "Take it back", "source": "Office of statistics",
               "taken": "taken back", "sources": "Sources of figures"},
        "zh": {"keep": "保存并导入", "back": "撤销", "source": "统计局月报", "taken": "撤销", "sources": "数据来源"}}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_table_whose_columns_nobody_knows_is_asked_about_taken_in_and_taken_back(portal, window, axe, lang):
    words = SAID[lang]
    editor = portal.person("zhou@example.org", "editor")
    line = editor.post("/ledger", kind="indicator", title=WORDS[lang]["title"]).location
    editor.post(f"{line}/indicator/settings", measure="km", places=1, fold="sum", direction="up", begins=f"{YEAR}-01",
                due_day=10, behind_percent=5)
    page = window(portal, editor, lang).go("/ledger/indicators")
    page.run("document.querySelector('#text').value = arguments[0]",
             f"全区主要指标\n代码\t报告期\t本期数\t备注\nI1\t{YEAR}-01\t133.5\t初步\nI1\t{YEAR}-02\t140\t\n")
    page.one('form[action$="/import"] button').click()
    page.sees("本期数")
    page.screenshot(f"columns-{lang}")
    assert not page.violations(axe)
    page.resize(*PHONE)
    page.screenshot(f"columns-{lang}-phone")
    assert not page.overflow() and not page.violations(axe)
    page.resize(*DESK)
    for number, role in enumerate(("indicator", "month", "value"), 1):
        page.run("document.querySelectorAll('[name=role]')[arguments[0]].value = arguments[1]", number - 1, role)
    page.fill(name=words["source"])
    page.click(words["keep"], "main button")
    page.done()
    page.sees("133.5")
    page.screenshot(f"taken-in-{lang}")
    page.click(words["back"], "main button")
    page.done()
    page.go("/ledger/indicators/mappings")
    page.sees(words["source"])
    page.screenshot(f"sources-{lang}")
    assert not page.violations(axe)
    page.resize(*PHONE)
    page.screenshot(f"sources-{lang}-phone")
    assert not page.overflow() and not page.violations(axe)
    page.resize(*DESK)
