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


def test_a_sentence_that_opens_its_paragraph_as_a_heading_would_is_a_part(portal):
    key = publish(portal, portal.library.file("works.txt", """抓落实的讲话

一、突出重点
要抓好两个方面的工作。

（一）全力以赴抓项目。项目是发展的支撑。一要加快进度。二要做好储备。

（二）优化环境促招商。环境就是竞争力，要像爱护眼睛一样爱护它。一要便利。

（三）这件事大家议论了很久，有人赞成，有人反对，今天就此作一个说明，请大家听完之后再作判断，也请会后把各自的意见写下来，在本周五之前告诉办公室的同志。其他不再多说。
"""))
    reader = portal.person("li@example.org")
    outline = reader.json(f"/papers/{key}/outline")
    assert [(p["level"], p["marker"], p["title"], [e["marker"] for e in p["entries"]]) for p in outline["parts"]] == [
        (1, "一、", "突出重点", []), (2, "（一）", "全力以赴抓项目", ["一要", "二要"]), (2, "（二）", "优化环境促招商", ["一要"])]
    page = reader.get(f"/papers/{key}").text
    for part in outline["parts"][1:]:
        assert part["title"] in re.search(f'id="{part["anchor"]}".*', page)[0]
    contents = re.search(r'<nav class="outline".*?</nav>', page, re.DOTALL)[0]
    assert re.findall(r'<a href="#(.+?)">(.+?)</a>', contents) == [
        (part["anchor"], part["marker"] + part["title"]) for part in outline["parts"]]
    assert "<ol>\n<li><a href=\"#h1\">一、突出重点</a><ol>\n" in contents, "nested as the parts are"


def test_every_anchor_of_the_outline_stands_on_the_readers_page(portal):
    key = publish(portal, sample("zh", ".txt"))
    reader = portal.person("li@example.org")
    outline = reader.json(f"/papers/{key}/outline")
    page = reader.get(f"/papers/{key}").text
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    entries = [e for p in outline["parts"] for e in p["entries"]]
    assert len(outline["parts"]) > 8 and entries
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
