"""Cases: a leak reported, judged by two, answered, heard by a third, rewarded; and what nobody may learn of it."""

import hashlib


def rows(portal, sql, *values):
    with portal.database() as db:
        found = db.execute(sql, values).fetchall()
        db.commit()
    db.close()
    return found


def report(member, **more):
    member.post("/reports/new", **{"kind": "leak", "words": "Seen in a chat.", **more})


def case_key(portal, number=1):
    return rows(portal, "SELECT key FROM case_file WHERE id = ?", number)[0][0]


def open_case(portal, member, **more):
    """A case from a report, by its address."""
    report(member, **more)
    return "/cases/" + rows(portal, "SELECT key FROM case_file ORDER BY id DESC")[0][0]


def people(portal):
    """A reporter, an accused, and three stewards."""
    return [portal.person("reporter@example.org"), portal.person("accused@example.org"),
            *(portal.person(f"{name}@example.org", "steward") for name in ("first", "second", "third"))]


# --- reported -------------------------------------------------------------------------------------


def test_a_report_opens_a_case_that_keeps_every_file_byte_for_byte(portal):
    reporter, _, steward, *_ = people(portal)
    files = [("a.txt", b"one\r\n\xff\x00"), ("b.bin", bytes(range(256))), ("c.txt", "三".encode())]
    case = open_case(portal, reporter, kind="reseller", link="https://shop.example/1", place="a shop",
                     seen="2026-01-02", text="pasted  text ", files=files)
    page = steward.json(case)
    assert (page["state"], page["kind"]) == ("open", "reseller")
    assert page["reports"][0]["link"] == "https://shop.example/1"
    wanted = {"pasted.txt": b"pasted  text ", **dict(files)}
    assert {e["name"] for e in page["exhibits"]} == set(wanted)
    for exhibit in page["exhibits"]:
        content = steward.get(f"{case}/exhibits/{exhibit['key']}").body
        assert content == wanted[exhibit["name"]]
        assert exhibit["digest"] == hashlib.sha256(content).hexdigest()


def test_a_report_of_nothing_and_one_of_too_much_are_refused_and_what_was_typed_stays(portal):
    reporter = portal.person("reporter@example.org")
    assert "at least a link" in reporter.post("/reports/new", 422, kind="leak").text
    many = [(f"{i}.txt", b"x") for i in range(12)]
    refused = reporter.post("/reports/new", 422, kind="leak", place="a market", files=many)
    assert "At most 10 files" in refused.text and "a market" in refused.text
    refused = reporter.post("/reports/new", 422, kind="leak", files=("big.bin", b"x" * (20 * 2**20 + 1)))
    assert "20 MB" in refused.text
    assert reporter.json("/reports")["reports"] == [] and rows(portal, "SELECT * FROM case_file") == []


def test_a_member_sends_so_many_reports_a_day_and_no_more(portal):
    reporter = portal.person("reporter@example.org")
    for _ in range(10):
        report(reporter)
    assert "tomorrow" in reporter.post("/reports/new", 429, kind="leak", words="again").text


def test_a_case_is_for_stewards_alone(portal):
    reporter, other, *_ = people(portal)
    case = open_case(portal, reporter)
    for somebody in (reporter, other):
        somebody.get("/cases", 403)
        somebody.get(case, 403)


def test_no_event_and_no_step_names_the_reporter(portal):
    reporter, *_ = people(portal)
    open_case(portal, reporter)
    told = rows(portal, "SELECT actor, subject, data FROM event WHERE kind LIKE 'case.%'")
    assert told and not any(reporter.member in part for event in told for part in event)
    assert rows(portal, "SELECT actor FROM case_step") == [(None,)]


# --- covered --------------------------------------------------------------------------------------


def test_a_covered_name_is_seen_by_a_steward_who_gave_a_reason_and_by_no_other(portal):
    reporter, _, first, second, _ = people(portal)
    case = open_case(portal, reporter, anonymous=1)
    for steward in (first, second):
        assert "reporter@example.org" not in steward.get(case).text.lower()
    first.post(f"{case}/uncover", 422, reason=" ")
    first.post(f"{case}/uncover", reason="I need to ask where.")
    assert first.json(case)["reports"][0]["email"] == "reporter@example.org"
    assert second.json(case)["reports"][0]["name"] == ""
    assert "I need to ask where." in second.get(case).text


# --- accused --------------------------------------------------------------------------------------


def test_a_case_does_not_exist_for_a_steward_whom_it_accuses(portal):
    reporter, _, first, second, _ = people(portal)
    case = open_case(portal, reporter, files=("a.txt", b"x"))
    exhibit = first.json(case)["exhibits"][0]["key"]
    first.post(f"{case}/accuse", reason="Sold it.", member="second@example.org")
    nowhere = second.json("/cases/nosuchcase", 404)
    assert second.json(case, 404) == nowhere
    assert second.json(f"{case}/exhibits/{exhibit}", 404) == nowhere
    assert second.json("/cases")["cases"] == []
    for act, form in (("notes", {"note": "x"}), ("uncover", {"reason": "x"}),
                      ("clear", {"reason": "x", "member": "second@example.org"})):
        assert second.post(f"{case}/{act}", 404, **form).code == 404
    assert first.json("/cases")["cases"][0]["accused"] == 1
    first.post(f"{case}/clear", reason="A mistake.", member="second@example.org")
    assert second.json(case)["accused"] == []
