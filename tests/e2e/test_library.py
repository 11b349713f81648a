"""The data folder, its members, settings and record."""

import os
import pwd
import sqlite3
import stat
import subprocess
from contextlib import closing

import pytest

from program import Library, named
from texts import sample


# --- init -----------------------------------------------------------------------------------------


def test_a_new_library_keeps_its_key_to_its_owner(tmp_path):
    library = Library(tmp_path).init()
    key = library.data / "secret.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(library.data.stat().st_mode) == 0o700


def test_a_second_init_is_refused_and_changes_nothing(library):
    key = (library.data / "secret.key").read_bytes()
    refused = library.run("init", code=1)
    assert str(library.data) in refused.err
    assert (library.data / "secret.key").read_bytes() == key
    assert library.json("verify")


def test_the_data_option_goes_before_the_environment(library, tmp_path):
    other = tmp_path / "other"
    library.run("init", "--data", other)
    assert (other / "secret.key").exists()
    library.run("member", "add", "--data", other, "--email", "li@example.org", "--name", "李华")
    assert library.json("member", "list") == []


def test_without_a_library_every_command_says_how_to_make_one(tmp_path):
    refused = Library(tmp_path).run("papers", code=1)
    assert "chancery init" in refused.err


def test_without_a_home_the_users_own_is_looked_up(tmp_path):
    library = Library(tmp_path)
    bare = {"LC_ALL": "C.UTF-8"}
    done = subprocess.run(library.command("papers"), env=bare, capture_output=True, text=True)
    assert done.returncode == 1
    assert pwd.getpwuid(os.getuid()).pw_dir + "/.local/share/chancery" in done.stderr


