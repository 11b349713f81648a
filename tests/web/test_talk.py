"""Talk in groups: who reads and posts, answers, mentions, attached papers, editing, removal."""

import html
import json

from accounts import letters, mail_on
from texts import sample

HOUR = 3600 * 1000


def change(portal, sql, *values):
    with portal.database() as db:
        rows = db.execute(sql, values).fetchall()
    db.close()
    return rows


def circle(portal, *names):
    """A steward, a public group's address, and people who are in it."""
    steward = portal.person("s@example.org", "steward")
    group = steward.post("/groups", name="Board", public=1).location
    people = [portal.person(f"{name}@example.org") for name in names]
    for person in people:
        person.post(group + "/join")
    return steward, group, *people


def say(person, group, text, code=303, **more):
    return person.post(group + "/talk", code, text=text, **more)


def posts(person, group, page=1):
    return person.json(f"{group}/talk?page={page}")["posts"]


def test_members_of_a_group_post_and_answer_each_other(portal):
    _, group, anna, bob = circle(portal, "anna", "bob")
    say(anna, group, "Shall we begin?\n开始吧。")
    first, = posts(bob, group)
    say(bob, group, "Yes.", thread=first["key"])
    say(anna, group, "Another matter.")
    say(bob, group, "Good.", thread=posts(anna, group)[2]["key"])
    assert [(p["author"], p["text"], p["reply"]) for p in posts(anna, group)] == [
        ("Anna", "Another matter.", False), ("Anna", "Shall we begin?\n开始吧。", False),
        ("Bob", "Yes.", True), ("Bob", "Good.", True)]
    assert json.loads(change(portal, "SELECT data FROM event WHERE kind = 'post.made'")[0][0]) == {"post": "T1"}


def test_talk_is_for_who_is_in_the_group(portal):
    _, group, anna = circle(portal, "anna")
    say(anna, group, "Among us.")
    key = posts(anna, group)[0]["key"]
    outside = portal.person("o@example.org")
    assert outside.json(group + "/talk", 404) == outside.json("/groups/nosuchgroup/talk", 404)
    say(outside, group, "Hello", 404)
    outside.post(group + "/talk/edit", 404, post=key, text="x")
    outside.post(group + "/talk/remove", 404, post=key)
    change(portal, "UPDATE \"group\" SET door = 'invitation'")
    outside.get(group + "/talk", 404)
    anna.post(group + "/leave")
    anna.get(group + "/talk", 404)


def test_a_mention_sends_one_letter_to_the_member_meant(portal):
    portal.library.run("settings", "set", "smtp.url", "smtp://127.0.0.1:1")
    portal.library.run("settings", "set", "mail.from", "a@example.org")
    _, group, anna, bob = circle(portal, "anna", "bob")
    portal.library.json("member", "add", "--email", "al@example.org", "--name", "Bob Lee", "--group", "Board")
    portal.person("c@example.org")
    say(anna, group, "@Bob Lee and @Anna and @C, look.")
    say(anna, group, "@Bob, @Bob and @Nobody")
    key = posts(anna, group)[0]["key"]
    anna.post(group + "/talk/edit", post=key, text="@Bob again")
    names = change(portal, "SELECT m.name FROM letter l JOIN member m ON m.id = l.member"
                           " WHERE l.kind = 'mention' ORDER BY l.id")
    assert names == [("Bob Lee",), ("Bob",)]
    assert bob.get(group + "/talk")


def said_to(person):
    """What the front page tells of talk: who, where, and whether they are mentioned."""
    return [(s["author"], s["place"], s["mentions"]) for s in person.json("/")["said"]]


