"""网格工作一表通: what is known of a grid and its work, filled in once, and what is still to ask.

Nobody types into a table what the platform knows. Homes are counted, people are not named; a care
kind the reader may not see is not among his numbers.
"""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from assessments import duties, outcomes  # noqa: F401  their indicators stand in the registry
from assessments.duties import rows_of_grid
from assessments.indicators import INDICATORS
from assessments.models import QuarterAssessment
from assessments.reports.asking import still_to_ask
from assessments.reports.common import Entries, common, percent, with_url
from assessments.workflow import FROZEN
from cases.filters import CaseFilter
from cases.models import Case, Category
from councils.models import Meeting
from gridparty.lib.china_time import local, local_date
from gridparty.lib.filling import Facts, Value
from gridparty.lib.periods import Period, Quarter
from grids.models import Grid
from grids.staffing import team_card, team_completeness
from orgs.roles import SEES, STATS, Noun, Role
from orgs.scope import can
from partybuilding.models import BoardItem
from residents.models import CareTag, Household, Residency, Visit
from volunteers.models import Activity

COUNTED = SEES + STATS


def grid_facts(
    grid: Grid, period: Period, user: Any, now: datetime, *, file: bool = False
) -> Facts:
    """Return the values of one grid in one period: a fixed number of queries.

    What the user may not even count is None, not 0; `file` lists what he may export only.
    """
    day = local_date(now)
    cases = _cases(grid, period, user)
    tags = CareTag.objects.visible_to(user, COUNTED).open()
    tags = tags.of_households(Household.objects.filter(grid=grid))
    counts_care = can(user, Noun.CARE, COUNTED)
    team = _team(grid, day)
    asking = still_to_ask(grid, user, day, file=file)
    care = _care(tags, grid, user, day)
    councils, held = _councils(grid, period, user), _held(grid, period, user)
    totals = {
        name: sum(entry[name] for entry in cases)  # type: ignore[misc]
        for name in ("上报", "销号", "未结")
    }
    due = Case.objects.visible_to(user).filter(grid=grid).due_in(period).count()
    single: dict[str, Value] = {
        **_ground(grid, user, day),
        **_visits(grid, period, user),
        **_assessed(grid, user),
        "上报件数": totals["上报"], "到期件数": due, "销号件数": totals["销号"], "未结件数": totals["未结"],
        "重点人群数": sum(one["人数"] for one in care) if counts_care else None,  # type: ignore[misc]
        "走访逾期数": sum(one["逾期"] for one in care) if counts_care else None,  # type: ignore[misc]
        "议事会次数": len(councils), "活动次数": held.count() if can(user, Noun.VOLUNTEER, COUNTED) else None, "待问数": asking.many, "待问说明": asking.note,
    }  # fmt: skip
    title = f"{grid.community}{grid}{period.label}工作一表通"
    lists = {
        "队伍": team, "事项": cases, "指标": _rates(grid, period, now), "重点人群": care,
        "议事": councils, "活动": _activities(held, user), "五个一": _five(grid, period), "待问": asking.rows,
    }  # fmt: skip
    return Facts({**common(title, f"{grid.community}{grid}", period.label, user, now), **single}, lists)  # fmt: skip


def _ground(grid: Grid, user: Any, day: Any) -> dict[str, Value]:
    team = team_completeness(grid, day)
    homes = Household.objects.visible_to(user, COUNTED).open().filter(grid=grid)
    sizes = homes.aggregate(
        all=Count("pk"), rented=Count("pk", filter=Q(occupancy="rented")),
        vacant=Count("pk", filter=Q(occupancy="vacant")),
    )  # fmt: skip
    rows = Residency.objects.visible_to(user, COUNTED).current(day).filter(household__grid=grid)
    living = rows.values("person").distinct().count()
    counts = can(user, Noun.RESIDENT, COUNTED)
    heads = grid.team.serving_on(day).filter(slot__role=Role.GRID_HEAD).select_related("person")
    places = grid.buildings.aggregate(
        all=Count("pk"), compounds=Count("compound", distinct=True)
    )  # fmt: skip
    return {
        "网格": str(grid), "网格编码": grid.code, "社区": str(grid.community), "街道": str(grid.street),
        "党支部": str(grid.party_branch) if grid.party_branch else None,
        "网格类型": grid.get_kind_display(), "四至范围": grid.area_note or None,
        "网格长": "、".join(one.person.name for one in heads) or None,
        "小区数": places["compounds"], "楼栋数": places["all"], "住户数": sizes["all"] if counts else None,
        "居民数": living if counts else None, "出租户数": sizes["rented"] if counts else None,
        "空置户数": sizes["vacant"] if counts else None, "队伍应配": team.needed, "队伍已配": team.filled,
    }  # fmt: skip


def _visits(grid: Grid, period: Period, user: Any) -> dict[str, Value]:
    if not can(user, Noun.RESIDENT, COUNTED):
        return {"走访次数": None, "走访户数": None}
    made = Visit.objects.visible_to(user, COUNTED).filter(
        household__grid=grid, day__gte=period.first_day, day__lt=period.end_day
    )
    homes = made.reached().values("household").distinct().count()
    return {"走访次数": made.count(), "走访户数": homes}


