"""Teams and volunteers: register, edit, join, leave."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from gridparty.lib.phones import parse_phones
from grids.models import Building, Grid
from grids.services.people import find_or_add_person
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.fields import Sealed
from orgs.models import OrgUnit, Person, Unit, User
from orgs.roles import CREATE, EDIT
from volunteers.catalog import ActivityKind, Skill, TeamKind, Times
from volunteers.models import Team, TeamMember, Volunteer
from volunteers.services.places import columns_of, require_community

describe_actions(
    team__create="建立服务队", team__edit="修改服务队", team__join="加入服务队", team__leave="离开服务队",
    volunteer__register="登记志愿者", volunteer__edit="修改志愿者", volunteer__apply="申请成为志愿者",
    volunteer__status="志愿者状态",
)  # fmt: skip


@transaction.atomic
def create_team(
    *, community: OrgUnit, name: str, kind: str, by: User | None, leader: Volunteer | None = None,
    grids: Sequence[Grid] = (), **facts: Any,
) -> Team:  # fmt: skip
    """Found a team; its leader joins it."""
    require_community(community, by)
    name = one_line(name, label="队名", longest=60)
    if Team.objects.filter(community=community, name=name).exists():
        raise ValidationError({"name": "本社区已有同名的服务队。"})
    team = Team(**columns_of(community), name=name)
    _fill_team(team, kind=kind, leader=leader, **facts)
    team.save()
    team.grids.set(_grids_in(community, grids))
    if leader is not None:
        join_team(team=team, volunteer=leader, by=by)
    record(by=by, action="team.create", target=team, street=team.street_id)
    return team


@transaction.atomic
def edit_team(
    *, team: Team, name: str, kind: str, by: User, leader: Volunteer | None = None,
    grids: Sequence[Grid] = (), **facts: Any,
) -> Team:  # fmt: skip
    """Change a team; a new leader joins it."""
    require_community(team.community, by)
    team.name = one_line(name, label="队名", longest=60)
    twins = Team.objects.filter(community=team.community, name=team.name).exclude(pk=team.pk)
    if twins.exists():
        raise ValidationError({"name": "本社区已有同名的服务队。"})
    _fill_team(team, kind=kind, leader=leader, **facts)
    team.save()
    team.grids.set(_grids_in(team.community, grids))
    if leader is not None and not team.memberships.filter(volunteer=leader, end=None).exists():
        join_team(team=team, volunteer=leader, by=by)
    record(by=by, action="team.edit", target=team, street=team.street_id)
    return team


@transaction.atomic
def join_team(*, team: Team, volunteer: Volunteer, by: User | None) -> TeamMember:
    """Take a volunteer of the community into the team."""
    if volunteer.community_id != team.community_id:
        raise ValidationError("这位志愿者登记在别的社区，请先转到本社区。")
    if volunteer.status != Volunteer.Status.ACTIVE:
        raise ValidationError("这位志愿者不在册，不能入队。")
    if TeamMember.objects.filter(team=team, volunteer=volunteer, end=None).exists():
        raise ValidationError("已经在队里。")
    member = TeamMember.objects.create(team=team, volunteer=volunteer)
    record(by=by, action="team.join", target=team, detail={"volunteer": volunteer.pk})
    return member


@transaction.atomic
def leave_team(*, member: TeamMember, by: User) -> None:
    """End a place in a team; a leader has to be replaced first."""
    if member.team.leader_id == member.volunteer.person_id:
        raise ValidationError("队长不能直接离队，请先换队长。")
    rows = TeamMember.objects.filter(pk=member.pk, end=None)
    if rows.update(end=timezone.localdate()) != 1:
        raise ValidationError("已经离队了。")
    record(by=by, action="team.leave", target=member.team)


@transaction.atomic
def register_volunteer(
    *, community: OrgUnit, by: User | None, name: str = "", phone: str = "",
    person: Person | None = None, **facts: Any,
) -> Volunteer:  # fmt: skip
    """Give a person the hat of a volunteer; `facts` as in `edit_volunteer`."""
    require_community(community, by)
    street = community.get_root()
    person = person or find_or_add_person(name=name, phone=phone, street=street, by=by)
    if Volunteer.objects.filter(person=person).exists():
        raise ValidationError({"name": "这位已经是登记的志愿者，请在名单里查找。"})
    volunteer = Volunteer(**columns_of(community), person=person)
    _fill_volunteer(volunteer, **facts)
    volunteer.save()
    record(by=by, action="volunteer.register", target=volunteer, street=volunteer.street_id)
    return volunteer


@transaction.atomic
def apply_as_volunteer(*, community: OrgUnit, by: User, **facts: Any) -> Volunteer:
    """Put down one's own wish to help; the community says yes by making it active."""
    if by.person is None:
        raise ValidationError("您的账号没有对应的人员，请联系社区登记。")
    known = Volunteer.objects.filter(person=by.person).first()
    if known is not None:
        raise ValidationError("您已经登记过了。")
    volunteer = Volunteer(
        **columns_of(community), person=by.person, status=Volunteer.Status.APPLIED
    )
    _fill_volunteer(volunteer, **facts)
    volunteer.save()
    record(by=by, action="volunteer.apply", target=volunteer, street=volunteer.street_id)
    return volunteer


