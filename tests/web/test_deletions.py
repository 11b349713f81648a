"""Delete after use: what a member owes, their word for it, and who has not given it."""

import re

from accounts import mail_on
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
    found = re.search(r'<a href="(/members/[^"]+)">Li', steward.get("/deletions/open").text)
    assert steward.json(found[1])["member"] == reader.member
    reader.get("/deletions/open", 403)
    reader.post(f"/deletions/{key}", deleted="1")
    after = steward.json("/deletions/open")
    assert after["deletions"] == [] and [(p["key"], p["asked"], p["given"]) for p in after["papers"]] == [(key, 1, 1)]
    assert f'href="/papers/{key}/deletions"' in steward.get("/deletions/open").text, "from where the certificate is found"


def test_the_page_is_honest_about_what_a_server_can_do(portal):
    assert "can't look at your disk" in portal.person("li@example.org").get("/deletions").text
    assert "无法查看或删除您设备上的文件" in portal.person("wang@example.org", lang="zh").get("/deletions").text


def test_the_certificate_names_who_gave_their_word_in_which_event_and_who_has_not(portal):
    reader, other = portal.person("li@example.org"), portal.person("wang@example.org")
    steward = portal.person("st@example.org", "steward")
    key = downloaded(portal, reader)
    other.get(f"/papers/{key}/download/txt")
    reader.post(f"/deletions/{key}", deleted="1")
    page = steward.json(f"/papers/{key}/deletions")
    assert (page["asked"], page["given_word"], page["outstanding"]) == (2, 1, 1)
    first, second = page["proofs"]
    seq, digest = ask(portal, "SELECT seq, lower(hex(hash)) FROM event WHERE kind = 'deletion.attested'")[0]
    assert (first["member"], first["event"], first["hash"]) == (reader.member, seq, digest)
    assert (second["member"], second["event"], second["attested"]) == (other.member, 0, None)
    reader.get(f"/papers/{key}/deletions", 403)


def test_a_copy_taken_after_the_word_was_given_is_outstanding_again_on_the_certificate(portal):
    reader, steward = portal.person("li@example.org"), portal.person("st@example.org", "steward")
    key = downloaded(portal, reader)
    reader.post(f"/deletions/{key}", deleted="1")
    reader.get(f"/papers/{key}/download/md")
    assert steward.json(f"/papers/{key}/deletions")["outstanding"] == 1
    assert [p["event"] for p in steward.json(f"/papers/{key}/deletions")["proofs"]] == [0]


def test_who_is_reminded_is_told_on_their_open_pages_and_nobody_else(portal):
    mail_on(portal)
    reader, other = portal.person("li@example.org"), portal.person("wang@example.org")
    lines, others = reader.events(), other.events()
    key = downloaded(portal, reader, delete_days=1)
    assert next(lines)[1:] == ("paper", {"text": f"New paper: {title_of(portal)}", "path": f"/papers/{key}"})
    assert next(lines)[1:] == ("deletion", {"text": "A copy of yours is to be deleted.", "path": "/deletions"})
    next(others)
    portal.library.publish(sample("zh"), "--title", "After")
    assert next(others)[2]["text"] == "New paper: After"


def title_of(portal):
    return ask(portal, "SELECT title FROM edition")[0][0]
