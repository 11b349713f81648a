"""Killed while limits lapse and letters are queued: after the next start each step has lapsed once, and is told of once."""

import datetime
import json
import sqlite3
from contextlib import closing

import pytest

from portal import Portal, eventually

LINES, CLERKS = 420, 40  # several transactions of clocks, and of letters


def prepare(library):
    """Reviews whose first step ran out long ago in silence; the second then opens, and is told of."""
    library.add_members(CLERKS)
    for name, value in (("ledger.calendar", "everyday"), ("first-run", "off"), ("smtp.url", "smtp://127.0.0.1:9"),
                        ("mail.from", "papers@example.org")):
        library.run("settings", "set", name, value)
    opened = int((datetime.datetime.now() - datetime.timedelta(days=30)).timestamp() * 1000)
    with closing(sqlite3.connect(library.data / "chancery.db")) as db, db:
        db.executemany("INSERT INTO line (id, key, kind, number, title, created_ms, changed_ms) VALUES (?1, 'k' || ?1, 'review',"
                       " 'V' || ?1, 'Matter ' || ?1, 1, 1)", ((i,) for i in range(1, LINES + 1)))
        db.execute("INSERT INTO review (line, state, asked_by) SELECT id, 'running', 1 FROM line")
        db.execute("INSERT INTO step (key, line, stage, member, limit_days, silence, state, made_ms, opened_ms) SELECT 's' || id, id, 1,"
                   " id % ? + 1, 5, 1, 'open', ?, ? FROM line", (CLERKS, opened, opened))
        db.execute("INSERT INTO step (key, line, stage, member, limit_days, made_ms) SELECT 't' || id, id, 2, id % ? + 1, 5, ? FROM line",
                   (CLERKS, opened))


def ask(library, sql):
    with closing(sqlite3.connect(library.data / "chancery.db")) as db:
        return db.execute(sql).fetchall()


@pytest.mark.parametrize("sql, seen", [("SELECT count(*) FROM step WHERE state = 'silent'", 1), ("SELECT count(*) FROM step WHERE state = 'silent'", 150),
                                       ("SELECT count(*) FROM letter", 1), ("SELECT count(*) FROM letter", 250)])
def test_limits_lapse_and_are_told_once_however_the_round_is_killed(library, sql, seen):
    prepare(library)
    portal = Portal(library).start()
    eventually(lambda: ask(library, sql)[0][0] >= seen)
    portal.stop(kill=True)
    portal.start()
    eventually(lambda: ask(library, "SELECT count(*) FROM letter")[0][0] >= LINES)
    portal.stop()
    assert ask(library, "SELECT count(*) FROM step WHERE stage = 1 AND state = 'silent' AND used_days = 5") == [(LINES,)]
    lapses = ask(library, "SELECT subject FROM event WHERE kind = 'line.step' AND json_extract(data, '$.act') = 'lapse'")
    assert len(lapses) == len(set(lapses)) == LINES
    told = sorted(json.loads(data)["step"] for data, in ask(library, "SELECT data FROM letter WHERE kind = 'step'"))
    assert told == sorted(step for step, in ask(library, "SELECT id FROM step WHERE stage = 2 AND state = 'open'"))
    assert len(told) == LINES and library.run("verify").code == 0
