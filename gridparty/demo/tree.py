"""Regions and party trees of a shape, through the tree's own services."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from gridparty.demo.shapes import TREES, CommunityPlan, TreePlan
from gridparty.demo.world import CommunityFacts, TreeFacts, World
from orgs.divisions.loading import load_divisions
from orgs.levels import CoverageKind, OrgForm, Tier
from orgs.models import OrgUnit, Region
from orgs.services.tree import add_org_unit

DIVISIONS = Path(__file__).with_name("divisions.csv")
_NUMERALS = "一二三四五六七八九十"


def build_trees(world: World) -> None:
    """Load the regions and create the three trees."""
    load_divisions(DIVISIONS)
    _grow(world, TREES)


def add_trees(world: World, plans: Sequence[TreePlan]) -> None:
    """Create trees of invented streets, whose codes no division bears."""
    for plan in plans:
        district = Region.objects.get(code=plan.district)
        name = plan.root_name.replace("党工委", "").replace("社区党委", "街道")
        street = Region.objects.create(code=plan.root_code[:9], name=name, parent=district, level=4)
        Region.objects.bulk_create(
            Region(code=one.code, name=f"{one.short}社区", parent=street, level=5)
            for one in plan.communities
        )
    _grow(world, plans)


def _grow(world: World, plans: Sequence[TreePlan]) -> None:
    regions = Region.objects.in_bulk()
    founded = world.setting.today - timedelta(days=900)

    def add(
        parent: OrgUnit | None,
        name: str,
        tier: Tier,
        form: OrgForm,
        code: str = "",
        cover: str = "",
    ) -> OrgUnit:
        return add_org_unit(
            parent=parent, name=name, tier=tier, org_form=form, by=None,
            region=regions[code] if code else None, coverage_kind=cover, established_on=founded,
        )  # fmt: skip

    def add_branches(tree: TreePlan, plan: CommunityPlan, org: OrgUnit) -> CommunityFacts:
        facts = CommunityFacts(plan, org)
        for number, groups in zip(_NUMERALS, plan.groups, strict=False):
            branch = add(org, f"{plan.short}第{number}网格党支部", Tier.BRANCH, OrgForm.BRANCH)
            facts.branches.append(branch)
            facts.groups[branch.pk] = [
                add(
                    branch, f"{plan.short}{number}支部第{n}{tree.group_word}", Tier.GROUP,
                    OrgForm.GROUP, cover=_coverage(tree, n),
                )
                for n in range(1, groups + 1)
            ]  # fmt: skip
        return facts

    for plan in plans:
        root = None
        if plan.root_form is not None:
            root = add(None, plan.root_name, Tier.STREET, plan.root_form, plan.root_code)
        communities = []
        for community in plan.communities:
            org = add(root, community.org_name, Tier.COMMUNITY, community.form, community.code)
            communities.append(add_branches(plan, community, org))
        tree = TreeFacts(plan, root or communities[0].org, communities)
        world.trees.append(tree)
    _read_again(world)


def _coverage(tree: TreePlan, number: int) -> str:
    """Most groups cover buildings; in 宣城 the second of a branch covers lanes (街巷)."""
    if tree.coverage == CoverageKind.BUILDING and tree.key == "xuancheng" and number == 2:
        return CoverageKind.LANE
    return tree.coverage


def _read_again(world: World) -> None:
    """Replace every node by a fresh row: its tree numbers moved while the tree grew."""
    fresh = OrgUnit.objects.in_bulk()
    for tree in world.trees:
        tree.root = fresh[tree.root.pk]
        for facts in tree.communities:
            facts.org = fresh[facts.org.pk]
            facts.branches = [fresh[one.pk] for one in facts.branches]
            facts.groups = {
                branch: [fresh[one.pk] for one in groups] for branch, groups in facts.groups.items()
            }
