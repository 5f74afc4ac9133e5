from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from gridparty.lib.workdays import load_known_overrides


def load(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    model = apps.get_model("orgs", "WorkdayOverride")
    model.objects.using(schema_editor.connection.alias).bulk_create(
        [
            model(date=day, is_workday=works, name=name)
            for day, (works, name) in load_known_overrides().items()
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("orgs", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
