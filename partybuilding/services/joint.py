"""联点共建 and 党建联盟: pairing, renewing, ending; members, plan, records, reviews, alerts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from gridparty.lib.china_time import local_date
from gridparty.lib.periods import Quarter
from grids.models import Grid
from orgs import sealedfiles
from orgs.audit import describe_actions, record
from orgs.levels import Tier
from orgs.models import OrgUnit, Unit, User
from orgs.roles import CREATE, EDIT, Noun
from orgs.scope import refusal
from partybuilding.catalog import Dimension, Grade, Half, JointKind, JudgeSide
from partybuilding.models import (
    Alliance,
    AllianceMember,
    JointRecord,
    JointReview,
    Pairing,
    PlanItem,
)
from partybuilding.notices import tell_expiring, tell_silent
from partybuilding.scope import units_of
from partybuilding.services.duties import require_grid
from partybuilding.services.photos import clean_photos, keep_photos
from partybuilding.services.texts import line, prose
from volunteers.services.claims import checked_agreement

describe_actions(
    pairing__make="联点共建结对", pairing__renew="续签共建", pairing__end="解除共建",
    pairing__agreement="上传共建协议书", pairing__read="查看共建协议书", alliance__found="成立党建联盟",
    alliance__save="修改党建联盟", alliance__join="加入党建联盟", alliance__quit="退出党建联盟",
    alliance__plan="制定五联共治计划", alliance__record="登记五联共治活动", alliance__review="共建评价",
)  # fmt: skip


def _check_term(start: date, end: date) -> None:
    if end <= start:
        raise ValidationError({"end": "到期日期应晚于开始日期，请改正。"})


def _pairing_facts(facts: dict[str, str]) -> dict[str, str]:
    return {
        "contact": line(facts.get("contact", ""), "contact", "联络员", 40),
        "leader": line(facts.get("leader", ""), "leader", "联系领导", 40, required=False),
        "phone": line(facts.get("phone", ""), "phone", "办公电话", 30, required=False),
        "tasks": line(facts.get("tasks", ""), "tasks", "共建内容", 300, required=False),
    }


@transaction.atomic
def pair(
    *, unit: Unit, grid: Grid, start: date, end: date, by: User | None, **facts: str
) -> Pairing:
    """Pair a unit with a grid. ValidationError by field: dates reversed, paired already."""
    require_grid(grid, by, EDIT)
    _check_term(start, end)
    if not unit.is_active:
        raise ValidationError({"unit": "这个单位已撤销，请另选。"})
    pairing = Pairing(
        district_id=grid.district_id, street_id=grid.street_id, community_id=grid.community_id,
        unit=unit, grid=grid, start=start, end=end, **_pairing_facts(facts),
    )  # fmt: skip
    pairing.validate_constraints()
    pairing.save()
    record(
        by=by, action="pairing.make", target=pairing, street=grid.street_id,
        detail={"unit": unit.pk, "grid": grid.pk},
    )  # fmt: skip
    return pairing


def _require_pairing(pairing: Pairing, by: User | None) -> None:
    require_grid(pairing.grid, by, EDIT)


@transaction.atomic
def renew(*, pairing: Pairing, end: date, by: User) -> Pairing:
    """Carry a standing pairing on to a later day."""
    _require_pairing(pairing, by)
    if end <= pairing.end:
        raise ValidationError({"end": f"新的到期日期应晚于 {pairing.end:%Y-%m-%d}。"})
    if Pairing.objects.filter(pk=pairing.pk, ended_on=None).update(end=end) != 1:
        raise ValidationError("这个结对已经解除，请重新结对。", code="stale")
    record(by=by, action="pairing.renew", target=pairing, street=pairing.street_id)
    pairing.refresh_from_db()
    return pairing


@transaction.atomic
def end_pairing(*, pairing: Pairing, on: date, reason: str, by: User) -> Pairing:
    _require_pairing(pairing, by)
    if on < pairing.start:
        raise ValidationError({"on": f"不能早于开始日期 {pairing.start:%Y-%m-%d}。"})
    words = line(reason, "reason", "解除原因", 200)
    rows = Pairing.objects.filter(pk=pairing.pk, ended_on=None)
    if rows.update(ended_on=on, end_reason=words) != 1:
        raise ValidationError("这个结对已经解除。", code="stale")
    record(by=by, action="pairing.end", target=pairing, street=pairing.street_id)
    pairing.refresh_from_db()
    return pairing


@transaction.atomic
def keep_agreement(*, pairing: Pairing, file: IO[bytes], by: User) -> None:
    """Keep the signed agreement, sealed; another upload takes its place."""
    _require_pairing(pairing, by)
    data = checked_agreement(file)
    old, pairing.agreement_as = pairing.agreement_as, sealedfiles.store(data, folder="agreements")
    pairing.save(update_fields=["agreement_as"])
    transaction.on_commit(lambda: sealedfiles.delete(old))
    record(by=by, action="pairing.agreement", target=pairing, street=pairing.street_id)


def require_alliance(alliance: Alliance, by: User | None, letters: str = EDIT) -> None:
    if by is None:
        return
    if not Alliance.objects.visible_to(by, letters).filter(pk=alliance.pk).exists():
        raise PermissionDenied(refusal(by, Noun.PARTY, letters))


@transaction.atomic
def found_alliance(
    *, community: OrgUnit, name: str, chair: str, founded_on: date, by: User | None,
    charter: str = "", units: Sequence[Unit] = (),
) -> Alliance:  # fmt: skip
    """Found the alliance of a community; a community has one at a time."""
    if community.tier != Tier.COMMUNITY:
        raise ValidationError({"community": "党建联盟设在社区。"})
    if founded_on > local_date(timezone.now()):
        raise ValidationError({"founded_on": "成立日期不能在今天以后。"})
    alliance = Alliance(
        community=community, street=community.get_root(), founded_on=founded_on,
        district_id=(community.division_code or "")[:6], name=line(name, "name", "名称", 60),
        chair=line(chair, "chair", "召集人", 40), charter=prose(charter, "charter", "章程", 5000),
    )  # fmt: skip
    alliance.validate_constraints()
    alliance.save()
    require_alliance(alliance, by)
    record(by=by, action="alliance.found", target=alliance, street=alliance.street_id)
    for unit in units:
        join(alliance=alliance, unit=unit, start=founded_on, by=by)
    return alliance


@transaction.atomic
def join(*, alliance: Alliance, unit: Unit, start: date, by: User | None) -> AllianceMember:
    require_alliance(alliance, by)
    if start < alliance.founded_on:
        raise ValidationError({"start": f"不能早于联盟成立 {alliance.founded_on:%Y-%m-%d}。"})
    member = AllianceMember(alliance=alliance, unit=unit, start=start)
    member.validate_constraints()
    member.save()
    record(
        by=by, action="alliance.join", target=alliance, street=alliance.street_id,
        detail={"unit": unit.pk},
    )  # fmt: skip
    return member


@transaction.atomic
def leave_alliance(*, member: AllianceMember, on: date, by: User) -> None:
    require_alliance(member.alliance, by)
    if on < member.start:
        raise ValidationError({"on": f"不能早于加入日期 {member.start:%Y-%m-%d}。"})
    if AllianceMember.objects.filter(pk=member.pk, end=None).update(end=on) != 1:
        raise ValidationError("这个单位已经退出。", code="stale")
    record(
        by=by, action="alliance.quit", target=member.alliance, street=member.alliance.street_id,
        detail={"unit": member.unit_id},
    )  # fmt: skip


@transaction.atomic
def plan(
    *, alliance: Alliance, year: int, dimension: str, content: str, due: date, by: User | None,
    lead: Unit | None = None, target: str = "",
) -> PlanItem:  # fmt: skip
    """Add a line to the plan of a year."""
    require_alliance(alliance, by)
    if dimension not in Dimension.values:
        raise ValidationError({"dimension": "请选择五联中的一项。"})
    if due.year != year:
        raise ValidationError({"due": f"完成时间应在 {year} 年内。"})
    item = PlanItem.objects.create(
        alliance=alliance, year=year, dimension=dimension, due=due, lead=lead,
        content=line(content, "content", "内容", 200),
        target=line(target, "target", "目标", 100, required=False),
    )  # fmt: skip
    record(
        by=by, action="alliance.plan", target=alliance, street=alliance.street_id,
        detail={"item": item.pk, "dimension": dimension},
    )  # fmt: skip
    return item


@transaction.atomic
def record_joint(
    *, alliance: Alliance, kind: str, dimension: str, title: str, text: str, held_on: date,
    people: int, units: Sequence[Unit], by: User | None, item: PlanItem | None = None,
    photos: Sequence[IO[bytes]] = (), now: datetime | None = None,
) -> JointRecord:  # fmt: skip
    """Write down what was done, with at least one photo.

    ValidationError by field: a day ahead or before the founding, no unit, no photo, units outside.
    """
    require_alliance(alliance, by, CREATE + EDIT)
    now = now or timezone.now()
    if kind not in JointKind.values:
        raise ValidationError({"kind": "请选择活动或联席会议。"})
    if dimension not in Dimension.values:
        raise ValidationError({"dimension": "请选择五联中的一项。"})
    if held_on > local_date(now):
        raise ValidationError({"held_on": "活动还没有办，办完再登记。"})
    if held_on < alliance.founded_on:
        raise ValidationError({"held_on": f"早于联盟成立 {alliance.founded_on:%Y-%m-%d}。"})
    if item is not None and (item.alliance_id, item.dimension) != (alliance.pk, dimension):
        raise ValidationError({"item": "这项计划不属于所选的联建，请重选。"})
    members = set(alliance.members.filter(end=None).values_list("unit", flat=True))
    if not units or not {unit.pk for unit in units} <= members:
        raise ValidationError({"units": "请选择参加的联盟成员单位，至少一家。"})
    if people < 1:
        raise ValidationError({"people": "请填写参加人数。"})
    images = clean_photos(photos)
    if not images:
        raise ValidationError({"photos": "请至少上传一张现场照片。"})
    found = JointRecord.objects.create(
        alliance=alliance, item=item, kind=kind, dimension=dimension, held_on=held_on, people=people,
        title=line(title, "title", "名称", 60), by=by, at=now,
        text=prose(text, "text", "情况", 2000, required=True),
    )  # fmt: skip
    found.units.set(units)
    keep_photos(images, subject="joint", row=found.pk, by=by, now=now)
    record(
        by=by, action="alliance.record", target=alliance, street=alliance.street_id,
        detail={"record": found.pk, "dimension": dimension},
    )  # fmt: skip
    return found


@transaction.atomic
def review(
    *, alliance: Alliance, unit: Unit, year: int, half: str, side: str, grade: str, comment: str,
    by: User, now: datetime | None = None,
) -> JointReview:  # fmt: skip
    """One side judges the other, once a half-year and once a year."""
    if side == JudgeSide.UNIT:
        if unit.pk not in units_of(by):
            raise PermissionDenied(refusal(by, Noun.PARTY, EDIT))
    else:
        require_alliance(alliance, by)
    if not alliance.members.filter(unit=unit).exists():
        raise ValidationError({"unit": "这个单位不是联盟成员。"})
    if half not in Half.values or grade not in Grade.values or side not in JudgeSide.values:
        raise ValidationError("请选择时段和评价。")
    if year > local_date(now or timezone.now()).year:
        raise ValidationError({"year": "这个年度还没有到。"})
    found = JointReview(
        alliance=alliance, unit=unit, year=year, half=half, side=side, grade=grade, by=by,
        comment=line(comment, "comment", "意见", 200),
    )  # fmt: skip
    found.validate_constraints()
    found.save()
    record(
        by=by, action="alliance.review", target=alliance, street=alliance.street_id,
        detail={"unit": unit.pk, "side": side, "grade": grade},
    )  # fmt: skip
    return found


def silent_dimensions(alliances: Any, quarter: Quarter) -> dict[int, list[str]]:
    """The dimensions without a record in the quarter, by alliance; one query."""
    done: dict[int, set[str]] = {}
    rows = JointRecord.objects.filter(alliance__in=[one.pk for one in alliances])
    for alliance, dimension in rows.between(quarter.first_day, quarter.end_day).values_list(
        "alliance", "dimension"
    ):
        done.setdefault(alliance, set()).add(dimension)
    return {
        one.pk: [str(dim.label) for dim in Dimension if dim not in done.get(one.pk, set())]
        for one in alliances
    }


@transaction.atomic
def watch_joint(*, today: date) -> int:
    """The daily sweep: pairings that run out, dimensions without activity in the ended quarter.

    Each is told once, whenever the sweep comes to run; returns how many pairings run out.
    """
    soon = list(Pairing.objects.expiring(today).for_list())
    gone = list(Pairing.objects.expired(today).for_list())
    tell_expiring(soon, "soon")
    tell_expiring(gone, "gone")
    quarter = Quarter.of(today).previous()
    standing = Alliance.objects.standing().filter(founded_on__lt=quarter.end_day)
    alliances = list(standing.select_related("community"))
    silent = silent_dimensions(alliances, quarter)
    tell_silent([(one, silent[one.pk]) for one in alliances if silent[one.pk]], quarter.label)
    return len(soon) + len(gone)
