"""The seven project categories, the stars and the points rule; administrators edit them after."""

from typing import Any

from django.db import migrations

from volunteers.catalog import POINT_RULES, PROJECT_CATEGORIES, STARS


def load(apps: Any, schema_editor: Any) -> None:
    category = apps.get_model("volunteers", "ProjectCategory").objects
    for order, (code, name, member_leads) in enumerate(PROJECT_CATEGORIES):
        category.get_or_create(
            code=code, defaults={"name": name, "member_leads": member_leads, "order": order}
        )
    for hours, stars in STARS:
        apps.get_model("volunteers", "StarLevel").objects.get_or_create(
            stars=stars, defaults={"hours": hours}
        )
    for code, name, value in POINT_RULES:
        apps.get_model("volunteers", "PointRule").objects.get_or_create(
            code=code, defaults={"name": name, "value": value}
        )


class Migration(migrations.Migration):
    replaces = [("volunteers", "0002_defaults")]

    dependencies = [("volunteers", "0001_tables")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
