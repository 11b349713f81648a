"""Copies as PDF: whole, readable by others' programs, laid out as official papers are, in the member's own words."""

import re
import subprocess

import pytest

from program import named
from test_copies import words
from texts import sample, samples

FORMS = """# 关于加强档案管理工作的通知

各单位：

## 一、总体要求

要**高度重视**，按照[管理办法](https://example.org/a?b=c&d=(1))执行。

### （一）分工

- 第一项
- 第二项
    1. 甲事项

> 引用一段话。

| 序号 | 单位 |
| --- | --- |
""" + "".join(f"| {n} | 第{n}处 |\n" for n in range(1, 90)) + """
```
int main(void);
```

שלום עולם 12. 😀 𠮷 naïve

特此通知。

望汀县档案馆

2026年3月5日
"""


def tool(*arguments, code=0):
    done = subprocess.run([*map(str, arguments)], capture_output=True, timeout=60)
    out = done.stdout.decode(errors="replace")
    assert code is None or done.returncode == code, (arguments, out, done.stderr.decode(errors="replace"))
    return out


def pdf_copy(library, paper, member, name="copy.pdf"):
    path = library.folder / name
    library.run("copy", paper, "--member", member, "--format", "pdf", "--out", path)
    return path


def body(path, feet=1):
    """The text of all pages as they are written, without the lines at their feet: the last, their numbers."""
    pages = tool("pdftotext", "-raw", path, "-").split("\f")[:-1]
    return "\n".join("\n".join(page.strip().splitlines()[:-feet]) for page in pages)


def read_words(text):
    return words(text.replace("•", ""), "txt")


def published(library, text, name="paper.md"):
    return library.json("publish", library.file(name, text))["paper"]


@pytest.mark.parametrize("path", samples("zh") + samples("en"), ids=lambda p: p.name)
def test_the_words_on_the_pages_are_the_members_own_in_reading_order(library, path):
    library.add_members(3)
    paper = library.publish(path)
    for member in ("M1", "M3"):
        copy = pdf_copy(library, paper, member)
        assert read_words(body(copy)) == words(library.copy(paper, member), "txt")


def test_a_speech_reads_without_a_space_too_many(library):
    library.add_members(1)
    paper = library.publish(sample("zh", ".txt"))
    text = body(pdf_copy(library, paper, "M1"))
    mine = library.copy(paper, "M1").replace("\u3000", " ")
    spaced = r"[\u4e00-\u9fff，。] +[\u4e00-\u9fff]"
    assert re.findall(spaced, text) == re.findall(spaced, mine)


