"""Reads of visits, their call-backs, needs and proposed changes: all in the scope of the household."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from gridparty.lib.periods import Quarter
from grids.querysets import related_rows
from grids.scope import territory_q
from orgs.roles import APPROVE, CREATE, EDIT, SEES, Noun, Role
from orgs.scope import can
from residents.care_querysets import ASSIGNED_ROLES
from residents.needflow import OPEN, NeedStatus
from residents.visit_rules import REACHED, Outcome

if TYPE_CHECKING:
    from residents.models import ChangeRequest, Need, Visit, VisitCheck  # noqa: F401

# Who judges what visitors propose.
REVIEWERS = (Role.COMMUNITY_STAFF, Role.COMMUNITY_SECRETARY)
DOOR = (
    "household__building__compound", "household__entrance", "household__grid",
    "household__community",
)  # fmt: skip


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "VisitQuerySet":
        """Visits to the households the user sees."""
        homes = related_rows(self.model, "household").visible_to(user, letters)
        return self.filter(household__in=homes.values("pk"))

    def reached(self) -> "VisitQuerySet":
        """Visits at which somebody was spoken to."""
        return self.filter(outcome__in=REACHED)

    def knocked(self) -> "VisitQuerySet":
        return self.filter(outcome=Outcome.NOBODY)

    def within(self, quarter: Quarter) -> "VisitQuerySet":
        return self.filter(day__gte=quarter.first_day, day__lt=quarter.end_day)

    def with_hazards(self) -> "VisitQuerySet":
        return self.exclude(hazards=[])

    def for_list(self) -> "VisitQuerySet":
        return self.select_related(*DOOR, "visitor__person", "met")


class VisitCheckQuerySet(models.QuerySet["VisitCheck"]):
    def visible_to(self, user: Any, letters: str = CREATE + EDIT) -> "VisitCheckQuerySet":
        """Drawn visits to households the user keeps, for those who do call-backs."""
        if not can(user, Noun.REVISIT, EDIT):
            return self.none()
        visit = self.model._meta.get_field("visit").related_model
        assert isinstance(visit, type)
        homes = related_rows(visit, "household").visible_to(user, letters)
        return self.filter(visit__household__in=homes.values("pk"))

    def pending_for(self, user: Any) -> "VisitCheckQuerySet":
        """Not checked yet, and made by somebody else."""
        return self.filter(result="").exclude(visit__visitor=user)

    def for_list(self) -> "VisitCheckQuerySet":
        doors = (f"visit__{name}" for name in DOOR)
        return self.select_related(
            *doors, "visit__visitor__person", "visit__met", "checked_by__person"
        )


class NeedQuerySet(models.QuerySet["Need"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "NeedQuerySet":
        """Needs of households where the user sees the care library; part-time people their own.

        A need that comes from a tag is shown to those who see the tag.
        """
        homes = related_rows(self.model, "household")
        tags = related_rows(self.model, "tag").visible_to(user)
        area = homes.filter(territory_q(user, Noun.CARE, letters, but=ASSIGNED_ROLES))
        reach = homes.filter(territory_q(user, Noun.CARE, letters))
        return self.filter(
            Q(household__in=area.values("pk")) & (Q(tag=None) | Q(tag__in=tags.values("pk")))
            | Q(household__in=reach.values("pk"), tag__responsible=user.person_id or -1)
        )

    def open(self) -> "NeedQuerySet":
        return self.filter(status__in=OPEN)

    def gone_by(self, day: date) -> "NeedQuerySet":
        """Published needs wanted by a day that has passed."""
        return self.filter(status=NeedStatus.PUBLISHED, wanted_by__lt=day)

    def published(self) -> "NeedQuerySet":
        """What the volunteers' list may show: by `public_text` only."""
        return self.filter(status=NeedStatus.PUBLISHED, privacy="open").exclude(public_text="")

    def on_offer(self) -> "NeedQuerySet":
        """What the three lists show while it is open, and after it was met: by `public_text` only."""
        return (
            self.filter(privacy="open")
            .exclude(public_text="")
            .exclude(status__in=(NeedStatus.DRAFT, NeedStatus.WITHDRAWN))
        )

    def for_list(self) -> "NeedQuerySet":
        return self.select_related(*DOOR, "person", "created_by__person")


class ChangeRequestQuerySet(models.QuerySet["ChangeRequest"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "ChangeRequestQuerySet":
        """One's own proposals, and those to judge or to oversee in the community."""
        own = Q(proposed_by=user)
        return self.filter(own | self._to_judge(user))

    def judged_by(self, user: Any) -> "ChangeRequestQuerySet":
        """Requests this user may decide: of the community, and not one's own."""
        return self.filter(self._to_judge(user)).exclude(proposed_by=user)

    def _to_judge(self, user: Any) -> Q:
        homes = related_rows(self.model, "household")
        others = [role for role in Role if role not in REVIEWERS]
        area = territory_q(user, Noun.RESIDENT, EDIT + APPROVE, but=others)
        return Q(household__in=homes.filter(area).values("pk"))

    def pending(self) -> "ChangeRequestQuerySet":
        return self.filter(state="pending")

    def for_list(self) -> "ChangeRequestQuerySet":
        return self.select_related(
            *DOOR, "residency__person", "proposed_by__person", "decided_by__person", "visit"
        )
