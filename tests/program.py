"""The program under test, as a person at a shell has it: arguments in; output and exit code out.

CHANCERY_BINARY names the program (./dev test sets it), else it is build/chancery. Every library gets
a folder of its own.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BINARY = os.environ.get("CHANCERY_BINARY", str(ROOT / "build/chancery"))
TIMEOUT = 300

sys.path.insert(0, str(ROOT / "tools"))
from members import members as made_up_members  # noqa: E402


@dataclass
class Result:
    arguments: tuple
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


class Library:
    """One data folder and the commands on it."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.data = self.folder / "data"

    def environment(self, locale="C.UTF-8"):
        kept = {k: v for k, v in os.environ.items()
                if not k.startswith(("LC_", "LANG", "CHANCERY_", "XDG_"))}
        return {**kept, "CHANCERY_DATA": str(self.data), "LC_ALL": locale, "HOME": str(self.folder)}

    def command(self, *arguments):
        return [BINARY, *map(str, arguments)]

    def run(self, *arguments, code=0, stdin=b"", locale="C.UTF-8", **more):
        """Runs a command; fails the test unless it ends with `code` (None: any)."""
        if isinstance(stdin, str):
            stdin = stdin.encode()
        done = subprocess.run(self.command(*arguments), input=stdin, capture_output=True,
                              env=self.environment(locale), timeout=TIMEOUT, **more)
        result = Result(arguments, done.returncode, done.stdout.decode(), done.stderr.decode())
        if code is not None:
            assert result.code == code, f"chancery {arguments} gave {result}"
        return result

    def json(self, *arguments, **more):
        return self.run(*arguments, "--json", **more).json

    def start(self, *arguments):
        """Starts a command and leaves it running."""
        return subprocess.Popen(self.command(*arguments), env=self.environment(),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)

    # --- short ways --------------------------------------------------------------------------------

    def file(self, name, content):
        """A file in the library's folder (not the data folder)."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def init(self):
        self.run("init")
        return self

    def give_same_key(self):
        """In place of the one that was drawn: who gets which marks, and what hangs on it, is the same in every run."""
        file = self.data / "secret.key"
        text = file.read_text()
        file.write_text(text.replace(text.split()[-1], "".join(f"{7 * i + 5:02x}" for i in range(32))))
        return self

    def add_members(self, count):
        lines = ["name,email,group"] + [",".join(m) for m in made_up_members(count)]
        self.run("member", "import", self.file("members.csv", "\n".join(lines) + "\n"))
        return self

    def publish(self, path, *options):
        """Publishes and gives the paper's id."""
        return self.json("publish", path, *options)["paper"]

    def copy(self, paper, member, kind="txt"):
        """A member's copy, as text, without the frame of notice and credit (none is set)."""
        return self.run("copy", paper, "--member", member, "--format", kind).out

    def master(self, paper, kind="txt"):
        return self.run("copy", paper, "--master", "--format", kind).out

    def copy_all(self, paper, folder="copies"):
        """Every member's copy: {"M1": text, …}."""
        out = self.folder / folder
        self.run("copy", paper, "--all", "--out-dir", out)
        return {p.stem.split("-")[-1]: p.read_text(encoding="utf-8") for p in out.glob("*.txt")}

    def trace(self, *texts, options=()):
        """The finding on texts, given as files."""
        paths = [self.file(f"exhibit-{i}.txt", text) for i, text in enumerate(texts)]
        return self.json("trace", *paths, *options)


def named(finding):
    """The ids of the members that a finding names, and nobody unless the verdict says so."""
    assert (finding["verdict"] == "named") == bool(finding["members"])
    return {m["member"] for m in finding["members"]}
