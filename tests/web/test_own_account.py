"""One's own account: password, second factor, sessions, tokens, language and mail."""

import datetime
import re
import subprocess
import time
import urllib.parse

import pytest
from accounts import (GOOD, add_account, change, give_code, is_signed_in, sign_in, totp)

NEW = "seven kettles by the gate"


@pytest.fixture
def li(portal):
    """Somebody with a password who has signed in with it."""
    add_account(portal, name="Li Hua")
    person = portal.anyone()
    sign_in(person)
    return person


def send(person, path, fields, code=303):
    """Posts fields whose names Person.post takes for its own."""
    body = urllib.parse.urlencode({**fields, "csrf": person.csrf})
    answer = person.ask("POST", path, body, [("Content-Type", "application/x-www-form-urlencoded")])
    assert answer.code == code, answer.text
    return answer


def test_the_page_shows_ones_own_data_in_both_languages_and_as_json(li):
    page = li.get("/account").text
    assert "Li Hua" in page and "li@example.org" in page and "M1" in page
    li.lang = "zh"
    assert "我的账户" in li.get("/account").text
    data = li.json("/account")
    assert (data["member"], data["second_factor"], data["tokens"]) == ("M1", False, [])
    assert [s["current"] for s in data["sessions"]] == [True]
    assert data["sessions"][0]["created"].endswith("Z")


# --- password -----------------------------------------------------------------------------------------


def change_password(person, old=GOOD, new=NEW, code=303, **more):
    return person.post("/account/password", code, old_password=old, password=new, password_again=new, **more)


def test_a_new_password_takes_the_old_one_and_ends_every_other_session(portal, li):
    other = portal.anyone()
    sign_in(other)
    before = li.cookies["chancery"]
    assert "not right" in change_password(li, old="wrong", code=403).text
    assert is_signed_in(other)
    assert change_password(li).location == "/account"
    assert li.cookies["chancery"] != before and is_signed_in(li)
    assert not is_signed_in(other)
    sign_in(portal.anyone(), code=403)
    sign_in(portal.anyone(), password=NEW)


def test_a_password_signs_in_by_another_input_method_too(portal, li):
    change_password(li, new="cafe\u0301 lantern　旧灯塔 bridge")
    sign_in(portal.anyone(), password="caf\u00e9 lantern\u00a0旧灯塔 bridge")
    sign_in(portal.anyone(), password="cafe lantern 旧灯塔 bridge", code=403)


@pytest.mark.parametrize("lang, words", [("en", "be seen"), ("zh", "看不见的字符")])
def test_a_password_with_what_can_not_be_seen_is_refused_and_told_why(li, lang, words):
    li.lang = lang
    assert words in change_password(li, new="lantern under\u200b cold bridge", code=422).text
    assert words in change_password(li, new="lantern under\ncold bridge", code=422).text


def test_a_weak_new_password_is_refused(li):
    assert "your name" in change_password(li, new="li@example.org", code=422).text


def test_guessing_the_old_password_from_an_open_session_is_slowed(li):
    codes = [change_password(li, old=f"wrong {i}", code=None).code for i in range(12)]
    assert codes == [403] * 5 + [429] * 7


def test_nothing_of_an_account_is_changed_without_its_token_or_by_strangers(portal, li):
    for path in ("/account/password", "/account/preferences", "/account/sessions/end",
                 "/account/second-factor", "/account/second-factor/off",
                 "/account/second-factor/codes", "/account/tokens", "/account/tokens/end"):
        form = [("Content-Type", "application/x-www-form-urlencoded")]
        assert li.ask("POST", path, "csrf=wrong", form).code == 403, path
        assert portal.anyone().ask("POST", path, "", form).code in (401, 403), path


# --- second factor ------------------------------------------------------------------------------------


def turn_on(person):
    """Turns the second factor on; gives its secret, the code that did it and the recovery codes."""
    page = person.get("/account/second-factor").text
    secret, seal = (re.search(rf'name="{name}" value="([^"]+)"', page)[1]
                    for name in ("secret", "seal"))
    used = totp(secret)
    shown = send(person, "/account/second-factor", {"secret": secret, "seal": seal, "code": used,
                                                     "present_password": GOOD}, 200).text
    codes = re.findall(r"<code>([a-z0-9-]{14})</code>", shown)
    assert len(set(codes)) == 10
    return secret, used, codes


