"""Completion: what a shell offers while a command is typed."""

import shutil
import subprocess

import pytest

from program import Library

OFFERED = [
    ("chancery mem", {"member"}),
    ("chancery member ", {"add", "import", "invite", "list", "data", "erase", "reset", "role"}),
    ("chancery member import ", set()),  # nothing of ours: the shell offers files
    ("chancery publish sp", set()),
    ("chancery publish --le", {"--level"}),
    ("chancery copy P1 --m", {"--member", "--master"}),
    ("chancery sites P1 --c", {"--channel", "--context"}),
    ("chancery sites lock P1 --j", {"--json"}),
    ("chancery completion ", {"bash", "zsh", "fish"}),
]
ASK_BASH = """
eval "$1"
read -ra COMP_WORDS <<< "$2"
case "$2" in *' ') COMP_WORDS+=("") ;; esac
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_chancery
echo "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    library = Library(tmp_path_factory.mktemp("completion"))
    return lambda shell, locale="C.UTF-8": library.run("completion", shell, locale=locale).out


@pytest.mark.parametrize("typed,offered", OFFERED, ids=[typed for typed, _ in OFFERED])
def test_bash_is_offered_what_may_come_next(script, typed, offered):
    done = subprocess.run(["bash", "-c", ASK_BASH, "bash", script("bash"), typed],
                          capture_output=True, text=True)
    assert done.stderr == ""
    words = done.stdout.split()
    assert set(words) == offered and len(words) == len(offered)


@pytest.mark.parametrize("typed,offered", [o for o in OFFERED if o[1]],
                         ids=[typed for typed, offered in OFFERED if offered])
def test_fish_is_offered_what_may_come_next(script, tmp_path, typed, offered):
    if not shutil.which("fish"):
        pytest.skip("no fish here")
    done = subprocess.run(["fish", "-c", f"source; complete -C '{typed}'"], input=script("fish"),
                          capture_output=True, text=True, cwd=tmp_path)
    assert done.stderr == ""
    assert offered <= {line.split("\t")[0] for line in done.stdout.splitlines()}


@pytest.mark.parametrize("locale", ["C.UTF-8", "zh_CN.UTF-8"])
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_reads_its_script(script, shell, locale):
    if not shutil.which(shell):
        pytest.skip(f"no {shell} here")
    read = subprocess.run([shell, "-n"], input=script(shell, locale), capture_output=True, text=True)
    assert (read.returncode, read.stderr) == (0, "")
