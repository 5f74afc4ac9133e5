"""The row loop: a table's cells become `RosterRow`s, skips and issues.

Built for 100,000 rows: what a cell means is worked out once per distinct value (`Memory`), a
door once per distinct combination of its columns, and issues exist only where something is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import islice
from operator import itemgetter
from typing import Any

from gridparty.lib.text import squash
from residents.catalog import HEAD, OLD_RELATIONS, OTHER_RELATION, TENANT_RELATION
from residents.roster.columns import Origin
from residents.roster.extras import extras_reader
from residents.roster.identity import ID_MISSING, read_identity
from residents.roster.issues import ERROR, INFO, WARN, Issue, Problem, column_letter, sample_of
from residents.roster.places import Places
from residents.roster.readers import Memory, clearable, readers_of
from residents.roster.records import RosterRow, Skip
from residents.roster.sheets import Cell
from residents.roster.structure import (
    HINT_ROWS,
    blank_name_kind,
    hint_kind,
    name_cell_kind,
    shop_kind,
)
from residents.roster.tables import Table
from residents.roster.values import (
    CLEAR,
    DITTO,
    DITTO_WORDS,
    NAME_SHOP,
    is_clear_mark,
    read_code,
    read_name,
)
from residents.roster.whereabouts import (
    DOOR_FIELDS,
    NAMED,
    Where,
    door_text,
    find_door,
    section_door,
)

_MOST_TITLES = 10
_BETWEEN = re.compile("[、,，;；/]")
INHERITED = Problem("door_inherited", INFO, "楼栋和房号空白，已按上一行填写")
NOT_CLEARABLE = Problem("clear_refused", WARN, "这一列不能清空，请填写新的内容")
LOST = {
    "formula": Problem("formula_no_value", WARN, "公式没有保存结果，读不到值，请粘贴为数值"),
    "error": Problem("cell_error", WARN, "单元格是公式错误（如 #N/A），没有读取"),
}

# What a row says, in the order of the value slots below.
_SLOTS = (
    "household_no", "relation", "gender", "ethnicity", "id_kind", "birth", "political",
    "education", "marriage", "phone", "residence", "registered_address", "care", "volunteer",
    "workplace", "remark", "moved_in", "person_key", "row_version",
)  # fmt: skip
_EMPTY: list[Any] = [
    "", "", "", "", "", None, "", "", "", (), "", "", (), None, "", "", None, "", "",
]  # fmt: skip
# Fields the system's own export masks: there a masked value means "as it is".
_MASKED_FIELDS = ("id_number", "phone", "birth")
_HOUSEHOLD, _RELATION, _GENDER, _ID_KIND, _BIRTH, _PHONE, _RESIDENCE, _CARE = (
    0,
    1,
    2,
    4,
    5,
    9,
    10,
    12,
)


class RosterReader:
    """Reads the tables of one file; keeps what it learned about values from sheet to sheet."""

    def __init__(self, *, today: date, places: Places, care: Mapping[str, str]) -> None:
        self.today = today
        self.places = places
        self.care = care
        self.rows: list[RosterRow] = []
        self.skips: list[Skip] = []
        self.issues: list[Issue] = []
        self._memories = {name: Memory(read) for name, read in readers_of(care, today).items()}
        self._names = Memory(_read_name_cell)
        self._texts = Memory(door_text)

    def read_table(self, table: Table) -> None:
        """Read every row, adding to `rows`, `skips` and `issues`; uses the rows up."""
        columns, layout, sheet = table.columns, table.layout, table.sheet
        origins = table.origins
        memories = self._memories | _old_codes(table)
        plan = [
            (slot, columns[name], memories[name], name)
            for slot, name in enumerate(_SLOTS)
            if name in columns
        ]
        name_column = columns["name"]
        id_column = columns.get("id_number")
        kind_column = columns.get("residence")
        head_phone = columns.get("head_phone")
        implied, owner = layout.relation, layout.owner
        key_column = columns.get("person_key")
        masked_columns = [columns[name] for name in _MASKED_FIELDS if name in columns]
        door_fields = [name for name in DOOR_FIELDS if name in columns]
        door_cells = _picker([columns[name] for name in door_fields])
        constants = dict(layout.constants)
        if "compound" not in constants:
            constants[NAMED] = self.places.compound_named(_titles(table))
        wheres = self._wheres(door_fields, constants)
        extras = extras_reader(columns, table.flags, self._memories, self.care, self.today)
        carried: tuple[Where, str] | None = None
        previous = list(_EMPTY)
        above: tuple[Cell, ...] = ("",) * len(door_fields)
        today = self.today
        hints = -1 if origins is not None else layout.header_row + HINT_ROWS
        self.skips += table.skips
        for index in range(table.first, len(table.rows)):
            cells, table.rows[index] = table.rows[index], []
            origin = origins[index] if origins is not None else None
            number = index + 1 if origin is None else origin.number
            name, problem, kind = self._names[cells[name_column]]
            if problem is not None or kind or index <= hints:
                if index <= hints:
                    kind = kind or hint_kind(cells, columns, index - layout.header_row)
                if not kind and not name and origin is None:
                    kind = blank_name_kind(cells, columns)
                if problem is NAME_SHOP:
                    kind = shop_kind(cells, columns)
                if kind:
                    if kind in ("section_row", "vacant_row"):
                        section = section_door(cells)
                        if section:
                            kind = "section_row"
                            wheres = self._wheres(door_fields, {**constants, **section})
                    self.skips.append(Skip(sheet.name, number, kind))
                    continue
            note = partial(self._note, table, cells, number, origin)
            is_keyed = key_column is not None and cells[key_column] != ""
            if is_keyed:
                cells = _without_masked(cells, masked_columns)
            rejected = False
            if problem is not None:
                rejected = note("name", problem)
            values = list(_EMPTY)
            birth_problem = None
            cleared: list[str] = []
            for slot, column, memory, field in plan:
                cell = cells[column]
                if cell != "":
                    value, problem = memory[cell]
                    values[slot] = value
                    if problem is not None:
                        if problem is CLEAR:
                            values[slot] = _EMPTY[slot]
                            cleared.append(field)
                            continue
                        if problem is DITTO:
                            values[slot] = previous[slot]
                        if slot == _BIRTH and problem is not DITTO:
                            birth_problem = problem
                        else:
                            rejected |= note(field, problem)
            previous = values
            supposed: tuple[str, ...] = ()
            if not values[_RELATION]:
                values[_RELATION] = implied or _relation_of_kind(cells, kind_column)
                if owner >= 0:
                    if name and name == self._names[_first_of(cells[owner])][0]:
                        values[_RELATION] = HEAD
                    else:
                        supposed = ("relation",)
            if head_phone is not None and values[_RELATION] == HEAD and not values[_PHONE]:
                rejected |= self._read_head_phone(cells[head_phone], values, note)
            if values[_RELATION] == TENANT_RELATION and not values[_RESIDENCE]:
                values[_RESIDENCE] = layout.residence
                supposed = supposed and (*supposed, "residence")
            id_cell = cells[id_column] if id_column is not None else ""
            if id_cell != "" and is_clear_mark(id_cell):
                id_cell = ""
                note("id_number", NOT_CLEARABLE)
            who = read_identity(
                id_cell, values[_ID_KIND], values[_BIRTH], birth_problem, values[_GENDER], today
            )
            for field, problem in who.problems:
                if not (is_keyed and problem is ID_MISSING):
                    rejected |= note(field, problem)
            door = door_cells(cells)
            if not DITTO_WORDS.isdisjoint(door):
                repeats = [
                    name
                    for name, cell in zip(door_fields, door, strict=True)
                    if cell in DITTO_WORDS
                ]
                door = tuple(a if b in DITTO_WORDS else b for a, b in zip(above, door, strict=True))
                note(repeats[0], DITTO)
            above = door
            where = wheres[door]
            if where.is_blank and carried and values[_RELATION] != HEAD and not values[_HOUSEHOLD]:
                where, values[_HOUSEHOLD] = carried
                note("building", INHERITED)
            else:
                carried = (where, values[_HOUSEHOLD])
            for field, problem in where.problems:
                rejected |= note(field, problem)
            more = extras(cells, who.birth) if extras is not None else None
            if more is not None:
                for field, problem in more.problems:
                    rejected |= note(field, problem)
                values[_RESIDENCE] = more.residence or values[_RESIDENCE]
                if more.is_tenant and not values[_RELATION]:
                    values[_RELATION] = TENANT_RELATION
                if more.is_tenant:
                    supposed = ()
                elif more.residence:
                    supposed = supposed[:1]
                values[_CARE] = tuple(dict.fromkeys((*values[_CARE], *more.care)))
            row = RosterRow(
                sheet.name, number, where.place, where.door, values[0], name, values[1],
                who.gender, values[3], who.kind, who.number, who.birth, *values[6:],
            )  # fmt: skip
            row.order = len(self.rows)
            row.rejected = rejected
            row.implied = supposed
            row.origin = origin
            if cleared:
                row.cleared = frozenset(cleared)
            if more is not None and more.left:
                row.left, row.left_on = more.left, more.died_on or more.moved_out
            if sheet.lost:
                self._note_lost(table, cells, number, origin)
            self.rows.append(row)

    def _read_head_phone(
        self, cell: Cell, values: list[Any], note: Callable[[str, Problem], bool]
    ) -> bool:
        """Give a head without a number of his own the one in the column 户主电话."""
        if cell == "":
            return False
        value, problem = self._memories["phone"][cell]
        values[_PHONE] = value or ()
        if problem is None or problem in (CLEAR, DITTO):
            return False
        return note("head_phone", problem)

    def _wheres(self, fields: Sequence[str], beyond: Mapping[str, str]) -> Memory:
        """The doors of a sheet by its door cells, which stand in the order of `fields`."""
        at = [fields.index(name) if name in fields else -1 for name in DOOR_FIELDS]

        def find(cells: tuple[Cell, ...]) -> Where:
            every = tuple("" if one < 0 else cells[one] for one in at)
            return find_door(every, self.places, self._texts, beyond)

        return Memory(find)

    def _note(
        self,
        table: Table,
        cells: Sequence[Cell],
        number: int,
        origin: Origin | None,
        name: str,
        problem: Problem,
    ) -> bool:
        """Add an issue; says whether it refuses the row."""
        columns, layout = table.columns, table.layout
        # A field without a column is reported at the name, which is not its content.
        sample = sample_of(name, cells[columns[name]]) if name in columns else ""
        self.issues.append(layout.issue(number, name, problem, sample, origin, len(self.rows)))
        return problem.severity == ERROR

    def _note_lost(
        self, table: Table, cells: Sequence[Cell], number: int, origin: Origin | None
    ) -> None:
        """Warn about values the file does not hold (formulas without result, error values)."""
        for name, column in table.columns.items():
            row, at = (number, column) if origin is None else origin.cells.get(name, (0, 0))
            why = table.sheet.lost.get(f"{column_letter(at)}{row}")
            if why:
                self._note(table, cells, number, origin, name, LOST[why])


def _titles(table: Table) -> Iterator[str]:
    """The sheet's name and the lines above its header."""
    yield table.sheet.name
    for line in table.sheet.rows[: min(table.layout.header_top, _MOST_TITLES)]:
        yield from {str(cell) for cell in line if cell != ""}


