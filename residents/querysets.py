"""Reads of the residents app."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from grids.doors import NO_UNIT, Door
from grids.querysets import count_of, related_rows
from grids.scope import territory_q
from orgs.roles import APPROVE, CREATE, EDIT, SEES, Noun, Role
from orgs.scope import Grant, any_of

if TYPE_CHECKING:
    from residents.models import (  # noqa: F401
        Household,
        LifeEvent,
        LinkedHousehold,
        Rental,
        Residency,
    )


# 社情民意零盲点: a home nobody reached for so long is out of sight.
BLIND_DAYS = 90


class HouseholdQuerySet(models.QuerySet["Household"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "HouseholdQuerySet":
        """Households of the user's territory; a corridor head's own linked ones."""
        return self.filter(
            territory_q(user, Noun.RESIDENT, letters, grid="grid_id", personal=self._linked)
        )

    def _linked(self, grant: Grant, user: Any) -> Q:
        if grant.role != Role.CORRIDOR_HEAD or user.person_id is None:
            return Q(pk__in=[])
        links = related_rows(self.model, "head_links")
        today = timezone.localdate()
        mine = links.filter(head_id=user.person_id, start__lte=today).exclude(end__lt=today)
        return Q(pk__in=mine.values("household_id"))

    def open(self) -> "HouseholdQuerySet":
        return self.filter(closed_on=None)

    def ordinary(self) -> "HouseholdQuerySet":
        """Open households of families, not dormitories."""
        return self.open().filter(kind="ordinary")

    def lived_in(self, day: date) -> "HouseholdQuerySet":
        """Households where somebody lives on `day`."""
        living = related_rows(self.model, "residencies").current(day)
        return self.filter(Exists(living.filter(household=OuterRef("pk"))))

    def grid_ids(self) -> set[int]:
        """The ids of the grids these households lie in (one look along the index)."""
        return set(self.order_by().values_list("grid_id", flat=True).distinct())

    def closed(self) -> "HouseholdQuerySet":
        return self.exclude(closed_on=None)

    def untouched(self, day: date) -> "HouseholdQuerySet":
        """Households somebody lives in whom nobody reached for BLIND_DAYS: no visit, no contact."""
        since = day - timedelta(days=BLIND_DAYS)
        reached = related_rows(self.model, "visits").reached().filter(day__gt=since)
        spoken = related_rows(self.model, "head_contacts").filter(on__gt=since)
        return self.to_link().filter(
            ~Exists(reached.filter(household=OuterRef("pk"))),
            ~Exists(spoken.filter(household=OuterRef("pk"))),
        )

    # ---- red corridor heads ----

    def to_link(self) -> "HouseholdQuerySet":
        """Households somebody lives in: those a corridor head is to keep in touch with."""
        return self.open().exclude(occupancy="vacant")

    def with_head(self) -> "HouseholdQuerySet":
        """Of those to link: with a head of their own (a stand-in does not count)."""
        return self.to_link().filter(Exists(self._links().filter(temporary=False)))

    def without_head(self) -> "HouseholdQuerySet":
        return self.to_link().filter(~Exists(self._links().filter(temporary=False)))

    def stood_in_for(self) -> "HouseholdQuerySet":
        """Households the group leader looks after until they are assigned again."""
        return self.to_link().filter(Exists(self._links().filter(temporary=True)))

    def of_head(self, person: Any, day: date) -> "HouseholdQuerySet":
        """The households somebody keeps in touch with on `day`, also as a stand-in."""
        links = related_rows(self.model, "head_links").current(day).filter(head=person)
        return self.open().filter(pk__in=links.values("household"))

    def for_head(self, day: date) -> "HouseholdQuerySet":
        """With what a head sees of a household: its size, who needs care, when last spoken to."""
        living = related_rows(self.model, "residencies").current(day)
        people = related_rows(living.model, "person")
        tags = related_rows(people.model, "care_tags").current(day)
        cared = living.filter(
            household=OuterRef("pk"), person__in=tags.filter(kind__is_active=True).values("person")
        )
        spoken = related_rows(self.model, "head_contacts").filter(household=OuterRef("pk"))
        last = spoken.filter(on__lte=day).order_by("-on").values("on")[:1]
        return self.for_list(day).annotate(needs_care=Exists(cared), last_contact=Subquery(last))

    def _links(self) -> Any:
        return related_rows(self.model, "head_links").open().filter(household=OuterRef("pk"))

    def in_full_to(self, user: Any) -> "HouseholdQuerySet":
        """Households whose people the user sees unmasked: those he keeps, and linked ones."""
        return self.filter(
            territory_q(user, Noun.RESIDENT, EDIT)
            | any_of(self._linked(grant, user) for grant in getattr(user, "grants", ()))
        )

    def with_fullness(self, user: Any) -> "HouseholdQuerySet":
        """Annotate shown_in_full: whether the user sees this row unmasked."""
        own = self.model._default_manager.in_full_to(user).filter(pk=OuterRef("pk"))
        return self.annotate(shown_in_full=Exists(own))

    def cared_by(self, user: Any) -> "HouseholdQuerySet":
        """Households where the user may write into the care library."""
        return self.filter(territory_q(user, Noun.CARE, CREATE + EDIT))

    def for_list(self, day: date) -> "HouseholdQuerySet":
        """The rows of a list: with their door, and how many live there on `day`."""
        living = related_rows(self.model, "residencies").current(day)
        return self.select_related("building__compound", "entrance", "grid", "community").annotate(
            people_count=count_of(living, "household")
        )

    def by_door(self) -> "HouseholdQuerySet":
        return self.order_by("sort_key", "id")

    def with_door(self, door: Door) -> "HouseholdQuerySet":
        """Households behind a door as people write it; parts nobody wrote match anything."""
        found = self
        if door.compound:
            names = Q(building__compound__name__icontains=door.compound)
            found = found.filter(names | Q(building__name__startswith=door.compound))
        if door.building:
            found = found.filter(building__name=door.building)
        if door.unit and door.unit != NO_UNIT:
            found = found.filter(entrance__name=door.unit)
        if door.room:
            found = found.filter(room=door.room)
        return found

    def with_fingerprint(self, day: date, **person: str) -> "HouseholdQuerySet":
        """Households where somebody with exactly this fingerprint lives on `day`."""
        facts = {f"person__{name}": value for name, value in person.items()}
        living = related_rows(self.model, "residencies").current(day).filter(**facts)
        return self.filter(pk__in=living.values("household"))

    def with_name(self, day: date, **person: str) -> "HouseholdQuerySet":
        """Households where somebody so named lives on `day`.

        Asked household by household: the scope is smaller than everybody called 王.
        """
        facts = {f"person__{name}__startswith": value for name, value in person.items()}
        living = related_rows(self.model, "residencies").current(day)
        return self.filter(Exists(living.filter(household=OuterRef("pk"), **facts)))


class ResidencyQuerySet(models.QuerySet["Residency"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "ResidencyQuerySet":
        households = related_rows(self.model, "household").visible_to(user, letters)
        return self.filter(household__in=households.values("pk"))

    def current(self, day: date) -> "ResidencyQuerySet":
        """Residencies in force on `day`; one without a start has always been.

        The day somebody moved out (or died) is the first day without them.
        """
        return self.filter(Q(start=None) | Q(start__lte=day)).exclude(end__lte=day)

    def heads(self) -> "ResidencyQuerySet":
        return self.filter(is_head=True)

    def with_home(self) -> "ResidencyQuerySet":
        """Join what the door and the place of a home are written from."""
        return self.select_related(
            "household__building__compound", "household__entrance", "household__grid",
            "household__community",
        )  # fmt: skip

    def with_fullness(self, user: Any) -> "ResidencyQuerySet":
        """Annotate shown_in_full: whether the user sees this home unmasked."""
        homes = related_rows(self.model, "household").in_full_to(user)
        return self.annotate(shown_in_full=Exists(homes.filter(pk=OuterRef("household"))))


class ImportedQuerySet(models.QuerySet[Any]):
    """What imports leave to decide: conflicts, and people missing from a full list."""

    def visible_to(self, user: Any, letters: str = EDIT + APPROVE) -> "ImportedQuerySet":
        """Rows of the area where the user keeps the register (it shows what a file says)."""
        return self.filter(territory_q(user, Noun.RESIDENT, letters))

    def undecided(self) -> "ImportedQuerySet":
        return self.filter(state__in=["open", "later"])

    def for_list(self) -> "ImportedQuerySet":
        return self.select_related("job", "building__compound", "community").order_by("-id")


class LifeEventQuerySet(models.QuerySet["LifeEvent"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "LifeEventQuerySet":
        households = related_rows(self.model, "household").visible_to(user, letters)
        return self.filter(household__in=households.values("pk"))

    def at(self, household: Any) -> "LifeEventQuerySet":
        """What happened in this household; splits and merges stand in the history of both."""
        both = Q(other_household=household, kind__in=["split", "merge"])
        return self.filter(Q(household=household) | both)

    def prompt(self, days: int = 7) -> "LifeEventQuerySet":
        """Events entered at most `days` days after they happened."""
        return self.filter(delay_days__lte=days)


class RentalQuerySet(models.QuerySet["Rental"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "RentalQuerySet":
        households = related_rows(self.model, "household").visible_to(user, letters)
        return self.filter(household__in=households.values("pk"))

    def running(self) -> "RentalQuerySet":
        return self.filter(ended_on=None)
