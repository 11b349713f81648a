"""The feed: valid Atom of what the member may open, and nothing else, ever."""

import re
import xml.etree.ElementTree as xml

import pytest

import shelf
from texts import sample

ATOM = "{http://www.w3.org/2005/Atom}"


def feed_of(person):
    """Makes a feed and gives its path."""
    page = person.post("/feeds", 200).text
    return re.search(r'<code id="feed-address">https?://[^/<]+(/feed/[^<]+)</code>', page)[1]


def fetch(portal, path, code=200, **headers):
    return portal.anyone().get(path, code, **headers)


def titles(portal, path):
    root = xml.fromstring(fetch(portal, path).body)
    return [entry.find(f"{ATOM}title").text for entry in root.findall(f"{ATOM}entry")]


def assert_is_atom(body):
    """What RFC 4287, sections 4.1.1 and 4.1.2, demands."""
    root = xml.fromstring(body)
    assert root.tag == f"{ATOM}feed"
    stamp = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
    ids = []
    for element in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
        assert stamp.fullmatch(element.find(f"{ATOM}updated").text)
        ids.append(element.find(f"{ATOM}id").text)
        assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", ids[-1])
        alternate = [x for x in element.findall(f"{ATOM}link") if x.get("rel") == "alternate"]
        assert len(alternate) == 1 and alternate[0].get("href").startswith("http")
        assert len(element.findall(f"{ATOM}summary")) <= 1
    assert len(set(ids)) == len(ids)
    assert root.find(f"{ATOM}author/{ATOM}name").text
    assert [x for x in root.findall(f"{ATOM}link") if x.get("rel") == "self"]
    return root


def test_a_feed_is_valid_and_holds_title_author_summary_and_address_but_no_text(portal):
    portal.library.run("settings", "set", "site.url", "https://papers.example.org")
    portal.library.run("settings", "set", "organisation", "研究会 & <friends>")
    li = portal.person("li@example.org")
    path = feed_of(li)
    text = portal.library.file("p.md", "# A & <b>\n\nThe text itself.\n")
    key = shelf.publish(portal, text, author="Li \"the\" <author>", summary="In short & sweet \x01\ufffe\uffff")
    shelf.publish(portal, sample("zh"))
    answer = fetch(portal, path)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = assert_is_atom(answer.body)
    assert root.find(f"{ATOM}title").text == "研究会 & <friends>: new papers"
    second, first = root.findall(f"{ATOM}entry")
    assert first.find(f"{ATOM}title").text == "A & <b>"
    assert first.find(f"{ATOM}author/{ATOM}name").text == 'Li "the" <author>'
    assert first.find(f"{ATOM}summary").text == "In short & sweet "
    assert first.find(f"{ATOM}link").get("href") == f"https://papers.example.org/papers/{key}"
    assert second.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-Hans"
    assert b"text itself" not in answer.body


def test_an_empty_feed_is_valid_too_and_speaks_the_members_language(portal):
    li = portal.person("li@example.org")
    path = feed_of(li)
    assert_is_atom(fetch(portal, path).body)
    assert "Chancery: new papers" in fetch(portal, path).text
    assert "Chancery：新文稿" in fetch(portal, path + "?lang=zh").text
    shelf.do(portal, "UPDATE account SET lang = 'zh'")
    assert "Chancery：新文稿" in fetch(portal, path).text
    assert "Chancery: new papers" in fetch(portal, path + "?lang=en").text


def test_what_a_feed_reader_has_already_is_not_sent_again(portal):
    path = feed_of(portal.person("li@example.org"))
    portal.library.publish(sample("en"))
    first = fetch(portal, path)
    tag = first.headers["etag"]
    kept = fetch(portal, path, 304, **{"If-None-Match": f'"other", {tag}'})
    assert kept.body == b"" and kept.headers["etag"] == tag
    assert "no-store" not in first.headers["cache-control"]
    portal.library.publish(sample("zh"))
    fresh = fetch(portal, path, 200, **{"If-None-Match": tag})
    assert fresh.headers["etag"] != tag


def test_each_member_has_only_what_is_open_to_them(portal):
    li, wang = portal.person("li@example.org"), portal.person("wang@example.org")
    for_li, for_wang = feed_of(li), feed_of(wang)
    key = shelf.publish(portal, sample("en"), "--title", "For the group")
    shelf.group(portal, "Board", key, members=[li])
    shelf.publish(portal, sample("zh"), "--title", "For all")
    assert titles(portal, for_li) == ["For all", "For the group"]
    assert titles(portal, for_wang) == ["For all"]


@pytest.mark.parametrize("end", ["expires_ms = 1", "withdrawn_ms = 1", "free = 0"])
def test_nothing_stays_in_a_feed_once_it_is_closed(portal, end):
    path = feed_of(portal.person("li@example.org"))
    portal.library.publish(sample("en"), "--title", "Closing")
    tag = fetch(portal, path).headers["etag"]
    assert titles(portal, path) == ["Closing"]
    shelf.do(portal, f"UPDATE offer SET {end}")
    after = fetch(portal, path, 200, **{"If-None-Match": tag})
    assert b"Closing" not in after.body


def test_a_new_edition_moves_its_entry_and_keeps_its_id(portal):
    path = feed_of(portal.person("li@example.org"))
    text = "# Title\n\nSome words of it.\n"
    paper = portal.library.publish(portal.library.file("p.md", text))
    before = xml.fromstring(fetch(portal, path).body).find(f"{ATOM}entry")
    portal.library.publish(portal.library.file("q.md", text + "\nMore.\n"), "--paper", paper,
                           "--title", "Title, again")
    after, = xml.fromstring(fetch(portal, path).body).findall(f"{ATOM}entry")
    assert after.find(f"{ATOM}title").text == "Title, again"
    assert after.find(f"{ATOM}id").text == before.find(f"{ATOM}id").text
    assert after.find(f"{ATOM}published").text == before.find(f"{ATOM}published").text


def test_a_feed_ends_with_its_token_its_members_suspension_and_is_not_guessed(portal):
    li = portal.person("li@example.org")
    path = feed_of(li)
    fetch(portal, path)
    for address in ("/feed/x", path[:-1], path.upper(), "/feed/" + "0" * 64):
        fetch(portal, address, 404)
    shelf.do(portal, "UPDATE account SET suspended_ms = 1")
    fetch(portal, path, 404)
    shelf.do(portal, "UPDATE account SET suspended_ms = NULL")
    fetch(portal, path)
    shelf.do(portal, "UPDATE token SET ended_ms = 1")
    fetch(portal, path, 404)


def test_a_token_for_something_else_opens_no_feed_and_one_for_a_feed_nothing_else(portal):
    li = portal.person("li@example.org")
    token = feed_of(li).removeprefix("/feed/")
    bearer = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    assert portal.anyone().get("/papers", 403, **bearer)
    shelf.do(portal, "UPDATE token SET scopes = 'read'")
    fetch(portal, f"/feed/{token}", 404)
    portal.anyone().get("/papers", 200, **bearer)


def test_the_page_shows_an_address_once(portal):
    li = portal.person("li@example.org", lang="zh")
    assert "您还没有订阅源地址" in li.get("/feeds").text
    token = feed_of(li).removeprefix("/feed/")
    page = li.get("/feeds").text
    assert "在用的订阅源地址：1 个" in page and token not in page
    assert token not in li.get("/account").text
