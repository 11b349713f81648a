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


@pytest.mark.parametrize("kind, sentence", [
    ("review", "对环湾公路项目实行联审联批，由发展改革局牵头，于2027年1月底前办结。"),
    ("inspection", "区督查室要每季度组织一次观摩督导，现场打分，结果予以通报。"),
    ("campaign", "自12月起开展项目建设百日攻坚，确保年底前完成投资20亿元。"),
    ("campaign", "要对12个竣工项目开展双月攻坚，逐日公布进展。"),
    ("policy", "要向上争取专项政策，支持老旧设备更新。"),
    ("policy", "必须抓紧出台自身配套政策，让企业看得懂、用得上。"),
    ("risk", "要开展风险隐患排查，严禁带病运行。"),
    ("review", "The ring road shall go to a joint review by four offices by the end of June 2027."),
    ("inspection", "The inspectors will make a tour of inspection each quarter and publish its marks."),
    ("campaign", "The council will run a 100-day campaign to finish the works begun last year."),
    ("policy", "The council will publish its policy on grants for small firms."),
    ("risk", "All offices must report every risk to safety within a day."),
])
def test_what_a_paper_orders_is_proposed_as_the_procedure_that_it_is(library, kind, sentence):
    title = "Plan\n\nMeasures\n\n" if sentence.isascii() else "工作方案\n\n一、主要任务\n\n"
    found, = proposed(library, library.file("plan.txt", f"{title}{sentence}\n"))
    assert found["kind"] == kind


def test_a_paper_that_commits_nobody_says_so(library):
    paper = library.publish(library.file("note.txt", "札记\n\n今年以来，来馆的人多了。人们说，灯很亮。\n"))
    assert library.json("commitments", paper)["commitments"] == []
    assert "commits nobody" in library.run("commitments", paper).out
    library.run("commitments", code=2)
    library.run("commitments", "P99", code=1)
