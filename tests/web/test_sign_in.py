"""Signing in: what it takes, what an attacker meets, and that the owner of an account is not kept out."""

import threading
import time
import urllib.parse

import pytest
from accounts import (GOOD, add_account, change, give_code, is_signed_in, letters, mail_on,
                      sign_in, totp)
from portal import Portal, eventually


@pytest.fixture
def proxied(library):
    """Behind a proxy, so that a test can come from several networks."""
    served = Portal(library, "--trust-proxy").start()
    yield served
    served.stop()


def later(portal, seconds):
    change(portal, "UPDATE attempt SET last_ms = last_ms - ?", seconds * 1000)


# --- password -----------------------------------------------------------------------------------------


def test_the_right_password_leads_on_to_the_page_asked_for_and_nowhere_else(portal):
    add_account(portal)
    assert sign_in(portal.anyone(), next="/language?lang=zh").location == "/language?lang=zh"
    for elsewhere in ("//example.org", "https://example.org", "/\\example.org", "javascript:x"):
        assert sign_in(portal.anyone(), next=elsewhere).location == "/"


def test_who_is_signed_in_is_led_on_from_the_form_and_nowhere_else(portal):
    person = portal.person("li@example.org")
    assert person.get("/sign-in", 303).location == "/"
    assert person.get("/sign-in?next=/papers", 303).location == "/papers"
    assert person.get("/sign-in?next=//evil.example", 303).location == "/"


def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(portal):
    add_account(portal)
    portal.library.run("member", "add", "--email", "listed@example.org", "--name", "Only Listed")

    def answer(email):
        got = sign_in(portal.anyone(), email, "wrong", code=403)
        return got.text.replace(email, "X"), {k: v for k, v in got.headers.items() if k not in (
            "date", "content-length")}

    assert answer("li@example.org") == answer("nobody@example.org") == answer("listed@example.org")


def test_an_unknown_address_is_slowed_like_a_known_one(portal):
    add_account(portal)
    for email in ("li@example.org", "nobody@example.org"):
        codes = [sign_in(portal.anyone(), email, f"wrong {i}", code=None).code for i in range(7)]
        assert codes == [403] * 5 + [429] * 2


def test_a_slowed_account_says_honestly_when_to_come_again(proxied):
    add_account(proxied)
    for i in range(7):
        sign_in(proxied.anyone(), password="wrong", code=None, network=f"192.0.{i}.1")
        if i >= 4:
            later(proxied, 10 * 2 ** (i - 4))
    sign_in(proxied.anyone(), password="wrong", code=403, network="192.0.9.1")
    answer = sign_in(proxied.anyone(), code=429, network="192.0.10.1")
    wait = int(answer.headers["retry-after"])
    assert 60 <= wait <= 80
    assert f"wait {wait} seconds" in answer.text
    later(proxied, wait)
    sign_in(proxied.anyone(), network="192.0.10.1")


def test_an_attacker_elsewhere_never_keeps_the_owner_of_an_account_out(proxied):
    add_account(proxied)
    sign_in(proxied.anyone(), network="198.51.100.7")
    for i in range(9):
        sign_in(proxied.anyone(), password="wrong", code=None, network=f"192.0.{i}.1")
    assert sign_in(proxied.anyone(), code=429, network="192.0.2.99").code == 429
    sign_in(proxied.anyone(), network="198.51.100.200")


def test_a_good_session_works_on_while_the_account_is_attacked(proxied):
    add_account(proxied)
    person = proxied.anyone()
    sign_in(person, network="198.51.100.7")
    for i in range(9):
        sign_in(proxied.anyone(), password="wrong", code=None, network=f"192.0.{i}.1")
    assert is_signed_in(person)
    sign_in(person, network="203.0.113.5")


def test_one_network_that_tries_many_accounts_is_slowed(proxied):
    codes = [sign_in(proxied.anyone(), f"a{i}@example.org", "wrong", code=None,
                     network=f"192.0.2.{i}").code for i in range(32)]
    assert codes == [403] * 30 + [429] * 2
    add_account(proxied)
    sign_in(proxied.anyone(), code=429, network="192.0.2.77")
    sign_in(proxied.anyone(), network="192.0.3.77")


