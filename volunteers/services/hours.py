"""时长: computed when the leader hands in, confirmed by the community, open to appeal for 7 days."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from gridparty.lib.china_time import local_date
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import User
from volunteers.credit import credit
from volunteers.models import Activity, Hours, HoursDay, SignUp, Step, Volunteer
from volunteers.notices import tell_hours
from volunteers.services.lives import require_side, take_step
from volunteers.services.points import earn, reverse_hours
from volunteers.workflow import HoursStatus, SignUpStatus, Who

describe_actions(hours__enter="补录时长", hours__decide="裁定申诉")
APPEAL = timedelta(days=7)
LATE = timedelta(days=7)


@transaction.atomic
def credit_activity(*, activity: Activity, by: User | None) -> int:
    """Compute the hours of all who signed in and out; mark those who never came. Return how many."""
    rows: Any = SignUp.objects.filter(shift__activity=activity).select_related("shift", "volunteer")
    rows.filter(status=SignUpStatus.WAITING).update(status=SignUpStatus.CANCELLED)
    rows.filter(status=SignUpStatus.SIGNED, in_at=None).update(status=SignUpStatus.NO_SHOW)
    there = rows.filter(status=SignUpStatus.ATTENDED, out_at__isnull=False, hours=None)
    many = 0
    for signup in there.order_by("volunteer_id", "in_at"):
        planned = signup.shift.ends_at - signup.shift.starts_at
        start = _after_others(signup.volunteer, signup.in_at, signup.out_at)
        many += start < signup.out_at and bool(
            _store(
                activity, signup.volunteer, start, signup.out_at, planned, signup=signup,
                status=HoursStatus.SUBMITTED,
            )
        )  # fmt: skip
    return many


def take_back_hours(*, activity: Activity) -> None:
    """The community gave the hours back: they are computed anew when handed in again."""
    activity.hours.filter(signup__isnull=False, status=HoursStatus.SUBMITTED).delete()
    signups: Any = SignUp.objects.filter(shift__activity=activity)
    signups.filter(status=SignUpStatus.NO_SHOW).update(status=SignUpStatus.SIGNED)


@transaction.atomic
def decide_all(*, activity: Activity, by: User | None) -> None:
    """Confirm the hours handed in with the activity, except the confirmer's own."""
    waiting = activity.hours.filter(status=HoursStatus.SUBMITTED, back_entry=False)
    own = by.person_id if by is not None else None
    for hours in waiting.select_related("volunteer", "street", "community", "activity"):
        if own is None or hours.volunteer.person_id != own:
            move_hours(hours=hours, name="confirm", by=by)


@transaction.atomic
def move_hours(*, hours: Hours, name: str, by: User | None, note: str = "") -> Hours:
    """Take hours along their table; confirmed ones earn points, refused ones none."""
    now = timezone.now()
    if name == "appeal" and (hours.decided_at is None or now > hours.decided_at + APPEAL):
        raise ValidationError("确认后 7 天内可以申诉，现在已经过了期限。请直接联系社区。")
    columns = {"decided_at": now} if name in ("confirm", "reject") else {}
    take_step(row=hours, name=name, by=by, note=note, **columns)
    if name == "confirm":
        earn(hours=hours, by=by)
        tell_hours(hours=hours)
    return hours


@transaction.atomic
def decide_appeal(*, hours: Hours, credited: Decimal, note: str, by: User) -> Hours:
    """Answer an appeal with the hours that stand (0: none); points follow by a reversing entry."""
    require_side(hours, by, Who.COMMUNITY)
    note = one_line(note, label="裁定说明", longest=200)
    limit = _whole(hours)
    if not 0 <= credited <= limit or credited * 2 % 1:
        raise ValidationError({"credited": f"请填 0 到 {limit} 之间的小时数，以半小时为单位。"})
    take_step(row=hours, name="uphold" if credited else "drop", by=by, note=note)
    changed = credited != hours.credited or not hours.points.exists()
    if changed:
        reverse_hours(hours=hours, by=by, note=note)
        _spread(hours, credited)
        if credited:
            earn(hours=hours, by=by)
    Hours.objects.filter(pk=hours.pk).update(decided_at=timezone.now())
    record(by=by, action="hours.decide", target=hours, street=hours.street_id)
    hours.refresh_from_db()
    return hours


