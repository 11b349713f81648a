"""A campaign from the ledger's list to its closing report, in both languages; accessible, and whole on a phone."""

import datetime

import pytest

from browser import judge

WORDS = {
    "en": {"put": "Put them into a campaign", "make": "Make the campaign", "start": "Start", "put_in": "Put them in", "add": "Add lines",
           "end": "End with a summing-up", "moved": "entered by", "draft": "Draft the report", "title": "A hundred days for the bay road",
           "lines": ("Bay road", "Ferry landing", "River bridge"), "office": "Works"},
    "zh": {"put": "加入攻坚行动", "make": "建立", "start": "启动", "put_in": "加入", "add": "增加条目", "end": "收官", "moved": "填报",
           "draft": "起草报告", "title": "环湾公路百日攻坚", "lines": ("环湾公路", "渡口码头改造", "跨河桥梁"), "office": "交通局"},
}


def day(offset):
    return (datetime.date.today() + datetime.timedelta(days=offset)).isoformat()


def tell_a_past(portal):
    """As if the campaign had begun three weeks ago."""
    with portal.database() as db:
        db.execute("UPDATE line SET begins_day = begins_day - 20, due_day = due_day - 20 WHERE kind = 'campaign'")
        db.execute("UPDATE campaign_line SET joined_day = joined_day - 20")
        db.execute("INSERT INTO campaign_day SELECT c.campaign, l.begins_day + d.value, c.line, min(60, d.value * c.line)"
                   " FROM campaign_line c JOIN line l ON l.id = c.campaign, json_each('[0,1,2,4,5,8,9,11,12,14,16,18,19]') d")
        db.execute("UPDATE line SET progress = (SELECT max(progress) FROM campaign_day d WHERE d.line = line.id)"
                   " WHERE kind = 'project'")
    db.close()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_lines_are_pushed_by_a_campaign_from_start_to_report(portal, window, axe, lang):
    words = WORDS[lang]
    editor = portal.person("zhou@example.org", "editor")
    office = editor.post("/ledger/units", name=words["office"]).location.split("/")[-1]
    for title in words["lines"]:
        line = editor.post("/ledger", kind="project", title=title, unit=office, begins=day(-100), due=day(200)).location
    page = window(portal, editor, lang).go("/ledger/campaigns")
    judge(page, axe, f"campaigns-none-{lang}")
    page.fill(title=words["title"], length="100", begins=day(0), unit=office)
    page.click(words["make"], "main form button")
    page.done()
    address = page.path
    judge(page, axe, f"campaign-new-{lang}")
    page.go("/ledger?kind=project")
    for box in page.all("tbody input[type=checkbox]"):
        box.click()
    page.click(words["put"], "#chosen button")
    page.until(lambda: page.all("#campaign"), "the form")
    judge(page, axe, f"campaign-lines-{lang}")
    page.fill(campaign=address.split("/")[-2], aim="80")
    page.click(words["put_in"], "main form button")
    page.done()
    page.click(words["start"], "main details summary")
    page.one("main details[open] form button").click()
    page.until(lambda: page.all("figure.chart"), "the burn-up")
    tell_a_past(portal)
    editor.post(f"{line}/change", title=words["lines"][2], weight="1", progress=70, unit=office, begins=day(-100), due=day(200))
    page.go(address).sees(words["moved"])
    judge(page, axe, f"campaign-{lang}")
    judge(page.go("/ledger/campaigns"), axe, f"campaigns-{lang}")
    judge(page.go(line), axe, f"campaign-of-a-line-{lang}")
    page.go(address).click(words["end"], "main details summary")
    page.one("#why-end").send_keys("The road is open 已通车")
    page.one("main details[open] form button").click()
    page.done()
    page.click(words["draft"], "main form button")
    page.until(lambda: page.path.startswith("/write/"), "the draft")
    judge(page, axe, f"campaign-report-{lang}")
