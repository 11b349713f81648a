"""A trace is watched while it runs, in both languages, with a script and without; and its file fits paper."""

import pytest

from portal import eventually
from texts import sample

MANY = 400_000  # members enough that tests of twenty exhibits take a while

WATCH = """const [words, length] = arguments;
window.mark = 'not reloaded'; window.seen = [];
new MutationObserver(() => {
    const status = document.querySelector(words);
    const bar = document.querySelector(length);
    if (status) window.seen.push([status.textContent, bar ? bar.value / bar.max : 0]);
}).observe(document.body, {subtree: true, childList: true});"""


@pytest.fixture
def slow(portal):
    """A steward, a leak of M7's copy, and traces of it that take a while: slow() gives the address of one."""
    portal.library.add_members(30)
    copies = portal.library.copy_all(portal.library.publish(sample("zh")))
    with portal.database() as db:
        db.executemany("INSERT INTO member (name, email, created_ms) VALUES (?, ?, 0)",
                       ((f"C{i}", f"c{i}@crowd.example") for i in range(MANY)))
    db.close()
    steward = portal.person("s@example.org", "steward")
    files = [(f"{i}.txt", f"{copies['M7']}\n\n{i}".encode()) for i in range(20)]

    def ask():
        return steward.post("/trace", exhibit=files, everyone=1).location

    ask.steward, ask.leak = steward, copies["M7"]
    return ask


@pytest.mark.parametrize("lang, testing, found", [("en", "Testing members", "made from the copy of"),
                                                  ("zh", "正在检验成员", "的副本")])
def test_progress_and_finding_stand_on_an_open_page_without_a_reload(portal, window, slow, lang, testing, found):
    page = window(portal, slow.steward, lang)
    slow()  # so that the page is open before its own begins
    page.go(slow())
    page.run(WATCH, "#trace [role=status]", "#trace progress")
    page.until(lambda: found in page.text, "the finding")
    assert page.run("return window.mark") == "not reloaded"
    seen = page.run("return window.seen")
    shares = [share for words, share in seen if testing in words]
    assert shares and shares == sorted(shares) and any(0 < share <= 1 for share in shares)
    assert not page.all("#trace progress")


@pytest.mark.parametrize("lang, testing, found", [("en", "Testing members", "made from the copy of"),
                                                  ("zh", "正在检验成员", "的副本")])
def test_a_cases_page_shows_how_far_its_trace_is_and_then_the_finding(portal, window, slow, lang, testing, found):
    files = [(f"{i}.txt", f"{slow.leak}\n\n{i}".encode()) for i in range(10)]  # as many as a report takes
    portal.person("reporter@example.org").post("/reports/new", kind="leak", words="Seen.", files=files)
    case = "/cases/" + slow.steward.json("/cases")["cases"][0]["key"]
    page = window(portal, slow.steward, lang).go(case)
    page.live()
    page.run(WATCH, "#traces [role=status]", "#traces progress")
    slow.steward.post(case + "/trace", everyone=1)
    page.until(lambda: found in page.one("#traces").text, "the finding")
    assert page.run("return window.mark") == "not reloaded"
    shares = [share for words, share in page.run("return window.seen") if testing in words]
    assert shares and shares == sorted(shares) and any(0 < share <= 1 for share in shares)
    assert not page.all("#traces progress")


def test_without_a_script_the_page_comes_again_by_itself_until_the_finding_is_there(portal, window, slow):
    page = window(portal, slow.steward, script=False).go(slow())
    page.until(lambda: "made from the copy of" in page.text, "the finding")


def test_a_steward_uploads_a_leak_and_cancels_or_reads_the_finding(portal, window, slow):
    page = window(portal, slow.steward).go("/trace")
    path = portal.library.file("leak.txt", slow.leak)
    page.one("#exhibit").send_keys(str(path))
    page.click("Trace", "main button")
    page.until(lambda: "made from the copy of" in page.text, "the finding")
    for _ in range(3):
        slow()
    page.go(slow())  # which waits for the others
    page.click("Cancel", "main button")
    page.sees("Nothing was found out")
    page.sees("Run it again")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_case_file_is_set_for_paper(portal, window, slow, lang):
    portal.library.run("settings", "set", "organisation", "Society")
    steward = slow.steward
    steward.post("/reports/new", kind="leak", text=slow.leak)
    case = "/cases/" + steward.json("/cases")["cases"][0]["key"]
    steward.post(case + "/trace")
    page = window(portal, steward, lang).go(case)
    eventually(lambda: steward.json(case)["traces"]["runs"][0]["state"] == "done", "the finding")
    page.until(lambda: ("的副本" if lang == "zh" else "the copy of") in page.one("#traces").text)
    page.go(case + "/file")
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        shown = page.run("return ['.top', '.foot', '.no-print'].map(s => getComputedStyle("
                         "document.querySelector(s)).display)")
        assert shown == ["none"] * 3
        assert page.one("table.beside mark.read").is_displayed()
        assert not page.overflow()
        pdf = page.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": False})["data"]
        assert len(pdf) > 20_000
    finally:
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
