"""The invented district's policies: 80 of them, by all three routes and in every state, with leaflets, and with use that goes
well, poorly or not at all, so that what must be pointed out is there.
"""

import datetime
import random

# What is helped: office (a number of district.OFFICES), words that it is sorted by, and whom it is for.
SUBJECTS = (
    (1, ("manufacturing", "growth", "large-firm"), ("设备更新", "new machines"), ("规模以上工业企业", "larger works of the district")),
    (1, ("manufacturing", "green", "small-firm"), ("车间节能改造", "saving energy in workshops"), ("小微制造企业", "small works")),
    (1, ("digital", "innovation", "small-firm"), ("工厂数字化", "digital tools"), ("小微制造企业和软件企业", "small works and software firms")),
    (11, ("manufacturing", "work", "graduate"), ("高校毕业生就业", "graduates' first jobs"), ("招用应届毕业生的企业", "firms that take graduates on")),
    (11, ("trade", "work", "job-seeker"), ("失业人员再就业", "people who lost their work"), ("登记失业人员", "people registered as out of work")),
    (11, ("digital", "innovation", "researcher"), ("科技成果转化", "bringing research to use"), ("科研机构和团队", "institutes and research teams")),
    (6, ("farming", "villages", "farmer"), ("高标准农田管护", "care of improved fields"), ("农户和合作社", "farmers and cooperatives")),
    (6, ("farming", "growth", "farmer"), ("果蔬冷链", "keeping fruit and vegetables cold"), ("合作社和家庭农场", "cooperatives and family farms")),
    (6, ("farming", "villages", "self-employed"), ("乡村民宿", "guest houses in villages"), ("村内个体经营户", "self-employed villagers")),
    (2, ("transport", "growth", "small-firm"), ("公路货运企业", "road hauliers"), ("道路货运企业", "haulage firms")),
    (2, ("transport", "green", "self-employed"), ("新能源货车", "electric vans"), ("货运个体户", "self-employed drivers")),
    (3, ("building", "livelihood", "elderly"), ("老旧小区加装电梯", "lifts in old houses"), ("老旧小区住户", "people in old estates")),
    (3, ("building", "livelihood", "family"), ("青年和多子女家庭租房", "rents of young families"), ("无房青年和多子女家庭", "young people and larger families without a home")),
    (4, ("manufacturing", "green", "large-firm"), ("清洁生产", "cleaner works"), ("重点排污单位", "works with much waste")),
    (5, ("energy", "green", "farmer"), ("节水灌溉", "sparing water in fields"), ("灌区农户", "farmers on the canals")),
    (7, ("care", "livelihood", "family"), ("课后托管服务", "care after school"), ("有学龄子女的家庭", "families with schoolchildren")),
    (8, ("care", "livelihood", "family"), ("普惠托育", "day nurseries"), ("托育机构和婴幼儿家庭", "nurseries and families with small children")),
    (9, ("care", "livelihood", "elderly"), ("居家养老", "help for the old at home"), ("六十岁以上老人", "people over sixty")),
    (10, ("culture", "growth", "small-firm"), ("文旅企业开业", "opening places for visitors"), ("文旅小微企业", "small firms for visitors")),
    (0, ("trade", "opening", "self-employed"), ("个体工商户经营", "self-employed people"), ("个体工商户", "self-employed people")),
)
# By what means: category, route, name, what one gets.
MEANS = (
    ("money", "match", ("{}补助", "Grant for {}"), ("按实际支出的 20% 给予补助，最高 {} 元。", "A fifth of what you spend, at most {} yuan.")),
    ("credit", "seek", ("{}贷款贴息", "Cheaper loans for {}"), ("贷款利息由财政贴补一半，每年最高 {} 元。", "Half of the interest is paid for you, up to {} yuan a year.")),
    ("tax", "seek", ("{}税费减免", "Lower fees for {}"), ("减免相关规费，每年最高 {} 元。", "Fees are waived, up to {} yuan a year.")),
    ("permits", "pilot", ("{}一窗办理", "One window for {}"), ("相关手续一个窗口受理、一次办结，免收 {} 元工本费。", "All papers at one window in one visit; the fee of {} yuan is waived.")),
)
# How each one stands. Of those in force, what becomes of them.
STATES = ("listed",) * 11 + ("underway",) * 17 + ("force",) * 42 + ("ended",) * 6 + ("dropped",) * 4
FATES = ("well", "well", "well", "well", "behind", "unclaimed", "ending", "untold", "silent", "well", "well", "draft", "past", "well")
WHERE = ("区政务服务大厅 {} 号窗口", "window {} of the district's service hall")
STEP_WORDS = (("已完成，材料归档。", "Done; the papers are on file."), ("已与上级部门沟通，答复可行。", "Talked through with the office above: it can be done."),
              ("已测算，资金有来源。", "Worked out; the money is there."), ("意见已汇总。", "What people said is drawn together."))
