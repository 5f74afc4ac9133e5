"""党员责任区, 责任岗: claimed, ended, commented; half-yearly confirmation and the year's appraisal."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from gridparty.lib.china_time import local_date
from grids.models import Building, Grid
from orgs.audit import describe_actions, record
from orgs.models import Person, User
from orgs.roles import APPROVE, CREATE, EDIT, Noun
from orgs.scope import refusal
from partybuilding.catalog import (
    EXCELLENT_PERCENT,
    RECONFIRM_DAYS,
    RECONFIRM_LATEST,
    DutyKind,
    Grade,
    PostCategory,
)
from partybuilding.models import Appraisal, CheckIn, Confirmation, MemberDuty
from partybuilding.notices import tell_confirm, tell_gone
from partybuilding.services.lives import take_step
from partybuilding.services.texts import line
from partybuilding.workflow import SERVING, CheckInStatus

describe_actions(
    duty__claim="认领责任区或责任岗", duty__end="卸下责任区或责任岗", duty__comment="评价责任岗",
    checkin__confirm="半年确认", checkin__appraise="年度评定",
)  # fmt: skip


def require_grid(grid: Grid, by: User | None, letters: str = CREATE + EDIT) -> None:
    if by is not None and not Grid.objects.where_may(by, Noun.PARTY, letters).filter(pk=grid.pk):
        raise PermissionDenied(refusal(by, Noun.PARTY, letters))


@transaction.atomic
def claim_duty(
    *, grid: Grid, person: Person, kind: str, category: str, duties: str, start: date,
    by: User | None, buildings: Sequence[Building] = (), check_in: CheckIn | None = None,
    now: datetime | None = None, actor: User | None = None,
) -> MemberDuty:  # fmt: skip
    """Give a member a post or an area in a grid; `by` None: he claims it himself on his page.

    `actor`: who is logged in on that page, for the audit only.
    ValidationError by field: held already, an area without buildings, buildings elsewhere.
    """
    require_grid(grid, by)
    if kind not in DutyKind.values:
        raise ValidationError({"kind": "请选择责任区或责任岗。"})
    if category not in PostCategory.values:
        raise ValidationError({"category": "请选择岗位类别。"})
    if any(building.grid_id != grid.pk for building in buildings):
        raise ValidationError({"buildings": "所选楼栋不在这个网格。"})
    if kind == DutyKind.AREA and not buildings:
        raise ValidationError({"buildings": "责任区请至少选一栋楼。"})
    if check_in is not None and check_in.status not in SERVING:
        raise ValidationError(f"报到{check_in.get_status_display()}，社区接收后才能认领。")
    duty = MemberDuty(
        district_id=grid.district_id, street_id=grid.street_id, community_id=grid.community_id,
        grid=grid, person=person, check_in=check_in, kind=kind, category=category, start=start,
        duties=line(duties, "duties", "职责", 200),
    )  # fmt: skip
    duty.validate_constraints()
    try:
        with transaction.atomic():
            duty.save()
    except IntegrityError:
        raise ValidationError("这名党员在本网格已有这个岗位，不能重复认领。") from None
    duty.buildings.set(buildings)
    record(by=by or actor, action="duty.claim", target=duty, street=grid.street_id)
    if check_in is not None and check_in.status == CheckInStatus.ACCEPTED:
        take_step(row=check_in, name="engage", by=None, street=grid.street_id, now=now)
    return duty


@transaction.atomic
def end_duty(*, duty: MemberDuty, on: date, by: User) -> MemberDuty:
    require_grid(duty.grid, by)
    if on < duty.start:
        raise ValidationError({"on": f"不能早于开始日期 {duty.start:%Y-%m-%d}。"})
    if MemberDuty.objects.filter(pk=duty.pk, end=None).update(end=on) != 1:
        raise ValidationError("这个岗位已经卸下。", code="stale")
    record(by=by, action="duty.end", target=duty, street=duty.street_id)
    duty.refresh_from_db()
    return duty


@transaction.atomic
def comment_duty(*, duty: MemberDuty, comment: str, by: User) -> MemberDuty:
    """The year's comment on a post or an area."""
    require_grid(duty.grid, by, APPROVE + EDIT)
    duty.comment = line(comment, "comment", "评价", 200)
    duty.commented_on = timezone.localdate()
    duty.save(update_fields=["comment", "commented_on"])
    record(by=by, action="duty.comment", target=duty, street=duty.street_id)
    return duty


