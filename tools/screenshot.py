"""Draws docs/figures: the findings of ./dev demo as a terminal shows them (demo.svg), and as Chromium shows them a
member's copy in the portal (portal.png) and the wall of the demo's district (wall.png), each with its Chinese twin.

Nothing in the pictures is made up: the demo is run and its coloured output is set as text, each run at
its column, so that a figure can be searched and read aloud.
"""

import datetime
import html
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIGURES = {"docs/figures/demo.svg": "C.UTF-8", "docs/figures/demo.zh-CN.svg": "zh_CN.UTF-8"}
CELL, LINE, EDGE, COLUMNS = 8.0, 19, 14, 110
INK = {"": "#d8dee9", "1;36": "#8fd0e0", "1;33": "#f2c66d", "1": "#ffffff"}
FIRST, LAST = ("4. ", "四、"), ("6. ", "六、")


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def chosen_lines(output):
    """From the first leak's heading to before the last chapter."""
    plain = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in output.splitlines()]
    first = next(i for i, line in enumerate(plain) if line.startswith(FIRST))
    last = next(i for i, line in enumerate(plain) if line.startswith(LAST))
    return output.rstrip().splitlines()[first:last - 1]


def folded(line):
    """A line's runs (colour, text), cut where the picture ends."""
    rows, row, column, colour = [], [], 0, ""
    for piece in re.split(r"(\x1b\[[\d;]*m)", line):
        code = re.fullmatch(r"\x1b\[([\d;]*)m", piece)
        if code:
            colour = "" if code[1] in ("", "0") else code[1]
            continue
        for word in re.findall(r"[\x20-\x7e]+? |[\x21-\x7e]+|.", piece):
            if column + width(word.rstrip()) > COLUMNS:
                rows.append(row)
                row, column = [], 0
            row.append((colour, word))
            column += width(word)
    return rows + [row]


def drawn(rows):
    height = 2 * EDGE + LINE * len(rows)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * EDGE + CELL * COLUMNS:.0f} '
           f'{height}" font-family="ui-monospace, Menlo, Consolas, \'DejaVu Sans Mono\', '
           f'\'Noto Sans Mono CJK SC\', monospace" font-size="13">',
           '<rect width="100%" height="100%" rx="8" fill="#1d2430"/>']
    for number, row in enumerate(rows):
        runs, column = [], 0
        for colour, word in row:
            if runs and runs[-1][0] == colour:
                runs[-1][2] += word
            else:
                runs.append([colour, column, word])
            column += width(word)
        for colour, start, text in runs:
            if text.strip():
                text = text.rstrip()
                out.append(f'<text x="{EDGE + CELL * start:g}" y="{EDGE + LINE * number + 13}" '
                           f'fill="{INK.get(colour, INK[""])}" textLength="{CELL * width(text):g}" '
                           f'lengthAdjust="spacing" xml:space="preserve">{html.escape(text)}</text>')
    return "\n".join(out + ["</svg>", ""])


def picture_portal(name, lang, file):
    """A member reads a paper, in a portal made for the picture."""
    sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests"), str(ROOT / "tests/browser")]
    from browser import Browser
    from portal import Portal
    from program import Library
    from town import Town
    with tempfile.TemporaryDirectory() as folder:
        portal = Portal(Library(folder).init().add_members(40)).start()
        window = None
        try:
            made = Town(portal, lang).fill()
            window = Browser(portal, made.people["member"], lang, size=(1120, 760))
            papers = made.people["editor"].json("/write")["papers"]
            key = next(p["key"] for p in papers if p["id"] == made.papers[file])
            window.go(f"/papers/{key}").one("article.text")
            window.driver.save_screenshot(str(ROOT / name))
        finally:
            if window:
                window.close()
            portal.stop()


def picture_wall(name, lang):
    """How the whole of an invented district stands."""
    sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests"), str(ROOT / "tests/browser")]
    import district
    from browser import Browser
    from members import members
    from portal import Portal
    from program import Library
    with tempfile.TemporaryDirectory() as folder:
        library = Library(folder).init().add_members(64)
        emails = [email for _, email, _ in members(64)]
        for member, role in (("M22", "editor"), ("M21", "inspector")):  # who act in it
            library.run("member", "role", member, "--add", role)
        rows = library.folder / "district.jsonl"
        district.write(rows, district.District(datetime.date.today(), lang, leads=emails[:6], heads=emails[6:18],
                                               inspector=emails[20], keeper=emails[21]))
        library.run("ledger", "import", rows, "--by", emails[21])
        portal = Portal(library).start()
        window = None
        try:
            window = Browser(portal, portal.person("M30", "lead"), lang, size=(1440, 1000))
            window.go("/ledger/wall").one("main table")
            window.driver.save_screenshot(str(ROOT / name))
        finally:
            if window:
                window.close()
            portal.stop()


def main():
    picture_wall("docs/figures/wall.png", "en")
    picture_wall("docs/figures/wall.zh-CN.png", "zh")
    picture_portal("docs/figures/portal.png", "en", "en-note.md")
    picture_portal("docs/figures/portal.zh-CN.png", "zh", "zh-speech.txt")
    for name, locale in FIGURES.items():
        done = subprocess.run([sys.executable, ROOT / "tools/demo.py", "--colour"], check=True,
                              capture_output=True, text=True, encoding="utf-8",
                              env={**os.environ, "LC_ALL": locale, "PYTHONUTF8": "1"})
        rows = [row for line in chosen_lines(done.stdout) for row in folded(line)]
        (ROOT / name).write_text(drawn(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
