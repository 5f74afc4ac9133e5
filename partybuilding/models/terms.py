"""The term of a committee: elected on a day, due for election on another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from orgs.models import OrgUnit
from partybuilding.querysets.terms import TermQuerySet


class CommitteeTerm(models.Model):
    """One term of an organisation's committee; the open one is the row without `ended_on`.

    Who sits in it are the posts of `orgs`: a term may be over while everybody is still in his post.
    """

    org = models.ForeignKey(OrgUnit, models.PROTECT, related_name="terms", verbose_name="党组织")
    name = models.CharField("届次", max_length=20)
    elected_on = models.DateField("换届日期")
    due_on = models.DateField("届满日期")
    put_off = models.CharField("延期原因", max_length=200, blank=True)
    ended_on = models.DateField("下届换届日期", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "班子届期"
        ordering = ["-elected_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["org"], condition=Q(ended_on=None), name="term_one_open"),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("elected_on")), name="term_due_after_election"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["ended_on", "due_on"], name="term_due")]

    def __str__(self) -> str:
        return f"{self.org} {self.name}"
