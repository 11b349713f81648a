"""Talk under a paper: words that are selected in one's own copy are quoted, and others see them appear in theirs."""

import pytest

from texts import sample

WORDS = {
    "en": {"select": "Quote the selection in the talk", "post": "Post", "quote": "Quote a passage", "one": "Quote"},
    "zh": {"select": "在讨论中引用所选文字", "post": "发布", "quote": "引用一段", "one": "引用"},
}
SELECT = """
const [start, end] = [document.querySelector('#p4'), document.querySelector('#p5')];
const text = (e) => document.createTreeWalker(e, NodeFilter.SHOW_TEXT).nextNode();
getSelection().setBaseAndExtent(text(start), 3, text(end), 9);
return getSelection().toString();
"""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_selection_is_quoted_and_appears_on_another_members_open_page(portal, window, lang):
    words = WORDS[lang]
    portal.library.publish(sample(lang))
    key = portal.database().execute("SELECT key FROM offer").fetchone()[0]
    anna, bo = portal.person("anna@example.org"), portal.person("bo@example.org")
    other = window(portal, bo, lang, nth=1).go(f"/papers/{key}/talk")
    other.live()
    page = window(portal, anna, lang).go(f"/papers/{key}")
    first, *_, second = (part for part in page.run(SELECT).split("\n") if part)
    page.until(lambda: page.one("#quote").is_displayed())
    page.screenshot(f"quote-selection-{lang}")
    page.click(words["select"], "#quote a")
    page.until(lambda: page.all(".quoted blockquote"))
    assert first in page.text and second in page.text
    page.fill(text="What is meant here?")
    page.screenshot(f"quote-form-{lang}")
    page.click(words["post"], "#say button")
    page.until(lambda: page.all("#posts blockquote"))
    quoted = page.texts_of("#posts blockquote > p:not(.meta)")
    assert len(quoted) == 2 and first in quoted[0] and second in quoted[1]
    assert quoted[1][-1] in ".!?。！？"  # whole sentences, and no more of them
    assert not any(mark in quoted[1][len(second):-1] for mark in (". ", "。"))
    # bo sees it come, in words of bo's own copy.
    other.until(lambda: "What is meant here?" in other.text)
    his = other.texts_of("#posts blockquote > p:not(.meta)")
    other.screenshot(f"quote-other-{lang}")
    other.go(f"/papers/{key}")
    own = other.one("article.text").text
    assert len(his) == 2 and all(line in own for line in his)


def test_what_one_is_typing_is_not_taken_away_by_a_post_that_arrives(portal, window):
    portal.library.publish(sample("en"))
    key = portal.database().execute("SELECT key FROM offer").fetchone()[0]
    anna, bo = portal.person("anna@example.org"), portal.person("bo@example.org")
    anna.post(f"/papers/{key}/talk", text="First")
    page = window(portal, bo).go(f"/papers/{key}/talk")
    page.live()
    page.click("Answer Anna", "summary")
    page.one("#posts details[open] textarea").send_keys("I am just")
    bo.post(f"/papers/{key}/talk", text="I was here")
    anna.post(f"/papers/{key}/talk", text="Second")
    page.until(lambda: "Anna posted in" in page.text)
    assert page.one("#posts details[open] textarea").get_attribute("value") == "I am just"
