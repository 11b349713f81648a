"""Letters: who gets which, once, also when the server is killed in between."""

import re
import threading

import pytest

import shelf
from accounts import add_account, change, mail_on
from portal import PATIENCE, eventually
from post import Passwords, PostOffice
from texts import sample


@pytest.fixture
def post():
    office = PostOffice()
    yield office
    office.stop()


def set_up(portal, post):
    for name, value in (("smtp.url", f"smtp://127.0.0.1:{post.port}"),
                        ("mail.from", "papers@example.org"),
                        ("site.url", "https://papers.example.org"),
                        ("organisation", "示例研究会")):
        portal.library.run("settings", "set", name, value)


def wish(portal, person, mail, lang=""):
    with portal.database() as db:
        db.execute("UPDATE account SET mail = ?, lang = ? WHERE member = ?",
                   (mail, lang, int(person.member[1:])))


def rows(portal, sql, *values):
    with portal.database() as db:
        return db.execute(sql, values).fetchall()


def all_done(portal):
    """Nothing waits any more."""
    return rows(portal, "SELECT count(*) FROM letter WHERE sent_ms IS NULL AND ended_ms IS NULL"
                        " AND kind <> 'entry'") == [(0,)]


def test_a_publication_is_told_to_whom_it_is_open_and_who_wants_it(portal, post):
    set_up(portal, post)
    li, wang, chen = (portal.person(f"{n}@example.org") for n in ("li", "wang", "chen"))
    wish(portal, li, "each", "zh")
    wish(portal, wang, "each", "en")
    wish(portal, chen, "none")
    portal.library.run("member", "add", "--email", "list@example.org", "--name", "No account")
    paper = portal.library.publish(sample("en"), "--title", "Minutes & <notes>")
    first, second = post.take(2)
    assert (first.to, second.to) == ("li@example.org", "wang@example.org")
    assert first.subject == "新文稿：Minutes & <notes>"
    assert second.subject == "New paper: Minutes & <notes>"
    assert "点此阅读</a>" in first.html and "点此阅读：\nhttps://" in first.text
    assert ":</a>" not in second.html
    assert first.message["From"] == "示例研究会 <papers@example.org>"
    (key,), = rows(portal, "SELECT key FROM offer WHERE paper = ?", int(paper[1:]))
    for letter in (first, second):
        assert f"https://papers.example.org/papers/{key}" in letter.text
        assert f'href="https://papers.example.org/papers/{key}"' in letter.html
        assert "Minutes &amp; &lt;notes&gt;" in letter.html
        assert letter.message["Auto-Submitted"] == "auto-generated"
    eventually(lambda: all_done(portal))
    assert post.letters.empty()


def all_read(portal):
    """Every publication was looked at."""
    return (rows(portal, "SELECT seq FROM cursor WHERE name = 'mail'")
            >= rows(portal, "SELECT max(seq) FROM event WHERE kind = 'paper.published'"))


def test_nothing_of_the_paper_leaves_but_title_and_summary(portal, post):
    set_up(portal, post)
    portal.person("li@example.org")
    text = "# The title\n\nNobody shall read this sentence in a letter.\n"
    portal.library.publish(portal.library.file("p.md", text))
    letter, = post.take()
    assert "Nobody shall" not in letter.message.as_string() + letter.text + letter.html
    with portal.database() as db:
        db.execute("UPDATE offer SET summary = 'In short, this.'")
    portal.library.publish(portal.library.file("p2.md", text + "\nMore.\n"), "--paper", "P1")
    again, = post.take()
    assert again.subject == "New edition: The title"
    assert "In short, this." in again.text


def test_a_paper_published_silently_or_before_mail_was_set_up_is_not_told(portal, post):
    portal.person("li@example.org")
    portal.library.publish(sample("zh"))
    eventually(lambda: all_read(portal))
    set_up(portal, post)
    portal.library.publish(sample("en"), "--title", "Told")
    letter, = post.take()
    assert letter.subject == "New paper: Told"
    eventually(lambda: all_done(portal))
    assert post.letters.empty()


