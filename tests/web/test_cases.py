"""Cases: a leak reported, judged by two, answered, heard by a third, rewarded; and what nobody may learn of it."""

import hashlib
import json
import re
import time

import pytest

import shelf
from portal import eventually
from post import PostOffice
from texts import sample

DAY_MS = 24 * 3600 * 1000


def rows(portal, sql, *values):
    with portal.database() as db:
        found = db.execute(sql, values).fetchall()
        db.commit()
    db.close()
    return found


def report(member, **more):
    member.post("/reports/new", **{"kind": "leak", "words": "Seen in a chat.", **more})


def case_key(portal, number=1):
    return rows(portal, "SELECT key FROM case_file WHERE id = ?", number)[0][0]


def open_case(portal, member, **more):
    """A case from a report, by its address."""
    report(member, **more)
    return "/cases/" + rows(portal, "SELECT key FROM case_file ORDER BY id DESC")[0][0]


def people(portal):
    """A reporter, an accused, and three stewards."""
    return [portal.person("reporter@example.org"), portal.person("accused@example.org"),
            *(portal.person(f"{name}@example.org", "steward") for name in ("first", "second", "third"))]


@pytest.fixture
def post():
    office = PostOffice()
    yield office
    office.stop()


def mail_on(portal, post):
    for setting, value in (("smtp.url", f"smtp://127.0.0.1:{post.port}"), ("mail.from", "papers@example.org"),
                           ("site.url", "https://papers.example.org")):
        portal.library.run("settings", "set", setting, value)


# --- reported -------------------------------------------------------------------------------------


def test_a_report_opens_a_case_that_keeps_every_file_byte_for_byte(portal):
    reporter, _, steward, *_ = people(portal)
    files = [("a.txt", b"one\r\n\xff\x00"), ("b.bin", bytes(range(256))), ("c.txt", "三".encode())]
    case = open_case(portal, reporter, kind="reseller", link="https://shop.example/1", place="a shop",
                     seen="2026-01-02", text="pasted  text ", files=files)
    page = steward.json(case)
    assert (page["state"], page["kind"]) == ("open", "reseller")
    assert page["reports"][0]["link"] == "https://shop.example/1"
    wanted = {"pasted.txt": b"pasted  text ", **dict(files)}
    assert {e["name"] for e in page["exhibits"]} == set(wanted)
    for exhibit in page["exhibits"]:
        content = steward.get(f"{case}/exhibits/{exhibit['key']}").body
        assert content == wanted[exhibit["name"]]
        assert exhibit["digest"] == hashlib.sha256(content).hexdigest()


def test_a_report_of_nothing_and_one_of_too_much_are_refused_and_what_was_typed_stays(portal):
    reporter = portal.person("reporter@example.org")
    assert "at least a link" in reporter.post("/reports/new", 422, kind="leak").text
    many = [(f"{i}.txt", b"x") for i in range(12)]
    refused = reporter.post("/reports/new", 422, kind="leak", place="a market", files=many)
    assert "At most 10 files" in refused.text and "a market" in refused.text
    refused = reporter.post("/reports/new", 422, kind="leak", files=("big.bin", b"x" * (20 * 2**20 + 1)))
    assert "20 MB" in refused.text
    assert reporter.json("/reports")["reports"] == [] and rows(portal, "SELECT * FROM case_file") == []


def test_a_member_sends_so_many_reports_a_day_and_no_more(portal):
    reporter = portal.person("reporter@example.org")
    for _ in range(10):
        report(reporter)
    assert "tomorrow" in reporter.post("/reports/new", 429, kind="leak", words="again").text


def test_a_case_is_for_stewards_alone(portal):
    reporter, other, *_ = people(portal)
    case = open_case(portal, reporter)
    for somebody in (reporter, other):
        somebody.get("/cases", 403)
        somebody.get(case, 403)


def test_no_event_and_no_step_names_the_reporter(portal):
    reporter, *_ = people(portal)
    open_case(portal, reporter)
    told = rows(portal, "SELECT actor, subject, data FROM event WHERE kind LIKE 'case.%'")
    assert told and not any(reporter.member in part for event in told for part in event)
    assert rows(portal, "SELECT actor FROM case_step") == [(None,)]


# --- covered --------------------------------------------------------------------------------------


