"""All addresses with all people, as data: /openapi.json says who may, and the server is held to it.

Two walks. One asks every address as everybody and sees that who is not allowed gets nowhere. The other asks
every page as somebody who is allowed and sees that its JSON is what the file promises. A new route takes
part in both by itself; only a new {name} in a path needs a line in things() to be asked for something that
exists.
"""

import datetime
import hashlib
import http.client
import re
import secrets
import urllib.parse

import pytest
from accounts import page_of
from portal import Answer, Person
from program import ROOT
from shelf import do, group, notice, paper_of, publish

ROLES = ("member", "editor", "steward", "lead", "inspector", "owner")
SCOPES = ("read", "publish", "manage")


def described(portal, lang="en"):
    return portal.anyone(lang).json("/openapi.json")


def operations(file):
    return [(method.upper(), path, operation) for path, methods in file["paths"].items()
            for method, operation in methods.items()]


# --- people ---------------------------------------------------------------------------------------


class Script(Person):
    """Somebody's script, with a token in the place of cookies."""

    def __init__(self, portal, person, *scopes):
        super().__init__(portal)
        self.token = secrets.token_hex(24)
        do(portal, "INSERT INTO token (hash, member, name, scopes, created_ms) VALUES (?, ?, 'test', ?, 1)",
           hashlib.sha256(self.token.encode()).digest(), int(person.member[1:]), " ".join(scopes))

    def ask(self, method, path, body=None, headers=()):
        return super().ask(method, path, body, [*headers, ("Authorization", f"Bearer {self.token}")])


class Somebody:
    """One who asks, the roles that they have, and as a script the scopes."""

    def __init__(self, name, person, roles, scopes=None):
        self.name, self.person, self.scopes = name, person, scopes
        self.roles = {"anyone", *roles}

    def may(self, operation):
        if "anyone" in operation["x-roles"]:
            return True
        held = self.scopes is None or operation.get("x-scope") in self.scopes
        return held and bool(self.roles & set(operation["x-roles"]))


def everybody(portal):
    people = [Somebody("anyone", portal.anyone(), ())]
    for role in ROLES:
        person = portal.person(f"{role}@example.org", *([] if role == "member" else [role]))
        people.append(Somebody(role, person, ("member", role)))
        for scopes in ((), *((s,) for s in SCOPES)):
            script = Script(portal, person, *scopes)
            people.append(Somebody(f"{role}'s script for {scopes or 'nothing'}", script,
                                   ("member", role), scopes))
    suspended = portal.person("suspended@example.org", *ROLES[1:])
    people.append(Somebody("suspended", suspended, ()))
    people.append(Somebody("suspended's script", Script(portal, suspended, *SCOPES), (), ()))
    do(portal, "UPDATE account SET suspended_ms = 1 WHERE member = ?", int(suspended.member[1:]))
    answering = portal.person("answering@example.org", *ROLES[1:])
    people.append(Somebody("one whom a sanction suspends", answering, ("suspended",)))
    number = int(answering.member[1:])
    do(portal, "INSERT INTO case_file VALUES (99, 'none', 'decided', 1, 1)")
    do(portal, "INSERT INTO decision (id, case_file, proposer, proposed_ms, grounds) VALUES (99, 99, ?, 1, '')", number)
    do(portal, "INSERT INTO case_accused VALUES (99, ?, NULL, '', 1)", number)
    do(portal, "INSERT INTO sanction (key, case_file, decision, member, measure, grounds, state, told_ms,"
       " appeal_until_ms) VALUES ('sanction-key', 99, 99, ?, 'suspension', 'x', 'standing', 1, 1)", number)
    do(portal, "UPDATE account SET suspended_ms = 1, suspended_until_ms = 9e15 WHERE member = ?", number)
    stranger = Person(portal, cookies={"chancery": secrets.token_hex(32)})
    people.append(Somebody("one with a made-up session", stranger, ()))
    return people


# --- things to ask for ----------------------------------------------------------------------------


