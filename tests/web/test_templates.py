"""Templates: recognised and described by an editor, filled in by members, each copy marked and traced."""

import re

import pytest

from program import named
from shelf import ask, events
from texts import sample

BLANKS = "本通知适用于【单位名称】，由××市于×月×日前落实，经费【数额】万元，意见为【同意/不同意】。"


def template(lang="zh"):
    """A sample with something to fill in after every third long paragraph."""
    words = BLANKS if lang == "zh" else \
        " Signed for {{body}} at {{place}} on {{date}}, with {{amount}} yuan, {{yes/no}}."
    lines = sample(lang).read_text("utf-8").split("\n")
    long = [i for i, line in enumerate(lines) if len(line) > 100]
    for i in long[::3]:
        lines[i] += words
    return "\n".join(lines)


@pytest.fixture
def editor(portal):
    return portal.person("zhou@example.org", "editor")


def draft(editor, text):
    path = editor.post("/write").location
    editor.post(path, title="", text=text, form="txt", version=1)
    return path


def described(editor, path):
    """The form of the page of blanks, as lists."""
    page = editor.json(path + "/blanks")
    form = {name: [] for name in ("blank", "name", "kind", "required", "hint", "choices", "number", "place")}
    for b in page["blanks"]:
        form["blank"].append(b["name"])
        form["name"].append(b["name"])
        form["kind"].append(next(k["value"] for k in b["kinds"] if k["chosen"]))
        form["required"].append("yes" if b["required"] else "no")
        form["hint"].append(b["hint"])
        form["choices"].append(b["choices"])
        for place in b["places"]:
            form["number"].append(place["number"])
            form["place"].append(place["name"])
    for place in page["left"]:
        form["number"].append(place["number"])
        form["place"].append("")
    return form


def offered(editor, path, **more):
    editor.post(path + "/publish", access="members", price="free", formats=["txt", "md", "html"],
                level="standard", **more)
    stamp = editor.json(path + "/confirm")["stamp"]
    return editor.post(path + "/confirm", stamp=stamp).location.removesuffix("/manage")


def values(**more):
    filled = {"单位名称": "东港区政府", "××市": "东港市", "×月×日": "2026-11-24", "数额": "1200",
              "同意/不同意": "同意", **more}
    return {"blank": list(filled), "value": list(filled.values())}


def test_the_draft_page_says_that_a_text_is_a_template_and_lists_its_blanks(editor):
    path = draft(editor, template())
    assert [b["name"] for b in editor.json(path)["blanks"]] == \
        ["单位名称", "××市", "×月×日", "数额", "同意/不同意"]
    assert "This text is a template" in editor.get(path).text
    assert editor.json(path + "/confirm")["blanks"] == 5
    kinds = [next(k["value"] for k in b["kinds"] if k["chosen"])
             for b in editor.json(path + "/blanks")["blanks"]]
    assert kinds == ["text", "place", "date", "text", "choice"]
    other = draft(editor, "A note\n\nNothing is left open here.\n")
    assert "This text is a template" not in editor.get(other).text
    assert "no template" in editor.get(other + "/blanks").text


def test_an_editor_names_types_and_drops_blanks_and_the_paper_has_them_so(portal, editor):
    path = draft(editor, template())
    form = described(editor, path)
    form["name"][0], form["hint"][0], form["required"][0] = "填报单位", "全称", "no"
    form["kind"][3], form["kind"][1] = "number", "none"
    form["choices"][4] = "同意；不同意; 弃权"
    editor.post(path + "/blanks", **form)
    blanks = editor.json(path + "/blanks")
    assert [b["name"] for b in blanks["blanks"]] == ["填报单位", "×月×日", "数额", "同意/不同意"]
    assert blanks["left"] and {p["words"] for p in blanks["left"]} == {"××"}
    paper = offered(editor, path)
    page = portal.person("li@example.org").json(paper + "/fill")
    assert [(b["name"], b["kind"], b["required"], b["hint"]) for b in page["blanks"]][::2] == \
        [("填报单位", "text", False, "全称"), ("数额", "number", True, "")]
    assert [c["words"] for c in page["blanks"][3]["choices"]] == ["同意", "不同意", "弃权"]


