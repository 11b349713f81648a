"""Live lines end with what opened them: nobody goes on listening after their session or token."""

import threading

import pytest

from accounts import GOOD, add_account, change, letters, mail_on, page_of, sign_in
from portal import PATIENCE, eventually, read_events
from texts import sample

NEW = "seven kettles by the gate"


@pytest.fixture
def li(portal):
    add_account(portal)
    person = portal.anyone()
    sign_in(person)
    return person


class Line:
    """A live stream that is read on the side; `ended` is set when the server ends it."""

    def __init__(self, person, **headers):
        import http.client
        connection = http.client.HTTPConnection("127.0.0.1", person.portal.port, timeout=PATIENCE)
        if person.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in person.cookies.items())
        connection.request("GET", "/live", headers=headers)
        self.stream = connection.getresponse()
        assert self.stream.status == 200
        self.told = []
        self.came, self.ended = threading.Event(), threading.Event()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for _, _, data in read_events(self.stream):
            self.told.append(data["text"])
            self.came.set()
        self.ended.set()

    def ends(self):
        assert self.ended.wait(PATIENCE)
        assert self.told == []

    def goes_on(self, portal):
        portal.library.publish(sample("en"), "--title", "Told")
        assert self.came.wait(PATIENCE)
        assert self.told == ["New paper: Told"] and not self.ended.is_set()


def test_signing_out_ends_this_browsers_line_and_no_other(portal, li):
    other = portal.anyone()
    sign_in(other)
    mine, others = Line(li), Line(other)
    li.post("/sign-out")
    mine.ends()
    others.goes_on(portal)


def test_a_session_ended_from_another_ends_its_line(portal, li):
    other = portal.anyone()
    sign_in(other)
    mine, others = Line(li), Line(other)
    key, = (s["key"] for s in li.json("/account")["sessions"] if not s["current"])
    li.post("/account/sessions/end", session=key)
    others.ends()
    sign_in(other)
    others = Line(other)
    li.post("/account/sessions/end")
    others.ends()
    mine.goes_on(portal)


def test_a_changed_or_reset_password_ends_every_line(portal, li):
    line = Line(li)
    li.post("/account/password", old_password=GOOD, password=NEW, password_again=NEW)
    line.ends()
    line = Line(li)
    mail_on(portal)
    portal.anyone().post("/forgotten", 200, email="li@example.org")
    path, = letters(portal, "reset")
    portal.anyone().post(path, password=GOOD, password_again=GOOD)
    line.ends()


def test_a_browser_that_signs_in_as_somebody_else_ends_the_line_of_the_one_before(portal, li):
    add_account(portal, "wang@example.org")
    line = Line(li)
    sign_in(li, "wang@example.org")
    line.ends()


def test_a_suspended_member_is_told_nothing_more(portal, li):
    steward = portal.person("steward@example.org", "steward")
    line, stewards = Line(li), Line(steward)
    steward.post(page_of(portal, "M1") + "/suspend")
    line.ends()
    stewards.goes_on(portal)


def test_a_revoked_token_ends_its_line_and_no_others(portal, li):
    def token():
        page = li.post("/account/tokens", 200, token_name="script", token_password=GOOD, scope="read").text
        return page.split('class="secret"')[1].split(">", 1)[1].split("<")[0]

    tokens = [token(), token()]
    lines = [Line(portal.anyone(), Authorization=f"Bearer {t}") for t in tokens]
    keys = [t["key"] for t in li.json("/account")["tokens"]]
    li.post("/account/tokens/end", token=keys[-1])
    ended = eventually(lambda: next((line for line in lines if line.ended.is_set()), None))
    ended.ends()
    other, = (line for line in lines if line is not ended)
    other.goes_on(portal)


def test_a_session_whose_time_is_over_ends_its_line(portal, li):
    other = portal.anyone()
    sign_in(other)
    line = Line(li)
    change(portal, "UPDATE session SET expires_ms = 1 WHERE created_ms = (SELECT min(created_ms) FROM session)")
    other.post("/account/preferences", mail="none")  # the member's own event: the hub looks
    line.ends()


def test_a_member_with_too_many_lines_loses_their_oldest_and_nobody_elses(portal, li):
    """A connection is held for each, and there are only so many."""
    other = Line(portal.person("wang@example.org"))
    lines = [Line(li) for _ in range(22)]
    for line in lines[:2]:
        line.ends()
    assert not any(line.ended.is_set() for line in [*lines[2:], other])
    other.goes_on(portal)
    assert lines[2].came.wait(PATIENCE) and lines[-1].came.wait(PATIENCE)


def test_a_removed_account_ends_its_line(portal, li):
    line = Line(li)
    change(portal, "DELETE FROM session WHERE member = 1")
    change(portal, "DELETE FROM known_network WHERE member = 1")
    change(portal, "DELETE FROM account WHERE member = 1")
    line.ends()
