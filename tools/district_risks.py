"""What may go wrong in the invented district: forty risks from assessed to gone, some of them watched by its figures, and two
sweeps, one of them under way with some offices still to answer.
"""

import datetime

# Office, category, likelihood, impact, what may happen.
RISKS = (
    (0, "finance", 3, 4, ("专项债券还本付息集中到期", "Bonds all fall due in one quarter")),
    (2, "safety", 3, 5, ("渡船超载航行", "Ferry sails overloaded")),
    (5, "safety", 4, 4, ("供水主管爆裂", "Water main bursts")),
    (3, "safety", 3, 5, ("深基坑坍塌", "Deep pit gives way")),
    (4, "environment", 4, 3, ("污水溢流入湾", "Foul water spills into the bay")),
    (8, "health", 3, 4, ("学校聚集性传染病", "Outbreak in schools")),
    (1, "safety", 2, 5, ("冷库液氨泄漏", "Ammonia leaks from a cold store")),
    (5, "disaster", 4, 4, ("城区暴雨内涝", "Cloudburst floods the streets")),
    (9, "safety", 2, 5, ("养老机构火灾", "Fire in an old people's home")),
    (6, "disaster", 3, 5, ("渔船避风不及", "Boats caught out by a storm")),
    (7, "health", 3, 4, ("学校食堂食物中毒", "Food poisoning in a canteen")),
    (0, "project", 4, 3, ("重点项目用地手续延误", "Land for key projects comes late")),
    (10, "safety", 3, 5, ("灯会踩踏", "Crush at the lantern festival")),
    (1, "economy", 3, 3, ("骨干企业订单外流", "Orders of large firms move away")),
    (3, "social", 3, 3, ("农民工工资拖欠", "Site workers go unpaid")),
    (2, "safety", 4, 4, ("危货车辆夜停居民区", "Tankers parked among houses at night")),
    (4, "environment", 2, 4, ("危险废物去向不明", "Hazardous waste is lost track of")),
    (8, "data", 3, 4, ("患者信息泄露", "Patients' data leak")),
    (5, "disaster", 2, 5, ("北岸水库渗流", "Northshore dam seeps")),
    (11, "conduct", 3, 3, ("技能补贴冒领", "Training grants drawn by fraud")),
    (0, "conduct", 3, 4, ("工程招标围标", "Bidders collude")),
    (2, "safety", 2, 5, ("洪水冲刷桥墩", "Flood scours the bridge's piers")),
    (1, "safety", 2, 5, ("铝粉尘爆炸", "Metal dust explodes")),
    (3, "safety", 4, 4, ("老旧房屋外墙脱落", "Plaster falls from old houses")),
    (4, "environment", 5, 2, ("秋冬重污染天气", "Smog in autumn and winter")),
    (5, "environment", 2, 5, ("水源地受污染", "Springs are polluted")),
    (6, "health", 3, 3, ("蔬菜农残超标", "Residues in vegetables")),
    (7, "safety", 2, 5, ("校车事故", "School bus accident")),
    (10, "safety", 3, 4, ("老街木构建筑火灾", "Fire in the old quarter")),
    (9, "finance", 3, 2, ("救助资金重复发放", "Aid is paid twice")),
    (1, "data", 2, 4, ("工厂控制系统遭入侵", "Plant controls are broken into")),
    (0, "economy", 3, 3, ("民间投资意愿下降", "Firms hold back investment")),
    (3, "project", 3, 3, ("保障房交付延误", "Social homes come late")),
    (6, "health", 2, 3, ("畜禽疫病传入", "Animal disease comes in")),
    (4, "environment", 3, 4, ("填埋场渗漏", "Landfill leaks")),
    (7, "social", 3, 3, ("秋季学位缺口", "Too few school places in autumn")),
    (8, "health", 2, 4, ("急救药品断供", "First-aid drugs run out")),
    (2, "safety", 3, 3, ("隧道照明故障", "Tunnel lights fail")),
    (11, "data", 3, 2, ("数据中心断电", "Data centre loses power")),
)
# How far each has come, over and over, and since how many days.
FATES = ("borne", "disposing", "judged", "back", "assessed", "borne", "reported", "disposing", "gone", "borne", "worse", "disposing", "small")
CAUSES = ("设施老化、责任不清、巡查不到位。", "Old equipment, nobody in charge, too few rounds.")
WHY = ("参照近三年同类事件评定。", "By what happened here in the last three years.")
MEASURES = (
    (("排查隐患点位并建账", "Find the weak places and list them"), 15), (("落实值班和每日巡查", "Keep watch and walk round daily"), 10),
    (("更换老化设备", "Renew what is worn"), 40), (("开展应急演练", "Practise for the day"), 20), (("签订责任书并公示", "Name who answers, and post it"), 7),
)
DONE = ("已完成，台账附后。", "Done; the list is attached.")
# An indicator of an office (its number, the measure's), and the risk that it watches.
WATCHED = ((2, 3, 1, 12), (5, 1, 2, 1), (4, 0, 24, 3), (6, 3, 26, 2), (0, 3, 31, 1), (8, 2, 5, 2), (5, 3, 18, 1))
SHEET = (("岁末安全隐患排查表", "Safety before the year's end"),
         (("疏散通道畅通", "Ways out are free"), ("消防器材在有效期内", "Extinguishers are in date"), ("值班值守到位", "Somebody keeps watch"),
          ("用电线路完好", "Wiring is sound"), ("应急预案已演练", "The plan for emergencies was practised"), ("重点部位有专人负责", "Critical places have a keeper")))
