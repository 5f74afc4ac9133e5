"""Case (事项): one problem somebody reported, on its way to being written off (销号)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.catalog import Level, Pending, Source
from cases.models.categories import Category, SlaClass
from cases.querysets import CaseQuerySet
from cases.reading import Reading
from cases.workflow import Status, status_choices
from grids.models import Building, Grid
from orgs.fields import SealedField
from orgs.models import OrgUnit, Person, Region, Unit

if TYPE_CHECKING:
    from cases.models.trail import CaseEvent, CaseTask  # noqa: F401


def _scope_indexes() -> list[models.Index]:
    """Newest-first lists at each scope: by status, all, and open ones only."""
    indexes: list[models.Index] = []
    for scope in ("district", "street", "community", "grid"):
        newest = [scope, "-id"]
        indexes += [
            models.Index(fields=[scope, "status", "-id"], name=f"case_{scope}_status"),
            models.Index(fields=newest, name=f"case_{scope}_newest"),
            models.Index(fields=newest, name=f"case_{scope}_open", condition=Q(ended_at=None)),
        ]
    return indexes


class Case(Reading, models.Model):
    """`status` is written by `cases.services.move` only. `ended_at` None means open.

    Scope columns are copies of the grid's. `level` says how high it has been called.
    `due_at` is the handling limit, `step_due_at` that of the step somebody has to take now.
    """

    case_no = models.CharField("编号", max_length=20, unique=True, editable=False)
    tracking_code = models.CharField("查询码", max_length=8, unique=True, editable=False)
    # What the sender's device called this report; a repeated send finds the case by it.
    client_key = models.CharField(max_length=100, null=True, unique=True, editable=False)

    district = models.ForeignKey(
        Region, models.PROTECT, related_name="+", verbose_name="区县", db_index=False
    )
    street = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="+", verbose_name="街道", db_index=False
    )
    community = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="+", verbose_name="社区", db_index=False
    )
    grid = models.ForeignKey(
        Grid, models.PROTECT, related_name="cases", verbose_name="网格", db_index=False
    )
    building = models.ForeignKey(
        Building, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="楼栋"
    )
    address = models.CharField("地点", max_length=200, blank=True)

    text = models.TextField("问题描述")
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="cases", verbose_name="类别"
    )
    source = models.CharField("来源", max_length=16, choices=Source.choices)
    level = models.CharField("层级", max_length=10, choices=Level.choices, default=Level.GRID)
    status = models.CharField(
        "状态", max_length=12, choices=status_choices, default=Status.REPORTED, editable=False
    )
    sla_class = models.ForeignKey(
        SlaClass, models.PROTECT, related_name="+", verbose_name="办理时限类别", db_index=False
    )

    reporter_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True,
        related_name="reported_cases", verbose_name="上报人",
    )  # fmt: skip
    reporter_person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="reported_cases",
        verbose_name="反映人",
    )  # fmt: skip
    reporter_name = models.CharField("反映人姓名", max_length=60, blank=True)
    reporter_phone = SealedField("联系电话")
    anonymous = models.BooleanField("匿名", default=False)
    confidential = models.BooleanField("保密", default=False)

    lead_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="led_cases",
        verbose_name="牵头单位",
    )  # fmt: skip
    holder_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="held_cases",
        verbose_name="承办人",
    )  # fmt: skip
    # 网格内化解: False once called up, assigned or whistled.
    in_grid = models.BooleanField("未出网格", default=True)
    outcome = models.CharField("办理结果", max_length=12, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name="并入"
    )
    # The case this one was split from (拆件): it waits until all its parts are over.
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", editable=False,
        verbose_name="拆自",
    )  # fmt: skip
    was_split = models.BooleanField("已分件", default=False, editable=False)
    # 延期 or 挂账 asked for and not answered yet; the request itself is a row.
    pending = models.CharField("待答复", max_length=20, choices=Pending.choices, blank=True)

    created_at = models.DateTimeField("上报时间", default=timezone.now)
    accepted_at = models.DateTimeField("立案时间", null=True, blank=True)
    first_contact_at = models.DateTimeField("首次联系时间", null=True, blank=True)
    whistled_at = models.DateTimeField("吹哨时间", null=True, blank=True)
    clock_started_at = models.DateTimeField("计时开始", null=True, blank=True)
    due_at = models.DateTimeField("办理期限", null=True, blank=True)
    original_due_at = models.DateTimeField("原定期限", null=True, blank=True)
    contact_due_at = models.DateTimeField("首次联系期限", null=True, blank=True)
    sign_due_at = models.DateTimeField("签收期限", null=True, blank=True)
    signed_at = models.DateTimeField("签收时间", null=True, blank=True)
    status_since = models.DateTimeField("进入本状态", default=timezone.now)
    step_due_at = models.DateTimeField("本步期限", null=True, blank=True)
    fed_back_at = models.DateTimeField("反馈时间", null=True, blank=True)
    verified_at = models.DateTimeField("核查时间", null=True, blank=True)
    closed_at = models.DateTimeField("销号时间", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    appealed_at = models.DateTimeField("申诉时间", null=True, blank=True)
    # The handling clock stood still until then, for the reporter to answer; once per cycle.
    waiting_until = models.DateTimeField("等待反映人至", null=True, blank=True)
    # 挂账: working days that were left of the handling limit, to run again on 恢复办理.
    left_workdays = models.PositiveSmallIntegerField("挂账时剩余工作日", null=True, blank=True)

    cycle = models.PositiveSmallIntegerField("第几轮", default=1)
    rework_count = models.PositiveSmallIntegerField("返工次数", default=0)
    urged_at = models.DateTimeField("最近催办", null=True, blank=True)
    supervised_at = models.DateTimeField("督办时间", null=True, blank=True)
    # The written reply to a supervision is due then; None when nothing is owed.
    reply_due_at = models.DateTimeField("督办回复期限", null=True, blank=True)
    lifted_at = models.DateTimeField("督办解除时间", null=True, blank=True)
    # What the sweep has already done: 0 nothing, 1 urged, 2 supervised; and for this step.
    overdue_stage = models.PositiveSmallIntegerField(default=0, editable=False)
    step_urged = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    # The digest of the newest event: what the next one chains to.
    trail_head = models.CharField(max_length=64, blank=True, editable=False)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "事项"
        indexes = [
            *_scope_indexes(),
            models.Index(fields=["due_at"], name="case_open_due", condition=Q(ended_at=None)),
            models.Index(fields=["step_due_at"], name="case_open_step", condition=Q(ended_at=None)),
            # The tabs of a district count its 20,000 open cases from this index alone.
            models.Index(
                fields=["street", "community"],
                include=[
                    "id",
                    "district",
                    "level",
                    "status",
                    "pending",
                    "step_due_at",
                    "due_at",
                    "lead_unit",
                    "ended_at",
                ],
                name="case_open_cover",
                condition=Q(ended_at=None),
            ),
            # What is rare must be found without reading through a million others.
            models.Index(
                fields=["-id"], name="case_supervised", condition=Q(supervised_at__isnull=False)
            ),
            models.Index(fields=["source", "-id"], name="case_source_newest"),
            models.Index(fields=["due_at"], name="case_due"),
            models.Index(fields=["closed_at"], name="case_closed"),
            models.Index(fields=["created_at"], name="case_created"),
            # A street's dashboard counts some months of a table that holds years.
            models.Index(fields=["street", "created_at"], name="case_street_created"),
            models.Index(fields=["street", "due_at"], name="case_street_due"),
            models.Index(fields=["street", "closed_at"], name="case_street_closed"),
        ]

    def __str__(self) -> str:
        return self.case_no

    @property
    def is_supervised(self) -> bool:
        """Whether a supervision stands that its issuer has not lifted."""
        return self.supervised_at is not None and self.lifted_at is None

    @property
    def fed_back_on_time(self) -> bool | None:
        """按期办结: fed back within the due date; None while there is nothing to compare."""
        if self.fed_back_at is None or self.due_at is None:
            return None
        return self.fed_back_at <= self.due_at