def _assessed(grid: Grid, user: Any) -> dict[str, Value]:
    seen = QuarterAssessment.objects.visible_to(user).filter(grid=grid, status__in=FROZEN)
    row = seen.order_by("-quarter").first()
    return {
        "考核季度": Quarter.parse(row.quarter).label if row else None,
        "考核总分": row.total if row else None,
        "考核等级": row.get_grade_display() or None if row else None,
    }


def _team(grid: Grid, day: Any) -> Entries:
    found: Entries = []
    for card in team_card(grid, day):
        found += [
            {"岗位": card.slot.name, "姓名": one.person.name, "任职日期": f"{one.start:%Y-%m-%d}"}
            for one in card.members
        ]
        found += [{"岗位": card.slot.name, "姓名": "空缺", "任职日期": None}] * card.missing
    return found


def _cases(grid: Grid, period: Period, user: Any) -> Entries:
    """Count by first-level category: one query for the counts."""
    mine = Case.objects.visible_to(user).filter(grid=grid)
    within = {"__gte": period.start, "__lt": period.end}
    asked = {
        "上报": Q(**{f"created_at{key}": value for key, value in within.items()}),
        "销号": Q(**{f"closed_at{key}": value for key, value in within.items()}),
        "未结": Q(ended_at=None),
    }
    counted: Any = (
        mine.order_by().annotate(top=Coalesce("category__parent_id", "category_id")).values("top")
        .annotate(**{name: Count("pk", filter=one) for name, one in asked.items()})
    )  # fmt: skip
    rows = {one["top"]: one for one in counted if any(one[name] for name in asked)}
    known = Category.objects.in_bulk(rows)
    found: Entries = []
    for pk, one in sorted(rows.items(), key=lambda item: known[item[0]].pk):
        entry: dict[str, Value] = {"类别": known[pk].name, **{name: one[name] for name in asked}}
        found.append(with_url(entry, _listed(one, known[pk].slug, grid, period)))
    return found


def _listed(counts: Any, category: str, grid: Grid, period: Period) -> str:
    """Return the list of the first number that is not 0 (a row has one address)."""
    at = CaseFilter(grid=grid.pk, category=category)
    for name, by in (("上报", "created"), ("销号", "closed")):
        if counts[name]:
            return at.but(by=by, month=str(period)).url()
    return at.but(stage="open").url()


def _rates(grid: Grid, period: Period, now: datetime) -> Entries:
    """Every registered indicator of the grid, counted as the scores count: a query each."""
    found: Entries = []
    for one in INDICATORS.values():
        rows = one.scored(period, now)
        counted = rows_of_grid(rows, grid).order_by()
        pair = counted.aggregate(hit=Count("pk", filter=rows.hits), total=Count("pk"))
        if pair["total"]:
            found.append(
                {
                    "名称": one.name, "分子": pair["hit"], "分母": pair["total"],
                    "完成率": percent(pair["hit"], pair["total"]), "算法": one.formula,
                }
            )  # fmt: skip
    return found


def _care(tags: QuerySet[Any], grid: Grid, user: Any, day: Any) -> Entries:
    late = Count("pk", filter=Q(due_on__lt=day))
    columns = ("kind__order", "kind", "kind__name")
    counted = (
        tags.order_by("kind__order").values_list(*columns).annotate(many=Count("pk"), late=late)
    )
    opens = can(user, Noun.CARE, SEES)
    return [
        with_url(
            {"类别": name, "人数": many, "逾期": overdue},
            f"{reverse('residents:care')}?grid={grid.pk}&kind={kind}" if opens else "",
        )
        for _, kind, name, many, overdue in counted
    ]


def _councils(grid: Grid, period: Period, user: Any) -> Entries:
    held = Meeting.objects.visible_to(user).held().filter(council__grid=grid)
    rows = held.between(period.start, period.end).order_by("starts_at")
    return [
        with_url(
            {"日期": _day(one.starts_at), "名称": one.title, "形式": one.get_kind_display()},
            reverse("councils:meeting", args=[one.pk]),
        )
        for one in rows
    ]


def _held(grid: Grid, period: Period, user: Any) -> Any:
    """Return the activities the user may count."""
    held = Activity.objects.visible_to(user, COUNTED).held().filter(grid=grid)
    return held.between(period.start, period.end)


def _activities(held: Any, user: Any) -> Entries:
    rows = held.visible_to(user).order_by("starts_at", "id")
    return [
        with_url(
            {"日期": _day(one.starts_at), "名称": one.title, "小结": one.summary or None},
            reverse("volunteers:activity", args=[one.pk]),
        )
        for one in rows
    ]


def _five(grid: Grid, period: Period) -> Entries:
    items = BoardItem.objects.filter(
        board__branch__branch_grids=grid, board__month__gte=period.first_day,
        board__month__lt=period.end_day,
    ).select_related("board")  # fmt: skip
    return [
        with_url(
            {"月份": one.board.label, "事项": str(one), "状态": one.get_status_display()},
            reverse("partybuilding:board", args=[one.board_id]),
        )
        for one in items.order_by("board__month", "pk")
    ]


def _day(moment: datetime | None) -> str | None:
    return f"{local(moment):%Y-%m-%d}" if moment else None
