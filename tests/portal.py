"""The portal as a browser or a script has it: a served library, and people who are signed in.

Portal(library).start() starts `chancery serve` on a port that is its own for good and waits until it says where it
serves. Person signs somebody in without the pages (account, roles and session are put into the database), for tests
about other things than signing in.
"""

import hashlib
import http.client
import json
import re
import secrets
import socket
import sqlite3
import subprocess
import threading
import time
import urllib.parse
from dataclasses import dataclass, field

from program import BINARY

PATIENCE = 60  # seconds until a test gives up waiting for what must come


@dataclass
class Answer:
    code: int
    headers: dict
    body: bytes

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def location(self):
        return self.headers.get("location", "")


@dataclass
class Person:
    """One browser: cookies, and the token that forms send back."""

    portal: "Portal"
    member: str = ""
    cookies: dict = field(default_factory=dict)
    lang: str = "en"

    def ask(self, method, path, body=None, headers=()):
        connection = http.client.HTTPConnection("127.0.0.1", self.portal.port, timeout=60)
        sent = {"Accept-Language": self.lang, **dict(headers)}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        connection.request(method, path, body, sent)
        got = connection.getresponse()
        answer = Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())
        for name, value in got.getheaders():
            if name.lower() == "set-cookie":
                key, rest = value.split("=", 1)
                self.cookies[key] = rest.split(";", 1)[0]
                if "Max-Age=0" in rest:
                    del self.cookies[key]
        connection.close()
        return answer

    def get(self, path, code=200, **headers):
        answer = self.ask("GET", path, headers=headers.items())
        assert code is None or answer.code == code, f"GET {path}: {answer.code}\n{answer.text}"
        return answer

    def json(self, path, code=200):
        return self.get(path, code, Accept="application/json").json

    @property
    def csrf(self):
        token = self.cookies.get("chancery", "")
        import hmac
        return hmac.new(token.encode(), b"chancery form", hashlib.sha256).hexdigest()[:32]

    def post(self, path, code=303, headers=(), **form):
        """Sends a form. A value may be a list; a value (name, bytes) is a file."""
        pairs = [(k, v) for k, value in form.items()
                 for v in (value if isinstance(value, list) else [value])]
        if self.member:
            pairs.append(("csrf", self.csrf))
        if any(isinstance(v, tuple) for _, v in pairs):
            body, kind = multipart(pairs)
        else:
            body, kind = urllib.parse.urlencode(pairs), "application/x-www-form-urlencoded"
        answer = self.ask("POST", path, body, [("Content-Type", kind), *headers])
        assert code is None or answer.code == code, f"POST {path}: {answer.code}\n{answer.text}"
        return answer

    def events(self, last=None, path="/live"):
        """Reads the live stream: a generator of (id, event, data)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.portal.port, timeout=60)
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if last is not None:
            sent["Last-Event-ID"] = str(last)
        connection.request("GET", path, headers=sent)
        got = connection.getresponse()
        assert got.status == 200
        return read_events(got)


def eventually(seen, what="what was waited for", patience=PATIENCE):
    """Waits until seen() gives something true, and gives it; fails when it never comes."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        found = seen()
        if found:
            return found
        threading.Event().wait(0.01)
    raise AssertionError(f"{what} did not happen")


def keep_port():
    """A socket with a port of this machine that nobody else is given while it is open: it never listens, so that a server
    may, which says SO_REUSEADDR as servers do, and again after its end; without one who calls there is refused."""
    kept = socket.socket()
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    kept.bind(("127.0.0.1", 0))
    return kept


def read_events(stream):
    event = {}
    for line in stream:
        line = line.decode().rstrip("\n")
        if not line:
            if "data" in event:
                yield event.get("id"), event.get("event"), json.loads(event["data"])
            event = {}
        elif ":" in line and not line.startswith(":"):
            key, value = line.split(":", 1)
            event[key] = value.strip()


def multipart(pairs):
    mark = secrets.token_hex(16)
    parts = b""
    for name, value in pairs:
        if isinstance(value, tuple):
            head = f'name="{name}"; filename="{value[0]}"'
            value = value[1]
        else:
            head = f'name="{name}"'
        value = value if isinstance(value, bytes) else str(value).encode()
        parts += (f"--{mark}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode()
                  + value + b"\r\n")
    return parts + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


class Portal:
    def __init__(self, library, *options, first_run=False, **environment):
        """first_run: with nobody as its owner yet, and a code on the terminal that makes one."""
        self.first_run = first_run
        self.code = None
        self.said = ""  # on standard error, once it has ended
        self.library = library
        self.options = options
        self.environment = environment
        self.process = None
        self.kept = keep_port()
        self.port = self.kept.getsockname()[1]

    def start(self):
        if not self.first_run:
            with self.database() as db:
                db.execute("INSERT OR IGNORE INTO setting VALUES ('first-run', 'off')")
            db.close()
        self.process = subprocess.Popen(
            [BINARY, "serve", "--port", str(self.port), *self.options],
            env={**self.library.environment(), **self.environment},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        line = self.process.stdout.readline().decode()
        assert re.search(rf"://[0-9.]+:{self.port}\b", line), f"serve said {line!r} {self.process.stderr.read().decode()}"
        if self.first_run:
            code = re.search(r"[A-Z2-9]{4}(-[A-Z2-9]{4}){2}", self.process.stdout.readline().decode())
            self.code = code[0] if code else None
        return self

    def stop(self, kill=False):
        """Ends the server, politely or not, and gives its exit code."""
        if not self.process:
            return None
        (self.process.kill if kill else self.process.terminate)()
        code = self.process.wait(60)
        self.said = said = self.process.stderr.read().decode()
        self.process.stdout.close()
        self.process.stderr.close()
        self.process = None
        assert kill or code == 0, f"serve ended with {code}: {said}"
        return code

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def database(self):
        return sqlite3.connect(self.library.data / "chancery.db", timeout=30)

    def anyone(self, lang="en"):
        return Person(self, lang=lang)

    def person(self, member, *roles, lang="en"):
        """Somebody signed in: "M1" or a new member's e-mail."""
        if "@" in member:
            name = member.split("@")[0].title()
            member = self.library.json("member", "add", "--email", member, "--name", name)["member"]
        number, now, token = int(member[1:]), int(time.time() * 1000), secrets.token_hex(32)
        with self.database() as db:
            db.execute("INSERT OR IGNORE INTO account (member, created_ms) VALUES (?, ?)", (number, now))
            db.executemany("INSERT OR IGNORE INTO role VALUES (?, ?)", [(number, r) for r in roles])
            db.execute("INSERT INTO session VALUES (?, ?, ?, ?, ?, 'test', 'test')",
                       (hashlib.sha256(token.encode()).digest(), number, now, now,
                        now + 3600 * 1000))
        db.close()
        return Person(self, member, {"chancery": token}, lang)
