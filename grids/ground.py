"""What other apps know about the ground: registries filled from each app's `ground.py`.

A map layer colours grids by something counted above this app; a division effect says what a new
division of a community does to rows above; a door answer says who else was responsible for a door;
a grid panel is a section of the grid's page.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.module_loading import autodiscover_modules

from grids.models import Building, Grid
from grids.querysets import GridQuerySet


@dataclass(frozen=True)
class Shade:
    """A grid's value in a layer: level (green | yellow | red | grey), words, and the list behind.

    `legend` is what the colour means for all grids of it, where `text` counts something.
    """

    level: str
    text: str
    url: str = ""
    legend: str = ""


@dataclass(frozen=True)
class Layer:
    """A way to colour the map. `shade(grids, user)` returns Shades by grid id, in few queries."""

    code: str
    label: str
    shade: Callable[[GridQuerySet, Any], dict[int, Shade]]
    shown_to: Callable[[Any], bool]


@dataclass(frozen=True)
class Shift:
    """Buildings that change hands in a division: ids by the grid they leave, and where they go."""

    source: Grid
    target: Grid
    buildings: tuple[int, ...]
    closes_source: bool = False


@dataclass(frozen=True)
class Effect:
    """What a division does to one kind of rows: how many, and the first few in words."""

    label: str
    count: int
    unit: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class DoorQuestion:
    """A door on a day: `unit` and `room` may be ""."""

    building: Building
    unit: str
    room: str
    day: date
    user: Any


@dataclass(frozen=True)
class DoorAnswer:
    label: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class GridPanel:
    """A section of a grid's page: a template, and the facts it shows as `panel.facts`."""

    template: str
    facts: dict[str, Any] = field(default_factory=dict)


_layers: dict[str, Layer] = {}
_effects: list[Callable[[Iterable[Shift], Any], list[Effect]]] = []
_answers: list[Callable[[DoorQuestion], list[DoorAnswer]]] = []
_panels: list[Callable[[Grid, Any], GridPanel | None]] = []


def map_layer(
    code: str, label: str, *, shown_to: Callable[[Any], bool] = lambda user: True
) -> Callable[[Any], Any]:
    """Register the decorated `shade(grids, user)` as a layer of the map."""

    def register(shade: Any) -> Any:
        _layers[code] = Layer(code, label, shade, shown_to)
        return shade

    return register


def division_effect(provider: Any) -> Any:
    """Register `provider(shifts, user)`: what moves above when buildings change grids."""
    _effects.append(provider)
    return provider


def door_answer(provider: Any) -> Any:
    """Register `provider(question)`: who else was responsible for the door on that day."""
    _answers.append(provider)
    return provider


def grid_panel(provider: Any) -> Any:
    """Register `provider(grid, user)`: a section of the grid's page, or None for this user."""
    _panels.append(provider)
    return provider


def layers_for(user: Any) -> list[Layer]:
    autodiscover_modules("ground")
    return [layer for layer in _layers.values() if layer.shown_to(user)]


def effects_of(shifts: Iterable[Shift], user: Any) -> list[Effect]:
    autodiscover_modules("ground")
    known = list(shifts)
    return [effect for provider in _effects for effect in provider(known, user)]


def answers_for(question: DoorQuestion) -> list[DoorAnswer]:
    autodiscover_modules("ground")
    return [answer for provider in _answers for answer in provider(question)]


def panels_of_grid(grid: Grid, user: Any) -> list[GridPanel]:
    autodiscover_modules("ground")
    built = (provider(grid, user) for provider in _panels)
    return [panel for panel in built if panel is not None]