FOUND = {
    2: ((0, ("候船室侧门上锁", "The waiting room's side door is locked")), (4, ("今年尚未演练", "No practice this year"))),
    5: ((3, ("泵站配电箱进水", "Water in the pumping station's switchboard")),),
    7: ((1, ("两所小学灭火器过期", "Extinguishers of two schools are out of date")),),
    9: ((0, ("养老院后门堆放杂物", "Things stacked at the home's back door")),),
}


class Register:
    def __init__(self, district):
        self.d, self.dice = district, district.clock

    def on(self, ago):
        return self.d.on(self.d.today - datetime.timedelta(days=max(0, ago)))

    def due(self, ahead):
        return self.d.day(self.d.today + datetime.timedelta(days=ahead))

    def unit(self, office):
        return self.d.say(self.d.offices[office])

    def head(self, office):
        return self.d.heads[office % len(self.d.heads)]

    # --- one risk -------------------------------------------------------------------------------------------------

    def act(self, ref, act, by, words=("", ""), **more):
        return {"take": "risk act", "line": ref, "act": act, "by": by, "words": self.d.say(words), **more}

    def measures(self, ref, office, first, count):
        for n in range(count):
            what, days = MEASURES[(first + n) % len(MEASURES)]
            yield self.act(ref, "measure", self.d.lead(office), what, unit=self.unit(office), days=days, after=n > 1)

    def finish(self, ref, office, number):
        return {"take": "measure", "line": ref, "number": number, "act": "finish", "by": self.head(office), "words": self.d.say(DONE)}

    def disposed(self, ref, number, office, ago):
        """Two measures, carried out and said to be."""
        yield from self.measures(ref, office, number, 2)
        yield self.act(ref, "dispose", self.d.lead(office))
        yield self.on(ago - 20)
        yield self.finish(ref, office, 1)
        yield self.on(ago - 32)
        yield self.finish(ref, office, 2)
        yield self.act(ref, "report", self.d.lead(office), ("各项措施已完成，请评估。", "All measures are carried out; please assess."))

    def judged(self, ref, ago, likelihood, impact):
        yield self.on(ago - 40)
        yield self.act(ref, "judge", self.d.inspector, ("现场查看后评定。", "Seen on the spot."), likelihood=likelihood, impact=impact)

    def fate(self, ref, number, fate, ago):
        office, _, likelihood, impact, _ = RISKS[number]
        less = max(1, likelihood - 1 - number % 2), max(1, impact - 1)
        if fate in ("borne", "judged", "reported", "back", "gone"):
            yield from self.disposed(ref, number, office, ago)
        if fate in ("borne", "judged", "back", "gone"):
            yield from self.judged(ref, ago, *(less if fate != "back" else (likelihood, impact - 1)))
        if fate == "borne":
            yield self.act(ref, "accept", self.d.keeper, ("剩余风险可控，继续监测。", "What is left can be borne; it is watched."))
        if fate == "gone":
            yield self.on(ago - 70)
            yield self.act(ref, "close", self.d.keeper, ("相关场所已搬迁，风险不复存在。", "The place has moved; it can't happen any more."))
        if fate == "back":
            yield self.on(ago - 44)
            yield self.act(ref, "back", self.d.inspector, ("设备未更换到位。", "Not everything was renewed."))
            yield from self.measures(ref, office, number + 2, 1)
        if fate == "disposing":
            yield from self.measures(ref, office, number, 3)
            yield self.act(ref, "dispose", self.d.lead(office))
            yield self.on(ago - 12)
            yield self.finish(ref, office, 1)
        if fate == "worse":
            yield self.on(25)
            yield self.act(ref, "reassess", self.d.lead(office), ("近期已有苗头。", "There are signs of it."), likelihood=min(5, likelihood + 1), impact=impact)
        if fate == "small":
            yield self.act(ref, "accept", self.d.keeper, ("等级可接受。", "Small enough to be borne.")) if likelihood * impact < 20 else self.on(0)

    def risk(self, number):
        office, category, likelihood, impact, title = RISKS[number]
        fate, ref = FATES[number % len(FATES)], f"r{number}"
        # What has a long way behind it began long ago.
        ago = {"assessed": 5 + number, "disposing": 30, "reported": 45, "judged": 52, "back": 66, "worse": 190, "small": 120}.get(fate, 130 + 5 * number % 150)
        # Most were known for a while before anybody set to work on them.
        yield self.on(ago if fate == "assessed" else ago + 60 + number)
        yield {"take": "risk", "ref": ref, "title": self.d.say(title), "text": self.d.say(CAUSES), "category": category, "likelihood": likelihood,
               "impact": impact, "unit": self.unit(office), "lead": self.d.lead(office), "words": self.d.say(WHY), "by": self.d.keeper,
               "due": self.due({"assessed": 60, "disposing": 25 if number % 2 else -3, "back": 12}.get(fate, 30))}
        yield self.on(ago)
        yield from self.fate(ref, number, fate, ago)

    # --- monitoring -----------------------------------------------------------------------------------------------

    def watch(self, office, measure, risk, months):
        """Marks about what the last months were, so that some are passed and some are not."""
        ref = f"i0-{office}-{measure}-0"
        values, places, up = self.d.figures[ref]
        last = values[-months:]
        worst = max(last) if up else min(last)
        # Marks that the worst of these months pass stand; others lie a little beyond.
        warn = worst if risk % 2 else worst * (0.97 if up else 1.03)
        act = warn * (0.9 if up else 1.1)
        return {"take": "threshold", "line": f"r{risk}", "indicator": ref, "warn": f"{warn:.{places}f}", "alarm": f"{act:.{places}f}",
                "margin": f"{abs(warn) * 0.02:.{places}f}", "months": months, "by": self.d.keeper}

    # --- sweeps ---------------------------------------------------------------------------------------------------

    def marks(self, problems):
        said = {item: self.d.say(words) for item, words in problems}
        return [{"value": "no" if i in said else "yes", "words": said.get(i, ""), "problem": i in said} for i in range(len(SHEET[1]))]

    def answer(self, sweep, office, problems=()):
        return {"take": "sweep answer", "line": sweep, "unit": self.unit(office), "by": self.head(office), "marks": self.marks(problems)}

    def sweep(self, ref, title, offices, due):
        return {"take": "sweep", "ref": ref, "title": self.d.say(title), "sheet": "swept", "units": [self.unit(i) for i in offices],
                "lead": self.d.lead(3), "due": self.due(due),
                "text": self.d.say(("各单位对照清单逐项自查，发现问题写明部位。", "Look at each place by the list; say where a problem is."))}

    def sweeps(self):
        yield self.on(205)
        yield {"take": "sheet", "ref": "swept", "use": "sweep", "name": self.d.say(SHEET[0]), "by": self.d.keeper,
               "items": "\n".join(self.d.say(item) for item in SHEET[1])}
        yield self.sweep("w0", ("汛前风险排查", "Sweep before the rains"), (2, 3, 5, 6, 9), -190)
        for n, office in enumerate((2, 3, 5, 6, 9)):
            yield self.on(200 - 3 * n)
            yield self.answer("w0", office, ((2, ("夜间值班表缺两天", "Two nights without anybody on watch")),) if office == 6 else ())
        yield self.on(185)
        yield {"take": "sweep finding dropped", "line": "w0", "why": self.d.say(("当日已补齐值班。", "Put right the same day."))}
        yield {"take": "sweep end", "line": "w0", "why": self.d.say(("五个单位均已反馈，问题已处理。", "All five have answered; nothing is left."))}
        yield self.on(9)
        yield self.sweep("w1", ("岁末安全隐患大排查", "Sweep before the year's end"), range(12), 5)
        for n, office in enumerate((3, 7, 2, 10, 5, 9, 0)):
            yield self.on(7 - n)
            yield self.answer("w1", office, FOUND.get(office, ()))
        yield {"take": "sweep rectification", "line": "w1", "title": self.d.say(("更换过期灭火器", "Renew extinguishers")), "due": self.due(14)}
        yield {"take": "sweep risk", "line": "w1", "title": self.d.say(("候船室火灾时无法疏散", "Nobody gets out of the waiting room in a fire")),
               "category": "safety", "likelihood": 3, "impact": 5, "due": self.due(20), "by": self.d.keeper}

    def all(self):
        for number in range(len(RISKS)):
            yield from self.risk(number)
        yield self.on(8)
        for office, measure, risk, months in WATCHED:
            yield self.watch(office, measure, risk, months)
        yield from self.sweeps()


def risks(district):
    yield from Register(district).all()
