"""One city of the demonstration in the size of the report: what is missing is written in bulk.

Missing is the declared size less what the city's official counts on 报告数字 already, so the two agree.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle, islice

from django.utils import timezone

from gridparty.demo.assemblies import hold_meetings, solve_topics
from gridparty.demo.outings import found_teams, hold_outings
from gridparty.demo.people import People
from gridparty.demo.places import build_places
from gridparty.demo.profiles import Profile, more_trees
from gridparty.demo.recruiting import Recruiter
from gridparty.demo.residents import build_residents
from gridparty.demo.scale import Scale, Setting
from gridparty.demo.tree import add_trees
from gridparty.demo.world import CommunityFacts, TreeFacts, World
from gridparty.lib.china_time import local_date
from orgs.levels import PostKind, SourceIdentity
from orgs.models import OrgPost, OrgUnit, Person, Region, User
from orgs.roles import Role
from partybuilding.models import PolicyPaper
from partybuilding.numbers import count_of, letters_of, number_of
from volunteers.catalog import ActivityKind

_SIZE = Scale("profile", None, None, cases=0, other_cases=0)
_SOURCES = (
    SourceIdentity.COMMITTEE, SourceIdentity.GRID_HEAD, SourceIdentity.CORRIDOR_HEAD,
    SourceIdentity.PROPERTY, SourceIdentity.RESIDENT,
)  # fmt: skip
_PAPERS = (
    ("关于深化“双网融合”体制机制引领基层治理的意见", "市委组织部、市委政法委"),
    ("关于加强社区网格化党建深化城市基层治理的意见", "市委组织部"),
    ("关于党建引领创新住宅小区综合治理的意见", "市委组织部、市住建局"),
)
_COMMITTEE = (PostKind.ORGANISATION, PostKind.PUBLICITY)
_MORE = (PostKind.DEPUTY_SECRETARY, PostKind.DISCIPLINE)


def enlarge(
    world: World, people: People, recruiter: Recruiter, profile: Profile, now: datetime
) -> None:
    """Bring the city to its declared sizes; the log-in of its official sees all of it."""
    tree = world.tree(profile.tree.key)
    official = _official(recruiter, profile)

    def missing(code: str) -> int:
        number = number_of(code)
        if number is None or code not in profile.sizes:
            return 0
        fresh = User.objects.get(pk=official.pk)  # what he may see is remembered per object
        day = timezone.localdate(now)
        have = count_of(fresh, number, letters_of(fresh, number), day)
        return max(0, profile.sizes[code] - have)

    heads = missing("heads")
    plans = more_trees(profile, missing("branches"), missing("groups"), heads)
    more = World(Setting(_SIZE, world.setting.seed, local_date(now)))
    add_trees(more, plans)
    build_places(more)
    build_residents(more, people, heads=heads)
    communities = [one for added in more.trees for one in added.communities]
    for community in communities:
        _appoint(community, recruiter)
    _appoint_more(communities, missing("leaders"), recruiter)
    found_teams(communities, missing("teams"), now)
    for kind in (ActivityKind.POLICY, ActivityKind.CLEAN, ActivityKind.AID):
        hold_outings(communities, kind, missing(kind.value), world.setting.rng(kind), now)
    hold_meetings(more.trees, missing("meetings"), missing("units"), now)
    solve_topics(tree, missing("hot"), now)
    _send_papers(tree, missing("papers"), now)


def _official(recruiter: Recruiter, profile: Profile) -> User:
    known = User.objects.filter(username=profile.login).first()
    return known or recruiter.open_login(
        profile.login, recruiter.hire(), Role.DISTRICT_OFFICIAL,
        region=Region.objects.get(code=profile.region),
    )  # fmt: skip


def _appoint(community: CommunityFacts, recruiter: Recruiter) -> None:
    """A secretary and two committee members to each branch, a leader to each group."""
    rows = []
    sources = cycle(_SOURCES)
    for branch, members in _members(community):
        secretary = recruiter.hire(member_of=branch)
        rows.append(_post(branch, secretary, PostKind.SECRETARY, recruiter, _SOURCES[0]))
        groups = community.groups[branch.pk]
        kinds = [(branch, kind) for kind in _COMMITTEE]
        kinds += [(group, PostKind.GROUP_LEADER) for group in groups]
        while len(members) < len(kinds):
            members.append(recruiter.hire(member_of=branch))
        for (org, kind), person in zip(kinds, members, strict=False):
            rows.append(_post(org, person, kind, recruiter, next(sources)))
    OrgPost.objects.bulk_create(rows)


def _members(community: CommunityFacts) -> Iterator[tuple[OrgUnit, list[Person]]]:
    for branch in community.branches:
        grids = [facts for facts in community.grids if facts.grid.party_branch_id == branch.pk]
        yield branch, [person for facts in grids for person in facts.members]


def _appoint_more(communities: list[CommunityFacts], many: int, recruiter: Recruiter) -> None:
    """Deputies and discipline members until the number of leading members is reached."""
    places = [
        (branch, kind)
        for kind in _MORE
        for community in communities
        for branch in community.branches
    ]
    OrgPost.objects.bulk_create(
        _post(branch, recruiter.hire(member_of=branch), kind, recruiter, source)
        for (branch, kind), source in zip(islice(places, many), cycle(_SOURCES), strict=False)
    )


def _post(
    org: OrgUnit, person: Person, kind: PostKind, recruiter: Recruiter, source: SourceIdentity
) -> OrgPost:
    return OrgPost(
        org_unit=org, person=person, kind=kind, source_identity=source, start=recruiter.since,
        term="第一届",
    )  # fmt: skip


def _send_papers(tree: TreeFacts, many: int, now: datetime) -> None:
    """The three joint documents of 黄山 (HS-03)."""
    day = local_date(now)
    PolicyPaper.objects.bulk_create(
        PolicyPaper(
            street=tree.root, district_id=tree.plan.district, title=title, issuer=issuer,
            issued_on=day - timedelta(days=300), read_by=day - timedelta(days=270),
        )
        for title, issuer in islice(_PAPERS, many)
    )  # fmt: skip
