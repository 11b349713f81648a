"""A request from the first wish to the published paper, by clicks, in both languages; followers told once."""

import pytest

from portal import eventually
from texts import sample

WORDS = {
    "en": {"miss": "winter ferries", "look": "See whether others asked", "ask": "Ask", "too": "I want this too",
           "publish": "Publish", "all": "All members", "next": "Go on to the last page", "now": "Publish it now",
           "done": "Published", "line": "Request “winter ferries”: published"},
    "zh": {"miss": "冬季轮渡", "look": "看看是否已有人提出", "ask": "提出需求", "too": "我也需要", "publish": "发布",
           "all": "全体成员", "next": "下一步", "now": "立即发布", "done": "已发布",
           "line": "需求“冬季轮渡”：已发布"},
}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_request_goes_from_the_first_wish_to_a_paper_and_followers_are_told_once(portal, window, post, lang):
    words = WORDS[lang]
    anna, bo = portal.person("anna@example.org"), portal.person("bo@example.org")
    editor = portal.person("zhou@example.org", "editor")
    page = window(portal, anna, lang).go("/requests")
    page.fill(title=words["miss"])
    page.click(words["look"])
    page.until(lambda: page.path.startswith("/requests/new"))
    page.click(words["ask"], "main form button")
    page.done()
    path = page.path
    # Another looks before asking, finds it there and votes.
    page.become(bo)
    page.go("/requests").fill(title=words["miss"] + " 2026")
    page.click(words["look"])
    page.click(words["too"])
    page.until(lambda: page.path == path)
    page.screenshot(f"request-{lang}")
    # It waits on bo's open page while the editor publishes.
    other = window(portal, bo, lang, nth=1).go("/papers")
    other.live()
    draft = editor.post("/write").location
    editor.post(draft, title="", text=sample(lang).read_text("utf-8"), form="txt", version=1)
    page.become(editor)
    page.go(draft).click(words["publish"], "nav.tabs a")
    page.click(words["all"], "label")
    page.run("const s = document.querySelector('#request'); s.selectedIndex = 1")
    page.click(words["next"])
    page.until(lambda: page.path.endswith("/confirm"))
    page.one("main form button").click()
    page.sees(words["done"])
    other.until(lambda: words["line"] in other.text)
    eventually(lambda: portal.database().execute("SELECT 1 FROM letter WHERE kind = 'published'").fetchone())
    told = {}
    while not {"anna@example.org", "bo@example.org"} <= told.keys():
        letter, = post.take(1)
        told[letter.to] = told.get(letter.to, 0) + 1
    assert told["anna@example.org"] == told["bo@example.org"] == 1
    page.become(anna)
    page.go(path)
    page.click(selector="main dd a")
    page.one("article.text")
    # The paper was announced to everybody else; who followed the request was told by the answer alone.
    rows = portal.database().execute("SELECT member, kind FROM letter ORDER BY member").fetchall()
    told = [(member, kind) for member, kind in rows if member != int(editor.member[1:])]
    assert told == [(int(anna.member[1:]), "request"), (int(bo.member[1:]), "request")]
    assert {letter.to for letter in list(post.letters.queue)} <= {"zhou@example.org"}
