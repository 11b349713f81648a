"""Texts for the tests: the project's samples, and long ones of Debian packages.

The long ones are read where the packages put them, or from build/texts, where ./dev test unpacks
them when the system keeps no documentation; the repository holds none of them.
"""

import html
import re
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HANDBOOK = "usr/share/doc/debian-handbook/html"


def samples(lang):
    """Paths of the project's own papers in a language, longest first."""
    found = [p for p in (ROOT / "samples").glob(f"{lang}-*") if p.suffix in (".txt", ".md")]
    assert found, f"no sample in {lang}"
    return sorted(found, key=lambda p: -p.stat().st_size)


def sample(lang, suffix=None):
    return next(p for p in samples(lang) if suffix in (None, p.suffix))


@lru_cache
def handbook(lang):
    """The paragraphs of the Debian handbook, "zh-CN" or "en-US", in the order of its files."""
    folders = [root / HANDBOOK / lang for root in (Path("/"), ROOT / "build/texts")]
    folder = next((f for f in folders if f.is_dir()), None)
    assert folder, "debian-handbook is not unpacked; run ./dev test"
    paragraphs = []
    for page in sorted(folder.glob("sect.*.html")):
        for part in re.findall(r"<div class=\"para\">(.*?)</div>",
                               page.read_text(encoding="utf-8"), re.S):
            text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", part))).strip()
            han = sum("\u4e00" <= c <= "\u9fff" for c in text)
            if han > len(text) / 2 and len(text) > 30 if lang == "zh-CN" else len(text) > 90:
                paragraphs.append(text)
    return paragraphs


def long_text(lang, characters, skip=0):
    """About so many characters of running text ("zh" or "en"), one paragraph a line."""
    taken, size = [], 0
    for paragraph in handbook({"zh": "zh-CN", "en": "en-US"}[lang])[skip:]:
        taken.append(paragraph)
        size += len(paragraph) + 1
        if size >= characters:
            break
    return "\n".join(taken) + "\n"


def foreign(lang):
    """Text that no paper in the tests is made from."""
    return long_text(lang, 4000, skip=700)
