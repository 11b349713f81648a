"""Case files: taken, checked by who has nothing else, changed and found out; and what stands in them for whom."""

import hashlib
import json
import re
import subprocess
import zlib

import bombs
import pdf
import pytest
from portal import eventually
from shelf import ask, do, events
from texts import sample

FEW = 30  # members


@pytest.fixture
def leak(portal):
    """A paper, and copies of it that members were given: leak(3) is M3's."""
    portal.library.add_members(FEW)
    copies = portal.library.copy_all(portal.library.publish(sample("zh")))
    return lambda member: copies[f"M{member}"]


def traced_case(portal, text):
    """A case reported by somebody who wishes not to be named, and traced; with its steward and its address."""
    return traced(portal, text, portal.person("reporter@example.org"), portal.person("ottoline@example.org", "steward"))


def traced(portal, text, reporter, steward):
    reporter.post("/reports/new", kind="leak", anonymous=1, words="Seen in a chat.", files=("post.txt", text.encode()))
    case = "/cases/" + ask(portal, "SELECT key FROM case_file ORDER BY id DESC")[0][0]
    steward.post(case + "/trace")
    eventually(lambda: (r := steward.json(case)["traces"]["runs"]) and r[0]["state"] == "done")
    return steward, case


@pytest.fixture
def case(portal, leak):
    return traced_case(portal, leak(7))


def take(person, address, tmp_path, **more):
    """The file, as it comes, and where it was put."""
    answer = person.post(address + "/file", 200, **more)
    assert answer.headers["content-type"] == "application/pdf"
    path = tmp_path / "case.pdf"
    path.write_bytes(answer.body)
    return answer, path


def verify(portal, path, *options, code=0):
    return json.loads(portal.library.run("verify-case", path, "--json", *options, code=code).out)


def outcomes(found):
    return {c["check"]: c["outcome"] for c in found["checks"]}


def facts_of(path, tmp_path):
    """case.json, by a program that reads PDF, and not by ours."""
    done = subprocess.run(["qpdf", "--show-attachment=case.json", path], capture_output=True, check=True)
    return json.loads(done.stdout)


def pages_of(path):
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True, text=True).stdout


# --- taken and checked ----------------------------------------------------------------------------------------


def test_a_case_file_taken_from_the_page_fits_in_every_check(portal, case, tmp_path):
    steward, address = case
    answer, path = take(steward, address, tmp_path)
    assert "case-1.pdf" in answer.headers["content-disposition"]
    key = json.loads(portal.library.run("keys", "--json").out)[0]["signs"]
    found = verify(portal, path, "--key", key)
    assert found["ok"] and set(outcomes(found).values()) == {"ok"}, found
    assert (found["case"], found["key"]) == ("C1", key)
    assert [n["member"] for n in found["named"]] == ["M7"]
    (root,) = ask(portal, "SELECT hex(hash) FROM event WHERE seq = ?", found["root_line"])[0]
    assert root.lower() == found["root"]
    assert events(portal, "case.file")[0][:2] == (steward.member, "C1")
    portal.library.run("verify")


def test_who_is_named_by_a_part_of_the_text_is_by_the_marks_of_that_part_in_page_and_file(portal, leak, tmp_path):
    """The first third is M3's and the rest M4's: in the whole M3 agrees with two marks of three."""
    first, second = (leak(m).splitlines(keepends=True) for m in (3, 4))
    third = len(first) // 3
    steward, address = traced_case(portal, "".join(first[:third] + second[third:]))
    trace = steward.json(address)["traces"]["runs"][0]["key"]
    members = {m["member"]: m for m in steward.json("/trace/" + trace)["finding"]["members"]}
    assert members.keys() == {"M3", "M4"} and members["M3"]["part"] == "P1"
    assert members["M3"]["agree"] >= 0.95 * members["M3"]["read"]
    assert "from one part of the text of P1" in steward.get("/trace/" + trace).text
    steward.lang = "zh"
    assert "取自 P1 文字的一段" in steward.get("/trace/" + trace).text
    steward.lang = "en"
    path = take(steward, address, tmp_path)[1]
    assert "from one part of the text of P1" in " ".join(pages_of(path).split())
    found = verify(portal, path)
    assert found["ok"] and outcomes(found)["marks"] == "ok", found


