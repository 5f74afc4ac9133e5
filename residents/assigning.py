"""From rows to the assignment and back: reads the ground below a code, and says what would change."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Count, Q

from orgs.models import OrgUnit
from residents.linking import Home, Keeper, Plan, assign
from residents.models import CorridorHead, LinkedHousehold, Residency
from residents.querysets import HouseholdQuerySet

CHUNK = 10_000


@dataclass(frozen=True)
class Proposal:
    """A plan with what it was made from; `mark` tells whether the ground has changed since."""

    plan: Plan
    homes: list[Home]
    current: Mapping[int, int]
    loads_before: Mapping[int, int]

    @property
    def mark(self) -> str:
        changes = ";".join(f"{c.home}:{c.before}:{c.after}" for c in self.plan.changes)
        return hashlib.sha256(changes.encode()).hexdigest()[:16]

    @property
    def covered_before(self) -> int:
        return len(self.current)

    @property
    def covered_after(self) -> int:
        return len(self.plan.links)


def area_q(code: str) -> Q:
    """Return the rows below a code: a grid (15 digits), a node of the tree, or a region (2–6).

    ValidationError for a code nobody bears.
    """
    if code.isascii() and code.isdigit():
        if len(code) == 15:
            return Q(grid__code=code)
        if len(code) in (2, 4, 6):
            return Q(district__code__startswith=code)
        node = OrgUnit.objects.filter(division_code=code).first()
        if node is not None:
            return Q(community=node) | Q(street=node)
    raise ValidationError(f"没有编码为“{code}”的网格、社区、街道或区县。", code="area")


def propose(homes: HouseholdQuerySet, day: date) -> Proposal:
    """Return the assignment of these households to the heads in duty who live among them.

    Stand-ins are not counted as heads, so what they look after is assigned anew.
    """
    doors = [
        Home(pk, compound, building, unit or 0)
        for pk, compound, building, unit in homes.to_link()
        .order_by("sort_key", "id")
        .values_list("id", "building__compound_id", "building_id", "entrance_id")
        .iterator(chunk_size=CHUNK)
    ]
    here = {door.pk for door in doors}
    links = LinkedHousehold.objects.of_heads().filter(household__in=homes.values("pk"))
    current = {
        home: head
        for home, head in links.values_list("household_id", "head_id").iterator(CHUNK)
        if home in here
    }
    keepers = _keepers(homes, here, current, day)
    carried = Counter(current.values())
    loads = {keeper.pk: keeper.elsewhere + carried[keeper.pk] for keeper in keepers}
    return Proposal(assign(doors, keepers, current), doors, current, loads)


def _keepers(
    homes: HouseholdQuerySet, here: set[int], current: Mapping[int, int], day: date
) -> list[Keeper]:
    """Return the heads in duty who live in these homes, or keep in touch with some of them.

    Who lives in several of these homes counts in the one he has lived in longest.
    """
    communities = list(homes.order_by().values_list("community_id", flat=True).distinct())
    duty = CorridorHead.objects.in_duty(day).filter(community__in=communities)
    persons = duty.values("person")
    totals = dict(
        LinkedHousehold.objects.of_heads()
        .filter(head__in=persons)
        .order_by()
        .values_list("head_id")
        .annotate(total=Count("pk"))
    )
    living: dict[int, int] = {}
    dwellings = Residency.objects.current(day).filter(person__in=persons).order_by("-id")
    for person, home in dwellings.values_list("person_id", "household_id").iterator(CHUNK):
        if home in here:
            living[person] = home
    carried = Counter(current.values())
    return [
        Keeper(person, living.get(person), totals.get(person, 0) - carried[person])
        for person in duty.values_list("person_id", flat=True)
        if person in living or carried[person]
    ]
