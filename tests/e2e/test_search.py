"""chancery search: papers by their words."""

import sqlite3
from contextlib import closing

from texts import sample

ROADS = "农村公路养护办法\n\n第一条 为了加强农村公路养护，制定本办法。冬季清雪由乡镇负责。\n"


def titles(library, *arguments):
    return [r["title"] for r in library.json("search", *arguments)["results"]]


def test_an_editor_finds_masters_with_id_title_and_sentence(library):
    paper = library.publish(library.file("roads.txt", ROADS))
    said = library.run("search", "清雪").out
    assert said.split()[0] == paper and "农村公路养护办法" in said
    assert "冬季清雪由乡镇负责。" in said
    result = library.json("search", "清雪")["results"][0]
    assert (result["paper"], result["edition"]) == (paper, 1)


def test_what_is_published_between_two_searches_is_found(library):
    assert titles(library, "清雪") == []
    library.publish(library.file("roads.txt", ROADS))
    assert titles(library, "清雪") == ["农村公路养护办法"]


def test_as_a_member_one_finds_only_what_they_may_open_and_their_own_words(library):
    library.add_members(3)
    library.publish(library.file("roads.txt", ROADS))
    paper = library.publish(sample("zh"))
    copy = "".join(library.copy(paper, "M2").split())
    for result in library.json("search", "发展", "--member", "M2")["results"]:
        assert all(piece in copy for piece in result["excerpt"].replace("…", " ").split())
    with closing(sqlite3.connect(library.data / "chancery.db")) as db, db:
        db.execute("UPDATE offer SET access = 'groups' WHERE paper = 1")
    assert titles(library, "清雪", "--member", "M2") == []
    assert titles(library, "清雪") == ["农村公路养护办法"]


def test_the_index_can_be_made_anew(library):
    library.publish(library.file("roads.txt", ROADS))
    assert titles(library, "清雪")
    assert "1" in library.run("search", "--rebuild").out
    assert titles(library, "清雪")
    library.run("search", code=2)


def test_search_works_in_a_restored_library_and_verify_walks_it(library, tmp_path):
    library.publish(library.file("roads.txt", ROADS))
    assert titles(library, "清雪")
    library.run("backup", tmp_path / "kept.backup")
    restored = type(library)(tmp_path / "second")
    restored.folder.mkdir()
    restored.run("restore", tmp_path / "kept.backup")
    assert titles(restored, "清雪") == ["农村公路养护办法"]


def test_who_was_shown_sentences_is_among_those_that_a_trace_tests(library):
    library.add_members(4)
    paper = library.publish(sample("zh"))
    leak = library.master(paper)
    assert library.trace(leak)["tested"] == 0
    assert library.json("search", "发展", "--member", "M3")["results"]
    assert library.trace(leak)["tested"] == 1
