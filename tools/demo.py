"""What Chancery does, in half a minute: ./dev demo. On a terminal, or with --serve, the portal stays up
afterwards, with a sign-in for each role.

Makes a library of the project's own papers with made-up members in demo-data/, shows a marked copy
beside its master, lets two leaks happen, and has both traced. Everything goes through build/chancery
as a person would use it; the leaks are done by tests/attack/leaks.py, which knows no site and no key.
"""

import difflib
import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests/attack"), str(ROOT / "tests")]
import leaks  # noqa: E402
import town  # noqa: E402
from members import members  # noqa: E402
from portal import Portal  # noqa: E402
from program import Library  # noqa: E402

PROGRAM = Path(os.environ.get("CHANCERY_BINARY", ROOT / "build/chancery"))
DATA = Path("demo-data")
MEMBERS = 3000
SHOWN = 4  # paragraphs of the copy beside the master's, from where they begin to differ
MERGED = ("zh-speech", "zh-note", "en-address")  # of these papers two members put copies together
SERVE = "--serve" in sys.argv or sys.stdin.isatty() and sys.stdout.isatty()
COLOUR = "--colour" in sys.argv or sys.stdout.isatty() and os.environ.get("TERM") != "dumb" and "NO_COLOR" not in os.environ


def chinese_locale():
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return os.environ[name].startswith("zh")
    return False


CHINESE = chinese_locale()


def say(english, chinese):
    print(chinese if CHINESE else english, flush=True)


def heading(english, chinese):
    text = chinese if CHINESE else english
    print(f"\n\x1b[1;36m{text}\x1b[0m" if COLOUR else f"\n== {text} ==", flush=True)


def chancery(*arguments):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, encoding="utf-8",
                          cwd=ROOT, env={**os.environ, "CHANCERY_DATA": f"{DATA}/library"})
    if done.returncode:
        sys.exit(f"chancery {' '.join(map(str, arguments))}\n{done.stderr}")
    return done.stdout


# --- two texts side by side ---------------------------------------------------------------------------


def width(character):
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def marked(text, ranges):
    """Pieces (text, width, differs) of one character each, brackets put in where there is no colour."""
    pieces, ranges = [], dict(ranges)
    ends = set(ranges.values())
    inside = False
    for i, c in enumerate(text + "\n"):
        if i in ends and inside:
            inside = False
            if not COLOUR:
                pieces.append(("]", 1, False))
        if i in ranges:
            inside = ranges[i] > i
            if not COLOUR:
                pieces.append(("[", 1, False))
                if not inside:
                    pieces.append(("]", 1, False))
            elif not inside:
                pieces.append(("^", 1, True))
        if c != "\n":
            pieces.append((c, width(c), inside))
    return pieces


def wrapped(pieces, room):
    """Lines no wider than room, broken at a space where there is one."""
    lines, line, used = [], [], 0
    for piece in pieces:
        if used + piece[1] > room:
            cut = next((i + 1 for i in range(len(line) - 1, max(len(line) - 16, 0), -1)
                        if line[i][0] == " "), len(line))
            lines.append(line[:cut])
            line = line[cut:]
            used = sum(p[1] for p in line)
        line.append(piece)
        used += piece[1]
    return lines + [line]


def painted(line, room):
    text = ""
    for differs, run in itertools.groupby(line, key=lambda piece: COLOUR and piece[2]):
        run = "".join(piece[0] for piece in run)
        text += f"\x1b[1;33m{run}\x1b[0m" if differs else run
    return text + " " * (room - sum(piece[1] for piece in line))


def words_of(text):
    """Characters in Chinese, words in English, so that whole words are shown as different."""
    if leaks.is_chinese(text):
        return list(text)
    words, word = [], ""
    for c in text:
        if c.isalnum() == word[-1:].isalnum() and word:
            word += c
        else:
            words.append(word)
            word = c
    return [w for w in words + [word] if w]


def show_beside(master, copy):
    room = (min(shutil.get_terminal_size((100, 40)).columns, 140) - 3) // 2
    titles = ("母本", "该成员的副本") if CHINESE else ("master", "this member's copy")
    print(titles[0] + " " * (room - sum(map(width, titles[0]))) + " │ " + titles[1])
    print("─" * room + "─┼─" + "─" * room)
    pairs = list(zip(leaks.paragraphs(master), leaks.paragraphs(copy)))
    first = next(i for i, (a, b) in enumerate(pairs) if a != b)
    for left, right in pairs[max(first - 1, 0):][:SHOWN]:
        a, b = words_of(left), words_of(right)
        starts = [[0], [0]]
        for words, start in ((a, starts[0]), (b, starts[1])):
            for word in words:
                start.append(start[-1] + len(word))
        blocks = [op for op in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
                  if op[0] != "equal"]
        columns = (
            wrapped(marked(left, [(starts[0][i], starts[0][j]) for _, i, j, _, _ in blocks]), room),
            wrapped(marked(right, [(starts[1][i], starts[1][j]) for _, _, _, i, j in blocks]), room))
        for i in range(max(map(len, columns))):
            cells = [painted(c[i] if i < len(c) else [], room) for c in columns]
            print(" │ ".join(cells).rstrip())


# --- the story ----------------------------------------------------------------------------------------


def make_library():
    os.chdir(ROOT)
    shutil.rmtree(DATA, ignore_errors=True)
    DATA.mkdir()
    chancery("init")
    everybody = list(members(MEMBERS))
    (DATA / "members.csv").write_text(
        "name,email,group\n" + "".join(",".join(m) + "\n" for m in everybody), encoding="utf-8")
    chancery("member", "import", str(DATA / "members.csv"))
    chancery("settings", "set", "credit", "示例研究会 Example Society · office@example.org")
    chancery("settings", "set", "notice", "仅供会员本人阅读，请勿转发。For this member's eyes only.")
    return everybody


