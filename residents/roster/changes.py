"""What a row of the file changes about the person, the residency and the household it was matched to.

Blank never changes anything; a cell that says 【清空】 clears what is stored.
"""

from __future__ import annotations

from typing import Any

from orgs.keys import fingerprint, keyring
from orgs.models import Gender
from residents.roster.known import KnownHousehold, KnownPerson, KnownResidency, door_of
from residents.roster.records import RosterHousehold, RosterRow

GENDER_CODES = {str(gender.label): str(gender.value) for gender in Gender}
# Row field → column of Person, for values that are stored as they are.
_PLAIN_FIELDS = {
    "id_kind": "id_kind", "ethnicity": "ethnicity", "political": "political_status",
    "education": "education", "marriage": "marriage", "workplace": "workplace",
    "registered_address": "registered_address", "remark": "remark",
}  # fmt: skip


def door_changes(source: RosterHousehold, household: KnownHousehold) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    building, entrance, room = door_of(source)
    if (building, room) != (household.building_id, household.room) or (
        entrance is not None and entrance != household.entrance_id
    ):
        changes = {"building_id": building, "entrance_id": entrance, "room": room}
    clears = any("household_no" in row.cleared for row in source.members)
    if source.number != household.number and (source.number or clears):
        changes["number"] = source.number
    return changes


def person_changes(row: RosterRow, person: KnownPerson, print_: str) -> dict[str, Any]:
    """Columns of Person whose given value differs; "phone", "birth", "id_number" hold plain text."""
    changes: dict[str, Any] = {}
    plain = person.plain
    for name, column in _PLAIN_FIELDS.items():
        value = getattr(row, name)
        if value and value != plain[column]:
            changes[column] = value
    gender = GENDER_CODES.get(row.gender)
    if gender and gender != plain["gender"]:
        changes["gender"] = gender
    if row.volunteer is not None and row.volunteer != plain["is_volunteer"]:
        changes["is_volunteer"] = row.volunteer
    if print_ and person.id_fingerprint != print_:
        changes["id_number"] = row.id_number
    if row.birth is not None and _birth_differs(row, person, print_):
        changes["birth"] = row.birth
    if row.phones and _phones_differ(row.phones, person):
        changes["phone"] = ";".join(row.phones)
    if row.cleared:
        _clear(changes, row, person)
    return changes


def _clear(changes: dict[str, Any], row: RosterRow, person: KnownPerson) -> None:
    """Add the columns a cell says 【清空】 for, where anything is stored."""
    plain = person.plain
    for name, column in _PLAIN_FIELDS.items():
        if name in row.cleared and plain[column]:
            changes[column] = ""
    if "gender" in row.cleared and not row.gender and plain["gender"] != Gender.UNKNOWN:
        changes["gender"] = Gender.UNKNOWN.value
    if "volunteer" in row.cleared and plain["is_volunteer"]:
        changes["is_volunteer"] = False
    if "birth" in row.cleared and row.birth is None and person.birth:
        changes["birth"] = None
    if "phone" in row.cleared and person.phone:
        changes["phone"] = ""


def file_values(row: RosterRow) -> dict[str, str]:
    """What a row says about its person, as plain text by column of Person; only what is given."""
    values = {"name": row.name, "gender": GENDER_CODES.get(row.gender, "")}
    values |= {column: getattr(row, name) for name, column in _PLAIN_FIELDS.items()}
    values["id_number"] = row.id_number
    values["birth"] = row.birth.isoformat() if row.birth else ""
    values["phone"] = ";".join(row.phones)
    return {column: value for column, value in values.items() if value}


def _birth_differs(row: RosterRow, person: KnownPerson, print_: str) -> bool:
    """A birth date that follows from the identity number needs no decryption to be compared."""
    assert row.birth is not None
    if row.birth.year != person.birth_year:
        return True
    if print_ and person.id_fingerprint == print_ and len(row.id_number) == 18:
        return False
    return person.born() != row.birth.isoformat()


def _phones_differ(phones: tuple[str, ...], person: KnownPerson) -> bool:
    """By the fingerprint of the first number; further numbers are decrypted only if there are any."""
    if fingerprint(phones[0]) != person.phone_fingerprint:
        return True
    joined = ";".join(phones)
    return keyring().open(person.phone) != joined if len(phones) > 1 else False


def home_changes(row: RosterRow, home: KnownResidency, *, is_head: bool) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if row.relation and row.relation != home.relation:
        changes["relation"] = row.relation
    if row.residence and row.residence != home.status:
        changes["status"] = row.residence
    if row.moved_in and row.moved_in != home.start:
        changes["start"] = row.moved_in
    if row.relation and is_head != home.is_head:
        changes["is_head"] = is_head
    if row.cleared:
        if "relation" in row.cleared and not row.relation and (home.relation or home.is_head):
            changes |= {"relation": "", "is_head": False}
        if "residence" in row.cleared and not row.residence and home.status:
            changes["status"] = ""
        if "moved_in" in row.cleared and home.start:
            changes["start"] = None
    return changes