def test_the_front_page_tells_of_mentions_and_answers_until_they_are_seen(portal):
    _, group, anna, bob, carol = circle(portal, "anna", "bob", "carol")
    say(anna, group, "Shall we begin? @Carol")
    first, = posts(bob, group)
    say(bob, group, "Yes.", thread=first["key"])
    say(carol, group, "Another matter")
    assert said_to(carol) == [("Anna", "Board", True)]
    assert said_to(anna) == [("Bob", "Board", False)]
    assert said_to(bob) == []
    say(anna, group, "@Bob good", thread=first["key"])
    assert said_to(bob) == [("Anna", "Board", True)]
    assert "Anna mentions you" in bob.get("/").text and "Bob answers" in anna.get("/").text
    bob.get(bob.get(bob.json("/")["said"][0]["path"], 303).location.split("#")[0])
    assert said_to(bob) == [] and "For you in talk" not in bob.get("/").text
    assert said_to(carol) == [("Anna", "Board", True)]


def test_what_stands_on_another_page_of_the_talk_stays_unseen(portal):
    _, group, anna, bob = circle(portal, "anna", "bob")
    say(anna, group, "@Bob, look")
    for n in range(20):
        say(anna, group, f"Matter {n}")
    bob.get(group + "/talk")
    assert said_to(bob) == [("Anna", "Board", True)]
    bob.get(group + "/talk?page=2")
    assert said_to(bob) == []


def test_the_front_page_tells_nothing_of_talk_that_is_erased_or_shut(portal):
    _, group, anna, bob = circle(portal, "anna", "bob")
    say(anna, group, "@Bob, look")
    say(anna, group, "@Bob, there")
    anna.post(group + "/talk/remove", post=posts(anna, group)[0]["key"])
    assert said_to(bob) == [("Anna", "Board", True)]
    bob.post(group + "/leave")
    assert said_to(bob) == []


def test_an_attached_paper_is_a_link_and_tells_nothing_to_whom_it_is_not_open(portal):
    portal.library.publish(sample("en"))
    _, group, anna, bob = circle(portal, "anna", "bob")
    (key, title), = change(portal, "SELECT o.key, e.title FROM offer o JOIN edition e USING (paper)")
    say(anna, group, "Read this.", paper=f"https://example.org/papers/{key}/1")
    assert posts(bob, group)[0]["paper"] == key
    choice = f"{title} /papers/{key}"
    assert f'<option value="{html.escape(choice)}">' in anna.get(group + "/talk").text
    say(anna, group, "Chosen.", paper=choice)
    assert [post["paper"] for post in posts(bob, group)] == [key, key]
    number = int(bob.member[1:])
    change(portal, "INSERT INTO revocation (member, reason, created_ms) VALUES (?, 'x', 1)", number)
    hidden = posts(bob, group)[0]
    assert hidden["attached"] and hidden["paper"] == hidden["paper_title"] == ""
    shown = bob.get(group + "/talk").text
    assert title not in shown and key not in shown
    again = say(bob, group, "I typed this", 422, paper=key).text
    assert "No paper that is open to you" in again and "I typed this" in again


def test_an_own_post_is_edited_within_an_hour_and_no_other(portal):
    steward, group, anna, bob = circle(portal, "anna", "bob")
    say(anna, group, "Frist")
    key = posts(anna, group)[0]["key"]
    anna.post(group + "/talk/edit", post=key, text="First")
    assert posts(bob, group)[0]["text"] == "First" and posts(bob, group)[0]["edited"]
    for other in (bob, steward):
        other.post(group + "/talk/edit", 404, post=key, text="Mine")
    change(portal, "UPDATE post SET created_ms = created_ms - ?", HOUR + 60000)
    anna.post(group + "/talk/edit", 409, post=key, text="Late")
    assert posts(bob, group)[0]["text"] == "First" and not posts(anna, group)[0]["may_edit"]


def test_authors_erase_their_posts_for_good(portal):
    _, group, anna, bob = circle(portal, "anna", "bob")
    say(anna, group, "first wrding")
    key = posts(anna, group)[0]["key"]
    anna.post(group + "/talk/edit", post=key, text="first wording")
    bob.post(group + "/talk/remove", 404, post=key)
    anna.post(group + "/talk/remove", post=key)
    assert "Erased by its author" in bob.get(group + "/talk").text
    assert change(portal, "SELECT text FROM post") == [("",)]
    assert change(portal, "SELECT text FROM post_former") == []
    anna.post(group + "/talk/edit", 404, post=key, text="back")


