"""Lists on windows of every width, in Chinese, whose words have no spaces between them."""

import pytest

BROKEN = """
const broken = [];
for (const cell of document.querySelectorAll('table.list :is(td, th)')) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const words = texts.currentNode.data.trim(), range = document.createRange();
        if (!/^[\\u4e00-\\u9fff]{2,8}$/.test(words) || cell.innerText.length > 12) continue;
        range.selectNodeContents(texts.currentNode);
        const lines = new Set([...range.getClientRects()].filter(r => r.width > 1).map(r => Math.round(r.top)));
        if (lines.size > 1) broken.push(words);
    }
}
return broken;"""
LISTS = ("/ledger/reviews", "/ledger/projects", "/ledger/policies", "/ledger/risks", "/ledger/supervision",
         "/ledger/rectifications", "/subscribers", "/members")


@pytest.mark.parametrize("width", [800, 1280])
def test_a_short_word_in_a_list_stays_whole_and_the_page_stands_still(town, window, width):
    page = window(town.portal, town.people["owner"], "zh", size=(width, 900))
    seen = 0
    for path in LISTS:
        page.go(path)
        seen += len(page.all("table.list tbody tr"))
        assert page.run(BROKEN) == [], path
        assert not page.overflow(), f"{path}: {page.overflow()}"
    assert seen > 40
