"""Reads of the check-ins of members, their posts and the cards to their units."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import DecimalField, Exists, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from grids.querysets import related_rows
from grids.scope import territory_q
from orgs.roles import SEES, Noun
from orgs.scope import Grant
from partybuilding.scope import community_q, units_of
from partybuilding.workflow import (
    LIVE_CHECKINS,
    REPORTED,
    SERVING,
    CardStatus,
    CheckInStatus,
)

if TYPE_CHECKING:
    from partybuilding.models import CheckIn, FeedbackCard, MemberDuty  # noqa: F401


def _own_people(grant: Grant, user: Any) -> Q:
    """Units read the check-ins of their own people; a member with a log-in his own."""
    if grant.unit_id is not None:
        return Q(unit_id=grant.unit_id)
    return Q(person_id=user.person_id or -1)


def hours_of(person: str, start: date, end: date) -> Coalesce:
    """Return an expression: the confirmed hours of voluntary work of a person in [start, end)."""
    rows = apps.get_model("volunteers", "Hours").objects.filter(
        volunteer__person=OuterRef(person), status="confirmed",
        start__date__gte=start, start__date__lt=end,
    )  # fmt: skip
    total = rows.order_by().values("volunteer__person").annotate(total=Sum("credited"))
    field = DecimalField(max_digits=8, decimal_places=1)
    return Coalesce(Subquery(total.values("total"), output_field=field), Value(Decimal(0), field))


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "CheckInQuerySet":
        """Check-ins of the user's territory; units theirs, only to read."""
        personal = _own_people if letters == SEES else None
        return self.filter(territory_q(user, Noun.PARTY, letters, personal=personal))

    def of_units(self, user: Any) -> "CheckInQuerySet":
        return self.filter(unit__in=units_of(user))

    def live(self) -> "CheckInQuerySet":
        return self.filter(status__in=LIVE_CHECKINS)

    def invited(self) -> "CheckInQuerySet":
        return self.filter(status=CheckInStatus.INVITED)

    def living_in(self, homes: Any) -> "CheckInQuerySet":
        """Whose person the register has in one of these households now."""
        residencies = apps.get_model("residents", "Residency").objects.filter(
            end=None, household__in=homes.values("pk"), person=OuterRef("person")
        )
        return self.filter(Exists(residencies))

    def waiting(self) -> "CheckInQuerySet":
        """For the community to match or accept."""
        return self.filter(status__in=(CheckInStatus.APPLIED, CheckInStatus.MATCHED))

    def reported(self) -> "CheckInQuerySet":
        return self.filter(status__in=REPORTED)

    def serving(self) -> "CheckInQuerySet":
        return self.filter(status__in=SERVING)

    def without_duty(self) -> "CheckInQuerySet":
        return self.filter(status=CheckInStatus.ACCEPTED)

    def unconfirmed(self) -> "CheckInQuerySet":
        """Serving, asked to confirm for a half-year, not answered."""
        asked = related_rows(self.model, "confirmations").filter(answered_at=None)
        return self.serving().filter(Exists(asked.filter(check_in=OuterRef("pk"))))

    def not_appraised(self, year: int) -> "CheckInQuerySet":
        return self.serving().filter(accepted_at__year__lte=year).exclude(appraisals__year=year)

    def with_hours(self, start: date, end: date) -> Any:
        return self.annotate(hours=hours_of("person", start, end))

    def taking_part(self, start: date, end: date) -> Any:
        return self.serving().with_hours(start, end).filter(hours__gt=0)

    def for_list(self) -> "CheckInQuerySet":
        return self.select_related("person", "unit", "community", "grid")


class DutyQuerySet(models.QuerySet["MemberDuty"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "DutyQuerySet":
        return self.filter(territory_q(user, Noun.PARTY, letters, building="", personal=self._own))

    def _own(self, grant: Grant, user: Any) -> Q:
        """A member with a log-in keeps his own; a unit reads what its people have taken."""
        if grant.unit_id is not None:
            return Q(check_in__unit_id=grant.unit_id)
        return Q(person_id=user.person_id or -1)

    def open(self) -> "DutyQuerySet":
        return self.filter(end=None)

    def for_list(self) -> "DutyQuerySet":
        return self.select_related("person", "grid", "community").prefetch_related(
            "buildings__compound"
        )


class CardQuerySet(models.QuerySet["FeedbackCard"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "CardQuerySet":
        """Cards of the user's communities; a unit those that were sent to it."""
        sent = ~Q(status=CardStatus.DRAFT)
        return self.filter(
            community_q(user, letters, unit=lambda unit: Q(unit_id=unit) & sent)
            if letters == SEES
            else community_q(user, letters)
        )

    def of_units(self, user: Any) -> "CardQuerySet":
        return self.filter(unit__in=units_of(user)).exclude(status=CardStatus.DRAFT)

    def drafts(self) -> "CardQuerySet":
        return self.filter(status=CardStatus.DRAFT)

    def for_list(self) -> "CardQuerySet":
        return self.select_related("unit", "community")