def test_stewards_hide_a_post_with_a_reason_and_can_show_it_again(portal):
    steward, group, anna, bob = circle(portal, "anna", "bob")
    say(anna, group, "Something rash")
    key = posts(anna, group)[0]["key"]
    bob.post(group + "/talk/hide", 403, post=key, why="x")
    assert "shown" in steward.post(group + "/talk/hide", 422, post=key, why=" ").text
    steward.post(group + "/talk/hide", post=key, why="Off the subject")
    shown = bob.get(group + "/talk").text
    assert "Off the subject" in shown and "Something rash" not in shown
    assert posts(bob, group)[0]["text"] == "" and posts(bob, group)[0]["hidden"]
    assert posts(anna, group)[0]["text"] == posts(steward, group)[0]["text"] == "Something rash"
    anna.post(group + "/talk/edit", 404, post=key, text="Something else")
    bob.get(group + f"/talk?quote={key}")
    assert "Something rash" not in bob.get(group + f"/talk?quote={key}").text
    steward.post(group + "/talk/unhide", post=key)
    assert posts(bob, group)[0]["text"] == "Something rash"
    kinds = change(portal, "SELECT kind, actor, data FROM event WHERE kind LIKE 'post.%' ORDER BY seq")
    assert [k[0] for k in kinds] == ["post.made", "post.hidden", "post.shown"]
    assert json.loads(kinds[1][2]) == {"post": "T1", "why": "Off the subject"} and kinds[1][1] == steward.member
    steward.post(group + "/talk/unhide", 404, post=key)


def test_what_an_edited_post_said_before_stands_beside_it(portal):
    _, group, anna, bob = circle(portal, "anna", "bob")
    say(anna, group, "Frist")
    key = posts(anna, group)[0]["key"]
    anna.post(group + "/talk/edit", post=key, text="First")
    assert [f["text"] for f in posts(bob, group)[0]["former"]] == ["Frist"]
    assert "What it said before" in bob.get(group + "/talk").text


def test_a_post_is_quoted_with_who_said_it_and_where_it_stands(portal):
    _, group, anna, bob = circle(portal, "anna", "bob")
    say(anna, group, "Two lines\nof @Bob <b>")
    first = posts(bob, group)[0]
    form = bob.get(f"{group}/talk?quote={first['key']}").text
    assert "Anna:\n&gt; Two lines\n&gt; of @Bob &lt;b&gt;\n" in form
    assert f'name="thread" value="{first["key"]}"' in form
    change(portal, "DELETE FROM mention")
    say(anna, group, "> of @Bob\nand more", thread=first["key"])
    assert change(portal, "SELECT * FROM mention") == []
    page = bob.get(group + "/talk").text
    assert "<blockquote>\n<p>of @Bob</p>" in page and "<p>and more</p>" in page


def test_who_writes_is_told_when_an_at_stands_for_nobody(portal):
    _, group, anna, _ = circle(portal, "anna", "bob")
    told = "Not every @"
    for text, unmet in (("@Bob, look", False), ("@Bob and @Nobody, look", True), ("> @Nobody\n\nSo they say", False),
                        ("a@example.org", False)):
        say(anna, group, text)
        assert (told in anna.get(group + "/talk").text) == unmet, text
    anna.post(group + "/talk/edit", post=posts(anna, group)[0]["key"], text="@Bbo")
    assert told in anna.get(group + "/talk").text


def test_a_letter_about_a_mention_leads_to_the_very_post(portal):
    mail_on(portal)
    _, group, anna, bob = circle(portal, "anna", "bob")
    say(anna, group, "@Bob, look")
    key = posts(anna, group)[0]["key"]
    change(portal, "UPDATE post SET created_ms = 1")
    for i in range(25):
        say(anna, group, f"matter {i}")
    path, = letters(portal, "mention")
    where = bob.get(path, 303).location
    assert where == f"{group}/talk?page=2#post-{key}"
    assert f'id="post-{key}"' in bob.get(where.split("#")[0]).text
    say(bob, group, "Yes", thread=key)
    answer = posts(bob, group, 2)[-1]["key"]
    assert bob.get(f"{group}/talk/{answer}", 303).location == f"{group}/talk?page=2#post-{answer}"
    portal.person("o@example.org").get(path, 404)
    bob.get(group + "/talk/nosuchpost", 404)


