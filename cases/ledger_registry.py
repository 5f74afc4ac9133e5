"""Lists of the register that hold no cases, registered by the apps that know them.

In `<app>/ledger_lists.py`, a subclass of `LedgerList` with `@ledger_list`; a 台账方案 names its `code`
as the `which` of a list. Rows are what the reader may see, of one place and month; cells name nobody
a register may not name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.module_loading import autodiscover_modules

from gridparty.lib.china_time import local
from gridparty.lib.periods import Month
from orgs.models import User

# Column of the place → the organisation or grid chosen; absent when it is not narrowed.
Place = dict[str, Any]
# Widths in characters: from here a column takes a line of its own on a phone; up to here it never breaks.
WIDE, NARROW = 28, 20


@dataclass(frozen=True)
class OtherRow:
    """A row as the register's page and file show it."""

    url: str
    header: Sequence[tuple[str, int]]
    cells: list[Any]
    late: bool = False

    @property
    def labelled(self) -> list[tuple[str, str, Any]]:
        """Return (name, label, cell): wide columns are laid out like `text`, narrow ones like `serial`."""
        named = zip(self.header, self.cells, strict=True)
        return [
            ("text" if width >= WIDE else "serial" if width <= NARROW else "other", label, cell)
            for (label, width), cell in named
        ]


class LedgerList:
    """`note` says which rows are taken; the first column is a number given by the page."""

    code: ClassVar[str]
    note: ClassVar[str]
    columns: ClassVar[tuple[tuple[str, int], ...]]

    def rows(self, user: User, place: Place, month: Month) -> QuerySet[Any]:
        """Return the rows in an order that ends with the id."""
        raise NotImplementedError

    def cells(self, row: Any) -> list[Any]:
        """Return the cells after the number."""
        raise NotImplementedError

    def url(self, row: Any) -> str:
        return ""

    def late(self, row: Any) -> bool:
        return False

    @property
    def header(self) -> list[tuple[str, int]]:
        return [("序号", 6), *self.columns]

    def shown(self, rows: Iterable[Any], *, first: int = 1) -> list[OtherRow]:
        return [
            OtherRow(self.url(row), self.header, [number, *self.cells(row)], self.late(row))
            for number, row in enumerate(rows, start=first)
        ]


_known: dict[str, LedgerList] = {}


def ledger_list(kind: type[LedgerList]) -> type[LedgerList]:
    """Register the list under its code."""
    _known[kind.code] = kind()
    return kind


def other_lists() -> dict[str, LedgerList]:
    """Return every registered list by its code."""
    autodiscover_modules("ledger_lists")
    return _known


def day(value: Any) -> str:
    """Return a date for a cell, "" for none; a moment by its day in China."""
    if value is None:
        return ""
    return f"{local(value) if hasattr(value, 'hour') else value:%Y-%m-%d}"
