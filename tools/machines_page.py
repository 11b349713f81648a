"""Draws the machines that the program goes by from what it says about them: docs/cases.md, docs/projects.md,
docs/supervision.md, docs/reviews.md, docs/risks.md and docs/policies.md with their figures, in both languages.

    tools/machines_page.py          writes the pages and the figures
    tools/machines_page.py --check  says whether they are up to date, for the tests

What is drawn is data of the program (chancery cases states --json and the like); only the places on the sheet are
given here, and a state or an arrow without one stops the tool. A further machine is an entry of
MACHINES.
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

# Of each machine: what says it, the size of its sheet, where its lanes begin, the top left corner of each state's
# box, the path of each arrow with the place of its words ("" is where nothing is there yet), and what its page says.
MACHINES = [
    {
        "command": ["cases", "states"], "sheet": (1330, 540), "lanes": (32, 342),
        "places": {
            "open": (60, 60), "proposed": (400, 60), "decided": (760, 60), "settled": (1100, 60),
            "dismissed": (400, 200),
            "standing": (60, 370), "appealed": (400, 370), "lifted": (760, 370), "upheld": (760, 470),
        },
        "arrows": {
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
        },
        "en": {
            "file": "docs/cases.md", "figure": "cases.svg", "title": "The machine of a case",
            "heading": "Cases: states and acts", "more": "[what it means for people](guarding.md)",
            "lanes": ("A case", "Each sanction that it leads to"), "of": {"case": "case", "sanction": "sanction"},
        },
        "zh": {
            "file": "docs/cases.zh-CN.md", "figure": "cases.zh-CN.svg", "title": "案件状态图",
            "heading": "案件：状态与操作", "more": "[对各方意味着什么](guarding.zh-CN.md)",
            "lanes": ("案件", "案件所致的每项处理"), "of": {"case": "案件", "sanction": "处理"},
        },
    },
    {
        "command": ["projects", "states"], "sheet": (1330, 670), "lanes": (32, 422),
        "places": {
            "proposed": (60, 60), "admitted": (400, 60), "active": (760, 60), "finished": (1100, 60),
            "suspended": (880, 200), "withdrawn": (400, 320),
            "open": (60, 450), "reported": (400, 450), "passed": (760, 450), "waived": (400, 600),
        },
        "arrows": {
            ("", "proposed"): ("M20 83 H54", None),
            ("proposed", "admitted"): ("M270 83 H394", (332, 73)),
            ("admitted", "active"): ("M610 83 H754", (682, 73)),
            ("active", "finished"): ("M970 76 H1094", (1032, 66)),
            ("finished", "active"): ("M1100 96 C1060 132 1016 132 974 98", (1036, 146)),
            ("active", "suspended"): ("M900 106 V194", (908, 156)),
            ("suspended", "active"): ("M965 200 V112", (973, 188)),
            ("proposed", "withdrawn"): ("M165 106 V336 H394", (280, 312)),
            ("admitted", "withdrawn"): ("M505 106 V314", (515, 210)),
            ("active", "withdrawn"): ("M790 106 V333 H616", (700, 325)),
            ("suspended", "withdrawn"): ("M985 246 V356 H616", (800, 374)),
            ("withdrawn", "proposed"): ("M400 356 H100 V112", (250, 374)),
            ("open", "reported"): ("M270 466 H394", (332, 456)),
            ("reported", "open"): ("M400 486 C360 522 316 522 274 488", (336, 536)),
            ("reported", "passed"): ("M610 473 H754", (682, 463)),
            ("passed", "open"): ("M865 496 V566 H240 V502", (620, 560)),
            ("open", "waived"): ("M100 496 V634 H394", (250, 652)),
            ("waived", "open"): ("M400 612 H180 V502", (290, 604)),
        },
        "en": {
            "file": "docs/projects.md", "figure": "projects.svg", "title": "The machine of a project",
            "heading": "Projects: states and acts", "more": "[the ledger for its users](users.md)",
            "lanes": ("A project", "Each of its five watches"), "of": {"project": "project", "watch": "watch"},
        },
        "zh": {
            "file": "docs/projects.zh-CN.md", "figure": "projects.zh-CN.svg", "title": "项目状态图",
            "heading": "项目：状态与操作", "more": "[台账使用说明](users.zh-CN.md)",
            "lanes": ("项目", "五盯中的每一盯"), "of": {"project": "项目", "watch": "五盯"},
        },
    },
    {
        "command": ["supervision", "states"], "sheet": (1330, 450), "lanes": (32,),
        "places": {
            "entered": (60, 60), "assigned": (400, 60), "working": (760, 60), "reported": (1100, 60),
            "checked": (1100, 220), "struck": (1100, 380), "dropped": (400, 320),
        },
        "arrows": {
            ("", "entered"): ("M20 83 H54", None),
            ("entered", "assigned"): ("M270 76 H394", (332, 66)),
            ("assigned", "entered"): ("M400 96 C360 132 316 132 274 98", (336, 146)),
            ("assigned", "working"): ("M610 83 H754", (682, 73)),
            ("working", "reported"): ("M970 76 H1094", (1032, 66)),
            ("reported", "working"): ("M1100 96 C1060 132 1016 132 974 98", (1036, 146)),
            ("reported", "checked"): ("M1205 106 V214", (1213, 160)),
            ("checked", "struck"): ("M1205 266 V374", (1213, 325)),
            ("checked", "working"): ("M1100 243 H940 V112", (1020, 233)),
            ("struck", "working"): ("M1100 403 H900 V112", (1000, 420)),
            ("entered", "dropped"): ("M140 106 V336 H394", (266, 328)),
            ("dropped", "entered"): ("M400 356 H90 V112", (245, 374)),
            ("assigned", "dropped"): ("M505 106 V314", (513, 210)),
            ("working", "dropped"): ("M790 106 V330 H616", (700, 322)),
            ("reported", "dropped"): ("M1110 106 V190 H840 V343 H616", None),
            ("checked", "dropped"): ("M1130 266 V356 H616", (730, 374)),
        },
        "en": {
            "file": "docs/supervision.md", "figure": "supervision.svg", "title": "The machine of supervision",
            "heading": "Supervision: states, acts, notices, assessment", "more": "[the ledger for its users](users.md)",
            "lanes": ("A line under supervision",), "of": {"line": "line"},
        },
        "zh": {
            "file": "docs/supervision.zh-CN.md", "figure": "supervision.zh-CN.svg", "title": "督办状态图",
            "heading": "督查督办：环节、操作、督办单与考核", "more": "[台账使用说明](users.zh-CN.md)",
            "lanes": ("督办事项",), "of": {"line": "条目"},
        },
    },
    {
        "command": ["reviews", "states"], "sheet": (1330, 720), "lanes": (32, 330),
        "places": {
            "draft": (60, 90), "running": (400, 90), "replied": (760, 90), "withdrawn": (400, 230),
            "waiting": (60, 400), "open": (400, 400), "asked": (400, 560), "dropped": (60, 640),
            "agreed": (1000, 360), "conditions": (1000, 430), "refused": (1000, 500), "done": (1000, 570), "silent": (1000, 640),
        },
        "arrows": {
            ("", "draft"): ("M20 113 H54", None),
            ("draft", "running"): ("M270 113 H394", (332, 103)),
            ("running", "running"): ("M450 90 C450 56 560 56 560 84", (505, 56)),
            ("running", "replied"): ("M610 106 H754", (682, 96)),
            ("replied", "running"): ("M760 126 C720 162 654 162 614 128", (687, 176)),
            ("draft", "withdrawn"): ("M165 136 V253 H394", (280, 245)),
            ("running", "withdrawn"): ("M505 136 V224", (513, 186)),
            ("waiting", "open"): ("M270 423 H394", (332, 413)),
            ("open", "asked"): ("M430 446 V554", (438, 505)),
            ("asked", "open"): ("M570 560 V452", (578, 505)),
            ("open", "agreed"): ("M610 423 C800 423 800 383 994 383", None),
            ("open", "conditions"): ("M610 423 C800 423 800 453 994 453", None),
            ("open", "refused"): ("M610 423 C800 423 800 523 994 523", None),
            ("open", "done"): ("M610 423 C800 423 800 593 994 593", None),
            ("open", "silent"): ("M610 423 C800 423 800 663 994 663", None),
            ("asked", "agreed"): ("M610 583 C860 583 860 383 994 383", None),
            ("asked", "conditions"): ("M610 583 C860 583 860 453 994 453", None),
            ("asked", "refused"): ("M610 583 C860 583 860 523 994 523", None),
            ("asked", "done"): ("M610 583 H820 C900 583 900 593 994 593", None),
            ("waiting", "dropped"): ("M165 446 V634", (173, 545)),
            ("open", "dropped"): ("M400 436 C330 470 300 600 274 655", None),
            ("asked", "dropped"): ("M400 593 C340 603 320 665 274 668", None),
        },
        "en": {
            "file": "docs/reviews.md", "figure": "reviews.svg", "title": "The machine of a joint review",
            "heading": "Joint reviews: states, acts, clocks", "more": "[the ledger for its users](users.md)",
            "lanes": ("A joint review", "Each step of it, and of other procedures"), "of": {"review": "review", "step": "step"},
        },
        "zh": {
            "file": "docs/reviews.zh-CN.md", "figure": "reviews.zh-CN.svg", "title": "联审状态图",
            "heading": "联审联批：状态、操作与计时", "more": "[台账使用说明](users.zh-CN.md)",
            "lanes": ("联审事项", "联审及其他程序的每个步骤"), "of": {"review": "联审", "step": "步骤"},
        },
    },
    {
        "command": ["risks", "states"], "sheet": (1330, 500), "lanes": (32,),
        "places": {
            "assessed": (60, 60), "disposing": (400, 60), "reported": (760, 60), "judged": (1100, 60),
            "accepted": (760, 250), "closed": (760, 410),
        },
        "arrows": {
            ("", "assessed"): ("M20 83 H54", None),
            ("assessed", "assessed"): ("M120 60 C110 20 220 20 210 54", (165, 22)),
            ("assessed", "disposing"): ("M270 76 H394", (332, 66)),
            ("disposing", "reported"): ("M610 76 H754", (682, 66)),
            ("reported", "disposing"): ("M760 96 C720 132 676 132 614 98", (686, 146)),
            ("reported", "judged"): ("M970 76 H1094", (1032, 66)),
            ("judged", "disposing"): ("M1160 106 V190 H505 V112", (830, 184)),
            ("judged", "accepted"): ("M1205 106 V266 H976", (1090, 258)),
            ("judged", "closed"): ("M1270 106 V433 H976", (1120, 425)),
            ("accepted", "closed"): ("M865 296 V404", (873, 355)),
            ("assessed", "accepted"): ("M220 106 V266 H754", (480, 258)),
            ("accepted", "assessed"): ("M760 284 H160 V112", (480, 302)),
            ("assessed", "closed"): ("M110 106 V426 H754", (440, 418)),
            ("closed", "assessed"): ("M760 444 H80 V112", (440, 462)),
        },
        "en": {
            "file": "docs/risks.md", "figure": "risks.svg", "title": "The machine of a risk",
            "heading": "Risks: states, acts, matrix and scales", "more": "[the ledger for its users](users.md)",
            "lanes": ("A risk",), "of": {"risk": "risk"},
        },
        "zh": {
            "file": "docs/risks.zh-CN.md", "figure": "risks.zh-CN.svg", "title": "风险状态图",
            "heading": "风险：状态、操作、矩阵与分级标准", "more": "[台账使用说明](users.zh-CN.md)",
            "lanes": ("风险",), "of": {"risk": "风险"},
        },
    },
    {
        "command": ["inspections", "states"], "sheet": (1330, 340), "lanes": (32,),
        "places": {
            "planned": (60, 60), "touring": (400, 60), "scored": (760, 60), "closed": (1100, 60), "dropped": (400, 250),
        },
        "arrows": {
            ("", "planned"): ("M20 83 H54", None),
            ("planned", "touring"): ("M270 83 H394", (332, 73)),
            ("touring", "scored"): ("M610 76 H754", (682, 66)),
            ("scored", "touring"): ("M760 96 C720 132 654 132 614 98", (687, 146)),
            ("scored", "closed"): ("M970 83 H1094", (1032, 73)),
            ("planned", "dropped"): ("M165 106 V273 H394", (280, 265)),
            ("touring", "dropped"): ("M505 106 V244", (513, 180)),
            ("scored", "dropped"): ("M865 106 V273 H616", (740, 265)),
        },
        "en": {
            "file": "docs/inspections.md", "figure": "inspections.svg", "title": "The machine of a tour of inspection",
            "heading": "Inspections: states, acts, rules for scores", "more": "[the ledger for its users](users.md)",
            "lanes": ("A tour",), "of": {"tour": "tour"},
        },
        "zh": {
            "file": "docs/inspections.zh-CN.md", "figure": "inspections.zh-CN.svg", "title": "观摩督导状态图",
            "heading": "观摩督导：状态、操作与计分规则", "more": "[台账使用说明](users.zh-CN.md)",
            "lanes": ("观摩督导",), "of": {"tour": "观摩"},
        },
    },
    {
        "command": ["policies", "states"], "sheet": (1330, 560), "lanes": (32, 372),
        "places": {
            "listed": (60, 60), "underway": (400, 60), "in-force": (760, 60), "ended": (1100, 60), "dropped": (400, 250),
            "draft": (60, 400), "asked": (400, 400), "shown": (760, 400), "past": (1100, 400),
        },
        "arrows": {
            ("", "listed"): ("M20 83 H54", None),
            ("listed", "underway"): ("M270 83 H394", (332, 73)),
            ("underway", "in-force"): ("M610 83 H754", (682, 73)),
            ("listed", "in-force"): ("M200 60 V40 H800 V54", None),
            ("in-force", "ended"): ("M970 83 H1094", (1032, 73)),
            ("underway", "dropped"): ("M505 106 V244", (513, 180)),
            ("listed", "dropped"): ("M220 106 V266 H394", (290, 258)),
            ("dropped", "listed"): ("M400 286 H120 V112", (250, 304)),
            ("ended", "listed"): ("M1205 106 V330 H90 V112", (850, 322)),
            ("", "draft"): ("M20 423 H54", None),
            ("draft", "draft"): ("M120 446 C110 490 220 490 210 452", (165, 496)),
            ("draft", "asked"): ("M270 416 H394", (332, 390)),
            ("asked", "draft"): ("M400 436 C360 470 316 470 274 438", (336, 486)),
            ("asked", "shown"): ("M610 423 H754", (682, 413)),
            ("shown", "past"): ("M970 423 H1094", (1032, 413)),
            ("shown", "draft"): ("M865 446 V520 H100 V452", (500, 512)),
            ("past", "draft"): ("M1205 446 V540 H80 V452", (850, 534)),
        },
        "en": {
            "file": "docs/policies.md", "figure": "policies.svg", "title": "The machines of a policy and of its leaflet",
            "heading": "Policies: states, acts, steps, what is pointed out", "more": "[the ledger for its users](users.md)",
            "lanes": ("A policy", "Each edition of its leaflet"), "of": {"policy": "policy", "leaflet": "leaflet"},
        },
        "zh": {
            "file": "docs/policies.zh-CN.md", "figure": "policies.zh-CN.svg", "title": "政策及明白卡状态图",
            "heading": "政策：状态、操作、步骤与提示", "more": "[台账使用说明](users.zh-CN.md)",
            "lanes": ("政策", "明白卡的每一版"), "of": {"policy": "政策", "leaflet": "明白卡"},
        },
    },
    {
        "command": ["rectifications", "states"], "sheet": (1330, 500), "lanes": (32,),
        "places": {
            "found": (60, 60), "explained": (400, 60), "working": (760, 60), "shown": (1100, 60),
            "verified": (1100, 260), "struck": (1100, 420), "dropped": (400, 300),
        },
        "arrows": {
            ("", "found"): ("M20 83 H54", None),
            ("found", "explained"): ("M270 76 H394", (332, 66)),
            ("explained", "found"): ("M400 98 C360 134 316 134 274 98", (336, 148)),
            ("explained", "explained"): ("M470 60 C470 26 560 26 560 54", None),
            ("explained", "working"): ("M610 83 H754", (682, 73)),
            ("working", "working"): ("M830 60 C830 26 920 26 920 54", None),
            ("working", "found"): ("M830 106 V200 H120 V112", (480, 192)),
            ("working", "shown"): ("M970 76 H1094", (1032, 66)),
            ("shown", "working"): ("M1100 98 C1060 134 1016 134 974 98", (1036, 148)),
            ("shown", "found"): ("M1130 106 V200 H120 V112", None),
            ("shown", "verified"): ("M1205 106 V254", (1213, 180)),
            ("verified", "working"): ("M1100 283 H930 V112", (1015, 275)),
            ("verified", "found"): ("M1140 260 V200 H120 V112", None),
            ("verified", "struck"): ("M1205 306 V414", (1213, 365)),
            ("found", "dropped"): ("M200 106 V323 H394", (300, 315)),
            ("explained", "dropped"): ("M505 106 V294", None),
            ("working", "dropped"): ("M790 106 V323 H616", (700, 315)),
            ("shown", "dropped"): ("M1120 106 V216 H800 V330 H616", None),
            ("verified", "dropped"): ("M1120 306 V336 H616", None),
            ("struck", "found"): ("M1100 443 H80 V112", (590, 435)),
            ("dropped", "found"): ("M400 336 H100 V112", (250, 354)),
        },
        "en": {
            "file": "docs/rectifications.md", "figure": "rectifications.svg", "title": "The machine of a rectification",
            "heading": "Rectifications: states, acts, limits, likeness", "more": "[the ledger for its users](users.md)",
            "lanes": ("A problem",), "of": {"problem": "problem"},
        },
        "zh": {
            "file": "docs/rectifications.zh-CN.md", "figure": "rectifications.zh-CN.svg", "title": "整改状态图",
            "heading": "整改：环节、操作、时限与反复问题", "more": "[台账使用说明](users.zh-CN.md)",
            "lanes": ("问题",), "of": {"problem": "问题"},
        },
    },
    {
        "command": ["studies", "states"], "sheet": (1330, 280), "lanes": (32,),
        "places": {"planned": (60, 60), "held": (400, 60), "written": (760, 60), "confirmed": (1100, 60), "off": (400, 200)},
        "arrows": {
            ("", "planned"): ("M20 83 H54", None),
            ("planned", "held"): ("M270 83 H394", (332, 73)),
            ("held", "written"): ("M610 76 H754", (682, 66)),
            ("written", "written"): ("M830 60 C830 26 920 26 920 54", (875, 28)),
            ("written", "held"): ("M760 98 C720 134 654 134 614 98", (687, 148)),
            ("written", "confirmed"): ("M970 76 H1094", (1032, 66)),
            ("confirmed", "held"): ("M1205 106 V180 H520 V112", (860, 172)),
            ("planned", "off"): ("M165 106 V223 H394", (280, 215)),
        },
        "en": {
            "file": "docs/studies.md", "figure": "studies.svg", "title": "The machine of a study session",
            "heading": "Study sessions: states and acts", "more": "[the ledger for its users](users.md)",
            "lanes": ("A study session",), "of": {"session": "session"},
        },
        "zh": {
            "file": "docs/studies.zh-CN.md", "figure": "studies.zh-CN.svg", "title": "学习会状态图",
            "heading": "学习会：环节与操作", "more": "[台账使用说明](users.zh-CN.md)",
            "lanes": ("学习会",), "of": {"session": "学习会"},
        },
    },
]
WORDS = {
    "en": {"locale": "C.UTF-8", "font": "sans-serif", "comma": ", ", "stays": "as it was", "new": "nothing yet",
           "other": "[中文]({zh}) · [all documents](README.md) · ",
           "made": "Written by `tools/machines_page.py` from the table that the program goes by.",
           "states": "## States\n\n| state | in words | of |\n| --- | --- | --- |\n",
           "acts": "\n## Acts\n\n| act | from | to | who | what it takes |\n| --- | --- | --- | --- | --- |\n"},
    "zh": {"locale": "zh_CN.UTF-8", "font": "'Noto Sans CJK SC', sans-serif", "comma": "、", "stays": "不变",
           "new": "尚无", "other": "[English]({en}) · [全部文档](README.md) · ",
           "made": "由 `tools/machines_page.py` 根据程序所依据的规则表写成。",
           "states": "## 状态\n\n| 状态 | 含义 | 所属 |\n| --- | --- | --- |\n",
           "acts": "\n## 操作\n\n| 操作 | 起始状态 | 结果状态 | 由谁 | 需要什么 |\n| --- | --- | --- | --- | --- |\n"},
}


def said(command, locale):
    out = subprocess.run([PROGRAM, *command, "--json"], capture_output=True, text=True, check=True, encoding="utf-8",
                         env={**os.environ, "LC_ALL": locale}).stdout
    return json.loads(out)


def arrows(rules):
    """Acts by the arrow that they go along."""
    found = {}
    for rule in rules:
        for start in ([""] if rule.get("begins") or not rule["from"] else []) + rule["from"]:
            if rule["to"]:
                found.setdefault((start, rule["to"]), []).append(rule["words"])
    return found


def box(places, state, words, final):
    if state not in places:
        sys.exit(f"the state {state} has no place in tools/machines_page.py")
    x, y = places[state]
    return (f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="6" class="{"end" if final else "state"}"/>'
            f'<text x="{x + WIDE / 2:g}" y="{y + HIGH / 2 + 5:g}" class="name">{escape(words)}</text>')


def arrow(paths, ends, acts):
    if ends not in paths:
        sys.exit(f"the arrow from {ends[0] or 'nothing'} to {ends[1]} has no place in tools/machines_page.py")
    path, at = paths[ends]
    drawn = f'<path d="{path}" class="arrow" marker-end="url(#head)"/>'
    if not at:
        return drawn
    side = ' class="left"' if " V" in path and " H" not in path else ""
    return drawn + "".join(f'<text x="{at[0]}" y="{at[1] + 16 * i}"{side}>{escape(line)}</text>'
                           for i, line in enumerate(acts))


def figure(data, machine, lang):
    own, font = machine[lang], WORDS[lang]["font"]
    wide, high = machine["sheet"]
    lanes = "\n".join(f'<text x="20" y="{y}" class="lane">{escape(words)}</text>'
                      for y, words in zip(machine["lanes"], own["lanes"]))
    leads_on = {start for rule in data["rules"] if rule["to"] for start in rule["from"]}
    parts = [box(machine["places"], s["state"], s["words"], s["state"] not in leads_on) for s in data["states"]]
    parts += [arrow(machine["arrows"], ends, acts) for ends, acts in arrows(data["rules"]).items()]
    body = "\n".join(parts)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img" aria-labelledby="title">
<title id="title">{escape(own["title"])}</title>
<style>text{{font:13px {font};text-anchor:middle;fill:#222}}.name{{font-weight:600}}.lane{{font-size:15px;text-anchor:start;fill:#555}}
.left{{text-anchor:start}}.state,.end{{fill:#f4f6fa;stroke:#33507a;stroke-width:1.5}}.end{{fill:#e4ecdf;stroke:#3c6b33}}
.arrow{{fill:none;stroke:#444;stroke-width:1.5}}</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="#444"/></marker></defs>
<rect width="{wide}" height="{high}" fill="#fff"/>
{lanes}
{body}
</svg>
"""


