"""A portal with made-up but lifelike contents: what ./dev demo serves and the browser tests look at.

A society of harbour towns: its people, groups and papers. Everything is done as people do it, through the
pages and the commands, so that it can't drift from the program.
"""

import datetime
from pathlib import Path

import district
from members import members
from portal import eventually

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
FORMATS = ["txt", "md", "html", "docx", "epub", "pdf"]
PASSWORD = "lantern under cold bridge"
ORGANISATION = {"en": "Harbour Towns Society", "zh": "港口城市研究会"}

# One person for each role, a further steward, one who is accused, and who heads an office of the district: who they are,
# and what they may do besides reading.
PEOPLE = (
    ("owner", "周明 Zhou Ming", "zhou@harbour.example", ("owner", "editor", "steward")),
    ("editor", "林悦 Lin Yue", "lin@harbour.example", ("editor",)),
    ("steward", "Tom Barrow", "barrow@harbour.example", ("steward",)),
    ("member", "Anna Berg", "berg@harbour.example", ()),
    ("second", "沈和 Shen He", "shen@harbour.example", ("steward",)),
    ("accused", "Jonas Vik", "vik@harbour.example", ()),
    ("lead", "顾远 Gu Yuan", "gu@harbour.example", ("lead",)),
    ("head", "Maria Lund", "lund@harbour.example", ()),
    ("inspector", "何清 He Qing", "he@harbour.example", ("inspector",)),
)

GROUPS = (
    ("理事会 Council", "理事会纪要与决定，公开前仅限内部传阅。 Minutes and decisions of the council, for its "
     "members only until they are public.", {"asking": "1"}),
    ("港口通讯 Harbour letter", "面向全体成员的讲话与动态。 Addresses and news for everybody.",
     {"public": "1"}),
    ("研究专刊 Research notes", "面向订阅者的研究札记。 Notes of the research desk, for subscribers.",
     {"paid": "1"}),
)

# What the members of the letter's group say to each other: (who, words).
TALK = (
    ("steward", "大家在讲话里最想先看到落实的是哪一条？ Which of the promises should we look at first?"),
    ("member", "The winter timetable, please: it is the one that people ask me about."),
)

# What Anna reports, and how far each case has come: (kind, where, words, state).
REPORTS = (
    ("reseller", "二手交易网站 A second-hand site", "有人按期出售研究札记。 Somebody sells the notes, issue by issue.",
     "proposed"),
    ("leak", "微信群 A chat group", "讲话全文被贴出。 The whole address was pasted.", "decided"),
    ("leak", "论坛 A forum", "纪要摘录。 An excerpt of the minutes.", "appealed"),
    ("reseller", "网店 A web shop", "标价出售阅读权限。 Access at a price.", "settled"),
)

# What an editor changed for the second edition: (file, was, is).
REVISED = (
    ("en-note.md", "We conclude that the service should be kept for at least five years, although not in its "
     "present form.", "We conclude that the service should be kept for at least seven years, with a later last "
     "boat on weekdays and a shorter timetable on Sundays."),
    ("zh-note.md", "这一做法可以借鉴，但是不能照搬，用工集中、路网紧凑是两个不可缺少的条件。",
     "这一做法可以借鉴，但是不能照搬：用工集中、路网紧凑、医院愿意分担，是三个不可缺少的条件。"),
)


# What each published paper is called in lists, by the language of its file's name.
KINDS = {"speech": "讲话", "minutes": {"zh": "纪要", "en": "Minutes"}, "note": {"zh": "研究札记", "en": "Note"},
         "address": "Address"}

# Drafts that lie on the editor's desk: one with slips for the inspection to find, one that waits for its day.
DRAFTS = (
    ("zh-minutes.md", "\u200b", None),
    ("en-minutes.md", "", "2036-05-04T09:00"),
)


def kind_of(file):
    lang, name = file.split(".")[0].split("-")
    kind = KINDS.get(name, "")
    return kind[lang] if isinstance(kind, dict) else kind


def paper_files():
    return [p for p in sorted(SAMPLES.iterdir()) if p.suffix in (".txt", ".md") and p.name != "README.md"]


