"""The register of policies: from being listed through the steps of its route into force, sorted, matched, pointed out."""

import datetime
import re
import secrets

from accounts import mail_on
from test_ledger import change, key_of, make, titles, unit

TODAY = datetime.date.today()
WORDS = {"title": "Grant for new machines", "route": "seek", "source": "City paper 12 of 2026"}


def day(days):
    return (TODAY + datetime.timedelta(days=days)).isoformat()


def enter(person, code=303, **more):
    answer = person.post("/ledger/policies", code, **{**WORDS, "due": day(90), **more})
    return answer.location.removesuffix("/policy") if code == 303 else answer


def act(person, line, act, code=303, **fields):
    return person.post(f"{line}/policy", code, act=act, **fields)


def policy(person, line):
    return person.json(f"{line}/policy")


def acts(person, line):
    return {row["act"] for row in policy(person, line)["acts"]}


def people(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    return editor, lead, key_of(portal, lead)


def in_force(person, line, **more):
    return act(person, line, "enact", **{"source": "City paper 12 of 2026", "from": day(-100), **more})


def test_a_policy_goes_through_the_steps_of_its_route_into_force_and_to_its_end(portal):
    editor, lead, key = people(portal)
    line = enter(editor, lead=key)
    assert policy(editor, line)["state"] == "listed" and acts(lead, line) == {"start", "aim"}
    assert editor.json(line)["head"]["state"] == "proposed"
    act(lead, line, "start")
    assert change(portal, "SELECT count(*), sum(work), max(stage) FROM step") == [(5, 5, 5)]
    assert "steps" in act(editor, line, "enact", 409, source="City paper 12", **{"from": day(0)}).text
    for stage in range(5):
        step = policy(lead, line)["steps"]["stages"][stage]["steps"][0]
        lead.post(f"{line}/steps/{step['key']}", act="finish", words="Done")
        assert editor.json(line)["head"]["progress"] == 95 * (stage + 1) // 5  # what is left is to put it into force
    act(lead, line, "enact", 403, source="City paper 12", **{"from": day(0)})
    in_force(editor, line, until=day(400))
    head = editor.json(line)["head"]
    assert (head["state"], head["due_day"], head["progress"]) == ("active", day(400), 100)
    act(editor, line, "extend", until=day(500), words="Decided in March")
    assert policy(editor, line)["until"] == day(500) == editor.json(line)["head"]["due_day"]
    assert "reason" in act(editor, line, "end", 409).text
    act(editor, line, "end", words="The money is spent")
    assert editor.json(line)["head"]["state"] == "done"
    done = [row["act"] for row in policy(editor, line)["done"]]
    assert done == ["end", "extend", "enact", "start", "list"]
    history = editor.get(f"{line}/history").text
    assert "Policy: Put into force" in history and "In force until" in history


def test_what_is_in_force_already_needs_no_steps_and_what_is_given_up_is_closed_with_a_reason(portal):
    editor, lead, key = people(portal)
    line = enter(editor, route="match")
    assert "first day" in act(editor, line, "enact", 409, source="Rule 3").text
    in_force(editor, line)
    assert policy(editor, line)["state"] == "in-force"
    other = enter(editor, title="Trial of one window", route="pilot", lead=key)
    act(lead, other, "start")
    change(portal, "UPDATE step SET state = 'done', ended_ms = 2 WHERE stage = 1")
    act(editor, other, "drop", words="No leave was given")
    assert change(portal, "SELECT state, ended_why FROM line WHERE title LIKE 'Trial%'") == [("closed", "No leave was given")]
    assert change(portal, "SELECT state, count(*) FROM step GROUP BY state") == [("done", 1), ("dropped", 4)]
    act(editor, other, "reopen", words="Leave is likely now")
    act(lead, other, "start")
    assert change(portal, "SELECT state, count(*) FROM step GROUP BY state ORDER BY state") == [
        ("done", 1), ("dropped", 4), ("open", 1), ("waiting", 3)]
    assert editor.json(other)["head"]["progress"] == 95 // 5


def test_the_state_of_a_policy_is_changed_by_its_own_acts_alone(portal):
    editor, _, _ = people(portal)
    line = enter(editor)
    assert "register" in editor.post(f"{line}/state", 409, state="done").text
    found = make(editor, "Found in a paper", kind="policy")
    assert policy(editor, found)["state"] == "none"
    act(editor, found, "list", route="pilot")
    assert editor.json(found)["head"]["state"] == "proposed"
    assert editor.get(f"{make(editor, 'A goal')}/policy", 404).code == 404


def test_who_neither_keeps_the_ledger_nor_answers_for_it_changes_nothing(portal):
    editor, lead, key = people(portal)
    line = enter(editor)
    for person in (lead, portal.person("i@example.org", "inspector")):
        assert acts(person, line) == set()
        act(person, line, "start", 403)
        person.post(f"{line}/terms", 403, term=["farming"])
        person.post("/ledger/policies", 403, **WORDS)
        person.post("/ledger/policies/terms", 403, facet="industry", en="Space")
    unit(editor, "Works", "l@example.org")
    assert portal.person("m@example.org").ask("GET", "/ledger/policies").code == 403


def test_hopes_have_a_day_and_a_first_day_comes_before_the_last(portal):
    editor, _, _ = people(portal)
    line = enter(editor)
    assert "Say by which day" in act(editor, line, "aim", 422, granted="50").text
    act(editor, line, "aim", granted="50", paid="120000.50", by=day(300), words="Newer machines")
    seen = policy(editor, line)
    assert (seen["hoped_granted"], seen["hoped_paid"], seen["hoped_by"]) == ("50", "120000.50", day(300))
    assert "before its first" in act(editor, line, "enact", 422, **{"from": day(0), "until": day(-1)}).text


def test_the_register_is_filtered_by_route_state_and_every_word(portal):
    editor, _, _ = people(portal)
    one = enter(editor, term=["manufacturing", "small-firm", "money"])
    two = enter(editor, title="Cheap loans", route="match", term=["farming", "livelihood"])
    in_force(editor, two)
    for query, found in (("", 2), ("route=match", 1), ("state=in-force", 1), ("industry=manufacturing", 1),
                         ("field=livelihood", 1), ("category=money", 1), ("audience=small-firm", 1), ("audience=farmer", 0)):
        assert len(titles(editor.json(f"/ledger/policies?{query}"))) == found, query
    assert titles(editor.json("/ledger/policies?industry=farming")) == ["Cheap loans"]
    rows = editor.json("/ledger/policies")["routes"]
    assert [(r["route"], r["listed"], r["force"]) for r in rows] == [("seek", 1, 0), ("match", 0, 1), ("pilot", 0, 0)]
    assert "Manufacturing" in editor.get("/ledger/policies?format=csv").text
    editor.post(f"{one}/terms", term=["manufacturing"])
    assert "Sorted: − Grants and subsidies, − Small firms" in editor.get(f"{one}/history").text
    editor.lang = "zh"
    assert "制造业" in editor.get("/ledger/policies?format=csv").text


def test_words_are_the_organisations_own_and_what_is_ended_stays_where_it_stands(portal):
    editor, _, _ = people(portal)
    line = enter(editor, term=["energy"])
    editor.post("/ledger/policies/terms", facet="industry", en="Space", zh="航天")
    assert "there already" in editor.post("/ledger/policies/terms", 409, facet="industry", en="space").text
    assert "one language" in editor.post("/ledger/policies/terms", 422, facet="industry").text
    editor.post("/ledger/policies/terms/end", term="energy")
    page = editor.get("/ledger/policies").text
    assert "Space" in page and 'name="term" value="energy"' not in page
    assert "Energy and water" in editor.get(f"{line}/policy").text
    editor.post("/ledger/policies/terms/end", term="energy")
    assert 'name="term" value="energy"' in editor.get("/ledger/policies").text


def test_a_project_is_shown_the_policies_that_fit_its_industry_and_field(portal):
    editor, _, _ = people(portal)
    for title, terms in (("For works", ["manufacturing"]), ("For farms", ["farming"]), ("For all", []),
                         ("For green works", ["manufacturing", "green"])):
        in_force(editor, enter(editor, title=title, term=terms))
    enter(editor, title="Only listed", term=["manufacturing"])
    project = make(editor, "Bearing works", kind="project")
    assert len(editor.json(f"{project}/policies")["policies"]) == 4
    editor.post(f"{project}/terms", term=["manufacturing", "green"])
    found = [(p["title"], p["fits"]) for p in editor.json(f"{project}/policies")["policies"]]
    assert found == [("For green works", True), ("For works", True), ("For all", False)]
    assert "For green works" in editor.get(f"{project}/policies").text


def test_what_must_be_pointed_out_stands_above_the_register_and_on_the_policy(portal):
    editor, _, _ = people(portal)
    near = enter(editor, title="Ends soon")
    in_force(editor, near, until=day(30))
    in_force(editor, enter(editor, title="Goes on"), **{"from": day(0)})
    page = editor.json("/ledger/policies")
    flags = {f["flag"]: f["count"] for f in page["flags"]}
    assert flags == {"unclaimed": 1, "ending": 1, "untold": 1, "silent": 1}
    assert titles(editor.json("/ledger/policies?flag=ending")) == ["Ends soon"]
    assert titles(editor.json("/ledger/policies?flag=behind")) == []
    assert {f["flag"] for f in policy(editor, near)["flags"]} == set(flags)
    assert re.search("Not claimed: 1", editor.get("/ledger/policies").text)


# --- leaflets -------------------------------------------------------------------------------------

LEAFLET = {"en_title": "A grant for new machines", "en_gives": "A tenth of the price", "en_who": "Small firms in the district",
           "en_how": "Bring the bill to window 5", "en_contact": "Works office, 555 0100"}
CHINESE = {"zh_title": "购置新设备补助", "zh_gives": "按购置价的一成补助", "zh_who": "本区小微企业", "zh_how": "持发票到五号窗口", "zh_contact": "工业局 555 0100"}


def write(person, line, code=303, **more):
    return person.post(f"{line}/leaflet", code, writes="1", **{**LEAFLET, **more})


def leaflet_act(person, line, act, code=303, **more):
    return person.post(f"{line}/leaflet/act", code, act=act, **more)


def show(writer, checker, line, **more):
    write(writer, line, **more)
    leaflet_act(writer, line, "ask")
    leaflet_act(checker, line, "show")


def address(line):
    return "/policies/" + line.split("/")[-1]


def test_a_leaflet_is_shown_once_another_has_looked_at_it(portal):
    editor, lead, key = people(portal)
    member = portal.person("m@example.org")
    line = enter(editor, lead=key)
    in_force(editor, line)
    write(lead, line, en_contact="")
    assert "whom to ask" in leaflet_act(lead, line, "ask", 409).text
    write(lead, line)
    leaflet_act(lead, line, "ask")
    assert member.ask("GET", address(line)).code == 404
    leaflet_act(lead, line, "show", 403)
    leaflet_act(editor, line, "return", words="Say how much a tenth is")
    assert "Say how much a tenth is" in lead.get(f"{line}/leaflet").text
    show(lead, editor, line, en_gives="A tenth of the price, at most 50,000 yuan")
    text = member.get(address(line)).text
    assert "at most 50,000 yuan" in text and "window 5" in text and "555 0100" in text
    assert member.json("/policies")["count"] == 1
    assert 'href="/policies"' in member.get("/").text
    assert member.json(address(line))["leaflets"][0]["title"] == "A grant for new machines"


def test_what_was_written_anew_since_it_was_looked_at_is_not_shown(portal):
    editor, lead, key = people(portal)
    line = enter(editor, lead=key)
    in_force(editor, line)
    write(lead, line)
    leaflet_act(lead, line, "ask")
    seen = editor.json(f"{line}/leaflet")["seen"]
    write(lead, line, en_gives="Everything, for nothing")
    leaflet_act(lead, line, "ask")
    assert "written anew" in leaflet_act(editor, line, "show", 409, seen=seen).text
    leaflet_act(editor, line, "show", seen=editor.json(f"{line}/leaflet")["seen"])


def test_nobody_reads_a_leaflet_without_signing_in_until_the_keeper_opens_it(portal):
    editor, lead, key = people(portal)
    anyone = portal.anyone()
    line = enter(editor, lead=key, term=["small-firm"])
    in_force(editor, line)
    show(lead, editor, line)
    assert anyone.json("/policies")["count"] == 0 and anyone.ask("GET", address(line)).code == 404
    assert "/policies" not in anyone.get("/").text
    def offered():
        return {choice["value"] for row in anyone.json("/policies")["filters"] for choice in row["choices"]}
    assert offered() == set()  # words would tell what is in the register
    lead.post(f"{line}/leaflet/readers", 403)
    editor.post(f"{line}/leaflet/readers")
    assert offered() == {"small-firm"}
    assert anyone.json("/policies")["count"] == 1 and "window 5" in anyone.get(address(line)).text
    assert "/ledger" not in anyone.get(address(line)).text
    assert anyone.post(address(line) + "/follow", None).code in (303, 401)
    editor.post(f"{line}/leaflet/readers", shut="1")
    assert anyone.ask("GET", address(line)).code == 404
    assert "Policy: Opened to everybody" in editor.get(f"{line}/history").text


def test_each_reads_a_leaflet_in_their_own_language_where_it_is_whole_in_that(portal):
    editor, lead, key = people(portal)
    english, chinese = portal.person("m@example.org"), portal.person("n@example.org", lang="zh")
    one, both = enter(editor, lead=key), enter(editor, title="Both", lead=key)
    for line, texts in ((one, {}), (both, CHINESE)):
        in_force(editor, line)
        show(lead, editor, line, **texts)
    assert "购置新设备补助" in chinese.get(address(both)).text and "A grant for new machines" in english.get(address(both)).text
    assert '<h1 lang="en">A grant for new machines' in chinese.get(address(one)).text
    cards = {c["key"]: c["title"] for c in chinese.json("/policies")["policies"]}
    assert cards == {one.split("/")[-1]: "A grant for new machines", both.split("/")[-1]: "购置新设备补助"}


def test_people_find_policies_by_who_they_are_and_by_words(portal):
    editor, lead, key = people(portal)
    member = portal.person("m@example.org")
    for title, terms, gives in (("For firms", ["small-firm", "manufacturing"], "Money"), ("For farmers", ["farmer"], "Seed"),
                                ("For all", [], "Advice")):
        line = enter(editor, title=title, lead=key, term=terms)
        in_force(editor, line)
        show(lead, editor, line, en_title=title, en_gives=gives)
    def found(query):
        return {c["title"] for c in member.json(f"/policies?{query}")["policies"]}
    assert found("") == {"For firms", "For farmers", "For all"}
    assert found("audience=small-firm") == {"For firms", "For all"}
    assert found("audience=farmer&words=seed") == {"For farmers"}
    assert found("industry=farming") == {"For farmers", "For all"}
    assert found("words=nothing") == set()
    assert "Ask for less" in member.get("/policies?words=nothing").text


def test_what_is_withdrawn_or_ended_says_so_and_is_listed_no_more(portal):
    editor, lead, key = people(portal)
    member = portal.person("m@example.org")
    lines = [enter(editor, title=t, lead=key) for t in ("Withdrawn", "Ended")]
    for line in lines:
        in_force(editor, line)
        show(lead, editor, line)
    leaflet_act(lead, lines[0], "withdraw", 403, words="Wrong")
    leaflet_act(editor, lines[0], "withdraw", words="A figure was wrong")
    act(editor, lines[1], "end", words="The money is spent")
    assert member.json("/policies")["count"] == 0
    text = member.get(address(lines[0])).text
    assert "A figure was wrong" in text and "window 5" not in text
    text = member.get(address(lines[1])).text
    assert "The money is spent" in text and "window 5" in text


def test_a_leaflet_holds_no_marked_words_and_no_dangerous_link(portal):
    editor, lead, key = people(portal)
    line = enter(editor, lead=key)
    in_force(editor, line)
    assert "https://" in write(lead, line, 422, link="javascript:alert(1)").text
    assert "before the first" in write(lead, line, 422, claim_from=day(3), claim_until=day(1)).text
    show(lead, editor, line, link="https://example.org/12?a=1", en_how="<b>Bold</b>")
    text = portal.person("m@example.org").get(address(line)).text
    assert 'href="https://example.org/12?a=1"' in text and "&lt;b&gt;" in text


# --- told of changes ------------------------------------------------------------------------------


def letters(portal):
    return change(portal, "SELECT member, json_extract(data, '$.news'), json_extract(data, '$.follow') FROM letter"
                  " WHERE kind = 'policy' ORDER BY id")


def test_followers_of_a_policy_and_of_its_field_are_told_once_of_each_change_and_stop_with_one_click(portal):
    mail_on(portal)
    editor, lead, key = people(portal)
    one, two = portal.person("m@example.org"), portal.person("n@example.org")
    number = [int(p.member[1:]) for p in (one, two)]
    change(portal, "UPDATE account SET mail = 'each'")
    line = enter(editor, lead=key, term=["growth", "small-firm"])
    in_force(editor, line)
    show(lead, editor, line)
    one.post(address(line) + "/follow")
    one.post(address(line) + "/follow", term="growth")
    two.post(address(line) + "/follow", term="growth")
    act(editor, line, "extend", until=day(500), words="Longer")
    show(lead, editor, line, en_gives="A fifth of the price")
    act(editor, line, "end", words="Spent")
    told = letters(portal)
    assert [(m, n) for m, n, _ in told] == [(number[0], n) for n in ("extended",)] + [(number[1], "extended")] + [
        (m, n) for n in ("shown", "ended") for m in number]
    assert two.json("/policies")["follows"][0]["words"] == "Steady growth"
    assert [f["words"] for f in one.json("/policies")["follows"]] == ["A grant for new machines", "Steady growth"]
    assert "Grant for new machines" not in one.get("/policies").text + one.get("/account/data").text
    stop = f"/policies/unsubscribe/{told[1][2]}"
    assert "Steady growth" in portal.anyone().get(stop).text
    answer = portal.anyone().ask("POST", stop, "List-Unsubscribe=One-Click", [("Content-Type", "application/x-www-form-urlencoded")])
    assert answer.code == 303 and two.json("/policies")["follows"] == []
    assert "no more" in portal.anyone().get(stop).text
    assert len(one.json("/policies")["follows"]) == 2


def test_who_wants_no_letters_and_who_did_it_gets_none(portal):
    mail_on(portal)
    editor, lead, key = people(portal)
    silent = portal.person("m@example.org")
    line = enter(editor, lead=key)
    in_force(editor, line)
    show(lead, editor, line)
    for person in (silent, editor):
        person.post(address(line) + "/follow")
    change(portal, "UPDATE account SET mail = 'none' WHERE member = ?", int(silent.member[1:]))
    act(editor, line, "extend", until=day(500), words="Longer")
    assert letters(portal) == []


# --- use and effect -------------------------------------------------------------------------------


def month(back):
    first = TODAY.replace(day=1)
    for _ in range(back):
        first = (first - datetime.timedelta(days=1)).replace(day=1)
    return first.strftime("%Y-%m")


def enter_month(person, line, back, code=303, **figures):
    return person.post(f"{line}/uptake", code, **{"month": month(back), "meant": "200", "claimed": "10", "granted": "5",
                                                  "paid": "1000.50", **figures})


def test_figures_are_entered_by_the_unit_month_by_month_and_told_against_what_was_hoped_for(portal):
    editor, lead, key = people(portal)
    line = enter(editor, lead=key)
    assert "not in force" in enter_month(editor, line, 0, 409).text
    in_force(editor, line)
    act(editor, line, "aim", granted="100", paid="4002", by=day(100), words="Newer machines")
    enter_month(lead, line, 2)
    enter_month(lead, line, 1, claimed="30", granted="15")
    seen = lead.json(f"{line}/uptake")
    assert [seen[k] for k in ("meant", "claimed", "granted", "paid")] == ["200", "40", "20", "2001.00"]
    assert [seen[k] for k in ("reached", "answered", "achieved", "planned", "paid_share")] == ["20", "50", "20", "50", "50"]
    assert [(m["month"], m["in_all"]) for m in seen["months"]] == [(month(1), 20), (month(2), 5)]
    assert "behind" in {f["flag"] for f in seen["flags"]} and "<svg" in lead.get(f"{line}/uptake").text
    enter_month(lead, line, 2, claimed="11", why="One was counted late")
    assert lead.json(f"{line}/uptake")["claimed"] == "41"
    assert "One was counted late" in editor.get(f"{line}/history").text
    assert "from its first day" in enter_month(lead, line, 12, 422).text
    assert enter_month(lead, line, 0, 422, paid="much").code == 422
    enter_month(portal.person("i@example.org", "inspector"), line, 0, 403)
    row = editor.json("/ledger/policies")["grid"]["rows"][0]["cells"]
    assert [c["text"] for c in row[-2:]] == ["41", "20"]


def test_who_answers_for_a_policy_does_not_appraise_it(portal):
    editor, lead, key = people(portal)
    inspector = portal.person("i@example.org", "inspector")
    line = enter(editor, lead=key)
    appraisal = {"verdict": "partly", "words": "Half of those who asked were told no"}
    inspector.post(f"{line}/uptake/appraisals", 409, **appraisal)
    in_force(editor, line)
    lead.post(f"{line}/uptake/appraisals", 403, **appraisal)
    inspector.post(f"{line}/uptake/appraisals", 422, verdict="good", words="x")
    inspector.post(f"{line}/uptake/appraisals", **appraisal)
    found = lead.json(f"{line}/uptake")["appraisals"]
    assert [(a["verdict"], a["words"]) for a in found] == [("partly", "Half of those who asked were told no")]
    own = enter(editor, title="Own", lead=key_of(portal, editor))
    in_force(editor, own)
    editor.post(f"{own}/uptake/appraisals", 403, **appraisal)


# --- checks ---------------------------------------------------------------------------------------


def check(person, line, values, words=("", ""), problems=(), code=303, **more):
    form = person.json(f"{line}/checks")["forms"][0]
    items = [item["item"] for item in form["items"]]
    return person.post(form["path"], code, item=items, value=list(values), words=list(words), problem=[items[i] for i in problems],
                       **{"sent": secrets.token_hex(16), **more})


def test_a_check_is_kept_once_counts_and_leads_to_a_rectification(portal):
    editor, lead, key = people(portal)
    inspector = portal.person("i@example.org", "inspector")
    line = enter(editor, lead=key)
    in_force(editor, line)
    assert "no sheet for checks" in inspector.get(f"{line}/checks").text
    editor.post("/ledger/sheets", use="check", name="On the spot", items="Is the leaflet on show?\nHow long one waits | 10")
    assert lead.json(f"{line}/checks")["forms"] == [] and editor.json(f"{line}/checks")["forms"] != []
    sent = "k" * 22
    for _ in range(2):
        check(inspector, line, ("no", "6"), ("Not in the hall", ""), [0], sent=sent)
    page = lead.json(f"{line}/checks")
    assert [(c["sheet"], c["score"], c["by"]) for c in page["checks"]] == [("On the spot", "54.55", "I")]
    assert [(f["item"], f["words"], f["open"]) for f in page["findings"]] == [("Is the leaflet on show?", "Not in the hall", True)]
    finding = f"{line}/checks/findings/{page['findings'][0]['key']}"
    inspector.post(finding, 403, title="Put it up")
    lead.post(finding, title="Put the leaflet up", due=day(9))
    made = lead.json(f"{line}/checks")["findings"][0]
    assert made["made_title"] == "Put the leaflet up" and made["made_number"].startswith("C")
    assert lead.post(finding + "/drop", 409, why="No").code == 409


def test_who_answers_for_a_policy_does_not_check_it_nor_is_it_checked_by_a_sheet_for_tours(portal):
    editor, lead, key = people(portal)
    inspector = portal.person("i@example.org", "inspector")
    line = enter(editor, lead=key)
    in_force(editor, line)
    tour = editor.post("/ledger/sheets", use="inspection", name="Tour", items="Safety | 10").location.split("/")[-1]
    item = editor.json(f"/ledger/sheets/{tour}")["items"][0].get("item", 1)
    form = {"sent": "s" * 22, "item": [item], "value": ["5"], "words": [""]}
    assert "not for checks" in inspector.post(f"{line}/checks/{tour}", 422, **form).text
    lead.post(f"{line}/checks/{tour}", 403, **form)


# --- what waits -----------------------------------------------------------------------------------


def duties(person):
    return [(d["duty"], d["title"]) for d in person.json("/ledger/today")["duties"]]


def test_a_lead_is_reminded_of_leaflets_figures_and_last_days(portal):
    editor, lead, key = people(portal)
    line = enter(editor, lead=key)
    act(lead, line, "start")
    assert duties(lead) == [("work", "Grant for new machines")]
    change(portal, "UPDATE step SET state = 'done', ended_ms = 1")
    in_force(editor, line, until=day(-1))
    write(editor, line)
    leaflet_act(editor, line, "ask")
    assert {d for d, _ in duties(lead)} == {"leaflet", "months", "last-day"}
    leaflet_act(lead, line, "show")
    enter_month(lead, line, 1)
    enter_month(lead, line, 0)
    assert {d for d, _ in duties(lead)} == {"last-day"}
    act(editor, line, "end", words="Its time is over")
    assert duties(lead) == []


# --- letters --------------------------------------------------------------------------------------


def test_a_letter_tells_in_the_members_language_and_stops_only_this(portal, post):
    editor, lead, key = people(portal)
    member = portal.person("m@example.org")
    change(portal, "UPDATE account SET mail = 'each', lang = 'zh' WHERE member = ?", int(member.member[1:]))
    line = enter(editor, lead=key, term=["growth"])
    in_force(editor, line)
    show(lead, editor, line, **CHINESE)
    member.post(address(line) + "/follow", term="growth")
    act(editor, line, "extend", until=day(500), words="Longer")
    letter = post.take()[0]
    assert letter.to == "m@example.org" and letter.subject == "有效期调整：购置新设备补助"
    assert address(line) in letter.html and "稳增长" in letter.html
    stop = re.search(r"/policies/unsubscribe/\w+", letter.html)[0]
    assert stop in letter.message["List-Unsubscribe"]
    portal.anyone().post(stop)
    assert member.json("/policies")["follows"] == []
    assert change(portal, "SELECT mail FROM account WHERE member = ?", int(member.member[1:])) == [("each",)]
