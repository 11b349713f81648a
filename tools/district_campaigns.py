"""Two campaigns of the invented district, told day by day: one of 60 days in its sixth week, which is on course but for the
office that lets things lie, and one of 100 days that ends next week. Work goes on on weekdays; one line joined late, one
was taken out, and the aim of one was lowered, each with its reason.
"""

import datetime
import random

# Name, by whom it is run (office), days, days gone, ranked by and what, and its lines: (office, goal), what, aim, points.
CAMPAIGNS = (
    (("项目要素保障双月攻坚", "Sixty days for land, permits and mains"), 0, 60, 37, ("share", "units"), (
        ((2, 0), ("滨海北路征地交付", "Land for Shore Road North"), 100, 3, ("净地移交施工单位", "Cleared land is handed to the builder")),
        ((3, 1), ("东岸雨水管网手续办结", "Permits for the east shore's drains"), 100, 2, ("取得施工许可", "The building permit is held")),
        ((5, 1), ("河湾监测站供电接入", "Power for the bay's measuring station"), 90, 1, ("", "")),
        ((1, 2), ("数字化车间改造首批签约", "First contracts for digital workshops"), 80, 2, ("签约 12 家", "Twelve firms have signed")),
        ((6, 0), ("供水主管迁改", "Moving the water main"), 100, 3, ("临时管线通水", "The temporary main carries water")),
        ((3, 0), ("老旧小区改造意见征集", "Asking the tenants of old estates"), 100, 1, ("同意率达到三分之二", "Two thirds agree")),
        ((8, 3), ("镇卫生院扩建用地预审", "Site check for the town clinic"), 100, 2, ("", "")),
        ((7, 0), ("古渡小学临时校舍", "Rooms for Oldferry school meanwhile"), 90, 2, ("开学前可用", "Ready before term begins")),
        ((0, 3), ("变电站扩建选址论证", "Choice of the substation's site"), 70, 1, ("", "")),
        ((10, 2), ("古渡遗址保护范围划定", "Bounds of the ferry ruins"), 80, 1, ("", "")),
        ((9, 2), ("社区服务站房屋移交", "Rooms for community houses"), 100, 1, ("六处全部移交", "All six are handed over")),
        ((11, 0), ("联合实验室设备进场", "Equipment for the shared laboratory"), 90, 2, ("", "")),
    )),
    (("年度项目竣工百日攻坚", "A hundred days to finish the year's works"), 3, 100, 93, ("reached", "units"), (
        ((3, 3), ("滨水公园二期竣工", "Waterside park, second part"), 100, 3, ("开放试运行", "Open on trial")),
        ((2, 1), ("松岭乡道大修", "Pine Ridge road repair"), 100, 2, ("", "")),
        ((2, 2), ("公交首末站启用", "Bus terminus opens"), 100, 2, ("三条线路进站", "Three lines call there")),
        ((5, 3), ("湿地补水渠完工", "Channel that feeds the wetland"), 95, 2, ("", "")),
        ((6, 2), ("东堤加固闭合", "East dyke is closed"), 100, 3, ("汛前达标", "Up to standard before high water")),
        ((7, 1), ("校舍加固收尾", "Last of the school repairs"), 100, 2, ("", "")),
        ((4, 0), ("监测网络联调", "Measuring network runs as one"), 90, 1, ("", "")),
        ((9, 0), ("养老院消防改造", "Fire safety of old people's homes"), 100, 2, ("通过验收", "Passed by the fire service")),
        ((10, 0), ("博物馆展陈布展", "Galleries of the museum"), 90, 1, ("", "")),
        ((8, 0), ("急救站设备安装", "Fitting out the ambulance station"), 100, 2, ("", "")),
        ((1, 3), ("余热回收并网", "Waste heat joins the main"), 85, 2, ("", "")),
        ((6, 4), ("盐田管网更新", "Saltfields mains renewed"), 100, 2, ("漏损率降到一成以下", "Less than a tenth is lost")),
        ((11, 2), ("实训基地设备到位", "Training centre is equipped"), 100, 1, ("", "")),
        ((3, 4), ("老街立面修缮", "Fronts of the old street"), 80, 1, ("", "")),
    )),
)