# A template, as the editor describes it: text, and the kind of each blank by name.
TEMPLATE = """# 泊位使用申请 Request for a berth

申请单位【申请单位】拟于【到港日期】在【港区】靠泊，船舶总吨【总吨】，岸电需求【需要/不需要】。

申请单位应在到港前三日提交本表，并按照港务部门的安排靠泊；计划发生变化的，应当及时告知港务部门，不得自行更改。

{{Harbour master}} confirms the berth for XX hours. Whoever can't keep the time says so as soon as possible, so
that the berth may be given to others.
"""
BLANK_KINDS = {"申请单位": ("text", "单位全称"), "到港日期": ("date", ""), "港区": ("place", ""),
               "总吨": ("number", "以船舶证书为准"), "需要/不需要": ("choice", ""),
               "Harbour master": ("text", "Name and office"), "XX hours": ("number", "")}


# What is asked for: (who, what, details, what the editor answered).
REQUESTS = (
    ("member", "冬季轮渡时刻的调整情况 How the ferries changed this winter",
     "希望说明调整的依据和对通勤的影响。 What it rests on, and what it means for commuters.", {"state": "planned"}),
    ("steward", "各镇校舍维修的进展 Where the school roofs stand", "供三月理事会使用。 For the council in March.", {}),
    ("member", "A list of every pothole", "", {"state": "declined", "reason": "The road office keeps one; see there."}),
)


