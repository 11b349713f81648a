"""Several members put their copies together: at least one is named, and never an outsider."""

import pytest

import leaks
from program import named
from texts import long_text

MEMBERS = 300
MIXES = {
    "by sentence": lambda c, m, dice: leaks.mix_sentences(c, dice),
    "by place at random": lambda c, m, dice: leaks.mix_random(c, dice),
    "majority": lambda c, m, dice: leaks.mix_majority(c, dice),
    "minority": lambda c, m, dice: leaks.mix_minority(c, dice),
    "all zeros": lambda c, m, dice: leaks.mix_zeros(c, m),
    "all ones": lambda c, m, dice: leaks.mix_ones(c, m),
}
LENGTH = {"zh": 14000, "en": 45000}


@pytest.fixture(scope="module")
def circle(tmp_path_factory, make_circle):
    def make(lang):
        path = tmp_path_factory.getbasetemp() / f"mixed-{lang}.txt"
        path.write_text(long_text(lang, LENGTH[lang]), encoding="utf-8")
        return make_circle(path, MEMBERS, "--colluders", "3")
    return make


def coalition(dice, size):
    return [f"M{i}" for i in dice.sample(range(1, MEMBERS + 1), size)]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("mix", MIXES)
def test_one_of_two_is_named(circle, lang, mix, dice):
    where = circle(lang)
    caught, trials = 0, 5
    for _ in range(trials):
        guilty = coalition(dice, 2)
        leak = MIXES[mix]([where.copies[m] for m in guilty], where.master, dice)
        got = named(where.library.trace(leak))
        assert got <= set(guilty)
        caught += bool(got)
    assert caught >= trials - 1


@pytest.mark.parametrize("mix", MIXES)
def test_three_to_five_never_drag_in_an_outsider(circle, mix, dice):
    where = circle("zh")
    for size in (3, 4, 5):
        guilty = coalition(dice, size)
        leak = MIXES[mix]([where.copies[m] for m in guilty], where.master, dice)
        assert named(where.library.trace(leaks.retype(leak, dice))) <= set(guilty)


def test_both_of_two_are_named_when_each_gave_half(circle, dice):
    where = circle("zh")
    guilty = coalition(dice, 2)
    first, second = (where.copies[m] for m in guilty)
    half = len(first) // 2
    assert named(where.library.trace(first[:half] + second[half:])) == set(guilty)
