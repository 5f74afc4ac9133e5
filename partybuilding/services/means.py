"""Funds that cannot be overspent, trainings with their lists, patrols that become cases."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import IO, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from cases.catalog import Source
from cases.services import MoveRefused, report_case
from councils.models import Topic
from gridparty.lib.china_time import local_date
from grids.models import Grid
from orgs.audit import describe_actions, record
from orgs.levels import Tier
from orgs.models import OrgUnit, Person, User
from orgs.roles import APPROVE, CREATE, EDIT, SEES, Noun
from orgs.scope import refusal
from partybuilding.catalog import FundPurpose, FundSource, TrainingKind
from partybuilding.models import (
    FundAllocation,
    FundLine,
    MemberDuty,
    Patrol,
    Training,
    TrainingAttendance,
)
from partybuilding.scope import community_q
from partybuilding.services.duties import require_grid
from partybuilding.services.photos import clean_photos, keep_photos
from partybuilding.services.texts import line, prose

describe_actions(
    fund__allot="下达党建经费", fund__plan="申请经费开支", fund__pay="核准经费支出",
    fund__cancel="撤销经费开支", training__record="登记培训", patrol__record="登记巡查",
)  # fmt: skip
MOST_YUAN = Decimal(1_000_000_000)


def yuan(amount: Decimal) -> str:
    return f"{amount:,.2f} 元"


def area_of_org(org: OrgUnit) -> dict[str, Any]:
    """The scope columns of something that belongs to a street or a community."""
    street = org.get_root()
    community = org if org.tier == Tier.COMMUNITY else None
    code = (org if org.division_code else street).division_code or ""
    return {"street": street, "community": community, "district_id": code[:6]}


def home_of(org: OrgUnit) -> OrgUnit:
    """Return the street or community an organisation belongs to: itself, or the nearest above."""
    if org.tier <= Tier.COMMUNITY:
        return org
    above: OrgUnit = org.get_ancestors(ascending=True).filter(tier__lte=Tier.COMMUNITY)[0]
    return above


def require_org(org: OrgUnit, by: User | None, noun: str, letters: str) -> None:
    """Refuse unless the user holds the letters on this street or community."""
    if by is None:
        return
    area = area_of_org(org)
    probe = OrgUnit.objects.visible_to(by).filter(pk=org.pk)
    allowed = [
        grant
        for grant in by.grants
        if grant.holds(noun, letters)
        and (
            grant.org_id in (area["street"].pk, org.pk)
            or (grant.region_code and area["district_id"].startswith(grant.region_code))
        )
    ]
    if not allowed or not probe.exists():
        raise PermissionDenied(refusal(by, noun, letters))


def _money(amount: Decimal | None) -> Decimal:
    if amount is None or not 0 < amount < MOST_YUAN:
        raise ValidationError({"amount": "请填写金额（元），大于 0，不超过 10 亿。"})
    return amount


@transaction.atomic
def allot(
    *, org: OrgUnit, source: str, purpose: str, year: int, amount: Decimal, title: str,
    allotted_on: date, by: User | None, doc_no: str = "",
) -> FundAllocation:  # fmt: skip
    """Put down money allotted to a street or a community."""
    require_org(org, by, Noun.FUND, CREATE + EDIT)
    if source not in FundSource.values or purpose not in FundPurpose.values:
        raise ValidationError("请选择来源和用途。")
    if allotted_on > timezone.localdate():
        raise ValidationError({"allotted_on": "下达日期不能在今天以后。"})
    found = FundAllocation.objects.create(
        source=source, purpose=purpose, year=year, amount=_money(amount), by=by,
        title=line(title, "title", "名称", 60), allotted_on=allotted_on,
        doc_no=line(doc_no, "doc_no", "文号", 60, required=False), **area_of_org(org),
    )  # fmt: skip
    record(
        by=by, action="fund.allot", target=found, street=found.street_id,
        detail={"amount": str(amount), "purpose": purpose},
    )  # fmt: skip
    return found


def _require_fund(allocation: FundAllocation, by: User | None, letters: str) -> None:
    if by is None:
        return
    area = community_q(by, letters, noun=Noun.FUND)
    if not FundAllocation.objects.filter(area, pk=allocation.pk).exists():
        raise PermissionDenied(refusal(by, Noun.FUND, letters))


@transaction.atomic
def plan_spending(
    *, allocation: FundAllocation, what: str, amount: Decimal, by: User | None,
    topic: Topic | None = None,
) -> FundLine:  # fmt: skip
    """Reserve part of an allocation. ValidationError when more is asked than is left."""
    _require_fund(allocation, by, CREATE + EDIT)
    fresh = FundAllocation.objects.select_for_update().get(pk=allocation.pk)
    committed = fresh.lines.filter(cancelled_on=None).aggregate(total=Sum("amount"))["total"]
    left = fresh.amount - (committed or Decimal(0))
    if _money(amount) > left:
        raise ValidationError(
            {"amount": f"超过余额：这笔经费还剩 {yuan(left)}，请减少金额或换一笔经费。"}
        )
    if topic is not None and topic.street_id != fresh.street_id:
        raise ValidationError({"topic": "这个议题不在本街道。"})
    found = FundLine.objects.create(
        allocation=fresh, what=line(what, "what", "开支内容", 100), amount=amount, topic=topic,
        planned_by=by,
    )  # fmt: skip
    record(
        by=by, action="fund.plan", target=fresh, street=fresh.street_id,
        detail={"line": found.pk, "amount": str(amount)},
    )  # fmt: skip
    return found


@transaction.atomic
def pay(*, fund_line: FundLine, on: date, by: User) -> FundLine:
    """Approve and book a spending; not by the one who asked for it."""
    allocation = fund_line.allocation
    _require_fund(allocation, by, APPROVE)
    if fund_line.planned_by_id == by.pk:
        raise ValidationError("自己申请的开支，请另一位同志核准。")
    if on > timezone.localdate():
        raise ValidationError({"on": "支出日期不能在今天以后。"})
    if on < allocation.allotted_on:
        raise ValidationError({"on": f"不能早于下达日期 {allocation.allotted_on:%Y-%m-%d}。"})
    if FundLine.objects.to_pay().filter(pk=fund_line.pk).update(paid_on=on, paid_by=by) != 1:
        raise ValidationError("这笔开支已经支出或撤销。", code="stale")
    record(
        by=by, action="fund.pay", target=allocation, street=allocation.street_id,
        detail={"line": fund_line.pk},
    )  # fmt: skip
    fund_line.refresh_from_db()
    return fund_line


@transaction.atomic
def cancel_spending(*, fund_line: FundLine, by: User) -> FundLine:
    """Give a reserved amount back."""
    allocation = fund_line.allocation
    _require_fund(allocation, by, CREATE + EDIT + APPROVE)
    rows = FundLine.objects.to_pay().filter(pk=fund_line.pk)
    if rows.update(cancelled_on=timezone.localdate()) != 1:
        raise ValidationError("这笔开支已经支出或撤销。", code="stale")
    record(
        by=by, action="fund.cancel", target=allocation, street=allocation.street_id,
        detail={"line": fund_line.pk},
    )  # fmt: skip
    fund_line.refresh_from_db()
    return fund_line


@transaction.atomic
def record_training(
    *, org: OrgUnit, topic: str, kind: str, held_on: date, hours: Decimal, place: str,
    people: Sequence[Person], by: User | None, teacher: str = "", text: str = "",
    photos: Sequence[IO[bytes]] = (), now: datetime | None = None,
) -> Training:  # fmt: skip
    """Write down a session with those who came. ValidationError by field."""
    require_org(org, by, Noun.PARTY, EDIT)
    now = now or timezone.now()
    if kind not in TrainingKind.values:
        raise ValidationError({"kind": "请选择形式。"})
    if held_on > local_date(now):
        raise ValidationError({"held_on": "培训还没有办，办完再登记。"})
    if not 0 < hours <= 100:
        raise ValidationError({"hours": "请填写学时，100 以内。"})
    if not people:
        raise ValidationError({"people": "请至少选一位参加的人。"})
    images = clean_photos(photos)
    found = Training.objects.create(
        org=org, kind=kind, held_on=held_on, hours=hours, by=by, **area_of_org(org),
        topic=line(topic, "topic", "主题", 60), place=line(place, "place", "地点", 60),
        teacher=line(teacher, "teacher", "授课人", 60, required=False),
        text=prose(text, "text", "内容", 2000),
    )  # fmt: skip
    TrainingAttendance.objects.bulk_create(
        TrainingAttendance(training=found, person=person) for person in dict.fromkeys(people)
    )
    keep_photos(images, subject="training", row=found.pk, by=by, now=now)
    record(
        by=by, action="training.record", target=found, street=found.street_id,
        detail={"people": len(people)},
    )  # fmt: skip
    return found


@transaction.atomic
def record_patrol(
    *, grid: Grid, route: str, minutes: int, by: User, at: datetime | None = None,
    duty: MemberDuty | None = None, finding: str = "", category: str = "",
    photos: Sequence[IO[bytes]] = (), now: datetime | None = None,
) -> Patrol:  # fmt: skip
    """Write down a round; with a category what was found is reported as a case at once."""
    require_grid(grid, by, SEES)
    now = now or timezone.now()
    at = at or now
    if at > now:
        raise ValidationError({"at": "巡查时间还没有到。"})
    if at < now - timedelta(days=7):
        raise ValidationError({"at": "只能补登 7 天以内的巡查。"})
    if not 1 <= minutes <= 720:
        raise ValidationError({"minutes": "请填写时长，1 到 720 分钟。"})
    if duty is not None and duty.grid_id != grid.pk:
        raise ValidationError({"duty": "这个责任区不在所选网格。"})
    words = prose(finding, "finding", "发现的情况", 500)
    case = None
    if category:
        if not words:
            raise ValidationError({"finding": "要转为事项，请写明发现了什么。"})
        try:
            case = report_case(
                by=by, text=words, category=category, grid=grid, source=Source.MEMBER, photos=photos,
                now=now,
            )  # fmt: skip
        except MoveRefused as refused:
            raise ValidationError(list(refused.fields.values()) or [refused.message]) from None
    images = [] if case else clean_photos(photos)
    found = Patrol.objects.create(
        district_id=grid.district_id, street_id=grid.street_id, community_id=grid.community_id,
        grid=grid, duty=duty, by=by, at=at, minutes=minutes, finding=words, case=case,
        route=line(route, "route", "路线", 100),
    )  # fmt: skip
    keep_photos(images, subject="patrol", row=found.pk, by=by, now=now)
    record(
        by=by, action="patrol.record", target=found, street=grid.street_id,
        detail={"case": case.pk if case else None},
    )  # fmt: skip
    return found
