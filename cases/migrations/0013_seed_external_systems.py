"""Seed the two systems of the report: the 12345 hotline and 综治“一网清” (domain brief HS-20)."""

from typing import Any

from django.db import migrations

SYSTEMS = (("hotline", "12345热线", "hotline"), ("yiwangqing", "综治“一网清”", "governance"))


def seed(apps: Any, schema_editor: Any) -> None:
    systems = apps.get_model("cases", "ExternalSystem")
    for code, name, source in SYSTEMS:
        systems.objects.get_or_create(code=code, defaults={"name": name, "source": source})


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_external_orders")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop, elidable=False)]
