"""What the walks over all pages rely on: a page that was found good is judged anew as soon as anything of it differs."""

import pytest

from browser import DESK, PHONE

# What is spoilt, by a style or a script; where it shows (at a desk, in the dark, on a phone); the rule that says so.
STYLES = [
    ("h1 { color: #ccc }", "desk", "color-contrast"),
    ("main { background: #333 }", "desk", "color-contrast"),
    ("main { opacity: .5 }", "desk", "color-contrast"),
    ("@media (prefers-color-scheme: dark) { :root { --ink: #333 } }", "dark", "color-contrast"),
    ("@media (max-width: 400px) { h1 { color: #ccc } }", "phone", "color-contrast"),
    ("@media (max-width: 400px) { h1 { display: none } }", "phone", "page-has-heading-one"),
]
SCRIPTS = [
    ("document.querySelector('main label').remove()", "label"),
    ("document.querySelector('main label').htmlFor = 'nowhere'", "label"),
    ("document.querySelector('main label').textContent = ' '", "label"),
    ("document.querySelector('main button').textContent = ''", "button-name"),
    ("document.querySelector('main a[href]').textContent = ''", "link-name"),
    ("document.querySelector('main').append(document.querySelector('main').cloneNode(true))", "landmark-no-duplicate-main"),
    ("document.querySelectorAll('nav').forEach(nav => nav.removeAttribute('aria-label'));"
     "document.body.append(document.createElement('nav'), document.createElement('nav'))", "landmark-unique"),
    ("document.querySelector('main [type=email]').setAttribute('role', 'nothing')", "aria-roles"),
    ("document.querySelector('main [type=email]').setAttribute('autocomplete', 'nonsense')", "autocomplete-valid"),
    ("document.documentElement.lang = 'xx-yy'", "html-lang-valid"),
    ("document.title = ''", "document-title"),
]


def seen(page, axe, where="desk"):
    """What is wrong with the open page, as seen there."""
    page.dark(where == "dark")
    page.resize(*(PHONE if where == "phone" else DESK))
    return page.violations(axe)


def good_page(window, portal, axe, lang):
    """A page that was found good in both languages, as it is when a walk comes to another of its kind."""
    for known in ("en", "zh"):
        page = window(portal, None, known).go("/sign-in")
        assert not any(seen(page, axe, where) for where in ("desk", "dark", "phone"))
    return window(portal, None, lang).go("/sign-in")


@pytest.mark.parametrize("style, where, rule", STYLES)
def test_colours_and_layout_that_change_are_judged_anew(town, window, axe, style, where, rule):
    page = good_page(window, town.portal, axe, "en")
    page.run("const sheet = new CSSStyleSheet(); sheet.replaceSync(arguments[0]); document.adoptedStyleSheets = [sheet];", style)
    for other in {"desk", "dark", "phone"} - {where} if "@media" in style else ():
        assert not seen(page, axe, other)
    assert any(words.startswith(rule + ":") for words in seen(page, axe, where))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("script, rule", SCRIPTS)
def test_elements_and_words_that_change_are_judged_anew(town, window, axe, script, rule, lang):
    page = good_page(window, town.portal, axe, lang)
    page.run(script)
    assert any(words.startswith(rule + ":") for words in seen(page, axe))


def test_what_is_wrong_is_found_again(town, window, axe):
    page = good_page(window, town.portal, axe, "en")
    page.run("document.querySelector('h1').style.color = '#ddd'; document.title = ''")
    assert seen(page, axe) == seen(page, axe) != []
