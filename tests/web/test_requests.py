"""Requests: asked, voted for, followed, answered by a table of states, and told once to whom it concerns."""

import html
import urllib.parse

import pytest

import shelf
from portal import eventually
from post import PostOffice
from texts import sample


@pytest.fixture
def post(portal):
    office = PostOffice()
    for name, value in (("smtp.url", f"smtp://127.0.0.1:{office.port}"), ("mail.from", "papers@example.org"),
                        ("site.url", "https://papers.example.org"), ("organisation", "示例研究会")):
        portal.library.run("settings", "set", name, value)
    yield office
    office.stop()


@pytest.fixture
def people(portal):
    names = ("anna", "bo", "chen")
    return {**{n: portal.person(f"{n}@example.org") for n in names},
            "editor": portal.person("zhou@example.org", "editor"),
            "steward": portal.person("barrow@example.org", "steward")}


def ask(person, title="A note on winter ferries", **more):
    return person.post("/requests", title=title, **more).location


def answer(editor, path, state, code=303, **more):
    return editor.post(path + "/answer", code, state=state, **more)


def letters_about(portal, kind="request"):
    return shelf.ask(portal, "SELECT 'M' || member, count(*) FROM letter WHERE kind = ? GROUP BY member", kind)


def test_a_request_is_voted_for_once_and_the_vote_can_be_taken_back(portal, people):
    path = ask(people["anna"], text="For the council in March.\n\nTwo pages will do.")
    bo = people["bo"]
    for _ in range(2):
        bo.post(path + "/act", do="vote")
    page = bo.json(path)
    assert (page["votes"], page["voted"], page["follows"], page["followers"]) == (2, True, True, 2)
    assert [p["text"] for p in page["paragraphs"]] == ["For the council in March.", "Two pages will do."]
    assert len(shelf.events(portal, "request.voted")) == 1
    bo.post(path + "/act", do="unvote")
    bo.post(path + "/act", do="unvote")
    assert (bo.json(path)["votes"], bo.json(path)["follows"]) == (1, True)
    bo.post(path + "/act", do="unfollow")
    assert bo.json(path)["followers"] == 1
    bo.post(path + "/act", 422, do="dance")


def test_the_list_has_most_votes_first_and_is_filtered_by_state(people):
    first, second = ask(people["anna"], "Ferries in winter"), ask(people["bo"], "Night buses")
    third = ask(people["chen"], "School roofs")
    people["anna"].post(second + "/act", do="vote")
    titles = [r["title"] for r in people["anna"].json("/requests")["requests"]]
    assert titles == ["Night buses", "School roofs", "Ferries in winter"]
    answer(people["editor"], third, "declined", reason="Not ours to write.")
    answer(people["editor"], first, "writing")
    assert [r["title"] for r in people["anna"].json("/requests")["requests"]] == \
        ["Night buses", "Ferries in winter"]
    assert [r["title"] for r in people["anna"].json("/requests?state=declined")["requests"]] == ["School roofs"]
    counts = {s["state"]: s["count"] for s in people["anna"].json("/requests")["states"]}
    assert counts == {"open": 1, "planned": 0, "writing": 1, "published": 0, "declined": 1}


@pytest.mark.parametrize("asked, before, lang", [
    ("winter ferry timetable", "Ferries: the timetable in winter", "en"),
    ("冬季轮渡的时刻安排", "希望有一篇讲冬季轮渡时刻的文稿", "zh")])
def test_what_was_asked_before_is_shown_before_one_asks(people, asked, before, lang):
    ask(people["anna"], before)
    ask(people["bo"], "School roofs 校舍屋顶")
    chen = people["chen"]
    chen.lang = lang
    page = chen.json("/requests/new?" + urllib.parse.urlencode({"title": asked}))
    assert [r["title"] for r in page["similar"]] == [before]
    assert page["title"] == asked