def test_who_is_no_longer_entitled_when_the_letter_goes_gets_none(portal, post):
    set_up(portal, post)
    portal.person("li@example.org")
    portal.person("wang@example.org")
    refused = []

    def say(letter):
        if not refused:
            refused.append(letter.to)
            return "451 4.3.0 Later"

    post.say = say
    portal.library.publish(sample("en"))
    eventually(lambda: rows(portal, "SELECT 1 FROM letter WHERE tries = 1"))
    told, = post.take()
    assert {told.to, *refused} == {"li@example.org", "wang@example.org"}
    with portal.database() as db:
        db.execute("INSERT INTO revocation (paper, reason, created_ms) VALUES (1, 'test', 1)")
        db.execute("UPDATE letter SET due_ms = 0 WHERE sent_ms IS NULL")
    portal.library.run("member", "add", "--email", "new@example.org", "--name", "New")
    eventually(lambda: all_done(portal))
    assert post.letters.empty()
    assert rows(portal, "SELECT count(*) FROM letter WHERE ended_ms IS NOT NULL"
                        " AND failed = '' AND data = '{}'") == [(1,)]


def test_a_mention_is_not_told_to_who_has_left_the_group_nor_of_a_hidden_post(portal, post):
    set_up(portal, post)
    steward = portal.person("s@example.org", "steward")
    group = steward.post("/groups", name="Board", public=1).location
    people = [portal.person(f"{name}@example.org") for name in ("anna", "bob", "cilla")]
    for person in people:
        person.post(group + "/join")
    anna, bob, _ = people
    post.say = lambda letter: "451 4.3.0 Later"
    for text in ("@Bob and @Cilla, look", "@Cilla, a secret"):
        anna.post(group + "/talk", text=text)
    eventually(lambda: rows(portal, "SELECT count(*) FROM letter WHERE kind = 'mention' AND tries = 1") == [(3,)])
    bob.post(group + "/leave")
    hidden = anna.json(group + "/talk")["posts"][0]["key"]
    steward.post(group + "/talk/hide", post=hidden, why="Too early")
    post.say = lambda letter: None
    with portal.database() as db:
        db.execute("UPDATE letter SET due_ms = 0 WHERE sent_ms IS NULL")
    portal.library.run("member", "add", "--email", "new@example.org", "--name", "New")
    eventually(lambda: all_done(portal))
    assert [letter.to for letter in post.take()] == ["cilla@example.org"]
    assert post.letters.empty()


def test_a_digest_comes_once_with_all_that_was_published(portal, post):
    set_up(portal, post)
    daily, weekly = portal.person("daily@example.org"), portal.person("weekly@example.org")
    wish(portal, daily, "daily", "en")
    wish(portal, weekly, "weekly", "zh")
    portal.library.publish(sample("en"), "--title", "First")
    portal.library.publish(sample("zh"), "--title", "Second")
    eventually(lambda: rows(portal, "SELECT count(*) FROM letter WHERE kind = 'entry'") == [(4,)])
    assert rows(portal, "SELECT count(*) FROM letter WHERE due_ms <= created_ms") == [(0,)]
    portal.stop(kill=True)
    with portal.database() as db:  # seven o'clock
        db.execute("UPDATE letter SET due_ms = 1 WHERE member = 1")
    portal.start()
    letter, = post.take()
    assert letter.to == "daily@example.org"
    assert letter.subject == "New papers from 示例研究会"
    assert letter.text.index("First") < letter.text.index("Second")
    eventually(lambda: all_done(portal))
    portal.stop()
    with portal.database() as db:  # Monday, and another look at the same morning
        db.execute("UPDATE letter SET due_ms = 1 WHERE ended_ms IS NULL OR member = 1")
    portal.start()
    letter, = post.take()
    assert (letter.to, letter.subject) == ("weekly@example.org", "示例研究会新文稿汇总")
    eventually(lambda: all_done(portal))
    assert post.letters.empty()


