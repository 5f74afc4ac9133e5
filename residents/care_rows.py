"""Lines of the care library as lists and files show them: masked, with the light of the visit."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from gridparty.lib.text import squash
from orgs.roles import EDIT, VIEW
from orgs.workbook import Columns
from residents.care_querysets import CareTagQuerySet
from residents.display import shown_door
from residents.find import SHORTEST_INITIALS, find_households
from residents.models import CareTag, Household, Residency

COLUMNS: Columns = (
    ("序号", 6), ("类别", 12), ("等级", 6), ("姓名", 10), ("联系电话", 15), ("门牌", 24), ("网格", 14),
    ("责任人", 10), ("开始日期", 12), ("上次走访", 12), ("应访日期", 12), ("超期天数", 8),
)  # fmt: skip


@dataclass(frozen=True)
class CareRow:
    """One person in the library; `light` and `due` say how the next visit stands."""

    tag: CareTag
    household: Household | None
    door: str
    light: str
    due: str
    late_days: int


def care_rows(tags: list[CareTag], user: Any, day: date) -> list[CareRow]:
    """Return the lines of these tags (three queries, whatever the number)."""
    living = Residency.objects.filter(end=None, person__in=[tag.person_id for tag in tags])
    found = list(
        living.select_related(
            "household__building__compound", "household__entrance", "household__grid"
        ).order_by("id")
    )
    near = Household.objects.filter(pk__in=[residency.household_id for residency in found])
    seen = set(near.visible_to(user).values_list("pk", flat=True))
    full = set(near.in_full_to(user).values_list("pk", flat=True))
    homes: dict[int, Household] = {}
    for residency in found:
        if residency.household_id in seen:
            homes.setdefault(residency.person_id, residency.household)
    return [_row(tag, homes.get(tag.person_id), full, day) for tag in tags]


def _row(tag: CareTag, home: Household | None, full: set[int], day: date) -> CareRow:
    late = (day - tag.due_on).days if tag.due_on and tag.end is None else 0
    light, due = visit_light(tag, day)
    door = shown_door(home, full=home.pk in full) if home else ""
    return CareRow(tag, home, door, light, due, max(0, late))


def visit_light(tag: CareTag, day: date) -> tuple[str, str]:
    """Return (light, words) of the next visit: red overdue, yellow today or in two days."""
    if tag.end is not None:
        return "grey", f"已移出 {tag.end:%Y-%m-%d}"
    left = (tag.next_due() - day).days
    if left < 0:
        return "red", f"超期 {-left} 天"
    if left == 0:
        return "yellow", "今天要访"
    return ("yellow" if left <= 2 else "green"), f"{left} 天内走访"


def as_cells(number: int, row: CareRow) -> list[str | int]:
    """Return one line of the workbook, everything personal masked."""
    tag = row.tag
    return [
        number, tag.kind.name, tag.get_level_display(), tag.person.masked_name,
        tag.person.masked_phone, shown_door(row.household, full=False) if row.household else "",
        row.household.grid.name if row.household else "",
        tag.responsible.name if tag.responsible else "", f"{tag.start:%Y-%m-%d}",
        f"{tag.visited_on:%Y-%m-%d}" if tag.visited_on else "",
        f"{tag.next_due():%Y-%m-%d}" if tag.end is None else "", row.late_days,
    ]  # fmt: skip


def find_tags(tags: CareTagQuerySet, user: Any, text: str, day: date) -> CareTagQuerySet:
    """Narrow to the people `text` means: a name or its initials, else a door.

    Names are looked for only where the user sees people in full.
    """
    word = squash(text)
    homes = Household.objects.visible_to(user)
    by_name = tags.of_households(homes.visible_to(user, VIEW + EDIT))
    if word.isascii() and word.isalpha() and len(word) >= SHORTEST_INITIALS:
        return by_name.filter(person__name_initials__startswith=word.upper())
    if any(character.isdigit() for character in word):
        return tags.of_households(find_households(homes, user, text, day))
    return by_name.filter(person__name__startswith=word) if word else tags.none()
