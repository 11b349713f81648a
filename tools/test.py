"""Runs every kind of test, counts single cases, and ends with "N passed, N failed".

A stage is a function that yields outcomes: (name of the case or program, passed, failed, output). The
output is shown only for what failed. ./dev test sets up the build folders before it calls this.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as xml
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = "/usr/bin/python3"
UNIT_TIMEOUT = 600
FUZZ_RUNS = 5000  # inputs a target
# Of targets whose inputs take long: a page is laid out or drawn anew from each, or asked for over a connection, or a
# database is brought up to date.
FUZZ_FEWER = {"answers": 1000, "backup": 500, "draw": 1000, "letters": 500, "picture": 300, "portal": 2000}
SHOWN = 30  # lines at either end of a failed test's output
SANITIZERS = {
    "ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0:strict_string_checks=1",
    "LSAN_OPTIONS": f"suppressions={ROOT}/tools/leaks.txt:print_suppressions=0",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    "TSAN_OPTIONS": "halt_on_error=1",
    "ASAN_SYMBOLIZER_PATH": "/usr/bin/llvm-symbolizer-14",
}


def run(command, timeout=UNIT_TIMEOUT, **more):
    """Runs a command, gives (exit code, output); a time-out or a missing program is a failure."""
    try:
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=timeout, errors="replace", **more)
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired as late:
        text = (late.stdout or b"").decode(errors="replace")
        return 124, text + f"\nstopped after {timeout} s\n"
    except OSError as refused:
        return 127, str(refused)


def shortened(output):
    """Beginning and end of what a failed test said."""
    lines = output.rstrip().splitlines()
    if len(lines) > 2 * SHOWN:
        lines[SHOWN:-SHOWN] = [f"… {len(lines) - 2 * SHOWN} lines more …"]
    return "\n".join(lines)


def build(folder, jobs, targets=()):
    """Builds the targets, or all there is."""
    code, output = run(["ninja", "-C", folder, "-j", str(jobs), "--quiet", *targets], timeout=1800)
    if code:
        yield f"build {folder}", 0, 1, output[-20000:]


# --- C sources ------------------------------------------------------------------------------------


def stage_format(jobs):
    """One case: every C source is laid out as .clang-format says."""
    names = sorted(str(path.relative_to(ROOT)) for room in ("src", "tests", "bench")
                   for path in (ROOT / room).rglob("*.[ch]"))

    def look(share):
        code, output = run(["clang-format-14", "--dry-run", "-Werror", *share])
        return sorted(set(re.findall(r"^([^:\n]+):\d+:\d+: error", output, re.M))) or [output] * bool(code)

    with ThreadPoolExecutor(jobs) as pool:
        bad = [name for found in pool.map(look, (names[i::jobs] for i in range(jobs))) for name in found]
    yield "format", int(not bad), int(bool(bad)), "./dev format would change: " + " ".join(bad)


# --- unit tests -----------------------------------------------------------------------------------


def count_cmocka(code, output):
    """Cases passed and failed in cmocka's output, several groups in one program added up. A program
    that ends early or with an error has at least one failure."""
    begun = sum(map(int, re.findall(r"^\[=+\] Running (\d+) test", output, re.M)))
    passed = sum(map(int, re.findall(r"^\[  PASSED  \] (\d+) test", output, re.M)))
    skipped = sum(map(int, re.findall(r"^\[  SKIPPED \] (\d+) test", output, re.M)))
    failed = max(begun - passed - skipped, 0)
    if code and not failed or not begun:
        failed += 1
    return passed, failed


def unit_programs(folder, only_threads):
    tests = json.loads(run(["meson", "introspect", folder, "--tests"])[1])
    if not only_threads:
        return tests
    threaded = set()
    for target in json.loads(run(["meson", "introspect", folder, "--targets"])[1]):
        files = [name for part in target.get("target_sources", ()) for name in part.get("sources", ())]
        if any("pthread_create" in Path(f).read_text(errors="replace") for f in files
               if Path(f).exists()):
            threaded.update(target["filename"])
    return [test for test in tests if test["cmd"][0] in threaded]


def files_of(folder, programs):
    """What is to be built for them: themselves, and programs that they call."""
    needed = {name for test in programs for name in test["depends"]}
    return [os.path.relpath(target["filename"][0], ROOT / folder)
            for target in json.loads(run(["meson", "introspect", folder, "--targets"])[1]) if target["id"] in needed]


def stage_unit_in(folder, jobs, only_threads=False):
    # Brings what meson says of the folder up to date: ./dev may just have switched its tests on.
    run(["ninja", "-C", folder, "--quiet", "build.ninja"])
    programs = unit_programs(folder, only_threads)
    if not programs and not only_threads:
        yield f"tests in {folder}", 0, 1, "There are none: is it set up without -Dtests=true?"
    wanted = files_of(folder, programs) if only_threads else ()
    broken = list(build(folder, jobs, wanted)) if programs else []
    yield from broken
    if broken:
        return

    def one(test):
        environment = {**os.environ, **SANITIZERS, **test.get("env", {})}
        code, output = run(test["cmd"], env=environment)
        return (f"{folder} {test['name']}", *count_cmocka(code, output), output)

    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(one, programs)


def stage_unit(jobs):
    return stage_unit_in("build", jobs)


def stage_asan(jobs):
    return stage_unit_in("build-asan", jobs)


def stage_tsan(jobs):
    return stage_unit_in("build-tsan", jobs, only_threads=True)


# --- fuzz targets ---------------------------------------------------------------------------------


def stage_fuzz(jobs):
    run(["ninja", "-C", "build-fuzz", "--quiet", "build.ninja"])
    targets = json.loads(run(["meson", "introspect", "build-fuzz", "--targets"])[1])
    programs = sorted(Path(t["filename"][0]) for t in targets if t["name"].startswith("fuzz_"))
    broken = list(build("build-fuzz", jobs, [str(p.relative_to(ROOT / "build-fuzz")) for p in programs]))
    yield from broken
    if broken:
        return

    def one(program):
        name = program.name.removeprefix("fuzz_")
        seeds = ROOT / "tests/fuzz/corpus" / name
        # Counted, not timed, and from the seeds alone: the same inputs in every run.
        with tempfile.TemporaryDirectory() as found:
            code, output = run([str(program), f"-runs={FUZZ_FEWER.get(name, FUZZ_RUNS)}", "-seed=1", "-timeout=10",
                                "-verbosity=0", f"-artifact_prefix={ROOT}/build-fuzz/", found,
                                *([str(seeds)] if seeds.is_dir() else [])],
                               env={**os.environ, **SANITIZERS})
        return f"fuzz {name}", int(code == 0), int(code != 0), output[-6000:]

    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(one, programs)


# --- Python tests ---------------------------------------------------------------------------------


def stage_pytest(folder, jobs, binary="build/chancery", select=None, spread="load", **environment):
    report = ROOT / f"build/{folder.replace('/', '-')}-{Path(binary).parent.name}.xml"
    report.unlink(missing_ok=True)
    command = [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", str(jobs),
               "--dist", spread, f"--junitxml={report}", folder]
    if select:
        command += ["-m", select]
    code, output = run(command, timeout=2400, env={
        **os.environ, **SANITIZERS, "CHANCERY_BINARY": str(ROOT / binary),
        "PYTHONDONTWRITEBYTECODE": "1", **environment})
    if not report.exists():
        yield f"{folder} could not be run", 0, 1, output
        return
    for case in xml.parse(report).iter("testcase"):
        bad = [part for part in case if part.tag in ("failure", "error")]
        if any(part.tag == "skipped" for part in case):
            continue
        name = f"{folder} {case.get('classname', '').split('.')[-1]}: {case.get('name')}"
        yield name, int(not bad), int(bool(bad)), "\n".join((b.text or "")[-3000:] for b in bad)
    if code not in (0, 1, 5):
        yield f"{folder} ended with {code}", 0, 1, output[-6000:]


def waiting(jobs):
    """Workers for tests that wait for a program more than they compute: one waits, another goes on."""
    return jobs + 1


def stage_e2e(jobs):
    yield from build("build", jobs)
    yield from stage_pytest("tests/e2e", waiting(jobs))


def stage_e2e_slow(jobs):
    """What sanitizers are in the way of."""
    yield from build("build", jobs)
    yield from stage_pytest("tests/e2e", waiting(jobs), select="slow")


def stage_asan_e2e(jobs):
    """The same specifications by the program under sanitizers, without the statistical ones."""
    yield from build("build-asan", jobs)
    yield from stage_pytest("tests/e2e", waiting(jobs), "build-asan/chancery", "not slow")


def stage_web(jobs):
    yield from build("build", jobs)
    yield from stage_pytest("tests/web", waiting(jobs))


def stage_web_slow(jobs):
    """What sanitizers are in the way of."""
    yield from build("build", jobs)
    yield from stage_pytest("tests/web", waiting(jobs), select="slow")


def stage_asan_web(jobs):
    yield from build("build-asan", jobs)
    yield from stage_pytest("tests/web", waiting(jobs), "build-asan/chancery", "not slow")


def stage_browser(jobs, **environment):
    yield from build("build", jobs)
    # One by one as they stand, so that the long walks, which come first, are not all one worker's.
    yield from stage_pytest("tests/browser", jobs, spread="loadgroup", **environment)


def stage_browser_unseen(jobs):
    """Without pictures, which nobody looks at then."""
    yield from stage_browser(jobs, CHANCERY_SCREENS="")


def stage_attack(jobs):
    yield from build("build", jobs)
    yield from stage_pytest("tests/attack", jobs)


def stage_fault(jobs):
    yield from build("build", jobs)
    yield from stage_pytest("tests/fault", waiting(jobs))


def stage_docs(jobs):
    yield from build("build", jobs)
    yield from stage_pytest("tests/docs", 1)


STAGES = {
    "format": [stage_format],
    "unit": [stage_unit],
    "asan": [stage_asan, stage_asan_e2e, stage_asan_web],
    "tsan": [stage_tsan],
    "fuzz": [stage_fuzz],
    "e2e": [stage_e2e],
    "web": [stage_web],
    "browser": [stage_browser],
    "attack": [stage_attack],
    "fault": [stage_fault],
    "docs": [stage_docs],
}
# In a whole run the program is driven from outside once, by the stage asan, and the release build by browser, attack,
# fault and docs: twice would take the time of all the others.
WHOLE = {**STAGES, "e2e": [stage_e2e_slow], "web": [stage_web_slow], "browser": [stage_browser_unseen]}


def main():
    sys.stdout.reconfigure(encoding="utf-8")  # whatever the locale
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("stages", nargs="*", metavar="STAGE")
    wanted = parser.parse_args()
    for name in wanted.stages:
        if name not in STAGES:
            sys.exit(f"There is no stage \"{name}\"; stages: {', '.join(STAGES)}")
    stages = STAGES if wanted.stages else WHOLE
    all_passed = all_failed = 0
    for name in wanted.stages or stages:
        begin = time.monotonic()
        stage_passed = stage_failed = 0
        for stage in stages[name]:
            for case, passed, failed, output in stage(wanted.jobs):
                stage_passed += passed
                stage_failed += failed
                if failed:
                    print(f"FAILED {case}\n{shortened(output)}\n", flush=True)
        print(f"{name:8} {stage_passed:5} passed {stage_failed:5} failed "
              f"{time.monotonic() - begin:7.0f} s", flush=True)
        all_passed += stage_passed
        all_failed += stage_failed
    print(f"{all_passed} passed, {all_failed} failed")
    return 1 if all_failed else 0


if __name__ == "__main__":
    sys.exit(main())
