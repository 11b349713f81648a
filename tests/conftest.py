"""Fixtures for everything that drives the program from outside.

Tests take place where it is about noon: their day does not end while they run, whenever that is, and offices are open.
The program and this one read the zone from the environment alike.
"""

import os
import random
import shutil
import sys
import time
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "attack"), str(HERE.parent / "tools")]

from portal import Portal  # noqa: E402
from program import Library  # noqa: E402
from zones import zone_at  # noqa: E402

os.environ["TZ"], _ = zone_at(12)
time.tzset()


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: many trials; left out under sanitizers")


@pytest.fixture(scope="session")
def _empty(tmp_path_factory):
    return Library(tmp_path_factory.mktemp("empty")).init().give_same_key().data


@pytest.fixture
def library(tmp_path, _empty):
    """A new, empty library: a copy of one that was made once, as making one takes longer than most tests."""
    new = Library(tmp_path)
    shutil.copytree(_empty, new.data)
    return new


@pytest.fixture
def portal(library):
    """The portal over a new, empty library."""
    served = Portal(library).start()
    yield served
    served.stop()


@pytest.fixture
def post(portal):
    """A post office to which the portal gives its letters."""
    from post import PostOffice  # what it needs is not there for every stage

    office = PostOffice()
    for name, value in (("smtp.url", f"smtp://127.0.0.1:{office.port}"), ("mail.from", "papers@example.org"),
                        ("site.url", "https://papers.example.org")):
        portal.library.run("settings", "set", name, value)
    yield office
    office.stop()


@pytest.fixture
def dice(request):
    """Chance that is the same in every run of the same test."""
    return random.Random(request.node.name)


class Circle:
    """A library whose members all have a copy of one paper. Made once, read by many tests."""

    def __init__(self, folder, path, members, *options):
        self.library = Library(folder).init().give_same_key().add_members(members)
        self.paper = self.library.publish(path, *options)
        self.master = self.library.master(self.paper)
        self.copies = self.library.copy_all(self.paper)


@pytest.fixture(scope="session")
def make_circle(tmp_path_factory):
    """make_circle(path, members, *publish options), cached for the whole run."""
    made = {}

    def make(path, members, *options):
        key = (str(path), members, options)
        if key not in made:
            made[key] = Circle(tmp_path_factory.mktemp("circle"), path, members, *options)
        return made[key]

    return make
