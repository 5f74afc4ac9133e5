"""The row loop: a sheet's cells become `RosterRow`s, skips and issues.

Built for 100,000 rows: what a cell means is worked out once per distinct value (`_Memory`), a
door once per distinct combination of its columns, and issues exist only where something is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

from gridparty.lib.text import clean_text, is_blank_word
from grids.doors import NO_UNIT, Door, join_door, parse_address
from residents.catalog import (
    EDUCATIONS,
    ETHNICITIES,
    GENDERS,
    HEAD,
    ID_KINDS,
    MARRIAGES,
    OTHER_RELATION,
    POLITICS,
    RELATIONS,
    RESIDENCES,
)
from residents.roster.columns import Layout
from residents.roster.dates import read_birth, read_past_date
from residents.roster.identity import read_identity
from residents.roster.issues import ERROR, INFO, WARN, Issue, Problem, column_letter, sample_of
from residents.roster.places import Place, Places
from residents.roster.records import RosterRow, Skip
from residents.roster.sheets import Cell, Sheet
from residents.roster.structure import blank_name_kind, hint_kind, name_cell_kind
from residents.roster.values import (
    DATE_CELL,
    DITTO,
    Reader,
    Reading,
    read_care,
    read_code,
    read_name,
    read_phones,
    read_remark,
    read_yes_no,
    text_reader,
)

DOOR_FIELDS = ("community", "grid", "compound", "building", "unit", "room", "address")
INHERITED = Problem("door_inherited", INFO, "楼栋和房号空白，已按上一行填写")
DOOR_MISSING = Problem("door_missing", ERROR, "缺少楼栋和房号，不知道住在哪里")
MAX_ROOM = 40
ROOM_OVERLONG = Problem("room_overlong", ERROR, f"房号超过 {MAX_ROOM} 字，请核对")
ROOM_MISSING = Problem("room_missing", WARN, "缺少房号，请补填")
LOST = {
    "formula": Problem("formula_no_value", WARN, "公式没有保存结果，读不到值，请粘贴为数值"),
    "error": Problem("cell_error", WARN, "单元格是公式错误（如 #N/A），没有读取"),
}

# What a row says, in the order of the value slots below.
_SLOTS = (
    "household_no", "relation", "gender", "ethnicity", "id_kind", "birth", "political",
    "education", "marriage", "phone", "residence", "registered_address", "care", "volunteer",
    "workplace", "remark", "moved_in",
)  # fmt: skip
_EMPTY: list[Any] = ["", "", "", "", "", None, "", "", "", (), "", "", (), None, "", "", None]
_RELATION, _GENDER, _ID_KIND, _BIRTH = 1, 2, 4, 5


class _Memory(dict[Any, Any]):
    """What each distinct cell means, worked out on first sight."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: Any) -> Any:
        meaning = self[cell] = self._read(cell)
        return meaning


class _Where(NamedTuple):
    """A door with its building, and what there is to say about both."""

    place: Place | None
    door: Door
    is_blank: bool
    problems: tuple[tuple[str, Problem], ...]


