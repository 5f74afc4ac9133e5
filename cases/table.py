"""What a row of the workflow table is made of: who acts, which clock runs, which inputs it needs. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices

from cases.statuses import Status


class Who(TextChoices):
    """The sides that act, each meant for this very case (its grid, its community, its unit…)."""

    GRID_HEAD = "grid_head", "网格长"
    GRID_WORKER = "grid_worker", "专职网格员"
    COMMUNITY = "community", "社区"
    STREET = "street", "街道"
    STREET_ADMIN = "street_admin", "街道党工委"
    DISTRICT = "district", "区县"
    UNIT = "unit", "承办单位"
    REPORTER = "reporter", "反映人"
    REVISITOR = "revisitor", "回访员"
    ANYONE = "anyone", "任何人"


GRID = (Who.GRID_HEAD, Who.GRID_WORKER)
CENTRE = (Who.COMMUNITY, Who.STREET)


class Clock(StrEnum):
    """What a move does to the clocks (amounts come from the SLA class)."""

    CHECK = "check"  # 核实: the grid verifies the report
    DISPATCH = "dispatch"  # the centre decides where it goes
    SIGN = "sign"  # a holder signs or arrives; the handling clock starts if it does not run
    HANDLE = "handle"  # only the handling clock runs
    REWORK = "rework"  # back to the handler with what is left, at most three working days
    VERIFY = "verify"  # the raiser's side looks at the result
    FINISH = "finish"  # the community writes it off
    STOP = "stop"  # ended
    DECIDE = "decide"  # a request waits for an answer: one working day
    ANSWERED = "answered"  # the request is answered; the handling clock alone counts again
    HANG = "hang"  # 挂账: no handling clock, only the day of the next review
    RESUME = "resume"  # what was left runs again, at least three working days
    KEEP = "keep"  # untouched


class Kind(StrEnum):
    """How an input is read; forms and API build their fields from it."""

    TEXT = "text"
    CHOICE = "choice"
    UNIT = "unit"
    UNITS = "units"
    CATEGORY = "category"
    SLA = "sla"
    FLAG = "flag"
    MOMENT = "moment"
    NUMBER = "number"
    CASE = "case"
    GRID = "grid"


@dataclass(frozen=True)
class Need:
    """One input of a move: its name, label, kind; `choices` only for kind CHOICE."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    help: str = ""


REMARK = Need("note", "备注", required=False)


@dataclass(frozen=True)
class Move:
    """One row of the table. `target` None: the status stays. `sources` empty: creates the case.

    `helpers_stay`: done by a helping unit (协办) the move is recorded but the case stays where it is.
    `photos`: None none taken, False optional, True required. `public` is what the reporter reads.
    `undo_minutes`: for how long whoever made the move may take it back, 0 never.
    """

    name: str
    label: str
    sources: tuple[Status, ...]
    target: Status | None
    who: tuple[Who, ...]
    needs: tuple[Need, ...] = (REMARK,)
    guards: tuple[str, ...] = ()
    clock: Clock = Clock.KEEP
    helpers_stay: bool = False
    photos: bool | None = None
    public: str = ""
    tone: str = "primary"
    icon: str = "arrow-right"
    undo_minutes: int = 0

    def need(self, name: str) -> Need | None:
        return next((need for need in self.needs if need.name == name), None)

    def leads_to(self, source: Status) -> Status:
        """Return the status after this move from `source`."""
        return self.target or source
