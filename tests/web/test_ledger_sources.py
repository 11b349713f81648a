"""From paper to ledger: proposals accepted, joined, dropped; and both ways between a sentence and its line."""

import html
import re

from shelf import publish
from test_ledger import change, make, titles
from texts import sample

PLAN = ("工作方案\n\n一、主要任务\n\n由水务局牵头，于2027年6月底前完成管网改造，新建管道不少于12公里。\n\n"
        "要建成滨河步道，确保2028年汛期前全线贯通。\n\n要抓好安全隐患排查整改。\n")


def proposals(editor, key, **query):
    return editor.json(f"/papers/{key}/commitments" + "".join(f"?{k}={v}" for k, v in query.items()))


def decide(editor, key, deed, rows, code=303, **more):
    """Sends the form as the page would, with these of its rows ticked."""
    page = proposals(editor, key)
    waiting = [c for c in page["commitments"] if c["state"] in ("proposed", "dropped")]
    return editor.post(f"/papers/{key}/commitments", code, deed=deed, place=[c["place"] for c in waiting],
                       kind=[c["kind"] for c in waiting], title=[more.get("title", c["title"]) for c in waiting],
                       chosen=[rows[i]["place"] for i in range(len(rows))],
                       **{k: v for k, v in more.items() if k != "title"})


def test_proposals_are_accepted_many_at_a_time_with_their_date_and_unit(portal):
    key = publish(portal, portal.library.file("plan.txt", PLAN))
    editor = portal.person("e@example.org", "editor")
    editor.post("/ledger/units", name="水务局")
    found = proposals(editor, key)["commitments"]
    decide(editor, key, "accept", found[:2], title="标题")
    page = proposals(editor, key)
    assert [c["state"] for c in page["commitments"]][:2] == ["accepted", "accepted"]
    assert page["open"] == len(found) - 2
    head = editor.json("/ledger/lines/" + page["commitments"][0]["line"])["head"]
    assert (head["unit"], head["due_day"], head["kind"]) == ("水务局", "2027-06-30", "project")


def test_a_sentence_joins_a_line_or_is_dropped_and_taken_up_again(portal):
    key = publish(portal, portal.library.file("plan.txt", PLAN))
    editor = portal.person("e@example.org", "editor")
    line = make(editor, "管网")
    found = proposals(editor, key)["commitments"]
    decide(editor, key, "merge", found[:1], into="G1")
    decide(editor, key, "drop", found[1:2], why="重复")
    states = [c["state"] for c in proposals(editor, key)["commitments"]]
    assert states[:2] == ["merged", "dropped"]
    assert [c["number"] for c in proposals(editor, key)["commitments"]][0] == "G1"
    assert len(editor.json(line)["sources"]) == 1
    decide(editor, key, "accept", found[1:2], title="步道")
    assert proposals(editor, key)["commitments"][1]["state"] == "accepted"
    place = found[0]["place"]
    editor.post(f"/papers/{key}/commitments", 409, deed="drop", place=place, kind="goal", title="x", chosen=place)


def test_the_source_is_shown_to_each_in_the_words_of_their_own_copy(portal):
    portal.library.add_members(24)
    key = publish(portal, sample("zh", ".txt"))
    editor, lead = portal.person("M3", "editor"), portal.person("M5", "lead")
    found = proposals(editor, key)["commitments"]
    decide(editor, key, "accept", found, title="要事")
    lines = [c["line"] for c in proposals(editor, key)["commitments"]]
    seen = [[who.json(f"/ledger/lines/{line}")["sources"][0]["words"] for line in lines[:30]]
            for who in (editor, lead)]
    for who, sentences in zip((editor, lead), seen):
        own = portal.library.copy("P1", who.member)
        assert all(sentence in own for sentence in sentences)
    assert seen[0] != seen[1]
    kept = change(portal, "SELECT group_concat(data) FROM event WHERE kind LIKE 'line.%' OR kind LIKE 'commitment.%'")
    assert not any(sentence in kept[0][0] for sentence in seen[0])


