"""Integrity checks of grids, buildings and teams: the coverage laws of the report."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from gridparty.lib.masking import mask_name
from grids.catalog import GridStatus
from grids.models import Building, Entrance, Grid, GridTeamMember
from orgs.checks import MEMBER
from orgs.levels import OrgStatus, Tier
from orgs.models import OrgUnit, PartyMember, Person
from orgs.quality import Asked, Severity, Subject, check
from orgs.roles import Noun

GRID = Subject(
    model=Grid, noun=Noun.GRID,
    label=lambda grid: grid.name, url=lambda grid: reverse("grids:detail", args=[grid.pk]),
    place=lambda grid: str(grid.community),
    prepare=lambda rows, user: rows.select_related("community"),
)  # fmt: skip
BUILDING = Subject(
    model=Building, noun=Noun.GRID,
    label=str, url=lambda building: reverse("grids:building", args=[building.pk]),
    place=lambda building: f"{building.community}　{building.grid}",
    prepare=lambda rows, user: rows.select_related("compound", "grid", "community"),
)  # fmt: skip
TEAM_MEMBER = Subject(
    model=GridTeamMember, noun=Noun.GRID, street="grid__street",
    label=lambda member: f"{member.slot}　{mask_name(member.person.name)}",
    url=lambda member: reverse("grids:detail", args=[member.grid_id]),
    place=lambda member: f"{member.grid.community}　{member.grid}",
    prepare=lambda rows, user: rows.select_related("slot", "person", "grid__community"),
)  # fmt: skip


@check(
    "grid_branch", title="网格没有在用的党支部", severity=Severity.ERROR, of=GRID,
    mend="打开网格，在“修改”里选一个在用的网格党支部；没有就先在组织里设立。",
)  # fmt: skip
def grids_without_branch(asked: Asked) -> Any:
    return Grid.objects.without_branch()


@check(
    "grid_scope", title="网格的街道、区县与所属社区不符", severity=Severity.ERROR, of=GRID,
    mend="请系统管理员在组织页重新调整该社区的隶属，系统会重写网格的归属。",
)  # fmt: skip
def grids_out_of_scope(asked: Asked) -> Any:
    astray = ~Q(street__tree_id=F("community__tree_id")) | Q(street__parent__isnull=False)
    return Grid.objects.live().filter(astray)


@check(
    "building_grid", title="楼栋不在启用的网格里", severity=Severity.ERROR, of=BUILDING,
    mend="打开楼栋所在网格，把楼栋划到启用的网格。",
)  # fmt: skip
def buildings_of_closed_grids(asked: Asked) -> Any:
    return Building.objects.filter(grid__status=GridStatus.CLOSED)


@check(
    "building_scope", title="楼栋的社区、街道与所在网格不符", severity=Severity.ERROR, of=BUILDING,
    mend="把楼栋重新划到它现在的网格，系统会重写楼栋和住户的归属。",
)  # fmt: skip
def buildings_out_of_scope(asked: Asked) -> Any:
    agrees = Q(
        community=F("grid__community"), street=F("grid__street"), district=F("grid__district"),
        compound__community=F("community"),
    )  # fmt: skip
    return Building.objects.filter(~agrees)


@check(
    "grid_head", title="网格没有网格长", severity=Severity.WARN, of=GRID,
    mend="打开网格的队伍，安排网格长。",
)  # fmt: skip
def grids_without_head(asked: Asked) -> Any:
    return Grid.objects.without_head(asked.day)


@check(
    "grid_team", title="网格队伍没有配齐", severity=Severity.WARN, of=GRID,
    mend="打开网格的队伍，按队伍模式补上空缺的岗位；没有定模式的先选模式。",
)  # fmt: skip
def grids_short_of_team(asked: Asked) -> Any:
    return Grid.objects.short_of_team(asked.day)


@check(
    "grid_empty", title="住宅网格没有楼栋", severity=Severity.WARN, of=GRID,
    mend="打开网格，新建楼栋，或从其他网格划入。",
)  # fmt: skip
def grids_without_buildings(asked: Asked) -> Any:
    return Grid.objects.without_buildings()


@check(
    "building_entrances", title="楼栋没有登记单元", severity=Severity.INFO, of=BUILDING,
    mend="打开楼栋，新增单元；不分单元的也新增一个，单元名留空。",
)  # fmt: skip
def buildings_without_entrances(asked: Asked) -> Any:
    return Building.objects.exclude(grid__status=GridStatus.CLOSED).filter(
        ~Exists(Entrance.objects.filter(building=OuterRef("pk")))
    )


@check(
    "team_died", title="已登记死亡的人还在网格队伍里", severity=Severity.WARN, of=TEAM_MEMBER,
    mend="打开网格的队伍，为此人办理离岗，再安排接替的人。",
)  # fmt: skip
def dead_team_members(asked: Asked) -> Any:
    return GridTeamMember.objects.serving_on(asked.day).filter(person__died_on__isnull=False)


@check(
    "member_grid", title="党员所在支部没有领网格", severity=Severity.WARN, of=MEMBER,
    mend="把党员的组织关系转到网格党支部，或让他所在的支部领一个网格。",
)  # fmt: skip
def members_without_grid(asked: Asked) -> Any:
    """Members of branches (and their groups) that lead no active grid; higher bodies are not asked."""
    led = Grid.objects.assessed().filter(
        party_branch__tree_id=OuterRef("tree_id"),
        party_branch__lft__lte=OuterRef("lft"),
        party_branch__rght__gte=OuterRef("rght"),
    )
    idle = OrgUnit.objects.filter(
        ~Exists(led), status=OrgStatus.ACTIVE, tier__in=[Tier.BRANCH, Tier.GROUP]
    )
    members = PartyMember.objects.filter(left_on=None, org_unit__in=idle.values("pk"))
    return Person.objects.filter(died_on=None, pk__in=members.values("person"))
