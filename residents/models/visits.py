"""走访: what was found at a door, the photos, and the monthly call-back."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from orgs.models import Person
from residents.models.households import Household
from residents.visit_querysets import VisitCheckQuerySet, VisitQuerySet
from residents.visit_rules import Hazard, HomeClass, Outcome


class VisitQuota(models.Model):
    """How often a class of households is visited in a year; the quarter's quota follows from it."""

    home_class = models.CharField("户类", max_length=10, choices=HomeClass.choices, unique=True)
    times_a_year = models.PositiveSmallIntegerField(
        "每年走访次数", validators=[MinValueValidator(1), MaxValueValidator(52)]
    )

    class Meta:
        verbose_name = verbose_name_plural = "走访频次"
        ordering = ["-times_a_year", "home_class"]

    def __str__(self) -> str:
        return str(self.get_home_class_display())


class Visit(models.Model):
    """One visit to one household; never changed afterwards."""

    household = models.ForeignKey(
        Household, models.PROTECT, related_name="visits", verbose_name="住户"
    )
    visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="visits", verbose_name="走访人"
    )
    day = models.DateField("走访日期")
    outcome = models.CharField("结果", max_length=8, choices=Outcome.choices)
    met = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="见到的人"
    )
    met_other = models.CharField("见到的其他人", max_length=60, blank=True)
    # Codes of `Hazard`; looked at whenever somebody went inside.
    hazards = models.JSONField("安全隐患", default=list, blank=True)
    opinion = models.CharField("意见建议", max_length=500, blank=True)
    note = models.CharField("备注", max_length=500, blank=True)
    # The household's word that the inside may be photographed.
    photo_consent = models.BooleanField("住户同意拍照", default=False)
    # One form sent twice is one visit.
    client_key = models.CharField(max_length=80, blank=True, editable=False)
    created_at = models.DateTimeField("登记时间", default=timezone.now)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "走访记录"
        indexes = [
            models.Index(fields=["household", "-id"], name="visit_household"),
            models.Index(fields=["day", "household"], name="visit_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["visitor", "client_key"],
                condition=~models.Q(client_key=""),
                name="visit_sent_once",
                violation_error_message="这次走访已经登记过了。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.get_outcome_display()}"

    @property
    def tone(self) -> str:
        """The colour of the outcome."""
        return {Outcome.NOBODY: "yellow", Outcome.REFUSED: "red"}.get(
            Outcome(self.outcome), "green"
        )

    @property
    def hazard_words(self) -> str:
        """用电、燃气隐患, or ""."""
        words = "、".join(str(Hazard(code).label) for code in self.hazards)
        return f"{words}隐患" if words else ""

    @property
    def met_words(self) -> str:
        """Who was met, masked."""
        names = [self.met.masked_name] if self.met else []
        return "、".join([*names, *([self.met_other] if self.met_other else [])])


class VisitPhoto(models.Model):
    """A photo of a visit, re-encoded (no EXIF) and sealed at rest."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="photos", verbose_name="走访")
    stored_as = models.CharField(max_length=120, editable=False)
    inside = models.BooleanField("室内", default=False)
    width = models.PositiveIntegerField("宽")
    height = models.PositiveIntegerField("高")

    class Meta:
        verbose_name = verbose_name_plural = "走访照片"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.visit_id} #{self.pk}"


class VacancyDecision(models.Model):
    """What was decided about a home where nobody opened; `seen` is the last visit known then."""

    class Choice(models.TextChoices):
        VACANT = "vacant", "确认空置"
        KEEP = "keep", "有人居住"
        REVISIT = "revisit", "再访一次"

    household = models.ForeignKey(
        Household, models.PROTECT, related_name="vacancy_decisions", verbose_name="住户"
    )
    choice = models.CharField("结论", max_length=8, choices=Choice.choices)
    seen = models.ForeignKey(Visit, models.PROTECT, related_name="+", verbose_name="最近走访")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="处理人"
    )
    decided_on = models.DateField("处理日期")

    class Meta:
        verbose_name = verbose_name_plural = "空户核查"

    def __str__(self) -> str:
        return f"{self.household_id} {self.get_choice_display()}"


class VisitCheck(models.Model):
    """A visit drawn for the monthly call-back, done by somebody else than the visitor."""

    class Result(models.TextChoices):
        TRUE = "true", "属实"
        PARTLY = "partly", "部分属实"
        FALSE = "false", "不属实"
        UNREACHED = "unreached", "联系不上"

    visit = models.OneToOneField(
        Visit, models.PROTECT, related_name="check_back", verbose_name="走访"
    )
    month = models.CharField("月份", max_length=7)
    result = models.CharField("结果", max_length=10, choices=Result.choices, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="抽查人"
    )
    checked_on = models.DateField("抽查日期", null=True)

    objects = VisitCheckQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "走访抽查"
        indexes = [models.Index(fields=["month", "result"], name="visit_check_month")]

    def __str__(self) -> str:
        return f"{self.month} #{self.visit_id}"
