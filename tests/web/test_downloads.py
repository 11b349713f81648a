"""Copies that leave the page: downloads in each format, and links with a time limit and a count."""

import re
from urllib.parse import unquote

import pytest

from shelf import DAY, ask, change_offer, do, events, group, notice, now, publish
from texts import sample

FORMATS = ("txt", "md", "html")


def file_name(answer):
    return unquote(answer.headers["content-disposition"].split("''")[1])


# --- downloads -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FORMATS)
def test_a_download_is_the_members_own_copy_the_same_each_time(portal, kind):
    key = publish(portal, sample("zh", ".txt"))
    reader, other = portal.person("li@example.org"), portal.person("wang@example.org")
    path = f"/papers/{key}/download/{kind}"
    first = reader.get(path)
    assert first.body == reader.get(path).body
    assert first.text == portal.library.copy("P1", reader.member, kind)
    assert first.body != other.get(path).body
    assert file_name(first) == f"在全市抓落实促发展工作会议上的讲话.{kind}"
    assert first.headers["content-disposition"].startswith("attachment;")
    assert "no-store" in first.headers["cache-control"]


def test_a_file_that_a_browser_shows_all_the_same_does_nothing_there(portal):
    key = publish(portal, sample("zh", ".txt"))
    reader = portal.person("li@example.org")
    for _ in range(2):  # decided, and remembered
        headers = reader.get(f"/papers/{key}/download/html").headers
        assert headers["content-security-policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["cache-control"] == "private, no-store"
    secure = reader.get(f"/papers/{key}").headers
    assert {"referrer-policy", "cross-origin-opener-policy", "x-frame-options", "vary"} < set(secure)


def test_every_download_is_on_record(portal):
    key = publish(portal, sample("zh", ".txt"))
    reader = portal.person("li@example.org")
    for kind in ("txt", "txt", "html"):
        reader.get(f"/papers/{key}/download/{kind}")
    assert events(portal, "copy.given") == [
        (reader.member, "P1", {"edition": 1, "member": reader.member, "format": kind})
        for kind in ("txt", "txt", "html")]
    assert ask(portal, "SELECT count(*) FROM copy") == [(1,)]


def test_an_earlier_edition_is_downloaded_as_it_was(portal):
    key = publish(portal, sample("en", ".txt"))
    reader = portal.person("li@example.org")
    before = reader.get(f"/papers/{key}/download/txt").text
    text = sample("en", ".txt").read_text() + "\n\nThis paragraph is new.\n"
    portal.library.publish(portal.library.file("second.txt", text), "--paper", "P1")
    earlier = reader.get(f"/papers/{key}/download/txt?edition=1")
    assert earlier.text == before
    assert file_name(earlier).endswith(" (edition 1).txt")
    assert reader.get(f"/papers/{key}/download/txt").text.endswith("This paragraph is new.\n")
    for nonsense in ("3", "x"):
        reader.get(f"/papers/{key}/download/txt?edition={nonsense}", None)
    assert [e[2]["edition"] for e in events(portal, "copy.given")] == [1, 1, 2], "what was refused is recorded as given"


def test_only_the_formats_that_are_offered_are_given(portal):
    key = publish(portal, sample("zh", ".txt"), formats="txt html")
    reader = portal.person("li@example.org")
    assert [f["name"] for f in reader.json(f"/papers/{key}")["formats"]] == ["txt", "html"]
    assert "not given in that format" in reader.get(f"/papers/{key}/download/md", 403).text
    reader.get(f"/papers/{key}/download/odt", 404)
    reader.get(f"/papers/{key}/download/..", 404)
    assert not events(portal, "copy.given")


def test_a_paper_for_reading_only_refuses_downloads_in_words(portal):
    key = publish(portal, sample("zh", ".txt"), formats="")
    reader = portal.person("li@example.org", lang="zh")
    assert "仅限在线阅读" in reader.get(f"/papers/{key}").text
    assert "仅限在线阅读" in reader.get(f"/papers/{key}/download/txt", 403).text
    assert "仅限在线阅读" in reader.get(f"/papers/{key}/links", 403).text
    reader.post(f"/papers/{key}/links", 403, format="txt", days=1, uses=1)
    assert not events(portal, "copy.given") and not ask(portal, "SELECT * FROM link")


def test_a_name_of_a_file_is_no_path_and_no_header(portal):
    file = portal.library.file("x.md", '# ../a\\b: "c" | d?\n\nThis paper has a title that no system takes.\n')
    key = publish(portal, file)
    name = file_name(portal.person("li@example.org").get(f"/papers/{key}/download/txt"))
    assert not re.search(r'[/\\:*?"<>|]', name) and not name.startswith(".") and name.endswith(".txt")


def test_a_copy_that_was_given_too_long_ago_is_no_longer_given(portal):
    key = publish(portal, sample("zh", ".txt"), copy_days=7)
    reader = portal.person("li@example.org")
    reader.get(f"/papers/{key}/download/txt")
    do(portal, "UPDATE copy SET first_ms = first_ms - ?", 8 * DAY)
    assert reader.json(f"/papers/{key}/download/txt", 403)["why"] == "copy_expired"


# --- links -----------------------------------------------------------------------------------------


def make_link(portal, reader, key, **form):
    made = reader.post(f"/papers/{key}/links", 200, headers=[("Accept", "application/json")],
                       **{"format": "txt", "days": 7, "uses": 1, **form}).json["made"]
    assert made.startswith(portal.url + "/l/")
    return made[len(portal.url):]


def take(holder, path, code=200, accept="1"):
    shown = holder.json(path)
    return holder.post(path, code, accept=accept, digest=shown["digest"])


def test_a_link_gives_its_members_copy_to_whoever_holds_it(portal):
    key = publish(portal, sample("zh", ".txt"))
    reader = portal.person("li@example.org")
    path = make_link(portal, reader, key, note="王")
    assert "edition 1, plain text" in reader.get(f"/papers/{key}/links").text
    assert "edition 1, plain text" in reader.get("/links").text
    holder = portal.anyone()
    page = holder.get(path).text
    assert "Take the copy (plain text)" in page
    assert "marks of its own" in page and "在全市抓落实促发展工作会议上的讲话" in page
    assert reader.member not in page and "Li" not in page
    got = take(holder, path)
    assert got.text == portal.library.copy("P1", reader.member)
    given = events(portal, "link.opened")[0]
    assert given[:2] == ("link", "P1") and given[2]["member"] == reader.member
    assert given[2]["left"] == 0 and given[2]["network"] == "127.0.0.0/24"
    assert [actor for actor, _, _ in events(portal, "copy.given")][0] == "link"


def test_looking_at_a_link_does_not_use_it_up_and_taking_does(portal):
    key = publish(portal, sample("zh", ".txt"))
    path = make_link(portal, portal.person("li@example.org"), key, uses=2)
    holder = portal.anyone()
    for left in (2, 2, 2):
        assert holder.json(path)["left"] == left
        holder.ask("HEAD", path)
    take(holder, path)
    assert holder.json(path)["left"] == 1
    take(holder, path)
    assert "leads nowhere" in holder.get(path, 404).text
    holder.post(path, 404, accept="1", digest="0" * 64)
    assert len(events(portal, "link.opened")) == 2


def test_a_notice_is_to_be_accepted_in_its_present_wording_before_a_link_opens(portal):
    key = publish(portal, sample("zh", ".txt"))
    reader, holder = portal.person("li@example.org"), portal.anyone()
    path = make_link(portal, reader, key)
    before = holder.json(path)["digest"]
    assert holder.post(path, 422, digest=before).code == 422
    notice(portal, "请勿外传本文稿。")
    do(portal, "INSERT INTO acknowledgement SELECT ?, id, digest, 1, '' FROM notice",
       int(reader.member[1:]))
    again = holder.post(path, 409, accept="1", digest=before).text
    assert "请勿外传本文稿。" in again and "once more" in again
    assert not events(portal, "link.opened")
    take(holder, path)


@pytest.mark.parametrize("change", [
    "UPDATE link SET expires_ms = 5", "UPDATE link SET ended_ms = 5", "UPDATE link SET uses_left = 0",
    "UPDATE offer SET withdrawn_ms = 5", "UPDATE offer SET formats = 'md'", "UPDATE offer SET expires_ms = 5",
    "UPDATE offer SET access = 'groups'", "UPDATE account SET suspended_ms = 5",
    "INSERT INTO revocation (member, reason, created_ms) VALUES (1, 'x', 1)",
])
def test_a_link_ends_with_its_time_its_count_and_its_members_entitlement(portal, change):
    key = publish(portal, sample("zh", ".txt"))
    reader, holder = portal.person("li@example.org"), portal.anyone()
    path = make_link(portal, reader, key)
    digest = holder.json(path)["digest"]
    do(portal, change)
    nowhere = portal.anyone().get("/l/" + "a" * 32, 404).text
    strip = lambda page: re.sub(r"to=[^\"]*", "", page)
    assert strip(holder.get(path, 404).text) == strip(nowhere)
    holder.post(path, 404, accept="1", digest=digest)
    assert not events(portal, "copy.given")


def test_all_of_a_members_links_stand_on_one_page_and_end_there(portal):
    first, second = publish(portal, sample("zh", ".txt")), publish(portal, sample("en"))
    reader, other = portal.person("li@example.org"), portal.person("wang@example.org")
    path = make_link(portal, reader, first, note="王", uses=3)
    make_link(portal, reader, second, days=1)
    take(portal.anyone(), path)
    english, chinese = reader.json("/links")["links"]
    assert (chinese["note"], chinese["used"], chinese["uses"], chinese["open"]) == ("王", 1, 3, True)
    assert chinese["paper"] == first and chinese["title"] == "在全市抓落实促发展工作会议上的讲话"
    assert (english["paper"], english["used"]) == (second, 0)
    assert path.split("/")[-1] not in reader.get("/links").text
    assert other.json("/links")["links"] == []
    change_offer(portal, first, withdrawn_ms=1)  # what is closed to them is still theirs to end
    assert reader.post(f"/links/{chinese['key']}/end").location == "/links"
    assert [line["open"] for line in reader.json("/links")["links"]] == [True, False]
    assert reader.json("/links")["open_count"] == 1


def test_links_are_listed_and_ended_by_their_member_alone(portal):
    key = publish(portal, sample("zh", ".txt"))
    reader, other = portal.person("li@example.org"), portal.person("wang@example.org")
    path = make_link(portal, reader, key, note="Zhang")
    listed = reader.json(f"/papers/{key}/links")["links"]
    assert [(line["note"], line["left"], line["open"]) for line in listed] == [("Zhang", 1, True)]
    assert path.split("/")[-1] not in reader.get(f"/papers/{key}/links").text
    take(portal.anyone(), path)
    used, = reader.json(f"/papers/{key}/links")["links"]
    assert (used["used"], used["uses"], used["used_up"], used["open"]) == (1, 1, True, False)
    assert "used up" in reader.get(f"/papers/{key}/links").text
    assert other.json(f"/papers/{key}/links")["links"] == []
    other.post(f"/links/{listed[0]['key']}/end", 404)
    reader.post(f"/links/{listed[0]['key']}/end")
    assert not reader.json(f"/papers/{key}/links")["links"][0]["open"]
    portal.anyone().get(path, 404)
    assert len(events(portal, "link.ended")) == 1


def test_a_secret_is_kept_as_its_digest_only(portal):
    key = publish(portal, sample("zh", ".txt"))
    secret = make_link(portal, portal.person("li@example.org"), key).split("/")[-1]
    for name in ("chancery.db", "chancery.db-wal"):
        assert secret.encode() not in (portal.library.data / name).read_bytes()


@pytest.mark.parametrize("form", [{"days": 0}, {"days": 31}, {"uses": 0}, {"uses": 21}, {"format": "odt"},
                                  {"uses": "x"}])
def test_a_link_beyond_its_limits_is_refused(portal, form):
    key = publish(portal, sample("zh", ".txt"))
    reader = portal.person("li@example.org")
    reader.post(f"/papers/{key}/links", None, **{"format": "txt", "days": 7, "uses": 1, **form})
    assert not ask(portal, "SELECT * FROM link")
