"""Many readers hold a page open, and an editor publishes: how long until the last one is told, and what a
reader costs in memory. Everything runs on this machine: server and readers share its cores."""

import hashlib
import os
import re
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLIENT = ROOT / "build-bench/bench/bench_live"
PROGRAM = ROOT / "build-bench/chancery"
SPARE_FILES = 500


def wanted():
    """As many readers as are asked for, or as the system allows files to one process."""
    asked = int(os.environ.get("CHANCERY_BENCH_READERS", 10_000))
    return min(asked, resource.getrlimit(resource.RLIMIT_NOFILE)[1] - SPARE_FILES)


def add_readers(portal, count):
    """Accounts and sessions for the members there are, straight into the database."""
    now = int(time.time() * 1000)
    tokens = [secrets.token_hex(32) for _ in range(count)]
    with portal.database() as db:
        db.executemany("INSERT INTO account (member, created_ms) VALUES (?, 1)",
                       [(i + 1,) for i in range(count)])
        db.executemany("INSERT INTO session VALUES (?, ?, ?, ?, ?, '', '')",
                       [(hashlib.sha256(t.encode()).digest(), i + 1, now, now, now + 3600_000)
                        for i, t in enumerate(tokens)])
    db.close()
    return portal.library.file("sessions", "\n".join(tokens) + "\n")


def memory_kb(process):
    """Memory that the process alone holds."""
    text = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
    return int(re.search(r"Private_Dirty:\s+(\d+)", text)[1])


def publish(editor):
    """As an editor does it on the pages."""
    path = editor.post("/write").location
    editor.post(path, title="Told", text="# Told\n\nSome words.\n", form="md", version=1)
    page = editor.get(editor.post(path + "/publish", access="members", price="free",
                                  level="discreet").location).text
    editor.post(path + "/confirm", stamp=re.search(r'name="stamp" value="([^"]+)"', page)[1])


def live_readers():
    if not CLIENT.exists() or not PROGRAM.exists():
        return
    os.environ["CHANCERY_BINARY"] = str(PROGRAM)
    sys.path.insert(0, str(ROOT / "tests"))
    from portal import Portal
    from program import Library
    count = wanted()
    with tempfile.TemporaryDirectory(prefix="chancery-bench-") as folder:
        portal = Portal(Library(folder).init().add_members(count)).start()
        sessions = add_readers(portal, count)
        editor = portal.person("editor@example.org", "editor")
        editor.get("/write")
        before = memory_kb(portal.process)
        readers = subprocess.Popen([CLIENT, str(portal.port), sessions], stdout=subprocess.PIPE, text=True)
        try:
            ready = readers.stdout.readline()
            held = memory_kb(portal.process)
            if ready.split() != ["ready", str(count)]:
                yield "live_ms", None, f"only {ready!r} of {count} readers"
                return
            publish(editor)
            _, told, median, last = readers.stdout.readline().split()
            with portal.database() as db:
                (began,), = db.execute("SELECT time_ms FROM event WHERE kind = 'paper.published'")
            db.close()
        finally:
            readers.kill()
            readers.wait()
            portal.stop()
    yield "live_ms", int(last) - began, f"{told} readers, half of them after {int(median) - began} ms"
    yield "live_kb", (held - before) / count, "of the server's own memory; the kernel's buffers apart"
