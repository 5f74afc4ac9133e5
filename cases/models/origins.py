"""Where a case was found: the visit or the door of a campaign it was reported from."""

from django.db import models

from cases.models.case import Case
from residents.models import CampaignDoor, Visit


class CaseOrigin(models.Model):
    """The link back from a case to a household; only who may read the household follows it."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="origin", verbose_name="事项")
    visit = models.ForeignKey(
        Visit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="case_origins",
        verbose_name="走访",
    )
    door = models.ForeignKey(
        CampaignDoor, models.CASCADE, null=True, blank=True, related_name="case_origins",
        verbose_name="专项排查的门户",
    )  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "事项来源"

    def __str__(self) -> str:
        return f"{self.case_id}"
