"""Targets and benchmarks of all indicators, as lists and as files."""

import csv
import io

from test_indicators import YEAR, editor, make  # noqa: F401


def rows(person, path):
    return list(csv.reader(io.StringIO(person.get(path).body.decode("utf-8-sig"))))


def test_targets_are_taken_along_with_their_months(portal, editor):  # noqa: F811
    line = make(editor)
    editor.post(f"{line}/indicator/targets", year=YEAR, whole="240", split="even")
    head, row = rows(editor, f"/ledger/indicators/targets?format=csv&year={YEAR}")
    assert head[3:6] == ["Year", "Whole year", "Jan"]
    assert float(row[4]) == 240 and [float(v) for v in row[5:]] == [20] * 12
    assert rows(editor, "/ledger/indicators/targets?format=csv&year=1990")[1:] == []
    assert editor.get("/ledger/indicators/targets?format=xlsx").body[:2] == b"PK"


def test_benchmarks_are_taken_along_by_name(portal, editor):  # noqa: F811
    line = make(editor, "Growth", "%", fold="mean")
    for name, value in (("Nation", "5.0"), ("City", "5.6")):
        editor.post(f"{line}/indicator/benchmark", year=YEAR, name=name, m1=value)
    got = rows(editor, "/ledger/indicators/benchmarks?format=csv&sort=name")[1:]
    assert [(row[3], row[4], float(row[5]), row[6]) for row in got] == [
        ("City", str(YEAR), 5.6, ""), ("Nation", str(YEAR), 5.0, "")]
    assert "Nation" in editor.get("/ledger/indicators/benchmarks").text
