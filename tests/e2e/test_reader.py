"""Files that the program gives to chancery-reader: PDF, and pictures by their kind."""

import pytest

import pdf
from program import named
from texts import sample


@pytest.fixture(scope="module")
def circle(make_circle):
    return make_circle(sample("zh"), 200)


def with_reader(library, monkeypatch, path):
    usual = library.environment
    monkeypatch.setattr(library, "environment", lambda *a: {**usual(*a), "CHANCERY_READER": str(path)})


def traced(library, name, content, **more):
    return library.run("trace", library.file(name, content), "--json", **more)


def test_a_copy_saved_as_pdf_names_its_member(circle):
    found = pdf.of_text(circle.copies["M21"], head="内部资料 注意保存")
    assert named(traced(circle.library, "m21.pdf", found).json) == {"M21"}


def test_what_was_read_once_is_not_read_again(circle, monkeypatch):
    found = pdf.of_text(circle.copies["M22"])
    first = traced(circle.library, "m22.pdf", found).json
    with_reader(circle.library, monkeypatch, "/nowhere/reader")
    assert traced(circle.library, "same.pdf", found).json == first
    refused = traced(circle.library, "m23.pdf", pdf.of_text(circle.copies["M23"]), code=1)
    assert "/nowhere/reader" in refused.err and "m23.pdf" in refused.err


def test_a_damaged_reading_is_made_anew(circle):
    found = pdf.of_text(circle.copies["M24"])
    first = traced(circle.library, "m24.pdf", found).json
    kept = [p for p in (circle.library.data / "blobs").rglob("*") if p.is_file() and p.read_bytes()[:4] == b"ChR1"]
    assert kept
    for path in kept:
        path.write_bytes(path.read_bytes()[:-1])
    assert traced(circle.library, "m24.pdf", found).json == first


@pytest.mark.parametrize("end", ["kill -KILL $$", "kill -SEGV $$", "exit 3", "true"])
def test_a_reader_that_breaks_down_is_said_and_the_trace_can_be_made_again(circle, monkeypatch, tmp_path, end):
    reader = tmp_path / "reader"
    reader.write_text(f"#!/bin/sh\n{end}\n")
    reader.chmod(0o755)
    found = pdf.of_text(circle.copies["M25"] + end)
    with monkeypatch.context() as posing:
        with_reader(circle.library, posing, reader)
        refused = traced(circle.library, "m25.pdf", found, code=None)
        assert refused.code != 0 and "m25.pdf: chancery-reader" in refused.err
    assert named(traced(circle.library, "m25.pdf", found).json) == {"M25"}


def test_a_pdf_is_published_with_what_it_can_not_hold_said(library):
    text = sample("zh").read_text(encoding="utf-8")
    path = library.file("speech.pdf", pdf.of_text(text, head="内部资料 注意保存"))
    published = library.json("publish", path)
    assert published["encoding"] == "PDF" and "内部资料" in published["left_out"]
    words = lambda s: "".join(s.split())  # noqa: E731
    assert words(library.master(published["paper"])) == words(library.master(library.publish(sample("zh"))))
    assert library.run("inspect", path).code == 0
