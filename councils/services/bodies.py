"""Councils and their seats: found, revise, end; give and take seats."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from councils.catalog import MAX_TEXT, CouncilLevel, SeatKind
from councils.models import Council, CouncilSeat
from councils.services.texts import prose
from grids.models import Grid
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.levels import Tier
from orgs.models import OrgUnit, Person, Unit, User

describe_actions(
    council__found="成立议事机构", council__save="修改议事机构", council__end="撤销议事机构",
    council__seat="增加议事席位", council__unseat="议事席位卸任",
    council__export="导出议事机构",
)  # fmt: skip
MOST_MONTHS = 12


@transaction.atomic
def found_council(
    *,
    community: OrgUnit,
    grid: Grid | None,
    name: str,
    founded_on: date,
    by: User | None,
    every_months: int = 1,
    chair: Person | None = None,
    term_end: date | None = None,
    rules: str = "",
) -> Council:
    """Found the council of a grid, or of a community when `grid` is None.

    ValidationError by field: a second one for the same place, a term that ends before it begins.
    """
    if community.tier not in (Tier.STREET, Tier.COMMUNITY):
        raise ValidationError("议事机构设在社区或网格。")
    if grid is not None and grid.community_id != community.pk:
        raise ValidationError({"grid": "这个网格不属于所选社区。"})
    street = community.get_root()
    council = Council(
        level=CouncilLevel.GRID if grid else CouncilLevel.COMMUNITY, community=community, grid=grid,
        street=street, founded_on=founded_on,
        district_id=grid.district_id if grid else (community.division_code or "")[:6],
    )  # fmt: skip
    _fill(council, name, every_months, chair, term_end, rules)
    council.save()
    record(by=by, action="council.found", target=council, street=street.pk)
    return council


@transaction.atomic
def save_council(
    *,
    council: Council,
    name: str,
    by: User,
    every_months: int,
    chair: Person | None = None,
    term_end: date | None = None,
    rules: str = "",
) -> Council:
    """Revise a standing council; errors as in `found_council`."""
    if council.ended_on is not None:
        raise ValidationError("议事机构已撤销，不能再改。")
    _fill(council, name, every_months, chair, term_end, rules)
    council.save()
    record(by=by, action="council.save", target=council, street=council.street_id)
    return council


def _fill(
    council: Council, name: str, every_months: int, chair: Person | None, term_end: date | None,
    rules: str,
) -> None:  # fmt: skip
    if not 1 <= every_months <= MOST_MONTHS:
        raise ValidationError({"every_months": f"请填 1 至 {MOST_MONTHS} 个月。"})
    if term_end is not None and term_end <= council.founded_on:
        raise ValidationError({"term_end": "任期届满应晚于成立日期。"})
    council.name = one_line(name, label="名称", longest=60)
    council.every_months, council.chair, council.term_end = every_months, chair, term_end
    council.rules = prose(rules, "rules", "议事规则", MAX_TEXT)
    council.validate_constraints()


@transaction.atomic
def end_council(*, council: Council, on: date, by: User) -> Council:
    """End a council that has no open topic; its history stays."""
    if council.topics.open().exists():
        raise ValidationError("还有没办结的议题，请先办结或转到别的议事机构。")
    rows = Council.objects.filter(pk=council.pk, ended_on=None)
    if rows.update(ended_on=on) != 1:
        raise ValidationError("议事机构已撤销。")
    council.meetings.ahead().update(status="cancelled", note="议事机构撤销")
    record(by=by, action="council.end", target=council, street=council.street_id)
    council.refresh_from_db()
    return council


@transaction.atomic
def give_seat(
    *,
    council: Council,
    kind: str,
    start: date,
    by: User | None,
    person: Person | None = None,
    unit: Unit | None = None,
    name: str = "",
    duty: str = "",
) -> CouncilSeat:
    """Seat a person of the register, or a unit's representative by name.

    ValidationError by field: nobody named, the person sits here already, a kind that is unknown.
    """
    if council.ended_on is not None:
        raise ValidationError("议事机构已撤销，不能再增加席位。")
    if kind not in SeatKind.values:
        raise ValidationError({"kind": "请选择席位类型。"})
    if start < council.founded_on:
        raise ValidationError({"start": f"不能早于成立日期 {council.founded_on:%Y-%m-%d}。"})
    seat = CouncilSeat(
        council=council, kind=kind, person=person, unit=unit, start=start,
        name=one_line(name or (person.name if person else ""), label="姓名", longest=40),
        duty=one_line(duty, label="职务", longest=40, required=False),
    )  # fmt: skip
    seat.validate_constraints()
    seat.save()
    record(
        by=by, action="council.seat", target=council, street=council.street_id,
        detail={"seat": seat.pk, "kind": kind},
    )  # fmt: skip
    return seat


@transaction.atomic
def take_seat(*, seat: CouncilSeat, on: date, by: User) -> CouncilSeat:
    """End a seat on `on`; its meetings stay. ValidationError: before it began, or ended already."""
    if on < seat.start:
        raise ValidationError({"on": f"不能早于开始日期 {seat.start:%Y-%m-%d}。"})
    if CouncilSeat.objects.filter(pk=seat.pk, end=None).update(end=on) != 1:
        raise ValidationError("这个席位已经卸任。")
    record(
        by=by, action="council.unseat", target=seat.council, street=seat.council.street_id,
        detail={"seat": seat.pk},
    )  # fmt: skip
    seat.refresh_from_db()
    return seat