def test_a_newer_database_is_refused_and_left_as_it_is(library):
    database = library.data / "chancery.db"
    with closing(sqlite3.connect(database)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute(f"PRAGMA user_version = {version + 1000}")
    before = database.read_bytes()
    library.run("papers", code=1)
    assert database.read_bytes() == before
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == version + 1000


def test_a_key_that_others_can_read_is_refused(library):
    os.chmod(library.data / "secret.key", 0o644)
    assert "secret.key" in library.run("papers", code=1).err


# --- members --------------------------------------------------------------------------------------


def members_of(library):
    return [(m["name"], m["email"], m["group"]) for m in library.json("member", "list")]


GOOD = "name,email,group\n李华,li.hua@example.org,board\nAnn Lee,ann@example.com,\n"
LIST = [("李华", "li.hua@example.org", "board"), ("Ann Lee", "ann@example.com", "")]


@pytest.mark.parametrize("content", [
    GOOD.encode(),
    GOOD.encode("utf-8-sig"),
    GOOD.encode("gb18030"),
    GOOD.replace("\n", "\r\n").encode(),
    GOOD.rstrip("\n").encode(),
    "email,group,name\nli.hua@example.org,board,李华\nann@example.com,,Ann Lee\n".encode(),
], ids=["utf-8", "bom", "gb18030", "crlf", "no last line end", "other order of columns"])
def test_members_are_imported_from_what_spreadsheets_write(library, content):
    library.run("member", "import", library.file("m.csv", content))
    assert members_of(library) == LIST


def test_quoted_fields_may_hold_commas_and_quotes(library):
    library.run("member", "import",
                library.file("m.csv", 'name,email,group\n"Lee, ""Ann""",ann@example.com,"a,b"\n'))
    assert members_of(library) == [('Lee, "Ann"', "ann@example.com", "a,b")]


@pytest.mark.parametrize("bad", ["王芳,not-an-address,x", ",w@example.org,x,y,z,too,many", "王芳",
                                 "王芳,li.hua@example.org,twice"])
def test_a_bad_line_is_named_and_nothing_is_taken(library, bad):
    refused = library.run("member", "import", library.file("m.csv", GOOD + bad + "\n"), code=1)
    assert "4" in refused.err
    assert members_of(library) == []


def test_every_bad_line_is_named_taken_or_not(library):
    path = library.file("m.csv", GOOD + "王芳,not-an-address,x\n赵敏,zhao@example.org,y\n,z@example.org,\n")
    for options, code in ((), 1), (("--skip-bad",), 0):
        told = library.run("member", "import", path, *options, code=code).err
        assert "line 4:" in told and "line 6:" in told and "line 5:" not in told


def test_one_is_not_counted_as_many(library):
    library.run("member", "add", "--email", "ann@example.com", "--name", "Ann Lee")
    assert library.run("member", "list").out.endswith("\n1 member.\n")
    library.run("member", "add", "--email", "bo@example.com", "--name", "Bo Lee")
    assert library.run("member", "list").out.endswith("\n2 members.\n")
    assert library.run("member", "list", locale="zh_CN.UTF-8").out.endswith("\n共 2 名成员。\n")


def test_bad_lines_are_left_out_when_asked(library):
    text = GOOD + "王芳,not-an-address,x\n赵敏,zhao@example.org,y\n"
    told = library.run("member", "import", "--skip-bad", library.file("m.csv", text))
    assert members_of(library) == LIST + [("赵敏", "zhao@example.org", "y")]
    assert "4" in told.err + told.out


def test_an_address_is_one_member_whatever_its_case(library):
    library.run("member", "add", "--email", "ann@example.com", "--name", "Ann Lee")
    refused = library.run("member", "add", "--email", "ANN@example.com", "--name", "Other", code=1)
    assert "ann@example.com" in refused.err.lower()


def test_a_member_is_found_by_address_or_id(library):
    library.add_members(2)
    paper = library.publish(library.file("p.txt", "One and the same. " * 3))
    first = library.json("member", "list")[0]
    assert library.copy(paper, first["email"]) == library.copy(paper, first["member"])


# --- settings -------------------------------------------------------------------------------------


def test_settings_are_kept_and_shown(library):
    library.run("settings", "set", "credit", "示例协会 · office@example.org")
    assert "office@example.org" in library.run("settings").out
    assert library.run("settings", "get", "credit").out.strip() == "示例协会 · office@example.org"


def test_a_setting_is_printed_as_json_when_asked(library):
    assert library.json("settings", "set", "credit", "“A” office") == {"credit": "“A” office"}
    assert library.json("settings", "get", "credit") == {"credit": "“A” office"}


def test_an_unknown_setting_is_refused(library):
    assert "credti" in library.run("settings", "set", "credti", "x", code=2).err


# --- record ---------------------------------------------------------------------------------------


def test_everything_that_happened_is_listed_in_order(library):
    library.add_members(1)
    paper = library.publish(library.file("p.txt", "Some text to be shared."))
    library.copy(paper, "M1")
    events = library.json("events")
    assert [e["seq"] for e in events] == list(range(1, len(events) + 1))
    kinds = [e["kind"] for e in events]
    assert kinds.index("paper.published") < kinds.index("copy.given")


def test_an_untouched_record_is_whole(library):
    library.add_members(20)
    assert library.run("verify").code == 0


@pytest.mark.parametrize("change", [
    "UPDATE event SET data = replace(data, '{', '{ ') WHERE seq = 3",
    "UPDATE event SET time_ms = time_ms + 1 WHERE seq = 3",
    "UPDATE event SET actor = actor || 'x' WHERE seq = 3",
    "UPDATE event SET hash = zeroblob(32) WHERE seq = 3",
    "DELETE FROM event WHERE seq = 3",
], ids=["data", "time", "actor", "hash", "deleted"])
def test_the_first_line_that_was_tampered_with_is_named(library, change):
    for name in ("a", "b", "c", "d", "e"):
        library.run("settings", "set", "credit", name)
    with closing(sqlite3.connect(library.data / "chancery.db")) as connection, connection:
        assert connection.execute(change).rowcount == 1
    broken = library.run("verify", code=1)
    assert "3" in broken.out + broken.err


def test_a_backup_restores_to_the_same_library(library, tmp_path):
    library.add_members(5)
    paper = library.publish(library.file("p.txt", "其他同志和其他单位也要加快推进这项工作。\n" * 20))
    copy = library.copy(paper, "M2")
    backup = tmp_path / "library.backup"
    library.run("backup", backup)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    other = Library(tmp_path / "elsewhere")
    other.folder.mkdir()
    other.run("restore", backup)
    assert other.copy(paper, "M2") == copy
    assert other.run("verify").code == 0


@pytest.mark.parametrize("before", (0, 3))
def test_who_comes_after_a_restore_has_no_number_that_was_given_since_the_backup(library, tmp_path, before):
    def add(to, name):
        return to.json("member", "add", "--email", f"{name}@example.org", "--name", name)["member"]

    paper = library.publish(sample("zh"))
    for i in range(before):
        add(library, f"first{i}")
    library.run("backup", tmp_path / "library.backup")
    leak = library.copy(paper, add(library, "late"))
    other = Library(tmp_path / "elsewhere")
    other.folder.mkdir()
    other.run("restore", tmp_path / "library.backup")
    for i in range(3):
        add(other, f"innocent{i}")
    assert named(other.trace(leak, options=["--everyone"])) == set()


def test_backup_and_restore_say_which_password_is_in_no_backup(library, tmp_path):
    assert "smtp.password" not in library.run("backup", tmp_path / "none.backup").out
    library.run("settings", "set", "smtp.password", "geheim")
    backup = tmp_path / "library.backup"
    said = library.run("backup", backup).out
    assert "smtp.password" in said and "geheim" not in said
    assert library.json("backup", tmp_path / "second.backup")["left_out"] == ["smtp.password"]
    assert b"geheim" not in backup.read_bytes()
    other = Library(tmp_path / "elsewhere")
    other.folder.mkdir()
    assert "chancery settings set smtp.password" in other.run("restore", backup).out
    assert "smtp.password" in other.run("settings").out
    third = Library(tmp_path / "third")
    third.folder.mkdir()
    assert third.json("restore", backup)["set_again"] == ["smtp.password"]
    library.run("settings", "set", "smtp.password", "")
    library.run("backup", tmp_path / "unset.backup")
    fourth = Library(tmp_path / "fourth")
    fourth.folder.mkdir()
    assert fourth.json("restore", tmp_path / "unset.backup")["set_again"] == []


def test_a_backup_never_overwrites(library, tmp_path):
    there = library.file("there", "precious")
    library.run("backup", there, code=1)
    assert there.read_text() == "precious"