def test_a_covered_name_is_seen_by_a_steward_who_gave_a_reason_and_by_no_other(portal):
    reporter, _, first, second, _ = people(portal)
    case = open_case(portal, reporter, anonymous=1)
    for steward in (first, second):
        assert "reporter@example.org" not in steward.get(case).text.lower()
    first.post(f"{case}/uncover", 422, reason=" ")
    first.post(f"{case}/uncover", reason="I need to ask where.")
    assert first.json(case)["reports"][0]["email"] == "reporter@example.org"
    assert second.json(case)["reports"][0]["name"] == ""
    assert "I need to ask where." in second.get(case).text


# --- accused --------------------------------------------------------------------------------------


def test_how_many_may_decide_does_not_tell_whether_a_steward_reported(portal):
    reporter, _, first, second, third = people(portal)
    by_member, by_steward = open_case(portal, reporter, anonymous=1), open_case(portal, third, anonymous=1)
    assert all(steward.json(case)["few_deciders"] for steward in (first, second) for case in (by_member, by_steward))
    warned = [first.get(case).text.split('class="warning"')[1].split("</p>")[0] for case in (by_member, by_steward)]
    assert warned[0] == warned[1] and "There are 3" in warned[0] and "one more if a steward reported it" in warned[0]
    portal.person("fourth@example.org", "steward")
    assert not any(first.json(case)["few_deciders"] for case in (by_member, by_steward))


def test_a_case_does_not_exist_for_a_steward_whom_it_accuses(portal):
    reporter, _, first, second, _ = people(portal)
    case = open_case(portal, reporter, files=("a.txt", b"x"))
    exhibit = first.json(case)["exhibits"][0]["key"]
    first.post(f"{case}/accuse", reason="Sold it.", member="second@example.org")
    nowhere = second.json("/cases/nosuchcase", 404)
    assert second.json(case, 404) == nowhere
    assert second.json(f"{case}/exhibits/{exhibit}", 404) == nowhere
    assert second.json("/cases")["cases"] == []
    for act, form in (("notes", {"note": "x"}), ("uncover", {"reason": "x"}),
                      ("clear", {"reason": "x", "member": "second@example.org"})):
        assert second.post(f"{case}/{act}", 404, **form).code == 404
    assert first.json("/cases")["cases"][0]["accused"] == 1
    first.post(f"{case}/clear", reason="A mistake.", member="second@example.org")
    assert second.json(case)["accused"] == []


# --- decided --------------------------------------------------------------------------------------


def name(steward, case, who, reason="Sold it under their own name."):
    steward.post(f"{case}/accuse", reason=reason, member=who)


def propose(steward, case, accused, measure, code=303, days=30, grounds="Your copy was put on sale.", **more):
    return steward.post(f"{case}/propose", code, words="See the exhibits.", members=accused.member, measures=measure,
                        days=days, grounds=grounds, **more)


def decide(case, first, second, accused, measure, **more):
    """A decision of two about somebody, by the address of what they are told."""
    name(first, case, accused.json("/account")["email"])
    propose(first, case, accused, measure, **more)
    second.post(f"{case}/confirm")
    return "/sanctions/" + accused.json("/sanctions")["sanctions"][0]["key"]


def let_time_run_out(portal, somebody):
    """The time to appeal is over, and something happens that wakes the timer."""
    rows(portal, "UPDATE sanction SET appeal_until_ms = ? WHERE state = 'standing'", int(time.time() * 1000) - 1)
    somebody.post("/reports/new", kind="leak", words="Something else.")


def state_of(steward, case):
    return steward.json(case)["state"]


def test_the_second_steward_must_differ_from_the_first(portal):
    reporter, accused, first, second, _ = people(portal)
    case = open_case(portal, reporter)
    name(first, case, "accused@example.org")
    propose(first, case, accused, "warning")
    proposed = re.sub("<[^>]*>", "", second.get(case).text)  # which words the member will read, and which not
    assert "For the second steward: See the exhibits." in proposed
    assert "Grounds, for the member: Your copy was put on sale." in proposed
    assert "second steward" in first.post(f"{case}/confirm", 403).text
    assert first.post(f"{case}/return", 403, reason="Mine.").code == 403
    assert second.post(f"{case}/withdraw", 403, reason="Not mine.").code == 403
    assert accused.json("/sanctions")["sanctions"] == []
    second.post(f"{case}/confirm")
    assert state_of(first, case) == "decided"
    second.post(f"{case}/confirm", 409)
    assert len(accused.json("/sanctions")["sanctions"]) == 1


