"""Who sees what after a division: the people whose area is their grid or their branch's grids."""

from collections.abc import Iterable
from datetime import date

from grids.ground import Effect, Shift
from grids.models import Grid, GridTeamMember
from orgs.models import RoleAssignment
from orgs.roles import GRID_ROLES, Role


def scope_effects(shifts: Iterable[Shift], day: date) -> list[Effect]:
    """Return what changes for teams, branches and neighbours' teams, in words."""
    known = list(shifts)
    lines = [line for shift in known for line in _team_lines(shift, day)]
    branches = [line for shift in known for line in _branch_lines(shift)]
    fresh = {one.target for one in known if not one.target.team.serving_on(day).exists()}
    effects = [Effect("网格队伍看到的范围改变", len(lines), "人", tuple(lines[:50]))]
    if branches:
        effects.append(Effect("网格党支部书记看到的范围改变", len(branches), "处", tuple(branches)))
    if fresh:
        names = tuple(f"{one.name}：还没有队伍，请接着安排网格长和队员" for one in fresh)
        effects.append(Effect("没有队伍的网格", len(fresh), "个", names))
    return effects


def _team_lines(shift: Shift, day: date) -> list[str]:
    count = len(shift.buildings)
    lost = "随网格撤销离岗" if shift.closes_source else f"不再看到 {count} 栋"
    return [
        *(f"{who}：{lost}" for who in _team(shift.source, day)),
        *(f"{who}：多看到 {count} 栋" for who in _team(shift.target, day)),
    ]


def _team(grid: Grid, day: date) -> list[str]:
    serving = GridTeamMember.objects.serving_on(day).filter(slot__role__in=GRID_ROLES)
    rows = serving.in_grids([grid.pk])
    return [f"{grid.name} {row.slot.name} {row.person.name}" for row in rows]


def _branch_lines(shift: Shift) -> list[str]:
    old, new = shift.source.party_branch, shift.target.party_branch
    if old == new:
        return []
    count, lines = len(shift.buildings), []
    for branch, change in ((old, "不再看到"), (new, "多看到")):
        if branch is not None:
            roles = RoleAssignment.objects.filter(
                org_unit=branch, role=Role.BRANCH_SECRETARY, end=None
            )
            held = "" if roles.exists() else "（暂无书记账号）"
            lines.append(f"{branch}书记{held}：{change} {count} 栋")
    return lines
