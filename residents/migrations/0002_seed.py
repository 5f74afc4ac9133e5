"""The default kinds of key population and visit frequencies; administrators edit them after."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from residents.catalog import CARE_KINDS
from residents.visit_rules import DEFAULT_TIMES


def load(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    alias = schema_editor.connection.alias
    kinds = apps.get_model("residents", "CareKind").objects.using(alias)
    for order, kind in enumerate(CARE_KINDS, start=1):
        kinds.get_or_create(
            code=kind.code,
            defaults={
                "name": kind.label,
                "aliases": kind.aliases.split(),
                "order": order,
                "concerns_minors": kind.minor,
                "is_active": kind.enabled,
                "need_to_know": kind.code == "public_order",
            },
        )
    quotas = apps.get_model("residents", "VisitQuota").objects.using(alias)
    for home_class, times in DEFAULT_TIMES.items():
        quotas.get_or_create(home_class=home_class.value, defaults={"times_a_year": times})


class Migration(migrations.Migration):
    replaces = [("residents", "0002_default_care_kinds"), ("residents", "0007_visit_defaults")]

    dependencies = [("residents", "0001_tables")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
