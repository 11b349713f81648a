"""What the home page and the paper page cost a reader: requests, bytes and what holds up the first paint, as
Lighthouse counts them, and the time that the server takes. Part of ./dev bench.

A page is asked for as a browser does, then everything that it names. Bytes are those of whole answers, heads
included. A second visit fetches only what may not be kept. Times are of one connection with nobody else on
it, from the request's last byte to the answer's last.
"""

import http.client
import sys
import tempfile
import time
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tools")]

TIMES = 2000


class Named(HTMLParser):
    """What a page makes a browser fetch: (address, whether the first paint waits for it)."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "link" and given.get("rel") in ("stylesheet", "icon"):
            self.found.append((given["href"], given["rel"] == "stylesheet" and given.get("media") != "print"))
        elif tag in ("script", "img", "iframe") and given.get("src"):
            later = tag != "script" or "defer" in given or "async" in given or given.get("type") == "module"
            self.found.append((given["src"], not later))


class Reader:
    def __init__(self, person):
        self.connection = http.client.HTTPConnection("127.0.0.1", person.portal.port, timeout=60)
        self.sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in person.cookies.items()), "Accept": "text/html",
                     "Accept-Language": "en", "Accept-Encoding": "gzip, deflate, br"}

    def get(self, path):
        """The answer's bytes as they came, its body, whether it may be kept, and milliseconds."""
        begin = time.perf_counter()
        self.connection.request("GET", path, headers=self.sent)
        answer = self.connection.getresponse()
        body = answer.read()
        took = (time.perf_counter() - begin) * 1000
        if answer.status != 200:
            raise OSError(f"GET {path}: {answer.status}")
        head = len(f"HTTP/1.1 {answer.status} {answer.reason}\r\n\r\n")
        head += sum(len(name) + len(value) + 4 for name, value in answer.getheaders())
        return head + len(body), body, "immutable" in (answer.getheader("Cache-Control") or ""), took


def measure_page(reader, name, path):
    size, body, _, _ = reader.get(path)
    named = dict(Named(body.decode()).found)  # each address once
    parts = {address: reader.get(address) for address in named}
    blocking = sum(named.values())
    again = [size, *(part[0] for part in parts.values() if not part[2])]
    times = sorted(reader.get(path)[3] for _ in range(TIMES))
    yield (f"{name}_requests", 1 + len(parts),
           f"{blocking} of them before the first paint; a second visit {len(again)}")
    yield (f"{name}_kb", (size + sum(part[0] for part in parts.values())) / 1000,
           f"the page {size / 1000:.1f}; a second visit {sum(again) / 1000:.1f}")
    yield (f"{name}_p99_ms", times[len(times) * 99 // 100],
           f"p50 {times[len(times) // 2]:.2f} ms; {TIMES} asked, one after the other")


def page_costs(program):
    """Yields (name, value, detail) for the table."""
    import program as tests_program
    tests_program.BINARY = str(program)
    import portal as tests_portal
    tests_portal.BINARY = str(program)
    with tempfile.TemporaryDirectory(prefix="chancery-bench-") as folder:
        library = tests_program.Library(folder).init().add_members(64)
        for path in sorted((ROOT / "samples").glob("*-*.*")):
            library.publish(path)
        served = tests_portal.Portal(library).start()
        try:
            reader = Reader(served.person("M1"))
            with served.database() as db:
                (key,), = db.execute("SELECT o.key FROM offer o JOIN edition e USING (paper)"
                                     " WHERE e.title LIKE '%讲话%'")
            db.close()
            yield from measure_page(reader, "home", "/")
            yield from measure_page(reader, "paper", f"/papers/{key}")
        finally:
            served.stop()
