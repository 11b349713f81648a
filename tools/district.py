"""A year of an invented district as a file for `chancery ledger import`: what ./dev demo shows and ./dev bench measures.

Harbour district, five towns on a bay: its offices and their goals, indicators with three years of months, projects
with milestones, watches and accounts. Names and figures are made up; days hang on the day it is made for, chance on a
number, so that the same call gives the same file. It is in the language it is asked in, as a district's own would be.
"""

import datetime
import json
import random

from district_campaigns import campaigns
from district_policies import policies
from district_rectifications import rectifications
from district_reviews import reviews
from district_risks import risks
from district_studies import studies
from district_supervision import supervision
from district_visits import visits

TOWNS = (("东港镇", "Eastport"), ("北岸镇", "Northshore"), ("盐田镇", "Saltfields"), ("古渡镇", "Oldferry"), ("松岭镇", "Pine Ridge"))

# An office, what it is to reach (5), what it measures (4: name, measure, places, fold, direction, monthly size, benchmark),
# and what it builds (7).
UP, DOWN = "up", "down"
OFFICES = (
    (("发展统筹局", "Planning Office"),
     (("地区经济稳定增长", "Let the district's economy grow steadily"), ("重点项目投资如期完成", "Spend on key projects as planned"),
      ("营商环境持续改善", "Make it easier to run a business"), ("要素保障及时到位", "Have land and power ready where work begins"),
      ("县域经济与城区协调发展", "Let town and country grow together")),
     (("固定资产投资额", "Fixed investment", "万元", "¥10,000", 1, "sum", UP, 820), ("项目开工数", "Projects begun", "个", "projects", 0, "sum", UP, 4),
      ("企业开办平均用时", "Hours to register a firm", "小时", "h", 1, "mean", DOWN, 6), ("民间投资占比", "Private share of investment", "%", "%", 1, "mean", UP, 58)),
     (("产业园标准厂房", "Workshop estate"), ("项目服务中心", "One-stop project centre"), ("变电站扩建", "Substation extension"), ("物资储备库", "Stores depot"),
      ("园区道路配套", "Estate roads"), ("能源监测平台", "Energy monitoring"), ("会展中心改造", "Fair hall renewal"))),
    (("工业局", "Industry Office"),
     (("制造业质量和效益提升", "Raise what each works makes"), ("中小企业平稳运行", "Keep small firms in work"), ("工厂数字化改造", "Bring digital tools into workshops"),
      ("绿色工厂建设", "Build cleaner works"), ("产业链本地配套", "Buy more from next door")),
     (("工业增加值", "Industrial output", "万元", "¥10,000", 1, "sum", UP, 1460), ("技改投资额", "Spent on new machines", "万元", "¥10,000", 1, "sum", UP, 210),
      ("单位产值能耗", "Energy per unit of output", "千克标准煤", "kgce", 2, "mean", DOWN, 31), ("规上企业数", "Larger firms", "家", "firms", 0, "last", UP, 42)),
     (("轴承生产线改造", "Bearing works renewal"), ("冷链加工车间", "Cold-chain plant"), ("船用设备厂", "Marine equipment works"), ("检测实验室", "Testing laboratory"),
      ("余热回收工程", "Waste heat recovery"), ("中小企业孵化楼", "Workshop for new firms"), ("智能仓储", "Automated store"))),
    (("交通局", "Transport Office"),
     (("乡镇通勤一小时圈", "Reach every town within the hour"), ("公路养护提质", "Keep roads in good repair"), ("公交准点和覆盖", "Let buses run often and on time"),
      ("港口集疏运畅通", "Clear the way to the port"), ("慢行系统成网", "Join up paths for walking and cycling")),
     (("新改建公路里程", "Roads built or renewed", "公里", "km", 1, "sum", UP, 3), ("公交准点率", "Buses on time", "%", "%", 1, "mean", UP, 91),
      ("港口货物吞吐量", "Freight through the port", "万吨", "10,000 t", 1, "sum", UP, 36), ("道路事故数", "Road accidents", "起", "accidents", 0, "sum", DOWN, 9)),
     (("环湾公路", "Bay road"), ("公交首末站", "Bus terminus"), ("渡口码头改造", "Ferry landing renewal"), ("跨河桥梁", "River bridge"), ("货运停车场", "Lorry park"),
      ("自行车道", "Cycle path"), ("农村公路提升", "Country road renewal"))),
    (("城乡建设局", "Building Office"),
     (("老旧小区改造", "Renew old housing estates"), ("城市内涝治理", "Keep streets free of flood water"), ("住房保障扩面", "House those who can't pay the market's rents"),
      ("公园绿地增加", "Bring a park within a walk of everybody"), ("历史街区保护", "Care for the old quarters")),
     (("改造住房套数", "Homes renewed", "套", "homes", 0, "sum", UP, 64), ("新增绿地", "New parkland", "公顷", "ha", 1, "sum", UP, 2),
      ("积水点数", "Places that flood", "处", "places", 0, "last", DOWN, 7), ("保障房入住率", "Social homes let", "%", "%", 1, "last", UP, 88)),
     (("旧居住区改造", "Estate renewal"), ("雨水管网", "Storm drains"), ("滨水公园", "Waterside park"), ("公共租赁住房", "Rented homes"), ("老街修缮", "Old street repair"),
      ("停车楼", "Car park"), ("供热管线", "Heating main"))),
    (("环境局", "Environment Office"),
     (("空气质量持续改善", "Clean the air"), ("河湾水质达标", "Bring the bay's water up to standard"), ("垃圾分类和减量", "Sort waste, and make less of it"),
      ("湿地修复", "Mend the wetlands"), ("环境监测全覆盖", "Measure everywhere")),
     (("细颗粒物浓度", "Fine dust", "微克/立方米", "µg/m³", 1, "mean", DOWN, 33), ("优良天数", "Days of good air", "天", "days", 0, "sum", UP, 26),
      ("达标断面比例", "River sections up to standard", "%", "%", 1, "last", UP, 84), ("垃圾回收利用率", "Waste recycled", "%", "%", 1, "mean", UP, 37)),
     (("污水厂提标", "Sewage works upgrade"), ("湿地公园", "Wetland park"), ("垃圾分拣中心", "Sorting centre"), ("河道清淤", "River dredging"), ("监测站", "Measuring stations"),
      ("矿山复绿", "Quarry replanting"), ("岸线修复", "Shore repair"))),
    (("水务局", "Water Office"),
     (("城乡供水一体化", "One water supply for town and country"), ("节水灌溉推广", "Water fields with less"), ("防汛能力提升", "Be ready for high water"),
      ("水源地保护", "Guard the springs"), ("管网漏损下降", "Lose less water on the way")),
     (("供水量", "Water supplied", "万立方米", "10,000 m³", 1, "sum", UP, 92), ("管网漏损率", "Water lost", "%", "%", 1, "mean", DOWN, 11),
      ("节水灌溉面积", "Land watered sparingly", "公顷", "ha", 1, "last", UP, 420), ("水库蓄水率", "Reservoirs' filling", "%", "%", 1, "last", UP, 63)),
     (("水厂扩建", "Waterworks extension"), ("管网更新", "Water main renewal"), ("水库除险", "Dam repair"), ("泵站改造", "Pumping station renewal"), ("灌区配套", "Irrigation works"),
      ("堤防加固", "Dyke strengthening"), ("水质实验室", "Water laboratory"))),
    (("农业局", "Farming Office"),
     (("粮食稳产", "Keep harvests steady"), ("农民收入增长", "Let farmers earn more"), ("特色农产品品牌", "Make local produce known"), ("高标准农田建设", "Improve fields"),
      ("乡村环境整治", "Tidy the villages")),
     (("蔬菜产量", "Vegetables grown", "吨", "t", 0, "sum", UP, 860), ("高标准农田面积", "Improved fields", "公顷", "ha", 1, "last", UP, 980),
      ("农村居民收入", "Income in villages", "元", "¥", 0, "sum", UP, 1720), ("农产品抽检合格率", "Produce that passes tests", "%", "%", 1, "mean", UP, 97)),
     (("高标准农田", "Field improvement"), ("果蔬分拣中心", "Fruit and vegetable centre"), ("渔港整修", "Fishing harbour repair"), ("育苗基地", "Seedling nursery"),
      ("村内道路", "Village roads"), ("冷藏库", "Cold store"), ("农机服务站", "Machinery station"))),
    (("教育局", "Education Office"),
     (("学位供给充足", "A school place near home"), ("校舍安全达标", "Safe school buildings"), ("职业教育对接产业", "Teach trades that are wanted"),
      ("课后服务普及", "Care after school for all"), ("乡镇学校教师配齐", "Enough teachers in every town")),
     (("新增学位", "New school places", "个", "places", 0, "sum", UP, 28), ("课后服务参与率", "Children in care after school", "%", "%", 1, "mean", UP, 79),
      ("教师缺额", "Posts without a teacher", "人", "posts", 0, "last", DOWN, 8), ("职校就业率", "Trade school leavers in work", "%", "%", 1, "last", UP, 93)),
     (("小学新建", "New primary school"), ("校舍加固", "School building repair"), ("职业学校实训楼", "Trade school workshop"), ("幼儿园", "Nursery school"), ("运动场", "Sports ground"),
      ("图书馆", "School library"), ("食堂改造", "Canteen renewal"))),
    (("卫生局", "Health Office"),
     (("十五分钟就医圈", "A doctor within a quarter of an hour"), ("公共卫生应急能力", "Be ready for an outbreak"), ("慢病管理", "Look after long illnesses"),
      ("基层医院提升", "Better hospitals in the towns"), ("托育服务扩大", "More places for small children")),
     (("门诊人次", "Patients seen", "人次", "visits", 0, "sum", UP, 5200), ("签约居民比例", "People with a doctor of their own", "%", "%", 1, "last", UP, 61),
      ("平均候诊时间", "Minutes waited", "分钟", "min", 1, "mean", DOWN, 24), ("托位数", "Places for small children", "个", "places", 0, "last", UP, 310)),
     (("镇卫生院扩建", "Town clinic extension"), ("急救站", "Ambulance station"), ("康复中心", "Rehabilitation centre"), ("疾控实验室", "Health laboratory"), ("社区诊所", "Neighbourhood clinic"),
      ("托育中心", "Day nursery"), ("远程诊疗平台", "Telemedicine"))),
    (("民政局", "Welfare Office"),
     (("养老服务覆盖", "Help for the old in every town"), ("困难群众兜底", "Let nobody fall through"), ("社区服务设施达标", "A community house in every quarter"),
      ("残疾人出行无障碍", "Steps out of the way"), ("志愿服务活跃", "More people who lend a hand")),
     (("养老床位", "Beds for the old", "张", "beds", 0, "last", UP, 260), ("助餐人次", "Meals brought", "人次", "meals", 0, "sum", UP, 3400),
      ("救助办理天数", "Days until help comes", "天", "days", 1, "mean", DOWN, 9), ("志愿服务时长", "Hours lent by volunteers", "小时", "h", 0, "sum", UP, 2100)),
     (("养老院改造", "Old people's home renewal"), ("社区食堂", "Community kitchen"), ("社区服务站", "Community house"), ("无障碍改造", "Step-free streets"), ("救助站", "Shelter"),
      ("日间照料中心", "Day centre"), ("儿童之家", "Children's house"))),
    (("文化旅游局", "Culture Office"),
     (("公共文化场馆免费开放", "Museums and libraries open to all"), ("文旅融合发展", "Let visitors stay longer"), ("文物保护利用", "Keep what is old, and use it"),
      ("群众文化活动", "More to join in"), ("旅游服务提质", "Better welcomes")),
     (("接待游客", "Visitors", "万人次", "10,000", 2, "sum", UP, 11), ("旅游收入", "Spent by visitors", "万元", "¥10,000", 1, "sum", UP, 640),
      ("场馆开放天数", "Days open", "天", "days", 0, "sum", UP, 25), ("游客投诉", "Complaints", "件", "cases", 0, "sum", DOWN, 12)),
     (("博物馆展陈", "Museum galleries"), ("文化中心", "Arts centre"), ("古渡遗址保护", "Ferry ruins"), ("游客中心", "Visitor centre"), ("灯塔修缮", "Lighthouse repair"),
      ("露营地", "Camping ground"), ("剧场改造", "Theatre renewal"))),
    (("科技人才局", "Skills Office"),
     (("创新平台建设", "Places where new things are made"), ("稳定就业", "Keep people in work"), ("技能培训", "Teach new skills"), ("青年人才引进", "Draw young people here"),
      ("科技成果转化", "Bring ideas into workshops")),
     (("新增就业", "People who found work", "人", "people", 0, "sum", UP, 190), ("培训人次", "People trained", "人次", "people", 0, "sum", UP, 240),
      ("研发投入", "Spent on research", "万元", "¥10,000", 1, "sum", UP, 96), ("登记失业率", "Unemployment", "%", "%", 2, "mean", DOWN, 3)),
     (("创业中心", "Start-up house"), ("技能培训基地", "Training centre"), ("人才公寓", "Homes for newcomers"), ("联合实验室", "Shared laboratory"), ("数据中心", "Data centre"),
      ("就业服务大厅", "Job centre"), ("中试基地", "Pilot plant"))),
)

