"""Key epochs on the owner's page."""

from shelf import ask, events


def test_the_owner_sees_the_epochs_and_no_secret_and_begins_a_new_one(portal):
    owner = portal.person("zhou@example.org", "owner")
    assert [(e["epoch"], e["newest"]) for e in owner.json("/owner/keys")["epochs"]] == [(1, True)]
    owner.post("/owner/keys")
    page = owner.get("/owner/keys").text
    epochs = owner.json("/owner/keys")["epochs"]
    assert [(e["epoch"], e["newest"], e["stolen"]) for e in epochs] == [(1, False, None), (2, True, None)]
    for line in (portal.library.data / "secret.key").read_text().splitlines()[1:]:
        assert line.split()[1] not in page
    assert [e[:2] for e in events(portal, "keys.rotated")] == [(owner.member, "K2")]


def test_what_is_published_by_the_running_server_after_a_rotation_by_command_takes_the_new_epoch(portal):
    editor = portal.person("lin@example.org", "editor")
    portal.library.run("keys", "rotate", "--stolen")
    draft = editor.post("/write", file=("p.txt", ("农村公路养护办法\n\n" + "第一条 加快推进农村公路养护。\n\n" * 9).encode())).location
    editor.post(draft + "/publish", access="members", price="free", formats=["txt"])
    editor.post(draft + "/confirm", stamp=editor.json(draft + "/confirm")["stamp"])
    assert ask(portal, "SELECT key_epoch FROM paper") == [(2,)]
    reader = portal.person("li@example.org")
    key = ask(portal, "SELECT key FROM offer")[0][0]
    assert reader.get(f"/papers/{key}/download/txt").text == portal.library.copy("P1", reader.member)


def test_nobody_but_an_owner_comes_near_the_keys(portal):
    for role in ("member", "editor", "steward"):
        person = portal.person(f"{role}@example.org", *([] if role == "member" else [role]))
        person.get("/owner/keys", 403)
        person.post("/owner/keys", 403)
