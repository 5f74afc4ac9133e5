"""Import jobs: the row is the queue. A killed worker loses nothing; the sweep picks it up again."""

from django.conf import settings
from django.db import models

from orgs.models.tree import OrgUnit
from orgs.querysets import ImportJobQuerySet


class ImportJob(models.Model):
    """One uploaded file on its way: uploaded → previewed → confirmed → running → done."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "已上传，正在检查"
        PREVIEWED = "previewed", "待确认"
        CONFIRMED = "confirmed", "已确认，等待导入"
        RUNNING = "running", "正在导入"
        DONE = "done", "已完成"
        FAILED = "failed", "失败"
        CANCELLED = "cancelled", "已取消"
        UNDOING = "undoing", "正在撤销"
        UNDONE = "undone", "已撤销"

    kind = models.CharField("类型", max_length=30)
    under = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="导入到")
    street = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="+", verbose_name="街道（社区）"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    file_name = models.CharField("文件名", max_length=200)
    file_hash = models.CharField("文件指纹", max_length=64, db_index=True)
    stored_as = models.CharField("加密存放", max_length=200, blank=True)
    result_stored_as = models.CharField("结果文件", max_length=200, blank=True)
    # Every row with its fate, masked, for the pages of the preview.
    lines_stored_as = models.CharField("逐行结果", max_length=200, blank=True)
    # What the uploader said about the file; each importer knows its own keys.
    options = models.JSONField("选项", default=dict)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.UPLOADED)
    mapping = models.JSONField("列对应", default=dict)
    counts = models.JSONField("统计", default=dict)
    issues = models.JSONField("问题", default=list)
    preview = models.JSONField("预览", default=list)
    progress = models.PositiveIntegerField("已处理行数", default=0)
    total = models.PositiveIntegerField("总行数", default=0)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    error = models.CharField("失败原因", max_length=300, blank=True)
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    started_at = models.DateTimeField("开始时间", null=True)
    heartbeat_at = models.DateTimeField("最近进展", null=True)
    finished_at = models.DateTimeField("完成时间", null=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入任务"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.file_name}（{self.get_state_display()}）"