def test_without_a_key_the_check_says_that_it_does_not_know_whose_it_is(portal, case, tmp_path):
    steward, address = case
    path = take(steward, address, tmp_path)[1]
    found = verify(portal, path)
    assert found["ok"] and outcomes(found)["key"] == "not-shown"
    said = portal.library.run("verify-case", path).out
    assert "compare it" in said and found["key"] in said and "Nothing speaks against it" in said
    assert "未发现不符之处" in portal.library.run("verify-case", path, locale="zh_CN.UTF-8").out


def test_the_file_is_a_pdf_that_other_programs_read_without_complaint(portal, case, tmp_path):
    steward, address = case
    path = take(steward, address, tmp_path, language="both")[1]
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True)
    assert checked.returncode == 0 and "WARNING" not in checked.stdout + checked.stderr, checked
    info = subprocess.run(["pdfinfo", path], capture_output=True, text=True)
    assert info.returncode == 0 and not info.stderr and "Tagged:          yes" in info.stdout, info
    xmp = subprocess.run(["pdfinfo", "-meta", path], capture_output=True, text=True).stdout
    assert "<pdfaid:part>3</pdfaid:part>" in xmp
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True).stdout.splitlines()[2:]
    assert fonts and all(re.search(r"yes yes yes", line) for line in fonts)
    text = pages_of(path)
    assert "Read as" in text and "读取方式" in text
    assert "Case file C1" in text and "案件卷宗 C1" in text and "What would refute it" in text and "如何推翻" in text
    assert "trace ended with a finding" in text and "追踪完成，形成认定" in text  # what was done, and no command


def test_exhibits_and_facts_are_within_as_they_are(portal, leak, case, tmp_path):
    steward, address = case
    path = take(steward, address, tmp_path)[1]
    facts = facts_of(path, tmp_path)
    done = subprocess.run(["qpdf", "--show-attachment=exhibit-001", path], capture_output=True, check=True)
    assert done.stdout == leak(7).encode()
    assert facts["exhibits"][0]["sha256"] == hashlib.sha256(done.stdout).hexdigest()
    member, = facts["findings"][0]["finding"]["members"]
    marks = facts["findings"][0]["beside"][0]["marks"]
    counted = [m for m in marks if m["counted"]]
    assert {m["site"] for m in counted} and all(m["held"] == [m["seen"]] for m in counted)
    assert len({m["site"] for m in counted}) == member["read"] == member["agree"]


def test_a_file_by_command_is_the_same_but_for_its_line_in_the_record(portal, case, tmp_path):
    steward, address = case
    path = take(steward, address, tmp_path)[1]
    portal.library.run("cases", "file", "C1", "--out", tmp_path / "other.pdf", "--language", "both")
    found = verify(portal, tmp_path / "other.pdf")
    assert found["ok"] and found["root_line"] > verify(portal, path)["root_line"]
    assert events(portal, "case.file")[1][:2] == ("owner", "C1")


def shown_in(path):
    """The pictures on a PDF's pages: (page, width, height)."""
    done = subprocess.run(["pdfimages", "-list", path], capture_output=True, check=True, text=True)
    return [tuple(int(line.split()[i]) for i in (0, 3, 4)) for line in done.stdout.splitlines()[2:]]


