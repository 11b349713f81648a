"""Killed while it gives notices of supervision: after the next start each is there once, and told of once."""

import datetime
import json
import sqlite3
from contextlib import closing

import pytest

from portal import Portal, eventually
from zones import zone_at

LINES, LEADS = 1500, 130  # several transactions of lines, and of letters


def prepare(library):
    """Lines that are all late, under supervision, where it is noon on a working day."""
    zone, noon = zone_at(12)
    library.add_members(LEADS)
    for name, value in (("time-zone", zone), ("ledger.calendar", "everyday"),
                        ("first-run", "off"), ("smtp.url", "smtp://127.0.0.1:9"), ("mail.from", "papers@example.org")):
        library.run("settings", "set", name, value)
    today = (noon - datetime.date(1970, 1, 1)).days
    with closing(sqlite3.connect(library.data / "chancery.db")) as db, db:
        db.executemany("INSERT INTO line (id, key, kind, number, title, lead, due_day, created_ms, changed_ms)"
                       " VALUES (?1, 'k' || ?1, 'goal', 'G' || ?1, 'Goal ' || ?1, ?2, ?3, 1, 1)",
                       ((i, i % LEADS + 1, today - 1) for i in range(1, LINES + 1)))
        db.execute("INSERT INTO supervision (line, state, rhythm) SELECT id, 'working', 'none' FROM line")


def ask(library, sql):
    with closing(sqlite3.connect(library.data / "chancery.db")) as db:
        return db.execute(sql).fetchall()


def count(library, table):
    return ask(library, f"SELECT count(*) FROM {table}")[0][0]


@pytest.mark.parametrize("table, seen", [("supervision_notice", 1), ("supervision_notice", 700), ("letter", 1), ("letter", LEADS)])
def test_notices_are_given_and_told_once_however_the_round_is_killed(library, table, seen):
    prepare(library)
    portal = Portal(library).start()
    eventually(lambda: count(library, table) >= seen)
    portal.stop(kill=True)
    portal.start()
    eventually(lambda: ask(library, "SELECT next_ms FROM supervision_round")[0][0] > 0)
    portal.stop()
    assert ask(library, "SELECT count(*), count(DISTINCT line) FROM supervision_notice WHERE cause = 'late'") == [(LINES, LINES)]
    assert ask(library, "SELECT count(*), count(DISTINCT subject) FROM event WHERE kind = 'line.urged'") == [(LINES, LINES)]
    told = [(member, notice) for member, data in ask(library, "SELECT member, data FROM letter WHERE kind = 'supervision'")
            for notice in json.loads(data)["notices"]]
    assert sorted(told) == sorted(ask(library, "SELECT member, notice FROM supervision_notice_to"))
    assert len(told) == len(set(told)) == LINES
    assert library.run("verify").code == 0
