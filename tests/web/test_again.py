"""A download that was decided a moment ago is given again without asking anew, and not once more when anything
that it depends on has changed, by whatever hand: on a page, on the command line, or by time alone."""

import socket
import struct
import threading

import pytest

from accounts import page_of
from shelf import DAY, do, events, group, notice, now, publish, subscribe
from texts import sample


@pytest.fixture
def reader(portal):
    return portal.person("li@example.org")


def answered_until(reader, path, moment):
    """The codes of what was answered before a moment, which is past then."""
    codes = set()
    while now() <= moment:
        code = reader.get(path, None).code
        codes |= {code} if now() < moment else set()
    return codes


def settled(reader, path):
    """The answer once nothing is left to be decided."""
    for _ in range(3):
        answer = reader.get(path)
    return answer


def end_sessions(portal, reader, key):
    steward = portal.person("steward@example.org", "steward")
    steward.post(page_of(portal, reader.member) + "/sessions/end")


def suspend(portal, reader, key):
    steward = portal.person("steward@example.org", "steward")
    steward.post(page_of(portal, reader.member) + "/suspend")


def revoke(portal, reader, key):
    editor = portal.person("editor@example.org", "editor")
    editor.post(f"/papers/{key}/revoke", whose="member", member="li@example.org", reason="x")


def withdraw(portal, reader, key):
    portal.person("editor@example.org", "editor").post(f"/papers/{key}/withdraw", reason="x")


def sign_out(portal, reader, key):
    kept = dict(reader.cookies)
    reader.post("/sign-out")
    reader.cookies = kept


def by_hand(sql):
    """As another process does that writes to the same database."""
    return lambda portal, reader, key: do(portal, sql)


