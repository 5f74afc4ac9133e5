from dataclasses import asdict

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from grids.team_templates import TEMPLATES


def load(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the built-in templates; one that exists already is left as it is."""
    alias = schema_editor.connection.alias
    templates = apps.get_model("grids", "TeamTemplate").objects.using(alias)
    slots = apps.get_model("grids", "TeamSlot").objects.using(alias)
    for plan in TEMPLATES:
        template, created = templates.get_or_create(code=plan.code, defaults={"name": plan.name})
        if not created:
            continue
        for order, slot in enumerate(plan.slots, start=1):
            values = asdict(slot) | {"sources": [str(source) for source in slot.sources]}
            slots.create(template=template, order=order, **values)


class Migration(migrations.Migration):
    replaces = [("grids", "0002_team_templates")]

    dependencies = [("grids", "0001_tables")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
