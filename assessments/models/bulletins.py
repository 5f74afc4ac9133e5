"""The monthly bulletin (通报): which sources make which columns, the bulletin, the cases it counts."""

from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from assessments.querysets import BulletinQuerySet
from assessments.workflow import BulletinStatus
from cases.catalog import Source
from cases.models import Case
from orgs.models import OrgUnit, Unit


def bulletin_status_choices() -> list[tuple[str, str]]:
    return list(BulletinStatus.choices)


class BulletinScheme(models.Model):
    """`lines` is a list of {code, title, sources}: each line has three columns in the table."""

    name = models.CharField("名称", max_length=40)
    lines: Any = models.JSONField("分栏")
    min_sample = models.PositiveSmallIntegerField("不足几件不排名", default=5)
    is_active = models.BooleanField("在用", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "通报方案"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse lines no table could have; a source stands in one line only."""
        lines = self.lines if isinstance(self.lines, list) else []
        good = lines and all(
            isinstance(line, dict) and not {"code", "title", "sources"} - line.keys()
            for line in lines
        )
        if not good:
            raise ValidationError({"lines": "每栏要写明 code、title、sources。"})
        sources = [source for line in lines for source in line["sources"]]
        unknown = [str(source) for source in sources if source not in Source.values]
        if unknown:
            raise ValidationError({"lines": f"没有这样的来源：{'、'.join(unknown)}。"})
        if len(sources) != len(set(sources)):
            raise ValidationError({"lines": "一个来源只能列入一栏。"})


class Bulletin(models.Model):
    """One month of one street. `content` is the table as shown; its cases are `items`.

    `cutoff` is the instant of what it knows; `sha256` is of content and items, written on issue.
    A correction is a new version with its reason; the issued one stays.
    """

    street = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="街道")
    month = models.CharField("月份", max_length=7)
    version = models.PositiveSmallIntegerField("版本", default=1)
    scheme = models.ForeignKey(BulletinScheme, models.PROTECT, related_name="+")
    status = models.CharField(
        "状态", max_length=8, choices=bulletin_status_choices, default=BulletinStatus.DRAFT
    )
    reason = models.CharField("更正原因", max_length=200, blank=True)
    content: Any = models.JSONField("内容", default=dict)
    cutoff = models.DateTimeField("截至")
    drafted_at = models.DateTimeField("起草时间", default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="发布人"
    )
    issued_at = models.DateTimeField("发布时间", null=True)
    sha256 = models.CharField("指纹", max_length=64, blank=True)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "月度通报"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["street", "month", "version"], name="bulletin_version_once"
            ),
            models.UniqueConstraint(
                fields=["street", "month"], condition=models.Q(status="draft"),
                name="bulletin_one_draft",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.street} {self.month}"

    @property
    def is_issued(self) -> bool:
        return self.status == BulletinStatus.ISSUED

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("通报不能删除。")


class BulletinItem(models.Model):
    """One case as the bulletin counts it: whose it is, in which line, how it stands at the cut-off."""

    class Result(models.TextChoices):
        ON_TIME = "on_time", "按时办结"
        LATE = "late", "超时办结"
        OPEN = "open", "未办结"

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="items")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    community = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    row = models.CharField("行", max_length=24)  # "unit-3", or "org-7": the community's own
    line = models.CharField("栏", max_length=20)
    topic = models.CharField("一级类别", max_length=40)
    result = models.CharField("办理", max_length=8, choices=Result.choices)
    answered = models.BooleanField("已回访")
    unsatisfied = models.BooleanField("不满意")

    class Meta:
        verbose_name = verbose_name_plural = "通报明细"
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "case"], name="bulletin_case_once")
        ]
        indexes = [models.Index(fields=["bulletin", "row"], name="bulletin_row")]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.case_id}"
