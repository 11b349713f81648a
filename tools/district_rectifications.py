"""What the invented district found wrong and puts right: problems in every state, most of them struck off over the year, two
of them come back: one said to be the same again, one still to be decided.
"""

import datetime

# Office, sort, where it was found, title, problem, cause, measure. Texts as an office writes them.
PROBLEMS = (
    (2, "service", "inspection", ("许可窗口办件超期", "Permits issued late"),
     ("道路占用许可窗口办件超期，企业反复催办。", "Permits to open a road are issued late, and firms ask again and again."),
     ("窗口只有一人，请假无人替班。", "One person keeps the counter; nobody deputises."),
     ("每个窗口定一名替班人，每周公布办结用时。", "Name a deputy for each counter; publish the days taken every week.")),
    (3, "safety", "sweep", ("东港市场消防通道堵塞", "Fire lane of Eastport market blocked"),
     ("市场消防通道被货箱占用，卷帘门打不开。", "Crates stand in the market's fire lane; its shutter does not open."),
     ("市场管理方夜间不巡查。", "The market's keepers do not walk round at night."),
     ("划线清障，夜间巡查签到。", "Mark and clear the lane; sign for a round each night.")),
    (4, "environment", "inspection", ("古渡河段排口未封堵", "Outfall at Oldferry left open"),
     ("古渡河段一处废弃排口未按期封堵，雨天冒污水。", "A disused outfall on the river at Oldferry was not closed in time; foul water comes out in rain."),
     ("原权属单位已撤并，无人接手。", "The owner was dissolved, and nobody took it over."),
     ("由水务局接管并封堵，列入巡河清单。", "The water office takes it over, closes it and puts it on its round.")),
    (0, "funds", "own", ("惠企补贴拨付滞后", "Grants to firms paid late"),
     ("第一批惠企补贴资金拨付滞后两个月。", "The first grants to firms were paid two months late."),
     ("两个科室重复审核同一份材料。", "Two sections check the same papers."),
     ("合并审核环节，限五个工作日拨付。", "Check once; pay within five working days.")),
    (9, "conduct", "circular", ("基层报表重复报送", "Towns report the same figures twice"),
     ("同一数据要求乡镇向三个科室重复报送。", "Towns must send the same figures to three sections."),
     ("科室之间不共享数据。", "Sections do not share data."),
     ("取消两张报表，数据一次采集。", "Drop two forms; gather figures once.")),
    (6, "quality", "inspection", ("盐田村路混凝土强度不足", "Weak concrete on Saltfields road"),
     ("盐田村路抽检两处混凝土强度不足。", "Two samples of the road at Saltfields were too weak."),
     ("养护时间不足即开放通行。", "It was opened before it had cured."),
     ("返工两处，开放前须附养护记录。", "Redo both places; no opening without the record of curing.")),
    (7, "safety", "sweep", ("校车座位安全带损坏", "Broken seat belts in school buses"),
     ("三辆校车十一个座位安全带损坏。", "Eleven seat belts in three school buses are broken."),
     ("检修只查发动机，不查座舱。", "Service looks at engines and not at seats."),
     ("检修单增加座舱项目，每月抽查。", "Add seats to the service sheet; spot checks every month.")),
    (8, "rules", "paper", ("急救药品效期无登记", "No record of when first-aid drugs expire"),
     ("北岸急救站药品效期没有登记，过期两种。", "The Northshore station keeps no record of expiry; two drugs were out of date."),
     ("交接班不核对药箱。", "The box is not checked when shifts change."),
     ("药箱双人核对，效期上墙。", "Two people check the box; dates hang on the wall.")),
    (1, "duty", "own", ("企业安全承诺未公示", "Firms' safety pledges not posted"),
     ("辖区六家企业未公示安全承诺。", "Six firms have not posted their safety pledge."), ("无人督促。", "Nobody asked."),
     ("逐户上门，月底前全部公示。", "Call on each; all posted by the end of the month.")),
    (5, "environment", "inspection", ("水源地围网破损", "Fence of the springs broken"),
     ("盐田水源地围网破损三处，有人进入垂钓。", "The fence of the springs at Saltfields has three holes; people fish inside."),
     ("巡护员空缺四个月。", "There was no warden for four months."), ("补齐人员，修复围网。", "Hire a warden; mend the fence.")),
    (10, "service", "own", ("文化馆延时开放未落实", "Arts centre not open in the evening"),
     ("文化馆承诺的晚间延时开放没有落实。", "The arts centre promised evening hours and did not keep them."),
     ("排班未调整。", "Shifts were not changed."), ("重新排班，门口公示时间。", "Change shifts; post the hours at the door.")),
    (11, "funds", "circular", ("科研设备采购未验收即付款", "Equipment paid for before it was accepted"),
     ("两台实验设备未验收即支付全款。", "Two instruments were paid for in full before they were accepted."),
     ("付款审批不要求验收单。", "Payment needs no sheet of acceptance."), ("付款须附验收单，追补验收。", "No payment without the sheet; accept both now.")),
)
# The same again, in other words; the second of each names the first.
AGAIN = (
    (0, ("许可窗口再次超期", "Permits late again"),
     ("道路占用许可窗口办件又超期，企业多次催办无果。", "Permits to open a road are issued late once more; firms asked again and again in vain.")),
    (1, ("东港市场通道被占", "Lane of Eastport market in use again"),
     ("东港市场消防通道又被货箱占用。", "Crates stand in the fire lane of Eastport market again.")),
)
# How far each problem is, in the order of PROBLEMS: since how many days, within how many it was due and after how many said to be done.
FATES = (("struck", 250, 40, 31), ("struck", 214, 40, 36), ("struck", 187, 40, 28), ("struck", 151, 30, 44), ("struck", 120, 40, 33),
         ("verified", 28, 30, 18), ("shown", 22, 30, 18), ("returned", 30, 26, 20), ("working", 15, 30, 0), ("explained", 6, 25, 0),
         ("found", 2, 20, 0), ("dropped", 21, 30, 0))
