"""Webhooks: signed, in order, once, also when the server is killed in between; and never into our network."""

import base64
import hashlib
import hmac
import html
import http.server
import itertools
import json
import queue
import re
import threading
from dataclasses import dataclass

import pytest

import shelf
from portal import PATIENCE, eventually
from texts import sample


@dataclass
class Message:
    path: str
    id: str
    timestamp: str
    signature: str
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    def is_signed_with(self, secret):
        key = base64.b64decode(secret.removeprefix("whsec_"))
        text = f"{self.id}.{self.timestamp}.".encode() + self.body
        mac = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
        return self.signature == f"v1,{mac}"


class Receiver:
    """Takes messages on a free port of loopback; `say` gives the status to answer with."""

    def __init__(self):
        receiver = self
        self.messages = queue.Queue()
        self.say = lambda message: 200

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                message = Message(self.path, self.headers["webhook-id"], self.headers["webhook-timestamp"],
                                  self.headers["webhook-signature"], body)
                receiver.messages.put(message)
                code = receiver.say(message)
                self.send_response(code)
                if 300 <= code < 400:
                    self.send_header("Location", f"{receiver.url}/elsewhere")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self):
        return self.messages.get(timeout=PATIENCE)

    def take_until(self, title):
        """The messages up to one of a paper of this title. One that was refused may have come again and again by itself."""
        taken = [self.take()]
        while taken[-1].json["data"]["title"] != title:
            taken.append(self.take())
        return taken

    def take_all(self):
        """All messages that are here already."""
        return [self.messages.get_nowait() for _ in range(self.messages.qsize())]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.stop()


@pytest.fixture
def owner(portal):
    portal.library.run("settings", "set", "hooks.reach", "loopback")
    return portal.person("owner@example.org", "owner")


def add(owner, url, *kinds):
    return owner.post("/settings/hooks", url=url, kinds=list(kinds) or ["paper.published"]).location


def secret(owner, hook):
    return html.unescape(re.search(r"<code>(whsec_\S+?)</code>", owner.get(hook).text)[1])


def rows(portal, sql):
    with portal.database() as db:
        return db.execute(sql).fetchall()


def all_over(portal):
    return rows(portal, "SELECT count(*) FROM delivery WHERE done_ms IS NULL AND ended_ms IS NULL"
                ) == [(0,)]


def try_now(portal):
    """Brings the next try forward."""
    with portal.database() as db:
        db.execute("UPDATE delivery SET due_ms = 1")
    portal.library.run("settings", "set", "credit", "wake")


def test_a_publication_is_told_signed_and_without_its_text(portal, owner, receiver):
    hook = add(owner, receiver.url + "/hook")
    portal.library.publish(portal.library.file("p.md", "# The title\n\nThe text itself.\n"))
    message = receiver.take()
    assert message.is_signed_with(secret(owner, hook))
    assert not message.is_signed_with("whsec_" + base64.b64encode(bytes(32)).decode())
    told = message.json
    (key,), = rows(portal, "SELECT key FROM offer")
    assert told["type"] == "paper.published"
    assert told["data"]["subject"] == "P1" and told["data"]["title"] == "The title"
    assert told["data"]["url"] == f"{portal.url}/papers/{key}"
    assert b"text itself" not in message.body
    eventually(lambda: all_over(portal))
    assert owner.json(hook)["deliveries"][0]["done"]
    assert "whsec" not in owner.get(hook, Accept="application/json").text
    assert receiver.messages.empty()


def test_a_receiver_that_takes_its_time_holds_no_other_up(portal, owner, receiver):
    others, over = Receiver(), threading.Event()
    receiver.say = lambda message: 200 if over.wait(PATIENCE) else 500
    try:
        add(owner, receiver.url)
        add(owner, others.url)
        for title in ("One", "Two", "Three"):
            portal.library.publish(portal.library.file("p.md", f"# {title}\n\nThe text itself.\n"))
            assert others.take().json["data"]["title"] == title
        over.set()
        assert [receiver.take().json["data"]["title"] for _ in range(3)] == ["One", "Two", "Three"]
        eventually(lambda: all_over(portal))
        assert rows(portal, "SELECT DISTINCT tries FROM delivery") == [(1,)], "nobody gave the slow one up meanwhile"
    finally:
        over.set()
        others.stop()


