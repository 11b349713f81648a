"""The figures that the program is held to, on its own papers, with seeds that never change."""

import pytest

import leaks
from program import Library, named
from texts import samples

MEMBERS = 10000
EVERYONE = ("--everyone",)


@pytest.fixture(scope="module")
def circle(tmp_path_factory):
    """Ten thousand members; only leakers are given their copies, and everyone is tested. The paper is all
    our Chinese samples in one, as long as a work report."""
    folder = tmp_path_factory.mktemp("promise")
    library = Library(folder).init().give_same_key().add_members(MEMBERS)
    whole = library.file("report.md", "\n\n".join(p.read_text("utf-8") for p in samples("zh")))
    return library, library.publish(whole, "--level", "discreet", "--colluders", "2")


@pytest.mark.slow
def test_a_retyped_excerpt_of_the_length_promised_names_its_leaker(circle, dice):
    library, paper = circle
    hits, trials = 0, 100
    length = library.json("strength", paper)["strength"]["excerpt_characters"]
    assert 0 < length < 2000
    for _ in range(trials):
        leaker = f"M{dice.randint(1, MEMBERS)}"
        leak = leaks.retype(leaks.excerpt(library.copy(paper, leaker), length, dice), dice)
        got = named(library.trace(leak, options=EVERYONE))
        assert got <= {leaker}
        hits += bool(got)
    assert hits >= 97, f"{hits} of {trials}"


@pytest.mark.slow
@pytest.mark.parametrize("mix", ["sentences", "places", "majority", "minority"])
def test_two_colluders_whole_retyped_text_names_one_of_them(circle, dice, mix):
    library, paper = circle
    caught, trials = 0, 12
    for _ in range(trials):
        guilty = [f"M{i}" for i in dice.sample(range(1, MEMBERS + 1), 2)]
        copies = [library.copy(paper, m) for m in guilty]
        merged = {"sentences": leaks.mix_sentences, "places": leaks.mix_random,
                  "majority": leaks.mix_majority, "minority": leaks.mix_minority}[mix](copies, dice)
        got = named(library.trace(leaks.retype(merged, dice), options=EVERYONE))
        assert got <= set(guilty)
        caught += bool(got)
    # promised: 95 of 100; two misses in twelve or more come once in eight runs of other seeds
    assert caught >= trials - 1, f"{caught} of {trials}"
