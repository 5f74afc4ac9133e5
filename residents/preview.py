"""What an assignment would change, in words: who gains and who gives up which doors."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from orgs.models import Person
from residents.assigning import CHUNK, Proposal
from residents.linking.values import HARD, HIGH, LOW, histogram
from residents.models import Household
from residents.runs import Run, runs_of


@dataclass
class HeadLine:
    """One head: households before and after, and the runs gained and given up."""

    name: str
    before: int
    after: int
    gained: list[Run] = field(default_factory=list)
    given_up: list[Run] = field(default_factory=list)

    @property
    def warning(self) -> str:
        if self.after > HIGH:
            return f"超过 {HIGH} 户"
        return f"不到 {LOW} 户" if self.after < LOW else ""


@dataclass(frozen=True)
class LoadBar:
    """Heads with so many households, before and after."""

    load: int
    before: int
    after: int
    most: int
    usual: bool


@dataclass(frozen=True)
class Preview:
    lines: list[HeadLine]
    bars: list[LoadBar]
    uncovered: list[Run]
    idle: list[str]
    hard: int = HARD


def preview_of(proposal: Proposal) -> Preview:
    """Return the proposal as the page shows it; room numbers stand on every door already."""
    plan = proposal.plan
    gains: dict[int, list[int]] = defaultdict(list)
    losses: dict[int, list[int]] = defaultdict(list)
    for change in plan.changes:
        if change.after is not None:
            gains[change.after].append(change.home)
        if change.before is not None:
            losses[change.before].append(change.home)
    homes = _homes([change.home for change in plan.changes] + list(plan.uncovered))
    names = _names(set(gains) | set(losses) | set(plan.loads))
    lines = [
        HeadLine(
            name=names.get(head, "（已离任）"),
            before=proposal.loads_before.get(head, len(losses[head])),
            after=plan.loads.get(head, 0),
            gained=runs_of(homes[pk] for pk in gains[head]),
            given_up=runs_of(homes[pk] for pk in losses[head]),
        )
        for head in sorted(set(gains) | set(losses), key=_place(gains, losses, homes))
    ]
    return Preview(
        lines=lines,
        bars=_bars(proposal.loads_before, plan.loads),
        uncovered=runs_of(homes[pk] for pk in plan.uncovered),
        idle=[names[head] for head, load in plan.loads.items() if not load],
    )


def _homes(ids: list[int]) -> dict[int, Household]:
    found: dict[int, Household] = {}
    rows = Household.objects.select_related("building__compound", "entrance")
    for start in range(0, len(ids), CHUNK):
        found |= rows.in_bulk(ids[start : start + CHUNK])
    return found


def _names(ids: Iterable[int]) -> dict[int, str]:
    wanted = list(ids)
    found: dict[int, str] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = Person.objects.filter(pk__in=wanted[start : start + CHUNK])
        found |= dict(rows.values_list("pk", "name"))
    return found


def _place(
    gains: Mapping[int, list[int]], losses: Mapping[int, list[int]], homes: Mapping[int, Household]
) -> Any:
    """Heads in the order of the doors they gain, or give up."""
    return lambda head: homes[(gains.get(head) or losses[head])[0]].sort_key


def _bars(before: Mapping[int, int], after: Mapping[int, int]) -> list[LoadBar]:
    now, then = histogram(before), histogram(after)
    loads = sorted(now.keys() | then.keys())
    most = max([*now.values(), *then.values()], default=1)
    return [
        LoadBar(load, now.get(load, 0), then.get(load, 0), most, LOW <= load <= HIGH)
        for load in loads
    ]
