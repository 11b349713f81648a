"""Files made to do harm are refused in words, and cost next to nothing."""

import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from bombs import bombs, harmless
from program import BINARY, ROOT, Library

READER = Path(BINARY).resolve().with_name("chancery-reader")
SANITIZED = "san" in READER.parent.name  # with shadow memory
VERSION = re.search(r"WIRE_VERSION +(\d+)", (ROOT / "src/reader/wire.h").read_text())[1]
MOST = 100 << 10  # KiB


# A child begins with its parent's memory, and that counts as its own: so the parent is a small one.
WEIGH = """
import os, resource, subprocess, sys
arguments = [str(os.getpid()) if a == "PARENT" else a for a in sys.argv[2:]]
code = subprocess.run(arguments).returncode
os.write(int(sys.argv[1]), f"{code} {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}".encode())
"""


def weigh(*arguments, stdin=subprocess.DEVNULL, **environment):
    """Runs a program, in whose arguments PARENT is its parent: its code, output, errors, and the memory that it took
    at most (KiB)."""
    there, here = os.pipe()
    try:
        ran = subprocess.run([sys.executable, "-I", "-S", "-c", WEIGH, str(here), *map(str, arguments)], stdin=stdin,
                             capture_output=True, check=True, pass_fds=[here], env=environment)
        code, most = map(int, os.read(there, 100).split())
    finally:
        os.close(there)
        os.close(here)
    return code, ran.stdout, ran.stderr, most


def read(path):
    """The answer of a reader run by hand, and the memory that it took at most (KiB)."""
    with open(path, "rb") as file:
        code, answer, _, most = weigh(READER, VERSION, "see", "PARENT", stdin=file, LC_ALL="C.UTF-8", OMP_THREAD_LIMIT="1")
    return code, answer, most


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    return Library(tmp_path_factory.mktemp("shelf")).init()


@pytest.mark.parametrize("name", sorted(bombs()))
def test_a_bomb_is_refused_with_the_reason(shelf, name):
    content, says = bombs()[name]
    refused = shelf.run("trace", shelf.file(name, content), code=1)
    assert name in refused.err and says in refused.err


def word_bomb(megabytes, says):
    """A Word document whose body is as many megabytes of a letter; it says of itself that it is of `says` bytes, if any."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        package.writestr("_rels/.rels", '<Relationships><Relationship Type="/officeDocument" Target="word/document.xml"/></Relationships>')
        with package.open("word/document.xml", "w") as body:
            for _ in range(megabytes):
                body.write(b"a" * (1 << 20))
    packed = bytearray(out.getvalue())
    if says:
        for head, size in (b"PK\1\2", 24), (b"PK\3\4", 22):
            at = packed.rindex(head) + size
            packed[at:at + 4] = says.to_bytes(4, "little")
    return bytes(packed)


@pytest.mark.skipif(SANITIZED, reason="shadow memory")
@pytest.mark.parametrize("says", [0, 1000], ids=["honest", "lying"])
def test_a_word_document_that_unpacks_without_end_takes_no_memory(shelf, tmp_path, says):
    path = tmp_path / "bomb.docx"
    path.write_bytes(word_bomb(200, says))
    code, _, said, most = weigh(BINARY, "trace", path, **shelf.environment())
    assert code == 1 and b"bomb.docx" in said
    assert most < MOST


@pytest.mark.skipif(SANITIZED, reason="shadow memory")
@pytest.mark.parametrize("name", ["blanks-by-number.odt", "numbers.docx"])
def test_what_is_said_once_and_stands_many_times_takes_little_memory(shelf, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(bombs()[name][0])
    code, _, _, most = weigh(BINARY, "trace", path, **shelf.environment())
    assert code == 1 and most < 2 * MOST


@pytest.mark.skipif(SANITIZED, reason="shadow memory")
@pytest.mark.parametrize("name", sorted(bombs()) + sorted(harmless()))
def test_neither_a_bomb_nor_what_looks_like_one_takes_memory(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(harmless()[name] if name in harmless() else bombs()[name][0])
    code, answer, most = read(path)
    assert code == 0 and answer.startswith(b"ChR1") and most < MOST


@pytest.mark.parametrize("name", sorted(set(harmless()) - {"deep-tree.pdf"}))
def test_what_only_looks_like_a_bomb_is_read(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(harmless()[name])
    code, answer, _ = read(path)
    assert code == 0 and "前".encode() in answer and answer.endswith(b".\0\0\0\0")
