"""Documents as others make them: LibreOffice's own templates, saved as DOCX, leave as what they were."""

from pathlib import Path

import pytest

import office
from test_copies import words
from test_originals import parts
from test_word_copies import text_of, word_copy

TEMPLATES = sorted(Path("/usr/lib/libreoffice/share/template").rglob("*.ott"))[::6]


@pytest.mark.skipif(not office.available() or not TEMPLATES, reason="LibreOffice is not installed")
def test_templates_come_in_and_leave_as_they_were(library, tmp_path):
    library.add_members(1)
    for path in office.convert(TEMPLATES, "docx", tmp_path):
        done = library.run("publish", path, "--json", code=None)
        if done.code:
            assert "There is no text in the file" in done.err, path.name
            continue
        paper = done.json["paper"]
        copy = word_copy(library, paper, "M1", f"copy-{path.name}")
        office.check_whole(copy)
        assert "own/0.xml" in parts(copy), f"{path.name} was made anew"
        assert words(text_of(library, copy), "txt") == words(library.copy(paper, "M1"), "txt"), path.name
