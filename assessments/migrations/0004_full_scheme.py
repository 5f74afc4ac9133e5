"""The full 双百分 of the field notes (§3D) from the third quarter of 2026; administrators edit it.

What the platform does not count yet is scored by hand, with the ground for it.
"""

from datetime import date
from typing import Any

from django.db import migrations

# part, indicator, full, target, slope, manual
ITEMS = [
    ("grid_work", "five_rate", 15, 100, "0.5", False),
    ("grid_work", "team_rate", 5, 100, "0.2", False),
    ("grid_work", "基础信息完整率", 8, 95, "0", True),
    ("grid_work", "prompt_rate", 5, 90, "0.2", False),
    ("grid_work", "巡查完成率", 8, 95, "0", True),
    ("grid_work", "visit_rate", 12, 100, "0.2", False),
    ("grid_work", "self_discovery_rate", 7, 60, "0.2", False),
    ("grid_work", "on_time_rate", 15, 98, "1", False),
    ("grid_work", "in_grid_rate", 8, 70, "0.2", False),
    ("grid_work", "矛盾纠纷化解率", 7, 95, "0", True),
    ("grid_work", "rework_rate", 5, 5, "0.2", False),
    ("grid_work", "council_rate", 5, 100, "0.1", False),
    ("public_service", "satisfaction_rate", 25, 95, "0.5", False),
    ("public_service", "resolution_rate", 20, 90, "0.5", False),
    ("public_service", "care_rate", 15, 100, "0.5", False),
    ("public_service", "needs_rate", 10, 85, "0.2", False),
    ("public_service", "志愿服务", 8, 100, "0", True),
    ("public_service", "head_rate", 7, 90, "0.2", False),
    ("public_service", "checkin_rate", 5, 80, "0.1", False),
    ("public_service", "代办和办实事", 5, 100, "0", True),
    ("public_service", "居民评议", 5, 90, "0", True),
]
SUBSIDIES = {"subsidy_excellent": 1500, "subsidy_good": 1200, "subsidy_pass": 900}


def add(apps: Any, schema_editor: Any) -> None:
    schemes = apps.get_model("assessments", "AssessmentScheme").objects
    items = apps.get_model("assessments", "SchemeItem")
    for kind, name in (("residential", "住宅网格双百分"), ("exclusive", "专属网格双百分")):
        scheme, made = schemes.get_or_create(
            grid_kind=kind, version="2026-2",
            defaults={"name": name, "valid_from": date(2026, 7, 1), **SUBSIDIES},
        )  # fmt: skip
        if made:
            items.objects.bulk_create(
                items(
                    scheme=scheme, part=part, indicator=code, order=order, full=full,
                    target=target, slope=slope, floor="0", zero_policy="skip", manual=manual,
                )
                for order, (part, code, full, target, slope, manual) in enumerate(ITEMS)
            )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("assessments", "0003_quarter_life")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
