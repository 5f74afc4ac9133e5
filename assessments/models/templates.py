"""Word and Excel templates of reports, by versions. The newest that was not withdrawn is used."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone

from assessments.catalog import ReportCode, report_choices
from assessments.querysets import ReportTemplateQuerySet
from orgs.models import OrgUnit


class ReportTemplate(models.Model):
    """One version; `street` None is for all streets. The file is sealed and served by a view only."""

    class Kind(models.TextChoices):
        WORD = "docx", "Word"
        EXCEL = "xlsx", "Excel"

    report = models.CharField("报表", max_length=12, choices=report_choices)
    kind = models.CharField("格式", max_length=4, choices=Kind.choices)
    street = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, related_name="+", verbose_name="街道"
    )
    version = models.PositiveSmallIntegerField("版本")
    note = models.CharField("说明", max_length=100, blank=True)
    fields = models.JSONField("用到的字段", default=list)
    stored_as = models.CharField(max_length=120, editable=False)
    sha256 = models.CharField("指纹", max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    at = models.DateTimeField("上传时间", default=timezone.now)
    withdrawn_at = models.DateTimeField("停用时间", null=True)

    objects = ReportTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报表模板"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "kind", "street", "version"], name="report_template_version"
            ),
            models.UniqueConstraint(
                fields=["report", "kind", "version"], condition=models.Q(street=None),
                name="report_template_version_all",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{ReportCode(self.report).label} {self.get_kind_display()} 第 {self.version} 版"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("模板不能删除，只能停用。")
