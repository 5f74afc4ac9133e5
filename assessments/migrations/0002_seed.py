"""The first scheme, at the weights of the field notes (§3D), and two bulletin tables."""

from datetime import date
from typing import Any

from django.db import migrations

# part, indicator, full, target, slope. Full 0: shown beside the others, not scored.
ITEMS = [
    ("grid_work", "on_time_rate", "15", "98", "1"),
    ("grid_work", "closed_rate", "0", "100", "0"),
    ("public_service", "satisfaction_rate", "25", "95", "0.5"),
    ("public_service", "resolution_rate", "20", "90", "0.5"),
]
CUSTOMARY = [
    {"code": "hotline", "title": "12345热线", "sources": ["hotline"]},
    {"code": "civic", "title": "政民互动", "sources": ["web", "wechat", "counter"]},
]
GRID = {
    "code": "grid", "title": "网格上报",
    "sources": ["patrol", "visit", "governance", "corridor_head", "member", "leader", "topic"],
}  # fmt: skip


def add_schemes(apps: Any, schema_editor: Any) -> None:
    scheme_model = apps.get_model("assessments", "AssessmentScheme")
    item_model = apps.get_model("assessments", "SchemeItem")
    for kind, name in (("residential", "住宅网格双百分"), ("exclusive", "专属网格双百分")):
        scheme = scheme_model.objects.create(
            name=name, version="2026-1", grid_kind=kind, valid_from=date(2024, 1, 1)
        )
        item_model.objects.bulk_create(
            item_model(
                scheme=scheme, part=part, indicator=code, order=order,
                full=full, target=target, slope=slope, floor="0", zero_policy="skip",
            )
            for order, (part, code, full, target, slope) in enumerate(ITEMS)
        )  # fmt: skip


def add_bulletins(apps: Any, schema_editor: Any) -> None:
    schemes = apps.get_model("assessments", "BulletinScheme")
    if not schemes.objects.exists():
        schemes.objects.create(name="12345热线和政民互动", lines=CUSTOMARY, is_active=True)
        schemes.objects.create(name="全部来源", lines=[*CUSTOMARY, GRID])


class Migration(migrations.Migration):
    replaces = [
        ("assessments", "0002_first_scheme"),
        ("assessments", "0004_seed_bulletin_schemes"),
    ]

    dependencies = [("assessments", "0001_tables")]

    operations = [
        migrations.RunPython(add_schemes, migrations.RunPython.noop),
        migrations.RunPython(add_bulletins, migrations.RunPython.noop),
    ]
