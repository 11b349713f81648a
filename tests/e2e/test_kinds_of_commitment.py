"""Each part of the work that papers of this sort ask for comes out of them as a proposal of its own kind.

The papers here are our own; the sample that the work was described by lies outside the project, and nothing of its
text is in it: where it is at hand, only words of office that anybody uses are looked for in it."""

from pathlib import Path

import pytest

from speech import PAPERS, text

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT.parent / "shared/samples/study-speech.zh.txt"

# Words of office, and the kind of line that a sentence with them is for.
PROCEDURES = {
    "逐年逐季逐月": "indicator", "承接": "goal", "多规合一": "goal", "近期中期远期": "goal", "重大专项": "project",
    "项目库": "project", "列单建账": "project", "领导分包": "project", "联审联批": "project", "观摩督导": "project",
    "百日攻坚": "project", "先行先试": "policy", "风险隐患": "risk", "第一议题": "study", "查摆": "rectification",
    "中梗阻": "rectification", "容错纠错": "policy",
}


def proposed(library, paper):
    return [(c["kind"], c["sentence"].strip()) for c in library.json("commitments", library.publish(paper))["commitments"]]


@pytest.mark.parametrize("lang", PAPERS)
def test_every_commitment_of_such_a_paper_is_proposed_in_its_kind_and_nothing_else(library, lang):
    paper = library.file(f"speech-{lang}.txt", text(lang))
    assert proposed(library, paper) == [(kind, words.strip()) for kind, words in PAPERS[lang] if kind]


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample is not at hand")
def test_each_procedure_of_the_sample_is_proposed_in_its_kind(library):
    found = proposed(library, library.file("sample.txt", SAMPLE.read_text(encoding="utf-8")))
    for words, kind in PROCEDURES.items():
        kinds = {k for k, sentence in found if words in sentence}
        assert kind in kinds, (words, kinds)
