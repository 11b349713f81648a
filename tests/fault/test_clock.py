"""A machine's clock that was far ahead for a while, and was set right."""

import sqlite3
import time
from contextlib import closing

from portal import Portal, eventually

DAY = 24 * 3600 * 1000
ROUNDS = ("alarm_round", "step_round", "campaign_round", "supervision_round")


def test_what_was_put_off_while_the_clock_was_ahead_is_taken_up_when_it_is_right(library):
    """Limits that nobody watches for a year, and letters that wait as long."""
    library.add_members(1)
    ahead = int(time.time() * 1000) + 365 * DAY
    with closing(sqlite3.connect(library.data / "chancery.db")) as db, db:
        for table in ROUNDS:
            db.execute(f"UPDATE {table} SET next_ms = ?", (ahead,))
        db.execute("INSERT INTO letter (event, member, kind, data, created_ms, due_ms) VALUES (1, 1, 'invitation', '{}', ?1, ?1)",
                   (ahead,))
        soon = time.time() * 1000 + 15 * DAY
    portal = Portal(library).start()

    def put_off():
        with closing(sqlite3.connect(library.data / "chancery.db")) as db:
            return [n for table in ROUNDS for n, in db.execute(f"SELECT next_ms FROM {table}")] + [
                n for n, in db.execute("SELECT due_ms FROM letter")]

    eventually(lambda: max(put_off()) < soon)
    portal.stop()