CHECK = (("政策落实现场检查", "Policies on the spot"), ("明白卡是否公示 | 0 | 10\n窗口人员是否熟悉政策 | 20\n办理时限是否符合承诺 | 20\n兑现资金是否及时 | 30",
                                                   "Is the leaflet on show? | 0 | 10\nDoes who sits at the window know it? | 20\nIs the time kept that was promised? | 20\nIs the money paid in time? | 30"))
FOUND = (("works", ("惠及面达到预期，申请手续简便，企业评价好。", "It reaches whom it was for; people find it easy to ask.")),
         ("partly", ("一半申请因材料不全被退回，建议精简材料。", "Half of those who asked were sent away for papers; ask for fewer.")),
         ("fails", ("知晓率低，建议走访宣传并下调门槛。", "Few know of it; go and tell them, and ask for less.")))


class Telling:
    def __init__(self, district):
        import random
        self.d, self.dice, self.running = district, random.Random(8001), 0

    def ago(self, days):
        return self.d.today - datetime.timedelta(days=days)

    def on(self, days):
        return self.d.on(self.ago(max(0, days)))

    def day(self, days):
        return self.d.day(self.ago(days))

    def amount(self, n):
        return (2000, 5000, 10000, 30000, 50000)[n % 5]

    def enter(self, n, ref, ago):
        d, subject, means = self.d, SUBJECTS[n % 20], MEANS[n // 20]
        office, terms, name, _ = subject
        # Every route comes with every means, so that filters show something.
        route = ("seek", "match", "pilot")[(n * 7) % 3] if n % 4 == 3 else means[1]
        yield self.on(ago)
        yield {"take": "policy", "ref": ref, "title": d.say(means[2]).format(d.say(name)), "route": route, "unit": d.say(d.offices[office]),
               "lead": d.lead(office), "due": self.day(ago - self.dice.randint(90, 200)), "terms": [*terms, means[0]],
               "source": d.say((f"区发〔{self.d.year.year}〕{n + 11} 号", f"District paper {n + 11} of {self.d.year.year}"))}
        yield {"take": "policy act", "line": ref, "act": "aim", "granted": self.dice.choice((20, 40, 60, 90, 150)), "hoped_by": self.day(ago - 420),
               "words": d.say(("应享尽享，申领手续不超过三项。", "Whoever may have it has it, for three papers at most."))}

    # --- steps ------------------------------------------------------------------------------------------------

    def steps(self, n, ref, begun, done):
        """Begun so many days ago; so many steps are done since, about evenly."""
        office = SUBJECTS[n % 20][0]
        yield self.on(begun)
        yield {"take": "policy act", "line": ref, "act": "start", "lang": "zh" if self.d.zh else "en", "by": self.d.lead(office)}
        for k in range(done):
            yield self.on(begun - (k + 1) * begun // (done + 2))
            yield {"take": "step act", "line": ref, "unit": self.d.say(self.d.offices[office]), "act": "finish", "by": self.d.lead(office),
                   "words": self.d.say(STEP_WORDS[(n + k) % 4])}

    # --- leaflets ---------------------------------------------------------------------------------------------

    def texts(self, n, lang):
        k = 0 if lang == "zh" else 1
        means, (_, _, name, who) = MEANS[n // 20], SUBJECTS[n % 20]
        how = ("带上身份证或营业执照、支出凭证，到{}办理；也可在线提交。\n受理后 10 个工作日内答复，通过的次月打款。",
               "Bring your identity card or licence and the bills to {}, or send them in online.\nThe answer comes within 10 working days; the money the month after.")[k]
        return {"title": means[2][k].format(name[k]), "gives": means[3][k].format(f"{self.amount(n):,}" if k else self.amount(n)),
                "who": (f"{who[0]}，在本区注册或居住满半年。\n已享受同类政策的，不重复享受。",
                        f"{who[1].capitalize()}, registered or living in the district for half a year.\nNot twice for the same thing.")[k],
                "how": how.format(WHERE[k].format(n % 9 + 1)), "contact": ("政策咨询专线 555 01{:02d}，工作日 9:00–17:00", "Policy line 555 01{:02d}, working days, 9:00 to 17:00")[k].format(n),
                "source": (f"区发〔{self.d.year.year}〕{n + 11} 号", f"District paper {n + 11} of {self.d.year.year}")[k]}

    def leaflet(self, n, ref, ago, fate):
        writer = self.d.heads[SUBJECTS[n % 20][0] % len(self.d.heads)]
        own = "zh" if self.d.zh else "en"
        langs = ("zh", "en") if n % 3 == 0 else (own,)
        yield self.on(ago)
        yield {"take": "leaflet", "line": ref, "by": writer, **{lang: self.texts(n, lang) for lang in langs}}
        if fate == "draft" and self.running > len(FATES):
            return
        yield {"take": "leaflet act", "line": ref, "act": "ask", "by": writer}
        if fate == "draft":
            return  # waits to be looked at
        checker = self.d.keeper if self.d.keeper and self.d.keeper != writer else self.d.inspector
        yield {"take": "leaflet act", "line": ref, "act": "show", "by": checker}
        if n % 2 == 0:
            yield {"take": "leaflet readers", "line": ref, "everybody": True}

    # --- use --------------------------------------------------------------------------------------------------

    def months(self, n, ref, since, fate):
        """Figures of the months since it came into force, as far as they are due; `silent` lacks the last three."""
        first = self.ago(since).replace(day=1)
        months = (self.d.today.year - first.year) * 12 + self.d.today.month - first.month - (self.d.today.day <= 10)
        months -= 3 if fate == "silent" else 0
        if months < 1 or fate == "unclaimed" and n % 2:
            return
        meant, size = self.dice.choice((150, 260, 400, 620)), self.dice.uniform(0.025, 0.05)
        size *= {"unclaimed": 0, "behind": 0.2}.get(fate, 1.6)
        claimed = [round(meant * size * self.dice.uniform(0.6, 1.4)) for _ in range(months)]
        granted = [round(c * self.dice.uniform(0.7, 1)) for c in claimed]
        yield {"take": "policy months", "line": ref, "by": self.d.lead(SUBJECTS[n % 20][0]), "from": first.strftime("%Y-%m"),
               "meant": [meant + 3 * i for i in range(months)], "claimed": claimed, "granted": granted,
               "paid": [f"{g * self.amount(n) * 0.6:.2f}" for g in granted]}

    def in_force(self, n, ref, since, fate):
        until = {"ending": self.day(-self.dice.randint(10, 55)), "past": self.day(12), "well": self.day(-self.dice.randint(200, 700))}.get(fate)
        yield self.on(since)
        yield {"take": "policy act", "line": ref, "act": "enact", "from": self.day(since), **({"until": until} if until else {})}
        if fate != "untold":
            yield from self.leaflet(n, ref, since - 5, fate)
        yield self.on(0)
        yield from self.months(n, ref, since, fate)
        if n % 4 == 1:
            verdict, words = FOUND[{"behind": 1, "unclaimed": 2}.get(fate, 0)]
            yield {"take": "appraisal", "line": ref, "by": self.d.inspector, "verdict": verdict, "words": self.d.say(words)}
        if n % 6 == 2:
            poor = fate in ("behind", "unclaimed")
            known = {"value": "6", "problem": True, "words": self.d.say(("窗口人员不清楚申领条件。", "Nobody at the window could say who may claim it."))}
            yield {"take": "policy check", "line": ref, "sheet": "policy-check", "by": self.d.inspector, "remark": self.d.say(
                ("随机走访三个窗口。", "Three windows, unannounced.")),
                "marks": [{"value": "no" if poor else "yes"}, known if poor else {"value": "18"}, {"value": "17"}, {"value": "12" if poor else "27"}]}

    def policy(self, n, state):
        ref = f"y{n}"
        ago = {"listed": 20, "underway": 130, "force": 420, "ended": 460, "dropped": 200}[state] + self.dice.randint(0, 40)
        yield from self.enter(n, ref, ago)
        if state == "underway":
            yield from self.steps(n, ref, ago - 10, n % 5)
        elif state == "force":
            fate = FATES[self.running % len(FATES)]
            self.running += 1
            since = self.dice.randint(70, 330)
            if n % 3 == 0:
                yield from self.steps(n, ref, ago - 5, 5)
                since = min(since, 200)
            yield from self.in_force(n, ref, since, fate)
        elif state == "ended":
            yield from self.in_force(n, ref, 400, "well")
            yield {"take": "policy act", "line": ref, "act": "end", "words": self.d.say(("预算资金已全部兑现，按期终止。", "The money is spent; it ends as planned."))}
        elif state == "dropped":
            yield from self.steps(n, ref, ago - 10, 1)
            yield self.on(40)
            yield {"take": "policy act", "line": ref, "act": "drop", "words": self.d.say(("上级政策已调整，不再具备争取条件。", "The rules above have changed; there is nothing to be had."))}

    def records(self):
        yield self.on(400)
        yield {"take": "sheet", "ref": "policy-check", "use": "check", "name": self.d.say(CHECK[0]), "items": self.d.say(CHECK[1])}
        states = list(STATES)
        self.dice.shuffle(states)
        for n, state in enumerate(states):
            yield from self.policy(n, state)
        yield self.on(0)
        for office, terms, _, _ in SUBJECTS:
            for p in range(4):
                yield {"take": "sort", "line": f"p0-{office}-{p}", "terms": terms[:2]}


def policies(district):
    yield from Telling(district).records()
