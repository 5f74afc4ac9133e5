"""Finding the grids of many addresses in one street: its estates and buildings are read once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from gridparty.lib.text import squash
from grids.catalog import GridStatus
from grids.doors import parse_address
from grids.models import Building, Grid
from orgs.models import OrgUnit

# A shorter name would be found in half of all addresses.
SHORTEST_NAME = 2


@dataclass(frozen=True)
class Found:
    """Where an address lies; `grid_id` None when that cannot be told, then `problem` says why."""

    grid_id: int | None = None
    building_id: int | None = None
    problem: str = ""


@dataclass(frozen=True)
class _Estate:
    pk: int
    community_id: int
    names: tuple[str, ...]


class AddressBook:
    """The estates, buildings and communities of one street, for any number of addresses."""

    def __init__(self, street: OrgUnit) -> None:
        self._estates: dict[int, _Estate] = {}
        self._doors: dict[int, dict[str, list[tuple[int, int]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        rows = Building.objects.filter(street=street).exclude(grid__status=GridStatus.CLOSED)
        for pk, name, grid_id, estate, called, aliases, community in rows.values_list(
            "pk", "name", "grid_id", "compound_id", "compound__name", "compound__aliases",
            "community_id",
        ):  # fmt: skip
            self._doors[estate][name].append((pk, grid_id))
            if estate not in self._estates:
                names = tuple(_usable([called, *(aliases or [])]))
                self._estates[estate] = _Estate(estate, community, names)
        self._communities = _communities(street)

    def find(self, *texts: str) -> Found:
        """Return the place the first of `texts` names; the refusal is about the first one (地点)."""
        tried = [
            self._find(text) if squash(text) else Found(problem="没有写地点。") for text in texts
        ]
        return next((found for found in tried if found.grid_id is not None), tried[0])

    def _find(self, text: str) -> Found:
        word = squash(text)
        estates = self._named(word)
        if not estates:
            return self._community_of(word)
        if len(estates) > 1:
            return Found(problem="有几个同名小区，请选择网格。")
        doors = self._doors[estates[0].pk]
        name = parse_address(text).building
        at_door = doors.get(name, []) or doors.get(self._label(name), [])
        if len(at_door) == 1:
            return Found(at_door[0][1], at_door[0][0])
        grids = {grid for found in doors.values() for _, grid in found}
        if len(grids) == 1:
            return Found(grids.pop())
        return Found(problem="小区分属几个网格，地点里没有认出楼栋。")

    @staticmethod
    def _label(name: str) -> str:
        return name.removesuffix("栋")

    def _named(self, word: str) -> list[_Estate]:
        """Return the estates of the longest name in the text, narrowed by the community it names."""
        hits = [
            (len(name), estate)
            for estate in self._estates.values()
            for name in estate.names
            if name in word
        ]
        longest = max((length for length, _ in hits), default=0)
        best = list({one.pk: one for length, one in hits if length == longest}.values())
        if len(best) > 1:
            said = {pk for pk, name, _ in self._communities if name in word}
            best = [one for one in best if one.community_id in said] or best
        return best

    def _community_of(self, word: str) -> Found:
        """Return the only grid of the community the text names."""
        grids = [grids for _, name, grids in self._communities if name in word]
        if len(grids) == 1 and len(grids[0]) == 1:
            return Found(grids[0][0])
        if grids:
            return Found(problem="只认出社区，没有认出小区和楼栋。")
        return Found(problem="地点里没有认出本街道的小区。")


def _usable(names: Iterable[str]) -> list[str]:
    return [squash(name) for name in names if len(squash(name)) >= SHORTEST_NAME]


def _communities(street: OrgUnit) -> list[tuple[int, str, list[int]]]:
    """Return (id, 幸福社区, ids of its grids) of each community with a region."""
    grids: dict[int, list[int]] = defaultdict(list)
    names: dict[int, str] = {}
    rows = Grid.objects.filter(street=street).exclude(status=GridStatus.CLOSED)
    for pk, community, name in rows.values_list("pk", "community_id", "community__region__name"):
        grids[community].append(pk)
        names[community] = squash(name or "")
    return [(pk, name, grids[pk]) for pk, name in names.items() if len(name) >= SHORTEST_NAME]
