"""The first visit of a fresh installation makes its owner, and nobody else's does."""

import urllib.parse

import pytest
from portal import Portal

GOOD = {"password": "lantern under cold bridge", "password_again": "lantern under cold bridge"}
OWNER = {"organisation": "Harbour Society", "name": "Wang Min", "email": "wang@example.org", **GOOD}


@pytest.fixture
def fresh(library):
    served = Portal(library, first_run=True).start()
    yield served
    served.stop()


def send(person, code, body):
    return person.ask("POST", "/first-run", urllib.parse.urlencode({"code": code, **body}),
                      [("Content-Type", "application/x-www-form-urlencoded")])


def test_every_page_of_a_fresh_installation_leads_to_the_first_run(fresh):
    for path in ("/", "/sign-in", "/live"):
        assert fresh.anyone().get(path, 303).location == "/first-run"
    assert "no owner yet" in fresh.anyone().get("/", 409, Accept="application/json").text
    fresh.anyone().post("/sign-in", 409, email="a@example.org", password="x")
    page = fresh.anyone("zh").get("/first-run").text
    assert "安装码" in page
    style = page.split('stylesheet" href="')[1].split('"')[0]
    fresh.anyone().get(style)


def test_the_code_from_the_terminal_makes_the_owner_and_serves_once(fresh):
    person = fresh.anyone()
    answer = send(person, fresh.code.lower().replace("-", " "), OWNER)
    assert (answer.code, answer.location) == (303, "/")
    page = person.get("/").text
    assert "Harbour Society" in page and "Wang Min" in page
    assert fresh.library.json("member", "role", "wang@example.org")["roles"] == ["owner"]
    assert send(fresh.anyone(), fresh.code, {**OWNER, "email": "thief@example.org"}).code == 404
    fresh.anyone().get("/first-run", 404)
    assert "Sign in" in fresh.anyone().get("/").text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_letters_go_in_the_language_that_the_installation_was_set_up_in(fresh, lang):
    send(fresh.anyone(lang), fresh.code, OWNER)
    assert fresh.library.json("settings", "get", "language") == {"language": lang}


def test_a_wrong_code_makes_nobody_and_what_was_typed_comes_back(fresh):
    answer = send(fresh.anyone(), "AAAA-AAAA-AAAA", OWNER)
    assert answer.code == 403
    assert "Harbour Society" in answer.text and "wang@example.org" in answer.text
    assert fresh.code not in answer.text
    assert fresh.library.json("member", "list") == []


def test_guessing_the_code_is_slowed_and_told_when_to_come_again(fresh):
    codes = [send(fresh.anyone(), f"AAAA-AAAA-AAA{i}", OWNER).code for i in range(2, 8)]
    assert codes == [403] * 5 + [429]
    answer = send(fresh.anyone(), fresh.code, OWNER)
    assert answer.code == 429, "also the right code has to wait"
    assert 1 <= int(answer.headers["retry-after"]) <= 10
    with fresh.database() as db:
        db.execute("UPDATE attempt SET last_ms = last_ms - 10000")
    db.close()
    assert send(fresh.anyone(), fresh.code, OWNER).code == 303


def test_the_code_changes_with_each_start_and_is_kept_nowhere(fresh):
    first = fresh.code
    fresh.stop()
    for file in fresh.library.data.rglob("*"):
        if file.is_file():
            assert first.encode() not in file.read_bytes()
    fresh.start()
    assert fresh.code and fresh.code != first
    assert send(fresh.anyone(), first, OWNER).code == 403


def test_a_weak_password_is_refused_and_the_code_still_good(fresh):
    weak = {**OWNER, "password": "harboursociety", "password_again": "harboursociety"}
    again = send(fresh.anyone(), fresh.code, weak)
    assert again.code == 422 and f'value="{fresh.code}"' in again.text  # not to be copied from the terminal once more
    assert send(fresh.anyone(), fresh.code, OWNER).code == 303


def test_an_owner_made_on_the_command_line_ends_the_first_run(fresh):
    fresh.library.run("member", "add", "--name", "Li", "--email", "li@example.org")
    fresh.library.run("member", "role", "li@example.org", "--add", "owner")
    assert "Sign in" in fresh.anyone().get("/").text
    assert send(fresh.anyone(), fresh.code, OWNER).code == 404


def test_an_owner_who_stood_on_the_list_keeps_their_number(fresh):
    fresh.library.run("member", "add", "--name", "Wang Min", "--email", "wang@example.org")
    assert send(fresh.anyone(), fresh.code, OWNER).code == 303
    assert [m["member"] for m in fresh.library.json("member", "list")] == ["M1"]
