"""One box for people and doors: what was typed decides how households are looked up.

Identity numbers and telephones are matched whole, by their keyed fingerprint. Looking for people
is for those who see the register unmasked somewhere; doors are for everybody in scope.
"""

from datetime import date
from typing import Any

from gridparty.lib.citizen_id import CitizenIdError, parse_citizen_id
from gridparty.lib.phones import parse_phones
from gridparty.lib.text import squash
from grids.doors import parse_address
from orgs.keys import fingerprint
from orgs.roles import EDIT, VIEW
from residents.querysets import HouseholdQuerySet

SHORTEST_INITIALS = 2


def find_households(
    households: HouseholdQuerySet, user: Any, text: str, day: date
) -> HouseholdQuerySet:
    """Narrow `households` (already in scope) to those `text` means; unknown words find nothing."""
    doors = _by_door(households, text)
    people = _by_person(households.visible_to(user, VIEW + EDIT), text, day)
    return doors if people is None else doors | people


def _by_door(households: HouseholdQuerySet, text: str) -> HouseholdQuerySet:
    door = parse_address(text)
    if not (door.compound or door.building or door.room) or door.problems:
        return households.none()
    return households.with_door(door)


def _by_person(households: HouseholdQuerySet, text: str, day: date) -> HouseholdQuerySet | None:
    word = squash(text)
    try:
        number = parse_citizen_id(word, day).number
    except CitizenIdError:
        number = ""
    if number:
        return households.with_fingerprint(day, id_fingerprint=fingerprint(number))
    phones = parse_phones(text)
    if phones.numbers and not phones.problems:
        return households.with_fingerprint(day, phone_fingerprint=fingerprint(phones.numbers[0]))
    if word.isascii() and word.isalpha() and len(word) >= SHORTEST_INITIALS:
        return households.with_name(day, name_initials=word.upper())
    if word.isascii() and len(word) >= 6 and word.isalnum():  # a passport or permit, as stored
        return households.with_fingerprint(day, id_fingerprint=fingerprint(word.upper()))
    if any(character.isdigit() for character in word) or not word:
        return None
    return households.with_name(day, name=text.strip())