def test_letters_stop_with_one_click_and_without_signing_in(portal, post):
    set_up(portal, post)
    portal.person("li@example.org")
    portal.library.publish(sample("en"))
    letter, = post.take()
    assert letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = re.fullmatch(r"<https://papers\.example\.org(/unsubscribe/\S+)>",
                           letter.message["List-Unsubscribe"])[1]
    assert f"https://papers.example.org{address}" in letter.text
    assert "No letters" in portal.anyone().get(address).text
    assert rows(portal, "SELECT mail FROM account") == [("each",)]
    portal.anyone().post(address, **{"List-Unsubscribe": "One-Click"})
    assert rows(portal, "SELECT mail FROM account") == [("none",)]
    portal.library.publish(sample("zh"))
    eventually(lambda: all_read(portal))
    assert rows(portal, "SELECT count(*) FROM letter") == [(1,)]
    portal.anyone().post(address, mail="weekly")
    assert rows(portal, "SELECT mail FROM account") == [("weekly",)]


@pytest.mark.parametrize("token", ["1-00000000000000000000000000000000", "1", "-", "99999999999999999999-a",
                                   "1-"])
def test_an_address_that_was_not_mailed_stops_nobody(portal, token):
    portal.person("li@example.org")
    portal.anyone().get(f"/unsubscribe/{token}", 404)
    portal.anyone().post(f"/unsubscribe/{token}", 404)
    assert rows(portal, "SELECT mail FROM account") == [("each",)]


def test_an_unsubscribing_member_must_not_be_guessed_from_another(portal, post):
    set_up(portal, post)
    portal.person("li@example.org")
    portal.person("wang@example.org")
    portal.library.publish(sample("en"))
    one, other = (x.message["List-Unsubscribe"].split("/")[-1].rstrip(">") for x in post.take(2))
    assert one.split("-")[1] != other.split("-")[1]
    portal.anyone().post(f"/unsubscribe/{one.split('-')[0]}-{other.split('-')[1]}", 404)


def test_a_letter_refused_for_now_is_tried_again_and_one_refused_for_good_is_shown(portal, post):
    set_up(portal, post)
    owner = portal.person("owner@example.org", "owner")
    wish(portal, owner, "none")
    portal.person("gone@example.org")
    post.refuses.add("gone@example.org")
    portal.library.publish(sample("en"))
    for tries in (1, 2, 3):
        eventually(lambda: rows(portal, "SELECT tries FROM letter") == [(tries,)])
        with portal.database() as db:
            db.execute("UPDATE letter SET due_ms = 1")
        portal.library.run("settings", "set", "credit", f"wake {tries}")
    eventually(lambda: rows(portal, "SELECT 1 FROM letter WHERE ended_ms IS NOT NULL"))
    page = owner.get("/settings/mail").text
    assert "gone@example.org" in page and "550 5.1.1 No such person here" in page
    post.refuses.clear()
    owner.post("/settings/mail/again")
    assert post.take()[0].to == "gone@example.org"


def test_a_mail_server_that_is_away_is_named_to_the_owner_and_nothing_is_lost(portal, post):
    set_up(portal, post)
    owner = portal.person("owner@example.org", "owner")
    post.stop()
    portal.library.publish(sample("en"))
    eventually(lambda: "have not been getting through" in owner.get("/settings/mail").text)
    back = PostOffice()
    portal.library.run("settings", "set", "smtp.url", f"smtp://127.0.0.1:{back.port}")
    assert back.take()[0].to == "owner@example.org"
    eventually(lambda: "have not been getting through" not in owner.get("/settings/mail").text)
    back.stop()


def test_a_letter_at_which_the_mail_server_hangs_up_holds_no_other_up(portal, post):
    """A filter that breaks down over one letter, or an address at which the mail server comes to no end: whoever has such
    an address would else keep all letters of publications back, as those of accounts go first."""
    set_up(portal, post)
    portal.person("owner@example.org", "owner")
    wish(portal, portal.person("poison@example.org"), "none")
    with portal.database() as db:
        db.execute("UPDATE account SET password = 'x'")

    async def hang_up(server, session, envelope, address, options):
        if address == "poison@example.org":
            return "421 4.3.0 Not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    post.handle_RCPT = hang_up
    portal.anyone().post("/forgotten", 200, email="poison@example.org")
    eventually(lambda: rows(portal, "SELECT 1 FROM letter WHERE failed <> '' AND sent_ms IS NULL"))
    portal.library.publish(sample("en"), "--title", "First")
    assert post.take()[0].subject == "New paper: First"
    portal.library.publish(sample("zh"), "--title", "Second")
    assert post.take()[0].subject == "New paper: Second"
    waiting = "SELECT tries FROM letter WHERE sent_ms IS NULL AND ended_ms IS NULL"
    eventually(lambda: rows(portal, waiting) == [(0,)])  # it is not held against the letter


