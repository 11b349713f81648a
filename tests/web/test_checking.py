"""Numbers of copies: who holds a copy learns whether it is still good, and nothing else; stewards learn whose it is,
on record."""

import io
import re
import urllib.parse
import zipfile

import pytest
from portal import eventually
from shelf import DAY, ask, change_offer, do, events, now, publish
from texts import sample

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@pytest.fixture
def key(portal):
    portal.library.run("settings", "set", "organisation", "Harbour Board")
    return publish(portal, sample("en", ".txt"))


@pytest.fixture
def reader(portal):
    return portal.person("li.hua@example.org")


def number_of(portal, reader, edition=1):
    found = ask(portal, "SELECT number FROM copy WHERE member = ? AND edition = ?", int(reader.member[1:]), edition)[0][0]
    return "-".join(found[i:i + 4] for i in range(0, 16, 4))


def given(portal, reader, key):
    reader.get(f"/papers/{key}/download/txt")
    return number_of(portal, reader)


def state(portal, number):
    return portal.anyone().json(f"/check/{number}")["state"]


def slip(number):
    """The same with one character mistyped."""
    return number[:-1] + next(c for c in ALPHABET if c != number[-1])


def never_given():
    values = [7] * 15
    sum_ = sum((i + 1) * v for i, v in enumerate(values))
    return "".join(ALPHABET[v] for v in [*values, 2 * (31 - sum_ % 31) % 31])


def test_a_copy_has_one_number_in_every_format_and_on_the_page(portal, key, reader):
    reader.get(f"/papers/{key}")
    number = number_of(portal, reader)
    assert re.fullmatch(f"([{ALPHABET}]{{4}}-){{3}}[{ALPHABET}]{{4}}", number)
    for kind in ("txt", "html", "txt"):
        reader.get(f"/papers/{key}/download/{kind}")
        assert number_of(portal, reader) == number
    other = portal.person("wang@example.org")
    assert given(portal, other, key) != number


def test_a_copy_from_before_numbers_gets_one_when_it_is_given_again(portal, key, reader):
    given(portal, reader, key)
    do(portal, "UPDATE copy SET number = NULL")
    number = given(portal, reader, key)
    assert state(portal, number) == "current"
    assert given(portal, reader, key) == number


def test_anybody_sees_whether_a_copy_is_good_and_neither_whose_nor_what(portal, key, reader):
    number = given(portal, reader, key)
    title = reader.json(f"/papers/{key}")["title"]
    for lang, word in (("en", "It is current"), ("zh", "现行有效")):
        page = portal.anyone(lang).get(f"/check/{number}")
        assert word in page.text and "Harbour Board" in page.text
        for told in ("Li.Hua", "li.hua@example.org", reader.member, title, key, "P1"):
            assert told not in page.text
        assert page.headers["cache-control"] == "private, no-store"
        assert "noindex" in page.headers["x-robots-tag"]
        assert page.headers["referrer-policy"].endswith("no-referrer")
    found = portal.anyone().json(f"/check/{number}")
    assert found.keys() == {"number", "state", "words", "checked"} and found["state"] == "current"
    assert {**portal.anyone().json(f"/check?number={number}"), "checked": found["checked"]} == found
    assert not events(portal, "trace.number"), "nobody is watched checking a copy"


def test_a_number_is_taken_however_it_is_typed(portal, key, reader):
    number = given(portal, reader, key)
    wide = "".join(chr(ord(c) - 33 + 0xFF01) for c in number)
    pasted = f"https://{'long.' * 20}example.org/check/{number}"
    for typed in (number.lower(), number.replace("-", ""), number.replace("-", " "), wide, pasted):
        assert portal.anyone().json("/check?" + urllib.parse.urlencode({"number": typed}))["state"] == "current"


def test_numbers_never_given_and_mistyped_ones_read_the_same(portal, key, reader):
    number = given(portal, reader, key)
    answers = []
    for typed in (slip(number), never_given(), "qq", "nothing-here", "x" * 59):
        page = portal.anyone().get(f"/check/{typed}")
        answers.append((page.code, re.sub(r"\d\d?:\d\d", "", page.text.replace(typed, "…"))))
    assert len(set(answers)) == 1
    assert "No copy has this number" in answers[0][1]


