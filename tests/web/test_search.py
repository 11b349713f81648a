"""Search: what a member finds, in their own copy, and what is never told."""

import html
import re
import urllib.parse

from portal import eventually
from shelf import change_offer, events, group, notice, paper_of, publish
from texts import sample


def address(q, **more):
    return "/search?" + urllib.parse.urlencode({"q": q, **more})


def found(person, q, **more):
    return [r["title"] for r in person.json(address(q, **more))["results"]]


def paper(portal, name, text, *options, **offer):
    key = publish(portal, portal.library.file(name, text), *options, **offer)
    number = paper_of(portal, key)

    def indexed():
        db = portal.database()
        rows = db.execute("SELECT 1 FROM search_entry e WHERE paper = ? AND edition ="
                          " (SELECT max(number) FROM edition WHERE paper = e.paper)", (number,)).fetchall()
        db.close()
        return rows

    eventually(indexed)
    return key


ROADS = "农村公路养护办法\n\n第一条 为了加强农村公路养护，制定本办法。冬季清雪由乡镇负责。\n"
FERRIES = ("Minutes of the Harbour Committee\n\nThe committee reviewed the running costs of both ferries. "
           "A <b>bold</b> objection was heard.\n")


def test_a_paper_is_found_soon_after_it_is_published_without_anybody_asking_for_it(portal):
    reader = portal.person("li@example.org")
    assert found(reader, "清雪") == []
    portal.library.publish(portal.library.file("roads.txt", ROADS))
    eventually(lambda: found(reader, "清雪") == ["农村公路养护办法"])


def test_results_are_shown_with_what_was_looked_for_marked(portal):
    reader = portal.person("li@example.org")
    key = paper(portal, "ferries.txt", FERRIES, author="Ann Ode", kind="minutes")
    page = reader.get(address("bold costs")).text
    assert f'href="/papers/{key}"' in page
    assert "<mark>costs</mark>" in page and "&lt;b&gt;<mark>bold</mark>&lt;/b&gt;" in page
    assert "Ann Ode" in page and "minutes" in page
    result = reader.json(address("bold costs"))["results"][0]
    assert result["excerpt"].startswith("The committee reviewed the running costs")
    assert "<mark>" not in str(result)


def test_the_page_is_whole_in_both_languages_and_says_what_to_do_when_nothing_is_found(portal):
    assert "Type what you look for" in portal.person("li@example.org").get("/search").text
    reader = portal.person("wang@example.org", lang="zh")
    assert "请输入要检索的内容" in reader.get("/search").text
    assert "没有找到" in reader.get(address("查无此文")).text
    narrowed = reader.get(address("查无此文", kind="x")).text
    assert "去掉筛选条件" in narrowed
    assert "只用于排除" in reader.get(address("-轮渡")).text


def test_a_mistyped_word_leads_to_the_right_one(portal):
    reader = portal.person("li@example.org")
    paper(portal, "ferries.txt", FERRIES)
    page = reader.get(address("comittee")).text
    assert 'href="/search?q=committee"' in page


def test_titles_and_words_are_suggested_while_typing_as_json(portal):
    reader = portal.person("li@example.org")
    key = paper(portal, "ferries.txt", FERRIES)
    answer = reader.get("/search/suggest?q=harb")
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json["suggestions"] == [
        {"text": "Minutes of the Harbour Committee", "path": f"/papers/{key}"},
        {"text": "harbour", "path": "/search?q=harbour"}]


def test_results_come_in_pages(portal):
    reader = portal.person("li@example.org")
    for i in range(12):
        paper(portal, f"note-{i}.txt", f"通知第{i}号\n\n各单位请按时报送材料。\n")
    first = reader.json(address("报送"))
    assert len(first["results"]) == 10 and first["previous"] == ""
    second = reader.json(first["next"])
    assert len(second["results"]) == 2 and second["next"] == ""
    keys = [r["key"] for r in first["results"] + second["results"]]
    assert len(set(keys)) == 12
    assert second["previous"].startswith("/search?q=")
    assert "Next page" in reader.get(address("报送")).text


