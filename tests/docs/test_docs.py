"""What is written holds: commands exist, links lead somewhere, both languages say the same."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from program import BINARY, ROOT

PAGES = sorted(p for p in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("lexicon/*.md"),
                           *ROOT.glob("samples/README.md")])
TWINS = [(p, p.with_name(p.name.replace(".md", ".zh-CN.md"))) for p in PAGES
         if p.with_name(p.name.replace(".md", ".zh-CN.md")).exists()]
MUST_HAVE_TWINS = ["README.md", "CONTRIBUTING.md", "docs/users.md", "docs/operators.md", "docs/commands.md", "docs/trace-json.md",
                   "docs/case-json.md"]


def name_of(value):
    return str(value.relative_to(ROOT)) if isinstance(value, Path) else None


def outside_code(text):
    return re.sub(r"^```.*?^```$", "", text, flags=re.S | re.M)


def blocks(text, kind):
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.S | re.M)


def shell_lines(text):
    return [line for block in blocks(text, "sh") for line in block.splitlines()]


@pytest.mark.parametrize("page", MUST_HAVE_TWINS)
def test_what_people_read_is_there_in_both_languages(page):
    assert ROOT / page in [english for english, _ in TWINS]


@pytest.mark.parametrize("english,chinese", TWINS, ids=name_of)
def test_twins_have_the_same_outline(english, chinese):
    outlines = [[len(m) for m in re.findall(r"^(#+) ", outside_code(p.read_text("utf-8")), re.M)]
                for p in (english, chinese)]
    assert outlines[0] == outlines[1]


@pytest.mark.parametrize("english,chinese", TWINS, ids=name_of)
def test_twins_show_the_same_commands(english, chinese):
    def commands(page):
        lines = [re.sub(r"\s+#.*", "", line) for line in shell_lines(page.read_text("utf-8"))]
        return [re.sub(r'"[^"]*"', '""', line) for line in lines]

    assert commands(english) == commands(chinese)


@pytest.mark.parametrize("english,chinese", [t for t in TWINS if "-json" in t[0].name], ids=name_of)
def test_twins_that_describe_json_name_the_same_fields_and_values(english, chinese):
    def names(page):
        text = page.read_text("utf-8")
        rows = re.findall(r"^\| (.*?) \|", outside_code(text), re.M)
        return [re.findall("`([^`]+)`", row) for row in rows], sorted(re.findall("`([a-z_0-9-]+)`", outside_code(text))), \
            blocks(text, "json"), blocks(text, "text")

    assert names(english) == names(chinese)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    for target in re.findall(r'(?:\]\(|(?:href|src)=")([^)"#\s]+)', outside_code(page.read_text("utf-8"))):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), target


def known_commands():
    sys.path.insert(0, str(ROOT / "tools"))
    from commands_page import commands
    return commands("C.UTF-8")


def used_commands():
    lines = {line.strip() for page in PAGES for line in shell_lines(page.read_text("utf-8"))}
    return sorted(line for line in lines if line.startswith("chancery "))


@pytest.mark.parametrize("line", used_commands())
def test_commands_shown_in_documents_exist_with_their_options(line):
    words = shlex.split(line, comments=True)[1:]
    name = max((c for c in known_commands() if words[:len(c.split())] == c.split()),
               key=len, default=None)
    assert name, line
    shown = subprocess.run([BINARY, *name.split(), "--help"], capture_output=True, text=True).stdout
    for option in (w for w in words if w.startswith("--")):
        assert option.split("=")[0] in shown, f"{name} has no {option}"


def test_the_commands_page_is_what_the_program_says():
    done = subprocess.run([sys.executable, ROOT / "tools/commands_page.py", "--check"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_machines_are_drawn_as_the_program_has_them():
    done = subprocess.run([sys.executable, ROOT / "tools/machines_page.py", "--check"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_dev_help_names_every_subcommand():
    text = (ROOT / "dev").read_text("utf-8")
    for subcommand in ("build", "test", "demo", "bench", "fuzz", "format"):
        assert text.count(f"./dev {subcommand} ") >= 2, "in English and in Chinese"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_nothing_points_at_the_machine_it_was_written_on(page):
    assert not re.search(r"/(work|home|root)/", page.read_text("utf-8"))


# Beside the order: what format/ says to chancery-reader and hears from it, and two rooms that know each other by events alone.
CROSSING, APART = {("format", "reader/reader.h"), ("format", "reader/wire.h")}, ("ledger", "library")


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "CONTRIBUTING.zh-CN.md"])
def test_rooms_use_only_the_rooms_above_them_in_the_guide_by_their_doors(page):
    rooms = re.findall(r"^\| `src/(\w+)/` ", (ROOT / page).read_text("utf-8"), re.M)
    assert sorted(rooms) == sorted(p.name for p in (ROOT / "src").iterdir() if p.is_dir())
    wrong = []
    for source in (ROOT / "src").glob("*/*.[ch]"):
        room = source.parent.name
        for used, header in re.findall(r'#include "(\w+)/([^"]+)"', source.read_text("utf-8")):
            below = rooms.index(used) > rooms.index(room) and (room, f"{used}/{header}") not in CROSSING
            if used != room and (below or (room, used) == APART or header == "internal.h"):
                wrong.append(f"{source.relative_to(ROOT)} includes {used}/{header}")
    assert wrong == []


INQUIRIES = ("trace.", "case.", "report.", "sanction.", "reward.")  # shown to nobody whom they are about
RECORDED = re.compile(r'\b(?:ledger_record|ledger_add_event|store_add_event(?:_about)?|record_event)\([^;]*?"([a-z_]+\.[a-z_-]+)"')


@pytest.mark.parametrize("page", ["docs/portal.md", "docs/portal.zh-CN.md"])
def test_the_proxys_log_in_the_manual_leaves_out_every_address_that_is_a_secret(page):
    kinds = re.search(r"\(\?<kind>([a-z|]+)\)", (ROOT / page).read_text("utf-8"))[1].split("|")
    paths = [path for source in (ROOT / "src/server").glob("*.c")
             for path in re.findall(r'\.path = "/(\w+)/[^"]*\{(?:secret|token)\}', source.read_text("utf-8"))]
    assert sorted(kinds) == sorted(set(paths))


def test_every_event_that_a_member_is_shown_among_their_data_is_said_in_words():
    kinds = {kind for source in (ROOT / "src").rglob("*.c") for kind in RECORDED.findall(source.read_text("utf-8"))}
    assert {"line.made", "unit.joined", "second_factor.on", "group.made"} <= kinds
    words = (ROOT / "src/library/personal_words.c").read_text("utf-8")
    assert sorted(kind for kind in kinds if not kind.startswith(INQUIRIES) and f'"what", "{kind}"' not in words) == []


TAKEN = re.compile(r'\{"([a-z -]+)", take_\w+\}')


@pytest.mark.parametrize("page", ["docs/operators.md", "docs/operators.zh-CN.md"])
def test_the_operators_manual_names_whatever_an_import_takes(page):
    taken = {name for source in (ROOT / "src/cli").glob("ledger*.c") for name in TAKEN.findall(source.read_text("utf-8"))}
    assert {"unit", "take over", "study act"} <= taken
    heads = re.findall(r"^\| (`.*?) \|", (ROOT / page).read_text("utf-8"), re.M)
    assert sorted(taken - set(re.findall("`([^`]+)`", " ".join(heads)))) == []
