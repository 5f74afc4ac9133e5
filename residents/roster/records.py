"""What parsing gives: person rows, households, skipped rows, issues."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from grids.doors import Door
from residents.roster.columns import Layout, Origin
from residents.roster.issues import Issue
from residents.roster.places import Place


@dataclass(slots=True, eq=False)
class RosterRow:
    """One person row, cleaned. "" / None / () mean "not given" and never clear what is stored.

    `number` is the row number in the sheet (from 1). A rejected row keeps what could be read, so
    that its household can still be judged.
    """

    sheet: str
    number: int
    place: Place | None
    door: Door
    household_no: str
    name: str
    relation: str
    gender: str
    ethnicity: str
    id_kind: str
    id_number: str
    birth: date | None
    political: str
    education: str
    marriage: str
    phones: tuple[str, ...]
    residence: str
    registered_address: str
    care: tuple[str, ...]
    volunteer: bool | None
    workplace: str
    remark: str
    moved_in: date | None
    # Of the system's own export: who is meant, and the version of the household it was made from.
    person_key: str = ""
    row_version: str = ""
    # Fields whose cell says 【清空】: what is stored there is to be cleared.
    cleared: frozenset[str] = frozenset()
    # "迁出" or "死亡" where the sheet says the person is gone (such a row is rejected), with the day.
    left: str = ""
    left_on: date | None = None
    # Where the person stands in a sheet that is not one person per row.
    origin: Origin | None = None
    # Position among the person rows of the file, counting from 0.
    order: int = 0
    # Fields that are not in the row: the sheet implies them (tenants beside a landlord's columns).
    implied: tuple[str, ...] = ()
    rejected: bool = False
    duplicate_of: RosterRow | None = None
    household: RosterHousehold | None = None

    @property
    def is_stored(self) -> bool:
        """Whether the row goes on to the register."""
        return not self.rejected and self.duplicate_of is None

    @property
    def identity(self) -> tuple[object, ...]:
        """Who this is: the identity number, else the key of the system's own export (which masks
        numbers and birth dates), else name and birth date within the household."""
        if self.id_number or self.person_key:
            return (self.id_number or self.person_key,)
        return (self.name, self.birth, id(self.household))


@dataclass(slots=True, eq=False)
class RosterHousehold:
    """People of one household of the file, in file order; `unit` and `room` are canonical."""

    place: Place | None
    unit: str
    room: str
    number: str
    members: list[RosterRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Skip:
    """A row that is no person: blank, header, subtotal, signature, note, section, example, vacant."""

    sheet: str
    row: int
    kind: str


@dataclass(slots=True)
class ParsedRoster:
    """A whole file, parsed. `layouts` are the sheets that were read, `ignored_sheets` the others."""

    rows: list[RosterRow]
    households: list[RosterHousehold]
    skips: list[Skip]
    issues: list[Issue]
    layouts: list[Layout]
    ignored_sheets: list[str]

    @property
    def rejected(self) -> int:
        """Rows that cannot be stored (duplicates are not among them)."""
        return sum(row.rejected and row.duplicate_of is None for row in self.rows)

    @property
    def duplicates(self) -> int:
        """Rows that repeat a person who stands above in the same file."""
        return sum(row.duplicate_of is not None for row in self.rows)

    @property
    def warned_rows(self) -> int:
        """Person rows with at least one warning that are not rejected or repeated."""
        warned = {issue.person for issue in self.issues if issue.severity == "warn"}
        return sum(row.is_stored and row.order in warned for row in self.rows)

    def kinds(self) -> dict[str, int]:
        """How many issues of each kind there are."""
        return dict(Counter(issue.kind for issue in self.issues))
