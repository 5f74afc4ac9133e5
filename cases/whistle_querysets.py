"""Reads of whistles: the departments' parts in whistled cases, and the scores they got."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from cases.statuses import Status
from gridparty.lib.periods import Month, Quarter
from grids.scope import territory_q
from orgs.roles import SEES, Noun
from orgs.scope import any_of, grants_with

if TYPE_CHECKING:
    from cases.models import CaseTask, WhistleScore  # noqa: F401

Period = Month | Quarter
UNCOUNTED = (Status.VOID, Status.WITHDRAWN, Status.MERGED)


def parts_q(user: Any, letters: str) -> Q:
    """Return the Q of parts in cases: of one's own unit, and in the cases of one's ground."""
    if not getattr(user, "is_authenticated", False):
        return Q(pk__in=[])
    cases = apps.get_model("cases", "Case").objects.filter(territory_q(user, Noun.CASE, letters))
    own = any_of(
        Q(unit=grant.unit_id) for grant in grants_with(user, Noun.CASE, letters) if grant.unit_id
    )
    return own | Q(case__in=cases.values("pk"))


class CaseTaskQuerySet(models.QuerySet["CaseTask"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "CaseTaskQuerySet":
        return self.filter(parts_q(user, letters))

    def whistled_in(self, period: Period) -> "CaseTaskQuerySet":
        """Parts whistled for in the period, of cases that count."""
        return self.filter(
            whistled=True, created_at__gte=period.start, created_at__lt=period.end
        ).exclude(case__status__in=UNCOUNTED)  # fmt: skip

    def absent(self, now: datetime) -> "CaseTaskQuerySet":
        """Departments still awaited at an open case after their own arrival limit."""
        return self.filter(
            whistled=True, ended_at=None, arrived_at=None, arrive_due_at__lt=now, case__ended_at=None
        )  # fmt: skip

    def to_score(self) -> "CaseTaskQuerySet":
        """Parts the whistle-blower may score and has not: answered, waived, taken away or fed back."""
        done = (
            Q(fed_back_at__isnull=False) | Q(waived_at__isnull=False) | Q(ended_at__isnull=False)
            | Q(case__fed_back_at__isnull=False) | Q(cycle__lt=F("case__cycle"))
        )  # fmt: skip
        given = apps.get_model("cases", "WhistleScore").objects.filter(
            case=OuterRef("case"), unit=OuterRef("unit"), cycle=OuterRef("cycle"),
            resolution__isnull=False,
        )  # fmt: skip
        return self.filter(done, ~Exists(given), whistled=True, returned_at=None).exclude(
            case__status__in=UNCOUNTED
        )

    def for_list(self) -> "CaseTaskQuerySet":
        return self.select_related(
            "unit", "case__category", "case__grid", "case__community__region"
        ).order_by("-id")


class WhistleScoreQuerySet(models.QuerySet["WhistleScore"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "WhistleScoreQuerySet":
        """A department reads its own scores, street, district and community those of their cases."""
        return self.filter(parts_q(user, letters))
