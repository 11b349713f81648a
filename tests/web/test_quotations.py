"""Quotations in talk: whoever pastes words of their own copy shows their marks to nobody."""

import html

import pytest

import shelf
from program import named
from texts import sample


class Circle:
    """Three people who talk, in a group or under the very paper."""

    def __init__(self, portal, lang, where, members=24):
        self.portal = portal
        portal.library.add_members(members)
        self.key = shelf.publish(portal, sample(lang))
        self.people = [portal.person(f"M{n}") for n in (3, 5, 8)]
        if where == "paper":
            self.talk = f"/papers/{self.key}/talk"
            return
        number = shelf.group(portal, "Harbour talk", door="public", members=self.people)
        self.talk = "/groups/" + shelf.ask(portal, 'SELECT key FROM "group" WHERE id = ?', number)[0][0] + "/talk"

    def own(self, person):
        return self.portal.library.copy("P1", person.member)


@pytest.fixture(params=[("zh", "group"), ("en", "group"), ("zh", "paper"), ("en", "paper")], ids="-".join)
def circle(request, portal):
    return Circle(portal, *request.param)


def differing(circle):
    """A stretch of the three copies, in the middle of the paper, that reads differently in each pair."""
    copies = [circle.own(p) for p in circle.people]
    size = min(map(len, copies))
    return [c[size // 3:size // 3 + 900] for c in copies]


def body(person, circle):
    return person.get(circle.talk).text.split('class="card')[1]


def test_words_of_ones_own_copy_become_a_quotation_that_each_sees_in_their_own(circle, portal):
    anna, bo, chen = circle.people
    mine, his, hers = differing(circle)
    assert mine != his
    anna.post(circle.talk, text=f"Look at this:\n\n{mine}\n\nWhat do you say?")
    kept = shelf.ask(portal, "SELECT text FROM post")[0][0]
    assert kept.startswith("Look at this:") and kept.endswith("What do you say?")
    assert "/quotations/" in kept and len(kept) < 300
    # Nothing of anna's marks is in what the others are sent, and nothing of anybody's is kept.
    for reader in circle.people:
        shown = body(reader, circle)
        assert "Look at this:" in shown and "What do you say?" in shown
        own = circle.own(reader)
        words = shown[shown.index("<blockquote"):].replace("</p><p>", "\n")
        passage = words[words.index("<p>") + 3:words.index("</p>")]
        assert html.unescape(passage).split("\n")[0] in own
    assert named(portal.library.trace(shelf.ask(portal, "SELECT group_concat(text) FROM post")[0][0])) == set()


def test_the_author_is_told_and_an_edit_is_looked_through_as_well(circle, portal):
    anna = circle.people[0]
    mine = differing(circle)[0]
    answer = anna.post(circle.talk, text="Hello.")
    key = answer.location.split("/")[-1]
    anna.post(circle.talk + "/edit", post=key, text="Hello.\n" + mine)
    assert "shown as a quotation" in anna.get(circle.talk).text
    assert "/quotations/" in shelf.ask(portal, "SELECT text FROM post")[0][0]
    assert mine[:60] not in str(shelf.ask(portal, "SELECT text FROM post_former"))


def test_a_passage_of_a_paper_that_is_not_open_is_not_shown_and_leads_nowhere(circle, portal):
    anna, bo, _ = circle.people
    anna.post(circle.talk, text=differing(circle)[0])
    address = next(w for w in shelf.ask(portal, "SELECT text FROM post")[0][0].split() if "/quotations/" in w)
    assert bo.get(address, 303).location.startswith(f"/papers/{circle.key}/1")
    shelf.do(portal, "INSERT INTO revocation (paper, member, reason, created_ms) VALUES (1, ?, 'x', 1)",
             int(bo.member[1:]))
    if circle.talk.startswith("/papers"):
        bo.get(circle.talk, 403)
    else:
        assert "not open to you" in body(bo, circle)
    bo.get(address, 404)
    portal.person("M11").get("/quotations/nosuch", 404)


def test_a_paragraphs_address_on_a_line_of_its_own_is_a_quotation(circle, portal):
    anna, bo, _ = circle.people
    anna.post(circle.talk, text=f"See\nhttps://papers.example.org/papers/{circle.key}#p2\nplease")
    assert "<blockquote" in body(bo, circle) and f"/papers/{circle.key}/1#p2" in body(bo, circle)
    anna.post(circle.talk, text="/papers/nosuchpaper#p2")
    assert shelf.ask(portal, "SELECT text FROM post")[1][0] == "/papers/nosuchpaper#p2"


def test_who_is_shown_a_quotation_is_one_whom_a_trace_tests(circle, portal):
    anna, bo, chen = circle.people
    anna.post(circle.talk, text=circle.own(anna)[300:1200])
    bo.get(circle.talk)
    seen = {row[0] for row in shelf.ask(portal, "SELECT 'M' || member FROM glimpse")}
    assert bo.member in seen and chen.member not in seen


def test_what_members_say_themselves_stays_as_it_is(circle, portal):
    anna = circle.people[0]
    words = "I think that we should look at the second part again, and ask the board about the costs.\n\n> Yes.\n"
    anna.post(circle.talk, text=words)
    assert shelf.ask(portal, "SELECT text FROM post")[0][0] == words.strip()
    assert shelf.ask(portal, "SELECT count(*) FROM quotation") == [(0,)]


def paragraph(circle, person, number):
    """A paragraph of one's own copy, as the page has it."""
    page = person.get(f"/papers/{circle.key}").text
    words = page.split(f'id="p{number}">')[1].split("</p>")[0]
    return html.unescape(words)


def test_chosen_words_of_a_paragraph_are_quoted_as_they_stand_in_each_copy(portal):
    circle = Circle(portal, "zh", "paper")
    anna, bo, _ = circle.people
    number = next(n for n in range(2, 40) if "<" not in (one := paragraph(circle, anna, n)) and len(one) > 60
                  and one != paragraph(circle, bo, n))
    mine = paragraph(circle, anna, number)
    place = f"passage=p{number}.5-25&edition=1"
    form = anna.get(f"{circle.talk}?{place}").text
    shown = html.unescape(form.split('class="quoted"')[1].split("<p>")[1].split("</p>")[0])
    assert mine[5:25] in shown and shown in mine
    anna.post(circle.talk, text="This is it.", passage=f"p{number}.5-25", edition=1)
    kept, = shelf.ask(portal, "SELECT text FROM post")[0]
    assert kept.startswith("/quotations/") and kept.endswith("This is it.") and "p5" not in kept
    his = html.unescape(body(bo, circle).split("<blockquote")[1].split("<p>")[1].split("</p>")[0])
    assert his in paragraph(circle, bo, number)


def sentences_shown(circle, person, number):
    """What is shown for each single character of a paragraph."""
    for at in range(len(paragraph(circle, person, number))):
        form = html.unescape(person.get(f"{circle.talk}?passage=p{number}.{at}-{at + 1}&edition=1").text)
        yield form.split('class="quoted"')[1].split("<p>")[1].split("</p>")[0]


@pytest.mark.parametrize("lang, ends", [("zh", "。！？"), ("en", ".!?")])
def test_what_is_quoted_tells_nobody_where_marks_are(portal, lang, ends):
    """Words at a mark were shown to its end: a member who asked for one character after another learnt all of them."""
    circle = Circle(portal, lang, "paper")
    anna, bo, _ = circle.people
    number = next(n for n in range(2, 40) if "<" not in (one := paragraph(circle, anna, n)) and len(one) > 60
                  and one != paragraph(circle, bo, n))
    mine = paragraph(circle, anna, number)
    shown = list(sentences_shown(circle, anna, number))
    whole = list(dict.fromkeys(shown))
    assert " ".join(whole).replace(" ", "") == mine.replace(" ", "")
    assert all(one.rstrip("”’」』）\"') ")[-1] in ends for one in whole[:-1])


def test_without_a_script_a_paragraph_is_chosen_by_its_link(portal):
    circle = Circle(portal, "en", "paper")
    anna = circle.people[0]
    assert f"/papers/{circle.key}/passages?edition=1" in anna.get(f"/papers/{circle.key}").text
    chosen = anna.json(f"/papers/{circle.key}/passages")["passages"][3]
    address = chosen["path"].split("#")[0]
    assert 'name="passage" value="p4"' in anna.get(address).text
    assert chosen["words"] in html.unescape(anna.get(address).text)


def test_a_passage_that_there_is_not_or_of_another_paper_quotes_nothing(portal):
    circle = Circle(portal, "en", "paper")
    anna = circle.people[0]
    for passage in ("p9999", "p2.90000-90001", "p2.5-5", "p2.x-7", "h1", "p2.1-", "../x#p2"):
        assert "class=\"quoted\"" not in anna.get(f"{circle.talk}?passage={passage.replace('#', '%23')}&edition=1").text


# --- short pieces ---------------------------------------------------------------------------------


def short_piece(circle, lang):
    """A few words of anna's and of bo's own copies that differ: they hold a mark."""
    size = 16 if lang == "zh" else 44
    anna, bo, _ = circle.people
    mine, his = circle.own(anna), circle.own(bo)
    for start in range(200, len(mine) - size):
        piece = mine[start:start + size]
        if piece not in his and "\n" not in piece and mine.count(piece) == 1 and piece.strip() == piece:
            return piece
    raise AssertionError("the copies do not differ")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_few_words_of_ones_own_copy_are_a_quotation_as_well(portal, lang):
    circle = Circle(portal, lang, "group")
    anna, bo, _ = circle.people
    piece = short_piece(circle, lang)
    anna.get(f"/papers/{circle.key}")
    bo.get(f"/papers/{circle.key}")
    anna.post(circle.talk, text=f"Here: {piece}")
    kept, = shelf.ask(portal, "SELECT text FROM post")[0]
    assert kept.startswith("Here:") and "/quotations/" in kept and piece not in kept
    assert piece not in html.unescape(body(bo, circle))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_becomes_of_a_few_words_does_not_tell_whether_they_bear_a_mark(portal, lang):
    """Else who types their copy bit by bit is told where all marks are."""
    circle = Circle(portal, lang, "group")
    anna, size = circle.people[0], 16 if lang == "zh" else 44
    anna.get(f"/papers/{circle.key}")
    mine = circle.own(anna)
    pieces = [one for at in range(300, 1300, size) if "\n" not in (one := mine[at:at + size]) and "《" not in one]
    post = anna.post(circle.talk, text="Hello.").location.split("/")[-1]
    kept = set()
    for one in pieces:
        anna.post(circle.talk + "/edit", post=post, text=f"Hello. {one}")
        kept.add("/quotations/" in shelf.ask(portal, "SELECT text FROM post")[0][0])
    assert len(pieces) > 15 and kept == {True}


def test_a_title_in_its_marks_is_named_and_not_quoted(portal):
    paper = portal.library.file("plan.txt", "关于农村公路的报告\n\n各县要按照《栖川市农村公路建设和养护管理办法（试行）》抓好落实，确保今年任务完成。\n")
    key = shelf.publish(portal, paper)
    anna = portal.person("anna@example.org")
    anna.get(f"/papers/{key}")
    words = "请看《栖川市农村公路建设和养护管理办法（试行）》第三条。"
    anna.post(f"/papers/{key}/talk", text=words)
    assert shelf.ask(portal, "SELECT text FROM post") == [(words,)]


@pytest.mark.parametrize("field", ["title", "text"])
def test_a_request_and_an_answer_take_no_words_of_ones_own_copy(portal, field):
    circle = Circle(portal, "zh", "group")
    anna, bo, _ = circle.people
    piece = short_piece(circle, "zh")
    anna.get(f"/papers/{circle.key}")
    refused = anna.post("/requests", 422, **{"title": "A wish", "text": "", field: piece})
    assert "own copy" in refused.text
    path = anna.post("/requests", title="A wish", text="In my own words").location
    shelf.do(portal, "INSERT INTO role VALUES (?, 'editor')", int(anna.member[1:]))
    anna.post(path + "/answer", 422, state="declined", reason=f"See “{piece}”")
    anna.post(path + "/answer", state="declined", reason="We have no such paper.")


def test_hidden_characters_go_and_emoji_stay_whole(portal):
    circle = Circle(portal, "zh", "group")
    anna = circle.people[0]
    family = "\U0001F468\u200d\U0001F469\u200d\U0001F467"
    anna.post(circle.talk, text=f"港\u200b口\u2060很\ufeff好 {family} \u2764\ufe0f")
    assert shelf.ask(portal, "SELECT text FROM post") == [(f"港口很好 {family} \u2764\ufe0f",)]
    path = anna.post("/requests", title="冬\u200b季\u200c轮渡").location
    assert shelf.ask(portal, "SELECT title FROM request") == [("冬季轮渡",)] and path
