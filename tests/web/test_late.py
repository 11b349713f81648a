"""Heads and bodies that take too long: told so, and the connection ended, while others are served."""

import http.client
import select
import socket

import pytest

from portal import PATIENCE, Portal

HEAD = (b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: %d\r\n\r\n")


@pytest.fixture
def hasty(library):
    """A portal that waits a second for what is silent, two for a form."""
    portal = Portal(library, "--patience", "1").start()
    yield portal
    portal.stop()


def connect(portal, begun):
    """A connection on which a request has begun."""
    connection = socket.create_connection(("127.0.0.1", portal.port), PATIENCE)
    connection.sendall(begun)
    return connection


def all_of(connection):
    said = b""
    while part := connection.recv(4096):
        said += part
    return said


def test_a_body_that_falls_silent_is_answered_408_and_the_connection_ended(hasty):
    with connect(hasty, HEAD % 100 + b"email=a") as late:
        hasty.anyone().get("/sign-in")
        said = all_of(late)
    head, body = said.split(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ") and b"Retry-After: 1" in head
    assert int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0]) == len(body)
    assert "请求超时" in body.decode() and b"too long" in body


def test_a_form_that_never_falls_silent_and_never_ends_is_answered_408_too(hasty):
    with connect(hasty, HEAD % 60000) as late:
        while not select.select([late], [], [], 0.05)[0]:
            late.sendall(b"a")
        assert late.recv(4096).startswith(b"HTTP/1.1 408 ")


def trickle(connection):
    """Sends a head that has no end until it is answered; what comes then."""
    while not select.select([connection], [], [], 0.05)[0]:
        connection.sendall(b"X: y\r\n")
    return connection.recv(4096)


def test_a_head_that_never_falls_silent_and_never_ends_is_answered_408_too(hasty):
    """Else few lines of text a minute would hold all the connections that there are."""
    with connect(hasty, b"GET / HTTP/1.1\r\nHost: x\r\n") as late:
        assert trickle(late).startswith(b"HTTP/1.1 408 ")


def test_the_head_of_a_further_request_on_a_connection_has_its_own_time_and_no_more(hasty):
    line = http.client.HTTPConnection("127.0.0.1", hasty.port, timeout=PATIENCE)
    for _ in range(2):
        line.request("GET", "/sign-in")
        assert line.getresponse().read()
    line.sock.sendall(b"GET / HTTP/1.1\r\n")
    assert trickle(line.sock).startswith(b"HTTP/1.1 408 ")
    line.close()


def test_a_form_that_comes_in_parts_is_served(portal):
    form = b"email=nobody%40example.org&password=wrong"
    with connect(portal, HEAD % len(form) + form[:10]) as parts:
        portal.anyone().get("/sign-in")
        parts.sendall(form[10:])
        assert parts.recv(4096).split(b" ")[1] in (b"200", b"403", b"422")


def test_many_late_ones_at_once_leave_nothing_behind(hasty):
    late = [connect(hasty, HEAD % 100 + b"e") for _ in range(50)]
    for one in late[::2]:
        one.close()
    for one in late[1::2]:
        assert all_of(one).startswith(b"HTTP/1.1 408 ")
        one.close()
    hasty.anyone().get("/sign-in")
