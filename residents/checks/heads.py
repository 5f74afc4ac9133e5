"""Red corridor heads: about ten households each (domain rule: 海恒 report), every home covered."""

from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q

from orgs.quality import Asked, Severity, check
from residents.checks.subjects import HEAD, HOUSEHOLD
from residents.models import Household, LinkedHousehold

FEWEST, USUAL_MOST, MOST = 8, 12, 15


def _heads(asked: Asked, load: Q) -> Any:
    """One link of every head whose number of households is as `load` says."""
    heads = (
        LinkedHousehold.objects.current(asked.day)
        .order_by()
        .values("head")
        .annotate(load=Count("pk"), first=Min("pk"))
        .filter(load)
    )
    return LinkedHousehold.objects.filter(pk__in=heads.values("first"))


@check(
    "head_overload", title=f"红色楼道长联系超过 {MOST} 户", severity=Severity.ERROR, of=HEAD,
    mend="把一部分住户分给邻近的楼道长，或增加一位楼道长。",
)  # fmt: skip
def overloaded(asked: Asked) -> Any:
    return _heads(asked, Q(load__gt=MOST))


@check(
    "head_load", title=f"红色楼道长联系不到 {FEWEST} 户或超过 {USUAL_MOST} 户", of=HEAD,
    severity=Severity.WARN, mend="一般一人联系 10 户左右，请在相邻的楼道长之间调整。",
)  # fmt: skip
def off_load(asked: Asked) -> Any:
    return _heads(asked, Q(load__lt=FEWEST) | Q(load__gt=USUAL_MOST, load__lte=MOST))


@check(
    "head_none", title="有人居住的住户没有红色楼道长", severity=Severity.INFO, of=HOUSEHOLD,
    mend="为这一户安排红色楼道长，一般由同单元的楼道长兼顾。",
)  # fmt: skip
def uncovered(asked: Asked) -> Any:
    links = LinkedHousehold.objects.current(asked.day).filter(household=OuterRef("pk"))
    return Household.objects.open().lived_in(asked.day).filter(~Exists(links))
