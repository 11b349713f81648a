"""Reading: the list, the member's own copy as a page, refusals in words, the reading position."""

import html
import re

import pytest

from shelf import (DAY, ask, change_offer, do, events, group, key_of, notice, now, paper_of, publish,
                   subscribe)
from texts import sample


def words(text):
    """What a reader sees: no tags, no white space."""
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]*>", "", text)))


# --- the copy --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_holds_the_members_own_words_and_no_others(portal, lang):
    key = publish(portal, sample(lang, ".txt"))
    readers = [portal.person(f"m{i}@example.org") for i in range(4)]
    pages = [reader.json(f"/papers/{key}")["html"] for reader in readers]
    copies = [portal.library.copy("P1", reader.member) for reader in readers]
    master = portal.library.master("P1")
    for page, copy in zip(pages, copies):
        assert words(page) == re.sub(r"\s+", "", copy)
        assert words(page) != re.sub(r"\s+", "", master)
    assert len(set(pages)) == 4


def test_the_page_around_the_copy_holds_nothing_of_the_master(portal):
    key = publish(portal, sample("zh", ".txt"), summary="一份讲话。")
    reader = portal.person("li@example.org", lang="zh")
    page = reader.get(f"/papers/{key}").text
    own = portal.library.copy("P1", reader.member)
    master = portal.library.master("P1")
    own_words = words(own)
    only_master = {part for part in re.split(r"[，。；、\s]", master)
                   if len(part) > 4 and part not in own_words}
    assert only_master
    assert not {part for part in only_master if part in words(page)}


def test_the_same_words_come_each_time_and_the_master_keeps_its_ids(portal):
    key = publish(portal, sample("zh", ".txt"))
    reader = portal.person("li@example.org")
    first, again = (reader.json(f"/papers/{key}")["html"] for _ in range(2))
    assert first == again
    assert '<h1 id="title">' in first and 'id="p1"' in first and 'id="h1"' in first


def test_every_heading_is_linked_from_the_outline_at_the_side(portal):
    key = publish(portal, sample("zh", ".txt"))
    page = portal.person("li@example.org").get(f"/papers/{key}").text
    ids = re.findall(r'<h[2-6] id="(h\d+)"', page)
    links = re.findall(r'<li><a href="#(h\d+)">', page)
    assert ids and ids == links


def test_credit_and_notice_stand_around_the_copy(portal):
    key = publish(portal, sample("zh", ".txt"))
    portal.library.run("settings", "set", "credit", "示例协会 · office@example.org")
    portal.library.run("settings", "set", "notice", "本副本带有标记。\n请勿外传。")
    reader = portal.person("li@example.org")
    page = reader.get(f"/papers/{key}").text
    assert page.count("示例协会 · office@example.org") == 2
    assert "<p>请勿外传。</p>" in page
    told = reader.json(f"/papers/{key}")
    assert [line["text"] for line in told["notice"]] == ["本副本带有标记。", "请勿外传。"]


def test_the_edition_selector_leads_to_each_edition(portal):
    key = publish(portal, sample("zh", ".txt"))
    text = sample("zh", ".txt").read_text() + "\n\n本段为第二版增补的内容。\n"
    portal.library.publish(portal.library.file("second.txt", text), "--paper", "P1")
    reader = portal.person("li@example.org")
    assert reader.json(f"/papers/{key}")["edition"] == 2
    first = reader.json(f"/papers/{key}/1")
    assert first["edition"] == 1 and "第二版增补" not in first["html"]
    assert not first["newest"]
    assert [e["number"] for e in first["editions"]] == [2, 1]
    assert "earlier edition" in reader.get(f"/papers/{key}/1").text
    for nothing in ("0", "3", "01x", "-1", "99999999999999999999"):
        reader.get(f"/papers/{key}/{nothing}", 404)


# --- the record ------------------------------------------------------------------------------------


def test_reading_is_on_record_once_a_day_before_the_page_goes_out(portal):
    key = publish(portal, sample("zh", ".txt"))
    reader = portal.person("li@example.org")
    for _ in range(3):
        reader.get(f"/papers/{key}")
    assert events(portal, "copy.opened") == [
        (reader.member, "P1", {"edition": 1, "member": reader.member, "format": "page"})]
    assert ask(portal, "SELECT member FROM copy") == [(int(reader.member[1:]),)]
    portal.library.run("verify")


def test_a_refused_reader_leaves_no_copy_on_record(portal):
    key = publish(portal, sample("zh", ".txt"), expires_ms=now() - DAY)
    portal.person("li@example.org").get(f"/papers/{key}", 403)
    assert not ask(portal, "SELECT * FROM copy") and not events(portal, "copy.opened")


