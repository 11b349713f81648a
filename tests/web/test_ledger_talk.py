"""Talk of a line: taken back by whose it is, and told to followers and to who is named."""

import pytest

from portal import eventually
from post import PostOffice
from test_ledger import change, make, unit


@pytest.fixture
def post():
    office = PostOffice()
    yield office
    office.stop()


def said(person, line):
    return person.json(line)["said"]


def set_up(portal, post):
    for name, value in (("smtp.url", f"smtp://127.0.0.1:{post.port}"), ("mail.from", "papers@example.org")):
        portal.library.run("settings", "set", name, value)


def test_own_words_are_taken_back_and_leave_a_trace(portal):
    editor, member = portal.person("e@example.org", "editor"), portal.person("m@example.org")
    office = unit(editor, "Roads", "m@example.org").split("/")[-1]
    line = make(editor, "New bridge", unit=office)
    member.post(f"{line}/talk", text="The crane is late")
    post, = said(member, line)
    assert post["own"] and not said(editor, line)[0]["own"]
    editor.post(f"{line}/talk/remove", 404, said=post["key"])
    other = make(editor, "Another", unit=office)
    member.post(f"{other}/talk/remove", 404, said=post["key"])
    member.post(f"{line}/talk/remove", said=post["key"])
    assert "crane" not in editor.get(line).text and "Erased by its author" in editor.get(line).text
    assert change(portal, "SELECT count(*) FROM line_post WHERE text LIKE '%crane%'") == [(0,)]
    member.post(f"{line}/talk/remove", 404, said=post["key"])
    assert [h["what"] for h in editor.json(f"{line}/history")["history"]][:2] == ["line.unsaid", "line.said"]


def test_followers_are_told_as_they_wish_and_who_is_named_at_once(portal, post):
    set_up(portal, post)
    editor = portal.person("ed@example.org", "editor")
    people = {name: portal.person(f"{name}@example.org", "lead") for name in ("each", "daily", "none", "named", "away")}
    portal.person("plain@example.org")  # the ledger is not open to them
    for wish in ("each", "daily", "none"):
        change(portal, "UPDATE account SET mail = ? WHERE member = ?", wish, int(people[wish].member[1:]))
    line = make(editor, "New bridge")
    for name in ("each", "daily", "none"):
        people[name].post(f"{line}/follow")
    editor.post(f"{line}/follow")
    editor.post(f"{line}/talk", text="@Named and @Plain and @Ed: the crane is here. ed@example.org")
    assert change(portal, "SELECT m.name FROM letter l JOIN member m ON m.id = l.member WHERE l.kind = 'said' ORDER BY m.name") == [
        ("Daily",), ("Each",), ("Named",)]
    assert "crane" not in str(change(portal, "SELECT data FROM letter WHERE kind = 'said'"))
    told = post.take(2)
    assert [letter.to for letter in told] == ["each@example.org", "named@example.org"]
    assert not any("crane" in letter.text for letter in told)
    assert change(portal, "SELECT count(*) FROM letter WHERE kind = 'said' AND due_ms > created_ms") == [(1,)]


def test_the_letter_names_the_line_and_leaves_out_whom_the_ledger_was_closed_to(portal, post):
    set_up(portal, post)
    editor, stays, goes = (portal.person(f"{name}@example.org", "editor") for name in ("ed", "stays", "goes"))
    line = make(editor, "New bridge")
    change(portal, "UPDATE account SET lang = 'zh', mail = 'each'")
    post.say = lambda letter: "451 4.3.0 Later"
    for person in (stays, goes):
        person.post(f"{line}/follow")
    editor.post(f"{line}/talk", text="The crane is here")
    eventually(lambda: change(portal, "SELECT count(*) FROM letter WHERE kind = 'said' AND tries = 1") == [(2,)])
    change(portal, "DELETE FROM role WHERE member = ?", int(goes.member[1:]))
    post.say = lambda letter: None
    change(portal, "UPDATE letter SET due_ms = 0 WHERE sent_ms IS NULL")
    portal.library.run("member", "add", "--email", "new@example.org", "--name", "New")
    letter, = post.take(1)
    assert letter.to == "stays@example.org" and letter.subject == "Ed就“G1 New bridge”发言"
    eventually(lambda: change(portal, "SELECT count(*) FROM letter WHERE kind = 'said' AND ended_ms IS NULL"
                                      " AND sent_ms IS NULL") == [(0,)])
    assert post.letters.empty()
