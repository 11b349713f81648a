"""Letters as programs that show mail have them: one of every kind, sent by the portal of a lifelike library."""

import json
import re
import time

import pytest

from browser import DESK, PHONE
from portal import Portal, eventually
from post import PostOffice
from program import ROOT, Library

DAYS = {"until_ms": 1893456000000, "ends_ms": 1896134400000}
GROUNDS = "您把仅限成员阅读的文稿转给了他人。 You passed on a paper that is for members only."


ME = "(SELECT id FROM member WHERE email = 'zhou@harbour.example')"  # the owner


def plain(path="/account", **data):
    """For the owner."""
    return f"SELECT {ME}, ?", {"path": path, **data}


def found(sql, **data):
    """For a member whom the query gives, with more particulars as JSON."""
    return f"SELECT member, json_patch(found, ?) FROM ({sql} LIMIT 1)", {"path": "/account", **data}


# Of every kind: who gets it, and what it tells.
LETTERS = {
    "admitted": plain(group="理事会 Council"),
    "alarm": found(f"""SELECT {ME} AS member, json_object('alarm', a.id) AS found FROM risk_alarm a JOIN risk_threshold t
        ON t.id = a.threshold JOIN line r ON r.id = t.line WHERE a.fell_ms IS NULL AND r.state <> 'closed'"""),
    "appeal-granted": plain(words=GROUNDS),
    "appeal-over": plain(),
    "appeal-refused": plain(words=GROUNDS),
    "declined": plain(group="理事会 Council", why="名额已满。 There is no seat left."),
    "deletion": found("""SELECT member, json_object('paper', paper) AS found FROM deletion WHERE attested_ms IS NULL""",
                      title="东港讲话 An address at the east harbour", **DAYS),
    "digest": plain(papers=[{"paper": number, "edition": edition, "fits": edition == 1}
                            for number in (1, 2, 3) for edition in (1, 2)]),
    "email-moved": plain(),
    "email-new": plain(address="zhou.ming@new.harbour.example"),
    "email-old": plain(address="zhou.ming@new.harbour.example"),
    "granted": plain(plan="研究札记年度订阅 Notes by the year", **DAYS),
    "invitation": plain("/invitation/" + 8 * "4af1c2d3"),
    "join": plain(author="Anna Berg", group="理事会 Council"),
    "mention": found("""SELECT g.member, json_object('post', p.key) AS found FROM post p JOIN group_member g
        ON g."group" = p."group" WHERE p.removed_ms IS NULL""", author="Tom Barrow", group="港口通讯 Harbour letter"),
    "placed": plain(group="理事会 Council"),
    "policy": found("""SELECT f.member, json_object('follow', f.key, 'policy', l.key, 'news', 'extended') AS found
        FROM policy_follow f JOIN line l ON l.id = f.line"""),
    "published": plain(paper=1, edition=1),
    "renewal": found("""SELECT member, json_object('subscription', id) AS found FROM subscription WHERE source = 'import'""",
                     plan="研究札记年度订阅 Notes by the year", **DAYS),
    "report-dismissed": plain(),
    "request": found("""SELECT f.member, json_object('request', r.key, 'title', r.title, 'state', r.state) AS found
        FROM request r JOIN request_follow f ON f.request = r.id WHERE r.state <> 'open'""",
                     why="今年秋天完成。 It comes this autumn.", paper=1, edition=1),
    "reset": plain("/reset/" + 8 * "4af1c2d3"),
    "review": plain(title="X12 东港栈桥 The east pier"),
    "said": found(f"""SELECT {ME} AS member, json_object('said', key) AS found FROM line_post WHERE removed_ms IS NULL""",
                  author="Tom Barrow", title="X12 东港栈桥 The east pier"),
    "sanction": plain(measure="suspension", words=GROUNDS, **DAYS),
    "standing": plain(paper=1, edition=1),
    "step": found(f"""SELECT {ME} AS member, json_object('step', s.id, 'tell', 'open') AS found FROM step s JOIN line l
        ON l.id = s.line WHERE s.state = 'open' AND l.state = 'active'"""),
    "subscription": plain(plan="研究札记年度订阅 Notes by the year", **DAYS),
    "supervision": found(f"""SELECT {ME} AS member, json_object('notices', json_group_array(id)) AS found FROM (SELECT n.id
        FROM supervision_notice n JOIN line l ON l.id = n.line WHERE l.state = 'active' AND n.part IS NULL
        AND l.due_day = n.due_day LIMIT 3)"""),
    "sweep": found(f"""SELECT {ME} AS member, json_object('line', w.line, 'unit', w.unit) AS found FROM sweep_unit w
        JOIN line l ON l.id = w.line WHERE l.state = 'active' AND NOT EXISTS
        (SELECT 1 FROM filled f WHERE f.line = w.line AND f.unit = w.unit)"""),
    "test": plain(),
    "tour": found("""SELECT c.member, json_object('line', c.line) AS found FROM inspection_scorer c JOIN inspection i
        ON i.line = c.line WHERE i.state = 'touring' AND NOT EXISTS
        (SELECT 1 FROM filled f WHERE f.line = c.line AND f.member = c.member)"""),
}
LETTERS["sweep-near"] = LETTERS["sweep"]
WITHOUT_ACTION = {"digest", "email-moved", "test"}