def test_talk_subscriptions_and_what_is_taken_back_are_told_without_words_or_members(portal, owner, receiver):
    steward, editor = portal.person("s@example.org", "steward"), portal.person("e@example.org", "editor")
    anna = portal.person("anna@example.org")
    group = steward.post("/groups", name="Board", public=1).location
    anna.post(group + "/join")
    steward.post("/plans", name="Yearly", price="10", currency="CNY", days=365, lookback_days=1096)
    plan = steward.json("/plans")["plans"][0]["key"]
    portal.library.publish(sample("en"), "--title", "The title")
    paper = shelf.key_of(portal, "P1")
    kinds = ("post.made", "subscription.made", "subscription.paused", "subscription.resumed",
             "subscription.ended", "paper.withdrawn", "paper.restored", "copies.revoked", "revocation.lifted")
    add(owner, receiver.url, *kinds)
    anna.post(group + "/talk", text="Shall we begin?")
    steward.post("/subscribers", email="anna@example.org", plan=plan)
    for what in ("pause", "resume", "end"):
        steward.post("/subscribers/change", subscription="S1", do=what)
    editor.post(f"/papers/{paper}/withdraw", reason="Figures were wrong.")
    editor.post(f"/papers/{paper}/restore")
    steward.post(f"/papers/{paper}/revoke", whose="member", member=anna.member, all_papers=1,
                 reason="Left us.")
    told = [receiver.take() for _ in range(8)]
    assert [m.json["type"] for m in told] == list(kinds[:8])
    read = [{k: v for k, v in m.json["data"].items() if k != "event"} for m in told]
    assert read[0] == {"subject": "G1", "title": "Board", "url": f"{portal.url}{group}/talk"}
    assert read[1:5] == [{"subject": "S1", "title": "Yearly", "url": f"{portal.url}/subscribers"}] * 4
    assert read[5:7] == [{"subject": "P1", "title": "The title", "url": f"{portal.url}/papers/{paper}"}] * 2
    assert read[7] == {"subject": ""}
    everything = b"".join(m.body for m in told).lower()
    for word in (b"anna", b"begin", b"figures", b"left us", anna.member.lower().encode()):
        assert not re.search(rb"\b" + word + rb"\b", everything), "a key may hold the same letters"


def test_revoking_all_of_a_members_copies_is_told_without_saying_whose(portal, owner, receiver):
    add(owner, receiver.url, "copies.revoked", "revocation.lifted")
    with portal.database() as db:
        db.execute("INSERT INTO revocation (member, reason, created_ms) VALUES (1, 'x', 1)")
    portal.library.publish(sample("en"))
    steward = portal.person("s@example.org", "steward")
    steward.post(f"/papers/{shelf.key_of(portal, 'P1')}/lift", revocation="1")
    assert {k: v for k, v in receiver.take().json["data"].items() if k != "event"} == {"subject": ""}


def test_only_what_was_chosen_is_told_and_nothing_from_before(portal, owner, receiver):
    portal.library.publish(sample("en"))
    hook = add(owner, receiver.url, "member.added")
    portal.library.publish(sample("zh"))
    portal.library.run("member", "add", "--email", "li@example.org", "--name", "Li")
    assert receiver.take().json["type"] == "member.added"
    owner.post(hook + "/kinds", kinds=["paper.published"])
    portal.library.run("member", "add", "--email", "wang@example.org", "--name", "Wang")
    portal.library.publish(sample("en"), "--title", "Another")
    assert receiver.take().json["data"]["title"] == "Another"
    assert receiver.messages.empty()


