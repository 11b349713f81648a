"""Writing: drafts that keep themselves, what the inspection finds in them, their sites in place."""

import json
import re

import bombs
import pdf
import pytest
from texts import sample
from word import document

SPEECH = sample("zh").read_text(encoding="utf-8")


@pytest.fixture
def editor(portal):
    return portal.person("zhou@example.org", "editor")


def begin(editor, text="", title="", form="txt"):
    """A new draft with a text; gives its address."""
    path = editor.post("/write").location
    if text:
        editor.post(path, title=title, text=text, form=form, version=1)
    return path


def post_json(person, path, code=200, **body):
    answer = person.ask("POST", path, json.dumps({"csrf": person.csrf, **body}),
                        [("Content-Type", "application/json"), ("Accept", "application/json")])
    assert answer.code == code, answer.text
    return answer.json


# --- keeping ----------------------------------------------------------------------------------------


def test_an_editor_begins_saves_and_finds_a_draft_again(editor):
    path = begin(editor, "# Rain\n\nIt rained.\n", "On rain", "md")
    assert re.fullmatch(r"/write/[a-z0-9]{16}", path)
    draft = editor.json(path)
    assert (draft["title"], draft["text"], draft["form"]) == ("On rain", "# Rain\n\nIt rained.\n", "md")
    assert [d["key"] for d in editor.json("/write")["drafts"]] == [draft["key"]]
    assert "On rain" in editor.get("/write").text


def test_a_draft_without_title_is_headed_by_the_beginning_of_its_text_cut_within_no_letter(editor):
    path = begin(editor, "# " + "雨" * 60 + "\n\n下雨了。\n", form="md")
    assert re.search(r"<h1[^>]*>\s*雨{39}\s*<", editor.get(path).text)


def test_line_ends_of_a_form_come_back_as_they_were_typed(editor):
    path = begin(editor, "one\r\ntwo\r\n")
    assert editor.json(path)["text"] == "one\ntwo\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_file_of_any_encoding_becomes_a_draft(editor, encoding):
    path = editor.post("/write", file=("讲话.txt", SPEECH.encode(encoding))).location
    draft = editor.json(path)
    assert draft["text"] == SPEECH
    assert draft["form"] == "txt"


def test_a_word_document_becomes_a_draft_and_what_is_left_out_is_said(editor):
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>For one</w:t></w:r></w:p>"
    path = editor.post("/write", file=("讲话.docx", document("On rain\nIt rained, and we *stayed*.", hidden))).location
    draft = editor.json(path)
    assert draft["form"] == "md" and draft["text"] == "# On rain\n\nIt rained, and we \\*stayed\\*.\n"
    assert "Not in the text: 1 piece of hidden text “For one”." in editor.get(path).text
    refused = editor.post(path + "/file", 422, file=("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1"), version=1)
    assert "old.doc" in refused.text and "save it as DOCX" in refused.text
    assert editor.json(path)["text"] == draft["text"]


def test_the_last_page_says_whether_word_copies_will_look_like_the_document(editor):
    path = editor.post("/write", file=("讲话.docx", document("On rain\nIt rained, and we stayed."))).location
    asked = {"access": "members", "price": "free", "level": "discreet", "colluders": 0, "formats": ["txt", "docx"]}
    editor.post(path + "/publish", **asked)
    assert "They look like the document" in editor.get(path + "/confirm").text
    assert editor.json(path + "/confirm")["likeness"]
    draft = editor.json(path)
    editor.post(path, text=draft["text"] + "\nAnd it went on.\n", version=draft["version"])
    assert "They are made anew, without its look" in editor.get(path + "/confirm").text
    assert not editor.json(path + "/confirm")["likeness"]
    editor.post(path + "/publish", **(asked | {"formats": ["txt"]}))
    assert "Word copies" not in editor.get(path + "/confirm").text