class Campaign:
    """Its lines and how they move; chance hangs on its number alone."""

    def __init__(self, district, number):
        self.d, self.dice, self.number = district, random.Random(60 + number), number
        self.title, self.office, self.days, self.gone, self.rank, self.lines = CAMPAIGNS[number]
        self.first = district.today - datetime.timedelta(days=self.gone - 1)
        self.ref, self.at = f"a{number}", [self.dice.choice((0, 0, 5, 10, 20)) for _ in self.lines]

    def act(self, act, **more):
        return {"take": "campaign", "line": self.ref, "act": act, **more}

    def join(self, n):
        _, _, aim, points, goal = self.lines[n]
        return self.act("add", lines=[f"{self.ref}-{n}"], aim=aim, points=points, goal=self.d.say(goal))

    def prepared(self):
        """The campaign and its lines, a week before it starts; the last line joins later."""
        d, last = self.d, self.first + datetime.timedelta(days=self.days - 1)
        yield d.on(self.first - datetime.timedelta(days=7))
        yield {"take": "line", "ref": self.ref, "kind": "campaign", "title": d.say(self.title), "unit": d.say(d.offices[self.office]),
               "lead": d.lead(self.office), "begins": d.day(self.first), "due": d.day(last), "state": "proposed"}
        for n, ((office, goal), title, _, _, _) in enumerate(self.lines):
            yield {"take": "line", "ref": f"{self.ref}-{n}", "kind": "milestone", "title": d.say(title), "part_of": f"g0-{office}-{goal}-0",
                   "unit": d.say(d.offices[office]), "lead": d.lead(office), "begins": d.day(self.first), "due": d.day(last), "weight": 0.2,
                   "progress": self.at[n]}
            if n < len(self.lines) - 1:
                yield self.join(n)
        yield self.act("rank", rule=self.rank[0], over=self.rank[1])

    def pace(self, n, day):
        """How many points a line moves on a day, so that most arrive a little before the end."""
        left = max(1, self.days - (day - self.first).days - 4)
        even = (self.lines[n][2] - self.at[n]) * 7 / 5 / left
        stuck = self.lines[n][0][0] == self.d.stuck
        return round(even * self.dice.choice((0, 0, 1, 4)) * self.dice.uniform(0.7, 1.4) * (0.35 if stuck else 1))

    def moved(self, day):
        for n, line in enumerate(self.lines):
            step = self.pace(n, day) if day.weekday() < 5 else 0
            if step > 0 and self.at[n] < line[2]:
                self.at[n] = min(line[2], self.at[n] + step)
                yield {"take": "change", "line": f"{self.ref}-{n}", "progress": self.at[n]}

    def turns(self, gone):
        """What was decided on the way."""
        last = len(self.lines) - 1
        if gone == 12:
            yield self.join(last)
        if gone == 20:
            yield self.act("aim", lines=[f"{self.ref}-4"], aim=max(self.lines[4][2] - 10, self.at[4] + 5), points=self.lines[4][3],
                           goal=self.d.say(self.lines[4][4]), why=self.d.say(("外协设备推迟到货。", "A supplier delivers later.")))
        if gone == 30:
            yield self.act("take-out", lines=[f"{self.ref}-8"], why=self.d.say(("并入省级方案统一实施。", "Is done within the province's scheme.")))

    def told(self):
        yield from self.prepared()
        for gone in range(self.gone):
            day = self.first + datetime.timedelta(days=gone)
            yield self.d.on(day)
            if gone == 0:
                yield self.act("start")
            yield from self.turns(gone)
            yield from self.moved(day)
            if day < self.d.today:
                yield {"take": "campaign day", "line": self.ref}


def campaigns(district):
    """Records of both, for the district's file."""
    for number in range(len(CAMPAIGNS)):
        yield from Campaign(district, number).told()