@transaction.atomic
def enter_hours(
    *, activity: Activity, volunteer: Volunteer, start: datetime, end: datetime, note: str, by: User
) -> Hours:
    """补录: hours somebody forgot to sign for. Older than 7 days they need the secretary's approval.

    ValidationError when they overlap others, lie outside the activity, or count nothing.
    """
    own = volunteer.person_id == by.person_id
    if not own:
        require_side(activity, by, Who.STAFF, Who.LEAD)
    if activity.starts_at is None or activity.ends_at is None:
        raise ValidationError("这次活动没有班次，不能补录。")
    now = timezone.now()
    if end > now or end <= start:
        raise ValidationError({"end": "结束时间要晚于开始时间，且不能在现在以后。"})
    grace = timedelta(minutes=30)
    if start < activity.starts_at - grace or end > activity.ends_at + grace:
        raise ValidationError({"start": "时间要在活动前后 30 分钟之内。"})
    note = one_line(note, label="补录说明", longest=200)
    _lock(volunteer)
    clash = overlapping(volunteer, start, end).select_related("activity").first()
    if clash is not None:
        raise ValidationError(f"和“{clash.activity}”的时长重叠，请改时间。")
    status = HoursStatus.LATE if now - end > LATE else HoursStatus.SUBMITTED
    hours = _store(
        activity, volunteer, start, end, end - start, status=status, back_entry=True, note=note
    )
    if hours is None:
        raise ValidationError("这段时间不足半小时，或当天已满 8 小时，不再计入。")
    Step.objects.create(subject="hours", row=hours.pk, move="enter", note=note, by=by)
    record(by=by, action="hours.enter", target=hours, street=hours.street_id)
    return hours


def overlapping(volunteer: Volunteer, start: datetime, end: datetime) -> Any:
    """Return the volunteer's hours that share time with start…end."""
    return Hours.objects.counted().filter(volunteer=volunteer, start__lt=end, end__gt=start)


def taken_on(volunteer: Volunteer, first: date, last: date) -> dict[date, Decimal]:
    """Return {day: hours} that count already."""
    rows = HoursDay.objects.filter(hours__volunteer=volunteer, day__range=(first, last))
    counted = rows.exclude(hours__status=HoursStatus.REJECTED).values("day")
    return {one["day"]: one["sum"] for one in counted.annotate(sum=Sum("credited"))}


def _after_others(volunteer: Volunteer, start: datetime, end: datetime) -> datetime:
    """Return `start`, or where the stays end that reach into this one: no minute counts twice."""
    _lock(volunteer)
    for other in overlapping(volunteer, start, end).order_by("start"):
        start = max(start, other.end)
    return start


def _store(
    activity: Activity, volunteer: Volunteer, start: datetime, end: datetime, planned: timedelta,
    *, status: str, signup: SignUp | None = None, back_entry: bool = False, note: str = "",
) -> Hours | None:  # fmt: skip
    """Credit a stay day by day; None when nothing counts."""
    days = credit(
        start, end, planned=planned,
        taken=taken_on(volunteer, local_date(start), local_date(end)),
    )  # fmt: skip
    if not days:
        return None
    hours = Hours.objects.create(
        district_id=activity.district_id, street_id=activity.street_id,
        community_id=activity.community_id, volunteer=volunteer, activity=activity, signup=signup,
        start=start, end=end, credited=sum(days.values()), status=status, back_entry=back_entry,
        leads=activity.lead_id == volunteer.person_id, note=note,
    )  # fmt: skip
    HoursDay.objects.bulk_create(
        HoursDay(hours=hours, day=day, credited=part) for day, part in days.items()
    )
    return hours


def _whole(hours: Hours) -> Decimal:
    """The most that can stand: the stay itself, within the caps of its days."""
    mine: dict[date, Decimal] = defaultdict(Decimal)
    for one in hours.days.all():
        mine[one.day] = one.credited
    taken = taken_on(hours.volunteer, local_date(hours.start), local_date(hours.end))
    if hours.status != HoursStatus.REJECTED:
        taken = {day: value - mine[day] for day, value in taken.items()}
    whole = credit(hours.start, hours.end, planned=hours.end - hours.start, taken=taken)
    return sum(whole.values(), Decimal("0.0"))


def _spread(hours: Hours, credited: Decimal) -> None:
    """Write the hours that stand, to the first days first."""
    left, taken = (
        credited,
        taken_on(hours.volunteer, local_date(hours.start), local_date(hours.end)),
    )
    for one in hours.days.all():
        taken[one.day] = taken.get(one.day, one.credited) - one.credited
    days = credit(hours.start, hours.end, planned=hours.end - hours.start, taken=taken)
    hours.days.all().delete()
    for day, most in days.items():
        part = min(left, most)
        if part > 0:
            HoursDay.objects.create(hours=hours, day=day, credited=part)
            left -= part
    Hours.objects.filter(pk=hours.pk).update(credited=credited)
    hours.refresh_from_db()


def _lock(volunteer: Volunteer) -> None:
    if not Volunteer.objects.select_for_update().filter(pk=volunteer.pk).exists():
        raise PermissionDenied("志愿者已不存在。")
