"""Nobody innocent is named, whatever is put to the tracer."""

import pytest

import leaks
from program import Library, named
from texts import foreign, long_text, sample

MEMBERS = 2000


@pytest.fixture(scope="module")
def circle(make_circle):
    return make_circle(sample("zh"), MEMBERS)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(30))
def test_a_damaged_leak_names_its_leaker_or_nobody(circle, seed, dice):
    leaker = f"M{dice.randint(1, MEMBERS)}"
    text = circle.copies[leaker]
    for _ in range(dice.randint(1, 4)):
        text = dice.choice([
            lambda t: leaks.retype(t, dice, dice.choice([0.02, 0.05, 0.15])),
            lambda t: leaks.scan(t, dice),
            lambda t: leaks.excerpt(t, dice.choice([200, 600, 2000]), dice),
            lambda t: leaks.reorder(t, dice),
            lambda t: leaks.embed(t, foreign("zh"), dice),
            lambda t: leaks.rewrite(t, foreign("zh"), dice, 0.6),
            lambda t: leaks.convert(t, "s2t"),
        ])(text)
    assert named(circle.library.trace(text)) <= {leaker}


@pytest.mark.parametrize("seed", range(10))
def test_a_forger_who_knows_every_place_but_not_the_keys_frames_nobody(circle, seed, dice):
    """Built from the preview, which holds every site and both alternatives: all first, all second,
    or each by the toss of a coin of some bias."""
    preview = circle.library.run("sites", "preview", circle.paper).out
    bias = dice.choice([0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0])
    parts = preview.split("[")
    forged = parts[0]
    for part in parts[1:]:
        if "]" not in part or "|" not in part.split("]", 1)[0]:
            forged += "[" + part
            continue
        both, rest = part.split("]", 1)
        forged += both.split("|", 1)[dice.random() < bias] + rest
    finding = circle.library.trace(forged)
    assert named(finding) == set()
    assert finding["verdict"] in ("insufficient", "unmarked")


def test_a_copy_of_somebody_never_given_one_names_nobody(library):
    library.add_members(300)
    paper = library.publish(sample("zh"))
    library.copy_all(paper)
    library.run("member", "add", "--email", "late@example.org", "--name", "Late Comer")
    stranger = library.copy(paper, "late@example.org")
    other = library.publish(library.file("o.txt", long_text("zh", 5000)))
    library.copy(other, "M1")
    assert named(library.trace(stranger)) == {"M301"}
    # the same words in another library, with another key, belong to nobody there
    elsewhere = Library(library.folder / "elsewhere")
    elsewhere.folder.mkdir()
    elsewhere.init().add_members(300)
    same = elsewhere.publish(sample("zh"))
    elsewhere.copy_all(same)
    assert named(elsewhere.trace(stranger)) == set()
