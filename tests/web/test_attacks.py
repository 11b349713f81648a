"""What somebody tries who is clever and has an account, or none: each of these once found, or could find, a
way."""

import contextlib
import hashlib
import http.client
import socket

import pytest
import shelf
from accounts import GOOD, add_account, change, sign_in
from portal import PATIENCE, Portal, eventually
from texts import sample


@pytest.fixture
def proxied(library):
    served = Portal(library, "--trust-proxy").start()
    yield served
    served.stop()


def raw(portal, text):
    """What the server sends back until it closes, to bytes that no client would send. It may close before they
    are all sent."""
    answer = b""
    with socket.create_connection(("127.0.0.1", portal.port), timeout=PATIENCE) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(text if isinstance(text, bytes) else text.encode())
        with contextlib.suppress(OSError):  # closed already
            connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionError):
            while piece := connection.recv(65536):
                answer += piece
    return answer


# --- tokens -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", ["feed", "publish", "manage"])
def test_a_token_shows_no_page_of_its_member_but_those_of_its_scope(portal, scope):
    owner = portal.person("li@example.org", "owner")
    key = shelf.publish(portal, sample("en"))
    change(portal, "INSERT INTO token (hash, member, name, scopes, created_ms) VALUES (?, 1, 'x', ?, 1)",
           hashlib.sha256(b"secret").digest(), scope)
    title = portal.library.json("papers")[0]["title"]
    assert title in owner.get("/").text
    script = [("Authorization", "Bearer secret"), ("Accept", "application/json")]
    nobody = portal.anyone()
    for path in ("/", f"/papers/{key}", "/sign-in"):
        answer = nobody.ask("GET", path, headers=script)
        assert title not in answer.text and "Li" not in answer.text, path


@pytest.mark.parametrize("path, form", [("/ledger", {"kind": "goal", "title": ""}), ("/ledger/views", {"name": ""}),
                                        ("{line}/talk", {"text": ""})])
def test_a_refused_form_shows_a_token_no_page_beyond_its_scope(portal, path, form):
    """A person gets the form back in its page, which may be all of the ledger."""
    owner = portal.person("li@example.org", "owner")
    line = owner.post("/ledger", kind="goal", title="Clean water").location
    change(portal, "INSERT INTO token (hash, member, name, scopes, created_ms) VALUES (?, 1, 'x', 'manage', 1)",
           hashlib.sha256(b"secret").digest())
    script = [("Authorization", "Bearer secret")]
    nobody = portal.anyone()
    assert "Clean water" not in nobody.ask("GET", line, headers=script).text
    path = path.format(line=line)
    assert "Clean water" in owner.post(path, 422, **form).text
    assert "Clean water" not in nobody.post(path, 422, script, **form).text


# --- counting tries -----------------------------------------------------------------------------------


def test_whoever_writes_the_proxys_header_beforehand_comes_from_where_the_proxy_says(proxied):
    """Some proxies add a header of their own to the client's instead of extending it."""
    def codes(mine):
        found = []
        for i in range(7):
            connection = http.client.HTTPConnection("127.0.0.1", proxied.port, timeout=PATIENCE)
            connection.putrequest("POST", "/sign-in")
            for name, value in (("X-Forwarded-For", mine(i)), ("X-Forwarded-For", "192.0.2.1"),
                                ("Content-Type", "application/x-www-form-urlencoded")):
                connection.putheader(name, value)
            body = f"email=x{i}@example.org&password=wrong".encode()
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            found.append(connection.getresponse().status)
        return found

    codes(lambda i: f"10.{i}.0.1")
    assert change(proxied, "SELECT max(failures) FROM attempt") == [(7,)], "by one network"