def test_a_proposal_sent_back_tells_nobody_and_may_be_made_again_by_the_other(portal):
    reporter, accused, first, second, _ = people(portal)
    case = open_case(portal, reporter)
    name(first, case, "accused@example.org")
    propose(first, case, accused, "end", 422)  # there is no subscription
    propose(first, case, accused, "suspension", 422, days=0)
    assert "grounds" in propose(first, case, accused, "warning", 422, grounds=" ").text
    propose(first, case, accused, "warning")
    second.post(f"{case}/return", reason="Too little to go by.")
    assert state_of(first, case) == "open"
    propose(second, case, accused, "none", grounds="")
    first.post(f"{case}/confirm")
    assert state_of(first, case) == "dismissed"
    assert accused.json("/sanctions")["sanctions"] == []
    assert reporter.json("/reports")["reports"][0]["outcome"] == "dismissed"
    third_words = first.get(case).text
    assert "Too little to go by." in third_words


def test_who_reported_does_not_decide_and_neither_does_who_is_accused(portal):
    _, accused, first, second, third = people(portal)
    case = open_case(portal, first)
    assert first.post(f"{case}/accuse", 403, member="accused@example.org", reason="x").code == 403
    name(second, case, "accused@example.org")
    propose(second, case, accused, "warning")
    assert "reported this yourself" in first.post(f"{case}/confirm", 403).text
    third.post(f"{case}/confirm")
    accused.post("/sanctions/" + accused.json("/sanctions")["sanctions"][0]["key"] + "/appeal", words="No.")
    key = second.json(case)["decided"]["sanctions"][0]["key"]
    for steward in (first, second, third):  # the reporter and the two who decided
        steward.post(f"{case}/sanctions/{key}/grant", 403, reasons="x")


def test_everybody_named_gets_a_measure_and_nobody_else(portal):
    reporter, accused, first, second, _ = people(portal)
    other = portal.person("other@example.org")
    case = open_case(portal, reporter)
    for who in ("accused", "other"):
        name(first, case, f"{who}@example.org")
    propose(first, case, accused, "warning", 422)  # one left out
    first.post(f"{case}/propose", 422, words="x", members=[accused.member] * 2, measures=["warning"] * 2,
               days=[1, 1], grounds=["a", "b"])
    first.post(f"{case}/propose", 422, words="x", members=[accused.member, reporter.member],
               measures=["warning"] * 2, days=[1, 1], grounds=["a", "b"])
    first.post(f"{case}/propose", words="x", members=[accused.member, other.member],
               measures=["warning", "none"], days=[1, 1], grounds=["For you\nalone", ""])
    second.post(f"{case}/confirm")
    told = "/sanctions/" + accused.json("/sanctions")["sanctions"][0]["key"]
    assert accused.json(told)["grounds"] == "For you\nalone"
    other.get(told, 404)
    assert other.json("/sanctions")["sanctions"] == []


# --- in force -------------------------------------------------------------------------------------


def test_a_suspension_closes_every_paper_and_page_but_leaves_the_answer_open(portal):
    reporter, accused, first, second, third = people(portal)
    paper = shelf.publish(portal, sample("en"), access="members")
    accused.get(f"/papers/{paper}")
    case = open_case(portal, reporter)
    told = decide(case, first, second, accused, "suspension", days=7)
    assert accused.get(f"/papers/{paper}", 303).location == "/sanctions"
    assert accused.json(f"/papers/{paper}", 403)
    assert accused.get("/", 303).location == "/sanctions"
    accused.post("/reports/new", 403, kind="leak", words="x")
    page = accused.get(told).text
    assert "Until then no paper opens to you" in page and "/papers" not in page
    steward_view = first.json("/members?state=suspended")["members"]
    assert [m["email"] for m in steward_view] == ["accused@example.org"]
    assert "ends by itself" in first.post(f"/members/{steward_view[0]['key']}/lift", 409).text
    accused.post(f"{told}/appeal", words="It was stolen from me.", files=("police.txt", b"report"))
    key = told.split("/")[-1]
    assert third.json(case)["exhibits"][-1]["source"] == "appeal"
    third.post(f"{case}/sanctions/{key}/grant", reasons="The theft is shown.")
    accused.get(f"/papers/{paper}")
    corrected = accused.get(told).text
    assert "Correction" in corrected and "The theft is shown." in corrected
    assert state_of(first, case) == "settled"


