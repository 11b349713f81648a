"""A speech of the sort that the ledger is for, in our own words, each sentence with the kind of line that it is for; None:
it commits nobody."""

PAPERS = {
    "zh": [
        (None, "在全区学习研讨会上的发言\n\n同志们：\n\n今年以来，河水清了一些，断头路少了一些。"),
        (None, "有的同志说，这就够了。\n\n一、认清形势，定准方向\n\n"),
        ("goal", "要锚定“宜居云溪”这个总目标，把三年里要办的事分到各个领域、各个节点。"),
        ("goal", "要把区里的几张规划图叠到一起看，做到多规合一、互不打架。"),
        ("goal", "要承接好市里的部署，市里要求的每一件事都有人接。"),
        ("indicator", "确保主要经济指标增速高于全市平均水平，逐季逐月去盯。"),
        (None, "\n\n二、突出重点，办成实事\n\n"),
        ("project", "一要抓项目。"),
        ("project", "要推出一批重大专项，最难的排在最前头。"),
        ("project", "要动态充实项目库，对在建项目列单建账，一盯到投产。"),
        ("project", "要由区领导分包重点项目，每月联审联批一次，每季观摩督导一次，年底前攻坚见效。"),
        ("policy", "二要抓政策。"),
        ("policy", "要梳理哪些政策可以先行先试，让企业看得懂、用得上。"),
        ("risk", "三要防风险。"),
        ("risk", "要排查水库和旧桥的安全隐患，一处也不漏。"),
        (None, "\n\n三、改进作风，提升本领\n\n"),
        ("study", "要落实好“第一议题”制度，先学后议。"),
        ("rectification", "要对着问题清单抓查摆、抓整改，改一条销一条。"),
        ("rectification", "要打通办事路上的“中梗阻”，让群众少跑一趟。"),
        ("policy", "要完善容错纠错机制，让肯干的人放得开手脚。"),
    ],
    "en": [
        (None, "Remarks at the district's study session\n\nColleagues,\n\nOver the past year the river has become a little"
               " cleaner. Some say that this is enough.\n\n1. Where we are going\n\n"),
        ("goal", "We shall reach the goal of a district that is good to live in, field by field. "),
        ("goal", "The district shall lay its plans over one another, so that no two of them contradict each other. "),
        ("indicator", "Growth of the main economic indicators shall stay above the city's average, at least 6% by"
                      " 31 December 2027. "),
        (None, "\n\n2. What we shall do\n\n"),
        ("project", "The council shall begin a first group of major projects and keep an account of each project. "),
        ("policy", "The finance office must list by June 2027 which policies may be tried here first. "),
        ("risk", "The water office must inspect every reservoir and old bridge for safety risks. "),
        ("study", "Every office shall open its meetings with a study session on new decisions. "),
        ("rectification", "Every office shall rectify the problems found in the review, one by one. "),
    ],
}


def text(lang):
    return "".join(words for _, words in PAPERS[lang]) + "\n"


def kinds(lang):
    """The kinds of its commitments, in order."""
    return [kind for kind, _ in PAPERS[lang] if kind]
