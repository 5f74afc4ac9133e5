"""The search of the top bar: people, households, buildings and grids in the user's scope.

Each group asks a fixed number of queries, whatever it finds, and shows at most SHOWN rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from gridparty.lib.text import clean_text
from grids.models import Building, Grid
from orgs.roles import SEES, Noun
from orgs.scope import can
from residents.display import shown_door
from residents.find import SEES_PEOPLE, door_meant, is_exact, person_meant, person_q
from residents.models import Household, Residency

SHOWN = 20


@dataclass(frozen=True)
class Hit:
    """One line of the results: where it leads, what it is, and what tells it apart."""

    url: str
    title: str
    detail: str


@dataclass(frozen=True)
class Group:
    """One kind of result; `count` is all there are, `hits` the first of them."""

    label: str
    icon: str
    count: int
    hits: list[Hit]

    @property
    def left_off(self) -> int:
        return self.count - len(self.hits)


def search(user: Any, text: str, day: date) -> list[Group]:
    """Return the groups that found something, people first."""
    text = clean_text(text)
    facts = person_meant(text, day)
    groups = [_people(user, facts, day)] if facts else []
    if not is_exact(facts):  # a number of papers or a phone is nothing else
        groups += [_homes(user, text), _buildings(user, text), _grids(user, text)]
    elif text.isascii() and text.isalnum():  # but an older network's grid code may look like one
        groups.append(_grids(user, text))
    return [group for group in groups if group.count]


def _people(user: Any, facts: dict[str, str], day: date) -> Group:
    """People by where they live; by an exact number also where they lived."""
    rows = Residency.objects.visible_to(user, SEES_PEOPLE).filter(person_q(facts))
    if not is_exact(facts):
        rows = rows.current(day)
    shown = rows.with_home().select_related("person").with_fullness(user)
    return _group(
        "居民", "people", rows, shown.order_by("household__sort_key", "id"),
        lambda row: Hit(
            reverse("residents:person", args=[row.person_id]),
            row.person.masked_name,
            _where(row, day),
        ),
    )  # fmt: skip


def _where(row: Any, day: date) -> str:
    door = shown_door(row.household, full=row.shown_in_full)
    left = row.end is not None and row.end <= day
    words = [door, "户主" if row.is_head else row.relation]
    words.append(f"已{row.get_end_reason_display()}" if left else row.person.masked_phone)
    return "　".join(word for word in words if word)


def _homes(user: Any, text: str) -> Group:
    rows = Household.objects.none()
    door = door_meant(text)
    if door is not None and (door.room or door.building) and can(user, Noun.RESIDENT, SEES):
        rows = Household.objects.visible_to(user).open().with_door(door)
    shown = rows.select_related("building__compound", "entrance", "grid", "community")
    return _group(
        "住户", "house-door", rows, shown.with_fullness(user).by_door(),
        lambda home: Hit(
            reverse("residents:household", args=[home.pk]),
            shown_door(home, full=home.shown_in_full),
            f"{home.community}　{home.grid}",
        ),
    )  # fmt: skip


def _buildings(user: Any, text: str) -> Group:
    rows = Building.objects.none()
    door = door_meant(text)
    if door is not None and not door.room:
        named = Q(name=door.building) if door.building else Q()
        if door.compound:
            named &= Q(compound__name__icontains=door.compound) | Q(name=door.compound)
        rows = Building.objects.visible_to(user).filter(named)
    shown = rows.select_related("compound", "grid", "community")
    return _group(
        "楼栋", "building", rows, shown.order_by("compound__name", "sort_key", "id"),
        lambda one: Hit(
            reverse("grids:building", args=[one.pk]), str(one), f"{one.community}　{one.grid}"
        ),
    )  # fmt: skip


def _grids(user: Any, text: str) -> Group:
    rows = Grid.objects.visible_to(user).live().matching(text) if text else Grid.objects.none()
    return _group(
        "网格", "grid-3x3-gap", rows, rows.select_related("community").order_by("code"),
        lambda grid: Hit(
            reverse("grids:detail", args=[grid.pk]), grid.name, f"{grid.community}　{grid.code}"
        ),
    )  # fmt: skip


def _group(label: str, icon: str, rows: Any, shown: Any, hit: Callable[[Any], Hit]) -> Group:
    """Fetch the first rows; count only when there are more of them."""
    first = list(shown[: SHOWN + 1])
    count = rows.count() if len(first) > SHOWN else len(first)
    return Group(label, icon, count, [hit(row) for row in first[:SHOWN]])
