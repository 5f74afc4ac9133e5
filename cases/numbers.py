"""Case numbers and tracking codes. The number is taken inside the report's transaction."""

import secrets
from datetime import datetime

from django.db import connection

from gridparty.lib.china_time import local

# No I, L, O, 0, 1: a resident reads the code aloud or copies it from paper.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8


# Both databases know this form; the ORM's would be two queries, and a third on the day's first case.
_COUNT_ON = (
    "INSERT INTO cases_casenumbercounter (prefix, last) VALUES (%s, 1) "
    "ON CONFLICT (prefix) DO UPDATE SET last = cases_casenumbercounter.last + 1 RETURNING last"
)


def next_case_no(community_code: str, now: datetime) -> str:
    """Return YYYYMMDD + the last six of the community code + a serial of four digits (or more).

    The counter row is locked by its own write until the caller's transaction ends.
    """
    prefix = f"{local(now):%Y%m%d}{community_code[-6:]}"
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ON, [prefix])
        (serial,) = cursor.fetchone()
    return f"{prefix}{serial:04d}"


def new_tracking_code() -> str:
    """Return a code of eight characters.

    31^8 ≈ 8.5e11: with a million cases one report in a million draws a code that is taken. The
    database then refuses the row, and `report_case` writes it anew.
    """
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def read_tracking_code(text: str) -> str:
    """Return the code as stored from what somebody typed (spaces, dashes, lower case), "" if impossible."""
    code = "".join(text.split()).replace("-", "").upper()
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else ""