def test_the_second_factor_is_turned_on_used_and_turned_off(portal, li):
    secret, used, _ = turn_on(li)
    assert li.json("/account")["second_factor"]
    assert li.get("/account/second-factor", 303).location == "/account"
    again = portal.anyone()
    assert sign_in(again).location.startswith("/sign-in/code")
    give_code(again, used, 403)
    give_code(again, totp(secret, 1))
    li.post("/account/second-factor/off", 403, present_password="wrong")
    li.post("/account/second-factor/off", 303, present_password=GOOD)
    assert not li.json("/account")["second_factor"]
    sign_in(portal.anyone())


def test_a_recovery_code_serves_once_and_new_ones_end_the_old(portal, li):
    _, _, codes = turn_on(li)
    person = portal.anyone()
    sign_in(person)
    assert give_code(person, codes[0].upper().replace("-", " ")).location == "/account"
    assert "it is used up now. Left: 9." in person.get("/account").text
    assert person.json("/account")["codes_left"] == 9
    second = portal.anyone()
    sign_in(second)
    give_code(second, codes[0], 403)
    page = li.post("/account/second-factor/codes", 200, present_password=GOOD).text
    fresh = re.findall(r"<code>([a-z0-9-]{14})</code>", page)
    give_code(second, codes[1], 403)
    give_code(second, fresh[3])
    kept = change(portal, "SELECT hash FROM recovery_code")
    assert len(kept) == 9 and all(len(row[0]) == 32 for row in kept)


def test_who_uses_up_the_last_recovery_code_is_told_to_make_new_ones(portal, li):
    _, _, codes = turn_on(li)
    kept = change(portal, "SELECT member, hash FROM recovery_code")
    person = portal.anyone()
    sign_in(person)
    give_code(person, codes[0])
    left = change(portal, "DELETE FROM recovery_code RETURNING member, hash")
    change(portal, "INSERT INTO recovery_code VALUES (?, ?)", *(set(kept) - set(left)).pop())
    person = portal.anyone()
    sign_in(person)
    give_code(person, codes[0])
    assert "That was your last recovery code. Make new ones now" in person.get("/account").text


def test_a_secret_that_the_page_did_not_draw_is_refused(portal, li):
    page = li.get("/account/second-factor").text
    seal = re.search(r'name="seal" value="([^"]+)"', page)[1]
    chosen = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    send(li, "/account/second-factor", {"secret": chosen, "seal": seal, "code": totp(chosen),
                                           "present_password": GOOD}, 422)
    other = portal.anyone()
    sign_in(other)
    theirs = re.search(r'name="secret" value="([^"]+)"', page)[1]
    send(other, "/account/second-factor", {"secret": theirs, "seal": seal, "code": totp(theirs),
                                              "present_password": GOOD}, 422)
    assert not li.json("/account")["second_factor"]


def test_an_open_session_alone_turns_no_second_factor_on(portal, li):
    """Else whoever finds a browser open locks its owner out of the account."""
    page = li.get("/account/second-factor").text
    secret, seal = (re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("secret", "seal"))
    form = {"secret": secret, "seal": seal, "code": totp(secret)}
    send(li, "/account/second-factor", form, 422)
    again = send(li, "/account/second-factor", {**form, "present_password": "wrong"}, 403)
    assert secret in again.text
    assert change(portal, "SELECT totp FROM account") == [(None,)]


def test_a_wrong_code_shows_the_same_picture_again(li):
    page = li.get("/account/second-factor").text
    secret, seal = (re.search(rf'name="{name}" value="([^"]+)"', page)[1]
                    for name in ("secret", "seal"))
    wrong = "000000" if totp(secret) != "000000" else "000001"
    again = send(li, "/account/second-factor", {"secret": secret, "seal": seal, "code": wrong,
                                                      "present_password": GOOD}, 422)
    assert secret in again.text and "not right" in again.text


