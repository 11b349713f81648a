"""Files that the program gives to chancery-reader: PDF, and pictures by their kind."""

import io
import subprocess
from pathlib import Path

import pytest
from PIL import Image

import pdf
from program import BINARY, named
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
    def kept():
        return {p for p in (circle.library.data / "blobs").rglob("*") if p.is_file() and p.read_bytes()[:4] == b"ChR1"}

    found = pdf.of_text(circle.copies["M24"])
    before = kept()
    first = traced(circle.library, "m24.pdf", found).json
    mine = kept() - before
    assert mine
    for path in mine:
        path.write_bytes(path.read_bytes()[:-1])
    circle.library.run("verify", code=1)
    assert traced(circle.library, "m24.pdf", found).json == first
    circle.library.run("verify")


# The reader, from where the kernel says EPERM to landlock_create_ruleset, as under a container's rules: BPF that loads the
# call's number, compares it, and answers.
WITHOUT_LANDLOCK = """#!/usr/bin/python3
import ctypes, os, struct, sys
FILTER = [(0x20, 0, 0, 0), (0x15, 0, 1, 444), (0x06, 0, 0, 0x00050001), (0x06, 0, 0, 0x7FFF0000)]
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *one) for one in FILTER))
program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(FILTER), ctypes.addressof(code)))
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, program, 0, 0):
    sys.exit("no filter")
os.execv({reader!r}, sys.argv)
"""


@pytest.mark.slow  # a sanitized reader does not shut itself away
def test_a_container_that_bars_landlock_is_said_to_be_why_pictures_are_not_read(circle, monkeypatch, tmp_path):
    barred = tmp_path / "barred"
    barred.write_text(WITHOUT_LANDLOCK.format(reader=str(Path(BINARY).with_name("chancery-reader").resolve())))
    barred.chmod(0o755)
    with_reader(circle.library, monkeypatch, barred)
    shot = io.BytesIO()
    Image.new("L", (800, 600), 255).save(shot, "PNG")
    refused = traced(circle.library, "shot.png", shot.getvalue(), code=1)
    assert "Landlock" in refused.err and "shot.png" in refused.err and "not installed" not in refused.err
    found = pdf.of_text(circle.copies["M25"], head="内部资料 注意保存")
    assert named(traced(circle.library, "m25.pdf", found).json) == {"M25"}


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


@pytest.mark.parametrize("encoding, codec, ordering", [
    ("GBK-EUC-H", "gbk", "GB1"), ("GBKp-EUC-H", "gbk", "GB1"), ("GBK2K-H", "gb18030", "GB1"),
    ("UniGB-UCS2-H", "utf-16-be", "GB1"), ("UniCNS-UTF16-H", "utf-16-be", "CNS1")])
def test_chinese_in_a_font_that_is_not_in_the_file_is_read(library, encoding, codec, ordering):
    text = "到2026年，各部門要完成12.5萬件任務，見A4件。" if ordering == "CNS1" else "到2026年，各部门要完成12.5万件任务，见A4件。"
    half = b"1 95 500 814 939 500" if ordering == "GB1" else b"1 95 500"
    page = library.file("named.pdf", pdf.of_named_font(text, encoding, codec, ordering, half))
    assert text in library.master(library.json("publish", page)["paper"])


def locked(library, name, content, *how):
    source, path = library.file("open-" + name, content), library.folder / name
    subprocess.run(["qpdf", "--allow-weak-crypto", "--encrypt", *how, "--", source, path], check=True)
    return path


CIPHERS = [("40", "--extract=n"), ("128", "--use-aes=n", "--extract=n"), ("128", "--use-aes=y", "--extract=n"),
           ("256", "--extract=n")]


@pytest.mark.parametrize("cipher", CIPHERS, ids=" ".join)
def test_a_pdf_that_only_its_owner_may_change_is_read_like_any_other(circle, library, cipher):
    text = sample("zh").read_text(encoding="utf-8")
    paper = library.json("publish", locked(library, "paper.pdf", pdf.of_text(text), "", "owner", *cipher))["paper"]
    words = lambda s: "".join(s.split())  # noqa: E731
    assert words(library.master(paper)) == words(library.master(library.publish(sample("zh"))))
    found = locked(library, "found.pdf", pdf.of_text(circle.copies["M26"]), "", "owner", *cipher)
    assert named(circle.library.json("trace", found)) == {"M26"}


def test_a_pdf_that_nobody_can_open_without_a_password_is_refused_with_what_to_do(library):
    path = locked(library, "secret.pdf", pdf.of_text("各位同志：" * 30), "user", "owner", "256")
    library.run("publish", sample("zh"))
    for command in ("publish", "trace"):
        refused = library.run(command, path, code=None)
        assert refused.code != 0 and "secret.pdf: it is locked with a password; open it, and save it without one" in refused.err
        refused = library.run(command, path, code=None, locale="zh_CN.UTF-8")
        assert "secret.pdf" in refused.err and "取消密码" in refused.err
