"""How a file is read, in a form a person can check, change and keep (JSON all through).

`propose` says for every visible sheet which shape it has, which rows are its header and which
column holds which field, with a few masked cells. What comes back (changed or not) goes to
`parse_roster(..., mappings=...)`: a column may hold another field or none ("" = 不导入), a sheet may
be left out (`use`), the header may stand in other rows (`header_top`, `header_row`, from 1; forms
have no header, their labels are the columns).

`fingerprint` is a hash of the normalised header. A mapping kept from an earlier file fits every
sheet of the same fingerprint, whatever the sheet is called; one made for this very file fits its
sheet by name. To show what a moved header means, propose again with the changed mapping.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from gridparty.lib.text import clean_text
from grids.doors import join_door
from residents.roster.choices import ColumnMapping, SheetMapping
from residents.roster.columns import FORM, Layout, constants_of, is_header, layout_of
from residents.roster.fields import FIELD_CHOICES, field_label
from residents.roster.forms import form_labels, is_form, unfold_forms
from residents.roster.header import Column, Header, find_header, header_at
from residents.roster.issues import sample_of
from residents.roster.labels import Labels, Pair
from residents.roster.sheets import Sheet
from residents.roster.tables import Table, table_of
from residents.roster.whereabouts import section_door

__all__ = ["FIELD_CHOICES", "ColumnMapping", "SheetMapping", "SheetPlan", "plan_sheet", "propose"]

_SAMPLES = 3
_SEARCH_ROWS = 200
IsFlag = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """How one sheet is read; `layout` is None when it is not read at all."""

    sheet: Sheet
    layout: Layout | None
    header: Header | None = None
    # The labels of a form and what they were found to hold.
    labels: Labels | None = None
    pairs: tuple[Pair, ...] = ()
    fingerprint: str = ""
    found_row: int = 0
    use: bool = True

    def open(self) -> Table:
        """The people of the sheet, one per row."""
        assert self.layout is not None
        if self.labels is not None:
            return unfold_forms(self.sheet, self.layout, self.labels)
        return table_of(self.sheet, self.layout)


def plan_sheet(
    sheet: Sheet, chosen: Sequence[SheetMapping] = (), is_flag: IsFlag | None = None
) -> SheetPlan:
    """Decide how a sheet is read: a person's choice for it first, then what it looks like."""
    own = find_header(sheet.rows, sheet.merges, is_flag)
    labels = Labels(is_flag=is_flag)
    if is_form(sheet, own if is_header(own) else None, labels):
        return _plan_form(sheet, labels, chosen)
    print_ = own.fingerprint if own is not None else ""
    found = own.bottom + 1 if own is not None else 0
    mapping = _chosen_for(sheet, print_, chosen)
    header = own if mapping is None else _chosen_header(sheet, own, found, mapping, is_flag)
    use = mapping is None or mapping.use
    if header is None or (mapping is None and not is_header(header)):
        return SheetPlan(sheet, None, fingerprint=print_, use=use and mapping is not None)
    above = {pair.label.field: str(pair.value) for pair in form_labels(sheet, labels, header.top)}
    constants = {**constants_of(sheet.name, sheet.rows[: header.top]), **_whole_sheet(above)}
    layout = layout_of(sheet.name, header, constants)
    if layout.missing == [field_label("building")]:
        layout = replace(layout, has_building_inside=_names_buildings(sheet, layout))
    return SheetPlan(sheet, layout, header, fingerprint=print_, found_row=found, use=use)


def _whole_sheet(above: Mapping[str, str]) -> dict[str, str]:
    """What labels above the header say for every row: 小区：阳光花园, 楼栋：3栋."""
    wanted = ("community", "grid", "compound", "building", "unit")
    return {name: above[name] for name in wanted if name in above}


def _names_buildings(sheet: Sheet, layout: Layout) -> bool:
    """Whether rooms (3-2-501) or section lines (3栋) say the building that no column says."""
    room = layout.columns["room"]
    rows = sheet.rows[layout.header_row + 1 : layout.header_row + 1 + _SEARCH_ROWS]
    return any(
        join_door("", "", "", clean_text(cells[room])).building
        or (cells[room] == "" and section_door(cells))
        or (section_door(cells[:1]) and not any(cells[1:]))
        for cells in rows
    )


