"""The buildings an import may write to, read from the register once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from grids.locate import names_of
from grids.models import Building, Entrance
from grids.scope import territory_q
from orgs.models import OrgUnit, User
from orgs.roles import CREATE, Noun
from residents.roster.places import Place, Places


@dataclass(frozen=True, slots=True)
class Home:
    """A building's scope columns, copied to every household in it."""

    compound: str
    building: str
    district_id: str
    street_id: int
    community_id: int
    grid_id: int


@dataclass(frozen=True)
class Register:
    """Where one import may write: the buildings by name and by key, and the communities."""

    places: Places
    homes: dict[int, Home]
    community_ids: tuple[int, ...]
    # Buildings within the area of the user.
    open_buildings: tuple[int, ...]


def load_register(communities: Sequence[OrgUnit], user: User | None = None) -> Register:
    """Read the buildings of these communities; with a user, those outside his area are closed."""
    ids = tuple(sorted(community.pk for community in communities))
    aliases = {community.pk: tuple(sorted(names_of(community))) for community in communities}
    buildings = Building.objects.filter(community_id__in=ids).select_related("compound", "grid")
    is_open = None
    if user is not None:
        reach = territory_q(user, Noun.RESIDENT, CREATE, building="pk")
        is_open = set(buildings.filter(reach).values_list("pk", flat=True))
    units: dict[int, dict[str, int]] = defaultdict(dict)
    entrances = Entrance.objects.filter(building__community_id__in=ids)
    for building_id, name, pk in entrances.values_list("building_id", "name", "pk"):
        units[building_id][name] = pk
    places, homes = [], {}
    for one in buildings:
        community = aliases[one.community_id]
        places.append(
            Place(
                key=one.pk,
                compound=one.compound.name,
                building=one.name,
                grid=one.grid.name,
                community=community[0],
                grid_code=one.grid.code,
                compound_aliases=tuple(one.compound.aliases),
                units=units[one.pk],
                community_aliases=community[1:],
                is_open=is_open is None or one.pk in is_open,
            )
        )
        homes[one.pk] = Home(
            one.compound.name, one.name, one.district_id, one.street_id, one.community_id,
            one.grid_id,
        )  # fmt: skip
    roots = {community.get_root() for community in communities}
    above = {name for root in roots if root.pk not in ids for name in names_of(root)}
    opened = tuple(place.key for place in places if place.is_open)
    return Register(Places(places, above), homes, ids, opened)
