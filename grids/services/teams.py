"""Who serves a grid: filling and freeing the slots of its team template."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from grids.catalog import GridStatus, SlotSource
from grids.models import Grid, GridTeamMember, TeamSlot
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import PartyMember, Person, Unit, User

describe_actions(
    grid__assign_member="网格人员到岗",
    grid__remove_member="网格人员离岗",
    grid__edit_member="修改网格人员职责",
)


@transaction.atomic
def assign_member(
    *,
    grid: Grid,
    slot: TeamSlot,
    person: Person,
    start: date,
    by: User | None,
    unit: Unit | None = None,
    source: str = "",
    duties: str = "",
) -> GridTeamMember:
    """Put a person into a slot of the grid's team from `start` on.

    ValidationError: closed grid, a slot of another template, the slot is full, the person serves
    there already, is no Party member where the slot asks for one, comes from a source the slot
    does not allow, or has no unit although a unit sends this force.
    """
    grid = Grid.objects.select_for_update().get(pk=grid.pk)
    if grid.status == GridStatus.CLOSED:
        raise ValidationError("这个网格已经撤销，不能安排人员。", code="closed")
    if slot.template_id != grid.team_template_id:
        raise ValidationError(f"岗位“{slot}”不属于本网格的队伍模式。", code="slot")
    _require_room(grid, slot, person, start)
    _require_fit(slot, person, unit, source)
    member = GridTeamMember.objects.create(
        grid=grid, slot=slot, person=person, unit=unit, source=source, start=start,
        duties=one_line(duties, label="职责", longest=200, required=False),
    )  # fmt: skip
    record(
        by=by, action="grid.assign_member", target=grid, street=grid.street_id,
        detail={"person": person.pk, "slot": slot.code},
    )  # fmt: skip
    return member


@transaction.atomic
def remove_member(*, member: GridTeamMember, end: date, by: User | None) -> GridTeamMember:
    """End somebody's service; `end` is the last day in the slot."""
    member = GridTeamMember.objects.select_for_update().get(pk=member.pk)
    if member.end is not None:
        raise ValidationError(f"此人已于 {member.end:%Y-%m-%d} 离岗。", code="ended")
    if end < member.start:
        raise ValidationError("离岗日期不能早于到岗日期。", code="date")
    member.end = end
    member.save(update_fields=["end"])
    _tell(member, "grid.remove_member", by)
    return member


@transaction.atomic
def replace_member(
    *, member: GridTeamMember, person: Person, start: date, by: User | None, source: str = ""
) -> GridTeamMember:
    """Hand a slot over: the old one leaves the day before the new one comes."""
    last_day = start - timedelta(days=1)
    remove_member(member=member, end=last_day, by=by)
    return assign_member(
        grid=member.grid, slot=member.slot, person=person, unit=member.unit, start=start, by=by,
        source=source or member.source, duties=member.duties,
    )  # fmt: skip


@transaction.atomic
def edit_member(
    *, member: GridTeamMember, duties: str, unit: Unit | None, by: User | None
) -> GridTeamMember:
    """Change duties or the sending unit of somebody who serves."""
    if member.slot.is_force and unit is None:
        raise ValidationError(f"岗位“{member.slot}”由单位派出，请选择单位。", code="unit")
    member.duties = one_line(duties, label="职责", longest=200, required=False)
    member.unit = unit
    member.save(update_fields=["duties", "unit"])
    _tell(member, "grid.edit_member", by)
    return member


def _require_room(grid: Grid, slot: TeamSlot, person: Person, start: date) -> None:
    serving = grid.team.filter(Q(end=None) | Q(end__gte=start), slot=slot)
    if serving.filter(person=person).exists():
        raise ValidationError(f"此人已在岗位“{slot}”。", code="twice")
    if slot.maximum is not None and serving.count() >= slot.maximum:
        raise ValidationError(
            f"岗位“{slot}”最多 {slot.maximum} 人，请先为现任办理离岗。", code="full"
        )


def _require_fit(slot: TeamSlot, person: Person, unit: Unit | None, source: str) -> None:
    if person.died_on is not None:
        raise ValidationError("此人已登记死亡，不能安排。", code="died")
    if slot.member_required and not _is_member(person):
        raise ValidationError(f"岗位“{slot}”须由党员担任，此人没有党员登记。", code="member")
    if slot.sources and source not in slot.sources:
        allowed = "、".join(str(SlotSource(one).label) for one in slot.sources)
        raise ValidationError(f"岗位“{slot}”的人员来源应为：{allowed}。", code="source")
    if slot.is_force and unit is None:
        raise ValidationError(f"岗位“{slot}”由单位派出，请选择单位。", code="unit")


def _is_member(person: Person) -> bool:
    return PartyMember.objects.filter(person=person, left_on=None).exists()


def _tell(member: GridTeamMember, action: str, by: User | None) -> None:
    record(
        by=by, action=action, target=member.grid, street=member.grid.street_id,
        detail={"person": member.person_id, "slot": member.slot.code},
    )  # fmt: skip
