"""What the invented district has under joint review: permits of projects and matters of their own that several offices look at
together. Most came back with a reply; some are under way, some of those late, stopped by a question, held up by a refusal, or
lapsed into consent, as units are: one answers the same week, one lets its limits pass.
"""

import datetime

# Offices are numbers of district.OFFICES: 0 planning, 2 transport, 3 building, 4 environment, 5 water, 8 health …
# What is asked: its title, by which rule, whom it goes to stage by stage: office, working days, whether silence consents.
KINDS = (
    (("施工许可联审", "Building permit"), ("《工程建设项目联合审批办法》第九条", "Joint approval rules, section 9"),
     (((3, 10, False), (4, 7, True), (5, 5, True)), ((2, 5, True),))),
    (("占道施工方案联审", "Works in the road"), ("《占道施工联审规程》第四条", "Rules for works in roads, section 4"),
     (((2, 5, False), (5, 5, True)),)),
    (("规划设计方案联审", "Design of the site"), ("《建设项目方案联审规程》", "Rules for the review of designs"),
     (((0, 10, False), (3, 10, False), (4, 7, True)), ((6, 5, True), (7, 5, True)))),
    (("竣工联合验收", "Joint sign-off"), ("《竣工联合验收办法》第六条", "Joint sign-off rules, section 6"),
     (((3, 7, False), (4, 5, True), (8, 5, True)),)),
)
# How each one goes. The number is the days for which it has been running, or after which it was sent.
FATES = (("answered", 300), ("answered", 262), ("silent", 240), ("answered", 221), ("refused", 203), ("answered", 188), ("again", 171),
         ("silent", 150), ("answered", 133), ("answered", 118), ("silent", 96), ("answered", 82), ("answered", 70), ("again", 61),
         ("late", 33), ("late", 26), ("asked", 12), ("running", 9), ("running", 6), ("running", 4), ("silent-now", 14), ("stuck", 16),
         ("over", 24), ("running", 2), ("draft", 0))
OWN = (("滨海夜市开办方案", "Plan for the night market"), ("校车线路调整方案", "New school bus routes"), ("应急避难场所选址", "Sites for emergency shelters"))
WORDS = (
    ("agree", ("同意。", "Agreed.")), ("agree", ("经现场查看，同意。", "Agreed; seen on the spot.")),
    ("condition", ("同意，施工期间须保持消防通道畅通。", "Agreed, if the way for fire engines stays clear.")),
    ("condition", ("同意，夜间 22 时后不得施工。", "Agreed, without works after ten at night.")),
    ("condition", ("同意，须先完成雨污分流接管。", "Agreed, once rain and waste water run apart.")),
)
QUESTIONS = (("papers", ("缺少管线综合图，请补充。", "The plan of the pipes is missing."), ("管线综合图已补充。", "It is added.")),
             ("unclear", ("土方外运去向请说明。", "Where does the soil go?"), ("运往古渡消纳场，合同已附。", "To the Oldferry depot; the contract is attached.")),
             ("site", ("需到现场核对红线，请安排。", "The line must be seen on the spot; please arrange it."), ("已于上午共同核对。", "Seen together this morning.")))


