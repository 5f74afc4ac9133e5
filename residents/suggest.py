"""Rules that read the register for people who may belong in the care library (domain brief §3H).

They look at who is registered as living together, and suggest; a person confirms or dismisses.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from residents.catalog import HEAD

ADVANCED_AGE = 80
OLD_AGE = 60
# 留守儿童 are under 16 (State Council opinion of 2016); domain brief §3H.
CHILD_AGE = 16
ADULT_AGE = 18
# Registered here, but not living here.
AWAY = frozenset({"人户分离", "空挂"})
CHILD, GRANDCHILD, SPOUSE = "子女", "孙子女", "配偶"


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a household as the rules see them; `age` in full years, None unknown."""

    person: int
    age: int | None
    relation: str
    status: str

    @property
    def is_present(self) -> bool:
        return self.status not in AWAY

    def aged(self, years: int) -> bool:
        return self.age is not None and self.age >= years

    def under(self, years: int) -> bool:
        return self.age is not None and self.age < years


@dataclass(frozen=True, slots=True)
class Found:
    """A suggestion: the code of the kind, a reason without personal data, a digest of the facts."""

    person: int
    kind: str
    reason: str
    facts: str


def full_years(birth_year: int | None, today: date, birthday: date | None) -> int | None:
    """Return the age; without the exact birthday the year decides, as if born on its last day."""
    if birthday is not None:
        before = (today.month, today.day) < (birthday.month, birthday.day)
        return today.year - birthday.year - before
    return None if birth_year is None else today.year - birth_year - 1


def suggestions(household: int, members: list[Member]) -> Iterator[Found]:
    """Yield what the rules find in one household."""
    present = [one for one in members if one.is_present]
    everybody = ",".join(str(one.person) for one in sorted(present, key=lambda one: one.person))
    for one in present:
        if one.aged(ADVANCED_AGE):
            yield Found(one.person, "advanced_age", "已满 80 周岁", digest("age"))
    old = [one for one in present if one.aged(OLD_AGE)]
    if present and len(old) == len(present):
        if len(old) == 1:
            yield Found(
                old[0].person, "living_alone", "60 周岁以上，登记为一人居住",
                digest("alone", household, everybody),
            )  # fmt: skip
        else:
            for one in old:
                yield Found(
                    one.person, "empty_nest", "同住的都是 60 周岁以上老人",
                    digest("nest", household, everybody),
                )  # fmt: skip
    for one in present:
        if one.under(CHILD_AGE) and not _has_parent(one, present):
            yield Found(
                one.person, "left_behind_child", "未满 16 周岁，登记的同住人里没有父母",
                digest("child", household, everybody),
            )  # fmt: skip


def _has_parent(child: Member, present: list[Member]) -> bool:
    """Say whether a parent lives there, or the relations do not tell.

    Relations are to the head: the parents of a 子女 are head and spouse, those of a 孙子女 are
    the head's grown-up children.
    """
    adults = {one.relation for one in present if one is not child and not one.under(ADULT_AGE)}
    if not adults:
        return False
    if child.relation == CHILD:
        return bool(adults & {HEAD, SPOUSE})
    return child.relation != GRANDCHILD or CHILD in adults


def digest(*facts: object) -> str:
    return hashlib.sha256("|".join(str(fact) for fact in facts).encode()).hexdigest()
