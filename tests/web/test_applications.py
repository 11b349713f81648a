"""Asking to join a group by invitation: who may, who answers, and how both sides are told."""

from accounts import change, letters, mail_on
from portal import eventually
from test_groups import events, make_group


def circle(portal, **more):
    steward = portal.person("s@example.org", "steward")
    return steward, make_group(steward, "Council", about="Its minutes", **{"asking": 1, **more}), \
        portal.person("anna@example.org")


def waiting(person, group):
    return person.json(f"{group}/applications")["applications"]


def test_a_member_asks_and_is_admitted(portal):
    mail_on(portal)
    steward, group, anna = circle(portal)
    page = anna.json(group)
    assert (page["name"], page["may_ask"], page["may_join"], page["in"]) == ("Council", True, False, False)
    assert anna.post(f"{group}/ask", words="I keep the harbour's books.").location == group
    assert anna.json(group)["asked"] and not anna.json(group)["may_ask"]
    assert letters(portal, "join") == [f"{group}/applications"]
    assert steward.json("/groups")["groups"][0]["waiting"] == 1
    asked, = waiting(steward, group)
    assert (asked["name"], asked["words"]) == ("Anna", "I keep the harbour's books.")
    steward.post(f"{group}/applications", application=asked["key"], answer="admit")
    assert anna.json(group)["in"] and waiting(steward, group) == []
    assert letters(portal, "admitted") == [group]
    assert events(portal, "group.asked") == [(anna.member, "G1", f'{{"member":"{anna.member}"}}')]
    assert events(portal, "group.joined") == [(steward.member, "G1", f'{{"member":"{anna.member}"}}')]


def test_who_is_declined_is_told_why_and_may_ask_again(portal):
    mail_on(portal)
    steward, group, anna = circle(portal)
    anna.post(f"{group}/ask")
    asked, = waiting(steward, group)
    again = steward.post(f"{group}/applications", 422, application=asked["key"], answer="decline", why=" ")
    assert "reason" in again.text and waiting(steward, group)
    steward.post(f"{group}/applications", application=asked["key"], answer="decline", why="The council is full.")
    shown = anna.get(group).text
    assert "The council is full." in shown and not anna.json(group)["in"]
    data, = change(portal, "SELECT data FROM letter WHERE kind = 'declined'")
    assert "The council is full." in data[0]
    steward.post(f"{group}/applications", 409, application=asked["key"], answer="admit")
    anna.post(f"{group}/ask")
    assert len(waiting(steward, group)) == 1 and "The council is full." not in anna.get(group).text


def test_an_open_page_learns_of_the_answer(portal):
    steward, group, anna = circle(portal)
    anna.post(f"{group}/ask")
    told = anna.events()
    steward.post(f"{group}/applications", application=waiting(steward, group)[0]["key"], answer="admit")
    _, kind, data = next(told)
    assert (kind, data["path"]) == ("group", group) and "Council" in data["text"]


def test_asking_twice_is_once_and_can_be_taken_back(portal):
    steward, group, anna = circle(portal)
    anna.post(f"{group}/ask", words="first")
    anna.post(f"{group}/ask", words="second")
    assert [a["words"] for a in waiting(steward, group)] == ["first"]
    anna.post(f"{group}/unask")
    assert waiting(steward, group) == [] and anna.json(group)["may_ask"]
    assert len(events(portal, "group.asked")) == len(events(portal, "group.unasked")) == 1


def test_outsiders_see_a_groups_name_and_purpose_and_nothing_more(portal):
    steward, group, anna = circle(portal)
    page = anna.json(group)
    assert (page["about"], page["papers"], page["paper_count"], page["members"]) == ("Its minutes", [], 0, 0)
    line, = anna.json("/groups")["groups"]
    assert (line["papers"], line["members"], line["waiting"]) == (0, 0, 0)
    anna.post(f"{group}/join", 403)
    anna.get(f"{group}/talk", 404)


def test_only_a_group_that_says_so_can_be_asked(portal):
    steward, hidden, anna = circle(portal, asking="")
    anna.get(hidden, 404)
    anna.post(f"{hidden}/ask", 404)
    for name, door in (("Public", {"public": 1}), ("Paid", {"asking": 1, "paid": 1})):
        anna.post(f"{make_group(steward, name, **door)}/ask", 409)
    closed = make_group(steward, "Closed", asking=1)
    steward.post(f"{closed}/close")
    anna.post(f"{closed}/ask", 409)
    anna.post(f"{make_group(steward, 'In', asking=1)}/ask")
    assert letters(portal, "join") == []  # no mail server, no letter kept for later


def test_editors_of_the_group_answer_and_no_other_editor_does(portal):
    steward, group, anna = circle(portal)
    inside = portal.person("in@example.org", "editor")
    outside = portal.person("out@example.org", "editor")
    steward.post(f"{group}/members", emails="in@example.org")
    anna.post(f"{group}/ask")
    key = waiting(inside, group)[0]["key"]
    assert "email" not in waiting(inside, group)[0]
    outside.get(f"{group}/applications", 403)
    outside.post(f"{group}/applications", 403, application=key, answer="admit")
    anna.post(f"{group}/applications", 403, application=key, answer="admit")
    assert outside.json("/groups")["groups"][0]["waiting"] == 0
    inside.post(f"{group}/applications", application=key, answer="admit")
    assert anna.json(group)["in"]


def test_an_application_of_another_group_is_not_answered_here(portal):
    steward, group, anna = circle(portal)
    other = make_group(steward, "Other", asking=1)
    anna.post(f"{group}/ask")
    key = waiting(steward, group)[0]["key"]
    steward.post(f"{other}/applications", 404, application=key, answer="admit")
    assert not anna.json(other)["in"]


def test_whoever_may_answer_is_shown_on_the_front_page_that_somebody_waits(portal):
    steward, group, anna = circle(portal)
    anna.post(f"{group}/ask")
    line, = steward.json("/")["applications"]
    assert (line["name"], line["count"]) == ("Council", 1)
    assert f"{group}/applications" in steward.get("/").text
    assert anna.json("/")["applications"] == []


def test_being_put_in_or_joining_answers_the_application(portal):
    steward, group, anna = circle(portal)
    anna.post(f"{group}/ask")
    steward.post(f"{group}/members", emails="anna@example.org")
    assert waiting(steward, group) == []
    assert eventually(lambda: anna.json(group)["in"])
