"""People come in: the first run, an invitation, the second factor, with nothing but the pages."""

import re

import pytest

from accounts import GOOD, totp
from portal import Portal
from texts import sample


@pytest.fixture
def fresh(library):
    served = Portal(library, first_run=True).start()
    yield served
    served.stop()


def test_whoever_starts_a_fresh_installation_makes_its_owner(fresh, window):
    page = window(fresh).go("/")
    assert page.path == "/first-run"
    page.fill(code=fresh.code.lower(), organisation="Harbour Society", name="Wang Min",
              email="wang@example.org", password="harbour society", password_again="harbour society")
    page.click("Make the owner").sees("Three or four words")
    page.fill(code=fresh.code, password=GOOD, password_again=GOOD)
    page.click("Make the owner").sees("The installation is yours")
    page.click("Wang Min").click("Security").sees("There never was one")


def test_an_invitation_leads_to_the_first_read(portal, window):
    portal.library.publish(sample("en"))
    page = window(portal, portal.person("steward@example.org", "steward")).go("/")
    page.click("Members")
    page.fill(name="Li Hua", email="li@example.org").click("Add", "form button").sees("Li Hua")
    page.click("Invite", "main button")
    link = page.one("code").text
    guest = window(portal, nth=1).go(link)
    guest.sees("Welcome, Li Hua")
    guest.fill(password="li@example.org", password_again="li@example.org")
    guest.click("Open my account").sees("built on your name")
    guest.fill(password=GOOD, password_again=GOOD).click("Open my account")
    guest.sees("Your account is ready")
    title = guest.text_of("main h2 a, main h3 a")
    guest.click(title, "main a")
    guest.until(lambda: guest.heading == title, "the paper")


@pytest.mark.parametrize("script", [True, False])
def test_signing_in_takes_the_second_factor_once_it_is_on(portal, window, script):
    member = portal.library.json("member", "add", "--email", "li@example.org", "--name", "Li Hua")
    link = portal.library.json("member", "invite", member["member"])["link"]
    page = window(portal, script=script).go(link)
    page.fill(password=GOOD, password_again=GOOD).click("Open my account")
    page.sees("Your account is ready")
    page.go("/account").click("Turn it on")
    secret = page.one("code.secret").text.replace(" ", "")
    page.fill(code=totp(secret), present_password=GOOD).click("Turn it on", "button")
    page.sees("Recovery codes")
    recovery = page.one(".codes code").text
    assert re.fullmatch(r"\w{4}-\w{4}-\w{4}", recovery)

    def come_again():
        page.become(None)
        page.go("/account").fill(email="li@example.org", password=GOOD)
        page.click("Sign in", "main button").sees("Code from your app")

    come_again()
    page.fill(code="000000").click("Sign in", "main button").sees("not right, or was used already")
    page.fill(code=totp(secret, 1)).click("Sign in", "main button").sees("My account")
    come_again()
    page.fill(code=recovery).click("Sign in", "main button").sees("Recovery codes left: 9")
