"""Reads of the assessments app."""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models

from assessments.workflow import BulletinStatus
from grids.scope import territory_q
from orgs.roles import SEES, Noun
from orgs.scope import any_of, grants_with

if TYPE_CHECKING:
    from assessments.models import Bulletin, QuarterAssessment  # noqa: F401


class QuarterAssessmentQuerySet(models.QuerySet["QuarterAssessment"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "QuarterAssessmentQuerySet":
        return self.filter(territory_q(user, Noun.ASSESSMENT, letters, building=""))

    def for_list(self) -> "QuarterAssessmentQuerySet":
        """What the quarter's page shows, ranked; two queries whatever the number of rows."""
        return (
            self.select_related("grid", "community", "scheme")
            .prefetch_related("items")
            .order_by(models.F("composite").desc(nulls_last=True), "grid__code")
        )


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "BulletinQuerySet":
        """Issued ones go to everybody of the street and the departments named; drafts to its office."""
        grants = grants_with(user, Noun.ASSESSMENT, letters)
        return self.filter(any_of(_reach(grant) for grant in grants))

    def issued(self) -> "BulletinQuerySet":
        return self.filter(status=BulletinStatus.ISSUED)

    def for_list(self) -> "BulletinQuerySet":
        return self.select_related("street", "issued_by__person").order_by("-id")


def _reach(grant: Any) -> models.Q:
    issued = models.Q(status=BulletinStatus.ISSUED)
    if grant.is_everywhere:
        return models.Q(pk__isnull=False)
    if grant.unit_id is not None:
        items = apps.get_model("assessments", "BulletinItem").objects.filter(unit=grant.unit_id)
        return issued & models.Q(pk__in=items.values("bulletin_id"))
    if grant.region_code:
        return issued & models.Q(street__division_code__startswith=grant.region_code)
    own = models.Q(street_id=grant.org_id)
    return own | (issued & models.Q(street__tree_id=grant.tree_id or 0))
