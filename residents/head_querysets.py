"""Reads about red corridor heads. Lists and figures share these."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from gridparty.lib.periods import Quarter
from grids.querysets import count_of, related_rows
from grids.scope import territory_q
from orgs.roles import SEES, Noun, Role
from orgs.scope import Grant
from residents.headship import IN_DUTY, OPEN, PREPARING, HeadState
from residents.linking.values import HIGH, LOW

if TYPE_CHECKING:
    from residents.models import CorridorHead, GoodDeed, HeadContact, LinkedHousehold  # noqa: F401


class CorridorHeadQuerySet(models.QuerySet["CorridorHead"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "CorridorHeadQuerySet":
        """Heads of the user's territory; a corridor head sees himself."""
        return self.filter(
            territory_q(user, Noun.HEAD, letters, building="building_id", personal=_himself)
        )

    def open(self) -> "CorridorHeadQuerySet":
        return self.filter(state__in=OPEN)

    def in_duty(self, day: date) -> "CorridorHeadQuerySet":
        """Heads who serve on `day`; an expired term that nobody ended still counts."""
        return self.filter(state__in=IN_DUTY, start__lte=day)

    def preparing(self) -> "CorridorHeadQuerySet":
        return self.filter(state__in=PREPARING)

    def waiting_for_branch(self) -> "CorridorHeadQuerySet":
        return self.filter(state=HeadState.CONSENTED)

    def term_ends_within(self, day: date, days: int) -> "CorridorHeadQuerySet":
        """Heads in duty whose term ends within `days` from `day`, or has ended already."""
        return self.in_duty(day).filter(term_end__lte=day + timedelta(days=days))

    def moved_away(self, day: date) -> "CorridorHeadQuerySet":
        """Heads in duty who live in no household of their community any more, or have died."""
        homes = related_rows(_person_of(self.model), "residencies").current(day)
        here = homes.filter(person=OuterRef("person"), household__community=OuterRef("community"))
        return self.in_duty(day).filter(~Q(person__died_on=None) | ~Exists(here))

    def with_load(self) -> "CorridorHeadQuerySet":
        """Annotate load: how many households each keeps in touch with."""
        links = related_rows(_person_of(self.model), "linked_households").of_heads()
        counted = links.filter(head=OuterRef("person")).order_by().values("head")
        total = counted.annotate(total=models.Count("pk")).values("total")
        return self.annotate(
            load=models.functions.Coalesce(
                Subquery(total, output_field=models.IntegerField()), models.Value(0)
            )
        )

    def off_load(self, day: date) -> "CorridorHeadQuerySet":
        """Heads in duty with fewer than 8 or more than 12 households."""
        return self.in_duty(day).with_load().filter(Q(load__lt=LOW) | Q(load__gt=HIGH))

    def with_load_in(self, bucket: str) -> "CorridorHeadQuerySet":
        """Heads whose number of households is in "8-12", "0", or "16" (and more)."""
        least, _, most = bucket.partition("-")
        within = Q(load__gte=int(least))
        if most or bucket == "0":
            within &= Q(load__lte=int(most or 0))
        return self.with_load().filter(within)

    def for_list(self, day: date) -> "CorridorHeadQuerySet":
        """With names, the load, and how many of the households were spoken to this quarter."""
        since = Quarter.of(day).first_day
        spoken = (
            related_rows(self.model, "contacts")
            .filter(head=OuterRef("pk"), on__gte=since, on__lte=day)
            .order_by()
            .values("head")
            .annotate(total=models.Count("household", distinct=True))
            .values("total")
        )
        return (
            self.select_related("person", "grid", "community", "building__compound")
            .with_load()
            .annotate(
                spoken=models.functions.Coalesce(
                    Subquery(spoken, output_field=models.IntegerField()), models.Value(0)
                )
            )
        )


def _himself(grant: Grant, user: Any) -> Q:
    if grant.role != Role.CORRIDOR_HEAD or user.person_id is None:
        return Q(pk__in=[])
    return Q(person_id=user.person_id)


def _person_of(model: type[models.Model]) -> Any:
    """The model of people, from a table that names one as its head or person."""
    name = "person" if hasattr(model, "person") else "head"
    return model._meta.get_field(name).related_model


class LinkedHouseholdQuerySet(models.QuerySet["LinkedHousehold"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "LinkedHouseholdQuerySet":
        households = related_rows(self.model, "household").visible_to(user, letters)
        return self.filter(household__in=households.values("pk"))

    def open(self) -> "LinkedHouseholdQuerySet":
        return self.filter(end=None)

    def of_heads(self) -> "LinkedHouseholdQuerySet":
        """Open links of heads (no stand-ins) to households somebody lives in."""
        return (
            self.open()
            .filter(temporary=False, household__closed_on=None)
            .exclude(household__occupancy="vacant")
        )

    def in_duty(self, day: date) -> "LinkedHouseholdQuerySet":
        """Links of people who are corridor heads in duty on `day`."""
        duty = related_rows(_person_of(self.model), "headships").in_duty(day)
        return self.filter(head__in=duty.values("person"))

    def current(self, day: date) -> "LinkedHouseholdQuerySet":
        return self.filter(start__lte=day).exclude(end__lt=day)

    def with_load(self, day: date) -> "LinkedHouseholdQuerySet":
        """Annotate load: how many households the head of this link keeps on `day`."""
        same = self.model._default_manager.current(day).filter(head=OuterRef("head"))
        total = same.order_by().values("head").annotate(total=models.Count("pk")).values("total")
        return self.annotate(load=Subquery(total, output_field=models.IntegerField()))


class HeadContactQuerySet(models.QuerySet["HeadContact"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "HeadContactQuerySet":
        heads = related_rows(self.model, "head").visible_to(user, letters)
        return self.filter(head__in=heads.values("pk"))


class GoodDeedQuerySet(models.QuerySet["GoodDeed"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "GoodDeedQuerySet":
        heads = related_rows(self.model, "head").visible_to(user, letters)
        return self.filter(head__in=heads.values("pk"))

    def for_list(self) -> "GoodDeedQuerySet":
        return self.select_related("head__person").annotate(
            home_count=count_of(self.model.households.through._default_manager, "gooddeed")
        )