def things(portal, reader):
    """What stands for the names in paths: things that exist and that the reader may see, made without the
    pages. For other names there is nothing, and the answer says so."""
    portal.library.run("settings", "set", "registration", "open")
    key = publish(portal, portal.library.file("roads.txt", "农村公路养护办法\n\n第一条 由【单位】制定本办法。\n"))
    number = group(portal, "Board", door="public", members=[reader])
    do(portal, "INSERT OR IGNORE INTO group_member SELECT ?, member, 1 FROM role WHERE role = 'editor'", number)
    kept = notice(portal, "Copies are marked.", "paper", paper_of(portal, key))
    do(portal, "INSERT INTO acknowledgement SELECT member.id, notice.id, digest, 1, '' FROM member, notice")
    do(portal, "INSERT INTO plan (key, name, price, days, created_ms) VALUES ('plan-key', 'Yearly', 1, 365, 1)")
    do(portal, "INSERT INTO trace (key, everyone, false_alarm, asked_by, asked_ms, state) VALUES ('trace-key', 0, 1e-6,"
       " ?, 1, 'cancelled')", int(reader.member[1:]))
    reader.post("/reports/new", kind="leak", words="Seen in a chat.", files=("found.txt", b"zh"))
    do(portal, "INSERT INTO line (key, kind, number, title, created_ms, changed_ms) VALUES"
       " ('line-key', 'indicator', 'I1', 'Clean water', 1, 1),"
       " ('project-key', 'project', 'P1', 'New bridge', 1, 1),"
       " ('rectification-key', 'rectification', 'C1', 'Permits late', 1, 1),"
       " ('policy-key', 'policy', 'Y1', 'Help for small firms', 1, 1),"
       " ('risk-key', 'risk', 'R1', 'Mains leak', 1, 1),"
       " ('campaign-key', 'campaign', 'A1', 'Sprint', 1, 1),"
       " ('study-key', 'study', 'S1', 'Monday', 1, 1),"
       " ('sweep-key', 'sweep', 'W1', 'Fire safety', 1, 1)")
    do(portal, "INSERT INTO line (key, kind, number, title, created_ms, changed_ms) VALUES"
       " ('review-key', 'review', 'V1', 'Old bridge', 1, 1)")
    do(portal, "INSERT INTO review (line, state, asked_by) SELECT id, 'running', 1 FROM line WHERE key = 'review-key'")
    do(portal, "INSERT INTO step (key, line, stage, member, state, made_ms) SELECT 'step-key', id, 1, 1, 'waiting', 1"
       " FROM line WHERE key = 'review-key'")
    do(portal, "INSERT INTO unit (key, name, created_ms) VALUES ('unit-key', 'Water', 1)")
    do(portal, "INSERT INTO higher_goal (key, title, level, created_ms) VALUES ('higher-key', 'Homes', 'city', 1)")
    do(portal, "INSERT INTO programme (key, name, area, created_ms) VALUES ('programme-key', 'Land', 'City', 1),"
       " ('other-key', 'Traffic', 'City', 1)")
    do(portal, "INSERT INTO statement (key, programme, subject, last_day, created_ms) VALUES"
       " ('statement-key', (SELECT id FROM programme WHERE key = 'programme-key'), 'Road', 9, 1),"
       " ('said-key', (SELECT id FROM programme WHERE key = 'other-key'), 'Road', 8, 1)")
    do(portal, "INSERT INTO clash (key, one, other, aspect, found_ms) SELECT 'clash-key', min(id), max(id), 'date', 1 FROM statement")
    do(portal, "INSERT INTO line_batch (key, member, made_ms, first_seq, last_seq, lines) VALUES ('batch-key', ?, 1, 1, 1, 1)",
       int(reader.member[1:]))
    do(portal, "INSERT INTO figure_mapping (key, name, member, kept_ms, since_january) VALUES ('mapping-key', 'Statistics', ?, 1, 0)",
       int(reader.member[1:]))
    do(portal, "INSERT INTO figure_column (mapping, place, heading, role) VALUES (1, 0, 'What', 'indicator')")
    do(portal, "INSERT INTO line (key, kind, number, title, state, created_ms, changed_ms) VALUES"
       " ('tour-key', 'inspection', 'N1', 'Autumn tour', 'active', 1, 1)")
    do(portal, "INSERT INTO sheet (key, use, name, member, made_ms) VALUES ('sheet-key', 'inspection', 'Autumn', ?, 1)",
       int(reader.member[1:]))
    do(portal, "INSERT INTO sheet_item (sheet, text, most, weight) VALUES (1, 'Progress', 100, 100)")
    do(portal, "INSERT INTO inspection (line, state, sheet, rule, far) SELECT id, 'touring', 1, 'all', 0 FROM line"
       " WHERE key = 'tour-key'")
    do(portal, "INSERT INTO inspection_stop (key, line, place) SELECT 'stop-key', line, 'Mill' FROM inspection")
    asked = reader.post("/requests", title="A note on ferries").location.split("/")[-1]
    with portal.database() as db:
        board = db.execute('SELECT key FROM "group" WHERE id = ?', (number,)).fetchone()[0]
        said = db.execute("SELECT key FROM notice WHERE id = ?", (kept,)).fetchone()[0]
        case, exhibit = db.execute("SELECT c.key, e.key FROM case_file c JOIN case_exhibit e"
                                   " ON e.case_file = c.id").fetchone()
    db.close()
    return {"watch": "landing", "line": "line-key", "unit": "unit-key", "higher": "higher-key", "programme": "programme-key", "statement": "statement-key", "clash": "clash-key", "request": asked, "case": case, "exhibit": exhibit, "paper": key, "group": board, "notice": said, "plan": "plan-key",
            "changes": "batch-key", "step": "step-key", "stop": "stop-key", "mapping": "mapping-key",
            "edition": "1", "format": "txt", "file": "style.css", "member": page_of(portal, reader.member).split("/")[-1], "trace": "trace-key"}