def test_a_closed_group_is_read_and_no_longer_written(portal):
    steward, group, anna = circle(portal, "anna")
    say(anna, group, "Before")
    steward.post(group + "/close")
    say(anna, group, "After", 409)
    assert [p["text"] for p in posts(anna, group)] == ["Before"]


def test_long_talk_comes_in_pages_with_its_answers(portal):
    _, group, anna = circle(portal, "anna")
    for i in range(21):
        say(anna, group, f"matter {i}")
    oldest = posts(anna, group, 2)
    assert [p["text"] for p in oldest] == ["matter 0"]
    say(anna, group, "answer", thread=oldest[0]["key"])
    assert [p["text"] for p in posts(anna, group, 2)] == ["matter 0", "answer"]
    page = anna.json(group + "/talk")
    assert len(page["posts"]) == 20 and page["older"] == "?page=2" and not page["newer"]
    assert anna.json(group + "/talk?page=2")["older"] == ""


def test_a_post_is_words_and_never_markup_and_never_empty(portal):
    _, group, anna = circle(portal, "anna")
    say(anna, group, "<script>alert(1)</script>")
    assert "<script>alert" not in anna.get(group + "/talk").text
    say(anna, group, " \n ", 422)
    say(anna, group, "x", 422, thread="nosuchpost")


def test_who_is_mentioned_by_address_is_shown_by_name(portal):
    _, group, anna, bob = circle(portal, "anna", "bob")
    portal.person("c@example.org")
    say(anna, group, "@BOB@example.org, @bobby, @c@example.org: look")
    assert posts(anna, group)[0]["text"] == "@Bob, @bobby, @c@example.org: look"
    assert "<strong>@Bob</strong>, @bobby" in bob.get(group + "/talk").text
    assert change(portal, "SELECT member FROM mention") == [(int(bob.member[1:]),)]


def test_lines_are_kept_and_only_addresses_of_this_portal_become_links(portal):
    portal.library.run("settings", "set", "site.url", "https://papers.example.org")
    _, group, anna = circle(portal, "anna")
    say(anna, group, "https://papers.example.org/papers/abc\r\nhttps://evil.example/papers/abc\r\n\r\nnew")
    page = anna.get(group + "/talk").text
    assert '<p><a href="/papers/abc">https://papers.example.org/papers/abc</a><br>' in page
    assert 'href="https://evil' not in page and "<p>new</p>" in page


def test_nobody_floods_a_group(portal):
    _, group, anna, bob = circle(portal, "anna", "bob")
    for _ in range(30):
        say(anna, group, "Again")
    change(portal, "UPDATE post SET created_ms = (SELECT max(created_ms) FROM post)")  # however long it took to say
    say(anna, group, "And again", 429)
    say(bob, group, "Mine")
    change(portal, "UPDATE post SET created_ms = created_ms - 60000")
    say(anna, group, "Later")


# --- under a paper -------------------------------------------------------------------------------


def under_a_paper(portal, *names):
    """The address of a paper that is open to every member, and people."""
    portal.library.publish(sample("en"))
    paper = "/papers/" + change(portal, "SELECT key FROM offer")[0][0]
    return paper, *(portal.person(f"{name}@example.org") for name in names)


