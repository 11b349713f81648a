"""The invented district's tours of inspection: one of the spring, closed with what it led to; one of the autumn whose scoring
is closed and whose findings are being decided upon; one under way, scored in part; one planned.

Heads of offices score, with the inspector whose score weighs twice; nobody scores a stop of their own office.
"""

import datetime
import random

ITEMS = (
    (("工程进度与计划相符", "The works are where the plan has them"), 30),
    (("工程质量", "Quality of the works"), 25),
    (("安全生产和文明施工", "Safety, and order on the site"), 20),
    (("群众反映", "What neighbours say"), 15),
    (("资料齐全", "The papers are complete"), 10),
    (("现场有公示牌", "A board on the site says what is built"), 0),
)
PROBLEMS = (
    (2, ("基坑临边无防护栏杆。", "No rail along the edge of the pit.")),
    (0, ("比计划晚一个月，没有赶工安排。", "A month behind the plan, and nothing to make it up.")),
    (3, ("夜间施工扰民，居民多次反映。", "Work at night wakes the neighbours, who have said so several times.")),
    (4, ("监理日志缺三周。", "Three weeks are missing from the supervisor's log.")),
    (1, ("路面接缝不平。", "The joints of the surface are uneven.")),
    (2, ("消防通道被材料占用。", "The way for the fire engine is blocked with materials.")),
)
REMARKS = (("组织有力，可作示范。", "Well led; others can learn from it."), ("总体较好。", "Good on the whole."),
           ("与上次相比有进步。", "Better than last time."), ("", ""), ("", ""))
# What it is called, when (days before today: planned, begun, scoring closed, closed; 0 in the place of what has not come), by
# which rule, and which projects are stops: (office, number), with how well they do.
TOURS = (
    (("春季重点项目观摩", "Spring tour of key projects"), (120, 110, 106, 84), ("trim", 0),
     ((2, 0, 88), (3, 1, 71), (4, 2, 84), (6, 0, 90), (7, 1, 79), (10, 2, 86)), 5),
    (("秋季重点项目观摩", "Autumn tour of key projects"), (20, 12, 5, 0), ("trim", 0),
     ((2, 3, 86), (3, 4, 66), (5, 1, 82), (8, 0, 91), (9, 2, 77), (11, 1, 86), (1, 2, 80)), 4),
    (("民生实事现场督导", "Visits to what was promised to residents"), (9, 2, 0, 0), ("far", 12),
     ((4, 5, 85), (6, 4, 76), (9, 4, 82), (8, 3, 88)), 3),
    (("冬季安全专项观摩", "Winter tour for safety"), (3, 0, 0, 0), ("all", 0), ((2, 8, 80), (5, 6, 80), (7, 4, 80)), 0),
)


class Touring:
    def __init__(self, district, number):
        self.d, self.number, self.dice = district, number, random.Random(90 + number)
        self.ref = f"tour{number}"
        self.title, self.days, self.rule, self.stops, self.problems = TOURS[number]

    def date(self, ago):
        return self.d.today - datetime.timedelta(days=ago)

    def scorers(self):
        return [self.d.inspector, *dict.fromkeys(self.d.heads)][:8]

    def plan(self):
        d, (planned, begun, scored, _) = self.d, self.days
        yield d.on(self.date(planned))
        begins = begun or -14
        yield {"take": "inspection", "ref": self.ref, "title": d.say(self.title), "sheet": "tour-sheet", "rule": self.rule[0], "far": self.rule[1],
               "unit": d.say(("滨海新区", "Harbour District")), "lead": d.lead(self.number), "begins": d.day(self.date(begins)),
               "due": d.day(self.date(begins - 4 if begun else begins - 3))}
        for n, (office, project, _) in enumerate(self.stops):
            yield {"take": "stop", "ref": f"{self.ref}-{n}", "line": self.ref, "target": f"p0-{office}-{project}"}
        for person in self.scorers():
            yield {"take": "scorer", "line": self.ref, "member": person, "weight": 2 if person == d.inspector else 1}

    def marks(self, worth, strict, problem):
        for n, (item, most) in enumerate(ITEMS):
            share = max(0, min(100, worth + strict + self.dice.randint(-7, 7)))
            mark = {"value": f"{most * share // 10 / 10:g}" if most else "yes" if self.dice.random() < 0.85 else "no"}
            if problem and problem[0] == n:
                mark |= {"words": self.d.say(problem[1]), "problem": True, "value": f"{most * 4 // 10}"}
            yield mark

    def score(self):
        """Each on the day of the tour; of one under way the last stop and the last scorers are still out."""
        d, begun = self.d, self.days[1]
        under_way = not self.days[2]
        yield d.on(self.date(begun))
        yield {"take": "inspect", "line": self.ref, "act": "start"}
        yield d.on(self.date(begun - 1))
        for n, (office, _, worth) in enumerate(self.stops):
            others = [(s, person) for s, person in enumerate(self.scorers()) if person != d.heads[office % len(d.heads)]]
            if under_way:
                others = others[:4] if n < len(self.stops) - 1 else []
            for s, person in others:
                finds = n < self.problems and s == others[n % min(3, len(others))][0] and PROBLEMS[(self.number + n) % len(PROBLEMS)]
                strict = -22 if s == 3 and n % 2 else (2, -3, 1, 4, 0, -2, 3, -1)[s]
                yield {"take": "score", "line": self.ref, "stop": f"{self.ref}-{n}", "by": person, "remark": d.say(self.dice.choice(REMARKS)),
                       "marks": list(self.marks(worth, strict, finds))}

    def decide(self):
        """Findings of the spring are all decided upon; of the autumn one is left open."""
        d, (_, _, scored, closed) = self.d, self.days
        yield d.on(self.date(scored))
        yield {"take": "inspect", "line": self.ref, "act": "end"}
        yield d.on(self.date(scored - 1))
        for n in range(self.problems if closed else self.problems - 1):
            office = self.stops[n][0]
            problem = PROBLEMS[(self.number + n) % len(PROBLEMS)][1]
            record = {"take": "finding", "line": self.ref, "stop": f"{self.ref}-{n}"}
            if n == 1:
                yield {**record, "why": d.say(("当天已整改。", "Put right the same day."))}
            else:
                yield {**record, "ref": f"{self.ref}-c{n}", "title": d.say(problem).rstrip("。."), "lead": d.lead(office),
                       "due": d.day(self.date(scored - 30))}
        if closed:
            yield d.on(self.date(closed))
            yield {"take": "inspect", "line": self.ref, "act": "close", "why": d.say(("结果已通报。", "The results were made known."))}

    def records(self):
        yield from self.plan()
        if self.days[1]:
            yield from self.score()
        if self.days[2]:
            yield from self.decide()


def visits(district):
    """Records of all this, for the district's file."""
    yield district.on(district.today - datetime.timedelta(days=121))
    yield {"take": "sheet", "ref": "tour-sheet", "use": "inspection", "name": district.say(("重点项目观摩评分表", "Score sheet for key projects")),
           "items": "\n".join(f"{district.say(text)} | {most}" + ("" if most else " | 5") for text, most in ITEMS)}
    for number in range(len(TOURS)):
        yield from Touring(district, number).records()
