"""Reads of the cases app. `visible_to(user)` is the one door to lists, counts, files and API."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from cases.scope import visible_q, waiting_q
from cases.workflow import Status
from gridparty.lib.periods import Month, Period
from grids.scope import territory_q
from orgs.roles import SEES, Noun, Role
from orgs.scope import has_role

if TYPE_CHECKING:
    from cases.models import Case, Rating, Revisit  # noqa: F401


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "CaseQuerySet":
        return self.filter(visible_q(user, letters))

    def waiting_for(self, user: Any) -> "CaseQuerySet":
        """Open cases whose next step is this user's."""
        return self.filter(waiting_q(user))

    def reported_by(self, user: Any) -> "CaseQuerySet":
        return self.filter(reporter_user=user)

    def open(self) -> "CaseQuerySet":
        return self.filter(ended_at=None)

    def counted(self) -> "CaseQuerySet":
        """Cases that count in statistics: void, withdrawn and merged ones do not (their main one does)."""
        return self.exclude(status__in=[Status.VOID, Status.WITHDRAWN, Status.MERGED])

    def due_in(self, period: Period) -> "CaseQuerySet":
        """Counted cases whose handling limit falls into the period (timeliness is by due date).

        Of a split case the parts are the work, not the whole.
        """
        return self.counted().filter(
            was_split=False, due_at__gte=period.start, due_at__lt=period.end
        )

    def reported_in(self, period: Period) -> "CaseQuerySet":
        """Counted cases reported in the period (volume is by report); a split one counts once."""
        return self.counted().filter(
            parent=None, created_at__gte=period.start, created_at__lt=period.end
        )

    def overdue(self, now: datetime) -> "CaseQuerySet":
        """Open cases past their handling limit and not fed back yet."""
        return self.open().filter(due_at__lt=now).exclude(
            status__in=[Status.FEEDBACK, Status.VERIFIED]
        )  # fmt: skip

    def for_list(self) -> "CaseQuerySet":
        """Newest first, with what a row shows (one query for any number of rows)."""
        return self.select_related(
            "category",
            "grid",
            "community",
            "street",
            "lead_unit",
            "sla_class",
            "building__compound",
        ).order_by("-id")

    def for_detail(self) -> "CaseQuerySet":
        """With what most cases have; the case it was merged into is read when there is one."""
        return self.select_related(
            "category", "grid", "community", "street", "lead_unit", "sla_class", "reporter_user",
            "holder_user", "building__compound",
        )  # fmt: skip


class RevisitQuerySet(models.QuerySet["Revisit"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "RevisitQuerySet":
        """A revisitor's own; for streets and communities those of their cases."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        cases = apps.get_model("cases", "Case").objects
        territory = cases.filter(territory_q(user, Noun.REVISIT, letters))
        mine = Q(assignee=user) if has_role(user, Role.REVISITOR) else Q(pk__in=[])
        return self.filter(mine | Q(case__in=territory.values("pk")))

    def pending_for(self, user: Any) -> "RevisitQuerySet":
        """The user's own revisits still to be made; what the lock overtook can no longer be."""
        return self.filter(assignee=user, state="pending", locks_at__gt=timezone.now())

    def undecided(self) -> "RevisitQuerySet":
        """Bad answers for which nobody has decided yet between reopening and explaining."""
        return self.filter(decision_due_at__isnull=False, decision="")

    def answered(self) -> "RevisitQuerySet":
        """Revisits with an answer; people nobody reached do not count in rates."""
        return self.exclude(solved="")

    def with_report(self) -> Any:
        """Add `report`, the id of the report whose reporter is asked: the case itself, or a merged one."""
        return self.annotate(report=Coalesce("merged_id", "case_id"))

    def of_cases_closed_in(self, period: Period) -> "RevisitQuerySet":
        """By the month of the draw: a case reopened since has lost its closing time."""
        months = [period] if isinstance(period, Month) else period.months
        return self.filter(month__in=[str(month) for month in months])

    def for_list(self) -> "RevisitQuerySet":
        return self.select_related(
            "case__category", "case__grid", "case__community", "assignee__person", "merged"
        ).order_by("-id")


class RatingQuerySet(models.QuerySet["Rating"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "RatingQuerySet":
        """Those of the cases the user sees."""
        cases = apps.get_model("cases", "Case").objects.filter(visible_q(user, letters))
        return self.filter(case__in=cases.values("pk"))

    def of_cases_closed_in(self, period: Period) -> "RatingQuerySet":
        months = [period] if isinstance(period, Month) else period.months
        return self.filter(month__in=[str(month) for month in months])
