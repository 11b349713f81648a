"""Plans, subscriptions and codes: made, given, imported, redeemed, and what each opens."""

import csv
import io
import re
import time
import urllib.parse

import pytest

from portal import Portal
from texts import sample

DAY = 24 * 3600 * 1000


def change(portal, sql, *values):
    with portal.database() as db:
        rows = db.execute(sql, values).fetchall()
    db.close()
    return rows


def key_of(address):
    return address.split("/")[-1]


def make_plan(steward, name="Yearly", *groups, **more):
    form = {"name": name, "price": "128.50", "currency": "CNY", "days": 365, "lookback_days": 1096, **more}
    steward.post("/plans", group=[key_of(g) for g in groups], **form)
    return next(p["key"] for p in steward.json("/plans")["plans"] if p["name"] == name)


def make_codes(steward, plan, count=3, **more):
    answer = steward.ask("POST", "/codes", urllib.parse.urlencode(
        {"plan": plan, "count": count, "csrf": steward.csrf, **more}),
        [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")])
    assert answer.code == 200, answer.text
    return [c["code"] for c in answer.json["codes"]]


def redeem(person, text, code=303):
    """Sends the form; its field has the name that post gives to the expected status."""
    answer = person.ask("POST", "/redeem", urllib.parse.urlencode({"code": text, "csrf": person.csrf}),
                        [("Content-Type", "application/x-www-form-urlencoded")])
    assert code is None or answer.code == code, answer.text
    return answer


def paid_paper(portal, group, published_ms):
    """A paper for subscribers of a group, published when it says."""
    paper = portal.library.publish(sample("en"))
    number = int(paper[1:])
    change(portal, "UPDATE offer SET access = 'groups', free = 0, published_ms = ? WHERE paper = ?",
           published_ms, number)
    change(portal, 'INSERT INTO group_paper SELECT id, ? FROM "group" WHERE key = ?', number, key_of(group))
    return paper


def opened(person, group):
    return [p["open"] for p in person.json(group)["papers"]]


# --- plans ------------------------------------------------------------------------------------------------


def test_a_steward_makes_a_plan_and_members_see_what_it_costs_and_opens(portal):
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    group = steward.post("/groups", name="Board", paid=1, public=1).location
    make_plan(steward, "年度方案", group, about="All of it")
    plan, = member.json("/plans")["plans"]
    assert (plan["price"], plan["days"], plan["lookback_days"]) == ("CNY 128.50", 365, 1096)
    assert [g["name"] for g in plan["groups"]] == ["Board"]
    shown = member.get("/plans").text
    assert "年度方案" in shown and "3 years" in shown and "1 year" in shown and "New plan" not in shown


def test_a_plan_that_can_not_be_made_comes_back_as_it_was_typed(portal):
    steward = portal.person("s@example.org", "steward")
    form = {"name": "Mine", "price": "dear", "currency": "CNY", "days": 365, "lookback_days": 0}
    again = steward.post("/plans", 422, **form).text
    assert "128.50" in again and 'value="Mine"' in again and 'value="dear"' in again
    steward.post("/plans", 422, **{**form, "price": "1", "currency": "yuan"})
    steward.post("/plans", 422, **{**form, "price": "1", "days": 0})
    steward.post("/plans", 404, **{**form, "price": "1", "group": "nosuchgroup"})
    make_plan(steward, "Mine")
    steward.post("/plans", 409, **{**form, "price": "1"})


def test_what_would_open_nothing_is_not_given(portal):
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    past = {"email": "m@example.org", "plan": make_plan(steward), "starts": "2020-01-01", "ends": "2020-12-31"}
    page = steward.post("/subscribers", 422, **past).text
    assert "That day has passed" in page and 'value="2020-12-31"' in page
    assert member.json("/subscriptions")["subscriptions"] == []
    steward.post("/subscribers", keeps=1, **past)
    assert [s["kept"] for s in member.json("/subscriptions")["subscriptions"]] == [True]


def test_a_closed_plan_is_shown_to_stewards_only_and_given_to_nobody(portal):
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    plan = make_plan(steward)
    steward.post("/subscribers", email="m@example.org", plan=plan)
    steward.post(f"/plans/{plan}/close")
    assert member.json("/plans")["plans"] == [] and steward.json("/plans")["plans"][0]["closed"]
    steward.post("/subscribers", 409, email="s@example.org", plan=plan)
    steward.post("/codes", 409, plan=plan, count=1)
    assert member.json("/subscriptions")["any_runs"]
    steward.post(f"/plans/{plan}/reopen")
    assert member.json("/plans")["plans"]


def test_what_stewards_do_with_plans_is_not_for_others(portal):
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    plan = make_plan(steward)
    codes = make_codes(steward, plan, 1)
    batch = steward.json("/codes")["batches"][0]["key"]
    for person in (member, portal.person("e@example.org", "editor")):
        for page in ("/codes", f"/codes/{batch}", "/subscribers"):
            person.get(page, 403)
        for page in ("/plans", f"/plans/{plan}/close", f"/plans/{plan}/reopen", "/codes",
                     f"/codes/{batch}/void", "/subscribers", "/subscribers/change"):
            person.post(page, 403, plan=plan, count=1, name="x", price=1, currency="CNY", days=1,
                        lookback_days=1, email="m@example.org", subscription="S1", do="end")
        person.post("/subscribers/import", 403, file=("s.csv", b"email,plan\n"))
    assert codes and portal.anyone().get("/subscriptions", 303)


# --- plans that change ------------------------------------------------------------------------------------


def change_plan(steward, key, name="Yearly", *groups, code=303, **more):
    form = {"name": name, "price": "128.50", "currency": "CNY", "days": 365, "lookback_days": 1096, **more}
    return steward.post(f"/plans/{key}", code, group=[key_of(g) for g in groups], **form)


def test_who_subscribed_keeps_what_they_bought_when_the_plan_changes(portal):
    steward = portal.person("s@example.org", "steward")
    old, late = portal.person("old@example.org"), portal.person("late@example.org")
    board = steward.post("/groups", name="Board", paid=1, public=1).location
    letter = steward.post("/groups", name="Letter", paid=1, public=1).location
    now = int(time.time() * 1000)
    paid_paper(portal, board, now - 900 * DAY)
    paid_paper(portal, letter, now - 5 * DAY)
    key = make_plan(steward, "Yearly", board)
    steward.post("/subscribers", email="old@example.org", plan=key)
    before = old.json("/subscriptions")["subscriptions"]
    change_plan(steward, key, "Yearly", letter, days=30, lookback_days=10, price="90")
    steward.post("/subscribers", email="late@example.org", plan=key)
    assert old.json("/subscriptions")["subscriptions"] == before
    assert opened(old, board) == [True] and opened(old, letter) == [False]
    assert opened(late, board) == [False] and opened(late, letter) == [True]
    newer, = late.json("/subscriptions")["subscriptions"]
    assert [g["name"] for g in newer["groups"]] == ["Letter"]
    plan, = old.json("/plans")["plans"]
    assert (plan["price"], plan["days"], [g["name"] for g in plan["groups"]]) == ("CNY 90.00", 30, ["Letter"])
    shown = steward.json(f"/plans/{key}")
    assert (shown["running"], shown["former"], shown["codes"]) == (2, 1, 0)
    assert "2 running subscriptions (1 of them" in steward.get(f"/plans/{key}").text


def test_a_code_gives_what_the_plan_was_when_it_was_made(portal):
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    board = steward.post("/groups", name="Board", paid=1, public=1).location
    key = make_plan(steward, "Yearly", board)
    first, second, _ = make_codes(steward, key)
    change_plan(steward, key, "Yearly", days=30)
    redeem(member, first)
    got, = member.json("/subscriptions")["subscriptions"]
    assert [g["name"] for g in got["groups"]] == ["Board"]
    (starts, ends), = change(portal, "SELECT starts_ms, ends_ms FROM subscription")
    assert ends - starts == 365 * DAY
    assert steward.json(f"/plans/{key}")["codes"] == 2


def test_renewing_after_a_change_is_by_the_new_terms_and_looks_back_as_far_as_before(portal):
    steward = portal.person("s@example.org", "steward")
    portal.person("m@example.org")
    key = make_plan(steward)
    steward.post("/subscribers", email="m@example.org", plan=key)
    change_plan(steward, key, lookback_days=0, days=30)
    steward.post("/subscribers", email="m@example.org", plan=key)
    rows = change(portal, "SELECT version, starts_ms, ends_ms, lookback_ms FROM subscription ORDER BY id")
    assert [r[0] for r in rows] == [1, 2]
    assert rows[1][1] == rows[0][2] and rows[1][2] - rows[1][1] == 30 * DAY
    assert rows[1][3] == rows[0][3]


def test_a_plan_that_sold_nothing_changes_in_place_and_a_name_alone_changes_no_terms(portal):
    steward = portal.person("s@example.org", "steward")
    portal.person("m@example.org")
    board = steward.post("/groups", name="Board", paid=1, public=1).location
    key = make_plan(steward, "Yearly", board)
    change_plan(steward, key, "Yearly", days=30)
    steward.post("/subscribers", email="m@example.org", plan=key)
    change_plan(steward, key, "By the month", days=30)
    change_plan(steward, key, "By the month", days=30)
    assert change(portal, "SELECT name, version, days FROM plan") == [("By the month", 1, 30)]
    assert change(portal, "SELECT count(*) FROM plan_group") == [(0,)]
    kinds = [k for k, in change(portal, "SELECT kind FROM event WHERE subject = 'L1' ORDER BY seq")]
    assert kinds == ["plan.made", "plan.changed", "plan.changed"]


def test_a_change_that_can_not_be_taken_comes_back_as_it_was_typed(portal):
    steward = portal.person("s@example.org", "steward")
    make_plan(steward, "Other")
    key = make_plan(steward)
    again = change_plan(steward, key, "OTHER", code=409).text
    assert "already" in again and 'value="OTHER"' in again
    assert 'value="dear"' in change_plan(steward, key, price="dear", code=422).text
    steward.get("/plans/nosuchplan", 404)
    portal.person("m@example.org").get(f"/plans/{key}", 403)


# --- subscriptions ----------------------------------------------------------------------------------------


def test_a_code_opens_three_years_and_not_the_fourth(portal):
    now = int(time.time() * 1000)
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    group = steward.post("/groups", name="Board", paid=1, public=1).location
    paid_paper(portal, group, now - 1000 * DAY)
    paid_paper(portal, group, now - 1200 * DAY)
    code, = make_codes(steward, make_plan(steward, "Yearly", group), 1)
    assert opened(member, group) == [False, False]
    assert redeem(member, code.lower().replace("-", " ")).location == "/subscriptions"
    assert opened(member, group) == [True, False]
    own, = member.json("/subscriptions")["subscriptions"]
    assert own["running"] and [g["name"] for g in own["groups"]] == ["Board"]
    assert member.json(group)["in"]
    change(portal, "UPDATE subscription SET ends_ms = ?", now - 1)
    assert opened(member, group) == [False, False]
    assert "None of your subscriptions runs" in member.get("/subscriptions").text


def test_who_has_no_subscription_is_told_so_and_what_to_do(portal):
    member = portal.person("m@example.org")
    shown = member.get("/subscriptions").text
    assert "no subscription yet" in shown and 'href="/redeem"' in shown and 'href="/plans"' in shown


def test_a_steward_gives_pauses_resumes_and_ends_a_subscription(portal):
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    group = steward.post("/groups", name="Board", paid=1, public=1).location
    paid_paper(portal, group, int(time.time() * 1000) - DAY)
    plan = make_plan(steward, "Yearly", group)
    steward.post("/subscribers", email="m@example.org", plan=plan)
    assert opened(member, group) == [True]

    def do(what, code=303):
        return steward.post("/subscribers/change", code, subscription="S1", do=what)

    do("pause")
    assert opened(member, group) == [False] and "is paused" in member.get("/subscriptions").text
    do("pause", 409)
    do("resume")
    assert opened(member, group) == [True]
    do("keep")
    assert opened(member, group) == [True] and member.json("/subscriptions")["subscriptions"][0]["kept"]
    do("end")
    assert opened(member, group) == [False]
    do("end", 409)
    do("dance", 422)
    kinds = [k for k, in change(portal, "SELECT kind FROM event WHERE subject = 'S1' ORDER BY seq")]
    assert kinds == ["subscription." + k for k in ("made", "paused", "resumed", "ended", "ended")]


def test_days_are_taken_as_written_the_last_one_included(portal):
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    plan = make_plan(steward)
    steward.post("/subscribers", email="m@example.org", plan=plan, starts="2030-01-01", ends="2030-01-31")
    shown = member.get("/subscriptions").text
    assert "1 January 2030" in shown and "31 January 2030" in shown
    again = steward.post("/subscribers", 422, email="m@example.org", plan=plan, starts="2030-02-02",
                         ends="2030-01-31")
    assert "cannot end before" in again.text and "2030-02-02" in again.text
    steward.post("/subscribers", 422, email="nobody@example.org", plan=plan)
    steward.post("/subscribers", 404, email="m@example.org", plan="nosuchplan")


def test_subscriptions_are_found_by_name_or_address(portal):
    steward = portal.person("s@example.org", "steward")
    plan = make_plan(steward)
    for who in ("anna", "berta"):
        portal.person(f"{who}@example.org")
        steward.post("/subscribers", email=f"{who}@example.org", plan=plan)
    found = steward.json("/subscribers?search=ANNA")["subscriptions"]
    assert [s["email"] for s in found] == ["anna@example.org"]
    assert len(steward.json("/subscribers")["subscriptions"]) == 2


def test_a_steward_sees_which_subscriptions_end_soon_and_are_not_renewed(portal):
    steward = portal.person("s@example.org", "steward")
    bare = steward.get("/subscribers").text
    assert "First make a plan" in bare and 'name="email"' not in bare
    plan, now = make_plan(steward), int(time.time() * 1000)
    assert 'name="email"' in steward.get("/subscribers").text
    assert "No subscription ends in the next 30 days" in steward.get("/subscribers?ending=1").text

    def subscribed(who, days, **state):
        portal.person(f"{who}@example.org")
        steward.post("/subscribers", email=f"{who}@example.org", plan=plan)
        for column, value in {"starts_ms": now - 300 * DAY, "ends_ms": now + days * DAY, **state}.items():
            change(portal, f"UPDATE subscription SET {column} = ? WHERE id = (SELECT max(id) FROM subscription)", value)

    subscribed("later", 20)
    subscribed("sooner", 3)
    subscribed("renewed", 10)
    subscribed("far", 40)
    subscribed("gone", -1)
    subscribed("paused", 5, paused_ms=now)
    subscribed("ended", 5, ended_ms=now)
    steward.post("/subscribers", email="renewed@example.org", plan=plan)

    def ending(query="", person=steward):
        return [s["email"].split("@")[0] for s in person.json("/subscribers?ending=1" + query)["subscriptions"]]

    assert ending() == ["sooner", "later"]
    assert ending("&search=late") == ["later"]
    after = steward.post("/subscribers/change", subscription="S1", do="pause", ending=1).location
    assert [s["email"] for s in steward.json(after)["subscriptions"]] == ["sooner@example.org"]


def test_a_file_of_subscriptions_is_taken_whole_or_its_bad_lines_are_named(portal):
    steward = portal.person("s@example.org", "steward")
    for who in ("a", "b"):
        portal.person(f"{who}@example.org")
    make_plan(steward, "年度方案")
    rows = "邮箱,方案,开始,结束\na@example.org,年度方案,2030-01-01,2030-12-31\nz@example.org,年度方案,,\nb@example.org,x,,\n"
    refused = steward.post("/subscribers/import", 422, file=("s.csv", rows.encode("gb18030")))
    assert "z@example.org is not a member" in refused.text and "no plan" in refused.text
    assert steward.json("/subscribers")["subscriptions"] == []
    steward.post("/subscribers/import", file=("s.csv", rows.encode("gb18030")), skip=1)
    assert "Imported: 1. Left out: 2." in steward.get("/subscribers").text
    sub, = steward.json("/subscribers")["subscriptions"]
    assert (sub["email"], sub["source"]) == ("a@example.org", "import")
    steward.post("/subscribers/import", 422, file=("s.csv", b""))


def taken_along(steward, format, query=""):
    answer = steward.get(f"/subscribers?format={format}{query}")
    assert answer.headers["content-disposition"].startswith("attachment")
    return answer.body


@pytest.mark.parametrize("lang, format", [("en", "csv"), ("zh", "csv"), ("en", "xlsx"), ("zh", "xlsx")])
def test_the_list_of_subscribers_taken_along_is_taken_in_again_as_it_was(portal, lang, format):
    steward = portal.person("s@example.org", "steward", lang=lang)
    plan, now = make_plan(steward, "Yearly, “全年”"), int(time.time() * 1000)
    for who, state in {"runs": {}, "coming": {"starts_ms": now + 9 * DAY}, "kept": {"ends_ms": now - 20 * DAY, "keeps": 1},
                       "gone": {"ends_ms": now - 20 * DAY}, "paused": {"paused_ms": now},
                       "begun": {"starts_ms": now - 1000, "ended_ms": now, "keeps": 1},
                       "called-off": {"starts_ms": now + 9 * DAY, "ended_ms": now}}.items():
        portal.person(f"{who}@example.org")
        steward.post("/subscribers", email=f"{who}@example.org", plan=plan)
        for column, value in {"starts_ms": now - 300 * DAY, "ends_ms": now + 90 * DAY, **state}.items():
            change(portal, f"UPDATE subscription SET {column} = ? WHERE id = (SELECT max(id) FROM subscription)", value)

    # Called off, then given anew from the same day.
    steward.post("/subscribers", email="called-off@example.org", plan=plan)
    change(portal, "UPDATE subscription SET (starts_ms, ends_ms) = (?, ?) WHERE id = (SELECT max(id) FROM subscription)",
           now + 9 * DAY, now + 90 * DAY)

    def listed():
        rows = csv.reader(io.StringIO(taken_along(steward, "csv").decode("utf-8-sig")))
        states = [[s["email"], *(s[state] for state in ("running", "paused", "coming", "ended", "kept"))]
                  for s in steward.json("/subscribers")["subscriptions"]]
        return sorted(row[:5] + row[6:] for row in rows), sorted(states)
    before, file = listed(), taken_along(steward, format)
    assert f"format={format}" in steward.get("/subscribers").text
    change(portal, "DELETE FROM subscription")
    steward.post("/subscribers/import", file=(f"s.{format}", file))
    assert listed() == before and len(before[0]) == 9
    steward.post("/subscribers/import", 422, file=(f"s.{format}", file))
    assert listed() == before
    assert change(portal, "SELECT json_extract(data, '$.subscriptions'), json_extract(data, '$.format'), actor FROM event"
                  " WHERE kind = 'subscription.exported'")[1] == (8, format, steward.member)


def test_the_file_of_subscribers_says_who_has_what_from_when_and_keeps_to_the_search(portal):
    steward = portal.person("s@example.org", "steward")
    plan = make_plan(steward)
    member = portal.person("=cmd@example.org")
    steward.post("/subscribers", email="=cmd@example.org", plan=plan, starts="2030-01-01", ends="2030-12-31")
    portal.person("other@example.org")
    steward.post("/subscribers", email="other@example.org", plan=plan)
    rows = list(csv.reader(io.StringIO(taken_along(steward, "csv", "&search=cmd").decode("utf-8-sig"))))
    assert rows[0] == ["Member", "E-mail", "Plan", "From", "Last day", "Source", "State"]
    assert [row[2:] for row in rows[1:]] == [["Yearly", "2030-01-01", "2030-12-31", "Given by hand", "To come"]]
    assert rows[1][1].startswith("'="), "no formula"
    assert f"/members/{steward.json('/subscribers?search=cmd')['subscriptions'][0]['member_key']}" in steward.get("/subscribers").text
    member.get("/subscribers?format=csv", 403)


@pytest.mark.parametrize("state, ends, said", [
    ("Resting", "2030-12-31", "no state of a subscription"), ("Ended", "", "last day of what has ended is missing")])
def test_a_state_that_a_file_can_not_have_is_named(portal, state, ends, said):
    steward = portal.person("s@example.org", "steward")
    portal.person("a@example.org")
    make_plan(steward)
    text = f"e-mail,plan,ends,state\na@example.org,Yearly,{ends},{state}\n"
    assert said in steward.post("/subscribers/import", 422, file=("s.csv", text.encode())).text
    assert steward.json("/subscribers")["subscriptions"] == []


def test_a_last_day_is_whole_in_the_time_zone_of_the_installation_also_where_summer_time_changes(library):
    """Seconds as another program counts them: these days of Berlin have 23, 25 and 24 hours."""
    library.run("settings", "set", "time-zone", "Europe/Berlin")
    portal = Portal(library).start()
    try:
        steward = portal.person("s@example.org", "steward")
        plan = make_plan(steward)
        assert "Europe/Berlin" in steward.get("/plans").text
        for day, ends in (("2035-03-25", 2058472800), ("2035-10-28", 2077225200), ("2035-12-24", 2082150000)):
            portal.person(f"m{day}@example.org")
            steward.post("/subscribers", email=f"m{day}@example.org", plan=plan, ends=day)
            assert change(portal, "SELECT max(ends_ms) FROM subscription") == [(ends * 1000,)]
            change(portal, "DELETE FROM subscription")
            make_codes(steward, plan, 1, expires=day)
            assert change(portal, "SELECT max(expires_ms) FROM code_batch") == [(ends * 1000,)]
            change(portal, "DELETE FROM code")
            change(portal, "DELETE FROM code_batch")
            csv_text = f"e-mail,plan,ends\nm{day}@example.org,Yearly,{day}\n"
            steward.post("/subscribers/import", file=("s.csv", csv_text.encode()))
            assert change(portal, "SELECT max(ends_ms) FROM subscription") == [(ends * 1000,)]
            change(portal, "DELETE FROM subscription")
    finally:
        portal.stop()


# --- codes ------------------------------------------------------------------------------------------------


def test_codes_are_shown_once_and_afterwards_only_by_their_ends(portal):
    steward = portal.person("s@example.org", "steward")
    plan = make_plan(steward)
    portal.library.run("settings", "set", "organisation", "Harbour Society")
    shown = steward.post("/codes", 200, plan=plan, count=25, note="Congress", once="a" * 16).text
    assert shown.count("Harbour Society<br>") == 25, "each slip says whose it is"
    codes = re.findall(r"<code>([2-9A-HJKMNP-Z]{4}(?:-[2-9A-HJKMNP-Z]{4}){3})</code>", shown)
    assert len(set(codes)) == 25
    sheet = urllib.parse.unquote(re.search(r'href="data:text/csv;charset=utf-8,([^"]+)"', shown)[1])
    assert [row[0] for row in csv.reader(io.StringIO(sheet.lstrip("\ufeff")))][1:] == codes
    batch, = steward.json("/codes")["batches"]
    assert (batch["count"], batch["redeemed"], batch["note"]) == (25, 0, "Congress")
    page = steward.get(f"/codes/{batch['key']}").text
    assert all(code not in page for code in codes) and all(code[-4:] in page for code in codes)
    again = steward.post("/codes", 409, plan=plan, count=25, once="a" * 16).text
    assert "shown once" in again and len(steward.json("/codes")["batches"]) == 1


def test_codes_come_as_a_file_that_no_spreadsheet_runs(portal):
    steward = portal.person("s@example.org", "steward")
    answer = steward.post("/codes", 200, plan=make_plan(steward, '=1+"x"'), count=2, **{"as": "csv"})
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))))
    assert rows[0] == ["code", "plan"] and rows[1][1] == "'=1+\"x\"" and len(rows) == 3