def test_a_suspension_ends_by_itself(portal):
    reporter, accused, first, second, _ = people(portal)
    paper = shelf.publish(portal, sample("en"), access="members")
    decide(open_case(portal, reporter), first, second, accused, "suspension")
    past = int(time.time() * 1000) - 1
    rows(portal, "UPDATE sanction SET until_ms = ?", past)
    rows(portal, "UPDATE account SET suspended_until_ms = ? WHERE suspended_ms IS NOT NULL", past)
    report(reporter)
    eventually(lambda: accused.get(f"/papers/{paper}", None).code == 200)


def test_what_a_steward_suspended_without_a_case_no_case_lifts(portal):
    reporter, accused, first, second, third = people(portal)
    case = open_case(portal, reporter)
    told = decide(case, first, second, accused, "suspension")
    rows(portal, "UPDATE account SET suspended_until_ms = NULL WHERE suspended_ms IS NOT NULL")
    accused.post(f"{told}/appeal", words="No.")
    third.post(f"{case}/sanctions/{told.split('/')[-1]}/grant", reasons="Granted.")
    assert accused.get("/papers", 303).location == "/sanctions"


@pytest.mark.parametrize("keeps", [False, True])
def test_the_end_of_a_subscription_ends_it_with_its_rule_and_an_appeal_gives_it_back_whole(portal, keeps):
    reporter, accused, first, second, third = people(portal)
    old = shelf.publish(portal, sample("en"), free=0)
    number = shelf.group(portal, "Board", old)
    shelf.subscribe(portal, accused, number, -10, 300, -400)
    accused.get(f"/papers/{old}")
    (before,) = rows(portal, "SELECT ends_ms FROM subscription")[0]
    case = open_case(portal, reporter)
    told = decide(case, first, second, accused, "end", **({"keeps": accused.member} if keeps else {}))
    assert accused.get(f"/papers/{old}", None).code == (200 if keeps else 403)
    assert rows(portal, "SELECT keeps, ended_ms IS NOT NULL FROM subscription") == [(int(keeps), 1)]
    rows(portal, "UPDATE subscription SET ended_ms = ended_ms - ?", 5 * DAY_MS)
    accused.post(f"{told}/appeal", words="No.")
    third.post(f"{case}/sanctions/{told.split('/')[-1]}/grant", reasons="Granted.")
    accused.get(f"/papers/{old}")
    keeps_now, ended, ends = rows(portal, "SELECT keeps, ended_ms, ends_ms FROM subscription")[0]
    assert (keeps_now, ended) == (0, None)
    assert 5 * DAY_MS <= ends - before < 5 * DAY_MS + 3600_000


# --- answered -------------------------------------------------------------------------------------


def finding_for(portal, case, steward, accused, paper="P1"):
    """A finding that names the accused and somebody else, kept as a trace would."""
    other = portal.person("another@example.org")
    found = {"verdict": "named", "false_alarm": 1e-6, "tested": 3000,
             "sources": [{"paper": paper, "edition": 1, "coverage": 0.9, "marks": {"word": {"sites": 210, "read": 201}}}],
             "members": [{"member": who.member, "score": 90, "log10_p": -12.4, "log10_p_all": -9.2, "agree": agree,
                          "read": 201, "explains": agree} for who, agree in ((accused, 199), (other, 180))]}
    number = int(case_number(portal, case))
    made = shelf.do(portal, "INSERT INTO case_finding (key, case_file, made_by, made_ms, verdict, finding)"
                    " VALUES ('finding', ?, ?, ?, 'named', ?)", number, int(steward.member[1:]), shelf.now(),
                    json.dumps(found))
    for who in (accused, other):
        shelf.do(portal, "INSERT INTO case_accused VALUES (?, ?, ?, '', 1)", number, int(who.member[1:]), made)
    return other


def case_number(portal, case):
    return rows(portal, "SELECT id FROM case_file WHERE key = ?", case.split("/")[-1])[0][0]


