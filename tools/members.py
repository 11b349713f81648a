"""Prints a CSV of made-up members: name, email, group. The same number gives the same members.

Names are drawn from common Chinese and English ones; every address is at a domain reserved for
examples (RFC 2606), so no mail can reach anybody.
"""

import random
import sys

FAMILY = [
    ("王", "wang"), ("李", "li"), ("张", "zhang"), ("刘", "liu"), ("陈", "chen"), ("杨", "yang"),
    ("黄", "huang"), ("赵", "zhao"), ("吴", "wu"), ("周", "zhou"), ("徐", "xu"), ("孙", "sun"),
    ("马", "ma"), ("朱", "zhu"), ("胡", "hu"), ("郭", "guo"), ("何", "he"), ("林", "lin"),
    ("高", "gao"), ("梁", "liang"), ("郑", "zheng"), ("罗", "luo"), ("宋", "song"), ("谢", "xie"),
    ("唐", "tang"), ("韩", "han"), ("曹", "cao"), ("许", "xu"), ("邓", "deng"), ("欧阳", "ouyang"),
]
GIVEN = [
    ("伟", "wei"), ("芳", "fang"), ("秀英", "xiuying"), ("敏", "min"), ("静", "jing"),
    ("丽华", "lihua"), ("强", "qiang"), ("磊", "lei"), ("军", "jun"), ("洋", "yang"),
    ("艳红", "yanhong"), ("勇", "yong"), ("娟", "juan"), ("建国", "jianguo"), ("涛", "tao"),
    ("明远", "mingyuan"), ("超", "chao"), ("雪梅", "xuemei"), ("霞", "xia"), ("志平", "zhiping"),
    ("刚", "gang"), ("桂兰", "guilan"), ("文博", "wenbo"), ("子涵", "zihan"), ("晓东", "xiaodong"),
    ("海燕", "haiyan"), ("思远", "siyuan"), ("嘉怡", "jiayi"), ("春生", "chunsheng"), ("玉", "yu"),
]
FIRST = [
    "Alice", "Brian", "Catherine", "Daniel", "Eleanor", "Frank", "Grace", "Henry", "Irene", "James",
    "Karen", "Laura", "Martin", "Nina", "Oliver", "Patricia", "Quentin", "Rachel", "Samuel", "Tessa",
    "Ursula", "Victor", "Wendy", "Xavier", "Yvonne", "Zachary", "Amelia", "Benedict", "Clara", "Duncan",
]
LAST = [
    "Adams", "Barker", "Clarke", "Dixon", "Edwards", "Foster", "Graham", "Hughes", "Irving", "Jennings",
    "Knight", "Lawson", "Mitchell", "Norris", "O'Brien", "Palmer", "Quinn", "Reynolds", "Shaw", "Turner",
    "Underwood", "Vaughan", "Walsh", "Young", "Ashworth", "Bennett", "Coleman", "Drummond", "Ellis", "Ford",
]
DOMAINS = ["example.org", "example.com", "example.net", "mail.example.org", "post.example.com"]
GROUPS = ["board", "policy", "research", "regional", "secretariat", "observers"]


def members(count):
    """Yields (name, email, group); half Chinese, half English, no address twice."""
    dice = random.Random(20)
    for number in range(1, count + 1):
        if number % 2:
            (family, f), (given, g) = dice.choice(FAMILY), dice.choice(GIVEN)
            name, local = family + given, f"{g}.{f}"
        else:
            first, last = dice.choice(FIRST), dice.choice(LAST)
            name, local = f"{first} {last}", f"{first}.{last}".lower().replace("'", "")
        yield name, f"{local}{number}@{dice.choice(DOMAINS)}", dice.choice(GROUPS)


def main():
    sys.stdout.reconfigure(encoding="utf-8")  # whatever the locale
    count = int(sys.argv[1]) if len(sys.argv) == 2 and sys.argv[1].isdigit() else 0
    if not count:
        sys.exit("usage: members.py COUNT > members.csv")
    out = sys.stdout
    out.write("name,email,group\n")
    for name, email, group in members(count):
        out.write(f"{name},{email},{group}\n")


if __name__ == "__main__":
    main()