STAGES = {"explained": 1, "working": 2, "shown": 3, "returned": 3, "verified": 4, "struck": 4}


class Problem:
    def __init__(self, district, number, ago):
        self.d, self.ref, self.ago = district, f"c{number}", ago
        (self.office, self.sort, self.origin, self.title, self.problem, self.cause, self.measure) = PROBLEMS[number]
        self.lead, self.head = district.lead(self.office), district.heads[self.office % len(district.heads)]

    def date(self, ago):
        return self.d.today - datetime.timedelta(days=max(0, ago))

    def record(self, due):
        yield self.d.on(self.date(self.ago))
        yield {"take": "rectification", "ref": self.ref, "title": self.d.say(self.title), "text": self.d.say(self.problem), "origin": self.origin,
               "sort": self.sort, "unit": self.d.say(self.d.offices[self.office]), "lead": self.lead, "due": self.d.day(self.date(self.ago - due)),
               "grave": self.sort == "safety"}

    def act(self, ago, act, by=None, words=None, **more):
        yield self.d.on(self.date(ago))
        record = {"take": "rectify", "line": self.ref, "act": act, **more}
        yield {**record, **({"by": by} if by else {}), **({"words": self.d.say(words)} if words else {})}

    def told(self, fate, due, done):
        """From the problem to where it stands."""
        far = STAGES.get(fate, 0)
        yield from self.record(due)
        if far >= 1:
            yield from self.act(self.ago - 3, "explain", self.head, self.cause)
        if far >= 2:
            yield from self.act(self.ago - 6, "plan", self.lead, self.measure)
        if far >= 3:
            yield from self.act(self.ago - done, "show", self.lead, ("已按措施整改到位。", "It is put right as planned."),
                                shown=self.d.say(("整改前后对比照片，第 3 号档案盒", "Photos from before and after, box 3")))
        if far >= 4:
            yield from self.act(self.ago - done - 4, "pass", self.d.inspector, ("现场核查，问题已消除。", "Seen on the spot; it is gone."))
        if fate == "struck":
            yield from self.act(self.ago - done - 6, "strike")
        if fate == "returned":
            yield from self.act(self.ago - done - 3, "return", self.d.inspector, ("抽查仍有两处未改。", "Two places were still as they had been."))
        if fate == "dropped":
            yield from self.act(self.ago - 4, "drop", words=("经核查不属实。", "It turned out not to be so."))


def rectifications(district):
    """Records of all, for the district's file."""
    for number, (fate, ago, due, done) in enumerate(FATES):
        yield from Problem(district, number, ago).told(fate, due, done)
    for n, (first, title, text) in enumerate(AGAIN):
        again = Problem(district, first, (26, 3)[n])
        again.ref, again.title, again.problem, again.origin = f"c-again{n}", title, text, "inspection"
        yield from again.told(("working", "found")[n], 30, 0)
        if n == 0:
            yield {"take": "recurrence", "line": again.ref, "earlier": f"c{first}", "again": True, "by": district.inspector}
