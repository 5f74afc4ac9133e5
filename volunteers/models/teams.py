"""志愿服务队 and 志愿者."""

from django.db import models
from django.utils import timezone

from grids.models import Building, Grid
from orgs.fields import SealedField
from orgs.models import Person, Unit
from volunteers.catalog import ActivityKind, Skill, TeamKind, Times, words
from volunteers.models.area import InCommunity
from volunteers.querysets import TeamQuerySet, VolunteerQuerySet


class Team(InCommunity):
    """A service team of a community; it serves the grids named, or all when none is."""

    name = models.CharField("队名", max_length=60)
    kind = models.CharField("类型", max_length=12, choices=TeamKind.choices)
    leader = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="队长"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="组队单位"
    )
    # Codes of `Skill`.
    specialities = models.JSONField("特长", default=list, blank=True)
    grids = models.ManyToManyField(Grid, related_name="+", blank=True, verbose_name="服务网格")
    about = models.CharField("简介", max_length=200, blank=True)
    founded_on = models.DateField("成立日期", default=timezone.localdate)
    ended_on = models.DateField("解散日期", null=True, blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "志愿服务队"
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], name="team_name_in_community",
                violation_error_message="本社区已有同名的服务队。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def speciality_words(self) -> str:
        return words(self.specialities, Skill)


class Volunteer(InCommunity):
    """The volunteer's hat of a person: what one can and likes to do, when, and how far from home."""

    class Status(models.TextChoices):
        APPLIED = "applied", "待审核"
        ACTIVE = "active", "在册"
        PAUSED = "paused", "暂停"
        LEFT = "left", "已退出"

    person = models.OneToOneField(
        Person, models.PROTECT, related_name="volunteer", verbose_name="人员"
    )
    grid = models.ForeignKey(
        Grid, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所在网格"
    )
    building = models.ForeignKey(
        Building, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="住在楼栋"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所在单位"
    )
    # Codes of `Skill`, `ActivityKind` and `Times`.
    skills = models.JSONField("特长", default=list, blank=True)
    interests = models.JSONField("兴趣", default=list, blank=True)
    times = models.JSONField("方便时间", default=list, blank=True)
    max_distance = models.PositiveIntegerField("最远（米）", default=3000)
    status = models.CharField("状态", max_length=8, choices=Status.choices, default=Status.ACTIVE)
    # When the matching last asked, so that not always the same are asked.
    last_asked_at = models.DateTimeField("最近邀请", null=True, blank=True, editable=False)
    # For those under 18: who answers for them.
    guardian_name = models.CharField("监护人", max_length=60, blank=True)
    guardian_phone = SealedField("监护人电话")
    joined_on = models.DateField("登记日期", default=timezone.localdate)

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "志愿者"
        indexes = [models.Index(fields=["community", "status", "-id"], name="volunteer_list")]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def skill_words(self) -> str:
        return words(self.skills, Skill)

    @property
    def interest_words(self) -> str:
        return words(self.interests, ActivityKind)

    @property
    def time_words(self) -> str:
        return words(self.times, Times)

    @property
    def is_minor(self) -> bool:
        """Whether under 18; unknown birth dates count as grown-up."""
        born, today = self.person.birth_date, timezone.localdate()
        return born is not None and (
            today.year - born.year - ((today.month, today.day) < (born.month, born.day)) < 18
        )


class TeamMember(models.Model):
    """A volunteer in a team, from `start` to `end`."""

    team = models.ForeignKey(
        Team, models.PROTECT, related_name="memberships", verbose_name="服务队"
    )
    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, related_name="memberships", verbose_name="志愿者"
    )
    start = models.DateField("加入日期", default=timezone.localdate)
    end = models.DateField("离开日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "队员"
        constraints = [
            models.UniqueConstraint(
                fields=["team", "volunteer"], condition=models.Q(end=None),
                name="team_member_once", violation_error_message="已经在队里。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.team_id} {self.volunteer_id}"