def test_a_description_that_makes_no_sense_is_refused_with_what_was_typed(editor):
    path = draft(editor, template())
    form = described(editor, path)
    form["kind"][0], form["hint"][0] = "choice", "a hint of its own"
    refused = editor.post(path + "/blanks", 422, **form)
    assert "two choices" in refused.text and "a hint of its own" in refused.text
    form["number"].pop(), form["place"].pop()
    editor.post(path + "/blanks", 409, **form)


def test_a_change_of_blanks_after_the_last_page_is_not_published_unseen(editor):
    path = draft(editor, template())
    editor.post(path + "/publish", access="members", price="free", formats=["txt"])
    shown = editor.json(path + "/confirm")["stamp"]
    form = described(editor, path)
    form["name"][0] = "填报单位"
    editor.post(path + "/blanks", **form)
    editor.post(path + "/confirm", 409, stamp=shown)


def test_what_is_filled_in_is_checked_in_words_kept_for_the_member_alone_and_deleted(portal, editor):
    paper = offered(editor, draft(editor, template()))
    anna, li = portal.person("anna@example.org"), portal.person("li@example.org", lang="zh")
    refused = anna.post(paper + "/fill", 422, **values(**{"×月×日": "soon"}))
    assert "asks for a date" in refused.text and "东港区政府" in refused.text
    assert "尚未填写" in li.post(paper + "/fill", 422, **values(**{"××市": ""})).text
    assert "只能从所列选项中选择" in li.post(paper + "/fill", 422, **values(**{"同意/不同意": "也许"})).text
    assert ask(portal, "SELECT count(*) FROM fill")[0][0] == 0
    anna.post(paper + "/fill", later=1, **values(**{"××市": "", "×月×日": "2026年12月1日"}))
    kept = {b["name"]: b["value"] for b in anna.json(paper + "/fill")["blanks"]}
    assert kept["×月×日"] == "2026-12-01" and kept["××市"] == ""
    assert anna.get(paper + "/filled", 303).location == paper + "/fill"
    assert not any(b["value"] for b in li.json(paper + "/fill")["blanks"])
    assert [e[2] for e in events(portal, "fills.kept")] == [{"member": anna.member}]
    anna.post(paper + "/fill/delete")
    assert ask(portal, "SELECT count(*) FROM fill")[0][0] == 0


def test_a_filled_copy_is_given_as_every_copy_is(portal, editor):
    paper = offered(editor, draft(editor, template()), notice="请勿外传。")
    li = portal.person("li@example.org")
    assert "/accept" in li.get(paper + "/fill", 303).location
    key = re.search(r"/notices/(\w+)/", li.get(paper + "/fill", 303).location)[1]
    li.post(f"/notices/{key}/accept", next=paper)
    li.post(paper + "/fill", **values())
    assert "<script" not in li.json(paper + "/filled")["html"]
    for kind in ("txt", "md", "html"):
        assert "东港区政府" in li.get(f"{paper}/filled/{kind}").text
    assert [e[2]["format"] for e in events(portal, "copy.given")] == ["txt", "md", "html"]
    assert events(portal, "copy.opened")
    editor.post(paper + "/withdraw", reason="superseded")
    li.get(paper + "/filled/txt", 403)
    li.get(paper + "/fill", 403)


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "]](javascript:alert(1))", "# 标题\n- 项",
                                     "`code` **bold** & \"quotes\""])
