"""Integrity checks of the assessments app: the rollups say what counting says."""

from typing import Any

from django.utils import timezone

from assessments.models import RollupState
from assessments.services.rollups import drifted
from orgs.checks import TREE
from orgs.quality import Asked, Severity, check


@check(
    "rollup_drift", title="看板汇总与事项不一致", severity=Severity.WARN, ids=True, of=TREE,
    mend="每天凌晨会自动重算；也可以请系统管理员现在运行 rebuild_rollups。",
)  # fmt: skip
def streets_adrift(asked: Asked) -> Any:
    """Yield the streets whose cells differ from the cases as they are, what is not folded yet aside."""
    if not RollupState.objects.filter(built_at__isnull=False, stale=False).exists():
        return []
    return drifted(now=timezone.now())
