"""How complete the teams are (齐配率), and the team as a card: slots with who fills them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from grids.models import Grid, GridTeamMember, TeamSlot


@dataclass(frozen=True)
class Completeness:
    """Filled mandatory places and how many there are; no template means nothing is asked."""

    filled: int
    needed: int

    @property
    def rate(self) -> float | None:
        """Share of mandatory places filled, 0–1; None when the template asks for nobody."""
        return self.filled / self.needed if self.needed else None

    @property
    def is_complete(self) -> bool:
        return bool(self.needed) and self.filled >= self.needed

    @property
    def level(self) -> str:
        """The light: green complete, yellow somebody missing, grey without a template."""
        if not self.needed:
            return "grey"
        return "green" if self.is_complete else "yellow"

    @property
    def label(self) -> str:
        if not self.needed:
            return "未定模式"
        return "齐备" if self.is_complete else f"缺 {self.needed - self.filled} 人"


@dataclass
class SlotCard:
    """One slot of a grid's team on a day."""

    slot: TeamSlot
    members: list[GridTeamMember] = field(default_factory=list)

    @property
    def missing(self) -> int:
        return max(0, self.slot.minimum - len(self.members))

    @property
    def has_room(self) -> bool:
        return self.slot.maximum is None or len(self.members) < self.slot.maximum


def team_completeness(grid: Grid, day: date) -> Completeness:
    """Return how many of the mandatory places of the grid's template are filled on `day`."""
    return completeness_of([grid], day)[grid.pk]


def completeness_of(grids: Iterable[Grid], day: date) -> dict[int, Completeness]:
    """Return the completeness of every grid by its id, in two queries."""
    rows = list(grids)
    slots: dict[int | None, list[TeamSlot]] = defaultdict(list)
    templates = {grid.team_template_id for grid in rows}
    for slot in TeamSlot.objects.filter(template__in=templates, minimum__gt=0):
        slots[slot.template_id].append(slot)
    serving: dict[tuple[int, int], int] = defaultdict(int)
    team = GridTeamMember.objects.serving_on(day).filter(grid__in=[grid.pk for grid in rows])
    for grid_id, slot_id in team.values_list("grid_id", "slot_id"):
        serving[grid_id, slot_id] += 1
    return {
        grid.pk: Completeness(
            filled=sum(
                min(serving[grid.pk, slot.pk], slot.minimum)
                for slot in slots[grid.team_template_id]
            ),
            needed=sum(slot.minimum for slot in slots[grid.team_template_id]),
        )
        for grid in rows
    }


@dataclass(frozen=True)
class Vacancy:
    """One mandatory place of a grid's team that nobody fills."""

    grid: Grid
    slot: TeamSlot


def vacancies_of(grids: Iterable[Grid], day: date) -> list[Vacancy]:
    """Return every empty mandatory place, grid by grid in the order of the slots; two queries.

    As many as needed minus filled over `completeness_of` the same grids: list and rate agree.
    """
    rows = list(grids)
    slots: dict[int | None, list[TeamSlot]] = defaultdict(list)
    templates = {grid.team_template_id for grid in rows}
    for slot in TeamSlot.objects.filter(template__in=templates, minimum__gt=0).order_by("order"):
        slots[slot.template_id].append(slot)
    team = GridTeamMember.objects.serving_on(day).filter(grid__in=[grid.pk for grid in rows])
    serving = Counter(team.values_list("grid_id", "slot_id"))
    return [
        Vacancy(grid, slot)
        for grid in rows
        for slot in slots[grid.team_template_id]
        for _ in range(slot.minimum - serving[grid.pk, slot.pk])
    ]


def team_card(grid: Grid, day: date) -> list[SlotCard]:
    """Return the slots of the grid's template in order, each with who serves in it on `day`.

    People in slots of a former template come last, so that nobody who serves is hidden.
    """
    cards: dict[int, SlotCard] = {}
    if grid.team_template is not None:
        cards = {slot.pk: SlotCard(slot) for slot in grid.team_template.slots.order_by("order")}
    for member in GridTeamMember.objects.serving_on(day).in_grids([grid.pk]):
        cards.setdefault(member.slot_id, SlotCard(member.slot)).members.append(member)
    return list(cards.values())
