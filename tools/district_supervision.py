"""What the invented district has under supervision: undertakings in which one office comes after another, and matters of
one office. One office lets things lie: it signs late or not at all, and what comes after it waits. That is what the
bottlenecks have to point at.
"""

import datetime

DAYS = 18  # that a step of an undertaking is planned to take

# An undertaking: its goal (office, goal), what it is called, its steps (office, what), how many are done, and whether the
# next one lies with its office unsigned, is worked on, or waits to be checked.
JOINT = (
    ((2, 0), ("滨海北路贯通", "Shore Road North"),
     ((0, ("立项批复", "Approval")), (3, ("施工图审查", "Check of the drawings")), (5, ("管线迁改", "Moving the mains")), (2, ("路基施工", "Roadbed")),
      (4, ("噪声评估", "Noise survey")), (2, ("路面施工", "Paving")), (2, ("交付通车", "Open to traffic"))), 1, "unsigned"),
    ((3, 0), ("东港小区加装电梯", "Lifts for Eastport estate"),
     ((9, ("入户征求意见", "Asking the tenants")), (3, ("方案审查", "Check of the plan")), (0, ("资金拨付", "Paying the grant")), (1, ("设备采购", "Buying the lifts")),
      (3, ("安装施工", "Fitting them")), (9, ("交付使用", "Handing the keys over"))), 1, "unsigned"),
    ((8, 0), ("北岸急救站投用", "Northshore ambulance station"),
     ((3, ("用地规划核实", "Check of the site plan")), (8, ("选址论证", "Choice of the site")), (3, ("验收备案", "Building sign-off")), (8, ("人员到岗", "Staff in place")),
      (8, ("接诊投用", "First patients"))), 2, "late"),
    ((6, 4), ("盐田村路硬化", "Hard roads in Saltfields"),
     ((6, ("村民议定", "Vote of the villages")), (2, ("路线勘察", "Survey")), (6, ("施工", "Works")), (6, ("移交村集体", "Handing over to the villages"))), 3, "reported"),
    ((7, 0), ("古渡小学扩容", "More places at Oldferry school"),
     ((0, ("立项批复", "Approval")), (7, ("校舍腾挪", "Moving classes")), (3, ("加固施工", "Strengthening the walls")), (7, ("开学启用", "First lesson"))), 2, "unsigned"),
    ((10, 0), ("松岭灯塔开放", "Pine Ridge lighthouse opens"),
     ((10, ("文物评估", "Survey of the old tower")), (10, ("修缮施工", "Repair")), (10, ("对外开放", "Open to visitors"))), 3, ""),
)

# What each office has to see to: three of these, taken in turn.
MATTERS = (
    (("群众来信集中办理", "Answer the letters that piled up"), ("审批事项一次告知", "Say at once what an application lacks")),
    (("惠企资金兑付", "Pay firms what they were promised"), ("闲置资产盘活", "Put idle buildings to use")),
    (("窗口延时服务", "Keep the counter open after work"), ("历史遗留办证", "Settle old title deeds")),
    (("安全隐患整改回访", "Look again at what was unsafe"), ("数据共享接口开通", "Let offices read each other's data")),
)
# How far a matter is, by chance.
FATES = (("struck", 44), ("working", 24), ("reported", 10), ("again", 9), ("checked", 5), ("unsigned", 4), ("entered", 4))


