"""What leakers do to a text, written against the text alone.

Nothing here knows a site, a lexicon or a key; it is a second opinion beside src/paper/attack.c, which
does. Every function takes text and, where chance decides, a random.Random, so that one seed gives one
leak.
"""

import difflib
import re
import subprocess
import unicodedata

INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
                       "\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]")
ODD_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# What a scanner takes for what: pairs of characters that look alike.
MISREAD = [
    ("一", "—"), ("中", "屮"), ("口", "囗"), ("日", "曰"), ("未", "末"), ("土", "士"), ("己", "已"),
    ("人", "入"), ("大", "太"), ("了", "丁"), ("力", "刀"), ("干", "千"), ("贝", "见"), ("间", "问"),
    ("l", "1"), ("O", "0"), ("m", "rn"), ("e", "c"), ("，", ","), ("。", "."), ("；", ";"), ("I", "l"),
]
LOOKS_LIKE = {**{b: a for a, b in MISREAD if len(b) == 1}, **dict(MISREAD)}


def is_chinese(text):
    return sum("\u4e00" <= c <= "\u9fff" for c in text) > len(text) / 5


def sentences(text):
    """The text's sentences with their ends; joined they give the text again."""
    return re.findall(r"[^。！？\n.!?]*(?:[。！？\n]|[.!?]+(?=\s)\s?|[.!?]|$)", text)


def paragraphs(text):
    return [p for p in text.split("\n") if p.strip()]


def strip_hidden(text):
    return ODD_SPACE.sub(" ", INVISIBLE.sub("", text))


def fold(text):
    return unicodedata.normalize("NFKC", text)


def widen(text):
    """Half-width letters, digits and signs as full-width ones."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def reflow(text, width=34):
    flat = re.sub(r"\s+", "" if is_chinese(text) else " ", text)
    return "\n".join(flat[i:i + width] for i in range(0, len(flat), width))


def convert(text, config):
    """OpenCC's command, as people have it: s2t, t2s, s2twp …"""
    done = subprocess.run(["opencc", "-c", f"{config}.json"], input=text.encode(), check=True,
                          capture_output=True)
    return done.stdout.decode()


def retype(text, dice, rate=0.02):
    """Typed again by hand: nothing invisible survives, and some characters are wrong, missing or
    doubled."""
    text = fold(strip_hidden(text)) if not is_chinese(text) else strip_hidden(text)
    typed = []
    for c in text:
        luck = dice.random()
        if c == "\n" or luck >= rate:
            typed.append(c)
        elif luck < rate / 3:
            typed.append(dice.choice(text).replace("\n", " "))
        elif luck < 2 * rate / 3:
            typed.append(c + c)
    return "".join(typed)


def scan(text, dice, rate=0.03):
    """Photographed or printed, and read by a machine."""
    text = strip_hidden(text)
    out = []
    for c in text:
        if c in LOOKS_LIKE and dice.random() < 3 * rate:
            out.append(LOOKS_LIKE[c])
        elif dice.random() < rate / 4:
            out.append(c + " ")
        else:
            out.append(c)
    return reflow("".join(out), dice.randint(24, 44))


def excerpt(text, length, dice):
    start = dice.randrange(max(1, len(text) - length))
    return text[start:start + length]


def reorder(text, dice):
    parts = paragraphs(text)
    dice.shuffle(parts)
    return "\n".join(parts)


def embed(text, foreign, dice):
    """Foreign text before, after and between."""
    parts = paragraphs(text)
    strange = paragraphs(foreign)
    for _ in range(3):
        at = dice.randrange(len(parts) + 1)
        parts[at:at] = dice.sample(strange, min(4, len(strange)))
    return "\n".join(strange[:3] + parts + strange[-3:])


def rewrite(text, foreign, dice, share=1 / 3):
    """A share of the sentences put into other words: here, into other sentences altogether."""
    strange = [s for s in sentences(foreign) if len(s) > 10]
    return "".join(dice.choice(strange) if len(s) > 10 and dice.random() < share else s
                   for s in sentences(text))


def append_all(texts):
    return "\n".join(texts)


# --- several copies ---------------------------------------------------------------------------------


def mix_sentences(copies, dice):
    """Each sentence from one of the copies. Copies whose sentences do not pair are cut by lines."""
    cut = [sentences(c) for c in copies]
    if len({len(c) for c in cut}) != 1:
        cut = [c.splitlines(keepends=True) for c in copies]
    assert len({len(c) for c in cut}) == 1
    return "".join(dice.choice(same) for same in zip(*cut))


def differences(copies):
    """Cuts the copies at where any two differ: a list of tuples, one text a copy, in order."""
    lines = [c.splitlines(keepends=True) for c in copies]
    assert len({len(part) for part in lines}) == 1
    pieces = []
    for same in zip(*lines):
        if len(set(same)) == 1:
            pieces.append(same)
        else:
            pieces.extend(line_differences(same))
    return pieces


def line_differences(same):
    first = same[0]
    # stays[k]: where copies k's text begins for each place of the first that all of them share
    shared = [dict() for _ in same]
    for number, other in enumerate(same):
        match = difflib.SequenceMatcher(None, first, other, autojunk=False)
        for a, b, size in match.get_matching_blocks():
            for i in range(size):
                shared[number][a + i] = b + i
    common = [i for i in range(len(first)) if all(i in s for s in shared)]
    pieces, at = [], [0] * len(same)
    for i in common:
        here = [s[i] for s in shared]
        gap = tuple(text[a:b] for text, a, b in zip(same, at, here))
        if any(gap):
            pieces.append(gap)
        pieces.append(tuple(first[i] for _ in same))
        at = [h + 1 for h in here]
    rest = tuple(text[a:] for text, a in zip(same, at))
    if any(rest):
        pieces.append(rest)
    return pieces


def mix_places(copies, choose):
    return "".join(p[0] if len(set(p)) == 1 else choose(p) for p in differences(copies))


def mix_random(copies, dice):
    return mix_places(copies, dice.choice)


def mix_majority(copies, dice):
    return mix_places(copies, lambda p: max(dice.sample(p, len(p)), key=p.count))


def mix_minority(copies, dice):
    return mix_places(copies, lambda p: min(dice.sample(p, len(p)), key=p.count))


def mix_zeros(copies, master):
    """The master's words wherever one of the copies has them."""
    return "".join(p[0] if p[0] in p[1:] else p[1] for p in differences([master, *copies]))


def mix_ones(copies, master):
    """Other words than the master's wherever one of the copies has them."""
    return "".join(next((q for q in p[1:] if q != p[0]), p[0])
                   for p in differences([master, *copies]))
