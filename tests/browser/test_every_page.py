"""Every page that a role can come to by links and buttons: whole in both languages, accessible by axe,
and on a phone without scrolling to the side. Its screenshots are for people to look at."""

import json
import re

import pytest

from accounts import GOOD, add_account, change, mail_on, page_of, sign_in
from browser import DESK, PHONE
from portal import Portal
from texts import sample

# The town's owner is an editor and a steward too, so that what these may open is walked with them. Both languages of a walk
# are one worker's: most of what is good in one is the same in the other.
WALKS = [pytest.param(role, lang, marks=pytest.mark.xdist_group(role)) for role in ("owner", "member", "anyone")
         for lang in ("en", "zh")]
MOST = 200  # pages a role, so that a key which pattern() misses is found out


def pattern(path):
    """One name for all pages of a kind: keys and numbers left out."""
    path = path.split("?")[0].split("#")[0]
    return re.sub(r"/(?=[^/]*\d)[\w-]{12,}|/[a-z]{16}(?=/|$)|/M?\d+(?=/|$)", "/…", path)


def links(page):
    return page.run("""return [...document.querySelectorAll('a[href]:not([download])')]
        .map(a => new URL(a.getAttribute('href'), document.baseURI).href).filter(href => href.startsWith(location.origin + '/'))""")


def crawl(page, first="/"):
    """Goes to one page of each kind that links lead to; yields their names while there."""
    waiting, seen = [first], set()
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        if pattern(path) in seen or path.startswith(("/language", "/assets", "/live")):
            continue
        seen.add(pattern(path))
        page.go(path)
        if not page.run("return document.contentType").startswith("text/html"):
            continue
        code = page.run("return performance.getEntriesByType('navigation')[0].responseStatus")
        if code == 200:
            yield pattern(path), None
        else:
            yield pattern(path), f"a link leads there, and the answer is {code}"
        waiting += [href.removeprefix(page.portal.url) for href in links(page)]
    assert not waiting or len(seen) < MOST, "too many kinds of pages"


def judged(page, axe, name):
    """What is wrong with the page that is open: by axe in light, dark and on a phone, and its width there."""
    page.screenshot(name)
    wrong = [f"{name}: {words}" for words in page.violations(axe)]
    page.dark()
    wrong += [f"{name} in the dark: {words}" for words in page.violations(axe)]
    page.dark(False)
    page.resize(*PHONE)
    page.screenshot(name + "-phone")
    if page.overflow():
        wrong.append(f"{name} on a phone sticks out by {page.overflow()}")
    wrong += [f"{name} on a phone: {words}" for words in page.violations(axe)]
    page.resize(*DESK)
    return wrong


@pytest.mark.parametrize("role, lang", WALKS)
def test_every_page_of_a_role_is_accessible_and_fits_a_phone(town, window, axe, role, lang):
    page = window(town.portal, town.people.get(role), lang)
    wrong = []
    for name, dead in crawl(page, "/sign-in" if role == "anyone" else "/"):
        wrong += [f"{name}: {dead}"] if dead else judged(page, axe, f"{role}-{name}-{lang}")
    assert not wrong, "\n".join(dict.fromkeys(wrong))


