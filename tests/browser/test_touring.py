"""A tour by clicks, from its sheet to the rectification that it leads to, in both languages."""

import pytest

from browser import PHONE
from test_scoring import SHEET, Form, rows
from test_supervising import judge

WORDS = {"en": {"new": "Make a sheet", "plan": "Plan a tour", "stop": "Add a stop", "scorer": "Name a scorer", "start": "Begin the tour",
                "score": "Score the stops", "end": "Close the scoring", "ranking": "See the ranking", "rectify": "Make a rectification of it",
                "drop": "Let it go", "close": "Close the tour", "counts": "counts", "none": "No tour is planned yet"},
         "zh": {"new": "新建表", "plan": "安排观摩", "stop": "添加观摩点", "scorer": "添加评分人", "start": "开始观摩",
                "score": "去评分", "end": "截止评分", "ranking": "查看排名", "rectify": "转为整改", "drop": "不予整改",
                "close": "办结", "counts": "计入", "none": "尚未安排观摩"}}


def submit(page):
    page.one("main details[open] form button").click()
    page.done()


def fold(page, words):
    page.click(words, "main details summary")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_tour_is_planned_scored_ranked_and_leads_to_a_rectification(portal, window, axe, lang):
    words = WORDS[lang]
    editor, scorer = portal.person("zhou@example.org", "editor"), portal.person("lin@example.org", "inspector")
    editor.post("/ledger", kind="project", title="Ring road 环城路")
    page = window(portal, editor, lang).go("/ledger/inspections")
    page.sees(words["none"])
    page.go("/ledger/sheets")
    fold(page, words["new"])
    page.fill(name="Autumn 秋季评分表", items=SHEET)
    submit(page)
    judge(page, axe, f"sheet-{lang}")
    page.go("/ledger/inspections")
    fold(page, words["plan"])
    page.fill(title="Autumn tour 秋季观摩", begins="2026-10-12", due="2026-10-16")
    submit(page)
    for number, place in (("P1", ""), ("", "Market street 市场街")):
        fold(page, words["stop"])
        page.fill(number=number, place=place)
        submit(page)
    fold(page, words["scorer"])
    page.fill(member=rows(portal, f"SELECT key FROM member WHERE id = {scorer.member[1:]}")[0][0])
    submit(page)
    judge(page, axe, f"tour-planned-{lang}")
    fold(page, words["start"])
    submit(page)
    tour = page.path
    page = window(portal, scorer, lang, size=PHONE).go(tour)
    page.click(words["score"])
    Form(page).fill("54", "36", "yes").send().arrives()
    second = Form(page, 1).fill("30", "20.5", "no", "Too narrow 过窄")
    second.all("[name=words]")[1].send_keys("No rail at the pit 基坑无护栏")
    second.click("[name=problem][value='2']")
    second.send().arrives()
    page = window(portal, editor, lang).go("/ledger/inspections")
    judge(page, axe, f"inspections-{lang}")
    page.click("Autumn tour", "tbody a")
    fold(page, words["end"])
    submit(page)
    judge(page, axe, f"tour-scored-{lang}")
    page.click(words["ranking"])
    page.sees("90.1")
    page.run("document.querySelectorAll('main details').forEach(fold => { fold.open = !fold.querySelector('form') })")
    page.sees(words["counts"])
    judge(page, axe, f"ranking-{lang}")
    fold(page, words["rectify"])
    submit(page)
    page.sees("C1")
    judge(page, axe, f"ranking-decided-{lang}")
    page.click({"en": "Tour", "zh": "观摩安排"}[lang], "nav.tabs a")
    fold(page, words["close"])
    page.one("#words-close").send_keys("Reported 已报告")
    submit(page)
    assert rows(portal, "SELECT state FROM line WHERE number = 'N1'") == [("done",)]
    assert rows(portal, "SELECT text FROM line WHERE number = 'C1'") == [("No rail at the pit 基坑无护栏",)]
