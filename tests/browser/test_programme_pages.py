"""Two programmes over one area that can't both be: found, settled, and open again after a change; accessible, whole on a phone."""

import pytest

from test_goal_pages import looked_at

WORDS = {
    "en": {"programmes": "Programmes", "land": "Land use plan to 2035", "traffic": "Traffic plan", "area": "City/East district",
           "road": "Eastern ring road", "made": "The programme is made", "clash": "Clashes to settle: 1", "edit": "Edit",
           "settled": "Settled", "reason": "The land use plan holds; the council decided so in May.",
           "again": "Open again", "nothing": "There is no programme yet"},
    "zh": {"programmes": "规划", "land": "国土空间规划", "traffic": "综合交通规划", "area": "某市/东区", "road": "东环路",
           "made": "规划已建立", "clash": "待协调冲突 1 项", "edit": "修改", "settled": "已协调",
           "reason": "以国土空间规划为准，五月常务会议已议定。", "again": "重新协调", "nothing": "尚无规划"},
}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_clash_is_found_settled_and_opens_again(portal, window, axe, lang):
    words = WORDS[lang]
    editor = portal.person("zhou@example.org", "editor")
    page = window(portal, editor, lang).go("/ledger/goals")
    page.click(words["programmes"], "main a")
    page.sees(words["nothing"])
    page.one("#name").send_keys(words["land"])
    page.fill(area=words["area"])
    page.one("#new-programme ~ form button").click()
    page.sees(words["made"])
    looked_at(page, axe, f"programme-none-{lang}")
    page.fill(subject=words["road"], least="12", most="12", measure="km", place=words["area"])
    page.run("document.getElementById('last-new').value = '2027-06-30'")
    page.one("#new-statement ~ form button").click()
    page.until(lambda: words["road"] in page.one("#statements ~ article").text, "what it states")
    traffic = editor.post("/ledger/programmes", name=words["traffic"], area=words["area"].split("/")[0]).location
    editor.post(f"{traffic}/statements", subject=words["road"], last="2028-12-31", least="12", most="12", measure="km")
    page.go(page.path)
    page.click(words["clash"], "main a")
    page.until(lambda: page.all("#words"), "both side by side")
    looked_at(page, axe, f"clash-open-{lang}")
    page.one("#words").send_keys(words["reason"])
    page.one("#settle ~ form button").click()
    page.sees(words["reason"])
    page.sees(words["settled"])
    clash = page.path
    looked_at(page, axe, f"clash-settled-{lang}")
    key = editor.json(traffic)["statements"][0]["key"]
    editor.post(f"{traffic}/statements/{key}", subject=words["road"], last="2029-12-31")
    page.go(clash).sees(words["again"])
    page.go("/ledger/clashes")
    looked_at(page, axe, f"clashes-{lang}")
    page.go("/ledger/programmes")
    looked_at(page, axe, f"programmes-{lang}")
    page.go(traffic)
    page.click(words["edit"], "main summary")
    looked_at(page, axe, f"programme-{lang}")
