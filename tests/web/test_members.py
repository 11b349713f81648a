"""Members, as stewards keep them: the list, files, invitations, suspension, roles; and open registration."""

import re

import pytest
from accounts import (GOOD, add_account, change, is_signed_in, letters, mail_on, page_of, sign_in)


@pytest.fixture
def steward(portal):
    return portal.person("steward@example.org", "steward")


@pytest.fixture
def owner(portal):
    return portal.person("owner@example.org", "owner")


def add(portal, *emails):
    return [portal.library.json("member", "add", "--email", e, "--name", e.split("@")[0].title())
            ["member"] for e in emails]


def names(answer):
    return [m["email"] for m in answer["members"]]


# --- the list -----------------------------------------------------------------------------------------


def test_the_list_is_searched_filtered_and_paged_by_the_server(portal, steward):
    portal.library.add_members(120)
    first = steward.json("/members")
    assert first["count"] == 121 and len(first["members"]) == 50
    second = steward.json(first["next"])
    third = steward.json(second["next"])
    assert len(third["members"]) == 21 and third["next"] == "" and third["previous"]
    assert len({m["member"] for p in (first, second, third) for m in p["members"]}) == 121
    assert names(steward.json("/members?search=STEWARD%40")) == ["steward@example.org"]
    assert names(steward.json("/members?state=roles")) == ["steward@example.org"]
    assert steward.json("/members?search=%25")["count"] == 0
    assert "Nobody here" in steward.get("/members?search=nobody-of-this-name").text


def test_only_stewards_and_owners_see_members(portal, owner):
    for role in ((), ("editor",), ("lead",), ("inspector",)):
        person = portal.person(f"a{len(role)}{''.join(role)}@example.org", *role)
        for path in ("/members", "/members/M1"):
            person.get(path, 403)
        for path in ("/members", "/members/import", "/members/invite", "/members/M1/change",
                     "/members/M1/invite", "/members/M1/suspend", "/members/M1/lift",
                     "/members/M1/sessions/end", "/members/M1/roles",
                     "/members/M1/reset", "/members/M1/second-factor/off"):
            person.post(path, 403)
    assert portal.anyone().get("/members", 303).location == "/sign-in?next=/members"
    owner.get("/members")


@pytest.mark.parametrize("id", ["M1", "1", "M", "0123456789abcdef", "%00", "+"])
def test_an_unknown_member_is_not_there(steward, id):
    steward.get(f"/members/{id}", 404)
    steward.post(f"/members/{id}/suspend", 404)


# --- adding -------------------------------------------------------------------------------------------


def test_a_member_is_added_corrected_and_found(steward):
    where = steward.post("/members", name="Li Hua", email="li@example.org").location
    assert "Li Hua" in steward.get(where).text
    assert "is a member already" in steward.post("/members", 409, name="Li", email="LI@example.org").text
    refused = steward.post("/members", 422, name="Wang <b>", email="not an address")
    assert "not an e-mail address" in refused.text and "Wang &lt;b&gt;" in refused.text
    steward.post(where + "/change", name="Li Huá", email="li.hua@example.org")
    assert "li.hua@example.org" in steward.get(where).text
    assert "another member" in steward.post(where + "/change", 409, name="Li", email="steward@example.org").text


