"""Open cases that may be the same problem: place first, then text (domain brief §4A, duplicates).

Candidates are the open cases of the same building, and of the same grid from the last fortnight:
one query on the grid's index, never more than `CANDIDATES` rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from cases.models import Case, Category
from cases.querysets import CaseQuerySet
from gridparty.lib.bigrams import alike, bigrams
from gridparty.lib.china_time import local_date
from grids.models import Building, Grid

DAYS = 14
CANDIDATES = 200
SHOWN = 5
# What each agreement is worth; below ENOUGH two reports are not called alike.
SAME_BUILDING, SAME_GRID = 0.35, 0.1
SAME_CATEGORY, ADJACENT = 0.3, 0.15
TEXT = 0.7
ENOUGH = 0.5


@dataclass(frozen=True)
class Report:
    """What is known of the new report; `text` and `category` may be missing while it is written."""

    grid: Grid
    building: Building | None = None
    text: str = ""
    category: Category | None = None


@dataclass(frozen=True)
class Similar:
    """A case like the report, how much (higher is more alike), and why."""

    case: Case
    score: float
    reason: str


def similar_cases(
    cases: CaseQuerySet, report: Report, *, now: datetime, leave_out: int | None = None
) -> list[Similar]:
    """Return the most similar open ones of `cases` (already limited to who asks), best first."""
    near = (case for case in _candidates(cases, report, now) if case.pk != leave_out)
    return similar_among(near, report)


def similar_candidates(cases: CaseQuerySet, grid: Grid, *, now: datetime) -> list[Case]:
    """Return the open ones of `cases` in the grid that several reports may be compared with."""
    return list(_candidates(cases, Report(grid), now))


def similar_among(candidates: Iterable[Case], report: Report) -> list[Similar]:
    """Return the candidates like the report, best first; no query."""
    wanted = set(bigrams(report.text))
    found = [_compare(case, report, wanted) for case in candidates]
    alike_ones = [one for one in found if one.score >= ENOUGH]
    return sorted(alike_ones, key=lambda one: (-one.score, -one.case.pk))[:SHOWN]


def _candidates(cases: CaseQuerySet, report: Report, now: datetime) -> CaseQuerySet:
    near = Q(created_at__gte=now - timedelta(days=DAYS))
    if report.building is not None:
        near |= Q(building=report.building)
    return cases.open().filter(near, grid=report.grid).for_list()[:CANDIDATES]


def _compare(case: Case, report: Report, wanted: set[str]) -> Similar:
    score, reasons = SAME_GRID, ["同一网格"]
    if report.building is not None and case.building_id == report.building.pk:
        score, reasons = SAME_BUILDING, ["同一栋楼"]
    if report.category is not None:
        if case.category_id == report.category.pk:
            score += SAME_CATEGORY
            reasons.append("同一类别")
        elif case.category.parent_id and case.category.parent_id == report.category.parent_id:
            score += ADJACENT
            reasons.append("同一大类")
    share = alike(wanted, set(bigrams(case.text)))
    score += TEXT * share
    if share >= 0.2:
        reasons.append(f"文字相近 {share:.0%}")
    return Similar(case, score, "、".join(reasons))


@dataclass(frozen=True)
class Hint:
    """What a resident may know of others' reports: the category, how long ago, how far it is."""

    category: Category
    where: str
    when: str
    state: str


def hints_for_resident(report: Report, *, now: datetime) -> list[Hint]:
    """Return one hint per category, newest first; no foreign text, nothing confidential.

    A hint needs the same building, or the same category in the grid: "somewhere in the grid there
    is a dispute" is nobody's business.
    """
    public = Case.objects.filter(confidential=False, category__confidential=False)
    hints: dict[int, Hint] = {}
    for one in similar_cases(public, report, now=now):
        case = one.case
        here = report.building is not None and case.building_id == report.building.pk
        same = report.category is not None and case.category_id == report.category.pk
        if (here or same) and case.category_id not in hints:
            hints[case.category_id] = Hint(
                case.category, "这栋楼" if here else "附近", _when(case.created_at, now),
                "正在核实" if case.accepted_at is None else "正在办理",
            )  # fmt: skip
    return list(hints.values())


def _when(moment: datetime, now: datetime) -> str:
    days = (local_date(now) - local_date(moment)).days
    return "今天" if days <= 0 else f"{days} 天前"
