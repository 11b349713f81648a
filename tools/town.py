"""A portal with made-up but lifelike contents: what ./dev demo serves and the browser tests look at.

An association of harbour towns, its people, groups, plans and papers. Everything is done as people do
it, through the pages and the commands, so that it can't drift from the program.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "lantern under cold bridge"
ORGANISATION = {"en": "Harbour Towns Association", "zh": "港口城市协会"}

# One person for each role: who they are, and what they may do besides reading.
PEOPLE = (
    ("owner", "Zhou Ming 周明", "zhou@harbour.example", ("owner", "editor", "steward")),
    ("editor", "Lin Yue 林悦", "lin@harbour.example", ("editor",)),
    ("steward", "Tan Bo 谭波", "tan@harbour.example", ("steward",)),
    ("member", "Anna Berg", "anna@harbour.example", ()),
)

GROUPS = (
    ("Council 理事会", "Minutes and decisions before they are public. 理事会纪要与决定，公开前限内部传阅。", {}),
    ("Harbour letter 港口通讯", "News and addresses for every member. 面向全体成员的动态与讲话。", {"public": "1"}),
    ("Research desk 研究专刊", "Notes and briefings for subscribers. 面向订阅者的研究札记与专报。", {"paid": "1"}),
)


class Town:
    """Fills a served, empty library. `people` holds whoever was signed in, by role."""

    def __init__(self, portal, lang="en"):
        self.portal, self.library, self.lang = portal, portal.library, lang
        self.people = {}
        self.papers = {}

    def fill(self):
        self.library.run("settings", "set", "organisation", ORGANISATION[self.lang])
        self.invite_people()
        self.publish_papers()
        self.make_groups()
        return self

    def invite_people(self):
        for role, name, email, roles in PEOPLE:
            member = self.library.json("member", "add", "--email", email, "--name", name)["member"]
            for extra in roles:
                self.library.run("member", "role", member, "--add", extra)
            link = self.library.json("member", "invite", member)["link"]
            person = self.portal.anyone()
            person.post(link[link.index("/invitation/"):], password=PASSWORD, password_again=PASSWORD)
            person.member = member
            self.people[role] = person

    def publish_papers(self):
        for path in sorted((ROOT / "samples").glob("[ze][hn]-*.*")):
            self.papers.setdefault(path.stem, self.library.json("publish", path)["paper"])

    def make_groups(self):
        for name, about, options in GROUPS:
            self.people["steward"].post("/groups", name=name, about=about, **options)
