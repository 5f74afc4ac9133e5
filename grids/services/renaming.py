"""Renaming compounds and buildings: the old name of a compound goes on as an alias."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from gridparty.lib.text import natural_key
from grids.doors import parse_building
from grids.models import Building, Compound
from grids.services.places import SORT_KEY_LENGTH
from grids.signals import GridChange, grid_changed
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import User

describe_actions(compound__rename="修改小区名称和别名", building__rename="楼栋更名")


@transaction.atomic
def rename_compound(
    *, compound: Compound, name: str, by: User | None, aliases: Sequence[str] | None = None
) -> Compound:
    """Give a compound another name (and aliases; None keeps them); doors and lists follow.

    Rosters may go on with the old name: it becomes an alias.
    """
    name = one_line(name, label="小区名称", longest=60)
    compound = Compound.objects.select_for_update().get(pk=compound.pk)
    if Compound.objects.filter(community=compound.community_id, name=name).exclude(
        pk=compound.pk
    ).exists():  # fmt: skip
        raise ValidationError({"name": "该社区已有同名小区。"})
    old, compound.name = compound.name, name
    kept = compound.aliases if aliases is None else aliases
    compound.aliases = [one for one in dict.fromkeys([*kept, old]) if one != name]
    compound.save(update_fields=["name", "aliases"])
    street = compound.community.get_root().pk
    record(by=by, action="compound.rename", target=compound, street=street)
    if old != name:
        _tell(list(compound.buildings.values_list("pk", flat=True)), by)
    return compound


@transaction.atomic
def rename_building(*, building: Building, name: str, by: User | None) -> Building:
    """Give a building another name (canonical: 3幢 → 3栋); its place in lists follows."""
    name = parse_building(one_line(name, label="楼栋", longest=30))
    building = Building.objects.select_for_update().get(pk=building.pk)
    if building.name == name:
        return building
    if not name:
        raise ValidationError({"name": "请填写楼栋。"})
    if Building.objects.filter(compound=building.compound_id, name=name).exists():
        raise ValidationError({"name": "该小区已有同名楼栋。"})
    building.name, building.sort_key = name, natural_key(name)[:SORT_KEY_LENGTH]
    building.save(update_fields=["name", "sort_key"])
    record(by=by, action="building.rename", target=building, street=building.street_id)
    _tell([building.pk], by)
    return building


def _tell(buildings: list[int], by: User | None) -> None:
    """Tell the floors above, whose rows may hold the name in a key of theirs."""
    if buildings:
        grid_changed.send(
            Building, kind=GridChange.RENAMED, grid_ids=[], building_ids=buildings, moved_to=None,
            by=by,
        )  # fmt: skip
