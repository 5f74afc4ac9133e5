"""One sentence instead of thousands: what a whole list lacks, and what is to say of nearly every row.

A list without a column 与户主关系 has no head in any household; a warning at each of them would
bury what is wrong with single rows. Errors always stay at their row: each of them is work to do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from residents.roster.columns import FORM, Layout
from residents.roster.issues import ERROR, Issue
from residents.roster.records import RosterRow

# Kind → the column whose absence is its only cause, and what is said once instead.
_LACKING = {
    "head_none": (
        "relation",
        "表里没有“与户主关系”一列，{count} 户都没有户主；请补上这一列再导入，或导入后在一户一档里指定",
    ),
    "id_missing_adult": (
        "id_number",
        "表里没有证件号一列，{count} 人只能按姓名和出生日期识别，请补上这一列再导入",
    ),
}
# The same finding at so many rows, and at such a share of a sheet, says nothing about a single row.
_FLOOD_ROWS = 100
_FLOOD_SHARE = 0.9


def say_once(
    issues: Sequence[Issue], layouts: Sequence[Layout], rows: Iterable[RosterRow]
) -> list[Issue]:
    """The issues with each flood put together: once per file where a column is lacking, else per sheet."""
    lacking = {
        (layout.sheet, kind)
        for layout in layouts
        for kind, (name, _said) in _LACKING.items()
        if not _has_column(layout, name)
    }
    in_sheet = Counter(row.sheet for row in rows)
    alike = Counter(_alike(one) for one in issues if one.person >= 0 and one.severity != ERROR)
    floods = {
        key
        for key, count in alike.items()
        if count >= _FLOOD_ROWS and count >= in_sheet[key[0]] * _FLOOD_SHARE
    }
    kept: list[Issue] = []
    drowned: dict[tuple[str, ...], list[Issue]] = defaultdict(list)
    for one in issues:
        if (one.sheet, one.kind) in lacking:
            drowned[(one.kind,)].append(one)
        elif one.person >= 0 and _alike(one) in floods:
            drowned[_alike(one)].append(one)
        else:
            kept.append(one)
    headers = {layout.sheet: layout.header_row + 1 for layout in layouts}
    for key, several in drowned.items():
        first = several[0]
        if len(key) == 1:
            said = _LACKING[first.kind][1].format(count=len(several))
            kept.append(
                replace(
                    first,
                    message=said,
                    row=max(headers[first.sheet], 1),
                    cell="",
                    sample="",
                    person=-1,
                )
            )
        else:
            said = f"{first.message}（这张表有 {len(several)} 行都是这样，不再逐行提示）"
            kept.append(replace(first, message=said, person=-1))
    return kept


def _alike(issue: Issue) -> tuple[str, ...]:
    return issue.sheet, issue.kind, issue.column, issue.message


def _has_column(layout: Layout, name: str) -> bool:
    """Whether the sheet has the field at all; what a form leaves out was left out by whoever filled it in."""
    return (
        layout.shape == FORM
        or name in layout.columns
        or any(name in group.columns for group in layout.groups)
    )