def confirm_period(today: date) -> date | None:
    """The half-year day that is due; None when the last one is too long ago to ask."""
    days = [date(year, *day) for year in (today.year - 1, today.year) for day in RECONFIRM_DAYS]
    last = max(day for day in days if day <= today)
    return last if (today - last).days <= RECONFIRM_LATEST else None


@transaction.atomic
def ask_confirmations(*, today: date) -> int:
    """Ask everybody serving since before the half-year day, once; returns how many are new."""
    period = confirm_period(today)
    if period is None:
        return 0
    due = (
        CheckIn.objects.serving()
        .filter(accepted_at__date__lt=period)
        .exclude(confirmations__period=period)
        .select_related("person", "community")
    )
    found = list(due)
    Confirmation.objects.bulk_create(
        (Confirmation(check_in=one, period=period) for one in found), ignore_conflicts=True
    )
    tell_confirm(found, period)
    return len(found)


@transaction.atomic
def confirm(
    *, check_in: CheckIn, still_here: bool, by: User | None, now: datetime | None = None,
    actor: User | None = None,
) -> Confirmation:  # fmt: skip
    """Answer the open half-yearly question; `by` None: the member on his page.

    `actor`: who is logged in on that page, for the audit only.
    """
    if by is not None and not CheckIn.objects.visible_to(by, APPROVE).filter(pk=check_in.pk):
        raise PermissionDenied(refusal(by, Noun.PARTY, APPROVE))
    asked = check_in.confirmations.filter(answered_at=None).first()
    if asked is None:
        raise ValidationError("现在没有要确认的，谢谢。", code="stale")
    asked.still_here, asked.answered_at = still_here, now or timezone.now()
    asked.save(update_fields=["still_here", "answered_at"])
    record(
        by=by or actor, action="checkin.confirm", target=check_in, street=check_in.street_id,
        detail={"still_here": still_here},
    )  # fmt: skip
    if not still_here:
        tell_gone(check_in, asked)
    return asked


@transaction.atomic
def appraise(
    *, check_in: CheckIn, year: int, grade: str, by: User, comment: str = "",
    now: datetime | None = None,
) -> Appraisal:  # fmt: skip
    """Give the year's grade; 优秀 for a fifth of the community's members at most (one at least)."""
    if not CheckIn.objects.visible_to(by, APPROVE).filter(pk=check_in.pk).exists():
        raise PermissionDenied(refusal(by, Noun.PARTY, APPROVE))
    today = local_date(now or timezone.now())
    if check_in.accepted_at is None or check_in.status not in SERVING:
        raise ValidationError("社区接收、正在服务的党员才能评定。")
    if not local_date(check_in.accepted_at).year <= year <= today.year:
        raise ValidationError({"year": "请填报到以后、今年以前的年度。"})
    if grade not in Grade.values:
        raise ValidationError({"grade": "请选择等次。"})
    same = Appraisal.objects.filter(year=year, check_in__community=check_in.community_id)
    if same.filter(check_in=check_in).exists():
        raise ValidationError({"year": f"{year} 年已经评定过。"})
    if grade == Grade.EXCELLENT:
        members = CheckIn.objects.serving().filter(community=check_in.community_id).count()
        most = max(1, members * EXCELLENT_PERCENT // 100)
        if same.filter(grade=Grade.EXCELLENT).count() >= most:
            words = f"本社区“优秀”最多 {most} 名（不超过 {EXCELLENT_PERCENT}%），名额已满。"
            raise ValidationError({"grade": words})
    found = Appraisal.objects.create(
        check_in=check_in, year=year, grade=grade, by=by, at=now or timezone.now(),
        comment=line(comment, "comment", "评语", 200, required=False),
    )  # fmt: skip
    record(
        by=by, action="checkin.appraise", target=check_in, street=check_in.street_id,
        detail={"year": year, "grade": grade},
    )  # fmt: skip
    return found
