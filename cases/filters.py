"""CaseFilter: what a list of cases is narrowed to, as a value that is also an address.

The desk parses its query into one, other pages build one and link to `url()`, and both use
`apply`: so the figure on a page and the list behind it are the same rows.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any, Self
from urllib.parse import urlencode

from django.apps import apps
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Q, Value
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils import timezone

from cases.querysets import CaseQuerySet
from cases.reading import FED_BACK
from cases.workflow import TO_DISPATCH, Status
from gridparty.lib.china_time import SHANGHAI, local_date
from gridparty.lib.periods import read_period
from orgs.workdays import work_calendar


@dataclass(frozen=True)
class Stage:
    """A quick tab of the desk: several statuses that wait for the same kind of act."""

    key: str
    label: str
    statuses: tuple[Status, ...]


STAGES = (
    Stage("check", "待核实", (Status.REPORTED,)),
    Stage("dispatch", "待派遣", TO_DISPATCH),
    Stage("sign", "待签收", (Status.ASSIGNED, Status.WHISTLED, Status.CHECKED_IN)),
    Stage("handling", "办理中", (Status.HANDLING,)),
    Stage("hung", "挂账", (Status.HUNG,)),
    Stage("split", "分件办理", (Status.SPLIT,)),
    Stage("verify", "待核查", (Status.FEEDBACK,)),
    Stage("finish", "待销号", (Status.VERIFIED,)),
)
BY_STAGE = {stage.key: stage for stage in STAGES}
LIGHTS = (
    ("red", "超时（红灯）"),
    ("yellow", "将到期（黄灯）"),
    ("soon", "1 个工作日内到期"),
    ("overdue", "办理超时"),
)
PERIODS = (("created", "上报"), ("due", "到期"), ("closed", "销号"))


def light_q(light: str, now: datetime) -> Q:
    """Return the open cases with this light: "red" and "yellow" are what `Case.light` calls so.

    "soon": not red, and a limit ends today or on the next working day. "overdue": the whole
    case is past its limit and not fed back, which is what the statistics call 超时.
    """
    if not light:
        return Q()
    handling = Q(due_at__lt=now) & ~Q(status__in=FED_BACK)
    red = handling | Q(step_due_at__lt=now)
    if light == "overdue":
        return Q(ended_at=None) & handling
    if light == "red":
        return Q(ended_at=None) & red
    last_day = work_calendar().add_workdays(local_date(now), 2)
    until = datetime.combine(last_day, time.min, tzinfo=SHANGHAI)
    if light == "yellow":
        whole = _yellow("due_at", "clock_started_at", now, until) & ~Q(status__in=FED_BACK)
        step = _yellow("step_due_at", "status_since", now, until)
        not_red = ~(Q(due_at__isnull=False) & handling) & (
            Q(step_due_at=None) | Q(step_due_at__gte=now)
        )
        return Q(ended_at=None) & (whole | step) & not_red
    near = (Q(due_at__lt=until) & ~Q(status__in=FED_BACK)) | Q(step_due_at__lt=until)
    late = (Q(due_at__isnull=False) & handling) | Q(step_due_at__isnull=False, step_due_at__lt=now)
    return Q(ended_at=None) & near & ~late


def _yellow(due: str, start: str, now: datetime, until: datetime) -> Q:
    """Return what `clocks.light_of` calls yellow, red not taken out.

    A quarter or less is left, or a limit of more than two days ends before `until` (on the last
    working day).
    """
    span = DurationField()
    left = ExpressionWrapper((F(due) - Value(now, DateTimeField())) * 4, output_field=span)
    whole = ExpressionWrapper(F(due) - F(start), output_field=span)
    quarter = Q(LessThanOrEqual(left, whole))
    last = Q(**{f"{due}__gt": F(start) + timedelta(days=2), f"{due}__lt": until})
    return Q(**{f"{due}__gte": now, f"{start}__isnull": False}) & (quarter | last)


@dataclass(frozen=True)
class CaseFilter:
    """All fields optional. `stage` is a key of STAGES or "open"; `month` is "2026-11" (or
    "2026Q4", "2026"), read as the period the case was `by` (created, due, closed); street,
    community, grid, building, unit are ids; `district` is a code of six digits; `room` is looked
    for in the place as a whole number; `category` is a slug and includes its second
    level; `mine` needs the user."""

    q: str = ""
    stage: str = ""
    status: str = ""
    light: str = ""
    category: str = ""
    street: int | None = None
    community: int | None = None
    grid: int | None = None
    building: int | None = None
    district: str = ""
    room: str = ""
    unit: int | None = None
    source: str = ""
    by: str = ""
    month: str = ""
    mine: bool = False
    supervised: bool = False

    def apply(
        self, cases: CaseQuerySet, *, user: Any = None, now: datetime | None = None
    ) -> CaseQuerySet:
        """Narrow `cases`, which the caller has limited with `visible_to`."""
        if self.mine:
            cases = cases.waiting_for(user)
        return cases.filter(self.conditions(now or timezone.now()))

    def conditions(self, now: datetime) -> Q:
        """Return everything but `mine` as one Q, so that a table can count many filters at once."""
        found = light_q(self.light, now)
        if self.stage == "open":
            found &= Q(ended_at=None)
        elif self.stage:
            found &= Q(status__in=BY_STAGE[self.stage].statuses)
        if self.status:
            found &= Q(status=self.status)
        if self.category:
            both = Q(slug=self.category) | Q(parent__slug=self.category)
            found &= Q(category__in=apps.get_model("cases", "Category").objects.filter(both))
        for name in ("street", "community", "grid", "building"):
            if getattr(self, name) is not None:
                found &= Q(**{f"{name}_id": getattr(self, name)})
        if self.district:
            found &= Q(district_id=self.district)
        if self.room:  # 501, but not 1501
            found &= Q(address__iregex=rf"(^|[^0-9A-Za-z]){re.escape(self.room)}([^0-9A-Za-z]|$)")
        if self.unit is not None:
            found &= Q(lead_unit_id=self.unit)
        if self.source:
            found &= Q(source=self.source)
        if self.supervised:
            found &= Q(supervised_at__isnull=False)
        if self.month:
            month = read_period(self.month)
            column = f"{self.by or 'created'}_at"
            found &= Q(**{f"{column}__gte": month.start, f"{column}__lt": month.end})
        if self.q:
            found &= (
                Q(case_no__icontains=self.q) | Q(text__icontains=self.q)
                | Q(address__icontains=self.q)
            )  # fmt: skip
        return found

    def but(self, **changes: Any) -> Self:
        """Return the same filter with some fields changed."""
        return replace(self, **changes)

    @property
    def query(self) -> str:
        """Return the query string, "" when nothing is narrowed."""
        return urlencode(
            {
                name: 1 if value is True else value
                for name, value in vars(self).items()  # asdict copies deeply
                if value not in ("", None, False)
            }
        )

    def url(self, name: str = "cases:desk") -> str:
        """Return the address of the list (or the export) narrowed like this."""
        query = self.query
        return f"{_address(name)}?{query}" if query else _address(name)


_address = cache(reverse)  # a page of tabs asks fourteen times for the same one
