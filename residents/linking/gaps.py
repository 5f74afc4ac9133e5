"""A gap (neighbouring doors nobody keeps in touch with) and how it is cut into runs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Side = tuple[int | None, int]
Fresh = tuple[int, int, int | None]


@dataclass(frozen=True, slots=True)
class Gap:
    """Doors `start` to `stop` (exclusive) of a building; `unit` is the entrance of the first."""

    building: int
    unit: int
    start: int
    stop: int

    @property
    def size(self) -> int:
        return self.stop - self.start


def lay_out(
    gap: Gap, *, left: Side, right: Side, fresh: list[Fresh], load: Mapping[int, int]
) -> Iterator[tuple[int, int, int]]:
    """Yield (head, start, stop): the left neighbour's doors, the new runs, the right neighbour's.

    `left` and `right` are (head or None, room); `fresh` are (head, room, own door or None), in the
    order their runs shall have. What nobody has room for stays open in one piece between them.
    """
    sizes = even_shares(gap.size, [room for _, room, _ in fresh])
    ahead, behind = _beside(gap.size - sum(sizes), left, right, load)
    slack = gap.size - sum(sizes) - ahead - behind
    first_half = _split(fresh, sizes, gap.start + ahead, slack)
    if left[0] is not None and ahead:
        yield left[0], gap.start, gap.start + ahead
    begin = gap.start + ahead
    for number, ((keeper, _, _), size) in enumerate(zip(fresh, sizes, strict=True)):
        if number == first_half:
            begin += slack
        if size:
            yield keeper, begin, begin + size
        begin += size
    if right[0] is not None and behind:
        yield right[0], gap.stop - behind, gap.stop


def _split(fresh: list[Fresh], sizes: list[int], begin: int, slack: int) -> int:
    """Return before which run the open doors lie: so that most heads live behind their own doors.

    Otherwise in the middle, where the runs on both sides may still grow.
    """
    if not slack:
        return 0

    def worth(first_half: int) -> tuple[int, int]:
        found, place = 0, begin
        for number, ((_, _, own), size) in enumerate(zip(fresh, sizes, strict=True)):
            place += slack if number == first_half else 0
            found += own is not None and place <= own < place + size
            place += size
        return found, -abs(2 * first_half - len(fresh))

    return max(range(len(fresh) + 1), key=worth)


def even_shares(doors: int, rooms: list[int]) -> list[int]:
    """Return sizes as even as the rooms allow, adding up to `doors` or to all the room there is.

    >>> even_shares(25, [12, 12, 12])
    [9, 8, 8]
    >>> even_shares(20, [12, 4])
    [12, 4]
    """
    shares = [0] * len(rooms)
    left = min(doors, sum(rooms))
    # The smallest rooms first: what does not fit into them is shared by the others.
    order = sorted(range(len(rooms)), key=lambda place: (rooms[place], -place))
    for number, place in enumerate(order):
        shares[place] = min(rooms[place], left // (len(order) - number))
        left -= shares[place]
    return shares


def _beside(doors: int, left: Side, right: Side, load: Mapping[int, int]) -> tuple[int, int]:
    """Share `doors` between the two neighbours, always to the one who carries less."""
    ahead = behind = 0
    for _ in range(min(doors, left[1] + right[1])):
        carries_left = load[left[0]] + ahead if left[0] is not None else 0
        carries_right = load[right[0]] + behind if right[0] is not None else 0
        if ahead < left[1] and (behind >= right[1] or carries_left <= carries_right):
            ahead += 1
        else:
            behind += 1
    return ahead, behind
