"""Sign-in and sign-out, by the code on the leader's phone or by roll call."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gridparty.lib.china_time import local
from orgs.audit import describe_actions, record
from orgs.models import User
from volunteers.models import Shift, SignUp
from volunteers.models.activities import WINDOW
from volunteers.services.lives import require_side
from volunteers.workflow import ActivityStatus, SignUpStatus, Who

describe_actions(signup__in="签到", signup__out="签退", signup__roll_call="点名")


@transaction.atomic
def sign_in(*, shift: Shift, by: User, now: datetime | None = None) -> SignUp:
    """Sign the user in, from 30 minutes before the start until the end; a second time says so."""
    now = now or timezone.now()
    signup = _of(shift, by)
    if signup.in_at is not None:
        raise ValidationError("已经签到了。")
    if not shift.may_sign_in(now):
        first, last = local(shift.starts_at - WINDOW), local(shift.ends_at)
        raise ValidationError(f"签到时间是 {first:%m月%d日 %H:%M} 到 {last:%H:%M}，现在不能签到。")
    rows = SignUp.objects.filter(pk=signup.pk, in_at=None)
    if rows.update(in_at=now, status=SignUpStatus.ATTENDED, to_confirm=False) != 1:
        raise ValidationError("已经签到了。")
    record(by=by, action="signup.in", target=signup)
    signup.refresh_from_db()
    return signup


@transaction.atomic
def sign_out(*, shift: Shift, by: User, now: datetime | None = None) -> SignUp:
    """Sign the user out, until 30 minutes after the end; without a sign-in there is no sign-out."""
    now = now or timezone.now()
    signup = _of(shift, by)
    if signup.in_at is None:
        raise ValidationError("还没有签到，不能签退。忘了签到请让带队人点名补登。")
    if signup.out_at is not None:
        raise ValidationError("已经签退了。")
    if now > shift.ends_at + WINDOW:
        last = local(shift.ends_at + WINDOW)
        raise ValidationError(f"签退截止 {last:%m月%d日 %H:%M}，请让带队人点名补登。")
    if now <= signup.in_at:
        raise ValidationError("签退要晚于签到。")
    SignUp.objects.filter(pk=signup.pk, out_at=None).update(out_at=now)
    record(by=by, action="signup.out", target=signup)
    signup.refresh_from_db()
    return signup


@transaction.atomic
def call_roll(
    *, shift: Shift, times: Mapping[int, tuple[datetime, datetime] | None], by: User
) -> int:
    """Write who was there, by sign-up id: (came, left) within 30 minutes of the shift, None absent."""
    require_side(shift.activity, by, Who.STAFF, Who.LEAD)
    if shift.activity.status != ActivityStatus.SCHEDULED:
        raise ValidationError(f"活动{shift.activity.get_status_display()}，不能再点名。")
    signups = SignUp.objects.select_for_update().filter(shift=shift, pk__in=times)
    for signup in signups.select_related("volunteer__person"):
        present = times[signup.pk]
        if present is None:
            signup.in_at = signup.out_at = None
            signup.status = SignUpStatus.SIGNED
        else:
            _check(shift, signup, *present)
            signup.in_at, signup.out_at = present
            signup.status = SignUpStatus.ATTENDED
        signup.by_roll_call, signup.to_confirm = True, False
        signup.save()
    record(by=by, action="signup.roll_call", target=shift, detail={"rows": len(times)})
    return len(signups)


def _check(shift: Shift, signup: SignUp, came: datetime, left: datetime) -> None:
    name = signup.volunteer.person.masked_name
    if left <= came:
        raise ValidationError(f"{name}：离开时间要晚于到达时间。")
    if came < shift.starts_at - WINDOW or left > shift.ends_at + WINDOW:
        raise ValidationError(f"{name}：时间超出班次前后 30 分钟，请核对。")
    if left > timezone.now():
        raise ValidationError(f"{name}：离开时间还没有到。")


def _of(shift: Shift, by: User) -> SignUp:
    if shift.activity.status != ActivityStatus.SCHEDULED:
        raise ValidationError(f"活动{shift.activity.get_status_display()}，不能签到签退。")
    signup = SignUp.objects.of(by).taking_part().filter(shift=shift).first()
    if signup is None:
        waiting = SignUp.objects.of(by).waiting().filter(shift=shift).exists()
        raise ValidationError(
            "您在候补，还没有轮到。" if waiting else "您没有报名这个班次，请先报名或联系带队人。"
        )
    return signup
