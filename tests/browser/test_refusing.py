"""A form that is refused: the field that is wrong has the focus and the reason stands above it, in both languages, on a phone and
in the dark; forms that are sent in place mark theirs too."""

import pytest

from accounts import GOOD, add_account, sign_in
from browser import PHONE, looked_at

SEEN = """
const box = document.querySelector('#problem').getBoundingClientRect();
return box.top >= 0 && box.bottom <= innerHeight;
"""


@pytest.mark.parametrize("lang, words", [("en", "not right"), ("zh", "不正确")])
@pytest.mark.parametrize("size", [None, PHONE])
def test_the_field_that_is_wrong_has_the_focus_and_the_reason_is_in_sight(portal, window, axe, lang, words, size):
    add_account(portal)
    person = portal.anyone()
    sign_in(person)
    page = window(portal, person, lang, **({"size": size} if size else {})).go("/account")
    page.fill(old_password="wrong", password=GOOD + " again", password_again=GOOD + " again")
    page.one("#password_again").submit()
    page.until(lambda: page.all("#problem"))
    page.until(lambda: page.focused.get_attribute("id") == "old_password", "the focus on the field that is wrong")
    assert words in page.text_of("#problem") and page.run(SEEN)
    looked_at(page, axe, f"refused-{lang}-{'phone' if size else 'desk'}")


def test_a_form_that_lies_folded_away_comes_back_open_with_what_was_typed(portal, window, axe):
    editor = portal.person("e@example.org", "editor")
    line = editor.post("/ledger", kind="goal", title="A road").location
    page = window(portal, editor).go(line)
    page.run("document.querySelector('#note').closest('details').open = true;"
             "const note = document.querySelector('#note'); note.maxLength = 9999; note.value = 'x'.repeat(600);"
             "const file = document.querySelector('#file'); file.required = false; note.form.submit();")
    page.until(lambda: page.all("#problem"))
    page.until(lambda: page.focused.get_attribute("name") in ("file", "note"), "the focus on the field that is wrong")
    assert page.one("#note").get_attribute("value") == "x" * 600 and page.one("#note").is_displayed()
    looked_at(page, axe, "refused-folded")
