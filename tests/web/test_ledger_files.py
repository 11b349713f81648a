"""Files of lines: who attaches and gets them, how they are given, and that a right is asked for when it is used."""

import os
import threading

import pytest
from portal import eventually
from texts import sample

from test_flood import peak
from test_ledger import change, key_of, make, unit

JPEG = b"\xff\xd8\xff\xe0a picture"


def attach(person, line, name="site.jpg", bytes=JPEG, code=303, **more):
    return person.post(f"{line}/files", code, file=(name, bytes), **more)


def files(person, line):
    return person.json(line)["files"]["files"]


def test_a_photo_is_attached_by_its_unit_and_given_as_a_download_to_who_sees_the_line(portal):
    editor, member, outsider = portal.person("e@example.org", "editor"), portal.person("m@example.org"), portal.person(
        "o@example.org")
    office = unit(editor, "Roads", "m@example.org").split("/")[-1]
    line = make(editor, "New bridge", "project", unit=office)
    attach(member, line, taken="2026-01-05T10:30", place="By the river", note="The first pier")
    shown = files(editor, line)[0]
    assert (shown["name"], shown["place"], shown["note"], shown["by"]) == ("site.jpg", "By the river", "The first pier", "M")
    assert shown["taken"].startswith("2026-01-0")
    got = editor.get(shown["path"])
    assert got.body == JPEG
    assert got.headers["content-disposition"].startswith("attachment")
    assert got.headers["x-content-type-options"] == "nosniff"
    outsider.get(shown["path"], 403)
    other = make(editor, "Another")
    editor.get(f"{other}/files/{shown['key']}", 404)
    assert "site.jpg" in editor.get(f"{line}/history").text


