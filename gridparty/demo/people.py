"""Invented people: names, valid identity numbers under 349901, mobiles beginning with 169. Pure.

Serial numbers of a birth date run from 100 up, so sample rosters that count from 000 can be
imported beside the demonstration without meeting the same number twice.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from gridparty.lib.citizen_id import check_digit

AREA = "349901"
MALE, FEMALE = "1", "2"
# Common surnames; earlier ones are drawn more often.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余"
    "于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷"
    "龙史陶贺顾毛郝龚邵万钱严洪戴武莫孔汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁"
)
_OLDER = {MALE: ("家国世长永光兆传德绍", "根茂发贵祥荣友信田柱"),
          FEMALE: ("秀桂玉素金翠月淑兰凤", "珍英芳兰云香莲娥花琴")}  # fmt: skip
_MIDDLE = {MALE: ("志建晓海宏庆学立少春", "军勇平斌辉峰林波刚民"),
           FEMALE: ("晓丽春海红艳文亚小雪", "燕敏霞玲萍娟静梅芬莉")}  # fmt: skip
_YOUNGER = {MALE: ("子宇浩梓俊一思天嘉泽", "轩涵然睿宸阳航恒乐铭"),
            FEMALE: ("梓诗欣雨思语若可佳一", "涵萱妍怡彤琪悦瑶桐宁")}  # fmt: skip


@dataclass(slots=True)
class Human:
    """One invented person, before it becomes a row."""

    name: str
    gender: str
    born: date
    id_number: str
    phone: str


class People:
    """Makes people who never share an identity number or a mobile."""

    def __init__(self, rng: Random, today: date) -> None:
        self.rng = rng
        self.today = today
        self._serials: dict[tuple[date, str], int] = defaultdict(int)
        self._mobiles = 0

    def make(self, gender: str, age: int, surname: str = "") -> Human:
        """Return a person of `age` full years today; a mobile from 12 years on."""
        born = self.birth_date(age)
        serial = self._serials[born, gender]
        while serial >= 450:  # every number of this day is taken: one day earlier is as good
            born -= timedelta(days=1)
            serial = self._serials[born, gender]
        self._serials[born, gender] = serial + 1
        first17 = f"{AREA}{born:%Y%m%d}{100 + 2 * serial + (gender == MALE):03d}"
        return Human(
            name=(surname or self.surname()) + self.given_name(gender, born.year),
            gender=gender,
            born=born,
            id_number=first17 + check_digit(first17),
            phone=self.mobile() if age >= 12 else "",
        )

    def birth_date(self, age: int) -> date:
        """Return a day that makes a person `age` full years old today."""
        return self.today - timedelta(days=int(age * 365.2425) + 1 + self.rng.randrange(363))

    def surname(self) -> str:
        place = int(len(SURNAMES) * self.rng.random() ** 2)
        return SURNAMES[place]

    def given_name(self, gender: str, year: int) -> str:
        era = _OLDER if year < 1960 else _MIDDLE if year < 1995 else _YOUNGER
        first, second = era[gender]
        return self.rng.choice(first) + self.rng.choice(second)

    def mobile(self) -> str:
        """Return the next mobile; 16950000000 and up, each once."""
        self._mobiles += 1
        return f"1695{self._mobiles:07d}"
