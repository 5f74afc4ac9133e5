"""Loading a structure file: communities' grids, compounds, buildings and entrances in one go.

Loading the same file again creates nothing. Every fault is found before anything is written.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction

from gridparty.lib.text import natural_key
from grids.locate import communities_under
from grids.models import Building, Compound, Entrance, Grid
from grids.services.drawing import create_grid, free_serial
from grids.services.places import ENTRANCE_KEY_LENGTH, SORT_KEY_LENGTH
from grids.structure_file import StructureRow
from grids.structure_plan import (
    Buildings,
    Compounds,
    Grids,
    PlaceKey,
    Plan,
    conflicts,
    make_plan,
    serial_in,
)
from orgs.audit import describe_actions, record
from orgs.models import OrgUnit, User

describe_actions(grid__load_structure="载入网格结构")
KINDS = ("communities", "grids", "compounds", "buildings", "entrances")


@dataclass
class Loaded:
    """Counts by kind: in the file, created, changed, and found as they are."""

    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    totals: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, object]:
        """Return {"communities": n, …, "created": {…}, "updated": {…}, "unchanged": {…}}."""
        rest = {kind: self.totals[kind] - self.created[kind] - self.updated[kind] for kind in KINDS}
        return {
            **{kind: self.totals[kind] for kind in KINDS},
            "created": {kind: self.created[kind] for kind in KINDS},
            "updated": {kind: self.updated[kind] for kind in KINDS},
            "unchanged": rest,
        }


@transaction.atomic
def load_structure(
    *, rows: Sequence[StructureRow], under: str, by: User | None, dry_run: bool = False
) -> Loaded:
    """Write what the rows say below the street or community with code `under`.

    ValidationError lists every fault with its line; then, and on a dry run, nothing is written.
    """
    known = communities_under(under)
    ids = [community.pk for community in known]
    list(OrgUnit.objects.select_for_update().filter(pk__in=ids))
    grids = {(one.community_id, one.name): one for one in Grid.objects.filter(community__in=ids)}
    compounds = _compounds_of(ids)
    buildings = _buildings_of(ids)
    plan = make_plan(rows, known, under, grids, compounds)
    plan.problems += conflicts(plan, grids, compounds, buildings)
    if plan.problems:
        raise ValidationError(plan.shown_problems())

    loaded = Loaded()
    loaded.totals["communities"] = len(plan.communities)
    _write_grids(plan, grids, loaded, by)
    _write_compounds(plan, compounds, loaded)
    _write_buildings(plan, grids, compounds, buildings, loaded)
    _write_entrances(plan, compounds, buildings, loaded)
    counts = {kind: loaded.created[kind] for kind in KINDS}
    record(
        by=by, action="grid.load_structure", target=Grid, street=known[0].get_root().pk,
        detail={"under": under, "created": counts},
    )  # fmt: skip
    if dry_run:
        transaction.set_rollback(True)
    return loaded


def _compounds_of(communities: list[int]) -> Compounds:
    """Compounds of the communities by their names and by their aliases."""
    rows = Compound.objects.filter(community__in=communities)
    return {(one.community_id, name): one for one in rows for name in (*one.aliases, one.name)}


def _buildings_of(communities: list[int]) -> Buildings:
    rows = Building.objects.filter(compound__community__in=communities).select_related("grid")
    return {(one.compound_id, one.name): one for one in rows}


def _write_grids(plan: Plan, grids: Grids, loaded: Loaded, by: User | None) -> None:
    for key in plan.grids:
        loaded.totals["grids"] += 1
        if key in grids:
            continue
        community = plan.communities[key[0]]
        serial = serial_in(key[1])
        if serial is not None and not free_serial(community, serial):
            serial = None
        sibling = Grid.objects.filter(street=community.get_root()).exclude(team_template=None)
        usual = sibling.order_by("-id").first()
        grids[key] = create_grid(
            community=community, name=key[1], serial=serial, by=by,
            team_template=usual.team_template if usual else None,
        )  # fmt: skip
        loaded.created["grids"] += 1


def _write_compounds(plan: Plan, compounds: Compounds, loaded: Loaded) -> None:
    wanted = dict.fromkeys((community, compound) for community, compound, _ in plan.buildings)
    loaded.totals["compounds"] = len(wanted)
    new = [Compound(community_id=key[0], name=key[1]) for key in wanted if key not in compounds]
    for compound in Compound.objects.bulk_create(new):
        compounds[compound.community_id, compound.name] = compound
    loaded.created["compounds"] = len(new)


def _write_buildings(
    plan: Plan,
    grids: Grids,
    compounds: Compounds,
    buildings: Buildings,
    loaded: Loaded,
) -> None:
    floors: dict[PlaceKey, int] = {}
    for (place, _unit), row in plan.entrances.items():
        if row.floors:
            floors[place] = max(row.floors, floors.get(place, 0))
    new = []
    for place, (grid_key, _line) in plan.buildings.items():
        estate, grid = compounds[place[:2]], grids[grid_key]
        if (estate.pk, place[2]) not in buildings:
            new.append(
                Building(
                    compound=estate,
                    grid=grid,
                    name=place[2],
                    floors=floors.get(place),
                    sort_key=natural_key(place[2])[:SORT_KEY_LENGTH],
                    district_id=grid.district_id,
                    street_id=grid.street_id,
                    community_id=grid.community_id,
                )
            )
    for building in Building.objects.bulk_create(new, batch_size=500):
        buildings[building.compound_id, building.name] = building
    loaded.totals["buildings"], loaded.created["buildings"] = len(plan.buildings), len(new)


def _write_entrances(
    plan: Plan,
    compounds: Compounds,
    buildings: Buildings,
    loaded: Loaded,
) -> None:
    known = {
        (one.building_id, one.name): one
        for one in Entrance.objects.filter(building__compound__community__in=plan.communities)
    }
    new: list[Entrance] = []
    changed: list[Entrance] = []
    for (place, unit), row in plan.entrances.items():
        building = buildings[compounds[place[:2]].pk, place[2]]
        entrance = known.get((building.pk, unit))
        if entrance is None:
            new.append(
                Entrance(
                    building=building,
                    name=unit,
                    floors=row.floors,
                    rooms_per_floor=row.rooms_per_floor,
                    sort_key=natural_key(unit)[:ENTRANCE_KEY_LENGTH],
                )
            )
        elif _take_numbers(entrance, row):
            changed.append(entrance)
    Entrance.objects.bulk_create(new, batch_size=500)
    Entrance.objects.bulk_update(changed, ["floors", "rooms_per_floor"], batch_size=500)
    loaded.totals["entrances"] = len(plan.entrances)
    loaded.created["entrances"], loaded.updated["entrances"] = len(new), len(changed)


def _take_numbers(entrance: Entrance, row: StructureRow) -> bool:
    """Copy what the file says; a blank cell never clears. Return whether anything changed."""
    before = (entrance.floors, entrance.rooms_per_floor)
    entrance.floors = row.floors or entrance.floors
    entrance.rooms_per_floor = row.rooms_per_floor or entrance.rooms_per_floor
    return before != (entrance.floors, entrance.rooms_per_floor)
