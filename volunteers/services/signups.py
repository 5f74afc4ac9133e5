"""Shifts and who signs up: the last place goes to one, the others wait and move up by themselves."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from gridparty.lib.china_time import local
from orgs.audit import describe_actions, record
from orgs.models import User
from volunteers.models import Activity, Shift, SignUp, Volunteer
from volunteers.notices import tell_moved, tell_moved_up
from volunteers.services.activities import span
from volunteers.services.asks import lapse_asks, stop_when_full, take_as_answer
from volunteers.services.lives import require_side
from volunteers.sides import sides
from volunteers.workflow import TAKES_PART, ActivityStatus, SignUpStatus, Who

describe_actions(
    shift__add="安排班次", shift__move="调整班次", signup__join="报名", signup__cancel="取消报名",
    signup__confirm="确认新时间", signup__move_up="候补转正",
)  # fmt: skip
NOTICE = timedelta(hours=2)
NO_SHOWS, LOOK_BACK = 3, timedelta(days=90)
LONGEST = timedelta(hours=24)
LIVE = (*TAKES_PART, SignUpStatus.WAITING)


@transaction.atomic
def add_shift(
    *, activity: Activity, starts_at: datetime, ends_at: datetime, capacity: int, by: User | None
) -> Shift:
    """Add a time with places to an activity that is not over."""
    _require_open(activity, by)
    _check_times(starts_at, ends_at, capacity)
    shift = Shift.objects.create(
        activity=activity, starts_at=starts_at, ends_at=ends_at, capacity=capacity
    )
    span(activity)
    record(by=by, action="shift.add", target=shift, street=activity.street_id)
    return shift


@transaction.atomic
def move_shift(
    *, shift: Shift, starts_at: datetime, ends_at: datetime, capacity: int, by: User
) -> Shift:
    """Change a shift. Nobody is taken off: all are asked to say yes to the new time.

    Fewer places than people who have one are refused; more let those who wait move up.
    """
    _require_open(shift.activity, by)
    _check_times(starts_at, ends_at, capacity)
    shift = lock_shift(shift)
    taken = shift.signups.taking_part().count()
    if capacity < taken:
        raise ValidationError({"capacity": f"已有 {taken} 人报名，名额不能少于 {taken}。"})
    moved = (shift.starts_at, shift.ends_at) != (starts_at, ends_at)
    if moved and shift.signups.filter(in_at__isnull=False).exists():
        raise ValidationError("已经有人签到，不能再改时间。")
    Shift.objects.filter(pk=shift.pk).update(
        starts_at=starts_at, ends_at=ends_at, capacity=capacity,
        reminded_at=None if moved else shift.reminded_at,
    )  # fmt: skip
    shift.refresh_from_db()
    if moved:
        here = shift.signups.filter(status__in=LIVE)
        here.update(to_confirm=True)
        lapse_asks(shift=shift, note="班次改了时间")
        tell_moved(shift=shift, volunteers=here.values_list("volunteer", flat=True))
    _move_up(shift, by)
    span(shift.activity)
    record(by=by, action="shift.move", target=shift, street=shift.activity.street_id)
    return shift


@transaction.atomic
def sign_up(
    *, shift: Shift, volunteer: Volunteer, by: User | None, guardian_agreed: bool = False,
    now: datetime | None = None,
) -> SignUp:  # fmt: skip
    """Take a place, or one in the waiting list when there is none; ValidationError says why not."""
    now = now or timezone.now()
    shift = lock_shift(shift)
    _require_own(volunteer, shift.activity, by)
    volunteer = _locked_volunteer(volunteer)
    _check_may(shift, volunteer, now, guardian_agreed)
    full = shift.signups.taking_part().count() >= shift.capacity
    status = SignUpStatus.WAITING if full else SignUpStatus.SIGNED
    found = SignUp.objects.create(
        shift=shift, volunteer=volunteer, status=status, guardian_agreed=guardian_agreed
    )
    record(by=by, action="signup.join", target=found, street=shift.activity.street_id)
    take_as_answer(shift=shift, volunteer=volunteer, by=by)
    stop_when_full(shift)
    return found


@transaction.atomic
def cancel_sign_up(*, signup: SignUp, by: User, now: datetime | None = None) -> None:
    """Give a place back, at least two hours before; the first who waits moves up.

    Those who wait may go at any time, and whoever leads may take somebody off at any time.
    """
    now = now or timezone.now()
    shift = lock_shift(signup.shift)
    _require_own(signup.volunteer, shift.activity, by)
    signup.refresh_from_db()
    if signup.status not in (SignUpStatus.SIGNED, SignUpStatus.WAITING) or signup.in_at:
        raise ValidationError("这次报名已经不能取消了。")
    own = signup.volunteer.person_id == by.person_id
    soon = now > shift.starts_at - NOTICE
    if own and soon and signup.status == SignUpStatus.SIGNED and not signup.to_confirm:
        raise ValidationError("离开始不到 2 小时，不能自己取消，请直接联系带队人。")
    SignUp.objects.filter(pk=signup.pk).update(status=SignUpStatus.CANCELLED, to_confirm=False)
    record(by=by, action="signup.cancel", target=signup, street=shift.activity.street_id)
    _move_up(shift, by)


@transaction.atomic
def confirm_new_time(*, signup: SignUp, by: User) -> None:
    """Say yes to a shift that was moved; an overlap with another place has to be solved first."""
    _require_own(signup.volunteer, signup.shift.activity, by)
    _check_overlap(signup.shift, signup.volunteer, besides=signup.pk)
    rows = SignUp.objects.filter(pk=signup.pk, to_confirm=True, status__in=LIVE)
    if rows.update(to_confirm=False) != 1:
        raise ValidationError("不需要确认了。")
    record(by=by, action="signup.confirm", target=signup)


def limited(volunteer: Volunteer, now: datetime) -> bool:
    """Whether three no-shows in 90 days limit the volunteer to one place at a time."""
    missed = volunteer.signups.filter(
        status=SignUpStatus.NO_SHOW, shift__starts_at__gte=now - LOOK_BACK
    )
    return missed.count() >= NO_SHOWS


def _move_up(shift: Shift, by: User | None) -> list[SignUp]:
    """Give free places to those who wait, in order; call with the shift locked."""
    free = shift.capacity - shift.signups.taking_part().count()
    lucky = list(shift.signups.waiting().order_by("id")[: max(free, 0)])
    for signup in lucky:
        SignUp.objects.filter(pk=signup.pk).update(status=SignUpStatus.SIGNED)
        record(by=by, action="signup.move_up", target=signup, street=shift.activity.street_id)
    if lucky:
        tell_moved_up(
            shift=shift, volunteers=[one.volunteer_id for one in lucky],
            signups=[one.pk for one in lucky],
        )  # fmt: skip
    return lucky


def _check_may(shift: Shift, volunteer: Volunteer, now: datetime, guardian_agreed: bool) -> None:
    activity = shift.activity
    if activity.status != ActivityStatus.SCHEDULED:
        raise ValidationError(f"活动{activity.get_status_display()}，不能报名。")
    if shift.ends_at <= now:
        raise ValidationError("这个班次已经结束。")
    if volunteer.status != Volunteer.Status.ACTIVE:
        raise ValidationError(f"志愿者{volunteer.get_status_display()}，不能报名。")
    if activity.need is not None and activity.need.person_id == volunteer.person_id:
        raise ValidationError("您是这次活动的服务对象，不能同时报名当志愿者。")
    if volunteer.is_minor:
        if not activity.minors_welcome:
            raise ValidationError("这次活动不招募未成年人。")
        if not (guardian_agreed and volunteer.guardian_name and volunteer.guardian_phone):
            raise ValidationError(
                {"guardian_agreed": "未成年人报名须登记监护人姓名和电话，并经监护人同意。"}
            )
    if SignUp.objects.filter(shift=shift, volunteer=volunteer, status__in=LIVE).exists():
        raise ValidationError("已经报过名了。")
    _check_overlap(shift, volunteer)
    if limited(volunteer, now) and volunteer.signups.filter(
        status__in=(SignUpStatus.SIGNED, SignUpStatus.WAITING), shift__ends_at__gt=now
    ):
        raise ValidationError("近 90 天有 3 次报名未到，一次只能报一个班次；参加后就能再报。")


def _check_overlap(shift: Shift, volunteer: Volunteer, besides: int = 0) -> None:
    clash = (
        volunteer.signups.filter(
            status__in=LIVE, shift__starts_at__lt=shift.ends_at, shift__ends_at__gt=shift.starts_at
        )
        .exclude(pk=besides).select_related("shift__activity").first()
    )  # fmt: skip
    if clash is not None:
        start = local(clash.shift.starts_at)
        raise ValidationError(
            f"和已报名的“{clash.shift.activity}”（{start:%m月%d日 %H:%M}）时间冲突，请先取消一个。"
        )


def _check_times(starts_at: datetime, ends_at: datetime, capacity: int) -> None:
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": "结束时间要晚于开始时间。"})
    if ends_at - starts_at > LONGEST:
        raise ValidationError({"ends_at": "一个班次最长 24 小时，请分成几个班次。"})
    if capacity < 1:
        raise ValidationError({"capacity": "名额至少 1 人。"})


def _require_open(activity: Activity, by: User | None) -> None:
    if by is not None:
        require_side(activity, by, Who.STAFF, Who.LEAD)
    if activity.status not in (ActivityStatus.DRAFT, ActivityStatus.SCHEDULED):
        raise ValidationError(f"活动{activity.get_status_display()}，不能再改班次。")


def _require_own(volunteer: Volunteer, activity: Activity, by: User | None) -> None:
    own = by is None or volunteer.person_id == by.person_id
    if not own and by is not None and not sides(activity, by) & {Who.STAFF, Who.LEAD}:
        raise PermissionDenied("只能为自己报名；替别人报名请找带队人。")


def lock_shift(shift: Shift) -> Shift:
    """Return the shift, locked until the transaction ends: its places go one by one."""
    rows: Any = Shift.objects.select_for_update(of=("self",))
    found: Shift = rows.select_related("activity__community", "activity__need").get(pk=shift.pk)
    return found


def _locked_volunteer(volunteer: Volunteer) -> Volunteer:
    rows: Any = Volunteer.objects.select_for_update(of=("self",))
    found: Volunteer = rows.select_related("person").get(pk=volunteer.pk)
    return found