def states(portal):
    """Pages that are come to by a letter, by what happened, or not at all: (name, who, path)."""
    steward, editor = portal.person("barrow@example.org", "steward"), portal.person("lin@example.org", "editor")
    member, factor = portal.person("berg@example.org"), add_account(portal, "f@example.org", factor=True)
    papers = [portal.library.publish(sample(lang)) for lang in ("en", "zh", "en")]
    keys = {p["id"]: p["key"] for p in editor.json("/write")["papers"]}
    over, noticed, asked = (keys[paper] for paper in papers)
    text = sample("en").read_text("utf-8")
    revised = portal.library.file("revised.txt", text.replace(". ", ". And so on. ", 3))
    portal.library.run("publish", revised, "--paper", papers[2])
    editor.post(f"/papers/{noticed}/offer", access="members", price="free", notice="Copies are marked.\n副本带有标记。")
    editor.post(f"/papers/{asked}/offer", access="members", price="free", formats=["txt"], delete_days=7)
    member.get(f"/papers/{asked}/download/txt")
    change(portal, "UPDATE offer SET expires_ms = 1 WHERE paper = ?", int(papers[0][1:]))
    guest = portal.library.json("member", "add", "--email", "guest@example.org", "--name", "Guest")["member"]
    invitation = portal.library.json("member", "invite", guest)["link"]
    reset = re.search(r"/reset/[\w-]+", steward.post(page_of(portal, factor) + "/reset", 200).text)[0]
    half = portal.anyone()
    sign_in(half, "f@example.org")
    draft = editor.post("/write").location
    yield "empty-draft", editor, draft
    yield "empty-draft-preview", editor, draft + "/preview"
    yield "empty-draft-sites", editor, draft + "/sites"
    yield "empty-draft-confirm", editor, draft + "/confirm"
    template = editor.post("/write").location
    editor.post(template, title="", text="A form\n\n{{Name}} of XX and {{Name}} agree: {{yes/no}}.\n", form="txt", version=1)
    yield "template", editor, template
    yield "template-blanks", editor, template + "/blanks"
    yield "refused", member, f"/papers/{over}"
    yield "notice-asked", member, f"/papers/{noticed}"
    yield "difference", member, f"/papers/{asked}/difference?from=1&to=2"
    yield "deletions", member, "/deletions"
    yield "deletions-open", steward, "/deletions/open"
    yield "deletion-certificate", steward, f"/papers/{asked}/deletions"
    yield "keys", portal.person("keeper@example.org", "owner"), "/owner/keys"
    gone = portal.library.json("member", "add", "--email", "gone@example.org", "--name", "Gone")["member"]
    steward.post(page_of(portal, gone) + "/erasure")
    owner = portal.person("zhou@example.org", "owner")
    yield "erasure-asked", owner, page_of(portal, gone) + "/erasure"
    yield "erasures", steward, "/erasures"
    left = portal.library.json("member", "add", "--email", "left@example.org", "--name", "Left")["member"]
    steward.post(page_of(portal, left) + "/erasure")
    yield "erasure-certificate", steward, owner.post(
        f"/erasures/{owner.json(page_of(portal, left) + '/erasure')['key']}/confirm").location
    yield "personal", member, "/account/data"
    yield "member-with-factor", steward, page_of(portal, factor)
    yield "nothing-found", member, "/search?q=xylophone"
    yield "invitation", None, invitation[invitation.index("/invitation/"):]
    yield "reset", None, reset
    yield "used-link", None, "/invitation/" + "a" * 43
    yield "second-factor", half, "/sign-in/code"
    yield "missing", member, "/nowhere"
    yield "forbidden", member, "/members"
    yield "reports-none", member, "/reports"
    yield "report", member, "/reports/new"
    yield "sanctions-none", member, "/sanctions"
    accused = portal.person("vik@example.org")
    member.post("/reports/new", kind="leak", words="Seen.", files=[("a.txt", b"found")])
    case = "/cases/" + steward.json("/cases")["cases"][0]["key"]
    steward.post(f"{case}/accuse", member="vik@example.org", reason="Known.")
    yield "case-open", steward, case
    steward.post(f"{case}/propose", words="Look.", members=accused.member, measures="suspension", days=9, grounds="Sold.")
    yield "case-proposed", steward, case
    second = portal.person("shen@example.org", "steward")
    yield "case-to-confirm", second, case
    second.post(f"{case}/confirm")
    yield "sanctions", accused, "/sanctions"
    told = "/sanctions/" + accused.json("/sanctions")["sanctions"][0]["key"]
    yield "sanction", accused, told
    accused.post(f"{told}/appeal", words="No.")
    yield "case-appealed", portal.person("owner3@example.org", "owner"), case
    yield "sanction-appealed", accused, told
    yield "front", None, "/"
    mail_on(portal)
    add_account(portal, "moving@example.org")
    moving = portal.anyone()
    sign_in(moving, "moving@example.org")
    moving.post("/account/email", new_email="moved@example.org", email_password=GOOD)
    rows = change(portal, "SELECT data FROM letter WHERE kind IN ('email-new', 'email-old') ORDER BY kind")
    to_new, to_old = (json.loads(row[0])["path"] for row in rows)
    yield "account-with-mail", moving, "/account"
    yield "email-new", None, to_new
    yield "email-old", None, to_old
    portal.anyone().post(to_new)
    yield "email-old-done", None, to_old
    yield from projects(portal, editor)
    yield from goals(portal, editor)
    yield from campaigns(editor)
    yield from figures(portal, editor)
    yield from reviews(portal, editor)
    yield from risks(portal, editor)
    yield from inspections(portal, editor)
    yield from rectifications(portal, editor)
    yield from studies(portal, editor)
    yield from policies(portal, editor)