REVOKED = "INSERT INTO revocation ({}, reason, created_ms) VALUES ({}, 'x', 1)"
LIFTED = "DELETE FROM revocation"
HAPPENS = [  # what, how it is undone, what is said then
    ("UPDATE offer SET expires_ms = 1", "UPDATE offer SET expires_ms = NULL", "expired"),
    ("UPDATE offer SET copy_days = 1", "UPDATE offer SET copy_days = NULL", "current"),
    ("UPDATE offer SET withdrawn_ms = 1, expires_ms = 1", "UPDATE offer SET withdrawn_ms = NULL, expires_ms = NULL",
     "revoked"),
    (REVOKED.format("paper", "1"), LIFTED, "revoked"),
    (REVOKED.format("member", "(SELECT member FROM copy)"), LIFTED, "revoked"),
    (REVOKED.format("paper, lifted_ms", "1, 2"), LIFTED, "current"),
    ("UPDATE account SET suspended_ms = 1", "UPDATE account SET suspended_ms = NULL", "current"),
    ("UPDATE offer SET free = 0", "UPDATE offer SET free = 1", "current"),
    ("UPDATE offer SET access = 'groups'", "UPDATE offer SET access = 'members'", "current"),
    ("UPDATE member SET erased_ms = 1", "UPDATE member SET erased_ms = NULL", "expired"),
]


def test_what_is_said_of_a_copy_rests_on_the_copy_and_not_on_what_its_member_may_open(portal, key, reader):
    number = given(portal, reader, key)
    for sql, undo, then in HAPPENS:
        do(portal, sql)
        assert state(portal, number) == then, sql
        do(portal, undo)
        assert state(portal, number) == "current", undo


def test_a_copys_days_and_a_newer_edition_are_told(portal, key, reader):
    number = given(portal, reader, key)
    portal.library.publish(portal.library.file("2.txt", sample("en", ".txt").read_text() + "\n\nNew.\n"), "--paper", "P1")
    assert state(portal, number) == "superseded"
    reader.get(f"/papers/{key}/download/txt")
    assert state(portal, number_of(portal, reader, 2)) == "current"
    change_offer(portal, key, copy_days=7)
    do(portal, "UPDATE copy SET first_ms = ? WHERE edition = 1", now() - 8 * DAY)
    assert state(portal, number) == "expired"


def test_an_erased_members_copy_does_not_turn_good_by_it(portal, key, reader):
    number = given(portal, reader, key)
    steward = portal.person("s@example.org", "steward")
    do(portal, "UPDATE member SET name = '', erased_ms = 1 WHERE id = ?", int(reader.member[1:]))
    assert state(portal, number) == "expired"
    page = steward.post("/trace/number", 200, number=number)
    assert "A member who was erased" in page.text and "Li.Hua" not in page.text


def test_whoever_guesses_numbers_has_to_wait_and_whoever_holds_copies_has_not(portal, key, reader):
    number = given(portal, reader, key)
    anyone = portal.anyone()
    for _ in range(40):
        assert anyone.json(f"/check/{number}")["state"] == "current"
    codes = [anyone.ask("GET", f"/check/{slip(number)}").code for _ in range(31)]
    assert codes == [200] * 30 + [429]
    late = anyone.ask("GET", f"/check/{number}")
    assert late.code == 429 and int(late.headers["retry-after"]) > 0


def test_only_stewards_ask_whose_a_copy_is_and_that_they_did_is_on_record(portal, key, reader):
    number = given(portal, reader, key)
    steward = portal.person("s@example.org", "steward")
    assert "/trace/number" in steward.get(f"/check/{number}").text
    assert "/trace/number" not in reader.get(f"/check/{number}").text
    page = steward.post("/trace/number", 200, number=number.lower())
    assert "Li.Hua" in page.text and "proves nothing" in page.text
    assert events(portal, "trace.number") == [(steward.member, "P1", {"edition": 1, "member": reader.member})]
    found = steward.post("/trace/number", 200, headers=[("Accept", "application/json")], number=number).json
    assert (found["member"], found["paper"], found["number"]) == (reader.member, "P1", number)
    wrong = steward.post("/trace/number", 422, number=slip(number))
    assert "No copy has this number" in wrong.text
    assert len(events(portal, "trace.number")) == 2
    assert "Li.Hua" in steward.post("/trace/number", 200, number=f"https://example.org/check/{number}").text
    for person in (reader, portal.person("e@example.org", "editor"), portal.anyone()):
        assert person.post("/trace/number", None, number=number).code in (401, 403)


def test_a_member_does_not_learn_that_a_steward_asked(portal, key, reader):
    number = given(portal, reader, key)
    portal.person("s@example.org", "steward").post("/trace/number", 200, number=number)
    for page in ("/account/data", "/account/data/file"):
        answer = reader.ask("GET", page)
        assert "trace.number" not in answer.text


