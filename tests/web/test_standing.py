"""Standing requests: a kept search tells of each new paper that fits and is open, once, and nobody else of its words."""

import pytest

import shelf
from portal import eventually

FERRY = "Winter ferries\n\nThe council keeps the winter ferry until the bridge is open to everybody.\n"
PASSED_OVER = 4096  # events that are looked at again and again until so many have come
BUSES = "Night buses\n\nThe night bus runs every half hour, and the board has started to count riders.\n"


@pytest.fixture
def anna(portal):
    person = portal.person("anna@example.org")
    shelf.do(portal, "UPDATE account SET mail = 'daily'")
    return person


def keep(person, words="ferry", pace="once", code=303):
    return person.post("/standing", code, q=words, pace=pace)


def publish(portal, text, *options):
    return portal.library.publish(portal.library.file("paper.txt", text), *options)


def looked(portal):
    """Waits until every publication was looked at."""
    newest = shelf.ask(portal, "SELECT max(seq) FROM event WHERE kind = 'paper.published'"
                               " AND json_extract(data, '$.announced')")[0][0]
    eventually(lambda: shelf.ask(portal, "SELECT 1 FROM cursor WHERE name = 'standing' AND seq >= ?", newest))


def fits(person):
    return {s["words"]: [p["title"] for p in s["papers"]] for s in person.json("/standing")["searches"]}


def test_a_new_paper_that_fits_is_told_at_once_and_on_open_pages_and_others_are_not(portal, post, anna):
    keep(anna)
    lines = anna.events()
    publish(portal, BUSES)
    publish(portal, FERRY)
    told = next(line for line in lines if line[1] == "standing")
    assert "Winter ferries" in told[2]["text"] and told[2]["path"].startswith("/papers/")
    letter = post.take()[0]
    assert letter.to == "anna@example.org" and "Winter ferries" in letter.subject
    assert told[2]["path"] in letter.html
    assert fits(anna) == {"ferry": ["Winter ferries"]}
    assert len(shelf.events(portal, "standing.fits")) == 1


def test_one_letter_tells_of_a_publication_whatever_fits(portal, post, anna):
    keep(anna), keep(anna, "bridge"), keep(anna, "“winter ferry”")
    publish(portal, FERRY)
    looked(portal)
    assert post.take()[0].to == "anna@example.org"
    rows = shelf.ask(portal, "SELECT kind FROM letter WHERE member = ?", int(anna.member[1:]))
    assert rows == [("standing",)]
    assert len(shelf.events(portal, "standing.fits")) == 1


def test_with_the_digest_it_is_among_its_papers_and_said_to_fit(portal, post, anna):
    keep(anna, pace="digest")
    publish(portal, FERRY)
    publish(portal, BUSES)
    looked(portal)
    eventually(lambda: shelf.ask(portal, "SELECT count(*) FROM letter WHERE kind = 'entry'")[0][0] == 2)
    shelf.do(portal, "UPDATE letter SET due_ms = 1")
    anna.post("/standing", q="wake up", pace="once")
    text = post.take()[0].text
    assert text.count("fits a search that you keep") == 1
    assert "Winter ferries" in text and "Night buses" in text


def test_it_is_told_never_twice_and_a_new_edition_only_when_it_newly_fits(portal, anna):
    keep(anna), keep(anna, "harbour")
    paper = publish(portal, FERRY)
    looked(portal)
    publish(portal, FERRY + "\nIt calls at the harbour now.\n", "--paper", paper)
    looked(portal)
    publish(portal, FERRY + "\nIt calls at the harbour now, twice.\n", "--paper", paper)
    looked(portal)
    assert [e[2]["edition"] for e in shelf.events(portal, "standing.fits")] == [1, 2]
    assert fits(anna) == {"ferry": ["Winter ferries"], "harbour": ["Winter ferries"]}
    portal.stop()
    portal.start()
    publish(portal, BUSES)
    looked(portal)
    assert len(shelf.events(portal, "standing.fits")) == 2


def test_what_was_there_before_is_not_told_also_in_its_next_edition(portal, anna):
    paper = publish(portal, FERRY)
    keep(anna)
    publish(portal, FERRY + "\nOne more line.\n", "--paper", paper)
    looked(portal)
    assert shelf.events(portal, "standing.fits") == []


def test_who_a_paper_is_not_open_to_is_not_told(portal, anna):
    bo = portal.person("bo@example.org")
    keep(anna), keep(bo)
    editor = portal.person("zhou@example.org", "editor")
    number = shelf.group(portal, "Board", members=[bo])
    board = shelf.ask(portal, 'SELECT key FROM "group" WHERE id = ?', number)[0][0]
    draft = editor.post("/write").location
    editor.post(draft, title="", text=FERRY, form="txt", version=1)
    editor.post(draft + "/publish", access="groups", groups=board, price="free", formats=["txt"])
    editor.post(draft + "/confirm", stamp=editor.json(draft + "/confirm")["stamp"])
    looked(portal)
    assert fits(anna) == {"ferry": []} and fits(bo) == {"ferry": ["Winter ferries"]}
    shelf.change_offer(portal, "P1", withdrawn_ms=1)
    assert fits(bo) == {"ferry": []}


def test_before_its_notice_is_accepted_a_paper_fits_by_its_title_alone(portal, anna):
    shelf.notice(portal, "In confidence.")
    keep(anna, "winter"), keep(anna, "council")
    publish(portal, FERRY)
    looked(portal)
    assert fits(anna) == {"winter": ["Winter ferries"], "council": []}


def test_what_concerns_nobody_is_passed_over_for_good(portal, anna):
    key = shelf.key_of(portal, publish(portal, FERRY))
    keep(anna)
    looked(portal)
    for _ in range(PASSED_OVER + 1):
        anna.get(f"/papers/{key}/download/txt")
    given = shelf.ask(portal, "SELECT min(seq) FROM event WHERE kind = 'copy.given'")[0][0]
    eventually(lambda: shelf.ask(portal, "SELECT 1 FROM cursor WHERE name = 'standing' AND seq > ?", given))


def test_the_words_are_the_members_alone(portal, anna):
    keep(anna, "very private words")
    publish(portal, "A note\n\nThese are very private words indeed, and nobody shall read them.\n")
    looked(portal)
    owner = portal.person("owner@example.org", "owner", "steward", "editor")
    assert owner.json("/standing")["searches"] == []
    said = shelf.ask(portal, "SELECT group_concat(data || subject) FROM event")[0][0]
    assert "private" not in said
    key = anna.json("/standing")["searches"][0]["key"]
    owner.post(f"/standing/{key}/drop", 404)
    anna.post(f"/standing/{key}/drop")
    assert shelf.ask(portal, "SELECT count(*) FROM standing_fit") == [(0,)]


def test_a_search_without_words_and_one_too_many_are_refused(anna):
    keep(anna, "-not", code=422)
    for i in range(20):
        keep(anna, f"word{i}")
    assert "drop one" in keep(anna, "another", code=429).text
    keep(anna, "word3", pace="digest")
    assert len(anna.json("/standing")["searches"]) == 20
