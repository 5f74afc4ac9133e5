"""The whole way from a file's bytes to cleaned rows, households and issues. No database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from residents.catalog import care_lookup
from residents.roster.columns import Layout
from residents.roster.errors import RosterFileError
from residents.roster.floods import say_once
from residents.roster.household import (
    check_households,
    doubt_tenants,
    find_repeats,
    group_households,
)
from residents.roster.issues import WARN, Issue, Problem
from residents.roster.kinship import check_kinship
from residents.roster.mapping import SheetMapping, SheetPlan, plan_sheet
from residents.roster.notes import sheet_notes
from residents.roster.places import Places
from residents.roster.records import ParsedRoster, RosterRow
from residents.roster.rows import RosterReader
from residents.roster.sheets import Sheet, read_sheets

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
    for plan in _plans(sheets, mappings, care):
        if plan.layout is None or not plan.use:
            ignored.append(plan.sheet.name)
            continue
        layouts.append(plan.layout)
        reader.read_table(plan.open())
        reader.issues += sheet_notes(plan.sheet, plan.layout)
    if not reader.rows:
        raise RosterFileError("表头下面没有居民")
    return _finish(reader, layouts, ignored, today)


def _plans(
    sheets: list[Sheet], mappings: Sequence[SheetMapping], care: Mapping[str, str]
) -> list[SheetPlan]:
    """How each sheet is read; refuse a file in which no sheet is a roster."""
    found: list[SheetPlan] = []
    incomplete: Layout | None = None
    for sheet in sheets:
        if sheet.hidden:
            found.append(SheetPlan(sheet, None))
            continue
        plan = plan_sheet(sheet, mappings, care.__contains__)
        if plan.layout is not None and plan.layout.missing:
            incomplete = incomplete or plan.layout
            plan = replace(plan, layout=None)
        found.append(plan)
    if any(plan.layout is not None and plan.use for plan in found):
        return found
    if incomplete is not None:
        known = f"（已认出：{'、'.join(incomplete.headers.values())}）"
        raise RosterFileError(f"缺少必需的列：{'、'.join(incomplete.missing)}{known}")
    raise RosterFileError("没有找到表头，第一行应有姓名、楼栋、房号等列名")


def _finish(
    reader: RosterReader, layouts: list[Layout], ignored: list[str], today: date
) -> ParsedRoster:
    by_sheet = {layout.sheet: layout for layout in layouts}

    def note(row: RosterRow, field: str, problem: Problem) -> None:
        reader.issues.append(by_sheet[row.sheet].issue_of(row, field, problem))

    households = group_households(reader.rows)
    doubt_tenants(households, note)
    find_repeats(reader.rows, note)
    check_households(households, today, note)
    check_kinship(households, note)
    parsed = ParsedRoster(
        rows=reader.rows,
        households=households,
        skips=reader.skips,
        issues=reader.issues,
        layouts=layouts,
        ignored_sheets=ignored,
    )
    _check_slipped(parsed)
    parsed.issues = say_once(parsed.issues, layouts, parsed.rows)
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
