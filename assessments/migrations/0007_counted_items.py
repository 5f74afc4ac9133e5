"""From 2027 the standard schemes count what they had people score: register, disputes, volunteers, ratings.

Patrols and good deeds stay by hand: only the grid's own word stands behind them. 自主发现率 is shown and
no longer scored: finds settled in the grid have nobody to vouch for them and left its numerator. Its
seven points go to 按期办结率 (3), 矛盾纠纷化解率 (2) and 返工率 (2) of the same hundred.

A kind of grid for which somebody wrote a newer scheme keeps that one.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import migrations

COUNTED = {
    "基础信息完整率": ("complete_rate", "0.2"), "矛盾纠纷化解率": ("dispute_rate", "0.2"),
    "志愿服务": ("volunteer_rate", "0.1"), "居民评议": ("self_satisfaction_rate", "0.1"),
}  # fmt: skip
TARGETS = {"volunteer_rate": 60}
SHOWN = "self_discovery_rate"
RAISED = {"on_time_rate": 3, "dispute_rate": 2, "rework_rate": 2}
COPIED = (
    "name", "grid_kind", "bonus_max", "deduction_max", "excellent_from", "good_from", "pass_from",
    "excellent_share", "subsidy_excellent", "subsidy_good", "subsidy_pass", "subsidy_fail",
)  # fmt: skip


def add(apps: Any, schema_editor: Any) -> None:
    schemes = apps.get_model("assessments", "AssessmentScheme").objects
    for old in list(schemes.filter(version="2026-2")):
        newest = schemes.filter(grid_kind=old.grid_kind).order_by("-valid_from", "-id").first()
        if newest.pk != old.pk:
            continue
        new, made = schemes.get_or_create(
            grid_kind=old.grid_kind, version="2027-1",
            defaults={name: getattr(old, name) for name in COPIED} | {"valid_from": date(2027, 1, 1)},
        )  # fmt: skip
        if not made:
            continue
        items = list(old.items.all())
        taken = {item.indicator for item in items}
        for item in items:
            code, slope = COUNTED.get(item.indicator, (item.indicator, item.slope))
            if code != item.indicator and code in taken:  # somebody scores both: leave it to him
                code, slope = item.indicator, item.slope
            item.pk, item.scheme = None, new
            item.manual = item.manual and code == item.indicator
            item.indicator, item.slope = code, slope
            item.target = TARGETS.get(code, item.target) if code not in taken else item.target
        hand_on(items)
        for item in items:
            item.save(force_insert=True)


def hand_on(items: list[Any]) -> None:
    """Score 自主发现率 no more; others of its hundred take its points, which stay a hundred."""
    shown = next((item for item in items if item.indicator == SHOWN), None)
    if shown is None:
        return
    takers = [
        one for one in items if one.indicator in RAISED and one.part == shown.part and one.full
    ]
    shares = sum(RAISED[one.indicator] for one in takers)
    free = shown.full
    for one in takers:
        more = min(free, (shown.full * RAISED[one.indicator] / shares).quantize(Decimal("0.01")))
        one.full, free = one.full + more, free - more
    if takers:
        takers[0].full += free
        shown.full = Decimal(0)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0006_shrinkage")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