def test_an_accused_is_told_in_plain_words_what_it_rests_on_and_how_sure_it_is(portal):
    reporter, accused, first, second, _ = people(portal)
    shelf.publish(portal, sample("en"), access="members")
    case = open_case(portal, reporter)
    other = finding_for(portal, case, first, accused)
    first.post(f"{case}/propose", words="x", members=[accused.member, other.member],
               measures=["warning", "warning"], days=[1, 1], grounds=["Your copy was found.", "Yours too."])
    second.post(f"{case}/confirm")
    told = "/sanctions/" + accused.json("/sanctions")["sanctions"][0]["key"]
    text = accused.get(told).text
    assert "at most one in a thousand million" in text
    assert "Of the 201 such differences" in text and "199 are as in your copy" in text
    assert "does not say: who passed the text on" in text
    page = accused.json(told)
    assert (page["marks_read"], page["marks_agree"], page["members_tested"]) == (201, 199, 3000)
    assert "another" not in text.lower() and other.member not in json.dumps(page)
    accused.lang = "zh"
    assert "并不说明由谁传出" in accused.get(told).text


def test_after_a_theft_of_the_key_an_accused_and_the_stewards_read_that_the_marks_prove_nothing(portal):
    reporter, accused, first, second, third = people(portal)
    shelf.publish(portal, sample("en"), access="members")
    case = open_case(portal, reporter, files=("leak.txt", portal.library.copy("P1", accused.member).encode()))
    first.post(f"{case}/trace", everyone=1)
    eventually(lambda: first.json(case)["accused"], "the finding")
    propose(first, case, accused, "warning")
    second.post(f"{case}/confirm")
    told = "/sanctions/" + accused.json("/sanctions")["sanctions"][0]["key"]
    seen = (accused, told), (third, case)
    assert not accused.json(told)["key_stolen"] and "the key" not in accused.get(told).text
    portal.library.run("keys", "rotate", "--stolen")
    assert accused.json(told)["key_stolen"] and third.json(case)["traces"]["runs"][0]["key_stolen"]
    for lang, words in (("en", ("no proof any more", "not as proof")), ("zh", ("不再能作为证据", "不可作证据"))):
        for (person, path), said in zip(seen, words):
            person.lang = lang
            assert said in person.get(path).text


def test_an_appeal_is_heard_by_neither_of_the_two_and_told(portal):
    reporter, accused, first, second, third = people(portal)
    case = open_case(portal, reporter)
    told = decide(case, first, second, accused, "warning")
    key = told.split("/")[-1]
    accused.post(f"{told}/appeal", 422, words=" ")
    accused.post(f"{told}/appeal", words="I was abroad.")
    accused.post(f"{told}/appeal", 409, words="Again.")
    for steward in (first, second):
        assert "one of the two" in steward.post(f"{case}/sanctions/{key}/refuse", 403, reasons="x").text
        assert steward.json(case)["decided"]["sanctions"][0]["state"] == "appealed"
    assert third.json("/cases")["cases"][0]["waits_for_me"]
    at_home = [person.json("/")["cases"] for person in (third, first, accused)]
    assert [[f"/cases/{c['key']}" for c in cases] for cases in at_home] == [[case], [], []]
    third.post(f"{case}/sanctions/{key}/refuse", reasons="The marks are yours.")
    page = accused.json(told)
    assert (page["state"], page["reasons"]) == ("upheld", "The marks are yours.")
    assert state_of(first, case) == "settled"


def test_without_an_appeal_in_time_a_sanction_is_final(portal):
    reporter, accused, first, second, _ = people(portal)
    portal.library.run("settings", "set", "appeal.days", "3")
    case = open_case(portal, reporter)
    told = decide(case, first, second, accused, "warning")
    (until,) = rows(portal, "SELECT appeal_until_ms - told_ms FROM sanction")[0]
    assert until == 3 * DAY_MS
    let_time_run_out(portal, reporter)
    eventually(lambda: state_of(first, case) == "settled")
    assert accused.json(told)["state"] == "upheld"
    accused.post(f"{told}/appeal", 409, words="Too late.")