def reviews(portal, editor):
    """A joint review in each of its states, with somebody who asked, refused and let the limit pass."""
    clerk = portal.person("clerk@example.org")
    office = editor.post("/ledger/units", name="Fire").location
    editor.post(f"{office}/members", member="clerk@example.org")
    yield "desk-empty", clerk, "/ledger/steps"
    yield "reviews-empty", editor, "/ledger/reviews"
    yield "review-times-empty", editor, "/ledger/reviews/times"
    page = editor.post("/ledger/reviews", title="Old bridge", text="May it be torn down?", basis="Rule 7").location
    yield "review-draft-empty", editor, page
    line = page.removesuffix("/review")
    for stage in ("1", "1", "2"):
        editor.post(f"{line}/steps", stage=stage, unit=office.split("/")[-1], days="5", silence="1")
    yield "review-draft", editor, page
    editor.post(page, act="start")
    first, second = (step["key"] for step in editor.json(page)["steps"]["stages"][0]["steps"])
    clerk.post(f"{line}/steps/{first}", act="ask", words="Where are the drawings?", reason="papers")
    yield "review-asked", editor, page
    yield "review-clerk", clerk, page
    yield "desk", clerk, "/ledger/steps"
    editor.post(f"{line}/steps/{first}", act="answer", words="Here.", file=("drawing.pdf", b"%PDF-1.4 lines"))
    clerk.post(f"{line}/steps/{first}", act="refuse", words="It is listed.")
    clerk.post(f"{line}/steps/{second}", act="condition", words="Only in summer.")
    yield "review-stuck", editor, page
    editor.post(page, act="back", stage="1", words="It is no longer listed.")
    yield "review-again", editor, page
    for step in [step["key"] for step in editor.json(page)["steps"]["stages"][0]["steps"]]:
        clerk.post(f"{line}/steps/{step}", act="agree")
    clerk.post(f"{line}/steps/{editor.json(page)['steps']['stages'][1]['steps'][0]['key']}", act="agree")
    editor.post(page, act="reply", verdict="agreed", words="Agreed.")
    yield "review-replied", editor, page
    yield "reviews", editor, "/ledger/reviews"
    yield "review-times", editor, "/ledger/reviews/times"


def risks(portal, editor):
    """A risk in disposal, with what watches it and the alarm raised."""
    office = editor.post("/ledger/units", name="Pipes").location.split("/")[-1]
    line = editor.post("/ledger/risks", title="Mains leak", category="safety", likelihood="4", impact="4").location
    water = editor.post("/ledger", kind="indicator", title="Water lost").location
    editor.post(f"{water}/indicator/settings", measure="%", places="1", fold="mean", direction="down", begins="2026-01",
                due_day="10", behind_percent="5")
    number = editor.json(water)["head"]["number"]
    editor.post(f"{line}/marks", indicator=number, warn="12", alarm="20", margin="1", months="1")
    editor.post(f"{water}/indicator/actuals", year="2026", m1="11", m2="25")
    editor.post(line, act="measure", words="Renew the pipe", unit=office, days="20")
    editor.post(line, act="dispose", words="Begin")
    yield "risks", editor, "/ledger/risks"
    yield "risk", editor, line
    yield "risk-map", editor, "/ledger/risks/map"
    sheet = editor.post("/ledger/sheets", use="sweep", name="Fire safety", items="Exits are free\nHoses reach").location.split("/")[-1]
    change(portal, "INSERT INTO unit_member VALUES ((SELECT id FROM unit WHERE key = ?), ?)", office, int(editor.member[1:]))
    sweep = editor.post("/ledger/sweeps", title="Fire safety", sheet=sheet, due="2090-12-31", to=[office]).location
    form = editor.json(sweep)["forms"][0]
    editor.post(form["path"], sent="0123456789-0123456789", item=[str(i["item"]) for i in form["items"]], value=["no", "yes"],
                words=["Desks in the way", ""], problem=[str(form["items"][0]["item"])])
    yield "sweeps", editor, "/ledger/sweeps"
    yield "sweep", editor, sweep


