"""The facts of the matching, read in few queries: shifts as slots, volunteers as helpers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, Q

from gridparty.lib.china_time import local
from grids.models import Building
from orgs.models import OrgUnit
from orgs.workdays import work_calendar
from volunteers.catalog import Times
from volunteers.matching import Helper, Slot
from volunteers.matching.values import Place
from volunteers.models import Hours, Shift, SignUp, Volunteer
from volunteers.workflow import (
    TAKES_PART,
    ActivityStatus,
    HoursStatus,
    SignUpStatus,
)

# So many are asked for each free place: about every second says yes.
FOR_EACH = 2
LOOK_BACK = timedelta(days=90)
HERE = (*TAKES_PART, SignUpStatus.WAITING)


@dataclass(frozen=True)
class Fairness:
    """How the asks of the last 90 days were spread over the volunteers of a community."""

    serving: int
    asked: int
    asks: int
    most: int

    @property
    def not_asked(self) -> int:
        return self.serving - self.asked


def fairness(community: OrgUnit, now: datetime) -> Fairness:
    """Count over who may be asked now; the lists behind are those of 志愿者 by `asked`."""
    asks = Count("asks", filter=Q(asks__asked_at__gte=now - LOOK_BACK))
    rows = Volunteer.objects.filter(community=community).serving()
    many = list(rows.order_by().annotate(many=asks).values_list("many", flat=True))
    return Fairness(len(many), sum(one > 0 for one in many), sum(many), max(many, default=0))


def open_shifts(now: datetime) -> Any:
    """Return the shifts for which volunteers are asked until they are full."""
    return Shift.objects.filter(
        asking=True, activity__status=ActivityStatus.SCHEDULED,
        starts_at__gt=now + timedelta(hours=2),
    )  # fmt: skip


def free_places(shift: Shift) -> int:
    return max(shift.capacity - shift.signups.taking_part().count(), 0)


def to_ask(shift: Shift) -> int:
    """Return how many more to ask now: two for each free place, less those who may still say yes."""
    waiting = shift.asks.open().count()
    return max(FOR_EACH * free_places(shift) - waiting, 0)


def slot_of(shift: Shift, places: int) -> Slot:
    """Return a shift as the matching sees it; who is in, was asked or leads is left out."""
    activity = shift.activity
    inside = shift.signups.filter(status__in=HERE).values_list("volunteer", flat=True)
    asked = shift.asks.values_list("volunteer", flat=True)
    need = activity.need
    return Slot(
        id=shift.pk, starts_at=shift.starts_at, ends_at=shift.ends_at, places=places,
        kind=activity.kind, skills=frozenset(activity.skills), half_day=half_day(shift.starts_at),
        place=_place_of(activity), beneficiary=need.household_id if need else None,
        person=need.person_id if need else None, minors_welcome=activity.minors_welcome,
        closed_to=frozenset((*inside, *asked)),
    )  # fmt: skip


def helpers_in(community: OrgUnit, now: datetime) -> list[Helper]:
    """Return who may be asked in a community: three queries, however many there are."""
    rows = Volunteer.objects.filter(community=community).serving()
    busy: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    stays = SignUp.objects.filter(
        volunteer__in=rows.values("pk"), status__in=HERE, shift__ends_at__gt=now
    )
    for one, start, end in stays.values_list("volunteer", "shift__starts_at", "shift__ends_at"):
        busy[one].append((start, end))
    knows: dict[int, set[int]] = defaultdict(set)
    done = Hours.objects.filter(
        volunteer__in=rows.values("pk"), status=HoursStatus.CONFIRMED,
        activity__need__isnull=False,
    )  # fmt: skip
    for one, household in done.values_list("volunteer", "activity__need__household"):
        knows[one].add(household)
    return [
        _helper(row, busy[row.pk], knows[row.pk], now)
        for row in rows.select_related("person", "building").order_by("pk")
    ]


def _helper(
    row: Volunteer, busy: Sequence[tuple[datetime, datetime]], knows: set[int], now: datetime
) -> Helper:
    born = row.person.birth_year
    young = born is not None and local(now).year - born <= 18
    return Helper(
        id=row.pk, person=row.person_id, skills=frozenset(row.skills),
        likes=frozenset(row.interests), times=frozenset(row.times), reach=row.max_distance,
        place=_point(row.building),
        asked_days=(now - row.last_asked_at).days if row.last_asked_at else None,
        busy=tuple(busy), knows=frozenset(knows), is_minor=young and row.is_minor,
    )  # fmt: skip


def half_day(moment: datetime) -> str:
    """Return the code of `Times` for a moment, by the working calendar with its make-up days."""
    here = local(moment)
    week = "workday" if work_calendar().is_workday(here.date()) else "weekend"
    part = "am" if here.hour < 12 else "pm" if here.hour < 18 else "eve"
    return Times(f"{week}_{part}").value


def _place_of(activity: Any) -> Place | None:
    """Where it is: the activity's building, the home of its need, or the middle of its grid."""
    own = _point(activity.building) or (
        _point(activity.need.household.building) if activity.need else None
    )
    if own or activity.grid_id is None:
        return own
    middle = Building.objects.filter(grid=activity.grid_id).aggregate(
        longitude=Avg("longitude"), latitude=Avg("latitude")
    )
    return None if None in middle.values() else (middle["longitude"], middle["latitude"])


def _point(building: Building | None) -> Place | None:
    if building is None or building.longitude is None or building.latitude is None:
        return None
    return building.longitude, building.latitude


def next_wave(shift: Shift) -> int:
    last = shift.asks.order_by("-wave").values_list("wave", flat=True).first()
    return (last or 0) + 1
