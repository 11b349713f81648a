"""A risk from its assessment to its disposal by clicks, in both languages; accessible, and whole on a phone."""

import pytest

from browser import judge

WORDS = {"en": {"title": "Mains leak", "enter": "Enter", "measure": "Add a measure", "dispose": "Begin disposal", "finish": "Carried out",
                "high": "High", "done": "It is recorded.", "watch": "Let an indicator watch it", "warn": "Warning"},
         "zh": {"title": "供水主管渗漏", "enter": "登记", "measure": "添加措施", "dispose": "开始处置", "finish": "完成",
                "high": "较大风险", "done": "已记录。", "watch": "设置监测指标", "warn": "预警"}}


def send(page):
    page.one("main details[open] form button").click()
    page.done()


def choose(page, field, value):
    page.run(f"document.getElementById('{field}').value = '{value}'")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_risk_is_entered_watched_and_disposed_of(portal, window, axe, lang):
    words = WORDS[lang]
    editor = portal.person("zhou@example.org", "editor")
    office = editor.post("/ledger/units", name="Pipes 管网所").location.split("/")[-1]
    water = editor.post("/ledger", kind="indicator", title="Water lost 漏损率").location
    editor.post(f"{water}/indicator/settings", measure="%", places="1", fold="mean", direction="down", begins="2026-01",
                due_day="10", behind_percent="5")
    editor.post(f"{water}/indicator/actuals", year="2026", m1="11", m2="13")
    page = window(portal, editor, lang).go("/ledger/risks")
    page.one("#title").send_keys(words["title"])
    for field, value in (("category", "safety"), ("likelihood", "4"), ("impact", "4"), ("unit", office)):
        choose(page, field, value)
    page.click(words["enter"], "main form button")
    page.until(lambda: page.all("main .badge.level-high"), "the risk's level")
    page.sees(words["high"])
    page.click(words["measure"], "main details summary")
    page.one("#measure-words").send_keys("Renew the pipe 更换管道")
    page.one("#measure-days").send_keys("10")
    choose(page, "measure-unit", office)
    send(page)
    page.click(words["dispose"], "main details summary")
    send(page)
    page.click(words["watch"], "main details summary")
    for field, value in (("indicator", "I1"), ("warn", "12"), ("alarm", "20")):
        page.one(f"#{field}").send_keys(value)
    send(page)
    page.sees(words["warn"])
    judge(page, axe, f"risk-{lang}")
    judge(page.go("/ledger/risks"), axe, f"risks-{lang}")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_heat_map_shows_what_moved_and_leads_to_the_risks_of_a_field(portal, window, axe, lang):
    editor = portal.person("zhou@example.org", "editor")
    for title, likelihood, impact in (("Mains leak 主管渗漏", 4, 4), ("Dyke breaks 堤防决口", 2, 5), ("Debt falls due 债务到期", 3, 4),
                                      ("Lorry park full 停车场饱和", 2, 2)):
        line = editor.post("/ledger/risks", title=title, category="safety", likelihood=likelihood, impact=impact).location
    with portal.database() as db:
        db.execute("UPDATE risk_act SET day = day - 200")
    db.close()
    editor.post(line, act="reassess", likelihood=4, impact=3, words="More lorries")
    page = window(portal, editor, lang).go("/ledger/risks/map")
    judge(page, axe, f"risk-map-{lang}")
    page.one("svg.heat a[href*='place=44']").click()
    page.until(lambda: page.all("table.list"), "the list of the field")
    page.sees("Mains leak")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_sweep_is_answered_by_a_unit_and_its_finding_becomes_a_risk(portal, window, axe, lang):
    words = {"en": ("Answer for", "Send", "Enter it as a risk", "Enter the risk", "became"),
             "zh": ("代", "提交", "登记为风险", "登记风险", "已转为")}[lang]
    editor, clerk = portal.person("zhou@example.org", "editor"), portal.person("qian@example.org")
    schools, roads = (editor.post("/ledger/units", name=name).location for name in ("Schools 学校", "Roads 道路"))
    editor.post(f"{schools}/members", member="qian@example.org")
    sheet = editor.post("/ledger/sheets", use="sweep", name="Fire safety 消防", items="Exits are free 通道畅通\nHoses reach 水带够长").location
    sweep = editor.post("/ledger/sweeps", title="Before winter 冬季消防排查", sheet=sheet.split("/")[-1], due="2199-12-31",
                        to=[schools.split("/")[-1], roads.split("/")[-1]]).location
    page = window(portal, clerk, lang).go(sweep)
    page.run("document.querySelectorAll('form.fill select').forEach((s, i) => { s.value = i ? 'yes' : 'no' })")
    page.one("form.fill textarea").send_keys("Desks in the way 堆放桌椅")
    page.one("form.fill input[name=problem]").click()
    judge(page, axe, f"sweep-form-{lang}")
    page.click(words[1], "form.fill button")
    page.until(lambda: page.all("main .badge.good"), "word that the unit has answered")
    page = window(portal, editor, lang).go(sweep)
    judge(page, axe, f"sweep-{lang}")
    page.click(words[2], "main details summary")
    for field, value in (("category", "safety"), ("likelihood", "3"), ("impact", "5")):
        page.run(f"document.querySelector('details[open] select[name={field}]').value = '{value}'")
    page.click(words[3], "main details[open] button")
    page.done()
    page.sees(words[4])
    judge(page.go("/ledger/sweeps"), axe, f"sweeps-{lang}")