def test_what_was_found_is_seen_on_the_pages_with_its_digest(portal, leak, tmp_path):
    """A picture and the first page of a PDF, once in the file though both languages show them; text and damage are not."""
    reporter, steward = portal.person("reporter@example.org"), portal.person("ottoline@example.org", "steward")
    rows = b"".join(b"\0" + bytes((x + y) % 256 for x in range(1000)) for y in range(1500))
    found = [("photo.png", bombs.png(1000, 1500, zlib.compress(rows))), ("scan.pdf", pdf.of_contents([bombs.TEXT])),
             ("post.txt", leak(7).encode()), ("broken.png", bombs.png(90, 90, b"none"))]
    reporter.post("/reports/new", kind="leak", files=found)
    address = "/cases/" + ask(portal, "SELECT key FROM case_file")[0][0]
    path = take(steward, address, tmp_path, language="both")[1]
    assert verify(portal, path)["ok"]
    seen = shown_in(path)
    assert [size for _, *size in seen] == [[480, 720], [509, 720]] * 2 and seen[0][0] < seen[2][0]
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True)
    assert checked.returncode == 0 and "WARNING" not in checked.stdout + checked.stderr, checked
    drawn = subprocess.run(["mutool", "draw", "-o", tmp_path / "page.png", path, f"{seen[0][0]}"], capture_output=True, text=True)
    complaints = drawn.stderr.replace("warning: ICC support is not available", "")
    assert drawn.returncode == 0 and not re.search("error|warning", complaints), drawn
    objects = subprocess.run(["qpdf", "--qdf", path, "-"], capture_output=True, check=True).stdout
    assert objects.count(b"/Subtype /Image") == 2 and objects.count(b"/S /Figure") == 4 == objects.count(b"/Alt ")
    said = re.sub(r"\s", "", subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True, text=True).stdout)
    for looks, number in ("Whattheylooklike", "Exhibit{}:{}"), ("物证外观", "物证{}：{}"):
        beside = said[said.index(looks):]
        for i, (name, content) in enumerate(found[:2], 1):
            words = number.format(i, name)
            assert hashlib.sha256(content).hexdigest() in beside[beside.index(words):][:len(words) + 99]


# --- changed --------------------------------------------------------------------------------------------------


def test_a_byte_changed_anywhere_is_found(portal, case, tmp_path):
    steward, address = case
    path = take(steward, address, tmp_path)[1]
    whole = path.read_bytes()
    exhibit = whole.index("exhibit".encode())
    for at in (3, 12, 40, 300, 4100, 4115, exhibit, len(whole) // 3, len(whole) // 2, len(whole) - 2):
        changed = bytearray(whole)
        changed[at] ^= 1
        path.write_bytes(changed)
        assert not verify(portal, path, code=1)["ok"], at
    for cut in (0, 10, 4000, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:cut])
        assert outcomes(verify(portal, path, code=1)) == {"form": "failed"}, cut
    path.write_bytes(whole + b"\n")
    assert not verify(portal, path, code=1)["ok"]


def test_a_key_that_is_not_the_signer_s_is_refused_and_one_that_is_no_key_is_told(portal, case, tmp_path):
    steward, address = case
    path = take(steward, address, tmp_path)[1]
    found = verify(portal, path, "--key", "0" * 63 + "1", code=1)
    assert outcomes(found)["key"] == "failed" and not found["ok"]
    (tmp_path / "key").write_text(verify(portal, path)["key"] + "\n")
    assert outcomes(verify(portal, path, "--key", tmp_path / "key"))["key"] == "ok"
    (tmp_path / "key").write_text("abc")
    assert "64" in portal.library.run("verify-case", path, "--key", tmp_path / "key", code=2).err


def test_a_new_epoch_signs_with_a_key_of_its_own_and_old_files_stay_good(portal, case, tmp_path):
    steward, address = case
    path = take(steward, address, tmp_path)[1]
    old = verify(portal, path)["key"]
    portal.library.run("keys", "rotate")
    (tmp_path / "second").mkdir()
    new = verify(portal, take(steward, address, tmp_path / "second")[1])["key"]
    assert [k["signs"] for k in json.loads(portal.library.run("keys", "--json").out)] == [old, new] and old != new
    assert verify(portal, path, "--key", old)["ok"]