@pytest.mark.parametrize("email", ["li@example.org", "nobody@example.org"])
def test_who_shares_a_members_network_learns_from_refusals_no_address_that_is_known(proxied, email):
    """Tries at a known address from a known network are counted apart; that must not show."""
    add_account(proxied)
    sign_in(proxied.anyone(), network="198.51.100.7")
    change(proxied, "DELETE FROM attempt")
    codes, waits = [], []
    for i in range(12):
        answer = sign_in(proxied.anyone(), email, "wrong", code=None, network="198.51.100.8")
        codes.append(answer.code)
        waits.append(int(answer.headers.get("retry-after", 0)))
        change(proxied, "UPDATE attempt SET last_ms = last_ms - ?", waits[-1] * 1000 or 1)
    assert codes[:6] == [403] * 5 + [429]
    assert 0 < waits[5] <= 10


# --- sessions -----------------------------------------------------------------------------------------


def test_an_open_session_alone_makes_no_token_that_outlives_it(portal):
    add_account(portal)
    li = portal.anyone()
    sign_in(li)
    li.post("/account/tokens", 422, token_name="x", scope="read")
    li.post("/account/tokens", 403, token_name="x", scope="read", token_password="wrong")
    assert change(portal, "SELECT count(*) FROM token") == [(0,)]
    li.post("/account/tokens", 200, token_name="x", scope="read", token_password=GOOD)


def test_a_session_given_beforehand_is_nobodys_after_signing_in(portal):
    add_account(portal)
    victim = portal.anyone()
    victim.cookies["chancery"] = "0" * 64
    sign_in(victim)
    attacker = portal.anyone()
    attacker.cookies["chancery"] = "0" * 64
    assert victim.cookies["chancery"] != "0" * 64
    attacker.get("/account", 401, Accept="application/json")


def test_by_tls_no_neighbour_of_the_portal_sets_its_cookies(proxied):
    """Another host under the same domain can set a cookie for ours: it must not be our session."""
    add_account(proxied)
    form = "email=li@example.org&password=" + GOOD.replace(" ", "+")
    head = [("Content-Type", "application/x-www-form-urlencoded"), ("X-Forwarded-Proto", "https")]
    answer = proxied.anyone().ask("POST", "/sign-in", form, head)
    said = answer.headers["set-cookie"]
    name, value = said.split(";")[0].split("=")
    assert name == "__Host-chancery" and "; Secure" in said and "; Path=/;" in said and "Domain" not in said
    for given, code in ((f"{name}={value}", 200), (f"chancery={value}", 401),
                        (f"chancery={'0' * 64}; {name}={value}", 200)):
        asked = [("Cookie", given), ("X-Forwarded-Proto", "https"), ("Accept", "application/json")]
        assert proxied.anyone().ask("GET", "/account", headers=asked).code == code, given


# --- paths, headers, bodies ---------------------------------------------------------------------------

PATHS = ("//", "//papers", "/./papers", "/../papers", "/%2e%2e/papers", "/papers/..", "/papers/%2e%2e/members",
         "/papers/%00", "/members%00", "/members/", "/MEMBERS", "/members;x", "/members%2f", "/assets/../secret.key",
         "/assets/%2e%2e%2fsecret.key", "/assets//etc/passwd", "/papers/" + "a" * 9000, "/%ff%fe", "/?a", "/?=",
         "/?a=%00&a&&", "/?lang=%00", "/language?to=/%0d%0aSet-Cookie:%20x=y&lang=en", "/sign-in?next=/%0d%0ax:y",
         "/search?q=%ff%00", "/members?page=99999999999999999999", "/members?page=-1", "/members?search=%25%5f")