def goals(portal, editor):
    """Goals with parts, what is taken over from above, and programmes that clash."""
    goal = editor.post("/ledger", kind="goal", title="Clean water", due="2090-12-31").location
    for number in range(4):  # each within the last: deeper than one page goes
        editor.post("/ledger", kind="field" if number % 2 else "milestone", title=f"Part {number}", due="2020-01-01",
                    part_of=("G1", "M1", "F1", "M2")[number])
    yield "goals", editor, "/ledger/goals"
    yield "goals-under", editor, "/ledger/goals?under=" + goal.split("/")[-1]
    higher = editor.post("/ledger/higher", title="Homes on the mains", level="city", quantity="900", measure="homes",
                         due="2080-01-01").location
    yield "higher-untaken", editor, higher
    for line in ("G1", "M1"):
        editor.post(f"{higher}/take", line=line, amount="600")
    yield "higher", editor, higher
    yield "higher-list", editor, "/ledger/higher"
    for name, by in (("Land use", "2030-06-30"), ("Traffic", "2031-06-30")):
        programme = editor.post("/ledger/programmes", name=name, area="City").location
        editor.post(f"{programme}/statements", line="G1", last=by, least="3", measure="km", place="City/East", use="Roads")
    yield "programme", editor, programme
    clash = "/ledger/clashes/" + editor.json("/ledger/clashes")["grid"]["rows"][0]["key"]
    yield "clash", editor, clash
    yield "parts", editor, f"{goal}/parts"
    page = editor.json(clash)
    editor.post(f"{clash}/settle", one=page["one_changes"], other=page["other_changes"], words="So agreed")
    yield "clash-settled", editor, clash


def inspections(portal, editor):
    """A tour from before it has a sheet until its findings are decided upon."""
    yield "inspections-none", editor, "/ledger/inspections"
    yield "sheets-none", editor, "/ledger/sheets"
    sheet = editor.post("/ledger/sheets", use="inspection", name="Autumn", items="Progress | 60\nSafety | 40\nOn site").location
    yield "sheet", editor, sheet
    yield "sheets", editor, "/ledger/sheets"
    line = editor.post("/ledger/inspections", title="Autumn tour", sheet=sheet.split("/")[-1],
                       rule="trim").location.removesuffix("/inspection")
    yield "tour-planned", editor, f"{line}/inspection"
    scorer = portal.person("ren@example.org", "inspector")
    for place in ("North works", "South works"):
        editor.post(f"{line}/inspection/stops", place=place)
    editor.post(f"{line}/inspection/scorers", member=page_of(portal, scorer.member).split("/")[-1])
    yield "scoring-not-begun", scorer, f"{line}/scoring"
    editor.post(f"{line}/inspection", act="start")
    yield "tour-under-way", editor, f"{line}/inspection"
    yield "ranking-hidden", editor, f"{line}/ranking"
    yield "scoring-of-others", editor, f"{line}/scoring"
    for number, form in enumerate(scorer.json(f"{line}/scoring")["forms"]):
        scorer.post(form["path"], sent=f"{number}" * 22, item=[item["item"] for item in form["items"]],
                    value=[50 - number, "30.5", "yes"], words=["late", "", ""], problem=form["items"][0]["item"])
    yield "scoring", scorer, f"{line}/scoring"
    yield "inspections", editor, "/ledger/inspections"
    editor.post(f"{line}/inspection", act="end")
    yield "ranking", editor, f"{line}/ranking"
    yield "scoring-closed", scorer, f"{line}/scoring"
    finding = editor.json(f"{line}/ranking")["findings"][0]["key"]
    editor.post(f"{line}/ranking/{finding}", title="Put right the delay")
    yield "ranking-decided", editor, f"{line}/ranking"