def test_filters_narrow_and_stay_in_the_form(portal):
    reader = portal.person("li@example.org")
    old = paper(portal, "roads.txt", ROADS, author="Wang", kind="rule", published_ms=1_500_000_000_000)
    paper(portal, "more.txt", "公路收费的说明\n\n公路收费自今年起调整。\n", kind="note")
    board = group(portal, "Board", old, members=[reader])
    assert board
    assert len(found(reader, "公路")) == 2
    assert found(reader, "公路", year=2017) == ["农村公路养护办法"]
    assert found(reader, "公路", author="wang") == ["农村公路养护办法"]
    assert found(reader, "公路", kind="note") == ["公路收费的说明"]
    page = reader.get(address("公路", author="wang", year=2017)).text
    assert 'value="wang"' in page and 'value="2017"' in page
    key = re.search(r'<option value="(\w+)">Board', page)[1]
    assert found(reader, "公路", group=key) == ["农村公路养护办法"]


def test_a_filter_that_can_not_be_leaves_the_page_and_says_so(portal):
    reader = portal.person("li@example.org")
    paper(portal, "roads.txt", ROADS, author="Wang")
    page = reader.get(address("公路", author="wang", year=3), 422).text
    assert "养护办法" in page and 'id="problem"' in page and 'value="wang"' in page
    assert re.search(r'<input id="year"[^>]*aria-invalid="true"[^>]*>', page)[0].count(' value="3"') == 1
    reader.get(address("公路", year=3), 422, Accept="application/json")


def test_what_may_not_be_opened_is_not_found_suggested_or_put_right(portal):
    insider, outsider = portal.person("li@example.org"), portal.person("wang@example.org")
    key = paper(portal, "ferries.txt", FERRIES)
    group(portal, "Board", key, members=[insider])
    assert found(insider, "ferries") and not found(outsider, "ferries")
    assert outsider.json("/search/suggest?q=harb") == {"suggestions": []}
    assert outsider.json("/search/suggest?q=ferr") == {"suggestions": []}
    assert outsider.json(address("ferrries"))["insteads"] == []
    assert "ferries" in str(insider.json(address("ferrries"))["insteads"])
    change_offer(portal, key, withdrawn_ms=1)
    assert not found(insider, "ferries")


def test_before_its_notice_is_accepted_a_paper_shows_its_title_and_no_more(portal):
    reader = portal.person("li@example.org")
    key = paper(portal, "roads.txt", ROADS)
    notice(portal, "Copies are marked.", "paper", paper_of(portal, key))
    result = reader.json(address("公路养护"))["results"][0]
    assert result["waits"] and result["excerpt"] == ""
    assert found(reader, "清雪") == []
    assert "accepted its notice" in reader.get(address("公路养护")).text


def test_each_reader_sees_words_of_their_own_copy_and_of_no_other(portal):
    people = [portal.person(f"m{i}@example.org") for i in range(6)]
    portal.library.publish(sample("zh"))
    eventually(lambda: found(people[0], "发展"))
    shown = set()
    for person in people:
        copy = re.sub(r"\s+", "", portal.library.copy("P1", person.member))
        for q in ("发展", "工作 落实", "经济", "改革 创新"):
            for result in person.json(address(q))["results"]:
                pieces = [p for p in re.split(r"[…\s]+|(?<=[。！？])", result["excerpt"]) if len(p) > 4]
                assert pieces and all(p in copy for p in pieces), pieces
                shown.add(result["excerpt"])
    assert len(shown) > 4  # the copies do differ in what is shown


def test_showing_sentences_is_on_record_before_they_leave_and_makes_one_traceable(portal):
    reader = portal.person("li@example.org")
    other = portal.person("wang@example.org")
    portal.library.publish(sample("zh"))
    eventually(lambda: found(reader, "发展"))
    reader.get(address("经济"))
    assert [(actor, subject) for actor, subject, _ in events(portal, "copy.glimpsed")] == [
        (reader.member, "P1")]
    found(other, "没有这样的话")
    assert len(events(portal, "copy.glimpsed")) == 1


