"""Seed the SLA classes of §2.5 and the two-level categories of §3G; administrators edit them after."""

from typing import Any

from django.db import migrations

from cases.seed import seed_catalog


def seed(apps: Any, schema_editor: Any) -> None:
    seed_catalog(apps.get_model("cases", "Category"), apps.get_model("cases", "SlaClass"))


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop, elidable=False)]
