"""Prints a paper's copies, brings pages of them back as pictures, and counts whose copies are found out.

    ./dev trials PAPER [TRIALS [LEVEL]]

Two pages are scanned, three photographed: the leaker must be named in 95 of 100 trials and nobody else ever, among 1,000
members. Each trial is another made-up member's copy, other pages, other noise. Two processes work side by side, one a
way; a page takes some three seconds of a processor.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BINARY = os.environ.get("CHANCERY_BINARY", str(ROOT / "build/chancery"))
WAYS = {"scan": 2, "photograph": 3}  # pages of a trial
GOAL = 0.95
SEED = 20260000


def run(data, *arguments):
    done = subprocess.run([BINARY, *map(str, arguments), "--data", str(data)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"chancery {arguments[0]}: {done.stderr.strip()}")
    return done.stdout


def rehearse(data, paper, way, trials):
    """The counts of `trials` trials, one after the other so that it shows how far it is."""
    sums = {"trials": 0, "caught": 0, "wrong": 0, "read": 0, "misread": 0, "sites": 0, "seconds": 0}
    for trial in range(trials):
        report = json.loads(run(data, "rehearse", paper, "--trials", 0, "--pictures", 1, "--members", 1000,
                                "--way", way, "--seed", SEED + trial, "--json"))
        for row in report["attacks"]:
            for key in sums:
                sums[key] += row[key]
        print(f"  {way}: {sums['caught']} of {sums['trials']} named, {sums['wrong']} wrongly",
              file=sys.stderr)
    return sums


def say(way, sums):
    pages = sums["trials"] * WAYS[way]
    print(f"{way:12} leaker named in {sums['caught']} of {sums['trials']}, innocent members named: {sums['wrong']}; "
          f"{sums['read'] / sums['trials']:.0f} marks read a trial, {sums['misread']} of {sums['read']} misread; "
          f"{sums['seconds'] / pages:.1f} s a page")
    return sums["wrong"] == 0 and sums["caught"] >= GOAL * sums["trials"]


def main(file, trials="100", level="discreet"):
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        run(data, "init")
        paper = json.loads(run(data, "publish", file, "--level", level, "--json"))["paper"]
        begun = time.monotonic()
        with ThreadPoolExecutor(len(WAYS)) as pool:
            found = dict(zip(WAYS, pool.map(lambda way: rehearse(data, paper, way, int(trials)), WAYS)))
        good = [say(way, sums) for way, sums in found.items()]
        print(f"{time.monotonic() - begun:.0f} s")
        return 0 if all(good) else 1


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
