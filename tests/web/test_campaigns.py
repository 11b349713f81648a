"""Campaigns: made, filled by number, by what lines have in common and from the list, started, followed day by day, ended."""

from datetime import date, timedelta

from portal import eventually
from test_ledger import change, key_of, make, unit


def day(offset):
    return (date.today() + timedelta(days=offset)).isoformat()


def campaign(editor, title="Sprint", days=60, begins=0, **more):
    return editor.post("/ledger/campaigns", title=title, length=days, begins=day(begins), **more).location


def progress(person, line, to, **more):
    head = person.json(line)["head"]
    person.post(f"{line}/change", title=head["title"], weight="1", progress=to, begins=head["begins_day"],
                due=head["due_day"], **more)


def test_a_campaign_takes_lines_by_number_and_by_what_they_have_in_common_and_starts(portal):
    editor = portal.person("e@example.org", "editor")
    office = unit(editor, "Works").split("/")[-1]
    for title in ("Bridge", "Road"):
        make(editor, title, "project", unit=office)
    risk = make(editor, "Landslide", "risk", unit=office)
    make(editor, "Speed", "indicator", unit=office)
    page = campaign(editor)
    assert page.endswith("/campaign")
    editor.post(page, 422, act="start")  # nothing is in it
    editor.post(page, act="add", numbers="P1、p2", aim=80, goal="The deck is laid", points=3)
    editor.post(page, act="add", unit=office, aim=60)  # what is in it already stays as it is
    got = editor.json(page)
    assert {(m["number"], m["aim"], m["points"]) for m in got["members"]} == {("P1", 80, 3), ("P2", 80, 3), ("R1", 60, 1)}
    assert got["head"]["state"] == "proposed"
    editor.post(page, act="start")
    got = editor.json(page)
    assert (got["head"]["state"], got["length"], got["gone"], got["left"]) == ("active", 60, 1, 59)
    assert [row["cells"][2]["text"] for row in editor.json("/ledger/campaigns")["grid"]["rows"]] == ["under way"]
    history = editor.get(f"{risk}/history").text
    assert "Sprint" in history and "Lines added" in history


def test_a_line_that_cant_join_is_told_with_its_reason(portal):
    editor = portal.person("e@example.org", "editor")
    make(editor, "Bridge", "project")
    make(editor, "Speed", "indicator")
    done = make(editor, "Road", "project")
    editor.post(f"{done}/state", state="done")
    page = campaign(editor)
    text = editor.post(page, 200, act="add", numbers="P1 I1 P2").text
    assert "I1" in text and "An indicator has figures" in text and "It has ended" in text
    assert [m["number"] for m in editor.json(page)["members"]] == ["P1"]
    assert "no line P9" in editor.post(page, 422, act="add", numbers="P9").text


def test_lines_ticked_in_the_list_go_into_a_campaign(portal):
    editor = portal.person("e@example.org", "editor")
    keys = [make(editor, title, "project").split("/")[-1] for title in ("Bridge", "Road")]
    page = campaign(editor)
    key = page.split("/")[-2]
    assert 'formaction="/ledger/campaigns/lines"' in editor.get("/ledger").text
    form = editor.post("/ledger/campaigns/lines", 200, line=keys).text
    assert "Bridge" in form and "Sprint" in form
    assert editor.post("/ledger/campaigns/lines", line=keys, campaign=key, aim=70).location == page
    assert [m["aim"] for m in editor.json(page)["members"]] == [70, 70]
    again = editor.post("/ledger/campaigns/lines", 200, line=keys, campaign=key, aim=70).text
    assert again.count("It is in the campaign already.") == 2
    editor.post("/ledger/campaigns/lines", 422, campaign=key)


