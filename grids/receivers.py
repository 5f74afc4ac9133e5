"""What the tree's changes mean here: scope columns follow, branches pass to their successor."""

from typing import Any

from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.utils import timezone

from grids.models import Building, Compound, Grid
from grids.services.history import note_branches
from grids.signals import GridChange, grid_changed
from orgs.levels import Tier
from orgs.models import OrgUnit, OrgUnitChange, User
from orgs.signals import tree_changed

_ENDS = frozenset({OrgUnitChange.Kind.MERGE, OrgUnitChange.Kind.ABOLISH})
_MOVES = _ENDS | {OrgUnitChange.Kind.MOVE}


@receiver(tree_changed)
def follow_the_tree(
    *, kind: str, org_unit: OrgUnit, moved_to: OrgUnit | None, by: User | None, **_: Any
) -> None:
    """Pass what the ended node held to its successor, then copy streets anew."""
    if kind not in _MOVES:
        return
    if kind == OrgUnitChange.Kind.ABOLISH and moved_to is None:
        _require_no_grids(org_unit)
    changed: set[int] = set()
    if kind in _ENDS:
        led = Grid.objects.filter(party_branch=org_unit)
        note_branches(led, timezone.localdate())
        led.update(party_branch=_of(moved_to, Tier.BRANCH))
        Building.objects.filter(party_group=org_unit).update(party_group=_of(moved_to, Tier.GROUP))
        if org_unit.tier == Tier.COMMUNITY and _of(moved_to, Tier.COMMUNITY) is not None:
            assert moved_to is not None
            changed = _hand_over(org_unit, moved_to)
    # Children of an ended node were moved one by one, each with a signal of its own.
    changed |= _copy_streets(_communities_below(moved_to if kind in _ENDS else org_unit))
    if changed:
        grid_changed.send(
            Grid,
            kind=GridChange.RESCOPED,
            grid_ids=sorted(changed),
            building_ids=[],
            moved_to=None,
            by=by,
        )


def _require_no_grids(community: OrgUnit) -> None:
    live = Grid.objects.live().filter(community=community).count()
    if live:
        raise ValidationError(
            f"“{community}”还有 {live} 个网格，请先撤销网格，或指定承接的社区。", code="grids"
        )


def _of(node: OrgUnit | None, tier: int) -> OrgUnit | None:
    return node if node is not None and node.tier == tier else None


def _hand_over(old: OrgUnit, new: OrgUnit) -> set[int]:
    """Give grids, compounds and buildings of a community to its successor; the codes stay.

    Names that the successor has already get the former community behind them.
    """
    for model in (Grid, Compound):
        taken = set(model.objects.filter(community=new).values_list("name", flat=True))
        for row in model.objects.filter(community=old, name__in=taken):
            row.name = f"{row.name[:40]}（原{old.name[:16]}）"
            row.save(update_fields=["name"])
    moved = set(Grid.objects.filter(community=old).values_list("pk", flat=True))
    Grid.objects.filter(pk__in=moved).update(community=new)
    Compound.objects.filter(community=old).update(community=new)
    Building.objects.filter(community=old).update(community=new)
    return moved


def _communities_below(node: OrgUnit | None) -> list[OrgUnit]:
    """The communities at or below the node, read anew: tree numbers have just moved."""
    if node is None:
        return []
    fresh = OrgUnit.objects.get(pk=node.pk)
    return list(fresh.get_descendants(include_self=True).filter(tier=Tier.COMMUNITY))


def _copy_streets(communities: list[OrgUnit]) -> set[int]:
    """Write the root of each community into its grids and buildings; return the changed grids."""
    changed: set[int] = set()
    for community in communities:
        root = community.get_root()
        district = (root.division_code or community.division_code or "")[:6]
        stale = Grid.objects.filter(community=community).exclude(street=root, district_id=district)
        ids = list(stale.values_list("pk", flat=True))
        if not ids:
            continue
        Grid.objects.filter(pk__in=ids).update(street=root, district_id=district)
        Building.objects.filter(grid__in=ids).update(street=root, district_id=district)
        changed.update(ids)
    return changed
