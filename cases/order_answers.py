"""What is handed back for an order: the result, in whose words, when, and how satisfied the caller is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.catalog import Outcome, RejectReason
from cases.models import Case, CaseEvent, ExternalOrder, Revisit
from cases.statuses import Status

# The moves whose note is the answer to the caller.
ANSWERING = ("feedback", "gather", "reject")


@dataclass(frozen=True)
class Answer:
    """Blank while there is nothing to say; `ended_at` None while the case is open."""

    result: str = ""
    words: str = ""
    ended_at: datetime | None = None
    satisfaction: str = ""


def answers_of(orders: Sequence[ExternalOrder]) -> dict[int, Answer]:
    """Return the answer by order id: two queries for any number; needs `for_list()`."""
    cases = {order.pk: _decided(order.case) for order in orders if order.case is not None}
    ids = [case.pk for case in cases.values()]
    notes: dict[int, CaseEvent] = {}
    for event in CaseEvent.objects.filter(case_id__in=ids, move__in=ANSWERING).order_by("id"):
        if event.data.get("lead", True):  # a helping unit's words are not the answer
            notes[event.case_id] = event
    asked = Revisit.objects.filter(case_id__in=ids).exclude(satisfaction="").order_by("id")
    said = {one.case_id: one.get_satisfaction_display() for one in asked}
    return {
        pk: _answer(case, notes.get(case.pk), str(said.get(case.pk, "")))
        for pk, case in cases.items()
    }


def _decided(case: Case) -> Case:
    """Return the case that was worked on: a merged one is answered by its main case."""
    return case.merged_into if case.merged_into is not None else case


def _answer(case: Case, event: CaseEvent | None, satisfaction: str) -> Answer:
    if case.status == Status.REJECTED:
        reason = event.data.get("reason", "") if event else ""
        label = dict(RejectReason.choices).get(reason, "")
        words = "；".join(part for part in (label, event.note if event else "") if part)
        return Answer("不予受理", words, case.ended_at, satisfaction)
    if case.status != Status.CLOSED:
        return Answer(f"{case.status_label}（未办结）")
    result = str(Outcome(case.outcome).label) if case.outcome else "已办结"
    return Answer(result, event.note if event else "", case.closed_at, satisfaction)