def filled(path, known):
    for of_one_kind, line in ((r"/(watches|watches/\{watch\}/files|project|project/marks|account|account/state|account/strike)$",
                               "project-key"), (r"\{line\}/rectification\b", "rectification-key"),
                              (r"\{line\}/study\b", "study-key"), (r"\{line\}/risk\b", "risk-key"), (r"\{line\}/sweep\b", "sweep-key"), (r"\{line\}/campaign\b", "campaign-key"),
                              (r"\{line\}/(review|steps)\b", "review-key"),
                              (r"\{line\}/(inspection|scoring|ranking)\b", "tour-key"),
                              (r"\{line\}/(policy|leaflet|uptake|checks)\b", "policy-key")):
        if re.search(of_one_kind, path):
            known = {**known, "line": line}
    if path.startswith("/ledger/sheets/"):  # and not the sheet of a notice
        known = {**known, "sheet": "sheet-key"}
    return re.sub(r"\{(\w+)\}", lambda name: str(known.get(name[1], "nothing-here")), path)


def a_value(schema):
    """Something that fits what an input asks for."""
    if schema["type"] == "integer":
        return schema["minimum"]
    if schema["type"] == "boolean":
        return "1"
    if schema["type"] == "array":
        return a_value(schema["items"])
    if schema.get("format") == "date":
        return datetime.date.today().isoformat()
    if "pattern" in schema:
        return datetime.datetime.now().strftime("%Y-%m-%dT%H:%M")
    return "zh"[:schema.get("maxLength", 200)]


def with_needed(path, operation):
    needed = {p["name"]: a_value(p["schema"]) for p in operation["parameters"]
              if p["in"] == "query" and p["required"]}
    return path + ("?" + urllib.parse.urlencode(needed) if needed else "")


# --- the file -------------------------------------------------------------------------------------


def routes_in_source():
    found = set()
    for source in (ROOT / "src/server").glob("*.c"):
        for body in re.findall(r"const struct route route_\w+ = \{(.*?)\n\};", source.read_text(), re.S):
            method = re.search(r'\.method = "(\w+)"', body)
            path = re.search(r'\.path = "([^"]+)"', body)
            if method and path:
                found.add((method[1], path[1]))
    return found


def test_every_route_is_in_the_file(portal):
    listed = {(method, path) for method, path, _ in operations(described(portal))}
    assert listed == routes_in_source()
    assert len(listed) > 20