@pytest.mark.parametrize("lang, subject, measure", [
    ("en", "A decision has been made about you", "suspend your account until"),
    ("zh", "有一项与您有关的处理决定", "暂停您的账户至"),
])
def test_a_letter_tells_the_grounds_and_how_to_appeal_also_to_who_is_suspended(portal, post, lang, subject, measure):
    reporter, accused, first, second, third = people(portal)
    mail_on(portal, post)
    rows(portal, "UPDATE account SET lang = ?, password = 'x' WHERE member = ?", lang, int(accused.member[1:]))
    case = open_case(portal, reporter)
    told = decide(case, first, second, accused, "suspension", grounds="Your copy was put on sale.")
    letter, = post.take()
    assert (letter.to, letter.subject) == ("accused@example.org", subject)
    assert measure in letter.text and "Your copy was put on sale." in letter.text and told in letter.text
    portal.anyone().post("/forgotten", 200, email="accused@example.org")
    assert "/reset/" in post.take()[0].text
    accused.post(f"{told}/appeal", words="No.")
    third.post(f"{case}/sanctions/{told.split('/')[-1]}/grant", reasons="You are right.")
    letter, = post.take()
    assert letter.to == "accused@example.org" and "You are right." in letter.text


# --- rewarded -------------------------------------------------------------------------------------


def rewarded(portal, reporter):
    return eventually(lambda: reporter.json("/reports")["reports"][-1]["reward_until"])


def a_year_later(time_ms):
    t = time.localtime(time_ms / 1000)
    return int(time.mktime((t.tm_year + 1, *t[1:8], -1)) * 1000) + time_ms % 1000


def test_what_is_upheld_to_the_end_adds_a_year_to_the_reporters_own_subscription(portal):
    reporter, accused, first, second, third = people(portal)
    number = shelf.group(portal, "Board")
    shelf.subscribe(portal, reporter, number, -10, 100, -400)
    (before,) = rows(portal, "SELECT ends_ms FROM subscription")[0]
    case = open_case(portal, reporter)
    told = decide(case, first, second, accused, "warning")
    accused.post(f"{told}/appeal", words="No.")
    assert rows(portal, "SELECT * FROM reward") == []
    third.post(f"{case}/sanctions/{told.split('/')[-1]}/refuse", reasons="Yes.")
    rewarded(portal, reporter)
    assert rows(portal, "SELECT ends_ms FROM subscription") == [(a_year_later(before),)]
    assert "a year was added" in first.get(case).text


def test_nothing_upheld_is_no_reward(portal):
    reporter, accused, first, second, third = people(portal)
    shelf.subscribe(portal, reporter, shelf.group(portal, "Board"), -10, 100, -400)
    case = open_case(portal, reporter)
    told = decide(case, first, second, accused, "warning")
    accused.post(f"{told}/appeal", words="No.")
    third.post(f"{case}/sanctions/{told.split('/')[-1]}/grant", reasons="Right.")
    assert state_of(first, case) == "settled" and rows(portal, "SELECT * FROM reward") == []


def test_a_reward_without_a_subscription_waits_for_the_plan_that_the_setting_names(portal):
    reporter, accused, first, second, _ = people(portal)
    case = open_case(portal, reporter)
    decide(case, first, second, accused, "warning")
    let_time_run_out(portal, first)
    eventually(lambda: "reward.plan" in first.get(case).text)
    shelf.do(portal, "INSERT INTO plan (key, name, price, days, created_ms) VALUES ('k', 'Yearly', 1, 30, 1)")
    portal.library.run("settings", "set", "reward.plan", "Yearly")
    rewarded(portal, reporter)
    (plan, starts, ends), = [(p, s, e) for p, s, e in rows(
        portal, "SELECT p.name, s.starts_ms, s.ends_ms FROM subscription s JOIN plan p ON p.id = s.plan")]
    assert plan == "Yearly" and ends == a_year_later(starts)


# --- not given away -------------------------------------------------------------------------------


