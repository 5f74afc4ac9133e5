"""Quality of visits: the monthly call-back sample, and homes where nobody ever opens."""

import hashlib
from collections import defaultdict
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from gridparty.lib.periods import Month
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import User
from residents.models import Household, VacancyDecision, Visit, VisitCheck
from residents.services.households import set_occupancy
from residents.visit_rules import sample_size

describe_actions(visit__check="抽查走访", visit__vacancy="核查空户")
Choice = VacancyDecision.Choice


def draw_due_checks(*, today: date) -> int:
    """Draw last month's sample, community by community, where none is drawn yet; return how many.

    The draw depends on nothing but the month and the visits' ids, so it can be done again and
    explained to anybody.
    """
    month = Month.of(today).previous()
    rows = Visit.objects.filter(day__gte=month.first_day, day__lt=month.end_day).reached()
    drawn = set(
        VisitCheck.objects.filter(month=str(month)).values_list(
            "visit__household__community_id", flat=True
        )
    )
    by_community: dict[int, list[int]] = defaultdict(list)
    for pk, community in rows.values_list("pk", "household__community_id"):
        if community not in drawn:
            by_community[community].append(pk)
    picked = [pk for visits in by_community.values() for pk in sample(visits, str(month))]
    VisitCheck.objects.bulk_create(
        [VisitCheck(visit_id=pk, month=str(month)) for pk in picked], ignore_conflicts=True
    )
    return len(picked)


def sample(visits: list[int], seed: str) -> list[int]:
    """Return 5 % of the ids (at least one), the same ones for the same seed."""

    def lot(pk: int) -> str:
        return hashlib.sha256(f"{seed}:{pk}".encode()).hexdigest()

    return sorted(sorted(visits, key=lot)[: sample_size(len(visits))])


@transaction.atomic
def check_visit(
    *, check: VisitCheck, by: User, result: str, on: date, note: str = ""
) -> VisitCheck:
    """Write down what the call-back said; never by the visitor."""
    locked = VisitCheck.objects.select_for_update(of=("self",)).select_related("visit__household")
    check = locked.get(pk=check.pk)
    if check.visit.visitor_id == by.pk:
        raise ValidationError("不能抽查自己的走访，请由别的同事抽查。", code="own")
    if check.result:
        raise ValidationError("这次走访已经抽查过了。", code="done")
    if result not in VisitCheck.Result.values:
        raise ValidationError({"result": "请选择抽查结果。"})
    check.note = one_line(note, label="说明", longest=200, required=result == "false")
    check.result, check.checked_by, check.checked_on = result, by, on
    check.save()
    record(
        by=by, action="visit.check", target=check.visit, street=check.visit.household.street_id,
        detail={"result": result},
    )  # fmt: skip
    return check


@transaction.atomic
def decide_vacancy(
    *, household: Household, choice: str, version: int, by: User, on: date
) -> VacancyDecision:
    """Say what a home is where nobody opened three times; "vacant" is written into the register."""
    if choice not in Choice.values:
        raise ValidationError("请选择处理方式。", code="choice")
    seen = Visit.objects.filter(household=household).order_by("-id").first()
    if seen is None:
        raise ValidationError("这一户还没有走访记录。", code="unvisited")
    if choice == Choice.VACANT:
        if household.residencies.filter(end=None).exists():
            raise ValidationError(
                "这一户还登记着居民。请先到一户一档办理迁出，再确认空置。", code="people"
            )
        set_occupancy(
            household=household, version=version, occupancy=Household.Occupancy.VACANT, by=by
        )
    decision = VacancyDecision.objects.create(
        household=household, choice=choice, seen=seen, by=by, decided_on=on
    )
    record(
        by=by, action="visit.vacancy", target=household, street=household.street_id,
        detail={"choice": choice},
    )  # fmt: skip
    return decision