def test_the_file_says_for_each_address_what_it_does_who_may_and_what_it_takes(portal):
    english, chinese = described(portal), described(portal, "zh")
    assert english["openapi"].startswith("3.1")
    assert operations(chinese) != operations(english)
    for (method, path, operation), (_, _, other) in zip(operations(english), operations(chinese)):
        assert operation["summary"].endswith("."), (method, path)
        assert other["summary"].endswith("。"), (method, path)
        assert operation["x-roles"] and set(operation["x-roles"]) <= {"anyone", "suspended", "unit", *ROLES}
        assert operation.get("x-scope", "read") in {*SCOPES, "feed"}
        named = [p["name"] for p in operation["parameters"] if p["in"] == "path"]
        assert named == re.findall(r"\{(\w+)\}", path)
        for parameter in operation["parameters"]:
            assert parameter["in"] == "path" or parameter["description"], (path, parameter)


# --- who may --------------------------------------------------------------------------------------


def ask_stream(person, path, headers):
    """The head of an answer that may have no end."""
    connection = http.client.HTTPConnection("127.0.0.1", person.portal.port, timeout=60)
    sent = dict(headers)
    if person.cookies:
        sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in person.cookies.items())
    if isinstance(person, Script):
        sent["Authorization"] = f"Bearer {person.token}"
    connection.request("GET", path, headers=sent)
    got = connection.getresponse()
    answer = Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, b"")
    connection.close()
    return answer


def is_refused(answer):
    return (answer.code in (401, 403) or
            (answer.code == 303 and answer.location.split("?")[0] in ("/sign-in", "/first-run", "/sanctions")))


def test_no_address_takes_two_things_of_one_name(portal):
    for method, path, operation in operations(described(portal)):
        names = [parameter["name"] for parameter in operation["parameters"]]
        assert len(names) == len(set(names)), (method, path, names)


def test_who_is_not_allowed_gets_nowhere_by_any_address(portal):
    people = everybody(portal)
    known = things(portal, people[1].person)
    let_in, checked = [], 0
    for method, path, operation in operations(described(portal)):
        address = with_needed(filled(path, known), operation)
        for who in people:
            if who.may(operation):
                continue
            for accept in ("text/html", "application/json"):
                headers = [("Accept", accept)]
                if operation.get("x-streams"):
                    answer = ask_stream(who.person, address, headers)
                elif method == "GET":
                    answer = who.person.ask("GET", address, None, headers)
                else:
                    answer = who.person.post(address, None, headers)
                checked += 1
                refused = is_refused(answer) if accept == "text/html" else answer.code in (401, 403)
                if not refused:
                    let_in.append((who.name, method, path, answer.code, answer.text[:80]))
    assert not let_in
    assert checked > 500


def test_who_is_allowed_is_not_refused_for_their_role_and_nothing_breaks(portal):
    people = everybody(portal)
    known = things(portal, people[1].person)
    broken = []
    for method, path, operation in operations(described(portal)):
        if method != "GET" or operation.get("x-streams"):
            continue
        address = with_needed(filled(path, known), operation)
        for who in people:
            if not who.may(operation):
                continue
            answer = who.person.ask("GET", address, None, [("Accept", "text/html")])
            by_role = answer.code == 403 and "other roles than yours" in answer.text
            # A script's token that is none is told so wherever it knocks.
            ended = who.name == "suspended's script"
            if answer.code >= 500 or (answer.code == 401 and not ended) or by_role:
                broken.append((who.name, path, answer.code, answer.text[:200]))
    assert not broken


def test_a_script_is_told_what_its_token_lacks(portal):
    steward = portal.person("s@example.org", "steward")
    reads, nothing = Script(portal, steward, "read"), Script(portal, portal.person("m@example.org"), "manage")
    assert reads.json("/members", 403)["message"] == 'This takes a token with the scope "manage".'
    assert "No token does this" in reads.json("/account", 403)["message"]
    assert "other roles than yours" in nothing.json("/members", 403)["message"]


