"""What a person may choose about reading a file, as plain data: sheets, header rows, columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from residents.roster.columns import SHAPES
from residents.roster.fields import FIELDS, field_label
from residents.roster.issues import column_letter


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
