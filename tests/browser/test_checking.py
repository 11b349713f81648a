"""A paper whose copies show whose they are: an editor says so, a member takes a copy, somebody who holds it checks its
number, a steward asks whose it is; in both languages, accessible, and whole on a phone."""

import re

import pytest

from browser import looked_at
from texts import sample

WORDS = {"en": {"mark": "Name, time and number across the page", "save": "Save", "current": "It is current",
                "unknown": "No copy has this number", "check": "Check", "ask": "Ask", "no_proof": "proves nothing"},
         "zh": {"mark": "以斜向水印显示姓名、时间和编号", "save": "保存", "current": "现行有效",
                "unknown": "没有此编号的副本", "check": "查验", "ask": "查询", "no_proof": "不能证明"}}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_copy_that_shows_its_number_is_checked_by_it(portal, window, axe, lang):
    words = WORDS[lang]
    portal.library.run("settings", "set", "site.url", portal.url)
    portal.library.run("settings", "set", "organisation", "Harbour Board 港务局")
    portal.library.publish(sample(lang, ".txt"))
    editor, member = portal.person("e@example.org", "editor"), portal.person("li.hua@example.org", lang=lang)
    key = editor.json("/papers")["papers"][0]["key"]

    page = window(portal, editor, lang).go(f"/papers/{key}/offer")
    page.sees(words["mark"])
    page.fill(access="members", mark="diagonal")
    looked_at(page, axe, f"offer-{lang}")
    page.click(words["save"], "main button")
    page.until(lambda: page.path.endswith("/manage"), "the paper's page")
    looked_at(page, axe, f"manage-marked-{lang}")

    page.become(member)
    page.go(f"/papers/{key}")
    looked_at(page, axe, f"paper-marked-{lang}")
    html = member.get(f"/papers/{key}/download/html").text
    copy = portal.library.file(f"copy-{lang}.html", html)
    page.go(f"file://{copy}")
    looked_at(page, axe, f"copy-diagonal-{lang}")
    address = re.search(r'href="([^"]+/check/[^"]+)"', html)[1]

    page.become(None)
    page.go(address)
    page.sees(words["current"])
    looked_at(page, axe, f"check-{lang}")
    number = address.rsplit("/", 1)[1]
    page.fill(number=number[:-1] + ("2" if number[-1] != "2" else "3"))
    page.click(words["check"], "main button")
    page.sees(words["unknown"])
    looked_at(page, axe, f"check-unknown-{lang}")

    page.become(portal.person("s@example.org", "steward"))
    page.go("/trace/number").fill(number=number.lower())
    page.click(words["ask"], "main button")
    page.sees("Li.Hua")
    page.sees(words["no_proof"])
    looked_at(page, axe, f"whose-{lang}")
