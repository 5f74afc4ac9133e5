"""What cannot be in a family: spouses of one sex, children older than their parents, crowds (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from residents.catalog import FEMALE, HEAD, MALE
from residents.roster.issues import WARN, Problem
from residents.roster.records import RosterHousehold, RosterRow

Note = Callable[[RosterRow, str, Problem], object]

# More people behind one door point to a shared rental that nobody registered.
CROWD = 12
SAME_SEX = Problem("spouse_same_sex", WARN, "配偶与户主性别相同，请核对性别和与户主关系")
OLDER_CHILD = Problem("child_older", WARN, "子女的出生日期早于户主，请核对")
YOUNGER_PARENT = Problem("parent_younger", WARN, "父母的出生日期晚于户主，请核对")
CROWDED = Problem("crowded", WARN, f"一户超过 {CROWD} 人，请核对是否群租或串户")


def check_kinship(households: Iterable[RosterHousehold], note: Note) -> None:
    """Report relations to the head that sex or age contradict, and crowded households."""
    for household in households:
        members = [row for row in household.members if row.is_stored]
        if len(members) > CROWD:
            note(members[0], "relation", CROWDED)
        head = next((row for row in members if row.relation == HEAD), None)
        if head is not None and len(members) > 1:
            for row in members:
                if row is not head:
                    _check(row, head, note)


def _check(row: RosterRow, head: RosterRow, note: Note) -> None:
    if row.relation == "配偶" and row.gender == head.gender in (MALE, FEMALE):
        note(row, "gender", SAME_SEX)
    if row.birth is None or head.birth is None:
        return
    if row.relation == "子女" and row.birth < head.birth:
        note(row, "birth", OLDER_CHILD)
    elif row.relation == "父母" and row.birth > head.birth:
        note(row, "birth", YOUNGER_PARENT)