def test_messages_keep_their_order_while_the_receiver_is_ill(portal, owner, receiver):
    hook = add(owner, receiver.url)
    receiver.say = lambda message: 500
    for title in ("First", "Second", "Third"):
        portal.library.publish(sample("en"), "--title", title)
    eventually(lambda: "HTTP 500" in owner.get(hook).text)
    receiver.say = lambda message: 204
    try_now(portal)
    told = [(m.json["data"]["title"], m.id) for m in receiver.take_until("Third")]
    assert len(told) > 3
    assert [title for (title, _), _ in itertools.groupby(told)] == ["First", "Second", "Third"]
    assert len(set(told)) == 3


def fail_and_wait(portal, why):
    """What was not taken, for this reason, waits for an hour more."""
    eventually(lambda: rows(portal, f"SELECT 1 FROM delivery WHERE failed LIKE '%{why}%'"))
    with portal.database() as db:
        db.execute("UPDATE delivery SET due_ms = due_ms + 3600000 WHERE tries > 0")


def test_what_waits_for_a_receiver_goes_as_soon_as_it_takes_a_test(portal, owner, receiver):
    hook = add(owner, receiver.url)
    receiver.say = lambda message: 500
    for title in ("First", "Second"):
        portal.library.publish(sample("en"), "--title", title)
    fail_and_wait(portal, "HTTP 500")
    receiver.say = lambda message: 200
    receiver.take_all()
    owner.post(hook + "/test")
    assert receiver.take().json["type"] == "test"
    assert [receiver.take().json["data"]["title"] for _ in range(2)] == ["First", "Second"]


def test_what_waits_goes_as_soon_as_a_webhook_has_a_new_secret(portal, owner, receiver):
    hook = add(owner, receiver.url)
    receiver.say = lambda message: 401
    portal.library.publish(sample("en"))
    fail_and_wait(portal, "HTTP 401")
    receiver.say = lambda message: 200
    receiver.take_all()
    owner.post(hook + "/secret")
    assert receiver.take().is_signed_with(secret(owner, hook))


def test_what_waits_goes_as_soon_as_its_address_is_within_reach(portal, owner, receiver):
    add(owner, receiver.url)
    portal.library.run("settings", "set", "hooks.reach", "")
    portal.library.publish(sample("en"), "--title", "Waits")
    fail_and_wait(portal, "Only https goes out")
    assert receiver.messages.empty()
    portal.library.run("settings", "set", "hooks.reach", "loopback")
    assert receiver.take().json["data"]["title"] == "Waits"


def test_a_message_is_given_up_after_a_day_and_the_next_one_goes(portal, owner, receiver):
    hook = add(owner, receiver.url)
    receiver.say = lambda message: 500
    portal.library.publish(sample("en"), "--title", "First")
    eventually(lambda: rows(portal, "SELECT 1 FROM delivery WHERE tries > 0"))
    with portal.database() as db:
        db.execute("UPDATE delivery SET created_ms = created_ms - 86400001")
    try_now(portal)
    eventually(lambda: rows(portal, "SELECT 1 FROM delivery WHERE ended_ms IS NOT NULL"))
    receiver.say = lambda message: 200
    portal.library.publish(sample("zh"), "--title", "Second")
    receiver.take_until("Second")
    assert "given up" in owner.get(hook).text


def test_a_redirect_is_not_followed(portal, owner, receiver):
    hook = add(owner, receiver.url)
    receiver.say = lambda message: 307
    portal.library.publish(sample("en"))
    eventually(lambda: "HTTP 307" in owner.get(hook).text)
    assert {m.path for m in receiver.take_all()} == {"/"}


def test_a_test_a_new_secret_and_the_end(portal, owner, receiver):
    hook = add(owner, receiver.url)
    old = secret(owner, hook)
    owner.post(hook + "/test")
    assert receiver.take().json["type"] == "test"
    owner.post(hook + "/secret")
    new = secret(owner, hook)
    owner.post(hook + "/test")
    second = receiver.take()
    assert new != old and second.is_signed_with(new) and not second.is_signed_with(old)
    owner.post(hook + "/end")
    owner.get(hook, 404)
    portal.library.publish(sample("en"))
    other = add(owner, receiver.url)
    owner.post(other + "/test")
    assert receiver.take().id.startswith(other.split("/")[-1])
    assert receiver.messages.empty()


