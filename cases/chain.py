"""The hash chain of a case's history: each event's digest covers the one before it. Pure.

A text counts by its own digest, so personal data can be erased later without breaking the chain.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any


def digest_of_note(note: str) -> str:
    """Return the sha256 of a note, "" for none."""
    return hashlib.sha256(note.encode()).hexdigest() if note else ""


def digest_of_event(
    previous: str, *, case_no: str, cycle: int, move: str, from_status: str, to_status: str,
    at: datetime, actor_id: int | None, role: str, org_label: str, note_digest: str,
    data: dict[str, Any],
) -> str:  # fmt: skip
    """Return the sha256 over the digest before (64 hex digits, "" for the first) and the event."""
    facts = [
        previous, case_no, cycle, move, str(from_status), str(to_status),
        at.astimezone(UTC).isoformat(timespec="microseconds"), actor_id, str(role), org_label,
        note_digest, data,
    ]  # fmt: skip
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def root_of(previous: str, digests: list[str]) -> str:
    """Return a day's root: sha256 over the root of the day before and the day's digests in order."""
    return hashlib.sha256("\n".join([previous, *digests]).encode()).hexdigest()
