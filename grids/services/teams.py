"""Who serves a grid: filling and freeing the slots of its team template."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from gridparty.lib.images import CleanImage
from grids.catalog import GridStatus, SlotSource
from grids.models import Grid, GridTeamMember, TeamSlot
from grids.signals import GridChange, grid_changed
from grids.texts import one_line
from orgs import sealedfiles
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
    term_end: date | None = None,
    shows_phone: bool = False,
    shows_photo: bool = False,
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
    _require_term(start, term_end)
    member = GridTeamMember.objects.create(
        grid=grid, slot=slot, person=person, unit=unit, source=source, start=start,
        duties=one_line(duties, label="职责", longest=200, required=False), term_end=term_end,
        shows_phone=shows_phone, shows_photo=shows_photo,
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
    _keep_photo(member, None)
    _tell(member, "grid.remove_member", by)
    return member


@transaction.atomic
def replace_member(
    *,
    member: GridTeamMember,
    person: Person,
    start: date,
    by: User | None,
    source: str = "",
    term_end: date | None = None,
) -> GridTeamMember:
    """Hand a slot over with all that is in work: the old one leaves the day before.

    The floors above hear of it by the signal and pass on open tasks and care duties of the grid;
    what is done stays with the one who did it.
    """
    last_day = start - timedelta(days=1)
    remove_member(member=member, end=last_day, by=by)
    taker = assign_member(
        grid=member.grid, slot=member.slot, person=person, unit=member.unit, start=start, by=by,
        source=source or member.source, duties=member.duties, term_end=term_end,
    )  # fmt: skip
    grid_changed.send(
        Grid, kind=GridChange.HANDED_OVER, grid_ids=[member.grid_id], building_ids=[],
        moved_to=None, by=by, leaver=member.person, taker=person,
    )  # fmt: skip
    return taker


@transaction.atomic
def edit_member(
    *,
    member: GridTeamMember,
    duties: str,
    unit: Unit | None,
    by: User | None,
    term_end: date | None = None,
    shows_phone: bool = False,
    shows_photo: bool = False,
    photo: CleanImage | None = None,
) -> GridTeamMember:
    """Change duties, sending unit, term, consent or photo of somebody who serves.

    A photo is kept only with consent; whoever takes it back has the photo erased.
    """
    _require_term(member.start, term_end)
    if photo is not None and not shows_photo:
        raise ValidationError({"shows_photo": "公开照片要本人同意，请勾选。"})
    if member.slot.is_force and unit is None:
        raise ValidationError(f"岗位“{member.slot}”由单位派出，请选择单位。", code="unit")
    member.duties = one_line(duties, label="职责", longest=200, required=False)
    member.unit, member.term_end = unit, term_end
    member.shows_phone, member.shows_photo = shows_phone, shows_photo
    member.save(update_fields=["duties", "unit", "term_end", "shows_phone", "shows_photo"])
    if photo is not None or not shows_photo:
        _keep_photo(member, photo)
    _tell(member, "grid.edit_member", by)
    return member


def _keep_photo(member: GridTeamMember, photo: CleanImage | None) -> None:
    """Store the new photo, or none; the old file goes when the change is certain."""
    old = member.photo
    member.photo = sealedfiles.store(photo.data, folder="team") if photo is not None else ""
    member.save(update_fields=["photo"])
    if old:
        transaction.on_commit(lambda: sealedfiles.delete(old))


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


def _require_term(start: date, term_end: date | None) -> None:
    if term_end is not None and term_end < start:
        raise ValidationError({"term_end": "任期截止日不能早于到岗日期。"})


def _is_member(person: Person) -> bool:
    return PartyMember.objects.filter(person=person, left_on=None).exists()


def _tell(member: GridTeamMember, action: str, by: User | None) -> None:
    record(
        by=by, action=action, target=member.grid, street=member.grid.street_id,
        detail={"person": member.person_id, "slot": member.slot.code},
    )  # fmt: skip