def test_what_waits_long_for_a_mail_server_goes_as_soon_as_the_owner_has_mended_the_settings(portal, post):
    set_up(portal, post)
    owner = portal.person("owner@example.org", "owner")
    post.stop()
    portal.library.publish(sample("en"), "--title", "First")
    due = eventually(lambda: rows(portal, "SELECT due_ms FROM letter WHERE failed <> ''"))
    for _ in range(4):  # five failures in a row: it is let alone for minutes
        owner.post("/settings/mail/again")
        due = eventually(lambda: rows(portal, "SELECT due_ms FROM letter WHERE due_ms > ?", *due[0]))
    portal.library.publish(sample("zh"), "--title", "Second")
    back = PostOffice()
    portal.library.run("settings", "set", "smtp.url", f"smtp://127.0.0.1:{back.port}")
    assert {letter.subject for letter in back.take(2)} == {"New paper: First", "New paper: Second"}
    back.stop()


def later(portal, table):
    """What is to be tried again waits for an hour more."""
    with portal.database() as db:
        db.execute(f"UPDATE {table} SET due_ms = due_ms + 3600000 WHERE failed <> ''")


def test_letters_refused_for_the_sender_go_as_soon_as_there_is_another(portal, post):
    set_up(portal, post)
    portal.person("li@example.org")
    post.say = lambda letter: None if letter.sender == "office@example.org" else "450 4.7.1 Not that sender"
    portal.library.publish(sample("en"))
    eventually(lambda: rows(portal, "SELECT 1 FROM letter WHERE tries = 1"))
    later(portal, "letter")
    portal.stop()
    portal.library.run("settings", "set", "mail.from", "office@example.org")
    portal.start()
    assert post.take()[0].sender == "office@example.org"


def test_a_test_letter_that_is_taken_lets_those_go_that_wait(portal, post):
    set_up(portal, post)
    owner = portal.person("owner@example.org", "owner")
    post.say = lambda letter: "451 4.3.0 Later"
    portal.library.publish(sample("en"), "--title", "Waits")
    eventually(lambda: rows(portal, "SELECT 1 FROM letter WHERE tries = 1"))
    later(portal, "letter")
    post.say = lambda letter: None
    owner.post("/settings/mail/test")
    assert {letter.subject for letter in post.take(2)} == {"A test letter from 示例研究会", "New paper: Waits"}


def test_letters_to_who_chose_no_language_go_in_that_of_the_installation(portal, post):
    set_up(portal, post)
    li, wang = portal.person("li@example.org"), portal.person("wang@example.org")
    wish(portal, li, "each")
    wish(portal, wang, "each", "en")
    portal.library.run("settings", "set", "language", "zh")
    portal.library.publish(sample("en"), "--title", "Minutes")
    assert [letter.subject for letter in post.take(2)] == ["新文稿：Minutes", "New paper: Minutes"]
    portal.person("steward@example.org", "steward").post(
        "/members/" + portal.person("owner@example.org", "owner").post("/members", name="Chen", email="chen@example.org")
        .location.split("/")[-1] + "/invite", 200)
    letter, = post.take()
    assert letter.subject == "示例研究会邀请您加入" and letter.to == "chen@example.org"


def test_a_letter_that_was_asked_for_is_in_the_language_of_the_page_unless_another_was_chosen(portal, post):
    set_up(portal, post)
    portal.library.run("settings", "set", "registration", "open")
    portal.anyone("zh").post("/join", 200, name="陈", email="chen@example.org")
    assert post.take()[0].subject == "开通您在示例研究会的账户"
    portal.person("owner@example.org", "owner", lang="zh").post("/settings/mail/test")
    assert post.take()[0].subject == "示例研究会的测试邮件"
    for email, chosen in (("li@example.org", ""), ("wang@example.org", "en")):
        change(portal, "UPDATE account SET lang = ? WHERE member = ?", chosen, int(add_account(portal, email)[1:]))
    said = []
    for email in ("li@example.org", "wang@example.org"):
        portal.anyone("zh").post("/forgotten", 200, email=email)
        said.append(post.take()[0].subject)
    assert said == ["重设示例研究会的密码", "A new password for 示例研究会"]