def test_nothing_that_an_accused_steward_can_see_or_be_sent_gives_a_covered_reporter_away(portal, post):
    mail_on(portal, post)
    reporter = portal.person("whistle@example.org")
    accused = portal.person("accused@example.org", "owner", "steward", "editor")
    first, second = (portal.person(f"{n}@example.org", "steward") for n in ("first", "second"))
    case = open_case(portal, reporter, anonymous=1, words="A remark that nobody else would make.",
                     place="a chat of three", link="https://chat.example/3")
    told = decide(case, first, second, accused, "warning")
    stream = accused.events(last=0)
    let_time_run_out(portal, first)
    eventually(lambda: state_of(first, case) == "settled")
    (made, due, given), = rows(portal, "SELECT made_ms, due_ms, given_ms FROM reward")
    assert made < due < made + 7 * DAY_MS and given is None
    shelf.do(portal, "INSERT INTO plan (key, name, price, days, created_ms) VALUES ('k', 'Yearly', 1, 30, 1)")
    rows(portal, "UPDATE reward SET due_ms = 1")
    portal.library.run("settings", "set", "reward.plan", "Yearly")
    rewarded(portal, reporter)
    # what can be seen
    telling = ("chat of three", "chat.example", "remark that nobody")
    for path in ("/", "/sanctions", told, "/cases", "/members", "/subscribers", "/reports", "/account", "/trace",
                 "/settings/mail", "/settings/hooks", "/owner/security"):
        for accept in ("text/html", "application/json"):
            text = accused.get(path, Accept=accept).text.lower()
            assert not any(word in text for word in telling), path
            if path not in ("/members", "/subscribers"):
                assert "whistle" not in text and f'"{reporter.member}"' not in text, path
    assert case not in ["/cases/" + c["key"] for c in accused.json("/cases")["cases"]]
    given = [s for s in accused.json("/subscribers")["subscriptions"] if s["email"] == "whistle@example.org"]
    assert [s["source"] for s in given] == ["steward"]
    # what is on record: no event of the case names them, and none about them tells of a case
    for actor, kind, subject, data in rows(portal, "SELECT actor, kind, subject, data FROM event"):
        if kind.startswith("case."):
            assert reporter.member not in (actor, subject) and reporter.member not in json.loads(data).values()
        elif reporter.member in (actor, subject) or f'"{reporter.member}"' in data:
            assert not any(word in kind + data for word in ("case", "report", "reward"))
    # what is sent: letters, live lines
    for letter in post.take(2):
        if letter.to == "accused@example.org":
            assert "whistle" not in letter.text.lower() and not any(w in letter.text for w in telling)
        else:
            assert letter.to == "whistle@example.org" and "case" not in letter.subject
    lines = []
    for _, _, line in stream:
        lines.append(line)
        if line["path"] == told:
            break
    assert not any("/cases" in line["path"] for line in lines)


# --- told by letter at the end --------------------------------------------------------------------


@pytest.mark.parametrize("lang, words", [("en", "time to appeal has run out"), ("zh", "申诉期已满")])
def test_who_does_not_appeal_is_told_once_that_the_time_is_over(portal, post, lang, words):
    mail_on(portal, post)
    reporter, accused, first, second, third = people(portal)
    rows(portal, "UPDATE account SET lang = ? WHERE member = ?", lang, int(accused.member[1:]))
    case = open_case(portal, reporter)
    told = decide(case, first, second, accused, "warning")
    post.take(1)
    let_time_run_out(portal, third)
    letter, = post.take(1)
    assert letter.to == "accused@example.org" and words in letter.subject
    assert told in str(letter.text) and "reporter" not in str(letter.text)
    let_time_run_out(portal, third)
    assert rows(portal, "SELECT count(*) FROM letter WHERE kind = 'appeal-over'") == [(1,)]


def test_who_reported_is_told_that_nothing_came_of_it_and_nobody_else_is(portal, post):
    mail_on(portal, post)
    reporter, accused, first, second, _ = people(portal)
    covered = portal.person("covered@example.org")
    for case in (open_case(portal, covered, anonymous=1), open_case(portal, reporter)):
        name(first, case, "accused@example.org")
        propose(first, case, accused, "none", grounds="")
        second.post(f"{case}/confirm")
    assert covered.json("/reports")["reports"][0]["outcome"] == "dismissed"
    letter, = post.take(1)
    assert letter.to == "reporter@example.org" and "accused" not in str(letter.text)
    assert "/reports" in str(letter.text)
    assert rows(portal, "SELECT DISTINCT member FROM letter") == [(int(reporter.member[1:]),)]


def test_a_suspension_of_the_last_owner_is_refused_when_it_is_proposed(portal):
    reporter, _, first, second, _ = people(portal)
    owner = portal.person("owner@example.org", "owner")
    case = open_case(portal, reporter)
    name(first, case, "owner@example.org")
    assert "last owner" in propose(first, case, owner, "suspension", 409).text
    portal.person("other@example.org", "owner")
    propose(first, case, owner, "suspension")
    assert state_of(first, case) == "proposed"
