"""Reading statistics: who sees what, and what is forgotten."""

import csv
import io

from portal import eventually
from shelf import DAY, ask, do, publish
from texts import sample


def read(portal, **offer):
    """A paper that Li opened and downloaded twice, Wang opened, and Zhao did neither."""
    people = [portal.person(f"{name}@example.org") for name in ("li", "wang", "zhao")]
    key = publish(portal, sample("en", ".txt"), access="members", **offer)
    for person in people[:2]:
        person.get(f"/papers/{key}")
    for kind in ("txt", "html"):
        people[0].get(f"/papers/{key}/download/{kind}")
    return key, people


def editor_of(portal):
    return portal.person("lin@example.org", "editor")


def test_an_editor_sees_who_opened_who_downloaded_in_what_and_who_has_not_yet(portal):
    editor = editor_of(portal)
    key, _ = read(portal)
    page = editor.json(f"/papers/{key}/readers")
    seen = {r["name"]: (r["openings"], r["downloads"], r["txt"], r["html"]) for r in page["readers"]}
    assert seen == {"Li": (1, 2, 1, 1), "Wang": (1, 0, 0, 0)}
    assert "Zhao" in {w["name"] for w in page["waiting"]}
    assert not {"Li", "Wang"} & {w["name"] for w in page["waiting"]}
    assert (page["openings"], page["downloads"]) == (2, 2)
    assert sum(d["openings"] + d["downloads"] for d in page["days"]) == 4
    assert "<svg" in editor.get(f"/papers/{key}/readers").text


def test_by_member_it_is_the_papers_that_they_read(portal):
    editor = editor_of(portal)
    key, people = read(portal)
    reader = {r["name"]: r["key"] for r in editor.json(f"/papers/{key}/readers")["readers"]}["Li"]
    page = editor.json(f"/readers/{reader}")
    assert [(r["key"], r["openings"], r["downloads"]) for r in page["readers"]] == [(key, 1, 2)]


def test_the_csv_holds_the_same_and_no_formula(portal):
    editor = editor_of(portal)
    key, people = read(portal)
    do(portal, "UPDATE member SET name = '=HYPERLINK(\"x\")' WHERE name = 'Li'")
    text = editor.get(f"/papers/{key}/readers/file").body.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {r["name"]: r["downloads"] for r in rows} == {"'=HYPERLINK(\"x\")": "2", "Wang": "0"}


def test_members_and_stewards_do_not_see_who_reads(portal):
    key, people = read(portal)
    for person in (people[0], portal.person("st@example.org", "steward")):
        person.get(f"/papers/{key}/readers", 403)
        person.get(f"/papers/{key}/readers/file", 403)


def test_after_its_time_it_is_known_that_it_was_read_and_not_by_whom_and_the_record_is_whole(portal):
    editor = editor_of(portal)
    portal.library.run("settings", "set", "reading.days", "30")
    key, people = read(portal)
    # as if these weeks had passed: every event at its time, the chain made anew
    portal.stop()
    age(portal, 40 * DAY)
    portal.start()
    eventually(lambda: ask(portal, "SELECT 1 FROM event WHERE kind = 'reading.forgotten'"), "the forgetting")
    kept = ask(portal, "SELECT actor, data FROM event WHERE kind IN ('copy.given', 'copy.opened')")
    assert len(kept) == 4
    assert {actor for actor, _ in kept} == {"member"}
    assert not any('"M' in data for _, data in kept) and any('"html"' in data for _, data in kept)
    page = editor_again(portal, editor).json(f"/papers/{key}/readers")
    assert (page["openings"], page["downloads"]) == (2, 2)
    assert {r["name"]: (r["openings"], r["last"]) for r in page["readers"]} == {"Li": (0, None), "Wang": (0, None)}
    assert portal.library.run("verify").code == 0
    leak = portal.library.file("leak.txt", portal.library.copy("P1", people[0].member))
    assert portal.library.json("trace", leak)["verdict"] in ("named", "insufficient")


def test_members_are_told_how_long_it_is_kept(portal):
    portal.library.run("settings", "set", "reading.days", "45")
    assert "45 days" in portal.person("li@example.org").get("/account/data").text
    assert "45 天" in portal.person("wang@example.org", lang="zh").get("/account/data").text
    portal.library.run("settings", "set", "reading.days", "soon", code=2)
    portal.library.run("settings", "set", "reading.days", "0", code=2)


def editor_again(portal, editor):
    return portal.person(editor.member, "editor")


def age(portal, by):
    """Puts every event back in time and makes their chain anew, as the store does."""
    import hashlib
    import struct

    def text(value):
        value = value.encode()
        return struct.pack("<Q", len(value)) + value

    db = portal.database()
    with db:
        before = bytes(32)
        for seq, at, actor, kind, subject, data, salt in db.execute(
                "SELECT seq, time_ms, actor, kind, subject, data, salt FROM event ORDER BY seq").fetchall():
            said = hashlib.sha256(salt + text(actor) + text(subject) + text(data)).digest()
            before = hashlib.sha256(before + struct.pack("<QQ", seq, at - by) + text(kind) + said).digest()
            db.execute("UPDATE event SET time_ms = ?, hash = ? WHERE seq = ?", (at - by, before, seq))
    db.close()
