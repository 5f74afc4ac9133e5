"""Red corridor heads of a grid: ten neighbouring homes each, terms of two years, some in the making."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from gridparty.demo.bulk import insert
from gridparty.demo.families import VACANT
from gridparty.demo.registers import Home, Living
from grids.models import Grid
from orgs.divisions.bulk import new_ids
from residents.headship import Background, HeadState
from residents.models import CorridorHead, HeadContact, HeadEvent, LinkedHousehold
from residents.services.heads import years_later

HOMES_PER_HEAD = 10
# One head in nine has said yes and waits for the branch; his homes have nobody yet.
_NINTH, _WAITING = 9, 7
_STEPS = (("nominate", 40), ("consent", 32), ("approve", 20), ("publish", 14), ("take_up", 0))


@dataclass(slots=True)
class Run:
    """Ten homes and who of them keeps in touch with the others."""

    number: int
    head: Living
    homes: list[Home]

    @property
    def is_waiting(self) -> bool:
        return self.number % _NINTH == _WAITING

    def began(self, today: date) -> date:
        """Terms began over the last two years, so that some end soon."""
        return today - timedelta(days=100 + self.number * 89 % 620)


def write_heads(
    grid: Grid, homes: list[Home], living: list[Living], today: date, most: int | None = None
) -> int:
    """Give every ten neighbouring homes a corridor head who lives in one of them.

    With `most`, so many at the most, all of them serving. Returns how many serve.
    """
    runs = list(_runs(homes, living))
    if most is not None:
        runs = [replace(run, number=run.number * _NINTH) for run in runs[:most]]
    ids = dict(zip((run.head.pk for run in runs), new_ids(CorridorHead, len(runs)), strict=True))
    serving = [run for run in runs if not run.is_waiting]
    _write_persons(grid, runs, ids, today)
    insert(
        LinkedHousehold,
        ("head_id", "household_id", "start"),
        ((run.head.pk, home.pk, _day(run.began(today))) for run in serving for home in run.homes),
    )
    insert(HeadEvent, ("head_id", "move", "on"), _events(runs, ids, today))
    insert(HeadContact, ("head_id", "household_id", "on", "how"), _contacts(serving, ids, today))
    return len(serving)


def _runs(homes: list[Home], living: list[Living]) -> Iterator[Run]:
    candidates: dict[int, Living] = {}
    for one in living:
        if 28 <= one.member.age <= 72 and one.is_settled:
            candidates.setdefault(one.home.pk, one)
    occupied = [home for home in homes if home.family.occupancy != VACANT]
    for number, start in enumerate(range(0, len(occupied), HOMES_PER_HEAD)):
        run = occupied[start : start + HOMES_PER_HEAD]
        head = next((candidates[home.pk] for home in run if home.pk in candidates), None)
        if head is not None:
            yield Run(number, head, run)


def _write_persons(grid: Grid, runs: list[Run], ids: dict[int, int], today: date) -> None:
    scope = (grid.district_id, grid.street_id, grid.community_id, grid.pk)
    rows: list[tuple[Any, ...]] = []
    for run in runs:
        head, start = run.head, run.began(today)
        background = Background.COMMUNITY_MEMBER if head.party else Background.RESIDENT
        facts: tuple[Any, ...] = (HeadState.SERVING.value, start, years_later(start, 2), True)
        if run.is_waiting:
            facts = (HeadState.CONSENTED.value, None, None, False)
        state, begin, end, shown = facts
        nominated = today - timedelta(days=6) if run.is_waiting else start - timedelta(days=40)
        rows.append(
            (
                ids[head.pk], head.pk, *scope, head.home.building.pk, background.value, state,
                _day(nominated), _day(begin), _day(end), shown,
            )
        )  # fmt: skip
    columns = (
        "id", "person_id", "district_id", "street_id", "community_id", "grid_id", "building_id",
        "background", "state", "nominated_on", "start", "term_end", "shows_phone",
    )  # fmt: skip
    insert(CorridorHead, columns, rows)


def _events(runs: list[Run], ids: dict[int, int], today: date) -> Iterator[tuple[Any, ...]]:
    for run in runs:
        steps = (("nominate", 6), ("consent", 3)) if run.is_waiting else _STEPS
        last = today if run.is_waiting else run.began(today)
        for move, days in steps:
            yield ids[run.head.pk], move, _day(last - timedelta(days=days))


def _contacts(serving: list[Run], ids: dict[int, int], today: date) -> Iterator[tuple[Any, ...]]:
    """Two of three homes have been spoken to lately."""
    hows = HeadContact.How.values
    for run in serving:
        for place, home in enumerate(run.homes):
            if (run.number + place) % 3:
                on = today - timedelta(days=1 + (run.number * 7 + place * 5) % 70)
                yield ids[run.head.pk], home.pk, _day(on), hows[place % len(hows)]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