def test_a_letter_says_who_began_it_and_how_long_its_link_is_good(portal, post):
    set_up(portal, post)
    portal.library.run("settings", "set", "registration", "open")
    portal.anyone().post("/join", 200, name="Chen", email="chen@example.org")
    asked, = post.take()
    assert "invite" not in (asked.subject + asked.text).lower() and "asked for an account" in asked.text
    link = re.search(r"https://papers.example.org(/invitation/\S+)", asked.text)[1]
    assert "invited" not in portal.anyone().get(link).text
    owner = portal.person("owner@example.org", "owner")
    owner.post(owner.post("/members", name="Du", email="du@example.org").location + "/invite", 200)
    invited, = post.take()
    assert "invites you" in invited.text and "asked for" not in invited.text
    assert "within two weeks" in asked.text and "within two weeks" in invited.text
    add_account(portal, "li@example.org")
    portal.anyone().post("/forgotten", 200, email="li@example.org")
    assert "within an hour" in post.take()[0].text


def test_who_follows_the_language_of_the_browser_reads_which_one_letters_have(portal):
    person = portal.person("li@example.org")
    portal.library.run("settings", "set", "language", "zh")
    assert "letters come in Chinese" in person.get("/account").text
    portal.library.run("settings", "set", "language", "en")
    assert "letters come in English" in person.get("/account").text


def test_the_owner_sets_up_mail_and_tries_it(portal):
    office = PostOffice(authenticator=Passwords("papers", "geheim 秘密"), auth_require_tls=False,
                        auth_required=True)
    owner = portal.person("owner@example.org", "owner", lang="zh")
    assert "填写邮件服务器和发件人之前" in owner.get("/settings/mail").text
    form = {"site.url": "https://papers.example.org", "mail.from": "papers@example.org",
            "smtp.url": f"smtp://127.0.0.1:{office.port}", "smtp.user": "papers",
            "smtp.password": "wrong", "forget": "0"}
    again = owner.post("/settings/mail", 422, **{**form, "smtp.url": "mail.example.org"})
    assert "请填写邮件服务器地址" in again.text and 'value="mail.example.org"' in again.text
    assert 'value="papers@example.org"' in again.text
    owner.post("/settings/mail", **{**form, "site.url": form["site.url"] + "/"})  # as a browser gives it to copy
    assert f'value="{form["site.url"]}"' in owner.get("/settings/mail").text
    assert "邮件服务器未接收测试邮件" in owner.post("/settings/mail/test", 409).text
    owner.post("/settings/mail", **{**form, "smtp.password": "geheim 秘密"})
    owner.post("/settings/mail", **{**form, "smtp.password": ""})  # kept
    owner.post("/settings/mail/test")
    letter, = office.take()
    assert letter.to == "owner@example.org"
    page = owner.get("/settings/mail").text
    assert "geheim" not in page
    assert rows(portal, "SELECT count(*) FROM (SELECT value AS v FROM setting UNION ALL"
                        " SELECT data FROM event) WHERE v LIKE '%geheim%'") == [(0,)]
    office.stop()


def test_only_the_owner_sees_the_settings_of_mail(portal):
    for role in ("editor", "steward", "inspector", "lead"):
        person = portal.person(f"{role}@example.org", role)
        person.get("/settings/mail", 403)
        person.post("/settings/mail", 403)
        person.post("/settings/mail/test", 403)
        person.post("/settings/mail/again", 403)