# Landlord and tenant, where 人员类型 says it and no column of relations.
_KINDS = {
    **dict.fromkeys(("房东", "房主", "业主", "出租人"), HEAD),
    **dict.fromkeys(("租客", "租户", "承租人", "承租户", "租住人"), TENANT_RELATION),
}


def _relation_of_kind(cells: Sequence[Cell], column: int | None) -> str:
    return _KINDS.get(squash(cells[column]), "") if column is not None else ""


def _first_of(cell: Cell) -> Cell:
    """The first of the owners a cell names: 张三、李四."""
    return _BETWEEN.split(cell)[0] if isinstance(cell, str) else cell


def _old_codes(table: Table) -> dict[str, Memory]:
    """Readers for the one-digit relation codes of old exports: nothing but digits, 0 among them.

    There 1 is the spouse, which is the person himself in two digits (01).
    """
    column = table.columns.get("relation")
    if column is None:
        return {}
    words = {squash(cells[column]) for cells in islice(table.rows, table.first, None)} - {""}
    if "0" not in words or not all(len(word) == 1 and word in "0123456789" for word in words):
        return {}
    read = partial(read_code, table=OLD_RELATIONS, kind="rel_unknown", fallback=OTHER_RELATION)
    return {"relation": Memory(clearable(read))}


def _without_masked(cells: Sequence[Cell], columns: Sequence[int]) -> list[Cell]:
    """The cells with masked values blank."""
    found = list(cells)
    for column in columns:
        if "*" in str(found[column]):
            found[column] = ""
    return found


def _read_name_cell(cell: Cell) -> tuple[str, Problem | None, str]:
    """(name, problem, why the row is no person)."""
    kind = name_cell_kind(cell) if cell != "" else ""
    name, problem = read_name(cell)
    return name, problem, kind


def _picker(columns: Sequence[int]) -> Callable[[Sequence[Cell]], tuple[Cell, ...]]:
    """Pick cells of a row as a tuple."""
    if len(columns) > 1:
        return itemgetter(*columns)
    return lambda cells: tuple(cells[column] for column in columns)
