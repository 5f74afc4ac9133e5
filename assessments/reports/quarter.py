"""季度考核报告: the results of one street or community in one quarter, as they stand."""

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from assessments import duties, outcomes  # noqa: F401  their indicators stand in the registry
from assessments.indicators import INDICATORS
from assessments.models import AssessmentItem, QuarterAssessment
from assessments.reports.common import Entries, common, mean, percent, weighted, with_url
from assessments.scoring import MIN_SAMPLE, Grade, Part
from assessments.workflow import FROZEN, AppealStatus
from gridparty.lib.filling import Facts, Value
from gridparty.lib.periods import Quarter
from gridparty.lib.text import natural_key
from orgs.models import OrgUnit
from residents.models import Household


def quarter_facts(
    rows: Any, ranks: dict[int, int], node: OrgUnit, quarter: Quarter, user: Any, now: datetime
) -> Facts:
    """Return the values; `rows` are the assessments of the node, `ranks` their places among all he sees.

    A fixed number of queries whatever the number of grids.
    """
    found: list[Any] = list(rows.with_sample().for_list().prefetch_related(None))
    totals = [row.total for row in found if row.total is not None]
    grades = Counter(row.grade for row in found)
    open_too = any(row.status not in FROZEN for row in found)
    appeals = Counter(
        rows.order_by().filter(appeals__isnull=False).values_list("appeals__status", flat=True)
    )
    single: dict[str, Value] = {
        "季度": quarter.label,
        "状态": "还没有全部公示，数字可能再变" if open_too else "已公示或定案",
        "网格数": len(found),
        "有总分的网格数": len(totals),
        "样本不足数": sum(row.total is not None and row.sample < MIN_SAMPLE for row in found),
        "平均分": mean(totals),
        "网格工作平均分": mean(row.grid_work for row in found),
        "为民服务平均分": mean(row.public_service for row in found),
        "最高分": max(totals, default=None),
        "最低分": min(totals, default=None),
        **{f"{grade.label}数": grades[grade] for grade in Grade},
        "申诉数": sum(appeals.values()),
        "申诉成立数": appeals[AppealStatus.UPHELD],
    }
    head = common(f"{node}{quarter.label}网格考核报告", str(node), quarter.label, user, now)
    lists = {
        "网格": [_grid(row, ranks) for row in found],
        "社区": _communities(found),
        "指标": _items(found),
        "加扣分": _adjustments(rows),
    }
    return Facts({**head, **single}, lists)


def _grid(row: Any, ranks: dict[int, int]) -> dict[str, Value]:
    entry: dict[str, Value] = {
        "名次": ranks.get(row.pk), "名称": str(row.grid), "社区": str(row.community),
        "网格工作": row.grid_work, "为民服务": row.public_service, "综合": row.composite,
        "总分": row.total, "等级": row.get_grade_display() or None, "样本": row.sample,
    }  # fmt: skip
    return with_url(entry, reverse("assessments:quarter_detail", args=[row.pk]))


def _communities(rows: list[Any]) -> Entries:
    homes = Household.objects.open().filter(grid__in=[row.grid_id for row in rows]).order_by()
    size = dict(homes.values_list("grid").annotate(Count("pk")))
    by: dict[OrgUnit, list[QuarterAssessment]] = defaultdict(list)
    for row in rows:
        by[row.community].append(row)
    return [
        {
            "名称": str(node), "网格数": len(own),
            "平均分": weighted((row.total, size.get(row.grid_id, 0)) for row in own),
            "优秀": sum(row.grade == Grade.EXCELLENT for row in own),
            "不合格": sum(row.grade == Grade.FAIL for row in own),
        }
        for node, own in sorted(by.items(), key=lambda one: natural_key(str(one[0])))
    ]  # fmt: skip


def _items(rows: list[Any]) -> Entries:
    """One entry an indicator, with the counts of all grids together and the mean of their points."""
    by: dict[tuple[str, str, bool], list[AssessmentItem]] = defaultdict(list)
    items = AssessmentItem.objects.filter(assessment__in=[row.pk for row in rows])
    for item in items.order_by("part", "order", "indicator"):
        by[item.part, item.indicator, item.manual].append(item)
    found: Entries = []
    for (part, code, manual), own in by.items():
        hit, total = sum(one.numerator for one in own), sum(one.denominator for one in own)
        known = INDICATORS.get(code)
        found.append(
            {
                "部分": str(Part(part).label), "名称": known.name if known and not manual else code,
                "分子": None if manual else hit, "分母": None if manual else total,
                "完成率": "人工评分" if manual else percent(hit, total),
                "平均得分": mean(one.points for one in own), "满分": max(one.full for one in own),
            }
        )  # fmt: skip
    return found


def _adjustments(rows: Any) -> Entries:
    in_force = Q(adjustments__isnull=False, adjustments__ended_at=None)
    found = rows.order_by("grid__code", "adjustments__id").filter(in_force)
    labels = dict(QuarterAssessment._meta.get_field("adjustments").related_model._meta.get_field("kind").choices)  # type: ignore[union-attr,arg-type]  # fmt: skip
    return [
        {"网格": grid, "类别": str(labels[kind]), "分值": points or None, "依据": reason}
        for grid, kind, points, reason in found.values_list(
            "grid__name", "adjustments__kind", "adjustments__points", "adjustments__reason"
        )
    ]
