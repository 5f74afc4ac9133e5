"""Reads of pairings and alliances."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from grids.models import Grid
from grids.querysets import count_of, related_rows
from grids.scope import territory_q
from orgs.roles import SEES, Noun
from orgs.scope import Grant
from partybuilding.catalog import EXPIRING_DAYS
from partybuilding.scope import NOTHING, community_q

if TYPE_CHECKING:
    from partybuilding.models import Alliance, JointRecord, Pairing  # noqa: F401


def _of_unit(grant: Grant, user: Any) -> Q:
    return Q(unit_id=grant.unit_id) if grant.unit_id is not None else NOTHING


class PairingQuerySet(models.QuerySet["Pairing"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "PairingQuerySet":
        """Pairings of the user's territory; a unit its own, to read."""
        personal = _of_unit if letters == SEES else None
        return self.filter(territory_q(user, Noun.PARTY, letters, building="", personal=personal))

    def standing(self) -> "PairingQuerySet":
        return self.filter(ended_on=None)

    def live(self, day: date) -> "PairingQuerySet":
        """In force on that day."""
        return self.standing().filter(start__lte=day, end__gte=day)

    def expiring(self, day: date) -> "PairingQuerySet":
        return self.live(day).filter(end__lte=day + timedelta(days=EXPIRING_DAYS))

    def expired(self, day: date) -> "PairingQuerySet":
        """Run out, neither renewed nor ended."""
        return self.standing().filter(end__lt=day)

    def without_agreement(self) -> "PairingQuerySet":
        return self.standing().filter(agreement_as="")

    def for_list(self) -> "PairingQuerySet":
        return self.select_related("unit", "grid", "community")


def grids_to_pair(user: Any, letters: str = SEES) -> Any:
    """Active grids of the user's territory: the denominator of the coverage."""
    return Grid.objects.where_may(user, Noun.PARTY, letters).assessed()


def paired(grids: Any, pairings: Any, day: date) -> Any:
    return grids.filter(pk__in=pairings.live(day).values("grid"))


def unpaired(grids: Any, pairings: Any, day: date) -> Any:
    return grids.exclude(pk__in=pairings.live(day).values("grid"))


class AllianceQuerySet(models.QuerySet["Alliance"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "AllianceQuerySet":
        """Alliances of the user's community, also for its branches and grids; units theirs."""
        reading = letters == SEES
        unit = self._with_member if reading else None
        return self.filter(community_q(user, letters, below=reading, unit=unit))

    def _with_member(self, unit: int) -> Q:
        members = related_rows(self.model, "members").filter(unit_id=unit, end=None)
        return Q(pk__in=members.values("alliance"))

    def standing(self) -> "AllianceQuerySet":
        return self.filter(ended_on=None)

    def for_list(self) -> "AllianceQuerySet":
        members = related_rows(self.model, "members").filter(end=None)
        records = related_rows(self.model, "records")
        last = records.filter(alliance=OuterRef("pk")).order_by("-held_on").values("held_on")
        return self.select_related("community").annotate(
            member_count=count_of(members, "alliance"),
            record_count=count_of(records, "alliance"),
            last_on=Subquery(last[:1]),
        )


class JointRecordQuerySet(models.QuerySet["JointRecord"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "JointRecordQuerySet":
        alliances = related_rows(self.model, "alliance").visible_to(user, letters)
        return self.filter(alliance__in=alliances.values("pk"))

    def between(self, first: date, end: date) -> "JointRecordQuerySet":
        return self.filter(held_on__gte=first, held_on__lt=end)

    def for_list(self) -> "JointRecordQuerySet":
        return self.select_related("alliance__community", "item").prefetch_related("units")