def test_what_is_asked_of_a_webhook_that_has_ended_is_refused_and_nothing_breaks(portal, owner, receiver):
    """In another window, or by a second click."""
    path = add(owner, receiver.url)
    owner.post(f"{path}/end")
    for act in ("kinds", "test", "secret", "end"):
        assert "no such webhook" in owner.post(f"{path}/{act}", 404, kinds=["paper.published"]).text, act
    owner.get("/settings/hooks")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://example.org/", "ftp://example.org/",
                                 "https://me@example.org/", "https://", "x"])
def test_an_address_that_is_not_https_is_refused_where_it_is_typed(portal, url):
    owner = portal.person("owner@example.org", "owner")
    page = owner.post("/settings/hooks", 422, url=url, kinds="paper.published")
    assert 'role="alert"' in page.text and html.escape(url) in page.text
    for page in (page, owner.post("/settings/hooks", 422, url=url)):
        assert re.search(r'<input[^>]*name="url"[^>]*aria-invalid', page.text), "the address is what is wrong, whatever is ticked"
    owner.post("/settings/hooks", 422, url="https://example.org/")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "10.1.2.3",
                                  "169.254.169.254", "[::ffff:127.0.0.1]", "2130706433"])
def test_nothing_is_sent_into_our_own_network(portal, host):
    owner = portal.person("owner@example.org", "owner")
    hook = add(owner, f"https://{host}/")
    owner.post(hook + "/test")
    eventually(lambda: "leads into a network" in owner.get(hook).text)


def test_what_was_allowed_once_stops_when_the_setting_does(portal, owner, receiver):
    hook = add(owner, receiver.url)
    portal.library.run("settings", "set", "hooks.reach", "")
    owner.post(hook + "/test")
    eventually(lambda: "Only https goes out" in html.unescape(owner.get(hook).text))
    assert receiver.messages.empty()


def test_only_the_owner_has_to_do_with_webhooks(portal, owner):
    hook = add(owner, "https://example.org/")
    for role in ("editor", "steward"):
        person = portal.person(f"{role}@example.org", role)
        person.get("/settings/hooks", 403)
        person.get(hook, 403)
        for what in ("", "/kinds", "/test", "/secret", "/end"):
            person.post((hook if what else "/settings/hooks") + what, 403)
    portal.anyone().get(hook, 303)


# --- killed -----------------------------------------------------------------------------------------

COUNT = 8


@pytest.mark.parametrize("message_of_the_kill", [1, 4, COUNT])
def test_a_kill_between_the_receivers_word_and_ours_sends_one_message_twice_at_most(
        portal, owner, receiver, message_of_the_kill):
    """Killed after the receiver has the message and before it answered, exactly that message comes again,
    under the same webhook-id and in its place; none is lost."""
    add(owner, receiver.url, "member.added")
    count = 0
    killed = threading.Event()

    def say(message):
        nonlocal count
        count += 1
        if count == message_of_the_kill and not killed.is_set():
            portal.process.kill()
            portal.process.wait()
            killed.set()
        return 200

    receiver.say = say
    for i in range(COUNT):
        portal.library.run("member", "add", "--email", f"m{i}@example.org", "--name", f"M {i}")
    assert killed.wait(PATIENCE)
    portal.stop(kill=True)
    portal.start()
    eventually(lambda: all_over(portal)
               and rows(portal, "SELECT count(*) FROM delivery") == [(COUNT,)])
    got = receiver.take_all()
    order = [m.json["data"]["event"] for m in got]
    assert len(got) == COUNT + 1 and len({m.id for m in got}) == COUNT
    assert order == sorted(order)
    assert order[message_of_the_kill - 1] == order[message_of_the_kill]
    assert got[message_of_the_kill - 1].id == got[message_of_the_kill].id