@pytest.mark.parametrize("level", ["standard", "full"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_taken_out_of_it_is_the_members_own_to_the_last_mark(library, lang, level):
    library.add_members(3)
    paper = library.json("publish", sample(lang, ".txt"), "--level", level)["paper"]
    blank = "[\u3001-\u301f\u4e00-\u9fff\uff01-\uff1f\u2060]( +)[\u4e00-\u9fff\u2060]"
    for member in ("M1", "M2", "M3"):
        copy = pdf_copy(library, paper, member)
        mine = library.copy(paper, member)
        blanks = len(re.findall(blank, mine.replace("\u3000", " ")))
        for read in (["pdftotext", "-raw", copy, "-"], ["mutool", "draw", "-F", "txt", copy]):
            pages = tool(*read).split("\f")
            text = "\n".join("\n".join(page.strip().splitlines()[:-1]) for page in pages)
            assert "".join(text.split()) == "".join(mine.split()), read[0]
            assert len(re.findall(blank, text)) <= blanks, read[0]
        assert len(re.findall(blank, tool("pdftotext", copy, "-"))) <= blanks


@pytest.fixture
def forms(library):
    library.add_members(2)
    return published(library, FORMS)


def test_other_programs_find_nothing_wrong_in_it(library, forms):
    copy = pdf_copy(library, forms, "M1")
    assert "No syntax or stream encoding errors" in tool("qpdf", "--check", copy)
    assert "Pages: " in tool("mutool", "info", copy)
    tool("mutool", "clean", "-gggg", copy, library.folder / "clean.pdf")
    fonts = tool("pdffonts", copy).splitlines()[2:]
    assert fonts and all(re.search(r" yes yes yes +\d+ +0$", line) for line in fonts), fonts
    assert copy.stat().st_size < 200_000


def test_it_tells_its_title_and_language_and_is_tagged_for_reading_aloud(library, forms):
    copy = pdf_copy(library, forms, "M1")
    info = tool("pdfinfo", copy)
    assert re.search(r"Title: +关于加强档案管理工作的通知", info)
    assert re.search(r"Tagged: +yes", info) and "(A4)" in info
    meta = tool("pdfinfo", "-meta", copy)
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U<" in meta
    tree = tool("pdfinfo", "-struct-text", copy)
    kinds = re.findall(r"^ *(\w+)(?: \(block\)| \(inline\))?:?$", tree, re.M)
    for kind in ("Document", "H1", "H2", "H3", "L", "LI", "BlockQuote", "Table", "TR", "TH", "TD", "Link"):
        assert kind in kinds, (kind, tree[:500])
    assert kinds.count("TH") == 2, "headings of a table are read once, on however many pages they stand"
    assert "zh-Hans" in tool("mutool", "show", copy, "trailer/Root/Lang")


def test_outline_and_links_lead_somewhere(library, forms):
    copy = pdf_copy(library, forms, "M1")
    outline = tool("mutool", "show", copy, "outline")
    assert "一、总体要求" in outline and "（一）分工" in outline
    assert "https://example.org/a?b=c&d=(1)" in tool("pdfinfo", "-url", copy)


def test_a_table_over_pages_shows_its_headings_on_each(library, forms):
    copy = pdf_copy(library, forms, "M1")
    pages = tool("pdftotext", copy, "-").split("\f")
    full = [page for page in pages if "处" in page]
    assert len(full) > 2 and all("序号" in page for page in full)


def test_no_heading_is_parted_from_the_first_row_of_the_table_below_it(library):
    """Tables begin at every height of a page; their first row takes several lines."""
    cell = "The harbour office counts every crossing by hand and writes the sum down each evening before the gates close. " * 3
    library.add_members(1)
    text = "# Crossings\n\n" + "".join(
        "".join(f"Filler {n} {k} is short.\n\n" for k in range(n % 7)) +
        f"## Head{n:02} of it\n\n| Columns{n:02} | What |\n| --- | --- |\n| First{n:02} | {cell} |\n\n" for n in range(40))
    pages = tool("pdftotext", "-raw", pdf_copy(library, published(library, text), "M1"), "-").split("\f")

    def page_of(words):
        return [number for number, page in enumerate(pages) if words in page]
    parted = [n for n in range(40) if not page_of(f"Head{n:02} of")[-1] == page_of(f"Columns{n:02}")[0] == page_of(f"First{n:02}")[0]]
    assert len(pages) > 10 and parted == []


def test_a_table_comes_back_cell_by_cell_when_it_is_published(library):
    library.add_members(1)
    task = "完成城镇老旧小区改造，惠及居民{0}户，同步改造供水、供气、供热管网，做到一次改到位，逐户建立台账"
    table = "".join(f"| {n} | {task.format(37 * n)[:30 + n % 3 * 9]} | 市第{n}局 | |\n" for n in range(1, 61))
    paper = published(library, f"# 任务分工表\n\n| 序号 | 任务 | 单位 | 备注 |\n| --- | --- | --- | --- |\n{table}\n特此通知。\n")
    rows = lambda text: [line for line in text.splitlines() if line.startswith("|")]  # noqa: E731
    mine = rows(library.run("copy", paper, "--member", "M1", "--format", "md").out)
    back = rows(library.master(library.json("publish", pdf_copy(library, paper, "M1"))["paper"], "md"))
    assert len(mine) == 62 and back == mine


def test_what_no_font_has_is_shown_and_can_still_be_copied_out(library, forms):
    text = body(pdf_copy(library, forms, "M1"))
    for piece in ("😀", "𠮷", "naïve", "12"):
        assert piece in text, piece


def test_a_page_of_a_chinese_paper_has_22_lines_of_28_characters(library):
    library.add_members(1)
    lines = "国家机关事业单位" * 400
    paper = published(library, f"# 标题\n\n{lines}。\n")
    page = tool("pdftotext", "-f", 2, "-l", 2, pdf_copy(library, paper, "M1"), "-").split()
    assert [len(line) for line in page[:22]] == [28] * 22 and "".join(page[22:]) == "—2—"


def test_lines_of_an_english_paper_stand_at_two_distances_so_that_one_standing_lower_is_told(library):
    """Within a paragraph and a list, and behind them: a list has no distance of its own that too few lines would tell of."""
    library.add_members(1)
    item = "- " + "Something that is long enough to go on in another line of the list, and is not yet at its end. " * 2
    text = "# Title\n\n" + "\n\n".join(f"{'A paragraph of several lines. ' * 9}\n\n{item}\n{item}\n{item}" for _ in range(2))
    page = tool("pdftotext", "-l", 1, "-bbox", pdf_copy(library, published(library, text), "M1"), "-")
    lows = sorted({round(float(low), 1) for low in re.findall(r'yMax="([\d.]+)">(?!•|1<|Title)', page)})
    assert {round(below - above) for above, below in zip(lows, lows[1:])} == {16, 24}


def test_a_copy_is_the_same_each_time_and_no_other_members(library):
    library.add_members(2)
    paper = library.publish(sample("en"))
    one, again, other = (pdf_copy(library, paper, m, n).read_bytes()
                         for m, n in (("M1", "1.pdf"), ("M1", "2.pdf"), ("M2", "3.pdf")))
    assert one == again != other


@pytest.mark.parametrize("mark", ["margin", "diagonal"])
def test_a_visible_mark_names_the_member_on_every_page(library, mark):
    who = library.file("who.csv", "name,email,group\n张犇𠮷 Ångström,zhang@example.org,\n")
    library.run("member", "import", who)
    paper = library.json("publish", sample("zh"), "--mark", mark)["paper"]
    copy = pdf_copy(library, paper, "M1")
    pages = tool("pdftotext", copy, "-").split("\f")[:-1]
    assert len(pages) > 1 and all("张犇𠮷 Ångström" in page for page in pages)
    assert read_words(body(copy, 4)) == words(library.copy(paper, "M1"), "txt")
    assert all(" yes " in line for line in tool("pdffonts", copy).splitlines()[2:])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_pdf_that_turns_up_names_whose_it_is(make_circle, lang):
    circle = make_circle(sample(lang), 100)
    copy = pdf_copy(circle.library, "P1", "M17")
    assert named(circle.library.json("trace", copy)) == {"M17"}
