"""A session prepared from new papers, held, written down, decided in and confirmed, by clicks in both languages; accessible, and
whole on a phone."""

import datetime

import pytest

from browser import judge
from texts import samples

WORDS = {"en": {"prepare": "Prepare a session", "hold": "Say that it was held", "write": "Write the record", "confirm": "Confirm the record",
                "decide": "Put a decision in the ledger", "set": "It is set.", "done": "It is recorded.", "first": "First item: new papers",
                "decided": "The decision is in the ledger.", "confirmed": "record confirmed"},
         "zh": {"prepare": "筹备学习会", "hold": "登记已召开", "write": "整理记录", "confirm": "确认记录", "decide": "议定事项列入台账",
                "set": "已设定。", "done": "已记录。", "first": "第一议题：学习新发文稿", "decided": "议定事项已列入台账。",
                "confirmed": "记录已确认"}}


def told(page, words):
    page.done()
    page.sees(words)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_session_is_prepared_held_written_down_and_confirmed(portal, window, axe, lang):
    words = WORDS[lang]
    editor, chair = portal.person("zhou@example.org", "editor"), portal.person("lin@example.org", "lead")
    portal.library.publish(samples(lang)[-1], "--title", "Fresh paper 新文稿")
    late = portal.library.publish(samples(lang)[-1], "--title", "Late paper 旧文稿")
    with portal.database() as db:
        db.execute("UPDATE offer SET published_ms = published_ms - 1000000000 WHERE paper = ?", (int(late[1:]),))
    db.close()
    office = editor.post("/ledger/units", name="Office 区委办").location.split("/")[-1]
    editor.post(f"/ledger/units/{office}/members", member="lin@example.org")
    page = window(portal, editor, lang).go("/ledger/studies/bodies")
    page.one(f"#unit option[value='{office}']").click()
    page.one("input[name=everybody]").click()
    page.driver.execute_script("document.querySelector('#since').value = '2020-01-01'")
    page.one("#limit").submit()
    told(page, words["set"])
    judge(page, axe, f"study-bodies-{lang}")
    page.go("/ledger/studies").click(words["prepare"], "main details summary")
    page.one(f"#unit option[value='{office}']").click()
    page.driver.execute_script(f"document.querySelector('#day').value = '{datetime.date.today()}'")
    page.one("#chair option:nth-child(2)").click()
    page.one("#place").submit()
    page.until(lambda: page.all("ol.steps"), "the session's steps")
    page.sees(words["first"])
    page.sees("Fresh paper")
    line = "/ledger/lines/" + editor.json("/ledger/studies")["grid"]["rows"][0]["key"]
    judge(page, axe, f"study-planned-{lang}")
    page.one("select[name=state] option[value=present]").click()
    page.one("select[name=state]").submit()
    told(page, words["done"])
    do(page, words, "hold")
    page.click(words["write"], "main details summary")
    page.one("#write-words").send_keys("Read and spoken about. 已传达学习。")
    page.one("#write-words").submit()
    told(page, words["done"])
    page.click(words["decide"], "main details summary")
    page.one("#decided-title").send_keys("Look first 先行排查")
    page.one("#decided-title").submit()
    told(page, words["decided"])
    judge(page, axe, f"study-written-{lang}")
    page = window(portal, chair, lang).go(f"{line}/study")
    do(page, words, "confirm")
    page.sees(words["confirmed"])
    judge(page, axe, f"study-confirmed-{lang}")
    judge(page.go("/ledger/studies/papers"), axe, f"study-papers-{lang}")
    judge(page.go("/ledger/studies"), axe, f"studies-{lang}")
    made = page_of_decision(editor, line)
    judge(page.go(f"/ledger/lines/{made}"), axe, f"study-decided-{lang}")


def page_of_decision(editor, line):
    return editor.json(f"{line}/study")["items"][0]["lines"][0]["key"]


def do(page, words, act):
    page.click(words[act], "main details summary")
    page.one("main details[open] form button").click()
    told(page, words["done"])
