"""What a paper commits to, on the page: for editors, in their own copy's words, each at its place."""

import re

from shelf import publish
from texts import sample

PLAN = "工作方案\n\n一、主要任务\n\n由水务局牵头，于2027年6月底前完成管网改造，新建管道不少于12公里。\n"


def test_an_editor_sees_each_commitment_with_date_quantity_and_body(portal):
    key = publish(portal, portal.library.file("plan.txt", PLAN))
    editor = portal.person("editor@example.org", "editor")
    page = editor.json(f"/papers/{key}/commitments")
    found, = page["commitments"]
    assert (found["kind"], found["quantity"], found["body"]) == ("project", "不少于12公里", "水务局")
    assert "2027年6月底" in found["date"]  # 于 or 在, 前 or 之前: as the editor's copy has it
    assert (page["count"], found["year"], found["month"], found["day"]) == (1, 2027, 6, 0)
    assert "水务局" in editor.get(f"/papers/{key}/commitments").text


def test_the_sentences_are_the_editors_own_and_lead_to_their_places(portal):
    key = publish(portal, sample("zh", ".txt"))
    editor = portal.person("editor@example.org", "editor")
    own = portal.library.copy("P1", editor.member)
    found = editor.json(f"/papers/{key}/commitments")["commitments"]
    assert len(found) > 50 and all(c["sentence"] in own for c in found)
    paragraphs = dict(re.findall(r'<p[^>]* id="(p\d+)">(.*?)</p>', editor.get(f"/papers/{key}").text, re.S))
    for c in found:
        assert c["sentence"] in re.sub("<[^>]*>", "", paragraphs[c["anchor"]])


def test_members_see_no_proposals(portal):
    key = publish(portal, sample("zh", ".txt"))
    assert "sentence" not in portal.person("li@example.org").get(f"/papers/{key}/commitments", 403).text


def test_a_paper_that_commits_nobody_says_so(portal):
    key = publish(portal, portal.library.file("note.txt", "札记\n\n今年以来，来馆的人多了。\n"))
    editor = portal.person("editor@example.org", "editor")
    assert editor.json(f"/papers/{key}/commitments")["commitments"] == []
    assert "未在本文稿中识别出承诺事项" in portal.person("e2@example.org", "editor", lang="zh").get(
        f"/papers/{key}/commitments").text