class Telling:
    """Acts on lines, each with its day; never after today."""

    def __init__(self, district):
        self.d, self.dice = district, district.clock

    def date(self, days):
        return self.d.today - datetime.timedelta(days=days)

    def act(self, line, ago, act, by=None, **more):
        yield self.d.on(self.date(max(0, ago)))
        record = {"take": "supervise", "line": line, "act": act, **more}
        if by:
            record["by"] = by
        yield record

    def line(self, ref, part_of, title, office, ago, begins, due):
        unit = self.d.offices[office]
        yield self.d.on(self.date(ago))
        yield {"take": "line", "ref": ref, "kind": "milestone", "title": self.d.say(title), "part_of": part_of, "unit": self.d.say(unit),
               "lead": self.d.lead(office), "begins": self.d.day(self.date(begins)), "due": self.d.day(self.date(due))}

    # --- one line, from its entry `ago` days before today ---------------------------------------------------

    def enter(self, ref, ago, words=("区政府常务会议议定", "Decided by the district's board")):
        yield from self.act(ref, ago, "enter", rhythm=self.dice.choice(("weekly", "fortnightly", "monthly")), words=self.d.say(words))

    def sign(self, ref, office, ago):
        yield from self.act(ref, ago, "sign", by=self.d.lead(office))

    def feed(self, ref, office, since, until):
        """Every two weeks or so; gives what was last said."""
        progress = 0
        for ago in range(since - 12, max(until, 0), -14):
            progress = min(95, progress + self.dice.randint(12, 30))
            yield from self.act(ref, ago, "feed", by=self.d.lead(office), progress=progress,
                                words=self.d.say((f"按计划推进，已完成 {progress}%。", f"As planned; {progress}% is done.")))

    def report(self, ref, office, ago):
        yield from self.act(ref, ago, "report", by=self.d.lead(office), words=self.d.say(("已按要求办结。", "Done as asked.")),
                            shown=self.d.say((f"现场照片和办结单 {self.dice.randint(100, 999)} 号", f"Photos, and form {self.dice.randint(100, 999)}")))

    def close(self, ref, ago):
        """Checked and struck off; gives the day of the latter."""
        checked = max(0, ago - self.dice.randint(2, 6))
        struck = max(0, checked - self.dice.randint(1, 3))
        yield from self.act(ref, checked, "pass", by=self.d.inspector, words=self.d.say(("现场核查属实。", "Seen on the spot.")))
        yield from self.act(ref, struck, "strike")
        return struck

    def whole(self, ref, office, ago, long):
        """From entry to the end, within some `long` days; gives the day of the end."""
        yield from self.enter(ref, ago)
        yield from self.act(ref, ago - 1, "assign")
        signed = ago - 1 - self.dice.randint(1, 3)
        yield from self.sign(ref, office, signed)
        told = max(0, min(signed - 2, ago - long + self.dice.randint(2, 8)))
        yield from self.feed(ref, office, signed, told)
        yield from self.report(ref, office, told)
        return (yield from self.close(ref, told))

    # --- undertakings ---------------------------------------------------------------------------------------

    def joint(self, n, goal, title, steps, done, stands):
        d, field = self.d, f"j{n}"
        held = self.dice.randint(62, 76) if stands == "unsigned" else 26 if stands == "late" else 6
        first = done * (DAYS + 5) + held + 3
        yield d.on(self.date(first + 10))
        yield {"take": "line", "ref": field, "kind": "field", "title": d.say(title), "part_of": f"g0-{goal[0]}-{goal[1]}",
               "unit": d.say(d.offices[goal[0]]), "lead": d.lead(goal[0]), "begins": d.day(self.date(first)),
               "due": d.day(self.date(first - DAYS * len(steps)))}
        for s, (office, step) in enumerate(steps):
            yield from self.line(f"{field}-{s}", field, step, office, first + 9, first - DAYS * s, first - DAYS * (s + 1) + 1)
            if s:
                yield {"take": "link", "before": f"{field}-{s - 1}", "after": f"{field}-{s}"}
        ago = first
        for s in range(done):
            ago = yield from self.whole(f"{field}-{s}", steps[s][0], ago, DAYS)
        if stands:
            yield from self.stand(f"{field}-{done}", steps[done][0], ago, stands)

    def stand(self, ref, office, ago, stands):
        yield from self.enter(ref, ago)
        yield from self.act(ref, ago - 1, "assign")
        if stands == "unsigned":
            return
        signed = ago - 3
        yield from self.sign(ref, office, signed)
        yield from self.feed(ref, office, signed, 2)
        if stands == "reported":
            yield from self.report(ref, office, 3)

    # --- matters of one office ------------------------------------------------------------------------------

    def matter(self, office, m, stuck):
        d, ref = self.d, f"m{office}-{m}"
        fate = "unsigned" if stuck else self.dice.choices([f for f, _ in FATES], [w for _, w in FATES])[0]
        title = MATTERS[(office + m) % len(MATTERS)][(office // len(MATTERS) + m) % 2]
        ago = self.dice.randint(45, 120) if fate == "struck" else self.dice.randint(24, 60)
        yield from self.line(ref, f"g0-{office}-{m}-1", title, office, ago, ago, -self.dice.randint(-4, 50))
        if fate == "struck":
            yield from self.whole(ref, office, ago, ago - 12)
            return
        yield from self.enter(ref, ago)
        if fate == "entered":
            return
        late = 0 if not stuck or m else 22  # days until it is signed for
        if fate == "unsigned" and not late:
            yield from self.act(ref, self.dice.randint(25, 34) if stuck else self.dice.randint(1, 3), "assign")
            return
        yield from self.act(ref, ago - 1, "assign")
        signed = ago - 2 - (late or self.dice.randint(0, 3))
        yield from self.sign(ref, office, signed)
        yield from self.feed(ref, office, signed, 9)
        if fate == "working" and self.dice.random() < 0.6:
            yield from self.share(ref, office, signed - 2, m)
            return
        if fate in ("reported", "checked", "again"):
            yield from self.report(ref, office, 8)
        if fate == "checked":
            yield from self.act(ref, 3, "pass", by=d.inspector, words=d.say(("现场核查属实。", "Seen on the spot.")))
        if fate == "again":
            yield from self.act(ref, 5, "return", by=d.inspector, words=d.say(("缺少群众回访记录。", "Nobody was asked whether it helped.")))

    def share(self, ref, office, ago, m):
        """A part goes to another office: to the one that lets things lie, or to one that does not."""
        d, part = self.d, f"{ref}-part"
        other = d.stuck if (office + m) % 2 and office != d.stuck else (office + 1) % len(d.offices)
        yield from self.act(ref, ago, "share", by=d.lead(office), ref=part, unit=d.say(d.offices[other]), due=d.day(self.date(-10)),
                            words=d.say(("提供相关数据并核对名单。", "Bring the figures, and check the list.")))
        if other == d.stuck:
            return
        head = d.heads[other % len(d.heads)]
        yield from self.act(ref, ago - 2, "sign-part", by=head, part=part)
        if ago > 12:
            yield from self.act(ref, ago - 10, "end-part", by=head, part=part, words=d.say(("已提供。", "Brought.")))


def supervision(district):
    """Records of all this, for the district's file."""
    tell = Telling(district)
    for n, (goal, title, steps, done, stands) in enumerate(JOINT):
        yield from tell.joint(n, goal, title, steps, done, stands)
    for office in range(len(district.offices)):
        for m in range(3):
            yield from tell.matter(office, m, office == district.stuck)
