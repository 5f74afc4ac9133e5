"""What waits for the user in Party work: sentences with counts that equal their lists."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse

from gridparty.lib.china_time import local_date
from gridparty.lib.periods import Month
from orgs.roles import APPROVE, EDIT, Noun
from orgs.scope import can
from partybuilding.models import MonthlyBoard
from volunteers.waiting import Waiting


def waiting_for(user: Any, now: datetime) -> list[Waiting]:
    """Return what waits, nothing that counts zero."""
    return [one for one in _five(user, now) if one.count]


def _five(user: Any, now: datetime) -> Iterator[Waiting]:
    """This month's and last month's boards: to confirm for the community, to record for branches."""
    if not can(user, Noun.PARTY, EDIT):
        return
    month = Month.of(local_date(now))
    for one in (month.previous(), month):
        page = f"{reverse('partybuilding:wall')}?month={one}"
        if can(user, Noun.PARTY, APPROVE):
            boards = MonthlyBoard.objects.visible_to(user, APPROVE).of_month(one.first_day)
            yield Waiting(
                f"个支部的{one.label}五个一等您确认", boards.to_confirm().count(),
                f"{page}&show=waiting", "check2-circle",
            )  # fmt: skip
            yield Waiting(
                f"个支部的{one.label}五个一逾期", boards.late().count(), f"{page}&show=late",
                "alarm", "yellow",
            )  # fmt: skip
        else:
            boards = MonthlyBoard.objects.visible_to(user, EDIT).of_month(one.first_day)
            late = boards.late().count()
            yield Waiting(
                f"个支部的{one.label}五个一还没填全", boards.open().count(), f"{page}&show=open",
                "calendar-event", "red" if late else "",
            )  # fmt: skip