def test_a_pdf_becomes_a_draft_and_a_scan_says_what_to_do(editor):
    path = editor.post("/write", file=("讲话.pdf", pdf.of_text(SPEECH, head="内部资料"))).location
    draft = editor.json(path)
    assert draft["form"] == "md" and "".join(SPEECH.split())[-200:] in "".join(draft["text"].split())
    assert "内部资料" in editor.get(path).text and "内部资料" not in draft["text"]
    refused = editor.post(path + "/file", 422, file=("scan.pdf", bombs.scan()), version=1)
    assert "scan.pdf" in refused.text and "its pages are pictures" in refused.text
    assert editor.json(path)["text"] == draft["text"]


def test_a_file_takes_the_place_of_a_text_that_is_there(editor):
    path = begin(editor, "old")
    editor.post(path + "/file", file=("n.md", b"# New\n\nwords\n"), version=2)
    assert editor.json(path)["text"] == "# New\n\nwords\n"
    assert editor.json(path)["form"] == "md"


def test_a_file_that_is_no_text_is_refused_and_says_why(editor):
    path = begin(editor, "old")
    answer = editor.post(path + "/file", 422, file=("x.txt", b"\x00\x01\x02\xff"), version=2)
    assert "problem" in answer.text
    assert editor.json(path)["text"] == "old"


def test_a_draft_saves_itself_as_json_and_counts_its_versions(editor):
    path = begin(editor)
    told = post_json(editor, path, title="T", text="first", form="md", version="1")
    assert told["version"] == "2"
    told = post_json(editor, path, title="T", text="second", form="md", version=told["version"])
    assert editor.json(path)["text"] == "second"


def test_a_long_text_is_kept_whole(editor):
    text = "会议强调，要抓好落实。" * 40000
    path = begin(editor)
    editor.post(path, title="", text=text, form="txt", version=1)
    assert editor.json(path)["text"] == text


def test_a_draft_is_deleted_for_good_and_only_when_that_is_confirmed(editor):
    path = begin(editor, "words")
    editor.post(path + "/delete", 422)
    editor.get(path)
    editor.post(path + "/delete", sure=1)
    editor.get(path, 404)


# --- two windows ------------------------------------------------------------------------------------


def test_the_second_of_two_windows_is_refused_with_both_texts_and_a_choice(editor):
    path = begin(editor, "common")
    editor.post(path, title="", text="from the first window", form="txt", version=2)
    refused = editor.post(path, 409, title="", text="from the second window", form="txt", version=2)
    assert "from the first window" in refused.text and "from the second window" in refused.text
    assert editor.json(path)["text"] == "from the first window"
    told = post_json(editor, path, 409, title="", text="from the second window", form="txt", version=2)
    assert "Another window" in told["message"]


def test_what_word_leaves_in_a_pasted_text_does_not_stop_a_draft_from_saving(editor):
    path = begin(editor, "first")
    editor.post(path, text="One\x0bTwo\x07 and\x1fthree", title="A\x0btitle", form="md", version=2)
    assert (editor.json(path)["text"], editor.json(path)["title"]) == ("One\nTwo andthree", "A title")
    again = editor.post(path, 422, text="One\nTwo\x00", title="", form="md", version=3).text
    assert "at line 2, after 3 characters, stands" in again


def test_the_same_text_saved_twice_over_one_version_is_no_conflict(editor):
    path = begin(editor, "first")
    for _ in range(2):
        editor.post(path, text="second", title="", form="md", version=2)
    assert (editor.json(path)["text"], editor.json(path)["version"]) == ("second", "3")
    editor.post(path, 409, text="third", title="", form="md", version=2)


@pytest.mark.parametrize("choice, kept", [("", "mine"), ("theirs", "other"), ("both", "other")])
def test_after_two_windows_the_editor_chooses_what_is_kept(editor, choice, kept):
    path = begin(editor, "common")
    editor.post(path, title="", text="other", form="txt", version=2)
    refused = editor.post(path, 409, title="", text="mine", form="txt", version=2)
    version = re.search(r'name="version" value="(\d+)"', refused.text)[1]
    gone = editor.post(path, title="", text="mine", form="txt", version=version, choice=choice)
    assert editor.json(path)["text"] == kept
    if choice == "both":
        assert gone.location != path
        assert editor.json(gone.location)["text"] == "mine"


