"""Papers, groups and plans for the tests of reading, put straight into the database: these tests are about
what a reader sees of them, not about how they are made."""

import time

DAY = 86400_000


def now():
    return int(time.time() * 1000)


def publish(portal, path, *options, **offer):
    """Publishes a file and changes its offer; gives the key that stands in addresses."""
    paper = portal.library.publish(path, *options)
    change_offer(portal, paper, **offer)
    return key_of(portal, paper)


def key_of(portal, paper):
    return ask(portal, "SELECT key FROM offer WHERE paper = ?", int(paper[1:]))[0][0]


def paper_of(portal, key):
    return ask(portal, "SELECT paper FROM offer WHERE key = ?", key)[0][0]


def change_offer(portal, paper, **offer):
    number = int(paper[1:]) if paper.startswith("P") and paper[1:].isdigit() else paper_of(portal, paper)
    for column, value in offer.items():
        do(portal, f"UPDATE offer SET {column} = ? WHERE paper = ?", value, number)


def do(portal, sql, *values):
    db = portal.database()
    with db:
        cursor = db.execute(sql, values)
    db.close()
    return cursor.lastrowid


def ask(portal, sql, *values):
    db = portal.database()
    rows = db.execute(sql, values).fetchall()
    db.close()
    return rows


def group(portal, name, *papers, door="invitation", members=()):
    """A group that holds papers, by key."""
    number = do(portal, 'INSERT INTO "group" (key, name, door, created_ms) VALUES (lower(hex(randomblob(8))), ?, ?, 1)',
                name, door)
    for key in papers:
        do(portal, "INSERT INTO group_paper VALUES (?, ?)", number, paper_of(portal, key))
        change_offer(portal, key, access="groups")
    for person in members:
        do(portal, "INSERT INTO group_member VALUES (?, ?, 1)", number, int(person.member[1:]))
    return number


def subscribe(portal, person, number, starts, ends, lookback, **more):
    """A subscription to a plan that opens group `number`, times in days from now."""
    plan = do(portal, "INSERT INTO plan (key, name, price, days, created_ms)"
              " VALUES (lower(hex(randomblob(8))), lower(hex(randomblob(8))), 100, 365, 1)")
    do(portal, "INSERT INTO plan_group (plan, \"group\") VALUES (?, ?)", plan, number)
    subscription = do(portal, "INSERT INTO subscription (member, plan, starts_ms, ends_ms, lookback_ms, source)"
                      " VALUES (?, ?, ?, ?, ?, 'steward')", int(person.member[1:]), plan,
                      now() + starts * DAY, now() + ends * DAY, now() + lookback * DAY)
    for column, value in more.items():
        do(portal, f"UPDATE subscription SET {column} = ? WHERE id = ?", value, subscription)
    return subscription


def notice(portal, text, scope="library", subject=0):
    import hashlib
    return do(portal, "INSERT INTO notice (key, scope, subject, text, digest, since_ms)"
              " VALUES (lower(hex(randomblob(8))), ?, ?, ?, ?, 1)",
              scope, subject, text, hashlib.sha256(text.encode()).digest())


def events(portal, kind):
    import json
    return [(actor, subject, json.loads(data)) for actor, subject, data in
            ask(portal, "SELECT actor, subject, data FROM event WHERE kind = ? ORDER BY seq", kind)]