def _plan_form(sheet: Sheet, labels: Labels, chosen: Sequence[SheetMapping]) -> SheetPlan:
    pairs = list({pair.text: pair for pair in form_labels(sheet, labels)}.values())
    print_ = _hash("form", *sorted(pair.text for pair in pairs))
    mapping = _chosen_for(sheet, print_, chosen)
    use = mapping is None or mapping.use
    if mapping is not None:
        labels.choose({one.header: one.field for one in mapping.columns})
    layout = Layout(sheet.name, -1, {}, {}, shape=FORM, fingerprint=print_)
    return SheetPlan(sheet, layout, None, labels, tuple(pairs), print_, 0, use)


def _hash(*words: str) -> str:
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:32]


def _chosen_header(
    sheet: Sheet, own: Header | None, found: int, mapping: SheetMapping, is_flag: IsFlag | None
) -> Header | None:
    """The header a person chose, with the fields that person gave its columns."""
    header = own
    moved = mapping.header_row != mapping.found_row or (
        own is not None and own.bottom - own.top != mapping.header_row - mapping.header_top
    )
    if mapping.header_row and (own is None or moved):
        bottom = min(mapping.header_row - mapping.found_row + found, len(sheet.rows)) - 1
        bottom = max(bottom, 0)
        top = min(max(bottom - (mapping.header_row - mapping.header_top), 0), bottom)
        header = header_at(sheet.rows, top, bottom, sheet.merges, is_flag)
    if header is None:
        return None
    wanted = {(one.index, one.header): one.field for one in mapping.columns}
    return replace(header, columns=tuple(_with_field(one, wanted) for one in header.columns))


def _chosen_for(sheet: Sheet, print_: str, chosen: Sequence[SheetMapping]) -> SheetMapping | None:
    """The choice for this sheet by name, else (only with a header) one for the same header."""
    same = [one for one in chosen if one.fingerprint == print_]
    by_name = next((one for one in same if one.sheet == sheet.name), None)
    return by_name or (next(iter(same), None) if print_ else None)


def _with_field(column: Column, wanted: Mapping[tuple[int, str], str]) -> Column:
    field = wanted.get((column.index, column.text))
    if field is None or field == column.field:
        return column
    # A field a person chose goes before every other column of that field.
    return replace(column, field=field, rank=-1, flag="")


def propose(
    sheets: Sequence[Sheet], chosen: Iterable[SheetMapping] = (), is_flag: IsFlag | None = None
) -> tuple[SheetMapping, ...]:
    """How every visible, filled sheet would be read, with the choices of `chosen` worked in."""
    kept = list(chosen)
    found = []
    for sheet in sheets:
        if not sheet.hidden and any(map(any, sheet.rows)):
            found.append(_describe(plan_sheet(sheet, kept, is_flag)))
    return tuple(found)


def _describe(plan: SheetPlan) -> SheetMapping:
    sheet, layout, header = plan.sheet, plan.layout, plan.header
    if layout is None:
        return SheetMapping(sheet.name, "", 0, 0, plan.fingerprint, use=False)
    if header is None:
        columns = tuple(
            ColumnMapping(
                pair.column, pair.text, pair.label.field,
                (sample_of(pair.label.field, pair.value),),
            )
            for pair in plan.pairs
        )  # fmt: skip
        return SheetMapping(sheet.name, FORM, 0, 0, plan.fingerprint, columns=columns, use=plan.use)
    columns = tuple(_column(sheet, one, layout) for one in header.columns)
    return SheetMapping(
        sheet.name, layout.shape, header.top + 1, header.bottom + 1, plan.fingerprint,
        plan.found_row, columns, tuple(layout.missing), plan.use and is_header(header),
    )  # fmt: skip


def _column(sheet: Sheet, column: Column, layout: Layout) -> ColumnMapping:
    """A column with a few of its cells, masked by field; unread columns are masked by content."""
    samples: list[str] = []
    for row in sheet.rows[layout.header_row + 1 : layout.header_row + 60]:
        cell = row[column.index] if column.index < len(row) else ""
        if cell != "":
            sample = sample_of(column.field, cell)
            if sample and sample not in samples:
                samples.append(sample)
        if len(samples) == _SAMPLES:
            break
    return ColumnMapping(column.index, column.text, column.field, tuple(samples))
