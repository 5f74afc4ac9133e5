"""Reads of funds, trainings and patrols."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import DecimalField, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from grids.querysets import count_of, related_rows
from grids.scope import territory_q
from orgs.roles import SEES, Noun
from orgs.scope import Grant
from partybuilding.scope import NOTHING, community_q, streets_of

if TYPE_CHECKING:
    from partybuilding.models import FundAllocation, FundLine, Patrol, Training  # noqa: F401

_MONEY = DecimalField(max_digits=14, decimal_places=2)


def _sum(rows: Any, group: str, column: str = "amount") -> Coalesce:
    total = rows.filter(**{group: OuterRef("pk")}).order_by().values(group)
    found = Subquery(total.annotate(total=Sum(column)).values("total"), output_field=_MONEY)
    return Coalesce(found, Value(Decimal(0), _MONEY))


class AllocationQuerySet(models.QuerySet["FundAllocation"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "AllocationQuerySet":
        """Funds of the user's communities; those of the street for people of the street."""
        reading = letters == SEES
        return self.filter(community_q(user, letters, below=reading, noun=Noun.FUND))

    def with_sums(self) -> Any:
        """With `committed` (planned and paid), `paid` and `balance`."""
        lines = related_rows(self.model, "lines").filter(cancelled_on=None)
        paid = lines.exclude(paid_on=None)
        return self.select_related("community", "street").annotate(
            committed=_sum(lines, "allocation"), paid=_sum(paid, "allocation"),
            balance=models.F("amount") - _sum(lines, "allocation"),
        )  # fmt: skip


class LineQuerySet(models.QuerySet["FundLine"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "LineQuerySet":
        allocations = related_rows(self.model, "allocation").visible_to(user, letters)
        return self.filter(allocation__in=allocations.values("pk"))

    def standing(self) -> "LineQuerySet":
        return self.filter(cancelled_on=None)

    def to_pay(self) -> "LineQuerySet":
        return self.standing().filter(paid_on=None)


class TrainingQuerySet(models.QuerySet["Training"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "TrainingQuerySet":
        """Trainings of the user's communities; everybody of a street reads the street's own."""
        area = community_q(user, letters, below=letters == SEES)
        if letters == SEES:
            area |= Q(community=None, street__tree_id__in=streets_of(user, Noun.PARTY))
        return self.filter(area)

    def between(self, first: date, end: date) -> "TrainingQuerySet":
        return self.filter(held_on__gte=first, held_on__lt=end)

    def for_list(self) -> "TrainingQuerySet":
        came = related_rows(self.model, "attendances")
        return self.select_related("org").annotate(came_count=count_of(came, "training"))


class PatrolQuerySet(models.QuerySet["Patrol"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "PatrolQuerySet":
        return self.filter(
            territory_q(user, Noun.PARTY, letters, building="", personal=self._own)
            | Q(by_id=getattr(user, "pk", None) or -1)
        )

    def _own(self, grant: Grant, user: Any) -> Q:
        return NOTHING if grant.unit_id is not None else Q(by_id=user.pk or -1)

    def between(self, start: Any, end: Any) -> "PatrolQuerySet":
        return self.filter(at__gte=start, at__lt=end)

    def with_case(self) -> "PatrolQuerySet":
        return self.exclude(case=None)

    def for_list(self) -> "PatrolQuerySet":
        return self.select_related("grid", "community", "by__person", "case__category")
