"""A form that is refused comes back on its page with all that was typed, and the field that is wrong is marked: it is
focused, and described by the words that say what is wrong with it."""

import html
import re

import pytest

from accounts import GOOD, add_account, sign_in
from test_ledger import make, unit


def tag(page, name, kind="(?:input|textarea|select)"):
    return re.search(rf'<{kind}\b[^>]*\bname="{name}"[^>]*>', page)[0]


def marked(page):
    """Name of the one field that is marked, and the words that describe it."""
    field, = re.findall(r'<[^>]*aria-invalid="true"[^>]*>', page)
    assert " autofocus" in field
    assert re.search(r'aria-describedby="problem[ "]', field)
    words, = re.findall(r'<p class="problem" id="problem" role="alert">(.*?)</p>', page)
    assert page.index('id="problem"') < page.index(field)
    return re.search(r'name="([^"]+)"', field)[1], html.unescape(words)


@pytest.fixture
def editor(portal):
    return portal.person("e@example.org", "editor")


@pytest.fixture
def li(portal):
    add_account(portal)
    person = portal.anyone()
    sign_in(person)
    return person


# --- the field ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed, field, words", [
    ({"old_password": "wrong", "password": "a b c d e f g", "password_again": "a b c d e f g"}, "old_password", "not right"),
    ({"old_password": GOOD, "password": "one two three four", "password_again": "x"}, "password_again", "not the same"),
    ({"old_password": GOOD, "password": "li@example.org", "password_again": "li@example.org"}, "password", "your name"),
    ({"old_password": "", "password": "x", "password_again": "x"}, "old_password", "fill this in")])
def test_the_field_that_is_wrong_is_marked_and_its_words_stand_beside_it(li, typed, field, words):
    page = li.post("/account/password", None, **typed).text
    name, said = marked(page)
    assert name == field and words in said
    form = page[page.index('action="/account/password"'):]
    assert form.index('id="problem"') < form.index("</form>")
    assert not any(secret in page for secret in ("a b c d e f g", "one two three four", GOOD))


def test_what_is_about_no_field_stands_at_the_head(portal):
    page = portal.anyone().post("/sign-in", 403, email="li@example.org", password="wrong").text
    assert "aria-invalid" not in page
    assert page.count('id="problem"') == 1
    assert page.index('id="problem"') < page.index("<h1")


def test_the_only_field_of_a_form_is_what_is_wrong(editor):
    office = unit(editor, "Roads")
    page = editor.post(f"{office}/members", 404, member="nobody@example.org").text
    assert marked(page) == ("member", "There is no such member.")


def test_a_number_that_no_line_has_is_marked(editor):
    page = editor.post("/ledger", 404, kind="goal", title="Clean water", part_of="G99").text
    assert marked(page)[0] == "part_of"


@pytest.mark.parametrize("path, code, typed, field, words", [
    ("/ledger", 422, {"kind": "nonsense", "title": "Clean water", "part_of": "G99"}, "kind", "kind"),
    ("/ledger", 422, {"kind": "goal", "title": "Water", "begins": "2199-02-02", "due": "2199-01-01"}, "begins", "after the day"),
    ("/ledger/projects/bar", 422, {"threshold": "high", "scorers": 2}, "threshold", "is not a number"),
    ("/ledger/reports", 422, {"kind": "nonsense", "lang": "en"}, "kind", "Choose a report"),
    ("/ledger/risks", 422, {"title": "Flood", "category": "nonsense", "likelihood": 3, "impact": 3}, "category", "category"),
    ("{risk}/risk", 409, {"act": "measure", "words": "", "days": 5}, "words", "Still needed: an explanation"),
    ("{risk}/risk", 422, {"act": "reassess", "category": "x", "likelihood": 3, "impact": 3, "words": "w"}, "category", "category"),
    ("{project}/quantity", 422, {"quantity": "9" * 50, "measure": "km"}, "quantity", "room for 40"),
    ("{project}/account", 422, {"kind": "permit", "name": "Permit", "state": "x"}, "state", "how it stands"),
    ("{project}/account", 422, {"kind": "planned", "name": "Grant", "amount": " ", "day": "2199-01-01"}, "amount", "missing")])
