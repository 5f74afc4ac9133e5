"""Asking volunteers in waves: the best match first, more when they say no, none once it is full."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from orgs.audit import describe_actions, record
from orgs.models import OrgUnit, User
from volunteers.asking import helpers_in, next_wave, open_shifts, slot_of, to_ask
from volunteers.matching import Helper, Match, Slot, assign, why
from volunteers.matching.reasons import as_rows
from volunteers.models import Ask, Shift, SignUp, Volunteer
from volunteers.notices import tell_asked
from volunteers.services.lives import require_side, take_step
from volunteers.services.signups import lock_shift, sign_up
from volunteers.workflow import ActivityStatus, Who

describe_actions(ask__wave="邀请志愿者", ask__stop="停止邀请")
ANSWER = timedelta(hours=24)
LEAST = timedelta(hours=2)


@transaction.atomic
def start_asking(*, shift: Shift, by: User | None, now: datetime | None = None) -> int:
    """Ask the first wave and go on by itself until the places are filled; return how many."""
    now = now or timezone.now()
    if by is not None:
        require_side(shift.activity, by, Who.STAFF, Who.LEAD)
    shift = lock_shift(shift)
    _require_open(shift, now)
    Shift.objects.filter(pk=shift.pk).update(asking=True)
    many = to_ask(shift)
    if many == 0:
        raise ValidationError("已经邀请够了：空余名额每个邀请两人，等他们答复。")
    asked = _ask([(shift, many)], helpers_in(shift.activity.community, now), now, by)
    if not asked:
        raise ValidationError("没有合适的志愿者可以邀请：时间合适、离得近的都已报名或邀请过。")
    return asked


@transaction.atomic
def stop_asking(*, shift: Shift, by: User) -> None:
    """Ask nobody more; who was asked may still answer."""
    require_side(shift.activity, by, Who.STAFF, Who.LEAD)
    Shift.objects.filter(pk=shift.pk).update(asking=False)
    record(by=by, action="ask.stop", target=shift, street=shift.activity.street_id)


@transaction.atomic
def answer(
    *, ask: Ask, name: str, by: User | None, guardian_agreed: bool = False,
    now: datetime | None = None,
) -> SignUp | None:  # fmt: skip
    """Say yes (which signs up; the waiting list when it has just filled) or no, or take it back."""
    shift = lock_shift(ask.shift)
    take_step(row=ask, name=name, by=by)
    if name != "accept":
        return None
    return sign_up(
        shift=shift, volunteer=ask.volunteer, by=by, guardian_agreed=guardian_agreed, now=now
    )


def run_waves(*, now: datetime) -> int:
    """Let unanswered asks lapse and ask the next wave, a community at a time; return how many."""
    overdue = Ask.objects.open().filter(answer_by__lte=now).for_list()
    for ask in overdue:
        with suppress(ValidationError):  # answered in the same moment: the answer stands
            take_step(row=ask, name="lapse", by=None, note="到期没有答复")
    by_place: dict[OrgUnit, list[Shift]] = defaultdict(list)
    for shift in open_shifts(now).select_related("activity__community").order_by("starts_at", "id"):
        by_place[shift.activity.community].append(shift)
    return sum(_wave(place, shifts, now) for place, shifts in by_place.items())


@transaction.atomic
def _wave(community: OrgUnit, shifts: Sequence[Shift], now: datetime) -> int:
    """Ask for all shifts of a community at once: nobody gets two asks in a wave."""
    locked = [lock_shift(shift) for shift in sorted(shifts, key=lambda one: one.pk)]
    wanted = [(shift, to_ask(shift)) for shift in locked]
    wanted = [(shift, many) for shift, many in wanted if many]
    return _ask(wanted, helpers_in(community, now), now, None) if wanted else 0


def _ask(
    wanted: Sequence[tuple[Shift, int]], helpers: Sequence[Helper], now: datetime, by: User | None
) -> int:
    slots = {shift.pk: slot_of(shift, many) for shift, many in wanted}
    matches = assign(list(slots.values()), helpers)
    known = {helper.id: helper for helper in helpers}
    for shift, _many in wanted:
        mine = [match for match in matches if match.slot == shift.pk]
        if mine:
            _write(shift, slots[shift.pk], mine, known, now, by)
    return len(matches)


def _write(
    shift: Shift, slot: Slot, matches: Sequence[Match], helpers: dict[int, Helper], now: datetime,
    by: User | None,
) -> None:  # fmt: skip
    activity, wave = shift.activity, next_wave(shift)
    Ask.objects.bulk_create(
        Ask(
            district_id=activity.district_id, street_id=activity.street_id,
            community_id=activity.community_id, shift=shift, volunteer_id=match.helper, wave=wave,
            worth=f"{match.worth:.1f}", reasons=as_rows(why(helpers[match.helper], slot)),
            asked_at=now, answer_by=max(min(now + ANSWER, shift.starts_at - LEAST), now),
        )
        for match in matches
    )  # fmt: skip
    asked = [match.helper for match in matches]
    Volunteer.objects.filter(pk__in=asked).update(last_asked_at=now)
    record(
        by=by, action="ask.wave", target=shift, street=activity.street_id,
        detail={"wave": wave, "asked": len(asked)},
    )  # fmt: skip
    tell_asked(shift=shift, volunteers=asked, wave=wave, now=now)


def _require_open(shift: Shift, now: datetime) -> None:
    activity = shift.activity
    if activity.status != ActivityStatus.SCHEDULED:
        raise ValidationError(f"活动{activity.get_status_display()}，不能邀请。")
    if shift.starts_at - LEAST <= now:
        raise ValidationError("离开始不到 2 小时，来不及邀请，请直接打电话。")
    if shift.signups.taking_part().count() >= shift.capacity:
        raise ValidationError("名额已满，不用再邀请。")
