"""Reads of the care library: who is in it, whose visit is due, what the register suggests."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from grids.querysets import related_rows
from grids.scope import territory_q
from orgs.roles import APPROVE, CREATE, EDIT, EXPORT, SEES, Noun, Role
from orgs.scope import NOTHING, can, grants_with

if TYPE_CHECKING:
    from residents.models import CareSuggestion, CareTag  # noqa: F401

# Of the people in their grid these see only those they are responsible for (domain brief §5.2).
ASSIGNED_ROLES = frozenset({Role.GRID_WORKER_PT, Role.POLICE_CONTACT})


class CareTagQuerySet(models.QuerySet["CareTag"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "CareTagQuerySet":
        """Tags of people who live where the user may see the care library.

        Kinds that are switched off are hidden. Kinds that concern minors are shown only to those
        who keep or approve the library and to the responsible person; need-to-know kinds only to
        the people named on the tag (domain brief §3H, §5.3 P4).
        """
        tags = self.filter(kind__is_active=True)
        grants = grants_with(user, Noun.CARE, letters)
        if not grants:
            return tags.none()
        mine = Q(responsible=user.person_id) if user.person_id else NOTHING
        named = mine | Q(added_by=user) | Q(reviewer=user)
        area = self._lives_in(territory_q(user, Noun.CARE, letters, but=ASSIGNED_ROLES))
        if any(grant.role in ASSIGNED_ROLES for grant in grants):
            area |= mine & self._lives_in(territory_q(user, Noun.CARE, letters))
        minors = mine
        if can(user, Noun.CARE, EDIT + APPROVE):
            minors |= self._lives_in(territory_q(user, Noun.CARE, EDIT + APPROVE))
        return tags.filter(
            area, Q(kind__concerns_minors=False) | minors, Q(kind__need_to_know=False) | named
        )

    def exportable_by(self, user: Any) -> "CareTagQuerySet":
        """Tags the user sees, of people in households the user may export."""
        may = self._homes().visible_to(user, EXPORT)
        return self.visible_to(user).filter(self._lives_among(may))

    def _homes(self) -> Any:
        """The manager of households, which the app's models stand between."""
        person = self.model._meta.get_field("person").related_model
        assert isinstance(person, type)
        return related_rows(related_rows(person, "residencies").model, "household")

    def _lives_in(self, area: Q) -> Q:
        return self._lives_among(self._homes().filter(area))

    def _lives_among(self, households: Any) -> Q:
        """The tag's person lives in one of these households.

        Asked tag by tag: the library is small beside the register.
        """
        own = households.filter(residencies__person=OuterRef("person"), residencies__end=None)
        return Q(Exists(own.order_by()))

    def of_households(self, households: Any) -> "CareTagQuerySet":
        """Tags of the people who live in these households today."""
        return self.filter(self._lives_among(households))

    def current(self, day: date) -> "CareTagQuerySet":
        return self.filter(start__lte=day).exclude(end__lt=day)

    def open(self) -> "CareTagQuerySet":
        """Tags nobody has ended, of kinds in use."""
        return self.filter(end=None, kind__is_active=True)

    def due(self, day: date) -> "CareTagQuerySet":
        """Open tags whose visit is due by `day`: today's list, the overdue ones included."""
        return self.open().filter(due_on__lte=day)

    def overdue(self, day: date) -> "CareTagQuerySet":
        """Open tags whose visit should have been before `day` (关爱帮扶零缺失, domain brief §3E)."""
        return self.open().filter(due_on__lt=day)

    def to_review(self, day: date) -> "CareTagQuerySet":
        """Open tags nobody has reviewed yet, or whose review is due by `day`."""
        return self.open().filter(Q(reviewed_on=None) | Q(review_on__lte=day))

    def for_worker(self, user: Any) -> "CareTagQuerySet":
        """What this worker visits: people entrusted to them, and those entrusted to nobody."""
        return self.filter(Q(responsible=user.person_id or -1) | Q(responsible=None))

    def for_list(self) -> "CareTagQuerySet":
        return self.select_related("person", "kind", "responsible")


class SuggestionQuerySet(models.QuerySet["CareSuggestion"]):
    def visible_to(self, user: Any, letters: str = CREATE + EDIT) -> "SuggestionQuerySet":
        """Suggestions about people in households where the user writes into the care library."""
        homes = related_rows(self.model, "household")
        area = homes.filter(territory_q(user, Noun.CARE, letters), closed_on=None)
        rows = self.filter(household__in=area.values("pk"), kind__is_active=True)
        keepers = homes.filter(territory_q(user, Noun.CARE, EDIT + APPROVE))
        return rows.filter(Q(kind__concerns_minors=False) | Q(household__in=keepers.values("pk")))

    def waiting(self) -> "SuggestionQuerySet":
        return self.filter(state="open")

    def for_list(self) -> "SuggestionQuerySet":
        return self.select_related(
            "person", "kind", "household__building__compound", "household__entrance",
            "household__grid",
        )  # fmt: skip
