"""What all commands have in common: help, exit codes, languages, JSON."""

import json
import re
import subprocess

import pytest

from program import Library

COMMANDS = ["init", "member add", "member import", "member list", "publish", "papers", "strength",
            "inspect", "sites", "sites lock", "sites unlock", "sites add", "sites preview", "copy",
            "trace", "rehearse", "events", "verify", "backup", "restore", "settings"]
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    return Library(tmp_path_factory.mktemp("empty")).init()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("locale,chinese", [("C.UTF-8", False), ("zh_CN.UTF-8", True)])
def test_every_command_has_help_with_an_example(empty, command, locale, chinese):
    shown = empty.run(*command.split(), "--help", locale=locale).out
    assert f"chancery {command}" in shown
    assert len(re.findall(r"^\s+chancery " + command, shown, re.M)) >= 1
    prose = re.sub(r"^\s*(\$ )?chancery .*$", "", shown, flags=re.M)
    assert bool(CHINESE.search(prose)) == chinese


def test_help_lists_every_command(empty):
    shown = empty.run("--help").out
    for command in COMMANDS:
        assert command.split()[0] in shown


@pytest.mark.parametrize("arguments", [
    ("nonsense",), ("publish",), ("publish", "a", "b"), ("papers", "--nonsense"), ("copy", "P1"),
    ("trace",), ("publish", "x", "--level", "loud"), ("publish", "x", "--colluders", "9"),
    ("trace", "-", "--false-alarm", "2"), ("sites", "P1", "--channel", "smell"), ("member",),
    ("papers", "--data"),
], ids=" ".join)
def test_wrong_usage_exits_with_2_and_says_what_is_right(empty, arguments):
    refused = empty.run(*arguments, code=2)
    assert refused.err.strip() and refused.out == ""


@pytest.mark.parametrize("slip,meant", [
    (("pulbish",), "publish"), (("membr", "list"), "member"), (("seting",), "settings"),
    (("papers", "--jsn"), "--json"), (("publish", "--tittle", "x"), "--title"),
], ids=lambda value: " ".join(value) if isinstance(value, tuple) else value)
def test_a_slip_is_answered_with_what_was_probably_meant(empty, slip, meant):
    assert f"did you mean {meant}?" in empty.run(*slip, code=2).err


def test_a_word_unlike_any_command_is_answered_with_none(empty):
    assert "did you mean" not in empty.run("foo", code=2).err


@pytest.mark.parametrize("arguments", [("copy", "P99", "--member", "M1"), ("sites", "P99"),
                                       ("trace", "/nowhere.txt"), ("strength", "P99"),
                                       ("copy", "P99", "--master")], ids=" ".join)
def test_what_fails_exits_with_1_and_says_why(empty, arguments):
    refused = empty.run(*arguments, code=1)
    assert refused.err.strip() and refused.out == ""


@pytest.mark.parametrize("arguments", [("papers",), ("member", "list"), ("events",), ("settings",)],
                         ids=" ".join)
def test_what_prints_data_prints_json_when_asked(empty, arguments):
    json.loads(empty.run(*arguments, "--json").out)


def test_messages_follow_the_locale(empty):
    assert CHINESE.search(empty.run("sites", "P99", code=1, locale="zh_CN.UTF-8").err)
    assert not CHINESE.search(empty.run("sites", "P99", code=1, locale="C.UTF-8").err)
    assert not CHINESE.search(empty.run("sites", "P99", code=1, locale="de_DE.UTF-8").err)


def test_what_the_system_says_is_in_the_language_of_the_locale(empty):
    refused = empty.run("publish", "/nowhere.txt", code=1, locale="zh_CN.UTF-8").err
    assert "没有这个文件" in refused and not re.search("No such file", refused)
    assert "No such file" in empty.run("publish", "/nowhere.txt", code=1).err


def test_standard_output_is_called_so_when_it_is_full(empty):
    empty.run("publish", empty.file("p.txt", "A few words to be published here."))
    with open("/dev/full", "wb") as full:
        done = subprocess.run(empty.command("sites", "preview", "P1"), stdout=full,
                              stderr=subprocess.PIPE, env=empty.environment())
    assert done.returncode == 1 and b"Standard output" in done.stderr


def test_nothing_is_coloured_when_no_terminal_reads_it(empty):
    for command in COMMANDS:
        assert "\x1b" not in empty.run(*command.split(), "--help").out


def test_options_may_stand_before_and_after_arguments(empty):
    path = empty.file("p.txt", "A few words to be published here.")
    before = empty.json("publish", "--title", "Before", path)
    after = empty.json("publish", path, "--title=After")
    assert (before["title"], after["title"]) == ("Before", "After")


def test_two_dashes_end_the_options(empty):
    refused = empty.run("publish", "--", "--level", code=1)
    assert "--level" in refused.err
