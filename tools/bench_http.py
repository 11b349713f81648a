"""The portal over HTTP against nginx serving the same bytes as a static file; part of ./dev bench.

The same client (wrk, 64 connections, loopback, a few seconds each) asks nginx for a file, and the portal
for members' copies of it: with session, entitlement, codeword, stamp and an event that is durable before
the first byte leaves. Sixty-four members are signed in, and each connection asks as them in turn, with
requests that are put together beforehand, the same for both. The rounds alternate, and the middle one of
their ratios counts. What was written before is on the disk when the next is asked, so that neither waits for
what the other left to write.

nginx is set up as Debian ships it: sendfile, tcp_nopush, a line in the access log for each request, as a copy
leaves a record too. (Its line is in the page cache, the copy's event on the disk.) In two things it is
helped: a connection is kept for more than 1,000 requests, and its files lie in memory. It sends the
headers that the portal sends, so that both answers are as long.

Between the two stands a floor (bench/floor.c): libmicrohttpd with an answer of the same bytes and SQLite with a
durable row for each, the parts that the portal is built of and nothing that it is for. What the floor reaches of
nginx's speed is the most that any portal of these parts could.

A copy of an ordinary paper is what the goal is about. Told beside it: one of a long paper, where moving bytes
outweighs what is done to know which, and those in Word and PDF, which take more work each.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tools")]

CONNECTIONS = 64
SECONDS = 2
ROUNDS = 5
LONG_PAPER = 100_000  # bytes
NGINX = """
worker_processes auto;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log {folder}/access.log;
    sendfile on;
    tcp_nopush on;
    default_type text/plain;
    charset utf-8;
    keepalive_requests 1000000;
    {headers}
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {folder}/static; }}
}}
"""
ITS_OWN_HEADERS = ("date", "server", "connection", "content-length", "content-type")
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
    os.sync()
    out = subprocess.run(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", "-s", script, url],
                         capture_output=True, text=True, check=True).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    return (float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]),
            re.search(r"99%\s+(\S+)", out)[1], int(failed[1]) if failed else 0)


def static(folder, copies):
    """nginx with the copies as files "0", "1" …: the process and its address."""
    port = free_port()
    (folder / "static").mkdir(mode=0o755)
    folder.chmod(0o755)
    for number, copy in enumerate(copies):
        (folder / f"static/{number}").write_bytes(copy.body)
    headers = "".join(f'add_header {name} "{value}";' for name, value in copies[0].headers.items()
                      if name not in ITS_OWN_HEADERS)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, headers=headers))
    nginx = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-c", folder / "nginx.conf",
                              "-g", "daemon off;"], stderr=subprocess.DEVNULL)
    return nginx, f"http://127.0.0.1:{port}"


def floor(folder, copy):
    """libmicrohttpd and a bare durable row, with the copy's bytes: the process and its address."""
    port = free_port()
    headers = "".join(f"{name}: {value}\n" for name, value in copy.headers.items()
                      if name not in ("date", "connection", "content-length"))
    (folder / "floor.copy").write_bytes(f"{headers}\n".encode() + copy.body)
    process = subprocess.Popen([ROOT / "build-bench/bench/bench_floor", str(port), folder / "floor.db",
                                folder / "floor.copy"])
    return process, f"http://127.0.0.1:{port}/"


def long_paper(folder):
    """The samples one after the other, again and again."""
    text = "\n\n".join(path.read_text() for path in sorted((ROOT / "samples").glob("*-*")))
    while len(text.encode()) < LONG_PAPER:
        text += "\n\n" + text
    path = folder / "long.txt"
    path.write_bytes(text.encode()[:LONG_PAPER].rsplit(b"\n", 1)[0] + b"\n")
    return path


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
        papers = [library.publish(path) for path in (
            next(iter(sorted((ROOT / "samples").glob("zh-speech*")))), long_paper(folder))]
        served = tests_portal.Portal(library).start()
        people = [served.person(f"M{i + 1}") for i in range(CONNECTIONS)]
        db = served.database()
        pages = ["/papers/" + db.execute("SELECT key FROM offer WHERE paper = ?", (int(paper[1:]),)).fetchone()[0]
                 for paper in papers]
        db.close()
        copies = [people[0].get(f"{page}/download/txt") for page in pages]
        copies += [people[0].get(f"{pages[0]}/download/{kind}") for kind in ("docx", "pdf")]
        script = folder / "ask.lua"
        script.write_text(ASK_IN_TURN.format(
            cookies=", ".join(f'"chancery={p.cookies["chancery"]}"' for p in people)))
        nginx, address = static(folder, copies)
        bare, bare_address = floor(folder, copies[0])
        # name, what it is, the file of nginx's that it is held against, what is asked for
        copy = f"{served.url}{pages[0]}/download"
        asked = [("http_copy", f"copies of {len(copies[0].body)} bytes", 0, f"{copy}/txt"),
                 ("http_floor", f"rows and {len(copies[0].body)} bytes", 0, bare_address),
                 ("http_long_copy", f"copies of {len(copies[1].body)} bytes", 1,
                  f"{served.url}{pages[1]}/download/txt"),
                 ("http_docx", f"Word copies of {len(copies[2].body)} bytes", 2, f"{copy}/docx"),
                 ("http_pdf", f"PDF copies of {len(copies[3].body)} bytes", 3, f"{copy}/pdf"),
                 ("http_page", "the paper page", 0, served.url + pages[0]),
                 ("http_home", "the home page", 0, f"{served.url}/")]
        rounds = []
        try:
            for what, where in (("nginx", f"{address}/0"), ("the floor", bare_address)):
                if not answers(where):
                    yield "http_copy", None, f"{what} does not answer"
                    return
            for _ in range(ROUNDS):
                fixed = [wrk(script, f"{address}/{file}") for file in range(len(copies))]
                rounds.append([(fixed[file], wrk(script, where)) for _, _, file, where in asked])
        finally:
            for process in (nginx, bare):
                process.terminate()
                process.wait()
            served.stop()
        bad = sum(failed for one in rounds for pair in one for _, _, failed in pair)
        if bad:
            yield "http_copy", None, f"{bad} answers were refusals"
            return
        for at, (name, what, _, _) in enumerate(asked):
            ratio, fixed, mine = sorted((one[at][1][0] / one[at][0][0], *one[at]) for one in rounds)[ROUNDS // 2]
            yield name, ratio, (f"{what}, {CONNECTIONS} connections: {mine[0]:.0f}/s, p99 {mine[1]};"
                                f" nginx {fixed[0]:.0f}/s, p99 {fixed[1]}")
        shares = sorted(one[0][1][0] / one[1][1][0] for one in rounds)
        yield "http_copy_of_floor", shares[ROUNDS // 2], f"from {shares[0]:.2f} to {shares[-1]:.2f}"
