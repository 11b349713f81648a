"""The stable JSON of `trace`, checked field by field; docs/trace-json.md is its description."""

VERDICTS = {"named", "insufficient", "unmarked", "unknown-source"}
CHANNELS = {"word", "order", "punct", "glyph", "space", "zero", "layout"}

KINDS = {"text", "html", "docx", "odt", "epub", "mail", "pdf", "picture"}


def number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def whole(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def check_source(source):
    assert {"paper", "edition", "title", "coverage", "marks"} <= source.keys()
    assert isinstance(source["paper"], str) and isinstance(source["title"], str)
    assert whole(source["edition"]) and source["edition"] >= 1
    assert number(source["coverage"]) and 0 <= source["coverage"] <= 1
    assert source["marks"].keys() <= CHANNELS
    for marks in source["marks"].values():
        assert {"sites", "read", "doubtful", "erased"} == marks.keys()
        assert all(map(whole, marks.values())) and marks["doubtful"] <= marks["read"]
        assert marks["read"] + marks["erased"] <= marks["sites"]


def check_proof(proof, member):
    assert {"share", "exhibits", "favoured", "part", "stage", "tallies"} == proof.keys()
    assert number(proof["share"]) and 0 < proof["share"] <= 1
    assert proof["favoured"] is None or isinstance(proof["favoured"], str)
    if proof["part"] is not None:
        assert {"paper", "sites"} == proof["part"].keys() and proof["part"]["paper"].startswith("P")
        assert all(map(whole, proof["part"]["sites"])) and proof["part"]["sites"][0] < proof["part"]["sites"][1]
    assert whole(proof["stage"]) and proof["stage"] >= 1
    assert len(proof["exhibits"]) == 2 and all(map(whole, proof["exhibits"]))
    assert all(len(t) == 7 and t[6] < 4 and all(map(whole, t)) for t in proof["tallies"])
    assert sum(t[4] for t in proof["tallies"]) == member["read"]
    assert sum(t[5] for t in proof["tallies"]) == member["agree"]


def check_member(member, finding):
    assert {"member", "name", "email", "score", "log10_p", "log10_p_all", "agree",
            "read"} <= member.keys()
    assert all(isinstance(member[k], str) for k in ("member", "name", "email"))
    assert all(number(member[k]) for k in ("score", "log10_p", "log10_p_all"))
    assert whole(member["agree"]) and whole(member["read"]) and member["agree"] <= member["read"]
    check_proof(member["proof"], member)
    assert member["log10_p"] <= member["log10_p_all"] <= 0
    assert 10 ** member["log10_p_all"] <= finding["false_alarm"] * 1.000001


def check_sign(sign, finding):
    assert {"number", "exhibit", "says", "paper", "edition", "member", "name", "erased"} == sign.keys()
    assert len(sign["number"]) == 19 and whole(sign["exhibit"]) and isinstance(sign["erased"], bool)
    named = {m["member"] for m in finding["members"]}
    if sign["member"] is None:
        assert sign["says"] == "unknown" and sign["paper"] is sign["edition"] is sign["name"] is None
    else:
        assert sign["says"] == ("agrees" if sign["member"] in named else "contradicts" if named else "open")
        assert whole(sign["edition"]) and isinstance(sign["name"], str)


def check_exhibit(exhibit):
    assert {"sha256", "read_as", "pages", "pictured", "doubt", "languages"} == exhibit.keys()
    assert len(exhibit["sha256"]) == 64 and exhibit["read_as"] in KINDS
    assert whole(exhibit["pages"]) and whole(exhibit["pictured"]) and exhibit["pictured"] <= exhibit["pages"]
    assert 0 <= exhibit["doubt"] < 1 and (not exhibit["doubt"] or exhibit["pictured"])
    assert set(exhibit["languages"]) <= {"zh", "en"} and bool(exhibit["languages"]) == bool(exhibit["pictured"])


def check_finding(finding):
    assert {"verdict", "false_alarm", "tested", "exhibits", "sources", "members", "unexplained", "signs",
            "needed"} == finding.keys()
    assert whole(finding["unexplained"]) and (finding["members"] or finding["unexplained"] == 0)
    assert finding["verdict"] in VERDICTS
    assert number(finding["false_alarm"]) and 0 < finding["false_alarm"] < 1
    assert whole(finding["tested"])
    assert {"marks", "characters"} == finding["needed"].keys()
    assert all(map(whole, finding["needed"].values()))
    assert (finding["verdict"] == "named") == bool(finding["members"])
    assert (finding["verdict"] == "unknown-source") == (not finding["sources"])
    for exhibit in finding["exhibits"]:
        check_exhibit(exhibit)
    for source in finding["sources"]:
        check_source(source)
    for member in finding["members"]:
        check_member(member, finding)
    for sign in finding["signs"]:
        check_sign(sign, finding)
    strengths = [m["log10_p"] for m in finding["members"]]
    assert strengths[:1] == sorted(strengths)[:1]
