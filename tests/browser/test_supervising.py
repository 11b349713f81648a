"""A line driven to its end by clicks, in both languages; accessible, and whole on a phone."""

import pytest

from browser import judge

WORDS = {"en": {"tab": "Supervision", "enter": "Enter a line", "assign": "Assign", "sign": "Sign for it", "feed": "Give feedback",
                "working": "being worked on", "done": "It is recorded."},
         "zh": {"tab": "督办", "enter": "立项", "assign": "交办", "sign": "签收", "feed": "反馈进展", "working": "办理中",
                "done": "已记录。"}}


def do(page, words, act):
    """Opens the act's form and sends it."""
    page.click(words[act], "main details summary")
    page.one("main details[open] form button").click()
    page.done()
    page.sees(words["done"])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_line_is_entered_assigned_signed_for_and_worked_on(portal, window, axe, lang):
    words = WORDS[lang]
    editor, lead = portal.person("zhou@example.org", "editor"), portal.person("lin@example.org", "lead")
    with portal.database() as db:
        key = db.execute("SELECT key FROM member WHERE id = ?", (int(lead.member[1:]),)).fetchone()[0]
    db.close()
    line = editor.post("/ledger", kind="goal", title="Clean water 洁净水", begins="2026-01-05", due="2199-12-31", lead=key).location
    page = window(portal, editor, lang).go("/ledger/supervision")
    page.click(words["enter"], "main details summary")
    page.one("#number").send_keys("G1")
    page.one("main details[open] form button").click()
    page.until(lambda: page.all("ol.steps"), "the line's steps")
    do(page, words, "assign")
    page = window(portal, lead, lang).go(line)
    page.click(words["tab"], "nav.tabs a")
    do(page, words, "sign")
    page.click(words["feed"], "main details summary")
    page.one("#feed-words").send_keys("40 %")
    page.one("main details[open] form button").click()
    page.done()
    page.sees(words["working"])
    judge(page, axe, f"supervise-{lang}")
    judge(page.go("/ledger/supervision"), axe, f"supervision-{lang}")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_notices_are_listed_with_their_rules_and_print_as_sheets(portal, window, axe, lang):
    editor, lead = portal.person("zhou@example.org", "editor"), portal.person("lin@example.org", "lead")
    line = editor.post("/ledger", kind="goal", title="Clean water 洁净水", begins="2026-01-05", due="2026-02-28").location
    with portal.database() as db:
        db.execute("UPDATE line SET lead = ?", (int(lead.member[1:]),))
        for number, (kind, cause) in enumerate((("reminder", "coming"), ("blue", "near"), ("yellow", "behind"), ("red", "late"),
                                                ("raised", "raised"), ("circular", "circular")), 1):
            db.execute("INSERT INTO supervision_notice (id, key, line, cause, period, kind, made_day, made_ms, lead, due_day,"
                       " progress, planned) SELECT ?1, 'sheet' || ?1, id, ?2, due_day, ?3, CAST(unixepoch() / 86400 AS INTEGER),"
                       " unixepoch() * 1000, lead, due_day, 40, 100 FROM line", (number, cause, kind))
            db.execute("INSERT INTO supervision_notice_to (notice, member, told_ms) SELECT ?, lead, 1 FROM line", (number,))
    db.close()
    page = window(portal, lead, lang).go("/ledger/supervision/notices")
    page.one("main details summary").click()
    judge(page, axe, f"notices-{lang}")
    judge(page.go("/ledger/supervision/notices/sheet4"), axe, f"notice-{lang}")
    judge(page.go("/ledger/today"), axe, f"day-with-notices-{lang}")
    judge(page.go(f"{line}/supervision"), axe, f"supervise-none-{lang}")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_score_shows_what_it_is_made_of_and_takes_an_objection(portal, window, axe, lang):
    lead, steward = portal.person("lin@example.org", "lead"), portal.person("zhou@example.org", "steward")
    with portal.database() as db:
        db.execute("INSERT INTO assessment VALUES (1, 20637, 20728, ?, unixepoch() * 1000)", (int(steward.member[1:]),))
        db.execute("INSERT INTO assessment_score (key, assessment, member, due, in_time, running, course, owed, given, verdicts,"
                   " good, reds, raised, circulars, tenths) VALUES ('score1', 1, ?, 2, 1, 2, 150, 0, 0, 3, 2, 1, 0, 0, 591)",
                   (int(lead.member[1:]),))
    db.close()
    page = window(portal, lead, lang).go("/ledger/assessments")
    page.one("main details summary").click()
    judge(page, axe, f"assessments-{lang}")
    page.go("/ledger/assessments/score1").one("main details summary").click()
    page.one("#grounds").send_keys("The flood 洪水")
    page.one("main details[open] form button").click()
    page.done()
    judge(page, axe, f"assessment-{lang}")
    inspector = portal.person("wu@example.org", "inspector")
    page = window(portal, inspector, lang).go("/ledger/assessments/score1")
    page.one("main details summary").click()
    judge(page, axe, f"assessment-deciding-{lang}")
