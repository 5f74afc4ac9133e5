"""The lists that hold no cases: 督办事项 and 议题 beside the three lists, the second scheme's own."""

from typing import Any

from django.db import migrations

from cases.ledger_columns import SCHEMES


def fill(apps: Any, schema_editor: Any) -> None:
    """Append the lists a shipped scheme does not have yet; what was edited stays."""
    schemes = apps.get_model("cases", "LedgerScheme").objects
    for shipped in SCHEMES:
        for row in schemes.filter(code=shipped["code"]):
            known = {one["code"] for one in row.lists}
            row.lists += [one for one in shipped["lists"] if one["code"] not in known]
            row.save(update_fields=["lists"])


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_accountability_zones_effects")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
