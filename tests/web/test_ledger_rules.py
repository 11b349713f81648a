"""The numbers behind lights and notices: set by who runs the portal, in force at once, said wherever a rule is."""

import datetime

import pytest

from test_ledger import change, make
from test_supervision_notices import days, noon, notices, round_now, supervised  # noqa: F401

TODAY = datetime.date.today()
AS_THEY_WERE = {"near_days": 7, "behind_points": 20, "from_hour": 8, "until_hour": 18}


def in_days(number):
    return days(TODAY, number)


def lights(person):
    return {row["cells"][0]["text"]: row["cells"][-1]["text"] for row in person.json("/ledger")["grid"]["rows"]}


def test_lights_go_by_the_numbers_that_were_set_on_every_page(portal):
    owner, lead = portal.person("o@example.org", "owner"), portal.person("l@example.org", "lead", lang="zh")
    near = make(owner, "Ten days", due=in_days(10))
    behind = make(owner, "Half way", begins=in_days(-50), due=in_days(50))
    owner.post(f"{behind}/change", title="Half way", weight="1", begins=in_days(-50), due=in_days(50), progress="35")
    assert lights(owner) == {"Ten days": "On course", "Half way": "On course"}
    done = owner.post("/ledger/rules", near_days=10, behind_points=15, from_hour=9, until_hour=17, why="Winter")
    assert done.location == "/ledger/rules"
    assert lights(owner) == {"Ten days": "Close", "Half way": "Behind"}
    assert "10 days or fewer are left" in owner.get(near).text and "15 points or more behind" in owner.get(behind).text
    assert owner.json("/ledger/wall")["behind_count"] == 1
    assert [line["title"] for line in owner.json("/ledger/wall")["behind"]] == ["Half way"]
    assert "15 points or more behind" in owner.get("/ledger/wall").text and "10 days or fewer" in owner.get("/ledger/goals").text
    rules = lead.get("/ledger/rules").text
    assert "距期限不超过 10 天" in rules and "9:00 至 17:00" in rules and "多于 10 天" in rules and "<form" in rules
    assert "9:00 to 17:00" in owner.get("/ledger/supervision/notices").text
    (data,), = change(portal, "SELECT data FROM event WHERE kind = 'ledger.limits'")
    assert data == '{"near_days":[7,10],"behind_points":[20,15],"from_hour":[8,9],"until_hour":[18,17],"why":"Winter"}'


@pytest.mark.parametrize("wrong, said", [
    ({"near_days": 0}, "from 1 to 14"), ({"near_days": 15}, "from 1 to 14"), ({"behind_points": 0}, "from 1 to 100"),
    ({"from_hour": 18}, "the earlier first"), ({"until_hour": 25}, "from 1 to 24"), ({"from_hour": ""}, "Notices from")])
def test_numbers_that_can_t_be_are_refused_and_stand_in_the_form(portal, wrong, said):
    owner = portal.person("o@example.org", "owner")
    page = owner.post("/ledger/rules", 422, **{**AS_THEY_WERE, **wrong, "why": "Winter"})
    assert said in page.text and 'value="Winter"' in page.text
    assert f'value="{next(iter(wrong.values()))}"' in page.text
    assert {k: v for k, v in owner.json("/ledger/rules").items() if k in AS_THEY_WERE} == AS_THEY_WERE


def test_only_who_runs_the_portal_sets_them_and_all_of_the_ledger_see_them(portal):
    for role in ("editor", "lead", "inspector"):
        person = portal.person(f"{role}@example.org", role)
        assert not person.json("/ledger/rules")["may_set"] and "Set the numbers" not in person.get("/ledger/rules").text
        person.post("/ledger/rules", 403, **AS_THEY_WERE)
    portal.person("m@example.org").get("/ledger/rules", 403)
    steward = portal.person("s@example.org", "steward")
    assert steward.json("/ledger/rules")["may_set"]
    steward.post("/ledger/rules", **AS_THEY_WERE)
    assert change(portal, "SELECT count(*) FROM event WHERE kind = 'ledger.limits'") == [(0,)]  # they were so


def test_a_notice_keeps_the_rule_of_its_day_and_new_ones_go_by_the_new(noon):
    today, portal = noon
    owner, lead = portal.person("e@example.org", "owner"), portal.person("l@example.org", "lead")
    supervised(portal, owner, lead, "Six", due=days(today, 6))
    supervised(portal, owner, lead, "Nine", due=days(today, 9))
    round_now(portal)
    assert sorted(notices(portal)) == [("G1", "near"), ("G2", "coming")]
    owner.post("/ledger/rules", **{**AS_THEY_WERE, "near_days": 9})
    round_now(portal)
    assert sorted(notices(portal)) == [("G1", "near"), ("G2", "coming"), ("G2", "near")]
    told = change(portal, "SELECT key FROM supervision_notice ORDER BY id")
    rules = [lead.json(f"/ledger/supervision/notices/{key}")["rule"] for key, in told]
    assert rules == ["7 days or fewer are left.", "15 days or fewer, but more than 7, are left.", "9 days or fewer are left."]
    assert {n["rule"] for n in lead.json("/ledger/today")["notices"]} == {rules[0], rules[2]}


def test_notices_wait_for_the_hours_that_were_set(noon):
    today, portal = noon
    owner, lead = portal.person("e@example.org", "owner"), portal.person("l@example.org", "lead")
    owner.post("/ledger/rules", **{**AS_THEY_WERE, "from_hour": 14})
    supervised(portal, owner, lead, "Late", due=days(today, -1))
    round_now(portal)
    assert notices(portal) == []
    owner.post("/ledger/rules", **{**AS_THEY_WERE, "from_hour": 9})
    round_now(portal)
    assert notices(portal) == [("G1", "late")]