class Telling:
    def __init__(self, district):
        self.d, self.dice, self.ago = district, district.clock, 0

    def on(self, ago):
        self.ago = max(0, ago)
        return self.d.on(self.d.today - datetime.timedelta(days=self.ago))

    def unit(self, office):
        return self.d.say(self.d.offices[office])

    def head(self, office):
        return self.d.heads[office % len(self.d.heads)]

    def act(self, line, office, act, words="", **more):
        return {"take": "step act", "line": line, "unit": self.unit(office), "act": act, "words": words, "by": self.head(office), **more}

    def make(self, n, kind, project):
        d, (title, basis, stages) = self.d, KINDS[kind]
        own = OWN[n // 9] if n % 9 == 4 else None
        record = {"take": "review", "ref": f"v{n}", "unit": self.unit(0), "lead": d.lead(0), "basis": d.say(basis),
                  "title": d.say(own) if own else d.say(title),
                  "text": d.say(("请各有关单位在时限内提出意见。", "Please say what you have to say within your days."))}
        if not own:
            record["about"] = project
        yield record
        for stage, units in enumerate(stages, 1):
            for office, days, silence in units:
                yield {"take": "step", "line": f"v{n}", "stage": stage, "unit": self.unit(office), "days": days, "silence": silence}

    # --- how one goes -----------------------------------------------------------------------------------------

    def opinion(self, line, office):
        act, words = self.dice.choice(WORDS)
        return self.act(line, office, act, self.d.say(words))

    def after(self, office, days, quiet):
        """Days until an office speaks. Who consents by silence speaks in time; one office takes its time."""
        return self.dice.randint(2, days) if quiet else self.dice.randint(days, 2 * days + 6) if office == 3 else self.dice.randint(2, days + 3)

    def stage(self, line, units, sent, silent=()):
        """All of a stage speak but who is silent, who lets the limit pass. Now and then the first asks, and is answered late."""
        asker = units[0][0] if not units[0][2] and self.dice.random() < 0.5 else None
        reason, question, answer = self.dice.choice(QUESTIONS)
        if asker is not None:
            yield self.on(min(self.ago, sent - 2))
            yield self.act(line, asker, "ask", self.d.say(question), reason=reason)
        spoken = sorted((self.after(*unit), unit[0]) for unit in units if unit[0] not in (*silent, asker))
        for after, office in spoken:
            yield self.on(min(self.ago, sent - after))
            yield self.opinion(line, office)
        if asker is not None:
            yield self.on(min(self.ago, sent - self.dice.randint(6, 11)))
            yield {**self.act(line, asker, "answer", self.d.say(answer)), "by": self.d.lead(0)}
            yield self.on(self.ago - self.dice.randint(1, 6))
            yield self.opinion(line, asker)
        if silent:
            yield self.on(min(self.ago, sent - 9 - 2 * max(days for office, days, _ in units if office in silent)))

    def reply(self, line, verdict, words):
        yield {"take": "review act", "line": line, "act": "reply", "verdict": verdict, "words": self.d.say(words), "by": self.d.lead(0)}

    def whole(self, n, stages, ago, fate):
        line = f"v{n}"
        yield self.on(ago)
        yield {"take": "review act", "line": line, "act": "start", "by": self.d.lead(0)}
        if fate == "again":
            office = stages[0][0][0]
            yield self.on(ago - 4)
            yield self.act(line, office, "refuse", self.d.say(("方案与道路红线冲突，不同意。", "It runs over the road's line; refused.")))
            yield self.on(ago - 8)
            yield {"take": "review act", "line": line, "act": "back", "stage": 1, "by": self.d.lead(0),
                   "words": self.d.say(("已退让红线，重新送审。", "It keeps off the line now."))}
        for units in stages:
            silent = [office for office, _, quiet in units if quiet and fate == "silent" and units is stages[-1]][:1]
            yield from self.stage(line, units, self.ago, silent)
        yield self.on(self.ago - 2)
        yield from self.reply(line, "conditions", ("各单位均已提出意见，原则同意，请按各项条件落实。", "All have spoken: agreed, with the conditions that they set."))

    def refused(self, n, stages, ago):
        line, office = f"v{n}", stages[0][0][0]
        yield self.on(ago)
        yield {"take": "review act", "line": line, "act": "start", "by": self.d.lead(0)}
        for k, (other, _, _) in enumerate(stages[0][1:], 2):
            yield self.on(ago - k)
            yield self.opinion(line, other)
        yield self.on(ago - 6)
        yield self.act(line, office, "refuse", self.d.say(("选址位于蓄滞洪区，不同意。", "The site lies where floods are let in; refused.")))
        yield self.on(ago - 9)
        yield from self.reply(line, "refused", ("因选址问题不予同意，请另行选址后重新提出。", "Refused for its site: choose another and ask again."))

    def under_way(self, n, stages, ago, fate):
        line = f"v{n}"
        yield self.on(ago)
        yield {"take": "review act", "line": line, "act": "start", "by": self.d.lead(0)}
        first, *others = stages[0]
        if fate == "late":  # who has no silence lets it lie
            for office, days, _ in others:
                yield self.on(min(self.ago, ago - self.dice.randint(2, days)))
                yield self.opinion(line, office)
        elif fate == "asked":
            yield self.on(ago - 4)
            reason, question, _ = QUESTIONS[n % 3]
            yield self.act(line, first[0], "ask", self.d.say(question), reason=reason)
        elif fate == "stuck":
            for office, *_ in others:
                yield self.on(ago - 3)
                yield self.opinion(line, office)
            yield self.on(ago - 5)
            yield self.act(line, first[0], "refuse", self.d.say(("出入口与主干路距离不足，不同意。", "The way in lies too near the main road; refused.")))
        elif fate == "silent-now":  # the others spoke; one was silent, and the next stage runs
            yield self.on(ago - 3)
            yield self.opinion(line, first[0])
        elif fate == "over":
            for units in stages:
                yield from self.stage(line, units, self.ago)
        elif ago > 3:
            yield self.on(ago - 2)
            yield self.opinion(line, others[0][0])

    def records(self):
        for n, (fate, ago) in enumerate(FATES):
            kind, project = n % len(KINDS), f"p0-{n % 12}-{n % 30}"
            stages = KINDS[kind][2]
            yield self.on(ago + 3)
            yield from self.make(n, kind, project)
            if fate == "draft":
                continue
            if fate == "refused":
                yield from self.refused(n, stages, ago)
            elif fate in ("answered", "silent", "again"):
                yield from self.whole(n, stages, ago, fate)
            else:
                yield from self.under_way(n, stages, ago, fate)


def reviews(district):
    yield from Telling(district).records()
