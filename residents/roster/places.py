"""Which building of the register a row means. The register is behind a small protocol."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from gridparty.lib.text import squash
from grids.doors import NO_UNIT, Door
from grids.locate import base_name
from residents.roster.issues import ERROR, WARN, Problem

_TAIL = re.compile(r"(?:住宅)?(?:小区|社区|院)$")
_LAST_NUMBER = re.compile(r"([0-9]+)(?=[^0-9]*$)")


@dataclass(frozen=True, slots=True)
class Place:
    """One building of the register. `units` maps a unit label to its key (0 where unknown).

    `is_open` False: it exists, but lies outside the grids of the person who imports.
    """

    key: int
    compound: str
    building: str
    grid: str
    community: str
    grid_code: str = ""
    compound_aliases: tuple[str, ...] = ()
    units: Mapping[str, int] = field(default_factory=dict)
    community_aliases: tuple[str, ...] = ()
    is_open: bool = True

    def unit_meant(self, unit: str) -> str:
        """The registered unit: a building's only one also stands for "no unit" and blank."""
        if len(self.units) == 1 and unit in ("", NO_UNIT):
            return next(iter(self.units))
        return unit

    @property
    def community_names(self) -> set[str]:
        """Own names of the community (耕云), without 社区, 居民委员会, 党委."""
        return {base_name(name) for name in (self.community, *self.community_aliases)}


class Found(NamedTuple):
    """The outcome of a look-up: the place, or an error; warnings name the field they concern."""

    place: Place | None
    problems: tuple[tuple[str, Problem], ...] = ()


class Places:
    """The buildings one import may write to, found by what a row says about them."""

    def __init__(self, places: Iterable[Place], above: Iterable[str] = ()) -> None:
        """Take the buildings, and the names of the street above them.

        Where a street is called 社区 (海恒社区), sheets write it into the community column.
        """
        self._all = list(places)
        self._above = {base_name(name) for name in above}
        self._by_building: dict[str, list[Place]] = defaultdict(list)
        for place in self._all:
            self._by_building[place.building].append(place)
        self._seen: dict[tuple[str, str, str, str, str], Found] = {}

    def __len__(self) -> int:
        return len(self._all)

    @cached_property
    def _compounds(self) -> dict[str, set[str]]:
        """Every spelling of a compound → its proper names."""
        found: dict[str, set[str]] = defaultdict(set)
        for place in self._all:
            for spelling in (place.compound, *place.compound_aliases):
                found[squash(spelling)].add(place.compound)
                found[_TAIL.sub("", squash(spelling))].add(place.compound)
        return found

    @cached_property
    def _communities(self) -> set[str]:
        return {name for place in self._all for name in place.community_names}

    def find(self, community: str, grid: str, door: Door) -> Found:
        """Find the building of a row by compound and label; community and grid narrow it down."""
        key = (community, grid, door.compound, door.building, door.unit)
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = self._find(community, grid, door)
        return found

    def _find(self, community: str, grid: str, door: Door) -> Found:
        if not door.building:
            return _refuse("building", "bld_missing", "缺少楼栋，不知道住在哪里")
        wanted = base_name(community) if community else ""
        wanted = "" if wanted in self._above else wanted
        if wanted and wanted not in self._communities:
            return _refuse("community", "community_unknown", "所属社区不在本次导入范围内")
        names = self._compound_names(door.compound)
        labels: Iterable[str] = (door.building, f"{door.compound}{door.building}")
        if door.compound and not names:
            names, labels = self._part_of(door)
        if door.compound and not names:
            return _refuse("compound", "compound_unknown", "小区不在本次导入范围内，请先登记小区")
        candidates = [
            place
            for label in labels
            for place in self._by_building.get(label, ())
            if (not names or place.compound in names)
            and (not wanted or wanted in place.community_names)
        ]
        if len(candidates) > 1 and grid:
            candidates = [one for one in candidates if is_same_grid(grid, one)] or candidates
        if not candidates:
            return _refuse("building", "bld_unknown", "没有这个楼栋，请先登记楼栋或改正楼栋号")
        if len({one.key for one in candidates}) > 1:
            return _refuse("building", "bld_ambiguous", "有几个同名楼栋，请写明小区")
        if not candidates[0].is_open:
            return _refuse("building", "out_of_scope", "这个楼栋不在您负责的网格内")
        return Found(candidates[0], tuple(_warnings(candidates[0], grid, door)))

    def _part_of(self, door: Door) -> tuple[set[str], list[str]]:
        """A compound written with more around it: 阳光花园二期3栋, 幸福路阳光花园3栋, 东3栋.

        What stands behind a known compound, or a word that is none, may belong to the building.
        """
        word = squash(door.compound)
        for spelling in sorted(self._compounds, key=len, reverse=True):
            if len(spelling) > 1 and word.startswith(spelling):
                return self._compounds[spelling], [f"{word[len(spelling) :]}{door.building}"]
            if len(spelling) > 1 and word.endswith(spelling):
                return self._compounds[spelling], [door.building]
        label = f"{word}{door.building}"
        return {one.compound for one in self._by_building.get(label, ())}, [label]

    def compound_named(self, texts: Iterable[str]) -> str:
        """The one compound these lines (title, sheet name) speak of; "" for none or several."""
        spellings = sorted((one for one in self._compounds if len(one) > 1), key=len, reverse=True)
        found: set[str] = set()
        for text in texts:
            word = squash(text)
            for spelling in spellings:
                if spelling in word:
                    found |= self._compounds[spelling]
                    word = word.replace(spelling, "|")
        return next(iter(found)) if len(found) == 1 else ""

    def _compound_names(self, compound: str) -> set[str]:
        word = squash(compound)
        return self._compounds.get(word) or self._compounds.get(_TAIL.sub("", word)) or set()


def _refuse(name: str, kind: str, message: str) -> Found:
    return Found(None, ((name, Problem(kind, ERROR, message)),))


def _warnings(place: Place, grid: str, door: Door) -> Iterable[tuple[str, Problem]]:
    if grid and not is_same_grid(grid, place):
        yield "grid", Problem("grid_wrong", WARN, f"网格与楼栋不符，已按楼栋归入“{place.grid}”")
    if place.units and place.unit_meant(door.unit) not in place.units:
        if door.unit in ("", NO_UNIT):
            yield "unit", Problem("unit_missing", WARN, "这栋楼分单元，请补填单元")
        else:
            yield "unit", Problem("unit_unknown", WARN, "楼栋里没有登记这个单元，请核对")


def is_same_grid(text: str, place: Place) -> bool:
    """Whether a grid cell means the place's grid: by name, by code, or by its number alone."""
    word = squash(text)
    if word in (squash(place.grid), place.grid_code):
        return True
    mine, theirs = _LAST_NUMBER.search(place.grid), _LAST_NUMBER.search(word)
    if mine is None or theirs is None or int(mine[1]) != int(theirs[1]):
        return False
    # 第1网格 and 001网格 mean the number; 东湖002网格 means another community's.
    before = word[: theirs.start()].removesuffix("第")
    return not before or base_name(before) in place.community_names