# --- refusals --------------------------------------------------------------------------------------


def refused(portal, reader, key, why, words_en):
    told = reader.json(f"/papers/{key}", 403)
    assert told["why"] == why and told["title"] and "html" not in told
    page = reader.get(f"/papers/{key}", 403).text
    assert words_en in page
    for path in ("/1", "/access", "/download/txt", "/links", "/difference?from=1&to=1"):
        path = f"/papers/{key}{path}"
        assert reader.json(path, 403)["why"] == why
    body = portal.library.master("P1").split("\n")[-2][:30]
    assert body not in page
    return told


def test_what_was_published_before_the_look_back_is_refused(portal):
    key = publish(portal, sample("zh", ".txt"), free=0, published_ms=now() - 4 * 365 * DAY)
    reader = portal.person("li@example.org")
    subscribe(portal, reader, group(portal, "研究", key), -10, 355, -3 * 365)
    refused(portal, reader, key, "look_back", "plan")
    change_offer(portal, key, published_ms=now() - 2 * 365 * DAY)
    reader.get(f"/papers/{key}")


def test_an_ended_subscription_refuses_and_says_since_when(portal):
    key = publish(portal, sample("zh", ".txt"), free=0, published_ms=now() - 30 * DAY)
    reader = portal.person("li@example.org")
    subscribe(portal, reader, group(portal, "研究", key), -100, -1, -300)
    assert refused(portal, reader, key, "ended", "plan")["since"]


def test_a_paper_whose_time_is_over_is_refused_with_its_title_and_summary(portal):
    key = publish(portal, sample("zh", ".txt"), expires_ms=now() - DAY, summary="关于工作安排的讲话")
    reader = portal.person("li@example.org")
    assert refused(portal, reader, key, "expired", "关于工作安排的讲话")["summary"] == "关于工作安排的讲话"


def test_a_revoked_copy_is_refused_and_others_go_on_reading(portal):
    key = publish(portal, sample("zh", ".txt"))
    reader, other = portal.person("li@example.org"), portal.person("wang@example.org")
    do(portal, "INSERT INTO revocation (paper, member, reason, created_ms) VALUES (1, ?, 'leak', 1)",
       int(reader.member[1:]))
    refused(portal, reader, key, "revoked", "steward")
    other.get(f"/papers/{key}")


def test_a_withdrawn_paper_is_refused_with_the_editors_words(portal):
    key = publish(portal, sample("zh", ".txt"), withdrawn_ms=now(), withdrawn_why="内容有误")
    refused(portal, portal.person("li@example.org"), key, "withdrawn", "内容有误")


def test_a_paper_with_a_notice_waits_for_its_acceptance(portal):
    key = publish(portal, sample("zh", ".txt"))
    reader = portal.person("li@example.org")
    notice(portal, "副本带有标记，请勿外传。")
    told = reader.json(f"/papers/{key}", 403)
    assert told["why"] == "notice" and "html" not in told
    asked = reader.get(f"/papers/{key}/1", 303).location
    assert asked == reader.json(f"/papers/{key}/1", 403)["notice"]
    page = reader.get(asked).text
    assert "请勿外传" in page and f'value="/papers/{key}/1"' in page
    accept = re.search(r'action="(/notices/[^"]*/accept)"', page)[1]
    assert reader.post(accept, next=f"/papers/{key}/1").location == f"/papers/{key}/1"
    reader.get(f"/papers/{key}/1")


def test_the_access_page_says_until_when_a_paper_is_open(portal):
    key = publish(portal, sample("zh", ".txt"), expires_ms=now() + 5 * DAY, formats="")
    told = portal.person("li@example.org").json(f"/papers/{key}/access")
    assert told["open"] and told["until"] and not told["downloads"]


# --- no enumeration --------------------------------------------------------------------------------


def test_what_is_unknown_not_yet_published_or_secret_answers_alike(portal):
    soon = publish(portal, sample("zh", ".txt"), published_ms=now() + DAY)
    secret = publish(portal, sample("en", ".txt"))
    group(portal, "理事会", secret)
    reader = portal.person("li@example.org")
    answers = set()
    for key in (soon, secret, "a" * 16, "P1", "1", "'"):
        for path in ("", "/1", "/access", "/download/txt", "/links", "/difference?from=1&to=1"):
            page = reader.get(f"/papers/{key}{path}", 404)
            told = reader.get(f"/papers/{key}{path}", 404, Accept="application/json")
            answers.add((told.text, re.sub(r"to=[^\"]*|data-live-after=\"\d+\"", "", page.text)))
    assert len(answers) == 1