def test_a_code_is_good_once_and_its_batch_says_by_whom(portal):
    steward, first = portal.person("s@example.org", "steward"), portal.person("anna@example.org")
    code, = make_codes(steward, make_plan(steward), 1)
    redeem(first, code)
    assert "already" in redeem(first, code, 409).text
    assert "somebody else" in redeem(portal.person("b@example.org"), code, 409).text
    batch = steward.json("/codes")["batches"][0]
    state, = steward.json(f"/codes/{batch['key']}")["codes"]
    assert (state["tail"], state["redeemed_by"], batch["redeemed"]) == (code[-4:], "Anna", 1)


def test_a_voided_batch_opens_nothing_more_and_takes_nothing_back(portal):
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    used, unused = make_codes(steward, make_plan(steward), 2)
    redeem(member, used)
    batch = steward.json("/codes")["batches"][0]["key"]
    steward.post(f"/codes/{batch}/void")
    steward.post(f"/codes/{batch}/void", 409)
    assert "voided" in redeem(member, unused, 409).text
    assert member.json("/subscriptions")["any_runs"]


def test_redeeming_again_makes_the_subscription_longer(portal):
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    for code in make_codes(steward, make_plan(steward), 2):
        redeem(member, code)
    (start, end), (start2, end2) = change(portal, "SELECT starts_ms, ends_ms FROM subscription ORDER BY id")
    assert start2 == end and end2 - start == 730 * DAY


def test_a_mistyped_code_is_told_from_a_wrong_one_and_guessing_is_slowed(portal):
    steward, member = portal.person("s@example.org", "steward"), portal.person("m@example.org")
    code, = make_codes(steward, make_plan(steward), 1)
    wrong = ("2" if code[0] != "2" else "3") + code[1:]
    assert "mistyped" in redeem(member, wrong, 422).text
    slowed = None
    for _ in range(30):
        slowed = redeem(member, wrong, None)
        if slowed.code == 429:
            break
    assert slowed.code == 429 and int(slowed.headers["retry-after"]) > 0
    redeem(member, code, 429)
    redeem(portal.person("b@example.org"), code)


def test_a_batch_can_not_run_out_before_it_is_made(portal):
    steward = portal.person("s@example.org", "steward")
    plan = make_plan(steward)
    steward.post("/codes", 422, plan=plan, count=1, expires="2020-01-01")
    steward.post("/codes", 422, plan=plan, count=10001)
    steward.post("/codes", 404, plan="nosuchplan", count=1)
    assert steward.json("/codes")["batches"] == []