def test_who_asked_is_shown_as_talk_would_show_it(portal, people):
    path = ask(people["anna"])
    assert people["bo"].json(path)["author"] == ""
    assert "Anna" not in people["bo"].get(path).text + people["bo"].get("/requests").text
    assert people["editor"].json(path)["author"] == "Anna"
    shelf.group(portal, "Board", members=[people["anna"], people["bo"]])
    assert people["bo"].json(path)["author"] == "Anna"
    assert people["chen"].json(path)["author"] == ""


def test_a_request_about_a_paper_does_not_exist_for_whom_it_is_not_open_to(portal, people):
    key = shelf.publish(portal, sample("en"))
    shelf.group(portal, "Board", key, members=[people["anna"]])
    path = ask(people["anna"], "Say more about costs", paper=key)
    assert people["anna"].json(path)["about"] == key
    people["bo"].get(path, 404)
    people["bo"].post(path + "/act", 404, do="vote")
    assert people["bo"].json("/requests")["requests"] == []
    assert people["bo"].json("/requests/new?title=Say+more+about+costs")["similar"] == []
    people["bo"].get(f"/requests/new?paper={key}", 404)
    people["bo"].post("/requests", 404, title="x", paper=key)


def test_the_paper_that_grants_a_request_is_chosen_by_its_title(portal, people):
    path, key = ask(people["anna"]), shelf.publish(portal, sample("en"))
    (title,), = shelf.ask(portal, "SELECT title FROM edition")
    choice = f"{title} /papers/{key}"
    assert f'<option value="{html.escape(choice)}">' in people["editor"].get(path).text
    assert key not in people["bo"].get(path).text
    answer(people["editor"], path, "published", paper=choice)
    assert people["editor"].json(path)["paper"] == key


def test_answers_follow_the_table_and_give_what_it_asks_for(people):
    path = ask(people["anna"])
    editor = people["editor"]
    answer(editor, path, "declined", 422)
    answer(editor, path, "published", 422)
    assert "There is no such paper" in answer(editor, path, "published", 422, paper="/papers/nosuchkey").text
    answer(editor, path, "writing")
    answer(editor, path, "open", 409)
    steps = {s["state"] for s in editor.json(path)["steps"]}
    assert steps == {"planned", "published", "declined"}
    answer(editor, path, "declined", reason="Others do it better.")
    page = people["bo"].json(path)
    assert (page["state"], page["reason"], page["may_vote"]) == ("declined", "Others do it better.", False)
    people["bo"].post(path + "/act", 409, do="vote")
    people["anna"].post(path + "/answer", 403, state="planned")


def test_followers_are_told_of_each_answer_once_and_the_editor_is_not(portal, post, people):
    path = ask(people["anna"])
    people["editor"].post(path + "/act", do="follow")
    people["bo"].post(path + "/act", do="follow")
    lines = people["bo"].events()
    answer(people["editor"], path, "planned")
    told = next(line for line in lines if line[1] == "request")
    assert told[2]["path"] == path and "planned" in told[2]["text"]
    got = post.take(2)
    assert sorted(g.to for g in got) == ["anna@example.org", "bo@example.org"]
    assert "A note on winter ferries" in got[0].subject and path in got[0].html
    answer(people["editor"], path, "planned", 409)
    assert sorted(letters_about(portal)) == [(people["anna"].member, 1), (people["bo"].member, 1)]


