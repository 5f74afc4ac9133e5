"""Contact with linked households: once a quarter, once a month where somebody needs care."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from gridparty.lib.periods import Month, Quarter
from orgs.roles import Noun, Role
from orgs.scope import grants_with


def is_only_head(user: Any) -> bool:
    """Say whether all the user sees of residents is what a corridor head may see of his own."""
    return {grant.role for grant in grants_with(user, Noun.RESIDENT)} == {Role.CORRIDOR_HEAD}


@dataclass(frozen=True)
class Progress:
    """Whether a household was spoken to in its current period, and by when it has to be."""

    last: date | None
    since: date
    until: date
    needs_care: bool

    @property
    def is_done(self) -> bool:
        return self.last is not None and self.last >= self.since

    @property
    def rhythm(self) -> str:
        return "每月" if self.needs_care else "每季"


def progress_of(household: Any, day: date) -> Progress:
    """Return the state of contact on `day`; the row comes from `HouseholdQuerySet.for_head`."""
    period = Month.of(day) if household.needs_care else Quarter.of(day)
    return Progress(
        last=household.last_contact, since=period.first_day,
        until=period.end_day - timedelta(days=1),
        needs_care=household.needs_care,
    )  # fmt: skip
