"""The first scheme: the indicators that exist, at the weights of the field notes (§3D)."""

from datetime import date

from django.db import migrations

# part, indicator, full, target, slope. Full 0: shown beside the others, not scored.
ITEMS = [
    ("grid_work", "on_time_rate", "15", "98", "1"),
    ("grid_work", "closed_rate", "0", "100", "0"),
    ("public_service", "satisfaction_rate", "25", "95", "0.5"),
    ("public_service", "resolution_rate", "20", "90", "0.5"),
]


def add_schemes(apps, schema_editor):
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


def remove_schemes(apps, schema_editor):
    apps.get_model("assessments", "AssessmentScheme").objects.filter(version="2026-1").delete()


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial")]
    operations = [migrations.RunPython(add_schemes, remove_schemes)]