@transaction.atomic
def edit_volunteer(*, volunteer: Volunteer, by: User, **facts: Any) -> Volunteer:
    """Change skills, interests, times and distance: staff of the community, or the person."""
    if volunteer.person_id != by.person_id:
        require_community(volunteer.community, by)
    _fill_volunteer(volunteer, **facts)
    volunteer.save()
    record(by=by, action="volunteer.edit", target=volunteer, street=volunteer.street_id)
    return volunteer


@transaction.atomic
def set_volunteer_status(*, volunteer: Volunteer, status: str, by: User) -> None:
    """Accept, pause or let go; pausing oneself is one's own business."""
    own = volunteer.person_id == by.person_id
    if not (own and volunteer.status != Volunteer.Status.APPLIED):
        require_community(volunteer.community, by, CREATE + EDIT)
    if status not in Volunteer.Status.values or status == Volunteer.Status.APPLIED:
        raise ValidationError("请选择状态。")
    if own and status not in (Volunteer.Status.PAUSED, Volunteer.Status.ACTIVE):
        raise PermissionDenied("退出请告诉社区。")
    Volunteer.objects.filter(pk=volunteer.pk).update(status=status)
    volunteer.refresh_from_db()
    record(by=by, action="volunteer.status", target=volunteer, detail={"status": status})


def _fill_team(
    team: Team, *, kind: str, leader: Volunteer | None, specialities: Sequence[str] = (),
    about: str = "", unit: Unit | None = None, founded_on: date | None = None,
) -> None:  # fmt: skip
    if kind not in TeamKind.values:
        raise ValidationError({"kind": "请选择服务队类型。"})
    team.kind, team.unit = kind, unit
    team.leader = leader.person if leader else None
    team.specialities = [code for code in Skill.values if code in specialities]
    team.about = one_line(about, label="简介", longest=200, required=False)
    team.founded_on = founded_on or team.founded_on


def _fill_volunteer(
    volunteer: Volunteer, *, skills: Sequence[str] = (), interests: Sequence[str] = (),
    times: Sequence[str] = (), max_distance: int | None = 3000, building: Building | None = None,
    grid: Grid | None = None, unit: Unit | None = None, guardian_name: str = "",
    guardian_phone: str = "",
) -> None:  # fmt: skip
    volunteer.skills = [code for code in Skill.values if code in skills]
    volunteer.interests = [code for code in ActivityKind.values if code in interests]
    volunteer.times = [code for code in Times.values if code in times]
    volunteer.max_distance = max_distance or 3000
    if building is not None and building.community_id != volunteer.community_id:
        raise ValidationError({"building": "这栋楼不在本社区。"})
    volunteer.building = building
    volunteer.grid = building.grid if building else grid or volunteer.grid
    volunteer.unit = unit or volunteer.unit
    volunteer.guardian_name = one_line(guardian_name, label="监护人", longest=60, required=False)
    parsed = parse_phones(guardian_phone)
    if guardian_phone and parsed.problems:
        raise ValidationError({"guardian_phone": f"{parsed.problems[0]}。"})
    if guardian_phone:
        volunteer.guardian_phone = Sealed.of(";".join(parsed.numbers))


def _grids_in(community: OrgUnit, grids: Sequence[Grid]) -> list[Grid]:
    if any(grid.community_id != community.pk for grid in grids):
        raise ValidationError({"grids": "服务网格里有别的社区的网格。"})
    return list(grids)
