"""Browsers, and a served library with lifelike contents that most tests only look at."""

import pytest

import browser as chromium
from portal import Portal
from program import Library
from town import Town


def pytest_collection_modifyitems(items):
    """The long walks over all pages come first: begun last, one of them would run alone at the end."""
    items.sort(key=lambda item: "test_every_page" not in item.nodeid)


@pytest.fixture(scope="session")
def axe():
    return chromium.axe_source()


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """The demo's contents, for tests that leave them as they are."""
    library = Library(tmp_path_factory.mktemp("town")).init().add_members(40)
    portal = Portal(library).start()
    try:
        yield Town(portal).fill()
    finally:
        portal.stop()


@pytest.fixture(scope="session")
def _kept():
    """Browsers take a second to start: one of a kind serves all tests, emptied in between."""
    open_ones = {}
    yield open_ones
    for window in open_ones.values():
        window.close()


@pytest.fixture
def window(_kept):
    """window(portal, person=None, lang="en", script=True, …) gives a Browser; one more with `nth`."""

    def give(portal, person=None, lang="en", script=True, nth=0, size=chromium.DESK, dark=False):
        key = (lang, script, nth)
        if key not in _kept:
            _kept[key] = chromium.Browser(portal, lang=lang, script=script)
        made = _kept[key]
        made.portal = portal
        made.go("about:blank")
        made.resize(*size)
        made.dark(dark)
        made.become(person)
        return made

    return give
