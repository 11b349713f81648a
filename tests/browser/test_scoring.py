"""Scoring a tour on a phone: whatever becomes of the connection, the session or the window, nothing that was filled in is
lost, and nothing is kept twice."""

import struct
import zlib
from contextlib import contextmanager

import pytest

from browser import PHONE

SHEET = "Progress of the works 工程进度 | 60\nSafety 安全生产 | 40\nA warden is on site 有安全员在场"
WORDS = {"en": {"waiting": "sent as soon as there is a connection", "keeping": "It has not been sent"},
         "zh": {"waiting": "联网后自动提交", "keeping": "尚未提交"}}


def picture(path, side=40):
    """A PNG of some colours."""
    rows = b"".join(b"\0" + bytes((x * y * 7 + i) % 256 for x in range(side) for i in range(3)) for y in range(side))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
                     + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    return str(path)


def rows(portal, sql):
    with portal.database() as db:
        found = db.execute(sql).fetchall()
    db.close()
    return found


def key_of(portal, person):
    return rows(portal, f"SELECT key FROM member WHERE id = {person.member[1:]}")[0][0]


def tour(portal, scorers=1, stops=("North works 北区工地", "South works 南区工地")):
    editor = portal.person("zhou@example.org", "editor")
    people = [portal.person(f"ren{i}@example.org", "inspector") for i in range(scorers)]
    sheet = editor.post("/ledger/sheets", use="inspection", name="Autumn 秋季", items=SHEET).location.split("/")[-1]
    line = editor.post("/ledger/inspections", title="Autumn tour 秋季观摩", sheet=sheet, rule="trim").location
    line = line.removesuffix("/inspection")
    for place in stops:
        editor.post(f"{line}/inspection/stops", place=place)
    for person in people:
        editor.post(f"{line}/inspection/scorers", member=key_of(portal, person))
    editor.post(f"{line}/inspection", act="start")
    return editor, people, line


class Form:
    """The form of the n-th stop, found anew each time, as it is replaced when it has arrived."""

    def __init__(self, page, nth=0):
        self.page, self.nth = page, nth

    @property
    def fold(self):
        self.page.one("details.stop")
        return self.page.all("details.stop")[self.nth]

    def all(self, selector):
        return self.fold.find_elements("css selector", selector)

    def open(self):
        """By a property, as the page opens it too once it has found what was kept, and a click then would close it."""
        self.page.until(lambda: self.page.run("return arguments[0].open = true", self.fold), "the form's part of the page")
        return self

    def click(self, selector):
        self.all(selector)[0].click()
        return self

    def fill(self, progress="50", safety="30", warden="yes", remark=""):
        self.open()
        for field, value in zip(self.all("[name=value]"), (progress, safety)):
            field.clear()
            field.send_keys(value)
        if warden:
            self.page.run("arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change', {bubbles: true}))",
                          self.all("select")[0], warden)
        if remark:
            self.all("[name=remark]")[0].send_keys(remark)
        return self

    def photo(self, path):
        before = len(self.all("[data-kept-photos] li"))
        self.all("[type=file]")[0].send_keys(path)
        self.page.until(lambda: len(self.all("[data-kept-photos] li")) == before + 1, "the photo in the list")
        return self

    def send(self):
        return self.open().click("form .actions button")

    def says(self, words):
        self.page.until(lambda: words in self.all("[data-kept-status]")[0].text, f"“{words}” at the form")
        return self

    def values(self):
        return [field.get_attribute("value") for field in self.all("[name=value], [name=remark]")]

    def holds(self, *values):
        self.page.until(lambda: self.values() == list(values), f"{values} in the form, not {self.values()}")
        return self

    def arrives(self):
        self.page.until(lambda: self.all("summary .badge.good"), "word that it has arrived")
        return self