def test_what_is_filled_in_is_text_in_every_format(portal, editor, hostile):
    paper = offered(editor, draft(editor, "# 范本\n\n由【单位】负责。\n\n【单位】\n"))
    li = portal.person("li@example.org")
    li.post(paper + "/fill", blank="单位", value=" ".join(hostile.split()))
    assert " ".join(hostile.split()) in li.get(paper + "/filled/txt").text
    html = li.get(paper + "/filled/html").text
    assert "<script>alert" not in html and "<strong>" not in html and "javascript:alert(1)\"" not in html
    markdown = portal.library.file("again.md", li.get(paper + "/filled/md").body)
    again = portal.library.publish(markdown)
    assert " ".join(hostile.split()) in portal.library.master(again)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_two_members_filled_copies_are_traced_from_their_texts(portal, lang):
    portal.library.add_members(60)
    paper = portal.library.publish(portal.library.file("template.txt", template(lang)))
    key = ask(portal, "SELECT key FROM offer")[0][0]
    for number, body in (("M7", "东港区" if lang == "zh" else "the eastern harbour board"),
                         ("M23", "西湾街道办事处" if lang == "zh" else "West Bay")):
        person = portal.person(number)
        asked = person.json(f"/papers/{key}/fill")["blanks"]
        typed = {"text": body, "place": body, "date": "2026-11-24", "number": "12000"}
        person.post(f"/papers/{key}/fill", blank=[b["name"] for b in asked],
                    value=[b["choices"][0]["words"] if b["choices"] else typed[b["kind"]] for b in asked])
        text = person.get(f"/papers/{key}/filled/txt").text
        assert body in text and ("2026年11月24日" if lang == "zh" else "24 November 2026") in text
        finding = portal.library.trace(text)
        assert named(finding) == {number}
        assert finding["sources"][0]["paper"] == paper
        # What is filled in is foreign text: it costs hardly a mark.
        plain = portal.library.trace(portal.library.copy(paper, number))
        assert finding["members"][0]["read"] >= plain["members"][0]["read"] * 0.95
        # Two thirds of it still name the member.
        assert named(portal.library.trace(text[:len(text) * 2 // 3])) == {number}


def test_a_new_edition_finds_blanks_and_fills_where_they_are_unchanged(portal, editor):
    path = draft(editor, template())
    form = described(editor, path)
    form["name"][0], form["kind"][1] = "填报单位", "none"
    editor.post(path + "/blanks", **form)
    paper = offered(editor, path)
    li = portal.person("li@example.org")
    li.post(paper + "/fill", blank=["填报单位", "×月×日", "数额", "同意/不同意"],
            value=["东港区政府", "2026-11-24", "10", "同意"])
    next_path = editor.post(paper + "/edit").location
    page = editor.json(next_path)
    editor.post(next_path, title=page["title"], text=page["text"] + "\n\n另报【联系人】。\n", form=page["form"],
                version=page["version"])
    names = [b["name"] for b in editor.json(next_path + "/blanks")["blanks"]]
    assert names == ["填报单位", "×月×日", "数额", "同意/不同意", "联系人"]
    editor.post(next_path + "/publish", level="standard")
    editor.post(next_path + "/confirm", stamp=editor.json(next_path + "/confirm")["stamp"])
    now = {b["name"]: b["value"] for b in li.json(paper + "/fill")["blanks"]}
    assert now == {"填报单位": "东港区政府", "×月×日": "2026-11-24", "数额": "10", "同意/不同意": "同意",
                   "联系人": ""}


@pytest.mark.parametrize("lang, words, said", [("en", "publish a next edition", "keeps its blanks"),
                                               ("zh", "请发布新版本", "已发布版本的占位符不变")])
def test_blanks_that_were_published_change_with_a_next_edition_whose_text_may_stay(portal, editor, lang, words, said):
    paper = offered(editor, draft(editor, template()))
    editor.lang = lang
    assert words in editor.get(paper + "/manage").text
    assert [(b["name"], b["kind"]) for b in editor.json(paper + "/manage")["blanks"]][3:] == \
        [("数额", "text"), ("同意/不同意", "choice")]
    path = editor.post(paper + "/edit", blanks=1).location
    assert path.endswith("/blanks") and said in editor.get(path).text
    form = described(editor, path.removesuffix("/blanks"))
    form["kind"][3] = "number"
    editor.post(path, **form)
    assert [b["kind"] for b in editor.json(paper + "/manage")["blanks"]][3] == "text"
    path = path.removesuffix("/blanks")
    editor.post(path + "/publish", level="standard")
    editor.post(path + "/confirm", stamp=editor.json(path + "/confirm")["stamp"])
    assert [b["kind"] for b in editor.json(paper + "/manage")["blanks"]][3] == "number"
    assert editor.json(paper + "/manage")["editions"][0]["number"] == 2


def test_a_paper_without_blanks_has_nothing_to_fill_in(portal, editor):
    paper = offered(editor, draft(editor, sample("zh").read_text("utf-8")))
    li = portal.person("li@example.org")
    assert not li.json(paper)["is_template"]
    li.get(paper + "/fill", 404)
    li.get(paper + "/filled/txt", 404)
