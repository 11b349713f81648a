"""The owner's page of settings: what copies say of the organisation, its clock, who may come in, its terms."""

import re

import pytest

from accounts import change


@pytest.fixture
def owner(portal):
    return portal.person("owner@example.org", "owner")


FORM = {"organisation": "Harbour Society", "credit": "Harbour Society · office@example.org", "notice": "For you alone.\r\nThank you.",
        "time-zone": "Asia/Shanghai", "registration": "open", "reading.days": "90", "appeal.days": "", "reward.plan": "",
        "ledger.calendar": "china"}


def changed(portal):
    return [name for name, in change(portal, "SELECT subject FROM event WHERE kind = 'setting.changed' ORDER BY seq")]


def test_what_the_owner_sets_is_kept_and_in_use(portal, owner):
    before = len(changed(portal))
    owner.post("/settings", **FORM)
    page = owner.json("/settings")
    assert (page["credit"], page["zone"], page["reading_days"]) == (FORM["credit"], "Asia/Shanghai", "90")
    assert page["notice"] == "For you alone.\nThank you."
    portal.library.publish(portal.library.file("roads.txt", "Roads\n\nMend them.\n"))
    key, = re.findall(r'/papers/(\w{16})"', owner.get("/papers").text)
    copy = owner.get(f"/papers/{key}").text
    assert FORM["credit"] in copy and "For you alone." in copy and "Harbour Society" in owner.get("/").text
    assert portal.anyone().get("/join").code == 200
    once = changed(portal)
    assert len(once) > before
    owner.post("/settings", **FORM)  # nothing new: no event
    assert changed(portal) == once


@pytest.mark.parametrize("name, value, said", [
    ("time-zone", "Atlantis/Deep", "时区：请填写本机所知的时区名称"),
    ("reading.days", "soon", "阅读与下载记录保留天数：请填写 1 至 365 之间的天数"),
    ("appeal.days", "0", "成员可就处理提出申诉的天数：请填写"), ("organisation", "", "单位名称")])
def test_what_does_not_fit_is_refused_in_words_and_nothing_typed_is_lost(portal, owner, name, value, said):
    owner.lang = "zh-CN"
    before = changed(portal)
    page = owner.post("/settings", 422, **{**FORM, name: value}).text
    problem = re.search(r'<p class="problem" id="problem" role="alert">(.*?)</p>', page)[1]
    assert said in problem and "." not in problem.replace("Asia/", "") and FORM["credit"] in page
    assert changed(portal) == before and "Asia/Shanghai" not in owner.get("/settings").text.replace("如 Asia/Shanghai", "")


def test_who_changes_the_time_zone_is_told_when_it_counts(portal, owner):
    def told():
        answer = owner.get("/settings").text
        return re.search(r'<p class="done"[^>]*>(.*?)</p>', answer)[1]
    owner.post("/settings", **FORM)
    assert "next start" in told()
    owner.post("/settings", **{**FORM, "credit": "Another line"})
    assert told() == "Saved."


def test_nobody_but_the_owner_sees_or_changes_settings(portal):
    for role in ("editor", "steward", "inspector", "lead"):
        person = portal.person(f"{role}@example.org", role)
        person.get("/settings", 403)
        person.post("/settings", 403, **FORM)
    assert "credit" not in changed(portal)
