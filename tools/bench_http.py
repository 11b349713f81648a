"""The portal over HTTP against nginx serving the same bytes as a static file; part of ./dev bench.

The same client (wrk, 64 connections, loopback, a few seconds each) asks nginx for a file, and the portal
for members' copies of it: with session, entitlement, codeword, stamp and an event that is durable before
the first byte leaves. Sixty-four members are signed in, and each connection asks as them in turn, with
requests that are put together beforehand, the same for both. The rounds alternate, and the middle one of
their ratios counts.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tools")]

CONNECTIONS = 64
SECONDS = 3
ROUNDS = 3
NGINX = """
worker_processes auto;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {folder}/static; }}
}}
"""
ASK_IN_TURN = """
local cookies = {{{cookies}}}
local requests = {{}}
local n = 0
init = function()
    for i, cookie in ipairs(cookies) do
        requests[i] = wrk.format("GET", nil, {{["Cookie"] = cookie}})
    end
end
request = function()
    n = n % #requests + 1
    return requests[n]
end
"""


def free_port():
    import socket
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wrk(script, url):
    """Requests a second, p99 as wrk writes it, and how many answers were not 2xx."""
    out = subprocess.run(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", "-s", script, url],
                         capture_output=True, text=True, check=True).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    return (float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]),
            re.search(r"99%\s+(\S+)", out)[1], int(failed[1]) if failed else 0)


def static(folder, copy):
    port = free_port()
    (folder / "static").mkdir(mode=0o755)
    folder.chmod(0o755)
    (folder / "static/copy.txt").write_bytes(copy)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
    nginx = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-c", folder / "nginx.conf",
                              "-g", "daemon off;"], stderr=subprocess.DEVNULL)
    return nginx, f"http://127.0.0.1:{port}/copy.txt"


def answers(url):
    import time
    import urllib.request
    for _ in range(200):
        try:
            urllib.request.urlopen(url, timeout=5).read()
            return True
        except OSError:
            time.sleep(0.05)
    return False


def measure(program):
    """Yields (name, value, detail) for the table."""
    import program as tests_program
    tests_program.BINARY = str(program)
    import portal as tests_portal
    tests_portal.BINARY = str(program)
    if not shutil.which("wrk"):
        yield "http_copy", None, "wrk is not installed"
        return
    with tempfile.TemporaryDirectory(prefix="chancery-bench-") as name:
        folder = Path(name)
        library = tests_program.Library(folder).init().add_members(CONNECTIONS)
        paper = library.publish(next(iter(sorted((ROOT / "samples").glob("zh-speech*")))))
        served = tests_portal.Portal(library).start()
        people = [served.person(f"M{i + 1}") for i in range(CONNECTIONS)]
        db = served.database()
        key = db.execute("SELECT key FROM offer WHERE paper = ?", (int(paper[1:]),)).fetchone()[0]
        db.close()
        path = f"/papers/{key}/download/txt"
        copy = people[0].get(path).body
        script = folder / "ask.lua"
        script.write_text(ASK_IN_TURN.format(
            cookies=", ".join(f'"chancery={p.cookies["chancery"]}"' for p in people)))
        nginx, url = static(folder, copy)
        try:
            if not answers(url):
                yield "http_copy", None, "nginx does not answer"
                return
            rounds = [[wrk(script, address) for address in (
                url, served.url + path, f"{served.url}/papers/{key}", f"{served.url}/")]
                for _ in range(ROUNDS)]
        finally:
            nginx.terminate()
            nginx.wait()
            served.stop()
        bad = sum(failed for one in rounds for _, _, failed in one)
        if bad:
            yield "http_copy", None, f"{bad} answers were refusals"
            return
        for at, (name, what) in enumerate((("http_copy", "copies"), ("http_page", "the paper page"),
                                           ("http_home", "the home page")), 1):
            ratio, fixed, mine = sorted((one[at][0] / one[0][0], one[0], one[at]) for one in rounds)[ROUNDS // 2]
            detail = f"{what} {mine[0]:.0f}/s, p99 {mine[1]}; nginx {fixed[0]:.0f}/s, p99 {fixed[1]}"
            yield name, ratio, f"{len(copy)} bytes, {CONNECTIONS} connections; {detail}"
