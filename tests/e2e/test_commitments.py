"""chancery commitments: what a paper commits to, measured on ten papers labelled by hand.

A label names a commitment by the beginning of its sentence and says its kind (tests/ledger/labels). What is
not labelled commits nobody."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LABELS = ROOT / "tests/ledger/labels"
PAPERS = [path for folder in ("samples", "tests/ledger/papers")
          for path in sorted((ROOT / folder).iterdir()) if path.name != "README.md"]


def labels(paper):
    lines = (LABELS / f"{paper.stem}.tsv").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines]


def proposed(library, paper):
    return library.json("commitments", library.publish(paper))["commitments"]


def judged(library, paper):
    """Pairs of (label's kind or None, proposed kind or None)."""
    rest = proposed(library, paper)
    pairs = []
    for kind, begins in labels(paper):
        found = next((c for c in rest if begins in c["sentence"][:len(begins) + 4]), None)
        pairs.append((kind, found and found["kind"]))
        if found:
            rest.remove(found)
    return pairs + [(None, c["kind"]) for c in rest]


def test_ten_papers_are_labelled_each_as_often_as_it_is_read():
    assert len(PAPERS) == 10
    assert {path.stem for path in PAPERS} == {path.stem for path in LABELS.iterdir()}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_commitments_are_found_and_little_else(library, lang):
    pairs = [pair for paper in PAPERS if paper.name.startswith(lang) for pair in judged(library, paper)]
    hits = [pair for pair in pairs if None not in pair]
    recall = len(hits) / sum(label is not None for label, _ in pairs)
    precision = len(hits) / sum(kind is not None for _, kind in pairs)
    right = sum(label == kind for label, kind in hits) / len(hits)
    print(f"{lang}: recall {recall:.3f}, precision {precision:.3f}, kind right {right:.3f}, {len(pairs)} sentences")
    assert recall >= 0.85 and precision >= 0.85 and right >= 0.8


def test_a_commitment_says_until_when_how_much_and_who(library):
    text = ("工作方案\n\n一、主要任务\n\n由水务局牵头，于2027年6月底前完成管网改造，新建管道不少于12公里。\n")
    found, = proposed(library, library.file("plan.txt", text))
    assert (found["kind"], found["date"], found["quantity"], found["body"]) == (
        "project", "于2027年6月底前", "不少于12公里", "水务局")
    assert (found["due"]["year"], found["due"]["month"]) == (2027, 6)


def test_a_paper_that_commits_nobody_says_so(library):
    paper = library.publish(library.file("note.txt", "札记\n\n今年以来，来馆的人多了。人们说，灯很亮。\n"))
    assert library.json("commitments", paper)["commitments"] == []
    assert "commits nobody" in library.run("commitments", paper).out
    library.run("commitments", code=2)
    library.run("commitments", "P99", code=1)
