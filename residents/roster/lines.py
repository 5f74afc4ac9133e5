"""Every row of an import with its fate, and every finding, masked: what the pages of a job show.

Kept as one sealed file a job (100,000 rows are some 2 MB), read again for each page.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import Any, NamedTuple

from gridparty.lib.masking import mask_id, mask_name
from gridparty.lib.text import squash
from residents.roster.apply import Result
from residents.roster.issues import SEVERITY_LABELS
from residents.roster.outcome import LABELS, STORED, Outcome
from residents.roster.records import RosterRow

SEVERITY_ORDER = ("error", "warn", "info")


class Finding(NamedTuple):
    """A finding as a page shows it."""

    severity: str
    kind: str
    sheet: str
    row: int
    cell: str
    column: str
    message: str
    sample: str

    @property
    def label(self) -> str:
        return next(text for severity, text in SEVERITY_LABELS.items() if severity == self.severity)


class Line(NamedTuple):
    """A person row as a page shows it; everything is masked."""

    sheet: str
    row: int
    outcome: str
    name: str
    door: str
    relation: str
    id_number: str

    @property
    def label(self) -> str:
        return LABELS[Outcome(self.outcome)]

    @property
    def level(self) -> str:
        if self.outcome == Outcome.UNCHANGED:
            return "grey"
        return "green" if self.outcome in STORED else "red"


@dataclass(frozen=True)
class Lines:
    rows: list[Line]
    findings: list[Finding]


def pack_lines(result: Result) -> bytes:
    """Return what `unpack_lines` reads, compressed; findings with errors first."""
    outcomes = result.outcomes
    rows = [_line(row, outcomes[place]) for place, row in enumerate(result.parsed.rows)]
    findings = sorted(
        (
            (one.severity, one.kind, one.sheet, one.row, one.cell, one.column, one.message, one.sample)
            for one in result.issues
        ),
        key=lambda one: SEVERITY_ORDER.index(one[0]),
    )  # fmt: skip
    text = json.dumps({"rows": rows, "findings": findings}, ensure_ascii=False)
    return zlib.compress(text.encode(), 3)


def unpack_lines(data: bytes) -> Lines:
    opened = json.loads(zlib.decompress(data))
    return Lines(
        [Line(*row) for row in opened["rows"]], [Finding(*one) for one in opened["findings"]]
    )


def _line(row: RosterRow, outcome: Outcome) -> tuple[Any, ...]:
    if row.place and row.household:
        home = row.household
        door = f"{row.place.compound}{row.place.building}{home.unit}{home.room}"
    else:  # an unknown building: as the file says it
        door = squash(row.door.raw)
    return (
        row.sheet, row.number, outcome.value, mask_name(row.name) if row.name else "", door,
        row.relation, mask_id(row.id_number) if row.id_number else "",
    )  # fmt: skip
