"""A policy entered, sorted, put into force and told of in a leaflet by clicks, in both languages; accessible, and whole on a
phone; then found by a member who says who they are."""

import datetime

import pytest

from browser import judge

TODAY = datetime.date.today()
WORDS = {"en": {"start": "Begin the steps", "aim": "Say what is hoped for", "ask": "Ask another to look at it", "show": "Show it",
                "kept": "It is kept.", "small": "Small firms", "follow": "Of this policy", "told": "You will be told by mail",
                "title": "A grant for new machines", "gives": "A tenth of the price, at most 50,000 yuan for each firm.",
                "who": "Small firms of the district that bought machines this year.\nNot for cars.",
                "how": "Bring the bill and the firm's papers to window 5 of the service hall.\nThe answer comes within 10 working days.",
                "contact": "Works office, 555 0100, Monday to Friday", "source": "City paper 12 of 2026", "policy": "Help for new machines"},
         "zh": {"start": "启动推进", "aim": "设定预期成效", "ask": "提交审核", "show": "审核通过并公布", "kept": "已保存。", "small": "小微企业",
                "follow": "订阅本政策", "told": "已订阅", "title": "购置新设备补助", "gives": "按购置价的一成补助，每户最高 5 万元。",
                "who": "今年购置设备的本区小微企业。\n车辆除外。", "how": "持发票和企业证照到政务大厅五号窗口。\n10 个工作日内答复。",
                "contact": "工业局 555 0100，周一至周五", "source": "市发〔2026〕12 号", "policy": "新设备购置补助"}}


def day(days):
    return (TODAY + datetime.timedelta(days=days)).isoformat()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_policy_comes_into_force_and_its_leaflet_reaches_whom_it_is_for(portal, window, axe, lang):
    words = WORDS[lang]
    editor, lead, member = (portal.person("zhou@example.org", "editor"), portal.person("lin@example.org", "lead"),
                            portal.person("m@example.org"))
    with portal.database() as db:
        key = db.execute("SELECT key FROM member WHERE id = ?", (int(lead.member[1:]),)).fetchone()[0]
    db.close()
    other = editor.post("/ledger/policies", title="Cheap loans 低息贷款", route="match", term=["farming", "credit"], lead=key, due=day(30))
    editor.post(other.location, act="enact", source="Paper 3", **{"from": day(-100), "until": day(20)})
    page = window(portal, editor, lang).go("/ledger/policies")
    page.one("#title").send_keys(words["policy"])
    page.one("#source").send_keys(words["source"])
    for term in ("manufacturing", "growth", "money", "small-firm"):
        page.one(f"input[name=term][value={term}]").click()
    page.one("section form[action='/ledger/policies'] button").click()
    page.done()
    line = page.path.removesuffix("/policy")
    editor.post(f"{line}/change", title=words["policy"], lead=key, due=day(90), weight="1")
    page = window(portal, lead, lang).go(f"{line}/policy")
    page.click(words["start"], "main details summary")
    page.one("main details[open] form button").click()
    page.done()
    page.click(words["aim"], "main details summary")
    page.one("#aim-granted").send_keys("120")
    judge(page, axe, f"policy-{lang}")
    judge(page.go("/ledger/policies"), axe, f"policies-register-{lang}")
    judge(page.go("/ledger/policies/terms"), axe, f"policies-terms-{lang}")
    with portal.database() as db:
        db.execute("UPDATE step SET state = 'done', ended_ms = 1")
    db.close()
    editor.post(f"{line}/policy", act="enact", source=words["source"], **{"from": day(-20), "until": day(300)})
    page.go(f"{line}/leaflet")
    for part in ("title", "gives", "who", "how", "contact", "source"):
        page.one(f"#{lang}_{part}").send_keys(words[part])
    page.one("section form button").click()
    page.done()
    page.click(words["ask"], "main details summary")
    page.one("main details[open] form button").click()
    page.done()
    judge(page, axe, f"leaflet-{lang}")
    page = window(portal, editor, lang).go(f"{line}/leaflet")
    page.click(words["show"], "main details summary")
    page.one("main details[open] form button").click()
    page.done()
    editor.post(f"{line}/leaflet/readers")
    page = window(portal, member, lang).go("/policies?audience=small-firm")
    judge(page, axe, f"policies-{lang}")
    page.click(words["title"], "main a")
    page.sees(words["contact"])
    page.click(words["follow"], "main button")
    page.done()
    page.sees(words["told"])
    judge(page, axe, f"policy-leaflet-{lang}")
    judge(window(portal, None, lang).go("/policies"), axe, f"policies-open-{lang}")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_project_shows_which_policies_fit_it(portal, window, axe, lang):
    editor = portal.person("zhou@example.org", "editor")
    for title, terms in (("Machines 设备", ["manufacturing", "growth"]), ("Seed 种子", ["farming"]), ("Advice 咨询", [])):
        made = editor.post("/ledger/policies", title=title, route="seek", term=terms)
        editor.post(made.location, act="enact", source="Paper 3", **{"from": day(-100), "until": day(20)})
    project = editor.post("/ledger", kind="project", title="Bearing works 轴承厂").location
    page = window(portal, editor, lang).go(f"{project}/policies")
    page.one("main details summary").click()
    page.one("input[name=term][value=manufacturing]").click()
    page.one("main details[open] form button").click()
    page.done()
    page.sees("Machines 设备")
    assert "Seed 种子" not in page.text
    judge(page, axe, f"policies-fitting-{lang}")
