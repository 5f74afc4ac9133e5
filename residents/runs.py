"""Doors in a row as people write them: 阳光花园1栋1单元101–602（12 户）."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from grids.doors import NO_UNIT
from residents.models import Household


@dataclass(frozen=True)
class Run:
    """Neighbouring doors of one entrance, from the first to the last in the list."""

    place: str
    first: str
    last: str
    count: int

    def __str__(self) -> str:
        if self.count == 1:
            return f"{self.place}{self.first}"
        return f"{self.place}{self.first}–{self.last}（{self.count} 户）"


def runs_of(households: Iterable[Household]) -> list[Run]:
    """Return the entrances these households (in door order) lie in, with first and last room."""
    found = []
    for place, rows in groupby(households, _place):
        rooms = [row.room or "未填房号" for row in rows]
        found.append(Run(place, rooms[0], rooms[-1], len(rooms)))
    return found


def _place(household: Household) -> str:
    unit = household.entrance.name if household.entrance else ""
    return f"{household.building}{'' if unit == NO_UNIT else unit}"
