"""The known workdays; and the indexes by which PostgreSQL finds names by their beginning."""

from typing import Any

from django.db import migrations

from gridparty.lib.workdays import load_known_overrides

# SQLite needs none: its plain index serves a prefix too.
PREFIX_INDEXES = {"person_name_prefix": "name", "person_initials_prefix": "name_initials"}


def load_workdays(apps: Any, schema_editor: Any) -> None:
    model = apps.get_model("orgs", "WorkdayOverride")
    model.objects.using(schema_editor.connection.alias).bulk_create(
        [
            model(date=day, is_workday=works, name=name)
            for day, (works, name) in load_known_overrides().items()
        ],
        ignore_conflicts=True,
    )


def add_prefix_indexes(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for index, column in PREFIX_INDEXES.items():
            schema_editor.execute(
                f"CREATE INDEX {index} ON orgs_person ({column} varchar_pattern_ops)"
            )


def remove_prefix_indexes(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for index in PREFIX_INDEXES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {index}")


class Migration(migrations.Migration):
    replaces = [("orgs", "0002_known_workdays"), ("orgs", "0005_person_prefix_indexes")]

    dependencies = [("orgs", "0001_tables")]

    operations = [
        migrations.RunPython(load_workdays, migrations.RunPython.noop),
        migrations.RunPython(add_prefix_indexes, remove_prefix_indexes),
    ]