def policies(portal, editor):
    """A policy from the empty register to its leaflet, use, checks and end, and a project that it fits."""
    inspector, member = portal.person("auditor@example.org", "inspector"), portal.person("bergen@example.org")
    yield "policies-none", editor, "/ledger/policies"
    yield "leaflets-none", member, "/policies"
    page = editor.post("/ledger/policies", title="Help for works", route="seek", term=["manufacturing", "small-firm"], due="2090-12-31",
                       lead=page_of(portal, editor.member).split("/")[-1]).location
    line, key = page.removesuffix("/policy"), page.split("/")[-2]
    yield "policy-listed", editor, page
    yield "policy-terms", editor, "/ledger/policies/terms"
    editor.post(page, act="aim", granted="90", by="2090-12-31", words="Newer machines")
    editor.post(page, act="enact", source="Paper 7", **{"from": "2026-01-05"})
    yield "uptake-none", editor, f"{line}/uptake"
    yield "checks-none", inspector, f"{line}/checks"
    for number, claimed in enumerate((9, 20), 1):
        editor.post(f"{line}/uptake", month=f"2026-0{number}", meant="200", claimed=claimed, granted=claimed, paid="1000")
    inspector.post(f"{line}/uptake/appraisals", verdict="fails", words="Few know of it")
    yield "uptake", inspector, f"{line}/uptake"
    editor.post("/ledger/sheets", use="check", name="On the spot", items="Is the leaflet on show?\nHow long one waits | 10")
    form = inspector.json(f"{line}/checks")["forms"][0]
    inspector.post(form["path"], sent="c" * 22, item=[item["item"] for item in form["items"]], value=["no", "4"], words=["Not in the hall", ""],
                   problem=form["items"][0]["item"])
    yield "checks-inspector", inspector, f"{line}/checks"
    yield "checks", editor, f"{line}/checks"
    texts = {"en_title": "Money for machines", "en_gives": "A tenth of the price", "en_who": "Small works", "en_how": "Window 5", "en_contact": "555 0100"}
    editor.post(f"{line}/leaflet", writes="1", **texts)
    yield "leaflet-draft", editor, f"{line}/leaflet"
    editor.post(f"{line}/leaflet/act", act="ask")
    inspector.post(f"{line}/leaflet/act", act="show")
    yield "leaflet", editor, f"{line}/leaflet"
    member.post(f"/policies/{key}/follow")
    yield "policy-leaflet", member, f"/policies/{key}"
    yield "policies-followed", member, "/policies"
    yield "policy-stop", None, "/policies/unsubscribe/" + member.json("/policies")["follows"][0]["key"]
    yield "policy-stopped", None, "/policies/unsubscribe/" + "a" * 22
    project = editor.post("/ledger", kind="project", title="Bearing works").location
    yield "policies-fitting", editor, f"{project}/policies"
    yield "policies-flagged", editor, "/ledger/policies?flag=silent"
    editor.post(page, act="end", words="Spent")
    yield "policy-leaflet-ended", member, f"/policies/{key}"


def rectifications(portal, editor):
    """A problem that was sent back, without and with an earlier one that it is like."""
    lead, inspector = portal.person("gao@example.org", "lead"), portal.person("shi@example.org", "inspector")
    key = portal.database().execute("SELECT key FROM member WHERE id = ?", (int(lead.member[1:]),)).fetchone()[0]
    for _ in range(2):
        line = editor.post("/ledger/rectifications", title="Permits late", text="Permits are issued late", origin="inspection",
                           sort="service", lead=key).location
        for person, act, more in ((lead, "explain", {}), (lead, "plan", {"due": "2090-12-31"}), (lead, "show", {"evidence": "Rota"}),
                                  (inspector, "return", {}), (lead, "show", {"evidence": "Rota"}), (inspector, "pass", {})):
            person.post(line, act=act, words="So it is", **more)
        editor.post(line, None, act="strike")  # the second waits until it is said whether it came back
        yield "rectification", editor, line
    yield "rectifications", editor, "/ledger/rectifications?again=open"


def studies(portal, editor):
    """Sessions prepared, called off and written down."""
    office = editor.post("/ledger/units", name="Office").location
    editor.post(f"{office}/members", member="gao@example.org")
    unit = office.split("/")[-1]
    editor.post("/ledger/studies/bodies", unit=unit, everybody="1", limit=5, window=14, since="2020-01-01")
    yield "study-bodies", editor, "/ledger/studies/bodies"
    yield "study-papers", editor, "/ledger/studies/papers"
    session = editor.post("/ledger/studies", unit=unit, day="2026-01-05").location
    editor.post(f"{session}/items", title="Discussion", text="By turns")
    yield "study-planned", editor, session
    editor.post(session, act="call-off", words="Nobody can come")
    yield "study-off", editor, session


