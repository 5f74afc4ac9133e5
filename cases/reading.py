"""What is read off a case, whether the whole row is at hand or only the columns of a list. Pure."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from cases.clocks import light_of, worst
from cases.workflow import Status
from gridparty.lib.workdays import WorkCalendar

STATUS_LABELS: dict[str, str] = {status.value: str(status.label) for status in Status}
# Judged by their step alone: the handling limit has been kept or not by then.
FED_BACK = (Status.FEEDBACK, Status.VERIFIED)


def place_words(building: str, address: str, grid: str) -> str:
    """Return building and address, whichever is known; the grid's name when neither is."""
    return " ".join(part for part in (building, address) if part) or grid


class Reading:
    """Mixed into `Case` and `CaseLine`: both have these columns."""

    if TYPE_CHECKING:
        text: Any
        status: Any
        ended_at: Any
        clock_started_at: Any
        due_at: Any
        status_since: Any
        step_due_at: Any

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def status_label(self) -> str:
        return STATUS_LABELS[self.status]

    @property
    def summary(self) -> str:
        """Return the first line, at most 40 characters."""
        line: str = self.text.strip().split("\n", 1)[0]
        return line if len(line) <= 40 else f"{line[:39]}…"

    @property
    def next_due_at(self) -> datetime | None:
        """Return the nearer of the step's and the whole case's limit."""
        return min((due for due in (self.step_due_at, self.due_at) if due), default=None)

    def light(self, now: datetime, calendar: WorkCalendar) -> str:
        """Return "green", "yellow", "red", or "" when no clock runs; computed, never stored."""
        if self.ended_at is not None:
            return ""
        handling = (
            "" if self.status in FED_BACK
            else light_of(self.clock_started_at, self.due_at, now, calendar)
        )  # fmt: skip
        return worst(handling, light_of(self.status_since, self.step_due_at, now, calendar))
