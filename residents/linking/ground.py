"""The ground of an assignment: doors in order, who lives where, who has which door, who has room."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from residents.linking.gaps import Gap
from residents.linking.values import Home, Keeper


class Ground:
    """Doors by building and the links between doors and heads, kept together."""

    def __init__(
        self, homes: Sequence[Home], keepers: Sequence[Keeper], current: Mapping[int, int]
    ) -> None:
        self._doors: dict[int, list[Home]] = defaultdict(list)
        self._rows: dict[int, list[int]] = defaultdict(list)
        self._door_of: dict[int, tuple[int, int]] = {}
        for home in homes:
            doors = self._doors[home.building]
            if not doors:
                self._rows[home.compound].append(home.building)
            self._door_of[home.pk] = (home.building, len(doors))
            doors.append(home)
        self._number = {one: n for row in self._rows.values() for n, one in enumerate(row)}
        self.load = {keeper.pk: keeper.elsewhere for keeper in keepers}
        self._at: dict[int, tuple[int, int]] = {}
        self._living: dict[int, list[int]] = defaultdict(list)
        self._settle(keepers)
        self._owner: dict[int, list[int | None]] = {
            building: [None] * len(doors) for building, doors in self._doors.items()
        }
        self._doors_in: dict[tuple[int, int], int] = defaultdict(int)
        self._free_in = {building: len(doors) for building, doors in self._doors.items()}
        self.free = len(self._door_of)
        for pk, keeper_pk in current.items():
            if pk in self._door_of and keeper_pk in self.load:
                building, place = self._door_of[pk]
                self.take(keeper_pk, building, place, place + 1)

    def _settle(self, keepers: Sequence[Keeper]) -> None:
        for keeper in keepers:
            if keeper.home is not None and keeper.home in self._door_of:
                self._at[keeper.pk] = self._door_of[keeper.home]
        for keeper_pk in sorted(self._at, key=lambda pk: (*self._at[pk], pk)):
            self._living[self._at[keeper_pk][0]].append(keeper_pk)

    # ---- writes ----

    def take(self, keeper: int, building: int, start: int, stop: int) -> None:
        """Give the doors to the head."""
        owner = self._owner[building]
        for place in range(start, stop):
            owner[place] = keeper
        count = stop - start
        self.load[keeper] += count
        self._doors_in[keeper, building] += count
        self._free_in[building] -= count
        self.free -= count

    def release(self, building: int, place: int) -> None:
        keeper = self._owner[building][place]
        assert keeper is not None
        self._owner[building][place] = None
        self.load[keeper] -= 1
        self._doors_in[keeper, building] -= 1
        self._free_in[building] += 1
        self.free += 1

    # ---- reads ----

    def links(self) -> dict[int, int]:
        return {
            home.pk: keeper
            for building, doors in self._doors.items()
            for home, keeper in zip(doors, self._owner[building], strict=True)
            if keeper is not None
        }

    def over(self, limit: int) -> list[int]:
        return [keeper for keeper, load in self.load.items() if load > limit]

    def room(self, keeper: int | None, cap: int) -> int:
        return 0 if keeper is None else max(0, cap - self.load[keeper])

    def has_door_in(self, keeper: int, building: int) -> bool:
        return self._doors_in.get((keeper, building), 0) > 0

    def doors_of(self, keeper: int) -> list[tuple[int, int]]:
        """The head's doors, those nearest to home first: same building, then along the doors."""
        at = self._at.get(keeper)
        mine = [
            (building, place)
            for (one, building), count in self._doors_in.items()
            if one == keeper and count
            for place, owner in enumerate(self._owner[building])
            if owner == keeper
        ]
        if at is None:
            return sorted(mine)
        return sorted(
            mine, key=lambda door: (door[0] != at[0], door[0], abs(door[1] - at[1]), door)
        )

    def buildings_with_gaps(self) -> list[int]:
        return [building for building, free in self._free_in.items() if free]

    def gaps(self, building: int, *, by_entrance: bool) -> Iterator[Gap]:
        """Yield the runs of doors without a head, cut at entrances when asked to."""
        doors, owner = self._doors[building], self._owner[building]
        place, end = 0, len(doors)
        while place < end:
            if owner[place] is not None:
                place += 1
                continue
            start, unit = place, doors[place].unit
            while place < end and owner[place] is None:
                if by_entrance and doors[place].unit != unit:
                    break
                place += 1
            yield Gap(building, unit, start, place)

    def sides(self, gap: Gap, cap: int, *, same_entrance: bool) -> tuple[int | None, int | None]:
        """Return the heads of the doors just before and behind the gap who have room (or None).

        One head is only one side: making a run longer never splits it.
        """
        left = self._beside(gap, gap.start - 1, cap, same_entrance)
        right = self._beside(gap, gap.stop, cap, same_entrance)
        return left, right if right != left else None

    def _beside(self, gap: Gap, place: int, cap: int, same_entrance: bool) -> int | None:
        doors = self._doors[gap.building]
        if not 0 <= place < len(doors) or (same_entrance and doors[place].unit != gap.unit):
            return None
        keeper = self._owner[gap.building][place]
        return keeper if self.room(keeper, cap) else None

    def place_in(self, gap: Gap, keeper: int) -> int | None:
        """The head's own door, when it lies in the gap's building."""
        at = self._at.get(keeper)
        return at[1] if at is not None and at[0] == gap.building else None

    def living_in(self, building: int) -> list[int]:
        return self._living.get(building, [])

    def living_in_entrance(self, building: int, unit: int) -> list[int]:
        doors = self._doors[building]
        return [one for one in self.living_in(building) if doors[self._at[one][1]].unit == unit]

    def living_near(self, building: int, distance: int | None) -> list[int]:
        """Heads of the other buildings of the compound, nearest building first."""
        row = self._rows[self._doors[building][0].compound]
        here = self._number[building]
        others = sorted((abs(n - here), n) for n in range(len(row)) if n != here)
        return [
            keeper
            for far, n in others
            if distance is None or far <= distance
            for keeper in self.living_in(row[n])
        ]
