"""Reads of programmes."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from grids.querysets import count_of, related_rows
from orgs.roles import SEES, Noun
from partybuilding.scope import community_q, streets_of

if TYPE_CHECKING:
    from partybuilding.models import Programme  # noqa: F401


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "ProgrammeQuerySet":
        """Programmes of the user's communities, and those of the whole street."""
        area = community_q(user, letters, below=letters == SEES)
        if letters == SEES:
            area |= Q(community=None, street__tree_id__in=streets_of(user, Noun.PARTY))
        return self.filter(area)

    def running(self) -> "ProgrammeQuerySet":
        return self.filter(ended_on=None)

    def for_list(self) -> Any:
        """With `unit_count` and `work_count`."""
        units = self.model._meta.get_field("units").remote_field.through._default_manager  # type: ignore[union-attr]
        counted = units.filter(programme=OuterRef("pk")).order_by().values("programme")
        total = Subquery(
            counted.annotate(total=Count("pk")).values("total"), output_field=IntegerField()
        )
        return self.select_related("org").annotate(
            unit_count=Coalesce(total, Value(0)),
            work_count=count_of(related_rows(self.model, "links"), "programme"),
        )
