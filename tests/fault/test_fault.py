"""Killed, out of space, tampered with: the library stays whole, and says what is wrong.

A command is killed when something it did can be seen (a file, a change of the database's log), never
after a guessed time, and at several such moments.
"""

import hashlib
import os
import resource
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pdf
import pytest

from portal import Portal, eventually
from program import Library
from texts import long_text, sample

PATIENCE = 60  # seconds until a test gives up waiting for what must come


def wait_until(seen, process):
    """Waits until seen() holds or the process is over; says which."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if seen():
            return True
        if process.poll() is not None:
            return False
        os.sched_yield()
    raise AssertionError("nothing was seen to happen")


def kill_when(process, seen):
    wait_until(seen, process)
    process.send_signal(signal.SIGKILL)
    process.communicate()


def assert_whole(library):
    assert library.run("verify").code == 0
    with closing(sqlite3.connect(library.data / "chancery.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def log_size(library):
    try:
        return (library.data / "chancery.db-wal").stat().st_size
    except FileNotFoundError:  # the command that ended last took it away
        return 0


def many_members(count):
    return "name,email,group\n" + "".join(
        f"Member {i},m{i}@example.org,g{i % 7}\n" for i in range(count))


# --- killed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("growth", [0, 100_000, 1_000_000, 4_000_000])
def test_an_import_that_is_killed_took_all_or_nothing(library, growth):
    library.add_members(10)
    path = library.file("many.csv", many_members(200_000))
    before = log_size(library)
    kill_when(library.start("member", "import", path), lambda: log_size(library) > before + growth)
    assert len(library.json("member", "list")) in (10, 200_010)
    assert_whole(library)


@pytest.mark.parametrize("copies", [1, 50, 600, 1500])
def test_every_copy_that_left_before_the_kill_is_on_record(library, copies):
    library.add_members(2000)
    paper = library.publish(sample("en"))
    out = library.folder / "out"

    def names():
        return {n for n in os.listdir(out) if n.endswith(".txt")} if out.exists() else set()

    kill_when(library.start("copy", paper, "--all", "--out-dir", out), lambda: len(names()) >= copies)
    recorded = {e["data"]["member"] for e in library.json("events") if e["kind"] == "copy.given"}
    assert {n.removesuffix(".txt").split("-")[-1] for n in names()} <= recorded
    assert_whole(library)
    some = sorted(names())[-1]
    member = some.removesuffix(".txt").split("-")[-1]
    assert (out / some).read_text(encoding="utf-8") == library.copy(paper, member)


@pytest.mark.parametrize("moment", ["blob", "log", "log+"])
def test_a_publication_that_is_killed_is_there_whole_or_not_at_all(library, moment):
    path = library.file("p.txt", long_text("zh", 60_000))
    blobs = library.data / "blobs"
    before = log_size(library)
    seen = {"blob": lambda: any(f for _, _, f in os.walk(blobs)),
            "log": lambda: log_size(library) != before,
            "log+": lambda: log_size(library) > before + 200_000}[moment]
    kill_when(library.start("publish", path), seen)
    for paper in library.json("papers"):
        assert len(library.master(paper["paper"])) > 50_000
    assert_whole(library)
    library.publish(path, "--title", "Again")


def test_an_interrupt_ends_a_long_command_whole(library):
    library.add_members(2000)
    paper = library.publish(sample("en"))
    out = library.folder / "out"
    process = library.start("copy", paper, "--all", "--out-dir", out)
    stopped = wait_until(lambda: out.exists() and len(os.listdir(out)) > 20, process)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)
    assert not stopped or process.returncode in (0, 1)
    assert process.returncode == 0 or said.strip()
    assert_whole(library)
    library.run("copy", paper, "--all", "--out-dir", out)
    assert len([n for n in os.listdir(out) if n.endswith(".txt")]) == 2000


@pytest.mark.parametrize("command", ["inspect", "publish", "trace"])
def test_one_interrupt_ends_a_command_that_waits(library, command):
    process = subprocess.Popen(library.command(command, "-"), env=library.environment(),
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    process.stdin.write(b"x" * 1_000_000)  # more than a pipe holds: it is reading by now
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=PATIENCE) == 1
    assert process.stderr.read().strip()
    assert_whole(library)


@pytest.mark.parametrize("command", [("member", "list"), ("events",)], ids=" ".join)
def test_a_list_cut_short_by_an_interrupt_is_not_called_done(library, command):
    library.run("member", "import", library.file("many.csv", many_members(3000)))
    paper = library.publish(library.file("p.txt", "A few words to be shared."))
    library.run("copy", paper, "--all", "--out-dir", library.folder / "out")
    process = library.start(*command, "--json")
    process.stdout.read(1000)  # the rest is more than a pipe holds, so it waits for its reader
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1 and said.strip()


# --- out of space ---------------------------------------------------------------------------------


def limited(size):
    """For a child: no file may grow beyond size."""
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return limit


@pytest.mark.parametrize("room", [100, 4096, 100_000, 400_000, 1_000_000])
def test_an_import_without_room_fails_and_takes_nothing(library, room):
    path = library.file("many.csv", many_members(50_000))
    refused = library.run("member", "import", path, code=1, preexec_fn=limited(room))
    assert "no room left on the disk" in refused.err, refused.err
    assert library.json("member", "list") == []
    assert_whole(library)


@pytest.mark.parametrize("room", [100, 40_000, 70_000, 200_000])
def test_a_backup_without_room_leaves_nothing_beside_it(library, room):
    library.add_members(300)
    library.publish(sample("zh"))
    folder = library.folder / "backups"
    folder.mkdir()
    refused = library.run("backup", folder / "b", code=1, preexec_fn=limited(room))
    assert "no room" in refused.err and list(folder.iterdir()) == []


def test_an_erasure_without_room_to_overwrite_what_is_left_says_so_and_the_portal_does_it(library):
    library.add_members(300)
    for steward in ("M2", "M3"):
        library.run("member", "role", steward, "--add", "steward")
    library.run("member", "erase", "M1", "--by", "M2")
    told = library.run("member", "erase", "M1", "--by", "M3", code=1, preexec_fn=limited(200_000)).err
    assert "M1 is erased" in told and "the portal does that by itself" in told and "no room" in told
    assert "M1" not in {m["member"] for m in library.json("member", "list")}

    def swept():
        with closing(sqlite3.connect(library.data / "chancery.db")) as db:
            return db.execute("SELECT swept_ms FROM erasure").fetchone()[0]

    assert not swept()
    portal = Portal(library).start()
    eventually(swept)
    portal.stop()


def test_a_disk_too_full_to_begin_is_named(library):
    refused = library.run("papers", code=1, preexec_fn=limited(100))
    assert "no room left on the disk" in refused.err


@pytest.mark.parametrize("room", [100, 4096, 20_000, 60_000])
def test_a_publication_without_room_fails_and_leaves_nothing(library, room):
    path = library.file("p.txt", long_text("zh", 60_000))
    refused = library.run("publish", path, code=1, preexec_fn=limited(room))
    assert "no room" in refused.err, refused.err
    assert library.json("papers") == []
    assert_whole(library)


@pytest.mark.parametrize("room", [100, 4096, 20_000])
def test_a_trace_without_room_for_what_is_read_fails_and_can_be_made_again(library, room):
    found = library.file("found.pdf", pdf.of_text(long_text("zh", 12_000)))
    refused = library.run("trace", found, code=1, preexec_fn=limited(room))
    assert refused.err.strip()
    assert_whole(library)
    assert library.json("trace", found)["verdict"] == "unknown-source"


def test_a_copy_without_room_leaves_no_half_file(library):
    library.add_members(1)
    paper = library.publish(library.file("p.txt", long_text("en", 300_000)))
    out = library.folder / "copy.txt"
    refused = library.run("copy", paper, "--member", "M1", "--out", out, code=1,
                          preexec_fn=limited(150_000))
    assert "copy.txt" in refused.err
    assert not out.exists()
    assert_whole(library)


@pytest.mark.parametrize("room", [100, 4096, 40_000])
def test_a_server_without_room_says_so_and_goes_on_when_there_is_some(portal, room):
    steward = portal.person("s@example.org", "steward")
    text = long_text("en", 20_000)
    resource.prlimit(portal.process.pid, resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    assert [steward.post("/trace", 500, text=text).code for _ in range(3)] == [500] * 3
    steward.get("/trace")
    resource.prlimit(portal.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    steward.post("/trace", text=text)
    assert portal.stop() == 0 and portal.said.count("There is no room") == 3
    assert_whole(portal.library)


def test_a_full_standard_output_is_a_failure(library):
    library.add_members(1)
    paper = library.publish(sample("en"))
    with open("/dev/full", "wb") as full:
        done = subprocess.run(library.command("copy", paper, "--member", "M1"), stdout=full,
                              stderr=subprocess.PIPE, env=library.environment(), timeout=PATIENCE)
    assert done.returncode == 1 and done.stderr.strip()


def test_an_import_of_something_unreadable_says_so(library):
    assert library.run("member", "import", library.folder, code=1).err.strip()


# --- a folder that can only be read -----------------------------------------------------------------


def run_without_rights(library, *arguments, locale="C.UTF-8"):
    """As somebody for whom the modes of files count: root is let through any."""
    rights = "-dac_override,-dac_read_search"
    command = library.command(*arguments)
    if os.getuid() == 0:
        command = ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}", *command]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE,
                          env=library.environment(locale))


@pytest.fixture
def read_only(library):
    """A library whose folder nobody may write to, as on a medium that is mounted for reading."""
    library.add_members(2)
    paper = library.publish(sample("en"))
    library.copy(paper, "M1")
    for path in [library.data, *library.data.rglob("*")]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    yield library
    for path in [library.data, *library.data.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)


@pytest.mark.parametrize("command", [("papers",), ("verify",), ("events",), ("settings",),
                                     ("member", "list"), ("sites", "P1")])
def test_what_only_reads_works_where_nothing_can_be_written(read_only, command):
    done = run_without_rights(read_only, *command)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == read_only.run(*command).out


@pytest.mark.parametrize("command", [("member", "add", "--name", "New", "--email", "n@example.org"),
                                     ("copy", "P1", "--member", "M2"), ("serve", "--port", "0")])
def test_what_must_write_says_so_where_nothing_can_be_written(read_only, command):
    done = run_without_rights(read_only, *command)
    assert done.returncode == 1 and "can't be written" in done.stderr and "code" not in done.stderr
    done = run_without_rights(read_only, *command, locale="zh_CN.UTF-8")
    assert "无法写入" in done.stderr and "readonly" not in done.stderr


def test_changes_that_were_not_merged_are_not_passed_over_where_nothing_can_be_written(library):
    """A folder that was copied while in use holds its newest changes in the log beside the database."""
    library.add_members(2)
    with closing(sqlite3.connect(library.data / "chancery.db")) as held:
        held.execute("SELECT count(*) FROM member").fetchone()
        library.run("member", "add", "--name", "Newest", "--email", "n@example.org")
        copied = Library(library.folder / "copied")
        copied.data.mkdir(parents=True)
        for name in ("chancery.db", "chancery.db-wal", "secret.key"):
            (copied.data / name).write_bytes((library.data / name).read_bytes())
    for path in [copied.data, *copied.data.rglob("*")]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    done = run_without_rights(copied, "member", "list")
    assert "Newest" in done.stdout or (done.returncode == 1 and "can't be written" in done.stderr)
    for path in [copied.data, *copied.data.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)


@pytest.mark.parametrize("ruin", ["key", "blobs"])
def test_why_a_file_can_not_be_used_is_said_in_chinese_too(library, ruin):
    library.publish(sample("zh"))
    if ruin == "key":
        (library.data / "secret.key").rename(library.data / "elsewhere")
    else:
        (library.data / "blobs").rename(library.data / "elsewhere")
    done = library.run("sites", "P1", code=1, locale="zh_CN.UTF-8")
    assert "没有这个文件或文件夹" in done.err and "No such file" not in done.err
    assert "No such file" in library.run("sites", "P1", code=1).err


# --- several at once ------------------------------------------------------------------------------


def test_commands_at_the_same_time_wait_for_each_other(library):
    library.add_members(50)
    paper = library.publish(sample("en"))
    running = [library.start("copy", paper, "--member", f"M{i}") for i in range(1, 13)]
    outputs = [p.communicate(timeout=PATIENCE) for p in running]
    assert [p.returncode for p in running] == [0] * 12, outputs
    given = [e["data"]["member"] for e in library.json("events") if e["kind"] == "copy.given"]
    assert sorted(given) == sorted(f"M{i}" for i in range(1, 13))
    assert_whole(library)


def test_a_backup_taken_while_others_write_is_one_moment(library, tmp_path):
    library.add_members(1500)
    paper = library.publish(sample("en"))
    out = library.folder / "out"
    writer = library.start("copy", paper, "--all", "--out-dir", out)
    wait_until(lambda: out.exists() and os.listdir(out), writer)
    library.run("backup", tmp_path / "b")
    writer.communicate(timeout=PATIENCE)
    other = Library(tmp_path / "elsewhere")
    other.folder.mkdir()
    other.run("restore", tmp_path / "b")
    assert_whole(other)
    events, copied = other.json("events"), library.json("events")
    assert events == copied[:len(events)]
    assert other.copy(paper, "M3") == library.copy(paper, "M3")


def test_a_backup_that_is_killed_leaves_nothing_under_its_name(library, tmp_path):
    library.add_members(1000)
    for i in range(4):
        library.publish(library.file(f"{i}.txt", long_text("en", 150_000, skip=200 * i)))
    target = tmp_path / "b" / "library.backup"
    target.parent.mkdir()
    kill_when(library.start("backup", target), lambda: any(target.parent.iterdir()))
    if target.exists():
        library.run("restore", target, "--data", tmp_path / "restored")
    assert_whole(library)


# --- tampered with --------------------------------------------------------------------------------


def test_a_changed_blob_is_noticed(library):
    library.add_members(1)
    paper = library.publish(sample("en"))
    for folder, _, files in os.walk(library.data / "blobs"):
        for name in files:
            path = os.path.join(folder, name)
            os.chmod(path, 0o600)
            with open(path, "r+b") as blob:
                blob.seek(10)
                byte = blob.read(1)
                blob.seek(10)
                blob.write(bytes([byte[0] ^ 1]))
    assert library.run("copy", paper, "--member", "M1", code=1).err.strip()


LOSSES = {"missing": lambda path: path.unlink(), "damaged": lambda path: path.write_bytes(path.read_bytes()[:-1] + b"~")}


@pytest.mark.parametrize("loss", LOSSES)
def test_a_stored_file_that_was_lost_is_named_and_all_else_backed_up_and_restored(library, tmp_path, loss):
    """A disk that went bad under one file must not cost every backup made since."""
    library.add_members(2)
    kept, lost = library.publish(sample("en")), library.publish(sample("zh"))
    copy = library.copy(kept, "M1")
    with closing(sqlite3.connect(library.data / "chancery.db")) as db:
        [(name,)] = db.execute("SELECT lower(hex(doc)) FROM edition WHERE paper = ?", (int(lost[1:]),))
    file = f"blobs/{name[:2]}/{name[2:]}"
    LOSSES[loss](library.data / file)
    backup, other = tmp_path / "b", Library(tmp_path / "other")
    other.folder.mkdir()
    told = {"file": file, "of": f"{lost}/1 (text)", "damaged": loss == "damaged"}
    assert library.json("verify", code=1)["lost_files"] == [told]
    assert library.json("backup", backup, code=1)["lost_files"] == [told]
    restored = other.json("restore", backup, code=1)
    assert restored["lost_files"] == [told | {"damaged": False}]
    assert other.copy(kept, "M1") == copy
    said = library.run("verify", code=1).out
    assert f"{file}  {loss}: {lost}/1 (text)" in said and "missing or damaged" in said
    assert f"{lost}/1（正文）" in other.run("verify", code=1, locale="zh_CN.UTF-8").out


def test_a_library_whose_files_are_whole_loses_none_also_after_an_erasure(library, tmp_path):
    library.add_members(3)
    for steward in ("M2", "M3"):
        library.run("member", "role", steward, "--add", "steward")
    library.run("trace", library.file("leak.txt", library.copy(library.publish(sample("zh")), "M1")))
    library.run("member", "erase", "M1", "--by", "M2")
    library.run("member", "erase", "M1", "--by", "M3")
    assert library.json("verify")["lost_files"] == library.json("backup", tmp_path / "b")["lost_files"] == []


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 500])
def test_a_ruined_database_is_said_to_be_ruined(library, damage):
    (library.data / "chancery.db").write_bytes(damage)
    assert library.run("papers", code=1).err.strip()


def test_an_upgrade_that_fails_midway_changes_nothing_so_that_the_old_program_goes_on(library):
    """Of two steps that are lacking the second does not fit."""
    with closing(sqlite3.connect(library.data / "chancery.db")) as db, db:
        db.execute("ALTER TABLE token DROP COLUMN expires_ms")
        db.execute("PRAGMA user_version = 52")
    refused = library.run("papers", code=1)
    assert "step 54" in refused.err and "heavy" in refused.err and "Nothing was changed" in refused.err
    assert "第 54 步" in library.run("papers", code=1, locale="zh_CN.UTF-8").err
    with closing(sqlite3.connect(library.data / "chancery.db")) as db, db:
        assert db.execute("PRAGMA user_version").fetchone() == (52,)
        assert "expires_ms" not in [c[1] for c in db.execute("PRAGMA table_info(token)")]


@pytest.mark.parametrize("key", [b"", b"xyz", b"0" * 63, b"g" * 64])
def test_a_ruined_key_is_said_to_be_ruined(library, key):
    (library.data / "secret.key").write_bytes(key)
    assert "secret.key" in library.run("papers", code=1).err


def test_a_damaged_backup_is_not_restored(library, tmp_path):
    library.add_members(5)
    library.publish(sample("en"))
    library.run("backup", tmp_path / "b")
    whole = (tmp_path / "b").read_bytes()
    for number, damaged in enumerate((whole[:len(whole) // 2], whole[:-1], b"",
                                      whole[:2000] + bytes([whole[2000] ^ 1]) + whole[2001:])):
        path = library.file(f"damaged-{number}", damaged)
        target = tmp_path / f"restored-{number}"
        assert library.run("restore", path, "--data", target, code=1).err.strip()
        assert not (target / "chancery.db").exists()


def test_a_server_whose_folder_a_newer_program_took_over_tells_the_journal_why_it_answers_nothing(portal):
    person = portal.person("li@example.org")
    with closing(sqlite3.connect(portal.library.data / "chancery.db")) as db:
        db.execute("PRAGMA user_version = 999")
    page = person.get("/", 503).text
    assert "tell the owner" in page and "schema" not in page
    portal.stop()
    assert "made by a newer chancery" in portal.said and "GET" in portal.said


# --- keys -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["file", "log"])
def test_a_rotation_that_is_killed_leaves_a_key_file_and_a_database_that_fit(library, moment):
    """Killed as the new key file appears, or as the database begins to take the epoch in."""
    library.add_members(200)
    path = sample("en")
    paper = library.publish(path)
    before = library.copy(paper, "M7")
    key = library.data / "secret.key"
    for _ in range(8):
        was, size = key.read_bytes(), log_size(library)
        seen = {"file": lambda: key.read_bytes() != was, "log": lambda: log_size(library) != size}[moment]
        kill_when(library.start("keys", "rotate"), seen)
        epochs = library.json("keys")
        assert len(key.read_text().splitlines()) - 1 >= len(epochs)
        assert oct(key.stat().st_mode & 0o777) == "0o600"
        assert_whole(library)
        assert library.copy(paper, "M7") == before
    library.run("keys", "rotate")
    again = library.publish(path, "--title", "Again")
    leak = library.file("leak.txt", library.copy(again, "M7"))
    assert [m["member"] for m in library.json("trace", leak, "--paper", again)["members"]] == ["M7"]


# What somebody could put into a backup whose seal is made anew: triggers that act in the restored library, rows without end,
# files elsewhere, less than a library has.
FORGED = {
    "a trigger": "CREATE TRIGGER x AFTER INSERT ON event BEGIN UPDATE account SET password = 'x'; END",
    "files without end": "DROP TABLE backup_blob; CREATE VIEW backup_blob (digest, bytes) AS WITH RECURSIVE c (n) AS"
                         " (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca"
                         "495991b7852b855', x'' FROM c",
    "a file elsewhere": "UPDATE backup_blob SET digest = '../../../../x' || substr(digest, 1, 51)",
    "a file under a name that nobody looks up": "UPDATE backup_blob SET digest = upper(digest)",
    "no key": "DROP TABLE backup_key; CREATE TABLE backup_key (secret); INSERT INTO backup_key VALUES (NULL)",
    "no papers": "DROP TABLE paper",
    "a schema without a number": "PRAGMA user_version = 0",
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_backup_is_not_restored(library, tmp_path, forged):
    library.publish(sample("en"))
    mark = b"chancery backup\n"
    backup = tmp_path / "b"
    library.run("backup", backup)
    backup.write_bytes(backup.read_bytes()[:-len(mark) - 32])
    with closing(sqlite3.connect(backup)) as db:
        db.executescript(FORGED[forged])
    backup.write_bytes(backup.read_bytes() + hashlib.sha256(backup.read_bytes()).digest() + mark)
    refused = library.run("restore", backup, "--data", tmp_path / "restored", code=1)
    assert "not a whole backup" in refused.err
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("restored")] == []


def killed_over_the_key_file(library):
    """What a rotation leaves behind that is killed in the midst of writing the key file."""
    for _ in range(3):
        library.run("keys", "rotate")
    draft = library.data / "secret.key.draft"
    draft.write_bytes((library.data / "secret.key").read_bytes()[:100])
    draft.chmod(0o600)
    return draft


def test_what_a_killed_rotation_left_is_gone_with_the_next_and_no_copy_of_the_operators_is(library):
    draft = killed_over_the_key_file(library)
    own = library.data / "secret.key.backup"
    own.write_bytes((library.data / "secret.key").read_bytes())
    assert len(library.json("keys")) == 4
    library.run("keys", "rotate")
    assert len(library.json("keys")) == 5
    assert sorted(p.name for p in library.data.glob("secret.key*")) == ["secret.key", "secret.key.backup"]
    assert_whole(library)


def test_the_server_takes_it_away_when_it_starts_and_waits_for_a_rotation_that_is_at_work(library):
    draft = killed_over_the_key_file(library)
    with closing(sqlite3.connect(library.data / "chancery.db", isolation_level=None)) as rotating:
        rotating.execute("BEGIN IMMEDIATE")
        server = subprocess.Popen(library.command("serve", "--port", "0"), env=library.environment(),
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        wait = Path(f"/proc/{server.pid}/wchan")  # what the system lets it wait for: its turn at the database
        assert wait_until(lambda: "nanosleep" in wait.read_text(), server)
        assert draft.exists()
        rotating.execute("ROLLBACK")
        assert server.stdout.readline()
    assert not draft.exists()
    server.terminate()
    assert server.wait(PATIENCE) == 0
