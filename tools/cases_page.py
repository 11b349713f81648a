"""Draws the machine of a case from what the program says about it: docs/cases.md with its figure, in both languages.

    tools/cases_page.py          writes the pages and the figures
    tools/cases_page.py --check  says whether they are up to date, for the tests

What is drawn is data of the program (chancery cases states --json); only the places on the sheet are given here, and
a state or an arrow without one stops the tool.
"""

import json
import os
import subprocess
import sys
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("CHANCERY_BINARY", str(ROOT / "build/chancery"))
WIDE, HIGH = 210, 46  # of a box

# Top left corner of each state's box.
PLACES = {
    "open": (60, 60), "proposed": (400, 60), "decided": (760, 60), "settled": (1100, 60),
    "dismissed": (400, 200),
    "standing": (60, 370), "appealed": (400, 370), "lifted": (760, 370), "upheld": (760, 470),
}
# Path of each arrow, and where its words stand; "" is where a case or a sanction is not there yet.
ARROWS = {
    ("", "open"): ("M20 83 H54", None),
    ("open", "proposed"): ("M270 76 H394", (332, 66)),
    ("proposed", "open"): ("M400 96 C360 132 316 132 274 98", (336, 146)),
    ("proposed", "decided"): ("M610 83 H754", (682, 73)),
    ("proposed", "dismissed"): ("M505 106 V194", (515, 156)),
    ("dismissed", "open"): ("M400 223 H245 V112", (325, 215)),
    ("decided", "settled"): ("M970 83 H1094", (1032, 73)),
    ("", "standing"): ("M20 393 H54", None),
    ("standing", "appealed"): ("M270 393 H394", (332, 383)),
    ("appealed", "lifted"): ("M610 393 H754", (682, 383)),
    ("appealed", "upheld"): ("M505 416 V484 H754", (640, 476)),
    ("standing", "upheld"): ("M165 416 V502 H754", (330, 494)),
}
WORDS = {
    "en": {"file": "docs/cases.md", "figure": "cases.svg", "locale": "C.UTF-8", "font": "sans-serif",
           "title": "The machine of a case",
           "head": "# Cases: states and acts\n\n[中文](cases.zh-CN.md) · [all documents](README.md) · "
                   "[what it means for people](guarding.md)\n\nWritten by `tools/cases_page.py` from the table that "
                   "the program goes by.\n\n",
           "above": "A case", "below": "Each sanction that it leads to",
           "states": "## States\n\n| state | in words | of |\n| --- | --- | --- |\n",
           "acts": "\n## Acts\n\n| act | from | to | who | what it takes |\n| --- | --- | --- | --- | --- |\n",
           "of": {"case": "case", "sanction": "sanction"}, "stays": "as it was", "new": "nothing yet", "comma": ", "},
    "zh": {"file": "docs/cases.zh-CN.md", "figure": "cases.zh-CN.svg", "locale": "zh_CN.UTF-8",
           "font": "'Noto Sans CJK SC', sans-serif", "title": "案件状态图",
           "head": "# 案件：状态与操作\n\n[English](cases.md) · [全部文档](README.md) · "
                   "[对各方意味着什么](guarding.zh-CN.md)\n\n由 `tools/cases_page.py` 根据程序所依据的规则表写成。\n\n",
           "above": "案件", "below": "案件所致的每项处理",
           "states": "## 状态\n\n| 状态 | 含义 | 所属 |\n| --- | --- | --- |\n",
           "acts": "\n## 操作\n\n| 操作 | 起始状态 | 结果状态 | 由谁 | 需要什么 |\n| --- | --- | --- | --- | --- |\n",
           "of": {"case": "案件", "sanction": "处理"}, "stays": "不变", "new": "尚无", "comma": "、"},
}


def machine(locale):
    said = subprocess.run([PROGRAM, "cases", "states", "--json"], capture_output=True, text=True, check=True,
                          encoding="utf-8", env={**os.environ, "LC_ALL": locale}).stdout
    return json.loads(said)


def arrows(rules):
    """Acts by the arrow that they go along."""
    found = {}
    for rule in rules:
        for start in rule["from"] or [""]:
            if rule["to"]:
                found.setdefault((start, rule["to"]), []).append(rule["words"])
    return found


def box(state, words, final):
    if state not in PLACES:
        sys.exit(f"the state {state} has no place in tools/cases_page.py")
    x, y = PLACES[state]
    return (f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="6" class="{"end" if final else "state"}"/>'
            f'<text x="{x + WIDE / 2:g}" y="{y + HIGH / 2 + 5:g}" class="name">{escape(words)}</text>')


def arrow(ends, acts):
    if ends not in ARROWS:
        sys.exit(f"the arrow from {ends[0] or 'nothing'} to {ends[1]} has no place in tools/cases_page.py")
    path, at = ARROWS[ends]
    drawn = f'<path d="{path}" class="arrow" marker-end="url(#head)"/>'
    if not at:
        return drawn
    side = ' class="left"' if " V" in path and " H" not in path else ""
    return drawn + "".join(f'<text x="{at[0]}" y="{at[1] + 16 * i}"{side}>{escape(line)}</text>'
                           for i, line in enumerate(acts))


def figure(data, words):
    leads_on = {start for rule in data["rules"] if rule["to"] for start in rule["from"]}
    parts = [box(s["state"], s["words"], s["state"] not in leads_on) for s in data["states"]]
    parts += [arrow(ends, acts) for ends, acts in arrows(data["rules"]).items()]
    body = "\n".join(parts)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1330 540" role="img" aria-labelledby="title">
<title id="title">{escape(words["title"])}</title>
<style>text{{font:13px {words["font"]};text-anchor:middle;fill:#222}}.name{{font-weight:600}}.lane{{font-size:15px;text-anchor:start;fill:#555}}
.left{{text-anchor:start}}.state,.end{{fill:#f4f6fa;stroke:#33507a;stroke-width:1.5}}.end{{fill:#e4ecdf;stroke:#3c6b33}}
.arrow{{fill:none;stroke:#444;stroke-width:1.5}}</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="#444"/></marker></defs>
<rect width="1330" height="540" fill="#fff"/>
<text x="20" y="32" class="lane">{escape(words["above"])}</text>
<text x="20" y="342" class="lane">{escape(words["below"])}</text>
{body}
</svg>
"""


def page(data, words):
    named = {s["state"]: s["words"] for s in data["states"]}
    comma = words["comma"]
    parts = [words["head"], f"![{words['title']}](figures/{words['figure']})\n\n", words["states"]]
    parts += [f"| `{s['state']}` | {s['words']} | {words['of'][s['of']]} |\n" for s in data["states"]]
    parts.append(words["acts"])
    for rule in data["rules"]:
        start = comma.join(named[s] for s in rule["from"]) or words["new"]
        end = named[rule["to"]] if rule["to"] else words["stays"]
        parts.append(f"| {rule['words']} | {start} | {end} | {rule['who_words']} | {comma.join(rule['needs'])} |\n")
    return "".join(parts)


def main():
    stale = []
    for words in WORDS.values():
        data = machine(words["locale"])
        for name, wanted in ((words["file"], page(data, words)), (f"docs/figures/{words['figure']}", figure(data, words))):
            path = ROOT / name
            if sys.argv[1:] != ["--check"]:
                path.write_text(wanted, encoding="utf-8")
            elif not path.exists() or path.read_text(encoding="utf-8") != wanted:
                stale.append(name)
    if stale:
        sys.exit(f"out of date: {', '.join(stale)}; run tools/cases_page.py")


if __name__ == "__main__":
    main()
