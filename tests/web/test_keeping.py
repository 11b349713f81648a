"""What is kept about a member: shown to them, taken along, and taken away by two people."""

import json

from accounts import GOOD, add_account, page_of, sign_in
from portal import eventually
from shelf import ask, do, events, group, publish
from texts import sample

NAME, EMAIL = "江晚舟", "jiang.wanzhou@harbour.example"


def jiang(portal):
    """A member with an account who has done what a member does; signed in."""
    number = portal.library.json("member", "add", "--email", EMAIL, "--name", NAME)["member"]
    person = portal.person(number)
    key = publish(portal, sample("en", ".txt"), delete_days=7)
    board = group(portal, "Quay", door="public", members=[person, portal.person("wang@example.org")])
    talk = "/groups/" + ask(portal, 'SELECT key FROM "group" WHERE id = ?', board)[0][0] + "/talk"
    person.get(f"/papers/{key}")
    person.get(f"/papers/{key}/download/txt")
    person.post(talk, text="the ferry of my own words")
    return person, key, talk


def two_stewards(portal):
    return portal.person("zhou@example.org", "steward"), portal.person("tom@example.org", "owner")


def erase(portal, person):
    zhou, tom = two_stewards(portal)
    zhou.post(page_of(portal, person.member) + "/erasure")
    key = tom.json(page_of(portal, person.member) + "/erasure")["key"]
    return tom, tom.post(f"/erasures/{key}/confirm").location


def every_byte(folder):
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_member_sees_what_is_kept_about_them_and_takes_it_along_in_both_forms(portal):
    person, key, talk = jiang(portal)
    parts = {p["what"]: p for p in person.json("/account/data")["parts"]}
    assert parts["Posts in groups and under papers"]["count"] == 1
    assert "never given again" in parts["Name, address and number"]["stays"]
    kept = json.loads(person.get("/account/data/file?format=json").body)
    assert "the ferry of my own words" in json.dumps(kept)
    assert {e["what"] for e in kept["events"]} >= {"copy.given", "copy.opened", "post.made"}
    page = person.get("/account/data/file?format=html")
    assert EMAIL in page.text and "attachment" in page.headers["content-disposition"]
    for shown in (page.text, person.get("/account/data").text):
        assert "edition: 1" in shown and "{&quot;" not in shown and '{"' not in shown


def test_a_member_gets_nobody_elses_data_and_only_stewards_get_a_members(portal):
    person, key, talk = jiang(portal)
    other = portal.person("li@example.org")
    steward, _ = two_stewards(portal)
    for path in ("/account/data", "/account/data/file", "/account/data/file?format=html"):
        assert EMAIL not in other.get(path).text
    other.get(page_of(portal, person.member) + "/data", 403)
    portal.person("ed@example.org", "editor").get(page_of(portal, person.member) + "/data", 403)
    assert EMAIL in steward.get(page_of(portal, person.member) + "/data").text


def test_no_file_and_no_page_gives_an_inquiry_away_to_its_subject_or_to_a_steward_who_may_be_one(portal):
    person, key, talk = jiang(portal)
    steward, _ = two_stewards(portal)
    leak = portal.library.file("leak.txt", portal.library.copy("P1", person.member))
    portal.library.run("trace", leak)
    person.post("/reports/new", kind="leak", text="Papers for sale", words="I saw it at the quay", anonymous=1)
    assert "trace.made" not in person.get("/account/data/file").text
    assert "I saw it at the quay" in person.get("/account/data/file").text
    for path in ("data", "data?format=html"):
        seen = steward.get(f"{page_of(portal, person.member)}/{path}").text
        assert not [word for word in ("trace.made", "quay", "Reports made", "Rewards for reports") if word in seen], path
    lines = steward.json(page_of(portal, person.member) + "/erasure")["lines"]
    assert lines and not {"Reports made", "Rewards for reports"} & {line["what"] for line in lines}
    everything = portal.library.run("member", "data", person.member, "--inquiries").out
    assert "trace.made" in everything and "quay" in everything


def test_what_two_people_erased_is_in_no_byte_of_the_data_folder_and_the_record_holds(portal):
    person, key, talk = jiang(portal)
    do(portal, "UPDATE acknowledgement SET address = '203.0.113.0/24'")
    words = (NAME, EMAIL, "wanzhou", "ferry of my own")
    for word in words:
        assert word.encode() in every_byte(portal.library.data), word
    tom, certificate = erase(portal, person)
    eventually(lambda: tom.json(certificate)["swept"], "the sweep")
    for word in words:
        assert word.encode() not in every_byte(portal.library.data), word
    backup = portal.library.folder / "after.backup"
    portal.library.run("backup", backup)
    for word in words:
        assert word.encode() not in backup.read_bytes(), word
    assert portal.library.run("verify").code == 0
    person.get("/account/data/file", 303)


