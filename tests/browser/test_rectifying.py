"""A problem put on record and put right by clicks, and one that comes back, in both languages; accessible, and whole on a phone."""

import pytest

from browser import judge

WORDS = {"en": {"record": "Put a problem on record", "explain": "Name the cause", "plan": "Set the measure", "again": "The same again",
                "done": "It is recorded.", "decided": "It is decided.", "grave": "grave"},
         "zh": {"record": "登记问题", "explain": "剖析原因", "plan": "制定整改措施", "again": "属反复问题", "done": "已记录。",
                "decided": "已判定。", "grave": "严重"}}
TEXT = {"en": ("Permits late", "Permits are issued late and firms ask again and again"),
        "zh": ("窗口办件超期", "政务窗口办件超期，企业反复催办")}


def put_right(line, lead, inspector):
    for person, act, more in ((lead, "explain", {}), (lead, "plan", {"due": "2199-12-31"}), (lead, "show", {"evidence": "Rota 值班表"}),
                              (inspector, "pass", {})):
        person.post(f"{line}/rectification", 303, act=act, words="Counters without deputies 窗口无人替班", **more)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_problem_is_put_on_record_explained_and_said_to_have_come_back(portal, window, axe, lang):
    words, (title, text) = WORDS[lang], TEXT[lang]
    editor, lead = portal.person("zhou@example.org", "editor"), portal.person("lin@example.org", "lead")
    inspector = portal.person("wu@example.org", "inspector")
    with portal.database() as db:
        key = db.execute("SELECT key FROM member WHERE id = ?", (int(lead.member[1:]),)).fetchone()[0]
    db.close()
    office = editor.post("/ledger/units", name="Permit office 政务中心").location.split("/")[-1]
    first = editor.post("/ledger/rectifications", 303, title=title, text=text, origin="inspection", sort="service", unit=office,
                        lead=key).location.removesuffix("/rectification")
    put_right(first, lead, inspector)
    editor.post(f"{first}/rectification", 303, act="strike")
    page = window(portal, editor, lang).go("/ledger/rectifications")
    page.click(words["record"], "main details summary")
    page.one("#title").send_keys(title)
    page.one("#text").send_keys(text)
    page.one(f"#unit option[value='{office}']").click()
    page.one(f"#lead option[value='{key}']").click()
    page.one("#sort option[value='service']").click()
    page.one("#title").submit()
    page.until(lambda: page.all("ol.steps"), "the problem's steps")
    line = f'/ledger/lines/{editor.json("/ledger/rectifications")["grid"]["rows"][0]["key"]}/rectification'
    page.click(words["again"], "main article button")
    page.done()
    page.sees(words["decided"])
    page.sees(words["grave"])
    page = window(portal, lead, lang).go(line)
    page.click(words["explain"], "main details summary")
    page.one("#explain-words").send_keys("Nobody deputises 无人替班")
    page.one("main details[open] form button").click()
    page.done()
    page.click(words["plan"], "main details summary")
    judge(page, axe, f"rectification-{lang}")
    judge(page.go(f"{first}/rectification"), axe, f"rectification-struck-{lang}")
    judge(page.go("/ledger/rectifications"), axe, f"rectifications-{lang}")