def test_a_letter_about_ones_own_account_goes_at_once_and_leaves_no_secret_behind(portal, post):
    set_up(portal, post)
    li = portal.person("li@example.org")
    wish(portal, li, "none")
    with portal.database() as db:
        db.execute("UPDATE account SET password = 'x'")
    portal.anyone().post("/forgotten", 200, email="li@example.org")
    letter, = post.take()
    path = re.search(r"https://papers\.example\.org(/reset/\S+)", letter.text)[1]
    assert letter.message["List-Unsubscribe"] is None
    assert portal.anyone().get(path).code == 200
    eventually(lambda: all_done(portal))
    assert rows(portal, "SELECT data FROM letter") == [("{}",)]


def test_a_subscription_that_ends_soon_is_announced_by_the_timer_once(portal, post):
    set_up(portal, post)
    li = portal.person("li@example.org")
    wish(portal, li, "none", "zh")
    now = shelf.now()
    plan = shelf.do(portal, "INSERT INTO plan (key, name, price, days, created_ms)"
                            " VALUES ('k', '年度方案', 100, 365, 1)")
    shelf.do(portal, "INSERT INTO subscription (member, plan, starts_ms, ends_ms, lookback_ms, source)"
                     " VALUES (1, ?, 1, ?, 1, 'steward')", plan, now + 3 * shelf.DAY)
    portal.person("wang@example.org")  # an event, so that the timer looks
    letter, = post.take()
    assert letter.to == "li@example.org" and "年度方案" in letter.text
    assert "https://papers.example.org/subscriptions" in letter.text
    eventually(lambda: all_done(portal))
    portal.stop()
    portal.start()
    portal.library.publish(sample("en"))
    assert post.take()[0].to == "wang@example.org"
    eventually(lambda: all_done(portal))
    assert post.letters.empty()


def test_reminders_wait_until_there_is_mail_and_only_those_that_still_hold_go_out(portal, post):
    renewed, lapsed, attested, owing = (portal.person(f"{n}@example.org") for n in
                                        ("renewed", "lapsed", "attested", "owing"))
    now = shelf.now()
    plan = shelf.do(portal, "INSERT INTO plan (key, name, price, days, created_ms)"
                            " VALUES ('k', 'Yearly', 100, 365, 1)")
    subscriptions = [shelf.do(
        portal, "INSERT INTO subscription (member, plan, starts_ms, ends_ms, lookback_ms, source)"
                " VALUES (?, ?, 1, ?, 1, 'steward')", int(who.member[1:]), plan, now + 3 * shelf.DAY)
        for who in (renewed, lapsed)]
    portal.library.publish(sample("en"))
    for who in (attested, owing):
        shelf.do(portal, "INSERT INTO deletion (paper, member, due_ms) VALUES (1, ?, ?)",
                 int(who.member[1:]), now + shelf.DAY)

    def reminded():
        return rows(portal, "SELECT count(*) FROM (SELECT reminded_ms FROM subscription UNION ALL"
                            " SELECT reminded_ms FROM deletion) WHERE reminded_ms > 0")[0][0]

    portal.stop()  # a whole round of the timer, as a start is one
    portal.start()
    portal.library.run("settings", "set", "credit", "an event, so that the timer looks")
    eventually(lambda: all_read(portal))
    portal.stop()
    assert reminded() == 0 and rows(portal, "SELECT count(*) FROM letter") == [(0,)]
    portal.start()
    mail_on(portal)  # to a server that is away
    eventually(lambda: reminded() == 4)
    shelf.do(portal, "UPDATE subscription SET ends_ms = ends_ms - ? WHERE id = ?", 9 * shelf.DAY,
             subscriptions[1])
    shelf.do(portal, "INSERT INTO subscription (member, plan, starts_ms, ends_ms, lookback_ms, source)"
                     " VALUES (?, ?, ?, ?, 1, 'code')", int(renewed.member[1:]), plan,
             now + 3 * shelf.DAY, now + 300 * shelf.DAY)
    shelf.do(portal, "UPDATE deletion SET attested_ms = ? WHERE member = ?", now,
             int(attested.member[1:]))
    set_up(portal, post)
    letter, = post.take()
    assert letter.to == "owing@example.org"
    eventually(lambda: all_done(portal))
    assert post.letters.empty() and reminded() == 4