@contextmanager
def offline(page):
    def cut(off):
        page.driver.execute_cdp_cmd("Network.emulateNetworkConditions",
                                    {"offline": off, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
    page.driver.execute_cdp_cmd("Network.enable", {})
    cut(True)
    try:
        yield
    finally:
        cut(False)


def put_by(page):
    """The page is there without a connection: the worker runs it, and its copy lies in the browser."""
    page.until(lambda: page.run("return navigator.serviceWorker.controller !== null"), "the worker")
    page.until(lambda: page.driver.execute_async_script(
        "const done = arguments[0]; caches.match(location.pathname, {ignoreVary: true}).then(found => done(!!found))"), "the copy")


def standing(portal):
    """What the server holds: (stop, points, photos) of each sheet that stands."""
    return rows(portal, "SELECT s.place, (SELECT group_concat(value, ' ') FROM (SELECT value FROM filled_item i WHERE i.filled = f.id"
                        " ORDER BY i.item)), (SELECT count(*) FROM line_file p WHERE p.about = 'filled.' || f.id) FROM filled f"
                        " JOIN inspection_stop s ON s.id = f.part WHERE f.replaced_ms IS NULL ORDER BY s.id")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_filled_in_without_a_connection_is_sent_once_there_is_one(portal, window, axe, lang, tmp_path):
    words = WORDS[lang]
    _, (scorer,), line = tour(portal)
    page = window(portal, scorer, lang, size=PHONE).go(f"{line}/scoring")
    first, second = Form(page), Form(page, 1)
    put_by(page)
    with offline(page):
        first.fill("55.5", "30", "yes", "清洁 clean").photo(picture(tmp_path / "a.png")).photo(picture(tmp_path / "b.png"))
        first.says(words["keeping"])
        page.screenshot(f"scoring-kept-{lang}-phone")
        first.send().says(words["waiting"])
        second.fill("40", "20", "no").send().says(words["waiting"])
        page.screenshot(f"scoring-waiting-{lang}-phone")
        assert standing(portal) == []
    first.arrives()
    second.arrives()
    assert standing(portal) == [("North works 北区工地", "555 300 1", 2), ("South works 南区工地", "400 200 0", 0)]
    assert rows(portal, "SELECT count(*) FROM event WHERE kind = 'line.filled'") == [(2,)]
    page.go(f"{line}/scoring")
    first.open().holds("55.5", "30", "yes", "清洁 clean")
    assert not page.overflow() and not page.violations(axe)
    page.screenshot(f"scoring-sent-{lang}-phone")


def test_a_page_loaded_again_while_the_server_is_gone_has_all_that_was_filled_in(portal, window, tmp_path):
    _, (scorer,), line = tour(portal)
    page = window(portal, scorer, size=PHONE).go(f"{line}/scoring")
    put_by(page)
    Form(page).fill("55", "30", "yes", "clean").photo(picture(tmp_path / "a.png"))
    page.until(lambda: Form(page).values()[3] == "clean")
    Form(page).says("It has not been sent")
    portal.stop()
    page.go(f"{line}/scoring")
    Form(page).holds("55", "30", "yes", "clean")
    assert len(Form(page).all("[data-kept-photos] li")) == 1
    Form(page, 1).fill("40", "20", "inapplicable").send().says("as soon as there is a connection")
    page.go(f"{line}/scoring")  # and once more, after it was to be sent
    Form(page, 1).holds("40", "20", "inapplicable", "")
    Form(page).send().says("as soon as there is a connection")
    portal.start()
    page.run("dispatchEvent(new Event('online'))")
    Form(page).arrives()
    Form(page, 1).arrives()
    assert standing(portal) == [("North works 北区工地", "550 300 1", 1), ("South works 南区工地", "400 200 -1", 0)]


def test_a_lost_answer_doubles_nothing_and_what_is_changed_after_it_is_not_lost(portal, window, tmp_path):
    _, (scorer,), line = tour(portal)
    page = window(portal, scorer).go(f"{line}/scoring")
    lose = """window.real ??= window.fetch;
        window.fetch = async (...asked) => {
            const answer = await window.real(...asked);
            if (asked[1]?.method === 'POST') throw new TypeError('cut off');
            return answer;
        };"""
    page.run(lose)
    Form(page).fill("50", "30").photo(picture(tmp_path / "a.png")).send()
    page.until(lambda: standing(portal) == [("North works 北区工地", "500 300 1", 1)], "the sheet at the server")
    Form(page).says("as soon as there is a connection")
    Form(page).fill("45", "25").says("It has not been sent")
    Form(page).send().says("as soon as there is a connection")
    page.run("window.fetch = window.real; dispatchEvent(new Event('online'))")
    Form(page).arrives()
    assert [row[:2] for row in standing(portal)] == [("North works 北区工地", "450 250 1")]
    Form(page, 1).fill("10", "10")
    page.run(lose)
    Form(page, 1).send()
    page.until(lambda: len(standing(portal)) == 2, "the second sheet at the server")
    page.go(f"{line}/scoring")
    Form(page, 1).arrives().open().holds("10", "10", "yes", "")
    assert len(standing(portal)) == 2
    assert rows(portal, "SELECT count(*) FROM event WHERE kind = 'line.filled'") == [(3,)]


def test_a_session_that_ended_keeps_what_was_filled_in_until_its_owner_is_back_and_from_others(portal, window):
    _, (scorer, other), line = tour(portal, scorers=2)
    page = window(portal, scorer).go(f"{line}/scoring")
    Form(page).fill("50", "30", "no", "mine alone")
    Form(page).says("It has not been sent")
    with portal.database() as db:
        db.execute("DELETE FROM session WHERE member = ?", (int(scorer.member[1:]),))
    db.close()
    Form(page).send().says("You are signed out")
    assert standing(portal) == []
    page.become(other)
    page.go(f"{line}/scoring")
    Form(page).open().holds("", "", "", "")
    page.become(portal.person(scorer.member, "inspector"))
    page.go(f"{line}/scoring")
    Form(page).arrives().open().holds("50", "30", "no", "mine alone")
    assert rows(portal, "SELECT member FROM filled") == [(int(scorer.member[1:]),)]


def test_what_was_typed_last_is_kept_when_the_page_is_left_at_once(portal, window):
    _, (scorer,), line = tour(portal)
    page = window(portal, scorer).go(f"{line}/scoring")
    field = Form(page).open().all("[name=value]")[0]
    field.send_keys("4")
    Form(page).says("It has not been sent")
    page.run("const at = arguments[0]; at.value = '41'; at.dispatchEvent(new Event('input', {bubbles: true})); location.reload()", field)
    page.arrive()
    Form(page).holds("41", "", "", "")
    page.until(lambda: page.run("return !Object.keys(localStorage).some(name => name.startsWith('late'))"), "the last strokes with the rest")


LATE = """const open = IDBFactory.prototype.open;
IDBFactory.prototype.open = function (...asked) {
    const late = {};
    window.answer = () => {
        const real = open.apply(this, asked);
        for (const on of ['onupgradeneeded', 'onsuccess']) real[on] = () => { late.result = real.result; late[on](); };
    };
    return late;
};"""


def test_a_photo_chosen_before_the_browser_has_said_what_it_keeps_is_kept(portal, window, tmp_path):
    _, (scorer,), line = tour(portal)
    page = window(portal, scorer)
    late = page.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": LATE})
    page.go(f"{line}/scoring")
    page.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", late)
    Form(page).open().all("[type=file]")[0].send_keys(picture(tmp_path / "a.png"))
    page.run("answer()")
    Form(page).says("It has not been sent")
    assert len(Form(page).all("[data-kept-photos] li")) == 1


def test_who_signs_out_leaves_no_page_behind(portal, window):
    _, (scorer,), line = tour(portal)
    page = window(portal, scorer).go(f"{line}/scoring")
    put_by(page)
    page.run("document.querySelector(\"form[action='/sign-out']\").requestSubmit()")
    page.until(lambda: not page.all("form[action='/sign-out']"), "the end of the session")
    page.until(lambda: page.driver.execute_async_script(
        "const done = arguments[0]; caches.keys().then(names => done(!names.length))"), "an empty store")


def test_two_windows_fill_in_one_sheet(portal, window):
    _, (scorer,), line = tour(portal)
    page = window(portal, scorer).go(f"{line}/scoring")
    one = page.driver.current_window_handle
    page.driver.switch_to.new_window("tab")
    two = page.driver.current_window_handle
    page.go(f"{line}/scoring")
    Form(page).open()
    page.driver.switch_to.window(one)
    Form(page).fill("50", "30", "yes", "from the first")
    Form(page).says("It has not been sent")
    page.driver.switch_to.window(two)
    Form(page).holds("50", "30", "yes", "from the first")
    field = Form(page).all("[name=value]")[0]
    field.clear()
    field.send_keys("20")
    page.driver.switch_to.window(one)
    Form(page).holds("20", "30", "yes", "from the first")
    Form(page).send().arrives()
    page.driver.switch_to.window(two)
    Form(page).arrives().open().holds("20", "30", "yes", "from the first")
    page.driver.close()
    page.driver.switch_to.window(one)
    assert standing(portal) == [("North works 北区工地", "200 300 1", 0)]
    assert rows(portal, "SELECT count(*) FROM filled") == [(1,)]


def test_a_sheet_that_is_refused_stays_in_the_browser_with_the_reason(portal, window):
    editor, (scorer,), line = tour(portal, stops=("North works 北区工地",))
    page = window(portal, scorer).go(f"{line}/scoring")
    Form(page).fill("50", "30")
    Form(page).says("It has not been sent")
    form = scorer.json(f"{line}/scoring")["forms"][0]
    scorer.post(form["path"], sent="desk" * 6, item=[i["item"] for i in form["items"]], value=["9", "9", "no"], words=[""] * 3)
    Form(page).send().says("You have sent another one")
    assert standing(portal) == [("North works 北区工地", "90 90 0", 0)]
    Form(page).send().arrives()
    assert standing(portal) == [("North works 北区工地", "500 300 1", 0)]


def test_a_sheet_is_sent_without_a_script(portal, window, tmp_path):
    _, (scorer,), line = tour(portal)
    page = window(portal, scorer, script=False, size=PHONE).go(f"{line}/scoring")
    form = Form(page).open()
    for field, value in zip(form.all("[name=value]"), ("50", "30", "Yes")):
        field.send_keys(value)
    form.all("[name=photo]")[0].send_keys(picture(tmp_path / "a.png"))
    form.send()
    page.until(lambda: standing(portal) == [("North works 北区工地", "500 300 1", 1)], "the sheet")
