"""Indicators of what used to be scored by hand, where the register knows it and others vouch for it.

Not here, because only the grid's own word stands behind them: patrols (nobody plans or confirms one)
and good deeds. They stay with a reviewer.
"""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from assessments.fairness import vouched_q
from assessments.indicators import GROUPINGS, OWN_SET_ASIDE, Rows, indicator
from cases.models import Case
from gridparty.lib.periods import Period
from residents.models import Household, Residency
from volunteers.models import Hours, Volunteer
from volunteers.workflow import HoursStatus

DISPUTE = "dispute"
OWN = {"grid": "grid_id", "community": "community_id", "street": "street_id"}


@indicator(
    "dispute_rate", "矛盾纠纷化解率",
    f"已销号、没有重开的矛盾纠纷 ÷ 本期到期的矛盾纠纷（{OWN_SET_ASIDE}）", of_cases=False,
)  # fmt: skip
def dispute_rate(period: Period, now: datetime) -> Rows:
    kind = Q(category__slug=DISPUTE) | Q(category__parent__slug=DISPUTE)
    # To call an invented quarrel up and down again must not vouch for it.
    vouched = vouched_q(by_leaving=False)
    due = Case.objects.due_in(period).filter(kind, vouched).select_related("category")
    return Rows(due, Q(closed_at__lte=now, cycle=1), columns=GROUPINGS, tell=_case)


def _case(case: Any) -> tuple[str, str]:
    words = f"{case.case_no} {case.category}，{case.status_label}"
    return words, reverse("cases:detail", args=[case.pk])


@indicator(
    "complete_rate", "基础信息完整率",
    "每位居民都有性别、出生年份、与户主关系的住户 ÷ 登记了居民的住户", of_cases=False,
)  # fmt: skip
def complete_rate(period: Period, now: datetime) -> Rows:
    """A home counts when all who live there are complete: inventing a resident completes none."""
    living = Residency.objects.filter(household=OuterRef("pk"), end=None).order_by()
    lacking = living.filter(
        ~Q(person__gender__in=("1", "2")) | Q(person__birth_year=None) | Q(relation="")
    )
    homes = (
        Household.objects.open()
        .filter(Exists(living))
        .select_related("building__compound", "entrance")
    )
    return Rows(homes, ~Q(Exists(lacking)), columns=OWN, tell=_home)


def _home(home: Any) -> tuple[str, str]:
    return str(home), reverse("residents:household", args=[home.pk])


@indicator(
    "volunteer_rate", "志愿服务参与率",
    "本期有签到并确认的服务时长的志愿者 ÷ 在册志愿者（补录的时长不计）", of_cases=False,
)  # fmt: skip
def volunteer_rate(period: Period, now: datetime) -> Rows:
    served = Hours.objects.filter(
        volunteer=OuterRef("pk"), status=HoursStatus.CONFIRMED, back_entry=False, credited__gt=0,
        start__gte=period.start, start__lt=period.end,
    ).order_by()  # fmt: skip
    known = (
        Volunteer.objects.serving()
        .filter(joined_on__lt=period.end_day, grid__isnull=False)
        .select_related("person")
    )
    return Rows(known, Q(Exists(served)), columns=OWN, tell=_volunteer)


def _volunteer(one: Any) -> tuple[str, str]:
    return one.person.name, reverse("volunteers:person", args=[one.pk])
