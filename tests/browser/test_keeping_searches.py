"""Searches kept, by clicks, in both languages: a new paper that fits is told once, on the open page and in a letter."""

import pytest

from portal import eventually

WORDS = {
    "en": {"search": "Keep this search", "own": "Keep this search", "page": "Searches kept", "fits": "Papers that fitted: 1",
           "line": "Winter ferries", "none": "Papers that fitted: 0", "drop": "Drop", "empty": "You keep no search yet",
           "word": "ferry", "other": "tram",
           "paper": "Winter ferries\n\nThe council keeps the winter ferry until the bridge is open to everybody.\n",
           "beside": "Night buses\n\nThe night bus runs every half hour, and the board has started to count riders.\n",
           "more": "\nThe ferry also carries bicycles.\n"},
    "zh": {"search": "保存此检索", "own": "保存检索", "page": "保存的检索", "fits": "相符文稿 1 篇", "line": "冬季轮渡",
           "none": "相符文稿 0 篇", "drop": "删除", "empty": "您还没有保存检索", "word": "轮渡", "other": "电车",
           "paper": "冬季轮渡\n\n大桥全面通车之前，冬季轮渡照常运行，由市交通局负责。\n",
           "beside": "夜间公交\n\n夜间公交每半小时一班，理事会已开始统计客流。\n", "more": "\n轮渡可以携带自行车。\n"},
}


def publish(portal, text, *options):
    return portal.library.publish(portal.library.file("paper.txt", text), *options)


def looked_at_all(portal):
    def done():
        with portal.database() as db:
            return db.execute("SELECT 1 FROM cursor WHERE name = 'standing' AND seq >= (SELECT max(seq) FROM event"
                              " WHERE kind = 'paper.published')").fetchone()
    eventually(done, "the look at what was published")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_member_keeps_a_search_and_is_told_of_a_paper_that_fits_once(portal, window, post, axe, lang):
    words = WORDS[lang]
    member = portal.person("anna@example.org", lang=lang)
    member.post("/account/preferences", lang=lang, mail="daily")  # so that each paper is no letter of its own
    page = window(portal, member, lang).go("/search")
    page.one("main [name=q]").send_keys(words["word"] + "\n")
    page.click(words["search"], "main button")
    page.until(lambda: page.path.startswith("/standing"))
    assert page.heading == words["page"]
    # Another by the page's own form, with letters left to the digest.
    page.fill(q=words["other"], pace="digest")
    page.click(words["own"], "main button")
    page.until(lambda: len(page.all("main article")) == 2)
    assert page.text.count(words["none"]) == 2 and not page.violations(axe)
    # While the page is open two papers are published, and then the fitting one anew.
    page.live()
    publish(portal, words["beside"])
    paper = publish(portal, words["paper"])
    page.until(lambda: words["line"] in page.one("#live").text, "the live line")
    page.sees(words["fits"])
    page.screenshot(f"standing-{lang}")
    publish(portal, words["paper"] + words["more"], "--paper", paper)
    looked_at_all(portal)
    page.go("/standing").sees(words["fits"])
    letter, = post.take(1)
    assert letter.to == "anna@example.org" and words["line"] in letter.subject
    with portal.database() as db:
        assert db.execute("SELECT count(*) FROM letter WHERE kind = 'standing'").fetchone() == (1,)
    page.click(words["line"], "main article a")
    page.one("article.text")
    # A search that is dropped tells of nothing any more, and the page says how to begin again.
    page.go("/standing")
    for left in (1, 0):
        page.click(words["drop"], "main button")
        page.until(lambda: len(page.all("main article")) == left)
    page.sees(words["empty"])
