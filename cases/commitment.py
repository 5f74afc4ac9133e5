"""The draw's seed: fixed and committed to before the month's list exists, published with the draw.

commitment = sha256(seed of the month), written when the month begins; seed of the month = from the
installation's key and the month; seed of a grid = sha256(seed of the month | grid code). So nobody
can choose a seed after seeing the list, nor change the list after the draw: its hash is kept.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from cases.models import RevisitSeed
from gridparty.lib.ciphers import derive_key
from gridparty.lib.periods import Month


def month_seed(month: Month) -> str:
    """Return the secret of the month, 64 hex digits; published only with its draw."""
    return derive_key(settings.FINGERPRINT_KEY, f"revisit-draw-{month}").hex()


def grid_seed(seed: str, grid_code: str) -> str:
    """Return the seed of one grid's draw."""
    return hashlib.sha256(f"{seed}|{grid_code}".encode()).hexdigest()


def commitment_of(seed: str) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()


def hash_of_list(case_nos: Iterable[str], mandatory: Iterable[str]) -> str:
    """Return the sha256 of the list drawn from: one number a line, sorted, * on the mandatory ones."""
    must = set(mandatory)
    lines = (f"{number}*" if number in must else number for number in sorted(case_nos))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def commit_to(month: Month, now: datetime) -> RevisitSeed:
    """Write the month's commitment once; a second call changes nothing."""
    row, _ = RevisitSeed.objects.get_or_create(
        month=str(month),
        defaults={"commitment": commitment_of(month_seed(month)), "committed_at": now},
    )
    return row