# --- who may ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [None, "steward", "lead", "inspector", "owner"])
def test_writing_is_for_editors(portal, role):
    person = portal.person("li@example.org", *([role] if role else []))
    person.get("/write", 403)
    person.post("/write", 403)


def test_another_editor_finds_no_draft_at_its_address(portal, editor):
    path = begin(editor, SPEECH)
    other = portal.person("wu@example.org", "editor")
    for page in ("", "/preview", "/sites", "/publish", "/confirm"):
        other.get(path + page, 404)
    other.post(path, 404, title="", text="x", form="txt", version=2)
    other.post(path + "/delete", 404, sure=1)
    other.post(path + "/sites", 404, version=2, lock=1)
    other.post(path + "/sites/add", 404, version=2, words="会议", alternative="大会")
    other.post(path + "/publish", 404, access="members")
    other.post(path + "/confirm", 404, stamp="0" * 64)
    other.post(path + "/unschedule", 404)
    other.post(path + "/file", 404, file=("a.txt", b"words"), version=2)
    assert editor.json(path)["text"] == SPEECH


# --- reading it over ------------------------------------------------------------------------------------


def test_the_preview_is_the_master_with_everything_escaped(editor):
    path = begin(editor, "# A <script>\n\nBut **strong** words & [a](javascript:x).\n", form="md")
    preview = editor.json(path + "/preview")
    assert preview["title"] == "A <script>"
    assert "<strong>strong</strong> words &amp;" in preview["html"]
    assert "<script" not in preview["html"] and "javascript:" not in preview["html"]
    assert "<strong>strong</strong>" in editor.get(path + "/preview").text


def test_an_empty_draft_says_what_to_do_on_each_of_its_pages(editor):
    path = begin(editor)
    for page in ("/preview", "/sites", "/confirm"):
        assert "no text yet" in editor.get(path + page).text


def test_the_inspection_names_places_and_puts_them_right_one_by_one(editor):
    text = "The meet\u200bing went well.\n\nIt was l\u0430te.\n"
    path = begin(editor, text)
    draft = editor.json(path)
    places = [(f["line"], f["found"], f["intended"]) for f in draft["findings"]]
    assert (1, "U+200B", "") in places
    page = editor.get(path).text
    stamp = re.search(r'name="stamp" value="(\w+)"', page)[1]
    first = draft["findings"][0]["place"]
    editor.post(path, title="", text=text, form="txt", version=2, stamp=stamp, put_right=first)
    assert editor.json(path)["text"] == text.replace("\u200b", "")


def test_a_finding_is_not_put_right_in_a_text_that_has_moved_since(editor):
    text = "The meet\u200bing went well.\n"
    path = begin(editor, text)
    stamp = re.search(r'name="stamp" value="(\w+)"', editor.get(path).text)[1]
    place = editor.json(path)["findings"][0]["place"]
    editor.post(path, title="", text="Now: " + text, form="txt", version=2, stamp=stamp, put_right=place)
    assert editor.json(path)["text"] == "Now: " + text
    assert "look again" in editor.get(path).text


def test_what_is_certain_is_put_right_at_once(editor):
    text = "One\u200b, two\u200b.\n"
    path = begin(editor, text)
    assert editor.json(path)["certain"] > 0
    editor.post(path, title="", text=text, form="txt", version=2, put_right="certain")
    assert editor.json(path)["text"] == "One, two.\n"


# --- sites -----------------------------------------------------------------------------------------------


def sites_of(page):
    return [site for block in page["blocks"] for site in block["sites"]]


def first_open(page):
    return next(s for s in sites_of(page) if not s["locked"])


def test_every_site_stands_in_the_text_with_both_readings_and_its_channel(editor):
    path = begin(editor, SPEECH)
    page = editor.json(path + "/sites")
    sites = sites_of(page)
    assert len(sites) > 50
    assert {s["channel"] for s in sites} <= {"wording", "word order", "punctuation"}
    assert all(s["words"] != s["other"] for s in sites)
    shown = "".join(re.sub(r'<span class="other">.*?</span>', "", b["html"]) for b in page["blocks"])
    bare = re.sub(r"<[^>]+>|–|\s", "", shown)
    assert bare == re.sub(r"\s", "", "".join(SPEECH.split()))


