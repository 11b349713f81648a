"""A flood of passwords to check: what it may cost, and that who is known gets in all the while."""

import re
import threading
import urllib.parse

import pytest
from accounts import GOOD, add_account, sign_in
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