class Town:
    """Fills a served library. `people` holds whoever was signed in, by role; `papers` ids by file name."""

    def __init__(self, portal, lang="en"):
        self.portal, self.library, self.lang = portal, portal.library, lang
        self.people = {}
        self.papers = {}
        self.groups = []  # their addresses, in the order of GROUPS

    def fill(self, papers=None):
        """papers: those that were published before, by file name."""
        self.library.run("settings", "set", "organisation", ORGANISATION[self.lang])
        self.papers = papers or {p.name: self.library.json("publish", p)["paper"] for p in paper_files()}
        self.invite_people()
        self.take_district_in()
        self.make_groups()
        self.revise_papers()
        self.offer_papers()
        self.sell_notes()
        self.prepare_studies()
        self.talk()
        self.begin_drafts()
        self.trace_leaks()
        self.judge_leaks()
        self.offer_template()
        self.ask_for_papers()
        self.delete_after_use()
        for person in self.people.values():
            person.get("/")  # and has seen what was said last
        return self

    def delete_after_use(self):
        """A paper whose copies are to be deleted: two were downloaded, one word is given."""
        editor, paper = self.people["editor"], self.papers["en-address.txt"]
        key = {p["id"]: p["key"] for p in editor.json("/write")["papers"]}[paper]
        editor.post(f"/papers/{key}/offer", kind=kind_of("en-address.txt"), formats=FORMATS,
                    access="members", price="free", delete_days=14)
        for role in ("steward", "owner"):
            self.people[role].get(f"/papers/{key}")
            self.people[role].get(f"/papers/{key}/download/txt")
        self.people["steward"].post(f"/deletions/{key}", deleted="1")

    def invite_people(self):
        for role, name, email, roles in PEOPLE:
            member = self.library.json("member", "add", "--email", email, "--name", name)["member"]
            for extra in roles:
                self.library.run("member", "role", member, "--add", extra)
            link = self.library.json("member", "invite", member)["link"]
            person = self.portal.anyone()
            person.post(link[link.index("/invitation/"):], password=PASSWORD, password_again=PASSWORD)
            person.member = member
            person.get("/")  # and has seen the welcome
            self.people[role] = person

    def take_district_in(self):
        """A year of the district's ledger; its further leads and heads are members of the library."""
        email = {role: email for role, _, email, _ in PEOPLE}
        others = [other for _, other, _ in members(16)]
        path = self.library.folder / "district.jsonl"
        district.write(path, district.District(
            datetime.date.today(), self.lang, leads=[email["lead"], *others[:5]], heads=[email["head"], *others[5:]],
            inspector=email["inspector"], keeper=email["editor"]))
        known = (ROOT / "calendars/china.txt").read_text("utf-8").split("\n")
        if self.lang == "zh" and f"year {datetime.date.today().year}" in known:  # else nothing lapses by silence, and much does here
            self.library.run("settings", "set", "ledger.calendar", "china")
        self.library.run("ledger", "import", path, "--by", email["editor"])

    def make_groups(self):
        for name, about, options in GROUPS:
            self.groups.append(
                self.people["steward"].post("/groups", name=name, about=about, **options).location)

    def revise_papers(self):
        for file, was, now in REVISED:
            text = (SAMPLES / file).read_text("utf-8")
            assert was in text, f"{file} has changed"
            revised = self.library.file(file, text.replace(was, now))
            self.library.run("publish", revised, "--paper", self.papers[file])

    def offer_papers(self):
        editor = self.people["editor"]
        keys = {p["id"]: p["key"] for p in editor.json("/write")["papers"]}
        notes = self.groups[2].split("/")[-1]
        for file, paper in self.papers.items():
            terms = {"access": "groups", "groups": notes, "price": "subscription", "mark": "margin"} if "note" in file \
                else {"access": "members", "price": "free"}
            editor.post(f"/papers/{keys[paper]}/offer", kind=kind_of(file), formats=FORMATS, **terms)

    def sell_notes(self):
        steward = self.people["steward"]
        steward.post("/plans", name="研究札记年度订阅 Notes by the year", price="480", currency="CNY", days=365,
                     lookback_days=1096, group=self.groups[2].split("/")[-1],
                     about="全年研究札记，并可阅读近三年内容。 A year of notes, and those of the last three years.")
        plan = steward.json("/plans")["plans"][0]["key"]
        for role in ("member", "editor"):
            email = next(p[2] for p in PEOPLE if p[0] == role)
            steward.post("/subscribers", email=email, plan=plan)
        steward.ask("POST", "/codes", f"plan={plan}&count=12&note=2026&csrf={steward.csrf}",
                    [("Content-Type", "application/x-www-form-urlencoded")])

    def prepare_studies(self):
        """The district studies what is addressed to all and the notes; its session of this week is prepared from what came out, and
        one office held its own today."""
        editor, today = self.people["editor"], datetime.date.today()
        page = editor.json("/ledger/studies")
        units = {unit["words"]: unit["value"] for unit in page["units"]}
        chair = next(person["value"] for person in page["people"] if person["words"] == "顾远 Gu Yuan")
        whole, office = (units[pair[0 if self.lang == "zh" else 1]] for pair in (("滨海新区", "Harbour District"), district.OFFICES[0][0]))
        for unit, limit, more in ((whole, 5, {"group": self.groups[2].split("/")[-1]}), (office, 3, {})):
            editor.post("/ledger/studies/bodies", unit=unit, everybody="1", limit=limit, window=7, since=today.isoformat(), **more)
        for unit, day in ((office, today), (whole, today + datetime.timedelta(days=(4 - today.weekday()) % 7 or 7))):
            title = f"“第一议题”学习会（{day:%m 月 %d 日}）" if self.lang == "zh" else f"First-item session of {day.day} {day:%B}"
            session = editor.post("/ledger/studies", unit=unit, day=day.isoformat(), chair=chair, title=title,
                                  place="三楼会议室" if self.lang == "zh" else "Room 3").location
            if unit == office:
                people = [person["key"] for person in editor.json(session)["people"]]
                editor.post(f"{session}/attendance", member=people, state=["present"] * len(people))
                editor.post(session, act="hold")

    def talk(self):
        self.people["member"].post(f"{self.groups[0]}/ask", words="我负责整理港口档案。 I keep the harbour's archive.")
        for who, words in TALK:
            person = self.people[who]
            person.post(f"{self.groups[1]}/join")
            person.post(f"{self.groups[1]}/talk", text=words)

    def trace_leaks(self):
        """One leak that names its member, and a piece of it that is too short to; each with a case."""
        steward, speech = self.people["steward"], self.papers["zh-speech.txt"]
        leak = [self.library.copy(speech, f"M{number}") for number in range(1, 9)][4]
        for text in (leak[:len(leak) // 3], leak[len(leak) // 2:len(leak) // 2 + 200]):
            trace = steward.post("/trace", exhibit=[("论坛帖子.txt", text.encode())]).location
            eventually(lambda: steward.json(trace)["has_finding"], "a finding")
            steward.post(trace + "/case")

    def judge_leaks(self):
        """Cases in every state: of those traced the one that names nobody is dismissed; Anna's go further."""
        first, second, third = (self.people[who] for who in ("steward", "second", "owner"))
        unsure = "/cases/" + first.json("/cases")["cases"][0]["key"]
        second.post(f"{unsure}/propose", words="文本太短，不能认定。 Too short to be sure of anybody.")
        third.post(f"{unsure}/confirm")
        for kind, place, words, state in REPORTS:
            self.people["member"].post("/reports/new", kind=kind, place=place, words=words, anonymous=1)
            case = "/cases/" + first.json("/cases")["cases"][0]["key"]
            self.judge(case, state, first, second, third)

    def judge(self, case, state, first, second, third):
        accused = self.people["accused"]
        first.post(f"{case}/accuse", member="vik@harbour.example", reason="以本人名义出售。 Under his own name.")
        first.post(f"{case}/propose", words="截图可证。 The screenshots show it.", members=accused.member,
                   measures="warning", days=1, grounds="您转发了仅限成员阅读的文稿。 You passed on papers that are for members "
                   "only.")
        if state == "proposed":
            return
        second.post(f"{case}/confirm")
        told = accused.json("/sanctions")["sanctions"][0]["key"]
        if state != "decided":
            accused.post(f"/sanctions/{told}/appeal", words="账号被盗用。 Somebody else used my account.")
        if state == "settled":
            third.post(f"{case}/sanctions/{told}/refuse", reasons="登录记录不支持这一说法。 The sign-ins do not show it.")

    def begin_drafts(self):
        editor = self.people["editor"]
        for file, slip, due in DRAFTS:
            text = (SAMPLES / file).read_text("utf-8")
            middle = text.index(text[len(text) // 3:].split("\n\n")[1]) + 4
            path = editor.post("/write", file=(file, (text[:middle] + slip + text[middle:]).encode())).location
            if due:
                editor.post(path + "/publish", access="members", price="free", formats=["txt"], later=1, due=due)
                stamp = editor.json(path + "/confirm")["stamp"]
                editor.post(path + "/confirm", stamp=stamp)

    def offer_template(self):
        editor, member = self.people["editor"], self.people["member"]
        path = editor.post("/write").location
        editor.post(path, title="", text=TEMPLATE, form="md", version=1)
        form = {name: [] for name in ("blank", "name", "kind", "required", "hint", "choices", "number", "place")}
        for blank in editor.json(path + "/blanks")["blanks"]:
            kind, hint = BLANK_KINDS[blank["name"]]
            for name, value in (("blank", blank["name"]), ("name", blank["name"]), ("kind", kind),
                                ("required", "yes"), ("hint", hint), ("choices", blank["choices"])):
                form[name].append(value)
            form["number"] += [place["number"] for place in blank["places"]]
            form["place"] += [place["name"] for place in blank["places"]]
        editor.post(path + "/blanks", **form)
        editor.post(path + "/publish", access="members", price="free", kind="范本", level="discreet",
                    formats=FORMATS)
        stamp = editor.json(path + "/confirm")["stamp"]
        self.template = editor.post(path + "/confirm", stamp=stamp).location.removesuffix("/manage")
        member.post(self.template + "/fill", blank=list(BLANK_KINDS), value=[
            "东港轮渡公司", "2026-12-01", "东港区", "3200", "需要", "Tom Barrow, Harbour Office", "36"])

    def ask_for_papers(self):
        for who, title, text, answer in REQUESTS:
            path = self.people[who].post("/requests", title=title, text=text).location
            self.people["owner"].post(path + "/act", do="vote")
            if answer:
                self.people["editor"].post(path + "/answer", **answer)
        self.people["member"].post("/standing", q="轮渡 ferry", pace="digest")
