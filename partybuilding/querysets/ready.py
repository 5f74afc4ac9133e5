"""Reads of the 三有 light of grids and of the half-yearly 五基 self-check."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from grids.scope import territory_q
from orgs.roles import SEES, Noun
from partybuilding.scope import branch_q
from partybuilding.workflow import OPEN_ITEMS, ItemStatus

if TYPE_CHECKING:
    from partybuilding.models import BasicsCheck, GridVenue  # noqa: F401


class VenueQuerySet(models.QuerySet["GridVenue"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "VenueQuerySet":
        return self.filter(territory_q(user, Noun.PARTY, letters, building=""))

    def open(self) -> "VenueQuerySet":
        return self.filter(ended_on=None)


class BasicsQuerySet(models.QuerySet["BasicsCheck"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "BasicsQuerySet":
        return self.filter(branch_q(user, letters))

    def of_half(self, day: date) -> "BasicsQuerySet":
        return self.filter(half=day)

    def open(self) -> "BasicsQuerySet":
        return self.filter(status__in=OPEN_ITEMS)

    def to_confirm(self) -> "BasicsQuerySet":
        return self.filter(status=ItemStatus.SUBMITTED)

    def for_list(self) -> "BasicsQuerySet":
        return self.select_related("branch", "community")


def with_people(grids: Any, day: date) -> Any:
    """有人办事: every mandatory place of the team is filled."""
    return grids.exclude(pk__in=grids.short_of_team(day).values("pk"))


def with_money(grids: Any, year: int) -> Any:
    """有钱办事: the community, or its street, has money of this year."""
    funds: Any = _model("FundAllocation").filter(year=year)
    own = funds.filter(community=OuterRef("community"))
    street = funds.filter(community=None, street=OuterRef("street"))
    return grids.filter(Q(Exists(own)) | Q(Exists(street)))


def with_venue(grids: Any) -> Any:
    """有场所办事: a venue stands in the books."""
    return grids.filter(pk__in=_model("GridVenue").open().values("grid"))


def all_three(grids: Any, day: date) -> Any:
    return with_venue(with_money(with_people(grids, day), day.year))


def _model(name: str) -> Any:
    return apps.get_model("partybuilding", name)._default_manager