def test_locking_accepting_and_unlocking_change_the_strength_as_one_goes(editor):
    path = begin(editor, SPEECH)
    before = editor.json(path + "/sites")
    number = first_open(before)["number"]
    editor.post(path + "/sites", version=2, lock=number)
    locked = editor.json(path + "/sites")
    assert next(s for s in sites_of(locked) if s["number"] == number)["locked"]
    assert locked["strength"]["sites"] == before["strength"]["sites"] - 1
    assert locked["decided"] == 1
    editor.post(path + "/sites", version=2, accept=number)
    again = editor.json(path + "/sites")
    assert next(s for s in sites_of(again) if s["number"] == number)["accepted"]
    assert again["strength"] == before["strength"]


def test_strength_is_said_in_the_words_of_the_command_line(portal, editor):
    path = begin(editor, SPEECH)
    told = editor.json(path + "/sites")["strength"]
    portal.library.run("publish", sample("zh"))
    said = portal.library.run("strength", "P1").out
    for words in ("excerpt_words", "million_words", "coalition_words", "picture_words"):
        assert told[words] in said


def test_a_site_is_added_by_quoted_words_and_taken_back(editor):
    path = begin(editor, "Members met in spring. The board thanked them.")
    editor.post(path + "/sites/add", version=2, words="thanked them", alternative="gave them thanks")
    mine = [s for s in sites_of(editor.json(path + "/sites")) if s["by_hand"]]
    assert [(s["words"], s["other"], s["accepted"]) for s in mine] == [("thanked them", "gave them thanks", True)]
    refused = editor.post(path + "/sites/add", 422, version=2, words="no such", alternative="words")
    assert "does not stand in the text" in refused.text
    editor.post(path + "/sites", version=2, undo=0)
    assert not [s for s in sites_of(editor.json(path + "/sites")) if s["by_hand"]]


def test_a_decision_survives_edits_elsewhere_and_says_when_it_fits_no_longer(editor):
    path = begin(editor, SPEECH)
    site = first_open(editor.json(path + "/sites"))
    editor.post(path + "/sites", version=2, lock=site["number"])
    editor.post(path, title="", text=SPEECH + "\n\n另加一段说明。\n", form="txt", version=2)
    page = editor.json(path + "/sites")
    assert page["decided"] == 1 and page["unfit"] == []
    editor.post(path, title="", text="完全不同的一句话。", form="txt", version=3)
    page = editor.json(path + "/sites")
    assert [(u["words"], u["decision"]) for u in page["unfit"]] and page["decided"] == 0
    assert "fit no longer" in editor.get(path + "/sites").text
    editor.post(path + "/sites", version=4, undo=page["unfit"][0]["index"])
    assert editor.json(path + "/sites")["unfit"] == []


def test_deciding_beside_an_older_text_is_refused(editor):
    path = begin(editor, SPEECH)
    number = first_open(editor.json(path + "/sites"))["number"]
    editor.post(path, title="", text="新的开头。\n\n" + SPEECH, form="txt", version=2)
    refused = editor.post(path + "/sites", 409, version=2, lock=number)
    assert "decide again" in refused.text
    assert editor.json(path + "/sites")["decided"] == 0


def test_only_what_was_not_looked_at_is_shown_when_asked(editor):
    path = begin(editor, SPEECH)
    page = editor.json(path + "/sites")
    number = first_open(page)["number"]
    editor.post(path + "/sites", version=2, accept=number, open=1)
    left = sites_of(editor.json(path + "/sites?open=1"))
    assert number not in [s["number"] for s in left]
    assert len(left) == page["all"] - 1


def test_the_pages_of_writing_speak_chinese_too(portal):
    editor = portal.person("zhou@example.org", "editor", lang="zh-CN")
    path = begin(editor, SPEECH)
    assert "检查结果" in editor.get(path).text
    assert "手工重打的" in editor.get(path + "/sites").text
    assert "谁可以阅读" in editor.get(path + "/publish").text
