from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from residents.catalog import CARE_KINDS


def load(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the default kinds of key population; one that exists already is left as it is."""
    kinds = apps.get_model("residents", "CareKind").objects.using(schema_editor.connection.alias)
    for order, kind in enumerate(CARE_KINDS, start=1):
        kinds.get_or_create(
            code=kind.code,
            defaults={
                "name": kind.label,
                "aliases": kind.aliases.split(),
                "order": order,
                "concerns_minors": kind.minor,
                "is_active": kind.enabled,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("residents", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
