"""What each choice of the list of check-ins stands for; figures, list, ranking and export share it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from gridparty.lib.periods import Month
from grids.scope import territory_q
from orgs.models import Unit
from orgs.roles import Noun
from partybuilding.catalog import TARGET_HOURS
from partybuilding.figures import Figure
from partybuilding.models import CheckIn
from partybuilding.querysets.checkins import CheckInQuerySet
from partybuilding.workflow import REPORTED, SERVING
from residents.models import Household

SHOW = {
    "": "在名单的", "invited": "还没报到", "reported": "已报到", "waiting": "等社区接收",
    "serving": "已接收服务", "noduty": "没有岗位", "unconfirmed": "待半年确认", "unappraised": "今年未评定",
    "part": "今年有服务", "target": f"今年满 {TARGET_HOURS} 小时", "all": "全部（含已结束）",
}  # fmt: skip
UNIT_NUMBERS = ("listed", "reported", "serving", "part", "target", "hours")


def year_of(day: date) -> tuple[date, date]:
    """The year that holds `day`, half-open."""
    return Month(day.year, 1).first_day, Month(day.year, 12).end_day


def shown(rows: CheckInQuerySet, show: str, day: date) -> CheckInQuerySet:
    first, end = year_of(day)
    wanted: dict[str, Any] = {
        "invited": rows.invited, "reported": rows.reported, "waiting": rows.waiting,
        "serving": rows.serving, "noduty": rows.without_duty, "unconfirmed": rows.unconfirmed,
        "unappraised": lambda: rows.not_appraised(day.year), "all": rows.all,
        "part": lambda: rows.taking_part(first, end),
        "target": lambda: rows.taking_part(first, end).filter(hours__gte=TARGET_HOURS),
    }  # fmt: skip
    found: CheckInQuerySet = wanted.get(show, rows.live)()
    return found


def checkin_figures(rows: CheckInQuerySet, day: date) -> list[Figure]:
    page = reverse("partybuilding:checkins")
    listed = rows.live().count()
    found = [Figure("在名单的党员", listed, "名", page)]
    for show, level in (
        ("reported", ""), ("invited", ""), ("waiting", "yellow"), ("serving", ""),
        ("noduty", "yellow"), ("part", ""), ("unconfirmed", "yellow"), ("unappraised", ""),
    ):  # fmt: skip
        count = shown(rows, show, day).count()
        found.append(Figure(SHOW[show], count, "名", f"{page}?show={show}", level if count else ""))
    return found


def unit_numbers(rows: CheckInQuerySet, day: date) -> dict[int, dict[str, Any]]:
    """For each unit: listed, reported, serving, took part, reached the mark, hours; one query."""
    first, end = year_of(day)
    found: dict[int, dict[str, Any]] = {}
    live = rows.live().with_hours(first, end).order_by()
    for unit, status, hours in live.values_list("unit", "status", "hours"):
        one = found.setdefault(unit, dict.fromkeys(UNIT_NUMBERS, 0))
        one["listed"] += 1
        one["reported"] += status in REPORTED
        if status in SERVING:
            one["serving"] += 1
            one["part"] += hours > 0
            one["target"] += hours >= TARGET_HOURS
            one["hours"] += hours
    return found


def not_here_yet(user: Any) -> dict[int, int]:
    """Members by unit who live in the user's communities by the register and have not reported.

    Whose list they are on a community does not see, only how many they are: the rest of its 报到率.
    """
    homes = Household.objects.filter(territory_q(user, Noun.PARTY))
    rows = CheckIn.objects.invited().filter(community=None).living_in(homes)
    return dict(rows.order_by().values_list("unit").annotate(n=Count("pk")))


def units_with_lists(rows: CheckInQuerySet, awaited: Iterable[int] = ()) -> Any:
    """Units of these check-ins, and those awaited: nobody of theirs has reported yet."""
    return Unit.objects.filter(Q(pk__in=rows.live().values("unit")) | Q(pk__in=list(awaited)))


def percent(part: int, whole: int) -> str:
    """Whole percent with its numbers: 80%（4/5）; — when nobody is counted."""
    return f"{part * 100 // whole}%（{part}/{whole}）" if whole else "—"


def card_lines(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Names and duties to the ids a card keeps: two queries."""
    people = CheckIn.objects.filter(pk__in=[row["check_in"] for row in rows])
    known = {
        one.pk: one for one in people.select_related("person", "grid").prefetch_related("duties")
    }
    lines = []
    for row in rows:
        one = known.get(row["check_in"])
        if one is not None:
            duties = [str(duty) for duty in one.duties.all() if duty.pk in row["duties"]]
            lines.append(
                {
                    "name": one.person.name, "grid": str(one.grid or ""), "hours": row["hours"],
                    "duties": "、".join(duties), "status": one.get_status_display(),
                }
            )  # fmt: skip
    return lines
