"""Loading a map file: outlines of grids and communities and points of buildings, all or nothing."""

from collections import Counter
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction

from gridparty.lib.coordinates import gcj_to_wgs
from grids.geometry import to_geojson
from grids.map_file import read_map
from grids.map_plan import MapPlan, make_map_plan
from grids.models import Building
from grids.services.shapes import save_community_shape, save_shape
from orgs.audit import describe_actions, record
from orgs.models import OrgUnit, User

describe_actions(grid__load_map="导入地图")


@dataclass
class MapLoaded:
    """The plan, and how many outlines and points it created, changed or found as they are."""

    plan: MapPlan
    counts: Counter[str] = field(default_factory=Counter)


@transaction.atomic
def load_map(
    *,
    data: bytes,
    communities: list[OrgUnit],
    by: User | None,
    gcj: bool = False,
    accept_overlaps: bool = True,
    dry_run: bool = False,
) -> MapLoaded:
    """Write what the file draws within these communities; `gcj` says it is in GCJ-02.

    A dry run only judges. ValidationError lists every fault with its feature; then nothing is
    written. Overlaps and gaps are warnings in the plan, unless `accept_overlaps` is False.
    """
    ids = [one.pk for one in communities]
    list(OrgUnit.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    plan = make_map_plan(read_map(data), communities, shift=gcj_to_wgs if gcj else None)
    loaded = MapLoaded(plan, Counter(plan.fate(grid) for grid in plan.grids))
    loaded.counts.update(
        grids=len(plan.grids), communities=len(plan.communities), buildings=len(plan.buildings)
    )
    if dry_run:
        return loaded
    faults = plan.errors
    if not accept_overlaps:
        faults = faults + [one for one in plan.issues if "重叠" in one.message]
    if faults:
        raise ValidationError([str(one) for one in faults])
    if not (plan.grids or plan.communities or plan.buildings):
        raise ValidationError("文件里没有可以导入的网格、社区或楼栋。", code="nothing")
    _write(plan, by)
    record(
        by=by, action="grid.load_map", target=OrgUnit, street=communities[0].get_root().pk,
        detail={"counts": dict(loaded.counts), "gcj": gcj},
    )  # fmt: skip
    return loaded


def _write(plan: MapPlan, by: User | None) -> None:
    for grid, outline in plan.grids.items():
        if plan.fate(grid) != "unchanged":
            save_shape(grid=grid, geometry=to_geojson(outline), by=by, accept_overlap=True)
    for community, outline in plan.communities.items():
        save_community_shape(community=community, geometry=to_geojson(outline), by=by)
    for building, (lon, lat) in plan.buildings.items():
        building.longitude, building.latitude = lon, lat
    Building.objects.bulk_update(plan.buildings, ["longitude", "latitude"], batch_size=500)
