"""What the checks of the register are about, and how a row is named without personal data."""

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils import timezone

from orgs.quality import Subject
from orgs.roles import Noun
from residents.display import shown_door
from residents.models import Household, LinkedHousehold, Residency


def household_url(pk: int) -> str:
    return reverse("residents:household", args=[pk])


def _place(household: Household) -> str:
    return f"{household.community}　{household.grid}"


def _homes(rows: Any, user: Any) -> Any:
    joined = rows.select_related("building__compound", "entrance", "grid", "community")
    return joined.with_fullness(user)


def _people(rows: Any, user: Any) -> Any:
    return rows.with_home().select_related("person").with_fullness(user)


def _heads(rows: Any, user: Any) -> Any:
    day = timezone.localdate()
    return rows.with_load(day).select_related("head", "household__grid__community")


def _person(row: Residency) -> str:
    return f"{row.person.masked_name}　{shown_door(row.household, full=_full(row))}"


def _full(row: Any) -> bool:
    return bool(getattr(row, "shown_in_full", False))


HOUSEHOLD = Subject(
    model=Household, noun=Noun.RESIDENT, prepare=_homes, order=("sort_key", "id"), place=_place,
    label=lambda home: shown_door(home, full=_full(home)),
    url=lambda home: household_url(home.pk),
)  # fmt: skip
RESIDENCY = Subject(
    model=Residency, noun=Noun.RESIDENT, prepare=_people, label=_person,
    street="household__street",
    place=lambda row: _place(row.household), url=lambda row: household_url(row.household_id),
)  # fmt: skip
# The same rows, for those who may see the care library at all.
TAGGED = replace(RESIDENCY, noun=Noun.CARE)
# One link of a corridor head stands for the head; `prepare` counts all of the head's links.
HEAD = Subject(
    model=LinkedHousehold, noun=Noun.RESIDENT,
    street="household__street",
    prepare=_heads,
    label=lambda link: f"{link.head.masked_name}（联系 {link.load} 户）",
    place=lambda link: f"{link.household.grid.community}　{link.household.grid}",
    url=lambda link: household_url(link.household_id),
)  # fmt: skip
