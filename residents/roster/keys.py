"""The opaque key of a person in the system's own export.

It lets an exported list come back without showing an identity number: the id of the row, signed,
so that nobody can make one up for a person he has not been shown.
"""

from __future__ import annotations

from gridparty.lib.text import row_id
from orgs.keys import fingerprint

_SIGNATURE = 20


def person_key(pk: int) -> str:
    """The key of a person: "1042-3f9c…"."""
    return f"{pk}-{fingerprint(f'roster person {pk}')[:_SIGNATURE]}"


def read_person_key(key: str) -> int | None:
    """The person a key stands for; None for anything this installation did not sign."""
    pk = row_id(key.partition("-")[0])
    return pk if pk is not None and person_key(pk) == key else None