def publish_samples():
    papers = {}
    for path in town.paper_files():
        told = chancery("publish", str(path))
        print(told.rstrip())
        papers[path.name] = told.split()[1].rstrip(",")
    return papers


def copy_of(paper, member):
    return chancery("copy", paper, "--member", member)


def member_name(everybody, number):
    return "{} <{}>".format(*everybody[number - 1][:2])


def trace(leaked):
    """Writes the leaked texts ({file name: text}) and traces them together."""
    for name, text in leaked.items():
        (DATA / name).write_text(text, encoding="utf-8")
    files = [str(DATA / name) for name in leaked]
    begin = time.monotonic()
    told = chancery("trace", *files)
    took = time.monotonic() - begin
    print(f"$ chancery trace {' '.join(files)}")
    print(told.rstrip())
    size = sum(map(len, leaked.values()))
    say(f"({size} characters against {MEMBERS} members in {took:.2f} s)",
        f"（{size} 字，受检成员 {MEMBERS} 名，用时 {took:.2f} 秒）")


ROLES = {"owner": "所有者", "editor": "编辑", "steward": "管理员", "member": "成员", "second": "管理员", "accused": "被举报人",
         "lead": "分包领导", "head": "单位负责人", "inspector": "督导员"}


def serve(papers):
    """The portal over the same library, until Ctrl-C."""
    library = Library(ROOT / DATA)
    library.data = ROOT / DATA / "library"
    portal = Portal(library).start()
    try:
        town.Town(portal, "zh" if CHINESE else "en").fill(papers)
        say(f"{portal.url}/   password of all: {town.PASSWORD}",
            f"{portal.url}/   各人密码相同：{town.PASSWORD}")
        for role, name, email, _ in town.PEOPLE:
            role = ROLES[role] + " " * (10 - 2 * len(ROLES[role])) if CHINESE else f"{role:10}"
            print(f"  {role} {email:24} {name}")
        say("Sign in as one in a window and as another in a private window. Ctrl-C ends it.",
            "可在普通窗口和无痕窗口中分别以两人登录。按 Ctrl-C 结束。")
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        portal.process.wait()
    except KeyboardInterrupt:
        print()
    finally:
        portal.stop()


def main():
    sys.stdout.reconfigure(encoding="utf-8")  # whatever the locale
    begin = time.monotonic()
    dice = random.Random(4)
    heading(f"1. A library of {MEMBERS} made-up members", f"一、建库：{MEMBERS} 名虚拟成员")
    everybody = make_library()
    say("Data folder: demo-data/library", "数据文件夹：demo-data/library")

    heading("2. Papers are published", "二、发布文稿")
    papers = publish_samples()

    heading("3. Every member has a copy of their own", "三、每名成员各有自己的副本")
    speech, _, address = merged = [p for m in MERGED for n, p in papers.items() if n.startswith(m)]
    for paper in papers.values():
        print(chancery("copy", paper, "--all", "--out-dir", str(DATA / f"copies-{paper}")).rstrip())
    shown = speech if CHINESE else address
    leaker, first, second = dice.sample(range(1, MEMBERS + 1), 3)
    show_beside(chancery("copy", shown, "--master"), copy_of(shown, f"M{leaker}"))
    say("Both read the same; the choices that differ are this member's alone.",
        "两者读来无异；其间不同的用词取舍为该成员所独有。")

    heading("4. One copy leaks, retyped by hand", "四、一份副本经手工重打后泄露")
    say(f"The leaker: {member_name(everybody, leaker)} (M{leaker}). Two of every hundred characters "
        "are mistyped; the tracer is told nothing.",
        f"泄露者：{member_name(everybody, leaker)}（M{leaker}）。每百字有两字打错；追踪时不告知任何线索。")
    trace({"leak-retyped.txt": leaks.retype(copy_of(speech, f"M{leaker}"), dice)})

    heading("5. Two members merge their copies of three papers", "五、两名成员合并三篇文稿的副本后泄露")
    say(f"The leakers: {member_name(everybody, first)} (M{first}) and {member_name(everybody, second)} "
        f"(M{second}), each sentence from one of them by the toss of a coin.",
        f"泄露者：{member_name(everybody, first)}（M{first}）、{member_name(everybody, second)}（M{second}），"
        "逐句任取其一。")
    trace({f"leak-merged-{paper}.txt": leaks.mix_sentences(
        [copy_of(paper, f"M{member}") for member in (first, second)], dice) for paper in merged})

    heading("6. What a finding means", "六、认定意味着什么")
    say("A member is named only when the chance that anybody innocent fits as well is below one in a "
        "million,\nwhatever the text is; otherwise nobody is named, and the finding says how much more "
        "text would do.",
        "只有当任何无辜成员碰巧同样吻合的概率低于百万分之一时才作认定，不论所得文字如何；\n"
        "否则不认定任何人，并说明还需多少文字。")
    say(f"Done in {time.monotonic() - begin:.1f} s. Look around: CHANCERY_DATA=demo-data/library "
        "build/chancery papers",
        f"用时 {time.monotonic() - begin:.1f} 秒。继续查看：CHANCERY_DATA=demo-data/library "
        "build/chancery papers")
    if SERVE:
        heading("7. The portal", "七、门户")
        serve(papers)


if __name__ == "__main__":
    main()