def test_who_is_put_in_a_group_or_given_a_subscription_is_told_once_unless_they_want_no_letters(
        portal, post):
    set_up(portal, post)
    steward, li, quiet = (portal.person(f"{n}@example.org", *roles) for n, roles in (
        ("steward", ["steward"]), ("li", []), ("quiet", [])))
    wish(portal, li, "daily", "zh")
    wish(portal, quiet, "none")
    group = steward.post("/groups", name="理事会").location
    both = "li@example.org\nquiet@example.org"
    steward.post(group + "/members", emails=both)
    letter, = post.take()
    assert (letter.to, letter.subject) == ("li@example.org", "您已加入“理事会”群组")
    assert f"https://papers.example.org{group}" in letter.text and letter.message["List-Unsubscribe"]
    steward.post(group + "/members", emails=both)  # there already
    steward.post("/plans", name="Yearly", price="10", currency="CNY", days=365, lookback_days=1096)
    plan = steward.json("/plans")["plans"][0]["key"]
    wish(portal, li, "each", "en")
    for email in both.split():
        steward.post("/subscribers", email=email, plan=plan, starts="2031-01-01", ends="2031-12-31")
    letter, = post.take()
    assert (letter.to, letter.subject) == ("li@example.org", "You have a subscription to Yearly")
    assert "31 December 2031" in letter.text or "2031-12-31" in letter.text
    eventually(lambda: all_done(portal))
    assert post.letters.empty()


# --- killed -----------------------------------------------------------------------------------------

MEMBERS = 12


def join(portal):
    for i in range(MEMBERS):
        portal.person(f"m{i:02}@example.org")


def letters_of_all(portal, post, queued=MEMBERS):
    """What had come once `queued` letters were sent: one to each member, and at most one of them twice, under the same
    Message-ID."""
    eventually(lambda: rows(portal, "SELECT count(*) FROM letter WHERE sent_ms IS NOT NULL") == [(queued,)])
    got = post.take_all()
    assert sorted(to for to, _ in {(x.to, x.id) for x in got}) == [f"m{i:02}@example.org" for i in range(MEMBERS)]
    assert len({x.id for x in got}) == MEMBERS and len(got) <= MEMBERS + 1
    return got


@pytest.mark.parametrize("letter_of_the_kill", [1, 5, MEMBERS])
@pytest.mark.parametrize("answered", [False, True])
def test_a_kill_between_the_mail_servers_word_and_ours_sends_one_letter_twice_at_most(
        portal, post, letter_of_the_kill, answered):
    """The moment before the 250 is the worst: the mail server has the letter, the portal does not know.
    Killed there, exactly that letter comes again, under the same Message-ID; killed at any time after
    the answer, that one may come again and no other. None is lost."""
    set_up(portal, post)
    join(portal)
    count = 0
    killed = threading.Event()

    def say(letter):
        nonlocal count
        count += 1
        if count == letter_of_the_kill and not killed.is_set():
            if answered:
                threading.Timer(0, lambda: (portal.process.kill(), killed.set())).start()
            else:
                portal.process.kill()
                portal.process.wait()
                killed.set()

    post.say = say
    portal.library.publish(sample("en"))
    assert killed.wait(PATIENCE)
    portal.stop(kill=True)
    portal.start()
    got = letters_of_all(portal, post)
    assert answered or len(got) == MEMBERS + 1


def test_a_kill_before_the_letters_are_queued_loses_none_and_doubles_none(portal, post):
    set_up(portal, post)
    join(portal)
    portal.stop(kill=True)
    portal.library.publish(sample("en"))
    portal.start()
    first = letters_of_all(portal, post)
    assert len(first) == MEMBERS
    portal.stop()
    portal.start()
    portal.library.publish(sample("zh"))
    second = letters_of_all(portal, post, 2 * MEMBERS)
    assert len(second) == MEMBERS and not {x.id for x in second} & {x.id for x in first}


def test_a_second_kill_at_whatever_moment_while_letters_are_queued_or_go_loses_none(portal, post):
    set_up(portal, post)
    join(portal)
    portal.stop(kill=True)
    portal.library.publish(sample("en"))
    portal.start()
    portal.stop(kill=True)
    portal.start()
    letters_of_all(portal, post)
