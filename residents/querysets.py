"""Reads of the residents app."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from grids.querysets import related_rows
from grids.scope import territory_q
from orgs.roles import SEES, Noun, Role
from orgs.scope import Grant

if TYPE_CHECKING:
    from residents.models import CareTag, Household, Residency  # noqa: F401


class HouseholdQuerySet(models.QuerySet["Household"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "HouseholdQuerySet":
        """Households of the user's territory; a corridor head's own linked ones."""
        return self.filter(
            territory_q(user, Noun.RESIDENT, letters, grid="grid_id", personal=self._linked)
        )

    def _linked(self, grant: Grant, user: Any) -> Q:
        if grant.role != Role.CORRIDOR_HEAD or user.person_id is None:
            return Q(pk__in=[])
        links = related_rows(self.model, "head_links")
        today = timezone.localdate()
        mine = links.filter(head_id=user.person_id, start__lte=today).exclude(end__lt=today)
        return Q(pk__in=mine.values("household_id"))

    def open(self) -> "HouseholdQuerySet":
        return self.filter(closed_on=None)


class ResidencyQuerySet(models.QuerySet["Residency"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "ResidencyQuerySet":
        households = related_rows(self.model, "household").visible_to(user, letters)
        return self.filter(household__in=households.values("pk"))

    def current(self, day: date) -> "ResidencyQuerySet":
        """Residencies in force on `day`; one without a start has always been."""
        return self.filter(Q(start=None) | Q(start__lte=day)).exclude(end__lt=day)


class CareTagQuerySet(models.QuerySet["CareTag"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "CareTagQuerySet":
        """Tags of people who live in a household where the user may see the care library."""
        residencies = self.model._meta.get_field("person").related_model
        assert residencies is not None
        return self.filter(
            person__residencies__in=_care_residencies(residencies, user, letters)
        ).distinct()

    def current(self, day: date) -> "CareTagQuerySet":
        return self.filter(start__lte=day).exclude(end__lt=day)


def _care_residencies(person_model: Any, user: Any, letters: str) -> Any:
    residency = person_model._meta.get_field("residencies").related_model
    household = residency._meta.get_field("household").related_model
    homes = household.objects.filter(territory_q(user, Noun.CARE, letters))
    return residency.objects.filter(household__in=homes.values("pk")).values("pk")
