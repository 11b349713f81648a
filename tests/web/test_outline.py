"""The outline of official prose as data, in the reader's own words."""

import re

from shelf import change_offer, now, publish
from texts import sample

TEXT = """在春耕工作会上的讲话

一、认清形势
今年水源偏紧，任务很重。

二、抓好落实
一要抓早，赶在雨前把渠道修好。二要抓实，逐村逐户落到地头。

（一）压实责任
三要抓细，每条渠道都有专人看护。
"""


def test_parts_and_measures_come_with_the_sentence_of_each(portal):
    key = publish(portal, portal.library.file("spring.txt", TEXT))
    outline = portal.person("li@example.org").json(f"/papers/{key}/outline")
    assert [(p["marker"], p["title"]) for p in outline["parts"]] == [
        ("一、", "认清形势"), ("二、", "抓好落实"), ("（一）", "压实责任")]
    measures = [e for p in outline["parts"] for e in p["entries"] if e["kind"] == "measure"]
    assert outline["measures"] == len(measures)
    assert [e["marker"] for e in measures] == ["一要", "二要", "三要"][:len(measures)]
    assert measures[0]["sentence"].startswith("一要抓早") and measures[0]["sentence"].endswith("。")


def test_every_anchor_of_the_outline_stands_on_the_readers_page(portal):
    key = publish(portal, sample("zh", ".txt"))
    reader = portal.person("li@example.org")
    outline = reader.json(f"/papers/{key}/outline")
    page = reader.get(f"/papers/{key}").text
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    entries = [e for p in outline["parts"] for e in p["entries"]]
    assert len(outline["parts"]) > 2 and entries
    assert {p["anchor"] for p in outline["parts"]} - {"title"} <= ids
    assert {e["anchor"] for e in entries} <= ids


def test_the_sentences_are_the_members_own(portal):
    key = publish(portal, sample("zh", ".txt"))
    for number in range(5):
        reader = portal.person(f"reader{number}@example.org")
        own = portal.library.copy("P1", reader.member)
        for part in reader.json(f"/papers/{key}/outline")["parts"]:
            assert all(e["sentence"] in own for e in part["entries"])


def test_a_paper_that_may_not_be_read_has_no_outline(portal):
    key = publish(portal, sample("zh", ".txt"))
    reader = portal.person("li@example.org")
    change_offer(portal, key, expires_ms=now() - 1)
    assert "sentence" not in reader.get(f"/papers/{key}/outline", None).text
    assert reader.get("/papers/unknown/outline", 404)
    assert portal.anyone().get(f"/papers/{key}/outline", 303).location.startswith("/sign-in")