def test_no_path_leads_around_the_door_or_breaks_the_server(portal):
    li = portal.person("li@example.org")
    cookie = f"Cookie: chancery={li.cookies['chancery']}\r\n"
    for path in PATHS:
        answer = raw(portal, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{cookie}\r\n")
        code = int(answer.split(b" ", 2)[1]) if answer else 0
        assert code in (0, 200, 302, 303, 400, 403, 404, 414, 422, 431), (path, answer[:200])
        head = answer.split(b"\r\n\r\n")[0].lower()
        assert b"\r\nset-cookie: x=y" not in head and b"\r\nx:y" not in head, path
        assert b"secret" not in answer or code == 404, path
        assert b'action="/members' not in answer, path
    assert li.get("/").code == 200


@pytest.mark.parametrize("head", [
    "Content-Length: 50\r\nTransfer-Encoding: chunked\r\n",
    "Content-Length: 5\r\nContent-Length: 50\r\n",
    "Content-Length: -5\r\n", "Content-Length: 99999999999999999999\r\n", "Transfer-Encoding: gzip, chunked\r\n",
    "Content-Length: 5\r\nX" + "y" * 40000 + ": z\r\n",
], ids=["length and chunks", "two lengths", "a negative length", "a huge length", "an unknown coding", "a huge head"])
def test_no_request_hides_in_anothers_body(portal, head):
    hidden = "0\r\n\r\nGET /nope-hidden HTTP/1.1\r\nHost: x\r\n\r\n"
    answer = raw(portal, f"POST /sign-in HTTP/1.1\r\nHost: x\r\n{head}\r\n{hidden}")
    assert b"nope-hidden" not in answer
    first = answer.split(b"\r\n")[0]
    assert not first or first.split()[1].startswith(b"4"), first
    assert portal.anyone().get("/").code == 200


# --- uploads ------------------------------------------------------------------------------------------


def announce(portal, path, length, person=None, more=""):
    """A connection on which a file of that length is announced and not sent."""
    cookie = f"Cookie: chancery={person.cookies['chancery']}\r\n" if person else ""
    size = f"Content-Length: {length}" if length else "Transfer-Encoding: chunked"
    connection = socket.create_connection(("127.0.0.1", portal.port), timeout=PATIENCE)
    connection.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n"
                       f"Content-Type: text/csv\r\n{cookie}{size}\r\n{more}\r\n".encode())
    return connection


def code_of(connection):
    with connection:
        return int(connection.recv(12).split()[1])


@pytest.mark.parametrize("length", [2 << 20, 80 << 20, 0])
def test_a_file_is_taken_only_from_those_who_may_send_it_there(portal, length):
    """Else anybody could have the server fill its memory."""
    stranger = portal.anyone()
    stranger.cookies["chancery"] = "0" * 64
    suspended = portal.person("gone@example.org", "steward")
    change(portal, "UPDATE account SET suspended_ms = 1")
    for who, code in ((None, 401), (stranger, 401), (suspended, 401), (portal.person("li@example.org"), 401)):
        assert code_of(announce(portal, "/members/import", length, who)) == code
    steward = portal.person("steward@example.org", "steward")
    going_on = announce(portal, "/members/import", length, steward, "Expect: 100-continue\r\n")
    assert code_of(going_on) == 100
    assert code_of(announce(portal, "/members/import", (80 << 20) + 1, steward)) == 413


