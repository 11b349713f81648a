"""Live lines: who is told what, as it happens and after a broken line, and nobody else."""

import itertools
import re
import threading
import time
from datetime import datetime

import shelf
from portal import eventually
from texts import sample


def edition(portal, paper, words):
    """A further edition of a paper."""
    portal.library.publish(portal.library.file("next.md", f"# {words}\n\n{words} and more.\n"),
                           "--paper", paper)


def publish_on_pages(editor, title, **options):
    """As an editor does it: write, choose, confirm. Options as in the form."""
    path = editor.post("/write").location
    editor.post(path, title=title, text=f"# {title}\n\nSome words.\n", form="md", version=1)
    chosen = {"access": "members", "price": "free", "level": "discreet", **options}
    confirm = editor.post(path + "/publish", **chosen).location
    page = editor.get(confirm).text
    stamp = re.search(r'name="stamp" value="([^"]+)"', page)[1]
    editor.post(path + "/confirm", stamp=stamp)


def test_a_line_says_title_and_address_in_the_readers_language(portal):
    portal.library.run("settings", "set", "organisation", "Example")
    li = portal.person("li@example.org")
    wang = portal.person("wang@example.org", lang="zh")
    wang.cookies["lang"] = "zh"
    for_li, for_wang = li.events(), wang.events()
    text = portal.library.file("p.md", '# Say "hi" & <b>\n\nWords.\n')
    key = shelf.key_of(portal, portal.library.publish(text))
    assert next(for_li)[1:] == ("paper", {"text": 'New paper: Say "hi" & <b>', "path": f"/papers/{key}"})
    assert next(for_wang)[2]["text"] == '新文稿：Say "hi" & <b>'
    edition(portal, "P1", "Again")
    assert next(for_li)[2] == {"text": "New edition: Again", "path": f"/papers/{key}"}


def test_only_who_is_entitled_is_told(portal):
    inside, outside = portal.person("in@example.org"), portal.person("out@example.org")
    key = shelf.publish(portal, sample("en"))
    shelf.group(portal, "Board", key, members=[inside])
    streams = [who.events() for who in (inside, outside)]
    edition(portal, "P1", "For the board")
    assert next(streams[0])[2]["text"] == "New edition: For the board"
    portal.library.publish(sample("zh"), "--title", "For all")
    for stream in streams:
        assert next(stream)[2]["text"] == "New paper: For all"


def test_a_broken_line_is_taken_up_where_it_broke_and_each_line_comes_once(portal):
    li = portal.person("li@example.org")
    stream = li.events()
    portal.library.publish(sample("en"), "--title", "One")
    last, _, _ = next(stream)
    portal.library.run("member", "add", "--email", "x@example.org", "--name", "X")
    portal.library.publish(sample("en"), "--title", "Two")
    portal.library.publish(sample("en"), "--title", "Three")
    again = li.events(last=last)
    assert [next(again)[2]["text"] for _ in range(2)] == ["New paper: Two", "New paper: Three"]
    portal.library.publish(sample("en"), "--title", "Four")
    assert next(again)[2]["text"] == "New paper: Four"
    assert [next(stream)[2]["text"][-5:] for _ in range(3)] == [": Two", "Three", " Four"]


def test_what_was_missed_is_told_by_the_entitlement_of_now(portal):
    li = portal.person("li@example.org")
    stream = li.events()
    portal.library.publish(sample("en"), "--title", "One")
    last, _, _ = next(stream)
    key = shelf.publish(portal, sample("en"), "--title", "Closed since")
    shelf.change_offer(portal, key, withdrawn_ms=1)
    portal.library.publish(sample("en"), "--title", "Three")
    assert next(li.events(last=last))[2]["text"] == "New paper: Three"


def test_a_number_from_nowhere_begins_with_what_is_new(portal):
    li = portal.person("li@example.org")
    portal.library.publish(sample("en"), "--title", "Old")
    for last in ("999999999", "-1", "x", "18446744073709551616"):
        stream = li.events(last=last)
        portal.library.publish(sample("en"), "--title", f"New to {last}")
        assert next(stream)[2]["text"] == f"New paper: New to {last}"


def fill_record(portal, kind, count=1):
    """As many events more, each as the last of its kind, if any; the chain is not looked at here."""
    with portal.database() as db:
        newest, = db.execute("SELECT max(seq) FROM event").fetchone()
        db.executemany(
            "INSERT INTO event (seq, time_ms, actor, kind, subject, data, salt, hash) SELECT ?2, time_ms, actor, ?1, subject,"
            " data, salt, hash FROM event WHERE kind IN (?1, 'paper.published') ORDER BY seq DESC LIMIT 1",
            [(kind, newest + 1 + i) for i in range(count)])
    db.close()