@pytest.fixture(scope="module")
def again(town, tmp_path_factory):
    """The town's library once more, to be written in, and a post office for it."""
    folder = tmp_path_factory.mktemp("letters")
    town.library.run("backup", folder / "town.backup")
    library = Library(folder)
    library.run("restore", folder / "town.backup")
    portal, office = Portal(library).start(), PostOffice()
    yield portal, office
    portal.stop()
    office.stop()


def prepare(db, lang):
    """What the town lacks: somebody who follows a policy, words about a line, and a subscription that ends soon."""
    db.execute("UPDATE account SET lang = ?, mail = 'each'", (lang,))
    db.execute(f"INSERT OR IGNORE INTO policy_follow (key, member, line) SELECT 'follow', {ME}, line FROM policy_leaflet"
               " WHERE state = 'shown' LIMIT 1")
    db.execute("INSERT OR IGNORE INTO line_post (key, line, member, text, posted_ms)"
               f" SELECT 'said', max(id), {ME}, 'Well.', 1 FROM line")
    db.execute("INSERT INTO subscription (member, plan, starts_ms, ends_ms, lookback_ms, source)"
               f" SELECT {ME}, id, 1, ?, 1, 'import' FROM plan WHERE NOT EXISTS"
               " (SELECT 1 FROM subscription WHERE source = 'import') LIMIT 1", (int(time.time() * 1000) + 3 * 86400_000,))


def queue(db, kind):
    """Queues a letter and gives its number."""
    sql, data = LETTERS[kind]
    row = db.execute(sql, (json.dumps(data),)).fetchone()
    assert row, f"the town has nothing that a letter of the kind {kind} could tell"
    return db.execute("INSERT INTO letter (event, member, kind, data, created_ms, due_ms) VALUES (0, ?, ?, ?, ?, 1)",
                      (row[0], kind, row[1], int(time.time() * 1000))).lastrowid


def take_all(portal, post, lang):
    """A letter of every kind in a language."""
    with portal.database() as db:
        prepare(db, lang)
        kinds = {queue(db, kind): kind for kind in sorted(LETTERS)}
    for name, value in (("site.url", "https://papers.harbour.example"), ("mail.from", "papers@harbour.example"),
                        ("smtp.url", f"smtp://127.0.0.1:{post.port}")):  # with the last of them letters begin to go
        portal.library.run("settings", "set", name, value)
    eventually(lambda: not numbers(portal, "sent_ms IS NULL AND ended_ms IS NULL") & kinds.keys(), "every letter's end")
    assert not [kinds[number] for number in numbers(portal, "ended_ms IS NOT NULL") & kinds.keys()]
    letters = ((int(re.match(r"<(\d+)\.", letter.id)[1]), letter) for letter in post.take_all())
    return {kinds[number]: letter for number, letter in letters if number in kinds}


def numbers(portal, which):
    with portal.database() as db:
        return {row[0] for row in db.execute(f"SELECT id FROM letter WHERE {which}")}


def words(text):
    """Without what differs between a text and a page: addresses, colons before them, marks of items, spaces."""
    return re.sub(r"https://\S+|[:：\s-]", "", text)


def test_there_is_a_letter_here_for_every_kind():
    kinds = {path.stem.removeprefix("mail-") for path in (ROOT / "web").glob("mail-*.html")}
    assert kinds - {"settings"} == set(LETTERS)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_letter_is_well_set_by_day_and_dark_and_says_in_text_what_it_shows(again, window, axe, tmp_path, lang):
    letters = take_all(*again, lang)
    page = window(again[0], lang=lang)
    for kind, letter in letters.items():
        (tmp_path / f"{kind}.html").write_text(letter.html, "utf-8")
        page.go(f"file://{tmp_path}/{kind}.html")
        shown = page.run("""const brand = document.querySelector('.sheet > p'), all = brand.parentNode.innerText;
            return all.slice(brand.innerText.length)""")
        assert words(shown) == words(letter.text), kind
        assert page.text_of("h1") == " ".join(letter.subject.split()), kind
        assert len(page.all("a.button")) == (kind not in WITHOUT_ACTION), kind
        stops = [link for link in page.run("return [...document.querySelectorAll('.quiet a')].map(a => a.href)")
                 if "/unsubscribe/" in link]
        assert (letter.message["List-Unsubscribe"] or "").strip("<>") in (stops or [""]), kind
    (tmp_path / "all.html").write_text(one_below_the_other(letters.values()), "utf-8")
    page.go(f"file://{tmp_path}/all.html")
    for size in (PHONE, DESK):
        page.resize(*size)
        page.screenshot(f"letters-{lang}-{size[0]}")
        assert not page.overflow()
    assert not judged(page, axe)
    page.dark()
    page.screenshot(f"letters-{lang}-dark")
    assert not judged(page, axe)


def one_below_the_other(letters):
    """One page of several letters: they are set alike."""
    pages = [re.fullmatch(r"(.*<body[^>]*>)(.*)(</body>.*)", letter.html, re.S) for letter in letters]
    return pages[0][1] + "".join(page[2] for page in pages) + pages[0][3]


def judged(page, axe):
    """What axe finds; what it holds to be good practice of whole pages has no place in a letter."""
    page.bring(axe)
    return [(found["id"], [node["html"][:200] for node in found["nodes"]]) for found in
            page.axe({"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})]
