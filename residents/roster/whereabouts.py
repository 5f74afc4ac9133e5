"""Where a row's person lives: the door cells of a row, read together and looked up once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from gridparty.lib.text import clean_text, is_blank_word
from grids.doors import LOOKS_LIKE_DATE, NO_UNIT, Door, join_door, parse_address, parse_room
from grids.doorwords import ROMAN
from residents.roster.issues import ERROR, WARN, Problem
from residents.roster.places import Place, Places
from residents.roster.sheets import Cell
from residents.roster.values import DATE_CELL

DOOR_FIELDS = ("community", "grid", "compound", "building", "unit", "floor", "room", "address")
# In `beyond`: the compound a title names in passing; asked only where a building is ambiguous.
NAMED = "named"
DOOR_MISSING = Problem("door_missing", ERROR, "缺少楼栋和房号，不知道住在哪里")
MAX_ROOM = 40
ROOM_OVERLONG = Problem("room_overlong", ERROR, f"房号超过 {MAX_ROOM} 字，请核对")
ROOM_MISSING = Problem("room_missing", WARN, "缺少房号，请补填")
_SECTION_LABEL = re.compile(r"^(?:楼栋号?|楼号|幢号|栋号|小区|单元)[:：]")
_LONGEST_SECTION = 30
_FLOOR = re.compile(r"(?:第)?(-?[0-9]{1,2})[层楼F]?")
_SHORT_ROOM = re.compile(r"[0-9]{1,2}")


class Where(NamedTuple):
    """A door with its building, and what there is to say about both."""

    place: Place | None
    door: Door
    is_blank: bool
    problems: tuple[tuple[str, Problem], ...]


def door_text(cell: Cell) -> str:
    """A door cell as text; "not given" words are blank, except 无, which a unit may really be."""
    text = clean_text(cell.translate(ROMAN) if isinstance(cell, str) else cell)
    return text if text == NO_UNIT or not is_blank_word(text) else ""


def find_door(
    cells: tuple[Cell, ...], places: Places, texts: Mapping[Cell, str], beyond: Mapping[str, str]
) -> Where:
    """Read the door cells of a row (in the order of DOOR_FIELDS) and find the building.

    `beyond` is what the sheet's name, its title or a section line says for all its rows.
    """
    community, grid, compound, building, unit, floor, room, address = [texts[one] for one in cells]
    problems = [
        (name, _date_cell(cell))
        for name, cell in zip(DOOR_FIELDS, cells, strict=True)
        if isinstance(cell, date)
    ]
    if problems:
        return Where(None, Door(raw=building), False, tuple(problems))
    is_blank = not (building or unit or room or address)
    room = _on_floor(floor, room)
    if address and not (building and room):
        whole = parse_address(address)
        door = join_door(
            compound or whole.compound or beyond.get("compound", ""),
            building or whole.building or beyond.get("building", ""),
            unit or whole.unit or beyond.get("unit", ""),
            room or whole.room,
        )
        problems += [("address", door_problem(text)) for text in whole.problems]
    else:
        if not building and not parse_room(room).building:
            building = beyond.get("building", "")
        door = join_door(compound, building, unit, room)
        estate, entrance = beyond.get("compound", ""), beyond.get("unit", "")
        if (estate and not door.compound) or (entrance and not door.unit):
            door = replace(door, compound=door.compound or estate, unit=door.unit or entrance)
    field = "room" if room else "address"
    problems += [(field, door_problem(text)) for text in door.problems]
    if is_blank:
        return Where(None, door, True, (("building", DOOR_MISSING),))
    found = places.find(community, grid, door)
    if found.place is None and beyond.get(NAMED) and found.problems[0][1].kind == "bld_ambiguous":
        again = replace(door, compound=beyond[NAMED])
        elsewhere = places.find(community, grid, again)
        if elsewhere.place is not None:
            found, door = elsewhere, again
    problems += found.problems
    if not door.room:
        problems.append((field, ROOM_MISSING))
    elif len(door.room) > MAX_ROOM:
        problems.append((field, ROOM_OVERLONG))
    if _repeats_building(door, found.place):
        # 3-501 in the room column of building 3, which has no unit 3.
        door = replace(door, unit="")
        problems = [one for one in problems if one[1].kind != "unit_unknown"]
    meant = found.place.unit_meant(door.unit) if found.place else door.unit
    if meant != door.unit:
        door = replace(door, unit=meant)
    return Where(found.place, door, False, tuple(problems))


def section_door(cells: Sequence[Cell]) -> dict[str, str]:
    """The door a section line opens (3栋, 楼栋：3栋, 阳光花园3栋2单元); {} when it names none."""
    words = [clean_text(cell) for cell in cells if cell != ""]
    text = "".join(dict.fromkeys(_SECTION_LABEL.sub("", word) for word in words))
    if not text or len(text) > _LONGEST_SECTION:
        return {}
    door = parse_address(text)
    if not door.building.endswith("栋") or door.room:
        return {}
    parts = {"compound": door.compound, "building": door.building, "unit": door.unit}
    return {name: part for name, part in parts.items() if part and part != NO_UNIT}


def _on_floor(floor: str, room: str) -> str:
    """A room number that starts again on every floor gets the floor in front: 5 层 02 → 502."""
    found = _FLOOR.fullmatch(floor.upper()) if floor else None
    if found and _SHORT_ROOM.fullmatch(room):
        return f"{found[1]}{int(room):02d}"
    return room


def _repeats_building(door: Door, place: Place | None) -> bool:
    if place is None or not place.units or not door.unit.endswith("单元"):
        return False
    return door.unit not in place.units and f"{door.unit[:-2]}栋" == door.building


def _date_cell(cell: date) -> Problem:
    """A door that Excel took for a date: 3-2 became 3月2日; which door it was is not guessed."""
    said = f"“{cell.month}-{cell.day}”可能被表格改成了日期 {cell.month}月{cell.day}日"
    return DATE_CELL._replace(message=f"{said}，请把该列设为文本后重填")


def door_problem(text: str) -> Problem:
    """A sentence of the door grammar as a finding; a date refuses the row."""
    if text == LOOKS_LIKE_DATE:
        return Problem("date_cell", ERROR, text)
    return Problem("room_unclear", WARN, text)