CHANGES = {
    "signed out": (sign_out, 303),
    "signed out by a steward": (end_sessions, 303),
    "suspended": (suspend, 303),
    "revoked": (revoke, 403),
    "withdrawn": (withdraw, 403),
    "session gone": (by_hand("DELETE FROM session"), 303),
    "session expired": (by_hand("UPDATE session SET expires_ms = 1"), 303),
    "suspended by hand": (by_hand("UPDATE account SET suspended_ms = 1"), 303),
    "revoked by hand": (
        by_hand("INSERT INTO revocation (paper, created_ms, reason) VALUES (1, 1, '')"), 403),
    "withdrawn by hand": (by_hand("UPDATE offer SET withdrawn_ms = 1"), 403),
    "expired": (by_hand("UPDATE offer SET expires_ms = 1"), 403),
    "for subscribers": (by_hand("UPDATE offer SET free = 0"), 403),
    "in other formats": (by_hand("UPDATE offer SET formats = 'md'"), 403),
    "published later": (by_hand(f"UPDATE offer SET published_ms = {now() + DAY}"), 404),
    "for a group": (lambda portal, reader, key: group(portal, "board", key), 403),
    "with a notice": (lambda portal, reader, key: notice(portal, "Mind the marks."), 303),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_withdrawn_is_refused_by_the_very_next_request(portal, reader, what):
    change, code = CHANGES[what]
    key = publish(portal, sample("zh", ".txt"))
    path = f"/papers/{key}/download/txt"
    settled(reader, path)
    given = len(events(portal, "copy.given"))
    change(portal, reader, key)
    reader.get(path, code)
    assert len(events(portal, "copy.given")) == given


def test_a_subscription_opens_until_its_end_and_no_longer(portal, reader):
    key = publish(portal, sample("zh", ".txt"), free=0, published_ms=now() - DAY)
    board = group(portal, "board", key)
    number = subscribe(portal, reader, board, -1, 1, -9)
    path = f"/papers/{key}/download/txt"
    ends = now() + 1500
    do(portal, "UPDATE subscription SET ends_ms = ? WHERE id = ?", ends, number)
    assert answered_until(reader, path, ends) <= {200}
    assert reader.json(path, 403)["why"] == "ended"


def test_a_notice_holds_from_its_moment_on(portal, reader):
    key = publish(portal, sample("zh", ".txt"))
    path = f"/papers/{key}/download/txt"
    number = notice(portal, "Mind the marks.")
    begins = now() + 1500
    do(portal, "UPDATE notice SET since_ms = ? WHERE id = ?", begins, number)
    assert answered_until(reader, path, begins) <= {200}
    assert "/notices/" in reader.get(path, 303).location


def test_new_words_around_a_copy_and_a_new_edition_are_in_the_very_next_one(portal, reader):
    key = publish(portal, sample("en", ".txt"))
    path = f"/papers/{key}/download/txt"
    settled(reader, path)
    portal.library.run("settings", "set", "credit", "Lent by the library of Harbour Street")
    assert "Harbour Street" in reader.get(path).text
    settled(reader, path)
    text = sample("en", ".txt").read_text() + "\n\nThis paragraph is new.\n"
    portal.library.publish(portal.library.file("second.txt", text), "--paper", "P1")
    assert "This paragraph is new." in reader.get(path).text


def test_readers_formats_and_editions_are_not_mixed_up(portal, reader):
    key = publish(portal, sample("en", ".txt"))
    text = sample("en", ".txt").read_text() + "\n\nThis paragraph is new.\n"
    portal.library.publish(portal.library.file("second.txt", text), "--paper", "P1")
    other = portal.person("wang@example.org")
    asked = [(person, f"/papers/{key}/download/{kind}{edition}") for person in (reader, other)
             for kind in ("txt", "md", "html") for edition in ("", "?edition=1", "?edition=2")]
    first = [person.get(path) for person, path in asked]
    for _ in range(2):
        for (person, path), answer in zip(asked, first):
            again = person.get(path)
            assert (again.body, again.headers["content-disposition"], again.headers["content-type"]) == (
                answer.body, answer.headers["content-disposition"], answer.headers["content-type"])
    assert len({answer.body for answer in first}) == len({a.body for a in first[:9]}) * 2
    given = [(actor, data["format"], data["edition"]) for actor, _, data in events(portal, "copy.given")]
    expected = [(person.member, path.split("/")[-1].split("?")[0], 1 if path.endswith("=1") else 2)
                for person, path in asked]
    assert given == expected * 3


def test_the_headers_are_those_of_the_first_answer(portal, reader):
    key = publish(portal, sample("zh", ".txt"))
    path = f"/papers/{key}/download/txt"
    first, *more = [reader.get(path).headers for _ in range(3)]
    assert "content-security-policy" in first and first["cache-control"] == "private, no-store"
    for headers in more:
        assert {**headers, "date": ""} == {**first, "date": ""}


def test_every_copy_that_left_is_on_record_and_none_leaves_after_a_revocation(portal, reader):
    key = publish(portal, sample("zh", ".txt"))
    path = f"/papers/{key}/download/txt"
    people = [reader] + [portal.person(f"p{i}@example.org") for i in range(5)]
    editor = portal.person("editor@example.org", "editor")
    revoked = threading.Event()
    enough = threading.Barrier(len(people) + 1)
    answers = []

    def read(person):
        for n in range(60):
            if n == 20:
                enough.wait(60)
            late = revoked.is_set()
            answers.append((late, person.get(path, None).code))

    threads = [threading.Thread(target=read, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    enough.wait(60)
    editor.post(f"/papers/{key}/revoke", whose="everybody", reason="x")
    revoked.set()
    for thread in threads:
        thread.join()
    assert {code for late, code in answers if late} <= {403}
    assert len(events(portal, "copy.given")) == sum(code == 200 for _, code in answers)
    portal.library.run("verify")


def test_a_commit_that_takes_long_holds_up_nobody_else(portal, reader):
    key = publish(portal, sample("zh", ".txt"))
    path = f"/papers/{key}/download/txt"
    people = [reader] + [portal.person(f"p{i}@example.org") for i in range(5)]
    for person in people:
        settled(person, path)
    before = len(events(portal, "copy.given"))
    writing = portal.database()
    writing.execute("BEGIN IMMEDIATE")
    codes = []
    threads = [threading.Thread(target=lambda p=person: codes.append(p.get(path, None).code)) for person in people]
    for thread in threads:
        thread.start()
    for person in people:
        for page in ("/", f"/papers/{key}/access"):
            person.get(page)
    assert not codes
    writing.rollback()
    writing.close()
    for thread in threads:
        thread.join()
    assert codes == [200] * len(people)
    assert len(events(portal, "copy.given")) == before + len(people)


def test_who_goes_away_before_the_answer_leaves_nothing_behind(portal, reader):
    key = publish(portal, sample("zh", ".txt"))
    path = f"/papers/{key}/download/txt"
    settled(reader, path)
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nCookie: chancery={reader.cookies['chancery']}\r\n\r\n"
    for n in range(200):
        with socket.create_connection(("127.0.0.1", portal.port)) as gone:
            gone.sendall(request.encode())
            if n % 2:  # with a reset, not a farewell
                gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert reader.get(path).text == portal.library.copy("P1", reader.member)
    assert portal.stop() == 0
    portal.library.run("verify")