def test_what_was_missed_long_ago_is_told_no_more(portal):
    li = portal.person("li@example.org")
    portal.library.publish(sample("en"), "--title", "Old")
    portal.stop()
    fill_record(portal, "paper.read", 100_000)
    portal.start()
    portal.library.publish(sample("en"), "--title", "New")
    assert next(li.events(last=0))[2]["text"] == "New paper: New"


def test_who_has_missed_much_keeps_nobody_else_waiting(portal):
    much = 800
    li, wang = portal.person("li@example.org"), portal.person("wang@example.org")
    portal.library.publish(sample("en"), "--title", "Again")
    portal.stop()
    with portal.database() as db:  # so many members that each line takes its time
        db.executemany("INSERT INTO member (id, email, name, created_ms) VALUES (?1, 'm' || ?1 || '@example.org', 'M', 1)",
                       [(i,) for i in range(1000, 4000)])
        db.execute("INSERT INTO account (member, created_ms) SELECT id, 1 FROM member WHERE id >= 1000")
    db.close()
    fill_record(portal, "paper.published", much)
    portal.start()
    new, missed, told = wang.events(), li.events(last=0), [next(li.events(last=0))]
    follow = threading.Thread(target=lambda: told.extend(itertools.islice(missed, much + 2)))
    follow.start()
    fill_record(portal, "paper.published")
    assert next(new)[2]["text"] == "New paper: Again"
    assert len(told) < much
    follow.join()
    ids = [int(line[0]) for line in told[1:]]
    assert ids == sorted(set(ids)) and len(ids) == much + 2


def test_a_silent_publication_is_told_to_nobody(portal):
    editor = portal.person("zhou@example.org", "editor")
    stream = editor.events()
    publish_on_pages(editor, "Quiet", silent="1")
    publish_on_pages(editor, "Loud")
    assert next(stream)[2]["text"] == "New paper: Loud"
    assert [p["title"] for p in portal.library.json("papers")] == ["Quiet", "Loud"]


def test_a_paper_whose_time_has_come_is_published_and_told_by_itself(portal):
    editor = portal.person("zhou@example.org", "editor")
    reader = portal.person("li@example.org")
    stream = reader.events()
    due = datetime.fromtimestamp(time.time() + 3600).strftime("%Y-%m-%dT%H:%M")
    publish_on_pages(editor, "At its time", later="1", due=due)
    assert portal.library.json("papers") == []
    shelf.do(portal, "UPDATE draft SET due_ms = ?", shelf.now() + 300)
    portal.person("wang@example.org")  # an event, so that the timer looks
    assert next(stream)[2]["text"] == "New paper: At its time"
    eventually(lambda: shelf.ask(portal, "SELECT count(*) FROM draft") == [(0,)])


def test_a_subscription_is_told_to_its_member_alone(portal):
    li, wang = portal.person("li@example.org"), portal.person("wang@example.org")
    steward = portal.person("zhao@example.org", "steward")
    for_li, for_wang = li.events(), wang.events()
    group = shelf.group(portal, "Paid")
    plan = shelf.do(portal, "INSERT INTO plan (key, name, price, days, created_ms)"
                            " VALUES ('k', 'Year', 100, 365, 1)")
    shelf.do(portal, "INSERT INTO plan_group (plan, \"group\") VALUES (?, ?)", plan, group)
    steward.post("/subscribers", email="li@example.org", plan="k")
    kind, data = next(for_li)[1:]
    assert (kind, data["path"]) == ("subscription", "/subscriptions")
    li.get(data["path"])
    portal.library.publish(sample("en"), "--title", "For all")
    assert next(for_wang)[2]["text"] == "New paper: For all"


def test_a_post_is_told_to_its_group_and_to_nobody_else(portal):
    li, wang, out = (portal.person(f"{n}@example.org") for n in ("li", "wang", "out"))
    streams = [who.events() for who in (li, wang, out)]
    number = shelf.group(portal, "Board", members=[li, wang])
    (key,), = shelf.ask(portal, 'SELECT key FROM "group" WHERE id = ?', number)
    li.post(f"/groups/{key}/talk", text="What I say is for the group.")
    kind, data = next(streams[1])[1:]
    (post,), = shelf.ask(portal, "SELECT key FROM post")
    assert (kind, data) == ("post", {"text": "Li posted in Board", "path": f"/groups/{key}/talk/{post}"})
    wang.get(data["path"], 303)
    portal.library.publish(sample("en"), "--title", "For all")
    for stream in streams:
        assert next(stream)[2]["text"] == "New paper: For all"
