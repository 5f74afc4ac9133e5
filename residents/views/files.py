"""A list as a file: title, who made it and when, rows; nothing stays behind on the server."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.http import FileResponse

from orgs.workbook import Cell, Columns, download


def as_workbook(
    title: str, columns: Columns, cells: Iterable[Sequence[Cell]], *, user: Any, day: date
) -> FileResponse:
    """Return an .xlsx download named after the title and the day."""
    note = f"截至 {day:%Y年%m月%d日}　　制表人：{user.display_name}　　审核人："
    return download(f"{title}-{day:%Y%m%d}.xlsx", columns, cells, title=title, note=note)
