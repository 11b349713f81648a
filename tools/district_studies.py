"""Study sessions of the invented district over the year: held and recorded ones of the district itself and of two offices, one
whose record waits for its chair, one that was called off. The session of this week is prepared from papers that are in the
library by then, by those who sign in (town.py).
"""

import datetime

# What was studied and what was decided: title of the item, what became of it, which office does it.
ITEMS = (
    (("学习安全生产有关要求，研究我区排查安排", "Safety at work: what is asked of us, and where to look first"),
     ("本月内完成重点场所安全排查", "Look over all crowded places this month"), 3),
    (("学习优化营商环境文件", "Papers on making business easier"), ("梳理审批事项，压减材料三成", "Ask for a third fewer papers in applications"), 0),
    (("学习水污染防治要求", "Keeping rivers clean"), ("对古渡河段排口逐一编号", "Number every outfall at Oldferry"), 4),
    (("学习防汛工作部署", "Getting ready for high water"), ("汛前完成东堤巡查", "Walk the east dyke before the rains"), 5),
    (("学习乡村道路建管办法", "Rules for country roads"), ("建立村路管护台账", "List who keeps which village road"), 2),
    (("学习为基层减负若干措施", "Less paperwork for towns"), ("取消两张重复报表", "Drop two forms that ask the same"), 9),
)


class Session:
    def __init__(self, district, number, unit, lead, ago):
        self.d, self.ref, self.unit, self.lead, self.ago = district, f"s{number}", unit, lead, ago
        self.item, self.decision, self.office = ITEMS[number % len(ITEMS)]

    def date(self, ago):
        return self.d.today - datetime.timedelta(days=max(0, ago))

    def act(self, act, ago, **more):
        yield self.d.on(self.date(ago))
        yield {"take": "study act", "line": self.ref, "act": act, **more}

    def prepared(self, lead_time=7):
        d = self.d
        yield d.on(self.date(self.ago + lead_time))
        day = self.date(self.ago)
        yield {"take": "study", "ref": self.ref, "title": d.say((f"“第一议题”学习会（{day:%m 月 %d 日}）", f"First-item session of {day:%d %B}")),
               "unit": self.unit, "lead": self.lead, "due": d.day(day), "place": d.say(("三楼会议室", "Room 3"))}
        yield {"take": "study item", "line": self.ref, "title": d.say(self.item)}

    def held(self, present, excused=()):
        yield self.d.on(self.date(self.ago))
        yield {"take": "study presence", "line": self.ref, "present": list(present), "excused": list(excused)}
        yield {"take": "study act", "line": self.ref, "act": "hold"}

    def decided(self):
        yield {"take": "study decision", "line": self.ref, "item": 2, "title": self.d.say(self.decision),
               "unit": self.d.say(self.d.offices[self.office]), "lead": self.d.lead(self.office), "begins": self.d.day(self.date(self.ago)),
               "due": self.d.day(self.date(self.ago - 45)), "progress": min(100, max(0, self.ago))}

    def written(self, ago):
        yield from self.act("write", ago, words=self.d.say((
            "会议传达学习了有关文件，与会同志结合分管工作作了发言，议定事项一项，由责任单位限期落实。",
            "The papers were read and spoken about; one thing was decided, which the office named does by its day.")))


def studies(district):
    """Records of all, for the district's file."""
    whole, number = district.say(("滨海新区", "Harbour District")), 0
    for ago in (200, 168, 139, 105, 70, 41):
        session = Session(district, number, whole, district.leads[0], ago)
        yield from session.prepared()
        yield from session.held(district.leads[:-1] or district.leads, district.leads[-1:] if number % 2 else ())
        yield from session.decided()
        yield from session.written(ago - 1)
        yield from session.act("confirm", ago - 2, by=district.leads[0])
        number += 1
    for office in (2, 9):
        unit, head = district.say(district.offices[office]), district.heads[office % len(district.heads)]
        session = Session(district, number, unit, district.lead(office), 6 if office == 2 else 20)
        yield from session.prepared()
        if office == 2:
            yield from session.held([head, district.lead(office)])
            yield from session.written(5)
        else:
            yield from session.act("call-off", 24, words=district.say(("与区里集中学习合并。", "Joined with the district's own.")))
        number += 1
