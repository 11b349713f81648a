"""Every page that a role can come to by links and buttons: whole in both languages, accessible by axe,
and on a phone without scrolling to the side. Its screenshots are for people to look at."""

import re

import pytest

from browser import DESK, PHONE

ROLES = ("anyone", "member", "editor", "steward", "owner")
MOST = 90  # pages a role


def pattern(path):
    """One name for all pages of a kind: keys and numbers left out."""
    path = path.split("?")[0].split("#")[0]
    return re.sub(r"/(?=[^/]*\d)[\w-]{12,}|/M?\d+(?=/|$)", "/…", path)


def links(page):
    return page.run("""return [...document.querySelectorAll('a[href]:not([download])')]
        .map(a => a.href).filter(href => href.startsWith(location.origin + '/'))""")


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


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_accessible_and_fits_a_phone(town, window, axe, role, lang):
    page = window(town.portal, town.people.get(role), lang)
    wrong = []
    for name, dead in crawl(page, "/sign-in" if role == "anyone" else "/"):
        if dead:
            wrong.append(f"{name}: {dead}")
            continue
        shot = f"{role}-{name}-{lang}"
        page.screenshot(shot)
        for words in page.violations(axe):
            wrong.append(f"{name}: {words}")
        page.dark()
        for words in page.violations(axe):
            wrong.append(f"{name} in the dark: {words}")
        page.dark(False)
        page.resize(*PHONE)
        page.screenshot(shot + "-phone")
        if page.overflow():
            wrong.append(f"{name} on a phone sticks out by {page.overflow()}")
        for words in page.violations(axe):
            wrong.append(f"{name} on a phone: {words}")
        page.resize(*DESK)
    assert not wrong, "\n".join(dict.fromkeys(wrong))