# --- visible marks ---------------------------------------------------------------------------------


def visible(html):
    found = re.search(r'<aside class="mark[^>]*>(.*?)</aside>', html)
    return found and found[1]


def test_a_visible_mark_shows_name_day_and_number_and_leads_to_the_check(portal, key, reader):
    portal.library.run("settings", "set", "site.url", portal.url)
    plain = reader.get(f"/papers/{key}/download/html").text
    assert visible(plain) is None and "Li.Hua" not in plain
    change_offer(portal, key, mark="margin")
    html = reader.get(f"/papers/{key}/download/html").text
    number = number_of(portal, reader)
    assert re.match(rf"Li\.Hua · {number} · \d{{4}}-\d\d-\d\d \d\d:\d\d ", visible(html))
    address = re.search(r'href="([^"]+/check/[^"]+)"', html)[1]
    assert portal.anyone().json(address.removeprefix(portal.url))["state"] == "current"
    assert reader.get(f"/papers/{key}/download/html").text == html, "a copy is the same each time"
    change_offer(portal, key, mark="diagonal")
    across = reader.get(f"/papers/{key}/download/html").text
    assert across.count(number) > 10 and 'aria-hidden="true"' in across
    change_offer(portal, key, formats="txt md html docx")
    with zipfile.ZipFile(io.BytesIO(reader.get(f"/papers/{key}/download/docx").body)) as package:
        parts = [package.read(name) for name in package.namelist()]
    assert any(number.encode() in part and b"Li.Hua" in part for part in parts)
    for kind in ("txt", "md"):
        assert number not in reader.get(f"/papers/{key}/download/{kind}").text
    assert "your copy&#39;s number" in reader.get(f"/papers/{key}").text or "your copy's number" in reader.get(f"/papers/{key}").text


def test_a_visible_mark_calls_its_member_as_they_are_called_today_and_shows_it_as_text(portal, key, reader):
    change_offer(portal, key, mark="margin")
    before = visible(reader.get(f"/papers/{key}/download/html").text)
    do(portal, "UPDATE member SET name = ? WHERE id = ?", "<b>王 & 李</b>", int(reader.member[1:]))
    after = visible(reader.get(f"/papers/{key}/download/html").text)
    assert after == before.replace("Li.Hua", "&lt;b&gt;王 &amp; 李&lt;/b&gt;")


def test_an_editor_chooses_the_visible_mark_of_a_paper(portal, key):
    editor = portal.person("e@example.org", "editor")
    form = editor.json(f"/papers/{key}/offer")["offer"]
    assert [m["value"] for m in form["marks"] if m["chosen"]] == ["none"]
    editor.post(f"/papers/{key}/offer", access="members", price="free", formats="html", mark="diagonal")
    assert editor.json(f"/papers/{key}/manage")["mark"] == "diagonal"
    assert "across the page" in editor.get(f"/papers/{key}/manage").text
    assert events(portal, "offer.changed")[-1][2]["mark"] == "diagonal"


def test_a_link_gives_the_members_copy_with_the_members_number(portal, key, reader):
    change_offer(portal, key, mark="margin")
    made = reader.post(f"/papers/{key}/links", 200, headers=[("Accept", "application/json")],
                       format="html", days=7, uses=1).json["made"].removeprefix(portal.url)
    holder = portal.anyone()
    page = holder.json(made)
    assert any("name, the time and its number" in line["text"] for line in page["notice"])
    copy = holder.post(made, 200, accept="1", digest=page["digest"])
    assert number_of(portal, reader) in visible(copy.text)


def finished(person, run):
    eventually(lambda: person.json(run)["state"] not in ("waiting", "running"), "the trace's end")


def test_a_trace_tells_stewards_whose_number_was_seen_and_that_it_is_no_proof(portal, key, reader):
    change_offer(portal, key, mark="margin")
    copy = reader.get(f"/papers/{key}/download/html").text
    other = portal.person("wang@example.org")
    forged = copy.replace(number_of(portal, reader), given(portal, other, key))
    steward = portal.person("s@example.org", "steward")
    run = steward.post("/trace", exhibit=[("found.html", forged.encode())]).location
    finished(steward, run)
    page, finding = steward.get(run), steward.json(f"{run}/finding")
    assert [m["member"] for m in finding["members"]] == [reader.member]
    assert [(s["member"], s["says"]) for s in finding["signs"]] == [(other.member, "contradicts")]
    assert "Visible marks seen" in page.text and "may be forged" in page.text and "Wang" in page.text
