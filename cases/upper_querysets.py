"""Reads of what only the upper level keeps about a case: the accountability records."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from cases.scope import COMMUNITY_ROLES, STREET_ROLES
from orgs.roles import SEES, Noun, Role
from orgs.scope import Grant, any_of, grants_with

if TYPE_CHECKING:
    from cases.models import Accountability  # noqa: F401


def upper_grants(user: Any, letters: str = SEES) -> list[Grant]:
    """Return the grants by which the user is an upper level: street centre, district.

    A community is one only where it is the root of its tree.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return []
    return [
        grant
        for grant in grants_with(user, Noun.CASE, letters)
        if grant.role in STREET_ROLES
        or (grant.role in COMMUNITY_ROLES and grant.lft == 1)
        or (grant.role == Role.DISTRICT_OFFICIAL and grant.region_code)
    ]


def upper_q(user: Any, letters: str = SEES) -> Q:
    """Return the Q of rows whose case lies under a level the user serves."""
    return any_of(
        Q(case__district__code__startswith=grant.region_code)
        if grant.role == Role.DISTRICT_OFFICIAL
        else Q(case__street_id=grant.org_id)
        for grant in upper_grants(user, letters)
    )


class AccountabilityQuerySet(models.QuerySet["Accountability"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "AccountabilityQuerySet":
        """The upper level's only: the holder is told by whoever issues it, on paper or in person."""
        return self.filter(upper_q(user, letters))

    def for_list(self) -> "AccountabilityQuerySet":
        return self.select_related(
            "case__category", "case__grid", "case__street", "case__community__region", "unit",
            "raised_by__person", "decided_by__person",
        ).order_by("-id")  # fmt: skip
