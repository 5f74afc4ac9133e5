"""Reads of 跟踪问效."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models

from cases.effects import Effect, EffectState
from cases.scope import visible_q
from orgs.roles import SEES

if TYPE_CHECKING:
    from cases.models import EffectReview  # noqa: F401


class EffectReviewQuerySet(models.QuerySet["EffectReview"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "EffectReviewQuerySet":
        """Those of the cases the user sees."""
        cases = apps.get_model("cases", "Case").objects.filter(visible_q(user, letters))
        return self.filter(case__in=cases.values("pk"))

    def waiting(self) -> "EffectReviewQuerySet":
        return self.filter(state=EffectState.WAITING)

    def due(self, today: date) -> "EffectReviewQuerySet":
        """Their day has come and nobody has looked yet."""
        return self.waiting().filter(due_on__lte=today)

    def relapsed(self) -> "EffectReviewQuerySet":
        return self.filter(effect=Effect.RELAPSED)

    def for_list(self) -> "EffectReviewQuerySet":
        return self.select_related(
            "case__category", "case__grid", "case__community__region", "case__lead_unit",
            "chosen_by__person", "done_by__person",
        )  # fmt: skip