def test_what_is_refused_undoes_nothing_of_what_others_write_at_the_same_time(portal, steward):
    """Refused writes share a commit with good ones."""
    import threading
    results = []

    def write(i):
        form = {"name": f"N{i}", "email": f"n{i}@example.org" if i % 2 else "no address"}
        results.append(steward.post("/members", None, **form).code)

    threads = [threading.Thread(target=write, args=(i,)) for i in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [303] * 20 + [422] * 20
    assert steward.json("/members?search=n")["count"] >= 20
    portal.library.run("verify")


def test_a_file_is_imported_whole_or_with_its_bad_lines_named(steward):
    good = "name,email,group\nLi,li@example.org,board\nWang,wang@example.org,board\n"
    bad = "姓名,邮箱\n张三,zhang@example.org\n,nobody@example.org\n李四,nowhere\n"
    page = steward.post("/members/import", 200, file=("members.csv", good.encode()))
    assert "Members added: 2" in page.text
    page = steward.post("/members/import", 422, file=("更多.csv", bad.encode("gb18030")))
    assert "Nothing was taken" in page.text
    assert re.findall(r'<th scope="row">(\d+)</th>', page.text) == ["3", "4"]
    assert 'action="/members/import"' in page.text  # to be sent again from here
    assert steward.json("/members")["count"] == 3
    page = steward.post("/members/import", 200, file=("更多.csv", bad.encode()), skip_bad="1")
    assert "Members added: 1. Lines skipped: 2" in page.text
    assert 'action="/members/import"' not in page.text
    steward.post("/members/import", 422, file=("empty.csv", b""))
    steward.post("/members/import", 422)


def test_an_import_tells_a_member_from_before_from_a_line_given_twice(steward):
    steward.post("/members", email="old@example.org", name="Old")
    lines = "name,email\nOld,old@example.org\nNew,new@example.org\nAgain,NEW@example.org\nNobody,\n"
    bad = steward.post("/members/import", 422, headers=[("Accept", "application/json")],
                       file=("members.csv", lines.encode())).json["bad"]
    assert [(b["line"], b["reason"]) for b in bad] == [
        (2, "old@example.org is a member already."), (4, "NEW@example.org stands in a line above already."),
        (5, "the e-mail address is empty.")]


# --- invitations --------------------------------------------------------------------------------------


def links(answer):
    return re.findall(r"<code>([^<]*/invitation/[\w-]{32})</code>", answer.text)


def test_one_is_invited_by_letter_and_by_a_link_for_the_hand(portal, steward):
    [member] = add(portal, "li@example.org")
    [link] = links(steward.post(page_of(portal, member) + "/invite", 200))
    assert letters(portal, "invitation") == []
    assert link.startswith(portal.url + "/invitation/"), "the address that the steward's browser uses"
    portal.anyone().get(link.removeprefix(portal.url))
    mail_on(portal)
    portal.library.run("settings", "set", "site.url", "https://library.example.org")
    [second] = links(steward.post(page_of(portal, member) + "/invite", 200))
    assert second.startswith("https://library.example.org/invitation/")
    assert letters(portal, "invitation") == [second.removeprefix("https://library.example.org")]
    portal.anyone().get(link.removeprefix(portal.url), 404)
    portal.anyone().post(second.removeprefix("https://library.example.org"), 303,
                         password=GOOD, password_again=GOOD)
    steward.post(page_of(portal, member) + "/invite", 409)


def test_all_who_were_not_invited_are_invited_at_once_and_only_they(portal, steward):
    add_account(portal, "has@example.org")
    one, _, _ = add(portal, "a@example.org", "b@example.org", "c@example.org")
    [kept] = links(steward.post(page_of(portal, one) + "/invite", 200))
    page = steward.post("/members/invite", 200)
    assert len(links(page)) == 2 and "b@example.org" in page.text
    portal.anyone().get(kept.removeprefix(portal.url))
    assert steward.post("/members/invite").location == "/members"
    change(portal, "UPDATE ticket SET expires_ms = 1")
    assert len(links(steward.post("/members/invite", 200))) == 3


def test_a_steward_can_not_become_somebody_with_a_role(portal, steward, owner):
    """Neither by an invitation's link, nor by another address for the letter that resets."""
    [editor] = add(portal, "editor@example.org")
    portal.library.run("member", "role", editor, "--add", "editor")
    boss = owner.member
    for member in (editor, boss, steward.member):
        steward.post(page_of(portal, member) + "/invite", 403)
        steward.post(page_of(portal, member) + "/change", 403, name="X", email="steward2@example.org")
        for what in ("suspend", "lift", "sessions/end", "reset", "second-factor/off"):
            steward.post(page_of(portal, member) + f"/{what}", 403)
    change(portal, "DELETE FROM ticket")
    assert steward.post("/members/invite").location == "/members"
    assert links(owner.post(page_of(portal, editor) + "/invite", 200))
    assert is_signed_in(owner)


# --- suspension ---------------------------------------------------------------------------------------


def test_a_suspended_member_is_out_at_once_and_back_when_it_is_lifted(portal, steward):
    member = add_account(portal)
    person = portal.anyone()
    sign_in(person)
    steward.post(page_of(portal, member) + "/suspend")
    assert not is_signed_in(person)
    assert "suspended" in steward.get(page_of(portal, member)).text
    sign_in(person, code=403)
    steward.post(page_of(portal, member) + "/invite", 409)
    steward.post(page_of(portal, member) + "/lift")
    assert not is_signed_in(person), "the sessions are gone for good"
    sign_in(person)


def test_a_suspension_ends_an_open_invitation(portal, steward):
    [member] = add(portal, "li@example.org")
    [link] = links(steward.post(page_of(portal, member) + "/invite", 200))
    steward.post(page_of(portal, member) + "/suspend")
    portal.anyone().get(link.removeprefix(portal.url), 404)
    steward.post(page_of(portal, member) + "/lift")
    portal.anyone().get(link.removeprefix(portal.url), 404)
    assert links(steward.post(page_of(portal, member) + "/invite", 200))


def test_a_steward_ends_all_sessions_of_a_member(portal, steward):
    member = add_account(portal)
    people = [portal.anyone(), portal.anyone()]
    for person in people:
        sign_in(person)
    steward.post(page_of(portal, member) + "/sessions/end")
    assert not any(is_signed_in(p) for p in people) and is_signed_in(steward)


def test_a_member_without_mail_is_helped_by_a_link_and_a_lost_device_by_turning_it_off(portal, steward):
    member = add_account(portal, factor=True)
    person = portal.anyone()
    page = steward.post(page_of(portal, member) + "/reset", 200).text
    path = re.search(rf'<code class="secret">{portal.url}(/reset/[\w-]{{32}})</code>', page)[1]
    person.post(path, password="seven kettles by the gate",
                password_again="seven kettles by the gate")
    assert sign_in(person, password="seven kettles by the gate").location.startswith("/sign-in/code")
    steward.post(page_of(portal, member) + "/second-factor/off")
    sign_in(person, password="seven kettles by the gate")
    assert is_signed_in(person)
    [listed] = add(portal, "listed@example.org")
    steward.post(page_of(portal, listed) + "/reset", 409)


def test_an_owner_who_lost_everything_comes_back_by_the_command_line(portal):
    add_account(portal, "li@example.org", "owner", factor=True)
    link = portal.library.json("member", "reset", "li@example.org", "--second-factor")["link"]
    person = portal.anyone()
    person.post(link, password="seven kettles by the gate",
                password_again="seven kettles by the gate")
    sign_in(person, password="seven kettles by the gate")
    assert is_signed_in(person)


# --- roles --------------------------------------------------------------------------------------------


def test_roles_are_the_owners_to_give_and_the_last_owner_stays(portal, owner, steward):
    [li] = add(portal, "li@example.org")
    steward.post(page_of(portal, li) + "/roles", 403, role=["owner"])
    owner.post(page_of(portal, li) + "/roles", role=["editor", "lead"])
    held = {r["role"] for r in owner.json(page_of(portal, li))["roles"] if r["held"]}
    assert held == {"editor", "lead"}
    owner.post(page_of(portal, li) + "/roles", role=["lead"])
    assert "last owner" in owner.post(page_of(portal, owner.member) + "/roles", 409, role=["editor"]).text
    assert owner.json(page_of(portal, owner.member))["roles"][0] == {"role": "editor", "held": False}
    owner.post(page_of(portal, owner.member) + "/suspend", 409)
    owner.post(page_of(portal, li) + "/roles", role=["owner"])
    owner.post(page_of(portal, li) + "/suspend")
    assert "last owner" in owner.post(page_of(portal, owner.member) + "/roles", 409).text
    owner.post(page_of(portal, li) + "/lift")
    owner.post(page_of(portal, owner.member) + "/roles")
    owner.get("/members", 403)


def test_who_lacks_a_role_is_told_where_it_is_given(portal, owner, steward):
    assert "Ask the owner" in steward.get("/write", 403).text
    assert "give yourself the role" in owner.get("/write", 403).text


def test_what_stewards_do_stands_in_the_record_with_their_name(portal, steward):
    [member] = add(portal, "li@example.org")
    steward.post(page_of(portal, member) + "/suspend")
    rows = change(portal, "SELECT actor, kind, subject FROM event ORDER BY seq DESC LIMIT 1")
    assert rows == [(steward.member, "account.suspended", member)]
    portal.library.run("verify")


# --- open registration --------------------------------------------------------------------------------


def join(person, email, code=200, name="New Reader"):
    return person.post("/join", code, name=name, email=email)


def test_nobody_joins_by_themselves_unless_registration_is_open(portal):
    portal.anyone().get("/join", 404)
    join(portal.anyone(), "new@example.org", 404)
    assert "/join" not in portal.anyone().get("/sign-in").text
    assert portal.library.json("member", "list") == []


def test_where_registration_is_open_a_letter_brings_the_link(portal):
    portal.library.run("settings", "set", "registration", "open")
    assert "sends no mail" in join(portal.anyone(), "new@example.org").text
    assert portal.library.json("member", "list") == []
    mail_on(portal)
    assert "/join" in portal.anyone().get("/sign-in").text
    join(portal.anyone(), "new@example.org")
    [path] = letters(portal, "invitation")
    person = portal.anyone()
    person.post(path, password=GOOD, password_again=GOOD)
    assert "New Reader" in person.get("/").text
    assert portal.library.json("member", "role", "M1")["roles"] == []


def test_registration_that_is_open_without_mail_is_offered_to_nobody_and_the_owner_is_told(portal):
    portal.library.run("settings", "set", "registration", "open")
    owner = portal.person("owner@example.org", "owner")
    told = "nobody can register before"
    assert told in owner.get("/settings").text
    assert "/join" not in portal.anyone().get("/sign-in").text
    mail_on(portal)
    assert told not in owner.get("/settings").text
    assert "/join" in portal.anyone().get("/sign-in").text


def test_joining_gets_the_same_answer_for_every_address(portal):
    portal.library.run("settings", "set", "registration", "open")
    mail_on(portal)
    add_account(portal, "has@example.org")
    add(portal, "listed@example.org")
    answers = {join(portal.anyone(), e).text for e in
               ("has@example.org", "listed@example.org", "new@example.org")}
    assert len(answers) == 1
    assert len(letters(portal, "invitation")) == 2 and len(letters(portal, "reset")) == 1
    assert "Has" in str(portal.library.json("member", "list")), "nobody's name is changed"
    assert join(portal.anyone(), "no address", 422).code == 422


def test_joining_floods_nobody_with_letters(portal):
    portal.library.run("settings", "set", "registration", "open")
    mail_on(portal)
    for _ in range(5):
        join(portal.anyone(), "new@example.org")
    assert len(letters(portal, "invitation")) == 3
    for i in range(15):
        join(portal.anyone(), f"a{i}@example.org")
    assert int(join(portal.anyone(), "b@example.org", 429).headers["retry-after"]) > 0
