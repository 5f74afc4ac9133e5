"""疑似迁出/疑似死亡: people a full list does not name, or a list says are gone. Each is confirmed by a person, never by the import."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import User
from residents.models import Residency, RosterAbsence
from residents.services.residency import end_residency

describe_actions(
    roster__absent="核实疑似迁出、死亡", roster__absent_export="导出疑似迁出、死亡名单"
)
State = RosterAbsence.State
CHOICES = {
    State.MOVED.value: "已迁出",
    State.DIED.value: "已死亡",
    State.STAYS.value: "仍住这里",
    State.LATER.value: "稍后再核",
}


def decide_absences(
    *, rows: Iterable[RosterAbsence], choice: str, by: User, on: date | None = None, note: str = ""
) -> int:
    """Settle these rows alike and return how many; MOVED and DIED end the residency `on` that
    day, without one on the day the list gave.

    All or nothing: a residency that began after `on` refuses the lot. Rows decided meanwhile by
    others are passed over.
    """
    if choice not in CHOICES:
        raise ValidationError("请选择一种处理办法。", code="choice")
    note = one_line(note, label="处理说明", longest=200, required=False)
    done = 0
    with transaction.atomic():
        for row in rows:
            done += _decide(row, choice, by, on, note)
    return done


def _decide(row: RosterAbsence, choice: str, by: User, on: date | None, note: str) -> int:
    residency = Residency.objects.select_related("household", "person").get(pk=row.residency_id)
    is_gone = residency.end is not None
    changed = (
        RosterAbsence.objects.filter(pk=row.pk)
        .undecided()
        .update(
            state=State.EXPIRED if is_gone else choice,
            decided_by=by,
            decided_at=timezone.now(),
            note=note,
        )
    )
    if not changed or is_gone:
        return 0
    if choice in (State.MOVED, State.DIED):
        day = on or row.said_on
        if day is None:
            raise ValidationError(
                {"on": f"请填写{'死亡' if choice == State.DIED else '迁出'}日期。"}
            )
        reason = Residency.EndReason.DIED if choice == State.DIED else "moved_out"
        end_residency(residency=residency, on=day, reason=reason, by=by)
    record(
        by=by, action="roster.absent", target=residency.person, street=row.street_id,
        detail={"absence": row.pk, "choice": choice, "household": residency.household_id},
    )  # fmt: skip
    return 1
