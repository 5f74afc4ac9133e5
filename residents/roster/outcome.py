"""What became of a row, and how rows are counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """The fate of one person row. Structure rows (blank, header, total…) have none."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    REJECT = "reject"
    DUPLICATE = "duplicate"
    # The import was cancelled before it came to this row.
    NOT_REACHED = "not_reached"


LABELS = {
    Outcome.CREATE: "新增",
    Outcome.UPDATE: "更新",
    Outcome.UNCHANGED: "未变",
    Outcome.CONFLICT: "冲突",
    Outcome.REJECT: "未导入",
    Outcome.DUPLICATE: "重复",
    Outcome.NOT_REACHED: "未处理",
}
STORED = frozenset({Outcome.CREATE, Outcome.UPDATE, Outcome.UNCHANGED})


@dataclass
class Counts:
    """The counts of an import, all of person rows.

    rows = create + update + unchanged + conflict + reject + skip, always. `skip` is the rows that
    repeat a person who stands above in the same file. Structure rows (blank, repeated header,
    subtotal, signature, note, section, example, vacant flat) are no person rows: they are in none
    of these counts and are listed in the result file. `warn` is how many of the stored rows carry
    a warning. `households` and `persons` are the distinct households and people the file's stored
    rows stand for after the import.
    """

    rows: int = 0
    create: int = 0
    update: int = 0
    unchanged: int = 0
    conflict: int = 0
    reject: int = 0
    warn: int = 0
    skip: int = 0
    households: int = 0
    persons: int = 0
    seconds: float = 0.0

    def count(self, outcomes: Iterable[Outcome]) -> None:
        """Add rows by their outcome."""
        found = list(outcomes)
        for outcome in Outcome:
            number = found.count(outcome)
            if number and outcome is not Outcome.NOT_REACHED:
                self.rows += number
                name = "skip" if outcome is Outcome.DUPLICATE else outcome.value
                setattr(self, name, getattr(self, name) + number)

    def as_dict(self) -> dict[str, int | float]:
        """The counts in the order and under the names the command prints."""
        return asdict(self)