STUCK = 3  # the office that holds others up, so that it can be seen who does

FIELDS = (("建设任务", "Building"), ("服务和管理", "Services and care"))
STEPS = (("前期手续", "Permits", 0, 18), ("土建施工", "Building works", 18, 60), ("设备安装", "Fitting out", 60, 85), ("验收移交", "Taking over", 85, 100))
CONDITIONS = (4, 4, 3, 3, 3)
WATCHES = ("landing", "start", "progress", "support", "opening")
ENDS = ((1, 12, 31), (2, 6, 30), (2, 12, 31), (4, 12, 31))  # years on, month, day
MARKS = ((82, 74, 70, 85, 78), (76, 70, 66, 80, 72))
SEASON = (0.72, 0.68, 0.94, 1.0, 1.06, 1.14, 1.04, 1.0, 1.08, 1.1, 1.08, 1.16)
SOURCES = (("区级财政", "District budget"), ("银行贷款", "Bank loan"), ("专项补助", "Grant"))
# What is asked from above: level, by whom, by which paper, how much, and which goals (office, goal) take over how much.
ABOVE = (
    ("city", ("市住房和城乡建设委员会", "City housing board"), ("改造老旧住房", "Renew old homes"), ("城市更新三年计划", "Three-year plan for the city's renewal"),
     6000, ("套", "homes"), (((4, 0), 4200), ((4, 2), 1200))),
    ("city", ("市环境委员会", "City environment board"), ("空气优良天数", "Days of good air"), ("清洁空气行动计划", "Clean air plan"), 300, ("天", "days"), (((5, 0), 310),)),
    ("city", ("市水务委员会", "City water board"), ("供水管网漏损治理", "Stop leaks in the mains"), ("节水规划", "Water saving plan"), 0, ("", ""), (((6, 4), 100),)),
    ("province", ("省卫生健康部门", "Provincial health office"), ("乡镇医疗能力达标", "Town clinics up to standard"), ("基层卫生纲要", "Outline for town clinics"), 0, ("", ""),
     (((9, 3), 60), ((9, 0), 15))),
    ("province", ("省教育部门", "Provincial education office"), ("新增公办学位", "New public school places"), ("基础教育行动", "School places programme"), 900, ("个", "places"), ()),
    ("national", ("", ""), ("近海水质改善", "Cleaner coastal water"), ("海洋环境规划", "Plan for the sea"), 0, ("", ""), (((5, 1), 40),)),
)
# Programmes, and what each states: subject, until which year, how much, where, for what.
PROGRAMMES = (
    (("国土空间规划", "Land use plan"), ("规划局", "Planning Office"), (
        (("滨水公园", "Waterside park"), 2, 40, ("公顷", "ha"), ("滨海新区/东岸", "Harbour District/East shore"), ("公园绿地", "Park")),
        (("环湾公路东段", "Bay road, east"), 2, 12, ("公里", "km"), ("滨海新区/东岸", "Harbour District/East shore"), ("道路", "Road")),
        (("货运停车场", "Lorry park"), 3, 6, ("公顷", "ha"), ("滨海新区/港区", "Harbour District/Port"), ("物流", "Freight")))),
    (("综合交通规划", "Transport plan"), ("交通局", "Transport Office"), (
        (("环湾公路东段", "Bay road, east"), 3, 12, ("公里", "km"), ("滨海新区/东岸", "Harbour District/East shore"), ("道路", "Road")),
        (("货运停车场", "Lorry park"), 3, 9, ("公顷", "ha"), ("滨海新区/港区", "Harbour District/Port"), ("物流", "Freight")))),
    (("生态保护规划", "Nature plan"), ("环境局", "Environment Office"), (
        (("东岸湿地", "East shore wetland"), 4, 55, ("公顷", "ha"), ("滨海新区/东岸", "Harbour District/East shore"), ("湿地保护", "Nature reserve")),)),
)