def test_a_secret_paper_is_open_to_its_group_alone_and_listed_for_nobody_else(portal):
    secret = publish(portal, sample("en", ".txt"))
    inside, outside = portal.person("in@example.org"), portal.person("out@example.org")
    group(portal, "理事会", secret, members=[inside])
    inside.get(f"/papers/{secret}")
    assert [p["key"] for p in inside.json("/papers")["papers"]] == [secret]
    outside.get(f"/papers/{secret}", 404)
    assert outside.json("/papers")["papers"] == [] == outside.json("/")["papers"]


def test_a_paper_of_a_public_group_may_be_known_before_joining(portal):
    key = publish(portal, sample("en", ".txt"))
    group(portal, "读书会", key, door="public")
    told = portal.person("li@example.org").json(f"/papers/{key}", 403)
    assert told["why"] == "group" and told["title"]


def test_nobody_reads_without_signing_in(portal):
    key = publish(portal, sample("zh", ".txt"))
    anyone = portal.anyone()
    for path in ("/papers", f"/papers/{key}", f"/papers/{key}/1", f"/papers/{key}/access"):
        assert anyone.get(path, 303).location.startswith("/sign-in")
        anyone.get(path, 401, Accept="application/json")


# --- lists -----------------------------------------------------------------------------------------


def test_the_list_is_paged_with_the_newest_first_and_filtered(portal):
    keys = []
    for i in range(23):
        file = portal.library.file(f"{i}.md", f"# Paper {i}\n\nThis is paper number {i}, about work.\n")
        keys.append(publish(portal, file, published_ms=now() - (100 - i) * DAY,
                            kind="note" if i % 2 else "minutes"))
    reader = portal.person("li@example.org")
    page = reader.json("/papers")
    assert [p["key"] for p in page["papers"]] == keys[:2:-1]
    assert [p["key"] for p in reader.json(page["older"])["papers"]] == keys[2::-1]
    notes = reader.json("/papers?kind=note")
    assert {p["kind"] for p in notes["papers"]} == {"note"} and len(notes["papers"]) == 11
    assert [k["value"] for k in notes["kinds"]] == ["minutes", "note"]
    group(portal, "Council", *keys[:3], members=[reader])
    council = reader.json("/papers")["groups"][0]["value"]
    assert [p["key"] for p in reader.json(f"/papers?group={council}")["papers"]] == keys[2::-1]
    assert "No paper fits" in reader.get("/papers?kind=nothing").text


def test_what_is_read_is_no_longer_unread_until_its_next_edition(portal):
    key = publish(portal, sample("zh", ".txt"))
    reader = portal.person("li@example.org")
    unread = lambda: reader.json("/papers")["papers"][0]["unread"]
    assert unread()
    reader.get(f"/papers/{key}")
    assert not unread()
    text = sample("zh", ".txt").read_text() + "\n\n本段为第二版增补的内容。\n"
    portal.library.publish(portal.library.file("second.txt", text), "--paper", "P1")
    assert unread()


# --- position --------------------------------------------------------------------------------------


def test_the_reading_position_is_kept_and_offered_again(portal):
    key = publish(portal, sample("zh", ".txt"))
    reader, other = portal.person("li@example.org"), portal.person("wang@example.org")
    reader.get(f"/papers/{key}")
    reader.post(f"/papers/{key}/position", edition=1, anchor="p3")
    assert '<a href="#p3">' in reader.get(f"/papers/{key}").text
    assert [p["path"] for p in reader.json("/")["reading"]] == [f"/papers/{key}#p3"]
    assert "#p3" not in other.get(f"/papers/{key}").text
    assert other.json("/")["reading"] == []


def test_a_position_is_a_place_in_a_paper_that_is_open(portal):
    key = publish(portal, sample("zh", ".txt"))
    reader = portal.person("li@example.org")
    for anchor in ("x", "p", "p0", "p1\"", "javascript:1", "p-1"):
        reader.post(f"/papers/{key}/position", 422, edition=1, anchor=anchor)
    reader.post(f"/papers/{key}/position", 404, edition=7, anchor="p1")
    change_offer(portal, key, withdrawn_ms=now())
    reader.post(f"/papers/{key}/position", 403, edition=1, anchor="p1")
    assert not ask(portal, "SELECT * FROM reading")
    assert reader.json("/")["reading"] == []


def test_editors_and_stewards_find_from_the_paper_what_they_do_with_it(portal):
    key = publish(portal, sample("en"))
    pages = {role: portal.person(f"{role or 'member'}@example.org", *([role] if role else [])).get(f"/papers/{key}").text
             for role in ("", "editor", "steward")}
    assert [f"/papers/{key}/manage" in page for page in pages.values()] == [False, True, True]
    assert [f'action="/papers/{key}/edit"' in page for page in pages.values()] == [False, True, False]
