"""One leaker, every way of dealing with the text: named whenever the text suffices, and nobody else."""

import pytest

import leaks
from program import named
from texts import foreign, long_text, sample

MEMBERS = 1000
ATTACKS = {
    "pasted": lambda t, dice, lang: t,
    "invisible characters stripped": lambda t, dice, lang: leaks.strip_hidden(t),
    "NFKC folded": lambda t, dice, lang: leaks.fold(t),
    "widened": lambda t, dice, lang: leaks.widen(t),
    "lines re-broken": lambda t, dice, lang: leaks.reflow(t),
    "all on one line": lambda t, dice, lang: leaks.reflow(t, 10 ** 9),
    "retyped": lambda t, dice, lang: leaks.retype(t, dice),
    "scanned": lambda t, dice, lang: leaks.scan(t, dice),
    "paragraphs reordered": lambda t, dice, lang: leaks.reorder(t, dice),
    "among foreign text": lambda t, dice, lang: leaks.embed(t, foreign(lang), dice),
    "a third rewritten": lambda t, dice, lang: leaks.rewrite(t, foreign(lang), dice),
    "two thirds cut out": lambda t, dice, lang: leaks.excerpt(t, len(t) // 3, dice),
    "capitals lost": lambda t, dice, lang: t.lower(),
    "everything at once": lambda t, dice, lang: leaks.retype(leaks.embed(leaks.reorder(
        leaks.fold(leaks.strip_hidden(t)), dice), foreign(lang), dice), dice),
}
CHINESE_ATTACKS = {
    "turned Traditional": lambda t, dice: leaks.convert(t, "s2t"),
    "turned Taiwanese with its phrases": lambda t, dice: leaks.convert(t, "s2twp"),
    "Traditional and back": lambda t, dice: leaks.convert(leaks.convert(t, "s2t"), "t2s"),
    "Traditional, retyped, excerpt": lambda t, dice: leaks.retype(
        leaks.excerpt(leaks.convert(t, "s2t"), len(t) // 2, dice), dice),
}


def paper_file(tmp_path_factory, lang):
    """A text long enough for every attack to leave marks: some 8,000 (English: 24,000) characters."""
    path = tmp_path_factory.getbasetemp() / f"long-{lang}.txt"
    path.write_text(long_text(lang, {"zh": 8000, "en": 24000}[lang]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def circle(tmp_path_factory, make_circle):
    return lambda lang: make_circle(paper_file(tmp_path_factory, lang), MEMBERS)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_the_leaker_is_named(circle, lang, attack, dice):
    where = circle(lang)
    for _ in range(3):
        leaker = f"M{dice.randint(1, MEMBERS)}"
        leak = ATTACKS[attack](where.copies[leaker], dice, lang)
        assert named(where.library.trace(leak)) == {leaker}


@pytest.mark.parametrize("attack", CHINESE_ATTACKS)
def test_the_leaker_is_named_across_scripts(circle, attack, dice):
    where = circle("zh")
    for _ in range(3):
        leaker = f"M{dice.randint(1, MEMBERS)}"
        leak = CHINESE_ATTACKS[attack](where.copies[leaker], dice)
        assert named(where.library.trace(leak)) == {leaker}


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_excerpt_as_long_as_the_strength_promises_names_its_leaker(make_circle, lang, dice):
    where = make_circle(sample(lang), 1000)
    strength = where.library.json("strength", where.paper)["strength"]
    length = strength["excerpt_characters"]
    assert length
    hits, trials = 0, 40
    for _ in range(trials):
        leaker = f"M{dice.randint(1, 1000)}"
        leak = leaks.retype(leaks.excerpt(where.copies[leaker], length, dice), dice)
        got = named(where.library.trace(leak))
        assert got <= {leaker}
        hits += got == {leaker}
    # promised: 99 of 100; 36 of 40 or fewer would come once in 1,300 runs if that held
    assert hits >= 36, f"{hits} of {trials} at {length} characters"
