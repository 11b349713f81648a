"""People with passwords, for tests about signing in."""

import base64
import hashlib
import hmac
import re
import struct
import time
import urllib.parse

from portal import eventually

GOOD = "lantern under cold bridge"
GOOD_KEPT = ("$argon2id$v=19$m=65536,t=2,p=1$raopnIWxnykVZQt8oNL7Ag$Gjn+PR"
             "yQMRZX449wE6uSQnizNLrW5P7XyGT4cXHXerI")
FACTOR = b"12345678901234567890"


def change(portal, sql, *values):
    """Time passes, or something else that a test can't wait for, in the database; gives rows."""
    with portal.database() as db:
        rows = db.execute(sql, values).fetchall()
    db.close()
    return rows


def page_of(portal, member):
    """The address of a member's page, of "M3"."""
    return "/members/" + change(portal, "SELECT key FROM member WHERE id = ?", int(member[1:]))[0][0]


def add_account(portal, email="li@example.org", *roles, name=None, factor=False):
    """A member with the password GOOD, and with a second factor if asked."""
    name = name or email.split("@")[0].title()
    member = portal.library.json("member", "add", "--email", email, "--name", name)["member"]
    number = int(member[1:])
    change(portal, "INSERT INTO account (member, password, totp, created_ms) VALUES (?, ?, ?, ?)",
           number, GOOD_KEPT, FACTOR if factor else None, int(time.time() * 1000))
    for role in roles:
        change(portal, "INSERT INTO role VALUES (?, ?)", number, role)
    return member


def sign_in(person, email="li@example.org", password=GOOD, code=303, network=None, **more):
    headers = [("X-Forwarded-For", network)] if network else []
    answer = person.post("/sign-in", code, headers=headers, email=email, password=password, **more)
    if answer.code == 303 and answer.location == "/":
        who = change(person.portal, "SELECT id FROM member WHERE email = ?", email)
        person.member = f"M{who[0][0]}"
    return answer


def totp(secret=FACTOR, step=0, now=None):
    """The code of an authenticator app, `step` half minutes from now (RFC 6238)."""
    if isinstance(secret, str):
        secret = base64.b32decode(secret)
    count = int((time.time() if now is None else now) // 30) + step
    mac = hmac.new(secret, struct.pack(">Q", count), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def give_code(person, code, expect=303, next="/"):
    """Posts the second factor's code; `code` is also the name of Person.post's expectation."""
    body = urllib.parse.urlencode({"code": code, "next": next, "csrf": person.csrf})
    answer = person.ask("POST", "/sign-in/code", body,
                        [("Content-Type", "application/x-www-form-urlencoded")])
    assert answer.code == expect, answer.text
    return answer


def is_signed_in(person):
    return "Sign out" in person.get("/").text


def mail_on(portal):
    """Letters are queued, and go nowhere."""
    portal.library.run("settings", "set", "smtp.url", "smtp://127.0.0.1:9")
    portal.library.run("settings", "set", "mail.from", "papers@example.org")


def letters(portal, kind):
    """The paths in the letters of a kind, oldest first, once all that were asked for are there."""
    eventually(lambda: not change(portal, "SELECT 1 FROM asking"))
    rows = change(portal, "SELECT data FROM letter WHERE kind = ? ORDER BY id", kind)
    return [re.search(r'"path":"([^"]+)"', row[0])[1] for row in rows]
