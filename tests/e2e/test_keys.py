"""Key epochs, and the drills: the key file lost, the key file stolen."""

import shutil

from program import Library, named
from texts import long_text

MEMBERS = 60


def filled(library):
    library.add_members(MEMBERS)
    path = library.file("p.txt", long_text("zh", 12_000))
    return library.publish(path), path


def revised(library, path):
    text = path.read_text("utf-8")
    return library.file("second.txt", text + "\n\n" + long_text("zh", 16_000)[12_000:])


def key_file(library):
    return library.data / "secret.key"


def thief(library, tmp_path, key):
    """A library with the database of `library` and somebody's key file."""
    folder = tmp_path / "thief"
    shutil.copytree(library.folder, folder)
    other = Library(folder)
    key_file(other).write_text(key)
    return other


def test_the_list_holds_no_secret_and_says_how_many_papers_stand_on_each(library):
    filled(library)
    library.run("keys", "rotate")
    filled_again = library.publish(library.file("q.txt", long_text("en", 12_000)))
    said = library.run("keys").out
    for line in key_file(library).read_text().splitlines()[1:]:
        assert line.split()[1] not in said + library.run("keys", "--json").out
    epochs = library.json("keys")
    assert [(k["epoch"], k["papers"], k["newest"]) for k in epochs] == [(1, 1, False), (2, 1, True)]
    assert filled_again


def test_old_copies_stay_what_they_were_and_are_traced_after_a_rotation(library):
    paper, _ = filled(library)
    before = library.copy(paper, "M7")
    library.run("keys", "rotate")
    assert library.copy(paper, "M7") == before
    assert named(library.trace(before)) == {"M7"}


def test_a_new_edition_keeps_the_papers_epoch_so_that_unchanged_words_stay(library):
    paper, path = filled(library)
    before = library.copy(paper, "M7")
    library.run("keys", "rotate")
    library.publish(revised(library, path), "--paper", paper)
    after = library.copy(paper, "M7")
    assert before.splitlines()[5] in after.splitlines()
    assert named(library.trace(after)) == {"M7"}


# --- the drills -----------------------------------------------------------------------------------


def test_a_lost_key_file_is_restored_from_the_sealed_copy_and_traces_work(library):
    paper, _ = filled(library)
    library.run("keys", "rotate")
    leak = library.copy(paper, "M7")
    sealed = key_file(library).read_text()
    key_file(library).unlink()
    lost = library.run("papers", code=1)
    assert "restore it from your backup" in lost.err
    key_file(library).write_text(sealed)
    key_file(library).chmod(0o600)
    assert named(library.trace(leak)) == {"M7"}


def test_a_lost_key_file_is_in_the_backup_too(library, tmp_path):
    paper, _ = filled(library)
    library.run("keys", "rotate")
    leak = library.copy(paper, "M7")
    backup = library.folder / "all.backup"
    said = library.json("backup", backup)
    assert said["key_epochs"] == 2
    kept = key_file(library).read_bytes()
    shutil.rmtree(library.data)
    library.run("restore", backup, "--data", library.data)
    assert key_file(library).read_bytes() == kept
    assert named(library.trace(leak)) == {"M7"}


def test_an_old_copy_of_the_key_file_is_refused_and_not_guessed_around(library):
    filled(library)
    old = key_file(library).read_text()
    library.run("keys", "rotate")
    key_file(library).write_text(old)
    assert "older than the database" in library.run("papers", code=1).err


def test_who_stole_the_key_file_can_not_make_copies_of_papers_published_after_the_rotation(library, tmp_path):
    paper, path = filled(library)
    stolen = key_file(library).read_text()
    library.run("keys", "rotate", "--stolen")
    again = library.publish(path, "--title", "Again")
    # All that the thief has: the stolen file and, at worst, the database. What they make up for the epoch
    # that they lack is some other secret, whichever they take.
    guess = stolen.replace("\n2 ", "\n3 ").rstrip("\n") + "\n2 " + stolen.split()[-1] + "\n"
    theirs = thief(library, tmp_path, guess)
    real = {m: library.copy(again, f"M{m}") for m in range(1, MEMBERS + 1)}
    forged = {m: theirs.copy(again, f"M{m}") for m in range(1, MEMBERS + 1)}
    assert not any(forged[m] == real[m] for m in forged)
    # Nobody innocent is named by what the thief made in their name.
    for m in (1, 17, 42):
        assert named(library.trace(forged[m])) == set()
    # The paper from before is theirs to forge, and the finding says that it proves nothing any more.
    assert theirs.copy(paper, "M7") == library.copy(paper, "M7")
    finding = library.trace(theirs.copy(paper, "M7"))
    assert [s["key_stolen"] for s in finding["sources"] if s["paper"] == paper] == [True]
    leak = library.file("old.txt", theirs.copy(paper, "M7"))
    assert "not as proof" in library.run("trace", leak).out
    assert "不可作证据" in library.run("trace", leak, locale="zh_CN.UTF-8").out
