"""Writes docs/commands.md and its Chinese twin from what the program says about itself.

    tools/commands_page.py          writes both
    tools/commands_page.py --check  says whether they are up to date, for the tests
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("CHANCERY_BINARY", str(ROOT / "build/chancery"))
PAGES = {
    "docs/commands.md": ("C.UTF-8", "# Commands\n\n[中文](commands.zh-CN.md) · "
                         "[all documents](README.md)\n\nAs `chancery COMMAND --help` prints them; "
                         "written by `tools/commands_page.py`.\n"),
    "docs/commands.zh-CN.md": ("zh_CN.UTF-8", "# 命令\n\n[English](commands.md) · "
                               "[全部文档](README.md)\n\n即 `chancery 命令 --help` 的内容，由 "
                               "`tools/commands_page.py` 写成。\n"),
}


def said(locale, *arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=True,
                          encoding="utf-8", env={**os.environ, "LC_ALL": locale}).stdout


def commands(locale):
    """Names of all commands, in the order of the help page."""
    return re.findall(r"^  ([a-z-]+(?: [a-z]+)?)  +\S", said(locale, "--help"), re.M)


def page(locale, opening):
    parts = [opening]
    for name in commands(locale):
        parts.append(f"\n## {name}\n\n```text\n{said(locale, *name.split(), '--help').rstrip()}\n```\n")
    return "".join(parts)


def main():
    stale = []
    for name, (locale, opening) in PAGES.items():
        path, wanted = ROOT / name, page(locale, opening)
        if sys.argv[1:] != ["--check"]:
            path.write_text(wanted, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != wanted:
            stale.append(name)
    if stale:
        sys.exit(f"out of date: {', '.join(stale)}; run tools/commands_page.py")


if __name__ == "__main__":
    main()