def test_a_record_changed_afterwards_is_found_in_the_library(portal, case, tmp_path):
    steward, address = case
    take(steward, address, tmp_path)
    do(portal, "UPDATE event SET data = replace(data, '\"tree\":\"', '\"tree\":\"0') WHERE kind = 'case.file'")
    portal.library.run("verify", code=1)


# --- who sees what --------------------------------------------------------------------------------------------


def test_nobody_stands_in_the_file_who_is_not_named(portal, leak, case, tmp_path):
    steward, address = case
    path = take(steward, address, tmp_path, language="both")[1]
    said = json.dumps(facts_of(path, tmp_path), ensure_ascii=False) + pages_of(path)
    reporter = ask(portal, "SELECT name, 'M' || id FROM member WHERE email = 'reporter@example.org'")[0]
    others = ask(portal, "SELECT name, email FROM member WHERE id NOT IN (7, ?)", int(steward.member[1:]))
    for name, email in others:
        assert not re.search(rf"\b{re.escape(name)}\b", said) and email not in said
    assert not re.search(rf"\b{reporter[1]}\b", said)
    assert "@example" not in said


def test_a_steward_whom_the_case_accuses_gets_no_file_and_neither_does_a_member(portal, leak):
    text = leak(7)
    steward, address = traced_case(portal, text)
    accused, member = portal.person("M7", "steward"), portal.person("member@example.org")
    accused.post(address + "/file", 404)
    member.post(address + "/file", 403)
    assert events(portal, "case.file") == []
    steward.post(address + "/file", 422, language="fr")


def test_the_accused_gets_their_own_figures_and_nobody_else_s_name(portal, leak, tmp_path):
    stewards = [portal.person(f"{name}@example.org", "steward") for name in ("percival", "leopold")]
    first, address = traced_case(portal, leak(7))
    accused = portal.person("M7")
    first.post(address + "/propose", words="Look.", members=accused.member, measures="warning", days=30, grounds="Found.")
    stewards[0].post(address + "/confirm")
    told = "/sanctions/" + accused.json("/sanctions")["sanctions"][0]["key"]
    path = take(accused, told, tmp_path)[1]
    found = verify(portal, path)
    assert found["ok"] and found["for"] == "accused" and outcomes(found)["bound"] == "ok", found
    assert outcomes(found)["marks"] == "not-shown"
    facts = facts_of(path, tmp_path)
    said = json.dumps(facts, ensure_ascii=False) + pages_of(path)
    for person in (first, *stewards):
        (name,) = ask(portal, "SELECT name FROM member WHERE id = ?", int(person.member[1:]))[0]
        assert name not in said and not re.search(rf'"{person.member}"', said)
    # when a report came may tell from whom
    assert not {e["kind"] for e in facts["record"]["events"]} & {"case.report", "trace.asked", "case.propose"}
    assert "opened_ms" not in facts["case"] and set(facts["exhibits"][0]) == {"sha256", "size", "within"}
    assert {"trace.made", "case.tell"} <= {e["kind"] for e in facts["record"]["events"]}
    assert "post.txt" not in said and "Seen in a chat" not in said and facts["findings"][0]["beside"] == []
    assert subprocess.run(["qpdf", "--list-attachments", path], capture_output=True, text=True).stdout.count("->") == 1
    assert events(portal, "case.file")[0][:2] == (accused.member, "C1")
    portal.person("other@example.org").post(told + "/file", 404)
    do(portal, "INSERT INTO case_step (case_file, sanction, act, actor, from_state, to_state, words, time_ms)"
       " SELECT s.case_file, s.sanction, s.act, s.actor, s.from_state, s.to_state, '', s.time_ms FROM case_step s,"
       " (SELECT seq FROM event LIMIT 9) WHERE s.act = 'file'")
    assert "tomorrow" in accused.post(told + "/file", 429).text


# --- other matters --------------------------------------------------------------------------------------------