# What each procedure tells, from a file of its own: a function of the district that gives records. Lines are known by
# their refs: goals "g0-3-1" (office 3, goal 1), fields "g0-3-1-0", projects "p0-3-12", their milestones "p0-3-12-2".
PROCEDURES = (supervision, campaigns, reviews, visits, rectifications, studies, policies, risks)


class District:
    """records() gives what stands in the file. People are e-mails: who leads lines, who heads an office, who checks, and
    the editor who proposes. `times` makes it so many times as large."""

    def __init__(self, today, lang="en", leads=(), heads=(), inspector="", keeper="", times=1, seed=7):
        self.today, self.zh, self.leads, self.heads = today, lang == "zh", list(leads), list(heads)
        self.inspector, self.keeper, self.times = inspector, keeper, times
        self.dice, self.clock = random.Random(seed), random.Random(seed + 1)
        self.year = datetime.date(today.year, 1, 1)
        self.offices, self.stuck = [office[0] for office in OFFICES], STUCK
        self.figures = {}  # of indicators by ref: what is known, its places, whether more is better

    def say(self, pair):
        return pair[0] if self.zh else pair[1]

    def day(self, date):
        return date.isoformat()

    def on(self, date):
        """What follows happened that day, and no later than today."""
        return {"on": self.day(min(date, self.today))}

    def in_town(self, pair, town, part):
        """A name with its town; `part` tells apart what a larger district has many of."""
        text = f"{self.say(town)}{pair[0]}" if self.zh else f"{pair[1]}, {town[1]}"
        if not part:
            return text
        return f"{text}（{part + 1}期）" if self.zh else f"{text} ({part + 1})"

    def records(self):
        yield {"take": "unit", "name": self.say(("滨海新区", "Harbour District")), "head": self.leads[0], "members": self.leads}
        for i, office in enumerate(OFFICES):
            yield {"take": "unit", "name": self.say(office[0]), "part_of": self.say(("滨海新区", "Harbour District")),
                   "head": self.heads[i % len(self.heads)]}
        for part in range(self.times):
            for i, office in enumerate(OFFICES):
                yield from self.office(i, office, part)
                yield self.on(self.today)
        yield from self.above()
        yield from self.programmes()
        for procedure in PROCEDURES:
            yield from procedure(self)
            yield self.on(self.today)

    def above(self):
        for n, (level, body, title, document, quantity, measure, takings) in enumerate(ABOVE):
            yield {"take": "higher", "ref": f"h{n}", "title": self.say(title), "level": level, "body": self.say(body), "document": self.say(document),
                   "quantity": quantity, "measure": self.say(measure), "due": self.day(self.year.replace(year=self.year.year + 2, month=12, day=31))}
            for (office, goal), amount in takings:
                yield {"take": "take over", "higher": f"h{n}", "line": f"g0-{office}-{goal}", "amount": amount}

    def programmes(self):
        for n, (name, body, statements) in enumerate(PROGRAMMES):
            yield {"take": "programme", "ref": f"n{n}", "name": self.say(name), "area": self.say(("滨海新区", "Harbour District")), "body": self.say(body)}
            for subject, years, size, measure, place, use in statements:
                yield {"take": "statement", "programme": f"n{n}", "subject": self.say(subject), "least": size, "most": size, "measure": self.say(measure),
                       "place": self.say(place), "use": self.say(use),
                       "last": self.day(self.year.replace(year=self.year.year + years, month=12, day=31))}

    def lead(self, i):
        return self.leads[i % len(self.leads)]

    def office(self, i, office, part):
        unit, goals, measures, works = office
        fields = []
        for g, goal in enumerate(goals):
            ref = f"g{part}-{i}-{g}"
            begins = self.year.replace(year=self.year.year - 1)
            end = self.dice.choices([begins.replace(year=begins.year + y, month=m, day=d) for y, m, d in ENDS], (2, 5, 8, 5))[0]
            yield {"take": "line", "ref": ref, "kind": "goal", "title": self.say(goal) + (f" {part + 1}" if part else ""),
                   "unit": self.say(unit), "lead": self.lead(i), "begins": self.day(begins), "due": self.day(end)}
            for f, field in enumerate(FIELDS):
                fields.append(f"{ref}-{f}")
                yield {"take": "line", "ref": fields[-1], "kind": "field", "title": self.say(field), "part_of": ref,
                       "unit": self.say(unit), "lead": self.lead(i + f), "begins": self.day(begins), "due": self.day(end), "weight": 2 - f,
                       "progress": self.dice.randint(45, 95)}
        for m, measure in enumerate(measures):
            for t, town in enumerate((("全区", "the district"), *TOWNS)):
                yield from self.indicator(i, unit, measure, town, fields[2 * m + 1], t, f"i{part}-{i}-{m}-{t}", part)
        extra = measures[0]
        yield from self.indicator(i, unit, (*(f"{w}{s}" for w, s in zip(extra[:2], ("（城区）", " in the city"))), *extra[2:]),
                                  TOWNS[0], fields[1], 1, f"i{part}-{i}-x", part)
        count = 34 if i < 4 else 33
        for p in range(count):
            work, town = works[p % len(works)], TOWNS[p // len(works) % len(TOWNS)]
            yield from self.project(i, unit, self.in_town(work, town, part), fields[2 * (p % 5)], f"p{part}-{i}-{p}")

    # --- indicators -----------------------------------------------------------------------------------------

    def indicator(self, i, unit, measure, town, part_of, t, ref, part):
        zh, en, unit_zh, unit_en, places, fold, direction, size = measure
        if fold == "sum" and t == 0:
            size *= len(TOWNS)
        yield {"take": "line", "ref": ref, "kind": "indicator", "title": self.in_town((zh, en), town, part), "part_of": part_of,
               "unit": self.say(unit), "lead": self.lead(i + t)}
        first = self.year.year - 2
        yield {"take": "indicator", "line": ref, "measure": unit_zh if self.zh else unit_en, "places": places, "fold": fold,
               "direction": direction, "begins": f"{first}-01", "due_day": 10}
        values = self.series(size, fold, direction)
        known = 24 + self.today.month - (1 if self.today.day > 10 else 2)
        if self.dice.random() < 0.06:
            known -= 1  # not told yet
        self.figures[ref] = (values[:known], places, direction == UP)
        yield {"take": "actuals", "line": ref, "from": f"{first}-01", "values": [f"{v:.{places}f}" for v in values[:known]]}
        year = values[24:]
        whole = sum(year) if fold == "sum" else sum(year) / 12 if fold == "mean" else year[-1]
        want = whole * self.dice.choice((0.94, 0.97, 0.99, 1.0, 1.02, 1.05, 1.12)) if direction == UP else \
            whole * self.dice.choice((1.06, 1.03, 1.01, 1.0, 0.97, 0.9))
        yield {"take": "target", "line": ref, "year": self.year.year, "whole": f"{min(want, 100) if unit_en == '%' else want:.{places}f}",
               "split": "seasonal" if fold == "sum" else "even"}
        if t == 0 and fold != "sum":
            for name, times in ((("全国", "National"), self.dice.uniform(0.9, 1.08)), (("全市", "City"), self.dice.uniform(0.93, 1.06))):
                yield {"take": "benchmark", "line": ref, "name": self.say(name), "from": f"{self.year.year}-01",
                       "values": [f"{v * times:.{places}f}" for v in year[:max(known - 24, 0)]]}

    def series(self, size, fold, direction):
        """Three years of months: a trend, seasons where months add up, and what nobody foresaw."""
        size *= self.dice.uniform(0.75, 1.3)
        trend = self.dice.gauss(0.05, 0.03) * (1 if direction == UP else -1)
        values = []
        for month in range(36):
            value = size * (1 + trend * month / 12) * self.dice.gauss(1, 0.04 if fold == "sum" else 0.015)
            values.append(max(value * (SEASON[month % 12] if fold == "sum" else 1), 0))
        return [min(v, 100) for v in values] if 20 < size <= 130 and fold != "sum" else values

    # --- projects -------------------------------------------------------------------------------------------

    def project(self, i, unit, title, part_of, ref):
        dice = self.dice
        length = dice.randint(200, 620)
        begins = self.today - datetime.timedelta(days=dice.randint(-20, 480))
        ends = begins + datetime.timedelta(days=length)
        planned = max(0, min(100, 100 * (self.today - begins).days // length))
        lag = dice.choices((0, 6, 15, 30), (12, 18, 34, 36) if i == STUCK else (62, 32, 6, 0))[0]
        reached = 100 if planned >= 100 and dice.random() < (0.45 if i == STUCK else 0.95) else max(0, min(planned - lag, 97))
        lead = self.lead(i + dice.randint(0, 2))
        proposed = min(begins - datetime.timedelta(days=self.clock.randint(60, 90)), self.today - datetime.timedelta(days=self.clock.randint(2, 40)))
        yield self.on(proposed)
        yield {"take": "line", "ref": ref, "kind": "project", "title": title, "part_of": part_of, "unit": self.say(unit), "lead": lead,
               "begins": self.day(begins), "due": self.day(ends), "state": "proposed"}
        yield {"take": "project", "line": ref, "act": "propose", "class": dice.choice(("special", "key", "key"))}
        fate = dice.random()
        others = [p for p in (*self.leads, self.inspector) if p not in (lead, self.keeper)]
        if begins > self.today and fate < 0.6:
            return  # still waits for its marks
        for by, marks in zip(others, MARKS):
            yield {"take": "marks", "line": ref, "by": by, "marks": [max(0, min(100, m + dice.randint(-8, 8))) for m in marks]}
        yield self.on(proposed + datetime.timedelta(days=self.clock.randint(10, 40)))
        yield {"take": "project", "line": ref, "act": "admit", "by": others[-1]}
        yield from self.account(ref, begins, reached)
        yield from self.milestones(ref, unit, lead, begins, length, reached)
        yield {"take": "freeze", "line": ref, "name": self.say(("年初计划", "Plan of the year"))}
        if begins > self.today:
            return
        yield self.on(begins)
        yield {"take": "project", "line": ref, "act": "start", "by": lead}
        course = [*self.ends(ref, begins, length, reached, lag), *self.watches(ref, lead, begins, length, reached)]
        for day, record in sorted(course, key=lambda one: one[0]):  # in each of the two the days never go back
            yield self.on(day)
            yield record
        yield self.on(self.today)
        yield {"take": "change", "line": ref, "progress": reached}
        if fate > 0.985:
            yield {"take": "project", "line": ref, "act": "suspend", "by": others[-1], "why": self.say(("用地调整，暂缓实施。", "Waits for its land."))}
        elif reached == 100:
            yield {"take": "project", "line": ref, "act": "finish", "by": others[-1]}
        elif lag >= 15 and dice.random() < 0.5:
            late = ends + datetime.timedelta(days=dice.randint(10, 60))
            yield {"take": "change", "line": ref, "due": self.day(late), "why": self.say(("雨季影响工期。", "The rains held work up."))}

    def steps(self, begins, length, reached):
        """Number, first and last day, and progress of each milestone."""
        for s, (_, _, start, end) in enumerate(STEPS):
            yield (s, begins + datetime.timedelta(days=length * start // 100 + (s > 0)), begins + datetime.timedelta(days=length * end // 100),
                   max(0, min(100, 100 * (reached - start) // (end - start))))

    def milestones(self, ref, unit, lead, begins, length, reached):
        before = None
        for s, first, last, done in self.steps(begins, length, reached):
            zh, en, start, end = STEPS[s]
            name = f"{ref}-{s}"
            yield {"take": "line", "ref": name, "kind": "milestone", "title": zh if self.zh else en, "part_of": ref, "unit": self.say(unit),
                   "lead": lead, "begins": self.day(first), "due": self.day(last), "progress": done, "weight": end - start}
            if before:
                yield {"take": "link", "before": before, "after": name}
            before = name

    def ends(self, ref, begins, length, reached, lag):
        """The milestones that are done, each with its day: what lags ends late."""
        day = begins
        for s, _, last, done in self.steps(begins, length, reached):
            if done < 100:
                return
            late = self.clock.randint(5, 5 + length * lag // 100) if lag else self.clock.randint(-4, 3)
            day = min(self.today, max(day + datetime.timedelta(days=3), last + datetime.timedelta(days=late)))
            yield day, {"take": "change", "line": f"{ref}-{s}", "state": "done"}

    def watches(self, ref, lead, begins, length, reached):
        """What was done in the watches, each with its day."""
        free = begins
        for w, watch in enumerate(WATCHES):
            planned = begins + datetime.timedelta(days=length * (w * 22 + 8) // 100)
            yield begins, {"take": "watch", "line": ref, "watch": watch, "act": "plan", "day": self.day(planned)}
        for w, watch in enumerate(WATCHES):
            if reached < w * 22 + 10 and reached < 100:
                return
            planned = begins + datetime.timedelta(days=length * (w * 22 + 8) // 100)
            actual = min(self.today, max(free, planned + datetime.timedelta(days=self.dice.randint(-6, 14))))
            waits = reached < 100 and self.dice.random() >= 0.9
            if waits:
                actual = max(actual, self.today - datetime.timedelta(days=self.clock.randint(1, 12)))
            for condition in range(CONDITIONS[w]):
                yield actual, {"take": "watch", "line": ref, "watch": watch, "act": "meet", "condition": condition, "by": lead,
                               "words": self.say(("现场记录和批复文件已归档", "On file with the site's record"))}
            yield actual, {"take": "watch", "line": ref, "watch": watch, "act": "report", "by": lead, "day": self.day(actual)}
            if waits:
                return  # for the inspector
            free = min(self.today, actual + datetime.timedelta(days=self.clock.randint(1, 9)))
            yield free, {"take": "watch", "line": ref, "watch": watch, "act": "pass", "by": self.inspector,
                         "words": self.say(("现场核查属实。", "Seen on the spot."))}

    def account(self, ref, begins, reached):
        total = self.dice.randint(60, 9000) * 10000
        for s, source in enumerate(SOURCES):
            share = total * (6 - 2 * s) // 12
            yield {"take": "entry", "line": ref, "kind": "planned", "name": self.say(("年度投资", "Works")), "source": self.say(source),
                   "amount": f"{share}.00", "day": self.day(begins)}
            if reached and begins <= self.today:
                yield {"take": "entry", "line": ref, "kind": "paid", "name": self.say(("工程款", "Works")), "source": self.say(source),
                       "amount": f"{share * min(100, reached + self.dice.randint(-6, 6)) // 100 if reached > 6 else share * reached // 100}.00",
                       "day": self.day(min(self.today, begins + datetime.timedelta(days=30)))}
        yield {"take": "entry", "line": ref, "kind": "land", "name": self.say(("建设用地", "Building land")), "state": "held" if reached > 10 else "asked",
               "day": self.day(min(begins, self.today)), "due": self.day(begins)}
        yield {"take": "entry", "line": ref, "kind": "permit", "name": self.say(("施工许可", "Building permit")), "state": "held" if reached > 15 else "wanted",
               "day": self.day(min(begins, self.today)), "due": self.day(begins)}


def write(path, district):
    with open(path, "w", encoding="utf-8") as out:
        for record in district.records():
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
