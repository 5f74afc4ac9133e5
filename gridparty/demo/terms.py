"""Terms of the demonstration's committees: most stand, some end soon, a few are over."""

from datetime import date, timedelta

from gridparty.demo.world import World
from orgs.levels import PostKind, SourceIdentity, Tier
from orgs.models import OrgUnit, PartyMember
from orgs.services.posts import appoint
from partybuilding.catalog import TERM_YEARS
from partybuilding.models import CommitteeTerm

_ELECTED = 400  # days ago, when everybody of the demonstration took his post
_YEAR = 365


def build_terms(world: World) -> None:
    """One term a committee; two more posts for most communities, held by branch members."""
    today, rng = world.setting.today, world.setting.rng("terms")
    elected = today - timedelta(days=_ELECTED)
    orgs = OrgUnit.objects.active().filter(tier__lt=Tier.GROUP).order_by("tree_id", "lft")
    rows = []
    for org in orgs:
        luck = rng.random()
        if luck > 0.98:
            continue
        days = TERM_YEARS[org.tier] * _YEAR - _ELECTED
        if luck < 0.1:
            days = rng.randint(10, 170)
        elif luck < 0.13:
            days = -rng.randint(5, 60)
        due = today + timedelta(days=days)
        rows.append(CommitteeTerm(org=org, name="第一届", elected_on=elected, due_on=due))
    CommitteeTerm.objects.bulk_create(rows)
    communities = [one.org for tree in world.trees for one in tree.communities]
    for org in communities[: len(communities) * 3 // 4]:
        _fill(org, elected)


def _fill(org: OrgUnit, start: date) -> None:
    members = PartyMember.objects.filter(
        org_unit__tree_id=org.tree_id, org_unit__lft__gt=org.lft, org_unit__rght__lt=org.rght,
        left_on=None, person__posts=None,
    ).select_related("person").order_by("pk")  # fmt: skip
    for kind, member in zip((PostKind.PUBLICITY, PostKind.DISCIPLINE), members[:2], strict=False):
        appoint(
            person=member.person, org_unit=org, kind=kind, start=start, term="第一届", by=None,
            source_identity=SourceIdentity.RESIDENT,
        )  # fmt: skip
