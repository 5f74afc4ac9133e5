"""Which doors wait for a visit, and in which order a worker walks: computed, never stored."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from gridparty.lib.periods import Quarter
from grids.models import Building
from residents.models import CareTag, Household, VacancyDecision, Visit, VisitQuota
from residents.querysets import HouseholdQuerySet
from residents.visit_rules import (
    DEFAULT_TIMES,
    KNOCKS_UNTIL_EMPTY,
    HomeClass,
    interval_days,
    quarter_quota,
)

# A door that was tried today or yesterday rests; knocking twice a day annoys.
REST_DAYS = 2
RENTED, VACANT = Household.Occupancy.RENTED, Household.Occupancy.VACANT


def visitable_by(user: Any) -> HouseholdQuerySet:
    """Households the user may visit and write down.

    Those he keeps, a corridor head's linked ones, and the homes of people he is responsible for.
    """
    rows = Household.objects.in_full_to(user)
    tags = CareTag.objects.visible_to(user).open().filter(responsible=user.person_id or -1)
    people = list(tags.values_list("person_id", flat=True))
    if people:
        homes = Household.objects.visible_to(user)
        assigned = homes.filter(residencies__end=None, residencies__person__in=people)
        rows |= Household.objects.filter(pk__in=list(assigned.values_list("pk", flat=True)))
    found: HouseholdQuerySet = rows.open()
    return found


def care_homes() -> Any:
    """Open care tags (without need-to-know kinds) of the people of the outer household."""
    return CareTag.objects.open().filter(
        kind__need_to_know=False, person__residencies__household=OuterRef("pk"),
        person__residencies__end=None,
    )  # fmt: skip


def times_a_year() -> dict[str, int]:
    """Return the visits a year of each class (one query)."""
    stored = dict(VisitQuota.objects.values_list("home_class", "times_a_year"))
    return {str(key): stored.get(key, times) for key, times in DEFAULT_TIMES.items()}


def waiting(homes: HouseholdQuerySet, day: date) -> HouseholdQuerySet:
    """Return the occupied homes whose regular visit is due on `day`, with `last_reached`.

    Care homes go by their own dates (`CareTag.due`), not by this list.
    """
    times = times_a_year()
    visits = Visit.objects.filter(household=OuterRef("pk")).order_by()
    reached = visits.reached().values("household").annotate(last=Max("day")).values("last")
    tried = visits.filter(day__gt=day - timedelta(days=REST_DAYS))
    again = VacancyDecision.objects.filter(household=OuterRef("pk"), choice="revisit")
    unseen = again.filter(~Exists(Visit.objects.filter(
        household=OuterRef("household"), pk__gt=OuterRef("seen")
    )))  # fmt: skip

    def late(home_class: HomeClass) -> Q:
        limit = day - timedelta(days=interval_days(times[home_class]))
        return Q(last_reached=None) | Q(last_reached__lte=limit)

    return (
        homes.exclude(occupancy=VACANT)
        .annotate(last_reached=Subquery(reached), asked_again=Exists(unseen))
        .filter(
            Q(asked_again=True)
            | (~Exists(tried) & ~Exists(care_homes()))
            & (
                Q(occupancy=RENTED) & late(HomeClass.RENTED)
                | ~Q(occupancy=RENTED) & late(HomeClass.ORDINARY)
            )
        )
    )


def maybe_empty(homes: HouseholdQuerySet) -> HouseholdQuerySet:
    """Return the homes where nobody opened three times in a row (空户待核), with `knocks`.

    Counted since somebody was reached, or since it was decided that people live there. A home
    to be visited once more is off the list until that visit.
    """
    visits = Visit.objects.filter(household=OuterRef("pk")).order_by()
    decisions = VacancyDecision.objects.filter(household=OuterRef("pk")).order_by()

    def newest(rows: Any, column: str) -> Any:
        top = rows.values("household").annotate(top=Max(column)).values("top")
        return Coalesce(Subquery(top), Value(0))

    often = (
        Visit.objects.knocked().order_by().values("household").annotate(n=Count("pk"))
        .filter(n__gte=KNOCKS_UNTIL_EMPTY).values("household")
    )  # fmt: skip
    knocks = visits.knocked().filter(pk__gt=OuterRef("reached_id"))
    counted = (
        knocks.filter(pk__gt=OuterRef("settled_id")).values("household").annotate(n=Count("pk"))
    )
    return (
        homes.exclude(occupancy=VACANT)
        .filter(pk__in=often)
        .annotate(
            reached_id=newest(visits.reached(), "pk"),
            settled_id=newest(decisions.exclude(choice="revisit"), "seen"),
            revisit_id=newest(decisions.filter(choice="revisit"), "seen"),
            newest_id=newest(visits, "pk"),
        )
        .annotate(
            knocks=Coalesce(Subquery(counted.values("n")), Value(0)),
            last_knock=Subquery(visits.knocked().values("household").annotate(d=Max("day")).values("d")),
        )
        .filter(knocks__gte=KNOCKS_UNTIL_EMPTY)
        .exclude(revisit_id=F("newest_id"))
    )  # fmt: skip


# ---- the order in which a worker walks ----


def route(buildings: Sequence[Building], start: int | None = None) -> list[Building]:
    """Return the buildings in walking order: from the first (or `start`) to the nearest next.

    Buildings without coordinates keep their natural order behind those that have some.
    """
    ordered = sorted(buildings, key=lambda one: (one.compound.name, one.sort_key, one.pk))
    first = next((one for one in ordered if one.pk == start), None)
    placed = [one for one in ordered if one.longitude is not None and one.latitude is not None]
    rest = [one for one in ordered if one not in placed]
    if first is not None and first in rest:
        turn = rest.index(first)
        return [*rest[turn:], *_nearest_first(placed, None), *rest[:turn]]
    return [*_nearest_first(placed, first), *rest]


def _nearest_first(buildings: list[Building], start: Building | None) -> list[Building]:
    left = list(buildings)
    walked: list[Building] = []
    here = start if start is not None else (left[0] if left else None)
    while here is not None:
        left.remove(here)
        walked.append(here)
        from_here = here
        here = min(left, key=lambda one: _distance(from_here, one), default=None)
    return walked


def _distance(one: Building, other: Building) -> float:
    """Metres on a plane, squared: enough to compare within a street."""
    east = ((one.longitude or 0) - (other.longitude or 0)) * math.cos(
        math.radians(one.latitude or 0)
    )
    north = (one.latitude or 0) - (other.latitude or 0)
    return east * east + north * north


# ---- how far the quarter is ----


@dataclass(frozen=True)
class GridProgress:
    """A grid in a quarter: homes to reach, distinct homes reached. `rate` is a percentage."""

    grid: int
    homes: int
    quota: int
    reached: int
    # Nobody spoke to them for BLIND_DAYS, up to today.
    untouched: int

    @property
    def rate(self) -> int | None:
        return min(100, self.reached * 100 // self.quota) if self.quota else None


def progress(homes: HouseholdQuerySet, quarter: Quarter) -> dict[int, GridProgress]:
    """Return the quarter's progress of every grid these households lie in (four queries)."""
    times = times_a_year()
    lived = homes.open().exclude(occupancy=VACANT).order_by()
    classes = lived.annotate(cared=Exists(care_homes())).values("grid_id").annotate(
        care=Count("pk", filter=Q(cared=True)),
        rented=Count("pk", filter=Q(cared=False, occupancy=RENTED)),
        ordinary=Count("pk", filter=Q(cared=False) & ~Q(occupancy=RENTED)),
    )  # fmt: skip
    reached = dict(
        Visit.objects.reached().within(quarter).filter(household__in=lived.values("pk"))
        .order_by().values_list("household__grid").annotate(n=Count("household", distinct=True))
    )  # fmt: skip
    blind = dict(
        homes.untouched(timezone.localdate())
        .order_by()
        .values_list("grid_id")
        .annotate(Count("pk"))
    )
    found = {}
    for row in classes:
        counts = {name: row[name] for name in ("care", "rented", "ordinary")}
        quota = sum(quarter_quota(counts[name], times[name]) for name in counts)
        found[row["grid_id"]] = GridProgress(
            row["grid_id"],
            sum(counts.values()),
            quota,
            reached.get(row["grid_id"], 0),
            blind.get(row["grid_id"], 0),
        )
    return found
