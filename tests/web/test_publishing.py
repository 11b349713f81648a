"""Publishing: terms, the last page, now or later; then the paper's own page for those who look after it."""

import datetime
import hashlib
import json
import re
import time

import pytest
from shelf import DAY, ask, do, group, key_of, now
from texts import sample

SPEECH = sample("zh").read_text(encoding="utf-8")
OPEN = {"access": "members", "price": "free", "level": "discreet", "colluders": 0,
        "formats": ["txt", "md", "html"]}


@pytest.fixture
def editor(portal):
    return portal.person("zhou@example.org", "editor")


def draft(editor, text=SPEECH, title="", form="txt"):
    path = editor.post("/write").location
    editor.post(path, title=title, text=text, form=form, version=1)
    return path


def stamp(editor, path):
    return re.search(r'name="stamp" value="(\w+)"', editor.get(path + "/confirm").text)[1]


def publish(editor, path, **terms):
    """Publishes a draft; gives the paper's key."""
    editor.post(path + "/publish", **{**OPEN, **terms})
    location = editor.post(path + "/confirm", stamp=stamp(editor, path)).location
    return re.fullmatch(r"/papers/([a-z0-9]{16})/manage", location)[1]


def soon(days=1):
    return (datetime.datetime.now() + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def events(portal, kind):
    return [json.loads(data) for (data,) in
            ask(portal, "SELECT data FROM event WHERE kind = ? ORDER BY seq", kind)]


# --- the last page -------------------------------------------------------------------------------------


def test_the_last_page_says_who_gets_it_what_strength_and_what_was_put_right(portal, editor):
    reader = portal.person("li@example.org")
    group(portal, "Board", members=[reader])
    board = ask(portal, 'SELECT key FROM "group"')[0][0]
    path = draft(editor, "The meet\u200bing of the board.\n\n" + sample("en").read_text())
    editor.post(path + "/publish", **{**OPEN, "access": "groups", "groups": [board], "kind": "minutes",
                                      "formats": [], "notice": "In confidence.", "delete_days": 7})
    page = editor.json(path + "/confirm")
    assert (page["groups"], page["readers"]) == ("Board", 1)
    assert page["formats"] == "" and page["notice"] == "In confidence."
    assert [(c["found"], c["removal"]) for c in page["put_right"]] == [("U+200B", True)]
    said = editor.get(path + "/confirm").text
    for words in ("Members of Board: 1", "For reading only", "deleted within 7 days", "names one leaker",
                  "U+200B", "Publish it now"):
        assert words in said


def test_groups_are_chosen_from_the_start_only_where_there_are_some(portal, editor):
    path = draft(editor)
    chosen = re.compile(r'name="access" value="(\w+)" checked')
    assert chosen.findall(editor.get(path + "/publish").text) == ["members"]
    group(portal, "Board", members=[])
    assert chosen.findall(editor.get(path + "/publish").text) == ["groups"]


def test_nothing_is_published_before_it_is_said_who_may_read_it(editor):
    path = draft(editor)
    assert "Say first who may read it" in editor.get(path + "/confirm").text
    editor.post(path + "/publish", 422, **{**OPEN, "access": "groups"})
    stamp_of = editor.json(path + "/confirm")["stamp"]
    editor.post(path + "/confirm", 409, stamp=stamp_of)
    editor.get(path)


@pytest.mark.parametrize("terms, words", [
    ({"later": 1, "due": "2020-01-01T00:00"}, "still to come"),
    ({"expires": "2020-01-01"}, "must come after"),
    ({"colluders": 1}, "Plan for 2"),
    ({"copy_days": -1}, "whole number"),
])
def test_terms_that_make_no_sense_come_back_with_what_was_typed(editor, terms, words):
    path = draft(editor)
    refused = editor.post(path + "/publish", 422, **{**OPEN, "kind": "a kind of its own", **terms})
    assert words in refused.text
    assert "a kind of its own" in refused.text


def test_what_was_changed_after_the_last_page_is_not_published(portal, editor):
    path = draft(editor)
    editor.post(path + "/publish", **OPEN)
    shown = stamp(editor, path)
    editor.post(path, title="", text=SPEECH + "\n\n又加一段。\n", form="txt", version=2)
    assert "read it again" in editor.post(path + "/confirm", 409, stamp=shown).text
    site = next(s for b in editor.json(path + "/sites")["blocks"] for s in b["sites"] if not s["locked"])
    shown = stamp(editor, path)
    editor.post(path + "/sites", version=3, lock=site["number"])
    editor.post(path + "/confirm", 409, stamp=shown)
    assert ask(portal, "SELECT count(*) FROM paper")[0][0] == 0


# --- now -------------------------------------------------------------------------------------------------


def test_a_published_paper_stands_open_with_its_offer_and_is_told(portal, editor):
    reader = portal.person("li@example.org")
    lines = reader.events()
    path = draft(editor)
    key = publish(editor, path, kind="讲话", author="闻书衡", summary="要点。", copy_days=30)
    assert next(line for line in lines if line[1] == "paper")
    assert "同志们" in reader.get(f"/papers/{key}").text
    offer = ask(portal, "SELECT kind, author, summary, access, free, formats, copy_days FROM offer")[0]
    assert offer == ("讲话", "闻书衡", "要点。", "members", 1, "txt md html", 30)
    assert events(portal, "paper.published")[0]["announced"] is True
    assert ask(portal, "SELECT actor FROM event WHERE kind = 'paper.published'")[0][0] == editor.member
    editor.get(path, 404)


def test_a_silent_paper_says_so_in_its_event(portal, editor):
    publish(editor, draft(editor), silent=1)
    assert events(portal, "paper.published")[0]["announced"] is False


def test_a_papers_sites_are_those_that_the_command_line_finds(portal, editor):
    publish(editor, draft(editor))
    portal.library.publish(sample("zh"))
    ours, theirs = (portal.library.json("sites", paper) for paper in ("P1", "P2"))
    assert ours["sites"] == theirs["sites"]
    assert ours["colluders"] == theirs["colluders"]


def test_decisions_about_sites_are_in_force_in_the_paper(portal, editor):
    path = draft(editor)
    site = next(s for b in editor.json(path + "/sites")["blocks"] for s in b["sites"] if not s["locked"])
    editor.post(path + "/sites", version=2, lock=site["number"])
    editor.post(path + "/sites/add", version=2, words="栖川市", alternative="本市")
    publish(editor, path)
    sites = portal.library.json("sites", "P1")["sites"]
    assert next(s for s in sites if s["site"] == "S" + site["number"])["locked"]
    assert [s["alternatives"] for s in sites if s["by_hand"]] == [["栖川", "本"]]


def test_what_is_certainly_wrong_is_put_right_unless_the_editor_says_otherwise(portal, editor):
    text = "One\u200b word.\n\nAnother paragraph here.\n"
    publish(editor, draft(editor, text))
    publish(editor, draft(editor, text), as_is=1)
    assert "\u200b" not in portal.library.master("P1")
    assert "\u200b" in portal.library.master("P2")


def test_groups_notice_and_price_reach_those_they_are_for(portal, editor):
    member, other = portal.person("li@example.org"), portal.person("wu@example.org")
    group(portal, "Board", members=[member])
    board = ask(portal, 'SELECT key FROM "group"')[0][0]
    key = publish(editor, draft(editor), access="groups", groups=[board], notice="In confidence.")
    assert ask(portal, "SELECT count(*) FROM group_paper")[0][0] == 1
    assert ask(portal, "SELECT text FROM notice WHERE scope = 'paper'")[0][0] == "In confidence."
    assert "In confidence." not in other.get(f"/papers/{key}", 404).text
    assert "同志们" not in member.get(f"/papers/{key}", None).text


def test_the_strength_that_the_last_page_states_is_that_of_the_paper(portal, editor):
    path = draft(editor)
    site = next(s for b in editor.json(path + "/sites")["blocks"] for s in b["sites"] if not s["locked"])
    editor.post(path + "/sites", version=2, lock=site["number"])
    editor.post(path + "/publish", **OPEN)
    stated = editor.json(path + "/confirm")["strength"]
    key = publish(editor, path)
    assert editor.json(f"/papers/{key}/manage")["strength"] == stated


def test_a_script_with_a_token_writes_and_publishes(portal, editor):
    secret = "a token of an editor's script"
    do(portal, "INSERT INTO token (hash, member, name, scopes, created_ms) VALUES (?, ?, 'ci', 'publish', 1)",
       hashlib.sha256(secret.encode()).digest(), int(editor.member[1:]))
    script = portal.anyone()

    def post(path, **body):
        answer = script.ask("POST", path, json.dumps(body), [
            ("Authorization", "Bearer " + secret), ("Accept", "application/json"),
            ("Content-Type", "application/json")])
        assert answer.code == 200, answer.text
        return answer.json

    path = post("/write", text=SPEECH)["location"]
    post(path + "/publish", **OPEN)
    told = script.ask("GET", path + "/confirm", headers=[("Authorization", "Bearer " + secret),
                                                         ("Accept", "application/json")]).json
    assert post(path + "/confirm", stamp=told["stamp"])["location"].endswith("/manage")
    assert ask(portal, "SELECT count(*) FROM paper")[0][0] == 1


# --- later -----------------------------------------------------------------------------------------------


def test_a_paper_set_for_later_waits_then_is_published_by_itself(portal, editor):
    reader = portal.person("li@example.org")
    path = draft(editor)
    editor.post(path + "/publish", **{**OPEN, "later": 1, "due": soon()})
    assert "Publish it at that time" in editor.get(path + "/confirm").text
    assert editor.post(path + "/confirm", stamp=stamp(editor, path)).location == "/write"
    assert editor.json("/write")["drafts"][0]["due"]
    assert ask(portal, "SELECT count(*) FROM paper")[0][0] == 0
    refused = editor.post(path, 409, title="", text="changed", form="txt", version=2)
    assert "waits to be published" in refused.text
    lines = reader.events()
    do(portal, "UPDATE draft SET due_ms = ?", now() - 1)
    editor.post("/write")  # an event wakes whoever keeps time
    assert next(line for line in lines if line[1] == "paper")
    assert ask(portal, "SELECT actor FROM event WHERE kind = 'paper.published'")[0][0] == editor.member
    editor.get(path, 404)


def test_a_publication_set_for_later_can_be_stopped(portal, editor):
    path = draft(editor)
    editor.post(path + "/publish", **{**OPEN, "later": 1, "due": soon()})
    editor.post(path + "/confirm", stamp=stamp(editor, path))
    editor.post(path + "/unschedule")
    assert editor.json(path)["due"] is None
    editor.post(path, title="", text="changed", form="txt", version=2)


def test_a_publication_that_failed_says_why_where_the_draft_stands(portal, editor):
    path = draft(editor)
    do(portal, "UPDATE draft SET failed = ?", "No room on the disk.\n磁盘已满。")
    assert "No room on the disk." in editor.get("/write").text
    assert "No room on the disk." in editor.get(path).text
    editor.lang = "zh-CN"
    assert "磁盘已满。" in editor.get(path).text


# --- the next edition -------------------------------------------------------------------------------------


def test_the_next_edition_begins_with_the_last_ones_text_and_keeps_its_bits(portal, editor):
    key = publish(editor, draft(editor))
    path = editor.post(f"/papers/{key}/edit").location
    assert editor.post(f"/papers/{key}/edit").location == path
    page = editor.json(path)
    assert page["next_edition"] and "同志们" in page["text"]
    editor.post(path, title=page["title"], text=page["text"] + "\n\n新版增补一段，说明有关安排。\n",
                form=page["form"], version=page["version"])
    assert "next edition" in editor.get(path + "/publish").text
    editor.post(path + "/publish", level="discreet")
    assert editor.json(path + "/confirm")["edition"] == 2
    editor.post(path + "/confirm", stamp=stamp(editor, path))
    first = portal.library.json("sites", "P1/1")["sites"]
    second = portal.library.json("sites", "P1/2")["sites"]
    assert {s["site"]: s["alternatives"] for s in first}.items() <= \
        {s["site"]: s["alternatives"] for s in second}.items()
    assert [e["number"] for e in editor.json(f"/papers/{key}/manage")["editions"]] == [2, 1]


def test_an_edition_that_changes_nothing_is_refused_in_words(editor):
    key = publish(editor, draft(editor))
    path = editor.post(f"/papers/{key}/edit").location
    editor.post(path + "/publish", level="discreet")
    assert "reads exactly like this already" in editor.post(path + "/confirm", 409,
                                                            stamp=stamp(editor, path)).text


# --- looking after it ------------------------------------------------------------------------------------


def test_the_papers_page_counts_copies_by_day_as_chart_and_table(portal, editor):
    key = publish(editor, draft(editor))
    reader = portal.person("li@example.org")
    assert "Nobody has opened" in editor.get(f"/papers/{key}/manage").text
    reader.get(f"/papers/{key}/download/txt")
    page = editor.json(f"/papers/{key}/manage")
    assert page["copies"] == 1 and page["editions"][0]["copies"] == 1
    assert page["days"] == [{"day": time.strftime("%Y-%m-%d"), "copies": 1}]
    said = editor.get(f"/papers/{key}/manage").text
    assert '<svg viewBox' in said and 'role="img"' in said and time.strftime("%Y-%m-%d") in said


def test_days_without_copies_stand_in_the_chart_too(portal, editor):
    key = publish(editor, draft(editor))
    for name, days in (("li", 0), ("wu", 3)):
        reader = portal.person(f"{name}@example.org")
        reader.get(f"/papers/{key}/download/txt")
        do(portal, "UPDATE copy SET first_ms = first_ms - ? WHERE member = ?", days * DAY,
           int(reader.member[1:]))
    assert [d["copies"] for d in editor.json(f"/papers/{key}/manage")["days"]] == [1, 0, 0, 1]


def test_the_papers_page_tells_who_accepted_its_notice_and_who_is_to_delete(portal, editor):
    key = publish(editor, draft(editor), notice="In confidence.", delete_days=7)
    li, wu = portal.person("li@example.org"), portal.person("wu@example.org")
    notice = ask(portal, "SELECT id, digest FROM notice WHERE scope = 'paper'")[0]
    do(portal, "INSERT INTO acknowledgement (member, notice, digest, time_ms, address)"
       " VALUES (?, ?, ?, ?, '')", int(li.member[1:]), *notice, now())
    for person, attested in ((li, now()), (wu, None)):
        do(portal, "INSERT INTO deletion (paper, member, due_ms, attested_ms) VALUES (1, ?, ?, ?)",
           int(person.member[1:]), now() + 1000, attested)
    page = editor.json(f"/papers/{key}/manage")
    assert [p["name"] for p in page["acknowledgements"]] == ["Li"]
    assert [(p["name"], p["attested"]) for p in page["deletions"]] == [("Wu", False), ("Li", True)]
    assert (page["accepted"], page["to_delete"], page["attested"]) == (1, 1, 1)


def test_a_changed_offer_holds_at_once_and_is_an_event(portal, editor):
    key = publish(editor, draft(editor))
    reader = portal.person("li@example.org")
    reader.get(f"/papers/{key}")
    group(portal, "Board")
    board = ask(portal, 'SELECT key FROM "group"')[0][0]
    editor.post(f"/papers/{key}/offer", access="groups", groups=[board], price="free",
                formats=["txt"], notice="New terms.")
    reader.get(f"/papers/{key}", 403)
    assert events(portal, "offer.changed")[0]["access"] == "groups"
    form = editor.json(f"/papers/{key}/offer")["offer"]
    assert form["for_groups"] and form["notice"] == "New terms."
    assert [f["value"] for f in form["formats"] if f["chosen"]] == ["txt"]
    editor.post(f"/papers/{key}/offer", 422, access="groups", price="free")


def test_a_withdrawn_paper_opens_to_nobody_and_gives_the_reason_until_that_is_taken_back(portal, editor):
    key = publish(editor, draft(editor))
    reader = portal.person("li@example.org")
    editor.post(f"/papers/{key}/withdraw", 422)
    editor.post(f"/papers/{key}/withdraw", reason="Figures were wrong.")
    assert "Figures were wrong." in reader.get(f"/papers/{key}", 403).text
    assert "Figures were wrong." in editor.get(f"/papers/{key}/manage").text
    editor.post(f"/papers/{key}/withdraw", 409, reason="again")
    editor.post(f"/papers/{key}/edit", 409)
    assert events(portal, "paper.withdrawn") == [{"reason": "Figures were wrong."}]
    editor.post(f"/papers/{key}/restore")
    reader.get(f"/papers/{key}")


@pytest.mark.parametrize("whose", ["member", "group", "everybody"])
def test_copies_are_revoked_for_whom_it_is_said_and_lifted_again(portal, editor, whose):
    li, wu = portal.person("li@example.org"), portal.person("wu@example.org")
    group(portal, "Board", members=[li])
    board = ask(portal, 'SELECT key FROM "group"')[0][0]
    key = publish(editor, draft(editor))
    editor.post(f"/papers/{key}/revoke", whose=whose, member="li@example.org", group=board,
                reason="Leaked.")
    li.get(f"/papers/{key}", 403)
    wu.get(f"/papers/{key}", 403 if whose == "everybody" else 200)
    standing = editor.json(f"/papers/{key}/manage")["revocations"]
    assert [(r["reason"], r[whose]) for r in standing] == [("Leaked.", True)]
    editor.post(f"/papers/{key}/lift", revocation=standing[0]["id"])
    li.get(f"/papers/{key}")
    assert len(events(portal, "copies.revoked")) == len(events(portal, "revocation.lifted")) == 1


def test_only_a_steward_revokes_a_members_copies_of_all_papers(portal, editor):
    steward, li = portal.person("sun@example.org", "steward"), portal.person("li@example.org")
    one, other = publish(editor, draft(editor)), publish(editor, draft(editor, SPEECH + "\n另一篇。\n"))
    form = {"whose": "member", "member": li.member, "all_papers": 1, "reason": "Resold them."}
    editor.post(f"/papers/{one}/revoke", 403, **form)
    steward.post(f"/papers/{one}/revoke", **form)
    li.get(f"/papers/{one}", 403)
    li.get(f"/papers/{other}", 403)
    number = steward.json(f"/papers/{other}/manage")["revocations"][0]["id"]
    editor.post(f"/papers/{other}/lift", 403, revocation=number)
    steward.post(f"/papers/{other}/lift", revocation=number)
    li.get(f"/papers/{one}")


def test_a_revocation_of_nobody_in_particular_is_refused(portal, editor):
    key = publish(editor, draft(editor))
    editor.post(f"/papers/{key}/revoke", 422, whose="member", member="nobody@example.org", reason="x")
    editor.post(f"/papers/{key}/revoke", 422, whose="group", group="nosuchgroup", reason="x")
    editor.post(f"/papers/{key}/revoke", 422, whose="somebody", reason="x")
    editor.post(f"/papers/{key}/lift", 404, revocation=1)


# --- who may ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role, manages, writes", [
    (None, 403, 403), ("lead", 403, 403), ("inspector", 403, 403), ("owner", 403, 403),
    ("steward", 200, 403), ("editor", 200, 303)])
def test_looking_after_a_paper_is_for_editors_and_stewards(portal, editor, role, manages, writes):
    key = publish(editor, draft(editor))
    person = portal.person("li@example.org", *([role] if role else []))
    person.get(f"/papers/{key}/manage", manages)
    person.post(f"/papers/{key}/offer", writes, **OPEN)
    person.post(f"/papers/{key}/edit", writes)
    person.post(f"/papers/{key}/withdraw", writes, reason="x")
    revoked = person.post(f"/papers/{key}/revoke", None, whose="everybody", reason="x").code
    assert revoked == (303 if manages == 200 else 403)


def test_papers_are_looked_after_by_key_and_never_by_number(portal, editor):
    key = publish(editor, draft(editor))
    assert key_of(portal, "P1") == key
    for address in ("1", "P1", "0" * 16):
        editor.get(f"/papers/{address}/manage", 404)
