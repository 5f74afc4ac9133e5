"""PostgreSQL finds names by their beginning only with an index of its own kind; SQLite needs none."""

from typing import Any

from django.db import migrations

INDEXES = {"person_name_prefix": "name", "person_initials_prefix": "name_initials"}


def add(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for index, column in INDEXES.items():
            schema_editor.execute(
                f"CREATE INDEX {index} ON orgs_person ({column} varchar_pattern_ops)"
            )


def remove(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for index in INDEXES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {index}")


class Migration(migrations.Migration):
    dependencies = [("orgs", "0004_import_undo_and_lines")]

    operations = [migrations.RunPython(add, remove)]