# What a member said, each word where nothing else says it.
OWN = {"post": "kittiwake", "talk": "guillemot", "request": "razorbill", "wish": "fulmar", "kept": "dunlin",
       "blank": "turnstone", "ask": "whimbrel", "note": "sanderling", "token": "phalarope", "report": "dotterel",
       "place": "avocet", "file": "curlew", "appeal": "lapwing", "photo": "plover", "paper": "petrel",
       "ledger": "gannet", "view": "shearwater", "browser": "cormorant"}


def do_all_that_a_member_does(portal, stewards):
    """江晚舟 with traces in every corner of the portal, some of others' making; gives what erases them again."""
    first, second, third = stewards
    person = portal.anyone()
    add_account(portal, EMAIL, name=NAME)
    sign_in(person, EMAIL, password="not what it is", code=403)
    sign_in(person, EMAIL)
    do(portal, "UPDATE session SET agent = ? WHERE member = ?", OWN["browser"], int(person.member[1:]))
    do(portal, "INSERT OR REPLACE INTO known_network VALUES (?, '198.51.100.0/24', 1)", int(person.member[1:]))
    paper = publish(portal, sample("zh", ".txt"), delete_days=7)
    form = publish(portal, portal.library.file("form.txt", "A form\n\nDone by {{body}} on {{date}}.\n"))
    quay = group(portal, "Quay", door="public", members=[person, first])
    pier = group(portal, "Pier", door="asking", members=[first])
    groups = {n: "/groups/" + ask(portal, 'SELECT key FROM "group" WHERE id = ?', n)[0][0] for n in (quay, pier)}
    person.get(f"/papers/{paper}")
    person.get(f"/papers/{paper}/download/txt")
    person.post(f"/papers/{paper}/links", None, format="txt", days=7, uses=1, note=OWN["note"])
    person.post(f"/papers/{form}/fill", blank=["body", "date"], value=[OWN["blank"], "2026-12-01"])
    person.post(groups[quay] + "/talk", text=f"the ferry of my own {OWN['post']}")
    first.post(groups[quay] + "/talk", text=f"I agree with @{NAME} here, and with {EMAIL}.")
    person.post(f"/papers/{paper}/talk", text=OWN["talk"])
    person.post(groups[pier] + "/ask", words=OWN["ask"])
    wish = person.post("/requests", title=OWN["request"], text=OWN["wish"]).location
    first.post(wish + "/act", do="follow")
    person.post("/standing", q=OWN["kept"], pace="once")
    person.get(f"/search?q={OWN['kept']}")
    person.post("/account/tokens", 200, token_name=OWN["token"], token_password=GOOD, scope=["read"])
    line = lead_a_line(portal, person)
    return person, paper, form, line


def lead_a_line(portal, person):
    editor = portal.person("wu@example.org", "editor")
    unit = editor.post("/ledger/units", name="Harbour").location
    editor.post(f"{unit}/members", member=EMAIL)
    line = editor.post("/ledger", kind="goal", title="A new quay", lead=page_of(portal, person.member)[9:]).location
    person.post(f"{line}/talk", text=OWN["ledger"])
    person.post(f"{line}/follow")
    do(portal, "INSERT INTO saved_view (key, member, grid, name, query) VALUES ('v', ?, '/ledger', ?, 'kind=goal')",
       int(person.member[1:]), OWN["view"])
    return line


def judge(portal, person, paper, first, second, third):
    """A case about them, of a leak of their copy, decided by two, answered and settled by a third."""
    leak = portal.library.copy("P1", person.member)
    portal.person("reporter@example.org").post("/reports/new", kind="leak", words="Seen.", files=("leak.txt", leak.encode()))
    case = "/cases/" + ask(portal, "SELECT key FROM case_file ORDER BY id DESC")[0][0]
    first.post(case + "/trace", exhibit=[e["key"] for e in first.json(case)["exhibits"]])
    eventually(lambda: ask(portal, "SELECT 1 FROM case_accused"), "the finding")
    first.post(case + "/propose", words=f"It is {NAME}.", members=person.member, measures="warning", days=1,
               grounds=f"The copy of {NAME} was found.")
    second.post(case + "/confirm")
    told = "/sanctions/" + person.json("/sanctions")["sanctions"][0]["key"]
    person.post(told + "/appeal", words=OWN["appeal"], files=(f"{OWN['photo']}.txt", OWN["paper"].encode()))
    third.post(f"{case}{told}/refuse", reasons="They are yours.")
    assert first.json(case)["state"] == "settled"
    return case, leak


