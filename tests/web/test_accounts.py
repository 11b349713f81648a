"""Accounts: an invitation followed, a password chosen, and what stands against misuse of both."""

import pytest
from accounts import GOOD, change


def invite(portal, email="li@example.org", name="Li Hua"):
    """A member on the list, and the path of an invitation for them."""
    member = portal.library.json("member", "add", "--email", email, "--name", name)["member"]
    return member, portal.library.json("member", "invite", member)["link"]


def accept(person, path, password=GOOD, code=303, **more):
    return person.post(path, code, password=password, password_again=password, **more)


def test_an_invitation_makes_an_account_and_signs_its_member_in(portal):
    _, path = invite(portal)
    person = portal.anyone()
    assert "Li Hua" in person.get(path).text
    assert accept(person, path).location == "/"
    assert "Li Hua" in person.get("/").text
    again = portal.anyone()
    again.post("/sign-in", email="li@example.org", password=GOOD)
    assert "Li Hua" in again.get("/").text


def test_an_invitation_is_good_once_and_for_a_time_and_only_the_newest(portal):
    member, first = invite(portal)
    second = portal.library.json("member", "invite", member)["link"]
    portal.anyone().get(first, 404)
    change(portal, "UPDATE ticket SET expires_ms = 1")
    portal.anyone().get(second, 404)
    accept(portal.anyone(), second, code=404)
    third = portal.library.json("member", "invite", member)["link"]
    accept(portal.anyone(), third)
    accept(portal.anyone(), third, "another lantern under it", code=404)
    portal.anyone().get("/invitation/" + "A" * 32, 404)
    refused = portal.library.run("member", "invite", member, code=1)
    assert "has an account already" in refused.err


def test_an_invitation_for_somebody_suspended_opens_nothing(portal):
    member, path = invite(portal)
    change(portal, "INSERT INTO account (member, created_ms, suspended_ms) VALUES (?, 1, 1)",
           int(member[1:]))
    accept(portal.anyone(), path, code=404)


@pytest.mark.parametrize("password, why", [
    ("short", "at least 10"),
    ("password123", "attackers try first"),
    ("qwertyuiop", "attackers try first"),
    ("abcdefghij", "a row like"),
    ("zhonglihua", "your name"),
    ("li@example.org", "your name"),
    ("1234567890", "a row like"),
    ("aaaaaaaaaaaa", "repeats"),
    ("2019-11-24 1", "a date"),
])
def test_a_password_that_others_would_guess_is_refused_and_told_why(portal, password, why):
    _, path = invite(portal, name="Zhonglihua")
    refused = accept(portal.anyone(), path, password, code=422)
    assert why in refused.text
    assert password not in refused.text or password == "li@example.org"
    assert "Zhonglihua" in refused.text, "the form comes back"


def test_two_passwords_that_differ_are_refused(portal):
    _, path = invite(portal)
    answer = portal.anyone().post(path, 422, password=GOOD, password_again=GOOD + " ")
    assert "not the same" in answer.text


def test_signing_in_never_keeps_a_session_that_was_there_before(portal):
    """Fixation: a cookie planted by somebody else gains nothing, and one's own is replaced."""
    _, path = invite(portal)
    victim = portal.anyone()
    victim.cookies["chancery"] = "f" * 64
    accept(victim, path)
    assert victim.cookies["chancery"] != "f" * 64
    thief = portal.anyone()
    thief.cookies["chancery"] = "f" * 64
    assert "Sign in" in thief.get("/").text
    before = dict(victim.cookies)
    victim.member = "M1"
    victim.post("/sign-in", email="li@example.org", password=GOOD)
    thief.cookies = before
    assert "Sign in" in thief.get("/").text, "the session before is over"


def test_roles_are_given_and_taken_but_never_the_last_owner(portal):
    member, _ = invite(portal)
    role = portal.library.json
    assert role("member", "role", member)["roles"] == []
    assert role("member", "role", member, "--add", "owner")["roles"] == ["owner"]
    assert role("member", "role", member, "--add", "editor")["roles"] == ["editor", "owner"]
    assert role("member", "role", member, "--remove", "editor")["roles"] == ["owner"]
    assert "last owner" in portal.library.run("member", "role", member, "--remove", "owner",
                                              code=1).err
    assert "no role" in portal.library.run("member", "role", member, "--add", "king", code=2).err


def test_links_carry_the_public_address_when_it_is_set(portal):
    portal.library.run("settings", "set", "site.url", "https://library.example.org")
    _, link = invite(portal)
    assert link.startswith("https://library.example.org/invitation/")
