"""What a resolution makes to be done: tasks, each done by hand or by a case."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models import Case
from councils.models.topics import Topic
from orgs.models import Unit
from volunteers.models import Project


class TopicTask(models.Model):
    """One thing to do. With a case it is done when the case is; what apps above add counts, too.

    (`councils/work.py`: projects and fund lines register there.)
    """

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="tasks", verbose_name="议题")
    what = models.CharField("任务", max_length=200)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="topic_tasks",
        verbose_name="责任单位",
    )  # fmt: skip
    who = models.CharField("责任人", max_length=40, blank=True)
    due = models.DateField("完成时限")
    case = models.OneToOneField(
        Case, models.PROTECT, null=True, blank=True, related_name="topic_task", verbose_name="事项"
    )
    done_on = models.DateField("完成日期", null=True, blank=True)
    result = models.CharField("完成情况", max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "决议任务"
        ordering = ["due", "id"]

    def __str__(self) -> str:
        return self.what

    @property
    def is_done(self) -> bool:
        return self.done_on is not None


class TopicProject(models.Model):
    """A service project (服务项目) a resolution has set going; it is done when the project is."""

    topic = models.ForeignKey(
        Topic, models.PROTECT, related_name="topic_projects", verbose_name="议题"
    )
    project = models.OneToOneField(
        Project, models.PROTECT, related_name="topic_link", verbose_name="服务项目"
    )

    class Meta:
        verbose_name = verbose_name_plural = "决议项目"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.project_id}"