def send_whole(port, path, size, head=""):
    """Sends all of a request before it reads anything of the answer, as many browsers and proxies do."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\nContent-Type: text/csv\r\n"
                           f"Content-Length: {size}\r\n{head}\r\n".encode())
        for _ in range(size >> 20):
            connection.sendall(b"x" * (1 << 20))
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.read().decode()


@pytest.mark.parametrize("path, size, code, says", [
    ("/members/import", 24 << 20, 401, "sign in"), ("/sign-in", 24 << 20, 413, "more than"),
    ("/members/import", 84 << 20, 413, "more than"), ("/nowhere", 24 << 20, 404, "")])
def test_who_sends_a_file_that_is_refused_reads_why_and_not_that_the_line_broke(portal, path, size, code, says):
    got, text = send_whole(portal.port, path, size)
    assert got == code and says in text, text
    assert portal.anyone().get("/").code == 200


def test_a_refused_request_that_never_ends_is_closed(portal):
    """After more than any file holds: it is not read on for ever."""
    with announce(portal, "/members/import", 1 << 40) as connection:
        assert not takes(connection, 400)


@pytest.fixture
def patient(library):
    """A portal that cuts nobody for being silent."""
    served = Portal(library, "--patience", "3000").start()
    yield served
    served.stop()


def takes(connection, megabytes):
    """Whether all that was sent; not when the connection was cut."""
    try:
        for _ in range(megabytes):
            connection.sendall(b"x" * (1 << 20))
    except ConnectionError:
        return False
    return True


def most_memory(portal):
    """Bytes that the server has held at once, at most."""
    with open(f"/proc/{portal.process.pid}/status", encoding="ascii") as lines:
        return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM"))


@pytest.mark.slow  # half a gigabyte goes through
def test_bodies_that_come_in_together_take_bounded_memory_and_then_others_are_taken_again(patient):
    steward = patient.person("steward@example.org", "steward")
    lines = [announce(patient, "/members/import", 79 << 20, steward)]
    while takes(lines[-1], 78):
        assert len(lines) < 9
        lines.append(announce(patient, "/members/import", 79 << 20, steward))
    assert len(lines) > 5
    assert most_memory(patient) < 640 << 20, "all that was taken once, and the program itself"
    for connection in lines:
        connection.close()
    eventually(lambda: code_of_form(patient) == 401)


def code_of_form(portal):
    return portal.anyone().ask("POST", "/sign-in", "email=a@example.org&password=x", [
        ("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")]).code


def test_forms_of_nothing_but_fields_take_little_memory(portal):
    """Before it is known who sends them, and each field takes many times its bytes."""
    body = '{"email":[' + ",".join("1" for _ in range(500_000)) + "]}"
    head = [("Content-Type", "application/json"), ("Accept", "application/json")]
    before = most_memory(portal)
    assert "more than 4000 fields" in portal.anyone().ask("POST", "/sign-in", body, head).text
    assert most_memory(portal) - before < 16 << 20


def ask_and_leave(portal, person, path):
    """A connection on which something was asked for, with what it was answered with; the answer is not taken."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(PATIENCE)
    connection.connect(("127.0.0.1", portal.port))
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nCookie: chancery={person.cookies['chancery']}\r\n\r\n".encode())
    return connection, int(connection.recv(12).split()[1])


def test_files_that_nobody_takes_in_take_bounded_memory_and_keep_nobody_else_out(patient):
    """Larger than what the system itself keeps for a connection: the rest lies in the server."""
    reporter = patient.person("li@example.org")
    steward, other = patient.person("s@example.org", "steward"), patient.person("t@example.org", "steward")
    reporter.post("/reports/new", kind="leak", files=("a.bin", bytes(8 << 20)))
    case = "/cases/" + change(patient, "SELECT key FROM case_file")[0][0]
    path = f"{case}/exhibits/{steward.json(case)['exhibits'][0]['key']}"
    left, code = [], 200
    while code == 200 and len(left) < 50:
        connection, code = ask_and_leave(patient, steward, path)
        left.append(connection)
    assert code == 429 and len(left) > 4
    assert "not reached you yet" in steward.get("/", 429).text and steward.get("/", 429).headers["retry-after"]
    assert len(other.get(path).body) == 8 << 20
    for connection in left:
        connection.close()
    eventually(lambda: steward.get("/", None).code == 200)


# --- what is remembered -------------------------------------------------------------------------------


def test_a_download_asked_for_again_is_refused_once_the_session_is_over(portal):
    """What was decided a moment ago is remembered; not for longer than it holds."""
    li = portal.person("li@example.org")
    key = shelf.publish(portal, sample("en"))
    path = f"/papers/{key}/download/txt"
    for _ in range(3):
        li.get(path)
    kept = dict(li.cookies)
    li.post("/sign-out")
    li.cookies = kept
    for _ in range(3):
        assert li.get(path, None).code in (303, 401, 403)

