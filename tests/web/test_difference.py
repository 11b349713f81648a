"""The difference between two editions, in the reader's own copies of both."""

import re

from shelf import change_offer, events, now, publish
from texts import sample


def two_editions(portal):
    key = publish(portal, sample("zh", ".txt"))
    text = sample("zh", ".txt").read_text().replace("前三季度", "前四季度", 1)
    assert "我讲三点意见。" in text
    text = text.replace("我讲三点意见。", "我讲三点意见，请同志们考虑。")
    portal.library.publish(portal.library.file("second.txt", text), "--paper", "P1")
    return key


def sides(page):
    spans = [span for block in page["blocks"] for span in block["spans"]]
    return [re.sub(r"\s+", "", "".join(s["text"] for s in spans if s["kind"] != left_out))
            for left_out in ("inserted", "deleted")]


def test_each_member_sees_the_editors_changes_alone_in_their_own_words(portal):
    key = two_editions(portal)
    seen = set()
    for i in range(20):
        reader = portal.person(f"m{i}@example.org")
        page = reader.json(f"/papers/{key}/difference?from=1&to=2&all=1")
        assert (page["changed"], page["added"], page["removed"]) == (1, 0, 0)
        changes = [(s["kind"], s["text"]) for b in page["blocks"] for s in b["spans"]
                   if s["kind"] != "same"]
        assert changes == [("deleted", "三"), ("inserted", "四"), ("inserted", "，请同志们考虑")]
        own = re.sub(r"\s+", "", portal.library.copy("P1", reader.member))
        assert sides(page)[1] == own
        seen.add(own)
    assert len(seen) == 20


def test_the_page_marks_what_was_deleted_and_inserted_and_sums_up_by_heading(portal):
    key = two_editions(portal)
    page = portal.person("li@example.org").get(f"/papers/{key}/difference?from=1&to=2").text
    assert "<del>三</del><ins>四</ins>" in page and "<ins>，请同志们考虑</ins>" in page
    assert "Before the first heading" in page and "unchanged" in page


def test_nothing_differs_from_itself_and_either_direction_is_shown(portal):
    key = two_editions(portal)
    reader = portal.person("li@example.org")
    same = reader.get(f"/papers/{key}/difference?from=2&to=2").text
    assert "No words differ" in same and "In full" not in same
    assert "In full" in reader.get(f"/papers/{key}/difference?from=2&to=2&all=1").text
    back = reader.json(f"/papers/{key}/difference?from=2&to=1")
    assert ("deleted", "四") in [(s["kind"], s["text"]) for b in back["blocks"] for s in b["spans"]]


def test_a_change_of_marking_alone_shows_nothing(portal):
    key = publish(portal, sample("zh", ".txt"))
    readers = [portal.person(f"m{i}@example.org") for i in range(8)]
    for reader in readers:
        reader.get(f"/papers/{key}")
    portal.library.run("sites", "lock", "P1", *[f"S{i}" for i in range(1, 40)])
    for reader in readers:
        page = reader.json(f"/papers/{key}/difference?from=1&to=2&all=1")
        assert (page["changed"], page["added"], page["removed"]) == (0, 0, 0)
        assert sides(page)[1] == re.sub(r"\s+", "", portal.library.copy("P1", reader.member))


def test_comparing_is_on_record_for_both_editions(portal):
    key = two_editions(portal)
    reader = portal.person("li@example.org")
    reader.get(f"/papers/{key}/difference?from=1&to=2")
    assert [data["edition"] for _, _, data in events(portal, "copy.opened")] == [1, 2]


def test_only_editions_of_an_open_paper_are_compared(portal):
    key = two_editions(portal)
    reader = portal.person("li@example.org")
    for query in ("from=1&to=3", "from=9&to=2"):
        reader.get(f"/papers/{key}/difference?{query}", 404)
    for query in ("", "from=0&to=1", "from=1", "from=x&to=1"):
        reader.get(f"/papers/{key}/difference?{query}", 422)
    change_offer(portal, key, withdrawn_ms=now())
    assert reader.json(f"/papers/{key}/difference?from=1&to=2", 403)["why"] == "withdrawn"
