"""One box for people, doors, grids and buildings: what was typed decides what is looked up.

Identity numbers and telephones are matched whole, by their keyed fingerprint. Looking for people
is for those who see the register unmasked somewhere; doors are for everybody in scope.
"""

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from gridparty.lib.citizen_id import CitizenIdError, parse_citizen_id
from gridparty.lib.phones import parse_phones
from gridparty.lib.text import initials, squash
from grids.doors import Door, parse_address
from orgs.keys import fingerprint
from orgs.roles import EDIT, VIEW
from residents.models import Household, Residency
from residents.querysets import HouseholdQuerySet
from residents.visit_querysets import ChangeRequestQuerySet

SHORTEST_INITIALS = 2
SEES_PEOPLE = VIEW + EDIT
EXACT = frozenset({"id_fingerprint", "phone_fingerprint"})
# Sealed proposals read for one search.
OPENED_AT_MOST = 2000
LAST = "\U0010ffff"


def find_households(
    households: HouseholdQuerySet, user: Any, text: str, day: date
) -> HouseholdQuerySet:
    """Narrow `households` (already in scope) to those `text` means; unknown words find nothing."""
    door = door_meant(text)
    doors = households.with_door(door) if door else households.none()
    facts = person_meant(text, day)
    if not facts:
        return doors
    mine = households.visible_to(user, SEES_PEOPLE)
    people = (
        mine.with_fingerprint(day, **facts) if is_exact(facts) else mine.with_name(day, **facts)
    )
    return doors | people


def find_changes(
    rows: ChangeRequestQuerySet, user: Any, text: str, day: date
) -> tuple[ChangeRequestQuerySet, bool]:
    """Narrow proposed changes to a home or person `text` means, or to who proposed them.

    The name of somebody new is sealed in the proposal: the latest of these are opened. Returns the
    rows, and whether there were older ones that were not opened.
    """
    homes = find_households(Household.objects.visible_to(user), user, text, day)
    found = Q(household__in=homes.order_by().values("pk"))
    facts = person_meant(text, day)
    if facts:
        named = Residency.objects.visible_to(user, SEES_PEOPLE).filter(person_q(facts))
        found |= Q(residency__in=named.order_by().values("pk"))
    is_cut = False
    if facts and not is_exact(facts):
        [(column, start)] = facts.items()
        found |= Q(**{f"proposed_by__person__{column}__startswith": start})
        coming = list(rows.filter(kind="person_in").order_by("-id")[: OPENED_AT_MOST + 1])
        is_cut = len(coming) > OPENED_AT_MOST
        read = initials if column == "name_initials" else str
        found |= Q(
            pk__in=[
                one.pk
                for one in coming[:OPENED_AT_MOST]
                if read(one.values["name"]).startswith(start)
            ]
        )
    return rows.filter(found), is_cut


def door_meant(text: str) -> Door | None:
    """Return the door `text` may name (any part of it), or None."""
    door = parse_address(text)
    if not (door.compound or door.building or door.room) or door.problems:
        return None
    return door


def person_meant(text: str, day: date) -> dict[str, str]:
    """Return the one column of Person by which `text` names somebody, and its value; {} for none.

    Fingerprints are matched whole, `name` and `name_initials` from their beginning.
    """
    word = squash(text)
    try:
        return {"id_fingerprint": fingerprint(parse_citizen_id(word, day).number)}
    except CitizenIdError:
        pass
    phones = parse_phones(text)
    if phones.numbers and not phones.problems:
        return {"phone_fingerprint": fingerprint(phones.numbers[0])}
    if word.isascii() and word.isalpha() and len(word) >= SHORTEST_INITIALS:
        return {"name_initials": word.upper()}
    if word.isascii() and len(word) >= 6 and word.isalnum():  # a passport or permit, as stored
        return {"id_fingerprint": fingerprint(word.upper())}
    if any(character.isdigit() for character in word) or not word:
        return {}
    return {"name": text.strip()}


def is_exact(facts: dict[str, str]) -> bool:
    return not EXACT.isdisjoint(facts)


def person_q(facts: dict[str, str]) -> Q:
    """Return the condition on a residency's person, written so that an index serves it.

    SQLite's LIKE uses none; PostgreSQL has one for prefixes (`person_name_prefix`).
    """
    [(name, value)] = facts.items()
    column = f"person__{name}"
    if is_exact(facts):
        return Q(**{column: value})
    if connection.vendor == "sqlite":
        return Q(**{f"{column}__gte": value, f"{column}__lt": value + LAST})
    return Q(**{f"{column}__startswith": value})
