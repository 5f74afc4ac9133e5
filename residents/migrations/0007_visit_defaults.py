from datetime import timedelta

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from residents.visit_rules import DEFAULT_TIMES


def load(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the default visit frequencies, mark the restricted kind, and date the first visits."""
    alias = schema_editor.connection.alias
    quotas = apps.get_model("residents", "VisitQuota").objects.using(alias)
    for home_class, times in DEFAULT_TIMES.items():
        quotas.get_or_create(home_class=home_class.value, defaults={"times_a_year": times})
    kinds = apps.get_model("residents", "CareKind").objects.using(alias)
    kinds.filter(code="public_order").update(need_to_know=True)
    tags = apps.get_model("residents", "CareTag").objects.using(alias)
    dated = []
    for tag in tags.filter(end=None, due_on=None).select_related("kind").iterator():
        tag.due_on = tag.start + timedelta(days=getattr(tag.kind, f"{tag.level}_days"))
        dated.append(tag)
    tags.bulk_update(dated, ["due_on"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("residents", "0006_care_visits_needs")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
