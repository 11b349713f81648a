"""A new e-mail address: confirmed by the new one, open to objection by the old, and telling nobody who is a
member."""

import json

import pytest
from accounts import GOOD, add_account, change, is_signed_in, mail_on, page_of, sign_in
from portal import Person
from post import PostOffice
from test_live_ends import Line

NEW = "li@new.example.org"


@pytest.fixture
def li(portal):
    add_account(portal)
    mail_on(portal)
    person = portal.anyone()
    sign_in(person)
    return person


def ask(person, email=NEW, code=303, password=GOOD):
    return person.post("/account/email", code, new_email=email, email_password=password)


def letters(portal, kind):
    """(to, path) of the letters of a kind, oldest first."""
    rows = change(portal, "SELECT data FROM letter WHERE kind = ? ORDER BY id", kind)
    return [(data["to"], data.get("path")) for data in (json.loads(row[0]) for row in rows)]


def email_of(portal, member=1):
    return change(portal, "SELECT email FROM member WHERE id = ?", member)[0][0]


def test_the_address_changes_when_the_new_one_confirms_it_and_not_before(portal, li):
    ask(li)
    assert email_of(portal) == "li@example.org"
    (to, path), = letters(portal, "email-new")
    assert to == NEW
    somebody = portal.anyone()
    assert NEW in somebody.get(path).text and "li@example.org" in somebody.get(path).text
    assert email_of(portal) == "li@example.org", "looking changes nothing"
    somebody.post(path)
    assert email_of(portal) == NEW
    somebody.post(path, 404)
    sign_in(portal.anyone(), code=403)
    sign_in(portal.anyone(), NEW)
    assert is_signed_in(li)


def test_it_takes_the_password_and_an_address(li):
    assert "not right" in ask(li, password="wrong", code=403).text
    again = ask(li, email="no address", code=422).text
    assert "be your address" in again and 'value="no address"' in again
    assert "already" in ask(li, email="li@example.org", code=422).text
    li.lang = "zh"
    assert "已是您的邮箱" in ask(li, email="li@example.org", code=422).text


def test_the_old_address_can_stop_it(portal, li):
    ask(li)
    (to, path), = letters(portal, "email-old")
    assert to == "li@example.org"
    holder = portal.anyone("zh")
    assert NEW in holder.get(path).text
    assert holder.post(path).location == "/sign-in"
    portal.anyone().post(letters(portal, "email-new")[0][1], 404)
    assert email_of(portal) == "li@example.org"
    holder.post(path, 404)


def test_the_old_address_can_undo_it_and_everybody_is_out_at_once(portal, li):
    li.post("/account/tokens", 200, token_name="script", token_password=GOOD, scope="read")
    ask(li)
    portal.anyone().post(letters(portal, "email-new")[0][1])
    ask(li, "li@third.example.org")  # whoever did it goes on, to be rid of the first
    portal.anyone().post(letters(portal, "email-new")[1][1])
    assert email_of(portal) == "li@third.example.org"
    line = Line(li)
    assert portal.anyone().post(letters(portal, "email-old")[0][1]).location == "/forgotten"
    line.ends()
    assert email_of(portal) == "li@example.org"
    assert not is_signed_in(li)
    assert change(portal, "SELECT count(*) FROM token WHERE ended_ms IS NULL") == [(0,)]
    portal.anyone().get(letters(portal, "email-old")[1][1], 404)
    sign_in(portal.anyone())


def test_what_was_asked_for_ends_with_its_time_and_with_the_next_asking(portal, li):
    ask(li)
    ask(li, "li@other.example.org")
    first, second = (path for _, path in letters(portal, "email-new"))
    portal.anyone().get(first, 404)
    portal.anyone().get(second)
    change(portal, "UPDATE email_change SET expires_ms = 1")
    portal.anyone().post(second, 404)
    assert email_of(portal) == "li@example.org"


def test_asking_for_anothers_address_tells_nothing_and_changes_nothing(portal, li):
    add_account(portal, "wang@example.org")

    def seen(email):
        before = change(portal, "SELECT max(seq) FROM event")[0][0]
        answer = ask(li, email)
        done = li.get("/account").text.count("on its way")
        return answer.location, done, change(portal, "SELECT kind, subject, data FROM event"
                                                     " WHERE seq > ? ORDER BY seq", before)

    assert seen("wang@example.org") == seen("nobody@example.org")
    assert [to for to, _ in letters(portal, "email-new")] == ["nobody@example.org"]
    assert [to for to, _ in letters(portal, "email-old")] == ["li@example.org"] * 2


def test_an_address_that_became_anothers_meanwhile_is_refused(portal, li):
    ask(li)
    portal.library.run("member", "add", "--email", NEW, "--name", "Other")
    (_, path), = letters(portal, "email-new")
    portal.anyone().post(path, 409)
    assert email_of(portal) == "li@example.org"


def test_a_member_can_not_have_strangers_flooded_with_letters(portal, li):
    codes = [ask(li, f"x{i}@example.org", None).code for i in range(5)]
    assert codes == [303] * 3 + [429] * 2


def test_without_mail_a_steward_is_to_be_asked(portal):
    add_account(portal)
    person = portal.anyone()
    sign_in(person)
    assert "/account/email" not in person.get("/account").text
    assert "ask a steward" in ask(person, code=409).text


def test_a_link_serves_whoever_holds_it_and_nobody_who_guesses(portal, li):
    ask(li)
    stranger = Person(portal)
    for path in ("/email/nothing", "/email/old/nothing", letters(portal, "email-old")[0][1].replace("old/", ""),
                 letters(portal, "email-new")[0][1].replace("/email/", "/email/old/")):
        stranger.get(path, 404)
        stranger.post(path, 404)


def test_a_steward_who_changes_an_address_is_told_of_to_the_old_one(portal, li):
    steward = portal.person("steward@example.org", "steward")
    steward.post(page_of(portal, "M1") + "/change", name="Li", email="li@example.org")
    assert letters(portal, "email-moved") == []
    steward.post(page_of(portal, "M1") + "/change", name="Li", email=NEW)
    assert letters(portal, "email-moved") == [("li@example.org", None)]
    assert NEW not in str(change(portal, "SELECT data FROM letter"))


@pytest.mark.parametrize("lang, new, old", [
    ("en", "Your new address at Chancery", "Your address at Chancery is to change"),
    ("zh", "确认您在Chancery的新邮箱", "您在Chancery的邮箱即将更改")])
def test_each_letter_goes_to_the_address_that_it_is_for(portal, li, lang, new, old):
    post = PostOffice()
    li.post("/account/preferences", lang=lang, mail="none")
    portal.library.run("settings", "set", "smtp.url", f"smtp://127.0.0.1:{post.port}")
    ask(li)
    letters = {letter.to: letter for letter in post.take(2)}
    assert letters[NEW].subject == new and "/email/" in letters[NEW].text and NEW in letters[NEW].text
    assert letters["li@example.org"].subject == old and NEW in letters["li@example.org"].text
    post.stop()
