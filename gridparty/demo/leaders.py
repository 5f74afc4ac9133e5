"""Streets, communities, branches and departments: who holds which post, who may log in."""

from gridparty.demo.recruiting import Recruiter
from gridparty.demo.shapes import DEMO_COMMUNITY, HAIHENG, HUANGSHAN, XUANCHENG
from gridparty.demo.world import CommunityFacts, TreeFacts, World
from orgs.levels import PostKind, SourceIdentity
from orgs.models import OrgUnit, Person, Region
from orgs.roles import Role
from orgs.services.posts import appoint

_POSTS = (
    PostKind.SECRETARY,
    PostKind.DEPUTY_SECRETARY,
    PostKind.ORGANISATION,
    PostKind.PUBLICITY,
    PostKind.DISCIPLINE,
)
_TERM = "第一届"


def build_leaders(world: World, recruiter: Recruiter) -> None:
    """Fill the posts of every organisation and open the log-ins above the grids."""
    for tree in world.trees:
        if tree.plan is not HUANGSHAN:
            _lead(recruiter, tree.root, 5, SourceIdentity.AGENCY)
        for community in tree.communities:
            _staff_community(recruiter, community)
            for branch in community.branches:
                _staff_branch(recruiter, community, branch)
        _staff_street(recruiter, tree)
    _staff_above(world, recruiter)


def _lead(
    recruiter: Recruiter, org: OrgUnit, posts: int, source: SourceIdentity
) -> dict[PostKind, Person]:
    found = {kind: recruiter.hire(member_of=org) for kind in _POSTS[:posts]}
    for kind, person in found.items():
        _appoint(recruiter, person, org, kind, source)
    return found


def _appoint(
    recruiter: Recruiter, person: Person, org: OrgUnit, kind: PostKind, source: SourceIdentity
) -> None:
    appoint(
        person=person, org_unit=org, kind=kind, source_identity=source, start=recruiter.since,
        term=_TERM, by=None,
    )  # fmt: skip


def _staff_community(recruiter: Recruiter, community: CommunityFacts) -> None:
    org, demo = community.org, community.plan.code == DEMO_COMMUNITY
    committee = _lead(recruiter, org, 3, SourceIdentity.COMMITTEE)
    community.staff = recruiter.open_login(
        "community_staff" if demo else f"staff-{community.plan.code}",
        committee[PostKind.DEPUTY_SECRETARY],
        Role.COMMUNITY_STAFF,
        org_unit=org,
    )
    community.secretary = recruiter.open_login(
        "community_secretary" if demo else f"secretary-{community.plan.code}",
        committee[PostKind.SECRETARY],
        Role.COMMUNITY_SECRETARY,
        org_unit=org,
    )


def _staff_branch(recruiter: Recruiter, community: CommunityFacts, branch: OrgUnit) -> None:
    """Branch committees and group leaders are members who live there (宣城: 966 of them)."""
    secretary = recruiter.hire(member_of=branch)
    _appoint(recruiter, secretary, branch, PostKind.SECRETARY, SourceIdentity.COMMITTEE)
    grids = [facts for facts in community.grids if facts.grid.party_branch_id == branch.pk]
    taken: set[int] = set()
    for group in community.groups[branch.pk]:
        living_there = [facts.leaders[group.pk] for facts in grids if group.pk in facts.leaders]
        for leader in living_there[:1]:
            _appoint(recruiter, leader, group, PostKind.GROUP_LEADER, SourceIdentity.RESIDENT)
            taken.add(leader.pk)
    free = [one for facts in grids for one in facts.members if one.pk not in taken]
    for kind, person in zip((PostKind.ORGANISATION, PostKind.PUBLICITY), free, strict=False):
        _appoint(recruiter, person, branch, kind, SourceIdentity.RESIDENT)
    if community.plan.code == DEMO_COMMUNITY and branch == community.branches[0]:
        recruiter.open_login("branch_secretary", secretary, Role.BRANCH_SECRETARY, org_unit=branch)


def _staff_street(recruiter: Recruiter, tree: TreeFacts) -> None:
    root, code, here = tree.root, tree.plan.root_code, tree.plan is HAIHENG
    if tree.plan is not HUANGSHAN:
        names = {HAIHENG: "street_admin", XUANCHENG: "other_street_admin"}
        tree.admin = recruiter.open_login(
            names[tree.plan], recruiter.hire(member_of=root), Role.STREET_ADMIN, org_unit=root
        )
        tree.dispatcher = recruiter.open_login(
            "dispatcher" if here else f"dispatcher-{code}",
            recruiter.hire(member_of=root),
            Role.DISPATCHER,
            org_unit=root,
        )
    tree.revisitor = recruiter.open_login(
        "revisitor" if here else f"revisitor-{code}",
        recruiter.hire(),
        Role.REVISITOR,
        org_unit=root,
    )
    departments = [unit for unit in tree.units.values() if unit.street_id is None]
    for number, unit in enumerate(departments, start=1):
        named = here and unit.name == "城市管理局"
        tree.handlers[unit.pk] = recruiter.open_login(
            "dept_handler" if named else f"dept-{tree.plan.district}-{number:02d}",
            recruiter.hire(workplace=unit.name),
            Role.DEPT_HANDLER,
            unit=unit,
        )


def _staff_above(world: World, recruiter: Recruiter) -> None:
    """System, audit, district and a partner unit, as seen from 海恒."""
    tree = world.tree(HAIHENG.key)
    recruiter.open_login("sysadmin", recruiter.hire(), Role.SYSADMIN)
    recruiter.open_login("auditor", recruiter.hire(), Role.AUDITOR)
    recruiter.open_login(
        "district_official",
        recruiter.hire(),
        Role.DISTRICT_OFFICIAL,
        region=Region.objects.get(code=tree.plan.district),
    )
    partner = tree.units["合肥学院"]
    recruiter.open_login(
        "partner_unit", recruiter.hire(workplace=partner.name), Role.PARTNER_UNIT, unit=partner
    )