def test_anything_typed_is_a_question(portal):
    reader = portal.person("li@example.org")
    paper(portal, "roads.txt", ROADS)
    for q in ('"', '""', "-", 'a" OR title:"b', "NEAR(a b)", "{x y}:z", "*", "^", "'; DROP TABLE search; --",
              "公路*", "<script>", "\\", "%00", "+", "公路 AND", "(" * 150, "一" * 200, "a " * 100):
        reader.get(address(q))
    reader.get(address("一" * 201), 422)
    reader.get(address("公路", page=21), 422)
    assert found(reader, "公路") == ["农村公路养护办法"]
    page = reader.get(address('"><script>alert(1)</script>')).text
    assert "<script>alert" not in page and html.escape('"><script>alert(1)') in page.replace("&#34;", "&quot;")


def test_searching_is_for_members(portal):
    assert portal.anyone().get("/search?q=x", 303).location.startswith("/sign-in")
    portal.anyone().get("/search/suggest?q=x", 401, Accept="application/json")


def test_a_new_edition_is_found_by_its_new_words_only(portal):
    reader = portal.person("li@example.org")
    paper(portal, "roads.txt", ROADS)
    portal.library.publish(portal.library.file("roads2.txt", ROADS.replace("清雪", "除冰")), "--paper", "P1")
    eventually(lambda: found(reader, "除冰"))
    assert found(reader, "清雪") == []


def ledger_of(person, q, **more):
    page = person.json(address(q, **more))
    return [p["path"] for p in page["procedures"]], [line["text"] for line in page["lines"]]


def test_procedures_and_lines_of_the_ledger_are_found_by_those_to_whom_it_is_open_and_by_nobody_else(portal):
    editor, member = portal.person("e@example.org", "editor"), portal.person("m@example.org")
    for title in ("Bay road", "Road signs", "Ferry"):
        editor.post("/ledger", kind="project", title=title)
    editor.post("/ledger/campaigns", title="A hundred days for the road", length=100, begins="2026-01-05")
    assert ledger_of(editor, "百日攻坚")[0] == ["/ledger/campaigns"]
    assert ledger_of(editor, "project library")[0] == ["/ledger/projects"]
    assert ledger_of(editor, "p2") == ([], ["P2 Road signs"])
    assert sorted(ledger_of(editor, "ROAD")[1]) == ["A1 A hundred days for the road", "P1 Bay road", "P2 Road signs"]
    assert "Bay road" in editor.get(address("bay")).text
    suggested = editor.json("/search/suggest?" + urllib.parse.urlencode({"q": "百日攻坚"}))["suggestions"]
    assert suggested[0]["path"] == "/ledger/campaigns"
    for q in ("百日攻坚", "p2", "road", "project library"):
        assert ledger_of(member, q) == ([], [])
        assert "/ledger" not in member.get(address(q)).text
        assert "/ledger" not in member.get("/search/suggest?" + urllib.parse.urlencode({"q": q})).text
    assert ledger_of(member, "惠企政策") == (["/policies"], [])  # leaflets are for all members
    assert ledger_of(editor, "road", year=2026) == ([], [])  # filters are of papers


def test_many_lines_are_found_in_part_with_the_way_to_the_rest(portal):
    editor = portal.person("e@example.org", "editor")
    for number in range(7):
        line = editor.post("/ledger", kind="risk", title=f"Slope {number}").location
    editor.post(f"{line}/state", state="closed", why="It is held")
    page = editor.json(address("slope"))
    assert len(page["lines"]) == 5 and "Slope 6" not in str(page["lines"])  # what is closed comes last
    assert editor.json(page["all_lines"])["grid"]["count"] == 7
    for page_of_procedure in {p["path"] for q in ("风险", "项目库", "五盯", "领导分包", "多规合一", "查摆整改", "联审联批",
                                                                     "观摩督导", "第一议题", "先行先试", "最后一公里", "热力图")
                              for p in editor.json(address(q))["procedures"]}:
        editor.get(page_of_procedure)
