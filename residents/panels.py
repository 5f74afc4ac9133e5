"""Panels other subjects add to the page of a household, a person, a visit or a campaign's door, in `<app>/panels.py`.

A panel is a template under `templates/<app>/…` and what it shows. The template reads it as
`panel`, besides `household` (or `person`), `may_edit` and the request; it brings its own
`<section class="panel">`. Queries must not grow with the number of rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.module_loading import autodiscover_modules

from orgs.models import Person, User
from residents.models import CampaignDoor, Household, Visit


@dataclass(frozen=True)
class Panel:
    """One section of the page: a template, and the facts it shows as `panel.facts`."""

    template: str
    facts: dict[str, Any] = field(default_factory=dict)


HouseholdPanel = Callable[[Household, User, date], Panel | None]
PersonPanel = Callable[[Person, User, date], Panel | None]
VisitPanel = Callable[[Visit, User], Panel | None]
DoorPanel = Callable[[CampaignDoor, User], Panel | None]
_of_households: list[tuple[int, str, HouseholdPanel]] = []
_of_persons: list[tuple[int, str, PersonPanel]] = []
_of_visits: list[tuple[int, str, VisitPanel]] = []
_of_doors: list[tuple[int, str, DoorPanel]] = []


def household_panel(order: int) -> Callable[[HouseholdPanel], HouseholdPanel]:
    """Register `build(household, user, day)`, which returns a Panel, or None for this user."""

    def register(build: HouseholdPanel) -> HouseholdPanel:
        _of_households.append((order, f"{build.__module__}.{build.__name__}", build))
        return build

    return register


def person_panel(order: int) -> Callable[[PersonPanel], PersonPanel]:
    """Register `build(person, user, day)`, which returns a Panel, or None for this user."""

    def register(build: PersonPanel) -> PersonPanel:
        _of_persons.append((order, f"{build.__module__}.{build.__name__}", build))
        return build

    return register


def visit_panel(order: int) -> Callable[[VisitPanel], VisitPanel]:
    """Register `build(visit, user)`: what came of a visit elsewhere."""

    def register(build: VisitPanel) -> VisitPanel:
        _of_visits.append((order, f"{build.__module__}.{build.__name__}", build))
        return build

    return register


def door_panel(order: int) -> Callable[[DoorPanel], DoorPanel]:
    """Register `build(door, user)`: what came of a campaign's door elsewhere."""

    def register(build: DoorPanel) -> DoorPanel:
        _of_doors.append((order, f"{build.__module__}.{build.__name__}", build))
        return build

    return register


def panels_of_visit(visit: Visit, user: User) -> list[Panel]:
    """Return what the apps show of this visit to this user, in order."""
    autodiscover_modules("panels")
    built = (build(visit, user) for _, _, build in sorted(_of_visits, key=_place))
    return [panel for panel in built if panel is not None]


def panels_of_door(door: CampaignDoor, user: User) -> list[Panel]:
    """Return what the apps show of this door to this user, in order."""
    autodiscover_modules("panels")
    built = (build(door, user) for _, _, build in sorted(_of_doors, key=_place))
    return [panel for panel in built if panel is not None]


def panels_of_household(household: Household, user: User, day: date) -> list[Panel]:
    """Return what the apps show of this household to this user, in order."""
    autodiscover_modules("panels")
    built = (build(household, user, day) for _, _, build in sorted(_of_households, key=_place))
    return [panel for panel in built if panel is not None]


def panels_of_person(person: Person, user: User, day: date) -> list[Panel]:
    """Return what the apps show of this person to this user, in order."""
    autodiscover_modules("panels")
    built = (build(person, user, day) for _, _, build in sorted(_of_persons, key=_place))
    return [panel for panel in built if panel is not None]


def _place(entry: tuple[int, str, Any]) -> tuple[int, str]:
    return entry[0], entry[1]
