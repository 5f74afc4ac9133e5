"""Seed the two schemes of domain brief §3A; administrators edit them after."""

from typing import Any

from django.db import migrations

from cases.ledger_columns import SCHEMES


def seed(apps: Any, schema_editor: Any) -> None:
    schemes = apps.get_model("cases", "LedgerScheme")
    for scheme in SCHEMES:
        schemes.objects.get_or_create(code=scheme["code"], defaults=scheme)


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_ledgers")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop, elidable=False)]
