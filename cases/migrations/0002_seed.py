"""Categories and SLA classes, ledger schemes (domain brief §2.5, §3A, §3G) and the outside systems."""

from typing import Any

from django.db import migrations

from cases.ledger_columns import SCHEMES
from cases.seed import seed_catalog

SYSTEMS = (("hotline", "12345热线", "hotline"), ("yiwangqing", "综治“一网清”", "governance"))


def seed(apps: Any, schema_editor: Any) -> None:
    seed_catalog(apps.get_model("cases", "Category"), apps.get_model("cases", "SlaClass"))
    ledgers = apps.get_model("cases", "LedgerScheme").objects
    for scheme in SCHEMES:
        ledgers.get_or_create(code=scheme["code"], defaults=scheme)
    systems = apps.get_model("cases", "ExternalSystem").objects
    for code, name, source in SYSTEMS:
        systems.get_or_create(code=code, defaults={"name": name, "source": source})


class Migration(migrations.Migration):
    replaces = [
        ("cases", "0002_seed_catalog"),
        ("cases", "0006_seal_old_events"),
        ("cases", "0010_seed_ledger_schemes"),
        ("cases", "0013_seed_external_systems"),
    ]

    dependencies = [("cases", "0001_tables")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