def test_signing_in_to_ones_own_account_does_not_buy_tries_at_others(proxied):
    add_account(proxied, "mallory@example.org")
    codes = []
    for i in range(31):
        codes.append(sign_in(proxied.anyone(), f"a{i}@example.org", "wrong", code=None,
                             network="192.0.2.1").code)
        if i in (10, 20):
            sign_in(proxied.anyone(), "mallory@example.org", network="192.0.2.1")
    assert codes == [403] * 30 + [429]


def test_a_forged_forwarding_header_is_not_believed_without_a_proxy(portal):
    codes = [sign_in(portal.anyone(), "li@example.org", "wrong", code=None,
                     network=f"192.0.{i}.1").code for i in range(6)]
    assert codes == [403] * 5 + [429]


def test_many_tries_at_once_gain_nothing(portal):
    add_account(portal)
    codes = []

    def attack(i):
        codes.append(sign_in(portal.anyone(), password=f"wrong {i}", code=None).code)

    threads = [threading.Thread(target=attack, args=(i,)) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Who finds too many waiting has not tried, and may go on: five wrong ones in all are heard.
    for i in range(12, 18):
        attack(i)
    assert sorted(codes) == [403] * 5 + [429] * 13


def test_a_password_that_is_changed_while_it_is_judged_opens_no_session(portal):
    """Else who knows the old one could be signed in at the moment that ends all sessions, and stay."""
    add_account(portal)
    tried = []
    trying = threading.Thread(target=lambda: tried.append(sign_in(portal.anyone(), code=None)))
    db = portal.database()
    db.isolation_level = None
    db.execute("BEGIN IMMEDIATE")  # the try is looked up, and waits to be counted
    trying.start()
    for _ in range(50):
        portal.anyone().get("/sign-in")
    db.execute("UPDATE account SET password = replace(password, 't=2', 't=3')")
    db.execute("COMMIT")
    trying.join()
    assert db.execute("SELECT count(*) FROM session").fetchone() == (0,)
    db.close()
    assert tried[0].code == 409 and "changed just now" in tried[0].text


def test_an_injected_address_signs_nobody_in(portal):
    add_account(portal)
    for email in ("' OR 1=1 --", "li@example.org' --", "%", "li@example.org\u0000"):
        assert sign_in(portal.anyone(), email, code=None).code in (403, 422)


def test_a_suspended_account_is_told_so_after_the_right_password_only(portal):
    add_account(portal)
    change(portal, "UPDATE account SET suspended_ms = 1")
    person = portal.anyone()
    assert "suspended" in sign_in(person, code=403).text
    assert "suspended" not in sign_in(person, password="wrong", code=403).text
    assert not is_signed_in(person)


def test_what_is_tried_is_kept_nowhere_in_plain(portal):
    sign_in(portal.anyone(), "nobody@example.org", "hunter2-secret", code=403)
    sign_in(portal.anyone(), "nobody@example.org", "hunter2-secret", code=403)
    portal.stop()
    for file in portal.library.data.rglob("*"):
        if file.is_file():
            assert b"hunter2" not in file.read_bytes() and b"nobody@" not in file.read_bytes()


def test_a_form_to_sign_in_that_another_site_sends_is_refused(portal):
    add_account(portal)
    sign_in_from = [("Origin", "https://example.org")]
    portal.anyone().post("/sign-in", 403, headers=sign_in_from, email="li@example.org",
                         password=GOOD)


# --- second factor ------------------------------------------------------------------------------------


def test_with_a_second_factor_there_is_no_session_before_both_are_right(portal):
    add_account(portal, factor=True)
    person = portal.anyone()
    assert sign_in(person, next="/live").location == "/sign-in/code?next=/live"
    assert "chancery" not in person.cookies and not is_signed_in(person)
    assert change(portal, "SELECT count(*) FROM session") == [(0,)]
    give_code(person, "000000", 403)
    assert not is_signed_in(person)
    assert give_code(person, totp(), next="/language?lang=en").location == "/language?lang=en"
    assert is_signed_in(person)
    assert "chancery-step" not in person.cookies


def test_the_code_alone_is_worth_nothing(portal):
    add_account(portal, factor=True)
    person = portal.anyone()
    assert person.get("/sign-in/code", 303).location == "/sign-in"
    assert give_code(person, totp()).location == "/sign-in"
    assert not is_signed_in(person)


@pytest.mark.parametrize("forge", [
    lambda note: note.replace("1.", "2.", 1),
    lambda note: note[:-1] + ("0" if note[-1] != "0" else "1"),
    lambda note: ".".join([note.split(".")[0], str(int(note.split(".")[1]) + 10**9),
                           note.split(".")[2]]),
    lambda note: note.rsplit(".", 1)[0],
    lambda note: "1.99999999999999999999." + "0" * 64,
    lambda note: "...",
    lambda note: "",
])
def test_the_note_between_password_and_code_can_not_be_forged(portal, forge):
    add_account(portal, factor=True)
    add_account(portal, "wang@example.org", factor=True)
    person = portal.anyone()
    sign_in(person)
    person.cookies["chancery-step"] = forge(person.cookies["chancery-step"])
    assert give_code(person, totp()).location == "/sign-in"
    assert not is_signed_in(person)


def test_the_note_ends_when_the_password_changes_or_the_account_is_suspended(portal):
    add_account(portal, factor=True)
    for end in ("UPDATE account SET suspended_ms = 1",
                "UPDATE account SET password = '$argon2id$x', suspended_ms = NULL"):
        person = portal.anyone()
        if "suspended_ms = NULL" in end:
            change(portal, "UPDATE account SET suspended_ms = NULL")
        sign_in(person)
        change(portal, end)
        assert give_code(person, totp()).location == "/sign-in"


def test_a_code_serves_once_and_an_older_one_no_more(portal):
    add_account(portal, factor=True)
    first, second = portal.anyone(), portal.anyone()
    sign_in(first)
    sign_in(second)
    code, before = totp(), totp(step=-1)
    give_code(first, code)
    assert "used already" in give_code(second, code, 403).text
    give_code(second, before, 403)
    give_code(second, totp(step=1))


def test_codes_from_two_steps_away_are_refused(portal):
    add_account(portal, factor=True)
    person = portal.anyone()
    sign_in(person)
    for step in (-3, -2, 3):
        give_code(person, totp(step=step), 403)


def test_guessing_codes_is_slowed_also_for_who_has_the_password(proxied):
    add_account(proxied, factor=True)
    thief = proxied.anyone()
    sign_in(thief, network="192.0.2.1")
    codes = [give_code_from(thief, f"00000{i}", "192.0.2.1") for i in range(7)]
    assert codes == [403] * 5 + [429] * 2


def test_a_thief_of_the_password_does_not_slow_its_owner(proxied):
    add_account(proxied, factor=True)
    owner, thief = proxied.anyone(), proxied.anyone()
    sign_in(owner, network="198.51.100.7")
    assert give_code_from(owner, totp(), "198.51.100.7") == 303
    sign_in(thief, network="192.0.2.1")
    for i in range(7):
        give_code_from(thief, f"00000{i}", "192.0.2.1")
    again = proxied.anyone()
    sign_in(again, network="198.51.100.7")
    assert give_code_from(again, totp(step=1), "198.51.100.7") == 303


def give_code_from(person, code, network):
    return person.ask("POST", "/sign-in/code", urllib.parse.urlencode({"code": code}),
                      [("Content-Type", "application/x-www-form-urlencoded"),
                       ("X-Forwarded-For", network)]).code


# --- reset --------------------------------------------------------------------------------------------


def forget(portal, email="li@example.org", code=200):
    return portal.anyone().post("/forgotten", code, email=email)


def reset(person, path, password="seven kettles by the gate", code=303):
    return person.post(path, code, password=password, password_again=password)


def test_a_reset_by_mail_changes_the_password_and_ends_all_sessions(portal):
    mail_on(portal)
    add_account(portal)
    inside = portal.anyone()
    sign_in(inside)
    forget(portal)
    [path] = letters(portal, "reset")
    person = portal.anyone()
    assert "li@example.org" in person.get(path).text
    assert "try first" in reset(person, path, "password123", 422).text
    assert reset(person, path).location == "/sign-in"
    assert not is_signed_in(inside) and not is_signed_in(person)
    sign_in(person, code=403)
    sign_in(person, password="seven kettles by the gate")


def test_a_reset_ends_what_who_knew_the_old_password_may_have_made(portal):
    add_account(portal)
    thief = portal.anyone()
    sign_in(thief)
    token = thief.post("/account/tokens", 200, token_name="x", scope="read", token_password=GOOD,
                       headers=[("Accept", "application/json")]).json["token"]
    feed = thief.post("/feeds", 200, headers=[("Accept", "application/json")]).json["address"]
    feed = "/feed/" + feed.rsplit("/", 1)[1]
    script = [("Authorization", f"Bearer {token}"), ("Accept", "application/json")]
    assert portal.anyone().ask("GET", "/papers", headers=script).code == portal.anyone().get(feed).code == 200
    link = portal.library.json("member", "reset", "M1")["link"]
    reset(portal.anyone(), link[link.index("/reset/"):])
    assert portal.anyone().ask("GET", "/papers", headers=script).code == 401
    portal.anyone().get(feed, 404)


def test_a_reset_is_good_once_for_an_hour_and_only_the_newest(portal):
    mail_on(portal)
    add_account(portal)
    forget(portal)
    forget(portal)
    first, second = letters(portal, "reset")
    reset(portal.anyone(), first, code=404)
    change(portal, "UPDATE ticket SET expires_ms = 1")
    for gone in (reset(portal.anyone(), second, code=404), portal.anyone().get(second, 404)):
        assert "used already" in gone.text and 'action="/forgotten"' in gone.text, "another is asked for right there"
    forget(portal)
    third = letters(portal, "reset")[-1]
    reset(portal.anyone(), third)
    reset(portal.anyone(), third, "another kettle by a gate", code=404)
    portal.anyone().get(third.replace("/reset/", "/invitation/"), 404)


def test_a_reset_does_not_pass_the_second_factor(portal):
    mail_on(portal)
    add_account(portal, factor=True)
    forget(portal)
    person = portal.anyone()
    reset(person, letters(portal, "reset")[0])
    assert sign_in(person, password="seven kettles by the gate").location.startswith("/sign-in/code")
    assert not is_signed_in(person)


def test_a_forgotten_password_gets_the_same_answer_for_every_address(portal):
    mail_on(portal)
    add_account(portal)
    add_account(portal, "wang@example.org")
    change(portal, "UPDATE account SET suspended_ms = 1 WHERE member = 2")
    answers = {forget(portal, email).text for email in
               ("li@example.org", "wang@example.org", "nobody@example.org", "not an address")}
    assert len(answers) == 1
    assert len(letters(portal, "reset")) == 1, "to the one who can sign in"


def seen_of(portal, ask):
    """What anybody could see happen while `ask` is done and answered: the events, as numbers and words."""
    newest = change(portal, "SELECT max(seq) FROM event")[0][0]
    ask()
    eventually(lambda: not change(portal, "SELECT 1 FROM asking"))
    return change(portal, "SELECT seq - ?, actor, kind, subject, data FROM event WHERE seq > ?"
                          " ORDER BY seq", newest, newest)


def test_nothing_happens_by_which_a_known_address_could_be_told_from_another(portal):
    mail_on(portal)
    for email in ("li@example.org", "gone@example.org"):
        add_account(portal, email)
    change(portal, "UPDATE account SET suspended_ms = 1 WHERE member = 2")
    portal.library.run("member", "add", "--email", "listed@example.org", "--name", "Listed")
    seen = [seen_of(portal, lambda: forget(portal, f"{name}@example.org"))
            for name in ("li", "gone", "listed", "nobody")]
    assert len(seen[0]) == 1 and seen.count(seen[0]) == len(seen)
    assert len(letters(portal, "reset")) == 1


def test_what_was_asked_for_is_answered_after_a_crash_and_then_forgotten(portal):
    add_account(portal)
    mail_on(portal)
    portal.stop()
    change(portal, "INSERT INTO asking (kind, name, email, asked_ms, event)"
                   " SELECT 'reset', '', 'li@example.org', ?, max(seq) FROM event",
           int(time.time() * 1000))
    portal.start()
    assert len(letters(portal, "reset")) == 1


def test_nobody_is_flooded_with_letters_and_the_answer_stays_the_same(portal):
    mail_on(portal)
    add_account(portal)
    answers = [forget(portal) for _ in range(6)]
    assert len({a.text for a in answers}) == 1
    assert len(letters(portal, "reset")) == 3
    for i in range(14):
        forget(portal, f"a{i}@example.org")
    assert int(forget(portal, "b@example.org", 429).headers["retry-after"]) > 0


def test_without_a_mail_server_the_page_says_whom_to_ask(portal):
    assert "sends no mail" in portal.anyone().get("/forgotten").text
