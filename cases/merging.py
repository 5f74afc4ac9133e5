"""What a merged report (并案) leads to, and what its reporter may read there."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from cases.models import Case
from cases.timeline import events_of, milestone_bar, public_timeline
from cases.words import PLAIN_STATUS
from cases.workflow import Status, Who

# A main case can be merged on before it is assigned; a cycle is refused, this only bounds the walk.
MOST_STEPS = 10
# What is true for the reporter of another case.
_OTHERS_STATUS = {Status.WITHDRAWN: "已由另一位反映人撤回，如仍未解决，请重新反映"}


def main_of(case: Case) -> Case:
    """Return the case in which this one is handled: itself, or the end of its merges."""
    for _ in range(MOST_STEPS):
        if case.merged_into_id is None:
            return case
        case = Case.objects.for_detail().get(pk=case.merged_into_id)
    return case


@dataclass(frozen=True)
class Report:
    """A merged report whose reporter can be called."""

    pk: int
    case_no: str


def reachable_reporters(mains: QuerySet[Case]) -> dict[int, list[Report]]:
    """Return {main case id: the reports merged into it, at any depth, that left a number}.

    Each number once, and never that of the main case's own reporter: he is asked anyway.
    """
    found: dict[int, list[Report]] = defaultdict(list)
    called: dict[int, set[str]] = defaultdict(set)
    merged = Case.objects.filter(status=Status.MERGED).order_by("case_no")
    for depth in range(1, MOST_STEPS + 1):
        main = "__".join(["merged_into"] * depth)
        layer = merged.filter(**{f"{main}__in": mains.order_by().values("pk")})
        rows = list(
            layer.values_list(
                "pk", "case_no", "anonymous", "reporter_phone", f"{main}__pk",
                f"{main}__reporter_phone",
            )
        )  # fmt: skip
        for pk, case_no, anonymous, phone, main_pk, main_phone in rows:
            number = "" if anonymous else phone.reveal()
            if number and number != main_phone.reveal() and number not in called[main_pk]:
                called[main_pk].add(number)
                found[main_pk].append(Report(pk, case_no))
        if not rows:
            break
    return found


def main_progress(case: Case) -> dict[str, Any]:
    """Return the main case's public progress for a merged report's page, {} when it is not merged.

    The table's own sentences only: nothing the other reporter wrote, sent or is called.
    """
    main = main_of(case)
    if main.pk == case.pk:
        return {}
    events = events_of(main)
    others = [event for event in events if event.role != Who.REPORTER]
    return {
        "main": main,
        "main_status": _OTHERS_STATUS.get(
            Status(main.status), PLAIN_STATUS.get(main.status, main.status_label)
        ),
        "main_milestones": milestone_bar(events, main),
        "main_entries": public_timeline(others)[::-1],
    }
