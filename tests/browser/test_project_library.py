"""A project's way by clicks: proposed, marked by another, with money in its account; both languages, desk and phone."""

import pytest

from browser import PHONE

WORDS = {
    "en": {"propose": "Propose a project", "keep": "Keep my marks", "account": "Account", "state": "proposed", "sum": "1,500,000.00",
           "criteria": "What projects are judged by", "rounds": "Reviews and decisions"},
    "zh": {"propose": "申报项目", "keep": "保存评分", "account": "台账明细", "state": "申报", "sum": "1,500,000.00",
           "criteria": "评分标准", "rounds": "调整轮次与决定"},
}


def looked_at(page, axe, name):
    page.screenshot(name)
    assert not page.violations(axe)
    page.resize(*PHONE)
    page.screenshot(f"{name}-phone")
    assert not page.overflow() and not page.violations(axe)
    page.resize(1280, 900)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_project_is_proposed_and_marked_and_its_money_adds_up(portal, window, axe, lang):
    words = WORDS[lang]
    editor, other = portal.person("zhou@example.org", "editor"), portal.person("lin@example.org", "editor")
    office = editor.post("/ledger/units", name="Works 工程处").location.split("/")[-1]
    page = window(portal, editor, lang).go("/ledger")
    page.click({"en": "Projects", "zh": "项目推进"}[lang], "nav.tabs a")
    page.one("#title").send_keys("Ring road 环城快速路")
    page.run(f"document.querySelector('#unit').value = '{office}'")
    page.one("#propose ~ form button").click()
    page.done()
    page.sees(words["state"])
    project = page.run("return location.pathname").removesuffix("/project")
    looker = window(portal, other, lang).go(f"{project}/project")
    for i, points in enumerate((90, 80, 70, 85, 95)):
        looker.one(f"#mark-{i}").send_keys(str(points))
    looker.click(words["keep"], "button")
    looker.done()
    looked_at(looker, axe, f"project-{lang}")
    looker.click(words["account"], "nav.tabs a")
    looker.one("#planned ~ details summary").click()
    looker.one("#planned-name").send_keys("Bridges 桥梁工程")
    looker.one("#planned-source").send_keys("City 市级财政")
    looker.one("#planned-amount").send_keys("1,500,000")
    looker.one("#planned ~ details form button").click()
    looker.done()
    looker.sees(words["sum"])
    for kind, name, more in (("paid", "Steel 钢材", {"amount": "200000", "day": "2026-03-01", "source": "City 市级财政"}),
                             ("land", "Plot 7 七号地块", {"state": "asked", "due": "2026-01-31"}),
                             ("permit", "Building permit 施工许可", {"state": "held", "source": "Housing 住建局"})):
        editor.post(f"{project}/account", kind=kind, name=name, **more)
    looked_at(looker.go(f"{project}/account"), axe, f"account-{lang}")
    editor.post("/ledger/projects/rounds", name="Spring 春季调整", due="2027-03-31")
    for path, name in (("/ledger/projects", "projects"), ("/ledger/projects/criteria", "criteria"),
                       ("/ledger/projects/rounds", "rounds"), ("/ledger/accounts", "accounts")):
        looked_at(looker.go(path), axe, f"{name}-{lang}")