def figures(portal, editor):
    """A source whose columns are known, and what came in by it."""
    line = editor.post("/ledger", kind="indicator", title="Output").location
    editor.post(f"{line}/indicator/settings", measure="km", places=1, fold="sum", direction="up", begins="2026-01",
                due_day=10, behind_percent=5)
    number = editor.json(line)["head"]["number"]
    yield "sources-none", editor, "/ledger/indicators/mappings"
    batch = editor.post("/ledger/indicators/columns", name="Statistics", text=f"a\tb\n{number}\t5\n", of_year=2026,
                        heading=["a", "b"], role=["indicator", "m3"]).location
    yield "figures-taken-in", editor, batch
    yield "sources", editor, "/ledger/indicators/mappings"
    yield "figures-with-source", editor, "/ledger/indicators"
    yield "alarms", editor, "/ledger/alarms"
    yield "rules-set", portal.person("steward@example.org", "steward"), "/ledger/rules"
    yield "alarms-filtered", editor, "/ledger/alarms?words=nothing+such"


def campaigns(editor):
    """One being put together, and one under way with a line that moved."""
    line = editor.post("/ledger", kind="risk", title="Landslide").location
    for number, title in enumerate(("Spring push", "Autumn push")):
        page = editor.post("/ledger/campaigns", title=title, length=60, begins="2026-01-05").location
        editor.post(page, act="add", numbers="R1", aim=80, goal="The slope is held")
        yield f"campaign-new-{number}", editor, page
    editor.post(page, act="start")
    editor.post(f"{line}/change", title="Landslide", weight="1", progress=50)
    yield "campaign", editor, page
    yield "campaigns", editor, "/ledger/campaigns"
    yield "line-in-campaigns", editor, line


def projects(portal, editor):
    """The library of projects with something in every part of it."""
    other = portal.person("wen@example.org", "editor")
    office = editor.post("/ledger/units", name="Works").location.split("/")[-1]
    line = editor.post("/ledger/projects", **{"title": "Ring road", "class": "key", "unit": office,
                                              "due": "2090-12-31"}).location.removesuffix("/project")
    other.post(f"{line}/project/marks", mark=[90, 80, 70, 60, 30])
    editor.post("/ledger/projects/rounds", name="Spring")
    yield "project-proposed", other, f"{line}/project"
    yield "project-reviews", other, "/ledger/projects/rounds"
    yield "project-criteria", other, "/ledger/projects/criteria"
    for kind, more in (("planned", {"amount": "1000", "day": "2090-01-01"}), ("paid", {"amount": "2000", "day": "2090-01-01"}),
                       ("permit", {"state": "asked", "due": "2020-01-01"})):
        editor.post(f"{line}/account", kind=kind, name="Works", **more)
    yield "project-account", other, f"{line}/account"
    yield "project-accounts", other, "/ledger/accounts"
    editor.post(f"{line}/watches", watch="landing", act="add", words="The river is diverted")
    editor.post(f"{line}/watches/landing/files", file=("pier.jpg", b"\xff\xd8\xff\xe0a picture"), place="By the river")
    yield "project-watches", other, f"{line}/watches"
    editor.post(f"{line}/quantity", quantity="12.5", measure="km")
    editor.post(f"{line}/baselines", name="Agreed")
    editor.post(f"{line}/account", kind="planned", name="More", amount="500", day="2090-01-01")
    yield "project-baselines", other, f"{line}/baselines"


@pytest.mark.xdist_group("states")
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pages_that_no_link_leads_to_are_accessible_and_fit_a_phone(portal, window, axe, lang):
    wrong = []
    for name, who, path in states(portal):
        page = window(portal, who, lang).go(path)
        wrong += judged(page, axe, f"state-{name}-{lang}")
    assert not wrong, "\n".join(dict.fromkeys(wrong))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_first_page_of_a_fresh_installation_is_accessible_and_fits_a_phone(library, window, axe, lang):
    portal = Portal(library, first_run=True).start()
    try:
        assert not judged(window(portal, None, lang).go("/"), axe, f"state-first-run-{lang}")
    finally:
        portal.stop()