def test_what_a_browser_might_run_is_refused_or_given_without_a_type(portal):
    editor = portal.person("e@example.org", "editor")
    line = make(editor, "New bridge")
    attach(editor, line, "x.html", b"<script>alert(1)</script>", 422)
    attach(editor, line, "x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422)
    attach(editor, line, "x.jpg", b"<script>alert(1)</script>", 422)
    attach(editor, line, "notes.txt", b"<script>alert(1)</script>")
    attach(editor, line, "plan.pdf", b"%PDF-1.7")
    for shown in files(editor, line):
        assert editor.get(shown["path"]).headers["content-type"] == "application/octet-stream"
    attach(editor, line, "big.pdf", b"%PDF-" + b"0" * (20 << 20), 422)


def test_a_file_is_removed_with_a_reason_by_who_added_it_or_answers_for_the_line(portal):
    editor, first, second = portal.person("e@example.org", "editor"), portal.person("a@example.org"), portal.person("b@example.org")
    office = unit(editor, "Roads", "a@example.org", "b@example.org").split("/")[-1]
    line = make(editor, "New bridge", unit=office)
    attach(first, line)
    path = files(first, line)[0]["path"]
    assert not files(second, line)[0]["may_remove"]
    second.post(f"{path}/remove", 403, why="Not good")
    first.post(f"{path}/remove", 422, why="")
    first.post(f"{path}/remove", why="The wrong bridge")
    first.get(path, 404)
    page = editor.json(line)["files"]
    assert page["files"] == [] and page["gone"][0]["removed_why"] == "The wrong bridge"
    attach(first, line)
    editor.post(f"{files(first, line)[0]['path']}/remove", why="Twice")


def test_words_of_ones_own_copy_are_not_attached_as_text(portal):
    editor = portal.person("e@example.org", "editor")
    portal.library.publish(sample("zh"))
    copy = portal.library.copy("P1", editor.member)
    line = make(editor, "New bridge")
    attach(editor, line, "copy.txt", copy, 422)


@pytest.mark.slow  # memory is counted, and sanitizers take their own
def test_a_text_that_says_again_and_again_what_the_ledger_says_takes_little_memory(portal):
    editor, member = portal.person("e@example.org", "editor"), portal.person("m@example.org")
    office = unit(editor, "Roads", "m@example.org").split("/")[-1]
    line = make(editor, "New bridge", unit=office)
    attach(member, line, "notes.txt", b"No such words.")
    before = peak(portal)
    attach(member, line, "notes.txt", b"New bridge" * 10_000)
    assert peak(portal) - before < 64 << 20


def test_a_right_that_ended_before_the_step_that_writes_no_longer_counts(portal):
    """The role ends while the request waits for the writer: who asked was looked up before that."""
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    line, answers = make(editor, "New bridge", lead=key_of(portal, lead)), []
    lead.get(line)
    db = portal.database()
    db.isolation_level = None
    db.execute("BEGIN IMMEDIATE")
    sent = threading.Thread(target=lambda: answers.append(lead.post(f"{line}/state", None, state="done")))
    sent.start()
    for _ in range(20):  # so that it has come as far as the writer, which waits
        lead.get("/ledger")
    db.execute("DELETE FROM role WHERE member = ?", (int(lead.member[1:]),))
    db.execute("COMMIT")
    db.close()
    sent.join()
    assert answers[0].code == 403
    assert editor.json(line)["head"]["state"] == "active"


def blob(portal, digest):
    return portal.library.data / "blobs" / digest[:2] / digest[2:]


def digests(portal):
    return [row[0] for row in change(portal, "SELECT lower(hex(digest)) FROM line_file ORDER BY id")]


def sweep(portal, days):
    """Lets so many days go by for what was removed, and an hour for what lies in the store; then the timer looks."""
    portal.stop()
    change(portal, "UPDATE line_file SET removed_ms = removed_ms - ?", days * 24 * 3600 * 1000)
    for digest in digests(portal):
        if blob(portal, digest).exists():
            os.utime(blob(portal, digest), (1, 1))
    portal.start()


def test_the_content_of_a_removed_file_leaves_the_store_after_a_month_and_its_record_stays(portal):
    editor = portal.person("e@example.org", "editor")
    line = make(editor, "New bridge")
    attach(editor, line, "one.pdf", b"%PDF-1.4 one")
    attach(editor, line, "two.pdf", b"%PDF-1.4 two")
    one, two = digests(portal)
    path = next(f["path"] for f in files(editor, line) if f["name"] == "one.pdf")
    editor.post(f"{path}/remove", why="The wrong bridge")
    gone = editor.json(line)["files"]["gone"][0]
    assert gone["until"] and not gone["swept"] and "content is deleted after" in editor.get(line).text
    sweep(portal, 29)
    assert eventually(lambda: editor.json(line)["files"]["gone"]) and blob(portal, one).exists()
    sweep(portal, 2)
    eventually(lambda: not blob(portal, one).exists())
    assert blob(portal, two).exists()
    eventually(lambda: editor.json(line)["files"]["gone"][0]["swept"])
    gone = editor.json(line)["files"]["gone"][0]
    assert gone["removed_why"] == "The wrong bridge" and gone["name"] == "one.pdf" and not gone["until"]
    assert change(portal, "SELECT count(*) FROM event WHERE kind = 'line.file-swept'") == [(1,)]
    editor.get(path, 404)


def test_content_that_others_need_or_that_was_evidence_stays(portal):
    editor = portal.person("e@example.org", "editor")
    line, other = make(editor, "New bridge"), make(editor, "Old bridge")
    attach(editor, line, "same.pdf", b"%PDF-1.4 same")
    attach(editor, other, "same.pdf", b"%PDF-1.4 same")
    attach(editor, line, "seen.pdf", b"%PDF-1.4 seen")
    change(portal, "UPDATE line_file SET about = 'watch.start' WHERE name = 'seen.pdf'")
    same, _, seen = digests(portal)
    for path in [f["path"] for f in files(editor, line)] + [
            f"{line}/files/{key}" for key, in change(portal, "SELECT key FROM line_file WHERE name = 'seen.pdf'")]:
        editor.post(f"{path}/remove", why="Not here")
    sweep(portal, 31)
    eventually(lambda: change(portal, "SELECT count(*) FROM line_file WHERE swept_ms IS NOT NULL") == [(1,)])
    assert blob(portal, same).exists() and blob(portal, seen).exists()
    editor.get(files(editor, other)[0]["path"])
    editor.post(f"{files(editor, other)[0]['path']}/remove", why="Nor here")
    sweep(portal, 31)
    eventually(lambda: not blob(portal, same).exists())
    assert blob(portal, seen).exists()
