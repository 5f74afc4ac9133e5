"""Sheets as tables with one person per row, whatever their shape; every cell keeps its address.

A wide row (户主, 成员1 … 成员6) becomes as many rows as it names people. The cells of a sheet are
let go once they are read: at 100,000 people they weigh 200 MB.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gridparty.lib.text import is_blank_word, squash
from residents.roster.columns import WIDE, Group, Layout, Origin
from residents.roster.fields import HOUSEHOLD_FIELDS
from residents.roster.header import HEAD_ROLE
from residents.roster.records import Skip
from residents.roster.sheets import Cell, Sheet
from residents.roster.structure import blank_name_kind, hint_kind, name_cell_kind


@dataclass(slots=True)
class Table:
    """Rows to read, one person each: `columns` says where a field stands in them.

    `origins` runs beside `rows` where these are not the rows of the sheet itself; then `rows` holds
    people only, and what was no person is in `skips`.
    """

    sheet: Sheet
    layout: Layout
    rows: list[list[Cell]]
    columns: Mapping[str, int]
    first: int = 0
    origins: list[Origin] | None = None
    skips: list[Skip] = field(default_factory=list)
    # Yes/no columns of key populations in `rows`: column → the word of the kind.
    flags: Mapping[int, str] = field(default_factory=dict)


def unfold_wide(sheet: Sheet, layout: Layout) -> Table:
    """One row per named member of every household row."""
    house = {name: at for name, at in layout.columns.items() if name in HOUSEHOLD_FIELDS}
    fields = [*house, *dict.fromkeys(name for one in layout.groups for name in one.columns)]
    if "relation" not in fields:
        fields.append("relation")
    columns = {name: at for at, name in enumerate(fields)}
    flags = dict(enumerate(layout.flags.values(), len(fields)))
    table = Table(sheet, layout, [], columns, origins=[], flags=flags)
    main = dict(house) | dict(layout.groups[0].columns)
    heads = _Heads(layout)
    for index in range(layout.header_row + 1, len(sheet.rows)):
        cells, sheet.rows[index] = sheet.rows[index], []
        number = index + 1
        named = [one for one in layout.groups if _is_named(cells, one)]
        first = cells[layout.groups[0].columns["name"]]
        kind = name_cell_kind(first) if first != "" else ""
        kind = kind or hint_kind(cells, main, index - layout.header_row)
        if not kind and not named:
            kind = blank_name_kind(cells, main) or ""
        if kind:
            table.skips.append(Skip(sheet.name, number, kind))
            continue
        for place, group in enumerate(heads.present(cells, named) or [layout.groups[0]]):
            row: list[Cell] = [cells[house[name]] if name in house else "" for name in fields]
            # What is asked of the household (是否低保) is kept with the first of its people.
            row += [cells[at] if place == 0 else "" for at in layout.flags]
            for name, at in group.columns.items():
                row[columns[name]] = cells[at]
            relation = columns["relation"]
            row[relation] = row[relation] or heads.relation(cells, group)
            table.rows.append(row)
            where = {name: (number, at) for name, at in (house | dict(group.columns)).items()}
            assert table.origins is not None
            table.origins.append(Origin(number, where))
    return table


def _is_named(cells: Sequence[Cell], group: Group) -> bool:
    """Whether a group of columns holds somebody: a name, or an identity number without one."""
    name = cells[group.columns["name"]]
    if not is_blank_word(squash(name)):
        return True
    at = group.columns.get("id_number")
    return at is not None and not is_blank_word(squash(cells[at]))


class _Heads:
    """Which people of a wide row are new: 户主 columns may repeat the head beside every member."""

    def __init__(self, layout: Layout) -> None:
        groups = layout.groups
        self.head = groups[0] if groups[0].role == HEAD_ROLE else None
        self.member = next((one for one in groups if one.role == ""), None)
        self.last: tuple[object, ...] = ()

    def present(self, cells: Sequence[Cell], named: list[Group]) -> list[Group]:
        """The named groups without a head who was read in the row above or is the member named."""
        if self.head is None or self.member is None or self.head not in named:
            return named
        door = tuple(cells[at] for at in self.head.columns.values())
        again, self.last = door == self.last, door
        if again or self._is_member(cells):
            return [one for one in named if one is not self.head]
        return named

    def relation(self, cells: Sequence[Cell], group: Group) -> str:
        if group is self.member and self.head is not None and self._is_member(cells):
            return self.head.relation
        return group.relation

    def _is_member(self, cells: Sequence[Cell]) -> bool:
        assert self.head is not None
        assert self.member is not None
        mine, theirs = (squash(cells[one.columns["name"]]) for one in (self.head, self.member))
        return mine == theirs


def table_of(sheet: Sheet, layout: Layout) -> Table:
    """The people of a sheet with a header, one per row."""
    if layout.shape == WIDE:
        return unfold_wide(sheet, layout)
    first = layout.header_row + 1
    return Table(sheet, layout, sheet.rows, layout.columns, first, flags=layout.flags)
