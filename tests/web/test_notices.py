"""Notices: written, read and accepted before reading; asked anew when the wording changes."""

import hashlib

from texts import sample


def change(portal, sql, *values):
    with portal.database() as db:
        rows = db.execute(sql, values).fetchall()
    db.close()
    return rows


def write(steward, text="Copies are marked.", scope="library", code=303, **more):
    return steward.post("/notices", code, text=text, scope=scope, **more)


def newest(portal):
    return "/notices/" + change(portal, "SELECT key FROM notice ORDER BY id DESC")[0][0]


def test_the_ready_text_says_plainly_what_readers_must_know(portal):
    portal.library.run("settings", "set", "organisation", "The Council")
    portal.library.run("settings", "set", "credit", "council@example.org")
    portal.library.run("settings", "set", "reading.days", "90")
    shown = portal.person("s@example.org", "steward").get("/notices").text
    for words in ("individually marked", "This is recorded", "full network address",
                  "Editors and the owner see who opened", "after 90 days only that it happened", "90 天后只保留次数", "appeal: write to council@example.org", "The papers of The Council", "专属于您的标记",
                  "系统会记录", "申诉：请联系council@example.org"):
        assert words in shown, words


def test_a_member_reads_and_accepts_a_notice_and_goes_on(portal):
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    write(steward, "Copies are marked.\r\n\r\n副本带有标记。")
    page = newest(portal) + "/accept?next=/papers/x"
    shown = member.get(page).text
    assert "Copies are marked." in shown and "127.0.0.1" in shown
    assert '<p lang="zh-Hans">副本带有标记。</p>' in shown
    assert member.post(newest(portal) + "/accept", next="/papers/x").location == "/papers/x"
    digest = hashlib.sha256("Copies are marked.\n\n副本带有标记。".encode()).hexdigest()
    assert change(portal, "SELECT member, hex(digest), address FROM acknowledgement") == [
        (int(member.member[1:]), digest.upper(), "127.0.0.1")]
    assert change(portal, "SELECT actor, subject, data FROM event WHERE kind = 'notice.accepted'") == [
        (member.member, member.member, '{"text":"%s"}' % digest)]
    assert member.json(page)["accepted"]


def test_accepting_twice_is_recorded_once(portal):
    write(portal.person("s@example.org", "steward"))
    member = portal.person("m@example.org")
    for _ in range(2):
        member.post(newest(portal) + "/accept")
    assert change(portal, "SELECT count(*) FROM event WHERE kind = 'notice.accepted'") == [(1,)]


def test_a_new_wording_ends_the_old_and_is_asked_anew(portal):
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    write(steward, "First.")
    first = newest(portal)
    member.post(first + "/accept")
    write(steward, "Second.")
    second = newest(portal)
    assert first != second
    assert member.get(first + "/accept?next=/a", 303).location == second + "/accept?next=/a"
    late = portal.person("l@example.org").post(first + "/accept", next="/a")
    assert late.location == second + "/accept?next=/a"
    assert change(portal, "SELECT count(*) FROM acknowledgement") == [(1,)]
    assert member.json(second + "/accept")["accepted"] is None
    write(steward, "Second.\r\n")
    assert newest(portal) == second


def test_what_comes_next_leads_nowhere_else(portal):
    write(portal.person("s@example.org", "steward"))
    member = portal.person("m@example.org")
    for elsewhere in ("https://example.org", "//example.org", "/\\example.org", "javascript:alert(1)"):
        assert member.post(newest(portal) + "/accept", next=elsewhere).location == "/"


def test_stewards_see_who_accepted_and_end_a_notice(portal):
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    write(steward)
    page = newest(portal)
    portal.person("late@example.org")
    assert {p["email"] for p in steward.json(page)["waiting"]} == {"s@example.org", "m@example.org", "late@example.org"}
    member.post(page + "/accept")
    people = steward.json(page)["people"]
    assert [(p["email"], p["address"]) for p in people] == [("m@example.org", "127.0.0.1")]
    assert {p["email"] for p in steward.json(page)["waiting"]} == {"s@example.org", "late@example.org"}
    assert "Who has not accepted it yet (2)" in steward.get(page).text
    steward.post(page + "/end")
    assert not steward.json(page)["waiting"]
    steward.post(page + "/end", 409)
    assert member.get(page + "/accept?next=/papers", 303).location == "/papers"
    assert steward.json(page)["notice"]["ended"]


