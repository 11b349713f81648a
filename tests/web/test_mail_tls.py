"""Letters on their way to the mail server: by TLS with the right server, or not at all.

Names that end in .localhost lead to this machine and are no address of it, so the portal treats such a
server as a strange one.
"""

import pytest
from aiosmtpd.smtp import AuthResult

from accounts import change
from authority import Authority
from portal import Portal, eventually
from post import PostOffice

HOST = "mail.localhost"


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def portal(library, authority):
    served = Portal(library, SSL_CERT_FILE=str(authority.certificate)).start()
    yield served
    served.stop()


class Names:
    """Lets everybody in and notes which passwords came, and whether by TLS."""

    def __init__(self):
        self.came = []

    def __call__(self, server, session, envelope, mechanism, data):
        self.came.append((data.password.decode(), session.ssl is not None))
        return AuthResult(success=True)


def starttls(context, **more):
    return PostOffice(tls_context=context, require_starttls=True, **more)


def set_up(portal, url):
    for name, value in (("smtp.url", url), ("mail.from", "papers@example.org"),
                        ("smtp.user", "papers"), ("smtp.password", "geheim")):
        portal.library.run("settings", "set", name, value)


def queue_letter(portal):
    """A letter to the owner's own address, which waits until it is sent."""
    portal.person("li@example.org")
    change(portal, "UPDATE account SET password = 'x'")
    portal.anyone().post("/forgotten", 200, email="li@example.org")


def is_kept(portal):
    """The letter was tried, has not gone, and will be tried again."""
    return change(portal, "SELECT 1 FROM letter WHERE sent_ms IS NULL AND ended_ms IS NULL"
                          " AND failed <> '' AND data <> '{}'")


@pytest.mark.parametrize("implicit", [False, True])
def test_a_letter_and_the_password_go_by_tls(portal, authority, implicit):
    names = Names()
    context = authority.context(HOST)
    office = (PostOffice(ssl_context=context, authenticator=names, auth_require_tls=False)
              if implicit else starttls(context, authenticator=names))
    set_up(portal, f"{'smtps' if implicit else 'smtp'}://{HOST}:{office.port}")
    queue_letter(portal)
    letter, = office.take()
    assert letter.to == "li@example.org"
    assert names.came and all(came == ("geheim", not implicit) for came in names.came)
    if not implicit:
        assert office.heard.get_nowait() == ("MAIL", True)
    office.stop()


@pytest.mark.parametrize("implicit", [False, True])
@pytest.mark.parametrize("fault", ["another host", "a strange authority"])
def test_a_server_that_can_not_prove_who_it_is_gets_nothing_and_the_letter_waits(
        portal, authority, tmp_path, fault, implicit):
    names = Names()
    scheme = "smtps" if implicit else "smtp"

    def office_with(context):
        return (PostOffice(ssl_context=context, authenticator=names, auth_require_tls=False)
                if implicit else starttls(context, authenticator=names))

    bad = office_with(authority.context("mail.example.org") if fault == "another host"
                      else Authority(tmp_path, "strange").context(HOST))
    owner = portal.person("owner@example.org", "owner")
    set_up(portal, f"{scheme}://{HOST}:{bad.port}")
    queue_letter(portal)
    eventually(lambda: is_kept(portal))
    assert "certificate" in owner.get("/settings/mail").text
    assert bad.heard.empty() and bad.letters.empty() and names.came == []
    good = office_with(authority.context(HOST))
    set_up(portal, f"{scheme}://{HOST}:{good.port}")
    letter, = good.take()
    assert letter.to == "li@example.org"
    bad.stop()
    good.stop()


@pytest.mark.parametrize("host", [HOST, "127.mail.localhost", "127.0.0.1.localhost"])
def test_a_server_without_starttls_gets_neither_letter_nor_password(portal, host):
    names = Names()
    office = PostOffice(authenticator=names, auth_require_tls=False)
    set_up(portal, f"smtp://{host}:{office.port}")
    queue_letter(portal)
    eventually(lambda: is_kept(portal))
    assert office.heard.empty() and office.letters.empty() and names.came == []
    set_up(portal, f"smtp://127.0.0.1:{office.port}")  # this machine itself needs none
    assert office.take()[0].to == "li@example.org"
    office.stop()
