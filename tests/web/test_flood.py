"""A flood of what costs much: passwords to check, the whole record to look through. What it may cost, and that others
get in all the while."""

import re
import threading
import urllib.parse

import pytest
from accounts import GOOD, add_account, change, sign_in
from portal import Portal

COST = 64 << 20  # bytes that one check of a password takes
AT_ONCE = 5  # checks, of strangers and of who is known together
STRANGERS = 40


@pytest.fixture
def proxied(library):
    served = Portal(library, "--trust-proxy").start()
    yield served
    served.stop()


def peak(portal):
    """The most memory that the server has held, in bytes."""
    with open(f"/proc/{portal.process.pid}/status") as status:
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read())[1]) << 10


class Flood:
    """Strangers from many networks, each with an address of their own, without a pause."""

    def __init__(self, portal):
        self.portal = portal
        self.over = threading.Event()
        self.answers = []
        self.threads = [threading.Thread(target=self.run, args=(i,)) for i in range(STRANGERS)]

    def run(self, number):
        for i in range(1000):
            body = urllib.parse.urlencode({"email": f"x{number}-{i}@example.org", "password": "x" * 12})
            self.answers.append(self.portal.anyone().ask("POST", "/sign-in", body, [
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("X-Forwarded-For", f"10.{number}.{i % 250}.1")]))
            if self.over.is_set():
                break

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()


@pytest.mark.slow  # memory is counted, and sanitizers take their own
def test_a_flood_of_sign_ins_takes_bounded_memory_and_keeps_no_owner_out(proxied):
    add_account(proxied)
    home = "198.51.100.7"
    sign_in(proxied.anyone(), network=home)
    li = proxied.anyone()
    sign_in(li, network=home)
    before = peak(proxied)  # one check is in it already
    with Flood(proxied) as flood:
        for _ in range(6):
            sign_in(proxied.anyone(), network=home)
        li.post("/account/password", 403, old_password="not this one", password=GOOD, password_again=GOOD)
        assert li.get("/account").code == 200
    assert peak(proxied) - before < (AT_ONCE - 1) * COST + (48 << 20)
    assert {a.code for a in flood.answers} <= {403, 429}
    turned_away = [a for a in flood.answers if a.code == 429]
    assert turned_away and all(int(a.headers["retry-after"]) > 0 for a in turned_away)
    assert all("did not count as a try" in a.text for a in turned_away)


def test_who_asks_often_for_what_is_kept_about_them_takes_no_page_from_others(portal):
    """It is looked for in all that ever happened; with all workers at it nobody else would get a page."""
    curious, other = portal.person("curious@example.org"), portal.person("other@example.org")
    change(portal, "WITH RECURSIVE n (i) AS (SELECT 1001 UNION ALL SELECT i + 1 FROM n WHERE i < 201000) INSERT INTO event"
                   " SELECT i, 1, 'M9', 'copy.opened', 'P9', '{\"member\":\"M9\"}', x'00', x'00' FROM n")
    answers = []
    asking = [threading.Thread(target=lambda path=path: answers.append(curious.get(path, None)))
              for path in ["/account/data", "/account/data/file", "/account/data/file?format=html"] * 20]
    for thread in asking:
        thread.start()
    other.get("/account")
    for thread in asking:
        thread.join()
    turned_away = [a for a in answers if a.code == 429]
    assert {a.code for a in answers} == {200, 429}
    assert len(turned_away) > 20 and all(int(a.headers["retry-after"]) > 0 for a in turned_away)
    curious.get("/account/data")