def test_the_board_says_who_moved_what_today_and_what_did_not_move(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    bridge = make(editor, "Bridge", "project", lead=key_of(portal, lead))
    make(editor, "Road", "project")
    page = campaign(editor)
    editor.post(page, act="add", numbers="P1 P2", aim=50)
    editor.post(page, act="start")
    progress(lead, bridge, 25, lead=key_of(portal, lead))
    pushed = lead.json(bridge)["campaigns"]
    assert [(c["title"], c["from"], c["aim"]) for c in pushed] == [("Sprint", 0, 50)]
    got = lead.json(page)
    assert [(m["number"], m["before"], m["after"], m["by"], m["share"]) for m in got["moved"]] == [
        ("P1", "0%", "25%", "L", "50.0%")]
    assert [m["number"] for m in got["still"]] == ["P2"]
    assert (got["share"], got["idle"]) == ("25.0%", 1)
    assert got["course"][0]["done"] == "0.5"
    editor.post(page, act="rank", rule="share", over="lines")
    assert [(p["place"], p["name"], p["score"]) for p in editor.json(page)["places"]] == [
        (1, "P1 Bridge", "50.0%"), (2, "P2 Road", "0.0%")]


def test_days_are_kept_by_the_timer_and_a_past_day_has_its_own_board(portal):
    editor = portal.person("e@example.org", "editor")
    bridge = make(editor, "Bridge", "project")
    page = campaign(editor, begins=-3)
    editor.post(page, act="add", numbers="P1", aim=80)
    editor.post(page, act="start")
    progress(editor, bridge, 40)
    portal.stop()
    change(portal, "UPDATE campaign_line SET joined_day = joined_day - 3")
    change(portal, "UPDATE event SET time_ms = time_ms - 2 * 86400000 WHERE kind = 'line.changed'")
    change(portal, "UPDATE campaign SET kept_day = NULL")
    change(portal, "UPDATE campaign_round SET next_ms = 0")
    portal.start()
    days = eventually(lambda: change(portal, "SELECT progress FROM campaign_day ORDER BY day"), "days to be kept")
    assert [progress for progress, in days] == [0, 40, 40]
    editor = portal.person("f@example.org", "editor")
    got = editor.json(f"{page}?day={day(-2)}")
    assert got["board_day"] == day(-2) and [m["after"] for m in got["moved"]] == ["40%"]
    assert [c["done"] for c in got["course"]] == ["0.5", "0.5", "0.5", "0.0"]
    kept = date.fromisoformat(got["course"][1]["day"])
    assert f'<th scope="row">{kept.day} {kept:%B %Y}</th>' in editor.get(page).text


def test_whoever_runs_it_puts_it_off_and_ends_it_with_a_reason_and_others_look_on(portal):
    editor, lead, looker = (portal.person(f"{n}@example.org", role) for n, role in (("e", "editor"), ("l", "lead"), ("i", "inspector")))
    make(editor, "Bridge", "project")
    page = campaign(editor, lead=key_of(portal, lead))
    lead.post(page, act="add", numbers="P1", aim=80)
    lead.post(page, act="start")
    looker.post(page, 403, act="end", why="Enough")
    assert looker.json(page)["forms"] == []
    lead.post(page, 422, act="extend", due=day(10), why="Floods")
    lead.post(page, 422, act="extend", due=day(400), why="Floods")
    lead.post(page, act="extend", due=day(80), why="Floods")
    assert lead.json(page)["length"] == 81
    lead.post(page, 422, act="end", why="")
    lead.post(page, act="end", why="The deck is laid")
    got = lead.json(page)
    assert (got["head"]["state"], got["forms"]) == ("done", [])
    lead.post(page, 409, act="add", numbers="P1")
    assert "The deck is laid" in lead.get(page.replace("/campaign", "/history")).text


def test_a_line_that_leaves_stays_on_record_with_its_reason(portal):
    editor = portal.person("e@example.org", "editor")
    key = make(editor, "Bridge", "project").split("/")[-1]
    make(editor, "Road", "project")
    page = campaign(editor)
    editor.post(page, act="add", numbers="P1 P2", aim=80)
    editor.post(page, act="aim", line=key, aim=60, points=2, goal="Piers stand")
    editor.post(page, act="start")
    editor.post(page, 422, act="aim", line=key, aim=50)
    editor.post(page, 422, act="take-out", line=key)
    editor.post(page, act="take-out", line=key, why="Another office has it")
    got = editor.json(page)
    assert [(m["number"], m["left_why"]) for m in got["gone_members"]] == [("P1", "Another office has it")]
    assert [m["number"] for m in got["members"]] == ["P2"]


def test_the_closing_report_is_drafted_as_a_paper_by_editors_alone(portal):
    editor, lead = portal.person("e@example.org", "editor"), portal.person("l@example.org", "lead")
    make(editor, "Bridge", "project", lead=key_of(portal, lead))
    page = campaign(editor)
    editor.post(f"{page}/report", 409, lang="en")
    editor.post(page, act="add", numbers="P1", aim=80)
    editor.post(page, act="start")
    lead.post(f"{page}/report", 403, lang="en")
    for lang, words in (("en", "What did not"), ("zh", "未达标条目")):
        draft = editor.get(editor.post(f"{page}/report", lang=lang).location).text
        assert "Sprint" in draft and words in draft


def test_a_campaign_that_a_paper_or_the_list_gave_rise_to_is_put_together_first(portal):
    editor = portal.person("e@example.org", "editor")
    make(editor, "Bridge", "project")
    line = make(editor, "Sprint", "campaign", begins=day(0), due=day(59))
    assert editor.json(line)["head"]["state"] == "proposed"
    editor.post(f"{line}/campaign", act="add", numbers="P1")
    editor.post(f"{line}/state", 409, state="active")  # by its own acts
    editor.post(f"{line}/campaign", act="start")
    assert editor.json(line)["head"]["state"] == "active"


def test_what_cant_be_a_campaign_is_refused(portal):
    editor = portal.person("e@example.org", "editor")
    goal = make(editor, "Clean water")
    assert editor.ask("GET", f"{goal}/campaign").code == 404
    editor.post("/ledger/campaigns", 422, title="Sprint", begins=day(0), length=0)
    editor.post("/ledger/campaigns", 422, title="Sprint", begins=day(0), days=401)
    portal.person("l@example.org", "lead").post("/ledger/campaigns", 403, title="Sprint", length=60, begins=day(0))