def test_a_case_without_a_trace_and_one_that_names_nobody_have_a_file_too(portal, leak, tmp_path):
    reporter, steward = portal.person("reporter@example.org"), portal.person("ottoline@example.org", "steward")
    reporter.post("/reports/new", kind="reseller", words="Sold in a shop.")
    address = "/cases/" + ask(portal, "SELECT key FROM case_file")[0][0]
    assert verify(portal, take(steward, address, tmp_path)[1])["named"] == []
    steward, address = traced(portal, sample("zh").read_text()[:400], reporter, steward)
    found = verify(portal, take(steward, address, tmp_path)[1])
    assert found["ok"] and found["named"] == []


def test_a_joint_finding_that_counts_stands_in_the_file_in_figures(portal, leak, tmp_path):
    text, reporter = leak(7), portal.person("reporter@example.org")
    steward = portal.person("ottoline@example.org", "steward")
    pieces = [text[len(text) // 4:][:480], text[len(text) // 2:][:490]]
    first, second = [traced(portal, piece, reporter, steward)[1] for piece in pieces]
    joint = eventually(lambda: (j := steward.json(second)["traces"]["joints"]) and j[0]["state"] == "proposed" and j[0])
    steward.post(f"{second}/joint/1/join")
    path = take(steward, first, tmp_path)[1]
    found = verify(portal, path)
    assert found["ok"], found
    facts = facts_of(path, tmp_path)
    assert facts["findings"][-1]["beside"] == [] and len(facts["findings"]) == 2
    assert [n["member"] for n in found["named"]] == ([] if joint["alike"] else ["M7"])
    assert outcomes(found)["finding"] == "ok"


def test_a_long_name_of_an_exhibit_or_a_member_hides_no_check(portal, leak, tmp_path):
    """Names are cut where a report gets too long: not within a letter, whatever their letters take."""
    text = leak(7)
    do(portal, "UPDATE member SET name = ? WHERE id = 7", "a" + "名" * 60)
    reporter, steward = portal.person("reporter@example.org"), portal.person("ottoline@example.org", "steward")
    reporter.post("/reports/new", kind="leak", files=("a" + "文" * 60 + ".txt", text.encode()))
    address = "/cases/" + ask(portal, "SELECT key FROM case_file")[0][0]
    steward.post(address + "/trace")
    eventually(lambda: (r := steward.json(address)["traces"]["runs"]) and r[0]["state"] == "done")
    found = verify(portal, take(steward, address, tmp_path)[1])
    assert found["ok"] and found["named"][0]["name"].startswith("a名")
    exhibit, bound = [[c for c in found["checks"] if c["check"] == which] for which in ("exhibit", "bound")]
    assert "a文" in exhibit[0]["en"] and "a名" in bound[0]["en"]


def test_an_exhibit_of_any_bytes_spoils_no_file(portal, leak, tmp_path):
    text = leak(7)
    reporter, steward = portal.person("reporter@example.org"), portal.person("ottoline@example.org", "steward")
    odd = "%%EOF\nendstream\nendobj\n\u202e\x01\t| <b> \U0001F600 \uE000\n\n" + text
    reporter.post("/reports/new", kind="leak", files=[("a.txt", odd.encode()), ("b.bin", bytes(range(256)))])
    address = "/cases/" + ask(portal, "SELECT key FROM case_file")[0][0]
    steward.post(address + "/trace")
    eventually(lambda: (r := steward.json(address)["traces"]["runs"]) and r[0]["state"] == "done")
    path = take(steward, address, tmp_path)[1]
    assert verify(portal, path)["ok"]
    assert subprocess.run(["qpdf", "--check", path], capture_output=True).returncode == 0
    second = tmp_path / "second"
    second.mkdir()
    reporter.post("/reports/new", kind="leak", files=("case.pdf", path.read_bytes()))
    address = "/cases/" + ask(portal, "SELECT key FROM case_file ORDER BY id DESC")[0][0]
    assert verify(portal, take(steward, address, second)[1])["ok"]
