"""Groups: made, joined, left, filled and closed; and who sees what of them."""

import sqlite3

from program import ROOT
from texts import sample


def make_group(steward, name="Board", **more):
    return steward.post("/groups", name=name, **more).location


def change(portal, sql, *values):
    with portal.database() as db:
        rows = db.execute(sql, values).fetchall()
    db.close()
    return rows


def put_paper_in(portal, group, paper="P1", free=1):
    """The paper as an editor would offer it: to this group alone."""
    key = group.split("/")[-1]
    change(portal, "UPDATE offer SET access = 'groups', free = ? WHERE paper = ?", free, int(paper[1:]))
    change(portal, 'INSERT INTO group_paper SELECT id, ? FROM "group" WHERE key = ?', int(paper[1:]), key)


def events(portal, kind):
    return change(portal, "SELECT actor, subject, data FROM event WHERE kind = ?", kind)


def test_a_steward_makes_a_group_and_everybody_sees_it_when_it_is_public(portal):
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    address = make_group(steward, "规划组", about="长远规划", public=1)
    assert "规划组" in member.get("/groups").text
    page = member.json(address)
    assert (page["name"], page["is_public"], page["may_join"], page["in"]) == ("规划组", True, True, False)
    assert events(portal, "group.made") == [(steward.member, "G1", '{"name":"规划组","paid":false,"public":true}')]


def test_a_group_by_invitation_does_not_exist_for_others(portal):
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    address = make_group(steward)
    assert member.json("/groups")["groups"] == []
    member.get(address, 404)
    member.post(f"{address}/join", 404)
    assert member.json(address, 404) == member.json("/groups/nosuchgroup", 404)


def test_a_member_joins_a_public_group_and_leaves_it(portal):
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    address = make_group(steward, public=1)
    assert member.post(f"{address}/join").location == address
    member.post(f"{address}/join")
    assert member.json(address)["joined"]
    assert steward.json(address)["members"] == 1
    member.post(f"{address}/leave")
    assert not member.json(address)["in"]
    assert len(events(portal, "group.joined")) == len(events(portal, "group.left")) == 1


def test_nobody_joins_a_paid_group_by_themselves(portal):
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    address = make_group(steward, public=1, paid=1)
    assert not member.json(address)["may_join"]
    assert "subscription" in member.post(f"{address}/join", 403).text
    assert not member.json(address)["in"]


def test_a_steward_puts_members_in_by_their_addresses_all_or_none(portal):
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    portal.person("n@example.org")
    address = make_group(steward)
    refused = steward.post(f"{address}/members", 422, emails="m@example.org\nwho@example.org")
    assert "who@example.org" in refused.text and "Nobody is in this group" in refused.text
    steward.post(f"{address}/members", emails="M@example.org, n@example.org;\n m@example.org")
    assert member.json(address)["in"]
    names = [m["name"] for m in steward.json(f"{address}/members")["members"]]
    assert names == ["M", "N"]
    steward.post(f"{address}/remove", member=member.member)
    member.get(address, 404)


def test_what_stewards_do_is_not_for_others(portal):
    steward = portal.person("s@example.org", "steward")
    address = make_group(steward, public=1)
    for person in (portal.person("m@example.org"), portal.person("e@example.org", "editor")):
        person.post("/groups", 403, name="Mine")
        person.get(f"{address}/members", 403)
        for what in ("change", "close", "reopen", "members", "remove"):
            person.post(f"{address}/{what}", 403, name="X", emails="m@example.org", member=person.member)
    assert steward.json(address)["name"] == "Board"


def test_a_group_is_changed_and_a_refused_form_keeps_what_was_typed(portal):
    steward = portal.person("s@example.org", "steward")
    make_group(steward, "Board")
    address = make_group(steward, "Panel")
    again = steward.post(f"{address}/change", 409, name="BOARD", about="What I typed")
    assert "already" in again.text and "What I typed" in again.text
    steward.post(f"{address}/change", name="Council", about="New words", public=1)
    page = steward.json(address)
    assert (page["name"], page["about"], page["is_public"]) == ("Council", "New words", True)
    assert "please fill this in" in steward.post("/groups", 422, name=" ").text


def test_a_closed_group_takes_nobody_and_keeps_its_papers_open(portal):
    portal.library.publish(sample("en"))
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    address = make_group(steward, public=1)
    put_paper_in(portal, address)
    member.post(f"{address}/join")
    steward.post(f"{address}/close")
    late = portal.person("l@example.org")
    late.post(f"{address}/join", 409)
    steward.post(f"{address}/members", 409, emails="l@example.org")
    assert member.json(address)["papers"][0]["open"]
    steward.post(f"{address}/reopen")
    late.post(f"{address}/join")


def test_a_groups_page_says_of_each_paper_whether_it_opens(portal):
    paper = portal.library.publish(sample("en"))
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    address = make_group(steward, public=1)
    put_paper_in(portal, address, paper)
    shown = member.json(address)["papers"]
    assert [p["open"] for p in shown] == [False] and shown[0]["title"]
    assert "Not open to you" in member.get(address).text
    member.post(f"{address}/join")
    assert member.json(address)["papers"][0]["open"]
    assert "Not open to you" not in member.get(address).text
    change(portal, "UPDATE offer SET published_ms = published_ms + 86400000")
    assert member.json(address)["papers"] == []


def test_names_are_shown_as_words_and_never_as_markup(portal):
    steward = portal.person("s@example.org", "steward")
    address = make_group(steward, "<script>alert(1)</script>", about="<b>x</b>", public=1)
    for page in ("/groups", address, f"{address}/members"):
        assert "<script>alert" not in steward.get(page).text and "<b>x" not in steward.get(page).text


def test_the_list_of_members_names_the_group_that_each_was_added_to(portal):
    portal.library.json("member", "add", "--email", "a@example.org", "--name", "A", "--group", "Board")
    portal.library.json("member", "add", "--email", "b@example.org", "--name", "B", "--group", "BOARD")
    steward = portal.person("s@example.org", "steward")
    group, = steward.json("/groups")["groups"]
    assert (group["name"], group["members"]) == ("Board", 2)
    steward.post(f"/groups/{group['key']}/close")
    refused = portal.library.run("member", "add", "--email", "c@example.org", "--name", "C", "--group",
                                 "board", code=1)
    assert "closed" in refused.err
    assert len(portal.library.json("member", "list")) == 3


def test_the_groups_of_an_older_library_become_groups_by_invitation(library):
    database = library.data / "chancery.db"
    database.unlink()
    with sqlite3.connect(database) as db:
        for name in ("0001-library.sql", "0002-source-index.sql"):
            db.executescript((ROOT / "sql" / name).read_text(encoding="utf-8"))
        db.executemany('INSERT INTO member (name, email, "group", created_ms) VALUES (?, ?, ?, 1)',
                       [("A", "a@example.org", "Board"), ("B", "b@example.org", "board"),
                        ("C", "c@example.org", ""), ("D", "d@example.org", "理事会")])
        db.execute("PRAGMA user_version = 2")
    db.close()
    assert [m["group"] for m in library.json("member", "list")] == ["Board", "Board", "", "理事会"]
    with sqlite3.connect(database) as db:
        assert db.execute('SELECT count(DISTINCT key), group_concat(DISTINCT door) FROM "group"'
                          ).fetchone() == (2, "invitation")
    db.close()
