"""Reports of the ledger: drafted by a button, or by themselves when a period is over, and published like any paper."""

import datetime

import pytest
from accounts import change
from portal import eventually


@pytest.fixture
def editor(portal):
    return portal.person("e@example.org", "editor")


def late_line(editor):
    due = (datetime.date.today() - datetime.timedelta(days=3)).isoformat()
    return editor.post("/ledger", kind="goal", title="Clean water", due=due).location


def plan(editor, **more):
    return editor.post("/ledger/reports/plan", planned=1, **{"kind": "week", "lang": "en", **more})


@pytest.mark.parametrize("kind, lang, words", (
    ("week", "en", "G1 Clean water: 3 days late, 0 % done."), ("month", "zh", "G1 Clean water：逾期3天，进度0%。"),
    ("quarter", "en", "## Units"), ("month", "en", "## Supervision and assessment\n\nNo notice was given.")))
def test_a_report_is_drafted_looked_through_and_published_like_any_paper(portal, editor, kind, lang, words):
    late_line(editor)
    draft = editor.post("/ledger/reports", kind=kind, lang=lang).location.split("?")[0]
    assert words in editor.json(draft)["text"]
    editor.post(f"{draft}/publish", access="members", price="free", formats=["txt"])
    stamp = editor.json(f"{draft}/confirm")["stamp"]
    paper = editor.post(f"{draft}/confirm", stamp=stamp).location.removesuffix("/manage")
    assert "Clean water" in portal.person("m@example.org").get(paper).text


def test_one_that_is_due_becomes_its_editor_s_draft_once(portal, editor):
    late_line(editor)
    plan(editor)
    row = editor.json("/ledger/reports")["rows"][0]
    assert row["planned"] and row["editor"] == "E" and row["next"] > datetime.datetime.now(datetime.timezone.utc).isoformat()
    portal.stop()
    change(portal, "UPDATE summary_plan SET next_ms = 1")
    portal.start()
    draft, = eventually(lambda: editor.json("/write")["drafts"], "the draft")
    assert draft["title"].startswith("Weekly report of the ledger")
    assert editor.json("/ledger/reports")["rows"][0]["next"] > row["next"][:10]
    portal.stop()
    portal.start()
    assert len(editor.json("/write")["drafts"]) == 1


def test_one_for_a_group_is_published_to_it_alone_by_itself(portal, editor):
    late_line(editor)
    steward, reader = portal.person("s@example.org", "steward"), portal.person("r@example.org")
    group = steward.post("/groups", name="Board").location.removesuffix("/members")
    steward.post(f"{group}/members", emails="r@example.org")
    plan(editor, group=group.split("/")[-1])
    portal.stop()
    change(portal, "UPDATE summary_plan SET next_ms = 1")
    portal.start()
    paper, = eventually(lambda: reader.json("/papers")["papers"], "the paper")
    assert paper["title"].startswith("Weekly report of the ledger")
    assert portal.person("o@example.org").json("/papers")["papers"] == []


def test_who_is_an_editor_no_more_gets_none_and_a_plan_can_be_ended(portal, editor):
    plan(editor)
    editor.post("/ledger/reports/plan", kind="week", lang="en")
    assert not any(row["planned"] for row in editor.json("/ledger/reports")["rows"])
    plan(editor)
    portal.library.run("member", "role", editor.member, "--remove", "editor")
    portal.stop()
    change(portal, "UPDATE summary_plan SET next_ms = 1")
    portal.start()

    def ended():
        with portal.database() as db:
            return db.execute("SELECT count(*) FROM summary_plan").fetchone() == (0,)

    assert eventually(ended)
    with portal.database() as db:
        assert db.execute("SELECT count(*) FROM draft").fetchone() == (0,)
    portal.person("m@example.org", "lead").get("/ledger/reports", 403)