def page(data, machine, lang):
    own, words = machine[lang], WORDS[lang]
    named = {s["state"]: s["words"] for s in data["states"]}
    comma = words["comma"]
    other = words["other"].format(**{name: Path(machine[name]["file"]).name for name in WORDS})
    parts = [f"# {own['heading']}\n\n{other}{own['more']}\n\n{words['made']}\n\n",
             f"![{own['title']}](figures/{own['figure']})\n\n", words["states"]]
    parts += [f"| `{s['state']}` | {s['words']} | {own['of'][s['of']]} |\n" for s in data["states"]]
    parts.append(words["acts"])
    for rule in data["rules"]:
        start = comma.join(([words["new"]] if rule.get("begins") or not rule["from"] else []) +
                           [named[s] for s in rule["from"]])
        end = named[rule["to"]] if rule["to"] else words["stays"]
        parts.append(f"| {rule['words']} | {start} | {end} | {rule['who_words']} | {comma.join(rule['needs'])} |\n")
    for table in data.get("tables", []):
        parts.append(f"\n## {table['heading']}\n\n| {' | '.join(table['columns'])} |\n| --- | --- |\n")
        parts += [f"| {' | '.join(row)} |\n" for row in table["rows"]]
    return "".join(parts)


def main():
    stale = []
    for machine in MACHINES:
        for lang in WORDS:
            data = said(machine["command"], WORDS[lang]["locale"])
            own = machine[lang]
            for name, wanted in ((own["file"], page(data, machine, lang)),
                                 (f"docs/figures/{own['figure']}", figure(data, machine, lang))):
                path = ROOT / name
                if sys.argv[1:] != ["--check"]:
                    path.write_text(wanted, encoding="utf-8")
                elif not path.exists() or path.read_text(encoding="utf-8") != wanted:
                    stale.append(name)
    if stale:
        sys.exit(f"out of date: {', '.join(stale)}; run tools/machines_page.py")


if __name__ == "__main__":
    main()
