"""A leak from its report to the reward, by clicks, in both languages; and what must not be seen on the way."""

import re
import time

import pytest

from portal import eventually
from post import PostOffice
from texts import sample

NAMES = ["reporter", "first", "second", "third"]
WORDS = {
    "en": {"send": "Send the report", "thanks": "Thank you. Stewards have it now", "form": "Trace the exhibits",
           "trace": "Trace", "found": "made from the copy of", "propose": "Propose a decision", "put": "Propose",
           "confirm": "Confirm the proposal", "decided": "It is decided", "told": "A decision has been made about you",
           "sure": "by accident is at most", "appeal": "Send the appeal", "sent": "Your appeal is with the stewards",
           "refuse": "Refuse the appeal", "upheld": "The sanction is upheld", "final": "is final",
           "reward": "extended by a year", "nobody": "Nobody is named in this case"},
    "zh": {"send": "提交举报", "thanks": "感谢您的举报，管理员已收到", "form": "追踪物证", "trace": "开始追踪",
           "found": "的副本", "propose": "提出处理意见", "put": "提出", "confirm": "确认处理意见", "decided": "决定已作出",
           "told": "有一项与您有关的处理决定", "sure": "概率不超过", "appeal": "提交申诉", "sent": "申诉已提交",
           "refuse": "驳回申诉", "upheld": "处理已维持", "final": "为最终决定", "reward": "已延长一年",
           "nobody": "本案未涉及任何成员"},
}
# What an accused must never meet: who reported, where, and in what words.
SECRETS = ("reporter", "a chat of three", "overheard it", "photo.png")


def rows(portal, sql, *values):
    with portal.database() as db:
        found = db.execute(sql, values).fetchall()
        db.commit()
    db.close()
    return found


@pytest.fixture
def people(portal):
    portal.library.add_members(30)
    copies = portal.library.copy_all(portal.library.publish(sample("zh")))
    found = {name: portal.person(f"{name}@example.org", *(["steward"] if name != "reporter" else [])) for name in NAMES}
    found["accused"] = portal.person("M7")
    now = int(time.time() * 1000)
    rows(portal, "INSERT INTO plan (id, key, name, price, days, created_ms) VALUES (1, 'k', 'Yearly', 1, 365, 1)")
    rows(portal, "INSERT INTO subscription (member, plan, starts_ms, ends_ms, lookback_ms, source)"
                 " VALUES (?, 1, 1, ?, 1, 'steward')", int(found["reporter"].member[1:]), now + 50 * 24 * 3600_000)
    found["copies"] = copies
    return found


def report(page, portal, person, files, words, **more):
    page.become(person)
    page.go("/reports/new")
    page.fill(place="a chat of three", words="I overheard it.", **more)
    page.one("#files").send_keys("\n".join(str(portal.library.file(name, text)) for name, text in files.items()))
    page.click(words["send"], "main button")
    page.sees(words["thanks"])


def go_to_case(page, portal, person):
    page.become(person)
    return page.go("/cases/" + rows(portal, "SELECT key FROM case_file")[0][0])


def trace(page, words):
    page.click(words["form"], "summary")
    page.click(words["trace"], "form[action$='/trace'] button")


