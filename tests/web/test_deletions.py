"""Delete after use: what a member owes, their word for it, and who has not given it."""

from shelf import DAY, ask, do, events, publish
from texts import sample


def downloaded(portal, person, **offer):
    key = publish(portal, sample("en", ".txt"), **{"delete_days": 7, **offer})
    person.get(f"/papers/{key}/download/txt")
    return key


def test_a_download_of_such_a_paper_is_to_be_deleted_and_the_member_gives_their_word(portal):
    reader = portal.person("li@example.org")
    key = downloaded(portal, reader)
    owed = reader.json("/deletions")["deletions"]
    assert [(d["key"], d["open"], d["overdue"]) for d in owed] == [(key, True, False)]
    reader.post(f"/deletions/{key}", 422)
    reader.post(f"/deletions/{key}", deleted="1")
    assert not reader.json("/deletions")["deletions"][0]["open"]
    assert [e[:2] for e in events(portal, "deletion.attested")] == [(reader.member, "P1")]


def test_reading_on_the_page_owes_nothing(portal):
    reader = portal.person("li@example.org")
    key = publish(portal, sample("en", ".txt"), delete_days=7)
    reader.get(f"/papers/{key}")
    assert reader.json("/deletions")["deletions"] == []


def test_nobody_gives_their_word_for_another_or_for_what_is_not_owed(portal):
    reader, other = portal.person("li@example.org"), portal.person("wang@example.org")
    key = downloaded(portal, reader)
    other.post(f"/deletions/{key}", 404, deleted="1")
    assert ask(portal, "SELECT attested_ms FROM deletion") == [(None,)]


def test_stewards_see_whose_word_is_missing_and_members_do_not(portal):
    reader, steward = portal.person("li@example.org"), portal.person("st@example.org", "steward")
    key = downloaded(portal, reader)
    do(portal, "UPDATE deletion SET due_ms = due_ms - ?", 30 * DAY)
    missing = steward.json("/deletions/open")["deletions"]
    assert [(d["member"], d["key"], d["overdue"]) for d in missing] == [(reader.member, key, True)]
    reader.get("/deletions/open", 403)
    reader.post(f"/deletions/{key}", deleted="1")
    assert steward.json("/deletions/open")["deletions"] == []


def test_the_page_is_honest_about_what_a_server_can_do(portal):
    assert "can't look at your disk" in portal.person("li@example.org").get("/deletions").text
    assert "无法查看或删除您设备上的文件" in portal.person("wang@example.org", lang="zh").get("/deletions").text