def test_who_may_not_open_the_paper_learns_nothing_of_its_words(portal):
    key = publish(portal, portal.library.file("plan.txt", PLAN))
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    decide(editor, key, "accept", proposals(editor, key)["commitments"][:1], title="管网")
    line = proposals(editor, key)["commitments"][0]["line"]
    change(portal, "UPDATE offer SET access = 'groups'")
    source, = lead.json(f"/ledger/lines/{line}")["sources"]
    assert source == {"title": "", "path": "", "words": "", "lang": source["lang"], "open": False}
    assert "工作方案" not in lead.get(f"/ledger/lines/{line}").text


def test_a_proposed_title_reads_the_same_for_every_editor_and_holds_no_marks(portal):
    portal.library.add_members(24)
    key = publish(portal, sample("zh", ".txt"))
    editors = [portal.person(f"M{n}", "editor") for n in (3, 5, 8)]
    pages = [proposals(editor, key)["commitments"] for editor in editors]
    proposed = [[c["title"] for c in page] for page in pages]
    assert proposed[0] == proposed[1] == proposed[2]
    assert [c["sentence"] for c in pages[0]] != [c["sentence"] for c in pages[1]]
    assert sum(bool(title) for title in proposed[0]) > 0.8 * len(proposed[0])


def test_a_sentence_of_ones_own_copy_is_not_taken_for_a_title(portal):
    portal.library.add_members(24)
    key = publish(portal, sample("zh", ".txt"))
    editor, other = portal.person("M3", "editor"), portal.person("M5", "editor")
    pairs = zip(proposals(editor, key)["commitments"], proposals(other, key)["commitments"])
    marked = next(c for c, o in pairs if c["sentence"] != o["sentence"] and len(c["sentence"]) < 180)
    answer = decide(editor, key, "accept", [marked], 422, title=marked["sentence"])
    assert "own copy" in answer.text
    assert titles(editor.json("/ledger")) == []


def test_the_paper_shows_the_state_of_its_commitments_to_whom_the_ledger_is_open(portal):
    key = publish(portal, portal.library.file("plan.txt", PLAN))
    editor, member = portal.person("e@example.org", "editor"), portal.person("m@example.org")
    found = proposals(editor, key)["commitments"]
    decide(editor, key, "accept", found[:1], title="管网")
    line = proposals(editor, key)["commitments"][0]["line"]
    shown = re.findall(r'<a class="margin" data-state="(\w+)" href="([^"]+)" aria-label="([^"]+)"',
                       editor.get(f"/papers/{key}").text)
    assert shown == [("active", f"/ledger/lines/{line}", "P1 Under way")]
    editor.post(f"/ledger/lines/{line}/state", state="done")
    assert 'data-state="done"' in editor.get(f"/papers/{key}").text
    assert 'class="margin"' not in member.get(f"/papers/{key}").text
    plain = re.sub(r'<a class="margin".*?</a>', "", editor.get(f"/papers/{key}").text)
    assert html.unescape(found[0]["sentence"]) in re.sub("<[^>]+>", "", plain)


def test_a_new_edition_shows_which_commitments_changed(portal):
    key = publish(portal, portal.library.file("plan.txt", PLAN))
    editor = portal.person("e@example.org", "editor")
    found = proposals(editor, key)["commitments"]
    decide(editor, key, "accept", found[:2], title="事项")
    portal.library.publish(portal.library.file("plan2.txt", PLAN.replace("2027年6月底", "2027年9月底")), "--paper", "P1")
    page = proposals(editor, key)
    assert page["edition"] == 2
    gone, = page["gone"]
    assert "6月底" in gone["was"] and "9月底" in gone["now"]
    assert page["commitments"][1]["state"] == "accepted"  # its words are the same
    editor.post(f"/papers/{key}/commitments/move", commitment=gone["commitment"], place=gone["place"], edition=2)
    page = proposals(editor, key)
    assert page["gone"] == [] and page["commitments"][0]["state"] == "accepted"
    source, = editor.json("/ledger/lines/" + gone["line"])["sources"]
    assert "9月底" in source["words"]
    assert "6月底" in proposals(editor, key, edition=1)["commitments"][0]["sentence"]
