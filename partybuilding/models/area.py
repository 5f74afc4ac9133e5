"""The scope columns the tables of Party work carry, copied for `visible_to`."""

from django.db import models

from orgs.models import OrgUnit, Region


class InCommunity(models.Model):
    """A row that belongs to a community."""

    district = models.ForeignKey(
        Region, models.PROTECT, related_name="+", verbose_name="区县", editable=False
    )
    street = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="+", verbose_name="街道", editable=False
    )
    community = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="社区")

    class Meta:
        abstract = True
