"""Reads of programmes."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from grids.querysets import count_of, related_rows
from orgs.roles import SEES, Noun
from partybuilding.scope import NOTHING, community_q, streets_of

if TYPE_CHECKING:
    from partybuilding.models import Programme  # noqa: F401


def _seen(links: Any, user: Any) -> Any:
    """The links whose work, of whatever kind, the user sees."""
    seen = NOTHING
    for column in links.model._meta.fields:
        if column.is_relation and column.name != "programme":
            work = column.related_model._default_manager.visible_to(user)
            seen |= Q(**{f"{column.name}__in": work.values("pk")})
    return links.filter(seen)


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "ProgrammeQuerySet":
        """Programmes of the user's communities, and those of the whole street."""
        area = community_q(user, letters, below=letters == SEES)
        if letters == SEES:
            area |= Q(community=None, street__tree_id__in=streets_of(user, Noun.PARTY))
        return self.filter(area)

    def running(self) -> "ProgrammeQuerySet":
        return self.filter(ended_on=None)

    def for_list(self, user: Any) -> Any:
        """With `unit_count`, and `work_count` of the work the user sees on the programme's page."""
        units = self.model._meta.get_field("units").remote_field.through._default_manager  # type: ignore[union-attr]
        counted = units.filter(programme=OuterRef("pk")).order_by().values("programme")
        total = Subquery(
            counted.annotate(total=Count("pk")).values("total"), output_field=IntegerField()
        )
        return self.select_related("org").annotate(
            unit_count=Coalesce(total, Value(0)),
            work_count=count_of(_seen(related_rows(self.model, "links"), user), "programme"),
        )