def ends_of(portal, person):
    return rows(portal, "SELECT ends_ms FROM subscription WHERE member = ?", int(person.member[1:]))[0][0]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_leak_goes_from_report_to_reward(portal, window, people, axe, lang):
    words = WORDS[lang]
    before = ends_of(portal, people["reporter"])
    page = window(portal, people["reporter"], lang)
    report(page, portal, people["reporter"], {"leak.txt": people["copies"]["M7"], "more.txt": "见附件", "photo.png": "x"},
           words, anonymous=True)
    go_to_case(page, portal, people["first"])
    assert len(page.all("#exhibits ~ table tbody tr")) == 3
    trace(page, words)
    page.until(lambda: words["found"] in page.text, "the finding, on the open page")
    name = rows(portal, "SELECT name FROM member WHERE id = 7")[0][0]
    page.go(page.path).sees(name)
    page.click(words["propose"], "summary")
    page.fill(measures="warning", grounds="Your copy was found outside.", words="The marks agree.")
    page.click(words["put"], "form[action$='/propose'] button")
    page.done()
    go_to_case(page, portal, people["second"]).click(words["confirm"], "main button")
    page.sees(words["decided"])
    page.screenshot(f"case-decided-{lang}")
    # the accused
    page.become(people["accused"])
    page.go("/").click(words["told"], "main a")
    page.sees(words["sure"])
    page.screenshot(f"sanction-{lang}")
    assert not page.violations(axe)
    assert not any(secret in page.text for secret in SECRETS)
    page.fill(words="I never gave it to anybody.")
    page.click(words["appeal"], "main button")
    page.sees(words["sent"])
    told = page.path
    # another steward hears it; the two who decided have no button for it
    go_to_case(page, portal, people["first"])
    assert not page.all("form[action$='/refuse']")
    go_to_case(page, portal, people["third"]).fill(reasons="The marks are yours.")
    page.click(words["refuse"], "main button")
    page.sees(words["upheld"])
    page.become(people["accused"])
    page.go(told).sees(words["final"])
    assert "The marks are yours." in page.text
    # the reward comes by itself, at a time of chance that is brought forward here
    rows(portal, "UPDATE reward SET due_ms = 1")
    people["first"].post("/reports/new", kind="leak", words="Something that wakes the timer.")
    year = eventually(lambda: ends_of(portal, people["reporter"]) - before)
    assert 364 * 24 * 3600_000 < year < 367 * 24 * 3600_000
    page.become(people["reporter"])
    page.go("/reports").sees(words["reward"])
    page.screenshot(f"reports-{lang}")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_where_nothing_is_sure_no_name_appears_anywhere(portal, window, people, lang):
    words = WORDS[lang]
    text = people["copies"]["M7"]
    names = {n for row in rows(portal, "SELECT name, email FROM member WHERE id <= 30") for n in row}
    page = window(portal, people["reporter"], lang)
    report(page, portal, people["reporter"], {"scrap.txt": text[len(text) // 3:len(text) // 3 + 150]}, words)
    go_to_case(page, portal, people["first"])
    trace(page, words)
    eventually(lambda: rows(portal, "SELECT 1 FROM case_finding WHERE verdict = 'insufficient'"))
    page.go(page.path).sees(words["nobody"])
    shown = [page.text, page.run("return document.documentElement.outerHTML")]
    page.click(words["propose"], "summary")
    page.fill(words="Too little text.")
    page.click(words["put"], "form[action$='/propose'] button")
    page.done()
    go_to_case(page, portal, people["second"]).click(words["confirm"], "main button")
    page.done()
    shown += [page.text, page.run("return document.documentElement.outerHTML")]
    assert not [n for n in names for text in shown if re.search(rf"\b{re.escape(n)}\b", text)]
    for person in ("accused", "reporter"):
        page.become(people[person])
        page.go("/sanctions")
        assert len(page.all("main article")) == 0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_steward_who_is_accused_finds_no_trace_of_the_case(portal, window, people, lang):
    words = WORDS[lang]
    rows(portal, "INSERT INTO role VALUES (7, 'steward')")
    page = window(portal, people["reporter"], lang)
    report(page, portal, people["reporter"], {"leak.txt": people["copies"]["M7"]}, words)
    go_to_case(page, portal, people["accused"]).sees("a chat of three")  # nobody is accused yet
    go_to_case(page, portal, people["first"])
    trace(page, words)
    eventually(lambda: rows(portal, "SELECT 1 FROM case_accused"))
    gone = go_to_case(page, portal, people["accused"]).text
    nowhere = page.go("/cases/nosuchcase").text
    assert gone == nowhere and {"en": "There is no such case", "zh": "没有这个案件"}[lang] in gone
    for path in ("/cases", "/trace"):
        page.go(path)
        assert not page.all("main tbody a"), path


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_that_the_accused_sees_or_is_sent_gives_a_covered_reporter_away(portal, window, people, lang):
    words = WORDS[lang]
    post = PostOffice()
    for name, value in (("smtp.url", f"smtp://127.0.0.1:{post.port}"), ("mail.from", "papers@example.org"),
                        ("site.url", "https://papers.example.org")):
        portal.library.run("settings", "set", name, value)
    accused = people["accused"]
    email = accused.json("/account")["email"]
    watched = window(portal, accused, lang, nth=1).go("/")
    watched.live()
    page = window(portal, people["reporter"], lang)
    report(page, portal, people["reporter"], {"leak.txt": people["copies"]["M7"], "photo.png": "x"}, words,
           anonymous=True)
    case = "/cases/" + rows(portal, "SELECT key FROM case_file")[0][0]
    first, second, third = (people[name] for name in ("first", "second", "third"))
    go_to_case(page, portal, first)
    trace(page, words)
    page.until(lambda: words["found"] in page.text, "the finding, on the open page")
    first.post(f"{case}/propose", words="The marks agree.", members=accused.member, measures="warning",
               grounds="Your copy was found outside.")
    second.post(f"{case}/confirm")
    watched.until(lambda: watched.all("#live p"), "the live line")
    seen = [watched.run("return document.documentElement.outerHTML")]
    told = "/sanctions/" + accused.json("/sanctions")["sanctions"][0]["key"]
    accused.post(f"{told}/appeal", words="I never did.")
    third.post(f"{told}/refuse".replace("/sanctions/", f"{case}/sanctions/"), reasons="They are yours.")
    for path in ("/", "/sanctions", told, "/papers", "/requests", "/groups", "/account", "/account/data",
                 "/subscriptions", "/reports"):
        watched.go(path)
        seen += [watched.run("return document.documentElement.outerHTML"), accused.get(path).text]
        seen.append(str(accused.json(path)))
    seen.append(accused.get("/account/data/file?format=json").text)
    letters = [letter for letter in post.take(2) if letter.to == email]
    post.stop()
    assert letters
    seen += [f"{letter.subject} {letter.text}" for letter in letters]
    for secret in ("reporter@example.org", "Reporter", *SECRETS[1:]):
        assert not [text for text in seen if re.search(rf"\b{re.escape(secret)}\b", text)], secret
