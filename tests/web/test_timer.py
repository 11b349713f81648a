"""What falls due is done by itself."""

import re
import time

from portal import eventually

DAY_MS = 24 * 3600 * 1000


def sessions(portal):
    with portal.database() as db:
        return db.execute("SELECT count(*) FROM session").fetchone()[0]


def test_what_expired_long_ago_is_forgotten_and_what_expired_lately_is_not(portal):
    portal.person("li@example.org")
    portal.person("wang@example.org")
    portal.person("chen@example.org")
    now = int(time.time() * 1000)
    with portal.database() as db:
        db.execute("UPDATE session SET expires_ms = ? WHERE member = 1", (now - 31 * DAY_MS,))
        db.execute("UPDATE session SET expires_ms = ? WHERE member = 2", (now - DAY_MS,))
    portal.stop()
    portal.start()
    eventually(lambda: sessions(portal) == 2)
    with portal.database() as db:
        assert db.execute("SELECT member FROM session ORDER BY 1").fetchall() == [(2,), (3,)]


def test_the_timer_wakes_when_something_falls_due_between_its_rounds(portal):
    portal.person("li@example.org")
    now = int(time.time() * 1000)
    with portal.database() as db:
        db.execute("UPDATE session SET expires_ms = ?", (now - 30 * DAY_MS + 1500,))
    portal.person("wang@example.org")  # an event, so that it looks
    eventually(lambda: sessions(portal) == 1, patience=30)  # its rounds are a minute apart


def test_what_falls_due_and_fails_is_said_once_to_whoever_runs_it(portal):
    portal.person("li@example.org")
    with portal.database() as db:
        db.execute("UPDATE session SET expires_ms = 1")
        db.execute("CREATE TRIGGER broken BEFORE DELETE ON session BEGIN SELECT RAISE(ABORT, 'no room left'); END")
    portal.stop()
    portal.start()
    line = portal.process.stderr.readline().decode()
    assert re.fullmatch(r"\d.* 20\d\d, \d\d:\d\d  timer: .*no room left.*\n", line), line
    portal.person("wang@example.org")  # an event, so that it tries again
    portal.stop()
    assert "timer:" not in portal.said