def test_the_picture_is_a_qr_code_of_the_secret_for_this_account(portal, li, tmp_path):
    portal.library.run("settings", "set", "organisation", "港务学会")
    page = li.get("/account/second-factor").text
    secret = re.search(r'name="secret" value="([^"]+)"', page)[1]
    side = int(re.search(r'viewBox="0 0 (\d+) ', page)[1])
    dots = [[255] * side for _ in range(side)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1", page):
        for i in range(int(width)):
            dots[int(y)][int(x) + i] = 0
    scale = 6
    rows = b"".join(bytes(v for v in row for _ in range(scale)) * scale for row in dots)
    picture = tmp_path / "code.pgm"
    picture.write_bytes(b"P5 %d %d 255\n" % (side * scale, side * scale) + rows)
    read = subprocess.run(["zbarimg", "-q", "--raw", picture], capture_output=True, check=True)
    label, question = read.stdout.decode().strip().split("?")
    assert urllib.parse.unquote(label) == "otpauth://totp/港务学会:li@example.org"
    assert urllib.parse.parse_qs(question) == {"secret": [secret], "issuer": ["港务学会"]}


# --- sessions -----------------------------------------------------------------------------------------


def test_sessions_are_listed_and_ended_one_by_one_or_all_others(portal, li):
    others = [portal.anyone() for _ in range(3)]
    for other in others:
        sign_in(other)
    sessions = li.json("/account")["sessions"]
    assert [s["current"] for s in sessions] == [True, False, False, False]
    li.post("/account/sessions/end", session=sessions[1]["key"])
    assert sorted(is_signed_in(o) for o in others) == [False, True, True]
    li.post("/account/sessions/end", 404, session=sessions[1]["key"])
    li.post("/account/sessions/end")
    assert not any(is_signed_in(o) for o in others) and is_signed_in(li)


def test_nobody_ends_sessions_or_tokens_of_somebody_else(portal, li):
    add_account(portal, "mallory@example.org")
    mallory = portal.anyone()
    sign_in(mallory, "mallory@example.org")
    li.post("/account/tokens", 200, token_name="report", token_password=GOOD, scope=["read"])
    mallory.post("/account/sessions/end", 404, session=li.json("/account")["sessions"][0]["key"])
    mallory.post("/account/tokens/end", 404, token=li.json("/account")["tokens"][0]["key"])
    assert is_signed_in(li) and len(li.json("/account")["tokens"]) == 1


def test_a_session_that_ran_out_is_over_and_forgotten(portal, li):
    change(portal, "UPDATE session SET expires_ms = 1")
    assert not is_signed_in(li)
    sign_in(portal.anyone())
    assert change(portal, "SELECT count(*) FROM session") == [(1,)]


# --- tokens -------------------------------------------------------------------------------------------


def make_token(person, *scopes, code=200):
    page = person.post("/account/tokens", code, token_name="report", token_password=GOOD, scope=list(scopes)).text
    found = re.search(r'<code class="secret">(chancery_[\w-]+)</code>', page)
    return found and found[1]


def test_a_token_that_was_refused_for_the_password_keeps_its_name(li):
    page = li.post("/account/tokens", 403, token_name="nightly", token_password="not it", scope=["feed"]).text
    assert re.search(r'name="token_name"[^>]* value="nightly"', page)
    assert re.search(r'name="scope" value="feed"[^>]* checked', page)


def as_script(portal, token, path, code=200):
    answer = portal.anyone().ask("GET", path, None, [("Authorization", f"Bearer {token}"),
                                                     ("Accept", "application/json")])
    assert answer.code == code, answer.text
    return answer


def test_a_token_is_shown_once_works_within_its_scope_and_ends(portal, li):
    token = make_token(li, "read")
    assert token not in li.get("/account").text
    assert change(portal, "SELECT count(*) FROM token WHERE instr(hash, ?) > 0", token) == [(0,)]
    as_script(portal, token, "/")
    as_script(portal, token, "/account", 403)
    [shown] = li.json("/account")["tokens"]
    assert shown["name"] == "report" and shown["scopes"] == "read" and shown["seen"]
    li.post("/account/tokens/end", token=shown["key"])
    as_script(portal, token, "/", 401)
    assert li.json("/account")["tokens"] == []


def day_in(days):
    return (datetime.date.today() + datetime.timedelta(days=days)).isoformat()


def test_a_token_holds_for_a_year_unless_its_maker_chooses_a_day(portal, li):
    token = make_token(li, "read")
    made = li.post("/account/tokens", 200, token_name="short", token_password=GOOD, scope=["read"], token_until=day_in(0)).text
    assert f'name="token_until" type="date" value="{day_in(365)}"' in li.get("/account").text
    last = [(t["name"], datetime.datetime.fromisoformat(t["until"]).astimezone().date().isoformat(), t["over"])
            for t in li.json("/account")["tokens"]]
    assert last == [("short", day_in(0), False), ("report", day_in(365), False)]
    short = re.search(r"chancery_[\w-]+", made)[0]
    for t in (token, short):
        as_script(portal, t, "/")


def test_a_token_opens_nothing_once_its_last_day_is_over_and_says_so(portal, li):
    token = make_token(li, "read", "feed")
    feed = f"/feed/{token}"
    portal.anyone().get(feed)
    change(portal, "UPDATE token SET expires_ms = ?", int(time.time() * 1000))
    said = as_script(portal, token, "/", 401).text
    assert "last day is over" in said
    portal.anyone().get(feed, 404)
    [shown] = li.json("/account")["tokens"]
    assert shown["over"] and "last day was" in li.get("/account").text
    li.post("/account/tokens/end", token=shown["key"])


def test_a_last_day_that_is_over_is_refused_at_its_field(li):
    page = li.post("/account/tokens", 422, token_name="report", token_password=GOOD, scope=["read"], token_until=day_in(-1)).text
    assert re.search(rf'name="token_until"[^>]*value="{day_in(-1)}"', page) and "choose a day to come" in page
    assert li.json("/account")["tokens"] == []


def tokens_ended(portal):
    return change(portal, "SELECT actor, subject, data FROM event WHERE kind = 'token.ended'")


BOX = re.compile(r'<input type="checkbox" name="end_tokens" value="1"(?:[^>]*( checked))?')


def test_a_new_password_ends_tokens_where_the_box_is_left_ticked_and_it_is_on_record(portal, li):
    tokens = [make_token(li, "read"), make_token(li, "read")]
    assert BOX.search(li.get("/account").text)[1]
    assert BOX.search(change_password(li, old="wrong", end_tokens="1", code=403).text)[1]
    as_script(portal, tokens[0], "/")
    change_password(li, end_tokens="1")
    assert "your tokens are ended" in li.get("/account").text
    for token in tokens:
        as_script(portal, token, "/", 401)
    assert li.json("/account")["tokens"] == []
    assert tokens_ended(portal) == [("M1", "M1", '{"tokens":2}')]


def test_a_new_password_leaves_tokens_where_the_box_is_not_ticked_and_says_so(portal, li):
    token = make_token(li, "read")
    assert not BOX.search(change_password(li, old="wrong", code=403).text)[1]
    change_password(li)
    assert "Your tokens go on." in li.get("/account").text
    as_script(portal, token, "/")
    assert tokens_ended(portal) == []


def test_a_member_gives_no_scope_beyond_their_roles(portal, li):
    make_token(li, "publish", code=422)
    make_token(li, "read", "manage", code=422)
    make_token(li, "everything", code=422)
    make_token(li, code=422)
    change(portal, "INSERT INTO role VALUES (1, 'editor')")
    assert make_token(li, "read", "publish")
    assert "manage:" not in li.get("/account").text


def test_a_token_of_somebody_suspended_opens_nothing(portal, li):
    token = make_token(li, "read")
    change(portal, "UPDATE account SET suspended_ms = 1")
    as_script(portal, token, "/", 401)


# --- preferences --------------------------------------------------------------------------------------


def test_language_and_mail_are_kept_with_the_account(portal, li):
    li.post("/account/preferences", lang="zh", mail="weekly")
    assert "我的账户" in li.get("/account").text, "though the browser asks for English"
    page = li.json("/account")
    assert [m["name"] for m in page["mails"] if m["chosen"]] == ["weekly"]
    li.post("/account/preferences", 422, lang="fr", mail="weekly")
    li.post("/account/preferences", 422, lang="zh", mail="hourly")
    li.post("/account/preferences", lang="", mail="none")
    assert "My account" in li.get("/account").text
