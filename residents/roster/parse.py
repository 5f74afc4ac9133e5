"""The whole way from a file's bytes to cleaned rows, households and issues. No database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from residents.catalog import care_lookup
from residents.roster.columns import Layout, constants_of, layout_of
from residents.roster.errors import RosterFileError
from residents.roster.household import check_households, find_repeats, group_households
from residents.roster.issues import WARN, Issue, Problem
from residents.roster.mapping import SheetMapping, read_header
from residents.roster.places import Places
from residents.roster.records import ParsedRoster, RosterRow
from residents.roster.rows import RosterReader
from residents.roster.sheets import Sheet, read_sheets
from residents.roster.tables import table_of

# Above this share of birth dates or genders that contradict the ids, a column has slipped.
_SLIPPED_SHARE = 0.2
_SLIPPED_LEAST = 10


def parse_roster(
    data: bytes,
    *,
    today: date,
    places: Places,
    care: Mapping[str, str] | None = None,
    mappings: Sequence[SheetMapping] = (),
) -> ParsedRoster:
    """Parse a roster file against the buildings it may write to.

    `care` maps the words of the key-population column to labels (default: the shipped kinds).
    `mappings` are a person's choices for sheets and columns (see `mapping.py`).
    Raises RosterFileError with one Chinese sentence when there is nothing to parse.
    """
    words = care_lookup() if care is None else care
    return parse_sheets(
        read_sheets(data), today=today, places=places, care=words, mappings=mappings
    )


def parse_sheets(
    sheets: list[Sheet],
    *,
    today: date,
    places: Places,
    care: Mapping[str, str],
    mappings: Sequence[SheetMapping] = (),
) -> ParsedRoster:
    """Parse the sheets of a file that has been read, using them up; see `parse_roster`."""
    reader = RosterReader(today=today, places=places, care=care)
    layouts: list[Layout] = []
    ignored: list[str] = []
    for sheet, layout in _layouts(sheets, mappings, care):
        if layout is None:
            ignored.append(sheet.name)
            continue
        layouts.append(layout)
        reader.read_table(table_of(sheet, layout))
        if sheet.cut:
            reader.issues.append(_cut_short(sheet))
    if not reader.rows:
        raise RosterFileError("表头下面没有居民")
    return _finish(reader, layouts, ignored, today)


def _layouts(
    sheets: list[Sheet], mappings: Sequence[SheetMapping], care: Mapping[str, str]
) -> list[tuple[Sheet, Layout | None]]:
    """Pair each filled sheet with its layout; refuse a file in which no sheet is a roster."""
    found: list[tuple[Sheet, Layout | None]] = []
    incomplete: Layout | None = None
    for sheet in sheets:
        layout = None if sheet.hidden else _layout(sheet, mappings, care)
        if layout is not None and layout.missing:
            incomplete, layout = incomplete or layout, None
        found.append((sheet, layout))
    if any(layout for _sheet, layout in found):
        return found
    if incomplete is not None:
        raise RosterFileError(
            f"缺少必需的列：{'、'.join(incomplete.missing)}"
            f"（已认出：{'、'.join(incomplete.headers.values())}）"
        )
    raise RosterFileError("没有找到表头，第一行应有姓名、楼栋、房号等列名")


def _layout(
    sheet: Sheet, mappings: Sequence[SheetMapping], care: Mapping[str, str]
) -> Layout | None:
    header, is_used = read_header(sheet, mappings, care.__contains__)
    if header is None or not is_used:
        return None
    return layout_of(sheet.name, header, constants_of(sheet.name, sheet.rows[: header.top]))


def _finish(
    reader: RosterReader, layouts: list[Layout], ignored: list[str], today: date
) -> ParsedRoster:
    by_sheet = {layout.sheet: layout for layout in layouts}

    def note(row: RosterRow, field: str, problem: Problem) -> None:
        reader.issues.append(by_sheet[row.sheet].issue_of(row, field, problem))

    households = group_households(reader.rows)
    find_repeats(reader.rows, note)
    check_households(households, today, note)
    parsed = ParsedRoster(
        rows=reader.rows,
        households=households,
        skips=reader.skips,
        issues=reader.issues,
        layouts=layouts,
        ignored_sheets=ignored,
    )
    _check_slipped(parsed)
    order = {layout.sheet: place for place, layout in enumerate(layouts)}
    parsed.issues.sort(key=lambda issue: (order[issue.sheet], issue.row))
    return parsed


def _check_slipped(parsed: ParsedRoster) -> None:
    """Warn once when so many birth dates contradict the ids that a column must have slipped."""
    kinds = parsed.kinds()
    differing = max(kinds.get("id_dob_differs", 0), kinds.get("id_sex_differs", 0))
    with_id = sum(bool(row.id_number) for row in parsed.rows)
    if differing >= _SLIPPED_LEAST and differing > with_id * _SLIPPED_SHARE:
        first = parsed.layouts[0]
        parsed.issues.append(
            Issue(
                kind="columns_slipped",
                severity=WARN,
                sheet=first.sheet,
                row=first.header_row + 1,
                column=first.headers.get("id_number", ""),
                cell="",
                message=f"有 {differing} 行的出生日期或性别与证件号不符，证件号一列可能错位，请先核对",
            )
        )


def _cut_short(sheet: Sheet) -> Issue:
    return Issue(
        kind="sheet_cut",
        severity=WARN,
        sheet=sheet.name,
        row=len(sheet.rows),
        column="",
        cell="",
        message=f"第 {len(sheet.rows)} 行以后连续空了一千多行，再往下的内容没有读取",
    )
