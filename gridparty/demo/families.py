"""Invented households: who lives together, how old, related how. Pure; words of the code tables."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from gridparty.demo.people import FEMALE, MALE, Human, People

OWNED, RENTED, VACANT = "owned", "rented", "vacant"


@dataclass(slots=True)
class Member:
    """A person in a household. `care` holds codes of key populations."""

    human: Human
    relation: str
    age: int
    marriage: str
    residence: str = "常住"
    care: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Family:
    occupancy: str
    members: list[Member] = field(default_factory=list)


def education_of(age: int, rng: Random) -> str:
    """Return a plausible education: the young studied longer."""
    if age < 7:
        return "学龄前"
    if age < 13:
        return "小学"
    if age < 16:
        return "初中"
    if age < 19:
        return "高中"
    if age < 45:
        return rng.choice(("大专", "大专", "本科", "本科", "本科", "硕士研究生", "高中", "中专"))
    if age < 65:
        return rng.choice(("初中", "初中", "高中", "高中", "中专", "大专", "本科"))
    return rng.choice(("小学", "小学", "初中", "初中", "高中", "文盲或半文盲"))


class Families:
    """Draws households; about one in twelve is rented, one in twenty stands empty."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.rng = people.rng
        makers: list[tuple[int, Callable[[], Family]]] = [
            (34, self._parents_and_children),
            (13, self._couple),
            (12, self._three_generations),
            (9, self._old_couple),
            (5, self._old_alone),
            (9, self._single),
            (4, self._single_parent),
            (1, self._grandparents_and_grandchild),
            (8, self._tenants),
            (5, self._nobody),
        ]
        self._weights = [weight for weight, _ in makers]
        self._makers = [maker for _, maker in makers]

    def draw(self) -> Family:
        """Return one household with its care tags drawn."""
        family = self.rng.choices(self._makers, self._weights)[0]()
        self._tag(family)
        return family

    def _member(
        self, relation: str, gender: str, age: int, marriage: str = "", surname: str = ""
    ) -> Member:
        human = self.people.make(gender, age, surname)
        return Member(human, relation, age, marriage or ("未婚" if age < 24 else "已婚"))

    def _pair(self, age: int) -> list[Member]:
        head = MALE if self.rng.random() < 0.7 else FEMALE
        other = FEMALE if head == MALE else MALE
        return [
            self._member("户主", head, age, "已婚"),
            self._member("配偶", other, max(22, age + self.rng.randint(-4, 3)), "已婚"),
        ]

    def _children(self, parents: list[Member], count: int) -> list[Member]:
        youngest_parent = min(parent.age for parent in parents)
        father = next((one for one in parents if one.human.gender == MALE), parents[0])
        ages = sorted(
            (self.rng.randint(0, max(0, min(22, youngest_parent - 23))) for _ in range(count)),
            reverse=True,
        )
        return [
            self._member("子女", self.rng.choice((MALE, FEMALE)), age, "未婚", father.human.name[0])
            for age in ages
        ]

    def _parents_and_children(self) -> Family:
        pair = self._pair(self.rng.randint(26, 54))
        return Family(OWNED, pair + self._children(pair, self.rng.choice((1, 1, 1, 2))))

    def _couple(self) -> Family:
        return Family(OWNED, self._pair(self.rng.randint(24, 63)))

    def _three_generations(self) -> Family:
        pair = self._pair(self.rng.randint(28, 50))
        family = pair + self._children(pair, self.rng.choice((1, 2)))
        age = pair[0].age + self.rng.randint(23, 32)
        if self.rng.random() < 0.5:
            family.append(self._member("父母", MALE, age, surname=pair[0].human.name[0]))
            family.append(self._member("父母", FEMALE, max(60, age - 2)))
        else:
            family.append(self._member("父母", FEMALE, age, "丧偶"))
        return Family(OWNED, family)

    def _old_couple(self) -> Family:
        pair = self._pair(self.rng.randint(66, 85))
        for one in pair:
            one.care.append("empty_nest")
        return Family(OWNED, pair)

    def _old_alone(self) -> Family:
        gender = FEMALE if self.rng.random() < 0.65 else MALE
        one = self._member("户主", gender, self.rng.randint(66, 92), "丧偶")
        one.care.append("living_alone")
        return Family(OWNED, [one])

    def _single(self) -> Family:
        gender = self.rng.choice((MALE, FEMALE))
        return Family(OWNED, [self._member("户主", gender, self.rng.randint(23, 60), "未婚")])

    def _single_parent(self) -> Family:
        gender = FEMALE if self.rng.random() < 0.75 else MALE
        parent = self._member("户主", gender, self.rng.randint(28, 50), "离异")
        return Family(OWNED, [parent, *self._children([parent], 1)])

    def _grandparents_and_grandchild(self) -> Family:
        pair = self._pair(self.rng.randint(55, 72))
        child = self._member("孙子女", self.rng.choice((MALE, FEMALE)), self.rng.randint(4, 14))
        child.care.append("left_behind_child")
        return Family(OWNED, [*pair, child])

    def _tenants(self) -> Family:
        first = self.rng.randint(21, 45)
        if self.rng.random() < 0.4:
            tenants = self._pair(first)
        else:
            ages = [first, *(self.rng.randint(21, 40) for _ in range(self.rng.randint(0, 2)))]
            tenants = [
                self._member(
                    "户主" if place == 0 else "非亲属", self.rng.choice((MALE, FEMALE)), age, "未婚"
                )
                for place, age in enumerate(ages)
            ]
        for tenant in tenants:
            tenant.residence = "流动"
        return Family(RENTED, tenants)

    def _nobody(self) -> Family:
        return Family(VACANT)

    def _tag(self, family: Family) -> None:
        """Draw the tags that do not follow from who lives together."""
        poor = self.rng.random() < 0.015
        for member in family.members:
            if member.age >= 80:
                member.care.append("advanced_age")
                if self.rng.random() < 0.12:
                    member.care.append("disability_care")
            if poor and member.relation == "户主":
                member.care.append("hardship")
            if self.rng.random() < 0.012:
                member.care.append("disabled")
            if member.human.gender == MALE and 22 <= member.age <= 60 and self.rng.random() < 0.015:
                member.care.append("veteran")
            if member.age >= 30 and self.rng.random() < 0.002:
                member.care.append("serious_illness")