def test_notices_are_for_stewards_to_write(portal):
    write(portal.person("s@example.org", "steward"))
    page = newest(portal)
    for person in (portal.person("m@example.org"), portal.person("e@example.org", "editor")):
        person.get("/notices", 403)
        person.get(page, 403)
        write(person, code=403)
        person.post(page + "/end", 403)
    assert portal.anyone().get(page + "/accept", 303).location.startswith("/sign-in")


def test_a_paper_that_is_not_there_is_said_so_in_words_of_the_page(portal):
    steward = portal.person("s@example.org", "steward")
    for paper in ("P99", "99x"):
        answer = steward.post("/notices", None, scope="paper", paper=paper, text="For members only.")
        assert answer.code in (404, 422) and paper in answer.text and "chancery papers" not in answer.text


def test_a_papers_notice_is_not_shown_to_whom_the_paper_is_not_open(portal):
    paper = portal.library.publish(sample("en"))
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    key, = change(portal, "SELECT key FROM offer")[0]
    for named in (paper, key, f"https://example.org/papers/{key}/1"):
        write(steward, f"About {named}", "paper", paper=named)
    member.get(newest(portal) + "/accept")
    change(portal, "UPDATE offer SET access = 'groups'")
    member.get(newest(portal) + "/accept", 404)
    write(steward, "x", "paper", 422, paper="nothing")
    write(steward, "x", "paper", 404, paper="P99")


def test_a_groups_notice_is_for_its_readers(portal):
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    group = steward.post("/groups", name="Board", public=1).location
    write(steward, "Group terms.", "group", group=group.split("/")[-1])
    page = newest(portal) + "/accept"
    member.get(page, 404)
    member.post(page, 404)
    member.post(group + "/join")
    assert "Board" in member.get(page).text
    write(steward, "x", "group", 404, group="nosuch")
    assert "What I typed" in write(steward, "What I typed", "planet", 422).text


def test_the_text_of_a_notice_is_words_and_never_markup(portal):
    steward = portal.person("s@example.org", "steward")
    write(steward, "<script>alert(1)</script>")
    for page in ("/notices", newest(portal), newest(portal) + "/accept"):
        assert "<script>alert" not in steward.get(page).text


def test_a_new_wording_is_told_to_open_pages_of_who_is_to_accept_it(portal):
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    group = steward.post("/groups", name="Board", public=1).location
    member.post(group + "/join")
    other = portal.person("o@example.org")
    lines = {who.member: who.events() for who in (member, other)}
    write(steward, "For the board.", "group", group=group.split("/")[-1])
    _, kind, data = next(lines[member.member])
    assert (kind, data["path"]) == ("notice", newest(portal) + "/accept")
    write(steward, "For all.")
    for line in lines.values():
        assert next(line)[2]["path"] == newest(portal) + "/accept"
    member.post(newest(portal) + "/accept")
    write(steward, "For all, reworded.")
    for line in lines.values():
        assert next(line)[2]["path"] == newest(portal) + "/accept"


def test_whatever_a_reader_does_next_after_a_new_wording_asks_and_goes_on_without_an_error(portal):
    portal.library.publish(sample("en"))
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    (key,), = change(portal, "SELECT key FROM offer")
    paper = f"/papers/{key}"
    member.get(paper)
    write(steward, "Copies are marked.")
    for ask in (lambda: member.get(paper, 303), lambda: member.get(paper + "/download/txt", 303),
                lambda: member.get(paper + "/outline", 303), lambda: member.get(paper + "/links", 303),
                lambda: member.post(paper + "/links", format="txt", days=1, uses=1),
                lambda: member.post(paper + "/position", edition=1, anchor="p1")):
        assert ask().location.startswith(newest(portal) + "/accept?next=")
    on = member.post(newest(portal) + "/accept", next=paper).location
    member.get(on)
