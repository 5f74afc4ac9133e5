"""Tags of the care library that nobody looks after any more.

Kinds that fewer people may see (minors, need-to-know) are left to the library itself.
"""

from datetime import timedelta
from typing import Any

from django.db.models import Q

from orgs.quality import Asked, Severity, check
from residents.checks.subjects import TAGGED
from residents.models import CareTag, Residency

LONG_OVERDUE = timedelta(days=30)
REVIEW_AFTER = timedelta(days=365)


@check(
    "care_unvisited", title="重点人员超期 30 天以上没有走访", severity=Severity.WARN, of=TAGGED,
    mend="安排责任人上门，在一户一档点“登记走访”；不再需要关注的，移出并写明原因。",
)  # fmt: skip
def long_unvisited(asked: Asked) -> Any:
    return _living(Q(due_on__lt=asked.day - LONG_OVERDUE))


@check(
    "care_unreviewed", title="重点人群登记一年以上没有复核", severity=Severity.INFO, of=TAGGED,
    mend="由登记人以外的同志核对后，在重点人群登记里点“复核无误”；情况变了就修改或移出。",
)  # fmt: skip
def long_unreviewed(asked: Asked) -> Any:
    old = asked.day - REVIEW_AFTER
    return _living(Q(reviewed_on=None, start__lt=old) | Q(review_on__lt=asked.day))


def _living(which: Q) -> Any:
    tags = CareTag.objects.open().filter(
        which, kind__concerns_minors=False, kind__need_to_know=False
    )
    return Residency.objects.filter(end=None, person__in=tags.values("person"))