def test_what_a_page_of_the_ledger_refuses_marks_its_field(editor, path, code, typed, field, words):
    risk = editor.post("/ledger/risks", title="Fire", category="safety", likelihood=3, impact=3).location.removesuffix("/risk")
    places = {"risk": risk, "project": make(editor, "Bridge", "project")}
    name, said = marked(editor.post(path.format(**places), code, **typed).text)
    assert name == field and words in said


def test_choices_and_numbers_come_back_where_the_page_itself_has_others(editor):
    office, *_ = [unit(editor, name).split("/")[-1] for name in ("Roads", "Parks")]
    sheets = [editor.post("/ledger/sheets", use="inspection", name=name, items="Progress | 100").location.split("/")[-1]
              for name in ("Autumn", "Spring")]
    for sheet in sheets:
        page = editor.post("/ledger/inspections", 422, title="Tour", sheet=sheet, rule="far", far="33", of=office,
                           begins="2199-02-02", due="2199-01-01").text
        for choice in (sheet, "far", office):
            assert f'<option value="{choice}" selected>' in page
        assert 'value="33"' in tag(page, "far") and 'value="2199-01-01"' in tag(page, "due")
        assert len(re.findall(" selected>", page[page.index('name="sheet"'):page.index('name="rule"')])) == 1


def test_a_day_that_is_none_is_marked_in_the_readers_language(editor):
    editor.lang = "zh"
    page = editor.post("/ledger", 422, kind="goal", title="清水", due="明天").text
    assert marked(page) == ("due", "完成期限应为日期，形如 2026-11-24。")
    assert 'value="明天"' in tag(page, "due")


@pytest.mark.parametrize("lang, words", [("en", "Kind: please choose one."), ("zh", "类别尚未选择。")])
def test_a_choice_that_was_not_made_is_asked_for_as_one(editor, lang, words):
    editor.lang = lang
    assert marked(editor.post("/ledger", 422, kind="", title="Clean water").text) == ("kind", words)


@pytest.mark.parametrize("to, typed, field", [
    ("/ledger", {"kind": "wish"}, "kind"),
    ("/ledger/higher", {"level": "moon"}, "level"),
    ("/ledger/higher", {"level": "city", "quantity": "many"}, "quantity"),
    ("/ledger/campaigns", {"begins": "2026-11-30"}, "length"),
    ("/ledger/projects", {"class": "dream"}, "class"),
    ("/ledger/rectifications", {"text": "Potholes", "origin": "rumour", "sort": "safety"}, "origin"),
    ("{line}/change", {"weight": "heavy"}, "weight"),
    ("{line}/state", {"state": "perhaps"}, "state"),
    ("/plans", {"name": "A year", "price": "cheap", "currency": "CNY", "days": 365, "lookback_days": 0}, "price")])
def test_what_is_none_of_a_fields_choices_or_no_number_is_marked(portal, to, typed, field):
    person = portal.person("s@example.org", "editor", "steward")
    page = person.post(to.format(line=make(person, "A road")), 422, **{"title": "Clean water", **typed}).text
    assert marked(page)[0] == field


# --- what was typed -------------------------------------------------------------------------------------


def test_what_was_typed_comes_back_in_a_form_that_its_own_page_knows_nothing_of(portal, editor):
    line = make(editor, "A road")
    text = "<Asphalt> & \"tar\"\n" * 1000
    page = editor.post(f"{line}/talk", 422, text=text).text
    assert page.count("<h1") == 1 and "A road" in page
    assert marked(page)[0] == "text" and "too many" in marked(page)[1]
    back = re.search(r'<textarea id="said"[^>]*>(.*?)</textarea>', page, re.S)[1]
    assert html.unescape(back).lstrip("\n") == text
    assert editor.get(line).text.count("Asphalt") == 0


def test_choices_and_days_come_back_where_the_page_shows_what_is_kept(portal, editor):
    line = make(editor, "A road")
    page = editor.post(f"{line}/state", None, state="closed", why="x" * 501).text
    assert marked(page)[0] == "why"
    assert 'value="' + "x" * 501 + '"' in tag(page, "why")
    choice = re.search(r'<select id="state".*?</select>', page, re.S)[0]
    assert re.findall(r'<option value="([^"]*)" selected>', choice) == ["closed"]
