"""The owner's page that inspects the installation itself."""

import time

import pytest
from accounts import FACTOR, add_account, change, mail_on, sign_in
from portal import Portal
from texts import sample


@pytest.fixture
def owner(portal):
    return portal.person("owner@example.org", "owner")


def grades(owner, **headers):
    return {r["check"]: r["grade"] for r in owner.get(
        "/owner/security", Accept="application/json", **headers).json["rows"]}


def test_only_owners_see_it(portal, owner):
    owner.get("/owner/security")
    for role in ((), ("editor",), ("steward",)):
        portal.person(f"x{''.join(role)}@example.org", *role).get("/owner/security", 403)
    portal.anyone().get("/owner/security", 401, Accept="application/json")


def test_a_fresh_installation_is_told_what_is_lacking_in_both_languages(owner):
    page = owner.get("/owner/security").text
    assert "There never was one." in page and "chancery backup" in page
    owner.lang = "zh"
    assert "从未备份" in owner.get("/owner/security").text
    assert grades(owner) | {"user": "any"} == {
        "transport": "warn", "address": "warn", "files": "good", "user": "any", "backup": "bad",
        "second-factor": "bad", "owners": "warn", "tokens": "good", "registration": "good",
        "attempts": "good", "mail": "warn"}


def test_what_is_put_right_is_in_order(portal, owner):
    portal.library.run("backup", portal.library.folder / "a.backup")
    portal.library.run("settings", "set", "site.url", "https://library.example.org")
    mail_on(portal)
    portal.person("second@example.org", "owner")
    change(portal, "UPDATE account SET totp = ?", FACTOR)
    assert {grades(owner)[c] for c in ("backup", "address", "mail", "second-factor", "owners")} == {
        "good"}


def test_each_fault_shows(portal, owner):
    day = 24 * 3600 * 1000
    now = int(time.time() * 1000)
    portal.library.run("backup", portal.library.folder / "a.backup")
    change(portal, "UPDATE event SET time_ms = ? WHERE kind = 'backup.made'", now - 8 * day)
    portal.library.run("settings", "set", "registration", "open")
    (portal.library.data).chmod(0o755)
    change(portal, "INSERT INTO token (hash, member, name, scopes, created_ms)"
           " VALUES (x'00', 1, 'old', 'read', ?)", now - 31 * day)
    for i in range(6):
        sign_in(portal.anyone(), "nobody@example.org", f"wrong {i}", code=None)
    got = grades(owner)
    assert (got["backup"], got["registration"], got["files"], got["tokens"], got["attempts"]) == (
        "warn", "warn", "bad", "warn", "warn")
    change(portal, "UPDATE event SET time_ms = ? WHERE kind = 'backup.made'", now - 31 * day)
    assert grades(owner)["backup"] == "bad"
    page = owner.get("/owner/security").text
    assert "chmod 700" in page and "31 days old" in page


def test_a_backup_that_lacks_stored_files_shows(portal, owner):
    portal.library.publish(sample("en"))
    for path in [p for p in (portal.library.data / "blobs").rglob("*") if p.is_file()]:
        path.unlink()
    portal.library.run("backup", portal.library.folder / "a.backup", code=1)
    assert grades(owner)["backup"] == "bad"
    assert "chancery verify" in owner.get("/owner/security").text


def test_a_mail_password_that_others_can_read_shows(portal, owner):
    portal.library.run("settings", "set", "smtp.password", "geheim")
    assert grades(owner)["files"] == "good"
    (portal.library.data / "smtp.password").chmod(0o640)
    assert grades(owner)["files"] == "bad" and "smtp.password" in owner.get("/owner/security").text


def test_names_of_owners_without_a_second_factor_are_shown_and_escaped(portal, owner):
    add_account(portal, "b@example.org", "steward", name="Bo <b>")
    add_account(portal, "c@example.org", "steward", name="Chen", factor=True)
    page = owner.get("/owner/security").text
    assert "Owner, Bo &lt;b&gt;." in page and "Chen" not in page


@pytest.mark.parametrize("options, headers, grade", [
    (("--address", "0.0.0.0"), {}, "bad"),
    (("--trust-proxy",), {}, "bad"),
    (("--trust-proxy",), {"X-Forwarded-Proto": "https"}, "good"),
    (("--trust-proxy", "--address", "0.0.0.0"), {"X-Forwarded-Proto": "https"}, "bad"),
])
def test_the_way_to_the_site_is_judged(library, options, headers, grade):
    served = Portal(library, *options)
    served.start()
    try:
        owner = served.person("owner@example.org", "owner")
        if headers:
            owner.cookies = {"__Host-chancery": owner.cookies["chancery"]}  # its name by TLS
        assert grades(owner, **headers)["transport"] == grade
    finally:
        served.stop()
