"""What a list shows of a case besides its columns: the light, and the deadline in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.models import Case
from cases.querysets import CaseQuerySet
from cases.reading import FED_BACK, Reading, place_words
from cases.scope import COMMUNITY_ROLES, STREET_ROLES
from cases.words import due_words
from cases.workflow import Move, Status, Who, moves_from
from gridparty.lib.workdays import WorkCalendar
from orgs.models import OrgUnit
from orgs.roles import Role

STATUS_TONES: dict[str, str] = {
    Status.REPORTED: "blue",
    Status.RETURNED: "yellow",
    Status.REOPENED: "yellow",
    Status.CLOSED: "green",
    Status.HUNG: "yellow",
    Status.SPLIT: "blue",
    Status.MERGED: "grey",
    Status.REJECTED: "grey",
    Status.WITHDRAWN: "grey",
    Status.VOID: "grey",
}


SIDES_OF_ROLE = {
    Role.GRID_HEAD: {Who.GRID_HEAD},
    Role.GRID_WORKER_FT: {Who.GRID_WORKER},
    Role.DEPT_HANDLER: {Who.UNIT},
    **{role: {Who.COMMUNITY} for role in COMMUNITY_ROLES},
    **{role: {Who.STREET} for role in STREET_ROLES},
}


@dataclass(frozen=True)
class CaseRow:
    """A case as lists show it. `light` is green, yellow, red or ""; `due` is "还剩 3 小时" or ""."""

    case: Case
    light: str
    due: str

    @property
    def level(self) -> str:
        """Return the light where it should catch the eye: red or yellow, else ""."""
        return self.light if self.light != "green" else ""

    @property
    def tone(self) -> str:
        return tone_of(self.case.status)

    @property
    def place(self) -> str:
        return place_of(self.case)

    @property
    def area(self) -> str:
        return f"{community_name(self.case)} · {self.case.grid.name}"


def tone_of(status: str) -> str:
    return STATUS_TONES.get(status, "blue")


def place_of(case: Case) -> str:
    return place_words(str(case.building or ""), case.address, case.grid.name)


def community_name(case: Case) -> str:
    """Return the community of the case as people call it; needs its region loaded."""
    return community_label(case.community)


def community_label(community: OrgUnit) -> str:
    """Return 幸福社区, not 幸福社区党委; needs the region loaded."""
    return community.region.name if community.region else str(community.name)


def nearest_due(case: Reading) -> datetime | None:
    """Return the limit that counts now: the step's alone once the handler has fed back."""
    due: datetime | None = case.step_due_at if case.status in FED_BACK else case.next_due_at
    return due


def due_of(case: Reading, now: datetime) -> str:
    """Return the deadline in words, "" when no clock runs."""
    return due_words(nearest_due(case), now) if case.is_open else ""


def listed(cases: CaseQuerySet) -> CaseQuerySet:
    """Return the cases with everything a row shows, newest first."""
    return cases.for_list().select_related("community__region")


def case_row(case: Case, now: datetime, calendar: WorkCalendar) -> CaseRow:
    light = case.light(now, calendar)
    return CaseRow(case, light, due_of(case, now))


def case_rows(cases: Iterable[Case], now: datetime, calendar: WorkCalendar) -> list[CaseRow]:
    return [case_row(case, now, calendar) for case in cases]


def usual_move(case: Case, user: Any) -> Move | None:
    """Return the one forward move the user's roles make from this status, None when there is a choice.

    Read from the table without asking the database; the case's own page knows the exact answer.
    """
    sides = {side for grant in user.grants for side in SIDES_OF_ROLE.get(grant.role, ())}
    moves = [
        move for move in moves_from(case.status) if move.tone == "primary" and sides & {*move.who}
    ]
    return moves[0] if len(moves) == 1 else None
