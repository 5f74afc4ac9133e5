"""How a file is read, in a form a person can check, change and keep (JSON all through).

`propose` says for every visible sheet which shape it has, which rows are its header and which
column holds which field, with a few masked cells. What comes back (changed or not) goes to
`parse_roster(..., mappings=...)`: a column may hold another field or none ("" = 不导入), a sheet may
be left out (`use`), the header may stand in other rows (`header_top`, `header_row`, from 1).

`fingerprint` is a hash of the normalised header. A mapping kept from an earlier file fits every
sheet of the same fingerprint, whatever the sheet is called; one made for this very file fits its
sheet by name. To show what a moved header means, propose again with the changed mapping.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from residents.roster.columns import SHAPES, Layout, constants_of, is_header, layout_of
from residents.roster.fields import FIELD_CHOICES, FIELDS, field_label
from residents.roster.header import Column, Header, find_header, header_at
from residents.roster.issues import column_letter, sample_of
from residents.roster.sheets import Sheet

__all__ = ["FIELD_CHOICES", "ColumnMapping", "SheetMapping", "propose", "read_header"]

_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """One column: `index` from 0, `field` one of FIELD_CHOICES, `samples` masked."""

    index: int
    header: str
    field: str
    samples: tuple[str, ...] = ()

    @property
    def letter(self) -> str:
        return column_letter(self.index)

    @property
    def label(self) -> str:
        """The Chinese label of the field, "" for a column that is not imported."""
        return field_label(self.field) if self.field in FIELDS else ""


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """One sheet. `header_top` and `header_row` count from 1; both are 0 for a sheet without header."""

    sheet: str
    shape: str
    header_top: int
    header_row: int
    fingerprint: str
    # Where the header was found, from 1: a header moved by a person stays as far from there.
    found_row: int = 0
    columns: tuple[ColumnMapping, ...] = ()
    # Labels of what no row can do without and no column gives.
    missing: tuple[str, ...] = ()
    use: bool = True

    @property
    def shape_label(self) -> str:
        return SHAPES.get(self.shape, "没有认出表头")

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headers of the columns that are not imported."""
        return tuple(one.header for one in self.columns if not one.field)

    def as_json(self) -> dict[str, Any]:
        """A plain dictionary for a JSON column; `from_json` reads it back."""
        return {
            "sheet": self.sheet, "shape": self.shape, "header_top": self.header_top,
            "header_row": self.header_row, "fingerprint": self.fingerprint,
            "found_row": self.found_row, "use": self.use, "missing": list(self.missing),
            "columns": [
                {"index": one.index, "header": one.header, "field": one.field,
                 "samples": list(one.samples)}
                for one in self.columns
            ],
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SheetMapping:
        """Read what `as_json` wrote; raises ValueError for anything else."""
        try:
            columns = tuple(
                ColumnMapping(
                    int(one["index"]), str(one["header"]), str(one["field"]),
                    tuple(map(str, one.get("samples", ()))),
                )
                for one in data["columns"]
            )  # fmt: skip
            mapping = cls(
                str(data["sheet"]), str(data["shape"]), int(data["header_top"]),
                int(data["header_row"]), str(data["fingerprint"]),
                int(data["found_row"]), columns, tuple(map(str, data.get("missing", ()))), bool(data["use"]),
            )  # fmt: skip
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("不是列对应关系") from error
        if any(one.field and one.field not in FIELDS for one in columns):
            raise ValueError("列对应关系里有不认识的字段")
        return mapping


IsFlag = Callable[[str], bool]


def propose(
    sheets: Sequence[Sheet], chosen: Iterable[SheetMapping] = (), is_flag: IsFlag | None = None
) -> tuple[SheetMapping, ...]:
    """How every visible, filled sheet would be read, with the choices of `chosen` worked in."""
    kept = list(chosen)
    found = []
    for sheet in sheets:
        if not sheet.hidden and any(map(any, sheet.rows)):
            found.append(_describe(sheet, kept, is_flag))
    return tuple(found)


def read_header(
    sheet: Sheet, chosen: Sequence[SheetMapping] = (), is_flag: IsFlag | None = None
) -> tuple[Header | None, bool]:
    """(header of a sheet with a person's choices worked in, whether the sheet is to be read)."""
    own = find_header(sheet.rows, sheet.merges, is_flag)
    mapping = _chosen_for(sheet, own, chosen)
    if mapping is None:
        return (own if is_header(own) else None), True
    header = own
    found = own.bottom + 1 if own is not None else 0
    if mapping.header_row and (
        mapping.header_row != mapping.found_row or own is None or own.top != _top(mapping, found)
    ):
        bottom = min(mapping.header_row - mapping.found_row + found, len(sheet.rows)) - 1
        bottom = max(bottom, 0)
        top = min(max(bottom - (mapping.header_row - mapping.header_top), 0), bottom)
        header = header_at(sheet.rows, top, bottom, sheet.merges, is_flag)
    if header is None:
        return None, mapping.use
    wanted = {(one.index, one.header): one.field for one in mapping.columns}
    columns = tuple(_with_field(one, wanted) for one in header.columns)
    return replace(header, columns=columns), mapping.use


def _top(mapping: SheetMapping, found: int) -> int:
    return found - 1 - (mapping.header_row - mapping.header_top)


def _chosen_for(
    sheet: Sheet, own: Header | None, chosen: Sequence[SheetMapping]
) -> SheetMapping | None:
    """The choice for this sheet by name, else (only with a header) one for the same header."""
    print_ = own.fingerprint if own is not None else ""
    same = [one for one in chosen if one.fingerprint == print_]
    by_name = next((one for one in same if one.sheet == sheet.name), None)
    return by_name or (next(iter(same), None) if print_ else None)


def _with_field(column: Column, wanted: Mapping[tuple[int, str], str]) -> Column:
    field = wanted.get((column.index, column.text))
    if field is None or field == column.field:
        return column
    # A field a person chose goes before every other column of that field.
    return replace(column, field=field, rank=-1, flag="")


def _describe(sheet: Sheet, chosen: Sequence[SheetMapping], is_flag: IsFlag | None) -> SheetMapping:
    own = find_header(sheet.rows, sheet.merges, is_flag)
    header, use = read_header(sheet, chosen, is_flag)
    print_ = own.fingerprint if own is not None else ""
    if header is None:
        return SheetMapping(sheet.name, "", 0, 0, print_, use=use and own is not None)
    layout = layout_of(sheet.name, header, constants_of(sheet.name, sheet.rows[: header.top]))
    columns = tuple(_column(sheet, one, layout) for one in header.columns)
    return SheetMapping(
        sheet.name, layout.shape, header.top + 1, header.bottom + 1, print_,
        own.bottom + 1 if own is not None else 0, columns, tuple(layout.missing), use and is_header(header),
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
