"""The reporter's own word on the handling (群众自评): given by tracking code, apart from the revisit."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases.catalog import MAX_NOTE, Satisfaction, UnsatisfiedReason
from cases.merging import main_of
from cases.models import Case, Rating
from cases.models.ratings import rated_until
from cases.services.inputs import BadInput, clean_text
from cases.services.refusals import invalid, wrong_state
from cases.workflow import Status
from gridparty.lib.china_time import local
from gridparty.lib.periods import Month
from orgs import audit

NOT_CLOSED = "这件事项现在不能评价：还没有办结销号，或正在重新办理。办结后再请您评价。"


@dataclass(frozen=True)
class Rateable:
    """What a reporter may say of one closing: `given` is what was said, `until` when it ends."""

    case: Case
    given: Rating | None
    until: datetime

    def is_open(self, now: datetime) -> bool:
        return now < self.until


def rateable(report: Case, main: Case | None = None) -> Rateable | None:
    """Return the closing the reporter may rate or has rated, None while nothing is closed.

    `main` is the case the report was merged into, when the caller has read it already.
    """
    case = main or main_of(report)
    if case.status != Status.CLOSED or case.closed_at is None:
        return None
    given = Rating.objects.filter(report=report, cycle=case.cycle).first()
    return Rateable(case, given, rated_until(case.closed_at))


def too_late(found: Rateable) -> str:
    return f"评价已在{local(found.until):%m月%d日}截止，不能再评价或修改。"


@transaction.atomic
def rate_case(
    *, report: Case, satisfaction: str, reason: str = "", note: str = "",
    now: datetime | None = None,
) -> Rating:  # fmt: skip
    """Write what the reporter thinks, or change it; one row per report and cycle. Raises MoveRefused.

    The caller has proven the reporter (tracking code), as for `move(as_reporter=True)`.
    """
    moment = now or timezone.now()
    answers = _clean(satisfaction, reason, note)
    # Two taps at once: the second waits here and becomes a change.
    fresh = Case.objects.select_for_update().get(pk=report.pk)
    found = rateable(fresh)
    if found is None:
        raise wrong_state(NOT_CLOSED)
    if not found.is_open(moment):
        raise wrong_state(too_late(found))
    was = found.given.satisfaction if found.given else ""
    rating = found.given or Rating(
        case=found.case, report=fresh, cycle=found.case.cycle,
        month=str(Month.of(found.case.closed_at or moment)), rated_at=moment,
    )  # fmt: skip
    rating.satisfaction, rating.reason, rating.note = answers
    rating.changed_at = moment if found.given else None
    rating.save()
    audit.record(
        by=None, action="case.rate", target=found.case, street=found.case.street_id,
        detail={"satisfaction": rating.satisfaction, "was": was, "cycle": rating.cycle},
    )  # fmt: skip
    return rating


def _clean(satisfaction: str, reason: str, note: str) -> tuple[str, str, str]:
    errors: dict[str, str] = {}
    text = ""
    if satisfaction not in Satisfaction.values:
        errors["satisfaction"] = "请选择满意、基本满意或不满意。"
    unsatisfied = satisfaction == Satisfaction.UNSATISFIED
    if unsatisfied and reason not in UnsatisfiedReason.values:
        errors["reason"] = "请选择哪里不满意。"
    try:
        text = clean_text(note, "说明", MAX_NOTE)
    except BadInput as error:
        errors["note"] = str(error)
    if errors:
        raise invalid(errors)
    return satisfaction, reason if unsatisfied else "", text