def test_who_may_read_a_paper_talks_under_it_and_nobody_else(portal):
    paper, anna, bob = under_a_paper(portal, "anna", "bob")
    say(anna, paper, "Is the harbour part settled?")
    first, = posts(bob, paper)
    say(bob, paper, "It is.", thread=first["key"])
    assert [(p["author"], p["text"], p["reply"]) for p in posts(anna, paper)] == [
        ("Anna", "Is the harbour part settled?", False), ("Bob", "It is.", True)]
    assert change(portal, "SELECT subject FROM event WHERE kind = 'post.made'") == [("P1",), ("P1",)]
    assert f'href="{paper}/talk"' in bob.get(paper).text
    change(portal, "INSERT INTO revocation (member, reason, created_ms) VALUES (?, 'x', 1)", int(bob.member[1:]))
    key = first["key"]
    shut = [bob.get(paper + "/talk", 403).text, bob.get(f"{paper}/talk/{key}", 403).text,
            bob.post(paper + "/talk", 403, text="x").text,
            bob.post(paper + "/talk/remove", 403, post=posts(anna, paper)[1]["key"]).text]
    assert not any("harbour part" in text for text in shut)
    change(portal, "UPDATE offer SET withdrawn_ms = 1")
    anna.get(paper + "/talk", 403)


def test_talk_of_a_paper_and_of_a_group_are_apart(portal):
    paper, *_ = under_a_paper(portal)
    _, group, anna, bob = circle(portal, "anna", "bob")
    say(anna, group, "In the group")
    say(anna, paper, "Under the paper")
    ours, theirs = posts(bob, group), posts(bob, paper)
    assert [p["text"] for p in ours] == ["In the group"] and [p["text"] for p in theirs] == ["Under the paper"]
    say(bob, paper, "x", 422, thread=ours[0]["key"])
    anna.get(f"{paper}/talk/{ours[0]['key']}", 404)
    anna.post(paper + "/talk/edit", 404, post=ours[0]["key"], text="x")
    anna.post(group + "/talk/remove", 404, post=theirs[0]["key"])


def test_under_a_paper_only_who_has_spoken_there_can_be_mentioned(portal):
    mail_on(portal)
    paper, anna, bob, _ = under_a_paper(portal, "anna", "bob", "carol")
    say(bob, paper, "I have a question.")
    say(anna, paper, "@Bob and @carol@example.org, look")
    assert posts(bob, paper)[0]["text"] == "@Bob and @carol@example.org, look"
    path, = letters(portal, "mention")
    assert bob.get(path, 303).location.startswith(paper + "/talk?page=1#post-")


def test_the_front_page_tells_of_answers_under_a_paper_while_it_is_open(portal):
    paper, anna, bob = under_a_paper(portal, "anna", "bob")
    say(anna, paper, "Is it settled?")
    say(bob, paper, "It is.", thread=posts(bob, paper)[0]["key"])
    (author, place, mentions), = said_to(anna)
    assert (author, mentions) == ("Bob", False) and place in anna.get(paper).text
    assert "Posts for them that they have not seen" in {
        p["what"] for p in anna.json("/account/data")["parts"]}
    change(portal, "INSERT INTO revocation (member, reason, created_ms) VALUES (?, 'x', 1)", int(anna.member[1:]))
    assert said_to(anna) == []


def test_a_steward_moderates_talk_under_a_paper(portal):
    paper, anna, bob = under_a_paper(portal, "anna", "bob")
    steward = portal.person("s@example.org", "steward")
    say(anna, paper, "Something rash")
    key = posts(anna, paper)[0]["key"]
    bob.post(paper + "/talk/hide", 403, post=key, why="x")
    steward.post(paper + "/talk/hide", post=key, why="Off the subject")
    assert "Something rash" not in bob.get(paper + "/talk").text
    steward.post(paper + "/talk/unhide", post=key)
    assert "Something rash" in bob.get(paper + "/talk").text


def test_talk_under_a_paper_stands_in_what_a_member_is_given_and_goes_when_they_are_erased(portal):
    paper, anna = under_a_paper(portal, "anna")
    say(anna, paper, "My own words")
    parts = {p["what"]: p for p in anna.json("/account/data")["parts"]}
    assert "Posts in groups and under papers" in parts
    kept = json.loads(anna.get("/account/data/file?format=json").body)
    row, = next(p["rows"] for p in kept["parts"] if p["table"] == "post")
    assert row["text"] == "My own words" and row["paper"] and not row.get("group")
    for steward in ("x@example.org", "y@example.org"):
        by = portal.person(steward, "steward").member
        portal.library.run("member", "erase", anna.member, "--by", by)
    assert change(portal, "SELECT text FROM post") == [("",)]
