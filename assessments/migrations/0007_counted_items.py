"""From 2027 the standard schemes count what they had people score: register, disputes, volunteers, ratings.

Patrols and good deeds stay by hand: only the grid's own word stands behind them.
"""

from datetime import date
from typing import Any

from django.db import migrations

COUNTED = {
    "基础信息完整率": ("complete_rate", "0.2"), "矛盾纠纷化解率": ("dispute_rate", "0.2"),
    "志愿服务": ("volunteer_rate", "0.1"), "居民评议": ("self_satisfaction_rate", "0.1"),
}  # fmt: skip
TARGETS = {"volunteer_rate": 60}
COPIED = (
    "name", "grid_kind", "bonus_max", "deduction_max", "excellent_from", "good_from", "pass_from",
    "excellent_share", "subsidy_excellent", "subsidy_good", "subsidy_pass", "subsidy_fail",
)  # fmt: skip


def add(apps: Any, schema_editor: Any) -> None:
    schemes = apps.get_model("assessments", "AssessmentScheme").objects
    for old in list(schemes.filter(version="2026-2")):
        new, made = schemes.get_or_create(
            grid_kind=old.grid_kind, version="2027-1",
            defaults={name: getattr(old, name) for name in COPIED} | {"valid_from": date(2027, 1, 1)},
        )  # fmt: skip
        for item in old.items.all() if made else ():
            code, slope = COUNTED.get(item.indicator, (item.indicator, item.slope))
            item.pk, item.scheme = None, new
            item.manual = item.manual and code == item.indicator
            item.indicator, item.slope = code, slope
            item.target = TARGETS.get(code, item.target)
            item.save(force_insert=True)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0006_shrinkage")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
