"""部门报到排名: per department the whistles of a period, how it came, what it did, how it was scored.

Every figure is one of PARTS, a condition on the same parts the list behind it shows. Departments
with fewer than MIN_RANKED scores are listed but never ranked (样本不足).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, F, Q

from cases.models import WhistleScore
from cases.whistle_querysets import CaseTaskQuerySet

MIN_RANKED = 5


@dataclass(frozen=True)
class Part:
    """One figure: the key in the address, its label, and which parts it counts."""

    key: str
    label: str

    def condition(self, now: datetime) -> Q:
        return conditions(now)[self.key]


PARTS = tuple(
    Part(key, label)
    for key, label in (
        ("called", "吹哨"), ("came_due", "应到场"), ("on_time", "按时到场"), ("late", "迟到"),
        ("absent", "未到场"), ("returned", "退回"), ("done_due", "应办结"),
        ("done_on_time", "按时反馈"), ("scored", "已评分"),
    )
)  # fmt: skip
LABELS = {part.key: part.label for part in PARTS}


def conditions(now: datetime) -> dict[str, Q]:
    """Return what each figure counts, of parts whistled for.

    应到场: came, or is late; not who returned its part or lost it before its time was up. 按时反馈 is
    measured by the case's due date, so only the present round counts.
    """
    came = Q(arrived_at__isnull=False)
    kept = Q(ended_at=None) | Q(ended_at__gt=F("arrive_due_at"))
    missing = Q(arrived_at=None, arrive_due_at__lt=now, returned_at=None) & kept
    done_due = Q(
        case__due_at__isnull=False, cycle=F("case__cycle"), returned_at=None, waived_at=None,
        ended_at=None,
    ) & (Q(fed_back_at__isnull=False) | Q(case__due_at__lt=now))  # fmt: skip
    return {
        "called": Q(),
        "came_due": came | missing,
        "on_time": came & (Q(arrive_due_at=None) | Q(arrived_at__lte=F("arrive_due_at"))),
        "late": came & Q(arrived_at__gt=F("arrive_due_at")),
        "absent": missing,
        "returned": Q(returned_at__isnull=False),
        "done_due": done_due,
        "done_on_time": done_due & Q(fed_back_at__lte=F("case__due_at")),
        "scored": Q(scores__isnull=False),
    }


@dataclass(frozen=True)
class UnitRow:
    """One department of the ranking. Rates are whole percents, None without a denominator."""

    unit_id: int
    name: str
    counts: dict[str, int]
    score: float | None
    rank: int | None = None

    @property
    def came_rate(self) -> int | None:
        return percent(self.counts["on_time"], self.counts["came_due"])

    @property
    def return_rate(self) -> int | None:
        return percent(self.counts["returned"], self.counts["called"])

    @property
    def done_rate(self) -> int | None:
        return percent(self.counts["done_on_time"], self.counts["done_due"])


def percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def ranking(tasks: CaseTaskQuerySet, now: datetime) -> list[UnitRow]:
    """Return the departments of `tasks` (limited to who asks and to a period), best first: two queries."""
    wanted = conditions(now)
    rows = (
        tasks.order_by().values("unit_id", "unit__name")
        .annotate(**{f"n_{key}": Count("pk", filter=found, distinct=True) for key, found in wanted.items()})
    )  # fmt: skip
    means = {
        row["unit_id"]: row["mean"]
        for row in WhistleScore.objects.filter(task__in=tasks.order_by().values("pk"))
        .order_by()
        .values("unit_id")
        .annotate(mean=Avg("total"))
    }
    return _ranked([_row(row, means.get(row["unit_id"])) for row in rows])


def _row(row: Mapping[str, Any], mean: float | None) -> UnitRow:
    counts = {part.key: row[f"n_{part.key}"] for part in PARTS}
    score = None if mean is None else round(float(mean), 1)
    return UnitRow(row["unit_id"], row["unit__name"], counts, score)


def _ranked(rows: list[UnitRow]) -> list[UnitRow]:
    """Rank by mean score, equal ones alike; too few scores come last, by name, without a rank."""
    enough = [row for row in rows if row.counts["scored"] >= MIN_RANKED and row.score is not None]
    enough.sort(key=lambda row: (-(row.score or 0), row.name))
    few = sorted((row for row in rows if row not in enough), key=lambda row: row.name)
    ranked = [
        UnitRow(
            row.unit_id, row.name, row.counts, row.score,
            1 + sum((other.score or 0) > (row.score or 0) for other in enough),
        )
        for row in enough
    ]  # fmt: skip
    return [*ranked, *few]
