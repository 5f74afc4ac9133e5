"""Reading a file against a table, row by row: judged by writing it, and for a preview undone.

So preview and import cannot disagree: locks, duplicates and rights are those of the services. A row
that is refused loses nothing of the others.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from gridparty.lib.text import squash
from orgs.tables.base import ID, LABELS, Column, Outcome, Row, Table
from orgs.tables.cells import CellError
from orgs.tables.reading import Cell, Sheet, TableFileError

HEADER_WITHIN = 10
EXAMPLE_WORD = "示例"


@dataclass(frozen=True)
class Problem:
    """One fault: where, in which column, what to do; `sample` is masked."""

    cell: str
    column: str
    message: str
    sample: str = ""


@dataclass
class Line:
    """One row of the file with its fate."""

    number: int
    row: Row
    outcome: Outcome = Outcome.ERROR
    problems: list[Problem] = field(default_factory=list)

    @property
    def label(self) -> str:
        label = LABELS[self.outcome]
        return f"{label}（{self.row.remark}）" if self.row.remark else label

    @property
    def reasons(self) -> str:
        return "；".join(f"{one.column}：{one.message}" if one.column else one.message for one in self.problems)  # fmt: skip


@dataclass
class Layout:
    """Which sheet was read, where its header stands, which column is what."""

    sheet: Sheet
    header: int
    places: dict[str, int]
    unknown: list[str]


@dataclass
class Result:
    layout: Layout
    lines: list[Line]

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(line.outcome for line in self.lines)
        counts = {outcome.value: found[outcome] for outcome in Outcome}
        return {"rows": len(self.lines) - found[Outcome.EXAMPLE], **counts}


def find_layout(table: Table, sheets: Sequence[Sheet]) -> Layout:
    """Return the sheet and header row with most known columns; TableFileError when there is none."""
    best: Layout | None = None
    for sheet in sheets:
        for number, cells in enumerate(sheet.rows[:HEADER_WITHIN]):
            places, unknown = _places(table, cells)
            if best is None or len(places) > len(best.places):
                best = Layout(sheet, number, places, unknown)
    needed = [column for column in table.columns if column.required]
    if best is None or len(best.places) < 2:
        names = "、".join(column.label for column in needed)
        raise TableFileError(f"没有找到表头。表里要有一行列名，至少有：{names}。")
    missing = [column.label for column in needed if column.name not in best.places]
    if missing:
        raise TableFileError(f"缺少列：{'、'.join(missing)}。请下载模板对照。")
    return best


def _places(table: Table, cells: Sequence[Cell]) -> tuple[dict[str, int], list[str]]:
    places: dict[str, int] = {}
    unknown: list[str] = []
    for position, cell in enumerate(cells):
        word = squash(cell).upper().rstrip("*").removesuffix("(必填)")
        column = next((one for one in table.columns if word in one.names), None)
        if column is not None and column.name not in places:
            places[column.name] = position
        elif word:
            unknown.append(squash(cell)[:30])
    return places, unknown


def run(
    table: Table,
    sheets: Sequence[Sheet],
    user: Any,
    *,
    dry_run: bool,
    on_batch: Callable[[int], None] | None = None,
) -> Result:
    """Judge (dry_run) or write every row of the file as `user`."""
    layout = find_layout(table, sheets)
    result = Result(layout, [])
    seen: dict[str, int] = {}
    rows = list(_rows(layout))
    size = table.batch or max(len(rows), 1)
    for first in range(0, len(rows), size):
        with transaction.atomic():
            for line in rows[first : first + size]:
                _take(table, layout, line, user, seen)
                result.lines.append(line)
            transaction.set_rollback(dry_run)
        if on_batch is not None:
            on_batch(len(result.lines))
    return result


def _rows(layout: Layout) -> Iterator[Line]:
    for index in range(layout.header + 1, len(layout.sheet.rows)):
        cells = layout.sheet.rows[index]
        if not any(str(cell).strip() for cell in cells):
            continue
        yield Line(index + 1, Row(_raw(layout, cells), index + 1))


def _raw(layout: Layout, cells: Sequence[Cell]) -> dict[str, Any]:
    return {
        name: cells[place] if place < len(cells) else "" for name, place in layout.places.items()
    }


def _take(table: Table, layout: Layout, line: Line, user: Any, seen: dict[str, int]) -> None:
    """Clean, check and write one row; what is refused ends as problems of this line."""
    if EXAMPLE_WORD in str(line.row.values.get(ID, "")):
        line.outcome = Outcome.EXAMPLE
        return
    faults = _clean(table, line.row)
    if not faults:
        twin = seen.setdefault(table.key(line.row) or f"line {line.number}", line.number)
        if twin != line.number:
            faults = {"": f"与第 {twin} 行重复。"}
    if not faults:
        try:
            with transaction.atomic():
                line.outcome = table.write(line.row, user)
        except ValidationError as refusal:
            faults = _sentences(refusal)
        except PermissionDenied as refusal:
            faults = {"": str(refusal) or "不在您的管理范围内。"}
    line.problems = [_problem(table, layout, line, name, text) for name, text in faults.items()]
    if faults:
        line.outcome = Outcome.ERROR


def _clean(table: Table, row: Row) -> dict[str, str]:
    """Turn raw cells into text; return what is missing or unreadable by column."""
    faults: dict[str, str] = {}
    for column in table.columns:
        try:
            row.values[column.name] = column.clean(row.values.get(column.name, ""))
        except CellError as error:
            row.values[column.name] = ""
            faults[column.name] = str(error)
        if column.required and not row[column.name] and column.name not in faults:
            faults[column.name] = f"请填写{column.label}。"
    return faults


def _sentences(refusal: ValidationError) -> dict[str, str]:
    if hasattr(refusal, "error_dict"):
        return {name: " ".join(found) for name, found in refusal.message_dict.items()}
    return {"": " ".join(refusal.messages)}


def _problem(table: Table, layout: Layout, line: Line, name: str, message: str) -> Problem:
    column: Column | None = next((one for one in table.columns if one.name == name), None)
    place = layout.places.get(name)
    if column is None or place is None:
        return Problem(_address(layout, line.number, 0), column.label if column else "", message)
    sample = column.shown(line.row[name])[:40]
    return Problem(_address(layout, line.number, place), column.label, message, sample)


def _address(layout: Layout, number: int, place: int) -> str:
    """Return the cell as people say it: 党员!F17."""
    letters, rest = "", place + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    sheet = f"{layout.sheet.name}!" if layout.sheet.name else ""
    return f"{sheet}{letters}{number}"
