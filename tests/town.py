"""The fixed cast every test reads like: 书记 Wang, 网格长 Li, 红楼道长 Zhao, and Sun from elsewhere.

One district (349901, a code no division bears) with two streets. 红星街道 has two communities;
幸福社区 has two grids under one branch. 东风街道 exists so that its people get 404.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from gridparty.lib.text import natural_key
from grids.models import (
    Building,
    Compound,
    Entrance,
    Grid,
    GridTeamMember,
    TeamSlot,
    TeamTemplate,
)
from orgs.levels import OrgForm, Tier, UnitKind
from orgs.models import OrgUnit, Person, Region, RoleAssignment, Unit, User
from orgs.roles import Role
from residents.models import Household, LinkedHousehold

LONG_AGO = date(2024, 1, 1)


@dataclass
class Town:
    """What the cast lives in; `users` is keyed by role, plus "other_…" and "second_…" people."""

    district: Region
    street: OrgUnit
    other_street: OrgUnit
    community: OrgUnit
    sister_community: OrgUnit
    other_community: OrgUnit
    branch: OrgUnit
    sister_branch: OrgUnit
    other_branch: OrgUnit
    group: OrgUnit
    grid: Grid
    sister_grid: Grid
    far_grid: Grid
    other_grid: Grid
    building: Building
    sister_building: Building
    far_building: Building
    other_building: Building
    entrance: Entrance
    department: Unit
    second_department: Unit
    partner: Unit
    users: dict[str, User] = field(default_factory=dict)
    # Two homes in `building`; the first is linked to the corridor head. One home elsewhere each.
    households: list[Household] = field(default_factory=list)
    sister_household: Household | None = None
    far_household: Household | None = None
    other_household: Household | None = None


def make_person(name: str) -> Person:
    person = Person(name=name)
    person.seal_identity()
    person.save()
    return person


@cache
def _sealed_password() -> str:
    return make_password("gridparty-demo")


def make_user(username: str, name: str) -> User:
    return User.objects.create(
        username=username, person=make_person(name), password=_sealed_password()
    )


def make_grid(community: OrgUnit, serial: int, branch: OrgUnit | None) -> Grid:
    street = community.get_root()
    return Grid.objects.create(
        code=f"{community.division_code}{serial:03d}",
        name=f"第{serial}网格",
        district_id=(community.division_code or "")[:6],
        street=street,
        community=community,
        party_branch=branch,
        activated_on=LONG_AGO,
        team_template=TeamTemplate.objects.get(code="test"),
    )


def make_building(grid: Grid, compound: str, name: str) -> Building:
    estate, _ = Compound.objects.get_or_create(community=grid.community, name=compound)
    building = Building.objects.create(
        compound=estate, grid=grid, name=name, sort_key=natural_key(name),
        district=grid.district, street=grid.street, community=grid.community,
    )  # fmt: skip
    for unit in ("1单元", "2单元"):
        Entrance.objects.create(building=building, name=unit, sort_key=natural_key(unit))
    return building


def make_household(building: Building, room: str, number: str = "") -> Household:
    entrance = building.entrances.order_by("sort_key").first()
    return Household.objects.create(
        district=building.district, street=building.street, community=building.community,
        grid=building.grid, building=building, entrance=entrance, room=room, room_raw=room,
        number=number, sort_key=natural_key(f"{building.name}{entrance}{room}"),
    )  # fmt: skip


def person_of(user: User) -> Person:
    assert user.person is not None
    return user.person


def post_in_grid(user: User, grid: Grid, role: Role) -> GridTeamMember:
    slot, _ = TeamSlot.objects.get_or_create(
        template=TeamTemplate.objects.get(code="test"),
        code=role.replace("_", "-"),
        defaults={"name": role.label, "role": role},
    )
    return GridTeamMember.objects.create(
        grid=grid, slot=slot, person=person_of(user), start=LONG_AGO
    )


def build_town() -> Town:
    TeamTemplate.objects.get_or_create(code="test", defaults={"name": "测试队伍"})
    for code, name, level in (("34", "安徽省", 1), ("3499", "示范市", 2), ("349901", "示范区", 3)):
        Region.objects.create(code=code, name=name, level=level, parent_id=code[:-2] or None)

    def region(code: str, name: str, level: int) -> Region:
        parent = code[:6] if level == 4 else code[:9]
        return Region.objects.create(code=code, name=name, level=level, parent_id=parent)

    def street_org(code: str, name: str) -> Any:
        return OrgUnit.objects.create(
            name=f"{name}党工委", tier=Tier.STREET, org_form=OrgForm.WORKING_COMMITTEE,
            region=region(code, name, 4), division_code=code,
        )  # fmt: skip

    def community_org(parent: OrgUnit, code: str, name: str) -> Any:
        return OrgUnit.objects.create(
            name=f"{name}党委", tier=Tier.COMMUNITY, org_form=OrgForm.COMMITTEE, parent=parent,
            region=region(code, name, 5), division_code=code,
        )  # fmt: skip

    def branch_org(parent: OrgUnit, name: str) -> Any:
        return OrgUnit.objects.create(
            name=name, tier=Tier.BRANCH, org_form=OrgForm.BRANCH, parent=parent
        )

    street = street_org("349901001", "红星街道")
    other_street = street_org("349901002", "东风街道")
    community = community_org(street, "349901001001", "幸福社区")
    sister_community = community_org(street, "349901001002", "和平社区")
    other_community = community_org(other_street, "349901002001", "东湖社区")
    branch = branch_org(community, "幸福第一网格党支部")
    sister_branch = branch_org(sister_community, "和平第一网格党支部")
    other_branch = branch_org(other_community, "东湖第一网格党支部")
    group = OrgUnit.objects.create(
        name="1栋党小组", tier=Tier.GROUP, org_form=OrgForm.GROUP, parent=branch
    )
    grid, sister_grid = make_grid(community, 1, branch), make_grid(community, 2, branch)
    far_grid = make_grid(sister_community, 1, sister_branch)
    other_grid = make_grid(other_community, 1, other_branch)
    building = make_building(grid, "阳光花园", "1栋")
    building.party_group = group
    building.save()
    district = Region.objects.get(code="349901")
    town = Town(
        district=district, street=street, other_street=other_street, community=community,
        sister_community=sister_community, other_community=other_community, branch=branch,
        sister_branch=sister_branch, other_branch=other_branch, group=group, grid=grid,
        sister_grid=sister_grid, far_grid=far_grid, other_grid=other_grid, building=building,
        sister_building=make_building(sister_grid, "阳光花园", "2栋"),
        far_building=make_building(far_grid, "和平里", "1栋"),
        other_building=make_building(other_grid, "东湖苑", "1栋"),
        entrance=building.entrances.get(name="1单元"),
        department=Unit.objects.create(
            name="城市管理局", kind=UnitKind.FUNCTIONAL_DEPARTMENT, district=district
        ),
        second_department=Unit.objects.create(
            name="消防救援站", kind=UnitKind.FUNCTIONAL_DEPARTMENT, district=district
        ),
        partner=Unit.objects.create(
            name="示范学院", kind=UnitKind.UNIVERSITY, district=district, street=street
        ),
    )  # fmt: skip
    town.households = [make_household(building, room) for room in ("101", "102")]
    town.sister_household = make_household(town.sister_building, "201")
    town.far_household = make_household(town.far_building, "301")
    town.other_household = make_household(town.other_building, "401")
    _cast(town)
    # Tree numbers moved while the tree grew; hand out fresh rows.
    for name in (
        "street", "other_street", "community", "sister_community", "other_community",
        "branch", "sister_branch", "other_branch", "group",
    ):  # fmt: skip
        getattr(town, name).refresh_from_db()
    return town


def _cast(town: Town) -> None:
    posts: list[RoleAssignment] = []

    def hire(key: str, name: str, role: Role, **node: Any) -> User:
        user = make_user(key, name)
        posts.append(RoleAssignment(user=user, role=role, start=LONG_AGO, **node))
        town.users[key] = user
        return user

    hire("sysadmin", "管小理", Role.SYSADMIN)
    hire("auditor", "申小计", Role.AUDITOR)
    hire("district_official", "区大为", Role.DISTRICT_OFFICIAL, region=town.district)
    hire("street_admin", "江街道", Role.STREET_ADMIN, org_unit=town.street)
    hire("dispatcher", "丁度", Role.DISPATCHER, org_unit=town.street)
    hire("second_dispatcher", "丁二", Role.DISPATCHER, org_unit=town.street)
    hire("community_staff", "佘区", Role.COMMUNITY_STAFF, org_unit=town.community)
    hire("community_secretary", "王书记", Role.COMMUNITY_SECRETARY, org_unit=town.community)
    hire("branch_secretary", "支书成", Role.BRANCH_SECRETARY, org_unit=town.branch)
    hire("group_leader", "祖长河", Role.GROUP_LEADER, org_unit=town.group)
    hire("corridor_head", "赵楼道", Role.CORRIDOR_HEAD, org_unit=town.community)
    hire("volunteer", "志愿红", Role.VOLUNTEER, org_unit=town.community)
    hire("revisitor", "回访员周", Role.REVISITOR, org_unit=town.street)
    hire("dept_handler", "陈城管", Role.DEPT_HANDLER, unit=town.department)
    hire("second_dept_handler", "萧消防", Role.DEPT_HANDLER, unit=town.second_department)
    hire("partner_unit", "学院联", Role.PARTNER_UNIT, unit=town.partner)
    for key, name, role in (
        ("grid_head", "李网格", Role.GRID_HEAD),
        ("grid_worker_ft", "专小员", Role.GRID_WORKER_FT),
        ("grid_worker_pt", "兼小员", Role.GRID_WORKER_PT),
        ("police_contact", "景察", Role.POLICE_CONTACT),
        ("grid_informant", "信息多", Role.GRID_INFORMANT),
    ):
        post_in_grid(hire(key, name, role, org_unit=town.community), town.grid, role)
    post_in_grid(
        hire("sister_grid_head", "李二格", Role.GRID_HEAD, org_unit=town.community),
        town.sister_grid,
        Role.GRID_HEAD,
    )
    hire("other_street_admin", "孙街道", Role.STREET_ADMIN, org_unit=town.other_street)
    hire("other_community_staff", "孙社区", Role.COMMUNITY_STAFF, org_unit=town.other_community)
    post_in_grid(
        hire("other_grid_head", "孙网格", Role.GRID_HEAD, org_unit=town.other_community),
        town.other_grid,
        Role.GRID_HEAD,
    )
    RoleAssignment.objects.bulk_create(posts)
    LinkedHousehold.objects.create(
        head=person_of(town.users["corridor_head"]), household=town.households[0], start=LONG_AGO
    )


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


@pytest.fixture
def enter(town: Town) -> Callable[[str], Client]:
    """Return how somebody of the cast signs in: enter("grid_head").get("/")."""

    def as_(who: str) -> Client:
        client = Client()
        client.force_login(town.users[who])
        return client

    return as_