def test_a_form_without_its_token_changes_nothing_at_any_address(portal):
    owner = portal.person("owner@example.org", *ROLES[1:])
    known = things(portal, owner)
    let_in = []
    for method, path, operation in operations(described(portal)):
        if method != "POST":
            continue
        for body in ("", "csrf=" + "0" * 32):
            answer = owner.ask("POST", filled(path, known), body,
                               [("Content-Type", "application/x-www-form-urlencoded")])
            if answer.code != 403:
                let_in.append((path, answer.code, answer.text[:80]))
    assert not let_in


# --- what comes out -------------------------------------------------------------------------------


def misfits(value, schema, file, where="$"):
    """Where a value is not what a schema says: the part of JSON Schema that the file uses."""
    if "$ref" in schema:
        schema = file["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    fits = {"string": isinstance(value, str), "null": value is None,
            "boolean": isinstance(value, bool), "object": isinstance(value, dict),
            "array": isinstance(value, list),
            "integer": isinstance(value, int) and not isinstance(value, bool),
            "number": isinstance(value, (int, float)) and not isinstance(value, bool)}
    if kinds and not any(fits[kind] for kind in kinds):
        return [f"{where}: {value!r} is no {kinds}"]
    if isinstance(value, str) and schema.get("format") == "date-time":
        return [] if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value) else [f"{where}: {value!r}"]
    if isinstance(value, dict):
        parts = schema.get("properties", {})
        wrong = [f"{where}.{name} is missing" for name in schema.get("required", []) if name not in value]
        wrong += [f"{where}.{name} is not in the file" for name in value if name not in parts]
        return wrong + [w for name in parts if name in value
                        for w in misfits(value[name], parts[name], file, f"{where}.{name}")]
    if isinstance(value, list):
        return [w for i, item in enumerate(value)
                for w in misfits(item, schema["items"], file, f"{where}[{i}]")]
    return []


def role_for(operation):
    roles = operation["x-roles"]
    return "member" if "anyone" in roles or "member" in roles else roles[0]


def test_every_page_answers_json_that_fits_the_file_for_who_may_see_it(portal):
    people = {role: portal.person(f"{role}@example.org", *([] if role == "member" else [role]))
              for role in ROLES}
    known = things(portal, people["member"])
    file = described(portal)
    error = {"$ref": "#/components/schemas/error"}
    wrong, fitted = [], 0
    for method, path, operation in operations(file):
        content = operation["responses"]["200"]["content"]
        if method != "GET" or "application/json" not in content:
            continue
        person = people[role_for(operation)]
        if path == "/sign-in":
            person = portal.anyone()
        answer = person.ask("GET", with_needed(filled(path, known), operation), None,
                            [("Accept", "application/json")])
        if not answer.headers.get("content-type", "").startswith("application/json"):
            wrong.append((path, answer.code, answer.text[:80]))
            continue
        if answer.code == 200 and answer.json.keys() == {"location"}:
            continue  # somebody for whom there is nothing to do here is sent on
        schema = content["application/json"]["schema"] if answer.code == 200 else error
        gone = path == "/first-run"  # once there is an owner
        missing = answer.code == 404 and (gone or "nothing-here" in filled(path, known))
        if answer.code != 200 and not missing:
            wrong.append((path, answer.code, answer.text[:200]))
        wrong += [(path, w) for w in misfits(answer.json, schema, file)]
        fitted += answer.code == 200
    assert not wrong
    assert fitted > 10


def test_a_refusal_is_json_in_the_form_that_the_file_gives(portal):
    file = described(portal)
    answer = portal.anyone().get("/search", 401, Accept="application/json").json
    assert not misfits(answer, {"$ref": "#/components/schemas/error"}, file)


@pytest.mark.parametrize("value, schema", [
    (1, {"type": "string"}), (True, {"type": "integer"}), ({}, {"type": "object", "required": ["a"]}),
    ({"b": 1}, {"type": "object", "properties": {}}), ([1, "x"], {"type": "array", "items": {"type": "integer"}}),
    ("2026", {"type": ["string", "null"], "format": "date-time"}),
])
def test_the_check_of_schemas_finds_what_does_not_fit(value, schema):
    assert misfits(value, schema, {})