class RosterReader:
    """Reads sheets of one file; keeps what it learned about values from sheet to sheet."""

    def __init__(self, *, today: date, places: Places, care: Mapping[str, str]) -> None:
        self.today = today
        self.places = places
        self.rows: list[RosterRow] = []
        self.skips: list[Skip] = []
        self.issues: list[Issue] = []
        self._memories = {name: _Memory(read) for name, read in _readers(care, today).items()}
        self._names = _Memory(_read_name_cell)
        self._texts = _Memory(_door_text)

    def read_sheet(self, sheet: Sheet, layout: Layout) -> None:
        """Read every row below the header, adding to `rows`, `skips` and `issues`.

        The cells of a row are let go once it is read: at 100,000 people they weigh 200 MB.
        """
        columns = layout.columns
        plan = [
            (slot, columns[name], self._memories[name], name)
            for slot, name in enumerate(_SLOTS)
            if name in columns
        ]
        name_column = columns["name"]
        id_column = columns.get("id_number")
        door_cells = _picker([columns.get(name) for name in DOOR_FIELDS])
        wheres = _Memory(partial(self._find_door, sheet_building=layout.sheet_building))
        carried: tuple[_Where, str] | None = None
        previous = list(_EMPTY)
        today = self.today
        for index in range(layout.header_row + 1, len(sheet.rows)):
            cells, sheet.rows[index] = sheet.rows[index], []
            number = index + 1
            name, problem, kind = self._names[cells[name_column]]
            if problem is not None or kind or index <= layout.header_row + 3:
                kind = kind or hint_kind(cells, layout, index)
                if not kind and not name:
                    kind = blank_name_kind(cells, layout)
                if kind:
                    self.skips.append(Skip(sheet.name, number, kind))
                    continue
            rejected = False
            if problem is not None:
                rejected = self._note(layout, cells, number, "name", problem)
            values = list(_EMPTY)
            birth_problem = None
            for slot, column, memory, field in plan:
                cell = cells[column]
                if cell != "":
                    value, problem = memory[cell]
                    values[slot] = value
                    if problem is not None:
                        if problem is DITTO:
                            values[slot] = previous[slot]
                        if slot == _BIRTH:
                            birth_problem = problem
                        else:
                            rejected |= self._note(layout, cells, number, field, problem)
            previous = values
            who = read_identity(
                cells[id_column] if id_column is not None else "",
                values[_ID_KIND],
                values[_BIRTH],
                birth_problem,
                values[_GENDER],
                today,
            )
            for field, problem in who.problems:
                rejected |= self._note(layout, cells, number, field, problem)
            where = wheres[door_cells(cells)]
            if where.is_blank and carried and values[_RELATION] != HEAD and not values[0]:
                where, values[0] = carried
                self._note(layout, cells, number, "building", INHERITED)
            else:
                carried = (where, values[0])
            for field, problem in where.problems:
                rejected |= self._note(layout, cells, number, field, problem)
            row = RosterRow(
                sheet.name, number, where.place, where.door, values[0], name, values[1],
                who.gender, values[3], who.kind, who.number, who.birth, *values[6:],
            )  # fmt: skip
            row.order = len(self.rows)
            row.rejected = rejected
            self.rows.append(row)
            if sheet.lost:
                self._note_lost(sheet, layout, cells, number)

    def _find_door(self, cells: tuple[Cell, ...], sheet_building: str) -> _Where:
        """Read the door columns of a row and find the building."""
        texts = self._texts
        community, grid, compound, building, unit, room, address = [texts[cell] for cell in cells]
        problems = [
            (name, DATE_CELL)
            for name, cell in zip(DOOR_FIELDS, cells, strict=True)
            if isinstance(cell, date)
        ]
        is_blank = not (building or unit or room or address)
        if address and not (building and room):
            whole = parse_address(address)
            door = join_door(
                compound or whole.compound,
                building or whole.building or sheet_building,
                unit or whole.unit,
                room or whole.room,
            )
            problems += [("address", _door_problem(text)) for text in whole.problems]
        else:
            door = join_door(compound, building or sheet_building, unit, room)
        field = "room" if room else "address"
        problems += [(field, _door_problem(text)) for text in door.problems]
        if is_blank:
            return _Where(None, door, True, (("building", DOOR_MISSING),))
        found = self.places.find(community, grid, door)
        problems += found.problems
        if not door.room:
            problems.append((field, ROOM_MISSING))
        elif len(door.room) > MAX_ROOM:
            problems.append((field, ROOM_OVERLONG))
        unit = found.place.unit_meant(door.unit) if found.place else door.unit
        if unit != door.unit:
            door = replace(door, unit=unit)
        return _Where(found.place, door, False, tuple(problems))

    def _note(
        self, layout: Layout, cells: Sequence[Cell], number: int, name: str, problem: Problem
    ) -> bool:
        """Add an issue; says whether it refuses the row."""
        sample = sample_of(name, cells[layout.columns.get(name, layout.columns["name"])])
        self.issues.append(layout.issue(number, name, problem, sample))
        return problem.severity == ERROR

    def _note_lost(self, sheet: Sheet, layout: Layout, cells: Sequence[Cell], number: int) -> None:
        """Warn about values the file does not hold (formulas without result, error values)."""
        for name, column in layout.columns.items():
            why = sheet.lost.get(f"{column_letter(column)}{number}")
            if why:
                self._note(layout, cells, number, name, LOST[why])


def _read_name_cell(cell: Cell) -> tuple[str, Problem | None, str]:
    """(name, problem, why the row is no person)."""
    kind = name_cell_kind(cell) if cell != "" else ""
    name, problem = read_name(cell)
    return name, problem, kind


def _door_text(cell: Cell) -> str:
    """A door cell as text; "not given" words are blank, except 无, which a unit may really be."""
    text = clean_text(cell)
    return text if text == NO_UNIT or not is_blank_word(text) else ""


def _readers(care: Mapping[str, str], today: date) -> dict[str, Reader]:
    """Field → reader of its cells."""
    return {
        "household_no": text_reader(40, "户编号"),
        "relation": partial(
            read_code, table=RELATIONS, kind="rel_unknown", fallback=OTHER_RELATION
        ),
        "gender": partial(read_code, table=GENDERS, kind="sex_unknown"),
        "ethnicity": partial(read_code, table=ETHNICITIES, kind="ethnic_unknown"),
        "id_kind": partial(read_code, table=ID_KINDS, kind="id_kind_unknown"),
        "birth": read_birth,
        "political": partial(read_code, table=POLITICS, kind="politics_unknown"),
        "education": partial(read_code, table=EDUCATIONS, kind="education_unknown"),
        "marriage": partial(read_code, table=MARRIAGES, kind="marriage_unknown"),
        "phone": _read_phone_cell,
        "residence": partial(read_code, table=RESIDENCES, kind="residence_unknown"),
        "registered_address": text_reader(200, "户籍地址"),
        "care": partial(read_care, known=care),
        "volunteer": partial(read_yes_no, title="是否志愿者"),
        "workplace": text_reader(120, "工作单位"),
        "remark": read_remark,
        "moved_in": partial(read_past_date, today=today),
    }


def _read_phone_cell(cell: Cell) -> Reading:
    return read_phones(cell)


def _door_problem(text: str) -> Problem:
    return Problem("room_unclear", WARN, text)


def _picker(columns: list[int | None]) -> Callable[[Sequence[Cell]], tuple[Cell, ...]]:
    """Pick the door columns of a row as a tuple; a column the sheet lacks is ''."""
    present = [column for column in columns if column is not None]
    if len(present) == len(columns) and len(present) > 1:
        return itemgetter(*present)
    return lambda cells: tuple("" if column is None else cells[column] for column in columns)
