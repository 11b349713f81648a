"""What the ledger's pages take of the server: the wall over the demo's district, and the lists over one a hundred times as
large. Part of ./dev bench."""

import datetime
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tools")]

import district  # noqa: E402
from members import members  # noqa: E402

LARGE = 100
LISTS = ("/ledger", "/ledger?kind=project&light=4", "/ledger?sort=-due", "/ledger/projects", "/ledger/indicators", "/ledger/leads")


def fill(library, times):
    """Gives how long the import took, in seconds."""
    email = [email for _, email, _ in members(64)]
    library.init().add_members(64)
    for member, role in (("M22", "editor"), ("M21", "inspector")):  # who act in it
        library.run("member", "role", member, "--add", role)
    path = library.folder / "district.jsonl"
    district.write(path, district.District(datetime.date.today(), "en", leads=email[:6], heads=email[6:18],
                                           inspector=email[20], keeper=email[21], times=times))
    begin = time.monotonic()
    subprocess.run(library.command("ledger", "import", path, "--by", email[21]), env=library.environment(), check=True,
                   stdout=subprocess.DEVNULL)  # takes minutes at a hundred times the size
    return time.monotonic() - begin


def asked(reader, path, times):
    took = sorted(reader.get(path)[3] for _ in range(times))
    return took[len(took) // 2], took[min(len(took) * 99 // 100, len(took) - 1)]


def ledger_costs(program, large=LARGE):
    """Yields (name, value, detail) for the table."""
    import program as tests_program
    tests_program.BINARY = str(program)
    import portal as tests_portal
    tests_portal.BINARY = str(program)
    from bench_pages import Reader
    for times in (1, large):
        with tempfile.TemporaryDirectory(prefix="chancery-bench-") as folder:
            library = tests_program.Library(folder)
            took = fill(library, times)
            served = tests_portal.Portal(library).start()
            try:
                reader = Reader(served.person("M1", "editor"))
                if times == 1:
                    half, most = asked(reader, "/ledger/wall", 200)
                    yield "wall_p99_ms", most, f"p50 {half:.1f} ms; taken in within {took:.1f} s"
                    continue
                slowest = [(*asked(reader, path, 20), path) for path in LISTS]
                half, most, path = max(slowest, key=lambda one: one[1])
                yield "ledger_list_ms", most, f"the slowest of {len(LISTS)}: {path}, p50 {half:.1f} ms; taken in within {took:.0f} s"
                half, most = asked(reader, "/ledger/wall", 5)
                yield "wall_large_ms", half, f"of 5: {most:.0f} ms at most"
            finally:
                served.stop()


if __name__ == "__main__":
    for name, value, detail in ledger_costs(ROOT / "build/chancery", int(sys.argv[1]) if len(sys.argv) > 1 else LARGE):
        print(f"{name}\t{value:.1f}\t{detail}")
