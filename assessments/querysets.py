"""Reads of the assessments app."""

from typing import TYPE_CHECKING, Any

from django.db import models

from grids.scope import territory_q
from orgs.roles import SEES, Noun

if TYPE_CHECKING:
    from assessments.models import QuarterAssessment  # noqa: F401


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
