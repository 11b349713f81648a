"""What is kept about a member, taken along and taken away, by command."""

import hashlib
import json

from texts import long_text

NAME, EMAIL = "江晚舟", "jiang.wanzhou@harbour.example"


def people(library):
    """The member M1 and two stewards."""
    for name, email in ((NAME, EMAIL), ("Zhou", "zhou@harbour.example"), ("Tom", "tom@harbour.example")):
        library.run("member", "add", "--name", name, "--email", email)
    for steward in ("M2", "M3"):
        library.run("member", "role", steward, "--add", "steward")


def leaked(library):
    paper = library.publish(library.file("p.txt", long_text("zh", 12_000)))
    return paper, library.file("leak.txt", library.copy(paper, "M1"))


def erase(library):
    library.run("member", "erase", "M1", "--by", "M2")
    return library.run("member", "erase", "M1", "--by", "M3")


def every_byte(folder):
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_everything_about_a_member_is_one_file_that_reads_in_both_forms(library):
    people(library)
    paper, _ = leaked(library)
    kept = json.loads(library.run("member", "data", "M1").out)
    parts = {(p["table"], p["column"]): p["rows"] for p in kept["parts"]}
    assert parts["member", "id"][0]["email"] == EMAIL
    assert [row["edition"] for row in parts["copy", "member"]] == [1]
    assert [e["what"] for e in kept["events"]] == ["copy.given", "member.added"]
    page = library.run("member", "data", "M1", "--format", "html", locale="zh_CN.UTF-8").out
    assert "取得的文稿" in page and EMAIL in page and "<script" not in page


def test_an_erased_member_is_in_no_file_nor_in_a_backup_made_later_and_the_record_is_whole(library):
    people(library)
    paper, leak = leaked(library)
    library.run("trace", leak)
    exhibit = hashlib.sha256(leak.read_bytes()).hexdigest()
    assert (library.data / "blobs" / exhibit[:2] / exhibit[2:]).exists()
    for word in (NAME, EMAIL):
        assert word.encode() in every_byte(library.data)
    erase(library)
    backup = library.folder / "after.backup"
    library.run("backup", backup)
    everything = every_byte(library.data) + backup.read_bytes()
    for word in (NAME, EMAIL, "wanzhou"):
        assert word.encode() not in everything, word
    assert not (library.data / "blobs" / exhibit[:2] / exhibit[2:]).exists()
    assert library.run("verify").code == 0


def test_a_copy_that_leaked_is_traced_to_a_number_and_to_no_name(library):
    people(library)
    _, leak = leaked(library)
    erase(library)
    finding = library.json("trace", leak)
    assert [(m["member"], m["name"], m["email"], m["erased"]) for m in finding["members"]] == \
        [("M1", "M1", "", True)]
    assert "An erased member, number 1" in library.run("trace", leak).out
    assert "已抹除资料的成员，编号 1" in library.run("trace", leak, locale="zh_CN.UTF-8").out


def test_one_person_alone_erases_nobody(library):
    people(library)
    library.run("member", "erase", "M1", "--by", "M2")
    library.run("member", "erase", "M1", "--by", "M2", code=1)
    library.run("member", "erase", "M1", "--by", "M1", code=1)
    assert EMAIL in library.run("member", "list").out
    library.run("member", "erase", "M1", "--by", "M3", "--withdraw")
    assert EMAIL in library.run("member", "list").out


def test_a_number_is_not_given_again_and_its_address_is_free(library):
    people(library)
    erase(library)
    again = library.json("member", "add", "--name", NAME, "--email", EMAIL)
    assert again["member"] == "M4"
    assert "M1 " not in library.run("member", "list").out
    library.run("member", "invite", "M1", code=1)
