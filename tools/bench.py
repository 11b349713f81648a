"""Runs every benchmark and prints one table: what was measured, the goal, the verdict. ./dev bench

The programs in build-bench/bench print lines of `name<TAB>value<TAB>detail`; the goals stand in the
table below. A few measures take the whole program, from file to names, with a million members.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests/attack")]
import bench_http  # noqa: E402
from bench_ledger import ledger_costs  # noqa: E402
from bench_live import live_readers  # noqa: E402
from bench_pages import page_costs  # noqa: E402
from members import members  # noqa: E402

PROGRAM = ROOT / "build-bench/chancery"
MILLION = int(os.environ.get("CHANCERY_BENCH_MEMBERS", 1_000_000))

# name: (what it is, comparison, goal); without a goal it is only told
GOALS = {
    "stamp_vs_memcpy": ("stamping a text copy, of memcpy's speed", ">=", 0.5),
    "stamp_hot": ("the same over and over in the nearest cache", None, None),
    "moves_hot": ("moving bytes there in blocks of 64, of memcpy's speed", None, None),
    "pdf_first_ms": ("the first copy as PDF of a paper that nobody opened yet, ms", "<=", 100.0),
    "pdf_us": ("a further copy as PDF of ten pages, microseconds", None, None),
    "pdf_vs_pdf_lib": ("such a copy, times as fast as pdf-lib stamping it", ">=", 20.0),
    "pdf_vs_qpdf": ("the same, times as fast as running qpdf to lay a page over it", ">=", 10.0),
    "docx_vs_libzip": ("a Word copy, times as fast as repacking by libzip", ">=", 20.0),
    "docx_us": ("the same, microseconds a copy", None, None),
    "docx_vs_office": ("the command that makes one, of LibreOffice saving it again", ">=", 10.0),
    "accuse_vs_aes": ("accusing a million members, of the key stream's speed", ">=", 1.0),
    "align_growth": ("aligning 10 times the text, times as long", "<=", 15.0),
    "source_search_ms": ("finding a source among 100,000 papers, ms", "<=", 100.0),
    "http_copy": ("a member's copy over HTTP, of nginx's static file", ">=", 0.8),
    "http_floor": ("libmicrohttpd and a bare durable row alone, of the same file", None, None),
    "http_copy_of_floor": ("a member's copy, of that floor", None, None),
    "http_long_copy": ("the same of a long paper", None, None),
    "http_docx": ("the same as a Word document", None, None),
    "http_pdf": ("the same as PDF", None, None),
    "http_page": ("reading a paper over HTTP, of nginx's static file", None, None),
    "http_home": ("the home page over HTTP, of nginx's static file", None, None),
    "home_requests": ("the home page, requests", "<=", 5.0),
    "home_kb": ("the same, kB over the wire on a first visit", "<=", 50.0),
    "home_p99_ms": ("the same, server time p99, ms", "<=", 20.0),
    "paper_requests": ("a paper's page, requests", "<=", 5.0),
    "paper_kb": ("the same, kB over the wire on a first visit", "<=", 100.0),
    "paper_p99_ms": ("the same, server time p99, ms", "<=", 20.0),
    "wall_p99_ms": ("the ledger's wall, a district's year, server time p99, ms", "<=", 100.0),
    "ledger_list_ms": ("the ledger's lists at 100 times that size, the slowest, ms", "<=", 200.0),
    "wall_large_ms": ("the wall at that size, ms", None, None),
    "search_p99_ms": ("a search among 100,000 papers, p99, ms", "<=", 50.0),
    "import_s": ("importing a million members, s", "<=", 60.0),
    "trace_s": ("trace from file to names among a million members, s", "<=", 1.0),
    "trace_mb": ("the same, memory at most, MB", "<=", 500.0),
    "live_ms": ("telling 10,000 open pages of a publication, ms", "<=", 1000.0),
    "live_kb": ("memory that an open page takes, kB", "<=", 40.0),
}



def programs():
    folder = ROOT / "build-bench/bench"
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.is_file() and os.access(path, os.X_OK):
            done = subprocess.run([path], capture_output=True, text=True)
            if done.returncode:
                yield path.name, None, f"exit {done.returncode}: {done.stderr.strip()[-200:]}"
            for line in done.stdout.splitlines():
                parts = line.split("\t")
                if len(parts) >= 2:
                    yield parts[0], float(parts[1]), parts[2] if len(parts) > 2 else ""


def measured(command, environment):
    """Seconds and megabytes that a command takes, start and end of the process included."""
    begin = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(map(str, command))} failed")
    return time.monotonic() - begin, usage.ru_maxrss / 1024, output.decode()


def whole_program():
    sample = next(iter(sorted((ROOT / "samples").glob("zh-speech*"))), None)
    if sample is None or not PROGRAM.exists():
        return
    with tempfile.TemporaryDirectory(prefix="chancery-bench-") as folder:
        environment = {**os.environ, "CHANCERY_DATA": f"{folder}/library", "LC_ALL": "C.UTF-8"}

        def run(*arguments):
            return measured([PROGRAM, *arguments], environment)

        run("init")
        with open(f"{folder}/members.csv", "w", encoding="utf-8") as out:
            out.write("name,email,group\n")
            out.writelines(",".join(m) + "\n" for m in members(MILLION))
        seconds, megabytes, _ = run("member", "import", f"{folder}/members.csv")
        yield "import_s", seconds, f"{MILLION} lines, {megabytes:.0f} MB"
        paper = run("publish", str(sample))[2].split()[1].rstrip(",")
        run("copy", paper, "--member", "M4711", "--out", f"{folder}/leak.txt")
        best, most, output = min(run("trace", f"{folder}/leak.txt", "--everyone", "--json")
                                 for _ in range(3))
        found = "M4711 named" if '"M4711"' in output else "M4711 NOT named"
        yield "trace_s", best, f"{MILLION} members, best of 3, {found}"
        yield "trace_mb", most, ""


def office_resave():
    """A Word copy by the whole program against LibreOffice opening and saving it, each with its start and end."""
    office = shutil.which("soffice")
    sample = next(iter(sorted((ROOT / "samples").glob("zh-speech*"))), None)
    if sample is None or office is None or not PROGRAM.exists():
        return
    with tempfile.TemporaryDirectory(prefix="chancery-bench-") as folder:
        environment = {**os.environ, "CHANCERY_DATA": f"{folder}/library", "LC_ALL": "C.UTF-8", "HOME": folder}
        measured([PROGRAM, "init"], environment)
        measured([PROGRAM, "member", "add", "--name", "A", "--email", "a@example.org"], environment)
        measured([PROGRAM, "publish", str(sample)], environment)
        copy = [PROGRAM, "copy", "P1", "--member", "M1", "--format", "docx", "--out", f"{folder}/copy.docx"]
        save = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "docx",
                "--outdir", f"{folder}/saved", f"{folder}/copy.docx"]
        ours = min(measured(copy, environment)[0] for _ in range(3))
        theirs = min(measured(save, environment)[0] for _ in range(3))
        yield "docx_vs_office", theirs / ours, f"{ours * 1000:.0f} ms against {theirs * 1000:.0f} ms, best of 3"


def pdf_stamping():
    """A copy as PDF against stamping the same paper: by pdf-lib in one process, by qpdf as a program of its own."""
    made = ROOT / "build-bench/bench/bench_pdf"
    if not made.exists():
        return
    with tempfile.TemporaryDirectory(prefix="chancery-bench-") as folder:
        lines = subprocess.run([made, f"{folder}/paper.pdf"], cwd=ROOT, capture_output=True, text=True,
                               check=True).stdout.splitlines()
        ours = next(float(line.split("\t")[1]) for line in lines if line.startswith("pdf_us"))
        if shutil.which("npm"):
            for name in ("package.json", "pdf-lib.mjs"):
                shutil.copy(ROOT / "bench" / name, folder)
            subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)
            theirs = float(subprocess.run(["node", "pdf-lib.mjs", "paper.pdf"], cwd=folder, capture_output=True,
                                          text=True, check=True).stdout)
            yield "pdf_vs_pdf_lib", theirs * 1000 / ours, f"{ours:.0f} us against {theirs:.0f} ms"
        if shutil.which("qpdf"):
            subprocess.run(["qpdf", f"{folder}/paper.pdf", "--pages", ".", "1", "--", f"{folder}/stamp.pdf"], check=True)
            lay = ["qpdf", f"{folder}/paper.pdf", "--overlay", f"{folder}/stamp.pdf", "--repeat=1", "--",
                   f"{folder}/laid.pdf"]
            laid = min(measured(lay, dict(os.environ))[0] for _ in range(3))
            yield "pdf_vs_qpdf", laid * 1e6 / ours, f"{ours:.0f} us against {laid * 1000:.0f} ms, best of 3"


def over_http():
    if PROGRAM.exists():
        yield from bench_http.measure(PROGRAM)
        yield from page_costs(PROGRAM)
        yield from ledger_costs(PROGRAM)


def verdict(name, value):
    if value is None:
        return "failed", "", False
    if name not in GOALS:
        return "", "", True
    _, how, goal = GOALS[name]
    if how is None:
        return "", "", True
    good = value >= goal if how == ">=" else value <= goal
    return "met" if good else "MISSED", f"{how} {goal:g}", good


def main():
    sys.stdout.reconfigure(encoding="utf-8")  # whatever the locale
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    all_good = True
    print(f"{'measure':58}{'value':>10}  {'goal':10}{'verdict':9}detail")
    for source in (programs, office_resave, pdf_stamping, over_http, whole_program, live_readers):
        for name, value, detail in source():
            word, goal, good = verdict(name, value)
            all_good &= good
            title = GOALS.get(name, (name,))[0]
            shown = "-" if value is None else f"{value:.3g}"
            print(f"{title:58}{shown:>10}  {goal:10}{word:9}{detail}", flush=True)
    return 0 if all_good else 1


if __name__ == "__main__":
    sys.exit(main())