def test_a_draft_that_grants_a_request_ends_it_and_tells_of_the_paper_whom_it_is_open_to(portal, post, people):
    path = ask(people["anna"])
    for name in ("bo", "chen"):
        people[name].post(path + "/act", do="follow")
    number = shelf.group(portal, "Board", members=[people["anna"], people["bo"]])
    board = shelf.ask(portal, 'SELECT key FROM "group" WHERE id = ?', number)[0][0]
    editor = people["editor"]
    draft = editor.post("/write").location
    editor.post(draft, title="", text=sample("en").read_text("utf-8"), form="txt", version=1)
    key = path.split("/")[-1]
    assert [r["value"] for r in editor.json(draft + "/publish")["requests"]] == [key]
    editor.post(draft + "/publish", access="groups", groups=board, price="free", formats=["txt"], request=key,
                silent=1)
    editor.post(draft + "/confirm", stamp=editor.json(draft + "/confirm")["stamp"])
    granted = people["bo"].json(path)
    assert granted["state"] == "published" and granted["paper"] and granted["paper_title"]
    assert people["chen"].json(path)["paper"] == ""
    got = post.take(2)
    assert sorted(g.to for g in got) == ["anna@example.org", "bo@example.org"]
    assert f"/papers/{granted['paper']}" in got[0].html
    assert sorted(letters_about(portal)) == [(people["anna"].member, 1), (people["bo"].member, 1)]
    assert [e[2]["state"] for e in shelf.events(portal, "request.answered")] == ["published"]
    portal.stop()
    portal.start()
    assert len(letters_about(portal)) == 2


def test_letters_of_answers_go_as_each_member_wishes(portal, post, people):
    path = ask(people["anna"])
    for name, mail in (("bo", "daily"), ("chen", "none")):
        people[name].post(path + "/act", do="follow")
        shelf.do(portal, "UPDATE account SET mail = ? WHERE member = ?", mail, int(people[name].member[1:]))
    answer(people["editor"], path, "planned")
    assert post.take()[0].to == "anna@example.org"
    due = dict(shelf.ask(portal, "SELECT 'M' || member, due_ms > created_ms FROM letter WHERE kind = 'request'"))
    assert due == {people["anna"].member: 0, people["bo"].member: 1}


def test_a_letter_that_waited_tells_of_no_paper_that_was_closed_meanwhile(portal, people, post):
    path = ask(people["anna"])
    key = shelf.publish(portal, sample("en"))
    post.say = lambda letter: "451 later"
    answer(people["editor"], path, "published", paper=f"https://papers.example.org/papers/{key}")
    eventually(lambda: shelf.ask(portal, "SELECT 1 FROM letter WHERE kind = 'request' AND tries > 0"))
    shelf.change_offer(portal, key, withdrawn_ms=1)
    post.say = lambda letter: None
    shelf.do(portal, "UPDATE letter SET due_ms = 1")
    ask(people["bo"], "wake the mail up")
    eventually(lambda: shelf.ask(portal, "SELECT 1 FROM letter WHERE kind = 'request' AND ended_ms > 0"
                                         " AND sent_ms IS NULL"))


def test_a_request_is_removed_by_its_author_while_it_is_theirs_alone_and_else_by_a_steward(portal, people):
    own, shared = ask(people["anna"], "Mine alone"), ask(people["anna"], "Ours")
    people["bo"].post(shared + "/act", do="vote")
    people["anna"].post(own + "/remove")
    people["anna"].get(own, 404)
    people["anna"].post(shared + "/remove", 403)
    people["bo"].post(shared + "/remove", 403)
    people["steward"].post(shared + "/remove", 422)
    people["steward"].post(shared + "/remove", why="Names a person.")
    people["bo"].get(shared, 404)
    assert shelf.events(portal, "request.removed")[1][2]["why"] == "Names a person."


def test_nobody_asks_without_end(people):
    for i in range(10):
        ask(people["anna"], f"Number {i}")
    refused = people["anna"].post("/requests", 429, title="One more", text="kept")
    assert "within a day" in refused.text
    people["anna"].post("/requests", 429, title="One more")
    ask(people["bo"])
    people["bo"].post("/requests", 422, title="   ")


def test_words_of_ones_own_copy_are_not_taken_into_a_request(portal, people):
    shelf.publish(portal, sample("zh"))
    own = portal.library.copy("P1", people["anna"].member)
    refused = people["anna"].post("/requests", 422, title="Change this", text="Here:\n" + own[200:500])
    assert "words of a paper" in refused.text and "Change this" in refused.text
    assert shelf.ask(portal, "SELECT count(*) FROM request") == [(0,)]
    ask(people["anna"], "Change this", text="The second paragraph of P1 is out of date.")
