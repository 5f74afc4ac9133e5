"""Web pages saved as .xls: what 综治 and property systems export when they say "Excel".

Only tables are read; a page without a table is no roster. Merged cells come as colspan and rowspan.
"""

from __future__ import annotations

from html.parser import HTMLParser

from residents.roster.errors import RosterFileError

_STARTS = ("<!doctype html", "<html", "<table", "<meta", "<head", "<body", "<style", "<div", "<!--")
_MOST_SPAN = 300
_MOST_CELLS = 8_000_000
Merge = tuple[tuple[int, int], tuple[int, int]]


def is_web_page(text: str) -> bool:
    """Whether text begins like HTML."""
    start = text[:4000].lstrip("\ufeff \t\r\n").lower()
    return start.startswith(_STARTS) or (start.startswith("<?xml") and "<html" in start)


def read_tables(text: str) -> list[tuple[list[list[str]], tuple[Merge, ...]]]:
    """The tables of a page as (rows, merges); raises RosterFileError when there is none."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    tables = [_rectangle(one) for one in parser.tables if any(one)]
    if not tables:
        raise RosterFileError("这是一个网页文件，里面没有表格；请用表格软件打开后另存为 .xlsx")
    return tables


class _Tables(HTMLParser):
    """Collects tables as rows of (text, columns, rows); a table inside a cell is its own table."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[tuple[str, int, int]]]] = []
        self._open: list[list[list[tuple[str, int, int]]]] = []
        self._cells: list[tuple[list[str], int, int] | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            table: list[list[tuple[str, int, int]]] = []
            self.tables.append(table)
            self._open.append(table)
            self._cells.append(None)
        elif not self._open:
            return
        elif tag == "tr":
            self._end_cell()
            self._open[-1].append([])
        elif tag in ("td", "th"):
            self._end_cell()
            if not self._open[-1]:
                self._open[-1].append([])
            given = dict(attrs)
            spans = _span(given.get("colspan")), _span(given.get("rowspan"))
            self._cells[-1] = ([], *spans)
        elif tag == "br" and self._cells[-1] is not None:
            self._cells[-1][0].append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._open and tag in ("td", "th", "tr", "table"):
            self._end_cell()
            if tag == "table":
                self._open.pop()
                self._cells.pop()

    def handle_data(self, data: str) -> None:
        if self._cells and self._cells[-1] is not None:
            self._cells[-1][0].append(data)

    def _end_cell(self) -> None:
        cell = self._cells[-1]
        if cell is not None:
            words, columns, rows = cell
            text = "\n".join(" ".join(line.split(" ")) for line in "".join(words).split("\n"))
            self._open[-1][-1].append((text.strip(), columns, rows))
            self._cells[-1] = None


def _span(text: str | None) -> int:
    return min(max(int(text), 1), _MOST_SPAN) if text and text.isascii() and text.isdigit() else 1


def _rectangle(
    table: list[list[tuple[str, int, int]]],
) -> tuple[list[list[str]], tuple[Merge, ...]]:
    """Lay cells with their spans out as a full rectangle; only the first cell of a span is filled."""
    grid: list[dict[int, str]] = [{} for _row in table]
    merges: list[Merge] = []
    for top, cells in enumerate(table):
        left = 0
        for text, columns, rows in cells:
            while left in grid[top]:
                left += 1
            bottom = min(top + rows, len(table)) - 1
            for row in range(top, bottom + 1):
                for column in range(left, left + columns):
                    grid[row][column] = ""
            grid[top][left] = text
            if columns > 1 or bottom > top:
                merges.append(((top, left), (bottom, left + columns - 1)))
            left += columns
    width = max((max(row, default=-1) + 1 for row in grid), default=0)
    if width * len(grid) > _MOST_CELLS:
        raise RosterFileError("文件里的表格过大，无法读取；请只保留花名册内容，另存后再上传")
    return [[row.get(column, "") for column in range(width)] for row in grid], tuple(merges)
