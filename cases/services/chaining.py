"""Putting digests on new events, and checking those of old ones."""

from collections.abc import Iterable
from dataclasses import dataclass

from cases.chain import digest_of_event, digest_of_note
from cases.models import CaseEvent


def chained(event: CaseEvent, *, case_no: str, previous: str) -> CaseEvent:
    """Give an unsaved event its digests; `previous` is the case's `trail_head`."""
    event.note_digest = digest_of_note(event.note)
    event.digest = _digest(event, case_no, previous)
    return event


def _digest(event: CaseEvent, case_no: str, previous: str) -> str:
    return digest_of_event(
        previous, case_no=case_no, cycle=event.cycle, move=event.move,
        from_status=event.from_status, to_status=event.to_status, at=event.at,
        actor_id=event.actor_id, role=event.role, org_label=event.org_label,
        note_digest=event.note_digest, data=event.data,
    )  # fmt: skip


@dataclass(frozen=True)
class TrailCheck:
    """What a look at one case's chain found; `fault` is a sentence, "" when it is unbroken."""

    count: int
    fault: str = ""


def check_trail(case_no: str, events: Iterable[CaseEvent], head: str) -> TrailCheck:
    """Replay the chain over all events of a case, oldest first."""
    previous, count = "", 0
    for event in events:
        count += 1
        if event.digest != _digest(event, case_no, previous):
            return TrailCheck(count, f"第 {count} 条记录（{event.label}）与存证不符")
        if event.note and digest_of_note(event.note) != event.note_digest:
            return TrailCheck(count, f"第 {count} 条记录（{event.label}）的说明被改动过")
        previous = event.digest
    if previous != head:
        return TrailCheck(count, f"应有更多记录，只找到 {count} 条")
    return TrailCheck(count)