def test_whatever_a_member_did_says_nothing_of_them_any_more_in_any_byte(portal):
    """Everything there is, by its words: tables, index, log of the database, blobs, what the server wrote, and a
    backup made afterwards."""
    stewards = [portal.person(f"{name}@example.org", "steward") for name in ("first", "second", "third")]
    person, *_ = do_all_that_a_member_does(portal, stewards)
    case, leak = judge(portal, person, "P1", *stewards)
    person.post("/reports/new", kind="leak", words=OWN["report"], place=OWN["place"], anonymous=1,
                files=(f"{OWN['file']}.txt", b"a scrap"))
    other = "/cases/" + ask(portal, "SELECT key FROM case_file ORDER BY id DESC")[0][0]
    stewards[0].post(other + "/propose", words="Nothing.")
    stewards[1].post(other + "/confirm")
    everything = every_byte(portal.library.data)
    assert [place for place, word in OWN.items() if word.encode() not in everything] == []
    tom, certificate = erase(portal, person)
    eventually(lambda: tom.json(certificate)["swept"], "the sweep")
    backup = portal.library.folder / "after.backup"
    portal.library.run("backup", backup)
    assert "went with the data" in stewards[2].get(f"{case}/file").text
    for exhibit in stewards[2].json(case)["exhibits"]:
        gone = stewards[2].get(f"{case}/exhibits/{exhibit['key']}", 404)
        assert "not kept any more" in gone.text and str(portal.library.data) not in gone.text
    portal.stop()
    for where, found in (("the data folder", every_byte(portal.library.data)), ("the backup", backup.read_bytes()),
                         ("what the server said", portal.said.encode())):
        words = {"name": NAME, "email": EMAIL, "mail": "wanzhou", "network": "198.51.100", **OWN}
        assert [place for place, word in words.items() if word.encode() in found] == [], where
        assert leak.encode()[300:700] not in found, where
    assert portal.library.run("verify").code == 0


def test_the_certificate_says_what_went_and_what_stays_and_names_its_event(portal):
    person, key, talk = jiang(portal)
    tom, certificate = erase(portal, person)
    page = tom.json(certificate)
    assert (page["state"], page["member"]) == ("done", person.member)
    assert page["asked_by"] != page["decided_by"]
    seq, digest = ask(portal, "SELECT seq, lower(hex(hash)) FROM event WHERE kind = 'member.erased'")[0]
    assert (page["event"], page["event_hash"]) == (seq, digest)
    assert any(line["what"] == "Posts in groups and under papers" for line in page["lines"])
    for lang, words in (("en", "still hold the member"), ("zh", "仍含该成员资料")):
        assert words in portal.person(tom.member, lang=lang).get(certificate).text


def test_others_keep_their_answers_and_their_pages(portal):
    person, key, talk = jiang(portal)
    tom, _ = erase(portal, person)
    wang = portal.person(ask(portal, "SELECT 'M' || id FROM member WHERE email = 'wang@example.org'")[0][0])
    assert NAME not in wang.get(talk).text
    tom.get(page_of(portal, person.member), 404)
    assert person.member not in tom.get("/members").text
    listed = tom.get("/erasures").text
    assert person.member in listed and NAME not in listed


def test_one_steward_alone_erases_nobody_and_a_request_can_be_taken_back(portal):
    person, key, talk = jiang(portal)
    zhou, tom = two_stewards(portal)
    zhou.post(page_of(portal, person.member) + "/erasure")
    erasure = zhou.json(page_of(portal, person.member) + "/erasure")["key"]
    zhou.post(f"/erasures/{erasure}/confirm", 403)
    assert "Confirm: erase" not in zhou.get(page_of(portal, person.member) + "/erasure").text
    zhou.post(f"/erasures/{erasure}/withdraw")
    tom.post(f"/erasures/{erasure}/confirm", 404)
    assert person.json("/account")["email"] == EMAIL
    assert [e[1] for e in events(portal, "member.erasure_withdrawn")] == [person.member]


def test_a_member_asks_with_their_password_and_can_take_it_back(portal):
    member = add_account(portal, "li@example.org")
    person = portal.anyone()
    sign_in(person, "li@example.org")
    person.post("/account/data/erase", 403, present_password="wrong horse battery")
    person.post("/account/data/erase", present_password=GOOD)
    assert person.json("/account/data")["erasure_asked"]
    person.post("/account/data/keep")
    assert not person.json("/account/data")["erasure_asked"]
    person.post("/account/data/erase", present_password=GOOD)
    zhou, _ = two_stewards(portal)
    assert zhou.json("/")["erasures"] == 1
    assert "Members who ask to be erased" in zhou.get("/").text
    key = zhou.json(page_of(portal, member) + "/erasure")["key"]
    zhou.post(f"/erasures/{key}/confirm")
    assert person.get("/account", 303).location.startswith("/sign-in")


def test_whoever_has_a_role_is_not_erased_in_office(portal):
    editor = portal.person("ed@example.org", "editor")
    zhou, tom = two_stewards(portal)
    assert "has a role" in zhou.json(page_of(portal, editor.member) + "/erasure")["obstacle"]
    zhou.post(page_of(portal, editor.member) + "/erasure", 409)
