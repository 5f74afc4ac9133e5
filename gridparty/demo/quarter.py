"""Last quarter's assessment in the demonstration: one street in publicity with an appeal, the other
in its self-review."""

from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from random import Random

from assessments.models import AssessmentItem, QuarterAssessment
from assessments.reports.standard import standard
from assessments.services import appeal, compute_quarter, move_street
from assessments.services.settling import SCORES, settle
from assessments.services.templates import upload_template
from assessments.workflow import Status
from gridparty.demo.world import TreeFacts, World
from gridparty.lib.periods import Quarter
from orgs.models import User

GROUNDS = {
    "基础信息完整率": "抽查 20 户，缺项已当场补齐", "巡查完成率": "按巡查记录抽查四周",
    "矛盾纠纷化解率": "本季登记的纠纷已回访",
    "志愿服务": "按活动签到核对",
    "代办和办实事": "按登记抽查，居民认可", "居民评议": "入户问卷，达到 30 份",
}  # fmt: skip


def build_quarter(world: World, now: datetime) -> None:
    quarter = Quarter.of(now).previous()
    if "sysadmin" in world.users:
        _keep_template(world.users["sysadmin"])
    compute_quarter(quarter=quarter, now=now, by=None)
    began = max(quarter.end + timedelta(days=4), now - timedelta(days=12))
    if now < began:  # the first days of a quarter: still a draft, as in real life
        return
    for tree in world.trees:
        move_street(street=tree.root, quarter=quarter, name="begin", by=None, now=began)
    first = world.trees[0]
    if first.admin is not None:
        _publish(first, quarter, first.admin, now, world.setting.rng("quarter"))


def _keep_template(by: User) -> None:
    """One version of a template, so that the page shows what a kept one looks like."""
    for report, kind in (("quarter", "docx"), ("grid", "xlsx")):
        upload_template(
            report=report, file=BytesIO(standard(report, kind)), street=None,
            note="演示：与默认格式相同", by=by,
        )  # fmt: skip


def _publish(tree: TreeFacts, quarter: Quarter, by: User, now: datetime, rng: Random) -> None:
    """Endorsed as it stood, scored by hand, made public two days ago; one grid objects."""
    rows = QuarterAssessment.objects.filter(street=tree.root, quarter=str(quarter))
    given = list(
        AssessmentItem.objects.filter(assessment__in=rows, manual=True).order_by(
            "assessment", "order"
        )
    )
    for item in given:
        item.points = (item.full * rng.randint(72, 98) / 100).quantize(Decimal("0.1"))
        item.reason, item.reviewer = GROUNDS.get(item.indicator, "按记录核对"), by
    AssessmentItem.objects.bulk_update(given, ["points", "reason", "reviewer"], batch_size=200)
    scored = list(rows.select_related("scheme").prefetch_related("items", "adjustments"))
    for row in scored:
        row.status = Status.STREET_REVIEW
        settle(row, row.items.all(), row.adjustments.all())
    QuarterAssessment.objects.bulk_update(scored, ["status", *SCORES], batch_size=200)
    before = now - timedelta(days=2)
    move_street(street=tree.root, quarter=quarter, name="publish", by=by, now=before)
    grid = next((one for one in tree.grids() if one.head is not None), None)
    own = rows.filter(grid=grid.grid).first() if grid else None
    if grid is not None and grid.head is not None and own is not None:
        appeal(
            assessment=own, text="有一件已在期限内反馈，系统里登记晚了一天，请核对。",
            indicator="on_time_rate", by=grid.head, now=now - timedelta(days=1),
        )  # fmt: skip
